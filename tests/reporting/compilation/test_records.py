"""Names of record versions."""

import pytest

from reporting.choices import RecordKind
from reporting.compilation.records import LETTERS, RecordVersion, block_id, parse


class TestRecordVersion:
    @pytest.mark.parametrize(
        ("name", "version"),
        [
            ("u12_en_3", RecordVersion(RecordKind.UPDATE, 12, "en", 3)),
            ("s4_1", RecordVersion(RecordKind.SECTION, 4, "", 1)),
            ("c7_zh_2", RecordVersion(RecordKind.COVER, 7, "zh", 2)),
        ],
    )
    def test_is_read_from_its_name(self, name, version):
        assert parse(name) == version
        assert str(version) == name

    @pytest.mark.parametrize("block", ["u12_en_3_p1", "u12_en_3_2", "u12_en_3_2_p14"])
    def test_is_read_from_a_block_that_prints_it(self, block):
        assert parse(block) == RecordVersion(RecordKind.UPDATE, 12, "en", 3)

    @pytest.mark.parametrize("name", ["", "u12", "x12_en_3", "u_en_3", "u12_en_", "u12_en_3 ", "u12_en_3_p", "../u1_1"])
    def test_is_refused_where_the_name_is_none(self, name):
        assert parse(name) is None

    def test_has_a_letter_for_each_kind(self):
        assert set(LETTERS) == set(RecordKind)
        assert len(set(LETTERS.values())) == len(LETTERS)

    def test_names_the_record_of_a_snapshot(self):
        record = {"kind": "passage", "id": 9, "language": "fr", "version": 2, "role": "", "entity": ""}
        assert block_id(record) == "p9_fr_2"

    def test_fits_into_a_bookmark(self):
        longest = RecordVersion(RecordKind.UPDATE, 10**9, "en", 10**5)
        assert len(f"{longest}_99_p9999") <= 40
