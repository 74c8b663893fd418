"""All words of an ODT, and a plain copy of it for pandoc."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from reporting.importing.office_files.pieces import Piece, Pieces, mark
from reporting.importing.office_files.xml import drop, element_of, repack, unwrap
from reporting.verification.reader import Package, Problem

Element = Any

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
MATH = "{http://www.w3.org/1998/Math/MathML}"

PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
KNOWN = PARAGRAPHS | {  # to pandoc, inside a paragraph
    f"{TEXT}{name}" for name in ("span", "a", "note", "note-citation", "note-body", "s", "tab", "line-break")
}
INDEXES = [
    f"{TEXT}{name}"
    for name in (
        *("table-of-content", "illustration-index", "table-index", "object-index", "user-index"),
        *("alphabetical-index", "bibliography"),
    )
]
SILENT = [  # facts about changes and comments, sources of indexes: nothing that a page shows
    *(f"{TEXT}{name}" for name in ("change", "change-start", "change-end", "sequence-decls", "variable-decls")),
    *(f"{TEXT}user-field-decls", f"{OFFICE}annotation-end", f"{OFFICE}change-info", f"{OFFICE}forms"),
]
PLAIN = {"Preformatted_20_Text", "Plain_20_Text"}
KEPT = r"content\.xml|styles\.xml|META-INF/manifest\.xml"


def read(package: Package, pieces: Pieces) -> bytes:
    """Take all words of a package, and return a copy with marks, without all that is no running text."""
    manifest = element_of(package.read("META-INF/manifest.xml"))
    if manifest.find(f".//{MANIFEST}encryption-data") is not None:
        raise Problem("encrypted")
    content = element_of(package.read("content.xml"))
    styles = element_of(package.read("styles.xml")) if "styles.xml" in package.entries else None
    looks = Looks([root for root in (content, styles) if root is not None])
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Problem("no_document")
    aside = Pieces(pieces)
    take(body, pieces, aside, looks)
    for name in package.named(r"Object[^/]*/content\.xml"):
        embedded(element_of(package.read(name)), aside)
    masters = styles.find(f"{OFFICE}master-styles") if styles is not None else None
    for place in ("header", "footer"):
        for margin in masters.iter() if masters is not None else []:
            if isinstance(margin.tag, str) and margin.tag.startswith(f"{STYLE}{place}"):
                inner = Pieces(pieces)
                take(margin, inner, aside, looks, place)
                aside.found += inner.found
    pieces.found += aside.found
    written = {name: etree.tostring(element_of(package.read(name))) for name in package.named(KEPT)}
    written["content.xml"] = etree.tostring(content, encoding="UTF-8", xml_declaration=True)
    return repack({"mimetype": b"application/vnd.oasis.opendocument.text", **written})


def take(root: Element, pieces: Pieces, aside: Pieces, looks: "Looks", place: str = "body") -> None:
    """Take the words of a part: those in `place` into `pieces`, comments, deletions and text boxes aside."""
    drop(root, SILENT)
    drop(root, [f"{name}-source" for name in INDEXES])
    for tag, elsewhere in ((f"{OFFICE}annotation", "comment"), (f"{TEXT}tracked-changes", "deletion")):
        for element in list(root.iter(tag)):
            drop(element, [f"{DC}creator", f"{DC}date"])
            collect(element, elsewhere, aside, looks)
        drop(root, [tag])
    for drawn in list(root.iter(f"{DRAW}*")):
        if drawn.getparent() is None or any(str(above.tag).startswith(DRAW) for above in drawn.iterancestors()):
            continue
        collect(drawn, "text_box" if place == "body" else place, aside, looks)
    drop(root, [f"{DRAW}*"])
    unwrap(root, [f"{TEXT}section", f"{TEXT}index-body", f"{TEXT}index-title", f"{TEXT}numbered-paragraph", *INDEXES])
    collect(root, place, pieces, looks)


def collect(root: Element, place: str, pieces: Pieces, looks: "Looks") -> None:
    """Take the paragraphs below an element, one inside another, such as that of a note, after the one around it."""
    for paragraph in list(root.iter(*PARAGRAPHS)):
        marks = note_number(paragraph, pieces)
        piece = pieces.begin(place, **looks.facts(paragraph))
        number = paragraph.getprevious()
        if number is not None and number.tag == f"{TEXT}number":
            marks += hidden(number, piece, pieces)
            pieces.sign(piece, "\t")
            number.getparent().remove(number)
        texts(paragraph, piece, pieces)
        paragraph.text = marks + (paragraph.text or "")
    drop(root, [f"{TEXT}number"])


def hidden(element: Element, piece: Piece, pieces: Pieces) -> str:
    """Take the text of an element that pandoc shall not read, and return the mark that stands for it."""
    text = "".join(element.itertext())
    pieces.take(piece, text)
    return mark(pieces.nodes) if text.strip() else ""


def texts(element: Element, piece: Piece, pieces: Pieces) -> None:
    """Take the text of a paragraph or of what stands in it, and make what pandoc does not know plain text."""
    if element.text:
        element.text = pieces.take(piece, element.text)
    for child in list(element):
        if child.tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c", "1")
            pieces.sign(piece, " " * min(int(count) if count.isdigit() else 1, 1000))
        elif child.tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            pieces.sign(piece, "\t" if child.tag == f"{TEXT}tab" else "\n")
        elif child.tag not in PARAGRAPHS | {f"{TEXT}note", f"{TEXT}number"}:  # notes have paragraphs of their own
            if child.tag not in KNOWN:
                child.tag = f"{TEXT}span"
                child.attrib.clear()
            texts(child, piece, pieces)
        if child.tail:
            child.tail = pieces.take(piece, child.tail)


def note_number(paragraph: Element, pieces: Pieces) -> str:
    """Return the mark for the number of the note that a paragraph begins, which becomes words of the note itself."""
    body = paragraph.getparent()
    citation = body.getprevious() if body is not None and body.tag == f"{TEXT}note-body" else None
    if citation is None or citation.tag != f"{TEXT}note-citation" or body[0] is not paragraph:
        return ""
    said = "".join(citation.itertext())
    return hidden(citation, pieces.begin(label=said.strip()), pieces)


def embedded(root: Element, aside: Pieces) -> None:
    """Take the words of a formula or chart."""
    drop(root, [f"{MATH}annotation"])
    for element in root.iter(f"{TEXT}p", f"{MATH}math"):
        aside.take(aside.begin("text_box"), " ".join(str(text).strip() for text in element.itertext()))


class Looks:
    """What the styles of a file say of its paragraphs."""

    def __init__(self, roots: list[Element]) -> None:
        self.of: dict[str, Element] = {}
        self.default: list[Element] = []
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                if style.get(f"{STYLE}family") in {"paragraph", "text"}:
                    self.of.setdefault(style.get(f"{STYLE}name", ""), style)
            for style in root.iter(f"{STYLE}default-style"):
                if style.get(f"{STYLE}family") == "paragraph":
                    self.default.append(style)

    def chain(self, style: str) -> Iterator[Element]:
        seen: set[str] = set()
        while style in self.of and style not in seen:
            seen.add(style)
            yield self.of[style]
            style = self.of[style].get(f"{STYLE}parent-style-name", "")

    def facts(self, paragraph: Element) -> dict[str, Any]:
        """Return what a Block knows of a paragraph besides its words."""
        chain = list(self.chain(paragraph.get(f"{TEXT}style-name", "")))
        facts: dict[str, Any] = {"points": self.points(paragraph, chain)}
        if first(f"{STYLE}paragraph-properties", f"{FO}text-align", chain) == "center":
            facts["centred"] = True
        if any(style.get(f"{STYLE}name") in PLAIN for style in chain):
            facts["plain"] = True
        if first(f"{STYLE}paragraph-properties", f"{FO}break-before", chain[:1]) == "page":
            facts["page_before"] = True
        if any(style.get(f"{STYLE}name") in {"Title", "Subtitle"} for style in chain):
            facts["title"] = True
        return facts

    def points(self, paragraph: Element, chain: list[Element]) -> float:
        """Return the size of most of its letters, in points."""
        standard = size(chain) or size(self.default) or 12.0
        sizes: Counter[float] = Counter({standard: len(paragraph.text or "")})
        for span in paragraph.iter(f"{TEXT}span"):
            found = size(list(self.chain(span.get(f"{TEXT}style-name", "")))) or standard
            sizes[found] += len(span.text or "")
            sizes[standard] += len(span.tail or "")
        return sizes.most_common(1)[0][0]


def size(chain: list[Element]) -> float:
    found = re.fullmatch(r"([\d.]+)pt", first(f"{STYLE}text-properties", f"{FO}font-size", chain, "pt"))
    return float(found[1]) if found else 0.0


def first(properties: str, name: str, chain: list[Element], ending: str = "") -> str:
    """Return the first value that styles give for a property."""
    for style in chain:
        found = style.find(properties)
        if found is not None and found.get(name, "").endswith(ending) and found.get(name):
            return str(found.get(name))
    return ""
