"""What pages of stored records show of calls: `{% load calls %}`. Records themselves do not know of calls."""

from typing import Any

from django import template

from portal.common.periods import Period
from reporting.queries import Asked, asked_about

register = template.Library()


@register.simple_tag
def asked_of(record: Any) -> list[Asked]:
    """Return what letters ask about the period of an update or its draft: `{% asked_of draft as asked %}`."""
    return asked_about(Period(record.period_start, record.period_end), [record.entity])
