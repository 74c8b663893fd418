"""Search over what is stored: which records hold what a person typed.

The words of all records stand ready in `SearchEntry`, made by triggers; here they are asked. `reporting.search` adds
its own records.
"""

# ruff: noqa: S608 - the statements are made of names of our own; what people type goes in as parameters
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, Model, QuerySet, TextField, Value

from initiatives.models import Document, Initiative, Passage, SearchEntry, SearchKind, Update
from portal.common.filters import MOST_CHARACTERS, MOST_WORDS, Statement, statement_of
from portal.common.languages import reader_language

CANDIDATES = 300  # entries of a kind that are ranked; a word that stands in half of all texts has a hundred thousand
LATEST = 6000  # entries that are read for a common word, before the index is asked for all its places
SAMPLE, COMMON = 400, 20  # a word is common that stands in so many of the latest so many entries: in each twentieth
IN_THE_TITLE = 2  # how much better it is to be named by the words
IN_THE_LANGUAGE = 1.2  # and to be written in the reader's language
MOST_MISTYPED = 6  # words
NEARLY = 0.45  # of the threes of letters of a word are those of another: "digtal" has half of those of "digital"

_KINDS: dict[type[Model], str] = {
    Initiative: SearchKind.INITIATIVE,
    Update: SearchKind.UPDATE,
    Passage: SearchKind.PASSAGE,
    Document: SearchKind.DOCUMENT,
}
_ENTRIES = SearchEntry._meta.db_table
_HIT = "kind, record_id, piece, piece_id, language"  # the columns of a hit, but for its rank
_SWAPPABLE = re.compile(r"\W*([^\W\d_]{4,12})\W*")  # of so few letters: each two of them are tried
_QUOTES = re.compile("[“”„«»「」]")
_IDEOGRAPH = re.compile("[\u3040-\u9fff\uf900-\ufaff]")
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def _first_words(typed: str) -> list[str]:
    """Return the words up to the last that may be among so many different ones."""
    known: set[str] = set()
    for place, word in enumerate(words := typed.split()):
        known.add(word)
        if len(known) > MOST_WORDS:
            return words[:place]
    return words


def swaps(word: str) -> list[str]:
    """Return what somebody may have meant who typed two neighbouring letters in the wrong order."""
    if (found := _SWAPPABLE.fullmatch(word)) is None:
        return []
    letters = found[1]
    return [
        f"{letters[:place]}{second}{first}{letters[place + 2 :]}"
        for place, (first, second) in enumerate(pairwise(letters))
        if first != second
    ]


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
        cut = _QUOTES.sub('"', typed[:MOST_CHARACTERS].replace("\0", " "))
        # what has more words is refused where people ask; here it is cut, so that no search costs more
        for piece in _PIECE.finditer(" ".join(_first_words(cut))):
            words = piece["word"] or piece["phrase"] or ""
            if not any(character.isalnum() for character in words):
                continue
            (excluded if piece["minus"] else wanted).append(words)
            is_typing = bool(piece["word"]) and not piece["minus"]
        # each once: the last place counts, for the last word may go on
        once = reversed(dict.fromkeys(reversed(wanted)))
        return cls(tuple(once), tuple(dict.fromkeys(excluded)), is_typing)

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

    def swapped(self) -> Asked:
        """Return what may have been meant, where two neighbouring letters of one word stand in the wrong order.

        It is compiled, in one query; to nothing where no word is of a length in which that is likely.
        """
        words = " ".join(self.wanted).split()
        tried = [
            ([other for other in words if other != word], variants)
            for word in self.mistypable
            if (variants := swaps(word))
        ]
        if not tried:
            return replace(self, compiled="")
        lists = [one for others, variants in tried for one in (others, *([variant] for variant in variants))]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT search_query(ARRAY(SELECT jsonb_array_elements_text(words)), '{}', false)"
                " FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS list(words, place) ORDER BY place",
                [json.dumps(lists)],
            )
            queries = iter([query for (query,) in cursor.fetchall()])
        meant = []
        for _others, variants in tried:
            others = next(queries)
            either = " | ".join(f"({next(queries)})" for _ in variants)
            meant.append(f"({others}) & ({either})" if others else either)
        return replace(self, compiled=" | ".join(f"({query})" for query in meant))

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


@dataclass(frozen=True)
class Among:
    """The records of a kind that a reader may see; `own` are those whose internal words count too.

    Where a reader knows only some pieces of a record, `own` are such pieces and `own_by` is `piece_id`. Of a kind with
    `many` records, whose number grows every year, the latest are tried first.
    """

    kind: str
    visible: QuerySet[Any]
    own: QuerySet[Any] | None = None
    own_by: str = "record_id"
    has_titles: bool = True
    many: bool = False


def best_of(several: Sequence[Among], asked: Asked, *, only_titles: bool = False) -> dict[str, Hits]:
    """Rank the records that hold what was asked (compiled), in one statement for all kinds.

    Only some hundred entries of a kind are ranked: those with the words in their titles, and others; where there are
    many and the words are common, the latest. `only_titles` asks for the first alone.
    """
    statements = []
    for among in several:
        seen, params = statement_of(among.visible.order_by().values("pk"))
        mine, own_params = statement_of(among.own.order_by().values("pk")) if among.own is not None else ("NULL", [])
        titles = f"titles @@ %s::tsquery AND {_is_among(seen)}", [asked.compiled, *params]
        texts = (
            f"words @@ %s::tsquery AND {_is_among(seen)} AND (NOT is_internal OR {among.own_by} IN ({mine}))",
            [asked.compiled, *params, *own_params],
        )
        if only_titles:
            found, given = _some_of(among.kind, titles)
        elif among.has_titles:
            found, given = _and_others(_some_of(among.kind, titles), among.kind, texts)
        elif among.many:
            found, given = _and_others(_latest_of(among.kind, texts), among.kind, texts)
        else:
            found, given = _some_of(among.kind, texts)
        rank = (
            f"ts_rank(words, %s::tsquery, 1) * CASE WHEN titles @@ %s::tsquery THEN {IN_THE_TITLE} ELSE 1 END::float8"
        )
        statements.append((_ranked(rank, found), [asked.compiled, asked.compiled, *given]))
    return _best(several, statements)


def nearly_titled(several: Sequence[Among], asked: Asked) -> dict[str, Hits]:
    """Rank the records whose titles are written nearly as what was typed, in one statement for all kinds."""
    typed = asked.mistypable
    alike = " AND ".join(["searchable(%s) <%% letters"] * len(typed))
    rank = " + ".join(["word_similarity(searchable(%s), letters)"] * len(typed))
    statements = []
    for among in several:
        seen, params = statement_of(among.visible.order_by().values("pk"))
        # letters take long to compare: of one kind, and of no more entries than are ranked
        found = f"kind = %s AND {alike} AND {_is_among(seen)}"
        entries = f"SELECT {_HIT}, letters FROM {_ENTRIES} WHERE {found} LIMIT {CANDIDATES}"
        ranked = f"(SELECT {_HIT}, ({rank})::float8 FROM ({entries}) AS seen)"
        statements.append((ranked, [*typed, among.kind, *typed, *params]))
    return _best(several, statements, threshold=NEARLY)


def _some_of(kind: str, condition: Statement) -> Statement:
    """Return the statement of as many entries of a kind as are ranked."""
    sql, params = condition
    return f"SELECT id FROM {_ENTRIES} WHERE kind = %s AND {sql} LIMIT {CANDIDATES}", [kind, *params]


def _latest_of(kind: str, condition: Statement) -> Statement:
    """Return the statement of the latest such entries, of none where what is asked for is not common among the latest.

    An index gathers all places of a word before it gives the first, tenfold as many on tenfold data; among the latest
    entries a common word is soon found often enough.
    """
    sql, params = condition
    latest = f"SELECT * FROM {_ENTRIES} WHERE kind = %s ORDER BY record_id DESC LIMIT"
    is_common = f"SELECT count(*) >= {COMMON} FROM ({latest} {SAMPLE}) AS entry WHERE {sql}"
    tried = f"{latest} (SELECT CASE WHEN ({is_common}) THEN {LATEST} ELSE 0 END)"
    return (
        f"SELECT id FROM ({tried}) AS entry WHERE {sql} LIMIT {CANDIDATES}",
        [kind, kind, *params, *params],
    )


def _and_others(first: Statement, kind: str, condition: Statement) -> Statement:
    """Return the statement of those entries and, where they are fewer than are ranked, of others of the kind."""
    others, params = _some_of(kind, condition)
    are_few = f"(SELECT count(*) < {CANDIDATES} FROM first)"
    return (
        f"WITH first AS ({first[0]}) SELECT id FROM first UNION (SELECT id FROM ({others}) AS entry WHERE {are_few})",
        [*first[1], *params],
    )


def _is_among(seen: str) -> str:
    """Return the condition that the record of an entry is one of those.

    Each record is looked up as its entry is found. A join would read all records or all entries first, tenfold as many
    on tenfold data.
    """
    return f"(SELECT true FROM ({seen}) AS seen(id) WHERE seen.id = record_id LIMIT 1)"


def _ranked(rank: str, candidates: str) -> str:
    return f"(SELECT {_HIT}, {rank} FROM {_ENTRIES} WHERE id IN ({candidates}))"


def _best(several: Sequence[Among], statements: Sequence[Statement], threshold: float = 0) -> dict[str, Hits]:
    """Return the best records of each kind; each stands with the entry in which it holds best what was asked."""
    params = [param for _sql, given in statements for param in given]
    with transaction.atomic() if threshold else nullcontext(), connection.cursor() as cursor:
        if threshold:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(threshold)])
        cursor.execute(" UNION ALL ".join(sql for sql, _params in statements), params)
        rows = cursor.fetchall()
    language = reader_language()
    ranked: dict[str, list[Hit]] = {among.kind: [] for among in several}
    for kind, record_id, piece, piece_id, written_in, rank in rows:
        better = IN_THE_LANGUAGE if written_in == language else 1
        ranked[kind].append(Hit(kind, record_id, piece, piece_id, written_in, rank * better))
    found = {}
    for kind, hits in ranked.items():
        best: dict[int, Hit] = {}
        for hit in sorted(hits, key=lambda hit: (-hit.rank, -hit.record_id, hit.piece_id)):
            best.setdefault(hit.record_id, hit)
        found[kind] = Hits(list(best.values()), are_all=len(hits) < CANDIDATES)
    return found
