"""How many records each choice of a list would show: what stands beside the choices of its facets.

Each facet is counted in what all the other filters leave. One statement counts all of them: it finds the matching
records once for all facets that nobody chose in, and once more for each of the others.
"""

# ruff: noqa: S608 - the statements are made of names of our own; what people write goes in as parameters
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from portal.common.filters import Facet, Key, RecordFilter, Source, Statement, statement_of
from portal.common.history import version_of

KEPT = 60  # seconds; a write to what is watched is seen at once, one to reference data after that time


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
    key: str = field(default="", compare=False)  # under which it is kept, where it is

    @property
    def seconds(self) -> int:
        """Return how long what is made of the facets may be kept under the key."""
        return KEPT if self.key else 0


def tallies(filter: RecordFilter) -> Tallies:
    """Count for a filter that has been validated. Kept for a minute, and void as soon as a record is written.

    Nothing is kept of a list that watches nothing: reference data, of which there is little.
    """
    if not filter.watched:
        return count(filter)
    key = _cache_key(filter)
    found = cache.get(key)
    if found is None:
        found = replace(count(filter), key=key)
        cache.set(key, found, KEPT)
    return found


def _cache_key(filter: RecordFilter) -> str:
    asked = sorted((name, sorted(value) if isinstance(value, dict) else value) for name, value in filter.asked.items())
    parts = (type(filter).__qualname__, get_language(), asked, filter.audience(), version_of(*filter.watched))
    return "tallies-" + hashlib.sha256(repr(parts).encode()).hexdigest()


def count(filter: RecordFilter) -> Tallies:
    """Count now."""
    asked, facets = filter.asked, filter.facets
    apart = [name for name in facets if name in asked or name in filter.apart]
    common = MatchingSet("common", filter.qs, {facets[name].source for name in facets if name not in apart})
    own = {
        name: MatchingSet(f"set_{number}", filter.without(name), {facets[name].source})
        for number, name in enumerate(apart)
    }
    total, counts = _counted([common, *own.values()])
    found = [
        counted
        for name, facet in facets.items()
        if (counted := _facet(name, facet, counts[own.get(name, common).name, facet.source], asked.get(name, {})))
    ]
    return Tallies(total, found)


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


def _counted(sets: Sequence[MatchingSet]) -> tuple[int, dict[tuple[str, Source], dict[Key, int]]]:
    """Return the size of the first set, and the counts of each source in each set."""
    places = [(matching, source) for matching in sets for source in matching.sources]
    counted = [source.counted(matching) for matching, source in places]
    matched = [matching.statements() for matching in sets]
    selects = [
        f"SELECT {number}, to_jsonb(key), records FROM ({sql}) AS counted(key, records)"
        for number, (sql, _params) in enumerate(counted)
    ]
    selects.append(f"SELECT -1, NULL::jsonb, sum(records) FROM {sets[0].alike}")
    sql = f"WITH {', '.join(sql for sql, _params in matched)} {' UNION ALL '.join(selects)}"
    params = [param for _sql, params in [*matched, *counted] for param in params]

    counts: dict[tuple[str, Source], dict[Key, int]] = {(matching.name, source): {} for matching, source in places}
    total = 0
    with transaction.atomic(), connection.cursor() as cursor:
        # nothing here takes so long that compiling the plan pays, and no hash of the counts goes to the disk
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '32MB'")
        cursor.execute(sql, params)
        for number, key, records in cursor.fetchall():
            if number < 0:
                total = int(records or 0)
            elif key is not None:
                matching, source = places[number]
                counts[matching.name, source][json.loads(key)] = int(records)
    return total, counts
