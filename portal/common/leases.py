"""A lease on a row is renewed while the work on it goes on; whoever falls silent loses it."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from portal.common.errors import PersonError

logger = logging.getLogger(__name__)

TRIES = 4  # the first, and three more: what ends its worker each time must not be given to workers for ever
FIRST_PAUSE = 10  # seconds before the second try; each further pause is twice as long

#: Errors after which another try may help: the database restarts, the store of files is out of reach.
TRANSIENT = (OperationalError, InterfaceError, ConnectionError, TimeoutError)


class LeaseLost(Exception):
    """Another worker has taken the job over: this one must not write any more."""


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


@contextmanager
def work_on(job: str, *, hand_back: Callable[[], object], give_up: Callable[[Exception], object]) -> Iterator[None]:
    """Do the work of a claimed job, which `job` names. What may go well later is handed back, all else given up.

    A `PersonError` tells a person what to do: it is no fault of the portal.
    """
    try:
        yield
    except LeaseLost:
        logger.warning("%s was taken over by a newer attempt", job)
    except PersonError as error:
        logger.info("%s is given up: %s", job, error)
        give_up(error)
    except TRANSIENT:
        logger.warning("%s goes back into the queue", job, exc_info=True)
        close_old_connections()  # a connection that broke cannot write the row
        hand_back()
    except Exception as error:
        logger.exception("%s is given up", job)
        give_up(error)
