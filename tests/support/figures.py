"""What totals are made of, slowly and obviously: loops over plain rows, to compare `initiatives.aggregation` with."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

MIDDLE = {"LM", "UM"}


@dataclass(frozen=True)
class Told:
    """One result. A place is the name of a country, or "group", or None: not split."""

    reporter: str
    place: str | None
    kind: str
    start: dt.date
    end: dt.date
    value: Decimal | None = None
    yes: bool | None = None
    is_provisional: bool = False
    no_value: bool = False
    parts: dict[str, Decimal] = field(default_factory=dict)  # of the value
    items: dict[str, int] = field(default_factory=dict)  # adoptions of what is named

    @property
    def day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)


@dataclass(frozen=True)
class World:
    """All that totals depend on."""

    results: list[Told]
    groups: dict[tuple[str, int], str] = field(default_factory=dict)  # country, fiscal year: income group
    parts: set[tuple[str, str]] = field(default_factory=set)  # (part, programme)
    ended: dict[str, dt.date] = field(default_factory=dict)  # first day after an initiative
    is_scoped: bool = True
    is_latest: bool = False
    since: dt.date | None = None

    def known(self, last_year: int) -> list[Told]:
        return [
            told
            for told in self.results
            if told.day.year <= last_year and (self.since is None or told.day >= self.since)
        ]

    def group_on(self, country: str, day: dt.date) -> str:
        """The income group of the fiscal year that the day is in; empty where there is none."""
        year = day.year + 1 if day >= dt.date(day.year, 7, 1) else day.year
        return self.groups.get((country, year), "")

    def is_in_scope(self, told: Told) -> bool:
        if not self.is_scoped or told.place is None or told.place == "group":
            return True
        return self.group_on(told.place, told.day) in MIDDLE

    def programmes_of(self, reporter: str) -> set[str]:
        """All that it is part of, in any number of steps. Of those that are part of each other the first one counts."""

        def above(one: str) -> set[str]:
            found: set[str] = set()
            while more := {p for part, p in self.parts if part in found | {one}} - found:
                found |= more
            return found

        return {p for p in above(reporter) - {reporter} if not (reporter in above(p) and reporter < p)}


@dataclass
class Sum:
    """The figures of one year and kind."""

    value: Decimal | None = None
    so_far: Decimal | None = None
    reporters: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    carried: set[str] = field(default_factory=set)
    carried_value: Decimal | None = None
    carried_from: int | None = None
    provisional: int = 0
    within: set[str] = field(default_factory=set)
    not_split: Decimal | None = None
    in_groups: Decimal | None = None


def plus(one: Decimal | None, other: Decimal) -> Decimal:
    return other if one is None else one + other


def counting_in(world: World, reporter: str, place: str | None, kind: str, year: int) -> list[Told]:
    """The results of a reporter in a place that count in a year: all of the year, or the latest one up to its end."""
    mine = [
        told
        for told in world.known(year)
        if (told.reporter, told.place, told.kind) == (reporter, place, kind)
        and told.value is not None
        and world.is_in_scope(told)
    ]
    if world.is_latest:
        return sorted(mine, key=lambda told: told.end)[-1:]
    return [told for told in mine if told.day.year == year]


def value_in(world: World, reporter: str, place: str | None, kind: str, year: int) -> tuple[Decimal, int, bool] | None:
    """What counts for a reporter in a place: its value, the year it is from, and whether it is provisional."""
    mine = counting_in(world, reporter, place, kind, year)
    if not mine:
        return None
    value = sum((told.value for told in mine), Decimal())
    return value, mine[0].day.year, any(told.is_provisional for told in mine)


def totals(world: World, last_year: int) -> dict[tuple[int, str], Sum]:
    """The figures of every year and kind that has any."""
    found: dict[tuple[int, str], Sum] = {}
    places = {told.place for told in world.results}
    kinds = {told.kind for told in world.results}
    reporters = sorted({told.reporter for told in world.results})
    first_year = min((told.day.year for told in world.results), default=last_year)
    for year in range(first_year, last_year + 1):
        for kind in kinds:
            for place in places:
                values = {one: value_in(world, one, place, kind, year) for one in reporters}
                for reporter in reporters:
                    if values[reporter] is None:
                        continue
                    total = found.setdefault((year, kind), Sum())
                    is_within = any(values.get(programme) for programme in world.programmes_of(reporter))
                    _add(total, place, reporter, values[reporter], year, is_within)
            before = found.get((year - 1, kind), Sum()).so_far
            of_year = found.get((year, kind), Sum()).value
            if not world.is_latest and (before, of_year) != (None, None):
                found.setdefault((year, kind), Sum()).so_far = plus(before, of_year or Decimal())
    return found


def _add(
    total: Sum, place: str | None, reporter: str, held: tuple[Decimal, int, bool], year: int, is_within: bool
) -> None:
    value, told_in, is_provisional = held
    if place is None or place == "group":
        if not is_within and place is None:
            total.not_split = plus(total.not_split, value)
        elif not is_within:
            total.in_groups = plus(total.in_groups, value)
    elif is_within:
        total.within.add(reporter)
    else:
        total.value = plus(total.value, value)
        total.reporters.add(reporter)
        total.countries.add(place)
        total.provisional += is_provisional
        if told_in < year:
            total.carried.add(reporter)
            total.carried_value = plus(total.carried_value, value)
            total.carried_from = min(total.carried_from or told_in, told_in)


def parts(world: World, last_year: int) -> dict[tuple[int, str, str], Decimal]:
    """By year, kind and part: the parts of what counts in countries."""
    found: dict[tuple[int, str, str], Decimal] = {}
    series = {(told.reporter, told.place, told.kind) for told in world.results if told.place not in {None, "group"}}
    for year in range(min((told.day.year for told in world.results), default=last_year), last_year + 1):
        for reporter, place, kind in series:
            if any(counting_in(world, one, place, kind, year) for one in world.programmes_of(reporter)):
                continue
            for told in counting_in(world, reporter, place, kind, year):
                for part, value in told.parts.items():
                    found[year, kind, part] = found.get((year, kind, part), Decimal()) + value
    return found


def items(world: World, last_year: int) -> list[tuple[int, int | None, int, Decimal | None, Decimal, int]]:
    """By year: named for the first time, named so far, adoptions, adoptions so far, and named for no country."""
    found = []
    known: set[str] = set()
    so_far = Decimal()
    reporting = {told.day.year for told in world.known(last_year) if not told.no_value}
    for year in range(min((told.day.year for told in world.known(last_year)), default=0), last_year + 1):
        told_of = {}  # (item, place, reporter): adoptions
        for told in world.known(last_year):
            if told.day.year == year and world.is_in_scope(told):
                for item, adoptions in told.items.items():
                    key = item, told.place, told.reporter
                    told_of[key] = told_of.get(key, 0) + adoptions
        if not told_of and not found:
            continue
        counting = {
            (item, place, reporter): adoptions
            for (item, place, reporter), adoptions in told_of.items()
            if not any((item, place, programme) in told_of for programme in world.programmes_of(reporter))
        }
        in_countries = {key: number for key, number in counting.items() if key[1] not in {None, "group"}}
        elsewhere = {item for item, place, _reporter in counting if place in {None, "group"}}
        named = {item for item, _place, _reporter in in_countries}
        adoptions = Decimal(sum(in_countries.values()))
        so_far += adoptions
        of_year = (len(named - known), len(known | named), adoptions)
        if year not in reporting:
            of_year = (None, len(known), None)
        found.append((year, *of_year, so_far, len(elsewhere)))
        known |= named
    return found


def coverage(world: World, last_year: int) -> dict[int, tuple[int, int, int, int, int, int]]:
    """Expected, reporting, no data, provisional, out of scope, unclassified by year."""
    known = world.known(last_year)
    found = {}
    for year in range(min((told.day.year for told in known), default=last_year + 1), last_year + 1):
        of_year = [told for told in known if told.day.year == year]
        before = {told.reporter for told in known if told.day.year <= year}
        going = {one for one in before if one not in world.ended or world.ended[one] > dt.date(year, 1, 1)}
        reporting = {told.reporter for told in of_year if not told.no_value}
        valued = [told for told in of_year if not told.no_value]
        outside = [told for told in valued if not world.is_in_scope(told)]
        classified = [told for told in outside if world.group_on(str(told.place), told.day)]
        expected = going | {told.reporter for told in of_year}
        if expected:
            found[year] = (
                len(expected),
                len(reporting),
                len({told.reporter for told in of_year} - reporting),
                sum(told.is_provisional for told in valued if world.is_in_scope(told)),
                len(classified),
                len(outside) - len(classified),
            )
    return found


def countries_saying_yes(world: World, last_year: int) -> dict[str, int]:
    """The year in which each country said yes first, while in scope."""
    found: dict[str, int] = {}
    for told in sorted(world.known(last_year), key=lambda told: told.end):
        if told.yes and told.place and world.is_in_scope(told):
            found.setdefault(told.place, told.day.year)
    return found
