"""The words of a file, piece by piece, and the marks by which they are found again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

HIGH = 0xF0000  # a mark is two characters of plane 15, which no font and no keyboard has
LOW = 0xF8000
STEP = 0x7000
MARK = re.compile("[\U000f0000-\U000f7fff][\U000f8000-\U000fffff]")
FOREIGN = re.compile("[\U000f0000-\U000fffff]")

MOST_PIECES = 400_000  # paragraphs; 300 pages have some 5,000
MOST_NODES = 3_000_000
MOST_LETTERS = 12_000_000  # 300 pages have a million


class TooMuch(Exception):
    """A file that has more in it than is read."""


@dataclass
class Piece:
    """A paragraph, or what of it stands in one place: its texts in their order, each with the number of its mark.

    The number is 0 for a text that has no mark: blanks, and signs that are no text nodes, such as a tab.
    """

    place: str = "body"
    parts: list[tuple[str, int]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # of Block, as the file has them: size, centred, page, marker

    @property
    def text(self) -> str:
        return "".join(text for text, _number in self.parts)


class Count:
    """How much of a file has been taken."""

    def __init__(self) -> None:
        self.nodes = self.letters = self.pieces = 0

    def add(self, text: str) -> None:
        self.letters += len(text)
        self.nodes += 1
        if self.letters > MOST_LETTERS or self.nodes > MOST_NODES:
            raise TooMuch


class Pieces:
    """All pieces of a file in reading order."""

    def __init__(self, whole: "Pieces | None" = None) -> None:
        self.found: list[Piece] = []
        self.pages = 0  # where the file tells
        self.count: Count = whole.count if whole else Count()  # lists of one file share their numbers and limits

    def begin(self, place: str = "body", **facts: Any) -> Piece:
        """Add a piece."""
        self.count.pieces += 1
        if self.count.pieces > MOST_PIECES:
            raise TooMuch
        self.found.append(Piece(place, facts=facts))
        return self.found[-1]

    def take(self, piece: Piece, text: str) -> str:
        """Add a text node to a piece, and return it with its mark before its first letter."""
        self.count.add(text)
        bare = text.lstrip()
        if not bare:
            piece.parts.append((text, 0))
            return text
        piece.parts.append((text, self.count.nodes))
        blank = text[: len(text) - len(bare)]
        return blank + mark(self.count.nodes) + FOREIGN.sub("\ufffd", bare)

    @property
    def nodes(self) -> int:
        """The number of the last text node."""
        return self.count.nodes

    def sign(self, piece: Piece, text: str) -> None:
        """Add what stands in the words without a text node: a tab, a break, a hyphen."""
        piece.parts.append((text, 0))

    def as_json(self) -> list[dict[str, Any]]:
        return [vars(piece) for piece in self.found]


def from_json(data: Iterable[dict[str, Any]]) -> list[Piece]:
    return [Piece(item["place"], [(text, number) for text, number in item["parts"]], item["facts"]) for item in data]


def mark(number: int) -> str:
    return chr(HIGH + number // STEP) + chr(LOW + number % STEP)


def number_of(mark: str) -> int:
    return (ord(mark[0]) - HIGH) * STEP + ord(mark[1]) - LOW


def words(piece: Piece) -> Iterable[tuple[str, list[int]]]:
    """Give each word of a piece with the numbers of the text nodes that it stands in: often one, sometimes more."""
    ends = []
    at = 0
    for text, number in piece.parts:
        at += len(text)
        ends.append((at, number))
    here = 0
    for found in re.finditer(r"\S+", piece.text):
        while ends[here][0] <= found.start():
            here += 1
        numbers = []
        at = here
        while True:
            if ends[at][1]:
                numbers.append(ends[at][1])
            if ends[at][0] >= found.end():
                break
            at += 1
        yield found[0], numbers
