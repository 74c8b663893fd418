"""What is stored of a seal, and how it is found out when somebody changed it past the portal."""

import pgtrigger
import pytest
from django.core.files.base import ContentFile
from django.db import connection

from reporting.compilation.snapshot import fingerprint
from reporting.verification.integrity import integrity_problems


@pytest.fixture
def artifact(seal):
    return seal.compilation.artifacts.get(format="odt")


def changed_by_hand(statement: str, *values: object) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestIntegrityProblems:
    def test_are_none_where_all_is_as_it_was_sealed(self, seal):
        assert integrity_problems(seal) == []

    def test_tell_of_a_text_that_was_edited(self, seal):
        changed_by_hand(
            'UPDATE reporting_compilation SET snapshot = snapshot || \'{"title": "Forged"}\' WHERE id = %s',
            seal.compilation.pk,
        )
        seal.compilation.refresh_from_db()
        [sentence] = integrity_problems(seal)
        assert sentence.startswith("The text stored in the database is not the one that was sealed")
        assert fingerprint(seal.compilation.snapshot) in sentence
        assert seal.fingerprint in sentence

    def test_tell_of_a_text_whose_fingerprint_was_edited_with_it(self, seal):
        changed_by_hand(
            "UPDATE reporting_compilation SET fingerprint = %s WHERE id = %s", "1" * 64, seal.compilation.pk
        )
        seal.compilation.refresh_from_db()
        assert integrity_problems(seal) == [
            "The fingerprint stored with the compilation is not the one that was sealed."
        ]

    def test_tell_of_a_text_that_is_gone(self, seal):
        changed_by_hand("UPDATE reporting_compilation SET snapshot = NULL WHERE id = %s", seal.compilation.pk)
        seal.compilation.refresh_from_db()
        assert integrity_problems(seal) == ["The text that was sealed is no longer stored in the database."]

    def test_tell_of_a_file_that_was_changed(self, seal, artifact):
        storage, name = artifact.file.storage, artifact.file.name
        storage.delete(name)
        assert storage.save(name, ContentFile(b"forged")) == name
        assert integrity_problems(seal) == [
            f"The stored file {artifact.file_name} is not the one that was sealed: its bytes have changed."
        ]

    def test_tell_of_a_file_that_was_changed_with_its_hash(self, seal, artifact):
        changed_by_hand("UPDATE reporting_artifact SET sha256 = %s WHERE id = %s", "1" * 64, artifact.pk)
        assert integrity_problems(seal) == [
            f"The SHA-256 stored with the file {artifact.file_name} is not the one that was sealed."
        ]

    def test_tell_of_a_file_that_is_gone(self, seal, artifact):
        artifact.file.storage.delete(artifact.file.name)
        assert integrity_problems(seal) == [f"The sealed file {artifact.file_name} is no longer stored."]

    def test_tell_of_a_row_that_is_gone_and_of_one_too_many(self, seal, artifact):
        name = artifact.file_name
        changed_by_hand("DELETE FROM reporting_artifact WHERE id = %s", artifact.pk)
        assert integrity_problems(seal) == [f"The sealed file {name} is no longer stored."]
        changed_by_hand("UPDATE reporting_artifact SET part = 'summary' WHERE format = 'md'")
        assert [sentence.split(" of ")[0] for sentence in integrity_problems(seal)][-1].endswith(
            "the receipt does not name it."
        )

    def test_tell_of_a_receipt_that_was_changed(self, seal):
        changed_by_hand("UPDATE reporting_seal SET receipt = receipt || '{\"number\": 7}' WHERE id = %s", seal.pk)
        seal.refresh_from_db()
        assert integrity_problems(seal) == ["The stored receipt is not that of this seal."]
