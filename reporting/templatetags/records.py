"""What the pages of printed records need beyond Django's own tags: `{% load records %}`."""

from typing import Any

from django import template

from reporting.choices import RecordKind
from reporting.provenance import RecordName, names_printed, page_of

register = template.Library()

register.filter("page_of", page_of)


@register.simple_tag(takes_context=True)
def used_record(context: template.Context, kind: str, pk: int) -> str:
    """Return the name of a record, `u12`, where it was printed in a text that the reader sees; else nothing."""
    name = RecordName(RecordKind(kind), pk)
    return str(name) if names_printed([name], context["request"].user) else ""


@register.filter
def record_name(record: Any, kind: str) -> str:
    """Return the name of a record: `{{ update|record_name:"update" }}` is `u12`."""
    return str(RecordName(RecordKind(kind), record.pk))
