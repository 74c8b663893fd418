"""Planned, then? What submissions told as planned, until somebody says held, moved or dropped."""

import re
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from initiatives.models import Entity
from initiatives.permissions import person_of
from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from portal.common.kept_forms import forget_form, keep_form, kept_form
from portal.common.languages import reader_language
from reporting.choices import PlanOutcome
from reporting.desk import Scope
from reporting.forms import OutcomeForm
from reporting.planned import Plan, held_by, plans_of, shown_plans
from reporting.services.outcomes import AnsweredMeanwhile, SomethingSaidLater, say_outcome, undo_outcome

PER_PAGE = 20


@login_required
@require_safe
def planned_list(request: HttpRequest) -> HttpResponse:
    """What is open, due first; with `?answered=yes` what is not any more. `?show=mine|all`, else what is nearest."""
    user, today = person_of(request), timezone.localdate()
    entities = list(Entity.objects.written_by(user))
    if not entities:
        raise PermissionDenied
    answered = "answered" in request.GET
    every = plans_of(entities)
    plans = [plan for plan in every if plan.is_open != answered]
    of_scope = {Scope.MINE: held_by(plans, user, today), Scope.ALL: plans}
    asked = request.GET.get("show", "")
    nearest = Scope.MINE if of_scope[Scope.MINE] else Scope.ALL
    scope = Scope(asked) if asked in (Scope.MINE, Scope.ALL) else nearest
    found = of_scope[scope]
    page = Paginator(found[::-1] if answered else found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "answered": answered,
        "counts": {"open": sum(plan.is_open for plan in every), "answered": sum(not plan.is_open for plan in every)},
        "scopes": [(choice, choice.label, len(plans)) for choice, plans in of_scope.items()],
        "scope": scope,
        "page": page,
        "plans": shown_plans(list(page), today),
        "overdue": sum(plan.is_overdue(today) for plan in found),
    }
    return render(request, "reporting/planned_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
    """One plan; with `?as=held|moved|dropped` the form that says so. For htmx it alone, in its place in a list.

    What is sent says what became of it, or with `undo` takes that back.
    """
    if not request.user.is_authenticated:
        if wants_fragment(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        if request.method == "POST":
            keep_form(request)
        return redirect_to_login(request.get_full_path())
    found = _plan(request, pk, part)
    if request.method == "POST":
        return _undo(request, found) if "undo" in request.POST else _say(request, found)
    kept = kept_form(request)
    asked = kept.get("kind", "") if kept else request.GET.get("as", "")
    if asked not in PlanOutcome.values:
        return _page(request, found)
    initial = kept.dict() if kept else {"seen": _seen(found), "language": reader_language()}
    return _page(request, found, form=OutcomeForm(kind=PlanOutcome(asked), key=found.key, initial=initial))


def _plan(request: HttpRequest, pk: int, part: int | None) -> Plan:
    """Return a plan of an entity for which the person writes. Raises Http404."""
    for found in plans_of(list(Entity.objects.written_by(request.user))):
        if found.part == part and any(telling.printed == pk for telling in found.tellings):
            return found
    raise Http404


def _seen(found: Plan) -> int:
    return found.last.pk if found.last else 0


def _say(request: HttpRequest, found: Plan) -> HttpResponse:
    asked = request.POST.get("kind", "")
    if asked not in PlanOutcome.values:
        return _page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    facts: dict[str, Any] = {"kind": PlanOutcome(asked), "key": found.key, "today": timezone.localdate()}
    form = OutcomeForm(request.POST, **facts)
    if not form.is_valid():
        return _page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = {name: form.cleaned_data[name] for name in ("seen", "note", "language")}
    when = form.cleaned_data.get("when")
    try:
        say_outcome(plan=found, kind=facts["kind"], when=when, **said, user=person_of(request), now=timezone.now())
    except AnsweredMeanwhile as error:
        now = _plan(request, found.printed, found.part)
        sent = request.POST.copy()
        sent["seen"] = str(_seen(now))  # what stands above the form by now
        return _page(request, now, form=OutcomeForm(sent, **facts), error=error, status=HTTPStatus.CONFLICT)
    forget_form(request)
    return _done(request, found, _("It is on record what became of it."))


def _undo(request: HttpRequest, found: Plan) -> HttpResponse:
    asked = request.POST["undo"]
    try:
        undo_outcome(plan=found, outcome=int(asked) if re.fullmatch("[0-9]{1,18}", asked) else 0)
    except SomethingSaidLater as error:
        return _page(request, found, error=error, status=HTTPStatus.CONFLICT)
    return _done(request, found, _("It is taken back."))


def _done(request: HttpRequest, found: Plan, sentence: str) -> HttpResponse:
    if wants_fragment(request):
        now = _plan(request, found.printed, found.part)
        return trigger_client_event(_page(request, now, is_new=True), "portal:announce", {"value": sentence})
    messages.success(request, sentence)
    return redirect(found.address)


def _page(
    request: HttpRequest,
    found: Plan,
    *,
    form: OutcomeForm | None = None,
    error: PersonError | None = None,
    is_new: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    (shown,) = shown_plans([found], timezone.localdate())
    context = {"shown": shown, "form": form, "error": error, "is_new": is_new}
    if wants_fragment(request):
        # htmx shows what was refused in its place, which it does with an answer that went well alone
        return render(request, "reporting/plan_in_list.html", context)
    return render(request, "reporting/plan_detail.html", context, status=status)
