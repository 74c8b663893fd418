"""Word, OpenDocument and HTML files: what they say, and that no word of theirs vanishes."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Pt

from reporting.compilation import document, renderers
from reporting.compilation.renderers.process import Tools, run
from reporting.importing import office
from reporting.importing.blocks import Block, Source, printed_words, within
from tests.reporting.compilation import samples

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Return a DOCX with this body; parts are named as in the package: `footnotes`, `header1`, `comments`, ..."""
    kinds = {name: name.rstrip("0123456789") for name in parts}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/{kinds[name]}" Target="{name}.xml"/>' for n, name in enumerate(parts)
    )
    package_relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments", "header": "hdr", "footer": "ftr"}
    roots |= {"styles": "styles", "numbering": "numbering"}
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package_relations}"><Relationship Id="r1"'
            f' Type="{RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package_relations}">{relations}</Relationships>',
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            **{
                f"word/{name}.xml": f"<w:{roots[kinds[name]]} {NAMES}>{content}</w:{roots[kinds[name]]}>"
                for name, content in parts.items()
            },
        }
    )


def p(*texts: str, look: str = "") -> str:
    """Return a paragraph of texts, each a run of its own unless it is XML."""
    runs = "".join(text if text.startswith("<") else t(text) for text in texts)
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{runs}</w:p>"


def t(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, shown: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{mark.format('separate')}"
        f"{t(shown)}{mark.format('end')}"
    )


def read(content: bytes) -> Source:
    """Read a file, and see that each word that was counted in it is in one block."""
    source = office.read(content)
    assert source.words == len(printed_words(source.blocks))
    return source


def texts(source: Source, place: str = "body") -> list[str]:
    return [block.text for block in source.blocks if block.place == place and block.kind != "table"]


def shown(block: Block) -> str:
    """Return the words of a block with the marks of its notes in brackets."""
    return "".join(f"[{run.note}:{run.text}]" if run.note else run.text for run in block.runs)


def by_pandoc(markdown: str, format: str, *options: str) -> bytes:
    tools = Tools()
    return run(
        [*tools.pandoc, "-s", f"--to={format}", "-o", "-", *options], markdown.encode(), name="pandoc", tools=tools
    )


BOX = "<w:txbxContent>{}</w:txbxContent>"
DRAWN = (
    "<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></a:graphicData>"
    "</a:graphic></wp:anchor></w:drawing>"
)
PICT = "<w:pict><v:shape><v:textbox>{}</v:textbox></v:shape></w:pict>"


class TestWordsOfADocx:
    """Each stands in one block, wherever the file has it; those outside the running text last, with their place."""

    def test_in_text_boxes_count_once_though_the_file_has_them_twice(self):
        box = BOX.format(p("Boxed words here"))
        both = f'<mc:Choice Requires="wps">{DRAWN.format(box)}</mc:Choice><mc:Fallback>{PICT.format(box)}</mc:Fallback>'
        source = read(word(p("Before.", f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>", " After.")))
        assert texts(source) == ["Before. After."]
        assert texts(source, "text_box") == ["Boxed words here"]

    def test_in_the_second_form_of_a_text_box_count_where_they_are_others(self):
        first, second = BOX.format(p("Boxed words")), BOX.format(p("Boxed words differ"))
        both = f"<mc:Choice>{DRAWN.format(first)}</mc:Choice><mc:Fallback>{PICT.format(second)}</mc:Fallback>"
        source = read(word(p("Text.", f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>")))
        assert sorted(texts(source, "text_box")) == ["Boxed words", "Boxed words differ"]

    def test_in_a_text_box_inside_another(self):
        inner = p("Inner.", f"<w:r>{PICT.format(BOX.format(p('Innermost.')))}</w:r>")
        source = read(word(p("Text.", f"<w:r>{DRAWN.format(BOX.format(inner))}</w:r>")))
        assert sorted(texts(source, "text_box")) == ["Inner.", "Innermost."]

    def test_in_headers_and_footers(self):
        source = read(word(p("Text."), header1=p("Upper words"), header2=p("Other upper"), footer1=p("Lower words")))
        assert texts(source, "header") == ["Upper words", "Other upper"]
        assert texts(source, "footer") == ["Lower words"]
        assert texts(source) == ["Text."]

    def test_in_comments(self):
        comment = '<w:comment w:id="0" w:author="Somebody">{}</w:comment>'.format(p("Is this so?"))
        anchor = (
            '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        )
        source = read(word(p("Said", anchor.format(t(" remarked")), " on."), comments=comment))
        assert texts(source) == ["Said remarked on."]
        assert texts(source, "comment") == ["Is this so?"]

    def test_deleted_and_moved_are_told_from_those_inserted(self):
        deleted = '<w:del w:id="1"><w:r><w:delText xml:space="preserve">gone words </w:delText></w:r></w:del>'
        moved = f'<w:moveFrom w:id="3">{t("from here ")}</w:moveFrom>'
        inserted = f'<w:ins w:id="2">{t("new ")}</w:ins>'
        source = read(
            word(p("Kept ", deleted, inserted, moved, "end.") + p(f'<w:moveTo w:id="4">{t("from here")}</w:moveTo>'))
        )
        assert texts(source) == ["Kept new end.", "from here"]
        assert " ".join(texts(source, "deletion")).split() == ["gone", "words", "from", "here"]

    def test_in_footnotes_and_endnotes(self):
        reference = '<w:r><w:{0}Reference w:id="2"/></w:r>'
        note = '<w:{0} w:id="2">{1}</w:{0}>'
        source = read(
            word(
                p("One", reference.format("footnote"), " two", reference.format("endnote"), "."),
                footnotes=note.format("footnote", p("At the foot.") + p("More of it.")),
                endnotes=note.format("endnote", p("At the end.")),
            )
        )
        assert shown(source.blocks[0]) == "One[n1:1] two[n2:2]."
        assert [(block.note, block.marker, block.text) for block in source.blocks if block.kind == "note"] == [
            ("n1", "1", "At the foot.\nMore of it."),
            ("n2", "2", "At the end."),
        ]

    def test_of_a_note_with_a_mark_of_its_own(self):
        mark = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
        source = read(word(p("Said", mark, " so."), footnotes=f'<w:footnote w:id="2">{p("* In 2021.")}</w:footnote>'))
        assert shown(source.blocks[0]) == "Said[n1:*] so."
        assert [(note.marker, note.text, note.printed) for note in source.blocks[1:]] == [
            ("*", "In 2021.", ["* In 2021."])
        ]

    def test_of_a_note_that_nothing_marks(self):
        source = read(word(p("Text."), footnotes=f'<w:footnote w:id="2">{p("Nobody points here.")}</w:footnote>'))
        assert texts(source) == ["Text.", "Nobody points here."]

    def test_in_fields(self):
        simple = f'<w:fldSimple w:instr=" SEQ Table ">{t("3")}</w:fldSimple>'
        source = read(
            word(p("Table ", simple, " of ", field("NUMPAGES", "12"), " on ", field(" REF x ", "page nine"), "."))
        )
        assert texts(source) == ["Table 3 of 12 on page nine."]

    def test_in_a_link_made_by_a_field(self):
        source = read(word(p("See ", field(' HYPERLINK "https://a.example/x" ', "the page"), " now.")))
        assert [(run.text, run.href) for run in source.blocks[0].runs] == [
            ("See ", ""),
            ("the page", "https://a.example/x"),
            (" now.", ""),
        ]

    def test_in_a_contents_list_stand_where_it_stands(self):
        entries = p("First part\u2003", "<w:r><w:tab/></w:r>", "2") + p("Second part", "<w:r><w:tab/></w:r>", "5")
        gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        source = read(
            word(p("Before.") + f"<w:sdt>{gallery}<w:sdtContent>{entries}</w:sdtContent></w:sdt>" + p("After."))
        )
        assert [text.split() for text in texts(source)] == [
            ["Before."],
            ["First", "part", "2"],
            ["Second", "part", "5"],
            ["After."],
        ]

    def test_in_content_controls(self):
        inline = f"<w:sdt><w:sdtPr/><w:sdtContent>{t('chosen ')}</w:sdtContent></w:sdt>"
        block = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('A block of it.')}</w:sdtContent></w:sdt>"
        source = read(word(p("Inside ", inline, "text.") + block))
        assert texts(source) == ["Inside chosen text.", "A block of it."]

    def test_in_tables_inside_tables(self):
        cell = "<w:tc><w:tcPr/>{}</w:tc>"
        inner = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell.format(p('Deep'))}{cell.format(p('Deeper'))}</w:tr></w:tbl>"
        cells = cell.format(p("Left")) + cell.format(inner + p("Under"))
        outer = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cells}</w:tr></w:tbl>"
        source = read(word(p("Above.") + outer + p("Below.")))
        assert [block.kind for block in source.blocks] == ["paragraph", "table", "paragraph"]
        assert Counter(printed_words([source.blocks[1]])) == Counter(["Left", "Deep", "Deeper", "Under"])

    def test_in_formulas_and_phonetic_guides(self):
        formula = "<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>"
        ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{t('kan')}</w:rt><w:rubyBase>{t('guides')}</w:rubyBase></w:ruby></w:r>"
        source = read(word(p("Sum ", formula, " and ", ruby, ".")))
        assert texts(source) == ["Sum x+y and guides."]
        assert texts(source, "text_box") == ["kan"]

    def test_cut_into_many_runs_are_one_word(self):
        source = read(word(p("in", "dus", "tri", "al") + p("<w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t></w:r>")))
        assert printed_words(source.blocks) == ["industrial", "co-op"]

    def test_with_letters_that_our_marks_use_are_counted(self):
        source = read(word(p("Odd \U000f0001\U000f8001 letters.")))
        assert printed_words(source.blocks) == ["Odd", "\U000f0001\U000f8001", "letters."]
        assert source.blocks[0].text == "Odd \ufffd\ufffd letters."

    def test_in_any_script_stand_as_they_are(self):
        said = ["المنظمة تدعم", "工业发展 2021", "L’initiative « pilote »", "Цифровая трансформация", "a & b < c"]
        source = read(word("".join(p(text.replace("&", "&amp;").replace("<", "&lt;")) for text in said)))
        assert texts(source) == said


class TestDocx:
    def made(self, make: Callable[[docx.document.Document], None]) -> Source:
        document = docx.Document()
        make(document)
        file = io.BytesIO()
        document.save(file)
        return read(file.getvalue())

    def test_has_headings_by_style(self):
        def make(document):
            document.add_heading("The title", 0)
            document.add_heading("Overview", 1)
            document.add_paragraph("Some text.")
            document.add_heading("Detail", 2)

        source = self.made(make)
        assert [(block.kind, block.level, block.text) for block in source.blocks] == [
            ("heading", 0, "The title"),
            ("heading", 1, "Overview"),
            ("paragraph", 0, "Some text."),
            ("heading", 2, "Detail"),
        ]

    def test_keeps_looks(self):
        def make(document):
            paragraph = document.add_paragraph("Plain ")
            paragraph.add_run("bold").bold = True
            paragraph.add_run(" raised").font.superscript = True
            document.add_paragraph("A text that is long enough to be the running text of this document.")
            centred = document.add_paragraph()
            centred.alignment = WD_ALIGN_PARAGRAPH.CENTER
            centred.add_run("Large").font.size = Pt(22)

        first, _second, third = self.made(make).blocks
        assert [(run.text.strip(), run.marks) for run in first.runs if run.text.strip()] == [
            ("Plain", ()),
            ("bold", ("strong",)),
            ("raised", ("sup",)),
        ]
        assert (third.centred, third.size) == (True, 2.0)

    def test_has_lists_with_their_marks(self):
        def make(document):
            for style in ("List Bullet", "List Number", "List Number", "List Number 2"):
                document.add_paragraph(style, style=style)

        items = [(block.kind, block.marker, block.text) for block in self.made(make).blocks]
        assert items == [
            ("item", "•", "List Bullet"),
            ("item", "1.", "List Number"),
            ("item", "2.", "List Number"),
            ("item", "1.", "List Number 2"),
        ]

    def test_tells_page_breaks(self):
        def make(document):
            document.add_paragraph("One.").add_run().add_break(WD_BREAK.PAGE)
            document.add_paragraph("Two.")
            document.add_page_break()
            document.add_paragraph("Three.").paragraph_format.page_break_before = True

        kinds = [block.text or block.kind for block in self.made(make).blocks]
        assert kinds == ["One.", "page", "Two.", "page", "page", "Three."]

    def test_tells_pages_that_word_has_marked(self):
        broken = "<w:r><w:lastRenderedPageBreak/><w:t>Two</w:t></w:r>"
        source = read(word(p("One") + p(broken) + p("Still two") + p("Goes ", broken)))
        assert source.pages == 3
        assert [block.page for block in source.blocks][1:] == [2, 2, 2]

    def test_has_the_numbers_that_word_prints(self):
        levels = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{said}"/></w:lvl>'
            for n, (kind, said) in enumerate([("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "(%3)")])
        )
        numbering = (
            f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        look = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
        body = "".join(p(f"Text {n}", look=look.format(depth)) for n, depth in enumerate([0, 1, 1, 2, 0, 1]))
        source = read(word(body, numbering=numbering))
        assert [block.marker for block in source.blocks] == ["I.", "1.", "2.", "(a)", "II.", "1."]

    def test_does_not_take_indented_text_for_a_quotation(self):
        source = read(word(p("Indented.", look='<w:ind w:left="1440"/>') + p("Not so.")))
        assert [block.kind for block in source.blocks] == ["paragraph", "paragraph"]

    def test_of_a_text_file_is_read_as_that(self):
        lines = ["# A heading", "", "Words that are **strong** and", "go on.<sup>1</sup>", "", "1 See there."]
        source = read(
            word("".join(p(line.replace("<", "&lt;")) if line else "<w:p/>" for line in lines), header1=p("Upper."))
        )
        assert source.format == "docx"
        heading, paragraph = source.blocks[:2]
        assert (heading.kind, heading.level, heading.text) == ("heading", 1, "A heading")
        assert [run.text for run in paragraph.runs if "strong" in run.marks] == ["strong"]
        assert texts(source, "header") == ["Upper."]


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODT_NAMES = (
    f'xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0" xmlns:table="{OFFICE}:table:1.0"'
    f' xmlns:draw="{OFFICE}:drawing:1.0" xmlns:style="{OFFICE}:style:1.0" xmlns:fo="{OFFICE}:xsl-fo-compatible:1.0"'
    f' xmlns:svg="{OFFICE}:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def open_document(body: str, *, margins: str = "", looks: str = "", **parts: str) -> bytes:
    master = f'<style:master-page style:name="Standard">{margins}</style:master-page>'
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {ODT_NAMES}><office:automatic-styles>{looks}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {ODT_NAMES}><office:styles/><office:master-styles>{master}"
            "</office:master-styles></office:document-styles>",
            **parts,
        }
    )


def op(text: str) -> str:
    return f"<text:p>{text}</text:p>"


class TestWordsOfAnOdt:
    def test_in_headers_and_footers(self):
        number = "<text:page-number>3</text:page-number>"
        margins = (
            f"<style:header>{op('Upper words')}</style:header><style:footer>{op(f'Lower {number}')}</style:footer>"
        )
        source = read(open_document(op("Text."), margins=margins))
        assert texts(source) == ["Text."]
        assert texts(source, "header") == ["Upper words"]
        assert texts(source, "footer") == ["Lower 3"]

    def test_in_comments_without_who_and_when(self):
        about = "<dc:creator>Somebody</dc:creator><dc:date>2021-01-01</dc:date>"
        note = f"<office:annotation>{about}{op('Is it so?')}</office:annotation>"
        source = read(open_document(op(f"Re{note}marked.")))
        assert texts(source) == ["Remarked."]
        assert texts(source, "comment") == ["Is it so?"]

    def test_deleted(self):
        changes = (
            '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>'
            f"<dc:creator>Somebody</dc:creator><dc:date>2021</dc:date></office:change-info>{op('gone words')}"
            "</text:deletion></text:changed-region></text:tracked-changes>"
        )
        source = read(open_document(changes + op('Kept <text:change text:change-id="c1"/>words.')))
        assert texts(source) == ["Kept words."]
        assert texts(source, "deletion") == ["gone words"]

    def test_in_frames_without_what_describes_a_picture(self):
        box = f"<draw:text-box>{op('Boxed words')}</draw:text-box>"
        box = f"<draw:frame><svg:title>A picture</svg:title>{box}</draw:frame>"
        source = read(
            open_document(
                op(f"Text {box}goes on.") + f"<draw:frame><draw:text-box>{op('At a page')}</draw:text-box></draw:frame>"
            )
        )
        assert texts(source) == ["Text goes on."]
        assert texts(source, "text_box") == ["Boxed words", "At a page"]

    def test_in_notes_with_their_numbers(self):
        note = (
            '<text:note text:note-class="footnote"><text:note-citation>{}</text:note-citation>'
            "<text:note-body>{}</text:note-body></text:note>"
        )
        source = read(
            open_document(op(f"One{note.format('1', op('At the foot.'))} two{note.format('i', op('At the end.'))}."))
        )
        assert shown(source.blocks[0]) == "One[n1:1] two[n2:i]."
        notes = [block for block in source.blocks if block.kind == "note"]
        assert [(block.marker, block.text, block.printed) for block in notes] == [
            ("1", "At the foot.", ["1", "At the foot."]),
            ("i", "At the end.", ["i", "At the end."]),
        ]

    def test_in_fields_sections_and_lists(self):
        index = (
            "<text:table-of-content><text:table-of-content-source><text:index-title-template>Template"
            "</text:index-title-template></text:table-of-content-source><text:index-body>"
            f"<text:index-title>{op('Contents')}</text:index-title>{op('First part<text:tab/>2')}"
            "</text:index-body></text:table-of-content>"
        )
        items = f"<text:list><text:list-item>{op('An item')}</text:list-item></text:list>"
        page = "<text:span>page <text:sequence>4</text:sequence></text:span>"
        body = f"<text:section>{op(f'On <text:date>3 May</text:date>, {page}.')}</text:section>"
        source = read(open_document(index + body + items))
        assert [text.split() for text in texts(source)] == [
            ["Contents"],
            ["First", "part", "2"],
            ["On", "3", "May,", "page", "4."],
            ["An", "item"],
        ]

    def test_in_a_formula(self):
        content = (
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation>x over</annotation>'
            "</semantics></math>"
        )
        source = read(open_document(op("Text."), **{"Object 1/content.xml": content}))
        assert texts(source, "text_box") == ["x"]

    def test_between_blanks_and_tabs(self):
        source = read(open_document(op("One<text:s/>two<text:tab/>three<text:line-break/>four")))
        assert printed_words(source.blocks) == ["One", "two", "three", "four"]


class TestOdt:
    def test_has_headings_looks_and_page_breaks(self):
        looks = (
            '<style:style style:name="P1" style:family="paragraph"><style:paragraph-properties fo:text-align="center"'
            ' fo:break-before="page"/><style:text-properties fo:font-size="24pt"/></style:style>'
        )
        body = (
            '<text:h text:outline-level="2">Heading</text:h>'
            + op("Some running text.")
            + '<text:p text:style-name="P1">Large</text:p>'
        )
        source = read(open_document(body, looks=looks))
        heading, text, page, large = source.blocks
        assert (heading.kind, heading.level) == ("heading", 2)
        assert (text.kind, text.centred, text.size) == ("paragraph", False, 1.0)
        assert page.kind == "page"
        assert (large.centred, large.size) == (True, 2.0)


class TestWordsOfAPage:
    def test_beside_the_text_have_a_place(self):
        source = read(
            b"<!doctype html><html><head><title>The title</title><style>p {}</style></head><body><nav>Menu here</nav>"
            b"<p>Outside main.</p><main><p>Inside <del>gone</del><ins>new</ins>.</p><aside>Beside it</aside></main>"
            b"<footer>Lower words</footer><script>let words</script></body></html>"
        )
        assert texts(source) == ["Outside main.", "Inside new."]
        assert texts(source, "header") == ["The title", "Menu here"]
        assert texts(source, "deletion") == ["gone"]
        assert texts(source, "text_box") == ["Beside it"]
        assert texts(source, "footer") == ["Lower words"]

    def test_that_no_text_node_has_are_not_counted(self):
        source = read(
            b'<html><body><p title="not me">Text<img alt="nor me"><!-- nor this --></p><template>x</template></body>'
        )
        assert printed_words(source.blocks) == ["Text"]

    def test_without_a_paragraph_or_in_tags_that_nobody_knows(self):
        source = read(
            b"<html><body>Loose <b>words</b><div>in a box<div>deeper</div>after</div>"
            b"<odd-tag>odd</odd-tag><table><tr><td>cell</table>"
        )
        assert printed_words(source.blocks) == ["Loose", "words", "in", "a", "box", "deeper", "after", "odd", "cell"]

    def test_in_forms_and_drawings(self):
        source = read(
            b"<html><body><p>Text</p><svg><text>drawn</text></svg>"
            b"<select><option>one<option>two</select><textarea>typed</textarea></body>"
        )
        assert Counter(printed_words(source.blocks)) == Counter(["Text", "drawn", "one", "two", "typed"])

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
    def test_in_the_encoding_of_the_file(self, encoding):
        meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
        page = f"<html><head>{meta}</head><body><p>Côte d’Ivoire</p></body></html>"
        assert texts(read(page.encode(encoding))) == ["Côte d’Ivoire"]


NOTES = {
    "by pandoc": '<p>Said<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> so.</p>'
    '<section id="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>See there.'
    '<a href="#fnref1" role="doc-backlink">↩︎</a></p></li></ol></section>',
    "by Word": '<p>Said<a href="#_ftn1" name="_ftnref1"><span><span>[1]</span></span></a> so.</p><div><hr>'
    '<div id=ftn1><p><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> See there.</p></div></div>',
    "by LibreOffice": '<p>Said<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>'
    ' so.</p><div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>'
    "See there.</p></div>",
    "by hand": '<p>Said <a href="#note-1">[1]</a> so.</p><p id="note-1">See there.</p>',
}


class TestPageOfThePortal:
    def test_tells_the_text_from_ways_to_its_records(self):
        content = renderers.render(document.build(samples.unido()), "html").content
        source = read(content)
        assert any("written by staff" in text for text in texts(source, "text_box"))
        assert not any("written by staff" in text or text == "Skip to the text" for text in texts(source))
        assert sum(block.kind == "note" for block in source.blocks) == 12


class TestNotesOfAPage:
    @pytest.mark.parametrize("page", NOTES.values(), ids=NOTES)
    def test_are_found_by_the_links_that_mark_them(self, page):
        source = read(f"<html><body>{page}</body></html>".encode())
        assert shown(source.blocks[0]).replace(" [", "[") == "Said[n1:1] so."
        assert [block.text for block in source.blocks if block.kind == "note"] == ["See there."]

    def test_cited_twice_are_one(self):
        source = read(
            b'<html><body><p>Once<a href="#fn1" id="a">1</a>, twice<a href="#fn1" id="b">1</a>.</p>'
            b'<ol><li id="fn1">Body <a href="#a">^</a></li></ol></body>'
        )
        assert shown(source.blocks[0]) == "Once[n1:1], twice[n1:1]."
        assert [block.text for block in source.blocks if block.kind == "note"] == ["Body"]

    def test_are_not_links_to_a_section(self):
        source = read(
            b'<html><body><p>See chapter <a href="#two">2</a>.</p><h1>One</h1><h1 id="two">Two</h1><p>Text.</p></body>'
        )
        assert texts(source) == ["See chapter 2.", "One", "Two", "Text."]


MARKDOWN = """# Overview

Some *stressed* text with **strong** words[^a] and [a link](https://a.example/x).

1. first
2. second

    - inner

| left | right |
|------|-------|
| a    | b[^b] |

[^a]: First note, <https://b.example/y>.
[^b]: Second note.
"""


class TestAllFormats:
    @pytest.mark.parametrize("format", ["docx", "odt", "html"])
    def test_say_the_same(self, format):
        source = read(by_pandoc(MARKDOWN, format, "--metadata=pagetitle:t"))
        body = [block for block in source.blocks if block.place == "body"]
        assert [(block.kind, block.level, block.marker) for block in body if block.kind not in {"note", "rule"}] == [
            ("heading", 1, ""),
            ("paragraph", 0, ""),
            ("item", 1, "1."),
            ("item", 1, "2."),
            ("item", 2, "•"),
            ("table", 0, ""),
        ]
        assert shown(body[1]) == "Some stressed text with strong words[n1:1] and a link."
        assert [run.href for run in body[1].runs if run.href] == ["https://a.example/x"]
        assert [run.text for run in body[1].runs if run.marks] == ["stressed", "strong"]
        table = next(block for block in body if block.kind == "table")
        assert [[shown(cell.blocks[0]) for cell in row] for row in table.rows] == [["left", "right"], ["a", "b[n2:2]"]]
        assert table.heads == 1
        assert [block.text for block in within(body) if block.kind == "note"] == [
            "First note, https://b.example/y.",
            "Second note.",
        ]
