"""Editions of workplans as drafts: what is copied, what becomes of each indicator, and what the form refuses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import EntryKind, Succession, TextState
from initiatives.models import Draft, Entity, Indicator, Result, Target, Workplan, WorkplanEntry
from initiatives.services.drafts import approve_draft, begin_edition
from portal.models import User
from tests import factories as make
from tests.support import deciding
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workplan(unido: Entity) -> Workplan:
    return make.WorkplanFactory(entity=unido, edition="2020", slug="mic-2020")


def indicator_of(workplan: Workplan, code: str, **fields: Any) -> Indicator:
    about = {f"indicator__{name}": value for name, value in fields.items()}
    return make.IndicatorTextFactory(indicator__workplan=workplan, indicator__code=code, name=code, **about).indicator


def fate(indicator: Indicator, what: str, code: str = "", why: str = "") -> dict[str, str]:
    return {f"fate-{indicator.pk}": what, f"code-{indicator.pk}": code, f"why-{indicator.pk}": why}


def approved(draft: Draft, by: User) -> Workplan:
    return Workplan.objects.get(pk=deciding.approved(draft, by).workplan_id)


def wrong_with(workplan: Workplan, holder: User, **content: Any) -> dict[str, str]:
    """What the form says of a draft that is handed in, by field."""
    draft = make.EditionDraftFactory(workplan=workplan, holder=holder, content=content)
    return deciding.wrong_with(draft)


class TestApproving:
    def test_copies_the_matrix_and_leaves_the_old_one_as_it_was(self, workplan, secretariat, focal_point):
        area = make.ImpactAreaFactory(workplan=workplan, code="TECH")
        tool = make.WorkplanEntryFactory(workplan=workplan, code="CIRP", printed_beside=area)
        tool.areas.add(area)
        phase = make.WorkplanEntryFactory(workplan=workplan, kind=EntryKind.PHASE, code="P1", phase_of=tool)
        make.MandateFactory(workplan=workplan)
        new = approved(make.EditionDraftFactory(workplan=workplan, holder=secretariat), focal_point)
        assert (new.slug, new.edition, new.supersedes, new.entity) == ("mic-2026", "2026", workplan, workplan.entity)
        assert new.texts.get().title == workplan.texts.get().title
        assert new.mandates.get().symbol == workplan.mandates.get().symbol
        copied_tool, copied_phase = new.entries.order_by("pk")
        copied_area = new.areas.get()
        assert (copied_tool.printed_beside, list(copied_tool.areas.all())) == (copied_area, [copied_area])
        assert (copied_phase.code, copied_phase.phase_of) == ("P1", copied_tool)
        assert copied_tool.texts.get().name == tool.texts.get().name
        assert list(workplan.entries.order_by("pk")) == [tool, phase]
        assert WorkplanEntry.objects.count() == 4

    def test_carries_on_reformulates_and_retires_and_old_results_stay(self, workplan, secretariat, focal_point):
        area = make.ImpactAreaFactory(workplan=workplan, code="TECH")
        goes_on = indicator_of(workplan, "T1", area=area)
        make.IndicatorTextFactory(indicator=goes_on, language="fr", state=TextState.CHECKED, based_on=1)
        make.CategoryFactory(breakdown__indicator=goes_on, code="women")
        maps, ends = indicator_of(workplan, "T2"), indicator_of(workplan, "T3")
        result, target = make.ResultFactory(indicator=goes_on), make.TargetFactory(indicator=goes_on)
        content = fate(goes_on, "continues", "T1-2026") | fate(maps, "maps", "T2-2026", "Counted by firm now.")
        content |= fate(ends, "retired", why="Nobody measures it.")
        new = approved(make.EditionDraftFactory(workplan=workplan, holder=secretariat, content=content), focal_point)
        first, second = new.indicators.order_by("code")
        assert (first.supersedes, first.succession) == (goes_on, Succession.CONTINUES)
        assert (second.supersedes, second.succession) == (maps, Succession.MAPS)
        assert first.area == new.areas.get()
        assert {text.language for text in first.texts.all()} == {"en", "fr"}
        assert first.breakdowns.get().categories.get().code == "women"
        assert set(workplan.indicators.values_list("code", "retired_on", "retired_because")) == {
            ("T1", dt.date(2026, 1, 1), ""),
            ("T2", dt.date(2026, 1, 1), "Counted by firm now."),
            ("T3", dt.date(2026, 1, 1), "Nobody measures it."),
        }
        assert (Result.objects.get(), Target.objects.get()) == (result, target)
        assert (Result.objects.get().indicator, Target.objects.get().indicator) == (goes_on, goes_on)

    def test_is_refused_where_another_one_came_first(self, workplan, secretariat):
        make.WorkplanFactory(supersedes=workplan, entity=workplan.entity)
        assert "already" in wrong_with(workplan, secretariat)["__all__"]


class TestWhatTheFormRefuses:
    def test_is_said_at_its_field(self, workplan, secretariat):
        one, other = indicator_of(workplan, "T1"), indicator_of(workplan, "T2")
        make.ResultFactory(indicator=one)
        content = {"slug": "MIC-2020", "begins_on": "2021-06-01"}
        content |= fate(one, "continues") | fate(other, "maps", "t1")
        said = wrong_with(workplan, secretariat, **content)
        assert "has this address already" in said["slug"]
        assert "T1 has results dated on that day or later" in said["begins_on"]
        assert "a code of its own" in said[f"code-{one.pk}"]
        assert "has this code already" in said[f"code-{other.pk}"]
        assert "Say why it does not go on" in said[f"why-{other.pk}"]
        assert Workplan.objects.count() == 1

    def test_is_one_code_for_two(self, workplan, secretariat):
        one, other = indicator_of(workplan, "T1"), indicator_of(workplan, "T2")
        said = wrong_with(workplan, secretariat, **fate(one, "continues", "N1"), **fate(other, "continues", "n1"))
        assert list(said) == [f"code-{other.pk}"]


class TestPages:
    def test_lead_from_the_workplan_to_both_editions(self, client, workplan, secretariat, focal_point):
        indicator = indicator_of(workplan, "T1")
        writer = Client()
        writer.force_login(secretariat)
        assert "New edition of this workplan" in words_of(writer.get(workplan.get_absolute_url()))
        assert "New edition of this workplan" not in words_of(client.get(workplan.get_absolute_url()))
        edit = writer.post(reverse("edition_begin", args=[workplan.slug])).headers["Location"]
        assert writer.post(reverse("edition_begin", args=[workplan.slug])).headers["Location"] == edit
        sent = {"edition": "2026", "slug": "mic-2026", "begins_on": "2026-01-01", "symbol": "", "source": "IDB.54"}
        sent |= fate(indicator, "continues", "T1-2026") | {"edits": "0", "submit": "yes"}
        draft = Draft.objects.get()
        assert writer.post(edit, sent).headers["Location"] == draft.get_absolute_url()
        assert client.get("/workplans/mic-2026/").status_code == 404
        approve_draft(draft=draft, edits=Draft.objects.get().edits, user=focal_point, now=make.NOON)
        assert "Edition 2026 has superseded this one" in words_of(client.get(workplan.get_absolute_url()))
        assert "/workplans/mic-2020/" in words_of(client.get("/workplans/mic-2026/"))
        assert "/indicators/T1/" in words_of(client.get("/indicators/T1-2026/"))
        assert "/indicators/T1-2026/" in words_of(client.get(indicator.get_absolute_url()))
        assert "T1: what becomes of it" in words_of(writer.get(draft.get_absolute_url()))
        again = writer.post(reverse("edition_begin", args=[workplan.slug]))
        assert again.headers["Location"] == workplan.get_absolute_url()
        assert "New edition of this workplan" not in words_of(writer.get(draft.workplan.get_absolute_url()))

    def test_go_on_with_the_one_that_is_under_way(self, workplan, secretariat):
        draft = make.EditionDraftFactory(workplan=workplan, holder=secretariat)
        assert begin_edition(workplan=workplan, user=secretariat, now=make.NOON) == draft
