"""The command `verify_submission`: its words, and the number with which it ends."""

import io
import os
from io import StringIO
from pathlib import Path

import docx
import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError

from reporting.models import Seal
from tests.factories import WithdrawalFactory
from tests.reporting.verification.conftest import Files


def run(path: Path) -> tuple[int, str]:
    """Return the number and the words."""
    words = StringIO()
    try:
        call_command("verify_submission", str(path), stdout=words)
    except SystemExit as end:
        return int(str(end.code)), words.getvalue()
    return 0, words.getvalue()


def written(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


class TestVerifySubmission:
    def test_ends_with_0_for_a_sealed_file(self, seal: Seal, made: Files, tmp_path: Path):
        code, words = run(written(tmp_path, made["pdf", "whole"], "renamed.bin"))
        assert code == 0
        assert words.startswith("This is a sealed file: UNIDO-CSTD-25-1.pdf of Seal 1.\n")
        assert "It was sealed under the name UNIDO-CSTD-25-1.pdf" in words
        assert f"Fingerprint of the sealed text: {seal.fingerprint}" in words

    def test_ends_with_1_for_a_withdrawn_one(self, seal: Seal, made: Files, tmp_path: Path):
        WithdrawalFactory(seal=seal, confirmed=True)
        code, words = run(written(tmp_path, made["pdf", "whole"]))
        assert code == 1
        assert "Note: Withdrawn on 22 November 2021. A figure in the summary was wrong." in words

    def test_shows_what_differs_in_an_altered_copy(self, seal: Seal, made: Files, tmp_path: Path):
        word = docx.Document(io.BytesIO(made["docx", "whole"]))
        word.core_properties.last_modified_by = "Somebody"
        paragraph = next(each for each in word.paragraphs if "Three trends" in each.text)
        paragraph.runs[0].text = paragraph.runs[0].text.replace("Three trends", "Four trends")
        word.save(str(tmp_path / "copy.docx"))
        code, words = run(tmp_path / "copy.docx")
        assert code == 1
        assert words.startswith("This is an altered copy of Seal 1")
        assert "[-Three-]{+Four+} trends shaped" in words
        assert "lastModifiedBy: sealed “”, here “Somebody”" in words

    def test_ends_with_1_for_a_draft_and_for_any_other_file(self, draft: object, made: Files, tmp_path: Path):
        assert run(written(tmp_path, made["odt", "whole"]))[0] == 1
        code, words = run(written(tmp_path, b"Hello"))
        assert code == 1
        assert "neither a file that was sealed here nor a copy" in words

    def test_says_what_is_no_file(self, db: None, tmp_path: Path):
        (tmp_path / "large").touch()
        os.truncate(tmp_path / "large", 50 * 1024 * 1024)
        for path, sentence in [
            (tmp_path / "nowhere", "There is no file .*nowhere"),
            (tmp_path, "is a folder. Name a file"),
            (tmp_path / "large", "larger than 25"),
            (written(tmp_path, b""), "The file is empty"),
        ]:
            with pytest.raises(CommandError, match=sentence):
                run(path)

    def test_tells_in_its_help_with_which_number_it_ends(self):
        said = load_command_class("reporting", "verify_submission").create_parser("manage.py", "verify").format_help()
        assert "Ends with 0 for a sealed file that is in force" in " ".join(said.split())
