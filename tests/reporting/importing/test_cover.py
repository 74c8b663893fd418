"""Reading covers, and heads of documents, in six languages."""

import datetime as dt

import pytest

from reporting.importing.cover import Slip, read_cover, slips_against, split_names, symbols_in
from tests.support.outlined import document, outlined

COVER = """
**COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT (CSTD)**
**Twenty-fifth session Geneva, 28 March to 1 April 2022**
**Submissions from entities of the system and others on their efforts in 2021 to implement the outcomes**
**Submission by**
United Nations Paper Organization
This paper was prepared as an input to the report of the Secretary-General (to the 25th session of the CSTD), in \
response to the request of the Council that the Commission be told each year what all who take part have done.
DISCLAIMER: The views presented here are those of their authors.
## Executive Summary
...
"""


def cover_of(text, language="en"):
    return read_cover(document(text), language=language)


class TestCoverOfASubmission:
    def test_gives_its_facts(self):
        facts = cover_of(COVER).facts
        assert (facts.body, facts.session, facts.session_name) == ("CSTD", 25, "Twenty-fifth session")
        assert (facts.dates, facts.place) == ("28 March to 1 April 2022", "Geneva")
        assert (facts.starts_on, facts.ends_on) == (dt.date(2022, 3, 28), dt.date(2022, 4, 2))
        assert (facts.year, facts.period_start, facts.period_end) == (2021, dt.date(2021, 1, 1), dt.date(2022, 1, 1))
        assert facts.entities == ["United Nations Paper Organization"]
        assert facts.contributors == "entities of the system and others"
        assert facts.purpose.startswith("This paper was prepared")
        assert facts.disclaimer.startswith("DISCLAIMER")

    def test_ends_before_the_first_heading(self):
        assert cover_of(COVER).blocks == [0, 1, 2, 3, 4, 5, 6]

    def test_is_printed_line_by_line(self):
        lines = cover_of(COVER).lines
        assert [line["style"] for line in lines] == [
            *["body", "acronym", "session", "dates", "title", "label", "entity", "text", "text"]
        ]
        assert (lines[-1]["lead"], lines[-1]["text"]) == (
            "DISCLAIMER:",
            "The views presented here are those of their authors.",
        )

    def test_has_no_slips_when_all_fits(self):
        assert cover_of(COVER).slips == []

    def test_of_two_years(self):
        facts = cover_of(COVER.replace("in 2021", "in 2020 and 2021")).facts
        assert (facts.period_start, facts.period_end, facts.year) == (dt.date(2020, 1, 1), dt.date(2022, 1, 1), 2021)

    def test_names_who_speaks_on_the_line_of_the_label_too(self):
        text = COVER.replace("**Submission by**\nUnited Nations Paper Organization", "Submission by the Paper Union")
        assert cover_of(text).facts.entities == ["Paper Union"]

    def test_of_two_who_speak_together(self):
        text = COVER.replace("Paper Organization", "Paper Organization (UNPO) and International Ink Centre (IIC)")
        assert cover_of(text).facts.entities == [
            "United Nations Paper Organization (UNPO)",
            "International Ink Centre (IIC)",
        ]

    def test_ends_with_who_speaks_where_nothing_follows(self):
        text = "\n".join([*COVER.strip().splitlines()[:5], "Executive summary", "..."])
        assert cover_of(text).blocks == [0, 1, 2, 3, 4]

    def test_does_not_take_in_running_text_with_its_words(self):
        text = "\n".join(
            [*COVER.strip().splitlines()[:5], "---", "Paper in towns", "...\n...\nIn response to the request: ..."]
        )
        assert cover_of(text).blocks == [0, 1, 2, 3, 4]

    def test_is_none_where_a_letter_names_the_commission(self):
        letter = "Commission on Science and Technology for Development\nGeneva, 3 May 2012\nDear Sir,\n...\n"
        assert cover_of(letter).blocks == []

    def test_is_none_in_a_text_that_tells_of_a_session(self):
        assert cover_of("## Overview\nThe twenty-fifth session was held in Geneva.\n...\n").blocks == []


class TestSlips:
    def test_are_an_acronym_with_its_letters_changed(self):
        assert cover_of(COVER.replace("(CSTD)**", "(CTSD)**")).slips == [Slip(0, "CTSD", "CSTD")]

    def test_are_a_session_that_the_purpose_counts_otherwise(self):
        slips = cover_of(COVER.replace("25th", "24th")).slips
        assert [(slip.block, slip.was, slip.now) for slip in slips] == [(5, "24th session", "Twenty-fifth session")]

    def test_are_a_missing_name(self):
        slips = cover_of(COVER.replace("United Nations Paper Organization\n", "")).slips
        assert [(slip.block, slip.was) for slip in slips] == [(3, "")]

    def test_are_a_year_after_the_session(self):
        slips = cover_of(COVER.replace("in 2021", "in 2023")).slips
        assert [(slip.block, slip.was) for slip in slips] == [(2, "2023")]

    def test_are_days_that_end_before_they_begin(self):
        slips = cover_of(COVER.replace("28 March to 1 April", "28 March to 1 March")).slips
        assert [slip.was for slip in slips] == ["28 March to 1 March 2022"]

    def test_are_told_against_the_session_that_is_known(self):
        facts = cover_of(COVER).facts
        known = {"starts_on": dt.date(2022, 3, 28), "ends_on": dt.date(2022, 4, 2)}
        assert slips_against(facts, number=25, **known) == []
        assert [was for was, _now in slips_against(facts, number=24, **known)] == ["Twenty-fifth session"]
        known["starts_on"] = dt.date(2022, 3, 29)
        assert [was for was, _now in slips_against(facts, number=25, **known)] == ["28 March to 1 April 2022"]


class TestHeadOfADocument:
    TEXT = """
    Industrial Development Board
    Forty-ninth session
    Vienna, 12–15 July 2021
    IDB.49/11
    Item 7 (a) of the provisional agenda
    Paper in all countries
    A plan for the use of paper
    Report by the Director General
    This report tells what was done with paper in the countries that took part in the plan.
    I. Background
    ...
    """

    def test_gives_session_agenda_item_symbol_and_title(self):
        facts = cover_of(self.TEXT).facts
        assert (facts.body, facts.session, facts.agenda_item) == ("IDB", 49, "Item 7 (a) of the provisional agenda")
        assert (facts.symbols, facts.title, facts.entities) == (["IDB.49/11"], "A plan for the use of paper", [])

    def test_ends_before_the_abstract(self):
        assert cover_of(self.TEXT).blocks == list(range(8))

    def test_is_read_in_chinese(self):
        cover = cover_of(
            "大会\n第十九届会议\n2021年11月29日至12月3日，维也纳\n临时议程项目20\n纸的计划\n总干事的报告\n"
            "一. 引言\n我们做了很多工作，也取得了很多成果。\n",
            "zh",
        )
        facts = cover.facts
        assert (facts.body, facts.session, facts.place, facts.title) == ("GC", 19, "维也纳", "纸的计划")
        assert (facts.starts_on, facts.ends_on) == (dt.date(2021, 11, 29), dt.date(2021, 12, 4))
        assert cover.blocks == [0, 1, 2, 3, 4, 5]


class TestCoverInOtherLanguages:
    @pytest.mark.parametrize(
        ("language", "text", "place", "entity"),
        [
            (
                "ar",
                "اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية\nالدورة الخامسة والعشرون\n"
                "جنيف، 28 آذار/مارس - 1 نيسان/أبريل 2022\nمساهمات الكيانات بشأن جهودها في عام 2021\nمقدمة من\n"
                "اتحاد الورق\nإخلاء مسؤولية: الآراء الواردة هنا هي آراء أصحابها.\nملخص تنفيذي\n",
                "جنيف",
                "اتحاد الورق",
            ),
            (
                "es",
                "Comisión de Ciencia y Tecnología para el Desarrollo\nVigésimo quinto período de sesiones\n"
                "Ginebra, 28 de marzo a 1 de abril de 2022\n"
                "Contribuciones de las entidades sobre sus esfuerzos en 2021\nPresentado por\n"
                "Unión del Papel\nDescargo de responsabilidad: las opiniones son de sus autores.\nResumen\n",
                "Ginebra",
                "Unión del Papel",
            ),
            (
                "fr",
                "Commission de la science et de la technique au service du développement\nVingt-cinquième session\n"
                "Genève, 28 mars-1er avril 2022\nContributions des entités sur leurs efforts en 2021\nPrésentée par\n"
                "Union du papier\nAvertissement : les vues exprimées sont celles des auteurs.\nRésumé\n",
                "Genève",
                "Union du papier",
            ),
            (
                "ru",
                "Комиссия по науке и технике в целях развития\nДвадцать пятая сессия\n"
                "Женева, 28 марта — 1 апреля 2022 года\nМатериалы учреждений об их усилиях в 2021 году\nПредставлено\n"
                "Союз бумаги\nОговорка: мнения принадлежат авторам.\nРезюме\n",
                "Женева",
                "Союз бумаги",
            ),
            (
                "zh",
                "科学和技术促进发展委员会\n第二十五届会议\n2022年3月28日至4月1日，日内瓦\n来自各实体关于其在2021年所做的努力\n"
                "提交单位\n纸业联盟\n免责声明：观点属于作者。\n摘要\n",
                "日内瓦",
                "纸业联盟",
            ),
        ],
    )
    def test_gives_the_same_facts(self, language, text, place, entity):
        cover = cover_of(f"{text}...\n", language)
        facts = cover.facts
        assert (facts.body, facts.session) == ("CSTD", 25)
        assert (facts.starts_on, facts.ends_on) == (dt.date(2022, 3, 28), dt.date(2022, 4, 2))
        assert (facts.year, facts.entities) == (2021, [entity])
        assert facts.place == place
        assert facts.disclaimer
        assert len(cover.blocks) == 7


SECOND_TITLE = "---\nPaper everywhere\n({})\n## Executive Summary"


class TestPeriod:
    def test_of_the_months_in_a_second_title_is_more_exact(self):
        text = COVER.replace("## Executive Summary", SECOND_TITLE.format("February – December 2021"))
        assert outlined(text).cover.period_start == dt.date(2021, 2, 1)

    def test_of_other_years_in_a_second_title_is_not_taken(self):
        text = COVER.replace("## Executive Summary", SECOND_TITLE.format("January – June 2019"))
        assert outlined(text).cover.period_start == dt.date(2021, 1, 1)


class TestNames:
    @pytest.mark.parametrize(
        ("line", "names"),
        [
            ("United Nations Department of Economic and Social Affairs", 1),
            ("Internet Corporation for Assigned Names and Numbers", 1),
            ("Food and Agriculture Organization of the United Nations", 1),
            ("UNCTAD and ITC", 2),
            ("UNCTAD/ITC/UPU", 3),
            ("United Nations Conference on Trade and Development and International Trade Centre", 2),
            ("World Paper Union, International Ink Centre and United Nations Office of Pens", 3),
        ],
    )
    def test_are_cut_only_between_bodies(self, line, names):
        found = split_names(line, "en")
        assert len(found) == names
        assert all(name in line for name in found)

    @pytest.mark.parametrize(
        ("language", "line", "names"),
        [
            ("fr", "Union internationale du papier et Centre de l'encre", 2),
            ("fr", "l'Agence du papier et du Bureau de l'encre", 2),
            ("fr", "Organisation des Nations Unies pour l'alimentation et l'agriculture", 1),
            ("fr", "Conférence des Nations Unies sur le commerce et le développement", 1),
            ("es", "Organización del Papel y Centro de la Tinta", 2),
            ("es", "Unión del Papel e Instituto de la Tinta", 2),
            ("es", "Comisión Económica y Social para el Papel", 1),
            ("ru", "Союз бумаги и Центр чернил", 2),
            ("ru", "Международная организация бумаги, Фонд чернил и Институт перьев", 3),
            ("ru", "Департамент по экономическим и социальным вопросам", 1),
            ("ar", "اتحاد الورق ومركز الحبر", 2),
            ("ar", "منظمة الورق والاتحاد العالمي للحبر ووكالة الأقلام", 3),
            ("ar", "منظمة الأغذية والزراعة للأمم المتحدة", 1),
            ("zh", "世界纸业组织和国际墨水联盟", 2),
            ("zh", "联合国粮食及农业组织", 1),
        ],
    )
    def test_are_cut_between_bodies_in_other_languages(self, language, line, names):
        found = split_names(line, language)
        assert len(found) == names
        assert all(name in line for name in found)

    def test_follow_two_words_that_announce_them(self):
        cover = COVER.replace("**Submission by**\nUnited Nations Paper Organization", "{}")
        arabic = "اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية\nالدورة الخامسة والعشرون\n{}\nاتحاد الورق\n"
        assert cover_of(cover.format("Contribution by Paper Union")).facts.entities == ["Paper Union"]
        assert cover_of(arabic.format("مساهمة مقدمة من") + "...\n", "ar").facts.entities == ["اتحاد الورق"]

    def test_of_documents_are_their_symbols(self):
        text = "As A/68/65–E/2013/11, GC.18/Res.9 and E/CN.16/2022/2 say, and/or others."
        assert symbols_in(text) == ["A/68/65–E/2013/11", "GC.18/Res.9", "E/CN.16/2022/2"]
