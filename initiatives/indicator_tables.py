"""What pages and files tell of an indicator: its figures by year and by country, in words and with codes.

The numbers are those of `initiatives/aggregation.py`; nothing is added up here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.aggregation import (
    CountryBehind,
    Coverage,
    Figures,
    PartTotal,
    PlaceFigure,
    Total,
    add_up,
    figures_of,
)
from initiatives.charts import showing, shown
from initiatives.choices import MIDDLE_INCOME, BreakdownKind, GroupKind, Rule, Scope, TargetKind, ValueKind
from initiatives.models import Category, Country, GroupMembership, Indicator, Target
from portal.common.decimals import digits
from portal.common.exports import Column
from portal.common.languages import in_language, reader_language

#: Columns of a file of figures: a row for each year, and kind where kinds stand side by side.
FIGURE_COLUMNS = [
    Column("indicator", gettext_lazy("Indicator (code)")),
    Column("year", gettext_lazy("Year")),
    Column("kind_code", gettext_lazy("Kind (code)")),
    Column("kind", gettext_lazy("Kind")),
    Column("unit_code", gettext_lazy("Unit (code)")),
    Column("unit", gettext_lazy("Unit")),
    Column("value", gettext_lazy("Value")),
    Column("new", gettext_lazy("New in the year")),
    Column("so_far", gettext_lazy("So far")),
    Column("parts_codes", gettext_lazy("Of which (codes)")),
    Column("parts", gettext_lazy("Of which")),
    Column("target", gettext_lazy("Target")),
    Column("baseline", gettext_lazy("Baseline")),
    Column("adoptions", gettext_lazy("Adoptions in the year")),
    Column("adoptions_so_far", gettext_lazy("Adoptions so far")),
    Column("still_in_scope", gettext_lazy("Of them still in the group")),
    Column("of_countries", gettext_lazy("Countries of the group")),
    Column("fiscal_year", gettext_lazy("Fiscal year of the group")),
    Column("initiatives", gettext_lazy("Initiatives whose values count")),
    Column("countries", gettext_lazy("Countries")),
    Column("carried_value", gettext_lazy("Carried from earlier years")),
    Column("carried_initiatives", gettext_lazy("Initiatives of which a value is carried")),
    Column("carried_from", gettext_lazy("Carried since")),
    Column("within_programmes", gettext_lazy("Initiatives left out: a programme counts")),
    Column("not_split", gettext_lazy("Beside it: not split by country")),
    Column("in_groups", gettext_lazy("Beside it: of groups of countries")),
    Column("expected", gettext_lazy("Initiatives expected to report")),
    Column("reporting", gettext_lazy("Initiatives reporting")),
    Column("no_data", gettext_lazy("Initiatives that say why there is no value")),
    Column("is_final", gettext_lazy("Final")),
    Column("out_of_scope", gettext_lazy("Values out of scope")),
    Column("unclassified", gettext_lazy("Values of unclassified countries")),
]


@dataclass(frozen=True)
class Aims:
    """Baselines and targets in force, by kind side by side and year."""

    baselines: Mapping[int | None, Target]
    targets: Mapping[tuple[int | None, int], Target]


def aims_of(targets: Sequence[Target]) -> Aims:
    """Sort what is in force; the latest baseline of a kind holds."""
    ordered = sorted(targets, key=lambda target: target.year)
    return Aims(
        {target.category_id: target for target in ordered if target.kind == TargetKind.BASELINE},
        {(target.category_id, target.year): target for target in ordered if target.kind == TargetKind.TARGET},
    )


def figures_told(indicator: Indicator) -> tuple[Figures, list[Target], dict[int, Category]]:
    """Return the figures of an indicator up to today, the targets in force and its kinds side by side, by their id."""
    return figures_today(indicator), list(indicator.targets.in_force()), kinds_of(indicator)


def figures_today(indicator: Indicator) -> Figures:
    """Return the figures of an indicator to the end of this year."""
    now = timezone.now()
    return figures_of(indicators=[indicator], last_year=timezone.localdate(now).year, now=now)[indicator.pk]


def add_up_to_today(indicator: Indicator) -> None:
    """Have the figures of an indicator at hand to the end of this year, and what stands behind each of their years."""
    now = timezone.now()
    add_up(indicator=indicator, last_year=timezone.localdate(now).year, now=now)


def add_up_missing() -> int:
    """Add up every indicator that nobody has: what all rest on has changed, the year has, or the portal itself.

    Returns how many there are.
    """
    indicators = list(Indicator.objects.order_by("pk"))
    for indicator in indicators:
        add_up_to_today(indicator)
    return len(indicators)


def kinds_of(indicator: Indicator) -> dict[int, Category]:
    """Return the kinds side by side of an indicator, by their id."""
    return {category.pk: category for category in indicator.categories_of(BreakdownKind.SIDE_BY_SIDE)}


def year_shown(figures: Figures) -> int:
    """Return the year that the page shows unless asked for another: the last one reported, else this one."""
    return figures.last_reported or timezone.localdate().year


def rows_of_figures(pk: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of figures of the indicator with the id, as its page and files have them."""
    indicator = Indicator.objects.select_related("unit").prefetch_related("breakdowns__categories").get(pk=pk)
    figures, targets, kinds = figures_told(indicator)
    return figure_rows(indicator=indicator, figures=figures, aims=aims_of(targets), kinds=kinds)


def figure_rows(
    *, indicator: Indicator, figures: Figures, aims: Aims, kinds: Mapping[int, Category]
) -> Iterator[dict[str, Any]]:
    """Yield a mapping by the codes of FIGURE_COLUMNS for each year and kind, exact; years in their order."""
    unit = indicator.unit
    totals: dict[int, list[Total]] = {}
    for total in figures.totals:
        totals.setdefault(total.year, []).append(total)
    counts = {one.year: one for one in figures.countries}
    items = {one.year: one for one in figures.items}
    coverage = {one.year: one for one in figures.coverage}
    parts: dict[tuple[int, int | None], list[PartTotal]] = {}
    for part in figures.parts:
        parts.setdefault((part.year, part.category), []).append(part)
    known = {category.pk: category for category in indicator.categories_of(BreakdownKind.PARTS)}
    for year in sorted({*totals, *counts, *items, *coverage}):
        row: dict[str, Any] = {column.code: None for column in FIGURE_COLUMNS}
        covered = coverage.get(year, Coverage(year))
        row |= {
            "indicator": indicator.code,
            "year": year,
            "unit_code": unit.code if unit else None,
            "unit": in_language(unit, "name") if unit else None,
            "expected": covered.expected,
            "reporting": covered.reporting,
            "no_data": covered.no_data,
            "is_final": _is_final(covered),
            "out_of_scope": covered.out_of_scope,
            "unclassified": covered.unclassified,
        }
        if counted := counts.get(year):
            row |= {"value": counted.so_far, "new": counted.new, "so_far": counted.so_far}
            row |= {"still_in_scope": counted.still_in_scope, "of_countries": counted.of}
            row |= {"fiscal_year": counted.fiscal_year}
        if named := items.get(year):
            row |= {"value": named.so_far, "new": named.new, "so_far": named.so_far, "not_split": named.not_split}
            row |= {"adoptions": named.adoptions, "adoptions_so_far": named.adoptions_so_far}
        if year not in totals:
            yield row | _aimed(aims, None, year)
        for one in totals.get(year, []):
            of_parts = _of_which(parts.get((year, one.category), []), known, one.value)
            state = {"is_final": _is_final(covered, one)}
            yield row | _aimed(aims, one.category, year) | _of(one, kinds) | of_parts | state


def _aimed(aims: Aims, kind: int | None, year: int) -> dict[str, Any]:
    target, baseline = aims.targets.get((kind, year)), aims.baselines.get(kind)
    return {"target": target.value if target else None, "baseline": baseline.value if baseline else None}


def _of_which(told: Sequence[PartTotal], known: Mapping[int, Category], whole: Decimal | None) -> dict[str, Any]:
    """Parts of a whole, in the order of their categories, and by how much those of a breakdown miss it.

    Nobody has to have told any: some results are not split, or say why their parts do not add up.
    """
    values = {one.part: one.value for one in told}
    parts = [(category, values[pk]) for pk, category in known.items() if pk in values]
    words = [f"{in_language(category, 'name')}: {digits(value)}" for category, value in parts]
    for breakdown, of_one in groupby(parts, lambda part: part[0].breakdown):
        if missing := whole - sum(value for _category, value in of_one) if whole is not None else None:
            said = (
                _("not told by “%(breakdown)s”: %(value)s")
                if missing > 0
                else _("“%(breakdown)s”, too much: %(value)s")
            )
            words.append(said % {"breakdown": in_language(breakdown, "name"), "value": digits(abs(missing))})
    return {"parts_codes": [f"{category.code}={digits(value)}" for category, value in parts], "parts": words}


def _of(total: Total, kinds: Mapping[int, Category]) -> dict[str, Any]:
    kind = kinds[total.category] if total.category else None
    return {
        "kind_code": kind.code if kind else None,
        "kind": in_language(kind, "name") if kind else None,
        "value": total.value,
        "so_far": total.so_far,
        "initiatives": total.initiatives,
        "countries": total.countries,
        "carried_value": total.carried_value,
        "carried_initiatives": total.carried,
        "carried_from": total.carried_from,
        "within_programmes": total.within_programmes,
        "not_split": total.not_split,
        "in_groups": total.in_groups,
    }


def _is_final(covered: Coverage, total: Total | None = None) -> bool | None:
    """Whether all values of a year are final; None where there are none, neither reported nor carried."""
    is_told = (covered.reporting and not total.is_of_before) or total.carried if total else covered.reporting
    return not (total or covered).provisional if is_told else None


# The table of a page


def table_of(indicator: Indicator, rows: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """Return columns and rows of the table by year, for `components/table.html`, the latest year first."""
    columns: list[tuple[str, str]] = []
    if indicator.value_kind == ValueKind.YES:
        since = indicator.since_on.year if indicator.since_on else None
        columns = [
            ("new", _("New this year")),
            ("so_far", _("Since %(year)s") % {"year": since} if since else _("So far")),
        ]
        if indicator.scope == Scope.MIDDLE_INCOME:
            columns += [("of_group", _("Middle-income Member States"))]
    elif indicator.value_kind == ValueKind.ITEMS:
        columns = [("new", _("New this year")), ("so_far", _("Named so far"))]
        columns += [("adoptions", _("Adoptions in the year")), ("adoptions_so_far", _("Adoptions so far"))]
    elif not indicator.is_unit_pending:
        if any(row["kind"] for row in rows):
            columns = [("kind", _("Kind"))]
        columns += [("value", _("Value"))]
        if indicator.across_periods == Rule.SUM:
            columns += [("so_far", _("This and earlier years"))]
    if any(row["parts"] for row in rows):
        columns += [("parts", _("Of which"))]
    if any(row["target"] is not None for row in rows):
        columns += [("target", _("Target"))]
    columns += [("reported", _("Reporting")), ("state", _("State")), ("beside", _("What to know"))]
    words = [{"text": _("Year")}, *({"text": label} for _code, label in columns)]
    heads = [
        {"label": head["text"], "number": code in {"new", "so_far", "value", "target", "adoptions", "adoptions_so_far"}}
        for head, code in zip(words, ["year", *(code for code, _label in columns)], strict=True)
    ]
    made = [
        [{"text": str(row["year"])}, *({"text": _cell(code, row)} for code, _label in columns)]
        for row in sorted(rows, key=lambda row: -row["year"])
    ]
    return heads, made


def _cell(code: str, row: Mapping[str, Any]) -> str:
    match code:
        case "kind":
            return row["kind"] or ""
        case "parts":
            return "; ".join(row["parts"] or []) or "–"
        case "reported":
            about = {"reporting": shown(row["reporting"]), "expected": shown(row["expected"])}
            return _("%(reporting)s of %(expected)s expected") % about
        case "state":
            return {True: _("final"), False: _("provisional"), None: "–"}[row["is_final"]]
        case "of_group":
            about = {"number": shown(row["still_in_scope"] or 0), "of": shown(row["of_countries"] or 0)}
            return _("%(number)s of %(of)s in FY%(year)s") % (about | {"year": row["fiscal_year"]})
        case "beside":
            return "; ".join(beside(row)) or "–"
    value = row[code]
    if value is None:
        return "–" if code == "target" else _("no value")
    return shown(value)


def beside(row: Mapping[str, Any]) -> list[str]:
    """Return what has to be said beside a number: what is in it, and what is not."""
    told = []

    def number(code: str) -> str:
        return shown(row[code])

    if row["carried_initiatives"]:
        words = ngettext(
            "%(value)s of it carried from one initiative, since %(year)s",
            "%(value)s of it carried from %(count)s initiatives, since %(year)s",
            row["carried_initiatives"],
        )
        value = number("carried_value") if row["carried_value"] is not None else ""
        told.append(words % {"value": value, "count": row["carried_initiatives"], "year": row["carried_from"]})
    if row["within_programmes"]:
        words = ngettext(
            "%(count)s initiative is within a programme that counts",
            "%(count)s initiatives are within a programme that counts",
            row["within_programmes"],
        )
        told.append(words % {"count": row["within_programmes"]})
    if row["not_split"]:
        told.append(_("not split by country, not in it: %(value)s") % {"value": number("not_split")})
    if row["in_groups"]:
        told.append(_("of groups of countries, not in it: %(value)s") % {"value": number("in_groups")})
    if row["no_data"]:
        told.append(_("without a value, with a reason: %(count)s") % {"count": row["no_data"]})
    if row["out_of_scope"]:
        told.append(_("values out of scope: %(count)s") % {"count": row["out_of_scope"]})
    if row["unclassified"]:
        told.append(_("values of unclassified countries: %(count)s") % {"count": row["unclassified"]})
    return told


# Countries


@dataclass(frozen=True)
class Tile:
    """One state. It is told in the year, told earlier, or not told: nothing is good or bad about that."""

    country: Country
    name: str
    state: str  # "told", "earlier" or "none"
    words: str


@dataclass(frozen=True)
class Region:
    name: str
    tiles: list[Tile]


def tiles_of(states: Iterable[Country], told: Mapping[int, tuple[str, str]]) -> list[Region]:
    """Return all states by region of M49, each with what is told of it: state and words by the id of its country."""
    language = reader_language()
    countries = [(in_language(country, "name", language), country) for country in states]
    memberships = GroupMembership.objects.filter(group__kind=GroupKind.M49_REGION)
    region_of = {
        country: own or english
        for country, own, english in memberships.values_list("country", f"group__name_{language}", "group__name_en")
    }
    made: dict[str, list[Tile]] = {}
    untold, elsewhere = ("none", _("no value")), _("Other")
    for name, country in sorted(countries, key=lambda named: named[0].casefold()):
        region = region_of.get(country.pk, elsewhere)
        made.setdefault(region, []).append(Tile(country, name, *told.get(country.pk, untold)))
    return [Region(name, made[name]) for name in sorted(made)]


def told_by_place(
    *, indicator: Indicator, places: Sequence[PlaceFigure], kinds: Mapping[int, Category]
) -> dict[int, tuple[str, str]]:
    """Return for each country whether its value is of the year or carried, and the value in words."""
    told, show = {}, showing()
    for country, figures in _by_country(places, apart=False):
        if indicator.value_kind == ValueKind.ITEMS:
            words = ngettext("%(count)s named", "%(count)s named", len(figures)) % {"count": len(figures)}
        else:
            words = "; ".join(
                f"{kinds[one.category]}: {show(one.value)}" if one.category else show(one.value) for one in figures
            )
        is_carried = all(one.carried == one.initiatives for one in figures)
        told[country] = ("earlier" if is_carried else "told", words)
    return told


def country_table(
    *,
    indicator: Indicator,
    year: int,
    places: Sequence[PlaceFigure],
    kinds: Mapping[int, Category],
    countries: Mapping[int, Country],
) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """Return columns and rows of the table by country, for `components/table.html`: what the tiles tell, in words.

    A country leads to the results behind its value; rows are in the order of names.
    """
    is_named = indicator.value_kind == ValueKind.ITEMS
    has_kinds = not is_named and any(place.category for place in places)
    columns: list[dict[str, Any]] = [{"label": _("Country")}, *([{"label": _("Kind")}] if has_kinds else [])]
    columns += [{"label": _("Named") if is_named else _("Value"), "number": True}]
    columns += [{"label": _("Initiatives"), "number": True}, {"label": _("What to know")}]
    language, carried, provisional = reader_language(), _("carried since %(year)s"), _("provisional")
    rows, show = [], showing()
    for pk, figures in _by_country(places, apart=has_kinds):
        first, country = figures[0], countries[pk]
        value = Decimal(len(figures)) if is_named else first.value
        name = in_language(country, "name", language)
        row = [{"text": name, "url": f"?year={year}&country={country.iso3}#results"}]
        if has_kinds:
            row.append({"text": str(kinds[first.category]) if first.category else ""})
        row.append({"text": show(value)})
        row.append({"text": show(max(one.initiatives for one in figures))})
        told = [carried % {"year": first.carried_from}] if first.carried else []
        told += [provisional] if first.provisional else []
        row.append({"text": "; ".join(told) or "–"})
        rows.append(row)
    return columns, sorted(rows, key=lambda row: row[0]["text"].casefold())


def _by_country(places: Sequence[PlaceFigure], *, apart: bool) -> list[tuple[int, list[PlaceFigure]]]:
    """Return the figures of each country that has a value: each kind or named item apart, or all of them together."""
    found: dict[tuple[int, int | None], list[PlaceFigure]] = {}
    for place in places:
        if place.country and place.value is not None:
            found.setdefault((place.country, place.category if apart else None), []).append(place)
    return [(country, figures) for (country, _category), figures in found.items()]


def told_by_yes(behind: Sequence[CountryBehind], year: int) -> dict[int, tuple[str, str]]:
    since = {first: _("since %(year)s") % {"year": first} for first in {one.since for one in behind}}
    return {one.country: ("told" if one.since == year else "earlier", since[one.since]) for one in behind}


def group_moves(one: CountryBehind, *, is_scoped: bool) -> str:
    """Return in words whether a country that is counted has left the group since."""
    if not is_scoped or one.group_now in MIDDLE_INCOME:
        return ""
    return _("has left the group since") if one.group_now else _("unclassified today")
