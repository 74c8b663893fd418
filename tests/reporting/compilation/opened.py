"""Opens finished files as their readers would, for tests that look at what is in them."""

import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import docx
import lxml.html
import pypdf
from docx.document import Document as WordDocument
from lxml import etree

from reporting.compilation.renderers.markdown import FORMAT as MARKDOWN
from reporting.compilation.renderers.process import Tools, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def unspaced(text: str) -> str:
    """Return text without blanks and break marks, which a page sets as it needs them."""
    return "".join(text.replace("\u200b", "").split())


@dataclass
class Word:
    """A DOCX."""

    content: bytes

    @cached_property
    def document(self) -> WordDocument:
        return docx.Document(io.BytesIO(self.content))

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as package:
            return {name: package.read(name) for name in package.namelist()}

    def root(self, part: str = "word/document.xml") -> etree._Element:
        return etree.fromstring(self.parts[part])

    def paragraphs(self, style: str = "") -> list[str]:
        """Return the texts of the paragraphs, of one style or of all, those of tables and contents lists included."""
        found = []
        for paragraph in self.root().iter(f"{W}p"):
            name = paragraph.find(f"{W}pPr/{W}pStyle")
            if not style or (name is not None and name.get(f"{W}val", "").startswith(style)):
                found.append(text_of(paragraph))
        return found

    def notes(self) -> list[str]:
        return [text_of(note).strip() for note in self.root("word/footnotes.xml") if note.get(f"{W}type") is None]

    def note_texts(self) -> list[str]:
        return [" ".join(note.split()) for note in self.notes()]

    @cached_property
    def text(self) -> str:
        return "\n".join([*self.paragraphs(), *self.notes()])


def text_of(element: etree._Element) -> str:
    """Return the words of a part of a DOCX, without the instructions of fields."""
    pieces = {f"{W}t": lambda node: node.text or "", f"{W}tab": lambda _node: "\t", f"{W}br": lambda _node: "\n"}
    return "".join(pieces[node.tag](node) for node in element.iter(*pieces))


ODF = {
    prefix: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
}


def odf(name: str) -> str:
    """Return a name such as `text:p` as lxml knows it."""
    prefix, _, local = name.partition(":")
    return ODF[prefix] + local


@dataclass
class Odt:
    """An ODT."""

    content: bytes

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as package:
            return {name: package.read(name) for name in package.namelist()}

    @cached_property
    def root(self) -> etree._Element:
        return etree.fromstring(self.parts["content.xml"])

    @cached_property
    def styles(self) -> etree._Element:
        return etree.fromstring(self.parts["styles.xml"])

    @cached_property
    def meta(self) -> etree._Element:
        return etree.fromstring(self.parts["meta.xml"])

    @cached_property
    def body(self) -> etree._Element:
        (body,) = self.root.iter(odf("office:text"))
        return body

    def paragraphs(self, style: str = "") -> list[etree._Element]:
        """Return paragraphs and headings, of one style or all; an automatic style counts as the one it is made from."""
        found = self.body.iter(odf("text:p"), odf("text:h"))
        return [paragraph for paragraph in found if not style or self.style_of(paragraph) == style]

    def style_of(self, paragraph: etree._Element) -> str:
        name = paragraph.get(odf("text:style-name"))
        own = self.automatic(name)
        return name if own is None else str(own.get(odf("style:parent-style-name"), name))

    def automatic(self, name: str) -> etree._Element | None:
        """Return the automatic style of a name."""
        return next(
            (style for style in self.root.iter(odf("style:style")) if style.get(odf("style:name")) == name), None
        )

    def notes(self) -> list[str]:
        return ["".join(note.itertext()).strip() for note in self.body.iter(odf("text:note-body"))]

    @property
    def text(self) -> str:
        return "\n".join("".join(paragraph.itertext()) for paragraph in self.paragraphs())


@dataclass
class Markdown:
    """A Markdown file, as pandoc reads it."""

    content: bytes

    @cached_property
    def source(self) -> str:
        return self.content.decode()

    @cached_property
    def tree(self) -> dict[str, Any]:
        command = [*Tools().pandoc, f"--from={MARKDOWN}", "--to=json"]
        tree: dict[str, Any] = json.loads(run(command, self.content, name="pandoc", tools=Tools()))
        return tree

    @property
    def text(self) -> str:
        return "".join(words_of(self.tree["blocks"]))


def words_of(nodes: Any) -> list[str]:
    """Return the words of pandoc's nodes; signs that it took for code, mathematics or markup are not among them."""
    if isinstance(nodes, dict):
        return [nodes["c"] if nodes["t"] == "Str" else " ", *(words_of(nodes["c"]) if nodes["t"] in _HOLDERS else [])]
    return [word for node in nodes for word in words_of(node)] if isinstance(nodes, list) else []


_HOLDERS = {
    *("Para", "Plain", "Header", "BulletList", "OrderedList", "BlockQuote", "Table"),
    *("Strong", "Emph", "Superscript", "Subscript", "Link", "Note"),
}


@dataclass
class Data:
    """A JSON file."""

    content: bytes

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def text(self) -> str:
        return "\n".join(_texts(self.snapshot))


def _texts(data: Any) -> list[str]:
    """Return all strings, without the tags of those that are HTML."""
    if isinstance(data, dict):
        return [
            text for key, value in data.items() for text in ([_untagged(value)] if key == "html" else _texts(value))
        ]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [data] if isinstance(data, str) else []


def _untagged(text: str) -> str:
    """Return the words of HTML, those of its notes included."""
    notes = re.sub(r'<span data-footnote="([^"]*)"[^>]*>', lambda found: found[1], text)
    return html.unescape(re.sub(r"<[^>]*>", " ", notes))


@dataclass
class Pdf:
    """A PDF."""

    content: bytes

    @cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(io.BytesIO(self.content))

    @cached_property
    def pages(self) -> list[str]:
        return [page.extract_text() for page in self.reader.pages]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def outline(self) -> dict[str, int]:
        """Return the bookmarks, each with the number of its page; the cover is page 0."""
        return {entry.title: self.reader.get_destination_page_number(entry) for entry in _entries(self.reader.outline)}

    @property
    def addresses(self) -> set[str]:
        """Return where the links lead that leave the file."""
        found = set()
        for page in self.reader.pages:
            for annotation in page.get("/Annots") or []:
                action = annotation.get_object().get("/A", {})
                if "/URI" in action:
                    found.add(str(action["/URI"]))
        return found


def _entries(outline: list[Any]) -> list[Any]:
    """Return the entries of an outline, which pypdf gives as lists in lists."""
    return [inner for entry in outline for inner in (_entries(entry) if isinstance(entry, list) else [entry])]


@dataclass
class Page:
    """An HTML file."""

    content: bytes

    @cached_property
    def source(self) -> str:
        return self.content.decode()

    @cached_property
    def root(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.source)

    @property
    def text(self) -> str:
        return str(self.root.text_content())
