"""Action lines, in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from rest_framework import serializers

from initiatives.choices import AliasKind, FacilitationRole
from initiatives.models import ActionLine, ActionLineAlias, Facilitation
from portal.common.api.records import InnerRecord, Reader, Record, column, named, named_in_all, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.languages import Language


def action_line_page(code: str, reader: Reader) -> str:
    return reader.root + reverse("action_line_detail", args=[code])


class LineAlias(InnerRecord):
    kind = column(serializers.ChoiceField(AliasKind.choices), "kind")
    language = column(serializers.ChoiceField(Language.choices), "language")
    text = column(serializers.CharField(), "text")
    source = column(serializers.CharField(allow_blank=True), "source")


class LineFacilitator(InnerRecord):
    entity = column(serializers.CharField(help_text="code of the entity"), "entity__code")
    role = column(serializers.ChoiceField(FacilitationRole.choices), "role")
    since = column(serializers.DateField(allow_null=True), "since")
    until = column(serializers.DateField(allow_null=True, help_text="the first day without the role"), "until")
    source = column(serializers.CharField(allow_blank=True), "source")
    note = column(serializers.CharField(allow_blank=True), "note")


class ActionLineRecord(Record):
    """An action line of the Geneva Plan of Action (2003), C1 to C11, or a sub-line of C7."""

    code = column(serializers.CharField(), "code")
    parent = column(serializers.CharField(allow_null=True, help_text="code of the line above"), "parent__code")
    order = column(serializers.IntegerField(), "order")
    name = named()
    names = named_in_all()
    current_name = named(field="current_name", help_text="its words are empty where the name of 2003 is in use")
    current_names = named_in_all(field="current_name")
    short_name = column(serializers.CharField(help_text="in English"), "short_name_en")
    aliases = column(
        LineAlias(many=True),
        rows_of(
            LineAlias,
            lambda _: ActionLineAlias.objects.filter(line=OuterRef("pk")).order_by("kind", "language", "text"),
        ),
    )
    facilitators = column(
        LineFacilitator(many=True),
        rows_of(
            LineFacilitator,
            lambda _: Facilitation.objects.filter(line=OuterRef("pk")).order_by("role", "entity__code", "since"),
        ),
    )
    page = column(serializers.URLField(help_text="for people"), "code", after=action_line_page)

    every_language = ("names", "current_names")


class ActionLines:
    record = ActionLineRecord

    def rows(self: Any) -> QuerySet[ActionLine]:
        """Action lines are public."""
        return ActionLine.objects.all()


class ActionLineList(ActionLines, RecordList):
    """Action lines with the names by which texts call them, and who facilitates them."""


class ActionLineDetail(ActionLines, RecordDetail):
    """One action line by its code."""

    lookups = {"code": "code"}
