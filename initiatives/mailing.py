"""One mail from claim to delivery. It says what its reader may see when it is sent, in the reader's language."""

import datetime as dt
import logging
from collections.abc import Iterable
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from initiatives.choices import MailFailure, MailingState
from initiatives.models import Mailing, Notification
from initiatives.models.notifications import MAIL_TRIES
from initiatives.querysets import MailingQuerySet
from portal.common.languages import direction, interface_language
from portal.common.leases import heartbeat, lease, pause
from portal.models import User

logger = logging.getLogger(__name__)

_SALT = "stop mail"
_ISOLATES = str.maketrans("", "", "\u2068\u2069")
_LONGEST_SUBJECT = 150


def claim_mailing(*, mailing_id: int, now: dt.datetime) -> Mailing | None:
    """Take the mail, if it waits or its worker has vanished; return None where there is nothing to take."""
    claimable = Mailing.objects.claimable(now).filter(pk=mailing_id)
    won = claimable.filter(tries_left__gt=0).update(
        state=MailingState.SENDING,
        attempt=F("attempt") + 1,
        tries_left=F("tries_left") - 1,
        lease_until=now + lease(),
    )
    if won:
        return Mailing.objects.select_related("to").get(pk=mailing_id)
    failed = {"state": MailingState.FAILED, "failure": MailFailure.UNEXPECTED, "finished_at": now}
    if claimable.filter(tries_left=0).update(**failed):
        logger.error("Mail %s was given up: its workers vanished each time", mailing_id)
    return None


def send_mailing(*, mailing: Mailing) -> None:
    """Send a claimed mail, or end it where nothing is left to say. Raises what the mail server or database raises."""
    with heartbeat(
        lambda: _own(mailing).update(lease_until=timezone.now() + lease()), name=f"lease on mail {mailing.pk}"
    ):
        message = message_of(mailing)
        if message:
            message.send()
    state = MailingState.SENT if message else MailingState.NEEDLESS
    _own(mailing).update(state=state, finished_at=timezone.now(), lease_until=None)


def message_of(mailing: Mailing) -> EmailMultiAlternatives | None:
    """Return the mail as it reads now; None where its reader has seen all of it, or wants or may see none of it."""
    reader = mailing.to
    seen = Notification.objects.visible_to(reader).unread().filter(mailing=mailing, kind__in=reader.mailed)
    told = _once_each(seen.for_listing().order_by("made_at", "pk")) if reader.is_active else []
    if not told:
        return None
    with translation.override(interface_language(reader.language)):
        lines = [{"sentence": one.sentence, "address": _whole(one.get_absolute_url())} for one in told]
        subject = ngettext("%(sentence)s", "%(count)s notifications: %(sentence)s", len(lines))
        subject %= {"count": len(lines), "sentence": lines[0]["sentence"]}
        stop = _whole(reverse("mail_stop", args=[stop_token(reader)]))
        context = {
            "reader": reader,
            "language": translation.get_language(),
            "direction": direction(reader.language),
            "lines": lines,
            "all": _whole(reverse("notification_list")),
            "account": _whole(reverse("account")),
            "stop": stop,
        }
        message = EmailMultiAlternatives(
            subject=" ".join(subject.translate(_ISOLATES).split())[:_LONGEST_SUBJECT],
            body=render_to_string("email/notifications.txt", context),
            to=[reader.email],
            headers={
                # the same at each attempt: who gets it twice, since a worker vanished meanwhile, is shown it once
                "Message-ID": f"<mail-{mailing.pk}@{urlsplit(settings.PORTAL_URL).hostname}>",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("email/notifications.html", context), "text/html")
    return message


def _once_each(notifications: Iterable[Notification]) -> list[Notification]:
    """Return of those that say the same the last one."""
    return list({(one.kind, one.by_id, one.draft_id, one.initiative_id): one for one in notifications}.values())


def _whole(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def fail(*, mailing: Mailing, error: Exception, now: dt.datetime) -> MailFailure:
    """Note that a claimed mail did not go out: it is tried again after a pause, or given up. Return why it failed."""
    failure, may_pass = judge(error)
    said = str(error)[:1000]
    if may_pass and mailing.tries_left:
        wait = pause(tries=MAIL_TRIES - mailing.tries_left, first=settings.MAIL_RETRY_SECONDS)
        _own(mailing).update(state=MailingState.PAUSED, not_before=now + wait, lease_until=None, server_said=said)
    else:
        _own(mailing).update(
            state=MailingState.FAILED, failure=failure, finished_at=now, lease_until=None, server_said=said
        )
    return failure


def judge(error: Exception) -> tuple[MailFailure, bool]:
    """Return why a mail did not go out, and whether another try may help."""
    match error:
        case SMTPAuthenticationError():  # an administrator puts that right, while the mails wait
            return MailFailure.SIGN_IN, True
        case SMTPRecipientsRefused():
            may_pass = any(code < 500 for code, _said in error.recipients.values())
            return (MailFailure.UNREACHABLE, True) if may_pass else (MailFailure.REFUSED, False)
        case SMTPResponseException() if error.smtp_code >= 500:
            return MailFailure.REFUSED, False
        case SMTPException() | OSError() | OperationalError() | InterfaceError():
            return MailFailure.UNREACHABLE, True
    return MailFailure.UNEXPECTED, False


def _own(mailing: Mailing) -> MailingQuerySet:
    """The row, as long as this attempt holds it."""
    return Mailing.objects.filter(pk=mailing.pk, attempt=mailing.attempt, state=MailingState.SENDING)


# Stopping mails


def stop_token(reader: User) -> str:
    """Return what the link in a mail says: who wants no more of them. It is good for ever and for nothing else."""
    return signing.dumps(reader.pk, salt=_SALT)


def reader_of(token: str) -> User | None:
    """Return whose mails a link stops; None where the link is not one of ours, or the account is gone."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()
