"""The first page."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.models import Update
from portal.common.languages import reader_language
from portal.common.richtext import to_plain
from reporting.models import Call, Submission
from reporting.queries import public_figures

LATEST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the portal is, how much is in it, what is new and what is due."""
    figures = public_figures()
    updates = Update.objects.visible_to(request.user).approved().with_paragraph().order_by("-decided_at", "-pk")
    submissions = Q(submissions__in=Submission.objects.visible_to(request.user))
    calls = Call.objects.visible_to(request.user).for_listing()
    context = {
        "initiative_count": figures.initiatives,
        "entity_count": figures.entities,
        "country_count": figures.countries,
        "latest_updates": [
            _told(update)
            for update in updates.select_related("entity", "initiative").prefetch_related("texts", "initiative__texts")[
                :LATEST
            ]
        ],
        "calls": [
            {
                "title": str(call),
                "url": f"{reverse('submission_list')}#call-{call.slug}",
                "state": call.state,
                "state_label": call.get_state_display(),
                "due_on": call.due_on,
                "submission_count": call.submission_count,
            }
            for call in calls.annotate(submission_count=Count("submissions", filter=submissions))[:LATEST]
        ],
    }
    return render(request, "home.html", context)


def _told(update: Update) -> dict[str, Any]:
    title = update.initiative.text_in(reader_language())
    text = update.original
    return {
        "title": title.title if title else "",
        "language": title.language if title else "",
        "url": f"{update.initiative.get_absolute_url()}#update-{update.pk}",
        "entity": update.entity,
        "text": to_plain(text.paragraph) if text else "",
        "text_language": text.language if text else "",
        "decided_at": update.decided_at,
    }
