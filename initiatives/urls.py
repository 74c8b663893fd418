"""Addresses of the pages about initiatives and updates."""

from django.urls import path, re_path

import portal.common.addresses  # noqa: F401  # knows what <word:code> is
from initiatives.views import action_lines, comments, drafts, evidence, exports, initiatives, notifications, updates

urlpatterns = [
    path("initiatives/", initiatives.initiative_list, name="initiative_list"),
    path("updates/", initiatives.update_list, name="update_list"),
    re_path(r"^initiatives/export\.(?P<format>csv|xlsx|json)$", exports.initiative_export, name="initiative_export"),
    re_path(r"^updates/export\.(?P<format>csv|xlsx|json)$", exports.update_export, name="update_export"),
    re_path(r"^documents/export\.(?P<format>csv|xlsx|json)$", exports.document_export, name="document_export"),
    re_path(r"^entities/export\.(?P<format>csv|xlsx|json)$", exports.entity_export, name="entity_export"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/thumbnail", evidence.evidence_thumbnail, name="evidence_thumbnail"),
    path("action-lines/", action_lines.action_line_list, name="action_line_list"),
    path("action-lines/<word:code>/", action_lines.action_line_detail, name="action_line_detail"),
    path("desk/initiatives/new/", drafts.draft_new, name="draft_new"),
    path("desk/initiatives/alike", drafts.initiatives_alike, name="initiatives_alike"),
    path("desk/initiatives/<word:slug>/change", drafts.draft_begin, name="draft_begin"),
    path("desk/drafts/<int:pk>/", drafts.draft_detail, name="draft_detail"),
    path("desk/drafts/<int:pk>/edit/", drafts.draft_edit, name="draft_edit"),
    path("desk/drafts/<int:pk>/save", drafts.draft_autosave, name="draft_autosave"),
    path("desk/drafts/<int:pk>/files", evidence.draft_upload, name="draft_upload"),
    path("desk/drafts/<int:pk>/submit", drafts.draft_submit, name="draft_submit"),
    path("desk/drafts/<int:pk>/withdraw", drafts.draft_withdraw, name="draft_withdraw"),
    path("desk/drafts/<int:pk>/reopen", drafts.draft_reopen, name="draft_reopen"),
    path("desk/drafts/<int:pk>/approve", drafts.draft_approve, name="draft_approve"),
    path("desk/drafts/<int:pk>/return", drafts.draft_return, name="draft_return"),
    path("desk/drafts/<int:pk>/hand-over", drafts.draft_hand_over, name="draft_hand_over"),
    path("desk/drafts/<int:pk>/comments/", comments.draft_comments, name="draft_comments"),
    path("desk/comments/<int:pk>/answer", comments.comment_answer, name="comment_answer"),
    path("desk/comments/<int:pk>/settle", comments.comment_settle, name="comment_settle"),
    path("desk/notifications/", notifications.notification_list, name="notification_list"),
    path("desk/notifications/<int:pk>/", notifications.notification_open, name="notification_open"),
    path("desk/notifications/<int:pk>/read", notifications.notification_read, name="notification_read"),
    path("desk/notifications/read", notifications.notification_read_all, name="notification_read_all"),
    path("mail/stop/<str:token>/", notifications.mail_stop, name="mail_stop"),
    path("desk/updates/new/", updates.update_new, name="update_new"),
    path("desk/updates/<int:pk>/edit/", updates.update_edit, name="update_edit"),
    path("desk/updates/<int:pk>/submit", updates.update_submit, name="update_submit"),
    path("desk/updates/<int:pk>/approve", updates.update_approve, name="update_approve"),
    path("desk/updates/<int:pk>/return", updates.update_return, name="update_return"),
]
