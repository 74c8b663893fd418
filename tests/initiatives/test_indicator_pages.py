"""The page of an indicator and its files: the worked example, as it has to be shown everywhere."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from initiatives.choices import TargetKind
from initiatives.indicator_tables import add_up_to_today
from tests import factories as make
from tests.support import worked_example as example

pytestmark = pytest.mark.django_db


def body_of(client, indicator, **asked):
    response = client.get(indicator.get_absolute_url(), asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def file_of(client, indicator, format):
    response = client.get(reverse("indicator_export", args=[indicator.code, format]))
    return response.getvalue()


class TestTheWorkedExample:
    @pytest.fixture
    def world(self):
        return example.world()

    @pytest.fixture
    def indicator(self, world):
        return example.tonnes(world)

    def test_is_the_same_on_page_and_in_files(self, client, indicator):
        make.TargetFactory(indicator=indicator, kind=TargetKind.TARGET, year=2025, value=180, reason="Half of the need")
        body = body_of(client, indicator, year=2025)
        told = csv.DictReader(io.StringIO(file_of(client, indicator, "csv").decode("utf-8-sig")))
        of_csv = {int(row["year"]): row for row in told}
        of_json = {row["year"]: row for row in json.loads(file_of(client, indicator, "json"))}
        last = timezone.localdate().year
        for year, value in example.TONNES.items():
            if year <= last:
                assert (Decimal(of_csv[year]["value"]), Decimal(of_json[year]["value"])) == (value, value)
                assert f"{year}: {value}" in body  # alternative text of the chart
        assert of_json[2025]["carried_value"] == "150"
        assert (of_json[2025]["expected"], of_json[2025]["reporting"]) == (4, 3)
        assert of_json[2025]["target"] == "180"
        for words in (
            "3 of 4 expected",
            "150 of it carried from 2 initiatives, since 2023",
            "1 initiative is within a programme that counts",
            "not split by country, not in it: 1,000",
            "values out of scope: 2",
            "values of unclassified countries: 1",
            "Half of the need",
            "Who was in the group in fiscal year 2026",
            "ZMB</span>",
        ):
            assert words in body, words

    def test_leads_from_the_value_of_a_country_to_all_that_it_rests_on(self, client, world, indicator):
        body = body_of(client, indicator, year=2026)
        row = body[body.index('<a href="?year=2026&amp;country=ZMB#results">') :]
        assert row.index(">150<") < row.index("carried since 2023") < row.index("</tr>")
        behind = body_of(client, indicator, year=2026, country="ZMB")
        # five of the lab, one of the programme and two of its part: none is dated in the year
        assert f"{world.zambia.name}: 8 results up to the end of 2026" in behind
        assert "Results of all countries" in behind

    def test_says_that_it_shows_the_figures_of_before_a_change(
        self, client, world, indicator, django_capture_on_commit_callbacks
    ):
        def told():
            body = body_of(client, indicator)
            return "Figures of a moment ago" in body, body.count("162"), body.count("1,162")

        address = reverse("indicator_chart", args=[indicator.code, "en", "svg"])
        chart = client.get(address).content
        assert told()[0] is False
        example.tell(indicator, make.InitiativeFactory(published=True), world.zambia, 2025, 1000)
        with django_capture_on_commit_callbacks() as begun:
            of_before = told()
        assert len(begun) == 1
        assert of_before[0] is True
        assert of_before[1] > of_before[2] == 0
        assert f'src="{address}?before"' in body_of(client, indicator)  # of the same figures as the table below it
        assert client.get(f"{address}?before").content == chart
        assert client.get(address).content != chart
        assert "1,162" in body_of(client, indicator, year=2025)  # what stood behind that year was not kept
        assert told()[0] is False

    def test_shows_a_year_of_before_a_change_too_and_leads_to_the_new_figures_of_that_year(
        self, client, world, indicator, django_capture_on_commit_callbacks
    ):
        add_up_to_today(indicator)
        example.tell(indicator, make.InitiativeFactory(published=True), world.zambia, 2025, 1000)
        with django_capture_on_commit_callbacks() as begun:
            body = body_of(client, indicator, year=2025, country="ZMB")
        assert len(begun) == 1
        assert "Figures of a moment ago" in body
        assert f'href="{indicator.get_absolute_url()}?year=2025&amp;country=ZMB"' in body
        assert "1,162" not in body
        add_up_to_today(indicator)
        with CaptureQueriesContext(connection) as queries:
            body = body_of(client, indicator, year=2025)
        assert "Figures of a moment ago" not in body
        assert "1,162" in body
        assert not any("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries)

    def test_adds_up_itself_where_no_worker_does(self, client, world, indicator, monkeypatch):
        body_of(client, indicator)
        example.tell(indicator, make.InitiativeFactory(published=True), world.zambia, 2025, 1000)
        assert "Figures of a moment ago" in body_of(client, indicator)
        monkeypatch.setattr("initiatives.aggregation.PATIENCE", dt.timedelta())
        body = body_of(client, indicator)
        assert "1,162" in body
        assert "Figures of a moment ago" not in body

    def test_takes_as_many_queries_whatever_the_data(self, client, world, indicator):
        add_up_to_today(indicator)
        with CaptureQueriesContext(connection) as few:
            client.get(indicator.get_absolute_url(), {"year": 2025})
        for _number in range(8):
            other = make.InitiativeFactory(published=True)
            example.tell(indicator, other, make.CountryFactory(), 2025, 3)
        add_up_to_today(indicator)
        with CaptureQueriesContext(connection) as many:
            client.get(indicator.get_absolute_url(), {"year": 2025})
        assert len(many) == len(few) < 25


class TestAPageThatMisleadsNobody:
    def test_has_a_list_by_unit_and_no_chart_while_the_unit_is_pending(self, client):
        world = example.world()
        indicator = make.IndicatorFactory(cumulative=True, unit=None)
        unit = make.MeasuringUnitFactory(code="TJ")
        example.tell(indicator, world.hub, world.zambia, 2024, 3, unit=unit)
        body = body_of(client, indicator)
        assert "The unit is pending, so there is no total and no chart." in body
        assert "<figure" not in body
        assert "Unit pending" in body
        chart = client.get(reverse("indicator_chart", args=[indicator.code, "en", "svg"]))
        assert chart.status_code == 404

    @pytest.mark.parametrize(("trait", "is_final"), [({}, None), ({"cumulative": True}, False), ({"yes": True}, None)])
    def test_calls_a_year_final_or_not_only_where_it_has_values(self, client, trait, is_final):
        """Reported, or carried from an earlier year."""
        world = example.world()
        indicator = make.IndicatorFactory(**trait)
        value = {"yes": True} if "yes" in trait else {"value": 3}
        example.tell(indicator, world.hub, world.zambia, 2023, **value)
        example.tell(indicator, world.hub, world.zambia, 2024, **value, is_provisional=True)
        state = {row["year"]: row["is_final"] for row in json.loads(file_of(client, indicator, "json"))}
        assert (state[2023], state[2024], state[2025]) == (True, False, is_final)

    def test_keeps_what_was_counted_before_in_a_year_in_which_nobody_reported(self, client):
        indicator = make.IndicatorFactory()
        world = example.world()
        example.tell(indicator, world.hub, world.zambia, 2024, 93)
        rows = json.loads(file_of(client, indicator, "json"))
        told = [(row["year"], row["value"], row["so_far"], row["is_final"]) for row in rows]
        this_year = timezone.localdate().year
        assert told == [(2024, "93", "93", True), *((year, None, "93", None) for year in range(2025, this_year + 1))]
        words = " ".join(strip_tags(body_of(client, indicator)).split())
        assert f"{this_year}no value930 of 1 expected––" in words

    def test_tells_new_and_since_side_by_side_with_the_countries_behind(self, client):
        world = example.world()
        indicator = make.IndicatorFactory(yes=True, middle_income=True)
        example.tell(indicator, world.hub, world.costa_rica, 2024, yes=True)
        example.tell(indicator, world.hub, world.zambia, 2025, yes=True)
        body = body_of(client, indicator, year=2025)
        assert "New this year" in body
        assert "1 of 1 in FY2026" in body
        assert "has left the group since" in body

    def test_lists_what_was_named_with_its_countries_and_adoptions(self, client):
        world = example.world()
        item = make.NamedItemFactory(name="Solar dryer")
        for country, adoptions in ((world.zambia, 3), (world.costa_rica, 4)):
            result = example.tell(item.indicator, world.hub, country, 2024)
            make.ResultItemFactory(item=item, result=result, adoptions=adoptions)
        body = body_of(client, item.indicator)
        named = body[body.index("1 named by the end of 2024") :]
        for words in ("Solar dryer</strong>", "since 2024", "2 countries", "7 adoptions"):
            assert words in named, words

    def test_tells_the_parts_of_a_whole_beside_it_on_page_and_in_files(self, client):
        world = example.world()
        indicator = make.IndicatorFactory()
        breakdown = make.BreakdownFactory(indicator=indicator)
        result = example.tell(indicator, world.hub, world.zambia, 2025, 9)
        for order, (code, value) in enumerate([("women", 6), ("men", 3)]):
            category = make.CategoryFactory(breakdown=breakdown, code=code, order=order)
            make.ResultPartFactory(result=result, category=category, value=value)
        assert "Women: 6; Men: 3" in body_of(client, indicator)
        row, *_later = json.loads(file_of(client, indicator, "json"))
        assert (row["parts_codes"], row["value"]) == (["women=6", "men=3"], "9")

    def test_tells_by_how_much_parts_miss_their_whole_and_what_was_said_of_it(self, client):
        world = example.world()
        indicator = make.IndicatorFactory()
        women = make.CategoryFactory(breakdown__indicator=indicator, breakdown__name_en="Sex", code="women")
        note = "Three firms did not say."
        result = example.tell(indicator, world.hub, world.zambia, 2025, 9, figures_note=note)
        make.ResultPartFactory(result=result, category=women, value=4)
        example.tell(indicator, world.lab, world.zambia, 2025, 20)  # not split
        words = f"{women.name_en}: 4; not told by “Sex”: 25"
        assert words in body_of(client, indicator)
        assert note in body_of(client, indicator)
        (row,) = (
            one
            for one in csv.DictReader(io.StringIO(file_of(client, indicator, "csv").decode("utf-8-sig")))
            if one["year"] == "2025"
        )
        assert row["parts"] == words

    def test_refuses_a_year_or_country_that_is_none(self, client):
        indicator = make.IndicatorFactory()
        assert client.get(indicator.get_absolute_url(), {"year": "1e9"}).status_code == 404
        assert client.get(indicator.get_absolute_url(), {"country": "XXX"}).status_code == 404
        in_other_letters = client.get(f"/indicators/{indicator.code.swapcase()}/")
        assert in_other_letters.headers["Location"] == indicator.get_absolute_url()
