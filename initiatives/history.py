"""What happened to an initiative: one list from its facts, texts, links and updates; and what happened to an update."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.choices import Basis, DraftState, TextState, UpdateKind, Variant
from initiatives.models import (
    Comment,
    DatedPart,
    Draft,
    Evidence,
    Identifier,
    Indicator,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Membership,
    OtherTitle,
    Participation,
    Passage,
    Relation,
    Result,
    Update,
    Workplan,
)
from portal.common.history import context_of, event_model, events, who
from portal.common.languages import Language
from portal.common.periods import Period
from portal.common.reading import Table, rows_of_record
from portal.models import User

MOST = 2000  # events read of each table
AT_ONCE = 6  # changes of one request that are told one by one

#: Facts by the column of the table; those that are only seen inside the entity are in _PRIVATE.
_FACTS: dict[str, Promise] = {
    "kind_id": gettext_lazy("kind"),
    "entity_id": gettext_lazy("entity"),
    "slug": gettext_lazy("address"),
    "level": gettext_lazy("level"),
    "status": gettext_lazy("status"),
    "status_note": gettext_lazy("status in the words of the source"),
    "covers_all_member_states": gettext_lazy("all Member States"),
    "place": gettext_lazy("place"),
    "starts_on": gettext_lazy("first day"),
    "starts_precision": gettext_lazy("first day"),
    "ends_on": gettext_lazy("last day"),
    "ends_precision": gettext_lazy("last day"),
    "is_invented": gettext_lazy("invented for demonstration"),
}
_PRIVATE: dict[str, Promise] = {
    "holder_id": gettext_lazy("holder"),
    "deputy_id": gettext_lazy("deputy"),
    "unit_id": gettext_lazy("unit"),
}
_DONE = {
    "insert": gettext_lazy("%(what)s added"),
    "update": gettext_lazy("%(what)s changed"),
    "delete": gettext_lazy("%(what)s removed"),
}
_APPROVED = {
    "insert": gettext_lazy("Update for %(period)s approved"),
    "update": gettext_lazy("Changed update for %(period)s approved"),
    "delete": gettext_lazy("Update for %(period)s removed"),
}
_REASONS = ["archive_reason", "restore_reason", "merge_reason", "change_reason"]  # in the context of a change


@dataclass(frozen=True)
class Happening:
    """One line in the history of a record, as `components/history.html` shows it."""

    when: dt.datetime
    what: Promise | str
    who: str
    note: str


@dataclass(frozen=True)
class _Change:
    """One event in words."""

    event: Any
    what: str
    note: str = ""  # read inside the entity alone
    is_open: bool = False  # told to everybody, though it was before the record was public


@dataclass(frozen=True)
class History:
    """What happened, newest first."""

    happenings: list[Happening]
    goes_on: bool  # there is more than was asked for


class _Reader:
    """Reads the histories of one initiative for one reader."""

    def __init__(self, initiative: Initiative, user: User | AnonymousUser, own: Collection[int], most: int) -> None:
        self.initiative = initiative
        self.user = user
        self.own = own  # entities of which the reader sees everything
        self.is_own = initiative.entity_id in own
        #: The latest events of each table, newest first.
        self.events = dict(zip(_TABLES, rows_of_record(_events(), initiative.pk, most=most), strict=True))
        #: Before it, not all was read.
        self.horizon = max(
            (rows[-1].pgh_created_at for rows in self.events.values() if len(rows) == most), default=None
        )

    def changes(self) -> Iterator[_Change]:
        """Give what the reader may know: others know of the time before it was public only that the record was made."""
        public_since, opening = self.initiative.published_at, self.opening()
        own_updates = [row for row in self.events[Update] if row.entity_id in self.own]
        for change in self.all_changes():
            event = change.event
            if (
                self.is_own
                or change.is_open
                or event in own_updates
                or event.pgh_created_at == opening
                or (public_since is not None and event.pgh_created_at >= public_since)
            ):
                yield change

    def opening(self) -> dt.datetime | None:
        """Return when the transaction began that made the record public, some moments before it says so itself."""
        since = None
        for row in self.events[Initiative]:
            if row.published_at is None:
                break
            since = row.pgh_created_at
        return since

    def all_changes(self) -> Iterator[_Change]:
        yield from self.facts()
        yield from self.texts()
        for model, _related, words in _LINKS:
            yield from self.links(model, words)
        yield from self.relations()
        yield from self.updates()

    def facts(self) -> Iterator[_Change]:
        labels = {**_FACTS, **(_PRIVATE if self.is_own else {})}
        rows = self.events[Initiative]
        for row, before in pairwise([*rows, None]):
            if before is not None:
                for what in _facts_changed(before, row, labels):
                    yield _Change(row, what, is_open=what == _("Made public"))
            elif row.pgh_label == "insert":
                yield _Change(row, _("Record made"), is_open=True)

    def texts(self) -> Iterator[_Change]:
        for row, before in _with_previous(self.events[InitiativeText]):
            for what in _text_changed(before, row):
                yield _Change(row, what)

    def links(self, model: type[models.Model], words: Callable[[Any], str]) -> Iterator[_Change]:
        """What was removed is named to others by its kind alone: it may have been wrong, or not for them.

        Of what is inferred or internal they are told nothing.
        """
        gone = {row.pgh_obj_id for row in self.events[model] if row.pgh_label == "delete"}
        for row in self.events[model]:
            is_open = getattr(row, "basis", Basis.STATED) == Basis.STATED and getattr(row, "is_public", True)
            if self.is_own or is_open:
                is_hidden = row.pgh_obj_id in gone and not self.is_own
                what = _CALLED[model] if is_hidden else words(row)
                yield _Change(row, _DONE[row.pgh_label] % {"what": what})

    def relations(self) -> Iterator[_Change]:
        """Those to initiatives that the reader sees."""
        here = self.initiative.pk
        rows = self.events[Relation]
        others = {row.target_id if row.source_id == here else row.source_id for row in rows}
        seen: dict[int, Any] = Initiative.objects.visible_to(self.user).with_title().in_bulk(others)
        for row in rows:
            other = seen.get(row.target_id if row.source_id == here else row.source_id)
            if other:
                title = other.title or other.slug
                yield _Change(row, _DONE[row.pgh_label] % {"what": _("Relation to “%(title)s”") % {"title": title}})

    def updates(self) -> Iterator[_Change]:
        """Approvals. How an update got there is told on the pages of its drafts."""
        for row, before in _with_previous(self.events[Update]):
            if row.pgh_label == "update" and (before is None or before.decided_at == row.decided_at):
                continue
            words = _APPROVED[row.pgh_label] % {"period": Period(row.period_start, row.period_end)}
            is_told = row.entity_id in self.own and row.pgh_label != "delete"
            yield _Change(row, words, row.decision_note if is_told else "")


def history_of_initiative(
    initiative: Initiative,
    user: User | AnonymousUser,
    *,
    own: Collection[int],
    most: int = MOST,
) -> History:
    """Return what happened to the initiative, as far as the reader may know, in a fixed number of queries.

    `own` are the ids of the entities whose records the reader writes: names of people, holders, suggestions, drafts
    and reasons are for them; others read role and entity. At most `most` events of each table are read.
    """
    reader = _Reader(initiative, user, own, most)
    changes = list(reader.changes())
    if reader.horizon:
        changes = [change for change in changes if change.event.pgh_created_at > reader.horizon]
    groups: dict[Any, list[_Change]] = defaultdict(list)
    for change in changes:
        # one request, or one transaction of a command, is told at once
        groups[change.event.pgh_context_id or change.event.pgh_created_at].append(change)
    told = sorted(groups.values(), key=lambda group: group[0].event.pgh_created_at, reverse=True)
    people = _People({pk for group in told if (pk := who(group[0].event))}, own)
    return History(
        happenings=[_happening(group, people, is_own=reader.is_own) for group in told],
        goes_on=reader.horizon is not None,
    )


def _happening(group: list[_Change], people: "_People", *, is_own: bool) -> Happening:
    event = group[0].event
    words = list(dict.fromkeys(change.what for change in group))
    if len(words) > AT_ONCE:
        rest = len(words) - AT_ONCE + 1
        words = [*words[: AT_ONCE - 1], _("%(number)s more changes") % {"number": rest}]
    context = context_of(event)
    reasons = [context.get(name, "") for name in _REASONS] if is_own else []
    notes = [note for note in [*reasons, *(change.note for change in group)] if note]
    if "merged" in context:
        words.insert(0, _("Merged with another record"))
    return Happening(
        when=event.pgh_created_at,
        what=" · ".join(words),
        who=people.told(who(event), event.pgh_created_at),
        note=" ".join(dict.fromkeys(notes)),
    )


def _with_previous(rows: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Put to each of some events, newest first, the one before it of the same row; None where that was not read."""
    newer: dict[int, Any] = {}
    pairs = []
    for row in rows:
        if row.pgh_obj_id in newer:
            pairs.append((newer[row.pgh_obj_id], row))
        newer[row.pgh_obj_id] = row
    return iter([*pairs, *((row, None) for row in newer.values())])


def _facts_changed(before: Any, row: Any, labels: dict[str, Promise]) -> Iterator[str]:
    if before.published_at != row.published_at:
        yield _("Made public") if row.published_at else _("Taken out of public view")
    if before.merged_into_id != row.merged_into_id:
        yield _("Merged into another initiative")
    elif before.archived_at != row.archived_at:
        yield _("Archived") if row.archived_at else _("Brought back from the archive")
    changed = dict.fromkeys(str(label) for name, label in labels.items() if getattr(before, name) != getattr(row, name))
    if changed:
        yield _DONE["update"] % {"what": capfirst(", ".join(changed))}


def _text_changed(before: Any, row: Any) -> Iterator[str]:
    language = {"language": Language(row.language).label}
    text = _("Text in %(language)s") % language
    if row.variant != Variant.GENERAL:
        text = f"{text}, {row.get_variant_display()}"
    if before is None or row.pgh_label == "delete":
        yield _DONE[row.pgh_label] % {"what": text}
        return
    if before.title != row.title:
        yield _DONE["update"] % {"what": _("Title in %(language)s") % language}
    if before.description != row.description:
        yield _DONE["update"] % {"what": _("Description in %(language)s") % language}
    if before.state != row.state:
        yield f"{text}: {TextState(row.state).label}"


#: Tables of one row a link: their related rows, and how an event of them reads.
_LINKS: list[tuple[type[models.Model], tuple[str, ...], Callable[[Any], str]]] = [
    (OtherTitle, (), lambda row: _("Other title “%(title)s”") % {"title": row.text}),
    (DatedPart, (), lambda row: _("Part “%(part)s”") % {"part": row.label}),
    (InitiativePlace, ("country", "group"), lambda row: _("Place %(place)s") % {"place": row.country or row.group}),
    (InitiativeLine, ("line",), lambda row: _("Action line %(code)s") % {"code": row.line.code}),
    (InitiativeTerm, ("term",), lambda row: _("Term “%(term)s”") % {"term": row.term}),
    (
        Identifier,
        (),
        lambda row: _("Number %(number)s") % {"number": row.label or f"{row.scheme} {row.value}"},
    ),
    (
        Participation,
        ("entity", "organisation"),
        lambda row: _("Participant %(name)s") % {"name": row.entity or row.organisation},
    ),
    (Evidence, ("file",), lambda row: _("File “%(name)s”") % {"name": row.file}),
]

#: The same without their words.
_CALLED: dict[type[models.Model], Promise] = {
    OtherTitle: gettext_lazy("Other title"),
    DatedPart: gettext_lazy("Part"),
    InitiativePlace: gettext_lazy("Place"),
    InitiativeLine: gettext_lazy("Action line"),
    InitiativeTerm: gettext_lazy("Term"),
    Identifier: gettext_lazy("Number"),
    Participation: gettext_lazy("Participant"),
    Evidence: gettext_lazy("File"),
}

_TABLES: list[type[models.Model]] = [
    Initiative,
    InitiativeText,
    *(model for model, _related, _words in _LINKS),
    Relation,
    Update,
]


@cache
def _events() -> tuple[Table, ...]:
    """What is read of the tables: made once, when the models of the events are there."""
    belongs = {Initiative: ("pgh_obj_id",), Relation: ("source_id", "target_id")}
    related = {model: names for model, names, _words in _LINKS}
    return tuple(
        Table(
            event_model(model),
            belongs.get(model, ("initiative_id",)),
            ("-pgh_id",),
            ("pgh_context", *related.get(model, ())),
        )
        for model in _TABLES
    )


class _People:
    """Who acted, as far as a reader may know: names inside the entity, role and entity for everybody else."""

    def __init__(self, ids: Collection[int], own: Collection[int]) -> None:
        self.own = own
        self.roles: dict[int, list[Membership]] = defaultdict(list)
        for held in Membership.objects.filter(user__in=ids).select_related("user", "entity").order_by("pk"):
            self.roles[held.user_id].append(held)

    def told(self, person: int | None, moment: dt.datetime) -> str:
        held = self.roles.get(person or 0, [])
        for role in held:
            if role.entity_id in self.own:
                return str(role.user)
        # roles are dated by the day in Geneva, whatever time zone the database answers in
        day = timezone.localdate(moment, timezone.get_default_timezone())
        for role in held:
            if role.since <= day and (role.until is None or role.until > day):
                label = capfirst(str(role.get_role_display()))
                return f"{label}, {role.entity}" if role.entity else label
        return ""


# What happened to an update, and to a draft

_MOVED_TO: dict[str, Promise] = {
    DraftState.DRAFT: gettext_lazy("Begun"),
    DraftState.SUBMITTED: gettext_lazy("Submitted"),
    DraftState.RETURNED: gettext_lazy("Returned"),
    DraftState.APPROVED: gettext_lazy("Approved"),
    DraftState.WITHDRAWN: gettext_lazy("Withdrawn"),
}


def history_of_update(update: Update, labels: Mapping[str, Any]) -> list[Happening]:
    """Return how the update was written and decided on, newest first: what happened to its drafts, as of one.

    One that was read in from a document had none: it was approved.
    """
    drafts = list(Draft.objects.of_updates().filter(update=update).order_by("-begun_at", "-pk"))
    if not drafts:
        return [
            Happening(
                row.pgh_created_at, _("Approved"), str(update.decided_by or update.author or ""), row.decision_note
            )
            for row in events(Update, pgh_obj=update)[:1]
        ]
    return _happenings(drafts, labels)


def history_of_passage(passage: Passage, labels: Mapping[str, Any]) -> list[Happening]:
    """Return how the passage was written and decided on, as `history_of_update`."""
    drafts = list(Draft.objects.of_passages().filter(passage=passage).order_by("-begun_at", "-pk"))
    if not drafts:
        made = events(Passage, pgh_obj=passage)[:1]
        return [Happening(row.pgh_created_at, _("Approved"), str(passage.author or ""), "") for row in made]
    return _happenings(drafts, labels)


def history_of_result(result: Result, labels: Mapping[str, Any]) -> list[Happening]:
    """Return how the result was written, decided on and corrected, as `history_of_update`."""
    drafts = list(Draft.objects.of_results().filter(result=result).order_by("-begun_at", "-pk"))
    if not drafts:
        made = events(Result, pgh_obj=result)[:1]
        return [Happening(row.pgh_created_at, _("Approved"), str(result.decided_by or ""), "") for row in made]
    return _happenings(drafts, labels)


def history_of_indicator(indicator: Indicator, labels: Mapping[str, Any]) -> list[Happening]:
    """Return how the definition was written and decided on, as `history_of_update`; nothing where it was filed."""
    return _happenings(list(Draft.objects.of_indicators().filter(indicator=indicator)), labels)


def history_of_workplan(workplan: Workplan) -> list[Happening]:
    """Return what was changed in the texts, areas and entries of the workplan, newest first, with the reason."""
    changed = Draft.objects.of_matrices().approved().filter(workplan=workplan).select_related("decided_by", "saved_by")
    return [
        Happening(
            draft.decided_at,
            (_("Added: %(title)s") if draft.is_new else _("Changed: %(title)s")) % {"title": draft},
            " · ".join(str(person) for person in (draft.saved_by, draft.decided_by) if person),
            draft.why,
        )
        for draft in changed.order_by("-decided_at", "-pk")
        if draft.decided_at
    ]


@dataclass(frozen=True)
class FormerValue:
    """What a result said before it was corrected: until when, and why it was corrected then."""

    result: Any  # as the event of the table has it
    until: dt.datetime
    reason: str


def former_values(result: Result) -> list[FormerValue]:
    """Return what the result said before each of its corrections, newest first."""
    related = ("unit", "country", "group", "category")
    rows = list(events(Result, pgh_obj=result).select_related(*related))
    corrected = [
        FormerValue(before, row.corrected_at, row.correction_reason)
        for before, row in pairwise(rows)
        if row.corrected_at and row.corrected_at != before.corrected_at
    ]
    return corrected[::-1]


AT_ONE_SITTING = dt.timedelta(minutes=30)  # between two saves of one person that are told as one


@dataclass
class _Step:
    """One line in the history of a draft, before it is known what its people are called."""

    when: dt.datetime
    actor: int | None
    what: str
    note: str = ""
    to: int | None = None  # to whom it was handed
    fields: list[str] | None = None  # that were written, where it is a save


def history_of_draft(draft: Draft, labels: Mapping[str, Any]) -> list[Happening]:
    """Return what happened to the draft, newest first: each step with who took it and why, and what was written.

    `labels` are those of the fields by their names. Saves of one person within half an hour are one line. A change
    without a request is told as that of whoever decided, or saved last.
    """
    return _happenings([draft], labels)


def _happenings(drafts: Collection[Draft], labels: Mapping[str, Any]) -> list[Happening]:
    """Tell of drafts of which one at a time was under way."""
    steps: list[_Step] = []
    of_drafts: dict[int, Any] = {}
    saved_rows = events(Draft, pgh_obj_id__in=[draft.pk for draft in drafts]).defer("began_from")
    for row in saved_rows.iterator(chunk_size=100):
        before = of_drafts.get(row.pgh_obj_id)
        when, actor = row.pgh_created_at, who(row) or row.decided_by_id or row.saved_by_id
        if before is None or row.state != before.state:
            steps.append(_Step(when, actor, *_entered(before, row)))
        elif row.holder_id != before.holder_id:
            reason = context_of(row).get("handover_reason", "")
            steps.append(_Step(when, actor, _("Handed to %(whom)s"), reason, to=row.holder_id))
        elif row.edits != before.edits:
            saved = _Step(when, actor, "", fields=_differing(before.content, row.content))
            saved.note = row.why if row.why != before.why else ""
            last = steps[-1]
            if last.fields is not None and last.actor == actor and when - last.when <= AT_ONE_SITTING:
                steps.pop()
                saved.fields = [*dict.fromkeys([*last.fields, *(saved.fields or [])])]
                saved.note = saved.note or last.note
            steps.append(saved)
        of_drafts[row.pgh_obj_id] = row
    for comment in Comment.objects.filter(draft__in=drafts).select_related("answers"):
        what = _("Answered a comment: %(field)s") if comment.answers else _("Commented: %(field)s")
        field = labels.get((comment.answers or comment).field) or _("the draft as a whole")
        steps.append(_Step(comment.written_at, comment.author_id, what % {"field": field}))
    people = User.objects.in_bulk({pk for step in steps for pk in (step.actor, step.to) if pk})
    return [
        Happening(step.when, _told(step, labels, people), str(people.get(step.actor or 0, "")), step.note)
        for step in sorted(steps, key=lambda step: step.when)[::-1]  # what came in one moment keeps its order
    ]


def _entered(before: Any, row: Any) -> tuple[str, str]:
    """Return what a change of the state of a draft is called, and why it came."""
    match row.state:
        case DraftState.DRAFT if before and before.state == DraftState.WITHDRAWN:
            return _("Reopened"), ""
        case DraftState.SUBMITTED:
            return _("Submitted"), row.why
        case DraftState.RETURNED:
            return _("Returned"), row.decision_note
        case DraftState.APPROVED if row.content.get("kind") == UpdateKind.STILL_TRUE:
            return _("Found to be still true"), row.decision_note
        case DraftState.APPROVED:
            return _("Approved as version %(number)s") % {"number": row.version}, row.decision_note
    return str(_MOVED_TO[row.state]), ""


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in after if (before.get(name) or "") != (after[name] or "")]


def _told(step: _Step, labels: Mapping[str, Any], people: Mapping[int, User]) -> str:
    if step.to:
        return step.what % {"whom": people.get(step.to, "")}
    if step.fields is None:
        return step.what
    written = [str(labels[name]) for name in step.fields if name in labels]
    return _("Changed: %(fields)s") % {"fields": ", ".join(written)} if written else _("Saved")
