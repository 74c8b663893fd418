"""Real Celery workers for tests: processes that read the queue and the database of the test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from tests.support.environment import ROOT

READY = 60  # seconds in which a worker has to come up


class Worker:
    """`celery -A portal worker` in a process of its own, with whatever the test adds to its environment."""

    def __init__(self, name: str, log: Path, **environment: str) -> None:
        self.log = log
        words = [
            *("-A", "portal", "worker", "--pool=solo", f"-n{name}@test"),
            *("--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        log.touch()
        self.process = _started(words, log, **environment) if environment else _forked(words, log)
        wait_until(lambda: " ready." in self.said(), READY, lambda: f"the worker did not come up:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """As the kernel does when memory runs out: at once, the renderers with it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process.is_running():
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(15)
        except psutil.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)


def _environment() -> dict[str, str]:
    ours = {**os.environ, "PORTAL_DATABASE": str(connection.settings_dict["NAME"])}
    ours.pop("PYTEST_CURRENT_TEST", None)
    return ours


def _started(words: list[str], log: Path, **environment: str) -> psutil.Process:
    """Start a worker as a server does. Settings are read once, so one with settings of its own has to."""
    with log.open("wb") as output:
        return psutil.Popen(
            [sys.executable, "-m", "celery", *words],
            cwd=ROOT,
            env=_environment() | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _forked(words: list[str], log: Path) -> psutil.Process:
    """Make a worker of the process that has the portal loaded already."""
    warm = _warm(tuple(sorted(_environment().items())))
    assert warm.stdin
    assert warm.stdout
    warm.stdin.write(json.dumps([str(log), *words]) + "\n")
    warm.stdin.flush()
    return psutil.Process(int(warm.stdout.readline()))


@cache
def _warm(environment: tuple[tuple[str, str], ...]) -> subprocess.Popen[str]:
    """Start that process, one for each environment; it ends when this one does, which closes its input."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.warm"],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(condition: Callable[[], bool], seconds: float, message: Callable[[], str]) -> None:
    """Return when the condition holds; fail with the message when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(message())
        time.sleep(0.05)


def empty_queue() -> None:
    """Lose every message, as a broker does whose disk was wiped."""
    for file in (settings.VAR / "queue").glob("*"):
        file.unlink(missing_ok=True)
