"""The way of a submission to its seal and after it, through the pages."""

import hashlib
import json

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Session, UpdateText
from portal.models import User
from reporting.choices import Channel, FileFormat, IssueKind, SubmissionState
from reporting.models import Clearance, Compilation, Delivery, Seal, Submission, Withdrawal
from reporting.services import seals
from reporting.services.compilations import request_rebuild
from tests.factories import NOON, CompilationFactory, DeliveryFactory, UserFactory, WithdrawalFactory
from tests.support.pages import queries_of, words_of
from tests.support.sealing import Dossier, cleared, frozen, prepared, sealed

pytestmark = pytest.mark.django_db

WHERE = ["25", "UNIDO"]


@pytest.fixture
def dossier() -> Dossier:
    return prepared()


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def focal(dossier: Dossier) -> Client:
    return as_(dossier.focal_point)


@pytest.fixture
def secretariat(dossier: Dossier) -> Client:
    return as_(dossier.secretariat)


@pytest.fixture
def staff(dossier: Dossier) -> Client:
    return as_(UserFactory(role=Role.STAFF, entity=dossier.entity))


def address(name: str, *more: object) -> str:
    return reverse(name, args=[*WHERE, *more])


def publish(dossier: Dossier) -> None:
    Submission.objects.filter(pk=dossier.submission.pk).update(state=SubmissionState.PUBLISHED, published_at=NOON)


class TestWhereItStands:
    @pytest.mark.parametrize(
        ("state", "focal_reads", "secretariat_reads"),
        [
            (SubmissionState.DRAFTING, "ask for review", "ask for review"),
            (SubmissionState.RETURNED, "ask for review", "ask for review"),
            (SubmissionState.IN_REVIEW, "then clear it", "The focal point clears the text or returns it: UNIDO."),
        ],
    )
    def test_tells_each_role_what_is_next(self, dossier, focal, secretariat, state, focal_reads, secretariat_reads):
        Submission.objects.update(state=state)
        assert focal_reads in words_of(focal.get(address("submission_detail")))
        assert secretariat_reads in words_of(secretariat.get(address("submission_detail")))

    def test_marks_the_step_that_was_reached(self, dossier, focal):
        standing = focal.get(address("submission_detail")).context["standing"]
        assert [step.state for step in standing.steps] == ["done", "now", *["ahead"] * 4]
        publish(dossier)
        standing = focal.get(address("submission_detail")).context["standing"]
        assert {step.state for step in standing.steps} == {"done"}

    def test_is_no_concern_of_the_public(self, dossier, client):
        sealed(dossier)
        publish(dossier)
        html = words_of(client.get(address("submission_detail")))
        assert "Where it stands" not in html
        assert address("seal_detail") in html

    def test_says_at_once_that_the_cleared_text_has_changed(self, dossier, focal, secretariat):
        compilation = cleared(dossier)
        assert "has changed since it was cleared" not in words_of(focal.get(address("submission_detail")))
        UpdateText.objects.update(paragraph="<p>Fifty people.</p>")
        for reader in (focal, secretariat):
            html = words_of(reader.get(address("submission_detail")))
            assert "The text has changed since it was cleared" in html
            assert reverse("compilation_compare", args=[*WHERE, compilation.number]) in html
            assert address("submission_seal") not in html

    def test_tells_the_entity_why_it_was_returned(self, dossier, focal, staff):
        focal.post(address("submission_return"), {"reason": "Name the country."})
        assert "Name the country." in words_of(staff.get(address("submission_detail")))

    def test_takes_few_queries_more_for_many_clearances(self, dossier, focal):
        cleared(dossier)
        before = queries_of(focal, address("submission_detail"))
        for _ in range(3):
            cleared(dossier)
        assert queries_of(focal, address("submission_detail")) == before


class TestReview:
    def test_is_asked_for(self, dossier, secretariat):
        Submission.objects.update(state=SubmissionState.DRAFTING)
        assert secretariat.post(address("submission_review")).url == address("submission_detail")
        dossier.submission.refresh_from_db()
        assert dossier.submission.state == SubmissionState.IN_REVIEW

    def test_is_asked_for_once(self, dossier, secretariat):
        response = secretariat.post(address("submission_review"))
        assert response.status_code == 409
        assert "is not being drafted" in words_of(response)

    def test_ends_with_a_return_only_for_a_reason(self, dossier, focal):
        response = focal.post(address("submission_return"), {"reason": ""})
        assert response.status_code == 422
        assert "error-summary" in words_of(response)


class TestClearance:
    def clear(self, client: Client, compilation: Compilation, **changed: str):
        form = {"entity": "UNIDO", "fingerprint": compilation.fingerprint} | changed
        return client.post(address("compilation_clear", compilation.number), form)

    def test_is_offered_to_the_focal_point_alone(self, dossier, focal, secretariat):
        compilation = frozen(dossier.submission)
        assert "Clear this text for UNIDO" in words_of(focal.get(compilation.get_absolute_url()))
        assert "Clear this text" not in words_of(secretariat.get(compilation.get_absolute_url()))

    def test_is_given_with_a_click_and_shown_with_a_name_inside(self, dossier, focal, staff):
        compilation = frozen(dossier.submission)
        assert self.clear(focal, compilation).url == compilation.get_absolute_url()
        html = words_of(staff.get(compilation.get_absolute_url()))
        assert "Focal of UNIDO" in html
        assert "Clear this text" not in words_of(focal.get(compilation.get_absolute_url()))
        assert "Focal of UNIDO" in words_of(staff.get(address("submission_detail")))

    def test_is_refused_to_a_tab_that_shows_another_text(self, dossier, focal):
        compilation = frozen(dossier.submission)
        UpdateText.objects.update(paragraph="<p>Fifty people.</p>")
        for response in (
            self.clear(focal, compilation),
            self.clear(focal, frozen(dossier.submission), fingerprint=compilation.fingerprint),
        ):
            assert response.status_code == 409
            assert "The text has changed since this compilation was made." in words_of(response)
        assert not Clearance.objects.exists()

    def test_tells_a_focal_point_what_keeps_it(self, dossier, focal):
        compilation = frozen(dossier.submission)
        compilation.artifacts.filter(format=FileFormat.ODT).delete()
        assert "in all formats can be cleared" in words_of(focal.get(compilation.get_absolute_url()))
        Submission.objects.update(state=SubmissionState.DRAFTING)
        whole = frozen(dossier.submission)
        assert "Ask for review first" in words_of(focal.get(whole.get_absolute_url()))

    def test_is_not_given_for_another_entity(self, dossier, focal):
        assert self.clear(focal, frozen(dossier.submission), entity="ITC").status_code == 403

    def test_stays_on_the_page_with_the_reason_why_it_ended(self, dossier, focal):
        compilation = cleared(dossier)
        UpdateText.objects.update(paragraph="<p>Fifty people.</p>")
        seals.review_if_changed(submission=dossier.submission, now=timezone.now())
        html = words_of(focal.get(compilation.get_absolute_url()))
        assert "UNIDO cleared it on" in html
        assert seals.TEXT_CHANGED in html


class TestSealing:
    def test_asks_once_more_and_says_that_it_is_final(self, dossier, secretariat):
        compilation = cleared(dossier)
        html = words_of(secretariat.get(address("submission_seal")))
        for words in ("A seal is final", "Focal of UNIDO", compilation.fingerprint, "UNIDO-CSTD-25-1.pdf"):
            assert words in html
        assert not Seal.objects.exists()

    def test_ends_at_the_receipt(self, dossier, secretariat):
        compilation = cleared(dossier)
        response = secretariat.post(address("submission_seal"), {"fingerprint": compilation.fingerprint}, follow=True)
        assert response.redirect_chain == [(address("seal_detail"), 302)]
        html = words_of(response)
        for words in ("Seal 1", "Secretary of UNIDO", "Focal of UNIDO", compilation.fingerprint, "pandoc 3.1"):
            assert words in html

    def test_refuses_a_second_tab_with_a_sentence(self, dossier, secretariat):
        form = {"fingerprint": cleared(dossier).fingerprint}
        secretariat.post(address("submission_seal"), form)
        response = secretariat.post(address("submission_seal"), form)
        assert response.status_code == 409
        assert "This submission was sealed already." in words_of(response)
        assert Seal.objects.count() == 1

    def test_refuses_a_tab_that_shows_an_older_text(self, dossier, secretariat):
        old = cleared(dossier)
        UpdateText.objects.update(paragraph="<p>Fifty people.</p>")
        response = secretariat.post(address("submission_seal"), {"fingerprint": old.fingerprint})
        assert response.status_code == 409
        assert "is in review again. Nothing was sealed." in words_of(response)
        cleared(dossier)
        response = secretariat.post(address("submission_seal"), {"fingerprint": old.fingerprint})
        assert response.status_code == 409
        assert "This text is not cleared by every entity" in words_of(response)

    def test_says_why_not(self, dossier, secretariat):
        assert "This text is not cleared" in words_of(secretariat.get(address("submission_seal")))


class TestSealedSubmission:
    def test_shows_the_outline_that_was_sealed(self, dossier, focal):
        made = sealed(dossier)
        before = [
            (section.heading, [item.heading or item.opening for item in section.items])
            for section in focal.get(address("submission_detail")).context["outline"].sections
        ]
        dossier.submission.sections.all().delete()
        outline = focal.get(address("submission_detail")).context["outline"]
        assert [(each.heading, [item.heading or item.opening for item in each.items]) for each in outline.sections] == (
            before
        )
        assert before[1] == ("Initiatives", ["Learning hub"])
        assert outline.fingerprint == made.fingerprint

    def test_is_not_compiled_again(self, dossier, focal):
        sealed(dossier)
        assert "Compile again" not in words_of(focal.get(address("submission_detail")))
        response = focal.post(address("compilation_request"), {"formats": ["pdf"], "language": "en"})
        assert response.status_code == 409
        assert "This submission is sealed: its text is final." in words_of(response)

    def test_has_no_failed_draft_tried_again(self, dossier, focal):
        failed = CompilationFactory(submission=dossier.submission, number=9, failed=True)
        assert "Try again" in words_of(focal.get(failed.get_absolute_url()))
        sealed(dossier)
        assert "Try again" not in words_of(focal.get(failed.get_absolute_url()))
        assert focal.post(address("compilation_retry", failed.number)).status_code == 409

    def test_shows_its_sealed_files_first(self, dossier, focal, client):
        made = sealed(dossier)
        request_rebuild(seal=made, user=dossier.focal_point, now=NOON)
        page = focal.get(address("submission_detail"))
        assert page.context["latest"].compilation == made.compilation
        assert "Sealed: compilation 1" in words_of(page)
        publish(dossier)
        assert client.get(address("submission_detail")).context["latest"].compilation == made.compilation


class TestSealDetail:
    def test_shows_names_to_the_entities_and_roles_to_everybody(self, dossier, staff, client):
        made = sealed(dossier)
        publish(dossier)
        inside, outside = (words_of(reader.get(made.get_absolute_url())) for reader in (staff, client))
        for name in ("Focal of UNIDO", "Secretary of UNIDO"):
            assert name in inside
            assert name not in outside
        for words in ("focal point", "secretariat", made.fingerprint, made.receipt["files"][0]["sha256"]):
            assert words in outside

    def test_links_receipt_files_and_verification(self, dossier, client):
        made = sealed(dossier)
        publish(dossier)
        html = words_of(client.get(made.get_absolute_url()))
        for link in (address("receipt_pdf"), address("receipt_json"), reverse("verify"), "UNIDO-CSTD-25-1.docx"):
            assert link in html
        assert address("seal_dossier") not in html

    def test_gives_files_away_whose_names_hold_no_sign_that_they_cannot(self, dossier, focal):
        Session.objects.update(body="IDB/PBC")
        dossier.submission.refresh_from_db()
        made = sealed(dossier)
        name = "UNIDO-IDB-PBC-25-1.md"
        assert name in {file["name"] for file in made.receipt["files"]}
        assert focal.get(reverse("artifact_download", args=[*WHERE, 1, name])).status_code == 200

    def test_sounds_an_alarm_where_a_file_is_not_the_sealed_one(self, dossier, focal):
        made = sealed(dossier)
        assert "What is stored is not what was sealed" not in words_of(focal.get(made.get_absolute_url()))
        artifact = made.compilation.artifacts.get(format=FileFormat.PDF)
        with default_storage.open(artifact.file.name, "wb") as stored:
            stored.write(b"Another file.")
        cache.clear()  # what was found is told for some minutes
        assert "What is stored is not what was sealed" in words_of(focal.get(made.get_absolute_url()))

    def test_gives_the_receipt_with_the_same_bytes_each_time(self, dossier, focal):
        made = sealed(dossier)
        first, second = (focal.get(address("receipt_json")).content for _ in range(2))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
        assert json.loads(first) == made.receipt

    def test_gives_the_receipt_as_pdf_and_the_dossier_as_zip(self, dossier, focal):
        sealed(dossier)
        pdf, dossier_zip = focal.get(address("receipt_pdf")), focal.get(address("seal_dossier"))
        assert pdf.content.startswith(b"%PDF")
        assert dossier_zip.getvalue().startswith(b"PK")
        assert dossier_zip["Content-Disposition"] == 'attachment; filename="dossier-UNIDO-25-seal-1.zip"'


class TestAJointSubmission:
    """Of UNCTAD, which seals, and ITC: each reads the names of its own people."""

    @pytest.fixture
    def joint(self) -> Dossier:
        return prepared("UNCTAD", "ITC")

    def words(self, person: User, page: str) -> str:
        return words_of(as_(person).get(page))

    def test_names_who_cleared_to_their_own_entity(self, joint):
        compilation = cleared(joint)
        pages = [joint.submission.get_absolute_url(), compilation.get_absolute_url()]
        made = sealed(joint, compilation)
        pages.append(made.get_absolute_url())
        for code, other in (("UNCTAD", "ITC"), ("ITC", "UNCTAD")):
            for page in pages[1:]:
                html = self.words(joint.secretariats[code], page)
                assert f"Focal of {code}" in html, page
                assert f"of {other}" not in html, page

    def test_names_who_sealed_and_sent_to_their_own_entity(self, joint):
        made = sealed(joint)
        DeliveryFactory(seal=made, recorded_by=joint.secretariats["UNCTAD"], to_whom="CSTD secretariat")
        page = made.get_absolute_url()
        assert self.words(joint.focal_points["UNCTAD"], page).count("Secretary of UNCTAD") == 2
        html = self.words(joint.focal_points["ITC"], page)
        assert "CSTD secretariat" in html
        assert "Secretary of UNCTAD" not in html

    def test_names_who_proposed_a_withdrawal_to_their_own_entity(self, joint):
        made = sealed(joint)
        WithdrawalFactory(seal=made, proposed_by=joint.secretariats["ITC"], proposed_role=Role.SECRETARIAT)
        assert "Secretary of ITC" in self.words(joint.focal_points["ITC"], made.get_absolute_url())
        html = self.words(joint.focal_points["UNCTAD"], made.get_absolute_url())
        assert "A withdrawal is proposed" in html
        assert "Secretary of ITC" not in html

    def test_names_nobody_of_the_commission(self, joint):
        made = sealed(joint)
        person = UserFactory(role=Role.COMMISSION, name="Somebody of the Commission")
        WithdrawalFactory(seal=made, proposed_by=person, proposed_role=Role.COMMISSION)
        html = self.words(joint.focal_point, made.get_absolute_url())
        assert "secretariat of the Commission" in html
        assert person.name not in html


class TestSendingAndPublishing:
    def form(self, **changed: str) -> dict[str, str]:
        today = timezone.localdate().isoformat()
        return {"to_whom": "CSTD secretariat", "channel": Channel.EMAIL, "sent_on": today, "note": ""} | changed

    def test_are_recorded_and_seen_by_those_concerned(self, dossier, secretariat, staff, client):
        made = sealed(dossier)
        form = self.form(note="Sent late, as agreed.")
        assert secretariat.post(address("delivery_record"), form).url == made.get_absolute_url()
        html = words_of(staff.get(made.get_absolute_url()))
        assert "CSTD secretariat" in html
        assert "Sent late, as agreed." in html
        commission = as_(UserFactory(role=Role.COMMISSION))
        html = words_of(commission.get(made.get_absolute_url()))
        assert "CSTD secretariat" in html
        assert "Sent late, as agreed." not in html
        assert "Publish it." in words_of(commission.get(address("submission_detail")))
        commission.post(address("submission_publish"))
        html = words_of(client.get(made.get_absolute_url()))
        assert "CSTD secretariat" not in html

    @pytest.mark.parametrize("changed", [{"to_whom": ""}, {"sent_on": "2001-01-01"}, {"sent_on": "tomorrow"}])
    def test_refuse_what_cannot_be(self, dossier, secretariat, changed):
        sealed(dossier)
        response = secretariat.post(address("delivery_record"), self.form(**changed))
        assert response.status_code == 422
        assert "error-summary" in words_of(response)
        assert not Delivery.objects.exists()

    def test_are_told_when_it_is_too_early(self, dossier):
        made = sealed(dossier)
        DeliveryFactory(seal=made)
        commission = as_(UserFactory(role=Role.COMMISSION))
        response = commission.post(address("submission_publish"))
        assert response.status_code == 409
        assert "Only a submission that was sent can be published." in words_of(response)


class TestWithdrawing:
    def test_takes_two_people_and_is_then_read_by_everybody(self, dossier, focal, secretariat, client):
        made = sealed(dossier)
        publish(dossier)
        secretariat.post(address("withdrawal_propose"), {"reason": "A figure was wrong."})
        assert "A figure was wrong." not in words_of(client.get(made.get_absolute_url()))
        assert "another person has to confirm" in words_of(secretariat.get(made.get_absolute_url()))
        assert "A withdrawal is proposed." in words_of(focal.get(address("submission_detail")))
        assert "A withdrawal is proposed." not in words_of(client.get(address("submission_detail")))
        html = words_of(focal.get(made.get_absolute_url()))
        assert "A figure was wrong." in html
        assert "A withdrawal cannot be taken back." in html
        focal.post(address("withdrawal_decide"), {"proposal": Withdrawal.objects.get().pk, "confirm": ""})
        for page in (made.get_absolute_url(), address("submission_detail"), made.compilation.get_absolute_url()):
            html = words_of(client.get(page))
            assert "Withdrawn on" in html
            assert "A figure was wrong." in html

    def test_is_not_confirmed_by_who_proposed_it(self, dossier, secretariat):
        sealed(dossier)
        secretariat.post(address("withdrawal_propose"), {"reason": "A figure was wrong."})
        form = {"proposal": Withdrawal.objects.get().pk, "confirm": ""}
        response = secretariat.post(address("withdrawal_decide"), form)
        assert response.status_code == 409
        assert "Another person has to confirm it." in words_of(response)

    def test_is_dropped(self, dossier, focal):
        withdrawal = WithdrawalFactory(seal=sealed(dossier))
        focal.post(address("withdrawal_decide"), {"proposal": withdrawal.pk, "drop": ""})
        assert not Withdrawal.objects.exists()

    @pytest.mark.parametrize("decision", [{}, {"confirm": "", "drop": ""}])
    def test_is_decided_by_one_button(self, dossier, focal, decision):
        withdrawal = WithdrawalFactory(seal=sealed(dossier))
        response = focal.post(address("withdrawal_decide"), {"proposal": withdrawal.pk} | decision)
        assert response.status_code == 422
        assert "Nothing was decided." in words_of(response)
        assert not Withdrawal.objects.get().is_confirmed

    @pytest.mark.parametrize("proposal", ["", "x", "²", "99999999", "9" * 5000])
    def test_confirms_nothing_that_is_not_there(self, dossier, focal, proposal):
        WithdrawalFactory(seal=sealed(dossier))
        response = focal.post(address("withdrawal_decide"), {"proposal": proposal, "confirm": ""})
        assert response.status_code == 409
        assert not Withdrawal.objects.get().is_confirmed

    def test_needs_a_reason(self, dossier, secretariat):
        sealed(dossier)
        assert secretariat.post(address("withdrawal_propose"), {"reason": " "}).status_code == 422


class TestLaterIssues:
    def seal_issue(self, dossier: Dossier, kind: IssueKind) -> Submission:
        issue = seals.open_later_issue(submission=dossier.submission, kind=kind, user=dossier.focal_point)
        seals.ask_for_review(submission=issue, user=dossier.focal_point)
        sealed(Dossier(issue, dossier.initiative, dossier.focal_points, dossier.secretariats))
        return issue

    def test_are_opened_after_a_question(self, dossier, focal):
        made = sealed(dossier)
        link = f"{address('later_issue')}?kind=corrigendum"
        assert link in words_of(focal.get(made.get_absolute_url()))
        html = words_of(focal.get(link))
        assert "Until it is sealed it can be dropped with a reason" in html
        assert not Submission.objects.filter(based_on=dossier.submission).exists()
        focal.post(address("later_issue"), {"kind": "corrigendum"})
        assert "UNIDO-Corr1 is open already." in words_of(focal.get(link))

    def test_are_dropped_with_a_reason(self, dossier, focal, staff):
        sealed(dossier)
        issue = focal.post(address("later_issue"), {"kind": "corrigendum"}).url
        drop = reverse("submission_drop", args=["25", "UNIDO-Corr1"])
        assert drop in words_of(focal.get(issue))
        assert drop not in words_of(staff.get(issue))
        assert focal.get(drop).status_code == 200
        response = focal.post(drop, {"reason": " "})
        assert response.status_code == 422
        assert "error-summary" in words_of(response)
        assert focal.post(drop, {"reason": "A wrong click."}).url == issue
        html = words_of(staff.get(issue))
        assert "Dropped, because" in html
        assert "A wrong click." in html
        assert "is being prepared" not in words_of(focal.get(address("submission_detail")))
        assert focal.post(drop, {"reason": "Again."}).status_code == 409
        assert focal.post(address("later_issue"), {"kind": "revision"}).url == "/submissions/25/UNIDO-Rev1/"

    def test_are_no_concern_of_an_original(self, dossier, focal):
        assert address("submission_drop") not in words_of(focal.get(address("submission_detail")))
        assert "It cannot be dropped now" in words_of(focal.get(address("submission_drop")))

    def test_are_opened_once(self, dossier, focal, staff):
        made = sealed(dossier)
        response = focal.post(address("later_issue"), {"kind": "revision"})
        assert response.url == "/submissions/25/UNIDO-Rev1/"
        assert "Organization UNIDO – Rev.1" in words_of(focal.get(response.url))
        assert "Organization UNIDO – Rev.1" in words_of(focal.get(reverse("submission_list")))
        html = words_of(staff.get(made.get_absolute_url()))
        assert "Rev.1 is being prepared" in html
        assert "Open a revision" not in words_of(focal.get(made.get_absolute_url()))
        again = focal.post(address("later_issue"), {"kind": "revision"})
        assert again.status_code == 409
        assert "UNIDO-Rev1 is open already." in words_of(again)

    @pytest.mark.parametrize(
        ("kind", "notice"),
        [(IssueKind.REVISION, "Superseded by Rev.1"), (IssueKind.CORRIGENDUM, "Corrected by Corr.1")],
    )
    def test_leave_a_notice_for_everybody_who_may_read_them(self, dossier, client, focal, kind, notice):
        made = sealed(dossier)
        publish(dossier)
        issue = self.seal_issue(dossier, kind)
        pages = (made.get_absolute_url(), address("submission_detail"))
        for page in pages:
            html = words_of(client.get(page))
            assert notice not in html
            assert issue.mark not in html  # it is not published yet
            assert issue.get_absolute_url() in words_of(focal.get(page))
        DeliveryFactory(seal=issue.seal)
        Submission.objects.filter(pk=issue.pk).update(state=SubmissionState.SENT)
        seals.publish(submission=issue, user=UserFactory(role=Role.COMMISSION), now=NOON)
        for page in pages:
            html = words_of(client.get(page))
            assert notice in html
            assert issue.get_absolute_url() in html
        assert f"This is {issue.mark}" in words_of(client.get(issue.get_absolute_url()))

    def test_know_two_kinds(self, dossier, focal):
        sealed(dossier)
        assert focal.post(address("later_issue"), {"kind": "original"}).status_code == 404


class TestRebuild:
    def test_shows_what_came_out(self, dossier, focal):
        made = sealed(dossier)
        response = focal.post(address("seal_rebuild"))
        rebuild = made.rebuilds.get()
        assert response.url == rebuild.get_absolute_url()
        assert "The files are being made again." in words_of(focal.get(made.get_absolute_url()))
        report = {
            "files": [{"name": "UNIDO-CSTD-25-1.pdf", "sealed": "a", "rebuilt": "b", "outcome": "same_text"}],
            "changed_tools": [{"name": "typst", "sealed": "0.13", "now": "0.14"}],
        }
        Compilation.objects.filter(pk=rebuild.pk).update(state="done", fingerprint=made.fingerprint, report=report)
        for page in (made.get_absolute_url(), rebuild.get_absolute_url()):
            html = words_of(focal.get(page))
            assert "Every file came out with the sealed text" in html
            assert "typst: sealed with 0.13, now 0.14" in html
