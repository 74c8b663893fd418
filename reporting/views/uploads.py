"""Bodies that are too long: refused unread, and yet answered."""

from django.http import HttpRequest

from reporting.verification import files

FORM_AROUND = 64 * 1024  # bytes that a form may add to its file
LONGEST_DRAINED = 4 * files.LIMIT  # of a body that is too long: a browser shows no answer before it has sent all


def is_too_long(request: HttpRequest) -> bool:
    """Whether more was sent than a file may have and a form may add."""
    return request.method == "POST" and _length(request) > files.LIMIT + FORM_AROUND


def drain(request: HttpRequest) -> None:
    """Read and forget a body, so that the browser shows the answer and not a broken connection."""
    if _length(request) <= LONGEST_DRAINED:
        while request.read(64 * 1024):
            pass


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0  # nothing is read then
