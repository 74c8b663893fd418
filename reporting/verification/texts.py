"""The words of two files compared: a copy with the sealed one, a rebuilt file with the first one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.common.words import BREAK, LARGEST, Piece, difference, in_turns, only_words
from reporting.verification.files import Limits, Reading, read

LONGEST = 24  # words of an unchanged piece that are shown around a change, half before and half after the gap
MOST_PAIRED = 2_000  # paragraphs of a change that are compared one by one
LONGEST_COMPARED = 400_000  # characters of all changes compared word by word, which takes a second; others are replaced
LONGEST_SHOWN = 4_000  # characters of a piece that came or went
MOST_CHANGES = 50  # of them that are shown


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
    found, left = [], LONGEST_COMPARED
    for was, now in _changed(*_comparable(old, new)):
        by_word = len(was) + len(now) <= left
        left -= len(was) + len(now) if by_word else 0
        found.append(_change(was, now, by_word=by_word))
    return found


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


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what differs, with what stands in its place: paragraph by paragraph where there are as many of them."""
    for went, came in _replaced(before, after):
        if len(went) == len(came) <= MOST_PAIRED:
            yield from zip(went, came, strict=True)
        else:
            yield BREAK.join(went), BREAK.join(came)


def _replaced(before: Sequence[str], after: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Return the runs of paragraphs that are not the same, each with what stands in its place."""
    if before == after:
        return []
    if len(before) * len(after) > LARGEST:  # no text of ours: say which paragraphs are only in one of them
        only_old, only_new = set(before) - set(after), set(after) - set(before)
        return [([text for text in before if text in only_old], [text for text in after if text in only_new])]
    return [(went, came) for stayed, went, came in in_turns(before, after) if not stayed]


def _change(old: str, new: str, *, by_word: bool) -> Change:
    if by_word:
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
