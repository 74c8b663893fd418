"""Photographs and documents that drafts name: sent first, one by one, then named with what is said of them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import ChangesDrafts, signed_in
from initiatives.api.initiatives import address_of_file
from initiatives.drafting.evidence import WORDS
from initiatives.models import StoredFile
from initiatives.permissions import person_of, writable_draft
from initiatives.services.drafts import EDITABLE, DraftNotEditable
from initiatives.services.evidence import keep_file, key_of
from portal.common.api.bodies import Body, FileBody, Flag, Text, Whole
from portal.common.api.problems import Problem, wrong_parameters
from portal.common.api.records import Record, column
from portal.common.api.views import RecordView
from portal.common.errors import PersonError
from portal.common.forms import RowsWidget
from portal.common.uploads import FileType, largest_file

_NAME = OpenApiParameter("name", str, required=True, description="The name of the file, as its readers see it.")
_ID = "id of a file that was sent for a draft of the entity"

# What is said of files


class EvidenceBody(Body):
    """A file, and what is said of it. In public it needs a caption, a rights holder and, for a picture, a text."""

    file = Whole(min_value=1, max_value=2**63 - 1, help_text=_ID)
    caption = Text(required=False, max_length=500)
    alternative_text = Text(required=False, max_length=500, help_text="what a picture shows, for who does not see it")
    rights_holder = Text(required=False, max_length=200)
    public = Flag(required=False, help_text="whether everybody may see it; else people of the entity")


class SavedEvidence(serializers.Serializer):
    """A file of a draft, and what is said of it."""

    file = serializers.IntegerField(required=False, allow_null=True, help_text="its id")
    caption = serializers.CharField(required=False, allow_blank=True)
    alternative_text = serializers.CharField(required=False, allow_blank=True)
    rights_holder = serializers.CharField(required=False, allow_blank=True)
    public = serializers.BooleanField(required=False)


def evidence_sent() -> EvidenceBody:
    """Declare the member that has all files of a draft."""
    return EvidenceBody(
        many=True,
        required=False,
        max_length=RowsWidget.MOST,
        help_text="all photographs and documents; left out, they stay as they are",
    )


def evidence_of_draft() -> Any:
    """Declare the member of a record that tells the files of a draft."""
    return column(
        SavedEvidence(many=True),
        lambda _reader: KeyTransform("evidence", "content"),
        after=lambda rows, _reader: as_told(rows),
    )


def as_rows(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the files of what is sent as rows of the form, if they are there."""
    if "evidence" not in sent:
        return {}
    return {
        "evidence": [
            {name: row.get(name, "") for name in WORDS}
            | {"file": str(row["file"]), "public": "on" if row.get("public") else ""}
            for row in sent["evidence"]
        ]
    }


def as_told(rows: Any) -> list[dict[str, Any]]:
    """Return rows of the form as they are told."""
    return [
        {name: row.get(name, "") for name in WORDS}
        | {"file": key_of(row.get("file", "")), "public": bool(row.get("public"))}
        for row in rows or []
    ]


# Sending one


class SentFileRecord(Record):
    """A file that was sent for a draft. Nobody else sees it until a draft that names it is approved."""

    id = column(serializers.IntegerField(), "pk")
    name = column(serializers.CharField(), "name")
    type = column(serializers.ChoiceField(FileType.choices, help_text="found by its content"), "type")
    size = column(serializers.IntegerField(help_text="in bytes, as it is kept"), "size")
    width = column(serializers.IntegerField(allow_null=True, help_text="of a picture, in pixels"), "width")
    height = column(serializers.IntegerField(allow_null=True, help_text="of a picture, in pixels"), "height")
    sha256 = column(serializers.CharField(help_text="of the file as it is kept"), "sha256")
    address = column(serializers.URLField(help_text="of the file, to be saved"), address_of_file("pk"))


class SendsFile(ChangesDrafts, RecordView):
    """Base of the views that take one file for a draft."""

    record = SentFileRecord
    parser_classes: ClassVar = [FileBody]
    successes: ClassVar = {"POST": (201,)}

    @property
    def most_bytes(self) -> int:
        return largest_file()

    def known_parameters(self, request: Request) -> set[str]:
        return super().known_parameters(request) | {_NAME.name}

    @extend_schema(
        summary="Send a file for a draft",
        description="Takes one photograph or document as it is, and answers with its id, by which `evidence` of a "
        "draft names it. A picture is drawn anew without place and camera. The same file sent again is the one that "
        "is there. What no draft names is removed after 30 days.",
        parameters=[_NAME],
        request={FileBody.media_type: OpenApiTypes.BINARY},
    )
    def post(self: Any, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = self.checked(writable_draft(request.user, pk))
        wrong: dict[str, list[str]] = {}
        names = self.shape(request.query_params, wrong)
        if not (name := request.query_params.get("name", "").strip()):
            wrong["name"] = [_("Say how the file is called.")]
        if wrong:
            raise wrong_parameters(wrong)
        sent = request.data
        if draft.state not in EDITABLE:
            raise self.conflict(str(DraftNotEditable()), draft)
        file = ContentFile(sent if isinstance(sent, bytes) else b"", name=name)
        try:
            stored = keep_file(file=file, entity=draft.entity, user=person_of(request._request), now=timezone.now())
        except PersonError as error:
            raise Problem(422, str(error), errors=[{"pointer": "", "detail": str(error)}]) from error
        record = self.record.read(StoredFile.objects.filter(pk=stored.pk), self.reader(), names)[stored.pk]
        return Response(record, 201)
