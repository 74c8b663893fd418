"""Addresses of the pages about initiatives and updates."""

from django.urls import path, re_path

import portal.common.addresses  # noqa: F401  # knows what <word:code> is
from initiatives.views import action_lines, exports, initiatives, updates

urlpatterns = [
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("updates/", initiatives.update_list, name="update_list"),
    re_path(r"^initiatives/export\.(?P<format>csv|xlsx|json)$", exports.initiative_export, name="initiative_export"),
    re_path(r"^updates/export\.(?P<format>csv|xlsx|json)$", exports.update_export, name="update_export"),
    re_path(r"^documents/export\.(?P<format>csv|xlsx|json)$", exports.document_export, name="document_export"),
    re_path(r"^entities/export\.(?P<format>csv|xlsx|json)$", exports.entity_export, name="entity_export"),
    path("action-lines/", action_lines.action_line_list, name="action_line_list"),
    path("action-lines/<word:code>/", action_lines.action_line_detail, name="action_line_detail"),
    path("desk/updates/new/", updates.update_new, name="update_new"),
    path("desk/updates/<int:pk>/edit/", updates.update_edit, name="update_edit"),
    path("desk/updates/<int:pk>/submit", updates.update_submit, name="update_submit"),
    path("desk/updates/<int:pk>/approve", updates.update_approve, name="update_approve"),
    path("desk/updates/<int:pk>/return", updates.update_return, name="update_return"),
]
