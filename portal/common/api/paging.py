"""Pages of a list by cursor: stable whatever is added meanwhile, and as quick on the last page as on the first."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

SALT = "portal.api.cursor"
KEPT = 7 * 24 * 60 * 60  # seconds for which a cursor is good
LIMIT, MOST = 100, 500


class WrongCursor(Exception):
    """A cursor that is not ours, of another list, or too old. `str()` gives the sentence."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: beyond the row with this number, backwards or forwards in the order of the list."""

    row: int
    backwards: bool = False

    def written(self, of: str) -> str:
        """Return it for an address. `of` is the list it belongs to: see `list_name`."""
        return signing.dumps([of, self.row, self.backwards], salt=SALT)

    @classmethod
    def read(cls, text: str, of: str) -> "Cursor":
        """Read what `written` wrote for the same list. Raises WrongCursor."""
        try:
            name, row, backwards = signing.loads(text, salt=SALT, max_age=KEPT)
        except signing.SignatureExpired:
            raise WrongCursor(_("This cursor is older than a week. Begin again without one.")) from None
        except signing.BadSignature:
            raise WrongCursor(_("This is no cursor of the portal. Take it from “next” or “previous”.")) from None
        if name != of:
            raise WrongCursor(_("This cursor belongs to another list, filter or order. Begin again without one."))
        return cls(row, backwards)


def list_name(path: str, narrowed: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return a short name of a list: its address with the parameters that filter and order it."""
    told = json.dumps([path, sorted((name, sorted(values)) for name, values in narrowed)])
    return hashlib.sha256(told.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Page:
    """Ids of the rows of one page in their order, and the cursors beside it."""

    ids: list[int]
    next: Cursor | None
    previous: Cursor | None


def page_of(
    rows: QuerySet[Any], *, cursor: Cursor | None, limit: int, by: str = "pk", descending: bool = False
) -> Page:
    """Find one page of the rows in one query. What was added or went meanwhile moves no other row.

    `by` is a number that no two rows share.
    """
    backwards = cursor is not None and cursor.backwards
    down = descending != backwards
    if cursor is not None:
        rows = rows.filter(**{f"{by}__lt" if down else f"{by}__gt": cursor.row})
    found = list(rows.order_by(f"-{by}" if down else by).values_list("pk", by)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    if not found:  # rows went since the cursor was given; the way back leads to the others
        back = None if cursor is None or backwards else Cursor(cursor.row, backwards=True)
        return Page([], next=None, previous=back)
    return Page(
        [pk for pk, _number in found],
        next=Cursor(found[-1][1]) if more or backwards else None,
        previous=Cursor(found[0][1], backwards=True) if (more if backwards else cursor is not None) else None,
    )
