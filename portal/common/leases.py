"""A lease on a row is renewed while the work on it goes on; whoever falls silent loses it."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

TRIES = 4  # the first, and three more: what ends its worker each time must not be given to workers for ever
FIRST_PAUSE = 10  # seconds before the second try; each further pause is twice as long


def lease() -> dt.timedelta:
    """How long a silent worker keeps a job."""
    return dt.timedelta(seconds=settings.JOB_LEASE)


def pause(*, tries: int, first: float = FIRST_PAUSE) -> dt.timedelta:
    """How long a job waits that was tried so many times; `first` are the seconds before the second try."""
    return dt.timedelta(seconds=first * 2 ** (tries - 1))


@contextmanager
def heartbeat(renew: Callable[[], object], *, name: str) -> Iterator[None]:
    """Call `renew` three times a lease, until it returns nothing: the lease is lost.

    From a thread, since the work may be busy in a child process for longer than a lease.
    """
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_LEASE / 3):
                if not renew():
                    return
        except Exception:
            logger.warning("The %s could not be renewed", name, exc_info=True)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
