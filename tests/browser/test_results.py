"""A result of an indicator in a real browser, from the page of its initiative to what everybody reads."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Result
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    CountryFactory,
    EntityFactory,
    InitiativeFactory,
    UserFactory,
)


class TestWholeWay:
    def test_from_the_initiative_to_the_value_that_everybody_reads(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        staff = UserFactory(role=Role.STAFF, entity=entity, email="mira@example.org")
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org")
        initiative = InitiativeFactory(entity=entity, title="Small mills", published=True)
        initiative.places.create(country=CountryFactory(iso3="SRB", name_en="Serbia"))
        women = CategoryFactory(breakdown__code="sex", code="women", name_en="Women")
        CategoryFactory(breakdown=women.breakdown, code="men", name_en="Men")
        writer, reviewer, reader = visit(expected_status=422), visit(), visit()

        writer.sign_in(staff.email, PASSWORD)
        page = writer.open(initiative.get_absolute_url())
        page.get_by_role("link", name="Add a result").click()
        page.get_by_role("textbox", name="Period").fill("2021")
        page.get_by_label(re.compile(re.escape(women.breakdown.indicator.code))).check()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("combobox", name="Place").select_option("Serbia")
        page.get_by_role("textbox", name="Value").fill("1e400")
        page.get_by_role("textbox", name="Women").fill("30")
        page.get_by_role("textbox", name="Men", exact=True).fill("12")
        expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("Saved"))
        page.get_by_role("button", name="Save and submit").click()
        expect(page.locator(".error-summary")).to_contain_text("is no number")
        assert writer.barriers() == []
        page.get_by_role("textbox", name="Value").fill("40")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.locator(".error-summary")).to_contain_text("The parts make 42 and the whole is 40")
        page.get_by_role("textbox", name="Men", exact=True).fill("10")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        reviewer.sign_in(focal_point.email, PASSWORD)
        page = reviewer.open("/desk/")
        page.get_by_role("link", name=re.compile("SRB")).first.click()
        expect(page.get_by_text("Women · 30")).to_be_visible()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved").first).to_be_visible()

        page = reader.open(initiative.get_absolute_url())
        page.get_by_role("link", name=re.compile(re.escape(women.breakdown.indicator.statement))).click()
        expect(page.locator("main")).to_contain_text("40")
        expect(page.locator("main")).to_contain_text("Serbia")
        assert reader.barriers() == []
        assert Result.objects.get().value == 40
