"""Rich text in forms: an editor in the browser, a plain text field without scripts."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from js_asset import ImportMap, Media, Script

from portal.common import dates
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
    "marks": _("Marks of the list"),
    "marksShort": _("Marks"),
    "firstNumber": _("Number of the first"),
    "quotation": _("Quotation"),
    "source": _("Source of the quotation"),
    "sourceShort": _("Source"),
    "sourceWords": _("Where it was said"),
    "sourceHelp": _("Such as a document with its paragraph; it is printed below the quotation."),
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
                    "portal/editor-paste": "editor-paste.js",
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


class DateTextField(forms.CharField):
    """A date as exact as it is known, such as `2021`, `2021-Q3` or `~2021`. Gives a DateRange or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            help_text=_("As exact as you know it: 2021, 2021-Q3, 2021-11 or 2021-11-22; ~2021 for about 2021."),
            max_length=20,
            **options,
        )

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return dates.parse(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """What was read is a date, whose text has no length any more."""


class SearchedChoices(forms.CheckboxSelectMultiple):
    """Boxes to tick, folded, with those ticked in view; `portal.js` finds one by its words."""

    template_name = "widgets/searched_choices.html"

    class Media:
        js: ClassVar = [Script("choices.js", defer=True)]


def day_input() -> forms.DateInput:
    """Return the input of a day, which browsers offer a calendar for."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def errors_by_field(
    refused: ValidationError, model: type[models.Model], about: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return what a record refused, by field; `about` has the field for constraints that look at several, by name."""
    fields = {str(one.violation_error_message): about.get(one.name) for one in model._meta.constraints}
    errors: dict[str, list[str]] = {}
    for name, sentences in refused.message_dict.items():
        for sentence in sentences:
            errors.setdefault(fields.get(sentence) or name, []).append(sentence)
    return errors


def judge_record(form: forms.Form, record: models.Model, about: Mapping[str, str] = MappingProxyType({})) -> None:
    """Judge a record as it would be filed: add what it refuses to the form, at its field or at the top.

    `about` is as in `errors_by_field`.
    """
    try:
        record.full_clean()
    except ValidationError as refused:
        for name, sentences in errors_by_field(refused, type(record), about).items():
            form.add_error(name if name in form.fields else None, sentences)


def codes_in_order(codes: Any) -> list[str]:
    """Return what was ticked, each once, in an order of its own: boxes are shown in that of their words."""
    return sorted({str(code) for code in codes}) if isinstance(codes, list) else []


class RowsWidget(forms.Widget):
    """A table whose rows are typed in; two rows stand empty for more."""

    template_name = "widgets/rows.html"
    MORE = 2
    MOST = 200

    def __init__(self, columns: dict[str, forms.Field]) -> None:
        super().__init__()
        self.columns = columns

    class Media:
        js: ClassVar = [Script("choices.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """Of what a browser sent, the rows in which something stands; of a content, what stands there."""
        if name in data:
            return [row for row in data[name] if isinstance(row, dict)] if isinstance(data[name], list) else []
        rows = [
            {column: (data.get(f"{name}-{number}-{column}") or "").strip() for column in self.columns}
            for number in range(self.MOST)
        ]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [*(value or []), *[dict[str, str]() for _row in range(self.MORE)]]
        context["widget"]["heads"] = [field.label for field in self.columns.values()]
        context["widget"]["rows"] = [self.cells(name, number, row) for number, row in enumerate(rows)]
        return context

    def cells(self, name: str, number: int, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the inputs of one row, as their templates take them."""
        return [
            field.widget.get_context(
                f"{name}-{number}-{column}",
                row.get(column, ""),
                {"aria-label": f"{field.label}, {number + 1}", "id": f"id_{name}-{number}-{column}"},
            )["widget"]
            for column, field in self.columns.items()
        ]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{next(iter(self.columns))}"


class WrongCell(forms.ValidationError):
    """What is wrong in one cell of rows, or with one row: `place` is the number of the row from 0, and the column."""

    def __init__(self, sentence: Any, *place: int | str) -> None:
        super().__init__(sentence)
        self.place = place


class RowsField(forms.Field):
    """Rows of the same columns. Gives a list of the cleaned values by column; errors name the row and the column.

    No two rows may have the same values in all columns of `once`.
    """

    def __init__(self, *, columns: dict[str, forms.Field], once: Sequence[str] = (), **options: Any) -> None:
        super().__init__(widget=RowsWidget(columns), **options)
        self.columns = columns
        self.once = once

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        errors: list[forms.ValidationError] = []
        words = _("Row %(row)s, %(column)s: %(error)s")
        for place, row in enumerate(value or []):
            cleaned, number = {}, place + 1
            for column, field in self.columns.items():
                try:
                    cleaned[column] = field.clean(row.get(column, ""))
                except forms.ValidationError as error:
                    errors += [
                        WrongCell(words % {"row": number, "column": field.label, "error": said}, place, column)
                        for said in error.messages
                    ]
            if self.once and any(all(row.get(name) == cleaned.get(name) for name in self.once) for row in rows):
                again = _("Row %(row)s says again what stands in a row before.") % {"row": number}
                errors.append(WrongCell(again, place))
            rows.append(cleaned)
        if errors:
            raise forms.ValidationError(errors)
        return rows
