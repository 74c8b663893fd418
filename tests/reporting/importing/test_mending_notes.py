"""Footnotes in old documents: bodies out of the text, each mark where it was printed."""

import pytest

from reporting.importing.blocks import Block, Run, Source
from reporting.importing.mending import Mended, mend
from reporting.importing.mending.notes import run_together


def paragraph(*runs: Run | str, **facts) -> Block:
    made = [run if isinstance(run, Run) else Run(run) for run in runs]
    return Block("paragraph", made, ["".join(run.text for run in made)], **facts)


def raised(text: str) -> Run:
    return Run(text, ("sup",))


def mended(*blocks: Block, **facts) -> Mended:
    return mend(Source("text", list(blocks)), **facts)


def marks(found: Mended) -> list[tuple[str, str]]:
    """Return for each mark in the text the letters before it and the words of its note."""
    bodies = {block.note: block.text for block in found.blocks if block.kind == "note"}
    told = []
    for block in found.blocks:
        if block.kind == "note" or block.place != "body":
            continue
        before = ""
        for run in block.runs:
            if run.note:
                told.append((before[-8:], bodies[run.note]))
            else:
                before += run.text
    return told


def kinds(found: Mended) -> list[tuple[str, str]]:
    return [(finding.kind, finding.certainty) for finding in found.findings if finding.kind != "note_block"]


class TestRaisedMarks:
    def test_are_tied_to_the_bodies_behind_a_rule(self):
        found = mended(
            paragraph("Mills learned to count", raised("1"), " their sacks.", raised("2")),
            Block("rule"),
            paragraph(raised("1"), " Handbook of mills"),
            paragraph(raised("2"), " Sacks in ", Run("Peru", href="https://sacks.example.org")),
        )
        assert marks(found) == [("to count", "Handbook of mills"), ("r sacks.", "Sacks in Peru")]
        assert [block.marker for block in found.blocks if block.kind == "note"] == ["1", "2"]
        assert kinds(found) == []

    def test_may_be_letters_of_unicode(self):
        found = mended(paragraph("Mills count² sacks¹."), paragraph("¹ Handbook"), paragraph("² https://x.example.org"))
        assert marks(found) == [("ls count", "https://x.example.org"), ("nt sacks", "Handbook")]

    def test_that_run_together_are_two_where_two_bodies_follow(self):
        found = mended(
            *(paragraph(f"Mill {number} counts", raised(str(number)), ".") for number in range(1, 10)),
            paragraph("All mills count.", raised("1011")),
            *(paragraph(raised(str(number)), f" Handbook {number}") for number in range(1, 12)),
        )
        assert marks(found)[-2:] == [("s count.", "Handbook 10"), ("s count.", "Handbook 11")]
        assert kinds(found) == [("joined_marks", "mended")]

    def test_may_be_several_on_one_spot(self):
        found = mended(
            paragraph("Mills count.", raised("1, 2")), paragraph(raised("1"), " One"), paragraph(raised("2"), " Two")
        )
        assert marks(found) == [("s count.", "One"), ("s count.", "Two")]
        assert found.blocks[0].text == "Mills count."

    def test_that_repeat_a_number_cite_the_same_body(self):
        found = mended(
            paragraph("Mills", raised("1"), " count, and tanneries", raised("1"), " too."),
            paragraph(raised("1"), " Handbook"),
        )
        assert marks(found) == [("Mills", "Handbook"), ("anneries", "Handbook")]

    def test_begin_again_on_each_page(self):
        found = mended(
            paragraph("Mills count.", raised("1")),
            paragraph(raised("1"), " Of mills"),
            Block("page"),
            paragraph("Tanneries measure.", raised("1")),
            paragraph(raised("1"), " Of tanneries"),
        )
        assert marks(found) == [("s count.", "Of mills"), ("measure.", "Of tanneries")]
        assert len({block.note for block in found.blocks if block.kind == "note"}) == 2

    def test_are_none_where_they_are_powers_or_ordinals(self):
        found = mended(
            paragraph(
                "The hall has 40 m", raised("2"), " and made 10", raised("3"), " sacks on the 5", raised("th"), "."
            ),
            paragraph("A mill", raised("1"), " counts", raised("2"), "."),
            paragraph(raised("1"), " One"),
            paragraph(raised("2"), " Two"),
        )
        assert marks(found) == [("A mill", "One"), ("l counts", "Two")]
        assert kinds(found) == []

    def test_without_a_body_are_listed_and_stay(self):
        found = mended(paragraph("Mills count.", raised("7")))
        assert kinds(found) == [("unmatched_mark", "listed")]
        assert found.blocks[0].runs[-1] == raised("7")

    def test_in_tables_are_tied_too(self):
        cell = paragraph("Sacks ⁴")
        table = Block("table", rows=[[_cell(paragraph("Mill")), _cell(cell)], [_cell(paragraph("North")), _cell()]])
        found = mended(table, paragraph("⁴ In tons"))
        assert [run.note for run in found.blocks[0].rows[0][1].blocks[0].runs] == ["", "n1"]


def _cell(*blocks: Block):
    from reporting.importing.blocks import Cell

    return Cell(list(blocks))


class TestMarksThatLostTheirRaising:
    @pytest.mark.parametrize(
        ("text", "before"),
        [
            ("Mills share technologies.1 Others follow soon.", "hnologies."),
            ("Small mills learn from large mills (SLM)1 and others.", "ills (SLM)"),
            ("The film is called ‘Sacks of Peru’,1 and others follow.", "s of Peru’,"),
            ("Mills joined the network1 and others follow the network.", "the network"),
            ("The mills were counted again in 2020.1 Others follow.", "in 2020."),
            ("The mills were counted in the Yearbook of 20201, and others follow.", "ok of 2020"),
            ("The mills were counted in 2021,1 and again later.", " in 2021,"),
            ("The mills were counted in 2021;1 others follow.", " in 2021;"),
            ("The mills belong to the LDCs.1 Others follow.", "the LDCs."),
            ("Мельницы учатся считать мешки.1 Другие следуют за ними.", "ть мешки."),
            ("تعلمت المطاحن كيف تعد الأكياس.1 وتتبعها مطاحن أخرى.", "د الأكياس."),
        ],
    )
    def test_are_found_where_a_body_of_that_number_follows(self, text: str, before: str):
        found = mended(paragraph(text), paragraph("1 Handbook of mills and tanneries"))
        assert [(told[0][-6:], told[1]) for told in marks(found)] == [(before[-6:], "Handbook of mills and tanneries")]
        assert kinds(found)[0][0] == "plain_mark"

    @pytest.mark.parametrize(
        "text",
        [
            "Mills met the G1 and read COVID-1 news on SDG 1 and on Industry 4.1 in 2021.",
            "Mills work under line C1 of the plan C1 and under GC.1 and Res.1 and No.1 of IDB.1 alone.",
            "Mills made 3.1 tons and 1,1 per cent at http://mills.example.org/page1 and mail@mill1.org.",
            "第1项和项目1的磨坊",
        ],
    )
    def test_are_none_in_names_numbers_and_addresses(self, text: str):
        found = mended(paragraph(text), paragraph("1 Handbook of mills"))
        assert marks(found) == []
        assert found.blocks[0].text == text
        assert [block.kind for block in found.blocks] == ["paragraph", "paragraph"]

    @pytest.mark.parametrize(("one", "two"), [("١", "٢"), ("۱", "۲")])
    def test_in_other_digits_leave_none_behind(self, one: str, two: str):
        text = f"تعلمت المطاحن كيف تعد الأكياس.{one} وتتبعها مطاحن أخرى.{two} وبلغ عددها ٣ مطاحن."
        found = mended(paragraph(text), paragraph(f"{one} كتاب المطاحن"), paragraph(f"{two} كتاب المياه"))
        assert [note for _before, note in marks(found)] == ["كتاب المطاحن", "كتاب المياه"]
        words = "".join(run.text for run in found.blocks[0].runs if not run.note)
        assert words == "تعلمت المطاحن كيف تعد الأكياس. وتتبعها مطاحن أخرى. وبلغ عددها ٣ مطاحن."

    def test_are_tied_in_the_order_of_the_numbers(self):
        found = mended(
            paragraph("Mills (SLM)1 share the network2 and the network.3"),
            paragraph("1 One book"),
            paragraph("2 Two books"),
            paragraph("3 Three books"),
            paragraph("Later mills share technologies.45"),
            paragraph("4 Four books"),
            paragraph("5 Five books"),
        )
        assert [note for _before, note in marks(found)] == [
            "One book",
            "Two books",
            "Three books",
            "Four books",
            "Five books",
        ]
        assert ("joined_marks", "proposed") in kinds(found)

    def test_are_left_where_a_person_refused(self):
        blocks = [paragraph("Mills share technologies.1 Others follow."), paragraph("1 Handbook of mills")]
        key = next(finding.key for finding in mended(*blocks).findings if finding.kind == "plain_mark")
        found = mended(*blocks, refused=[key])
        assert found.blocks[0].text == "Mills share technologies.1 Others follow."
        assert next(finding for finding in found.findings if finding.key == key).certainty == "listed"

    def test_do_not_make_notes_of_numbered_paragraphs(self):
        blocks = [paragraph(f"{number} Mills of the region count their sacks.") for number in range(1, 6)]
        assert [block.kind for block in mended(*blocks).blocks] == ["paragraph"] * 5


class TestCircledMarks:
    def test_are_tied_to_circled_bodies(self):
        found = mended(
            paragraph("磨坊学会了计数①。农民也学会了②。"), paragraph("① 见年度报告。\n② 见网站，网址在下一页。")
        )
        assert marks(found) == [("磨坊学会了计数", "见年度报告。"), ("数。农民也学会了", "见网站，网址在下一页。")]

    def test_are_none_where_they_count_the_parts_of_a_list(self):
        text = "磨坊做了三件事：①计数；②称重；③记录。"
        found = mended(paragraph(text), paragraph("① 计数"), paragraph("② 称重"))
        assert [block.kind for block in found.blocks] == ["paragraph"] * 3
        assert (found.blocks[0].text, found.findings) == (text, [])


class TestMarksBehindASpace:
    @pytest.mark.parametrize(
        "text", ["Les moulins ont un droit ;1 ils comptent.", "Le film « Sacs du Nord » 1 est ancien."]
    )
    def test_are_proposed_where_a_body_follows(self, text: str):
        found = mended(paragraph(text), paragraph("1 Manuel des moulins"))
        assert [note for _before, note in marks(found)] == ["Manuel des moulins"]
        assert kinds(found) == [("plain_mark", "proposed")]

    @pytest.mark.parametrize("text", ["Les moulins : 1 au Nord, 2 au Sud.", "Le rapport est de 3 : 1 en tout."])
    def test_are_none_where_something_is_counted(self, text: str):
        found = mended(paragraph(text), paragraph("1 Manuel des moulins"))
        assert marks(found) == []


class TestBodies:
    def test_without_a_mark_are_listed(self):
        found = mended(paragraph("Mills count."), Block("rule"), paragraph("¹ Handbook"))
        assert [(block.kind, block.text) for block in found.blocks if block.text] == [
            ("paragraph", "Mills count."),
            ("paragraph", "¹ Handbook"),
        ]
        assert kinds(found) == [("unmatched_note", "listed")]

    def test_without_a_mark_stay_in_the_text_though_their_sisters_go(self):
        found = mended(
            paragraph("Mills learn to count the sacks", raised("1"), " that they fill in the north every"),
            Block("rule"),
            paragraph("1 Handbook of mills"),
            paragraph("2 World Mills, Yearbook of sacks"),
            Block("page"),
            paragraph("morning before they open their doors to farmers."),
        )
        assert [(block.kind, block.text) for block in found.blocks[2:4]] == [
            ("note", "Handbook of mills"),
            ("paragraph", "2 World Mills, Yearbook of sacks"),
        ]
        assert found.blocks[0].text.endswith("in the north every morning before they open their doors to farmers.")
        assert [kind for kind in kinds(found) if kind[0] != "page_break"] == [("unmatched_note", "listed")]

    def test_at_the_end_of_the_text_are_found_by_their_numbers(self):
        found = mended(
            paragraph("Mills count sacks.", raised("1")),
            paragraph("Tanneries measure water.", raised("2")),
            Block("heading", [Run("Notes")], ["Notes"], level=1),
            Block("item", [Run("Handbook of mills")], ["1.", "Handbook of mills"], marker="1."),
            Block("item", [Run("Handbook of water")], ["2.", "Handbook of water"], marker="2."),
        )
        assert marks(found) == [("t sacks.", "Handbook of mills"), ("e water.", "Handbook of water")]
        assert [(block.text, block.place) for block in found.blocks if block.kind == "heading"] == [
            ("Notes", "running")
        ]

    def test_leave_their_heading_in_the_text_where_other_words_stand_under_it(self):
        found = mended(
            paragraph("Mills count sacks.", raised("1")),
            Block("heading", [Run("Notes")], ["Notes"], level=1),
            paragraph("¹ Handbook of mills"),
            paragraph("The data of mills were taken in the spring of that year."),
        )
        assert marks(found) == [("t sacks.", "Handbook of mills")]
        assert [block.place for block in found.blocks if block.kind == "heading"] == ["body"]

    def test_of_chapters_begin_again_at_the_end_of_the_text(self):
        found = mended(
            paragraph("Mills count.", raised("1"), " They weigh.", raised("2")),
            paragraph("Tanneries measure.", raised("1")),
            *(paragraph(raised(mark), text) for mark, text in [("1", " A"), ("2", " B"), ("1", " C")]),
        )
        assert marks(found) == [("s count.", "A"), ("y weigh.", "B"), ("measure.", "C")]

    def test_with_a_star_are_tied_to_the_star(self):
        found = mended(
            paragraph("Report on mills*"),
            paragraph("Mills of the region learn to count their sacks every"),
            Block("item", [Run("Issued again for reasons of form.")], ["*", "Issued again…"], marker="*", level=1),
            Block("page"),
            paragraph("morning before they open the doors."),
        )
        assert marks(found) == [("on mills", "Issued again for reasons of form.")]
        assert found.blocks[1].text.endswith("every morning before they open the doors.")

    def test_are_not_made_of_a_list_with_stars(self):
        items = [Block("item", [Run(f"Mill {n}")], ["*", f"Mill {n}"], marker="*", level=1) for n in range(3)]
        assert [block.kind for block in mended(paragraph("Mills*"), *items).blocks] == ["paragraph", *["item"] * 3]

    def test_in_brackets_are_tied_to_marks_in_brackets(self):
        found = mended(paragraph("Mills count [1] sacks [2]."), paragraph("[1] One"), paragraph("[2] Two"))
        assert marks(found) == [("ls count", "One"), ("nt sacks", "Two")]

    def test_of_the_file_itself_pass_through(self):
        found = mended(
            paragraph("Mills count", Run("1", note="fn1"), "."),
            Block("note", [Run("Handbook")], ["Handbook"], note="fn1", marker="1"),
        )
        assert marks(found) == [("ls count", "Handbook")]
        assert found.findings == []


class TestRunTogether:
    @pytest.mark.parametrize(
        ("digits", "number", "last", "numbers"),
        [("1617", 16, 20, [16, 17]), ("910", 9, 10, [9, 10]), ("1617", 16, 16, []), ("1618", 16, 20, [])],
    )
    def test_are_numbers_that_follow_each_other(self, digits: str, number: int, last: int, numbers: list[int]):
        assert run_together(digits, number, last) == numbers
