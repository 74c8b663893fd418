"""Definitions of indicators as drafts: what approval writes, what stays once there are results, and the pages."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from initiatives.choices import Succession, TextState
from initiatives.drafting.indicators import content_of
from initiatives.models import Draft, Entity, Indicator, Workplan
from initiatives.services.drafts import (
    ReasonOfChangeMissing,
    begin_change_of_indicator,
    submit_draft,
)
from portal.common.languages import Language
from portal.models import User
from tests import factories as make
from tests.support import deciding
from tests.support.pages import assert_rows_cost_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture
def workplan(unido: Entity) -> Workplan:
    return make.WorkplanFactory(entity=unido)


@pytest.fixture
def indicator(workplan: Workplan) -> Indicator:
    text = make.IndicatorTextFactory(indicator__workplan=workplan, indicator__code="MIC-T3", name="Firms")
    return text.indicator


def words_of(response: HttpResponse) -> str:
    """What a page says, without its marks."""
    return " ".join(strip_tags(response.content.decode()).split())


def names(english: str, **others: str) -> dict[str, str]:
    """A name in six languages, as a row of the form has it."""
    return {"name": english} | {f"name_{one}": others.get(one, "") for one in Language.values if one != "en"}


def approved(draft: Draft, by: User) -> Indicator:
    return Indicator.objects.get(pk=deciding.approved(draft, by).indicator_id)


def wrong_with(holder: User, **given: Any) -> dict[str, str]:
    """What the form says of a draft that is handed in, by field."""
    draft = make.IndicatorDraftFactory(holder=holder, **given)
    return deciding.wrong_with(draft)


class TestApproving:
    def test_files_a_new_indicator_with_its_words_and_breakdowns(self, workplan, indicator, secretariat, focal_point):
        area = make.ImpactAreaFactory(workplan=workplan, code="SKILLS")
        content = {
            "area": "SKILLS",
            "name-fr": "Moulins",
            "method-fr": "Comptés une fois.",
            "breakdowns": [{"code": "sex", "kind": "parts"} | names("Sex", fr="Sexe", ar="الجنس")],
            "categories": [
                {"breakdown": "sex", "code": "women"} | names("Women", fr="Femmes", zh="女性"),
                {"breakdown": "sex", "code": "men"} | names("Men"),
            ],
            "supersedes": "MIC-T3",
            "succession": Succession.MAPS.value,
        }
        draft = make.IndicatorDraftFactory(workplan=workplan, holder=secretariat, content=content)
        filed = approved(draft, focal_point)
        assert (filed.code, filed.owner, filed.area, filed.supersedes) == ("MIC-N1", workplan.entity, area, indicator)
        assert {text.language: text.name for text in filed.texts.all()} == {"en": "Mills", "fr": "Moulins"}
        stands = content_of(filed)
        assert {name: stands[name] for name in content} == content
        women = filed.breakdowns.get().categories.get(code="women")
        with translation.override("zh-hans"):
            assert women.name == "女性"
        with translation.override("es"):
            assert women.name == "Women"

    def test_translates_a_kind_that_results_name_already(self, indicator, secretariat, focal_point):
        women = make.CategoryFactory(
            breakdown=make.BreakdownFactory(indicator=indicator), code="women", name_fr="Dames"
        )
        make.ResultPartFactory(result=make.ResultFactory(indicator=indicator), category=women, value=1)
        rows = [row | {"name_fr": "Femmes", "name_ru": "Женщины"} for row in content_of(indicator)["categories"]]
        draft = make.IndicatorDraftFactory(indicator=indicator, holder=secretariat, content={"categories": rows})
        approved(draft, focal_point)
        women.refresh_from_db()
        assert (women.name_en, women.name_fr, women.name_ru) == (rows[0]["name"], "Femmes", "Женщины")

    def test_changes_what_it_is_called_and_lets_a_translation_go_stale(self, indicator, secretariat, focal_point):
        make.IndicatorTextFactory(
            indicator=indicator, language="fr", name="Entreprises", state=TextState.CHECKED, based_on=1
        )
        draft = make.IndicatorDraftFactory(indicator=indicator, holder=secretariat, content={"name": "Small firms"})
        changed = approved(draft, focal_point)
        original, french = changed.texts.order_by("language")
        assert (original.name, original.revision) == ("Small firms", 2)
        assert (french.name, french.based_on) == ("Entreprises", 1)
        assert Draft.objects.get().version == 1

    def test_needs_a_reason(self, indicator, secretariat):
        draft = make.IndicatorDraftFactory(indicator=indicator, holder=secretariat, content={"name": "Mills"}, why="")
        with pytest.raises(ReasonOfChangeMissing):
            submit_draft(draft=draft, user=secretariat, now=make.NOON)

    def test_changes_everything_while_nothing_was_reported(self, indicator, secretariat, focal_point):
        content = {"value_kind": "amount", "measures": "standing", "across_periods": "latest", "unit": ""}
        draft = make.IndicatorDraftFactory(indicator=indicator, holder=secretariat, content=content)
        assert approved(draft, focal_point).is_unit_pending

    def test_retires_it(self, indicator, secretariat, focal_point):
        make.ResultFactory(indicator=indicator)
        draft = make.IndicatorDraftFactory(
            indicator=indicator,
            holder=secretariat,
            content={"retired_on": "2022-01-01", "retired_because": "Measured otherwise."},
        )
        assert approved(draft, focal_point).retired_on == dt.date(2022, 1, 1)


class TestWhatStaysOnceThereAreResults:
    @pytest.mark.parametrize(
        ("content", "field"),
        [
            ({"unit": ""}, "unit"),
            ({"unit": "tonnes"}, "unit"),
            ({"value_kind": "amount"}, "value_kind"),
            ({"scope": "middle_income"}, "scope"),
            ({"across_places": "none"}, "across_places"),
            ({"across_periods": "latest"}, "across_periods"),
            ({"measures": "standing", "across_periods": "latest"}, "measures"),
        ],
    )
    def test_is_said_at_its_field_with_the_way_out(self, indicator, secretariat, content, field):
        make.MeasuringUnitFactory(code="tonnes")
        make.ResultFactory(indicator=indicator)
        said = wrong_with(secretariat, indicator=indicator, content=content)[field]
        assert "Retire the indicator and let a new one supersede it, or begin a new edition" in said

    def test_is_what_was_reported_by_kinds_side_by_side(self, indicator, secretariat):
        kind = make.CategoryFactory(breakdown__indicator=indicator, breakdown__side_by_side=True)
        make.ResultFactory(indicator=indicator, category=kind)
        said = wrong_with(secretariat, indicator=indicator, content={"breakdowns": [], "categories": []})
        assert "they stay as they are" in said["breakdowns"]
        assert "so it stays" in said["categories"]

    def test_is_not_the_day_of_a_result(self, indicator, secretariat):
        make.ResultFactory(indicator=indicator)
        said = wrong_with(secretariat, indicator=indicator, content={"retired_on": "2021-12-31"})
        assert "1 result is dated on that day or later" in said["retired_on"]


class TestAPendingUnit:
    @pytest.fixture
    def pending(self, workplan):
        return make.IndicatorTextFactory(indicator__workplan=workplan, indicator__pending=True).indicator

    @pytest.fixture
    def tonnes(self):
        return make.MeasuringUnitFactory(code="tonnes")

    def test_is_settled_where_it_is_that_of_all_results_and_somebody_said_so(
        self, pending, tonnes, secretariat, focal_point
    ):
        make.ResultFactory(indicator=pending, unit=tonnes)
        make.ResultFactory(indicator=pending, unit=None, no_value="not_yet")
        said = wrong_with(secretariat, indicator=pending, content={"unit": "tonnes"})
        assert list(said) == ["settles_unit"]
        assert "1 result has a value: from the approval on it counts" in said["settles_unit"]
        Draft.objects.all().delete()
        content = {"unit": "tonnes", "settles_unit": "on"}
        draft = make.IndicatorDraftFactory(indicator=pending, holder=secretariat, content=content)
        assert approved(draft, focal_point).unit == tonnes

    def test_is_refused_where_results_are_in_others(self, pending, tonnes, secretariat):
        make.ResultFactory(indicator=pending, unit=make.MeasuringUnitFactory(code="joules"))
        content = {"unit": "tonnes", "settles_unit": "on"}
        said = wrong_with(secretariat, indicator=pending, content=content)
        assert "1 result is in another unit. Correct it first" in said["unit"]
        with pytest.raises(IntegrityError, match="has results by its definition"), transaction.atomic():
            Indicator.objects.filter(pk=pending.pk).update(unit=tonnes)

    def test_is_settled_with_nothing_else(self, pending, tonnes):
        make.ResultFactory(indicator=pending, unit=tonnes)
        with pytest.raises(IntegrityError, match="has results by its definition"), transaction.atomic():
            Indicator.objects.filter(pk=pending.pk).update(unit=tonnes, across_places="none")
        Indicator.objects.filter(pk=pending.pk).update(unit=tonnes)


class TestWhatTheFormRefuses:
    @pytest.mark.parametrize(
        ("content", "field", "words"),
        [
            ({"code": "MIC T1"}, "code", "Write letters, digits"),
            ({"code": "mic-t3"}, "code", "has this code already"),
            ({"statement": ""}, "statement", "required"),
            ({"measures": "since", "across_periods": "latest"}, "since_on", "Say since which day"),
            ({"measures": "standing"}, "across_periods", "only where each tells what is new"),
            ({"value_kind": "yes"}, "across_periods", "counted once"),
            ({"retired_on": "2025-01-01"}, "retired_because", "Say why it is retired"),
            ({"supersedes": "MIC-T3"}, "succession", "Say how an indicator follows"),
            ({"unit": "parsecs"}, "unit", "not one of the available choices"),
            ({"method-fr": "Comptés."}, "name-fr", "Write “Name” in this language too"),
            ({"breakdowns": [{"code": "sex", "kind": "parts", "name": "Sex"}]}, "categories", "has no categories"),
            ({"categories": [{"breakdown": "x", "code": "y", "name": "Z"}]}, "categories", "none of the breakdowns"),
        ],
    )
    def test_is_said_at_its_field(self, workplan, indicator, secretariat, content, field, words):
        assert words in wrong_with(secretariat, workplan=workplan, content=content)[field]


class TestPages:
    def signed_in(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_lead_from_the_workplan_to_a_new_indicator(self, client, workplan, secretariat, focal_point):
        writer, reviewer = self.signed_in(secretariat), self.signed_in(focal_point)
        address = workplan.get_absolute_url()
        assert "Add an indicator" in words_of(writer.get(address))
        for people in (client, reviewer):
            assert "Add an indicator" not in words_of(people.get(address))
        edit = writer.post(reverse("indicator_begin", args=[workplan.slug])).headers["Location"]
        assert "New indicator" in words_of(writer.get(edit))
        assert "indicator draft" in words_of(reviewer.get(address))
        assert "Under way" not in words_of(client.get(address))
        draft = Draft.objects.get()
        assert "A new indicator of the workplan" in words_of(reviewer.get(draft.get_absolute_url()))

    def test_lead_from_an_indicator_to_its_change_and_its_history(self, client, indicator, secretariat, focal_point):
        writer = self.signed_in(secretariat)
        address = indicator.get_absolute_url()
        assert "Change the definition" in words_of(writer.get(address))
        assert "Change the definition" not in words_of(client.get(address))
        edit = writer.post(reverse("indicator_change", args=[indicator.code])).headers["Location"]
        assert "Change the indicator MIC-T3" in words_of(writer.get(edit))
        assert "The change under way" in words_of(writer.get(address))
        draft = Draft.objects.get()
        draft.content["name"], draft.why = "Small firms", "Plainer"
        draft.save()
        approved(draft, focal_point)
        assert "Approved as version 1" in words_of(writer.get(address))
        assert "Approved as version 1" not in words_of(client.get(address))
        assert "Small firms" in words_of(client.get(address))

    def test_say_what_results_keep(self, indicator, secretariat):
        make.ResultFactory(indicator=indicator)
        draft = begin_change_of_indicator(indicator=indicator, user=secretariat, now=make.NOON)
        page = words_of(self.signed_in(secretariat).get(reverse("draft_edit", args=[draft.pk])))
        assert "1 result rests on this definition" in page

    def test_of_a_workplan_cost_the_same_queries_however_much_is_under_way(self, workplan, secretariat):
        client = self.signed_in(secretariat)
        assert_rows_cost_nothing(
            client,
            workplan.get_absolute_url(),
            lambda: make.IndicatorDraftFactory(workplan=workplan, holder=secretariat),
        )
