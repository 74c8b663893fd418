"""Results of indicators, in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from initiatives.api.initiatives import EvidenceRecord
from initiatives.api.shared import (
    Named,
    NamedCountry,
    NamedTerm,
    TextVersion,
    best_first,
    exact,
    if_own,
    slug_of_initiative,
)
from initiatives.choices import NoValue, ValueKind
from initiatives.filters import ResultFilter
from initiatives.history import former_values
from initiatives.models import (
    Category,
    Country,
    CountryGroup,
    Evidence,
    Result,
    ResultItem,
    ResultPart,
    ResultText,
    Term,
)
from portal.common.api.records import InnerRecord, Reader, Record, column, named, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.decimals import digits


class TextOfResult(TextVersion):
    narrative = column(serializers.CharField(allow_blank=True, help_text="HTML"), "narrative")


def _texts(reader: Reader) -> QuerySet[ResultText]:
    return ResultText.objects.filter(result=OuterRef("pk"))


class PartOfResult(InnerRecord):
    breakdown = column(serializers.CharField(help_text="code"), "category__breakdown__code")
    code = column(serializers.CharField(), "category__code")
    name = named("category__")
    value = column(serializers.CharField(help_text="exact"), lambda _reader: exact("value"))


class ItemOfResult(InnerRecord):
    name = column(serializers.CharField(), "item__name")
    language = column(serializers.CharField(help_text="code of the language of the name"), "item__language")
    adoptions = column(serializers.IntegerField(help_text="by how many it was adopted"), "adoptions")


class ResultRecord(Record):
    """One value of an indicator for a place and a period, or why there is none."""

    id = column(serializers.IntegerField(), "pk")
    indicator = column(serializers.CharField(help_text="code"), "indicator__code")
    initiative = column(
        serializers.IntegerField(allow_null=True, help_text="id; null where the entity reports it directly"),
        "initiative_id",
    )
    initiative_slug = slug_of_initiative()
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    country = column(
        NamedCountry(allow_null=True),
        row_of(NamedCountry, lambda _: Country.objects.filter(pk=OuterRef("country"))),
    )
    group = column(
        Named(allow_null=True, help_text="of countries; with neither it is not split by place"),
        row_of(Named, lambda _: CountryGroup.objects.filter(pk=OuterRef("group"))),
    )
    category = column(
        Named(allow_null=True, help_text="which of the kinds that stand side by side"),
        row_of(Named, lambda _: Category.objects.filter(pk=OuterRef("category"))),
    )
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    value_kind = column(serializers.ChoiceField(ValueKind.choices), "value_kind")
    value = column(serializers.CharField(allow_null=True, help_text="exact"), lambda _reader: exact("value"))
    unit = column(NamedTerm(allow_null=True), row_of(NamedTerm, lambda _: Term.objects.filter(pk=OuterRef("unit"))))
    yes = column(serializers.BooleanField(allow_null=True, help_text="of what is so or not in a country"), "yes")
    items = column(
        ItemOfResult(many=True, help_text="what is named"),
        rows_of(ItemOfResult, lambda _: ResultItem.objects.filter(result=OuterRef("pk")).order_by("item__name", "pk")),
    )
    no_value = column(
        serializers.ChoiceField(NoValue.choices, allow_blank=True, help_text="why there is none"), "no_value"
    )
    parts = column(
        PartOfResult(many=True, help_text="parts of the value"),
        rows_of(
            PartOfResult,
            lambda _: ResultPart.objects.filter(result=OuterRef("pk")).order_by(
                "category__breakdown__code", "category__order", "pk"
            ),
        ),
    )
    figures_note = column(
        serializers.CharField(
            allow_blank=True,
            help_text="why the figures are right, where parts do not add up, or it is more than 100 per cent",
        ),
        "figures_note",
    )
    is_provisional = column(serializers.BooleanField(), "is_provisional")
    source = column(serializers.CharField(allow_blank=True, help_text="where it comes from"), "source")
    text = column(
        TextOfResult(allow_null=True, help_text="in the first of the reader's languages, else the original"),
        row_of(TextOfResult, lambda reader: best_first(_texts(reader), reader)),
    )
    texts = column(
        TextOfResult(many=True, required=False, help_text="in every language"),
        rows_of(TextOfResult, lambda reader: _texts(reader).order_by("pk")),
        on_request=True,
    )
    evidence = column(
        EvidenceRecord(many=True, required=False, help_text="photographs and documents"),
        rows_of(
            EvidenceRecord,
            lambda reader: Evidence.objects.visible_to(reader.user).filter(results=OuterRef("pk")).order_by("pk"),
        ),
        on_request=True,
    )
    decided_at = column(serializers.DateTimeField(help_text="when it was approved"), "decided_at")
    decision_note = column(
        serializers.CharField(allow_null=True, allow_blank=True, help_text="for people of the entity"),
        lambda reader: if_own(reader, "entity", "decision_note"),
    )
    corrected_at = column(serializers.DateTimeField(allow_null=True), "corrected_at")
    correction_reason = column(serializers.CharField(allow_blank=True), "correction_reason")

    every_language = ("texts",)


class FormerValueRecord(serializers.Serializer):
    """What a result said before it was corrected."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(help_text="why it was corrected then")
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-3")
    group = serializers.CharField(allow_null=True, help_text="code")
    category = serializers.CharField(allow_null=True, help_text="code")
    period_start = serializers.DateField()
    period_end = serializers.DateField(help_text="the first day after the period")
    value = serializers.CharField(allow_null=True, help_text="exact")
    unit = serializers.CharField(allow_null=True, help_text="code")
    yes = serializers.BooleanField(allow_null=True)
    no_value = serializers.ChoiceField(NoValue.choices, allow_blank=True)
    is_provisional = serializers.BooleanField()


def _former(pk: int, _reader: Reader) -> list[dict[str, Any]]:
    told = []
    for one in former_values(Result(pk=pk)):
        before = one.result
        said = {name: getattr(before, name) for name in ("period_start", "period_end", "yes", "no_value")}
        codes = {
            name: related and related.code
            for name in ("group", "category", "unit")
            for related in [getattr(before, name)]
        }
        told.append(
            {
                "until": one.until,
                "reason": one.reason,
                "country": before.country and before.country.iso3,
                **codes,
                **said,
                "value": None if before.value is None else digits(before.value),
                "is_provisional": before.is_provisional,
            }
        )
    return told


class WholeResultRecord(ResultRecord):
    """A result with what it said before each of its corrections."""

    former = column(FormerValueRecord(many=True, help_text="the latest first"), "pk", after=_former)


class Results:
    def rows(self: Any) -> QuerySet[Result]:
        return Result.objects.visible_to(self.request.user)


class ResultList(Results, RecordList):
    """Results, as approved: those of public initiatives, what entities report directly, and all of one's own entity.

    `initiative` is the slug of an initiative. A result is of the year of the last day of its period.
    """

    record = ResultRecord
    filter = ResultFilter


class ResultDetail(Results, RecordDetail):
    """One result by its id, with its former values."""

    record = WholeResultRecord
