"""What page tests share."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import User
from tests.factories import UserFactory


def client_of(person: User) -> Client:
    """Return the client of a person who has signed in."""
    client = Client()
    client.force_login(person)
    return client


def signed_in(**person: Any) -> Client:
    """Return the client of a person who is made of these facts: `signed_in(role=Role.STAFF, entity=unido)`."""
    return client_of(UserFactory(**person))


def queries_of(client: Client, path: str, status: int = 200) -> int:
    """Return how many queries a page takes once what is cached for all requests is there."""
    assert client.get(path).status_code == status
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def assert_rows_cost_nothing(client: Client, path: str, add_row: Callable[[], Any]) -> None:
    """Fail where a page takes more queries for 20 rows than for one."""
    add_row()
    with_one = queries_of(client, path)
    for _ in range(19):
        add_row()
    assert queries_of(client, path) == with_one


def words_of(response: HttpResponse) -> str:
    """Return the page as one line."""
    return " ".join(response.content.decode().split())
