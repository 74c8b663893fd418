"""Numbers, days and periods in words of six languages."""

import datetime as dt

import pytest

from reporting.importing import vocabulary
from reporting.importing.periods import dates_in, period_in
from reporting.importing.vocabulary import fold, ordinal, session_in


class TestSession:
    @pytest.mark.parametrize(
        ("text", "language", "number"),
        [
            ("Twenty-fifth session", "en", 25),
            ("to the 32nd session of the Board", "en", 32),
            ("Eightieth session", "en", 80),
            ("Nineteenth regular session", "en", 19),
            ("Vingt et unième session", "fr", 21),
            ("Soixante-quinzième session", "fr", 75),
            ("25e session", "fr", 25),
            ("Vigésimo quinto período de sesiones", "es", 25),
            ("Decimonoveno período de sesiones", "es", 19),
            ("25.º período de sesiones", "es", 25),
            ("Двадцать пятая сессия", "ru", 25),
            ("на сороковой сессии", "ru", 40),
            ("الدورة الخامسة والعشرون", "ar", 25),
            ("الدورة الحادية عشرة", "ar", 11),
            ("第二十五届会议", "zh", 25),
            ("第19届会议", "zh", 19),
            ("Twenty-fifth session", "ru", 25),
            ("the plenary session", "en", None),
            ("it was the first of many", "en", None),
        ],
    )
    def test_is_counted_in_words_and_figures(self, text, language, number):
        found = session_in(text, language)
        assert (found[0] if found else None) == number

    def test_is_found_at_its_place(self):
        text = "At its Twenty-fifth session in Geneva"
        _number, begin, end = session_in(text, "en")
        assert text[begin:end] == "Twenty-fifth session"


class TestNumbers:
    def test_in_words_are_different_for_all_of_a_language(self):
        known = [ordinal(words) for words in ("first", "twelfth", "twentieth", "twenty-first", "ninety-ninth")]
        assert known == [1, 12, 20, 21, 99]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "language", "first", "last"),
        [
            ("Geneva, 28 March to 1 April 2022", "en", (2022, 3, 28), (2022, 4, 1)),
            ("Geneva, 27-31 March 2023", "en", (2023, 3, 27), (2023, 3, 31)),
            ("30 December 2021 – 2 January 2022", "en", (2021, 12, 30), (2022, 1, 2)),
            ("March 27-31, 2023", "en", (2023, 3, 27), (2023, 3, 31)),
            ("January 26, 2022", "en", (2022, 1, 26), (2022, 1, 26)),
            ("Genève, du 27 au 31 mars 2023", "fr", (2023, 3, 27), (2023, 3, 31)),
            ("Genève, 28 mars-1er avril 2022", "fr", (2022, 3, 28), (2022, 4, 1)),
            ("28 de marzo a 1 de abril de 2022", "es", (2022, 3, 28), (2022, 4, 1)),
            ("28 марта — 1 апреля 2022 года", "ru", (2022, 3, 28), (2022, 4, 1)),
            ("28 آذار/مارس - 1 نيسان/أبريل 2022", "ar", (2022, 3, 28), (2022, 4, 1)),
            ("٢٨ مارس - ١ أبريل ٢٠٢٢", "ar", (2022, 3, 28), (2022, 4, 1)),
            ("2021年11月29日至12月3日", "zh", (2021, 11, 29), (2021, 12, 3)),
            ("2021年11月29日", "zh", (2021, 11, 29), (2021, 11, 29)),
        ],
    )
    def test_are_read_with_their_last_day(self, text, language, first, last):
        found = dates_in(text, language)
        assert (found.starts_on, found.ends_on - dt.timedelta(days=1)) == (dt.date(*first), dt.date(*last))

    @pytest.mark.parametrize("text", ["31 June 2022", "March 2022", "room 12 to 14", "2022"])
    def test_are_none_where_no_day_is_named(self, text):
        assert dates_in(text, "en") is None


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "language", "start", "end"),
        [
            ("on their efforts in 2021 to implement", "en", (2021, 1), (2022, 1)),
            ("on their efforts in 2025 and 2026 to implement", "en", (2025, 1), (2027, 1)),
            ("(January – December 2022)", "en", (2022, 1), (2023, 1)),
            ("July 2021 to June 2022", "en", (2021, 7), (2022, 7)),
            ("Report 2025-2026", "en", (2025, 1), (2027, 1)),
            ("Report for 2019–20", "en", (2019, 1), (2021, 1)),
            ("Contribution 2010", "en", (2010, 1), (2011, 1)),
            ("sur leurs efforts en 2022 pour", "fr", (2022, 1), (2023, 1)),
            ("(janvier-décembre 2022)", "fr", (2022, 1), (2023, 1)),
            ("sus esfuerzos en 2025 y 2026", "es", (2025, 1), (2027, 1)),
            ("в 2025 и 2026 годах", "ru", (2025, 1), (2027, 1)),
            ("في عام 2022", "ar", (2022, 1), (2023, 1)),
            ("في عامي 2025 و2026", "ar", (2025, 1), (2027, 1)),
            ("2022年1月至12月", "zh", (2022, 1), (2023, 1)),
            ("2025年和2026年所做的努力", "zh", (2025, 1), (2027, 1)),
        ],
    )
    def test_is_half_open(self, text, language, start, end):
        assert period_in(text, language) == (dt.date(*start, 1), dt.date(*end, 1))

    @pytest.mark.parametrize("text", ["", "Paper for all", "Towards the 2030 Agenda", "Resolution 2006/46"])
    def test_is_none_where_a_title_names_none(self, text):
        assert period_in(text, "en") is None


class TestWords:
    def test_are_compared_without_accents_and_signs(self):
        assert fold("Résumé  ANALYTIQUE") == "resume analytique"
        assert fold("أوّلاً") == fold("اولا")
        assert fold("Ёлка й") == "елка и"

    def test_keep_their_length_for_places_in_a_text(self):
        assert len(vocabulary.flat("Ünïted ﬁgures ٢٠")) == len("Ünïted ﬁgures ٢٠")

    @pytest.mark.parametrize(
        ("text", "language"),
        [("Projects", "en"), ("Les projets", "fr"), ("المبادرات", "ar"), ("现有项目", "zh"), ("Программы", "ru")],
    )
    def test_of_initiatives_are_found(self, text, language):
        assert vocabulary.speaks_of(vocabulary.INITIATIVES, text, language)

    def test_begin_where_a_word_begins(self):
        assert not vocabulary.speaks_of(vocabulary.INITIATIVES, "Reprojection", "en")
