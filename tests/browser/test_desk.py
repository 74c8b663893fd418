"""Writing, returning and approving an update in a real browser. What keeps its text safe is that of all drafts."""

import re
import zipfile
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from initiatives.choices import DraftState, Role
from initiatives.models import Draft, Initiative
from portal.models import User
from reporting.choices import FillingRule
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    InitiativeFactory,
    SectionFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pictures import photo

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
def draft(initiative: Initiative, staff: User) -> Draft:
    return UpdateDraftFactory(initiative=initiative, holder=staff)


DESK = "/desk/?period=2021"


def at_the_desk(visitor: Visitor, person: User) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open(DESK)


def edit(visitor: Visitor, person: User, draft: Draft) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open(reverse("draft_edit", args=[draft.pk]))


def type_paragraph(page: Page, words: str) -> None:
    page.locator(PARAGRAPH).click()
    page.keyboard.press("End")
    page.keyboard.type(words)


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
        draft = Draft.objects.get()
        assert draft.state == DraftState.SUBMITTED
        assert draft.content["paragraph"] == f"<p>{WORDS}.</p><p>In Lima.</p>"
        expect(page.locator(".change-text").filter(has_text=WORDS)).to_be_visible()


class TestForm:
    def test_asks_only_for_what_its_kind_needs(self, visit: Visit, staff: User, draft: Draft) -> None:
        page = edit(visit(), staff, draft)
        reason, text = page.get_by_label("Why there is nothing to report"), page.locator(".editor").first
        expect(text).to_be_visible()
        expect(reason).to_be_hidden()
        page.get_by_label("nothing to report").first.check()
        expect(reason).to_be_visible()
        expect(text).to_be_hidden()

    def test_marks_what_came_over_until_it_is_touched(self, visit: Visit, initiative: Initiative, staff: User) -> None:
        UpdateFactory(
            initiative=initiative,
            period_start="2020-01-01",
            period_end="2021-01-01",
            paragraph="<p>News.</p>",
            obstacles="<p>Visas.</p>",
        )
        page = edit(visit(), staff, UpdateDraftFactory(initiative=initiative, holder=staff, obstacles="<p>Visas.</p>"))
        mark = page.get_by_text("Carried over from the last update")
        expect(mark).to_be_visible()
        page.locator("[role=textbox][aria-labelledby=id_obstacles-label]").click()
        page.keyboard.type("Still. ")
        expect(mark).to_be_hidden()

    def test_leads_from_what_is_missing_to_its_field(self, visit: Visit, staff: User, draft: Draft) -> None:
        visitor = visit(expected_status=422)
        page = edit(visitor, staff, draft)
        page.get_by_role("button", name="Save and submit").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert visitor.barriers() == []
        page.locator(".error-summary a").click()
        expect(page.locator(PARAGRAPH)).to_be_focused()


class TestClicks:
    def test_from_sign_in_to_a_posted_update_with_a_photo_are_six_or_fewer(
        self, visit: Visit, initiative: Initiative, staff: User
    ) -> None:
        """What is typed costs no click: the tab key leads on, and a photograph that was sent to what is said of it."""
        clicks = 0

        def click(locator: Locator) -> None:
            nonlocal clicks
            clicks += 1
            locator.click()

        page = visit().open(f"/accounts/login/?next={DESK}")
        page.locator("[name=login]").fill(staff.email)
        page.locator("[name=password]").fill(PASSWORD)
        click(page.locator("main [type=submit]"))
        click(page.get_by_role("button", name=re.compile("Write update.*Learning hub")))
        click(page.locator(PARAGRAPH))
        page.keyboard.type(f"{WORDS}.")
        with page.expect_file_chooser() as chooser:
            click(page.get_by_role("button", name="Add a photograph or document"))
        chooser.value.set_files({"name": "welders.jpg", "mimeType": "image/jpeg", "buffer": photo(600, 400)})
        clicks += 1  # on the file, where it is not typed
        expect(page.get_by_role("group", name="welders.jpg").get_by_label("Caption")).to_be_focused()
        for words in ("Welders of Lima", "Two people at a bench", "Learning hub"):
            page.keyboard.type(words)
            page.keyboard.press("Tab")
        click(page.get_by_role("button", name="Save and submit"))
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()
        assert clicks <= 6
        draft = Draft.objects.get()
        assert draft.state == DraftState.SUBMITTED
        assert [file["caption"] for file in draft.content["evidence"]] == ["Welders of Lima"]
