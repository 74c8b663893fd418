"""The page of an indicator, its chart, and its figures as a file."""

import datetime as dt
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from initiatives.aggregation import Figures, behind, figures_shown
from initiatives.charts import YearChart, spec_of, words_of, year_chart
from initiatives.choices import Readiness, Scope, ValueKind
from initiatives.drafting.indicators import form_for
from initiatives.drafting.targets import left_behind
from initiatives.exports import DESIGNATIONS
from initiatives.history import history_of_indicator
from initiatives.incomes import fiscal_years
from initiatives.indicator_tables import (
    FIGURE_COLUMNS,
    aims_of,
    country_table,
    figure_rows,
    figures_today,
    figures_told,
    group_moves,
    kinds_of,
    table_of,
    tiles_of,
    told_by_place,
    told_by_yes,
    year_shown,
)
from initiatives.models import (
    Breakdown,
    Category,
    Country,
    Draft,
    ImpactAreaText,
    Indicator,
    IndicatorText,
    Initiative,
    NamedItem,
    Target,
    Term,
    WorkplanText,
)
from initiatives.permissions import may_plan, may_write, person_of
from initiatives.querysets import IndicatorQuerySet, fiscal_year
from initiatives.services.drafts import EDITABLE, begin_change_of_indicator, begin_target
from initiatives.tasks import add_up_later
from portal.common.addresses import lead_to_code
from portal.common.charts import CONTENT_TYPES, ChartFormat, draw
from portal.common.export_views import refused
from portal.common.exports import About, ExportFormat, SheetIsFull, TooManyFiles, export
from portal.common.languages import interface_language, reader_language
from portal.common.reading import Table, give_rows

RESULTS_OF_A_PAGE = 25


#: Rows of other tables that its page shows, of the indicator, its workplan and its area, and then of its breakdowns.
_SHOWN = {
    "texts": Table(IndicatorText, ("indicator_id",), ("id",)),
    "breakdowns": Table(Breakdown, ("indicator_id",), ("code",)),
    "successors": Table(Indicator, ("supersedes_id",), ("workplan_id", "order", "code")),
}
_OF_WORKPLAN = {"texts": Table(WorkplanText, ("workplan_id",), ("id",))}
_OF_AREA = {"texts": Table(ImpactAreaText, ("area_id",), ("id",))}
_OF_BREAKDOWN = {"categories": Table(Category, ("breakdown_id",), ("order", "name_en"))}


@cache  # to put it together takes a tenth of the page
def _indicators() -> IndicatorQuerySet:
    return Indicator.objects.with_readiness().select_related("workplan", "area", "owner", "unit", "supersedes")


def _indicator(code: str) -> Indicator | None:
    """The indicator with all that its page shows of it, in three queries."""
    indicator = _indicators().filter(code=code).first()
    if indicator is not None:
        areas = [indicator.area] if indicator.area else []
        give_rows(([indicator], _SHOWN), ([indicator.workplan], _OF_WORKPLAN), (areas, _OF_AREA))
        give_rows((list(indicator.breakdowns.all()), _OF_BREAKDOWN))
    return indicator


def _chart(
    indicator: Indicator, figures: Figures, targets: list[Target], kinds: dict[int, Category]
) -> YearChart | None:
    names = {pk: str(kind) for pk, kind in kinds.items()}
    return year_chart(indicator=indicator, figures=figures, targets=targets, kinds=names)


@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """How an indicator is defined, what it comes to by year and country, and the results behind each number.

    `?year=` chooses the year of countries and results, `?country=` the country of results.
    """
    indicator = _indicator(code)
    if indicator is None:
        return lead_to_code(request, Indicator.objects.all(), code)
    asked = _year(request.GET.get("year"))
    figures, are_of_before = _figures(indicator, asked)
    told = list(indicator.targets.knowing_in_force().select_related("category", "set_by").order_by("-set_at", "-pk"))
    targets = [one for one in told if one.is_in_force]  # type: ignore[attr-defined]  # annotated
    kinds = kinds_of(indicator)
    rows = list(figure_rows(indicator=indicator, figures=figures, aims=aims_of(targets), kinds=kinds))
    years = sorted({row["year"] for row in rows}, reverse=True)
    if asked is not None and asked not in years:
        raise Http404
    year = asked or year_shown(figures)
    country = _country(request.GET.get("country"))
    chart = _chart(indicator, figures, targets, kinds)
    columns, table = table_of(indicator, rows)
    context = {
        "indicator": indicator,
        "text": indicator.text_in(reader_language()),
        "workplan_text": indicator.workplan.text_in(reader_language()),
        "area_text": indicator.area.text_in(reader_language()) if indicator.area else None,
        "readiness": capfirst(str(Readiness(indicator.readiness).label)),  # type: ignore[attr-defined]  # annotated
        "are_of_before": are_of_before,
        "columns": columns,
        "rows": table,
        "chart_words": words_of(chart) if chart else "",
        "language": reader_language(),
        "formats": [(str(label), value) for value, label in ExportFormat.choices],
        **_aims(indicator, told, request),
        "years": years,
        "year": year,
        "group_year": _group_year(indicator, year),
        "country": country,
        **_by_country(indicator, figures, year, kinds),
        **_results(request, indicator, year, country),
    }
    return render(request, "initiatives/indicator_detail.html", context)


def _figures(indicator: Indicator, year: int | None = None) -> tuple[Figures, bool]:
    """The figures up to today with what stands behind a year, and whether they are of before a change."""
    now, begin = timezone.now(), partial(add_up_later, indicator.pk)
    last_year = timezone.localdate(now).year
    return figures_shown(indicator=indicator, last_year=last_year, now=now, begin=begin, year=year)


def _year(asked: str | None) -> int | None:
    if not asked:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 4:
        raise Http404
    return int(asked)


def _group_year(indicator: Indicator, year: int) -> int | None:
    """The fiscal year that the last day of the year is in, where the scope is a group and its members are known."""
    asked = fiscal_year(dt.date(year, 12, 31))
    return asked if indicator.scope == Scope.MIDDLE_INCOME and asked in fiscal_years() else None


def _country(asked: str | None) -> Country | None:
    if not asked:
        return None
    country = Country.objects.public().filter(iso3=asked.replace("\x00", "")).first()
    if country is None:
        raise Http404
    return country


def _by_country(indicator: Indicator, figures: Figures, year: int, kinds: dict[int, Category]) -> dict[str, Any]:
    """What is told of each country in the year, or of each unit while the unit is pending."""
    found = behind(indicator=indicator, year=year, now=timezone.now(), figures=figures)
    if indicator.is_unit_pending:
        units = Term.objects.in_bulk([one.unit for one in found.units])
        return {"units": [(units[one.unit], one) for one in found.units]}
    states = Country.objects.states().in_bulk()
    named = {one.country for one in found.countries} | {one.country for one in found.places if one.country}
    countries = states | (Country.objects.in_bulk(elsewhere) if (elsewhere := named - states.keys()) else {})
    if indicator.value_kind == ValueKind.YES:
        is_scoped = indicator.scope == Scope.MIDDLE_INCOME
        told = told_by_yes(found.countries, year)
        return {
            "regions": tiles_of(states.values(), told),
            "behind": [
                (countries[one.country], one, told[one.country][1], group_moves(one, is_scoped=is_scoped))
                for one in found.countries
            ],
            "told_label": _("new in the year"),
            "earlier_label": _("counted since an earlier year"),
        }
    columns, rows = country_table(indicator=indicator, year=year, places=found.places, kinds=kinds, countries=countries)
    items = NamedItem.objects.in_bulk([one.item for one in found.items])
    return {
        "country_columns": columns,
        "country_rows": rows,
        "items": [(items[one.item], one) for one in found.items],
        "regions": tiles_of(states.values(), told_by_place(indicator=indicator, places=found.places, kinds=kinds)),
        "told_label": _("a value of the year"),
        "earlier_label": _("a value carried from an earlier year"),
    }


def _results(request: HttpRequest, indicator: Indicator, year: int, country: Country | None) -> dict[str, Any]:
    """The page asked for of the public results dated in the year; of one country also those before, which may count."""
    first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    found = indicator.results.public_each_by_key().filter(period_end__lte=after)
    found = found.filter(country=country) if country else found.filter(period_end__gt=first)
    told_of = Prefetch("initiative", Initiative.objects.with_title())
    shown = found.for_listing().select_related(None).select_related("unit").prefetch_related("entity", told_of)
    page = Paginator(shown, RESULTS_OF_A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "result_count": page.paginator.count}


def _aims(indicator: Indicator, rows: list[Target], request: HttpRequest) -> dict[str, Any]:
    """All rows of baseline and targets, the latest first, each with who set it: by name inside the entity alone.

    Inside the entity also what is under way, and for its secretariat the way to set one.
    """
    if not may_write(request.user, indicator.owner):
        return {"targets": [(target, indicator.owner.acronym, None) for target in rows]}
    drafts, form = Draft.objects.visible_to(request.user), form_for(Draft(entity=indicator.owner, indicator=indicator))
    approved = drafts.of_targets().filter(target__indicator=indicator).select_related("decided_by")
    made = {draft.target_id: draft for draft in approved}
    return {
        "targets": [(target, str(target.set_by or indicator.owner.acronym), made.get(target.pk)) for target in rows],
        "open_targets": drafts.open().of_targets().filter(indicator=indicator).order_by("begun_at", "pk"),
        "may_plan": (plans := may_plan(request.user, indicator.owner)),
        "left_behind": left_behind(indicator) if plans else [],
        "draft": drafts.open().of_indicators().filter(indicator=indicator).first(),
        "history": history_of_indicator(indicator, {name: field.label for name, field in form.fields.items()}),
    }


@require_POST
def target_begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a baseline or target of the indicator, for the secretariat of its owner.

    `former` is the id of one that was set for the indicator that this one carries on.
    """
    indicator = _plannable(request, code)
    if not request.user.is_authenticated:
        return redirect_to_login(indicator.get_absolute_url())
    asked, former = request.POST.get("former"), None
    if asked:
        former = next((one for one in left_behind(indicator) if str(one.pk) == asked), None)
        if former is None:
            messages.info(request, _("That was set here meanwhile, or taken back there."))
            return redirect(indicator)
    draft = begin_target(indicator=indicator, user=person_of(request), now=timezone.now(), former=former)
    return redirect("draft_edit", draft.pk)


@require_POST
def indicator_change(request: HttpRequest, code: str) -> HttpResponse:
    """Go on with the draft that changes the definition of the indicator, or begin one."""
    indicator = _plannable(request, code)
    if not request.user.is_authenticated:
        return redirect_to_login(indicator.get_absolute_url())
    draft = begin_change_of_indicator(indicator=indicator, user=person_of(request), now=timezone.now())
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


def _plannable(request: HttpRequest, code: str) -> Indicator:
    """Return the indicator. Raises Http404, and PermissionDenied for those signed in who may not write it."""
    visible = Indicator.objects.visible_to(request.user).select_related("owner", "workplan")
    indicator = get_object_or_404(visible, code=code)
    if request.user.is_authenticated and not may_plan(request.user, indicator.owner):
        raise PermissionDenied
    return indicator


@require_safe
def indicator_chart(request: HttpRequest, code: str, language: str, format: str) -> HttpResponse:
    """The chart of values by year as SVG or PNG, in a language. Raises Http404 where there is none to draw.

    `?before` on a page that shows the figures of before a change.
    """
    indicator = _indicator(code)
    if indicator is None:
        raise Http404
    with translation.override(interface_language(language)):
        figures = _figures(indicator)[0] if "before" in request.GET else figures_today(indicator)
        chart = _chart(indicator, figures, list(indicator.targets.in_force()), kinds_of(indicator))
        if chart is None:
            raise Http404
        drawn = draw(spec_of(chart), format=ChartFormat(format))
    return HttpResponse(drawn, content_type=CONTENT_TYPES[ChartFormat(format)])


@require_safe
def indicator_export(request: HttpRequest, code: str, format: str) -> HttpResponseBase:
    """Its figures by year as a file, with codes beside the words."""
    indicator = _indicator(code)
    if indicator is None:
        raise Http404
    figures, targets, kinds = figures_told(indicator)
    rows = figure_rows(indicator=indicator, figures=figures, aims=aims_of(targets), kinds=kinds)
    address = reverse("indicator_detail", args=[indicator.code])
    about = About(
        title=indicator.code,
        address=request.build_absolute_uri(address),
        made_at=timezone.now(),
        notes=[indicator.statement, str(DESIGNATIONS)],
    )
    try:
        return export(
            rows,
            columns=FIGURE_COLUMNS,
            format=ExportFormat(format),
            name=f"indicator-{indicator.code}",
            about=about,
        )
    except (TooManyFiles, SheetIsFull) as error:
        return refused(request, error)
