"""The page of search: what the reader may see of all that holds the words, stored or derived, the best first.

`initiatives.search` tells how records are found; here they come together, each with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from initiatives.choices import ENTITY_ROLES, AliasKind, UpdateKind
from initiatives.drafting.updates import TEXT_FIELDS
from initiatives.marking import Marker, folded, readable, tokens_of
from initiatives.models import (
    ActionLine,
    ActionLineAlias,
    Document,
    Draft,
    Entity,
    EntityAlias,
    Initiative,
    Part,
    Passage,
    SearchKind,
    Update,
)
from initiatives.queries import unseen_title, update_address
from initiatives.querysets import entities_of
from initiatives.search import Among, Asked, Hit, Hits, best_of, narrowed, nearly_titled
from portal.common.languages import Language, in_language, reader_language
from portal.models import User
from reporting.choices import HeadingSource, TextSource
from reporting.models import Item, Section, Submission
from reporting.querysets import FINAL, SubmissionQuerySet

SUBMISSION = "submission"  # the kind of their entries
KINDS: dict[str, Promise | str] = {**dict(SearchKind.choices), SUBMISSION: _("Submissions")}
TITLED = {SearchKind.INITIATIVE, SearchKind.DOCUMENT, SUBMISSION}  # kinds whose records have a title of their own
FEW = 5  # records: where fewer hold the words, titles are offered that are written nearly so
MOST_NEARLY = 10  # titles that are offered to whom nearly nothing was found
MOST_NAMED = 5  # action lines and entities above the results
SUGGESTED = 8  # while typing

DAY = dt.timedelta(days=1)

Reader = User | AnonymousUser


def matching(submissions: SubmissionQuerySet, typed: str) -> SubmissionQuerySet:
    """Keep the submissions whose own words hold what was typed: name, headings, and wordings that no record has.

    Until a text is final, what it says of a record in words of its own does not count: not everybody who writes the
    text sees the record.
    """
    return narrowed(submissions, SUBMISSION, typed)


# Finding


@dataclass(frozen=True)
class Count:
    """How many records of a kind were found; where there are more, as many hundreds as there surely are."""

    kind: str
    label: Promise | str
    number: int
    and_more: bool


@dataclass(frozen=True)
class Found:
    """All that was ranked, the best first, and how much there is of each kind."""

    hits: list[Hit]
    counts: list[Count]

    @property
    def total(self) -> int:
        return sum(count.number for count in self.counts)

    @property
    def and_more(self) -> bool:
        return any(count.and_more for count in self.counts)


def _readable_by(user: Reader) -> dict[str, QuerySet[Any]]:
    readable: dict[str, QuerySet[Any]] = {
        SearchKind.INITIATIVE: Initiative.objects.visible_to(user).listed(),
        SearchKind.UPDATE: Update.objects.visible_to(user).listed(),
        SearchKind.PASSAGE: Passage.objects.visible_to(user),
        SearchKind.DOCUMENT: Document.objects.visible_to(user),
        SUBMISSION: Submission.objects.visible_to(user),
    }
    if user.is_authenticated:
        readable[SearchKind.DRAFT] = Draft.objects.visible_to(user).open().listed()
    return readable


def _titled_readable_by(user: Reader) -> list[Among]:
    return [Among(kind, visible) for kind, visible in _readable_by(user).items() if kind in TITLED]


def _items_open_to(user: Reader, entities: Any) -> QuerySet[Item]:
    """The items of texts under way that the reader finds by their words: those of records that the reader sees."""
    drafts = Submission.objects.filter(entities__in=entities).exclude(state__in=FINAL)
    return Item.objects.of_records_seen_by(user).filter(section__submission__in=drafts.values("pk"))


def search_all(asked: Asked, user: Reader) -> tuple[Found, list[Hit]]:
    """Return what holds the words, and where that is little, records with titles that are written nearly so."""
    if not asked.wanted:
        return Found([], []), []
    found = find(asked, user)
    return found, find_nearly(asked, user, found.hits) if found.total < FEW else []


def find(asked: Asked, user: Reader) -> Found:
    """Return what the reader may see of all that holds the words, in a fixed number of queries."""
    own: dict[str, QuerySet[Any]] = {}
    if user.is_authenticated:
        entities = entities_of(user, *ENTITY_ROLES)
        own = {
            SearchKind.DRAFT: Draft.objects.filter(entity__in=entities),
            SearchKind.UPDATE: Update.objects.filter(entity__in=entities),
            SearchKind.PASSAGE: Passage.objects.filter(entity__in=entities),
            SearchKind.DOCUMENT: Document.objects.filter(entity__in=entities),
            SUBMISSION: _items_open_to(user, entities),
        }
    several = [
        Among(
            kind,
            visible,
            own.get(kind),
            own_by="piece_id" if kind == SUBMISSION else "record_id",
            has_titles=kind in TITLED,
            many=kind == SearchKind.UPDATE,
        )
        for kind, visible in _readable_by(user).items()
    ]
    return _found(best_of(several, asked.compile()))


def find_nearly(asked: Asked, user: Reader, but: Iterable[Hit] = ()) -> list[Hit]:
    """Return records with titles that are written nearly so, without those that were found, the best first."""
    if not asked.mistypable:
        return []
    several, known = _titled_readable_by(user), {(hit.kind, hit.record_id) for hit in but}
    ways = [nearly_titled(several, asked)]
    if (swapped := asked.swapped()).compiled:  # of a short word with two letters swapped hardly a three is the same
        ways.insert(0, best_of(several, swapped, only_titles=True))
    found: list[Hit] = []
    for best in ways:
        hits = [hit for near in best.values() for hit in near.hits[:MOST_NEARLY]]
        for hit in sorted(hits, key=lambda hit: -hit.rank):
            if (hit.kind, hit.record_id) not in known:
                known.add((hit.kind, hit.record_id))
                found.append(hit)
    return found[:MOST_NEARLY]


def _found(best: dict[str, Hits]) -> Found:
    counts = [
        Count(
            kind,
            KINDS[kind],
            len(ranked.hits) if ranked.are_all else max(100, len(ranked.hits) // 100 * 100),
            not ranked.are_all,
        )
        for kind, ranked in best.items()
        if ranked.hits
    ]
    hits = sorted((hit for ranked in best.values() for hit in ranked.hits), key=lambda hit: -hit.rank)
    return Found(hits, counts)


# Showing


@dataclass
class Result:
    """One line of the results: what it is, and the words by which it was found."""

    hit: Hit
    url: str
    title: str
    title_language: str
    entity: str
    what: Promise | str  # more closely than the kind: of which sort, in which state
    year: str = ""
    texts: list[str] = field(default_factory=list)  # in the language of the hit; the reason is one of them
    marked_title: SafeString | str = ""
    extract: SafeString | str = ""

    @property
    def kind(self) -> Promise | str:
        return ONE[self.hit.kind]


#: One of a kind, as a result is headed.
ONE: dict[str, Promise | str] = {
    SearchKind.INITIATIVE: _("Initiative"),
    SearchKind.UPDATE: _("Update"),
    SearchKind.PASSAGE: _("Passage"),
    SearchKind.DOCUMENT: _("Document"),
    SearchKind.DRAFT: _("Draft"),
    SUBMISSION: _("Submission"),
}


def results_of(hits: Iterable[Hit], asked: Asked, user: Reader) -> list[Result]:
    """Return the records of some hits in their order, with their words marked. A fixed number of queries."""
    hits = list(hits)
    by_kind: dict[str, list[Hit]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(hit)
    made: dict[Hit, Result] = {}
    for kind, some in by_kind.items():
        made |= _SHOWN[kind](some, user)
    results = [made[hit] for hit in hits if hit in made]
    texts = {(text, result.hit.language) for result in results for text in result.texts}
    texts |= {(result.title, result.title_language) for result in results}
    marker = Marker(asked, texts)
    for result in results:
        result.marked_title = marker.marked(result.title, result.title_language)
        language = result.hit.language
        reason = max(
            (text for text in result.texts if text),
            key=lambda text: len({word.casefold() for word in marker.words(text, language)}),
            default="",
        )
        result.extract = marker.extract(reason, language)
    return results


def _initiatives(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    rows = Initiative.objects.filter(pk__in=[hit.record_id for hit in hits]).with_title()
    rows = rows.select_related("entity", "kind").prefetch_related("texts", "other_titles", "identifiers")
    records: dict[int, Any] = rows.in_bulk()
    made = {}
    for hit in hits:
        if (record := records.get(hit.record_id)) is None:
            continue
        texts = [text for text in record.texts.all() if text.language == hit.language]
        descriptions = [readable(text.description) for text in texts]
        titles = [text.title for text in texts if text.title != record.title]
        others = [other.text for other in record.other_titles.all()]
        numbers = [str(number) for number in record.identifiers.all()]
        made[hit] = Result(
            hit,
            record.get_absolute_url(),
            record.title or record.slug,
            record.title_language or Language.ENGLISH,
            str(record.entity),
            str(record.kind),
            _years(record.starts_on, record.ends_on),
            [*descriptions, *titles, " · ".join(others), " · ".join(numbers), record.place],
        )
    return made


def _years(first: Any, end: Any) -> str:
    """Return the years of a half-open range of days as they are written."""
    years = [first.year] if first else []
    if end:
        years.append((end - DAY).year)
    return "–".join(str(year) for year in sorted(set(years)))


def _updates(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    rows = Update.objects.filter(pk__in=[hit.record_id for hit in hits])
    records = rows.select_related("entity", "initiative__entity").prefetch_related("texts").in_bulk()
    about: dict[int, Any] = (
        Initiative.objects.visible_to(user).with_title().in_bulk({record.initiative_id for record in records.values()})
    )
    made = {}
    for hit in hits:
        if (record := records.get(hit.record_id)) is None:
            continue
        initiative = about.get(record.initiative_id)  # an own update may stand on what another entity does not show
        text = next((text for text in record.texts.all() if text.pk == hit.piece_id), None)
        public = [*(TEXT_FIELDS[:1] if record.kind == UpdateKind.NEWS else []), *record.public_fields]
        shown = [name for name in TEXT_FIELDS if name not in public] if hit.piece == "told_inside" else public
        made[hit] = Result(
            hit,
            update_address(record.pk, initiative.slug if initiative else ""),
            (initiative.title or initiative.slug) if initiative else unseen_title(record.initiative.entity),
            (initiative.title_language if initiative else reader_language()) or Language.ENGLISH,
            str(record.entity),
            "",
            _years(record.period_start, record.period_end),
            [readable(getattr(text, name)) for name in shown] if text else [],
        )
    return made


def _drafts(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    """What is under way: whoever finds it is of its entity and reads all of it."""
    records = Draft.objects.select_related("entity").in_bulk([hit.record_id for hit in hits])
    return {
        hit: Result(
            hit,
            record.get_absolute_url(),
            str(record),
            hit.language,
            str(record.entity),
            f"{record.get_of_display()}, {record.get_state_display()}",
            _years(record.period_start, record.period_end),
            [readable(str(record.content.get(name) or "")) for name in ["description", "body", *TEXT_FIELDS]],
        )
        for hit in hits
        if (record := records.get(hit.record_id))
    }


def _passages(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    rows = Passage.objects.filter(pk__in=[hit.record_id for hit in hits])
    records = rows.select_related("entity").prefetch_related("texts").in_bulk()
    made = {}
    for hit in hits:
        if (record := records.get(hit.record_id)) is None:
            continue
        texts = {text.pk: text for text in record.texts.all()}
        text = texts.get(hit.piece_id) if hit.piece == "body" else record.text_in(reader_language())
        made[hit] = Result(
            hit,
            record.get_absolute_url(),
            record.name if hit.piece == "name" else str(record.get_kind_display()).capitalize(),
            Language.ENGLISH if hit.piece == "name" else reader_language(),
            str(record.entity),
            record.get_kind_display() if hit.piece == "name" else "",
            "",
            [readable(text.body)] if text else [],
        )
    return made


def _documents(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    rows = Document.objects.filter(pk__in=[hit.record_id for hit in hits])
    records = rows.select_related("entity").prefetch_related("symbols").in_bulk()
    parts = Part.objects.in_bulk([hit.piece_id for hit in hits if hit.piece == "part"])
    own = set(Entity.objects.written_by(user).values_list("pk", flat=True)) if parts else set()
    made = {}
    for hit in hits:
        if (record := records.get(hit.record_id)) is None:
            continue
        symbols = " · ".join(symbol.symbol for symbol in record.symbols.all())
        texts = [symbols, record.author]
        if hit.piece == "part" and (part := parts.get(hit.piece_id)):
            printed = part.printed if record.entity_id in own else ""
            texts = [" ".join(filter(None, [part.number, readable(part.body) or printed]))]
        made[hit] = Result(
            hit,
            record.get_absolute_url(),
            record.title,
            record.language,
            str(record.entity or record.author),
            str(record.get_kind_display()),
            str(record.dated_on.year) if record.dated_on else "",
            texts,
        )
    return made


def _submissions(hits: list[Hit], user: Reader) -> dict[Hit, Result]:
    rows = Submission.objects.filter(pk__in=[hit.record_id for hit in hits])
    records = rows.select_related("call__session").prefetch_related("entities").in_bulk()
    sections = Section.objects.in_bulk([hit.piece_id for hit in hits if hit.piece == "section"])
    items = Item.objects.in_bulk([hit.piece_id for hit in hits if hit.piece == "item"])
    made = {}
    for hit in hits:
        if (record := records.get(hit.record_id)) is None:
            continue
        texts = []
        if hit.piece == "section" and (section := sections.get(hit.piece_id)):
            texts = [in_language(section, "name", record.language)]
        elif hit.piece == "item" and (item := items.get(hit.piece_id)):
            texts = [
                item.heading if item.heading_source == HeadingSource.OTHER else "",
                readable(item.wording) if item.text_source == TextSource.WORDING else "",
            ]
        made[hit] = Result(
            hit,
            record.get_absolute_url(),
            str(record),
            Language.ENGLISH,
            ", ".join(str(entity) for entity in record.entities.all()),
            str(record.get_state_display()),
            record.call.period_shown,
            texts,
        )
    return made


_SHOWN: dict[str, Callable[[list[Hit], Reader], dict[Hit, Result]]] = {
    SearchKind.INITIATIVE: _initiatives,
    SearchKind.UPDATE: _updates,
    SearchKind.PASSAGE: _passages,
    SearchKind.DOCUMENT: _documents,
    SearchKind.DRAFT: _drafts,
    SUBMISSION: _submissions,
}


# What the words name themselves


@dataclass(frozen=True)
class NamedPage:
    """A page that the words name: an action line or an entity."""

    url: str
    title: str
    language: str
    what: Promise | str
    by: str  # the name that was typed, where the title does not show it


def pages_named(typed: str) -> list[NamedPage]:
    """Return action lines and entities that are called by the words, or begin so. Four queries, over small tables."""
    words = " ".join(token.word for token in tokens_of(folded(typed)))
    if len(words) < 2:
        return []
    openings = {word[:2] for word in words.split()}
    lines = {line.pk: line for line in ActionLine.objects.all()}
    entities = {entity.pk: entity for entity in Entity.objects.all()}
    languages = [str(language) for language in Language.values]
    named: list[tuple[str, ActionLine | Entity]] = []
    for line in lines.values():
        named += [(getattr(line, f"{kind}_{code}"), line) for kind in ("name", "current_name") for code in languages]
        named += [(line.code, line), (line.short_name_en, line)]
    for entity in entities.values():
        named += [(getattr(entity, f"name_{code}"), entity) for code in languages]
        named += [(entity.acronym, entity), (entity.code, entity)]
    aliases = ActionLineAlias.objects.filter(kind=AliasKind.ALIAS).values_list("text", "line")
    named += [(text, lines[pk]) for text, pk in aliases if pk in lines]
    named += [(text, entities[pk]) for text, pk in EntityAlias.objects.values_list("text", "entity") if pk in entities]
    found: dict[ActionLine | Entity, tuple[int, str]] = {}
    for name, called in named:
        nearness = _nearness(name, words, openings)
        if nearness is not None and (called not in found or found[called][0] > nearness):
            found[called] = nearness, name
    pages = [(nearness, _named_page(called, name)) for called, (nearness, name) in found.items()]
    return [page for _nearness, page in sorted(pages, key=lambda it: (it[0], it[1].title))[:MOST_NAMED]]


def _nearness(name: str, words: str, openings: set[str]) -> int | None:
    """Return 0 for a name that is the words, 1 for one that begins so, 2 for one among them; None for others."""
    small = folded(name)
    if small[:2] not in openings:
        return None
    called = " ".join(token.word for token in tokens_of(small))
    if called == words:
        return 0
    if len(words) > 2 and called.startswith(words):
        return 1
    return 2 if len(called) > 1 and f" {called} " in f" {words} " else None


def _named_page(called: ActionLine | Entity, name: str) -> NamedPage:
    if isinstance(called, ActionLine):
        title, what = f"{called.code} {called.current_name}", _("Action line")
    else:
        title, what = f"{called.acronym} – {called.name}", _("Entity")
    by = "" if folded(name) in folded(title) else name
    return NamedPage(called.get_absolute_url(), title, reader_language(), what, by)


def meant(asked: Asked, results: Iterable[Result]) -> str:
    """Return the words as the titles of the results have them; empty where they are as typed."""
    known = {token.word for result in results for token in tokens_of(result.title)}
    by_letters = {folded(word): word for word in sorted(known)}
    words = " ".join(asked.wanted).split()
    better = []
    for word in words:
        near = process.extractOne(folded(word), list(by_letters), scorer=fuzz.ratio, score_cutoff=70)
        better.append(by_letters[near[0]].lower() if near and near[0] != folded(word) else word)
    return " ".join(better) if better != words else ""


# While typing


@dataclass(frozen=True)
class Suggestion:
    """A title that the words lead to."""

    url: str
    title: SafeString | str
    language: str
    what: str


def suggest(typed: str, user: Reader) -> list[Suggestion]:
    """Return pages that what is being typed may lead to: lines and entities, then titles, numbers and symbols."""
    asked = Asked.parse(typed)
    if not asked.wanted:
        return []
    found = [Suggestion(page.url, page.title, page.language, str(page.what)) for page in pages_named(typed)[:2]]
    titled = best_of(_titled_readable_by(user), asked.compile(), only_titles=True)
    hits = [hit for best in titled.values() for hit in best.hits[:SUGGESTED]]
    if not hits and asked.mistypable:
        hits = find_nearly(asked, user)
    best = sorted(hits, key=lambda hit: -hit.rank)[: SUGGESTED - len(found)]
    for result in results_of(best, asked, user):
        found.append(
            Suggestion(
                result.url,
                result.marked_title,
                result.title_language,
                " · ".join(filter(None, [str(result.kind), result.entity, result.year])),
            )
        )
    return found
