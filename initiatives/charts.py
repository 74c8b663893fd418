"""The chart of an indicator: values by year, against its baseline and what was aimed at.

`year_chart` puts together what is drawn, from the figures of `initiatives/aggregation.py`; `spec_of` and `words_of`
tell the same to eyes and to ears. Kinds side by side get a panel each with a scale of its own: nobody compares them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from initiatives.aggregation import Figures
from initiatives.choices import Rule, TargetKind, ValueKind
from initiatives.models import Indicator, Target
from portal.common.languages import direction, in_language, reader_language

# Colours of a picture that is white in light and dark pages alike: 7 to 1, and 3.6 to 1 between the two parts of a bar.
_INK, _SOFT, _LINE = "#12263a", "#46596c", "#cdd7e0"
_DARK, _LIGHT = "#005c97", "#b9dcf2"
_MARK = "#7a1f5c"
_WIDEST = 900
_YEARS_AHEAD = 15  # of a target: one for 2100 would leave no room for the values


@dataclass(frozen=True)
class Bar:
    """A year: what is new or was reported in it, and what it has from earlier years."""

    year: int
    value: Decimal
    earlier: Decimal
    is_provisional: bool


@dataclass(frozen=True)
class Aim:
    year: int
    value: Decimal


@dataclass(frozen=True)
class Panel:
    """The bars of one kind; its name is empty where there are no kinds side by side."""

    name: str
    bars: tuple[Bar, ...]
    targets: tuple[Aim, ...]
    baseline: Aim | None


@dataclass(frozen=True)
class YearChart:
    unit: str
    is_carried: bool  # what a bar has from earlier years are values carried, else what was new then
    panels: tuple[Panel, ...]


def shown(value: Decimal | int) -> str:
    """Return a value as people read it: rounded to two decimals, small ones to two digits. Only here it is rounded."""
    return showing()(value)


def showing() -> Callable[[Decimal | int], str]:
    """Return `shown` for the language of the page being made: asked for once, where there are hundreds of values."""
    return partial(_shown, get_language())


@lru_cache(maxsize=5_000)  # a table of countries and the tiles above it say the same hundreds of values
def _shown(_language: str | None, value: Decimal | int) -> str:
    exact = Decimal(value)
    if exact == exact.to_integral_value():
        rounded = exact.to_integral_value()
    else:
        places = 2 if abs(exact) >= 1 else max(2, 1 - exact.adjusted())
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP).normalize()
    return number_format(f"{rounded:f}", use_l10n=True, force_grouping=True)


def year_chart(
    *, indicator: Indicator, figures: Figures, targets: Iterable[Target], kinds: Mapping[int, str]
) -> YearChart | None:
    """Return what there is to draw, or None while the unit is pending, or where no year has a total.

    `targets` are those in force, `kinds` the names of kinds side by side by their id.
    """
    if indicator.is_unit_pending:
        return None
    of_kind = _bars(indicator, figures)
    aimed = list(targets)
    panels = tuple(
        Panel(
            name=kinds[kind] if kind else "",
            bars=tuple(bars),
            targets=_aims(aimed, kind, TargetKind.TARGET, up_to=bars[-1].year + _YEARS_AHEAD),
            baseline=next(reversed(_aims(aimed, kind, TargetKind.BASELINE)), None),
        )
        for kind, bars in sorted(of_kind.items(), key=lambda item: list(kinds).index(item[0]) if item[0] else -1)
    )
    if not panels:
        return None
    return YearChart(
        unit=in_language(indicator.unit, "name") if indicator.unit else "",
        is_carried=indicator.across_periods == Rule.LATEST,
        panels=panels,
    )


def _bars(indicator: Indicator, figures: Figures) -> dict[int | None, list[Bar]]:
    """Bars by kind, in the order of years."""
    provisional = {one.year: not one.is_final for one in figures.coverage}
    counted = [(one.year, one.new, one.so_far) for one in figures.countries]
    counted += [(one.year, one.new, one.so_far) for one in figures.items]
    if counted:
        return {
            None: [
                Bar(year, Decimal(new or 0), Decimal(so_far - (new or 0)), provisional.get(year, False))
                for year, new, so_far in counted
            ]
        }
    bars: dict[int | None, list[Bar]] = {}
    for total in figures.totals:
        if total.value is None:
            continue
        # parts of a bar that may go below zero would not stand on each other
        is_split = indicator.across_periods == Rule.LATEST and indicator.value_kind != ValueKind.CHANGE
        earlier = (total.carried_value or Decimal()) if is_split else Decimal()
        bars.setdefault(total.category, []).append(
            Bar(total.year, total.value - earlier, earlier, bool(total.provisional))
        )
    return bars


def _aims(targets: list[Target], kind: int | None, of: str, *, up_to: int = 9999) -> tuple[Aim, ...]:
    found = [
        Aim(one.year, one.value)
        for one in targets
        if one.kind == of and one.category_id == kind and one.year <= up_to and one.value is not None
    ]
    return tuple(sorted(found, key=lambda aim: aim.year))


# For eyes


def spec_of(chart: YearChart) -> dict[str, Any]:
    """Return the chart in Vega-Lite, in the reader's language and from its side."""
    marked = [bar.year for panel in chart.panels for bar in panel.bars]
    marked += [aim.year for panel in chart.panels for aim in panel.targets]
    years = list(range(min(marked), max(marked) + 1))
    is_rtl = direction(reader_language()) == "rtl"
    is_provisional = any(bar.is_provisional for panel in chart.panels for bar in panel.bars)
    side = "end" if is_rtl else "start"
    title: dict[str, Any] = {"text": chart.unit, "anchor": side, "fontSize": 14}
    if is_provisional:
        title["subtitle"] = _("* provisional")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": title,
        "spacing": 24,
        "vconcat": [_panel(chart, panel, years, is_rtl) for panel in chart.panels],
        "config": {
            "background": "white",
            "view": {"stroke": None},
            "axis": {"labelColor": _INK, "labelFontSize": 12, "gridColor": _LINE, "domainColor": _SOFT},
            "title": {"color": _INK, "subtitleColor": _SOFT, "fontSize": 13, "subtitleFontSize": 12},
            "legend": {
                "orient": "bottom",
                "title": None,
                "labelColor": _INK,
                "labelFontSize": 12,
                "labelLimit": 400,
                "symbolSize": 140,
                "layout": {"bottom": {"direction": "vertical", "anchor": side, "margin": 4}},
            },
            "locale": {
                "number": {
                    "decimal": get_format("DECIMAL_SEPARATOR"),
                    "thousands": get_format("THOUSAND_SEPARATOR"),
                    "grouping": [3],
                    "currency": ["", ""],
                }
            },
        },
    }


def _panel(chart: YearChart, panel: Panel, years: list[int], is_rtl: bool) -> dict[str, Any]:
    width, numbers = _width_and_numbers(panel, years)
    x = {
        "field": "year",
        "type": "ordinal",
        "scale": {"domain": [str(year) for year in (reversed(years) if is_rtl else years)]},
        # the number stands below its year, where no mark can lie on it
        "axis": {"title": None, "labelAngle": 0, "labelExpr": f"({json.dumps(numbers)})[datum.label]"},
    }
    y = {"type": "quantitative", "axis": {"title": None, "tickCount": 5, "orient": "right" if is_rtl else "left"}}
    layers = [_bar_layer(chart, panel, x, y)]
    if panel.baseline:
        said = _("baseline of %(year)s") % {"year": panel.baseline.year}
        at = {"values": [{"value": float(panel.baseline.value)}]}
        # on white, so that it is seen on dark bars too
        layers.append(
            {
                "data": at,
                "mark": {"type": "rule", "color": "white", "strokeWidth": 5},
                "encoding": {"y": {**y, "field": "value"}},
            }
        )
        layers.append(
            {
                "data": at,
                "mark": {"type": "rule", "color": _INK, "strokeWidth": 2},
                "encoding": {
                    "y": {**y, "field": "value"},
                    "strokeDash": {"datum": said, "scale": {"domain": [said], "range": [[6, 4]]}},
                },
            }
        )
    if panel.targets:
        said = pgettext("in a chart", "target")
        layers.append(
            {
                "data": {"values": [{"year": str(aim.year), "value": float(aim.value)} for aim in panel.targets]},
                "mark": {"type": "point", "filled": True, "color": _MARK, "stroke": "white", "size": 140, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "value"},
                    "shape": {"datum": said, "scale": {"domain": [said], "range": ["diamond"]}},
                },
            }
        )
    drawn: dict[str, Any] = {
        "width": width,
        "height": 220 if len(chart.panels) == 1 else 130,
        "layer": layers,
    }
    if panel.name:
        drawn["title"] = {"text": panel.name, "anchor": "end" if is_rtl else "start"}
    return drawn


def _bar_layer(chart: YearChart, panel: Panel, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    of_year, earlier = _parts(chart)
    parts = [
        {"year": str(bar.year), "value": float(value), "part": part, "order": order}
        for bar in panel.bars
        for order, (part, value) in enumerate(((earlier, bar.earlier), (of_year, bar.value)))
        if value or part == of_year
    ]
    has_both = any(bar.earlier for bar in panel.bars)
    return {
        "data": {"values": parts},
        "mark": {"type": "bar", "stroke": _DARK, "strokeWidth": 1},
        "encoding": {
            "x": x,
            "y": {**y, "field": "value"},
            "color": {
                "field": "part",
                "type": "nominal",
                "scale": {"domain": [of_year, earlier], "range": [_DARK, _LIGHT]},
                **({} if has_both else {"legend": None}),
            },
            "order": {"field": "order"},
        },
    }


def _width_and_numbers(panel: Panel, years: list[int]) -> tuple[int, dict[str, list[str]]]:
    """Return the width of the panel, and year with number for the axis; with too many long ones only the year."""
    numbers = {str(year): [str(year)] for year in years}
    told = {str(bar.year): shown(bar.value + bar.earlier) + ("*" if bar.is_provisional else "") for bar in panel.bars}
    width = len(years) * max(36, 8 * max(map(len, told.values())))
    if width > _WIDEST:
        return max(320, 36 * len(years)), numbers
    return max(320, width), {year: [year, told[year]] if year in told else [year] for year in numbers}


def _parts(chart: YearChart) -> tuple[str, str]:
    if chart.is_carried:
        return _("reported in the year"), _("carried from earlier years")
    return _("new in the year"), _("from earlier years")


# For ears


def words_of(chart: YearChart) -> str:
    """Return the alternative text: every number of the chart."""
    told = [_("Bar chart by year. Unit: %(unit)s.") % {"unit": chart.unit}]
    of_year, earlier = _parts(chart)
    for panel in chart.panels:
        if panel.name:
            told.append(f"{panel.name}.")
        for bar in panel.bars:
            words = {
                "year": bar.year,
                "total": shown(bar.value + bar.earlier),
                "value": shown(bar.value),
                "of_year": of_year,
                "before": shown(bar.earlier),
                "earlier": earlier,
            }
            if bar.earlier:
                line = _("%(year)s: %(total)s, of which %(value)s %(of_year)s, %(before)s %(earlier)s") % words
            else:
                line = _("%(year)s: %(total)s") % words
            told.append(f"{line}, {_('provisional')}." if bar.is_provisional else f"{line}.")
        told += [
            _("Target for %(year)s: %(value)s.") % {"year": aim.year, "value": shown(aim.value)}
            for aim in panel.targets
        ]
        if panel.baseline:
            about = {"year": panel.baseline.year, "value": shown(panel.baseline.value)}
            told.append(_("Baseline of %(year)s: %(value)s.") % about)
    return " ".join(told)
