"""The dossier of a sealed submission, for auditors: one zip with all that is known of it.

It is a view of today: what came after the seal, such as a delivery, is in it. It is for the entities of the submission
alone, and of its people it names those of the reader's entities. Of a record it holds what can be printed, since in a
joint submission the rest is another entity's own.
"""

import datetime as dt
import hashlib
import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from initiatives.choices import Variant
from portal.common.history import context_of, events, who
from portal.common.languages import Language
from portal.models import User
from reporting.choices import RecordKind
from reporting.compilation.records import RecordVersion
from reporting.compilation.renderers.package import NO_DATE
from reporting.compilation.snapshot import canonical
from reporting.models import (
    Artifact,
    Clearance,
    Compilation,
    Delivery,
    Item,
    Seal,
    Section,
    Submission,
    Withdrawal,
)
from reporting.permissions import colleagues_of
from reporting.provenance import ROWS, TEXTS, parts_printed
from reporting.receipts import receipt_json, receipt_pdf
from reporting.verification.integrity import frozen_text, integrity_problems

FORMAT = 1
_MODE = 0o100644 << 16
_CHUNK = 1024 * 1024

#: What of a record can be printed: nothing else of it leaves the portal.
_PRINTED = {
    RecordKind.INITIATIVE: ["title", "description"],
    RecordKind.ENTITY_TEXT: ["description"],
    RecordKind.UPDATE: ["paragraph"],
    RecordKind.PASSAGE: ["body"],
    RecordKind.ITEM: ["heading_source", "heading", "text_source", "wording"],
    RecordKind.SECTION: [f"name_{language}" for language in Language.values],
    RecordKind.COVER: ["lines"],
    RecordKind.LAYOUT: ["front"],
    RecordKind.REFERENCE: ["text", "author", "title", "year", "address"],
}
_ALWAYS = ["language", "revision"]


def dossier_name(seal: Seal) -> str:
    """Return the name of its folder, and without its end that of the zip."""
    return f"dossier-{seal.submission.slug}-{seal.submission.call.slug}-seal-{seal.number}"


def write_dossier(*, seal: Seal, reader: User, now: dt.datetime) -> IO[bytes]:
    """Return the zip as a temporary file, at its beginning; whoever closes it deletes it.

    A sealed file that is gone is missing in it, and the manifest says so. Raises what the renderers raise.
    """
    target = tempfile.TemporaryFile(prefix="dossier-")  # noqa: SIM115  # the caller closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        _Writer(made, dossier_name(seal)).write(seal, reader, now)
    target.seek(0)
    return target


class _Writer:
    """Writes entries under one folder, and remembers their hashes."""

    def __init__(self, made: zipfile.ZipFile, folder: str) -> None:
        self.zip = made
        self.folder = folder
        self.entries: list[dict[str, Any]] = []

    def write(self, seal: Seal, reader: User, now: dt.datetime) -> None:
        self.add("README.txt", _readme(seal, now).encode())
        self.add("receipt.json", receipt_json(seal.receipt))
        self.add("receipt.pdf", receipt_pdf(seal.receipt))
        if seal.compilation.snapshot:
            self.add("snapshot.json", canonical(seal.compilation.snapshot))
        for artifact in seal.compilation.artifacts.order_by("-part", "format"):
            self.add_stored(artifact)
        for version, changes in _printed(seal.compilation, reader):
            self.add(f"records/{version}.json", _as_json(changes))
        self.add("history.json", _as_json(_history(seal, reader)))
        self.add("manifest.json", _as_json(self.manifest(seal, now)))
        sums = "".join(f"{entry['sha256']}  {entry['name']}\n" for entry in self.entries)
        self.add("SHA256SUMS", sums.encode())

    def manifest(self, seal: Seal, now: dt.datetime) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made_at": now,
            "portal": seal.receipt["portal"],
            "seal": seal.number,
            "fingerprint": seal.fingerprint,
            "problems": integrity_problems(seal),
            "files": list(self.entries),
        }

    def add(self, name: str, content: bytes) -> None:
        with self._entry(name) as entry:
            entry.write(content)
        self._note(name, len(content), hashlib.sha256(content).hexdigest())

    def add_stored(self, artifact: Artifact) -> None:
        """Copy a file piece by piece; one that the store does not have is left out."""
        name, size, digest = f"files/{artifact.file_name}", 0, hashlib.sha256()
        try:
            stored = artifact.file.open("rb")
        except FileNotFoundError:
            return  # `problems` tells
        with stored, self._entry(name) as entry:
            while chunk := stored.read(_CHUNK):
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._note(name, size, digest.hexdigest())

    def _entry(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(f"{self.folder}/{name}", NO_DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = _MODE
        return self.zip.open(info, "w", force_zip64=True)

    def _note(self, name: str, size: int, sha256: str) -> None:
        self.entries.append({"name": name, "size": size, "sha256": sha256})


def _as_json(data: object) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


# History


def _printed(compilation: Compilation, reader: User) -> Iterator[tuple[RecordVersion, list[dict[str, Any]]]]:
    """Yield each record version that was printed, in the order of print, with the events that made it."""
    versions = [
        RecordVersion(RecordKind(row.kind), row.record_id, row.language, row.version)
        for row in compilation.printed_versions.order_by("pk")
    ]
    found: dict[RecordVersion, list[Any]] = defaultdict(list)
    for kind in RecordKind:
        model, of = TEXTS.get(kind) or (ROWS[kind], "pgh_obj")
        column = f"{of}_id"
        ids = {version.id for version in versions if version.kind == kind}
        for event in events(model, **{f"{column}__in": ids}) if ids else []:
            if getattr(event, "variant", Variant.GENERAL) == Variant.GENERAL:  # no other one is printed
                language = event.language if hasattr(event, "language") else ""
                found[RecordVersion(kind, getattr(event, column), language, event.revision)].append(event)
    people = _people((event for version in versions for event in found[version]), reader)
    text = frozen_text(compilation)
    parts = parts_printed([text] if text else [])
    for version in versions:
        columns = {*_ALWAYS, *(parts[version] if version.kind == RecordKind.INITIATIVE else _PRINTED[version.kind])}
        yield version, [_told(event, people, columns) for event in found[version]]


def _history(seal: Seal, reader: User) -> dict[str, list[dict[str, Any]]]:
    """Return what happened to the submission and all that belongs to it, oldest first."""
    submission = seal.submission_id
    sections = set(events(Section, submission=submission).values_list("pgh_obj", flat=True))
    found = {
        "submission": events(Submission, pgh_obj=submission),
        "sections": events(Section, submission=submission),
        "items": events(Item, section__in=sections),
        "compilations": events(Compilation, submission=submission),
        "clearances": events(Clearance, submission=submission),
        "seal": events(Seal, submission=submission),
        "withdrawal": events(Withdrawal, seal=seal.pk),
        "deliveries": events(Delivery, seal=seal.pk),
    }
    people = _people((event for rows in found.values() for event in rows), reader)
    return {name: [_told(event, people) for event in rows] for name, rows in found.items()}


def _people(found: Iterable[Any], reader: User) -> dict[int, str]:
    """Return the names of those who made the changes, as far as the reader may read them."""
    named = {pk for event in found if (pk := who(event))}
    people = User.objects.filter(pk__in=named).filter(pk__in=colleagues_of(reader))
    return {person.pk: str(person) for person in people}


def _told(event: Any, people: dict[int, str], columns: Container[str] | None = None) -> dict[str, Any]:
    """Return an event as data: what happened to the row when, who did it, and what these columns held afterwards."""
    context = context_of(event)
    return {
        "event": event.pgh_label,
        "at": event.pgh_created_at,
        "who": people.get(context.get("user") or 0, ""),
        "context": {name: value for name, value in context.items() if name != "user"},
        "row": event.pgh_obj_id,
        "values": {
            field.attname: field.value_from_object(event)
            for field in event._meta.concrete_fields
            if not field.name.startswith("pgh_") and (columns is None or field.name in columns)
        },
    }


def _readme(seal: Seal, now: dt.datetime) -> str:
    facts = {
        "number": seal.number,
        "submission": seal.submission,
        "portal": seal.receipt["portal"],
        "moment": now.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }
    lines = [
        _("Dossier of seal %(number)s: %(submission)s") % facts,
        _("Made by the portal %(portal)s on %(moment)s. It holds names of people of your entity: do not publish it.")
        % facts,
        "",
        _("receipt.json, receipt.pdf: the receipt, as data and to be printed. It never changes."),
        _("snapshot.json: the sealed text. Its SHA-256 is the fingerprint that the receipt names."),
        _("files/: the sealed files, with the hashes that the receipt names."),
        _(
            "records/: each version of a record that was printed, by the name that the files carry (u12_en_3 is update"
            " 12, English, version 3), with what of it can be printed, as the history of the database keeps it."
        ),
        _(
            "history.json: what happened to the submission, its sections, items, compilations and clearances, its seal,"
            " its withdrawal and its deliveries, with the moment and who did it."
        ),
        _(
            "manifest.json: when this dossier was made, each file with its SHA-256, and what was found wrong with what"
            " is stored, if anything."
        ),
        _("SHA256SUMS: check everything with “sha256sum -c SHA256SUMS” in this folder."),
    ]
    return "\n".join(lines) + "\n"
