"""The demo records: what they say, that they are filed once, and where they are refused."""

import datetime as dt
import io
import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q
from django.test import override_settings

from initiatives.choices import OPEN_DRAFTS, Basis, DocumentKind, DraftState, EntryKind, TextState, UpdateKind
from initiatives.demo.load import ReferenceDataMissing
from initiatives.demo.people import PEOPLE, SIGN_INS
from initiatives.history import former_values
from initiatives.models import (
    DatedPart,
    Document,
    Draft,
    Entity,
    Identifier,
    Initiative,
    InitiativeText,
    Passage,
    PassageText,
    Reference,
    Result,
    Update,
    UpdateText,
    WorkplanEntry,
)
from initiatives.services.reference import load_reference
from portal.common import richtext
from portal.models import User
from reporting.choices import CallState
from reporting.compilation.gather import gather
from reporting.demo.load import load_demo
from reporting.models import Call, Submission
from tests.support.loading import undone_afterwards

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reference data")]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with undone_afterwards(django_db_blocker):
        load_reference()
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # as in each test
            load_demo(NOW)
        yield


def snapshot(call, slug):
    return gather(Submission.objects.get(call__slug=call, slug=slug), "en")


def headings(snapshot):
    return [[item["heading"] for item in section["items"] if item["heading"]] for section in snapshot["sections"]]


def notes(section):
    return [reference for item in section["items"] for reference in richtext.cited_references(item["html"])]


class TestRealInitiatives:
    def test_are_all_that_the_documents_name(self):
        real = Initiative.objects.filter(is_invented=False)
        assert real.count() == 93
        assert real.filter(kind__counts_as_initiative=True).count() == 80
        assert set(real.values_list("entity__code", flat=True)) == {"UNIDO", "UNDESA"}

    def test_say_in_which_place_of_which_document_they_stand(self):
        named = Count("mentions", filter=~Q(mentions__locator=""))
        assert not Initiative.objects.filter(is_invented=False).annotate(named=named).filter(named=0).exists()

    def test_have_a_description_in_every_language_they_are_told_in(self):
        texts = InitiativeText.objects.filter(initiative__is_invented=False)
        assert not texts.filter(description="").exists()
        assert texts.filter(language="zh", state=TextState.CHECKED, based_on=1).count() > 30

    def test_have_a_primary_line_only_where_a_document_states_a_single_one(self):
        stated = Count("line_links", filter=Q(line_links__basis=Basis.STATED))
        for initiative in Initiative.objects.filter(is_invented=False).annotate(stated=stated):
            primary = initiative.line_links.filter(is_primary=True).count()
            assert primary == (initiative.stated == 1), initiative

    def test_wait_with_what_no_document_links_to_a_line(self):
        dialogues = Initiative.objects.get(slug="4ir-development-dialogues")
        assert list(dialogues.line_links.values_list("line__code", "basis")) == [("C11", Basis.INFERRED)]

    def test_share_a_project_number_between_a_programme_and_its_phase(self):
        found = Identifier.objects.filter(scheme="UNIDO project number", value="200005")
        assert set(found.values_list("initiative__slug", "label")) == {
            ("lkdf", "Projects in Global 200005"),
            ("lkdf-2", "Projects in Global 200005"),
        }

    def test_keep_the_several_dates_of_an_event(self):
        parts = DatedPart.objects.filter(initiative__slug="hlpf-2022").order_by("starts_on", "ends_on")
        july = [(part.starts_on.day, part.ends_on.day - 1) for part in parts]
        assert july == [(5, 7), (11, 15), (13, 15), (18, 18)]

    def test_keep_dates_as_exact_as_the_source(self):
        survey = Initiative.objects.get(slug="national-manufacturing-innovation-survey-2021")
        assert survey.dates_shown == "since February 2021"
        forum = DatedPart.objects.get(initiative__slug="igf-2023")
        assert forum.dates_shown == "quarter 3 of 2023"

    def test_are_context_where_an_entity_only_takes_part(self):
        principles = Initiative.objects.get(slug="principles-for-digital-development")
        assert principles.kind.code == "context"
        assert principles.participations.get().role == "participant"

    def test_are_the_records_of_the_tools_of_the_workplan(self):
        tools = WorkplanEntry.objects.filter(kind=EntryKind.TOOL)
        assert tools.count() == 14
        assert not tools.filter(initiative=None).exists()
        assert tools.get(code="EQUIP").initiative.slug == "equip"

    def test_are_related(self):
        relations = Initiative.objects.get(slug="gmis").relations_to_it.values_list("source__slug", "kind")
        assert set(relations) == {
            ("gmis-2021", "edition_of"),
            ("mbr-initiative-for-global-prosperity", "legacy_of"),
            ("green-chain", "legacy_of"),
        }


class TestDocuments:
    def test_hold_the_five_sources_and_what_they_cite(self):
        kinds = Counter(Document.objects.values_list("kind", flat=True))
        assert kinds[DocumentKind.SUBMISSION] == 2
        assert kinds[DocumentKind.PUBLICATION] == 9
        assert Document.objects.get(kind=DocumentKind.NEWS).dated_on == dt.date(2022, 1, 26)

    def test_give_a_reference_an_address_only_where_one_was_printed(self):
        assert Reference.objects.get(text="Projects in Serbia 200037 (unido.org)").address == ""
        with_and_without = Reference.objects.filter(text="Projects in China 140037 (unido.org)")
        assert sorted(reference.address for reference in with_and_without) == [
            "",
            "https://www.unido.org/projects-in-china-140037",
        ]

    def test_are_there_for_every_note(self):
        cited = set()
        for body in [
            *PassageText.objects.values_list("body", flat=True),
            *UpdateText.objects.values_list("paragraph", flat=True),
        ]:
            cited.update(richtext.cited_references(body))
        assert Reference.objects.filter(pk__in=cited).count() == len(cited) > 15


class TestInventedInitiatives:
    def test_say_so_in_the_title_in_every_language(self):
        invented = InitiativeText.objects.filter(initiative__is_invented=True)
        assert {text.language for text in invented} == {"en", "fr", "ar", "zh"}
        for text in invented:
            assert re.match("Demonstration: |Démonstration : |عرض توضيحي: |演示：", text.title), text.title

    def test_are_eight_of_unido_and_four_of_un_desa(self):
        invented = Initiative.objects.filter(is_invented=True)
        assert Counter(invented.values_list("entity__code", flat=True)) == {"UNIDO": 8, "UNDESA": 4}

    def test_have_updates_in_every_state_from_2020_to_2026(self):
        updates = Update.objects.filter(initiative__is_invented=True)
        assert {draft.state for draft in Draft.objects.of_updates()} == set(OPEN_DRAFTS)
        assert {update.kind for update in updates} == set(UpdateKind)
        years = {told.period_start.year for told in [*updates, *Draft.objects.of_updates()]}
        assert years == set(range(2020, 2027))

    def test_never_report_on_2021(self):
        assert not Update.objects.filter(initiative__is_invented=True, period_start__year=2021).exists()

    def test_have_holder_and_deputy_who_are_two_people(self):
        for initiative in Initiative.objects.all():
            assert initiative.holder
            assert initiative.deputy
            assert initiative.holder != initiative.deputy

    def test_are_approved_by_another_person_or_with_a_reason(self):
        own = [update for update in Update.objects.all() if update.decided_by == update.author]
        assert len(own) == 1
        assert own[0].decision_note


class TestSubmissionOfUnidoTo25:
    def test_has_the_headings_of_the_real_one(self):
        found = snapshot("25", "UNIDO")
        assert [section["heading"] for section in found["sections"]] == [
            "Executive Summary",
            "Analytical Overview",
            "Current and future initiatives",
        ]
        assert [section["summary"] for section in found["sections"]] == [True, False, False]
        assert headings(found)[2] == [
            "Global Manufacturing and Industrialization Summit",
            "Learning and Knowledge Development Facility",
            "Promoting and upscaling innovative SMEs in the Islamic Republic of Iran",
            "National Manufacturing Innovation Survey (NMIS) 2021",
            "Global Innovation Network",
            "Intelligent Manufacturing Technology",
            "Promoting smart manufacturing through innovation system building in Serbia",
        ]

    def test_numbers_its_seven_initiatives_after_an_opening_paragraph(self):
        items = snapshot("25", "UNIDO")["sections"][2]["items"]
        assert [item["numbered"] for item in items] == [False] + [True] * 7
        assert items[0]["heading"] == ""

    def test_has_twenty_notes_where_the_real_one_has_them(self):
        found = snapshot("25", "UNIDO")
        assert [len(notes(section)) for section in found["sections"]] == [6, 6, 8]
        by_item = [len(richtext.cited_references(item["html"])) for item in found["sections"][2]["items"]]
        assert by_item == [0, 1, 1, 1, 2, 2, 1, 0]

    def test_has_two_notes_on_one_spot_at_the_end_of_the_fourth_initiative(self):
        survey = snapshot("25", "UNIDO")["sections"][2]["items"][4]
        assert re.search(r"innovation\.<span[^>]*>\*</span><span[^>]*>\*</span></p>$", survey["html"])

    def test_is_real(self):
        found = snapshot("25", "UNIDO")
        assert not found["demonstration"]
        assert "Geneva, 28 March to 1 April 2022" in [line["text"] for line in found["cover"]]


class TestSubmissionOfUnDesaTo26:
    def test_has_the_outline_of_the_real_one(self):
        found = snapshot("26", "UNDESA")
        assert found["layout"]["heading_numbers"] == "roman"
        assert [section["heading"] for section in found["sections"]] == [
            "Summary",
            "Analytical overview of trends and experiences",
            "Future actions",
        ]
        assert headings(found)[1] == [
            "Global e-government development",
            "Local e-government development",
            "Internet Governance Forum",
            "Science, Technology and Innovation for the Sustainable Development Goals",
            "High-Level Political Forum (HLPF) 2022",
            "SDGs and ICT indicators",
        ]
        assert not any(item["numbered"] for section in found["sections"] for item in section["items"])

    def test_lists_the_lines_it_facilitates_before_the_contents(self):
        front = snapshot("26", "UNDESA")["front"]
        assert [block["kind"] for block in front][-2:] == ["list", "contents"]
        assert front[-2]["entries"] == [
            "C1 - The role of public governance authorities and all stakeholders in the promotion of ICTs for "
            "development",
            "C7 - ICT applications: E-government",
            "C11 - International and regional cooperation",
        ]

    def test_has_one_note_and_is_real(self):
        found = snapshot("26", "UNDESA")
        assert [len(notes(section)) for section in found["sections"]] == [1, 0, 0]
        assert not found["demonstration"]


class TestSubmissionOfUnidoTo26:
    def test_is_a_demonstration_of_invented_initiatives(self):
        found = snapshot("26", "UNIDO")
        assert found["demonstration"]
        assert len(headings(found)[2]) == 7
        assert all(heading.startswith("Demonstration: ") for heading in headings(found)[2])


class TestCalls:
    def test_are_closed_and_leave_unknown_dates_empty(self):
        calls = Call.objects.order_by("slug")
        assert [(call.slug, call.state, call.period_shown) for call in calls] == [
            ("25", CallState.CLOSED, "2021"),
            ("26", CallState.CLOSED, "2022"),
        ]
        assert all(call.letter_on is None and call.due_on is None for call in calls)


class TestSignIns:
    def test_reach_every_role(self):
        roles = {person.role for person in PEOPLE}
        assert roles == {"", "staff", "focal_point", "secretariat", "commission", "delegate", "administrator"}

    @pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda sign_in: sign_in.email)
    def test_open_the_door(self, client, sign_in):
        assert len(sign_in.password) >= 12
        assert client.login(email=sign_in.email, password=sign_in.password)

    def test_open_the_administration_for_the_administrator_alone(self):
        assert [user.email for user in User.objects.filter(is_staff=True)] == ["admin@example.org"]


class TestResults:
    def test_are_of_invented_initiatives_and_one_is_corrected(self):
        results = Result.objects.all()
        assert set(results.values_list("initiative__is_invented", flat=True)) == {True}
        assert set(results.values_list("value_kind", flat=True)) == {"yes", "items", "count", "amount"}
        assert [former_values(one)[0].result.value for one in results.exclude(corrected_at=None)] == [22]
        assert Draft.objects.of_results().get().state == DraftState.SUBMITTED


class TestLoadingAgain:
    def test_adds_nothing(self):
        outcomes = load_demo(NOW)
        assert [filed.added for filed in outcomes] == [0] * len(outcomes)

    def test_leaves_what_people_changed_renamed_and_deleted(self):
        passage = Passage.objects.get(name="2021: the divide grows")
        passage.name = "Divide"
        passage.save()
        InitiativeText.objects.filter(initiative__slug="gmis", language="en").update(title="GMIS")
        Initiative.objects.get(slug="gmis").line_links.all().delete()
        Initiative.objects.get(slug="partner-donor-mapping-tool").delete()
        Document.objects.get(title="Oslo Manual 2018").references.all().delete()
        Update.objects.filter(initiative__slug="demo-helpdesk").delete()
        outcomes = load_demo(NOW)
        assert [filed.added for filed in outcomes] == [0] * len(outcomes)
        assert Initiative.objects.with_title("en").get(slug="gmis").title == "GMIS"
        assert not Initiative.objects.get(slug="gmis").line_links.exists()
        assert not Initiative.objects.filter(slug="partner-donor-mapping-tool").exists()
        assert not Update.objects.filter(initiative__slug="demo-helpdesk").exists()


class TestCommand:
    def test_says_what_it_did(self, settings):
        settings.TRIAL = True
        said = io.StringIO()
        call_command("load_demo", stdout=said)
        assert "initiatives: 0 added, 105 left as they are" in said.getvalue()

    def test_refuses_on_an_installation(self, settings):
        settings.TRIAL = False
        with pytest.raises(CommandError, match="DATABASE_URL"):
            call_command("load_demo")

    def test_asks_for_the_reference_data_where_it_is_missing(self, settings):
        settings.TRIAL = True
        Entity.objects.filter(code="UNIDO").update(code="OTHER")
        with pytest.raises(CommandError, match=re.escape(str(ReferenceDataMissing()))):
            call_command("load_demo")
