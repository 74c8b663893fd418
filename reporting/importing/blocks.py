"""What a file says, in one form whatever its format: blocks of runs, in reading order.

Nothing here knows a format, a document or a record. Each block keeps the words as they stand in the file beside those
that are read from them, so that at the end every word of the file can be counted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any, Literal

from portal.common import figures

Kind = Literal["heading", "paragraph", "item", "quote", "table", "note", "rule", "page"]
Place = Literal["body", "running", "header", "footer", "text_box", "comment", "deletion"]
Mark = Literal["strong", "em", "sup", "sub"]

MARKS: tuple[Mark, ...] = ("strong", "em", "sup", "sub")


@dataclass(frozen=True)
class Run:
    """A stretch of text with the same look."""

    text: str
    marks: tuple[Mark, ...] = ()  # in the order of MARKS
    href: str = ""  # address of a link as the file has it: `#` and other addresses that lead nowhere too
    note: str = ""  # id of the note that this run marks; its text is the mark as printed


@dataclass
class Block:
    """One heading, paragraph, list item, table or note; or a rule or page break, which has no words."""

    kind: Kind
    runs: list[Run] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)  # the words as they stand in the file, piece by piece
    level: int = 0  # of a heading, from 1, or 0 where the file does not tell; of an item its depth, from 1
    marker: str = ""  # mark or number before an item, a heading or a numbered paragraph, as printed: `-`, `(a)`, `12.`
    note: str = ""  # of a note: the id that runs name
    rows: list[list["Cell"]] = field(default_factory=list)  # of a table
    heads: int = 0  # rows at the top of a table that are its head
    place: Place = "body"
    page: int = 0  # on which it begins, from 1; 0 where the file has no pages
    size: float = 1.0  # of its letters, as a share of those of the running text, where the file tells
    centred: bool = False

    @property
    def text(self) -> str:
        """The words as read, without marks of notes."""
        return "".join(run.text for run in self.runs if not run.note)

    @property
    def is_bold(self) -> bool:
        """Whether all its words are bold."""
        said = [run for run in self.runs if run.text.strip() and not run.note]
        return bool(said) and all("strong" in run.marks for run in said)


@dataclass
class Cell:
    """One cell of a table."""

    blocks: list[Block] = field(default_factory=list)
    across: int = 1
    down: int = 1


@dataclass
class Source:
    """A file as read: its blocks in reading order, those outside the running text (headers, comments, ...) last."""

    format: Literal["docx", "odt", "html", "text", "pdf"]
    blocks: list[Block] = field(default_factory=list)
    pages: int = 0  # 0 where the file does not tell
    words: int = 0  # in all text nodes of all parts of the file, counted on their own by `files`


def within(blocks: Iterable[Block]) -> Iterator[Block]:
    """Give each block, and those in the cells of tables, in reading order."""
    for block in blocks:
        yield block
        for row in block.rows:
            for cell in row:
                yield from within(cell.blocks)


def printed_words(blocks: Iterable[Block]) -> list[str]:
    """Return all words of the blocks as they stand in the file, tables included."""
    return [word for block in within(blocks) for piece in block.printed for word in piece.split()]


_IDEOGRAPH = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")


def is_ideograph(letter: str) -> bool:
    """Whether a letter is written without spaces around it: Chinese letters and their punctuation."""
    return _IDEOGRAPH.match(letter) is not None


def length(text: str) -> int:
    """Return how long a text is: its words, where two ideographs count as one."""
    if text.isascii():
        return len(text.split())
    spaced, ideographs = _IDEOGRAPH.subn(" ", text)
    return len(spaced.split()) + (ideographs + 1) // 2


_PAGE_BEHIND = re.compile(r"(?:\t|\.{3,}|…)\s*(?:\d{1,4}|[ivxl]{1,6})\s*$")


def ends_with_page(text: str) -> bool:
    """Whether a line ends with the number of a page behind a tab or dots, as in a contents list."""
    return _PAGE_BEHIND.search(text) is not None


# Runs


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours that look the same, leave empty ones out, and blanks at both ends."""
    found: list[Run] = []
    for run in runs:
        if not run.text and not run.note:
            continue
        if found and not run.note and not found[-1].note and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    while found and not found[0].note and not found[0].text.strip():
        found.pop(0)
    while found and not found[-1].note and not found[-1].text.strip():
        found.pop()
    if found and not found[0].note:
        found[0] = replace(found[0], text=found[0].text.lstrip())
    if found and not found[-1].note:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return found


def cut(runs: list[Run], start: int, end: int | None = None) -> list[Run]:
    """Return the runs between two places of their text, marks of notes counted with the letters of their mark."""
    found = []
    at = 0
    for run in runs:
        first, last = max(start - at, 0), len(run.text) if end is None else min(end - at, len(run.text))
        if first < last:
            found.append(replace(run, text=run.text[first:last]))
        at += len(run.text)
    return found


# HTML


def inline_html(runs: Iterable[Run], notes: dict[str, "NoteMark"]) -> str:
    """Return runs in the subset of `portal.common.richtext`; `notes` tells for each id what its mark holds."""
    parts = []
    for run in runs:
        if run.note:
            mark = notes.get(run.note, NoteMark(run.text))
            cited = f' data-reference="{mark.reference}"' if mark.reference else ""
            parts.append(f'<span data-footnote="{escape(mark.text)}"{cited}>*</span>')
            continue
        html = escape(run.text, quote=False).replace("\n", "<br>")
        for mark_name in reversed(MARKS):
            if mark_name in run.marks:
                html = f"<{mark_name}>{html}</{mark_name}>"
        if leads_somewhere(run.href):
            html = f'<a href="{escape(run.href)}">{html}</a>'
        parts.append(html)
    return "".join(parts)


@dataclass(frozen=True)
class NoteMark:
    """What the mark of a note holds: words of its own, and the id of the reference that it cites."""

    text: str
    reference: int | None = None


def leads_somewhere(href: str) -> bool:
    """Whether an address is a target outside the file."""
    return re.match(r"(https?://[^\s/]|mailto:\S)", href.strip(), re.IGNORECASE) is not None


# JSON


def to_json(source: Source) -> dict[str, Any]:
    """Return a source as plain data, empty values left out."""
    return {
        "format": source.format,
        "pages": source.pages,
        "words": source.words,
        "blocks": [_block_to_json(block) for block in source.blocks],
    }


def _block_to_json(block: Block) -> dict[str, Any]:
    blank = vars(Block(block.kind))
    plain = {name: value for name, value in vars(block).items() if value != blank[name]}
    plain["kind"] = block.kind
    if block.runs:
        plain["runs"] = [{name: value for name, value in asdict(run).items() if value} for run in block.runs]
    if block.rows:
        plain["rows"] = [
            [
                {"blocks": [_block_to_json(inner) for inner in cell.blocks], "across": cell.across, "down": cell.down}
                for cell in row
            ]
            for row in block.rows
        ]
    return plain


def from_json(data: dict[str, Any]) -> Source:
    """Return the source that `to_json` made plain."""
    return Source(
        format=data["format"],
        pages=data["pages"],
        words=data["words"],
        blocks=[_block_from_json(block) for block in data["blocks"]],
    )


def _block_from_json(data: dict[str, Any]) -> Block:
    facts = {name: value for name, value in data.items() if name not in {"runs", "rows"}}
    return Block(
        **facts,
        runs=[
            Run(run.get("text", ""), tuple(run.get("marks", ())), run.get("href", ""), run.get("note", ""))
            for run in data.get("runs", [])
        ],
        rows=[
            [Cell([_block_from_json(inner) for inner in cell["blocks"]], cell["across"], cell["down"]) for cell in row]
            for row in data.get("rows", [])
        ],
    )


def to_html(blocks: list[Block], notes: dict[str, NoteMark]) -> str:
    """Return blocks as rich text: items that follow each other make lists, depth by depth."""
    parts: list[str] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if block.kind == "item":
            end = next((n for n in range(at, len(blocks)) if blocks[n].kind != "item"), len(blocks))
            parts.append(_lists(blocks[at:end], notes))
            at = end
            continue
        if block.kind == "table":
            parts.append(_table(block, notes))
        elif block.runs and block.kind not in {"rule", "page"}:
            tag = {"heading": "h2" if block.level <= 1 else "h3"}.get(block.kind, "p")
            number = f"{escape(block.marker)} " if block.marker else ""
            html = f"<{tag}>{number}{inline_html(block.runs, notes)}</{tag}>"
            parts.append(f"<blockquote>{html}</blockquote>" if block.kind == "quote" else html)
        at += 1
    from portal.common import richtext  # it loads Django, which the child processes that make blocks do without

    return richtext.clean("".join(parts))


_ORDERED = re.compile(r"\(?(?:(?P<digits>\d{1,3})|(?P<letter>[a-z])|(?P<capital>[A-Z]))[.)]")


def list_style(marker: str, before: str = "") -> tuple[str, int] | None:
    """Return the `type` and number of an ordered item by its mark, or None where it is a bullet.

    `before` is the mark of the item before it: `(i)` after `(h)` is a letter, otherwise a Roman number.
    """
    if roman := re.fullmatch(r"\(?([ivxl]+)[.)]", marker, re.IGNORECASE):
        number = figures.roman_value(roman[1])
        letter_before = re.fullmatch(r"\(?([a-z])[.)]", before, re.IGNORECASE)
        follows = len(roman[1]) == 1 and letter_before and ord(letter_before[1].lower()) + 1 == ord(roman[1].lower())
        if number and not follows:
            return ("I" if roman[1].isupper() else "i"), number
    found = _ORDERED.fullmatch(marker)
    if not found:
        return None
    if found["digits"]:
        return "1", int(found["digits"])
    if found["letter"]:
        return "a", ord(found["letter"]) - 96
    return "A", ord(found["capital"]) - 64


def _around(marker: str) -> str:
    """Return what stands around the number of a mark in place of a full stop: `()` of `(a)`, `)` of `a)`."""
    if not marker.endswith(")"):
        return ""
    return "()" if marker.startswith("(") else ")"


def _lists(items: list[Block], notes: dict[str, NoteMark]) -> str:
    html = ""
    at = 0
    depth = min(item.level for item in items)
    while at < len(items):
        style = list_style(items[at].marker, items[at - 1].marker if at else "")
        tag = "ol" if style else "ul"
        facts = f' type="{style[0]}"' if style and style[0] != "1" else ""
        if style and style[1] != 1:
            facts += f' start="{style[1]}"'
        around = _around(items[at].marker) if style else ""
        if around:
            facts += f' data-delimiter="{around}"'
        html += f"<{tag}{facts}>"
        expected = style[1] if style else 0
        while at < len(items):
            if items[at].level <= depth:
                here = list_style(items[at].marker, items[at - 1].marker if at else "")
                if (here is None) != (style is None):
                    break
                if here and style and (*here, _around(items[at].marker)) != (style[0], expected, around):
                    break
                expected += 1
            end = next((n for n in range(at + 1, len(items)) if items[n].level <= depth), len(items))
            inner = _lists(items[at + 1 : end], notes) if end > at + 1 else ""
            html += f"<li><p>{inline_html(items[at].runs, notes)}</p>{inner}</li>"
            at = end
        html += f"</{tag}>"
    return html


def _table(table: Block, notes: dict[str, NoteMark]) -> str:
    html = "<table>"
    for number, row in enumerate(table.rows):
        tag = "th" if number < table.heads else "td"
        html += "<thead>" if number == 0 and table.heads else "<tbody>" if number == table.heads else ""
        html += "<tr>"
        for cell in row:
            spans = f' colspan="{cell.across}"' if cell.across > 1 else ""
            spans += f' rowspan="{cell.down}"' if cell.down > 1 else ""
            html += f"<{tag}{spans}>{to_html(cell.blocks, notes)}</{tag}>"
        html += "</tr>"
        html += "</thead>" if number + 1 == table.heads else ""
    return html + ("</tbody>" if len(table.rows) > table.heads else "") + "</table>"
