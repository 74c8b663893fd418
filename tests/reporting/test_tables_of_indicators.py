"""Tables of indicators in a submission: the figures of `initiatives.aggregation`, with all that is said beside them."""

import re

import pytest
from django.core.cache import caches

from initiatives.choices import ValueKind
from reporting.choices import FileFormat, FillingRule, ItemKind, TableRows
from reporting.compilation import document
from reporting.compilation.gather import gather
from reporting.compilation.renderers import render
from reporting.compilation.tables import shown_number
from reporting.models import Item
from reporting.services.submissions import fill_sections
from tests import factories as make
from tests.reporting.compilation.opened import Word
from tests.support import worked_example
from tests.support.compiling import compiled
from tests.support.worked_example import TONNES, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return worked_example.world()


@pytest.fixture
def section():
    return make.SectionFactory(name_en="Figures")


def table(section, *indicators, language="en", **fields):
    """What one table of indicators prints."""
    make.ItemFactory(section=section, indicators=[one.code for one in indicators], **fields)
    item = gather(section.submission, language)["sections"][0]["items"][-1]
    return item["html"], item["figures"]


def cells(html):
    """The words of the cells of all tables, row by row, with `[n]` where a note is, and the notes."""
    notes = re.findall(r'data-footnote="([^"]*)"', html)
    marked = re.sub(r'<span data-footnote="[^"]*">\*</span>', "[n]", html)
    rows = re.findall(r"<tr>(.*?)</tr>", marked)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows
    ], notes


class TestTheWorkedExample:
    """The values worked out by hand, read from the file that travels."""

    @pytest.mark.django_db(transaction=True)
    def test_is_told_by_the_docx_as_it_is_by_the_aggregation(self, world, section):
        indicator = worked_example.tonnes(world, code="E1")
        make.IndicatorTextFactory(indicator=indicator, name="Pollutants reduced")
        for kind, year, value in [("baseline", 2020, 0), ("target", 2026, 1500)]:
            make.TargetFactory(indicator=indicator, kind=kind, year=year, value=value)
        make.ItemFactory(section=section, indicators=["E1"], rows=TableRows.YEARS)
        compilation = compiled(section.submission, formats=[FileFormat.DOCX])
        word = Word(compilation.artifacts.get(part="whole").file.read())
        (printed,) = word.document.tables
        rows = [[cell.text for cell in row.cells] for row in printed.rows]
        assert rows[0] == ["Year", "Value", "Target", "Reporting", "State"]
        assert rows[1][:2] == ["Baseline 2020", "0"]
        assert {int(row[0]): int(row[1]) for row in rows[2:]} == TONNES
        of_2024, of_2025, of_2026 = rows[-3:]
        assert of_2024[4] == "provisional"
        assert of_2025[2:] == ["not set", "3 of 4", "provisional"]
        assert of_2026[2:4] == ["1,500", "1 of 4"]
        notes = word.note_texts()
        assert notes[0].startswith("Source: test. Workplan")
        assert "Middle-income countries only" in notes[0]
        assert "Counted since 1 January 2020." in notes[0]
        (beside_2025,) = [
            note for note in notes if note.startswith("Carried from earlier years, the earliest 2023: 150")
        ]
        assert beside_2025 == (
            "Carried from earlier years, the earliest 2023: 150 (initiatives: 2). "
            "Initiatives left out because a programme that they are part of counts: 1. "
            "Beside it, not split by country: 1,000. "
            "Values not counted, of countries outside the scope that day: 2. "
            "Values not counted, of countries that were unclassified that day: 1."
        )
        assert "Initiatives that gave a reason in place of a value: 1." in notes
        # frozen: what is reported later changes no byte of the same text
        figures = compilation.snapshot["sections"][0]["items"][0]["figures"]["indicators"][0]
        assert [one["value"] for one in figures["years"]] == [str(value) for value in TONNES.values()]
        tell(indicator, world.programme, world.zambia, 2026, 12345)
        again = render(document.build(compilation.snapshot), "docx").content
        assert again == word.content


class TestATableOfIndicators:
    def test_has_a_column_for_each_year_and_a_row_for_each_kind_without_a_total(self, world, section):
        created, retained = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(side_by_side=True))
        jobs = created.breakdown.indicator
        jobs.may_repeat = True
        jobs.save()
        tell(jobs, world.hub, world.zambia, 2025, 1200, category=created, is_provisional=True)
        tell(jobs, world.hub, world.zambia, 2026, 3, category=created)
        tell(jobs, world.hub, world.zambia, 2026, 4, category=retained)
        make.TargetFactory(indicator=jobs, category=created, year=2027, value=10)
        html, figures = table(section, jobs, first_year=2025)
        rows, notes = cells(html)
        assert rows[0] == ["Indicator", "Baseline", "2025", "2026", "Target", "Reporting 2026"]
        assert [row[1:] for row in rows[1:]] == [
            ["not set", "1,200 new, 1,200 so far", "3 new, 1,203 so far", "10 (2027)", "1 of 1, final"],
            ["not set", "no data", "4 new, 4 so far", "not set", "1 of 1, final"],
        ]
        assert rows[1][0].startswith(f"{jobs.code} # of {jobs.code} – {created.name_en}")
        assert notes == []
        assert "The same firm or job may be counted more than once.</p>" in html  # of all its rows: below the table
        assert [(one["kind"], one["value"]) for one in figures["indicators"][0]["years"]] == [
            (created.code, "1200"),
            (created.code, "3"),
            (retained.code, "4"),
        ]

    def test_keeps_what_was_counted_before_where_nobody_reported_of_a_kind(self, world, section):
        created, retained = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(side_by_side=True))
        jobs = created.breakdown.indicator
        tell(jobs, world.hub, world.zambia, 2024, 120, category=retained)
        tell(jobs, world.hub, world.zambia, 2025, 3, category=created)
        tell(jobs, world.hub, None, 2026, 8, category=retained)
        html, _figures = table(section, jobs, first_year=2025)
        rows, notes = cells(html)
        assert [row[2:] for row in rows[1:]] == [
            ["3 new, 3 so far", "no data; 3 so far", "not set", "1 of 1"],
            ["no data; 120 so far", "no total; 120 so far[n]", "not set", "1 of 1, final"],
        ]
        assert "Beside it, not split by country: 8." in notes
        html, _figures = table(section, jobs, rows=TableRows.YEARS, first_year=2025)
        assert [row[1:3] + row[5:] for row in cells(html)[0][1:]] == [
            ["3", "3", "final"],
            ["no data", "120", ""],
            ["no data", "3", ""],
            ["no total[n]", "120", "final"],
        ]

    def test_is_one_of_six_years_and_several_only_where_their_words_have_no_room(self, world, section):
        small = worked_example.tonnes(world)
        html, _figures = table(section, small, first_year=2021)
        heads = ["Indicator", "Baseline", *map(str, range(2021, 2027)), "Target", "Reporting 2026"]
        assert [row for row in cells(html)[0] if row[0] == "Indicator"] == [heads]
        large = make.IndicatorFactory(cumulative=True)
        for year in range(2021, 2027):
            tell(large, world.hub, world.zambia, year, 12_345_678, is_provisional=True)
        html, _figures = table(section, small, large, first_year=2021)
        rows, notes = cells(html)
        assert rows[0] == heads[:6]
        assert rows[3] == ["Indicator", *heads[6:]]
        assert [len(row) for row in rows] == [6] * 3 + [5] * 3
        assert [row[1:] for row in (rows[2], rows[5])] == [
            ["not set", *["12,345,678"] * 4],
            ["12,345,678", "12,345,678", "not set", "1 of 1, provisional[n]"],
        ]
        assert (rows[2][0], rows[5][0]) == (f"{rows[5][0]}[n]", rows[2][0].removesuffix("[n]"))
        assert sum(note.startswith("Source: ") for note in notes) == 2  # of each, in the first table alone

    def test_counts_countries_and_items_once_and_says_of_how_many(self, world, section):
        yes = make.IndicatorFactory(yes=True, middle_income=True)
        tell(yes, world.hub, world.zambia, 2024, yes=True)
        tell(yes, world.hub, world.costa_rica, 2024, yes=True)
        tell(yes, world.lab, world.venezuela, 2026, yes=True)
        item = make.NamedItemFactory()
        make.ResultItemFactory(item=item, adoptions=9, result=tell(item.indicator, world.lab, world.zambia, 2026))
        html, _figures = table(section, yes, item.indicator, rows=TableRows.YEARS, first_year=2025)
        rows, notes = cells(html)
        assert rows[:3] == [
            ["Year", "New in the year", "So far", "Target", "Reporting", "State"],
            ["2025", "no data", "2 (1 of 1 in FY2026)", "not set", "0 of 1", ""],
            ["2026", "1", "3 (2 of 2 in FY2027)[n]", "not set", "1 of 2", "final"],
        ]
        left = f"{world.costa_rica.name_en} 2024 (no longer in the group)"
        (behind,) = [note for note in notes if note.startswith("Countries")]
        assert left in behind
        assert f"{world.venezuela.name_en} 2026" in behind
        assert rows[-1][:3] == ["2026", "1[n]", "1"]
        assert "Adoptions: 9 in the year, 9 so far." in notes

    def test_lists_by_unit_what_has_none_and_adds_up_no_shares(self, world, section):
        pending = make.IndicatorFactory(cumulative=True, unit=None)
        tell(pending, world.hub, world.zambia, 2025, 3, unit=make.MeasuringUnitFactory(code="TJ", name_en="terajoules"))
        share = make.IndicatorFactory(value_kind=ValueKind.SHARE, across_periods="latest", across_places="none")
        tell(share, world.hub, world.zambia, 2026, 12)
        html, _figures = table(section, pending, share, rows=TableRows.YEARS, first_year=2026)
        rows, notes = cells(html)
        assert rows[:2] == [["Unit", "Results", "Initiatives", "Years"], ["terajoules", "1", "1", "2025"]]
        assert rows[-1] == ["2026", "no total[n]", "not set", "1 of 1", "final"]
        assert notes[-1] == f"Values of several countries are not added up. By place: {world.zambia.name_en}: 12."
        html, _figures = table(section, pending, share, first_year=2026)
        rows, notes = cells(html)
        assert rows[1][2:] == ["unit pending[n]", "not set", "0 of 1"]
        assert any("terajoules: Results 1, Initiatives 1, 2025." in note for note in notes)

    def test_speaks_the_language_of_the_document(self, world, section):
        indicator = worked_example.tonnes(world)
        for language, words in [
            ("fr", ["Année", "1 000", "provisoire"]),
            ("ar", ["السنة", "مؤقت"]),
            ("zh", ["年份", "暂定"]),
        ]:
            Item.objects.all().delete()
            html, _figures = table(section, indicator, language=language, rows=TableRows.YEARS)
            for said in words:
                assert said in html.replace("\xa0", " ").replace("\u202f", " ")

    def test_reads_many_indicators_with_as_many_queries(
        self, world, section, django_assert_max_num_queries, monkeypatch
    ):
        several = [worked_example.tonnes(world) for _number in range(4)]
        make.ItemFactory(section=section, indicators=[one.code for one in several])
        monkeypatch.setattr(caches["figures"], "set_many", lambda _made: None)  # a compilation only reads
        with django_assert_max_num_queries(24):
            gather(section.submission, "en")


class TestAChart:
    def test_draws_the_years_asked_for_and_says_the_same_in_words(self, world, section):
        indicator = worked_example.tonnes(world, code="E1")
        make.ItemFactory(section=section, kind=ItemKind.CHART, indicators=["E1"], first_year=2024)
        item = gather(section.submission, "en")["sections"][0]["items"][0]
        told = item["chart"]["alternative"]
        assert told.startswith(f"E1 {indicator.statement}. ")
        assert [f"{year}: {value}" in told for year, value in TONNES.items()] == [False] * 3 + [True] * 3
        assert item["chart"]["address"].endswith("/indicators/E1/")
        assert "2026: 171" in item["html"]
        assert "Beside it, not split by country: 1,000." in item["html"]
        again = gather(section.submission, "en")["sections"][0]["items"][0]
        assert again == item

    def test_is_not_drawn_of_what_is_not_there_yet(self, world, section):
        pending = make.IndicatorFactory(cumulative=True, unit=None)
        tell(pending, world.hub, world.zambia, 2025, 3, unit=make.MeasuringUnitFactory(code="TJ"))
        for indicator in (pending, make.IndicatorFactory()):
            make.ItemFactory(section=section, kind=ItemKind.CHART, indicators=[indicator.code])
        of_pending, of_none = gather(section.submission, "en")["sections"][0]["items"]
        assert "chart" not in of_pending
        assert "chart" not in of_none
        assert "The unit is not agreed yet, so values are listed by unit" in of_pending["html"]
        assert cells(of_pending["html"])[0][1][1:] == ["1", "1", "2025"]
        assert "No chart is drawn: there is nothing to show yet." in of_none["html"]


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "language", "shown"),
        [
            ("1234567", "en", "1,234,567"),
            ("0.1", "en", "0.1"),
            ("2.005", "en", "2.01"),
            ("0.00049", "en", "0.0005"),
            ("-3.14159", "en", "-3.14"),
            ("1234.5", "fr", "1 234,5"),
            ("0", "en", "0"),
        ],
    )
    def test_shows_two_decimals_and_never_a_small_number_as_zero(self, value, language, shown):
        assert shown_number(value, language).replace("\xa0", " ").replace("\u202f", " ") == shown


class TestFillingByRule:
    def test_adds_one_table_of_all_indicators_and_later_what_is_new(self, section):
        entity = section.submission.entities.get()
        section.rule = FillingRule.INDICATORS
        section.save()
        old = make.WorkplanFactory(entity=entity)
        make.IndicatorFactory(workplan=old)
        workplan = make.WorkplanFactory(entity=entity, supersedes=old)
        first, second = (make.IndicatorFactory(workplan=workplan, order=order) for order in (1, 2))
        make.IndicatorFactory()  # of another entity
        assert fill_sections(submission=section.submission) == 1
        assert fill_sections(submission=section.submission) == 0
        item = section.items.get()
        assert (item.kind, item.indicators) == (ItemKind.TABLE, [first.code, second.code])
        assert (item.first_year, item.last_year) == (2018, 2021)
        third = make.IndicatorFactory(workplan=workplan, order=3)
        assert fill_sections(submission=section.submission) == 1
        assert section.items.last().indicators == [third.code]
