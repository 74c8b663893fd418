"""The style guide: every component in its states, and only where it is asked for."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from portal.styleguide.samples import SAMPLES
from portal.templatetags.components import _LOOK_OF_STATE
from tests.support.environment import ROOT

COMPONENTS = sorted(Path(ROOT / "templates" / "components").glob("*.html"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings: LazySettings) -> None:
    settings.STYLEGUIDE = True


@cache
def page(query: str = "", language: str = "") -> str:
    """Return the page as a visitor gets it: the largest of all, and the same in each test, so it is asked for once."""
    client = Client()
    if language:
        client.cookies["django_language"] = language
    response = client.get(f"{reverse('styleguide')}{query}")
    assert response.status_code == 200
    return str(response.content.decode())


class TestStyleGuide:
    @pytest.mark.parametrize("name", ["styleguide", "styleguide_scheme"])
    def test_is_not_there_unless_it_is_asked_for(self, client: Client, name: str) -> None:
        arguments = [] if name == "styleguide" else ["dark"]
        assert client.get(reverse(name, args=arguments)).status_code == 404

    def test_has_samples_of_every_component(self) -> None:
        assert {path.stem for path in COMPONENTS} == SAMPLES.keys()

    @pytest.mark.usefixtures("shown")
    def test_shows_every_component_by_name_with_its_inputs(self, client: Client) -> None:
        response = client.get(reverse("styleguide"))
        html = response.content.decode()
        rendered = {template.name for template in response.templates}
        for path in COMPONENTS:
            assert f"components/{path.name}" in rendered
            assert f">{path.name}<" in html
        for component in response.context["components"]:
            assert "Inputs: " in component.inputs, component.name
            assert component.samples, component.name

    @pytest.mark.usefixtures("shown")
    def test_shows_every_state_of_a_record(self) -> None:
        html = page()
        for state in _LOOK_OF_STATE:
            assert f'<p class="guide-state" lang="en" dir="ltr">{state}</p>' in html

    @pytest.mark.usefixtures("shown")
    @pytest.mark.parametrize("query", ["", "?direction=rtl"])
    def test_gives_no_id_twice_and_leaves_no_label_alone(self, query: str) -> None:
        html = page(query)
        ids = re.findall(r'\bid="([^"]*)"', html)
        assert sorted(ids) == sorted(set(ids))
        pointed_to = re.findall(r'\b(?:aria-labelledby|aria-describedby)="([^"]+)"', html)
        pointed_to += re.findall(r'<label for="([^"]+)"', html) + re.findall(r'href="#([^"]+)"', html)
        pointed_to = [one for words in pointed_to for one in words.split()]
        # a summary alone has no fields below it
        assert {one for one in pointed_to if "error_summary" not in one} <= set(ids)
        assert "autofocus" not in html

    @pytest.mark.usefixtures("shown")
    def test_turns_by_a_switch(self) -> None:
        assert '<html lang="en" dir="ltr">' in page()
        turned = page("?direction=rtl")
        assert '<html lang="ar" dir="rtl">' in turned
        assert "bootstrap.rtl.min" in turned
        assert '<html lang="ar" dir="rtl">' in page(language="ar")
        assert '<html lang="en" dir="ltr">' in page("?direction=ltr", language="ar")

    @pytest.mark.usefixtures("shown")
    def test_keeps_one_switch_when_the_other_is_used(self) -> None:
        assert 'href="?direction=rtl&amp;scheme=dark"' in page("?direction=rtl")

    @pytest.mark.usefixtures("shown")
    @pytest.mark.parametrize(("scheme", "media"), [("dark", "@media all"), ("light", "@media not all")])
    def test_shows_the_colours_that_are_asked_for(self, client: Client, scheme: str, media: str) -> None:
        address = reverse("styleguide_scheme", args=[scheme])
        assert f'<link rel="stylesheet" href="{address}">' in page(f"?scheme={scheme}")
        response = client.get(address)
        sheet = response.content.decode()
        assert response["Content-Type"] == "text/css; charset=utf-8"
        assert f"{media} {{" in sheet
        assert "prefers-color-scheme" not in sheet

    @pytest.mark.usefixtures("shown")
    def test_knows_no_other_colours(self, client: Client) -> None:
        assert client.get("/styleguide/pink.css").status_code == 404
        assert "pink.css" not in page("?scheme=pink")
