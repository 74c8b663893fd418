"""Writes a document as ODT, as OpenDocument 1.3 wants it.

The contents list holds its entries with the page numbers of the PDF, each a field that LibreOffice renews by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from reporting.compilation import languages
from reporting.compilation.document import Document, Heading
from reporting.compilation.nodes import Node, image, para, words
from reporting.compilation.renderers import pdf, pictures
from reporting.compilation.renderers import words as own_words
from reporting.compilation.renderers.front import styled_cover
from reporting.compilation.renderers.odt_styles import NAMESPACES, VERSION, cell_styles, font_faces, styles
from reporting.compilation.renderers.odt_text import Look, Place, TextWriter, link
from reporting.compilation.renderers.package import packed
from reporting.compilation.renderers.process import Tools
from reporting.compilation.snapshot import FrontBlock

MIMETYPE = "application/vnd.oasis.opendocument.text"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


# Of the space after a paragraph and the space before the next, LibreOffice takes the larger, as the PDF does.
_SETTINGS = (
    f'{_XML}<office:document-settings xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:ooo="http://openoffice.org/2004/office"'
    f' office:version="{VERSION}"><office:settings><config:config-item-set config:name="ooo:configuration-settings">'
    '<config:config-item config:name="AddParaTableSpacing" config:type="boolean">false</config:config-item>'
    "</config:config-item-set></office:settings></office:document-settings>"
)


def render(document: Document, tools: Tools) -> bytes:
    """Return the file."""
    page_of = pdf.typeset(document, tools).page_of if document.contents else {}
    mark = own_words.words(document.language)["demonstration"] if document.demonstration else ""
    drawn = pictures.png(document)
    parts = {
        "content.xml": _content(document, page_of, drawn),
        "styles.xml": styles(document.language, mark),
        "meta.xml": _meta(document),
        "settings.xml": _SETTINGS,
    }
    files = {_chart_file(number): picture.content for number, picture in enumerate(drawn)}
    return packed(
        {"mimetype": MIMETYPE.encode(), "META-INF/manifest.xml": _manifest(parts, files).encode()}
        | {name: part.encode() for name, part in parts.items()}
        | files,
        first=["mimetype"],
        stored={"mimetype"},  # so that a program can tell the kind of file from its first bytes
    )


def _content(document: Document, page_of: dict[str, int], drawn: Sequence[pictures.Picture]) -> str:
    writer = TextWriter(document.direction)
    blocks = pictures.placed(document, lambda number, node: _chart(number, node, drawn[number]))
    body = [*_cover(document, writer), *_front(document, writer, page_of), writer.blocks(blocks)]
    return (
        f'{_XML}<office:document-content {NAMESPACES} office:version="{VERSION}">{font_faces()}'
        f"<office:automatic-styles>{cell_styles()}{writer.automatic_styles()}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>"
    )


def _chart_file(number: int) -> str:
    return f"Pictures/chart{number}.png"


def _chart(number: int, node: Node, picture: pictures.Picture) -> Node:
    size = [("width", f"{picture.width}pt"), ("height", f"{picture.height}pt")]
    return para([image(node["c"][1], _chart_file(number), size)])


# What stands before the text


def _cover(document: Document, writer: TextWriter) -> Iterator[str]:
    if document.cover:
        writer.begin_pages("Cover")
        for style, inlines in styled_cover(document.cover):
            yield writer.paragraph(style.replace(" ", "_20_"), inlines)
        writer.begin_pages("Standard")


def _front(document: Document, writer: TextWriter, page_of: dict[str, int]) -> Iterator[str]:
    for block in document.front:
        yield _front_block(block, document, writer, page_of)


def _front_block(block: FrontBlock, document: Document, writer: TextWriter, page_of: dict[str, int]) -> str:
    text = words(block.get("text", ""))
    match block["kind"]:
        case "contents":
            return _contents(block.get("text", ""), document, writer, page_of)
        case "list":
            entries = [[{"t": "Plain", "c": words(entry)}] for entry in block.get("entries", [])]
            return writer.blocks([{"t": "BulletList", "c": entries}])
        case "paragraph":
            return writer.paragraph("Text_20_body", text)
        case kind:
            return writer.paragraph(kind.title(), text)


def _contents(title: str, document: Document, writer: TextWriter, page_of: dict[str, int]) -> str:
    """Return the contents list: an index that a person can renew, its page numbers fields that renew themselves."""
    templates = "".join(
        f'<text:table-of-content-entry-template text:outline-level="{level}" text:style-name="Contents_20_{level}">'
        "<text:index-entry-link-start/><text:index-entry-text/>"
        '<text:index-entry-tab-stop style:type="right" style:leader-char="."/><text:index-entry-page-number/>'
        "<text:index-entry-link-end/></text:table-of-content-entry-template>"
        for level in range(1, document.contents_depth + 1)
    )
    heading = ""
    if title:
        paragraph = writer.paragraph("Contents_20_Heading", words(title))
        heading = f'<text:index-title text:name="Contents_heading">{paragraph}</text:index-title>'
    entries = "".join(
        writer.raw_paragraph(f"Contents_20_{entry.level}", _entry(entry, writer, page_of.get(entry.id, 1)))
        for entry in document.contents
    )
    return (
        '<text:table-of-content text:name="Contents" text:protected="false"><text:table-of-content-source'
        f' text:outline-level="{document.contents_depth}" text:use-index-marks="false">'
        f'<text:index-title-template text:style-name="Contents_20_Heading">{escape(title)}</text:index-title-template>'
        f"{templates}</text:table-of-content-source><text:index-body>{heading}{entries}</text:index-body>"
        "</text:table-of-content>"
    )


def _entry(heading: Heading, writer: TextWriter, page: int) -> str:
    said = writer.inlines(words(heading.text), Place(look=Look(language=heading.language)))
    number = f'<text:bookmark-ref text:reference-format="page" text:ref-name={quoteattr(heading.id)}>{page}'
    return link(f"#{heading.id}", f"{said}<text:tab/>{number}</text:bookmark-ref>", style="Index_20_Link")


# The package


def _meta(document: Document) -> str:
    """Return title, author, subject, language and identity. No dates: the day of making must not change the file."""
    identity = "".join(
        f'<meta:user-defined meta:name="{name}" meta:value-type="string">{escape(value)}</meta:user-defined>'
        for name, value in (("Fingerprint", document.fingerprint), ("Portal", document.portal))
    )
    return (
        f'{_XML}<office:document-meta {NAMESPACES} office:version="{VERSION}"><office:meta>'
        f"<dc:title>{escape(document.title)}</dc:title><dc:subject>{escape(document.subject)}</dc:subject>"
        f"<meta:initial-creator>{escape(document.author)}</meta:initial-creator>"
        f"<dc:creator>{escape(document.author)}</dc:creator>"
        f"<dc:language>{languages.tag(document.language)}</dc:language>{identity}</office:meta></office:document-meta>"
    )


def _manifest(names: Iterable[str], pictures_in_it: Iterable[str]) -> str:
    types = dict.fromkeys(names, "text/xml") | dict.fromkeys(pictures_in_it, "image/png")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{types[name]}"/>'
        for name in sorted(types)
    )
    return (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        f' manifest:version="{VERSION}"><manifest:file-entry manifest:full-path="/" manifest:version="{VERSION}"'
        f' manifest:media-type="{MIMETYPE}"/>{entries}</manifest:manifest>'
    )
