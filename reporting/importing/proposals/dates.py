"""Dates in running text, as exact as they are printed, in the six languages."""

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple

from django.utils import dates as month_names
from django.utils import translation

from portal.common import dates
from portal.common.dates import Precision
from portal.common.languages import Language

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_TO = r"\s*(?:-|–|—|/|to|and|until|au|à|et|al|a|y|по|до|и|إلى|الى|و|حتى)\s*(?:the\s+|le\s+|el\s+)?"
_OF = r"\s*(?:of\s+|de\s+|del\s+|من\s+)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_WEEKDAY = r"(?:[^\W\d_]{3,13},?\s+)?"

# words for a quarter, from the first to the fourth
_QUARTERS: dict[str, tuple[str, list[str]]] = {
    "en": (
        r"(?:{q})\s+quarter\s+(?:of\s+)?{y}|Q(?P<q2>[1-4])\s+{y2}",
        ["first|1st", "second|2nd", "third|3rd", "fourth|4th|last"],
    ),
    "fr": (
        r"(?:{q})\s+trimestre\s+(?:de\s+)?{y}",
        ["premier|1er", "deuxième|2e", "troisième|3e", "quatrième|4e|dernier"],
    ),
    "es": (r"(?:{q})\s+trimestre\s+(?:de\s+)?{y}", ["primer", "segundo", "tercer", "cuarto|último"]),
    "ru": (r"(?:{q})\s+квартал\w*\s+{y}", [r"I|1|перв\w+", r"II|2|втор\w+", r"III|3|треть\w+", r"IV|4|четв[её]рт\w+"]),
    "ar": (r"الربع\s+(?:{q})\s+(?:من\s+)?(?:عام\s+|سنة\s+)?{y}", ["الأول", "الثاني", "الثالث", "الرابع|الأخير"]),
}
# words before a year that stands alone
_BEFORE_YEAR = {
    "en": r"in|since|by|until|during|before|after|from|early|late|mid|about|around",
    "fr": r"en|depuis|dès|avant|après|vers|fin|début",
    "es": r"en|desde|hasta|durante|antes\s+de|hacia|para",
    "ru": r"в|с|до|к|после|около",
    "ar": r"عام|سنة|العام",
}
_ABOUT = re.compile(r"about|around|vers|hacia|около|حوالي", re.IGNORECASE)


class PrintedDate(NamedTuple):
    """A date in a text: half-open, with the precision of both its ends."""

    starts_on: dt.date
    ends_on: dt.date
    precision: Precision
    start: int  # place in the text
    end: int


def dates_in(text: str, language: str) -> list[PrintedDate]:
    """Return the dates of a text from left to right. What is no date, such as 31 February, is left out."""
    text = text.translate(_DIGITS)
    found: list[PrintedDate] = []
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue  # a day is exacter than the month within it
            if read := _read(match, language):
                found.append(read)
    return sorted(found, key=lambda date: date.start)


@lru_cache
def _months(language: str) -> dict[str, int]:
    """Return the numbers of months by their names, in small letters."""
    found: dict[str, int] = {}
    with translation.override("zh-hans" if language == Language.CHINESE else language):
        for names in (month_names.MONTHS, month_names.MONTHS_ALT, month_names.MONTHS_AP):
            found |= {str(name).casefold().rstrip("."): number for number, name in names.items()}
    if language == Language.RUSSIAN:  # in November: the case that Django has no list of
        found |= {f"{re.sub('[ьйя]$', '', name)}е": number for name, number in list(found.items()) if len(name) > 2}
    return found


@lru_cache
def _patterns(language: str) -> list[re.Pattern[str]]:
    """Return the forms of a date, the exactest first."""
    if language == Language.CHINESE:
        year, month, day = (
            r"(?P<year>(?:19|20)\d\d)\s*年",
            r"\s*(?P<month>1[0-2]|0?[1-9])\s*月",
            r"\s*(?P<day>\d{1,2})\s*日",
        )
        to = r"\s*(?:至|到|-|–|—|~)\s*"
        forms = [
            rf"{year}{month}{day}{to}(?:(?P<month2>1[0-2]|[1-9])\s*月)?\s*(?P<day2>\d{{1,2}})\s*日",
            rf"{year}{month}{day}",
            rf"{year}{month}",
            rf"{year}第?(?P<quarter>[一二三四1-4])季度",
            year,
        ]
        return [re.compile(form) for form in forms]
    names = sorted(_months(language), key=len, reverse=True)
    # in Arabic both names of a month are often printed: كانون الثاني/يناير
    both = r"(?:[\u0600-\u06ff]+(?:\s[\u0600-\u06ff]+)?/)?" if language == Language.ARABIC else ""
    month = rf"{both}(?P<month>{'|'.join(map(re.escape, names))})(?![^\W_])\.?"
    month2 = month.replace("<month>", "<month2>")
    day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|-го)?"
    day2 = r"(?P<day2>\d{1,2})(?:st|nd|rd|th|er|º|-го)?"
    after = r",?\s*(?:de\s+|del\s+|of\s+)?"
    forms = [
        rf"{day}{_OF}{month}(?:{after}(?P<year2>(?:19|20)\d\d))?,?{_TO}{_WEEKDAY}{day2}{_OF}{month2}{after}{_YEAR}",
        rf"{day}{_TO}{day2}{_OF}{month}{after}{_YEAR}",
        rf"{day}{_OF}{month}{after}{_YEAR}",
        rf"(?<![^\W_]){month}\s+{day2}{_TO}(?P<day3>\d{{1,2}}),?\s+{_YEAR}",
        rf"(?<![^\W_]){month}\s+{day2},?\s+{_YEAR}",
        rf"(?<![^\W_]){month}{_TO}{month2}{after}{_YEAR}",
        rf"(?<![^\W_]){month}{after}{_YEAR}",
        _quarter_form(language),
        rf"(?<![^\W_])(?P<before>{_BEFORE_YEAR[language]})[\s-]+{_YEAR}(?!\s?[-–/]\s?\d)",
    ]
    return [re.compile(form, re.IGNORECASE) for form in forms]


def _quarter_form(language: str) -> str:
    form, words = _QUARTERS[language]
    names = "|".join(f"(?P<quarter{number}>{word})" for number, word in enumerate(words, start=1))
    return rf"(?<![^\W_]){form.format(q=names, y=_YEAR, y2=_YEAR.replace('<year>', '<q2year>'))}"


def _read(match: re.Match[str], language: str) -> PrintedDate | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    try:
        first, last, precision = _span(groups, _months(language))
        starts_on, after, _precision = dates.parse(first)
        ends_on = dates.parse(last)[1] if last else after
    except (ValueError, KeyError):
        return None
    if ends_on <= starts_on:
        return None
    return PrintedDate(starts_on, ends_on, precision, match.start(), match.end())


def _span(groups: dict[str, str], months: dict[str, int]) -> tuple[str, str, Precision]:
    """Return first and last date as `portal.common.dates` writes them, the last empty where there is one alone."""
    year = groups.get("year") or groups["q2year"]
    quarter = next((name[-1] for name in groups if re.fullmatch(r"quarter[1-4]", name)), groups.get("q2", ""))
    if chinese := groups.get("quarter"):
        quarter = str("一二三四".find(chinese) + 1 or chinese)
    if quarter:
        return f"{year}-Q{quarter}", "", Precision.QUARTER
    if "month" not in groups:
        about = _ABOUT.match(groups.get("before", ""))
        return f"{'~' if about else ''}{year}", "", Precision.ABOUT if about else Precision.YEAR

    def number(name: str) -> int:
        return int(groups[name]) if groups[name].isdecimal() else months[groups[name].casefold()]

    month, month2 = number("month"), number("month2" if "month2" in groups else "month")
    if not {"day", "day2"} & groups.keys():
        last = f"{year}-{month2:02}" if month2 != month else ""
        return f"{year}-{month:02}", last, Precision.MONTH
    days = [int(groups[name]) for name in ("day", "day2", "day3") if name in groups]
    first = f"{groups.get('year2', year)}-{month:02}-{days[0]:02}"
    last = f"{year}-{month2:02}-{days[1]:02}" if len(days) > 1 else ""
    return first, last, Precision.DAY


def show(date: PrintedDate) -> str:
    """Return a date in words."""
    return dates.show_range(date.starts_on, date.precision, date.ends_on, date.precision)
