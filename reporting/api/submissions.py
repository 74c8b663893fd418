"""Submissions, in the API: where they stand, what they hold, and the files of sealed ones."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.urls import reverse
from rest_framework import serializers

from initiatives.models import Entity
from portal.common.api.languages import JsonObject
from portal.common.api.records import InnerRecord, Reader, Record, column, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.languages import Language
from reporting.api.compilations import FileRecord, StoredFile, shown_files
from reporting.choices import IssueKind, SubmissionState
from reporting.filters import SubmissionFilter
from reporting.models import Artifact, Seal, Submission, Withdrawal
from reporting.queries import OutlinedItem, OutlinedSection, outline_of


class CodeOfEntity(InnerRecord):
    code = column(serializers.CharField(), "code")


class IssueRecord(InnerRecord):
    call = column(serializers.CharField(help_text="slug"), "call__slug")
    slug = column(serializers.CharField(), "slug")
    issue_kind = column(serializers.ChoiceField(IssueKind.choices), "issue_kind")
    issue_number = column(serializers.IntegerField(), "issue_number")


class WithdrawalRecord(InnerRecord):
    reason = column(serializers.CharField(), "reason")
    confirmed_at = column(serializers.DateTimeField(), "confirmed_at")


class SealRecord(InnerRecord):
    """The final word on a submission."""

    number = column(serializers.IntegerField(), "number")
    sealed_at = column(serializers.DateTimeField(), "sealed_at")
    entity = column(serializers.CharField(help_text="code of the entity that sealed it"), "entity__code")
    language = column(serializers.ChoiceField(Language.choices), "compilation__language")
    fingerprint = column(serializers.CharField(help_text="SHA-256 of the text"), "fingerprint")
    receipt_sha256 = column(serializers.CharField(), "receipt_sha256")
    withdrawal = column(
        WithdrawalRecord(allow_null=True, help_text="a withdrawal that two people agreed upon"),
        row_of(WithdrawalRecord, lambda _: Withdrawal.objects.filter(seal=OuterRef("pk"), confirmed_at__isnull=False)),
    )


def _issues(reader: Reader, **tied: Any) -> QuerySet[Submission]:
    return Submission.objects.visible_to(reader.user).filter(**tied).order_by("pk")


def _page(address: dict[str, str], reader: Reader) -> str:
    return reader.root + reverse("submission_detail", args=[address["call"], address["slug"]])


def _address(_reader: Reader) -> JsonObject:
    return JsonObject(call=F("call__slug"), slug=F("slug"))


class SubmissionRecord(Record):
    """What one entity, or several together, send in answer to a call."""

    call = column(serializers.CharField(help_text="slug"), "call__slug")
    slug = column(serializers.CharField(), "slug")
    entities = column(
        serializers.ListField(child=serializers.CharField(), help_text="codes"),
        rows_of(CodeOfEntity, lambda _: Entity.objects.filter(submissions=OuterRef("pk")).order_by("code")),
        after=lambda entities, _reader: [entity["code"] for entity in entities],
    )
    language = column(serializers.ChoiceField(Language.choices, help_text="of the original"), "language")
    period_start = column(serializers.DateField(), "call__period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "call__period_end")
    state = column(serializers.ChoiceField(SubmissionState.choices), "state")
    issue_kind = column(serializers.ChoiceField(IssueKind.choices), "issue_kind")
    issue_number = column(serializers.IntegerField(help_text="0 for the original"), "issue_number")
    based_on = column(
        IssueRecord(allow_null=True, help_text="what a later issue corrects or replaces"),
        row_of(IssueRecord, lambda reader: _issues(reader, pk=OuterRef("based_on"))),
    )
    later_issues = column(
        IssueRecord(many=True), rows_of(IssueRecord, lambda reader: _issues(reader, based_on=OuterRef("pk")))
    )
    published_at = column(serializers.DateTimeField(allow_null=True), "published_at")
    seal = column(
        SealRecord(allow_null=True), row_of(SealRecord, lambda _: Seal.objects.filter(submission=OuterRef("pk")))
    )
    files = column(
        FileRecord(many=True, help_text="as they were sealed"),
        rows_of(
            StoredFile,
            lambda _: Artifact.objects.filter(compilation__seal__submission=OuterRef("pk")).order_by("-part", "format"),
        ),
        after=shown_files,
    )
    page = column(serializers.URLField(help_text="for people"), _address, after=_page)


class ItemOfSection(serializers.Serializer):
    """One piece of a section, as it would be printed today; of a sealed submission, as it was sealed."""

    heading = serializers.CharField(allow_blank=True)
    language = serializers.ChoiceField(Language.choices)
    opening = serializers.CharField(allow_blank=True, help_text="how the text begins, without a heading")
    words = serializers.IntegerField()
    page = serializers.CharField(allow_null=True, help_text="of its record, for people; null where it has none")


class SectionOfSubmission(serializers.Serializer):
    heading = serializers.CharField(allow_blank=True)
    is_summary = serializers.BooleanField()
    word_limit = serializers.IntegerField(allow_null=True)
    words = serializers.IntegerField()
    items = ItemOfSection(many=True)
    hidden = serializers.IntegerField(help_text="items whose record the reader does not see")


def _sections(pk: int, reader: Reader) -> list[dict[str, Any]]:
    submission = Submission.objects.visible_to(reader.user).select_related("call__session", "layout").get(pk=pk)
    return [_section(section, reader) for section in outline_of(submission, reader.user).sections]


def _section(section: OutlinedSection, reader: Reader) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "is_summary": section.is_summary,
        "word_limit": section.limit,
        "words": section.words,
        "items": [_item(item, reader) for item in section.items],
        "hidden": section.hidden,
    }


def _item(item: OutlinedItem, reader: Reader) -> dict[str, Any]:
    page = reader.root + item.url if item.url else None
    told = {"heading": item.heading, "language": item.language, "opening": item.opening, "words": item.words}
    return told | {"page": page}


class WholeSubmissionRecord(SubmissionRecord):
    """A submission with its sections, which are counted as for its page."""

    sections = column(SectionOfSubmission(many=True), "pk", after=_sections)


class Submissions:
    def rows(self: Any) -> QuerySet[Submission]:
        return Submission.objects.visible_to(self.request.user)


class SubmissionList(Submissions, RecordList):
    """Submissions: published ones, those sent to the reader, and all of one's own entities."""

    record = SubmissionRecord
    filter = SubmissionFilter


class SubmissionDetail(Submissions, RecordDetail):
    """One submission by the slug of its call and its own."""

    record = WholeSubmissionRecord
    lookups = {"call": "call__slug", "slug": "slug"}
