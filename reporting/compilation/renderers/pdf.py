"""Typesets a document as PDF: pandoc writes Typst markup, Typst the pages, as PDF/UA-1 and PDF/A-3a at once."""

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from reporting.compilation import languages
from reporting.compilation.document import Document, TextWarning
from reporting.compilation.renderers import design, fonts, process
from reporting.compilation.renderers.errors import RendererFailed
from reporting.compilation.renderers.process import Tools
from reporting.compilation.renderers.words import words

TEMPLATE = Path(__file__).parent.parent / "assets" / "submission.typ"
STANDARDS = ["ua-1", "a-3a"]
NO_DATE = 315532800  # 1 January 1980: a date is required, and the day of making must not change the bytes

# Typst reads "--", "-5" and "..." as signs of its own, where pandoc leaves them as they are; addresses are no text.
_ADDRESS = r'#link\("(?:[^"\\]|\\.)*"\)'
_SHORTHAND = re.compile(_ADDRESS + r"|\\.|-(?=\S)|\.(?=\.\.)", re.DOTALL)
MOST_ROUNDS = 8  # of boxes for what Typst itself finds no glyph for, after our own look into the fonts


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
    markup = _literal(process.pandoc(tools, ["--to=typst-smart"], document.tree()).decode())
    facts = json.dumps(_facts(document), ensure_ascii=False)
    missing = fonts.without_font(markup + facts)
    answer: dict[str, Any] = {"unshowable": ""}
    with process.temporary_folder(tools) as folder:
        for _round in range(MOST_ROUNDS):
            text = TEMPLATE.read_text(encoding="utf-8") + fonts.boxed(markup, missing)
            (folder / "main.typ").write_text(text, encoding="utf-8")
            job = {
                "folder": str(folder),
                "facts": fonts.boxed(facts, missing),
                "fonts": [str(path) for path in fonts.folders()],
                "standards": STANDARDS,
                "timestamp": NO_DATE,
                "megabytes": tools.typesetter_megabytes,
            }
            answer = json.loads(process.run(tools.typesetter, json.dumps(job).encode(), name="Typst", tools=tools))
            if "pages" in answer:
                break
            missing = sorted({*missing, answer["unshowable"]})
        else:
            raise RendererFailed(f"Typst: {answer['unshowable']}")
        content = (folder / "main.pdf").read_bytes()
    warnings: list[TextWarning] = []
    if missing:
        warnings.append({"kind": "characters_without_font", "block": "", "heading": "", "words": " ".join(missing)})
    return Pages(content, dict(answer["pages"]), warnings)


def _literal(markup: str) -> str:
    """Return pandoc's markup with nothing left in the text that Typst would print as another sign."""
    return _SHORTHAND.sub(lambda found: found[0] if len(found[0]) > 1 else f"\\{found[0]}", markup)


def _facts(document: Document) -> dict[str, Any]:
    """Return what the template has to know."""
    language = languages.base(document.language)
    return {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "language": language,
        "fonts": _font_list(language),
        "demonstration": words(document.language)["demonstration"] if document.demonstration else "",
        "cover": [{"lead": "", **line} for line in document.cover],
        "front": [{"entries": [], **block} for block in document.front],
        "contents-depth": document.contents_depth,
        "measures": {
            "margin": design.MARGIN,
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
