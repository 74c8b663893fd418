"""The PDF: pages, tags, fonts."""

import re
from functools import cache

import pytest

from reporting.compilation import document
from reporting.compilation.renderers import Rendered, fonts, render

from . import samples
from .opened import Pdf, unspaced


@cache
def rendered(sample: str) -> Rendered:
    return render(document.build(getattr(samples, sample)()), "pdf")


def pdf(sample: str) -> Pdf:
    return Pdf(rendered(sample).content)


def pdf_of(html: str) -> tuple[Pdf, Rendered]:
    made = render(document.build(samples.of_html(html)), "pdf")
    return Pdf(made.content), made


class TestStandard:
    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_is_pdf_ua_1_and_pdf_a_3a(self, sample: str):
        """Typst refuses to write a file that says so and is not."""
        catalog = pdf(sample).reader.root_object
        metadata = catalog["/Metadata"].get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert "<pdfaid:part>3</pdfaid:part>" in metadata
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
        assert catalog["/MarkInfo"]["/Marked"]
        assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]

    @pytest.mark.parametrize(("sample", "language"), [("unido", "en"), ("arabic", "ar")])
    def test_names_its_language(self, sample: str, language: str):
        assert pdf(sample).reader.root_object["/Lang"] == language

    def test_names_the_language_of_each_paragraph_and_of_words_in_it(self):
        assert spoken(pdf("in_six_languages")) >= {"ar", "zh", "fr", "ru", "es"}

    def test_tells_title_author_and_subject(self):
        facts = pdf("undesa").reader.metadata
        assert facts.title == "Report on the implementation of the outcomes of the World Summit"
        assert facts.author == "United Nations Department of Economic and Social Affairs"
        assert facts.subject == "CSTD, twenty-fifth session"

    def test_tells_fingerprint_and_portal_among_its_keywords(self):
        fingerprint = document.build(samples.undesa()).fingerprint
        assert pdf("undesa").reader.metadata.keywords == f"fingerprint:{fingerprint}, portal:https://portal.example.org"


def spoken(opened: Pdf) -> set[str]:
    """Return the languages that the tags name."""
    found, waiting, seen = set(), [opened.reader.root_object["/StructTreeRoot"]], 0
    while waiting:
        node = waiting.pop().get_object()
        seen += 1
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/Lang" in node:
                found.add(str(node["/Lang"]))
            waiting += [node["/K"]] if "/K" in node else []
    return found


class TestFonts:
    @pytest.mark.parametrize("sample", ["in_six_languages", "arabic"])
    def test_are_embedded_and_come_from_the_packages_alone(self, sample: str):
        names = set()
        for page in pdf(sample).reader.pages:
            for font in page["/Resources"]["/Font"].values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
                names.add(str(descendant["/BaseFont"]).split("+")[1])
        assert all(name.startswith(("Noto", "IBMPlexSansArabic")) for name in names)

    def test_show_an_emoji_an_arabic_and_a_chinese_paragraph(self):
        text = unspaced(pdf("in_six_languages").text)
        assert "👍" in text
        assert unspaced(samples.CHINESE) in text
        assert all(word in text for word in ("تدعم", "المنظمة", "الصناعية"))
        assert rendered("in_six_languages").warnings == []

    def test_that_lack_a_character_put_a_box_in_its_place_and_a_warning(self):
        opened, made = pdf_of("<p>Before \U00013000 between \uece0 after, \u27a2 too.</p>")
        assert f"Before {fonts.BOX} between {fonts.BOX} after, {fonts.BOX} too." in opened.text
        (warning,) = made.warnings
        assert warning["words"] == "\u27a2 \uece0 \U00013000"
        assert "No font of the portal has these characters: \u27a2" in document.sentence(warning)

    def test_that_lack_a_character_of_the_cover_do_so_too(self):
        sample = samples.of_html("<p>a</p>", cover=[{"style": "title", "text": "Title \U00013000"}], title="\U00013000")
        assert f"Title {fonts.BOX}" in Pdf(render(document.build(sample), "pdf").content).pages[0]

    @pytest.mark.parametrize(
        "text", ["q\u0483\u0489 中\u0651 \u0301", "[\u0651] <\u0338 #\u0651", "\u070f \U000110bd \ufff9"]
    )
    def test_that_cannot_put_a_mark_on_a_letter_never_fail_the_file(self, text: str):
        escaped = text.replace("<", "&lt;")
        opened, _made = pdf_of(f"<p>{escaped} <em>{escaped}</em> end</p>")
        assert "end" in opened.text


class TestPages:
    def test_of_the_cover_hold_its_lines_and_no_number(self):
        cover = pdf("unido").pages[0]
        for line in samples.COVER:
            assert unspaced(line["text"]) in unspaced(cover)
        assert not cover.rstrip().endswith("1")

    def test_after_the_cover_are_numbered_from_one(self):
        assert [page.rsplit("\n", 1)[-1] for page in pdf("unido").pages[1:]] == ["1", "2", "3"]
        assert pdf("unido").reader.page_labels[1:] == ["1", "2", "3"]

    def test_say_demonstration_each(self):
        assert all("Demonstration" in page for page in pdf("unido").pages)
        assert not any("Demonstration" in page for page in pdf("undesa").pages)

    def test_list_the_contents_with_the_numbers_of_their_pages(self):
        opened = pdf("undesa")
        lines = opened.pages[1].splitlines()
        assert len(opened.outline) == 9
        for title, page in opened.outline.items():
            assert any(re.fullmatch(rf"{re.escape(title)}[ .]+{page}", line) for line in lines), title

    def test_have_the_headings_as_bookmarks(self):
        assert list(pdf("undesa").outline) == [heading.text for heading in document.build(samples.undesa()).headings]


class TestNotes:
    def test_print_text_and_address(self):
        text = pdf("unido").text
        assert "What the fourth industrial revolution is, see https://example.org/4ir." in text
        assert "Second source: ITU, Facts and figures (2020), https://example.org/f?a=1&b=2" in text
        assert "Division for Industry, A report without address (2019)" in text

    def test_on_one_spot_are_set_off_by_a_comma(self):
        assert "among them Serbia2,3 and India" in pdf("unido").text

    def test_on_a_heading_stay_out_of_the_contents(self):
        sample = samples.of_html(
            '<h2>Two<span data-footnote="Once.">*</span></h2><p>a<span data-footnote="Second.">*</span></p>',
            front=[{"kind": "contents", "text": "Contents"}],
        )
        text = Pdf(render(document.build(sample), "pdf").content).text
        assert text.count("Once.") == 1
        assert unspaced("1 Once.") in unspaced(text)
        assert unspaced("2 Second.") in unspaced(text)


class TestLinks:
    def test_lead_where_the_text_says(self):
        assert {"https://example.org/mtpf", "https://example.org/4ir", "https://example.org/survey"} <= pdf(
            "unido"
        ).addresses

    def test_without_target_are_no_links(self):
        assert all(address.startswith("https://") for address in pdf("unido").addresses)
        assert "declaration of 2019" in pdf("unido").text


class TestLongWord:
    def test_breaks_at_the_edge_of_the_page(self):
        opened, _made = pdf_of(f"<p>{'x' * 400}</p>")
        assert max(len(line) for line in opened.text.splitlines()) < 120
        assert "x" * 400 in unspaced(opened.text)
