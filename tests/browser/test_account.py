"""Making, copying and revoking a token, by keyboard and on a narrow screen."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from initiatives.choices import Role
from portal.models import ApiToken, User
from portal.tokens import find_token
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, UserFactory

Visit = Callable[..., Visitor]


@pytest.fixture
def person(transactional_db: None) -> User:
    return UserFactory(email="amal@example.org", name="Amal Haddad", role=Role.STAFF)


def to(visitor: Visitor, selector: str) -> None:
    """Go by the Tab key until the focus is there."""
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


class TestToken:
    def test_is_made_copied_and_revoked_by_keyboard(self, visit: Visit, person: User) -> None:
        visitor = visit()
        visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visitor.sign_in(person.email, PASSWORD)
        page, keyboard = visitor.page, visitor.page.keyboard
        visitor.open("/accounts/")
        to(visitor, "a[href='/accounts/tokens/new/']")
        keyboard.press("Enter")
        page.wait_for_selector("[name=password]")
        to(visitor, "[name=password]")
        keyboard.type(PASSWORD)
        keyboard.press("Enter")
        page.wait_for_selector("[name=name]")
        to(visitor, "[name=name]")
        keyboard.type("Monday report")
        to(visitor, "[name=scopes][value=write]")
        keyboard.press("Space")
        to(visitor, "[name=ends]")
        keyboard.press("ArrowUp")
        to(visitor, "main [type=submit]")
        keyboard.press("Enter")
        secret = page.locator("#secret").inner_text()
        to(visitor, "[data-copy]")
        keyboard.press("Enter")
        page.wait_for_selector("[data-copy] :text('Copied')")
        assert page.evaluate("navigator.clipboard.readText()") == secret
        token = find_token(secret=secret, now=timezone.now())
        assert token.scopes == ["read", "write"]
        assert (timezone.localtime(token.expires_at).date() - timezone.localdate()).days == 31
        visitor.open("/accounts/")
        assert secret not in page.content()
        to(visitor, "main table a")
        keyboard.press("Enter")
        page.wait_for_selector("main .btn-danger")
        to(visitor, "main .btn-danger")
        keyboard.press("Enter")
        page.wait_for_selector("main details")
        assert ApiToken.objects.get().revoked_at

    @pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
    def test_has_pages_without_barriers_that_fit(
        self, visit: Visit, person: User, width: int, language: str, scheme: str
    ) -> None:
        visitor = visit(width=width, language=language, scheme=scheme, expected_status=422)
        visitor.sign_in(person.email, PASSWORD)
        page = visitor.open("/accounts/tokens/new/")
        self.fits(visitor)
        page.fill("[name=password]", PASSWORD)
        page.click("main [type=submit]")
        page.wait_for_selector("[name=name]")
        page.click("main [type=submit]")
        page.wait_for_selector(".error-summary")
        self.fits(visitor)
        page.fill("[name=name]", "Monthly figures of the regional programme on digital skills")
        page.click("main [type=submit]")
        page.wait_for_selector("#secret")
        self.fits(visitor)
        for path in (
            "/accounts/",
            f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/",
            "/accounts/reauthenticate/",
        ):
            visitor.open(path)
            self.fits(visitor)

    def fits(self, visitor: Visitor) -> None:
        assert visitor.barriers() == [], visitor.page.url
        assert visitor.sticks_out() <= 0, visitor.page.url
