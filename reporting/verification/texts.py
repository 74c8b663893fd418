"""The words of two files compared: a copy with the sealed one, a rebuilt file with the first one."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from reporting.comparison.words import BREAK, Piece, difference, only_words
from reporting.verification.files import Limits, Reading, read

LARGEST = 25_000_000  # paragraphs of one times paragraphs of the other, compared in the blink of an eye
LONGEST = 24  # words of an unchanged piece that are shown around a change, half before and half after the gap
MOST_PAIRED = 2_000  # paragraphs of a change that are compared one by one
LONGEST_COMPARED = 200_000  # characters of a change that are compared word by word; above that all of it is another
LONGEST_SHOWN = 4_000  # characters of a piece that came or went


class CannotCompare(Exception):
    """One of two files could not be read to its end; `problem` is that of its reading."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Change:
    """One place at which two texts differ: what stayed around it, what went, what came."""

    pieces: list[Piece]  # shortened
    words_gone: int
    words_new: int


def same_text(format: str, a: bytes, b: bytes, *, limits: Limits | None = None) -> bool:
    """Tell whether two files of a format say the same, however they look. Raises CannotCompare."""
    return not differences(format, a, b, limits=limits)


def differences(format: str, a: bytes, b: bytes, *, limits: Limits | None = None) -> list[Change]:
    """Return where the texts of two files differ, from `a` to `b`. Raises CannotCompare."""
    readings = [read(content, limits) for content in (a, b)]
    for reading in readings:
        if reading.problem or reading.format != format:
            raise CannotCompare(reading.problem or "damaged")
    return compared(*readings)


def compared(old: Reading, new: Reading) -> list[Change]:
    """Return where the texts of two readings differ, in reading order."""
    before, after = _comparable(old, new)
    return [change for went, came in _replaced(before, after) for change in _changes(went, came)]


def likeness(old: Reading, new: Reading) -> float:
    """Return how many of their words two texts share, in any order: 0 none, 1 all."""
    before, after = (Counter(word for text in texts for word in text.split()) for texts in _comparable(old, new))
    longer = max(before.total(), after.total())
    return (before & after).total() / longer if longer else 1.0


def _comparable(old: Reading, new: Reading) -> tuple[list[str], list[str]]:
    """Return what can be compared: paragraphs, or pages where one of two PDF files has no tags."""
    if old.lines and new.lines and not (old.paragraphs and new.paragraphs):
        return old.lines, new.lines
    return old.paragraphs, new.paragraphs


def _replaced(before: Sequence[str], after: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Return the runs of paragraphs that are not the same, each with what stands in its place."""
    numbers: dict[str, int] = {}
    old, new = ([numbers.setdefault(text, len(numbers)) for text in texts] for texts in (before, after))
    if old == new:
        return []
    if len(old) * len(new) > LARGEST:  # no text of ours: say which paragraphs are only in one of them
        only_old, only_new = set(before) - set(after), set(after) - set(before)
        return [([text for text in before if text in only_old], [text for text in after if text in only_new])]
    found = []
    for same, group in itertools.groupby(Indel.opcodes(old, new), lambda code: code.tag == "equal"):
        if not same:
            codes = list(group)
            went = [text for code in codes for text in before[code.src_start : code.src_end]]
            came = [text for code in codes for text in after[code.dest_start : code.dest_end]]
            found.append((went, came))
    return found


def _changes(went: list[str], came: list[str]) -> list[Change]:
    """Compare paragraphs with those that stand in their place: one by one where there are as many."""
    if len(went) == len(came) <= MOST_PAIRED:
        return [_change(old, new) for old, new in zip(went, came, strict=True)]
    return [_change(BREAK.join(went), BREAK.join(came))]


def _change(old: str, new: str) -> Change:
    if len(old) + len(new) <= LONGEST_COMPARED:
        pieces = difference(old, new)
    else:
        pieces = [piece for piece in (Piece("went", old), Piece("came", new)) if piece.text]
    gone, brought = (
        sum(len(only_words(piece.text)) for piece in pieces if piece.kind == kind) for kind in ("went", "came")
    )
    shown = [Piece(piece.kind, _short(piece, at, len(pieces)).replace(BREAK, "\n")) for at, piece in enumerate(pieces)]
    return Change(shown, gone, brought)


def _short(piece: Piece, at: int, count: int) -> str:
    """Return the words of a piece that are shown, each paragraph on its line: of what stayed those next to a change."""
    if piece.kind != "same":
        return piece.text if len(piece.text) <= LONGEST_SHOWN else f"{piece.text[:LONGEST_SHOWN]} …"
    words = piece.text.split(" ")
    if len(words) <= LONGEST:
        return piece.text
    before = "" if at == 0 else " ".join(words[: LONGEST // 2])
    after = "" if at == count - 1 else " ".join(words[-LONGEST // 2 :])
    return f"{before} … {after}"
