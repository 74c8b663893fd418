"""What files of lists hold: their columns, and their rows in the language of whoever takes them.

Rows are read through a cursor on the server, some at a time, and what belongs to them in a few statements for each
batch: a model instance for each row would take several times as long.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import (
    KINDS,
    Basis,
    DocumentKind,
    Level,
    Status,
    TextState,
    UpdateKind,
    Variant,
)
from initiatives.models import (
    ActionLine,
    Country,
    CountryGroup,
    Document,
    DocumentSymbol,
    Entity,
    Facilitation,
    GroupMembership,
    Identifier,
    IncomeClassification,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Term,
    Update,
    UpdateText,
    Vocabulary,
)
from initiatives.models.base import NamedInSixLanguages
from initiatives.queries import initiatives_by, unseen_title, update_address
from initiatives.querysets import fiscal_year
from portal.common.exports import Column, Value
from portal.common.languages import in_language, reader_language
from portal.common.richtext import to_plain
from portal.models import User

AddressOf = Callable[[str], str]  # makes a path a whole address
Facts = dict[str, Value]

#: The note at the foot of every page goes with the names of countries.
DESIGNATIONS = _(
    "The names and boundaries used here, and the way material is presented, imply no opinion of the United Nations or "
    "of its entities on the legal status of any country, territory, city or area, or of its authorities, or on the "
    "course of its frontiers."
)

_BATCH = 1_000


def batches(rows: QuerySet[Any, Any]) -> Iterator[list[dict[str, Any]]]:
    """Yield mappings some at a time, through a cursor on the server: few of them are in memory at once."""
    read = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(read, _BATCH)):
        yield batch


# Words for codes


class Named:
    """Codes and names of reference data, in the reader's language; read once for a file."""

    def __init__(self, model: type[NamedInSixLanguages], *, code: str = "code") -> None:
        language = reader_language()
        rows = list(model._default_manager.all())
        self._codes: dict[int, str] = {row.pk: getattr(row, code) for row in rows}
        self._names: dict[int, str] = {row.pk: in_language(row, "name", language) for row in rows}

    def code(self, pk: int | None) -> str | None:
        return self._codes[pk] if pk else None

    def name(self, pk: int | None) -> str | None:
        return self._names[pk] if pk else None

    def codes(self, pks: Collection[int]) -> list[str]:
        return [self._codes[pk] for pk in pks]

    def names(self, pks: Collection[int]) -> list[str]:
        return [self._names[pk] for pk in pks]


def words_for(choices: type[models.TextChoices]) -> dict[str, str | None]:
    """Return the words for each code in the reader's language; none for no code."""
    return {"": None} | {code: str(label) for code, label in choices.choices}


def last_day(ends_on: dt.date | None) -> dt.date | None:
    """Return the last day of what ends before the day given, as people write it."""
    return ends_on - dt.timedelta(days=1) if ends_on else None


# What initiatives and updates say of an initiative


class FactsOfInitiatives:
    """Title, lines, places and terms of initiatives, for some at a time."""

    def __init__(self) -> None:
        self._language = reader_language()
        self._lines, self._terms = Named(ActionLine), Named(Term)
        self._countries, self._groups = Named(Country, code="iso3"), Named(CountryGroup)
        self._term_columns = {vocabulary.pk: _term_column(vocabulary) for vocabulary in _vocabularies()}
        self._column_of_term = {
            term: self._term_columns.get(vocabulary)
            for term, vocabulary in Term.objects.values_list("pk", "vocabulary")
        }
        self._levels, self._statuses = words_for(Level), words_for(Status)

    #: What `of` needs of each initiative, beside its id.
    FIELDS = ("kind", "level", "status", "covers_all_member_states", "place")

    @staticmethod
    def columns() -> list[Column]:
        """Return the columns that `of` fills."""
        columns = [
            Column("title", _("Title")),
            Column("title_language", _("Language of the title")),
            Column("original_title", _("Original title")),
            Column("original_language", _("Language of the original")),
            Column("kind_code", _("Kind (code)")),
            Column("kind", _("Kind")),
            Column("level_code", _("Level (code)")),
            Column("level", _("Level")),
            Column("status_code", _("Status (code)")),
            Column("status", _("Status")),
            Column("line_codes", _("Action lines (codes)")),
            Column("lines", _("Action lines")),
            Column("primary_line_code", _("Primary action line (code)")),
            Column("country_codes", _("Countries (codes)")),
            Column("countries", _("Countries")),
            Column("group_codes", _("Groups of countries (codes)")),
            Column("groups", _("Groups of countries")),
            Column("covers_all_member_states", _("All Member States")),
            Column("place", _("Place")),
        ]
        for vocabulary in _vocabularies():
            name = _term_column(vocabulary)
            columns.append(Column(f"{name}_codes", _("%(vocabulary)s (codes)") % {"vocabulary": vocabulary.name}))
            columns.append(Column(name, vocabulary.name))
        return columns

    def of(self, initiatives: dict[int, dict[str, Any]]) -> dict[int, Facts]:
        """Return the facts of each initiative, by its id."""
        pks = list(initiatives)
        titles = self._titles(pks)
        lines, primary = self._lines_of(pks)
        countries, groups = self._places_of(pks)
        terms = self._terms_of(pks)
        without_terms: Facts = {name: [] for name in self._term_columns.values() for name in (name, f"{name}_codes")}
        found: dict[int, Facts] = {}
        for pk, row in initiatives.items():
            original, shown = titles[pk]
            found[pk] = without_terms | {
                "title": shown and shown[1],
                "title_language": shown and shown[0],
                "original_title": original and original[1],
                "original_language": original and original[0],
                "kind_code": self._terms.code(row["kind"]),
                "kind": self._terms.name(row["kind"]),
                "level_code": row["level"] or None,
                "level": self._levels[row["level"]],
                "status_code": row["status"] or None,
                "status": self._statuses[row["status"]],
                "line_codes": self._lines.codes(lines[pk]),
                "lines": self._lines.names(lines[pk]),
                "primary_line_code": self._lines.code(primary.get(pk)),
                "country_codes": self._countries.codes(countries[pk]),
                "countries": self._countries.names(countries[pk]),
                "group_codes": self._groups.codes(groups[pk]),
                "groups": self._groups.names(groups[pk]),
                "covers_all_member_states": row["covers_all_member_states"],
                "place": row["place"] or None,
            }
            for name, chosen in terms[pk].items():
                found[pk][f"{name}_codes"] = self._terms.codes(chosen)
                found[pk][name] = self._terms.names(chosen)
        return found

    def _titles(self, pks: list[int]) -> dict[int, list[tuple[str, str] | None]]:
        """Return for each initiative the original title and the one in the reader's language, with their languages."""
        titles: dict[int, list[tuple[str, str] | None]] = defaultdict(lambda: [None, None])
        texts = InitiativeText.objects.filter(
            Q(language=self._language) | Q(state=TextState.ORIGINAL), initiative__in=pks, variant=Variant.GENERAL
        )
        for pk, language, state, title in texts.values_list("initiative", "language", "state", "title"):
            if state == TextState.ORIGINAL:
                titles[pk][0] = (language, title)
            if language == self._language:
                titles[pk][1] = (language, title)
        for both in titles.values():
            both[1] = both[1] or both[0]
        return titles

    def _lines_of(self, pks: list[int]) -> tuple[dict[int, list[int]], dict[int, int]]:
        """Return the stated lines of each initiative, and its primary one."""
        lines: dict[int, list[int]] = defaultdict(list)
        primary: dict[int, int] = {}
        links = InitiativeLine.objects.filter(initiative__in=pks, basis=Basis.STATED).order_by("line__order")
        for pk, line, is_primary in links.values_list("initiative", "line", "is_primary"):
            lines[pk].append(line)
            if is_primary:
                primary[pk] = line
        return lines, primary

    def _places_of(self, pks: list[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        countries: dict[int, list[int]] = defaultdict(list)
        groups: dict[int, list[int]] = defaultdict(list)
        places = InitiativePlace.objects.filter(initiative__in=pks).order_by("pk")
        for pk, country, group in places.values_list("initiative", "country", "group"):
            (countries if country else groups)[pk].append(country or group)
        return countries, groups

    def _terms_of(self, pks: list[int]) -> dict[int, dict[str, list[int]]]:
        """Return the stated terms of each initiative, by the column of their vocabulary."""
        terms: dict[int, dict[str, list[int]]] = defaultdict(dict)
        links = InitiativeTerm.objects.filter(initiative__in=pks, basis=Basis.STATED).order_by("term__order", "term")
        for pk, term in links.values_list("initiative", "term"):
            if name := self._column_of_term.get(term):
                terms[pk].setdefault(name, []).append(term)
        return terms


def _vocabularies() -> list[Vocabulary]:
    return list(Vocabulary.objects.exclude(code=KINDS).order_by("code"))


def _term_column(vocabulary: Vocabulary) -> str:
    """Return the name of the column that holds the terms of a vocabulary: many programs dislike hyphens in it."""
    return f"term_{vocabulary.code.replace('-', '_')}"


# Initiatives


def initiative_columns() -> list[Column]:
    return [
        Column("number", _("Number")),
        Column("address", _("Address")),
        Column("entity_code", _("Entity (code)")),
        Column("entity", _("Entity")),
        *FactsOfInitiatives.columns(),
        Column("identifiers", _("Numbers and symbols")),
        Column("starts_on", _("First day")),
        Column("starts_precision", _("Precision of the first day")),
        Column("ends_on", _("Last day")),
        Column("ends_precision", _("Precision of the last day")),
        Column("years", _("Years")),
        Column("languages", _("Languages")),
        Column("is_invented", _("Invented for demonstration")),
        Column("last_approved_at", _("Last update approved (UTC)")),
        Column("public_since", _("Public since (UTC)")),
    ]


def initiative_rows(
    initiatives: QuerySet[Initiative], *, address_of: AddressOf, user: User | AnonymousUser
) -> Iterator[Facts]:
    """Yield what a file says of each initiative, in their order."""
    facts_of, entities = FactsOfInitiatives(), Named(Entity)
    dated = ("starts_on", "starts_precision", "ends_on", "ends_precision")
    rows = initiatives.values(
        *("pk", "slug", "entity", "published_at", "is_invented", *dated, *FactsOfInitiatives.FIELDS),
        *("summary__years", "summary__languages", "summary__last_approved_at"),
    )
    for batch in batches(rows):
        facts = facts_of.of({row["pk"]: row for row in batch})
        identifiers = _identifiers_of(list(facts))
        for row in batch:
            pk = row["pk"]
            yield facts[pk] | {
                "number": pk,
                "address": address_of(reverse("initiative_detail", args=[row["slug"]])),
                "entity_code": entities.code(row["entity"]),
                "entity": entities.name(row["entity"]),
                "identifiers": identifiers[pk],
                "starts_on": row["starts_on"],
                "starts_precision": row["starts_precision"] if row["starts_on"] else None,
                "ends_on": last_day(row["ends_on"]),
                "ends_precision": row["ends_precision"] if row["ends_on"] else None,
                "years": row["summary__years"] or [],
                "languages": row["summary__languages"] or [],
                "is_invented": row["is_invented"],
                "last_approved_at": row["summary__last_approved_at"],
                "public_since": row["published_at"],
            }


def _identifiers_of(pks: list[int]) -> dict[int, list[str]]:
    identifiers: dict[int, list[str]] = defaultdict(list)
    found = Identifier.objects.filter(initiative__in=pks).order_by("scheme", "value")
    for pk, value in found.values_list("initiative", "value"):
        identifiers[pk].append(value)
    return identifiers


# Updates


def update_columns() -> list[Column]:
    return [
        Column("number", _("Number")),
        Column("address", _("Address")),
        Column("period_start", _("First day of the period")),
        Column("period_end", _("Last day of the period")),
        Column("update_kind_code", _("What it tells (code)")),
        Column("update_kind", _("What it tells")),
        Column("approved_at", _("Approved (UTC)")),
        Column("entity_code", _("Entity (code)")),
        Column("entity", _("Entity")),
        Column("paragraph", _("Paragraph")),
        Column("paragraph_language", _("Language of the paragraph")),
        Column("initiative", _("Number of the initiative")),
        *FactsOfInitiatives.columns(),
    ]


def update_rows(updates: QuerySet[Update], *, address_of: AddressOf, user: User | AnonymousUser) -> Iterator[Facts]:
    """Yield what a file says of each update, in their order, with the facts of its initiative if the reader sees it."""
    facts_of, entities = FactsOfInitiatives(), Named(Entity)
    kinds = words_for(UpdateKind)
    of_initiative = {field: f"initiative__{field}" for field in FactsOfInitiatives.FIELDS}
    rows = updates.values(
        *("pk", "entity", "period_start", "period_end", "kind", "decided_at"),
        *("initiative", "initiative__slug", "initiative__entity__acronym", *of_initiative.values()),
    )
    unseen: Facts = dict.fromkeys(column.code for column in FactsOfInitiatives.columns())
    for batch in batches(rows):
        facts = facts_of.of(
            {row["initiative"]: {field: row[name] for field, name in of_initiative.items()} for row in batch}
        )
        seen = set(Initiative.objects.visible_to(user).filter(pk__in=list(facts)).values_list("pk", flat=True))
        paragraphs = _paragraphs_of([row["pk"] for row in batch if row["kind"] == UpdateKind.NEWS])
        for row in batch:
            language, paragraph = paragraphs.get(row["pk"], (None, None))
            if row["initiative"] in seen:
                of_row, slug = facts[row["initiative"]], row["initiative__slug"]
            else:
                of_row, slug = unseen | {"title": unseen_title(row["initiative__entity__acronym"])}, ""
            yield of_row | {
                "number": row["pk"],
                "address": address_of(update_address(row["pk"], slug)),
                "period_start": row["period_start"],
                "period_end": last_day(row["period_end"]),
                "update_kind_code": row["kind"],
                "update_kind": kinds[row["kind"]],
                "approved_at": row["decided_at"],
                "entity_code": entities.code(row["entity"]),
                "entity": entities.name(row["entity"]),
                "paragraph": paragraph,
                "paragraph_language": language,
                "initiative": row["initiative"],
            }


def _paragraphs_of(pks: list[int]) -> dict[int, tuple[str, str]]:
    """Return language and words of the paragraph of each update, in the language of the reader, else the original."""
    asked = reader_language()
    found: dict[int, tuple[str, str]] = {}
    texts = UpdateText.objects.filter(Q(language=asked) | Q(state=TextState.ORIGINAL), update__in=pks)
    for pk, language, html in texts.values_list("update", "language", "paragraph"):
        if html and (language == asked or pk not in found):
            found[pk] = (language, html)
    return {pk: (language, to_plain(html)) for pk, (language, html) in found.items()}


# Documents


def document_columns() -> list[Column]:
    return [
        Column("number", _("Number")),
        Column("address", _("Address")),
        Column("kind_code", _("Kind (code)")),
        Column("kind", _("Kind")),
        Column("title", _("Title")),
        Column("language", _("Language")),
        Column("symbols", _("Symbols")),
        Column("entity_code", _("Entity (code)")),
        Column("entity", _("Entity")),
        Column("body", _("Body")),
        Column("session", _("Session")),
        Column("agenda_item", _("Agenda item")),
        Column("author", _("Author or issuer")),
        Column("dated_on", _("Date")),
        Column("date_precision", _("Precision of the date")),
        Column("reissued_on", _("Reissued on")),
        Column("link", _("Link")),
        Column("public_since", _("Public since (UTC)")),
    ]


def document_rows(
    documents: QuerySet[Document], *, address_of: AddressOf, user: User | AnonymousUser
) -> Iterator[Facts]:
    """Yield what a file says of each document, in their order."""
    entities, kinds = Named(Entity), words_for(DocumentKind)
    rows = documents.values(
        *("pk", "kind", "title", "language", "entity", "session__body", "session__number", "agenda_item", "author"),
        *("dated_on", "date_precision", "reissued_on", "address", "published_at"),
    )
    for batch in batches(rows):
        symbols: dict[int, list[str]] = defaultdict(list)
        found = DocumentSymbol.objects.filter(document__in=[row["pk"] for row in batch]).order_by("symbol")
        for pk, symbol in found.values_list("document", "symbol"):
            symbols[pk].append(symbol)
        for row in batch:
            yield {
                "number": row["pk"],
                "address": address_of(reverse("document_detail", args=[row["pk"]])),
                "kind_code": row["kind"],
                "kind": kinds[row["kind"]],
                "title": row["title"],
                "language": row["language"],
                "symbols": symbols[row["pk"]],
                "entity_code": entities.code(row["entity"]),
                "entity": entities.name(row["entity"]),
                "body": row["session__body"],
                "session": row["session__number"],
                "agenda_item": row["agenda_item"] or None,
                "author": row["author"] or None,
                "dated_on": row["dated_on"],
                "date_precision": row["date_precision"] if row["dated_on"] else None,
                "reissued_on": row["reissued_on"],
                "link": row["address"] or None,
                "public_since": row["published_at"],
            }


# Entities


def entity_columns() -> list[Column]:
    return [
        Column("code", _("Code")),
        Column("acronym", _("Acronym")),
        Column("name", _("Name")),
        Column("kind", _("Kind")),
        Column("initiatives", _("Public initiatives")),
        Column("line_codes", _("Facilitates (codes)")),
        Column("lines", _("Facilitates")),
        Column("address", _("Address")),
    ]


def entity_rows(entities: QuerySet[Entity], *, address_of: AddressOf, user: User | AnonymousUser) -> Iterator[Facts]:
    """Yield what a file says of each entity, in their order."""
    names, lines = Named(Entity), Named(ActionLine)
    facilitated = lines_facilitated()
    counts = initiatives_by("entity")
    for batch in batches(entities.values("pk", "code", "acronym", "kind")):
        for row in batch:
            pk = row["pk"]
            yield {
                "code": row["code"],
                "acronym": row["acronym"],
                "name": names.name(pk),
                "kind": row["kind"],
                "initiatives": counts.get(pk, 0),
                "line_codes": lines.codes(facilitated[pk]),
                "lines": lines.names(facilitated[pk]),
                "address": address_of(reverse("entity_detail", args=[row["code"]])),
            }


def lines_facilitated() -> dict[int, list[int]]:
    """Return for each entity the action lines that it facilitates today, in their order."""
    lines: dict[int, list[int]] = defaultdict(list)
    roles = Facilitation.objects.in_force_on(timezone.localdate()).order_by("line__order")
    for entity, line in roles.values_list("entity", "line").distinct():
        lines[entity].append(line)
    return lines


# Countries


def country_columns() -> list[Column]:
    return [
        Column("code", _("Code")),
        Column("name", _("Name")),
        Column("united_nations", _("United Nations")),
        Column("fiscal_year", _("Fiscal year")),
        Column("income_group", _("Income group (code)")),
        Column("group_codes", _("Groups (codes)")),
        Column("groups", _("Groups")),
        Column("initiatives", _("Public initiatives")),
        Column("address", _("Address")),
    ]


def country_rows(countries: QuerySet[Country], *, address_of: AddressOf, user: User | AnonymousUser) -> Iterator[Facts]:
    """Yield what a file says of each country, in their order."""
    today = timezone.localdate()
    names, groups = Named(Country, code="iso3"), Named(CountryGroup)
    counts = initiatives_by("country")
    held: dict[int, list[int]] = defaultdict(list)
    memberships = GroupMembership.objects.in_force_on(today).order_by("group__kind", "group__code")
    for country, group in memberships.values_list("country", "group").distinct():
        held[country].append(group)
    classified = IncomeClassification.objects.filter(fiscal_year=fiscal_year(today)).order_by()
    income = dict(classified.values_list("country", "income_group"))
    for batch in batches(countries.values("pk", "iso3", "un_member")):
        for row in batch:
            pk = row["pk"]
            yield {
                "code": row["iso3"],
                "name": names.name(pk),
                "united_nations": row["un_member"],
                "fiscal_year": fiscal_year(today),
                "income_group": income.get(pk, ""),
                "group_codes": groups.codes(held[pk]),
                "groups": groups.names(held[pk]),
                "initiatives": counts.get(pk, 0),
                "address": address_of(reverse("country_detail", args=[row["iso3"]])),
            }
