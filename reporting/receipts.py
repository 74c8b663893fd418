"""Receipts: what everybody may know of a seal, as plain data and as PDF. Roles and entities, never names of people."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from html import escape
from typing import TypedDict

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from initiatives.choices import Role
from initiatives.models import Entity
from portal.common.languages import reader_language
from reporting.compilation import languages
from reporting.compilation.document import Document, Heading
from reporting.compilation.nodes import Node, div, header, words
from reporting.compilation.renderers import pdf, versions
from reporting.compilation.snapshot import Snapshot, canonical
from reporting.compilation.texts import TextReader
from reporting.compilation.tools import tools
from reporting.models import Artifact, Clearance, Compilation

_KEPT = 7 * 24 * 60 * 60  # seconds in the cache
FORMAT = 1  # grows when a receipt of today could not be read by the programs of yesterday


class SealedSubmission(TypedDict):
    """Which submission it is."""

    call: str  # its address in the portal: `25`, `gc-19`
    slug: str  # the same: `UNIDO`, `UNIDO-Rev1`
    mark: str  # of a later issue: `Corr.1`, `Rev.2`; empty for the original
    title: str
    entities: list[str]  # codes
    language: str
    session: str


class Cleared(TypedDict):
    """One entity's word that this text may be sealed."""

    entity: str
    role: str  # code of `initiatives.choices.Role`
    at: str  # UTC, as `2021-11-22T12:00:00Z`


class Sealed(TypedDict):
    at: str
    role: str
    entity: str


class SealedFile(TypedDict):
    name: str
    format: str
    part: str  # `whole` or `summary`
    size: int  # in bytes
    sha256: str


class Receipt(TypedDict):
    """All of it stands in the seal and never changes; what came later, such as a withdrawal, is not in it."""

    format: int
    number: int
    portal: str  # its address
    submission: SealedSubmission
    fingerprint: str  # SHA-256 of the snapshot, which is the JSON file
    compilation: int  # its number
    cleared: list[Cleared]
    sealed: Sealed
    based_on: int | None  # number of the seal that this one corrects or revises
    files: list[SealedFile]
    renderers: dict[str, str]  # versions of renderers, fonts and templates


def make_receipt(
    *,
    number: int,
    compilation: Compilation,
    snapshot: Snapshot,
    clearances: Sequence[Clearance],
    role: str,
    entity: Entity,
    based_on: int | None,
    now: dt.datetime,
) -> Receipt:
    """Return the receipt of a seal that is about to be."""
    submission = compilation.submission
    return Receipt(
        format=FORMAT,
        number=number,
        portal=settings.PORTAL_URL,
        submission=SealedSubmission(
            call=submission.call.slug,
            slug=submission.slug,
            mark=submission.mark,
            title=snapshot["title"],
            entities=snapshot["entities"],
            language=compilation.language,
            session=str(submission.call),
        ),
        fingerprint=compilation.fingerprint,
        compilation=compilation.number,
        cleared=[
            Cleared(entity=clearance.entity.code, role=clearance.role, at=_moment(clearance.cleared_at))
            for clearance in sorted(clearances, key=lambda clearance: (clearance.cleared_at, clearance.entity.code))
        ],
        sealed=Sealed(at=_moment(now), role=role, entity=entity.code),
        based_on=based_on,
        files=[_file(artifact) for artifact in compilation.artifacts.order_by("-part", "format")],
        renderers=dict(compilation.renderers),
    )


def _file(artifact: Artifact) -> SealedFile:
    return SealedFile(
        name=artifact.file_name,
        format=artifact.format,
        part=artifact.part,
        size=artifact.size,
        sha256=artifact.sha256,
    )


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def receipt_json(receipt: Receipt) -> bytes:
    """Return the receipt as a file: the same bytes each time."""
    return canonical(receipt)


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the receipt as PDF/UA in the language of the reader: the same bytes each time, from child processes.

    Its properties name as fingerprint the SHA-256 of the receipt as JSON. Raises what the renderers raise.
    """
    return pdf.typeset(_document(receipt, reader_language()), tools()).content


def kept_receipt_pdf(receipt: Receipt) -> bytes:
    """Return the same from a cache where it was made before with the same renderers: everybody may ask for it."""
    facts = {"receipt": receipt, "language": reader_language(), "renderers": versions(tools())}
    key = f"receipt-pdf-{hashlib.sha256(canonical(facts)).hexdigest()}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = receipt_pdf(receipt)
        cache.set(key, kept, _KEPT)
    return kept


def _document(receipt: Receipt, language: str) -> Document:
    submission = receipt["submission"]
    title = _("Receipt of seal %(number)s") % {"number": receipt["number"]}
    frozen = canonical(receipt)
    headings: list[Heading] = []
    blocks: list[Node] = []
    for number, (heading, rows) in enumerate(_sections(receipt), start=1):
        section_id = f"part{number}"
        headings.append(Heading(section_id, 1, heading, ""))
        blocks.append(header(1, section_id, words(heading)))
        for count, block in enumerate(_reader(language).read(_table(rows)), start=1):
            blocks.append(div([block.node], f"{section_id}_p{count}"))
    return Document(
        fingerprint=hashlib.sha256(frozen).hexdigest(),
        portal=receipt["portal"],
        title=title,
        author=", ".join(submission["entities"]),
        subject=submission["title"],
        language=language,
        demonstration=False,
        cover=[],
        front=[
            {"kind": "title", "text": title},
            {"kind": "subtitle", "text": " – ".join(filter(None, [submission["title"], submission["mark"]]))},
        ],
        contents_depth=0,
        headings=headings,
        blocks=blocks,
        sources={},
        cover_source=None,
        front_source=None,
        note_sources=[],
        languages=frozenset(),
        warnings=[],
        snapshot_bytes=frozen,
    )


def _reader(language: str) -> TextReader:
    return TextReader(
        references={}, running_links="links", comma=languages.comma(language), report=lambda _kind, _words: None
    )


Rows = list[tuple[str, ...]]  # the first one is the head of the table


def _sections(receipt: Receipt) -> list[tuple[str, Rows]]:
    """Return heading and table of each part."""
    submission, sealed = receipt["submission"], receipt["sealed"]
    facts: Rows = [
        (_("What"), _("Which")),
        (_("Seal"), str(receipt["number"])),
        (_("Sealed"), f"{sealed['at']}, {_role(sealed['role'])}, {sealed['entity']}"),
        *((_("Cleared"), f"{each['at']}, {_role(each['role'])}, {each['entity']}") for each in receipt["cleared"]),
        (_("Submission"), submission["slug"]),
        (_("Call"), submission["session"]),
        (_("Language"), submission["language"]),
        (_("Compilation"), str(receipt["compilation"])),
        (_("Fingerprint of the text"), _halved(receipt["fingerprint"])),
        (_("Portal"), receipt["portal"]),
    ]
    if receipt["based_on"]:
        facts.insert(2, (_("Based on seal"), str(receipt["based_on"])))
    files: Rows = [
        (_("File"), _("Size in bytes"), "SHA-256"),
        *((file["name"], str(file["size"]), _halved(file["sha256"])) for file in receipt["files"]),
    ]
    versions: Rows = [(_("Made with"), _("Version")), *sorted(receipt["renderers"].items())]
    return [(_("Seal"), facts), (_("Files"), files), (_("Versions"), versions)]


def _halved(digits: str) -> str:
    """Return a hash with a blank in its middle: in one piece it would not fit, and the break would be copied along."""
    return f"{digits[:32]} {digits[32:]}"


def _role(code: str) -> str:
    return str(Role(code).label)


def _table(rows: Rows) -> str:
    head, *body = rows

    def row(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}><p>{escape(cell)}</p></{tag}>" for cell in cells) + "</tr>"

    return f"<table><tbody>{row(head, 'th')}{''.join(row(cells, 'td') for cells in body)}</tbody></table>"
