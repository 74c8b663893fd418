"""What programs send: JSON objects of a bounded size, whose members are of the type that the schema says; or a file."""

import codecs
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser

from portal.common.api.problems import Problem, length_of_body

LARGEST = 1_000_000  # bytes; the texts of an update of 20,000 words have a fifth of it
DEEPEST = 20  # levels; nothing that is understood here has more than three


class JsonBody(BaseParser):
    """Reads a JSON object. Refuses one that is too large before a byte of it is read."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        if length_of_body(parser_context["request"].META) > LARGEST:
            words = _("The body is larger than %(bytes)s bytes, the most that is taken.")
            raise Problem(413, words % {"bytes": LARGEST})
        try:
            body = json.loads(codecs.decode(stream.read(), "utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Problem(400, _("The body of the request is not JSON, or not in UTF-8.")) from None
        if not isinstance(body, dict):
            raise Problem(400, _("The body of the request has to be a JSON object."))
        if not _can_be_kept(body):
            raise Problem(400, _("The body of the request holds what no text can: a null character or half of one."))
        return body


class FileBody(BaseParser):
    """Reads one file as it is; how large it may be, the view says."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> bytes:
        return bytes(stream.read())


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _can_be_kept(value: Any, depth: int = 0) -> bool:
    """Whether PostgreSQL can keep every text in it: no U+0000, no lone half of a surrogate pair."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_can_be_kept(part, depth + 1) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(_can_be_kept(part, depth + 1) for part in value)
    return True


class Body(serializers.Serializer):
    """Base of what is sent. A member that is not known is an error: it may be one that is spelled wrongly."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = data.keys() - self.fields.keys() if isinstance(data, Mapping) else ()
        if unknown:
            raise ValidationError({name[:100]: [_UNKNOWN] for name in sorted(unknown)})
        return super().to_internal_value(data)


_UNKNOWN = _("This member is not known here.")


class Text(serializers.CharField):
    """A text as it was sent; a number is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False} | options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number; digits in quotation marks are none, and neither is true."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """True or false; words and numbers that mean so are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=json.dumps(data)[:50])
        return data


class Choice(serializers.ChoiceField):
    """One of some words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=json.dumps(data)[:50])
        return str(super().to_internal_value(data))
