"""Old documents in: asking, reading in a worker, filing, taking back; with two who do it at once."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pghistory
import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone

from initiatives.choices import PartKind, PassageKind
from initiatives.models import (
    Document,
    Initiative,
    Mention,
    Passage,
    PassageText,
    Reference,
    SearchEntry,
    SearchKind,
)
from portal.common.errors import PersonError
from portal.common.leases import TRIES, LeaseLost
from reporting.choices import CallState, DamageKind, ImportState, ProposalKind, RecordKind
from reporting.importing import run
from reporting.importing.blocks import printed_words
from reporting.importing.errors import CannotRead
from reporting.models import Call, Import, Item, Layout, Section, Submission
from reporting.services.imports import (
    AlreadyFiled,
    AlreadyRead,
    AlreadyUndone,
    CouldNotBeRead,
    NotReadYet,
    OnlySubmissionsAnswerASession,
    ProposalsChanged,
    SubmissionWithoutSession,
    accept,
    digest,
    proposals_of,
    request_import,
)
from reporting.services.undoing import NothingToUndo, SomethingBuildsOnIt, undo
from reporting.tasks import read_import_task, wake_imports_task
from tests.factories import (
    NOON,
    CallFactory,
    ClearanceFactory,
    CompilationFactory,
    EntityFactory,
    ItemFactory,
    KindFactory,
    MentionFactory,
    PassageFactory,
    PrintedVersionFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.importing import SUBMISSION, accepted, asked_for, read_in, sent
from tests.support.workers import empty_queue, wait_until

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def loom():
    KindFactory(code="project")
    return EntityFactory(code="LOOM", name_en="The Loom House")


@pytest.fixture
def session():
    return SessionFactory(number=25, reporting_year=2021, starts_on="2022-03-28", ends_on="2022-04-02")


@pytest.fixture
def read(loom, session) -> Import:
    return read_in(SUBMISSION, loom, session=session)


def rows() -> Counter[str]:
    """All rows of our own tables, but for those of the history."""
    models = [
        model
        for label in ("portal", "initiatives", "reporting")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not model._meta.proxy and not hasattr(model, "pgh_id")
    ]
    return Counter({model._meta.label: model._base_manager.count() for model in models})


def stored() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


class TestRequestImport:
    def test_keeps_the_file_and_waits_for_a_worker(self, loom):
        imported = asked_for(loom, text="A sentence.", name="Old submission.txt")
        assert imported.state == ImportState.QUEUED
        assert imported.file.read() == b"A sentence."
        assert imported.file_name == "Old submission.txt"
        assert imported.size == 11

    def test_keeps_the_order_in_which_entities_are_named(self, loom):
        other = EntityFactory(code="AAA")
        imported = request_import(sent(b"Words.", loom, entities=[loom, other]), now=NOON)
        assert imported.entities_in_order == [loom, other]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("a\x00b\n.txt", "ab.txt"), ("\udcff.txt", "?.txt"), ("n" * 300 + ".docx", "n" * 250 + ".docx")],
    )
    def test_keeps_a_name_that_a_page_can_show(self, loom, name, kept):
        assert asked_for(loom, name=name).file_name == kept

    def test_refuses_the_same_file_again_and_names_the_former(self, loom):
        former = asked_for(loom)
        with pytest.raises(AlreadyRead, match=f"see import {former.pk}") as refused:
            asked_for(loom, name="another name.txt")
        assert refused.value.former == former
        assert len(stored()) == 1

    def test_takes_the_same_file_for_others_and_after_a_failure(self, loom, session):
        former = asked_for(loom)
        asked_for(EntityFactory())
        asked_for(loom, session=session)
        request_import(sent(b"A sentence that waits.", loom, entities=[loom, EntityFactory()]), now=NOON)
        Import.objects.filter(pk=former.pk).update(state=ImportState.FAILED, failure="It is a picture.")
        assert asked_for(loom).pk != former.pk

    def test_asks_a_submission_for_its_session_and_only_that(self, loom, session):
        with pytest.raises(SubmissionWithoutSession):
            asked_for(loom, kind="submission")
        with pytest.raises(OnlySubmissionsAnswerASession):
            asked_for(loom, session=session, kind="letter")
        assert not stored()


class TestReading:
    def test_gives_a_document_every_word_of_the_file(self, loom, session):
        imported = asked_for(loom, text=SUBMISSION, session=session)
        read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.state == ImportState.READ
        printed = [word for part in imported.document.parts.all() for word in part.printed.split()]
        source = run.blocks.from_json(imported.reading)
        assert Counter(printed) == Counter(printed_words(source.blocks))
        assert len(printed) == source.words

    def test_puts_footnotes_where_they_stand(self, read):
        part = read.document.parts.get(printed__startswith="Mills in Kenya")
        assert '<span data-footnote="Project number 190123.">*</span>' in part.body
        assert part.kind == PartKind.PARAGRAPH

    def test_keeps_the_file_with_the_document_which_is_not_public(self, read):
        assert not read.file
        assert read.document.file.read() == SUBMISSION.encode()
        assert read.document.sha256 == read.sha256
        assert read.document.published_at is None
        assert not Mention.objects.exists()

    def test_is_done_once_when_the_message_comes_twice(self, loom):
        imported = asked_for(loom)
        read_import_task(import_id=imported.pk)
        read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.attempt == 1
        assert Document.objects.count() == 1

    def test_ends_with_the_sentence_of_the_reader_and_lets_the_file_go(self, loom, django_capture_on_commit_callbacks):
        imported = request_import(sent(b"\x89PNG\r\n\x1a\n" + bytes(100), loom, name="scan.png"), now=NOON)
        with django_capture_on_commit_callbacks(execute=True):
            read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.state == ImportState.FAILED
        assert imported.failure.endswith(".")
        assert not imported.file
        assert stored() == []
        assert not Document.objects.exists()

    def test_says_that_the_store_has_lost_the_file(self, loom):
        imported = asked_for(loom)
        default_storage.delete(imported.file.name)
        read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.failure == run.FILE_IS_GONE

    def test_cannot_be_filed_by_a_worker_that_lost_its_lease(self, loom):
        imported = asked_for(loom)
        slow = run.claim_import(import_id=imported.pk, now=NOON)
        assert run.claim_import(import_id=imported.pk, now=NOON) is None
        quick = run.claim_import(import_id=imported.pk, now=NOON + dt.timedelta(minutes=5))
        with pytest.raises(LeaseLost):
            run.read_import(imported=slow)
        assert not Document.objects.exists()
        run.read_import(imported=quick)
        run.give_up(imported=slow, sentence="Too late.")
        imported.refresh_from_db()
        assert imported.state == ImportState.READ
        assert imported.document.file.read() == b"A sentence that waits."

    @pytest.mark.django_db(transaction=True)  # the task gives up a connection that may be broken
    def test_is_tried_again_after_a_pause_and_given_up_at_last(self, loom, monkeypatch):
        def break_down(**_facts: object) -> None:
            raise OperationalError("the database restarts")

        monkeypatch.setattr(run, "keep_reading", break_down)
        imported = asked_for(loom)
        for attempt in range(1, TRIES + 1):
            read_import_task(import_id=imported.pk)
            imported.refresh_from_db()
            assert imported.attempt == attempt
            Import.objects.filter(state=ImportState.READING).update(lease_until=NOON)
        assert imported.state == ImportState.FAILED
        assert imported.failure == run.UNAVAILABLE

    def test_is_given_up_when_its_workers_vanish_each_time(self, loom):
        imported = asked_for(loom)
        Import.objects.update(state=ImportState.READING, attempt=TRIES, lease_until=NOON)
        read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.state == ImportState.FAILED

    def test_fails_with_a_sentence_when_nobody_expected_what_happened(self, loom, monkeypatch):
        def stumble(**_facts: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(run, "keep_reading", stumble)
        imported = asked_for(loom)
        read_import_task(import_id=imported.pk)
        imported.refresh_from_db()
        assert imported.failure == run.UNEXPECTED

    def test_at_once_keeps_nothing_of_a_file_that_is_refused(self, loom):
        before = rows()
        with pytest.raises(CannotRead):
            read_in("   ", loom)
        assert rows() == before
        assert stored() == []


@pytest.mark.django_db(transaction=True)
class TestARealWorker:
    def test_reads_what_waits_though_its_message_was_lost_and_comes_twice_later(self, start_worker, loom):
        imported = asked_for(loom, text=SUBMISSION, session=SessionFactory(number=25))
        empty_queue()
        wake_imports_task()
        wake_imports_task()
        first, second = start_worker("one"), start_worker("two")

        def is_read() -> bool:
            imported.refresh_from_db()
            return imported.state == ImportState.READ

        wait_until(is_read, 60, lambda: first.said() + second.said())
        wait_until(lambda: (first.said() + second.said()).count("succeeded in") >= 2, 20, first.said)
        imported.refresh_from_db()
        assert imported.attempt == 1
        assert Document.objects.count() == 1


class TestAccept:
    def test_files_the_submission_from_records(self, read, loom, session):
        person = UserFactory()
        done = accepted(read, by=person, now=LATER)
        assert done.state == ImportState.FILED
        assert (done.decided_by, done.decided_at) == (person, LATER)
        submission = Submission.objects.get()
        assert done.submission == submission
        assert list(submission.entities.all()) == [loom]
        assert submission.call.session == session
        assert submission.call.state == CallState.OPEN  # its session is still to come
        assert Initiative.objects.count() == 2
        assert submission.sections.count() == 4
        assert Document.objects.get().published_at == LATER

    def test_says_what_it_created_in_an_order_that_can_be_undone(self, read):
        done = accepted(read)
        labels = [label for label, _key in done.created]
        assert labels[0] == Call._meta.label
        assert labels.index(Layout._meta.label) < labels.index(Submission._meta.label)
        assert labels.index(Section._meta.label) < labels.index(Item._meta.label)
        for label, key in done.created:
            assert apps.get_model(label)._base_manager.filter(pk=key).exists(), label

    def test_leaves_out_what_a_person_refused(self, read):
        found = proposals_of(read)
        passage = found.of(ProposalKind.PASSAGE)[0]
        initiative = next(each for each in found.of(ProposalKind.INITIATIVE) if "tanneries" in each.facts["title"])
        references = [each.key for each in found.of(ProposalKind.REFERENCE)]
        choices = {
            "refused": references,
            "initiatives": {initiative.key: "passage"},
            "passages": {passage.key: PassageKind.LESSON},
        }
        accepted(read, **choices)
        assert not Reference.objects.exists()
        assert Initiative.objects.count() == 1
        assert Passage.objects.filter(kind=PassageKind.LESSON).exists()
        read.refresh_from_db()
        assert read.choices == choices

    @pytest.mark.parametrize(
        ("state", "error"),
        [
            (ImportState.QUEUED, NotReadYet),
            (ImportState.READING, NotReadYet),
            (ImportState.FAILED, CouldNotBeRead),
            (ImportState.FILED, AlreadyFiled),
            (ImportState.UNDONE, AlreadyUndone),
        ],
    )
    def test_refuses_what_does_not_wait_for_a_person(self, read, state, error):
        Import.objects.update(state=state, failure="A picture.", decided_at=NOON)
        before = rows()
        with pytest.raises(error):
            accepted(read)
        assert rows() == before

    def test_refuses_when_records_have_changed_since_they_were_shown(self, read, loom):
        shown = digest(proposals_of(read))
        Initiative.objects.create(entity=loom, kind=KindFactory(code="project"), slug="mills").texts.create(
            language="en", title="Open workshops for small mills"
        )
        before = rows()
        with pytest.raises(ProposalsChanged) as changed:
            accept(imported=read, person=None, choices={}, now=LATER, shown=shown)
        assert rows() == before
        now_shown = digest(changed.value.proposals)
        assert accept(imported=read, person=None, choices={}, now=LATER, shown=now_shown).state == ImportState.FILED
        assert Initiative.objects.count() == 2

    def test_makes_the_parts_anew_where_a_mend_was_refused(self, loom):
        imported = read_in("The weavers came together in a hall and spoke of industriali-\nzation.\n", loom)
        part = imported.document.parts.get()
        assert part.body.endswith("spoke of industrialization.</p>")
        (finding,) = proposals_of(imported).mended.findings
        assert (finding.kind, finding.certainty) == (DamageKind.CUT_WORD, "proposed")
        accepted(imported, refused_mends=[finding.key])
        anew = imported.document.parts.get()
        assert anew.body.endswith("spoke of industriali- zation.</p>")
        assert anew.printed == part.printed

    def test_leaves_nothing_behind_when_it_fails_half_way(self, read, monkeypatch):
        def stumble(*_args: object) -> list[object]:
            raise ZeroDivisionError

        monkeypatch.setattr("reporting.services.imports._links_of", stumble)
        before = rows()
        with pytest.raises(ZeroDivisionError):
            accepted(read)
        assert rows() == before


def at_once(*acts: Callable[[], object]) -> list[PersonError | None]:
    """Let several people act at the same time, each over a connection of their own; return what they were told."""
    told: list[PersonError | None] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def act(number: int) -> None:
        try:
            start.wait(10)
            acts[number]()
        except PersonError as error:
            told[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_send_one_file_once(self, loom):
        told = at_once(*[lambda: asked_for(loom)] * 2)
        assert [type(each) for each in sorted(told, key=str)].count(AlreadyRead) == 1
        assert Import.objects.count() == 1

    def test_file_it_once(self, read):
        told = at_once(*[lambda: accepted(read)] * 2)
        assert sorted(type(each).__name__ for each in told) == ["AlreadyFiled", "NoneType"]
        assert Submission.objects.count() == 1

    def test_file_two_documents_of_one_session_one_after_the_other(self, loom, session):
        first = read_in(SUBMISSION, loom, session=session)
        second = read_in(SUBMISSION + "\nOne more sentence.\n", loom, session=session)
        assert at_once(lambda: accepted(first), lambda: accepted(second)) == [None, None]
        assert sorted(Submission.objects.values_list("slug", flat=True)) == ["LOOM", "LOOM-imported"]
        assert Call.objects.count() == 1

    def test_take_it_back_once(self, read):
        accepted(read)
        told = at_once(*[lambda: undo(imported=read, person=None, now=LATER)] * 2)
        assert sorted(type(each).__name__ for each in told) == ["AlreadyUndone", "NoneType"]


class TestUndo:
    def test_restores_exactly_what_was_before(self, read):
        before = rows()
        accepted(read)
        assert rows() != before
        person = UserFactory()
        done = undo(imported=read, person=person, now=LATER)
        del before["portal.User"]
        after = rows()
        del after["portal.User"]
        assert after == before
        assert done.state == ImportState.UNDONE
        assert (done.decided_by, done.decided_at, done.submission) == (person, LATER, None)
        assert Document.objects.get().published_at is None

    def test_lets_the_same_file_be_read_and_filed_again(self, read, loom, session):
        accepted(read)
        undo(imported=read, person=None, now=LATER)
        again = accepted(read_in(SUBMISSION, loom, session=session))
        assert again.submission.slug == "LOOM"

    def test_drops_proposals_that_nobody_filed(self, read, loom, session):
        assert undo(imported=read, person=None, now=LATER).state == ImportState.UNDONE
        read_in(SUBMISSION, loom, session=session, language="fr")

    @pytest.mark.parametrize("state", [ImportState.QUEUED, ImportState.READING, ImportState.FAILED])
    def test_has_nothing_to_do_before(self, read, state):
        Import.objects.update(state=state, failure="A picture.")
        with pytest.raises(NothingToUndo):
            undo(imported=read, person=None, now=LATER)

    def test_is_done_once(self, read):
        accepted(read)
        undo(imported=read, person=None, now=LATER)
        with pytest.raises(AlreadyUndone):
            undo(imported=read, person=None, now=LATER)

    def refused(self, imported: Import) -> str:
        before = rows()
        with pytest.raises(SomethingBuildsOnIt) as refused:
            undo(imported=imported, person=None, now=LATER)
        assert rows() == before
        assert len(refused.value.builds) == 1
        assert refused.value.builds[0].words in str(refused.value)
        return refused.value.builds[0].words

    def test_is_refused_when_the_text_of_the_submission_was_cleared(self, read):
        submission = accepted(read).submission
        cleared = ClearanceFactory(compilation=CompilationFactory(submission=submission, number=1, done=True))
        with pytest.raises(SomethingBuildsOnIt, match="compilation"):
            undo(imported=read, person=None, now=LATER)
        assert submission.clearances.get() == cleared

    def test_is_refused_when_an_initiative_has_another_update(self, read):
        accepted(read)
        initiative = Initiative.objects.first()
        UpdateFactory(initiative=initiative, period_start="2016-01-01", period_end="2017-01-01")
        assert "update" in self.refused(read)

    def test_is_refused_when_another_submission_prints_a_passage(self, read):
        accepted(read)
        ItemFactory(section=SectionFactory(), passage=Passage.objects.first())
        assert "item" in self.refused(read)

    def test_is_refused_when_another_document_mentions_an_initiative(self, read):
        accepted(read)
        MentionFactory(initiative=Initiative.objects.first())
        assert "mention" in self.refused(read)

    def test_is_refused_when_another_text_cites_a_reference(self, read):
        accepted(read)
        cited = Reference.objects.first()
        PassageFactory(body=f'<p>Words.<span data-footnote="" data-reference="{cited.pk}">*</span></p>')
        assert "passage" in self.refused(read)

    def test_is_refused_when_a_text_was_changed(self, read):
        accepted(read)
        text = PassageText.objects.first()
        text.body = "<p>Other words.</p>"
        with pghistory.context(request="another one"):
            text.save()
        assert "was changed since" in self.refused(read)

    def test_is_refused_when_somebody_joined_the_submission(self, read):
        submission = accepted(read).submission
        submission.entities.add(EntityFactory())
        self.refused(read)

    def test_is_refused_when_a_version_of_it_was_printed_elsewhere(self, read):
        accepted(read)
        passage = Passage.objects.first()
        PrintedVersionFactory(
            compilation=CompilationFactory(done=True), kind=RecordKind.PASSAGE, record_id=passage.pk, language="en"
        )
        assert "compilation" in self.refused(read)

    def test_names_twenty_and_counts_the_rest(self, read):
        accepted(read)
        initiative = Initiative.objects.first()
        for year in range(1990, 2013):
            UpdateFactory(initiative=initiative, period_start=f"{year}-01-01", period_end=f"{year + 1}-01-01")
        with pytest.raises(SomethingBuildsOnIt, match="and 3 more") as refused:
            undo(imported=read, person=None, now=LATER)
        assert len(refused.value.builds) == 23

    def test_does_not_mind_what_machines_note(self, read):
        accepted(read)
        Reference.objects.update(last_checked_at=timezone.now())
        assert undo(imported=read, person=None, now=LATER).state == ImportState.UNDONE

    def test_leaves_a_call_that_others_answer_by_now(self, read):
        call = accepted(read).submission.call
        SubmissionFactory(call=call, entities=[EntityFactory()])
        undo(imported=read, person=None, now=LATER)
        assert Call.objects.get() == call
        assert not Submission.objects.filter(slug="LOOM").exists()

    def test_leaves_what_was_there_before_and_the_document(self, loom, session):
        call = CallFactory(slug="25", session=session)
        SubmissionFactory(call=call, slug="LOOM", entities=[loom])
        initiative = Initiative.objects.create(entity=loom, kind=KindFactory(code="project"), slug="mills")
        initiative.texts.create(language="en", title="Open workshops for small mills")
        before = rows()
        imported = read_in(SUBMISSION, loom, session=session)
        done = accepted(imported)
        assert done.submission.slug == "LOOM-imported"
        assert initiative.updates.get().decided_at
        undo(imported=imported, person=None, now=LATER)
        after = rows()
        of_document = SearchEntry.objects.filter(kind=SearchKind.DOCUMENT)
        after["initiatives.SearchEntry"] -= of_document.count()
        for label in ("reporting.Import", "reporting.Import_entities", "initiatives.Document", "initiatives.Part"):
            del after[label], before[label]
        assert after == before
        assert set(of_document.values_list("record_id", flat=True)) == {imported.document_id}
