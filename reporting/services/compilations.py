"""Asking for the files of a submission, again and again."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.common.errors import PersonError
from portal.common.leases import TRIES
from portal.models import User
from reporting.choices import CompilationState, FileFormat
from reporting.compilation.gather import gather
from reporting.compilation.renderers import versions
from reporting.compilation.snapshot import fingerprint
from reporting.compilation.tools import tools
from reporting.models import Compilation, Item, Seal, Submission
from reporting.querysets import FINAL
from reporting.services.submissions import SubmissionIsSealed, fill_sections
from reporting.tasks import compile_submission_task


class SubmissionIsEmpty(PersonError):
    sentence = _("The submission has no text yet. Add items to its sections, then compile again.")


class UnknownFormat(PersonError):
    def __init__(self, formats: Sequence[str]) -> None:
        self.sentence = _("There is no format %(formats)s. Choose from %(known)s.") % {
            "formats": ", ".join(formats),
            "known": ", ".join(FileFormat.values),
        }


class CompilationHasNotFailed(PersonError):
    sentence = _("This compilation has not failed, so there is nothing to try again.")


@transaction.atomic
def request_compilation(
    *,
    submission: Submission,
    now: dt.datetime,
    user: User | None = None,
    language: str | None = None,
    formats: Sequence[str] = FileFormat.values,
) -> Compilation:
    """Queue the making of the files; sections are filled by their rules first.

    One that still waits in the same language and formats is returned instead of a second one, so a double click
    makes one job. Raises SubmissionIsSealed, SubmissionIsEmpty or UnknownFormat.
    """
    if unknown := [name for name in formats if name not in FileFormat.values]:
        raise UnknownFormat(unknown)
    submission = Submission.objects.select_for_update().get(pk=submission.pk)
    if submission.state in FINAL:
        raise SubmissionIsSealed
    fill_sections(submission=submission)
    if not Item.objects.filter(section__submission=submission).exists():
        raise SubmissionIsEmpty
    language = language or submission.language
    wanted = [name for name in FileFormat.values if name in formats]
    waiting = submission.compilations.filter(rebuilds=None, state=CompilationState.QUEUED)
    if same := waiting.filter(language=language, formats=wanted).first():
        return same
    return _queue(submission, language=language, formats=wanted, user=user, now=now)


@transaction.atomic
def request_rebuild(*, seal: Seal, user: User | None, now: dt.datetime) -> Compilation:
    """Queue the making of the files of a seal from its frozen text, to show that they come out the same.

    One that still waits is returned instead of a second one.
    """
    submission = Submission.objects.select_for_update().get(pk=seal.submission_id)
    if waiting := seal.rebuilds.unfinished().first():
        return waiting
    sealed = seal.compilation
    return _queue(submission, language=sealed.language, formats=sealed.formats, user=user, now=now, rebuilds=seal)


def _queue(
    submission: Submission,
    *,
    language: str,
    formats: Sequence[str],
    user: User | None,
    now: dt.datetime,
    rebuilds: Seal | None = None,
) -> Compilation:
    """Add the next compilation of a submission, whose row is locked, and wake a worker."""
    last = submission.compilations.aggregate(last=Max("number"))["last"] or 0
    compilation = Compilation.objects.create(
        submission=submission,
        number=last + 1,
        language=language,
        formats=formats,
        requested_by=user,
        requested_at=now,
        not_before=now,
        rebuilds=rebuilds,
    )
    _wake_a_worker(compilation)
    return compilation


def unchanged_compilation(
    *, submission: Submission, language: str | None = None, formats: Sequence[str] = FileFormat.values
) -> Compilation | None:
    """Return the latest compilation if its files would come out the same today: same words, same renderers."""
    language = language or submission.language
    wanted = [name for name in FileFormat.values if name in formats]
    compilations = submission.compilations.filter(language=language, formats=wanted, rebuilds=None)
    latest = compilations.order_by("-number").first()
    if latest is None or latest.state != CompilationState.DONE or latest.renderers != versions(tools()):
        return None
    fill_sections(submission=submission)
    return latest if latest.fingerprint == fingerprint(gather(submission, language)) else None


@transaction.atomic
def retry_compilation(*, compilation: Compilation, now: dt.datetime) -> Compilation:
    """Queue a failed compilation again, once.

    Raises CompilationHasNotFailed if it has not, or not any more, and SubmissionIsSealed but for a rebuild.
    """
    if compilation.rebuilds_id is None and compilation.submission.state in FINAL:
        raise SubmissionIsSealed
    won = Compilation.objects.filter(pk=compilation.pk, state=CompilationState.FAILED).update(
        state=CompilationState.QUEUED,
        failure="",
        progress=0,
        tries_left=TRIES,
        not_before=now,
        finished_at=None,
    )
    if not won:
        raise CompilationHasNotFailed
    _wake_a_worker(compilation)
    compilation.refresh_from_db()
    return compilation


def _wake_a_worker(compilation: Compilation) -> None:
    def send() -> None:
        compile_submission_task.delay(compilation_id=compilation.pk)

    # robust: where the broker is out of reach the row waits, and the beat task sends the message again
    transaction.on_commit(send, robust=True)
