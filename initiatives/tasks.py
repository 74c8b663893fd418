"""What workers do with mail, files and figures.

The row is the truth; a message wakes somebody up, and comes twice or never.
"""

import logging
from functools import partial
from smtplib import SMTPException
from typing import Any

import pghistory
from celery import shared_task
from django.db import close_old_connections, transaction
from django.utils import timezone

from initiatives import mailing as mails
from initiatives.aggregation import forget_other_versions
from initiatives.indicator_tables import add_up_missing, add_up_to_today
from initiatives.invitations import invitation_to
from initiatives.models import Indicator, Mailing, Membership
from initiatives.services.evidence import remove_unused_files

logger = logging.getLogger(__name__)


@shared_task
def send_mailing_task(*, mailing_id: int, **_added_later: Any) -> None:
    """Send one mail. A second delivery finds nothing to claim."""
    mailing = mails.claim_mailing(mailing_id=mailing_id, now=timezone.now())
    if mailing is None:
        return
    try:
        mails.send_mailing(mailing=mailing)
    except Exception as error:
        close_old_connections()  # one to the database that broke cannot write the row
        failure = mails.fail(mailing=mailing, error=error, now=timezone.now())
        logger.warning("Mail %s was not sent: %s", mailing_id, failure, exc_info=True)


@shared_task(autoretry_for=(OSError, SMTPException), max_retries=8, retry_backoff=60)
def send_invitation_task(*, membership_id: int, **_added_later: Any) -> None:
    """Mail a person how to sign in. Sent twice it does no harm; given up, it is sent again from the page of people."""
    membership = Membership.objects.select_related("user", "entity").filter(pk=membership_id).first()
    if membership and membership.user.is_active:
        invitation_to(membership).send()


@shared_task
def wake_mailings_task(**_added_later: Any) -> None:
    """Send a message for each mail that waits: its message was lost, its pause is over, or its worker vanished."""
    for mailing_id in Mailing.objects.claimable(timezone.now()).values_list("pk", flat=True):
        send_mailing_task.delay(mailing_id=mailing_id)


@shared_task
def add_up_task(*, indicator_id: int, **_added_later: Any) -> None:
    """Add up what the page of an indicator shows, so that no reader waits for it. A second delivery finds it."""
    indicator = Indicator.objects.filter(pk=indicator_id).first()
    if indicator is not None:
        add_up_to_today(indicator)


@shared_task
def add_up_missing_task(**_added_later: Any) -> None:
    """Add up every indicator that nobody has, and forget what a version before has made."""
    add_up_missing()
    forget_other_versions()


def add_up_later(indicator_id: int) -> None:
    """Let a worker make the figures of an indicator after the commit; where it does not, a reader does."""
    transaction.on_commit(partial(add_up_task.delay, indicator_id=indicator_id), robust=True)


@shared_task
def remove_unused_files_task(**_added_later: object) -> None:
    """Remove the files that nothing has used for long. A second delivery finds none, or leaves those that are held."""
    with pghistory.context(task="remove unused files"):
        remove_unused_files(now=timezone.now())
