"""Measures of the printed page, shared by DOCX and PDF so that the pages of one are those of the other. In points."""

from dataclasses import dataclass
from typing import Literal

MARGIN = 71  # on all four sides: 2.5 cm
HEADER, FOOTER = 34, 34  # from the edge of the paper
INK = "1a1a1a"
ACCENT = "12395b"  # of headings; 11.6:1 on white
QUIET = "5b6570"  # of page numbers; 5.9:1 on white
RULE = "b9c2cb"  # between the rows of a table
WARNING = "9a1b1b"  # of the word "demonstration"; 8.4:1 on white

BODY, BODY_LINE, BODY_AFTER = 10.5, 15.0, 8.0
NOTE, NOTE_LINE = 8.5, 11.5
SMALL = 9.0
CONTENTS_AFTER = 3.0  # between the lines of the contents list


@dataclass(frozen=True)
class Style:
    """How one kind of paragraph is set."""

    size: float
    line: float
    before: float = 0
    after: float = 0
    bold: bool = False
    italic: bool = False
    align: Literal["start", "center"] = "start"
    accent: bool = False


HEADINGS = {
    1: Style(16, 20, before=20, after=8, bold=True, accent=True),
    2: Style(12.5, 17, before=15, after=5, bold=True, accent=True),
    3: Style(10.5, 15, before=11, after=3, bold=True),
    4: Style(10.5, 15, before=9, after=3, bold=True, italic=True),
    5: Style(10.5, 15, before=9, after=3, italic=True),
}

FRONT = {
    "title": Style(17, 22, after=6, bold=True, align="center", accent=True),
    "subtitle": Style(12.5, 17, after=18, align="center"),
}

COVER = {
    "body": Style(12.5, 18, before=24, bold=True, align="center", accent=True),
    "acronym": Style(12.5, 18, bold=True, align="center", accent=True),
    "session": Style(12, 17, before=26, bold=True, align="center"),
    "dates": Style(12, 17, before=4, bold=True, align="center"),
    "title": Style(15, 21, before=72, after=6, bold=True, align="center"),
    "label": Style(11, 16, before=64, align="center"),
    "entity": Style(16, 22, before=8, bold=True, align="center", accent=True),
    "text": Style(9.5, 14, before=9),
}
FIRST_TEXT_BEFORE = 104  # above the first paragraph of small print on the cover
