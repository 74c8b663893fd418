"""The first page."""

import datetime as dt

import pytest
from django.urls import reverse

from initiatives.choices import EntryType, Role, UnMembership, UpdateKind
from reporting.choices import SubmissionState
from tests.factories import (
    NOON,
    CallFactory,
    CountryFactory,
    EntityFactory,
    InitiativeFactory,
    InitiativePlaceFactory,
    KindFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

HOME = reverse("home")


class TestFigures:
    def test_count_what_is_public_and_counts_as_an_initiative(self, client):
        unido = EntityFactory()
        for country in (CountryFactory(), CountryFactory(un_member=UnMembership.OBSERVER)):
            for _ in range(2):
                InitiativePlaceFactory(initiative=InitiativeFactory(entity=unido, published=True), country=country)
        context = client.get(HOME).context
        assert (context["initiative_count"], context["entity_count"], context["country_count"]) == (4, 1, 2)

    def test_leave_out_drafts_context_and_territories(self, client):
        InitiativePlaceFactory(initiative=InitiativeFactory())
        InitiativePlaceFactory(
            initiative=InitiativeFactory(published=True, kind=KindFactory(code="context", counts_as_initiative=False))
        )
        public = InitiativeFactory(published=True)
        InitiativePlaceFactory(initiative=public, country=CountryFactory(un_member=UnMembership.NONE))
        InitiativePlaceFactory(initiative=public, country=CountryFactory(entry_type=EntryType.SUPPLEMENTARY))
        context = client.get(HOME).context
        assert (context["initiative_count"], context["entity_count"], context["country_count"]) == (1, 1, 0)

    def test_are_the_same_for_everybody(self, client):
        own = InitiativeFactory()
        client.force_login(UserFactory(role=Role.STAFF, entity=own.entity))
        assert client.get(HOME).context["initiative_count"] == 0


class TestLatestUpdates:
    def test_are_the_last_five_approved_ones_that_told_news(self, client):
        for day in range(6):
            UpdateFactory(
                initiative=InitiativeFactory(title=f"Number {day}", published=True),
                decided_at=NOON + dt.timedelta(days=day),
                paragraph=f"<p>Words {day}.</p>",
            )
        latest = NOON + dt.timedelta(days=9)
        UpdateFactory(initiative__published=True, kind=UpdateKind.STILL_TRUE, decided_at=latest)
        UpdateDraftFactory(initiative__published=True, submitted=True, paragraph="<p>Secret.</p>")
        told = client.get(HOME).context["latest_updates"]
        assert [update.title for update in told] == [f"Number {day}" for day in (5, 4, 3, 2, 1)]
        assert told[0].text == "Words 5."

    def test_are_not_of_initiatives_that_were_archived_or_merged(self, client):
        archived = InitiativeFactory(published=True, archived_at=NOON)
        for initiative in (archived, InitiativeFactory(published=True, merged_into=archived)):
            UpdateFactory(initiative=initiative, paragraph="<p>A.</p>")
        assert client.get(HOME).context["latest_updates"] == []

    def test_lead_to_their_place_on_the_page_of_the_initiative(self, client):
        update = UpdateFactory(initiative__published=True, paragraph="<p>A.</p>")
        (told,) = client.get(HOME).context["latest_updates"]
        assert told.url == f"/initiatives/{update.initiative.slug}/#update-{update.pk}"
        assert f'id="update-{update.pk}"' in words_of(client.get(told.url))


class TestCalls:
    def test_say_when_they_are_due_and_count_what_the_reader_sees(self, client):
        call = CallFactory(slug="26", due_on=dt.date(2026, 12, 15))
        SubmissionFactory(call=call, state=SubmissionState.PUBLISHED)
        SubmissionFactory(call=call)
        (shown,) = client.get(HOME).context["calls"]
        assert (shown["due_on"], shown["submission_count"]) == (dt.date(2026, 12, 15), 1)
        assert shown["url"] == f"{reverse('submission_list')}#call-26"


class TestHome:
    def test_opens_with_nothing_in_it(self, client):
        html = words_of(client.get(HOME))
        assert "No update has been approved yet." in html
        assert "No call is known yet." in html

    def test_takes_the_same_queries_for_twenty(self, client):
        def add() -> None:
            initiative = InitiativeFactory(published=True)
            UpdateFactory(initiative=initiative, paragraph="<p>A.</p>")
            SubmissionFactory(state=SubmissionState.PUBLISHED)

        assert_rows_cost_nothing(client, HOME, add)
