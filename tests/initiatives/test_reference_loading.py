"""Filing the reference data, and the command that does it."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.models import Country, Entity, Organisation
from initiatives.services.csv_rows import FileDamaged
from initiatives.services.reference import REFERENCE, load_reference

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reference data")]


@pytest.fixture
def files(tmp_path):
    """A copy of the files that may be damaged, with few income groups, so that it loads quickly."""
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    income = folder / "income_groups.csv"
    income.write_text("".join(income.read_text().splitlines(keepends=True)[:5]))
    return folder


class TestLoadingAgain:
    def test_writes_nothing(self, files):
        first = load_reference(files)
        events = Organisation.pgh_event_model.objects.count()
        with CaptureQueriesContext(connection) as queries:
            outcomes = load_reference(files)
        assert [(filed.added, filed.changed) for filed in outcomes] == [(0, 0)] * len(outcomes)
        assert [filed.unchanged for filed in outcomes] == [filed.added for filed in first]
        assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT INTO", "UPDATE", "DELETE"))]
        assert Organisation.pgh_event_model.objects.count() == events

    def test_brings_a_row_back_to_what_the_file_says_and_keeps_rows_of_people(self, files):
        load_reference(files)
        Entity.objects.filter(code="UNIDO").update(acronym="ONUDI")
        Entity.objects.create(code="NEW", acronym="NEW", kind="fund or programme", name_en="A new body")
        filed = {filed.kind: filed for filed in load_reference(files)}["entities"]
        assert (filed.added, filed.changed) == (0, 1)
        assert Entity.objects.get(code="UNIDO").acronym == "UNIDO"
        assert Entity.objects.filter(code="NEW").exists()


def damage(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestDamagedFiles:
    @pytest.mark.parametrize(
        ("name", "old", "new", "sentence"),
        [
            (
                "countries.csv",
                "ABW,AW,533,m49,no",
                "ABW,AW,533,m49,perhaps",
                "countries.csv, row 2, column “un_member”: “perhaps” is none of yes, observer, no.",
            ),
            ("countries.csv", ",name_en,", ",name,", "countries.csv: the column “name_en” is missing."),
            (
                "countries.csv",
                "Aruba,Aruba,Aruba",
                ",Aruba,Aruba",
                "countries.csv, row 2, column “name_en”: something has to stand here.",
            ),
            (
                "countries.csv",
                "ABW,AW,533",
                "ABWX,AW,533",
                "countries.csv, row 2, column “iso3”: this is longer than 3 characters.",
            ),
            (
                "countries.csv",
                "AFG,AF,",
                "ABW,AF,",
                "countries.csv, row 3, column “iso3”: this row stands in the file twice.",
            ),
            (
                "country_groups.csv",
                "M49-002,m49_region,M49-001",
                "M49-002,m49_region,M49-000",
                "country_groups.csv, row 3, column “parent”: “M49-000” is not known.",
            ),
            (
                "group_memberships.csv",
                "member,,1994-12-19",
                "member,,19 December 1994",
                "column “until”: “19 December 1994” is no day. Write it as 2021-11-22.",
            ),
            ("group_memberships.csv", "ABW,M49-001", "AAA,M49-001", "row 2, column “iso3”: “AAA” is not known."),
            ("terms.csv", "kinds,programme,1,yes", "kinds,programme,one,yes", "“one” is no whole number."),
            ("terms.csv", "kinds,programme,1,yes", "kinds,programme,1,maybe", "“maybe” is neither yes nor no."),
            (
                "entities.csv",
                "UNIDO,UNIDO,",
                "UNIDO\n",
                "entities.csv, row 2, column “acronym”: the row ends before this cell.",
            ),
            (
                "units.csv",
                "UNDESA,",
                "UNDESA,one,two,",
                "units.csv, row 4, column “name”: more cells follow than the header has.",
            ),
            ("sessions.csv", "2007-05-25", "2007-05-01", "sessions.csv breaks a rule:"),
            ("workplans.json", '"unit": "firms"', '"unit": "firm"', "workplans.json: “('units', 'firm')” is missing"),
            ("workplans.json", '"title"', "'title'", "workplans.json cannot be read:"),
        ],
    )
    def test_are_named_by_file_row_and_column_and_change_nothing(self, files, name, old, new, sentence):
        damage(files / name, old, new)
        with pytest.raises(FileDamaged) as refused:
            load_reference(files)
        assert sentence in str(refused.value)
        assert not Country.objects.exists()

    def test_are_named_when_they_are_not_utf_8(self, files):
        (files / "countries.csv").write_bytes("iso3,name_en\nCIV,Côte d'Ivoire\n".encode("latin-1"))
        with pytest.raises(FileDamaged, match=r"countries\.csv is not written in UTF-8"):
            load_reference(files)

    def test_are_named_when_they_are_missing(self, files):
        (files / "terms.csv").unlink()
        with pytest.raises(FileDamaged, match=r"terms\.csv is missing"):
            load_reference(files)


class TestCommand:
    def test_says_for_each_kind_what_happened(self, files):
        said = io.StringIO()
        call_command("load_reference", folder=files, stdout=said)
        lines = said.getvalue().splitlines()
        assert "action lines: 19 added, 0 changed, 0 unchanged" in lines
        assert len(lines) == 15

    def test_ends_with_a_sentence_on_a_damaged_file(self, files):
        damage(files / "countries.csv", "ABW,AW,533,m49,no", "ABW,AW,533,m49,perhaps")
        with pytest.raises(CommandError, match=r"^Nothing was changed. countries.csv, row 2, column “un_member”"):
            call_command("load_reference", folder=files)
