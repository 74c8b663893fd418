"""The life of a draft: its rules, what each refuses, and what two people at once do."""

import threading

import pytest
from django.db import connection
from django.http import QueryDict

from initiatives.choices import DraftState, Role
from initiatives.drafting.initiatives import content_of
from initiatives.history import history_of_draft
from initiatives.models import Draft, Initiative
from initiatives.services.comments import Place, write_comment
from initiatives.services.drafts import (
    AnotherDraftOpen,
    DraftChangedMeanwhile,
    DraftIncomplete,
    DraftNotEditable,
    DraftNotSubmitted,
    DraftNotWithdrawn,
    DraftTooLarge,
    InitiativeNotOpen,
    NoteMissing,
    NothingChanged,
    NotOfTheEntity,
    OwnDraftNeedsReason,
    ReasonOfChangeMissing,
    approve_draft,
    begin_change,
    begin_initiative,
    bring_up_to_date,
    content_sent,
    hand_over_draft,
    reopen_draft,
    return_draft,
    save_draft,
    shown_form_of,
    submit_draft,
    withdraw_draft,
)
from portal.common.history import context_of, events
from portal.models import NotificationKind
from tests.factories import (
    NOON,
    CountryFactory,
    DraftFactory,
    EntityFactory,
    InitiativeFactory,
    KindFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def tomas(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Tomás")


@pytest.fixture
def leila(entity):
    return UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Leila")


@pytest.fixture
def initiative(entity):
    return InitiativeFactory(
        entity=entity, title="Learning hub", description="<p>One.</p><p>Two.</p>", published=True, place="Vienna"
    )


@pytest.fixture
def draft(initiative, mira):
    """A change of the initiative, begun by Mira."""
    return begin_change(initiative=initiative, user=mira, now=NOON)


def saved(draft, user, *, edits=None, why=None, **changed):
    """Save the draft with something in it changed, on top of the save of a number, by default the last one."""
    seen = events(Draft, pgh_obj=draft, edits=draft.edits if edits is None else edits).last()
    content = seen.content | changed
    return save_draft(draft=draft, content=content, edits=seen.edits, user=user, now=NOON, why=why)


def submitted(draft, user, **changed):
    return submit_draft(draft=saved(draft, user, why="It moved.", **changed), user=user, now=NOON)


def approved(draft, user, **options):
    return approve_draft(draft=draft, edits=draft.edits, user=user, now=NOON, **options)


class TestBegin:
    def test_makes_a_new_one_of_which_the_person_is_the_holder(self, entity, mira):
        content = {"title": "مركز", "kind": KindFactory().code, "language": "ar"}
        draft = begin_initiative(entity=entity, content=content, user=mira, now=NOON)
        assert (draft.holder, draft.saved_by, draft.title, draft.is_new) == (mira, mira, "مركز", True)
        assert not Initiative.objects.exists()

    def test_takes_what_stands_in_the_record(self, draft, initiative, mira):
        assert draft.content == draft.began_from == content_of(initiative)
        assert (draft.title, draft.holder, draft.is_new) == ("Learning hub", mira, False)

    def test_goes_on_with_the_draft_that_is_under_way(self, draft, initiative, tomas):
        assert begin_change(initiative=initiative, user=tomas, now=NOON) == draft

    def test_begins_another_after_the_former_was_withdrawn(self, draft, initiative, tomas):
        withdraw_draft(draft=draft, user=draft.holder, now=NOON)
        assert begin_change(initiative=initiative, user=tomas, now=NOON) != draft

    @pytest.mark.parametrize("gone", ["merged", "archived"])
    def test_refuses_what_was_merged_or_archived(self, initiative, mira, gone):
        fields = {"merged_into": InitiativeFactory()} if gone == "merged" else {"archived_at": NOON}
        Initiative.objects.filter(pk=initiative.pk).update(**fields)
        with pytest.raises(InitiativeNotOpen):
            begin_change(initiative=initiative, user=mira, now=NOON)
        assert not Draft.objects.exists()


class TestContentSent:
    def sent(self, draft, **fields):
        form = QueryDict(mutable=True)
        for name, value in fields.items():
            form.setlist(name, value if isinstance(value, list) else [value])
        return content_sent(shown_form_of(draft), form)

    def test_holds_every_field_complete_or_not(self, draft):
        content = self.sent(draft, title="")
        assert content["title"] == content["kind"] == content["everywhere"] == ""
        assert content["countries"] == content["identifiers"] == []

    def test_keeps_emoji_and_other_directions_and_drops_nul(self, draft):
        content = self.sent(draft, title="🦕 مركز\x00 学习", status_note="\ud83e half", countries=["K\x00EN"])
        assert content["title"] == "🦕 مركز 学习"
        assert content["countries"] == ["KEN"]
        assert saved(draft, draft.holder, **content).title == "🦕 مركز 学习"

    def test_cleans_texts(self, draft):
        assert self.sent(draft, description="<p onclick='x()'>A<script>b</script></p>")["description"] == "<p>A</p>"
        assert self.sent(draft, description="One.\n\nTwo.")["description"] == "<p>One.</p><p>Two.</p>"

    def test_takes_what_is_ticked_twice_once_and_in_its_order(self, draft):
        assert self.sent(draft, countries=["KEN", "AUT", "KEN"])["countries"] == ["AUT", "KEN"]

    def test_takes_rows_in_which_something_stands(self, draft):
        fields = {"identifiers-3-scheme": "project", "identifiers-3-value": " 180001 ", "identifiers-7-value": " "}
        assert self.sent(draft, **fields)["identifiers"] == [
            {"scheme": "project", "value": "180001", "label": "", "address": ""}
        ]

    @pytest.mark.parametrize(
        "odd", [{"title": {"a": 1}}, {"countries": [1, None, {}]}, {"countries": 5}, {"identifiers": [1, "x", [], {}]}]
    )
    def test_bears_any_shape(self, draft, odd):
        content = content_sent(shown_form_of(draft), draft.content | odd)
        assert saved(draft, draft.holder, **content).content == content

    def test_refuses_more_than_half_a_million_characters_and_holds_them(self, draft):
        with pytest.raises(DraftTooLarge) as error:
            self.sent(draft, place="x" * 500_001, countries=["AUT"])
        assert (len(error.value.content["place"]), error.value.content["countries"]) == (500_001, ["AUT"])

    def test_takes_half_a_million(self, draft):
        form = shown_form_of(draft)
        rest = sum(len(str(value)) for value in content_sent(form, {}).values())
        assert len(content_sent(form, {"place": "x" * (500_000 - rest)})["place"]) == 500_000 - rest


class TestSave:
    def test_keeps_what_is_incomplete(self, draft, tomas):
        kept = saved(draft, tomas, title="", starts="some day", kind="")
        assert (kept.content["starts"], kept.title, kept.edits, kept.saved_by) == ("some day", "", 1, tomas)
        assert kept.holder.name == "Mira"

    def test_counts_no_save_in_which_nothing_is_new(self, draft, mira):
        assert saved(draft, mira).edits == 0
        assert saved(draft, mira, why="It moved.").edits == 1

    def test_leaves_the_record_as_it_is(self, draft, initiative, mira):
        saved(draft, mira, place="Graz")
        initiative.refresh_from_db()
        assert initiative.place == "Vienna"

    @pytest.mark.parametrize("state", ["submitted", "approved", "withdrawn"])
    def test_refuses_what_is_out_of_hand(self, mira, state):
        options = {"state": DraftState.WITHDRAWN} if state == "withdrawn" else {state: True}
        draft = DraftFactory(**options)
        with pytest.raises(DraftNotEditable):
            save_draft(draft=draft, content={}, edits=0, user=mira, now=NOON)
        draft.refresh_from_db()
        assert draft.title == draft.content["title"]

    def test_takes_up_a_returned_one(self, mira):
        assert saved(DraftFactory(returned=True), mira, place="Graz").content["place"] == "Graz"


class TestTwoWriters:
    def test_are_put_together_where_they_changed_different_fields(self, draft, mira, tomas):
        saved(draft, mira, place="Graz")
        both = saved(draft, tomas, edits=0, status_note="until it is funded")
        assert (both.content["place"], both.content["status_note"], both.edits) == ("Graz", "until it is funded", 3)

    def test_are_put_together_paragraph_by_paragraph(self, draft, mira, tomas):
        saved(draft, mira, description="<p>One, mine.</p><p>Two.</p>")
        both = saved(draft, tomas, edits=0, description="<p>One.</p><p>Two, theirs.</p>")
        assert both.content["description"] == "<p>One, mine.</p><p>Two, theirs.</p>"

    def test_are_asked_where_both_changed_the_same_and_nothing_is_saved(self, draft, mira, tomas):
        saved(draft, mira, title="Mine", place="Graz")
        with pytest.raises(DraftChangedMeanwhile) as error:
            saved(draft, tomas, edits=0, title="Theirs", status_note="soon")
        assert list(error.value.clashes) == ["title"]
        assert (error.value.settled["place"], error.value.settled["status_note"]) == ("Graz", "soon")
        draft.refresh_from_db()
        assert (draft.title, draft.content["status_note"], draft.edits) == ("Mine", "", 1)

    def test_are_merged_on_top_of_the_save_that_each_had_seen(self, draft, mira, tomas):
        saved(draft, mira, title="First")
        draft.refresh_from_db()
        saved(draft, mira, title="Second")
        with pytest.raises(DraftChangedMeanwhile) as error:
            saved(draft, tomas, edits=1, title="Third")
        assert error.value.clashes["title"].hunks[0].theirs == ["Second"]

    def test_of_one_text_sent_twice_are_one_save(self, draft, mira):
        saved(draft, mira, title="Mine")
        assert saved(draft, mira, edits=0, title="Mine").edits == 1

    def test_keep_both_reasons(self, draft, mira, tomas):
        saved(draft, mira, why="It moved.")
        assert saved(draft, tomas, edits=0, why="", place="Graz").why == "It moved."
        assert saved(draft, tomas, edits=0, why="It grew.").why == "It moved.\nIt grew."


class TestSubmit:
    def test_hands_it_in(self, draft, mira):
        draft = submitted(draft, mira, place="Graz")
        assert (draft.state, draft.submitted_at, draft.why) == (DraftState.SUBMITTED, NOON, "It moved.")

    def test_names_what_is_missing_by_its_field(self, draft, mira):
        draft = saved(draft, mira, title="", starts="some day")
        with pytest.raises(DraftIncomplete) as error:
            submit_draft(draft=draft, user=draft.holder, now=NOON)
        assert list(error.value.form.errors) == ["title", "starts"]
        draft.refresh_from_db()
        assert draft.state == DraftState.DRAFT

    def test_needs_something_that_changed(self, draft):
        with pytest.raises(NothingChanged):
            submit_draft(draft=draft, user=draft.holder, now=NOON)

    def test_needs_a_reason_for_changing_what_is_approved(self, draft, mira):
        draft = saved(draft, mira, place="Graz", why="  ")
        with pytest.raises(ReasonOfChangeMissing):
            submit_draft(draft=draft, user=draft.holder, now=NOON)

    def test_needs_no_reason_for_a_new_one(self):
        assert submit_draft(draft=DraftFactory(), user=UserFactory(), now=NOON).state == DraftState.SUBMITTED

    def test_refuses_a_second_time(self, draft, mira):
        draft = submitted(draft, mira, place="Graz")
        with pytest.raises(DraftNotEditable):
            submit_draft(draft=draft, user=draft.holder, now=NOON)

    def test_refuses_what_was_archived(self, draft, initiative, mira):
        saved(draft, mira, why="It moved.", place="Graz")
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=NOON)
        with pytest.raises(InitiativeNotOpen):
            submit_draft(draft=draft, user=draft.holder, now=NOON)

    def test_forgets_the_note_of_a_former_return(self):
        draft = submit_draft(draft=DraftFactory(returned=True), user=UserFactory(), now=NOON)
        assert (draft.decision_note, draft.decided_by, draft.decided_at) == ("", None, None)


class TestApprove:
    def test_makes_the_record_of_a_new_one(self, leila):
        draft = approved(DraftFactory(submitted=True, title="Learning hub"), leila)
        assert (draft.state, draft.version, draft.decided_by) == (DraftState.APPROVED, 1, leila)
        assert draft.initiative.texts.get().title == "Learning hub"
        assert draft.initiative.published_at == NOON

    def test_changes_the_record_and_counts_its_versions(self, draft, initiative, mira, leila):
        first = approved(submitted(draft, mira, place="Graz"), leila)
        later = begin_change(initiative=initiative, user=mira, now=NOON)
        second = approved(submitted(later, mira, place="Linz"), leila)
        initiative.refresh_from_db()
        assert (first.version, second.version, initiative.place) == (1, 2, "Linz")
        first.refresh_from_db()
        assert first.content["place"] == "Graz"

    def test_tells_the_history_of_the_record_why(self, draft, initiative, mira, leila):
        approved(submitted(draft, mira, place="Graz"), leila)
        context = context_of(events(Initiative, pgh_obj=initiative).last())
        assert (context["draft"], context["change_reason"]) == (draft.pk, "It moved.")

    def test_of_what_one_wrote_oneself_needs_a_reason(self, draft, leila, initiative):
        draft = submitted(draft, leila, place="Graz")
        with pytest.raises(OwnDraftNeedsReason):
            approved(draft, leila, reason="  ")
        initiative.refresh_from_db()
        assert initiative.place == "Vienna"
        assert approved(draft, leila, reason=" Nobody else is here. ").decision_note == "Nobody else is here."

    def test_of_what_one_wrote_before_somebody_else_touched_it_does_too(self, draft, leila, mira):
        draft = submitted(saved(draft, leila, place="Graz"), mira, place="Graz, Austria")
        with pytest.raises(OwnDraftNeedsReason):
            approved(draft, leila)

    @pytest.mark.parametrize("options", [{}, {"returned": True}, {"approved": True}, {"state": DraftState.WITHDRAWN}])
    def test_refuses_what_does_not_wait(self, leila, options):
        with pytest.raises(DraftNotSubmitted):
            approved(DraftFactory(**options), leila)

    def test_refuses_what_the_reviewer_has_not_read(self, draft, mira, leila):
        draft = submitted(draft, mira, place="Graz")
        with pytest.raises(DraftChangedMeanwhile):
            approve_draft(draft=draft, edits=0, user=leila, now=NOON)

    def test_refuses_what_was_archived_meanwhile(self, draft, initiative, mira, leila):
        draft = submitted(draft, mira, place="Graz")
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=NOON)
        with pytest.raises(InitiativeNotOpen):
            approved(draft, leila)

    def test_refuses_what_cannot_be_chosen_any_more(self, draft, mira, leila):
        country = CountryFactory()
        draft = submitted(draft, mira, countries=[country.iso3])
        country.delete()
        with pytest.raises(DraftIncomplete) as error:
            approved(draft, leila)
        assert list(error.value.form.errors) == ["countries"]


class TestRecordThatChangedMeanwhile:
    def test_keeps_what_the_draft_does_not_touch(self, draft, initiative, mira, leila):
        draft = submitted(draft, mira, place="Graz", description="<p>One, mine.</p><p>Two.</p>")
        Initiative.objects.filter(pk=initiative.pk).update(status="completed")
        initiative.texts.update(description="<p>One.</p><p>Two, theirs.</p>")
        approved(draft, leila)
        initiative.refresh_from_db()
        assert (initiative.place, initiative.status) == ("Graz", "completed")
        assert initiative.texts.get().description == "<p>One, mine.</p><p>Two, theirs.</p>"

    def test_is_not_overwritten_in_the_same_field(self, draft, initiative, mira, leila):
        draft = submitted(draft, mira, place="Graz")
        Initiative.objects.filter(pk=initiative.pk).update(place="Linz")
        with pytest.raises(DraftChangedMeanwhile):
            approved(draft, leila)
        initiative.refresh_from_db()
        assert initiative.place == "Linz"

    def test_is_approved_after_it_was_read_again(self, draft, initiative, mira, leila):
        draft = submitted(draft, mira, place="Graz")
        Initiative.objects.filter(pk=initiative.pk).update(place="Linz", status="completed")
        draft = bring_up_to_date(draft=draft)
        assert (draft.began_from["place"], draft.content["place"]) == ("Linz", "Graz")
        assert draft.content["status"] == draft.began_from["status"] == "completed"
        approved(draft, leila)
        initiative.refresh_from_db()
        assert (initiative.place, initiative.status) == ("Graz", "completed")

    def test_counts_as_nothing_where_it_did_not(self, draft, mira):
        assert bring_up_to_date(draft=draft).edits == 0
        assert bring_up_to_date(draft=DraftFactory()).edits == 0


class TestReturn:
    def test_needs_a_note(self, leila):
        draft = DraftFactory(submitted=True)
        with pytest.raises(NoteMissing):
            return_draft(draft=draft, edits=0, user=leila, now=NOON, note=" ")
        returned = return_draft(draft=draft, edits=0, user=leila, now=NOON, note="Name the country.")
        assert (returned.state, returned.decision_note) == (DraftState.RETURNED, "Name the country.")

    def test_may_be_of_what_one_wrote_oneself(self, leila):
        draft = DraftFactory(submitted=True, saved_by=leila)
        assert return_draft(draft=draft, edits=0, user=leila, now=NOON, note="No.").state == DraftState.RETURNED

    def test_refuses_what_does_not_wait_and_what_was_not_read(self, leila):
        with pytest.raises(DraftNotSubmitted):
            return_draft(draft=DraftFactory(), edits=0, user=leila, now=NOON, note="No.")
        with pytest.raises(DraftChangedMeanwhile):
            return_draft(draft=DraftFactory(submitted=True), edits=7, user=leila, now=NOON, note="No.")


class TestWithdraw:
    @pytest.mark.parametrize("options", [{}, {"submitted": True}, {"returned": True}])
    def test_takes_back_what_is_under_way_and_reopen_goes_on_with_it(self, options):
        draft = withdraw_draft(draft=DraftFactory(**options), user=UserFactory(), now=NOON)
        assert draft.state == DraftState.WITHDRAWN
        assert reopen_draft(draft=draft).state == DraftState.DRAFT

    @pytest.mark.parametrize("options", [{"approved": True}, {"state": DraftState.WITHDRAWN}])
    def test_refuses_what_is_done(self, options):
        with pytest.raises(DraftNotEditable):
            withdraw_draft(draft=DraftFactory(**options), user=UserFactory(), now=NOON)

    def test_reopens_nothing_else(self):
        with pytest.raises(DraftNotWithdrawn):
            reopen_draft(draft=DraftFactory())

    def test_reopens_none_of_what_was_merged(self, draft, initiative):
        draft = withdraw_draft(draft=draft, user=draft.holder, now=NOON)
        Initiative.objects.filter(pk=initiative.pk).update(merged_into=InitiativeFactory())
        with pytest.raises(InitiativeNotOpen):
            reopen_draft(draft=draft)

    def test_reopens_none_beside_another_one(self, draft, initiative, mira):
        withdraw_draft(draft=draft, user=draft.holder, now=NOON)
        begin_change(initiative=initiative, user=mira, now=NOON)
        with pytest.raises(AnotherDraftOpen):
            reopen_draft(draft=draft)
        draft.refresh_from_db()
        assert draft.state == DraftState.WITHDRAWN


class TestHandOver:
    def test_gives_the_draft_to_somebody_of_the_entity_and_tells_them(self, draft, mira, tomas):
        draft = hand_over_draft(draft=draft, to=tomas, user=mira, now=NOON, reason="I am away in May.")
        assert draft.holder == tomas
        assert tomas.notifications.get().kind == NotificationKind.ASSIGNMENT
        told = history_of_draft(draft, {})[0]
        assert (str(told.what), told.note) == ("Handed to Tomás", "I am away in May.")

    def test_is_refused_to_others_and_where_it_is_decided(self, draft, mira):
        with pytest.raises(NotOfTheEntity):
            hand_over_draft(draft=draft, to=UserFactory(role=Role.STAFF), user=mira, now=NOON)
        with pytest.raises(DraftNotEditable):
            hand_over_draft(draft=DraftFactory(approved=True), to=mira, user=mira, now=NOON)


class TestHistory:
    LABELS = {"title": "Title", "place": "Place"}

    def test_tells_each_step_with_who_took_it_what_was_written_and_why(self, draft, mira, tomas, leila):
        draft = submitted(saved(saved(draft, mira, place="Graz"), mira, title="Hubs"), tomas, place="Wien")
        draft = return_draft(draft=draft, edits=draft.edits, user=leila, now=NOON, note="Say why.")
        draft = withdraw_draft(draft=draft, user=mira, now=NOON)
        draft = reopen_draft(draft=draft)
        told = [(str(step.what), step.note) for step in history_of_draft(draft, self.LABELS)]
        assert told == [
            ("Reopened", ""),
            ("Withdrawn", ""),
            ("Returned", "Say why."),
            ("Submitted", "It moved."),
            ("Changed: Place", "It moved."),
            ("Changed: Place, Title", ""),
            ("Begun", ""),
        ]
        whom = [step.who for step in history_of_draft(draft, self.LABELS)]
        assert whom[2:] == ["Leila", "Tomás", "Tomás", "Mira", "Mira"]

    def test_tells_of_comments_and_of_the_version_that_came_of_it(self, draft, mira, leila):
        write_comment(draft=draft, place=Place("place"), words="Where?", language="en", user=leila, now=NOON)
        draft = submitted(draft, mira, place="Wien")
        draft = approve_draft(draft=draft, edits=draft.edits, user=leila, now=NOON)
        told = {str(step.what): step.who for step in history_of_draft(draft, self.LABELS)}
        assert told["Commented: Place"] == told["Approved as version 1"] == "Leila"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def both(self, do):
        """Do something in two threads; return what each raised."""
        raised, gate = [], threading.Barrier(2)

        def run():
            try:
                gate.wait(timeout=10)
                do()
                raised.append(None)
            except Exception as error:  # told to the test
                raised.append(type(error))
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return raised

    def test_approve_one_version(self, leila):
        draft = DraftFactory(submitted=True)
        raised = self.both(lambda: approved(draft, leila))
        assert sorted(map(str, raised)) == sorted(map(str, [None, DraftNotSubmitted]))
        assert Initiative.objects.count() == 1
        assert Draft.objects.get().version == 1

    def test_begin_one_draft(self, initiative, mira):
        raised = self.both(lambda: begin_change(initiative=initiative, user=mira, now=NOON))
        assert raised == [None, None]
        assert Draft.objects.count() == 1
