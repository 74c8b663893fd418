"""Workplans, in the API."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from initiatives.api.shared import (
    NamedInitiative,
    NamedTerm,
    TextVersion,
    best_first,
    language_of_text,
    visible_initiatives,
)
from initiatives.choices import EntryKind, Readiness
from initiatives.models import (
    ImpactArea,
    ImpactAreaText,
    Indicator,
    Mandate,
    Term,
    Workplan,
    WorkplanEntry,
    WorkplanEntryText,
    WorkplanText,
)
from portal.common.api.records import InnerRecord, JsonList, Reader, Record, column, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList

_BEST = "in the first of the reader's languages, else the original"


class TextOfWorkplan(TextVersion):
    title = column(serializers.CharField(), "title")
    summary = column(serializers.CharField(allow_blank=True), "summary")


class MandateOfWorkplan(InnerRecord):
    symbol = column(serializers.CharField(), "symbol")
    what = column(serializers.CharField(allow_blank=True, help_text="what it asked for or decided"), "what")


class Edition(InnerRecord):
    slug = column(serializers.CharField(), "slug")
    edition = column(serializers.CharField(help_text="as people call it: 2020"), "edition")


def _texts(reader: Reader) -> QuerySet[WorkplanText]:
    return WorkplanText.objects.filter(workplan=OuterRef("pk"))


class WorkplanRecord(Record):
    """One edition of a workplan of an entity."""

    id = column(serializers.IntegerField(), "pk")
    slug = column(serializers.CharField(), "slug")
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    edition = column(serializers.CharField(help_text="as people call it: 2020"), "edition")
    supersedes = column(
        Edition(allow_null=True, help_text="the edition before it"),
        row_of(Edition, lambda _: Workplan.objects.filter(pk=OuterRef("supersedes"))),
    )
    superseded_by = column(
        Edition(allow_null=True, help_text="the edition that took its place; results stay with the one they name"),
        row_of(Edition, lambda _: Workplan.objects.filter(supersedes=OuterRef("pk"))),
    )
    symbol = column(serializers.CharField(allow_blank=True, help_text="of the document that sets it out"), "symbol")
    body = column(serializers.CharField(allow_blank=True, help_text="to which it was submitted"), "body")
    adopted_on = column(serializers.DateField(allow_null=True), "adopted_on")
    source = column(serializers.CharField(), "source")
    mandates = column(
        MandateOfWorkplan(many=True),
        rows_of(MandateOfWorkplan, lambda _: Mandate.objects.filter(workplan=OuterRef("pk")).order_by("order", "pk")),
    )
    text = column(
        TextOfWorkplan(allow_null=True, help_text=_BEST),
        row_of(TextOfWorkplan, lambda reader: best_first(_texts(reader), reader)),
    )
    texts = column(
        TextOfWorkplan(many=True, required=False, help_text="in every language"),
        rows_of(TextOfWorkplan, lambda reader: _texts(reader).order_by("pk")),
        on_request=True,
    )

    every_language = ("texts",)


# What stands in one


class TextOfArea(InnerRecord):
    language = language_of_text()
    name = column(serializers.CharField(), "name")
    focus = column(serializers.CharField(allow_blank=True, help_text="what it looks at, a line each"), "focus")


def _texts_of_area(reader: Reader) -> QuerySet[ImpactAreaText]:
    return ImpactAreaText.objects.filter(area=OuterRef("pk"))


class AreaOfWorkplan(InnerRecord):
    code = column(serializers.CharField(), "code")
    text = column(
        TextOfArea(allow_null=True, help_text=_BEST),
        row_of(TextOfArea, lambda reader: best_first(_texts_of_area(reader), reader)),
    )
    texts = column(
        TextOfArea(many=True, help_text="in every language"),
        rows_of(TextOfArea, lambda reader: _texts_of_area(reader).order_by("pk")),
    )
    term = column(
        NamedTerm(allow_null=True, help_text="that initiatives of the area bear"),
        row_of(NamedTerm, lambda _: Term.objects.filter(pk=OuterRef("term"))),
    )


class TextOfEntry(InnerRecord):
    language = language_of_text()
    name = column(serializers.CharField(allow_blank=True), "name")
    words = column(serializers.CharField(allow_blank=True), "words")


def _texts_of_entry(reader: Reader) -> QuerySet[WorkplanEntryText]:
    return WorkplanEntryText.objects.filter(entry=OuterRef("pk"))


class EntryOfWorkplan(InnerRecord):
    kind = column(serializers.ChoiceField(EntryKind.choices), "kind")
    code = column(serializers.CharField(), "code")
    acronym = column(serializers.CharField(allow_blank=True), "acronym")
    text = column(
        TextOfEntry(allow_null=True, help_text=_BEST),
        row_of(TextOfEntry, lambda reader: best_first(_texts_of_entry(reader), reader)),
    )
    texts = column(
        TextOfEntry(many=True, help_text="in every language"),
        rows_of(TextOfEntry, lambda reader: _texts_of_entry(reader).order_by("pk")),
    )
    phase_of = column(serializers.CharField(allow_null=True, help_text="code of the tool"), "phase_of__code")
    printed_beside = column(
        serializers.CharField(allow_null=True, help_text="code of the area, in the document"), "printed_beside__code"
    )
    applies_to_all_areas = column(serializers.BooleanField(), "applies_to_all_areas")
    areas = column(
        serializers.ListField(child=serializers.CharField(), help_text="codes of those that it applies to"),
        lambda _reader: JsonList(
            ArraySubquery(ImpactArea.objects.filter(entries=OuterRef("pk")).order_by("order", "pk").values("code"))
        ),
    )
    initiative = column(
        NamedInitiative(allow_null=True, help_text="the record of a tool that is a programme"),
        row_of(NamedInitiative, lambda reader: visible_initiatives(reader).filter(pk=OuterRef("initiative"))),
    )


class IndicatorOfWorkplan(InnerRecord):
    code = column(serializers.CharField(), "code")
    area = column(serializers.CharField(allow_null=True, help_text="code"), "area__code")
    statement = column(serializers.CharField(help_text="as printed"), "statement")
    readiness = column(serializers.ChoiceField(Readiness.choices), "readiness")


def _in_force(model: type[ImpactArea] | type[WorkplanEntry]) -> QuerySet[Any]:
    """What was taken out of the workplan is left out."""
    found: QuerySet[Any] = model.objects.in_force().filter(workplan=OuterRef("pk")).order_by("order", "pk")
    return found


class WholeWorkplanRecord(WorkplanRecord):
    """A workplan with all that stands in its document."""

    core_functions = column(
        NamedTerm(many=True, help_text="that it draws on"),
        rows_of(NamedTerm, lambda _: Term.objects.filter(workplans=OuterRef("pk")).order_by("order", "pk")),
    )
    areas = column(
        AreaOfWorkplan(many=True),
        rows_of(AreaOfWorkplan, lambda _: _in_force(ImpactArea)),
    )
    entries = column(
        EntryOfWorkplan(many=True, help_text="kind by kind, in the order of the document"),
        rows_of(
            EntryOfWorkplan,
            lambda _: _in_force(WorkplanEntry).order_by("kind", "order", "pk"),
        ),
    )
    indicators = column(
        IndicatorOfWorkplan(many=True),
        rows_of(
            IndicatorOfWorkplan,
            lambda _: Indicator.objects.with_readiness().filter(workplan=OuterRef("pk")).order_by("order", "code"),
        ),
    )


class Workplans:
    def rows(self: Any) -> QuerySet[Workplan]:
        return Workplan.objects.visible_to(self.request.user)


class WorkplanList(Workplans, RecordList):
    """Editions of workplans, those that were superseded too."""

    record = WorkplanRecord


class WorkplanDetail(Workplans, RecordDetail):
    """One edition of a workplan by its slug, with areas, tools, roles of governments, outcomes and indicators."""

    record = WholeWorkplanRecord
    lookups = {"slug": "slug"}
