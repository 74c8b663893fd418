"""One compilation from claim to files. Whoever lost the lease cannot file anything."""

import datetime as dt
import errno
import hashlib
import logging
from contextlib import AbstractContextManager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from portal.common.leases import TRIES, LeaseLost, heartbeat, lease, pause
from reporting.choices import CompilationState, FailureReason, Part
from reporting.compilation import document, rebuild, renderers
from reporting.compilation.gather import NothingToCompile, gather
from reporting.compilation.records import printed_versions
from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.compilation.tools import tools
from reporting.models import Artifact, Compilation, PrintedVersion
from reporting.querysets import CompilationQuerySet

logger = logging.getLogger(__name__)


def claim_compilation(*, compilation_id: int, now: dt.datetime) -> Compilation | None:
    """Take the job, if it waits or its worker has vanished; return None where there is nothing to take.

    Two workers that claim at once: the database lets one update win.
    """
    claimable = Compilation.objects.claimable(now).filter(pk=compilation_id)
    won = claimable.filter(tries_left__gt=0).update(
        state=CompilationState.RUNNING,
        attempt=F("attempt") + 1,
        tries_left=F("tries_left") - 1,
        lease_until=now + lease(),
        progress=0,
    )
    if won:
        return Compilation.objects.select_related(
            "submission__call__session", "submission__layout", "rebuilds__compilation"
        ).get(pk=compilation_id)
    if claimable.filter(tries_left=0).update(
        state=CompilationState.FAILED, failure=FailureReason.UNAVAILABLE, finished_at=now
    ):
        logger.error("Compilation %s was given up: its workers vanished each time", compilation_id)
    return None


def compile_submission(*, compilation: Compilation) -> None:
    """Make the files of a claimed compilation and file them. Raises LeaseLost, or what went wrong."""
    with _heartbeat(compilation):
        snapshot = _frozen(compilation)
        _note(compilation, progress=15)
        whole = document.build(snapshot)
        warnings = list(whole.warnings)
        _note(compilation, progress=30)
        jobs = [(format, Part.WHOLE, whole) for format in compilation.formats]
        if any(item["html"] for section in snapshot["sections"] if section["summary"] for item in section["items"]):
            jobs.append(("docx", Part.SUMMARY, document.build(snapshot, part="summary")))
        files: list[Artifact] = []
        try:
            for done, (format, part, tree) in enumerate(jobs, start=1):
                rendered = renderers.render(tree, format, tools=tools())
                warnings += [warning for warning in rendered.warnings if warning not in warnings]
                files.append(_kept(compilation, format, part, rendered.content))
                _note(compilation, progress=30 + 65 * done // len(jobs))
            report = (
                rebuild.report(compilation.rebuilds, files, renderers.versions(tools()))
                if compilation.rebuilds
                else None
            )
            _file(compilation, snapshot, files, warnings, report)
        except BaseException:
            for artifact in files:
                default_storage.delete(str(artifact))
            raise


def hand_back(*, compilation: Compilation, now: dt.datetime) -> None:
    """Put the job back into the queue after a pause that grows with each try; give up after the last."""
    if compilation.tries_left == 0:
        give_up(compilation=compilation, reason=FailureReason.UNAVAILABLE, now=now)
        return
    not_before = now + pause(tries=TRIES - compilation.tries_left)
    _own(compilation).update(state=CompilationState.QUEUED, not_before=not_before, lease_until=None, progress=0)


def give_up(*, compilation: Compilation, reason: FailureReason, now: dt.datetime) -> None:
    """End the job with a reason that a person can read."""
    _own(compilation).update(state=CompilationState.FAILED, failure=reason, finished_at=now, lease_until=None)


def reason_for(error: Exception) -> FailureReason:
    """Return why this error ends the job."""
    match error:
        case NothingToCompile():
            return FailureReason.EMPTY
        case rebuild.SnapshotChanged():
            return FailureReason.SNAPSHOT_CHANGED
        case renderers.FontMissing():
            return FailureReason.FONT
        case renderers.RendererTimedOut():
            return FailureReason.TIMEOUT
        case renderers.RendererFailed() | document.SnapshotUnusable():
            return FailureReason.RENDERER
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return FailureReason.DISK_FULL
    return FailureReason.UNEXPECTED


def _own(compilation: Compilation) -> CompilationQuerySet:
    """The row, as long as this attempt holds it."""
    return Compilation.objects.filter(pk=compilation.pk, attempt=compilation.attempt, state=CompilationState.RUNNING)


def _note(compilation: Compilation, *, progress: int) -> None:
    if not _own(compilation).update(progress=progress):
        raise LeaseLost


def _heartbeat(compilation: Compilation) -> AbstractContextManager[None]:
    """Renew the lease while the work goes on."""
    return heartbeat(
        lambda: _own(compilation).update(lease_until=timezone.now() + lease()),
        name=f"lease on compilation {compilation.pk}",
    )


def _frozen(compilation: Compilation) -> Snapshot:
    """Read everything as of one moment, whoever writes meanwhile; for a rebuild, what was frozen when it was sealed."""
    if compilation.rebuilds:
        return rebuild.sealed_snapshot(compilation.rebuilds)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return gather(compilation.submission, compilation.language)


def _kept(compilation: Compilation, format: str, part: str, content: bytes) -> Artifact:
    """Write the file, under a name that no other attempt uses; its row follows with all others."""
    name = f"compilations/{compilation.pk}/{compilation.attempt}/{part}.{format}"
    return Artifact(
        compilation=compilation,
        format=format,
        part=part,
        file=default_storage.save(name, ContentFile(content)),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


@transaction.atomic
def _file(
    compilation: Compilation,
    snapshot: Snapshot,
    files: list[Artifact],
    warnings: list[document.TextWarning],
    report: rebuild.RebuildReport | None,
) -> None:
    """All files or none, and only while the lease is ours."""
    filed = _own(compilation).update(
        state=CompilationState.DONE,
        progress=100,
        snapshot=snapshot,
        fingerprint=fingerprint(snapshot),
        renderers=renderers.versions(tools()),
        warnings=warnings,
        report=report,
        finished_at=timezone.now(),
        lease_until=None,
    )
    if not filed:
        raise LeaseLost
    Artifact.objects.bulk_create(files)
    PrintedVersion.objects.bulk_create(
        PrintedVersion(
            compilation=compilation,
            kind=version.kind,
            record_id=version.id,
            language=version.language,
            version=version.version,
        )
        for version in ([] if compilation.rebuilds else printed_versions(snapshot))  # a rebuild uses nothing anew
    )
