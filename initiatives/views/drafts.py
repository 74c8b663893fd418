"""Beginning and changing records as drafts, handing drafts in, and deciding on them."""

import itertools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.choices import OPEN_DRAFTS, PLANNED, DraftOf, DraftState
from initiatives.drafting import partners, passages, targets
from initiatives.drafting.changes import changes_of
from initiatives.drafting.hints import alike, suggested_lines
from initiatives.drafting.updates import carried_over, last_news
from initiatives.forms import ApproveForm, BeginInitiativeForm, HandOverForm, ReturnForm, SavedForm
from initiatives.history import history_of_draft
from initiatives.models import Draft, Entity, Indicator, Initiative, Result, Target
from initiatives.permissions import (
    decidable_draft,
    may_write,
    may_write_draft,
    person_of,
    visible_draft,
    writable_draft,
    writing_entity,
)
from initiatives.queries import cited_in
from initiatives.services.drafts import (
    EDITABLE,
    DraftChangedMeanwhile,
    DraftIncomplete,
    DraftNotEditable,
    DraftNotSubmitted,
    DraftNotWithdrawn,
    DraftTooLarge,
    InitiativeNotOpen,
    NoteMissing,
    NothingChanged,
    NotOfTheEntity,
    OwnDraftNeedsReason,
    ReasonOfChangeMissing,
    approve_draft,
    begin_change,
    begin_initiative,
    bring_up_to_date,
    content_sent,
    hand_over_draft,
    has_written,
    may_hold,
    merged_with,
    reopen_draft,
    return_draft,
    save_draft,
    save_shown,
    shown_form_of,
    submit_draft,
    why_with,
    withdraw_draft,
)
from initiatives.views.comments import DraftComments
from initiatives.views.deciding import decision_forms, sign_in_to_decide
from initiatives.views.evidence import with_files
from portal.common.errors import PersonError
from portal.common.filters import MOST_CHARACTERS
from portal.common.kept_forms import forget_form, keep_form, kept_form
from portal.common.languages import reader_language
from portal.common.merging import Choice, Hunk, MergedField, Value, choose
from portal.common.periods import Period

TEXT_SAVED = "text-saved"  # a message with this tag lets static/keep-text.js forget its copy


class DecidedTooSoon(PersonError):
    sentence = _lazy("The draft was changed after you opened it. Read it again, then decide.")


# Beginning


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: HttpRequest) -> HttpResponse:
    """Title and kind of a new initiative; the rest comes on the next page."""
    user = person_of(request)
    entities = Entity.objects.written_by(user)
    if not entities.exists():
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = BeginInitiativeForm(sent, entities=entities, initial={"language": reader_language()})
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "initiatives/draft_new.html", {"form": form}, status=status)
    content: dict[str, Value] = {name: form.cleaned_data[name] for name in ("title", "kind", "language")}
    draft = begin_initiative(entity=form.cleaned_data["entity"], content=content, user=user, now=timezone.now())
    return redirect(reverse("draft_edit", args=[draft.pk]) + "#id_description")  # where one goes on typing


@require_POST
def draft_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with the draft that changes an initiative, or begin one."""
    visible = Initiative.objects.visible_to(request.user).select_related("entity")
    initiative = get_object_or_404(visible, slug=slug)
    if not request.user.is_authenticated:
        return redirect_to_login(initiative.get_absolute_url())
    if not may_write(request.user, initiative.entity):
        if writing_entity(request.user, initiative) is None:
            raise PermissionDenied
        told = _("%(entity)s keeps title and facts of this joint initiative. Say here what should change.")
        messages.info(request, told % {"entity": initiative.entity})
        return redirect("initiative_ask", initiative.slug)
    try:
        draft = begin_change(initiative=initiative, user=person_of(request), now=timezone.now())
    except InitiativeNotOpen as error:
        messages.warning(request, str(error))
        return redirect(initiative)
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


@login_required
@require_safe
def initiatives_alike(request: HttpRequest) -> HttpResponse:
    """What is named like the title typed so far, to be hinted at: `?title=`."""
    found = alike(request.GET.get("title", ""), person_of(request))
    return render(request, "initiatives/draft_alike.html", {"found": found})


@login_required
@require_safe
def find_participants(request: HttpRequest) -> HttpResponse:
    """Entities and organizations by words of their names, as the form names them: `?words=`."""
    return _found(partners.find_participants, request)


@login_required
@require_safe
def find_initiatives(request: HttpRequest) -> HttpResponse:
    """Initiatives that the person sees, by words of theirs, as the form names them: `?words=`."""
    return _found(lambda words: partners.find_initiatives(words, person_of(request)), request)


def _found(find: Callable[[str], list[tuple[str, str]]], request: HttpRequest) -> JsonResponse:
    words = request.GET.get("words", "").replace("\0", " ").strip()[:MOST_CHARACTERS]
    return JsonResponse({"found": find(words) if words else []})


# Reading


@login_required
@require_safe
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail_page(request, visible_draft(request.user, pk))


def _detail_page(
    request: HttpRequest,
    draft: Draft,
    *,
    approve_form: ApproveForm | None = None,
    return_form: ReturnForm | None = None,
    hand_over_form: HandOverForm | None = None,
    unsent: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """What the draft changes, its history, and what can be done with it."""
    form = shown_form_of(draft)
    changes = changes_of(draft, form)
    comments = DraftComments(request, draft, form, opened=request.GET.get("comment"))
    context: dict[str, Any] = {
        "draft": draft,
        "language": draft.content.get("language") or reader_language(),
        "changes": changes,
        "comments": comments.by_field(),
        "elsewhere": comments.elsewhere({change.name for change in changes}),
        "comment_forms": comments.forms(),
        "history": history_of_draft(draft, {name: field.label for name, field in form.fields.items()}),
        "may_write": may_write_draft(request.user, draft),
        "is_planned": draft.of in PLANNED,
        "stands": targets.stands(draft) if draft.of == DraftOf.TARGET else None,
        "is_editable": draft.state in EDITABLE,
        "is_open": draft.state in OPEN_DRAFTS,
        "hand_over_form": _hand_over_form(request, draft, hand_over_form),
        "unsent": unsent,
        "note": _note(draft),
    }
    context |= decision_forms(request, draft, approve_form=approve_form, return_form=return_form)
    return render(request, "initiatives/draft_detail.html", context, status=status)


def _hand_over_form(request: HttpRequest, draft: Draft, sent: HandOverForm | None) -> HandOverForm | None:
    """Return the form to hand a draft under way to somebody else, for those who write for the entity."""
    if draft.state not in OPEN_DRAFTS or not may_write_draft(request.user, draft):
        return None
    return sent or HandOverForm(people=may_hold(draft).exclude(drafts_held=draft))


def _note(draft: Draft) -> str:
    """What should change, where the draft came back."""
    return draft.decision_note if draft.state == DraftState.RETURNED else ""


# Writing


@require_http_methods(["GET", "HEAD", "POST"])
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the record. What was written is never lost: an expired session and a second writer keep it too."""
    if not request.user.is_authenticated:
        if request.method == "POST":
            keep_form(request)
            if request.FILES:
                messages.warning(request, _("Your words are kept, your files are not: choose them again."))
        return redirect_to_login(request.path)
    draft = writable_draft(request.user, pk)
    if request.method == "POST":
        return _resolve(request, draft) if "mine" in request.POST else _save(request, draft)
    if draft.state not in EDITABLE:
        return redirect(draft)
    kept = None if "saved" in request.GET else kept_form(request)
    if kept is None:
        return _edit_page(request, draft, shown_form_of(draft))
    error: PersonError | None = None
    try:
        content = content_sent(shown_form_of(draft), kept)
    except DraftTooLarge as too_large:
        content, error = too_large.content, too_large
    form = shown_form_of(draft, content)
    return _edit_page(request, draft, form, saved=SavedForm(kept), was_kept=True, error=error)


def _edit_page(
    request: HttpRequest,
    draft: Draft,
    form: forms.Form,
    *,
    saved: SavedForm | None = None,
    was_kept: bool = False,
    error: PersonError | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    comments = DraftComments(request, draft, form)
    beside = comments.where_somebody_commented()
    for name in beside.keys() & form.fields.keys():
        form.fields[name].beside = beside[name]  # type: ignore[attr-defined]  # what its template shows after it
    context: dict[str, Any] = {
        "comments": beside[""],
        "comment_forms": comments.forms(),
        "draft": draft,
        "form": form,
        "saved_form": saved or SavedForm(initial={"edits": draft.edits, "why": draft.why}),
        "was_kept": was_kept,
        "error": error,
        "note": _note(draft),
        "unsaved": was_kept or error is not None,
    }
    template, help = _WRITTEN_ON[draft.of]
    return render(request, template, context | help(request, draft), status=status)


def _help_with_initiative(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """Lines that the text speaks of, and records that may be the same."""
    title, description = (str(draft.content.get(name) or "") for name in ("title", "description"))
    return {
        "suggestions": suggested_lines(f"{title} {description}", known=draft.content.get("lines") or []),
        "alike": alike(title, person_of(request), other_than=draft.initiative),
    }


def _help_with_update(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What was approved last, and which fields still say the same."""
    last = last_news(draft)
    text = last.original if last else None
    assert draft.period_start  # as the constraint has it
    assert draft.period_end
    of_period = {"period_start__lt": draft.period_end, "period_end__gt": draft.period_start}
    return {
        "draft_period": Period(draft.period_start, draft.period_end).code,
        "results": Result.objects.filter(initiative=draft.initiative, entity=draft.entity, **of_period).for_listing(),
        "open_results": Draft.objects.open().of_results().filter(initiative=draft.initiative, entity=draft.entity),
        "last_approved": last,
        "references": cited_in(text.paragraph) if text else {},
        "carried": carried_over(draft),
    }


def _help_with_entity_text(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the owner says, to stand beside."""
    assert draft.initiative  # as the constraint has it
    text = draft.initiative.text_in(reader_language())
    return {"owner_text": text, "references": cited_in(text.description) if text else {}}


def _help_with_passage(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What it carries on, which fields still say the same, and lines that the text speaks of."""
    former = passages.follows(draft)
    text = former.original if former else None
    body = str(draft.content.get("body") or "")
    return {
        "former": former,
        "former_text": text,
        "references": cited_in(text.body) if text else {},
        "carried": passages.carried_over(draft, former),
        "suggestions": suggested_lines(body, known=draft.content.get("lines") or []),
    }


def _help_with_result(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the indicator asks for."""
    code = str(draft.content.get("indicator") or "")
    indicator = Indicator.objects.filter(code=code).select_related("unit", "workplan").prefetch_related("texts").first()
    return {
        "initiative_text": draft.initiative.text_in(reader_language()) if draft.initiative else None,
        "indicator": indicator,
        "text": indicator.text_in(reader_language()) if indicator else None,
    }


def _help_with_target(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the indicator measures, and what holds today."""
    assert draft.indicator  # as the constraint has it
    in_force = Target.objects.in_force().filter(indicator=draft.indicator).select_related("category")
    return {
        "indicator": draft.indicator,
        "text": draft.indicator.text_in(reader_language()),
        "in_force": in_force.order_by("kind", "category", "year"),
    }


def _help_with_indicator(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """How many results rest on the definition."""
    return {"result_count": draft.indicator.results.count() if draft.indicator else 0}


#: On which page the draft of a kind is written, and what helps there.
_WRITTEN_ON: dict[str, tuple[str, Callable[[HttpRequest, Draft], dict[str, Any]]]] = {
    DraftOf.INITIATIVE: ("initiatives/draft_edit.html", _help_with_initiative),
    DraftOf.UPDATE: ("initiatives/update_edit.html", _help_with_update),
    DraftOf.ENTITY_TEXT: ("initiatives/entity_text_edit.html", _help_with_entity_text),
    DraftOf.PASSAGE: ("initiatives/passage_edit.html", _help_with_passage),
    DraftOf.RESULT: ("initiatives/result_edit.html", _help_with_result),
    DraftOf.TARGET: ("initiatives/target_edit.html", _help_with_target),
    DraftOf.INDICATOR: ("initiatives/indicator_edit.html", _help_with_indicator),
    DraftOf.EDITION: ("initiatives/edition_edit.html", lambda _request, _draft: {}),
    DraftOf.WORKPLAN: ("initiatives/workplan_edit.html", lambda _request, _draft: {}),
    DraftOf.AREA: ("initiatives/area_edit.html", lambda _request, _draft: {}),
    DraftOf.ENTRY: ("initiatives/entry_edit.html", lambda _request, _draft: {}),
}


def _save(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = shown_form_of(draft)
    saved = SavedForm(request.POST)
    sent, all_taken = with_files(request, form, draft.entity)
    try:
        content = content_sent(form, sent)
    except DraftTooLarge as error:
        return _too_large_page(request, draft, saved, error)
    if not saved.is_valid():
        return _edit_page(
            request, draft, shown_form_of(draft, content), saved=saved, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    submits = "submit" in request.POST and all_taken
    return _keep(request, draft, content, saved.cleaned_data["edits"], saved.cleaned_data["why"], submits=submits)


def _too_large_page(request: HttpRequest, draft: Draft, saved: SavedForm, error: DraftTooLarge) -> HttpResponse:
    form = shown_form_of(draft, error.content)
    return _edit_page(request, draft, form, saved=saved, error=error, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _keep(
    request: HttpRequest, draft: Draft, content: dict[str, Value], edits: int, why: str, *, submits: bool = False
) -> HttpResponse:
    user, now = person_of(request), timezone.now()
    try:
        kept = save_draft(draft=draft, content=content, edits=edits, why=why, user=user, now=now)
    except DraftChangedMeanwhile as error:
        return _clash_page(request, error, content, edits, why)
    except DraftNotEditable as error:
        current = visible_draft(request.user, draft.pk)
        form, saved = shown_form_of(current, content), SavedForm({"edits": current.edits, "why": why})
        return _edit_page(request, current, form, saved=saved, error=error, status=HTTPStatus.CONFLICT)
    forget_form(request)
    if kept.content != content:
        messages.info(request, _("What others saved meanwhile in other places is put together with yours."))
    if submits:
        return _submit(request, kept)
    messages.success(request, _("The draft is saved."), extra_tags=TEXT_SAVED)
    return redirect("draft_edit", draft.pk)


@require_POST
def draft_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while somebody types. Answers JSON: `edits` and `saved` (the time of day), or why nothing was saved."""
    if not request.user.is_authenticated:
        sentence = _("You are signed out. What you write is kept in this browser; sign in in another tab, then go on.")
        return JsonResponse({"sentence": sentence}, status=HTTPStatus.UNAUTHORIZED)
    draft = writable_draft(request.user, pk)
    saved = SavedForm(request.POST)
    if not saved.is_valid():
        return JsonResponse({"sentence": _("This page is out of date. Load it again.")}, status=HTTPStatus.BAD_REQUEST)
    try:
        content = content_sent(shown_form_of(draft), request.POST)
        kept = save_draft(
            draft=draft,
            content=content,
            edits=saved.cleaned_data["edits"],
            why=saved.cleaned_data["why"],
            user=person_of(request),
            now=timezone.now(),
        )
    except (DraftChangedMeanwhile, DraftNotEditable) as error:
        return JsonResponse({"sentence": str(error)}, status=HTTPStatus.CONFLICT)
    except DraftTooLarge as error:
        return JsonResponse({"sentence": str(error)}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    forget_form(request, reverse("draft_edit", args=[pk]))  # what stood in the page that was sent is saved
    at = formats.time_format(timezone.localtime(kept.saved_at), "TIME_FORMAT")
    others = kept.content != content and _("Others changed other places of this draft. Load the page to see them.")
    edits = save_shown(draft=kept, content=content, why=saved.cleaned_data["why"])
    return JsonResponse({"edits": edits, "saved": _("Saved %(time)s") % {"time": at}, "others": others or ""})


# Two people, one text


def _clash_page(
    request: HttpRequest, error: DraftChangedMeanwhile, mine: dict[str, Value], edits: int, why: str
) -> HttpResponse:
    """Both versions side by side, paragraph by paragraph, and what to choose. Nothing is saved before."""
    form = shown_form_of(error.current)
    context = {
        "draft": error.current,
        "error": error,
        "fields": [(name, form.fields[name].label, field, _numbered(field)) for name, field in error.clashes.items()],
        "mine": json.dumps(mine),
        "edits": edits,
        "why": why,
        "language": mine.get("language") or reader_language(),
    }
    return render(request, "initiatives/draft_clash.html", context, status=HTTPStatus.CONFLICT)


def _numbered(field: MergedField) -> list[tuple[Hunk, int | None]]:
    """Return the hunks of a field, those to choose for with their number."""
    numbers = itertools.count()
    return [(hunk, next(numbers) if hunk.is_clash else None) for hunk in field.hunks]


def _resolve(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Keep what was chosen of two versions; ask again where a third save came meanwhile."""
    saved = SavedForm(request.POST)
    try:
        mine = json.loads(request.POST["mine"])
    except (ValueError, RecursionError):
        mine = None
    if not saved.is_valid() or not isinstance(mine, dict):
        return _edit_page(request, draft, shown_form_of(draft), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        mine = content_sent(shown_form_of(draft), mine)
    except DraftTooLarge as error:
        return _too_large_page(request, draft, saved, error)
    edits, why = saved.cleaned_data["edits"], saved.cleaned_data["why"]
    settled, clashes = merged_with(draft=draft, content=mine, edits=edits)
    chosen = {name: _choices(request, name, field.clashing) for name, field in clashes.items()}
    if str(draft.edits) != request.POST.get("seen") or None in chosen.values():
        return _clash_page(request, DraftChangedMeanwhile(draft, settled, clashes), mine, edits, why)
    content = settled | {name: choose(field, chosen[name] or []) for name, field in clashes.items()}
    return _keep(request, draft, content, draft.edits, why_with(draft=draft, why=why, edits=edits))


def _choices(request: HttpRequest, name: str, count: int) -> list[Choice] | None:
    """What was chosen for each clash of a field; None where something was not."""
    sent = [request.POST.get(f"choice-{name}-{number}") for number in range(count)]
    known: dict[str | None, Choice] = {"mine": "mine", "theirs": "theirs", "both": "both"}
    return [known[one] for one in sent] if all(one in known for one in sent) else None


# Handing in, and taking back


@require_POST
def draft_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was saved."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("draft_detail", args=[pk]))
    return _submit(request, writable_draft(request.user, pk))


def _submit(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        draft = submit_draft(draft=draft, user=person_of(request), now=timezone.now())
    except DraftIncomplete as error:
        messages.info(request, _("The draft is saved, but not submitted yet."))
        return _edit_page(
            request, visible_draft(request.user, draft.pk), error.form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except (ReasonOfChangeMissing, NothingChanged) as error:
        current = visible_draft(request.user, draft.pk)
        saved = SavedForm({"edits": current.edits, "why": current.why})
        saved.is_valid()
        saved.add_error("why", str(error))
        messages.info(request, _("The draft is saved, but not submitted yet."))
        form = shown_form_of(current)
        return _edit_page(request, current, form, saved=saved, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (DraftNotEditable, InitiativeNotOpen) as error:
        return _refused(request, draft.pk, error)
    if draft.state == DraftState.APPROVED and draft.update:
        done = _("It is on record that the last paragraph is still true. Nobody has to approve that.")
        messages.success(request, done, extra_tags=TEXT_SAVED)
        return redirect(draft.update)
    done = _("Submitted. The focal point of %(entity)s decides.") % {"entity": draft.entity}
    messages.success(request, done, extra_tags=TEXT_SAVED)
    return redirect(draft)


@require_POST
def draft_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("draft_detail", args=[pk]))
    try:
        draft = withdraw_draft(draft=writable_draft(request.user, pk), user=person_of(request), now=timezone.now())
    except DraftNotEditable as error:
        return _refused(request, pk, error)
    messages.success(request, _("Withdrawn. Nothing of it is lost: it can be reopened here."))
    return redirect(draft)


@require_POST
def draft_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("draft_detail", args=[pk]))
    try:
        draft = reopen_draft(draft=writable_draft(request.user, pk))
    except (DraftNotWithdrawn, DraftNotEditable, InitiativeNotOpen) as error:
        return _refused(request, pk, error)
    return redirect("draft_edit", draft.pk)


@require_POST
def draft_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("draft_detail", args=[pk]))
    draft = writable_draft(request.user, pk)
    form = HandOverForm(request.POST, people=may_hold(draft))
    if not form.is_valid():
        return _detail_page(request, draft, hand_over_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    to, reason = form.cleaned_data["person"], form.cleaned_data["words"]
    try:
        draft = hand_over_draft(draft=draft, to=to, user=person_of(request), now=timezone.now(), reason=reason)
    except (DraftNotEditable, NotOfTheEntity) as error:
        return _refused(request, pk, error, reason)
    messages.success(request, _("%(name)s holds the draft now.") % {"name": to.name})
    return redirect(draft)


def _refused(request: HttpRequest, pk: int, error: PersonError, words: str = "") -> HttpResponse:
    """Show how the draft stands now, and the words that were written about how it stood before."""
    messages.warning(request, str(error))
    return _detail_page(request, visible_draft(request.user, pk), unsent=words, status=HTTPStatus.CONFLICT)


# Deciding


@require_POST
def draft_approve(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_to_decide(request, pk)
    draft, user = decidable_draft(request.user, pk), person_of(request)
    form = ApproveForm(request.POST, is_author=has_written(user, draft))
    if not form.is_valid():
        return _detail_page(request, draft, approve_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edits, reason = form.cleaned_data["edits"], form.cleaned_data["words"]
    try:
        draft = approve_draft(draft=draft, edits=edits, user=user, now=timezone.now(), reason=reason)
    except OwnDraftNeedsReason as error:
        form.add_error("words", str(error))
        return _detail_page(request, draft, approve_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except DraftIncomplete as error:
        wrong = " ".join(f"{error.form.fields[name].label}: {said[0]}" for name, said in error.form.errors.items())
        messages.warning(request, _("It cannot be approved as it is. %(wrong)s") % {"wrong": wrong})
        return _detail_page(request, draft, unsent=reason, status=HTTPStatus.CONFLICT)
    except DraftChangedMeanwhile:
        bring_up_to_date(draft=draft)
        return _refused(request, pk, DecidedTooSoon(), reason)
    except (DraftNotSubmitted, InitiativeNotOpen) as error:
        return _refused(request, pk, error, reason)
    forget_form(request)
    messages.success(request, _("Approved. It is version %(number)s of the record.") % {"number": draft.version})
    return redirect(draft)


@require_POST
def draft_return(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_to_decide(request, pk)
    draft = decidable_draft(request.user, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, draft, return_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edits, note = form.cleaned_data["edits"], form.cleaned_data["words"]
    try:
        return_draft(draft=draft, edits=edits, user=person_of(request), now=timezone.now(), note=note)
    except NoteMissing as error:
        form.add_error("words", str(error))
        return _detail_page(request, draft, return_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except DraftChangedMeanwhile:
        return _refused(request, pk, DecidedTooSoon(), note)
    except DraftNotSubmitted as error:
        return _refused(request, pk, error, note)
    forget_form(request)
    messages.success(request, _("Returned with your note."))
    return redirect(draft)
