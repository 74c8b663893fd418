"""The HTML file: one file, readable by all, asking for nothing from outside."""

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from reporting.compilation import document
from reporting.compilation.renderers import render
from tests.support.chromium import OPTIONS, chromium_path

from . import samples
from .opened import Page

SAMPLES = ["unido", "undesa", "in_six_languages", "arabic"]


@cache
def page(sample: str, part: document.Part = "whole") -> Page:
    return Page(render(document.build(getattr(samples, sample)(), part=part), "html").content)


class TestFile:
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_asks_for_nothing_from_outside(self, sample: str):
        opened = page(sample)
        assert opened.root.xpath("//script | //link | //img | //iframe | //object | //*[@src] | //*[@srcset]") == []
        (style,) = opened.root.xpath("//style")
        assert not re.search(r"url\(|@import", style.text)
        (policy,) = opened.root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")

    @pytest.mark.parametrize(("sample", "language", "direction"), [("unido", "en", "ltr"), ("arabic", "ar", "rtl")])
    def test_names_language_and_direction(self, sample: str, language: str, direction: str):
        assert (page(sample).root.get("lang"), page(sample).root.get("dir")) == (language, direction)

    def test_names_the_language_of_a_paragraph_and_of_words_in_it(self):
        root = page("in_six_languages").root
        assert root.xpath("//div[@lang='ar' and @dir='rtl']")
        assert root.xpath("//div[@lang='zh']")
        assert root.xpath("//p/span[@lang='fr']")

    @pytest.mark.parametrize("sample", SAMPLES)
    def test_has_ids_once_and_links_inside_that_lead_somewhere(self, sample: str):
        root = page(sample).root
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {href[1:] for href in root.xpath("//a/@href") if href.startswith("#")} <= set(ids)

    @pytest.mark.parametrize("part", ["whole", "summary"])
    @pytest.mark.parametrize("sample", ["unido", "undesa", "arabic"])
    def test_has_one_heading_of_level_one_and_skips_no_level(self, sample: str, part: document.Part):
        levels = [int(tag.tag[1]) for tag in page(sample, part).root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))

    def test_says_demonstration_on_screen_and_on_each_printed_page(self):
        (mark,) = page("unido").root.xpath("//*[@class='demonstration']")
        assert mark.text_content().startswith("Demonstration")
        assert '@top-center {\n    content: "Demonstration' in page("unido").source
        assert "Demonstration:" not in page("undesa").source


class TestCover:
    def test_is_the_head_of_the_page_and_its_title_the_heading(self):
        (cover,) = page("unido").root.xpath("//header")
        assert [line["text"] for line in samples.COVER if line["text"] not in cover.text_content()] == []
        (title,) = page("unido").root.xpath("//h1")
        assert title.text == samples.COVER[4]["text"]


class TestContents:
    def test_nest_as_the_headings_do(self):
        root = page("undesa").root
        assert len(root.xpath("//nav/ol/li")) == 3
        assert [link.text for link in root.xpath("//nav/ol/li[2]/ol/li/a")][:2] == [
            "E-government in the world",
            "E-government in cities",
        ]


class TestNotes:
    def test_stand_at_the_end_under_a_heading_and_lead_back(self):
        root = page("unido").root
        (notes,) = root.xpath("//section[@role='doc-endnotes']")
        assert notes.xpath("./h2")[0].text == "Notes"
        assert len(notes.xpath("./ol/li")) == len(root.xpath("//a[@role='doc-noteref']")) == 12
        backs = notes.xpath(".//a[@role='doc-backlink']")
        assert {back.get("aria-label") for back in backs} == {"Back to the text"}

    def test_print_the_address_of_what_they_cite(self):
        notes = page("unido").root.xpath("//section[@role='doc-endnotes']/ol/li")
        assert "Projects in Serbia 200037, https://open.example.org/projects/200037" in notes[1].text_content()

    def test_on_one_spot_are_set_off_by_a_raised_comma(self):
        assert '</sup></a><sup>,</sup><a href="#fn3"' in page("unido").source


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


class TestBrowser:
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_asks_for_nothing_and_shows_all_on_a_phone(self, sample: str, chromium: Browser, tmp_path: Path):
        file = tmp_path / "submission.html"
        file.write_bytes(page(sample).content)
        asked: list[str] = []
        complaints: list[str] = []
        context = chromium.new_context(viewport={"width": 360, "height": 740})
        tab = context.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == 360
        context.close()
        assert asked == [file.as_uri()]
        assert complaints == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("sample", ["unido", "arabic"])
    def test_finds_no_barrier(self, sample: str, scheme: Literal["light", "dark"], chromium: Browser, tmp_path: Path):
        file = tmp_path / "submission.html"
        file.write_bytes(page(sample).content)
        # axe is a script, which the policy of the file forbids: it looks past the policy.
        context = chromium.new_context(bypass_csp=True, color_scheme=scheme)
        tab = context.new_page()
        tab.goto(file.as_uri())
        found = Axe().run(tab).response["violations"]
        context.close()
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
