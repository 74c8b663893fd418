"""Results: what is filed and corrected, and what is refused, in words and by the database."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from initiatives import choices, models
from initiatives.services.results import ResultRefused, correct_result, file_result, judge_result
from tests import factories as make

pytestmark = pytest.mark.django_db

LATER = make.NOON + dt.timedelta(days=30)


def result_of(indicator, **fields):
    """A result that was not filed yet, of 2021."""
    values = {
        "indicator": indicator,
        "entity": indicator.owner,
        "initiative": make.InitiativeFactory(published=True, entity=indicator.owner),
        "period_start": make.YEAR_START,
        "period_end": make.YEAR_END,
        "value": Decimal(5),
    }
    return models.Result(**values | fields)


def refused(**given):
    """What is said of a result that is refused."""
    with pytest.raises(ResultRefused) as said:
        file_result(now=make.NOON, **given)
    return said.value.errors


class TestFilingAResult:
    def test_takes_over_what_the_indicator_says_and_keeps_all_around_it(self):
        indicator = make.IndicatorFactory()
        women, men = make.CategoryFactory.create_batch(2, breakdown=make.BreakdownFactory(indicator=indicator))
        result = file_result(
            result=result_of(indicator),
            now=make.NOON,
            parts={women: Decimal(3), men: Decimal(2)},
            narratives={"en": "<p>Five firms.</p>", "fr": "<p>Cinq entreprises.</p>"},
        )
        result.refresh_from_db()
        assert (result.value_kind, result.unit, result.value) == ("count", indicator.unit, 5)
        assert [part.value for part in result.parts.all()] == [3, 2]
        assert [text.state for text in result.texts.all()] == ["original", "checked"]
        assert result.dated_on == dt.date(2021, 12, 31)

    @pytest.mark.parametrize(
        ("fields", "name", "sentence"),
        [
            ({"value": "many"}, "value", "must be a decimal number"),
            ({"value": "1e400"}, "value", "no more than"),
            ({"value": Decimal("NaN")}, "value", "must be a decimal number"),
            ({"value": -1}, "value", "This cannot be negative."),
            ({"value": None}, "value", "Give a value, or say why there is none: one of the two."),
            ({"no_value": "not_yet"}, "value", "Give a value, or say why there is none: one of the two."),
            ({"period_end": dt.date(2020, 1, 1)}, "period_end", "The period has to end after it starts."),
        ],
    )
    def test_refuses_what_is_no_value(self, fields, name, sentence):
        errors = refused(result=result_of(make.IndicatorFactory(), **fields))
        assert any(sentence in said for said in errors[name])

    def test_refuses_what_ends_before_the_indicator_starts_to_count(self):
        indicator = make.IndicatorFactory(cumulative=True, since_on=dt.date(2022, 1, 1))
        errors = refused(result=result_of(indicator))
        assert errors == {"period_end": ["The indicator counts since 1 January 2022, and the period ends before that."]}

    def test_refuses_what_has_not_begun_but_takes_what_is_not_over_yet(self):
        today = timezone.localdate()
        indicator = make.IndicatorFactory()
        coming = {"period_start": today + dt.timedelta(days=1), "period_end": today + dt.timedelta(days=31)}
        assert list(refused(result=result_of(indicator, **coming))) == ["period_start"]
        assert judge_result(result=result_of(indicator, **coming | {"period_start": today})) == {}

    def test_asks_why_it_is_more_than_a_hundred_per_cent_while_the_unit_is_pending(self):
        percent, tonnes = make.MeasuringUnitFactory(code="percent"), make.MeasuringUnitFactory(code="t")
        indicator = make.IndicatorFactory(value_kind="amount", cumulative=True, unit=None)
        errors = refused(result=result_of(indicator, unit=percent, value=140))
        assert errors == {"value": ["This is more than 100 per cent: change it, or say why it is right."]}
        assert judge_result(result=result_of(indicator, unit=percent, value=100)) == {}
        assert judge_result(result=result_of(indicator, unit=tonnes, value=140)) == {}
        note = "Measured as output per kilowatt-hour."
        assert judge_result(result=result_of(indicator, unit=percent, value=140, figures_note=note)) == {}

    def test_asks_nothing_of_a_change_by_more_than_a_hundred_per_cent(self):
        percent = make.MeasuringUnitFactory(code="percent")
        indicator = make.IndicatorFactory(value_kind="change", cumulative=True, unit=percent)
        assert judge_result(result=result_of(indicator, unit=percent, value=140)) == {}

    def test_refuses_more_than_a_hundred_per_cent_of_a_whole(self):
        indicator = make.IndicatorFactory(cumulative=True, value_kind="share", across_places="none")
        assert "100 per cent at most" in str(refused(result=result_of(indicator, value=101)))

    def test_keeps_a_reason_for_no_value(self):
        indicator = make.IndicatorFactory()
        assert file_result(result=result_of(indicator, value=None, no_value="not_measured"), now=make.NOON).pk

    def test_refuses_a_second_result_of_days_of_a_place_and_takes_that_of_another(self):
        indicator, serbia = make.IndicatorFactory(), make.CountryFactory()
        first = file_result(result=result_of(indicator), now=make.NOON)
        first.initiative.places.create(country=serbia)
        half = {"initiative": first.initiative, "period_start": dt.date(2021, 7, 1), "period_end": dt.date(2022, 7, 1)}
        assert "days of this period already" in str(refused(result=result_of(indicator, **half)))
        assert file_result(result=result_of(indicator, **half, country=serbia), now=make.NOON).pk
        directly = {"initiative": None}
        file_result(result=result_of(indicator, **directly), now=make.NOON)
        assert "days of this period already" in str(refused(result=result_of(indicator, **directly)))

    def test_refuses_a_country_where_the_initiative_does_not_work(self):
        serbia, region = make.CountryFactory(), make.CountryGroupFactory()
        make.GroupMembershipFactory(country=serbia, group=region, until=dt.date(2021, 12, 31))
        result = result_of(make.IndicatorFactory(), country=serbia)
        assert "does not work in" in refused(result=result)["country"][0]
        result.initiative.places.create(group=region)
        assert "country" in refused(result=result)  # it left the region a day before
        models.GroupMembership.objects.update(until=None)
        assert file_result(result=result, now=make.NOON).pk

    def test_refuses_parts_that_do_not_add_up_unless_it_is_said_why(self):
        indicator = make.IndicatorFactory()
        women = make.CategoryFactory(breakdown__indicator=indicator)
        errors = refused(result=result_of(indicator), parts={women: Decimal(3)})
        assert errors["parts"] == ["The parts make 3 and the whole is 5: change one of them, or say why that is right."]
        assert "is no part" in str(refused(result=result_of(indicator), parts={make.CategoryFactory(): Decimal(5)}))
        assert "but not the whole" in str(
            refused(result=result_of(indicator, value=None, no_value="not_yet"), parts={women: Decimal(3)})
        )
        said = result_of(indicator, figures_note="Two firms did not say.")
        assert file_result(result=said, now=make.NOON, parts={women: Decimal(3)}).pk

    def test_asks_which_of_the_kinds_that_stand_side_by_side(self):
        created = make.CategoryFactory(breakdown__side_by_side=True)
        indicator = created.breakdown.indicator
        assert "of which kind" in refused(result=result_of(indicator))["category"][0]
        assert "of which kind" in refused(result=result_of(make.IndicatorFactory(), category=created))["category"][0]
        assert file_result(result=result_of(indicator, category=created), now=make.NOON).pk

    def test_asks_for_a_unit_as_long_as_it_is_pending(self):
        joules = make.MeasuringUnitFactory(code="TJ")
        pending = make.IndicatorFactory(pending=True)
        assert "in which unit" in str(refused(result=result_of(pending)))
        assert file_result(result=result_of(pending, unit=joules), now=make.NOON).unit == joules
        assert "is measured in" in refused(result=result_of(make.IndicatorFactory(), unit=joules))["unit"][0]

    def test_wants_named_items_or_a_reason_for_none(self):
        item = make.NamedItemFactory()
        result = result_of(item.indicator, value=None)
        assert "Name what it is about" in refused(result=result)["items"][0]
        assert "at least once" in str(refused(result=result, items={item: 0}))
        assert "another indicator" in str(refused(result=result, items={make.NamedItemFactory(): 1}))
        assert file_result(result=result, now=make.NOON, items={item: 4}).item_links.get().adoptions == 4

    def test_refuses_a_result_of_days_after_the_indicator_was_retired(self):
        indicator = make.IndicatorFactory(retired_on=dt.date(2021, 12, 31))
        assert "is retired" in str(refused(result=result_of(indicator)))
        assert judge_result(result=result_of(indicator, period_end=dt.date(2021, 12, 31))) == {}


class TestCorrectingAResult:
    def test_keeps_the_former_value_and_the_reason(self):
        indicator = make.IndicatorFactory()
        women = make.CategoryFactory(breakdown__indicator=indicator)
        result = file_result(result=result_of(indicator), now=make.NOON, parts={women: Decimal(5)})
        user = make.UserFactory()
        with pytest.raises(ResultRefused, match="The parts make 5 and the whole is 7"):
            correct_result(result=result, changes={"value": 7}, reason="Two more came.", user=user, now=LATER)
        with pytest.raises(ResultRefused, match="Say why it is corrected"):
            correct_result(result=result, changes={"value": 7}, reason=" ", user=user, now=LATER)
        parts = {women: Decimal(7)}
        correct_result(result=result, changes={"value": 7}, reason="Two more came.", user=user, now=LATER, parts=parts)
        kept = models.Result.pgh_event_model.objects.filter(pgh_obj_id=result.pk).order_by("pgh_id")
        assert list(kept.values_list("value", "correction_reason")) == [(5, ""), (7, "Two more came.")]
        assert result.parts.get().value == 7


class TestWhatTheDatabaseRefuses:
    """Raw SQL and the shell come past the services."""

    @pytest.mark.parametrize(
        ("name", "write"),
        [
            ("changed_result_says_why", lambda: make.ResultFactory() and models.Result.objects.update(value=6)),
            (
                "definition_stays_once_there_are_results",
                lambda: (
                    make.ResultFactory() and models.Indicator.objects.update(unit=make.MeasuringUnitFactory(code="x"))
                ),
            ),
            (
                "kinds_stay_once_there_are_results",
                lambda: make.BreakdownFactory(indicator=make.ResultFactory().indicator, side_by_side=True),
            ),
            (
                "result_has_the_unit_of_its_indicator",
                lambda: make.ResultFactory(unit=make.MeasuringUnitFactory(code="x")),
            ),
            ("result_names_a_kind_of_its_indicator", lambda: make.ResultFactory(category=make.CategoryFactory())),
            ("", lambda: make.TargetFactory() and models.Target.objects.update(value=1)),
            ("", lambda: make.TargetFactory().delete()),
        ],
    )
    def test_is_refused_by_name(self, name, write):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            write()
        assert refusal.value.__cause__.diag.constraint_name == name or "append_only" in str(refusal.value)


class TestADefinition:
    def test_cannot_change_once_there_are_results_and_says_what_to_do(self):
        indicator = make.ResultFactory().indicator
        indicator.statement = "Another wording"
        indicator.full_clean()
        indicator.scope = choices.Scope.MIDDLE_INCOME
        with pytest.raises(ValidationError, match="let a new one supersede it"):
            indicator.full_clean()
        with pytest.raises(ValidationError, match="they stay as they are"):
            make.BreakdownFactory.build(indicator=indicator, side_by_side=True).clean()


class TestReadiness:
    def test_follows_from_what_is_defined_reported_and_aimed_at(self):
        def readiness(indicator):
            return models.Indicator.objects.with_readiness().get(pk=indicator.pk).readiness

        indicator = make.IndicatorFactory()
        assert readiness(indicator) == choices.Readiness.DEFINED
        assert readiness(make.IndicatorFactory(pending=True)) == choices.Readiness.UNIT_PENDING
        make.ResultFactory(indicator=indicator, initiative__published_at=None)
        make.ResultFactory(indicator=indicator, no_value="not_yet")
        assert readiness(indicator) == choices.Readiness.DEFINED
        make.ResultFactory(indicator=indicator)
        assert readiness(indicator) == choices.Readiness.FIRST_DATA
        make.ResultFactory(indicator=indicator, period_start=make.YEAR_END, period_end=dt.date(2023, 1, 1))
        assert readiness(indicator) == choices.Readiness.NO_BASELINE
        make.TargetFactory(indicator=indicator, kind=choices.TargetKind.BASELINE)
        assert readiness(indicator) == choices.Readiness.REPORTABLE
        make.TargetFactory(indicator=indicator, kind=choices.TargetKind.BASELINE, value=None)  # taken back
        assert readiness(indicator) == choices.Readiness.NO_BASELINE


class TestWhatIsPublic:
    def test_is_the_same_of_many_and_of_few(self):
        shown, later, hidden = (
            make.ResultFactory(initiative=make.InitiativeFactory(published_at=published_at))
            for published_at in (make.NOON, timezone.now() + dt.timedelta(days=1), None)
        )
        told_directly = make.ResultFactory(initiative=None)
        known = models.Result.objects.order_by("pk")
        assert list(known.public()) == list(known.public_each_by_key()) == [shown, told_directly]
        assert known.count() == len([shown, later, hidden, told_directly])
