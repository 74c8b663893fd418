"""Reads what the tables and charts of a submission tell: indicators, and what `initiatives.aggregation` makes of them.

All of it is exact: a number is kept as text, and rounded only in the words that are printed.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation

from initiatives import aggregation, charts
from initiatives.choices import MIDDLE_INCOME, BreakdownKind, Rule, Scope, TargetKind, ValueKind
from initiatives.models import Category, Country, CountryGroup, Indicator, Result, Target, Term
from portal.common.decimals import digits
from portal.common.languages import in_language, interface_language
from reporting.choices import ItemKind
from reporting.compilation.snapshot import (
    Aim,
    Chart,
    CountryOfIndicator,
    Figures,
    IndicatorFigures,
    Kind,
    PlaceOfIndicator,
    UnitOfIndicator,
    YearOfIndicator,
    YearOfReporting,
)
from reporting.models import Item


class Reader:
    """Reads the figures of the items of one submission: what all indicators need in a fixed number of queries.

    Lists behind a number cost one more for each indicator that has one.
    """

    def __init__(self, items: Iterable[Item], language: str, now: dt.datetime) -> None:
        rows = [item for item in items if item.indicators]
        codes = {code for item in rows for code in item.indicators}
        self._language, self._now = language, now
        self._known = {indicator.code: indicator for indicator in _indicators(codes)} if codes else {}
        last = max((item.last_year or 0 for item in rows), default=0)
        found = list(self._known.values())
        self._figures = aggregation.figures_of(indicators=found, last_year=last, now=now) if found else {}

    def figures(self, item: Item) -> Figures:
        """Return what a table or chart tells, in the order of its indicators; one that is gone is left out."""
        first, last = item.first_year or 0, item.last_year or 0
        known = [self._known[code] for code in item.indicators if code in self._known]
        return Figures(
            first_year=first,
            last_year=last,
            indicators=[self._indicator(indicator, first, last) for indicator in known],
        )

    def chart(self, item: Item) -> Chart | None:
        """Return what a chart draws, in the language of the document; None where there is nothing to draw yet."""
        code = item.indicators[0]
        indicator = self._known.get(code)
        if item.kind != ItemKind.CHART or indicator is None:
            return None
        years = range(item.first_year or 0, (item.last_year or 0) + 1)
        with translation.override(interface_language(self._language)):
            drawn = charts.year_chart(
                indicator=indicator,
                figures=_of_years(self._figures[indicator.pk], years),
                targets=indicator.targets.all(),
                kinds={kind.pk: in_language(kind, "name", self._language) for kind in _kinds(indicator)},
            )
            if drawn is None:
                return None
            name = _name(indicator, self._language)
            return Chart(
                specification=json.dumps(charts.spec_of(drawn), ensure_ascii=False, sort_keys=True),
                alternative=f"{code} {name}. {charts.words_of(drawn)}",
                address=f"{settings.PORTAL_URL}/indicators/{quote(code)}/",
            )

    def hold_invented(self) -> bool:
        """Whether a figure may come from an initiative that was invented for a demonstration."""
        of_these = Result.objects.filter(indicator__in=self._known.values(), initiative__is_invented=True)
        return bool(self._known) and of_these.exists()

    def _indicator(self, indicator: Indicator, first: int, last: int) -> IndicatorFigures:
        language = self._language
        text = indicator.text_in(language)
        workplan = indicator.workplan.text_in(language)
        kinds = _kinds(indicator)
        codes = {category.pk: category.code for category in kinds}
        aims = indicator.targets.all()
        figures = self._figures[indicator.pk]
        return IndicatorFigures(
            code=indicator.code,
            name=text.name if text else indicator.statement,
            language=text.language if text else indicator.statement_language,
            unit=in_language(indicator.unit, "name", language) if indicator.unit else "",
            value_kind=indicator.value_kind,
            scope=indicator.scope,
            since=indicator.since_on.isoformat() if indicator.since_on else "",
            has_total=indicator.across_places != Rule.NONE,
            may_repeat=indicator.may_repeat,
            is_pending=indicator.is_unit_pending,
            workplan=workplan.title if workplan else indicator.workplan.slug,
            edition=indicator.workplan.edition,
            source=indicator.source,
            kinds=[Kind(code=category.code, name=in_language(category, "name", language)) for category in kinds],
            baselines=[_aim(aim, codes) for aim in aims if aim.kind == TargetKind.BASELINE],
            targets=[_aim(aim, codes) for aim in aims if aim.kind == TargetKind.TARGET],
            years=sorted(
                (one for one in _years(figures, codes) if first <= one["year"] <= last),
                key=lambda one: (one["year"], list(codes.values()).index(one["kind"]) if one["kind"] else -1),
            ),
            reporting=[
                YearOfReporting(
                    year=one.year,
                    expected=one.expected,
                    reporting=one.reporting,
                    no_data=one.no_data,
                    provisional=one.provisional,
                    out_of_scope=one.out_of_scope,
                    unclassified=one.unclassified,
                )
                for one in figures.coverage
                if first <= one.year <= last
            ],
            countries=self._countries(indicator, last),
            places=self._places(indicator, codes, last),
            units=self._units(indicator, last),
        )

    def _behind(self, indicator: Indicator, last: int) -> aggregation.Behind:
        figures = self._figures[indicator.pk]
        return aggregation.behind(indicator=indicator, year=last, now=self._now, figures=figures)

    def _countries(self, indicator: Indicator, last: int) -> list[CountryOfIndicator]:
        if indicator.value_kind != ValueKind.YES:
            return []
        behind = self._behind(indicator, last).countries
        countries = Country.objects.in_bulk([one.country for one in behind])
        is_open = indicator.scope == Scope.EVERYWHERE
        return [
            CountryOfIndicator(
                code=countries[one.country].iso3,
                name=in_language(countries[one.country], "name", self._language),
                since=one.since,
                in_scope=is_open or one.group_now in MIDDLE_INCOME,
            )
            for one in behind
        ]

    def _places(self, indicator: Indicator, codes: dict[int, str], last: int) -> list[PlaceOfIndicator]:
        if indicator.across_places != Rule.NONE or indicator.is_unit_pending:
            return []
        found = self._behind(indicator, last).places
        countries = Country.objects.in_bulk([one.country for one in found if one.country])
        groups = CountryGroup.objects.in_bulk([one.group for one in found if one.group])
        places = [
            PlaceOfIndicator(
                name=in_language(place, "name", self._language)
                if (place := countries.get(one.country or 0) or groups.get(one.group or 0))
                else "",
                kind=codes.get(one.category or 0, ""),
                value=digits(one.value),
            )
            for one in found
        ]
        return sorted(places, key=lambda place: (not place["name"], place["name"], place["kind"]))

    def _units(self, indicator: Indicator, last: int) -> list[UnitOfIndicator]:
        if not indicator.is_unit_pending:
            return []
        found = self._behind(indicator, last).units
        units = Term.objects.in_bulk([one.unit for one in found])
        return [
            UnitOfIndicator(
                code=units[one.unit].code,
                name=in_language(units[one.unit], "name", self._language),
                results=one.results,
                initiatives=one.initiatives,
                first_year=one.first_year,
                last_year=one.last_year,
            )
            for one in found
        ]


def _kinds(indicator: Indicator) -> list[Category]:
    return indicator.categories_of(BreakdownKind.SIDE_BY_SIDE)


def _name(indicator: Indicator, language: str) -> str:
    text = indicator.text_in(language)
    return text.name if text else indicator.statement


def _of_years(figures: aggregation.Figures, years: range) -> aggregation.Figures:
    return replace(
        figures,
        coverage=[one for one in figures.coverage if one.year in years],
        totals=[one for one in figures.totals if one.year in years],
        countries=[one for one in figures.countries if one.year in years],
        items=[one for one in figures.items if one.year in years],
    )


def _indicators(codes: Iterable[str]) -> Iterable[Indicator]:
    return (
        Indicator.objects.filter(code__in=codes)
        .select_related("unit", "workplan")
        .prefetch_related(
            "texts",
            "workplan__texts",
            Prefetch("targets", Target.objects.in_force().order_by("year", "pk")),
            "breakdowns__categories",
        )
    )


def _aim(aim: Target, codes: dict[int, str]) -> Aim:
    return Aim(year=aim.year, kind=codes.get(aim.category_id or 0, ""), value=digits(aim.value or Decimal()))


def _years(figures: aggregation.Figures, codes: dict[int, str]) -> Iterable[YearOfIndicator]:
    for total in figures.totals:
        yield _year(
            total.year,
            kind=codes.get(total.category or 0, ""),
            value=_text(total.value),
            so_far=_text(total.so_far),
            carried=total.carried,
            carried_value=_text(total.carried_value),
            carried_from=total.carried_from,
            provisional=total.provisional,
            within_programmes=total.within_programmes,
            not_split=_text(total.not_split),
            in_groups=_text(total.in_groups),
        )
    for count in figures.countries:
        yield _year(
            count.year,
            value=_text(count.new),
            so_far=str(count.so_far),
            still_in_scope=count.still_in_scope,
            of=count.of,
            fiscal_year=count.fiscal_year,
        )
    for items in figures.items:
        yield _year(
            items.year,
            value=_text(items.new),
            so_far=str(items.so_far),
            adoptions=_text(items.adoptions),
            adoptions_so_far=digits(items.adoptions_so_far),
            not_split=str(items.not_split) if items.not_split else None,
        )


def _year(year: int, **facts: object) -> YearOfIndicator:
    empty = dict.fromkeys(YearOfIndicator.__annotations__)
    counts = {"carried": 0, "provisional": 0, "within_programmes": 0}
    return YearOfIndicator(**{**empty, **counts, "kind": "", "year": year, **facts})  # type: ignore[typeddict-item]


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else digits(Decimal(value))
