"""What became of a text in another one."""

import copy
import random
import time
from collections import Counter
from typing import Any

import pytest

from portal.common.words import BREAK, NOTE
from reporting.comparison.changes import CannotCompare, Change, Comparison, Counts, compare
from reporting.comparison.units import units
from reporting.compilation.snapshot import Item, Snapshot
from tests.reporting.compilation import samples
from tests.reporting.compilation.samples import REFERENCES, item, of_html, record_of, section, snapshot

A = "<p>The hub trains forty welders in Lima every year.</p>"
B = "<p>A survey asked two hundred firms about their machines.</p>"
C = "<p>Standards began to follow practice in most regions.</p>"
D = "<p>Energy prices rose and small firms paid most of it.</p>"


def line(change: Change) -> str:
    """Return a change as one line; `^1` stands where its first footnote is marked."""
    forms = {"same": "%s", "went": "[-%s-]", "came": "{+%s+}"}
    words = "".join(forms[piece.kind] % (piece.text or f"^{piece.note}") for piece in change.pieces)
    return words.replace(BREAK, "¶")


def told(comparison: Comparison) -> list[tuple[str, str]]:
    """Return what differs: what became of it, and its line."""
    return [
        (f"moved {change.moved} and changed" if change.fate == "changed" else f"moved {change.moved}", line(change))
        if change.moved
        else (change.fate, line(change))
        for change in comparison.changes
        if change.fate != "same" or change.moved
    ]


def notes(change: Change) -> list[tuple[int, str, str]]:
    forms = {"same": "%s", "went": "[-%s-]", "came": "{+%s+}"}
    return [
        (note.number, note.fate, "".join(forms[piece.kind] % piece.text for piece in note.pieces))
        for note in change.notes
    ]


def of_items(*items: Item) -> Snapshot:
    return snapshot([section("Overview", list(items))])


def noted(text: str) -> str:
    return f'<span data-footnote="{text}">*</span>'


class TestParagraphs:
    def test_that_stayed_are_the_same(self):
        comparison = compare(samples.unido(), samples.unido())
        assert told(comparison) == []
        assert comparison.same_fingerprint
        assert comparison.counts.nothing_differs
        assert comparison.counts.same == len(comparison.changes) > 60

    def test_come(self):
        comparison = compare(of_html(A + C), of_html(A + B + C))
        assert told(comparison) == [("came", "{+A survey asked two hundred firms about their machines.+}")]
        assert comparison.counts == Counts(came=1, went=0, moved=0, changed=0, same=3)

    def test_go_and_are_shown_where_they_stood(self):
        comparison = compare(of_html(A + B + C), of_html(A + C))
        assert [change.fate for change in comparison.changes] == ["same", "same", "went", "same"]
        assert comparison.counts.went == 1

    def test_change_word_by_word(self):
        comparison = compare(of_html(A + B), of_html(A.replace("forty", "fifty") + B))
        assert told(comparison) == [("changed", "The hub trains [-forty-]{+fifty+} welders in Lima every year.")]

    def test_move_alone_when_one_is_put_first(self):
        comparison = compare(of_html(A + B + C + D), of_html(D + A + B + C))
        assert told(comparison) == [("moved up", "Energy prices rose and small firms paid most of it.")]
        assert comparison.counts == Counts(came=0, went=0, moved=1, changed=0, same=4)

    def test_move_alone_when_one_is_put_last(self):
        comparison = compare(of_html(A + B + C + D), of_html(B + C + D + A))
        assert [what for what, _line in told(comparison)] == ["moved down"]

    def test_move_from_one_record_to_another_and_say_from_where(self):
        old = of_items(item(A + B, heading="Hub", record=1), item(C, heading="Survey", record=2))
        new = of_items(item(A, heading="Hub", record=1), item(C + B, heading="Survey", record=2))
        (moved,) = [change for change in compare(old, new).changes if change.moved]
        assert [place.heading for place in moved.old[0].place] == ["Overview", "Hub"]
        assert [place.heading for place in moved.new[0].place] == ["Overview", "Survey"]

    def test_move_and_change_at_once(self):
        comparison = compare(of_html(A + B + C + D), of_html(D.replace("rose", "fell") + A + B + C))
        assert told(comparison) == [
            ("moved up and changed", "Energy prices [-rose-]{+fell+} and small firms paid most of it.")
        ]
        assert comparison.counts == Counts(came=0, went=0, moved=1, changed=1, same=4)

    def test_that_were_written_anew_came_and_the_old_ones_went(self):
        assert [what for what, _line in told(compare(of_html(A), of_html(D)))] == ["went", "came"]

    def test_reworded_under_another_record_are_changed_not_new(self):
        old = of_items(item(A, record=1), item(B, record=2))
        new = of_items(item(A, record=1), item(B.replace("two hundred", "240"), record=9))
        assert told(compare(old, new)) == [
            ("changed", "A survey asked [-two hundred-]{+240+} firms about their machines.")
        ]

    def test_that_say_the_same_in_several_places_stay_each_in_its_own(self):
        repeated = [item(A + B, heading=f"Item {number}", record=number) for number in range(6)]
        dropped = repeated[:2] + repeated[3:]
        assert [what for what, _line in told(compare(of_items(*repeated), of_items(*dropped)))] == ["went"] * 3

    def test_are_split_with_a_mark_where_the_new_one_begins(self):
        one = "<p>The hub trains forty welders. A survey asked two hundred firms.</p>"
        two = "<p>The hub trains forty welders.</p><p>A survey asked two hundred firms.</p>"
        assert told(compare(of_html(A + one + D), of_html(A + two + D))) == [
            ("changed", "The hub trains forty welders.[- -]{+¶+}A survey asked two hundred firms.")
        ]
        assert told(compare(of_html(two), of_html(one))) == [
            ("changed", "The hub trains forty welders.[-¶-]{+ +}A survey asked two hundred firms.")
        ]

    def test_that_look_different_only_say_so(self):
        (change,) = [
            change
            for change in compare(of_html(A), of_html(A.replace("forty", "<em>forty</em>"))).changes
            if change.fate == "changed"
        ]
        assert change.only_looks_changed
        assert not change.words_changed

    def test_tell_where_their_links_led_and_lead(self):
        html = '<p>As the <a href="https://example.org/%s">plan</a> says.</p>'
        comparison = compare(of_html(html % "2019"), of_html(html % "2021"))
        change = comparison.changes[1]
        assert (change.links_went, change.links_came) == (["https://example.org/2019"], ["https://example.org/2021"])
        assert comparison.counts.changed == 1
        assert not change.only_looks_changed

    def test_of_20000_characters_are_compared(self):
        long = "<p>" + "Firms learn from firms, and the hub tells how. " * 450 + "</p>"
        comparison = compare(of_html(long), of_html(long.replace("hub", "lab", 1)))
        assert [piece.text for piece in comparison.changes[1].pieces if piece.kind != "same"] == ["hub", "lab"]


class TestAnyTwoTexts:
    def test_every_part_of_both_is_told_once_the_newer_in_its_order(self):
        chance = random.Random(11)
        sentences = [f"Firm {number} of {name} learns slowly." for number in range(8) for name in ("Lima", "Accra")]

        def text() -> str:
            marks = ["", noted("Page 4."), noted("Page 5.")]
            return "".join(
                f"<p>{' '.join(chance.choices(sentences, k=3))}{chance.choice(marks)}</p>"
                for _ in range(chance.randrange(4))
            )

        for _ in range(60):
            old, new = (
                of_items(*(item(text(), heading=chance.choice(["", "Hub", "Lab"]), record=at) for at in order))
                for order in (chance.sample(range(6), 4), chance.sample(range(6), 4))
            )
            changes = compare(old, new).changes
            assert [unit for change in changes for unit in change.new] == units(new)
            assert Counter(repr(unit) for change in changes for unit in change.old) == Counter(map(repr, units(old)))
            for change in changes:
                sides = {side: [p for p in change.pieces if p.kind in ("same", side)] for side in ("went", "came")}
                for side, parts in (("went", change.old), ("came", change.new)):
                    said = "".join(piece.text or NOTE for piece in sides[side])
                    assert said == BREAK.join(unit.text for unit in parts)


class TestListsAndTables:
    def test_change_by_entry_and_row(self):
        html = (
            "<ul><li><p>advice on the spot</p></li><li><p>credit for small sums</p></li></ul>"
            "<table><tbody><tr><td>Firms</td><td>74</td></tr><tr><td>Cities</td><td>61</td></tr></tbody></table>"
        )
        changed = html.replace("small", "larger").replace("61", "62")
        assert told(compare(of_html(html), of_html(changed))) == [
            ("changed", "credit for [-small-]{+larger+} sums"),
            ("changed", "Cities | [-61-]{+62+}"),
        ]

    def test_may_take_in_what_was_a_paragraph(self):
        html = "<p>advice that is not tied to a vendor</p>"
        (change,) = compare(of_html(html), of_html(f"<ul><li>{html}</li></ul>")).changes[1:]
        assert change.only_looks_changed


class TestHeadings:
    def test_change_with_their_record(self):
        old = of_items(item(A, heading="Global Manufacturing Summit"))
        new = of_items(item(A, heading="Summit on industry"))
        comparison = compare(old, new)
        assert told(comparison) == [("changed", "[-Global Manufacturing Summit-]{+Summit on industry+}")]
        assert [change.unit.form for change in comparison.changes if change.fate == "changed"] == ["heading"]

    def test_of_sections_change_with_their_section(self):
        old, new = snapshot([section("Outlook", [item(A)])]), snapshot([section("Future", [item(A)])])
        assert told(compare(old, new)) == [("changed", "[-Outlook-]{+Future+}")]

    def test_move_with_their_text(self):
        items = [item(html, heading=f"Item {count}", record=count) for count, html in enumerate((A, B, C, D))]
        moved = compare(of_items(*items), of_items(*items[-1:], *items[:-1])).changes
        assert [(change.unit.form, change.moved) for change in moved if change.moved] == [
            ("heading", "up"),
            ("paragraph", "up"),
        ]

    def test_of_two_initiatives_are_two_however_alike(self):
        old = of_items(item("", heading="Smart manufacturing in Serbia", record=1))
        new = of_items(item("", heading="Smart manufacturing in Ghana", record=2))
        assert [what for what, _line in told(compare(old, new))] == ["went", "came"]


class TestCover:
    def test_and_front_are_compared_too(self):
        front = [{"kind": "list", "entries": ["C1", "C7", "C11"]}]
        old = snapshot([section("S", [item(A)])], cover=samples.COVER, front=front)
        new = copy.deepcopy(old)
        new["cover"][4]["text"] = new["cover"][4]["text"].replace("2021", "2022")
        new["front"][0]["entries"] = ["C1", "C11"]
        assert told(compare(old, new)) == [
            ("changed", "Submissions on efforts in [-2021-]{+2022+} to implement the outcomes of the WSIS"),
            ("went", "[-C7-]"),
        ]


class TestFootnotes:
    def only(self, old: str, new: str) -> tuple[str, list[tuple[int, str, str]]]:
        (change,) = [change for change in compare(of_html(old), of_html(new)).changes if change.fate == "changed"]
        return line(change), notes(change)

    def test_come(self):
        assert self.only("<p>Forty came.</p>", f"<p>Forty{noted('Count of May.')} came.</p>") == (
            "Forty{+^1+} came.",
            [(1, "came", "{+Count of May.+}")],
        )

    def test_go(self):
        text = f"<p>Forty{noted('One.')} came{noted('Two.')}.</p>"
        assert self.only(text, f"<p>Forty came{noted('Two.')}.</p>") == (
            "Forty[-^1-] came^2.",
            [(1, "went", "[-One.-]"), (2, "same", "Two.")],
        )

    def test_change_under_words_that_stay(self):
        assert self.only(f"<p>Forty{noted('Page 4.')} came.</p>", f"<p>Forty{noted('Page 5.')} came.</p>") == (
            "Forty^1 came.",
            [(1, "changed", "Page [-4-]{+5+}.")],
        )

    def test_of_two_on_one_spot_only_the_one_goes(self):
        text = f"<p>Forty{noted('One.')}{noted('Two.')} came.</p>"
        assert self.only(text, f"<p>Forty{noted('Two.')} came.</p>")[1] == [
            (1, "went", "[-One.-]"),
            (2, "same", "Two."),
        ]

    def test_whose_mark_moves_in_its_paragraph_stay_one_note(self):
        old = f"<p>Forty{noted('Page 4.')} came to Lima.</p>"
        assert self.only(old, f"<p>Forty came to Lima{noted('Page 4.')}.</p>") == (
            "Forty[-^1-] came to Lima{+^1+}.",
            [(1, "same", "Page 4.")],
        )

    def test_move_to_another_paragraph(self):
        note = noted("Count of May.")
        end = "</p>"
        old = of_items(item(A.replace(end, note + end), heading="Hub", record=1), item(B, heading="Survey", record=2))
        new = of_items(item(A, heading="Hub", record=1), item(B.replace(end, note + end), heading="Survey", record=2))
        comparison = compare(old, new)
        assert [
            (found.fate, found.elsewhere and found.elsewhere.place[-1].heading)
            for change in comparison.changes
            for found in change.notes
        ] == [("went", "Survey"), ("came", "Hub")]  # fmt: skip
        assert comparison.note_counts == Counts(came=0, went=0, moved=1, changed=0, same=0)

    def test_numbered_anew_are_the_same(self):
        note = noted("Count of May.")
        comparison = compare(
            of_html(f"<p>Forty{note} came.</p>"), of_html(f"{A[:-4]}{note}</p><p>Forty{note} came.</p>")
        )
        assert [what for what, _line in told(comparison)] == ["came"]
        assert comparison.note_counts == Counts(came=1, went=0, moved=0, changed=0, same=1)

    def test_show_a_reference_printed_otherwise_at_each_note_that_cites_it(self):
        old = samples.unido()
        new = copy.deepcopy(old)
        new["references"]["1"] = {**REFERENCES["1"], "year": "2021"}
        comparison = compare(old, new)
        assert [note for change in comparison.changes for note in notes(change) if note[1] != "same"] == [
            (2, "changed", "Second source: ITU, Facts and figures ([-2020-]{+2021+}), https://example.org/f?a=1&b=2"),
            (1, "changed", "ITU, Facts and figures ([-2020-]{+2021+}), https://example.org/f?a=1&b=2"),
        ]
        assert comparison.counts.changed == comparison.note_counts.changed == 2


class TestTwoYears:
    def test_meet_in_the_initiatives_that_both_tell_of(self):
        def year(start: int, *texts: str) -> Snapshot:
            """Of three initiatives, each with an update of its own in each year, in sections of their own."""
            items = [
                item(
                    text,
                    heading=f"Initiative number {count}",
                    source=record_of("update", start + count),
                    about=count,
                    heading_record=record_of("initiative", count),
                )
                for count, text in enumerate(texts, start=1)
            ]
            return snapshot([section("Initiatives", items, number=start)], title=f"Report {start}")

        old, new = year(100, A, B, C), year(200, A.replace("forty", "fifty"), D, C)
        assert told(compare(old, new)) == [
            ("changed", "The hub trains [-forty-]{+fifty+} welders in Lima every year."),
            ("went", "[-A survey asked two hundred firms about their machines.-]"),
            ("came", "{+Energy prices rose and small firms paid most of it.+}"),
        ]


class TestLanguages:
    def test_arabic_is_compared_by_words(self):
        old = samples.arabic()
        new = copy.deepcopy(old)
        new["sections"][1]["items"][0]["html"] = new["sections"][1]["items"][0]["html"].replace("شاملة", "خضراء")
        ((what, shown),) = told(compare(old, new))
        assert what == "changed"
        assert "[-شاملة-]{+خضراء+}" in shown

    def test_chinese_is_compared_by_ideographs(self):
        old, new = (
            of_html(f"<p>{text}</p>", language="zh") for text in ("发展中国家带来机遇。", "发展中国家带来挑战。")
        )
        assert told(compare(old, new)) == [("changed", "发展中国家带来[-机遇-]{+挑战+}。")]


class TestFormats:
    @pytest.mark.parametrize(
        ("other", "sentence"), [(None, "has no text to compare"), ({**samples.unido(), "format": 1}, "Compile again")]
    )
    def test_that_cannot_be_read_are_refused_with_a_sentence(self, other: Any, sentence: str):
        for sides in [(other, samples.unido()), (samples.unido(), other)]:
            with pytest.raises(CannotCompare, match=sentence):
                compare(*sides)


class TestMuchText:
    def seconds(self, count: int, *, same_records: bool) -> float:
        """Return how long it takes for so many items of 150 words, a third of them changed."""
        chance = random.Random(count)
        words = [f"word{number}" for number in range(3000)]
        texts = [chance.choices(words, k=150) for _ in range(count)]
        old = of_items(*(item(f"<p>{' '.join(text)}</p>", record=at) for at, text in enumerate(texts)))
        for text in texts[::3]:
            text[chance.randrange(150)] = "changed"
        new = of_items(
            *(
                item(f"<p>{' '.join(text)}</p>", record=at if same_records else count + at)
                for at, text in enumerate(texts)
            )
        )
        started = time.process_time()
        comparison = compare(old, new)
        spent = time.process_time() - started
        assert comparison.counts == Counts(0, 0, 0, changed=(count + 2) // 3, same=count + 1 - (count + 2) // 3)
        return spent

    @pytest.mark.parametrize("same_records", [True, False])
    def test_takes_time_in_step_with_its_length(self, same_records: bool):
        few, many = (self.seconds(count, same_records=same_records) for count in (200, 1000))
        assert many < 3 * 5 * few
        assert many < 10
