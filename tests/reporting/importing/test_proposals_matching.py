"""Finding names and dates in running text, in the six languages."""

import datetime as dt

import pytest

from portal.common.dates import Precision
from reporting.importing.proposals.dates import dates_in
from reporting.importing.proposals.matching import Trie, words_of


def found(names, text, **how):
    trie = Trie()
    for name in names:
        trie.add(name, name, **how)
    return [(match.values, text[match.start : match.end]) for match in trie.find(text, words_of(text))]


class TestTrie:
    def test_prefers_the_longest_name_at_a_place(self):
        assert found(["Guinea", "Papua New Guinea"], "Guinea and Papua New Guinea met.") == [
            (("Guinea",), "Guinea"),
            (("Papua New Guinea",), "Papua New Guinea"),
        ]

    def test_finds_whole_words_only(self):
        assert found(["Niger", "Oman"], "Nigeria and the Romans") == []

    def test_goes_over_accents_hyphens_and_apostrophes(self):
        assert [words for _name, words in found(["Côte d'Ivoire"], "in Cote d’Ivoire")] == ["Cote d’Ivoire"]
        assert [words for _name, words in found(["capacity-building"], "for Capacity building")] == [
            "Capacity building"
        ]

    def test_gives_all_that_bear_a_name(self):
        trie = Trie()
        trie.add("The River Lab", 1)
        trie.add("the river lab", 2)
        text = "We opened the River Lab."
        assert [match.values for match in trie.find(text, words_of(text))] == [(1, 2)]

    def test_wants_a_capital_where_the_name_has_one(self):
        assert found(["Turkey"], "roast turkey", case="capital") == []
        assert len(found(["Turkey"], "TURKEY", case="capital")) == 1

    def test_wants_acronyms_as_they_are_written(self):
        assert found(["WHO"], "those who came", case="exact") == []
        assert len(found(["WHO"], "asked the WHO", case="exact")) == 1

    def test_takes_every_ideograph_for_a_word(self):
        assert [words for _name, words in found(["肯尼亚"], "我们在肯尼亚开设了中心")] == ["肯尼亚"]

    def test_finds_russian_names_in_any_case(self):
        assert [words for _name, words in found(["Кения", "Сербия"], "в Кении и Сербии")] == ["Кении", "Сербии"]

    @pytest.mark.parametrize("text", ["في كينيا", "وكينيا", "بكينيا"])
    def test_finds_arabic_names_with_small_words_before_them(self, text):
        assert len(found(["كينيا"], text)) == 1


DAY, MONTH, QUARTER, YEAR, ABOUT = (
    Precision.DAY,
    Precision.MONTH,
    Precision.QUARTER,
    Precision.YEAR,
    Precision.ABOUT,
)


class TestDates:
    @pytest.mark.parametrize(
        ("language", "text", "first", "last", "precision"),
        [
            ("en", "It opened on 3 May 2019.", "2019-05-03", "2019-05-03", DAY),
            ("en", "It opened on May 3, 2019.", "2019-05-03", "2019-05-03", DAY),
            ("en", "It met from 29 October to 3 November 2020.", "2020-10-29", "2020-11-03", DAY),
            ("en", "from Monday, 3 June, to Friday, 7 June 2019", "2019-06-03", "2019-06-07", DAY),
            ("en", "Vienna, 20-24 March 2023", "2023-03-20", "2023-03-24", DAY),
            ("en", "from 30 December 2020 to 2 January 2021", "2020-12-30", "2021-01-02", DAY),
            ("en", "launched in February 2018", "2018-02-01", "2018-02-28", MONTH),
            ("en", "(January – March 2022)", "2022-01-01", "2022-03-31", MONTH),
            ("en", "in the third quarter of 2023", "2023-07-01", "2023-09-30", QUARTER),
            ("en", "which began in 2019", "2019-01-01", "2019-12-31", YEAR),
            ("en", "begun about 2015", "2015-01-01", "2015-12-31", ABOUT),
            ("fr", "le 1er février 2018", "2018-02-01", "2018-02-01", DAY),
            ("fr", "du 28 novembre au 2 décembre 2020", "2020-11-28", "2020-12-02", DAY),
            ("fr", "au deuxième trimestre de 2021", "2021-04-01", "2021-06-30", QUARTER),
            ("es", "el 3 de mayo de 2019", "2019-05-03", "2019-05-03", DAY),
            ("es", "en agosto de 2020", "2020-08-01", "2020-08-31", MONTH),
            ("ru", "3 мая 2019 года", "2019-05-03", "2019-05-03", DAY),
            ("ru", "в ноябре 2020 года", "2020-11-01", "2020-11-30", MONTH),
            ("ar", "في 3 أيار/مايو 2019", "2019-05-03", "2019-05-03", DAY),
            ("ar", "في عام ٢٠١٩", "2019-01-01", "2019-12-31", YEAR),
            ("zh", "2019年5月3日启动", "2019-05-03", "2019-05-03", DAY),
            ("zh", "2020年11月", "2020-11-01", "2020-11-30", MONTH),
            ("zh", "2023年第三季度", "2023-07-01", "2023-09-30", QUARTER),
        ],
    )
    def test_are_read_as_exactly_as_they_are_printed(self, language, text, first, last, precision):
        [date] = dates_in(text, language)
        assert (date.starts_on.isoformat(), date.precision) == (first, precision)
        assert date.ends_on == dt.date.fromisoformat(last) + dt.timedelta(days=1)

    def test_leave_out_days_that_are_none_and_keep_the_month(self):
        [date] = dates_in("on 31 February 2020", "en")
        assert (date.starts_on, date.precision) == (dt.date(2020, 2, 1), MONTH)

    def test_leave_out_numbers_that_only_look_like_years(self):
        assert dates_in("resolution 2006/46 and 2000 people, edition 2021", "en") == []
