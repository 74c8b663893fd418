"""What two people made of one content, put together."""

import pytest

from portal.common.merging import Hunk, blocks, choose, merge, merge_texts

ONE, TWO, THREE = "<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"


def merged(before, mine, theirs, *, texts=frozenset()):
    return merge(base={"it": before}, mine={"it": mine}, theirs={"it": theirs}, texts=texts)


class TestFields:
    @pytest.mark.parametrize(
        ("before", "mine", "theirs", "stands"),
        [
            ("a", "a", "a", "a"),
            ("a", "b", "a", "b"),
            ("a", "a", "c", "c"),
            ("a", "b", "b", "b"),
            ("a", "", "a", ""),
            ("", "on", "", "on"),
        ],
    )
    def test_that_one_changed_are_settled(self, before, mine, theirs, stands):
        assert merged(before, mine, theirs) == ({"it": stands}, {})

    def test_that_both_changed_differently_clash(self):
        settled, clashes = merged("Old", "مختبر", "学习中心")
        assert settled == {}
        assert clashes["it"].hunks == [Hunk(mine=["مختبر"], theirs=["学习中心"], is_clash=True)]
        assert clashes["it"].clashing == 1
        assert not clashes["it"].is_text

    def test_that_one_emptied_and_the_other_changed_clash(self):
        assert list(merged("Old", "", "New")[1]) == ["it"]

    def test_that_are_missing_on_a_side_are_empty_there(self):
        settled, clashes = merge(base={}, mine={"title": "A"}, theirs={"place": "Vienna"}, texts=set())
        assert (settled, clashes) == ({"title": "A", "place": "Vienna"}, {})

    def test_are_merged_apart_from_each_other(self):
        base = {"title": "Old", "kind": "event", "place": ""}
        settled, clashes = merge(
            base=base, mine=base | {"title": "Mine"}, theirs=base | {"title": "Theirs", "place": "Vienna"}, texts=set()
        )
        assert settled == {"kind": "event", "place": "Vienna"}
        assert list(clashes) == ["title"]


class TestLists:
    def test_keep_what_both_added_and_lose_what_either_took_away(self):
        settled, clashes = merged(["AUT", "FRA", "KEN"], ["AUT", "FRA", "PER"], ["FRA", "KEN", "TUN"])
        assert settled["it"] == ["FRA", "PER", "TUN"]
        assert clashes == {}

    def test_hold_once_what_both_added(self):
        assert merged([], ["KEN"], ["KEN", "TUN"])[0] == {"it": ["KEN", "TUN"]}

    def test_may_be_missing_before(self):
        assert merged("", ["KEN"], ["TUN"])[0] == {"it": ["KEN", "TUN"]}

    def test_are_emptied_by_both(self):
        assert merged(["KEN", "TUN"], ["KEN"], ["TUN"])[0] == {"it": []}

    def test_of_rows_keep_both_versions_of_a_row_that_both_changed(self):
        before = {"scheme": "project", "value": "1", "address": ""}
        mine, theirs = before | {"address": "https://a.example"}, before | {"value": "2"}
        settled, clashes = merged([before], [mine], [theirs])
        assert settled["it"] == [theirs, mine]
        assert clashes == {}

    def test_of_rows_lose_a_row_that_one_took_away(self):
        rows = [{"language": "fr", "text": "Un"}, {"language": "fr", "text": "Deux"}]
        assert merged(rows, rows[1:], [*rows, {"language": "ar", "text": "ثلاثة"}])[0]["it"] == [
            rows[1],
            {"language": "ar", "text": "ثلاثة"},
        ]


class TestTexts:
    def test_take_paragraphs_from_both(self):
        settled, clashes = merged(
            ONE + TWO + THREE, "<p>One, mine.</p>" + TWO + THREE, ONE + TWO + "<p>Three, theirs.</p>", texts={"it"}
        )
        assert settled == {"it": "<p>One, mine.</p><p>Two.</p><p>Three, theirs.</p>"}
        assert clashes == {}

    def test_take_neighbours_of_which_each_changed_another_one(self):
        field = merge_texts(
            before=ONE + TWO + THREE, mine="<p>Mine.</p><p>A.</p>" + THREE, theirs=ONE + "<p>B.</p><p>Theirs.</p>"
        )
        assert field.hunks == [
            Hunk(settled=["<p>Mine.</p>"]),
            Hunk(mine=["<p>A.</p>"], theirs=["<p>B.</p>"], is_clash=True),
            Hunk(settled=["<p>Theirs.</p>"]),
        ]

    def test_clash_in_the_paragraph_alone_that_both_changed(self):
        field = merge_texts(before=ONE + TWO, mine="<p>Mine.</p>" + TWO, theirs="<p>Theirs.</p>" + TWO)
        assert field.clashing == 1
        assert field.hunks == [
            Hunk(mine=["<p>Mine.</p>"], theirs=["<p>Theirs.</p>"], is_clash=True),
            Hunk(settled=[TWO]),
        ]

    def test_clash_where_one_deleted_what_the_other_changed(self):
        field = merge_texts(before=ONE + TWO, mine=TWO, theirs="<p>Theirs.</p>" + TWO)
        assert [hunk.theirs for hunk in field.hunks if hunk.is_clash] == [["<p>Theirs.</p>"]]
        assert "Theirs." not in choose(field, ["mine"])

    def test_clash_where_both_wrote_the_first_paragraph(self):
        field = merge_texts(before="", mine=ONE, theirs=TWO)
        assert choose(field, ["both"]) == ONE + TWO

    def test_hold_once_what_both_wrote_alike(self):
        assert merged(ONE, ONE + TWO, ONE + TWO, texts={"it"})[0] == {"it": ONE + TWO}

    @pytest.mark.parametrize("words", [("مرحبا", "عالم", "سلام"), ("你好。", "世界。", "和平。"), ("🦕", "👩‍🔬", "🎉")])
    def test_of_any_script_come_through_unchanged(self, words):
        one, two, three = (f"<p>{word}</p>" for word in words)
        settled, clashes = merged(one + two, three + one + two, one + two + three, texts={"it"})
        assert settled == {"it": three + one + two + three}
        assert clashes == {}


class TestChoose:
    FIELD = merge_texts(
        before=ONE + TWO + THREE, mine="<p>A.</p>" + TWO + "<p>C.</p>", theirs="<p>B.</p>" + TWO + "<p>D.</p>"
    )

    @pytest.mark.parametrize(
        ("choices", "text"),
        [
            (["mine", "theirs"], "<p>A.</p><p>Two.</p><p>D.</p>"),
            (["theirs", "mine"], "<p>B.</p><p>Two.</p><p>C.</p>"),
            (["both", "both"], "<p>A.</p><p>B.</p><p>Two.</p><p>C.</p><p>D.</p>"),
        ],
    )
    def test_decides_each_clash_in_order(self, choices, text):
        assert choose(self.FIELD, choices) == text

    @pytest.mark.parametrize(("choice", "text"), [("mine", "A"), ("theirs", "B"), ("both", "A B")])
    def test_gives_the_value_of_a_field_without_paragraphs(self, choice, text):
        assert choose(merged("Old", "A", "B")[1]["it"], [choice]) == text

    def test_gives_what_nobody_wrote_as_nothing(self):
        assert choose(merged("Old", "", "B")[1]["it"], ["mine"]) == ""


class TestBlocks:
    @pytest.mark.parametrize(
        "html",
        [
            "",
            "<h2>Title</h2><p>A <strong>word</strong> &amp; a 5 &lt; 6.</p>",
            '<ol start="3"><li><p>One</p></li><li><p>Two</p></li></ol><blockquote><p>Said.</p></blockquote>',
            "<table><tbody><tr><th>A</th><td>2026</td></tr></tbody></table><p>After.</p>",
            '<p>With a note<span data-footnote="See page 4.">*</span>.</p>',
            "<p>نص عربي</p><p>中文段落</p><p>🦕</p>",
            "<p>One<br>two</p>",
            "Words alone <p>and a paragraph</p> and more",
        ],
    )
    def test_joined_are_the_text_again(self, html):
        assert "".join(blocks(html)) == html

    def test_are_one_for_each_paragraph(self):
        assert blocks(ONE + TWO) == [ONE, TWO]
