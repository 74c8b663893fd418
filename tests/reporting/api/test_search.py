"""Searching by program."""

from typing import Any

import pytest
from django.test import Client

from initiatives.choices import Role
from tests.factories import (
    DocumentFactory,
    EntityFactory,
    InitiativeFactory,
    PassageFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.api import ask, parameters_of, problem

pytestmark = pytest.mark.django_db


def found(told: Any) -> list[tuple[str, int]]:
    return [(each["kind"], each["id"]) for each in told["results"]]


class TestSearch:
    def test_finds_records_of_all_kinds_with_the_reason_and_where_they_are(self, client):
        initiative = InitiativeFactory(published=True, title="Additive manufacturing hub")
        update = UpdateFactory(initiative=initiative, paragraph="<p>A manufacturing line opened.</p>")
        passage = PassageFactory(body="<p>Manufacturing grows.</p>")
        document = DocumentFactory(title="Report on manufacturing")
        told = ask(client, "search/?q=manufacturing")
        wanted = {
            ("initiative", initiative.pk),
            ("update", update.pk),
            ("passage", passage.pk),
            ("document", document.pk),
        }
        assert set(found(told)) == wanted
        assert {count["kind"]: count["number"] for count in told["counts"]} == {kind: 1 for kind, _pk in wanted}
        first = next(each for each in told["results"] if each["kind"] == "initiative")
        assert first["marked_title"] == "Additive <mark>manufacturing</mark> hub"
        for each in told["results"]:
            assert client.get(each["address"]).json()["id"] == each["id"]

    def test_shows_nobody_what_is_not_theirs(self, client):
        unido = EntityFactory(code="UNIDO")
        InitiativeFactory(entity=unido, title="Secret manufacturing")
        update = UpdateFactory(
            initiative=InitiativeFactory(entity=unido, published=True), obstacles="<p>Manufacturing.</p>"
        )
        outsider, insider = Client(), Client()
        outsider.force_login(UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER")))
        insider.force_login(UserFactory(role=Role.STAFF, entity=unido))
        for reader in (client, outsider):
            told = ask(reader, "search/?q=manufacturing")
            assert [told["results"], told["counts"], told["nearly"]] == [[], [], []]
        assert len(found(ask(insider, "search/?q=manufacturing"))) == 2
        assert ("update", update.pk) in found(ask(insider, "search/?q=manufacturing"))

    def test_gives_at_most_a_hundred_at_once(self, client):
        ask(client, "search/?q=manufacturing&limit=100")
        problem(client, "search/?q=manufacturing&limit=101", 400)

    def test_narrows_to_kinds(self, client):
        initiative = InitiativeFactory(published=True, title="Manufacturing")
        DocumentFactory(title="Manufacturing")
        assert found(ask(client, "search/?q=manufacturing&kind=initiative")) == [("initiative", initiative.pk)]
        assert len(found(ask(client, "search/?q=manufacturing&kind=initiative&kind=document"))) == 2

    def test_goes_on_page_by_page_and_back(self, client):
        for _ in range(5):
            InitiativeFactory(published=True, title="Manufacturing")
        whole = found(ask(client, "search/?q=manufacturing"))
        first = ask(client, "search/?q=manufacturing&limit=2")
        second = client.get(first["next"]).json()
        third = client.get(second["next"]).json()
        assert [*found(first), *found(second), *found(third)] == whole
        assert (third["next"], first["previous"]) == (None, None)
        assert found(client.get(third["previous"]).json()) == found(second)

    def test_offers_titles_that_are_written_nearly_so(self, client):
        initiative = InitiativeFactory(published=True, title="Manufacturing hub")
        told = ask(client, "search/?q=manufactring")
        assert [each["id"] for each in told["nearly"]] == [initiative.pk]

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("", {"q"}),
            ("q=%00", {"q"}),
            ("q=" + "a" * 1_000_000, {"q"}),
            ("q=hub&kind=person", {"kind"}),
            ("q=hub&limit=0&cursor=x", {"limit", "cursor"}),
            ("q=hub&order=id", {"order"}),
        ],
        ids=["nothing", "nul", "million", "kind", "paging", "unknown"],
    )
    def test_says_what_is_asked_wrongly(self, client, query, named):
        assert set(parameters_of(problem(client, f"search/?{query}", 400))) == named

    @pytest.mark.parametrize("words", ["'; DROP TABLE x; --", "(((a|*", "&!:*", '"', "-", "\\", "%25%5F", "a" * 150])
    def test_takes_whatever_is_typed_as_words(self, client, words):
        assert ask(client, f"search/?q={words.replace('&', '%26')}")["results"] == []
