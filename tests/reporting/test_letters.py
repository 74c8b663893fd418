"""What the letter of a call asks, where those who answer it write."""

import datetime as dt

import pytest
from django.urls import reverse

from initiatives.choices import Role, TextState
from reporting.choices import CallState, SubmissionState
from tests.factories import (
    CallFactory,
    CallLetterFactory,
    EntityFactory,
    InitiativeFactory,
    SubmissionFactory,
    UpdateDraftFactory,
)
from tests.support.pages import signed_in, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return CallLetterFactory(call=CallFactory(slug="25", due_on=dt.date(2022, 1, 15)), asks="<p>What was done?</p>")


class TestWhatTheLetterAsks:
    def test_stands_beside_the_form_of_an_update_of_its_period(self, letter):
        draft = UpdateDraftFactory()
        staff = signed_in(role=Role.STAFF, entity=draft.entity)
        CallLetterFactory(call__owner=EntityFactory(), asks="<p>Asked of another entity.</p>")
        CallLetterFactory(call__state=CallState.CANCELLED, asks="<p>Asked by nobody any more.</p>")
        in_2030 = {"call__period_start": dt.date(2030, 1, 1), "call__period_end": dt.date(2031, 1, 1)}
        CallLetterFactory(**in_2030, asks="<p>Asked about later years.</p>")
        html = words_of(staff.get(reverse("draft_edit", args=[draft.pk])))
        assert f"What the letter asks: {letter.call}" in html
        assert "What was done?" in html
        assert "due 15 January 2022" in html
        assert "Asked" not in html

    def test_is_told_in_the_language_of_the_reader_where_it_was_entered_in_it(self, letter):
        translated = {"call": letter.call, "language": "ar", "state": TextState.CHECKED}
        CallLetterFactory(**translated, asks="<p>ماذا أُنجز؟</p>")
        staff = signed_in(role=Role.STAFF, entity=InitiativeFactory().entity)
        staff.cookies["django_language"] = "ar"
        html = words_of(staff.get(reverse("desk"), {"period": "2021"}))
        assert "ماذا أُنجز؟" in html
        assert "What was done?" not in html
        staff.cookies["django_language"] = "fr"
        html = words_of(staff.get(reverse("desk"), {"period": "2021"}))
        assert '<div class="prose" lang="en" dir="ltr">' in html

    def test_stands_on_the_page_of_the_submission_for_those_who_write_it(self, letter):
        submission = SubmissionFactory(call=letter.call, state=SubmissionState.DRAFTING)
        entity = submission.entities.get()
        address = submission.get_absolute_url()
        staff = signed_in(role=Role.STAFF, entity=entity)
        assert "What was done?" in words_of(staff.get(address))
        submission.state, submission.published_at = SubmissionState.PUBLISHED, dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
        submission.save()
        assert "What was done?" not in words_of(staff.get(address))
