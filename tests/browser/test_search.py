"""Searching as people do it: typing, with the keyboard, on a phone, in Arabic, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.factories import IdentifierFactory, InitiativeFactory, PassageFactory, UpdateFactory

Visit = Callable[..., Visitor]


@pytest.fixture
def records(portal_url: str) -> None:
    initiative = InitiativeFactory(
        title="Blockchain observatory",
        description="<p>It watches supply chains.</p>",
        published=True,
        slug="observatory",
    )
    IdentifierFactory(initiative=initiative, value="180231")
    UpdateFactory(initiative=initiative, paragraph="<p>The blockchain pilot ended.</p>")
    PassageFactory(body="<p>Blockchain spreads.</p>")
    InitiativeFactory(title="مرصد سلسلة الكتل", language="ar", published=True)


@pytest.mark.usefixtures("records")
class TestTyping:
    def test_shows_suggestions_that_the_arrow_keys_lead_to(self, visit: Visit) -> None:
        visitor = visit()
        page = visitor.open("/initiatives/")
        box = page.locator("#site-search")
        box.press_sequentially("blockch")
        first = page.locator("#site-search-suggestions a").first
        expect(first).to_contain_text("Blockchain observatory")
        expect(page.locator("#announcements")).to_have_text("1 suggestion")
        # what the open list covers is no target meanwhile
        assert [barrier for barrier in visitor.barriers() if not barrier.startswith("target-size")] == []
        box.press("ArrowDown")
        expect(first).to_be_focused()
        page.keyboard.press("Escape")
        expect(first).to_be_hidden()
        expect(box).to_be_focused()
        box.press_sequentially("ain")
        expect(first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/initiatives/observatory/")

    def test_finds_on_the_page_of_results_and_narrows_to_a_kind(self, visit: Visit) -> None:
        visitor = visit()
        page = visitor.open("/initiatives/")
        page.locator("#site-search").fill("blockchain")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=blockchain")
        expect(page.locator(".search-results > li")).to_have_count(3)
        expect(page.locator(".search-result mark").first).to_have_text("Blockchain")
        assert visitor.barriers() == []
        page.get_by_role("link", name="Passages 1").click()
        expect(page.locator(".search-results > li")).to_have_count(1)
        assert "kind=passage" in page.url
        page.locator("#search-here").fill("blokchain observatry")
        expect(page.get_by_role("link", name="blockchain observatory", exact=True)).to_be_visible()


@pytest.mark.usefixtures("records")
class TestEveryReader:
    @pytest.mark.parametrize(("width", "language", "scheme"), [(360, "ar", "dark"), (360, "en", "light")])
    def test_finds_on_a_phone_in_both_directions(self, visit: Visit, width: int, language: str, scheme: str) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        for typed in ("مرصد", "blockchain", "blokchain", "xylophone"):
            visitor.open(f"/search/?q={typed}")
            assert visitor.barriers() == [], typed
            assert visitor.sticks_out() <= 0, typed

    def test_finds_without_scripts(self, visit: Visit) -> None:
        page = visit(scripts=False).open("/initiatives/")
        page.locator("#site-search").fill("180231")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=180231")
        expect(page.locator(".search-result h2")).to_have_text("Blockchain observatory")
