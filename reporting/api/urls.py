"""Addresses below `/api/v1/`."""

from django.urls import include, path, re_path

from portal.common.api.schema import SchemaView
from portal.common.api.views import UnknownAddress
from reporting.api import root

urlpatterns = [
    path("", root.ApiRoot.as_view(), name="api_root"),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("", include("initiatives.api.urls")),
    re_path(r"^(?P<rest>.+)$", UnknownAddress.as_view(), name="api_unknown"),
]
