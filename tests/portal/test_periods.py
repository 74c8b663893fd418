"""Reporting periods in addresses and words."""

import datetime as dt

import pytest
from django.utils import translation

from portal.common.periods import Period


class TestPeriod:
    @pytest.mark.parametrize(
        ("code", "start", "end", "words"),
        [
            ("2021", dt.date(2021, 1, 1), dt.date(2022, 1, 1), "2021"),
            ("2025-2026", dt.date(2025, 1, 1), dt.date(2027, 1, 1), "2025–2026"),
            ("2024-07-01/2025-07-01", dt.date(2024, 7, 1), dt.date(2025, 7, 1), "1 July 2024 – 30 June 2025"),
        ],
    )
    def test_is_read_and_written_the_same_way(self, code, start, end, words):
        period = Period.parse(code)
        assert (period.start, period.end) == (start, end)
        assert period.code == code
        with translation.override("en"):
            assert str(period) == words

    def test_is_read_with_a_dash_as_it_is_shown(self):
        assert Period.parse("2025–2026") == Period.of_years(2025, 2026)

    @pytest.mark.parametrize(
        "text", ["", "21", "2026-2025", "2021-13", "0000", "9999", "٢٠٢١", "2021-01-01/2021-01-01", "a/b", "2021-01-01"]
    )
    def test_says_what_it_cannot_read(self, text):
        with pytest.raises(ValueError, match="is no period"):
            Period.parse(text)

    def test_sorts_by_time(self):
        assert sorted([Period.of_years(2022), Period.of_years(2021)]) == [Period.of_years(2021), Period.of_years(2022)]
