"""The blocks while they are mended, and what is found on the way."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from reporting.importing.blocks import Block, Source, within

Certainty = Literal["mended", "proposed", "listed"]


@dataclass
class Finding:
    """One damage: what it is, where, and what became of it."""

    kind: str  # of reporting.choices.DamageKind
    certainty: Certainty
    block: int  # index in `Mended.blocks`
    was: str
    now: str
    key: str  # the same for the same file, whatever was refused


@dataclass
class _Found:
    kind: str
    certainty: Certainty
    block: Block
    was: str
    now: str
    key: str


def copied(block: Block) -> Block:
    """Return a block whose lists are its own; runs never change."""
    rows = [[replace(cell, blocks=list(map(copied, cell.blocks))) for cell in row] for row in block.rows]
    return replace(block, runs=list(block.runs), printed=list(block.printed), rows=rows)


class Workbench:
    """Blocks that may change, with the words that the file has."""

    def __init__(self, source: Source, refused: Collection[str]) -> None:
        self.blocks = list(map(copied, source.blocks))
        self.has_pages = source.format == "pdf"
        self._refused = frozenset(refused)
        self._found: list[_Found] = []
        self._seen: Counter[str] = Counter()
        # each block by identity: its place in the file, which names damages, and where it is now. The blocks are kept
        # so that no identity is given twice
        self._kept: list[Block] = []
        self._origin: dict[int, int] = {}
        self._owner: dict[int, Block] = {}
        for number, block in enumerate(self.blocks):
            for inner in within([block]):
                self._kept.append(inner)
                self._origin[id(inner)] = number
                if inner is not block:
                    self._owner[id(inner)] = block
        self.words = _words(self.blocks)

    def body(self) -> Iterable[Block]:
        """Give the blocks of the running text."""
        return (block for block in self.blocks if block.place == "body")

    def new(self, block: Block, *, like: Block) -> Block:
        """Take in a block that came off another."""
        self._kept.append(block)
        self._origin[id(block)] = self._origin[id(like)]
        return block

    def moved(self, block: Block, *, into: Block) -> None:
        """Remember that what was found at one block now stands in another."""
        if block is not into:
            self._owner[id(block)] = into

    def mends(self, kind: str, certainty: Certainty, block: Block, was: str, now: str) -> bool:
        """Keep a damage, and say whether to mend it: not what is only listed, nor what a person refused."""
        key = self._key(kind, block, was)
        self._seen[key] += 1
        if self._seen[key] > 1:
            key += f":{self._seen[key]}"
        wanted = certainty != "listed" and key not in self._refused
        self._found.append(_Found(kind, certainty if wanted else "listed", block, was, now, key))
        return wanted

    def was_refused(self, kind: str, block: Block, was: str) -> bool:
        """Whether a person refused to mend the first such damage of a block."""
        return self._key(kind, block, was) in self._refused

    def _key(self, kind: str, block: Block, was: str) -> str:
        return f"{kind}:{self._origin[id(block)]}:{''.join(was.split())[:60]}"

    def findings(self) -> list[Finding]:
        """Return what was found, in the order of the blocks as they are now."""
        places = {id(block): number for number, block in enumerate(self.blocks)}
        findings = []
        for found in self._found:
            block = found.block
            while id(block) not in places and id(block) in self._owner:
                block = self._owner[id(block)]
            place = places.get(id(block), 0)
            findings.append(Finding(found.kind, found.certainty, place, found.was, found.now, found.key))
        return sorted(findings, key=lambda finding: finding.block)


_WORD = re.compile(r"[^\W\d_]+(?:[-‐’'][^\W\d_]+)*")
_CUT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+[-‐\u00ad]\s+[^\W\d_]+")
_CUT_AT_END = re.compile(r"(?<![^\W\d_])[^\W\d_]+[-‐\u00ad]\s*$")


def _words(blocks: Iterable[Block]) -> Counter[str]:
    """Count the words of a file, each as written and in small letters; parts that a hyphen cut are none."""
    words: Counter[str] = Counter()
    was_cut = False
    for block in within(blocks):
        text = block.text
        if not text.strip():
            continue
        if was_cut and text.lstrip()[0].islower():
            text = _WORD.sub("", text.lstrip(), count=1)
            was_cut = False
        ends_in_hyphen = text.rstrip()[-1:] in {"-", "‐", "\u00ad"}
        shorter = _CUT_AT_END.sub("", text) if ends_in_hyphen else text
        was_cut = was_cut or shorter != text
        words.update(_WORD.findall(_CUT_WORD.sub(" ", shorter)))
    for word, times in list(words.items()):
        if word != word.lower():
            words[word.lower()] += times
    return words
