"""Footnotes of a rich text as a page shows them: numbered marks, and the notes below."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_SPAN = re.compile(
    r'<span((?: [a-z-]+="[^"]*")*)>[^<]*</span>(?P<another>(?=<span [^>]*data-(?:footnote|reference)=))?'
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(frozen=True)
class Note:
    """One footnote: its number in the text, its own words, and what it cites; either may be missing."""

    number: int
    text: str
    reference: Any


def numbered(html: str, *, key: str, references: Mapping[int, Any] | None = None) -> tuple[SafeString, list[Note]]:
    """Return clean rich text with a numbered link for each footnote mark, and the notes in their order.

    `key` begins the ids, so that several texts stand on one page. `references` maps the id that a mark cites to
    what is shown for it; a cited id that is not in it shows the note's own words alone.
    """
    notes: list[Note] = []

    def number(match: re.Match[str]) -> str:
        facts = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
        if "data-footnote" not in facts and "data-reference" not in facts:
            return match[0]
        cited = facts.get("data-reference", "")
        reference = (references or {}).get(int(cited)) if cited.isdigit() else None
        notes.append(Note(len(notes) + 1, facts.get("data-footnote", ""), reference))
        here = f"{escape(key)}-{len(notes)}"
        separator = "," if match["another"] is not None else ""
        return (
            f'<sup class="note-mark"><a id="mark-{here}" href="#note-{here}" role="doc-noteref">{len(notes)}</a>'
            f"{separator}</sup>"
        )

    return mark_safe(_SPAN.sub(number, html)), notes  # noqa: S308  # the text was cleaned before it was stored
