"""Planned, then? What submissions told as planned, and what became of it.

Nothing is copied: a plan is read from the versions that a sealed submission printed. It is the "what is next" of an
update whose paragraph was printed, a printed passage of the kind outlook, or a part of a printed initiative that is
planned or expected. It counts from the seal on: the text is final then, whether or not somebody records its sending.
The same words about the same record, told again by a later submission, are one plan. `Outcome` says what became of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, F, Min, OuterRef, Q, Subquery, When
from django.urls import reverse

from initiatives.choices import EventState, PassageKind
from initiatives.models import (
    DatedPart,
    Entity,
    Initiative,
    Passage,
    PassageText,
    Reference,
    Update,
    UpdateText,
)
from initiatives.queries import cited_in
from portal.common.history import events
from portal.common.periods import Period
from portal.models import User
from reporting.choices import PlanOutcome, RecordKind
from reporting.desk import Scope, in_scope
from reporting.models import Outcome, PrintedVersion, Submission
from reporting.provenance import with_places_of_use


@dataclass(frozen=True)
class Telling:
    """One submission that told the plan."""

    printed: int  # id of the printed version
    sealed_at: dt.datetime
    period: Period  # that it reported on


@dataclass
class Plan:
    """What was told as planned about one record."""

    initiative: int | None = None
    passage: int | None = None
    part: int | None = None  # of the initiative
    words: str = ""  # rich text as it was told; empty for a part
    language: str = ""
    dated: dt.date | None = None  # the first day after its own date, where it has one
    tellings: list[Telling] = field(default_factory=list)  # the latest first
    outcomes: list[Outcome] = field(default_factory=list)  # the oldest first

    @property
    def printed(self) -> int:
        """The printed version that told it last: by that the plan is named."""
        return self.tellings[0].printed

    @property
    def key(self) -> str:
        return f"{self.printed}-{self.part}" if self.part else str(self.printed)

    @property
    def address(self) -> str:
        if self.part:
            return reverse("plan_of_part", args=[self.printed, self.part])
        return reverse("plan", args=[self.printed])

    @property
    def last(self) -> Outcome | None:
        return self.outcomes[-1] if self.outcomes else None

    @property
    def is_open(self) -> bool:
        """Nobody has said what became of it, it was moved, or a later submission told it once more."""
        said = self.last
        return said is None or said.kind == PlanOutcome.MOVED or said.said_at < self.tellings[0].sealed_at

    @property
    def overdue_from(self) -> dt.date:
        """The first day after its date; without one, after the period that follows the one in which it was told."""
        if self.last and self.last.kind == PlanOutcome.MOVED and self.last.ends_on:
            return self.last.ends_on
        return self.dated or self.tellings[0].period.following.end

    @property
    def due_on(self) -> dt.date:
        """The last day on which nobody has to ask."""
        return self.overdue_from - dt.timedelta(days=1)

    @property
    def is_dated(self) -> bool:
        """Whether a day was told, or said when it was moved."""
        return bool(self.dated or (self.last and self.last.kind == PlanOutcome.MOVED))

    def is_overdue(self, today: dt.date) -> bool:
        return self.is_open and self.overdue_from <= today


def plans_of(entities: Collection[Entity], *, initiative: Initiative | None = None) -> list[Plan]:
    """Return what was told as planned, what is due first before the rest, in a fixed number of queries.

    All of the entities, or what was told about one initiative.
    """
    found: dict[tuple[object, ...], Plan] = {}
    for told in _told(entities, initiative):
        same = (told.initiative, told.passage, told.part, told.words)
        if same in found:
            found[same].tellings += told.tellings
        else:
            found[same] = told
    plans = list(found.values())
    said: dict[tuple[int, int | None], list[Outcome]] = defaultdict(list)
    numbers = [telling.printed for plan in plans for telling in plan.tellings]
    for outcome in Outcome.objects.filter(printed__in=numbers).select_related("said_by").order_by("said_at", "pk"):
        said[outcome.printed_id, outcome.part_id].append(outcome)
    for plan in plans:
        plan.tellings.sort(key=lambda telling: telling.sealed_at, reverse=True)
        outcomes = [outcome for telling in plan.tellings for outcome in said[telling.printed, plan.part]]
        plan.outcomes = sorted(outcomes, key=lambda outcome: (outcome.said_at, outcome.pk))
    return sorted(plans, key=lambda plan: (plan.due_on, plan.printed))


def _told(entities: Collection[Entity], initiative: Initiative | None) -> Iterator[Plan]:
    """Yield each plan as each submission told it."""
    rows = list(_printed(entities, initiative))
    parts = _parts({row["record_id"] for row in rows if row["kind"] == RecordKind.INITIATIVE})
    for row in rows:
        telling = Telling(row["pk"], row["sealed_at"], Period(row["start"], row["end"]))
        match row["kind"]:
            case RecordKind.UPDATE:
                yield Plan(row["initiative"], words=row["words"], language=row["language"], tellings=[telling])
            case RecordKind.PASSAGE:
                yield Plan(passage=row["record_id"], words=row["words"], language=row["language"], tellings=[telling])
            case _:
                for part, since in parts[row["record_id"]]:
                    if since <= telling.sealed_at:
                        yield Plan(part.initiative_id, part=part.pk, dated=part.ends_on, tellings=[telling])


def _printed(entities: Collection[Entity], initiative: Initiative | None) -> Any:
    """Return as rows what submissions of the entities printed for good and that tells of plans.

    Those are updates that say what is next, passages of the kind outlook, and initiatives of which a part is not held.
    """
    updates = Update.objects.filter(entity__in=entities).order_by()
    passages = Passage.objects.filter(entity__in=entities, kind=PassageKind.OUTLOOK).order_by()
    parts = _NOT_HELD.filter(initiative__entity__in=entities).order_by()
    if initiative:
        updates, passages = updates.filter(initiative=initiative), passages.none()
        parts = parts.filter(initiative=initiative)
    records = Q(kind=RecordKind.UPDATE, record_id__in=updates.values("pk"))
    records |= Q(kind=RecordKind.PASSAGE, record_id__in=passages.values("pk"))
    records |= Q(kind=RecordKind.INITIATIVE, record_id__in=parts.values("initiative"))
    words = Case(
        When(kind=RecordKind.UPDATE, then=_as_printed(UpdateText, "update", "outlook")),
        When(kind=RecordKind.PASSAGE, then=_as_printed(PassageText, "passage", "body")),
    )
    about = Subquery(updates.filter(pk=OuterRef("record_id")).values("initiative")[:1])
    submissions = Submission.objects.filter(entities__in=entities).order_by()
    told = PrintedVersion.objects.told().filter(records, compilation__submission__in=submissions.values("pk"))
    rows = told.order_by().annotate(
        words=words,
        initiative=about,
        sealed_at=F("compilation__seal__sealed_at"),
        start=F("compilation__submission__call__period_start"),
        end=F("compilation__submission__call__period_end"),
    )
    rows = rows.filter(Q(words__gt="") | Q(kind=RecordKind.INITIATIVE))
    return rows.values("pk", "kind", "record_id", "language", "words", "initiative", "sealed_at", "start", "end")


def _as_printed(text: type[models.Model], record: str, words: str) -> Subquery:
    """The words of the version that was printed, from the history of the text."""
    version = {f"{record}_id": OuterRef("record_id"), "language": OuterRef("language"), "revision": OuterRef("version")}
    found = events(text, **version).exclude(pgh_label="delete").order_by("pgh_id")
    return Subquery(found.values(words)[:1])


_NOT_HELD = DatedPart.objects.filter(state__in=[EventState.PLANNED, EventState.EXPECTED])


def _parts(initiatives: Collection[int]) -> dict[int, list[tuple[DatedPart, dt.datetime]]]:
    """Return the parts of initiatives that are not held yet, and since when each is on record; by initiative."""
    found = list(_NOT_HELD.filter(initiative__in=initiatives))
    known = events(DatedPart, pgh_obj_id__in=[part.pk for part in found])
    since = dict(known.order_by().values_list("pgh_obj_id").annotate(Min("pgh_created_at")))
    parts: dict[int, list[tuple[DatedPart, dt.datetime]]] = defaultdict(list)
    for part in found:
        if part.pk in since:
            parts[part.initiative_id].append((part, since[part.pk]))
    return parts


def open_plans(entities: Collection[Entity], *, initiative: Initiative | None = None) -> list[Plan]:
    """Return those of `plans_of` of which nobody has said yet that they were held or dropped."""
    return [plan for plan in plans_of(entities, initiative=initiative) if plan.is_open]


def held_by(plans: Iterable[Plan], user: User, today: dt.date) -> list[Plan]:
    """Keep those about what the person holds, is the deputy for, or wrote."""
    plans = list(plans)
    initiatives = Initiative.objects.filter(pk__in={plan.initiative for plan in plans if plan.initiative})
    passages = Passage.objects.filter(pk__in={plan.passage for plan in plans if plan.passage})
    own = set(initiatives.filter(in_scope(user, Scope.MINE, today)).values_list("pk", flat=True))
    written = set(passages.filter(author=user).values_list("pk", flat=True))
    return [plan for plan in plans if plan.initiative in own or plan.passage in written]


@dataclass(frozen=True)
class ShownPlan:
    """A plan with what a page shows of it."""

    plan: Plan
    initiative: Initiative | None  # with its title
    passage: Passage | None
    part: DatedPart | None
    uses: Sequence[PrintedVersion]  # where it was told, the latest first
    references: dict[int, Reference]
    is_overdue: bool

    @property
    def name(self) -> str:
        """What a person calls it by."""
        if self.initiative:
            return str(getattr(self.initiative, "title", "") or self.initiative.slug)
        return str(self.passage)

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """What may be said of it."""
        return list(PlanOutcome.choices)


def shown_plans(plans: Sequence[Plan], today: dt.date) -> list[ShownPlan]:
    """Load what a page shows of plans, in a fixed number of queries."""
    initiatives = Initiative.objects.with_title().in_bulk({plan.initiative for plan in plans if plan.initiative})
    passages = Passage.objects.in_bulk({plan.passage for plan in plans if plan.passage})
    parts = DatedPart.objects.in_bulk({plan.part for plan in plans if plan.part})
    numbers = [telling.printed for plan in plans for telling in plan.tellings]
    uses = {use.pk: use for use in with_places_of_use(PrintedVersion.objects.filter(pk__in=numbers))}
    references = cited_in(*(plan.words for plan in plans))
    return [
        ShownPlan(
            plan=plan,
            initiative=initiatives.get(plan.initiative or 0),
            passage=passages.get(plan.passage or 0),
            part=parts.get(plan.part or 0),
            uses=list({uses[one.printed].compilation_id: uses[one.printed] for one in plan.tellings}.values()),
            references=references,
            is_overdue=plan.is_overdue(today),
        )
        for plan in plans
    ]
