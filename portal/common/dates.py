"""Dates as exact as their source: a half-open range of days with the precision of each end.

The first day is stored as the earliest the source allows, the end as the first day after the latest it allows, so
rows sort and overlap correctly while "2021-11" is still shown as November 2021.
"""

import datetime as dt
import re
from typing import NamedTuple

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = dt.timedelta(days=1)


class Precision(models.TextChoices):
    DAY = "day", gettext_lazy("day")
    MONTH = "month", gettext_lazy("month")
    QUARTER = "quarter", gettext_lazy("quarter")
    YEAR = "year", gettext_lazy("year")
    ABOUT = "about", gettext_lazy("about that year")


_FORMS = {
    re.compile(r"(\d{4})-(\d{2})-(\d{2})"): Precision.DAY,
    re.compile(r"(\d{4})-(\d{2})"): Precision.MONTH,
    re.compile(r"(\d{4})-Q([1-4])"): Precision.QUARTER,
    re.compile(r"(\d{4})"): Precision.YEAR,
    re.compile(r"~(\d{4})"): Precision.ABOUT,
}


class DateRange(NamedTuple):
    """The first day, the first day after, and how exact they are."""

    first: dt.date
    after: dt.date
    precision: Precision


def parse(text: str) -> DateRange:
    """Return the first day, the first day after, and the precision of `2021`, `2021-11`, `2021-Q3`, `2021-11-22`
    or `~2021` (about 2021). Raises ValueError with a sentence for anything else.
    """
    for form, precision in _FORMS.items():
        if match := form.fullmatch(text.strip()):
            try:
                return DateRange(*_bounds(precision, [int(number) for number in match.groups()]), precision)
            except (ValueError, OverflowError):
                break
    raise ValueError(_("“%(text)s” is no date. Write it as 2021, 2021-Q3, 2021-11 or 2021-11-22.") % {"text": text})


def _bounds(precision: Precision, numbers: list[int]) -> tuple[dt.date, dt.date]:
    year = numbers[0]
    if precision == Precision.DAY:
        day = dt.date(*numbers)
        return day, day + DAY
    first_month, months = {
        Precision.MONTH: lambda: (numbers[1], 1),
        Precision.QUARTER: lambda: (3 * numbers[1] - 2, 3),
    }.get(precision, lambda: (1, 12))()
    next_month = first_month + months
    return dt.date(year, first_month, 1), dt.date(year + (next_month > 12), (next_month - 1) % 12 + 1, 1)


def write(day: dt.date, precision: str) -> str:
    """Return a date as `parse` reads it: `2021-Q3`. Of an end, give its last day."""
    match precision:
        case Precision.DAY:
            return day.isoformat()
        case Precision.MONTH:
            return day.isoformat()[:7]
        case Precision.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case Precision.ABOUT:
            return f"~{day.year:04}"
    return f"{day.year:04}"


def show(day: dt.date, precision: str) -> str:
    """Return the words for a date in the reader's language: `22 November 2021`, `November 2021`, `about 2021`."""
    match precision:
        case Precision.DAY:
            return formats.date_format(day, "DATE_FORMAT")
        case Precision.MONTH:
            return formats.date_format(day, "YEAR_MONTH_FORMAT")
        case Precision.QUARTER:
            return _("quarter %(number)s of %(year)s") % {"number": (day.month + 2) // 3, "year": day.year}
        case Precision.ABOUT:
            return _("about %(year)s") % {"year": day.year}
    return str(day.year)


def show_range(starts_on: dt.date | None, starts_precision: str, ends_on: dt.date | None, ends_precision: str) -> str:
    """Return the words for a half-open range, empty where nothing is known."""
    first = show(starts_on, starts_precision) if starts_on else ""
    last = show(ends_on - DAY, ends_precision) if ends_on else ""
    if first and last:
        return first if first == last else f"{first} – {last}"
    if first:
        return _("since %(date)s") % {"date": first}
    return _("until %(date)s") % {"date": last} if last else ""
