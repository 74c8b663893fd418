"""What lists of stored records are filtered by: on pages, in exports and in the API."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar

from django.db.models import CharField, F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from initiatives.choices import (
    ENTITY_ROLES,
    KINDS,
    Basis,
    DocumentKind,
    IncomeGroup,
    Level,
    PassageKind,
    Status,
    UpdateKind,
)
from initiatives.models import (
    ActionLine,
    Country,
    CountryGroup,
    Document,
    DocumentSymbol,
    Entity,
    EntityAlias,
    Facilitation,
    GroupMembership,
    Identifier,
    IncomeClassification,
    Indicator,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeSummary,
    InitiativeTerm,
    InitiativeText,
    JointInvitation,
    Mention,
    OtherTitle,
    Part,
    Passage,
    PassageText,
    Result,
    Session,
    Term,
    Update,
    UpdateText,
    Vocabulary,
)
from initiatives.querysets import LATEST_FIRST, GroupMembershipQuerySet, entities_of, fiscal_year
from initiatives.search import matching
from portal.common.filters import (
    Column,
    Facet,
    Holders,
    Key,
    Links,
    Lists,
    One,
    Option,
    Order,
    RecordFilter,
    Rows,
    Search,
    Several,
    Values,
    Words,
    Years,
    YearsBetween,
    holders_in,
    pairs_of,
    statement_of,
)
from portal.common.languages import Language, reader_language

# What may be chosen


def line_label(line: ActionLine) -> str:
    name = line.short_name_en if reader_language() == Language.ENGLISH else line.current_name
    return f"{line.code} {name}"


ENTITIES = Rows(Entity.objects.all)
LINES = Rows(ActionLine.objects.all, label=line_label, parent="parent_id")
COUNTRIES = Rows(Country.objects.public, value="iso3", by_label=True)
GROUPS = Rows(CountryGroup.objects.all)
KINDS_OF_INITIATIVE = Rows(partial(Term.objects.filter, vocabulary__code=KINDS))
YEARS = Years(1990, 2100)  # as the trigger that makes the summaries of initiatives has it (migration 0003)


class Vocabularies:
    """The terms of all vocabularies but the kinds, read at once when the first is asked for."""

    @cached_property
    def terms(self) -> dict[int, list[Term]]:
        found: dict[int, list[Term]] = {}
        for term in Term.objects.exclude(vocabulary__code=KINDS):
            found.setdefault(term.vocabulary_id, []).append(term)
        return found


class TermsOf:
    """The terms of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, among: Vocabularies) -> None:
        self.vocabulary = vocabulary
        self.among = among

    @property
    def terms(self) -> list[Term]:
        return self.among.terms.get(self.vocabulary.pk, [])

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return {term.code: term.pk for term in self.terms if term.code in values}

    def options(self, keys: Collection[Key]) -> list[Option]:
        return [
            Option(term.code, term.pk, term.name, int(bool(term.parent_id))) for term in self.terms if term.pk in keys
        ]


# Where an initiative holds it. `to` is the column of a record that names the initiative.


def stated_lines(to: str) -> Links:
    """The stated action lines; a line holds what is stated of its sub-lines."""
    stated = InitiativeLine.objects.filter(basis=Basis.STATED).order_by()

    def pairs() -> QuerySet[Any, Any]:
        above = stated.filter(line__parent__isnull=False).values_list("initiative_id", "line__parent_id")
        return stated.values_list("initiative_id", "line_id").union(above, all=True)

    def having(keys: Sequence[Key]) -> QuerySet[Any, Any]:
        return stated.filter(Q(line__in=keys) | Q(line__parent__in=keys)).values("initiative")

    return Links(pairs, having, to)


def stated_terms(to: str) -> Links:
    stated = InitiativeTerm.objects.filter(basis=Basis.STATED).order_by()
    return Links(
        lambda: stated.values_list("initiative_id", "term_id"),
        lambda keys: stated.filter(term__in=keys).values("initiative"),
        to,
    )


def countries(to: str) -> Links:
    places = InitiativePlace.objects.filter(country__isnull=False).order_by()
    return Links(
        lambda: places.values_list("initiative_id", "country_id"),
        lambda keys: places.filter(country__in=keys).values("initiative"),
        to,
    )


@dataclass(frozen=True)
class GroupsOfPlaces:
    """The groups of the countries today, and groups that are places themselves."""

    to: str

    def narrow(self, keys: Sequence[Key]) -> Q:
        members = GroupMembership.objects.in_force_on(timezone.localdate()).filter(group__in=keys).values("country")
        places = InitiativePlace.objects.filter(Q(group__in=keys) | Q(country__in=members))
        return Q(**{f"{self.to}__in": places.order_by().values("initiative")})

    def holders(self, records: QuerySet[Any]) -> Holders:
        named = InitiativePlace.objects.filter(group__isnull=False).order_by()
        found = holders_in(pairs_of(records, self.to, named.values_list("initiative_id", "group_id")))
        by_country = countries(self.to).holders(records)
        members = GroupMembership.objects.in_force_on(timezone.localdate())
        for group, country in members.values_list("group_id", "country_id"):
            if country in by_country:
                found[group] = found.get(group, BitMap()) | by_country[country]
        return found


def summarised(field: str, to: str) -> Lists:
    """The years or languages of an initiative, as its summary has them."""
    summaries = InitiativeSummary.objects.all()
    return Lists(
        lambda: summaries.values_list("initiative_id", field),
        lambda keys: summaries.filter(**{f"{field}__overlap": list(keys)}).values("initiative"),
        to,
    )


def of_initiative(field: str, to: str) -> Links:
    """A column of the initiative."""
    return Links(
        lambda: Initiative.objects.order_by().values_list("pk", field),
        lambda keys: Initiative.objects.filter(**{f"{field}__in": keys}).values("pk"),
        to,
    )


# The filters


class EntityRecordFilter(RecordFilter):
    """Of records that are public, or of an entity and seen by its people."""

    def audience(self) -> Any:
        """People of the same entities see the same."""
        return tuple(entities_of(self.user, *ENTITY_ROLES))


class VocabularyFilter(EntityRecordFilter):
    """With a facet for each vocabulary, by the stated terms of the initiative that the column `initiative` names."""

    initiative: ClassVar[str]

    def further_filters(self) -> dict[str, Any]:
        among, terms = Vocabularies(), stated_terms(self.initiative)
        return {
            vocabulary.code: Facet(vocabulary.name, among=TermsOf(vocabulary, among), source=terms)
            for vocabulary in Vocabulary.objects.exclude(code__in=[KINDS, *type(self).base_filters])
        }


ARCHIVED = [("yes", _("Archived and merged ones too"))]
IN_INITIATIVES = [Initiative, InitiativeLine, InitiativeTerm, InitiativePlace, InitiativeText, OtherTitle, Identifier]


class InitiativeFilter(VocabularyFilter):
    """Initiatives. Of a kind that does not count they are shown to those who ask for the kind or search."""

    q = Search(_("Words"), find=matching)
    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"))
    line = Facet(_("Action line"), among=LINES, source=stated_lines("pk"))
    country = Facet(_("Country"), among=COUNTRIES, source=countries("pk"))
    group = Facet(_("Group of countries"), among=GROUPS, source=GroupsOfPlaces("pk"))
    year = Facet(_("Year"), among=YEARS, source=summarised("years", "pk"))
    kind = Facet(_("Kind"), among=KINDS_OF_INITIATIVE, source=Column("kind_id"))
    level = Facet(_("Level"), among=Words(Level), source=Column("level"))
    status = Facet(_("Status"), among=Words(Status), source=Column("status"))
    language = Facet(_("Language"), among=Words(Language), source=summarised("languages", "pk"))
    archived = One(_("Archived"), choices=ARCHIVED, narrow="unless_archived")

    initiative = "pk"
    default_order = "title"
    orders: ClassVar = {
        "title": Order(_("By title"), ["summary__title_key", F("summary__initiative_id")]),
        "latest": Order(_("Latest update first"), LATEST_FIRST),
    }
    apart = ("kind",)
    watched = (*IN_INITIATIVES, Update, JointInvitation)

    class Meta(RecordFilter.Meta):
        model = Initiative

    def unless_archived(self, initiatives: Any, value: str) -> Any:
        return initiatives if value else initiatives.listed()

    def ordered(self, queryset: Any, order: str = "") -> QuerySet[Any]:
        return super().ordered(queryset.through_summaries(), order)

    def as_usual(self, initiatives: Any) -> Any:
        return initiatives.counted()

    def shows_all(self, *, without: str) -> bool:
        return "q" in self.asked or super().shows_all(without=without)


def among_visible_initiatives(user: Any) -> Several:
    """Return the filter by slugs of initiatives that the reader may see."""
    seen = partial(Initiative.objects.visible_to, user)
    return Several(_("Initiative"), among=Rows(seen, value="slug"), source=Column("initiative_id"))


class UpdateFilter(VocabularyFilter):
    """Updates, by what they tell themselves and by their initiatives."""

    q = Search(_("Words"), find=matching)
    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"))
    line = Facet(_("Action line"), among=LINES, source=stated_lines("initiative_id"))
    country = Facet(_("Country"), among=COUNTRIES, source=countries("initiative_id"))
    group = Facet(_("Group of countries"), among=GROUPS, source=GroupsOfPlaces("initiative_id"))
    year = Facet(_("Year"), among=YEARS, source=YearsBetween("period_start", "period_end"))
    kind = Facet(_("What is told"), among=Words(UpdateKind), source=Column("kind"))
    level = Facet(_("Level of the initiative"), among=Words(Level), source=of_initiative("level", "initiative_id"))
    status = Facet(_("Status of the initiative"), among=Words(Status), source=of_initiative("status", "initiative_id"))
    language = Facet(
        _("Language"),
        among=Words(Language),
        source=Links(
            lambda: UpdateText.objects.order_by().values_list("update_id", "language"),
            lambda keys: UpdateText.objects.filter(language__in=keys).values("update"),
        ),
    )
    archived = One(_("Archived"), choices=ARCHIVED, narrow="unless_archived")

    initiative = "initiative_id"
    default_order = "latest"
    orders: ClassVar = {
        "latest": Order(_("Latest period first"), ["-period_start", "-pk"]),
        "approved": Order(_("Latest decision first"), ["-decided_at", "-pk"]),
    }
    watched = (*IN_INITIATIVES, Update, UpdateText, JointInvitation)

    class Meta(RecordFilter.Meta):
        model = Update

    def further_filters(self) -> dict[str, Any]:
        return {"initiative": among_visible_initiatives(self.user), **super().further_filters()}

    def unless_archived(self, updates: Any, value: str) -> Any:
        if value or self.asked.get("initiative"):
            return updates
        return updates.listed()


def with_words_in(*fields: str) -> Any:
    """Return what keeps rows of which each word stands in one of the fields."""

    def find(queryset: QuerySet[Any], words: str) -> QuerySet[Any]:
        for word in words.split():
            anywhere = Q()
            for field in fields:
                anywhere |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset

    return find


def mentioned(field: str) -> Links:
    """What documents mention in what they print, as a person accepted it."""
    mentions = Mention.objects.printed().filter(**{f"{field}__isnull": False})
    return Links(
        lambda: mentions.order_by().values_list("document_id", f"{field}_id").distinct(),
        lambda keys: Mention.objects.printed().filter(**{f"{field}__in": keys}).values("document"),
    )


def groups_mentioned() -> Links:
    """The groups, today, of the countries that documents mention."""

    def pairs() -> QuerySet[Any, Any]:
        members = GroupMembership.objects.in_force_on(timezone.localdate())
        mentions = Mention.objects.printed().filter(country__memberships__in=members).order_by()
        return mentions.values_list("document_id", "country__memberships__group_id").distinct()

    def having(keys: Sequence[Key]) -> QuerySet[Any, Any]:
        members = GroupMembership.objects.in_force_on(timezone.localdate()).filter(group__in=keys)
        return Mention.objects.printed().filter(country__in=members.values("country")).values("document")

    return Links(pairs, having)


def sessions() -> QuerySet[Session]:
    """Sessions with the code of addresses: CSTD-25."""
    return Session.objects.annotate(code=Concat("body", Value("-"), "number", output_field=CharField()))


class DocumentFilter(EntityRecordFilter):
    """Documents: submissions, resolutions, reports, publications, ..."""

    q = Search(_("Words"), find=matching)
    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"))
    line = Facet(_("Action line"), among=LINES, source=mentioned("line"))
    country = Facet(_("Country"), among=COUNTRIES, source=mentioned("country"))
    group = Facet(_("Group of countries"), among=GROUPS, source=groups_mentioned())
    year = Facet(_("Year"), among=YEARS, source=YearsBetween("dated_on"))
    kind = Facet(_("Kind"), among=Words(DocumentKind), source=Column("kind"))
    body = Facet(
        _("Body"),
        among=Values(lambda: Session.objects.order_by("body").values_list("body", flat=True).distinct()),
        source=Column("session__body"),
    )
    session = Facet(_("Session"), among=Rows(sessions, value="code"), source=Column("session_id"))
    language = Facet(_("Language"), among=Words(Language), source=Column("language"))

    default_order = "date"
    orders: ClassVar = {
        "date": Order(_("Latest first"), [F("dated_on").desc(nulls_last=True), "-pk"]),
        "title": Order(_("By title"), ["title", "pk"]),
    }
    watched = (Document, DocumentSymbol, Part, Mention)

    class Meta(RecordFilter.Meta):
        model = Document


def named_or_called(entities: Any, words: str) -> Any:
    """Each word in the acronym or a name, or all of them in a name as documents print it."""
    names = [f"name_{language}" for language in Language.values]
    named = with_words_in("acronym", "code", *names)(Entity.objects.all(), words)
    called = EntityAlias.objects.filter(text__icontains=words)
    return entities.filter(Q(pk__in=named.values("pk")) | Q(pk__in=called.values("entity")))


def facilitated() -> Links:
    """The lines that the entity facilitates today."""

    def pairs() -> QuerySet[Any, Any]:
        roles = Facilitation.objects.in_force_on(timezone.localdate()).order_by()
        return roles.values_list("entity_id", "line_id").distinct()

    def having(keys: Sequence[Key]) -> QuerySet[Any, Any]:
        return Facilitation.objects.in_force_on(timezone.localdate()).filter(line__in=keys).values("entity")

    return Links(pairs, having)


class EntityFilter(RecordFilter):
    """Entities."""

    q = Search(_("Words"), find=named_or_called)
    kind = Facet(
        _("Kind"),
        among=Values(lambda: Entity.objects.order_by("kind").values_list("kind", flat=True).distinct()),
        source=Column("kind"),
    )
    line = Facet(_("Facilitates"), among=LINES, source=facilitated())

    default_order = "acronym"
    orders: ClassVar = {"acronym": Order(_("By acronym"), ["acronym", "pk"])}

    class Meta(RecordFilter.Meta):
        model = Entity


def named_or_coded(countries: Any, words: str) -> Any:
    """Each word in a name, in any of the six languages, or in a code."""
    return with_words_in("iso3", "iso2", *(f"name_{language}" for language in Language.values))(countries, words)


def in_groups() -> Links:
    """The groups that the country is in today."""

    def today() -> GroupMembershipQuerySet:
        return GroupMembership.objects.in_force_on(timezone.localdate()).order_by()

    return Links(
        lambda: today().values_list("country_id", "group_id").distinct(),
        lambda keys: today().filter(group__in=keys).values("country"),
    )


def of_income_group() -> Links:
    """The income group of the fiscal year that contains today."""

    def today() -> QuerySet[IncomeClassification]:
        return IncomeClassification.objects.filter(fiscal_year=fiscal_year(timezone.localdate())).order_by()

    return Links(
        lambda: today().values_list("country_id", "income_group"),
        lambda keys: today().filter(income_group__in=keys).values("country"),
    )


class CountryFilter(RecordFilter):
    """Member States and observers."""

    q = Search(_("Words"), find=named_or_coded)
    income = Facet(_("Income group today"), among=Words(IncomeGroup), source=of_income_group())
    group = Facet(_("Group of countries"), among=GROUPS, source=in_groups())

    default_order = "name"
    orders: ClassVar = {"name": Order(_("By name"), ["name_key", "pk"])}

    class Meta(RecordFilter.Meta):
        model = Country

    def visible(self, user: Any) -> Any:
        return Country.objects.states()

    def indexed(self) -> Any:
        return Country.objects.states()

    def ordered(self, queryset: Any, order: str = "") -> QuerySet[Any]:
        """By their names as the reader's language has them, capitals and accents aside."""
        name = Func(F(f"name_{reader_language()}"), function="folded", output_field=TextField())
        return super().ordered(queryset.annotate(name_key=name), order)


def linked(field: str) -> Links:
    """What the passage is linked to."""
    return Links(
        lambda: Passage.objects.filter(**{f"{field}__isnull": False}).order_by().values_list("pk", field),
        lambda keys: Passage.objects.filter(**{f"{field}__in": keys}).values("pk"),
    )


@dataclass(frozen=True)
class YearOfLastDay:
    """The year in which a result counts: that of the last day of its period."""

    def narrow(self, keys: Sequence[Key]) -> Q:
        dated = Q()
        for year in keys:
            first, after = dt.date(int(year), 1, 1), dt.date(int(year) + 1, 1, 1)
            dated |= Q(period_end__gt=first, period_end__lte=after)
        return dated

    def holders(self, records: QuerySet[Any]) -> Holders:
        days, params = statement_of(records.order_by().values_list("pk", "period_end"))
        year = "extract(year FROM period_end - 1)::int"
        return holders_in((f"SELECT record, {year} FROM ({days}) AS day(record, period_end)", params))  # noqa: S608


@dataclass(frozen=True)
class GroupsOfResults:
    """The groups that results are of, and those of their countries today."""

    def _members(self) -> GroupMembershipQuerySet:
        return GroupMembership.objects.in_force_on(timezone.localdate())

    def narrow(self, keys: Sequence[Key]) -> Q:
        return Q(group__in=keys) | Q(country__in=self._members().filter(group__in=keys).values("country"))

    def holders(self, records: QuerySet[Any]) -> Holders:
        named = records.filter(group__isnull=False).order_by().values_list("pk", "group_id")
        found = holders_in(statement_of(named))
        by_country = holders_in(statement_of(records.order_by().values_list("pk", "country_id")))
        for group, country in self._members().values_list("group_id", "country_id"):
            if country in by_country:
                found[group] = found.get(group, BitMap()) | by_country[country]
        return found


YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]


class ResultFilter(EntityRecordFilter):
    """Results of indicators."""

    indicator = Facet(_("Indicator"), among=Rows(Indicator.objects.all), source=Column("indicator_id"))
    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"))
    country = Facet(_("Country"), among=COUNTRIES, source=Column("country_id"))
    group = Facet(_("Group of countries"), among=GROUPS, source=GroupsOfResults())
    year = Facet(_("Year of the last day of the period"), among=YEARS, source=YearOfLastDay())
    value = One(_("With a value"), choices=YES_OR_NO, narrow="with_or_without_value")
    provisional = One(_("Provisional"), choices=YES_OR_NO, narrow="provisional_or_final")

    default_order = "latest"
    orders: ClassVar = {"latest": Order(_("Latest period first"), ["-period_end", "-pk"])}
    watched: ClassVar[Sequence[type[Model]]] = (Result, Initiative)

    class Meta(RecordFilter.Meta):
        model = Result

    def further_filters(self) -> dict[str, Any]:
        return {"initiative": among_visible_initiatives(self.user)}

    def with_or_without_value(self, results: Any, value: str) -> Any:
        if not value:
            return results
        return results.filter(no_value="") if value == "yes" else results.exclude(no_value="")

    def provisional_or_final(self, results: Any, value: str) -> Any:
        return results.filter(is_provisional=value == "yes") if value else results


class PassageFilter(EntityRecordFilter):
    """Passages."""

    q = Search(_("Words"), find=matching)
    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"))
    line = Facet(_("Action line"), among=LINES, source=linked("lines"))
    country = Facet(_("Country"), among=COUNTRIES, source=linked("countries"))
    kind = Facet(_("Kind"), among=Words(PassageKind), source=Column("kind"))
    language = Facet(
        _("Language"),
        among=Words(Language),
        source=Links(
            lambda: PassageText.objects.order_by().values_list("passage_id", "language").distinct(),
            lambda keys: PassageText.objects.filter(language__in=keys).values("passage"),
        ),
    )

    default_order = "latest"
    orders: ClassVar = {"latest": Order(_("Latest first"), ["-pk"])}
    watched: ClassVar[Sequence[type[Model]]] = (Passage, PassageText)

    class Meta(RecordFilter.Meta):
        model = Passage


class OwnPassageFilter(PassageFilter):
    """Passages of the person's entities. They are counted anew each time: whoever approves one sees it at once."""

    entity = Facet(_("Entity"), among=ENTITIES, source=Column("entity_id"), alone=False)
    again = One(_("Offered again"), choices=[("yes", _("Not carried on yet"))], narrow="not_carried_on")

    orders: ClassVar = PassageFilter.orders | {"name": Order(_("By name"), ["name", "pk"])}
    watched: ClassVar[Sequence[type[Model]]] = ()

    def visible(self, user: Any) -> Any:
        return Passage.objects.filter(entity__in=Entity.objects.written_by(user))

    def indexed(self) -> Any:
        return self.queryset

    def not_carried_on(self, passages: Any, value: str) -> Any:
        """Those that no later passage follows."""
        return passages.filter(followed_by=None) if value else passages
