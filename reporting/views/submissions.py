"""Submissions: the list, and the page of one."""

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.common.export_views import Exported, export_list
from portal.common.lists import Listing
from reporting.choices import CallState
from reporting.exports import submission_columns, submission_rows
from reporting.filters import SubmissionFilter
from reporting.forms import CompileForm, ReasonForm
from reporting.models import Call, Compilation, Submission
from reporting.permissions import is_inside, may_compile
from reporting.queries import asked_by, outline_of, shown_compilations, waiting_to_be_added, with_files
from reporting.querysets import FINAL, SubmissionQuerySet
from reporting.standing import standing_of

CALLS_SHOWN = 10
UNDER_WAY = [CallState.PLANNED, CallState.OPEN, CallState.POSTPONED]
COMPILATIONS_PER_PAGE = 10

SUBMISSIONS = Exported(
    name="submissions",
    title=_("Submissions"),
    page="submission_list",
    filter_class=SubmissionFilter,
    columns=submission_columns,
    rows=submission_rows,
)


@require_safe
def submission_list(request: HttpRequest) -> HttpResponse:
    """Those that the reader may see. Calls that none of them answers stand above while they are open, then below."""
    listing = Listing(
        request,
        SubmissionFilter,
        name="submission_list",
        export="submission_export",
        shown=SubmissionQuerySet.for_listing,
    )
    page, unanswered = listing.page, []
    if not listing.filter.is_filtered and (page.number == 1 or not page.has_next()):
        answered = Submission.objects.visible_to(request.user).filter(call=OuterRef("pk"))
        calls = Call.objects.visible_to(request.user).for_listing().exclude(Exists(answered))
        unanswered = list(calls[:CALLS_SHOWN])
    return listing.response(
        "reporting/submission_list.html",
        open_calls=[call for call in unanswered if call.state in UNDER_WAY and page.number == 1],
        other_calls=[call for call in unanswered if call.state not in UNDER_WAY and not page.has_next()],
    )


@require_safe
def submission_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file: exactly what the page shows on all its pages, in its order."""
    return export_list(request, SUBMISSIONS, format=format)


@require_safe
def submission_detail(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """What it holds; for its entities also the compilations, and the way to the next one."""
    return submission_page(request, visible_submission(request, call, slug))


def visible_submission(request: HttpRequest, call: str, slug: str) -> Submission:
    submissions = Submission.objects.visible_to(request.user).select_related("call__session", "layout")
    return get_object_or_404(submissions.prefetch_related("entities"), call__slug=call, slug=slug)


def submission_page(
    request: HttpRequest,
    submission: Submission,
    *,
    form: CompileForm | None = None,
    return_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page; a form is one that could not be accepted."""
    compilations = Compilation.objects.visible_to(request.user).filter(submission=submission)
    # the sealed one has a place of its own, else the latest
    compilations = compilations.order_by(F("seal").asc(nulls_last=True), "-number")
    page = Paginator(with_files(compilations), COMPILATIONS_PER_PAGE).get_page(request.GET.get("page"))
    shown = shown_compilations(list(page), timezone.now())
    first = 1 if page.number == 1 else 0
    outline = outline_of(submission, request.user)
    context = {
        "submission": submission,
        "title": " – ".join(
            filter(None, [", ".join(entity.name for entity in submission.entities.all()), submission.mark])
        ),
        "outline": outline,
        "asked": asked_by(submission) if is_inside(request.user, submission) and submission.state not in FINAL else [],
        "standing": standing_of(submission, request.user, text=outline.fingerprint),
        "may_compile": submission.state not in FINAL and may_compile(request.user, submission),
        "return_form": return_form or ReasonForm(),
        "wrong_form": form or return_form,
        "form": form or CompileForm(initial={"language": submission.language}),
        "waiting_to_be_added": waiting_to_be_added(submission),
        "page": page,
        "latest": next(iter(shown[:first]), None),
        "earlier": shown[first:],
    }
    return render(request, "reporting/submission_detail.html", context, status=status)
