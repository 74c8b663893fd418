"""Writes a document as a file. Pure: the same document gives the same bytes, with the same versions of the tools.

`render` gives the bytes of one format, `versions` tells with what they were made. All programs run as children with
limits of time and memory; what goes wrong is one of the exceptions named here, or an OSError when the disk is full.
"""

import hashlib
import platform
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.common import charts
from reporting.compilation.document import Document, TextWarning
from reporting.compilation.renderers import data, docx, fonts, html, markdown, odt, pdf
from reporting.compilation.renderers.errors import FontMissing, RendererError, RendererFailed, RendererTimedOut
from reporting.compilation.renderers.process import Tools, installed, pandoc_version

__all__ = [
    "FORMATS",
    "FontMissing",
    "Rendered",
    "RendererError",
    "RendererFailed",
    "RendererTimedOut",
    "Tools",
    "render",
    "versions",
]


@dataclass(frozen=True)
class Rendered:
    """A file, and what could not be printed as written."""

    content: bytes
    warnings: list[TextWarning]


def _docx(document: Document, tools: Tools) -> Rendered:
    return Rendered(docx.render(document, tools), [])


def _odt(document: Document, tools: Tools) -> Rendered:
    return Rendered(odt.render(document, tools), [])


def _pdf(document: Document, tools: Tools) -> Rendered:
    pages = pdf.typeset(document, tools)
    return Rendered(pages.content, pages.warnings)


def _html(document: Document, tools: Tools) -> Rendered:
    return Rendered(html.render(document, tools), [])


def _markdown(document: Document, tools: Tools) -> Rendered:
    return Rendered(markdown.render(document, tools), [])


def _json(document: Document, tools: Tools) -> Rendered:
    return Rendered(data.render(document, tools), [])


_RENDERERS: dict[str, Callable[[Document, Tools], Rendered]] = {
    "docx": _docx,
    "odt": _odt,
    "pdf": _pdf,
    "html": _html,
    "md": _markdown,
    "json": _json,
}
FORMATS = tuple(_RENDERERS)
BEFORE_THE_DOCUMENT = {
    *("gather.py", "figures.py", "tables.py", "table_words.py"),
    *("rebuild.py", "run.py", "tools.py", "writers.py"),
}


def render(document: Document, format: str, *, tools: Tools | None = None) -> Rendered:
    """Return the document as a file of one of FORMATS.

    Raises FontMissing, RendererFailed or RendererTimedOut, each with a sentence, and OSError where the disk is full.
    Formats of one document share its typeset pages, so keep the document while you ask for several.
    """
    return _RENDERERS[format](document, tools or Tools())


def versions(tools: Tools | None = None) -> dict[str, str]:
    """Return the version of everything that has a say in the bytes of a file. Raises RendererFailed without pandoc."""
    return {
        "pandoc": pandoc_version(tuple((tools or Tools()).pandoc)),
        "typst": installed("typst"),
        "python-docx": installed("python-docx"),
        "lxml": installed("lxml"),
        "fonttools": installed("fonttools"),
        "vl-convert-python": installed("vl-convert-python"),
        "vega-lite": charts.VERSION,
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "fonts": ", ".join(f"{package} {installed(package) or 'missing'}" for package in fonts.PACKAGES),
        "templates": _templates(),
    }


@cache
def _templates() -> str:
    """Return what tells our own templates and code from others: a hash over them.

    What comes before the document is left out, since it cannot change the files of a frozen text. So is the schema of
    the JSON, which only describes it.
    """
    folder = Path(__file__).parent.parent
    own = hashlib.sha256()
    drawing = Path(charts.__file__)
    for path in sorted([*folder.glob("*.py"), *folder.glob("renderers/*.py"), *folder.glob("assets/*"), drawing]):
        if path.name not in BEFORE_THE_DOCUMENT and not path.name.endswith(".schema.json"):
            own.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return own.hexdigest()[:16]
