"""The sheet of updates: what is told of the open period goes out, and comes back into drafts."""

import io

import pytest
from openpyxl import load_workbook

from initiatives.choices import DraftOf, Role
from initiatives.drafting.updates import content_of
from initiatives.models import Draft, Initiative
from initiatives.services.drafts import begin_update, save_draft
from portal.common.periods import Period
from reporting.services.workbooks import accept_workbook, request_workbook
from reporting.tasks import work_on_workbook_task
from tests.factories import (
    NOON,
    CallFactory,
    EntityFactory,
    InitiativeFactory,
    KindFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.workbooks import FIRST_ROW, edited, judged, taken_out, with_cells

pytestmark = pytest.mark.django_db

SHEET = 1
LAST_YEAR = {"period_start": "2020-01-01", "period_end": "2021-01-01"}


@pytest.fixture
def entity():
    CallFactory()  # asks for 2021
    return EntityFactory(acronym="UNIDO")


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def initiatives(entity):
    """One with an approved update, one with a draft, one that told news a year before, and one without any."""
    KindFactory(code="programme")
    made = [InitiativeFactory(entity=entity, title=f"Hub {number}") for number in range(4)]
    UpdateFactory(initiative=made[0], paragraph="<p>Opened.</p>", results="<p>Two.</p>", public_fields=["results"])
    UpdateDraftFactory(initiative=made[1], paragraph="<p>Half written.</p>")
    UpdateFactory(initiative=made[2], paragraph="<p>Begun.</p>", obstacles="<p>Money.</p>", **LAST_YEAR)
    return made


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).worksheets[SHEET]


def rows_of(content, entity):
    return judged(content, entity, DraftOf.UPDATE)


def told(content, row, **values):
    return with_cells(content, FIRST_ROW + row, sheet=SHEET, **values)


def taken_in(content, entity, mira, **choices):
    upload = request_workbook(content=content, name="records.xlsx", entity=entity, user=mira, now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    accept_workbook(
        upload=upload, **{"only_good": True, "conflicts": "leave", "why": "Asked the field.", "now": NOON} | choices
    )
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


class TestOwnExport:
    def test_has_a_row_for_each_initiative_and_changes_nothing(self, entity, initiatives):
        content = taken_out(entity)
        sheet = sheet_of(content)
        cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
        assert [row[:5] for row in cells] == [
            [f"i{one.pk}:2021", f"Hub {number}", "UNIDO", "2021", kind]
            for number, (one, kind) in enumerate(zip(initiatives, [NEWS, NEWS, None, None], strict=True))
        ]
        assert cells[0][6] == "results"
        locked = {cell.value: sheet.cell(FIRST_ROW, cell.column).protection.locked for cell in sheet[1]}
        assert locked == {
            **dict.fromkeys(["record", "initiative", "entity", "period"], True),
            **dict.fromkeys(["kind", "reason", "public"], False),
        }
        assert [row.verdict for row in rows_of(content, entity)] == ["unchanged"] * 4
        assert [row.verdict for row in rows_of(edited(content, lambda _book: None), entity)] == ["unchanged"] * 4


NEWS = "news – what happened in the period"


class TestARow:
    def test_begins_an_update_or_changes_the_one_that_is_there(self, entity, initiatives, mira):
        content = told(taken_out(entity), 0, public="results; lessons")
        content = told(content, 1, kind="nothing", reason="It rests.")
        content = told(content, 2, kind="still true, nothing new")
        content = told(content, 3, kind="news")
        rows = rows_of(content, entity)
        assert [row.verdict for row in rows] == ["changed", "changed", "added", "added"]
        assert [(cell.was, cell.now) for cell in rows[1].cells] == [
            (NEWS, "nothing to report"),
            ("", "It rests."),
        ]
        taken_in(content, entity, mira)
        of_approved, under_way, follows, first = Draft.objects.of_updates().order_by("initiative")
        update = initiatives[0].updates.get()
        assert (of_approved.update, of_approved.began_from) == (update, content_of(update))
        assert of_approved.content["public"] == ["lessons", "results"]
        assert (under_way.content["kind"], under_way.content["paragraph"], under_way.edits) == (
            "nothing",
            "<p>Half written.</p>",
            1,
        )
        assert (follows.title, follows.content["kind"], follows.content["obstacles"]) == (
            "Hub 2",
            "still_true",
            "<p>Money.</p>",
        )
        assert (first.is_new, first.holder, first.saved_by, first.why) == (True, mira, mira, "Asked the field.")
        assert update.public_fields == ["results"]
        assert [row.verdict for row in rows_of(content, entity)] == ["unchanged"] * 4

    def test_that_is_wrong_names_the_cell_and_why(self, entity, initiatives):
        content = told(taken_out(entity), 1, kind="nothing")
        content = told(content, 2, kind="=1+1")
        content = told(content, 3, kind="still_true")
        content = told(content, 4, kind="news", reason="no record named")
        content = told(content, 5, record=f"i{initiatives[0].pk}:2021", kind="nothing", reason="Twice.")
        problems = [
            [(cell.name, cell.problem[:30]) for cell in row.cells if cell.problem] for row in rows_of(content, entity)
        ]
        assert problems == [
            [],
            [("reason", "Say why there is nothing to re")],
            [("kind", "This is a formula, which is ne")],
            [("kind", "Nothing was approved before th")],
            [("record", "The row names no initiative. W")],
            [("record", f"Row {FIRST_ROW} speaks of this record already"[:30])],
        ]
        Draft.objects.of_updates().update(state="submitted")
        (cell,) = rows_of(told(taken_out(entity), 1, kind="nothing", reason="It rests."), entity)[1].cells
        assert "waits for a decision" in cell.problem

    def test_that_others_told_meanwhile_is_a_conflict(self, entity, initiatives, mira):
        content = told(taken_out(entity), 3, kind="nothing", reason="It rests.")
        draft, _is_new = begin_update(
            initiative=initiatives[3], entity=entity, period=Period.of_years(2021), user=mira, now=NOON
        )
        (row,) = [row for row in rows_of(content, entity) if row.verdict != "unchanged"]
        assert (row.verdict, [cell.name for cell in row.cells if cell.clashes]) == ("conflict", ["kind"])
        save_draft(draft=draft, content=draft.content | {"kind": "nothing"}, edits=0, user=mira, now=NOON)
        upload = taken_in(content, entity, mira)
        draft.refresh_from_db()
        assert (draft.content["reason"], upload.rows.get(draft=draft).outcome) == ("It rests.", "written")

    def test_goes_to_nothing_where_the_record_was_archived_after_it_was_looked_at(self, entity, initiatives, mira):
        upload = request_workbook(
            content=told(taken_out(entity), 3, kind="news"), name="a.xlsx", entity=entity, user=mira, now=NOON
        )
        work_on_workbook_task(upload_id=upload.pk)
        Initiative.objects.update(archived_at=NOON)
        accept_workbook(upload=upload, only_good=True, conflicts="leave", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        row = upload.rows.get(verdict="added")
        assert (row.outcome, "archived" in row.refusal, Draft.objects.count()) == ("left", True, 1)


def test_a_workbook_without_the_sheet_says_so(entity, initiatives):
    content = edited(taken_out(entity), lambda book: book.remove(book.worksheets[SHEET]))
    upload = request_workbook(content=content, name="a.xlsx", entity=entity, user=UserFactory(), now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.notices == ["The workbook lacks the sheet “Updates”, so nothing is changed there."]
