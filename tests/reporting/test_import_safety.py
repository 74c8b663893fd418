"""Imports that fail late, that wait for each other, and whose drafts were compiled before they are undone."""

import datetime as dt
import threading

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction

from initiatives.models import Initiative, Session
from reporting.choices import ImportState, RecordKind
from reporting.models import Compilation, Import, Submission
from reporting.services import imports
from reporting.services.undoing import SomethingBuildsOnIt, builds_on, undo
from tests.factories import (
    NOON,
    ArtifactFactory,
    ClearanceFactory,
    CompilationFactory,
    EntityFactory,
    KindFactory,
    PrintedVersionFactory,
    SealFactory,
    SessionFactory,
)
from tests.support.importing import SUBMISSION, accepted, asked_for, read_in

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def mill(db):
    KindFactory(code="project")
    return EntityFactory(code="MILL", name_en="The Mill House")


@pytest.fixture
def read(mill) -> Import:
    return read_in(SUBMISSION, mill, session=SessionFactory(number=25, reporting_year=2021))


def stored() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


class TestTheFile:
    def test_is_kept_with_its_row(self, mill):
        asked_for(mill)
        assert len(stored()) == 1

    def test_goes_when_the_request_fails_after_its_row_was_made(self, mill, monkeypatch):
        def stumble(*_args: object, **_more: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(transaction, "on_commit", stumble)
        with pytest.raises(ZeroDivisionError):
            asked_for(mill)
        assert not Import.objects.exists()
        assert not stored()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("act", [asked_for, lambda entity: read_in("Some words.", entity)])
    def test_goes_when_the_commit_itself_fails(self, mill, act, monkeypatch):
        def stumble() -> None:
            connection.rollback()
            raise ZeroDivisionError

        monkeypatch.setattr(connection, "commit", stumble)
        with pytest.raises(ZeroDivisionError):
            act(mill)
        monkeypatch.undo()
        assert not Import.objects.exists()
        assert not stored()


@pytest.mark.django_db(transaction=True)
class TestAccepting:
    def test_locks_nothing_while_it_matches(self, read, monkeypatch):
        matched = imports.proposals_of
        free: list[bool] = []

        def is_free() -> None:
            with transaction.atomic():
                Import.objects.select_for_update(nowait=True).get(pk=read.pk)
                Session.objects.select_for_update(nowait=True).get(pk=read.session_id)
            free.append(True)
            connections.close_all()

        def match(*args, **options):
            other = threading.Thread(target=is_free)
            other.start()
            other.join(10)
            return matched(*args, **options)

        monkeypatch.setattr(imports, "proposals_of", match)
        accepted(read)
        assert free == [True]

    def test_matches_again_where_another_import_was_filed_in_the_meantime(self, read, mill, monkeypatch):
        text = SUBMISSION.replace("Slow connections", "Slow roads")
        other = read_in(text, mill, session=read.session)
        matched = imports.proposals_of
        times: list[int] = []

        def match(imported, **options):
            found = matched(imported, **options)
            if imported.pk == read.pk:
                times.append(1)
                if len(times) == 1:
                    accepted(other)
            return found

        monkeypatch.setattr(imports, "proposals_of", match)
        accepted(read)
        assert len(times) == 2
        assert Initiative.objects.count() == 2  # those that the other made, and no second ones
        assert Submission.objects.count() == 2


class TestUndoing:
    def test_deletes_drafts_that_were_compiled(self, read, django_capture_on_commit_callbacks):
        submission = accepted(read).submission
        draft = CompilationFactory(submission=submission, number=1, done=True)
        artifact = ArtifactFactory(compilation=draft)
        PrintedVersionFactory(
            compilation=draft, kind=RecordKind.INITIATIVE, record_id=Initiative.objects.first().pk, language="en"
        )
        CompilationFactory(submission=submission, number=2)
        assert builds_on(read_again(read)) == []
        with django_capture_on_commit_callbacks(execute=True):
            done = undo(imported=read, person=None, now=LATER)
        assert done.state == ImportState.UNDONE
        assert not Compilation.objects.exists()
        assert not Submission.objects.exists()
        assert not default_storage.exists(artifact.file.name)

    @pytest.mark.parametrize("word", [ClearanceFactory, SealFactory])
    def test_is_refused_when_a_text_was_cleared_or_sealed(self, read, word, django_capture_on_commit_callbacks):
        submission = accepted(read).submission
        compiled = CompilationFactory(submission=submission, number=1, done=True)
        artifact = ArtifactFactory(compilation=compiled)
        draft = ArtifactFactory(compilation=CompilationFactory(submission=submission, number=2, done=True))
        word(submission=submission, compilation=compiled)
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(SomethingBuildsOnIt) as refused:
            undo(imported=read, person=None, now=LATER)
        named = "; ".join(each.words for each in refused.value.builds)
        assert str(compiled) in named
        assert str(draft.compilation) not in named
        assert Compilation.objects.count() == 2
        assert all(default_storage.exists(each.file.name) for each in (artifact, draft))


def read_again(imported: Import) -> Import:
    return Import.objects.get(pk=imported.pk)
