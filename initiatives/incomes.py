"""The income groups of countries over the fiscal years of the World Bank: 1 July to 30 June, named by their end."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from initiatives.choices import MIDDLE_INCOME, IncomeGroup, UnMembership
from initiatives.models import Country, IncomeClassification
from portal.common.dates import Precision, show_range


@dataclass(frozen=True)
class IncomeSpan:
    """Fiscal years, one after the other, in which a country was in the same group; an empty one: unclassified."""

    first: int
    last: int
    group: str

    @property
    def years(self) -> str:
        return f"FY{self.first}" if self.first == self.last else f"FY{self.first}–FY{self.last}"

    @property
    def in_force(self) -> str:
        """The days that it holds, in the reader's language."""
        return show_range(dt.date(self.first - 1, 7, 1), Precision.DAY, dt.date(self.last, 7, 1), Precision.DAY)

    @property
    def label(self) -> str:
        """The group in the reader's language, and whether it is one of the middle-income countries."""
        if not self.group:
            return _("Unclassified")
        name = capfirst(str(IncomeGroup(self.group).label))
        return _("%(group)s (middle-income country)") % {"group": name} if self.group in MIDDLE_INCOME else name


@dataclass(frozen=True)
class Move:
    """A country that joined the middle-income countries with a fiscal year, or left them."""

    country: Country
    before: str
    after: str


@dataclass(frozen=True)
class MiddleIncomeYear:
    """The middle-income countries of a fiscal year, by group, and what changed with it."""

    year: int
    lower: list[Country]
    upper: list[Country]
    joined: list[Move]
    left: list[Move]
    unclassified: list[Country]  # the World Bank names them, without a group

    @property
    def count(self) -> int:
        return len(self.lower) + len(self.upper)

    @property
    def observers(self) -> list[Country]:
        """Those that are no Member States: indicators tell how many of the Member States they reached."""
        return [one for one in [*self.lower, *self.upper] if one.un_member != UnMembership.MEMBER]

    @property
    def member_count(self) -> int:
        return self.count - len(self.observers)


def income_history(country: Country) -> list[IncomeSpan]:
    """Return the groups a country was in, the latest first. A year without any word of it counts as unclassified."""
    known = dict(country.income_classifications.values_list("fiscal_year", "income_group"))
    if not known:
        return []
    spans: list[IncomeSpan] = []
    for year in range(min(known), max(known) + 1):
        group = known.get(year, "")
        if spans and spans[-1].group == group:
            spans[-1] = replace(spans[-1], last=year)
        else:
            spans.append(IncomeSpan(year, year, group))
    return spans[::-1]


def fiscal_years() -> list[int]:
    """Return the fiscal years of which groups are known, the latest first."""
    known = IncomeClassification.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return list(known.distinct())


def middle_income_in(year: int) -> MiddleIncomeYear:
    """Return the middle-income countries of a fiscal year, in the order of their names, among Member States and
    observers."""
    rows = IncomeClassification.objects.filter(fiscal_year__in=[year - 1, year]).order_by()
    groups: dict[int, dict[int, str]] = {year - 1: {}, year: {}}
    for country, fiscal_year, group in rows.values_list("country", "fiscal_year", "income_group"):
        groups[fiscal_year][country] = group
    before, now = groups[year - 1], groups[year]
    countries = sorted(Country.objects.states(), key=lambda country: country.name.casefold())
    moves = [Move(country, before.get(country.pk, ""), now.get(country.pk, "")) for country in countries]
    has_before = bool(before)
    return MiddleIncomeYear(
        year,
        lower=[move.country for move in moves if move.after == IncomeGroup.LOWER_MIDDLE],
        upper=[move.country for move in moves if move.after == IncomeGroup.UPPER_MIDDLE],
        joined=[
            move for move in moves if has_before and move.after in MIDDLE_INCOME and move.before not in MIDDLE_INCOME
        ],
        left=[move for move in moves if move.before in MIDDLE_INCOME and move.after not in MIDDLE_INCOME],
        unclassified=[move.country for move in moves if move.country.pk in now and not move.after],
    )
