"""What submissions told as planned, and what became of it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import EventState, PassageKind, Role
from portal.common.dates import parse
from portal.common.history import events
from reporting.choices import PlanOutcome, RecordKind, SubmissionState
from reporting.models import Outcome
from reporting.planned import open_plans, plans_of
from reporting.services.outcomes import AnsweredMeanwhile, SomethingSaidLater, say_outcome, undo_outcome
from tests.factories import (
    NOON,
    DatedPartFactory,
    InitiativeFactory,
    OutcomeFactory,
    PassageFactory,
    PrintedVersionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of
from tests.support.planned import FAIR, outlook, told

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year
HTMX = {"hx-request": "true"}


@pytest.fixture
def initiative():
    return InitiativeFactory(published=True, title="Learning Factory")


@pytest.fixture
def person(initiative):
    person = UserFactory(role=Role.STAFF, entity=initiative.entity, name="Mira Halden")
    initiative.holder = person
    initiative.save()
    return person


@pytest.fixture
def staff(person):
    client = Client()
    client.force_login(person)
    return client


def say(plan, kind=PlanOutcome.HELD, when="2021-11", *, user=None, seen=0, note="", now=NOON):
    return say_outcome(
        plan=plan,
        seen=seen,
        kind=kind,
        when=parse(when) if when else None,
        note=note,
        language="en",
        user=user or UserFactory(),
        now=now,
    )


class TestWhatWasToldAsPlanned:
    def test_is_read_from_what_sealed_submissions_printed(self, initiative):
        update = outlook(initiative)
        told(update)
        text = update.texts.get()
        text.outlook = "<p>Nothing more is planned.</p>"  # a later version, which nothing printed
        text.save()
        told(UpdateFactory(initiative=initiative, paragraph="<p>News without plans.</p>"))
        forecast = PassageFactory(entity=initiative.entity, kind=PassageKind.OUTLOOK, body="<p>A portal follows.</p>")
        told(forecast, RecordKind.PASSAGE)
        told(PassageFactory(entity=initiative.entity), RecordKind.PASSAGE)  # of another kind
        told(outlook(InitiativeFactory()))  # of another entity
        PrintedVersionFactory(record_id=outlook(initiative, "<p>Told in a draft alone.</p>").pk)
        plans = plans_of([initiative.entity])
        assert {(plan.initiative, plan.passage, plan.words) for plan in plans} == {
            (initiative.pk, None, FAIR),
            (None, forecast.pk, "<p>A portal follows.</p>"),
        }
        assert {plan.due_on for plan in plans} == {dt.date(2022, 12, 31)}  # the year after

    def test_ends_with_the_submission_that_told_it(self, initiative):
        for state in (SubmissionState.WITHDRAWN, SubmissionState.SUPERSEDED):
            told(outlook(initiative), state=state)
        assert plans_of([initiative.entity]) == []

    def test_is_one_plan_where_the_same_words_are_told_again(self, initiative):
        first = told(outlook(initiative))
        second = told(outlook(initiative), year=2022, sealed_at=NOON + dt.timedelta(days=365))
        (plan,) = plans_of([initiative.entity])
        assert [telling.printed for telling in plan.tellings] == [second.pk, first.pk]
        assert plan.due_on == dt.date(2023, 12, 31)
        OutcomeFactory(printed=first)
        assert plans_of([initiative.entity])[0].is_open  # it was held, and told as planned once more
        OutcomeFactory(printed=second, said_at=NOON + dt.timedelta(days=366))
        assert not plans_of([initiative.entity])[0].is_open

    def test_is_a_part_that_was_planned_when_its_initiative_was_printed(self, initiative):
        part = DatedPartFactory(
            initiative=initiative, state=EventState.EXPECTED, starts_on=dt.date(2021, 6, 1), ends_on=dt.date(2021, 7, 1)
        )
        DatedPartFactory(initiative=initiative, state=EventState.HELD)
        told(initiative, RecordKind.INITIATIVE, sealed_at=timezone.now() - dt.timedelta(days=1))
        assert plans_of([initiative.entity]) == []  # nobody knew of it then
        told(initiative, RecordKind.INITIATIVE, sealed_at=timezone.now() + dt.timedelta(days=1))
        (plan,) = plans_of([initiative.entity])
        assert (plan.part, plan.due_on, plan.is_dated) == (part.pk, dt.date(2021, 6, 30), True)
        part.state = EventState.HELD  # the record itself says so
        part.save()
        assert plans_of([initiative.entity]) == []


class TestSayOutcome:
    def test_closes_a_plan_but_where_it_was_moved(self, initiative, person):
        told(outlook(initiative))
        (plan,) = open_plans([initiative.entity])
        moved = say(plan, PlanOutcome.MOVED, "2030-Q2", user=person)
        (plan,) = open_plans([initiative.entity])
        assert (plan.due_on, plan.last.dates_shown) == (dt.date(2030, 6, 30), "quarter 2 of 2030")
        dropped = say(plan, PlanOutcome.DROPPED, "", seen=moved.pk, note="No funds.", now=NOON + dt.timedelta(days=1))
        assert open_plans([initiative.entity]) == []
        with pytest.raises(SomethingSaidLater):
            undo_outcome(plan=plan, outcome=moved.pk)
        for _click in range(2):
            undo_outcome(plan=plan, outcome=dropped.pk)
        assert open_plans([initiative.entity])[0].last == moved
        assert [event.pgh_label for event in events(Outcome, pgh_obj_id=dropped.pk)] == ["insert", "delete"]

    def test_refuses_a_second_word_by_somebody_who_had_not_read_the_first(self, initiative):
        told(outlook(initiative))
        (plan,) = open_plans([initiative.entity])
        say(plan)
        with pytest.raises(AnsweredMeanwhile):
            say(plan, PlanOutcome.DROPPED, "", note="No funds.")
        assert Outcome.objects.count() == 1


class TestPlannedPage:
    def test_lists_what_is_due_first_with_its_words_and_where_they_stand(self, staff, initiative):
        told(outlook(initiative, "<p>Later.</p>"), year=THIS_YEAR)
        early = told(outlook(initiative, "<p>Long ago.</p>"), year=2020)
        told(outlook(InitiativeFactory(entity=initiative.entity, title="Of a colleague")), year=2021)
        response = staff.get(reverse("planned_list"))
        html = words_of(response)
        assert [shown.plan.words for shown in response.context["plans"]] == ["<p>Long ago.</p>", "<p>Later.</p>"]
        assert "1 plan is overdue." in html
        assert "overdue since 1 January 2022" in html
        assert f"to be answered by 31 December {THIS_YEAR + 1}" in html
        assert early.compilation.submission.get_absolute_url() in html
        everything = staff.get(reverse("planned_list"), {"show": "all"})
        assert "Of a colleague" in words_of(everything)

    def test_says_held_and_takes_it_back_without_scripts(self, staff, initiative, person):
        address = reverse("plan", args=[told(outlook(initiative)).pk])
        assert "When was it held or done?" in words_of(staff.get(address, {"as": "held"}))
        sent = {"kind": "held", "seen": "0", "when": "2021-11", "note": "In Cusco instead.", "language": "en"}
        html = words_of(staff.post(address, sent, follow=True))
        assert "It is on record what became of it." in html
        assert "November 2021" in html
        assert '<span lang="en" dir="ltr">In Cusco instead.</span>' in html
        (outcome,) = Outcome.objects.all()
        assert (outcome.said_by, outcome.language) == (person, "en")
        assert "In Cusco instead." in words_of(staff.get(reverse("planned_list"), {"answered": "yes"}))
        assert "Nothing waits for an answer" in words_of(staff.get(reverse("planned_list")))
        staff.post(address, {"undo": str(outcome.pk)})
        assert not Outcome.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"kind": "held", "when": ""}, "Say when, as exact as you know it."),
            ({"kind": "held", "when": "soon"}, "“soon” is no date."),
            ({"kind": "held", "when": "2199"}, "This has not come yet."),
            ({"kind": "moved", "when": "2020"}, "This is over."),
            ({"kind": "dropped", "note": " "}, "Say why it was dropped."),
        ],
    )
    def test_says_what_is_missing_beside_its_field_and_keeps_the_words(self, staff, initiative, sent, sentence):
        address = reverse("plan", args=[told(outlook(initiative)).pk])
        sent = {"seen": "0", "note": "Kept words", "language": "en"} | sent
        page = staff.post(address, sent)
        assert page.status_code == 422
        assert sentence in words_of(page)
        fragment = staff.post(address, sent, headers=HTMX)  # in its place, where htmx shows it
        assert (fragment.status_code, sentence in words_of(fragment)) == (200, True)
        assert sent["note"].strip() in words_of(fragment)
        assert "<html" not in words_of(fragment)
        assert not Outcome.objects.exists()

    def test_shows_what_somebody_else_said_meanwhile(self, staff, initiative):
        printed = told(outlook(initiative))
        OutcomeFactory(printed=printed, kind=PlanOutcome.MOVED)
        sent = {"kind": "dropped", "seen": "0", "note": "No funds.", "language": "en"}
        page = staff.post(reverse("plan", args=[printed.pk]), sent)
        html = words_of(page)
        assert page.status_code == 409
        assert "Somebody said meanwhile what became of it." in html
        assert "No funds." in html
        assert page.context["form"].data["seen"] == str(Outcome.objects.get().pk)

    def test_takes_the_same_queries_for_many(self, staff, person, initiative):
        entity = initiative.entity

        def add():
            each = InitiativeFactory(entity=entity, holder=person)
            told(outlook(each))
            DatedPartFactory(initiative=each, state=EventState.PLANNED)
            told(each, RecordKind.INITIATIVE, sealed_at=timezone.now())
            told(PassageFactory(entity=entity, kind=PassageKind.OUTLOOK, author=person), RecordKind.PASSAGE)

        assert_rows_cost_nothing(staff, reverse("planned_list"), add)
        assert_rows_cost_nothing(staff, reverse("desk"), lambda: None)


class TestPlansElsewhere:
    def test_stand_on_the_desk_and_beside_the_update_of_the_next_period(self, staff, initiative):
        told(outlook(initiative))
        told(outlook(InitiativeFactory(entity=initiative.entity), "<p>Of another.</p>"))
        html = words_of(staff.get(reverse("desk")))
        assert "Planned, then?" in html
        assert "A fair opens in Lima." in html
        assert "Of another." not in html  # which a colleague holds
        draft = UpdateDraftFactory(initiative=initiative)
        html = words_of(staff.get(reverse("draft_edit", args=[draft.pk])))
        assert "Told as planned" in html
        assert "A fair opens in Lima." in html
        assert "Of another." not in html
