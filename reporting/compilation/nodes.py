"""Nodes of pandoc's document tree, as the plain data that pandoc reads and writes as JSON.

A node is `{"t": its kind, "c": its content}`. Nodes are never changed once made, so equal ones may be shared.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

Node = dict[str, Any]

API_VERSION = [1, 23, 1]  # of the tree; pandoc refuses one it does not know

SPACE: Node = {"t": "Space"}
LINE_BREAK: Node = {"t": "LineBreak"}

_BLANKS = re.compile("[ \t\n\r\f\x85\u2028\u2029]+")
# What XML cannot hold, and U+FEFF, which PDF/UA refuses. No reader would see any of them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """Return the text without the characters that a document cannot hold."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return the text in one line, any run of blanks one space, as `words` prints it."""
    return _BLANKS.sub(" ", printable(text)).strip(" ")


def words(text: str) -> list[Node]:
    """Return running text as inlines; any run of blanks is one space, other kinds of space stay as they are."""
    nodes: list[Node] = []
    for number, word in enumerate(_BLANKS.split(printable(text))):
        if number:
            nodes.append(SPACE)
        if word:
            nodes.append({"t": "Str", "c": word})
    return nodes


def trimmed(inlines: list[Node]) -> list[Node]:
    """Return the inlines without spaces and line breaks at either end."""
    start, end = 0, len(inlines)
    while start < end and inlines[start]["t"] in {"Space", "LineBreak"}:
        start += 1
    while end > start and inlines[end - 1]["t"] in {"Space", "LineBreak"}:
        end -= 1
    return inlines[start:end]


def attributes(identifier: str = "", classes: Sequence[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> list[Any]:
    """Return what pandoc calls Attr."""
    return [identifier, list(classes), [list(pair) for pair in pairs]]


def para(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def plain(inlines: list[Node]) -> Node:
    """Return a paragraph without space around it, as in a tight list or a table cell."""
    return {"t": "Plain", "c": inlines}


def header(level: int, identifier: str, inlines: list[Node]) -> Node:
    return {"t": "Header", "c": [level, attributes(identifier), inlines]}


def div(blocks: list[Node], identifier: str = "", pairs: Iterable[tuple[str, str]] = ()) -> Node:
    return {"t": "Div", "c": [attributes(identifier, (), pairs), blocks]}


def span(inlines: list[Node], classes: Sequence[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> Node:
    return {"t": "Span", "c": [attributes("", classes, pairs), inlines]}


def link(inlines: list[Node], address: str) -> Node:
    return {"t": "Link", "c": [attributes(), inlines, [address, ""]]}


def image(alternative: list[Node], target: str, pairs: Iterable[tuple[str, str]] = ()) -> Node:
    return {"t": "Image", "c": [attributes("", (), pairs), alternative, [target, ""]]}


def note(inlines: list[Node]) -> Node:
    return {"t": "Note", "c": [para(inlines)]}


def superscript(inlines: list[Node]) -> Node:
    return {"t": "Superscript", "c": inlines}


def inline_content(node: Node) -> list[Node] | None:
    """Return the inlines inside an inline node, or None where it has none of its own. A note's text is not inside."""
    match node["t"]:
        case "Strong" | "Emph" | "Superscript" | "Subscript":
            return node["c"]
        case "Span" | "Link":
            return node["c"][1]
        case _:
            return None


def tree(blocks: Sequence[Node]) -> str:
    """Return a whole document as the JSON that pandoc reads."""
    document = {"pandoc-api-version": API_VERSION, "meta": {}, "blocks": blocks}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def text_of(inlines: list[Node]) -> str:
    """Return the running words of inlines, notes left out."""
    parts: list[str] = []
    for node in inlines:
        if node["t"] == "Str":
            parts.append(node["c"])
        elif node["t"] in {"Space", "LineBreak"}:
            parts.append(" ")
        elif inside := inline_content(node):
            parts.append(text_of(inside))
    return "".join(parts)
