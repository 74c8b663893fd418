"""What the list of submissions is filtered by, on its page, in exports and in the API; and what the desk is."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, Status
from initiatives.filters import ENTITIES, LINES, YEARS
from initiatives.models import Entity, Initiative, InitiativeLine, Unit
from initiatives.querysets import LATEST_FIRST, InitiativeQuerySet
from initiatives.search import matching as initiatives_matching
from portal.common.filters import (
    Column,
    Facet,
    Flags,
    Key,
    Links,
    One,
    Option,
    Order,
    RecordFilter,
    Rows,
    Search,
    Words,
    YearsBetween,
)
from portal.common.languages import Language
from portal.common.periods import Period
from portal.models import User
from reporting.choices import SubmissionState
from reporting.desk import TO_DO, Missing, Scope, Told, in_scope, with_what_is_told
from reporting.models import Call, Delivery, Item, Section, Submission
from reporting.models.submissions import SubmissionEntity
from reporting.search import matching


class SubmissionFilter(RecordFilter):
    """Submissions. The year is the one that they report on."""

    q = Search(_("Words"), find=matching)
    entity = Facet(
        _("Entity"),
        among=ENTITIES,
        source=Links(
            lambda: SubmissionEntity.objects.values_list("submission_id", "entity_id"),
            lambda keys: SubmissionEntity.objects.filter(entity__in=keys).values("submission"),
        ),
    )
    call = Facet(_("Call"), among=Rows(Call.objects.for_listing, value="slug"), source=Column("call_id"))
    year = Facet(_("Year reported on"), among=YEARS, source=YearsBetween("call__period_start", "call__period_end"))
    state = Facet(_("State"), among=Words(SubmissionState), source=Column("state"), alone=False)
    language = Facet(_("Language"), among=Words(Language), source=Column("language"), alone=False)

    default_order = "call"
    orders: ClassVar = {
        "call": Order(_("Latest call first"), ["-call__period_start", "call__slug", "slug", "pk"]),
        "entity": Order(_("By entity"), ["slug", "-call__period_start", "pk"]),
        "published": Order(_("Latest published first"), [F("published_at").desc(nulls_last=True), "-pk"]),
    }
    watched = (Submission, SubmissionEntity, Section, Item, Call, Delivery)

    class Meta(RecordFilter.Meta):
        model = Submission


@dataclass(frozen=True)
class Known:
    """Options that were read already."""

    known: Sequence[Option]

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return {option.value: option.key for option in self.known if option.value in values}

    def options(self, keys: Collection[Key]) -> list[Option]:
        return [option for option in self.known if option.key in keys]


@dataclass(frozen=True)
class Numbered(Rows):
    """Rows that addresses name by their number."""

    value: str = "pk"
    by_label: bool = True

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]
        return {str(pk): pk for pk in self.rows().filter(pk__in=numbers).values_list("pk", flat=True)}


class PeriodField(forms.CharField):
    """A period as addresses write it."""

    def clean(self, value: Any) -> str:
        try:
            return Period.parse(value).code if value else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PeriodSetting(django_filters.Filter):
    """The period that a list tells of; it narrows nothing."""

    field_class = PeriodField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs


@dataclass(frozen=True)
class Desk:
    """Whose desk it is, and what it shows."""

    user: User
    entities: Sequence[Entity]
    initiatives: InitiativeQuerySet  # of the entities
    today: dt.date
    period: Period
    due: Mapping[int, dt.date]  # when the submission about the period is due, by entity
    people: Sequence[User]  # who holds something, or might
    scope: str  # where the address names none


def _lines_of(initiatives: InitiativeQuerySet) -> Links:
    """The stated action lines of these alone; a line holds what is stated of its sub-lines."""
    stated = InitiativeLine.objects.filter(basis=Basis.STATED).order_by()

    def pairs() -> QuerySet[Any, Any]:
        own = stated.filter(initiative__in=initiatives.order_by())
        above = own.filter(line__parent__isnull=False)
        return own.values_list("initiative_id", "line_id").union(above.values_list("initiative_id", "line__parent_id"))

    def having(keys: Sequence[Key]) -> QuerySet[Any, Any]:
        return stated.filter(Q(line__in=keys) | Q(line__parent__in=keys)).values("initiative")

    return Links(pairs, having)


#: In which order the states of an update ask for work.
_MOST_URGENT = [Told.RETURNED, Told.NOTHING, Told.DRAFT, Told.SUBMITTED, Told.APPROVED]


class DeskFilter(RecordFilter):
    """The rows of a desk: initiatives of the person's entities, with what they tell of a period.

    It is counted anew each time: whoever changed a cell sees at once what it did.
    """

    q = Search(_("Words"), find=initiatives_matching)
    show = One(_("Which initiatives"), choices=Scope.choices, narrow="in_scope")
    period = PeriodSetting(label=_("Period"))
    told = Facet(_("Update for the period"), among=Words(Told), source=Column("told"))
    missing = Facet(_("What is missing"), among=Words(Missing), source=Flags(tuple(Missing.values), "lacks_"))
    status = Facet(_("Status"), among=Words(Status), source=Column("status"))
    overdue = One(_("Due date"), choices=[("yes", _("Overdue only"))], narrow="only_overdue")

    settings = ("order", "show", "period")
    default_order = "title"
    orders: ClassVar = {
        "title": Order(_("By title"), ["summary__title_key", "pk"]),
        "told": Order(
            _("What is left to do first"),
            [
                Case(*(When(told=told, then=number) for number, told in enumerate(_MOST_URGENT)), default=Value(9)),
                "summary__title_key",
                "pk",
            ],
        ),
        "holder": Order(_("By holder"), [F("holder__name").asc(nulls_first=True), "summary__title_key", "pk"]),
        "latest": Order(_("Latest update first"), LATEST_FIRST),
    }

    class Meta(RecordFilter.Meta):
        model = Initiative

    def __init__(self, data: QueryDict, *, user: Any, others: Collection[str] = (), desk: Desk) -> None:
        self.desk = desk
        super().__init__(data, user=user, others=others)

    def visible(self, _user: Any) -> InitiativeQuerySet:
        return with_what_is_told(self.desk.initiatives, self.desk.period, self.desk.today)

    def further_filters(self) -> dict[str, django_filters.Filter]:
        """By the people and units of the person's entities alone: others are named to nobody."""
        entities = [Option(entity.code, entity.pk, str(entity)) for entity in self.desk.entities]
        holders = [Option(str(person.pk), person.pk, person.name) for person in self.desk.people]
        units = Numbered(lambda: Unit.objects.filter(entity__in=self.desk.entities))
        return {
            "entity": Facet(_("Entity"), among=Known(entities), source=Column("entity_id"), alone=False),
            "holder": Facet(_("Holder"), among=Known(holders), source=Column("holder_id")),
            "unit": Facet(_("Unit"), among=units, source=Column("unit_id")),
            "line": Facet(_("Action line"), among=LINES, source=_lines_of(self.desk.initiatives)),
        }

    def indexed(self) -> QuerySet[Any]:
        return self.queryset

    @property
    def scope(self) -> str:
        return self.form.cleaned_data.get("show") or self.desk.scope

    def in_scope(self, initiatives: Any, _value: str) -> Any:
        return initiatives.filter(in_scope(self.desk.user, self.scope, self.desk.today))

    def only_overdue(self, initiatives: Any, value: str) -> Any:
        if not value:
            return initiatives
        late = [entity for entity, day in self.desk.due.items() if day < self.desk.today]
        return initiatives.filter(entity__in=late, lacks_update=True, told__in=TO_DO)
