"""Small documents for tests of how a text is built, and what the compiler makes of them again."""

import json
import re

from reporting.compilation.document import build
from reporting.compilation.snapshot import FORMAT, Item, Record, Section, Snapshot
from reporting.importing.blocks import Block, Cell, NoteMark, Run, to_html
from reporting.importing.mending import Mended
from reporting.importing.outline import Outline, outline

#: Running text, long enough to be told from a heading.
TEXT = "We worked with many partners in this period, and the work brought results that others use, here and elsewhere."

_MARKS = re.compile(r"(\*\*.+?\*\*|\[\^\w+\])")


def document(text: str) -> list[Block]:
    """Return the blocks of a text, one a line: `# heading`, `**bold**`, `- entry`, `> quotation`, `[^1]` notes, `---`.

    A line of `|` is a table with one cell, `...` stands for running text.
    """
    return [_block(line) for line in _lines(text) if line]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.sub(r"(?<!\.)\.{3}(?!\.)", TEXT, text).splitlines()]


def _block(line: str) -> Block:
    if line == "---":
        return Block("page")
    if line.startswith("|"):
        return Block("table", rows=[[Cell([_block(line.strip("| "))])]])
    if found := re.match(r"\[\^(\w+)\]: ", line):
        return Block("note", _runs(line[found.end() :]), [line], marker=found[1], note=found[1])
    if found := re.match(r"(#+) ", line):
        return Block("heading", _runs(line[found.end() :]), [line[found.end() :]], level=len(found[1]))
    if found := re.match(r"([-•]|\d+\.|\([a-z]\)) (?!\d+\. )", line):
        return Block("item", _runs(line[found.end() :]), [line], level=1, marker=found[1])
    if line.startswith("> "):
        return Block("quote", _runs(line[2:]), [line[2:]])
    return Block("paragraph", _runs(line), [line.replace("**", "")])


def _runs(line: str) -> list[Run]:
    runs = []
    for piece in _MARKS.split(line):
        if found := re.fullmatch(r"\[\^(\w+)\]", piece):
            runs.append(Run(found[1], note=found[1]))
        elif piece.startswith("**") and piece.endswith("**"):
            runs.append(Run(piece[2:-2], ("strong",)))
        elif piece:
            runs.append(Run(piece))
    return runs


def outlined(text: str, language: str = "en") -> Outline:
    """Return how a document in the short form above is built."""
    return outline(Mended(document(text)), language=language)


# The way back


def come_out(found: Outline, language: str = "en") -> tuple[list[str], list[str]]:
    """Return the words that the compiler prints from an outline: those of the front, and those of the text."""
    compiled = build(_snapshot(found, language))
    front = []
    for block in compiled.front:
        front += _words(block.get("text", "")) + [word for entry in block.get("entries", []) for word in _words(entry)]
        if block["kind"] == "contents":
            front += [word for heading in compiled.contents for word in _words(heading.text)]
    return front, _words(" ".join(_texts(json.loads(compiled.tree)["blocks"])))


def went_in(text: str) -> list[str]:
    """Return the words of a document in the short form, without its notes and bullets."""
    kept = [re.sub(r"^(#+|>) |\[\^\w+\]|\*\*", "", line) for line in _lines(text) if not re.match(r"\[\^\w+\]: ", line)]
    return _words(" ".join(kept))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _texts(node: object) -> list[str]:
    """Return the words of a tree, without those of its notes; a block ends a word."""
    if isinstance(node, list):
        return [text for inner in node for text in _texts(inner)]
    if not isinstance(node, dict):
        return []
    match node.get("t"):
        case "Str":
            return [node["c"]]
        case "Space" | "SoftBreak" | "LineBreak":
            return [" "]
        case "Note":
            return []
        case "Header":
            return [" ", *_texts(node["c"][2]), " "]
        case "Div" | "Span" | "Link":
            return [" ", *_texts(node["c"][1])]
    return [*_texts(node.get("c", [])), " "]


def _snapshot(found: Outline, language: str) -> Snapshot:
    notes = {block.note: NoteMark("a note") for block in found.blocks if block.note}
    ids = iter(range(1, 1000))

    def record() -> Record:
        return {"kind": "item", "id": next(ids), "language": "", "version": 1, "role": "", "entity": ""}

    sections = [
        Section(
            id=f"section{number}",
            record=record(),
            heading=section.shown,
            summary=section.is_summary,
            items=[
                Item(
                    id=f"item{number}_{place}",
                    record=record(),
                    about=None,
                    numbered=piece.numbered,
                    heading=piece.shown,
                    heading_id=f"heading{number}_{place}" if piece.shown else "",
                    heading_record=record() if piece.shown else None,
                    level=piece.level,
                    html=to_html(found.text_of(piece), notes),
                    language=language,
                )
                for place, piece in enumerate(section.pieces)
            ],
        )
        for number, section in enumerate(found.sections)
    ]
    return {
        "format": FORMAT,
        "portal": "https://portal.example.org",
        "call": "25",
        "submission": "X",
        "entities": ["X"],
        "mark": "",
        "title": found.title,
        "author": "",
        "subject": "",
        "language": language,
        "demonstration": False,
        "layout": {
            "heading_numbers": found.heading_numbers.value,  # type: ignore[typeddict-item]  # choices
            "paragraph_numbers": found.paragraph_numbers.value,  # type: ignore[typeddict-item]  # choices
            "contents_depth": found.contents_depth,
        },
        "cover": [],
        "cover_record": None,
        "front": found.front,
        "front_record": None,
        "sections": sections,
        "references": {},
    }
