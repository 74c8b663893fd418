"""The list of entities: what they facilitate today, and how much of them is public."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from initiatives.choices import FacilitationRole
from tests.factories import (
    ActionLineFactory,
    EntityAliasFactory,
    EntityFactory,
    FacilitationFactory,
    InitiativeFactory,
    KindFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("entity_list")


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Entities are reference data: how many there are is kept for a minute."""
    cache.clear()


def codes(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [entity.code for entity in response.context["page"].object_list]


class TestRow:
    def test_names_the_entity_and_leads_to_its_public_initiatives(self, client):
        entity = EntityFactory(code="UNIDO", name_en="Industrial Development")
        for _number in range(2):
            InitiativeFactory(entity=entity, published=True)
        InitiativeFactory(entity=entity, published_at=None)
        InitiativeFactory(entity=entity, published=True, archived_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
        InitiativeFactory(entity=entity, published=True, kind=KindFactory(code="context", counts_as_initiative=False))
        html = words_of(client.get(LIST))
        assert '<a href="/entities/UNIDO/">UNIDO</a>' in html
        assert "Industrial Development" in html
        assert '<a href="/initiatives/?entity=UNIDO"> 2 public initiatives' in html
        assert client.get("/initiatives/?entity=UNIDO").context["listing"].total == 2

    def test_says_so_where_none_is_public(self, client):
        EntityFactory()
        assert "no public initiative yet" in words_of(client.get(LIST))

    def test_lists_each_line_that_it_facilitates_today_once_and_in_order(self, client):
        entity = EntityFactory(code="ITU")
        c2, c5 = ActionLineFactory(code="C2", order=2), ActionLineFactory(code="C5", order=5)
        FacilitationFactory(entity=entity, line=c5)
        FacilitationFactory(entity=entity, line=c2, role=FacilitationRole.LEAD)
        FacilitationFactory(entity=entity, line=c2, role=FacilitationRole.ANNEX)
        FacilitationFactory(entity=entity, line=ActionLineFactory(code="C9", order=9), until=dt.date(2010, 1, 1))
        html = words_of(client.get(LIST)).split('class="rows rows-told"')[1]
        assert html.count('href="/action-lines/C2/"') == 1
        assert html.index("/action-lines/C2/") < html.index("/action-lines/C5/")
        assert "/action-lines/C9/" not in html

    def test_shows_a_new_initiative_at_once(self, client):
        entity = EntityFactory()
        client.get(LIST)
        InitiativeFactory(entity=entity, published=True)
        assert "1 public initiative" in words_of(client.get(LIST))


class TestList:
    def test_is_in_the_order_of_acronyms(self, client):
        for code in ("UNIDO", "ITU", "UNESCO"):
            EntityFactory(code=code)
        assert codes(client) == ["ITU", "UNESCO", "UNIDO"]

    def test_is_narrowed_by_words_kind_and_line(self, client):
        itu = EntityFactory(
            code="ITU", name_en="Telecommunication Union", name_fr="Union des télécommunications", kind="union"
        )
        EntityAliasFactory(entity=itu, text="CCITT")
        EntityFactory(code="UNIDO")
        FacilitationFactory(entity=itu, line=ActionLineFactory(code="C2"))
        for asked in ({"q": "itu"}, {"q": "télécommunications"}, {"q": "ccitt"}, {"kind": "union"}, {"line": "C2"}):
            assert codes(client, **asked) == ["ITU"], asked
        assert codes(client, q="nobody") == []
        assert "No entity matches" in words_of(client.get(LIST, {"q": "nobody"}))

    def test_says_so_where_nothing_is_loaded(self, client):
        assert "No entity is known yet" in words_of(client.get(LIST))

    def test_costs_the_same_queries_for_twenty(self, client):
        assert_rows_cost_nothing(client, LIST, FacilitationFactory)

    def test_refuses_what_it_does_not_know(self, client):
        assert client.get(LIST, {"line": "C99"}).status_code == 400
        assert client.get(LIST, {"entity": "ITU"}).status_code == 400
