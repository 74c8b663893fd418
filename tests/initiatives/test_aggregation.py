"""What results come to: an example worked out by hand, and random worlds against loops in plain Python."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise, product
from threading import Event

import pytest
from celery.signals import beat_init
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives import aggregation, models
from initiatives.aggregation import CountryCount, ItemCount, ItemNamed
from initiatives.choices import BreakdownKind, ValueKind
from initiatives.indicator_tables import figures_today, figures_told, year_shown
from initiatives.services.results import correct_result
from initiatives.tasks import add_up_missing_task
from tests import factories as make
from tests.support import figures as slowly
from tests.support import worked_example
from tests.support.figures import Told, World
from tests.support.worked_example import tell
from tests.support.workers import wait_until

pytestmark = pytest.mark.django_db


def figures(indicator, last_year):
    return aggregation.figures_of(indicators=[indicator], last_year=last_year, now=make.NOON)[indicator.pk]


def totals(indicator, last_year):
    """The totals by year."""
    return {total.year: total for total in figures(indicator, last_year).totals}


@pytest.fixture
def world():
    return worked_example.world()


class TestWhatIsCumulative:
    """Tonnes since 2020 in middle-income countries, as they stood at the end of each period."""

    @pytest.fixture
    def indicator(self, world):
        return worked_example.tonnes(world)

    def test_is_the_latest_of_each_initiative_while_its_country_was_in_the_group(self, indicator):
        by_year = totals(indicator, 2026)
        assert {year: total.value for year, total in by_year.items()} == worked_example.TONNES
        assert by_year[2021].so_far is None  # what is cumulative is not added up over years

    def test_tells_beside_the_total_what_is_in_it_and_what_is_not(self, indicator):
        total = totals(indicator, 2026)[2025]
        assert (total.initiatives, total.countries) == (3, 2)
        # the lab's 50 of 2024 and the programme's 100 of 2023
        assert (total.carried, total.carried_value, total.carried_from) == (2, 150, 2023)
        assert total.provisional == 1
        assert total.within_programmes == 1
        assert total.not_split == 1000  # the hub's value of 2024, carried
        of_year = {covered.year: covered for covered in figures(indicator, 2026).coverage}
        assert (of_year[2025].expected, of_year[2025].reporting, of_year[2025].no_data) == (4, 3, 1)
        # Costa Rica's third and fourth quarter; Venezuela
        assert (of_year[2025].out_of_scope, of_year[2025].unclassified) == (2, 1)
        assert of_year[2022].out_of_scope == 1
        assert not of_year[2024].is_final
        assert of_year[2023].is_final

    def test_adds_up_to_the_total_by_country(self, indicator, world):
        places = aggregation.behind(indicator=indicator, year=2026, now=make.NOON).places
        assert {place.country: place.value for place in places} == {
            None: 1000,
            world.costa_rica.pk: 12,
            world.zambia.pk: 150,
            world.venezuela.pk: 9,
        }
        assert [place.carried_from for place in places if place.country == world.zambia.pk] == [2023]

    def test_leaves_out_who_is_not_public_and_what_an_initiative_ended_before_it(self, indicator, world):
        world.lab.ends_on = dt.date(2025, 1, 1)
        world.lab.save()
        world.programme.published_at = None
        world.programme.save()
        of_year = {covered.year: covered for covered in figures(indicator, 2026).coverage}
        assert (of_year[2026].expected, of_year[2026].reporting) == (2, 0)  # the hub and the part
        assert totals(indicator, 2026)[2025].value == 132  # 50 + 70 + 12: the part counts by itself


class TestWhatIsNew:
    def test_is_added_up_over_quarters_initiatives_and_countries(self, world):
        indicator = make.IndicatorFactory(middle_income=True)
        for quarter in (1, 2, 3, 4):
            tell(indicator, world.hub, world.costa_rica, 2025, 10, quarter)
        tell(indicator, world.programme, world.zambia, 2025, 7)
        tell(indicator, world.part, world.zambia, 2025, 5)
        tell(indicator, world.part, world.zambia, 2026, 6)
        by_year = totals(indicator, 2026)
        assert by_year[2025].value == 27  # two quarters of Costa Rica, and the programme
        assert (by_year[2026].value, by_year[2026].so_far) == (6, 33)

    def test_stays_counted_in_years_in_which_nobody_reports_of_its_kind(self, world):
        created, retained = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(side_by_side=True))
        indicator = created.breakdown.indicator
        tell(indicator, world.hub, world.zambia, 2023, 4, category=retained)
        tell(indicator, world.hub, world.zambia, 2025, 3, category=created)
        tell(indicator, world.hub, None, 2025, 9, category=retained)
        kinds = {created.pk: "created", retained.pk: "retained"}
        of_years = [
            (one.year, kinds[one.category], one.value, one.so_far, one.is_of_before)
            for one in figures(indicator, 2026).totals
        ]
        assert of_years == [
            (2023, "retained", 4, 4, False),
            (2024, "retained", None, 4, True),
            (2025, "created", 3, 3, False),
            (2025, "retained", None, 4, False),  # of no country: beside it
            (2026, "created", None, 3, True),
            (2026, "retained", None, 4, True),
        ]

    def test_is_never_added_up_over_kinds_side_by_side(self, world):
        created, retained = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(side_by_side=True))
        indicator = created.breakdown.indicator
        tell(indicator, world.hub, world.zambia, 2025, 3, category=created)
        tell(indicator, world.hub, world.zambia, 2025, 4, category=retained)
        assert {total.category: total.value for total in figures(indicator, 2025).totals} == {
            created.pk: 3,
            retained.pk: 4,
        }

    def test_has_no_total_where_there_is_none_across_places(self, world):
        indicator = make.IndicatorFactory(across_places="none")
        tell(indicator, world.hub, world.zambia, 2025, 3)
        assert totals(indicator, 2025)[2025].value is None
        assert [place.value for place in aggregation.behind(indicator=indicator, year=2025, now=make.NOON).places] == [
            3
        ]

    def test_is_exact(self, world):
        indicator = make.IndicatorFactory(value_kind=ValueKind.AMOUNT)
        for place in (world.zambia, world.costa_rica, world.venezuela):
            tell(indicator, world.hub, place, 2025, Decimal("0.1"))
        assert totals(indicator, 2025)[2025].value == Decimal("0.3")


class TestParts:
    """Women and men among the people who were trained."""

    def told(self, world, **traits):
        indicator = make.IndicatorFactory(middle_income=True, **traits)
        breakdown = make.BreakdownFactory(indicator=indicator)
        women, men = (make.CategoryFactory(breakdown=breakdown, code=code, order=n) for n, code in enumerate("wm"))
        for initiative, year, quarter, parts in [
            (world.lab, 2024, 1, (3, 2)),
            (world.lab, 2024, 2, (4, 1)),
            (world.lab, 2025, None, None),  # nobody split it
            (world.programme, 2024, None, (10, 10)),
            (world.part, 2024, None, (1, 1)),  # in those of the programme
        ]:
            result = tell(indicator, initiative, world.zambia, year, sum(parts or (20,)), quarter)
            for category, value in zip((women, men), parts or (), strict=False):
                make.ResultPartFactory(result=result, category=category, value=value)
        return {(one.year, one.part): one.value for one in figures(indicator, 2025).parts}, women.pk, men.pk

    def test_are_added_up_where_their_wholes_are(self, world):
        parts, women, men = self.told(world)
        assert parts == {(2024, women): 17, (2024, men): 13}

    def test_are_those_of_the_latest_whole_where_the_latest_counts(self, world):
        parts, women, men = self.told(world, cumulative=True)
        assert parts == {(2024, women): 14, (2024, men): 11, (2025, women): 10, (2025, men): 10}


class TestAPendingUnit:
    def test_leaves_a_list_by_unit_and_no_total(self, world):
        indicator = make.IndicatorFactory(cumulative=True, unit=None)
        joules, share = make.MeasuringUnitFactory(code="TJ"), make.MeasuringUnitFactory(code="percent")
        tell(indicator, world.hub, world.zambia, 2024, 3, unit=joules)
        tell(indicator, world.hub, world.zambia, 2025, 4, unit=joules)
        tell(indicator, world.lab, world.zambia, 2025, 12, unit=share)
        assert figures(indicator, 2025).totals == []
        assert aggregation.behind(indicator=indicator, year=2025, now=make.NOON).places == []
        listed = aggregation.behind(indicator=indicator, year=2025, now=make.NOON).units
        assert [(one.unit, one.results, one.initiatives, one.first_year, one.last_year) for one in listed] == [
            (joules.pk, 2, 1, 2024, 2025),
            (share.pk, 1, 1, 2025, 2025),
        ]


class TestCountriesThatSayYes:
    def test_are_a_set_with_the_list_behind_it(self, world):
        indicator = make.IndicatorFactory(yes=True, middle_income=True)
        for year in (2024, 2025):
            tell(indicator, world.hub, world.zambia, year, yes=True)
        tell(indicator, world.lab, world.zambia, 2025, yes=True)  # another initiative there: still one country
        tell(indicator, world.hub, world.costa_rica, 2024, yes=True)
        tell(indicator, world.lab, world.venezuela, 2025, yes=True)  # unclassified
        tell(indicator, world.lab, world.venezuela, 2026, yes=True)
        assert figures(indicator, 2026).countries == [
            # new, so far, of them still in the group, Member States in it at the end of the year
            CountryCount(2024, 2, 2, 2, 2, 2025),  # both are all of the group
            CountryCount(2025, 0, 2, 1, 1, 2026),  # Costa Rica has left, and stays in the set
            CountryCount(2026, 1, 3, 2, 2, 2027),  # Venezuela is classified again
        ]
        behind = aggregation.behind(indicator=indicator, year=2026, now=make.NOON).countries
        told = {one.country: (one.since, one.group_then, one.group_now) for one in behind}
        assert told == {
            world.costa_rica.pk: (2024, "UM", "H"),
            world.zambia.pk: (2024, "LM", "LM"),
            world.venezuela.pk: (2026, "LM", "LM"),
        }

    def test_are_set_against_member_states_without_observers(self, world):
        indicator = make.IndicatorFactory(yes=True, middle_income=True)
        observer = make.CountryFactory(un_member="observer")
        make.IncomeClassificationFactory(country=observer, fiscal_year=2025, income_group="UM")
        make.IncomeClassificationFactory(country=observer, fiscal_year=2024, income_group="UM")
        tell(indicator, world.hub, world.zambia, 2024, yes=True)
        tell(indicator, world.lab, observer, 2024, quarter=1, yes=True)
        (counted,) = figures(indicator, 2024).countries
        assert (counted.so_far, counted.still_in_scope, counted.of) == (2, 1, 2)


class TestNamedItems:
    def test_are_counted_once_with_their_adoptions_beside(self, world):
        twin = make.NamedItemFactory(indicator__middle_income=True)
        indicator = twin.indicator
        robot, sensor = make.NamedItemFactory.create_batch(2, indicator=indicator)
        for initiative, place, year, item, adoptions in [
            (world.hub, world.zambia, 2024, twin, 3),
            (world.lab, world.zambia, 2025, twin, 2),
            (world.programme, world.zambia, 2025, robot, 9),
            (world.part, world.zambia, 2025, robot, 4),  # in the 9 of the programme
            (world.lab, None, 2025, sensor, 1),
        ]:
            result = tell(indicator, initiative, place, year)
            make.ResultItemFactory(result=result, item=item, adoptions=adoptions)
        assert figures(indicator, 2025).items == [ItemCount(2024, 1, 1, 3, 3, 0), ItemCount(2025, 1, 2, 11, 14, 1)]
        named = aggregation.behind(indicator=indicator, year=2025, now=make.NOON).items
        assert named == [ItemNamed(twin.pk, 2024, 1, 5), ItemNamed(robot.pk, 2025, 1, 9)]
        in_2024 = aggregation.behind(indicator=indicator, year=2024, now=make.NOON).items
        assert in_2024 == [ItemNamed(twin.pk, 2024, 1, 3)]


class TestStatements:
    def test_are_as_many_for_many_indicators_of_all_kinds(self, world, django_assert_num_queries, monkeypatch):
        monkeypatch.setattr(caches["figures"], "set_many", lambda _made: None)  # keeping takes some for each
        of_all = [make.IndicatorFactory(**{kind: True}) for kind in ("cumulative", "yes", "items", "pending")]
        for indicator in of_all[:2]:
            tell(indicator, world.hub, world.zambia, 2025, value=None, yes=None, no_value="not_yet")
        with django_assert_num_queries(11):
            aggregation.figures_of(indicators=of_all, last_year=2025, now=make.NOON)


class TestKeeping:
    """What was made is shown again as long as it is true."""

    @pytest.fixture
    def indicator(self, world):
        indicator = make.IndicatorFactory(cumulative=True, middle_income=True)
        tell(indicator, world.hub, world.zambia, 2025, value=3)
        tell(indicator, world.part, world.zambia, 2025, value=5)
        tell(indicator, world.lab, world.costa_rica, 2025, value=7)
        return indicator

    def test_saves_the_statements_that_add_up(self, indicator, django_assert_num_queries):
        first = figures(indicator, 2025)
        with django_assert_num_queries(2):  # what it rests on, and what is kept
            assert figures(indicator, 2025) == first

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (lambda i, w: tell(i, w.programme, w.zambia, 2025, value=10), 13),  # and its part no longer
            (lambda i, w: i.results.filter(initiative=w.hub).delete(), 5),
            (lambda i, w: i.results.filter(value=5).update(value=6, corrected_at=make.NOON, correction_reason="6"), 9),
            (
                lambda i, w: i.results.filter(value=5).update(
                    indicator=make.IndicatorFactory(cumulative=True), corrected_at=make.NOON, correction_reason="other"
                ),
                3,
            ),
            (lambda i, w: make.RelationFactory(source=w.hub, target=w.part), 5),
            (lambda i, w: models.Initiative.objects.filter(pk=w.hub.pk).update(published_at=None), 5),
            (lambda i, w: models.Initiative.objects.filter(pk=w.hub.pk).update(merged_into=w.part), 5),
            (lambda i, w: w.costa_rica.income_classifications.filter(fiscal_year=2026).update(income_group="UM"), 15),
        ],
        ids=["new", "deleted", "corrected", "moved", "part", "withdrawn", "merged", "reclassified"],
    )
    def test_ends_with_every_change_that_counts(self, indicator, world, change, expected):
        assert totals(indicator, 2025)[2025].value == 8  # Costa Rica had left the group
        change(indicator, world)
        assert totals(indicator, 2025)[2025].value == expected

    def test_outlives_what_is_written_of_other_initiatives(self, indicator, world, django_assert_num_queries):
        figures(indicator, 2025)
        make.InitiativeFactory(published=True)
        world.hub.save()
        with django_assert_num_queries(2):
            figures(indicator, 2025)

    def test_ends_when_an_initiative_becomes_public(self, indicator, world):
        later = make.NOON + dt.timedelta(hours=1)
        models.Initiative.objects.filter(pk=world.hub.pk).update(published_at=later)
        for now, expected in [(make.NOON, 5), (later, 8), (make.NOON, 5)]:
            found = aggregation.figures_of(indicators=[indicator], last_year=2025, now=now)[indicator.pk]
            assert found.totals[-1].value == expected

    def test_ends_with_other_adoptions(self, world):
        item = make.NamedItemFactory()
        make.ResultItemFactory(result=tell(item.indicator, world.hub, world.zambia, 2025), item=item, adoptions=2)
        assert figures(item.indicator, 2025).items[-1].adoptions == 2
        models.ResultItem.objects.update(adoptions=3)
        assert figures(item.indicator, 2025).items[-1].adoptions == 3

    def test_ends_with_other_parts(self, world):
        indicator = make.IndicatorFactory()
        women = make.CategoryFactory(breakdown__indicator=indicator)
        part = make.ResultPartFactory(result=tell(indicator, world.hub, world.zambia, 2025, 9), category=women, value=4)
        assert [one.value for one in figures(indicator, 2025).parts] == [4]
        models.ResultPart.objects.filter(pk=part.pk).update(value=5)
        assert [one.value for one in figures(indicator, 2025).parts] == [5]

    def test_goes_on_for_a_patient_reader_while_a_worker_adds_up(self, indicator, world):
        begun = []

        def shown(seconds):
            found, are_of_before = aggregation.figures_shown(
                indicator=indicator,
                last_year=2025,
                now=make.NOON + dt.timedelta(seconds=seconds),
                begin=lambda: begun.append(seconds),
            )
            places = aggregation.behind(indicator=indicator, year=2025, now=make.NOON, figures=found).places
            return found.totals[-1].value, sum(place.value for place in places), are_of_before

        assert shown(0) == (8, 8, False)
        for second, value in enumerate((10, 12)):
            tell(indicator, world.programme, [world.zambia, world.venezuela][second], 2025, value=value)
        assert [shown(1), shown(10)] == [(8, 8, True), (8, 8, True)]
        assert [shown(12), shown(12)] == [(13, 13, False), (13, 13, False)]
        assert begun == [1]
        indicator.results.filter(value=10).delete()
        assert shown(20) == (13, 13, True)
        figures(indicator, 2025)  # a worker, or who takes the file
        assert shown(20) == (8, 8, False)
        assert begun == [1, 20]

    def test_ends_at_once_where_an_initiative_is_public_no_longer(self, indicator, world):
        asked = {"indicator": indicator, "last_year": 2025, "now": make.NOON, "begin": list}
        aggregation.figures_shown(**asked)
        models.Initiative.objects.filter(pk=world.hub.pk).update(published_at=None)
        found, are_of_before = aggregation.figures_shown(**asked)
        assert (found.totals[-1].value, are_of_before) == (5, False)

    def test_is_begun_for_every_indicator_that_nobody_has_added_up(self, indicator, world):
        others = [indicator, make.IndicatorFactory(yes=True)]
        add_up_missing_task()
        for one in others:
            with CaptureQueriesContext(connection) as queries:
                figures_today(one)
            assert len(queries) == 2  # what it rests on, and what is kept

    def test_holds_what_stands_behind_each_year_once_a_worker_has_added_up(self, indicator, world):
        tell(indicator, world.lab, world.zambia, 2023, value=1)

        def shown(year, second=0):
            now = make.NOON + dt.timedelta(seconds=second)
            with CaptureQueriesContext(connection) as queries:
                found, are_of_before = aggregation.figures_shown(
                    indicator=indicator, last_year=2025, now=now, begin=list, year=year
                )
                places = aggregation.behind(indicator=indicator, year=year, now=now, figures=found).places
            is_kept = are_of_before or second == 99
            asked = sum("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries)
            assert asked == (0 if is_kept else 1)  # figures and year in one statement
            return [place.value for place in places], are_of_before

        alone = [aggregation.behind(indicator=indicator, year=year, now=make.NOON) for year in range(2023, 2026)]
        caches["figures"].clear()
        aggregation.add_up(indicator=indicator, last_year=2025, now=make.NOON)
        assert [
            aggregation.behind(indicator=indicator, year=year, now=make.NOON) for year in range(2023, 2026)
        ] == alone
        assert [shown(year, 99) for year in (2023, 2024, 2025)] == [([1], False), ([1], False), ([9], False)]
        tell(indicator, world.lab, world.costa_rica, 2024, value=2)
        assert [shown(2024), shown(2025)] == [([1], True), ([9], True)]
        assert shown(2024, 11) == ([2, 1], False)  # nobody added up: it is of now, and what is kept of others is not
        assert shown(2023) == ([1], False)
        with CaptureQueriesContext(connection) as queries:
            aggregation.add_up(indicator=indicator, last_year=2025, now=make.NOON)  # finds figures, not those years
            aggregation.add_up(indicator=indicator, last_year=2025, now=make.NOON)
        assert sum("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries) == 1
        assert shown(2024, 99) == ([2, 1], False)

    def test_ends_with_another_way_of_adding_up(self, indicator, monkeypatch, django_assert_num_queries):
        figures(indicator, 2025)
        with django_assert_num_queries(2):
            figures(indicator, 2025)
        monkeypatch.setattr("initiatives.aggregation._MADE_BY", "another")
        with CaptureQueriesContext(connection) as queries:
            _found, are_of_before = aggregation.figures_shown(
                indicator=indicator, last_year=2025, now=make.NOON, begin=list
            )
        assert any("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries)
        assert are_of_before is False

    def test_keeps_what_two_versions_make_beside_each_other_until_the_new_one_works(
        self, indicator, monkeypatch, django_assert_num_queries, capsys
    ):
        before = aggregation._MADE_BY
        make.IndicatorFactory()
        add_up_missing_task()
        monkeypatch.setattr("initiatives.aggregation._MADE_BY", "another")
        call_command("add_up")
        assert capsys.readouterr().out == "Figures of 2 indicators are at hand.\n"
        for version in ("another", before):
            monkeypatch.setattr("initiatives.aggregation._MADE_BY", version)
            with django_assert_num_queries(2):
                figures_today(indicator)
        add_up_missing_task()  # by the one that works now
        with django_assert_num_queries(2):
            figures_today(indicator)
        monkeypatch.setattr("initiatives.aggregation._MADE_BY", "another")
        with CaptureQueriesContext(connection) as queries:
            figures_today(indicator)
        assert len(queries) > 2

    @pytest.mark.django_db(transaction=True)
    def test_writes_nothing_while_a_submission_is_frozen(self, indicator, monkeypatch):
        figures(indicator, 2024)
        monkeypatch.setattr(caches["figures"], "_max_entries", 0)  # so that the next one to be kept makes room
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            assert totals(indicator, 2025)[2025].value == 8

    @pytest.mark.django_db(transaction=True)
    def test_is_begun_by_a_worker_when_a_result_was_filed(self, indicator, world, start_worker):
        start_worker()
        result = indicator.results.get(value=5)
        make.InitiativePlaceFactory(initiative=world.part, country=world.zambia)
        correct_result(result=result, changes={"value": 6}, reason="late", user=make.UserFactory(), now=make.NOON)

        def adds_up() -> bool:
            with CaptureQueriesContext(connection) as queries:
                table, *_rest = figures_told(indicator)
                behind = aggregation.behind(
                    indicator=indicator, year=year_shown(table), now=timezone.now(), figures=table
                )
            assert [place.value for place in behind.places] == [9]
            return any("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(caches["figures"], "set_many", lambda _made: None)  # so that only the worker keeps them
            wait_until(lambda: not adds_up(), 30, lambda: "nobody has added up")

    @pytest.mark.django_db(transaction=True)
    def test_is_begun_when_the_processes_start(self, indicator, start_worker):
        start_worker()
        beat_init.send(sender=None)

        def adds_up() -> bool:
            with CaptureQueriesContext(connection) as queries:
                aggregation.behind(indicator=indicator, year=timezone.localdate().year, now=timezone.now())
            return any("dated AS MATERIALIZED" in query["sql"] for query in queries.captured_queries)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(caches["figures"], "set_many", lambda _made: None)  # so that only the worker keeps them
            wait_until(lambda: not adds_up(), 30, lambda: "nobody has added up")

    @pytest.mark.django_db(transaction=True)
    def test_waits_for_who_writes_meanwhile(self, indicator, world):
        """A correction that began before another one, and ended after it."""
        changed = indicator.results.get(value=5)
        ready, go_on = Event(), Event()

        def correct_slowly():
            with transaction.atomic():
                indicator.results.filter(pk=changed.pk).update(
                    value=6, corrected_at=make.NOON, correction_reason="late"
                )
                ready.set()
                assert go_on.wait(20)
            connection.close()

        with ThreadPoolExecutor() as pool:
            slow = pool.submit(correct_slowly)
            assert ready.wait(20)
            indicator.results.filter(value=3).update(value=4, corrected_at=make.NOON, correction_reason="soon")
            before = totals(indicator, 2025)[2025].value
            go_on.set()
            slow.result()
        assert (before, totals(indicator, 2025)[2025].value) == (9, 10)


# Random worlds

COUNTRIES = ["one", "two", "three"]
INITIATIVES = ["a", "b", "c", "d"]  # their records are made in this order
DIRECTLY = "directly"
PARTS = ["women", "men"]
ITEMS = ["robot", "sensor"]
MONTHS = [dt.date(2020 + month // 12, month % 12 + 1, 1) for month in range(49)]


@st.composite
def series(draw, kind_of_value):
    """Results of one reporter in one place and kind, of periods that do not overlap."""
    reporter = draw(st.sampled_from([*INITIATIVES, DIRECTLY]))
    place = draw(st.sampled_from(COUNTRIES if kind_of_value == "yes" else [*COUNTRIES, *COUNTRIES, "group", None]))
    kind = "" if kind_of_value == "items" else draw(st.sampled_from(["x", "y"]))
    cuts = sorted(draw(st.sets(st.sampled_from(MONTHS), min_size=2, max_size=6)))
    told = []
    for start, end in pairwise(cuts):
        what = draw(st.sampled_from(["value", "value", "provisional", "none", "nothing"]))
        if what == "nothing":
            continue
        is_told = what != "none"
        is_items = kind_of_value == "items"
        value = draw(st.decimals(0, 1000, places=2)) if is_told and kind_of_value in {"sum", "latest"} else None
        yes = draw(st.booleans()) if is_told and kind_of_value == "yes" else None
        amounts = st.decimals(0, 1000, places=2)
        told.append(
            Told(
                reporter,
                place,
                kind,
                start,
                end,
                value,
                yes,
                is_provisional=what == "provisional",
                no_value=not is_told,
                parts=draw(st.dictionaries(st.sampled_from(PARTS), amounts)) if value is not None else {},
                items=draw(st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 9))) if is_items and is_told else {},
            )
        )
    return told


@st.composite
def worlds(draw, kind_of_value):
    of_series = {}
    for told in draw(st.lists(series(kind_of_value), max_size=10)):
        for one in told:
            of_series.setdefault((one.reporter, one.place, one.kind), told)
    fiscal_years = [(country, year) for country in COUNTRIES for year in range(2020, 2026)]
    groups = {key: st.sampled_from(["L", "LM", "UM", "H", ""]) for key in fiscal_years}
    initiatives = st.sampled_from(INITIATIVES)
    return World(
        results=[one for told in of_series.values() for one in told],
        groups=draw(st.fixed_dictionaries({}, optional=groups)),
        parts=draw(st.sets(st.tuples(initiatives, initiatives).filter(lambda pair: pair[0] != pair[1]), max_size=4)),
        ended=draw(st.dictionaries(initiatives, st.sampled_from(MONTHS), max_size=2)),
        is_scoped=draw(st.booleans()),
        is_latest=kind_of_value == "latest",
        since=dt.date(2020, 7, 1) if kind_of_value == "latest" else None,
    )


class Filed:
    """A world in the tables."""

    def __init__(self, world, kind_of_value):
        traits = {
            "latest": {"cumulative": True, "since_on": world.since},
            "yes": {"yes": True},
            "sum": {"value_kind": "amount"},
            "items": {"items": True},
        }
        self.indicator = make.IndicatorFactory(middle_income=world.is_scoped, **traits[kind_of_value])
        self.kinds = {}
        if kind_of_value != "items":
            breakdown = make.BreakdownFactory(indicator=self.indicator, kind=BreakdownKind.SIDE_BY_SIDE)
            self.kinds = {name: make.CategoryFactory(breakdown=breakdown) for name in ("x", "y")}
        split = make.BreakdownFactory(indicator=self.indicator)
        self.parts = {name: make.CategoryFactory(breakdown=split, code=name) for name in PARTS}
        self.items = {}
        if kind_of_value == "items":
            self.items = {name: make.NamedItemFactory(indicator=self.indicator, name=name) for name in ITEMS}
        self.countries = {name: make.CountryFactory() for name in COUNTRIES}
        group = make.CountryGroupFactory()
        kind = make.KindFactory()
        self.initiatives = {
            name: models.Initiative.objects.create(
                entity=self.indicator.owner,
                kind=kind,
                slug=name,
                published_at=make.NOON,
                ends_on=world.ended.get(name),
            )
            for name in INITIATIVES
        }
        models.Relation.objects.bulk_create(
            models.Relation(source=self.initiatives[part], target=self.initiatives[programme], kind="part_of")
            for part, programme in world.parts
        )
        models.IncomeClassification.objects.bulk_create(
            models.IncomeClassification(
                country=self.countries[country], fiscal_year=year, income_group=income_group, source="test"
            )
            for (country, year), income_group in world.groups.items()
        )
        results = models.Result.objects.bulk_create(
            models.Result(
                indicator=self.indicator,
                entity=self.indicator.owner,
                initiative=self.initiatives.get(told.reporter),
                country=self.countries.get(told.place),
                group=group if told.place == "group" else None,
                category=self.kinds.get(told.kind),
                period_start=told.start,
                period_end=told.end,
                value=told.value,
                yes=told.yes,
                no_value="not_yet" if told.no_value else "",
                is_provisional=told.is_provisional,
                decided_at=make.NOON,
            )
            for told in world.results
        )
        models.ResultPart.objects.bulk_create(
            models.ResultPart(result=result, category=self.parts[name], value=value)
            for told, result in zip(world.results, results, strict=True)
            for name, value in told.parts.items()
        )
        models.ResultItem.objects.bulk_create(
            models.ResultItem(result=result, item=self.items[name], adoptions=adoptions)
            for told, result in zip(world.results, results, strict=True)
            for name, adoptions in told.items.items()
        )


def compare(world, kind_of_value, last_year=2023):
    """Ask the database and the loops the same."""
    with transaction.atomic():
        filed = Filed(world, kind_of_value)
        found = figures(filed.indicator, last_year)
        years = range(2020, last_year + 1)
        alone = aggregation.behind(indicator=filed.indicator, year=last_year - 1, now=make.NOON)
        caches["figures"].clear()
        aggregation.add_up(indicator=filed.indicator, last_year=last_year, now=make.NOON)
        behind = {year: aggregation.behind(indicator=filed.indicator, year=year, now=make.NOON) for year in years}
        transaction.set_rollback(True)
    assert behind[last_year - 1] == alone
    assert {one.year: tuple(vars(one).values())[1:] for one in found.coverage} == slowly.coverage(world, last_year)
    if kind_of_value == "yes":
        yes = slowly.countries_saying_yes(world, last_year)
        assert [(one.year, one.new, one.so_far) for one in found.countries] == [
            (
                year,
                list(yes.values()).count(year) if slowly.coverage(world, last_year).get(year, (0, 0))[1] else None,
                sum(since <= year for since in yes.values()),
            )
            for year in range(min(yes.values(), default=last_year + 1), last_year + 1)
        ]
        pks = {name: country.pk for name, country in filed.countries.items()}
        for year in years:
            counted = {pks[name]: since for name, since in yes.items() if since <= year}
            assert {one.country: one.since for one in behind[year].countries} == counted
        return
    if kind_of_value == "items":
        items = slowly.items(world, last_year)
        assert [tuple(vars(one).values()) for one in found.items] == items
        named = {year: so_far for year, _new, so_far, *_beside in items}
        assert {year: len(behind[year].items) for year in named} == named
        return
    kinds = {category.pk: name for name, category in filed.kinds.items()}
    parts = {category.pk: name for name, category in filed.parts.items()}
    assert {(one.year, kinds[one.category], parts[one.part]): one.value for one in found.parts} == slowly.parts(
        world, last_year
    )
    expected = slowly.totals(world, last_year)
    assert {(one.year, kinds[one.category]) for one in found.totals} == expected.keys()
    for one in found.totals:
        total = expected[one.year, kinds[one.category]]
        assert (one.value, one.so_far) == (total.value, total.so_far)
        assert (one.not_split, one.in_groups) == (total.not_split, total.in_groups)
        assert (one.initiatives, one.countries) == (len(total.reporters), len(total.countries))
        assert (one.carried, one.carried_value, one.carried_from) == (
            len(total.carried),
            total.carried_value,
            total.carried_from,
        )
        assert (one.provisional, one.within_programmes) == (total.provisional, len(total.within))
    for year, (name, category) in product(years, filed.kinds.items()):
        of_kind = [one for one in behind[year].places if one.country and one.category == category.pk]
        total = expected.get((year, name))
        assert sum((one.value or 0 for one in of_kind), Decimal()) == ((total.value if total else None) or 0)


class TestRandomWorlds:
    """No difference between the statements and the loops."""

    @pytest.mark.parametrize("kind_of_value", ["sum", "latest", "yes", "items"])
    def test_come_to_the_same_as_loops_in_plain_python(self, kind_of_value):
        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(worlds(kind_of_value))
        def no_difference(world):
            compare(world, kind_of_value)

        no_difference()
