"""Who serves an entity: invited, away for a time, and ended with what they hold handed over."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from initiatives.choices import ENTITY_ROLES, Role
from initiatives.drafting.initiatives import HOLDING, people_of
from initiatives.models import Absence, Draft, Entity, Initiative, Membership, Unit
from initiatives.querysets import EntityQuerySet, MembershipQuerySet
from initiatives.services.cells import NotOfTheEntity, hand_over
from initiatives.services.drafts import may_hold
from initiatives.services.notifications import notify
from initiatives.tasks import send_invitation_task
from portal.common.errors import PersonError
from portal.models import NotificationKind, User


class HasTheRole(PersonError):
    sentence = _("This person has this role for the entity already.")


class AccountIsClosed(PersonError):
    sentence = _("The account with this address is closed. Ask an administrator to open it again.")


class LastFocalPoint(PersonError):
    sentence = _(
        "Nobody else is a focal point of the entity. Invite another one, or name one, before you end this one."
    )


class SuccessorMissing(PersonError):
    sentence = _("Choose who takes what this person holds, or say that nobody does.")


class AwayAlready(PersonError):
    sentence = _("This person is away on some of these days already.")


@transaction.atomic
def invite_person(
    *, entity: Entity, email: str, name: str, role: str, unit: Unit | None, now: dt.datetime, today: dt.date
) -> Membership:
    """Give a person a role for the entity, and an account where there is none, and tell them by mail.

    Raises HasTheRole and AccountIsClosed.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name, joined_at=now)
    if not user.is_active:
        raise AccountIsClosed
    if entity.memberships.filter(Q(until=None) | Q(until__gt=today), user=user, role=role).exists():
        raise HasTheRole
    membership = Membership.objects.create(user=user, entity=entity, role=role, unit=unit, since=today)
    send_invitation(membership)
    return membership


def send_invitation(membership: Membership) -> None:
    """Mail how to sign in, after the commit."""
    # robust: without a broker the person can still ask for a password on the page of signing in
    transaction.on_commit(partial(send_invitation_task.delay, membership_id=membership.pk), robust=True)


def roles_of(person: User, entity: Entity, today: dt.date) -> MembershipQuerySet:
    """Return the roles that the person holds for the entity, today or later."""
    return entity.memberships.filter(Q(until=None) | Q(until__gt=today), user=person, role__in=ENTITY_ROLES)


@transaction.atomic
def end_person(
    *,
    person: User,
    entity: Entity,
    successor: User | None,
    to_nobody: bool = False,
    by: User,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """End all roles of a person for the entity today; another one takes the initiatives and drafts they hold.

    Where nobody takes them, `to_nobody` says so, and they are listed as without holder. The person is no deputy any
    more either. Raises SuccessorMissing where something is held and neither is said, NotOfTheEntity, LastFocalPoint.
    """
    Entity.objects.select_for_update(no_key=True).get(pk=entity.pk)  # two who end each other: one stays
    roles = roles_of(person, entity, today)
    others = entity.memberships.active_on(today).filter(role=Role.FOCAL_POINT, user__is_active=True)
    if roles.filter(role=Role.FOCAL_POINT).exists() and not others.exclude(user=person).exists():
        raise LastFocalPoint
    _pass_on(person=person, entity=entity, successor=successor, to_nobody=to_nobody, by=by, now=now)
    Absence.objects.filter(entity=entity, user=person, until__gt=today).delete()
    _end(roles, today)
    _end(entity.memberships.filter(acting_for=person, until__gt=today), today)


def entities_held_for(person: User) -> EntityQuerySet:
    """Return the entities of which the person holds initiatives or open drafts."""
    initiatives = Initiative.objects.filter(holder=person).order_by().values("entity")
    drafts = Draft.objects.open().filter(holder=person).order_by().values("entity")
    return Entity.objects.filter(Q(pk__in=initiatives) | Q(pk__in=drafts))


def successors(*entities: Entity) -> QuerySet[User]:
    """Return who may take what a person of the entities holds: their people who hold records, or plan."""
    return people_of(*entities, roles=[*HOLDING, Role.SECRETARIAT])


def may_take(successor: User, *, person: User, entity: Entity) -> bool:
    """May take what the person holds in the entity: where that are initiatives, whoever may hold these."""
    has_initiatives = Initiative.objects.filter(entity=entity, holder=person).exists()
    among = people_of(entity) if has_initiatives else successors(entity)
    return among.filter(pk=successor.pk).exists()


@transaction.atomic
def close_account(*, person: User, successor: User | None, to_nobody: bool = False, by: User, now: dt.datetime) -> None:
    """Close an account for ever or for a time; another one takes what it holds, in every entity.

    Its roles stay as they are: whoever may not sign in acts in none. Raises SuccessorMissing where something is held
    and neither is said, and NotOfTheEntity where the successor does not serve each entity of which something is held.
    """
    for entity in Entity.objects.filter(pk__in=entities_held_for(person)).select_for_update(no_key=True).order_by("pk"):
        _pass_on(person=person, entity=entity, successor=successor, to_nobody=to_nobody, by=by, now=now)
    Initiative.objects.filter(deputy=person).update(deputy=None)
    person.is_active = False
    person.save(update_fields=["is_active"])


def _pass_on(
    *, person: User, entity: Entity, successor: User | None, to_nobody: bool, by: User, now: dt.datetime
) -> None:
    """Let the successor hold what the person holds in the entity, or nobody; the person is no deputy any more.

    Drafts that the successor could not write, as those of indicators outside the secretariat, are held by nobody.
    """
    held = Initiative.objects.filter(entity=entity, holder=person)
    drafts = Draft.objects.open().filter(entity=entity, holder=person)
    if successor:
        if successor == person or not may_take(successor, person=person, entity=entity):
            raise NotOfTheEntity
        hand_over(initiatives=list(held.select_related("entity")), to=successor, by=by, now=now)
    elif not to_nobody and (held.exists() or drafts.exists()):
        raise SuccessorMissing
    else:
        held.update(holder=None)
    for draft in drafts:
        draft.holder = successor if successor and may_hold(draft).filter(pk=successor.pk).exists() else None
        draft.save(update_fields=["holder"])
        notify(people=[draft.holder], kind=NotificationKind.ASSIGNMENT, about=draft, by=by, now=now)
    Initiative.objects.filter(entity=entity, deputy=person).update(deputy=None)


def _end(memberships: MembershipQuerySet, today: dt.date) -> None:
    """From today on nobody has these roles. One that would not have lasted a day is taken away."""
    memberships.filter(since__gte=today).delete()
    memberships.update(until=today)


# Leave


@transaction.atomic
def take_leave(
    *, person: User, entity: Entity, since: dt.date, until: dt.date, acting: User | None, today: dt.date
) -> Absence:
    """Say that a person is away until before the day `until`: deputies act meanwhile, and `acting` as focal point.

    Raises AwayAlready, and NotOfTheEntity where the acting person has no role for the entity.
    """
    absences = Absence.objects.select_for_update(no_key=True).filter(entity=entity, user=person)
    if absences.filter(since__lt=until, until__gt=since).exists():
        raise AwayAlready
    absence = Absence.objects.create(entity=entity, user=person, since=since, until=until)
    if acting:
        if acting == person or not people_of(entity).filter(pk=acting.pk).exists():
            raise NotOfTheEntity
        Membership.objects.create(
            user=acting, entity=entity, role=Role.FOCAL_POINT, since=since, until=until, acting_for=person
        )
    return absence


@transaction.atomic
def end_leave(*, absence: Absence, today: dt.date) -> None:
    """The person is back today, and nobody acts in their place any more."""
    _end(
        absence.entity.memberships.filter(acting_for=absence.user, since=absence.since, until=absence.until),
        today,
    )
    if absence.since < today:
        absence.until = today
        absence.save(update_fields=["until"])
    else:
        absence.delete()
