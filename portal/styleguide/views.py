"""The page of the style guide. It answers only where PORTAL_STYLEGUIDE is set: it is for those who build pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from portal.common.languages import direction, reader_language
from portal.styleguide.samples import SAMPLES, Inputs, words_for

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
SCHEMES = {"light": "not all", "dark": "all"}  # for which media the dark colours then hold
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\)")
_COMMENT = re.compile(r"\{#\s*(.*?)\s*#\}")
_IDS = re.compile(r'\b((?:id|for|data-for|aria-labelledby|aria-describedby)=")([^"]+)"')
_HERE = re.compile(r'\b(href="#)([^"]+)"')
_NAVIGATION = re.compile(r'(<nav[^>]*? aria-label="[^"]*)"', re.DOTALL)


@dataclass(frozen=True)
class Component:
    """A component as the guide shows it: what its comment says, and a sample of each state."""

    name: str
    inputs: str
    samples: dict[str, SafeString]


def where_it_is_asked_for(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: the page is not there unless PORTAL_STYLEGUIDE is set."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
        if not settings.STYLEGUIDE:
            raise Http404
        return view(request, **arguments)

    return guarded


@require_safe
@where_it_is_asked_for
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in its states, `?scheme=dark` and `?direction=rtl` as asked for."""
    scheme = request.GET.get("scheme", "")
    language = reader_language()
    way = request.GET.get("direction") or direction(language)
    if way != direction(language):
        language = "ar" if way == "rtl" else "en"
    with translation.override("zh-hans" if language == "zh" else language):
        context = {
            "components": [component(name, way, request) for name in SAMPLES],
            "scheme": scheme if scheme in SCHEMES else "",
            "way": way,
        }
        response = render(request, "styleguide/page.html", context)
    response["Content-Language"] = language
    return response


@require_safe
@where_it_is_asked_for
def styleguide_scheme(request: HttpRequest, *, scheme: str) -> HttpResponse:
    """Give the style sheet of the portal with light or dark colours, whatever the reader's device prefers."""
    if scheme not in SCHEMES:
        raise Http404
    sheet = (Path(settings.BASE_DIR) / "static" / "portal.css").read_text(encoding="utf-8")
    return HttpResponse(_DARK.sub(f"@media {SCHEMES[scheme]}", sheet), content_type="text/css; charset=utf-8")


def component(name: str, way: str, request: HttpRequest) -> Component:
    source = (COMPONENTS / f"{name}.html").read_text(encoding="utf-8")
    described = _COMMENT.match(source)
    states = SAMPLES[name](words_for(way), request)
    samples = {state: sample(name, number, inputs) for number, (state, inputs) in enumerate(states.items(), 1)}
    return Component(name, described[1] if described else "", samples)


def sample(name: str, number: int, inputs: Inputs) -> SafeString:
    """Render one state so that many stand on one page.

    Its ids and the names of its navigations get a number of their own, and nothing takes the focus.
    """
    html: str = render_to_string(f"components/{name}.html", inputs)
    apart = f"{name}-{number}"

    def numbered(match: re.Match[str]) -> str:
        return match[1] + " ".join(f"{one}-{apart}" for one in match[2].split()) + '"'

    html = _IDS.sub(numbered, html)
    html = _HERE.sub(lambda match: match[0] if match[2].startswith("guide-") else numbered(match), html)
    html = _NAVIGATION.sub(rf'\1 {apart}"', html)
    return mark_safe(html.replace(" autofocus", ""))  # noqa: S308  # rendered by our own templates
