"""What a desk shows: the initiatives of a person's entities, and what they tell of a period."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, DraftOf, DraftState, Level, Status, UpdateKind
from initiatives.drafting.initiatives import people_of
from initiatives.models import (
    Absence,
    Draft,
    Entity,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    JointInvitation,
    Update,
)
from initiatives.queries import NOTHING_YET, with_update_of
from initiatives.querysets import InitiativeQuerySet
from initiatives.services.cells import FACTS, stands_in_cells
from initiatives.services.drafts import may_take_back
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


def initiatives_on_desk(entities: Collection[Entity]) -> InitiativeQuerySet:
    """Return the initiatives of entities for which the person writes, who sees all of them.

    Left out are mere context and coordination, for nothing is compiled from them, and what was archived or merged.
    """
    return Initiative.objects.filter(entity__in=entities).listed().counted()


def in_scope(user: User, scope: str, today: dt.date) -> Q:
    """All of them, those of the person's units, or those that the person holds or is the deputy for."""
    if scope == Scope.MINE:
        return Q(holder=user) | Q(deputy=user)
    if scope == Scope.UNIT:
        return Q(unit__in=user.memberships.active_on(today).filter(unit__isnull=False).values("unit"))
    return Q(pk__isnull=False)


def desk_counts(initiatives: InitiativeQuerySet, user: User, today: dt.date) -> dict[str, int]:
    """Count what of the initiatives each scope holds."""
    counts = {scope: Count("pk", filter=in_scope(user, scope, today)) for scope in Scope.values}
    return initiatives.aggregate(**counts)


def people_on_desk(entities: Collection[Entity]) -> list[Any]:
    """Return who may hold initiatives of the entities, and who does, by name: those who may have `serves` set."""
    holding = Initiative.objects.filter(entity__in=entities, holder__isnull=False).order_by()
    serves = Q(pk__in=people_of(*entities).order_by().values("pk"))
    people = User.objects.filter(serves | Q(pk__in=holding.values("holder"))).annotate(serves=serves)
    return list(people.only("name", "email").order_by("name", "pk"))


def with_what_is_lacking(initiatives: InitiativeQuerySet, today: dt.date) -> InitiativeQuerySet:
    """Annotate for each of `Missing`, but the update, whether the initiative `lacks_` it."""
    lines = InitiativeLine.objects.filter(initiative=OuterRef("pk"), basis=Basis.STATED)
    places = InitiativePlace.objects.filter(initiative=OuterRef("pk"))
    return initiatives.knowing_holder(today).annotate(
        lacks_status=Q(status=""),
        lacks_line=~Exists(lines),
        lacks_place=Q(~Exists(places), covers_all_member_states=False),
    )


def with_what_is_told(initiatives: InitiativeQuerySet, period: Period, today: dt.date) -> InitiativeQuerySet:
    """Annotate for each of `Missing` whether the initiative `lacks_` it, and `told`, as `Told` has it."""
    return with_update_of(with_what_is_lacking(initiatives, today), period).annotate(
        told=Coalesce("update_state", Value(Told.NOTHING.value)), lacks_update=Q(update_pk__isnull=True)
    )


def due_dates(
    calls: Iterable[Call], entities: Collection[Entity], period: Period, today: dt.date
) -> dict[int, dt.date]:
    """Return by entity when its next submission about the period is due; where all are past, the last of them."""
    open_ones = [call for call in calls if call.state == CallState.OPEN]
    asking = [call for call in open_ones if call.period_start < period.end and call.period_end > period.start]
    days: dict[int, dt.date] = {}
    for entity in entities:
        due = sorted(call.due_on for call in asking if call.due_on and call.owner_id in (None, entity.pk))
        if due:
            days[entity.pk] = next((day for day in due if day >= today), due[-1])
    return days


LABELS = {
    "status": _("Status"),
    "level": _("Level"),
    "unit": _("Unit"),
    "holder": _("Holder"),
    "deputy": _("Deputy"),
}


@dataclass(frozen=True)
class DeskCell:
    """One field of a row that can be changed in the table: its value as forms have it, and in words."""

    name: str
    label: str
    named: str  # what it is, for who hears the table
    value: str
    shown: Promise | str
    before: Promise | str = ""  # what the record says where a draft says something else
    note: Promise | str = ""
    is_editable: bool = True

    @property
    def has_notes(self) -> bool:
        """Whether there is anything below it."""
        return bool(self.note or self.before) or not self.is_editable


@dataclass(frozen=True)
class DeskWords:
    """What rows say, in the language of the reader: looked up once for a page, since each has a hundred of them."""

    labels: dict[str, str] = field(default_factory=lambda: {name: str(label) for name, label in LABELS.items()})
    named: str = field(default_factory=lambda: gettext("%(label)s of %(title)s:"))
    choosing: str = field(default_factory=lambda: gettext("Choose %(title)s"))
    last_approved: str = field(default_factory=lambda: gettext("last approved %(date)s"))
    nothing_yet: str = field(default_factory=lambda: str(Told.NOTHING.label))
    missing: dict[str, str] = field(default_factory=lambda: {code: str(label) for code, label in Missing.choices})


@dataclass(frozen=True)
class DeskStep:
    """Where a row leads next."""

    label: str
    address: str
    is_urgent: bool = False


@dataclass(frozen=True)
class DeskRow:
    """One initiative on a desk, with what its entity tells of the period: what is approved, and what is under way."""

    initiative: Initiative
    period: Period
    update: Update | None
    update_draft: Any  # a Draft with its `kind`
    draft: Any  # of the initiative, with `status` and `level`
    due: dt.date | None
    is_overdue: bool
    decides: bool  # whether the person decides on what waits in it
    takes_back: bool  # whether the person may take back what it tells
    words: DeskWords
    missing: Sequence[str] = field(default_factory=list)
    back_on: Mapping[int, dt.date] = field(default_factory=dict)  # the first day back of people who are away today

    @property
    def joint_with(self) -> Sequence[str]:
        """The acronyms of entities that have joined it."""
        return getattr(self.initiative, "joint_with", ())

    @property
    def pk(self) -> int:
        return self.initiative.pk

    @property
    def title(self) -> str:
        return getattr(self.initiative, "title", "") or self.initiative.slug

    @cached_property
    def address(self) -> str:
        """Where its fields are changed."""
        return f"{reverse('desk_row', args=[self.initiative.slug])}?{urlencode({'period': self.period.code})}"

    @cached_property
    def telling(self) -> str:
        """Where one tells by a click that there is nothing new."""
        return reverse("desk_tell", args=[self.initiative.slug])

    @cached_property
    def told(self) -> tuple[str, Promise | str]:
        """Return how far the update is: the state and its words."""
        if self.update_draft:
            return self.update_draft.state, self.update_draft.get_state_display()
        return (Told.APPROVED.value, Told.APPROVED.label) if self.update else ("", self.words.nothing_yet)

    @property
    def choosing(self) -> str:
        """Return what its box to tick is called."""
        return self.words.choosing % {"title": self.title}

    @cached_property
    def told_note(self) -> Promise | str:
        """Return what else there is to say of it: that nothing is new, or when something was approved last."""
        kind = self.update_draft.kind if self.update_draft else self.update.kind if self.update else ""
        if kind in (UpdateKind.STILL_TRUE, UpdateKind.NOTHING):
            return label_of(UpdateKind, kind)
        last = getattr(self.initiative, "last_approved_at", None)
        return self.words.last_approved % {"date": date_format(last, "SHORT_DATE_FORMAT")} if last else ""

    @cached_property
    def step(self) -> DeskStep | None:
        """Return where to go on; None where nothing is told yet."""
        if self.update_draft and self.update_draft.state != DraftState.SUBMITTED:
            return DeskStep(gettext("Continue"), reverse("draft_edit", args=[self.update_draft.pk]), is_urgent=True)
        if self.update_draft and self.decides:
            return DeskStep(gettext("Decide"), self.update_draft.get_absolute_url(), is_urgent=True)
        told = self.update_draft or self.update
        return DeskStep(gettext("See"), told.get_absolute_url()) if told else None

    @property
    def may_be_still_true(self) -> bool:
        """Whether something was approved that could be."""
        return bool(getattr(self.initiative, "last_approved_at", None))

    @property
    def cells(self) -> list[DeskCell]:
        """What stands in the columns that can be changed."""
        stands = self._stands
        return [self._cell(name, stands) for name in ("status", "holder", "deputy")]

    def cell(self, name: str) -> DeskCell:
        return self._cell(name, self._stands)

    @property
    def _stands(self) -> dict[str, str]:
        return stands_in_cells(
            self.initiative, {name: getattr(self.draft, name) for name in FACTS} if self.draft else None
        )

    def _cell(self, name: str, stands: Mapping[str, str]) -> DeskCell:
        value, label = stands[name], self.words.labels[name]
        named = self.words.named % {"label": label, "title": self.title}
        if name in FACTS:
            words: type[models.TextChoices] = Status if name == "status" else Level
            public = str(getattr(self.initiative, name) or "")
            return DeskCell(
                name=name,
                label=label,
                named=named,
                value=value,
                shown=label_of(words, value),
                before=label_of(words, public) or _("not known") if value != public else "",
                is_editable=self.draft is None or self.draft.state != DraftState.SUBMITTED,
            )
        note: Promise | str = ""
        if name == "holder" and value and getattr(self.initiative, "lacks_holder", False):
            note = _("has left")
        elif name != "unit" and value and (day := self.back_on.get(int(value))):
            note = _("away until %(day)s") % {"day": date_format(day - dt.timedelta(days=1), "SHORT_DATE_FORMAT")}
        return DeskCell(name, label, named, value, str(getattr(self.initiative, name) or ""), note=note)


def desk_rows(
    initiatives: InitiativeQuerySet,
    *,
    user: User,
    period: Period,
    due: Mapping[int, dt.date],
    approves: Collection[int],
    now: dt.datetime,
) -> list[DeskRow]:
    """Return initiatives with all that their rows show, in a fixed number of queries.

    They are of entities for which the person writes, who sees all that is told of them. `due` and `approves` are by the
    ids of entities: when they are due, and which the person approves for.
    """
    today = timezone.localdate(now)
    related = initiatives.with_title().with_last_approval().select_related("entity", "kind", "holder", "deputy", "unit")
    joined = JointInvitation.objects.joined().filter(initiative=OuterRef("pk")).order_by("pk")
    related = related.annotate(joint_with=ArraySubquery(joined.values("entity__acronym")))
    found: list[Any] = list(with_update_of(with_what_is_lacking(related, today), period))
    told = [one.update_pk for one in found if one.update_pk]
    updates = Update.objects.in_bulk(told)
    drafts = _drafts_of(found)
    update_drafts = {draft.pk: draft for draft in drafts}
    draft_of = {draft.initiative_id: draft for draft in drafts if draft.of == DraftOf.INITIATIVE}
    absences = Absence.objects.filter(entity__in={one.entity_id for one in found}, since__lte=today, until__gt=today)
    back_on = dict(absences.values_list("user", "until"))
    words = DeskWords()
    rows = []
    for one in found:
        day, update, update_draft = due.get(one.entity_id), updates.get(one.update_pk), update_drafts.get(one.draft_pk)
        one.lacks_update = one.update_pk is None
        lacking = [code for code in Missing.values if getattr(one, f"lacks_{code}")]
        rows.append(
            DeskRow(
                initiative=one,
                period=period,
                update=update,
                update_draft=update_draft,
                draft=draft_of.get(one.pk),
                due=day,
                is_overdue=bool(
                    day and day < today and one.lacks_update and (one.update_state or Told.NOTHING) in TO_DO
                ),
                decides=one.entity_id in approves,
                takes_back=_takes_back(update, update_draft, user, now),
                words=words,
                missing=[words.missing[code] for code in lacking if code != Missing.UPDATE or update_draft is None],
                back_on=back_on,
            )
        )
    return rows


def _drafts_of(found: Sequence[Any]) -> list[Any]:
    """Return what is under way about initiatives and their updates, with what rows show of what is written there."""
    of_updates = [one.draft_pk for one in found if one.draft_pk]
    wanted = Q(pk__in=of_updates) | Q(of=DraftOf.INITIATIVE, initiative__in=[one.pk for one in found])
    drafts = Draft.objects.open().filter(wanted).defer("content", "began_from")
    return list(drafts.annotate(**{name: KT(f"content__{name}") for name in ("kind", *FACTS)}))


def _takes_back(update: Update | None, draft: Any, user: User, now: dt.datetime) -> bool:
    """Whether the person may take back that there is nothing new, which they said by a click."""
    if draft:
        submitted = draft.state == DraftState.SUBMITTED and draft.kind == UpdateKind.NOTHING
        return bool(submitted and draft.saved_by_id == user.pk)
    return bool(update and may_take_back(update=update, user=user, now=now))


@dataclass(frozen=True)
class JointRow:
    """An initiative that the entity has joined, or is invited to, with what the entity tells of the period."""

    invitation: JointInvitation
    update: Update | None
    update_draft: Draft | None

    @property
    def initiative(self) -> Initiative:
        return self.invitation.initiative


def joint_rows(user: User, entities: Collection[Entity], period: Period) -> list[JointRow]:
    """Return the initiatives of others that the entities have joined or are invited to, in a fixed number of queries.

    They stand apart from the table: what an entity takes part in never counts as its own.
    """
    invitations = JointInvitation.objects.open().filter(
        entity__in=entities, initiative__archived_at=None, initiative__merged_into=None
    )
    found: list[Any] = list(with_update_of(invitations.for_listing(), period, initiative="initiative"))
    updates = Update.objects.visible_to(user).in_bulk([one.update_pk for one in found if one.update_pk])
    drafts = Draft.objects.visible_to(user).defer("content", "began_from")
    told = drafts.in_bulk([one.draft_pk for one in found if one.draft_pk])
    return [JointRow(one, updates.get(one.update_pk), told.get(one.draft_pk)) for one in found]
