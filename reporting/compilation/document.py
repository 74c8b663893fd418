"""Turns a snapshot into a document: pandoc's tree, in which each block carries the id of its record.

Nothing here reads a record, a clock or a setting: the same snapshot gives the same document.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypedDict

from django.utils.translation import gettext as _

from portal.common.errors import PersonError
from portal.common.figures import chinese, roman
from reporting.compilation import languages
from reporting.compilation.nodes import (
    SPACE,
    Node,
    div,
    header,
    image,
    one_line,
    para,
    span,
    text_of,
    tree,
    words,
)
from reporting.compilation.snapshot import (
    FORMAT,
    Chart,
    CoverLine,
    FrontBlock,
    Item,
    Record,
    Section,
    Snapshot,
    canonical,
)
from reporting.compilation.texts import Block, TextReader

Part = Literal["whole", "summary"]
WarningKind = Literal["link_without_target", "unknown_reference", "empty_note", "characters_without_font"]

DEEPEST = 5  # levels of headings: HTML has six, and its first is the title of the document
LONGEST_ID = 40  # what Word keeps of a bookmark's name
_ID = re.compile(r"[a-z][a-z0-9_]*")
_AFTER_NUMBER: Node = {"t": "Str", "c": "\u2003"}


class SnapshotUnusable(PersonError):
    """The snapshot cannot be made into a document. The sentence tells why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TextWarning(TypedDict):
    """Something that could not be printed as it was written, for the people who look after the text."""

    kind: WarningKind
    block: str  # id of the item, or empty where it concerns the whole document
    heading: str  # under which it stands
    words: str  # the words, or characters, that it is about


def sentence(warning: TextWarning) -> str:
    """Return a warning in the language of the reader."""
    match warning["kind"]:
        case "link_without_target":
            return _("The link “%(words)s” under “%(heading)s” leads nowhere: it prints as plain words.") % warning
        case "unknown_reference":
            return _("A note under “%(heading)s” cites a reference that is not there: “%(words)s”.") % warning
        case "empty_note":
            return _("A note under “%(heading)s” is empty: it is left out.") % warning
        case "characters_without_font":
            return (
                _("No font of the portal has these characters: %(words)s. A box stands for each in the PDF.") % warning
            )


@dataclass(frozen=True)
class Heading:
    """One heading as it prints, its number included."""

    id: str
    level: int
    text: str
    language: str  # empty where it is that of the document


@dataclass(frozen=True, eq=False)
class Document:
    """All that the renderers need: facts about the document, cover and front, and the text as pandoc's blocks."""

    fingerprint: str  # SHA-256 of the snapshot, the same for the summary alone
    portal: str  # address of the portal that made it
    title: str
    author: str
    subject: str
    language: str
    demonstration: bool
    cover: Sequence[CoverLine]
    front: Sequence[FrontBlock]
    contents_depth: int  # levels of the contents list; 0 where the front has none
    headings: Sequence[Heading]
    blocks: list[Node]
    sources: Mapping[str, Record]  # by the id of a heading, and of an item: its paragraphs add `_p1`, `_p2`, ...
    cover_source: Record | None
    front_source: Record | None
    note_sources: Sequence[Record | None]  # for each note, in reading order: the reference it cites
    languages: frozenset[str]  # other than that of the document, as tags
    warnings: Sequence[TextWarning]
    snapshot_bytes: bytes  # the snapshot in its canonical form
    charts: Sequence[Chart] = ()  # in reading order; the image of the first one is called `chart1`

    @property
    def direction(self) -> str:
        """Return `ltr` or `rtl`."""
        return languages.direction(self.language)

    @property
    def contents(self) -> list[Heading]:
        """Return the headings of the contents list."""
        return [heading for heading in self.headings if heading.level <= self.contents_depth]

    @cached_property
    def tree(self) -> str:
        """Return the text as pandoc reads it."""
        return tree(self.blocks)


def build(snapshot: Snapshot, *, part: Part = "whole") -> Document:
    """Return the document that a snapshot makes, or its summary alone, whose notes count from 1.

    Raises SnapshotUnusable for a snapshot of another format, and for one without anything to print.
    """
    if snapshot["format"] != FORMAT:
        raise SnapshotUnusable(_("This text was frozen by another version of the portal, which has to print it."))
    builder = _Builder(snapshot, numbers_headings=part == "whole")
    for section in snapshot["sections"]:
        if part == "whole" or section["summary"]:
            builder.add_section(section)
    if not builder.blocks:
        raise SnapshotUnusable(
            _("There is nothing to print yet: no section has a text.")
            if part == "whole"
            else _("There is no executive summary to take out: no section is marked as one.")
        )
    mark = one_line(snapshot["mark"])
    if part == "whole":
        cover, front = _with_mark(snapshot["cover"], snapshot["front"], mark)
    else:
        cover, front = [], _summary_front(snapshot)
    frozen = canonical(snapshot)
    depth = snapshot["layout"]["contents_depth"]
    has_contents = any(block["kind"] == "contents" for block in front) and bool(builder.headings) and depth > 0
    return Document(
        fingerprint=hashlib.sha256(frozen).hexdigest(),
        portal=one_line(snapshot["portal"]),
        title=" – ".join(filter(None, (one_line(snapshot["title"]), mark))),
        author=one_line(snapshot["author"]),
        subject=one_line(snapshot["subject"]),
        language=snapshot["language"],
        demonstration=snapshot["demonstration"],
        cover=[line for line in map(_printable_line, cover) if line["text"] or "lead" in line],
        front=[block for block in map(_printable_front, front) if _says_something(block, has_contents=has_contents)],
        contents_depth=depth if has_contents else 0,
        headings=builder.headings,
        blocks=builder.blocks,
        charts=builder.charts,
        sources=builder.sources,
        cover_source=snapshot["cover_record"] if part == "whole" else None,
        front_source=snapshot["front_record"] if part == "whole" else None,
        note_sources=[snapshot["references"][cited]["record"] if cited else None for cited in builder.reader.cited],
        languages=frozenset(builder.languages),
        warnings=builder.warnings,
        snapshot_bytes=frozen,
    )


@dataclass
class _Builder:
    """Collects the blocks of one document, section by section."""

    snapshot: Snapshot
    numbers_headings: bool
    blocks: list[Node] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    warnings: list[TextWarning] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    sources: dict[str, Record] = field(default_factory=dict)
    heading_ids: set[str] = field(default_factory=set)
    item_ids: set[str] = field(default_factory=set)  # apart: no block bears one as it stands, paragraphs add to it
    sections: int = 0
    paragraphs: int = 0
    item_id: str = ""
    heading: str = ""  # the last one printed

    def __post_init__(self) -> None:
        self.layout = self.snapshot["layout"]
        self.language = self.snapshot["language"]
        self.reader = TextReader(
            references=self.snapshot["references"],
            running_links=self.layout.get("running_links", "links"),
            comma=languages.comma(self.language),
            report=self.warn,
        )

    def warn(self, kind: WarningKind, said: str) -> None:
        """List what a text could not say, with its place."""
        self.warnings.append({"kind": kind, "block": self.item_id, "heading": self.heading, "words": said})

    def add_section(self, section: Section) -> None:
        """Append a section: its heading, numbered as the layout says, then its items."""
        self.item_id = section_id = _new_id(section["id"], self.heading_ids)
        self.sources[section_id] = section["record"]
        if heading := words(section["heading"].strip()):
            if self.numbers_headings and self.layout["heading_numbers"] != "none":
                self.sections += 1
                heading = [
                    {"t": "Str", "c": heading_number(self.sections, self.layout["heading_numbers"])},
                    SPACE,
                    *heading,
                ]
            self.add_heading(1, section_id, heading, "")
        numbered = 0
        for item in section["items"]:
            numbered += item["numbered"] and bool(item["heading"].strip())
            self.add_item(item, number=numbered, numbers_paragraphs=not section["summary"])

    def add_item(self, item: Item, *, number: int, numbers_paragraphs: bool) -> None:
        """Append an item: its heading, then each block of its text under an id of its own."""
        self.item_id = item_id = _new_id(item["id"], self.item_ids)
        self.sources[item_id] = item["record"]
        language = "" if item["language"] == self.language else languages.tag(item["language"])
        level = 1 + max(item["level"], 1)
        if heading := words(item["heading"].strip()):
            if item["numbered"]:
                heading = [{"t": "Str", "c": f"{number}."}, SPACE, *heading]
            heading_id = _new_id(item["heading_id"], self.heading_ids)
            if item["heading_record"]:
                self.sources[heading_id] = item["heading_record"]
            self.add_heading(level, heading_id, heading, language)
            level += 1
        count = 0
        for count, block in enumerate(self.reader.read(item["html"]), start=1):
            self.add_block(
                block,
                f"{item_id}_p{count}",
                level=level,
                language=language,
                numbered=numbers_paragraphs and self.layout["paragraph_numbers"] == "through",
            )

        if chart := item.get("chart"):
            self.charts.append(chart)
            drawn = image(words(one_line(chart["alternative"])), f"chart{len(self.charts)}")
            self.blocks.append(div([para([drawn])], f"{item_id}_p{count + 1}"))

    def add_block(self, block: Block, block_id: str, *, level: int, language: str, numbered: bool) -> None:
        """Append one block of a text; a heading in it goes under the level of its item."""
        own = dict(block.language).get("lang", language)
        if block.level:
            self.add_heading(level + block.level - 1, block_id, block.inlines, own)
            return
        node = block.node
        if numbered and node["t"] == "Para":
            self.paragraphs += 1
            count: Node = span([{"t": "Str", "c": f"{self.paragraphs}."}], classes=["paragraph-number"])
            node = {"t": "Para", "c": [count, _AFTER_NUMBER, *node["c"]]}
        pairs = block.language or self.language_pairs(language)
        self.languages.update(value for key, value in pairs if key == "lang")
        self.blocks.append(div([node], block_id, pairs))

    def add_heading(self, level: int, heading_id: str, inlines: list[Node], language: str) -> None:
        """Append a heading, no more than one level under the one before it: PDF/UA refuses a gap."""
        level = min(level, DEEPEST, (self.headings[-1].level if self.headings else 0) + 1)
        text = text_of(inlines).strip()
        self.headings.append(Heading(heading_id, level, text, language))
        self.heading = text
        node = header(level, heading_id, inlines)
        if pairs := self.language_pairs(language):
            self.languages.add(language)
            node = div([node], pairs=pairs)
        self.blocks.append(node)

    def language_pairs(self, language: str) -> tuple[tuple[str, str], ...]:
        """Return `lang` and `dir` for a language other than that of the document."""
        return (("lang", language), ("dir", languages.direction(language))) if language else ()


def _new_id(wanted: str, taken: set[str]) -> str:
    """Return the id, with a number after it where a record is printed twice. Raises SnapshotUnusable."""
    if not _ID.fullmatch(wanted) or len(wanted) > LONGEST_ID - len("_p9999"):
        raise SnapshotUnusable(_("“%(id)s” is no id of a block.") % {"id": wanted})
    found, count = wanted, 1
    while found in taken:
        count += 1
        ending = f"_{count}"
        found = wanted[: LONGEST_ID - len("_p9999") - len(ending)] + ending
    taken.add(found)
    return found


def _with_mark(cover: list[CoverLine], front: list[FrontBlock], mark: str) -> tuple[list[CoverLine], list[FrontBlock]]:
    """Return cover and front, one of them with the mark of a later issue under the name of the entity or the title."""
    if not mark:
        return cover, front
    if cover:
        at = max((at for at, line in enumerate(cover, start=1) if line["style"] != "text"), default=0)
        at = max((at for at, line in enumerate(cover, start=1) if line["style"] == "entity"), default=at)
        return [*cover[:at], {"style": "dates", "text": mark}, *cover[at:]], front
    at = max((at for at, block in enumerate(front, start=1) if block["kind"] == "title"), default=0)
    return cover, [*front[:at], {"kind": "subtitle", "text": mark}, *front[at:]]


def _summary_front(snapshot: Snapshot) -> list[FrontBlock]:
    """Return what stands above a summary that travels alone: whose it is, and of what."""
    front: list[FrontBlock] = []
    if snapshot["author"]:
        front.append({"kind": "title", "text": snapshot["author"]})
    if subject := " – ".join(part for part in (snapshot["title"], snapshot["mark"], snapshot["subject"]) if part):
        front.append({"kind": "subtitle", "text": subject})
    return front


def _printable_line(line: CoverLine) -> CoverLine:
    clean: CoverLine = {"style": line["style"], "text": one_line(line["text"])}
    if lead := one_line(line.get("lead", "")):
        clean["lead"] = lead
    return clean


def _printable_front(block: FrontBlock) -> FrontBlock:
    clean: FrontBlock = {"kind": block["kind"], "text": one_line(block.get("text", ""))}
    if "entries" in block:
        clean["entries"] = [entry for entry in map(one_line, block["entries"]) if entry]
    return clean


def _says_something(block: FrontBlock, *, has_contents: bool) -> bool:
    match block["kind"]:
        case "contents":
            return has_contents
        case "list":
            return bool(block.get("entries"))
        case _:
            return bool(block.get("text"))


def heading_number(number: int, style: str) -> str:
    """Return the number of a heading as its style prints it, its mark included."""
    match style:
        case "roman":
            return f"{roman(number)}."
        case "chinese":
            return f"{chinese(number)}、"
    return f"{number}."
