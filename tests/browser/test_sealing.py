"""The whole way in a browser: a focal point compiles and clears, the secretariat seals, and the receipt says so."""

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from initiatives.models import UpdateText
from portal.models import User
from reporting.choices import SubmissionState
from reporting.models import Seal, Submission
from tests.browser.conftest import Visitor
from tests.factories import NOON, PASSWORD, DeliveryFactory
from tests.support.compiling import carried_out
from tests.support.sealing import Dossier, cleared, prepared, sealed

Visit = Callable[..., Visitor]


@pytest.fixture
def dossier(transactional_db: None) -> Dossier:
    return prepared(state=SubmissionState.DRAFTING)


def signed_in(visitor: Visitor, person: User) -> Visitor:
    visitor.sign_in(person.email, PASSWORD)
    return visitor


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


class TestTheWayToASeal:
    @pytest.mark.parametrize("scripts", [True, False])
    def test_leads_from_files_to_a_receipt(self, visit: Visit, dossier: Dossier, scripts: bool) -> None:
        focal = signed_in(visit(scripts=scripts), dossier.focal_point)
        page = focal.open(dossier.submission.get_absolute_url())
        press(page, "Compile")
        page.wait_for_url("**/compilations/1/")
        compilation = dossier.submission.compilations.get()
        carried_out(compilation)  # the work of a worker
        page = focal.open(dossier.submission.get_absolute_url())
        press(page, "Ask for review")
        expect(page.locator("[aria-current=step]")).to_contain_text("Review")
        page = focal.open(compilation.get_absolute_url())
        press(page, "Clear this text for UNIDO")
        expect(page.get_by_text("Cleared. The secretariat can seal")).to_be_visible()

        secretariat = signed_in(visit(scripts=scripts, expected_status=409), dossier.secretariat)
        page = secretariat.open(dossier.submission.get_absolute_url())
        page.get_by_role("link", name="Seal …").click()
        expect(page.get_by_text("A seal is final")).to_be_visible()
        second_tab = secretariat.context.new_page()
        second_tab.goto(page.url)
        press(page, "Seal this text for good")
        expect(page.get_by_role("heading", level=1)).to_have_text("Seal 1")
        press(second_tab, "Seal this text for good")
        expect(second_tab.get_by_text("This submission was sealed already.")).to_be_visible()

        seal = Seal.objects.get()
        expect(page.locator(".files li")).to_have_count(7)  # six formats, and the summary alone
        with page.expect_download() as download:
            page.get_by_role("link", name="UNIDO-CSTD-25-1.json", exact=True).click()
        assert hashlib.sha256(download.value.path().read_bytes()).hexdigest() == seal.fingerprint
        with page.expect_download() as download:
            page.get_by_role("link", name="Receipt (PDF)").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")

    def test_goes_back_when_a_record_changes(self, visit: Visit, dossier: Dossier) -> None:
        Submission.objects.update(state=SubmissionState.IN_REVIEW)
        cleared(dossier)
        secretariat = signed_in(visit(expected_status=409), dossier.secretariat)
        page = secretariat.open(f"{dossier.submission.get_absolute_url()}seal/new/")
        UpdateText.objects.update(paragraph="<p>Fifty people.</p>")
        press(page, "Seal this text for good")
        expect(page.get_by_text("Nothing was sealed.").first).to_be_visible()
        assert not Seal.objects.exists()


class TestPagesOfASeal:
    @pytest.fixture
    def seal(self, dossier: Dossier) -> Seal:
        Submission.objects.update(state=SubmissionState.IN_REVIEW)
        seal = sealed(dossier)
        DeliveryFactory(seal=seal, sent_on=NOON.date())
        return seal

    @pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
    def test_have_no_barriers(
        self, visit: Visit, dossier: Dossier, seal: Seal, width: int, language: str, scheme: str
    ) -> None:
        visitor = signed_in(visit(width=width, language=language, scheme=scheme), dossier.secretariat)
        for path in (
            seal.get_absolute_url(),
            dossier.submission.get_absolute_url(),
            seal.compilation.get_absolute_url(),
        ):
            page = visitor.open(path)
            for fold in page.locator("details.further > summary").all():
                fold.click()
            assert visitor.barriers() == [], path
            assert visitor.sticks_out() <= 0, path
            assert visitor.sticks_out(at=360) <= 0, path

    def test_open_a_later_issue_after_a_question_and_drop_it(self, visit: Visit, dossier: Dossier, seal: Seal) -> None:
        visitor = signed_in(visit(width=360, language="en"), dossier.focal_point)
        page = visitor.open(seal.get_absolute_url())
        visitor.follow(page.get_by_role("link", name="Open a corrigendum …"))
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
        press(page, "Open a corrigendum")
        page.wait_for_url("**/submissions/25/UNIDO-Corr1/")
        visitor.follow(page.get_by_role("link", name="Drop Corr.1 …"))
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
        page.get_by_label("Reason").fill("Opened by mistake.")
        press(page, "Drop it for good")
        expect(page.get_by_text("Dropped, because")).to_be_visible()
        page = visitor.open(seal.get_absolute_url())
        expect(page.get_by_role("link", name="Open a revision …")).to_be_visible()

    @pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
    def test_ask_once_more_without_barriers(self, visit: Visit, dossier: Dossier, width: int, language: str) -> None:
        Submission.objects.update(state=SubmissionState.IN_REVIEW)
        cleared(dossier)
        for person in (dossier.secretariat, dossier.focal_point):
            visitor = signed_in(visit(width=width, language=language), person)
            visitor.open(dossier.submission.get_absolute_url())
            assert visitor.barriers() == []
            assert visitor.sticks_out() <= 0
        visitor = signed_in(visit(width=width, language=language), dossier.secretariat)
        visitor.open(f"{dossier.submission.get_absolute_url()}seal/new/")
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
