"""What is sent and answered: JSON, and nothing else."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request


class AlwaysJson(BaseContentNegotiation):
    """Answers JSON whatever a client says it accepts: there is nothing else to choose."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        return next((parser for parser in parsers if _is_json(request.content_type)), None)

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str = "") -> Any:
        return renderers[0], renderers[0].media_type


def _is_json(content_type: str | None) -> bool:
    return (content_type or "").split(";")[0].strip().lower() == "application/json"
