"""Dates as exact as their source."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.formats import date_format

from portal.common import dates
from portal.common.dates import Precision


class TestParse:
    @pytest.mark.parametrize(
        ("text", "first", "after", "precision"),
        [
            ("2021-11-22", dt.date(2021, 11, 22), dt.date(2021, 11, 23), Precision.DAY),
            ("2020-02-29", dt.date(2020, 2, 29), dt.date(2020, 3, 1), Precision.DAY),
            ("2021-11", dt.date(2021, 11, 1), dt.date(2021, 12, 1), Precision.MONTH),
            ("2021-12", dt.date(2021, 12, 1), dt.date(2022, 1, 1), Precision.MONTH),
            ("2021-Q1", dt.date(2021, 1, 1), dt.date(2021, 4, 1), Precision.QUARTER),
            ("2023-Q3", dt.date(2023, 7, 1), dt.date(2023, 10, 1), Precision.QUARTER),
            ("2021-Q4", dt.date(2021, 10, 1), dt.date(2022, 1, 1), Precision.QUARTER),
            ("2021", dt.date(2021, 1, 1), dt.date(2022, 1, 1), Precision.YEAR),
            ("~2019", dt.date(2019, 1, 1), dt.date(2020, 1, 1), Precision.ABOUT),
            (" 2021 ", dt.date(2021, 1, 1), dt.date(2022, 1, 1), Precision.YEAR),
        ],
    )
    def test_gives_the_first_day_and_the_first_day_after(self, text, first, after, precision):
        assert dates.parse(text) == (first, after, precision)

    @pytest.mark.parametrize(
        "text", ["", "soon", "2021-13", "2021-02-30", "2021-00", "2021-Q5", "21", "22.11.2021", "2021-11-22-1", "0000"]
    )
    def test_refuses_anything_else_with_a_sentence(self, text):
        with pytest.raises(ValueError, match=r"is no date\. Write it as 2021, 2021-Q3, 2021-11 or 2021-11-22\."):
            dates.parse(text)

    def test_refuses_the_last_day_that_has_none_after_it(self):
        with pytest.raises(ValueError, match="is no date"):
            dates.parse("9999-12-31")


class TestShow:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("2021-11-22", "22 November 2021"),
            ("2021-11", "November 2021"),
            ("2023-Q3", "quarter 3 of 2023"),
            ("2021", "2021"),
            ("~2019", "about 2019"),
        ],
    )
    def test_says_no_more_than_was_known(self, text, shown):
        first, _after, precision = dates.parse(text)
        assert dates.show(first, precision) == shown

    def test_speaks_the_language_of_the_reader(self):
        with translation.override("fr"):
            assert dates.show(dt.date(2021, 11, 22), Precision.DAY) == "22 novembre 2021"


def shown_range(starts, ends):
    first, _after, starts_precision = dates.parse(starts) if starts else (None, None, Precision.DAY)
    _first, after, ends_precision = dates.parse(ends) if ends else (None, None, Precision.DAY)
    return dates.show_range(first, starts_precision, after, ends_precision)


class TestShowRange:
    @pytest.mark.parametrize(
        ("starts", "ends", "shown"),
        [
            ("2021-11-22", "2021-11-27", "22 November 2021 – 27 November 2021"),
            ("2022-02", "2022-04", "February 2022 – April 2022"),
            ("2023-Q3", "2023-Q3", "quarter 3 of 2023"),
            ("2021", "2021-12-31", "2021 – 31 December 2021"),
            ("2022-05-30", "2022-05-30", "30 May 2022"),
            ("2019", "", "since 2019"),
            ("", "2021-08", "until August 2021"),
            ("", "", ""),
        ],
    )
    def test_names_the_last_day_and_not_the_day_after(self, starts, ends, shown):
        assert shown_range(starts, ends) == shown


class TestFormats:
    @pytest.mark.parametrize(
        ("language", "shown"),
        [
            ("en", "2 Nov 2026, 11:00"),
            ("ar", "02\u200f/11\u200f/2026، 11:00"),
            ("es", "02/11/2026 11:00"),
            ("fr", "02/11/2026 11:00"),
            ("ru", "02.11.2026 11:00"),
            ("zh-hans", "2026年11月2日 11:00"),
        ],
    )
    def test_put_the_day_before_the_month_or_the_year_first(self, language, shown):
        with translation.override(language):
            assert date_format(dt.datetime(2026, 11, 2, 11, 0), "SHORT_DATETIME_FORMAT") == shown
