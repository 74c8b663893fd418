"""What is sent and answered: JSON, and nothing else."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder


class AlwaysJson(BaseContentNegotiation):
    """Answers JSON whatever a client says it accepts: there is nothing else to choose."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        return next((parser for parser in parsers if _is_json(request.content_type)), None)

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


def _is_json(content_type: str | None) -> bool:
    return (content_type or "").split(";")[0].strip().lower() == "application/json"
