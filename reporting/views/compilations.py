"""Compilations: asking for one, watching it, taking its files away."""

from http import HTTPStatus
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.permissions import person_of
from portal.common.htmx import wants_fragment
from reporting.choices import FileFormat
from reporting.forms import CompileForm
from reporting.models import Compilation, Submission
from reporting.permissions import may_compile
from reporting.queries import shown_compilations, with_files
from reporting.querysets import FINAL
from reporting.services.compilations import (
    CompilationHasNotFailed,
    SubmissionIsEmpty,
    request_compilation,
    retry_compilation,
)
from reporting.services.submissions import SubmissionIsSealed
from reporting.standing import clearing_of, notices_of, shown_rebuild
from reporting.verification.integrity import as_made
from reporting.views.submissions import submission_page, visible_submission

CONTENT_TYPES = {
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.ODT: "application/vnd.oasis.opendocument.text",
    FileFormat.PDF: "application/pdf",
    FileFormat.HTML: "text/html; charset=utf-8",
    FileFormat.MD: "text/markdown; charset=utf-8",
    FileFormat.JSON: "application/json",
}


@require_POST
def compilation_request(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Queue a compilation, then show how it gets on."""
    submission = visible_submission(request, call, slug)
    if not may_compile(request.user, submission):
        return _refused(request, submission)
    form = CompileForm(request.POST)
    if not form.is_valid():
        return submission_page(request, submission, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        compilation = request_compilation(
            submission=submission, now=timezone.now(), user=person_of(request), **form.cleaned_data
        )
    except SubmissionIsEmpty as error:
        form.add_error(None, str(error))
        return submission_page(request, submission, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except SubmissionIsSealed as error:
        messages.warning(request, str(error))
        return submission_page(request, visible_submission(request, call, slug), status=HTTPStatus.CONFLICT)
    return redirect(compilation)


def _refused(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Send a visitor to sign in, and tell everybody else that it is not for them."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(submission.get_absolute_url())


@vary_on_headers("HX-Request")
@require_safe
def compilation_detail(request: HttpRequest, call: str, slug: str, number: int) -> HttpResponse:
    """How it gets on; then its files, or why there are none. htmx asks for the part that changes every second."""
    return compilation_page(request, visible_compilation(request, call, slug, number))


def compilation_page(request: HttpRequest, compilation: Compilation, *, status: int = HTTPStatus.OK) -> HttpResponse:
    template = "reporting/compilation_detail.html"
    if wants_fragment(request):
        template += "#job"
    submission = compilation.submission
    rebuild = shown_rebuild(compilation) if compilation.rebuilds_id else None
    context = {
        "shown": shown_compilations([compilation], timezone.now())[0],
        "submission": submission,
        "may_retry": may_compile(request.user, submission) and (rebuild or submission.state not in FINAL),
        "brief": "brief" in request.GET,
        "clearing": clearing_of(compilation, request.user),
        "notices": notices_of(submission, request.user) if hasattr(compilation, "seal") else [],
        "rebuild": rebuild,
    }
    return render(request, template, context, status=status)


def visible_compilation(request: HttpRequest, call: str, slug: str, number: int) -> Compilation:
    compilations = with_files(Compilation.objects.visible_to(request.user))
    return get_object_or_404(compilations, submission__call__slug=call, submission__slug=slug, number=number)


@require_POST
def compilation_retry(request: HttpRequest, call: str, slug: str, number: int) -> HttpResponse:
    """Queue a failed compilation again."""
    compilation = visible_compilation(request, call, slug, number)
    if not may_compile(request.user, compilation.submission):
        raise PermissionDenied
    try:
        retry_compilation(compilation=compilation, now=timezone.now())
    except (CompilationHasNotFailed, SubmissionIsSealed) as error:
        messages.info(request, str(error))
        return compilation_page(request, visible_compilation(request, call, slug, number), status=HTTPStatus.CONFLICT)
    return redirect(compilation)


@require_safe
def artifact_download(request: HttpRequest, call: str, slug: str, number: int, file_name: str) -> HttpResponseBase:
    """One file, to be saved: no browser opens the web page inside the portal.

    Of a sealed one only the bytes that its receipt names are given out.
    """
    compilation = visible_compilation(request, call, slug, number)
    artifact = next((file for file in compilation.artifacts.all() if file.file_name == file_name), None)
    if artifact is None:
        raise Http404
    content = as_made(artifact)
    if content is None:
        return gone_page(request, compilation, file_name)
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=file_name,
        content_type=CONTENT_TYPES[FileFormat(artifact.format)],
    )


def gone_page(request: HttpRequest, compilation: Compilation, file_name: str) -> HttpResponse:
    """Say that the store has lost or changed a file."""
    context = {"compilation": compilation, "file_name": file_name}
    return render(request, "reporting/file_gone.html", context, status=HTTPStatus.GONE)
