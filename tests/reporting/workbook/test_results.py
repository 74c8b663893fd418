"""The sheet of results: what was reached of indicators goes out, and comes back into drafts."""

import io

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook

from initiatives.choices import DraftOf, Role
from initiatives.drafting.results import content_of
from initiatives.models import Draft, Initiative, Result
from initiatives.services.drafts import approve_draft, begin_change_of_result, save_draft, submit_draft
from reporting.models import WorkbookUpload
from reporting.services.workbooks import accept_workbook, request_workbook, submit_workbook
from reporting.tasks import work_on_workbook_task
from reporting.workbook.columns import Column
from tests import factories as make
from tests.factories import NOON
from tests.support.workbooks import FIRST_ROW, edited, judged, taken_out, with_cells

pytestmark = pytest.mark.django_db

SHEET = 2


@pytest.fixture
def entity():
    make.CallFactory()  # asks for 2021
    return make.EntityFactory(code="UNIDO", acronym="UNIDO")


@pytest.fixture
def mira(entity):
    return make.UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def hub(entity):
    """An initiative in Serbia and in the group of Danube states."""
    hub = make.InitiativeFactory(entity=entity, title="Hub", published=True)
    hub.places.create(country=make.CountryFactory(iso3="SRB", name_en="Serbia"))
    hub.places.create(group=make.CountryGroupFactory(code="danube", name_en="Danube states"))
    return hub


@pytest.fixture
def jobs(entity):
    """An indicator of jobs, created or kept, with parts."""
    jobs = make.IndicatorFactory(code="S1", statement="# of jobs", owner=entity)
    sex = make.BreakdownFactory(indicator=jobs, code="sex")
    for code in ("women", "men"):
        make.CategoryFactory(breakdown=sex, code=code)
    kinds = make.BreakdownFactory(indicator=jobs, code="jobs", side_by_side=True)
    make.CategoryFactory(breakdown=kinds, code="created"), make.CategoryFactory(breakdown=kinds, code="kept")
    return jobs


@pytest.fixture
def result(hub, jobs):
    """30 jobs created in Serbia in the third quarter of 2021, of these 10 of women."""
    result = make.ResultFactory(
        initiative=hub,
        indicator=jobs,
        country=hub.places.get(group=None).country,
        category=jobs.breakdowns.get(code="jobs").categories.get(code="created"),
        period_start="2021-07-01",
        period_end="2021-10-01",
        value=30,
        source="=HYPERLINK(1)",
    )
    for code, value in (("women", 10), ("men", 20)):
        category = jobs.breakdowns.get(code="sex").categories.get(code=code)
        make.ResultPartFactory(result=result, category=category, value=value)
    return Result.objects.get(pk=result.pk)


NEW = {
    "indicator": "S1 – # of jobs",
    "place": "Serbia",
    "period": "2021-Q4",
    "category": "created",
    "value": "12",
    "parts": "women=7; men=5",
}


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).worksheets[SHEET]


def cells_of(content, row=0):
    sheet = sheet_of(content)
    return {head.value: cell.value for head, cell in zip(sheet[1], sheet[FIRST_ROW + row], strict=True)}


def rows_of(content, entity):
    return judged(content, entity, DraftOf.RESULT)


def told(content, row, **values):
    return with_cells(content, FIRST_ROW + row, sheet=SHEET, **values)


def new(content, row, hub, **values):
    return told(content, row, **NEW | {"initiative": f"i{hub.pk}"} | values)


def problems(row):
    return {cell.name: cell.problem for cell in row.cells if cell.problem}


def taken_in(content, entity, mira, **choices):
    upload = request_workbook(content=content, name="records.xlsx", entity=entity, user=mira, now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    accept_workbook(upload=upload, **{"only_good": True, "conflicts": "leave", "why": "", "now": NOON} | choices)
    work_on_workbook_task(upload_id=upload.pk)
    return WorkbookUpload.objects.get(pk=upload.pk)


class TestOwnExport:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_changes_nothing(self, entity, hub, result, language):
        make.ResultItemFactory(
            item__name="Twin=2; \\ مركز", adoptions=3, result__initiative=hub, result__country=result.country
        )
        make.ResultItemFactory(item__name="=Cobot", result__initiative=None, result__entity=entity)
        amount = make.IndicatorFactory(pending=True, cumulative=True)
        make.ResultFactory(initiative=hub, indicator=amount, unit=make.MeasuringUnitFactory(code="t"), value="0.10")
        make.ResultFactory(initiative=hub, indicator__yes=True, yes=True, country=result.country, source="Decree")
        make.ResultFactory(initiative=hub, no_value="not_yet", group=hub.places.get(country=None).group)
        make.ResultDraftFactory(initiative=hub, content={"value": "many", "narrative": "<p>Half written.</p>"})
        make.ResultDraftFactory(result=make.ResultFactory(initiative=hub), content={"value": "7"}, why="Recounted.")
        with translation.override(language):
            content = taken_out(entity)
        assert [row.verdict for row in rows_of(content, entity)] == ["unchanged"] * 8
        # as a program writes it that knows nothing of us
        assert [row.verdict for row in rows_of(edited(content, lambda _book: None), entity)] == ["unchanged"] * 8
        assert not [cell for row in sheet_of(content).iter_rows() for cell in row if cell.data_type == "f"]

    def test_says_in_cells_what_a_person_can_edit(self, entity, hub, result):
        assert cells_of(taken_out(entity)) == {
            "record": f"r{result.pk}",
            "initiative": f"i{hub.pk} – Hub",
            "indicator": "S1 – # of jobs",
            "place": "SRB – Serbia",
            "period": "2021-Q3",
            "category": "Created",
            "value": "30",
            "yes": None,
            "items": None,
            "no_value": None,
            "unit": None,
            "parts": "women=10; men=20",
            "figures_note": None,
            "is_provisional": None,
            "source": "=HYPERLINK(1)",
            "why": None,
        }

    def test_locks_what_a_result_is_of_and_offers_lists(self, entity, hub, result):
        sheet = sheet_of(taken_out(entity))
        locked = {head.value for head in sheet[1] if sheet.cell(FIRST_ROW, head.column).protection.locked}
        assert locked == {"record", "initiative", "indicator"}
        free = {head.value for head in sheet[1] if not sheet.column_dimensions[head.column_letter].protection.locked}
        assert {"initiative", "indicator"} <= free  # of rows that are added
        listed = {str(one.sqref)[0] for one in sheet.data_validations.dataValidation}
        letters = {head.value: head.column_letter for head in sheet[1]}
        lists = ["initiative", "indicator", "place", "category", "yes", "no_value", "unit", "is_provisional"]
        assert listed >= {letters[name] for name in lists if name != "unit"}
        assert letters["parts"] not in listed

    def test_has_what_reaches_into_the_open_period_and_what_is_under_way(self, entity, hub, mira):
        before = {"period_start": "2020-01-01", "period_end": "2021-01-01"}
        make.ResultFactory(initiative=hub, **before)
        make.ResultFactory()  # of another entity
        make.ResultFactory(initiative=make.InitiativeFactory(entity=entity, archived_at=NOON))
        there = make.ResultFactory(initiative=hub, period_start="2020-07-01", period_end="2021-07-01")
        draft = make.ResultDraftFactory(initiative=hub, holder=mira, content={"period": "2019"})
        joint = make.JointInvitationFactory(entity=entity, joined=True).initiative
        ours = make.ResultFactory(initiative=joint, entity=entity)
        records = {cell.value for cell in sheet_of(taken_out(entity))["A"][FIRST_ROW - 1 :]}
        assert records == {f"r{there.pk}", f"r{ours.pk}", f"d{draft.pk}"}
        records = {cell.value for cell in sheet_of(taken_out(entity, user=mira, scope="mine"))["A"][FIRST_ROW - 1 :]}
        assert records == {f"d{draft.pk}"}


class TestARow:
    def test_begins_a_result_or_changes_the_one_that_is_there(self, entity, hub, result, mira):
        draft = make.ResultDraftFactory(initiative=hub, content={"narrative": "<p>Kept.</p>"})
        content = told(taken_out(entity), 0, value="31", parts="sex/women=11\nMen = 20", why="Recounted.")
        content = told(content, 1, value=6, is_provisional="yes")
        content = new(content, 2, hub)
        content = told(
            content, 3, indicator="S1", place="not-split", period=2021, category="kept", no_value="It is not known yet."
        )
        content = told(content, 3, source="Annual survey")
        rows = rows_of(content, entity)
        assert [problems(row) for row in rows] == [{}] * 4
        assert [row.verdict for row in rows] == ["changed", "changed", "added", "added"]
        assert {cell.name: (cell.was, cell.now) for cell in rows[0].cells} == {
            "value": ("30", "31"),
            "parts": ("women=10; men=20", "women=11; men=20"),
            "why": ("", "Recounted."),
        }
        assert [row.title for row in rows] == [
            "S1 · SRB · 2021-Q3 · Hub",
            f"{draft.content['indicator']} · 2021 · Hub",
            "S1 · SRB · 2021-Q4 · Hub",
            "S1 · 2021",
        ]
        upload = taken_in(content, entity, mira, why="Asked the field.")
        assert set(upload.rows.filter(of="result").values_list("outcome", flat=True)) == {"written"}
        draft.refresh_from_db()
        assert (draft.content["value"], draft.content["narrative"], draft.why) == (
            "6",
            "<p>Kept.</p>",
            "Asked the field.",
        )
        correction, begun, direct = Draft.objects.of_results().exclude(pk=draft.pk).order_by("pk")
        assert (correction.result, correction.began_from, correction.why) == (result, content_of(result), "Recounted.")
        assert (begun.initiative, begun.is_new, begun.holder, begun.title) == (hub, True, mira, rows[2].title)
        assert begun.content["parts"] == [{"part": "sex/women", "value": "7"}, {"part": "sex/men", "value": "5"}]
        assert (direct.initiative, direct.content["no_value"], direct.content["language"]) == (None, "not_yet", "en")
        assert not {"initiative", "why"} & {*correction.content, *begun.content}
        # what is there already is unchanged, and a row that began a draft does not begin a second one
        assert [row.verdict for row in rows_of(content, entity)] == ["unchanged", "unchanged", "refused", "refused"]
        assert f"d{begun.pk}" in problems(rows_of(content, entity)[2])["period"]

    def test_goes_through_review_as_the_page_does(self, entity, hub, result, mira):
        leila = make.UserFactory(role=Role.FOCAL_POINT, entity=entity)
        content = told(taken_out(entity), 0, value="31", parts="women=11; men=20", why="Recounted.")
        content = new(content, 1, hub)
        upload = taken_in(content, entity, mira)
        submit_workbook(upload=upload)
        work_on_workbook_task(upload_id=upload.pk)
        assert set(upload.rows.filter(of="result").values_list("outcome", flat=True)) == {"submitted"}
        for draft in Draft.objects.of_results():
            approve_draft(draft=draft, edits=draft.edits, user=leila, now=NOON)
        result.refresh_from_db()
        assert (result.value, result.correction_reason) == (31, "Recounted.")
        assert {part.value for part in Result.objects.get(value=12).parts.all()} == {7, 5}
        # the same file again: all of it is approved
        assert rows_of(content, entity)[0].verdict == "unchanged"

    def test_names_items_with_those_who_adopted_them(self, entity, hub, mira):
        known = make.NamedItemFactory(name="Digital; twin", indicator__code="T2")
        content = told(taken_out(entity), 0, initiative=f"i{hub.pk}", indicator="T2", place="not-split", period="2021")
        content = told(content, 0, items="Digital\\; twin=2; Cobot=1\nΩ=3")
        taken_in(content, entity, mira)
        draft = submit_draft(draft=Draft.objects.of_results().get(), user=mira, now=NOON)
        leila = make.UserFactory(role=Role.FOCAL_POINT, entity=entity)
        approve_draft(draft=draft, edits=draft.edits, user=leila, now=NOON)
        links = Result.objects.get().item_links.order_by("item__name").values_list("item__name", "adoptions")
        assert list(links) == [("Cobot", 1), ("Digital; twin", 2), ("Ω", 3)]
        assert known.result_links.count() == 1
        assert cells_of(taken_out(entity))["items"] == "Cobot=1; Digital\\; twin=2; Ω=3"

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"value": "many"}, "“many” is no number"),
            ({"value": "1e400"}, "is no number"),
            ({"value": "=1+1"}, "This is a formula"),
            ({"value": "-1"}, "This cannot be negative."),
            ({"value": 1.5}, "whole numbers"),
            ({"value": None}, "Give a value, or say why there is none"),
            ({"value": 10**30}, "no number that can be kept"),
            ({"parts": "women=8; men=5"}, "The parts make 13 and the whole is 12"),
            ({"parts": "women=7; women=5"}, "is named twice"),
            ({"parts": "youth=5"}, "“youth” is no part of this indicator"),
            ({"parts": "Women: 7; Men: 5"}, "“Women: 7” is no part of this indicator. Its parts are: sex/"),
            ({"parts": "sex/women 7"}, "“sex/women 7” is no part of this indicator"),
            ({"parts": "women=x"}, "“x” is no number"),
            ({"items": "Cobot=1"}, "counts no named items"),
            ({"yes": "yes"}, "takes no yes or no"),
            ({"no_value": "not_yet"}, "Give a value, or say why there is none: one of the two."),
            ({"unit": "t"}, "measured in"),
            ({"category": "lost"}, "Select a valid choice"),
            ({"category": None}, "Say of which kind it is"),
            ({"place": "AUT"}, "The initiative does not work in: Austria"),
            ({"place": "Atlantis"}, "neither a country nor a group"),
            ({"period": "2021-Q3"}, "There is a result for this place and for days of this period already."),
            ({"period": "2021"}, "There is a result for this place and for days of this period already."),
            ({"period": "soon"}, "is no period"),
            ({"indicator": "NONE"}, "no indicator of this code"),
            ({"initiative": "i999999"}, "reports on no initiative of this number"),
            ({"initiative": None}, "Say where it comes from"),
        ],
    )
    def test_that_is_wrong_names_the_cell_and_why(self, entity, hub, result, wrong, said):
        make.CountryFactory(iso3="AUT", name_en="Austria")
        make.MeasuringUnitFactory(code="t")
        row = rows_of(new(taken_out(entity), 1, hub, **wrong), entity)[1]
        ((name, problem),) = problems(row).items()
        where = {"no_value": "value", "initiative": "source"} if None in wrong.values() or "no_value" in wrong else {}
        assert (row.verdict, name) == ("refused", where.get(next(iter(wrong)), next(iter(wrong))))
        assert said in problem

    def test_that_is_a_share_of_more_than_a_hundred_or_lacks_its_unit_is_refused(self, entity, hub):
        make.IndicatorFactory(code="E9", cumulative=True, value_kind="share", across_places="none")
        make.IndicatorFactory(code="E2", pending=True)
        share = {"initiative": f"i{hub.pk}", "indicator": "E9", "place": "not-split", "period": 2021, "value": 101}
        content = told(taken_out(entity), 0, **share)
        content = told(content, 1, **share | {"indicator": "E2", "value": 3})
        first, second = rows_of(content, entity)
        assert "100 per cent at most" in problems(first)["value"]
        assert "in which unit" in problems(second)["unit"]

    def test_that_tells_of_the_place_and_days_of_another_row_is_refused(self, entity, hub, result):
        content = new(taken_out(entity), 1, hub)
        content = new(content, 2, hub, period="2021-12", value="1", parts=None)
        content = new(content, 3, hub, category="kept")
        rows = rows_of(told(content, 0, period="2021-11", why="It was later."), entity)
        assert [row.verdict for row in rows] == ["changed", "refused", "added", "added"]
        assert problems(rows[1]) == {
            "period": f"Row {FIRST_ROW} tells of this place and of days of this period already."
        }

    def test_that_is_corrected_says_why(self, entity, result):
        row = rows_of(told(taken_out(entity), 0, value="31", parts=None), entity)[0]
        assert problems(row) == {"why": "Say why what was approved is changed."}
        # a reason alone changes nothing
        assert rows_of(told(taken_out(entity), 0, why="So."), entity)[0].verdict == "unchanged"

    def test_stays_with_its_initiative_and_indicator(self, entity, hub, result):
        other = make.InitiativeFactory(entity=entity)
        make.IndicatorFactory(code="S2")
        content = told(taken_out(entity), 0, initiative=f"i{other.pk}", indicator="S2", why="Mistaken.")
        row = rows_of(content, entity)[0]
        assert row.verdict == "refused"
        assert {"initiative", "indicator"} <= set(problems(row))

    def test_that_others_changed_too_is_a_conflict_where_both_changed_the_same(self, entity, result, mira):
        content = told(taken_out(entity), 0, value="31", parts=None, why="Recounted.")
        draft = begin_change_of_result(result=result, user=mira, now=NOON)
        draft = save_draft(draft=draft, content=draft.content | {"source": "Survey"}, edits=0, user=mira, now=NOON)
        (row,) = rows_of(content, entity)
        assert (row.verdict, {cell.name for cell in row.cells}) == ("changed", {"value", "parts", "why"})
        save_draft(draft=draft, content=draft.content | {"value": "32"}, edits=1, user=mira, now=NOON)
        (row,) = rows_of(content, entity)
        (clash,) = [cell for cell in row.cells if cell.clashes]
        assert (row.verdict, clash.name, clash.was, clash.now, clash.theirs) == ("conflict", "value", "30", "31", "32")
        taken_in(content, entity, mira, conflicts="mine")
        draft.refresh_from_db()
        assert (draft.content["value"], draft.content["source"], draft.why) == ("31", "Survey", "Recounted.")
        Draft.objects.update(state="submitted")
        (row,) = rows_of(told(content, 0, value="33"), entity)
        assert "waits for a decision" in problems(row)["record"]

    def test_of_another_entity_is_none_of_ours(self, entity, hub, result, mira):
        other = make.ResultFactory()
        theirs = make.ResultDraftFactory(initiative__entity=other.entity)
        content = told(taken_out(entity), 0, record=f"r{other.pk}", value="1")
        content = told(content, 1, record=f"d{theirs.pk}", value="1")
        content = told(content, 2, record=f"i{hub.pk}", value="1")
        content = new(content, 3, other.initiative)
        rows = rows_of(content, entity)
        assert [row.verdict for row in rows] == ["refused"] * 4
        assert all("UNIDO has no result of this number" in problems(row)["record"] for row in rows[:3])
        assert "reports on no initiative of this number" in problems(rows[3])["initiative"]

    def test_of_a_joint_initiative_ends_with_it(self, entity, mira):
        invitation = make.JointInvitationFactory(entity=entity, joined=True)
        ours = make.ResultFactory(initiative=invitation.initiative, entity=entity)
        content = told(taken_out(entity), 0, value="6", why="Recounted.")
        content = told(content, 1, indicator=ours.indicator.code, place="not-split", period="2020", value="1")
        content = told(content, 1, initiative=f"i{ours.initiative_id}")
        assert [row.verdict for row in rows_of(content, entity)] == ["changed", "added"]
        upload = request_workbook(content=content, name="a.xlsx", entity=entity, user=mira, now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        invitation.delete()
        assert "no joint initiative" in problems(rows_of(content, entity)[0])["record"]
        accept_workbook(upload=upload, only_good=True, conflicts="leave", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        assert set(upload.rows.filter(of="result").values_list("outcome", flat=True)) == {"left"}
        assert not Draft.objects.exists()

    def test_that_was_begun_or_archived_after_it_was_looked_at_is_left_out(self, entity, hub, jobs, mira):
        upload = request_workbook(
            content=new(taken_out(entity), 0, hub), name="a.xlsx", entity=entity, user=mira, now=NOON
        )
        work_on_workbook_task(upload_id=upload.pk)
        content = {"place": "SRB", "period": "2021-10", "category": "created"}
        make.ResultDraftFactory(initiative=hub, indicator=jobs, content=content)
        accept_workbook(upload=upload, only_good=True, conflicts="leave", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        row = upload.rows.get(of=DraftOf.RESULT)
        assert (row.outcome, "begun meanwhile" in row.refusal, Draft.objects.count()) == ("left", True, 1)

    def test_goes_to_nothing_where_its_record_was_archived_meanwhile(self, entity, hub, result, mira):
        content = told(taken_out(entity), 0, value="31", parts=None, why="Recounted.")
        upload = request_workbook(content=content, name="a.xlsx", entity=entity, user=mira, now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        Initiative.objects.update(archived_at=NOON)
        accept_workbook(upload=upload, only_good=True, conflicts="leave", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        row = upload.rows.get(verdict="changed")
        assert (row.outcome, "archived" in row.refusal, Draft.objects.exists()) == ("left", True, False)


NAMES = some.text("ab1 é中م🏭\\;؛；=|,:@+-\"'", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)


class TestACellOfNamesAndNumbers:
    # how fast the machine is says nothing about the cell
    @settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(some.lists(some.tuples(NAMES, some.sampled_from(["", "1", "2.5", "١٢"])), max_size=4))
    def test_says_what_it_was_written_from(self, pairs):
        column = Column("items", "What is named", "", False, parts=["name", "adoptions"], is_of_numbers=True)
        rows = [{"name": name, "adoptions": number} for name, number in pairs]
        assert column.read(column.write(rows)) == rows

    def test_takes_a_part_by_its_code_or_its_words_and_leaves_what_could_be_two(self):
        codes = {"sex/women": "Sex: Women", "age/other": "Age: Other", "sex/other": "Sex: Other"}
        column = Column("parts", "Of these", "", False, codes=codes, parts=["part", "value"], is_of_numbers=True)
        read = column.read("WOMEN=1; Sex: Women=2\nsex/other = 3؛ other=4")
        assert [row["part"] for row in read] == ["sex/women", "sex/women", "sex/other", "other"]
        assert column.write(read) == "women=1; women=2; sex/other=3; other=4"


def test_without_the_sheet_nothing_changes_there_and_the_file_says_so(entity, result):
    def edit(workbook: Workbook) -> None:
        workbook.remove(workbook.worksheets[SHEET])

    upload = request_workbook(
        content=edited(taken_out(entity), edit), name="a.xlsx", entity=entity, user=make.UserFactory(), now=NOON
    )
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.notices == ["The workbook lacks the sheet “Results”, so nothing is changed there."]
