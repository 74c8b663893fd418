"""Facts of many records of one entity, judged by the form of the record.

Of initiatives and updates that is done without asking the database for each.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import cache, cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, UNITS, BreakdownKind, UpdateKind
from initiatives.drafting.initiatives import RICH_TEXTS, InitiativeForm
from initiatives.drafting.results import NOT_SPLIT, ResultForm, form_for, indicator_of_code, part_code, place_code
from initiatives.drafting.texts import names_of_fields
from initiatives.drafting.updates import UpdateForm, wrong_report
from initiatives.models import Category, Country, CountryGroup, Draft, Entity, Indicator, Initiative, Term
from portal.common.merging import Value


class ManyRecords(forms.Form):
    """A form of a record, made once and asked about one content after the other."""

    def know_choices(self) -> None:
        """Let a set find at once what Django looks for choice by choice."""
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                known = frozenset(str(code) for code, _words in getattr(field, "choices"))  # noqa: B009  # types differ
                field.valid_value = known.__contains__  # type: ignore[assignment, method-assign]

    def problems(self, content: Mapping[str, Value], *, stands: Mapping[str, Value]) -> dict[str, list[str]]:
        """Return what is wrong with a content, by the names of its fields.

        `stands` is what stands in the record: what may not be chosen any more may stay there.
        """
        self.data: Any = content
        self.full_clean()
        found: dict[str, list[str]] = {}
        for name, errors in self.errors.as_data().items():
            stays = content.get(name) == stands.get(name)
            said = [
                text for error in errors if not (stays and error.code == "invalid_choice") for text in error.messages
            ]
            if said:
                found[name] = said
        return found


class ManyInitiatives(ManyRecords, InitiativeForm):
    """It has no rich texts, translations, partners and files: those are judged where they are written.

    Set `translated`, the languages into which a record is translated, before it is asked.
    """

    def __init__(self, *, entity: Entity) -> None:
        super().__init__({}, entity=entity)
        elsewhere = {*RICH_TEXTS, *names_of_fields(), "evidence", "participations", "relations"}
        for name in elsewhere:
            del self.fields[name]
        self.know_choices()
        self.translated: set[str] = set()

    def translated_into(self) -> set[str]:
        return self.translated


class ManyUpdates(ManyRecords):
    """What is reported of initiatives, without the texts and files: those are judged where they are written.

    Set `follows`, whether an earlier paragraph could still be true, before it is asked.
    """

    kind = forms.ChoiceField(
        label=UpdateForm.base_fields["kind"].label,
        choices=UpdateKind.choices,
        error_messages={"required": _("Choose what you report.")},
    )
    reason = forms.CharField(
        label=UpdateForm.base_fields["reason"].label,
        required=False,
        help_text=UpdateForm.base_fields["reason"].help_text,
    )
    public = forms.MultipleChoiceField(
        label=UpdateForm.base_fields["public"].label,
        required=False,
        choices=[(name, UpdateForm.base_fields[name].label) for name in FURTHER_FIELDS],
        help_text=_("What is not named is for your entity alone."),
    )

    def __init__(self) -> None:
        super().__init__({})
        self.know_choices()
        self.follows = True

    def clean(self) -> dict[str, Any]:
        written = self.cleaned_data
        for name, said in wrong_report(written, follows=lambda: self.follows).items():
            self.add_error(name, said)
        return written


class ManyResults(ManyRecords):
    """Results, without narrative and files, with the initiative of each and why what is approved is corrected.

    What may be chosen is that of all indicators; the form of the page judges what a result says, in queries for each.
    Set `draft`, the one that would hold it, before it is asked.
    """

    draft: Draft

    initiative = forms.ChoiceField(
        label=_("Initiative"),
        required=False,
        help_text=_("Empty for what the entity reports directly. A new initiative takes results once it is approved."),
    )
    indicator = forms.ChoiceField(label=ResultForm.base_fields["indicator"].label)

    def __init__(self, *, entity: Entity) -> None:
        super().__init__({})
        self.entity = entity
        self._find = cache(indicator_of_code)
        for name in OF_RESULTS:
            self.fields[name] = deepcopy(ResultForm.base_fields[name])
        self.fields["unit"].help_text = _("Only where that of the indicator is pending.")
        self.fields["parts"].help_text = _("Parts add up to the value.")
        self.fields["why"] = forms.CharField(
            label=_("Why you change it"), required=False, help_text=_("Needed where it changes what is approved.")
        )
        self.offer("initiative", lambda: ((f"i{pk}", one.title) for pk, one in self.initiatives.items()))
        self.offer("indicator", lambda: ((one.code, one.statement) for one in Indicator.objects.order_by("code")))
        self.offer("place", _places)
        self.offer("category", lambda: ((one.code, one.name) for one in _categories(BreakdownKind.SIDE_BY_SIDE)))
        self.offer("unit", lambda: ((one.code, one.name) for one in Term.objects.filter(vocabulary__code=UNITS)))
        parts: Any = self.fields["parts"]
        parts.columns["part"].choices = cache(
            lambda: [(part_code(one), f"{one.breakdown}: {one}") for one in _categories(BreakdownKind.PARTS)]
        )

    def offer(self, name: str, choices: Callable[[], Iterable[tuple[str, Any]]]) -> None:
        """Let a field choose from these, each once; they are read when they are needed."""
        self.fields[name].choices = cache(lambda: list(dict(choices()).items()))  # type: ignore[attr-defined]

    @cached_property
    def initiatives(self) -> dict[int, Any]:
        """Those that the entity reports on, by id, with their titles."""
        return {
            one.pk: one for one in Initiative.objects.listed().written_for([self.entity]).with_title().order_by("pk")
        }

    def problems(self, content: Mapping[str, Value], *, stands: Mapping[str, Value]) -> dict[str, list[str]]:
        errors = form_for(self.draft, content, find=self._find).errors
        return {name: [str(sentence) for sentence in said] for name, said in errors.items()}


#: Fields of the form of results that a sheet has, in the order of its columns.
OF_RESULTS = [
    *("place", "period", "category", "value", "yes", "items", "no_value", "unit", "parts", "figures_note"),
    *("is_provisional", "source"),
]


def _places() -> list[tuple[str, Any]]:
    places: list[Country | CountryGroup] = sorted(Country.objects.public(), key=lambda one: one.name)
    places += sorted(CountryGroup.objects.all(), key=lambda one: one.name)
    return [(NOT_SPLIT, _("Not split by country")), *((place_code(one), one.name) for one in places)]


def _categories(kind: BreakdownKind) -> Iterable[Category]:
    return (
        Category.objects.filter(breakdown__kind=kind).select_related("breakdown").order_by("breakdown__code", "order")
    )
