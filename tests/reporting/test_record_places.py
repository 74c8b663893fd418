"""Paragraphs on the page of a version have the places that files lead to."""

import json
import re
from collections.abc import Callable

import pytest

from reporting.compilation import document
from reporting.compilation.snapshot import Snapshot
from reporting.provenance import with_places
from tests.reporting.compilation import samples

NOTE = '<p><span data-footnote="{}" data-reference="{}">*</span></p>'


class TestPlaces:
    @pytest.mark.parametrize(
        ("html", "places"),
        [
            ("<p>One.</p><p>Two.</p>", ["p1", "p2"]),
            ("<p>One.</p><p> </p><p><br></p><p></p><p>Two.</p>", ["p1", "p2"]),
            ("Running <em>text</em><p>Two.</p>and more<h2>Four</h2>", ["p2", "p4"]),
            ("<em>Only running</em>", []),
            ("<ul><li>One</li></ul><ol><li></li></ol><blockquote><p>Two.</p></blockquote>", ["p1", "p2"]),
            ("<table><tr><td>A</td></tr></table><table><tr></tr></table><table></table><p>Two.</p>", ["p1", "p2"]),
            (NOTE.format("A note alone.", "") + "<p>Two.</p>", ["p1", "p2"]),
            (NOTE.format("", "1") + "<p>Two.</p>", ["p1", "p2"]),
            (NOTE.format("", "99") + "<p>One.</p>", ["p1"]),  # cites nothing
            ("<h2> </h2><h3>One</h3><p>\ufeff</p><p>Two.</p>", ["p1", "p2"]),
        ],
    )
    def test_are_those_of_compiled_files(self, html: str, places: list[str]):
        assert re.findall(r' id="(p[0-9]+)"', with_places(html, samples.REFERENCES)) == places
        assert set(places) <= set(_places_in_file(html))

    @pytest.mark.parametrize("sample", [samples.unido, samples.undesa, samples.arabic, samples.in_six_languages])
    def test_are_those_of_the_files_of_the_samples(self, sample: Callable[[], Snapshot]):
        for each in (item for section in sample()["sections"] for item in section["items"]):
            found = re.findall(r' id="(p[0-9]+)"', with_places(each["html"], samples.REFERENCES))
            assert found == _places_in_file(each["html"])

    def test_bear_the_id_of_their_row_where_another_text_has_them(self):
        assert with_places("<p>One.</p>", {}, "17_") == '<p id="17_p1">One.</p>'


def _places_in_file(html: str) -> list[str]:
    blocks = json.dumps(document.build(samples.of_html(html)).blocks)
    return list(dict.fromkeys(re.findall(r"\b[a-z][0-9]+_[a-z]{2}_[0-9]+_(p[0-9]+)\b", blocks)))
