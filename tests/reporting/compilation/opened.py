"""Opens finished files as their readers would, for tests that look at what is in them."""

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import docx
import lxml.html
import pypdf
from docx.document import Document as WordDocument
from lxml import etree

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
