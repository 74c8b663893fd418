"""The files of lists: what they hold for whom, and that they hold what the page shows."""

import csv
import datetime as dt
import io
import json
import threading
from itertools import takewhile
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from initiatives.choices import Basis, DocumentKind, Level, Role, Status, UpdateKind
from initiatives.models import Entity, Initiative
from portal.common.dates import Precision
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    CountryGroupFactory,
    DocumentFactory,
    DocumentSymbolFactory,
    EntityFactory,
    FacilitationFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    SessionFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UpdateTextFactory,
    VocabularyFactory,
)
from tests.support.pages import signed_in, words_of

pytestmark = pytest.mark.django_db


def taken(client: Client, name: str, format: str = "json", **asked: Any) -> HttpResponse:
    response = client.get(reverse(name, args=[format]), asked)
    assert response.status_code == 200
    response.body = b"".join(response)  # type: ignore[attr-defined]
    return response


def rows(client: Client, name: str, **asked: Any) -> list[dict[str, Any]]:
    return json.loads(taken(client, name, **asked).body)  # type: ignore[attr-defined]


def workbook(client: Client, name: str, **asked: Any) -> Workbook:
    return load_workbook(io.BytesIO(taken(client, name, "xlsx", **asked).body))  # type: ignore[attr-defined]


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO", name_en="Industrial Development", name_fr="Développement industriel")


@pytest.fixture
def hub(unido: Entity) -> Initiative:
    """A public initiative of which everything is known."""
    hub = InitiativeFactory(
        entity=unido,
        published=True,
        slug="hub",
        title="Learning hub",
        kind=KindFactory(code="project"),
        level=Level.REGIONAL,
        status=Status.ONGOING,
        place="Vienna",
        starts_on=dt.date(2020, 3, 1),
        starts_precision=Precision.MONTH,
        ends_on=dt.date(2022, 1, 1),
    )
    InitiativeTextFactory(initiative=hub, language="fr", title="Pôle d’apprentissage", state="checked")
    for code, order in (("C7-ELEA", 20), ("C4", 4)):
        line = ActionLineFactory(code=code, order=order, name_en=f"Line {code}")
        InitiativeLineFactory(initiative=hub, line=line, is_primary=code == "C4")
    InitiativeLineFactory(initiative=hub, line=ActionLineFactory(code="C1"), basis=Basis.INFERRED)
    InitiativePlaceFactory(initiative=hub, country=CountryFactory(iso3="KEN", name_en="Kenya", name_fr="Kenya (fr)"))
    InitiativePlaceFactory(
        initiative=hub, country=None, group=CountryGroupFactory(code="LDC", name_en="Least developed")
    )
    technologies = VocabularyFactory(code="new-technologies", name_en="Technologies")
    for code, basis in (("ai", Basis.STATED), ("iot", Basis.STATED), ("5g", Basis.INFERRED)):
        InitiativeTermFactory(
            initiative=hub, term=TermFactory(vocabulary=technologies, code=code, name_en=code.upper()), basis=basis
        )
    IdentifierFactory(initiative=hub, value="190235")
    UpdateFactory(initiative=hub, entity=unido)
    return hub


class TestInitiatives:
    def test_hold_all_that_lists_know_in_codes_and_names(self, client, hub):
        (row,) = rows(client, "initiative_export")
        assert row == {
            "number": hub.pk,
            "address": "http://testserver/initiatives/hub/",
            "entity_code": "UNIDO",
            "entity": "Industrial Development",
            "title": "Learning hub",
            "title_language": "en",
            "original_title": "Learning hub",
            "original_language": "en",
            "kind_code": "project",
            "kind": "Project",
            "level_code": "regional",
            "level": "regional",
            "status_code": "ongoing",
            "status": "ongoing",
            "line_codes": ["C4", "C7-ELEA"],
            "lines": ["Line C4", "Line C7-ELEA"],
            "primary_line_code": "C4",
            "country_codes": ["KEN"],
            "countries": ["Kenya"],
            "group_codes": ["LDC"],
            "groups": ["Least developed"],
            "covers_all_member_states": False,
            "place": "Vienna",
            "term_new_technologies_codes": ["ai", "iot"],
            "term_new_technologies": ["AI", "IOT"],
            "identifiers": ["190235"],
            "starts_on": "2020-03-01",
            "starts_precision": "month",
            "ends_on": "2021-12-31",
            "ends_precision": "day",
            "years": [2020, 2021],
            "languages": ["en", "fr"],
            "is_invented": False,
            "last_approved_at": "2021-11-22T12:00:00Z",
            "public_since": "2021-11-22T12:00:00Z",
        }

    def test_have_names_in_the_language_of_the_reader(self, client, hub):
        (row,) = json.loads(b"".join(client.get("/initiatives/export.json", headers={"accept-language": "fr"})))
        assert row["title"] == "Pôle d’apprentissage"
        assert row["title_language"] == "fr"
        assert row["original_title"] == "Learning hub"
        assert row["entity"] == "Développement industriel"
        assert row["countries"] == ["Kenya (fr)"]
        assert row["entity_code"] == "UNIDO"

    def test_may_know_nothing_but_a_title_and_a_kind(self, client):
        InitiativeFactory(published=True, title="Fair")
        (row,) = rows(client, "initiative_export")
        assert row["title"] == "Fair"
        for code in ("level", "status", "starts_on", "starts_precision", "ends_on", "place", "primary_line_code"):
            assert row[code] is None
        assert row["lines"] == row["countries"] == row["identifiers"] == []

    def test_are_those_that_the_reader_sees(self, client, unido):
        InitiativeFactory(entity=unido, title="Draft", published_at=None)
        InitiativeFactory(title="Of others", published_at=None)
        assert rows(client, "initiative_export") == []
        (own,) = rows(signed_in(role=Role.STAFF, entity=unido), "initiative_export")
        assert own["title"] == "Draft"
        assert own["public_since"] is None

    def test_are_those_of_the_filter_in_the_order_of_the_page_on_all_its_pages(self, client, unido):
        for title in ("Beta", "alpha", "Gamma", "Élan"):
            InitiativeFactory(entity=unido, published=True, title=title)
        InitiativeFactory(published=True, title="Another entity")
        titles = [row["title"] for row in rows(client, "initiative_export", entity="UNIDO", page=2, per_page=25)]
        assert titles == ["alpha", "Beta", "Élan", "Gamma"]

    def test_are_asked_for_as_strictly_as_on_the_page(self, client):
        for query in ("entity=NOBODY", "colour=red", "order=sideways", "year=1', '--"):
            response = client.get(f"{reverse('initiative_export', args=['csv'])}?{query}")
            assert response.status_code == 400
            assert response["Content-Type"].startswith("text/html")

    def test_come_in_three_formats_and_no_other(self, client):
        for format in ("csv", "xlsx", "json"):
            assert client.get(f"/initiatives/export.{format}").status_code == 200
        assert client.get("/initiatives/export.exe", follow=True).status_code == 404

    def test_answer_without_rows_who_asks_for_the_head_alone(self, client, hub):
        response = client.head("/initiatives/export.csv")
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith('attachment; filename="initiatives-')

    def test_are_read_in_the_same_queries_however_many_there_are(self, client, hub):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                taken(client, "initiative_export", "csv")
            return len(captured)

        with_one = queries()
        for _number in range(20):
            InitiativeLineFactory(initiative=InitiativeFactory(published=True))
        assert queries() == with_one

    def test_are_a_table_for_people_that_says_what_it_holds(self, client, hub):
        book = workbook(client, "initiative_export", line="C4", entity="UNIDO")
        sheet, about = book.worksheets
        head = [cell.value for cell in sheet[1]]
        row = dict(zip(head, sheet[2], strict=True))
        assert sheet.title == "Initiatives"
        assert row["Title"].value == "Learning hub"
        assert row["First day"].value == dt.datetime(2020, 3, 1)
        assert row["First day"].is_date
        assert row["Technologies (codes)"].value == "ai; iot"
        told = dict(takewhile(any, about.values))
        assert told["Rows"] == 1
        assert told["Address"] == "http://testserver/initiatives/?entity=UNIDO&line=C4"
        assert told["Entity"] == "UNIDO (UNIDO)"
        assert told["Action line"] == "C4 Line C4 (C4)"
        assert told["Order"] == "By title"
        assert "imply no opinion of the United Nations" in told["Note"]

    def test_hold_no_formula(self, client):
        InitiativeFactory(published=True, title='=HYPERLINK("http://evil.example.org")', place="@SUM(A1)")
        text = taken(client, "initiative_export", "csv").body.decode("utf-8-sig")
        row = next(csv.DictReader(io.StringIO(text, newline="")))
        assert row["title"] == '\'=HYPERLINK("http://evil.example.org")'
        assert row["place"] == "'@SUM(A1)"
        cells = [cell for row in workbook(client, "initiative_export").worksheets[0] for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]


class TestRefusal:
    def test_says_to_try_again_while_as_many_large_files_are_made_as_may_be(self, client, monkeypatch):
        monkeypatch.setattr("portal.common.exports._SLOTS", threading.Semaphore(0))
        response = client.get("/initiatives/export.xlsx")
        assert response.status_code == 429
        assert response["Retry-After"] == "60"
        assert "Try again in a minute." in words_of(response)

    def test_says_to_narrow_a_list_that_no_sheet_holds(self, client, monkeypatch):
        monkeypatch.setattr("portal.common.exports.ROWS_OF_A_SHEET", 1)
        for _number in range(2):
            InitiativeFactory(published=True)
        response = client.get("/initiatives/export.xlsx")
        assert response.status_code == 400
        assert "A sheet holds at most 1 rows." in words_of(response)
        assert "take the file as CSV or JSON" in words_of(response)
        assert client.get("/initiatives/export.csv").status_code == 200


class TestUpdates:
    def test_hold_what_they_tell_with_the_facts_of_their_initiative(self, client, hub):
        update = hub.updates.get()
        update.texts.all().delete()
        UpdateTextFactory(
            update=update, paragraph="<p>Forty <em>workshops</em> &amp; a fair.</p>", results="<p>Internal.</p>"
        )
        (row,) = rows(client, "update_export")
        assert row["number"] == update.pk
        assert row["address"] == f"http://testserver/initiatives/hub/#update-{update.pk}"
        assert (row["period_start"], row["period_end"]) == ("2021-01-01", "2021-12-31")
        assert (row["update_kind_code"], row["entity_code"]) == ("news", "UNIDO")
        assert (row["paragraph"], row["paragraph_language"]) == ("Forty workshops & a fair.", "en")
        assert (row["initiative"], row["title"], row["line_codes"]) == (hub.pk, "Learning hub", ["C4", "C7-ELEA"])
        assert "Internal" not in json.dumps(row)

    def test_are_approved_ones_alone(self, client, hub, unido):
        UpdateDraftFactory(initiative=hub, entity=unido, paragraph="<p>Draft.</p>")
        own = rows(signed_in(role=Role.STAFF, entity=unido), "update_export")
        assert [row["number"] for row in own] == [row["number"] for row in rows(client, "update_export")]

    def test_leave_out_the_paragraph_of_those_that_tell_nothing_new(self, client, hub, unido):
        nothing = UpdateFactory(initiative=hub, entity=unido, kind=UpdateKind.STILL_TRUE)
        row = next(row for row in rows(client, "update_export") if row["number"] == nothing.pk)
        assert row["paragraph"] is None
        assert row["update_kind_code"] == "still_true"

    def test_follow_the_filter(self, client, hub):
        assert len(rows(client, "update_export", line="C4", year="2021")) == 1
        assert rows(client, "update_export", line="C4", year="2019") == []


class TestDocuments:
    def test_hold_their_bibliographic_facts(self, client, unido):
        document = DocumentFactory(
            kind=DocumentKind.RESOLUTION,
            title="Science and technology",
            entity=unido,
            session=SessionFactory(body="CSTD", number=25),
            dated_on=dt.date(2022, 7, 1),
            date_precision=Precision.MONTH,
            address="https://example.org/r",
        )
        for symbol in ("E/2022/8", "A/77/69"):
            DocumentSymbolFactory(document=document, symbol=symbol)
        (row,) = rows(client, "document_export")
        assert row == {
            "number": document.pk,
            "address": f"http://testserver/documents/{document.pk}/",
            "kind_code": "resolution",
            "kind": "resolution",
            "title": "Science and technology",
            "language": "en",
            "symbols": ["A/77/69", "E/2022/8"],
            "entity_code": "UNIDO",
            "entity": "Industrial Development",
            "body": "CSTD",
            "session": 25,
            "agenda_item": None,
            "author": None,
            "dated_on": "2022-07-01",
            "date_precision": "month",
            "reissued_on": None,
            "link": "https://example.org/r",
            "public_since": None,
        }

    def test_leave_out_what_was_read_in_and_is_not_public(self, client, unido):
        DocumentFactory(title="Read in", entity=unido, sha256="a" * 64)
        assert rows(client, "document_export") == []
        assert [row["title"] for row in rows(signed_in(role=Role.STAFF, entity=unido), "document_export")] == [
            "Read in"
        ]


class TestEntities:
    def test_hold_names_counts_and_the_lines_they_facilitate(self, client, unido, hub):
        InitiativeFactory(entity=unido, published_at=None)
        FacilitationFactory(entity=unido, line=ActionLineFactory(code="C4"))
        FacilitationFactory(entity=unido, line=ActionLineFactory(code="C9"), until=dt.date(2010, 1, 1))
        (row,) = rows(client, "entity_export")
        assert row == {
            "code": "UNIDO",
            "acronym": "UNIDO",
            "name": "Industrial Development",
            "kind": "specialized agency",
            "initiatives": 1,
            "line_codes": ["C4"],
            "lines": ["Line C4"],
            "address": "http://testserver/entities/UNIDO/",
        }

    def test_follow_the_filter(self, client, unido):
        EntityFactory(code="ITU", kind="union")
        assert [row["code"] for row in rows(client, "entity_export", kind="union")] == ["ITU"]
        assert [row["code"] for row in rows(client, "entity_export")] == ["ITU", "UNIDO"]
