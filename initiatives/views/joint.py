"""Joint initiatives on the desk: invitations, their answers and ends, and the text that a second entity writes."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.choices import OPEN_INVITATIONS, InvitationState
from initiatives.forms import AskForm, WhyForm
from initiatives.models import Entity, Initiative, JointInvitation
from initiatives.permissions import may_answer, person_of, side_ended_by, visible_invitation, writing_entity
from initiatives.services.drafts import EDITABLE, InitiativeNotOpen, begin_entity_text
from initiatives.services.joint import accept_invitation, ask_for_change, decline_invitation, end_joint_work
from portal.common.errors import PersonError

PER_PAGE = 25


@login_required
@require_safe
def joint_list(request: HttpRequest) -> HttpResponse:
    """All invitations to one's entities and from them, what is open first."""
    if not Entity.objects.written_by(request.user).exists():
        raise PermissionDenied
    invitations = JointInvitation.objects.visible_to(request.user).for_listing()
    page = Paginator(invitations.open_first(), PER_PAGE).get_page(request.GET.get("page"))
    own = set(Entity.objects.written_by(request.user).values_list("pk", flat=True))
    return render(request, "initiatives/joint_list.html", {"page": page, "own": own})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def joint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation: what it offers, what was answered, and the answer or the end. POST says which `act`."""
    invitation = visible_invitation(request.user, pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    sent = {each: request.POST if act == each else None for each in ("decline", "end")}
    decline_form, end_form = WhyForm(sent["decline"], prefix="decline"), WhyForm(sent["end"], prefix="end")
    error: PersonError | None = None
    if act:
        try:
            if done := _act(request, invitation, act, decline_form, end_form):
                messages.success(request, done)
                return redirect(invitation)
        except PersonError as refused:
            error = refused
            invitation = visible_invitation(request.user, pk)
    side = side_ended_by(request.user, invitation) if invitation.state in OPEN_INVITATIONS else None
    context = {
        "invitation": invitation,
        "initiative": invitation.initiative,
        "may_answer": invitation.state == InvitationState.INVITED and may_answer(request.user, invitation),
        "may_end": side is not None and (invitation.state == InvitationState.JOINED or side != invitation.entity),
        "decline_form": decline_form,
        "end_form": end_form,
        "error": error,
        "is_visible": Initiative.objects.visible_to(request.user).filter(pk=invitation.initiative_id).exists(),
        "writer": writing_entity(request.user, invitation.initiative),
    }
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.CONFLICT if error else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "initiatives/joint_detail.html", context, status=status)


def _act(request: HttpRequest, invitation: JointInvitation, act: str, decline_form: WhyForm, end_form: WhyForm) -> str:
    """Answer or end; return what to say of it, nothing where the form says what is wrong."""
    by, now, today = person_of(request), timezone.now(), timezone.localdate()
    if act in ("accept", "decline") and not may_answer(by, invitation):
        raise PermissionDenied
    if act == "accept":
        accept_invitation(invitation=invitation, by=by, now=now, today=today)
        return _("It is a joint initiative now. Your entity writes its own updates and text.")
    if act == "decline" and decline_form.is_valid():
        decline_invitation(invitation=invitation, by=by, now=now, **decline_form.cleaned_data)
        return _("The invitation is declined.")
    if act == "end":
        side = side_ended_by(by, invitation)
        if side is None:
            raise PermissionDenied
        if end_form.is_valid():
            end_joint_work(invitation=invitation, entity=side, by=by, now=now, today=today, **end_form.cleaned_data)
            return _("It has ended. What was written and printed stays.")
    return ""


@require_POST
def entity_text_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with the draft of the own text of an entity that has joined, or begin one."""
    initiative = _initiative(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(initiative.get_absolute_url())
    entity = writing_entity(request.user, initiative, request.POST.get("entity", ""))
    if entity is None or entity == initiative.entity:  # the description of the initiative is that of its owner
        raise PermissionDenied
    try:
        draft = begin_entity_text(initiative=initiative, entity=entity, user=person_of(request), now=timezone.now())
    except InitiativeNotOpen as error:
        messages.warning(request, str(error))
        return redirect(initiative)
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """An entity that has joined tells the owner what should change: facts have one owner."""
    initiative = _initiative(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    entity = writing_entity(request.user, initiative)
    if entity is None or entity == initiative.entity:  # who changes it without asking
        raise PermissionDenied
    form = AskForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                comment = ask_for_change(
                    initiative=initiative, user=person_of(request), now=timezone.now(), **form.cleaned_data
                )
            except PersonError as error:
                form.add_error(None, str(error))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, _("%(entity)s is told. It answers here.") % {"entity": initiative.entity})
                return redirect(f"{comment.draft.get_absolute_url()}#comment-{comment.pk}")
    context = {"initiative": initiative, "form": form}
    return render(request, "initiatives/initiative_ask.html", context, status=status)


def _initiative(request: HttpRequest, slug: str) -> Initiative:
    visible = Initiative.objects.visible_to(request.user).with_title().select_related("entity")
    found: Initiative = get_object_or_404(visible, slug=slug)
    return found
