"""Telling people what happened: rows that they read on their page, and the mail that will say the same."""

import datetime as dt
from collections.abc import Collection, Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from initiatives.choices import MailingState, Role
from initiatives.models import Comment, Draft, Entity, Initiative, JointInvitation, Mailing, Notification
from initiatives.models.notifications import MAIL_TRIES
from initiatives.tasks import send_mailing_task
from portal.models import NotificationKind, User


@transaction.atomic
def notify(
    *,
    people: Iterable[User | None],
    kind: NotificationKind,
    about: Draft | Initiative,
    by: User | None,
    now: dt.datetime,
    comment: Comment | None = None,
    invitation: JointInvitation | None = None,
) -> None:
    """Tell people of something, once each; not who did it, and nobody whose account has ended.

    Whoever wants a mail of this kind gets one with all that happens within a short time, after the commit.
    """
    told = {person.pk: person for person in people if person and person.is_active and person != by}
    mailings = _mailings_to([pk for pk, person in told.items() if kind in person.mailed], now)
    record = {"draft": about} if isinstance(about, Draft) else {"initiative": about}
    Notification.objects.bulk_create(
        Notification(
            to=person,
            kind=kind,
            by=by,
            made_at=now,
            comment=comment,
            invitation=invitation,
            mailing=mailings.get(pk),
            **record,
        )
        for pk, person in told.items()
    )


def _mailings_to(people: Collection[int], now: dt.datetime) -> dict[int, Mailing]:
    """Return the waiting mail to each person, a new one where there is none, held until the transaction ends."""
    not_before = now + dt.timedelta(seconds=settings.MAIL_GATHER_SECONDS)
    held: dict[int, Mailing] = {}
    while missing := sorted(set(people) - held.keys()):  # again where a worker has just taken the one that waited
        new = [Mailing(to_id=pk, made_at=now, not_before=not_before) for pk in missing]
        Mailing.objects.bulk_create(new, ignore_conflicts=True)
        waiting = Mailing.objects.select_for_update().filter(to__in=missing, state=MailingState.WAITING)
        held |= {mailing.to_id: mailing for mailing in waiting.order_by("to")}
    for mailing in held.values():
        if mailing.made_at == now:
            send_later(mailing, seconds=settings.MAIL_GATHER_SECONDS)
    return held


def send_later(mailing: Mailing, *, seconds: float = 0) -> None:
    """Wake a worker after the commit, so many seconds later."""
    message = partial(send_mailing_task.apply_async, kwargs={"mailing_id": mailing.pk}, countdown=seconds)
    # robust: where the broker is out of reach the row waits, and the beat task sends the message again
    transaction.on_commit(message, robust=True)


@transaction.atomic
def send_again(*, mailing: Mailing, now: dt.datetime) -> bool:
    """Try a mail again that was given up; return False where it was not, or not any more."""
    given_up = Mailing.objects.filter(pk=mailing.pk, state=MailingState.FAILED)
    won = given_up.update(
        state=MailingState.PAUSED, tries_left=MAIL_TRIES, not_before=now, failure="", finished_at=None
    )
    if won:
        send_later(mailing)
    return bool(won)


def deciders_of(entity: Entity) -> list[User]:
    """Return who approves and returns what others of the entity wrote."""
    held = entity.memberships.active_on(timezone.localdate()).filter(role=Role.FOCAL_POINT)
    return [membership.user for membership in held.select_related("user")]


def mark_read(*, user: User, now: dt.datetime, notification: Notification | None = None) -> int:
    """Mark one notification of a person as read, or all of them; return how many were not yet."""
    unread = Notification.objects.filter(to=user).unread()
    if notification:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_at=now)


def stop_mail(*, user: User) -> None:
    """Send a person no more mails of notifications, until the person chooses some again."""
    user.mailed = []
    user.save(update_fields=["mailed"])
