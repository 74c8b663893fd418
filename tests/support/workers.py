"""Real Celery workers for tests: processes that read the queue and the database of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.support.environment import ROOT

READY = 60  # seconds in which a worker has to come up


class Worker:
    """`celery -A portal worker` in a process of its own, with whatever the test adds to its environment."""

    def __init__(self, name: str, log: Path, **environment: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool=solo", f"-n{name}@test"),
                    *("--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"),
                ],
                cwd=ROOT,
                env={**os.environ, "PORTAL_DATABASE": connection.settings_dict["NAME"], **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: " ready." in self.said(), READY, lambda: f"the worker did not come up:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """As the kernel does when memory runs out: at once, the renderers with it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)


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
