"""The list of action lines, and the page of one."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import AliasKind, Basis, FacilitationRole, Role
from tests.factories import (
    NOON,
    ActionLineAliasFactory,
    ActionLineFactory,
    DocumentFactory,
    EntityFactory,
    FacilitationFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    MentionFactory,
    PassageFactory,
    ReferenceFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

LIST = "/action-lines/"


@pytest.fixture
def applications():
    return ActionLineFactory(
        code="C7", order=7, name_en="Applications: benefits", current_name_en="Applications", name_ar="تطبيقات"
    )


@pytest.fixture
def government(applications):
    return ActionLineFactory(code="C7-EGOV", order=8, parent=applications, name_en="E-government")


def state(line, **initiative):
    made = InitiativeFactory(**{"published": True, **initiative})
    InitiativeLineFactory(initiative=made, line=line)
    return made


def counted(client):
    return {
        row["line"].code: row["count"] for top in client.get(LIST).context["rows"] for row in [top, *top["sub_rows"]]
    }


class TestActionLineList:
    def test_tells_both_names_and_who_facilitates(self, client, applications, government):
        role = FacilitationFactory(line=government, role=FacilitationRole.LEAD, entity=EntityFactory(code="UNDESA"))
        html = words_of(client.get(LIST))
        assert "In 2003: Applications: benefits" in html
        assert html.count("In 2003:") == 1  # the other one has one name alone
        assert f'Lead facilitator: <a href="{role.entity.get_absolute_url()}">UNDESA</a>' in html

    def test_puts_parts_below_their_line(self, client, applications, government):
        (top,) = client.get(LIST).context["rows"]
        assert [row["line"].code for row in top["sub_rows"]] == ["C7-EGOV"]

    def test_counts_public_initiatives_that_state_the_line(self, client, applications, government):
        state(government)
        both = state(government)
        InitiativeLineFactory(initiative=both, line=applications)
        state(applications)
        InitiativeLineFactory(initiative=InitiativeFactory(published=True), line=government, basis=Basis.INFERRED)
        state(government, published=False)
        state(government, archived_at=NOON)
        state(government, merged_into=both)
        assert counted(client) == {"C7": 3, "C7-EGOV": 2}

    def test_counts_what_its_list_counts(self, client, applications, government):
        for line in (government, government, applications):
            state(line)
        for code, count in counted(client).items():
            listed = client.get(reverse("initiative_list"), {"line": code}).context["page"]
            assert len(listed.object_list) == count

    def test_counts_at_once_what_was_written(self, client, government):
        assert counted(client)["C7-EGOV"] == 0
        initiative = state(government)
        assert counted(client)["C7-EGOV"] == 1
        initiative.archived_at = NOON
        initiative.save()
        assert counted(client)["C7-EGOV"] == 0

    def test_says_where_nothing_is_loaded(self, client):
        assert "No action line is loaded." in words_of(client.get(LIST))

    def test_takes_the_same_queries_however_many_there_are(self, client):
        def add() -> None:
            line = FacilitationFactory().line
            FacilitationFactory(line=line)
            state(line)

        assert_rows_cost_nothing(client, LIST, add)


class TestActionLineDetail:
    def test_tells_names_aliases_and_facilitators_with_their_source(self, client, applications):
        ActionLineAliasFactory(line=applications, text="e-services")
        ActionLineAliasFactory(line=applications, text="a mere keyword", kind=AliasKind.KEYWORD)
        FacilitationFactory(line=applications, since=dt.date(2006, 2, 24), source="Facilitation meeting")
        html = words_of(client.get(applications.get_absolute_url()))
        assert "<h1>Applications</h1>" in html
        assert '<li lang="ar" dir="rtl">تطبيقات</li>' in html
        for words in ("Applications: benefits", "e-services", "since 24 February 2006", "Facilitation meeting"):
            assert words in html
        assert "a mere keyword" not in html

    def test_tells_of_its_parts_too(self, client, applications, government):
        initiative = state(government, title="One portal")
        UpdateFactory(initiative=initiative, paragraph="<p>Opened.</p>")
        passage = PassageFactory(body="<p>A trend.</p>")
        passage.lines.add(government)
        MentionFactory(document=DocumentFactory(title="A survey"), initiative=None, line=government)
        for line in (applications, government):
            html = words_of(client.get(line.get_absolute_url()))
            for words in ("One portal", "Opened.", "A trend.", "A survey", "1 public initiative"):
                assert words in html

    def test_shows_only_what_the_reader_sees(self, client, government):
        entity = EntityFactory()
        initiative = InitiativeFactory(entity=entity, title="Hidden")
        InitiativeLineFactory(initiative=initiative, line=government)
        UpdateFactory(initiative=initiative, paragraph="<p>Hidden words.</p>")
        suggested = InitiativeFactory(published=True, title="Suggested")
        InitiativeLineFactory(initiative=suggested, line=government, basis=Basis.INFERRED)
        secret = DocumentFactory(entity=entity, title="Secret", sha256="a" * 64)
        MentionFactory(document=secret, initiative=None, line=government)
        html = words_of(client.get(government.get_absolute_url()))
        for words in ("Hidden", "Suggested", "Secret"):
            assert words not in html
        staff = Client()
        staff.force_login(UserFactory(role=Role.STAFF, entity=entity))
        html = words_of(staff.get(government.get_absolute_url()))
        assert "Secret" in html

    def test_prints_what_the_footnotes_of_a_passage_cite(self, client, government):
        reference = ReferenceFactory(text="A report of 2020")
        note = f'<span data-footnote="" data-reference="{reference.pk}">*</span>'
        PassageFactory(body=f"<p>A trend.{note}</p>").lines.add(government)
        assert "A report of 2020" in words_of(client.get(government.get_absolute_url()))

    @pytest.mark.parametrize("letters", ["c7-egov", "C7-eGov"])
    def test_leads_from_other_letters_to_its_code(self, client, government, letters):
        response = client.get(reverse("action_line_detail", args=[letters]), {"a": "b"})
        assert (response.status_code, response["Location"]) == (301, "/action-lines/C7-EGOV/?a=b")

    @pytest.mark.parametrize("path", ["C99/", "%00/", "%27--/", f"{'x' * 9999}/"])
    def test_is_not_found_where_there_is_none(self, client, path):
        assert client.get(LIST + path).status_code == 404

    def test_takes_the_same_queries_however_much_there_is(self, client, applications, government):
        def add() -> None:
            initiative = state(government)
            UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
            PassageFactory().lines.add(applications)
            MentionFactory(document=DocumentFactory(), initiative=None, line=government)
            FacilitationFactory(line=applications)
            ActionLineAliasFactory(line=applications)

        assert_rows_cost_nothing(client, applications.get_absolute_url(), add)
