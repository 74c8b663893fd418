"""What a focal point does with the record of an initiative: address, joint work, merge, archive."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from initiatives.choices import Role
from initiatives.forms import InviteEntityForm
from initiatives.models import Entity, Initiative, Membership
from initiatives.permissions import may_approve, may_invite, person_of
from initiatives.queries import merge_targets
from initiatives.querysets import EntityQuerySet
from initiatives.services.initiatives import (
    AddressNotUsable,
    archive_initiative,
    change_address,
    restore_initiative,
)
from initiatives.services.joint import invite_entity
from portal.common.errors import PersonError
from reporting.forms import AddressForm, ReasonForm
from reporting.services.merging import check_merge, merge_initiatives, what_becomes_public, what_would_move
from reporting.views.initiatives import address_today

FOUND_SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_manage(request: HttpRequest, slug: str) -> HttpResponse:
    """Four forms. `?words=` looks for the initiative to merge into, `?into=` asks whether to merge into that one."""
    initiative = (
        Initiative.objects.visible_to(request.user).filter(merged_into=None).for_listing().filter(slug=slug).first()
    )
    if initiative is None:
        return address_today(request, slug, "initiative_manage")
    if not may_approve(request.user, initiative.entity):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, initiative)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("Choose what to do."))
        return _page(request, initiative, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return act(request, initiative)


def _page(request: HttpRequest, initiative: Initiative, *, status: int = HTTPStatus.OK, **forms: Any) -> HttpResponse:
    words = _typed(request.GET.get("words", ""))
    into = _typed(request.POST.get("into") or request.GET.get("into") or "")
    others = Initiative.objects.filter(entity=initiative.entity).exclude(pk=initiative.pk).with_title()
    target = others.filter(slug=into).first()
    refusal = ""
    if target is not None:
        try:
            check_merge(source=initiative, target=target)
        except PersonError as error:
            refusal = str(error)
    elif into:
        refusal = _("No initiative of this entity has the address “%(address)s”.") % {"address": into}
        status = HTTPStatus.NOT_FOUND if status == HTTPStatus.OK else status
    context = {
        "initiative": initiative,
        "address_form": AddressForm(initial={"slug": initiative.slug}, prefix="address"),
        "archive_form": _reason_form(prefix="archive"),
        "merge_form": _reason_form(prefix="merge"),
        "invite_form": InviteEntityForm(entities=_invitable(initiative), prefix="joint"),
        "invitations": initiative.joint_invitations.for_listing().open_first(),
        "words": words,
        "found": list(merge_targets(initiative, words)[:FOUND_SHOWN]) if words else [],
        "target": target,
        "refusal": refusal,
        "moving": what_would_move(source=initiative, target=target) if target is not None and not refusal else [],
        "shown_to_all": what_becomes_public(source=initiative, target=target, now=timezone.now())
        if target is not None and not refusal
        else {},
        "former": initiative.former_addresses.all(),
        "merged_from": Initiative.objects.filter(merged_into=initiative).with_title(),
    }
    return render(request, "reporting/initiative_manage.html", context | forms, status=status)


def _reason_form(data: Any = None, *, prefix: str) -> ReasonForm:
    told = _("Kept in the history, where people of the entity read it.")
    return ReasonForm(data, prefix=prefix, help_text=told)


def _typed(words: str) -> str:
    """Return words from an address or a form as the database takes them: no longer than any title, without NUL."""
    return words.replace("\x00", "").strip()[:400]


def _address(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    form = AddressForm(request.POST, prefix="address")
    if form.is_valid():
        try:
            changed = change_address(initiative=initiative, **form.cleaned_data)
        except AddressNotUsable as error:
            form.add_error("slug", str(error))
        else:
            messages.success(request, _("The page has its new address. The former one leads here."))
            return redirect("initiative_manage", changed.slug)
    return _page(request, initiative, address_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _merge(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    form = _reason_form(request.POST, prefix="merge")
    others = Initiative.objects.visible_to(request.user)
    target = others.filter(slug=_typed(request.POST.get("into", ""))).first()
    if target is None or not form.is_valid():
        return _page(request, initiative, merge_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        merge_initiatives(
            source=initiative,
            target=target,
            reason=form.cleaned_data["reason"],
            person=person_of(request),
            now=timezone.now(),
        )
    except PersonError as error:
        return _page(request, initiative, merge_form=form, refusal=str(error), moving=[], status=HTTPStatus.CONFLICT)
    messages.success(request, _("The two records are one now. Addresses of the other one lead here."))
    return redirect(target)


def _archive(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    form = _reason_form(request.POST, prefix="archive")
    if not form.is_valid():
        return _page(request, initiative, archive_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if request.POST["act"] == "archive":
            archive_initiative(initiative=initiative, now=timezone.now(), **form.cleaned_data)
            done = _("It is archived: lists leave it out, its page stays.")
        else:
            restore_initiative(initiative=initiative, **form.cleaned_data)
            done = _("It is back in the lists.")
    except PersonError as error:
        messages.warning(request, str(error))
        initiative.refresh_from_db()
        return _page(request, initiative, archive_form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, done)
    return redirect("initiative_manage", initiative.slug)


def _invitable(initiative: Initiative) -> EntityQuerySet:
    """Entities that could join: those with a focal point who answers, without an open invitation."""
    focal_points = Membership.objects.active_on(timezone.localdate()).filter(role=Role.FOCAL_POINT)
    open_ones = initiative.joint_invitations.open().values("entity")
    found = Entity.objects.filter(pk__in=focal_points.values("entity"))
    return found.exclude(pk=initiative.entity_id).exclude(pk__in=open_ones).order_by("acronym")


def _invite(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    if not may_invite(request.user, initiative):
        raise PermissionDenied
    form = InviteEntityForm(request.POST, entities=_invitable(initiative), prefix="joint")
    if not form.is_valid():
        return _page(request, initiative, invite_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        invitation = invite_entity(
            initiative=initiative, by=person_of(request), now=timezone.now(), **form.cleaned_data
        )
    except PersonError as error:
        form.add_error(None, str(error))
        return _page(request, initiative, invite_form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("%(entity)s is invited: its focal points are told.") % {"entity": invitation.entity})
    return redirect(invitation)


_ACTS = {"invite": _invite, "address": _address, "merge": _merge, "archive": _archive, "restore": _archive}
