"""What a process does that wants to use the server: say so, and have it started."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.embedded.places import READY, Places, ServerProblem, open_lock, try_lock
from portal.embedded.server import PATIENCE, answers, disk_full

_held: dict[Path, int] = {}  # the users' locks of this process; a forked child shares them, and keeps them after us
_one_thread = threading.Lock()


def ensure_running(var: Path) -> None:
    """Return once the server of `var` accepts connections; start it where none runs.

    From now on this process counts as a user, until it ends or leaves. Raises ServerProblem with a sentence.
    """
    places = Places(var)
    with _one_thread:
        try:
            _ensure_running(places, deadline=time.monotonic() + PATIENCE)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise disk_full(places) from error
            raise


def _ensure_running(places: Places, *, deadline: float) -> None:
    _join(places, deadline)
    while not answers(places):
        lock = open_lock(places.guardian_lock)
        try:
            if try_lock(lock, fcntl.LOCK_EX):
                _start_guardian(places, lock)
                continue
        finally:
            os.close(lock)
        _pause(places, deadline)


def _join(places: Places, deadline: float) -> None:
    """Hold the users' lock. While a guardian stops its server nobody gets it."""
    if places.var in _held:
        return
    users = open_lock(places.users_lock)
    try:
        while not try_lock(users, fcntl.LOCK_SH):
            _pause(places, deadline)
    except BaseException:
        os.close(users)
        raise
    _held[places.var] = users


def _pause(places: Places, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise ServerProblem(
            f"The database server in {places.var} did not answer within {PATIENCE} seconds; "
            f"{places.log} may tell why. Try again in a while."
        )
    time.sleep(0.05)


def _start_guardian(places: Places, lock: int) -> None:
    """Start the guardian, which takes `lock` over, and wait for its word. Raises ServerProblem with its sentence."""
    home = Path(__file__).resolve().parents[2]
    hears, speaks = os.pipe()
    with os.fdopen(hears) as pipe, places.log.open("ab") as log:
        try:
            subprocess.run(  # returns at once: the guardian goes on in a process of its own
                [sys.executable, "-m", "portal.embedded.guardian", str(places.var), str(lock)],
                stdin=subprocess.DEVNULL,
                stdout=speaks,
                stderr=log,
                cwd="/",
                env=os.environ | {"PYTHONPATH": str(home)},
                pass_fds=[lock],
                start_new_session=True,
                check=True,
            )
        finally:
            os.close(speaks)
        message = pipe.read()
    if message != READY:
        raise ServerProblem(message or f"The guardian of the database server ended; {places.log} tells why.")


def leave(var: Path, *, patience: float = 15) -> None:
    """Count as a user no more, and wait a little until the server has stopped, if we were the last.

    Connections have to be closed before. Does nothing where this process has not used the server.
    """
    places = Places(var)
    with _one_thread:
        users = _held.pop(var, None)
        if users is None:
            return
        os.close(users)
        guardian = open_lock(places.guardian_lock)
        deadline = time.monotonic() + patience
        while not try_lock(guardian, fcntl.LOCK_EX) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.close(guardian)
