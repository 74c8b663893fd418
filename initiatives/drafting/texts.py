"""The words of an initiative: the original, its translations, and the entry for the WSIS Stocktaking and Prizes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.choices import TextState, Variant
from initiatives.models import Initiative, InitiativeText
from initiatives.models.base import stale_languages
from portal.common.forms import RichTextFormField, RichTextWidget
from portal.common.keys import one_of
from portal.common.languages import Language, direction
from portal.common.merging import Value
from portal.common.saving import save_if_changed

MOST_WORDS_OF_ENTRY = 200
_PARTS = ("title", "description", "state", "fresh")


def part(name: str, language: str) -> str:
    """Return the name of a field of the translation into a language: `title-fr`."""
    return f"{name}-{language}"


def language_of(name: str) -> str:
    """Return the language of which a field holds a text; empty for that of the draft, and for facts."""
    what, _dash, language = name.partition("-")
    return language if what in {"title", "description"} else ""


#: Asked for each of many records, and made anew each time that `Language` is asked.
_LANGUAGES = Language.values

#: The fields of rich text that this module adds to the form.
RICH_TEXTS = {"stocktaking", *(part("description", language) for language in Language.values)}


def entry_field() -> RichTextFormField:
    return RichTextFormField(
        label=_("Entry for the WSIS Stocktaking or Prizes"),
        required=False,
        word_limit=MOST_WORDS_OF_ENTRY,
        help_text=_("150 to 200 words in the language that you write in."),
    )


def names_of_fields() -> list[str]:
    """Return the names of all fields of translations."""
    return [part(name, language) for language in Language.values for name in _PARTS]


def translation_fields() -> dict[str, forms.Field]:
    """Return the fields of a translation into each language, also into that of the original: it may change."""
    fields: dict[str, forms.Field] = {}
    for language, name in Language.choices:
        own = {"lang": language, "dir": direction(language)}
        fields[part("title", language)] = forms.CharField(
            label=format_lazy(_("Title ({language})"), language=name),
            required=False,
            max_length=InitiativeText._meta.get_field("title").max_length,
            widget=forms.TextInput(attrs=own),
        )
        fields[part("description", language)] = RichTextFormField(
            label=format_lazy(_("Description ({language})"), language=name),
            required=False,
            # the editor stands in this language, whatever the draft is written in
            widget=RichTextWidget(attrs={**own, "data-language-field": ""}),
        )
        fields[part("state", language)] = forms.ChoiceField(
            label=format_lazy(_("State ({language})"), language=name),
            required=False,
            choices=[("", "–"), *((state.value, state.label) for state in (TextState.CHECKED, TextState.MACHINE))],
        )
        fields[part("fresh", language)] = forms.BooleanField(
            label=format_lazy(_("It says what the original says now ({language})"), language=name), required=False
        )
    return fields


@dataclass(frozen=True)
class Translation:
    """One translation in the form: its fields, and how it stands."""

    language: str
    name: Any
    fields: list[forms.BoundField]
    is_filled: bool
    is_stale: bool
    is_wrong: bool


def translations_in(form: forms.Form, initiative: Initiative | None, original: str) -> list[Translation]:
    """Return the translations of a form, without the language of the original, unless something stands there."""
    texts = list(initiative.texts.filter(variant=Variant.GENERAL)) if initiative else []
    stale = stale_languages(texts)
    found = []
    for language, name in Language.choices:
        fields = {name: form[part(name, language)] for name in _PARTS}
        is_filled = bool(fields["title"].value() or fields["description"].value())
        if language == original and not is_filled:
            continue
        is_stale = language in stale
        shown = [field for name, field in fields.items() if name != "fresh" or is_filled]
        is_wrong = any(field.errors for field in shown)
        found.append(Translation(language, name, shown, is_filled, is_stale, is_wrong))
    return found


def texts_of(initiatives: Collection[int]) -> dict[int, dict[str, Value]]:
    """Return what stands in the texts of each of these records, by its id and the names of the form."""
    texts: dict[int, list[InitiativeText]] = {pk: [] for pk in initiatives}
    for text in InitiativeText.objects.filter(initiative__in=one_of(initiatives)):
        texts[text.initiative_id].append(text)
    return {pk: _content_of(of_one) for pk, of_one in texts.items()}


def _content_of(texts: Collection[InitiativeText]) -> dict[str, Value]:
    general = [text for text in texts if text.variant == Variant.GENERAL]
    original = next((text for text in general if text.state == TextState.ORIGINAL), None)
    entry = next((text for text in texts if text.variant == Variant.STOCKTAKING and _is_original(text)), None)
    content: dict[str, Value] = {
        "language": original.language if original else "",
        "title": original.title if original else "",
        "description": original.description if original else "",
        "stocktaking": entry.description if entry else "",
    }
    for language in _LANGUAGES:
        text = next((text for text in general if text.language == language and text is not original), None)
        content |= {
            part("title", language): text.title if text else "",
            part("description", language): text.description if text else "",
            part("state", language): text.state if text else "",
            part("fresh", language): "",
        }
    return content


def _is_original(text: InitiativeText) -> bool:
    return text.state == TextState.ORIGINAL


def wrong_texts(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong, by field: a translation without a title."""
    wrong: dict[str, Any] = {}
    for language in _LANGUAGES:
        if written.get(part("description", language)) and not written.get(part("title", language)):
            wrong[part("title", language)] = _("Write the title in this language too.")
    return wrong


def write_texts(initiative: Initiative, written: Mapping[str, Any]) -> None:
    """Write what a valid form says. Needs a transaction.

    A translation that is new, or of which a person said so, translates the original as it stands after this; another
    one stays based on what it was made from, and so goes stale where the original changed.
    """
    general = initiative.texts.filter(variant=Variant.GENERAL)
    wanted = [one for one in Language.values if one != written["language"] and written[part("title", one)]]
    general.exclude(state=TextState.ORIGINAL).exclude(language__in=wanted).delete()
    original = general.filter(state=TextState.ORIGINAL).first()
    title_before = original.title if original else ""
    original = original or InitiativeText(initiative=initiative)
    save_if_changed(original, {name: written[name] for name in ("language", "title", "description")})
    original.refresh_from_db(fields=["revision"])
    for language in wanted:
        text = general.filter(language=language).first()
        says = {name: written[part(name, language)] for name in ("title", "description")}
        says["state"] = written[part("state", language)] or TextState.CHECKED
        if text is None or written[part("fresh", language)]:
            says["based_on"] = original.revision
        save_if_changed(text or InitiativeText(initiative=initiative, language=language), says)
    _write_entry(initiative, original, title_before, written["stocktaking"])


def _write_entry(initiative: Initiative, original: InitiativeText, title_before: str, html: str) -> None:
    entries = initiative.texts.filter(variant=Variant.STOCKTAKING)
    if not html:
        entries.delete()
        return
    entry = entries.filter(state=TextState.ORIGINAL).first() or InitiativeText(
        initiative=initiative, variant=Variant.STOCKTAKING, language=original.language, title=title_before
    )
    title = original.title if entry.title == title_before else entry.title
    save_if_changed(entry, {"title": title, "description": html})
