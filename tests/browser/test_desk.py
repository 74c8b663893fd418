"""Writing, returning and approving an update in a real browser, and the ways in which text must not get lost."""

import re
import zipfile
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from initiatives.choices import Role, UpdateState
from initiatives.models import Initiative, Update
from initiatives.services.updates import UpdateDraft, save_update
from portal.models import User
from reporting.choices import FillingRule
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, InitiativeFactory, SectionFactory, SubmissionFactory, UpdateFactory, UserFactory

Visit = Callable[..., Visitor]

LONG = 120_000  # milliseconds in which a worker has made the files, on a machine that does much else
WORDS = "Forty people learned to weld"
PARAGRAPH = "[role=textbox][aria-labelledby=id_paragraph-label]"


@pytest.fixture
def initiative(transactional_db: None) -> Initiative:
    return InitiativeFactory(title="Learning hub", slug="learning-hub", published=True)


@pytest.fixture
def staff(initiative: Initiative) -> User:
    return UserFactory(role=Role.STAFF, entity=initiative.entity, email="mira@example.org", name="Mira Halden")


@pytest.fixture
def focal_point(initiative: Initiative) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=initiative.entity, email="leila@example.org", name="Leila Mansour")


@pytest.fixture
def draft(initiative: Initiative, staff: User) -> Update:
    return UpdateFactory(initiative=initiative, author=staff)


DESK = "/desk/?period=2021"


def at_the_desk(visitor: Visitor, person: User) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open(DESK)


def edit(visitor: Visitor, person: User, update: Update) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open(reverse("update_edit", args=[update.pk]))


def type_paragraph(page: Page, words: str) -> None:
    page.locator(PARAGRAPH).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def paragraph(page: Page) -> str:
    return page.locator(PARAGRAPH).inner_text().strip()


class TestWholeWay:
    def test_from_a_click_on_the_desk_to_the_file_that_prints_it(
        self, visit: Visit, initiative: Initiative, staff: User, focal_point: User, start_worker: Callable[..., object]
    ) -> None:
        submission = SubmissionFactory(entities=[initiative.entity])
        SectionFactory(submission=submission, name_en="Initiatives", rule=FillingRule.INITIATIVES)
        writer, reviewer = visit(), visit()
        writer.sign_in_by_form(staff.email, PASSWORD)
        page = writer.open(DESK)
        page.get_by_role("button", name=re.compile("Write update.*Learning hub")).click()
        type_paragraph(page, WORDS)
        page.get_by_role("button", name="Footnote").first.click()
        page.get_by_label("Text of the footnote").fill("Annual report, p. 14.")
        page.locator("dialog [type=submit]").click()
        page.keyboard.type(".")
        expect(page.locator(".words-left [data-shown]")).to_have_text("Words: 5 of 150, 145 left")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        page = at_the_desk(reviewer, focal_point)
        page.get_by_role("link", name="Learning hub").first.click()
        page.get_by_label("What should change").fill("Say where.")
        page.get_by_role("button", name="Return to the author").click()
        expect(page.get_by_text("Returned with your note.")).to_be_visible()

        page = writer.open(DESK)
        expect(page.get_by_text("Say where.")).to_be_visible()
        page.get_by_role("link", name=re.compile("Continue.*Learning hub")).click()
        type_paragraph(page, " In Lima.")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        page = reviewer.open(DESK)
        page.get_by_role("link", name=re.compile("Decide.*Learning hub")).click()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved.", exact=False).first).to_be_visible()

        page = visit().open(initiative.get_absolute_url())
        expect(page.get_by_text("In Lima.")).to_be_visible()
        expect(page.get_by_text("Annual report, p. 14.")).to_be_visible()

        start_worker()
        page = reviewer.open(submission.get_absolute_url())
        page.get_by_role("checkbox", name="PDF").uncheck()
        page.click("form[action$='/compilations/'] [type=submit]")
        with page.expect_download(timeout=LONG) as download:
            page.get_by_role("link", name=re.compile(r"\.docx$")).click(timeout=LONG)
        file = zipfile.ZipFile(download.value.path())
        assert "In Lima." in file.read("word/document.xml").decode()
        assert "Annual report, p. 14." in file.read("word/footnotes.xml").decode()

    def test_works_without_scripts(self, visit: Visit, staff: User) -> None:
        page = at_the_desk(visit(scripts=False), staff)
        page.get_by_role("button", name="Write update").click()
        page.get_by_label("Paragraph for print").fill(f"{WORDS}.\n\nIn Lima.")
        page.get_by_role("button", name="Save and submit").click()
        assert Update.objects.get().state == UpdateState.SUBMITTED
        expect(page.locator(".sheet .prose p")).to_have_text([f"{WORDS}.", "In Lima."])


class TestForm:
    def test_asks_only_for_what_its_kind_needs(self, visit: Visit, staff: User, draft: Update) -> None:
        page = edit(visit(), staff, draft)
        reason, text = page.get_by_label("Why there is nothing to report"), page.locator(".editor").first
        expect(text).to_be_visible()
        expect(reason).to_be_hidden()
        page.get_by_label("nothing to report").first.check()
        expect(reason).to_be_visible()
        expect(text).to_be_hidden()

    def test_leads_from_what_is_missing_to_its_field(self, visit: Visit, staff: User, draft: Update) -> None:
        visitor = visit(expected_status=422)
        page = edit(visitor, staff, draft)
        page.get_by_role("button", name="Save and submit").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert visitor.barriers() == []
        page.locator(".error-summary a").click()
        expect(page.locator(PARAGRAPH)).to_be_focused()


class TestTextThatWasNotSaved:
    def test_is_offered_when_the_window_was_closed(self, visit: Visit, staff: User, draft: Update) -> None:
        visitor = visit()
        page = edit(visitor, staff, draft)
        type_paragraph(page, WORDS)
        page.goto("about:blank")
        page = visitor.open(reverse("update_edit", args=[draft.pk]))
        notice = page.locator("[data-kept-text]")
        expect(notice).to_be_visible()
        expect(notice.locator("[data-kept-words]")).to_have_text(WORDS)
        assert visitor.barriers() == []
        notice.get_by_role("button", name="Put it into the form").click()
        expect(notice).to_be_hidden()
        assert paragraph(page) == WORDS
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("The draft is saved.")).to_be_visible()
        assert paragraph(page) == WORDS
        page.reload()
        expect(page.locator("[data-kept-text]")).to_be_hidden()

    def test_does_not_overwrite_what_was_saved_in_between(self, visit: Visit, staff: User, draft: Update) -> None:
        visitor = visit(expected_status=409)
        type_paragraph(edit(visitor, staff, draft), WORDS)
        visitor.open("/")
        theirs = UpdateDraft(texts={"paragraph": "<p>Thirty people came.</p>"})
        save_update(update=draft, draft=theirs, edits=0, user=UserFactory())
        page = visitor.open(reverse("update_edit", args=[draft.pk]))
        page.get_by_role("button", name="Put it into the form").click()
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_role("heading", name="What is saved now")).to_be_visible()
        assert paragraph(page) == WORDS

    def test_can_be_thrown_away(self, visit: Visit, staff: User, draft: Update) -> None:
        visitor = visit()
        type_paragraph(edit(visitor, staff, draft), WORDS)
        page = visitor.open(reverse("update_edit", args=[draft.pk]))
        page.get_by_role("button", name="Throw it away").click()
        page.reload()
        expect(page.locator("[data-kept-text]")).to_be_hidden()
        assert paragraph(page) == ""

    def test_is_offered_to_its_writer_alone(self, visit: Visit, staff: User, focal_point: User, draft: Update) -> None:
        visitor = visit()
        type_paragraph(edit(visitor, staff, draft), WORDS)
        visitor.open("/")
        visitor.context.clear_cookies(name="sessionid")
        page = edit(visitor, focal_point, draft)
        expect(page.locator("[data-kept-text]")).to_be_hidden()

    def test_is_forgotten_once_it_was_submitted(self, visit: Visit, staff: User, draft: Update) -> None:
        page = edit(visit(), staff, draft)
        type_paragraph(page, WORDS)
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()
        assert page.evaluate("Object.keys(localStorage)") == []

    def test_survives_the_end_of_the_session(self, visit: Visit, staff: User, draft: Update) -> None:
        page = edit(visit(), staff, draft)
        type_paragraph(page, WORDS)
        Session.objects.all().delete()
        page.get_by_role("button", name="Save and submit").click()
        page.get_by_label("Email").fill(staff.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main [type=submit]").click()
        expect(page.get_by_text("Your text is still here")).to_be_visible()
        assert paragraph(page) == WORDS
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("The draft is saved.")).to_be_visible()
        draft.refresh_from_db()
        assert draft.original is not None
        assert WORDS in draft.original.paragraph

    def test_stands_beside_the_text_of_a_second_writer(self, visit: Visit, staff: User, draft: Update) -> None:
        visitor = visit(expected_status=409)
        page = edit(visitor, staff, draft)
        type_paragraph(page, WORDS)
        theirs = UpdateDraft(texts={"paragraph": "<p>Thirty people came.</p>"})
        save_update(update=draft, draft=theirs, edits=0, user=UserFactory(name="Tomás Arrieta"))
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_role("heading", name="What is saved now")).to_be_visible()
        expect(page.locator("aside").get_by_text("Thirty people came.")).to_be_visible()
        assert visitor.barriers() == []
        assert paragraph(page) == WORDS
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("The draft is saved.")).to_be_visible()
