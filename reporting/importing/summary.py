"""How much of a file found a place, and what did not: counted word by word.

What a person is told is counted by `plain_word_count`: each Chinese ideograph is a word. Whether words are lost tells
another count, of what stands between blanks, since `files` counts the file in that way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from initiatives.choices import PartKind
from portal.common.richtext import plain_word_count
from reporting.choices import ProposalKind
from reporting.importing.blocks import printed_words, within
from reporting.importing.proposals import Proposals

#: Kinds that have their place whatever the sections hold. Page numbers and running heads are set aside for good.
_PLACED = {PartKind.COVER, PartKind.FRONT, PartKind.CONTENTS, PartKind.RUNNING}
_OUTSIDE = {PartKind.OUTSIDE, PartKind.DELETED}


@dataclass(frozen=True)
class Leftover:
    """Words of the file that no record would hold."""

    block: int
    kind: PartKind
    page: int  # 0 where the file has no pages
    words: str  # whole, as they stand in the file


@dataclass
class Summary:
    """What a reading comes to."""

    placed: int  # words that a record, or the furniture of a page, holds
    lost: int  # words of the file that the reader did not give: there should be none, ever
    headings: int
    initiatives: int
    passages: int
    notes: int
    notes_in_place: int  # those that a word of the text bears
    leftovers: list[Leftover] = field(default_factory=list)

    @property
    def words(self) -> int:
        """All words of the file."""
        return self.placed + self.lost + sum(plain_word_count(leftover.words) for leftover in self.leftovers)

    @property
    def share(self) -> float:
        """The share of words that found a place, in per cent, cut to a tenth: 100.0 means all of them."""
        return int(1000 * self.placed / self.words) / 10 if self.words else 0.0


def summarise(proposals: Proposals, *, words: int) -> Summary:
    """Return what a reading comes to. `words` is what `files` counted between the blanks of the file."""
    mended, outlined = proposals.mended, proposals.outline
    placed = _placed(proposals)
    marked = {run.note for block in within(mended.blocks) for run in block.runs if run.note}
    notes = [index for index, block in enumerate(mended.blocks) if block.kind == "note"]
    in_place = [index for index in notes if mended.blocks[index].note in marked]
    placed |= {index for index in notes if mended.blocks[index].note in marked}
    leftovers = []
    count = read = 0
    for index, block in enumerate(mended.blocks):
        printed = printed_words([block])
        read += len(printed)
        if index in placed:
            count += plain_word_count(" ".join(printed))
        elif printed:
            kind = outlined.kinds.get(index, PartKind.PARAGRAPH)
            leftovers.append(Leftover(index, kind, block.page, " ".join(printed)))
    return Summary(
        placed=count,
        lost=max(0, words - read),
        headings=sum(kind == PartKind.HEADING for kind in outlined.kinds.values()),
        initiatives=len(proposals.of(ProposalKind.INITIATIVE)),
        passages=len(proposals.of(ProposalKind.PASSAGE)),
        notes=len(notes),
        notes_in_place=len(in_place),
        leftovers=leftovers,
    )


def _placed(proposals: Proposals) -> set[int]:
    """Return the blocks that find a place; of a document that is no submission, all of its text does: in parts."""
    outlined = proposals.outline
    kinds = outlined.kinds
    if not proposals.is_submission:
        return {
            index
            for index in range(len(proposals.mended.blocks))
            if kinds.get(index, PartKind.PARAGRAPH) not in {*_OUTSIDE, PartKind.NOTE}
        }
    return {
        *(index for index, kind in kinds.items() if kind in _PLACED),
        *outlined.cover_blocks,
        *(index for index in _in_sections(proposals) if kinds.get(index) not in _OUTSIDE),
    }


def _in_sections(proposals: Proposals) -> Iterator[int]:
    for section in proposals.outline.sections:
        if section.heading is not None:
            yield section.heading
        for piece in section.pieces:
            if piece.heading is not None:
                yield piece.heading
            yield from piece.blocks
