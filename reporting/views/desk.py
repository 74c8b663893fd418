"""My year: the initiatives of a person's entity, and what they tell of a period."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from initiatives.choices import DraftState, UpdateState
from initiatives.models import Draft, Entity, Update
from initiatives.permissions import person_of
from initiatives.queries import with_update_of
from initiatives.querysets import DraftQuerySet, UpdateQuerySet
from initiatives.search import matching
from portal.models import User
from reporting.forms import DeskFilter
from reporting.models import Submission
from reporting.permissions import proposing_entities
from reporting.queries import (
    Scope,
    current_period,
    desk_counts,
    desk_rows,
    initiatives_on_desk,
    periods_to_choose,
    states_on_desk,
)

PER_PAGE = 25
FIRST_FEW = 5


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """`?show=mine|unit|all`, `?period=2026`, `?state=draft`, `?q=words`; without them what is nearest to the person."""
    user, today = person_of(request), timezone.localdate()
    entities = list(Entity.objects.written_by(user))
    if not entities:
        memberships = user.memberships.active_on(today).select_related("country")
        context = {"memberships": memberships, "may_propose": proposing_entities(user).exists()}
        return render(request, "reporting/desk_without_entity.html", context)

    usual = current_period(today)
    filter = DeskFilter(request.GET, periods=periods_to_choose(today), usual=usual)
    asked_well = filter.is_valid()
    period = filter.cleaned_data.get("period") or usual
    counts = desk_counts(user, entities, today)
    nearest = next((scope for scope in Scope if counts[scope]), Scope.ALL)
    scope = filter.cleaned_data.get("show") or nearest
    initiatives = initiatives_on_desk(user, entities, scope, today)
    found = matching(initiatives, filter.cleaned_data.get("q") or "")
    states = states_on_desk(found, period)
    state = filter.cleaned_data.get("state") or ""
    listed = with_update_of(found, period, state=state)
    listed = listed.with_last_approval().with_title().select_related("entity", "kind", "holder")
    page = Paginator(listed.order_by(F("title"), "pk"), PER_PAGE).get_page(request.GET.get("page"))
    waiting = _waiting(user)
    submissions = Submission.objects.visible_to(user).filter(entities__in=entities).distinct()
    context = {
        "filter": filter,
        "period": period,
        "scopes": [(choice, choice.label, counts[choice]) for choice in Scope if counts[choice] or choice == scope],
        "scope": scope,
        "states": [(state, label, states.get(state, 0)) for state, label in DeskFilter.STATES],
        "state": state,
        "total": sum(states.values()),
        "is_empty": not counts[scope],
        "page": page,
        "rows": desk_rows(list(page), user),
        "entities": entities,
        "approves": set(Entity.objects.approved_by(user)),
        "drafts_waiting": _drafts_waiting(user)[:FIRST_FEW],
        "drafts": _drafts_under_way(user)[:FIRST_FEW],
        "waiting": waiting[:FIRST_FEW],
        "waiting_count": waiting.count(),
        "returned": _returned(user)[:FIRST_FEW],
        "submissions": submissions.for_listing()[:FIRST_FEW],
    }
    return render(request, "reporting/desk.html", context, status=200 if asked_well else 400)


@login_required
@require_safe
def desk_waiting(request: HttpRequest) -> HttpResponse:
    """All updates that wait for the decision of this person, longest first."""
    page = Paginator(_waiting(person_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reporting/desk_waiting.html", {"page": page})


def _waiting(user: User) -> UpdateQuerySet:
    """What waits for the decision of the person."""
    updates = Update.objects.visible_to(user).filter(entity__in=Entity.objects.approved_by(user)).for_review()
    return updates.select_related("author", "entity", "initiative").prefetch_related("initiative__texts")


def _drafts_waiting(user: User) -> DraftQuerySet:
    """Records that wait for the decision of the person."""
    drafts = Draft.objects.visible_to(user).filter(entity__in=Entity.objects.approved_by(user)).for_review()
    return drafts.select_related("saved_by")


def _drafts_under_way(user: User) -> DraftQuerySet:
    """Records that the person holds or wrote on last, the latest first; those handed in wait on the desk of others."""
    drafts = Draft.objects.visible_to(user).filter(state__in=[DraftState.DRAFT, DraftState.RETURNED])
    return drafts.filter(Q(holder=user) | Q(saved_by=user)).select_related("saved_by").order_by("-saved_at")


def _returned(user: User) -> UpdateQuerySet:
    """What came back to the person: written by them, or about an initiative that they hold."""
    updates = Update.objects.visible_to(user).filter(state=UpdateState.RETURNED)
    mine = updates.filter(Q(author=user) | Q(initiative__holder=user)).order_by("-decided_at")
    return mine.select_related("entity", "initiative").prefetch_related("initiative__texts")
