"""Runs the processes of the Procfile (web, workers, beat) and stops them together. For trials and development."""

import contextlib
import errno
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connections

from portal.embedded.client import leave
from portal.setup import terminal
from portal.setup.port import HOST, PortTaken, require_free

EVERYTHING = ("web", "worker1", "worker2", "beat")
BACKGROUND = ("worker1", "worker2", "beat")
START = 60  # seconds until the web process has to answer
STOP = 20  # seconds for the processes to end; the foreman kills them after 5


class Processes:
    """The named processes of the Procfile, which live as long as the `with` block.

    What they say goes to the file `log`, or to the terminal without one.
    """

    def __init__(self, *, names: Sequence[str], port: int, log: Path | None = None) -> None:
        self.names = names
        self.port = port
        self.log = log

    def __enter__(self) -> "Processes":
        command = [sys.executable, "-m", "portal.foreman", *self.names]
        folder = str(Path(sys.executable).parent)  # where gunicorn and celery lie
        environment = os.environ | {
            "PATH": os.pathsep.join((folder, os.environ.get("PATH", os.defpath))),
            "PORTAL_VAR": str(settings.VAR),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        }
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(_opened(self.log)) if self.log else None
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in good order
            )
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def wait_until_up(self) -> None:
        """Return when the web process answers. Raises CommandError when it does not."""
        deadline = time.monotonic() + START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise CommandError(f"The web process does not answer. {self._last_words()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def wait(self) -> None:
        """Wait for ever. Raises CommandError if the processes end by themselves."""
        self.process.wait()
        raise CommandError(f"A process ended that should not. {self._last_words()}")

    def _last_words(self) -> str:
        if not self.log:
            return "Its reason stands above."
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        return f"The last lines of {self.log}:\n" + "\n".join(lines)


def _opened(log: Path) -> Any:
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("wb")


def prepare() -> None:
    """Bring the database and the page files up to date."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def require_free_port(port: int) -> None:
    """Raise CommandError where another program uses the port."""
    try:
        require_free(port)
    except PortTaken as problem:
        raise CommandError(str(problem)) from problem


@contextlib.contextmanager
def until_interrupted() -> Iterator[None]:
    """End the block quietly on Ctrl-C, SIGTERM or a closed terminal, and stop the embedded server after it.

    A full disk is told as one sentence: CommandError.
    """

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        print("\nStopped.")
    except (OSError, OperationalError) as error:
        if not _is_full_disk(error):
            raise
        raise CommandError(
            f"The disk that holds {settings.VAR} is full. Make room (a trial takes about 500 MB), "
            "or set PORTAL_VAR to a folder on another disk, and run the command again."
        ) from error
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # we are ending
        connections.close_all()
        leave(settings.VAR)
        terminal.give_back()


def _is_full_disk(error: Exception) -> bool:
    reason = error.__cause__ or error
    if isinstance(reason, OSError):
        return reason.errno == errno.ENOSPC
    return getattr(reason, "pgcode", "") == "53100"  # PostgreSQL's code for it
