"""My year: the initiatives of a person's entity, and what they tell of a period."""

import itertools
import re
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from initiatives.choices import DraftState, InvitationState, UpdateKind
from initiatives.drafting.initiatives import people_of
from initiatives.models import Draft, Entity, Initiative
from initiatives.permissions import may_approve, may_write, person_of
from initiatives.querysets import DraftQuerySet
from initiatives.services.cells import CellChangedMeanwhile, NotOfTheEntity, hand_over, save_cells
from initiatives.services.drafts import (
    DraftIncomplete,
    DraftNotEditable,
    InitiativeNotOpen,
    NotToBeTakenBack,
    take_back_still_true,
    tell_nothing,
    tell_still_true,
    withdraw_draft,
)
from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from portal.common.lists import SIZES, Listing
from portal.common.periods import Period
from portal.models import User
from reporting.desk import (
    DeskRow,
    Scope,
    desk_counts,
    desk_rows,
    due_dates,
    initiatives_on_desk,
    joint_rows,
    people_on_desk,
)
from reporting.filters import Desk, DeskFilter
from reporting.forms import RowForm, TellForm
from reporting.models import Call, Submission
from reporting.models.submissions import SubmissionEntity
from reporting.permissions import proposing_entities
from reporting.planned import held_by, open_plans, shown_plans
from reporting.queries import asked_about, calls_to, current_period, periods_to_choose
from reporting.querysets import SubmissionQuerySet

PER_PAGE = 25
FIRST_FEW = 5
FIRST_PLANS = 3
MOST_HANDED = SIZES[-1]  # initiatives at once: those of one page


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """A list of initiatives to work in. `?show=mine|unit|all`, without it what is nearest to the person; `?period=`."""
    user, now = person_of(request), timezone.now()
    today = timezone.localdate(now)
    entities: list[Any] = list(Entity.objects.written_by(user).knowing_approver(user))
    if not entities:
        memberships = user.memberships.active_on(today).select_related("country")
        context = {"memberships": memberships, "may_propose": proposing_entities(user).exists()}
        return render(request, "reporting/desk_without_entity.html", context)

    initiatives = initiatives_on_desk(entities)
    counts = desk_counts(initiatives, user, today)
    nearest = next((scope for scope in Scope if counts[scope]), Scope.ALL)
    calls = calls_to(entities)
    period = _period(request, calls)
    due = due_dates(calls, entities, period, today)
    people = people_on_desk(entities)
    own = Desk(user, entities, initiatives, today, period, due, people, nearest)
    approves = {entity.pk for entity in entities if entity.approves}
    listing = Listing(
        request,
        partial(DeskFilter, desk=own),
        name="desk",
        shown=lambda found: desk_rows(found, user=user, period=period, due=due, approves=approves, now=now),
    )
    scope = listing.filter.form.cleaned_data.get("show") or nearest
    context = {
        "period": period,
        "periods": sorted({*periods_to_choose(calls, today), period}, reverse=True),
        "scopes": [(choice, choice.label, counts[choice]) for choice in Scope if counts[choice] or choice == scope],
        "scope": scope,
        "is_empty": not counts[scope],
        "asked": asked_about(period, entities),
        "shows_entity": len(entities) > 1,
        "approves": approves,
        "people": [person for person in people if person.serves],
    }
    if not listing.is_fragment:
        waiting = list(_waiting(user).annotate(in_all=Window(Count("pk")))[:FIRST_FEW])
        under_way = list(_latest_under_way(user))
        joint = joint_rows(user, entities, period)
        plans = open_plans(entities)
        nearest_plans = held_by(plans, user, today) or plans
        context |= {
            "drafts": [draft for draft in under_way if draft.state == DraftState.DRAFT],
            "waiting": waiting,
            "waiting_count": waiting[0].in_all if waiting else 0,
            "returned": [draft for draft in under_way if draft.state == DraftState.RETURNED],
            "plans": shown_plans(nearest_plans[:FIRST_PLANS], today),
            "plan_count": len(nearest_plans),
            "submissions": _submissions(entities)[:FIRST_FEW],
            "invited": [row.invitation for row in joint if row.invitation.state == InvitationState.INVITED],
            "joint": [row for row in joint if row.invitation.state == InvitationState.JOINED],
        }
    return listing.response("reporting/desk.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_row(request: HttpRequest, slug: str) -> HttpResponse:
    """The fields of one row as a form. For htmx `?cell=` is one of them in its cell, to be changed or, `?shown=`, read.

    What is sent is saved field by field; the rest of the record stays as it is.
    """
    if not request.user.is_authenticated:
        if wants_fragment(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return redirect_to_login(request.get_full_path())
    found = Initiative.objects.visible_to(request.user).listed().select_related("entity")
    initiative = get_object_or_404(found, slug=slug)
    if not may_write(request.user, initiative.entity):
        raise PermissionDenied
    if request.method == "POST":
        return _save_row(request, initiative)
    name = request.GET.get("shown") or request.GET.get("cell")
    if wants_fragment(request) and name in RowForm.base_fields:
        row = _row(request, initiative)
        if "shown" in request.GET or not row.cell(name).is_editable:
            return _cell_page(request, row, name)
        return _row_page(request, initiative, row, [name])
    return _row_page(request, initiative, _row(request, initiative), [])


def _row(request: HttpRequest, initiative: Initiative) -> DeskRow:
    user, now = person_of(request), timezone.now()
    calls = calls_to([initiative.entity])
    period = _period(request, calls)
    (row,) = desk_rows(
        Initiative.objects.filter(pk=initiative.pk),
        user=user,
        period=period,
        due=due_dates(calls, [initiative.entity], period, timezone.localdate(now)),
        approves={initiative.entity_id} if may_approve(user, initiative.entity) else set(),
        now=now,
    )
    return row


def _period(request: HttpRequest, calls: Sequence[Call]) -> Period:
    """The period that the table told of."""
    try:
        return Period.parse(request.POST.get("period") or request.GET.get("period", ""))
    except ValueError:
        return current_period(calls, timezone.localdate())


def _cell_page(request: HttpRequest, row: DeskRow, name: str, *, is_saved: bool = False) -> HttpResponse:
    """One cell as it is read; where it was saved, with what that changes in its row."""
    context = {"row": row, "cell": row.cell(name), "is_saved": is_saved}
    return render(request, "reporting/desk_rows.html#cell", context)


def _row_page(
    request: HttpRequest,
    initiative: Initiative,
    row: DeskRow,
    names: list[str],
    *,
    form: RowForm | None = None,
    stands: dict[str, str] | None = None,
    error: PersonError | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form: of one cell for htmx, else of the row. `stands` is what others saved meanwhile."""
    values = {name: row.cell(name).value for name in RowForm.base_fields}
    form = form or RowForm(initiative=initiative, names=names, initial=values)
    fields = []
    for name, field in form.fields.items():
        choices = dict(getattr(field, "choices", []))
        stood = (stands or {}).get(name)
        theirs = None if stood is None else choices.get(stood, stood)
        fields.append({"field": form[name], "cell": row.cell(name), "seen": values[name], "theirs": theirs})
    context = {"row": row, "form": form, "fields": fields, "error": error}
    template = "reporting/desk_cell_form.html" if wants_fragment(request) else "reporting/desk_row.html"
    return render(request, template, context, status=status)


def _save_row(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    names = [name for name in RowForm.base_fields if name in request.POST]
    form = RowForm(request.POST, initiative=initiative, names=names)
    if not names or not form.is_valid():
        row = _row(request, initiative)
        return _row_page(request, initiative, row, names, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        save_cells(initiative=initiative, cells=form.cells(), user=person_of(request), now=timezone.now())
    except CellChangedMeanwhile as error:
        row = _row(request, initiative)
        return _row_page(
            request, initiative, row, names, form=form, stands=error.stands, error=error, status=HTTPStatus.CONFLICT
        )
    except (DraftNotEditable, InitiativeNotOpen, NotOfTheEntity) as error:
        row = _row(request, initiative)
        return _row_page(request, initiative, row, names, form=form, error=error, status=HTTPStatus.CONFLICT)
    if wants_fragment(request):
        return _cell_page(request, _row(request, initiative), names[0], is_saved=True)
    messages.success(request, _("Saved."))
    return redirect(_row(request, initiative).address)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_tell(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell of the period by a click: that all is still true, or nothing to report and why; or take that back.

    GET asks for the reason. For htmx that stands in the row, and what was told gives the row as it is then; else one
    comes back to the table as it was.
    """
    if not request.user.is_authenticated:
        if wants_fragment(request):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return redirect_to_login(_back(request))
    # the services say why one that is archived is not told of
    found = Initiative.objects.visible_to(request.user).select_related("entity")
    initiative = get_object_or_404(found, slug=slug)
    if not may_write(request.user, initiative.entity):
        raise PermissionDenied
    if request.method != "POST":
        if "shown" in request.GET:
            return _told_page(request, initiative)
        return _nothing_page(request, initiative, TellForm())
    form = TellForm(request.POST)
    try:
        if not form.is_valid():
            return _nothing_page(request, initiative, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        said = _tell(request, initiative, **form.cleaned_data)
    except DraftIncomplete as error:
        return _refused(request, initiative, " ".join(map(str, itertools.chain(*error.form.errors.values()))))
    except (DraftNotEditable, InitiativeNotOpen, NotToBeTakenBack) as error:
        return _refused(request, initiative, str(error))
    if wants_fragment(request):
        return _told_page(request, initiative, said=said)
    messages.success(request, f"{_row(request, initiative).title}: {said}")
    return redirect(_back(request))


def _nothing_page(
    request: HttpRequest, initiative: Initiative, form: TellForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Ask why there is nothing to report."""
    context = {"row": _row(request, initiative), "form": form}
    if not wants_fragment(request):
        return render(request, "reporting/desk_nothing_page.html", context, status=status)
    response = render(request, "reporting/desk_nothing.html", context, status=status)
    return reswap(retarget(response, "closest td"), "innerHTML")


def _told_page(
    request: HttpRequest, initiative: Initiative, *, said: str = "", error: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    """The row as it is now."""
    shows_entity = Entity.objects.written_by(request.user).count() > 1
    context = {"rows": [_row(request, initiative)], "said": said, "error": error, "shows_entity": shows_entity}
    return render(request, "reporting/desk_rows.html", context, status=status)


def _refused(request: HttpRequest, initiative: Initiative, sentence: str) -> HttpResponse:
    if wants_fragment(request):
        return _told_page(request, initiative, error=sentence, status=HTTPStatus.CONFLICT)
    messages.error(request, f"{_row(request, initiative).title}: {sentence}")
    return redirect(_back(request))


def _tell(request: HttpRequest, initiative: Initiative, kind: str, period: Period, reason: str) -> str:
    """Do it, and return the sentence that says what was done."""
    user, now = person_of(request), timezone.now()
    about: dict[str, Any] = {"initiative": initiative, "entity": initiative.entity, "period": period}
    if kind == TellForm.TAKE_BACK:
        row = _row(request, initiative)
        if not row.takes_back:
            raise NotToBeTakenBack
        if row.update_draft:
            withdraw_draft(draft=row.update_draft, user=user, now=now)
        elif row.update:
            take_back_still_true(update=row.update, user=user, now=now)
        return _("Taken back.")
    if kind == UpdateKind.STILL_TRUE:
        tell_still_true(**about, user=user, now=now)
        return _("On record: still true. Nobody has to approve that.")
    tell_nothing(**about, reason=reason, user=user, now=now)
    return _("Submitted: nothing to report. A focal point decides.")


def _back(request: HttpRequest) -> str:
    """Return the address of the table as it was, else of its period."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    period = urlencode({"period": request.POST["period"]}) if request.POST.get("period") else ""
    return reverse("desk") + (f"?{period}" if period else "")


@require_POST
def desk_hand_over(request: HttpRequest) -> HttpResponse:
    """Let somebody else hold the rows that were ticked; then back to the table as it was."""
    back = _back(request)
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    entities = Entity.objects.written_by(request.user)
    if not entities:
        raise PermissionDenied
    slugs = request.POST.getlist("initiative")[:MOST_HANDED]
    chosen = initiatives_on_desk(entities).filter(slug__in=slugs).select_related("entity")
    named = request.POST.get("to", "")
    to = people_of(*entities).filter(pk=int(named)).first() if re.fullmatch("[0-9]{1,9}", named) else None
    if not chosen or to is None:
        messages.error(request, _("Tick the initiatives to hand over, and choose who takes them."))
        return redirect(back)
    try:
        handed = hand_over(initiatives=list(chosen), to=to, by=person_of(request), now=timezone.now())
    except NotOfTheEntity as error:
        messages.error(request, str(error))
        return redirect(back)
    done = ngettext(
        "%(count)d initiative is handed over to %(person)s.",
        "%(count)d initiatives are handed over to %(person)s.",
        handed,
    )
    messages.success(request, done % {"count": handed, "person": to})
    return redirect(back)


@login_required
@require_safe
def desk_waiting(request: HttpRequest) -> HttpResponse:
    """All drafts that wait for the decision of this person, longest first."""
    page = Paginator(_waiting(person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reporting/desk_waiting.html", {"page": page})


def _waiting(user: User) -> DraftQuerySet:
    """What waits for the decision of the person."""
    drafts = Draft.objects.visible_to(user).filter(entity__in=Entity.objects.approved_by(user)).for_review()
    return _with_people(drafts)


def _latest_under_way(user: User) -> DraftQuerySet:
    """What the person holds or wrote on last, or is about an initiative that they hold: the latest of each state.

    And what nobody holds any more, as after somebody left, for those who may write it. Of joint initiatives one reads
    drafts of another entity too, but they are no work of one's own.
    """
    own = Draft.objects.filter(entity__in=Entity.objects.written_by(user))
    drafts = own.filter(state__in=[DraftState.DRAFT, DraftState.RETURNED])
    mine = drafts.filter(Q(holder=user) | Q(saved_by=user) | Q(initiative__holder=user))
    mine |= drafts.written_by(user).filter(holder=None, initiative__holder=None)
    place = Window(RowNumber(), partition_by="state", order_by=["-saved_at", "-pk"])
    return _with_people(mine.annotate(place=place).filter(place__lte=FIRST_FEW)).order_by("-saved_at", "-pk")


def _submissions(entities: Sequence[Entity]) -> SubmissionQuerySet:
    """Those of the entities, which see all of their own, the latest call first."""
    own = Submission.objects.filter(pk__in=SubmissionEntity.objects.filter(entity__in=entities).values("submission"))
    return own.select_related("call__session").order_by("-call__period_start", "slug")


def _with_people(drafts: DraftQuerySet) -> DraftQuerySet:
    """With what a row shows, and without what it does not, which may be long."""
    return drafts.select_related("saved_by", "entity", "initiative").defer("content")
