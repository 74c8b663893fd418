"""The Markdown: readable as it is, and the same when pandoc reads it."""

import html
from functools import cache
from typing import Any

import pytest
import yaml

from reporting.compilation import document
from reporting.compilation.renderers import render

from . import samples
from .opened import Markdown, words_of
from .samples import item, of_html, section, snapshot


@cache
def markdown(sample: str, part: document.Part = "whole") -> Markdown:
    return Markdown(render(document.build(getattr(samples, sample)(), part=part), "md").content)


def markdown_of(html_text: str, **facts: Any) -> Markdown:
    return Markdown(render(document.build(of_html(html_text, **facts)), "md").content)


def facts_of(opened: Markdown) -> dict[str, Any]:
    """Return what a program finds that reads the YAML before the text."""
    facts: dict[str, Any] = yaml.safe_load(opened.source.split("---\n")[1])
    return facts


def blocks_of(opened: Markdown) -> list[tuple[str, str]]:
    """Return kind and words of each block."""
    return [(block["t"], "".join(words_of([block])).strip()) for block in opened.tree["blocks"]]


class TestFacts:
    def test_tell_what_it_is(self):
        built = document.build(samples.arabic())
        assert facts_of(markdown("arabic")) == {
            "title": "تقرير إلى الدورة الخامسة والعشرين",
            "author": "منظمة الأمم المتحدة للتنمية الصناعية",
            "subject": "اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية",
            "lang": "ar",
            "dir": "rtl",
            "fingerprint": built.fingerprint,
            "portal": "https://portal.example.org",
        }

    @pytest.mark.parametrize(
        "title",
        [
            "a: b # c",
            "--- a ---",
            "'single' and \"double\" \\ \\n",
            "- x",
            "{{ x }} & <b> %TAG% !!python/object",
            "two\nlines\n---\nportal: other",
            "\u0000\u0007null",
            "第四次 — « été » 👍",
        ],
    )
    def test_are_broken_by_no_text(self, title: str):
        found = facts_of(markdown_of("<p>a</p>", title=title, author=title))
        assert found["title"] == found["author"] == document.one_line(title)
        assert found["portal"] == "https://portal.example.org"


class TestText:
    def test_reads_well(self):
        source = markdown_of(
            "<h2>Two</h2><p>It is <em>one</em> of <strong>H<sub>2</sub></strong>, “so” they say…"
            '<span data-footnote="Why not?">*</span></p><ul><li>a</li><li>b</li></ul>'
            "<table><tr><th>A</th></tr><tr><td>1</td></tr></table><blockquote><p>q</p></blockquote>"
        ).source
        assert source.endswith(
            """
# Overview {#s1_1}

## Two {#i1_en_1_p1}

It is *one* of **H~2~**, “so” they say…[^1]

- a
- b

| A   |
|-----|
| 1   |

> q

[^1]: Why not?
"""
        )

    def test_has_no_frames(self):
        for sample in ("unido", "undesa", "in_six_languages", "arabic"):
            assert ":::" not in markdown(sample).source
            assert "]{" not in markdown(sample).source

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "1. x",
                "- x",
                "+ x",
                "# x",
                "> x",
                ": x",
                "::: x",
                ":::",
                "| x",
                "~~~",
                "```",
                "---",
                "-----",
                "===",
                "***",
            ),
            *("(@) x", "a) x", "(i) x", "#. x", "Table: x", "% x", "*[ab]: x", "[^1]: x", "[a]: https://example.org"),
            *("<div>x</div>", "<!-- x -->", "&amp;", "&#65; &copy;", "@x said", "a@example.org", "[@x]", "{#id .c}"),
            *("x\\", "\\x", "$x$", "x_y_z", "*x*", "`x`", "~x~ ^y^", "![x](y)", "[x](y)", "!", "x!", "1.\u2003x"),
        ],
    )
    def test_that_looks_like_markup_stays_text(self, text: str):
        escaped = html.escape(text)
        opened = markdown_of(f'<p>{escaped}</p><p>{escaped} <a href="https://example.org/">l</a></p>')
        assert blocks_of(opened)[1:] == [("Para", text), ("Para", f"{text}  l")]

    @pytest.mark.parametrize(
        "marked",
        ["<em>a</em><em>b</em>", "<strong>a</strong><strong>b</strong>", "a<em>b</em>", "<em>a<strong>b</strong></em>"],
    )
    def test_marked_in_pieces_keeps_its_letters(self, marked: str):
        opened = markdown_of(f"<p>{marked}</p>")
        assert blocks_of(opened)[1][1].replace(" ", "") == "ab"

    def test_keeps_addresses(self):
        addresses = ["https://example.org/x_(y)", "https://example.org/?a=1&b=*c*_d_", "https://example.org/~x"]
        opened = markdown_of("".join(f'<p><a href="{html.escape(address)}">x</a></p>' for address in addresses))
        paragraphs = [block["c"] for block in opened.tree["blocks"] if block["t"] == "Para"]
        assert [link["c"][2][0] for paragraph in paragraphs for link in paragraph] == addresses

    def test_numbers_its_paragraphs_as_the_others_do(self):
        layout = {"heading_numbers": "none", "paragraph_numbers": "through", "contents_depth": 1}
        opened = markdown_of("<p>first</p><p>second</p>", layout=layout)
        assert blocks_of(opened)[1:] == [("Para", "1.\u2003first"), ("Para", "2.\u2003second")]


class TestNotes:
    def test_are_real_each_with_its_number(self):
        source = markdown("unido").source
        assert [f"[^{number}]: " in source for number in (1, 12, 13)] == [True, True, False]
        assert "among them Serbia[^2]^,^[^3] and India" in source

    def test_count_from_1_in_the_summary_alone(self):
        alone = samples.unido()
        alone["sections"].reverse()
        source = render(document.build(alone, part="summary"), "md").content.decode()
        assert "[^1]: What the fourth industrial revolution is" in source


class TestBeforeTheText:
    def test_stand_cover_and_front(self):
        source = markdown("undesa").source
        order = [
            "**Twenty-fifth session**",
            "Submission by",
            "**DISCLAIMER:** The views",
            "- C1 – The role of",
            "# I. Summary",
        ]
        places = [source.index(part) for part in order]
        assert places == sorted(places)

    def test_stands_the_contents_list_as_links(self):
        source = markdown("undesa").source
        assert "**Contents**\n\n- [I. Summary](#s1_1)\n- [II. Analytical overview" in source
        assert "\n  - [E-government in the world](#i30_en_1)\n" in source

    def test_stands_that_it_is_a_demonstration(self):
        assert "\n**Demonstration: holds invented records, not an official submission**\n" in markdown("unido").source
        assert "Demonstration" not in markdown("undesa").source

    def test_goes_the_contents_list_up_and_down_as_headings_do(self):
        texts = [item("<h2>b</h2><h3>c</h3><p>x</p>", heading="a", record=1), item("<p>y</p>", heading="d", record=2)]
        layout = {"heading_numbers": "none", "paragraph_numbers": "none", "contents_depth": 4}
        front = [{"kind": "contents", "text": ""}]
        sections = [section("S", texts), section("T", [item("<p>z</p>", record=3)], number=2)]
        source = render(document.build(snapshot(sections, layout=layout, front=front)), "md").content.decode()
        listed = [line.split("](")[0] for line in source.splitlines() if "](#" in line]
        assert listed == ["- [S", "  - [a", "    - [b", "      - [c", "  - [d", "- [T"]
