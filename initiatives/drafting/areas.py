"""The draft of an impact area of a workplan: a row of its matrix."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.drafting.matrix import MatrixForm, code_for, place_of, put_in_place
from initiatives.drafting.translated import words_of, write_words
from initiatives.models import Draft, ImpactArea, Term
from portal.common.forms import judge_record
from portal.common.languages import reader_language
from portal.common.merging import Value

AREAS = "mic-areas"  # the vocabulary by which initiatives say what they work on
WORDS = ["name", "focus"]
RICH_TEXTS: set[str] = set()


class AreaForm(MatrixForm):
    """An area in which the workplan is to have an effect."""

    translated = WORDS

    name = forms.CharField(label=_("Name"), max_length=300)
    focus = forms.CharField(
        label=_("What it looks at"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-language-field": ""}),
        help_text=_("One subject a line."),
    )
    term = forms.ChoiceField(
        label=_("Term that initiatives of the area bear"),
        required=False,
        help_text=_("It leads from the area to its initiatives."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term: Any = self.fields["term"]
        term.choices = _terms

    @property
    def heading(self) -> str:
        return gettext("Change an impact area") if self.draft.area else gettext("New impact area")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = ImpactArea.objects.in_force().filter(workplan=self.draft.workplan).exclude(pk=self.draft.area_id or 0)
        if others.filter(texts__name__iexact=name).exists():
            raise forms.ValidationError(_("The workplan has an area of this name already."))
        return name

    def clean_term(self) -> Term | None:
        found: Term | None = Term.objects.filter(vocabulary__code=AREAS, code=self.cleaned_data["term"]).first()
        return found

    def clean(self) -> dict[str, Any]:
        written = super().clean()
        if not self.errors:
            self._judge(written)
        return written

    def _judge(self, written: dict[str, Any]) -> None:
        """Judge it as it would be filed, in the place of the one that it changes."""
        assert self.draft.workplan  # as the constraint has it
        if self.draft.area:
            self.area = ImpactArea.objects.get(pk=self.draft.area.pk)  # not the one that pages show beside
        else:
            self.area = ImpactArea(workplan=self.draft.workplan)
            codes = self.draft.workplan.areas.values_list("code", flat=True)
            self.area.code = code_for(written["name"], codes, else_named="AREA")
        self.area.term, self.area.retired_because = written["term"], written["retired_because"]
        judge_record(self, self.area)


def _terms() -> list[tuple[str, Any]]:
    terms = Term.objects.filter(vocabulary__code=AREAS).order_by("order", "name_en")
    return [("", _("none")), *((term.code, term.name) for term in terms)]


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> AreaForm:
    """Return the form of the record that the draft is of."""
    return AreaForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> ImpactArea | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.area


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: the name of the area."""
    return str(content.get("name") or "")


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning() -> dict[str, Value]:
    """Return what a new one begins with."""
    return {"language": reader_language()}


def content_of(area: ImpactArea) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    facts: dict[str, Value] = {
        "place": str(place_of(area, _in_order(area))),
        "term": area.term.code if area.term else "",
        "retired_because": area.retired_because,
    }
    return facts | words_of(area.texts.all(), WORDS)


def apply(draft: Draft, form: AreaForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction."""
    written, area = form.cleaned_data, form.area
    area.save()
    put_in_place(area, _in_order(area), written["place"])
    write_words(area.texts, WORDS, written)
    draft.area = area


def _in_order(area: ImpactArea) -> QuerySet[ImpactArea]:
    return ImpactArea.objects.in_force().filter(workplan=area.workplan)
