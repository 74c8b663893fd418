"""The first page."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.models import Update
from initiatives.queries import latest_updates
from reporting.models import Call, Submission
from reporting.queries import public_figures

LATEST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the portal is, how much is in it, what is new and what is due."""
    figures = public_figures()
    submissions = Q(submissions__in=Submission.objects.visible_to(request.user))
    calls = Call.objects.visible_to(request.user).for_listing()
    context = {
        "initiative_count": figures.initiatives,
        "entity_count": figures.entities,
        "country_count": figures.countries,
        "latest_updates": latest_updates(Update.objects.visible_to(request.user), request.user),
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
