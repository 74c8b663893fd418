"""Data that several tests read: loaded once, in a transaction that is undone after them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def undone_afterwards(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written inside is there for the tests that run meanwhile, each in a savepoint of its own."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
