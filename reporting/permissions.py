"""Who may do what with submissions; who may see what stands in `visible_to` of each QuerySet."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from initiatives.choices import ENTITY_ROLES
from initiatives.models import Entity, Membership
from initiatives.querysets import EntityQuerySet
from portal.models import User
from reporting.models import Import, Submission
from reporting.querysets import is_of_the_commission


def may_compile(user: User | AnonymousUser, submission: Submission) -> bool:
    """May compile drafts, ask for review, open or drop a later issue, take the dossier: focal point and secretariat."""
    return Entity.objects.composed_by(user).filter(submissions=submission).exists()


def is_inside(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether the person serves one of its entities. Names are told by entity: see `colleagues_of`."""
    return Entity.objects.written_by(user).filter(submissions=submission).exists()


def clearing_entities(user: User | AnonymousUser, submission: Submission) -> EntityQuerySet:
    """Return the entities of the submission for which the person clears and returns: as their focal point."""
    return Entity.objects.approved_by(user).filter(submissions=submission).order_by("code")


def may_clear(user: User | AnonymousUser, submission: Submission) -> bool:
    """May clear a text, or return it, for one of its entities."""
    return clearing_entities(user, submission).exists()


def sealing_entities(user: User | AnonymousUser, submission: Submission) -> EntityQuerySet:
    """Return the entities of the submission for which the person seals and records sending: as their secretariat."""
    return Entity.objects.sealed_by(user).filter(submissions=submission).order_by("code")


def may_seal(user: User | AnonymousUser, submission: Submission) -> bool:
    """May seal it and record its sending, for one of its entities."""
    return sealing_entities(user, submission).exists()


def receives(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whether it was sent to the person: to the Commission, or to the secretariat of the entity that owns the call."""
    return Submission.objects.received_by(user).filter(pk=submission.pk).exists()


def may_publish(user: User | AnonymousUser, submission: Submission) -> bool:
    """May publish what was sent: the Commission, and the secretariat of the entity that owns the call."""
    owner = submission.call.owner
    owns = owner is not None and Entity.objects.sealed_by(user).filter(pk=owner.pk).exists()
    return owns or receives(user, submission)


def may_propose_withdrawal(user: User | AnonymousUser, submission: Submission) -> bool:
    """May ask for the withdrawal of a sealed one: secretariat of its entity, and the Commission for what was sent."""
    return may_seal(user, submission) or _commission_has(user, submission)


def may_confirm_withdrawal(user: User | AnonymousUser, submission: Submission) -> bool:
    """May be the second person: focal point or secretariat of its entity, and the Commission for what was sent."""
    return may_compile(user, submission) or _commission_has(user, submission)


def _commission_has(user: User | AnonymousUser, submission: Submission) -> bool:
    return is_of_the_commission(user) and receives(user, submission)


def colleagues_of(user: User | AnonymousUser) -> Any:
    """Return the ids of the people whose names the person may read: who serve, or served, an entity of theirs."""
    entities = Entity.objects.written_by(user)
    return Membership.objects.filter(entity__in=entities, role__in=ENTITY_ROLES).values("user")


def proposing_entities(user: User | AnonymousUser) -> EntityQuerySet:
    """Return the entities whose old documents the person may send in: one's own; all of them for the Commission."""
    if is_of_the_commission(user):
        return Entity.objects.all()
    return Entity.objects.written_by(user)


def may_decide_import(user: User | AnonymousUser, imported: Import) -> bool:
    """May file what an old document proposes, and undo that: focal point and secretariat of its first entity.

    The first entity is the one whose records are made, so its own people answer for them in a joint document too.
    """
    first = imported.entities_in_order[:1]
    return bool(first) and Entity.objects.composed_by(user).filter(pk=first[0].pk).exists()
