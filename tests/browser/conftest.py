"""A real Chromium that looks at the pages as they are served: with their middleware, headers and compressed files."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.support.chromium import OPTIONS, chromium_path
from tests.support.servers import portal

# Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 15_000  # milliseconds until something that was promised counts as missing
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passed is not listed, which takes longer than finding out
}


@pytest.fixture(scope="package")
def server(django_db_setup: None) -> Iterator[str]:
    """One for all files here, like the browser: its connections know the tables already."""
    with portal() as address:
        yield address


@pytest.fixture
def portal_url(server: str, transactional_db: None) -> str:
    return server


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One for all files here: a visitor has windows, cookies and a cache of their own, and a start takes seconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a browser: what they see, and what the browser complained about."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, email: str, password: str) -> None:
        """With the session that the server makes after the form was sent; without the two pages, which take longer."""
        client = Client()
        client.post("/accounts/login/", {"login": email, "password": password})
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])

    def sign_in_by_form(self, email: str, password: str) -> None:
        """Through the page that everybody uses."""
        self.open("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.click("main [type=submit]")
        self.page.wait_for_load_state()

    def follow(self, control: Locator) -> None:
        """Press what leads to another page, and wait for that page: axe fails on one that is being left."""
        with self.page.expect_navigation():
            control.press("Enter")

    def barriers(self) -> list[str]:
        """What axe finds on the page as it stands: one line for each rule that is broken, with the first place."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]

    def sticks_out(self, *, at: int | None = None) -> int:
        """By how many pixels the page is wider than its window, or than one of that width, which it then leaves."""
        window = self.page.viewport_size
        if at:
            self.page.set_viewport_size({"width": at, "height": 800})
        pixels = int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        if at and window:
            self.page.set_viewport_size(window)
        return pixels


@pytest.fixture
def visit(chromium: Browser, portal_url: str) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor: `visit(width=360, language="ar", scheme="dark", scripts=False)`.

    After the test, anything the browser complained about (a script error, a blocked style, a missing file) fails it,
    but for answers with an error status that the test asked for by `expected_status`.
    """
    visitors: list[Visitor] = []

    def make(
        *,
        width: int = 1280,
        language: str = "en",
        scheme: str = "light",
        scripts: bool = True,
        expected_status: int | None = None,
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]  # a literal of Playwright's
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "django_language", "value": language, "url": portal_url}])
        visitor = Visitor(context, context.new_page(), portal_url)

        def note(kind: str, text: str) -> None:
            if not (kind == "error" and expected_status and f"status of {expected_status}" in text):
                visitor.complaints.append(f"{kind}: {text}")

        visitor.page.on("console", lambda message: note(message.type, message.text))
        visitor.page.on("pageerror", lambda error: note("pageerror", str(error)))
        visitors.append(visitor)
        return visitor

    yield make
    complaints = [line for visitor in visitors for line in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
