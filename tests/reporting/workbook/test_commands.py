"""The workbook from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from initiatives.choices import Role
from initiatives.models import Draft, Initiative
from tests.factories import EntityFactory, IndicatorFactory, InitiativeFactory, KindFactory, UserFactory
from tests.support.workbooks import FIRST_ROW, with_cells, with_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    """Three records of UNIDO as a workbook."""
    entity = EntityFactory(code="UNIDO")
    KindFactory(code="programme")
    for number in range(3):
        InitiativeFactory(entity=entity, title=f"Hub {number}", place="Vienna")
    path = tmp_path / "records.xlsx"
    said = run("export_records", "--out", str(path))
    assert "records of UNIDO" in said
    return path


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def write(path, row=FIRST_ROW, **values):
    path.write_bytes(with_cells(path.read_bytes(), row, **values))


class TestImportRecords:
    def test_says_that_our_own_export_changes_nothing(self, path):
        said = run("import_records", str(path))
        assert "0 added; 0 changed; 0 conflict; 0 refused; 6 unchanged" in said
        assert not Draft.objects.exists()

    def test_prints_a_line_for_each_row_and_keeps_drafts(self, path):
        mira = UserFactory(role=Role.STAFF, entity=EntityFactory(code="UNIDO"), email="mira@example.org")
        write(path, place="Graz")
        write(path, FIRST_ROW + 3, title="New hub", kind="programme", language="en")
        first = Initiative.objects.order_by("pk")[0]
        lines = run("import_records", str(path), "--dry-run").splitlines()
        assert lines[0] == f"row {FIRST_ROW} changed: i{first.pk} Hub 0 (place: “Vienna” → “Graz”)"
        assert lines[3].startswith(f"row {FIRST_ROW + 3} added: New hub (")
        assert not Draft.objects.exists()
        assert "Written into drafts: 2." in run("import_records", str(path), "--by", mira.email, "--why", "Asked.")
        assert set(Draft.objects.values_list("holder", "why")) == {(mira.pk, "Asked.")}

    def test_prints_rows_of_results_and_begins_them(self, path):
        hub = Initiative.objects.order_by("pk")[0]
        said = {"initiative": f"i{hub.pk}", "indicator": IndicatorFactory(code="S1").code, "place": "not-split"}
        run("export_records", "--out", str(path))
        content = with_cells(path.read_bytes(), sheet=2, **said, period="2021", value="5")
        path.write_bytes(with_cells(content, FIRST_ROW + 1, sheet=2, **said, period="2021-Q3", value="1e400"))
        lines = run("import_records", str(path), "--dry-run").splitlines()
        assert f"result row {FIRST_ROW} added: S1 · 2021 · Hub 0 (initiative: i{hub.pk}; " in "\n".join(lines)
        assert f"result row {FIRST_ROW + 1} refused: S1 · 2021-Q3 · Hub 0 (value: “1e400” is no number." in "\n".join(
            lines
        )
        assert "Written into drafts: 1." in run("import_records", str(path), "--good")
        assert Draft.objects.of_results().get().content["value"] == "5"

    def test_changes_nothing_where_a_row_is_refused_or_in_conflict(self, path):
        write(path, place="Graz")
        write(path, FIRST_ROW + 1, kind="=1+1")
        with pytest.raises(CommandError, match="Rows are refused"):
            run("import_records", str(path))
        Initiative.objects.filter(texts__title="Hub 0").update(place="Linz")
        write(path, FIRST_ROW + 1, kind="programme")
        with pytest.raises(CommandError, match="Rows are in conflict"):
            run("import_records", str(path))
        assert not Draft.objects.exists()
        run("import_records", str(path), "--conflicts", "mine")
        assert Draft.objects.get().content["place"] == "Graz"

    def test_takes_texts_in_from_a_word_file(self, path):
        first = Initiative.objects.order_by("pk")[0]
        first.texts.update(description="<p>It teaches welders.</p>")
        texts = path.with_suffix(".docx")
        run("export_records", "--format", "docx", "--out", str(texts))
        texts.write_bytes(with_words(texts.read_bytes(), welders="printers"))
        said = run("import_records", str(texts), "--dry-run").splitlines()
        assert said[0].endswith(
            f"changed: i{first.pk} Hub 0 (description: “It teaches welders.” → “It teaches printers.”)"
        )
        assert "0 added; 1 changed; 0 conflict; 0 refused; 5 unchanged" in said
        run("import_records", str(texts), "--why", "Asked.")
        assert Draft.objects.get().content["description"] == "<p>It teaches printers.</p>"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["nowhere.xlsx"], "nowhere.xlsx cannot be read"),
            (["{path}", "--entity", "ATLANTIS"], "There is no entity ATLANTIS"),
            (["{path}", "--entity", "OTHER"], "This workbook holds records of UNIDO"),
            (["{path}", "--by", "nobody@example.org"], "Nobody with the address nobody@example.org writes for"),
        ],
    )
    def test_says_in_a_sentence_what_is_wrong(self, path, arguments, said):
        EntityFactory(code="OTHER")
        with pytest.raises(CommandError, match=said):
            run("import_records", *(argument.format(path=path) for argument in arguments))
