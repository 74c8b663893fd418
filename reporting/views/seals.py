"""From review to the seal, and what may follow: clearing, sealing, receipts, sending, withdrawing, later issues."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.common.errors import PersonError
from portal.common.languages import reader_language
from portal.models import User
from reporting.choices import Channel, IssueKind
from reporting.compilation.renderers import RendererError
from reporting.dossier import dossier_name, write_dossier
from reporting.forms import ClearForm, DecisionForm, DeliveryForm, LaterIssueForm, ReasonForm, SealForm
from reporting.models import Compilation, Seal, Submission, Withdrawal
from reporting.permissions import (
    clearing_entities,
    may_clear,
    may_compile,
    may_confirm_withdrawal,
    may_propose_withdrawal,
    may_publish,
    may_seal,
)
from reporting.receipts import kept_receipt_pdf, receipt_json
from reporting.services import seals
from reporting.services.compilations import request_rebuild
from reporting.standing import sealing_of, shown_seal
from reporting.views.compilations import compilation_page, visible_compilation
from reporting.views.submissions import submission_page, visible_submission


class _SignInFirst(Exception):
    """A visitor wants to act on a page that everybody may read."""


def _for_people(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Send a visitor of a public page to sign in, and back to that page."""

    @wraps(view)
    def guarded(request: HttpRequest, call: str, slug: str, **rest: int) -> HttpResponseBase:
        try:
            return view(request, call, slug, **rest)
        except _SignInFirst as first:
            return redirect_to_login(str(first))

    return guarded


def _only(
    request: HttpRequest, about: Submission | Compilation | Seal, allowed: Callable[[User, Submission], object]
) -> User:
    """Return who asks, if the role allows it. Raises _SignInFirst for a visitor, else PermissionDenied."""
    if not request.user.is_authenticated:
        raise _SignInFirst(about.get_absolute_url())
    if not allowed(request.user, about if isinstance(about, Submission) else about.submission):
        raise PermissionDenied
    return request.user


# Review and clearance


@require_POST
@_for_people
def submission_review(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Put a draft before its focal points."""
    submission = visible_submission(request, call, slug)
    user = _only(request, submission, may_compile)
    try:
        seals.ask_for_review(submission=submission, user=user)
    except PersonError as error:
        return _refused_on_submission(request, call, slug, error)
    messages.success(request, _("In review. The focal points decide."))
    return redirect(submission)


@require_POST
@_for_people
def submission_return(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Send it back to be changed, with a reason."""
    submission = visible_submission(request, call, slug)
    user = _only(request, submission, may_clear)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return submission_page(request, submission, return_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        seals.return_submission(
            submission=submission, reason=form.cleaned_data["reason"], user=user, now=timezone.now()
        )
    except PersonError as error:
        return _refused_on_submission(request, call, slug, error)
    messages.success(request, _("Returned with your reason."))
    return redirect(submission)


def _refused_on_submission(request: HttpRequest, call: str, slug: str, error: PersonError) -> HttpResponse:
    """Say why not, above the submission as it stands now."""
    messages.warning(request, str(error))
    return submission_page(request, visible_submission(request, call, slug), status=HTTPStatus.CONFLICT)


@require_POST
@_for_people
def compilation_clear(request: HttpRequest, call: str, slug: str, number: int) -> HttpResponse:
    """Clear the text that the person has read."""
    compilation = visible_compilation(request, call, slug, number)
    user = _only(request, compilation, may_clear)
    form = ClearForm(request.POST)
    if not form.is_valid() or form.cleaned_data["fingerprint"] != compilation.fingerprint:
        return _refused_on_compilation(request, compilation, seals.TextHasChanged())
    entity = clearing_entities(user, compilation.submission).filter(code=form.cleaned_data["entity"]).first()
    if entity is None:
        raise PermissionDenied
    try:
        seals.clear(compilation=compilation, entity=entity, user=user, now=timezone.now())
    except PersonError as error:
        return _refused_on_compilation(request, compilation, error)
    messages.success(request, _("Cleared. The secretariat can seal this text once every entity has cleared it."))
    return redirect(compilation)


def _refused_on_compilation(request: HttpRequest, compilation: Compilation, error: PersonError) -> HttpResponse:
    submission = compilation.submission
    messages.warning(request, str(error))
    again = visible_compilation(request, submission.call.slug, submission.slug, compilation.number)
    return compilation_page(request, again, status=HTTPStatus.CONFLICT)


# Sealing


@require_http_methods(["GET", "HEAD", "POST"])
@_for_people
def submission_seal(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Show what would be sealed and that it is final; then seal it."""
    submission = visible_submission(request, call, slug)
    user = _only(request, submission, may_seal)
    if request.method != "POST":
        return _seal_form_page(request, submission)
    form = SealForm(request.POST)
    fingerprint = form.cleaned_data["fingerprint"] if form.is_valid() else ""
    try:
        seal = seals.seal(submission=submission, fingerprint=fingerprint, user=user, now=timezone.now())
    except seals.AlreadySealed as error:
        messages.info(request, str(error))
        return _seal_page(request, _visible_seal(request, call, slug), status=HTTPStatus.CONFLICT)
    except PersonError as error:
        messages.warning(request, str(error))
        return _seal_form_page(request, visible_submission(request, call, slug), status=HTTPStatus.CONFLICT)
    messages.success(request, _("Sealed. The receipt has number %(number)s.") % {"number": seal.number})
    return redirect(seal)


def _seal_form_page(request: HttpRequest, submission: Submission, *, status: int = 200) -> HttpResponse:
    text = seals.text_of_today(submission)
    sealing = sealing_of(submission, request.user, text=text, now=timezone.now())
    return render(request, "reporting/seal_form.html", {"submission": submission, "sealing": sealing}, status=status)


@require_safe
def seal_detail(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """The receipt: what was sealed, when, by whom, and whether what is stored is still that."""
    return _seal_page(request, _visible_seal(request, call, slug))


def _visible_seal(request: HttpRequest, call: str, slug: str) -> Seal:
    related = ("submission__call__session", "submission__call__owner", "submission__layout", "compilation", "entity")
    found = Seal.objects.visible_to(request.user).select_related(*related, "sealed_by")
    return get_object_or_404(found, submission__call__slug=call, submission__slug=slug)


def _seal_page(
    request: HttpRequest,
    seal: Seal,
    *,
    delivery_form: DeliveryForm | None = None,
    withdrawal_form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page; a form is one that could not be accepted."""
    context = {
        "seal": seal,
        "submission": seal.submission,
        "shown": shown_seal(seal, request.user, timezone.now()),
        "delivery_form": delivery_form or DeliveryForm(initial={"sent_on": timezone.localdate()}),
        "withdrawal_form": withdrawal_form or ReasonForm(),
        "wrong_form": delivery_form or withdrawal_form,
    }
    return render(request, "reporting/seal_detail.html", context, status=status)


def _refused_on_seal(request: HttpRequest, seal: Seal, error: PersonError) -> HttpResponse:
    messages.warning(request, str(error))
    again = _visible_seal(request, seal.submission.call.slug, seal.submission.slug)
    return _seal_page(request, again, status=HTTPStatus.CONFLICT)


# Taking away


@require_safe
def receipt_json_download(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """The receipt as data, with the same bytes each time."""
    seal = _visible_seal(request, call, slug)
    response = HttpResponse(receipt_json(seal.receipt), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{seal.number}.json"'
    return response


@require_safe
def receipt_pdf_download(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """The receipt in the language of the reader, to be printed."""
    seal = _visible_seal(request, call, slug)
    try:
        content = kept_receipt_pdf(seal.receipt)
    except RendererError as error:
        messages.error(request, str(error))
        return _seal_page(request, seal, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"receipt-{seal.number}-{reader_language()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@_for_people
def seal_dossier(request: HttpRequest, call: str, slug: str) -> HttpResponseBase:
    """All that is known of a sealed submission, for auditors."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_compile)
    try:
        dossier = write_dossier(seal=seal, reader=user, now=timezone.now())
    except PersonError as error:
        return _refused_on_seal(request, seal, error)
    name = f"{dossier_name(seal)}.zip"
    return FileResponse(dossier, as_attachment=True, filename=name, content_type="application/zip")


# Sending and publishing


@require_POST
@_for_people
def delivery_record(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Keep how the files were sent."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_seal)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return _seal_page(request, seal, delivery_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent_on: dt.date = form.cleaned_data["sent_on"]
    try:
        seals.record_delivery(
            seal=seal,
            to_whom=form.cleaned_data["to_whom"],
            channel=Channel(form.cleaned_data["channel"]),
            sent_on=sent_on,
            note=form.cleaned_data["note"],
            user=user,
            now=timezone.now(),
        )
    except seals.WrongDayOfSending as error:
        form.add_error("sent_on", str(error))
        return _seal_page(request, seal, delivery_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except PersonError as error:
        return _refused_on_seal(request, seal, error)
    messages.success(request, _("The sending is on record."))
    return redirect(seal)


@require_POST
@_for_people
def submission_publish(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Let everybody read it."""
    submission = visible_submission(request, call, slug)
    user = _only(request, submission, may_publish)
    try:
        seals.publish(submission=submission, user=user, now=timezone.now())
    except PersonError as error:
        return _refused_on_submission(request, call, slug, error)
    messages.success(request, _("Published. Everybody can read it and take its files away."))
    return redirect(submission)


# Withdrawal


@require_POST
@_for_people
def withdrawal_propose(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Ask that it be withdrawn; another person confirms."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_propose_withdrawal)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _seal_page(request, seal, withdrawal_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        seals.propose_withdrawal(seal=seal, reason=form.cleaned_data["reason"], user=user, now=timezone.now())
    except PersonError as error:
        return _refused_on_seal(request, seal, error)
    messages.success(request, _("The withdrawal is proposed. Another person confirms it on this page."))
    return redirect(seal)


@require_POST
@_for_people
def withdrawal_decide(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Confirm the withdrawal that the page showed, or drop it: one of its two buttons says which."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_confirm_withdrawal)
    if ("confirm" in request.POST) == ("drop" in request.POST):
        messages.warning(request, _("Nothing was decided. Withdraw it, or drop the proposal."))
        return _seal_page(request, seal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    form = DecisionForm(request.POST)
    proposals = Withdrawal.objects.filter(seal=seal)
    withdrawal = proposals.filter(pk=form.cleaned_data["proposal"]).first() if form.is_valid() else None
    try:
        if withdrawal is None:
            raise seals.NoWithdrawalProposed
        if "drop" in request.POST:
            seals.drop_withdrawal(withdrawal=withdrawal, user=user)
            messages.success(request, _("The proposal to withdraw is dropped."))
        else:
            seals.confirm_withdrawal(withdrawal=withdrawal, user=user, now=timezone.now())
            messages.success(request, _("Withdrawn. The reason stands on its page for everybody who reads it."))
    except PersonError as error:
        return _refused_on_seal(request, seal, error)
    return redirect(seal)


# Later issues and rebuilds


@require_http_methods(["GET", "HEAD", "POST"])
@_for_people
def later_issue(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Say what a corrigendum or a revision is; then open it."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_compile)
    form = LaterIssueForm(request.POST or request.GET)
    if not form.is_valid():
        raise Http404
    kind = IssueKind(form.cleaned_data["kind"])
    if request.method != "POST":
        context = {
            "seal": seal,
            "submission": seal.submission,
            "kind": kind,
            "why_not": seals.why_no_later_issue(seal.submission, kind),
        }
        return render(request, "reporting/seal_later_form.html", context)
    try:
        issue = seals.open_later_issue(submission=seal.submission, kind=kind, user=user)
    except PersonError as error:
        return _refused_on_seal(request, seal, error)
    messages.success(
        request, _("%(mark)s is open. Change its records and items, then compile it.") % {"mark": issue.mark}
    )
    return redirect(issue)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_people
def submission_drop(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Ask why a later issue that nobody sealed is dropped; then drop it."""
    submission = visible_submission(request, call, slug)
    user = _only(request, submission, may_compile)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    why_not = "" if seals.is_droppable(submission) else seals.NotUnderWay()
    context = {"submission": submission, "form": form, "why_not": why_not}
    if request.method != "POST":
        return render(request, "reporting/seal_drop_form.html", context)
    if not form.is_valid():
        return render(request, "reporting/seal_drop_form.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        seals.drop_later_issue(submission=submission, reason=form.cleaned_data["reason"], user=user, now=timezone.now())
    except PersonError as error:
        return _refused_on_submission(request, call, slug, error)
    messages.success(request, _("Dropped with your reason. Another corrigendum or revision can be opened."))
    return redirect(submission)


@require_POST
@_for_people
def seal_rebuild(request: HttpRequest, call: str, slug: str) -> HttpResponse:
    """Make the files again from the frozen text, and show whether they come out the same."""
    seal = _visible_seal(request, call, slug)
    user = _only(request, seal, may_compile)
    return redirect(request_rebuild(seal=seal, user=user, now=timezone.now()))
