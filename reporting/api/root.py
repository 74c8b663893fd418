"""Where a program begins: the list of addresses."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.common.api.views import ApiView

#: Lists by the last part of their addresses, with the name of their URL.
LISTS = {
    "entities": "api_entity_list",
    "action-lines": "api_action_line_list",
    "countries": "api_country_list",
    "initiatives": "api_initiative_list",
    "updates": "api_update_list",
    "documents": "api_document_list",
    "passages": "api_passage_list",
    "calls": "api_call_list",
    "submissions": "api_submission_list",
    "compilations": "api_compilation_list",
}

ADDRESSES = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}


class ApiRoot(ApiView):
    """The addresses of all lists, of search and of the schema."""

    @extend_schema(responses={200: ADDRESSES})
    def get(self, request: Request) -> Response:
        addresses = LISTS | {"search": "api_search", "schema": "api_schema"}
        return Response({name: request.build_absolute_uri(reverse(url)) for name, url in addresses.items()})
