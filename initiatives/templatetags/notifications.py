"""What the head of every page says of notifications: `{% load notifications %}`."""

from typing import Any

from django import template

from initiatives.models import Notification

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notifications(context: template.Context) -> int:
    """Return how many the reader has not read; 0 for a visitor."""
    user: Any = context.get("user")
    if not user or not user.is_authenticated:
        return 0
    if not Notification.objects.filter(to=user).unread().exists():  # as a rule; to ask what one may see takes longer
        return 0
    return Notification.objects.visible_to(user).unread().count()
