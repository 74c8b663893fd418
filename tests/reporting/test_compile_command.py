"""The command `compile_submission`, with a real worker where it comes to one."""

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from reporting.choices import FileFormat
from reporting.models import Compilation, Submission
from tests.factories import (
    CallCoverFactory,
    CallFactory,
    EntityFactory,
    ItemFactory,
    LayoutFactory,
    LayoutSectionFactory,
    PassageFactory,
    SectionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submission():
    call = CallFactory(slug="25")
    CallCoverFactory(call=call)
    submission = SubmissionFactory(call=call, entities=[EntityFactory(code="UNIDO")])
    section = SectionFactory(submission=submission, name_en="Summary")
    ItemFactory(section=section, passage=PassageFactory(body='<p>See <a href="#">this</a>.</p>'))
    return submission


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("compile_submission", *arguments, stdout=said, stderr=said)
    return said.getvalue()


class TestCompileSubmission:
    def test_writes_the_files_and_prints_their_hashes(self, submission, start_worker, tmp_path):
        start_worker()
        said = run("--entity", "unido", "--session", "25", "--out", str(tmp_path / "new folder"))
        lines = [line.split("  ") for line in said.splitlines() if "UNIDO-CSTD" in line]
        assert {Path(path).suffix for _hash, path in lines} == {f".{format}" for format in FileFormat.values}
        for sha256, path in lines:
            assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
        assert "leads nowhere" in said

    def test_takes_the_files_that_are_there_when_nothing_has_changed(self, submission, start_worker, tmp_path):
        start_worker()
        arguments = ["--entity", "UNIDO", "--call", "25", "--formats", "html", "--if-changed", "--out", str(tmp_path)]
        run(*arguments)
        assert "Nothing has changed" in run(*arguments)
        assert Compilation.objects.count() == 1
        submission.sections.update(name_en="Another heading")
        assert "Nothing has changed" not in run(*arguments)
        assert Compilation.objects.count() == 2

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--entity", "NOBODY", "--session", "25"], "There is no entity NOBODY. Known entities: .*UNIDO"),
            (["--entity", "UNIDO", "--session", "99"], "There is no call 99. Known calls: 25."),
            (["--entity", "UNIDO", "--call", "gc-1"], "There is no call gc-1. Known calls: 25."),
            (["--entity", "UNIDO", "--session", "25", "--formats", "doc"], "There is no format doc."),
        ],
    )
    def test_says_what_is_unknown_and_queues_nothing(self, submission, arguments, sentence):
        with pytest.raises(CommandError, match=sentence):
            run(*arguments)
        assert not Compilation.objects.exists()

    def test_says_that_a_call_has_no_layout(self, submission):
        EntityFactory(code="ITU")
        with pytest.raises(CommandError, match="has no layout for ITU"):
            run("--entity", "ITU", "--session", "25")
        assert Submission.objects.count() == 1

    def test_says_that_a_submission_is_empty(self):
        layout = LayoutFactory(call=CallFactory(slug="25"), entity=EntityFactory(code="ITU"))
        LayoutSectionFactory(layout=layout)
        with pytest.raises(CommandError, match="no text yet"):
            run("--entity", "ITU", "--session", "25")
        assert not Submission.objects.exists()

    def test_says_that_a_folder_cannot_be_made(self, submission, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(CommandError, match="cannot be made"):
            run("--entity", "UNIDO", "--session", "25", "--out", str(tmp_path / "file" / "folder"))
        assert not Compilation.objects.exists()
