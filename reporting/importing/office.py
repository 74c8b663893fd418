"""Word, OpenDocument and HTML files read by pandoc, with all words that stand in them.

Pandoc tells headings, lists, tables, notes and emphasis. What it leaves out, and how many words there are, our own
reader of the text nodes says (`office_files`). All of it runs in short-lived children with limits.
"""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from reporting.compilation.renderers import RendererError, RendererTimedOut, Tools
from reporting.compilation.renderers.process import run, temporary_folder
from reporting.importing import children
from reporting.importing.blocks import Source, from_json
from reporting.verification.reader import Problem

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("office_files") / "reader.py"
MEGABYTES = 768  # of address space for our reader, of heap for pandoc; they run one after the other
SECONDS = 120

Format = Literal["docx", "odt", "html"]


READERS: dict[str, str] = {
    "docx": "docx-auto_identifiers",
    "odt": "odt",
    "html": "html-auto_identifiers+epub_html_exts",
}


def read(content: bytes, *, tools: Tools | None = None) -> Source:
    """Return what a package or page says. Raises Problem."""
    tools = tools or Tools(seconds=SECONDS, pandoc_megabytes=MEGABYTES)
    with temporary_folder(tools) as folder:
        (folder / "file").write_bytes(content)
        found = _reader(folder, "mark", tools)
        _pandoc(folder, found["format"], tools)
        joined = _reader(folder, "join", tools)
    if "text" in joined:  # a text file that was opened in a word processor
        literal = joined.pop("text")
        lines, source = children.text(literal.encode()), from_json(found | joined)
        words = source.words - len(literal.split()) + lines.words  # marks such as ## are words to Word, not to us
        return replace(source, blocks=[*lines.blocks, *source.blocks], pages=lines.pages, words=words)
    return from_json(found | joined)


def _reader(folder: Path, mode: str, tools: Tools) -> dict[str, Any]:
    limits = (str(MEGABYTES), str(int(tools.seconds)))
    return children.ask(READER, str(folder), mode, *limits, content=b"", tools=tools)


def _pandoc(folder: Path, format: Format, tools: Tools) -> None:
    options = [f"--from={READERS[format]}", "--to=json", "--sandbox", f"--output={folder / 'tree'}"]
    limits = ["+RTS", f"-M{tools.pandoc_megabytes}m", "-RTS"]
    try:
        run([*tools.pandoc, *options, str(folder / "copy"), *limits], b"", name="pandoc", tools=tools)
    except RendererTimedOut as error:
        logger.warning("Pandoc took too long for a file: %s", error)
        raise Problem("too_large") from None
    except RendererError as error:  # it needed more memory than it may have, or could not make sense of the file
        logger.warning("Pandoc could not read a file: %s", error)
        raise Problem("unreadable") from None
