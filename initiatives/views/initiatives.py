"""The lists of initiatives and of updates. The page of one lives in `reporting`, which knows where it was printed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from initiatives.filters import InitiativeFilter, UpdateFilter
from initiatives.queries import on_cards
from portal.common.lists import Listing


@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    """Those that the reader may see, narrowed and ordered by the address; nonsense in it answers 400."""
    listing = Listing(
        request,
        InitiativeFilter,
        name="initiative_list",
        export="initiative_export",
        shown=on_cards,
    )
    return listing.response("initiatives/list.html")


@require_safe
def update_list(request: HttpRequest) -> HttpResponse:
    """Updates that the reader may see, of all initiatives."""
    listing = Listing(
        request,
        UpdateFilter,
        name="update_list",
        export="update_export",
        shown=lambda updates: updates.for_listing().knowing_reader(request.user),
    )
    return listing.response("initiatives/update_list.html")
