"""How many words a file has, counted on its own: from the file as it is, before anything is kept aside or changed.

Words are what stands between blanks in a paragraph; what was deleted in it counts as a paragraph of its own.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reporting.importing.office_files import docx, html, odt
from reporting.importing.office_files.xml import element_of
from reporting.verification.reader import Package

Element = Any
Said = dict[Any, list[str]]  # texts by paragraph, or part of one


def in_word(package: Package) -> int:
    said: Said = {}
    for name in package.named(docx.WITH_WORDS):
        _word(docx.part(package, name), None, "kept", said)
    return total(said)


def _word(element: Element, paragraph: Element, state: str, said: Said) -> None:
    tag = element.tag
    if tag in {f"{docx.W}p", f"{docx.A}p", f"{docx.CHART}pt"}:
        paragraph = element
    elif tag in docx.DELETED:
        state = "deleted"
    elif tag == f"{docx.W}rt":
        state = "guide"
    elif tag == f"{docx.MC}AlternateContent":
        forms = docx.forms(element)
        for form in forms[:1] + [form for form in forms[1:] if docx.says_more(form, forms[0])]:
            _word(form, paragraph, state, said)
        return
    elif tag in {*docx.TEXTS, f"{docx.M}t"} and paragraph is not None:
        said.setdefault((paragraph, state), []).append(element.text or "")
    elif tag in docx.SIGNS and element.getparent().tag == f"{docx.W}r" and paragraph is not None:
        said.setdefault((paragraph, state), []).append(docx.SIGNS[tag])
    for child in element:
        _word(child, paragraph, state, said)


def in_open_document(package: Package) -> int:
    said: Said = {}
    for name in package.named(r"content\.xml|styles\.xml|Object[^/]*/content\.xml"):
        root = element_of(package.read(name))
        if name == "styles.xml":
            root = root.find(f"{odt.OFFICE}master-styles")
        if root is not None:
            _open(root, None, said)
    return total(said)


def _open(element: Element, paragraph: Element, said: Said) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in {f"{odt.OFFICE}change-info", f"{odt.MATH}annotation"}:
        return
    if tag in odt.PARAGRAPHS or tag in {f"{odt.TEXT}note-citation", f"{odt.MATH}math"}:
        paragraph = element
    elif tag.startswith(odt.DRAW):
        paragraph = None
    elif tag == f"{odt.TEXT}number" and element.getparent().tag not in odt.PARAGRAPHS:
        paragraph = element
    if paragraph is not None and element.text:
        said.setdefault(paragraph, []).append(element.text)
    if paragraph is not None and tag in {f"{odt.TEXT}{name}" for name in ("s", "tab", "line-break")}:
        said.setdefault(paragraph, []).append(" ")
    for child in element:
        _open(child, paragraph, said)
        if paragraph is not None and child.tail:
            said.setdefault(paragraph, []).append(
                f" {child.tail}" if paragraph.tag == f"{odt.MATH}math" else child.tail
            )


def in_page(content: bytes) -> int:
    root = html.parse(content)
    return sum(len("".join(text).split()) for text in _runs(_page(root, "body")))


def _page(element: Element, place: str) -> Iterator[tuple[str, str]]:
    """Give all texts with the place in which they stand, and an empty text where a block begins or ends."""
    if element.tag in html.WORDLESS:
        return
    place = element.tag if element.tag in html.BESIDE or element.tag == "title" else place
    edge = element.tag in html.BLOCKS or element.tag in {"br", "title"}
    if edge:
        yield place, ""
    if element.text:
        yield place, element.text
    for child in element:
        yield from _page(child, place)
        if child.tail:
            yield place, child.tail
    if edge:
        yield place, ""


def _runs(texts: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    open_: dict[str, list[str]] = {}
    for place, text in texts:
        if text:
            open_.setdefault(place, []).append(text)
        else:
            yield open_.pop(place, [])
    yield from open_.values()


def total(said: Said) -> int:
    return sum(len("".join(texts).split()) for texts in said.values())
