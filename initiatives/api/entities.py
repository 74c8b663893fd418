"""Entities, in the API."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.urls import reverse
from rest_framework import serializers

from initiatives.choices import FacilitationRole
from initiatives.filters import EntityFilter
from initiatives.models import Entity, EntityAlias, Facilitation, Unit
from portal.common.api.records import InnerRecord, Reader, Record, column, named, named_in_all, rows_of
from portal.common.api.views import RecordDetail, RecordList


def entity_page(code: str, reader: Reader) -> str:
    return reader.root + reverse("entity_detail", args=[code])


class FacilitatedLine(InnerRecord):
    line = column(serializers.CharField(help_text="code of the action line"), "line__code")
    role = column(serializers.ChoiceField(FacilitationRole.choices), "role")
    since = column(serializers.DateField(allow_null=True), "since")
    until = column(serializers.DateField(allow_null=True, help_text="the first day without the role"), "until")
    source = column(serializers.CharField(allow_blank=True), "source")


class UnitRecord(InnerRecord):
    id = column(serializers.IntegerField(), "pk")
    name = column(serializers.CharField(), "name")


class AliasRecord(InnerRecord):
    text = column(serializers.CharField(), "text")


class EntityRecord(Record):
    """A body that may send a submission."""

    code = column(serializers.CharField(), "code")
    acronym = column(serializers.CharField(help_text="as printed"), "acronym")
    kind = column(serializers.CharField(), "kind")
    name = named()
    names = named_in_all()
    units = column(UnitRecord(many=True), rows_of(UnitRecord, lambda _: _units()))
    printed_as = column(
        serializers.ListField(child=serializers.CharField(), help_text="names by which documents call it"),
        rows_of(AliasRecord, lambda _: EntityAlias.objects.filter(entity=OuterRef("pk")).order_by("text")),
        after=lambda aliases, _reader: [alias["text"] for alias in aliases],
    )
    facilitates = column(FacilitatedLine(many=True), rows_of(FacilitatedLine, lambda _: _facilitations()))
    page = column(serializers.URLField(help_text="for people"), "code", after=entity_page)

    every_language = ("names",)


def _units() -> QuerySet[Unit]:
    return Unit.objects.filter(entity=OuterRef("pk")).order_by("name")


def _facilitations() -> QuerySet[Facilitation]:
    return Facilitation.objects.filter(entity=OuterRef("pk")).order_by("line__order", "role", F("since"))


class Entities:
    record = EntityRecord

    def rows(self: Any) -> QuerySet[Entity]:
        return Entity.objects.visible_to(self.request.user)


class EntityList(Entities, RecordList):
    """Entities that report, and other bodies that were asked to."""

    filter = EntityFilter


class EntityDetail(Entities, RecordDetail):
    """One entity by its code."""

    lookups = {"code": "code"}
