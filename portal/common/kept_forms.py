"""A form that was sent after the session had ended waits in the new session until its person has signed in."""

from typing import Any

from django.http import HttpRequest, QueryDict

_KEY = "kept form"
_LARGEST = 500_000  # characters; nobody fills the table of sessions with more at once


def keep_form(request: HttpRequest) -> None:
    """Keep what was sent to this address. Only the last form is kept, and none that is far too large."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    if sum(len(value) for values in fields.values() for value in values) <= _LARGEST:
        request.session[_KEY] = {"path": request.path, "fields": fields}


def kept_form(request: HttpRequest, path: str = "") -> QueryDict | None:
    """Return what was sent to the path, by default that of the request, before its person signed in."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if not kept or kept["path"] != (path or request.path):
        return None
    form = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        form.setlist(name, values)
    return form


def kept_words(request: HttpRequest, path: str) -> str:
    """Return the field `words` of the form that was kept for a path: a reason or a note."""
    kept = kept_form(request, path)
    return kept.get("words", "") if kept else ""


def forget_form(request: HttpRequest, path: str = "") -> None:
    """Forget it: it was saved."""
    if kept_form(request, path) is not None:
        del request.session[_KEY]
