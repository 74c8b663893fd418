"""Addresses of the pages that show what is derived, and of those that show stored and derived things together."""

from django.urls import path

from reporting.views import comparison, compilations, desk, home, initiatives, schemas, submissions, verify

urlpatterns = [
    path("", home.home, name="home"),
    path("initiatives/<str:slug>/", initiatives.initiative_detail, name="initiative_detail"),
    path("desk/", desk.desk, name="desk"),
    path("desk/waiting/", desk.desk_waiting, name="desk_waiting"),
    path("verify/", verify.verify_file, name="verify"),
    path("schemas/snapshot-2.json", schemas.snapshot_schema, name="snapshot_schema"),
    path("submissions/", submissions.submission_list, name="submission_list"),
    path("submissions/<str:call>/<str:slug>/", submissions.submission_detail, name="submission_detail"),
    path(
        "submissions/<str:call>/<str:slug>/compilations/",
        compilations.compilation_request,
        name="compilation_request",
    ),
    path(
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/",
        compilations.compilation_detail,
        name="compilation_detail",
    ),
    path(
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/compare/",
        comparison.compilation_compare,
        name="compilation_compare",
    ),
    path(
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/retry",
        compilations.compilation_retry,
        name="compilation_retry",
    ),
    path(
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/<str:file_name>",
        compilations.artifact_download,
        name="artifact_download",
    ),
]
