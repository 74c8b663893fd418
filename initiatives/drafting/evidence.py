"""The files of a draft: a field for any form, what stands in a record, and how it is applied."""

import re
from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from initiatives.models import Entity, Evidence, Initiative, StoredFile, Update
from initiatives.services.evidence import key_of, room_of_an_entity, used_by
from portal.common.forms import RowsField, RowsWidget
from portal.common.keys import one_of
from portal.common.uploads import ACCEPTED, TAKEN, largest_file

WORDS = ("caption", "alternative_text", "rights_holder")
UPLOAD, REMOVE = "upload", "remove"  # beside the columns, in what a browser sends of a row


class EvidenceWidget(RowsWidget):
    """The files of a form with what is said of each, and room for one more. `entity` is whose they are."""

    template_name = "widgets/evidence.html"
    use_fieldset = True
    MORE = 1
    entity: Entity | None = None

    class Media:
        js: ClassVar = [Script("evidence.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """As of other rows, without those that shall go."""
        if name in data:
            return super().value_from_datadict(data, files, name)
        left = data.copy()
        for number in range(self.MOST):
            if left.get(f"{name}-{number}-{REMOVE}"):
                for column in self.columns:
                    left.pop(f"{name}-{number}-{column}", None)
        return super().value_from_datadict(left, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        value = [row for row in value or [] if isinstance(row, dict)]
        context = super().get_context(name, value, attrs)
        widget, files = context["widget"], files_of(value, self.entity)
        rows = [*value, *[dict[str, str]() for _row in range(self.MORE)]]
        widget["rows"] = [
            self.row_context(name, number, cells, files.get(str(row.get("file", ""))))
            for number, (cells, row) in enumerate(zip(widget["rows"], rows, strict=True))
        ]
        widget |= {"accepted": ACCEPTED, "limit": largest_file(), "taken": TAKEN}
        if self.entity:
            widget |= {"used": used_by(self.entity), "room": room_of_an_entity()}
        return context

    def row_context(self, name: str, number: int, cells: list[Any], file: StoredFile | None) -> dict[str, Any]:
        """Return what the template shows of one row: its file, and its inputs by their columns."""
        inputs = dict(zip(self.columns, cells, strict=True))
        for column, cell in inputs.items():
            cell["label"] = self.columns[column].label
            cell["attrs"].pop("aria-label")  # a label is seen
        return {
            "prefix": f"{name}-{number}",
            "file": file,
            "file_input": inputs.pop("file"),
            "public": inputs.pop("public"),
            "words": list(inputs.values()),
        }

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-caption"  # the first that can be seen

    @property
    def numbers(self) -> set[str]:
        """What a row may be called."""
        return {str(number) for number in range(self.MOST)}

    def rendered_row(self, name: str, number: int, file: StoredFile) -> str:
        """Return one row as the form shows it, of a file that was just sent."""
        cells = self.cells(name, number, {"file": str(file.pk)})
        context = {"row": self.row_context(name, number, cells, file), "accepted": ACCEPTED}
        return render_to_string("widgets/evidence_row.html", context)


class EvidenceField(RowsField):
    """Files with caption, alternative text and rights holder. Set `entity`, whose files they have to be."""

    widget: EvidenceWidget

    def __init__(self, **options: Any) -> None:
        columns = {
            "file": forms.CharField(
                label=_("File"),
                widget=forms.HiddenInput,
                error_messages={"required": _("Choose a file, or empty what stands beside it.")},
            ),
            "caption": forms.CharField(label=_("Caption"), max_length=500, required=False),
            "alternative_text": forms.CharField(label=_("Alternative text"), max_length=500, required=False),
            "rights_holder": forms.CharField(label=_("Rights holder"), max_length=200, required=False),
            "public": forms.BooleanField(label=_("Everybody may see it"), required=False),
        }
        super().__init__(columns=columns, once=["file"], required=False, **options)
        self.widget = EvidenceWidget(columns)

    @property
    def entity(self) -> Entity | None:
        return self.widget.entity

    @entity.setter
    def entity(self, entity: Entity) -> None:
        self.widget.entity = entity

    def said(self, row: Any) -> str:
        """Return in words what a row says of its file."""
        words = [f"{self.columns[column].label}: {row[column]}" for column in WORDS if row.get(column)]
        return " · ".join([*words, *([str(self.columns["public"].label)] if row.get("public") else [])])

    def clean(self, value: Any) -> list[dict[str, Any]]:
        rows = super().clean(value)
        files = files_of(rows, self.entity)
        errors = []
        for number, row in enumerate(rows, start=1):
            file = row["file"] = files.get(row["file"])
            if file is None:
                errors.append(_("Row %(row)s: this file is not there any more. Choose it again.") % {"row": number})
            elif row["public"]:
                missing = [
                    str(self.columns[column].label)
                    for column in WORDS
                    if not row[column] and (column != "alternative_text" or file.is_picture)
                ]
                if missing:
                    said = _("“%(file)s” can be public when these are filled in: %(missing)s.")
                    errors.append(said % {"file": file, "missing": ", ".join(missing)})
        if errors:
            raise forms.ValidationError(errors)
        return rows


def files_of(rows: Any, entity: Entity | None) -> dict[str, StoredFile]:
    """Return the files that rows name, those of the entity, by what stands in the rows."""
    numbers = {str(row.get("file", "")) for row in rows or [] if isinstance(row, dict)}
    keys = {key: number for number in numbers if (key := key_of(number)) is not None}
    found = StoredFile.objects.filter(entity=entity, pk__in=keys) if keys else []
    return {keys[file.pk]: file for file in found}


def uploads_in(sent: QueryDict, files: "MultiValueDict[str, UploadedFile]", name: str) -> dict[str, UploadedFile]:
    """Return the files that a browser sent with a form, by the field of their row; further ones of a row get rows."""
    row = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-{UPLOAD}")
    taken = {int(found[1]) for key in sent if (found := re.match(rf"{re.escape(name)}-(\d{{1,3}})-", key))}
    uploads: dict[str, UploadedFile] = {}
    for key in files:
        if found := row.fullmatch(key):
            for place, file in enumerate(files.getlist(key)):
                number = int(found[1]) if place == 0 else max(taken, default=0) + 1
                taken.add(number)
                uploads[f"{name}-{number}-file"] = file
    return uploads


def rows_of(initiative: Initiative, update: Update | None = None) -> list[dict[str, str]]:
    """Return what stands in the record, as rows of the field."""
    return rows_of_many([initiative.pk], update)[initiative.pk]


def rows_of_many(initiatives: Collection[int], update: Update | None = None) -> dict[int, list[dict[str, str]]]:
    """Return what stands in each of these records, as rows of the field, by the id of the record."""
    rows: dict[int, list[dict[str, str]]] = {pk: [] for pk in initiatives}
    for evidence in Evidence.objects.filter(initiative__in=one_of(initiatives), update=update):
        rows[evidence.initiative_id or 0].append(row_of(evidence))
    return rows


def rows_of_updates(updates: Collection[int]) -> dict[int, list[dict[str, str]]]:
    """Return what stands in each of these updates, as rows of the field, by the id of the update."""
    rows: dict[int, list[dict[str, str]]] = {pk: [] for pk in updates}
    for evidence in Evidence.objects.filter(update__in=one_of(updates)):
        rows[evidence.update_id or 0].append(row_of(evidence))
    return rows


def row_of(evidence: Evidence) -> dict[str, str]:
    """Return what stands in the record of a file, as a row of the field."""
    return {
        "file": str(evidence.file_id),
        "caption": evidence.caption,
        "alternative_text": evidence.alternative_text,
        "rights_holder": evidence.rights_holder,
        "public": "on" if evidence.is_public else "",
    }


def apply_rows(
    rows: list[dict[str, Any]], *, initiative: Initiative, language: str, update: Update | None = None
) -> None:
    """Write the cleaned rows of the field into the record. What is said anew of a file is in the language given."""
    there = {evidence.file_id: evidence for evidence in initiative.evidence.filter(update=update)}
    wanted = {row["file"].pk for row in rows}
    Evidence.objects.filter(pk__in=[evidence.pk for key, evidence in there.items() if key not in wanted]).delete()
    for row in rows:
        said = {name: row[name] for name in WORDS}
        said["is_public"] = row["public"]
        evidence = there.get(row["file"].pk)
        if evidence is None:
            initiative.evidence.create(update=update, file=row["file"], language=language, **said)
        elif said != {name: getattr(evidence, name) for name in said}:
            for name, value in said.items():
                setattr(evidence, name, value)
            evidence.language = language
            evidence.save()


def kept(rows: list[dict[str, Any]], *, initiative: Initiative | None, language: str) -> list[Evidence]:
    """Return the files of cleaned rows as evidence of the initiative, or of results alone, added where it is not yet.

    What there is else stays. What is said anew of a file is in the language given.
    """
    of_these = Evidence.objects.filter(initiative=initiative, update=None, file__in=[row["file"] for row in rows])
    there = {evidence.file_id: evidence for evidence in of_these}
    found = []
    for row in rows:
        said = {name: row[name] for name in WORDS} | {"is_public": row["public"]}
        evidence = there.get(row["file"].pk) or Evidence(initiative=initiative, file=row["file"])
        if evidence.pk is None or said != {name: getattr(evidence, name) for name in said}:
            for name, value in said.items():
                setattr(evidence, name, value)
            evidence.language = language
            evidence.save()
        found.append(evidence)
    return found
