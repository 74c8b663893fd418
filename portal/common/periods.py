"""Reporting periods in addresses, forms and words: one year, several, or any days."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.common import dates

SHORTEST_MONTH = 28  # days


@dataclass(frozen=True, order=True)
class Period:
    """The half-open range of days [start, end)."""

    start: dt.date
    end: dt.date

    @classmethod
    def of_years(cls, first: int, last: int | None = None) -> "Period":
        return cls(dt.date(first, 1, 1), dt.date((last or first) + 1, 1, 1))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2021`, `2025-2026` or `2024-07-01/2025-07-01`, as `code` writes them; the last day is excluded.

        Raises ValueError with a sentence for anything else.
        """
        text = text.strip().replace("–", "-")
        try:
            if years := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text, re.ASCII):
                period = cls.of_years(int(years[1]), int(years[2] or years[1]))
            else:
                period = cls(*(dt.date.fromisoformat(day) for day in text.split("/")))
            if period.start < period.end:
                return period
        except (TypeError, ValueError):
            pass
        raise ValueError(_("“%(text)s” is no period. Write a year, such as 2021, or two: 2025-2026.") % {"text": text})

    @property
    def _years(self) -> tuple[int, int] | None:
        whole = (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 1, 1)
        return (self.start.year, self.end.year - 1) if whole else None

    @property
    def following(self) -> "Period":
        """The period of the same length that follows: of 2025–2026 it is 2027–2028."""
        months = 12 * (self.end.year - self.start.year) + self.end.month - self.start.month
        if self.start.day != self.end.day or self.start.day > SHORTEST_MONTH:
            return Period(self.end, self.end + (self.end - self.start))
        years, month = divmod(self.end.month - 1 + months, 12)
        return Period(self.end, self.end.replace(year=self.end.year + years, month=month + 1))

    @property
    def code(self) -> str:
        """As it stands in addresses."""
        if self._years is None:
            return f"{self.start}/{self.end}"
        first, last = self._years
        return str(first) if first == last else f"{first}-{last}"

    def __str__(self) -> str:
        """In words: `2021`, `2025–2026`, `1 July 2024 – 30 June 2025`."""
        if self._years is None:
            return dates.show_range(self.start, dates.Precision.DAY, self.end, dates.Precision.DAY)
        return self.code.replace("-", "–")
