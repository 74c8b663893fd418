"""People of an entity: who serves it, what each holds, leave, invitations, and the end of a role."""

import datetime as dt
from dataclasses import dataclass, field
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.choices import ENTITY_ROLES, Role
from initiatives.drafting.initiatives import people_of
from initiatives.forms import EndForm, InviteForm, LeaveForm, UnitForm
from initiatives.models import Absence, Draft, Entity, Initiative, Membership
from initiatives.permissions import person_of
from initiatives.services.people import (
    end_leave,
    end_person,
    invite_person,
    roles_of,
    send_invitation,
    successors,
    take_leave,
)
from portal.common.errors import PersonError
from portal.models import User


@dataclass
class Colleague:
    """A person of an entity, with what they are there and what they hold."""

    person: User
    entity: Entity
    roles: list[Membership]
    absence: Absence | None = None
    holds: int = 0
    deputises: int = 0
    drafts: int = 0
    absences: list[Absence] = field(default_factory=list)

    @property
    def pk(self) -> int:
        """By which addresses name the person in this entity."""
        return self.roles[0].pk


def _colleagues(entities: list[Entity], today: dt.date, person: User | None = None) -> list[Colleague]:
    """Return who serves the entities today or later, in a fixed number of queries."""
    found = Membership.objects.filter(Q(until=None) | Q(until__gt=today), entity__in=entities, role__in=ENTITY_ROLES)
    here: dict[tuple[int, int], Colleague] = {}
    if person:
        found = found.filter(user=person)
    for role in found.select_related("user", "entity", "unit", "acting_for").order_by("user__name", "user", "pk"):
        key = (role.entity_id or 0, role.user_id)
        if role.entity and key not in here:
            here[key] = Colleague(role.user, role.entity, [])
        here[key].roles.append(role)
    initiatives = Initiative.objects.listed().filter(entity__in=entities).order_by()
    drafts = Draft.objects.open().filter(entity__in=entities).order_by()
    for name, rows, by in (
        ("holds", initiatives, "holder"),
        ("deputises", initiatives, "deputy"),
        ("drafts", drafts, "holder"),
    ):
        for entity, holder, count in rows.values_list("entity", by).annotate(count=Count("pk")):
            if (entity, holder) in here:
                setattr(here[entity, holder], name, count)
    for absence in Absence.objects.filter(entity__in=entities, until__gt=today).order_by("since"):
        if colleague := here.get((absence.entity_id, absence.user_id)):
            colleague.absences.append(absence)
    return list(here.values())


@login_required
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Who serves the entities for which the reader approves."""
    entities = _own_entities(request)
    today = timezone.localdate()
    colleagues = _colleagues(entities, today)
    left = Initiative.objects.listed().counted().filter(entity__in=entities).without_holder(today).count()
    by_entity = [(entity, [one for one in colleagues if one.entity == entity]) for entity in entities]
    context = {"by_entity": by_entity, "left": left, "today": today}
    return render(request, "initiatives/people_list.html", context)


def _own_entities(request: HttpRequest) -> list[Entity]:
    entities = list(Entity.objects.approved_by(request.user))
    if not entities:
        raise PermissionDenied
    return entities


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_invite(request: HttpRequest) -> HttpResponse:
    entities = _own_entities(request)
    form = InviteForm(request.POST if request.method == "POST" else None, entities=entities)
    if form.is_valid():
        try:
            membership = invite_person(**form.cleaned_data, now=timezone.now(), today=timezone.localdate())
        except PersonError as error:
            form.add_error("email", str(error))
        else:
            done = _("%(person)s is invited. A mail says how to sign in.") % {"person": membership.user}
            messages.success(request, done)
            return redirect("people_list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "initiatives/person_invite.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person in one entity, named by one of their roles: unit, leave, and the end. POST says which `act`."""
    membership = get_object_or_404(Membership.objects.visible_to(request.user).select_related("user", "entity"), pk=pk)
    entity = membership.entity
    if entity is None or entity not in _own_entities(request):
        raise PermissionDenied
    act = request.POST.get("act", "") if request.method == "POST" else ""
    today = timezone.localdate()
    person = membership.user
    found = _colleagues([entity], today, person)
    if not found:
        messages.info(request, _("This person does not serve the entity any more."))
        return redirect("people_list")
    (colleague,) = found
    others = people_of(entity).exclude(pk=person.pk)
    is_focal = any(role.role == Role.FOCAL_POINT for role in colleague.roles)
    sent = {each: request.POST if act == each else None for each in ("unit", "leave", "end")}
    unit_form = UnitForm(sent["unit"], prefix="unit", entity=entity, initial={"unit": colleague.roles[0].unit_id})
    leave_form = LeaveForm(sent["leave"], prefix="leave", others=others if is_focal else None)
    heirs = successors(entity).exclude(pk=person.pk)
    end_form = EndForm(sent["end"], prefix="end", others=heirs, holds=bool(colleague.holds or colleague.drafts))
    done = ""
    try:
        if act == "unit" and unit_form.is_valid():
            for role in roles_of(person, entity, today):
                role.unit = unit_form.cleaned_data["unit"]
                role.save(update_fields=["unit"])
            done = _("Saved.")
        elif act == "leave" and leave_form.is_valid():
            take_leave(person=person, entity=entity, today=today, **leave_form.cleaned_data)
            done = _("Saved. Deputies act on these days.")
        elif act == "back":
            for absence in colleague.absences:
                if str(absence.pk) == request.POST.get("absence"):
                    end_leave(absence=absence, today=today)
            done = _("Saved.")
        elif act == "again":
            send_invitation(membership)
            done = _("The mail is on its way again.")
        elif act == "end" and end_form.is_valid():
            end_person(
                person=person,
                entity=entity,
                by=person_of(request),
                now=timezone.now(),
                today=today,
                **end_form.cleaned_data,
            )
            messages.success(
                request, _("%(person)s does not serve %(entity)s any more.") % {"person": person, "entity": entity}
            )
            return redirect("people_list" if person != request.user else "desk")
    except PersonError as error:
        (end_form if act == "end" else leave_form).add_error(None, str(error))
    if done:
        messages.success(request, done)
        return redirect("person_detail", pk)
    context = {
        "colleague": colleague,
        "unit_form": unit_form,
        "leave_form": leave_form,
        "end_form": end_form,
        "today": today,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if act else HTTPStatus.OK
    return render(request, "initiatives/person_detail.html", context, status=status)
