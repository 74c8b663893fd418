"""Clearing, sealing, and what may follow: the services."""

import copy
import datetime as dt
import threading

import pgtrigger
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings

from initiatives.choices import Role
from initiatives.models import Entity, InitiativeText, PassageText, Reference, UpdateText
from portal.models import User
from reporting.choices import Channel, FileFormat, FillingRule, IssueKind, SubmissionState
from reporting.models import CallCover, Clearance, Compilation, Item, Layout, Seal, Section, Submission, Withdrawal
from reporting.services import seals
from reporting.services.compilations import request_compilation, request_rebuild, retry_compilation
from reporting.services.submissions import SubmissionIsSealed, fill_sections
from reporting.tasks import review_cleared_task
from tests.factories import (
    NOON,
    CompilationFactory,
    EntityFactory,
    InitiativeFactory,
    SectionFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.loading import undone_afterwards
from tests.support.sealing import Dossier, cleared, frozen, prepared, sealed

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def dossier() -> Dossier:
    return prepared()


def state_of(dossier: Dossier) -> str:
    return Submission.objects.get(pk=dossier.submission.pk).state


def clear(dossier: Dossier, compilation: Compilation, code: str = "UNIDO", now: dt.datetime = NOON) -> Clearance:
    entity = Entity.objects.get(code=code)
    return seals.clear(compilation=compilation, entity=entity, user=dossier.focal_points[code], now=now)


def seal(dossier: Dossier, compilation: Compilation, now: dt.datetime = LATER) -> Seal:
    return seals.seal(
        submission=dossier.submission, fingerprint=compilation.fingerprint, user=dossier.secretariat, now=now
    )


class TestAskForReview:
    @pytest.mark.parametrize("state", [SubmissionState.ASKED, SubmissionState.DRAFTING, SubmissionState.RETURNED])
    def test_puts_a_draft_before_the_focal_points(self, state):
        dossier = prepared(state=state)
        seals.ask_for_review(submission=dossier.submission, user=dossier.secretariat)
        assert state_of(dossier) == SubmissionState.IN_REVIEW

    def test_refuses_a_second_time(self, dossier):
        with pytest.raises(seals.NotInDraft):
            seals.ask_for_review(submission=dossier.submission, user=dossier.focal_point)

    def test_refuses_a_sealed_one(self, dossier):
        sealed(dossier)
        with pytest.raises(SubmissionIsSealed):
            seals.ask_for_review(submission=dossier.submission, user=dossier.focal_point)

    def test_is_not_for_staff(self):
        dossier = prepared(state=SubmissionState.DRAFTING)
        with pytest.raises(seals.NotYours):
            seals.ask_for_review(
                submission=dossier.submission, user=UserFactory(role=Role.STAFF, entity=dossier.entity)
            )


class TestReturnSubmission:
    def test_needs_a_reason_that_the_history_keeps(self, dossier):
        with pytest.raises(seals.ReturnNeedsReason):
            seals.return_submission(submission=dossier.submission, reason=" ", user=dossier.focal_point, now=NOON)
        seals.return_submission(
            submission=dossier.submission, reason="Name the country.", user=dossier.focal_point, now=NOON
        )
        assert state_of(dossier) == SubmissionState.RETURNED
        event = dossier.submission.events.latest("pgh_id")
        assert event.pgh_context.metadata["return_reason"] == "Name the country."

    def test_takes_clearances_back(self, dossier):
        cleared(dossier)
        seals.return_submission(
            submission=dossier.submission, reason="One more figure.", user=dossier.focal_point, now=LATER
        )
        clearance = Clearance.objects.get()
        assert (clearance.ended_at, clearance.end_reason) == (LATER, "One more figure.")

    def test_is_for_focal_points_alone(self, dossier):
        with pytest.raises(seals.NotYours):
            seals.return_submission(submission=dossier.submission, reason="No.", user=dossier.secretariat, now=NOON)

    @pytest.mark.parametrize("state", [SubmissionState.DRAFTING, SubmissionState.RETURNED])
    def test_refuses_what_is_not_in_review(self, state):
        dossier = prepared(state=state)
        with pytest.raises(seals.NotInReview):
            seals.return_submission(submission=dossier.submission, reason="No.", user=dossier.focal_point, now=NOON)

    def test_refuses_a_sealed_one(self, dossier):
        sealed(dossier)
        with pytest.raises(SubmissionIsSealed):
            seals.return_submission(submission=dossier.submission, reason="No.", user=dossier.focal_point, now=NOON)


class TestClear:
    def test_names_the_fingerprint_and_who_said_so(self, dossier):
        compilation = frozen(dossier.submission)
        clearance = clear(dossier, compilation)
        assert clearance.fingerprint == compilation.fingerprint
        assert (clearance.cleared_by, clearance.role) == (dossier.focal_point, Role.FOCAL_POINT)
        assert state_of(dossier) == SubmissionState.CLEARED

    def test_changes_nothing_by_a_second_click(self, dossier):
        compilation = frozen(dossier.submission)
        assert clear(dossier, compilation) == clear(dossier, compilation, now=LATER)
        assert Clearance.objects.get().cleared_at == NOON

    def test_needs_the_word_of_each_entity(self):
        dossier = prepared("UNCTAD", "ITC")
        compilation = frozen(dossier.submission)
        clear(dossier, compilation, "ITC")
        assert state_of(dossier) == SubmissionState.IN_REVIEW
        clear(dossier, compilation, "UNCTAD")
        assert state_of(dossier) == SubmissionState.CLEARED

    def test_counts_the_same_text_of_another_compilation(self):
        dossier = prepared("UNCTAD", "ITC")
        clear(dossier, frozen(dossier.submission), "ITC")
        clear(dossier, frozen(dossier.submission), "UNCTAD")
        assert state_of(dossier) == SubmissionState.CLEARED

    def test_ends_the_entitys_earlier_clearance(self, dossier):
        first, second = frozen(dossier.submission), frozen(dossier.submission)
        clear(dossier, first)
        clear(dossier, second, now=LATER)
        ended = Clearance.objects.get(compilation=first)
        assert (ended.ended_at, ended.end_reason) == (LATER, seals.ANOTHER_CLEARED)
        assert state_of(dossier) == SubmissionState.CLEARED

    def test_refuses_a_text_that_has_changed_since(self, dossier):
        compilation = frozen(dossier.submission)
        InitiativeText.objects.update(title="Learning centre")
        with pytest.raises(seals.TextHasChanged):
            clear(dossier, compilation)

    def test_refuses_a_text_of_which_nothing_is_left(self, dossier):
        compilation = frozen(dossier.submission)
        Item.objects.all().delete()
        with pytest.raises(seals.TextHasChanged):
            clear(dossier, compilation)

    @pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.STAFF])
    def test_is_for_focal_points_alone(self, dossier, role):
        person = UserFactory(role=role, entity=dossier.entity)
        with pytest.raises(seals.NotYours):
            seals.clear(compilation=frozen(dossier.submission), entity=dossier.entity, user=person, now=NOON)

    def test_is_not_for_the_other_entity_of_a_joint_one(self):
        dossier = prepared("UNCTAD", "ITC")
        with pytest.raises(seals.NotYours):
            seals.clear(
                compilation=frozen(dossier.submission),
                entity=Entity.objects.get(code="ITC"),
                user=dossier.focal_points["UNCTAD"],
                now=NOON,
            )

    @pytest.mark.parametrize("state", [SubmissionState.DRAFTING, SubmissionState.RETURNED])
    def test_waits_for_review(self, state):
        dossier = prepared(state=state)
        with pytest.raises(seals.NotInReview):
            clear(dossier, frozen(dossier.submission))

    def test_refuses_a_sealed_one(self, dossier):
        compilation = sealed(dossier).compilation
        with pytest.raises(SubmissionIsSealed):
            clear(dossier, compilation)

    def test_refuses_what_is_no_whole_compilation_in_the_language_of_the_submission(self, dossier):
        without_pdf = frozen(dossier.submission)
        without_pdf.artifacts.filter(format=FileFormat.PDF).delete()
        in_french = CompilationFactory(submission=dossier.submission, number=7, done=True, language="fr")
        waiting = CompilationFactory(submission=dossier.submission, number=8)
        for compilation, words in [(without_pdf, "all formats"), (in_french, "language"), (waiting, "finished")]:
            with pytest.raises(seals.NotClearable, match=words):
                clear(dossier, compilation)

    def test_refuses_a_rebuild(self, dossier):
        other = prepared(call="26")
        rebuild = frozen(dossier.submission)
        Compilation.objects.filter(pk=rebuild.pk).update(rebuilds=sealed(other))
        rebuild.refresh_from_db()
        with pytest.raises(seals.NotClearable, match="rebuild"):
            clear(dossier, rebuild)


def change_initiative_title(dossier):
    InitiativeText.objects.update(title="Learning centre")


def change_update(dossier):
    UpdateText.objects.update(paragraph="<p>Fifty people learned to weld in Lima.</p>")


def change_passage(dossier):
    PassageText.objects.update(body="<p>The year, shorter.</p>")


def change_section_heading(dossier):
    Section.objects.filter(name_en="Initiatives").update(name_en="Projects")


def change_cover(dossier):
    CallCover.objects.update(lines=[{"style": "title", "text": "Other words"}])


def change_layout(dossier):
    Layout.objects.update(heading_numbers="roman")


def change_reference(dossier):
    Reference.objects.update(text="Annual report, p. 15.")


def rename_entity(dossier):
    Entity.objects.update(name_en="Renamed")


def change_order(dossier):
    first, second = Item.objects.filter(section__is_summary=True).order_by("order")
    Item.objects.filter(pk=first.pk).update(order=second.order + 1)


def change_wording(dossier):
    Item.objects.filter(initiative__isnull=False).update(text_source="wording", wording="<p>Own words.</p>")


def delete_item(dossier):
    Item.objects.filter(initiative__isnull=False).delete()


def delete_all(dossier):
    Item.objects.all().delete()


CHANGES = [
    change_initiative_title,
    change_update,
    change_passage,
    change_section_heading,
    change_cover,
    change_layout,
    change_reference,
    rename_entity,
    change_order,
    change_wording,
    delete_item,
    delete_all,
]


@pytest.fixture(scope="class")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """A cleared submission of UNIDO, its compilation and the folder of its files."""
    folder = tmp_path_factory.mktemp("files")
    with undone_afterwards(django_db_blocker):
        with override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            dossier = prepared("UNIDO")
            compilation = cleared(dossier)
        yield dossier, compilation, folder


@pytest.fixture
def of_unido(made_once, settings, db):
    """The submission and its compilation, the same for each test of a class: what a test changes is undone."""
    dossier, compilation, settings.MEDIA_ROOT = copy.deepcopy(made_once)
    return dossier, compilation


class TestAnyChange:
    @pytest.mark.parametrize("change", CHANGES)
    def test_sets_a_cleared_submission_back_to_review(self, of_unido, change):
        dossier, compilation = of_unido
        change(dossier)
        review_cleared_task()
        assert state_of(dossier) == SubmissionState.IN_REVIEW
        clearance = Clearance.objects.get()
        assert clearance.end_reason == seals.TEXT_CHANGED
        with pytest.raises(seals.NotCleared):
            seal(dossier, compilation)

    @pytest.mark.parametrize("change", CHANGES)
    def test_is_found_by_the_seal_itself(self, of_unido, change):
        dossier, compilation = of_unido
        change(dossier)
        with pytest.raises(seals.ClearedTextHasChanged):
            seal(dossier, compilation)
        assert state_of(dossier) == SubmissionState.IN_REVIEW
        assert not Seal.objects.exists()


class TestReviewClearedTask:
    def test_ends_a_joint_clearance_that_is_not_whole_yet(self):
        dossier = prepared("UNCTAD", "ITC")
        clear(dossier, frozen(dossier.submission), "ITC")
        change_update(dossier)
        review_cleared_task()
        assert Clearance.objects.get().end_reason == seals.TEXT_CHANGED
        assert state_of(dossier) == SubmissionState.IN_REVIEW

    def test_leaves_an_unchanged_text_cleared(self, dossier):
        cleared(dossier)
        review_cleared_task()
        assert state_of(dossier) == SubmissionState.CLEARED
        assert Clearance.objects.get().ended_at is None

    def test_does_its_work_once(self, dossier):
        cleared(dossier)
        change_update(dossier)
        review_cleared_task()
        ended_at = Clearance.objects.get().ended_at
        review_cleared_task()
        assert Clearance.objects.get().ended_at == ended_at

    def test_goes_on_after_one_that_cannot_be_read(self, dossier):
        broken, other = prepared("ITC", call="24"), prepared("UNDESA", call="26")
        for each in (dossier, broken, other):
            cleared(each)
        change_update(dossier)
        CallCover.objects.filter(call__slug="24").update(lines=[{"style": "title"}])  # without its text
        review_cleared_task()
        assert [state_of(each) for each in (dossier, broken, other)] == ["in_review", "cleared", "in_review"]

    def test_leaves_sealed_ones_alone(self, dossier):
        sealed(dossier)
        change_update(dossier)
        review_cleared_task()
        assert state_of(dossier) == SubmissionState.SEALED
        assert Clearance.objects.get().ended_at is None


class TestSeal:
    def test_makes_the_cleared_text_final(self, dossier):
        compilation = cleared(dossier)
        made = seal(dossier, compilation)
        assert state_of(dossier) == SubmissionState.SEALED
        assert (made.compilation, made.fingerprint) == (compilation, compilation.fingerprint)
        assert (made.sealed_by, made.role, made.entity) == (dossier.secretariat, Role.SECRETARIAT, dossier.entity)
        assert made.sealed_at == LATER

    def test_counts_through_the_portal(self, dossier):
        numbers = [sealed(each).number for each in (dossier, prepared("ITC"), prepared("UNDESA"))]
        assert numbers == [1, 2, 3]

    def test_leaves_no_gap_after_a_refusal(self, dossier):
        other = prepared("ITC")
        compilation = cleared(other)
        default_storage.delete(compilation.artifacts.first().file.name)
        with pytest.raises(seals.FilesNotWhole):
            seal(other, compilation)
        assert sealed(dossier).number == 1

    def test_takes_the_latest_compilation_of_the_cleared_text(self):
        dossier = prepared("UNCTAD", "ITC")
        first, second = frozen(dossier.submission), frozen(dossier.submission)
        clear(dossier, second, "ITC")
        clear(dossier, first, "UNCTAD")
        assert seal(dossier, first).compilation == second

    @pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.STAFF])
    def test_is_for_the_secretariat_alone(self, dossier, role):
        compilation = cleared(dossier)
        person = UserFactory(role=role, entity=dossier.entity)
        with pytest.raises(seals.NotYours):
            seals.seal(submission=dossier.submission, fingerprint=compilation.fingerprint, user=person, now=NOON)

    def test_is_not_for_another_entity(self, dossier):
        compilation = cleared(dossier)
        with pytest.raises(seals.NotYours):
            seals.seal(
                submission=dossier.submission,
                fingerprint=compilation.fingerprint,
                user=UserFactory(role=Role.SECRETARIAT),
                now=NOON,
            )

    def test_refuses_what_is_not_cleared(self, dossier):
        with pytest.raises(seals.NotCleared):
            seal(dossier, frozen(dossier.submission))

    def test_refuses_another_fingerprint_than_the_cleared_one(self, dossier):
        old = frozen(dossier.submission)
        change_update(dossier)
        cleared(dossier)
        with pytest.raises(seals.NotCleared):
            seal(dossier, old)

    def test_refuses_half_a_clearance(self):
        dossier = prepared("UNCTAD", "ITC")
        compilation = frozen(dossier.submission)
        clear(dossier, compilation, "UNCTAD")
        with pytest.raises(seals.NotCleared):
            seal(dossier, compilation)

    def test_refuses_a_second_time(self, dossier):
        compilation = cleared(dossier)
        seal(dossier, compilation)
        with pytest.raises(seals.AlreadySealed):
            seal(dossier, compilation)

    def test_refuses_a_file_that_is_not_the_one_that_was_made(self, dossier):
        compilation = cleared(dossier)
        artifact = compilation.artifacts.get(format=FileFormat.PDF)
        with default_storage.open(artifact.file.name, "wb") as stored:
            stored.write(b"Another file.")
        with pytest.raises(seals.FilesNotWhole, match=r"UNIDO-CSTD-25-1\.pdf"):
            seal(dossier, compilation)
        assert state_of(dossier) == SubmissionState.CLEARED

    def test_refuses_a_text_that_somebody_edited_in_the_database(self, dossier):
        compilation = cleared(dossier)
        with pgtrigger.ignore("reporting.Compilation:finished_compilation_stays"):
            Compilation.objects.update(snapshot=compilation.snapshot | {"title": "Other"})
        with pytest.raises(seals.StoredTextNotWhole):
            seal(dossier, compilation)


class TestReceiptOfASeal:
    def test_leaves_out_who_cleared_another_text_for_an_entity_that_has_left(self, dossier):
        other = frozen(dossier.submission)
        left = UserFactory(role=Role.FOCAL_POINT, entity=EntityFactory(code="ITC"))
        Clearance.objects.create(
            submission=dossier.submission,
            compilation=other,
            entity=Entity.objects.get(code="ITC"),
            fingerprint="0" * 64,
            cleared_by=left,
            role=Role.FOCAL_POINT,
        )
        assert [each["entity"] for each in sealed(dossier).receipt["cleared"]] == ["UNIDO"]


@pytest.mark.django_db(transaction=True)
class TestTwoWhoSealAtOnce:
    def run_both(self, *acts) -> list[object]:
        start, outcomes = threading.Barrier(len(acts)), []

        def run(act) -> None:
            start.wait()
            try:
                outcomes.append(act())
            except Exception as error:
                outcomes.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def test_have_one_winner_and_the_other_a_sentence(self):
        dossier = prepared()
        compilation = cleared(dossier)
        outcomes = self.run_both(*[lambda: seal(dossier, compilation)] * 2)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadySealed", "Seal"]
        assert Seal.objects.count() == 1

    def test_get_numbers_without_gap_for_different_submissions(self):
        dossiers = [prepared(), prepared("ITC"), prepared("UNDESA")]
        compilations = [cleared(dossier) for dossier in dossiers]
        acts = [
            lambda dossier=dossier, compilation=compilation: seal(dossier, compilation)
            for dossier, compilation in zip(dossiers, compilations, strict=True)
        ]
        self.run_both(*acts)
        assert sorted(Seal.objects.values_list("number", flat=True)) == [1, 2, 3]

    def test_clear_or_return_one_after_the_other(self):
        dossier = prepared()
        compilation = frozen(dossier.submission)
        outcomes = self.run_both(
            lambda: clear(dossier, compilation),
            lambda: seals.return_submission(
                submission=dossier.submission, reason="Wait.", user=dossier.focal_point, now=NOON
            ),
        )
        returned = Submission.objects.get()
        assert returned.state == SubmissionState.RETURNED
        assert not Clearance.objects.filter(ended_at=None).exists()
        assert len(outcomes) == 2


class TestASealedSubmission:
    def test_is_not_compiled_again(self, dossier):
        sealed(dossier)
        with pytest.raises(SubmissionIsSealed):
            request_compilation(submission=dossier.submission, now=NOON)

    def test_is_not_filled(self, dossier):
        SectionFactory(submission=dossier.submission, rule=FillingRule.INITIATIVES)
        sealed(dossier)
        news = InitiativeFactory(entity=dossier.entity, published=True)
        UpdateFactory(initiative=news, paragraph="<p>News.</p>")
        before = Item.objects.count()
        assert fill_sections(submission=dossier.submission) == 0
        assert Item.objects.count() == before

    def test_has_no_failed_draft_tried_again(self, dossier):
        failed = CompilationFactory(submission=dossier.submission, number=9, failed=True)
        sealed(dossier)
        failed.refresh_from_db()
        with pytest.raises(SubmissionIsSealed):
            retry_compilation(compilation=failed, now=NOON)


class TestRequestRebuild:
    def test_queues_the_files_of_the_seal_once(self, dossier):
        made = sealed(dossier)
        rebuild = request_rebuild(seal=made, user=dossier.focal_point, now=NOON)
        assert (rebuild.rebuilds, rebuild.formats) == (made, made.compilation.formats)
        assert request_rebuild(seal=made, user=dossier.focal_point, now=NOON) == rebuild

    def test_can_be_tried_again(self, dossier):
        made = sealed(dossier)
        failed = CompilationFactory(submission=dossier.submission, number=9, failed=True, rebuilds=made)
        assert retry_compilation(compilation=failed, now=NOON).state == "queued"


class TestWithdrawal:
    def propose(self, made: Seal, user: User, reason: str = "A figure was wrong.") -> Withdrawal:
        return seals.propose_withdrawal(seal=made, reason=reason, user=user, now=LATER)

    def confirm(self, withdrawal: Withdrawal, user: User) -> Withdrawal:
        return seals.confirm_withdrawal(withdrawal=withdrawal, user=user, now=LATER)

    def test_takes_two_people_and_a_reason(self, dossier):
        proposed = self.propose(sealed(dossier), dossier.secretariat)
        assert state_of(dossier) == SubmissionState.SEALED
        withdrawal = self.confirm(proposed, dossier.focal_point)
        assert state_of(dossier) == SubmissionState.WITHDRAWN
        assert (withdrawal.proposed_role, withdrawal.confirmed_role) == (Role.SECRETARIAT, Role.FOCAL_POINT)
        assert withdrawal.is_confirmed

    def test_needs_a_reason(self, dossier):
        with pytest.raises(seals.WithdrawalNeedsReason):
            self.propose(sealed(dossier), dossier.secretariat, " ")

    def test_is_not_confirmed_by_who_proposed_it(self, dossier):
        proposed = self.propose(sealed(dossier), dossier.secretariat)
        with pytest.raises(seals.WithdrawalNeedsAnotherPerson):
            self.confirm(proposed, dossier.secretariat)

    def test_is_proposed_by_a_secretariat(self, dossier):
        made = sealed(dossier)
        for person in (dossier.focal_point, UserFactory(role=Role.STAFF, entity=dossier.entity), UserFactory()):
            with pytest.raises(seals.NotYours):
                self.propose(made, person)

    def test_is_the_commissions_once_it_was_sent(self, dossier):
        made = sealed(dossier)
        commission, colleague = UserFactory(role=Role.COMMISSION), UserFactory(role=Role.COMMISSION)
        with pytest.raises(seals.NotYours):
            self.propose(made, commission)
        deliver(made, dossier)
        proposed = self.propose(made, commission)
        assert proposed.proposed_role == Role.COMMISSION
        assert self.confirm(proposed, colleague).confirmed_role == Role.COMMISSION

    def test_is_not_confirmed_by_staff(self, dossier):
        proposed = self.propose(sealed(dossier), dossier.secretariat)
        with pytest.raises(seals.NotYours):
            self.confirm(proposed, UserFactory(role=Role.STAFF, entity=dossier.entity))

    def test_is_proposed_once(self, dossier):
        made = sealed(dossier)
        self.propose(made, dossier.secretariat)
        with pytest.raises(seals.WithdrawalProposed):
            self.propose(made, dossier.secretariat)

    def test_is_confirmed_for_the_reason_that_was_read(self, dossier):
        made = sealed(dossier)
        first = self.propose(made, dossier.secretariat)
        read_before = Withdrawal.objects.get(pk=first.pk)
        seals.drop_withdrawal(withdrawal=first, user=dossier.secretariat)
        self.propose(made, dossier.secretariat, "Another reason.")
        with pytest.raises(seals.NoWithdrawalProposed):
            self.confirm(read_before, dossier.focal_point)

    def test_stays_once_it_is_confirmed(self, dossier):
        made = sealed(dossier)
        proposed = self.propose(made, dossier.secretariat)
        self.confirm(proposed, dossier.focal_point)
        with pytest.raises(seals.AlreadyWithdrawn):
            seals.drop_withdrawal(withdrawal=proposed, user=dossier.secretariat)
        with pytest.raises(seals.AlreadyWithdrawn):
            self.confirm(proposed, dossier.focal_point)
        with pytest.raises(seals.AlreadyWithdrawn):
            self.propose(made, dossier.secretariat)

    def test_ends_sending(self, dossier):
        made = sealed(dossier)
        self.confirm(self.propose(made, dossier.secretariat), dossier.focal_point)
        with pytest.raises(seals.AlreadyWithdrawn):
            deliver(made, dossier)


def deliver(made: Seal, dossier: Dossier, **facts):
    wanted = {"to_whom": "CSTD secretariat", "channel": Channel.EMAIL, "sent_on": LATER.date()} | facts
    return seals.record_delivery(seal=made, user=dossier.secretariat, now=LATER, **wanted)


class TestRecordDelivery:
    def test_makes_a_sealed_submission_a_sent_one(self, dossier):
        made = sealed(dossier)
        deliver(made, dossier, note="With a letter.")
        assert state_of(dossier) == SubmissionState.SENT
        deliver(made, dossier, to_whom="Mission of Austria")
        assert made.deliveries.count() == 2

    def test_is_for_the_secretariat(self, dossier):
        made = sealed(dossier)
        with pytest.raises(seals.NotYours):
            seals.record_delivery(
                seal=made,
                to_whom="CSTD",
                channel=Channel.EMAIL,
                sent_on=LATER.date(),
                user=dossier.focal_point,
                now=LATER,
            )

    @pytest.mark.parametrize("days", [-1, 1])
    def test_refuses_a_day_that_cannot_be(self, dossier, days):
        made = sealed(dossier)
        with pytest.raises(seals.WrongDayOfSending):
            deliver(made, dossier, sent_on=LATER.date() + dt.timedelta(days=days))


class TestPublish:
    def test_is_the_commissions(self, dossier):
        deliver(sealed(dossier), dossier)
        published = seals.publish(submission=dossier.submission, user=UserFactory(role=Role.COMMISSION), now=LATER)
        assert (published.state, published.published_at) == (SubmissionState.PUBLISHED, LATER)

    def test_is_the_secretariats_in_a_call_of_its_own_entity(self, dossier):
        deliver(sealed(dossier), dossier)
        with pytest.raises(seals.NotYours):
            seals.publish(submission=dossier.submission, user=dossier.secretariat, now=LATER)
        dossier.submission.call.owner = dossier.entity
        dossier.submission.call.save()
        seals.publish(submission=dossier.submission, user=dossier.secretariat, now=LATER)
        assert state_of(dossier) == SubmissionState.PUBLISHED

    def test_is_possible_for_the_owner_of_the_call_who_sees_what_was_sent_to_it(self):
        dossier = prepared("ITC")
        owner = UserFactory(role=Role.SECRETARIAT, entity=EntityFactory(code="UNIDO"))
        dossier.submission.call.owner = Entity.objects.get(code="UNIDO")
        dossier.submission.call.save()
        made = sealed(dossier)
        assert not Submission.objects.visible_to(owner).exists()
        deliver(made, dossier)
        assert Submission.objects.visible_to(owner).get() == dossier.submission
        assert Compilation.objects.visible_to(owner).get() == made.compilation
        assert not Submission.objects.visible_to(UserFactory(role=Role.SECRETARIAT, entity=EntityFactory())).exists()
        with pytest.raises(seals.NotYours):
            seals.propose_withdrawal(seal=made, reason="Wrong.", user=owner, now=LATER)
        seals.publish(submission=dossier.submission, user=owner, now=LATER)
        assert state_of(dossier) == SubmissionState.PUBLISHED

    def test_needs_a_sent_one_and_happens_once(self, dossier):
        made = sealed(dossier)
        dossier.submission.call.owner = dossier.entity
        dossier.submission.call.save()
        for _ in range(2):
            with pytest.raises(seals.NotSent):
                seals.publish(submission=dossier.submission, user=dossier.secretariat, now=LATER)
            if state_of(dossier) == SubmissionState.SEALED:
                deliver(made, dossier)
                seals.publish(submission=dossier.submission, user=dossier.secretariat, now=LATER)


def later(dossier: Dossier, kind: IssueKind, submission: Submission | None = None) -> Submission:
    return seals.open_later_issue(submission=submission or dossier.submission, kind=kind, user=dossier.focal_point)


class TestOpenLaterIssue:
    @pytest.mark.parametrize(
        ("kind", "slug", "mark"),
        [(IssueKind.CORRIGENDUM, "UNIDO-Corr1", "Corr.1"), (IssueKind.REVISION, "UNIDO-Rev1", "Rev.1")],
    )
    def test_begins_a_draft_with_the_same_text(self, dossier, kind, slug, mark):
        made = sealed(dossier)
        issue = later(dossier, kind)
        assert (issue.slug, issue.mark, issue.state) == (slug, mark, SubmissionState.DRAFTING)
        assert issue.based_on == dossier.submission
        assert list(issue.entities.all()) == [dossier.entity]
        texts = [
            [[item["html"] for item in section["items"]] for section in snapshot["sections"]]
            for snapshot in (made.compilation.snapshot, frozen(issue).snapshot)
        ]
        assert texts[0] == texts[1]

    def test_adds_nothing_to_a_corrigendum_by_rule(self, dossier):
        Section.objects.update(rule=FillingRule.INITIATIVES)
        sealed(dossier)
        sections = later(dossier, IssueKind.CORRIGENDUM).sections
        assert set(sections.values_list("rule", flat=True)) == {FillingRule.BY_HAND}

    def test_counts_through_all_issues_of_the_original(self, dossier):
        sealed(dossier)
        first = later(dossier, IssueKind.REVISION)
        seal_issue(dossier, first)
        second = later(dossier, IssueKind.REVISION, first)
        assert (second.slug, second.mark, second.based_on) == ("UNIDO-Rev2", "Rev.2", first)

    def test_refuses_a_second_one_while_one_is_open(self, dossier):
        sealed(dossier)
        later(dossier, IssueKind.CORRIGENDUM)
        with pytest.raises(seals.NotCorrectable, match="UNIDO-Corr1"):
            later(dossier, IssueKind.REVISION)

    def test_refuses_a_draft(self, dossier):
        with pytest.raises(seals.NotCorrectable):
            later(dossier, IssueKind.REVISION)

    def test_refuses_an_address_that_would_be_too_long(self, dossier):
        Submission.objects.update(slug="U" * 55)  # of 60
        dossier.submission.refresh_from_db()
        sealed(dossier)
        with pytest.raises(seals.NotCorrectable, match="too long"):
            later(dossier, IssueKind.CORRIGENDUM)
        assert later(dossier, IssueKind.REVISION).slug == "U" * 55 + "-Rev1"

    def test_of_a_withdrawn_one_is_a_revision(self, dossier):
        withdraw(sealed(dossier), dossier)
        with pytest.raises(seals.NotCorrectable):
            later(dossier, IssueKind.CORRIGENDUM)
        seal_issue(dossier, later(dossier, IssueKind.REVISION))
        assert state_of(dossier) == SubmissionState.WITHDRAWN

    def test_is_for_those_who_compose(self, dossier):
        sealed(dossier)
        with pytest.raises(seals.NotYours):
            seals.open_later_issue(
                submission=dossier.submission,
                kind=IssueKind.REVISION,
                user=UserFactory(role=Role.STAFF, entity=dossier.entity),
            )


def seal_issue(dossier: Dossier, issue: Submission) -> Seal:
    seals.ask_for_review(submission=issue, user=dossier.focal_point)
    return sealed(Dossier(issue, dossier.initiative, dossier.focal_points, dossier.secretariats))


def drop(dossier: Dossier, issue: Submission, reason: str = "Opened by mistake.") -> Submission:
    return seals.drop_later_issue(submission=issue, reason=reason, user=dossier.focal_point, now=LATER)


def withdraw(made: Seal, dossier: Dossier) -> None:
    proposed = seals.propose_withdrawal(seal=made, reason="Wrong.", user=dossier.secretariat, now=LATER)
    seals.confirm_withdrawal(withdrawal=proposed, user=dossier.focal_point, now=LATER)


class TestDropLaterIssue:
    @pytest.fixture
    def issue(self, dossier: Dossier) -> Submission:
        sealed(dossier)
        return later(dossier, IssueKind.CORRIGENDUM)

    def test_makes_room_for_another_one_and_keeps_the_reason(self, dossier, issue):
        assert drop(dossier, issue).state == SubmissionState.DECLINED
        event = issue.events.latest("pgh_id")
        assert event.pgh_context.metadata["drop_reason"] == "Opened by mistake."
        assert later(dossier, IssueKind.REVISION).slug == "UNIDO-Rev1"

    def test_gives_its_number_to_no_other(self, dossier, issue):
        drop(dossier, issue)
        assert later(dossier, IssueKind.CORRIGENDUM).mark == "Corr.2"

    def test_ends_its_clearances(self, dossier, issue):
        seals.ask_for_review(submission=issue, user=dossier.focal_point)
        cleared(Dossier(issue, dossier.initiative, dossier.focal_points, dossier.secretariats))
        drop(dossier, issue)
        assert not issue.clearances.filter(ended_at=None).exists()

    def test_needs_a_reason(self, dossier, issue):
        with pytest.raises(seals.DropNeedsReason):
            drop(dossier, issue, " ")

    def test_is_for_those_who_compose(self, dossier, issue):
        with pytest.raises(seals.NotYours):
            seals.drop_later_issue(
                submission=issue,
                reason="No.",
                user=UserFactory(role=Role.STAFF, entity=dossier.entity),
                now=LATER,
            )

    def test_refuses_an_original_a_sealed_one_and_a_second_time(self, dossier, issue):
        seal_issue(dossier, issue)
        for submission in (dossier.submission, issue):
            with pytest.raises(seals.NotUnderWay):
                drop(dossier, submission)
        second = later(dossier, IssueKind.CORRIGENDUM)
        drop(dossier, second)
        with pytest.raises(seals.NotUnderWay):
            drop(dossier, second)


class TestSealingALaterIssue:
    def test_supersedes_what_it_revises(self, dossier):
        made = sealed(dossier)
        revised = seal_issue(dossier, later(dossier, IssueKind.REVISION))
        assert state_of(dossier) == SubmissionState.SUPERSEDED
        assert revised.receipt["based_on"] == made.number
        assert revised.receipt["submission"]["mark"] == "Rev.1"
        with pytest.raises(seals.NotCorrectable):
            later(dossier, IssueKind.REVISION)

    def test_supersedes_what_was_sent_once_it_is_sent_too(self, dossier):
        deliver(sealed(dossier), dossier)
        issue = later(dossier, IssueKind.REVISION)
        revised = seal_issue(dossier, issue)
        assert state_of(dossier) == SubmissionState.SENT
        with pytest.raises(seals.NotCorrectable, match="is sealed"):
            later(dossier, IssueKind.REVISION)
        deliver(revised, dossier)
        assert state_of(dossier) == SubmissionState.SUPERSEDED

    def test_supersedes_what_is_public_once_it_is_public_too(self, dossier):
        commission = UserFactory(role=Role.COMMISSION)
        deliver(sealed(dossier), dossier)
        seals.publish(submission=dossier.submission, user=commission, now=LATER)
        issue = later(dossier, IssueKind.REVISION)
        deliver(seal_issue(dossier, issue), dossier)
        assert state_of(dossier) == SubmissionState.PUBLISHED
        seals.publish(submission=issue, user=commission, now=LATER)
        assert state_of(dossier) == SubmissionState.SUPERSEDED

    def test_leaves_what_was_sent_where_it_is_withdrawn_before(self, dossier):
        deliver(sealed(dossier), dossier)
        first = later(dossier, IssueKind.REVISION)
        withdraw(seal_issue(dossier, first), dossier)
        assert state_of(dossier) == SubmissionState.SENT
        second = later(dossier, IssueKind.REVISION, first)
        deliver(seal_issue(dossier, second), dossier)
        assert state_of(dossier) == SubmissionState.SUPERSEDED
        first.refresh_from_db()
        assert first.state == SubmissionState.WITHDRAWN

    def test_leaves_what_it_corrects_in_its_state(self, dossier):
        deliver(sealed(dossier), dossier)
        seal_issue(dossier, later(dossier, IssueKind.CORRIGENDUM))
        assert state_of(dossier) == SubmissionState.SENT

    def test_supersedes_what_a_corrigendum_in_between_corrected(self, dossier):
        sealed(dossier)
        corrigendum = later(dossier, IssueKind.CORRIGENDUM)
        seal_issue(dossier, corrigendum)
        seal_issue(dossier, later(dossier, IssueKind.REVISION, corrigendum))
        corrigendum.refresh_from_db()
        assert (corrigendum.state, state_of(dossier)) == (SubmissionState.SUPERSEDED, SubmissionState.SUPERSEDED)
