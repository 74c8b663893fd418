"""Search over what is stored: which records hold what a person typed.

The words of all records stand ready in `SearchEntry`, made by triggers; here they are asked. `reporting.search` adds
its own records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import connection, transaction
from django.db.models import BooleanField, Case, F, FloatField, Func, Model, Q, QuerySet, TextField, Value, When

from initiatives.models import Document, Initiative, Passage, SearchEntry, SearchKind, Update
from portal.common.filters import MOST_WORDS
from portal.common.languages import reader_language

CANDIDATES = 300  # entries of a kind that are ranked; a word that stands in half of all texts has a hundred thousand
IN_THE_TITLE = 2  # how much better it is to be named by the words
IN_THE_LANGUAGE = 1.2  # and to be written in the reader's language
MOST_MISTYPED = 6  # words
NEARLY = 0.45  # of the threes of letters of a word are those of another: "digtal" has half of those of "digital"
FEW = 5  # results, with fewer than which titles are offered that are written nearly so

_KINDS: dict[type[Model], str] = {
    Initiative: SearchKind.INITIATIVE,
    Update: SearchKind.UPDATE,
    Passage: SearchKind.PASSAGE,
    Document: SearchKind.DOCUMENT,
}
_QUOTES = re.compile("[“”„«»「」]")
_IDEOGRAPH = re.compile("[\u3040-\u9fff\uf900-\ufaff]")
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')

Records = TypeVar("Records", bound=QuerySet[Any])


@dataclass(frozen=True)
class Asked:
    """What a person typed, taken apart: words and quoted phrases that a text has to hold, and those it must not."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_typing: bool = False  # the last word may go on
    compiled: str = ""  # as PostgreSQL writes the query

    @classmethod
    def parse(cls, typed: str) -> Asked:
        """Take the words apart. Whatever was typed is a search; what holds neither letter nor digit is left out."""
        wanted: list[str] = []
        excluded: list[str] = []
        is_typing = False
        cut = _QUOTES.sub('"', typed[:MOST_WORDS].replace("\0", " "))
        for piece in _PIECE.finditer(cut):
            words = piece["word"] or piece["phrase"] or ""
            if not any(character.isalnum() for character in words):
                continue
            (excluded if piece["minus"] else wanted).append(words)
            is_typing = bool(piece["word"]) and not piece["minus"]
        return cls(tuple(wanted), tuple(excluded), is_typing)

    def compile(self) -> Asked:
        """Return the same with its query made: worth one more query to the database where it is asked several times."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT search_query(%s::text[], %s::text[], %s)",
                [list(self.wanted), list(self.excluded), self.is_typing],
            )
            (made,) = cursor.fetchone() or (None,)
        return replace(self, compiled=made or "")

    @property
    def mistypable(self) -> list[str]:
        """The words that are long enough to be recognised with an error in them."""
        words = " ".join(self.wanted).split()
        return [word for word in words if len(word) > 3 and not _IDEOGRAPH.search(word)][:MOST_MISTYPED]

    @property
    def query(self) -> Func:
        """What PostgreSQL is asked, in the configurations of all languages."""
        if self.compiled:
            return Func(Value(self.compiled), template="%(expressions)s::tsquery", output_field=SearchQueryField())
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


class Resembles(Func):
    """Whether some words of a text are nearly those that were typed."""

    arity = 2
    template = "%(expressions)s"
    arg_joiner = " <%% "
    output_field = BooleanField()


def entries_holding(kind: str, asked: Asked) -> QuerySet[SearchEntry]:
    """Return the entries of a kind that hold what was asked, without those that an entity keeps for itself."""
    return SearchEntry.objects.filter(Holds(F("words"), asked.query), kind=kind, is_internal=False)


def narrowed(records: Records, kind: str, typed: str) -> Records:
    """Keep the records of a kind whose words, in any language, hold what was typed. Blanks ask for nothing."""
    if not typed.strip():
        return records
    asked = Asked.parse(typed)
    if not asked.wanted:
        return records.none()
    return records.filter(pk__in=entries_holding(kind, asked).values("record_id"))


def matching(records: Records, typed: str) -> Records:
    """Keep the initiatives, updates, passages or documents whose words, in any language, hold what was typed.

    Words may end early (the last one), be quoted, or be excluded by a minus. Typing errors find nothing here.
    """
    return narrowed(records, _KINDS[records.model], typed)


# The page of results


@dataclass(frozen=True)
class Hit:
    """A record that holds what was asked, and the text in which it does so best."""

    kind: str
    record_id: int
    piece: str
    piece_id: int
    language: str
    rank: float


@dataclass(frozen=True)
class Hits:
    """The best records of one kind, the best first. `are_all` is false where there are more than were ranked."""

    hits: list[Hit]
    are_all: bool


def best_of(
    kind: str,
    visible: QuerySet[Any],
    asked: Asked,
    *,
    own: QuerySet[Any] | None = None,
    has_titles: bool = True,
    only_titles: bool = False,
    nearly: bool = False,
) -> Hits:
    """Rank the records of a kind that hold what was asked, in one query.

    `visible` are those that the reader may see; `own` those whose internal words count too. Only some hundred entries
    are ranked, those with the words in their titles first; `only_titles` asks for no others. `nearly` looks for titles
    that are written nearly so.
    """
    entries = SearchEntry.objects.filter(kind=kind, record_id__in=visible.values("pk"))
    open_to_all = Q(is_internal=False)
    if own is not None:
        open_to_all |= Q(record_id__in=own.values("pk"))
    rank: Any
    rows: Any
    if nearly:
        typed = [Func(Value(word), function="searchable", output_field=TextField()) for word in asked.mistypable]
        candidates = entries.filter(*(Resembles(word, F("letters")) for word in typed)).values("pk")[:CANDIDATES]
        rank = sum(
            (Func(word, F("letters"), function="word_similarity", output_field=FloatField()) for word in typed),
            start=Value(0.0),
        )
    else:
        asked_here = asked.query
        candidates = entries.filter(Holds(F("titles"), asked_here)).values("pk")[:CANDIDATES]
        if not only_titles:
            held = entries.filter(Holds(F("words"), asked_here), open_to_all).values("pk")[:CANDIDATES]
            candidates = candidates.union(held) if has_titles else held
        rank = Func(F("words"), asked_here, Value(1), function="ts_rank", output_field=FloatField()) * Case(
            When(Holds(F("titles"), asked_here), then=Value(IN_THE_TITLE)),
            default=Value(1),
            output_field=FloatField(),
        )
    found = SearchEntry.objects.filter(pk__in=candidates)
    rows = found.values_list("kind", "record_id", "piece", "piece_id", "language", rank)
    if nearly:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(NEARLY)])
            rows = list(rows)
    language = reader_language()
    ranked = [
        Hit(kind, record_id, piece, piece_id, written_in, rank * (IN_THE_LANGUAGE if written_in == language else 1))
        for kind, record_id, piece, piece_id, written_in, rank in rows
    ]
    best: dict[int, Hit] = {}
    for hit in sorted(ranked, key=lambda hit: (-hit.rank, -hit.record_id, hit.piece_id)):
        best.setdefault(hit.record_id, hit)
    return Hits(list(best.values()), are_all=len(ranked) < CANDIDATES)
