"""Rich text in forms: an editor in the browser, a plain text field without scripts."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from js_asset import ImportMap, Media, Script

from portal.common.richtext import clean, from_plain, to_plain

_WORDS = {
    "bar": _("Formatting"),
    "bold": _("Bold"),
    "italic": _("Italic"),
    "superscript": _("Superscript"),
    "subscript": _("Subscript"),
    "heading": _("Heading"),
    "subheading": _("Sub-heading"),
    "bullets": _("Bulleted list"),
    "numbers": _("Numbered list"),
    "quotation": _("Quotation"),
    "link": _("Link"),
    "address": _("Address"),
    "addressHelp": _("For example https://www.un.org, or an e-mail address."),
    "selectFirst": _("Select the words of the link first."),
    "footnote": _("Footnote"),
    "footnoteShort": _("Note"),
    "noteWords": _("Text of the footnote"),
    "noteHelp": _("Printed at the foot of the page. An address in it is printed too."),
    "noteCites": _("Reference it cites"),
    "noteCitesNothing": _("none"),
    "table": _("Table"),
    "addRow": _("Add row"),
    "addColumn": _("Add column"),
    "deleteRow": _("Delete row"),
    "deleteColumn": _("Delete column"),
    "deleteTable": _("Delete table"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    "keep": _("Keep"),
    "remove": _("Remove"),
    "cancel": _("Cancel"),
}
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


class RichTextWidget(forms.Textarea):
    """A text field that `static/editor.js` turns into an editor.

    `references` are the ids and labels that a footnote may cite. Pages print its scripts by `{% form_media form %}`.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, references: Iterable[tuple[int, str]] = ()) -> None:
        super().__init__({"rows": 8, **(attrs or {})})
        self.references = references

    @property
    def media(self) -> Media:
        return Media(
            importmap=ImportMap(
                {
                    "django-prose-editor/editor": "django_prose_editor/editor.js",
                    "portal/editor-footnote": "editor-footnote.js",
                }
            ),
            js=[Script("words-left.js", defer=True), Script("editor.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-rich-text"] = json.dumps(
            {
                "words": {key: str(words) for key, words in _WORDS.items()},
                "references": [[str(pk), label] for pk, label in self.references],
            },
            ensure_ascii=False,
        )
        if self.is_required:
            context["widget"]["attrs"]["data-required"] = "yes"
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser cannot point to a hidden text field that is empty. The server says what is missing."""
        return False


class RichTextFormField(forms.CharField):
    """Rich text, cleaned. Text without any mark-up is taken as it is typed: a blank line ends a paragraph.

    `word_limit` is shown and counted, never enforced: a text that is too long can be kept and cut later.
    """

    widget = RichTextWidget

    def __init__(self, *, word_limit: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.word_limit = word_limit

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        html = clean(text) if _TAG.search(text) else from_plain(text)
        return html if to_plain(html) or "data-footnote" in html or "data-reference" in html else ""
