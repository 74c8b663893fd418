"""Compilations and their files, in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from portal.common.api.records import InnerRecord, Reader, Record, column, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.languages import Language
from reporting.choices import CompilationState, FailureReason, FileFormat, Part
from reporting.models import Artifact, Compilation, Submission
from reporting.models.compilations import file_name_of, file_stem_of


class FileRecord(serializers.Serializer):
    """A file that a compilation made."""

    format = serializers.ChoiceField(FileFormat.choices)
    part = serializers.ChoiceField(Part.choices)
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="in bytes")
    address = serializers.URLField()


class StoredFile(InnerRecord):
    """What a `FileRecord` is made from."""

    format = column(serializers.CharField(), "format")
    part = column(serializers.CharField(), "part")
    sha256 = column(serializers.CharField(), "sha256")
    size = column(serializers.IntegerField(), "size")
    number = column(serializers.IntegerField(), "compilation__number")
    submission = column(serializers.CharField(), "compilation__submission__slug")
    call = column(serializers.CharField(), "compilation__submission__call__slug")
    body = column(serializers.CharField(), "compilation__submission__call__session__body")


def shown_files(files: list[dict[str, Any]], reader: Reader) -> list[dict[str, Any]]:
    """Put names and addresses to files."""
    return [_shown(file, reader) for file in files]


def _shown(file: dict[str, Any], reader: Reader) -> dict[str, Any]:
    submission, call, number = file["submission"], file["call"], file["number"]
    stem = file_stem_of(submission=submission, body=file["body"], call=call, number=number)
    name = file_name_of(stem, part=file["part"], format=file["format"])
    where = [call, submission, number, name]
    shown = {member: file[member] for member in ("format", "part", "sha256", "size")}
    return shown | {"name": name, "address": reader.root + reverse("artifact_download", args=where)}


class CompilationRecord(Record):
    """One attempt to make the files of a submission."""

    id = column(serializers.IntegerField(), "pk")
    call = column(serializers.CharField(help_text="slug"), "submission__call__slug")
    submission = column(serializers.CharField(help_text="slug"), "submission__slug")
    number = column(serializers.IntegerField(help_text="counts through those of the submission"), "number")
    language = column(serializers.ChoiceField(Language.choices), "language")
    state = column(serializers.ChoiceField(CompilationState.choices), "state")
    progress = column(serializers.IntegerField(help_text="in per cent"), "progress")
    failure = column(serializers.ChoiceField(FailureReason.choices, allow_blank=True), "failure")
    requested_at = column(serializers.DateTimeField(), "requested_at")
    finished_at = column(serializers.DateTimeField(allow_null=True), "finished_at")
    fingerprint = column(serializers.CharField(allow_blank=True, help_text="SHA-256 of the text"), "fingerprint")
    seal = column(serializers.IntegerField(allow_null=True, help_text="number of its seal"), "seal__number")
    rebuilds = column(
        serializers.IntegerField(allow_null=True, help_text="number of the seal whose files it makes again"),
        "rebuilds__number",
    )
    files = column(
        FileRecord(many=True),
        rows_of(
            StoredFile,
            lambda _: Artifact.objects.filter(compilation=OuterRef("pk")).order_by("-part", "format"),
        ),
        after=shown_files,
    )


class Compilations:
    record = CompilationRecord

    def rows(self: Any) -> QuerySet[Compilation]:
        return Compilation.objects.visible_to(self.request.user)


class CompilationList(Compilations, RecordList):
    """All compilations of one's own entities, and the sealed ones of other submissions that one sees."""


class CompilationDetail(Compilations, RecordDetail):
    """One compilation by its id."""


class SubmissionCompilationList(Compilations, RecordList):
    """The compilations of one submission, as far as one sees them."""

    by = "number"

    def rows(self) -> QuerySet[Compilation]:
        user, kwargs = self.request.user, self.kwargs
        submissions = Submission.objects.visible_to(user).filter(call__slug=kwargs["call"], slug=kwargs["slug"])
        return super().rows().filter(submission=get_object_or_404(submissions))
