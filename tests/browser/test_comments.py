"""A reviewer comments beside a paragraph and returns the draft; its writer is told, answers, resolves and submits."""

from collections.abc import Callable

from playwright.sync_api import expect

from initiatives.choices import DraftState, Role
from initiatives.models import Comment
from portal.models import User
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, DraftFactory, EntityFactory, InitiativeFactory, UserFactory

TEXT = "<p>Forty workshops were held.</p><p>A second round begins in May.</p>"


class TestComments:
    def test_go_to_and_fro_until_the_draft_is_submitted_again(self, visit: Callable[..., Visitor]) -> None:
        entity = EntityFactory(acronym="LOOM", code="LOOM")
        mira: User = UserFactory(role=Role.STAFF, entity=entity, name="Mira Halden")
        leila: User = UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Leila Mansour")
        draft = DraftFactory(
            initiative=InitiativeFactory(entity=entity, title="Open mills"),
            holder=mira,
            why="It went on.",
            submitted=True,
            content={"description": TEXT},
        )

        reviewer = visit()
        reviewer.sign_in(leila.email, PASSWORD)
        page = reviewer.open(draft.get_absolute_url())
        page.get_by_role("link", name="Comment : Description").press("Enter")
        page.get_by_label("It speaks of").select_option("2. A second round begins in May.")
        page.get_by_role("textbox", name="Comment").fill("Of which year?")
        assert reviewer.barriers() == []
        page.get_by_role("button", name="Comment").click()
        thread = page.get_by_role("article", name="Comment of Leila Mansour")
        expect(thread).to_contain_text("Paragraph 2")
        expect(thread).to_be_focused()
        expect(page.locator("#announcements")).to_have_text("Your comment is kept.")
        page.get_by_label("What should change").fill("See beside the text.")
        page.get_by_role("button", name="Return to the author").click()
        expect(page.get_by_text("Returned")).not_to_have_count(0)

        writer = visit(width=360)
        writer.sign_in(mira.email, PASSWORD)
        page = writer.open("/desk/")
        page.get_by_role("link", name="Notifications, 2 not read").click()
        expect(page.get_by_role("link", name="Leila Mansour")).to_have_count(2)
        assert writer.barriers() == []
        page.get_by_role("link", name="commented on").click()
        page.wait_for_url(f"**{draft.get_absolute_url()}#comment-*")
        assert writer.barriers() == []
        assert writer.sticks_out() <= 0
        page.get_by_role("link", name="Continue writing").click()
        thread = page.get_by_role("article", name="Comment of Leila Mansour")
        expect(thread).to_contain_text("Of which year?")
        assert writer.sticks_out() <= 0
        page.locator("[role=textbox][aria-labelledby=id_description-label]").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" It lasts a month.")
        thread.get_by_text("Answer").first.click()
        thread.get_by_role("textbox", name="Answer").fill("Of 2027, it says so now.")
        thread.get_by_role("button", name="Answer").click()
        expect(thread.locator(".thread-answer")).to_contain_text("Of 2027, it says so now.")
        thread.get_by_role("button", name="Resolve").click()
        expect(thread).to_contain_text("Resolved: Mira Halden")
        assert writer.barriers() == []
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of LOOM decides.")).to_be_visible()

        draft.refresh_from_db()
        assert draft.state == DraftState.SUBMITTED
        assert "It lasts a month." in draft.content["description"]
        assert "Of 2027" not in str(draft.content)
        assert Comment.objects.filter(resolved_by=mira).count() == 1
        reviewer.page.reload()
        expect(reviewer.page.get_by_role("link", name="Notifications, 2 not read")).to_be_visible()
