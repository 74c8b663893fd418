"""The table of the desk in a real browser: by keyboard alone, without scripts, and two people in one cell."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from initiatives.choices import Role
from initiatives.models import Draft, Initiative
from portal.models import User
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, EntityFactory, InitiativeFactory, UpdateFactory, UserFactory

Visit = Callable[..., Visitor]


@pytest.fixture
def staff(transactional_db: None) -> User:
    return UserFactory(role=Role.STAFF, entity=EntityFactory(code="UNIDO"), email="mira@example.org", name="Mira")


@pytest.fixture
def hub(staff: User) -> Initiative:
    entity = EntityFactory(code="UNIDO")
    UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Tomás")
    InitiativeFactory(title="Lab", slug="lab", entity=entity, holder=staff, published=True)
    return InitiativeFactory(title="Hub", slug="hub", entity=entity, holder=staff, status="ongoing", published=True)


def at_the_desk(visitor: Visitor, person: User) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open("/desk/?period=2021")


def held_by(initiative: Initiative) -> str:
    initiative.refresh_from_db()
    return str(initiative.holder)


class TestTable:
    def test_is_worked_in_by_keyboard_alone(self, visit: Visit, staff: User, hub: Initiative) -> None:
        visitor = visit()
        page = at_the_desk(visitor, staff)
        assert visitor.barriers() == []
        keys, focused = page.keyboard, page.locator(":focus")
        page.get_by_label("Choose Hub").focus()
        for _ in range(10):  # over title and form of the row, to the first cell
            keys.press("Tab")
            if page.evaluate("document.activeElement.matches('.desk-cell')"):
                break
        keys.press("Enter")
        expect(page.get_by_label("Status of Hub")).to_be_focused()
        assert visitor.barriers() == []
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(page.get_by_text("in draft; public: ongoing")).to_be_visible()
        expect(focused).to_contain_text("completed")
        expect(page.locator("#announcements")).to_have_text("Saved in the draft")
        assert Draft.objects.get().content["status"] == "completed"

        keys.press("ArrowRight")
        expect(focused).to_contain_text("Mira")
        keys.press("Enter")
        holder = page.get_by_label("Holder of Hub")
        expect(holder).to_be_focused()
        keys.press("Escape")
        expect(holder).to_have_count(0)
        expect(focused).to_contain_text("Mira")
        assert held_by(hub) == "Mira"
        keys.press("Enter")
        expect(holder).to_be_focused()
        keys.press("T")
        keys.press("Tab")
        keys.press("Tab")
        keys.press("Tab")  # past the two buttons: what was chosen is kept
        expect(page.locator("[data-cell=holder]").first).to_contain_text("Saved")
        assert held_by(hub) == "Tomás"
        page.locator("[data-cell=deputy] a").first.focus()
        keys.press("ArrowDown")
        expect(focused).to_contain_text("Deputy of Lab")
        assert visitor.barriers() == []

        page.locator(".filters-fold > summary").focus()
        keys.press("Enter")
        page.get_by_role("checkbox", name=re.compile("^planned|^nothing yet")).first.focus()
        keys.press("Space")
        expect(page).to_have_url(re.compile(r"told=none"))
        assert "period=2021" in page.url
        page.reload()
        expect(page.get_by_role("rowheader")).to_have_count(1)  # the other one is held by Tomás now

    def test_gives_each_row_a_form_without_scripts(self, visit: Visit, staff: User, hub: Initiative) -> None:
        page = at_the_desk(visit(scripts=False, width=360), staff)
        page.get_by_role("link", name="Status of Hub").click()
        page.get_by_label("Holder").select_option("Tomás")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert held_by(hub) == "Tomás"

    def test_shows_both_where_two_people_change_one_cell(self, visit: Visit, staff: User, hub: Initiative) -> None:
        page = at_the_desk(visit(expected_status=409), staff)
        page.get_by_role("link", name="Holder of Hub").click()
        expect(page.get_by_label("Holder of Hub")).to_be_focused()
        Initiative.objects.filter(pk=hub.pk).update(holder=None)
        page.get_by_label("Holder of Hub").select_option("Tomás")  # chosen with a pointer, which saves
        expect(page.get_by_text("Somebody chose “nobody yet” meanwhile.")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_label("Holder of Hub")).to_have_count(0)
        assert held_by(hub) == "Tomás"


class TestTelling:
    def test_that_nothing_is_new_leaves_one_where_one_is(self, visit: Visit, staff: User, hub: Initiative) -> None:
        UpdateFactory(initiative=hub, period_start="2020-01-01", period_end="2021-01-01", paragraph="<p>News.</p>")
        visitor = visit()
        page = at_the_desk(visitor, staff)
        keys, focused, heard = page.keyboard, page.locator(":focus"), page.locator("#announcements")
        page.locator(".filters-fold > summary").click()
        counts = page.locator("[data-facet=told]")
        expect(counts).to_contain_text(re.compile(r"nothing yet\s+2"))
        page.get_by_role("button", name=re.compile("Still true.*Hub")).focus()
        keys.press("Enter")
        expect(heard).to_contain_text("On record: still true")
        expect(focused).to_have_text("See: Hub")
        expect(page.locator("#desk-table")).to_contain_text("still true, nothing new")
        expect(counts).to_contain_text(re.compile(r"nothing yet\s+1"))
        keys.press("Tab")
        expect(focused).to_have_text("Take back: Hub")
        keys.press("Enter")
        expect(heard).to_have_text("Taken back.")
        expect(focused).to_have_text("Write update: Hub")

        page.get_by_role("link", name=re.compile("Nothing to report.*Hub")).focus()
        keys.press("Enter")
        expect(page.get_by_label(re.compile("Why there is nothing to report.*Hub"))).to_be_focused()
        assert visitor.barriers() == []
        keys.press("Escape")
        expect(focused).to_have_text("Write update: Hub")
        page.get_by_role("link", name=re.compile("Nothing to report.*Hub")).click()
        expect(page.get_by_label(re.compile("Why there is nothing to report.*Hub"))).to_be_focused()
        keys.type("It rests.")
        keys.press("Enter")
        expect(heard).to_contain_text("Submitted: nothing to report.")
        expect(page.locator("#desk-table")).to_contain_text("submitted")
        assert Draft.objects.get(state="submitted").content["reason"] == "It rests."
        assert page.url.endswith("/desk/?period=2021")

    def test_works_without_scripts_on_a_phone_in_arabic(self, visit: Visit, staff: User, hub: Initiative) -> None:
        UpdateFactory(initiative=hub, period_start="2020-01-01", period_end="2021-01-01", paragraph="<p>News.</p>")
        visitor = visit(scripts=False, width=360, language="ar")
        page = at_the_desk(visitor, staff)
        page.locator("[value=still_true]").click()
        expect(page.locator("[value=take_back]")).to_be_visible()
        assert visitor.sticks_out() <= 0
        page.locator("[value=take_back]").click()
        page.locator("a[href*=tell]").first.click()
        page.locator("[name=reason]").fill("It rests.")
        page.locator("main form.plain-form [type=submit]").click()
        expect(page.locator("[value=take_back]")).to_be_visible()
        assert Draft.objects.get(state="submitted").content["reason"] == "It rests."
