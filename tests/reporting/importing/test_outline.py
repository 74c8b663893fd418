"""Reading how a document is built, in the shapes that entities send."""

import pytest

from initiatives.choices import PartKind
from reporting.choices import HeadingNumbers, ParagraphNumbers
from tests.support.outlined import come_out, outlined, went_in


def titles(found):
    """Return sections with their pieces, the pieces as (kind, title)."""
    return [(part.title, [(piece.kind, piece.title) for piece in part.pieces]) for part in found.sections]


def kinds(found):
    return [found.kinds[index].value for index in range(len(found.blocks))]


NUMBERED = """
## Executive Summary
...
## Overview of trends
...
## Ongoing and planned projects
We list some of our work here:
### **1. Blue Bridge**
...[^1]
### **2. Green Gate**
...
#### **3. Red Roof**
...
**4. White Wall**
...
[^1]: The book of bridges.
"""


class TestNumberedInitiatives:
    def test_are_sisters_by_their_numbers_whatever_they_look_like(self):
        found = outlined(NUMBERED)
        pieces = found.sections[2].pieces
        assert [(piece.kind, piece.title) for piece in pieces] == [
            ("text", ""),
            ("initiative", "Blue Bridge"),
            ("initiative", "Green Gate"),
            ("initiative", "Red Roof"),
            ("initiative", "White Wall"),
        ]
        assert [piece.level for piece in pieces] == [1] * 5

    def test_leave_their_numbers_to_the_compiler(self):
        pieces = outlined(NUMBERED).sections[2].pieces[1:]
        assert [piece.number for piece in pieces] == ["1.", "2.", "3.", "4."]
        assert all(piece.numbered and piece.shown == piece.title for piece in pieces)

    def test_keep_numbers_that_the_compiler_would_not_print(self):
        found = outlined(NUMBERED.replace("1. Blue", "5. Blue"))
        assert found.sections[2].pieces[1].shown == "5. Blue Bridge"
        assert not any(piece.numbered for piece in found.sections[2].pieces)

    def test_stand_beside_a_summary_that_is_known_as_one(self):
        found = outlined(NUMBERED)
        assert found.summary_found
        assert [part.is_summary for part in found.sections] == [True, False, False]


class TestFrontAndContents:
    TEXT = """
    Commission on Science and Technology for Development
    Twenty-sixth session
    Geneva, 27-31 March 2023
    Submission by
    Paper Union
    ---
    How we wove the web of paper
    (January – December 2022)
    Paper Union (PU)
    The Paper Union leads the work on these lines:
    - C1 - Authorities
    - C11 - Cooperation
    I - Summary\t1
    II. Overview\t1
    III. Future actions\t4
    I - Summary
    ...
    II. Overview
    ...
    Paper in the cities
    ...
    Paper in the villages
    ...
    III. Future actions
    ...
    """

    def test_is_read_line_by_line(self):
        assert outlined(self.TEXT).front == [
            {"kind": "title", "text": "How we wove the web of paper"},
            {"kind": "subtitle", "text": "(January – December 2022)"},
            {"kind": "subtitle", "text": "Paper Union (PU)"},
            {"kind": "paragraph", "text": "The Paper Union leads the work on these lines:"},
            {"kind": "list", "entries": ["C1 - Authorities", "C11 - Cooperation"]},
            {"kind": "contents", "text": ""},
        ]

    def test_gives_the_title_and_the_months(self):
        found = outlined(self.TEXT)
        assert found.title == "How we wove the web of paper"
        assert found.cover.period_start.isoformat() == "2022-01-01"
        assert found.cover.period_end.isoformat() == "2023-01-01"

    def test_leaves_unnumbered_headings_under_their_parts(self):
        assert titles(outlined(self.TEXT)) == [
            ("Summary", [("text", "")]),
            ("Overview", [("text", ""), ("text", "Paper in the cities"), ("text", "Paper in the villages")]),
            ("Future actions", [("text", "")]),
        ]

    def test_keeps_a_number_that_is_printed_in_its_own_way(self):
        found = outlined(self.TEXT)
        assert found.heading_numbers == HeadingNumbers.NONE
        assert [part.shown for part in found.sections] == ["I - Summary", "II. Overview", "III. Future actions"]

    def test_says_of_each_block_what_it_is(self):
        assert kinds(outlined(self.TEXT)) == [
            *["cover"] * 5,
            "running",
            *["front"] * 6,
            *["contents"] * 3,
            *["heading", "paragraph"] * 5,
        ]

    def test_is_regenerated_with_its_heading_and_depth(self):
        found = outlined(
            """
            Table of contents
            1. Summary ........ 2
            2. Projects ....... 3
            2.1 Blue Bridge .... 3
            1. Summary
            ...
            2. Projects
            2.1 Blue Bridge
            ...
            """
        )
        assert found.front == [{"kind": "contents", "text": "Table of contents"}]
        assert found.contents_depth == 2
        assert come_out(found)[0] == [
            "Table",
            "of",
            "contents",
            "1",
            "Summary",
            "2",
            "Projects",
            "2",
            "1",
            "Blue",
            "Bridge",
        ]

    def test_is_not_taken_from_a_list_whose_entries_are_headings_later(self):
        found = outlined(
            """
            **Summary**
            We work in three areas:
            - Better paper
            - Better ink
            - Better pens
            **Better paper**
            ...
            **Better ink**
            ...
            **Better pens**
            ...
            """
        )
        assert [part.title for part in found.sections] == ["Summary", "Better paper", "Better ink", "Better pens"]
        assert PartKind.CONTENTS not in found.kinds.values()


class TestNumberedParagraphs:
    TEXT = """
    I. Introduction
    1. ...
    2. ...
    II. Work in the regions
    A. Africa
    3. ...
    (a) the first thing that was done;
    (b) the second thing.
    B. Asia
    4. ...
    III. Conclusions
    5. ...
    """

    def test_are_counted_by_the_compiler(self):
        found = outlined(self.TEXT)
        assert found.paragraph_numbers == ParagraphNumbers.THROUGH
        assert found.heading_numbers == HeadingNumbers.ROMAN
        assert [number for index, number in found.numbers.items() if found.kinds[index] == PartKind.PARAGRAPH] == [
            "1.",
            "2.",
            "3.",
            "4.",
            "5.",
        ]
        assert come_out(found)[1] == went_in(self.TEXT.replace("(a) ", "").replace("(b) ", ""))

    def test_keep_their_numbers_where_one_is_left_out(self):
        text = self.TEXT.replace("III. Conclusions", "III. Conclusions\n...")
        found = outlined(text)
        assert found.paragraph_numbers == ParagraphNumbers.NONE
        assert come_out(found)[1] == went_in(text.replace("(a) ", "").replace("(b) ", ""))

    def test_begin_anew_in_an_annex(self):
        found = outlined(self.TEXT + "Annex\nI. Context\n1. ...\n2. ...\n")
        assert found.numbers[len(found.blocks) - 1] == "2."
        assert found.levels[len(found.blocks) - 4] == 1
        assert found.paragraph_numbers == ParagraphNumbers.NONE

    def test_are_known_with_a_dash_too_as_arabic_prints_them(self):
        sentence = "عملنا في هذه الفترة مع شركاء كثيرين في المدن والقرى، وجاء العمل بنتائج يمكن أن يستفيد منها الآخرون."
        found = outlined(f"# مقدمة\n1- {sentence}\n2- {sentence}\n# خاتمة\n3- {sentence}\n", "ar")
        assert [found.numbers.get(index) for index in (1, 2, 4)] == ["1-", "2-", "3-"]
        assert found.paragraph_numbers == ParagraphNumbers.NONE

    def test_are_not_taken_for_a_list(self):
        found = outlined("**Summary**\n...\n...\nThree things were done:\n1. a mill;\n2. a press;\n3. a shop.\n")
        assert kinds(found)[-3:] == ["entry"] * 3


class TestGuidanceQuotedAboveEachPart:
    TEXT = """
    # Answer of the Paper Union for 2018
    ## Part one
    “An executive summary of half a page on activities, progress made and any obstacles met.”
    ...
    ## Part two
    “A short description of innovative policies, programmes and projects of the year.”
    ### Blue Bridge
    ...
    ### Green Gate
    ...
    """

    def test_is_a_quotation(self):
        assert kinds(outlined(self.TEXT))[:4] == ["front", "heading", "quotation", "paragraph"]

    def test_tells_which_part_is_the_summary(self):
        assert [part.is_summary for part in outlined(self.TEXT).sections] == [True, False]

    def test_tells_which_part_is_about_initiatives(self):
        assert titles(outlined(self.TEXT))[1] == (
            "Part two",
            [("text", ""), ("initiative", "Blue Bridge"), ("initiative", "Green Gate")],
        )


class TestHeadings:
    def test_of_chapters_hold_the_titles_under_them(self):
        found = outlined(
            """
            **PART ONE**
            **EXECUTIVE SUMMARY**
            ...
            **PART TWO**
            **PROJECTS**
            **Blue Bridge**
            ...
            **Green Gate**
            ...
            """
        )
        assert titles(found) == [
            ("PART ONE", [("text", "EXECUTIVE SUMMARY")]),
            ("PART TWO", [("heading", "PROJECTS"), ("initiative", "Blue Bridge"), ("initiative", "Green Gate")]),
        ]
        assert [piece.level for piece in found.sections[1].pieces] == [1, 2, 2]
        assert found.sections[0].is_summary

    def test_in_capitals_stand_over_others(self):
        found = outlined("EXECUTIVE SUMMARY\n...\nOVERVIEW\n...\nObstacles met\n...\nOUTLOOK\n...\n")
        assert titles(found)[1] == ("OVERVIEW", [("text", ""), ("text", "Obstacles met")])
        assert len(found.sections) == 3

    def test_with_points_in_their_numbers_nest(self):
        found = outlined("1. Summary\n...\n2. Projects\n2.1 Blue Bridge\n...\n2.2 Green Gate\n...\n3. Outlook\n...\n")
        assert [part.title for part in found.sections] == ["Summary", "Projects", "Outlook"]
        assert [(piece.title, piece.number, piece.shown) for piece in found.sections[1].pieces] == [
            ("Blue Bridge", "2.1", "2.1 Blue Bridge"),
            ("Green Gate", "2.2", "2.2 Green Gate"),
        ]
        assert found.heading_numbers == HeadingNumbers.ARABIC

    def test_bear_a_number_without_a_point_where_it_is_the_next(self):
        found = outlined("# 1 Summary\n...\n# 2 Projects\n## 12 Dots\n...\n# 3 Outlook\n...\n# 17 Goals\n...\n")
        assert [part.title for part in found.sections] == ["Summary", "Projects", "Outlook", "17 Goals"]
        assert found.sections[0].is_summary
        assert found.sections[0].shown == "1 Summary"

    def test_inside_an_initiative_stay_in_its_text(self):
        found = outlined("# Projects\n## Blue Bridge\n...\n### Background\n...\n### Results\n...\n## Green Gate\n...\n")
        bridge = found.sections[0].pieces[0]
        assert (bridge.kind, len(bridge.blocks)) == ("initiative", 5)
        assert [block.level for block in found.text_of(bridge) if block.kind == "heading"] == [1, 1]

    def test_that_look_the_same_stand_under_the_one_that_introduces_them(self):
        found = outlined(
            "Overview\n...\nCurrent projects\nThese are:\nBlue Bridge\n...\nGreen Gate\n...\nOutlook\n...\n"
        )
        assert titles(found) == [
            ("Overview", [("text", "")]),
            ("Current projects", [("text", ""), ("initiative", "Blue Bridge"), ("initiative", "Green Gate")]),
            ("Outlook", [("text", "")]),
        ]

    def test_of_regions_are_no_initiatives(self):
        found = outlined("# Projects\n## Africa\n### Blue Bridge\n...\n## Asia\n### Green Gate\n...\n")
        assert [(piece.kind, piece.level) for piece in found.sections[0].pieces] == [
            ("heading", 1),
            ("initiative", 2),
            ("heading", 1),
            ("initiative", 2),
        ]

    def test_on_the_line_of_their_text_are_cut_from_it(self):
        found = outlined("## Projects\nSome of them:\n**Blue Bridge.** ...\n...\n**Green Gate:** ...\n")
        assert [
            (piece.kind, piece.title, piece.shown, len(piece.blocks)) for piece in found.sections[0].pieces[1:]
        ] == [
            ("initiative", "Blue Bridge", "Blue Bridge.", 2),
            ("initiative", "Green Gate", "Green Gate:", 1),
        ]
        assert not found.text_of(found.sections[0].pieces[1])[0].text.startswith("Blue")

    def test_of_initiatives_are_titles_without_their_full_stop(self):
        text = (
            "## Projects\n### Blue Bridge.\n...\n### Green Gate.\n...\n## Ideas and projects\n**1. Red Roof.**\n...\n"
        )
        found = outlined(text)
        assert [(piece.title, piece.shown) for part in found.sections for piece in part.pieces] == [
            ("Blue Bridge", "Blue Bridge."),
            ("Green Gate", "Green Gate."),
            ("Red Roof", "Red Roof."),
        ]
        assert come_out(found)[1] == went_in(text)

    def test_are_sisters_of_a_summary_without_number(self):
        found = outlined("**Summary**\n...\n**1. Overview**\n...\n**2. Outlook**\n...\n**Annex**\n...\n")
        assert [part.shown for part in found.sections] == ["Summary", "1. Overview", "2. Outlook", "Annex"]

    @pytest.mark.parametrize(
        "line",
        [
            "We met these people, who asked:",
            "and what stands in the middle of a sentence",
            "Table 3",
            "Geneva, 12 December 2012",
            "https://paper.example.org/a/page",
            "A short sentence that ends with a full stop.",
        ],
    )
    def test_are_not_seen_in_other_short_lines(self, line):
        found = outlined(f"## Overview\n...\n{line}\n...\n## Outlook\n...\n")
        assert kinds(found) == ["heading", "paragraph", "paragraph", "paragraph", "heading", "paragraph"]

    @pytest.mark.parametrize("numbers", [("1.", "2.", "3."), ("I.", "II.", "III."), ("A.", "B.", "C.")])
    def test_are_not_seen_in_the_last_entry_of_a_list(self, numbers):
        one, two, three = numbers
        found = outlined(f"# Overview\n...\n{one} Training of staff\n{two} Access for all\n{three} Advice\n...\n")
        assert [part.title for part in found.sections] == ["Overview"]
        assert "heading" not in kinds(found)[1:]

    def test_may_stand_at_once_under_one_that_has_nothing_else(self):
        found = outlined("1. Summary\n...\n2. Projects\n3. Outlook\n...\n4. Thanks\n...\n")
        assert [part.title for part in found.sections][-2:] == ["Outlook", "Thanks"]

    @pytest.mark.parametrize(
        ("text", "language", "expected"),
        [
            (
                "一、概述\n...\n二、活动\n（一）蓝桥\n...\n（二）绿门\n成员共有九个。\n三、展望\n谢谢。\n",
                "zh",
                "一二三",
            ),
            ("I. Summary\n...\nII. Projects\nMany.\nIII. Outlook\nThe same.\n", "en", ["I.", "II.", "III."]),
        ],
    )
    def test_that_go_on_with_a_series_may_stand_over_few_words(self, text, language, expected):
        found = outlined(text, language)
        assert [part.number.rstrip("、") for part in found.sections] == list(expected)

    def test_that_the_file_tells_may_be_long(self):
        title = " ".join(["Bridges"] * 48)
        found = outlined(f"## Overview\n...\n## {title}\n...\n## {title} {title}\n...\n")
        assert [part.title for part in found.sections] == ["Overview", title]

    def test_keep_their_notes_right_behind_them(self):
        found = outlined("# Overview[^1]\n...\n# Projects\n## Blue Bridge[^2]\n...\n[^1]: One.\n[^2]: Two.\n")
        first, second = found.sections[0].pieces[0], found.sections[1].pieces[0]
        assert (found.sections[0].shown, second.shown) == ("Overview", "Blue Bridge")
        assert [found.text_of(piece)[0].runs[0].note for piece in (first, second)] == ["1", "2"]


class TestListsOfInitiatives:
    @pytest.mark.parametrize(
        ("first", "second", "number"),
        [
            ("1. **Blue Bridge** – A network of libraries.", "2. **Green Gate** – A network of shops.", "1."),
            ("1. **Blue Bridge.** A network of libraries.", "2. **Green Gate.** A network of shops.", "1."),
            ("(a) **Blue Bridge**: A network of libraries.", "(b) **Green Gate**: A network of shops.", "(a)"),
            ("- **Blue Bridge**: A network of libraries.", "- **Green Gate**: A network of shops.", ""),
            ("- **Blue Bridge** - A network of libraries.", "- **Green Gate** - A network of shops.", ""),
        ],
    )
    def test_are_initiatives_with_a_name_in_bold(self, first, second, number):
        text = f"## Projects\nSome of them:\n{first}\n{second}\n## Outlook\n...\n"
        found = outlined(text)
        pieces = found.sections[0].pieces
        assert [(piece.kind, piece.title) for piece in pieces] == [
            ("text", ""),
            ("initiative", "Blue Bridge"),
            ("initiative", "Green Gate"),
        ]
        assert pieces[1].number == number
        assert [block.text for block in found.text_of(pieces[1])] == ["A network of libraries."]
        assert come_out(found)[1] == went_in(text)

    def test_do_not_take_in_what_stands_between_and_after_them(self):
        text = (
            "## Projects\n- **Blue Bridge**: A network of libraries.\n- One without a name.\n"
            "- **Green Gate**: A network of shops.\nAll of them go on.\n"
        )
        found = outlined(text)
        assert [(piece.kind, len(piece.blocks)) for piece in found.sections[0].pieces] == [
            ("initiative", 1),
            ("text", 1),
            ("initiative", 1),
            ("text", 1),
        ]
        assert come_out(found)[1] == went_in(text)

    @pytest.mark.parametrize(
        "text",
        [
            "## Projects\n- **Results**: A network of libraries.\n- **Partners**: Shops of the region.\n",
            "## Projects\n- **Blue Bridge**: A network of libraries.\n- One without a name.\n",
            "## Overview\n- **Blue Bridge**: A network of libraries.\n- **Green Gate**: A network of shops.\n",
        ],
    )
    def test_are_told_from_other_lists(self, text):
        found = outlined(text)
        assert [(piece.kind, len(piece.blocks)) for piece in found.sections[0].pieces] == [("text", 2)]

    def test_leave_numbers_to_the_words_where_paragraphs_are_counted_too(self):
        text = (
            "I. Introduction\n1. ...\nII. Projects\n2. **Blue Bridge.** ...\n3. **Green Gate.** ...\n"
            "III. Outlook\n4. ...\n"
        )
        found = outlined(text)
        assert found.paragraph_numbers == ParagraphNumbers.NONE
        assert [piece.shown for piece in found.sections[1].pieces] == ["2. Blue Bridge.", "3. Green Gate."]
        assert come_out(found)[1] == went_in(text)


class TestLetter:
    TEXT = """
    Paper Union
    12 Lake Road
    Geneva, 12 December 2012
    Ms. Ana Example
    Secretary of the Commission
    Dear Ms. Example,
    ...
    ...
    Yours sincerely,
    Bo Sample
    Director
    """

    def test_is_one_section_without_heading(self):
        found = outlined(self.TEXT)
        assert [(part.heading, part.shown, len(part.pieces[0].blocks)) for part in found.sections] == [(None, "", 5)]

    def test_has_its_address_in_front_and_its_date(self):
        found = outlined(self.TEXT)
        assert {block["kind"] for block in found.front} == {"paragraph"}
        assert found.cover.dated_on.isoformat() == "2012-12-12"


class TestOtherShapes:
    def test_one_title_over_all_is_no_section(self):
        found = outlined("# Paper in 2020\n## Summary\n...\n## Overview\n...\n")
        assert found.title == "Paper in 2020"
        assert [part.title for part in found.sections] == ["Summary", "Overview"]

    def test_a_text_under_one_line_has_one_section_without_heading(self):
        found = outlined("# Line C7 e-agriculture in 2012\n...\n...\n")
        assert found.front == [{"kind": "title", "text": "Line C7 e-agriculture in 2012"}]
        assert [(part.title, len(part.pieces[0].blocks)) for part in found.sections] == [("", 2)]

    def test_a_note_before_the_first_section_is_not_lost_in_the_front(self):
        found = outlined("Paper for all\n...[^1]\n## Overview\n...\n## Outlook\n...\n[^1]: A book.\n")
        assert titles(found)[0] == ("", [("text", "")])
        assert found.front == [{"kind": "title", "text": "Paper for all"}]

    def test_what_stands_outside_the_text_is_told(self):
        found = outlined("## Overview\n...\n---\n> What the partner said.\n| a cell\n")
        assert kinds(found) == ["heading", "paragraph", "running", "quotation", "table"]

    def test_an_empty_document_has_an_outline_too(self):
        found = outlined("")
        assert (found.sections, found.title, found.kinds) == ([], "", {})

    def test_headings_alone_are_kept(self):
        found = outlined("# Overview\n# Outlook\n")
        assert [part.shown for part in found.sections] == ["Overview", "Outlook"]


ARABIC = """
اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية
الدورة الخامسة والعشرون
جنيف، 28 آذار/مارس - 1 نيسان/أبريل 2022
مقدمة من
اتحاد الورق
أولاً - ملخص تنفيذي
عملنا في هذه الفترة مع شركاء كثيرين في المدن والقرى، وجاء العمل بنتائج يمكن أن يستفيد منها الآخرون أيضاً.
ثانياً - المبادرات الحالية والمقبلة
الجسر الأزرق
عملنا في هذه الفترة مع شركاء كثيرين في المدن والقرى، وجاء العمل بنتائج يمكن أن يستفيد منها الآخرون أيضاً.
"""
FRENCH = """
Résumé analytique
Nous avons travaillé avec de nombreux partenaires pendant cette période, en ville comme à la campagne.
Projets et programmes
1. Pont bleu
Nous avons travaillé avec de nombreux partenaires pendant cette période, en ville comme à la campagne.
"""
SPANISH = """
Resumen ejecutivo
Trabajamos con muchos asociados durante este período, tanto en las ciudades como en el campo.
Iniciativas actuales y futuras
Puente azul
Trabajamos con muchos asociados durante este período, tanto en las ciudades como en el campo.
"""
RUSSIAN = """
I. Резюме
В этот период мы работали со многими партнёрами, и работа принесла результаты, полезные и для других.
II. Проекты и программы
Голубой мост
В этот период мы работали со многими партнёрами, и работа принесла результаты, полезные и для других.
"""
CHINESE = """
一、摘要
我们在此期间与许多伙伴合作，取得了其他各方也可以利用的成果，城市和乡村都从中受益。
二、现有项目
（一）蓝桥
我们在此期间与许多伙伴合作，取得了其他各方也可以利用的成果，城市和乡村都从中受益。
"""


class TestLanguages:
    @pytest.mark.parametrize(
        ("text", "language", "numbers", "initiative"),
        [
            (ARABIC, "ar", HeadingNumbers.NONE, "الجسر الأزرق"),
            (FRENCH, "fr", HeadingNumbers.NONE, "Pont bleu"),
            (SPANISH, "es", HeadingNumbers.NONE, "Puente azul"),
            (RUSSIAN, "ru", HeadingNumbers.ROMAN, "Голубой мост"),
            (CHINESE, "zh", HeadingNumbers.CHINESE, "蓝桥"),
        ],
    )
    def test_know_a_summary_and_an_initiative(self, text, language, numbers, initiative):
        found = outlined(text, language)
        assert [part.is_summary for part in found.sections] == [True, False]
        assert found.heading_numbers == numbers
        assert [(piece.kind, piece.title) for piece in found.sections[1].pieces] == [("initiative", initiative)]

    @pytest.mark.parametrize("first", ["أولا - موجز تنفيذي", "أولاً - موجز تنفيذي", "أولا- ملخص"])
    def test_begin_with_a_summary_that_is_counted_in_arabic_words(self, first):
        found = outlined(ARABIC.replace("أولاً - ملخص تنفيذي", first), "ar")
        assert [part.is_summary for part in found.sections] == [True, False]
        assert found.sections[0].shown == first
        assert found.cover.session == 25


class TestWayBack:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            (NUMBERED, "en"),
            (TestGuidanceQuotedAboveEachPart.TEXT, "en"),
            (TestLetter.TEXT, "en"),
            ("**PART ONE**\n**SUMMARY**\n...\n**PART TWO**\n**PROJECTS**\n**Blue Bridge**\n...\n", "en"),
            ("1. Summary\n...\n2. Projects\n2.1 Blue Bridge\n...\n2.2 Green Gate\n...\n3. Outlook\n...\n", "en"),
            ("# Projects\n## Africa\n### Blue Bridge\n...\n#### Results\n...\n## Asia\n### Green Gate\n...\n", "en"),
            ("## Projects\nSome of them:\n**1. Blue Bridge.** ...\n...\n**2. Green Gate:** ...\n", "en"),
            (FRENCH, "fr"),
            (SPANISH, "es"),
            (RUSSIAN, "ru"),
            (CHINESE, "zh"),
        ],
    )
    def test_gives_the_same_words_in_the_same_order(self, text, language):
        front, body = come_out(outlined(text, language), language)
        assert front + body == went_in(text)
