"""The list of documents: what stands in it for whom, and how it is narrowed."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import DocumentKind, Role
from portal.common.dates import Precision
from tests.factories import (
    ActionLineFactory,
    DocumentFactory,
    DocumentSymbolFactory,
    EntityFactory,
    MentionFactory,
    SessionFactory,
)
from tests.support.pages import assert_rows_cost_nothing, signed_in, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("document_list")
RESULTS = {"HX-Request": "true"}


def titles(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [document.title for document in response.context["page"].object_list]


class TestRow:
    def test_tells_kind_symbols_date_entity_and_session_in_the_language_of_the_title(self, client):
        document = DocumentFactory(
            kind=DocumentKind.RESOLUTION,
            title="Science et technologie",
            language="fr",
            entity=EntityFactory(code="UNCTAD"),
            session=SessionFactory(body="CSTD", number=25),
            dated_on=dt.date(2022, 7, 1),
            date_precision=Precision.MONTH,
        )
        DocumentSymbolFactory(document=document, symbol="E/2022/8")
        html = words_of(client.get(LIST))
        assert f'<a href="/documents/{document.pk}/" lang="fr" dir="ltr">Science et technologie</a>' in html
        for words in ("Resolution", ">E/2022/8</li>", "July 2022", "/entities/UNCTAD/", ">CSTD 25</li>"):
            assert words in html
        assert ">1 document</p>" in html

    def test_has_the_direction_of_an_arabic_title(self, client):
        DocumentFactory(title="قرار", language="ar")
        assert 'lang="ar" dir="rtl">قرار</a>' in words_of(client.get(LIST))


class TestList:
    def test_has_the_latest_first_and_those_without_a_date_last(self, client):
        for title, day in (("Alpha 2010", dt.date(2010, 1, 1)), ("Undated", None), ("Zebra 2022", dt.date(2022, 1, 1))):
            DocumentFactory(title=title, dated_on=day)
        assert titles(client) == ["Zebra 2022", "Alpha 2010", "Undated"]
        assert titles(client, order="title") == ["Alpha 2010", "Undated", "Zebra 2022"]

    def test_is_narrowed_by_kind_year_entity_session_language_and_line(self, client):
        entity, session, line = EntityFactory(code="ITU"), SessionFactory(body="CSTD", number=25), ActionLineFactory()
        found = DocumentFactory(
            title="Found",
            kind=DocumentKind.NEWS,
            entity=entity,
            session=session,
            language="es",
            dated_on=dt.date(2021, 5, 1),
        )
        MentionFactory(document=found, line=line, initiative=None)
        DocumentFactory(title="Other", kind=DocumentKind.LETTER, dated_on=dt.date(2019, 5, 1))
        for asked in (
            {"kind": "news"},
            {"year": "2021"},
            {"entity": "ITU"},
            {"body": "CSTD"},
            {"session": "CSTD-25"},
            {"language": "es"},
            {"line": line.code},
            {"kind": "news", "year": "2021", "entity": "ITU"},
        ):
            assert titles(client, **asked) == ["Found"], asked
        assert titles(client, kind="news", year="2019") == []

    def test_leaves_out_what_an_entity_read_in_and_keeps_for_itself(self, client):
        entity = EntityFactory()
        DocumentFactory(title="Kept", entity=entity, sha256="a" * 64)
        assert titles(client) == []
        assert titles(signed_in(role=Role.STAFF)) == []
        assert titles(signed_in(role=Role.STAFF, entity=entity)) == ["Kept"]

    def test_counts_beside_each_choice_what_the_reader_sees(self, client):
        DocumentFactory(kind=DocumentKind.NEWS)
        DocumentFactory(kind=DocumentKind.NEWS, entity=EntityFactory(), sha256="a" * 64)
        facets = {facet.name: facet for facet in client.get(LIST).context["listing"].tallies.facets}
        assert [(choice.value, choice.count) for choice in facets["kind"].choices] == [("news", 1)]

    def test_links_to_its_files_with_the_same_filter(self, client):
        DocumentFactory(kind=DocumentKind.NEWS)
        assert "/documents/export.csv?kind=news" in words_of(client.get(LIST, {"kind": "news", "page": "1"}))

    def test_answers_htmx_with_the_listing_alone(self, client):
        DocumentFactory(title="Found")
        html = words_of(client.get(LIST, headers=RESULTS))
        assert "Found" in html
        assert "<html" not in html

    def test_costs_the_same_queries_for_twenty(self, client):
        def add() -> None:
            document = DocumentFactory(entity=EntityFactory(), session=SessionFactory(), dated_on=dt.date(2020, 1, 1))
            DocumentSymbolFactory(document=document)

        assert_rows_cost_nothing(client, LIST, add)

    @pytest.mark.parametrize("query", ["kind=poem", "session=CSTD-999", "colour=red", "page=0", "per_page=7"])
    def test_refuses_what_it_does_not_know_with_a_sentence(self, client, query):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 400
        assert response.context["listing"].errors


class TestWayOn:
    def test_leads_those_who_may_to_reading_old_documents_in(self, client):
        assert reverse("import_list") not in words_of(client.get(LIST))
        assert reverse("import_list") not in words_of(signed_in(role=Role.DELEGATE).get(LIST))
        assert reverse("import_list") in words_of(signed_in(role=Role.STAFF).get(LIST))

    def test_says_what_there_will_be_where_nothing_is(self, client):
        assert "No document is known yet" in words_of(client.get(LIST))

    def test_offers_all_of_them_where_none_matches(self, client):
        DocumentFactory(kind=DocumentKind.NEWS)
        html = words_of(client.get(LIST, {"kind": "letter"}))
        assert "No document matches" in html
        assert "Show all documents" in html
