"""Versions of records as they were printed, and where: read from the history, which outlives the records.

Only what a compilation printed that the reader may see is told, and of that only what it printed.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import lxml.html  # type: ignore[import-untyped]
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from initiatives.choices import Role, Variant
from initiatives.models import (
    Entity,
    EntityText,
    Initiative,
    InitiativeText,
    Passage,
    PassageText,
    Reference,
    Update,
    UpdateText,
)
from initiatives.queries import cited_in
from portal.common import richtext
from portal.common.history import events, first_of_each, who
from portal.common.languages import Language, in_language
from portal.common.words import BREAK, Piece, difference
from portal.models import User
from reporting.choices import FileFormat, HeadingSource, Part, RecordKind, TextSource
from reporting.compilation.records import LETTERS, RecordVersion, records_in, version_of
from reporting.compilation.snapshot import Record, Snapshot
from reporting.compilation.texts import TextReader, parsed
from reporting.models import Artifact, CallCover, Compilation, Item, Layout, PrintedVersion, Section, Submission
from reporting.querysets import PrintedVersionQuerySet
from reporting.verification.integrity import frozen_text

#: Records whose text is a row for each language: the model of that row, and its field that names the record.
TEXTS: dict[RecordKind, tuple[type[models.Model], str]] = {
    RecordKind.INITIATIVE: (InitiativeText, "initiative"),
    RecordKind.UPDATE: (UpdateText, "update"),
    RecordKind.PASSAGE: (PassageText, "passage"),
}
#: The model of the others, whose row is the record.
ROWS: dict[RecordKind, type[models.Model]] = {
    RecordKind.ENTITY_TEXT: EntityText,
    RecordKind.ITEM: Item,
    RecordKind.SECTION: Section,
    RecordKind.COVER: CallCover,
    RecordKind.LAYOUT: Layout,
    RecordKind.REFERENCE: Reference,
}

#: Of these, those whose row is written in one language.
ROWS_IN_A_LANGUAGE = {RecordKind.ENTITY_TEXT, RecordKind.COVER}

_KIND_OF_LETTER = {letter: kind for kind, letter in LETTERS.items()}


class RecordName(NamedTuple):
    """A record, whatever its version: `u12` is update 12."""

    kind: RecordKind
    id: int

    def __str__(self) -> str:
        return f"{LETTERS[self.kind]}{self.id}"

    @classmethod
    def parse(cls, name: str) -> "RecordName | None":
        if re.fullmatch(rf"[{''.join(_KIND_OF_LETTER)}][0-9]{{1,18}}", name):
            return cls(_KIND_OF_LETTER[name[0]], int(name[1:]))
        return None

    @property
    def label(self) -> str:
        """Return how a person calls it: `Update 12`."""
        return _("%(kind)s %(number)s") % {"kind": capfirst(self.kind.label), "number": self.id}


# Where it was printed


def printed(record: RecordName, user: User | AnonymousUser) -> PrintedVersionQuerySet:
    """Return what the reader may know of where a record was printed. Files made again from a seal do not count."""
    found = PrintedVersion.objects.visible_to(user).filter(kind=record.kind, record_id=record.id)
    return found.filter(compilation__rebuilds=None)


def uses_of(version: RecordVersion, user: User | AnonymousUser) -> PrintedVersionQuerySet:
    """Return where one version was printed, sealed texts first, then the latest."""
    found = printed(RecordName(version.kind, version.id), user)
    return with_places_of_use(found.filter(language=version.language, version=version.version)).order_by(*_SEALED_FIRST)


_SEALED_FIRST = [
    F("compilation__seal__number").desc(nulls_last=True),
    F("compilation__requested_at").desc(),
    F("compilation_id").desc(),
]


def with_places_of_use(found: PrintedVersionQuerySet) -> PrintedVersionQuerySet:
    """Load all that a page shows of uses; snapshots, which are as large as the files, stay away."""
    pages = Artifact.objects.filter(compilation=OuterRef("compilation"), format=FileFormat.HTML, part=Part.WHOLE)
    related = ["compilation__submission__call__session", "compilation__seal__withdrawal"]
    return (
        found.select_related(*related)
        .defer("compilation__snapshot", "compilation__seal__receipt")
        .annotate(has_page=Exists(pages))
    )


def names_printed(records: Sequence[RecordName], user: User | AnonymousUser) -> set[str]:
    """Return the names of those records that were printed anywhere the reader sees, in one query."""
    ids: dict[RecordKind, list[int]] = {}
    for record in records:
        ids.setdefault(record.kind, []).append(record.id)
    wanted = Q(pk__in=[])
    for kind, numbers in ids.items():
        wanted |= Q(kind=kind, record_id__in=numbers)
    found = PrintedVersion.objects.visible_to(user).filter(wanted, compilation__rebuilds=None)
    rows = found.order_by().values_list("kind", "record_id").distinct()
    return {str(RecordName(RecordKind(kind), number)) for kind, number in rows}


# All versions of a record

FEW_USES = 5  # shown of each version; its own page has all


@dataclass(frozen=True)
class VersionPrinted:
    """One version of a record that was printed, with the first of its uses."""

    version: RecordVersion
    language: str  # by its own name, empty where the record has none
    written_at: dt.datetime | None  # None where the history begins later
    uses: list[PrintedVersion]
    use_count: int


def versions_printed(record: RecordName, user: User | AnonymousUser) -> Any:
    """Return language, version and number of uses of each version that the reader may know, the last printed first."""
    rows = printed(record, user).order_by().values("language", "version")
    counted = rows.annotate(uses=Count("pk"), last=Max("compilation__requested_at"))
    return counted.order_by("-last", "-version", "language")


def with_uses(record: RecordName, rows: Sequence[dict[str, Any]], user: User | AnonymousUser) -> list[VersionPrinted]:
    """Put to rows of `versions_printed` when they were written, and the first uses of each, in two queries."""
    versions = [RecordVersion(record.kind, record.id, row["language"], row["version"]) for row in rows]
    wanted = Q(pk__in=[])
    for version in versions:
        wanted |= Q(language=version.language, version=version.version)
    place = Window(RowNumber(), partition_by=["language", "version"], order_by=_SEALED_FIRST)
    nearest = with_places_of_use(printed(record, user).filter(wanted)).annotate(place=place).filter(place__lte=FEW_USES)
    uses: dict[tuple[str, int], list[PrintedVersion]] = {}
    for use in nearest.order_by("place"):
        uses.setdefault((use.language, use.version), []).append(use)
    written = _first_moments(record)
    return [
        VersionPrinted(
            version=version,
            language=_language_name(version.language),
            written_at=written.get((version.language, version.version)),
            uses=uses.get((version.language, version.version), []),
            use_count=row["uses"],
        )
        for version, row in zip(versions, rows, strict=True)
    ]


def _first_moments(record: RecordName) -> dict[tuple[str, int], dt.datetime]:
    """Return when each version of a record was written, by language and version."""
    language = "language" if record.kind in {*TEXTS, *ROWS_IN_A_LANGUAGE} else None
    moments: dict[tuple[str, int], dt.datetime] = {}
    for event in _events(record).order_by("-pgh_id").values("revision", "pgh_created_at", *filter(None, [language])):
        moments[event.get("language", ""), event["revision"]] = event["pgh_created_at"]  # the first event stays
    return moments


def _language_name(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code


# One version as it was


@dataclass(frozen=True)
class Words:
    """Words of a version that were printed: rich text, or plain lines, below what they are."""

    label: str
    language: str  # empty where it is not known
    html: str = ""
    lines: Sequence[str] = ()
    address: str = ""  # for a single line: where it leads
    part: str = ""  # of an initiative: `title` or `description`; a text may have printed one without the other

    @property
    def plain(self) -> str:
        """Return its words for a comparison, a break between paragraphs."""
        return _plain(self.html) if self.html else BREAK.join(self.lines)


@dataclass(frozen=True)
class Written:
    """One text that bore the number of the version. A text deleted and written anew counts from 1 again."""

    row: int  # id of the text
    written_at: dt.datetime
    gone_at: dt.datetime | None
    writer: str  # the name, for people of the same entity alone
    words: Sequence[Words]

    @property
    def plain(self) -> str:
        return BREAK.join(part.plain for part in self.words if part.plain)


@dataclass(frozen=True)
class ShownVersion:
    """A version of a record as it was, for a reader who may see it."""

    version: RecordVersion
    label: str  # of the record: `Update 12`
    language: str  # by its own name
    title: str  # of what the record tells about, as far as the reader may know it
    title_language: str
    role: str  # in words, empty where it is not recorded
    texts: list[Written]  # several where the number was given twice; none where the history begins later
    is_as_frozen: bool  # no text that tells what was printed was changed in the database afterwards
    is_gone: bool
    gone_at: dt.datetime | None
    current_version: int | None  # where it is another one; None where it is this one, or gone
    is_rewritten: bool  # a text written anew stands in its place
    changes: list[Piece] = field(default_factory=list)  # up to the current one, where the reader may see that
    page: str = ""  # of the record today, where the reader sees it
    references: dict[int, Any] = field(default_factory=dict)  # that its notes cite


def version_as_it_was(
    version: RecordVersion, uses: Sequence[PrintedVersion], user: User | AnonymousUser
) -> ShownVersion:
    """Return a version with what is known of it. `uses` are the first of `uses_of`, at least one.

    In a fixed number of queries, whatever the length of the history.
    """
    is_partial = version.kind == RecordKind.INITIATIVE and not _is_own_initiative(version.id, user)
    frozen = _frozen_texts(uses[:FEW_USES] if is_partial else uses[:1])
    known = [text for text in frozen if text is not None]
    parts = parts_printed(known)[version] if is_partial else None
    printed_as = _record_in(version, known)
    current = _current(version)
    page, sees_current = _today(version, current, user)
    found = _events_of(version)
    texts = [_shortened(text, parts) for text in _texts(version, found, uses, _author_names(printed_as, found, user))]
    title = _title(version, texts, uses, user)
    deletions = [text.gone_at for text in texts if text.gone_at]
    shown = texts[-1:] if texts else []
    rewritten = bool(current and shown and current.pk != shown[0].row)
    is_other = bool(current and (current.revision != version.version or rewritten))
    changes: list[Piece] = []
    if is_other and sees_current and shown:
        now = _of_parts(_words(version.kind, current, [uses[0].compilation.language]), parts)
        changes = difference(shown[0].plain, _plain_of(now))
    return ShownVersion(
        version=version,
        label=RecordName(version.kind, version.id).label,
        language=_language_name(version.language),
        title=title[0],
        title_language=title[1],
        role=_role_in_words(printed_as),
        texts=_with_places(texts, known[0]["references"] if known else {}),
        is_as_frozen=None not in frozen,
        is_gone=current is None,
        gone_at=max(deletions, default=None) if current is None else None,
        current_version=current.revision if current and is_other else None,
        is_rewritten=rewritten,
        changes=changes if any(piece.kind != "same" for piece in changes) else [],
        page=page,
        references=cited_in(*(part.html for text in texts for part in text.words)),
    )


def _events(record: RecordName) -> Any:
    """Return what happened to a record, or to its texts, but for deletions."""
    if record.kind in TEXTS:
        model, of = TEXTS[record.kind]
        found = events(model, **{f"{of}_id": record.id})
        if record.kind == RecordKind.INITIATIVE:
            found = found.filter(variant=Variant.GENERAL)
    else:
        found = events(ROWS[record.kind], pgh_obj_id=record.id)
    return found.exclude(pgh_label="delete")


def _events_of(version: RecordVersion) -> list[Any]:
    """Return the event that made the version, of each text that bore its number, the oldest first."""
    found = _events(RecordName(version.kind, version.id)).filter(revision=version.version)
    if version.language:
        found = found.filter(language=version.language)
    return sorted(first_of_each(found), key=lambda event: event.pgh_id)


def _texts(
    version: RecordVersion, found: Sequence[Any], uses: Sequence[PrintedVersion], names: dict[int, str]
) -> list[Written]:
    model = TEXTS[version.kind][0] if version.kind in TEXTS else ROWS[version.kind]
    deleted = events(model, pgh_label="delete", pgh_obj_id__in=[event.pgh_obj_id for event in found])
    gone = dict(deleted.values_list("pgh_obj_id", "pgh_created_at"))
    languages = list(dict.fromkeys(use.compilation.language for use in uses))
    texts = [
        Written(
            row=event.pgh_obj_id,
            written_at=event.pgh_created_at,
            gone_at=gone.get(event.pgh_obj_id),
            writer=names.get(who(event) or 0, ""),
            words=_words(version.kind, event, languages),
        )
        for event in found
    ]
    return texts if len(texts) == 1 else [text for text in texts if _was_printed(text, uses)]


def _was_printed(text: Written, uses: Sequence[PrintedVersion]) -> bool:
    """Tell whether the text was there while one of the compilations was made; a later one may be a draft."""
    return any(
        use.compilation.finished_at
        and text.written_at <= use.compilation.finished_at
        and (text.gone_at is None or text.gone_at >= use.compilation.requested_at)
        for use in uses
    )


def _shortened(text: Written, parts: set[str] | None) -> Written:
    return replace(text, words=_of_parts(text.words, parts))


def _of_parts(words: Sequence[Words], parts: set[str] | None) -> Sequence[Words]:
    """Return the words of some parts of an initiative; all where the reader may see all."""
    return words if parts is None else [part for part in words if part.part in parts]


def _is_own_initiative(initiative: int, user: User | AnonymousUser) -> bool:
    """Tell whether the reader serves the entity that an initiative belongs to, or belonged to when it was deleted."""
    owners = events(Initiative, pgh_obj_id=initiative).reverse().values("entity_id")[:1]
    return Entity.objects.written_by(user).filter(pk=owners).exists()


def _frozen_texts(uses: Sequence[PrintedVersion]) -> list[Snapshot | None]:
    """Return the frozen text of each use, None in place of one that was changed in the database afterwards."""
    compilations = Compilation.objects.select_related("seal").in_bulk([use.compilation_id for use in uses])
    return [frozen_text(compilations[use.compilation_id]) for use in uses]


def _record_in(version: RecordVersion, texts: Sequence[Snapshot]) -> Record | None:
    """Return the version as a frozen text names it, with role and entity."""
    return next((record for text in texts for record in records_in(text) if version_of(record) == version), None)


def parts_printed(texts: Iterable[Snapshot]) -> dict[RecordVersion, set[str]]:
    """Return what frozen texts print of each version of an initiative: its `title`, its `description`, or both."""
    parts: dict[RecordVersion, set[str]] = defaultdict(set)
    for item in (item for text in texts for section in text["sections"] for item in section["items"]):
        if item["heading_record"]:
            parts[version_of(item["heading_record"])].add("title")
        if item["html"]:
            parts[version_of(item["record"])].add("description")
    return parts


def _role_in_words(record: Record | None) -> str:
    if record is None or record["role"] not in Role.values:
        return ""
    return ", ".join(filter(None, [str(Role(record["role"]).label), record["entity"]]))


def _author_names(record: Record | None, found: Sequence[Any], user: User | AnonymousUser) -> dict[int, str]:
    """Return the names of who wrote the texts, for readers of the entity in which they did."""
    code = record["entity"] if record else ""
    if not code or not Entity.objects.written_by(user).filter(code=code).exists():
        return {}
    people = User.objects.filter(pk__in=[pk for event in found if (pk := who(event))])
    return {person.pk: str(person) for person in people}


# What of a record was printed


def _words(kind: RecordKind, row: Any, languages: Sequence[str]) -> list[Words]:
    """Return what a row, or an event of it, prints; `languages` are those of the compilations."""
    match kind:
        case RecordKind.INITIATIVE:
            words = [
                Words(_("Title"), row.language, lines=[row.title], part="title"),
                Words(_("Description"), row.language, html=row.description, part="description"),
            ]
        case RecordKind.ENTITY_TEXT:
            words = [Words(_("Text"), row.language, html=row.description)]
        case RecordKind.UPDATE:
            words = [Words(_("Paragraph"), row.language, html=row.paragraph)]
        case RecordKind.PASSAGE:
            words = [Words(_("Text"), row.language, html=row.body)]
        case RecordKind.ITEM:
            language = languages[0]
            heading = [row.heading] if row.heading_source == HeadingSource.OTHER else []
            wording = row.wording if row.text_source == TextSource.WORDING else ""
            words = [
                Words(_("Heading"), language, lines=heading),
                Words(_("Text"), language, html=wording),
                Words(_("Indicators"), "", lines=row.indicators),
                Words(_("Years"), "", lines=[f"{row.first_year}–{row.last_year}"] if row.first_year else []),
            ]
        case RecordKind.SECTION:
            words = [
                Words(_("Heading"), language, lines=[in_language(row, "name", language)]) for language in languages
            ]
        case RecordKind.COVER:
            lines = [" ".join(filter(None, [line.get("lead", ""), line["text"]])) for line in row.lines]
            words = [Words(_("Lines"), row.language, lines=lines)]
        case RecordKind.LAYOUT:
            lines = [line for block in row.front for line in [block.get("text", ""), *block.get("entries", [])]]
            words = [Words(_("Before the first section"), languages[0], lines=[line for line in lines if line])]
        case _:
            return _words_of_reference(row)
    return [part for part in words if part.html.strip() or any(part.lines)]


def _words_of_reference(row: Any) -> list[Words]:
    parts = [
        (_("Words as printed"), row.text),
        (_("Author"), row.author),
        (_("Title"), row.title),
        (_("Year"), row.year),
    ]
    words = [Words(label, "", lines=[str(value)]) for label, value in parts if value]
    return [*words, Words(_("Address"), "", lines=[row.address], address=row.address)] if row.address else words


def _plain_of(words: Sequence[Words]) -> str:
    return BREAK.join(part.plain for part in words if part.plain)


_END_OF_PARAGRAPH = re.compile(r"</(?:p|h2|h3|li|tr)>")
_NOTE_TEXT = re.compile(r'<span [^>]*?data-footnote="([^"]+)"[^>]*>[^<]*</span>')


def _plain(html: str) -> str:
    """Return the words of a rich text, its notes in brackets, a break between paragraphs."""
    shown = _NOTE_TEXT.sub(r" [\1]", html)
    return BREAK.join(filter(None, map(richtext.to_plain, _END_OF_PARAGRAPH.split(shown))))


def _with_places(texts: Sequence[Written], references: Mapping[str, Any]) -> list[Written]:
    """Give paragraphs their ids: `p1`, `p2`, ... in the first text, with the id of its row before in any other."""
    placed = []
    for number, text in enumerate(texts):
        before = f"{text.row}_" if number else ""
        words = [
            replace(part, html=with_places(part.html, references, before)) if part.html else part for part in text.words
        ]
        placed.append(replace(text, words=words))
    return placed


def with_places(html: str, references: Mapping[str, Any], before: str = "") -> str:
    """Give the paragraphs of a clean rich text the ids `p1`, `p2`, ..., counted by the reader of compiled files.

    `references` are those of a snapshot. Running text between paragraphs is counted, but has no element to name.
    """
    reader = TextReader(references=dict(references), running_links="links", comma="", report=lambda _kind, _said: None)
    root = parsed(html)
    for number, block in enumerate(reader.blocks(root), start=1):
        if block.element is not None:
            block.element.set("id", f"{before}p{number}")
    inner = "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return f"{escape(root.text or '')}{inner}"


# The record today


def _current(version: RecordVersion) -> Any:
    """Return the text, or the row, as it is now; None where it is gone."""
    if version.kind not in TEXTS:
        return ROWS[version.kind]._default_manager.filter(pk=version.id).first()
    model, of = TEXTS[version.kind]
    found = model._default_manager.filter(**{of: version.id}, language=version.language)
    if version.kind == RecordKind.INITIATIVE:
        found = found.filter(variant=Variant.GENERAL)
    return found.first()


def _today(version: RecordVersion, current: Any, user: User | AnonymousUser) -> tuple[str, bool]:
    """Return the page where the record stands today, and whether the reader may see its text as it is now."""
    match version.kind:
        case RecordKind.INITIATIVE:
            initiative = Initiative.objects.visible_to(user).filter(pk=version.id).first()
            return (initiative.get_absolute_url(), True) if initiative else ("", False)
        case RecordKind.ENTITY_TEXT:
            text = EntityText.objects.visible_to(user).filter(pk=version.id).select_related("initiative").first()
            return (f"{text.initiative.get_absolute_url()}#own-text-{text.pk}", True) if text else ("", False)
        case RecordKind.UPDATE:
            update = Update.objects.visible_to(user).filter(pk=version.id).select_related("initiative").first()
            return (f"{update.initiative.get_absolute_url()}#update-{update.pk}", True) if update else ("", False)
        case RecordKind.PASSAGE:
            passage = Passage.objects.visible_to(user).filter(pk=version.id).first()
            return (passage.get_absolute_url(), True) if passage else ("", False)
        case RecordKind.ITEM | RecordKind.SECTION:
            holding = Q(sections=version.id) if version.kind == RecordKind.SECTION else Q(sections__items=version.id)
            submission = Submission.objects.visible_to(user).filter(holding).select_related("call").first()
            if submission is None:
                return "", False
            own = Entity.objects.written_by(user).filter(submissions=submission).exists()
            return submission.get_absolute_url(), own
        case RecordKind.LAYOUT:
            return "", bool(current) and Entity.objects.written_by(user).filter(pk=current.entity_id).exists()
    return "", True  # covers and references are public


_OF_AN_INITIATIVE: dict[RecordKind, type[models.Model]] = {
    RecordKind.UPDATE: Update,
    RecordKind.ENTITY_TEXT: EntityText,
}


def _title(
    version: RecordVersion, texts: Sequence[Written], uses: Sequence[PrintedVersion], user: User | AnonymousUser
) -> tuple[str, str]:
    """Return the title of the initiative that a version tells of, and its language.

    For an update, and for the own text of an entity, that is the one printed beside it, else that of today where the
    reader sees the initiative.
    """
    if version.kind == RecordKind.INITIATIVE:
        return _title_in(texts)
    if version.kind not in _OF_AN_INITIATIVE:
        return "", ""
    of = _OF_AN_INITIATIVE[version.kind]
    initiative = events(of, pgh_obj_id=version.id).values_list("initiative_id", flat=True).first()
    if initiative is None:
        return "", ""
    beside = printed(RecordName(RecordKind.INITIATIVE, initiative), user).filter(compilation=uses[0].compilation_id)
    if row := beside.select_related("compilation").defer("compilation__snapshot").first():
        return _title_printed(RecordVersion(RecordKind.INITIATIVE, initiative, row.language, row.version), [row])
    seen = Initiative.objects.visible_to(user).filter(pk=initiative).with_title(version.language).first()
    return (getattr(seen, "title", ""), getattr(seen, "title_language", "")) if seen else ("", "")


def _title_printed(version: RecordVersion, uses: Sequence[PrintedVersion]) -> tuple[str, str]:
    """Return the title in a version of an initiative, and its language."""
    return _title_in(_texts(version, _events_of(version), uses, {}))


def _title_in(texts: Sequence[Written]) -> tuple[str, str]:
    titles = [part for part in texts[-1].words if part.part == "title"] if texts else []
    return (titles[0].lines[0], titles[0].language) if titles else ("", "")


def title_of(printed_version: VersionPrinted, user: User | AnonymousUser) -> tuple[str, str]:
    """Return the title of the initiative that a version tells of, where the reader may know it, and its language."""
    version, uses = printed_version.version, printed_version.uses
    if version.kind != RecordKind.INITIATIVE:
        return _title(version, [], uses, user)
    if not _is_own_initiative(version.id, user):
        known = [text for text in _frozen_texts(uses[:FEW_USES]) if text is not None]
        if "title" not in parts_printed(known)[version]:
            return "", ""
    return _title_printed(version, uses)


def page_of(use: PrintedVersion) -> str:
    """Return the address where a use can be read in its place; empty where no web page was made of it."""
    if not getattr(use, "has_page", False):
        return ""
    submission = use.compilation.submission
    page = reverse("compilation_read", args=[submission.call.slug, submission.slug, use.compilation.number])
    name = str(RecordVersion(RecordKind(use.kind), use.record_id, use.language, use.version))
    match use.kind:
        case RecordKind.UPDATE | RecordKind.PASSAGE | RecordKind.ENTITY_TEXT:
            return f"{page}#{name}_p1"
        case RecordKind.SECTION:
            return f"{page}#{name}"
    return page
