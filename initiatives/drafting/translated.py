"""The words of a plan in several languages, as its forms hold them: the original, and beside it each translation."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.choices import TextState
from initiatives.drafting.texts import part
from portal.common.languages import Language, direction, reader_language
from portal.common.merging import Value
from portal.common.saving import save_if_changed


class TranslatedForm(forms.Form):
    """A form some of whose fields have a translation into each language, also into that of the original."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    #: Names of these fields. Where one is translated, the first one is too, if it has to be filled in.
    translated: ClassVar[Sequence[str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, name in Language.choices:
            for word in self.translated:
                self.fields[part(word, language)] = _translated(self.fields[word], language, name)

    def translations(self) -> list[tuple[str, Any, list[forms.BoundField], bool]]:
        """Return language, its name, fields and whether anything stands there, without the language of the original."""
        original = self["language"].value()
        found = []
        for language, name in Language.choices:
            of_language = [self[part(word, language)] for word in self.translated]
            is_filled = any(field.value() for field in of_language)
            if is_filled or language != original:
                found.append((language, name, of_language, is_filled))
        return found

    def clean(self) -> dict[str, Any]:
        written: dict[str, Any] = self.cleaned_data
        first = self.translated[0]
        for language in Language.values:
            if not self.fields[first].required or written.get(part(first, language)):
                continue
            if any(written.get(part(word, language)) for word in self.translated):
                said = _("Write “%(field)s” in this language too.")
                self.add_error(part(first, language), said % {"field": self.fields[first].label})
        return written


def _translated(field: forms.Field, language: str, name: Any) -> forms.Field:
    """Return the field of a translation, which nobody has to fill in."""
    own = deepcopy(field)
    own.required = own.widget.is_required = False
    own.label = format_lazy("{label} ({language})", label=field.label, language=name)
    own.help_text = ""
    own.widget.attrs |= {"lang": language, "dir": direction(language)}
    own.widget.attrs.pop("data-language-field", None)
    return own


def words_of(texts: Iterable[Any], words: Sequence[str]) -> dict[str, Value]:
    """Return what stands in the texts of a record, by the names of the form."""
    texts = list(texts)
    original = next((text for text in texts if text.state == TextState.ORIGINAL), None)
    content: dict[str, Value] = {"language": original.language if original else reader_language()}
    content |= {word: getattr(original, word) if original else "" for word in words}
    for language in Language.values:
        text = next((text for text in texts if text.language == language and text is not original), None)
        content |= {part(word, language): getattr(text, word) if text else "" for word in words}
    return content


def write_words(texts: Any, words: Sequence[str], written: Mapping[str, Any]) -> None:
    """Write what a valid form says into the texts of a record. Needs a transaction.

    Each save of a text is a revision: a translation that nobody touched goes stale where the original changed.
    """
    language = written["language"]
    wanted = [one for one in Language.values if one != language and any(written[part(word, one)] for word in words)]
    texts.exclude(state=TextState.ORIGINAL).exclude(language__in=wanted).delete()
    new = {texts.field.name: texts.instance}
    original = texts.filter(state=TextState.ORIGINAL).first() or texts.model(**new)
    save_if_changed(original, {"language": language, **{word: written[word] for word in words}})
    original.refresh_from_db(fields=["revision"])
    for one in wanted:
        text = texts.filter(language=one).first() or texts.model(language=one, state=TextState.CHECKED, **new)
        says = {word: written[part(word, one)] for word in words}
        if text.pk is None or any(getattr(text, name) != value for name, value in says.items()):
            save_if_changed(text, says | {"state": TextState.CHECKED, "based_on": original.revision})
