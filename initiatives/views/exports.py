"""Lists as files: exactly what the page shows on all its pages, in its order."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from initiatives import exports
from initiatives.filters import CountryFilter, DocumentFilter, EntityFilter, InitiativeFilter, UpdateFilter
from portal.common.export_views import Exported, export_list

INITIATIVES = Exported(
    name="initiatives",
    title=_("Initiatives"),
    page="initiative_list",
    filter_class=InitiativeFilter,
    columns=exports.initiative_columns,
    rows=exports.initiative_rows,
    notes=[exports.DESIGNATIONS],
)
UPDATES = Exported(
    name="updates",
    title=_("Updates"),
    page="update_list",
    filter_class=UpdateFilter,
    columns=exports.update_columns,
    rows=exports.update_rows,
    notes=[exports.DESIGNATIONS],
)
DOCUMENTS = Exported(
    name="documents",
    title=_("Documents"),
    page="document_list",
    filter_class=DocumentFilter,
    columns=exports.document_columns,
    rows=exports.document_rows,
)
ENTITIES = Exported(
    name="entities",
    title=_("Entities"),
    page="entity_list",
    filter_class=EntityFilter,
    columns=exports.entity_columns,
    rows=exports.entity_rows,
)
COUNTRIES = Exported(
    name="countries",
    title=_("Countries"),
    page="country_list",
    filter_class=CountryFilter,
    columns=exports.country_columns,
    rows=exports.country_rows,
    notes=[exports.DESIGNATIONS],
)


@require_safe
def initiative_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return export_list(request, INITIATIVES, format=format)


@require_safe
def update_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return export_list(request, UPDATES, format=format)


@require_safe
def document_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return export_list(request, DOCUMENTS, format=format)


@require_safe
def entity_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return export_list(request, ENTITIES, format=format)


@require_safe
def country_export(request: HttpRequest, format: str) -> HttpResponseBase:
    return export_list(request, COUNTRIES, format=format)
