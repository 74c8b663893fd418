"""The example worked out by hand: countries that leave, enter and come back, and all that could be counted twice.

Its values, as they have to be shown everywhere, stand in `TONNES`.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from initiatives.models import Indicator, Result
from tests import factories as make

#: Tonnes in middle-income countries, as they stood at the end of each year.
TONNES = {
    2021: 30,  # the lab
    2022: 30,  # the lab's 35 of 2022 is dated in a low-income country: its 30 is carried
    2023: 140,  # the lab 40 and the programme 100; the part's 60 are in those 100
    2024: 150,  # the lab 50, the programme 100 carried
    2025: 162,  # the same, and Costa Rica's second quarter: 12, not 10 + 12 + 15 + 20, and not 20
    2026: 171,  # the same, all carried, and Venezuela 9
}


def end_of(year: int, quarter: int = 4) -> dt.date:
    """The first day after a quarter."""
    return dt.date(year + 1, 1, 1) if quarter == 4 else dt.date(year, quarter * 3 + 1, 1)


def tell(
    indicator: Indicator,
    initiative: Any,
    country: Any,
    year: int,
    value: Any = None,
    quarter: int | None = None,
    **fields: Any,
) -> Result:
    """File a result of a year, or of one of its quarters."""
    start = dt.date(year, 1, 1) if quarter in {None, 1} else end_of(year, (quarter or 1) - 1)
    return make.ResultFactory(
        indicator=indicator,
        initiative=initiative,
        entity=indicator.owner,
        country=country,
        value=value,
        period_start=start,
        period_end=end_of(year, quarter or 4),
        **fields,
    )


def classify(country: Any, groups: str, first_year: int = 2020) -> None:
    """Income groups of fiscal years on end; "-" is unclassified."""
    for year, group in enumerate(groups.split(), first_year):
        make.IncomeClassificationFactory(country=country, fiscal_year=year, income_group=group.strip("-"))


def world() -> SimpleNamespace:
    """Three countries in the groups that they were in, a programme with a part, and two more initiatives."""
    costa_rica, zambia, venezuela = (make.CountryFactory(iso3=iso3) for iso3 in ("CRI", "ZMB", "VEN"))
    #                      2020 21 22 23 24 25 26 27
    classify(costa_rica, "UM UM UM UM UM UM H H")  # left with the fiscal year 2026, on 1 July 2025
    classify(zambia, "LM LM LM L LM LM LM LM")  # low income from 1 July 2022 to 30 June 2023
    classify(venezuela, "UM UM - - - - - LM")  # unclassified from 1 July 2021 to 30 June 2026
    programme, part, hub, lab = (make.InitiativeFactory(published=True) for _number in range(4))
    make.RelationFactory(source=part, target=programme)
    return SimpleNamespace(
        costa_rica=costa_rica, zambia=zambia, venezuela=venezuela, programme=programme, part=part, hub=hub, lab=lab
    )


def tonnes(world: SimpleNamespace, **fields: Any) -> Indicator:
    """Tonnes since 2020 in middle-income countries, as they stood at the end of each period."""
    indicator = make.IndicatorFactory(cumulative=True, middle_income=True, **fields)
    # The hub in Costa Rica, by quarter: the last two of 2025 are dated after it left the group.
    for quarter, amount in enumerate([10, 12, 15, 20], 1):
        tell(indicator, world.hub, world.costa_rica, 2025, amount, quarter)
    # The lab in Zambia: 2022 ends while it is a low-income country. Nothing came after 2024.
    for year, amount in [(2021, 30), (2022, 35), (2023, 40), (2024, 50)]:
        tell(indicator, world.lab, world.zambia, year, amount, is_provisional=year == 2024)
    # The programme in Zambia, and its part, of which the programme tells too.
    tell(indicator, world.programme, world.zambia, 2023, 100)
    tell(indicator, world.part, world.zambia, 2023, 60)
    tell(indicator, world.part, world.zambia, 2025, 70)
    # The programme in Venezuela: unclassified at the end of 2025, lower middle income at the end of 2026.
    tell(indicator, world.programme, world.venezuela, 2025, 7)
    tell(indicator, world.programme, world.venezuela, 2026, 9)
    # Not split by country, and no data.
    tell(indicator, world.hub, None, 2024, 1000)
    tell(indicator, world.lab, world.zambia, 2025, no_value="not_measured")
    return indicator
