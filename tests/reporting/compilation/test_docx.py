"""The DOCX: what Word and LibreOffice find when they open it."""

import io
import re
import zipfile
from functools import cache

import pytest
from lxml import etree

from reporting.compilation import document
from reporting.compilation.renderers import render

from . import samples
from .opened import Pdf, R, W, Word, text_of

HEADINGS = [
    "Report on the implementation of the outcomes of the World Summit",
    "I. Summary",
    "II. Analytical overview of trends and experiences",
    "E-government in the world",
]


@cache
def word(sample: str, part: document.Part = "whole") -> Word:
    return Word(render(document.build(getattr(samples, sample)(), part=part), "docx").content)


class TestPackage:
    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_is_whole(self, sample: str):
        """Each relationship leads to a part, each id used has a relationship: Word repairs a file where not."""
        opened = word(sample)
        for name in ("document", "footnotes"):
            relations = opened.root(f"word/_rels/{name}.xml.rels")
            targets = {relation.get("Id"): relation for relation in relations}
            assert len(targets) == len(relations)
            for relation in relations:
                if relation.get("TargetMode") != "External":
                    assert f"word/{relation.get('Target')}" in opened.parts
            used = opened.root(f"word/{name}.xml").xpath("//@r:id", namespaces={"r": R.strip("{}")})
            assert set(used) <= set(targets)

    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_names_no_style_that_it_does_not_hold(self, sample: str):
        opened = word(sample)
        held = {style.get(f"{W}styleId") for style in opened.root("word/styles.xml").iter(f"{W}style")}
        used = set()
        for part in ("word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/footer1.xml"):
            for kind in ("pStyle", "rStyle", "tblStyle"):
                used |= {style.get(f"{W}val") for style in opened.root(part).iter(f"{W}{kind}")}
        assert used - held == set()

    def test_has_fixed_dates_and_order(self):
        with zipfile.ZipFile(io.BytesIO(word("unido").content)) as package:
            names = package.namelist()
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names[:3] == ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
        assert names[3:] == sorted(names[3:])

    def test_opens_in_word_of_today_without_compatibility_mode(self):
        (setting,) = word("unido").root("word/settings.xml").iter(f"{W}compatSetting")
        assert setting.get(f"{W}val") == "15"


def text_of_property(element: etree._Element) -> str:
    (value,) = element
    return value.text or ""


class TestProperties:
    def test_tell_title_author_subject_and_language(self):
        properties = word("undesa").document.core_properties
        assert properties.title == "Report on the implementation of the outcomes of the World Summit"
        assert properties.author == "United Nations Department of Economic and Social Affairs"
        assert properties.subject == "CSTD, twenty-fifth session"
        assert properties.language == "en"

    @pytest.mark.parametrize("part", ["whole", "summary"])
    def test_tell_fingerprint_and_portal(self, part: document.Part):
        opened = word("unido", part)
        told = {one.get("name"): text_of_property(one) for one in opened.root("docProps/custom.xml")}
        fingerprint = document.build(samples.unido()).fingerprint
        assert told == {"Fingerprint": fingerprint, "Portal": "https://portal.example.org"}
        numbers = [one.get("pid") for one in opened.root("docProps/custom.xml")]
        assert numbers == ["2", "3"]  # Word refuses a file where the first is another
        assert b'PartName="/docProps/custom.xml"' in opened.parts["[Content_Types].xml"]
        assert b'Target="docProps/custom.xml"' in opened.parts["_rels/.rels"]

    def test_tell_no_day_of_making(self):
        assert b"dcterms" not in word("undesa").parts["docProps/core.xml"]


class TestCover:
    def test_holds_the_lines_of_the_call_in_their_styles(self):
        opened = word("unido")
        assert opened.paragraphs("CoverBody") == ["COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT"]
        assert opened.paragraphs("CoverEntity") == ["United Nations Industrial Development Organization"]
        assert opened.paragraphs("CoverText")[0].startswith("DISCLAIMER: The views")
        assert opened.paragraphs()[:2] == [samples.COVER[0]["text"], samples.COVER[1]["text"]]

    def test_is_a_page_of_its_own_without_number(self):
        cover, text = word("unido").root().iter(f"{W}sectPr")
        assert cover.find(f"{W}footerReference") is None
        assert text.find(f"{W}footerReference") is not None
        assert text.find(f"{W}pgNumType").get(f"{W}start") == "1"

    def test_is_missing_from_a_summary_alone(self):
        opened = word("unido", "summary")
        assert opened.paragraphs("Cover") == []
        assert len(list(opened.root().iter(f"{W}sectPr"))) == 1


class TestPage:
    def test_is_a4(self):
        for section in word("unido").document.sections:
            assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)

    def test_has_its_number_at_the_foot(self):
        assert "PAGE" in "".join(node.text for node in word("unido").root("word/footer1.xml").iter(f"{W}instrText"))

    def test_says_demonstration_at_the_head_of_cover_and_text(self):
        opened = word("unido")
        assert text_of(opened.root("word/header1.xml")).startswith("Demonstration")
        for section in opened.root().iter(f"{W}sectPr"):
            assert section.find(f"{W}headerReference") is not None

    def test_says_nothing_there_for_real_records(self):
        assert text_of(word("undesa").root("word/header1.xml")) == ""


class TestHeadings:
    def test_are_in_the_styles_that_word_knows_as_headings(self):
        assert word("undesa").paragraphs("Heading1") == [*HEADINGS[1:3], "III. Future actions"]
        assert HEADINGS[3] in word("undesa").paragraphs("Heading2")

    def test_and_blocks_keep_the_ids_of_their_records_as_bookmarks(self):
        names = {mark.get(f"{W}name") for mark in word("unido").root().iter(f"{W}bookmarkStart")}
        assert {"s1_1", "i1_en_1_p1", "i20_en_1", "i20_en_1_p3"} <= names
        assert all(re.fullmatch(r"[a-z0-9_]{1,40}", name) for name in names)


class TestContents:
    def test_holds_its_entries_with_page_numbers_before_any_update(self):
        entries = [entry.split("\t") for entry in word("undesa").paragraphs("TOC") if "\t" in entry]
        pages = Pdf(render(document.build(samples.undesa()), "pdf").content).pages
        assert len(entries) == 9
        for heading, page in entries:
            assert heading in pages[int(page)]  # the first page is the cover, which has no number

    def test_is_a_field_whose_entries_lead_to_the_headings(self):
        root = word("undesa").root()
        names = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
        anchors = [link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink") if link.get(f"{W}anchor")]
        fields = [node.text for node in root.iter(f"{W}instrText")]
        assert set(anchors) <= names
        assert fields[0] == ' TOC \\o "1-2" \\h \\z '
        assert fields[1:] == [f" PAGEREF {anchor} \\h " for anchor in anchors]

    def test_asks_nobody_to_update_it_on_opening(self):
        assert b"updateFields" not in word("undesa").parts["word/settings.xml"]

    def test_is_not_there_where_the_layout_has_none(self):
        assert word("unido").paragraphs("TOC") == []


class TestNotes:
    def test_are_real_and_each_has_its_mark(self):
        opened = word("unido")
        held = [note.get(f"{W}id") for note in opened.root("word/footnotes.xml") if note.get(f"{W}type") is None]
        marks = [mark.get(f"{W}id") for mark in opened.root().iter(f"{W}footnoteReference")]
        assert marks == held
        assert len(marks) == 12

    def test_print_the_address_of_what_they_cite(self):
        assert word("unido").note_texts()[1:3] == [
            "Projects in Serbia 200037, https://open.example.org/projects/200037",
            "Second source: ITU, Facts and figures (2020), https://example.org/f?a=1&b=2",
        ]

    def test_on_one_spot_are_set_off_by_a_raised_comma(self):
        root = word("unido").root()
        (paragraph,) = (p for p in root.iter(f"{W}p") if text_of(p).startswith("Work was done in four"))
        marks = [child for child in paragraph if child.find(f"{W}footnoteReference") is not None]
        between = marks[0].getnext()
        assert text_of(between) == ","
        assert between.find(f"{W}rPr/{W}vertAlign").get(f"{W}val") == "superscript"
        assert between.getnext() is marks[1]

    def test_run_through_the_whole_document(self):
        """Word counts them anew where a section says so: none may."""
        assert list(word("unido").root().iter(f"{W}numRestart")) == []


class TestLanguage:
    def test_of_the_document_is_that_of_its_styles(self):
        language = next(word("arabic").root("word/styles.xml").iter(f"{W}lang"))
        assert language.get(f"{W}bidi") == "ar-SA"

    def test_of_a_paragraph_is_named_for_each_kind_of_script(self):
        named = {
            tuple(language.get(f"{W}{kind}") for kind in ("val", "eastAsia", "bidi"))
            for language in word("in_six_languages").root().iter(f"{W}lang")
        }
        assert {("en-US", "zh-CN", "zh-CN"), ("ar-SA",) * 3, ("fr",) * 3} <= named

    def test_from_right_to_left_turns_paragraphs_notes_lists_and_tables(self):
        opened = word("arabic")
        for part in ("word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/footer1.xml"):
            for paragraph in opened.root(part).iter(f"{W}p"):
                if text_of(paragraph).strip():
                    assert paragraph.find(f"{W}pPr/{W}bidi") is not None, text_of(paragraph)
        for table in opened.root().iter(f"{W}tbl"):
            assert table.find(f"{W}tblPr/{W}bidiVisual") is not None
        assert all(section.find(f"{W}bidi") is not None for section in opened.root().iter(f"{W}sectPr"))

    def test_from_left_to_right_does_not(self):
        assert list(word("unido").root().iter(f"{W}bidi", f"{W}rtl", f"{W}bidiVisual")) == []


class TestTable:
    def test_keeps_the_lines_of_a_row_on_one_page(self):
        rows = [row for name in ("unido", "arabic") for row in word(name).root().iter(f"{W}tr")]
        assert len(rows) > 2
        assert all(row[0].tag == f"{W}trPr" and row[0][0].tag == f"{W}cantSplit" for row in rows)

    def test_is_followed_by_a_paragraph_so_that_two_stay_two(self):
        table = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
        opened = Word(render(document.build(samples.of_html(table * 2)), "docx").content)
        body = [child.tag for child in opened.root()[0] if child.tag not in {f"{W}bookmarkStart", f"{W}bookmarkEnd"}]
        assert body[-5:] == [f"{W}tbl", f"{W}p", f"{W}tbl", f"{W}p", f"{W}sectPr"]

    def test_repeats_its_head_on_each_page(self):
        (table,) = word("unido").root().iter(f"{W}tbl")
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
