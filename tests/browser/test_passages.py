"""Carrying on a passage of a former year in a real browser, from the desk to its page."""

import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import expect

from initiatives.choices import DraftState, PassageKind, Role
from initiatives.models import Draft
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, ActionLineFactory, EntityFactory, PassageFactory, UserFactory

BODY = "[role=textbox][aria-labelledby=id_body-label]"


class TestWholeWay:
    def test_from_the_words_of_last_year_to_the_page_that_everybody_reads(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        staff = UserFactory(role=Role.STAFF, entity=entity, email="mira@example.org")
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org")
        former = PassageFactory(entity=entity, name="2021: trend", kind=PassageKind.TREND, body="<p>Prices fall.</p>")
        former.lines.add(ActionLineFactory(code="C5"))
        writer, reviewer, reader = visit(), visit(), visit()

        writer.sign_in(staff.email, PASSWORD)
        page = writer.open("/desk/")
        page.get_by_role("link", name="Passages").click()
        page.get_by_role("button", name=re.compile("Carry it on")).click()
        expect(page.get_by_text("Carried over from the former passage")).to_have_count(2)
        assert writer.barriers() == []
        page.locator(BODY).click()
        page.keyboard.press("End")
        page.keyboard.type(" Wages rise.")
        expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("Saved"))
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        reviewer.sign_in(focal_point.email, PASSWORD)
        page = reviewer.open("/desk/")
        page.get_by_role("link", name=re.compile("trend")).first.click()
        expect(page.get_by_text("Wages rise.")).to_be_visible()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved").first).to_be_visible()
        draft = Draft.objects.get()
        assert draft.state == DraftState.APPROVED
        assert draft.passage
        assert draft.passage.follows == former

        page = reader.open(draft.passage.get_absolute_url())
        expect(page.get_by_text("Prices fall. Wages rise.")).to_be_visible()
        expect(page.get_by_text("2021: trend")).to_have_count(0)
        assert reader.barriers() == []
        page = reader.open(former.get_absolute_url())
        expect(page.get_by_text("Prices fall.", exact=True)).to_be_visible()
        assert reverse("passage_change", args=[former.pk]) not in page.content()
