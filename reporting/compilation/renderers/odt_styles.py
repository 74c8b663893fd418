"""The styles of an ODT: the measures of the printed page as OpenDocument tells them."""

from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from reporting.compilation import languages
from reporting.compilation.renderers import design
from reporting.compilation.renderers.design import Style
from reporting.compilation.renderers.fonts import ARABIC, CHINESE, LATIN
from reporting.compilation.renderers.reference import DEEPEST_CONTENTS, INSTEAD, TEXT_WIDTH, word_language

VERSION = "1.3"  # of OpenDocument: the first in which paragraphs of one list can stand together
NAMESPACES = " ".join(
    [
        *(
            f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
            for prefix, name in (
                ("office", "office"),
                ("style", "style"),
                ("text", "text"),
                ("table", "table"),
                ("meta", "meta"),
                ("fo", "xsl-fo-compatible"),
                ("svg", "svg-compatible"),
                ("draw", "drawing"),
            )
        ),
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})
_LANGUAGE = {"western": "fo:language", "asian": "style:language-asian", "complex": "style:language-complex"}
_COUNTRY = {"western": "fo:country", "asian": "style:country-asian", "complex": "style:country-complex"}
_LIST_LEVELS = 10
_LIST_INDENT, _LIST_HANGING = 18, 14  # points for each level, as in the DOCX


def language_attributes(language: str) -> str:
    """Return the language for words in its own script. Latin words in a Chinese text break at blanks all the same."""
    name, _, country = word_language(language).partition("-")
    kind = _script(language)
    return f" {_LANGUAGE[kind]}={quoteattr(name)} {_COUNTRY[kind]}={quoteattr(country or 'none')}"


def _script(language: str) -> str:
    """Return under which of the three kinds of script OpenDocument files the language."""
    if languages.base(language) in _EAST_ASIAN:
        return "asian"
    return "complex" if languages.direction(language) == "rtl" else "western"


def writing_mode(direction: str) -> str:
    """Return the attribute for a direction, nothing for an empty one."""
    return {"rtl": ' style:writing-mode="rl-tb"', "ltr": ' style:writing-mode="lr-tb"'}.get(direction, "")


def alignment(direction: str) -> str:
    """Return how a text of this direction is aligned, nothing for an empty one. LibreOffice takes "start" for left."""
    return {"rtl": ' fo:text-align="right"', "ltr": ' fo:text-align="left"'}.get(direction, "")


def font_faces() -> str:
    """Return the fonts, each with the one that takes its place where it is missing."""
    faces = "".join(
        f"<style:font-face style:name=\"{name}\" svg:font-family=\"'{name}', '{instead}'\""
        ' style:font-family-generic="swiss" style:font-pitch="variable"/>'
        for name, instead in INSTEAD.items()
    )
    return f"<office:font-face-decls>{faces}</office:font-face-decls>"


def cell_styles() -> str:
    """Return the styles of cells and rows. They are automatic ones: OpenDocument has no others."""
    rule, strong = f"0.5pt solid #{design.RULE}", f"1pt solid #{design.ACCENT}"
    padding = 'fo:padding-top="3pt" fo:padding-bottom="3pt" fo:padding-left="5pt" fo:padding-right="5pt"'
    row = '<style:style style:name="TableRow" style:family="table-row"><style:table-row-properties'
    return f'{row} fo:keep-together="always"/></style:style>' + "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties {padding}'
        f' fo:border-left="none" fo:border-right="none" fo:border-top="{top}" fo:border-bottom="{rule}"/></style:style>'
        for name, top in (("TableTop", strong), ("TableCell", "none"))
    )


def styles(language: str, mark: str) -> str:
    """Return `styles.xml` for a language; `mark` stands at the head of every page, empty for none."""
    direction = languages.direction(language)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {NAMESPACES} office:version="{VERSION}">'
        f"{font_faces()}<office:styles>{_defaults(language, direction)}{_paragraphs()}{_characters()}{_lists()}"
        f"{_OUTLINE}{_NOTES}</office:styles>"
        f"<office:automatic-styles>{_pages(direction, has_header=bool(mark))}</office:automatic-styles>"
        f"<office:master-styles>{_masters(mark)}</office:master-styles></office:document-styles>"
    )


# Paragraphs and characters


def _defaults(language: str, direction: str) -> str:
    own = language_attributes(language)
    others = "".join(
        f' {name}="none" {_COUNTRY[kind]}="none"' for kind, name in _LANGUAGE.items() if kind != _script(language)
    )
    fonts = f'style:font-name="{LATIN}" style:font-name-asian="{CHINESE}" style:font-name-complex="{ARABIC}"'
    return (
        '<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2"'
        f' style:tab-stop-distance="36pt"{alignment(direction)}{writing_mode(direction)}/>'
        f'<style:text-properties {fonts}{_size(design.BODY)} fo:color="#{design.INK}" fo:hyphenate="false"'
        f"{own}{others}/></style:default-style>"
        '<style:default-style style:family="table"><style:table-properties table:border-model="collapsing"/>'
        "</style:default-style>"
    )


def _paragraphs() -> str:
    body = Style(design.BODY, design.BODY_LINE, after=design.BODY_AFTER)
    note = Style(design.NOTE, design.NOTE_LINE, after=2)
    small = Style(design.SMALL, 12, align="center")
    cell = Style(design.SMALL, 13)
    parts = [
        _paragraph("Standard", body),
        _paragraph("Text body", body),
        _paragraph("List Contents", body, more=' style:contextual-spacing="true"'),
        _paragraph("Quotations", body, more=' fo:margin-left="18pt" fo:margin-right="18pt"'),
        _paragraph("Footnote", note, kind="extra"),
        _paragraph("Header", Style(design.SMALL, 12, bold=True, align="center"), colour=design.WARNING, kind="extra"),
        _paragraph("Footer", small, colour=design.QUIET, kind="extra"),
        _paragraph("Table Contents", cell, kind="extra"),
        _paragraph("Table Heading", Style(design.SMALL, 13, bold=True), kind="extra"),
        _paragraph("Contents Heading", design.HEADINGS[2], more=_KEEP_NEXT, kind="index"),
    ]
    for level, style in design.HEADINGS.items():
        parts.append(_paragraph(f"Heading {level}", style, more=_KEEP_NEXT, kind="chapter", level=level))
    for level in range(1, DEEPEST_CONTENTS + 1):
        style = Style(design.BODY, design.BODY_LINE, after=design.CONTENTS_AFTER)
        indent = 12 * (level - 1)
        tab = (
            f'<style:tab-stops><style:tab-stop style:position="{TEXT_WIDTH - indent:.1f}pt" style:type="right"'
            ' style:leader-style="dotted" style:leader-text="."/></style:tab-stops>'
        )
        parts.append(
            _paragraph(f"Contents {level}", style, more=f' fo:margin-left="{indent}pt"', tabs=tab, kind="index")
        )
    parts += [_paragraph(kind.title(), style, kind="chapter") for kind, style in design.FRONT.items()]
    parts += [_paragraph(f"Cover {kind.title()}", style) for kind, style in design.COVER.items()]
    first = Style(**{**vars(design.COVER["text"]), "before": design.FIRST_TEXT_BEFORE})
    parts.append(_paragraph("Cover First Text", first))
    return "".join(parts)


_KEEP_NEXT = ' fo:keep-with-next="always" fo:keep-together="always"'


def _paragraph(
    display_name: str,
    style: Style,
    *,
    colour: str = "",
    more: str = "",
    tabs: str = "",
    kind: str = "text",
    level: int = 0,
) -> str:
    name = display_name.replace(" ", "_20_")
    parent = "" if name == "Standard" else ' style:parent-style-name="Standard"'
    follows = ' style:next-style-name="Text_20_body"' if kind == "chapter" else ""
    outline = f' style:default-outline-level="{level}"' if level else ""
    ink = colour or (design.ACCENT if style.accent else "")
    align = ' fo:text-align="center"' if style.align == "center" else ""
    paint = f' fo:color="#{ink}"' if ink else ""
    return (
        f'<style:style style:name="{name}" style:display-name="{display_name}" style:family="paragraph"{parent}'
        f'{follows}{outline} style:class="{kind}"><style:paragraph-properties fo:margin-top="{style.before:g}pt"'
        f' fo:margin-bottom="{style.after:g}pt" style:line-height-at-least="{style.line:g}pt"'
        f"{align}{more}>{tabs}</style:paragraph-properties>"
        f"<style:text-properties{_size(style.size)}{_weight(style.bold)}{_slant(style.italic)}{paint}/></style:style>"
    )


def _characters() -> str:
    raised = '<style:text-properties style:text-position="super 58%"/>'
    return (
        '<style:style style:name="Internet_20_link" style:display-name="Internet link" style:family="text">'
        f'<style:text-properties fo:color="#{design.ACCENT}" style:text-underline-style="solid"'
        ' style:text-underline-width="auto" style:text-underline-color="font-color"/></style:style>'
        '<style:style style:name="Footnote_20_anchor" style:display-name="Footnote anchor" style:family="text">'
        f"{raised}</style:style>"
        '<style:style style:name="Index_20_Link" style:display-name="Index Link" style:family="text"/>'
        '<style:style style:name="Footnote_20_Symbol" style:display-name="Footnote Symbol" style:family="text">'
        f"{raised}</style:style>"
    )


def _size(points: float) -> str:
    return "".join(f' {name}="{points:g}pt"' for name in _kinds("font-size"))


def _weight(bold: bool) -> str:
    return "".join(f' {name}="{"bold" if bold else "normal"}"' for name in _kinds("font-weight"))


def _slant(italic: bool) -> str:
    return "".join(f' {name}="{"italic" if italic else "normal"}"' for name in _kinds("font-style"))


def _kinds(name: str) -> tuple[str, str, str]:
    """Return the names of an attribute for the three kinds of script."""
    return f"fo:{name}", f"style:{name}-asian", f"style:{name}-complex"


# Lists, headings without numbers of their own, notes


def _lists() -> str:
    bullets = ("•", "◦", "▪")
    written = [_list("Bullet", lambda level: f'bullet text:bullet-char="{bullets[(level - 1) % len(bullets)]}"')]
    for sign in "1aAiI":
        around = {sign: 'suffix="."', f"{sign}_one": 'suffix=")"', f"{sign}_two": 'prefix="(" style:num-suffix=")"'}
        for name, facts in around.items():
            mark = f'number style:num-format="{sign}" style:num-{facts}'
            written.append(_list(name, lambda _level, mark=mark: mark))  # type: ignore[misc]
    return "".join(written)


def _list(name: str, form: Callable[[int], str]) -> str:
    """Return the style of a list; `form` says of a level which kind of mark it has, and which."""
    levels = []
    for level in range(1, _LIST_LEVELS + 1):
        kind, facts = form(level).split(" ", 1)
        indent = f"{_LIST_INDENT * level}pt"
        levels.append(
            f'<text:list-level-style-{kind} text:level="{level}" {facts}><style:list-level-properties'
            ' text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment'
            f' text:label-followed-by="listtab" text:list-tab-stop-position="{indent}" fo:margin-left="{indent}"'
            f' fo:text-indent="-{_LIST_HANGING}pt"/></style:list-level-properties></text:list-level-style-{kind}>'
        )
    names = f'style:name="List_20_{name}" style:display-name="List {name}"'
    return f"<text:list-style {names}>{''.join(levels)}</text:list-style>"


_OUTLINE = (
    '<text:outline-style style:name="Outline">'
    + "".join(f'<text:outline-level-style text:level="{level}" style:num-format=""/>' for level in range(1, 11))
    + "</text:outline-style>"
)
_NOTES = (
    '<text:notes-configuration text:note-class="footnote" text:default-style-name="Footnote"'
    ' text:citation-style-name="Footnote_20_Symbol" text:citation-body-style-name="Footnote_20_anchor"'
    ' style:num-format="1" style:num-suffix="\u2002" text:start-value="0" text:footnotes-position="page"'
    ' text:start-numbering-at="document"/>'
)


# Pages


def _pages(direction: str, *, has_header: bool) -> str:
    """Return the page of the cover and the page of the text: they differ in the foot."""
    return _page("CoverPage", direction, has_header=has_header, has_footer=False) + _page(
        "TextPage", direction, has_header=has_header, has_footer=True
    )


def _page(name: str, direction: str, *, has_header: bool, has_footer: bool) -> str:
    top, bottom = design.HEADER if has_header else design.MARGIN, design.FOOTER if has_footer else design.MARGIN
    header = _band("header", "bottom", design.MARGIN - design.HEADER) if has_header else ""
    footer = _band("footer", "top", design.MARGIN - design.FOOTER) if has_footer else ""
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties fo:page-width="210mm"'
        f' fo:page-height="297mm" style:print-orientation="portrait" fo:margin-top="{top}pt"'
        f' fo:margin-bottom="{bottom}pt" fo:margin-left="{design.MARGIN}pt" fo:margin-right="{design.MARGIN}pt"'
        f' style:num-format="1"{writing_mode(direction)}><style:footnote-sep style:width="0.5pt"'
        f' style:distance-before-sep="10pt" style:distance-after-sep="3pt" style:rel-width="28%"'
        f' style:adjustment="{"right" if direction == "rtl" else "left"}" style:color="#{design.QUIET}"/>'
        f"</style:page-layout-properties>{header}{footer}</style:page-layout>"
    )


def _band(name: str, side: str, height: float) -> str:
    """Return the space of header or footer, up to the text."""
    line = 12
    return (
        f'<style:{name}-style><style:header-footer-properties fo:min-height="{height}pt" fo:margin-left="0pt"'
        f' fo:margin-right="0pt" fo:margin-{side}="{height - line}pt" style:dynamic-spacing="false"/>'
        f"</style:{name}-style>"
    )


def _masters(mark: str) -> str:
    head = f'<style:header><text:p text:style-name="Header">{escape(mark)}</text:p></style:header>' if mark else ""
    foot = (
        '<style:footer><text:p text:style-name="Footer"><text:page-number text:select-page="current">1'
        "</text:page-number></text:p></style:footer>"
    )
    return (
        f'<style:master-page style:name="Standard" style:page-layout-name="TextPage">{head}{foot}</style:master-page>'
        '<style:master-page style:name="Cover" style:page-layout-name="CoverPage" style:next-style-name="Standard">'
        f"{head}</style:master-page>"
    )
