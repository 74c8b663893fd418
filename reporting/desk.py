"""What a desk shows: the initiatives of a person's entities, and what they tell of a period."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, DraftOf, DraftState, Level, Status
from initiatives.models import (
    Absence,
    Draft,
    Entity,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    Update,
)
from initiatives.queries import NOTHING_YET, with_update_of
from initiatives.querysets import InitiativeQuerySet
from initiatives.services.cells import FACTS, stands_in_cells
from portal.common.labels import label_of
from portal.common.periods import Period
from portal.models import User
from reporting.choices import CallState
from reporting.models import Call


class Scope(models.TextChoices):
    """Which initiatives of an entity a desk shows, nearest first."""

    MINE = "mine", _("Mine")
    UNIT = "unit", _("My unit")
    ALL = "all", _("My entity")


class Told(models.TextChoices):
    """How far the update for a period is."""

    NOTHING = NOTHING_YET, _("nothing yet")
    DRAFT = DraftState.DRAFT.value, DraftState.DRAFT.label
    RETURNED = DraftState.RETURNED.value, DraftState.RETURNED.label
    SUBMITTED = DraftState.SUBMITTED.value, DraftState.SUBMITTED.label
    APPROVED = DraftState.APPROVED.value, DraftState.APPROVED.label


#: What is left to do about an update, and what is done.
TO_DO = [Told.NOTHING, Told.DRAFT, Told.RETURNED]


class Missing(models.TextChoices):
    """What an initiative lacks before its period can be printed well."""

    UPDATE = "update", _("approved update")
    HOLDER = "holder", _("holder")
    STATUS = "status", _("status")
    LINE = "line", _("action line")
    PLACE = "place", _("country or group")


def initiatives_on_desk(user: User, entities: Collection[Entity]) -> InitiativeQuerySet:
    """Return the initiatives of the entities.

    Left out are mere context and coordination, for nothing is compiled from them, and what was archived or merged.
    """
    return Initiative.objects.visible_to(user).listed().counted().filter(entity__in=entities)


def in_scope(user: User, scope: str, today: dt.date) -> Q:
    """All of them, those of the person's units, or those that the person holds or is the deputy for."""
    if scope == Scope.MINE:
        return Q(holder=user) | Q(deputy=user)
    if scope == Scope.UNIT:
        return Q(unit__in=user.memberships.active_on(today).filter(unit__isnull=False).values("unit"))
    return Q(pk__isnull=False)


def desk_counts(user: User, entities: Collection[Entity], today: dt.date) -> dict[str, int]:
    """Count what each scope holds."""
    counts = {scope: Count("pk", filter=in_scope(user, scope, today)) for scope in Scope.values}
    return initiatives_on_desk(user, entities).aggregate(**counts)


def with_what_is_told(initiatives: InitiativeQuerySet, period: Period, today: dt.date) -> InitiativeQuerySet:
    """Annotate `update_pk` and `draft_pk`, as `with_update_of` does, `told`, as `Told` has it.

    And for each of `Missing` whether the initiative `lacks_` it.
    """
    lines = InitiativeLine.objects.filter(initiative=OuterRef("pk"), basis=Basis.STATED)
    places = InitiativePlace.objects.filter(initiative=OuterRef("pk"))
    told = with_update_of(initiatives.knowing_holder(today), period).annotate(
        told=Coalesce("update_state", Value(Told.NOTHING.value))
    )
    return told.annotate(
        lacks_update=Q(update_pk__isnull=True),
        lacks_status=Q(status=""),
        lacks_line=~Exists(lines),
        lacks_place=Q(~Exists(places), covers_all_member_states=False),
    )


def due_dates(entities: Collection[Entity], period: Period, today: dt.date) -> dict[int, dt.date]:
    """Return by entity when its next submission about the period is due; where all are past, the last of them."""
    calls = Call.objects.filter(
        state=CallState.OPEN, due_on__isnull=False, period_start__lt=period.end, period_end__gt=period.start
    )
    due: dict[int, dt.date] = {}
    for call in calls.order_by("-due_on"):
        for entity in entities:
            day = call.due_on
            if day and call.owner_id in (None, entity.pk) and (day >= today or entity.pk not in due):
                due[entity.pk] = day
    return due


@dataclass(frozen=True)
class DeskCell:
    """One field of a row that can be changed in the table: its value as forms have it, and in words."""

    name: str
    label: Promise | str
    value: str
    shown: Promise | str
    before: Promise | str = ""  # what the record says where a draft says something else
    note: Promise | str = ""
    is_editable: bool = True


@dataclass(frozen=True)
class DeskRow:
    """One initiative on a desk, with what its entity tells of the period: what is approved, and what is under way."""

    initiative: Initiative
    update: Update | None
    update_draft: Draft | None
    draft: Draft | None  # of the initiative
    due: dt.date | None
    is_overdue: bool
    missing: Sequence[Promise | str] = field(default_factory=list)
    back_on: Mapping[int, dt.date] = field(default_factory=dict)  # the first day back of people who are away today

    @property
    def pk(self) -> int:
        return self.initiative.pk

    @cached_property
    def cells(self) -> list[DeskCell]:
        """What stands in the columns that can be changed."""
        return [self.cell("status"), self.cell("holder"), self.cell("deputy")]

    def cell(self, name: str) -> DeskCell:
        value = stands_in_cells(self.initiative, self.draft)[name]
        if name in FACTS:
            words: type[models.TextChoices] = Status if name == "status" else Level
            stands = str(getattr(self.initiative, name) or "")
            return DeskCell(
                name=name,
                label=LABELS[name],
                value=value,
                shown=label_of(words, value),
                before=label_of(words, stands) or _("not known") if value != stands else "",
                is_editable=self.draft is None or self.draft.state != DraftState.SUBMITTED,
            )
        note: Promise | str = ""
        if name == "holder" and value and getattr(self.initiative, "lacks_holder", False):
            note = _("has left")
        elif name != "unit" and value and (day := self.back_on.get(int(value))):
            note = _("away until %(day)s") % {"day": date_format(day - dt.timedelta(days=1), "SHORT_DATE_FORMAT")}
        return DeskCell(name, LABELS[name], value, str(getattr(self.initiative, name) or ""), note=note)


LABELS = {
    "status": _("Status"),
    "level": _("Level"),
    "unit": _("Unit"),
    "holder": _("Holder"),
    "deputy": _("Deputy"),
}


def desk_rows(
    initiatives: InitiativeQuerySet, *, user: User, period: Period, due: Mapping[int, dt.date], today: dt.date
) -> list[DeskRow]:
    """Return initiatives with all that their rows show, in a fixed number of queries."""
    related = initiatives.with_title().with_last_approval().select_related("entity", "kind", "holder", "deputy", "unit")
    found: list[Any] = list(with_what_is_told(related, period, today))
    updates = Update.objects.visible_to(user).in_bulk([one.update_pk for one in found if one.update_pk])
    told = Draft.objects.visible_to(user).select_related("entity").defer("content", "began_from")
    update_drafts = told.in_bulk([one.draft_pk for one in found if one.draft_pk])
    drafts = Draft.objects.visible_to(user).open().filter(of=DraftOf.INITIATIVE, initiative__in=found)
    absences = Absence.objects.filter(entity__in={one.entity_id for one in found}, since__lte=today, until__gt=today)
    back_on = dict(absences.values_list("user", "until"))
    draft_of = {draft.initiative_id: draft for draft in drafts}
    rows = []
    for one in found:
        day, update_draft = due.get(one.entity_id), update_drafts.get(one.draft_pk)
        lacking = [missing for missing in Missing if getattr(one, f"lacks_{missing}")]
        rows.append(
            DeskRow(
                initiative=one,
                update=updates.get(one.update_pk),
                update_draft=update_draft,
                draft=draft_of.get(one.pk),
                due=day,
                is_overdue=bool(day and day < today and one.lacks_update and one.told in TO_DO),
                missing=[missing.label for missing in lacking if missing != Missing.UPDATE or update_draft is None],
                back_on=back_on,
            )
        )
    return rows
