"""Indicators of workplans and what they come to, in the API."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from initiatives.api.shared import NamedTerm, TextVersion, best_first, exact, if_own
from initiatives.choices import BreakdownKind, Measures, Readiness, Rule, Scope, Succession, TargetKind, ValueKind
from initiatives.indicator_tables import FIGURE_COLUMNS, rows_of_figures
from initiatives.models import Breakdown, Category, Indicator, IndicatorText, Target, Term
from portal.common.api.records import InnerRecord, JsonList, Reader, Record, column, named, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.decimals import digits


class TextOfIndicator(TextVersion):
    name = column(serializers.CharField(), "name")
    method = column(serializers.CharField(allow_blank=True, help_text="how it is measured"), "method")


def _texts(reader: Reader) -> QuerySet[IndicatorText]:
    return IndicatorText.objects.filter(indicator=OuterRef("pk"))


class CategoryRecord(InnerRecord):
    code = column(serializers.CharField(), "code")
    name = named()


class BreakdownRecord(InnerRecord):
    code = column(serializers.CharField(), "code")
    kind = column(serializers.ChoiceField(BreakdownKind.choices), "kind")
    name = named()
    categories = column(
        CategoryRecord(many=True),
        rows_of(CategoryRecord, lambda _: Category.objects.filter(breakdown=OuterRef("pk")).order_by("order", "pk")),
    )


class IndicatorRecord(Record):
    """How an indicator is defined. Its code names one definition for good."""

    id = column(serializers.IntegerField(), "pk")
    code = column(serializers.CharField(), "code")
    workplan = column(serializers.CharField(help_text="slug of the edition"), "workplan__slug")
    area = column(serializers.CharField(allow_null=True, help_text="code of the impact area"), "area__code")
    owner = column(serializers.CharField(help_text="code of the entity"), "owner__code")
    statement = column(serializers.CharField(help_text="as printed"), "statement")
    statement_language = column(serializers.CharField(help_text="code of its language"), "statement_language")
    text = column(
        TextOfIndicator(allow_null=True, help_text="in the first of the reader's languages, else the original"),
        row_of(TextOfIndicator, lambda reader: best_first(_texts(reader), reader)),
    )
    texts = column(
        TextOfIndicator(many=True, required=False, help_text="in every language"),
        rows_of(TextOfIndicator, lambda reader: _texts(reader).order_by("pk")),
        on_request=True,
    )
    value_kind = column(serializers.ChoiceField(ValueKind.choices, help_text="what one result is"), "value_kind")
    measures = column(serializers.ChoiceField(Measures.choices, help_text="what a value measures"), "measures")
    since_on = column(serializers.DateField(allow_null=True, help_text="since which day, for all since"), "since_on")
    unit = column(
        NamedTerm(allow_null=True, help_text="null while it is pending, and where nothing is counted"),
        row_of(NamedTerm, lambda _: Term.objects.filter(pk=OuterRef("unit"))),
    )
    scope = column(serializers.ChoiceField(Scope.choices), "scope")
    across_periods = column(
        serializers.ChoiceField(Rule.choices, help_text="how values of several periods make one"), "across_periods"
    )
    across_places = column(
        serializers.ChoiceField(Rule.choices, help_text="how values of several places make one"), "across_places"
    )
    may_repeat = column(
        serializers.BooleanField(help_text="whether one firm or job may be reported by two initiatives or years"),
        "may_repeat",
    )
    breakdowns = column(
        BreakdownRecord(many=True),
        rows_of(BreakdownRecord, lambda _: Breakdown.objects.filter(indicator=OuterRef("pk")).order_by("code")),
    )
    readiness = column(serializers.ChoiceField(Readiness.choices, help_text="how far it is"), "readiness")
    supersedes = column(
        serializers.CharField(allow_null=True, help_text="code of the indicator before it"), "supersedes__code"
    )
    succession = column(
        serializers.ChoiceField(Succession.choices, allow_blank=True, help_text="how it follows that one"),
        "succession",
    )
    superseded_by = column(
        serializers.ListField(child=serializers.CharField(), help_text="codes"),
        lambda _reader: JsonList(
            ArraySubquery(Indicator.objects.filter(supersedes=OuterRef("pk")).order_by("code").values("code"))
        ),
    )
    retired_on = column(
        serializers.DateField(allow_null=True, help_text="from that day on it takes no results"), "retired_on"
    )
    source = column(serializers.CharField(), "source")

    every_language = ("texts",)


# What it comes to


class TargetRecord(InnerRecord):
    kind = column(serializers.ChoiceField(TargetKind.choices), "kind")
    category = column(
        serializers.CharField(allow_null=True, help_text="code of the kind side by side"), "category__code"
    )
    year = column(serializers.IntegerField(), "year")
    value = column(
        serializers.CharField(allow_null=True, help_text="exact; null takes back what was said before"),
        lambda _reader: exact("value"),
    )
    reason = column(serializers.CharField(), "reason")
    set_at = column(serializers.DateTimeField(), "set_at")
    set_by = column(
        serializers.CharField(allow_null=True, help_text="name, for people of the entity"),
        lambda reader: if_own(reader, "indicator__owner", "set_by__name"),
    )
    in_force = column(
        serializers.BooleanField(help_text="whether it is the last word for its kind and year"),
        lambda _reader: Exists(Target.objects.in_force().filter(pk=OuterRef("pk"))),
    )


#: Members of figures that are numbers exact to the last digit, as text; of the others, whole numbers and lists.
_EXACT = {
    *("value", "new", "so_far", "target", "baseline", "adoptions", "adoptions_so_far"),
    *("carried_value", "not_split", "in_groups"),
}
_WHOLE = {
    *("year", "still_in_scope", "of_countries", "fiscal_year", "initiatives", "countries", "carried_initiatives"),
    *("carried_from", "within_programmes", "expected", "reporting", "no_data", "out_of_scope", "unclassified"),
}
_LISTS = {"parts_codes", "parts"}


def _described(code: str, label: Any) -> serializers.Field:
    options: dict[str, Any] = {"allow_null": True, "help_text": label}
    if code in _WHOLE:
        return serializers.IntegerField(**options)
    if code in _LISTS:
        return serializers.ListField(child=serializers.CharField(), **options)
    if code == "is_final":
        return serializers.BooleanField(**options)
    return serializers.CharField(**options)


#: A row of the file of figures that the page of the indicator offers.
FIGURE = inline_serializer("Figure", {one.code: _described(one.code, one.label) for one in FIGURE_COLUMNS}, many=True)


def _figures(pk: int, _reader: Reader) -> list[dict[str, Any]]:
    return [{code: _told(code, value) for code, value in row.items()} for row in rows_of_figures(pk)]


def _told(code: str, value: Any) -> Any:
    return digits(Decimal(value)) if code in _EXACT and value is not None else value


class WholeIndicatorRecord(IndicatorRecord):
    """An indicator with its baselines and targets, and what it comes to."""

    targets = column(
        TargetRecord(many=True, help_text="baselines too; all that was ever said, the latest first"),
        rows_of(TargetRecord, lambda _: Target.objects.filter(indicator=OuterRef("pk")).order_by("-set_at", "-pk")),
    )
    figures = column(FIGURE, "pk", after=_figures)


class Indicators:
    def rows(self: Any) -> QuerySet[Indicator]:
        return Indicator.objects.visible_to(self.request.user).with_readiness()


class IndicatorList(Indicators, RecordList):
    """Indicators of all editions of workplans, retired ones too."""

    record = IndicatorRecord


class IndicatorDetail(Indicators, RecordDetail):
    """One indicator by its code, with targets and figures by year.

    `figures` are the rows of the file that its page offers: for each year, and kind where kinds stand side by side, the
    value with all that has to be said beside it. What is not known is null, never zero.
    """

    record = WholeIndicatorRecord
    lookups = {"code": "code"}
