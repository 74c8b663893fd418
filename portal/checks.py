"""Refuses a database that would lose or miss letters. Runs with `manage.py migrate` and `check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def check_letters(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Return an error for each database that is not in UTF-8, or whose character types are those of the locale C."""
    return [error for alias in databases or () for error in _check(alias)]


def _check(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return [
            Error("The portal stores its records in PostgreSQL only.", hint="Correct DATABASE_URL.", id="portal.E001")
        ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname, pg_encoding_to_char(encoding), datctype"
            " FROM pg_database WHERE datname = current_database()"
        )
        name, encoding, ctype = cursor.fetchone()
    found: list[CheckMessage] = []
    hint = (
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' makes a fit one."
    )
    if encoding != "UTF8":
        found.append(Error(f"The database {name} is encoded in {encoding}, not in UTF8.", hint=hint, id="portal.E002"))
    if ctype in ("C", "POSIX"):
        reason = "in which only English letters count, so that Arabic, Chinese and Cyrillic words are not found"
        found.append(Error(f"The database {name} has LC_CTYPE {ctype}, {reason}.", hint=hint, id="portal.E003"))
    return found
