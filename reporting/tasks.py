"""What workers do. The row is the truth; a message only wakes somebody up, so it may come twice or never."""

import logging
from typing import Any

import pghistory
from celery import shared_task
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from reporting.compilation import run
from reporting.importing import run as importing
from reporting.importing.errors import CannotRead
from reporting.models import Compilation, Import, Submission, WorkbookUpload
from reporting.querysets import FINAL
from reporting.services.seals import review_if_changed
from reporting.workbook import run as workbooks
from reporting.workbook.reading import CannotReadWorkbook

logger = logging.getLogger(__name__)

#: Errors after which another try may help: the database restarts, the store of files is out of reach.
TRANSIENT = (OperationalError, InterfaceError, ConnectionError, TimeoutError)


@shared_task
def compile_submission_task(*, compilation_id: int, **_added_later: Any) -> None:
    """Compile one submission. A second delivery finds nothing to claim."""
    compilation = run.claim_compilation(compilation_id=compilation_id, now=timezone.now())
    if compilation is None:
        return
    try:
        with pghistory.context(user=compilation.requested_by_id, compilation=compilation_id):
            run.compile_submission(compilation=compilation)
    except run.LeaseLost:
        logger.warning("Compilation %s was taken over by a newer attempt", compilation_id)
    except TRANSIENT:
        logger.warning("Compilation %s goes back into the queue", compilation_id, exc_info=True)
        close_old_connections()  # a connection that broke cannot write the row
        run.hand_back(compilation=compilation, now=timezone.now())
    except Exception as error:
        logger.exception("Compilation %s is given up", compilation_id)
        run.give_up(compilation=compilation, reason=run.reason_for(error), now=timezone.now())


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
    try:
        with pghistory.context(user=imported.requested_by_id, imported=import_id):
            importing.read_import(imported=imported)
    except importing.LeaseLost:
        logger.warning("Import %s was taken over by a newer attempt", import_id)
    except CannotRead as error:
        importing.give_up(imported=imported, sentence=error.sentence)
    except TRANSIENT:
        logger.warning("Import %s is read again later", import_id, exc_info=True)
        close_old_connections()  # a connection that broke cannot write the row
        importing.hand_back(imported=imported, now=timezone.now())
    except Exception:
        logger.exception("Import %s is given up", import_id)
        importing.give_up(imported=imported, sentence=importing.UNEXPECTED)


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
    try:
        with pghistory.context(user=upload.requested_by_id, workbook=upload_id):
            workbooks.work_on(upload=upload)
    except workbooks.LeaseLost:
        logger.warning("Workbook %s was taken over by a newer attempt", upload_id)
    except CannotReadWorkbook as error:
        workbooks.give_up(upload=upload, sentence=error.sentence)
    except TRANSIENT:
        logger.warning("Workbook %s is worked on again later", upload_id, exc_info=True)
        close_old_connections()  # a connection that broke cannot write the row
        workbooks.hand_back(upload=upload, now=timezone.now())
    except Exception:
        logger.exception("Workbook %s is given up", upload_id)
        workbooks.give_up(upload=upload, sentence=workbooks.UNEXPECTED)


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
