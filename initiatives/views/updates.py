"""Beginning updates, and the page of one that is approved. What is under way is written on the pages of drafts."""

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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.choices import UpdateKind
from initiatives.drafting.updates import TEXT_FIELDS, UpdateForm, news_before
from initiatives.forms import StartUpdateForm
from initiatives.history import history_of_update
from initiatives.models import Draft, Entity, Initiative, Update
from initiatives.permissions import may_write, person_of, writable_update, writing_entity
from initiatives.queries import cited_in, further_fields
from initiatives.services.drafts import (
    EDITABLE,
    AnotherDraftOpen,
    DraftIncomplete,
    InitiativeNotOpen,
    begin_change_of_update,
    begin_update,
    tell_still_true,
)

UNPROCESSABLE, CONFLICT = 422, 409


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def update_new(request: HttpRequest) -> HttpResponse:
    """Ask for initiative and period, then begin the update, or go on with the open one.

    Whoever says that all is still true is done.
    """
    written = Entity.objects.written_by(request.user)
    own = Initiative.objects.visible_to(request.user).listed().written_by(request.user)
    initiative = None
    if slug := request.POST.get("initiative") or request.GET.get("initiative"):
        visible = Initiative.objects.visible_to(request.user).with_title().select_related("entity")
        initiative = get_object_or_404(visible, slug=slug)
        if request.method == "POST":
            own = own | Initiative.objects.filter(pk=initiative.pk).written_by(request.user)  # the service says why not
    if not (own.filter(pk=initiative.pk) if initiative else written).exists():
        raise PermissionDenied
    form = StartUpdateForm(
        request.POST if request.method == "POST" else None,
        initiatives=own.with_title().order_by(F("title"), "pk"),
        initial={"initiative": slug, "period": request.GET.get("period") or timezone.localdate().year},
    )
    if form.is_valid():
        try:
            return _begin(request, form)
        except InitiativeNotOpen as error:
            form.add_error("initiative", str(error))
            refused = {"form": form, "initiative": initiative}
            return render(request, "initiatives/update_new.html", refused, status=CONFLICT)
    context: dict[str, Any] = {"form": form, "initiative": initiative, "entity": request.GET.get("entity", "")}
    return render(request, "initiatives/update_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _begin(request: HttpRequest, form: StartUpdateForm) -> HttpResponse:
    initiative, kind = form.cleaned_data["initiative"], form.cleaned_data["kind"] or UpdateKind.NEWS
    about: dict[str, Any] = {
        "initiative": initiative,
        "entity": writing_entity(request.user, initiative, request.POST.get("entity", "")),
        "period": form.cleaned_data["period"],
        "user": person_of(request),
        "now": timezone.now(),
    }
    if kind == UpdateKind.STILL_TRUE:
        try:
            told = tell_still_true(**about)
        except (AnotherDraftOpen, DraftIncomplete) as error:
            wrong = error.form.errors.get("kind") if isinstance(error, DraftIncomplete) else None
            messages.warning(request, str(wrong[0] if wrong else error))
            kind = UpdateKind.NEWS
        else:
            messages.success(
                request, _("It is on record that the last paragraph is still true. Nobody has to approve that.")
            )
            return redirect(told.update or told)
    draft, _is_new = begin_update(**about, kind=kind)
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


@require_POST
def update_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with the draft that changes an approved update, or begin one."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("update_detail", args=[pk]))
    update = writable_update(request.user, pk)
    try:
        draft = begin_change_of_update(update=update, user=person_of(request), now=timezone.now())
    except InitiativeNotOpen as error:
        messages.warning(request, str(error))
        return redirect(update)
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


def detail_context(request: HttpRequest, update: Update) -> dict[str, Any]:
    """Return the paragraph as it is printed and what else the reader may know; for the entity also its history."""
    is_own = may_write(request.user, update.entity)
    text = update.original
    shown = (TEXT_FIELDS if is_own else ["paragraph", *update.public_fields]) if text else []
    last_approved = None
    if update.kind != UpdateKind.NEWS:
        last_approved = news_before(update.initiative, update.entity, update.period_end, but=update.pk)
    cited = [getattr(text, name) for name in shown]
    if last_approved and last_approved.original:
        cited.append(last_approved.original.paragraph)
    return {
        "update": update,
        "text": text,
        "further": further_fields(update, text, is_own=is_own) if text else [],
        "references": cited_in(*cited),
        "evidence": update.evidence.visible_to(request.user).select_related("file"),
        "is_own": is_own,
        "last_approved": last_approved,
        "draft": Draft.objects.visible_to(request.user).open().filter(update=update).first() if is_own else None,
        "history": history_of_update(update, {name: field.label for name, field in UpdateForm.base_fields.items()})
        if is_own
        else [],
    }
