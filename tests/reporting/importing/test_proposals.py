"""What a document proposes to file: from a text of our own words, read, mended and outlined."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.choices import ProposalKind
from reporting.importing.mending import mend
from reporting.importing.outline import outline
from reporting.importing.proposals import propose
from reporting.importing.text import from_text
from tests.factories import (
    CountryFactory,
    EntityAliasFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    OrganisationFactory,
    OtherTitleFactory,
    ReferenceFactory,
    SessionFactory,
    UserFactory,
)
from tests.support.importing import file_reference_data

pytestmark = pytest.mark.django_db

TEXT = """\
# Executive Summary

The Loom House serves the action lines access to information and capacity building. Its 'Atlas of old looms',[^1] the
[Weavers' Network](#)[^2] and 'Threads for Malta'[^3] grew.

# Overview of trends

Village weavers now sell by telephone.[^4]

However, two obstacles remain: dear yarn and bad roads.

# Current projects

These projects serve the line C4:

## 1. Weavers' Network

Weavers of Malta and Iran met on 3 May 2021.[^5]

## 2. Wool survey 2021

The survey (project no. 300003) asks 400 weavers about C4.

[^1]: Projects in Malta 300001 (loom.example)
[^2]: Projects in Malta 300002 (loom.example)
[^3]: A leaflet of 2020.
[^4]: Yarn Office, https://yarn.example.org/prices.
[^5]: Projects in Malta 300002 (loom.example)
"""


@pytest.fixture(autouse=True)
def reference_data():
    file_reference_data()
    CountryFactory(iso3="IRN", name_en="Iran (Islamic Republic of)")
    OrganisationFactory(name="Yarn Office")


@pytest.fixture
def loom():
    return EntityFactory(code="LOOM", acronym="Loom House")


@pytest.fixture
def session():
    return SessionFactory(number=25)


def proposed(text, entity, session=None, language="en", viewer=None):
    mended = mend(from_text(text))
    found = outline(mended, language=language)
    return propose(mended, found, entities=[entity], session=session, language=language, viewer=viewer)


def words(proposals, kind):
    return [proposal.words for proposal in proposals.of(kind)]


class TestInitiatives:
    def test_are_those_with_a_text_and_those_named_with_a_project_number(self, loom, session):
        proposals = proposed(TEXT, loom, session)
        assert {
            (proposal.words, proposal.facts["kind"], proposal.facts["in_passing"])
            for proposal in proposals.of(ProposalKind.INITIATIVE)
        } == {
            ("Weavers' Network", "network", False),
            ("Wool survey 2021", "survey", False),
            ("Atlas of old looms", "project", True),
        }

    def test_have_the_numbers_that_notes_and_texts_give_them(self, loom, session):
        proposals = proposed(TEXT, loom, session)
        titles = {proposal.key: proposal.words for proposal in proposals.of(ProposalKind.INITIATIVE)}
        assert {
            (titles[proposal.facts["initiative"]], proposal.facts["scheme"], proposal.facts["value"])
            for proposal in proposals.of(ProposalKind.IDENTIFIER)
        } == {
            ("Atlas of old looms", "Loom House project number", "300001"),
            ("Weavers' Network", "Loom House project number", "300002"),
            ("Wool survey 2021", "Loom House project number", "300003"),
        }

    def test_are_matched_with_those_of_others_from_the_day_they_are_public(self, loom, session):
        now = timezone.now()
        InitiativeFactory(title="Wool survey 2021", published_at=now + dt.timedelta(days=90))
        public = InitiativeFactory(title="Weavers' Network", published_at=now - dt.timedelta(days=90))
        proposals = proposed(TEXT, loom, session)
        candidates = [
            found["id"] for each in proposals.of(ProposalKind.INITIATIVE) for found in each.facts["candidates"]
        ]
        assert candidates == [public.pk]

    def test_are_matched_with_what_the_viewer_sees(self, loom, session):
        ours = InitiativeFactory(entity=loom, title="Weavers' Network")

        def candidates(viewer):
            proposals = proposed(TEXT, loom, session, viewer=viewer)
            return [found["id"] for each in proposals.of(ProposalKind.INITIATIVE) for found in each.facts["candidates"]]

        assert candidates(UserFactory(role="staff", entity=loom)) == [ours.pk]
        assert candidates(UserFactory(role="commission")) == []

    @pytest.mark.parametrize(
        ("known", "by"),
        [
            ({"title": "Weavers' Network"}, "title"),
            ({"title": "Weavers’ Network (WN)"}, "title"),
            ({"title": "Threads", "other": "Weavers' network"}, "other title"),
            ({"title": "Net of threads", "identifier": "300002"}, "identifier"),
            ({"title": "Weavers' Network", "identifier": "300002"}, "identifier + title"),
        ],
    )
    def test_are_the_same_as_known_ones_by_title_or_number(self, loom, session, known, by):
        initiative = InitiativeFactory(entity=loom, title=known["title"])
        if "other" in known:
            OtherTitleFactory(initiative=initiative, text=known["other"])
        if "identifier" in known:
            IdentifierFactory(initiative=initiative, value=known["identifier"])
        proposals = proposed(TEXT, loom, session)
        [network] = [each for each in proposals.of(ProposalKind.INITIATIVE) if each.words == "Weavers' Network"]
        assert network.facts["same"] == initiative.pk
        assert network.facts["candidates"][0] == {
            "id": initiative.pk,
            "title": known["title"],
            "entity": "Loom House",
            "by": by,
        }

    def test_are_the_programme_rather_than_its_phase_with_the_same_number(self, loom, session):
        for title in ["Weavers' Network 2.0", "The Network of Weavers'"]:
            IdentifierFactory(initiative=InitiativeFactory(entity=loom, title=title), value="300002")
        programme = InitiativeFactory(entity=loom, title="Weavers' Network")
        IdentifierFactory(initiative=programme, value="300002")
        proposals = proposed(TEXT, loom, session)
        assert (
            proposals.by_key["initiative:" + str(proposals.outline.sections[2].pieces[1].heading)].facts["same"]
            == programme.pk
        )

    def test_of_another_entity_are_candidates_only(self, loom, session):
        InitiativeFactory(title="Wool survey 2021", published=True)
        [survey] = [
            each for each in proposed(TEXT, loom, session).of(ProposalKind.INITIATIVE) if "survey" in each.words
        ]
        assert survey.facts["same"] is None
        assert [candidate["by"] for candidate in survey.facts["candidates"]] == ["title"]

    def test_with_a_similar_title_are_candidates_only(self, loom, session):
        InitiativeFactory(entity=loom, title="Great wool survey 2021")
        [survey] = [
            each for each in proposed(TEXT, loom, session).of(ProposalKind.INITIATIVE) if "survey" in each.words
        ]
        assert survey.facts["same"] is None
        assert [candidate["by"] for candidate in survey.facts["candidates"]] == ["similar title"]

    def test_are_mentioned_where_other_blocks_name_them(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Threads for Malta")
        mentioned = proposed(TEXT, loom, session).of(ProposalKind.MENTION)
        assert {(each.words, each.facts["initiative"] == known.pk) for each in mentioned} == {
            ("Weavers' Network", False),
            ("Threads for Malta", True),
        }


class TestReferences:
    def test_are_the_notes_with_their_words_and_their_address(self, loom, session):
        assert [
            (each.facts["text"], each.facts["address"])
            for each in proposed(TEXT, loom, session).of(ProposalKind.REFERENCE)
        ] == [
            ("Projects in Malta 300001 (loom.example)", ""),
            ("Projects in Malta 300002 (loom.example)", ""),
            ("A leaflet of 2020.", ""),
            ("Yarn Office, https://yarn.example.org/prices.", "https://yarn.example.org/prices"),
            ("Projects in Malta 300002 (loom.example)", ""),
        ]

    @pytest.mark.parametrize(
        ("body", "text", "address"),
        [
            ("[A leaflet](https://example.org/a)", "A leaflet", "https://example.org/a"),
            ("See [a leaflet](https://example.org/a), p. 4.", "See a leaflet, p. 4.", "https://example.org/a"),
            (
                "[One](https://example.org/a) and [two](https://example.org/b).",
                "One (https://example.org/a) and two (https://example.org/b).",
                "",
            ),
            ("[A leaflet](#)", "A leaflet", ""),
        ],
        ids=["a link", "a link among words", "two links", "a link that leads nowhere"],
    )
    def test_keep_where_their_words_lead(self, loom, session, body, text, address):
        found = proposed(f"# Overview\n\nWeavers sell.[^1]\n\n[^1]: {body}\n", loom, session)
        [reference] = found.of(ProposalKind.REFERENCE)
        assert (reference.facts["text"], reference.facts["address"]) == (text, address)

    def test_are_the_known_ones_that_print_the_same(self, loom, session):
        known = ReferenceFactory(text="A leaflet of 2020.")
        ReferenceFactory(text="Projects in Malta 300001 (loom.example)", address="https://loom.example/300001")
        existing = [each.facts["existing"] for each in proposed(TEXT, loom, session).of(ProposalKind.REFERENCE)]
        assert existing == [None, None, known.pk, None, None]

    def test_stay_in_the_note_where_they_are_long(self, loom, session):
        text = f"# Summary\n\nWe went on.[^1]\n\n[^1]: {'A long story of yarn. ' * 30}"
        [reference] = proposed(text, loom, session).of(ProposalKind.REFERENCE)
        assert reference.facts["long"]


class TestPassages:
    def test_are_the_text_outside_initiatives_by_section_and_words(self, loom, session):
        assert [
            (each.facts["kind"], each.words.split()[0])
            for each in proposed(TEXT, loom, session).of(ProposalKind.PASSAGE)
        ] == [("statement", "The"), ("trend", "Village"), ("obstacle", "However,"), ("statement", "These")]

    def test_keep_a_list_with_the_words_that_lead_to_it(self, loom, session):
        text = (
            "# Trends\n\nPrices rise.\n\nWeavers name:\n\n- challenges of yarn\n- obstacles on roads\n\n# End\n\nBye."
        )
        proposals = proposed(text, loom, session)
        assert [len(planned.indexes) for planned in proposals.items] == [4, 1]


class TestMentions:
    def test_hold_lines_countries_bodies_and_dates(self, loom, session):
        proposals = proposed(TEXT, loom, session)
        assert sorted(each.facts["code"] for each in proposals.of(ProposalKind.LINE)) == ["C3", "C4", "C4", "C4"]
        assert "Iran" in words(proposals, ProposalKind.COUNTRY)
        assert words(proposals, ProposalKind.ORGANISATION) == ["Yarn Office"]
        assert words(proposals, ProposalKind.DATE) == ["3 May 2021"]

    def test_leave_out_who_speaks(self, loom, session):
        other = EntityFactory(code="MILL", acronym="Mill House")
        EntityAliasFactory(entity=other, text="House of Mills")
        text = "# Summary\n\nThe Loom House met the House of Mills."
        proposals = proposed(text, loom, session)
        assert [each.facts["id"] for each in proposals.of(ProposalKind.ENTITY)] == [other.pk]

    def test_are_all_that_a_document_without_session_proposes(self, loom):
        known = InitiativeFactory(title="Weavers' Network", published=True)
        proposals = proposed(TEXT, loom)
        assert {each.kind for each in proposals.found} == {
            ProposalKind.LINE,
            ProposalKind.COUNTRY,
            ProposalKind.ORGANISATION,
            ProposalKind.DATE,
            ProposalKind.MENTION,
        }
        assert {each.facts["initiative"] for each in proposals.of(ProposalKind.MENTION)} == {known.pk}
        assert proposals.items == []

    def test_of_plain_words_are_only_possible(self, loom):
        InitiativeFactory(entity=loom, title="Wool survey")
        [mention] = proposed("# Summary\n\nWool survey and others.", loom).of(ProposalKind.MENTION)
        assert not mention.likely


class TestPropose:
    def test_asks_the_same_number_of_questions_whatever_the_length(self, loom, session):
        def questions(text):
            mended = mend(from_text(text))
            found = outline(mended, language="en")
            with CaptureQueriesContext(connection) as captured:
                propose(mended, found, entities=[loom], session=session, language="en")
            return len(captured)

        short = questions("# Summary\n\nWe wove.[^1]\n\n[^1]: A note.")
        InitiativeFactory.create_batch(5, entity=loom)
        assert questions(TEXT + "\n# More\n\nWe wove in Malta.\n" * 30) == short

    def test_names_every_proposal_once(self, loom, session):
        keys = [each.key for each in proposed(TEXT, loom, session).found]
        assert len(keys) == len(set(keys))
