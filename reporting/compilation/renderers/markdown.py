"""Writes a document as Markdown that a person can read: facts as YAML before it, notes and tables as pandoc knows them.

Frames around blocks and languages of words are left out, which only programs would miss. Quotation marks, dashes and
dots stay as they were typed: read it with `pandoc --from=markdown-smart`.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from reporting.compilation import languages
from reporting.compilation.document import Document, Heading
from reporting.compilation.nodes import SPACE, Node, attributes, link, para, plain, tree, words
from reporting.compilation.renderers import pictures, process
from reporting.compilation.renderers import words as own_words
from reporting.compilation.renderers.front import cover_words
from reporting.compilation.renderers.process import Tools
from reporting.compilation.snapshot import FrontBlock

# Simple and multiline tables look like running text to any other program than pandoc.
FORMAT = "markdown-smart-simple_tables-multiline_tables"
# Signs that would be read as markup: a definition or a frame, a rule, an entity, a citation after a bracket, a picture
# where a link follows.
_FORGOTTEN = re.compile(r"(^:|^-(?=--)|&(?=#?\w+;)|(?<![0-9A-Za-z])@(?=[\w{])|!(?=\[|$)|(?<=!)\[)")
_ENTITY = re.compile(r"(&#?\w+);")
_STRONG_LINES = {"body", "session", "dates", "title", "entity"}  # of the cover


def render(document: Document, tools: Tools) -> bytes:
    """Return the file, in UTF-8."""
    blocks = readable([*_before(document), *pictures.placed(document, lambda at, node: _chart(document, at, node))])
    return _facts(document).encode() + process.pandoc(tools, [f"--to={FORMAT}"], tree(blocks))


def _chart(document: Document, number: int, node: Node) -> Node:
    """Return what a chart shows in words, and the address of the page that has it."""
    address = document.charts[number]["address"]
    return para([*node["c"][1], SPACE, link(words(address), address)])


def _facts(document: Document) -> str:
    """Return facts about the document as YAML. A string of JSON is one of YAML, whatever it holds."""
    facts = {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "lang": languages.tag(document.language),
        "dir": document.direction,
        "fingerprint": document.fingerprint,
        "portal": document.portal,
    }
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in facts.items())
    return f"---\n{''.join(lines)}---\n\n"


def readable(nodes: Any) -> Any:
    """Return blocks, or what is inside them, without divs and spans, and with signs escaped that pandoc forgets."""
    if isinstance(nodes, dict):
        return {**nodes, "c": readable(nodes["c"])} if "c" in nodes else nodes
    if not isinstance(nodes, list):
        return nodes
    found = []
    for node in nodes:
        match node:
            case {"t": "Div" | "Span", "c": [_attributes, inside]}:
                found += readable(inside)
            case {"t": "Strong" | "Emph" | "Superscript" | "Subscript" as kind, "c": inside}:
                before = found.pop()["c"] if found and found[-1]["t"] == kind else []  # two marks in a row read as one
                found.append({"t": kind, "c": [*before, *readable(inside)]})
            case {"t": "ColWidth"}:
                found.append({"t": "ColWidthDefault"})  # a table of measured columns is drawn, which is hard to read
            case {"t": "Str", "c": text}:
                found += _escaped(text)
            case {"t": "Link", "c": [facts, inside, [address, title]]}:
                found.append({"t": "Link", "c": [facts, readable(inside), [_ENTITY.sub(r"\1%3B", address), title]]})
            case _:
                found.append(readable(node))
    return found


def _escaped(text: str) -> list[Node]:
    """Return a word as nodes."""
    parts = _FORGOTTEN.split(text)
    return [
        {"t": "RawInline", "c": ["markdown", f"\\{part}"]} if at % 2 else {"t": "Str", "c": part}
        for at, part in enumerate(parts)
        if part
    ]


# What stands before the text


def _before(document: Document) -> Iterator[Node]:
    if document.demonstration:
        yield para([_strong(words(own_words.words(document.language)["demonstration"]))])
    for line in document.cover:
        inlines = cover_words(line)
        yield para([_strong(inlines)] if line["style"] in _STRONG_LINES else inlines)
    if document.cover:
        yield {"t": "HorizontalRule"}
    for block in document.front:
        yield from _front_block(block, document)


def _front_block(block: FrontBlock, document: Document) -> Iterator[Node]:
    if text := words(block.get("text", "")):
        yield para([_strong(text)] if block["kind"] in {"title", "contents"} else text)
    if block["kind"] == "contents":
        yield _contents(document.contents)
    elif block["kind"] == "list":
        yield {"t": "BulletList", "c": [[plain(words(entry))] for entry in block.get("entries", [])]}


def _contents(headings: Sequence[Heading]) -> Node:
    """Return the headings as lists in lists, each linked to its place. Headings skip no level."""
    top: list[list[Node]] = []
    lists = [top]
    for heading in headings:
        del lists[heading.level :]
        if len(lists) < heading.level:
            inner: list[list[Node]] = []
            lists[-1][-1].append({"t": "BulletList", "c": inner})
            lists.append(inner)
        entry: Node = {"t": "Link", "c": [attributes(), words(heading.text), [f"#{heading.id}", ""]]}
        lists[-1].append([plain([entry])])
    return {"t": "BulletList", "c": top}


def _strong(inlines: list[Node]) -> Node:
    return {"t": "Strong", "c": inlines}
