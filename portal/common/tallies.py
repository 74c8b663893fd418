"""How many records each choice of a list would show: what stands beside the choices of its facets.

Each facet is counted in what all the other filters leave. One statement counts all of them: it finds the matching
records once for all facets that nobody chose in, and once more for each of the others.

Counts are kept until a record is written. Then a list of few records is counted anew while the reader waits. One of
many is shown with its total of now and the counts of before, which a thread meanwhile makes anew.
"""

# ruff: noqa: S608 - the statements are made of names of our own; what people write goes in as parameters
import hashlib
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore
from time import time
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation

from portal.common.filters import Facet, Key, RecordFilter, Source, Statement, statement_of
from portal.common.history import version_of

KEPT = 60  # seconds that counts hold without a write: so long may a change of reference data stay unseen
SHOWN = 60 * 60  # seconds that those of many records are shown for while others are made
WAITING = 20  # lists that may wait to be counted anew

logger = logging.getLogger(__name__)
counter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counts")  # one at a time, whatever readers ask
places = BoundedSemaphore(WAITING)


@dataclass(frozen=True)
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
class Tallies:
    """How many records the filters leave, and the facets that have a choice to offer."""

    total: int
    facets: list[CountedFacet]
    counts: dict[str, dict[Key, int]] = field(default_factory=dict, compare=False, repr=False)  # by facet
    weight: int = field(default=0, compare=False)  # records that were looked at to count
    key: str = field(default="", compare=False)  # under which what is made of the facets may be kept

    @property
    def seconds(self) -> int:
        """Return how long what is made of the facets may be kept under the key."""
        return KEPT if self.key else 0


@dataclass(frozen=True)
class Kept:
    """Counts, and the state of the records that they are of."""

    tallies: Tallies
    version: str
    counted_at: float

    def holds(self, version: str) -> bool:
        return self.version == version and time() < self.counted_at + KEPT


def tallies(filter: RecordFilter) -> Tallies:
    """Count for a filter that has been validated.

    The total is always of now, as the records of the list are; only one that is beyond all pages may be of before.
    Nothing is kept of a list that watches nothing: reference data, of which there is little.
    """
    if not filter.watched:
        return count(filter)
    key, version = _cache_key(filter), version_of(*filter.watched)
    kept: Kept | None = cache.get(key)
    if kept is not None and kept.holds(version):
        return kept.tallies
    if kept is None or kept.tallies.weight <= filter.counted_at_once:
        return _count_and_keep(filter, key, version, may_be_of_before=True)
    _count_later(filter, key)
    if kept.tallies.total > filter.beyond_all_pages:
        return kept.tallies
    return replace(kept.tallies, total=filter.qs.count())


def total(filter: RecordFilter) -> int:
    """Return how many records a validated filter leaves, counted alone where nothing is kept."""
    kept: Kept | None = cache.get(_cache_key(filter)) if filter.watched else None
    if kept is not None and kept.holds(version_of(*filter.watched)):
        return kept.tallies.total
    return filter.qs.count()


def _cache_key(filter: RecordFilter, *, without: str = "") -> str:
    asked = [
        (name, sorted(value) if isinstance(value, dict) else value)
        for name, value in sorted(filter.asked.items())
        if name != without
    ]
    parts = (type(filter).__qualname__, translation.get_language(), asked, filter.audience())
    return "tallies-" + hashlib.sha256(repr(parts).encode()).hexdigest()


def _count_and_keep(filter: RecordFilter, key: str, version: str, *, may_be_of_before: bool) -> Tallies:
    """Count now, for all who ask the same. `version` was read before: what is written meanwhile makes it void.

    The choices of a facet in which somebody chose are those of the same list without that choice, which was likely
    just looked at. Where it is large, its counts of before are as good to be shown until the thread has counted.
    """
    counted_at = time()
    known: dict[str, dict[Key, int]] = {}
    is_of_now, weight = True, 0
    for name in filter.asked.keys() & filter.facets.keys():
        kept: Kept | None = cache.get(_cache_key(filter, without=name))
        if kept is None or name not in kept.tallies.counts:
            continue
        holds = kept.holds(version)
        if holds or (may_be_of_before and kept.tallies.weight > filter.counted_at_once):
            known[name] = kept.tallies.counts[name]
            is_of_now &= holds
            weight += kept.tallies.weight
    counted = count(filter, known)
    counted = replace(counted, weight=counted.weight + weight, key=f"{key}-{version}-{counted_at}")
    cache.set(key, Kept(counted, version if is_of_now else "", counted_at), SHOWN)
    return counted


def _count_later(filter: RecordFilter, key: str) -> None:
    """Let the thread count, unless it is about to, or has too much to do: then a later look asks again."""
    if not cache.add(f"{key}-later", True, KEPT):
        return
    if places.acquire(blocking=False):
        counter.submit(_count_in_thread, filter, key, translation.get_language())
    else:
        cache.delete(f"{key}-later")


def _count_in_thread(filter: RecordFilter, key: str, language: str | None) -> None:
    try:
        cache.delete(f"{key}-later")  # a write from here on has to be counted again
        with translation.override(language):
            _count_and_keep(filter, key, version_of(*filter.watched), may_be_of_before=False)
    except DatabaseError:
        logger.exception("The counts of a list could not be made anew")
    finally:
        places.release()
        connection.close()


def count(filter: RecordFilter, known: Mapping[str, dict[Key, int]] | None = None) -> Tallies:
    """Count now; of some facets the counts may be `known`."""
    asked, facets, known = filter.asked, filter.facets, known or {}
    apart = [name for name in facets if (name in asked or name in filter.apart) and name not in known]
    rest = {name for name in facets if name not in apart and name not in known}
    common = MatchingSet("common", filter.qs, {facets[name].source for name in rest})
    own = {
        name: MatchingSet(f"set_{number}", filter.without(name), {facets[name].source})
        for number, name in enumerate(apart)
    }
    total, weight, counted = _counted([common, *own.values()])
    counts = {
        name: known[name] if name in known else counted[own.get(name, common).name, facet.source]
        for name, facet in facets.items()
    }
    shown = [_facet(name, facet, counts[name], asked.get(name, {})) for name, facet in facets.items()]
    return Tallies(total, [facet for facet in shown if facet], counts, weight)


def _facet(name: str, facet: Facet, counts: dict[Key, int], chosen: dict[str, Key]) -> CountedFacet | None:
    options = facet.among.options({*counts, *chosen.values()})
    choices = [
        Choice(option.value, option.label, counts.get(option.key, 0), option.value in chosen, option.depth)
        for option in options
    ]
    if not choices or (len(choices) == 1 and not chosen and not facet.alone):
        return None
    return CountedFacet(name, str(facet.label), choices)


# The statement


@dataclass
class MatchingSet:
    """See `portal.common.filters.Matching`. It learns which columns are asked for before it is written."""

    name: str
    queryset: QuerySet[Any]
    sources: Collection[Source]
    fields: list[str] = field(default_factory=list)  # that records are alike by
    owners: list[str] = field(default_factory=list)  # fields that name what is linked

    @property
    def alike(self) -> str:
        return f"{self.name}_alike"

    def column(self, field: str) -> str:
        if field not in self.fields:
            self.fields.append(field)
        return f"c{self.fields.index(field)}"

    def linked(self, to: str) -> str:
        if to not in self.owners:
            self.owners.append(to)
        return f"{self.name}_owner{self.owners.index(to)}"

    def statements(self) -> Statement:
        """Return the set and those that are made of it, as a WITH clause has them."""
        columns = [self.column(field) for field in self.fields]
        owners = [f"owner{number}" for number in range(len(self.owners))]
        sql, params = statement_of(self.queryset.order_by().values_list(*self.fields, *self.owners, "pk"))
        sets = [
            f"{self.name} ({', '.join([*columns, *owners, 'pk'])}) AS MATERIALIZED ({sql})",
            f"{self.alike} AS MATERIALIZED (SELECT {', '.join([*columns, 'count(*) AS records'])} FROM {self.name}"
            + (f" GROUP BY {', '.join(columns)})" if columns else ")"),
        ]
        for to, owner in zip(self.owners, owners, strict=True):
            each = "1 AS records" if to == "pk" else "count(*) AS records"
            grouped = "" if to == "pk" else f" GROUP BY {owner}"
            sets.append(
                f"{self.linked(to)} AS MATERIALIZED (SELECT {owner} AS owner, {each} FROM {self.name}{grouped})"
            )
        return ", ".join(sets), params


def _counted(sets: Sequence[MatchingSet]) -> tuple[int, int, dict[tuple[str, Source], dict[Key, int]]]:
    """Return the size of the first set, that of all, and the counts of each source in each set."""
    places = [(matching, source) for matching in sets for source in matching.sources]
    counted = [source.counted(matching) for matching, source in places]
    matched = [matching.statements() for matching in sets]
    selects = [
        f"SELECT {number}, to_jsonb(key), records FROM ({sql}) AS counted(key, records)"
        for number, (sql, _params) in enumerate(counted)
    ]
    selects += [
        f"SELECT {-1 - number}, NULL::jsonb, sum(records) FROM {each.alike}" for number, each in enumerate(sets)
    ]
    sql = f"WITH {', '.join(sql for sql, _params in matched)} {' UNION ALL '.join(selects)}"
    params = [param for _sql, params in [*matched, *counted] for param in params]

    counts: dict[tuple[str, Source], dict[Key, int]] = {(matching.name, source): {} for matching, source in places}
    sizes = [0] * len(sets)
    with transaction.atomic(), connection.cursor() as cursor:
        # nothing here takes so long that compiling the plan pays, and no hash of the counts goes to the disk
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '32MB'")
        cursor.execute(sql, params)
        for number, key, records in cursor.fetchall():
            if number < 0:
                sizes[-1 - number] = int(records or 0)
            elif key is not None:
                matching, source = places[number]
                counts[matching.name, source][json.loads(key)] = int(records)
    return sizes[0], sum(sizes), counts
