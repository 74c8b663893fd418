"""Child process that reads a Word, OpenDocument or HTML file of unknown origin, before and after pandoc.

reader.py FOLDER mark MEGABYTES SECONDS     file -> copy with marks (`copy`), words (`pieces`); prints what it found
reader.py FOLDER join MEGABYTES SECONDS     what pandoc made of the copy (`tree`), and the words -> prints the blocks
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(
    0, str(Path(__file__).resolve().parents[3])
)  # it is started in isolation, so that it finds nothing else

from reporting.importing.office_files import count, docx, html, literal, odt, pieces, tree
from reporting.verification.reader import Package, Problem, confine, package_format

MACROS = r"vbaproject\.bin$|vbadata\.xml$|^basic/.+/(?!script-l[bc]\.xml).+|^scripts/.+[^/]$"
OTHERS = {"xl/workbook.xml": "sheet", "xl/workbook.bin": "sheet", "ppt/presentation.xml": "slides"}


def mark(folder: Path) -> dict[str, Any]:
    """Find out what a file is, and take its words."""
    content = (folder / "file").read_bytes()
    found = pieces.Pieces()
    if content[:4] == b"PK\x03\x04" or zipfile.is_zipfile(io.BytesIO(content)):
        format, copy, words = read_package(content, found)
    else:
        format, copy, words = "html", html.read(content, found), count.in_page(content)
    (folder / "copy").write_bytes(copy)
    (folder / "pieces").write_text(json.dumps(found.as_json()))
    return {"format": format, "words": words, "pages": found.pages}


def read_package(content: bytes, found: pieces.Pieces) -> tuple[str, bytes, int]:
    package = Package(content)
    names = [name.lower() for name in package.entries]
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package.entries else b""
    if b"macroEnabled" in types or any(re.search(MACROS, name) for name in names):
        raise Problem("macros")
    format = package_format(package.entries)
    if format == "docx":
        return format, docx.read(package, found), count.in_word(package)
    if format == "odt":
        return format, odt.read(package, found), count.in_open_document(package)
    raise Problem(next((kind for start, kind in OTHERS.items() if any(map(start.__eq__, names))), "no_document"))


def join(folder: Path) -> dict[str, Any]:
    """Make blocks of what pandoc read."""
    taken = pieces.from_json(json.loads((folder / "pieces").read_text()))
    reading = tree.Reading(taken)
    blocks = reading.blocks(json.loads((folder / "tree").read_bytes()))
    text = literal.text_of(taken, blocks)
    if text is not None:
        return {"text": text, "blocks": [block for block in blocks if block.get("place", "body") != "body"]}
    return {"blocks": blocks}


def main() -> None:
    folder, mode, megabytes, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    confine(megabytes, seconds)
    try:
        answer = mark(folder) if mode == "mark" else join(folder)
    except Problem as problem:
        answer = {"problem": str(problem)}
    except (MemoryError, pieces.TooMuch):
        answer = {"problem": "too_large"}
    except Exception as error:  # the libraries raise many kinds at a file that is not as it should be
        answer = {"problem": "damaged", "why": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
