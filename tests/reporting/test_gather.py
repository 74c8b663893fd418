"""What goes from the records into a snapshot."""

import datetime as dt

import pghistory
import pytest
from django.utils import timezone

from initiatives.choices import FacilitationRole, Role, TextState, UpdateKind
from initiatives.models import Initiative, PassageText, Reference, UpdateText
from portal.common.history import event_model
from reporting.choices import FillingRule
from reporting.compilation.gather import NothingToCompile, fill, gather
from reporting.compilation.snapshot import Record, canonical, fingerprint
from reporting.models import Layout, Section, Submission
from reporting.services.submissions import fill_sections
from tests.factories import (
    NOON,
    ActionLineFactory,
    CallCoverFactory,
    EntityFactory,
    EntityTextFactory,
    FacilitationFactory,
    InitiativeFactory,
    InitiativeTextFactory,
    ItemFactory,
    JointInvitationFactory,
    MembershipFactory,
    PassageFactory,
    PassageTextFactory,
    ReferenceFactory,
    SectionFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

QUERIES = 16  # of a submission with updates of its initiatives

YEAR_2020 = {"period_start": dt.date(2020, 1, 1), "period_end": dt.date(2021, 1, 1)}
YEAR_2022 = {"period_start": dt.date(2022, 1, 1), "period_end": dt.date(2023, 1, 1)}


@pytest.fixture
def entity():
    return EntityFactory(
        code="UNIDO", name_en="Industrial Development Organization", name_fr="Organisation industrielle"
    )


@pytest.fixture
def section(entity):
    return SectionFactory(submission=SubmissionFactory(entities=[entity]), name_en="Initiatives", name_fr="Projets")


def items_of(section, language="en"):
    return gather(section.submission, language)["sections"][0]["items"]


def texts_of(section, language="en"):
    return [item["html"] for item in items_of(section, language)]


class TestTextOfAnInitiative:
    def test_is_the_paragraph_of_the_period(self, section, entity):
        initiative = InitiativeFactory(entity=entity, description="<p>In general.</p>")
        UpdateFactory(initiative=initiative, paragraph="<p>This year.</p>")
        UpdateFactory(initiative=initiative, paragraph="<p>Next year.</p>", **YEAR_2022)
        UpdateDraftFactory(initiative=initiative, paragraph="<p>Not approved.</p>")
        ItemFactory(section=section, initiative=initiative)
        assert texts_of(section) == ["<p>This year.</p>"]

    def test_is_every_paragraph_of_the_period_under_one_heading(self, section, entity):
        initiative = InitiativeFactory(entity=entity, title="Two halves")
        for start, end, words in [((2021, 7), (2022, 1), "Autumn."), ((2021, 1), (2021, 7), "Spring.")]:
            UpdateFactory(
                initiative=initiative,
                paragraph=f"<p>{words}</p>",
                period_start=dt.date(*start, 1),
                period_end=dt.date(*end, 1),
            )
        ItemFactory(section=section, initiative=initiative, is_numbered=True)
        items = items_of(section)
        assert [item["html"] for item in items] == ["<p>Spring.</p>", "<p>Autumn.</p>"]
        assert [(item["heading"], item["numbered"]) for item in items] == [("Two halves", True), ("", False)]

    def test_is_the_last_news_where_all_is_still_true(self, section, entity):
        initiative = InitiativeFactory(entity=entity, description="<p>In general.</p>")
        UpdateFactory(initiative=initiative, paragraph="<p>Of 2020.</p>", **YEAR_2020)
        UpdateFactory(initiative=initiative, kind=UpdateKind.STILL_TRUE)
        ItemFactory(section=section, initiative=initiative)
        assert texts_of(section) == ["<p>Of 2020.</p>"]

    def test_is_the_description_where_the_period_has_no_paragraph(self, section, entity):
        initiative = InitiativeFactory(entity=entity, description="<p>In general.</p>")
        UpdateFactory(initiative=initiative, paragraph="<p>Of 2020.</p>", **YEAR_2020)
        ItemFactory(section=section, initiative=initiative)
        assert texts_of(section) == ["<p>In general.</p>"]

    def test_leaves_out_what_another_entity_told(self, section, entity):
        initiative = InitiativeFactory(entity=entity, description="<p>Ours.</p>")
        UpdateFactory(initiative=initiative, entity=EntityFactory(), paragraph="<p>Theirs.</p>")
        ItemFactory(section=section, initiative=initiative)
        assert texts_of(section) == ["<p>Ours.</p>"]


class TestJointInitiative:
    """UNDESA has joined an initiative of UNIDO."""

    def test_prints_to_each_its_own_words_and_to_both_together_all(self, entity):
        second = EntityFactory(code="UNDESA")
        initiative = InitiativeFactory(entity=entity, published=True)
        joined = JointInvitationFactory(initiative=initiative, entity=second, joined=True)
        UpdateFactory(initiative=initiative, entity=second, paragraph="<p>UNDESA before.</p>", **YEAR_2020)
        UpdateFactory(initiative=initiative, entity=second, kind=UpdateKind.STILL_TRUE)
        UpdateFactory(initiative=initiative, paragraph="<p>UNIDO this year.</p>")
        # of no submission of UNDESA: it told nothing of it
        JointInvitationFactory(
            initiative=UpdateFactory(initiative=InitiativeFactory(entity=entity, published=True)).initiative,
            entity=second,
            joined=True,
        )

        def printed(*entities):
            section = SectionFactory(
                submission=SubmissionFactory(entities=list(entities)), rule=FillingRule.INITIATIVES
            )
            fill_sections(submission=section.submission)
            return [text for text in texts_of(section) if text.startswith("<p>UN")]

        assert printed(second) == ["<p>UNDESA before.</p>"]
        assert printed(entity) == ["<p>UNIDO this year.</p>"]
        assert printed(second, entity) == ["<p>UNIDO this year.</p>", "<p>UNDESA before.</p>"]
        joined.state, joined.ended_at, joined.ended_for = "ended", NOON, second
        joined.reason, joined.reason_language = "The phase is over.", "en"
        joined.save()
        assert printed(second) == ["<p>UNDESA before.</p>"]

    def test_prints_as_description_what_its_entity_says_of_it_the_owner_first(self, entity):
        second, third = EntityFactory(code="UNDESA"), EntityFactory(code="ITU")
        initiative = InitiativeFactory(entity=entity, published=True, description="<p>Of UNIDO.</p>")
        text = EntityTextFactory(initiative=initiative, entity=second, description="<p>Of UNDESA.</p>")
        EntityTextFactory(
            initiative=initiative,
            entity=second,
            language="fr",
            state=TextState.CHECKED,
            description="<p>De UNDESA.</p>",
        )

        def printed(*entities, language="en"):
            section = SectionFactory(submission=SubmissionFactory(entities=list(entities)))
            ItemFactory(section=section, initiative=initiative)
            return items_of(section, language)

        assert [item["html"] for item in printed(entity)] == ["<p>Of UNIDO.</p>"]
        assert [item["html"] for item in printed(third)] == ["<p>Of UNIDO.</p>"]  # it has no text of its own
        (own,) = printed(second)
        assert (own["html"], own["id"], own["about"]) == ("<p>Of UNDESA.</p>", f"e{text.pk}_en_1", initiative.pk)
        assert own["record"]["kind"] == "entity_text"
        assert own["heading_record"]["kind"] == "initiative"  # the title is the owner's
        assert [item["html"] for item in printed(second, language="fr")] == ["<p>De UNDESA.</p>"]
        both = printed(second, entity)
        assert [item["html"] for item in both] == ["<p>Of UNIDO.</p>", "<p>Of UNDESA.</p>"]
        assert [bool(item["heading"]) for item in both] == [True, False]


class TestLanguage:
    def test_is_the_one_asked_for_where_a_text_has_it(self, section, entity):
        passage = PassageFactory(entity=entity, body="<p>Words.</p>")
        PassageTextFactory(passage=passage, language="fr", state=TextState.CHECKED, body="<p>Des mots.</p>")
        only_english = InitiativeFactory(entity=entity, title="Hub", description="<p>A hub.</p>")
        ItemFactory(section=section, passage=passage)
        ItemFactory(section=section, initiative=only_english)
        snapshot = gather(section.submission, "fr")
        assert snapshot["sections"][0]["heading"] == "Projets"
        assert [(item["html"], item["language"]) for item in snapshot["sections"][0]["items"]] == [
            ("<p>Des mots.</p>", "fr"),
            ("<p>A hub.</p>", "en"),
        ]

    def test_of_a_title_follows(self, section, entity):
        initiative = InitiativeFactory(entity=entity, title="Hub", description="<p>A hub.</p>")
        InitiativeTextFactory(initiative=initiative, language="fr", state=TextState.CHECKED, title="Pôle")
        ItemFactory(section=section, initiative=initiative)
        assert items_of(section, "fr")[0]["heading"] == "Pôle"


class TestBlockIds:
    def test_name_record_and_revision_in_few_letters(self, section, entity):
        update = UpdateFactory(initiative__entity=entity, paragraph="<p>One.</p>")
        UpdateText.objects.update(paragraph="<p>Two.</p>")
        ItemFactory(section=section, initiative=update.initiative)
        item = items_of(section)[0]
        assert item["id"] == f"u{update.pk}_en_2"
        assert item["record"] == {
            "kind": "update",
            "id": update.pk,
            "language": "en",
            "version": 2,
            "role": "staff",
            "entity": "UNIDO",
        }

    def test_tell_the_title_of_an_initiative_from_the_text_below_it(self, section, entity):
        update = UpdateFactory(initiative__entity=entity, paragraph="<p>One.</p>")
        ItemFactory(section=section, initiative=update.initiative)
        item = items_of(section)[0]
        assert item["heading_id"] == f"i{update.initiative_id}_en_1"
        assert item["heading_record"]["kind"] == "initiative"
        assert item["about"] == update.initiative_id

    def test_are_one_where_title_and_text_are_one_record(self, section, entity):
        initiative = InitiativeFactory(entity=entity, description="<p>What it is.</p>")
        ItemFactory(section=section, initiative=initiative)
        item = items_of(section)[0]
        assert item["heading_id"] == item["id"] == f"i{initiative.pk}_en_1"

    def test_differ_where_a_record_is_printed_twice(self, section, entity):
        passage = PassageFactory(entity=entity)
        ItemFactory(section=section, passage=passage)
        ItemFactory(section=section, passage=passage)
        ids = [item["id"] for item in items_of(section)]
        assert len(set(ids)) == 2
        assert all(len(each) <= 32 for each in ids)


class TestCoverAndFront:
    def test_have_their_slots_filled(self, section):
        call = section.submission.call
        CallCoverFactory(call=call)
        ItemFactory(section=section)
        assert [line["text"] for line in gather(section.submission, "en")["cover"]] == [
            "Efforts in 2021",
            "Industrial Development Organization (UNIDO)",
        ]

    def test_list_the_lines_that_the_entity_leads(self, section, entity):
        parent = ActionLineFactory(code="C7", name_en="ICT applications")
        FacilitationFactory(
            entity=entity,
            line=ActionLineFactory(code="C7-EGOV", parent=parent, name_en="E-government"),
            role=FacilitationRole.LEAD,
        )
        FacilitationFactory(entity=entity, line=ActionLineFactory(code="C3"), role=FacilitationRole.CO_FACILITATOR)
        Layout.objects.update(front=[{"kind": "list", "entries": ["{facilitated_lines}"]}])
        ItemFactory(section=section)
        submission = Submission.objects.get()
        assert gather(submission, "en")["front"][0]["entries"] == ["C7 - ICT applications: E-government"]

    def test_leave_braces_that_name_no_slot(self):
        assert fill("{year} {left} {", {"year": "2021"}) == "2021 {left} {"

    def test_print_the_very_words_of_a_slot_behind_the_slot_for_a_brace(self):
        slots = {"brace": "{", "year": "2021"}
        assert fill("{brace}year} is {year}", slots) == "{year} is 2021"

    def test_do_not_fill_what_a_value_holds(self):
        assert fill("{place}", {"place": "Hall {year}", "year": "2021"}) == "Hall {year}"


class TestWriters:
    """Who wrote what is printed: as the history tells, the role held on that day."""

    def printed(self, section: Section) -> Record:
        return items_of(section)[0]["record"]

    def test_are_told_by_role_and_entity(self, section, entity):
        passage = PassageFactory(entity=entity)
        ItemFactory(section=section, passage=passage)
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity)
        with pghistory.context(user=focal_point.pk):
            PassageText.objects.update(body="<p>Better.</p>")
        assert (self.printed(section)["role"], self.printed(section)["entity"]) == ("focal_point", "UNIDO")

    def test_are_not_those_who_checked_an_address_later(self, section, entity):
        writer = UserFactory(role=Role.STAFF, entity=entity)
        checker = UserFactory(role=Role.SECRETARIAT, entity=entity)
        with pghistory.context(user=writer.pk):
            cited = ReferenceFactory(text="Words")
        with pghistory.context(user=checker.pk):
            Reference.objects.update(last_checked_at=timezone.now())
        body = f'<p>Said.<span data-footnote="" data-reference="{cited.pk}">*</span></p>'
        ItemFactory(section=section, passage=PassageFactory(entity=entity, body=body))
        record = gather(section.submission, "en")["references"][str(cited.pk)]["record"]
        assert (record["role"], record["version"]) == ("staff", 1)

    def test_have_the_role_of_the_entity_that_reports(self, section, entity):
        person = UserFactory(role=Role.SECRETARIAT, entity=EntityFactory(code="ANOTHER"))
        MembershipFactory(user=person, role=Role.STAFF, entity=entity)
        with pghistory.context(user=person.pk):
            ItemFactory(section=section, passage=PassageFactory(entity=entity))
        assert self.printed(section)["entity"] == "UNIDO"

    def test_have_no_role_that_began_later(self, section, entity):
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        person = MembershipFactory(role=Role.FOCAL_POINT, entity=entity, since=tomorrow).user
        passage = PassageFactory(entity=entity, author_role="")
        ItemFactory(section=section, passage=passage)
        with pghistory.context(user=person.pk):
            PassageText.objects.update(body="<p>Better.</p>")
        assert self.printed(section)["role"] == ""

    def test_have_the_role_of_the_day_in_geneva(self, section, entity):
        person = MembershipFactory(role=Role.FOCAL_POINT, entity=entity, since=dt.date(2022, 3, 2)).user
        ItemFactory(section=section, passage=PassageFactory(entity=entity, author_role=""))
        with pghistory.context(user=person.pk):
            PassageText.objects.update(body="<p>Better.</p>")
        half_past_midnight = dt.datetime(2022, 3, 1, 23, 30, tzinfo=dt.UTC)
        event_model(PassageText)._default_manager.update(pgh_created_at=half_past_midnight)
        with timezone.override("America/New_York"):
            assert self.printed(section)["role"] == "focal_point"

    def test_are_never_named(self, section, entity):
        person = UserFactory(role=Role.STAFF, entity=entity)
        with pghistory.context(user=person.pk):
            ItemFactory(section=section, passage=PassageFactory(entity=entity))
        assert person.email.encode() not in canonical(gather(section.submission, "en"))


class TestReferences:
    def test_are_those_that_footnotes_cite(self, section, entity):
        cited = ReferenceFactory(text="", title="Report", author="ITU", year=2020, address="https://example.org/r")
        ReferenceFactory(text="never cited")
        body = f'<p>Said.<span data-footnote="" data-reference="{cited.pk}">*</span></p>'
        ItemFactory(section=section, passage=PassageFactory(entity=entity, body=body))
        assert gather(section.submission, "en")["references"] == {
            str(cited.pk): {
                "text": "",
                "author": "ITU",
                "title": "Report",
                "year": "2020",
                "address": "https://example.org/r",
                "record": {
                    "kind": "reference",
                    "id": cited.pk,
                    "language": "",
                    "version": 1,
                    "role": "",
                    "entity": "",
                },
            }
        }


class TestSnapshot:
    def test_says_demonstration_when_an_invented_record_is_in_it(self, section, entity):
        item = ItemFactory(section=section, initiative=InitiativeFactory(entity=entity, description="<p>Real.</p>"))
        assert gather(section.submission, "en")["demonstration"] is False
        Initiative.objects.filter(pk=item.initiative_id).update(is_invented=True)
        assert gather(section.submission, "en")["demonstration"] is True

    def test_has_the_same_fingerprint_until_a_record_changes(self, section, entity):
        reference = ReferenceFactory(text="Printed words")
        body = f'<p>Said.<span data-footnote="" data-reference="{reference.pk}">*</span></p>'
        ItemFactory(section=section, passage=PassageFactory(entity=entity, body=body))
        first = fingerprint(gather(section.submission, "en"))
        assert fingerprint(gather(section.submission, "en")) == first
        Reference.objects.update(text="Other words")
        assert fingerprint(gather(section.submission, "en")) != first

    def test_keeps_every_letter(self, section, entity):
        words = "中文 العربية « français » &amp; 😀 " + "x" * 20_000
        ItemFactory(section=section, passage=PassageFactory(entity=entity, body=f"<p>{words}</p>"))
        snapshot = gather(section.submission, "en")
        assert snapshot["sections"][0]["items"][0]["html"] == f"<p>{words}</p>"
        assert words.encode() in canonical(snapshot)

    def test_of_an_empty_submission_is_refused(self, section):
        ItemFactory(section=section, heading="A heading alone")
        with pytest.raises(NothingToCompile):
            gather(section.submission, "en")

    def test_takes_as_many_queries_for_twenty_items_as_for_one(self, section, entity, django_assert_num_queries):
        def add(count: int) -> None:
            for _ in range(count):
                UpdateFactory(initiative__entity=entity, paragraph="<p>News.</p>")
            for initiative in Initiative.objects.filter(items=None):
                ItemFactory(section=section, initiative=initiative)

        add(1)
        with django_assert_num_queries(QUERIES):
            gather(Submission.objects.get(), "en")
        add(20)
        with django_assert_num_queries(QUERIES):
            gather(Submission.objects.get(), "en")
