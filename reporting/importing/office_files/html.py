"""All words of an HTML page, and a plain copy of it for pandoc."""

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from reporting.importing.office_files.pieces import Piece, Pieces, mark
from reporting.importing.office_files.xml import drop, unwrap
from reporting.verification.reader import PageParagraphs, Problem

Element = Any

BLOCKS = PageParagraphs.BLOCKS - {"br"} | {
    "center",
    "noscript",
    "dir",
    "menu",
    "search",
    "hgroup",
    "legend",
    "optgroup",
}
AS_THEY_ARE = {  # to pandoc
    *(
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "hr",
        "br",
    ),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col", "figure", "figcaption"),
    *(
        "a",
        "b",
        "strong",
        "i",
        "em",
        "cite",
        "dfn",
        "var",
        "sup",
        "sub",
        "u",
        "s",
        "strike",
        "code",
        "tt",
        "kbd",
        "samp",
    ),
    *("q", "span", "html", "body", "aside"),
}
WORDLESS = [
    "script",
    "style",
    "template",
    "iframe",
    "img",
    "object",
    "embed",
    "applet",
    "audio",
    "video",
    "canvas",
    "input",
]
ATTRIBUTES = {"href", "colspan", "rowspan", "start", "type", "value", "id"}
NUMBER = re.compile(r"[\[(]?\s*(\d{1,4}|[ivxl]{1,6}|[a-z]|[*†‡§]{1,4})\s*[\])]?", re.IGNORECASE)
NOTE_NAME = re.compile(
    r"(_?ftn|_?edn|fn|foot-?note|sdfootnote|sdendnote|end-?note|note|cite_note|nota|ref)[-_:.]?\w*", re.IGNORECASE
)


BESIDE = {
    "del": "deletion",
    "nav": "header",
    "aside": "text_box",
    "footer": "footer",
}  # elements that are no running text


OURS = {
    "skip",
    "source",
    "sources",
}  # classes of what our renderer of HTML adds to a text: ways to it and to its records


def read(content: bytes, pieces: Pieces) -> bytes:
    """Take all words of a page, and return a copy with marks, without all that is no running text."""
    root = parse(content)
    drop(root, WORDLESS)
    aside = Pieces(pieces)
    for title in root.iter("title"):
        aside.take(aside.begin("header"), "".join(title.itertext()))
    is_ours = root.find('.//meta[@name="portal"]') is not None
    drop(root, ["head"])
    drop(root, ["title", "annotation", "annotation-xml"])
    body = root.find("body")
    if body is None:
        body = root
    for element in body.iter("a", "section") if is_ours else []:
        if OURS & set(element.get("class", "").split()):
            element.tag = "aside"
    notes = find_notes(body)
    for tag, place in BESIDE.items():
        for element in [element for element in body.iter(tag) if place_of(element, tag, notes)]:
            if (
                element.getparent() is not None
                and next(element.iterancestors("del", "nav", "aside", "footer"), None) is None
            ):
                Walk(place, aside, {}).run(element)
        drop_those(body, [element for element in body.iter(tag) if place_of(element, tag, notes)])
    Walk("body", pieces, notes).run(body)
    pieces.found += aside.found
    plain(body, notes)
    return etree.tostring(root, method="html", encoding="unicode").encode()


def parse(content: bytes) -> Element:
    encoding: str | None = None  # the file says it: Word writes windows-1252
    for name, start in (
        ("utf-8-sig", b"\xef\xbb\xbf"),
        ("utf-16", b"\xff\xfe"),
        ("utf-16", b"\xfe\xff"),
        ("utf-8", b""),
    ):
        if content.startswith(start):
            try:
                content = content.decode(name).encode()
                encoding = "utf-8"
                break
            except UnicodeDecodeError:
                continue
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding=encoding
    )
    root = etree.fromstring(content, parser)
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        raise Problem("too_large")  # nested too deep, or one text too long: what follows would be lost
    if root is None:
        raise Problem("damaged")
    return root


def drop_those(root: Element, elements: list[Element]) -> None:
    for element in elements:
        element.tag = "gone"
    drop(root, ["gone"])


def place_of(element: Element, tag: str, notes: dict[Element, "Note"]) -> bool:
    """Whether an element of this kind stands beside the text: a contents list and notes do not."""
    if any(body is element or element in body.iterancestors() for body in (note.body for note in notes.values())):
        return False
    about = f"{element.get('role', '')} {element.get('id', '')} {element.get('class', '')}".lower()
    return not (tag == "nav" and re.search(r"\btoc\b|contents", about))


class Note:
    """A note: the link that marks it, and the element with its words."""

    def __init__(self, name: str, body: Element, back: list[Element]) -> None:
        self.name = name
        self.body = body
        self.back = back  # links from the body to the text, often the number of the note


def find_notes(body: Element) -> dict[Element, Note]:
    """Return the notes of a page by the links that mark them: numbers that lead to a place which leads back."""
    places: dict[str, Element] = {}
    for element in body.iter():
        for name in (element.get("id"), element.get("name")):
            if name:
                places.setdefault(name, element)
    found: dict[Element, Note] = {}
    bodies: dict[Element, Note] = {}
    for link in body.iter("a"):
        name = link.get("href", "")[1:]
        if not link.get("href", "").startswith("#") or name not in places:
            continue
        if not NUMBER.fullmatch("".join(link.itertext()).strip()):
            continue
        if any(above in bodies for above in link.iterancestors()):
            continue  # the link from a note to its mark
        around = block_of(places[name])
        if (
            around is None
            or re.fullmatch("h[1-6]", around.tag)
            or around in link.iterancestors()
            or len("".join(around.itertext())) > 20_000
        ):
            continue
        known = bodies.get(around)
        names = {link.get("id"), link.get("name")} | {above.get("id") for above in link.iterancestors("sup", "span")}
        names |= {inner.get("id") for inner in link.iter()}
        back = [inner for inner in around.iter("a") if inner.get("href", "")[1:] in names - {None, ""}]
        if known is None and not back and not (NOTE_NAME.fullmatch(name) and precedes(link, around)):
            continue
        if known is None:
            known = bodies[around] = Note(f"note-{len(bodies) + 1}", around, back)
        else:
            known.back += [inner for inner in back if inner not in known.back]
        found[link] = known
    return found


def precedes(link: Element, around: Element) -> bool:
    for element in link.getroottree().getroot().iter():
        if element is link:
            return True
        if element is around:
            return False
    return False


def block_of(element: Element) -> Element | None:
    """Return the block in which an element stands, or that it is."""
    while element is not None and (element.tag not in BLOCKS or element.tag in {"body", "html", "main"}):
        if element.tag in {"body", "html", "main"}:
            return None
        element = element.getparent()
    if element is not None and element.tag == "p":
        parent = element.getparent()
        if parent.tag in {"li", "aside", "dd"} or (parent.tag == "div" and NOTE_NAME.fullmatch(parent.get("id", "-"))):
            return parent
    return element


class Walk:
    """Takes the text nodes below an element, those between two blocks as one piece."""

    def __init__(self, place: str, pieces: Pieces, notes: dict[Element, Note]) -> None:
        self.place = place
        self.pieces = pieces
        self.marks = set(notes)
        self.backs = {link for note in notes.values() for link in note.back}
        self.piece: Piece | None = None

    def run(self, element: Element) -> None:
        block = element.tag in BLOCKS
        if block:
            self.piece = None
        if element in self.marks or element in self.backs:
            self.hide(element)
        else:
            if element.text:
                element.text = self.take(element, element.text)
            for child in element:
                self.run(child)
                if child.tail:
                    child.tail = self.take(element, child.tail)
        if element.tag == "br" and self.piece is not None:
            self.pieces.sign(self.piece, "\n")
        if block:
            self.piece = None

    def take(self, element: Element, text: str) -> str:
        if self.piece is None:
            if not text.strip():
                return text
            self.piece = self.pieces.begin(self.place, **facts(element))
        return self.pieces.take(self.piece, text)

    def hide(self, element: Element) -> None:
        """Take the text of the mark of a note, and leave only marks of ours in its place, before the link."""
        text = "".join(element.itertext())
        for child in list(element):
            element.remove(child)
        element.text = None
        if text.strip():
            self.take(element, text)
            element.text = mark(self.pieces.nodes)


def facts(element: Element) -> dict[str, Any]:
    for above in [element, *element.iterancestors()]:
        aligned = re.search(r"text-align\s*:\s*(\w+)", above.get("style") or "", re.IGNORECASE)
        said = aligned[1] if aligned else above.get("align")
        if above.tag == "center" or said:
            return {"centred": True} if above.tag == "center" or str(said).lower() == "center" else {}
        if above.tag in {"table", "body"}:
            break
    return {}


def plain(body: Element, notes: dict[Element, Note]) -> None:
    """Leave only what pandoc knows, and let notes be what it takes for notes."""
    bodies = {note.body: note.name for note in notes.values()}
    for element in list(body.iter()):
        if element in notes:
            name = notes[element].name
            kept = etree.Element("span")
            kept.text, element.text = element.text, "*"
            parent = element.getparent()
            parent.insert(parent.index(element), kept)
            element.attrib.clear()
            element.set("href", f"#{name}")
            element.set("type", "noteref")
            continue
        if element.tag not in AS_THEY_ARE or element.tag == "aside":
            element.tag = "div" if element.tag in BLOCKS else "span"
        for name in element.attrib:
            if name not in ATTRIBUTES or (name == "type" and element.tag != "ol"):
                del element.attrib[name]
    for element, name in bodies.items():
        inner = etree.Element("aside")
        inner.set("type", "footnote")
        inner.set("id", name)
        if element.tag in {"li", "dd", "td", "th", "dt", "body"}:
            inner.text, element.text = element.text, None
            inner.extend(list(element))
            element.append(inner)
        else:
            parent = element.getparent()
            inner.tail, element.tail = element.tail, None
            parent.replace(element, inner)
            inner.append(element)
    unwrap(body, ["gone"])
