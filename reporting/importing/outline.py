"""What a mended text is made of: cover, front, sections and their pieces, as the compiler would print them.

Nothing here knows a particular document, or a record. Blocks are named by their index; none is left out.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from initiatives.choices import PartKind
from reporting.choices import HeadingNumbers, ParagraphNumbers
from reporting.compilation.snapshot import FrontBlock
from reporting.importing.blocks import Block
from reporting.importing.cover import CoverFacts

if TYPE_CHECKING:
    from reporting.importing.mending import Finding, Mended


@dataclass
class Piece:
    """What becomes one item of a section: a heading, a text, or both."""

    kind: Literal["text", "initiative", "heading"]
    heading: int | None  # index of its heading block; the first of `blocks` where both stand in one paragraph
    title: str  # its heading without its number
    number: str  # as printed: "1.", "1.1", "(a)"
    level: int  # 1 to 3 under its section
    blocks: list[int] = field(default_factory=list)  # indexes of its text
    numbered: bool = False  # the compiler prints the same number, so it is not filed
    shown: str = ""  # the heading as it has to be filed: with its number, unless the compiler prints it


@dataclass
class SectionPart:
    """What becomes one section."""

    heading: int | None
    title: str
    number: str  # as printed: "II.", "一."
    is_summary: bool
    pieces: list[Piece] = field(default_factory=list)
    shown: str = ""  # the heading as it has to be filed: with its number, unless the compiler prints it


@dataclass
class Outline:
    """How a document is built."""

    blocks: list[Block]  # those of `Mended`, at the same places, with numbers moved from the words to `marker`
    kinds: dict[int, PartKind]  # for every block
    levels: dict[int, int]  # of headings and entries, from 1
    numbers: dict[int, str]  # of headings, numbered paragraphs and entries, as printed
    cover: CoverFacts
    cover_blocks: list[int]
    front: list[FrontBlock]  # literal words, no slots
    sections: list[SectionPart]
    heading_numbers: HeadingNumbers
    paragraph_numbers: ParagraphNumbers
    contents_depth: int
    title: str
    summary_found: bool
    slips: "list[Finding]" = field(default_factory=list)  # of the cover, for the list of damage

    def text_of(self, piece: Piece) -> list[Block]:
        """Return the blocks of a piece as they are filed, for `blocks.to_html`.

        Paragraphs lose the numbers that the compiler prints, a paragraph that begins with its own heading loses it,
        and a mark of a note on a heading, which is plain text in the records, goes before the first word under it.
        """
        return [self.blocks[index] for index in piece.blocks]


def outline(mended: "Mended", *, language: str) -> Outline:
    """Return how the document is built. `language` is that of the document."""
    return Outline(
        blocks=mended.blocks,
        kinds={},
        levels={},
        numbers={},
        cover=CoverFacts(),
        cover_blocks=[],
        front=[],
        sections=[],
        heading_numbers=HeadingNumbers.NONE,
        paragraph_numbers=ParagraphNumbers.NONE,
        contents_depth=1,
        title="",
        summary_found=False,
    )
