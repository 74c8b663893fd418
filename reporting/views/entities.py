"""The list of entities, and the page of one, which also shows its submissions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.choices import DraftState
from initiatives.filters import EntityFilter
from initiatives.models import Document, Draft, Entity, Initiative, Update
from initiatives.permissions import may_write
from initiatives.queries import (
    in_six_languages,
    initiatives_by,
    latest_initiatives,
    latest_updates,
    takes_part_in,
)
from initiatives.querysets import EntityQuerySet
from portal.common.addresses import lead_to_code
from portal.common.lists import Listing
from reporting.models import Submission

FEW, CALLS_SHOWN, DOCUMENTS_SHOWN = 5, 10, 5


@require_safe
def entity_list(request: HttpRequest) -> HttpResponse:
    """All of them, with what they facilitate today and how many of their initiatives are public."""
    listing = Listing(
        request, EntityFilter, name="entity_list", export="entity_export", shown=EntityQuerySet.for_listing
    )
    counts = initiatives_by("entity")
    rows = [(entity, counts.get(entity.pk, 0)) for entity in listing.page.object_list]
    return listing.response("reporting/entity_list.html", rows=rows)


@require_safe
def entity_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Who an entity is, what it facilitates, does and tells. A code in other letters leads to the one in use."""
    entity = Entity.objects.visible_to(request.user).filter(code=code).first()
    if entity is None:
        return lead_to_code(request, Entity.objects.visible_to(request.user), code)
    is_own = may_write(request.user, entity)
    public = Initiative.objects.public().listed().counted().filter(entity=entity)
    updates = Update.objects.visible_to(request.user).filter(entity=entity)
    submissions = Submission.objects.visible_to(request.user).filter(entities=entity)
    documents = Document.objects.visible_to(request.user).filter(entity=entity).select_related("session")
    drafts = Draft.objects.visible_to(request.user).of_updates().filter(entity=entity)
    joined, joined_count = takes_part_in(entity, request.user, FEW)
    context = {
        "entity": entity,
        "names": in_six_languages(entity),
        "aliases": entity.aliases.order_by("text"),
        "facilitations": entity.facilitations.select_related("line__parent").order_by("line__order", "since", "pk"),
        "initiatives": latest_initiatives(public, FEW),
        "initiative_count": initiatives_by("entity").get(entity.pk, 0),
        "updates": latest_updates(updates, request.user),
        "submissions": submissions.for_listing()[: CALLS_SHOWN + 1],
        "most_submissions": CALLS_SHOWN,
        "documents": documents[:DOCUMENTS_SHOWN],
        "document_count": documents.count(),
        "joined": joined,
        "joined_count": joined_count,
        "is_own": is_own,
        "draft_count": drafts.open().count() if is_own else 0,
        "waiting_count": drafts.filter(state=DraftState.SUBMITTED).count() if is_own else 0,
    }
    return render(request, "reporting/entity_detail.html", context)
