"""The workbook out and in again: what each row is beside its record."""

import datetime as dt
import io
import zipfile

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from initiatives.choices import Role
from initiatives.models import Initiative
from initiatives.services.drafts import begin_change, save_draft
from portal.common.languages import Language
from reporting.workbook.reading import CannotReadWorkbook
from tests.factories import (
    NOON,
    CountryFactory,
    DraftFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativePlaceFactory,
    KindFactory,
    OtherTitleFactory,
    TermFactory,
    UserFactory,
)
from tests.support.workbooks import FIRST_ROW, edited, judged, read, taken_out, with_cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def initiative(entity, mira):
    """With something in most columns, none of it easy for a cell."""
    TermFactory()
    made = InitiativeFactory(
        entity=entity,
        title="=SUM(A1) مركز 🏭",
        description="<p>One.</p>",
        kind=KindFactory(code="programme"),
        status="ongoing",
        status_note="@home, second phase",
        place="-1 Vienna",
        holder=mira,
        covers_all_member_states=True,
        starts_on="2021-11-01",
        starts_precision="month",
        ends_on="2024-01-01",
        ends_precision="about",
    )
    for iso3, name in [("AUT", "Austria"), ("KOR", "Korea, Republic of")]:
        InitiativePlaceFactory(initiative=made, country=CountryFactory(iso3=iso3, name_en=name))
    IdentifierFactory(initiative=made, scheme="project | number", value="0012", address="https://example.org/a")
    OtherTitleFactory(initiative=made, text="L’atelier\\ouvert", language="fr")
    return made


def only(content, entity):
    (row,) = judged(content, entity)
    return row


def cells(row):
    return {cell.name: cell for cell in row.cells}


class TestOwnExport:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_changes_nothing(self, entity, initiative, language):
        begin_change(initiative=InitiativeFactory(entity=entity, published=True), user=UserFactory(), now=NOON)
        DraftFactory(entity=entity, title="Begun", content={"title": "Begun", "kind": "programme", "language": "en"})
        with translation.override(language):
            content = taken_out(entity)
        assert [row.verdict for row in judged(content, entity)] == ["unchanged"] * 3
        # as a program writes it that knows nothing of us
        assert [row.verdict for row in judged(edited(content, lambda _book: None), entity)] == ["unchanged"] * 3

    def test_runs_nothing_and_locks_what_names_a_record(self, entity, initiative):
        workbook = load_workbook(io.BytesIO(taken_out(entity)))
        sheet = workbook.worksheets[0]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert sheet.protection.sheet
        assert sheet.cell(FIRST_ROW, 1).protection.locked
        assert not sheet.cell(FIRST_ROW, 2).protection.locked
        assert sheet.cell(FIRST_ROW, 2).number_format == "@"
        assert len(sheet.data_validations.dataValidation) >= 5
        assert [one.sheet_state for one in workbook.worksheets] == [*["visible"] * 5, "veryHidden"]


class TestARow:
    def test_that_changes_says_what_was_and_what_becomes(self, entity, initiative):
        row = only(
            with_cells(
                taken_out(entity),
                status="completed",
                countries="Korea, Republic of; AUT",
                starts=dt.datetime(2022, 3, 1),
                identifiers="Symbol | A/1",
                everywhere=None,
            ),
            entity,
        )
        assert row.verdict == "changed"
        assert {name: (cell.was, cell.now) for name, cell in cells(row).items()} == {
            "status": ("ongoing", "completed"),
            "starts": ("2021-11", "2022-03-01"),
            "identifiers": (r"project \| number | 0012 | https://example.org/a", "Symbol | A/1"),
            "everywhere": ("yes", ""),
        }
        assert row.mine["identifiers"] == [{"scheme": "Symbol", "value": "A/1", "address": "", "label": ""}]

    def test_that_begins_a_record_needs_a_title_and_a_kind(self, entity, initiative):
        new = {"language": "fr – Français", "title": "نظام جديد 🌍", "kind": "programme"}
        added = judged(with_cells(taken_out(entity), FIRST_ROW + 5, **new), entity)[1]
        assert (added.number, added.verdict, added.mine["language"]) == (FIRST_ROW + 5, "added", "fr")
        bare = judged(with_cells(taken_out(entity), FIRST_ROW + 1, title="Only this"), entity)[1]
        assert (bare.verdict, set(cells(bare))) == ("refused", {"kind", "language"})
        other = InitiativeFactory(entity=entity, title="Known already")
        again = judged(with_cells(taken_out(entity), FIRST_ROW + 2, **new | {"title": "known already"}), entity)[2]
        assert cells(again)["title"].problem.startswith(f"i{other.pk} has this title already.")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"status": "=1+1"}, "This is a formula"),
            ({"kind": "programm"}, "Select a valid choice. programm"),
            ({"countries": "AUT; Atlantis"}, "Atlantis"),
            ({"ends": "31 February"}, "“31 February” is no date"),
            ({"ends": "2020"}, "The end has to come after the start."),
            ({"title": "x" * 40_000}, "at most 400 characters"),
            ({"title": None}, "This field is required."),
            ({"everywhere": "perhaps"}, "Write “yes”, or leave the cell empty."),
            ({"identifiers": "a | b | c | d | e"}, "A line has more parts than"),
            ({"record": "i999999"}, "has no record of this number"),
            ({"record": "=A1"}, "This is a formula"),
        ],
    )
    def test_that_is_wrong_names_the_cell_and_why(self, entity, initiative, wrong, said):
        row = only(with_cells(taken_out(entity), **wrong), entity)
        assert row.verdict == "refused"
        assert said in cells(row)[next(iter(wrong))].problem

    def test_that_others_changed_too_is_a_conflict_where_both_changed_the_same(self, entity, initiative, mira):
        content = taken_out(entity)
        Initiative.objects.update(place="Graz", status_note="third phase")
        apart = only(with_cells(content, status="completed"), entity)
        assert (apart.verdict, set(cells(apart))) == ("changed", {"status"})
        clash = only(with_cells(content, status="completed", place="Linz"), entity)
        assert clash.verdict == "conflict"
        place = cells(clash)["place"]
        assert (place.was, place.now, place.theirs, place.clashes) == ("-1 Vienna", "Linz", "Graz", True)
        assert only(with_cells(content, place="Graz"), entity).verdict == "unchanged"

    def test_speaks_of_the_draft_that_is_under_way(self, entity, initiative, mira):
        content = taken_out(entity)
        draft = begin_change(initiative=initiative, user=mira, now=NOON)
        draft = save_draft(draft=draft, content=draft.content | {"place": "Graz"}, edits=0, user=mira, now=NOON)
        assert only(with_cells(content, place="Linz"), entity).verdict == "conflict"
        type(draft).objects.update(state="submitted")
        row = only(with_cells(content, place="Graz", status="completed"), entity)
        assert (row.verdict, "waits for a decision" in cells(row)["record"].problem) == ("refused", True)

    def test_of_another_entity_is_none_of_ours(self, entity, initiative):
        content = taken_out(entity)
        Initiative.objects.update(entity=EntityFactory())
        assert only(with_cells(content, place="Linz"), entity).verdict == "refused"


class TestAFile:
    def test_without_a_column_or_with_an_unknown_one_says_so(self, entity, initiative):
        def edit(workbook: Workbook) -> None:
            sheet = workbook.worksheets[0]
            sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == "place"))
            last = sheet.max_column + 1
            sheet.cell(2, last).value, sheet.cell(3, last).value = "Ort", "Wien"

        content = edited(taken_out(entity), edit)
        sheet = read(content, entity).sheets["initiative"]
        assert (sheet.missing, sheet.unknown) == (["Place"], ["Ort"])
        assert only(content, entity).verdict == "unchanged"

    def test_is_known_by_its_labels_where_the_codes_are_gone(self, entity, initiative):
        content = edited(taken_out(entity), lambda book: book.worksheets[0].delete_rows(1))
        assert read(content, entity).sheets["initiative"].missing == []
        assert only(content, entity).verdict == "unchanged"

    def test_that_lost_what_it_began_from_is_compared_with_today(self, entity, initiative):
        content = edited(taken_out(entity), lambda book: book.remove(book["began"]))
        Initiative.objects.update(place="Graz")
        row = only(content, entity)
        assert (row.verdict, cells(row)["place"].was) == ("changed", "Graz")

    def test_without_the_column_of_records_is_refused(self, entity, initiative):
        content = edited(taken_out(entity), lambda book: [sheet.delete_cols(1) for sheet in book.worksheets[:3]])
        with pytest.raises(CannotReadWorkbook, match="has the column “Record”"):
            read(content, entity)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "empty"),
            (b"title;kind\n", "no workbook"),
            (b"PK\x03\x04 and no more", "damaged"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        ],
    )
    def test_that_is_none_says_what_to_do(self, entity, content, said):
        with pytest.raises(CannotReadWorkbook) as refused:
            read(content, entity)
        assert said in str(refused.value)

    def test_that_would_unpack_without_end_is_not_unpacked(self, entity):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", bytes(170 * 1024 * 1024))
        with pytest.raises(CannotReadWorkbook, match="far larger"):
            read(file.getvalue(), entity)

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
    def test_with_broken_parts_is_damaged(self, entity, initiative, part):
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(taken_out(entity))) as whole, zipfile.ZipFile(file, "w") as package:
            for name in whole.namelist():
                package.writestr(name, b"<a><b>&c;</a>" if name == part else whole.read(name))
        with pytest.raises(CannotReadWorkbook, match="damaged"):
            read(file.getvalue(), entity)


def test_languages_are_those_of_texts(entity, initiative):
    book = load_workbook(io.BytesIO(taken_out(entity)))
    listed = [row[0] for row in book.worksheets[3].iter_rows(min_row=2, max_col=1, values_only=True) if row[0]]
    assert [words[:2] for words in listed] == Language.values
