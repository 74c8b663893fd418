"""What happens to a job when workers, messages and renderers fail: with real workers, which are processes."""

import datetime as dt
import errno
import stat
import threading
from pathlib import Path
from typing import NamedTuple

import pypandoc
import pytest
from django.db import connection
from django.utils import timezone

from portal.common.leases import TRIES, LeaseLost
from reporting.choices import CompilationState, FailureReason, FileFormat
from reporting.compilation import run
from reporting.models import Compilation
from reporting.services.compilations import CompilationHasNotFailed, request_compilation, retry_compilation
from reporting.tasks import compile_submission_task, wake_compilations_task
from tests.factories import CompilationFactory, ItemFactory, PassageFactory, SectionFactory, SubmissionFactory
from tests.support.workers import empty_queue, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = {"JOB_LEASE": "2"}  # seconds, so that a test need not wait for half a minute


@pytest.fixture
def submission():
    submission = SubmissionFactory()
    section = SectionFactory(submission=submission, name_en="Summary")
    ItemFactory(section=section, passage=PassageFactory(body="<p>Factories learn to speak.</p>"))
    return submission


class SlowPandoc(NamedTuple):
    program: Path
    hold: Path
    waiting: Path


@pytest.fixture
def slow_pandoc(tmp_path: Path):
    """A pandoc that waits while the file `hold` is there, and tells that it waits."""
    hold, waiting = tmp_path / "hold", tmp_path / "waiting"
    hold.touch()
    script = tmp_path / "pandoc"
    script.write_text(
        f'#!/bin/sh\nwhile [ -e "{hold}" ]; do touch "{waiting}"; sleep 0.1; done\n'
        f'exec "{pypandoc.get_pandoc_path()}" "$@"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return SlowPandoc(script, hold, waiting)


def ask(submission) -> Compilation:
    return request_compilation(submission=submission, now=timezone.now())


def break_other_connections() -> None:
    """As a restart of the database does to the workers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def wait_for_state(compilation: Compilation, state: str, seconds: float = 60, say=lambda: "") -> Compilation:
    def reached() -> bool:
        compilation.refresh_from_db()
        return compilation.state == state

    wait_until(reached, seconds, lambda: f"{compilation} is {compilation.state}, not {state}: {say()}")
    return compilation


class TestARealWorker:
    def test_makes_the_files(self, submission, start_worker):
        worker = start_worker()
        compilation = wait_for_state(ask(submission), CompilationState.DONE, say=worker.said)
        made = compilation.artifacts.filter(part="whole").values_list("format", flat=True)
        assert sorted(made) == sorted(FileFormat.values)
        assert compilation.attempt == 1
        assert compilation.progress == 100
        for artifact in compilation.artifacts.all():
            assert artifact.file.size == artifact.size > 200

    def test_does_the_work_once_when_the_message_comes_twice(self, submission, start_worker):
        compilation = ask(submission)
        compile_submission_task.delay(compilation_id=compilation.pk)
        worker = start_worker()
        wait_for_state(compilation, CompilationState.DONE, say=worker.said)
        wait_until(lambda: worker.said().count("succeeded in") == 2, 20, worker.said)
        compilation.refresh_from_db()
        assert compilation.attempt == 1

    def test_lets_one_of_two_workers_win(self, submission, start_worker):
        compilation = ask(submission)
        for _ in range(5):
            compile_submission_task.delay(compilation_id=compilation.pk)
        first, second = start_worker("one"), start_worker("two")
        wait_for_state(compilation, CompilationState.DONE, say=first.said)
        wait_until(lambda: (first.said() + second.said()).count("succeeded in") == 6, 20, first.said)
        compilation.refresh_from_db()
        assert compilation.attempt == 1
        assert compilation.artifacts.count() == len(set(compilation.artifacts.values_list("format", "part")))

    def test_finishes_what_a_killed_worker_left(self, submission, start_worker, slow_pandoc):
        victim = start_worker("one", PANDOC=str(slow_pandoc.program), **LEASE)
        compilation = ask(submission)
        wait_until(slow_pandoc.waiting.exists, 60, victim.said)
        victim.kill()
        slow_pandoc.hold.unlink()
        other = start_worker("two", **LEASE)

        def woken() -> bool:
            wake_compilations_task()
            compilation.refresh_from_db()
            return compilation.state == CompilationState.DONE

        wait_until(woken, 60, other.said)
        assert compilation.attempt == 2
        assert compilation.artifacts.filter(part="whole").count() == len(FileFormat)

    def test_finds_a_job_whose_message_was_lost(self, submission, start_worker):
        compilation = ask(submission)
        empty_queue()
        worker = start_worker()
        wake_compilations_task()
        wait_for_state(compilation, CompilationState.DONE, say=worker.said)

    def test_ends_a_renderer_that_hangs_and_says_so(self, submission, start_worker, slow_pandoc):
        worker = start_worker(PANDOC=str(slow_pandoc.program), RENDERER_SECONDS="1")
        compilation = wait_for_state(ask(submission), CompilationState.FAILED, say=worker.said)
        assert compilation.failure == FailureReason.TIMEOUT
        assert compilation.artifacts.count() == 0
        slow_pandoc.hold.unlink()
        retry_compilation(compilation=compilation, now=timezone.now())
        wait_for_state(compilation, CompilationState.DONE, say=worker.said)

    def test_comes_back_from_a_broken_connection_until_its_tries_are_used_up(
        self, submission, start_worker, slow_pandoc
    ):
        worker = start_worker(PANDOC=str(slow_pandoc.program))
        compilation = ask(submission)
        for tries_left in reversed(range(TRIES)):
            wait_until(slow_pandoc.waiting.exists, 30, worker.said)
            break_other_connections()
            slow_pandoc.hold.unlink()
            state = CompilationState.QUEUED if tries_left else CompilationState.FAILED
            wait_for_state(compilation, state, say=worker.said)
            assert compilation.tries_left == tries_left
            slow_pandoc.hold.touch()
            slow_pandoc.waiting.unlink()
            Compilation.objects.update(not_before=timezone.now())  # the pause is over
            wake_compilations_task()
        assert compilation.failure == FailureReason.UNAVAILABLE
        slow_pandoc.hold.unlink()
        retry_compilation(compilation=compilation, now=timezone.now())
        wait_for_state(compilation, CompilationState.DONE, say=worker.said)

    def test_gives_a_renderer_that_fails_a_reason(self, submission, start_worker, tmp_path):
        broken = tmp_path / "pandoc"
        broken.write_text("#!/bin/sh\necho 'no such thing' >&2\nexit 7\n")
        broken.chmod(0o755)
        worker = start_worker(PANDOC=str(broken))
        compilation = wait_for_state(ask(submission), CompilationState.FAILED, say=worker.said)
        assert compilation.failure == FailureReason.RENDERER
        assert compilation.artifacts.count() == 0


class TestClaim:
    def test_is_won_by_one_of_two_at_the_same_time(self):
        compilation = CompilationFactory()
        now = timezone.now()
        start, claimed = threading.Barrier(2), []

        def claim() -> None:
            start.wait()
            claimed.append(run.claim_compilation(compilation_id=compilation.pk, now=now))
            connection.close()

        threads = [threading.Thread(target=claim) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(bool(each) for each in claimed) == [False, True]

    def test_waits_for_the_pause(self):
        now = timezone.now()
        compilation = CompilationFactory(not_before=now + dt.timedelta(seconds=5))
        assert run.claim_compilation(compilation_id=compilation.pk, now=now) is None
        assert run.claim_compilation(compilation_id=compilation.pk, now=now + dt.timedelta(seconds=5))

    def test_takes_over_when_the_lease_has_run_out_and_not_before(self):
        now = timezone.now()
        compilation = CompilationFactory(running=True, lease_until=now + dt.timedelta(seconds=1))
        assert run.claim_compilation(compilation_id=compilation.pk, now=now) is None
        assert run.claim_compilation(compilation_id=compilation.pk, now=now + dt.timedelta(seconds=2))

    def test_gives_up_when_the_last_try_vanished_with_its_worker(self):
        now = timezone.now()
        compilation = CompilationFactory(running=True, lease_until=now - dt.timedelta(seconds=1), tries_left=0)
        assert run.claim_compilation(compilation_id=compilation.pk, now=now) is None
        compilation.refresh_from_db()
        assert (compilation.state, compilation.failure) == (CompilationState.FAILED, FailureReason.UNAVAILABLE)


class TestLostLease:
    def test_files_nothing(self, submission):
        compilation = ask(submission)
        slow = run.claim_compilation(compilation_id=compilation.pk, now=timezone.now())
        Compilation.objects.filter(pk=compilation.pk).update(lease_until=timezone.now() - dt.timedelta(minutes=1))
        quick = run.claim_compilation(compilation_id=compilation.pk, now=timezone.now())
        run.compile_submission(compilation=quick)
        with pytest.raises(LeaseLost):
            run.compile_submission(compilation=slow)
        compilation.refresh_from_db()
        assert compilation.attempt == 2
        names = list(compilation.artifacts.values_list("file", flat=True))
        assert all(f"/{compilation.pk}/2/" in name for name in names)
        assert len(names) == len(FileFormat)


class TestTransientErrors:
    def test_pause_longer_each_time_and_end_with_a_reason(self, submission, monkeypatch):
        """The store of files is out of reach: the outside world, so a fake."""

        def out_of_reach(*args: object, **kwargs: object) -> None:
            raise ConnectionError("store of files is out of reach")

        monkeypatch.setattr(run.default_storage, "save", out_of_reach)
        compilation = ask(submission)
        pauses = []
        for _ in range(TRIES):
            Compilation.objects.filter(pk=compilation.pk).update(not_before=timezone.now())
            asked_at = timezone.now()
            compile_submission_task(compilation_id=compilation.pk)
            compilation.refresh_from_db()
            pauses.append(round((compilation.not_before - asked_at).total_seconds() / 10))
        assert pauses[:3] == [1, 2, 4]  # tens of seconds
        assert (compilation.state, compilation.failure) == (CompilationState.FAILED, FailureReason.UNAVAILABLE)

    def test_end_in_files_after_one_click(self, submission):
        compilation = CompilationFactory(submission=submission, failed=True, tries_left=0)
        retry_compilation(compilation=compilation, now=timezone.now())
        compile_submission_task(compilation_id=compilation.pk)
        compilation.refresh_from_db()
        assert compilation.state == CompilationState.DONE

    def test_are_tried_again_once_by_two_clicks(self, submission):
        compilation = CompilationFactory(submission=submission, failed=True)
        retry_compilation(compilation=compilation, now=timezone.now())
        with pytest.raises(CompilationHasNotFailed):
            retry_compilation(compilation=compilation, now=timezone.now())


class TestAFullDisk:
    def test_leaves_no_files_and_says_so(self, submission, monkeypatch):
        def full(*args: object, **kwargs: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(run.default_storage, "save", full)
        compilation = ask(submission)
        compile_submission_task(compilation_id=compilation.pk)
        compilation.refresh_from_db()
        assert (compilation.state, compilation.failure) == (CompilationState.FAILED, FailureReason.DISK_FULL)
        assert compilation.artifacts.count() == 0
