"""The ODT: what LibreOffice finds when it opens it."""

import io
import json
import zipfile
from functools import cache

import pytest
from lxml import etree

from reporting.compilation import document
from reporting.compilation.renderers import Tools, pdf, render
from reporting.compilation.renderers.process import run

from . import samples
from .opened import Odt, odf
from .samples import of_html


@cache
def odt(sample: str, part: document.Part = "whole") -> Odt:
    return Odt(render(document.build(getattr(samples, sample)(), part=part), "odt").content)


def odt_of(html: str, **facts: object) -> Odt:
    return Odt(render(document.build(of_html(html, **facts)), "odt").content)


def words_of(element: etree._Element) -> str:
    return "".join(element.itertext())


def facts_of(opened: Odt, name: str, kind: str) -> dict[str, str]:
    """Return what a style says of paragraphs, text, tables..., names without their namespace."""
    found = opened.automatic(name)
    properties = None if found is None else found.find(odf(f"style:{kind}-properties"))
    return {} if properties is None else {etree.QName(key).localname: value for key, value in properties.items()}


class TestPackage:
    def test_begins_with_its_kind_uncompressed_and_tells_no_date(self):
        with zipfile.ZipFile(io.BytesIO(odt("unido").content)) as package:
            first, *others = package.infolist()
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
            assert package.read("mimetype") == b"application/vnd.oasis.opendocument.text"
            assert {part.date_time for part in (first, *others)} == {(1980, 1, 1, 0, 0, 0)}
            assert [part.filename for part in others] == sorted(part.filename for part in others)

    def test_lists_its_parts(self):
        opened = odt("unido")
        manifest = etree.fromstring(opened.parts["META-INF/manifest.xml"])
        listed = {value for entry in manifest for key, value in entry.items() if key.endswith("full-path")}
        assert listed == {"/", *opened.parts} - {"mimetype", "META-INF/manifest.xml"}

    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_uses_no_style_that_is_not_there(self, sample: str):
        opened = odt(sample)
        known = {style.get(odf("style:name")) for root in (opened.root, opened.styles) for style in root.iter()}
        used = {
            value
            for root in (opened.root, opened.styles)
            for element in root.iter()
            for key, value in element.items()
            if key.endswith(("style-name", "page-layout-name", "master-page-name"))
        }
        assert used <= known

    def test_opens_in_another_program(self):
        """Pandoc reads headings, notes and tables out of it."""
        command = [*Tools().pandoc, "--from=odt", "--to=json"]
        read = run(command, odt("unido").content, name="pandoc", tools=Tools()).decode()
        kinds = [block["t"] for block in json.loads(read)["blocks"]]
        assert kinds.count("Header") == 12
        assert kinds.count("Table") == 1
        assert read.count('"t":"Note"') == 12


class TestIdentity:
    def test_is_in_its_properties(self):
        built = document.build(samples.unido())
        told = {field.get(odf("meta:name")): field.text for field in odt("unido").meta.iter(odf("meta:user-defined"))}
        assert told == {"Fingerprint": built.fingerprint, "Portal": "https://portal.example.org"}

    def test_of_the_text_tells_title_author_subject_and_language_but_no_date(self):
        (meta,) = odt("undesa").meta
        assert {etree.QName(field).localname: field.text for field in meta} == {
            "title": "Report on the implementation of the outcomes of the World Summit",
            "subject": "CSTD, twenty-fifth session",
            "initial-creator": "United Nations Department of Economic and Social Affairs",
            "creator": "United Nations Department of Economic and Social Affairs",
            "language": "en",
            "user-defined": "https://portal.example.org",
        }


class TestCover:
    def test_has_a_page_of_its_own_without_number_and_the_text_begins_with_1(self):
        opened = odt("unido")
        first = opened.paragraphs()[0]
        assert opened.automatic(first.get(odf("text:style-name"))).get(odf("style:master-page-name")) == "Cover"
        heading = next(p for p in opened.paragraphs() if words_of(p) == "Executive Summary")
        style = heading.get(odf("text:style-name"))
        assert opened.automatic(style).get(odf("style:master-page-name")) == "Standard"
        assert facts_of(opened, style, "paragraph") == {"page-number": "1"}
        masters = {page.get(odf("style:name")): page for page in opened.styles.iter(odf("style:master-page"))}
        assert masters["Cover"].find(odf("style:footer")) is None
        assert masters["Standard"].find(f".//{odf('text:page-number')}") is not None

    def test_before_a_table_lets_the_table_begin_the_text(self):
        sample = samples.snapshot(
            [samples.section("", [samples.item("<table><tr><td>a</td></tr></table>")])], cover=samples.COVER
        )
        opened = Odt(render(document.build(sample), "odt").content)
        assert opened.automatic("Table1").get(odf("style:master-page-name")) == "Standard"
        assert facts_of(opened, "Table1", "table")["page-number"] == "1"

    def test_is_not_missed_where_there_is_none(self):
        opened = odt_of("<p>a</p>")
        assert b"master-page-name" not in opened.parts["content.xml"]

    def test_sets_small_print_apart_and_leads_in_bold(self):
        opened = odt("unido")
        (first,) = opened.paragraphs("Cover_20_First_20_Text")
        assert words_of(first).startswith("This text was prepared")
        (lead,) = opened.paragraphs("Cover_20_Text")
        assert words_of(lead[0]) == "DISCLAIMER:"
        assert facts_of(opened, lead[0].get(odf("text:style-name")), "text")["font-weight"] == "bold"


class TestMark:
    def test_of_a_demonstration_stands_at_the_head_of_every_page(self):
        heads = [words_of(head) for head in odt("unido").styles.iter(odf("style:header"))]
        assert heads == ["Demonstration: holds invented records, not an official submission"] * 2

    def test_is_not_there_otherwise(self):
        assert list(odt("undesa").styles.iter(odf("style:header"))) == []

    def test_of_a_correction_stands_on_the_cover(self):
        sample = {**samples.unido(), "mark": "Corr.1"}
        opened = Odt(render(document.build(sample), "odt").content)
        assert "Corr.1" in [words_of(line) for line in opened.paragraphs("Cover_20_Dates")]


class TestContents:
    def test_lists_headings_with_the_pages_of_the_pdf_in_fields_that_renew_themselves(self):
        built = document.build(samples.undesa())
        pages = pdf.typeset(built, Tools()).page_of
        (contents,) = odt("undesa").body.iter(odf("text:table-of-content"))
        fields = list(contents.iter(odf("text:bookmark-ref")))
        assert {field.get(odf("text:reference-format")) for field in fields} == {"page"}
        assert [(field.get(odf("text:ref-name")), field.text) for field in fields] == [
            (heading.id, str(pages[heading.id])) for heading in built.contents
        ]

    def test_points_to_bookmarks_that_are_there(self):
        opened = odt("undesa")
        names = {mark.get(odf("text:name")) for mark in opened.body.iter(odf("text:bookmark-start"))}
        fields = opened.body.iter(odf("text:bookmark-ref"))
        assert {field.get(odf("text:ref-name")) for field in fields} <= names
        links = [
            link for link in opened.body.iter(odf("text:a")) if link.get(odf("text:style-name")) == "Index_20_Link"
        ]
        assert len(links) == 9

    def test_can_be_renewed_as_a_whole(self):
        (source,) = odt("undesa").body.iter(odf("text:table-of-content-source"))
        assert source.get(odf("text:outline-level")) == "2"
        assert [style.get(odf("text:style-name")) for style in source][1:] == ["Contents_20_1", "Contents_20_2"]

    def test_is_not_there_where_the_layout_has_none(self):
        assert list(odt("unido").body.iter(odf("text:table-of-content"))) == []


class TestHeadings:
    def test_are_headings_and_keep_their_ids_as_bookmarks(self):
        headings = list(odt("unido").body.iter(odf("text:h")))
        assert [heading.get(odf("text:outline-level")) for heading in headings[:4]] == ["1", "1", "2", "3"]
        assert [next(heading.iter(odf("text:bookmark-start"))).get(odf("text:name")) for heading in headings[:3]] == [
            "s1_1",
            "s2_1",
            "i2_en_1_p2",
        ]

    def test_and_all_other_blocks_keep_the_ids_of_their_records_as_bookmarks(self):
        built = document.build(samples.unido())
        opened = odt("unido")
        begun = [mark.get(odf("text:name")) for mark in opened.body.iter(odf("text:bookmark-start"))]
        ended = [mark.get(odf("text:name")) for mark in opened.body.iter(odf("text:bookmark-end"))]
        assert begun == ended
        assert len(begun) == len(built.blocks) == len(set(begun))
        assert {"s1_1", "i1_en_1_p1", "i2_en_1_p4", "i20_en_1", "i20_en_1_p3"} <= set(begun)


class TestNotes:
    def test_are_real_and_numbered_through_the_document(self):
        notes = list(odt("unido").body.iter(odf("text:note")))
        assert [note.find(odf("text:note-citation")).text for note in notes] == [str(n) for n in range(1, 13)]
        assert odt("unido").notes()[2] == "Second source: ITU, Facts and figures (2020), https://example.org/f?a=1&b=2"

    def test_on_one_spot_are_set_off_by_a_raised_comma(self):
        opened = odt("unido")
        (paragraph,) = (p for p in opened.paragraphs() if words_of(p).startswith("Work was done in four"))
        first = next(paragraph.iter(odf("text:note")))
        between = first.getnext()
        assert words_of(between) == ","
        assert facts_of(opened, between.get(odf("text:style-name")), "text")["text-position"].startswith("super")
        assert between.getnext().tag == odf("text:note")

    def test_count_from_1_in_the_summary_alone(self):
        sample = samples.unido()
        sample["sections"].reverse()
        alone = Odt(render(document.build(sample, part="summary"), "odt").content)
        assert [mark.text for mark in alone.body.iter(odf("text:note-citation"))] == ["1", "2", "3"]


class TestText:
    def test_tells_bold_italic_raised_and_lowered(self):
        opened = odt_of("<p><strong>a<em>b</em></strong><sup>c</sup><sub>d</sub></p>")
        spans = [
            (words_of(span), facts_of(opened, span.get(odf("text:style-name")), "text"))
            for span in opened.body.iter(odf("text:span"))
        ]
        assert [(text, facts.get("font-weight"), facts.get("font-style")) for text, facts in spans] == [
            ("a", "bold", None),
            ("b", "bold", "italic"),
            ("c", None, None),
            ("d", None, None),
        ]
        assert [facts.get("text-position") for _text, facts in spans[2:]] == ["super 58%", "sub 58%"]

    def test_keeps_links_and_line_breaks(self):
        opened = odt_of('<p>a <a href="https://example.org/?a=1&amp;b=2"><em>b</em> c</a><br>d</p>')
        (link,) = opened.body.iter(odf("text:a"))
        assert link.get("{http://www.w3.org/1999/xlink}href") == "https://example.org/?a=1&b=2"
        assert words_of(link) == "b c"
        assert link.getnext().tag == odf("text:line-break")

    def test_of_a_quotation_has_a_style_of_its_own(self):
        assert [words_of(p) for p in odt_of("<blockquote><p>a</p></blockquote>").paragraphs("Quotations")] == ["a"]


class TestList:
    def test_keeps_its_marks_and_where_it_begins(self):
        opened = odt_of('<ol type="a" start="3"><li>c</li><li>d<ul><li>e</li></ul></li></ol>')
        outer, inner = opened.body.iter(odf("text:list"))
        assert (outer.get(odf("text:style-name")), outer[0].get(odf("text:start-value"))) == ("List_20_a", "3")
        assert inner.get(odf("text:style-name")) == "List_20_Bullet"
        assert inner.getparent().tag == odf("text:list-item")

    def test_holds_no_table_since_opendocument_has_none_there_but_all_its_words(self):
        opened = odt_of("<ul><li>a<table><tr><td>b</td><td>c</td></tr></table></li></ul>")
        (listed,) = opened.body.iter(odf("text:list"))
        assert [words_of(p) for p in listed.iter(odf("text:p"))] == ["a", "b", "c"]


class TestTable:
    def test_keeps_the_lines_of_a_row_on_one_page(self):
        opened = odt("unido")
        rows = list(opened.body.iter(odf("table:table-row")))
        assert len(rows) > 1
        assert {row.get(odf("table:style-name")) for row in rows} == {"TableRow"}
        assert facts_of(opened, "TableRow", "table-row")["keep-together"] == "always"

    SPANS = (
        "<table><tr><th colspan='2'>a</th><th>b</th></tr>"
        "<tr><td rowspan='2'>c</td><td>d</td><td>e</td></tr><tr><td>f</td><td></td></tr></table>"
    )

    def test_repeats_its_head_on_each_page(self):
        (head,) = odt("unido").body.iter(odf("table:table-header-rows"))
        assert [words_of(cell) for cell in head.iter(odf("table:table-cell"))] == [
            "Indicator",
            "Countries that report",
            "Since",
        ]

    def test_has_as_many_cells_in_each_row_whatever_they_span(self):
        rows = list(odt_of(self.SPANS).body.iter(odf("table:table-row")))
        assert [[etree.QName(cell).localname == "table-cell" for cell in row] for row in rows] == [
            [True, False, True],
            [True, True, True],
            [False, True, True],
        ]
        assert rows[0][0].get(odf("table:number-columns-spanned")) == "2"
        assert rows[1][0].get(odf("table:number-rows-spanned")) == "2"

    def test_has_a_paragraph_in_each_cell(self):
        cells = odt_of(self.SPANS).body.iter(odf("table:table-cell"))
        assert all(cell.find(odf("text:p")) is not None for cell in cells)

    def test_is_as_wide_as_the_text(self):
        opened = odt("unido")
        columns = [facts_of(opened, f"Table1.{at}", "table-column")["column-width"] for at in (1, 2, 3)]
        assert sum(float(width.removesuffix("pt")) for width in columns) == pytest.approx(453.3, abs=0.3)


class TestDirection:
    def test_from_right_to_left_turns_pages_paragraphs_and_tables(self):
        opened = odt("arabic")
        pages = opened.styles.iter(odf("style:page-layout-properties"))
        assert [page.get(odf("style:writing-mode")) for page in pages] == ["rl-tb", "rl-tb"]
        default = next(opened.styles.iter(odf("style:paragraph-properties")))
        assert default.get(odf("style:writing-mode")) == "rl-tb"
        assert default.get(odf("fo:text-align")) == "right"
        tables = [facts_of(opened, f"Table{at}", "table")["writing-mode"] for at in (1, 2, 3)]
        assert tables == ["rl-tb"] * 3

    def test_of_a_paragraph_in_another_language_is_its_own(self):
        opened = odt("in_six_languages")
        turned = [
            words_of(paragraph)
            for paragraph in opened.paragraphs()
            if facts_of(opened, paragraph.get(odf("text:style-name")), "paragraph").get("writing-mode") == "rl-tb"
        ]
        assert turned == ["التقرير", samples.ARABIC, "فقرة عربية (WSIS 2003) كاملة."]

    def test_of_a_paragraph_from_left_to_right_in_an_arabic_text_is_its_own(self):
        item = samples.item('<p lang="en">English</p><p>عربي</p>', language="ar")
        opened = Odt(
            render(document.build(samples.snapshot([samples.section("", [item])], language="ar")), "odt").content
        )
        first, second = opened.paragraphs()
        assert facts_of(opened, first.get(odf("text:style-name")), "paragraph") == {
            "text-align": "left",
            "writing-mode": "lr-tb",
        }
        assert second.get(odf("text:style-name")) == "Text_20_body"


class TestLanguage:
    @pytest.mark.parametrize(
        ("sample", "kind", "language"),
        [("unido", "fo:language", "en"), ("arabic", "style:language-complex", "ar")],
    )
    def test_of_the_document_is_that_of_its_styles(self, sample: str, kind: str, language: str):
        default = next(odt(sample).styles.iter(odf("style:text-properties")))
        assert default.get(odf(kind)) == language

    def test_of_words_is_named_for_their_script(self):
        named = {
            (key, value)
            for properties in odt("in_six_languages").root.iter(odf("style:text-properties"))
            for key, value in properties.items()
        }
        assert {
            (odf("style:language-complex"), "ar"),
            (odf("style:country-complex"), "SA"),
            (odf("style:language-asian"), "zh"),
            (odf("style:country-asian"), "CN"),
            (odf("fo:language"), "fr"),
        } <= named
