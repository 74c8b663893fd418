"""Text files: plain, Markdown, and what a conversion of a PDF left."""

import re
import time

import pytest

from reporting.compilation import document
from reporting.compilation.renderers import render
from reporting.importing import text
from reporting.importing.blocks import Block, Run, Source, printed_words
from reporting.verification.reader import Problem
from tests.reporting.compilation import samples
from tests.reporting.compilation.samples import of_html


def blocks_of(source: str) -> list[Block]:
    return text.from_text(source).blocks


def shapes(source: str) -> list[tuple[str, str, str]]:
    """Return kind, marker and words of each block."""
    return [(block.kind, block.marker, block.text) for block in blocks_of(source)]


def cells_of(table: Block) -> list[list[list[str]]]:
    return [[[block.text for block in cell.blocks] for cell in row] for row in table.rows]


def all_counted(source: Source) -> bool:
    return source.words == len(printed_words(source.blocks))


class TestParagraphs:
    def test_end_at_blank_lines_and_keep_the_ends_of_their_lines(self):
        assert shapes("One line\nand a second.\n\nAnother.") == [
            ("paragraph", "", "One line\nand a second."),
            ("paragraph", "", "Another."),
        ]

    def test_may_be_indented(self):
        assert shapes("    Indented as a letter is.\n\n\tAnd by a tab.") == [
            ("paragraph", "", "Indented as a letter is."),
            ("paragraph", "", "\tAnd by a tab.".strip()),
        ]

    def test_are_no_headings_above_a_rule(self):
        assert [block.kind for block in blocks_of("The last words\n---\nA note")] == ["paragraph", "rule", "paragraph"]

    def test_are_quoted_after_a_sign_unless_it_is_one_of_comparison(self):
        assert shapes("> Describe what was done.\n\n> 50 per cent of firms") == [
            ("quote", "", "Describe what was done."),
            ("paragraph", "", "> 50 per cent of firms"),
        ]


class TestHeadings:
    def test_have_the_level_of_their_marks(self):
        found = blocks_of("## Summary\n#### **4. Survey** ####\n#hashtag")
        assert [(block.kind, block.level, block.text) for block in found] == [
            ("heading", 2, "Summary"),
            ("heading", 4, "4. Survey"),
            ("paragraph", 0, "#hashtag"),
        ]

    def test_may_be_underlined(self):
        assert shapes("Summary\n=======\nText") == [("heading", "", "Summary"), ("paragraph", "", "Text")]


class TestItems:
    def test_begin_behind_those_of_another_list(self):
        assert shapes("- one\n  - an inner one\n(a) first letter\n(b) second letter") == [
            ("item", "-", "one"),
            ("item", "-", "an inner one"),
            ("item", "(a)", "first letter"),
            ("item", "(b)", "second letter"),
        ]

    def test_are_none_in_the_middle_of_a_paragraph(self):
        assert len(blocks_of("as the paragraph says under\n(a) and elsewhere")) == 1

    @pytest.mark.parametrize("marker", ["-", "•", "✓", "*", "–", "(a)", "a)", "1.", "12)", "(3)", "iv.", "(二)", "(ب)"])
    def test_keep_their_mark(self, marker: str):
        found = blocks_of(f"{marker} advice")[0]
        assert (found.kind, found.marker, found.text, printed_words([found])) == (
            *("item", marker, "advice"),
            [marker, "advice"],
        )

    def test_follow_each_other_without_blank_lines(self):
        assert shapes("We ask for:\n- skills\n- trust,\nfrom all") == [
            ("paragraph", "", "We ask for:"),
            ("item", "-", "skills"),
            ("item", "-", "trust,\nfrom all"),
        ]

    def test_do_not_begin_at_a_number_that_a_line_happens_to_begin_with(self):
        assert len(blocks_of("It was shown in paragraph\n12. The Board agreed in\n2021. After that it met")) == 1

    def test_are_nested_by_their_indents(self):
        found = blocks_of("- a\n  - b\n    - c\n- d")
        assert [block.level for block in found] == [1, 2, 3, 1]

    def test_have_one_mark_where_a_conversion_set_a_dash_before_it(self):
        found = blocks_of("- (a) advice\n- (b) credit")
        assert [(block.marker, block.text) for block in found] == [("(a)", "advice"), ("(b)", "credit")]
        assert printed_words(found) == ["-", "(a)", "advice", "-", "(b)", "credit"]

    def test_are_parted_where_they_stand_on_one_line(self):
        assert shapes("✓ # of firms ✓ # of jobs") == [("item", "✓", "# of firms"), ("item", "✓", "# of jobs")]


class TestMarks:
    def test_are_read(self):
        assert blocks_of("A **bold** and *slanted* word<sup>12</sup>, H<sub>2</sub>O, 2^nd^")[0].runs == [
            *(Run("A "), Run("bold", ("strong",)), Run(" and "), Run("slanted", ("em",)), Run(" word")),
            *(Run("12", ("sup",)), Run(", H"), Run("2", ("sub",)), Run("O, 2"), Run("nd", ("sup",))),
        ]

    def test_lead_to_addresses_or_nowhere(self):
        assert blocks_of("[dead](#), [Survey \\(2021\\)](https://e.org/a_b_c) <https://e.org/>")[0].runs == [
            *(Run("dead", (), "#"), Run(", "), Run("Survey (2021)", (), "https://e.org/a_b_c"), Run(" ")),
            Run("https://e.org/", (), "https://e.org/"),
        ]

    def test_are_no_marks_inside_an_address_or_between_blanks(self):
        line = "www.example.org/a_b_/c_d and 2 * 3 * 4 and ** or <name of country> at snake_case_"
        assert blocks_of(line)[0].runs == [Run(line)]

    def test_reach_over_the_end_of_a_line(self):
        assert blocks_of("**Geneva,  \n28 March**")[0].runs == [Run("Geneva,\n28 March", ("strong",))]

    def test_are_taken_out_of_the_words_as_they_stand(self):
        assert printed_words(blocks_of("**Bold**<sup>1</sup> [link](#) &amp; more")) == ["Bold1", "link", "&", "more"]


class TestNotes:
    def test_are_tied_to_their_marks(self):
        body, note = blocks_of("Word[^7] and on.\n\n[^7]: See *this*.\n    And that.")
        assert body.runs == [Run("Word"), Run("7", note="n7"), Run(" and on.")]
        assert (note.kind, note.note, note.marker, note.text) == ("note", "n7", "7", "See this.\nAnd that.")

    def test_that_are_not_there_leave_their_mark_as_it_stands(self):
        assert blocks_of("Word[^7].")[0].text == "Word[^7]."

    def test_with_one_label_are_kept_both(self):
        notes = [block.note for block in blocks_of("A[^1]\n\n[^1]: one\n[^1]: two") if block.kind == "note"]
        assert len(set(notes)) == 2


class TestTables:
    def test_of_tabs_hold_paragraphs_and_lists_in_their_cells(self):
        source = (
            "Area\tTools\tRole\n<p>Skills</p> <p>(for all)</p>\t<ul><li>- one</li><li>two</li></ul>\t<u>Lead</u> it"
        )
        table = blocks_of(source)[0]
        assert (table.kind, table.heads) == ("table", 1)
        assert cells_of(table)[1] == [["Skills", "(for all)"], ["one", "two"], ["Lead it"]]
        assert [block.kind for block in table.rows[1][1].blocks] == ["item", "item"]

    def test_of_tabs_may_have_empty_cells(self):
        table = blocks_of("A\tB\tC\n\tb\n\t\tc")[0]
        assert cells_of(table)[1:] == [[[], ["b"], []], [[], [], ["c"]]]

    def test_of_bars_have_a_head_where_it_has_words(self):
        with_head, without = [blocks_of(source)[0] for source in ("|a|b|\n|-|-|\n|c|d\\|e|", "||\n|-|\n|c|")]
        assert (with_head.heads, cells_of(with_head)) == (1, [[["a"], ["b"]], [["c"], ["d|e"]]])
        assert (without.heads, cells_of(without)) == (0, [[["c"]]])

    def test_of_html_keep_cells_over_rows_and_what_stands_outside_of_them(self):
        caption, table = blocks_of(
            "<table><caption>Firms</caption>\n\n<tr><th colspan=2>A</th></tr><tr><td rowspan='2'>b<td>c</tr></table>"
        )
        assert caption.text == "Firms"
        assert (table.heads, table.rows[0][0].across, table.rows[1][0].down) == (1, 2, 2)

    def test_are_contents_lists_where_numbers_of_pages_go_up(self):
        assert shapes("\t*Page*\nI. Rationale\t4\nII. Approach\t7") == [
            ("paragraph", "", "Page"),
            ("paragraph", "", "I. Rationale\t4"),
            ("paragraph", "", "II. Approach\t7"),
        ]

    def test_are_no_items_with_tabs_after_their_marks(self):
        assert [block.kind for block in blocks_of("(a)\tEnhanced skills;\n(b)\tTrust.")] == ["item", "item"]

    def test_that_are_drawn_wrong_keep_their_words(self):
        assert printed_words(blocks_of("+---+\n| a |\n\nb")) == ["|", "a", "|", "b"]


class TestPages:
    def test_end_at_form_feeds_and_are_counted(self):
        source = text.from_text("One\fTwo\f\nThree")
        assert [(block.kind, block.page) for block in source.blocks] == [
            *(("paragraph", 1), ("page", 2), ("paragraph", 2), ("page", 3), ("paragraph", 3)),
        ]
        assert source.pages == 3

    def test_are_told_by_blank_lines_that_they_left(self):
        assert [block.kind for block in blocks_of("\n\n\n\nOne\n\n\n\ntwo\n\n\n\n")] == [
            "paragraph",
            "page",
            "paragraph",
        ]

    def test_end_at_marks_whose_words_are_kept(self):
        found = blocks_of("One\n\n--- Page 2 ---\n\n\\newpage\n\n<!-- Page 3 -->\ntwo")
        assert [(block.kind, block.place) for block in found] == [
            *(("paragraph", "body"), ("paragraph", "running"), ("page", "body"), ("page", "body"), ("page", "body")),
            *(("paragraph", "body"), ("paragraph", "comment")),
        ]


class TestHtml:
    def test_in_pieces_parts_blocks(self):
        assert shapes("<div><h2>Title</h2><p>One<br>line</p><ol><li>a<li>b</ol></div><script>x</script>") == [
            *(("heading", "", "Title"), ("paragraph", "", "One\nline")),
            *(("item", "1.", "a"), ("item", "2.", "b"), ("paragraph", "", "<script>x</script>")),
        ]

    def test_comments_are_kept_as_comments(self):
        found = blocks_of("One <!-- check this --> word")
        assert [(block.text, block.place) for block in found] == [("One  word", "body"), ("check this", "comment")]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_of_unicode_are_told_by_their_first_bytes(self, encoding: str):
        assert text.decoded("Größe — 数字 — أثر".encode(encoding)) == "Größe — 数字 — أثر"

    @pytest.mark.parametrize(
        ("encoding", "words"),
        [
            ("cp1252", "L’économie numérique a progressé dans les régions, où l’accès reste inégal."),
            ("cp1252", "¿Qué piden las empresas? Formación y confianza, según la organización."),
            ("cp1256", "تعمل المنظمة من أجل صناعة شاملة ومستدامة في جميع المناطق"),
            ("cp1251", "Организация поддерживает промышленность и цифровые технологии"),
            ("gb18030", "第四次工业革命为发展中国家带来机遇，也带来挑战。"),
        ],
    )
    def test_of_old_programs_are_guessed(self, encoding: str, words: str):
        assert text.decoded(words.encode(encoding)) == words

    def test_of_programs_are_refused(self):
        with pytest.raises(Problem, match="no_text"):
            text.read(b"a\x00\x01b")


class TestOwnMarkdown:
    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_reads_back_with_all_its_words_and_notes(self, sample: str):
        content = render(document.build(getattr(samples, sample)()), "md").content
        source = text.read(content)
        assert all_counted(source)
        marks = [run.note for block in source.blocks for run in block.runs if run.note]
        notes = [block.note for block in source.blocks if block.kind == "note"]
        assert marks == notes
        words = " ".join(printed_words(source.blocks))
        assert not re.search(r"\{#|\[\^|\*\*|\]\(", words)

    def test_reads_back_tables_of_any_shape(self):
        html = (
            '<table><thead><tr><th colspan="2">长的标题</th><th>C</th></tr></thead><tbody><tr><td rowspan="2">'
            "<p>one</p><p>two</p></td><td><ul><li>x</li></ul></td><td>z</td></tr><tr><td>p</td><td>q|r</td></tr></tbody></table>"
        )
        source = text.read(render(document.build(of_html(html)), "md").content)
        table = next(block for block in source.blocks if block.kind == "table")
        assert (table.heads, cells_of(table)) == (
            1,
            [[["长的标题"], ["C"]], [["one", "two"], ["x"], ["z"]], [["p"], ["q|r"]]],
        )
        assert (table.rows[0][0].across, table.rows[1][0].down) == (2, 2)
        assert all_counted(source)

    def test_keeps_its_facts_apart(self):
        facts = [
            block.text for block in blocks_of('---\ntitle: "A"\nlang: "en"\n---\n\nText') if block.place == "header"
        ]
        assert facts == ['title: "A"', 'lang: "en"']


class TestLargeFiles:
    def test_of_300_pages_take_time_in_step_with_their_length(self):
        page = "Words of **a page** with a note<sup>1</sup> and more of them. " * 50

        def read(pages: int) -> tuple[Source, float]:
            began = time.process_time()
            return text.from_text("\n\n".join([page] * pages)), time.process_time() - began

        read(3)
        _few, short = read(30)
        source, long = read(300)
        assert long < 30 * short  # 10 times is the rule, 100 times would be the square
        assert source.words > 150_000
        assert all_counted(source)

    @pytest.mark.parametrize(
        "signs",
        [
            "[",
            "*a ",
            "<sup>",
            "<table>",
            "**a",
            "\\",
            "> ",
            "^a",
            "&amp",
            "- ",
            "|a|b|\n",
            "[^1]: a\n",
            "<table>\n",
            "+-",
        ],
    )
    def test_of_nothing_but_marks_end(self, signs: str):
        began = time.process_time()
        text.from_text(signs * (200_000 // len(signs)))
        assert time.process_time() - began < 20  # a reader that looks again and again takes minutes

    def test_of_too_many_letters_are_refused(self):
        with pytest.raises(Problem, match="too_long"):
            text.from_text("a" * (text.MOST_LETTERS + 1))
