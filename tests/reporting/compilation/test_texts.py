"""From the rich text of an item to nodes."""

from typing import Any, Literal

import pytest

from reporting.compilation.nodes import Node, text_of
from reporting.compilation.texts import LETTERS_ACROSS, Block, TextReader, citation, linkable, room_for

from .samples import REFERENCES


class Read:
    """One text, read, with what was reported."""

    def __init__(self, html: str, running_links: Literal["links", "footnotes"] = "links", comma: str = ",") -> None:
        self.reports: list[tuple[str, str]] = []
        reader = TextReader(
            references=REFERENCES,
            running_links=running_links,
            comma=comma,
            report=lambda kind, said: self.reports.append((kind, said)),
        )
        self.blocks: list[Block] = reader.read(html)

    @property
    def inlines(self) -> list[Node]:
        (block,) = self.blocks
        return block.node["c"]  # type: ignore[no-any-return]

    @property
    def kinds(self) -> list[str]:
        return [node["t"] for node in self.inlines]

    def notes(self) -> list[list[Node]]:
        return [node["c"][0]["c"] for node in self.inlines if node["t"] == "Note"]


def note(text: str = "", reference: str = "") -> str:
    cited = f' data-reference="{reference}"' if reference else ""
    return f'<span data-footnote="{text}"{cited}>*</span>'


def addresses(inlines: list[Node]) -> list[str]:
    return [node["c"][2][0] for node in inlines if node["t"] == "Link"]


class TestFootnote:
    def test_becomes_a_note_without_its_mark(self):
        read = Read(f"<p>Word{note('Its text.')} more.</p>")
        assert read.kinds == ["Str", "Note", "Space", "Str"]
        assert text_of(read.notes()[0]) == "Its text."

    def test_prints_an_address_in_its_text_as_a_link_without_the_full_stop_after_it(self):
        (inlines,) = Read(f"<p>a{note('See https://example.org/a_(b)?c=1.')}</p>").notes()
        assert addresses(inlines) == ["https://example.org/a_(b)?c=1"]
        assert text_of(inlines) == "See https://example.org/a_(b)?c=1."

    def test_prints_text_then_author_title_and_year_then_the_address(self):
        (inlines,) = Read(f"<p>a{note('Compare:', '1')}</p>").notes()
        assert text_of(inlines) == "Compare: ITU, Facts and figures (2020), https://example.org/f?a=1&b=2"
        assert addresses(inlines) == ["https://example.org/f?a=1&b=2"] * 2

    def test_prints_the_words_of_former_documents_where_the_reference_has_them(self):
        (inlines,) = Read(f"<p>a{note(reference='2')}</p>").notes()
        assert text_of(inlines) == "Projects in Serbia 200037, https://open.example.org/projects/200037"

    @pytest.mark.parametrize(
        ("reference", "printed"),
        [("3", "Division for Industry, A report without address (2019)"), ("4", "A page that is gone")],
    )
    def test_of_a_reference_without_address_is_plain_words(self, reference: str, printed: str):
        (inlines,) = Read(f"<p>a{note(reference=reference)}</p>").notes()
        assert text_of(inlines) == printed
        assert addresses(inlines) == []

    def test_has_a_number_of_its_own_when_its_reference_is_cited_again(self):
        assert len(Read(f"<p>a{note(reference='1')} b{note(reference='1')}</p>").notes()) == 2

    @pytest.mark.parametrize("between", ["", " ", "\n "])
    def test_is_set_off_from_another_on_the_same_spot(self, between: str):
        read = Read(f"<p>a{note('x')}{between}{note('y')}.</p>")
        assert read.kinds == ["Str", "Note", "Superscript", "Note", "Str"]
        assert text_of(read.inlines[2]["c"]) == ","

    def test_is_set_off_from_one_at_the_end_of_an_emphasis(self):
        assert Read(f"<p><em>a{note('x')}</em>{note('y')}</p>").kinds == ["Emph", "Superscript", "Note"]

    def test_is_set_off_by_the_comma_of_the_language(self):
        assert text_of(Read(f"<p>a{note('x')}{note('y')}</p>", comma="،").inlines[2]["c"]) == "،"

    def test_follows_a_link_in_which_it_was_set(self):
        read = Read(f'<p><a href="https://example.org/">a{note("x")}</a></p>')
        assert read.kinds == ["Link", "Note"]

    def test_is_not_raised_twice(self):
        assert Read(f"<p>a<sup>{note('x')}</sup></p>").kinds == ["Str", "Note"]

    def test_that_cites_an_unknown_reference_prints_its_text_and_is_reported(self):
        read = Read(f"<p>a{note('Text', '999')}</p>")
        assert text_of(read.notes()[0]) == "Text"
        assert read.reports == [("unknown_reference", "Text")]

    def test_without_text_and_reference_is_left_out_and_reported(self):
        read = Read(f"<p>a{note()}</p>")
        assert read.kinds == ["Str"]
        assert read.reports == [("empty_note", "")]


class TestLink:
    def test_stays_a_link(self):
        read = Read('<p>See <a href="https://example.org/a?b=1&amp;c=2">the <em>plan</em></a>.</p>')
        assert addresses(read.inlines) == ["https://example.org/a?b=1&c=2"]
        assert read.reports == []

    @pytest.mark.parametrize("href", ["#", "#top", "", "/initiatives/", "javascript:alert(1)", "https://", "http://[x"])
    def test_without_target_prints_as_plain_words_and_is_reported(self, href: str):
        read = Read(f'<p>See <a href="{href}">the plan</a>.</p>')
        assert addresses(read.inlines) == []
        assert text_of(read.inlines) == "See the plan."
        assert read.reports == [("link_without_target", "the plan")]

    def test_becomes_words_and_a_note_where_the_layout_says_so(self):
        read = Read('<p>See <a href="https://example.org/x">the plan</a>.</p>', running_links="footnotes")
        assert text_of(read.inlines) == "See the plan."
        assert text_of(read.notes()[0]) == "https://example.org/x"
        assert addresses(read.notes()[0]) == ["https://example.org/x"]

    def test_that_shows_its_own_address_needs_no_note(self):
        read = Read('<p><a href="https://example.org/x">https://example.org/x</a></p>', running_links="footnotes")
        assert read.kinds == ["Link"]

    def test_without_words_is_left_out(self):
        assert Read('<p>a<a href="https://example.org/x"></a>b</p>').kinds == ["Str", "Str"]


class TestAddress:
    def test_is_written_so_that_word_opens_the_file(self):
        assert linkable("https://example.org/a b|c%zz%20é") == "https://example.org/a%20b%7Cc%25zz%20%C3%A9"

    def test_that_is_longer_than_word_bears_is_no_target(self):
        assert linkable("https://example.org/" + "a" * 2100) is None

    def test_of_mail_is_printed_without_its_scheme(self):
        reference: Any = {"text": "Desk", "author": "", "title": "", "year": "", "address": "mailto:desk@example.org"}
        assert text_of(citation(reference)) == "Desk, desk@example.org"


class TestBlocks:
    def test_of_running_text_without_paragraphs_is_one_paragraph(self):
        assert [block.node["t"] for block in Read("loose <strong>text</strong>").blocks] == ["Para"]

    @pytest.mark.parametrize("html", ["", " ", "<p></p>", "<p> <br></p>", "<ul></ul>", "<table></table>", "<h2> </h2>"])
    def test_are_none_where_there_are_no_words(self, html: str):
        assert Read(html).blocks == []

    def test_keep_the_marks_of_a_list_and_where_it_starts(self):
        (block,) = Read('<ol start="3" type="i"><li><p>a</p></li><li><p>b</p></li></ol>').blocks
        start, style, delimiter = block.node["c"][0]
        assert (start, style["t"], delimiter["t"]) == (3, "LowerRoman", "Period")

    @pytest.mark.parametrize(("around", "delimiter"), [(")", "OneParen"), ("()", "TwoParens"), ("!", "Period")])
    def test_keep_what_stands_around_the_marks_of_a_list(self, around: str, delimiter: str):
        (block,) = Read(f'<ol data-delimiter="{around}"><li><p>a</p></li></ol>').blocks
        assert block.node["c"][0][2] == {"t": delimiter}

    def test_of_a_list_in_a_list_stand_in_its_item(self):
        (block,) = Read("<ul><li><p>a</p><ul><li>b</li></ul></li></ul>").blocks
        (item,) = block.node["c"]
        assert [node["t"] for node in item] == ["Plain", "BulletList"]

    def test_print_a_heading_in_a_quotation_in_bold(self):
        (block,) = Read("<blockquote><h2>a</h2><p>b</p></blockquote>").blocks
        assert [node["c"][0]["t"] for node in block.node["c"]] == ["Strong", "Str"]

    def test_carry_the_language_of_a_paragraph_and_of_words(self):
        (block,) = Read('<p lang="ar">كلمة <span lang="fr">mot</span></p>').blocks
        assert block.language == (("lang", "ar"), ("dir", "rtl"))
        assert block.node["c"][-1]["c"][0][2] == [["lang", "fr"], ["dir", "ltr"]]

    def test_hold_no_sign_that_a_document_cannot_hold(self):
        read = Read("<p>a\ufeffb&#xFEFF;c\x01d\u2028e</p>")
        assert text_of(read.inlines) == "abcd e"

    def test_keep_every_other_sign(self):
        signs = "« l’été »\u00a0… — 中文 العربية 👨‍👩‍👧 \\ ` $ # * _"
        assert text_of(Read(f"<p>{signs}</p>").inlines) == signs


class TestTable:
    @staticmethod
    def widths(rows: list[Any]) -> list[int]:
        """Return how many columns each row covers by its own cells."""
        return [sum(cell[3] for cell in row[1]) for row in rows]

    def test_takes_rows_of_headings_as_its_head(self):
        (block,) = Read("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>").blocks
        _attr, _caption, columns, head, bodies, _foot = block.node["c"]
        assert (len(columns), len(head[1]), len(bodies[0][3])) == (2, 1, 1)

    def test_fills_short_rows_and_cuts_spans_at_its_edges(self):
        (block,) = Read(
            '<table><tr><td rowspan="9">A</td><td>B</td><td>C</td></tr><tr><td colspan="9">D</td></tr>'
            "<tr><td>E</td></tr></table>"
        ).blocks
        rows = block.node["c"][4][0][3]
        assert self.widths(rows) == [10, 9, 9]
        assert rows[0][1][0][2] == 3  # the cell A reaches down to the last row and no further

    def test_gives_a_column_room_for_what_it_holds(self):
        (block,) = Read(f"<table><tr><td>{'long words ' * 9}</td><td>1</td></tr></table>").blocks
        first, second = (column[1]["c"] for column in block.node["c"][2])
        assert first > 5 * second
        assert first + second == pytest.approx(1)

    @pytest.mark.parametrize("words", ["provisional", "1\xa0234\xa0567", "未设定", "100000 (2027)"])
    def test_gives_a_column_room_for_its_longest_word_beside_much_longer_ones(self, words):
        long = f"<td>{'long words ' * 9}</td>"
        (block,) = Read(f"<table><tr><td>{words}</td>{long * 4}</tr></table>").blocks
        shares = [column[1]["c"] for column in block.node["c"][2]]
        assert shares[0] == pytest.approx(room_for(words) / LETTERS_ACROSS)
        assert sum(shares) == pytest.approx(1)

    def test_shares_the_room_by_the_longest_words_where_there_is_too_little(self):
        (block,) = Read(f"<table><tr><td>{'a ' * 40}</td>{'<td>12,345,678</td>' * 9}</tr></table>").blocks
        shares = [column[1]["c"] for column in block.node["c"][2]]
        assert shares == pytest.approx([3 / 111, *[12 / 111] * 9])

    @pytest.mark.parametrize(
        ("text", "letters"),
        [
            ("", 2),
            ("of the year", 6),
            ("1\xa0234\u202f567 in all", 11),
            ("未设", 6),
            ("尚未设定 2021", 8),
            ("w" * 99, 26),
        ],
    )
    def test_needs_room_for_what_no_line_is_broken_within(self, text, letters):
        assert room_for(text) == letters
