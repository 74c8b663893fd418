import datetime as dt

import pytest

from initiatives.choices import Role, UpdateKind, UpdateState
from initiatives.models import Update
from initiatives.services.updates import (
    OwnUpdateNeedsReason,
    ReturnNeedsNote,
    UpdateChangedMeanwhile,
    UpdateDraft,
    UpdateIncomplete,
    UpdateNotEditable,
    UpdateNotSubmitted,
    approve_update,
    return_update,
    save_update,
    start_update,
    submit_update,
)
from tests.factories import NOON, YEAR_END, YEAR_START, EntityFactory, InitiativeFactory, UpdateFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def staff(entity):
    return UserFactory(role=Role.STAFF, entity=entity)


@pytest.fixture
def focal_point(entity):
    return UserFactory(role=Role.FOCAL_POINT, entity=entity)


def draft_of(paragraph: str) -> UpdateDraft:
    return UpdateDraft(texts={"paragraph": paragraph})


class TestStartUpdate:
    def test_begins_one_and_finds_it_again(self, entity, staff):
        initiative = InitiativeFactory(entity=entity)
        facts = {
            "initiative": initiative,
            "entity": entity,
            "period_start": YEAR_START,
            "period_end": YEAR_END,
            "user": staff,
        }
        first, is_new = start_update(**facts)
        assert is_new
        assert start_update(**facts) == (first, False)
        assert (first.state, first.author, first.author_role) == (UpdateState.DRAFT, staff, Role.STAFF)

    def test_begins_a_new_one_beside_an_approved_one(self, entity, staff):
        approved = UpdateFactory(initiative__entity=entity, approved=True)
        new, is_new = start_update(
            initiative=approved.initiative, entity=entity, period_start=YEAR_START, period_end=YEAR_END, user=staff
        )
        assert is_new
        assert new != approved


class TestSaveUpdate:
    def test_keeps_an_incomplete_draft(self, staff, entity):
        update = UpdateFactory(initiative__entity=entity)
        draft = UpdateDraft(texts={"obstacles": "<p>Slow visas.</p>"})
        saved = save_update(update=update, draft=draft, edits=0, user=staff)
        assert saved.edits == 1
        assert saved.original.obstacles == "<p>Slow visas.</p>"
        assert saved.original.paragraph == ""

    def test_cleans_what_a_person_pastes(self, staff, entity):
        update = UpdateFactory(initiative__entity=entity)
        saved = save_update(
            update=update, draft=draft_of('<p onclick="x()">Kept<script>alert(1)</script></p>'), edits=0, user=staff
        )
        assert saved.original.paragraph == "<p>Kept</p>"

    def test_refuses_a_stale_page_and_keeps_what_was_saved(self, staff, entity):
        update = UpdateFactory(initiative__entity=entity)
        save_update(update=update, draft=draft_of("<p>First.</p>"), edits=0, user=staff)
        with pytest.raises(UpdateChangedMeanwhile):
            save_update(update=update, draft=draft_of("<p>Second.</p>"), edits=0, user=staff)
        assert Update.objects.get().original.paragraph == "<p>First.</p>"

    @pytest.mark.parametrize("state", ["submitted", "approved"])
    def test_refuses_what_is_out_of_hand(self, state, staff, entity):
        update = UpdateFactory(initiative__entity=entity, **{state: True})
        with pytest.raises(UpdateNotEditable):
            save_update(update=update, draft=draft_of("<p>Late.</p>"), edits=0, user=staff)

    def test_counts_revisions_of_the_text(self, staff, entity):
        update = UpdateFactory(initiative__entity=entity)
        for edits, words in enumerate(["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"]):
            update = save_update(update=update, draft=draft_of(words), edits=edits, user=staff)
        assert update.texts.get().revision == 3


class TestSubmitUpdate:
    def test_hands_it_to_the_focal_point(self):
        update = submit_update(update=UpdateFactory(paragraph="<p>Done.</p>"), now=NOON)
        assert (update.state, update.submitted_at) == (UpdateState.SUBMITTED, NOON)

    def test_refuses_without_a_paragraph_and_names_the_field(self):
        with pytest.raises(UpdateIncomplete) as error:
            submit_update(update=UpdateFactory(paragraph="<p> </p>"), now=NOON)
        assert list(error.value.missing) == ["paragraph"]

    def test_refuses_nothing_to_report_without_a_reason(self):
        with pytest.raises(UpdateIncomplete) as error:
            submit_update(update=UpdateFactory(kind=UpdateKind.NOTHING), now=NOON)
        assert list(error.value.missing) == ["reason"]

    def test_approves_still_true_at_once(self):
        former = UpdateFactory(
            approved=True, paragraph="<p>It runs.</p>", period_start=dt.date(2020, 1, 1), period_end=YEAR_START
        )
        update = UpdateFactory(initiative=former.initiative, kind=UpdateKind.STILL_TRUE)
        assert submit_update(update=update, now=NOON).state == UpdateState.APPROVED

    def test_refuses_still_true_where_nothing_was_told_before(self):
        with pytest.raises(UpdateIncomplete) as error:
            submit_update(update=UpdateFactory(kind=UpdateKind.STILL_TRUE), now=NOON)
        assert list(error.value.missing) == ["kind"]

    def test_clears_the_note_of_a_former_return(self):
        update = submit_update(update=UpdateFactory(returned=True, paragraph="<p>With the country.</p>"), now=NOON)
        assert (update.decision_note, update.decided_by) == ("", None)


class TestDecide:
    def test_another_person_approves(self, focal_point):
        update = approve_update(update=UpdateFactory(submitted=True), edits=0, user=focal_point, now=NOON)
        assert (update.state, update.decided_by, update.decided_at) == (UpdateState.APPROVED, focal_point, NOON)

    def test_an_own_update_needs_a_reason(self, focal_point):
        update = UpdateFactory(submitted=True, author=focal_point)
        with pytest.raises(OwnUpdateNeedsReason):
            approve_update(update=update, edits=0, user=focal_point, now=NOON)
        approved = approve_update(update=update, edits=0, user=focal_point, now=NOON, reason="Nobody else is here.")
        assert approved.decision_note == "Nobody else is here."

    def test_what_one_wrote_before_somebody_else_touched_it_is_ones_own(self, entity, staff, focal_point):
        update = UpdateFactory(initiative__entity=entity)
        update = save_update(update=update, draft=draft_of("<p>Mine.</p>"), edits=0, user=focal_point)
        update = save_update(update=update, draft=draft_of("<p>Mine, with a comma.</p>"), edits=1, user=staff)
        update = submit_update(update=update, now=NOON)
        with pytest.raises(OwnUpdateNeedsReason):
            approve_update(update=update, edits=2, user=focal_point, now=NOON)

    def test_a_second_decision_is_refused(self, focal_point):
        update = UpdateFactory(submitted=True)
        approve_update(update=update, edits=0, user=focal_point, now=NOON)
        with pytest.raises(UpdateNotSubmitted):
            return_update(update=update, edits=0, user=focal_point, now=NOON, note="Too late.")
        update.refresh_from_db()
        assert update.state == UpdateState.APPROVED

    def test_what_was_changed_after_the_reviewer_read_it_is_not_approved(self, focal_point):
        update = UpdateFactory(submitted=True, edits=2)
        with pytest.raises(UpdateChangedMeanwhile):
            approve_update(update=update, edits=1, user=focal_point, now=NOON)

    def test_a_return_needs_a_note(self, focal_point):
        update = UpdateFactory(submitted=True)
        with pytest.raises(ReturnNeedsNote):
            return_update(update=update, edits=0, user=focal_point, now=NOON, note="  ")
        returned = return_update(update=update, edits=0, user=focal_point, now=NOON, note="Name the country.")
        assert (returned.state, returned.decision_note) == (UpdateState.RETURNED, "Name the country.")
