"""What a draft changes, field by field, as a reviewer reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.drafting.evidence import EvidenceField, files_of
from initiatives.drafting.texts import language_of
from initiatives.models import Draft, StoredFile
from portal.common.forms import RichTextFormField, RowsField
from portal.common.merging import plain_blocks
from portal.common.words import Piece, difference


@dataclass(frozen=True)
class FileChange:
    """What became of one file, and of what is said of it."""

    ADDED, REMOVED, CHANGED, KEPT = _("added"), _("removed"), _("changed"), _("unchanged")

    how: Promise
    file: StoredFile
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Change:
    """One field: the words of a text that came and went, or the choices and rows that did."""

    name: str
    label: str
    is_text: bool  # in the language of the draft, unless `language` tells another one
    pieces: Sequence[Piece] = ()
    went: Sequence[str] = ()
    came: Sequence[str] = ()
    stayed: Sequence[str] = ()
    files: Sequence[FileChange] = ()
    language: str = ""


def changed_fields(draft: Draft) -> list[str]:
    """Return the names of the fields in which the draft differs from what it began from."""
    return [name for name in draft.content if _before(draft, name) != _after(draft, name)]


def _before(draft: Draft, name: str) -> Any:
    return draft.began_from.get(name) or ""


def _after(draft: Draft, name: str) -> Any:
    return draft.content.get(name) or ""


def changes_of(draft: Draft, form: forms.Form) -> list[Change]:
    """Return the fields in which the draft differs from what it began from; all that are filled where it is new."""
    changed = []
    for name, field in form.fields.items():
        before, after = _before(draft, name), _after(draft, name)
        if before == after:
            continue
        label = str(field.label)
        if isinstance(field, RichTextFormField):
            pieces = difference(plain_blocks(str(before)), plain_blocks(str(after)))
            changed.append(Change(name, label, is_text=True, pieces=pieces, language=language_of(name)))
        elif isinstance(field, EvidenceField):
            files = _changed_files(field, before or [], after or [])
            changed.append(Change(name, label, is_text=False, files=files))
        elif isinstance(field, RowsField | forms.MultipleChoiceField):
            old, new = ([_shown(field, one) for one in value or []] for value in (before, after))
            changed.append(
                Change(
                    name,
                    label,
                    is_text=False,
                    went=[one for one in old if one not in new],
                    came=[one for one in new if one not in old],
                    stayed=[one for one in new if one in old],
                )
            )
        else:
            pieces = difference(_shown(field, before), _shown(field, after))
            changed.append(
                Change(name, label, is_text=name.startswith("title"), pieces=pieces, language=language_of(name))
            )
    return changed


def _changed_files(field: EvidenceField, before: list[Any], after: list[Any]) -> list[FileChange]:
    """Return what became of the files that either names, as far as they are there; the removed ones last."""
    files = files_of([*before, *after], field.entity)
    old, new = ({str(row.get("file")): field.said(row) for row in rows} for rows in (before, after))
    changed = []
    for number in [*new, *(number for number in old if number not in new)]:
        if number not in files:
            continue
        if number not in old:
            how = FileChange.ADDED
        elif number not in new:
            how = FileChange.REMOVED
        else:
            how = FileChange.KEPT if old[number] == new[number] else FileChange.CHANGED
        changed.append(FileChange(how, files[number], difference(old.get(number, ""), new.get(number, ""))))
    return changed


def _shown(field: forms.Field, value: Any) -> str:
    """Return the words for a value: what a choice is called, the cells of a row."""
    if isinstance(value, dict):
        columns = field.columns if isinstance(field, RowsField) else {}
        cells = (_shown(columns[name], cell) if name in columns else str(cell) for name, cell in value.items())
        return " · ".join(cell for cell in cells if cell)
    if isinstance(field, forms.BooleanField):
        return str(field.label) if value else ""
    choices = dict(flatten_choices(getattr(field, "choices", [])))
    return str(choices.get(value, value)) if value else ""
