"""Forms of records that are found by lines, terms and countries: what each may choose, read when it is needed."""

from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from initiatives.choices import KINDS
from initiatives.models import ActionLine, Country, Term, Vocabulary
from portal.common.forms import SearchedChoices


def terms_field(vocabulary: str) -> str:
    """Return the name of the field for the terms of a vocabulary."""
    return f"terms-{vocabulary}"


class ClassifiedForm(forms.Form):
    """A form with a field for the terms of each vocabulary that has any, but for the kinds of initiatives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = Vocabulary.objects.filter(Exists(Term.objects.filter(vocabulary=OuterRef("pk")))).exclude(code=KINDS)
        for vocabulary in used.order_by("name_en"):
            name = terms_field(vocabulary.code)
            self.fields[name] = forms.MultipleChoiceField(label=vocabulary.name, required=False, widget=SearchedChoices)
            self.offer(name, partial(self.terms_of, vocabulary.code))
        self.offer("lines", lambda: self.known_lines)

    def offer(self, name: str, choices: Callable[[], Iterable[tuple[str, Any]]], *, none: Any = None) -> None:
        """Let a field choose from these; `none` is said where nothing is chosen.

        They are read when they are shown or judged: saving what somebody types needs none of them.
        """
        offered = cache(lambda: [*([("", none)] if none else []), *choices()])
        self.fields[name].choices = offered  # type: ignore[attr-defined]

    @cached_property
    def _terms(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for term in Term.objects.select_related("vocabulary").order_by("order", "name_en"):
            found.setdefault(term.vocabulary.code, []).append((term.code, term.name))
        return found

    def terms_of(self, vocabulary: str) -> list[tuple[str, str]]:
        return self._terms.get(vocabulary, [])

    @cached_property
    def known_lines(self) -> list[tuple[str, str]]:
        return [(line.code, str(line)) for line in ActionLine.objects.all()]

    @property
    def vocabulary_fields(self) -> list[forms.BoundField]:
        """The fields of the vocabularies, in their order."""
        return [self[name] for name in self.fields if name.startswith(terms_field(""))]


def countries_to_choose(standing: QuerySet[Country]) -> list[tuple[str, str]]:
    """Return the public countries, and those that stand in a record: they may stay there."""
    known = Country.objects.public() | standing
    return sorted([(country.iso3, country.name) for country in known], key=lambda choice: choice[1])
