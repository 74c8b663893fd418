"""The list of initiatives. The page of one lives in `reporting`, since it also shows which submissions hold it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.forms import InitiativeFilter
from initiatives.models import Initiative
from portal.common.htmx import wants_fragment

PER_PAGE = 25


@require_safe
@vary_on_headers("HX-Request")
def initiative_list(request: HttpRequest) -> HttpResponse:
    """Those that the reader may see, narrowed and ordered by the address; nonsense in it answers 400."""
    filter = InitiativeFilter(request.GET, user=request.user)
    asked_well = filter.is_valid()
    initiatives = filter.apply(Initiative.objects.visible_to(request.user).for_listing())
    template = "initiatives/list.html#results" if wants_fragment(request) else "initiatives/list.html"
    context = {
        "filter": filter,
        "is_filtered": any(filter.cleaned_data.values()),
        "page": Paginator(initiatives, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, template, context, status=200 if asked_well else 400)
