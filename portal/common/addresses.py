"""Words in addresses, and addresses that lead to another one."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import register_converter
from django.urls.converters import StringConverter


class WordConverter(StringConverter):
    """One part of a path, as `str`, without the character NUL, which the database refuses: `<word:slug>`."""

    regex = r"[^/\x00]+"


register_converter(WordConverter, "word")


def lead_to(request: HttpRequest, address: str, *, permanently: bool) -> HttpResponse:
    """Send the reader to another address, with the query that came along.

    Browsers ask again each time: an address may become that of the same record once more, and two kept answers that
    lead to each other would never end.
    """
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect if permanently else HttpResponseRedirect
    response = answer(f"{address}?{query}" if query else address)
    response["Cache-Control"] = "no-cache"
    return response
