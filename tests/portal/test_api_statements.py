"""Statements that read pages of the API for visitors: made once, so they may rest on nothing that changes."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone, translation

from initiatives.choices import Role
from initiatives.models import Initiative
from portal.common.api.statements import Statement
from portal.common.api.views import RecordList
from tests.factories import InitiativeFactory, UpdateFactory, UserFactory
from tests.support.api import ask
from tests.test_matrix import patterns

pytestmark = pytest.mark.django_db

#: The lists whose address names no record: whose is under one depends on it, and is asked for each time.
LISTS = {
    route: view
    for route, pattern in patterns(get_resolver())
    if "<" not in route and issubclass(view := getattr(pattern.callback, "view_class", object), RecordList)
}


def made(view: type[RecordList]) -> tuple[Any, ...] | None:
    """Return the statement of all members of a list as it would be made now; none where visitors see nothing."""
    names = tuple(view.record.columns())
    try:
        statement: Statement = view.statement.__wrapped__(view, ("fr", "ar"), "https://portal.example.org", names)
    except EmptyResultSet:
        return None
    return statement.sql, statement.parameters


class TestAStatement:
    @pytest.mark.parametrize("route", LISTS)
    def test_rests_on_no_clock_language_or_row(self, route, monkeypatch):
        InitiativeFactory(published=True)
        with CaptureQueriesContext(connection) as asked:
            before = made(LISTS[route])
        later = timezone.now() + dt.timedelta(days=400)
        monkeypatch.setattr("django.utils.timezone.now", lambda: later)
        with translation.override("ar"):
            assert made(LISTS[route]) == before
        assert asked.captured_queries == []

    def test_is_made_of_every_list_but_those_of_which_visitors_see_nothing(self):
        assert {route.split("/")[-2] for route, view in LISTS.items() if made(view) is None} == {"drafts"}

    def test_shows_visitors_what_became_public_after_it_was_made_and_nothing_that_no_longer_is(self, client):
        withdrawn, published = InitiativeFactory(published=True), InitiativeFactory()
        assert [record["id"] for record in ask(client, "initiatives/")["results"]] == [withdrawn.pk]
        Initiative.objects.filter(pk=withdrawn.pk).update(published_at=None)
        Initiative.objects.filter(pk=published.pk).update(published_at=timezone.now())
        assert [record["id"] for record in ask(client, "initiatives/")["results"]] == [published.pk]

    def test_is_not_that_of_people_who_are_signed_in(self, client):
        update = UpdateFactory(initiative__published=True, decision_note="Checked by telephone.")
        staff = Client()
        staff.force_login(UserFactory(role=Role.STAFF, entity=update.entity))
        for _turn in range(2):
            assert ask(client, "updates/")["results"][0]["decision_note"] is None
            assert ask(staff, "updates/")["results"][0]["decision_note"] == "Checked by telephone."

    def test_is_apart_for_members_and_languages(self, client):
        InitiativeFactory(published=True, kind__name_en="Study", kind__name_fr="Étude")
        for _turn in range(2):
            for language, name in (("en", "Study"), ("fr", "Étude")):
                (record,) = ask(client, "initiatives/?fields=kind", **{"accept-language": language})["results"]
                assert record["kind"]["name"] == {"language": language, "text": name}
                assert record.keys() == {"kind"}
            (record,) = ask(client, "initiatives/?fields=id")["results"]
            assert record.keys() == {"id"}
