"""The files of a seal made again: from what was frozen, whatever became of its records and of the renderers."""

import hashlib
from io import StringIO

import pghistory
import pgtrigger
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from initiatives.models import Entity, Initiative, InitiativeText, Passage, PassageText, Reference, Update
from reporting.choices import CompilationState, FailureReason, FileFormat
from reporting.compilation import run
from reporting.compilation.document import SnapshotUnusable
from reporting.compilation.rebuild import SnapshotChanged
from reporting.compilation.renderers import html
from reporting.models import Artifact, Call, CallCover, Compilation, Item, Layout, Seal, Section
from reporting.services.compilations import request_rebuild
from tests.factories import UserFactory
from tests.support.compiling import carried_out, compiled
from tests.support.sealing import prepared, sealed

pytestmark = pytest.mark.django_db(transaction=True)

FORGE = """UPDATE reporting_compilation SET snapshot = jsonb_set(snapshot, '{title}', '"Forged"') WHERE id = %s"""


@pytest.fixture
def seal() -> Seal:
    dossier = prepared()
    return sealed(dossier, compiled(dossier.submission))


def other_bytes_than(seal: Seal, file_format: str, content: bytes = b"Other bytes.") -> Artifact:
    """Let the kept file and the receipt hold other bytes than the renderer makes, as after a change of the renderer."""
    artifact = seal.compilation.artifacts.get(format=file_format)
    default_storage.delete(artifact.file.name)
    default_storage.save(artifact.file.name, ContentFile(content))
    for file in seal.receipt["files"]:
        if file["format"] == file_format:
            file["sha256"] = hashlib.sha256(content).hexdigest()
    with pgtrigger.ignore("reporting.Seal:seal_is_never_changed"):
        seal.save()
    return artifact


def rebuilt(seal: Seal) -> Compilation:
    return carried_out(request_rebuild(seal=seal, user=UserFactory(), now=timezone.now()))


def outcomes(compilation: Compilation) -> dict[str, str]:
    return {file["name"]: file["outcome"] for file in compilation.report["files"]}


def change_every_record() -> None:
    """Change, rename or delete all that the text came from."""
    Call.objects.update(note="Changed", due_on="2030-01-01")
    CallCover.objects.update(lines=[{"style": "title", "text": "Another cover"}], dates_text="another place")
    Layout.objects.update(heading_numbers="roman", front=[{"kind": "paragraph", "text": "New."}])
    Section.objects.update(name_en="Renamed")
    Entity.objects.update(name_en="Renamed", acronym="RENAMED", code="RENAMED")
    PassageText.objects.update(body="<p>Something else.</p>")
    InitiativeText.objects.update(title="Renamed")
    Item.objects.all().delete()
    Update.objects.all().delete()
    Initiative.objects.all().delete()
    Passage.objects.all().delete()
    Reference.objects.all().delete()


class TestRebuild:
    def test_makes_the_same_bytes_in_every_format(self, seal):
        compilation = rebuilt(seal)
        assert set(outcomes(compilation).values()) == {"same_bytes"}
        assert len(outcomes(compilation)) == len(FileFormat) + 1  # and the summary alone
        assert compilation.fingerprint == seal.fingerprint
        assert compilation.report["changed_tools"] == []

    def test_does_so_after_every_record_was_changed_or_deleted(self, seal):
        with pghistory.context(test="all is changed"):
            change_every_record()
        before = set(seal.compilation.artifacts.values_list("format", "part", "sha256"))
        compilation = rebuilt(Seal.objects.get())
        assert set(compilation.artifacts.values_list("format", "part", "sha256")) == before
        assert set(outcomes(compilation).values()) == {"same_bytes"}

    def test_proves_the_same_text_with_another_renderer_and_names_it(self, seal, monkeypatch, tmp_path):
        other_look = tmp_path / "submission.css"
        other_look.write_text(html.STYLE.read_text() + "\nbody { color: black; }\n")
        monkeypatch.setattr(html, "STYLE", other_look)
        compilation = rebuilt(seal)
        changed = {name for name, outcome in outcomes(compilation).items() if outcome != "same_bytes"}
        assert changed == {name for name in outcomes(compilation) if name.endswith(".html")}
        assert {outcomes(compilation)[name] for name in changed} == {"same_text"}

    def test_names_the_tools_that_have_another_version(self, seal, monkeypatch):
        versions = {**seal.compilation.renderers, "typst": "99", "new tool": "1"}
        monkeypatch.setattr(run.renderers, "versions", lambda *tools: versions)
        assert rebuilt(seal).report["changed_tools"] == [
            {"name": "new tool", "sealed": "", "now": "1"},
            {"name": "typst", "sealed": seal.compilation.renderers["typst"], "now": "99"},
        ]

    def test_says_where_the_text_comes_out_otherwise(self, seal):
        artifact = other_bytes_than(seal, "html", b"<!DOCTYPE html><p>Another text.</p>")
        assert outcomes(rebuilt(seal))[artifact.file_name] == "other_text"

    def test_does_not_compare_with_a_file_that_was_changed_since(self, seal):
        """A forged file in the store must not make the rebuilt one look like another text."""
        artifact = other_bytes_than(seal, "html", b"<!DOCTYPE html><p>As it was sealed.</p>")
        default_storage.delete(artifact.file.name)
        default_storage.save(artifact.file.name, ContentFile(b"<!DOCTYPE html><p>Another text.</p>"))
        assert outcomes(rebuilt(seal))[artifact.file_name] == "not_compared"

    def test_says_what_went_wrong_where_a_text_of_another_format_was_sealed(self):
        assert run.reason_for(SnapshotUnusable("of another version")) == FailureReason.RENDERER

    def test_says_what_could_not_be_compared(self, seal):
        artifact = other_bytes_than(seal, "html")
        default_storage.delete(artifact.file.name)
        assert outcomes(rebuilt(seal))[artifact.file_name] == "not_compared"

    def test_refuses_a_text_that_was_edited_in_the_database(self, seal):
        with pgtrigger.ignore("reporting.Compilation:finished_compilation_stays"), connection.cursor() as cursor:
            cursor.execute(FORGE, [seal.compilation_id])
        waiting = request_rebuild(seal=Seal.objects.get(), user=UserFactory(), now=timezone.now())
        with pytest.raises(SnapshotChanged) as refused:
            carried_out(waiting)
        assert run.reason_for(refused.value) == FailureReason.SNAPSHOT_CHANGED

    def test_lists_no_new_use_of_the_records(self, seal):
        assert seal.compilation.printed_versions.exists()
        compilation = rebuilt(seal)
        assert compilation.state == CompilationState.DONE
        assert not compilation.printed_versions.exists()


class TestTheCommand:
    def test_prints_how_each_file_came_out(self, seal, start_worker):
        start_worker()
        said = StringIO()
        call_command("rebuild_submission", str(seal.number), stdout=said)
        lines = said.getvalue().splitlines()
        assert len(lines) == len(seal.receipt["files"])
        for file, line in zip(seal.receipt["files"], lines, strict=True):
            assert line == f"{file['sha256']}  {file['name']}: the same bytes"

    def test_fails_where_the_text_in_the_database_was_edited(self, seal, start_worker):
        start_worker()
        with pgtrigger.ignore("reporting.Compilation:finished_compilation_stays"), connection.cursor() as cursor:
            cursor.execute(FORGE, [seal.compilation_id])
        with pytest.raises(CommandError, match="not the one that was sealed"):
            call_command("rebuild_submission", str(seal.number))

    def test_names_the_last_seal_where_there_is_none_of_that_number(self, seal):
        with pytest.raises(CommandError, match=f"no seal 99. The last one is {seal.number}"):
            call_command("rebuild_submission", "99")
