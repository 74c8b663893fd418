"""The style guide in a browser: no barrier, nothing that sticks out, in both directions, light and dark."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from tests.browser.conftest import Visitor

Visit = Callable[..., Visitor]
DARK_PAPER = "rgb(13, 24, 35)"
LIGHT_PAPER = "rgb(255, 255, 255)"


@pytest.fixture(autouse=True)
def _shown(settings: LazySettings) -> None:
    settings.STYLEGUIDE = True


class TestStyleGuide:
    @pytest.mark.parametrize(("direction", "scheme"), [("ltr", "light"), ("rtl", "dark")])
    def test_has_no_barrier(self, visit: Visit, direction: str, scheme: str) -> None:
        visitor = visit()
        visitor.open(f"/styleguide/?scheme={scheme}&direction={direction}")
        assert visitor.barriers() == []

    @pytest.mark.parametrize("direction", ["ltr", "rtl"])
    def test_fits_every_window(self, visit: Visit, direction: str) -> None:
        visitor = visit()
        visitor.open(f"/styleguide/?direction={direction}")
        for width in (320, 360, 768, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            assert visitor.sticks_out() <= 0, width

    def test_takes_the_colours_asked_for_whatever_the_device_prefers(self, visit: Visit) -> None:
        for prefers, scheme, paper in [("dark", "light", LIGHT_PAPER), ("light", "dark", DARK_PAPER)]:
            page = visit(scheme=prefers).open(f"/styleguide/?scheme={scheme}")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper

    def test_switches_without_scripts(self, visit: Visit) -> None:
        page = visit(scripts=False).open("/styleguide/")
        page.click("text=Dark")
        page.click("text=Right to left")
        assert page.url.endswith("?scheme=dark&direction=rtl")
        assert page.locator("html").get_attribute("dir") == "rtl"
