"""The list of initiatives."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Basis, Role, Status
from tests.factories import (
    NOON,
    ActionLineFactory,
    EntityFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTextFactory,
    KindFactory,
    OtherTitleFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("initiative_list")


def titles(client: Client, **asked: str) -> list[str]:
    return [initiative.title for initiative in client.get(LIST, asked).context["page"]]


class TestInitiativeList:
    def test_shows_visitors_what_is_public(self, client):
        InitiativeFactory(title="Learning hub", published=True)
        InitiativeFactory(title="Secret plan")
        InitiativeFactory(title="Of tomorrow", published_at=timezone.now() + dt.timedelta(days=1))
        assert titles(client) == ["Learning hub"]

    def test_shows_people_all_of_their_entity(self, client):
        mine = InitiativeFactory(title="Our draft")
        InitiativeFactory(title="Their draft")
        client.force_login(UserFactory(role=Role.STAFF, entity=mine.entity))
        assert titles(client) == ["Our draft"]

    def test_leaves_mere_context_to_those_who_ask_for_it(self, client):
        context = KindFactory(code="context", counts_as_initiative=False)
        InitiativeFactory(title="Forum of others", kind=context, published=True)
        assert titles(client) == []
        assert titles(client, kind="context") == titles(client, q="forum") == ["Forum of others"]

    def test_shows_each_title_in_the_readers_language_or_the_original_with_its_own(self, client):
        told = InitiativeFactory(title="Learning hub", published=True)
        InitiativeTextFactory(initiative=told, language="fr", state="checked", title="Pôle de formation")
        InitiativeFactory(title="مركز التعلم", language="ar", published=True)
        client.cookies["django_language"] = "fr"
        page = words_of(client.get(LIST))
        assert "Pôle de formation" in page
        assert "Learning hub" not in page
        assert 'lang="ar" dir="rtl"' in page

    def test_takes_the_same_queries_for_twenty(self, client):
        line = ActionLineFactory()

        def add() -> None:
            initiative = InitiativeFactory(published=True)
            InitiativeLineFactory(initiative=initiative, line=line)
            InitiativePlaceFactory(initiative=initiative)
            UpdateFactory(initiative=initiative, approved=True)

        assert_rows_cost_nothing(client, f"{LIST}?order=latest&q=initiative", add)

    def test_turns_its_pages_and_keeps_what_was_asked(self, client):
        for _ in range(26):
            InitiativeFactory(published=True, status=Status.ONGOING)
        first = client.get(LIST, {"status": "ongoing"})
        assert len(first.context["page"]) == 25
        assert "?status=ongoing&amp;page=2" in words_of(first)
        assert len(client.get(LIST, {"status": "ongoing", "page": "2"}).context["page"]) == 1

    def test_marks_what_was_invented(self, client):
        InitiativeFactory(published=True, invented=True)
        assert "demonstration" in words_of(client.get(LIST))

    def test_says_what_to_do_when_nothing_is_there(self, client):
        assert "No initiative is public yet" in words_of(client.get(LIST))
        assert "take a filter away" in words_of(client.get(LIST, {"q": "nothing"}))

    def test_answers_htmx_with_the_results_alone(self, client):
        InitiativeFactory(title="Learning hub", published=True)
        response = client.get(LIST, headers={"HX-Request": "true"})
        assert response.content.decode().strip().startswith('<section id="results"')
        assert "HX-Request" in response["Vary"]

    def test_answers_a_boosted_link_with_the_page(self, client):
        response = client.get(LIST, headers={"HX-Request": "true", "HX-Boosted": "true"})
        assert "<html" in response.content.decode()


class TestFilter:
    def test_finds_all_words_in_any_title_of_any_language(self, client):
        hub = InitiativeFactory(title="Learning hub", published=True)
        InitiativeTextFactory(initiative=hub, language="fr", state="checked", title="Pôle de formation")
        OtherTitleFactory(initiative=hub, text="Skills centre")
        InitiativeFactory(title="Learning lab", published=True)
        assert titles(client, q="hub LEARN") == ["Learning hub"]
        assert titles(client, q="formation") == ["Learning hub"]
        assert titles(client, q="skills") == ["Learning hub"]
        assert titles(client, q="100%") == []

    def test_narrows_by_entity_status_and_kind(self, client):
        unido = EntityFactory(code="UNIDO")
        InitiativeFactory(title="Hub", entity=unido, status=Status.ONGOING, published=True)
        InitiativeFactory(title="Forum", status=Status.COMPLETED, kind=KindFactory(code="event"), published=True)
        assert titles(client, entity="UNIDO") == ["Hub"]
        assert titles(client, status="completed") == ["Forum"]
        assert titles(client, kind="event") == ["Forum"]
        assert titles(client, entity="UNIDO", kind="event") == []

    def test_counts_only_stated_action_lines(self, client):
        line = ActionLineFactory(code="C3")
        InitiativeLineFactory(initiative=InitiativeFactory(title="Stated", published=True), line=line)
        inferred = InitiativeFactory(title="Inferred", published=True)
        InitiativeLineFactory(initiative=inferred, line=line, basis=Basis.INFERRED)
        assert titles(client, line="C3") == ["Stated"]

    def test_orders_by_title_or_by_the_latest_approval(self, client):
        for title, days in [("A", 1), ("C", 3), ("B", None)]:
            initiative = InitiativeFactory(title=title, published=True)
            if days:
                UpdateFactory(initiative=initiative, approved=True, decided_at=NOON + dt.timedelta(days=days))
        assert titles(client) == ["A", "B", "C"]
        assert titles(client, order="latest") == ["C", "A", "B"]

    def test_offers_only_entities_and_kinds_that_the_reader_would_find(self, client):
        public = InitiativeFactory(published=True)
        hidden = InitiativeFactory(kind=KindFactory(code="secret"))
        page = words_of(client.get(LIST))
        assert f'value="{public.entity.code}"' in page
        assert f'value="{hidden.entity.code}"' not in page
        assert 'value="secret"' not in page

    @pytest.mark.parametrize("asked", [{"entity": "NOPE"}, {"line": "C99"}, {"status": "x"}, {"order": "x"}])
    def test_says_which_part_of_an_address_makes_no_sense(self, client, asked):
        InitiativeFactory(title="Hub", published=True)
        response = client.get(LIST, asked)
        assert response.status_code == 400
        assert list(response.context["filter"].errors) == list(asked)
        assert "error-summary" in response.content.decode()
