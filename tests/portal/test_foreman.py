"""The processes of the Procfile, started and stopped together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.environment import ROOT
from tests.support.servers import free_port
from tests.support.workers import wait_until

NAMES = ["web", "worker1", "worker2", "beat"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder of its own, by which its processes are known."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return os.environ | {"PORTAL_VAR": str(tmp_path / "var"), "PORT": str(free_port()), "PATH": path}


def start(environment: dict[str, str], *, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    command = [*before, sys.executable, "-m", "portal.foreman", *NAMES]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
    )


def living(environment: dict[str, str]) -> list[str]:
    """Return the commands of all processes that have this environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PORTAL_VAR") == environment["PORTAL_VAR"]:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def workers(environment: dict[str, str]) -> list[psutil.Process]:
    """Return the first worker, without the shell that looks after it."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get("PORTAL_VAR") == environment["PORTAL_VAR"]
            if ours and "--hostname" in (words := process.cmdline()) and "worker1@%h" in words:
                found.append(process)
        except psutil.Error:
            continue
    return found


def running(environment: dict[str, str]) -> bool:
    commands = "\n".join(living(environment))
    return all(word in commands for word in ("gunicorn portal.wsgi", "worker1@", "worker2@", "portal beat"))


class TestForeman:
    @pytest.mark.parametrize("seconds", [0.05, 0.15, 0.25, 0.5])
    def test_stops_all_also_while_they_are_starting(self, environment, seconds):
        foreman = start(environment)
        time.sleep(seconds)
        foreman.terminate()
        assert foreman.wait(timeout=60) in (0, -signal.SIGTERM)  # the latter before it began
        wait_until(lambda: not living(environment), 30, lambda: str(living(environment)))

    def test_stops_all_when_whoever_started_it_was_killed(self, environment):
        shell = start(environment, before=("sh", "-c", '"$@"; true', "sh"))
        wait_until(lambda: running(environment), 60, lambda: str(living(environment)))
        shell.kill()
        shell.wait()
        wait_until(lambda: not living(environment), 60, lambda: str(living(environment)))

    def test_goes_on_when_a_worker_is_killed_and_starts_another(self, environment):
        foreman = start(environment)
        wait_until(lambda: running(environment), 60, lambda: str(living(environment)))
        (worker,) = workers(environment)
        worker.kill()
        worker.wait()
        wait_until(lambda: bool(workers(environment)), 60, lambda: str(living(environment)))
        assert foreman.poll() is None
        foreman.terminate()
        assert foreman.wait(timeout=60) == 0
