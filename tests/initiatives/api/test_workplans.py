"""What programs read of workplans, indicators and results: the same figures as on the pages, to whom, at which cost."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import EntryKind, Role, Succession, TargetKind
from initiatives.filters import ResultFilter
from initiatives.models import Indicator, Result
from initiatives.services.results import correct_result
from portal.common.tallies import counts
from tests import factories as make
from tests.support import worked_example as example
from tests.support.api import ask, parameters_of, problem, queries

pytestmark = pytest.mark.django_db


class TestWorkplans:
    def test_are_told_with_areas_entries_indicators_and_editions(self, client):
        first = make.WorkplanFactory(slug="first", edition="2020")
        workplan = make.WorkplanFactory(slug="second", edition="2026", supersedes=first, entity=first.entity)
        make.MandateFactory(workplan=workplan, symbol="GC.18/Res.9")
        area = make.ImpactAreaFactory(workplan=workplan, code="TECH")
        area.texts.create(language="fr", name="Technologie", state="checked", based_on=1)
        public, hidden = make.InitiativeFactory(published=True), make.InitiativeFactory()
        tool = make.WorkplanEntryFactory(workplan=workplan, code="CIRP", printed_beside=area, initiative=public)
        tool.areas.add(area)
        make.WorkplanEntryFactory(workplan=workplan, kind=EntryKind.PHASE, code="ONE", phase_of=tool)
        make.WorkplanEntryFactory(workplan=workplan, code="GQSP", applies_to_all_areas=True, initiative=hidden)
        make.IndicatorFactory(workplan=workplan, area=area, code="T1")
        told = ask(client, "workplans/second/?languages=all", **{"Accept-Language": "fr"})
        assert (told["supersedes"], told["superseded_by"]) == ({"slug": "first", "edition": "2020"}, None)
        assert [one["symbol"] for one in told["mandates"]] == ["GC.18/Res.9"]
        assert told["text"] == told["texts"][0]
        assert (told["areas"][0]["text"]["name"], len(told["areas"][0]["texts"])) == ("Technologie", 2)
        entries = {one["code"]: one for one in told["entries"]}
        assert (entries["CIRP"]["areas"], entries["CIRP"]["printed_beside"]) == (["TECH"], "TECH")
        assert entries["CIRP"]["initiative"] == {"id": public.pk, "slug": public.slug}
        assert (entries["GQSP"]["applies_to_all_areas"], entries["GQSP"]["initiative"]) == (True, None)
        assert (entries["ONE"]["kind"], entries["ONE"]["phase_of"]) == ("phase", "CIRP")
        assert [(one["code"], one["area"], one["readiness"]) for one in told["indicators"]] == [
            ("T1", "TECH", "defined")
        ]
        listed = {one["slug"]: one for one in ask(client, "workplans/")["results"]}
        assert listed["first"]["superseded_by"] == {"slug": "second", "edition": "2026"}
        assert "entries" not in listed["first"]
        problem(client, "workplans/third/", 404)


class TestTheWorkedExample:
    def test_has_the_figures_of_page_and_files(self, client):
        indicator = example.tonnes(example.world())
        for year, value in ((2020, 1), (2025, 180)):
            kind = TargetKind.BASELINE if year == 2020 else TargetKind.TARGET
            make.TargetFactory(indicator=indicator, kind=kind, year=year, value=value, reason="Half of the need")
        told = ask(client, f"indicators/{indicator.code}/")
        by_year = {row["year"]: row for row in told["figures"]}
        last = timezone.localdate().year
        assert {year: row["value"] for year, row in by_year.items() if row["value"] is not None} == {
            year: str(value) for year, value in example.TONNES.items() if year <= last
        }
        figures = by_year[2025]
        assert (figures["target"], figures["baseline"], figures["carried_value"]) == ("180", "1", "150")
        assert (figures["expected"], figures["reporting"], figures["not_split"]) == (4, 3, "1000")
        assert (figures["out_of_scope"], figures["unclassified"], figures["within_programmes"]) == (2, 1, 1)
        address = reverse("indicator_export", args=[indicator.code, "json"])
        assert told["figures"] == json.loads(client.get(address).getvalue())
        file = client.get(reverse("indicator_export", args=[indicator.code, "csv"])).getvalue().decode("utf-8-sig")
        of_csv = list(csv.DictReader(io.StringIO(file)))
        assert [row["value"] for row in of_csv] == [row["value"] or "" for row in told["figures"]]

    def test_is_told_in_the_same_number_of_queries_whatever_the_data(self, client):
        world = example.world()
        indicator = example.tonnes(world)
        paths = [f"indicators/{indicator.code}/", "indicators/", "workplans/", "results/"]
        few = [queries(client, path) for path in paths]
        for _number in range(8):
            example.tell(indicator, make.InitiativeFactory(published=True), make.CountryFactory(), 2025, 3)
            example.tonnes(world)
        ask(client, paths[0])
        many = [queries(client, path) for path in paths]
        assert many == few
        assert max(few) <= 15


class TestIndicators:
    def test_are_told_with_definition_breakdowns_and_editions(self, client):
        old = make.IndicatorFactory(code="OLD", retired_on=dt.date(2026, 1, 1))
        new = make.IndicatorFactory(code="NEW", supersedes=old, succession=Succession.MAPS, pending=True)
        make.IndicatorTextFactory(indicator=new, name="New jobs", method="Counted once")
        sex = make.BreakdownFactory(indicator=new, code="sex")
        make.CategoryFactory(breakdown=sex, code="women", name_fr="femmes")
        told = ask(client, "indicators/NEW/", **{"Accept-Language": "fr"})
        assert (told["unit"], told["readiness"], told["across_periods"]) == (None, "unit_pending", "sum")
        assert (told["supersedes"], told["succession"], told["superseded_by"]) == ("OLD", "maps", [])
        assert told["breakdowns"][0]["categories"][0]["name"] == {"language": "fr", "text": "femmes"}
        assert (told["text"]["name"], told["text"]["method"]) == ("New jobs", "Counted once")
        listed = {one["code"]: one for one in ask(client, "indicators/")["results"]}
        assert (listed["OLD"]["superseded_by"], listed["OLD"]["retired_on"]) == (["NEW"], "2026-01-01")
        assert listed["OLD"]["unit"]["code"] == "firms"
        assert not {"figures", "targets"} & listed["OLD"].keys()
        problem(client, "indicators/NONE/", 404)

    def test_have_every_target_that_was_set_and_who_set_it_inside_the_entity_alone(self, client):
        indicator = make.IndicatorFactory()
        mira = make.UserFactory(name="Mira")
        for number, value in enumerate(["100.5", "120", None]):
            make.TargetFactory(
                indicator=indicator, value=value, year=2025 + number // 2, set_by=mira, reason=f"Reason {number}"
            )
        told = ask(client, f"indicators/{indicator.code}/")["targets"]
        assert [(one["year"], one["value"], one["in_force"], one["set_by"]) for one in told] == [
            (2026, None, False, None),
            (2025, "120", True, None),
            (2025, "100.5", False, None),
        ]
        inside = Client()
        inside.force_login(make.UserFactory(role=Role.STAFF, entity=indicator.owner))
        assert {one["set_by"] for one in ask(inside, f"indicators/{indicator.code}/")["targets"]} == {"Mira"}

    def test_of_countries_and_named_items_have_figures_without_a_total_of_places(self, client):
        world = example.world()
        yes = make.IndicatorFactory(yes=True, middle_income=True)
        example.tell(yes, world.hub, world.costa_rica, 2024, yes=True)
        example.tell(yes, world.hub, world.zambia, 2025, yes=True)
        rows = {row["year"]: row for row in ask(client, f"indicators/{yes.code}/")["figures"]}
        assert [rows[2025][name] for name in ("new", "so_far", "still_in_scope", "of_countries")] == ["1", "2", 1, 1]
        items = make.IndicatorFactory(items=True)
        result = example.tell(items, world.hub, world.zambia, 2025)
        make.ResultItemFactory(result=result, item=make.NamedItemFactory(indicator=items), adoptions=3)
        rows = {row["year"]: row for row in ask(client, f"indicators/{items.code}/")["figures"]}
        assert [rows[2025][name] for name in ("new", "so_far", "adoptions")] == ["1", "1", "3"]

    def test_of_a_pending_unit_have_no_total(self, client):
        indicator = make.IndicatorFactory(cumulative=True, unit=None)
        make.ResultFactory(indicator=indicator, unit=make.MeasuringUnitFactory(code="TJ"))
        assert {row["value"] for row in ask(client, f"indicators/{indicator.code}/")["figures"]} == {None}


class TestResults:
    def test_are_told_with_parts_items_and_exact_values(self, client):
        country = make.CountryFactory(iso3="SRB")
        indicator = make.IndicatorFactory(cumulative=True)
        women = make.CategoryFactory(breakdown__indicator=indicator, breakdown__code="sex", code="women")
        result = make.ResultFactory(
            indicator=indicator, country=country, value="123456789012345678.0123456789", source="Survey"
        )
        make.ResultPartFactory(result=result, category=women, value="100000000000000000.10")
        result.texts.create(language="en", narrative="<p>More.</p>")
        make.EvidenceFactory(initiative=result.initiative, public=True).results.add(result)
        make.EvidenceFactory(initiative=result.initiative).results.add(result)
        told = ask(client, f"results/{result.pk}/?languages=all")
        assert (told["value"], told["parts"][0]["value"]) == ("123456789012345678.0123456789", "100000000000000000.1")
        assert [told["parts"][0][name] for name in ("breakdown", "code")] == ["sex", "women"]
        assert (told["country"]["code"], told["group"], told["unit"]["code"]) == ("SRB", None, "firms")
        assert (told["initiative_slug"], told["text"]["narrative"]) == (result.initiative.slug, "<p>More.</p>")
        assert (told["decision_note"], told["former"], told["items"]) == (None, [], [])
        assert len(ask(client, f"results/{result.pk}/?fields=evidence")["evidence"]) == 1

    def test_keep_former_values_and_reasons(self, client):
        result = make.ResultFactory(is_provisional=True)
        for value in (7, 9):
            user, now = make.UserFactory(), timezone.now()
            reason = f"{value} it is."
            changes: dict[str, Any] = {"value": value, "is_provisional": False}
            correct_result(result=result, changes=changes, reason=reason, user=user, now=now)
        told = ask(client, f"results/{result.pk}/")
        assert [(one["value"], one["reason"], one["is_provisional"]) for one in told["former"]] == [
            ("7", "9 it is.", False),
            ("5", "7 it is.", True),
        ]
        assert (told["value"], told["correction_reason"]) == ("9", "9 it is.")

    def test_are_seen_by_whoever_sees_their_pages(self, client):
        public = make.ResultFactory()
        hidden = make.ResultFactory(initiative__published_at=None, decision_note="Inside.")
        directly = make.ResultFactory(initiative=None)
        assert {one["id"] for one in ask(client, "results/")["results"]} == {public.pk, directly.pk}
        problem(client, f"results/{hidden.pk}/", 404)
        inside = Client()
        inside.force_login(make.UserFactory(role=Role.STAFF, entity=hidden.entity))
        assert ask(inside, f"results/{hidden.pk}/")["decision_note"] == "Inside."

    def test_are_filtered(self, client):
        serbia, group = make.CountryFactory(iso3="SRB"), make.CountryGroupFactory(code="EEG")
        make.GroupMembershipFactory(country=serbia, group=group)
        indicator = make.IndicatorFactory(code="JOBS")
        year = {"period_start": dt.date(2021, 1, 1), "period_end": dt.date(2022, 1, 1)}
        of_serbia = make.ResultFactory(indicator=indicator, country=serbia, **year)
        of_group = make.ResultFactory(indicator=indicator, group=group, no_value="not_yet", **year)
        later = make.ResultFactory(
            is_provisional=True, period_start=dt.date(2021, 7, 1), period_end=dt.date(2022, 7, 1)
        )
        for query, found in [
            ("indicator=JOBS", {of_serbia, of_group}),
            (f"initiative={later.initiative.slug}", {later}),
            (f"entity={later.entity.code}", {later}),
            ("country=SRB", {of_serbia}),
            ("group=EEG", {of_serbia, of_group}),
            ("year=2021", {of_serbia, of_group}),
            ("year=2022", {later}),
            ("year=2021&year=2022&value=yes", {of_serbia, later}),
            ("value=no", {of_group}),
            ("provisional=yes", {later}),
            ("provisional=no&count=true", {of_serbia, of_group}),
        ]:
            told = ask(client, f"results/?fields=id&{query}")
            assert {one["id"] for one in told["results"]} == {one.pk for one in found}, query
            assert told.get("count", 2) == 2
        for query in ("indicator=NONE", "year=soon", "value=maybe", "planet=MARS", "country=XXX"):
            assert parameters_of(problem(client, f"results/?{query}", 400)) == [query.partition("=")[0]]

    def test_are_counted_by_the_same_filters_for_a_list(self):
        serbia, group = make.CountryFactory(iso3="SRB"), make.CountryGroupFactory(code="EEG")
        make.GroupMembershipFactory(country=serbia, group=group)
        of_serbia = make.ResultFactory(country=serbia)
        make.ResultFactory(indicator=of_serbia.indicator, group=group)
        make.ResultFactory(period_end=dt.date(2022, 7, 1))
        filter = ResultFilter(QueryDict(), user=AnonymousUser())
        assert filter.is_valid()
        assert counts(filter, "year") == {2021: 2, 2022: 1}
        assert counts(filter, "group") == {group.pk: 2}
        assert counts(filter, "indicator")[of_serbia.indicator_id] == 2
        assert set(Indicator.objects.values_list("pk", flat=True)) == counts(filter, "indicator").keys()
        assert Result.objects.count() == filter.qs.count() == 3
