"""XML that is not trusted: read without entities, and changed without losing a word."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from reporting.verification.reader import Problem


def element_of(content: bytes) -> Any:
    """Return the root of a text. No entity is resolved, nothing fetched; one that declares any is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Problem("entities" if b"<!ENTITY" in content else "damaged") from None  # too many that name each other
    if root.getroottree().docinfo.doctype:
        raise Problem("entities")
    return root


def unwrap(root: Any, tags: Iterable[str]) -> None:
    """Put what stands in some elements in their place."""
    for element in list(root.iter(*tags)):
        parent = element.getparent()
        if parent is None:
            continue
        at = parent.index(element)
        add_text(parent, at, element.text)
        children = list(element)
        for child in children:
            parent.insert(at, child)
            at += 1
        add_text(parent, at, element.tail)
        element.tail = None
        parent.remove(element)


def add_text(parent: Any, at: int, text: str | None) -> None:
    """Add a text before the child at a place."""
    if not text:
        return
    if at == 0:
        parent.text = (parent.text or "") + text
    else:
        before = parent[at - 1]
        before.tail = (before.tail or "") + text


def drop(root: Any, tags: Iterable[str]) -> None:
    """Take some elements out with all that they hold; what follows them stays."""
    for element in list(root.iter(*tags)):
        parent = element.getparent()
        if parent is None:
            continue
        at = parent.index(element)
        add_text(parent, at, element.tail)
        element.tail = None
        parent.remove(element)


def repack(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()
