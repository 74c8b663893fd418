from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from initiatives.services.reference import Filed, load_reference
from tests.support.loading import undone_afterwards


@pytest.fixture(scope="module")
def reference_data(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Filed]]:
    """The reference data, for all tests of a module; gives what loading it did."""
    with undone_afterwards(django_db_blocker):
        yield load_reference()
