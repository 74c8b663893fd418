"""Where the words of initiatives were used, and wordings of submissions that records take over."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import DraftState, Role
from initiatives.models import Draft
from portal.models import NotificationKind
from reporting.choices import RecordKind, SubmissionState, TextSource
from reporting.services.rewordings import tell_of_rewordings
from tests.factories import (
    NOON,
    CompilationFactory,
    DraftFactory,
    InitiativeFactory,
    ItemFactory,
    PrintedVersionFactory,
    SealFactory,
    SectionFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

WORDING = "<p>Trains twelve engineers in Nairobi.</p>"


@pytest.fixture
def initiative():
    return InitiativeFactory(published=True, title="Learning Factory", description="<p>Trains ten engineers.</p>")


@pytest.fixture
def person(initiative):
    person = UserFactory(role=Role.STAFF, entity=initiative.entity)
    initiative.holder = person
    initiative.save()
    return person


@pytest.fixture
def staff(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def item(initiative):
    submission = SubmissionFactory(entities=[initiative.entity], language="en")
    section = SectionFactory(submission=submission)
    return ItemFactory(section=section, initiative=initiative, text_source=TextSource.WORDING, wording=WORDING)


def printed_in_a_submission(initiative, **facts):
    compilation = CompilationFactory(submission__entities=[initiative.entity], done=True)
    PrintedVersionFactory(compilation=compilation, kind=RecordKind.INITIATIVE, record_id=initiative.pk)
    update = UpdateFactory(initiative=initiative, **facts)
    PrintedVersionFactory(compilation=compilation, record_id=update.pk)
    return compilation


class TestWordsUsed:
    def test_lists_each_submission_that_printed_the_record_or_what_was_told_of_it(self, staff, initiative):
        compilation = printed_in_a_submission(initiative)
        SealFactory(submission=compilation.submission, compilation=compilation)
        InitiativeFactory(entity=initiative.entity, title="Never printed", holder=initiative.holder)
        response = staff.get(reverse("words_used"))
        html = words_of(response)
        (used,) = response.context["used"]
        (place,) = used.places
        assert (used.initiative, place.submission, place.is_sealed) == (initiative, compilation.submission, True)
        assert {record.kind for record in place.records} == {RecordKind.INITIATIVE, RecordKind.UPDATE}
        assert reverse("record_uses", args=[f"i{initiative.pk}"]) in html
        assert "Never printed" not in html

    def test_of_others_are_not_told(self, staff, initiative):
        other = InitiativeFactory(published=True)
        printed_in_a_submission(other)
        hidden = CompilationFactory(submission__state=SubmissionState.DRAFTING, done=True)
        PrintedVersionFactory(compilation=hidden, kind=RecordKind.INITIATIVE, record_id=initiative.pk)
        response = staff.get(reverse("words_used"), {"show": "all"})
        assert response.context["used"] == []
        assert "Nothing of this was printed yet" in words_of(response)

    def test_take_the_same_queries_for_many(self, staff, person):
        def add():
            printed_in_a_submission(InitiativeFactory(entity=person.memberships.get().entity, holder=person))

        assert_rows_cost_nothing(staff, reverse("words_used"), add)

    @pytest.mark.parametrize("page", ["words_used", "wording_list"])
    def test_are_for_those_who_write(self, page):
        reader = Client()
        reader.force_login(UserFactory())
        assert reader.get(reverse(page)).status_code == 403


class TestWordings:
    def test_stand_beside_the_words_of_the_record(self, staff, item):
        html = words_of(staff.get(reverse("wording_list")))
        assert "Learning Factory" in html
        assert "<del>" in html.replace("<del ", "<del>")
        assert "twelve" in html
        assert "ten" in html

    def test_are_taken_over_into_a_draft_that_says_where_they_come_from(self, staff, item, person):
        response = staff.post(reverse("wording_take", args=[item.pk]))
        draft = Draft.objects.get()
        assert response.headers["Location"] == reverse("draft_edit", args=[draft.pk])
        assert draft.content["description"] == WORDING
        assert draft.began_from["description"] == "<p>Trains ten engineers.</p>"
        assert draft.why == f"As worded in “{item.section.submission}”."
        assert (draft.initiative, draft.state, draft.saved_by) == (item.initiative, DraftState.DRAFT, person)
        staff.post(reverse("wording_take", args=[item.pk]))  # once more: nothing else comes of it
        assert Draft.objects.get().edits == draft.edits

    def test_do_not_replace_what_somebody_writes(self, staff, item):
        staff.post(reverse("draft_begin", args=[item.initiative.slug]))
        draft = Draft.objects.get()
        Draft.objects.update(content=draft.content | {"description": "<p>Mine.</p>"})
        response = staff.post(reverse("wording_take", args=[item.pk]), follow=True)
        assert "Somebody changes these words already" in words_of(response)
        assert Draft.objects.get().content["description"] == "<p>Mine.</p>"

    def test_in_another_language_begin_no_draft(self, staff, item):
        item.section.submission.language = "fr"
        item.section.submission.save()
        response = staff.post(reverse("wording_take", args=[item.pk]), follow=True)
        assert "written in another language" in words_of(response)
        assert not Draft.objects.exists()

    def test_wait_where_a_draft_waits_for_its_decision(self, staff, item, person):
        DraftFactory(initiative=item.initiative, holder=person, submitted=True)
        response = staff.post(reverse("wording_take", args=[item.pk]), follow=True)
        assert "cannot be changed here" in words_of(response)

    def test_of_others_cannot_be_taken(self, item):
        stranger = Client()
        stranger.force_login(UserFactory(role=Role.STAFF))
        assert stranger.post(reverse("wording_take", args=[item.pk])).status_code == 404


class TestTelling:
    def test_reaches_who_holds_the_record_and_leads_to_the_wording(self, item, person):
        tell_of_rewordings(initiatives=[item.initiative.pk], by=None, now=NOON)
        notification = person.notifications.get()
        assert notification.kind == NotificationKind.REWORDED
        assert str(notification) == "“\u2068Learning Factory\u2069” was put into other words in a submission."
        assert notification.leads_to == reverse("wording_list")


class TestLastPrinted:
    def test_stands_beside_the_form_of_an_update(self, initiative, staff, item):
        draft = UpdateDraftFactory(initiative=initiative)
        address = reverse("draft_edit", args=[draft.pk])
        assert "Last printed in" not in words_of(staff.get(address))
        compilation = CompilationFactory(submission=item.section.submission, done=True)
        PrintedVersionFactory(compilation=compilation, kind=RecordKind.INITIATIVE, record_id=initiative.pk)
        html = words_of(staff.get(address))
        assert f'<a href="{item.section.submission.get_absolute_url()}">' in html
        assert "Trains twelve engineers in Nairobi." in html
