"""Addresses of the pages that show what is derived, and of those that show stored and derived things together."""

from django.urls import path, re_path

from reporting.views import (
    comparison,
    compilations,
    desk,
    home,
    initiatives,
    reading,
    records,
    schemas,
    seals,
    submissions,
    updates,
    verify,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("initiatives/<str:slug>/", initiatives.initiative_detail, name="initiative_detail"),
    path("desk/", desk.desk, name="desk"),
    path("desk/waiting/", desk.desk_waiting, name="desk_waiting"),
    path("desk/updates/<int:pk>/", updates.update_detail, name="update_detail"),
    path("verify/", verify.verify_file, name="verify"),
    path("schemas/snapshot-<int:number>.json", schemas.snapshot_schema, name="snapshot_schema"),
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
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/clear",
        seals.compilation_clear,
        name="compilation_clear",
    ),
    path(
        "submissions/<str:call>/<str:slug>/compilations/<int:number>/read/",
        reading.compilation_read,
        name="compilation_read",
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
    path("submissions/<str:call>/<str:slug>/review", seals.submission_review, name="submission_review"),
    path("submissions/<str:call>/<str:slug>/return", seals.submission_return, name="submission_return"),
    path("submissions/<str:call>/<str:slug>/drop", seals.submission_drop, name="submission_drop"),
    path("submissions/<str:call>/<str:slug>/publish", seals.submission_publish, name="submission_publish"),
    path("submissions/<str:call>/<str:slug>/seal/", seals.seal_detail, name="seal_detail"),
    path("submissions/<str:call>/<str:slug>/seal/new/", seals.submission_seal, name="submission_seal"),
    path("submissions/<str:call>/<str:slug>/seal/receipt.json", seals.receipt_json_download, name="receipt_json"),
    path("submissions/<str:call>/<str:slug>/seal/receipt.pdf", seals.receipt_pdf_download, name="receipt_pdf"),
    path("submissions/<str:call>/<str:slug>/seal/dossier.zip", seals.seal_dossier, name="seal_dossier"),
    path("submissions/<str:call>/<str:slug>/seal/deliveries", seals.delivery_record, name="delivery_record"),
    path("submissions/<str:call>/<str:slug>/seal/rebuild", seals.seal_rebuild, name="seal_rebuild"),
    path("submissions/<str:call>/<str:slug>/seal/later", seals.later_issue, name="later_issue"),
    path("submissions/<str:call>/<str:slug>/seal/withdraw", seals.withdrawal_propose, name="withdrawal_propose"),
    path("submissions/<str:call>/<str:slug>/seal/withdrawal", seals.withdrawal_decide, name="withdrawal_decide"),
    re_path(r"^records/(?P<name>[a-z][0-9]{1,18})/$", records.record_uses, name="record_uses"),
    re_path(r"^records/(?P<name>[a-z0-9_]{1,60})/$", records.record_version, name="record_version"),
]
