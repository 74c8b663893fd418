"""Workbooks sent back: read and taken in by workers, once, whatever ends them."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from initiatives.choices import DraftState, Role
from initiatives.models import Draft, Initiative
from initiatives.services.drafts import begin_change, save_draft
from portal.common.leases import TRIES, LeaseLost
from reporting.choices import WorkbookState
from reporting.models import WorkbookRow, WorkbookUpload
from reporting.services.workbooks import (
    NothingToTakeIn,
    RowsRefused,
    WorkbookDecided,
    WorkbookNotRead,
    accept_workbook,
    drop_workbook,
    request_workbook,
)
from reporting.tasks import wake_workbooks_task, work_on_workbook_task
from reporting.workbook import run
from tests.factories import NOON, EntityFactory, InitiativeFactory, KindFactory, UserFactory
from tests.support.workbooks import FIRST_ROW, taken_out, with_cells
from tests.support.workers import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def initiatives(entity):
    KindFactory(code="programme")
    return [InitiativeFactory(entity=entity, title=f"Hub {number}", place="Vienna") for number in range(3)]


@pytest.fixture
def content(entity, initiatives):
    """The first row changed, the second refused, a fourth added."""
    content = with_cells(taken_out(entity), place="Graz")
    content = with_cells(content, FIRST_ROW + 1, kind="nothing of ours")
    return with_cells(content, FIRST_ROW + 3, title="New hub", kind="programme", language="en")


def sent(content, entity, mira, **facts):
    return request_workbook(content=content, name="records.xlsx", entity=entity, user=mira, now=NOON, **facts)


def worked_on(upload):
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def accepted(upload, **choices):
    choices = {"only_good": True, "conflicts": "leave", "why": "Checked in the field.", "now": NOON} | choices
    return accept_workbook(upload=upload, **choices)


def verdicts(upload):
    return list(upload.rows.filter(of="initiative").order_by("number").values_list("verdict", flat=True))


def outcomes(upload):
    return list(upload.rows.filter(of="initiative").order_by("number").values_list("outcome", flat=True))


class TestReading:
    def test_saves_nothing_but_what_would_change(self, content, entity, mira):
        upload = worked_on(sent(content, entity, mira))
        assert upload.state == WorkbookState.READ
        assert verdicts(upload) == ["changed", "refused", "unchanged", "added"]
        assert not Draft.objects.exists()

    def test_takes_a_fixed_number_of_queries(self, entity, mira, initiatives, django_assert_max_num_queries):
        for number in range(40):
            InitiativeFactory(entity=entity, title=f"More {number}")
        content = taken_out(entity)
        for row in range(40):
            content = with_cells(content, FIRST_ROW + row, place="Graz") if row % 10 == 0 else content
        upload = sent(content, entity, mira)
        with django_assert_max_num_queries(60):
            worked_on(upload)
        assert upload.rows.filter(verdict="changed").count() == 4

    def test_keeps_rows_batch_by_batch_in_their_order(self, content, entity, mira, monkeypatch):
        monkeypatch.setattr(run, "CHARACTERS_AT_ONCE", 1_000)
        upload = worked_on(sent(with_cells(content, FIRST_ROW + 2, place="\\N “فيينا”\n{'a'}"), entity, mira))
        rows = upload.rows.filter(of="initiative").order_by("pk")
        assert [(row.number, row.verdict, row.outcome, row.missing) for row in rows] == [
            (FIRST_ROW + place, verdict, "", {})
            for place, verdict in enumerate(["changed", "refused", "changed", "added"])
        ]
        assert rows[2].mine["place"] == "\\N “فيينا”\n{'a'}"
        assert upload.rows.count() == 7

    def test_of_a_file_that_is_none_says_why(self, entity, mira, django_capture_on_commit_callbacks):
        upload = sent(b"no workbook at all", entity, mira)
        with django_capture_on_commit_callbacks(execute=True):
            worked_on(upload)
        assert (upload.state, upload.failure) == (
            WorkbookState.FAILED,
            "The file is no workbook that can be read. Save it as XLSX.",
        )
        assert not default_storage.exists(f"workbooks/{upload.sha256}")

    def test_of_a_workbook_of_another_entity_is_refused(self, content, mira):
        upload = worked_on(sent(content, EntityFactory(), mira))
        assert upload.state == WorkbookState.FAILED


class TestTakingIn:
    def test_makes_drafts_and_leaves_what_is_approved(self, content, entity, mira, initiatives):
        upload = worked_on(sent(content, entity, mira))
        with pytest.raises(RowsRefused):
            accepted(upload, only_good=False)
        upload = worked_on(accepted(upload))
        assert upload.state == WorkbookState.TAKEN
        changed, new = Draft.objects.order_by("pk")
        assert (changed.initiative, changed.content["place"], changed.began_from["place"]) == (
            initiatives[0],
            "Graz",
            "Vienna",
        )
        assert (new.title, new.is_new, new.content["description"]) == ("New hub", True, "")
        assert {draft.holder for draft in (changed, new)} == {draft.saved_by for draft in (changed, new)} == {mira}
        assert changed.why == "Checked in the field."
        assert set(Initiative.objects.values_list("place", flat=True)) == {"Vienna"}
        assert outcomes(upload) == ["written", "", "", "written"]
        with pytest.raises(WorkbookDecided):
            accepted(upload)
        assert verdicts(worked_on(sent(content, entity, mira))) == ["unchanged", "refused", "unchanged", "refused"]

    def test_goes_into_the_draft_that_is_under_way(self, content, entity, mira, initiatives):
        other = UserFactory(role=Role.STAFF, entity=entity)
        draft = begin_change(initiative=initiatives[0], user=other, now=NOON)
        draft = save_draft(draft=draft, content=draft.content | {"status": "ongoing"}, edits=0, user=other, now=NOON)
        worked_on(accepted(worked_on(sent(content, entity, mira))))
        draft.refresh_from_db()
        assert (draft.content["place"], draft.content["status"], draft.edits) == ("Graz", "ongoing", 2)
        assert (draft.holder, draft.saved_by) == (other, mira)

    @pytest.mark.parametrize(("choice", "place"), [("leave", "Linz"), ("theirs", "Linz"), ("mine", "Graz")])
    def test_does_with_conflicts_what_was_chosen(self, entity, mira, initiatives, choice, place):
        content = with_cells(taken_out(entity), place="Graz", status="ongoing")
        Initiative.objects.update(place="Linz")
        upload = worked_on(sent(content, entity, mira))
        assert verdicts(upload) == ["conflict", "unchanged", "unchanged"]
        worked_on(accepted(upload, only_good=False, conflicts=choice))
        found = [(draft.content["place"], draft.content["status"]) for draft in Draft.objects.all()]
        assert found == ([] if choice == "leave" else [(place, "ongoing")])

    def test_leaves_out_what_changed_after_it_was_looked_at(self, content, entity, mira, initiatives):
        upload = worked_on(sent(content, entity, mira))
        Initiative.objects.update(place="Linz")
        upload = worked_on(accepted(upload, conflicts="mine"))
        row = upload.rows.get(of="initiative", number=FIRST_ROW)
        assert (row.outcome, row.refusal) == ("left", "Somebody changed the same meanwhile.")

    def test_goes_on_where_a_worker_was_ended_and_does_nothing_twice(
        self, content, entity, mira, initiatives, monkeypatch
    ):
        content = with_cells(content, FIRST_ROW + 2, place="Salzburg")
        upload = accepted(worked_on(sent(content, entity, mira)))
        monkeypatch.setattr(run, "AT_ONCE", 1)
        claimed = run.claim_workbook(upload_id=upload.pk, now=NOON)
        keep, calls = run.keep_changes, []

        def ends_at_the_second(*args, **options):
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return keep(*args, **options)

        monkeypatch.setattr(run, "keep_changes", ends_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            run.work_on(upload=claimed)
        monkeypatch.setattr(run, "keep_changes", keep)
        assert Draft.objects.count() == 1
        assert run.claim_workbook(upload_id=upload.pk, now=NOON) is None
        WorkbookUpload.objects.update(lease_until=NOON - dt.timedelta(seconds=1))
        taken_over = run.claim_workbook(upload_id=upload.pk, now=NOON)
        with pytest.raises(LeaseLost):
            run.work_on(upload=claimed)
        run.work_on(upload=taken_over)
        assert Draft.objects.count() == 3
        assert outcomes(upload) == ["written", "", "written", "written"]

    def test_is_given_up_after_some_tries(self, content, entity, mira):
        upload = sent(content, entity, mira)
        WorkbookUpload.objects.update(state=WorkbookState.READING, attempt=TRIES, lease_until=NOON)
        assert run.claim_workbook(upload_id=upload.pk, now=NOON + dt.timedelta(hours=1)) is None
        upload.refresh_from_db()
        assert (upload.state, upload.failure) == (WorkbookState.FAILED, str(run.UNAVAILABLE))


class TestDeciding:
    def test_waits_for_the_reading_and_needs_something_to_take_in(self, entity, mira, initiatives):
        upload = sent(taken_out(entity), entity, mira)
        with pytest.raises(WorkbookNotRead):
            accepted(upload)
        with pytest.raises(NothingToTakeIn):
            accepted(worked_on(upload))

    def test_may_leave_it(self, content, entity, mira, django_capture_on_commit_callbacks):
        upload = worked_on(sent(content, entity, mira))
        with django_capture_on_commit_callbacks(execute=True):
            upload = drop_workbook(upload=upload, now=NOON)
        assert (upload.state, WorkbookRow.objects.count()) == (WorkbookState.DROPPED, 0)
        assert not default_storage.exists(f"workbooks/{upload.sha256}")
        with pytest.raises(WorkbookDecided):
            accepted(upload)


@pytest.mark.django_db(transaction=True)
class TestWithAWorker:
    def test_is_read_and_taken_in_though_a_message_was_lost(self, content, entity, mira, start_worker):
        start_worker()
        upload = sent(content, entity, mira)

        def reached(state):
            return lambda: WorkbookUpload.objects.get(pk=upload.pk).state == state

        wait_until(reached(WorkbookState.READ), 30, lambda: "The workbook was not read")
        accept_workbook(upload=upload, only_good=True, conflicts="leave", why="", now=timezone.now())
        wake_workbooks_task()
        wait_until(reached(WorkbookState.TAKEN), 30, lambda: "The workbook was not taken in")
        assert Draft.objects.filter(state=DraftState.DRAFT).count() == 2
