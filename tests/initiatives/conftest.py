from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from initiatives.choices import Role
from initiatives.models import Entity
from initiatives.services.reference import Filed, load_reference
from portal.models import User
from tests.factories import EntityFactory, UserFactory
from tests.support.loading import undone_afterwards


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(unido: Entity) -> User:
    return UserFactory(role=Role.STAFF, entity=unido, name="Mira")


@pytest.fixture
def focal_point(unido: Entity) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Leila")


@pytest.fixture
def secretariat(unido: Entity) -> User:
    return UserFactory(role=Role.SECRETARIAT, entity=unido, name="Aruna")


@pytest.fixture(scope="module")
def reference_data(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Filed]]:
    """The reference data, for all tests of a module; gives what loading it did."""
    with undone_afterwards(django_db_blocker):
        yield load_reference()
