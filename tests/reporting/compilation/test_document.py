"""From a snapshot to a document."""

import hashlib
import itertools
import json
import re
import time
from typing import Any

import pytest

from reporting.compilation import document
from reporting.compilation.document import Document, SnapshotUnusable
from reporting.compilation.nodes import Node, text_of
from reporting.compilation.renderers.process import Tools, pandoc
from reporting.compilation.snapshot import canonical, fingerprint

from . import samples
from .samples import item, of_html, record_of, section, snapshot


def levels(built: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in built.headings]


def nodes(tree: Any, kind: str) -> list[Node]:
    """Return all nodes of a kind, in their order."""
    if isinstance(tree, dict):
        inner = nodes(tree.get("c"), kind)
        return [tree, *inner] if tree.get("t") == kind else inner
    if isinstance(tree, list):
        return [node for part in tree for node in nodes(part, kind)]
    return []


def ids(built: Document) -> list[str]:
    found = []
    for block in built.blocks:
        inner = block["c"][1][0] if block["t"] == "Div" and block["c"][1][0]["t"] == "Header" else block
        found.append(inner["c"][1][0] if inner["t"] == "Header" else inner["c"][0][0])
    return found


class TestHeadings:
    @pytest.mark.parametrize(
        ("numbers", "printed"),
        [
            ("none", ["One", "Two"]),
            ("arabic", ["1. One", "2. Two"]),
            ("roman", ["I. One", "II. Two"]),
            ("chinese", ["一、 One", "二、 Two"]),
        ],
    )
    def test_are_numbered_as_the_layout_says(self, numbers: str, printed: list[str]):
        layout = {"heading_numbers": numbers, "paragraph_numbers": "none", "contents_depth": 1}
        sections = [
            section("One", [item("<p>a</p>", record=1)]),
            section("Two", [item("<p>b</p>", record=2)], number=2),
        ]
        assert [heading.text for heading in document.build(snapshot(sections, layout=layout)).headings] == printed

    def test_of_numbered_items_count_through_their_section(self):
        items = [
            item("<p>a</p>", heading="A", record=1, numbered=True),
            item("<p>b</p>", heading="B", record=2),
            item("<p>c</p>", heading="", record=3, numbered=True),
            item("<p>d</p>", heading="D", record=4, numbered=True),
        ]
        again = [item("<p>e</p>", heading="E", record=5, numbered=True)]
        built = document.build(snapshot([section("S", items), section("T", again, number=2)]))
        assert [text for level, text in levels(built) if level == 2] == ["1. A", "B", "2. D", "1. E"]

    def test_inside_a_text_go_under_its_item(self):
        html = "<h2>Two</h2><p>a</p><h3>Three</h3><p>b</p>"
        with_heading = document.build(snapshot([section("S", [item(html, heading="Item")])]))
        without = document.build(snapshot([section("S", [item(html)])]))
        assert levels(with_heading) == [(1, "S"), (2, "Item"), (3, "Two"), (4, "Three")]
        assert levels(without) == [(1, "S"), (2, "Two"), (3, "Three")]

    def test_skip_no_level_and_go_no_deeper_than_html_can(self):
        items = [item("<h3>c</h3><h3>d</h3>", heading=f"I{level}", record=level, level=level) for level in (3, 9, 1)]
        found = [level for level, _text in levels(document.build(snapshot([section("", items)])))]
        assert found[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(found))
        assert max(found) == document.DEEPEST

    def test_are_never_empty(self):
        note = '<span data-footnote="n">*</span>'
        built = document.build(snapshot([section(" ", [item(f"<h2> </h2><h3>{note}</h3><p>a</p>", heading=" ")])]))
        assert built.headings == []
        assert len(nodes(built.blocks, "Note")) == 1

    def test_leave_their_notes_out_of_the_contents(self):
        built = document.build(of_html('<h2>Two<span data-footnote="n">*</span></h2>'))
        assert built.headings[1].text == "Two"
        assert len(nodes(built.blocks, "Note")) == 1


class TestIds:
    def test_carry_record_version_and_paragraph(self):
        built = document.build(snapshot([section("S", [item("<p>a</p><h2>b</h2><ul><li>c</li></ul>", heading="H")])]))
        assert ids(built) == ["s1_1", "i1_en_1", "i1_en_1_p1", "i1_en_1_p2", "i1_en_1_p3"]

    def test_of_a_heading_name_the_record_of_its_title(self):
        update = item(
            "<p>a</p>",
            heading="H",
            id="u7_en_2",
            record=3,
            heading_id="i3_en_4",
            heading_record=record_of("initiative", 3),
        )
        built = document.build(snapshot([section("S", [update])]))
        assert ids(built) == ["s1_1", "i3_en_4", "u7_en_2_p1"]

    def test_of_a_heading_and_of_the_text_under_it_may_be_the_same_version(self):
        """The title and the description of an initiative are one row; printed again they count on together."""
        twice = item("<p>a</p>", heading="H")
        built = document.build(snapshot([section("S", [twice, twice])]))
        assert ids(built) == ["s1_1", "i1_en_1", "i1_en_1_p1", "i1_en_1_2", "i1_en_1_2_p1"]

    def test_are_short_plain_and_unique_even_when_a_record_is_printed_twice(self):
        longest = item("<p>a</p>" * 12, id="initiative_1234567890_en_123456x")
        built = document.build(snapshot([section("S", [longest, longest, longest])]))
        assert len(set(ids(built))) == len(ids(built)) == 37
        assert all(re.fullmatch(r"[a-z0-9_]{1,40}", found) for found in ids(built))

    @pytest.mark.parametrize("wrong", ["", "I1", "a-b", "1a", "x" * 40])
    def test_of_another_form_are_refused(self, wrong: str):
        with pytest.raises(SnapshotUnusable, match="is no id of a block"):
            document.build(snapshot([section("S", [item("<p>a</p>", id=wrong)])]))


class TestSources:
    def test_tell_record_and_role_of_sections_headings_and_items(self):
        title, text = record_of("initiative", 3), record_of("update", 7, role="focal_point")
        update = item("<p>a</p>", heading="H", id="u7_en_2", source=text, heading_id="i3_en_4", heading_record=title)
        built = document.build(snapshot([section("S", [update, update])]))
        assert built.sources == {
            "s1_1": record_of("section", 1, language=""),
            "i3_en_4": title,
            "i3_en_4_2": title,
            "u7_en_2": text,
            "u7_en_2_2": text,
        }


class TestIdentity:
    def test_is_the_fingerprint_of_the_frozen_text_and_the_portal(self):
        sample = samples.unido()
        built = document.build(sample)
        assert built.snapshot_bytes == canonical(sample)
        assert built.fingerprint == fingerprint(sample) == hashlib.sha256(built.snapshot_bytes).hexdigest()
        assert built.portal == "https://portal.example.org"

    def test_of_the_summary_alone_is_that_of_the_whole(self):
        whole, alone = document.build(samples.unido()), document.build(samples.unido(), part="summary")
        assert alone.fingerprint == whole.fingerprint


class TestMark:
    def test_of_a_later_issue_stands_under_the_entity_on_the_cover_and_in_the_title(self):
        built = document.build(of_html("<p>a</p>", cover=samples.COVER, mark="Corr.1"))
        printed = [line["text"] for line in built.cover]
        assert printed[printed.index("United Nations Industrial Development Organization") + 1] == "Corr.1"
        assert built.title == "Submission to the twenty-fifth session – Corr.1"

    def test_stands_under_the_title_where_there_is_no_cover(self):
        front = [{"kind": "title", "text": "T"}, {"kind": "paragraph", "text": "p"}]
        built = document.build(of_html("<p>a</p>", front=front, mark="Rev.2"))
        assert [block.get("text") for block in built.front] == ["T", "Rev.2", "p"]
        assert document.build(of_html("<p>a</p>", mark="Rev.2")).front[0]["text"] == "Rev.2"

    def test_travels_with_the_summary(self):
        sample = {**samples.unido(), "mark": "Corr.1"}
        assert document.build(sample, part="summary").front[1]["text"] == (
            "Submission to the twenty-fifth session – Corr.1 – CSTD, twenty-fifth session"
        )

    def test_of_the_first_issue_is_not_there(self):
        built = document.build(samples.unido())
        assert len(built.cover) == len(samples.COVER)
        assert built.title == "Submission to the twenty-fifth session"


class TestParagraphNumbers:
    def test_run_through_the_text_but_not_the_summary(self):
        layout = {"heading_numbers": "none", "paragraph_numbers": "through", "contents_depth": 1}
        html = "<p>first</p><ul><li><p>no number</p></li></ul><p>second</p>"
        built = document.build(
            snapshot(
                [
                    section("Summary", [item(html, record=1)], summary=True),
                    section("S", [item(html, record=2)], number=2),
                    section("T", [item("<p>third</p>", record=3)], number=3),
                ],
                layout=layout,
            )
        )
        numbered = [text_of(para["c"]) for para in nodes(built.blocks, "Para") if para["c"][0]["t"] == "Span"]
        assert numbered == ["1.\u2003first", "2.\u2003second", "3.\u2003third"]


class TestSummaryAlone:
    def test_holds_the_summary_and_says_whose_it_is(self):
        alone = document.build(samples.unido(), part="summary")
        assert levels(alone) == [(1, "Executive Summary")]
        assert alone.cover == []
        assert alone.front[0] == {"kind": "title", "text": "United Nations Industrial Development Organization"}

    def test_counts_its_notes_from_one(self):
        built = samples.unido()
        built["sections"].reverse()  # the summary comes last, after other notes
        assert len(nodes(document.build(built, part="summary").blocks, "Note")) == 3

    def test_carries_no_number_of_a_section(self):
        assert levels(document.build(samples.undesa(), part="summary")) == [(1, "Summary")]

    def test_keeps_the_mark_of_a_demonstration(self):
        assert document.build(samples.unido(), part="summary").demonstration

    def test_is_refused_where_no_section_is_one(self):
        with pytest.raises(SnapshotUnusable, match="no executive summary"):
            document.build(of_html("<p>a</p>"), part="summary")


class TestFront:
    def test_leaves_out_what_says_nothing(self):
        built = document.build(
            of_html(
                "<p>a</p>",
                cover=[{"style": "label", "text": " "}, {"style": "title", "text": "Two\nlines"}],
                front=[
                    {"kind": "title", "text": ""},
                    {"kind": "list", "entries": [" "]},
                    {"kind": "list", "entries": ["C1", ""]},
                ],
            )
        )
        assert built.cover == [{"style": "title", "text": "Two lines"}]
        assert built.front == [{"kind": "list", "text": "", "entries": ["C1"]}]

    @pytest.mark.parametrize(("heading", "depth"), [("", 2), ("Overview", 0)])
    def test_has_no_contents_list_without_entries(self, heading: str, depth: int):
        layout = {"heading_numbers": "none", "paragraph_numbers": "none", "contents_depth": depth}
        front = [{"kind": "contents", "text": "Contents"}]
        built = document.build(snapshot([section(heading, [item("<p>a</p>")])], front=front, layout=layout))
        assert (built.front, built.contents_depth) == ([], 0)


class TestLanguage:
    def test_of_an_item_stands_on_each_of_its_blocks(self):
        built = document.build(samples.in_six_languages())
        marked = [block["c"][0][2] for block in built.blocks if block["t"] == "Div" and block["c"][0][2]]
        assert marked.count([["lang", "ar"], ["dir", "rtl"]]) == 3  # a heading, its text, a paragraph of another text
        assert marked.count([["lang", "zh"], ["dir", "ltr"]]) == 2
        assert {"ar", "zh", "fr", "ru", "es"} <= built.languages

    def test_of_the_document_is_not_repeated(self):
        built = document.build(samples.arabic())
        assert built.direction == "rtl"
        assert built.languages == frozenset()


class TestWarnings:
    def test_tell_place_and_words(self):
        built = document.build(samples.unido())
        assert built.warnings == [
            {
                "kind": "link_without_target",
                "block": "i1_en_1",
                "heading": "Executive Summary",
                "words": "declaration of 2019",
            }
        ]

    def test_are_sentences_for_a_reader(self):
        (warning,) = document.build(samples.unido()).warnings
        assert "“declaration of 2019” under “Executive Summary” leads nowhere" in document.sentence(warning)

    def test_can_be_kept_as_json(self):
        warnings = document.build(of_html('<p>a<span data-footnote="">*</span></p>')).warnings
        assert json.loads(json.dumps(warnings)) == warnings


class TestBuild:
    def test_is_pure(self):
        first, second = document.build(samples.undesa()), document.build(samples.undesa())
        assert first.tree == second.tree

    def test_makes_a_tree_that_pandoc_reads(self):
        for sample in (samples.unido(), samples.undesa(), samples.in_six_languages(), samples.arabic()):
            assert pandoc(Tools(), ["--to=json"], document.build(sample).tree)

    def test_needs_no_code_of_their_own_for_two_entities_with_different_layouts(self):
        unido, undesa = document.build(samples.unido()), document.build(samples.undesa())
        assert [text for level, text in levels(unido) if level == 1] == [
            "Executive Summary",
            "Analytical Overview",
            "Current and future initiatives",
        ]
        assert levels(unido)[-1] == (2, "7. Smart manufacturing in Serbia")
        assert [text for level, text in levels(undesa) if level == 1] == [
            "I. Summary",
            "II. Analytical overview of trends and experiences",
            "III. Future actions",
        ]
        assert (unido.contents, len(undesa.contents)) == ([], 9)

    def test_refuses_a_snapshot_of_another_format(self):
        with pytest.raises(SnapshotUnusable, match="another version of the portal"):
            document.build(snapshot([section("S", [])], format=99))

    def test_refuses_a_snapshot_without_words(self):
        with pytest.raises(SnapshotUnusable, match="nothing to print yet"):
            document.build(snapshot([section("", [item("")])]))

    def test_takes_time_in_proportion_to_the_text(self):
        def seconds(items: int) -> float:
            """The better of two times: a busy machine takes longer now and then."""
            texts = [item(samples.NUMBERED, heading="H", record=number) for number in range(items)]
            times = []
            for _ in range(2):
                start = time.process_time()
                document.build(snapshot([section("S", texts)]))
                times.append(time.process_time() - start)
            return min(times)

        seconds(50)
        assert seconds(1600) < 10 * seconds(400)  # 4 times is the rule, 16 times would be the square
