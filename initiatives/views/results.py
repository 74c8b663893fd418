"""Beginning results, and the page of one that is approved. What is under way is written on the pages of drafts."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.drafting.results import form_for, period_code
from initiatives.forms import StartResultForm
from initiatives.history import former_values, history_of_result
from initiatives.models import Draft, Entity, Indicator, Initiative, Result
from initiatives.models.base import best_text
from initiatives.permissions import may_write, person_of, visible_result, writable_result, writing_entity
from initiatives.queries import cited_in
from initiatives.services.drafts import EDITABLE, InitiativeNotOpen, begin_change_of_result, begin_result
from portal.common.languages import reader_language


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def result_new(request: HttpRequest) -> HttpResponse:
    """Ask for indicator and period, then begin the result. `?initiative=`, `?period=`, `?indicator=` are filled in."""
    written = Entity.objects.written_by(request.user)
    own = Initiative.objects.visible_to(request.user).listed().written_by(request.user)
    initiative, entity = None, None
    if slug := request.POST.get("initiative") or request.GET.get("initiative"):
        visible = Initiative.objects.visible_to(request.user).with_title().select_related("entity")
        initiative = get_object_or_404(visible, slug=slug)
        entity = writing_entity(request.user, initiative, request.POST.get("entity") or request.GET.get("entity", ""))
        own = own | Initiative.objects.filter(pk=initiative.pk)  # the service says why not
    if not (entity if initiative else written.exists()):
        raise PermissionDenied
    today = timezone.localdate()
    indicators = Indicator.objects.select_related("unit").order_by(F("retired_on").desc(nulls_first=True), "code")
    form = StartResultForm(
        request.POST if request.method == "POST" else None,
        initiatives=own.with_title().order_by(F("title"), "pk"),
        entities=written.filter(pk=entity.pk) if entity else written,
        indicators=indicators,
        initial={
            "initiative": slug,
            "period": request.GET.get("period") or today.year,
            "indicator": request.GET.get("indicator"),
        },
    )
    if form.is_valid():
        chosen = form.cleaned_data["initiative"]
        reporting = entity or (writing_entity(request.user, chosen) if chosen else None)
        try:
            draft = begin_result(
                entity=reporting or form.cleaned_data["entity"],
                initiative=chosen,
                indicator=form.cleaned_data["indicator"],
                period=period_code(form.cleaned_data["period"]),
                user=person_of(request),
                now=timezone.now(),
            )
        except InitiativeNotOpen as error:
            form.add_error("initiative", str(error))
            refused = {"form": form, "initiative": initiative}
            return render(request, "initiatives/result_new.html", refused, status=HTTPStatus.CONFLICT)
        return redirect("draft_edit", draft.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "initiatives/result_new.html", {"form": form, "initiative": initiative}, status=status)


@require_POST
def result_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with the draft that corrects an approved result, or begin one."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("result_detail", args=[pk]))
    result = writable_result(request.user, pk)
    try:
        draft = begin_change_of_result(result=result, user=person_of(request), now=timezone.now())
    except InitiativeNotOpen as error:
        messages.warning(request, str(error))
        return redirect(result)
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


@require_safe
def result_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported, what shows it, and what it said before it was corrected."""
    result = visible_result(request.user, pk)
    is_own = may_write(request.user, result.entity)
    text = best_text(result.texts.all(), reader_language())
    under_way = Draft.objects.visible_to(request.user).open().of_results().filter(result=result)
    context: dict[str, Any] = {
        "result": result,
        "initiative_text": result.initiative.text_in(reader_language()) if result.initiative else None,
        "indicator_text": result.indicator.text_in(reader_language()),
        "parts": result.parts.select_related("category__breakdown"),
        "items": result.item_links.select_related("item").order_by("item__name"),
        "text": text,
        "references": cited_in(text.narrative) if text else {},
        "evidence": result.evidence.visible_to(request.user).select_related("file"),
        "former": former_values(result),
        "is_own": is_own,
        "draft": under_way.first() if is_own else None,
        "history": _history(result) if is_own else [],
    }
    return render(request, "initiatives/result_detail.html", context)


def _history(result: Result) -> list[Any]:
    form = form_for(Draft(entity=result.entity, initiative=result.initiative, result=result))
    return history_of_result(result, {name: field.label for name, field in form.fields.items()})
