"""Facts of many initiatives of one entity, judged by the form of the record without asking the database for each."""

from collections.abc import Mapping
from typing import Any

from django import forms

from initiatives.drafting.initiatives import RICH_TEXTS, InitiativeForm
from initiatives.drafting.texts import names_of_fields
from initiatives.models import Entity
from portal.common.merging import Value


class ManyInitiatives(InitiativeForm):
    """The form of a record, made once and asked about one content after the other.

    It has no rich texts, translations, partners and files: those are judged where they are written.
    """

    def __init__(self, *, entity: Entity) -> None:
        super().__init__({}, entity=entity)
        elsewhere = {*RICH_TEXTS, *names_of_fields(), "evidence", "participations", "relations"}
        for name in elsewhere:
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):  # a set finds at once what Django looks for choice by choice
                known = frozenset(str(code) for code, _words in getattr(field, "choices"))  # noqa: B009  # types differ
                field.valid_value = known.__contains__  # type: ignore[assignment, method-assign]
        self._translated: set[str] = set()

    def translated_into(self) -> set[str]:
        return self._translated

    def problems(
        self, content: Mapping[str, Value], *, stands: Mapping[str, Value], translated: set[str] | None = None
    ) -> dict[str, list[str]]:
        """Return what is wrong with a content, by the names of its fields.

        `stands` is what stands in the record: what may not be chosen any more may stay there. `translated` are the
        languages into which the record is translated.
        """
        self.data: Any = content
        self._translated = translated or set()
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
