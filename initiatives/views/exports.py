"""Lists as files: exactly what the page shows on all its pages, in its order."""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from initiatives import exports
from initiatives.filters import DocumentFilter, EntityFilter, InitiativeFilter, UpdateFilter
from portal.common.export_views import Exported, export_list
from portal.common.lists import OTHERS

INITIATIVES = Exported(
    name="initiatives",
    title=_("Initiatives"),
    page="initiative_list",
    columns=exports.initiative_columns,
    rows=exports.initiative_rows,
    notes=[exports.DESIGNATIONS],
)
UPDATES = Exported(
    name="updates",
    title=_("Updates"),
    page="update_list",
    columns=exports.update_columns,
    rows=exports.update_rows,
    notes=[exports.DESIGNATIONS],
)
DOCUMENTS = Exported(
    name="documents",
    title=_("Documents"),
    page="document_list",
    columns=exports.document_columns,
    rows=exports.document_rows,
)
ENTITIES = Exported(
    name="entities",
    title=_("Entities"),
    page="entity_list",
    columns=exports.entity_columns,
    rows=exports.entity_rows,
)


@require_safe
def initiative_export(request: HttpRequest, format: str) -> HttpResponseBase:
    filter = InitiativeFilter(request.GET, user=request.user, others=OTHERS)
    return export_list(request, filter, INITIATIVES, format=format)


@require_safe
def update_export(request: HttpRequest, format: str) -> HttpResponseBase:
    filter = UpdateFilter(request.GET, user=request.user, others=OTHERS)
    rows = partial(exports.update_rows, user=request.user)
    return export_list(request, filter, replace(UPDATES, rows=rows), format=format)


@require_safe
def document_export(request: HttpRequest, format: str) -> HttpResponseBase:
    filter = DocumentFilter(request.GET, user=request.user, others=OTHERS)
    return export_list(request, filter, DOCUMENTS, format=format)


@require_safe
def entity_export(request: HttpRequest, format: str) -> HttpResponseBase:
    filter = EntityFilter(request.GET, user=request.user, others=OTHERS)
    return export_list(request, filter, ENTITIES, format=format)
