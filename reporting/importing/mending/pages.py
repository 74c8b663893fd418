"""Paragraphs that the end of a page broke: one again, what stood between the halves behind it."""

import re

from reporting.importing.blocks import Block, cut, is_ideograph, length
from reporting.importing.mending.sentences import (
    MARK_BEFORE,
    begins_anew,
    begins_low,
    begins_raised,
    begins_without_case,
    between,
    carries_on,
    is_open,
    is_running_text,
    joined,
    shortened,
    whole,
)
from reporting.importing.mending.words import glue_of_cut_word
from reporting.importing.mending.workbench import Certainty, Workbench

_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S")
_TEXTS = {"paragraph", "item", "quote"}
_MOST_SKIPPED = 3  # finished short paragraphs at the foot of a page
_LONGEST_SKIPPED = 60  # words


def mend_pages(bench: Workbench) -> None:
    """Join the halves of paragraphs, and of notes, in the running text."""
    usually_ends = _usually_ends(bench)
    blocks: list[Block] = []
    half: Block | None = None  # the last text, to which more may belong
    note: Block | None = None
    skipped: list[Block] = []
    at_end = False  # whether the end of a page lies between
    for block in bench.blocks:
        if block.place not in {"body", "running"}:
            blocks.append(block)
            continue
        if block.place == "running" or block.kind in {"page", "rule", "note"} or begins_raised(block):
            at_end = at_end or block.kind != "rule"
            note = block if block.kind == "note" else note
            blocks.append(block)
            continue
        if block.kind not in _TEXTS:
            half, note, skipped, at_end = None, None, [], False
            blocks.append(block)
            continue
        if half is not None:
            crosses = at_end or bool(block.page and block.page != half.page)
            if skipped:
                certainty: Certainty | None = "mended" if crosses and _goes_on_low(half, block, at_end=True) else None
            else:
                certainty = _goes_on(half, block, at_end=crosses, usually_ends=usually_ends)
            if certainty and _join(bench, half, block, certainty):
                skipped, at_end, note = [], False, None
                continue
            is_rest = note is not None and _is_rest_of_note(note, block, half)
            if is_rest and note is not None and _join(bench, note, block, "proposed"):
                continue
            if len(skipped) < _MOST_SKIPPED and _may_be_foot(half, block):
                skipped.append(block)
                blocks.append(block)
                continue
        half, note, skipped, at_end = block, None, [], False
        blocks.append(block)
    bench.blocks = blocks


def _usually_ends(bench: Workbench) -> bool:
    """Whether the long paragraphs of the file nearly all end with a full stop, so that one without is broken."""
    long = [block for block in bench.body() if block.kind in _TEXTS and length(block.text) > 30]
    return sum(not is_open(block.text) for block in long) >= 0.8 * len(long)


def _goes_on(half: Block, block: Block, *, at_end: bool, usually_ends: bool) -> Certainty | None:
    """Return how sure it is that a block goes on with the sentence of another, None if it does not."""
    text = half.text.rstrip()
    if block.kind == "item" or block.marker or MARK_BEFORE.match(block.text) or _ADDRESS.match(block.text):
        return None
    if not block.text.strip():
        return None
    if (block.is_bold and not half.is_bold) or not text:
        return None
    if _goes_on_low(half, block, at_end=at_end):
        return "mended"
    if not is_open(text) and not carries_on(text):
        return None
    is_text = length(block.text) >= 12 or not is_open(block.text)
    if begins_without_case(block.text):
        if not is_running_text(half) or not is_text or (length(text) < 12 and not carries_on(text)):
            return None
        if at_end or text[-1] in "，、،":
            return "mended"
        return "proposed" if usually_ends and is_ideograph(text[-1]) else None
    if not at_end or not is_running_text(half) or not is_text:
        return None
    if carries_on(text):
        return "mended"
    if begins_anew(block.text):
        return None
    return "proposed"


def _goes_on_low(half: Block, block: Block, *, at_end: bool) -> bool:
    """Whether a block begins with a small letter, and the text before it is in the middle of a sentence."""
    if block.kind == "item" or block.marker or not begins_low(block.text):
        return False
    text = half.text.rstrip()
    if text.endswith((";", "；", "؛")):
        return at_end and half.kind == "paragraph" and length(text) >= 8
    if not is_open(text):
        return False
    if carries_on(text) and half.is_bold == block.is_bold and not text.endswith((",", "،", "，", "、")):
        return True
    if not at_end and begins_low(half.text):
        return False  # entries of a list whose bullets were lost begin so one after the other
    return is_running_text(half) or (at_end and length(text) > 2 and not half.is_bold)


def _is_rest_of_note(note: Block, block: Block, half: Block) -> bool:
    """Whether a block goes on with a note: with its address, or its sentence where that of the text is over."""
    if block.marker or not is_open(note.text):
        return False
    if _ADDRESS.match(block.text):
        return True
    return begins_low(block.text) and not is_open(half.text) and not re.search(r"\S/\S*$", note.text)


def _may_be_foot(half: Block, block: Block) -> bool:
    """Whether a block may be one that stands at the foot of a page: short, finished, after an open sentence."""
    return (
        is_running_text(half)
        and is_open(half.text)
        and block.kind == "paragraph"
        and not block.marker
        and not is_open(block.text)
        and not begins_low(block.text)
        and length(block.text) <= _LONGEST_SKIPPED
    )


def _join(bench: Workbench, half: Block, block: Block, certainty: Certainty) -> bool:
    """Put a block behind its first half, whole words or with a space. Says False where a person refused it."""
    first, second = whole(half.runs).rstrip(), whole(block.runs)
    glue = between(first, second)
    was = f"{shortened(half.text, end=True)} ¶ {shortened(block.text, end=False)}"
    if not bench.mends("page_break", certainty, block, was, was.replace(" ¶ ", glue)):
        return False
    as_word = glue_of_cut_word(bench, block, first, second, known_break=True)
    if as_word == "":
        half.runs = cut(half.runs, 0, len(first) - 1)
    if as_word is not None:
        glue = ""
    elif _is_cut_without_hyphen(bench, first, second):
        parts = f"{first.split()[-1]} {second.split()[0]}"
        glue = "" if bench.mends("cut_word", "proposed", block, parts, parts.replace(" ", "")) else glue
    half.runs = joined(half.runs, block.runs, glue)
    half.printed += block.printed
    bench.moved(block, into=half)
    return True


def _is_cut_without_hyphen(bench: Workbench, first: str, second: str) -> bool:
    """Whether the last and the first word are no words of the file by themselves, and one together."""
    last, following = re.search(r"([^\W\d_]{2,})$", first[-100:]), re.match(r"([^\W\d_]{2,})", second)
    if not last or not following or is_ideograph(last[1][-1]):
        return False
    one = (last[1] + following[1]).lower()
    return bench.words[one] > 0 and bench.words[last[1].lower()] < 2 and bench.words[following[1].lower()] < 2
