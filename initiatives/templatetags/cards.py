"""What the card of an initiative tells: `{% load cards %}`. In Python, since a list has up to a hundred of them."""

from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PLACES_SHOWN = 3

register = template.Library()


@register.filter
def card_facts(initiative: Any) -> list[str]:
    """Return when and where one of `on_cards` is, as far as it is known: one line each."""
    facts = []
    if initiative.last_approved_at:
        day = formats.date_format(timezone.localtime(initiative.last_approved_at))
        facts.append(_("updated on %(date)s") % {"date": day})
    if dates := initiative.dates_shown:
        facts.append(dates)
    if initiative.covers_all_member_states:
        return [*facts, _("all Member States")]
    places = list(initiative.places.all())
    facts += map(str, places[:PLACES_SHOWN])
    if more := len(places[PLACES_SHOWN:]):
        facts.append(ngettext("and %(shown)s more", "and %(shown)s more", more) % {"shown": more})
    return facts
