"""The HTML file tells where each text comes from: beside the text, in the notes, and in a list at the end."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from reporting.compilation import document
from reporting.compilation.renderers import process, render
from reporting.compilation.renderers.words import SOURCES
from reporting.compilation.snapshot import Snapshot
from tests.support.chromium import OPTIONS, chromium_path

from . import samples
from .opened import Page as Opened

PORTAL = "https://portal.example.org"


def traced(language: str = "en") -> Snapshot:
    """Return a text whose title comes from an initiative, and its paragraphs from an update with three notes."""
    html = (
        '<p>Forty people learned to weld.<span data-footnote="Annual report.">*</span></p>'
        '<p>A survey<span data-footnote="See" data-reference="1">*</span> asked.</p><h2>Next</h2><ul><li>One</li></ul>'
        '<table><tr><th>What<span data-footnote="" data-reference="2">*</span></th></tr><tr><td>Cell</td></tr></table>'
    )
    told = samples.item(html, heading="Learning hub", record=5)
    told |= {
        "id": "u12_en_3",
        "record": {**samples.record_of("update", 12, role="focal_point"), "version": 3},
    }
    unsigned = samples.item("<p>فقرة</p>", record=7, language="ar", source=samples.record_of("passage", 7, role=""))
    unsigned["id"] = "p7_ar_1"
    unsigned["record"]["language"] = "ar"
    facts: dict[str, Any] = {
        "cover": samples.COVER,
        "cover_record": samples.record_of("cover", 2, role="commission", entity=""),
        "front": [{"kind": "paragraph", "text": "What follows."}],
        "language": language,
    }
    return samples.snapshot([samples.section("Initiatives", [told, unsigned])], **facts)


@cache
def page(language: str = "en") -> Opened:
    return Opened(render(document.build(traced(language)), "html").content)


def marks(opened: Opened) -> dict[str, tuple[str, str]]:
    """By the id of each block: where its mark leads, and what it says."""
    found = {}
    for block in opened.root.xpath("//*[@class='block']"):
        (mark,) = block.xpath("./a[@class='source']")
        name = block.get("id") or next(iter(block.xpath(".//@id")), block.text_content()[:40])
        found[name] = (mark.get("href").removeprefix(f"{PORTAL}/records/"), mark.text_content())
    return found


class TestMarks:
    def test_name_record_version_and_role_of_each_block(self):
        update = "Update 12, version 3 (English), written by a focal point of UNIDO"
        found = marks(page())
        assert {name: found[name] for name in found if re.fullmatch("[a-z0-9_]+", name)} == {
            "s1_1": ("s1_1/", "Section 1, version 1, written by staff of UNIDO"),
            "i5_en_1": ("i5_en_1/", "Description of initiative 5, version 1 (English), written by staff of UNIDO"),
            "u12_en_3_p1": ("u12_en_3/#p1", update),
            "u12_en_3_p2": ("u12_en_3/#p2", update),
            "u12_en_3_p3": ("u12_en_3/#p3", update),
            "u12_en_3_p4": ("u12_en_3/#p4", update),
            "u12_en_3_p5": ("u12_en_3/#p5", update),
            "p7_ar_1_p1": ("p7_ar_1/#p1", "Passage 7, version 1 (Arabic), role not recorded"),
            "fn1": ("u12_en_3/", update),
            "fn2": (
                "r1_1/",
                "Reference 1, version 1, written by staff of UNIDO; cited in: Update 12, version 3 (English)",
            ),
            "fn3": (
                "r2_1/",
                "Reference 2, version 1, written by staff of UNIDO; cited in: Update 12, version 3 (English)",
            ),
        }

    def test_stand_on_cover_and_front_too(self):
        cover, front = list(marks(page()).values())[:2]
        assert cover == ("c2_en_1/", "Cover 2, version 1 (English), written by the secretariat of the Commission")
        assert front == ("l1_1/", "Layout 1, version 1, written by staff of UNIDO")

    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_stand_beside_every_heading_paragraph_list_table_and_note(self, sample: str):
        opened = Opened(render(document.build(getattr(samples, sample)()), "html").content)
        blocks = "self::p or self::ul or self::ol or self::table or self::blockquote or starts-with(name(), 'h')"
        for text in opened.root.xpath(f"//main//*[{blocks}][not(ancestor-or-self::h1)]"):
            said = text.get("id") in {"notes", "sources"} or text.xpath(
                "ancestor::section[@class='sources'] | ancestor::header | descendant::li[starts-with(@id, 'fn')]"
            )
            assert said or text.xpath("ancestor::*[@class='block']/a[@class='source']"), text.text_content()

    @pytest.mark.parametrize("language", SOURCES)
    def test_speak_the_language_of_the_document(self, language: str):
        said = SOURCES[language]
        sentence = marks(page(language))["u12_en_3_p1"][1]
        assert said["roles"]["focal_point"] in sentence
        assert said["kinds"]["update"].format(id=12) in sentence
        assert said["languages"]["en"] in sentence
        assert page(language).root.xpath("//section[@class='sources']/h2")[0].text == said["heading"]
        mark = page("en").root.xpath("//div[@id='p7_ar_1_p1']/following-sibling::a")[0]
        assert mark.xpath("ancestor-or-self::*[@lang]")[-1].get("lang") == "en"  # beside a text in Arabic

    def test_know_the_reference_of_a_note_whatever_other_notes_are_made(self):
        html = (
            '<p><a href="https://example.org/a">a link<span data-footnote="" data-reference="1">*</span></a> and'
            '<span data-footnote="" data-reference="2">*</span><span data-footnote="">*</span></p>'
        )
        layout = samples.of_html("")["layout"] | {"running_links": "footnotes"}
        found = marks(Opened(render(document.build(samples.of_html(html, layout=layout)), "html").content))
        assert [found[f"fn{number}"][0] for number in (1, 2, 3)] == ["i1_en_1/", "r1_1/", "r2_1/"]


class TestList:
    def test_names_all_at_the_end_with_the_addresses_of_their_pages(self):
        rows = page().root.xpath("//section[@class='sources']//tbody/tr")
        told = [
            (row[0].text_content().strip(), [link.get("href")[len(PORTAL) :] for link in row[1].xpath("a")])
            for row in rows
        ]
        assert told == [
            ("Cover", ["/records/c2_en_1/"]),
            ("Before the first section", ["/records/l1_1/"]),
            ("Initiatives", ["/records/s1_1/"]),
            ("Learning hub", ["/records/i5_en_1/", "/records/u12_en_3/"]),
            ("Next", ["/records/u12_en_3/", "/records/p7_ar_1/"]),
            ("Notes: 2", ["/records/r1_1/"]),
            ("Notes: 3", ["/records/r2_1/"]),
        ]


class TestFile:
    def test_names_its_portal_and_the_fingerprint_of_its_text(self):
        built = document.build(traced())
        root = page().root
        assert root.xpath("//meta[@name='fingerprint']/@content") == [built.fingerprint]
        assert root.xpath("//meta[@name='portal']/@content") == [PORTAL]

    def test_is_the_same_each_time(self):
        assert render(document.build(traced()), "html").content == page().content

    def test_grows_little_for_a_long_text(self):
        """Of 150 words an item: the marks and the list cost less than the text itself."""
        words = "<p>" + "industry " * 150 + "</p>"
        items = [samples.item(words, heading=f"Item {number}", record=number) for number in range(1, 101)]
        built = document.build(samples.snapshot([samples.section("All", items)]))
        bare = process.pandoc(process.Tools(), ["--to=html5", "--shift-heading-level-by=1"], built.tree)
        assert len(render(built, "html").content) < 1.7 * len(bare)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "submission.html"
    file.write_bytes(page().content)
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    shown = context.new_page()
    shown.goto(file.as_uri())
    yield shown
    context.close()


def seen(tab: Page, block: str) -> bool:
    """Are the words of the block's mark seen as words?"""
    words = tab.locator(f".block:has(#{block}) > .source span")
    box = words.bounding_box()
    return bool(box and box["width"] > 100 and words.evaluate("e => getComputedStyle(e).clipPath") == "none")


class TestBrowser:
    def test_shows_the_source_of_what_is_pointed_at_and_keeps_it_under_the_pointer(self, tab: Page):
        assert not seen(tab, "u12_en_3_p1")
        tab.hover("#u12_en_3_p1")
        assert seen(tab, "u12_en_3_p1")
        assert not seen(tab, "u12_en_3_p2")
        tab.hover(".block:has(#u12_en_3_p1) > .source span")
        assert seen(tab, "u12_en_3_p1")

    def test_shows_it_to_the_keyboard(self, tab: Page):
        tab.focus("#fnref1")
        tab.keyboard.press("Tab")
        expect(tab.locator(".block:has(#u12_en_3_p1) > .source")).to_be_focused()
        assert seen(tab, "u12_en_3_p1")

    @pytest.mark.parametrize("width", [360, 1280])
    def test_covers_no_text_with_it(self, tab: Page, width: int):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.focus("#fnref1")
        tab.keyboard.press("Tab")
        words = tab.locator(".block:has(#u12_en_3_p1) > .source span").bounding_box()
        following = tab.locator("#u12_en_3_p2").bounding_box()
        assert words
        assert following
        assert words["y"] + words["height"] <= following["y"] + 1
        assert words["x"] >= 0
        assert tab.evaluate("document.documentElement.scrollWidth") == width

    def test_leaves_it_out_of_what_is_copied(self, tab: Page):
        assert "written by" not in tab.evaluate(
            "() => { getSelection().selectAllChildren(document.querySelector('#text > .block:nth-of-type(3)'));"
            " return getSelection().toString() }"
        )

    def test_prints_the_list_with_addresses_and_no_marks(self, tab: Page):
        tab.emulate_media(media="print")
        assert tab.locator(".source:visible").count() == 0
        expect(tab.locator(".sources table")).to_be_visible()
        after = "e => getComputedStyle(e, '::after').content"
        assert "attr(href)" in page().source
        assert f"{PORTAL}/records/c2_en_1/" in tab.locator(".sources td a").first.evaluate(after)

    def test_finds_no_barrier(self, tab: Page):
        tab.focus("#fnref1")
        tab.keyboard.press("Tab")
        found = Axe().run(tab).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
