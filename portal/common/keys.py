"""Keys of records: many in one statement, and one that a browser sent."""

from collections.abc import Collection

from django.db.models.expressions import RawSQL

LONGEST = 18  # digits: PostgreSQL keeps ids of 19, of which not all fit


def key_in(text: str) -> int | None:
    """Return the key that a text says; None where it can be none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


def one_of(keys: Collection[int]) -> RawSQL | list[int]:
    """Return what a lookup `__in` finds these keys by: `filter(initiative__in=one_of(pks))`.

    They go as one array. Of ten thousand numbers Django makes as many parameters, looks at each several times, and does
    so again for the next table. Without any there is nothing to ask, as in a list.
    """
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)]) if keys else []
