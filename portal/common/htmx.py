"""What htmx asks of a view: a page, or only its part that changes."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request after `HtmxMiddleware`."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """Is only the changing part of the page wanted? Not for a boosted link, nor when the browser goes back."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
