"""Passages, in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from initiatives.api.shared import (
    Named,
    NamedCountry,
    NamedInitiative,
    NamedTerm,
    TextVersion,
    best_first,
    if_own,
    visible_initiatives,
)
from initiatives.choices import PassageKind
from initiatives.filters import PassageFilter
from initiatives.models import ActionLine, Country, Passage, PassageText, Term
from portal.common.api.records import Record, column, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList


class TextOfPassage(TextVersion):
    body = column(serializers.CharField(help_text="HTML"), "body")


def _texts() -> QuerySet[PassageText]:
    return PassageText.objects.filter(passage=OuterRef("pk"))


class PassageRecord(Record):
    """Text of an entity that belongs to no single initiative."""

    id = column(serializers.IntegerField(), "pk")
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    kind = column(serializers.ChoiceField(PassageKind.choices), "kind")
    name = column(
        serializers.CharField(allow_null=True, help_text="at the desk, for people of the entity"),
        lambda reader: if_own(reader, "entity", "name"),
    )
    follows = column(
        serializers.IntegerField(allow_null=True, help_text="id of the passage of a former year that it carries on"),
        "follows_id",
    )
    text = column(
        TextOfPassage(allow_null=True, help_text="in the first of the reader's languages, else the original"),
        row_of(TextOfPassage, lambda reader: best_first(_texts(), reader)),
    )
    texts = column(
        TextOfPassage(many=True, required=False, help_text="in every language"),
        rows_of(TextOfPassage, lambda _: _texts().order_by("pk")),
        on_request=True,
    )
    lines = column(
        Named(many=True),
        rows_of(Named, lambda _: ActionLine.objects.filter(passages=OuterRef("pk")).order_by("order")),
    )
    terms = column(
        NamedTerm(many=True),
        rows_of(
            NamedTerm,
            lambda _: Term.objects.filter(passages=OuterRef("pk")).order_by("vocabulary__code", "order", "code"),
        ),
    )
    countries = column(
        NamedCountry(many=True),
        rows_of(NamedCountry, lambda _: Country.objects.filter(passages=OuterRef("pk")).order_by("iso3")),
    )
    initiatives = column(
        NamedInitiative(many=True),
        rows_of(
            NamedInitiative, lambda reader: visible_initiatives(reader).filter(passages=OuterRef("pk")).order_by("pk")
        ),
    )

    every_language = ("texts",)


class Passages:
    record = PassageRecord

    def rows(self: Any) -> QuerySet[Passage]:
        return Passage.objects.visible_to(self.request.user)


class PassageList(Passages, RecordList):
    """Passages: what entities say beside their initiatives, as it was approved."""

    filter = PassageFilter


class PassageDetail(Passages, RecordDetail):
    """One passage by its id."""
