"""The running words of a block with what stands in them: marks of notes, links, emphasis."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from initiatives.choices import PartKind
from reporting.importing.blocks import Block, leads_somewhere, within
from reporting.importing.outline import Outline
from reporting.importing.proposals.matching import Word, words_of

_SILENT = {PartKind.COVER, PartKind.CONTENTS, PartKind.RUNNING, PartKind.OUTSIDE, PartKind.DELETED}


@dataclass
class Reading:
    """The words of one paragraph, entry, heading, note or cell."""

    block: int  # index of its block; all cells of a table have that of the table
    kind: PartKind
    text: str = ""
    marks: list[tuple[int, str]] = field(default_factory=list)  # place in the text and id of the note
    links: list[tuple[int, int, str]] = field(default_factory=list)  # from, to and address, dead ones too

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.text)


def read(outline: Outline) -> list[Reading]:
    """Return the words of all blocks that say something, in their order. Cover and contents list are left out."""
    found = []
    for index, block in enumerate(outline.blocks):
        kind = outline.kinds.get(index, PartKind.PARAGRAPH)
        if kind not in _SILENT and block.place == "body":
            found += [_reading(index, kind, inner) for inner in within([block]) if inner.runs]
    return found


def _reading(index: int, kind: PartKind, block: Block) -> Reading:
    reading = Reading(index, kind)
    parts = []
    length = 0
    for run in block.runs:
        if run.note:
            reading.marks.append((length, run.note))
            continue
        if run.href:
            if reading.links and reading.links[-1][1] == length and reading.links[-1][2] == run.href:
                reading.links[-1] = (reading.links[-1][0], length + len(run.text), run.href)
            else:
                reading.links.append((length, length + len(run.text), run.href))
        parts.append(run.text)
        length += len(run.text)
    reading.text = "".join(parts)
    return reading


def addresses(reading: Reading) -> Iterator[tuple[str, str]]:
    """Give the words and the address of each link that leads somewhere."""
    for start, end, href in reading.links:
        if leads_somewhere(href):
            yield reading.text[start:end], href.strip()
