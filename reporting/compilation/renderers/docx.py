"""Writes a document as DOCX: pandoc writes the text, we the cover, the contents list, the properties and the package.

The contents list holds its entries, with the page numbers of the PDF, so it can be read before any program updates it.
"""

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree  # type: ignore[import-untyped]

from reporting.compilation import languages
from reporting.compilation.document import Document, Heading
from reporting.compilation.nodes import Node, attributes, image, para, tree, words
from reporting.compilation.renderers import design, pdf, pictures, process
from reporting.compilation.renderers import words as own_words
from reporting.compilation.renderers.front import styled_cover
from reporting.compilation.renderers.package import packed
from reporting.compilation.renderers.process import Tools
from reporting.compilation.renderers.reference import TEXT_WIDTH, reference_document, word_languages
from reporting.compilation.snapshot import FrontBlock

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def render(document: Document, tools: Tools) -> bytes:
    """Return the file."""
    page_of = pdf.typeset(document, tools).page_of if document.contents else {}
    cover = [_styled(style, inlines) for style, inlines in styled_cover(document.cover)]
    before = [*cover, *_front(document, page_of)]
    mark = own_words.words(document.language)["demonstration"] if document.demonstration else ""
    with process.temporary_folder(tools) as folder:
        reference = folder / "reference.docx"
        reference.write_bytes(reference_document(document.language, mark, tools))
        drawn = pictures.png(document)
        for number, picture in enumerate(drawn):
            (folder / _chart_file(number)).write_bytes(picture.content)
        content = process.pandoc(
            tools,
            [
                "--to=docx",
                "--output=-",
                f"--reference-doc={reference}",
                f"--metadata=dir:{document.direction}",
                f"--resource-path={folder}",
            ],
            tree([*before, *pictures.placed(document, lambda number, node: _chart(number, node, drawn[number]))]),
        )
    return _finished(content, document)


def _chart_file(number: int) -> str:
    return f"chart{number}.png"


def _chart(number: int, node: Node, picture: pictures.Picture) -> Node:
    size = [("width", f"{picture.width / 72:.3f}in"), ("height", f"{picture.height / 72:.3f}in")]
    return para([image(node["c"][1], _chart_file(number), size)])


# What stands before the text


def _styled(style: str, inlines: list[Node]) -> Node:
    return {"t": "Div", "c": [attributes("", (), [("custom-style", style)]), [para(inlines)]]}


def _front(document: Document, page_of: dict[str, int]) -> Iterator[Node]:
    for block in document.front:
        yield _front_block(block, document, page_of)


def _front_block(block: FrontBlock, document: Document, page_of: dict[str, int]) -> Node:
    text = block.get("text", "")
    match block["kind"]:
        case "contents":
            return _raw(_contents(text, document, page_of))
        case "list":
            return {"t": "BulletList", "c": [[{"t": "Plain", "c": words(entry)}] for entry in block.get("entries", [])]}
        case "paragraph":
            return para(words(text))
        case kind:
            return _styled(kind.title(), words(text))


def _raw(xml: str) -> Node:
    return {"t": "RawBlock", "c": ["openxml", xml]}


def _contents(title: str, document: Document, page_of: dict[str, int]) -> str:
    """Return the contents list as Word stores it: a field whose last result is written out."""
    bidi = "<w:bidi/>" if document.direction == "rtl" else ""
    rtl = "<w:rPr><w:rtl/></w:rPr>" if document.direction == "rtl" else ""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{document.contents_depth}" \\h \\z </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    headings = document.contents
    paragraphs = [
        f'<w:p><w:pPr><w:pStyle w:val="TOC{heading.level}"/>{bidi}</w:pPr>'
        f"{begin if number == 0 else ''}{_entry(heading, page_of.get(heading.id, 1), rtl)}"
        f"{end if number == len(headings) - 1 else ''}</w:p>"
        for number, heading in enumerate(headings)
    ]
    if title:
        paragraphs.insert(
            0,
            f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/>{bidi}</w:pPr>'
            f'<w:r>{rtl}<w:t xml:space="preserve">{escape(title)}</w:t></w:r></w:p>',
        )
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{''.join(paragraphs)}</w:sdtContent></w:sdt>"
    )


def _entry(heading: Heading, page: int, rtl: str) -> str:
    if heading.language:
        right_to_left = "<w:rtl/>" if languages.direction(heading.language) == "rtl" else ""
        own = f'<w:rPr>{right_to_left}<w:lang w:val="{heading.language}"/></w:rPr>'
    else:
        own = rtl
    return (
        f'<w:hyperlink w:anchor="{heading.id}" w:history="1">'
        f'<w:r>{own}<w:t xml:space="preserve">{escape(heading.text)}</w:t></w:r><w:r><w:tab/></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF {heading.id} \\h </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{page}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink>'
    )


# The package


def _finished(content: bytes, document: Document) -> bytes:
    """Return the package as we send it: sections, languages and properties set, dates and order fixed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    body = etree.fromstring(parts["word/document.xml"])
    _set_sections(body, document)
    _set_languages(body)
    _set_tables(body)
    parts["word/document.xml"] = _xml(body)
    notes = etree.fromstring(parts["word/footnotes.xml"])
    _set_languages(notes)
    parts["word/footnotes.xml"] = _xml(notes)
    lists = etree.fromstring(parts["word/numbering.xml"])
    _set_lists(lists)
    parts["word/numbering.xml"] = _xml(lists)
    settings = etree.fromstring(parts["word/settings.xml"])
    _set_settings(settings, document)
    parts["word/settings.xml"] = _xml(settings)
    parts["docProps/core.xml"] = _properties(document)
    parts["docProps/custom.xml"] = _identity(document)  # pandoc has named this part in the package already
    return packed(parts, first=FIRST_PARTS)


def _set_sections(body: etree._Element, document: Document) -> None:
    """Give the cover a section of its own, without page number; the text after it begins with page 1."""
    if not document.cover:
        return
    last = next(body.iter(_w("sectPr")))
    paragraphs = body[0].iterchildren(_w("p"))
    cover = [paragraph for paragraph in paragraphs if _style(paragraph).startswith("Cover")]
    section = etree.fromstring(etree.tostring(last))
    for footer in section.findall(_w("footerReference")):
        section.remove(footer)
    cover[-1].find(_w("pPr")).append(section)
    start = etree.Element(_w("pgNumType"))
    start.set(_w("start"), "1")
    last.find(_w("pgMar")).addnext(start)


def _set_tables(body: etree._Element) -> None:
    """Set tables in small type, over the whole width, columns from right to left where their texts run so.

    A row goes on to the next page only where it is longer than one. Word joins a table to one that follows without a
    paragraph between, and needs a paragraph after the last.
    """
    for table in body.iter(_w("tbl")):
        properties = table.find(_w("tblPr"))
        if table.find(f".//{_w('bidi')}") is not None:
            properties.find(_w("tblStyle")).addnext(etree.Element(_w("bidiVisual")))
        for style in table.iter(_w("pStyle")):
            style.set(_w("val"), "TableText")
        for row in table.iter(_w("tr")):
            _keep_together(row)
        columns = table.findall(f"{_w('tblGrid')}/{_w('gridCol')}")
        widths = [int(column.get(_w("w"))) for column in columns]
        for column, width in zip(columns, widths, strict=True):
            column.set(_w("w"), str(round(TEXT_WIDTH * 20 * width / sum(widths))))
        follower = table.getnext()
        while follower is not None and follower.tag in {_w("bookmarkStart"), _w("bookmarkEnd")}:
            follower = follower.getnext()
        if follower is None or follower.tag != _w("p"):
            follower = etree.Element(_w("p"))
            table.addnext(follower)
        if not _style(follower).startswith("Heading"):
            _set_space_before(follower)


def _keep_together(row: etree._Element) -> None:
    properties = row.find(_w("trPr"))
    if properties is None:
        properties = etree.Element(_w("trPr"))
        row.insert(0, properties)
    properties.insert(0, etree.Element(_w("cantSplit")))  # before what says that a row is a heading


def _set_space_before(paragraph: etree._Element) -> None:
    properties = paragraph.find(_w("pPr"))
    if properties is None:
        properties = etree.Element(_w("pPr"))
        paragraph.insert(0, properties)
    spacing = etree.Element(_w("spacing"))
    spacing.set(_w("before"), str(round(design.BODY_AFTER * 20)))
    following = {
        _w(name) for name in ("ind", "contextualSpacing", "jc", "textAlignment", "outlineLvl", "rPr", "sectPr")
    }
    place = next((at for at, child in enumerate(properties) if child.tag in following), len(properties))
    properties.insert(place, spacing)


def _set_lists(numbering: etree._Element) -> None:
    """Bring lists half as far in as pandoc does, as they stand in the PDF."""
    for indent in numbering.iter(_w("ind")):
        indent.set(_w("left"), str(int(indent.get(_w("left"))) // 2))
        indent.set(_w("hanging"), "280")


def _set_languages(root: etree._Element) -> None:
    for element in root.iter(_w("lang")):
        for kind, name in word_languages(element.get(_w("val"))).items():
            element.set(_w(kind), name)


def _set_settings(settings: etree._Element, document: Document) -> None:
    """Say for which Word this is written, so that it opens without "compatibility mode", and in which language."""
    theme = settings.find(_w("themeFontLang"))
    for kind, name in word_languages(document.language).items():
        theme.set(_w(kind), name)
    compatibility = etree.fromstring(
        f'<w:compat xmlns:w="{W}"><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    settings.find(_w("rsids")).addprevious(compatibility)


def _properties(document: Document) -> bytes:
    """Return title, author, subject and language. No dates: the day of making must not change the file."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:subject>{escape(document.subject)}</dc:subject>"
        f"<dc:creator>{escape(document.author)}</dc:creator><dc:language>{languages.tag(document.language)}</dc:language>"
        "</cp:coreProperties>"
    ).encode()


def _identity(document: Document) -> bytes:
    """Return which text this is and which portal made it: Word keeps both when it saves the file."""
    format_id = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of all properties that are not Word's own
    facts = (("Fingerprint", document.fingerprint), ("Portal", document.portal))
    properties = "".join(
        f'<property fmtid="{format_id}" pid="{number}" name="{name}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(facts, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{properties}</Properties>"
    ).encode()


def _style(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, empty where it names none."""
    style = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
    return "" if style is None else str(style.get(_w("val"), ""))


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
