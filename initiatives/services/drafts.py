"""The life of a draft: begun, saved, submitted, returned or approved; or withdrawn, and reopened."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pghistory
from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from initiatives.choices import OPEN_DRAFTS, DraftOf, DraftState
from initiatives.drafting import initiatives as drafting
from initiatives.drafting.changes import changed_fields
from initiatives.models import Draft, Entity, Initiative
from initiatives.services.notifications import deciders_of, notify
from initiatives.services.updates import OwnUpdateNeedsReason, hold_open
from portal.common.errors import PersonError
from portal.common.forms import RichTextFormField, codes_in_order
from portal.common.history import events
from portal.common.merging import MergedField, Value, choose, merge
from portal.models import NotificationKind, User

EDITABLE = [DraftState.DRAFT, DraftState.RETURNED]
LARGEST = 500_000  # characters of one draft


class DraftNotEditable(PersonError):
    sentence = _("This draft was submitted, approved or withdrawn meanwhile, so it cannot be changed here.")


class AnotherDraftOpen(DraftNotEditable):
    sentence = _("Another change of this record is under way already. Finish or withdraw that one first.")


class DraftNotSubmitted(PersonError):
    sentence = _("This draft does not wait for a decision any more.")


class DraftNotWithdrawn(PersonError):
    sentence = _("This draft is not withdrawn.")


class DraftTooLarge(PersonError):
    """What was sent is kept in the error alone: pages show it again, to be shortened."""

    sentence = _("This is more than 500,000 characters, the most that one draft holds. Shorten it, then save again.")

    def __init__(self, content: dict[str, Value]) -> None:
        super().__init__()
        self.content = content


class OwnDraftNeedsReason(PersonError):
    sentence = OwnUpdateNeedsReason.sentence


class ReasonOfChangeMissing(PersonError):
    sentence = _("Say why what was approved is changed.")


class NoteMissing(PersonError):
    sentence = _("Say what should change before you return the draft.")


class NotOfTheEntity(PersonError):
    sentence = _("Choose a person who writes for the entity today.")


class NothingChanged(PersonError):
    sentence = _("Nothing differs from what is approved, so there is nothing to submit.")


class DraftChangedMeanwhile(PersonError):
    """Two people changed the same field: what each of them wrote, and what is settled. Nothing is saved."""

    sentence = _("Somebody saved this draft after you opened it, and changed the same as you. Choose what shall stand.")

    def __init__(
        self, current: Draft, settled: dict[str, Value] | None = None, clashes: dict[str, MergedField] | None = None
    ) -> None:
        super().__init__()
        self.current, self.settled, self.clashes = current, settled or {}, clashes or {}


class DraftIncomplete(PersonError):
    """What is missing or wrong: the form tells, field by field."""

    sentence = _("The draft is not complete yet.")

    def __init__(self, form: forms.Form) -> None:
        super().__init__()
        self.form = form


# What a draft holds


def form_of(draft: Draft) -> drafting.InitiativeForm:
    """Return the form of the record, to be judged by what stands in the draft."""
    return drafting.InitiativeForm(draft.content, entity=draft.entity, initiative=draft.initiative)


def shown_form_of(draft: Draft, content: dict[str, Any] | None = None) -> drafting.InitiativeForm:
    """Return the form to be filled in, unjudged: a draft need not be complete while it is written."""
    stands = draft.content if content is None else content
    return drafting.InitiativeForm(entity=draft.entity, initiative=draft.initiative, initial=stands)


def content_sent(form: forms.Form, sent: Mapping[str, Any]) -> dict[str, Value]:
    """Return what a browser sent, by the fields of the form; texts cleaned, nothing else judged.

    Raises DraftTooLarge.
    """
    content: dict[str, Value] = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(sent, {}, name)
        if isinstance(field, forms.MultipleChoiceField):
            value = codes_in_order(value)
        elif isinstance(field, RichTextFormField):
            value = field.to_python(value)
        elif isinstance(value, bool):
            value = "on" if value else ""
        content[name] = _storable(value if isinstance(value, list) else str(value or ""))
    if sum(len(str(value)) for value in content.values()) > LARGEST:
        raise DraftTooLarge(content)
    return content


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL character and no half of a pair; nothing but text comes from a form."""
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


# Beginning


def begin_initiative(*, entity: Entity, content: dict[str, Value], user: User, now: dt.datetime) -> Draft:
    """Begin a new initiative of an entity. Who begins it holds it."""
    draft = Draft(of=DraftOf.INITIATIVE, entity=entity, holder=user, begun_at=now)
    return _write(draft, content, user, now)


@transaction.atomic
def begin_change(*, initiative: Initiative, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes an initiative, a new one where none is under way.

    Raises InitiativeNotOpen where it was merged or archived.
    """
    current = hold_open(initiative.pk)
    if found := Draft.objects.open().filter(of=DraftOf.INITIATIVE, initiative=current).first():
        return found
    content = drafting.content_of(current)
    draft = Draft(
        of=DraftOf.INITIATIVE,
        entity=current.entity,
        initiative=current,
        holder=user,
        began_from=content,
        begun_at=now,
    )
    return _write(draft, content, user, now)


def _write(draft: Draft, content: dict[str, Value], user: User, now: dt.datetime) -> Draft:
    fill(draft, content)
    draft.saved_by, draft.saved_at = user, now
    draft.save()
    return draft


def fill(draft: Draft, content: dict[str, Value]) -> None:
    draft.content = content
    draft.title = str(content.get("title") or "")[:400]


# Saving


@transaction.atomic
def save_draft(
    *, draft: Draft, content: dict[str, Value], edits: int, user: User, now: dt.datetime, why: str | None = None
) -> Draft:
    """Keep what was written, complete or not.

    `edits` is the number of saves that the writer's page had seen. Where there were more, what both changed apart is
    put together. Raises DraftChangedMeanwhile where both changed the same, and DraftNotEditable where it is not under
    way: nothing is changed then.
    """
    current = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if current.state not in EDITABLE:
        raise DraftNotEditable
    sent, sent_why = content, current.why if why is None else why.strip()
    why = why_with(draft=current, why=sent_why, edits=edits)
    if current.edits != edits and not (current.saved_by_id == user.pk and current.content == content):
        content, clashes = merged_with(draft=current, content=content, edits=edits)
        if clashes:
            raise DraftChangedMeanwhile(current, content, clashes)
    if (content, why) != (sent, sent_why) and not _saves_of(current, sent, sent_why).exists():
        # a save of its own: the page does not show what others wrote, so it goes on from what it sent
        current.why = sent_why
        current.edits += 1
        _write(current, sent, user, now)
    if (current.content, current.why) == (content, why):
        return current
    current.why = why
    current.edits += 1
    return _write(current, content, user, now)


def save_shown(*, draft: Draft, content: dict[str, Value], why: str) -> int:
    """Return the number of the save that a page goes on from which shows this and has just saved it.

    It is not the last one where others changed other places: they would be taken for changed back by the page.
    """
    shown = _saves_of(draft, content, why.strip()).last()
    return shown.edits if shown else draft.edits


def _saves_of(draft: Draft, content: dict[str, Value], why: str) -> QuerySet[Any]:
    return events(Draft, pgh_obj=draft, content=content, why=why)


def merged_with(
    *, draft: Draft, content: dict[str, Value], edits: int
) -> tuple[dict[str, Value], dict[str, MergedField]]:
    """Merge what was written on top of an earlier save with what stands now: what is settled, and what clashes."""
    seen = events(Draft, pgh_obj=draft, edits=edits).last()
    base = seen.content if seen else draft.began_from
    return merge(base=base, mine=content, theirs=draft.content, texts=drafting.RICH_TEXTS)


def why_with(*, draft: Draft, why: str, edits: int) -> str:
    """Return why it is changed, where others may have said so since: what two wrote apart stands one below the other.

    `edits` is as in `save_draft`.
    """
    why = why.strip()
    seen = events(Draft, pgh_obj=draft, edits=edits).last() if draft.edits != edits else None
    if seen is None or why == draft.why or draft.why == seen.why:
        return why
    return draft.why if why == seen.why else f"{draft.why}\n{why}".strip()


# Handing in and deciding


@transaction.atomic
def submit_draft(*, draft: Draft, user: User, now: dt.datetime) -> Draft:
    """Hand a draft to the focal points of its entity, and tell them who did.

    Raises DraftIncomplete with the form that tells what is missing, ReasonOfChangeMissing and NothingChanged where it
    changes what is approved, DraftNotEditable where it was handed in already, and InitiativeNotOpen where its record
    was merged or archived.
    """
    current = _locked(draft)
    if current.state not in EDITABLE:
        raise DraftNotEditable
    if current.initiative_id:
        hold_open(current.initiative_id)
    form = form_of(current)
    if not form.is_valid():
        raise DraftIncomplete(form)
    if not current.is_new:
        if not changed_fields(current):
            raise NothingChanged
        if not current.why:
            raise ReasonOfChangeMissing
    current.state, current.submitted_at = DraftState.SUBMITTED, now
    current.decided_by = current.decided_at = None
    current.decision_note = ""
    current.save()
    notify(people=deciders_of(current.entity), kind=NotificationKind.SUBMITTED, about=current, by=user, now=now)
    return current


@transaction.atomic
def approve_draft(*, draft: Draft, edits: int, user: User, now: dt.datetime, reason: str = "") -> Draft:
    """Apply a submitted draft to its record, or make the record, and give the next number of its version.

    `edits` is the number of saves that the reviewer's page had seen. What changed in the record since the draft began
    stays where the draft does not touch it. Raises OwnDraftNeedsReason, DraftNotSubmitted, DraftChangedMeanwhile where
    it was saved again or the record changed in the same field (`bring_up_to_date` lets it go on), InitiativeNotOpen,
    and DraftIncomplete where the choices of the form have changed.
    """
    current = _decidable(draft, edits)
    if has_written(user, current) and not reason.strip():
        raise OwnDraftNeedsReason
    if current.initiative_id:
        current.initiative = hold_open(current.initiative_id)
        content, clashes = _on_top_of(drafting.content_of(current.initiative), current)
        if clashes:
            raise DraftChangedMeanwhile(current, content, clashes)
        current.content = content
    form = form_of(current)
    if not form.is_valid():
        raise DraftIncomplete(form)
    with pghistory.context(draft=current.pk, change_reason=current.why):
        initiative = drafting.apply(form, now=now)
    current.initiative = initiative
    last = Draft.objects.filter(of=current.of, initiative=initiative).aggregate(last=Max("version"))["last"]
    current.version = (last or 0) + 1
    return _decide(current, DraftState.APPROVED, user, now, reason)


def _on_top_of(stands: dict[str, Value], current: Draft) -> tuple[dict[str, Value], dict[str, MergedField]]:
    """Put what changed in the record since the draft began under what the draft changes."""
    return merge(base=current.began_from, mine=current.content, theirs=stands, texts=drafting.RICH_TEXTS)


@transaction.atomic
def bring_up_to_date(*, draft: Draft) -> Draft:
    """Let a draft under way begin from what its record says now.

    What changed in the record alone comes into the draft. Where both changed the same, the draft keeps its own: who
    decides sees there what it would replace. Counts as a save where anything changed.
    """
    current = _locked(draft)
    if current.state not in OPEN_DRAFTS or current.initiative is None:
        return current
    stands = drafting.content_of(current.initiative)
    content, clashes = _on_top_of(stands, current)
    content |= {name: choose(field, ["mine"] * field.clashing) for name, field in clashes.items()}
    if (content, stands) != (current.content, current.began_from):
        fill(current, content)
        current.began_from = stands
        current.edits += 1
        current.save()
    return current


@transaction.atomic
def return_draft(*, draft: Draft, edits: int, user: User, now: dt.datetime, note: str) -> Draft:
    """Send a submitted draft back with a note. Raises NoteMissing, and otherwise as `approve_draft`."""
    if not note.strip():
        raise NoteMissing
    return _decide(_decidable(draft, edits), DraftState.RETURNED, user, now, note)


@transaction.atomic
def withdraw_draft(*, draft: Draft, user: User, now: dt.datetime) -> Draft:
    """Take a draft back from the desk; it can be reopened. Raises DraftNotEditable where it is not under way."""
    current = _locked(draft)
    if current.state not in OPEN_DRAFTS:
        raise DraftNotEditable
    people = concerned(current) + (deciders_of(current.entity) if current.state == DraftState.SUBMITTED else [])
    current.state = DraftState.WITHDRAWN
    current.save()
    notify(people=people, kind=NotificationKind.WITHDRAWN, about=current, by=user, now=now)
    return current


def reopen_draft(*, draft: Draft) -> Draft:
    """Go on with a withdrawn draft.

    Raises DraftNotWithdrawn, AnotherDraftOpen where another one is under way, and InitiativeNotOpen where its record
    was merged or archived.
    """
    try:
        with transaction.atomic():
            current = _locked(draft)
            if current.state != DraftState.WITHDRAWN:
                raise DraftNotWithdrawn
            if current.initiative_id:
                hold_open(current.initiative_id)
            current.state = DraftState.DRAFT
            current.save()
    except IntegrityError as error:
        raise AnotherDraftOpen from error
    return current


@transaction.atomic
def hand_over_draft(*, draft: Draft, to: User, user: User, now: dt.datetime, reason: str = "") -> Draft:
    """Let another person of the entity hold a draft under way, and tell that person.

    Raises DraftNotEditable where it is decided or withdrawn, and NotOfTheEntity where the person cannot hold it.
    """
    current = _locked(draft)
    if current.state not in OPEN_DRAFTS:
        raise DraftNotEditable
    if not drafting.people_of(current.entity).filter(pk=to.pk).exists():
        raise NotOfTheEntity
    if current.holder != to:
        current.holder = to
        with pghistory.context(handover_reason=reason.strip()):
            current.save()
        notify(people=[to], kind=NotificationKind.ASSIGNMENT, about=current, by=user, now=now)
    return current


def has_written(user: User, draft: Draft) -> bool:
    """Whether the person saved any version of the draft, not only the last one: its history tells."""
    return draft.saved_by_id == user.pk or events(Draft, pgh_obj=draft, saved_by=user).exists()


def concerned(draft: Draft) -> list[User | None]:
    """Return who holds the draft, and everybody who wrote on it."""
    writers = events(Draft, pgh_obj=draft).order_by("saved_by").values("saved_by").distinct()
    return [draft.holder, *User.objects.filter(pk__in=writers)]


def _locked(draft: Draft) -> Draft:
    held = Draft.objects.select_for_update(no_key=True, of=("self",))
    current: Draft = held.select_related("entity").get(pk=draft.pk)
    return current


def _decidable(draft: Draft, edits: int) -> Draft:
    current = _locked(draft)
    if current.state != DraftState.SUBMITTED:
        raise DraftNotSubmitted
    if current.edits != edits:
        raise DraftChangedMeanwhile(current)
    return current


def _decide(current: Draft, state: DraftState, user: User, now: dt.datetime, note: str) -> Draft:
    current.state, current.decided_by, current.decided_at, current.decision_note = state, user, now, note.strip()
    current.save()
    notify(people=concerned(current), kind=NotificationKind(state), about=current, by=user, now=now)
    return current
