"""What the pages of stored records need beyond Django's own tags: `{% load pages %}`."""

from decimal import Decimal
from html import escape
from typing import Any

from django import template
from django.utils import formats
from django.utils.safestring import SafeString, mark_safe

from initiatives.choices import Basis, IncomeGroup
from initiatives.indicator_tables import Region
from initiatives.models import Document, Update
from initiatives.queries import part_name, part_place, unseen_title, update_address
from portal.common.dates import Precision, show, show_range
from portal.common.decimals import digits

register = template.Library()

register.filter("part_name", part_name)
register.filter("part_place", part_place)
register.filter("unseen_title", unseen_title)


@register.filter
def address_for_reader(update: Update) -> str:
    """Return the page of an update of which `knowing_reader` has told whether the reader sees its initiative."""
    slug = update.initiative.slug if update.shows_initiative else ""  # type: ignore[attr-defined]  # annotated
    return update_address(update.pk, slug)


@register.filter
def stated(links: Any) -> list[Any]:
    """Return those links to action lines or terms that a document or person states; the others wait for one."""
    return [link for link in links.all() if link.basis == Basis.STATED]


@register.filter
def in_force(record: Any) -> str:
    """Return since when and until when a role holds, in words; empty where it is not known."""
    return show_range(record.since, Precision.DAY, record.until, Precision.DAY)


@register.filter
def tile_items(region: Region) -> SafeString:
    """Return the states of a region as items of a list. In Python, word by word: the world has two hundred of them."""
    items = []
    for tile in region.tiles:
        words = escape(f"{tile.name}: {tile.words}")
        items.append(
            f'<li><a href="{tile.country.get_absolute_url()}" class="tile tile-{tile.state}" title="{words}">'
            f'<span aria-hidden="true">{tile.country.iso3}</span><span class="visually-hidden">{words}</span></a></li>'
        )
    return mark_safe("".join(items))  # noqa: S308  # every word of it is escaped


@register.filter
def income_group(code: str) -> str:
    """Return the name of an income group in the reader's language."""
    return str(IncomeGroup(code).label)


@register.filter
def dated(document: Document) -> str:
    """Return the date of a document in words, as exact as it is known; empty where it is not."""
    return show(document.dated_on, document.date_precision) if document.dated_on else ""


@register.filter
def exact(value: Decimal) -> str:
    """A number as exact as it is kept, as the reader writes it: 1,234.5."""
    return formats.number_format(Decimal(digits(value)), use_l10n=True, force_grouping=True)
