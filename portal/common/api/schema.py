"""The schema of the API, made from the records and views: OpenAPI 3.1.

`docs/openapi.yaml` keeps it, so that a change of it is seen: `make schema` writes that file, a test compares.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.common.api.bodies import Body
from portal.common.api.parameters import SHAPING
from portal.common.api.problems import MEDIA_TYPE, ProblemDetails
from portal.common.api.records import InnerRecord, Record
from portal.common.api.views import ApiView, RecordDetail, RecordList, RecordView
from portal.common.filters import One, RecordFilter, Several, Words

#: What any request may be answered, and what one with a body may be besides.
ALWAYS = {
    "400": "A parameter or the request itself is wrong.",
    "401": "The token is unknown, revoked or past its end.",
    "403": "This is not for the reader to do.",
    "404": "There is nothing at this address, or nothing that the reader may see.",
    "429": "Too many requests: Retry-After tells in how many seconds to ask again.",
}
WITH_A_BODY = {"413": "The body is too large.", "415": "The body is of another type."}

LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="In which languages texts are wanted, best first."
)
KEPT = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of an answer kept.")
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag of what the change builds on.")

#: By operation: one `request` and one `response`. They are checked against the schema by a test.
EXAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("examples.json").read_text())


class PortalSchema(AutoSchema):
    """Adds to each operation what the frame does everywhere. `parameters` of a view's filter are described by it."""

    def get_operation_id(self) -> str:
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self.view).__name__).lower()
        return words if self.method == "GET" else f"{words}_{self.method.lower()}"

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return [parts[2] if len(parts) > 2 else "api"]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # pages are records of their own

    def get_summary(self) -> str | None:
        """The first sentence of the view's docstring, for an operation that says nothing of its own."""
        told: str = super().get_summary() or super().get_description()
        return told.partition("\n")[0].partition(". ")[0].rstrip(".")

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Whoever reads may also come without a token or session, and sees what is public."""
        visitor: list[dict[str, list[str]]] = [{}] if self.method == "GET" else []
        return [*super().get_auth(), *visitor]

    def get_examples(self) -> list[OpenApiExample]:
        kept = EXAMPLES.get(self.get_operation_id(), {})
        request: dict[str, Any] = {"request_only": True, "media_type": "application/json"}
        found = [OpenApiExample("Request", kept["request"], **request)] if "request" in kept else []
        if "response" in kept:
            answer: dict[str, Any] = {
                "response_only": True,
                "media_type": "application/json",
                "status_codes": self.successes(),
            }
            found.append(OpenApiExample("Answer", kept["response"], **answer))
        return found

    def successes(self) -> list[str]:
        by_method = getattr(self.view, "successes", {})
        return [str(status) for status in by_method.get(self.method, (200,))]

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, ApiView):
            return []
        if self.method != "GET":
            return [*SHAPING, LANGUAGE, *([SEEN] if self.method in ("PUT", "PATCH") else [])]
        found = self.view.described_parameters()
        if isinstance(self.view, RecordView):
            found.append(LANGUAGE)
        if isinstance(self.view, RecordList):
            found += filter_parameters(self.view.filter)
        return [*found, KEPT]

    def get_response_serializers(self) -> Any:
        if self.method == "GET" and isinstance(self.view, RecordList):
            return page_of_records(self.view.record)  # type: ignore[arg-type]  # a class can be hashed
        if self.method == "GET" and isinstance(self.view, RecordDetail):
            return self.view.record
        if self.method != "GET" and isinstance(self.view, RecordView):
            return dict.fromkeys(self.successes(), self.view.record) | getattr(self.view, "refusals", {})
        return super().get_response_serializers()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problems = ALWAYS | (WITH_A_BODY if self.method in ("POST", "PUT", "PATCH") else {})
        for status, words in problems.items():
            if status not in bodies:
                told = OpenApiResponse(ProblemDetails, words)
                bodies[status] = self._get_response_for_code(told, status, [MEDIA_TYPE], direction)
        if self.method == "GET":
            bodies["304"] = {"description": "The answer is the one with that ETag."}
        return dict(sorted(bodies.items()))

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        """No member of a record at an address of its own is always there: `fields` and `omit` choose."""
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Record) and not isinstance(serializer, InnerRecord):
            schema.pop("required", None)
        if isinstance(serializer, Body):
            schema["additionalProperties"] = False
        return schema


def filter_parameters(filter: type[RecordFilter] | None) -> list[OpenApiParameter]:
    """Describe what a list is filtered by. Filters that follow from data are told in the docstring of its view."""
    if filter is None:
        return []
    found = []
    for name, declared in filter.base_filters.items():
        options: dict[str, Any] = {"description": str(declared.label), "many": isinstance(declared, Several)}
        if isinstance(declared, Several) and isinstance(declared.among, Words):
            options["enum"] = [code for code, _label in declared.among.choices.choices]
        elif isinstance(declared, One):
            options["enum"] = [code for code, _label in declared.extra["choices"] if code]
        found.append(OpenApiParameter(name, str, **options))
    return found


@cache
def page_of_records(record: Any) -> serializers.Serializer:
    """Return the form of one page of a list."""
    return inline_serializer(
        f"PageOf{record.__name__.removesuffix('Record')}",
        {
            "results": record(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "count": serializers.IntegerField(required=False, help_text="of all pages; with count=true"),
        },
    )


@cache
def schema() -> dict[str, Any]:
    """Return the schema of every address, in English; made once, since no request changes it."""
    with override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
        return made


class SchemaView(ApiView):
    """The schema of the API: the same for everybody, and in English."""

    schema = None

    def get(self, request: Request) -> Response:
        return Response(schema(), content_type="application/vnd.oai.openapi+json")
