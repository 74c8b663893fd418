"""Reads a PDF that has its letters in it: lines, as a child process finds them, are joined to paragraphs.

Lines belong together that have one size and stand close to each other, unless the first could have taken a word more,
the second is indented, or it begins with the mark of an item or the raised number of a note. Each end of a line stays
in the text, hyphens too: what pages broke is mended later. Heads and numbers of pages stay where they were drawn.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from reporting.compilation.renderers import Tools
from reporting.importing import children
from reporting.importing.blocks import MARKS, Block, Cell, Mark, Run, Source, tidy
from reporting.importing.text import DOTS, MARKER, is_contents

READER = Path(__file__).with_name("pdf_reader.py")
MEGABYTES = 1024  # of address space for the child
SECONDS = 80  # of its time; 300 pages take 15
PATIENCE = 3  # times as long on a busy machine


@dataclass(frozen=True)
class Line:
    """A line on a page. Start and end are places along the direction in which it is read."""

    page: int
    start: float
    end: float
    y: float
    size: float
    centre: float  # how far its middle is from that of the page
    pieces: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_bold(self) -> bool:
        return all("strong" in piece.marks for piece in self.pieces if piece.text.strip())

    @property
    def begins_note(self) -> bool:
        return "sup" in self.pieces[0].marks and self.pieces[0].text.strip()[:1].isdecimal()


def read(content: bytes) -> Source:
    """Read a PDF. Raises Problem where it is protected, damaged, too large or a scan."""
    tools = Tools(seconds=SECONDS * PATIENCE)
    answer = children.ask(READER, str(MEGABYTES), str(SECONDS), content=content, tools=tools)
    lines = [
        _line(line, number, page["width"]) for number, page in enumerate(answer["pages"], 1) for line in page["lines"]
    ]
    blocks = list(_blocks(lines))
    return Source(format="pdf", blocks=blocks, pages=len(answer["pages"]), words=answer["words"])


def _line(data: dict[str, Any], page: int, width: float) -> Line:
    left, right = data["left"], data["right"]
    start, end = (-right, -left) if data["rtl"] else (left, right)
    return Line(page, start, end, data["y"], data["size"], (left + right - width) / 2, tuple(_runs(data["pieces"])))


def _runs(pieces: list[list[Any]]) -> Iterator[Run]:
    for text, names, href in pieces:
        marks: tuple[Mark, ...] = tuple(mark for mark in MARKS if mark in names)
        yield Run(text, marks, href)


def _blocks(lines: list[Line]) -> Iterator[Block]:
    """Give the blocks that lines make."""
    page = Page.of_all(lines)
    at = 0
    number = 1
    while at < len(lines):
        while number < lines[at].page:
            number += 1
            yield Block("page", page=number)
        end = at + 1
        if "\t" in lines[at].text:
            cells = lines[at].text.count("\t")
            while end < len(lines) and lines[end].page == number and lines[end].text.count("\t") == cells:
                end += 1
            yield from _rows(lines[at:end], page)
        else:
            while end < len(lines) and page.joins(lines[end - 1], lines[end], lines[at]):
                end += 1
            yield page.block(lines[at:end])
        at = end


def _rows(lines: list[Line], page: "Page") -> Iterator[Block]:
    """Give lines with wide gaps: a table where several follow each other, otherwise each on its own."""
    rows = [_parted(line) for line in lines]
    if len(rows) == 1 or is_contents([["".join(run.text for run in cell) for cell in row] for row in rows]):
        yield from (page.block([line]) for line in lines)
        return
    table = [[Cell([page.made(cell, lines[0])] if cell else []) for cell in row] for row in rows]
    yield Block("table", rows=table, heads=int(lines[0].is_bold and not lines[1].is_bold), page=lines[0].page)


def _parted(line: Line) -> list[list[Run]]:
    """Return the runs of a line, cell by cell."""
    cells: list[list[Run]] = [[]]
    for piece in line.pieces:
        for number, text in enumerate(piece.text.split("\t")):
            if number:
                cells.append([])
            if text:
                cells[-1].append(Run(text, piece.marks, piece.href))
    return [tidy(cell) for cell in cells]


@dataclass(frozen=True)
class Page:
    """What pages of a file have in common."""

    size: float  # of most letters
    leading: dict[float, float]  # from line to line, by size
    starts: list[float]  # where most lines start, in both directions
    ends: dict[tuple[int, int], float]  # where lines end at most, by page and start

    @classmethod
    def of_all(cls, lines: list[Line]) -> "Page":
        letters: Counter[float] = Counter()
        starts: Counter[float] = Counter()
        steps: dict[float, Counter[float]] = {}
        ends: dict[tuple[int, int], float] = {}
        for line in lines:
            letters[line.size] += len(line.text)
            starts[round(line.start)] += len(line.text)
            for near in (-1, 0, 1):  # lines that start a little further in end where the others do
                key = (line.page, round(line.start / 20) + near)
                ends[key] = max(ends.get(key, line.end), line.end)
        for before, line in pairwise(lines):
            step = before.y - line.y
            if before.page == line.page and before.size == line.size and 0 < step < 3 * line.size:
                steps.setdefault(line.size, Counter())[round(step, 1)] += 1
        leading = {size: counted.most_common(1)[0][0] for size, counted in steps.items()}
        margins = [
            max((start for start in starts if (start < 0) == rtl), key=lambda start: starts[start], default=None)
            for rtl in (False, True)
        ]
        size = letters.most_common(1)[0][0] if letters else 1.0
        return cls(size, leading, [margin for margin in margins if margin is not None], ends)

    def joins(self, before: Line, line: Line, first: Line) -> bool:
        """Whether a line goes on with the paragraph of the line before it."""
        step = before.y - line.y
        most = min(self.leading.get(line.size, line.size * 1.5) * 1.15, line.size * 2.2)
        if before.page != line.page or not 0 < step <= max(most, line.size * 1.3):
            return False
        if abs(before.size - line.size) > line.size * 0.08 or before.is_bold != line.is_bold or line.begins_note:
            return False
        if "\t" in line.text or DOTS.search(before.text[-60:]) or DOTS.search(line.text[-60:]):
            return False
        if self.is_centred(before) and self.is_centred(line):
            return True
        is_item = MARKER.match(first.text) is not None
        if MARKER.match(line.text) and (is_item or self.has_room(before, line) or before.text[-1] in ".:;,؛،。；："):
            return False
        if line.start > before.start + line.size * 0.8 and not (is_item and before is first):
            return False
        if is_item and line.start < first.start - line.size * 0.5:
            return False
        return not self.has_room(before, line)

    def has_room(self, before: Line, line: Line) -> bool:
        """Whether the first word of a line would have found a place on the one before it."""
        word = line.text.split()[0]
        width = (line.end - line.start) * len(word) / max(len(line.text), 1)
        if east_asian_width(word[0]) == "W":
            width = line.size  # lines may end after any character
        end = self.ends[before.page, round(before.start / 20)]
        return before.end + width + line.size * 0.5 < end - line.size * 0.3

    def is_centred(self, line: Line) -> bool:
        return abs(line.centre) < 4 and all(abs(line.start - start) > 3 for start in self.starts)

    def block(self, lines: list[Line]) -> Block:
        """Return lines as a block."""
        runs: list[Run] = []
        for line in lines:
            if runs:
                runs.append(Run("\n", tuple(mark for mark in runs[-1].marks if mark in {"strong", "em"})))
            runs += line.pieces
        block = self.made(runs, lines[0])
        block.centred = all(self.is_centred(line) for line in lines)
        return block

    def made(self, runs: list[Run], line: Line) -> Block:
        text = "".join(run.text for run in runs)
        block = Block("paragraph", tidy(runs), [text], page=line.page, size=round(line.size / self.size, 2))
        marker = MARKER.match(text)
        if marker and "sup" not in runs[0].marks:
            block.kind, block.level, block.marker = "item", 1, marker[1]
            block.runs = tidy(_without(runs, marker.end()))
        return block


def _without(runs: list[Run], letters: int) -> list[Run]:
    """Return runs without their first letters."""
    found = []
    for piece in runs:
        found.append(Run(piece.text[letters:], piece.marks, piece.href))
        letters = max(letters - len(piece.text), 0)
    return found
