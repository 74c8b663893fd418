"""One search over all that the reader may see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.search import Asked
from portal.common.filters import MOST_CHARACTERS, too_much, typed_words
from portal.common.htmx import wants_fragment
from reporting.search import KINDS, meant, pages_named, results_of, search_all, suggest

PER_PAGE = 20
PARAMETERS = {"q", "kind", "page"}


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """What holds the words of the address, of all kinds or of one, the best first. Asked wrongly it answers 400."""
    typed = typed_words(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    problem = _problem(request, typed, kind)
    context = {
        "typed": typed[:MOST_CHARACTERS],
        "kind": kind if kind in KINDS else "",
        "problem": problem,
        "most": MOST_CHARACTERS,
        "kinds": KINDS,
    }
    if typed and not problem:
        asked = Asked.parse(typed)
        context["understood"] = bool(asked.wanted)
        if asked.wanted:
            found, nearly = search_all(asked, request.user)
            hits = [hit for hit in found.hits if kind in ("", hit.kind)]
            page = Paginator(hits, PER_PAGE).get_page(request.GET.get("page"))
            made = results_of([*page.object_list, *nearly], asked, request.user)
            results = [result for result in made if result.hit not in nearly]
            near = [result for result in made if result.hit in nearly]
            context |= {
                "found": found,
                "page": page,
                "results": results,
                "near": near,
                "meant": "" if found.total else meant(asked, near),
                "named": pages_named(typed) if page.number == 1 else [],
            }
    template = "reporting/search.html#results" if wants_fragment(request) else "reporting/search.html"
    return render(request, template, context, status=400 if problem else 200)


def _problem(request: HttpRequest, typed: str, kind: str) -> str:
    """Return a sentence that says what the address asks wrongly; empty where it asks well."""
    if problem := too_much(typed):
        return problem
    if kind and kind not in KINDS:
        return _("There is no kind “%(kind)s” to search in. Choose one of those below.") % {"kind": kind[:40]}
    if unknown := sorted(set(request.GET) - PARAMETERS):
        return _("The search knows no “%(name)s”. It is asked by q, kind and page.") % {"name": unknown[0][:40]}
    return ""


@require_safe
def search_suggestions(request: HttpRequest) -> HttpResponse:
    """A few pages that what is being typed may lead to, for the list below the box."""
    typed = typed_words(request.GET.get("q", ""))
    suggestions = suggest(typed, request.user) if 1 < len(typed) <= MOST_CHARACTERS else []
    return render(
        request, "reporting/search_suggestions.html", {"suggestions": suggestions, "typed": typed[:MOST_CHARACTERS]}
    )
