"""Days, and periods reported on, as cover pages and titles print them in six languages."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from reporting.importing import vocabulary
from reporting.importing.vocabulary import flat


@dataclass(frozen=True)
class DateRange:
    """Days, half-open, and where their words stand in a text."""

    starts_on: dt.date
    ends_on: dt.date  # first day after the last; may lie before the start where a document errs
    begin: int
    end: int

    @property
    def is_one_day(self) -> bool:
        return self.ends_on - self.starts_on == dt.timedelta(days=1)


@cache
def _months(language: str) -> tuple[str, dict[str, int]]:
    """Return an expression for the months of the language and of English, and their numbers by its groups."""
    forms = []
    for one in dict.fromkeys((language, "en")):
        for number, names in enumerate(vocabulary.MONTHS.get(one, []), start=1):
            forms += [(name, number) for name in names.split("|")]
    forms = [(flat(name), number) for name, number in forms]
    forms.sort(key=lambda form: -len(form[0]))
    numbers = {name.replace(" ?/ ?", "/"): number for name, number in forms}
    return "|".join(rf"{name}(?!\w)\.?" for name, _number in forms), numbers


_TO = r"\s*(?:-|–|—|/|\bto\b|\bthrough\b|\bau\b|\bal?\b|\bпо\b|\bдо\b|الى|\band\b|\bet\b|\by\b|\bи\b|و|至|到|和)\s*"
_OF = r"(?:\s*,)?\s*(?:\bde\b|\bdel\b|\bof\b)?\s*"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|o|°|\.)?"
_YEAR = r"((?:19|20)\d\d)(?!\d)"
_YEAR_WORD = r"(?:\s*(?:года?|году|г\.|م\b))?"  # what stands after the year in Russian and Arabic


@cache
def _date_forms(language: str) -> list[re.Pattern[str]]:
    months = f"({_months(language)[0]})"
    return [
        re.compile(
            rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日"
            rf"(?:{_TO}(?:{_YEAR}年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日)?"
        ),
        re.compile(
            rf"(?<!\w){_DAY}(?:{_OF}{months})?(?:{_OF}{_YEAR})?{_TO}{_DAY}{_OF}{months}{_OF}{_YEAR}{_YEAR_WORD}"
        ),
        re.compile(rf"(?<!\w){months}\s*{_DAY}(?:{_TO}(?:{months}\s*)?{_DAY})?\s*,?\s*{_YEAR}"),
        re.compile(rf"(?<!\w){_DAY}{_OF}{months}{_OF}{_YEAR}{_YEAR_WORD}"),
    ]


def dates_in(text: str, language: str) -> DateRange | None:
    """Return the first day or range of days that a text names with its year."""
    letters = flat(text)
    chinese, days, months_first, day = (form.search(letters) for form in _date_forms(language))
    try:
        if chinese:
            year, month, first, last_year, last_month, last = chinese.groups()
            start = dt.date(int(year), int(month), int(first))
            end = dt.date(int(last_year or year), int(last_month or month), int(last)) if last else start
            return _range(start, end, chinese)
        if days:
            first, month, year, last, last_month, last_year = days.groups()
            end = dt.date(int(last_year), _month(last_month, language), int(last))
            return _range(dt.date(int(year or last_year), _month(month or last_month, language), int(first)), end, days)
        if months_first:
            month, first, last_month, last, year = months_first.groups()
            start = dt.date(int(year), _month(month, language), int(first))
            end = dt.date(int(year), _month(last_month or month, language), int(last)) if last else start
            return _range(start, end, months_first)
        if day:
            first, month, year = day.groups()
            start = dt.date(int(year), _month(month, language), int(first))
            return _range(start, start, day)
    except ValueError:  # 31 June
        return None
    return None


def _range(first: dt.date, last: dt.date, found: re.Match[str]) -> DateRange:
    return DateRange(first, last + dt.timedelta(days=1), found.start(), found.end())


def _month(word: str, language: str) -> int:
    return _months(language)[1][re.sub(r"\s*/\s*", "/", word).rstrip(".")]


_IN = r"(?:\b(?:in|during|for|year|en|au cours de|pour|annee|durante|para|ano|в|за)|في|خلال|عام|سنة|عامي)"
_AND_YEARS = r"\s*(?:年|годы|годах|гг?\.)?\s*(?:-|–|—|/|\band\b|\bet\b|\by\b|\bи\b|و|和|至|、|\bto\b)\s*(?:عام\s*)?"


@cache
def _period_forms(language: str) -> list[re.Pattern[str]]:
    months = f"({_months(language)[0]})"
    return [
        re.compile(
            rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(?:-|–|—|至|到)\s*(?:{_YEAR}\s*年)?\s*(\d{{1,2}})\s*月(?!\d)"
        ),
        re.compile(rf"(?<!\w){months}(?:{_OF}{_YEAR})?{_TO}{months}{_OF}{_YEAR}"),
        re.compile(rf"(?<![\d/.-]){_YEAR}{_AND_YEARS}((?:19|20)?\d\d)(?![\d/])"),
        re.compile(rf"{_IN}\s*(?:the year |l'annee |el ano )?{_YEAR}(?!\s*agenda)"),
        re.compile(rf"(?<![\d/.-]){_YEAR}\s*年"),
        re.compile(rf"[(（]\s*{_YEAR}\s*[)）]|(?<![\d/.+-]){_YEAR}\s*$|^{_YEAR}(?=\s)(?!\s*(?:agenda|review))"),
    ]


def period_in(text: str, language: str) -> tuple[dt.date, dt.date] | None:
    """Return the period, half-open, that a title says it reports on: a year, years, or months."""
    if not text:
        return None
    letters = flat(text)
    efforts = re.search(rf"(?:{vocabulary.alternatives(vocabulary.EFFORTS, language)})", letters)
    for words in [letters[efforts.end() :], letters] if efforts else [letters]:
        chinese, months, years, said, chinese_year, alone = (form.search(words) for form in _period_forms(language))
        if chinese and 1 <= int(chinese[2]) <= 12 and 1 <= int(chinese[4]) <= 12:
            year, month, last_year, last_month = chinese.groups()
            return dt.date(int(year), int(month), 1), _after_month(int(last_year or year), int(last_month))
        if months:
            month, year, last_month, last_year = months.groups()
            start = dt.date(int(year or last_year), _month(month, language), 1)
            return start, _after_month(int(last_year), _month(last_month, language))
        if years:
            first, last = int(years[1]), int(years[2])
            last = last if last > 99 else first - first % 100 + last
            if first < last <= first + 10:
                return dt.date(first, 1, 1), dt.date(last + 1, 1, 1)
        if one := said or chinese_year or alone:
            year = int(next(filter(None, one.groups())))
            return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return None


def _after_month(year: int, month: int) -> dt.date:
    return dt.date(year + (month == 12), month % 12 + 1, 1)
