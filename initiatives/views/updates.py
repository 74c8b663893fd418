"""Writing an update, handing it in, and deciding on it."""

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

from initiatives.choices import UpdateKind, UpdateState
from initiatives.forms import ApproveForm, ReturnForm, StartUpdateForm, UpdateForm
from initiatives.history import history_of_update
from initiatives.models import Entity, Initiative, Update
from initiatives.permissions import (
    decidable_update,
    may_write,
    person_of,
    visible_update,
    writable_update,
)
from initiatives.queries import cited_in, further_fields
from initiatives.services.updates import (
    EDITABLE,
    TEXT_FIELDS,
    InitiativeNotOpen,
    OwnUpdateNeedsReason,
    ReturnNeedsNote,
    UpdateChangedMeanwhile,
    UpdateIncomplete,
    UpdateNotEditable,
    UpdateNotSubmitted,
    approve_update,
    has_written,
    last_approved_news,
    return_update,
    save_update,
    stands_already,
    start_update,
    submit_update,
    what_stands,
)
from initiatives.views.deciding import decision_forms, sign_in_to_decide
from portal.common.errors import PersonError
from portal.common.kept_forms import forget_form, keep_form, kept_form
from portal.common.languages import reader_language

UNPROCESSABLE, CONFLICT = 422, 409
TEXT_SAVED = "text-saved"  # a message with this tag lets static/keep-text.js forget its copy

# Beginning


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def update_new(request: HttpRequest) -> HttpResponse:
    """Ask for initiative and period, then begin the update, or go on with the open one."""
    written = Entity.objects.written_by(request.user)
    own = Initiative.objects.visible_to(request.user).listed().filter(entity__in=written)
    initiative = None
    if slug := request.POST.get("initiative") or request.GET.get("initiative"):
        visible = Initiative.objects.visible_to(request.user).with_title().select_related("entity")
        initiative = get_object_or_404(visible, slug=slug)
        if request.method == "POST":
            own = own | Initiative.objects.filter(pk=initiative.pk, entity__in=written)  # the service says why not
    if not (own.filter(pk=initiative.pk) if initiative else written).exists():
        raise PermissionDenied
    form = StartUpdateForm(
        request.POST if request.method == "POST" else None,
        initiatives=own.with_title().order_by(F("title"), "pk"),
        initial={"initiative": slug, "period": request.GET.get("period") or timezone.localdate().year},
    )
    context = {"form": form, "initiative": initiative}
    if form.is_valid():
        period = form.cleaned_data["period"]
        try:
            update, _is_new = start_update(
                initiative=form.cleaned_data["initiative"],
                entity=form.cleaned_data["initiative"].entity,
                period_start=period.start,
                period_end=period.end,
                user=person_of(request),
            )
        except InitiativeNotOpen as error:
            form.add_error("initiative", str(error))
            return render(request, "initiatives/update_new.html", context, status=CONFLICT)
        return redirect("update_edit", update.pk)
    return render(request, "initiatives/update_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


# Reading


def _detail_page(
    request: HttpRequest,
    update: Update,
    *,
    approve_form: ApproveForm | None = None,
    return_form: ReturnForm | None = None,
    unsent: str = "",
    status: int,
) -> HttpResponse:
    """Show the update again, with what is in the way of the act that was asked for."""
    context = detail_context(request, update, approve_form=approve_form, return_form=return_form, unsent=unsent)
    return render(request, "initiatives/update_detail.html", context, status=status)


def detail_context(
    request: HttpRequest,
    update: Update,
    *,
    approve_form: ApproveForm | None = None,
    return_form: ReturnForm | None = None,
    unsent: str = "",
) -> dict[str, Any]:
    """Return the paragraph as it will be printed; for the entity also all else, the history and what can be done."""
    is_own = may_write(request.user, update.entity)
    text = update.original
    shown = (TEXT_FIELDS if is_own else ["paragraph"]) if text else []
    last_approved = None if update.kind == UpdateKind.NEWS else last_approved_news(update)
    cited = [getattr(text, name) for name in shown]
    if last_approved and last_approved.original:
        cited.append(last_approved.original.paragraph)
    context: dict[str, Any] = {
        "update": update,
        "text": text,
        "further": further_fields(text) if is_own and text else [],
        "references": cited_in(*cited),
        "is_own": is_own,
        "is_editable": is_own and update.state in EDITABLE,
        "last_approved": last_approved,
        "history": history_of_update(update) if is_own else [],
        "unsent": unsent,
        "note": update.decision_note if is_own and update.state == UpdateState.RETURNED else "",
    }
    return context | decision_forms(
        request,
        update,
        approve="update_approve",
        return_="update_return",
        has_written=has_written,
        approve_form=approve_form,
        return_form=return_form,
    )


# Writing


@require_http_methods(["GET", "HEAD", "POST"])
def update_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an update. What was written is never lost: an expired session and a second writer keep it too."""
    if not request.user.is_authenticated:
        if request.method == "POST":
            keep_form(request)
        return redirect_to_login(request.path)
    update = writable_update(request.user, pk)
    if request.method == "POST":
        return _save(request, update)
    if update.state not in EDITABLE:
        messages.info(request, _("This update was handed in. It can be changed again when it is returned."))
        return redirect(update)
    kept = None if "saved" in request.GET else kept_form(request)
    form = UpdateForm(kept, update=update, initial=_written(update))
    return _edit_page(request, form, was_kept=kept is not None)


def _written(update: Update) -> dict[str, Any]:
    """What stands in the update, as the form has it."""
    return {"language": reader_language()} | what_stands(update)


def _edit_page(
    request: HttpRequest,
    form: UpdateForm,
    *,
    unsaved: bool = False,
    was_kept: bool = False,
    conflict: PersonError | None = None,
    status: int = 200,
) -> HttpResponse:
    update = form.update
    last = last_approved_news(update)
    theirs = update.original if conflict else None
    texts = [text for text in (last and last.original, theirs) if text]
    context = {
        "update": update,
        "form": form,
        "unsaved": unsaved or was_kept or conflict,
        "was_kept": was_kept,
        "conflict": conflict,
        "note": update.decision_note if update.state == UpdateState.RETURNED else "",
        "last_approved": last,
        "theirs": further_fields(theirs) if theirs else [],
        "references": cited_in(*(getattr(text, name) for text in texts for name in TEXT_FIELDS)),
    }
    return render(request, "initiatives/update_edit.html", context, status=status)


def _save(request: HttpRequest, update: Update) -> HttpResponse:
    form = UpdateForm(request.POST, update=update)
    if not form.is_valid():
        return _edit_page(request, form, unsaved=True, status=UNPROCESSABLE)
    try:
        save_update(update=update, draft=form.draft, edits=form.cleaned_data["edits"], user=person_of(request))
    except (UpdateChangedMeanwhile, UpdateNotEditable) as error:
        current = visible_update(request.user, update.pk)
        if not stands_already(update=current, draft=form.draft, user=person_of(request)):
            return _conflict_page(request, form, current, error)
        if current.state not in EDITABLE:
            return redirect(current)
    forget_form(request)
    if "submit" in request.POST:
        return _submit(request, update)
    messages.success(request, _("The draft is saved."), extra_tags=TEXT_SAVED)
    return redirect("update_edit", update.pk)


def _conflict_page(request: HttpRequest, form: UpdateForm, current: Update, error: PersonError) -> HttpResponse:
    """Keep this writer's text in the form and show the other's beside. Saving again goes on top of the other's."""
    form.update = current
    form.show_edits(current.edits)
    return _edit_page(request, form, conflict=error, status=CONFLICT)


# Handing in


@require_POST
def update_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was saved."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("update_detail", args=[pk]))
    return _submit(request, writable_update(request.user, pk))


def _submit(request: HttpRequest, update: Update) -> HttpResponse:
    try:
        update = submit_update(update=update, now=timezone.now())
    except UpdateIncomplete as error:
        current = visible_update(request.user, update.pk)
        form = UpdateForm(_written(current), update=current)
        form.is_valid()
        for field, sentence in error.missing.items():
            form.add_error(field, str(sentence))
        messages.info(request, _("The draft is saved, but not submitted yet."))
        return _edit_page(request, form, status=UNPROCESSABLE)
    except (UpdateNotEditable, InitiativeNotOpen) as error:
        messages.warning(request, str(error))
        return _detail_page(request, visible_update(request.user, update.pk), status=CONFLICT)
    if update.state == UpdateState.APPROVED:
        done = _("It is on record that the last paragraph is still true. Nobody has to approve that.")
    else:
        done = _("Submitted. The focal point of %(entity)s decides.") % {"entity": update.entity}
    messages.success(request, done, extra_tags=TEXT_SAVED)
    return redirect(update)


# Deciding


@require_POST
def update_approve(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_to_decide(request, "update_detail", pk)
    update = decidable_update(request.user, pk)
    form = ApproveForm(request.POST, is_author=has_written(person_of(request), update))
    if not form.is_valid():
        return _detail_page(request, update, approve_form=form, status=UNPROCESSABLE)
    edits, reason = form.cleaned_data["edits"], form.cleaned_data["words"]
    try:
        approve_update(update=update, edits=edits, user=person_of(request), now=timezone.now(), reason=reason)
    except OwnUpdateNeedsReason as error:
        form.add_error("words", str(error))
        return _detail_page(request, update, approve_form=form, status=UNPROCESSABLE)
    except (UpdateNotSubmitted, UpdateChangedMeanwhile, InitiativeNotOpen) as error:
        return _decided_meanwhile(request, pk, error, reason)
    forget_form(request)
    messages.success(request, _("Approved. It stands in the next compilation of the submission."))
    return redirect(update)


@require_POST
def update_return(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_to_decide(request, "update_detail", pk)
    update = decidable_update(request.user, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, update, return_form=form, status=UNPROCESSABLE)
    edits, note = form.cleaned_data["edits"], form.cleaned_data["words"]
    try:
        return_update(update=update, edits=edits, user=person_of(request), now=timezone.now(), note=note)
    except ReturnNeedsNote as error:
        form.add_error("words", str(error))
        return _detail_page(request, update, return_form=form, status=UNPROCESSABLE)
    except (UpdateNotSubmitted, UpdateChangedMeanwhile) as error:
        return _decided_meanwhile(request, pk, error, note)
    forget_form(request)
    messages.success(request, _("Returned with your note."))
    return redirect(update)


def _decided_meanwhile(request: HttpRequest, pk: int, error: PersonError, words: str) -> HttpResponse:
    """Show how the update stands now, and the words that were written about how it stood before."""
    changed = isinstance(error, UpdateChangedMeanwhile)
    again = _("The update was changed after you opened it. Read it again, then decide.")
    messages.warning(request, again if changed else str(error))
    return _detail_page(request, visible_update(request.user, pk), unsent=words, status=CONFLICT)
