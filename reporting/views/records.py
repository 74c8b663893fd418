"""Pages of records as they were printed: one version, and all versions with where they were used."""

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reporting.compilation.records import parse
from reporting.provenance import RecordName, title_of, uses_of, version_as_it_was, versions_printed, with_uses

USES_PER_PAGE = 25
VERSIONS_PER_PAGE = 20

_PARAGRAPH = re.compile(r"_(p[0-9]+)$")


@require_safe
def record_version(request: HttpRequest, name: str) -> HttpResponse:
    """One version as it was then: `u12_en_3`. A paragraph of it, `u12_en_3_p2`, is a place on that page."""
    version = parse(name)
    if version is None:
        raise Http404
    if str(version) != name:
        paragraph = _PARAGRAPH.search(name)
        place = f"#{paragraph[1]}" if paragraph else ""
        return redirect(reverse("record_version", args=[version]) + place)
    uses = uses_of(version, request.user)
    nearest = list(uses[:USES_PER_PAGE])
    if not nearest:
        raise Http404
    context = {
        "shown": version_as_it_was(version, nearest, request.user),
        "record": RecordName(version.kind, version.id),
        "page": Paginator(uses, USES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "reporting/record_version.html", context)


@require_safe
def record_uses(request: HttpRequest, name: str) -> HttpResponse:
    """All versions of a record that were printed, the last printed first, and where: `u12`."""
    record = RecordName.parse(name)
    if record is None:
        raise Http404
    paginator = Paginator(versions_printed(record, request.user), VERSIONS_PER_PAGE)
    if not paginator.count:
        raise Http404
    page = paginator.get_page(request.GET.get("page"))
    versions = with_uses(record, list(page), request.user)
    title, language = title_of(versions[0], request.user)
    context = {"record": record, "title": title, "title_language": language, "page": page, "versions": versions}
    return render(request, "reporting/record_uses.html", context)
