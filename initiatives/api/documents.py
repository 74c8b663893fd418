"""Documents, in the API: what they are, what they mention, and the words of those that were read in."""

from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from initiatives.api.shared import day, if_own, precision, visible_initiatives
from initiatives.choices import DocumentKind, MentionKind, PartKind
from initiatives.filters import DocumentFilter
from initiatives.models import Document, DocumentSymbol, Mention, Part, Passage
from portal.common.api.languages import JsonObject
from portal.common.api.records import InnerRecord, Name, Reader, Record, column, rows_of
from portal.common.api.views import RecordDetail, RecordList


class SymbolRecord(InnerRecord):
    symbol = column(serializers.CharField(), "symbol")


class SessionOfRecord(InnerRecord):
    body = column(serializers.CharField(), "session__body")
    number = column(serializers.IntegerField(), "session__number")


class MentionRecord(InnerRecord):
    """What the document mentions: one of initiative, passage, line, country, entity, organisation, or a date."""

    kind = column(serializers.ChoiceField(MentionKind.choices), "kind")
    part = column(serializers.IntegerField(allow_null=True, help_text="order of the part"), "part__order")
    locator = column(serializers.CharField(allow_blank=True), "locator")
    words = column(serializers.CharField(allow_blank=True, help_text="by which the document names it"), "words")
    initiative = column(serializers.IntegerField(allow_null=True, help_text="id"), "initiative_id")
    passage = column(serializers.IntegerField(allow_null=True, help_text="id"), "passage_id")
    line = column(serializers.CharField(allow_null=True, help_text="code"), "line__code")
    country = column(serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-3"), "country__iso3")
    entity = column(serializers.CharField(allow_null=True, help_text="code"), "entity__code")
    organisation = column(serializers.CharField(allow_null=True, help_text="name"), "organisation__name")
    starts_on = day("starts_on", "of a date: the first day")
    ends_on = day("ends_on", "of a date: the first day after it")


def _mentions(reader: Reader) -> QuerySet[Mention]:
    """Those of the document, without what the reader does not see."""
    return (
        Mention.objects.visible_to(reader.user)
        .filter(
            Q(initiative=None) | Q(initiative__in=visible_initiatives(reader)),
            Q(passage=None) | Q(passage__in=Passage.objects.visible_to(reader.user)),
            document=OuterRef("pk"),
        )
        .order_by("part__order", "pk")
    )


def _page(pk: int, reader: Reader) -> str:
    return reader.root + reverse("document_detail", args=[pk])


class DocumentRecord(Record):
    """A submission, resolution, report, publication, news item or letter, as a bibliographic record."""

    id = column(serializers.IntegerField(), "pk")
    kind = column(serializers.ChoiceField(DocumentKind.choices), "kind")
    symbols = column(
        serializers.ListField(child=serializers.CharField()),
        rows_of(SymbolRecord, lambda _: DocumentSymbol.objects.filter(document=OuterRef("pk")).order_by("symbol")),
        after=lambda rows, _reader: [row["symbol"] for row in rows],
    )
    title = column(Name(), lambda _: JsonObject(language=F("language"), text=F("title")))
    entity = column(serializers.CharField(allow_null=True, help_text="code"), "entity__code")
    session = column(
        SessionOfRecord(allow_null=True),
        SessionOfRecord.as_json,
        after=lambda session, _reader: session if session["body"] else None,
    )
    agenda_item = column(serializers.CharField(allow_blank=True), "agenda_item")
    dated_on = day("dated_on", "the first day that it may be of")
    date_precision = precision("date_precision")
    reissued_on = column(serializers.DateField(allow_null=True), "reissued_on")
    author = column(serializers.CharField(allow_blank=True), "author")
    address = column(serializers.CharField(allow_blank=True, help_text="where it is published"), "address")
    note = column(serializers.CharField(allow_blank=True), "note")
    mentions = column(MentionRecord(many=True), rows_of(MentionRecord, _mentions))
    sha256 = column(serializers.CharField(allow_blank=True, help_text="of the file that was read in"), "sha256")
    published_at = column(serializers.DateTimeField(allow_null=True), "published_at")
    page = column(serializers.URLField(help_text="for people"), "pk", after=_page)


class Documents:
    record = DocumentRecord

    def rows(self: Any) -> QuerySet[Document]:
        return Document.objects.visible_to(self.request.user)


class DocumentList(Documents, RecordList):
    """Documents, filtered as on the page."""

    filter = DocumentFilter


class DocumentDetail(Documents, RecordDetail):
    """One document by its id."""


class PartRecord(Record):
    """One heading, paragraph, entry, table or note of a document that was read in."""

    order = column(serializers.IntegerField(help_text="its place in the document"), "order")
    kind = column(serializers.ChoiceField(PartKind.choices), "kind")
    level = column(serializers.IntegerField(), "level")
    number = column(serializers.CharField(allow_blank=True, help_text="as printed"), "number")
    body = column(serializers.CharField(allow_blank=True, help_text="HTML, mended"), "body")
    printed = column(
        serializers.CharField(
            allow_null=True, allow_blank=True, help_text="as it stands in the file, for people of the entity"
        ),
        lambda reader: if_own(reader, "document__entity", "printed"),
    )
    page = column(serializers.IntegerField(allow_null=True, help_text="of the file"), "page")


class PartList(RecordList):
    """The words of a document that was read in, part by part in their order."""

    record = PartRecord
    by = "order"

    @cached_property
    def document(self) -> Document:
        return get_object_or_404(Document.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def rows(self) -> QuerySet[Part]:
        return Part.objects.visible_to(self.request.user).filter(document=self.document)
