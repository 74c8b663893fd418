"""The only reader of records: from a submission to plain data, the snapshot."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Case, F, Prefetch, Q, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.choices import FacilitationRole, UpdateKind, Variant
from initiatives.models import ActionLine, Entity, EntityText, Facilitation, Initiative, Reference, Update
from initiatives.models.base import best_text
from initiatives.queries import best_of_each_entity
from portal.common import richtext
from portal.common.errors import PersonError
from portal.common.languages import Language, in_language
from reporting.choices import FIGURES, HeadingSource, ItemKind, RecordKind, TextSource
from reporting.compilation import figures
from reporting.compilation.records import block_id
from reporting.compilation.snapshot import FORMAT, CoverLine, FrontBlock, Item, Record, Section, Snapshot
from reporting.compilation.snapshot import Reference as CitedReference
from reporting.compilation.tables import chart_html, table_html
from reporting.compilation.writers import Writers
from reporting.models import Call, CallCover, Submission
from reporting.models import Item as ItemRow

_SLOT = re.compile(r"\{(\w+)\}")


class NothingToCompile(PersonError):
    """The submission holds no text at all."""

    sentence = _("The submission has no text yet. Add items to its sections, then compile again.")


def gather(submission: Submission, language: str) -> Snapshot:
    """Return all that the submission says, in the language where its texts have it, else in their original.

    Reads in a fixed number of queries. Raises NothingToCompile where no item has a text.
    """
    entities = list(submission.entities.order_by("pk"))
    cover = _best_cover(submission.call, language)
    slots = _slots(submission.call, cover, entities, language)
    updates = _updates_by_initiative(submission, entities)
    writers = Writers(entities)
    asked = _Asked(submission.call, {entity.pk for entity in entities}, language, writers)
    seen: dict[str, int] = defaultdict(int)
    sections: list[Section] = []
    found = list(submission.sections.prefetch_related(_items_with_records(entities)))
    reader = figures.Reader((row for section in found for row in section.items.all()), language, timezone.now())
    demonstration = reader.hold_invented()
    for section in found:
        rows = list(section.items.all())
        demonstration = demonstration or any(row.initiative and row.initiative.is_invented for row in rows)
        items = [
            item
            for row in rows
            for item in (
                [_figures(row, reader, asked)]
                if row.kind in FIGURES
                else _items(row, updates[row.initiative_id or 0], asked)
            )
        ]
        for item in items:
            _tell_apart(item, seen)
        record = writers.record(RecordKind.SECTION, section)
        sections.append(
            Section(
                id=block_id(record),
                record=record,
                heading=in_language(section, "name", language),
                summary=section.is_summary,
                items=items,
            )
        )
    if not any(item["html"] for section in sections for item in section["items"]):
        raise NothingToCompile
    references = references_in((item["html"] for section in sections for item in section["items"]), writers)
    cover_record = writers.record(RecordKind.COVER, cover, language=cover.language) if cover else None
    front_record = writers.record(RecordKind.LAYOUT, submission.layout)
    writers.fill()
    with translation.override(language):
        title = _("Submission by %(entity)s to the %(session)s") % slots
    return Snapshot(
        format=FORMAT,
        portal=settings.PORTAL_URL,
        call=submission.call.slug,
        submission=submission.slug,
        entities=[entity.code for entity in entities],
        mark=submission.mark,
        title=title,
        author=slots["entity"],
        subject=str(submission.call),
        language=language,
        demonstration=demonstration,
        layout={
            "heading_numbers": submission.layout.heading_numbers,  # type: ignore[typeddict-item]  # choices
            "paragraph_numbers": submission.layout.paragraph_numbers,  # type: ignore[typeddict-item]  # choices
            "running_links": submission.layout.running_links,  # type: ignore[typeddict-item]  # choices
            "contents_depth": submission.layout.contents_depth,
        },
        cover=[
            CoverLine(style=line["style"], lead=line.get("lead", ""), text=fill(line["text"], slots))
            for line in (cover.lines if cover else [])
        ],
        cover_record=cover_record,
        front=_front(submission, entities, language, slots),
        front_record=front_record,
        sections=sections,
        references=references,
    )


def _tell_apart(item: Item, seen: dict[str, int]) -> None:
    """Give the blocks of a record that is printed twice ids of their own."""
    is_own_title = item["heading_id"] == item["id"]
    for name in ["id"] if is_own_title or not item["heading_id"] else ["heading_id", "id"]:
        wanted = item[name]  # type: ignore[literal-required]  # one of two names
        seen[wanted] += 1
        if seen[wanted] > 1:
            item[name] = f"{wanted}_{seen[wanted]}"  # type: ignore[literal-required]
    if is_own_title:
        item["heading_id"] = item["id"]


def printed_figures(row: ItemRow, language: str, now: dt.datetime) -> Item:
    """Return what one table or chart would print, also one that is not saved."""
    asked = _Asked(row.section.submission.call, set(), language, Writers([]))
    return _figures(row, figures.Reader([row], language, now), asked)


# Items


def _items_with_records(entities: list[Entity]) -> Prefetch:
    own_texts = Prefetch(
        "initiative__entity_texts",
        queryset=EntityText.objects.filter(entity__in=entities).order_by("entity_id", "pk"),
    )
    return Prefetch(
        "items",
        queryset=ItemRow.objects.select_related("initiative", "passage").prefetch_related(
            "initiative__texts", own_texts, "passage__texts"
        ),
    )


def _updates_by_initiative(submission: Submission, entities: list[Entity]) -> dict[int, list[Update]]:
    """Approved updates for the period, and the last news before it, oldest first, by initiative of the submission.

    Of a joint initiative each entity of the submission has its own; those of its owner come first.
    """
    found: dict[int, list[Update]] = defaultdict(list)
    start, end = submission.call.period_start, submission.call.period_end
    updates = Update.objects.filter(
        entity__in=entities,
        initiative__in=ItemRow.objects.filter(section__submission=submission).values("initiative"),
    )
    # twenty years of updates are many, and only these can be printed
    before = updates.with_paragraph().filter(period_end__lte=start)
    latest = before.order_by("initiative_id", "entity_id", "-period_start", "-pk")
    last_before = latest.distinct("initiative_id", "entity_id")
    printable = Q(period_start__lt=end, period_end__gt=start) | Q(pk__in=last_before.values("pk"))
    owner_first = Case(When(entity=F("initiative__entity"), then=0), default=1)
    found_updates = updates.filter(printable).prefetch_related("texts")
    for update in found_updates.order_by(owner_first, "entity_id", "period_start", "pk"):
        found[update.initiative_id].append(update)
    return found


def paragraphs_of_period(updates: list[Update], start: dt.date, end: dt.date) -> list[Update]:
    """Return the updates whose paragraphs are printed for the period [start, end).

    Those are the news of the period. Where an entity only said that all is "still true", its last news before it count
    on. `updates` are those of one initiative, approved, those of each entity oldest first.
    """
    by_entity: dict[int, list[Update]] = {}
    for update in updates:
        by_entity.setdefault(update.entity_id, []).append(update)
    return [printed for of_one in by_entity.values() for printed in _of_one_entity(of_one, start, end)]


def _of_one_entity(updates: list[Update], start: dt.date, end: dt.date) -> list[Update]:
    told = [update for update in updates if update.period_end > start and update.period_start < end]
    news = [update for update in told if update.kind == UpdateKind.NEWS]
    if news or not any(update.kind == UpdateKind.STILL_TRUE for update in told):
        return news
    return [update for update in updates if update.kind == UpdateKind.NEWS][-1:]


class _Asked(NamedTuple):
    """What every row of a submission is printed for."""

    call: Call
    entities: set[int]
    language: str
    writers: Writers


class Text(NamedTuple):
    """One text that a row prints."""

    record: Record
    html: str
    language: str


def _items(row: ItemRow, updates: list[Update], asked: _Asked) -> list[Item]:
    """Return what one row prints: its heading with the first text, then each further text."""
    heading, heading_record = _heading(row, asked.language, asked.writers)
    texts = _texts(row, updates, asked)
    if heading_record and not texts:
        texts = [Text(heading_record, "", heading_record["language"] or asked.language)]
    return [
        Item(
            id=block_id(text.record),
            record=text.record,
            about=row.initiative_id,
            numbered=row.is_numbered and not position,
            heading="" if position else heading,
            heading_id="" if position or not heading_record else block_id(heading_record),
            heading_record=None if position else heading_record,
            level=row.level,
            html=text.html,
            language=text.language,
        )
        for position, text in enumerate(texts)
    ]


def _figures(row: ItemRow, reader: figures.Reader, asked: _Asked) -> Item:
    """Return a table or chart of indicators: its words, the exact figures beside them, and what is drawn."""
    _call, _entities, language, writers = asked
    record = writers.record(RecordKind.ITEM, row)
    heading, heading_record = _heading(row, language, writers)
    told = reader.figures(row)
    item = Item(
        id=block_id(record),
        record=record,
        about=None,
        numbered=row.is_numbered,
        heading=heading,
        heading_id=block_id(record) if heading else "",
        heading_record=heading_record,
        level=row.level,
        html=table_html(told, rows=row.rows, language=language),
        language=language,
        figures=told,
    )
    if row.kind == ItemKind.CHART:
        chart = reader.chart(row)
        item["html"] = chart_html(told, is_drawn=chart is not None, language=language)
        if chart:
            item["chart"] = chart
    return item


def _heading(row: ItemRow, language: str, writers: Writers) -> tuple[str, Record | None]:
    if row.heading_source == HeadingSource.OTHER:
        return row.heading, writers.record(RecordKind.ITEM, row)
    if row.heading_source == HeadingSource.OWN and row.initiative and (text := row.initiative.text_in(language)):
        record = writers.record(RecordKind.INITIATIVE, text, of=row.initiative, language=text.language)
        return text.title, record
    return "", None


def _texts(row: ItemRow, updates: list[Update], asked: _Asked) -> list[Text]:
    """Return what the row prints."""
    call, _entities, language, writers = asked
    if row.text_source == TextSource.WORDING:
        return [Text(writers.record(RecordKind.ITEM, row), row.wording, language)]
    if row.text_source == TextSource.NONE:
        return []
    if row.passage:
        text = row.passage.text_in(language)
        return [_text(RecordKind.PASSAGE, row.passage, text, text.body, writers)] if text else []
    if row.initiative:
        if row.text_source == TextSource.PERIOD and (printed := _paragraphs(updates, call, language, writers)):
            return printed
        return _descriptions(row.initiative, asked)
    return []


def _descriptions(initiative: Initiative, asked: _Asked) -> list[Text]:
    """Return what its entities say of it in general: the owner first, then each other one that has a text of its own.

    An entity that has joined and has none prints the description of the owner, as it prints the facts.
    """
    _call, entities, language, writers = asked
    own = [
        _text(RecordKind.ENTITY_TEXT, text, text, text.description, writers)
        for text in best_of_each_entity(initiative.entity_texts.all(), language)
    ]
    if own and initiative.entity_id not in entities:
        return own
    written = [text for text in initiative.texts.all() if text.variant == Variant.GENERAL and text.description]
    text = best_text(written, language)
    return [*([_text(RecordKind.INITIATIVE, initiative, text, text.description, writers)] if text else []), *own]


def _paragraphs(updates: list[Update], call: Call, language: str, writers: Writers) -> list[Text]:
    texts = [
        (update, best_text([text for text in update.texts.all() if text.paragraph], language))
        for update in paragraphs_of_period(updates, call.period_start, call.period_end)
    ]
    return [_text(RecordKind.UPDATE, update, text, text.paragraph, writers) for update, text in texts if text]


def _text(kind: RecordKind, record: Any, text: Any, html: str, writers: Writers) -> Text:
    return Text(writers.record(kind, text, of=record, language=text.language), html, text.language)


# Cover and front


def _slots(call: Call, cover: CallCover | None, entities: list[Entity], language: str) -> dict[str, str]:
    session = call.session
    return {
        "brace": "{",  # so that a text may hold the words `{entity}` themselves
        "entity": _joined(in_language(entity, "name", language) for entity in entities),
        "acronym": _joined(entity.acronym for entity in entities),
        "session": session.name,
        "number": str(session.number),
        "ordinal": _english_ordinal(session.number),
        "dates": cover.dates_text if cover else "",
        "place": session.place,
        "year": str(call.last_year),
        "period": call.period_shown,
    }


def _joined(names: Iterable[str]) -> str:
    return " · ".join(names)


def _english_ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def fill(text: str, slots: dict[str, str]) -> str:
    """Put the slots into a text; braces that name no slot stay as they are, and so do those within a slot's value."""
    return _SLOT.sub(lambda found: slots.get(found[1], found[0]), text)


def _best_cover(call: Call, language: str) -> CallCover | None:
    """Return the cover in the language, else in English; None where the call has neither."""
    covers = [cover for cover in call.covers.all() if cover.language in {language, Language.ENGLISH}]
    return min(covers, key=lambda cover: cover.language != language, default=None)


def _front(submission: Submission, entities: list[Entity], language: str, slots: dict[str, str]) -> list[FrontBlock]:
    def entries(templates: list[str]) -> Iterator[str]:
        for template in templates:
            if template == "{facilitated_lines}":
                yield from _facilitated_lines(submission.call, entities, language)
            else:
                yield fill(template, slots)

    return [
        FrontBlock(
            kind=block["kind"], text=fill(block.get("text", ""), slots), entries=list(entries(block.get("entries", [])))
        )
        for block in submission.layout.front
    ]


def _facilitated_lines(call: Call, entities: list[Entity], language: str) -> list[str]:
    """Return the lines that the entities lead at the end of the period, as `C7 - ICT applications: E-government`."""
    roles = (
        Facilitation.objects.filter(entity__in=entities, role=FacilitationRole.LEAD)
        .exclude(since__gte=call.period_end)
        .exclude(until__lt=call.period_end)
        .select_related("line__parent")
        .order_by("line__order")
    )
    return [_line_as_printed(role.line, language) for role in roles]


def _line_as_printed(line: ActionLine, language: str) -> str:
    name = line.current_name_in(language)
    if line.parent is None:
        return f"{line.code} - {name}"
    parent = line.parent.current_name_in(language)
    return f"{line.parent.code} - {parent}: {name}"


# References


def references_in(texts: Iterable[str], writers: Writers | None = None) -> dict[str, CitedReference]:
    """Return what footnotes of these texts cite, by the id that they name; `writers` hears of their versions."""
    writers = writers or Writers([])
    ids = {reference for html in texts for reference in richtext.cited_references(html)}
    found = Reference.objects.filter(pk__in=ids).select_related("document").order_by("pk")
    return {str(reference.pk): _cited(reference, writers) for reference in found}


def _cited(reference: Reference, writers: Writers) -> CitedReference:
    document = reference.document
    year = reference.year or (document.dated_on.year if document and document.dated_on else "")
    return CitedReference(
        text=reference.text,
        author=reference.author or (document.author if document else ""),
        title=reference.title or (document.title if document else ""),
        year=str(year),
        address=reference.address or (document.address if document else ""),
        record=writers.record(RecordKind.REFERENCE, reference),
    )
