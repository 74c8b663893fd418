"""What people write into the pages of `reporting`."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DocumentKind, Level, Status, UpdateKind
from initiatives.drafting.initiatives import people_of
from initiatives.forms import told_period
from initiatives.models import Entity, Indicator, Initiative, Session
from initiatives.querysets import EntityQuerySet, IndicatorQuerySet
from initiatives.services.cells import Cell
from initiatives.services.initiatives import ReasonMissing
from portal.common.dates import DateRange
from portal.common.forms import DateTextField
from portal.common.languages import Language, reader_language
from portal.common.periods import Period
from portal.models import User
from reporting.choices import (
    FIGURES,
    Channel,
    ConflictChoice,
    FileFormat,
    IssueKind,
    ItemKind,
    PlanOutcome,
    TableRows,
)
from reporting.desk import LABELS
from reporting.models import Compilation, Item
from reporting.verification.files import LIMIT


class TellForm(forms.Form):
    """What a row of the desk tells of the period by a click."""

    TAKE_BACK = "take_back"

    kind = forms.ChoiceField(
        choices=[
            (UpdateKind.STILL_TRUE.value, UpdateKind.STILL_TRUE.label),
            (UpdateKind.NOTHING.value, UpdateKind.NOTHING.label),
            (TAKE_BACK, _("Take back")),
        ]
    )
    period = forms.CharField(max_length=21)
    reason = forms.CharField(
        label=_("Why there is nothing to report"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your entity alone reads it."),
    )

    def clean_period(self) -> Period:
        return told_period(self.cleaned_data["period"])

    def clean(self) -> None:
        if self.cleaned_data.get("kind") == UpdateKind.NOTHING and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Say why there is nothing to report."))


class RowForm(forms.Form):
    """The fields of an initiative that its row on the desk changes, without a draft being opened for the rest."""

    status = forms.ChoiceField(label=LABELS["status"], required=False)
    level = forms.ChoiceField(label=LABELS["level"], required=False)
    unit = forms.ChoiceField(label=LABELS["unit"], required=False)
    holder = forms.ChoiceField(label=LABELS["holder"], required=False, help_text=_("Who writes its updates."))
    deputy = forms.ChoiceField(label=LABELS["deputy"], required=False, help_text=_("Who writes meanwhile."))

    def __init__(self, *args: Any, initiative: Initiative, names: Sequence[str] = (), **kwargs: Any) -> None:
        """`names` are the fields, all of them where none is named."""
        super().__init__(*args, **kwargs)
        now = User.objects.filter(pk__in=[initiative.holder_id, initiative.deputy_id])  # also those who left
        people = [(str(person.pk), person.name) for person in people_of(initiative.entity) | now]
        offered: dict[str, list[tuple[str, Any]]] = {
            "status": [("", _("not known")), *Status.choices],
            "level": [("", _("not known")), *Level.choices],
            "unit": [("", _("none")), *((str(unit.pk), unit.name) for unit in initiative.entity.units.all())],
            "holder": [("", _("nobody yet")), *people],
            "deputy": [("", _("nobody")), *people],
        }
        for name in list(self.fields):
            if names and name not in names:
                del self.fields[name]
            else:
                self.fields[name].choices = offered[name]  # type: ignore[attr-defined]

    def cells(self) -> dict[str, Cell]:
        """Return what a valid form says, beside what its page had shown."""
        seen = {name: str(self.data.get(f"seen-{name}") or "") for name in self.fields}
        return {name: Cell(seen[name], self.cleaned_data[name]) for name in self.fields}


class OutcomeForm(forms.Form):
    """What became of a plan: when it was held, to when it was moved, or why it was dropped."""

    kind = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)
    when = DateTextField()
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    WHEN: ClassVar = {PlanOutcome.HELD: _("When was it held or done?"), PlanOutcome.MOVED: _("To when is it moved?")}
    NOTE: ClassVar = {PlanOutcome.DROPPED: _("Why is it dropped?")}

    def __init__(
        self,
        data: Any = None,
        *,
        kind: PlanOutcome,
        key: str,
        today: dt.date | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`key` tells the fields of several plans on one page apart; `today` is needed to judge what was sent."""
        super().__init__(data, auto_id=f"id_{key}_%s", initial={**(initial or {}), "kind": kind.value})
        self.outcome, self.today = kind, today
        if kind in self.WHEN:
            self.fields["when"].label = self.WHEN[kind]
            self.fields["when"].error_messages["required"] = _("Say when, as exact as you know it.")
            self.fields["when"].widget.attrs["autofocus"] = True
        else:
            del self.fields["when"]
            self.fields["note"].widget.attrs["autofocus"] = True
        self.fields["note"].label = self.NOTE.get(kind, _("Note"))
        self.fields["note"].required = kind == PlanOutcome.DROPPED
        self.fields["note"].error_messages["required"] = _("Say why it was dropped.")

    def clean_when(self) -> DateRange:
        """Refuse what cannot be: held on a day to come, moved to a day that is over."""
        when: DateRange = self.cleaned_data["when"]
        assert self.today
        if self.outcome == PlanOutcome.HELD and when.first > self.today:
            raise forms.ValidationError(_("This has not come yet. Say “moved” where it is planned for then."))
        if self.outcome == PlanOutcome.MOVED and when.after <= self.today:
            raise forms.ValidationError(_("This is over. Say “held” where it took place then."))
        return when


class CompileForm(forms.Form):
    """Which files of a submission to make."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"), choices=FileFormat.choices, widget=forms.CheckboxSelectMultiple, initial=FileFormat.values
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("A text without a version in it is printed in the language it was written in."),
    )


class ClearForm(forms.Form):
    """For which entity a text is cleared, and which text the person has read."""

    entity = forms.CharField(widget=forms.HiddenInput, max_length=20)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SealForm(forms.Form):
    """Which text is sealed."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(forms.Form):
    """Why a submission is returned or withdrawn, or a record is changed as a whole."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": ReasonMissing.sentence},
    )

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text


class AddressForm(forms.Form):
    """Another address for the page of an initiative."""

    slug = forms.CharField(
        label=_("Address"),
        help_text=_("Small letters, digits and hyphens, in any script. The address of today will lead to the new one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the new address.")},
    )


class DeliveryForm(forms.Form):
    """To whom the sealed files were sent, and how."""

    to_whom = forms.CharField(label=_("To whom"), max_length=300)
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, initial=Channel.EMAIL)
    sent_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class DecisionForm(forms.Form):
    """Which proposal to withdraw the person has read; the button that was pressed says what becomes of it."""

    proposal = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)


class LaterIssueForm(forms.Form):
    """What is opened: a corrigendum or a revision."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in (IssueKind.CORRIGENDUM, IssueKind.REVISION)])


@dataclass(frozen=True)
class CompilationName:
    """How an address names a compilation: `25/UNIDO/3`."""

    call: str
    slug: str
    number: int

    @classmethod
    def of(cls, compilation: Compilation) -> "CompilationName":
        submission = compilation.submission
        return cls(submission.call.slug, submission.slug, compilation.number)

    def __str__(self) -> str:
        return f"{self.call}/{self.slug}/{self.number}"


class CompareForm(forms.Form):
    """With which compilation to compare. An address may name one that the list does not offer."""

    _NAME = re.compile(r"([a-z0-9-]{1,20})/([A-Za-z0-9-]{1,60})/([0-9]{1,9})")

    def __init__(self, data: Any = None, *, offered: Sequence[Compilation], likely: Compilation | None = None) -> None:
        super().__init__(data, initial={"with": CompilationName.of(likely)} if likely else {})
        groups = itertools.groupby(offered, lambda compilation: str(compilation.submission))
        choices = [(group, [(str(CompilationName.of(one)), _offered(one)) for one in those]) for group, those in groups]
        self.fields["with"] = forms.CharField(
            label=_("Compare with"),
            widget=forms.Select(choices=choices),
            error_messages={"required": _("Choose the compilation to compare with.")},
        )

    def clean(self) -> dict[str, Any]:
        if "with" in self.cleaned_data:
            found = self._NAME.fullmatch(self.cleaned_data["with"])
            if found is None:
                raise forms.ValidationError({"with": _("Choose one of the compilations in the list.")})
            self.cleaned_data["with"] = CompilationName(found[1], found[2], int(found[3]))
        return self.cleaned_data


def _offered(compilation: Compilation) -> str:
    """Return how a list names a compilation: its number, when it was asked for, its seal."""
    parts = [
        _("Compilation %(number)s") % {"number": compilation.number},
        date_format(localtime(compilation.requested_at), "DATETIME_FORMAT"),
    ]
    if hasattr(compilation, "seal"):
        parts.append(str(compilation.seal))
    return " · ".join(map(str, parts))


class VerifiedFileForm(forms.Form):
    """A file to verify."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # `verify` says so
        error_messages={"required": _("Choose a file first."), "missing": _("Choose a file first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("DOCX, ODT, PDF, HTML, Markdown or JSON, up to %(limit)s.") % {
            "limit": filesizeformat(LIMIT)
        }


class VerifiedHashForm(forms.Form):
    """What somebody else has computed of a file, where the file itself must not leave their machine."""

    sha256 = forms.CharField(
        label=_("SHA-256 of a file, or fingerprint of a text"),
        help_text=_("64 digits, as your own computer gives them; then the file need not be sent."),
        max_length=200,
        error_messages={"required": _("Write the 64 digits first.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


class ImportForm(forms.Form):
    """A file of a former year, and what it is."""

    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": _("The file is empty. Choose another one."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=lambda: [(kind.value, capfirst(kind.label)) for kind in DocumentKind],
        initial=DocumentKind.SUBMISSION,
    )
    session = forms.ModelChoiceField(
        label=_("Session"),
        queryset=Session.objects.order_by("-year", "body", "-number"),
        required=False,
        empty_label=_("None: it is no submission"),
        help_text=_("To which the submission was sent. A call is made for it where there is none yet."),
    )
    language = forms.ChoiceField(label=_("Language of the document"), choices=Language.choices, initial="en")
    entities = forms.ModelMultipleChoiceField(
        label=_("Entities"),
        queryset=Entity.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose document it is; of a joint submission, all of them."),
        error_messages={"required": _("Choose whose document it is.")},
    )

    def __init__(self, *args: Any, entities: EntityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "DOCX, ODT, HTML, Markdown, plain text or PDF with text, up to %(limit)s."
        ) % {"limit": filesizeformat(LIMIT)}
        field = self.fields["entities"]
        field.queryset = entities.order_by("acronym")  # type: ignore[attr-defined]
        if len(alone := list(entities[:2])) == 1:
            field.initial = alone


class WorkbookForm(forms.Form):
    """A workbook or Word file that comes back, and whose it is."""

    file = forms.FileField(
        label=_("Workbook or Word file"),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": _("The file is empty. Choose another one."),
        },
    )
    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Entity"), to_field_name="code", empty_label=None)

    def __init__(self, *args: Any, entities: EntityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("XLSX or DOCX, up to %(limit)s.") % {"limit": filesizeformat(LIMIT)}
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]  # a ModelChoiceField has one
        if len(alone := list(entities[:2])) == 1:
            self.fields["entity"].initial = alone[0].code
            self.fields["entity"].widget = forms.HiddenInput()


class AcceptWorkbookForm(forms.Form):
    """Which rows of a workbook to take in, and why its records are changed."""

    only_good = forms.BooleanField(required=False, widget=forms.HiddenInput)
    conflicts = forms.ChoiceField(
        label=_("Rows in which others changed the same meanwhile"),
        choices=ConflictChoice.choices,
        initial=ConflictChoice.LEAVE,
        widget=forms.RadioSelect,
        required=False,
    )
    why = forms.CharField(
        label=_("Why the records are changed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept with each draft: whoever approves it reads it, and whoever looks at the history."),
    )

    def clean_conflicts(self) -> str:
        return self.cleaned_data["conflicts"] or ConflictChoice.LEAVE


class FiguresForm(forms.ModelForm):
    """A table or chart of indicators: which ones, for which years."""

    indicators = forms.MultipleChoiceField(
        label=_("Indicators"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a chart, one."),
        error_messages={"required": _("Choose the indicators: for a chart, one.")},
    )

    class Meta:
        model = Item
        fields = ["kind", "indicators", "first_year", "last_year", "rows", "heading"]
        widgets = {"kind": forms.RadioSelect, "rows": forms.RadioSelect}
        labels = {"kind": _("What it is"), "rows": _("Rows of a table"), "heading": _("Heading")}
        help_texts = {
            "last_year": _("Up to twelve years, up to six where each is a column."),
            "heading": _("May stay empty."),
        }

    def __init__(self, data: Any = None, *, instance: Item, offered: IndicatorQuerySet) -> None:
        super().__init__(data, instance=instance)
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.value, capfirst(kind.label)) for kind in FIGURES]
        rows: Any = self.fields["rows"]
        rows.choices = [(way.value, capfirst(way.label)) for way in TableRows]
        for name in ("first_year", "last_year"):
            self.fields[name].required = True
            self.fields[name].min_value = 1990  # type: ignore[attr-defined]
        known = Indicator.objects.filter(Q(pk__in=offered.values("pk")) | Q(code__in=instance.indicators))
        found = known.select_related("workplan").prefetch_related("texts", "workplan__texts")
        groups = itertools.groupby(found.order_by("workplan", "order", "code"), lambda one: one.workplan)
        language = reader_language()
        choices: Any = self.fields["indicators"]
        choices.choices = [
            (workplan.text_in(language) or workplan.slug, [(one.code, _named(one, language)) for one in those])
            for workplan, those in groups
        ]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        first, last = found.get("first_year"), found.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The last year cannot come before the first one."))
        if found.get("kind") == ItemKind.CHART and len(found.get("indicators", [])) > 1:
            self.add_error("indicators", _("A chart shows one indicator. Add another chart for the next one."))
        chosen = Indicator.objects.filter(code__in=found.get("indicators", []))
        if found.get("kind") == ItemKind.CHART and any(one.is_unit_pending for one in chosen):
            self.add_error("indicators", _("Its unit is pending, so no chart is drawn of it. Choose a table."))
        return found


def _named(indicator: Indicator, language: str) -> str:
    text = indicator.text_in(language)
    return f"{indicator.code} – {text.name if text else indicator.statement}"


class ChooseForRowForm(forms.Form):
    """What becomes of one row in conflict; empty: what becomes of all."""

    choice = forms.ChoiceField(choices=[("", "–"), *ConflictChoice.choices], required=False)
