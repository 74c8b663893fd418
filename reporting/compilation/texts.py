"""Reads the rich text of an item, the HTML subset of `portal.common.richtext`, into nodes of pandoc's tree.

We read the subset ourselves: pandoc's HTML reader needs more time for it than any of its writers (2.5 s for 1,000
initiatives, where this takes a fifth), drops the language of a paragraph, and would hand the footnotes over as spans.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import quote, urlsplit

import lxml.html  # type: ignore[import-untyped]
from lxml.html import HtmlElement

from portal.common.words import UNBROKEN
from reporting.compilation import languages
from reporting.compilation.nodes import (
    LINE_BREAK,
    SPACE,
    Node,
    attributes,
    inline_content,
    link,
    note,
    para,
    plain,
    printable,
    span,
    superscript,
    text_of,
    trimmed,
    words,
)
from reporting.compilation.snapshot import Reference

SCHEMES = ("http://", "https://", "mailto:")
LONGEST_ADDRESS = 2000  # Word calls a file damaged when a link in it is longer than 2,083 characters

LETTERS_ACROSS = 84  # of a table, from one margin to the other: as wide as a digit, the widest of which are Arabic
LONGEST_WORD = 24  # that a column makes room for
_NO_BREAK = {ord("\xa0"): "-", ord("\u202f"): "-"}  # blanks that no line is broken at: in French, of thousands
_MARKS = {"strong": "Strong", "em": "Emph", "sup": "Superscript", "sub": "Subscript"}
_LIST_STYLES = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman", "1": "Decimal"}
_DELIMITERS = {")": "OneParen", "()": "TwoParens"}
_ADDRESS_IN_TEXT = re.compile(r"https?://[^\s<>«»“”\"]+")
_AFTER_ADDRESS = ".,;:!?)]}'’，。；：、"  # punctuation of the sentence around an address
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

Kind = Literal["link_without_target", "unknown_reference", "empty_note"]


@dataclass(frozen=True)
class Block:
    """One block of a text: a heading of level 1 or 2 inside it, or any other block, with its language if it has one."""

    level: int  # of the heading, 0 for any other block
    inlines: list[Node]  # of the heading
    node: Node
    language: tuple[tuple[str, str], ...] = ()  # `lang` and `dir`
    element: HtmlElement | None = field(default=None, compare=False)  # that it was read from; None for running text


def linkable(address: str) -> str | None:
    """Return the address as files can hold it, or None where it leads nowhere: empty, `#`, relative, malformed."""
    address = printable(address).strip()
    if not address.lower().startswith(SCHEMES) or len(address) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme != "mailto" and not parts.hostname:
        return None
    return quote(_BARE_PERCENT.sub("%25", address), safe="!#$%&'()*+,/:;=?@[]~-._")


def language_pairs(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Return `lang` and `dir` of an element, the direction from the language where it does not say it."""
    pairs: list[tuple[str, str]] = []
    if language := element.get("lang"):
        pairs.append(("lang", languages.tag(language)))
    if direction := element.get("dir") or (languages.direction(language) if language else ""):
        pairs.append(("dir", direction))
    return tuple(pairs)


def parsed(html: str) -> HtmlElement:
    """Return a text as the elements in a `div`, without the characters that no file can hold."""
    return lxml.html.fragment_fromstring(printable(html), create_parent="div")


class TextReader:
    """Reads the texts of one document in one language; `report` hears of what could not be printed as written."""

    def __init__(
        self,
        *,
        references: dict[str, Reference],
        running_links: Literal["links", "footnotes"],
        comma: str,
        report: Callable[[Kind, str], None],
    ) -> None:
        self.references = references
        self.links_as_notes = running_links == "footnotes"
        self.comma = comma
        self.report = report
        self.cited: list[str] = []  # for each note made so far, in reading order: the reference it cites, or nothing

    def read(self, html: str) -> list[Block]:
        """Return the blocks of one text, empty ones left out."""
        if not html.strip():
            return []
        return self.blocks(parsed(html))

    # Blocks

    def blocks(self, container: HtmlElement) -> list[Block]:
        """Return the blocks inside an element; running text between them makes paragraphs of its own."""
        found: list[Block] = []
        running: list[Node] = words(container.text or "")

        def end_paragraph() -> None:
            if inlines := trimmed(running):
                found.append(Block(0, [], para(inlines)))
            running.clear()

        for child in container:
            if child.tag in {"p", "h2", "h3", "ul", "ol", "blockquote", "table"}:
                end_paragraph()
                if block := self.block(child):
                    found.append(replace(block, element=child))
            else:
                self.inline(child, running)
            _say(running, child.tail)
        end_paragraph()
        return found

    def block(self, element: HtmlElement) -> Block | None:
        """Return the block that an element makes, or None where it holds nothing."""
        language = language_pairs(element)
        match element.tag:
            case "p" | "h2" | "h3":
                inlines = trimmed(self.inlines(element))
                if element.tag != "p" and text_of(inlines).strip():
                    return Block(1 if element.tag == "h2" else 2, inlines, {}, language)
                return Block(0, [], para(inlines), language) if inlines else None
            case "ul" | "ol":
                items = [self.inner_blocks(child) for child in element if child.tag == "li"]
                items = _tight([item for item in items if item])
                if not items:
                    return None
                if element.tag == "ul":
                    return Block(0, [], {"t": "BulletList", "c": items})
                start = element.get("start", "1")
                style = _LIST_STYLES.get(element.get("type", "1"), "Decimal")
                delimiter = _DELIMITERS.get(element.get("data-delimiter", ""), "Period")
                marks = [int(start) if re.fullmatch(r"\d{1,6}", start) else 1, {"t": style}, {"t": delimiter}]
                return Block(0, [], {"t": "OrderedList", "c": [marks, items]})
            case "blockquote":
                inner = self.inner_blocks(element)
                return Block(0, [], {"t": "BlockQuote", "c": inner}) if inner else None
            case _:
                table = self.table(element)
                return Block(0, [], table) if table else None

    def inner_blocks(self, element: HtmlElement) -> list[Node]:
        """Return the blocks inside a list item, a quotation or a cell. A heading has no place there: it prints bold."""
        nodes = []
        for block in self.blocks(element):
            node = para([{"t": "Strong", "c": block.inlines}]) if block.level else block.node
            nodes.append({"t": "Div", "c": [attributes("", (), block.language), [node]]} if block.language else node)
        return nodes

    def table(self, element: HtmlElement) -> Node | None:
        """Return a table whose rows all have the same width, whatever was written; None without any cell."""
        head: list[HtmlElement] = []
        body: list[HtmlElement] = []
        for row in element.iter("tr"):
            cells = [cell for cell in row if cell.tag in {"td", "th"}]
            in_head = row.getparent().tag == "thead" or (bool(cells) and all(cell.tag == "th" for cell in cells))
            if cells:
                (head if in_head and not body else body).append(row)
        if not head and not body:
            return None
        columns = max(_width(head), _width(body))
        longest = [1] * columns
        needs = [room_for("")] * columns
        head_rows, body_rows = self.rows(head, columns, longest, needs), self.rows(body, columns, longest, needs)
        shares = _shares([min(max(length, 6), 60) for length in longest], needs)
        widths = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": share}] for share in shares]
        return {
            "t": "Table",
            "c": [
                attributes(),
                [None, []],
                widths,
                [attributes(), head_rows],
                [[attributes(), 0, [], body_rows]],
                [attributes(), []],
            ],
        }

    def rows(self, rows: list[HtmlElement], columns: int, longest: list[int], needs: list[int]) -> list[Node]:
        """Return pandoc's rows; spans are cut at the edges and short rows filled.

        Notes by column the longest text, and the room for what is longest without a break, in letters.
        """
        result = []
        taken = [0] * columns  # rows for which a cell above still covers the column
        for number, row in enumerate(rows):
            cells = []
            column = 0
            for cell in (child for child in row if child.tag in {"td", "th"}):
                while column < columns and taken[column]:
                    column += 1
                if column == columns:
                    break
                free = next((at for at in range(column, columns) if taken[at]), columns) - column
                across = min(_number(cell.get("colspan")), free)
                down = min(_number(cell.get("rowspan")), len(rows) - number)
                taken[column : column + across] = [down] * across
                nodes = [plain(node["c"]) if node["t"] == "Para" else node for node in self.inner_blocks(cell)]
                if across == 1:
                    text = cell.text_content()
                    longest[column] = max(longest[column], _letters(text))
                    needs[column] = max(needs[column], room_for(text))
                cells.append([attributes(), {"t": "AlignDefault"}, down, across, nodes])
                column += across
            for at in range(columns):
                if not taken[at]:
                    cells.append([attributes(), {"t": "AlignDefault"}, 1, 1, []])
                    taken[at] = 1
            taken = [left - 1 for left in taken]
            result.append([attributes(), cells])
        return result  # type: ignore[return-value]  # pandoc writes rows as plain lists

    # Inlines

    def inlines(self, element: HtmlElement) -> list[Node]:
        """Return the inlines inside an element."""
        nodes = words(element.text or "")
        for child in element:
            self.inline(child, nodes)
            _say(nodes, child.tail)
        return nodes

    def inline(self, element: HtmlElement, nodes: list[Node]) -> None:
        """Append what an inline element says."""
        facts = element.attrib
        if "data-footnote" in facts or "data-reference" in facts:
            if text := self.note_text(facts.get("data-footnote", ""), facts.get("data-reference", "")):
                self.append(nodes, note(text))
                self.cited.append(self.citable(facts.get("data-reference", "")))
            return
        if element.tag == "br":
            nodes.append(LINE_BREAK)
            return
        inside = self.inlines(element)
        if not inside:
            return
        if all(node["t"] == "Note" or node["t"] == "Superscript" for node in inside) and any(
            map(_ends_with_note, inside)
        ):
            self.extend(nodes, inside)  # a mark on a note, such as a raised one: the note is raised already
        elif element.tag in _MARKS:
            self.append(nodes, {"t": _MARKS[element.tag], "c": inside})
        elif element.tag == "a":
            self.link(element.get("href", ""), inside, nodes)
        elif element.tag == "span" and (pairs := language_pairs(element)):
            self.append(nodes, span(inside, pairs=pairs))
        else:
            self.extend(nodes, inside)

    def link(self, address: str, inside: list[Node], nodes: list[Node]) -> None:
        """Append a link, its words alone where it leads nowhere, or its words and a note where the layout says so."""
        notes = [node for node in inside if node["t"] == "Note"]  # a link holds no other link, and notes are links
        inside = [node for node in inside if node["t"] != "Note"]
        target = linkable(address)
        said = text_of(inside).strip()
        if target is None:
            self.extend(nodes, inside)
            if said:
                self.report("link_without_target", said)
        elif said and self.links_as_notes and said != printable(address).strip():
            self.extend(nodes, inside)
            self.append(nodes, note([link(words(_shown(address)), target)]))
            self.cited.insert(len(self.cited) - len(notes), "")  # notes in the words of a link come after it
        elif said:
            self.append(nodes, link(inside, target))
        self.extend(nodes, notes)

    def note_text(self, text: str, reference_id: str) -> list[Node]:
        """Return what a note prints: its own words, then the reference with its address."""
        nodes = trimmed(with_links(text))
        if reference_id:
            reference = self.references.get(reference_id)
            if reference is None:
                self.report("unknown_reference", text or reference_id)
            elif cited := citation(reference):
                nodes = [*nodes, SPACE, *cited] if nodes else cited
        if not nodes and not reference_id:
            self.report("empty_note", "")
        return nodes

    def citable(self, reference_id: str) -> str:
        """Return the id of a reference that a note prints, or nothing where there is none to print."""
        return reference_id if reference_id in self.references else ""

    def extend(self, nodes: list[Node], more: list[Node]) -> None:
        for node in more:
            self.append(nodes, node)

    def append(self, nodes: list[Node], node: Node) -> None:
        """Append one inline. A second note on the same spot is set off by a raised comma."""
        if _begins_with_note(node):
            before = len(nodes) - 1
            while before >= 0 and nodes[before] is SPACE:
                before -= 1
            if before >= 0 and _ends_with_note(nodes[before]):
                nodes[before + 1 :] = [superscript([{"t": "Str", "c": self.comma}])]
        nodes.append(node)


def room_for(text: str) -> int:
    """Return how many letters wide a column has to be, its margins among them, so that no word of a text is cut.

    Of a word without end no more than LONGEST_WORD letters count. Chinese breaks anywhere, but three signs
    stay together.
    """
    longest = max(map(len, UNBROKEN.findall(text.translate(_NO_BREAK))), default=0)
    ideographs = _letters(text) - len(text)
    return 2 + min(max(longest, 2 * min(ideographs, 3)), LONGEST_WORD)


def _letters(text: str) -> int:
    """Return how wide a text is, in letters: an ideograph is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _shares(weights: list[int], needs: list[int]) -> list[float]:
    """Return the widths of columns, as shares: by their weights, but none has less than it needs, in letters.

    Where there is no room for all of that, each has as much less.
    """
    if sum(needs) >= LETTERS_ACROSS:
        return [need / sum(needs) for need in needs]
    shares, least = [weight / sum(weights) for weight in weights], [need / LETTERS_ACROSS for need in needs]
    free = [max(share - need, 0) for share, need in zip(shares, least, strict=True)]
    spare = 1 - sum(least)
    return [need + spare * more / sum(free) for need, more in zip(least, free, strict=True)]


def with_links(text: str) -> list[Node]:
    """Return plain text as inlines, the addresses in it as links that print as they are written."""
    nodes: list[Node] = []
    at = 0
    for match in _ADDRESS_IN_TEXT.finditer(text):
        address = match[0].rstrip(_AFTER_ADDRESS)
        if address.count("(") > address.count(")") and text[match.start() + len(address) :].startswith(")"):
            address += ")"
        if target := linkable(address):
            nodes += words(text[at : match.start()])
            nodes.append(link(words(address), target))
            at = match.start() + len(address)
    return nodes + words(text[at:])


def citation(reference: Reference) -> list[Node]:
    """Return a reference as a note prints it: its words linked to its address, and the address itself.

    Without an address, or with one that leads nowhere, it is plain words.
    """
    said = " ".join(reference["text"].split())
    if not said:
        title = " ".join(reference["title"].split())
        year = reference["year"].strip()
        dated = f"{title} ({year})" if title and year else title or year
        said = ", ".join(part for part in (" ".join(reference["author"].split()), dated) if part)
    address = reference["address"].strip()
    target = linkable(address)
    if target is None:
        return words(" ".join(part for part in (said, "" if address in {"", "#"} else address) if part))
    shown = _shown(address)
    if not said or said == shown:
        return [link(words(shown), target)]
    if shown in said:
        return with_links(said)
    return [link(words(said), target), {"t": "Str", "c": ","}, SPACE, link(words(shown), target)]


def _shown(address: str) -> str:
    """Return an address as print shows it."""
    return printable(address).strip().removeprefix("mailto:")


def _say(nodes: list[Node], text: str | None) -> None:
    """Append running text; where two runs of blanks meet, one space is enough."""
    more = words(text) if text else []
    nodes += more[1:] if more and more[0] is SPACE and nodes and nodes[-1] is SPACE else more


def _begins_with_note(node: Node) -> bool:
    if node["t"] == "Note":
        return True
    inside = inline_content(node)
    return bool(inside) and _begins_with_note(inside[0])  # type: ignore[index]


def _ends_with_note(node: Node) -> bool:
    if node["t"] == "Note":
        return True
    inside = inline_content(node)
    return bool(inside) and _ends_with_note(inside[-1])  # type: ignore[index]


def _tight(items: list[list[Node]]) -> list[list[Node]]:
    """Return list items without space between them where each is one paragraph, perhaps with lists under it."""
    if any(sum(node["t"] in {"Para", "Plain"} for node in item) > 1 for item in items):
        return items
    return [[plain(node["c"]) if node["t"] == "Para" else node for node in item] for item in items]


def _number(value: str | None) -> int:
    """Return a span of cells: 1 where nothing sensible is written."""
    return min(int(value), 1000) if value and re.fullmatch(r"[1-9]\d{0,5}", value) else 1


def _width(rows: list[HtmlElement]) -> int:
    """Return how many columns the widest of the rows needs, counting cells that reach down from rows above."""
    widest = 0
    reaching: list[list[int]] = []  # width and rows left of cells that reach down
    for row in rows:
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        own = sum(_number(cell.get("colspan")) for cell in cells)
        widest = max(widest, own + sum(width for width, _left in reaching))
        reaching = [[width, left - 1] for width, left in reaching if left > 1]
        reaching += [
            [_number(cell.get("colspan")), _number(cell.get("rowspan")) - 1]
            for cell in cells
            if _number(cell.get("rowspan")) > 1
        ]
    return min(widest, 60)
