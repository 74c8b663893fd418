"""The pages of workplans: the matrix of the document, and the way from it to records and indicators."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from initiatives.choices import EntryKind
from initiatives.models import Workplan, WorkplanEntry
from tests import factories as make
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db


def body_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return words_of(response)


class TestTheList:
    def test_leads_to_each_and_says_what_is_superseded(self, client):
        old = make.WorkplanFactory(edition="2020")
        make.WorkplanFactory(edition="2026", supersedes=old)
        body = body_of(client, reverse("workplan_list"))
        assert body.count("edition 20") == 2
        assert body.index("edition 2026") < body.index("edition 2020") < body.index("superseded")

    def test_says_that_there_is_none(self, client):
        assert "No workplan is recorded yet." in body_of(client, reverse("workplan_list"))


class TestTheMatrix:
    @pytest.fixture
    def workplan(self):
        return make.WorkplanFactory()

    @pytest.fixture
    def skills(self, workplan):
        return make.ImpactAreaFactory(workplan=workplan, code="Skills")

    def test_has_what_stands_beside_an_area_in_its_row(self, client, workplan, skills):
        green = make.ImpactAreaFactory(workplan=workplan, code="Green", order=1)
        tool = make.WorkplanEntryFactory(workplan=workplan, code="Platform")
        tool.areas.add(skills, green)
        make.WorkplanEntryFactory(workplan=workplan, code="Pilots", kind=EntryKind.PHASE, phase_of=tool)
        make.WorkplanEntryFactory(
            workplan=workplan,
            code="Reform",
            kind=EntryKind.GOVERNMENT_ROLE,
            applies_to_all_areas=True,
            printed_beside=skills,
        )
        indicator = make.IndicatorFactory(workplan=workplan, area=green)
        body = body_of(client, workplan.get_absolute_url())
        of_skills, of_green, of_all = body.split("matrix-row")[1:]
        for row, other in [(of_skills, "Green"), (of_green, "Skills")]:
            assert "Platform" in row
            assert "Pilots" in row
            assert f"also for: {other}" in row
        assert indicator.get_absolute_url() in of_green
        assert indicator.get_absolute_url() not in of_skills
        assert "Reform" in of_all
        assert "printed beside: Skills" in of_all
        assert "Reform" not in of_skills

    def test_leads_from_a_tool_to_its_public_programme_and_counts_its_parts(self, client, workplan, skills):
        programme, part, hidden = (make.InitiativeFactory(published=number < 2) for number in range(3))
        for initiative in (part, hidden):
            make.RelationFactory(source=initiative, target=programme)
        secret = make.InitiativeFactory()
        for initiative in (programme, secret):
            make.WorkplanEntryFactory(workplan=workplan, initiative=initiative).areas.add(skills)
        body = body_of(client, workplan.get_absolute_url())
        assert programme.get_absolute_url() in body
        assert "1 initiative is part of it" in body
        assert secret.get_absolute_url() not in body

    @pytest.mark.parametrize("record", [None, {"published": True}])
    def test_leads_from_a_tool_to_the_initiatives_that_speak_of_it(self, client, workplan, skills, record):
        programme = record and make.InitiativeFactory(**record)
        tool = make.WorkplanEntryFactory(workplan=workplan, code="LAB", acronym="LAB & MORE", initiative=programme)
        tool.areas.add(skills)
        spoken = make.InitiativeFactory(published=True, title="Lab & more for coders")
        make.InitiativeFactory(published=True, title="Something else")
        page = client.get(workplan.get_absolute_url()).content.decode()
        address = f"{reverse('initiative_list')}?q=LAB%20%26%20MORE"
        assert f'<a href="{address}">' in page
        found = client.get(address).content.decode()
        assert spoken.get_absolute_url() in found
        assert "Something else" not in found

    def test_says_how_far_an_indicator_is(self, client, workplan, skills):
        make.IndicatorFactory(workplan=workplan, area=skills, pending=True)
        assert "unit pending" in body_of(client, workplan.get_absolute_url())

    def test_leads_to_the_edition_that_superseded_it(self, client, workplan):
        newer = make.WorkplanFactory(supersedes=workplan, edition="2026")
        assert newer.get_absolute_url() in body_of(client, workplan.get_absolute_url())

    def test_takes_no_more_queries_for_more_rows(self, client, workplan):
        def more():
            area = make.ImpactAreaFactory(workplan=workplan)
            make.WorkplanEntryFactory(workplan=workplan, initiative=make.InitiativeFactory(published=True)).areas.add(
                area
            )
            make.IndicatorFactory(workplan=workplan, area=area)

        assert_rows_cost_nothing(client, workplan.get_absolute_url(), more)


class TestTheOneOfMiddleIncomeCountries:
    def test_shows_every_entry_and_indicator(self, client):
        call_command("load_reference", verbosity=0)
        workplan = Workplan.objects.get(slug="middle-income-countries")
        response = client.get(workplan.get_absolute_url())
        shown = [entry.row for row in response.context["rows"] for column in row.columns for entry in column.entries]
        phases = sum(
            len(entry.phases) for row in response.context["rows"] for column in row.columns for entry in column.entries
        )
        assert {entry.pk for entry in shown} == set(
            WorkplanEntry.objects.filter(workplan=workplan).exclude(kind=EntryKind.PHASE).values_list("pk", flat=True)
        )
        assert phases == 5
        assert sum(len(row.indicators) for row in response.context["rows"]) == workplan.indicators.count() == 9
