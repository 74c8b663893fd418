"""The page of one initiative, which also shows the submissions that hold it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from initiatives.choices import Basis, UpdateState, Variant
from initiatives.models import Initiative, Update
from initiatives.permissions import may_write
from initiatives.queries import cited_in, related_initiatives, terms_by_vocabulary
from portal.common.languages import reader_language
from reporting.choices import RecordKind
from reporting.provenance import RecordName, names_printed
from reporting.queries import current_period, submissions_with


@require_safe
def initiative_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one initiative. `?text=fr` shows another language version of its description."""
    initiative = get_object_or_404(Initiative.objects.visible_to(request.user).for_detail(), slug=slug)
    is_own = may_write(request.user, initiative.entity)
    language = reader_language()
    texts = [text for text in initiative.texts.all() if text.variant == Variant.GENERAL]
    text = initiative.text_in(request.GET.get("text", language)) or initiative.text_in(language)
    updates = list(Update.objects.visible_to(request.user).filter(initiative=initiative).for_timeline())
    lines = [link for link in initiative.line_links.all() if is_own or link.basis == Basis.STATED]
    descriptions = [text.description] if text else []
    paragraphs = [update.original.paragraph for update in updates if update.original]
    own_name = RecordName(RecordKind.INITIATIVE, initiative.pk)
    told = [RecordName(RecordKind.UPDATE, update.pk) for update in updates]
    context = {
        "initiative": initiative,
        "name": str(own_name),
        "used": names_printed([own_name, *told], request.user),
        "text": text,
        "texts": texts,
        "is_own": is_own,
        "lines": sorted(lines, key=lambda link: not link.is_primary),
        "terms": terms_by_vocabulary(initiative.term_links.all(), inferred=is_own),
        "related": related_initiatives(initiative, request.user),
        "updates": updates,
        "open_updates": [update for update in updates if update.state != UpdateState.APPROVED],
        "cited": cited_in(*descriptions, *paragraphs),
        "submissions": submissions_with(initiative, request.user),
        "period": current_period(timezone.localdate()) if is_own else None,
    }
    return render(request, "reporting/initiative_detail.html", context)
