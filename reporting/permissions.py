"""Who may do what with submissions; who may see what stands in `visible_to` of each QuerySet."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Entity
from initiatives.querysets import EntityQuerySet
from portal.models import User
from reporting.models import Submission
from reporting.querysets import RECEIVED


def may_compile(user: User | AnonymousUser, submission: Submission) -> bool:
    """May compile drafts, ask for review, open a later issue, take the dossier: focal point and secretariat."""
    return Entity.objects.composed_by(user).filter(submissions=submission).exists()


def is_inside(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether the person serves one of its entities: names of people are seen there."""
    return Entity.objects.written_by(user).filter(submissions=submission).exists()


def clearing_entities(user: User | AnonymousUser, submission: Submission) -> EntityQuerySet:
    """Return the entities of the submission for which the person clears and returns: as their focal point."""
    return Entity.objects.approved_by(user).filter(submissions=submission).order_by("code")


def sealing_entities(user: User | AnonymousUser, submission: Submission) -> EntityQuerySet:
    """Return the entities of the submission for which the person seals and records sending: as their secretariat."""
    return Entity.objects.sealed_by(user).filter(submissions=submission).order_by("code")


def receives(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether the person is of the secretariat of the Commission, and the submission was sent."""
    if not user.is_authenticated:
        return False
    roles = user.memberships.active_on(timezone.localdate())
    if not roles.filter(role=Role.COMMISSION).exists():
        return False
    was_sent = Submission.objects.filter(pk=submission.pk, seal__deliveries__isnull=False)
    return submission.state in RECEIVED or was_sent.exists()


def may_publish(user: User | AnonymousUser, submission: Submission) -> bool:
    """May publish what was sent: the Commission, and the secretariat of the entity that owns the call."""
    owner = submission.call.owner
    owns = owner is not None and Entity.objects.sealed_by(user).filter(pk=owner.pk).exists()
    return owns or receives(user, submission)


def may_propose_withdrawal(user: User | AnonymousUser, submission: Submission) -> bool:
    """May ask for the withdrawal of a sealed one: secretariat of its entity, and the Commission for what was sent."""
    return sealing_entities(user, submission).exists() or receives(user, submission)


def may_confirm_withdrawal(user: User | AnonymousUser, submission: Submission) -> bool:
    """May be the second person: focal point or secretariat of its entity, and the Commission for what was sent."""
    return may_compile(user, submission) or receives(user, submission)
