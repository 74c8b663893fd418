"""Ends of lines inside paragraphs: those that a narrow page made go, those that were meant make paragraphs."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from reporting.importing.blocks import Block, Run, cut, ends_with_page, is_ideograph, tidy, within
from reporting.importing.mending.sentences import (
    MARK_BEFORE,
    begins_low,
    between,
    carries_on,
    is_open,
    joined,
    shortened,
    whole,
)
from reporting.importing.mending.words import glue_of_cut_word
from reporting.importing.mending.workbench import Workbench

_NOTE_LINE = re.compile(r"\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s*\S|\s*[*†‡]+\s*[^\W\d_]")
_MANY = {"paragraph", "item", "note", "quote"}  # of which a block may hold several
_CIRCLED_LINE = re.compile(r"[①-⑳]\s*\S")
_NUMBERED_LINE = re.compile(r"(\d{1,3})[.)]?\s+(?=\S)")
_ENOUGH = 20  # lines to tell the width of a page by
_AT_ONCE = 100  # lines put together before others
_NARROWEST = 40  # letters in a line of running text; shorter lines are meant


def mend_lines(bench: Workbench) -> None:
    """Resolve the ends of lines in all blocks: joined where the page was narrow, new blocks where they were meant."""
    width = _Width.of(bench)
    blocks: list[Block] = []
    for block in bench.blocks:
        blocks += _pieces(bench, block, width)
        for row in block.rows:
            for cell in row:
                cell.blocks = [piece for inner in cell.blocks for piece in _pieces(bench, inner, width)]
    bench.blocks = blocks


@dataclass(frozen=True)
class _Width:
    """How many letters a full line of the file has, and whether enough lines tell."""

    letters: int
    is_sure: bool
    is_settled: bool = False  # a reader of pages has told paragraphs apart by what it saw there

    @classmethod
    def of(cls, bench: Workbench) -> Self:
        """Measure what three of four lines reach at most that are not the last of theirs; some are too long."""
        lengths = sorted(
            len(line)
            for block in within(bench.body())
            if any("\n" in run.text for run in block.runs)
            for line in whole(block.runs).split("\n")[:-1]
        )
        return cls(lengths[len(lengths) * 3 // 4] if lengths else 0, len(lengths) >= _ENOUGH, bench.has_pages)


def lines_of(runs: list[Run]) -> list[list[Run]]:
    """Return the runs of each line."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = [run.text] if run.note else run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=other)] for other in others]
    return [found for line in lines if (found := tidy(line))]


def _pieces(bench: Workbench, block: Block, width: _Width) -> list[Block]:
    """Return the blocks that the lines of one block are."""
    if not any("\n" in run.text for run in block.runs):
        return [block]
    lines = lines_of(block.runs)
    if not lines:
        return [block]
    pieces: list[list[list[Run]]] = [[lines[0]]]
    longest = max(len(whole(line)) for line in lines)
    for before, after in pairwise(lines):
        if block.kind in _MANY and _was_meant(before, after, width, longest):
            pieces.append([after])
        else:
            pieces[-1].append(after)
    if len(pieces) > 1 and not bench.mends(
        "broken_line",
        "mended",
        block,
        " / ".join(shortened(whole(piece[0]), end=False) for piece in pieces[:4]),
        " ¶ ".join(shortened(whole(piece[0]), end=False) for piece in pieces[:4]),
    ):
        pieces = [lines]
    made = [block]
    made += [bench.new(replace(block, runs=[], printed=[], rows=[]), like=block) for _piece in pieces[1:]]
    for number, (piece, one) in enumerate(zip(pieces, made, strict=True)):
        one.runs = _joined(bench, block, piece)
        if number:
            one.kind = "paragraph" if block.kind == "item" else one.kind
            one.marker, one.note, one.level = "", "", 0
    _share_printed(block, made, [len(piece) for piece in pieces])
    return made


def _share_printed(block: Block, made: list[Block], counts: list[int]) -> None:
    """Give each block the printed words of its lines; all to the first where they do not tell whose they are."""
    if len(made) == 1:
        return
    before, printed = block.printed[:-1], block.printed[-1:]
    lines = [line for line in "".join(printed).split("\n") if line.strip()]
    if len(lines) != sum(counts):
        return
    at = 0
    for one, count in zip(made, counts, strict=True):
        one.printed = ["\n".join(lines[at : at + count])]
        at += count
    block.printed = [*before, *block.printed]


def _was_meant(before: list[Run], after: list[Run], width: _Width, longest: int) -> bool:
    """Whether a line ends where its writer wanted it to end."""
    first, second = whole(before).strip(), whole(after).strip()
    if ends_with_page(first) or ends_with_page(second):
        return True
    if _NOTE_LINE.match(second) or (after[0].marks == ("sup",) and after[0].text.strip().isdigit()):
        return not carries_on(first)
    if _CIRCLED_LINE.match(second) and (_CIRCLED_LINE.match(first) or first.endswith(("。", "."))):
        return True
    one, two = _NUMBERED_LINE.match(first), _NUMBERED_LINE.match(second)
    if one and two and int(one[1]) + 1 == int(two[1]):
        return True
    if width.is_settled or second.startswith(("(", "（")) or first.endswith("-"):
        return False
    if is_ideograph(first[-1]) or is_ideograph(second[0]):
        return longest < 20
    # how much of the line is left when the first word of the next one is put on it
    full = max(width.letters if width.is_sure else longest, _NARROWEST)
    room = 1 - (len(first) + 1 + len(second.split()[0])) / full
    if carries_on(first):
        return width.is_sure and room > 0.5 and not begins_low(second)
    if longest < _NARROWEST:
        return not begins_low(second)
    if begins_low(second):
        return width.is_sure and room > 0.35 and len(second) > full / 2
    if MARK_BEFORE.match(second) or not is_open(first):
        return room > (0.1 if width.is_sure else 0.15)
    return room > (0.2 if width.is_sure else 0.4)


def _joined(bench: Workbench, block: Block, lines: list[list[Run]]) -> list[Run]:
    while len(lines) > _AT_ONCE:  # each line put behind all before it would take longer and longer
        lines = [_in_one(bench, block, lines[at : at + _AT_ONCE]) for at in range(0, len(lines), _AT_ONCE)]
    return _in_one(bench, block, lines)


def _in_one(bench: Workbench, block: Block, lines: list[list[Run]]) -> list[Run]:
    runs = lines[0]
    for line in lines[1:]:
        first, second = whole(runs), whole(line)
        glue = glue_of_cut_word(bench, block, first, second, known_break=True)
        if glue is None:
            glue = between(first, second)
        elif glue == "":
            runs = cut(runs, 0, len(first.rstrip()) - 1)
        runs = joined(runs, line, "" if glue == "-" else glue)
    return runs
