"""What the pages of old documents need beyond Django's own tags: `{% load imports %}`."""

import re

from django import template

from initiatives.models import Part
from portal.common.richtext import to_plain

register = template.Library()


@register.filter
def was_mended(part: Part) -> bool:
    """Whether the words of a part, as they were read, are others than those that stand in the file."""
    return _letters(to_plain(part.body)) != _letters(part.printed)


def _letters(text: str) -> str:
    """Return what counts when words are compared: neither blanks nor the marks before entries."""
    return re.sub(r"^[^\w]+|\s", "", text)
