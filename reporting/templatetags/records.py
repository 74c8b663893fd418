"""What the pages of printed records need beyond Django's own tags: `{% load records %}`."""

from typing import Any

from django import template

from reporting.choices import RecordKind
from reporting.provenance import RecordName, page_of
from reporting.uses import last_printed

register = template.Library()

register.filter("page_of", page_of)
register.simple_tag(last_printed)


@register.filter
def record_name(record: Any, kind: str) -> str:
    """Return the name of a record: `{{ update|record_name:"update" }}` is `u12`."""
    return str(RecordName(RecordKind(kind), record.pk))
