"""Addresses below `/api/v1/`."""

from django.urls import include, path, re_path

import portal.common.addresses  # noqa: F401  # knows what <word:slug> is
from portal.common.api.schema import SchemaView
from portal.common.api.views import UnknownAddress
from reporting.api import calls, compilations, root, search, submissions

urlpatterns = [
    path("", root.ApiRoot.as_view(), name="api_root"),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("", include("initiatives.api.urls")),
    path("calls/", calls.CallList.as_view(), name="api_call_list"),
    path("calls/<word:slug>/", calls.CallDetail.as_view(), name="api_call_detail"),
    path("submissions/", submissions.SubmissionList.as_view(), name="api_submission_list"),
    path("submissions/<word:call>/<word:slug>/", submissions.SubmissionDetail.as_view(), name="api_submission_detail"),
    path(
        "submissions/<word:call>/<word:slug>/compilations/",
        compilations.SubmissionCompilationList.as_view(),
        name="api_compilations_of",
    ),
    path("search/", search.Search.as_view(), name="api_search"),
    path("compilations/", compilations.CompilationList.as_view(), name="api_compilation_list"),
    path("compilations/<int:pk>/", compilations.CompilationDetail.as_view(), name="api_compilation_detail"),
    re_path(r"^(?P<rest>.+)$", UnknownAddress.as_view(), name="api_unknown"),
]
