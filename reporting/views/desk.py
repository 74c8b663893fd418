"""My year: the initiatives of a person's entity, and what they tell of a period."""

import re
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.choices import DraftState
from initiatives.drafting.initiatives import people_of
from initiatives.models import Draft, Entity, Initiative
from initiatives.permissions import may_write, person_of
from initiatives.querysets import DraftQuerySet
from initiatives.services.cells import CellChangedMeanwhile, NotOfTheEntity, hand_over, save_cells
from initiatives.services.drafts import DraftNotEditable, InitiativeNotOpen
from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from portal.common.lists import SIZES, Listing
from portal.common.periods import Period
from portal.models import User
from reporting.desk import DeskRow, Scope, desk_counts, desk_rows, due_dates, initiatives_on_desk
from reporting.filters import Desk, DeskFilter
from reporting.forms import RowForm
from reporting.models import Submission
from reporting.permissions import proposing_entities
from reporting.queries import asked_about, current_period, periods_to_choose

PER_PAGE = 25
FIRST_FEW = 5
MOST_HANDED = SIZES[-1]  # initiatives at once: those of one page


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """A list of initiatives to work in. `?show=mine|unit|all`, without it what is nearest to the person; `?period=`."""
    user, today = person_of(request), timezone.localdate()
    entities = list(Entity.objects.written_by(user))
    if not entities:
        memberships = user.memberships.active_on(today).select_related("country")
        context = {"memberships": memberships, "may_propose": proposing_entities(user).exists()}
        return render(request, "reporting/desk_without_entity.html", context)

    counts = desk_counts(user, entities, today)
    nearest = next((scope for scope in Scope if counts[scope]), Scope.ALL)
    period = _period(request)
    own = Desk(user, entities, today, period, due_dates(entities, period, today), nearest)
    listing = Listing(
        request,
        partial(DeskFilter, desk=own),
        name="desk",
        shown=lambda found: desk_rows(found, user=user, period=period, due=own.due, today=today),
    )
    scope = listing.filter.form.cleaned_data.get("show") or nearest
    context = {
        "period": period,
        "periods": sorted({*periods_to_choose(today), period}, reverse=True),
        "scopes": [(choice, choice.label, counts[choice]) for choice in Scope if counts[choice] or choice == scope],
        "scope": scope,
        "is_empty": not counts[scope],
        "entities": entities,
        "asked": asked_about(period, entities),
        "approves": set(Entity.objects.approved_by(user)),
        "people": people_of(*entities),
    }
    if not listing.is_fragment:
        waiting = _waiting(user)
        submissions = Submission.objects.visible_to(user).filter(entities__in=entities).distinct()
        context |= {
            "drafts": _under_way(user, DraftState.DRAFT)[:FIRST_FEW],
            "waiting": waiting[:FIRST_FEW],
            "waiting_count": waiting.count(),
            "returned": _under_way(user, DraftState.RETURNED)[:FIRST_FEW],
            "submissions": submissions.for_listing()[:FIRST_FEW],
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
    today = timezone.localdate()
    due = due_dates([initiative.entity], _period(request), today)
    found = Initiative.objects.filter(pk=initiative.pk)
    (row,) = desk_rows(found, user=person_of(request), period=_period(request), due=due, today=today)
    return row


def _period(request: HttpRequest) -> Period:
    """The period that the table told of."""
    try:
        return Period.parse(request.GET.get("period", ""))
    except ValueError:
        return current_period(timezone.localdate())


def _cell_page(request: HttpRequest, row: DeskRow, name: str, *, is_saved: bool = False) -> HttpResponse:
    """One cell as it is read; where it was saved, with what that changes in its row."""
    context = {"row": row, "cell": row.cell(name), "period": _period(request), "is_saved": is_saved}
    return render(request, "reporting/desk_cell.html", context)


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
    context = {"row": row, "form": form, "fields": fields, "period": _period(request), "error": error}
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
    return redirect(f"{reverse('desk_row', args=[initiative.slug])}?period={_period(request).code}")


@require_POST
def desk_hand_over(request: HttpRequest) -> HttpResponse:
    """Let somebody else hold the rows that were ticked; then back to the table as it was."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk")
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    entities = Entity.objects.written_by(request.user)
    if not entities:
        raise PermissionDenied
    slugs = request.POST.getlist("initiative")[:MOST_HANDED]
    chosen = initiatives_on_desk(person_of(request), entities).filter(slug__in=slugs).select_related("entity")
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


def _under_way(user: User, state: DraftState) -> DraftQuerySet:
    """What the person holds or wrote on last, or is about an initiative that they hold, the latest first."""
    drafts = Draft.objects.visible_to(user).filter(state=state)
    mine = drafts.filter(Q(holder=user) | Q(saved_by=user) | Q(initiative__holder=user))
    return _with_people(mine).order_by("-saved_at", "-pk")


def _with_people(drafts: DraftQuerySet) -> DraftQuerySet:
    """With what a row shows, and without what it does not, which may be long."""
    return drafts.select_related("saved_by", "entity", "initiative").defer("content")
