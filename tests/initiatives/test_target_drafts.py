"""Baselines and targets as drafts: who writes and approves them, what the form refuses, and where they are shown."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from initiatives.choices import DraftState, Role, Succession, TargetKind
from initiatives.models import Draft, Entity, Indicator, Target
from initiatives.services.drafts import (
    DraftIncomplete,
    NotOfTheEntity,
    OwnDraftNeedsReason,
    approve_draft,
    begin_target,
    hand_over_draft,
)
from portal.models import User
from tests import factories as make
from tests.support import deciding
from tests.support.pages import assert_rows_cost_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator(unido: Entity) -> Indicator:
    return make.IndicatorFactory(workplan__entity=unido, code="MIC-T3")


def approved(draft: Draft, by: User) -> Target:
    target = deciding.approved(draft, by).target
    assert target
    return target


def wrong_with(indicator: Indicator, holder: User, **content: Any) -> dict[str, str]:
    """What the form says of a draft that is handed in, by field."""
    draft = make.TargetDraftFactory(indicator=indicator, holder=holder, content=content)
    return deciding.wrong_with(draft)


def words_of(response: HttpResponse) -> str:
    """What a page says, without its marks."""
    return " ".join(strip_tags(response.content.decode()).split())


class TestApproving:
    def test_adds_a_row_with_who_set_it_and_why_and_changes_none(self, indicator, secretariat, focal_point):
        before = make.TargetFactory(indicator=indicator, year=2027, value=30)
        target = approved(make.TargetDraftFactory(indicator=indicator, holder=secretariat), focal_point)
        assert (target.kind, target.year, target.value) == (TargetKind.TARGET, 2027, 40)
        assert (target.set_by, target.set_at, target.reason) == (secretariat, make.NOON, "Agreed with the Board.")
        assert list(Target.objects.order_by("pk")) == [before, target]
        assert list(Target.objects.in_force()) == [target]
        assert Draft.objects.get().version == 1

    def test_is_for_one_of_kinds_side_by_side(self, indicator, secretariat, focal_point):
        kind = make.CategoryFactory(breakdown__indicator=indicator, breakdown__side_by_side=True, code="created")
        draft = make.TargetDraftFactory(indicator=indicator, holder=secretariat, content={"category": "created"})
        assert approved(draft, focal_point).category == kind

    def test_takes_back_what_was_said(self, indicator, secretariat, focal_point):
        make.TargetFactory(indicator=indicator, year=2027, value=30)
        content = {"value": "", "takes_back": "on", "reason": "The programme ended."}
        draft = make.TargetDraftFactory(indicator=indicator, holder=secretariat, content=content)
        assert approved(draft, focal_point).value is None
        assert not Target.objects.in_force().exists()

    def test_of_ones_own_needs_a_reason(self, indicator, unido, secretariat):
        make.MembershipFactory(user=secretariat, role=Role.FOCAL_POINT, entity=unido)
        draft = make.TargetDraftFactory(indicator=indicator, holder=secretariat, submitted=True)
        with pytest.raises(OwnDraftNeedsReason):
            approve_draft(draft=draft, edits=0, user=secretariat, now=make.NOON)
        done = approve_draft(draft=draft, edits=0, user=secretariat, now=make.NOON, reason="Nobody else serves.")
        assert done.state == DraftState.APPROVED

    def test_says_no_to_a_second_proposal_of_what_holds_meanwhile(self, indicator, secretariat, focal_point):
        first, second = (make.TargetDraftFactory(indicator=indicator, holder=secretariat, submitted=True) for _ in "ab")
        approve_draft(draft=first, edits=0, user=focal_point, now=make.NOON)
        with pytest.raises(DraftIncomplete) as refused:
            approve_draft(draft=second, edits=0, user=focal_point, now=make.NOON)
        assert refused.value.form.errors["value"] == ["This is what holds already."]
        assert Target.objects.count() == 1


class TestWhatTheFormRefuses:
    @pytest.mark.parametrize(
        ("content", "field", "words"),
        [
            ({"reason": " "}, "reason", "Say why this is the target."),
            ({"year": ""}, "year", "required"),
            ({"year": "1900"}, "year", "greater than or equal to 1990"),
            ({"year": "two"}, "year", "whole number"),
            ({"value": "many"}, "value", "is no number"),
            ({"value": "1e400"}, "value", "is no number"),
            ({"value": "-1"}, "value", "cannot be negative"),
            ({"value": "1.5"}, "value", "whole numbers"),
            ({"value": ""}, "value", "Give a value, or tick"),
            ({"takes_back": "on"}, "value", "one of the two"),
            ({"value": "", "takes_back": "on"}, "takes_back", "nothing to take back"),
            ({"category": "women"}, "category", "not one of the available choices"),
        ],
    )
    def test_is_said_at_its_field(self, indicator, secretariat, content, field, words):
        assert words in wrong_with(indicator, secretariat, **content)[field]
        assert not Target.objects.exists()

    def test_is_a_share_of_more_than_all(self, unido, secretariat):
        share = {"value_kind": "share", "across_periods": "latest", "across_places": "none", "measures": "standing"}
        indicator = make.IndicatorFactory(workplan__entity=unido, **share)
        assert "100 per cent at most" in wrong_with(indicator, secretariat, value="101")["value"]

    def test_is_more_countries_than_there_are_in_its_scope(self, unido, secretariat):
        for income_group in ("LM", "UM", "H"):
            make.IncomeClassificationFactory(fiscal_year=2025, income_group=income_group)
        make.IncomeClassificationFactory(fiscal_year=2019, income_group="LM")
        indicator = make.IndicatorFactory(
            workplan__entity=unido, yes=True, middle_income=True, measures="since", since_on=dt.date(2020, 1, 1)
        )
        said = wrong_with(indicator, secretariat, value="3")
        assert said == {"value": "No more than 2 countries have been in its scope so far."}
        make.TargetFactory.build(indicator=indicator, set_by=secretariat, value=2).full_clean()

    def test_is_a_number_while_the_unit_is_pending(self, unido, secretariat):
        indicator = make.IndicatorFactory(workplan__entity=unido, pending=True)
        assert "Settle the unit first" in wrong_with(indicator, secretariat)["value"]

    def test_is_one_without_its_kind_where_kinds_stand_side_by_side(self, indicator, secretariat):
        make.CategoryFactory(breakdown__indicator=indicator, breakdown__side_by_side=True)
        assert "Say for which kind" in wrong_with(indicator, secretariat)["category"]

    def test_is_one_for_a_year_after_the_indicator_was_retired(self, unido, secretariat):
        indicator = make.IndicatorFactory(workplan__entity=unido, retired_on=make.YEAR_END)
        assert "is retired" in wrong_with(indicator, secretariat)["year"]

    def test_is_refused_by_the_record_too(self, indicator):
        target = make.TargetFactory.build(indicator=indicator, set_by=None, value=Decimal("-1"))
        with pytest.raises(ValidationError, match="cannot be negative"):
            target.full_clean()

    @pytest.mark.parametrize("year", [1989, 2101, 99999])
    def test_says_once_between_which_years_it_is(self, indicator, year):
        target = make.TargetFactory.build(indicator=indicator, set_by=None, year=year)
        with pytest.raises(ValidationError) as refused:
            target.full_clean()
        (said,) = refused.value.message_dict["year"]
        assert ("2100" if year > 2100 else "1990") in said


class TestPages:
    def url(self, indicator: Indicator) -> str:
        return reverse("target_begin", args=[indicator.code])

    def signed_in(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_lead_from_the_indicator_through_every_refusal_to_what_everybody_reads(
        self, client, indicator, unido, secretariat, focal_point
    ):
        make.TargetFactory(indicator=indicator, kind=TargetKind.BASELINE, year=2020, value=7, reason="A survey")
        address = indicator.get_absolute_url()
        writer, reviewer = self.signed_in(secretariat), self.signed_in(focal_point)
        assert "Set a baseline or target" in words_of(writer.get(address))
        edit = writer.post(self.url(indicator)).headers["Location"]
        assert writer.post(self.url(indicator)).headers["Location"] == edit  # what is blank is gone on with
        assert "Baseline 2020" in words_of(writer.get(edit))

        sent = {"kind": "target", "year": "2027", "value": "4x", "reason": "", "edits": "0", "submit": "yes"}
        refused = writer.post(edit, sent)
        assert refused.status_code == 422
        assert "“4x” is no number" in words_of(refused)
        assert "Say why this is the target." in words_of(refused)
        draft = Draft.objects.get()
        sent |= {"value": "40", "reason": "Agreed with the Board.", "edits": str(draft.edits)}
        assert writer.post(edit, sent).headers["Location"] == draft.get_absolute_url()

        for people in (client, self.signed_in(make.UserFactory(role=Role.STAFF, entity=make.EntityFactory()))):
            page = words_of(people.get(address))
            assert "Agreed with the Board." not in page
            assert "Under way" not in page
            assert "Set a baseline or target" not in page
        inside = words_of(reviewer.get(address))
        assert "MIC-T3 2027: 40" in inside
        assert "Set a baseline or target" not in inside
        figures = client.get(reverse("indicator_export", args=[indicator.code, "json"]))
        assert "40" not in figures.getvalue().decode().split('"target"')[-1]

        staff = self.signed_in(make.UserFactory(role=Role.STAFF, entity=unido))
        assert "The secretariat of UNIDO writes it" in words_of(staff.get(draft.get_absolute_url()))
        done = reviewer.post(reverse("draft_approve", args=[draft.pk]), {"edits": Draft.objects.get().edits})
        assert done.status_code == 302
        everybody = words_of(client.get(address))
        assert "Target 2027: 40 Agreed with the Board." in everybody
        assert "Aruna" not in everybody
        assert "Aruna" in words_of(reviewer.get(address))
        assert "approved by Leila" in words_of(reviewer.get(address))

    def test_offer_what_was_set_for_the_indicator_that_it_carries_on(self, client, unido, secretariat, focal_point):
        old = make.IndicatorFactory(workplan__entity=unido, code="OLD-1")
        new = make.IndicatorFactory(
            workplan__entity=unido, code="NEW-1", supersedes=old, succession=Succession.CONTINUES
        )
        for year, value in ((2027, 30), (2028, 50), (2029, 70)):
            make.TargetFactory(indicator=old, year=year, value=value, reason="Set in 2020.")
        make.TargetFactory(indicator=old, year=2029, value=None, reason="Too far away.")
        make.TargetFactory(indicator=new, year=2028, value=55)
        writer, address = self.signed_in(secretariat), new.get_absolute_url()
        page = words_of(writer.get(address))
        assert "Set for OLD-1, which it carries on" in page
        assert "Target 2027: 30 Set in 2020." in page
        assert "2029" not in page  # was taken back
        assert "Target 2028: 50" not in page  # was set here
        for people in (client, self.signed_in(focal_point)):
            assert "which it carries on" not in words_of(people.get(address))
        former = old.targets.get(year=2027)
        edit = writer.post(self.url(new), {"former": former.pk}).headers["Location"]
        assert writer.post(self.url(new), {"former": former.pk}).headers["Location"] == edit
        draft = Draft.objects.get()
        assert (draft.content["year"], draft.content["value"]) == ("2027", "30")
        assert draft.content["reason"] == "As set for OLD-1: Set in 2020."
        assert not new.targets.filter(year=2027).exists()
        assert approved(draft, focal_point).value == 30
        assert "which it carries on" not in words_of(writer.get(address))
        again = writer.post(self.url(new), {"former": former.pk}, follow=True)
        assert "That was set here meanwhile" in words_of(again)

    def test_offer_nothing_where_the_definition_is_another(self, unido, secretariat):
        old = make.IndicatorFactory(workplan__entity=unido)
        new = make.IndicatorFactory(workplan__entity=unido, supersedes=old, succession=Succession.MAPS)
        former = make.TargetFactory(indicator=old)
        writer = self.signed_in(secretariat)
        assert "which it carries on" not in words_of(writer.get(new.get_absolute_url()))
        writer.post(self.url(new), {"former": former.pk})
        assert not Draft.objects.exists()

    def test_show_the_reviewer_what_holds_until_then(self, indicator, secretariat, focal_point):
        make.TargetFactory(indicator=indicator, year=2027, value=1234, reason="First guess")
        draft = make.TargetDraftFactory(indicator=indicator, holder=secretariat, submitted=True)
        page = words_of(self.signed_in(focal_point).get(draft.get_absolute_url()))
        assert "What holds until it is approved 1,234 First guess" in page

    def test_cost_the_same_queries_however_much_is_under_way(self, indicator, secretariat):
        make.TargetDraftFactory(indicator=indicator, holder=secretariat)
        make.TargetFactory(indicator=indicator)
        client = self.signed_in(secretariat)
        assert_rows_cost_nothing(
            client,
            indicator.get_absolute_url(),
            lambda: (
                make.TargetDraftFactory(
                    indicator=indicator,
                    holder=secretariat,
                    target=make.TargetFactory(indicator=indicator),
                    approved=True,
                )
                and make.TargetDraftFactory(indicator=indicator)
            ),
        )


class TestHandingOver:
    def test_is_to_the_secretariat_alone(self, indicator, unido, secretariat):
        draft = begin_target(indicator=indicator, user=secretariat, now=make.NOON)
        staff = make.UserFactory(role=Role.STAFF, entity=unido)
        with pytest.raises(NotOfTheEntity):
            hand_over_draft(draft=draft, to=staff, user=secretariat, now=make.NOON)
        colleague = make.UserFactory(role=Role.SECRETARIAT, entity=unido)
        assert hand_over_draft(draft=draft, to=colleague, user=secretariat, now=make.NOON).holder == colleague
