"""The page of one document, and its file."""

import datetime as dt
import hashlib

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from initiatives.choices import PartKind, Role
from initiatives.models import Document
from portal.common.dates import Precision
from reporting.choices import RecordKind, SubmissionState
from tests.factories import (
    NOON,
    ActionLineFactory,
    CompilationFactory,
    CountryFactory,
    DocumentFactory,
    DocumentSymbolFactory,
    EntityFactory,
    InitiativeFactory,
    MentionFactory,
    OrganisationFactory,
    PartFactory,
    PassageFactory,
    PrintedVersionFactory,
    ReferenceFactory,
    SessionFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

BYTES = b"<script>alert(1)</script>"


@pytest.fixture
def entity():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(entity):
    client = Client()
    client.force_login(UserFactory(role=Role.STAFF, entity=entity))
    return client


@pytest.fixture
def read_in(entity, settings, tmp_path):
    """A document with its file, read in and not public."""
    settings.MEDIA_ROOT = tmp_path
    document = DocumentFactory(entity=entity, title="Answer of 2021", sha256=hashlib.sha256(BYTES).hexdigest())
    document.file.save("answer.html", ContentFile(BYTES))
    return document


def publish(document):
    Document.objects.filter(pk=document.pk).update(published_at=NOON)


def page(document, client, **asked):
    return words_of(client.get(document.get_absolute_url(), asked))


class TestDocumentDetail:
    def test_states_what_is_known_of_it(self, client, entity):
        document = DocumentFactory(
            entity=entity,
            title="Rapport annuel",
            language="fr",
            session=SessionFactory(number=25, name="Twenty-fifth session"),
            agenda_item="3 (a)",
            dated_on=dt.date(2021, 11, 1),
            date_precision=Precision.MONTH,
            author="Secretariat",
            address="https://example.org/report",
            note="As reissued.",
        )
        DocumentSymbolFactory(document=document, symbol="E/CN.16/2022/2")
        html = page(document, client)
        assert '<h1 lang="fr" dir="ltr">Rapport annuel</h1>' in html
        for words in (
            "Twenty-fifth session",
            "3 (a)",
            "November 2021",
            "Secretariat",
            "As reissued.",
            "E/CN.16/2022/2",
        ):
            assert words in html
        assert 'href="https://example.org/report"' in html

    def test_tells_what_it_mentions_by_kind_and_where(self, client, entity):
        document = DocumentFactory()
        part = PartFactory(document=document, order=112, page=7)
        initiative = InitiativeFactory(published=True, title="Learning hub")
        for place in ({"part": part, "locator": ""}, {"locator": "para. 9"}):
            MentionFactory(document=document, initiative=initiative, **place)
        line, country = ActionLineFactory(code="C3", name_en="Access"), CountryFactory(name_en="Serbia")
        organisation = OrganisationFactory(name="A university")
        passage = PassageFactory(body="<p>A trend of the year.</p>")
        for thing in (
            {"line": line},
            {"country": country},
            {"entity": entity},
            {"organisation": organisation},
            {"passage": passage},
            {"starts_on": dt.date(2021, 1, 1), "starts_precision": Precision.YEAR},
        ):
            MentionFactory(document=document, initiative=None, **thing)
        html = page(document, client)
        for heading in ("Initiatives", "Passages", "Action lines", "Countries", "Entities", "Organizations", "Dates"):
            assert f"<h3>{heading}</h3>" in html
        for words in ("C3 Access", "Serbia", "A university", "A trend of the year.", "since 2021"):
            assert words in html
        assert f'href="{initiative.get_absolute_url()}">Learning hub</a>' in html
        assert 'href="?page=2#part-112">page 7<' in html
        assert "2 places" in html

    def test_leaves_out_what_the_reader_does_not_see(self, client, staff, entity):
        document = DocumentFactory(entity=entity)
        MentionFactory(document=document, initiative=InitiativeFactory(entity=entity, title="Hidden"))
        html = page(document, client)
        assert "Hidden" not in html
        assert "Hidden" in page(document, staff)

    def test_shows_the_first_of_many_and_says_how_many_more(self, client):
        document = DocumentFactory()
        for number in range(43):
            MentionFactory(document=document, initiative=None, organisation=OrganisationFactory(name=f"Body {number}"))
        assert "and 3 more" in page(document, client)

    def test_tells_who_cites_it_as_far_as_the_reader_sees_it(self, client, staff, entity):
        document = DocumentFactory()
        public, hidden = InitiativeFactory(published=True, title="Public"), InitiativeFactory(title="Hidden")
        reference = ReferenceFactory(document=document, initiative=public)
        ReferenceFactory(document=document, initiative=hidden)
        submission = SubmissionFactory(entities=[entity], state=SubmissionState.DRAFTING)
        compilation = CompilationFactory(submission=submission, done=True)
        PrintedVersionFactory(compilation=compilation, kind=RecordKind.REFERENCE, record_id=reference.pk)
        html, own = page(document, client), page(document, staff)
        assert "Public" in html
        assert "Hidden" not in html
        assert submission.get_absolute_url() not in html
        assert submission.get_absolute_url() in own

    def test_says_where_nothing_more_is_known(self, client):
        assert "Its words are not read in" in page(DocumentFactory(), client)

    @pytest.mark.parametrize("path", ["/documents/0/", "/documents/999999999999999999999/", "/documents/1%00/"])
    def test_is_not_found_where_there_is_none(self, client, path):
        assert client.get(path).status_code == 404

    def test_takes_the_same_queries_however_much_there_is(self, staff, read_in):
        def add() -> None:
            part = PartFactory(document=read_in, body='<p>A<span data-footnote="x">*</span>.</p>')
            MentionFactory(document=read_in, part=part, initiative=InitiativeFactory(published=True))
            for name, thing in [
                ("country", CountryFactory()),
                ("line", ActionLineFactory()),
                ("entity", EntityFactory()),
                ("organisation", OrganisationFactory()),
                ("passage", PassageFactory()),
            ]:
                MentionFactory(document=read_in, part=part, initiative=None, **{name: thing})
            DocumentSymbolFactory(document=read_in)
            ReferenceFactory(document=read_in, initiative=InitiativeFactory(published=True))

        assert_rows_cost_nothing(staff, read_in.get_absolute_url(), add)


class TestWords:
    def test_stand_in_their_order_each_at_its_place(self, staff, read_in):
        for order, words in [(2, "Second."), (1, "First.")]:
            PartFactory(document=read_in, order=order, body=f"<p>{words}</p>", page=order)
        html = page(read_in, staff)
        assert html.index("First.") < html.index("Second.")
        assert 'id="part-2"' in html
        assert "page 2" in html

    def test_come_a_hundred_places_a_page(self, staff, read_in):
        for order in (1, 100, 101, 250):
            PartFactory(document=read_in, order=order, body=f"<p>Place {order}.</p>")
        shown = [part.order for part in staff.get(read_in.get_absolute_url()).context["parts"]]
        assert shown == [1, 100]
        for number, orders in [("2", [101]), ("3", [250]), ("99999999999999999999", [250]), ("x", [1, 100])]:
            response = staff.get(read_in.get_absolute_url(), {"page": number})
            assert [part.order for part in response.context["parts"]] == orders

    def test_are_for_the_entity_until_the_document_is_public(self, client, staff, read_in):
        PartFactory(document=read_in, order=1, body="<p>Words of it.</p>")
        assert client.get(read_in.get_absolute_url()).status_code == 404
        assert "Not public yet" in page(read_in, staff)
        publish(read_in)
        assert "Words of it." in page(read_in, client)

    @pytest.mark.parametrize("kind", [PartKind.OUTSIDE, PartKind.DELETED, PartKind.RUNNING])
    def test_that_the_file_does_not_print_mention_nothing_to_others(self, client, staff, read_in, kind):
        line = ActionLineFactory(code="C9")
        part = PartFactory(document=read_in, order=1, kind=kind, body="<p>Media.</p>")
        MentionFactory(document=read_in, part=part, initiative=None, line=line, words="Codename")
        publish(read_in)
        api = f"/api/v1/documents/{read_in.pk}/"
        assert client.get(read_in.get_absolute_url()).context["mentioned"] == client.get(api).json()["mentions"] == []
        assert len(staff.get(read_in.get_absolute_url()).context["mentioned"]) == 1
        assert len(staff.get(api).json()["mentions"]) == 1
        assert client.get("/api/v1/documents/", {"line": "C9"}).json()["results"] == []

    def test_that_the_file_does_not_print_are_named_to_others_nowhere_else(self, client, staff, read_in):
        hub, line = InitiativeFactory(published=True), ActionLineFactory(code="C9")
        part = PartFactory(document=read_in, order=1, kind=PartKind.DELETED, body="<p>Media.</p>")
        MentionFactory(document=read_in, part=part, initiative=hub)
        MentionFactory(document=read_in, part=part, initiative=None, line=line)
        publish(read_in)
        api = f"/api/v1/initiatives/{hub.pk}/?fields=mentioned_in"
        for reader, times in [(client, 0), (staff, 1)]:
            assert len(reader.get(hub.get_absolute_url()).context["mentioned"]) == times
            assert len(reader.get(api).json()["mentioned_in"]) == times
            assert reader.get(line.get_absolute_url()).context["document_count"] == times

    @pytest.mark.parametrize("kind", [PartKind.OUTSIDE, PartKind.DELETED, PartKind.RUNNING])
    def test_that_the_file_does_not_print_stay_inside_the_entity(self, client, staff, read_in, kind):
        PartFactory(document=read_in, order=1, kind=kind, body="<p>A remark of the editor.</p>")
        publish(read_in)
        assert "A remark of the editor." not in page(read_in, client)
        assert "A remark of the editor." in page(read_in, staff)


class TestDocumentFile:
    def address(self, document):
        return reverse("document_file", args=[document.pk])

    @pytest.mark.parametrize("kind", [PartKind.OUTSIDE, PartKind.DELETED])
    def test_with_comments_or_deletions_stays_inside_the_entity(self, client, staff, read_in, kind):
        publish(read_in)
        PartFactory(document=read_in, order=1, kind=PartKind.RUNNING, body="<p>Page 1</p>")
        assert client.get(self.address(read_in)).status_code == 200
        PartFactory(document=read_in, order=2, kind=kind, body="<p>A remark of the editor.</p>")
        refused = client.get(self.address(read_in))
        assert refused.status_code == 403
        assert "because it holds comments or deletions" in words_of(refused)
        assert BYTES not in refused.content
        told = page(read_in, client)
        assert "kept inside the entity" in told
        assert self.address(read_in) not in told
        assert staff.get(self.address(read_in)).status_code == 200
        assert self.address(read_in) in page(read_in, staff)

    def test_is_saved_and_never_opened_inside_the_portal(self, staff, read_in):
        response = staff.get(self.address(read_in))
        assert b"".join(response.streaming_content) == BYTES
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_is_for_those_who_see_the_document(self, client, read_in):
        assert client.get(self.address(read_in)).status_code == 404
        publish(read_in)
        assert client.get(self.address(read_in)).status_code == 200

    def test_is_not_given_out_once_its_bytes_have_changed(self, staff, read_in):
        with read_in.file.storage.open(read_in.file.name, "wb") as file:
            file.write(b"other bytes")
        response = staff.get(self.address(read_in))
        assert response.status_code == 410
        assert "Tell an administrator" in words_of(response)

    def test_that_is_lost_is_gone(self, staff, read_in):
        read_in.file.storage.delete(read_in.file.name)
        assert staff.get(self.address(read_in)).status_code == 410

    def test_is_not_there_for_a_mere_record(self, client):
        assert client.get(self.address(DocumentFactory())).status_code == 404
