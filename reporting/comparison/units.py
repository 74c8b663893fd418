"""Takes a snapshot apart: cover lines, headings, paragraphs, list items, table rows, each with its footnotes."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from portal.common.words import NOTE, only_words
from reporting.compilation import languages
from reporting.compilation.nodes import Node, inline_content, one_line
from reporting.compilation.snapshot import Item, Record, Section, Snapshot
from reporting.compilation.texts import Block, TextReader

Slot = Literal["cover", "front", "heading", "text"]
Form = Literal["line", "heading", "paragraph", "entry", "row", "quotation"]

_COLUMN = " | "  # between the cells of a row


class Place(NamedTuple):
    """A heading under which something stands."""

    heading: str
    language: str  # as a tag


@dataclass(frozen=True)
class Unit:
    """One piece of the text that can come, go, move or change by itself.

    `keys` say what it is, the most trusted first: units of two snapshots that share one tell of the same thing. All
    paragraphs of one text have the same keys, because a paragraph has no identity of its own.
    """

    slot: Slot
    form: Form
    keys: tuple[Hashable, ...]
    text: str  # its words, with `words.NOTE` where a footnote is marked
    language: str  # as a tag
    place: tuple[Place, ...]  # the headings it stands under
    record: Record | None = None  # the version it was printed from
    about: int | None = None  # id of the initiative it tells of
    notes: tuple[str, ...] = ()  # what each footnote prints: its own words, then the reference
    links: tuple[str, ...] = ()  # addresses that its words lead to
    marks: tuple[tuple[str, int, int], ...] = ()  # emphasis: its kind, and from where to where

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @cached_property
    def words(self) -> list[str]:
        """The words alone, for finding what resembles it."""
        return only_words(self.text)

    @property
    def plain(self) -> str:
        """Its words without the marks of footnotes."""
        return self.text.replace(NOTE, "")

    @property
    def said(self) -> tuple[str, tuple[str, ...]]:
        """Its words and its footnotes."""
        return self.text, self.notes


def units(snapshot: Snapshot) -> list[Unit]:
    """Return all that a snapshot says, in reading order."""
    return list(_Reader(snapshot).all())


class _Reader:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.language = languages.tag(snapshot["language"])
        self.texts = TextReader(
            references=snapshot["references"],
            running_links="links",  # what the layout makes of them are not words of the text
            comma="",
            report=lambda _kind, _said: None,
        )

    def all(self) -> Iterator[Unit]:
        yield from self.cover()
        yield from self.front()
        for section in self.snapshot["sections"]:
            yield from self.section(section)

    def cover(self) -> Iterator[Unit]:
        for line in self.snapshot["cover"]:
            if text := one_line(f"{line.get('lead', '')} {line['text']}"):
                yield self.plain("cover", line["style"], text, self.snapshot["cover_record"])

    def front(self) -> Iterator[Unit]:
        for block in self.snapshot["front"]:
            for text in map(one_line, [block.get("text", ""), *block.get("entries", [])]):
                if text:
                    yield self.plain("front", block["kind"], text, self.snapshot["front_record"])

    def plain(self, slot: Slot, kind: str, text: str, record: Record | None) -> Unit:
        return Unit(slot, "line", ((slot, kind),), text, self.language, (), record)

    def section(self, section: Section) -> Iterator[Unit]:
        record, heading = section["record"], one_line(section["heading"])
        if heading:
            yield Unit("heading", "heading", (_key(record), ("section", heading)), heading, self.language, (), record)
        for item in section["items"]:
            yield from self.item(item, heading)

    def item(self, item: Item, section: str) -> Iterator[Unit]:
        """The heading of an item and the blocks of its text.

        In another year the text is that of another update: the initiative that both tell of joins them.
        """
        language = languages.tag(item["language"])
        about: tuple[Hashable, ...] = ()
        if item["about"] is not None:
            about = (("about", item["about"], language, section), ("about", item["about"], language))
        place: tuple[Place, ...] = (Place(section, self.language),) if section else ()
        heading = one_line(item["heading"])
        if heading:
            record = item["heading_record"]
            keys = (_key(record) if record else None, *about, ("heading of", _key(item["record"])))
            yield Unit("heading", "heading", keys, heading, language, place, record or item["record"], item["about"])
            place = (*place, Place(heading, language))
        keys = (_key(item["record"]), *about)
        for block in self.texts.read(item["html"]):
            own = dict(block.language).get("lang", language)
            for form, said in _parts(block):
                yield Unit("text", form, keys, said.text, own, place, item["record"], item["about"], *said.facts())
        if chart := item.get("chart"):
            told = one_line(chart["alternative"])
            yield Unit("text", "paragraph", keys, told, language, place, item["record"], item["about"])


def _key(record: Record) -> Hashable:
    return record["kind"], record["id"], record["language"]


@dataclass
class _Said:
    """What inlines say, collected from left to right."""

    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    marks: list[tuple[str, int, int]] = field(default_factory=list)
    length: int = 0

    def say(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def read(self, inlines: Iterable[Node]) -> None:
        for node in inlines:
            start = self.length
            match node["t"]:
                case "Str":
                    self.say(node["c"])
                case "Space" | "LineBreak":
                    self.say(" ")
                case "Note":
                    self.say(NOTE)
                    note = _Said()
                    for block in node["c"]:
                        note.read(block["c"])
                    self.notes.append(note.text)
            if inside := inline_content(node):
                self.read(inside)
                if node["t"] == "Link":
                    self.links.append(node["c"][2][0])
                else:
                    self.marks.append((node["t"], start, self.length))

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def facts(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, int, int], ...]]:
        return tuple(self.notes), tuple(self.links), tuple(self.marks)


def _parts(block: Block) -> Iterator[tuple[Form, _Said]]:
    """Return the pieces of a block that stand on lines of their own."""
    found = [("heading", [block.inlines])] if block.level else _lines(block.node, "paragraph")
    for form, cells in found:
        said = _Said()
        for number, inlines in enumerate(cells):
            if number:
                said.say(_COLUMN)
            said.read(inlines)
        if said.text.strip():
            yield form, said  # type: ignore[misc]  # a literal


def _lines(node: Node, form: Form) -> Iterator[tuple[Form, list[list[Node]]]]:
    """Return the lines of a block, each as the inlines of its cells: one, but for the rows of a table."""
    match node["t"]:
        case "Para" | "Plain":
            yield form, [node["c"]]
        case "BulletList" | "OrderedList":
            items = node["c"] if node["t"] == "BulletList" else node["c"][1]
            for item in items:
                yield from _inner(item, "entry")
        case "BlockQuote":
            yield from _inner(node["c"], "quotation")
        case "Div":
            yield from _inner(node["c"][1], form)
        case "Table":
            _attributes, _caption, _widths, head, bodies, _foot = node["c"]
            for row in [*head[1], *(row for body in bodies for row in body[3])]:
                yield "row", [_one_run(_inner(cell[4], "row")) for cell in row[1]]


def _inner(nodes: list[Node], form: Form) -> Iterator[tuple[Form, list[list[Node]]]]:
    for node in nodes:
        yield from _lines(node, form)


def _one_run(lines: Iterable[tuple[Form, list[list[Node]]]]) -> list[Node]:
    """Return all inlines of a cell in one run."""
    run: list[Node] = []
    for _form, cells in lines:
        for inlines in cells:
            run += [{"t": "Space"}, *inlines] if run else inlines
    return run
