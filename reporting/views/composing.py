"""The workbench of a submission: tables and charts of indicators in its sections."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from portal.common.keys import key_in
from portal.common.languages import in_language
from reporting.choices import FIGURES
from reporting.compilation.gather import printed_figures
from reporting.forms import FiguresForm
from reporting.models import Item, Submission
from reporting.permissions import may_compile
from reporting.querysets import FINAL
from reporting.services.submissions import (
    SubmissionIsSealed,
    indicators_of,
    move_figures,
    new_figures,
    remove_figures,
    save_figures,
)
from reporting.views.submissions import visible_submission


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Its sections with their tables and charts, which a click moves or removes."""
    submission = _composed(request, call, slug)
    if request.method == "POST":
        item = _figures_of(submission, request.POST.get("item", ""))
        try:
            match request.POST.get("act"):
                case "remove":
                    remove_figures(item=item)
                    messages.success(request, _("It is removed."))
                case "up" | "down" as way:
                    move_figures(item=item, down=way == "down")
                case _:
                    messages.error(request, _("Choose what to do."))
                    return _page(request, submission, HTTPStatus.UNPROCESSABLE_ENTITY)
        except SubmissionIsSealed as error:
            messages.warning(request, str(error))
            return _page(request, submission, HTTPStatus.CONFLICT)
        return redirect("submission_edit", call, slug)
    return _page(request, submission, HTTPStatus.OK)


def _page(request: HttpRequest, submission: Submission, status: int) -> HttpResponse:
    held = Item.objects.select_related("initiative", "passage").order_by("order")
    context = {
        "submission": submission,
        "is_final": submission.state in FINAL,
        "sections": [
            (section, in_language(section, "name", submission.language))
            for section in submission.sections.prefetch_related(Prefetch("items", held))
        ],
    }
    return render(request, "reporting/submission_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figures_new(request: HttpRequest, call: str, slug: str, section: int) -> HttpResponse:
    """A new table or chart at the end of a section."""
    submission = _composed(request, call, slug)
    found = get_object_or_404(submission.sections, pk=section)
    return _edit(request, submission, new_figures(section=found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figures_edit(request: HttpRequest, call: str, slug: str, pk: int) -> HttpResponse:
    """Which indicators and years a table or chart shows."""
    submission = _composed(request, call, slug)
    return _edit(request, submission, _figures_of(submission, str(pk)))


def _edit(request: HttpRequest, submission: Submission, item: Item) -> HttpResponse:
    """Show the form with what it prints; `preview` shows the same without saving."""
    form = FiguresForm(
        request.POST if request.method == "POST" else None, instance=item, offered=indicators_of(submission)
    )
    status = HTTPStatus.OK
    is_preview = "preview" in request.POST
    if form.is_bound and form.is_valid() and not is_preview:
        try:
            save_figures(item=form.save(commit=False))
        except PersonError as error:
            form.add_error(None, str(error))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("It is saved. The next compilation prints it."))
            return redirect("submission_edit", submission.call.slug, submission.slug)
    elif form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    is_shown = item.pk if not form.is_bound else form.is_valid()
    printed = printed_figures(form.instance, submission.language, timezone.now()) if is_shown else None
    context = {"submission": submission, "item": item, "form": form, "printed": printed}
    template = "reporting/figures_edit.html"
    if is_preview and wants_fragment(request):
        # htmx shows what is wrong, too, in the place of what is printed
        return render(request, f"{template}#preview", context)
    return render(request, template, context, status=status)


def _composed(request: HttpRequest, call: str, slug: str) -> Submission:
    """Return the submission, for those who compose it."""
    submission = visible_submission(request, call, slug)
    if not may_compile(request.user, submission):
        raise PermissionDenied
    return submission


def _figures_of(submission: Submission, pk: str) -> Item:
    found = Item.objects.filter(section__submission=submission, kind__in=FIGURES).select_related("section__submission")
    key = key_in(pk)
    if key is None:
        raise Http404
    return get_object_or_404(found, pk=key)
