"""The page of one entity."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import FacilitationRole, Role
from reporting.choices import SubmissionState
from tests.factories import (
    NOON,
    CallFactory,
    DocumentFactory,
    EntityAliasFactory,
    EntityFactory,
    FacilitationFactory,
    InitiativeFactory,
    KindFactory,
    ParticipationFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory(
        code="UNIDO", acronym="UNIDO", name_en="Industrial Organization", name_ar="منظمة", name_zh="工业发展组织"
    )


@pytest.fixture
def staff(entity):
    client = Client()
    client.force_login(UserFactory(role=Role.STAFF, entity=entity))
    return client


def page(entity, client):
    return words_of(client.get(entity.get_absolute_url()))


class TestEntityDetail:
    def test_tells_its_names_in_their_languages_and_as_printed(self, client, entity):
        EntityAliasFactory(entity=entity, text="U.N.I.D.O.")
        html = page(entity, client)
        assert '<li lang="ar" dir="rtl">منظمة</li>' in html
        assert '<li lang="zh" dir="ltr">工业发展组织</li>' in html
        assert 'lang="fr"' not in html.partition("<aside")[2]
        assert "U.N.I.D.O." in html

    def test_tells_which_lines_it_facilitates_since_when_and_who_says_so(self, client, entity):
        role = FacilitationFactory(
            entity=entity, role=FacilitationRole.LEAD, since=dt.date(2005, 11, 18), source="Tunis Agenda, annex"
        )
        html = page(entity, client)
        assert f'href="{role.line.get_absolute_url()}"' in html
        assert "Lead facilitator, since 18 November 2005" in html
        assert "Tunis Agenda, annex" in html

    def test_shows_the_latest_of_its_public_initiatives_and_counts_all(self, client, staff, entity):
        for number in range(12):
            initiative = InitiativeFactory(entity=entity, published=True, title=f"Number {number}")
            decided = NOON + dt.timedelta(days=number)
            UpdateFactory(initiative=initiative, decided_at=decided, paragraph="<p>News.</p>")
        InitiativeFactory(entity=entity)
        InitiativeFactory(entity=entity, published=True, archived_at=NOON)
        InitiativeFactory(entity=entity, published=True, kind=KindFactory(code="context", counts_as_initiative=False))
        for reader in (client, staff):
            response = reader.get(entity.get_absolute_url())
            assert response.context["initiative_count"] == 12
            shown = [initiative.title for initiative in response.context["initiatives"]]
            assert shown == [f"Number {number}" for number in range(11, 6, -1)]
            assert f'href="{reverse("initiative_list")}?entity=UNIDO&amp;order=latest"' in words_of(response)

    def test_counts_what_its_list_counts(self, client, entity):
        for _ in range(3):
            InitiativeFactory(entity=entity, published=True)
        assert client.get(entity.get_absolute_url()).context["initiative_count"] == 3
        listed = client.get(reverse("initiative_list"), {"entity": "UNIDO"}).context["page"]
        assert len(listed.object_list) == 3

    def test_shows_submissions_and_documents_that_the_reader_sees(self, client, staff, entity):
        for slug, state in [("25", SubmissionState.PUBLISHED), ("26", SubmissionState.DRAFTING)]:
            SubmissionFactory(call=CallFactory(slug=slug, session__number=int(slug)), entities=[entity], state=state)
        DocumentFactory(entity=entity, title="Outline")
        DocumentFactory(entity=entity, title="Read in", sha256="a" * 64)
        html, own = page(entity, client), page(entity, staff)
        for words, hidden in [("CSTD 25", False), ("CSTD 26", True), (">Outline<", False), (">Read in<", True)]:
            assert (words in html) != hidden
            assert words in own

    def test_tells_what_it_takes_part_in_as_far_as_the_reader_sees_it(self, client, entity):
        shown = InitiativeFactory(published=True, title="Of others")
        ParticipationFactory(entity=entity, initiative=shown, since=dt.date(2020, 1, 1))
        ParticipationFactory(entity=entity, initiative=InitiativeFactory(title="Hidden"))
        html = page(entity, client)
        assert "Of others" in html
        assert "(partner, since 1 January 2020)" in html
        assert "Hidden" not in html

    def test_counts_drafts_for_its_own_people(self, client, staff, entity):
        for year in (2020, 2021):
            UpdateDraftFactory(
                initiative=InitiativeFactory(entity=entity),
                period_start=dt.date(year, 1, 1),
                period_end=dt.date(year + 1, 1, 1),
            )
        assert "2 updates not approved yet" in page(entity, staff)
        assert "not approved yet" not in page(entity, client)

    def test_says_what_there_is_not(self, client, entity):
        html = page(entity, client)
        for words in ("No initiative of this entity is public yet.", "No update has been approved yet."):
            assert words in html

    @pytest.mark.parametrize("letters", ["unido", "Unido"])
    def test_leads_from_other_letters_to_its_code(self, client, entity, letters):
        response = client.get(reverse("entity_detail", args=[letters]), {"a": "b"})
        assert (response.status_code, response["Location"]) == (301, "/entities/UNIDO/?a=b")

    @pytest.mark.parametrize(
        "path", ["/entities/NONE/", "/entities/%00/", "/entities/%27--/", f"/entities/{'x' * 9999}/"]
    )
    def test_is_not_found_where_there_is_none(self, client, entity, path):
        assert client.get(path).status_code == 404

    def test_takes_the_same_queries_however_much_there_is(self, staff, entity):
        def add() -> None:
            initiative = InitiativeFactory(entity=entity, published=True)
            UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
            EntityAliasFactory(entity=entity)
            FacilitationFactory(entity=entity)
            SubmissionFactory(entities=[entity])
            DocumentFactory(entity=entity)
            ParticipationFactory(entity=entity, initiative=InitiativeFactory(published=True))

        assert_rows_cost_nothing(staff, entity.get_absolute_url(), add)
