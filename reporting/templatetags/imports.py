"""What the pages of old documents need beyond Django's own tags: `{% load imports %}`."""

import re

from django import template

from initiatives.models import Part
from portal.common.richtext import to_plain

register = template.Library()


@register.filter
def isolated(name: str) -> str:
    """Return a name of a file that reads in its own direction, whatever the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


@register.filter
def was_mended(part: Part) -> bool:
    """Whether the words of a part, as they were read, are others than those that stand in the file.

    Figures do not count: those of footnotes are marks here and words there.
    """
    return _words(to_plain(part.body)) != _words(part.printed)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
