"""Charts: what is drawn, what is told instead, and the drawing itself."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import translation

from initiatives.aggregation import CountryCount, Coverage, Figures, Total
from initiatives.charts import shown, spec_of, words_of, year_chart
from initiatives.choices import TargetKind
from portal.common.charts import ChartFormat, draw
from tests import factories as make


def total(year, value, *, carried=None, category=None, provisional=0):
    value, carried = Decimal(value), carried and Decimal(carried)
    return Total(year, category, value, None, 2, 1, 1 if carried else 0, carried, None, provisional, 0, None, None)


class TestShown:
    @pytest.mark.parametrize(
        ("value", "words"),
        [("1234567", "1,234,567"), ("12.3450", "12.35"), ("0.000123", "0.00012"), ("-0.5", "-0.5"), ("0", "0")],
    )
    def test_rounds_what_is_shown_and_nothing_else(self, value, words):
        assert shown(Decimal(value)) == words


@pytest.mark.django_db
class TestAChart:
    def test_shows_values_with_what_was_carried_against_targets(self):
        indicator = make.IndicatorFactory(cumulative=True)
        figures = Figures(indicator.pk, "", totals=[total(2024, 150), total(2025, "162.5", carried=150, provisional=1)])
        targets = [
            make.TargetFactory(indicator=indicator, kind=kind, year=year, value=value)
            for kind, year, value in [
                (TargetKind.BASELINE, 2020, 40),
                (TargetKind.TARGET, 2030, 300),
                (TargetKind.TARGET, 2100, 9000),  # too far ahead to be drawn
            ]
        ]
        chart = year_chart(indicator=indicator, figures=figures, targets=targets, kinds={})
        assert words_of(chart) == (
            f"Bar chart by year. Unit: {chart.unit}. 2024: 150. "
            "2025: 162.5, of which 12.5 reported in the year, 150 carried from earlier years, provisional. "
            "Target for 2030: 300. Baseline of 2020: 40."
        )
        spec = spec_of(chart)
        drawn = draw(spec, format=ChartFormat.SVG)
        for words in ("162.5*", "carried from earlier years", "baseline of 2020", "2030"):
            assert f">{words}</t".encode() in drawn
        cache.clear()
        assert draw(spec, format=ChartFormat.SVG) == drawn
        assert draw(spec, format=ChartFormat.PNG).startswith(b"\x89PNG")
        with translation.override("ar"):
            assert spec_of(chart)["vconcat"][0]["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == "2030"

    def test_gives_kinds_side_by_side_a_panel_each(self):
        hcfc, mercury = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(side_by_side=True))
        indicator = hcfc.breakdown.indicator
        figures = Figures(
            indicator.pk, "", totals=[total(2025, 3, category=mercury.pk), total(2025, 9000, category=hcfc.pk)]
        )
        chart = year_chart(
            indicator=indicator, figures=figures, targets=[], kinds={hcfc.pk: "HCFC", mercury.pk: "Mercury"}
        )
        assert [panel.name for panel in chart.panels] == ["HCFC", "Mercury"]
        assert spec_of(chart)["vconcat"][1]["title"]["text"] == "Mercury"

    def test_of_countries_shows_what_is_new_on_what_was_there(self):
        indicator = make.IndicatorFactory(yes=True)
        figures = Figures(
            indicator.pk,
            "",
            coverage=[Coverage(2024, provisional=1)],
            countries=[CountryCount(2024, 2, 2, 2, 104, 2025), CountryCount(2025, 1, 3, 2, 104, 2026)],
        )
        chart = year_chart(indicator=indicator, figures=figures, targets=[], kinds={})
        assert "2024: 2, provisional. 2025: 3, of which 1 new in the year, 2 from earlier years." in words_of(chart)

    def test_is_not_drawn_while_the_unit_is_pending_or_nothing_is_known(self):
        pending = make.IndicatorFactory(cumulative=True, unit=None)
        figures = Figures(pending.pk, "", totals=[total(2024, 150)])
        assert year_chart(indicator=pending, figures=figures, targets=[], kinds={}) is None
        defined = make.IndicatorFactory()
        assert year_chart(indicator=defined, figures=Figures(defined.pk, ""), targets=[], kinds={}) is None

    def test_reads_nothing_from_elsewhere(self):
        spec = {"data": {"url": "https://example.org/figures.json"}, "mark": "bar", "encoding": {}}
        with pytest.raises(ValueError, match="not allowed"):
            draw(spec, format=ChartFormat.SVG)
