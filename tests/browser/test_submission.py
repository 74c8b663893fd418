"""Compiling a submission from its page, with a real worker that makes real files."""

import hashlib
import io
from collections.abc import Callable

import docx
import pytest
from playwright.sync_api import Page, expect

from initiatives.choices import Role
from portal.models import User
from reporting.choices import FileFormat, FillingRule
from reporting.models import Artifact, Submission
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    CallCoverFactory,
    CallFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)

Visit = Callable[..., Visitor]

LONG = 120_000  # milliseconds in which a worker has made the files, on a machine that does much else
FILES = len(FileFormat) + 1  # all formats, and the summary alone
PARAGRAPH = "Forty people learned to weld in Lima."


@pytest.fixture
def submission(transactional_db: None) -> Submission:
    """With a summary, and a section that its rule fills with one initiative."""
    entity = EntityFactory(code="UNIDO", name_en="United Nations Industrial Development Organization")
    call = CallFactory(slug="25", session=SessionFactory(number=25))
    CallCoverFactory(call=call)
    submission = SubmissionFactory(call=call, entities=[entity])
    passage = PassageFactory(entity=entity, body="<p>The year in short.</p>")
    summary = SectionFactory(submission=submission, name_en="Executive Summary", is_summary=True)
    ItemFactory(section=summary, passage=passage)
    SectionFactory(submission=submission, name_en="Initiatives", rule=FillingRule.INITIATIVES)
    initiative = InitiativeFactory(entity=entity, title="Learning hub", published=True)
    note = '<span data-footnote="Annual report, p. 14.">*</span>'
    UpdateFactory(initiative=initiative, paragraph=f"<p>{PARAGRAPH}{note}</p>")
    return submission


@pytest.fixture
def focal_point(submission: Submission) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=submission.entities.get(), email="leila@example.org")


def ask_for_files(visitor: Visitor, person: User, submission: Submission) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    page = visitor.open(submission.get_absolute_url())
    page.click("form[action$='/compilations/'] [type=submit]")
    page.wait_for_url("**/compilations/1/")
    return page


def take(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return download.value.path().read_bytes()


def words_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


class TestCompile:
    def test_shows_progress_and_then_files_that_say_what_was_approved(
        self, visit: Visit, submission: Submission, focal_point: User, start_worker: Callable[..., object]
    ) -> None:
        visitor = visit()
        page = ask_for_files(visitor, focal_point, submission)
        expect(page.locator("progress")).to_be_visible()
        expect(page.get_by_text("Waiting for a worker.")).to_be_visible()
        start_worker()
        expect(page.locator(".files li")).to_have_count(FILES, timeout=LONG)
        assert visitor.barriers() == []
        content = take(page, "UNIDO-CSTD-25-1.docx")
        assert PARAGRAPH in words_of(content)
        assert hashlib.sha256(content).hexdigest() in page.locator(".files").inner_text()
        assert take(page, "UNIDO-CSTD-25-1.pdf").startswith(b"%PDF")
        assert b"Annual report, p. 14." in take(page, "UNIDO-CSTD-25-1.html")
        summary = words_of(take(page, "UNIDO-CSTD-25-1-summary.docx"))
        assert "The year in short." in summary
        assert PARAGRAPH not in summary

        page = visitor.open(submission.get_absolute_url())
        expect(page.get_by_role("heading", name="Latest: compilation 1")).to_be_visible()
        expect(page.get_by_role("link", name="Learning hub")).to_be_visible()
        assert Artifact.objects.count() == FILES

    def test_works_without_scripts(
        self, visit: Visit, submission: Submission, focal_point: User, start_worker: Callable[..., object]
    ) -> None:
        page = ask_for_files(visit(scripts=False), focal_point, submission)
        expect(page.locator("progress")).to_be_visible()
        start_worker()
        expect(page.locator(".files li")).to_have_count(FILES, timeout=LONG)  # the page loads itself again
        assert PARAGRAPH in words_of(take(page, "UNIDO-CSTD-25-1.docx"))

    def test_moves_on_the_page_of_the_submission_too(
        self, visit: Visit, submission: Submission, focal_point: User, start_worker: Callable[..., object]
    ) -> None:
        visitor = visit(width=360, language="ar", scheme="dark")
        ask_for_files(visitor, focal_point, submission)
        page = visitor.open(submission.get_absolute_url())
        expect(page.locator("progress")).to_be_visible()
        start_worker()
        expect(page.locator(".files li")).to_have_count(FILES, timeout=LONG)
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
