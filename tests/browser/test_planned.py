"""What was told as planned, in a real browser: by keyboard on the desk, narrow, in Arabic, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Initiative
from portal.models import User
from reporting.models import Outcome
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, InitiativeFactory, UpdateDraftFactory, UserFactory
from tests.support.planned import outlook, told

Visit = Callable[..., Visitor]


@pytest.fixture
def initiative(transactional_db: None) -> Initiative:
    initiative = InitiativeFactory(title="Learning hub", published=True)
    told(outlook(initiative))
    told(outlook(initiative, "<p>A portal follows.</p>"), year=2022)
    return initiative


@pytest.fixture
def staff(initiative: Initiative) -> User:
    return UserFactory(role=Role.STAFF, entity=initiative.entity, email="mira@example.org", name="Mira Halden")


class TestPlans:
    def test_are_answered_on_the_desk_by_keyboard_alone(self, visit: Visit, staff: User) -> None:
        visitor = visit()
        visitor.sign_in(staff.email, PASSWORD)
        page = visitor.open("/desk/")
        plan = page.locator(".plan").first
        plan.get_by_role("link", name="Held or done").press("Enter")
        when = page.get_by_label("When was it held or done?")
        expect(when).to_be_focused()
        assert visitor.barriers() == []
        when.press("Enter")  # without a date
        expect(page.get_by_text("Say when, as exact as you know it.")).to_be_visible()
        when.fill("2022-11")
        when.press("Enter")
        expect(page.locator("#announcements")).to_have_text("It is on record what became of it.")
        expect(plan).to_contain_text("November 2022")
        expect(plan).to_be_focused()
        assert visitor.barriers() == []
        assert page.url.endswith("/desk/")
        plan.get_by_role("button", name="Undo").press("Enter")
        expect(plan.get_by_role("link", name="Moved")).to_be_visible()
        expect(page.locator("#announcements")).to_have_text("It is taken back.")
        assert not Outcome.objects.exists()

    def test_are_moved_beside_the_update_of_the_next_period(
        self, visit: Visit, initiative: Initiative, staff: User
    ) -> None:
        draft = UpdateDraftFactory(initiative=initiative, holder=staff)
        visitor = visit(width=360)
        visitor.sign_in(staff.email, PASSWORD)
        page = visitor.open(f"/desk/drafts/{draft.pk}/edit/")
        plan = page.locator(".plan").first
        plan.get_by_role("link", name="Moved").click()
        page.get_by_label("To when is it moved?").fill("2199-Q2")
        plan.get_by_role("button", name="Save").click()
        expect(plan).to_contain_text("planned until 30 June 2199")
        assert visitor.sticks_out() <= 0
        assert visitor.barriers() == []

    def test_are_dropped_in_arabic_without_scripts(self, visit: Visit, staff: User) -> None:
        visitor = visit(width=360, language="ar", scripts=False)
        visitor.sign_in(staff.email, PASSWORD)
        page = visitor.open("/desk/planned/")
        page.locator(".plan a[href*=dropped]").first.click()
        page.locator("textarea[name=note]").fill("لا تمويل.")
        page.locator(".plan [type=submit]").click()
        expect(page.locator(".plan-said [lang=ar]")).to_have_text("لا تمويل.")
        page.goto(f"{visitor.url}/desk/planned/?answered=yes")
        expect(page.locator(".plan")).to_have_count(1)
        page.locator(".plan [name=undo]").click()
        expect(page.locator(".plan-said")).to_have_count(0)
