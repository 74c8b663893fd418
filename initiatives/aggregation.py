"""What results of indicators come to: the one place where values are put together, for pages, files, API and print.

Totals are made in this order and no other: the periods of one initiative in one place and kind; then the initiatives in
a place, of a programme and its part never both; then the places. Decision 0024 tells why, and what each rule means.
Everything is exact: nothing is rounded here, and what is not known is None, never zero.

A result counts in the year of the last day of its period. On that day its country has to be in the scope of the
indicator. Only results of public initiatives, and those that an entity reports directly, are read.

What was made is kept for as long as nothing changed that it rests on: adding up ten thousand results takes a hundred
times as long as asking whether there is a new one.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db import connection

from initiatives.choices import NUMBERS, BreakdownKind, ValueKind
from initiatives.models import Breakdown, Indicator

# What comes out


@dataclass(frozen=True)
class Total:
    """A number of a year, of one kind where kinds stand side by side, and what has to be said beside it.

    `value` is the sum over countries: what is new in the year, or the latest of each initiative up to its end. It is
    None where no country of the scope has a value, or where the indicator has no total across places.
    """

    year: int
    category: int | None
    value: Decimal | None
    so_far: Decimal | None  # of this and all years before, where values are new in their period
    initiatives: int  # whose values are in it; an entity that reports directly is one
    countries: int
    carried: int  # initiatives of which a value of an earlier year counts
    carried_value: Decimal | None
    carried_from: int | None  # the earliest year that a value is from
    provisional: int  # values that are not final
    within_programmes: int  # initiatives left out, since a programme that they are part of counts
    not_split: Decimal | None  # beside it: values of no place
    in_groups: Decimal | None  # beside it: values of groups of countries


@dataclass(frozen=True)
class Coverage:
    """Who reported for a year. Expected is who reported before and had not ended, and who reports now."""

    year: int
    expected: int = 0
    reporting: int = 0  # with a value
    no_data: int = 0  # with nothing but a reason for none
    provisional: int = 0  # values that are not final
    out_of_scope: int = 0  # values of countries that were in another income group that day
    unclassified: int = 0  # values of countries that were in none

    @property
    def is_final(self) -> bool:
        return not self.provisional


@dataclass(frozen=True)
class CountryCount:
    """How many countries say yes: a set, not a sum."""

    year: int
    new: int | None  # for the first time in this year; None where nobody reported
    so_far: int
    still_in_scope: int  # of them, those in the scope on the last day of the year
    of: int | None  # Member States in the scope on the last day of the year; None where it is everywhere
    fiscal_year: int  # that of 31 December


@dataclass(frozen=True)
class ItemCount:
    """How many named items there are, each counted once, and their adoptions beside."""

    year: int
    new: int | None  # as the adoptions None where nobody reported in the year
    so_far: int
    adoptions: Decimal | None
    adoptions_so_far: Decimal
    not_split: int  # named this year for no country


@dataclass(frozen=True)
class PartTotal:
    """What one part of a whole comes to in a year: parts of the results whose values count, over countries."""

    year: int
    category: int | None  # the kind side by side that the whole is of
    part: int
    value: Decimal


@dataclass
class Figures:
    """All years of an indicator, the first reported one first. A unit that is pending leaves the totals out."""

    indicator: int
    coverage: list[Coverage] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    countries: list[CountryCount] = field(default_factory=list)
    items: list[ItemCount] = field(default_factory=list)
    parts: list[PartTotal] = field(default_factory=list)


@dataclass(frozen=True)
class PlaceFigure:
    """The value of one country or group in a year, or of what is not split, and what it is made of."""

    country: int | None
    group: int | None
    category: int | None
    value: Decimal
    initiatives: int
    carried: int
    carried_from: int | None
    provisional: int
    within_programmes: int


@dataclass(frozen=True)
class CountryBehind:
    """One country of a `CountryCount`, with its income groups when it said yes first and at the end of the year."""

    country: int
    since: int
    result: int
    group_then: str
    group_now: str  # empty: unclassified


@dataclass(frozen=True)
class ItemNamed:
    """One item of an `ItemCount`, with the countries that it was named for."""

    item: int
    since: int
    countries: int
    adoptions: int


@dataclass(frozen=True)
class UnitReported:
    """What was reported in one unit while that of the indicator is pending: a list, no total."""

    unit: int
    results: int
    initiatives: int
    first_year: int
    last_year: int


@dataclass
class Behind:
    """What stands behind the figures of one year: of what the indicator has, the rest is empty."""

    places: list[PlaceFigure] = field(default_factory=list)  # of numbers and items; none while the unit is pending
    countries: list[CountryBehind] = field(default_factory=list)  # that say yes up to the end of the year, by name
    items: list[ItemNamed] = field(default_factory=list)  # named up to the end of the year, the earliest first
    units: list[UnitReported] = field(default_factory=list)  # reported up to the end of the year, while it is pending


# How it is made. A place is a country, minus a group, or 0: not split. A reporter is an initiative, or minus an entity.

_DATED = """
defined AS (
    SELECT id, value_kind, scope = 'middle_income' AS is_scoped, across_periods = 'latest' AS is_latest, since_on
    FROM initiatives_indicator  -- all: chosen here too, the planner would think that next to no result is left
),
dated AS MATERIALIZED (
    SELECT result.id, result.indicator_id, defined.is_scoped, defined.is_latest,
        COALESCE(result.initiative_id, -result.entity_id) AS reporter, initiative.ends_on,
        COALESCE(result.country_id, -result.group_id, 0) AS place, COALESCE(result.category_id, 0) AS category,
        result.period_end, extract(year FROM result.period_end - 1)::int AS year,
        result.value, result.yes, result.no_value, result.is_provisional,
        NULLIF(classified.income_group, '') AS income_group,
        result.country_id IS NULL OR NOT defined.is_scoped
            OR COALESCE(classified.income_group IN ('LM', 'UM'), false) AS is_in_scope
    FROM initiatives_result result
    JOIN defined ON defined.id = result.indicator_id
    LEFT JOIN initiatives_initiative initiative ON initiative.id = result.initiative_id
    LEFT JOIN initiatives_incomeclassification classified
        ON defined.is_scoped AND classified.country_id = result.country_id
        -- from 1 July on it is the fiscal year named by the next one
        AND classified.fiscal_year = extract(year FROM result.period_end - 1 + interval '6 months')::int
    WHERE result.indicator_id = ANY(%(indicators)s)
        AND (result.initiative_id IS NULL OR initiative.published_at <= %(now)s)
        AND result.period_end <= make_date(%(last_year)s + 1, 1, 1)
        AND (defined.since_on IS NULL OR result.period_end > defined.since_on)
)
"""

#: Values by reporter, place, kind and year; a named item is a kind, and its adoptions are its values.
_HELD = """
valued AS (
    SELECT dated.id, dated.indicator_id, is_latest, reporter, place, category, period_end, year, value, is_provisional
    FROM dated JOIN initiatives_indicator indicator ON indicator.id = dated.indicator_id
    WHERE is_in_scope AND value IS NOT NULL AND indicator.unit_id IS NOT NULL
    UNION ALL
    SELECT dated.id, indicator_id, false, reporter, place, link.item_id, period_end, year, link.adoptions,
        is_provisional
    FROM dated JOIN defined ON defined.id = dated.indicator_id AND defined.value_kind = 'items'
    JOIN initiatives_resultitem link ON link.result_id = dated.id
    WHERE is_in_scope
),
of_year AS (
    SELECT indicator_id, category, place, reporter, year, is_latest,
        CASE WHEN is_latest THEN (array_agg(value ORDER BY period_end DESC))[1] ELSE sum(value) END AS value,
        CASE WHEN is_latest THEN (array_agg(is_provisional ORDER BY period_end DESC))[1]
            ELSE bool_or(is_provisional) END AS is_provisional,
        CASE WHEN is_latest THEN (array_agg(id ORDER BY period_end DESC))[:1] ELSE array_agg(id) END AS results
    FROM valued GROUP BY indicator_id, category, place, reporter, year, is_latest
),
held AS MATERIALIZED (
    SELECT told.indicator_id, told.category, told.place, told.reporter, told.value, told.is_provisional,
        told.results, told.year AS told_in, counting.year
    FROM (
        SELECT *, lead(year) OVER (PARTITION BY indicator_id, category, place, reporter ORDER BY year) AS next_year
        FROM of_year
    ) AS told
    CROSS JOIN LATERAL generate_series(
        told.year, CASE WHEN is_latest THEN COALESCE(next_year - 1, %(last_year)s) ELSE told.year END
    ) AS counting (year)
),
above (part, programme) AS (
    SELECT direct.part, direct.programme FROM (SELECT DISTINCT reporter FROM held) AS known
    CROSS JOIN LATERAL (
        SELECT source_id, target_id FROM initiatives_relation WHERE source_id = known.reporter AND kind = 'part_of'
        UNION ALL
        SELECT id, merged_into_id FROM initiatives_initiative
        WHERE id = known.reporter AND merged_into_id IS NOT NULL
    ) AS direct (part, programme)
    UNION
    SELECT above.part, further.programme FROM above
    CROSS JOIN LATERAL (
        SELECT target_id FROM initiatives_relation WHERE source_id = above.programme AND kind = 'part_of'
        UNION ALL
        SELECT merged_into_id FROM initiatives_initiative
        WHERE id = above.programme AND merged_into_id IS NOT NULL
    ) AS further (programme)
),
-- of initiatives that are part of each other the oldest record counts
programmes AS MATERIALIZED (
    SELECT part, programme FROM above WHERE part <> programme AND NOT (
        part < programme AND (programme, part) IN (SELECT part, programme FROM above)
    )
),
covered AS MATERIALIZED (
    SELECT DISTINCT held.indicator_id, held.category, held.place, held.year, programmes.part AS reporter
    FROM programmes JOIN held ON held.reporter = programmes.programme
),
counted AS (
    SELECT held.*, covered.reporter IS NULL AS counts
    FROM held LEFT JOIN covered USING (indicator_id, category, place, year, reporter)
)
"""

_TOTALS = f"""
WITH RECURSIVE {_DATED}, {_HELD}
SELECT indicator_id, year, category,
    sum(value) FILTER (WHERE counts AND place > 0),
    count(DISTINCT reporter) FILTER (WHERE counts AND place > 0),
    count(DISTINCT place) FILTER (WHERE counts AND place > 0),
    count(DISTINCT reporter) FILTER (WHERE counts AND place > 0 AND told_in < year),
    sum(value) FILTER (WHERE counts AND place > 0 AND told_in < year),
    min(told_in) FILTER (WHERE counts AND place > 0 AND told_in < year),
    count(*) FILTER (WHERE counts AND place > 0 AND is_provisional),
    count(DISTINCT reporter) FILTER (WHERE NOT counts AND place > 0),
    sum(value) FILTER (WHERE counts AND place = 0),
    sum(value) FILTER (WHERE counts AND place < 0)
FROM counted GROUP BY indicator_id, year, category ORDER BY indicator_id, year, category
"""  # noqa: S608  # parts of our own

_PARTS = f"""
WITH RECURSIVE {_DATED}, {_HELD}
SELECT counted.indicator_id, counted.year, counted.category, part.category_id, sum(part.value)
FROM counted
CROSS JOIN LATERAL unnest(counted.results) AS told (result)
JOIN initiatives_resultpart part ON part.result_id = told.result
WHERE counts AND place > 0
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608  # parts of our own

_ITEMS = f"""
WITH RECURSIVE {_DATED}, {_HELD}
SELECT category, min(year), count(DISTINCT place), sum(value)::int
FROM counted WHERE counts AND place > 0 GROUP BY category ORDER BY min(year), category
"""  # noqa: S608  # parts of our own

_PLACES = f"""
WITH RECURSIVE {_DATED}, {_HELD}
SELECT place, category, sum(value) FILTER (WHERE counts),
    count(DISTINCT reporter) FILTER (WHERE counts),
    count(DISTINCT reporter) FILTER (WHERE counts AND told_in < year),
    min(told_in) FILTER (WHERE counts AND told_in < year),
    count(*) FILTER (WHERE counts AND is_provisional),
    count(DISTINCT reporter) FILTER (WHERE NOT counts)
FROM counted WHERE year = %(last_year)s GROUP BY place, category ORDER BY place, category
"""  # noqa: S608  # parts of our own

_COVERAGE = f"""
WITH {_DATED},
known AS (
    SELECT indicator_id, reporter, min(year) AS first_year,
        COALESCE(extract(year FROM min(ends_on) - 1)::int, %(last_year)s) AS last_year
    FROM dated GROUP BY indicator_id, reporter
),
reported AS (
    SELECT indicator_id, reporter, year, bool_or(no_value = '') AS has_value
    FROM dated GROUP BY indicator_id, reporter, year
),
awaited AS (
    SELECT indicator_id, reporter, generate_series(first_year, LEAST(last_year, %(last_year)s)) AS year FROM known
    UNION
    SELECT indicator_id, reporter, year FROM reported
),
by_year AS (
    SELECT awaited.indicator_id, awaited.year, count(*) AS expected,
        count(*) FILTER (WHERE reported.has_value) AS reporting,
        count(*) FILTER (WHERE NOT reported.has_value) AS no_data
    FROM awaited LEFT JOIN reported USING (indicator_id, reporter, year) GROUP BY 1, 2
),
results AS (
    SELECT indicator_id, year,
        count(*) FILTER (WHERE is_in_scope AND is_provisional) AS provisional,
        count(*) FILTER (WHERE NOT is_in_scope AND income_group IS NOT NULL) AS out_of_scope,
        count(*) FILTER (WHERE NOT is_in_scope AND income_group IS NULL) AS unclassified
    FROM dated WHERE no_value = '' GROUP BY 1, 2
)
SELECT indicator_id, year, expected, reporting, no_data,
    COALESCE(provisional, 0), COALESCE(out_of_scope, 0), COALESCE(unclassified, 0)
FROM by_year LEFT JOIN results USING (indicator_id, year) ORDER BY indicator_id, year
"""  # noqa: S608  # parts of our own

_SAYING_YES = f"""
WITH {_DATED},
saying AS (
    SELECT DISTINCT ON (indicator_id, place) indicator_id, is_scoped, place, year AS since, id AS result, income_group
    FROM dated WHERE yes AND is_in_scope ORDER BY indicator_id, place, period_end, id
)
"""  # noqa: S608  # parts of our own

_COUNTRY_COUNTS = f"""
{_SAYING_YES},
years AS (
    SELECT indicator_id, is_scoped, generate_series(min(since), %(last_year)s) AS year FROM saying GROUP BY 1, 2
)
SELECT years.indicator_id, years.year,
    count(*) FILTER (WHERE saying.since = years.year),
    count(*),
    count(*) FILTER (WHERE NOT years.is_scoped OR classified.income_group IN ('LM', 'UM')),
    CASE WHEN years.is_scoped THEN (
        SELECT count(*) FROM initiatives_incomeclassification one
        JOIN initiatives_country country ON country.id = one.country_id AND country.un_member = 'yes'
        WHERE one.fiscal_year = years.year + 1 AND one.income_group IN ('LM', 'UM')
    ) END,
    years.year + 1
FROM years
JOIN saying ON saying.indicator_id = years.indicator_id AND saying.since <= years.year
LEFT JOIN initiatives_incomeclassification classified  -- of 31 December
    ON classified.country_id = saying.place AND classified.fiscal_year = years.year + 1
GROUP BY years.indicator_id, years.year, years.is_scoped ORDER BY 1, 2
"""  # noqa: S608  # parts of our own

_COUNTRIES_BEHIND = f"""
{_SAYING_YES}
SELECT saying.place, saying.since, saying.result,
    COALESCE(then_.income_group, ''), COALESCE(now_.income_group, '')
FROM saying
JOIN initiatives_result result ON result.id = saying.result
LEFT JOIN initiatives_incomeclassification then_ ON then_.country_id = saying.place
    AND then_.fiscal_year = extract(year FROM result.period_end - 1 + interval '6 months')::int
LEFT JOIN initiatives_incomeclassification now_ ON now_.country_id = saying.place
    AND now_.fiscal_year = %(last_year)s + 1
JOIN initiatives_country country ON country.id = saying.place
ORDER BY country.name_en
"""  # noqa: S608  # parts of our own

_UNITS = f"""
WITH {_DATED}
SELECT result.unit_id, count(*), count(DISTINCT dated.reporter), min(dated.year), max(dated.year)
FROM dated JOIN initiatives_result result ON result.id = dated.id
WHERE dated.value IS NOT NULL GROUP BY result.unit_id ORDER BY count(*) DESC, result.unit_id
"""  # noqa: S608  # parts of our own


def figures_of(*, indicators: Collection[Indicator], last_year: int, now: dt.datetime) -> dict[int, Figures]:
    """Return the figures of indicators by their id, to the end of the last year. Eight statements at most."""
    known = {indicator.pk: indicator for indicator in indicators}
    return _kept("figures", known, last_year, now, lambda pks: _figures([known[pk] for pk in pks], last_year, now))


def _figures(indicators: Collection[Indicator], last_year: int, now: dt.datetime) -> dict[int, Figures]:
    found = {indicator.pk: Figures(indicator.pk) for indicator in indicators}
    asked = _asked(indicators, last_year, now)
    for indicator, *row in _rows(_COVERAGE, asked):
        found[indicator].coverage.append(Coverage(*row))
    reporting = {(pk, one.year) for pk, figures in found.items() for one in figures.coverage if one.reporting}
    kinds = {indicator.value_kind for indicator in indicators}
    if kinds & {*NUMBERS, ValueKind.ITEMS}:
        _add_totals({indicator.pk: indicator for indicator in indicators}, found, asked, reporting)
    if Breakdown.objects.filter(indicator__in=found, kind=BreakdownKind.PARTS).exists():
        for indicator, year, category, *part in _rows(_PARTS, asked):
            found[indicator].parts.append(PartTotal(year, category or None, *part))
    if ValueKind.YES in kinds:
        for indicator, year, new, *row in _rows(_COUNTRY_COUNTS, asked):
            told = new if (indicator, year) in reporting else None
            found[indicator].countries.append(CountryCount(year, told, *row))
    return found


def _add_totals(
    known: dict[int, Indicator], found: dict[int, Figures], asked: dict[str, Any], reporting: set[tuple[int, int]]
) -> None:
    of_items: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    so_far: dict[tuple[int, int], Decimal] = {}
    for pk, year, category, value, *rest in _rows(_TOTALS, asked):
        indicator = known[pk]
        if indicator.value_kind == ValueKind.ITEMS:
            of_items[pk].append((year, category, value, rest[-2], rest[-1]))
            continue
        if indicator.across_places == "none":
            value, rest[3], rest[-2], rest[-1] = None, None, None, None
        if indicator.across_periods == "sum" and value is not None:
            so_far[pk, category] = so_far.get((pk, category), Decimal()) + value
        total = so_far.get((pk, category))
        found[pk].totals.append(Total(year, category or None, value, total, *rest))
    for pk, rows in of_items.items():
        years = {year for indicator, year in reporting if indicator == pk}
        found[pk].items = list(_items_by_year(rows, reporting=years, last_year=asked["last_year"]))


def _items_by_year(rows: list[tuple[Any, ...]], *, reporting: set[int], last_year: int) -> Iterator[ItemCount]:
    """Rows are of one item and year each. What was named stays named in the years in which nobody reports."""
    known: set[int] = set()
    so_far = Decimal()
    for year in range(min(row[0] for row in rows), last_year + 1):
        of_year = [row for row in rows if row[0] == year]
        named = {item for _year, item, value, *_beside in of_year if value is not None}
        new, known = named - known, known | named
        adoptions = sum((row[2] for row in of_year if row[2] is not None), Decimal())
        so_far += adoptions
        beside = sum(1 for *_of_countries, not_split, in_groups in of_year if (not_split or in_groups) is not None)
        if year in reporting:
            yield ItemCount(year, len(new), len(known), adoptions, so_far, beside)
        else:
            yield ItemCount(year, None, len(known), None, so_far, beside)


def behind(*, indicator: Indicator, year: int, now: dt.datetime) -> Behind:
    """Return what stands behind the figures of an indicator in a year. Five statements at most."""
    found = _kept("behind", [indicator.pk], year, now, lambda _pks: {indicator.pk: _behind(indicator, year, now)})
    return found[indicator.pk]


def _behind(indicator: Indicator, year: int, now: dt.datetime) -> Behind:
    asked = _asked([indicator], year, now)
    if indicator.is_unit_pending:
        return Behind(units=[UnitReported(*row) for row in _rows(_UNITS, asked)])
    if indicator.value_kind == ValueKind.YES:
        return Behind(countries=[CountryBehind(*row) for row in _rows(_COUNTRIES_BEHIND, asked)])
    places = [
        PlaceFigure(place if place > 0 else None, -place if place < 0 else None, category or None, *row)
        for place, category, *row in _rows(_PLACES, asked)
    ]
    is_named = indicator.value_kind == ValueKind.ITEMS
    return Behind(places=places, items=[ItemNamed(*row) for row in _rows(_ITEMS, asked)] if is_named else [])


# What is kept

#: Whether nobody else has written what is not committed yet, and one may write: what a submission freezes is only read.
_QUIET = """
SELECT current_setting('transaction_read_only') = 'off'
    AND NOT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot()))
"""

#: All that the figures of an indicator rest on. Countries and their groups have no history. Of initiatives only those
#: count that have reported, and what was merged into what: others are written to all day. The number of their results
#: is among it, since one that was corrected to be of another indicator leaves no event here.
_RESTS_ON = """
WITH told AS (
    SELECT indicator_id, initiative_id, count(*) AS results FROM initiatives_result
    WHERE indicator_id = ANY(%(indicators)s) GROUP BY indicator_id, initiative_id
),
reporters AS (
    SELECT indicator_id, sum(hash_record_extended((initiative_id, results, (  -- each by its key, not all of them
        SELECT hash_record_extended((ends_on, published_at <= %(now)s), 0)
        FROM initiatives_initiative WHERE id = told.initiative_id
    )), 0)) AS hash FROM told GROUP BY indicator_id
)
SELECT indicator.id, reporters.hash,
    (SELECT max(pgh_id) FROM initiatives_resultevent WHERE indicator_id = indicator.id),
    (SELECT max(latest) FROM initiatives_nameditem item CROSS JOIN LATERAL (
        SELECT max(pgh_id) FROM initiatives_resultitemevent WHERE item_id = item.id
    ) AS event (latest) WHERE item.indicator_id = indicator.id),
    (SELECT max(latest) FROM initiatives_breakdown breakdown
        JOIN initiatives_category category ON category.breakdown_id = breakdown.id
        CROSS JOIN LATERAL (
            SELECT max(pgh_id) FROM initiatives_resultpartevent WHERE category_id = category.id
        ) AS event (latest) WHERE breakdown.indicator_id = indicator.id),
    (SELECT max(pgh_id) FROM initiatives_indicatorevent),
    (SELECT max(pgh_id) FROM initiatives_relationevent),
    (SELECT sum(hash_record_extended((id, merged_into_id), 0)) FROM initiatives_initiative
        WHERE merged_into_id IS NOT NULL),
    CASE WHEN indicator.scope = 'middle_income' THEN (
        SELECT sum(hash_record_extended((country_id, fiscal_year, income_group), 0))
        FROM initiatives_incomeclassification
    ) END,
    (SELECT sum(hash_record_extended((id, un_member, name_en), 0)) FROM initiatives_country)
FROM initiatives_indicator indicator LEFT JOIN reporters ON reporters.indicator_id = indicator.id
WHERE indicator.id = ANY(%(indicators)s)
"""


def _kept(
    what: str, indicators: Collection[int], year: int, now: dt.datetime, make: Callable[[list[int]], dict[int, Any]]
) -> dict[int, Any]:
    """Return what was made of each indicator, and is of now; make what is missing.

    It is kept where nothing was written while it was made: neither what is committed since, nor by somebody who has
    begun, and whose events may have lower numbers than those that are seen already.
    """
    keys = _keys(what, indicators, year, now)
    kept = caches["figures"].get_many(keys.values())
    missing = [pk for pk, key in keys.items() if key not in kept]
    if not missing:
        return {pk: kept[key] for pk, key in keys.items()}
    made = make(missing)
    ((is_quiet,),) = _rows(_QUIET, {})
    if is_quiet and keys == _keys(what, indicators, year, now):
        caches["figures"].set_many({keys[pk]: one for pk, one in made.items()})
    return {pk: made[pk] if pk in made else kept[key] for pk, key in keys.items()}


def _keys(what: str, indicators: Collection[int], year: int, now: dt.datetime) -> dict[int, str]:
    """Return for each indicator what names all that its figures rest on."""
    found = _rows(_RESTS_ON, {"indicators": list(indicators), "now": now})
    return {row[0]: hashlib.sha256(repr((what, year, row)).encode()).hexdigest() for row in found}


def _asked(indicators: Collection[Indicator], last_year: int, now: dt.datetime) -> dict[str, Any]:
    return {"indicators": [indicator.pk for indicator in indicators], "last_year": last_year, "now": now}


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
