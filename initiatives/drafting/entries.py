"""The draft of an entry of a workplan: a tool or a phase of it, a role of governments, an outcome, an output."""

import datetime as dt
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from initiatives.choices import EntryKind
from initiatives.drafting.matrix import MatrixForm, code_for, named_by_code, place_of, put_in_place
from initiatives.drafting.partners import InitiativeField, names_of, readable_by, unknown_initiative
from initiatives.drafting.translated import words_of, write_words
from initiatives.models import Draft, ImpactArea, Initiative, WorkplanEntry
from portal.common.forms import judge_record
from portal.common.languages import reader_language
from portal.common.merging import Value

WORDS = ["name", "words"]
RICH_TEXTS: set[str] = set()
#: The columns of an entry that stand in the form by their own names.
COLUMNS = ["acronym", "phase_of", "printed_beside", "applies_to_all_areas", "initiative", "retired_because"]
#: Where an entry stands by itself; a phase stands with its tool.
_AREAS = ["applies_to_all_areas", "areas", "printed_beside"]


def _fields_left_out(kind: str) -> list[str]:
    """Return the fields that entries of a kind do not have."""
    of_phases = _AREAS if kind == EntryKind.PHASE else ["phase_of"]
    return of_phases if kind == EntryKind.TOOL else [*of_phases, "initiative"]


class EntryForm(MatrixForm):
    """A cell of the matrix. What kind it is, is said when it is begun, and stays."""

    translated = WORDS

    class Media:
        js: ClassVar = [Script("choices.js", defer=True)]

    kind = forms.ChoiceField(label=_("What it is"), choices=EntryKind.choices, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), required=False, max_length=300)
    acronym = forms.CharField(label=_("Acronym"), required=False, max_length=20)
    words = forms.CharField(
        label=_("Words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-language-field": ""}),
        help_text=_("As the document of the workplan has them."),
    )
    phase_of = forms.ChoiceField(label=_("Phase of"))
    initiative = InitiativeField(
        label=_("Record of the programme"),
        required=False,
        address="find_initiatives",
        max_length=450,
        help_text=_("For a tool that is a programme. Type some letters of the title, then choose."),
    )
    applies_to_all_areas = forms.BooleanField(label=_("It applies to all areas"), required=False)
    areas = forms.MultipleChoiceField(
        label=_("Areas that it applies to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    printed_beside = forms.ChoiceField(label=_("Area that it is printed beside"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.draft.entry:
            del self.fields["kind"]
        areas = cache(self._areas)
        choices: dict[str, Any] = {
            "areas": areas,
            "printed_beside": lambda: [("", _("none")), *areas()],
            "phase_of": cache(self._tools),
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        for name in _fields_left_out(self.of_kind):
            del self.fields[name]

    @property
    def of_kind(self) -> str:
        """What kind of entry the draft is of."""
        return self.draft.entry.kind if self.draft.entry else str(self.draft.content.get("kind") or "")

    @property
    def heading(self) -> str:
        words = gettext("Change an entry: %(kind)s") if self.draft.entry else gettext("New entry: %(kind)s")
        return words % {"kind": dict(EntryKind.choices).get(self.of_kind, "")}

    def _areas(self) -> list[tuple[str, str]]:
        return named_by_code(ImpactArea.objects.in_force().filter(workplan=self.draft.workplan))

    def _tools(self) -> list[tuple[str, Any]]:
        tools = WorkplanEntry.objects.in_force().filter(workplan=self.draft.workplan, kind=EntryKind.TOOL)
        return [("", _("Choose")), *named_by_code(tools)]

    # Judging

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = siblings_of(self._blank()).exclude(pk=self.draft.entry_id or 0)
        if name and others.filter(texts__name__iexact=name).exists():
            raise forms.ValidationError(_("The workplan has an entry of this kind and name already."))
        return name

    def clean_phase_of(self) -> WorkplanEntry | None:
        tools = WorkplanEntry.objects.filter(workplan=self.draft.workplan, kind=EntryKind.TOOL)
        found: WorkplanEntry | None = tools.filter(code=self.cleaned_data["phase_of"]).first()
        return found

    def clean_printed_beside(self) -> ImpactArea | None:
        return self._area_of(self.cleaned_data["printed_beside"])

    def clean_areas(self) -> list[ImpactArea]:
        return [area for code in self.cleaned_data["areas"] if (area := self._area_of(code))]

    def _area_of(self, code: str) -> ImpactArea | None:
        found: ImpactArea | None = ImpactArea.objects.filter(workplan=self.draft.workplan, code=code).first()
        return found

    def clean_initiative(self) -> Initiative | None:
        found: Initiative | None = self.cleaned_data["initiative"]
        stands = self.draft.entry.initiative if self.draft.entry else None
        readable = Initiative.objects.filter(readable_by(self.draft.entity))
        if found and found != stands and not readable.filter(pk=found.pk).exists():
            raise forms.ValidationError(unknown_initiative(f"i/{found.pk}"))
        return found

    def clean(self) -> dict[str, Any]:
        written = super().clean()
        if "name" not in self.errors and not written.get("name") and not written.get("words"):
            self.add_error("name", _("An entry needs a name or words."))
        if written.get("applies_to_all_areas") and written.get("areas"):
            self.add_error("areas", _("It applies to all areas already. Tick none of them, or not all."))
        if not self.errors:
            self._judge(written)
        return written

    def _judge(self, written: dict[str, Any]) -> None:
        """Judge it as it would be filed, in the place of the one that it changes."""
        entry = self.draft.entry
        self.entry = WorkplanEntry.objects.get(pk=entry.pk) if entry else self._blank()
        if entry is None:
            codes = siblings_of(self.entry, in_force=False).values_list("code", flat=True)
            words = written.get("acronym") or written.get("name") or ""
            self.entry.code = code_for(words, codes, else_named=self.of_kind.upper())
        for name in COLUMNS:
            if name in self.fields:
                setattr(self.entry, name, written[name])
        judge_record(self, self.entry)

    def _blank(self) -> WorkplanEntry:
        return WorkplanEntry(workplan=self.draft.workplan, kind=self.of_kind)


def siblings_of(entry: WorkplanEntry, *, in_force: bool = True) -> QuerySet[WorkplanEntry]:
    """Return the entries of the same kind in the workplan."""
    rows = WorkplanEntry.objects.in_force() if in_force else WorkplanEntry.objects.all()
    found: QuerySet[WorkplanEntry] = rows.filter(workplan=entry.workplan, kind=entry.kind)
    return found


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> EntryForm:
    """Return the form of the record that the draft is of."""
    return EntryForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> WorkplanEntry | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.entry


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: its name, else its words."""
    return str(content.get("name") or content.get("words") or "")


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning(kind: EntryKind) -> dict[str, Value]:
    """Return what a new one begins with."""
    return {"kind": kind.value, "language": reader_language()}


def content_of(entry: WorkplanEntry) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    content: dict[str, Value] = {
        "acronym": entry.acronym,
        "applies_to_all_areas": "on" if entry.applies_to_all_areas else "",
        "areas": sorted(area.code for area in entry.areas.all()),
        "printed_beside": entry.printed_beside.code if entry.printed_beside else "",
        "place": str(place_of(entry, siblings_of(entry))),
        "retired_because": entry.retired_because,
    }
    programme, owner = entry.initiative, entry.workplan.entity_id
    content["phase_of"] = entry.phase_of.code if entry.phase_of else ""
    content["initiative"] = names_of([programme], owner)[programme.pk] if programme else ""
    for name in _fields_left_out(entry.kind):
        del content[name]
    return content | words_of(entry.texts.all(), WORDS)


def apply(draft: Draft, form: EntryForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction."""
    written, entry = form.cleaned_data, form.entry
    entry.save()
    entry.areas.set(written.get("areas", []))
    put_in_place(entry, siblings_of(entry), written["place"])
    write_words(entry.texts, WORDS, written)
    draft.entry = entry
