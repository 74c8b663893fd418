"""Results as drafts: what begins them, what the form says is wrong, what they become, and their pages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import DraftState
from initiatives.drafting.results import content_of
from initiatives.history import former_values
from initiatives.models import Draft, Evidence, NamedItem, Result
from initiatives.services.drafts import (
    DraftIncomplete,
    NothingChanged,
    ReasonOfChangeMissing,
    approve_draft,
    begin_change_of_result,
    save_draft,
    submit_draft,
)
from portal.models import User
from tests import factories as make
from tests.support import deciding
from tests.support.pages import assert_rows_cost_nothing, client_of, words_of

pytestmark = pytest.mark.django_db


def approved(draft: Draft, staff: User, focal_point: User) -> Result:
    draft = submit_draft(draft=draft, user=staff, now=make.NOON)
    draft = approve_draft(draft=draft, edits=draft.edits, user=focal_point, now=make.NOON)
    assert draft.result
    return draft.result


def wrong_with(staff: User, **given: Any) -> dict[str, str]:
    """What the form says of a draft that is handed in, by field."""
    draft = make.ResultDraftFactory(entity=staff.memberships.get().entity, holder=staff, **given)
    return deciding.wrong_with(draft)


class TestApproving:
    def test_files_the_result_with_all_that_the_form_says(self, unido, staff, focal_point):
        initiative, serbia = make.InitiativeFactory(entity=unido), make.CountryFactory(iso3="SRB")
        initiative.places.create(country=serbia)
        indicator = make.IndicatorFactory()
        sex = make.BreakdownFactory(indicator=indicator, code="sex")
        make.CategoryFactory(breakdown=sex, code="women"), make.CategoryFactory(breakdown=sex, code="men")
        kind = make.CategoryFactory(breakdown__indicator=indicator, breakdown__side_by_side=True, code="created")
        file = make.StoredFileFactory(entity=unido)
        content = {
            "place": "SRB",
            "period": "2021-Q3",
            "category": kind.code,
            "value": "1234",
            "parts": [{"part": "sex/women", "value": "1000"}, {"part": "sex/men", "value": "200"}],
            "figures_note": "34 did not say.",
            "is_provisional": "on",
            "source": "Survey",
            "language": "fr",
            "narrative": "<p>Des emplois.</p>",
            "evidence": [
                {"file": str(file.pk), "caption": "", "alternative_text": "", "rights_holder": "", "public": ""}
            ],
        }
        draft = make.ResultDraftFactory(initiative=initiative, holder=staff, indicator=indicator, content=content)
        result = approved(draft, staff, focal_point)
        stands = content_of(Result.objects.get(pk=result.pk))
        assert {name: stands[name] for name in content} == content
        assert (result.author, result.decided_by, result.entity) == (staff, focal_point, unido)
        assert (result.period_start, result.period_end) == (dt.date(2021, 7, 1), dt.date(2021, 10, 1))
        assert (Evidence.objects.get().initiative, Draft.objects.get().version) == (initiative, 1)

    def test_reads_numbers_as_people_write_them(self, unido, staff, focal_point):
        for year, text in enumerate(["1 234", "١٢٣٤", "+1234.0"], start=2018):
            content = {"value": text, "period": str(year)}
            draft = make.ResultDraftFactory(initiative__entity=unido, holder=staff, content=content)
            assert approved(draft, staff, focal_point).value == 1234

    def test_names_items_that_are_known_and_new_ones(self, unido, staff, focal_point):
        known = make.NamedItemFactory(name="Digital twin")
        items = [{"name": "digital TWIN", "adoptions": "3"}, {"name": "Cobot", "adoptions": ""}]
        draft = make.ResultDraftFactory(
            initiative__entity=unido, holder=staff, indicator=known.indicator, content={"items": items}
        )
        links = approved(draft, staff, focal_point).item_links.order_by("item__name")
        assert [(link.item.name, link.adoptions) for link in links] == [("Cobot", 1), ("Digital twin", 3)]
        assert NamedItem.objects.count() == 2

    def test_takes_what_an_entity_reports_without_an_initiative(self, unido, staff, focal_point):
        said = {"initiative": None, "entity": unido, "holder": staff}
        draft = make.ResultDraftFactory(**said, content={"source": "Annual survey"})
        result = approved(draft, staff, focal_point)
        assert (result.initiative, result.source) == (None, "Annual survey")
        draft = make.ResultDraftFactory(**said)
        with pytest.raises(DraftIncomplete, match="not complete") as refused:
            submit_draft(draft=draft, user=staff, now=make.NOON)
        assert list(refused.value.form.errors) == ["source"]


class TestFilesWithoutAnInitiative:
    """What shows a result that an entity reports directly, or on the initiative of another entity."""

    @pytest.fixture
    def file(self, unido):
        return make.StoredFileFactory(entity=unido)

    @pytest.fixture
    def rows(self, file):
        said = {"caption": "The survey", "alternative_text": "A form", "rights_holder": "LOOM", "public": "on"}
        return [{"file": str(file.pk), **said}]

    def test_are_kept_with_the_result_until_a_correction_takes_them_out(
        self, client, unido, staff, focal_point, file, rows
    ):
        content = {"source": "Annual survey", "evidence": rows}
        result = approved(
            make.ResultDraftFactory(initiative=None, entity=unido, holder=staff, content=content), staff, focal_point
        )
        assert [(one.initiative, one.file) for one in result.evidence.all()] == [(None, file)]
        assert content_of(result)["evidence"] == rows
        assert "The survey" in words_of(client.get(result.get_absolute_url()))
        assert client.get(file.get_absolute_url()).status_code == 200
        draft = begin_change_of_result(result=result, user=staff, now=make.NOON)
        said = draft.content | {"evidence": []}
        draft = save_draft(draft=draft, content=said, edits=0, user=staff, now=make.NOON, why="Another survey.")
        approved(draft, staff, focal_point)
        assert not Evidence.objects.exists()
        assert client.get(file.get_absolute_url()).status_code == 404

    def test_are_not_public_before_the_initiative_of_the_other_entity_is(
        self, client, unido, staff, focal_point, file, rows
    ):
        initiative = make.JointInvitationFactory(entity=unido, joined=True).initiative
        draft = make.ResultDraftFactory(initiative=initiative, entity=unido, holder=staff, content={"evidence": rows})
        result = approved(draft, staff, focal_point)
        assert result.evidence.get().initiative is None
        assert client.get(file.get_absolute_url()).status_code == 404
        assert client_of(staff).get(file.get_absolute_url()).status_code == 200
        initiative.published_at = make.NOON
        initiative.save()
        assert client.get(file.get_absolute_url()).status_code == 200


class TestWhatTheFormRefuses:
    @pytest.mark.parametrize(
        ("content", "field", "words"),
        [
            ({"value": "many"}, "value", "“many” is no number"),
            ({"value": "1,234"}, "value", "“1,234” is no number"),
            ({"value": "1e400"}, "value", "is no number"),
            ({"value": "NaN"}, "value", "is no number"),
            ({"value": "9" * 30}, "value", "no number that can be kept"),
            ({"value": "-1"}, "value", "This cannot be negative."),
            ({"value": "1.5"}, "value", "whole numbers"),
            ({"value": ""}, "value", "Give a value, or say why there is none"),
            ({"no_value": "not_yet"}, "value", "Give a value, or say why there is none"),
            ({"yes": "yes"}, "yes", "takes no yes or no"),
            ({"items": [{"name": "Cobot", "adoptions": "0"}]}, "items", "greater than or equal to 1"),
            ({"items": [{"name": "Cobot"}, {"name": "COBOT"}]}, "items", "named twice"),
            ({"parts": [{"part": "sex/women", "value": "1"}]}, "parts", "is no part of this indicator"),
            ({"category": "created"}, "category", "Select a valid choice"),
            ({"place": ""}, "place", "required"),
            ({"place": "XXX"}, "place", "neither a country nor a group"),
            (
                {"period": "2025-Q5"},
                "period",
                "is no period. Write a year, such as 2021, or two: 2025-2026. A quarter is written",
            ),
            ({"period": "1990"}, "period", "between 2003"),
            ({"period": f"{timezone.localdate().year + 1}-Q2"}, "period", "has not begun yet"),
            ({"indicator": "NONE-1"}, "indicator", "no indicator of this code"),
        ],
    )
    def test_is_named_at_its_field(self, staff, unido, content, field, words):
        errors = wrong_with(staff, initiative__entity=unido, content=content)
        assert words in errors[field]
        assert list(errors) == [field]

    def test_is_a_country_that_is_not_in_the_initiative(self, unido, staff):
        make.CountryFactory(iso3="SRB", name_en="Serbia")
        errors = wrong_with(staff, initiative__entity=unido, content={"place": "SRB"})
        assert errors == {"place": "The initiative does not work in: Serbia. Add it there first."}

    def test_is_what_its_indicator_does_not_take(self, unido, staff):
        share = make.IndicatorFactory(cumulative=True, value_kind="share", across_places="none")
        pending = make.IndicatorFactory(pending=True)
        retired = make.IndicatorFactory(retired_on=dt.date(2021, 6, 30))
        yes = make.IndicatorFactory(yes=True)
        women = make.CategoryFactory(breakdown__code="sex", code="women")
        parts = [{"part": "sex/women", "value": "3"}]
        for indicator, content, field, words in [
            (share, {"value": "101"}, "value", "100 per cent at most"),
            (pending, {}, "unit", "in which unit"),
            (retired, {}, "period", "is retired"),
            (yes, {"yes": "yes", "source": "Decree"}, "place", "which country"),
            (yes, {"yes": "yes"}, "source", "Say what shows it"),
            (yes, {"value": "3"}, "value", "takes no number"),
            (women.breakdown.indicator, {"parts": parts}, "parts", "The parts make 3 and the whole is 5"),
            (women.breakdown.indicator, {"parts": [parts[0] | {"value": "x"}]}, "parts", "“x” is no number"),
            (women.breakdown.indicator, {"parts": [*parts, parts[0] | {"value": "2"}]}, "parts", "is named twice"),
        ]:
            errors = wrong_with(staff, initiative__entity=unido, indicator=indicator, content=content)
            assert words in errors[field]

    def test_is_a_second_one_for_the_place_and_period_with_the_way_to_the_first(self, unido, staff):
        there = make.ResultFactory(initiative__entity=unido)
        given = {"initiative": there.initiative, "indicator": there.indicator}
        for period in ("2021", "2021-Q2", "2020-2021"):
            errors = wrong_with(staff, **given, content={"period": period})
            assert there.get_absolute_url() in errors["period"]
        draft = Draft.objects.filter(content__period="2021").get()
        client = client_of(staff)
        page = client.post(
            reverse("draft_edit", args=[draft.pk]), {**_flat(draft.content), "edits": 0, "submit": "yes"}
        )
        assert page.status_code == 422
        assert f'href="{there.get_absolute_url()}"' in words_of(page)

    def test_is_a_second_one_that_was_handed_in_before_the_first_was_approved(self, unido, staff, focal_point):
        first = make.ResultDraftFactory(initiative__entity=unido, holder=staff)
        content = {"indicator": first.content["indicator"]}
        second = make.ResultDraftFactory(initiative=first.initiative, holder=staff, content=content)
        second = submit_draft(draft=second, user=staff, now=make.NOON)
        approved(first, staff, focal_point)
        with pytest.raises(DraftIncomplete) as refused:
            approve_draft(draft=second, edits=0, user=focal_point, now=make.NOON)
        assert list(refused.value.form.errors) == ["period"]


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """A content as a browser sends it."""
    return {name: value for name, value in content.items() if not isinstance(value, list)}


class TestCorrecting:
    def test_keeps_the_former_value_and_the_reason_for_everybody(self, client, unido, staff, focal_point):
        women = make.CategoryFactory(breakdown__code="sex", code="women")
        result = make.ResultFactory(initiative__entity=unido, indicator=women.breakdown.indicator)
        draft = begin_change_of_result(result=result, user=staff, now=make.NOON)
        assert begin_change_of_result(result=result, user=focal_point, now=make.NOON) == draft
        with pytest.raises(NothingChanged):
            submit_draft(draft=draft, user=staff, now=make.NOON)
        said = draft.content | {"value": "7", "parts": [{"part": "sex/women", "value": "7"}]}
        draft = save_draft(draft=draft, content=said, edits=0, user=staff, now=make.NOON)
        with pytest.raises(ReasonOfChangeMissing):
            submit_draft(draft=draft, user=staff, now=make.NOON)
        draft = save_draft(draft=draft, content=said, edits=1, user=staff, now=make.NOON, why="Two more came.")
        assert Result.objects.get().value == 5
        assert approved(draft, staff, focal_point) == result
        result.refresh_from_db()
        assert (result.value, result.parts.get().value, result.correction_reason) == (7, 7, "Two more came.")
        assert [(one.result.value, one.reason) for one in former_values(result)] == [(Decimal(5), "Two more came.")]
        html = words_of(client.get(result.get_absolute_url()))
        for words in ("What it said before", "Two more came.", ">7</span>", ">5</span>"):
            assert words in html
        for words in ("Correct this result", "Mira", 'id="history"'):
            assert words not in html
        html = words_of(client_of(staff).get(result.get_absolute_url()))
        for words in ("Correct this result", "Mira", "Approved as version 1"):
            assert words in html

    def test_of_its_words_alone_is_no_correction_of_its_value(self, unido, staff, focal_point):
        result = make.ResultFactory(initiative__entity=unido)
        draft = begin_change_of_result(result=result, user=staff, now=make.NOON)
        said = draft.content | {"narrative": "<p>Mills.</p>"}
        draft = save_draft(draft=draft, content=said, edits=0, user=staff, now=make.NOON, why="Said more.")
        approved(draft, staff, focal_point)
        result.refresh_from_db()
        assert (result.corrected_at, result.texts.get().narrative) == (None, "<p>Mills.</p>")

    def test_stays_with_the_indicator(self, unido, staff):
        result, other = make.ResultFactory(initiative__entity=unido, value=Decimal(5)), make.IndicatorFactory()
        errors = wrong_with(staff, result=result, content={"indicator": other.code})
        assert "stays with its indicator" in errors["indicator"]


class TestPages:
    def test_lead_from_the_initiative_to_a_draft_with_the_fields_of_the_indicator(self, unido, staff, focal_point):
        initiative = make.InitiativeFactory(entity=unido, title="Mills", published=True)
        initiative.places.create(country=make.CountryFactory(iso3="SRB", name_en="Serbia"))
        make.CountryFactory(name_en="Elsewhere")
        women = make.CategoryFactory(breakdown__code="sex", breakdown__name_en="Sex", code="women", name_en="Women")
        indicator = women.breakdown.indicator
        make.IndicatorFactory(code="OLD-1", retired_on=dt.date(2020, 1, 1))
        client = client_of(staff)
        begin = f"{reverse('result_new')}?initiative={initiative.slug}"
        assert begin in words_of(client.get(initiative.get_absolute_url()))
        html = words_of(client.get(begin))
        for words in (indicator.statement, "what is new in the period", "retired on", "Mills"):
            assert words in html
        said = {"initiative": initiative.slug, "entity": "UNIDO", "period": "2021", "indicator": "OLD-1"}
        refused = client.post(reverse("result_new"), said)
        assert (refused.status_code, Draft.objects.count()) == (422, 0)
        assert "it takes results up to then" in words_of(refused)
        edit = client.post(reverse("result_new"), said | {"indicator": indicator.code}).url
        html = words_of(client.get(edit))
        for words in ("Serbia", "Not split by country", "Sex", "Women", str(indicator.unit)):
            assert words in html
        for words in ("Elsewhere", 'name="yes"', 'name="items-0-name"', 'name="unit"', 'name="category"'):
            assert words not in html
        row = {"parts-0-part": "sex/women", "parts-0-value": "12"}
        sent = {"indicator": indicator.code, "place": "SRB", "period": "2021", "value": "12", **row, "edits": 0}
        draft = Draft.objects.get()
        saved = client.post(edit, sent | {"language": "en", "submit": "yes"})
        assert saved.url == draft.get_absolute_url()
        draft.refresh_from_db()
        assert (draft.state, draft.title) == (DraftState.SUBMITTED, f"{indicator.code} · SRB · 2021 · Mills")
        reviewer = client_of(focal_point)
        html = words_of(reviewer.get(draft.get_absolute_url()))
        for words in ("Serbia", "Women · 12"):
            assert words in html
        reviewer.post(reverse("draft_approve", args=[draft.pk]), {"edits": draft.edits})
        result = Result.objects.get()
        html = words_of(Client().get(initiative.get_absolute_url()))
        assert result.get_absolute_url() in html
        assert "Women" in words_of(Client().get(result.get_absolute_url()))

    def test_stand_beside_the_update_of_the_period(self, unido, staff):
        result = make.ResultFactory(initiative__entity=unido)
        draft = make.UpdateDraftFactory(initiative=result.initiative, holder=staff)
        other = make.UpdateDraftFactory(
            initiative=result.initiative, holder=staff, period_start=make.YEAR_END, period_end=dt.date(2023, 1, 1)
        )
        client = client_of(staff)
        for one, is_told in ((draft, True), (other, False)):
            html = words_of(client.get(reverse("draft_edit", args=[one.pk])))
            assert "Results of this period" in html
            assert (result.get_absolute_url() in html) == is_told

    def test_of_an_initiative_cost_the_same_queries_however_many_there_are(self, unido, staff):
        initiative = make.InitiativeFactory(entity=unido, published=True)

        def add() -> None:
            make.ResultFactory(initiative=initiative)
            make.ResultDraftFactory(initiative=initiative, holder=staff)

        assert_rows_cost_nothing(client_of(staff), initiative.get_absolute_url(), add)
