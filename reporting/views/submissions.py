"""Submissions: the list by call, and the page of one."""

from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reporting.forms import CompileForm, ReasonForm
from reporting.models import Call, Compilation, Submission
from reporting.permissions import may_compile
from reporting.queries import outline_of, shown_compilations, waiting_to_be_added, with_files
from reporting.querysets import FINAL
from reporting.standing import standing_of

CALLS_PER_PAGE = 10
COMPILATIONS_PER_PAGE = 10


@require_safe
def submission_list(request: HttpRequest) -> HttpResponse:
    """The calls, latest first, each with the submissions that the reader may see."""
    submissions = Submission.objects.visible_to(request.user).for_listing()
    calls = Call.objects.visible_to(request.user).for_listing().prefetch_related(Prefetch("submissions", submissions))
    page = Paginator(calls, CALLS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reporting/submission_list.html", {"page": page})


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
