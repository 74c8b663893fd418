"""What every page owes its readers, tried on the pages that need no records."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.browser.conftest import Visitor

PAGES = {
    "home": "/",
    "sign in": "/accounts/login/",
    "how to get an account": "/accounts/signup/",
    "password reset": "/accounts/password/reset/",
    "password reset sent": "/accounts/password/reset/done/",
    "password reset done": "/accounts/password/reset/key/done/",
    "old link": "/accounts/password/reset/key/1-x/",
    "ended account": "/accounts/inactive/",
}
FIRST_LOAD = 100_000  # bytes over the line, the budget of DESIGN.md section 8

Visit = Callable[..., Visitor]


class TestEveryPage:
    @pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
    def test_has_no_barrier_and_fits_every_window(self, visit: Visit, width: int, language: str, scheme: str) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        wrong: dict[object, object] = {}
        for name, path in PAGES.items():
            visitor.page.set_viewport_size({"width": width, "height": 800})
            visitor.open(path)
            if barriers := visitor.barriers():
                wrong[name] = barriers
            for window in (320, 360, 768, 1280):
                visitor.page.set_viewport_size({"width": window, "height": 800})
                if (pixels := visitor.sticks_out()) > 0:
                    wrong[name, window] = pixels
        assert wrong == {}


@pytest.mark.parametrize("path", [PAGES["home"], PAGES["sign in"]], ids=["home", "sign in"])
class TestFirstLoad:
    def test_is_light_and_comes_compressed(self, visit: Visit, path: str) -> None:
        visitor = visit()
        sizes: list[int] = []

        def add(sent: dict[str, int]) -> None:
            sizes.append(sent["encodedDataLength"])

        network = visitor.context.new_cdp_session(visitor.page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", add)
        visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        assert 10_000 < sum(sizes) < FIRST_LOAD


class TestFrame:
    def test_writes_arabic_from_right_to_left(self, visit: Visit) -> None:
        page = visit(language="ar").open("/")
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.locator("html").get_attribute("lang") == "ar"
        brand = page.locator(".brand").bounding_box()
        tools = page.locator(".site-tools").bounding_box()
        assert brand is not None
        assert tools is not None
        assert brand["x"] > tools["x"]

    def test_begins_with_a_link_to_the_content(self, visit: Visit) -> None:
        page = visit().open("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        assert page.locator(".skip-link").bounding_box()["height"] >= 24  # type: ignore[index]  # it is shown now
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def test_shows_where_the_keyboard_is(self, visit: Visit) -> None:
        page = visit().open("/accounts/login/")
        for _ in range(page.locator("a:visible, button:visible, input:visible, summary:visible").count()):
            page.keyboard.press("Tab")
            width, style, place = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [parseFloat(s.outlineWidth), s.outlineStyle, e.outerHTML.slice(0, 80)]; })()"
            )
            assert style == "solid", place
            assert width >= 2, place

    def test_changes_its_language_without_scripts(self, visit: Visit) -> None:
        page = visit(scripts=False).open("/accounts/login/")
        page.click("summary:has-text('English')")
        page.click("button[value=fr]")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.url.endswith("/accounts/login/")

    def test_closes_a_menu_by_escape_and_gives_the_focus_back(self, visit: Visit) -> None:
        page = visit().open("/")
        page.focus("summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("details[open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("details[open]").count() == 0
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    def test_tells_what_is_wrong_with_a_form_and_leads_there(self, visit: Visit) -> None:
        visitor = visit()
        page = visitor.open(reverse("account_login"))
        page.click("main [type=submit]")
        page.wait_for_selector(".error-summary")
        assert page.evaluate("document.activeElement.className") == "error-summary"
        assert visitor.barriers() == []
        page.click(".error-summary a")
        assert page.evaluate("document.activeElement.name") == "login"

    def test_refuses_a_script_that_is_not_its_own(self, visit: Visit) -> None:
        visitor = visit()
        page = visitor.open("/")
        page.evaluate(
            "(() => { const s = document.createElement('script'); s.textContent = 'window.foreign = 1';"
            " document.head.append(s); })()"
        )
        assert page.evaluate("window.foreign") is None
        assert any("Content Security Policy" in line for line in visitor.complaints)
        visitor.complaints.clear()

    def test_stays_useful_without_its_page_found(self, visit: Visit) -> None:
        visitor = visit(width=360, expected_status=404)
        page = visitor.open("/nothing-here/")
        assert page.locator("h1").inner_text() == "Page not found"
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
