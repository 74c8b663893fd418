"""Makes the words of a table of indicators: figures -> the clean subset of HTML. Pure.

Numbers are rounded here and nowhere else, as the language of the document writes them. What has to be said beside a
number stands in a footnote of it: what is carried, left out, not split or not final, and where it comes from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from math import ceil
from typing import TypeGuard

from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format

from initiatives.choices import NUMBERS, Scope
from portal.common.languages import interface_language
from reporting.choices import TableRows
from reporting.compilation.snapshot import Aim, Figures, IndicatorFigures, YearOfIndicator, YearOfReporting
from reporting.compilation.table_words import table_words
from reporting.compilation.texts import LETTERS_ACROSS, room_for

_TAGS = re.compile(r"<[^>]*>")
HUNDREDTHS = Decimal("0.01")


def shown_number(value: str, language: str) -> str:
    """Return a number as the language writes it, with two decimals at most, but never a small one as zero."""
    number = Decimal(value)
    rounded = number.quantize(HUNDREDTHS, ROUND_HALF_UP) if number != number.to_integral_value() else number
    if number and not rounded:
        rounded = Decimal(f"{number:.1g}")
    text = f"{rounded.normalize():f}"
    _whole, _point, decimals = text.partition(".")
    with translation.override(interface_language(language)):
        return number_format(Decimal(text), decimal_pos=len(decimals), use_l10n=True, force_grouping=True)


def table_html(figures: Figures, *, rows: str, language: str) -> str:
    """Return the text of an item that is a table of indicators; empty where there is no indicator."""
    if not figures["indicators"]:
        return ""
    table = _Table(figures, language)
    return table.by_indicators() if rows == TableRows.INDICATORS else table.by_years()


def chart_html(figures: Figures, *, is_drawn: bool, language: str) -> str:
    """Return what stands above a chart: its indicator and the last year, each with its notes; or why none is drawn."""
    table = _Table(figures, language)
    return "".join(table.above_chart(one, is_drawn=is_drawn) for one in figures["indicators"])


class _Table:
    def __init__(self, figures: Figures, language: str) -> None:
        self.figures = figures
        self.language = language
        self.said = table_words(language)
        self.years = range(figures["first_year"], figures["last_year"] + 1)

    # Two ways to print

    def by_indicators(self) -> str:
        said, last = self.said, self.figures["last_year"]
        heads = [said["indicator"], said["baseline"], *map(str, self.years), said["target"]]
        heads += [f"{said['reporting']} {last}"]
        rows = []
        notes = [self._told_of(one) for one in self.figures["indicators"]]
        of_all = [words for words in notes[0] if all(words in told for told in notes)]
        for one, told in zip(self.figures["indicators"], notes, strict=True):
            for position, kind in enumerate(_kinds(one)):
                own = [words for words in told if words not in of_all and not position]
                cells = [self._named(one, kind)]
                if one["is_pending"]:
                    listed = f"{said['by_unit']} {self._listed_units(one)}".strip()
                    cells += [
                        f"{escape(said['pending'])}{_note([listed])}" if year == last else "" for year in self.years
                    ]
                    cells[1:1] = [""]
                else:
                    cells.append(self._aim(one["baselines"], kind, None))
                    cells += [self._both(one, kind, year) for year in self.years]
                reporting = [self._reporting(one, last), self._state(one, kind, last)]
                cells += [self._aim(one["targets"], kind, last), said["comma"].join(filter(None, reporting))]
                rows.append((cells, _note(own)))
        tables = "".join(_side_by_side(heads, rows))
        return f"{tables}<p>{escape(' '.join(of_all))}</p>" if of_all else tables

    def by_years(self) -> str:
        return "".join(part for one in self.figures["indicators"] for part in self._of_one(one))

    def _of_one(self, one: IndicatorFigures) -> Iterator[str]:
        said = self.said
        yield f"<p><strong>{self.name(one)}</strong></p>"
        if one["is_pending"]:
            yield self._by_unit(one)
            return
        has_so_far = any(year["so_far"] is not None for year in one["years"])
        heads = [said["year"], said["new"] if has_so_far else said["value"]]
        heads += [said["so_far"]] if has_so_far else []
        heads += [said["target"], said["reporting"], said["state"]]
        rows = []
        for aim in one["baselines"]:
            label = f"{said['baseline']} {aim['year']}"
            kind = self._kind(one, aim["kind"])
            cells = [f"{escape(label)}{kind}", self._number(aim["value"])]
            rows.append([*cells, *[""] * (len(heads) - 2)])
        for year in self.years:
            for kind in _kinds(one):
                cells = [f"{year}{self._kind(one, kind)}", self._value(one, kind, year)]
                cells += [self._so_far(one, kind, year)] if has_so_far else []
                cells += [
                    self._aim(one["targets"], kind, year, exactly=True),
                    self._reporting(one, year),
                    self._state(one, kind, year),
                ]
                rows.append(cells)
        yield _table(heads, rows)

    def _by_unit(self, one: IndicatorFigures) -> str:
        """Return what there is to tell while the unit is pending: no total, so neither values by year nor a chart."""
        said = self.said
        told = f"<p>{escape(said['by_unit'])}</p>"
        rows = [
            [
                escape(unit["name"]),
                self._number(unit["results"]),
                self._number(unit["initiatives"]),
                _span(unit["first_year"], unit["last_year"]),
            ]
            for unit in one["units"]
        ]
        return (
            told + _table([said["unit"], said["results"], said["initiatives"], said["years"]], rows) if rows else told
        )

    def above_chart(self, one: IndicatorFigures, *, is_drawn: bool) -> str:
        said, last = self.said, self.figures["last_year"]
        above = f"<p><strong>{self.name(one)}</strong></p>"
        if one["is_pending"]:
            return above + self._by_unit(one)
        if not is_drawn:
            return f"{above}<p>{escape(said['no_chart'])}</p>"
        told = [f"{last}{self._kind(one, kind)}: {self._with_state(one, kind, last)}" for kind in _kinds(one)]
        told.append(f"{escape(said['reporting'])}: {self._reporting(one, last)}")
        return f"{above}<p>{'; '.join(told)}</p>"

    def _with_state(self, one: IndicatorFigures, kind: str, year: int) -> str:
        state = self._state(one, kind, year)
        return self._both(one, kind, year) + (f", {state}" if state else "")

    # Cells

    def name(self, one: IndicatorFigures) -> str:
        """Return code, name and unit of an indicator, with a note of where it comes from and how it is to be read."""
        return f"{self._named(one)}{_note(self._told_of(one))}"

    def _named(self, one: IndicatorFigures, kind: str = "") -> str:
        name = escape(one["name"])
        if one["language"] != self.language:
            name = f'<span lang="{one["language"]}">{name}</span>'
        unit = f" ({escape(one['unit'])})" if one["unit"] else ""
        return f"{escape(one['code'])} {name}{self._kind(one, kind)}{unit}"

    def _told_of(self, one: IndicatorFigures) -> list[str]:
        """Return where an indicator comes from and how its values are to be read."""
        said = self.said
        told = [
            said["source"].format(
                source=one["source"].rstrip(".。"), workplan=one["workplan"].rstrip("."), edition=one["edition"]
            )
        ]
        if one["scope"] == Scope.MIDDLE_INCOME:
            told.append(said["scoped"])
        if one["since"] and (day := parse_date(one["since"])):
            with translation.override(interface_language(self.language)):
                told.append(said["since"].format(day=date_format(day, "DATE_FORMAT")))
        if one["may_repeat"]:
            told.append(said["may_repeat"])
        return told

    def _kind(self, one: IndicatorFigures, code: str) -> str:
        name = _name_of(one, code)
        return f" – {escape(name)}" if name else ""

    def _both(self, one: IndicatorFigures, kind: str, year: int) -> str:
        """Return the value of a year, with what there is so far where both are told."""
        found = _find(one["years"], kind, year)
        if found and found["so_far"] is not None:
            so_far = self._number(found["so_far"])
            if found["value"] is None:  # what was counted before stays
                words = f"{self._none(one, found, year)}; {self.said['so_far_alone'].format(so_far=so_far)}"
            else:
                words = self.said["new_and_so_far"].format(new=self._number(found["value"]), so_far=so_far)
            return f"{escape(words)}{_note([*self._counted(one, found), *self._notes(one, found, year)])}"
        return self._value(one, kind, year)

    def _value(self, one: IndicatorFigures, kind: str, year: int) -> str:
        found = _find(one["years"], kind, year)
        notes = self._notes(one, found, year)
        if found and found["value"] is not None:
            return f"{self._number(found['value'])}{_note(notes)}"
        return f"{escape(self._none(one, found, year))}{_note(notes)}"

    def _none(self, one: IndicatorFigures, found: YearOfIndicator | None, year: int) -> str:
        """Return why there is no value: nobody reported, or what was reported makes no total."""
        told = _find_reporting(one["reporting"], year)
        has_values = _is_told(found) or bool(told and told["reporting"] and not one["has_total"])
        return self.said["no_total"] if has_values else self.said["no_data"]

    def _so_far(self, one: IndicatorFigures, kind: str, year: int) -> str:
        found = _find(one["years"], kind, year)
        if not found or found["so_far"] is None:
            return ""
        words = self._of_group(found) if found["of"] is not None else self._number(found["so_far"])
        return f"{escape(words)}{_note(self._countries(one, year))}"

    def _of_group(self, found: YearOfIndicator) -> str:
        """Return how many countries are counted, and how many of the group they are at the end of the year."""
        return self.said["of_group"].format(
            count=self._number(found["so_far"] or 0),
            still=self._number(found["still_in_scope"] or 0),
            all=self._number(found["of"] or 0),
            year=found["fiscal_year"],
        )

    def _counted(self, one: IndicatorFigures, found: YearOfIndicator) -> Iterator[str]:
        if found["of"] is not None:
            yield f"{self._of_group(found)}."
        yield from self._countries(one, found["year"])

    def _countries(self, one: IndicatorFigures, year: int) -> Iterator[str]:
        """Yield the countries behind a count, beside that of the last year."""
        if year == self.figures["last_year"] and one["countries"]:
            listed = [
                f"{country['name']} {country['since']}"
                if country["in_scope"]
                else self.said["left"].format(country=country["name"], year=country["since"])
                for country in one["countries"]
            ]
            yield self.said["countries"].format(list=self.said["comma"].join(listed))

    def _aim(self, aims: Sequence[Aim], kind: str, year: int | None, *, exactly: bool = False) -> str:
        """Return the baseline; or the target of a year, else the next one with its year."""
        own = [aim for aim in aims if aim["kind"] == kind]
        if year is None:
            found = own[-1] if own else None
        else:
            found = next((aim for aim in own if aim["year"] == year or (not exactly and aim["year"] > year)), None)
        if found is None:
            return escape(self.said["not_set"])
        number = self._number(found["value"])
        return number if found["year"] == year else f"{number} ({found['year']})"

    def _reporting(self, one: IndicatorFigures, year: int) -> str:
        found = _find_reporting(one["reporting"], year)
        if found is None:
            return self.said["of"].format(count=self._number(0), all=self._number(0))
        words = self.said["of"].format(count=self._number(found["reporting"]), all=self._number(found["expected"]))
        told = [self.said["unanswered"].format(count=found["no_data"])] if found["no_data"] else []
        return f"{escape(words)}{_note(told)}"

    def _state(self, one: IndicatorFigures, kind: str, year: int) -> str:
        """Return whether all values of a year are final; nothing where there are none."""
        found, told = _find(one["years"], kind, year), _find_reporting(one["reporting"], year)
        provisional = told["provisional"] if told else 0
        if one["value_kind"] in NUMBERS and one["has_total"]:
            if not _is_told(found):
                return ""
            provisional = found["provisional"]
        if provisional:
            told_of = self.said["provisional_values"].format(count=provisional)
            return f"{escape(self.said['provisional'])}{_note([told_of])}"
        is_told = bool(told and told["reporting"]) or bool(found and found["carried"])
        return escape(self.said["final"]) if is_told else ""

    def _notes(self, one: IndicatorFigures, found: YearOfIndicator | None, year: int) -> Iterator[str]:
        """Yield what has to be said beside the value of a year."""
        said = self.said
        if not one["has_total"]:
            yield said["not_added"]
            if year == self.figures["last_year"] and one["places"]:
                listed = [
                    f"{' – '.join(filter(None, [place['name'] or said['unsplit'], _name_of(one, place['kind'])]))}: "
                    f"{self._number(place['value'])}"
                    for place in one["places"]
                ]
                yield said["places"].format(list="; ".join(listed))
        if found:
            if found["carried_value"] is not None:
                yield said["carried"].format(
                    year=found["carried_from"], value=self._number(found["carried_value"]), count=found["carried"]
                )
            if found["within_programmes"]:
                yield said["within"].format(count=found["within_programmes"])
            if found["adoptions"] is not None and found["adoptions_so_far"] is not None:
                yield said["adoptions"].format(
                    new=self._number(found["adoptions"]), so_far=self._number(found["adoptions_so_far"])
                )
            if found["not_split"] is not None:
                yield said["not_split"].format(value=self._number(found["not_split"]))
            if found["in_groups"] is not None:
                yield said["in_groups"].format(value=self._number(found["in_groups"]))
        if told := _find_reporting(one["reporting"], year):
            if told["out_of_scope"]:
                yield said["out_of_scope"].format(count=told["out_of_scope"])
            if told["unclassified"]:
                yield said["unclassified"].format(count=told["unclassified"])

    def _listed_units(self, one: IndicatorFigures) -> str:
        said = self.said
        return " ".join(
            f"{unit['name']}: {said['results']} {unit['results']}, {said['initiatives']} {unit['initiatives']}, "
            f"{_span(unit['first_year'], unit['last_year'])}."
            for unit in one["units"]
        )

    def _number(self, value: str | int) -> str:
        return shown_number(str(value), self.language)


def _kinds(one: IndicatorFigures) -> Sequence[str]:
    return [kind["code"] for kind in one["kinds"]] or [""]


def _name_of(one: IndicatorFigures, kind: str) -> str:
    return next((known["name"] for known in one["kinds"] if known["code"] == kind), "")


def _find(years: Iterable[YearOfIndicator], kind: str, year: int) -> YearOfIndicator | None:
    return next((one for one in years if one["year"] == year and one["kind"] == kind), None)


def _is_told(found: YearOfIndicator | None) -> TypeGuard[YearOfIndicator]:
    """Whether a year holds anything reported for it or carried into it, and not what there was before alone."""
    if found is None:
        return False
    return found["so_far"] is None or any(found[name] is not None for name in ("value", "not_split", "in_groups"))


def _find_reporting(years: Iterable[YearOfReporting], year: int) -> YearOfReporting | None:
    return next((one for one in years if one["year"] == year), None)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _note(told: Iterable[str]) -> str:
    text = " ".join(told)
    return f'<span data-footnote="{escape(text)}">*</span>' if text else ""


def _side_by_side(heads: Sequence[str], rows: Sequence[tuple[Sequence[str], str]]) -> Iterator[str]:
    """Yield the tables of columns that have room for their words in the width of a page, as few as will do.

    The first column stands in each, with the note of its row in the first table alone.
    """
    columns = zip(heads, *(cells for cells, _told in rows), strict=True)
    first, *needs = [max(room_for(_TAGS.sub("", cell)) for cell in column) for column in columns]
    for tables in range(1, len(needs) + 1):
        most = ceil(len(needs) / tables)
        parts = [slice(at, at + most) for at in range(0, len(needs), most)]
        if all(first + sum(needs[part]) <= LETTERS_ACROSS for part in parts):
            break
    for number, part in enumerate(parts):
        made = [[f"{name}{'' if number else told}", *cells[part]] for (name, *cells), told in rows]
        yield _table([heads[0], *heads[1:][part]], made)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are HTML, heads are words."""
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
