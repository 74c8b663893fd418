"""Errors of the API, as RFC 9457 has them: JSON with a sentence, and never anything internal."""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import defaults
from rest_framework import exceptions, serializers
from rest_framework.response import Response

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
OWN_CODE = "problem"

SENTENCES: dict[int, Promise] = {
    400: _("The request could not be read."),
    401: _("Sign in, or send a token that is valid."),
    403: _("This is not for you to do."),
    404: _("There is nothing at this address, or nothing that you may see. Addresses end with “/”."),
    405: _("This address does not take that method; the header Allow tells which it takes."),
    413: _("The body of the request is too large."),
    500: _("Something went wrong that nobody expected. It was noted; try again later."),
    503: _("The database does not answer just now. Try again in a minute."),
}


class Problem(exceptions.APIException):
    """A request that is refused: raise it with a status, a sentence, and the parameters or fields that are wrong."""

    def __init__(
        self,
        status: int,
        detail: Promise | str = "",
        *,
        errors: Sequence[dict[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        """`members` are further members of the answer, such as both texts of a conflict."""
        self.status_code = status
        self.sentence = detail or SENTENCES.get(status, "")
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(str(self.sentence), OWN_CODE)


def wrong_parameters(errors: Mapping[str, Sequence[object]]) -> Problem:
    """Return the answer to parameters of an address that are unknown or wrong, each named with its sentences."""
    named = [
        {"parameter": name, "detail": str(sentence)} for name, sentences in errors.items() for sentence in sentences
    ]
    words = ngettext(
        "A parameter of the address is wrong: %(names)s.",
        "Parameters of the address are wrong: %(names)s.",
        len(errors),
    )
    return Problem(400, words % {"names": ", ".join(errors)}, errors=named)


def pointed(errors: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Yield each error of a body with the JSON pointer of the place that is wrong."""
    if isinstance(errors, Mapping):
        for name, below in errors.items():
            yield from pointed(below, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(errors, list | tuple):
        for place, below in enumerate(errors):
            deeper = isinstance(below, Mapping | list | tuple)
            yield from pointed(below, f"{pointer}/{place}" if deeper else pointer)
    else:
        yield {"pointer": pointer, "detail": str(errors)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


#: What REST framework finds itself, and says in English words of its own.
_SAID_BY_THE_FRAME = (exceptions.MethodNotAllowed, exceptions.UnsupportedMediaType, exceptions.NotAcceptable)


def problem_of(error: Exception) -> Problem:
    """Return what is answered to an exception. One that nobody expected is logged and told without any detail."""
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem(400, _("The body of the request says something wrong."), errors=list(pointed(error.detail)))
        case exceptions.AuthenticationFailed():
            return Problem(error.status_code, str(error.detail), headers=_asking(error))
        case exceptions.NotAuthenticated():
            return Problem(error.status_code, headers=_asking(error))
        case exceptions.Throttled():
            return _throttled(error.wait)
        case exceptions.APIException():
            said_why = error.detail != error.default_detail and not isinstance(error, _SAID_BY_THE_FRAME)
            return Problem(error.status_code, str(error.detail) if said_why else "")
        case Http404():
            return Problem(404)
        case PermissionDenied():
            return Problem(403)
        case RequestDataTooBig():
            return Problem(413)
        case SuspiciousOperation():
            return Problem(400)
    logger.exception("A request to the API failed")
    return Problem(_status_of(error))


def _status_of(error: BaseException | None) -> int:
    return 503 if isinstance(error, OperationalError | InterfaceError) else 500


def length_of_body(headers: Mapping[str, Any]) -> int:
    """Return how many bytes a request says that its body has. Raises Problem where that is no number."""
    told = str(headers.get("CONTENT_LENGTH") or "0")
    if not (told.isascii() and told.isdigit() and len(told) < 20):
        raise Problem(400, _("The header Content-Length is not a number of bytes."))
    return int(told)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what failed outside of any view, such as who signs in while the database is away: `handler500`."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    problem = Problem(_status_of(sys.exception()))
    response = JsonResponse(_body(problem, request.path), status=problem.status_code, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


def _asking(error: exceptions.APIException) -> dict[str, str]:
    header = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": header} if header else {}


def _throttled(wait: float | None) -> Problem:
    seconds = max(1, round(wait or 1))
    words = ngettext(
        "Too many requests. Ask again in a second.", "Too many requests. Ask again in %(count)s seconds.", seconds
    )
    return Problem(429, words % {"count": seconds}, headers={"Retry-After": str(seconds)})


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answer an exception of a view: the `EXCEPTION_HANDLER` of REST framework."""
    from rest_framework.views import set_rollback  # which reads in its own beginning who uses this module

    problem = problem_of(error)
    set_rollback()
    body = _body(problem, context["request"].path)
    return Response(body, status=problem.status_code, headers=problem.headers, content_type=MEDIA_TYPE)


def _body(problem: Problem, path: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": str(problem.sentence),
        "instance": path,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return body | problem.members


class WrongPlace(serializers.Serializer):
    """One thing that is wrong: a parameter of the address, or a place in the body as a JSON pointer."""

    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField(required=False, allow_blank=True)
    detail = serializers.CharField()


class ProblemDetails(serializers.Serializer):
    """What went wrong, as RFC 9457 has it."""

    type = serializers.CharField(help_text="about:blank where the status says it all")
    title = serializers.CharField(help_text="of the status")
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True, help_text="a sentence in the language of the reader")
    instance = serializers.CharField(help_text="the address that was asked")
    errors = WrongPlace(many=True, required=False)
