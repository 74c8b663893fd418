"""Writes pandoc's tree as OpenDocument text, and the automatic styles that it needs.

Pandoc's own ODT writer loses the direction of a paragraph, shifts the cells of a table beside one that reaches down
several rows, puts each block into a section of its own, and writes a style of ten levels for each list.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from reporting.compilation.nodes import Node, text_of
from reporting.compilation.renderers import design
from reporting.compilation.renderers.odt_styles import TEXT_WIDTH, alignment, language_attributes, writing_mode

_CELL_SIDES = 10  # points that the padding of a cell takes from its width
_COVERED = "<table:covered-table-cell/>"
_NUMBERS = {
    "Decimal": "List_20_1",
    "LowerAlpha": "List_20_a",
    "UpperAlpha": "List_20_A",
    "LowerRoman": "List_20_i",
    "UpperRoman": "List_20_I",
}
_AROUND = {"OneParen": "_one", "TwoParens": "_two"}


class Look(NamedTuple):
    """How a run of characters differs from its paragraph."""

    bold: bool = False
    italic: bool = False
    position: str = ""  # "super" or "sub"
    language: str = ""  # empty where it is that of the document


class Place(NamedTuple):
    """What a block inherits from those around it."""

    style: str = "Text_20_body"  # of its paragraphs
    tight_style: str = "Text_20_body"  # of those without space around them
    look: Look = Look()
    direction: str = ""  # empty where it is that of the document
    width: float = TEXT_WIDTH
    in_list: bool = False


IN_TEXT = Place()


class TextWriter:
    """Writes the blocks of one document. The first paragraph after `begin_pages` begins a page of that kind."""

    def __init__(self, direction: str) -> None:
        self._direction = direction
        self._notes = 0
        self._pictures = 0
        self._bookmark = ""  # of the next paragraph
        self._master = ""  # page style that the next paragraph begins
        self._text_styles: dict[Look, str] = {}
        self._paragraph_styles: dict[tuple[str, str, str], str] = {}
        self._table_styles: list[str] = []

    def begin_pages(self, master: str) -> None:
        """Begin a page of this style with what is written next; those of the text are counted from 1."""
        self._master = master

    def automatic_styles(self) -> str:
        """Return the styles that were needed so far."""
        return "".join(
            [
                *(_paragraph_style(name, *facts) for facts, name in self._paragraph_styles.items()),
                *(_text_style(name, look) for look, name in self._text_styles.items()),
                *self._table_styles,
            ]
        )

    # Blocks

    def blocks(self, nodes: Sequence[Node], place: Place = IN_TEXT) -> str:
        """Return blocks. The id of a frame becomes a bookmark in its first paragraph."""
        return "".join(self._block(node, place) for node in nodes)

    def _block(self, node: Node, place: Place) -> str:
        match node["t"]:
            case "Para":
                return self.paragraph(place.style, node["c"], place)
            case "Plain":
                return self.paragraph(place.tight_style, node["c"], place)
            case "Header":
                level, (identifier, _classes, _pairs), inlines = node["c"]
                self._bookmark = identifier
                return self.paragraph(f"Heading_20_{level}", inlines, place, level=level)
            case "Div":
                (identifier, _classes, pairs), inner = node["c"]
                self._bookmark = identifier or self._bookmark
                return self.blocks(inner, self._inside(dict(pairs), place))
            case "BulletList":
                return self._list("List_20_Bullet", 1, node["c"], place)
            case "OrderedList":
                (start, style, delimiter), items = node["c"]
                return self._list(_NUMBERS[style["t"]] + _AROUND.get(delimiter["t"], ""), start, items, place)
            case "BlockQuote":
                return self.blocks(node["c"], place._replace(style="Quotations", tight_style="Quotations"))
            case "Table":
                return self._table(node, place)
            case kind:
                raise ValueError(f"no block of a text: {kind}")

    def _inside(self, pairs: dict[str, str], place: Place) -> Place:
        """Return the place inside a frame that may name a language and a direction."""
        language, direction = pairs.get("lang", ""), pairs.get("dir", "")
        if language:
            place = place._replace(look=place.look._replace(language=language))
        if direction:
            place = place._replace(direction="" if direction == self._direction else direction)
        return place

    def paragraph(self, style: str, inlines: Sequence[Node], place: Place = IN_TEXT, *, level: int = 0) -> str:
        """Return a paragraph, or the heading of a level."""
        start, end = self._begin(style, place, level)
        return f"{start}{self.inlines(inlines, place)}{end}"

    def raw_paragraph(self, style: str, content: str) -> str:
        """Return a paragraph whose content is written already."""
        start, end = self._begin(style, IN_TEXT, 0)
        return f"{start}{content}{end}"

    def _begin(self, style: str, place: Place, level: int) -> tuple[str, str]:
        """Return what opens and what closes a paragraph."""
        if place.direction or self._master:
            facts = (style, place.direction, self._master)
            style = self._paragraph_styles.setdefault(facts, f"P{len(self._paragraph_styles) + 1}")
        tag, outline = ("text:h", f' text:outline-level="{level}"') if level else ("text:p", "")
        start, end = f'<{tag} text:style-name="{style}"{outline}>', f"</{tag}>"
        if self._bookmark:
            name = quoteattr(self._bookmark)
            start, end = (
                f"{start}<text:bookmark-start text:name={name}/>",
                f"<text:bookmark-end text:name={name}/>{end}",
            )
        self._bookmark = self._master = ""
        return start, end

    def _list(self, style: str, start: int, items: Sequence[Sequence[Node]], place: Place) -> str:
        inside = place._replace(style="Text_20_body", tight_style="List_20_Contents", in_list=True)
        written = []
        for number, item in enumerate(items):
            first = f' text:start-value="{start}"' if number == 0 and start != 1 else ""
            written.append(f"<text:list-item{first}>{self.blocks(item, inside)}</text:list-item>")
        return f'<text:list text:style-name="{style}">{"".join(written)}</text:list>'

    # Tables

    def _table(self, node: Node, place: Place) -> str:
        """Return a table. OpenDocument has none inside a list: there the cells are paragraphs, one after another."""
        _attributes, _caption, columns, (_head, head), ((_body, _count, _none, body),), _foot = node["c"]
        if place.in_list:
            cells = (cell for _row, row in (*head, *body) for cell in row)
            return "".join(self.blocks(nodes, place) for _cell, _align, _down, _across, nodes in cells)
        name = f"Table{len(self._table_styles) + 1}"
        widths = [width["c"] * place.width for _align, width in columns]
        direction = place.direction or self._direction
        self._table_styles.append(_table_style(name, widths, self._master, direction=direction))
        self._master = ""
        written = [f'<table:table table:name="{name}" table:style-name="{name}">']
        written += [f'<table:table-column table:style-name="{name}.{at}"/>' for at in range(1, len(widths) + 1)]
        if head:
            rows = self._rows(head, widths, place._replace(tight_style="Table_20_Heading"), is_top=True)
            written.append(f"<table:table-header-rows>{rows}</table:table-header-rows>")
        written.append(self._rows(body, widths, place._replace(tight_style="Table_20_Contents"), is_top=not head))
        return "".join([*written, "</table:table>"])

    def _rows(self, rows: Sequence[Any], widths: list[float], place: Place, *, is_top: bool) -> str:
        """Return rows; what a cell reaches over, to the side and down, is said to be covered."""
        written = []
        reaching = [0] * len(widths)  # rows for which a cell above still reaches over the column
        for number, (_attributes, cells) in enumerate(rows):
            line = []
            column = 0
            style = "TableTop" if is_top and not number else "TableCell"
            for _cell, _align, down, across, nodes in cells:
                while reaching[column]:
                    line.append(_COVERED)
                    column += 1
                width = sum(widths[column : column + across]) - _CELL_SIDES
                inside = place._replace(style=place.tight_style, width=width)
                written_cell = self.blocks(nodes, inside) or self.paragraph(place.tight_style, [], inside)
                line += [_cell_of(written_cell, style, down, across), *[_COVERED] * (across - 1)]
                reaching[column : column + across] = [down] * across
                column += across
            line += [_COVERED] * (len(widths) - column)
            reaching = [max(left - 1, 0) for left in reaching]
            written.append(f'<table:table-row table:style-name="TableRow">{"".join(line)}</table:table-row>')
        return "".join(written)

    # Inlines

    def inlines(self, nodes: Sequence[Node], place: Place = IN_TEXT) -> str:
        """Return inlines, each run of one look in one span."""
        runs: list[tuple[Look, str]] = []
        self._collect(nodes, place.look, place, runs)
        written = []
        for look, run in groupby(runs, key=lambda run: run[0]):
            content = "".join(text for _look, text in run)
            if look != Look():
                style = self._text_styles.setdefault(look, f"T{len(self._text_styles) + 1}")
                content = f'<text:span text:style-name="{style}">{content}</text:span>'
            written.append(content)
        return "".join(written)

    def _collect(self, nodes: Sequence[Node], look: Look, place: Place, runs: list[tuple[Look, str]]) -> None:
        """Append each inline as it is written, with its look."""
        for node in nodes:
            match node["t"]:
                case "Str":
                    runs.append((look, escape(node["c"])))
                case "Space":
                    runs.append((look, " "))
                case "LineBreak":
                    runs.append((look, "<text:line-break/>"))
                case "Strong":
                    self._collect(node["c"], look._replace(bold=True), place, runs)
                case "Emph":
                    self._collect(node["c"], look._replace(italic=True), place, runs)
                case "Superscript":
                    self._collect(node["c"], look._replace(position="super"), place, runs)
                case "Subscript":
                    self._collect(node["c"], look._replace(position="sub"), place, runs)
                case "Span":
                    (_identifier, _classes, pairs), inside = node["c"]
                    language = dict(pairs).get("lang", look.language)
                    self._collect(inside, look._replace(language=language), place, runs)
                case "Link":
                    _attributes, inside, (address, _title) = node["c"]
                    runs.append((Look(), link(address, self.inlines(inside, place._replace(look=look)))))
                case "Note":
                    runs.append((Look(), self._note(node["c"], place._replace(look=Look(language=look.language)))))
                case "Image":
                    (_identifier, _classes, size), alternative, (file, _title) = node["c"]
                    runs.append((Look(), self._picture(dict(size), text_of(alternative), file)))
                case kind:
                    raise ValueError(f"no inline of a text: {kind}")

    def _picture(self, size: dict[str, str], alternative: str, file: str) -> str:
        self._pictures += 1
        return (
            f'<draw:frame draw:name="Chart {self._pictures}" text:anchor-type="as-char"'
            f' svg:width="{size["width"]}" svg:height="{size["height"]}">'
            f'<draw:image xlink:href={quoteattr(file)} xlink:type="simple" xlink:show="embed"'
            f' xlink:actuate="onLoad"/><svg:desc>{escape(alternative)}</svg:desc></draw:frame>'
        )

    def _note(self, blocks: Sequence[Node], place: Place) -> str:
        bookmark, self._bookmark = self._bookmark, ""
        self._notes += 1
        body = self.blocks(blocks, place._replace(style="Footnote", tight_style="Footnote"))
        self._bookmark = bookmark
        return (
            f'<text:note text:id="ftn{self._notes}" text:note-class="footnote">'
            f"<text:note-citation>{self._notes}</text:note-citation><text:note-body>{body}</text:note-body></text:note>"
        )


def link(address: str, content: str, style: str = "Internet_20_link") -> str:
    """Return a link around what is written already."""
    return (
        f'<text:a xlink:type="simple" xlink:href={quoteattr(address)} text:style-name="{style}"'
        f' text:visited-style-name="{style}">{content}</text:a>'
    )


def _cell_of(content: str, style: str, down: int, across: int) -> str:
    spans = f' table:number-rows-spanned="{down}"' if down > 1 else ""
    spans += f' table:number-columns-spanned="{across}"' if across > 1 else ""
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string"{spans}>{content}</table:table-cell>'
    )


# Styles


def _paragraph_style(name: str, parent: str, direction: str, master: str) -> str:
    page = f' style:master-page-name="{master}"' if master else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}"{page}>'
        f"<style:paragraph-properties{_page_number(master)}{alignment(direction)}{writing_mode(direction)}/>"
        "</style:style>"
    )


def _page_number(master: str) -> str:
    """Return with which number a page of this style begins: pages are counted from the first after the cover."""
    return ' style:page-number="1"' if master == "Standard" else ""


def _text_style(name: str, look: Look) -> str:
    facts = ""
    for kind, value, wanted in (("font-weight", "bold", look.bold), ("font-style", "italic", look.italic)):
        if wanted:
            facts += f' fo:{kind}="{value}" style:{kind}-asian="{value}" style:{kind}-complex="{value}"'
    if look.position:
        facts += f' style:text-position="{look.position} 58%"'
    if look.language:
        facts += language_attributes(look.language)
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties{facts}/></style:style>'


def _table_style(name: str, widths: list[float], master: str, *, direction: str) -> str:
    """Return the styles of a table and its columns."""
    page = f' style:master-page-name="{master}"' if master else ""
    columns = "".join(
        f'<style:style style:name="{name}.{at}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{width:.1f}pt" style:rel-column-width="{round(width * 20)}*"/></style:style>'
        for at, width in enumerate(widths, start=1)
    )
    return (
        f'<style:style style:name="{name}" style:family="table"{page}><style:table-properties'
        f' style:width="{sum(widths):.1f}pt" table:align="margins" fo:margin-bottom="{design.BODY_AFTER}pt"'
        f'{_page_number(master)}{writing_mode(direction)} table:border-model="collapsing"/></style:style>{columns}'
    )
