"""Makes the reference document from which pandoc takes page and styles of a DOCX, for a language and a direction."""

import io
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reporting.compilation import languages
from reporting.compilation.renderers import design
from reporting.compilation.renderers.design import Style
from reporting.compilation.renderers.fonts import ARABIC, CHINESE, LATIN
from reporting.compilation.renderers.process import Tools, run

# What Word takes where the reader's machine has not our fonts.
INSTEAD = {LATIN: "Arial", ARABIC: "Arial", CHINESE: "Microsoft YaHei"}
TEXT_WIDTH = 595.3 - 2 * design.MARGIN  # of A4, in points
DEEPEST_CONTENTS = 5


def word_language(language: str) -> str:
    """Return the language as Word wants it: Chinese and Arabic name a country."""
    return {"zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "ar": "ar-SA"}.get(
        languages.tag(language), languages.tag(language)
    )


def word_languages(language: str) -> dict[str, str]:
    """Return the language for each kind of script, by the name of Word's attribute: it reads them apart.

    The Latin words of a Chinese text are English, as where Word itself writes Chinese: LibreOffice breaks a line within
    what is said to be Chinese.
    """
    name = word_language(language)
    return {"val": "en-US" if languages.base(language) == "zh" else name, "eastAsia": name, "bidi": name}


def reference_document(language: str, mark: str, tools: Tools) -> bytes:
    """Return the reference document; `mark` stands at the head of every page, empty for none."""
    base = run([*tools.pandoc, "--print-default-data-file=reference.docx"], b"", name="pandoc", tools=tools)
    word = docx.Document(io.BytesIO(base))
    _set_styles(word, language)
    _set_fonts(word)
    _set_page(word, right_to_left=languages.direction(language) == "rtl", mark=mark)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _set_page(word: WordDocument, *, right_to_left: bool, mark: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(design.MARGIN)
    section.header_distance, section.footer_distance = Pt(design.HEADER), Pt(design.FOOTER)
    section.gutter = 0
    for restart in section._sectPr.xpath("./w:footnotePr"):
        section._sectPr.remove(restart)  # pandoc counts notes anew in each section
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.style, footer.style = word.styles["header"], word.styles["footer"]
    for paragraph in (header, footer):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if right_to_left:
            paragraph._p.get_or_add_pPr().insert_element_before(parse_xml(f"<w:bidi {nsdecls('w')}/>"), "w:jc")
    run_of_mark = header.add_run(mark)
    if right_to_left:
        run_of_mark._r.get_or_add_rPr().append(parse_xml(f"<w:rtl {nsdecls('w')}/>"))
    _add_page_number(footer)
    if right_to_left:
        section._sectPr.append(parse_xml(f"<w:bidi {nsdecls('w')}/>"))


def _add_page_number(paragraph: Paragraph) -> None:
    parts = [
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ]
    for part in parts:
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))


def _set_fonts(word: WordDocument) -> None:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, instead in INSTEAD.items()
    )
    for part in word.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{entries}</w:fonts>'.encode()


# Styles


def _set_styles(word: WordDocument, language: str) -> None:
    """Put our styles in the place of pandoc's; names and ids are those that pandoc's writer uses."""
    element = word.styles.element
    for child in list(element):
        element.remove(child)
    body = Style(design.BODY, design.BODY_LINE, after=design.BODY_AFTER)
    note = Style(design.NOTE, design.NOTE_LINE, after=2)
    small = Style(design.SMALL, 12)
    parts = [
        _defaults(language),
        _paragraph("Normal", "Normal", body, default=True),
        _paragraph("BodyText", "Body Text", body),
        _paragraph("FirstParagraph", "First Paragraph", body),
        _paragraph("Compact", "Compact", body, last="<w:contextualSpacing/>"),
        _paragraph("BlockText", "Block Text", body, extra=_indent(18)),
        _paragraph("FootnoteText", "footnote text", note),
        _paragraph("FootnoteBlockText", "Footnote Block Text", note),
        _paragraph("Header", "header", Style(design.SMALL, 12, bold=True), colour=design.WARNING),
        _paragraph("Footer", "footer", small, colour=design.QUIET),
        _paragraph("TOCHeading", "TOC Heading", design.HEADINGS[2], extra="<w:keepNext/>"),
        _paragraph("TableText", "Table Text", Style(design.SMALL, 13)),
    ]
    for level in range(1, 10):
        style = design.HEADINGS[min(level, len(design.HEADINGS))]
        outline = f'<w:outlineLvl w:val="{level - 1}"/>'
        parts.append(
            _paragraph(f"Heading{level}", f"heading {level}", style, extra="<w:keepNext/><w:keepLines/>", last=outline)
        )
    for level in range(1, DEEPEST_CONTENTS + 1):
        tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{round(TEXT_WIDTH * 20)}"/></w:tabs>'
        style = Style(design.BODY, design.BODY_LINE, after=design.CONTENTS_AFTER)
        indent = f'<w:ind w:left="{_twentieth(12 * (level - 1))}"/>'
        parts.append(_paragraph(f"TOC{level}", f"toc {level}", style, tabs=tab, last=indent))
    for kind, style in design.FRONT.items():
        parts.append(_paragraph(kind.title(), kind.title(), style))
    for kind, style in design.COVER.items():
        parts.append(_paragraph(f"Cover{kind.title()}", f"Cover {kind.title()}", style))
    first = Style(**{**vars(design.COVER["text"]), "before": design.FIRST_TEXT_BEFORE})
    parts.append(_paragraph("CoverFirstText", "Cover First Text", first))
    parts += [
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:rPr><w:color w:val="{design.ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>',
        _table_style(),
    ]
    for part in parts:
        element.append(parse_xml(part.replace(">", f" {nsdecls('w')}>", 1)))


def _defaults(language: str) -> str:
    named = " ".join(f"w:{kind}={quoteattr(name)}" for kind, name in word_languages(language).items())
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{CHINESE}" w:cs="{ARABIC}"/>'
        f'<w:color w:val="{design.INK}"/><w:sz w:val="{_half(design.BODY)}"/><w:szCs w:val="{_half(design.BODY)}"/>'
        f"<w:lang {named}/>"
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def _paragraph(
    style_id: str,
    name: str,
    style: Style,
    *,
    default: bool = False,
    colour: str = "",
    extra: str = "",
    tabs: str = "",
    last: str = "",
) -> str:
    """Return one paragraph style. Word wants the parts of a style in this order."""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    follows = '<w:next w:val="BodyText"/>' if style_id.startswith(("Heading", "Title", "Subtitle")) else ""
    keeps = "" if "keepNext" not in extra else extra
    indent = extra if not keeps else ""
    spacing = (
        f'<w:spacing w:before="{_twentieth(style.before)}" w:after="{_twentieth(style.after)}"'
        f' w:line="{_twentieth(style.line)}" w:lineRule="atLeast"/>'
    )
    outline = last if "outlineLvl" in last else ""
    indent += last if not outline else ""
    align = '<w:jc w:val="center"/>' if style.align == "center" else ""
    ink = colour or (design.ACCENT if style.accent else "")
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    italic = "<w:i/><w:iCs/>" if style.italic else ""
    paint = f'<w:color w:val="{ink}"/>' if ink else ""
    size = f'<w:sz w:val="{_half(style.size)}"/><w:szCs w:val="{_half(style.size)}"/>'
    default_mark = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="paragraph"{default_mark} w:styleId="{style_id}"><w:name w:val="{escape(name)}"/>'
        f"{based}{follows}<w:qFormat/><w:pPr>{keeps}{tabs}{spacing}{indent}{align}{outline}</w:pPr>"
        f"<w:rPr>{bold}{italic}{paint}{size}</w:rPr></w:style>"
    )


def _table_style() -> str:
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{design.RULE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{design.ACCENT}"'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {strong}/><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
        '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>'
    )


def _indent(points: float) -> str:
    return f'<w:ind w:left="{_twentieth(points)}" w:right="{_twentieth(points)}"/>' if points else ""


def _half(points: float) -> int:
    return round(points * 2)


def _twentieth(points: float) -> int:
    return round(points * 20)
