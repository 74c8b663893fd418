"""What is sent and answered: JSON, and where a file is sent, that as it is."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from portal.common.api.problems import Problem


class AlwaysJson(BaseContentNegotiation):
    """Answers JSON whatever a client says it accepts: there is nothing else to choose."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        sent = (request.content_type or "").split(";")[0].strip().lower()
        for parser in parsers:
            if parser.media_type == sent:
                return parser
        raise Problem(415, _("Send the body with Content-Type: %(type)s.") % {"type": parsers[0].media_type})

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str = "") -> Any:
        return renderers[0], renderers[0].media_type


class JsonAnswer(JSONRenderer):
    """Writes what REST framework would write, several times as fast."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        try:
            return b"" if data is None else orjson.dumps(data, JSONEncoder().default, orjson.OPT_UTC_Z)
        except orjson.JSONEncodeError:  # a number of more than 64 bits, where somebody is told what they sent
            return super().render(data, accepted_media_type, renderer_context)
