"""Where my words were used: what printed them, and what says it in other words."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from initiatives.models import Entity
from initiatives.permissions import may_write, person_of
from initiatives.querysets import InitiativeQuerySet
from initiatives.services.drafts import DraftNotEditable, InitiativeNotOpen
from portal.common.errors import PersonError
from portal.models import User
from reporting.choices import TextSource
from reporting.desk import Scope, desk_counts, in_scope, initiatives_on_desk
from reporting.models import Item, Submission
from reporting.services.rewordings import OtherLanguage, WordsUnderWay, take_over
from reporting.uses import compared, printed_initiatives, rewordings, used_in

PER_PAGE = 20
WORDINGS_PER_PAGE = 5


@login_required
@require_safe
def words_used(request: HttpRequest) -> HttpResponse:
    """The initiatives of which words were printed, and where. `?show=mine|unit|all`, else what is nearest."""
    user = person_of(request)
    initiatives, context = _scope(request, user)
    printed = printed_initiatives(initiatives, user).with_title().order_by(F("title"), "pk")
    page = Paginator(printed, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "used": used_in(page, user)}
    return render(request, "reporting/words_used.html", context)


@login_required
@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    """What submissions of the entity say in other words than its records. `?show=` as above."""
    user = person_of(request)
    initiatives, context = _scope(request, user)
    items = rewordings(initiatives, list(Entity.objects.written_by(user)), user)
    page = Paginator(items, WORDINGS_PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "reworded": compared(page)}
    return render(request, "reporting/wording_list.html", context)


def _scope(request: HttpRequest, user: User) -> tuple[InitiativeQuerySet, dict[str, Any]]:
    """Return the initiatives asked for, and what the choice among them shows. Raises PermissionDenied."""
    today = timezone.localdate()
    entities = list(Entity.objects.written_by(user))
    if not entities:
        raise PermissionDenied
    counts = desk_counts(initiatives_on_desk(entities), user, today)
    nearest = next((scope for scope in Scope if counts[scope]), Scope.ALL)
    asked = request.GET.get("show", "")
    scope = Scope(asked) if asked in Scope.values else nearest
    shown = [(choice, choice.label, counts[choice]) for choice in Scope if counts[choice] or choice == scope]
    initiatives = initiatives_on_desk(entities).filter(in_scope(user, scope, today))
    return initiatives, {"scopes": shown, "scope": scope}


@login_required
@require_POST
def wording_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a change of the initiative that says it as the submission does, and go on writing there."""
    user = person_of(request)
    submissions = Submission.objects.visible_to(user)
    worded = Item.objects.filter(text_source=TextSource.WORDING, initiative__isnull=False)
    item = get_object_or_404(
        worded.of_records_seen_by(user)
        .filter(section__submission__in=submissions.values("pk"))
        .select_related("section__submission__call", "initiative__entity"),
        pk=pk,
    )
    if item.initiative is None or not may_write(user, item.initiative.entity):
        raise PermissionDenied
    try:
        draft = take_over(item=item, user=user, now=timezone.now())
    except (OtherLanguage, WordsUnderWay, InitiativeNotOpen, DraftNotEditable) as error:
        return _refused(request, error)
    messages.success(request, _("The wording stands in this draft. Read it, say why, and submit it."))
    return redirect("draft_edit", draft.pk)


def _refused(request: HttpRequest, error: PersonError) -> HttpResponse:
    messages.warning(request, str(error))
    if isinstance(error, WordsUnderWay):
        return redirect("draft_detail", error.draft.pk)
    return redirect("wording_list")
