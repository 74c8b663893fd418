"""What submissions told as planned, on pages of stored records: `{% load planned %}`."""

from django import template
from django.utils import timezone

from initiatives.models import Draft
from reporting.planned import ShownPlan, open_plans, shown_plans

register = template.Library()


@register.simple_tag
def planned_about(draft: Draft) -> list[ShownPlan]:
    """Return what is open of what was told about the initiative of an update: `{% planned_about draft as plans %}`."""
    return shown_plans(open_plans([draft.entity], initiative=draft.initiative), timezone.localdate())
