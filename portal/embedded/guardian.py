"""The process that runs PostgreSQL and stops it when nobody uses it any more.

`python -m portal.embedded.guardian VAR LOCK`, where LOCK is the descriptor of the guardian's lock, taken by the process
that starts it. Standard output is a pipe to that process: it carries "ready" or the sentence of a ServerProblem.
"""

import contextlib
import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from portal.embedded import server
from portal.embedded.binaries import find_binaries
from portal.embedded.places import READY, Places, ServerProblem, open_lock, try_lock

PAUSE = 0.2  # seconds between two looks whether anybody is left


def main(var: str, lock: int) -> None:
    if os.fork():
        os._exit(0)  # whoever started us need not wait for us
    places = Places(Path(var))
    try:
        binaries = find_binaries()
        data = server.prepare_data(places, binaries)
        postgres = server.start(places=places, binaries=binaries, data=data, lock=lock)
    except ServerProblem as problem:
        _report(str(problem))
    except OSError as error:
        _report(str(server.disk_full(places) if error.errno == errno.ENOSPC else server.refused(places, error)))
    else:
        _report(READY)
        _watch(postgres, places)
    finally:
        with contextlib.suppress(OSError):  # where a killed server left its socket; the next one clears it away
            places.socket.rmdir()


def _report(message: str) -> None:
    """Tell the process that started us, if it still listens, and let go of the pipe."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, message.encode())
    os.dup2(2, 1)


def _watch(postgres: subprocess.Popen[bytes], places: Places) -> None:
    """Return when PostgreSQL has ended: by itself, on SIGTERM, or because nobody uses it any more."""
    asked_to_stop = False

    def stop_soon(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop_soon)
    users = open_lock(places.users_lock)
    while postgres.poll() is None:
        time.sleep(PAUSE)
        # With this lock nobody is left, and whoever comes now waits until we are gone.
        if asked_to_stop or try_lock(users, fcntl.LOCK_EX) or not _same_file(users, places.users_lock):
            server.stop(postgres)


def _same_file(descriptor: int, path: Path) -> bool:
    """Tell whether the lock is still the one that newcomers will open: `var` may have been deleted."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
