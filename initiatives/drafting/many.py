"""Facts of many records of one entity, judged by the form of the record without asking the database for each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, UpdateKind
from initiatives.drafting.initiatives import RICH_TEXTS, InitiativeForm
from initiatives.drafting.texts import names_of_fields
from initiatives.drafting.updates import UpdateForm, wrong_report
from initiatives.models import Entity
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
