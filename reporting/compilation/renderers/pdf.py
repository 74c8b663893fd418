"""Typesets a document as PDF: pandoc writes Typst markup, Typst the pages, as PDF/UA-1 and PDF/A-3a at once."""

import dataclasses
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from reporting.compilation import languages
from reporting.compilation.document import Document, TextWarning
from reporting.compilation.nodes import Node, tree
from reporting.compilation.renderers import design, fonts, pictures, process
from reporting.compilation.renderers.errors import RendererFailed
from reporting.compilation.renderers.process import Tools
from reporting.compilation.renderers.words import words

TEMPLATE = Path(__file__).parent.parent / "assets" / "submission.typ"
STANDARDS = ["ua-1", "a-3a"]
NO_DATE = 315532800  # 1 January 1980: a date is required, and the day of making must not change the bytes

# Typst reads some signs of a text as markup where pandoc leaves them as they are: "--", "-5" and "..." are printed as
# other signs, ".b" after the end of an emphasis asks for its field b, and a "=", "-", "+", "/" or "1." that begins a
# note, a link, a cell or an item of a list makes a heading or a list.
_ADDRESS = r'#link\("(?:[^"\\]|\\.)*"\)'
_SHORTHAND = re.compile(_ADDRESS + r"|\\.|-(?=\S)|\.(?=\.\.)|(?<=\])\.(?=\w)", re.DOTALL)
_MARKER = re.compile(r'\{"t":"Str","c":"(=+|[-+/]|\d+\.)(?=[\s"])((?:[^"\\]|\\.)*)"\}')
_SPAN_LANGUAGE = re.compile(r'("t":"Span","c":\[\["",\[\],\[)(?=\["lang","([a-z]{2,3})\b)')
# A heading begins on a line of its own, and a paragraph from right to left at the right edge of the page.
_BLOCK_LANGUAGE = re.compile(r'^#block\[\n(#set text\(lang: "[a-z]+"\)); ', re.MULTILINE)
# A word without end would run off the paper: it may break here, Chinese may break anywhere.
_LONG_WORD = re.compile(_ADDRESS + r"|[0-9A-Za-z\u00c0-\u1fff]{45}(?=[0-9A-Za-z\u00c0-\u1fff])")
_SOFT_HYPHEN = "\u00ad"  # would be copied out of the PDF with every letter before it
MOST_ROUNDS = 6  # of boxes for what Typst itself finds no glyph for, after our own look into the fonts
MOST_LISTED = 40  # characters in a warning


@dataclass(frozen=True)
class Pages:
    """A typeset document."""

    content: bytes
    page_of: dict[str, int]  # of each heading, by its id, as printed at the foot of the page
    warnings: list[TextWarning]


_typeset: WeakKeyDictionary[Document, Pages] = WeakKeyDictionary()


def typeset(document: Document, tools: Tools) -> Pages:
    """Return the pages of a document. They are kept as long as it is: the contents list of the DOCX asks too."""
    if document not in _typeset:
        _typeset[document] = _pages(document, tools)
    return _typeset[document]


def _pages(document: Document, tools: Tools) -> Pages:
    markup = _markup(document, tools)
    drawn = pictures.for_pages(document)
    facts = json.dumps(_facts(document, drawn), ensure_ascii=False)
    missing = fonts.without_font(markup + facts)
    answer: dict[str, Any] = {}
    with process.temporary_folder(tools) as folder:
        for number, picture in enumerate(drawn):
            (folder / _chart_file(number, picture)).write_bytes(picture.content)
        for attempt in range(MOST_ROUNDS):
            if attempt == MOST_ROUNDS - 1:  # a text of rare marks on rare letters: better without them than not at all
                markup, facts = fonts.without_marks(markup), fonts.without_marks(facts)
            text = TEMPLATE.read_text(encoding="utf-8") + fonts.boxed(markup, missing)
            (folder / "main.typ").write_text(text, encoding="utf-8")
            job = {
                "folder": str(folder),
                "facts": fonts.boxed(facts, missing),
                "fonts": [str(path) for path in fonts.folders()],
                "standards": STANDARDS,
                "timestamp": NO_DATE,
                "megabytes": tools.typesetter_megabytes,
                "seconds": max(1, round(2 * tools.seconds)),  # of two processors
            }
            answer = json.loads(process.run(tools.typesetter, json.dumps(job).encode(), name="Typst", tools=tools))
            if "pages" in answer:
                break
            unshowable = "".join(sign for sign in answer["unshowable"] if not sign.isascii())  # markup must stay
            missing = sorted({*missing, unshowable} - {""})
        else:
            raise RendererFailed(f"Typst: {answer['unshowable']}")
        content = (folder / "main.pdf").read_bytes()
    warnings: list[TextWarning] = []
    if missing:
        listed = " ".join(missing[:MOST_LISTED]) + (" …" if len(missing) > MOST_LISTED else "")
        warnings.append({"kind": "characters_without_font", "block": "", "heading": "", "words": listed})
    return Pages(content, dict(answer["pages"]), warnings)


def _markup(document: Document, tools: Tools) -> str:
    """Return the text in Typst's markup, with nothing in it that Typst would print as another sign."""
    blocks = pictures.placed(document, lambda number, _node: {"t": "RawBlock", "c": ["typst", f"#chart({number})"]})
    text = _MARKER.sub(_as_text, tree(_unboxed(blocks))).replace(_SOFT_HYPHEN, "")
    text = _SPAN_LANGUAGE.sub(r'\1["typst:text:lang","\"\2\""],', text)  # pandoc drops that of a span
    markup = process.pandoc(tools, ["--to=typst-smart"], text).decode()
    markup = _BLOCK_LANGUAGE.sub(r"#block(width: 100%)[\n\1\n", markup)
    literal = _SHORTHAND.sub(lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", markup)
    return _LONG_WORD.sub(lambda found: found[0] if found[0].startswith("#") else f"{found[0]}\u200b", literal)


def _chart_file(number: int, picture: pictures.Picture) -> str:
    return f"chart{number}.{'png' if picture.width else 'svg'}"


def _unboxed(blocks: list[Node]) -> list[Node]:
    """Return the blocks without the frames that carry nothing but an id: each costs Typst memory, by half in all."""
    return [inner for block in blocks for inner in (block["c"][1] if _only_carries_id(block) else [block])]


def _only_carries_id(block: Node) -> bool:
    return block["t"] == "Div" and not block["c"][0][2]


def _as_text(found: re.Match[str]) -> str:
    """Return a word that looks like a marker as two nodes: the sign, escaped, and what follows it."""
    rest = f',{{"t":"Str","c":"{found[2]}"}}' if found[2] else ""
    return f'{{"t":"RawInline","c":["typst","\\\\{found[1]}"]}}{rest}'


def _facts(document: Document, drawn: Sequence[pictures.Picture]) -> dict[str, Any]:
    """Return what the template has to know."""
    language = languages.base(document.language)
    return {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "keywords": [f"fingerprint:{document.fingerprint}", f"portal:{document.portal}"],
        "language": language,
        "fonts": _font_list(language),
        "demonstration": words(document.language)["demonstration"] if document.demonstration else "",
        "cover": [{"lead": "", **line} for line in document.cover],
        "front": [{"entries": [], **block} for block in document.front],
        "charts": [
            {"file": _chart_file(number, picture), "width": picture.width, "alternative": chart["alternative"]}
            for number, (chart, picture) in enumerate(zip(document.charts, drawn, strict=True))
        ],
        "contents-depth": document.contents_depth,
        "contents": {
            heading.id: {"text": heading.text, "language": languages.base(heading.language or document.language)}
            for heading in document.contents
        },
        "measures": {
            "margin": design.MARGIN,
            "picture": pictures.MOST_HEIGHT,
            "header": design.HEADER,
            "footer": design.FOOTER,
            "small": design.SMALL,
            "body": {"size": design.BODY, "line": design.BODY_LINE, "after": design.BODY_AFTER},
            "note": {"size": design.NOTE, "line": design.NOTE_LINE},
            "contents-after": design.CONTENTS_AFTER,
            "first-text-before": design.FIRST_TEXT_BEFORE,
            "headings": {level: dataclasses.asdict(style) for level, style in design.HEADINGS.items()},
            "front": {kind: dataclasses.asdict(style) for kind, style in design.FRONT.items()},
            "cover": {kind: dataclasses.asdict(style) for kind, style in design.COVER.items()},
            "colours": {
                "ink": design.INK,
                "accent": design.ACCENT,
                "quiet": design.QUIET,
                "rule": design.RULE,
                "warning": design.WARNING,
            },
        },
    }


def _font_list(language: str) -> list[Any]:
    """Return the families for a language. In Chinese, quotation marks and dashes are those of the Chinese font."""
    first, *others = fonts.families()
    return [{"name": first, "covers": "latin-in-cjk"}, *others, first] if language == "zh" else [first, *others]
