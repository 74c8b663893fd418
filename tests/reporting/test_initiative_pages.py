"""The page of one initiative."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import Basis, Level, RelationKind, Role, Status, UpdateKind
from portal.common.dates import Precision
from reporting.choices import SubmissionState
from tests.factories import (
    ActionLineFactory,
    CallFactory,
    DatedPartFactory,
    DocumentFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    ItemFactory,
    MentionFactory,
    OrganisationFactory,
    OtherTitleFactory,
    ParticipationFactory,
    ReferenceFactory,
    RelationFactory,
    SectionFactory,
    SubmissionFactory,
    TermFactory,
    UpdateFactory,
    UserFactory,
    VocabularyFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return InitiativeFactory(title="Learning hub", description="<p>Where people learn.</p>", published=True)


@pytest.fixture
def staff(hub):
    client = Client()
    client.force_login(UserFactory(role=Role.STAFF, entity=hub.entity))
    return client


def page(initiative, client, **asked):
    return words_of(client.get(initiative.get_absolute_url(), asked))


class TestInitiativeDetail:
    def test_states_the_facts_as_exact_as_they_are_known(self, client):
        initiative = InitiativeFactory(
            published=True,
            entity=EntityFactory(name_en="Industrial Organization"),
            status=Status.ONGOING,
            status_note="in its second phase",
            level=Level.NATIONAL,
            starts_on=dt.date(2021, 11, 1),
            starts_precision=Precision.MONTH,
            place="Room 5",
        )
        InitiativePlaceFactory(initiative=initiative, country__name_en="Serbia")
        DatedPartFactory(initiative=initiative, label="Meetings of July")
        html = page(initiative, client)
        for words in ("Industrial Organization", "ongoing<", "in its second phase", "National", "since November 2021"):
            assert words in html
        for words in ("Serbia", "Room 5", "Meetings of July"):
            assert words in html

    def test_leaves_out_what_is_not_known(self, client, hub):
        html = page(hub, client)
        for label in ("Dates", "Level", "Where", "Action lines", "Who takes part", "Also known as", "Mentioned in"):
            assert f"<dt>{label}</dt>" not in html

    def test_names_numbers_titles_participants_links_and_documents(self, client, hub):
        IdentifierFactory(initiative=hub, label="SAP 180036", address="https://example.org/180036")
        OtherTitleFactory(initiative=hub, text="Skills centre")
        ParticipationFactory(initiative=hub, entity=None, organisation=OrganisationFactory(name="A university"))
        ReferenceFactory(initiative=hub, text="Hub site", address="https://example.org/hub")
        MentionFactory(initiative=hub, document=DocumentFactory(title="Submission 2021"), locator="para. 29")
        html = page(hub, client)
        for words in ("SAP 180036", "Skills centre", "A university", "Hub site", "Submission 2021", "para. 29"):
            assert words in html
        assert 'href="https://example.org/180036"' in html

    def test_shows_people_of_the_entity_what_is_only_suggested(self, client, hub, staff):
        for basis, code in [(Basis.STATED, "C3"), (Basis.INFERRED, "C9")]:
            line = ActionLineFactory(code=code, name_en=f"Line {code}")
            InitiativeLineFactory(initiative=hub, line=line, basis=basis)
            InitiativeTermFactory(initiative=hub, term=TermFactory(name_en=f"Term {code}"), basis=basis)
        for reader, sees in [(client, False), (staff, True)]:
            html = page(hub, reader)
            assert "Line C3" in html
            assert "Term C3" in html
            assert ("Line C9 (suggested)" in html) == sees
            assert ("Term C9 (suggested)" in html) == sees

    def test_groups_terms_by_vocabulary(self, client, hub):
        sdgs = VocabularyFactory(code="sdgs", name_en="Sustainable Development Goals")
        for name in ("Goal 8", "Goal 9"):
            InitiativeTermFactory(initiative=hub, term=TermFactory(vocabulary=sdgs, name_en=name))
        assert page(hub, client).count("<dt>Sustainable Development Goals</dt>") == 1

    def test_shows_names_of_people_inside_their_entity_alone(self, client, staff, hub):
        hub.holder = UserFactory(name="Mira Holder")
        hub.save()
        assert "Mira Holder" not in page(hub, client)
        assert "Mira Holder" in page(hub, staff)

    def test_marks_what_was_invented_and_what_is_not_public(self, client, staff, hub):
        invented = InitiativeFactory(published=True, invented=True)
        draft = InitiativeFactory(entity=hub.entity)
        assert "Invented for demonstration" in page(invented, client)
        assert "Not public yet" in page(draft, staff)
        assert "Not public yet" not in page(hub, staff)

    def test_offers_an_update_to_those_who_may_write_it(self, client, staff, hub):
        assert reverse("update_new") not in page(hub, client)
        assert f"{reverse('update_new')}?initiative={hub.slug}&amp;period=" in page(hub, staff)

    def test_proposes_the_period_of_the_latest_open_call(self, staff, hub):
        CallFactory(period_start=dt.date(2025, 1, 1), period_end=dt.date(2027, 1, 1))
        CallFactory(period_start=dt.date(2027, 1, 1), period_end=dt.date(2029, 1, 1), state="planned")
        assert "&amp;period=2025-2026" in page(hub, staff)

    def test_is_called_by_its_address_where_it_has_no_title_yet(self, client):
        initiative = InitiativeFactory(slug="nameless", title="", published=True)
        UpdateFactory(initiative=initiative, approved=True, paragraph="<p>News.</p>")
        assert "nameless</h1>" in page(initiative, client)
        for address in (reverse("initiative_list"), reverse("home")):
            assert client.get(address).status_code == 200

    def test_prints_its_title_as_it_is_written(self, client):
        initiative = InitiativeFactory(title="Skills & <b>tools</b>", published=True)
        assert "<h1>Skills &amp; &lt;b&gt;tools&lt;/b&gt;</h1>" in page(initiative, client).replace(
            ' lang="en" dir="ltr"', ""
        )

    def test_has_an_address_in_any_script(self, client):
        initiative = InitiativeFactory(slug="中文-address", title="中文", language="zh", published=True)
        assert client.get(initiative.get_absolute_url()).status_code == 200


class TestLanguages:
    @pytest.fixture
    def told_twice(self, hub):
        InitiativeTextFactory(
            initiative=hub, language="ar", state="checked", title="مركز", description="<p>حيث يتعلم الناس.</p>"
        )
        return hub

    def test_begin_with_that_of_the_reader(self, client, told_twice):
        client.cookies["django_language"] = "ar"
        html = page(told_twice, client)
        assert "حيث يتعلم الناس." in html
        assert "Where people learn." not in html

    def test_can_be_switched(self, client, told_twice):
        html = page(told_twice, client, text="ar")
        assert '<div class="prose" lang="ar" dir="rtl">' in html
        assert 'href="?text=en"' in html

    def test_fall_back_to_the_original(self, client, hub):
        client.cookies["django_language"] = "fr"
        assert '<div class="prose" lang="en" dir="ltr">' in page(hub, client)
        assert "Where people learn." in page(hub, client, text="xx")

    def test_say_that_a_text_was_translated_by_a_machine(self, client, hub):
        InitiativeTextFactory(initiative=hub, language="fr", state="machine", title="Pôle")
        assert "Machine translation, unchecked" in page(hub, client, text="fr")
        assert "Machine translation, unchecked" not in page(hub, client)


class TestRelations:
    def test_read_in_both_directions(self, client, hub):
        programme = InitiativeFactory(title="Programme", published=True)
        phase = InitiativeFactory(title="Phase two", published=True)
        RelationFactory(source=hub, target=programme, kind=RelationKind.PART_OF)
        RelationFactory(source=phase, target=hub, kind=RelationKind.PHASE_OF)
        related = client.get(hub.get_absolute_url()).context["related"]
        assert [(str(relation.words), relation.initiative.title) for relation in related] == [
            ("part of", "Programme"),
            ("has the phase", "Phase two"),
        ]

    def test_do_not_name_what_the_reader_does_not_see(self, client, staff, hub):
        hidden = InitiativeFactory(title="Hidden", entity=hub.entity)
        RelationFactory(source=hub, target=hidden)
        assert "Hidden" not in page(hub, client)
        assert "Hidden" in page(hub, staff)

    @pytest.mark.parametrize("kind", RelationKind)
    def test_have_words_for_every_kind(self, client, hub, kind):
        RelationFactory(source=InitiativeFactory(published=True), target=hub, kind=kind)
        assert client.get(hub.get_absolute_url()).context["related"][0].words


class TestTimeline:
    def test_tells_visitors_what_was_approved(self, client, staff, hub):
        UpdateFactory(initiative=hub, approved=True, paragraph="<p>Forty came.</p>", obstacles="<p>Internal.</p>")
        UpdateFactory(
            initiative=hub, paragraph="<p>Draft words.</p>", period_start="2022-01-01", period_end="2023-01-01"
        )
        html = page(hub, client)
        assert "Forty came." in html
        assert "Internal." not in html
        assert "Draft words." not in html
        assert "Draft words." in page(hub, staff)

    def test_comes_latest_first_and_says_when_there_was_nothing_new(self, client, hub):
        UpdateFactory(initiative=hub, approved=True, paragraph="<p>Forty came.</p>")
        UpdateFactory(
            initiative=hub,
            approved=True,
            kind=UpdateKind.STILL_TRUE,
            period_start="2022-01-01",
            period_end="2023-01-01",
        )
        html = page(hub, client)
        assert html.index("Still true, nothing new.") < html.index("Forty came.")

    def test_keeps_the_reason_for_nothing_inside_the_entity(self, client, hub):
        UpdateFactory(initiative=hub, approved=True, kind=UpdateKind.NOTHING, reason="No money came.")
        html = page(hub, client)
        assert "Nothing to report." in html
        assert "No money came." not in html


class TestSubmissionsThatHoldIt:
    def test_are_named_where_the_reader_sees_them(self, client, staff, hub):
        for slug, state in [("25", SubmissionState.PUBLISHED), ("26", SubmissionState.DRAFTING)]:
            call = CallFactory(slug=slug, session__number=int(slug))
            submission = SubmissionFactory(call=call, entities=[hub.entity], state=state)
            ItemFactory(section=SectionFactory(submission=submission), initiative=hub)
        assert "CSTD 25" in page(hub, client)
        assert "CSTD 26" not in page(hub, client)
        assert "CSTD 26" in page(hub, staff)


class TestQueries:
    def test_do_not_grow_with_what_is_told(self, staff, hub):
        vocabulary = VocabularyFactory()
        years = iter(range(2000, 2100))

        def add() -> None:
            year = next(years)
            reference = ReferenceFactory(initiative=hub)
            note = f'<span data-footnote="" data-reference="{reference.pk}">*</span>'
            UpdateFactory(
                initiative=hub,
                approved=True,
                paragraph=f"<p>A{note}.</p>",
                period_start=dt.date(year, 1, 1),
                period_end=dt.date(year + 1, 1, 1),
            )
            InitiativeLineFactory(initiative=hub)
            InitiativeTermFactory(initiative=hub, term=TermFactory(vocabulary=vocabulary))
            InitiativePlaceFactory(initiative=hub)
            IdentifierFactory(initiative=hub)
            OtherTitleFactory(initiative=hub)
            ParticipationFactory(initiative=hub)
            ParticipationFactory(initiative=hub, entity=None, organisation=OrganisationFactory())
            MentionFactory(initiative=hub)
            RelationFactory(source=hub, target=InitiativeFactory(published=True))
            RelationFactory(target=hub, source=InitiativeFactory(published=True))
            ItemFactory(section=SectionFactory(submission=SubmissionFactory(entities=[hub.entity])), initiative=hub)

        assert_rows_cost_nothing(staff, hub.get_absolute_url(), add)
