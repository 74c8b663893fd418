"""The command `import_submission`."""

from io import StringIO

import docx
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from initiatives.models import Document
from reporting.choices import ImportState
from reporting.models import Import, Submission
from tests.factories import (
    ClearanceFactory,
    CompilationFactory,
    EntityFactory,
    KindFactory,
    SessionFactory,
    SubmissionFactory,
)
from tests.support.importing import SUBMISSION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference():
    EntityFactory(code="LOOM", name_en="The Loom House")
    SessionFactory(number=25, reporting_year=2021)
    KindFactory(code="project")


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.md"
    path.write_text(SUBMISSION)
    return path


def run(*arguments: object) -> str:
    said = StringIO()
    call_command("import_submission", *map(str, arguments), stdout=said, stderr=said)
    return said.getvalue()


class TestImportSubmission:
    def test_prints_all_that_it_read_and_files_nothing_but_the_document(self, old):
        said = run(old, "--entity", "loom", "--session", 25)
        assert "2 of 2 footnotes at their places" in said
        assert "Open workshops for small mills" in said
        assert "Left over: 0" in said
        assert "Nothing is filed but the document" in said
        assert Document.objects.get().parts.count() > 10
        assert not Submission.objects.exists()

    def test_files_it_and_says_how_to_compile_it_and_take_it_back(self, old):
        said = run(old, "--entity", "LOOM", "--session", 25, "--accept")
        imported = Import.objects.get()
        assert "Initiatives: 2" in said
        assert "manage.py compile_submission --call 25 --submission LOOM" in said
        assert f"--undo {imported.pk}" in said
        assert "taken back" in run("--undo", imported.pk)
        assert not Submission.objects.exists()

    def test_files_what_was_only_read_before(self, old):
        run(old, "--entity", "LOOM", "--session", 25)
        said = run(old, "--entity", "LOOM", "--session", 25, "--accept")
        assert "read in already" in said
        assert Submission.objects.get().slug == "LOOM"
        assert Import.objects.get().state == ImportState.FILED

    def test_takes_a_document_that_is_no_submission_and_says_as_which_kind(self, old):
        EntityFactory(code="AAA")
        said = run(old, "--entity", "LOOM", "--accept")
        assert "Kind: publication, since none was named." in said
        assert f"--undo {Import.objects.get().pk}" in said
        assert "Kind:" not in run(old, "--entity", "AAA", "--kind", "letter")
        assert Document.objects.get(entity__code="LOOM").published_at
        assert not Submission.objects.exists()

    def test_files_a_submission_of_two_in_their_order(self, old):
        EntityFactory(code="AAA")
        run(old, "--entity", "LOOM", "--entity", "AAA", "--session", 25, "--accept")
        assert Submission.objects.get().slug == "LOOM-AAA"

    def test_prints_what_is_left_over_whole(self, tmp_path):
        word = docx.Document()
        word.add_paragraph("A sentence of the text.")
        remark = " ".join(f"remark{number}" for number in range(120))
        word.sections[0].header.paragraphs[0].text = remark
        word.save(str(tmp_path / "old.docx"))
        said = run(tmp_path / "old.docx", "--entity", "LOOM")
        assert "Left over: 1" in said
        assert remark in " ".join(said.split())

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ([], "Name the file to read"),
            (["FILE"], "Name whose document it is, with --entity."),
            (["FILE", "--entity", "NOBODY", "--session", "25"], "There is no entity NOBODY. Known entities: LOOM."),
            (
                ["FILE", "--entity", "LOOM", "--session", "99"],
                "There is no session 99 of the CSTD. Known sessions: 25.",
            ),
            (["FILE", "--entity", "LOOM", "--language", "de"], "invalid choice: 'de'"),
            (["FILE", "--entity", "LOOM", "--kind", "submission"], "Name the session that the submission answers."),
            (
                ["FILE", "--entity", "LOOM", "--session", "25", "--kind", "letter"],
                "Only a submission answers a session",
            ),
            (["nowhere.txt", "--entity", "LOOM"], "There is no file nowhere.txt."),
            (["FOLDER", "--entity", "LOOM"], "is a folder. Name a file."),
            (["PICTURE", "--entity", "LOOM"], "."),
            (["--undo", "7"], "There is no import 7. None is filed."),
            (["FILE", "--undo", "7"], "--undo stands alone"),
        ],
    )
    def test_says_in_one_sentence_what_is_wrong_and_keeps_nothing(self, old, tmp_path, arguments, sentence):
        picture = tmp_path / "picture.docx"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        named = {"FILE": str(old), "FOLDER": str(tmp_path), "PICTURE": str(picture)}
        with pytest.raises(CommandError) as refused:
            run(*[named.get(argument, argument) for argument in arguments])
        assert sentence in str(refused.value)
        assert "\n" not in str(refused.value)
        assert refused.value.returncode == 1
        assert not Import.objects.exists()
        assert not Document.objects.exists()

    def test_refuses_the_same_file_twice(self, old):
        arguments = [old, "--entity", "LOOM", "--session", 25]
        run(*arguments)
        with pytest.raises(CommandError, match="This file was read in already"):
            run(*arguments)
        run(*arguments, "--accept")
        with pytest.raises(CommandError, match="This file was read in already"):
            run(*arguments, "--accept")
        assert Submission.objects.count() == 1

    def test_refuses_to_take_back_what_others_build_on(self, old):
        run(old, "--entity", "LOOM", "--session", 25, "--accept")
        ClearanceFactory(compilation=CompilationFactory(submission=Submission.objects.get(), number=1, done=True))
        with pytest.raises(CommandError, match=r"other records build on it: .*compilation"):
            run("--undo", Import.objects.get().pk)
        assert Submission.objects.exists()


class TestCompileSubmission:
    def test_says_which_submissions_a_call_has(self):
        submission = SubmissionFactory()
        with pytest.raises(CommandError, match=f"Known submissions: {submission.slug}."):
            call_command("compile_submission", "--call", submission.call.slug, "--submission", "NOBODY")
