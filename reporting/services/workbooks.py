"""A workbook sent back: kept and queued, then taken in once, or left."""

import datetime as dt
import hashlib
from functools import partial
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from initiatives.models import Entity
from initiatives.services.drafts import EDITABLE
from portal.common.errors import PersonError
from portal.common.languages import reader_language
from portal.models import User
from reporting.choices import RowVerdict, WorkbookState
from reporting.models import WorkbookRow, WorkbookUpload
from reporting.services.imports import clean_name
from reporting.tasks import work_on_workbook_task
from reporting.workbook.reading import format_of

NOT_YET = [WorkbookState.QUEUED, WorkbookState.READING]


class WorkbookNotRead(PersonError):
    sentence = _("The workbook is not read yet. Wait a moment, then try again.")


class WorkbookDecided(PersonError):
    sentence = _("It was decided on this workbook already, so nothing was done a second time.")


class NothingToTakeIn(PersonError):
    sentence = _("No row of the workbook would change anything, so there is nothing to take in.")


class NotTakenIn(PersonError):
    sentence = _("The workbook is not taken in, or its drafts are being submitted. Wait a moment, then try again.")


class NothingToSubmit(PersonError):
    sentence = _("All drafts of this workbook are submitted or decided already, so there is nothing to submit.")


class RowsRefused(PersonError):
    sentence = _("Some rows are refused. Mend them and send the workbook again, or take in the good rows alone.")


def request_workbook(*, content: bytes, name: str, entity: Entity, user: User, now: dt.datetime) -> WorkbookUpload:
    """Keep a workbook and queue its reading."""
    sha256 = hashlib.sha256(content).hexdigest()
    stored = default_storage.save(f"workbooks/{sha256}", ContentFile(content))
    try:
        with transaction.atomic():
            upload = WorkbookUpload.objects.create(
                file=stored,
                file_name=clean_name(PurePath(name).name),
                sha256=sha256,
                size=len(content),
                format=format_of(content),
                entity=entity,
                language=reader_language(),
                requested_by=user,
                requested_at=now,
            )
            _wake(upload)
    except BaseException:
        default_storage.delete(stored)
        raise
    return upload


def _wake(upload: WorkbookUpload) -> None:
    def send() -> None:
        work_on_workbook_task.delay(upload_id=upload.pk)

    # robust: where the broker is out of reach the row waits, and the beat task sends the message again
    transaction.on_commit(send, robust=True)


@transaction.atomic
def accept_workbook(
    *, upload: WorkbookUpload, only_good: bool, conflicts: str, why: str, now: dt.datetime
) -> WorkbookUpload:
    """Let a worker take in what a person saw: all rows, or the good ones alone; once.

    `conflicts` is a ConflictChoice. Raises RowsRefused where all are wanted and some are refused, NothingToTakeIn,
    WorkbookNotRead, or WorkbookDecided.
    """
    current = WorkbookUpload.objects.select_for_update().get(pk=upload.pk)
    _has_to_be_read(current)
    verdicts = set(current.rows.order_by().values_list("verdict", flat=True).distinct())
    if not verdicts & {RowVerdict.ADDED, RowVerdict.CHANGED, RowVerdict.CONFLICT}:
        raise NothingToTakeIn
    if not only_good and RowVerdict.REFUSED in verdicts:
        raise RowsRefused
    current.state, current.attempt, current.progress = WorkbookState.ACCEPTED, 0, 0
    current.conflicts, current.why, current.decided_at = conflicts, why.strip(), now
    current.save()
    _wake(current)
    return current


@transaction.atomic
def drop_workbook(*, upload: WorkbookUpload, now: dt.datetime) -> WorkbookUpload:
    """Leave a workbook that was read or could not be, with its rows and its file. Raises as `accept_workbook`."""
    current = WorkbookUpload.objects.select_for_update().get(pk=upload.pk)
    _has_to_be_read(current)
    file = str(current.file.name)
    current.rows.all().delete()
    current.state, current.decided_at, current.file = WorkbookState.DROPPED, now, ""
    current.save()
    transaction.on_commit(partial(default_storage.delete, file), robust=True)
    return current


@transaction.atomic
def choose_for_row(*, row: WorkbookRow, choice: str) -> WorkbookRow:
    """Keep what becomes of one conflict, a ConflictChoice; empty: what becomes of all. Raises as `accept_workbook`."""
    _has_to_be_read(WorkbookUpload.objects.select_for_update().get(pk=row.upload_id))
    row.choice = choice if row.verdict == RowVerdict.CONFLICT else ""
    row.save(update_fields=["choice"])
    return row


@transaction.atomic
def submit_workbook(*, upload: WorkbookUpload) -> WorkbookUpload:
    """Let a worker submit the drafts of a workbook that are complete.

    Raises NotTakenIn, and NothingToSubmit where all of them are submitted.
    """
    current = WorkbookUpload.objects.select_for_update().get(pk=upload.pk)
    if current.state != WorkbookState.TAKEN:
        raise NotTakenIn
    if not current.rows.filter(draft__state__in=EDITABLE).exists():
        raise NothingToSubmit
    current.state, current.attempt, current.progress, current.failure = WorkbookState.HANDED, 0, 0, ""
    current.save()
    _wake(current)
    return current


def _has_to_be_read(current: WorkbookUpload) -> None:
    if current.state in NOT_YET:
        raise WorkbookNotRead
    if current.state != WorkbookState.READ:
        raise WorkbookDecided
