"""Joint initiatives: a second entity is invited, answers, writes its own part; either side can end it.

Facts have one owner, the entity of the initiative. Whatever was written and printed stays when the joint work ends.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from initiatives.choices import InvitationState, ParticipationRole
from initiatives.models import Comment, Entity, Initiative, JointInvitation, Participation
from initiatives.services.comments import Place, write_comment
from initiatives.services.drafts import begin_change, hold_open
from initiatives.services.initiatives import ReasonMissing
from initiatives.services.notifications import deciders_of, notify
from portal.common.errors import PersonError
from portal.models import NotificationKind, User


class OwnerIsNotInvited(PersonError):
    sentence = _("This initiative is of that entity already. Choose another one.")


class InvitedAlready(PersonError):
    sentence = _("This entity is invited already, or has joined.")


class NobodyAnswers(PersonError):
    def __init__(self, entity: Entity) -> None:
        self.sentence = _("Nobody is a focal point of %(entity)s here, so nobody could answer.") % {"entity": entity}


class AnsweredAlready(PersonError):
    sentence = _("This invitation was answered or taken back meanwhile.")


class EndedAlready(PersonError):
    sentence = _("This has ended already.")


@transaction.atomic
def invite_entity(
    *,
    initiative: Initiative,
    entity: Entity,
    role: ParticipationRole | str,
    words: str,
    language: str,
    by: User,
    now: dt.datetime,
) -> JointInvitation:
    """Invite a second entity, and tell its focal points.

    Raises InitiativeNotOpen, OwnerIsNotInvited, InvitedAlready, and NobodyAnswers where it has no focal point.
    """
    current = hold_open(initiative.pk)
    if current.entity == entity:
        raise OwnerIsNotInvited
    deciders = deciders_of(entity)
    if not deciders:
        raise NobodyAnswers(entity)
    try:
        with transaction.atomic():
            invitation = JointInvitation.objects.create(
                initiative=current,
                entity=entity,
                role=role,
                words=words.strip(),
                language=language,
                invited_by=by,
                invited_at=now,
            )
    except IntegrityError as error:
        raise InvitedAlready from error
    _tell(invitation, deciders, NotificationKind.INVITED, now)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: JointInvitation, by: User, now: dt.datetime, today: dt.date) -> JointInvitation:
    """Join: the entity takes part in the role offered, and writes its own part from now on.

    Raises AnsweredAlready, and InitiativeNotOpen where the initiative was merged or archived.
    """
    current = _held(invitation)
    hold_open(current.initiative_id)
    _answer(current, InvitationState.JOINED, by, now)
    current.save()
    standing = Participation.objects.filter(initiative=current.initiative, entity=current.entity, role=current.role)
    if not standing.in_force_on(today).exists():
        # one that began today has ended today: see `_end_participation`
        Participation.objects.create(
            initiative=current.initiative, entity=current.entity, role=current.role, since=today
        )
    _tell(current, deciders_of(current.initiative.entity), NotificationKind.JOINED, now)
    return current


@transaction.atomic
def decline_invitation(
    *, invitation: JointInvitation, reason: str, language: str, by: User, now: dt.datetime
) -> JointInvitation:
    """Say no, with a reason that the owner reads. Raises ReasonMissing and AnsweredAlready."""
    current = _held(invitation)
    _answer(current, InvitationState.DECLINED, by, now)
    _say_why(current, reason, language)
    _tell(current, deciders_of(current.initiative.entity), NotificationKind.DECLINED, now)
    return current


@transaction.atomic
def end_joint_work(
    *,
    invitation: JointInvitation,
    entity: Entity,
    reason: str,
    language: str,
    by: User,
    now: dt.datetime,
    today: dt.date,
) -> JointInvitation:
    """End it for one of both entities, or take back what is not answered yet, and tell the other side.

    What the second entity wrote and what was printed of it stay; it writes nothing more. Raises ReasonMissing and
    EndedAlready.
    """
    current = _held(invitation)
    if current.state not in (InvitationState.INVITED, InvitationState.JOINED):
        raise EndedAlready
    if current.state == InvitationState.JOINED:
        _end_participation(current, today)
    current.state, current.ended_by, current.ended_at, current.ended_for = InvitationState.ENDED, by, now, entity
    _say_why(current, reason, language)
    other = current.initiative.entity if entity == current.entity else current.entity
    _tell(current, deciders_of(other), NotificationKind.ENDED, now)
    return current


@transaction.atomic
def ask_for_change(*, initiative: Initiative, words: str, language: str, user: User, now: dt.datetime) -> Comment:
    """Tell the owner what should change: a comment on the change that is under way, or on one that it begins.

    Its holder reads it; focal points too where nobody holds the initiative. Raises CommentEmpty, CommentTooLong and
    InitiativeNotOpen.
    """
    draft = begin_change(initiative=initiative, user=user, now=now)
    if draft.begun_at == now and draft.holder == user:
        draft.holder = initiative.holder
        draft.save(update_fields=["holder"])
    comment = write_comment(draft=draft, place=Place(), words=words, language=language, user=user, now=now)
    if not draft.holder:
        people = deciders_of(initiative.entity)
        notify(people=people, kind=NotificationKind.COMMENT, about=draft, comment=comment, by=user, now=now)
    return comment


def _held(invitation: JointInvitation) -> JointInvitation:
    """Return it as it stands, while nobody else answers or ends it, nor begins anything about its initiative."""
    Initiative.objects.select_for_update(no_key=True).get(pk=invitation.initiative_id)
    held = JointInvitation.objects.select_for_update(no_key=True, of=("self",))
    current: JointInvitation = held.select_related("entity", "initiative__entity").get(pk=invitation.pk)
    return current


def _answer(current: JointInvitation, state: InvitationState, by: User, now: dt.datetime) -> None:
    if current.state != InvitationState.INVITED:
        raise AnsweredAlready
    current.state, current.answered_by, current.answered_at = state, by, now


def _say_why(current: JointInvitation, reason: str, language: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    current.reason, current.reason_language = reason.strip(), language
    current.save()


def _end_participation(current: JointInvitation, today: dt.date) -> None:
    """It took part until today. What would not have lasted a day is taken away."""
    taking_part = Participation.objects.filter(initiative=current.initiative, entity=current.entity, role=current.role)
    standing = taking_part.in_force_on(today)
    standing.filter(since__gte=today).delete()
    standing.update(until=today)


def _tell(invitation: JointInvitation, people: list[User], kind: NotificationKind, now: dt.datetime) -> None:
    # without a person: names are seen inside their entity
    notify(people=people, kind=kind, about=invitation.initiative, by=None, now=now, invitation=invitation)
