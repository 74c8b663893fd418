"""The page of one update, which also leads to where it was printed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.permissions import visible_update
from initiatives.views.updates import detail_context
from reporting.choices import RecordKind
from reporting.provenance import RecordName, names_printed


@login_required
@require_safe
def update_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The paragraph as it will be printed; for the entity also all else, the history and what can be done."""
    update = visible_update(request.user, pk)
    name = RecordName(RecordKind.UPDATE, update.pk)
    context = {"name": str(name), "is_used": bool(names_printed([name], request.user))}
    return render(request, "reporting/update_detail.html", context | detail_context(request, update))
