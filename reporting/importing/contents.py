"""The contents list of a document: which blocks it is made of, and which headings it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reporting.importing import vocabulary
from reporting.importing.blocks import Block, length
from reporting.importing.headings import LONGEST, full_text, number_of
from reporting.importing.vocabulary import fold

# looser than `blocks.ends_with_page`: of lines that stand in a contents list, one blank before the page is enough
_PAGE = re.compile(r"[\s.…·_]*(?:\t|\s|\.{2,}|…)[\s.…·_]*(?:\d{1,3}|[ivxl]{1,5})\s*$")
# and blanks or signs that lead to it; of lines that may stand in one, Roman pages do not tell
_LEADER = re.compile(r"(?:\t|\.{3,}|…|\s{3,}|[·_]{3,})\s*\d{1,3}\s*$")
_ENTRIES = re.compile(r"\s*(\S.*?)(?:\t|[ .…·_]{3,}|(?<=\S) (?=\d{1,3}(?:\s|$)))[\s.…·_]*(\d{1,3})(?=\s|$)")
_LONG_LEADER = re.compile(r"[\s.…·_]{9,}")
_LONGEST_ENTRY = 1_000  # letters
_FIRST_LINES = 150  # among which a list without a heading of its own is looked for


@dataclass
class Contents:
    """A contents list: its heading as printed, its blocks, and the headings that it names, by index."""

    heading: str = ""
    blocks: list[int] = field(default_factory=list)
    named: set[int] = field(default_factory=set)


def find(blocks: Sequence[Block], stream: Sequence[int], *, language: str) -> Contents:
    """Return the contents list, or one without blocks where the document has none.

    Its lines are known by what stands later in the text, by the page at their end, or by the heading above them.
    """
    later = _Later(blocks, stream, language)
    for place, index in enumerate(stream):
        if vocabulary.is_one_of(vocabulary.CONTENTS, full_text(blocks[index]), language):
            found = _from(blocks, stream, place + 1, later, language)
            if found.blocks:
                return Contents(full_text(blocks[index]), [index, *found.blocks], found.named)
        elif place < _FIRST_LINES and _could_begin(blocks[index]):
            found = _from(blocks, stream, place, later, language)
            pages = _has_pages(blocks, found.blocks)
            listed = any(blocks[entry].kind == "item" for entry in found.blocks)  # a list in the text, it may be
            if len(found.named) >= 2 and (pages or (len(found.named) >= 3 and not listed)):
                return found
    return Contents()


class _Later:
    """The lines of a text by their words, to tell what a line of the contents list names."""

    def __init__(self, blocks: Sequence[Block], stream: Sequence[int], language: str) -> None:
        self.language = language
        self.places: dict[str, list[int]] = {}
        self.lines: list[tuple[int, str, str]] = []
        for index in stream:
            block = blocks[index]
            if block.kind in {"heading", "paragraph", "item"} and 0 < length(block.text) <= LONGEST:
                key = self.key(full_text(block))
                self.places.setdefault(key, []).append(index)
                self.lines.append((index, key, re.sub(r"\W", "", key)))

    def key(self, text: str) -> str:
        number = number_of(text, self.language)
        return fold(text[number.length :] if number and number.length < len(text) else text).strip(" .:*")

    def named_by(self, entry: str, after: int) -> int | None:
        """Return the line after a place that the entry names: the same words, or their beginning or end."""
        key = self.key(entry)
        if len(key) < 2:
            return None
        for index in self.places.get(key, []):
            if index > after:
                return index
        if len(key) < 8:
            return None
        bare = re.sub(r"\W", "", key)
        for index, line, bare_line in self.lines:
            if index > after and len(line) >= 8 and (bare == bare_line or self._alike(key, line)):
                return index
        return None

    @staticmethod
    def _alike(entry: str, line: str) -> bool:
        if entry.startswith(line) or line.startswith(entry) or line.endswith(f" {entry}"):
            return max(len(entry), len(line)) <= 2.5 * min(len(entry), len(line))
        return False


def _could_begin(block: Block) -> bool:
    if block.kind == "table":
        return bool(_entries(block))
    text = block.text.strip()
    return 0 < length(text) <= LONGEST and not text.endswith((".", "。", ":", ";"))


def _has_pages(blocks: Sequence[Block], indexes: Sequence[int]) -> bool:
    return sum(bool(_PAGE.search(_calm(blocks[index].text))) or blocks[index].kind == "table" for index in indexes) >= 1


def _from(blocks: Sequence[Block], stream: Sequence[int], place: int, later: _Later, language: str) -> Contents:
    """Return the entries from a place on, as long as they name what stands later or end with a page."""
    found = Contents()
    pending: list[tuple[str, int]] = []
    for index in stream[place:]:
        block = blocks[index]
        entries = _entries(block)
        head = vocabulary.is_one_of(vocabulary.CONTENTS_HEAD, full_text(block), language)
        known = index in found.named
        if known or not (head or entries):
            break
        named = [later.named_by(entry, index) for entry in entries]
        with_page = bool(_LEADER.search(_calm(block.text))) or block.kind == "table"
        if not head and not any(name is not None for name in named) and not with_page:
            break
        found.blocks.append(index)
        pending += [(entry, index) for entry in entries]
        # the first line that is named ends the list: it is the heading itself
        found.named |= {name for name in named if name is not None}
    # named is what stands after the whole list
    last = found.blocks[-1] if found.blocks else -1
    found.named = {name for entry, _index in pending if (name := later.named_by(entry, last)) is not None}
    return found


def _entries(block: Block) -> list[str]:
    """Return the headings that a block of a contents list names, without their pages."""
    if block.kind == "table":
        rows = []
        for row in block.rows:
            cells = [" ".join(inner.text for inner in cell.blocks).strip() for cell in row]
            said = [cell for cell in cells if cell and not re.fullmatch(r"[\d.…\s]+", cell)]
            if len(said) > 2 or (not any(re.fullmatch(r"\d{1,3}", cell) for cell in cells) and len(said) != 1):
                return []
            rows += [" ".join(said)] if said else []
        return rows
    if block.kind not in {"paragraph", "item", "heading"}:
        return []
    text = f"{block.marker} {block.text}".strip() if block.marker else block.text.strip()
    if not text or length(text) > 20 * LONGEST:
        return []
    lines = [_calm(line).strip() for line in text.split("\n") if line.strip()]
    if len(lines) == 1 and len(titles := _titles(lines[0])) > 1:
        return titles
    if any(length(line) > LONGEST or len(line) > _LONGEST_ENTRY for line in lines):
        return []
    return [_PAGE.sub("", line) or line for line in lines]


def _titles(line: str) -> list[str]:
    """Return the titles of entries that stand on one line, each with its page behind it."""
    titles = []
    at = 0
    # where none begins at one place, none begins behind it: looking there too would take long in a long line
    while found := _ENTRIES.match(line, at):
        titles.append(found[1])
        at = found.end()
    return titles


def _calm(text: str) -> str:
    """Return a text with a tab for each long row of dots or blanks, so that no pattern goes through it again."""
    return _LONG_LEADER.sub("\t", text)
