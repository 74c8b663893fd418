"""How many records each choice of a list would show: what stands beside the choices of its facets.

The process keeps an index of each list: of every facet, the set of the records that have each key. Sets are bitmaps, so
that one choice is counted in a microsecond, whatever else is chosen. Each facet is counted in what all the other
filters leave. It keeps the orders of the list too, so that its last page is found as quickly as its first.

An index is of the records as they were when it was made. After a write that of few records is made anew while the
reader waits. Of many, the page shows its total of now and the counts of before; a thread meanwhile makes a new one.
"""

import hashlib
import logging
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock
from time import time
from typing import Any, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from pyroaring import BitMap

from portal.common.filters import Facet, Holders, Key, Option, RecordFilter, holders_of, statement_of
from portal.common.history import version_of

KEPT = 60  # seconds that counts hold without a write: so long may a change of reference data stay unseen
REST = 100  # times as long as making an index took, it is kept at least
MOST_ANSWERS = 500  # that are kept with an index

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)
maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counts")  # one at a time, whatever readers ask


@dataclass(slots=True)  # a list has five hundred of them: frozen ones take three times as long to make
class Choice:
    """What one can choose in a facet, and how many records that would show."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class CountedFacet:
    """A facet with those of its choices that show something, and those that are chosen."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]


@dataclass(frozen=True)
class Sorted:
    """The ids of some records in an order of all: a list to take pages from."""

    order: Sequence[int]
    among: BitMap

    def __len__(self) -> int:
        return len(self.among)

    def __getitem__(self, page: slice) -> list[int]:
        return list(islice((pk for pk in self.order if pk in self.among), page.start, page.stop))


@dataclass(frozen=True)
class Tallies:
    """How many records the filters leave, and the facets that have a choice to offer."""

    total: int
    facets: list[CountedFacet]
    key: str = field(default="", compare=False)  # under which what is made of the facets may be kept
    ids: Sorted | None = field(default=None, compare=False)  # of what the filters leave, where the index is of now

    @property
    def seconds(self) -> int:
        """Return how long what is made of the facets may be kept under the key."""
        return KEPT if self.key else 0


@dataclass
class Index:
    """Which records of a list, whoever may see them, have each key; and what was asked of it since."""

    version: str
    made_at: float
    seconds: float  # that it took
    records: int  # where the index is kept
    holders: dict[str, Holders]  # by the name of the facet; facets of one source have the same ones
    orders: dict[str, Sequence[int]]  # the ids of all records in each order of the list, by its code
    seen: dict[str, BitMap] = field(default_factory=dict)  # what readers of an audience may see
    answers: dict[str, tuple[float, Any]] = field(default_factory=dict)
    options: dict[tuple[str, str | None], list[Option]] = field(default_factory=dict)

    def is_of(self, version: str) -> bool:
        return self.version == version and time() < self.made_at + max(KEPT, REST * self.seconds)

    def answer(self, key: str, make: Callable[[], Answer]) -> Answer:
        """Return what was made for the key within the last minute, or make it."""
        made_at, answer = self.answers.get(key, (0.0, None))
        if time() >= made_at + KEPT:
            made_at, answer = time(), make()
            if len(self.answers) >= MOST_ANSWERS:
                self.answers.clear()
            self.answers[key] = made_at, answer
        return answer

    def left_by(self, filter: RecordFilter, *, without: str = "") -> BitMap:
        """Return the records that the reader may see and that the filters leave which are no facets."""

        def read() -> BitMap:
            found = filter.unticked(without=without).order_by().aggregate(records=ArrayAgg("pk"))
            return BitMap(found["records"] or [])

        asked = _asked(filter, filter.filters.keys() - filter.facets.keys())
        key = _key(filter, "left", *asked, filter.shows_all(without=without))
        if asked:
            return self.answer(key, read)
        if key not in self.seen:
            if len(self.seen) >= MOST_ANSWERS:
                self.seen.clear()
            self.seen[key] = read()
        return self.seen[key]

    def options_of(self, name: str, facet: Facet) -> list[Option]:
        """Return all that can be chosen in a facet, in the order and the words of the reader's language."""
        key = (name, translation.get_language())
        if key not in self.options:
            self.options[key] = facet.among.options(set(self.holders[name]))
        return self.options[key]


indexes: dict[type[RecordFilter], Index] = {}  # one of each list, as it was last made
being_made: dict[type[RecordFilter], Lock] = {}


def tallies(filter: RecordFilter) -> Tallies:
    """Count for a filter that has been validated.

    The total is always of now, as the records of the list are; only one that is beyond all pages may be of before.
    """
    index, is_of_now = _index_of(filter)
    kept = _tallies(filter, index)
    if is_of_now and filter.order in index.orders:
        return replace(kept, ids=Sorted(index.orders[filter.order], _matching(filter, index)))
    if not is_of_now and kept.total <= filter.beyond_all_pages:
        return replace(kept, total=filter.qs.count())
    return kept


def total(filter: RecordFilter) -> int:
    """Return how many records a validated filter leaves, counted alone where there is no index of now."""
    index = indexes.get(type(filter))
    if index is None or not index.is_of(version_of(*filter.watched)):
        return filter.qs.count()
    return len(_matching(filter, index))


def counts(filter: RecordFilter, name: str) -> dict[Key, int]:
    """Return how many records a validated filter leaves of each key of one facet, as the list counts them."""
    index, _is_of_now = _index_of(filter)
    return _counts(index.holders[name], _matching(filter, index))


def forget() -> None:
    """Forget all indexes, as a process that has just begun."""
    indexes.clear()


# The index of a list


def _index_of(filter: RecordFilter) -> tuple[Index, bool]:
    """Return the index of a list, and whether it is of now. Reference data, of which there is little, has none kept."""
    if not filter.watched:
        return _make(filter, ""), True
    version = version_of(*filter.watched)
    index = _kept(filter)
    if index and index.is_of(version):
        return index, True
    if index and index.records > filter.counted_at_once:
        _make_later(filter)
        return index, False
    with being_made.setdefault(type(filter), Lock()):
        index = _kept(filter)  # somebody else may have made it meanwhile
        if index is None or not index.is_of(version):
            index = indexes[type(filter)] = _make(filter, version)
    return index, True


def _kept(filter: RecordFilter) -> Index | None:
    """Return the index that is kept, unless the list has a facet since that it does not know: a new vocabulary."""
    index = indexes.get(type(filter))
    return index if index and filter.facets.keys() <= index.holders.keys() else None


def _make(filter: RecordFilter, version: str) -> Index:
    """`version` was read before: what is written meanwhile makes the index one of before."""
    began = time()
    records = filter.indexed()
    facets = filter.facets
    sources = {facet.source for facet in facets.values()}
    orders: dict[str, Sequence[int]] = {}
    if not filter.watched:  # of few records, and for one page
        by_source, count = holders_of(sources, records), 0
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:  # nothing here takes so long that compiling the plan pays
                cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '32MB'")
            by_source, count = holders_of(sources, records), records.count()
            orders = {code: _ids(filter.ordered(records, code)) for code in filter.orders}
    holders = {name: by_source[facet.source] for name, facet in facets.items()}
    return Index(version, began, time() - began, count, holders, orders)


def _ids(records: QuerySet[Any]) -> Sequence[int]:
    """Return the ids of records in their order."""
    sql, params = statement_of(records.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(record) FROM ({sql}) AS sorted(record)", params)  # noqa: S608  # Django's own
        ((ids,),) = cursor.fetchall()
    return array("q", ids or [])


def _make_later(filter: RecordFilter) -> None:
    """Let the thread make the index, unless it is about to."""
    making = being_made.setdefault(type(filter), Lock())
    if making.acquire(blocking=False):
        maker.submit(_make_in_thread, filter, making, translation.get_language())


def _make_in_thread(filter: RecordFilter, making: Lock, language: str | None) -> None:
    try:
        with translation.override(language):
            index = _make(filter, version_of(*filter.watched))
            _tallies(filter, index)  # asks all that the next look will need
        indexes[type(filter)] = index
    except DatabaseError:
        logger.exception("The counts of a list could not be made anew")
    finally:
        making.release()
        connection.close()


# Counting


def _tallies(filter: RecordFilter, index: Index) -> Tallies:
    """Count what an index tells, for all who ask the same."""
    key = _key(filter, "tallies", *_asked(filter, filter.filters), translation.get_language())
    return index.answer(key, lambda: _counted(filter, index, key=f"{key}-{time()}" if filter.watched else ""))


def _counted(filter: RecordFilter, index: Index, *, key: str) -> Tallies:
    matching = _matching(filter, index)
    common: dict[int, dict[Key, int]] = {}  # of all facets that share their holders and that nobody chose in
    facets = []
    for name, facet in filter.facets.items():
        holders = index.holders[name]
        if name in filter.asked or name in filter.apart:
            counts = _counts(holders, _matching(filter, index, without=name))
        else:
            if id(holders) not in common:
                common[id(holders)] = _counts(holders, matching)
            counts = common[id(holders)]
        facets.append(_facet(name, facet, counts, filter.asked.get(name, {}), index.options_of(name, facet)))
    return Tallies(len(matching), [facet for facet in facets if facet], key)


def _matching(filter: RecordFilter, index: Index, *, without: str = "") -> BitMap:
    """Return the records that the filters leave, but for one of the facets."""
    left = index.left_by(filter, without=without)
    for name in filter.facets:
        if name != without and (chosen := filter.asked.get(name)):
            holders = index.holders[name]
            left = left & _union(holders.get(key) for key in chosen.values())
    return left


def _union(sets: Iterable[BitMap | None]) -> BitMap:
    return BitMap.union(BitMap(), *(each for each in sets if each is not None))


def _counts(holders: Holders, matching: BitMap) -> dict[Key, int]:
    return {key: count for key, records in holders.items() if (count := records.intersection_cardinality(matching))}


def _facet(
    name: str, facet: Facet, counts: dict[Key, int], chosen: dict[str, Key], known: list[Option]
) -> CountedFacet | None:
    options = [option for option in known if option.key in counts or option.value in chosen]
    if len({option.value for option in options} & chosen.keys()) < len(chosen):  # no record has what is chosen
        options = facet.among.options({*counts, *chosen.values()})
    choices = [
        Choice(option.value, option.label, counts.get(option.key, 0), option.value in chosen, option.depth)
        for option in options
    ]
    if not choices or (len(choices) == 1 and not facet.alone and not chosen):
        return None
    return CountedFacet(name, str(facet.label), choices)


# What is asked for


def _asked(filter: RecordFilter, names: Iterable[str]) -> list[tuple[str, Any]]:
    """Return what was asked for of some filters, in an order of its own."""
    return [
        (name, sorted(value) if isinstance(value, dict) else value)
        for name, value in sorted(filter.asked.items())
        if name in names
    ]


def _key(filter: RecordFilter, *parts: Any) -> str:
    told = (type(filter).__qualname__, filter.audience(), *parts)
    return hashlib.sha256(repr(told).encode()).hexdigest()
