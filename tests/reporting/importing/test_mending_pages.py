"""What ends of pages broke: paragraphs, tables and lists in two, numbers and heads of pages in between."""

import pytest

from reporting.importing.blocks import Block, Cell, Run, Source, printed_words
from reporting.importing.mending import Mended, mend

FIRST = "Mills of the northern region learn to count the sacks that they fill every"
SECOND = "morning before they open their doors to the farmers."
WHOLE = f"{FIRST} {SECOND}"


def paragraph(text: str, **facts) -> Block:
    return Block("paragraph", [Run(text)], [text], **facts)


def item(marker: str, text: str) -> Block:
    return Block("item", [Run(text)], [marker, text], marker=marker, level=1)


def heading(text: str) -> Block:
    return Block("heading", [Run(text)], [text], level=1)


def table(*rows: list[str], heads: int = 0) -> Block:
    return Block("table", rows=[[Cell([paragraph(text)] if text else []) for text in row] for row in rows], heads=heads)


def mended(*blocks: Block, **facts) -> Mended:
    found = mend(Source("text", list(blocks)), **facts)
    assert sorted(printed_words(found.blocks)) == sorted(printed_words(blocks))
    return found


def body(found: Mended) -> list[str]:
    """Return the running text, block by block."""
    told = [block for block in found.blocks if block.place == "body" and block.kind not in {"note", "rule", "page"}]
    return [f"{block.marker} {block.text}".strip() for block in told]


def cells(block: Block) -> list[list[str]]:
    return [[" / ".join(inner.text for inner in cell.blocks) for cell in row] for row in block.rows]


class TestParagraphs:
    @pytest.mark.parametrize(
        "between",
        [
            [Block("page")],
            [paragraph("12"), Block("page")],
            [Block("rule"), paragraph("¹ Handbook of mills")],
            [item("-", "3 -"), Block("page")],
            [paragraph("¹ https://mills.example.org"), paragraph("- 3 -"), Block("page")],
            [paragraph("Page 3 of 10")],
            [paragraph("E/CN.99/2012/3"), Block("page")],
            [paragraph("To save paper, this document has not been printed."), Block("page")],
            [],
        ],
    )
    def test_go_on_after_the_end_of_a_page(self, between: list[Block]):
        found = mended(paragraph(FIRST), *between, paragraph(SECOND))
        # a note that no mark names stands behind it
        assert [text for text in body(found) if not text.startswith("¹")] == [WHOLE]
        assert "page_break" in [finding.kind for finding in found.findings]

    def test_go_on_with_a_name_where_the_sentence_cannot_end(self):
        found = mended(
            paragraph("Most mills keep to the rules that stand in the"),
            Block("page"),
            paragraph("Handbook of Mills, which farmers wrote with their neighbours."),
        )
        assert len(body(found)) == 1
        assert found.findings[0].certainty == "mended"

    def test_of_few_words_go_on_where_they_cannot_end(self):
        bold = [
            Block("paragraph", [Run(text, ("strong",))], [text])
            for text in ["What mills did in order to", "sell flour"]
        ]
        assert body(mended(*bold)) == ["What mills did in order to sell flour"]

    def test_end_before_a_sentence_that_begins_anew(self):
        texts = [FIRST, "The farmers bring their grain in the evening."]
        assert body(mended(paragraph(texts[0]), Block("page"), paragraph(texts[1]))) == texts

    def test_end_with_a_full_stop_behind_which_a_mark_stands(self):
        texts = ["Mills of the north learn to count the sacks that they fill.", "morning and evening they count."]
        found = mended(
            Block("paragraph", [Run(texts[0]), Run("1", ("sup",))], [f"{texts[0]}1"]),
            Block("page"),
            paragraph(texts[1]),
            paragraph("¹ Handbook"),
        )
        assert body(found) == texts

    def test_stay_apart_from_headings_items_and_titles(self):
        blocks = [
            paragraph(FIRST),
            Block("page"),
            heading("morning work"),
            paragraph("Tanneries of the south learn to measure the water that they need in every"),
            Block("page"),
            item("(a)", "weighing the sacks that the mills fill"),
            paragraph("Mills of the north"),
            paragraph("e-milling is a word that farmers like."),
        ]
        found = mended(*blocks)
        assert len(body(found)) == 6
        assert found.findings == []

    def test_stay_apart_as_entries_whose_bullets_were_lost(self):
        texts = [
            "training the farmers of the region in counting their sacks",
            "building a store for the grain of the small mills there",
            "selling the flour at the markets of the larger towns",
        ]
        assert body(mended(*map(paragraph, texts))) == texts

    def test_of_entries_go_on_too(self):
        found = mended(item("2.", FIRST), Block("page"), paragraph(SECOND), item("3.", "Tanneries measure water."))
        assert body(found) == [f"2. {WHOLE}", "3. Tanneries measure water."]

    def test_leave_the_address_of_a_note_to_the_note(self):
        found = mended(
            paragraph(f"{FIRST}⁴ single,"),
            paragraph("⁴ Handbook of mills, second part, all about doors"),
            paragraph("www.mills.example.org/doors"),
            Block("page"),
            paragraph(SECOND),
        )
        assert body(found) == [f"{FIRST} single, {SECOND}"]
        assert found.blocks[1].text.endswith("all about doors www.mills.example.org/doors")

    def test_in_chinese_join_without_a_space(self):
        first = "第一，北部地区的磨坊每天早晨都要清点他们装满的袋子，并把数字写在一本大"
        second = "册子里，农民可以随时查看。"
        found = mended(paragraph(first), Block("page"), paragraph(second))
        assert body(found) == [first + second]

    def test_in_chinese_stay_apart_where_the_first_ends(self):
        texts = [
            "北部地区的磨坊每天早晨都要清点他们装满的袋子，并把数字写在册子里。",
            "农民可以随时查看这些数字，也可以提问。",
        ]
        assert body(mended(paragraph(texts[0]), Block("page"), paragraph(texts[1]))) == texts

    def test_in_arabic_go_on_after_the_end_of_a_page(self):
        first = "تعلمت المطاحن في شمال البلاد كيف تعد الأكياس التي تملؤها كل صباح قبل أن تفتح"
        second = "أبوابها للمزارعين الذين يأتون بالقمح من القرى البعيدة كل يوم."
        assert body(mended(paragraph(first), Block("page"), paragraph(second))) == [f"{first} {second}"]

    def test_in_russian_go_on_after_a_page_number(self):
        first = "Мельницы северного района учатся считать мешки, которые они наполняют каждое"
        assert body(mended(paragraph(first), paragraph("Стр. 4 из 9"), paragraph("утро до открытия дверей."))) == [
            f"{first} утро до открытия дверей."
        ]

    def test_stay_apart_where_a_person_refused(self):
        blocks = [paragraph(FIRST), Block("page"), paragraph(SECOND)]
        key = mended(*blocks).findings[0].key
        found = mended(*blocks, refused=[key])
        assert body(found) == [FIRST, SECOND]
        assert [(finding.key, finding.certainty) for finding in found.findings] == [(key, "listed")]


class TestRunningHeads:
    def pages(self, head: str = "Report on mills {}") -> list[Block]:
        blocks: list[Block] = [paragraph("Report on mills")]
        for number in range(1, 5):
            blocks += [
                paragraph(f"Mills of the {number} region are open."),
                paragraph(head.format(number)),
                Block("page"),
            ]
        return blocks

    def test_are_set_aside_at_the_ends_of_pages(self):
        found = mended(*self.pages())
        assert [block.text for block in found.blocks if block.place == "running"] == [
            f"Report on mills {number}" for number in range(1, 5)
        ]

    def test_leave_the_title_where_it_is(self):
        assert body(mended(*self.pages("Report on mills")))[0] == "Report on mills"

    def test_are_none_where_titles_come_again_in_the_text(self):
        blocks: list[Block] = []
        for number in range(1, 5):
            blocks += [paragraph("Partners"), paragraph(f"Mills of the {number} region work with farmers.")]
        assert mended(*blocks).findings == []

    def test_leave_numbers_of_pages_that_follow_each_other(self):
        blocks = []
        for number in range(3, 8):
            blocks += [paragraph(f"Mills of region {number} are open."), paragraph(str(number)), Block("page")]
        found = mended(*blocks)
        assert [block.text for block in found.blocks if block.place == "running"] == ["3", "4", "5", "6", "7"]

    def test_are_the_symbol_of_the_document_wherever_it_stands_alone_but_at_its_beginning(self):
        symbol = "E/CN.99/2012/3"
        opening = [paragraph(f"Mills of region {number} are open.") for number in range(8)]
        found = mended(
            paragraph(symbol),
            *opening,
            paragraph(symbol),
            paragraph("3"),
            paragraph(FIRST),
            paragraph(symbol),
            paragraph("4"),
            paragraph(SECOND),
        )
        assert [block.text for block in found.blocks if block.place == "running"] == [symbol, "3", symbol, "4"]
        assert body(found) == [symbol, *(block.text for block in opening), WHOLE]

    def test_are_no_years_and_no_numbers_of_chapters(self):
        blocks = [paragraph("2021"), paragraph("Mills are open."), Block("page"), paragraph("2"), heading("Tanneries")]
        assert mended(*blocks).findings == []

    @pytest.mark.parametrize(
        "text",
        [
            "- 3 -",
            "Page 3",
            "Page 3 of 10",
            "3/10",
            "Página 3 de 10",
            "Стр. 3 из 10",
            "第 3 页",
            "صفحة 3 من 10",
            "3 | ",
        ],
    )
    def test_are_numbers_with_their_words_in_six_languages(self, text: str):
        found = mended(paragraph("Mills are open."), paragraph(text), paragraph("Tanneries are open."))
        assert found.blocks[1].place == "running"


HEAD = ["Area", "Tool", "Result"]


class TestTables:
    def test_over_pages_are_one_with_their_head_once(self):
        found = mended(
            table(HEAD, ["Mills", "Scales of", "Sacks"], heads=1),
            paragraph("¹ In tons"),
            Block("page"),
            table(HEAD, ["", "good iron", ""], ["Tanneries", "Meters", "Water"], heads=1),
        )
        tables = [block for block in found.blocks if block.kind == "table"]
        assert [cells(one) for one in tables] == [
            [HEAD, ["Mills", "Scales of good iron", "Sacks"], ["Tanneries", "Meters", "Water"]]
        ]
        assert tables[0].heads == 1
        assert [block.kind for block in found.blocks] == ["table", "paragraph", "paragraph", "page"]
        assert found.blocks[1].place == "running"
        assert {finding.kind for finding in found.findings} >= {"split_table", "repeated_head"}

    @pytest.mark.parametrize("kind", ["rule", "page"])
    def test_go_on_behind_the_number_of_a_page_between_two_rules(self, kind):
        head = ["Mill", "Sacks"]
        found = mended(
            table(head, ["North", "40"], heads=1),
            Block(kind),
            paragraph("7"),
            Block(kind),
            table(head, ["South", "50"]),
        )
        assert [block.kind for block in found.blocks if block.place == "body"] == ["table", kind, kind]
        assert len(found.blocks[0].rows) == 3
        assert sorted(block.text for block in found.blocks if block.place == "running") == ["7", "Mill \tSacks"]

    def test_over_three_pages_are_one(self):
        parts = [table(HEAD, [f"Mill {number}", "Scales", "Sacks"], heads=1) for number in range(3)]
        found = mended(parts[0], Block("page"), parts[1], Block("page"), parts[2])
        assert len(cells(found.blocks[0])) == 4

    def test_with_new_rows_keep_them_apart(self):
        found = mended(
            table(HEAD, ["Mills", "Scales", "Sacks of"], heads=1), table(HEAD, ["Tanneries", "", "Water"], heads=1)
        )
        assert cells(found.blocks[0])[1:] == [["Mills", "Scales", "Sacks of"], ["Tanneries", "", "Water"]]

    def test_of_other_heads_or_with_text_between_stay_apart(self):
        one, other = table(HEAD, ["a", "b", "c"], heads=1), table(["Who", "What", "When"], ["a", "b", "c"], heads=1)
        again = table(HEAD, ["d", "e", "f"], heads=1)
        assert mended(one, other, paragraph("Mills are open."), again).findings == []

    def test_that_are_refused_stay_apart(self):
        blocks = [table(HEAD, ["a", "b", "c"], heads=1), table(HEAD, ["d", "e", "f"], heads=1)]
        key = next(finding.key for finding in mended(*blocks).findings if finding.kind == "split_table")
        assert [block.kind for block in mended(*blocks, refused=[key]).blocks] == ["table", "table"]


class TestLists:
    def test_go_on_with_a_paragraph_that_has_the_next_mark(self):
        found = mended(
            item("-", "(a) Mills"), item("-", "(b) Tanneries"), paragraph("(c) Weavers"), paragraph("(x) Other")
        )
        assert [(block.kind, block.marker, block.text) for block in found.blocks] == [
            ("item", "(a)", "Mills"),
            ("item", "(b)", "Tanneries"),
            ("item", "(c)", "Weavers"),
            ("paragraph", "", "(x) Other"),
        ]

    def test_take_their_bullets_that_stand_alone(self):
        found = mended(paragraph("•"), paragraph("Mills"), paragraph("\uf0b7"), paragraph("Tanneries"))
        assert body(found) == ["• Mills", "\uf0b7 Tanneries"]

    def test_come_apart_where_their_sign_stands_again(self):
        text = "Mills counted ✓ Sacks filled ✓ Farmers met"
        found = mended(Block("item", [Run(text)], ["✓", text], marker="✓", level=1))
        assert body(found) == ["✓ Mills counted", "✓ Sacks filled", "✓ Farmers met"]
        assert found.blocks[1].printed == ["✓ Sacks filled "]


class TestLines:
    def test_of_a_narrow_page_join(self):
        text = (
            "Mills of the northern region learn to count the sacks\n"
            "that they fill every morning, as the Handbook of\nMills asks them to."
        )
        assert body(mended(paragraph(text))) == [text.replace("\n", " ")]

    def test_that_were_meant_make_paragraphs(self):
        narrow = (
            "Mills of the northern region learn to count the sacks\n"
            "that they fill every morning of the year\nand sell them."
        )
        found = mended(paragraph("Third meeting\nLima, 3 May 2021"), paragraph(narrow))
        assert body(found)[:2] == ["Third meeting", "Lima, 3 May 2021"]
        assert [block.printed for block in found.blocks[:2]] == [["Third meeting"], ["Lima, 3 May 2021"]]

    def test_of_a_contents_list_make_paragraphs(self):
        assert body(mended(paragraph("I. Mills\t1\nof the north\t2\nTanneries.....3"))) == [
            "I. Mills\t1",
            "of the north\t2",
            "Tanneries.....3",
        ]

    def test_of_notes_make_paragraphs(self):
        found = mended(paragraph("Mills² count¹."), paragraph("¹ Handbook of mills\n² Handbook of\ntanneries"))
        assert [(block.marker, block.text) for block in found.blocks if block.kind == "note"] == [
            ("1", "Handbook of mills"),
            ("2", "Handbook of tanneries"),
        ]

    def test_in_chinese_join_without_a_space(self):
        text = "北部地区的磨坊每天早晨都要清点他们装满的袋子，并把数字写在一本大\n册子里。"
        assert body(mended(paragraph(text))) == [text.replace("\n", "")]
