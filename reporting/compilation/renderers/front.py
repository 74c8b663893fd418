"""What stands before the text, as far as the renderers of word processors share it."""

from collections.abc import Iterator, Sequence

from reporting.compilation.nodes import Node, words
from reporting.compilation.snapshot import CoverLine


def styled_cover(cover: Sequence[CoverLine]) -> Iterator[tuple[str, list[Node]]]:
    """Yield style and words of each line; the small print begins with a style that keeps it away from the names."""
    small_print = False
    for line in cover:
        style = f"Cover {line['style'].title()}"
        if line["style"] == "text" and not small_print:
            small_print, style = True, "Cover First Text"
        yield style, cover_words(line)


def cover_words(line: CoverLine) -> list[Node]:
    """Return what a line of the cover says, such as "DISCLAIMER:" in bold before it."""
    lead = line.get("lead")
    return [{"t": "Strong", "c": words(lead)}, *words(f" {line['text']}")] if lead else words(line["text"])
