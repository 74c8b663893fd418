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
    """Where a page begins: beyond the row with this id, backwards or forwards in the order of the list."""

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


def page_of(rows: QuerySet[Any], *, cursor: Cursor | None, limit: int, descending: bool = False) -> Page:
    """Find one page of the rows by id, in one query. What was added or went meanwhile moves no other row."""
    backwards = cursor is not None and cursor.backwards
    down = descending != backwards
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor.row) if down else rows.filter(pk__gt=cursor.row)
    found = list(rows.order_by("-pk" if down else "pk").values_list("pk", flat=True)[: limit + 1])
    more = len(found) > limit
    ids = found[:limit]
    if backwards:
        ids.reverse()
    if not ids:  # rows went since the cursor was given; the way back leads to the others
        return Page([], None, None if cursor is None or backwards else Cursor(cursor.row, backwards=True))
    after, before = Cursor(ids[-1]), Cursor(ids[0], backwards=True)
    return Page(
        ids,
        next=after if more or backwards else None,
        previous=before if (more if backwards else cursor is not None) else None,
    )
