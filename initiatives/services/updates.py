"""The life of an update: draft, submitted, returned or approved."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Role, TextState, UpdateKind, UpdateState
from initiatives.models import Entity, Initiative, Update, UpdateText
from portal.common import richtext
from portal.common.errors import PersonError
from portal.models import User

EDITABLE = [UpdateState.DRAFT, UpdateState.RETURNED]
TEXT_FIELDS = ["paragraph", "results", "obstacles", "lessons", "proposals", "outlook"]


class UpdateChangedMeanwhile(PersonError):
    sentence = _(
        "Somebody saved this update after you opened it. Your text is kept below; compare it, then save again."
    )


class UpdateNotEditable(PersonError):
    sentence = _("This update was submitted or approved meanwhile, so it cannot be changed here.")


class UpdateNotSubmitted(PersonError):
    sentence = _("This update does not wait for a decision any more.")


class OwnUpdateNeedsReason(PersonError):
    sentence = _("You wrote this update yourself. Another person approves it, or you store a reason why you do.")


class ReturnNeedsNote(PersonError):
    sentence = _("Say what should change before you return the update.")


class InitiativeNotOpen(PersonError):
    """No update begins or is decided on a record that was merged into another one or archived."""

    def __init__(self, initiative: Initiative) -> None:
        if initiative.merged_into_id:
            self.sentence = _("This initiative was merged into another one. Write on that one.")
        else:
            self.sentence = _(
                "This initiative is archived. What was written is kept; a focal point can bring it back "
                "at “Address, merge, archive” of its page."
            )


class UpdateIncomplete(PersonError):
    """What is missing, by the name of the field."""

    sentence = _("The update is not complete yet.")

    def __init__(self, missing: dict[str, Promise | str]) -> None:
        super().__init__()
        self.missing = missing


@dataclass(frozen=True)
class UpdateDraft:
    """What a person wrote into the form of an update."""

    kind: str = UpdateKind.NEWS
    reason: str = ""
    language: str = "en"
    texts: dict[str, str] = field(default_factory=dict)  # HTML by the names of TEXT_FIELDS


@transaction.atomic
def start_update(
    *, initiative: Initiative, entity: Entity, period_start: dt.date, period_end: dt.date, user: User
) -> tuple[Update, bool]:
    """Return the open update of the entity for the period, and whether it is new: there is one at a time.

    Raises InitiativeNotOpen where the initiative was merged or archived, also a moment ago.
    """
    hold_open(initiative.pk)
    return Update.objects.open().get_or_create(
        initiative=initiative,
        entity=entity,
        period_start=period_start,
        period_end=period_end,
        defaults={"author": user, "author_role": role_in(user, entity)},
    )


def hold_open(pk: int) -> Initiative:
    """Return the initiative, which nobody merges or archives until the end of the transaction.

    Raises InitiativeNotOpen.
    """
    # no other lock: rows that are written meanwhile refer to the initiative, and would wait for a stronger one
    initiative = Initiative.objects.select_for_update(no_key=True).get(pk=pk)
    if initiative.merged_into_id or initiative.archived_at:
        raise InitiativeNotOpen(initiative)
    return initiative


def role_in(user: User, entity: Entity) -> str:
    """The role under which a person writes for an entity, staff where there are several."""
    roles = user.memberships.filter(entity=entity).values_list("role", flat=True)
    return next((role for role in (Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT) if role in roles), "")


@transaction.atomic
def save_update(*, update: Update, draft: UpdateDraft, edits: int, user: User) -> Update:
    """Keep what was written, complete or not.

    `edits` is the number of saves that the writer's page had seen. Raises UpdateChangedMeanwhile where there were
    more, and UpdateNotEditable where it is submitted or approved: nothing is changed then.
    """
    current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
    if current.state not in EDITABLE:
        raise UpdateNotEditable
    if current.edits != edits:
        raise UpdateChangedMeanwhile
    current.kind, current.reason = draft.kind, draft.reason
    current.edits = F("edits") + 1
    current.author, current.author_role = user, role_in(user, current.entity)
    current.save()
    UpdateText.objects.update_or_create(
        update=current,
        state=TextState.ORIGINAL,
        defaults={"language": draft.language, **{name: draft.texts.get(name, "") for name in TEXT_FIELDS}},
    )
    current.refresh_from_db()
    return current


def what_stands(update: Update) -> dict[str, Any]:
    """Return what is written in an update by the names of its form; language and texts after the first save."""
    text = update.original
    facts = {"edits": update.edits, "kind": update.kind, "reason": update.reason}
    return facts | ({"language": text.language} | {name: getattr(text, name) for name in TEXT_FIELDS} if text else {})


def stands_already(*, update: Update, draft: UpdateDraft, user: User) -> bool:
    """Whether the person's own last save is this draft: the same was sent twice."""
    written = {"kind": draft.kind, "reason": draft.reason, "language": draft.language, **draft.texts}
    return update.author_id == user.pk and what_stands(update) == {"edits": update.edits, **written}


def what_is_missing(update: Update) -> dict[str, Promise | str]:
    """Return what keeps the update from being submitted, by the name of the field."""
    if update.kind == UpdateKind.NOTHING and not update.reason.strip():
        return {"reason": _("Say why there is nothing to report.")}
    if update.kind == UpdateKind.NEWS:
        text = update.texts.filter(state=TextState.ORIGINAL).first()
        if not text or not richtext.to_plain(text.paragraph):
            return {"paragraph": _("Write the paragraph that will be printed.")}
    if update.kind == UpdateKind.STILL_TRUE and not last_approved_news(update):
        return {"kind": _("Nothing was approved before that could still be true. Write what happened.")}
    return {}


def last_approved_news(update: Update) -> Update | None:
    """The latest approved update with a paragraph before this one's period ends."""
    return (
        Update.objects.approved()
        .with_paragraph()
        .filter(initiative=update.initiative, entity=update.entity, period_start__lt=update.period_end)
        .for_timeline()
        .first()
    )


@transaction.atomic
def submit_update(*, update: Update, now: dt.datetime) -> Update:
    """Hand an update to the focal point. "Still true" needs no review and is approved at once.

    Raises UpdateIncomplete with what is missing, UpdateNotEditable where it was submitted already, and
    InitiativeNotOpen where its initiative was archived: the draft stays one.
    """
    hold_open(update.initiative_id)
    current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
    if current.state not in EDITABLE:
        raise UpdateNotEditable
    if missing := what_is_missing(current):
        raise UpdateIncomplete(missing)
    current.submitted_at = now
    current.state = UpdateState.SUBMITTED
    current.decided_by = current.decided_at = None
    current.decision_note = ""
    if current.kind == UpdateKind.STILL_TRUE:
        current.state, current.decided_at = UpdateState.APPROVED, now
    current.save()
    return current


def approve_update(*, update: Update, edits: int, user: User, now: dt.datetime, reason: str = "") -> Update:
    """Approve a submitted update, once.

    `edits` is the number of saves that the reviewer's page had seen. Raises OwnUpdateNeedsReason, UpdateNotSubmitted
    when it was decided, UpdateChangedMeanwhile when it was returned, changed and submitted again, and
    InitiativeNotOpen when its initiative was archived.
    """
    return _decide(update, UpdateState.APPROVED, edits, user, now, reason)


def return_update(*, update: Update, edits: int, user: User, now: dt.datetime, note: str) -> Update:
    """Send a submitted update back with a note. Raises ReturnNeedsNote, and otherwise as `approve_update`."""
    if not note.strip():
        raise ReturnNeedsNote
    return _decide(update, UpdateState.RETURNED, edits, user, now, note)


def has_written(user: User, update: Update) -> bool:
    """Whether the person saved any version of the update, not only the last one: its history tells."""
    saved = update.events.filter(author=user, edits__gt=0)  # type: ignore[attr-defined]  # made by pghistory
    return update.author_id == user.pk or saved.exists()


@transaction.atomic
def _decide(update: Update, state: str, edits: int, user: User, now: dt.datetime, note: str) -> Update:
    if state == UpdateState.APPROVED:  # what is returned can go on once the initiative is back
        hold_open(update.initiative_id)
    current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
    if current.state != UpdateState.SUBMITTED:
        raise UpdateNotSubmitted
    if current.edits != edits:
        raise UpdateChangedMeanwhile
    if state == UpdateState.APPROVED and has_written(user, current) and not note.strip():
        raise OwnUpdateNeedsReason
    current.state, current.decided_by, current.decided_at, current.decision_note = state, user, now, note.strip()
    current.save()
    return current
