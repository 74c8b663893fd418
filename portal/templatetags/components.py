"""What the components need beyond Django's own tags: `{% load components %}`."""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape  # Django's own asks first whether a text is lazy or safe
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from portal.common.dates import Precision, show_range
from portal.common.footnotes import numbered
from portal.common.languages import direction, reader_language
from portal.common.marked_words import marked_up
from portal.common.periods import Period
from portal.common.richtext import to_plain
from portal.common.richtext import word_count as count_words
from portal.common.tallies import CountedFacet
from portal.icons import ICONS, POINTING

PORTAL_NAME = _("WSIS and 4IR Initiatives")  # the name of the portal; it stands here and nowhere else

register = template.Library()

register.filter("direction", direction)

# How a state looks. A state is told by its words and the shape of its picture, never by colour alone.
_LOOKS = {
    (
        "plain",
        "dot",
    ): "planned asked nothing_to_report declined superseded cancelled withdrawn undone dropped unchanged same ended",
    ("active", "pencil"): "draft drafting",
    ("active", "go"): "open running ongoing reading taking submitting changed",
    ("waiting", "clock"): "submitted in_review queued suspended inferred read accepted handed invited",
    ("attention", "return"): "returned conflict left",
    ("attention", "clock"): "postponed late overdue stale",
    ("good", "check"): "approved cleared done published completed held stated filed taken added written joined",
    ("sealed", "seal"): "sealed sent closed",
    ("bad", "warning"): "failed refused",
}
_LOOK_OF_STATE = {state: look_and_icon for look_and_icon, states in _LOOKS.items() for state in states.split()}
_LOOK_OF_MESSAGE = {
    "success": ("good", "check"),
    "good": ("good", "check"),
    "warning": ("attention", "warning"),
    "attention": ("attention", "warning"),
    "error": ("bad", "warning"),
    "bad": ("bad", "warning"),
}


@register.simple_tag
def portal_name() -> str:
    return str(PORTAL_NAME)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Return a picture beside words; it says nothing by itself. Raises KeyError for a name that `ICONS` lacks."""
    turning = " icon-turning" if name in POINTING else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        turning,
        ICONS[name],
    )


@register.filter
def look(state: str) -> str:
    """Return how a state looks: plain, active, waiting, attention, good, sealed or bad; plain where it is unknown."""
    return _LOOK_OF_STATE.get(str(state), ("plain", "dot"))[0]


@register.filter
def look_icon(state: str) -> str:
    return _LOOK_OF_STATE.get(str(state), ("plain", "dot"))[1]


@register.filter
def choice_items(facet: CountedFacet) -> SafeString:
    """Return the choices of a facet as items of a list. In Python, word by word: a list has five hundred of them."""
    name = escape(facet.name)
    items = []
    for choice in facet.choices:
        below = ' class="facet-below"' if choice.depth else ""
        checked = " checked" if choice.chosen else ""
        count = choice.count if choice.count < 1000 else number_format(choice.count, force_grouping=True)
        items.append(
            f'<li{below}><label><input type="checkbox" name="{name}" value="{escape(choice.value)}"{checked}>'
            f'<span>{escape(choice.label)}</span> <span class="facet-count number">{count}</span></label></li>'
        )
    return mark_safe("".join(items))  # noqa: S308  # every word of it is escaped


@register.filter
def table_rows(rows: Sequence[Sequence[Mapping[str, Any]]], columns: Sequence[Mapping[str, Any]]) -> SafeString:
    """Return the rows of `table.html`, the first cell of each as its heading. In Python: it has a thousand cells."""
    opening = ['<th scope="row" role="rowheader">']
    for column in columns[1:]:
        look = ' class="number"' if column.get("number") else ""
        opening.append(f'<td role="cell"{look} data-label="{escape(str(column["label"]))}">')
    closing = ["</th>", *["</td>"] * (len(columns) - 1)]
    made = []
    for row in rows:
        cells = zip(opening, row, closing, strict=True)
        made.append(f'<tr role="row">{"".join(start + _words_of_cell(cell) + end for start, cell, end in cells)}</tr>')
    return mark_safe("".join(made))  # noqa: S308  # every word of it is escaped


def _words_of_cell(cell: Mapping[str, Any]) -> str:
    text = cell["text"]
    if cell.get("state"):
        return str(get_template("components/status.html").render({"state": cell["state"], "label": text}))
    words = text if isinstance(text, SafeString) else escape(str(text))
    if url := cell.get("url"):
        words = f'<a href="{escape(str(url))}">{words}</a>'
    if language := cell.get("language"):
        return f'<span lang="{escape(language)}" dir="{direction(language)}">{words}</span>'
    return f'<span dir="auto">{words}</span>'


@register.filter
def message_look(level: str) -> str:
    """Return how a message looks, from Django's level (`success`) or our own word (`good`)."""
    return _LOOK_OF_MESSAGE.get(str(level), ("info", "info"))[0]


@register.filter
def message_icon(level: str) -> str:
    return _LOOK_OF_MESSAGE.get(str(level), ("info", "info"))[1]


@register.simple_tag
def interface_languages() -> list[tuple[str, str]]:
    """Return codes and names, each name in its own language; Django's own tag translates them."""
    return list(settings.LANGUAGES)


@register.simple_tag
def trail(*labels_and_urls: Any) -> list[dict[str, Any]]:
    """Return breadcrumbs for `page_header.html`: `{% trail _("Initiatives") list_url as crumbs %}`."""
    pairs = zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True)
    return [{"label": label, "url": url} for label, url in pairs]


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> SafeString | str:
    """Return the attribute that marks a link of the navigation whose part of the site this page belongs to."""
    path = getattr(context.get("request"), "path", "")
    if path == url:
        return format_html(' aria-current="{}"', "page")
    return format_html(' aria-current="{}"', "true") if path.startswith(url) else ""


@register.filter
def at(items: list[Any], index: int) -> Any:
    return items[index]


@register.filter
def page_numbers(paginator: Paginator, number: int) -> list[int | str]:
    """Return the numbers to link to from page `number`; "…" stands for those left out."""
    return [
        page if isinstance(page, int) else "…"
        for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]


@register.inclusion_tag("components/rich_text.html")
def rich_text(html: str, key: str, language: str = "", references: Mapping[int, Any] | None = None) -> dict[str, Any]:
    """Show a clean rich text in its language, its footnotes below: `{% rich_text text.paragraph "update-7" "ar" %}`."""
    body, notes = numbered(html, key=key, references=references)
    return {"body": body, "notes": notes, "key": key, "language": language}


register.filter("marked_up", marked_up)


@register.filter
def word_count(html: str | None) -> int:
    return count_words(html or "")


@register.filter
def plain(html: str | None) -> str:
    """Return the words of a rich text alone."""
    return to_plain(html or "")


@register.filter
def opening(text: str, length: int = 280) -> str:
    """Return the opening of a plain text, cut between words where the language has blanks between them."""
    if len(text) <= length:
        return text
    cut = text[:length]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > length // 2 else cut).rstrip(" ,;:.–(") + "…"


@register.filter
def period(record: Any) -> Period:
    """Return the period of an update or call, which shows itself in words: `2021`, `2025–2026`."""
    return Period(record.period_start, record.period_end)


@register.filter
def text_here(record: Any) -> Any:
    """Return the text of a record in the reader's language, else the original; None where nothing is written."""
    return record.text_in(reader_language())


@register.filter
def days(record: Any) -> str:
    """Return the days of a session in words, empty where they are unknown."""
    return show_range(record.starts_on, Precision.DAY, record.ends_on, Precision.DAY)


@register.simple_tag(takes_context=True)
def form_media(context: template.Context, *forms: BaseForm) -> SafeString:
    """Print the scripts and styles of forms, each once; the import map gets the nonce of the page."""
    media = Media()
    for form in forms:
        media = media + form.media
    return mark_safe(Media.from_media(media, nonce=context["request"].csp_nonce).render())  # noqa: S308  # from our widgets
