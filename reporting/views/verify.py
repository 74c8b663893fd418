"""The public page that says what a file is. Nothing that is uploaded is kept."""

import threading
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from reporting.forms import VerifiedFileForm, VerifiedHashForm
from reporting.verification import files
from reporting.verification.texts import MOST_CHANGES
from reporting.verification.verdicts import Verdict, verify, verify_hash
from reporting.views.uploads import drain, is_too_long

PATIENCE = 2  # seconds that a request waits for its turn

#: Each check may take a processor and a gigabyte for a minute: no more than two at once in one server process, of
#: which one more request waits. The other threads of the process go on serving pages.
_turns = threading.BoundedSemaphore(2)
_line = threading.BoundedSemaphore(1)


@csrf_exempt  # the token stands in the body, and a body that is too long is refused unread; `_answer` asks for it
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Ask for a file or a hash, and say on the same page what it is."""
    if is_too_long(request):
        drain(request)
        return _page(request, refusal=str(files.too_large()), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _answer(request)


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _about_file(request)
    if "sha256" in request.GET:
        return _about_hash(request)
    return _page(request)


def _about_file(request: HttpRequest) -> HttpResponse:
    form = VerifiedFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    file = form.cleaned_data["file"]
    if not _has_turn():
        response = _page(
            request,
            refusal=str(_("Many files are being looked at just now. Try again in a minute.")),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
        response["Retry-After"] = "60"
        return response
    try:
        verdict = verify(file.read(), reader=request.user, name=file.name)
    except files.CannotTake as error:
        form.add_error("file", str(error))
        return _page(request, file_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    finally:
        _turns.release()
    return _page(request, verdict=verdict)


def _has_turn() -> bool:
    """Take a turn, or the one place in the line for a moment; whoever takes a turn gives it back."""
    if _turns.acquire(blocking=False):
        return True
    if not _line.acquire(blocking=False):
        return False
    try:
        return _turns.acquire(timeout=PATIENCE)
    finally:
        _line.release()


def _about_hash(request: HttpRequest) -> HttpResponse:
    form = VerifiedHashForm(request.GET)
    if not form.is_valid():
        return _page(request, hash_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        verdict = verify_hash(form.cleaned_data["sha256"], reader=request.user)
    except files.CannotTake as error:
        form.add_error("sha256", str(error))
        return _page(request, hash_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, verdict=verdict, hash_form=form)


def _page(
    request: HttpRequest,
    *,
    verdict: Verdict | None = None,
    file_form: VerifiedFileForm | None = None,
    hash_form: VerifiedHashForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    changes = verdict.changes if verdict else []
    context = {
        "verdict": verdict,
        "changes": changes[:MOST_CHANGES],
        "more_changes": max(0, len(changes) - MOST_CHANGES),
        "file_form": file_form or VerifiedFileForm(),
        "hash_form": hash_form or VerifiedHashForm(),
        "wrong_form": next((form for form in (file_form, hash_form) if form and form.errors), None),
        "refusal": refusal,
    }
    return render(request, "reporting/verify.html", context, status=status)
