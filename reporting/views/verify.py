"""The public page that says what a file is. Nothing that is uploaded is kept."""

import threading
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from reporting.verification import files
from reporting.verification.verdicts import Verdict, verify, verify_hash

UNPROCESSABLE, BUSY = 422, 503
FORM_AROUND = 64 * 1024  # bytes that a form may add to its file
LONGEST_DRAINED = 4 * files.LIMIT  # of a body that is too long: a browser shows no answer before it has sent all
PATIENCE = 20  # seconds that a request waits for its turn
MOST_CHANGES = 50  # places shown

#: Each check may take a processor and a gigabyte for half a minute: no more than two at once in one server process.
_turns = threading.BoundedSemaphore(2)


class FileForm(forms.Form):
    """The file to look at."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # `verify` says so
        error_messages={"required": _("Choose a file first."), "missing": _("Choose a file first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("DOCX, ODT, PDF, HTML, Markdown or JSON, up to %(limit)s.") % {
            "limit": filesizeformat(files.LIMIT)
        }


class HashForm(forms.Form):
    """What somebody else has computed of a file, where the file itself must not leave their machine."""

    sha256 = forms.CharField(
        label=_("SHA-256 of a file, or fingerprint of a text"),
        help_text=_("64 digits, as your own computer gives them; then the file need not be sent."),
        max_length=200,
        error_messages={"required": _("Write the 64 digits first.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


@csrf_exempt  # the token stands in the body, and a body that is too long is refused unread; `_answer` asks for it
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Ask for a file or a hash, and say on the same page what it is."""
    if request.method == "POST" and _length(request) > files.LIMIT + FORM_AROUND:
        _drain(request)
        return _page(request, refusal=str(files.too_large()), status=UNPROCESSABLE)
    return _answer(request)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0  # nothing is read then


def _drain(request: HttpRequest) -> None:
    """Read and forget a body, so that the browser shows the answer and not a broken connection."""
    if _length(request) <= LONGEST_DRAINED:
        while request.read(64 * 1024):
            pass


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _about_file(request)
    if "sha256" in request.GET:
        return _about_hash(request)
    return _page(request)


def _about_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=UNPROCESSABLE)
    file = form.cleaned_data["file"]
    if not _turns.acquire(timeout=PATIENCE):
        response = _page(
            request, refusal=str(_("Many files are being looked at just now. Try again in a minute.")), status=BUSY
        )
        response["Retry-After"] = "60"
        return response
    try:
        verdict = verify(file.read(), reader=request.user, name=file.name)
    except files.CannotTake as error:
        form.add_error("file", str(error))
        return _page(request, file_form=form, status=UNPROCESSABLE)
    finally:
        _turns.release()
    return _page(request, verdict=verdict)


def _about_hash(request: HttpRequest) -> HttpResponse:
    form = HashForm(request.GET)
    if not form.is_valid():
        return _page(request, hash_form=form, status=UNPROCESSABLE)
    try:
        verdict = verify_hash(form.cleaned_data["sha256"], reader=request.user)
    except files.CannotTake as error:
        form.add_error("sha256", str(error))
        return _page(request, hash_form=form, status=UNPROCESSABLE)
    return _page(request, verdict=verdict, hash_form=form)


def _page(
    request: HttpRequest,
    *,
    verdict: Verdict | None = None,
    file_form: FileForm | None = None,
    hash_form: HashForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    changes = verdict.changes if verdict else []
    context = {
        "verdict": verdict,
        "changes": changes[:MOST_CHANGES],
        "more_changes": max(0, len(changes) - MOST_CHANGES),
        "file_form": file_form or FileForm(),
        "hash_form": hash_form or HashForm(),
        "wrong_form": next((form for form in (file_form, hash_form) if form and form.errors), None),
        "refusal": refusal,
        "limit": files.LIMIT,
    }
    return render(request, "reporting/verify.html", context, status=status)
