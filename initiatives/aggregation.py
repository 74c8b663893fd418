"""What results of indicators come to: the one place where values are put together, for pages, files, API and print.

Totals are made in this order and no other: the periods of one initiative in one place and kind; then the initiatives in
a place, of a programme and its part never both; then the places. Decision 0024 tells why, and what each rule means.
Everything is exact: nothing is rounded here, and what is not known is None, never zero.

A result counts in the year of the last day of its period. On that day its country has to be in the scope of the
indicator. Only results of public initiatives, and those that an entity reports directly, are read.

What was made is kept for as long as nothing changed that it rests on: adding up ten thousand results takes thirty times
as long as asking whether there is a new one. After a change a page may show the figures of before, and say so, while a
worker adds up; nothing else does.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.db import connection, transaction

from initiatives.choices import BreakdownKind, ValueKind
from initiatives.models import Breakdown, Indicator

PATIENCE = dt.timedelta(seconds=10)  # that a page gives a worker for adding up, before it does so itself

# What comes out


@dataclass(frozen=True)
class Total:
    """A number of a year, of one kind where kinds stand side by side, and what has to be said beside it.

    `value` is the sum over countries: what is new in the year, or the latest of each initiative up to its end. It is
    None where no country of the scope has a value, or where the indicator has no total across places.
    """

    year: int
    category: int | None
    value: Decimal | None = None
    so_far: Decimal | None = None  # of this and all years before, where values are new in their period
    initiatives: int = 0  # whose values are in it; an entity that reports directly is one
    countries: int = 0
    carried: int = 0  # initiatives of which a value of an earlier year counts
    carried_value: Decimal | None = None
    carried_from: int | None = None  # the earliest year that a value is from
    provisional: int = 0  # values that are not final
    within_programmes: int = 0  # initiatives left out, since a programme that they are part of counts
    not_split: Decimal | None = None  # beside it: values of no place
    in_groups: Decimal | None = None  # beside it: values of groups of countries

    @property
    def is_of_before(self) -> bool:
        """Whether nothing of its kind was reported for the year, so that it tells of the years before alone."""
        told = (self.value, self.not_split, self.in_groups)
        return self.so_far is not None and all(value is None for value in told)


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
    still_in_scope: int  # of them, those in the scope on the last day of the year; of a group Member States alone
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

    rests_on: str
    places: list[PlaceFigure] = field(default_factory=list)  # of numbers and items; none while the unit is pending
    countries: list[CountryBehind] = field(default_factory=list)  # that say yes up to the end of the year, by name
    items: list[ItemNamed] = field(default_factory=list)  # named up to the end of the year, the earliest first
    units: list[UnitReported] = field(default_factory=list)  # reported up to the end of the year, while it is pending


@dataclass
class Figures:
    """All years of an indicator, the first reported one first. A unit that is pending leaves the totals out."""

    indicator: int
    rests_on: str  # what they were made of: other figures rest on something else
    coverage: list[Coverage] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    countries: list[CountryCount] = field(default_factory=list)
    items: list[ItemCount] = field(default_factory=list)
    parts: list[PartTotal] = field(default_factory=list)
    behind: dict[int, Behind] = field(default_factory=dict)  # the last year with a value, and one that was asked for
    has_each_year: bool = False  # whether what stands behind each year is kept with them

    @property
    def last_reported(self) -> int | None:
        return max((one.year for one in self.coverage if one.reporting), default=None)


# How it is made. A place is a country, minus a group, or 0: not split. A reporter is an initiative, or minus an entity.

_DATED = """
defined AS (
    SELECT id, value_kind = 'items' AS is_named, unit_id IS NOT NULL AS has_unit, scope = 'middle_income' AS is_scoped,
        across_periods = 'latest' AS is_latest, since_on
    FROM initiatives_indicator  -- all: chosen here too, the planner would think that next to no result is left
),
dated AS MATERIALIZED (
    SELECT result.id, result.indicator_id, is_named, has_unit, is_scoped, is_latest,
        COALESCE(result.initiative_id, -result.entity_id) AS reporter, initiative.ends_on,
        COALESCE(result.country_id, -result.group_id, 0) AS place, COALESCE(result.category_id, 0) AS category,
        result.period_end, date_part('year', result.period_end - 1)::int AS year,
        result.value, result.yes, result.no_value, result.is_provisional,
        NULLIF(classified.income_group, '') AS income_group,
        result.country_id IS NULL OR NOT is_scoped
            OR COALESCE(classified.income_group IN ('LM', 'UM'), false) AS is_in_scope
    FROM initiatives_result result
    JOIN defined ON defined.id = result.indicator_id
    LEFT JOIN initiatives_initiative initiative ON initiative.id = result.initiative_id
    LEFT JOIN initiatives_incomeclassification classified
        ON is_scoped AND classified.country_id = result.country_id
        -- from 1 July on it is the fiscal year named by the next one
        AND classified.fiscal_year = date_part('year', result.period_end - 1 + interval '6 months')::int
    WHERE result.indicator_id = ANY(%(indicators)s)
        AND (result.initiative_id IS NULL OR initiative.published_at <= %(now)s)
        AND result.period_end <= make_date(%(last_year)s + 1, 1, 1)
        AND (defined.since_on IS NULL OR result.period_end > defined.since_on)
)
"""

#: Who reported for a year, and what of it counts.
_REPORTED = """
known AS (
    SELECT indicator_id, reporter, min(year) AS since,
        COALESCE(date_part('year', min(ends_on) - 1)::int, %(last_year)s) AS until
    FROM dated GROUP BY indicator_id, reporter
),
reported AS (
    SELECT indicator_id, reporter, year, bool_or(no_value = '') AS has_value
    FROM dated GROUP BY indicator_id, reporter, year
),
by_year AS (
    SELECT indicator_id, year,
        sum(expected) AS expected, sum(reporting) AS reporting, sum(no_data) AS no_data
    FROM (
        SELECT indicator_id, generate_series(since, LEAST(until, %(last_year)s)), 1, 0, 0 FROM known
        UNION ALL  -- after its end nobody is expected but who reports
        SELECT indicator_id, year, (year > until)::int, has_value::int, (NOT has_value)::int
        FROM reported JOIN known USING (indicator_id, reporter)
    ) AS one (indicator_id, year, expected, reporting, no_data) GROUP BY indicator_id, year
),
results AS (
    SELECT indicator_id, year,
        count(*) FILTER (WHERE is_in_scope AND is_provisional) AS provisional,
        count(*) FILTER (WHERE NOT is_in_scope AND income_group IS NOT NULL) AS out_of_scope,
        count(*) FILTER (WHERE NOT is_in_scope AND income_group IS NULL) AS unclassified
    FROM dated WHERE no_value = '' GROUP BY indicator_id, year
),
shown AS (  -- the years that are asked for, and of each indicator the last one with a value
    SELECT indicator_id, max(year) FILTER (WHERE reporting > 0) AS year
    FROM by_year WHERE %(with_last_reported)s GROUP BY indicator_id
    UNION
    SELECT indicator_id, unnest(%(years)s::int[]) FROM unnest(%(indicators)s) AS asked (indicator_id)
)
"""

#: Values by reporter, place, kind and year, from the first year on. A named item is a kind, and its adoptions are its
#: values.
_HELD = """
valued AS MATERIALIZED (
    SELECT id, indicator_id, is_latest, reporter, place, category, period_end, year, value, is_provisional
    FROM dated WHERE is_in_scope AND value IS NOT NULL AND has_unit
    UNION ALL
    SELECT dated.id, indicator_id, false, reporter, place, link.item_id, period_end, year, link.adoptions,
        is_provisional
    FROM dated JOIN initiatives_resultitem link ON link.result_id = dated.id
    WHERE is_in_scope AND is_named
),
latest AS (
    SELECT DISTINCT ON (indicator_id, category, place, reporter, year)
        indicator_id, category, place, reporter, year, value, is_provisional, id
    FROM valued WHERE is_latest ORDER BY indicator_id, category, place, reporter, year, period_end DESC
),
held AS MATERIALIZED (
    SELECT indicator_id, category, place, reporter, value, is_provisional, ARRAY[id] AS results, year AS told_in,
        generate_series(GREATEST(year, %(first_year)s), COALESCE(next_year - 1, %(last_year)s)) AS year
    FROM (
        SELECT *, lead(year) OVER (PARTITION BY indicator_id, category, place, reporter ORDER BY year) AS next_year
        FROM latest
    ) AS told
    UNION ALL
    SELECT indicator_id, category, place, reporter, sum(value), bool_or(is_provisional), array_agg(id), year, year
    FROM valued WHERE NOT is_latest AND year >= %(first_year)s
    GROUP BY indicator_id, category, place, reporter, year
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
counted AS MATERIALIZED (
    SELECT held.*, covered.reporter IS NULL AS counts
    FROM held LEFT JOIN covered USING (indicator_id, category, place, year, reporter)
)
"""

_SAYING_YES = """
saying AS (
    SELECT DISTINCT ON (indicator_id, place) indicator_id, is_scoped, place, year AS since, id AS result, income_group
    FROM dated WHERE yes AND is_in_scope ORDER BY indicator_id, place, period_end, id
)
"""

# What is asked of it, several in one statement. Rows come as JSON: counts as numbers, values as text, which is exact.

_COVERAGE = """
SELECT json_build_array(indicator_id, year, expected, reporting, no_data,
    COALESCE(provisional, 0), COALESCE(out_of_scope, 0), COALESCE(unclassified, 0))::text
FROM by_year LEFT JOIN results USING (indicator_id, year) ORDER BY indicator_id, year
"""

_TOTALS = """
SELECT json_build_array(indicator_id, year, category,
    sum(value) FILTER (WHERE counts AND place > 0)::text,
    count(DISTINCT reporter) FILTER (WHERE counts AND place > 0),
    count(DISTINCT place) FILTER (WHERE counts AND place > 0),
    count(DISTINCT reporter) FILTER (WHERE counts AND place > 0 AND told_in < year),
    sum(value) FILTER (WHERE counts AND place > 0 AND told_in < year)::text,
    min(told_in) FILTER (WHERE counts AND place > 0 AND told_in < year),
    count(*) FILTER (WHERE counts AND place > 0 AND is_provisional),
    count(DISTINCT reporter) FILTER (WHERE NOT counts AND place > 0),
    sum(value) FILTER (WHERE counts AND place = 0)::text,
    sum(value) FILTER (WHERE counts AND place < 0)::text)::text
FROM counted GROUP BY indicator_id, year, category ORDER BY indicator_id, year, category
"""

_PARTS = """
SELECT json_build_array(indicator_id, year, counted.category, part.category_id, sum(part.value)::text)::text
FROM counted
CROSS JOIN LATERAL unnest(counted.results) AS told (result)
JOIN initiatives_resultpart part ON part.result_id = told.result
WHERE counts AND place > 0
GROUP BY indicator_id, year, counted.category, part.category_id
ORDER BY indicator_id, year, counted.category, part.category_id
"""

_COUNTRY_COUNTS = """
SELECT json_build_array(indicator_id, year,
    count(*) FILTER (WHERE saying.since = year),
    count(*),
    count(*) FILTER (
        WHERE NOT years.is_scoped OR classified.income_group IN ('LM', 'UM') AND country.un_member = 'yes'
    ),
    CASE WHEN years.is_scoped THEN (
        SELECT count(*) FROM initiatives_incomeclassification one
        JOIN initiatives_country country ON country.id = one.country_id AND country.un_member = 'yes'
        WHERE one.fiscal_year = year + 1 AND one.income_group IN ('LM', 'UM')
    ) END,
    year + 1)::text
FROM (
    SELECT indicator_id, is_scoped, generate_series(min(since), %(last_year)s) AS year FROM saying GROUP BY 1, 2
) AS years
JOIN saying USING (indicator_id)
JOIN initiatives_country country ON country.id = saying.place
LEFT JOIN initiatives_incomeclassification classified  -- of 31 December
    ON classified.country_id = saying.place AND classified.fiscal_year = year + 1
WHERE saying.since <= year
GROUP BY indicator_id, year, years.is_scoped ORDER BY indicator_id, year
"""

_PLACES = """
SELECT json_build_array(indicator_id, year, place, category, sum(value) FILTER (WHERE counts)::text,
    count(DISTINCT reporter) FILTER (WHERE counts),
    count(DISTINCT reporter) FILTER (WHERE counts AND told_in < year),
    min(told_in) FILTER (WHERE counts AND told_in < year),
    count(*) FILTER (WHERE counts AND is_provisional),
    count(DISTINCT reporter) FILTER (WHERE NOT counts))::text
FROM counted JOIN shown USING (indicator_id, year)
GROUP BY indicator_id, year, place, category ORDER BY indicator_id, year, place, category
"""

_ITEMS = """
SELECT json_build_array(
    indicator_id, shown.year, category, min(counted.year), count(DISTINCT place), sum(value)::int)::text
FROM counted JOIN initiatives_indicator indicator ON indicator.id = indicator_id JOIN shown USING (indicator_id)
WHERE counts AND place > 0 AND indicator.value_kind = 'items' AND counted.year <= shown.year
GROUP BY indicator_id, shown.year, category ORDER BY indicator_id, shown.year, min(counted.year), category
"""

_COUNTRIES_BEHIND = f"""
WITH {_DATED}, {_SAYING_YES}
SELECT saying.indicator_id, shown.year, saying.place, saying.since, saying.result,
    COALESCE(then_.income_group, ''), COALESCE(now_.income_group, '')
FROM saying
JOIN unnest(%(of_indicators)s, %(years)s) AS shown (indicator_id, year)
    ON shown.indicator_id = saying.indicator_id AND saying.since <= shown.year
JOIN initiatives_result result ON result.id = saying.result
LEFT JOIN initiatives_incomeclassification then_ ON then_.country_id = saying.place
    AND then_.fiscal_year = date_part('year', result.period_end - 1 + interval '6 months')::int
LEFT JOIN initiatives_incomeclassification now_ ON now_.country_id = saying.place
    AND now_.fiscal_year = shown.year + 1
JOIN initiatives_country country ON country.id = saying.place
ORDER BY country.name_en
"""  # noqa: S608  # parts of our own

_UNITS = f"""
WITH {_DATED}
SELECT dated.indicator_id, shown.year, result.unit_id,
    count(*), count(DISTINCT reporter), min(dated.year), max(dated.year)
FROM dated JOIN initiatives_result result ON result.id = dated.id
JOIN unnest(%(of_indicators)s, %(years)s) AS shown (indicator_id, year)
    ON shown.indicator_id = dated.indicator_id AND dated.year <= shown.year
WHERE NOT has_unit AND dated.value IS NOT NULL
GROUP BY dated.indicator_id, shown.year, result.unit_id ORDER BY count(*) DESC, result.unit_id
"""  # noqa: S608  # parts of our own


def figures_of(*, indicators: Collection[Indicator], last_year: int, now: dt.datetime) -> dict[int, Figures]:
    """Return the figures of indicators by their id, to the end of the last year. A fixed number of statements."""
    return _figures_of(indicators, last_year, now, _rests_on([indicator.pk for indicator in indicators], now))


def figures_shown(
    *, indicator: Indicator, last_year: int, now: dt.datetime, begin: Callable[[], None], year: int | None = None
) -> tuple[Figures, bool]:
    """Return the figures of an indicator, and whether they are those of before a change that is being added up.

    They are so for `PATIENCE` at most, and not where an initiative in them is public no longer, or where it is not kept
    what stood behind the year that is asked for. `begin` is called once, to have somebody add up.
    """
    pk, key = indicator.pk, _key("figures", last_year, indicator.pk)
    rests_on = _rests_on([pk], now)
    of_year = _key("behind", year or last_year, pk)
    kept = caches["figures"].get_many([key, of_year])
    figures, behind = kept.get(key), kept.get(of_year)
    years = [year] if year and year <= last_year else []
    if figures is None:
        return _figures_of([indicator], last_year, now, rests_on, years)[pk], False
    if year and behind and behind.rests_on == figures.rests_on:
        figures.behind[year] = behind
    if figures.rests_on == rests_on[pk]:
        return figures, False
    is_whole = year is None or year in figures.behind
    are_public = figures.rests_on.partition("_")[0] == rests_on[pk].partition("_")[0]
    if is_whole and are_public and _is_awaited(_awaited(pk), now, begin):
        return figures, True
    return _figures_of([indicator], last_year, now, rests_on, years)[pk], False


def add_up(*, indicator: Indicator, last_year: int, now: dt.datetime) -> None:
    """Make the figures of an indicator and what stands behind each of their years, so that no reader waits for it."""
    pk, key = indicator.pk, _key("figures", last_year, indicator.pk)
    rests_on = _rests_on([pk], now)
    figures = caches["figures"].get(key)
    if figures is None or figures.rests_on != rests_on[pk]:
        figures = _figures([indicator], last_year, now, rests_on)[pk]
    elif figures.has_each_year:
        return
    figures.has_each_year = True
    first_year = min((one.year for one in figures.coverage), default=last_year + 1)
    years = [year for year in range(first_year, last_year + 1) if year not in figures.behind]
    behind = _behind(indicator, years, now, rests_on) if years else {}
    _keep({_key("behind", year, pk): behind[pk, year] for year in years} | {key: figures}, rests_on, now)


def _figures_of(
    indicators: Collection[Indicator],
    last_year: int,
    now: dt.datetime,
    rests_on: dict[int, str],
    years: Sequence[int] = (),
) -> dict[int, Figures]:
    known = {indicator.pk: indicator for indicator in indicators}

    def make(pks: list[int]) -> dict[int, Figures]:
        return _figures([known[pk] for pk in pks], last_year, now, rests_on, years)

    return _kept("figures", rests_on, last_year, now, make)


def _figures(
    indicators: Collection[Indicator],
    last_year: int,
    now: dt.datetime,
    rests_on: dict[int, str],
    years: Sequence[int] = (),
) -> dict[int, Figures]:
    """Make figures with what stands behind the last year with a value, and behind the years."""
    found = {indicator.pk: Figures(indicator.pk, rests_on[indicator.pk]) for indicator in indicators}
    kinds = {indicator.value_kind for indicator in indicators}
    has_parts = Breakdown.objects.filter(indicator__in=found, kind=BreakdownKind.PARTS).exists()
    asked = {"indicators": list(found), "last_year": last_year, "now": now}
    coverage, totals, parts, countries, places, items = _together(
        [
            _COVERAGE,
            _TOTALS,
            _PARTS if has_parts else "",
            _COUNTRY_COUNTS if ValueKind.YES in kinds else "",
            _PLACES,
            _ITEMS if ValueKind.ITEMS in kinds else "",
        ],
        asked | {"first_year": 0, "years": list(years), "with_last_reported": True},
    )
    for indicator, *row in coverage:
        found[indicator].coverage.append(Coverage(*row))
    reporting = {(pk, one.year) for pk, figures in found.items() for one in figures.coverage if one.reporting}
    _add_totals({indicator.pk: indicator for indicator in indicators}, found, totals, reporting, last_year)
    for indicator, year, category, *part in parts:
        found[indicator].parts.append(PartTotal(year, category or None, *part))
    for indicator, year, new, *row in countries:
        told = new if (indicator, year) in reporting else None
        found[indicator].countries.append(CountryCount(year, told, *row))
    wanted = [(pk, year) for pk, one in found.items() for year in {one.last_reported or last_year, *years}]
    for (pk, year), behind in _behind_of(indicators, wanted, asked, rests_on, places, items).items():
        found[pk].behind[year] = behind
    return found


def _add_totals(
    known: dict[int, Indicator],
    found: dict[int, Figures],
    totals: list[list[Any]],
    reporting: set[tuple[int, int]],
    last_year: int,
) -> None:
    of_items: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    of_kinds: dict[tuple[int, int], list[Total]] = defaultdict(list)
    for pk, year, category, value, *rest in totals:
        indicator = known[pk]
        if indicator.value_kind == ValueKind.ITEMS:
            of_items[pk].append((year, category, value, rest[-2], rest[-1]))
            continue
        if indicator.across_places == "none":
            value, rest[3], rest[-2], rest[-1] = None, None, None, None
        so_far = of_kinds[pk, category][-1].so_far if of_kinds[pk, category] else None
        if indicator.across_periods == "sum" and value is not None:
            so_far = (so_far or Decimal()) + value
        of_kinds[pk, category].append(Total(year, category or None, value, so_far, *rest))
    for (pk, _category), of_kind in of_kinds.items():
        found[pk].totals += _of_each_year(of_kind, last_year)
    for one in found.values():
        one.totals.sort(key=lambda total: (total.year, total.category or 0))
    for pk, rows in of_items.items():
        years = {year for indicator, year in reporting if indicator == pk}
        found[pk].items = list(_items_by_year(rows, reporting=years, last_year=last_year))


def _of_each_year(totals: list[Total], last_year: int) -> Iterator[Total]:
    """Totals are of one kind. What was counted before stays counted in the years in which nobody reports of it."""
    next_years = [total.year for total in totals[1:]] + [last_year + 1]
    for total, next_year in zip(totals, next_years, strict=True):
        yield total
        if total.so_far is not None:
            for year in range(total.year + 1, next_year):
                yield Total(year, total.category, so_far=total.so_far)


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


def behind(*, indicator: Indicator, year: int, now: dt.datetime, figures: Figures | None = None) -> Behind:
    """Return what stands behind the figures of an indicator in a year; of figures that are there already, theirs."""
    if figures and year in figures.behind:
        return figures.behind[year]
    pk = indicator.pk
    rests_on = {pk: figures.rests_on} if figures else _rests_on([pk], now)

    def make(_missing: list[int]) -> dict[int, Behind]:
        return {pk: _behind(indicator, [year], now, rests_on)[pk, year]}

    return _kept("behind", rests_on, year, now, make)[pk]


def _behind(
    indicator: Indicator, years: list[int], now: dt.datetime, rests_on: dict[int, str]
) -> dict[tuple[int, int], Behind]:
    asked = {"indicators": [indicator.pk], "last_year": max(years), "now": now}
    is_named = indicator.value_kind == ValueKind.ITEMS
    places, items = _together(
        [_PLACES, _ITEMS if is_named else ""],
        asked | {"first_year": 0 if is_named else min(years), "years": years, "with_last_reported": False},
    )
    return _behind_of([indicator], [(indicator.pk, year) for year in years], asked, rests_on, places, items)


def _behind_of(
    indicators: Collection[Indicator],
    years: list[tuple[int, int]],
    asked: dict[str, Any],
    rests_on: dict[int, str],
    places: list[list[Any]],
    items: list[list[Any]],
) -> dict[tuple[int, int], Behind]:
    found = {(pk, year): Behind(rests_on[pk]) for pk, year in years}
    for pk, year, place, category, *row in places:
        country, group = (place if place > 0 else None), (-place if place < 0 else None)
        found[pk, year].places.append(PlaceFigure(country, group, category or None, *row))
    for pk, year, *row in items:
        found[pk, year].items.append(ItemNamed(*row))
    of_years = asked | {"of_indicators": [pk for pk, _year in years], "years": [year for _pk, year in years]}
    if any(indicator.value_kind == ValueKind.YES for indicator in indicators):
        for pk, year, *told in _rows(_COUNTRIES_BEHIND, of_years):
            found[pk, year].countries.append(CountryBehind(*told))
    if any(indicator.is_unit_pending for indicator in indicators):
        for pk, year, *told in _rows(_UNITS, of_years):
            found[pk, year].units.append(UnitReported(*told))
    return found


# What is kept

#: What is said here: where it changes, all is made anew, beside what the version before still shows.
_MADE_BY = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:20]

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
    SELECT indicator_id, sum(hash_record_extended((initiative_id, results, ends_on, is_public), 0)) AS hash,
        sum(hash_record_extended(ROW(initiative_id), 0)) FILTER (WHERE NOT is_public) AS hidden
    FROM told LEFT JOIN LATERAL (  -- each by its key, not all of them
        SELECT ends_on, COALESCE(published_at <= %(now)s, false) AS is_public
        FROM initiatives_initiative WHERE id = told.initiative_id LIMIT 1
    ) AS initiative ON true GROUP BY indicator_id
)
SELECT indicator.id, reporters.hidden, reporters.hash,
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


_KEPT = ["figures", "behind"]


def _kept(
    what: str, rests_on: dict[int, str], year: int, now: dt.datetime, make: Callable[[list[int]], dict[int, Any]]
) -> dict[int, Any]:
    """Return what was made of each indicator of just what it rests on; make what is missing, and keep it."""
    keys = {pk: _key(what, year, pk) for pk in rests_on}
    kept = caches["figures"].get_many(keys.values())
    found = {pk: kept[key] for pk, key in keys.items() if key in kept and kept[key].rests_on == rests_on[pk]}
    missing = [pk for pk in keys if pk not in found]
    if not missing:
        return found
    made = make(missing)
    _keep({keys[pk]: one for pk, one in made.items()}, rests_on, now)
    return found | made


def _keep(made: dict[str, Figures | Behind], rests_on: dict[int, str], now: dt.datetime) -> None:
    """Keep all that was made, where nothing was written while it was made.

    That is neither what is committed since, nor by somebody who has begun, and whose events may have lower numbers than
    those that are seen already.
    """
    ((is_quiet,),) = _rows(_QUIET, {})
    if is_quiet and rests_on == _rests_on(rests_on, now):
        with transaction.atomic():  # for others figures change together with what stands behind them
            caches["figures"].set_many(made)
            caches["figures"].delete_many(
                [_awaited(one.indicator) for one in made.values() if isinstance(one, Figures)]
            )


def _key(what: str, year: int, of: int) -> str:
    return f"{what}:{_MADE_BY}:{year}:{of}"


def forget_other_versions() -> None:
    """Delete what other versions of this module have made. Where one still runs, it makes it again."""
    key = caches["figures"].make_key
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM initiatives_keptfigures WHERE cache_key LIKE ANY(%s) AND NOT cache_key LIKE ANY(%s)",
            [[key(f"{what}:%") for what in _KEPT], [key(f"{what}:{_MADE_BY}:%") for what in _KEPT]],
        )


def _awaited(indicator: int) -> str:
    return f"awaited:{indicator}"


def _rests_on(indicators: Collection[int], now: dt.datetime) -> dict[int, str]:
    """Return for each indicator what names all that its figures rest on.

    Before `_` stands what figures of a moment ago must share: which reporters they leave out since they are not public.
    """
    found = _rows(_RESTS_ON, {"indicators": list(indicators), "now": now})
    return {pk: f"{hidden or 0}_{hashlib.sha256(repr((pk, *row)).encode()).hexdigest()}" for pk, hidden, *row in found}


def _is_awaited(key: str, now: dt.datetime, begin: Callable[[], None]) -> bool:
    """Whether somebody may still be adding up; the first who asks has it begun."""
    if caches["figures"].add(key, now):
        begin()
        return True
    begun = caches["figures"].get(key)
    return begun is not None and now - begun < PATIENCE


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _together(selects: Sequence[str], asked: dict[str, Any]) -> list[list[list[Any]]]:
    """Return the rows of each, asked for in one statement, so that the results are gone through once; of "" none."""
    made_of = ", ".join([_DATED, _REPORTED, _HELD, _SAYING_YES])
    wanted = ", ".join(f"ARRAY({select})" for select in selects if select)
    ((*found,),) = _rows(f"WITH RECURSIVE {made_of} SELECT {wanted}", asked)
    rows = iter([[_row_of(row) for row in told] for told in found])
    return [next(rows) if select else [] for select in selects]


def _row_of(written: str) -> list[Any]:
    return [Decimal(cell) if isinstance(cell, str) else cell for cell in json.loads(written)]
