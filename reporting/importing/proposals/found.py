"""What is proposed: plain data, shown to a person and then filed."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reporting.choices import ProposalKind
from reporting.importing.blocks import Block
from reporting.importing.outline import Outline
from reporting.importing.proposals.references import Note

if TYPE_CHECKING:
    from reporting.importing.mending import Mended


@dataclass
class Proposal:
    """One record, or one fact of a record, that the document would make.

    What is `likely` is filed unless a person refuses it; the rest only where a person asks for it. `facts` holds
    plain data by kind:

    - initiative: `title`, `kind` (code), `in_passing` (named without a text of its own), `same` (id of the known one
      that it most likely is, or None), `candidates` (a list of `{"id", "title", "entity", "by"}`, best first),
      `passage_kind` (what its text is where it is filed as a passage), `countries` (ids, of those in its title)
    - passage: `kind` of `PassageKind`
    - reference: `note`, `text`, `address`, `existing` (id, or None), `long` (its words stay in the note),
      `initiative` (key of the one whose number it gives, or nothing)
    - identifier: `value`, `scheme`, `address`, `initiative` (key of its initiative)
    - line, country, entity, organisation: `id`; a line its `code` too
    - mention: `initiative`, the key of one of this document or the id of a known one
    - date: `starts_on`, `ends_on` (ISO, half-open), `precision`
    - cover_fact: `files` (it fills a record; otherwise it is only told), of a symbol `symbol`
    - section and layout: nothing
    """

    key: str  # stable while the reading is the same, for what a person chooses
    kind: ProposalKind
    block: int  # index in `Mended.blocks`; -1 where it stands at no place
    words: str  # as printed
    says: str  # what would be filed, for a person
    likely: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Planned:
    """One item of a section, in its order."""

    section: int  # index in `Outline.sections`
    key: str  # of its initiative or passage; empty for a heading alone
    heading: str  # as it is filed; may be empty
    level: int
    numbered: bool
    indexes: list[int]  # its blocks in `Mended.blocks`
    blocks: list[Block]  # the same as they are filed, for `blocks.to_html`


@dataclass
class Proposals:
    """All that a document would make."""

    mended: "Mended"
    outline: Outline
    language: str
    is_submission: bool  # else only what the document mentions is filed
    found: list[Proposal] = field(default_factory=list)  # in the order of the document
    items: list[Planned] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)  # by their ids

    def of(self, kind: ProposalKind) -> list[Proposal]:
        """Return the proposals of one kind."""
        return [proposal for proposal in self.found if proposal.kind == kind]

    @cached_property
    def by_key(self) -> dict[str, Proposal]:
        return {proposal.key: proposal for proposal in self.found}
