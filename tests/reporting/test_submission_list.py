"""The list of submissions: filters, orders, calls that nobody answered yet, and the list as a file."""

import csv
import datetime as dt
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import Role
from initiatives.models import Entity
from reporting.choices import CallState, IssueKind, SubmissionState
from tests.factories import NOON, CallFactory, EntityFactory, SessionFactory, SubmissionFactory
from tests.support.pages import signed_in, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("submission_list")


def slugs(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [f"{found.call.slug}/{found.slug}" for found in response.context["page"].object_list]


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO", name_en="Industrial Development", name_fr="Développement industriel")


@pytest.fixture
def published(unido: Entity) -> None:
    """Two calls; UNIDO answered both, the second in French, and UN DESA the second. The first was published last."""
    for number, year in ((25, 2021), (26, 2022)):
        call = CallFactory(
            slug=str(number),
            session=SessionFactory(body="CSTD", number=number),
            period_start=dt.date(year, 1, 1),
            period_end=dt.date(year + 1, 1, 1),
        )
        entities = [unido] if number == 25 else [unido, EntityFactory(code="UNDESA")]
        for entity in entities:
            SubmissionFactory(
                call=call,
                slug=entity.code,
                entities=[entity],
                language="fr" if (number, entity) == (26, unido) else "en",
                state=SubmissionState.PUBLISHED,
                published_at=NOON - dt.timedelta(days=number),
            )


class TestFilters:
    def test_narrow_by_entity_call_year_language_and_words(self, client, published):
        assert slugs(client) == ["26/UNDESA", "26/UNIDO", "25/UNIDO"]
        assert slugs(client, entity="UNIDO") == ["26/UNIDO", "25/UNIDO"]
        assert slugs(client, call="26") == ["26/UNDESA", "26/UNIDO"]
        assert slugs(client, year="2021") == ["25/UNIDO"]
        assert slugs(client, language="fr") == ["26/UNIDO"]
        assert slugs(client, entity="UNIDO", year="2022") == ["26/UNIDO"]
        assert slugs(client, q="undesa") == ["26/UNDESA"]
        assert slugs(client, year="2003") == []

    def test_find_a_period_of_two_years_in_each_of_them(self, client):
        call = CallFactory(slug="28", period_start=dt.date(2025, 1, 1), period_end=dt.date(2027, 1, 1))
        SubmissionFactory(call=call, slug="ITU", state=SubmissionState.PUBLISHED, published_at=NOON)
        assert slugs(client, year="2025") == slugs(client, year="2026") == ["28/ITU"]
        assert slugs(client, year="2027") == []

    def test_narrow_by_state_what_the_reader_sees(self, client, unido, published):
        SubmissionFactory(call=CallFactory(slug="27"), slug="UNIDO", entities=[unido], state=SubmissionState.DRAFTING)
        assert slugs(client, state="drafting") == []
        assert slugs(signed_in(role=Role.STAFF, entity=unido), state="drafting") == ["27/UNIDO"]
        assert slugs(signed_in(role=Role.STAFF), state="drafting") == []

    def test_count_only_what_the_reader_sees(self, client, unido, published):
        SubmissionFactory(call=CallFactory(slug="27"), slug="UNIDO", entities=[unido], state=SubmissionState.DRAFTING)

        def counts(reader: Client) -> dict[str, int]:
            facets = {facet.name: facet for facet in reader.get(LIST).context["listing"].tallies.facets}
            return {choice.value: choice.count for choice in facets["entity"].choices}

        assert counts(client) == {"UNIDO": 2, "UNDESA": 1}
        assert counts(signed_in(role=Role.STAFF, entity=unido)) == {"UNIDO": 3, "UNDESA": 1}

    @pytest.mark.parametrize("query", ["call=99", "entity=NOBODY", "state=lost", "line=C7", "year=20211"])
    def test_refuse_what_they_do_not_know(self, client, query):
        assert client.get(f"{LIST}?{query}").status_code == 400


class TestOrders:
    def test_by_entity_stand_without_headings_with_the_call_beside_each(self, client, published):
        assert slugs(client, order="entity") == ["26/UNDESA", "26/UNIDO", "25/UNIDO"]
        html = words_of(client.get(LIST, {"order": "entity"}))
        assert 'id="call-25"' not in html
        assert ">CSTD 25</li>" in html
        assert "reports on 2021" in html

    def test_by_day_of_publication_have_the_latest_first(self, client, published):
        assert slugs(client, order="published")[0] == "25/UNIDO"


class TestCalls:
    def test_stand_above_while_they_are_open_and_below_when_they_are_closed(self, client, published):
        CallFactory(slug="open", state=CallState.OPEN, session=SessionFactory(body="CSTD", number=27))
        CallFactory(slug="old", state=CallState.CLOSED, session=SessionFactory(body="CSTD", number=20))
        html = words_of(client.get(LIST))
        places = [html.index(f'id="call-{slug}"') for slug in ("open", "26", "25", "old")]
        assert places == sorted(places)
        assert html.count("No submission to this call is published yet.") == 2

    def test_stay_away_from_a_narrowed_list(self, client, published):
        CallFactory(slug="open", state=CallState.OPEN)
        assert 'id="call-open"' not in words_of(client.get(LIST, {"entity": "UNIDO"}))
        assert "No submission matches" in words_of(client.get(LIST, {"entity": "UNIDO", "year": "2003"}))


class TestFile:
    def test_holds_what_the_page_shows_in_its_order(self, client, published):
        response = client.get(reverse("submission_export", args=["json"]), {"entity": "UNIDO"})
        first, second = json.loads(b"".join(response))
        assert first == {
            "address": "http://testserver/submissions/26/UNIDO/",
            "entity_codes": ["UNIDO"],
            "entities": ["Industrial Development"],
            "issue": None,
            "call_code": "26",
            "call": "CSTD 26",
            "period_start": "2022-01-01",
            "period_end": "2022-12-31",
            "language": "fr",
            "state_code": "published",
            "state": "published",
            "published_at": "2021-10-27T12:00:00Z",
        }
        assert second["call_code"] == "25"
        assert response["Content-Disposition"].startswith('attachment; filename="submissions-')

    def test_names_the_issue_and_holds_no_draft_of_others(self, client, unido, published):
        first = unido.submissions.get(call__slug="25")
        SubmissionFactory(
            call=first.call,
            slug="UNIDO-Rev1",
            entities=[unido],
            based_on=first,
            issue_kind=IssueKind.REVISION,
            issue_number=1,
        )

        def issues(reader: Client) -> list[str]:
            response = reader.get(reverse("submission_export", args=["csv"]), {"call": "25"})
            text = b"".join(response).decode("utf-8-sig")
            return [row["issue"] for row in csv.DictReader(io.StringIO(text, newline=""))]

        assert issues(client) == [""]
        assert issues(signed_in(role=Role.STAFF, entity=unido)) == ["", "Rev.1"]

    def test_refuses_what_the_page_refuses(self, client):
        assert client.get(reverse("submission_export", args=["csv"]), {"call": "99"}).status_code == 400
