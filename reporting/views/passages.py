"""The passages of a person's entity, and the page of one; both lead to the submissions that hold it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.choices import DraftState
from initiatives.filters import OwnPassageFilter
from initiatives.models import Draft, Entity
from initiatives.permissions import visible_passage
from initiatives.querysets import PassageQuerySet
from initiatives.views.passages import detail_context
from portal.common.lists import Listing
from reporting.choices import RecordKind
from reporting.provenance import RecordName, names_printed
from reporting.queries import submissions_holding

UNDER_WAY_SHOWN = 20


@login_required
@require_safe
def passage_list(request: HttpRequest) -> HttpResponse:
    """What the person's entities say beside their initiatives: what is under way, and what is approved."""
    if not Entity.objects.written_by(request.user).exists():
        raise PermissionDenied
    listing = Listing(request, OwnPassageFilter, name="passage_list", shown=PassageQuerySet.for_own_list)
    passages = listing.page.object_list
    held = submissions_holding([passage.pk for passage in passages], request.user)
    context: dict[str, Any] = {"rows": [(passage, passage.original, held.get(passage.pk, [])) for passage in passages]}
    if not listing.is_fragment:
        drafts = Draft.objects.visible_to(request.user).of_passages().open().exclude(state=DraftState.SUBMITTED)
        waiting = Draft.objects.visible_to(request.user).of_passages().for_review()
        context |= {
            "drafts": drafts.select_related("saved_by").defer("content")[:UNDER_WAY_SHOWN],
            "waiting": waiting.select_related("saved_by").defer("content")[:UNDER_WAY_SHOWN],
        }
    return listing.response("reporting/passage_list.html", **context)


@require_safe
def passage_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words with their notes, what it speaks of and where it stands. `?text=fr` shows another language version."""
    passage = visible_passage(request.user, pk)
    name = RecordName(RecordKind.PASSAGE, passage.pk)
    context = {
        "name": str(name),
        "is_used": bool(names_printed([name], request.user)),
        "submissions": submissions_holding([passage.pk], request.user).get(passage.pk, []),
    }
    return render(request, "reporting/passage_detail.html", context | detail_context(request, passage))
