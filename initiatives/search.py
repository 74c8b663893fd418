"""Search over what is stored: which records hold what a person typed.

The words of all records stand ready in `SearchEntry`, made by triggers; here they are asked. `reporting.search` adds
its own records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Model, QuerySet, TextField, Value

from initiatives.models import Document, Initiative, Passage, SearchEntry, SearchKind, Update

MOST_CHARACTERS = 200  # of a search; more is no search but a text

_KINDS: dict[type[Model], str] = {
    Initiative: SearchKind.INITIATIVE,
    Update: SearchKind.UPDATE,
    Passage: SearchKind.PASSAGE,
    Document: SearchKind.DOCUMENT,
}
_QUOTES = re.compile("[“”„«»「」]")
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True)
class Asked:
    """What a person typed, taken apart: words and quoted phrases that a text has to hold, and those it must not."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_typing: bool = False  # the last word may go on

    @classmethod
    def parse(cls, typed: str) -> Asked:
        """Take the words apart. Whatever was typed is a search; what holds neither letter nor digit is left out."""
        wanted: list[str] = []
        excluded: list[str] = []
        is_typing = False
        cut = _QUOTES.sub('"', typed[:MOST_CHARACTERS].replace("\0", " "))
        for piece in _PIECE.finditer(cut):
            words = piece["word"] or piece["phrase"] or ""
            if not any(character.isalnum() for character in words):
                continue
            (excluded if piece["minus"] else wanted).append(words)
            is_typing = bool(piece["word"]) and not piece["minus"]
        return cls(tuple(wanted), tuple(excluded), is_typing)

    @property
    def query(self) -> Func:
        """What PostgreSQL is asked, in the configurations of all languages."""
        texts = ArrayField(TextField())
        return Func(
            Value(list(self.wanted), output_field=texts),
            Value(list(self.excluded), output_field=texts),
            Value(self.is_typing),
            function="search_query",
            output_field=SearchQueryField(),
        )


class Holds(Func):
    """Whether a vector of words holds what is asked."""

    arity = 2
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def entries_holding(kind: str, asked: Asked) -> QuerySet[SearchEntry]:
    """Return the entries of a kind that hold what was asked, without those that an entity keeps for itself."""
    return SearchEntry.objects.filter(Holds(F("words"), asked.query), kind=kind, is_internal=False)


def narrowed(records: QuerySet[Record], kind: str, typed: str) -> QuerySet[Record]:
    """Keep the records of a kind whose words, in any language, hold what was typed. Blanks ask for nothing."""
    if not typed.strip():
        return records
    asked = Asked.parse(typed)
    if not asked.wanted:
        return records.none()
    return records.filter(pk__in=entries_holding(kind, asked).values("record_id"))


def matching(records: QuerySet[Record], typed: str) -> QuerySet[Record]:
    """Keep the initiatives, updates, passages or documents whose words, in any language, hold what was typed.

    Words may end early (the last one), be quoted, or be excluded by a minus. Typing errors find nothing here.
    """
    return narrowed(records, _KINDS[records.model], typed)
