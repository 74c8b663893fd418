"""Addresses of the pages about initiatives and updates."""

from django.urls import path

import portal.common.addresses  # noqa: F401  # knows what <word:code> is
from initiatives.views import action_lines, initiatives, updates

urlpatterns = [
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("updates/", initiatives.update_list, name="update_list"),
    path("action-lines/", action_lines.action_line_list, name="action_line_list"),
    path("action-lines/<word:code>/", action_lines.action_line_detail, name="action_line_detail"),
    path("desk/updates/new/", updates.update_new, name="update_new"),
    path("desk/updates/<int:pk>/edit/", updates.update_edit, name="update_edit"),
    path("desk/updates/<int:pk>/submit", updates.update_submit, name="update_submit"),
    path("desk/updates/<int:pk>/approve", updates.update_approve, name="update_approve"),
    path("desk/updates/<int:pk>/return", updates.update_return, name="update_return"),
]
