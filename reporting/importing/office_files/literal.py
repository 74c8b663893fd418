"""Documents that are a text file opened in a word processor: each paragraph one line of it, marks and all."""

import re

from reporting.importing.office_files.pieces import Piece
from reporting.importing.office_files.tree import Block

FEWEST = 2  # lines with marks; one alone may be a slip
MARKED = re.compile(
    r"""
    ^\s{0,3}\#{1,6}\s\S              # a heading
    | \*\*\S.*?\*\* | ^\s*\*\*\S      # bold
    | </?(sup|sub|p|br|u|b|i|ul|ol|li|table|tr|td|th|div|span)\s*/?>
    | \]\([^)\s]*\)                   # a link
    | \[\^\w+\]                      # the mark of a note
    | ^\s*\|.*\|\s*$                  # a row of a table
    | ^\s*(-{3,}|\*{3,}|_{3,})\s*$    # a rule
    """,
    re.VERBOSE | re.IGNORECASE,
)


def text_of(pieces: list[Piece], blocks: list[Block]) -> str | None:
    """Return the text of such a document, line by line, or None where it is a document of its own."""
    for block in blocks:
        if block.get("place", "body") != "body" or block["kind"] == "page":
            continue
        looks = any(run["marks"] or run["href"] or run["note"] for run in block.get("runs", []))
        if block["kind"] != "paragraph" or block.get("marker") or looks:
            return None
    lines = [piece for piece in pieces if piece.place == "body"]
    said = [piece for piece in lines if piece.text.strip()]
    marked = sum(bool(MARKED.search(line)) for piece in said for line in piece.text.split("\n"))
    if not said or (marked < FEWEST and not all(piece.facts.get("plain") for piece in said)):
        return None
    return "\n".join(("\f" if piece.facts.get("page_before") else "") + piece.text for piece in lines)
