"""What workers do. The row is the truth; a message only wakes somebody up, so it may come twice or never."""

import logging
from typing import Any

import pghistory
from celery import shared_task
from django.utils import timezone
from django.utils.functional import Promise

from portal.common.errors import PersonError
from portal.common.leases import work_on
from reporting.compilation import run
from reporting.importing import run as importing
from reporting.models import Compilation, Import, Submission, WorkbookUpload
from reporting.querysets import FINAL
from reporting.services.seals import review_if_changed
from reporting.workbook import run as workbooks

logger = logging.getLogger(__name__)


def _sentence(error: Exception, unexpected: Promise) -> Promise | str:
    """Return what a person is told of what ended a job."""
    return error.sentence if isinstance(error, PersonError) else unexpected


@shared_task
def compile_submission_task(*, compilation_id: int, **_added_later: Any) -> None:
    """Compile one submission. A second delivery finds nothing to claim."""
    compilation = run.claim_compilation(compilation_id=compilation_id, now=timezone.now())
    if compilation is None:
        return
    with (
        work_on(
            f"Compilation {compilation_id}",
            hand_back=lambda: run.hand_back(compilation=compilation, now=timezone.now()),
            give_up=lambda error: run.give_up(
                compilation=compilation, reason=run.reason_for(error), now=timezone.now()
            ),
        ),
        pghistory.context(user=compilation.requested_by_id, compilation=compilation_id),
    ):
        run.compile_submission(compilation=compilation)


@shared_task
def wake_compilations_task(**_added_later: Any) -> None:
    """Send a message for each job that waits: its pause is over, its message was lost, or its worker vanished."""
    for compilation_id in Compilation.objects.claimable(timezone.now()).values_list("pk", flat=True):
        compile_submission_task.delay(compilation_id=compilation_id)


@shared_task
def read_import_task(*, import_id: int, **_added_later: Any) -> None:
    """Read one file of a former year. A second delivery finds nothing to claim."""
    imported = importing.claim_import(import_id=import_id, now=timezone.now())
    if imported is None:
        return
    with (
        work_on(
            f"Import {import_id}",
            hand_back=lambda: importing.hand_back(imported=imported, now=timezone.now()),
            give_up=lambda error: importing.give_up(imported=imported, sentence=_sentence(error, importing.UNEXPECTED)),
        ),
        pghistory.context(user=imported.requested_by_id, imported=import_id),
    ):
        importing.read_import(imported=imported)


@shared_task
def wake_imports_task(**_added_later: Any) -> None:
    """Send a message for each file that waits: its message was lost, its pause is over, or its worker vanished."""
    for import_id in Import.objects.claimable(timezone.now()).values_list("pk", flat=True):
        read_import_task.delay(import_id=import_id)


@shared_task
def work_on_workbook_task(*, upload_id: int, **_added_later: Any) -> None:
    """Read a workbook, or take one in that a person accepted. A second delivery finds nothing to claim."""
    upload = workbooks.claim_workbook(upload_id=upload_id, now=timezone.now())
    if upload is None:
        return
    with (
        work_on(
            f"Workbook {upload_id}",
            hand_back=lambda: workbooks.hand_back(upload=upload, now=timezone.now()),
            give_up=lambda error: workbooks.give_up(upload=upload, sentence=_sentence(error, workbooks.UNEXPECTED)),
        ),
        pghistory.context(user=upload.requested_by_id, workbook=upload_id),
    ):
        workbooks.work_on(upload=upload)


@shared_task
def wake_workbooks_task(**_added_later: Any) -> None:
    """Send a message for each workbook that waits: its message was lost, its pause is over, or its worker vanished."""
    for upload_id in WorkbookUpload.objects.claimable(timezone.now()).values_list("pk", flat=True):
        work_on_workbook_task.delay(upload_id=upload_id)


@shared_task
def review_cleared_task(**_added_later: Any) -> None:
    """Set cleared submissions back to review whose text has changed since, whoever changed it and how."""
    cleared = Submission.objects.filter(clearances__ended_at=None, clearances__isnull=False).exclude(state__in=FINAL)
    for submission in cleared.distinct():
        try:
            with pghistory.context(task="review cleared submissions"):
                review_if_changed(submission=submission, now=timezone.now())
        except Exception:  # one that cannot be read must not keep the others from being looked at
            logger.exception("Submission %s could not be compared with what was cleared", submission.pk)
