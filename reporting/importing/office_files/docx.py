"""All words of a DOCX, and a plain copy of it for pandoc."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from reporting.importing.office_files.numbering import Numbering
from reporting.importing.office_files.pieces import MARK, Piece, Pieces
from reporting.importing.office_files.xml import drop, element_of, repack, unwrap
from reporting.verification.reader import Package, Problem

Element = Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

STRICT = {  # the same names as ISO has them
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
SILENT = "silent"  # an attribute of ours: counted, but not for pandoc
TEXTS = {f"{W}t", f"{W}delText", f"{A}t", f"{CHART}v"}
SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DELETED = [f"{W}del", f"{W}moveFrom"]
WRAPPED = [
    f"{W}{name}" for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple", "dir", "bdo")
]
PICTURES = [f"{W}drawing", f"{W}pict", f"{W}object"]
SHAPED = {
    "title": "title",
    "subtitle": "title",
    "author": "",
    "authors": "",
    "date": "",
    "abstract": "",
}  # to pandoc, facts
PLAIN = {"preformatted text", "plain text", "html preformatted"}
ASIDE = (
    ("text_box", r"word/diagrams/data\d*\.xml|word/charts/chart\w*\.xml"),
    ("comment", r"word/comments\d*\.xml"),
    ("header", r"word/header\d*\.xml"),
    ("footer", r"word/footer\d*\.xml"),
)
WITH_WORDS = "|".join([r"word/(document|footnotes|endnotes)\d*\.xml", *(pattern for _place, pattern in ASIDE)])
KEPT = (
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(_rels/)?(document|footnotes|endnotes|styles|numbering|settings)\d*\.xml(\.rels)?"
)


def read(package: Package, pieces: Pieces) -> bytes:
    """Take all words of a package, and return a copy with marks, without all that is no running text."""
    written = {name: etree.tostring(part(package, name)) for name in package.named(KEPT)}  # pandoc gets no entities
    notes = [*package.named(r"word/footnotes\d*\.xml"), *package.named(r"word/endnotes\d*\.xml")]
    styles = Styles(package)
    aside = Pieces(pieces)
    for name in [*package.named(r"word/document\d*\.xml"), *notes]:
        root = part(package, name)
        if root.find(f".//{W}altChunk") is not None:
            raise Problem("chunks")
        take(root, "body", pieces, aside, styles)
        written[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    for place, pattern in ASIDE:
        for name in package.named(pattern):
            root = part(package, name)
            take(root, place, aside, aside, styles)
    pieces.pages = styles.pages + 1 if styles.pages else 0
    pieces.found += aside.found
    written |= styles.without_meaning()
    return repack(written)


def part(package: Package, name: str) -> Element:
    content = package.read(name)
    if b"purl.oclc.org" in content:
        for strict, name_now in STRICT.items():
            content = content.replace(strict, name_now)
    return element_of(content)


def take(root: Element, place: str, pieces: Pieces, aside: Pieces, styles: "Styles") -> None:
    """Take the words of a part: those in `place` into `pieces`, and those of text boxes and deletions aside."""
    choose_alternatives(root, aside)
    for formula in list(root.iter(f"{M}oMath")):
        plain(formula)
    unwrap(root, [f"{M}oMathPara"])
    boxes(root, place, aside, styles)
    guides(root, "text_box" if place == "body" else place, aside)
    drop(root, [*PICTURES, f"{W}ind"])  # pandoc takes what is indented for a quotation
    deletions(root, aside)
    labels(root, styles)
    fields(root)
    unwrap(root, WRAPPED)
    for paragraph in root.iter(f"{W}p", f"{A}p", f"{CHART}pt"):
        texts(paragraph, pieces.begin(place, **styles.facts(paragraph)), pieces)


def texts(paragraph: Element, piece: Piece, pieces: Pieces) -> None:
    for element in paragraph.iter():
        tag = element.tag
        if tag in {f"{W}t", f"{W}delText"}:
            element.text = pieces.take(piece, element.text or "")
            if element.get(SILENT):
                del element.attrib[SILENT]
                element.text = "".join(MARK.findall(element.text))
            element.set(XML_SPACE, "preserve")
        elif tag in {f"{A}t", f"{CHART}v"}:
            pieces.take(piece, element.text or "")
        elif tag in SIGNS and element.getparent().tag == f"{W}r":
            pieces.sign(piece, SIGNS[tag])


def choose_alternatives(root: Element, aside: Pieces) -> None:
    """Keep the first form of what stands in two; the second is kept aside where it says something else."""
    for alternatives in list(root.iter(f"{MC}AlternateContent")):
        first, *others = forms(alternatives) or [None]
        for form in others:
            if says_more(form, first):
                for paragraph in form.iter(f"{W}p", f"{A}p"):
                    aside.take(aside.begin("text_box"), own_text(paragraph))
            alternatives.remove(form)
    unwrap(root, [f"{MC}AlternateContent", f"{MC}Choice"])


def forms(alternatives: Element) -> list[Element]:
    return [form for form in alternatives if form.tag in {f"{MC}Choice", f"{MC}Fallback"}]


def says_more(form: Element, first: Element) -> bool:
    """Whether a second form has words that the first one has not."""
    return bool(Counter(bare(form)) - Counter(bare(first)))


def bare(element: Element) -> list[str]:
    return [word for paragraph in element.iter(f"{W}p", f"{A}p") for word in own_text(paragraph).split()]


def own_text(paragraph: Element) -> str:
    """Return the text of a paragraph without that of paragraphs inside it."""
    inner = {node for nested in paragraph.iterdescendants(f"{W}p", f"{A}p") for node in nested.iter()}
    return "".join(
        SIGNS.get(node.tag, node.text or "" if node.tag in TEXTS else "")
        for node in paragraph.iter()
        if node not in inner
    )


def plain(formula: Element) -> None:
    """Put the letters of a formula as plain text in its place."""
    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}t").text = "".join(str(node.text or "") for node in formula.iter(f"{M}t", f"{W}t"))
    run.tail = formula.tail
    formula.getparent().replace(formula, run)


def boxes(root: Element, place: str, aside: Pieces, styles: "Styles") -> None:
    """Take the words of text boxes out, the inner ones of two before the outer one."""
    groups: list[list[Piece]] = []
    for box in reversed(list(root.iterdescendants(f"{W}txbxContent", f"{A}txBody"))):
        inner = Pieces(aside)
        take(box, "text_box" if place == "body" else place, inner, aside, styles)
        groups.append(inner.found)
        box.getparent().remove(box)
    for group in reversed(groups):
        aside.found += group


def labels(root: Element, styles: "Styles") -> None:
    """Keep marks of notes that are typed by hand, such as a star, and let pandoc see only that they were there."""
    for kind in ("footnote", "endnote"):
        for reference in root.iter(f"{W}{kind}Reference"):
            if reference.get(f"{W}customMarkFollows") not in {"1", "true", "on"}:
                continue
            run = reference.getparent()
            said = list(reference.itersiblings(f"{W}t"))
            styles.labels[kind, reference.get(f"{W}id", "")] = "".join(text.text or "" for text in said).strip()
            before = etree.Element(f"{W}r")
            for text in said:
                text.set(SILENT, "1")
                before.append(text)
            run.addprevious(before)


def guides(root: Element, place: str, aside: Pieces) -> None:
    """Take phonetic guides out, which stand above words: pandoc leaves out the words with them."""
    for guide in root.iter(f"{W}rt"):
        texts(guide, aside.begin(place), aside)
    drop(root, [f"{W}rt", f"{W}rubyPr"])
    unwrap(root, [f"{W}rubyBase", f"{W}ruby"])
    for run in [run for run in root.iter(f"{W}r") if run.getparent().tag == f"{W}r"]:
        outer = run.getparent()
        for child in list(run):
            run.addprevious(child)
        outer.remove(run)


def deletions(root: Element, aside: Pieces) -> None:
    """Take what is deleted under "track changes" out, paragraph by paragraph."""
    last, piece = None, Piece()
    for deleted in [
        element for element in root.iter(*DELETED) if element.getparent().tag not in {f"{W}rPr", f"{W}trPr"}
    ]:
        if deleted.getparent() is None or next(deleted.iterancestors(*DELETED), None) is not None:
            continue
        paragraph = next(deleted.iterancestors(f"{W}p"), None)
        if paragraph is None or paragraph is not last:
            last, piece = paragraph, aside.begin("deletion")
        else:
            aside.sign(piece, " ")
        texts(deleted, piece, aside)
    drop(root, DELETED)


def fields(root: Element) -> None:
    """Leave of each field but links only what it shows: pandoc leaves out what some of them show."""
    open_: list[tuple[list[Element], list[str]]] = []
    for element in list(root.iter(f"{W}fldChar", f"{W}instrText")):
        if element.tag == f"{W}instrText":
            if open_:
                open_[-1][0].append(element)
                open_[-1][1].append(element.text or "")
            continue
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            open_.append(([element], []))
        elif open_:
            open_[-1][0].append(element)
            if kind == "end":
                marks, instruction = open_.pop()
                if not re.match(r"\s*HYPERLINK\b", "".join(instruction)):
                    for mark in marks:
                        mark.getparent().remove(mark)
    for marks, _instruction in open_:  # never ended
        for mark in marks:
            mark.getparent().remove(mark)


class Styles:
    """What the styles of a file say of its paragraphs."""

    def __init__(self, package: Package) -> None:
        self.of: dict[str, Element] = {}
        names = package.named(r"word/numbering\d*\.xml")
        self.numbering = Numbering(part(package, names[0]) if names else None)
        self.labels: dict[tuple[str, str], str] = {}  # of notes, by kind and id, where they are no numbers
        self.pages = 0  # that Word has marked when it last showed the text
        self.default: Element = None
        self.standard = ""
        for name in package.named(r"word/styles\d*\.xml"):
            self.name = name
            self.root = part(package, name)
            for style in self.root.iter(f"{W}style"):
                self.of[style.get(f"{W}styleId", "")] = style
                if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}:
                    self.standard = style.get(f"{W}styleId", "")
            self.default = self.root.find(f"{W}docDefaults")

    def chain(self, style: str) -> Iterator[Element]:
        seen: set[str] = set()
        while style in self.of and style not in seen:
            seen.add(style)
            yield self.of[style]
            based = self.of[style].find(f"{W}basedOn")
            style = based.get(f"{W}val", "") if based is not None else ""

    def facts(self, paragraph: Element) -> dict[str, Any]:
        """Return what a Block knows of a paragraph besides its words."""
        own = paragraph.find(f"{W}pPr")
        named = own.find(f"{W}pStyle") if own is not None else None
        style = named.get(f"{W}val", "") if named is not None else self.standard
        chain = list(self.chain(style))
        facts: dict[str, Any] = {}
        aligned = first(f"{W}pPr/{W}jc", [paragraph, *chain])
        if aligned == "center":
            facts["centred"] = True
        if chain and (name := style_name(chain[0])) in SHAPED and SHAPED[name]:
            facts["title"] = True
        if any(style_name(style) in PLAIN for style in chain):
            facts["plain"] = True
        if marker := self.number(paragraph, style, chain):
            facts["marker"] = marker
        facts["points"] = self.points(paragraph, chain)
        if label := self.labels.get(note_begun_by(paragraph)):
            facts["label"] = label
        return facts | self.page(paragraph, chain)

    def number(self, paragraph: Element, style: str, chain: list[Element]) -> str:
        """Return the number that Word prints before a paragraph."""
        looks = [paragraph, *chain]
        name = first(f"{W}pPr/{W}numPr/{W}numId", looks)
        if not name:
            return ""
        depth = first(f"{W}pPr/{W}numPr/{W}ilvl", looks[: 1 if first(f"{W}pPr/{W}numPr/{W}numId", looks[:1]) else None])
        return self.numbering.label(name, int(depth) if depth.isdigit() else self.numbering.of_style.get(style, 0))

    def page(self, paragraph: Element, chain: list[Element]) -> dict[str, Any]:
        """Return on which page a paragraph begins, and whether a new page is set before or after it by hand."""
        found: dict[str, Any] = {}
        said = False
        if any(element.find(f"{W}pPr/{W}pageBreakBefore") is not None for element in [paragraph, *chain]):
            found["page_before"] = True
        begins = self.pages
        for element in paragraph.iter(f"{W}t", f"{W}br", f"{W}lastRenderedPageBreak"):
            if element.tag == f"{W}t":
                said = said or bool((element.text or "").strip())
            elif element.tag == f"{W}lastRenderedPageBreak":
                self.pages += 1
                begins = begins if said else self.pages
            elif element.get(f"{W}type") == "page":
                found["page_after" if said else "page_before"] = True
        return found | ({"page": begins + 1} if self.pages or begins else {})

    def points(self, paragraph: Element, chain: list[Element]) -> float:
        """Return the size of most of its letters, in half points."""
        standard = first(f"{W}rPr/{W}sz", chain) or (
            first(f"{W}rPrDefault/{W}rPr/{W}sz", [self.default]) if self.default is not None else ""
        )
        sizes: Counter[str] = Counter()
        for run in paragraph.iter(f"{W}r"):
            letters = sum(len(text.text or "") for text in run.iter(f"{W}t"))
            if letters:
                sizes[first(f"{W}rPr/{W}sz", [run]) or standard] += letters
        said = sizes.most_common(1)[0][0] if sizes else standard
        try:
            return float(said)
        except ValueError:
            return 20.0

    def without_meaning(self) -> dict[str, bytes]:
        """Return the part with the styles, in which none means more to pandoc than how a paragraph looks.

        It takes a title, an author or an abstract out of the text, and everything indented for a quotation.
        """
        if not self.of:
            return {}
        for style in self.of.values():
            name = style.find(f"{W}name")
            if style_name(style) in SHAPED and name is not None:
                name.set(f"{W}val", f"Plain {name.get(f'{W}val')}")
            for properties in style.findall(f"{W}pPr"):
                for indent in properties.findall(f"{W}ind"):
                    properties.remove(indent)
        return {self.name: etree.tostring(self.root, encoding="UTF-8", xml_declaration=True, standalone=True)}


def note_begun_by(paragraph: Element) -> tuple[str, str]:
    """Return kind and id of the note whose first paragraph this is; blank where it begins none."""
    note = paragraph.getparent()
    if note is None or note.tag not in {f"{W}footnote", f"{W}endnote"} or note.find(f"{W}p") is not paragraph:
        return "", ""
    return etree.QName(note).localname, note.get(f"{W}id", "")


def style_name(style: Element) -> str:
    name = style.find(f"{W}name")
    return name.get(f"{W}val", "").strip().lower() if name is not None else ""


def first(path: str, elements: list[Element]) -> str:
    """Return the value that the first of some elements has at a path."""
    for element in elements:
        found = element.find(path)
        if found is not None and found.get(f"{W}val"):
            return str(found.get(f"{W}val"))
    return ""
