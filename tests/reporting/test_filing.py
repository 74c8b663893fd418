"""Filing an old document: the records it makes, what it leaves alone, and that it comes out again as it went in."""

import datetime as dt

import pytest
import typst
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.choices import Basis, MentionKind, PassageKind
from initiatives.models import (
    Document,
    DocumentSymbol,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativeText,
    Mention,
    OtherTitle,
    Passage,
    Reference,
    Update,
)
from reporting.choices import (
    CallState,
    FillingRule,
    HeadingSource,
    ItemKind,
    ProposalKind,
    SubmissionState,
    TextSource,
)
from reporting.compilation.gather import gather
from reporting.compilation.snapshot import fingerprint
from reporting.importing import files
from reporting.importing.mending import mend
from reporting.importing.outline import outline
from reporting.importing.proposals import propose
from reporting.importing.run import keep_parts
from reporting.importing.text import from_text
from reporting.models import Call, Item, Submission
from reporting.services.filing import file_records, restore_document
from reporting.services.undoing import undo
from tests.factories import (
    NOON,
    CallFactory,
    DocumentFactory,
    EntityFactory,
    IdentifierFactory,
    ImportFactory,
    InitiativeFactory,
    ItemFactory,
    LayoutFactory,
    MembershipFactory,
    ReferenceFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)
from tests.reporting.importing.test_office import by_pandoc
from tests.support.importing import accepted, file_reference_data, read_in
from tests.support.proof import compare, told_by, told_in

pytestmark = pytest.mark.django_db

COVER = """\
COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT

(CSTD)

Twenty-fifth session

Geneva, 4 to 8 April 2022

Submissions from entities and others on their efforts in 2021 to carry the outcomes of WSIS forward

Submission by

The Loom House

This submission was written for the report of the Secretary-General to the Commission.

DISCLAIMER: What follows is what the house thinks, and nobody else.

"""
STORY = """\
# Executive Summary

The Loom House serves the action lines access to information and capacity building. Its 'Atlas of old looms',[^1] the
Weavers' Network[^2] and two more[^3][^4] grew.

# Overview of trends

Village weavers now sell by telephone.[^5]

However, two obstacles remain:

- dear yarn
- bad roads[^6]

# Current projects

These projects go on:

## 1. Weavers' Network

Weavers of Malta met about C4 on 3 May 2021.[^7]

They will meet again.

## 2. Wool survey 2021

The survey asks 400 weavers. *Nobody* is left out.

[^1]: Projects in Malta 300001 (loom.example)
[^2]: Projects in Malta 300002 (loom.example)
[^3]: A leaflet of 2020.
[^4]: Another leaflet.
[^5]: Yarn Office, https://yarn.example.org/prices.
[^6]: A leaflet of 2020.
[^7]: Projects in Malta 300002 (loom.example)
"""
TEXT = COVER + STORY


@pytest.fixture(autouse=True)
def reference_data():
    file_reference_data()


@pytest.fixture
def loom():
    return EntityFactory(code="LOOM", acronym="LH", name_en="The Loom House")


@pytest.fixture
def session():
    return SessionFactory(number=25, year=2022, reporting_year=2021)


def imported(text, *entities, session=None, language="en"):
    """An import whose file was read, with its proposals."""
    mended = mend(from_text(text) if isinstance(text, str) else files.read(text))
    found = outline(mended, language=language)
    document = DocumentFactory(title=found.title or "Old", sha256="a" * 64, language=language, entity=entities[0])
    row = ImportFactory(document=document, sha256="a" * 64, session=session, language=language, entities=entities)
    keep_parts(document=document, mended=mended, outlined=found)
    return row, propose(mended, found, entities=list(entities), session=session, language=language)


def filed(text, *entities, session=None, language="en", person=None, **choices):
    """The submission that a text makes, and all rows that it took."""
    row, proposals = imported(text, *entities, session=session, language=language)
    created = file_records(imported=row, proposals=proposals, choices=choices, person=person, now=NOON)
    return row.submission, created


def key_of(proposals, words):
    """The key of the initiative or passage that begins with these words."""
    kinds = {ProposalKind.INITIATIVE, ProposalKind.PASSAGE}
    return next(each.key for each in proposals.found if each.kind in kinds and each.words.startswith(words))


def rows_of(created, model):
    return [row for row in created if isinstance(row, model)]


def all_rows():
    """How many rows each table of the portal has, without histories."""
    from django.apps import apps

    return {
        model._meta.label: model._base_manager.count()
        for app in ("initiatives", "reporting")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not model._meta.proxy and not model.__name__.endswith("Event")
    }


class TestCall:
    def test_is_made_from_the_session_and_the_cover_where_there_is_none(self, loom, session):
        submission, _created = filed(TEXT, loom, session=session)
        call = submission.call
        assert (call.slug, call.session, call.state) == ("25", session, CallState.OPEN)
        assert (call.period_start, call.period_end) == (dt.date(2021, 1, 1), dt.date(2022, 1, 1))
        cover = call.covers.get()
        assert "4 to 8 April 2022" in cover.dates_text
        assert {line["style"]: line["text"] for line in cover.lines}["entity"] == "{entity}"

    def test_keeps_the_braces_of_the_cover_and_the_very_words_of_a_slot(self, loom, session):
        text = TEXT.replace("and nobody else.", "and nobody else {year} {a and b} {{")
        submission, _created = filed(text, loom, session=session)
        printed = [line["text"] for line in gather(submission, "en")["cover"]]
        assert any("and nobody else {year} {a and b} {{" in line for line in printed)
        assert "The Loom House" in printed  # the slot for the entity is filled

    def test_is_closed_where_the_session_is_over(self, loom):
        past = SessionFactory(number=20, year=2017, reporting_year=2016)
        submission, _created = filed("# Summary\n\nWe wove.", loom, session=past)
        assert submission.call.state == CallState.CLOSED
        assert submission.call.period_start == dt.date(2016, 1, 1)

    def test_of_a_session_without_a_year_reported_on_is_for_the_year_before(self, loom):
        submission, _created = filed("# Summary\n\nWe wove.", loom, session=SessionFactory(number=31, year=2028))
        assert submission.call.period_start == dt.date(2027, 1, 1)

    def test_of_another_body_has_its_name_in_the_address(self, loom):
        session = SessionFactory(body="GC", number=19, year=2021)
        submission, _created = filed("# Summary\n\nWe wove.", loom, session=session)
        assert submission.call.slug == "gc-19"

    def test_that_is_there_stays_as_it_is(self, loom, session):
        call = CallFactory(slug="25", session=session)
        submission, created = filed(TEXT, loom, session=session)
        assert submission.call == call
        assert not call.covers.exists()
        assert not rows_of(created, Call)


HEAD = """\
Industrial Development Board

Forty-ninth session

Vienna, 12 to 15 July 2021

IDB.49/11

3 May 2021

Item 7 (a) of the provisional agenda

Yarn in all countries

Report by the Director General

# Background

The looms of Malta are old.
"""


class TestDocument:
    """What a document says of itself is filed with it, be it a submission or not."""

    @pytest.mark.parametrize("is_submission", [True, False])
    def test_has_its_symbol_date_and_agenda_item(self, loom, session, is_submission):
        row, proposals = imported(HEAD, loom, session=session if is_submission else None)
        file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        document = Document.objects.get(pk=row.document.pk)
        assert [symbol.symbol for symbol in document.symbols.all()] == ["IDB.49/11"]
        assert (document.dated_on, document.date_precision) == (dt.date(2021, 5, 3), "day")
        assert document.agenda_item == "7 (a)"

    def test_leaves_out_what_a_person_refused(self, loom):
        row, proposals = imported(HEAD, loom)
        refused = [proposal.key for proposal in proposals.of(ProposalKind.COVER_FACT)]
        assert len(refused) == 3
        file_records(imported=row, proposals=proposals, choices={"refused": refused}, person=None, now=NOON)
        document = Document.objects.get(pk=row.document.pk)
        assert (document.symbols.count(), document.dated_on, document.agenda_item) == (0, None, "")

    def test_keeps_a_symbol_that_another_has_with_that_one(self, loom):
        DocumentSymbol.objects.create(document=DocumentFactory(), symbol="IDB.49/11")
        row, proposals = imported(HEAD, loom)
        [symbol] = [each for each in proposals.of(ProposalKind.COVER_FACT) if "symbol" in each.key]
        assert not symbol.facts["files"]
        file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        assert not row.document.symbols.exists()

    def test_is_as_it_was_when_that_is_undone(self, loom, session):
        row = read_in(HEAD, loom, session=session)
        before = Document.objects.values().get()
        accepted(row)
        assert Document.objects.values("dated_on", "agenda_item").get() == {
            "dated_on": dt.date(2021, 5, 3),
            "agenda_item": "7 (a)",
        }
        undo(imported=row, person=None, now=NOON)
        assert Document.objects.values().get() == before
        assert not DocumentSymbol.objects.exists()

    def test_keeps_what_it_says_already_and_what_was_changed_since(self, loom):
        row, proposals = imported(HEAD, loom)
        row.document.agenda_item = "9"
        file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        Document.objects.filter(pk=row.document.pk).update(agenda_item="9")
        restore_document(row)
        document = Document.objects.get(pk=row.document.pk)
        assert (document.dated_on, document.agenda_item) == (None, "9")


class TestSubmission:
    def test_has_the_codes_of_its_entities_and_waits_as_a_draft(self, loom, session):
        mill = EntityFactory(code="MILL")
        submission, _created = filed(TEXT, loom, mill, session=session)
        assert (submission.slug, submission.state) == ("LOOM-MILL", SubmissionState.DRAFTING)
        assert set(submission.entities.all()) == {loom, mill}

    def test_stands_beside_one_that_is_there(self, loom, session):
        call = CallFactory(slug="25", session=session)
        there = SubmissionFactory(call=call, slug="LOOM", entities=[loom])
        first, _created = filed(TEXT, loom, session=session)
        second, _created = filed(TEXT, loom, session=session)
        assert [first.slug, second.slug] == ["LOOM-imported", "LOOM-imported-2"]
        assert first.layout != there.layout

    def test_has_a_layout_that_later_ones_begin_with_only_where_there_was_none(self, loom, session):
        first, _created = filed(TEXT, loom, session=session)
        second, _created = filed(TEXT, loom, session=session)
        assert [first.layout.name, second.layout.name] == ["", "LOOM-imported"]
        assert list(first.layout.sections.values_list("name_en", "is_summary", "rule")) == [
            ("Executive Summary", True, FillingRule.BY_HAND),
            ("Overview of trends", False, FillingRule.BY_HAND),
            ("Current projects", False, FillingRule.INITIATIVES),
        ]

    def test_is_filled_by_hand_so_that_it_stays_the_document_that_it_was(self, loom, session):
        submission, _created = filed(TEXT, loom, session=session)
        assert set(submission.sections.values_list("rule", flat=True)) == {FillingRule.BY_HAND}


class TestInitiatives:
    def test_are_public_with_title_kind_number_and_place(self, loom, session):
        filed(TEXT.replace("Wool survey 2021", "Wool survey of Malta"), loom, session=session)
        assert set(InitiativeText.objects.values_list("title", "initiative__kind__code", "description")) == {
            ("Weavers' Network", "network", ""),
            ("Wool survey of Malta", "survey", ""),
            ("Atlas of old looms", "project", ""),
        }
        assert Initiative.objects.public().count() == 3
        assert set(Identifier.objects.values_list("initiative__slug", "value")) == {
            ("weavers-network", "300002"),
            ("atlas-of-old-looms", "300001"),
        }
        assert [str(place) for place in Initiative.objects.get(slug="wool-survey-of-malta").places.all()] == ["Malta"]

    def test_tell_their_text_as_an_approved_update_of_the_period(self, loom, session):
        person = UserFactory(role="focal_point", entity=loom)
        filed(TEXT, loom, session=session, person=person)
        update = Update.objects.get(initiative__slug="weavers-network")
        assert (update.author_role, update.decided_by) == ("focal_point", person)
        assert "Read in" in update.decision_note
        assert (update.period_start, update.period_end) == (dt.date(2021, 1, 1), dt.date(2022, 1, 1))
        assert "They will meet again." in update.texts.get().paragraph

    def test_have_the_lines_that_their_text_states(self, loom, session):
        filed(TEXT, loom, session=session)
        link = Initiative.objects.get(slug="weavers-network").line_links.get()
        assert (link.line.code, link.basis) == ("C4", Basis.STATED)

    def test_that_are_known_are_not_made_again(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Weavers' Network", slug="net")
        IdentifierFactory(initiative=known, value="300002")
        submission, created = filed(TEXT, loom, session=session)
        assert not Initiative.objects.filter(slug__startswith="weavers").exists()
        assert not Identifier.objects.filter(initiative=known).exclude(value="300002").exists()
        item = Item.objects.get(initiative=known)
        assert (item.section.submission, item.heading_source, item.text_source) == (
            submission,
            HeadingSource.OWN,
            TextSource.PERIOD,
        )
        assert not rows_of(created, OtherTitle)

    def test_that_are_known_keep_the_title_of_the_document_beside_their_own(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Net of threads", slug="net")
        IdentifierFactory(initiative=known, value="300002")
        filed(TEXT, loom, session=session)
        assert known.other_titles.get().text == "Weavers' Network"
        assert known.texts.get().title == "Net of threads"
        item = Item.objects.get(initiative=known)
        assert (item.heading_source, item.heading) == (HeadingSource.OTHER, "Weavers' Network")

    def test_with_an_approved_update_of_the_period_keep_it(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Weavers' Network")
        update = UpdateFactory(initiative=known, entity=loom, paragraph="<p>Other words.</p>")
        filed(TEXT, loom, session=session)
        assert known.updates.get() == update
        item = Item.objects.get(initiative=known)
        assert item.text_source == TextSource.WORDING
        assert "They will meet again." in item.wording

    def test_named_twice_have_one_item_and_lose_no_words(self, loom, session):
        text = "# Projects\n\n## Weavers' Network\n\nThe first part.\n\n## Weavers' Network\n\nThe second part."
        submission, _created = filed(text, loom, session=session)
        InitiativeText.objects.filter(title="Weavers' Network")
        assert compare(told_in(text), told_by(submission)).is_proven

    def test_of_one_name_have_addresses_of_their_own(self, loom, session):
        InitiativeFactory(slug="wool-survey-2021", title="Something else")
        filed(TEXT, loom, session=session)
        assert InitiativeText.objects.get(title="Wool survey 2021").initiative.slug == "wool-survey-2021-2"


class TestInitiativesOfOthers:
    """Facts have one owner: an import tells what its entities did, and changes no fact of another's initiative."""

    def filed_as(self, known, loom, session):
        """File the text, with its network taken for this known initiative; return all rows that were made."""
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"initiatives": {key_of(proposals, "Weavers' Network"): str(known.pk)}}
        return file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)

    def test_get_an_update_of_the_entity_a_mention_and_an_item_and_nothing_else(self, loom, session):
        theirs = InitiativeFactory(title="Net of threads", published=True)
        created = self.filed_as(theirs, loom, session)
        assert theirs.updates.get().entity == loom
        assert theirs.mentions.exists()
        assert Item.objects.filter(initiative=theirs).exists()
        about = {type(row) for row in created if getattr(row, "initiative_id", None) == theirs.pk}
        assert about == {Update, Mention, Item}
        assert not theirs.line_links.exists()
        assert not theirs.references.exists()

    def test_keep_their_facts_though_those_of_own_ones_grow(self, loom, session):
        ours = InitiativeFactory(entity=loom, title="Net of threads")
        created = self.filed_as(ours, loom, session)
        about = {type(row) for row in created if getattr(row, "initiative_id", None) == ours.pk}
        assert {OtherTitle, Identifier, InitiativeLine, Reference} < about

    @pytest.mark.parametrize(("days", "is_taken"), [(90, False), (-90, True)])
    def test_are_taken_for_it_once_they_are_public(self, loom, session, days, is_taken):
        theirs = InitiativeFactory(title="Net of threads", published_at=timezone.now() + dt.timedelta(days=days))
        self.filed_as(theirs, loom, session)
        assert theirs.updates.exists() is is_taken

    @pytest.mark.parametrize("is_inside", [True, False])
    def test_that_are_not_public_are_taken_where_the_person_sees_them(self, loom, session, is_inside):
        theirs = InitiativeFactory(title="Net of threads")
        person = UserFactory(role="focal_point", entity=loom)
        if is_inside:
            MembershipFactory(user=person, entity=theirs.entity, role="staff")
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"initiatives": {key_of(proposals, "Weavers' Network"): str(theirs.pk)}}
        file_records(imported=row, proposals=proposals, choices=choices, person=person, now=NOON)
        assert theirs.updates.exists() is is_inside


class TestChoices:
    def test_may_name_the_known_initiative(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Net of threads")
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"initiatives": {key_of(proposals, "Weavers' Network"): str(known.pk)}}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert known.updates.count() == 1
        assert known.identifiers.get().value == "300002"

    def test_of_an_initiative_that_is_not_theirs_to_see_make_a_new_one(self, loom, session):
        hidden = InitiativeFactory(title="A secret")
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"initiatives": {key_of(proposals, "Weavers' Network"): str(hidden.pk)}}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert not hidden.updates.exists()
        assert InitiativeText.objects.filter(title="Weavers' Network").exists()

    def test_may_make_a_new_one_beside_the_same(self, loom, session):
        InitiativeFactory(entity=loom, title="Weavers' Network", slug="net")
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"initiatives": {key_of(proposals, "Weavers' Network"): "new"}}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert InitiativeText.objects.filter(title="Weavers' Network").count() == 2

    @pytest.mark.parametrize("how", ["passage", "refused"])
    def test_may_make_a_passage_of_an_initiative(self, loom, session, how):
        row, proposals = imported(TEXT, loom, session=session)
        key = key_of(proposals, "Wool survey 2021")
        choices = {"initiatives": {key: "passage"}} if how == "passage" else {"refused": [key]}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert not InitiativeText.objects.filter(title="Wool survey 2021").exists()
        item = Item.objects.get(heading="Wool survey 2021")
        assert (item.kind, item.is_numbered) == (ItemKind.PASSAGE, True)
        assert compare(told_in(STORY), told_by(row.submission)).is_proven

    def test_may_give_a_passage_another_kind(self, loom, session):
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"passages": {key_of(proposals, "Village weavers"): "achievement"}}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert Passage.objects.get(texts__body__contains="Village weavers").kind == PassageKind.ACHIEVEMENT

    def test_may_refuse_a_passage_whose_words_are_printed_all_the_same(self, loom, session):
        row, proposals = imported(TEXT, loom, session=session)
        choices = {"refused": [key_of(proposals, "Village weavers")]}
        file_records(imported=row, proposals=proposals, choices=choices, person=None, now=NOON)
        assert not Passage.objects.filter(texts__body__contains="Village weavers").exists()
        assert compare(told_in(STORY), told_by(row.submission)).is_proven

    def test_may_refuse_references_whose_words_stay_in_their_notes(self, loom, session):
        row, proposals = imported(TEXT, loom, session=session)
        refused = [each.key for each in proposals.found if each.kind in {"reference", "identifier", "line", "date"}]
        file_records(imported=row, proposals=proposals, choices={"refused": refused}, person=None, now=NOON)
        assert not Reference.objects.exists()
        assert not Identifier.objects.exists()
        assert not Mention.objects.filter(line__isnull=False).exists()
        assert compare(told_in(STORY), told_by(row.submission)).is_proven

    def test_of_what_is_only_possible_are_filed_where_accepted(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Wool office")
        text = "# Summary\n\nWool office and others."
        row, proposals = imported(text, loom, session=session)
        file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        assert not known.mentions.exists()
        row, proposals = imported(text, loom, session=session)
        accepted = [each.key for each in proposals.found if not each.likely]
        file_records(imported=row, proposals=proposals, choices={"accepted": accepted}, person=None, now=NOON)
        assert known.mentions.exists()


class TestPassages:
    def test_know_what_they_speak_of(self, loom, session):
        filed(TEXT, loom, session=session)
        passage = Passage.objects.get(texts__body__contains="serves the action lines")
        assert passage.kind == PassageKind.STATEMENT
        assert list(passage.lines.values_list("code", flat=True)) == ["C3", "C4"]
        assert {initiative.slug for initiative in passage.initiatives.all()} == {"weavers-network"}

    def test_have_names_of_their_own(self, loom, session):
        filed(TEXT, loom, session=session)
        filed(TEXT, loom, session=session)
        names = list(Passage.objects.values_list("name", flat=True))
        assert len(names) == len(set(names)) == 8


class TestReferences:
    def test_of_the_same_words_are_one(self, loom, session):
        _submission, created = filed(TEXT, loom, session=session)
        references = rows_of(created, Reference)
        assert len(references) == 5
        about = {row.text: row.initiative.slug for row in references if row.initiative}
        assert about == {
            "Projects in Malta 300001 (loom.example)": "atlas-of-old-looms",
            "Projects in Malta 300002 (loom.example)": "weavers-network",
        }

    def test_that_are_there_are_cited(self, loom, session):
        known = ReferenceFactory(text="Another leaflet.")
        filed(TEXT, loom, session=session)
        assert Passage.objects.filter(texts__body__contains=f'data-reference="{known.pk}"').exists()
        assert Reference.objects.filter(text="Another leaflet.").get() == known

    @pytest.mark.parametrize("happened", ["deleted", "changed"])
    def test_that_are_gone_since_they_were_found_are_made_anew(self, loom, session, happened):
        known = ReferenceFactory(text="Another leaflet.")
        row, proposals = imported(TEXT, loom, session=session)
        if happened == "deleted":
            Reference.objects.filter(pk=known.pk).delete()
        else:
            Reference.objects.filter(pk=known.pk).update(text="Other words.")
        file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        made = Reference.objects.get(text="Another leaflet.")
        assert made.pk != known.pk
        assert Passage.objects.filter(texts__body__contains=f'data-reference="{made.pk}"').exists()
        assert not Passage.objects.filter(texts__body__contains=f'data-reference="{known.pk}"').exists()


class TestMentions:
    def test_stand_at_their_part(self, loom, session):
        filed(TEXT, loom, session=session)
        mention = Mention.objects.get(starts_on=dt.date(2021, 5, 3))
        assert (mention.words, mention.starts_precision, mention.kind) == ("3 May 2021", "day", MentionKind.SAYS)
        assert "Weavers of Malta" in mention.part.body
        assert Mention.objects.filter(initiative__isnull=False).count() >= 3
        assert Mention.objects.filter(passage__isnull=False).count() == 4

    def test_are_all_that_a_document_makes_that_is_no_submission(self, loom):
        known = InitiativeFactory(title="Weavers' Network", published=True)
        submission, created = filed(TEXT, loom)
        assert submission is None
        assert {type(row) for row in created} == {Mention}
        assert known.mentions.count() >= 2


class TestWhatWasThere:
    def test_comes_back_when_all_rows_are_deleted_in_reverse_order(self, loom, session):
        known = InitiativeFactory(entity=loom, title="Net of threads")
        IdentifierFactory(initiative=known, value="300002")
        row, proposals = imported(TEXT, loom, session=session)
        before = all_rows()
        created = file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        for made in reversed(created):
            made.delete()
        assert all_rows() == before

    def test_prints_as_before(self, loom, session):
        call = CallFactory(slug="25", session=session)
        there = SubmissionFactory(call=call, slug="LOOM", entities=[loom], layout=LayoutFactory(call=call, entity=loom))
        known = InitiativeFactory(entity=loom, title="Weavers' Network", published=True)
        UpdateFactory(initiative=known, entity=loom, paragraph="<p>Other words.</p>")
        ItemFactory(section=SectionFactory(submission=there), initiative=known, text_source=TextSource.PERIOD)
        before = fingerprint(gather(there, "en"))
        filed(TEXT, loom, session=session)
        assert fingerprint(gather(Submission.objects.get(pk=there.pk), "en")) == before

    def test_is_told_by_all_rows_that_were_made(self, loom, session):
        before = all_rows()
        row, proposals = imported(TEXT, loom, session=session)
        read = all_rows()
        created = file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        after = all_rows()
        grown = {label: after[label] - read[label] for label in after if after[label] != read[label]}
        told: dict[str, int] = {}
        for made in created:
            told[made._meta.label] = told.get(made._meta.label, 0) + 1
        links = {label for label in grown if "_" in label.split(".")[1]}
        kept_by_triggers = {"initiatives.InitiativeSummary", "initiatives.SearchEntry"}
        assert {label: count for label, count in grown.items() if label not in links | kept_by_triggers} == told
        assert before != read


FRONT = """\
Report on the Work of the House on Looms, Yarn and Wool

(January – December 2021)

The Loom House serves the outcomes of the Summit on the action lines:

- C3 - Access to information
- C4 - Capacity building

"""


def test_filing_asks_no_more_questions_of_a_longer_document():
    def questions(times):
        more = "".join(
            f"\n# Projects of town {number}\n\nThey go on.\n\n## Mill of town {number}\n\nMalta met C4 there.\n"
            for number in range(times)
        )
        session = SessionFactory(number=20 + times, year=2022)
        row, proposals = imported(STORY + more, EntityFactory(), session=session)
        with CaptureQueriesContext(connection) as captured:
            file_records(imported=row, proposals=proposals, choices={}, person=None, now=NOON)
        return len(captured)

    first = questions(1)
    assert questions(12) <= first


LINES_FIRST = """\
# I. Summary

The house leads C3 and C4.

# II. Overview of trends

Opening words.[^1]

**Yarn and wool**

Yarn grew dear. Wool did not.

**Roads**

Roads are bad.

# III. Future actions

We will weave on.

[^1]: See https://loom.example.org/a.
"""
NUMBERED = """\
# Overview

1. Weavers sell by telephone.[^1]

2. Looms are lent out.

# Future actions

3. More looms will be lent.

4. Weavers of three towns will meet:

(a) in spring;

(b) in autumn.

[^1]: A leaflet.
"""
LETTER = """\
Dear Secretary-General,

Thank you for your letter.[^1] We wove for many years.

Our weavers hope that the Commission will meet again.

Yours sincerely,

The Loom House

[^1]: Of 1 October 2020.
"""
QUOTED = """\
# Part one

“Half a page on activities, progress and obstacles”

We wove in five towns.

# Part two

“One or two pages on trends”

Prices rise.[^1]

[^1]: A leaflet.
"""
ARABIC = """\
# أولا - موجز

افتتح البيت ثلاثة مراكز في مالطة.[^1]

# ثانيا - لمحة عامة

ما زالت هناك تحديات.

[^1]: نشرة عام 2020.
"""
TABLE = """\
# Overview

| Town | Looms |
|------|-------|
| Aden | 12[^1] |
| Bath | 30 |

A word after the table.

[^1]: Counted in spring.
"""
CHINESE = """\
# 一、摘要

织机之家在马耳他开设了三个中心。[^1]

# 二、趋势概述

价格上涨。织工面临挑战。

# 三、项目

## （一）织工网络

织工会见了两次。[^2]

## （二）羊毛调查

调查了四百人。

[^1]: 2020年的传单。
[^2]: 项目 300002（loom.example）
"""
FRENCH = """\
# Résumé

La Maison « Métier » sert les lignes d'action C3 et C4 ; elle a ouvert trois centres.[^1]

# Projets

## a) Réseau des tisserands

Les tisserands se sont réunis le 3 mai 2021 :

1. à Malte ;
2. à Oran.

## b) Enquête sur la laine

| Ville | Métiers |
|---|---|
| Oran | 12[^2] |

Fin.

[^1]: Voir la page.
[^2]: Compté au printemps : https://loom.example.org/x?y=1&z=2.
"""
RUSSIAN = """\
# Резюме

Дом ткачей открыл три центра на Мальте.[^1]

# Проекты

## 1. Сеть ткачей

Ткачи встретились 3 мая 2021 года.[^2]

[^1]: Буклет.
[^2]: Проект 300002.
"""
DEEP = """\
# Part one

Opening.

## Chapter A

Text of A.

### Point A.1

Text of A1.[^1] More & more "quoted" and 'single' {year}.

#### Detail

Deep text.

## Chapter B

> A quotation of somebody.[^2]

Text of B.[^3][^4]

# Part two

## Obstacles

They are many.

## Lessons

We learned.

[^1]: One & two.
[^2]: Two.
[^3]: Three.
[^4]: Four, see https://loom.example.org/four.
"""
MARKED_HEADING = """\
# Summary[^1]

First words.

# Projects

## Weavers' Network[^2]

They met.

[^1]: Note on the summary.
[^2]: Note on the network.
"""


def as_file(text, format):
    """The same words as a file of another format, made by programs of others."""
    if format == "pdf":
        markup = by_pandoc(text, "typst").replace(b'pagenumbering: "1"', b"pagenumbering: none")
        return typst.compile(markup)  # a number on one page alone could be a word
    return by_pandoc(text, format)


class TestProof:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            (STORY, "en"),
            (LINES_FIRST, "en"),
            (NUMBERED, "en"),
            (LETTER, "en"),
            (QUOTED, "en"),
            (ARABIC, "ar"),
            (TABLE, "en"),
            (CHINESE, "zh"),
            (FRENCH, "fr"),
            (RUSSIAN, "ru"),
            (DEEP, "en"),
            (MARKED_HEADING, "en"),
        ],
        ids=[
            "story",
            "roman parts",
            "numbered",
            "letter",
            "guidance",
            "arabic",
            "table",
            "chinese",
            "french",
            "russian",
            "four levels",
            "marks on headings",
        ],
    )
    def test_is_that_the_words_and_notes_come_out_as_they_went_in(self, loom, session, text, language):
        submission, _created = filed(text, loom, session=session, language=language)
        likeness = compare(told_in(text), told_by(submission))
        assert likeness.words >= 0.99
        assert likeness.notes >= 0.99
        assert likeness.moved == []

    @pytest.mark.parametrize("format", ["docx", "odt", "html", "pdf"])
    @pytest.mark.parametrize("text", [STORY, TABLE], ids=["story", "table"])
    def test_holds_whatever_the_format_of_the_file(self, loom, session, text, format):
        content = as_file(text, format)
        assert files.read(content).format == format
        submission, _created = filed(content, loom, session=session)
        assert compare(told_in(text), told_by(submission)).is_proven

    def test_holds_behind_a_cover_and_a_front(self, loom, session):
        submission, _created = filed(COVER + FRONT + STORY, loom, session=session)
        assert compare(told_in(FRONT + STORY), told_by(submission)).is_proven
        assert submission.layout.front[0]["kind"] == "title"

    def test_holds_where_initiatives_are_known_and_have_told_other_words(self, loom, session):
        known = InitiativeFactory(entity=loom, title="The Weavers' Network (WN)")
        IdentifierFactory(initiative=known, value="300002")
        UpdateFactory(initiative=known, entity=loom, paragraph="<p>Other words.</p>")
        submission, _created = filed(TEXT, loom, session=session)
        assert compare(told_in(STORY), told_by(submission)).is_proven

    def test_of_two_entities_over_two_years_holds(self, loom, session):
        mill = EntityFactory(code="MILL", acronym="MILL", name_en="The Mill House")
        text = COVER.replace("efforts in 2021", "efforts in 2020-2021").replace(
            "The Loom House\n", "The Loom House and The Mill House\n"
        )
        submission, _created = filed(text + STORY, loom, mill, session=session)
        assert (submission.call.period_start, submission.call.period_end) == (dt.date(2020, 1, 1), dt.date(2022, 1, 1))
        assert compare(told_in(STORY), told_by(submission)).is_proven

    def test_sees_a_word_that_is_missing_and_a_note_that_moved(self):
        told = told_in("One two three[^1] four.\n\n[^1]: A note.")
        assert compare(told, told).is_proven
        assert compare(told, told_in("One two[^1] three four.\n\n[^1]: A note.")).moved == [1]
        assert compare(told, told_in("One two three four.")).moved == [1]
        assert compare(told, told_in("One three[^1] four.\n\n[^1]: A note.")).words < 0.99
        assert compare(told, told_in("One two three[^1] four.\n\n[^1]: Another.")).notes < 0.99
