"""How a comparison reads."""

import copy
import re

from portal.common.marked_words import marked_up
from portal.common.words import BREAK, Piece
from reporting.comparison.changes import compare
from reporting.comparison.plain import as_text
from reporting.comparison.reading import remarks, stretches, versions
from reporting.compilation.snapshot import Snapshot
from tests.reporting.compilation import samples
from tests.reporting.compilation.samples import COVER, item, of_html, record_of, section, snapshot

TEXTS = [
    "<p>The hub trains forty welders in Lima.</p>",
    "<p>A survey asked two hundred firms.</p>",
    "<p>Standards began to follow practice.</p>",
]


def read(old: Snapshot, new: Snapshot) -> list[tuple[str, str]]:
    """Return the heading and label of each stretch."""
    return [
        (" › ".join(place.heading for place in stretch.heading), stretch.label)
        for stretch in stretches(compare(old, new))
    ]


class TestStretches:
    def test_fold_what_stayed_and_name_each_place_once(self):
        old = snapshot([section("One", [item("".join(TEXTS), heading="Hub")])])
        new = copy.deepcopy(old)
        new["sections"][0]["items"][0]["html"] = "".join(TEXTS).replace("forty", "fifty").replace("began", "ceased")
        assert read(old, new) == [
            ("", "2 paragraphs unchanged"),
            ("One › Hub", "Changed"),
            ("", "1 paragraph unchanged"),
            ("", "Changed"),
        ]

    def test_of_one_place_stand_under_its_heading(self):
        old = snapshot([section("One", [item(TEXTS[0])])], cover=COVER)
        new = copy.deepcopy(old)
        new["cover"][4]["text"] = new["cover"][4]["text"].replace("2021", "2022")
        assert read(old, new)[:2] == [("Cover", "4 paragraphs unchanged"), ("", "Changed")]

    def test_hold_together_what_moved_together(self):
        items = [item(text, heading=f"Item {count}", record=count) for count, text in enumerate(TEXTS)]
        old, new = (snapshot([section("One", order)]) for order in (items, [items[2], *items[:2]]))
        assert read(old, new)[1:] == [("One", "2 paragraphs moved up"), ("", "4 paragraphs unchanged")]


class TestRemarks:
    def test_tell_of_a_paragraph_that_was_split(self):
        one = TEXTS[0].replace("</p>", " A survey asked two hundred firms.</p>")
        changes = compare(of_html(one), of_html(TEXTS[0] + TEXTS[1])).changes
        assert [remarks(change) for change in changes] == [[], ["One paragraph became 2 paragraphs."]]

    def test_tell_of_words_that_only_look_different(self):
        changes = compare(of_html(TEXTS[0]), of_html(TEXTS[0].replace("hub", "<em>hub</em>"))).changes
        assert remarks(changes[1]) == ["The words are the same; emphasis, links or the kind of paragraph differ."]


class TestVersions:
    def test_are_those_before_and_now(self):
        old = snapshot([section("One", [item(TEXTS[0])])])
        new = snapshot([section("One", [item(TEXTS[1], source=record_of("initiative", 1, version=2))])])
        went, came = compare(old, new).changes[1:]
        assert versions(went) == [("Before: version 1", "i1_en_1")]
        assert versions(came) == [("Now: version 2", "i1_en_2")]


class TestMarkup:
    def test_leaves_blanks_outside(self):
        assert "one <ins>" in marked_up([Piece("same", "one"), Piece("came", " two")])

    def test_shows_what_leaves_no_mark_where_it_is_all_that_changed(self):
        html = marked_up([Piece("same", "one"), Piece("went", "  "), Piece("came", "\u00a0"), Piece("came", "\u200f")])
        for shown in ("␣␣", "U+00A0", "U+200F"):
            assert f"</span>{shown}<span" in html

    def test_begins_a_line_where_a_paragraph_does(self):
        html = marked_up([Piece("same", "One."), Piece("went", " "), Piece("came", BREAK), Piece("same", "Two.")])
        assert re.search("One.<ins>.*¶.*</ins><br>Two.", html)
        assert "<del>" not in html

    def test_goes_on_in_the_line_where_two_paragraphs_became_one(self):
        html = marked_up([Piece("same", "One."), Piece("went", BREAK), Piece("came", " "), Piece("same", "Two.")])
        assert re.search("One.<del>.*¶.*</del> Two.", html)
        assert "<br>" not in html

    def test_escapes_words_and_marks_no_whole(self):
        assert marked_up([Piece("came", "a < b & c")]) == "a &lt; b &amp; c"


class TestPlainText:
    def test_tells_all_that_the_page_tells(self):
        old = samples.unido()
        new = copy.deepcopy(old)
        summary = new["sections"][0]["items"][0]
        summary["html"] = summary["html"].replace("four countries", "seven countries") + TEXTS[0]
        new["references"]["1"] = {**new["references"]["1"], "year": "2021"}
        new["sections"][2]["items"].insert(1, new["sections"][2]["items"].pop(5))
        text = as_text(compare(old, new), older="UNIDO 1", newer="UNIDO 2")
        for line in (
            "from: UNIDO 1",
            "Paragraphs: 1 new, 2 changed, 6 moved, 62 unchanged",
            "Footnotes: 2 changed, 10 unchanged",
            "Executive Summary\n=================",
            "~ Changed.\n  Work was done in [-four-]{+seven+} countries, among them Serbia[1][2] and India.",
            "    [2] Footnote changed: Second source: ITU, Facts and figures ([-2020-]{+2021+}), https://",
            "+ New.\n  The hub trains forty welders in Lima.",
            "> 6 paragraphs moved up.\n  Global Innovation Network",
            "  (1 paragraph unchanged)",
        ):
            assert line in text
