"""Words in addresses, and addresses that lead to another one."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
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


def lead_to_code(request: HttpRequest, records: QuerySet[Any], code: str, *, field: str = "code") -> HttpResponse:
    """Send the reader from a code in other letters to the page of the record that has it: `/entities/unido/`.

    Raises Http404 where none of the records has that code in any letters.
    """
    found = records.filter(**{f"{field}__iexact": code}).order_by("pk").first()
    if found is None:
        raise Http404
    return lead_to(request, found.get_absolute_url(), permanently=True)
