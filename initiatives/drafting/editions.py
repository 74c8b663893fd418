"""The draft of a new edition of a workplan: what supersedes the one that is there, and what becomes of its indicators.

Approval copies areas, entries and indicators; results and targets stay with the indicators by which they were told.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiatives.choices import DraftState, Succession
from initiatives.drafting.indicators import CODE
from initiatives.models import Draft, ImpactArea, Indicator, Workplan
from portal.common.forms import day_input
from portal.common.languages import reader_language
from portal.common.merging import Value

RETIRED = "retired"
FATES = [
    (Succession.CONTINUES.value, _("carry it on, by the same definition")),
    (Succession.MAPS.value, _("reformulate it: another one takes its place")),
    (RETIRED, _("retire it")),
]


class EditionForm(forms.Form):
    """A new edition of the workplan that the draft names."""

    edition = forms.CharField(label=_("Edition"), max_length=40, help_text=_("As people call it: 2026."))
    slug = forms.SlugField(
        label=_("Address"),
        max_length=120,
        help_text=_("Small letters, digits and dashes, such as mic-2026. It stays for good."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    begins_on = forms.DateField(
        label=_("In force from"),
        widget=day_input(),
        help_text=_("From that day nothing is reported on the indicators of the edition before; their results stay."),
    )
    symbol = forms.CharField(
        label=_("Symbol of the document that sets it out"), required=False, max_length=60, widget=forms.TextInput()
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that sets it out."))

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.former = list(_former(draft))
        for indicator in self.former:
            self.fields |= _fields_of(indicator)

    def fates(self) -> list[tuple[Indicator, list[forms.BoundField]]]:
        """Return the indicators of the edition before, each with the fields that tell what becomes of it."""
        return [(one, [self[name] for name in _fields_of(one)]) for one in self.former]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Workplan.objects.filter(slug__iexact=slug).exists():
            raise forms.ValidationError(_("A workplan has this address already. Choose another one."))
        return slug

    def clean_begins_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["begins_on"]
        later = [one.code for one in self.former if one.results.filter(period_end__gt=day).exists()]
        if later:
            said = ngettext(
                "%(codes)s has results dated on that day or later. Choose a later day.",
                "%(codes)s have results dated on that day or later. Choose a later day.",
                len(later),
            )
            raise forms.ValidationError(said % {"codes": ", ".join(later)})
        return day

    def clean(self) -> dict[str, Any]:
        written, taken = self.cleaned_data, set()
        if Workplan.objects.filter(supersedes=self.draft.workplan).exists():
            self.add_error(None, _("Another edition has superseded this workplan already. Begin with that one."))
        for one in self.former:
            fate, code, why = (name_of(what, one) for what in ("fate", "code", "why"))
            if written.get(fate) != Succession.CONTINUES and not written.get(why):
                self.add_error(why, _("Say why it does not go on as it is."))
            if written.get(fate) == RETIRED or code in self.errors:
                continue
            new = str(written.get(code) or "")
            if not new:
                self.add_error(code, _("Give the indicator of the new edition a code of its own."))
            elif new.casefold() in taken or Indicator.objects.filter(code__iexact=new).exists():
                self.add_error(code, _("An indicator has this code already, and keeps it for good. Choose another."))
            taken.add(new.casefold())
        return written


RICH_TEXTS: set[str] = set()


def name_of(what: str, indicator: Indicator) -> str:
    """Return the name of a field of an indicator: `fate-12`."""
    return f"{what}-{indicator.pk}"


def _former(draft: Draft) -> Iterable[Indicator]:
    """Return the indicators of which it has to be said what becomes of them, or of which an approved draft said it."""
    if draft.state == DraftState.APPROVED:
        named = [name.removeprefix("fate-") for name in draft.content if name.startswith("fate-")]
        return Indicator.objects.filter(pk__in=named).prefetch_related("texts")
    return Indicator.objects.filter(workplan=draft.workplan, retired_on=None).prefetch_related("texts")


def _fields_of(indicator: Indicator) -> dict[str, forms.Field]:
    return {
        name_of("fate", indicator): forms.ChoiceField(label=_of(indicator, _("what becomes of it")), choices=FATES),
        name_of("code", indicator): forms.RegexField(
            CODE,
            label=_of(indicator, _("its code in the new edition")),
            required=False,
            max_length=30,
            error_messages={"invalid": _("Write letters, digits, dots and dashes, such as MIC-T1.")},
            widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        ),
        name_of("why", indicator): forms.CharField(
            label=_of(indicator, _("why it is reformulated or retired")), required=False, max_length=1000
        ),
    }


def _of(indicator: Indicator, words: Any) -> Any:
    """Name the indicator in the label of a field, which is read by itself among changes and errors."""
    return format_lazy("{code}: {words}", code=indicator.code, words=words)


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> EditionForm:
    """Return the form of the record that the draft is of."""
    return EditionForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Workplan | None:
    """Return the edition that the draft has begun; None before it is approved."""
    return draft.workplan if draft.state == DraftState.APPROVED else None


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: the title of the workplan, and the edition."""
    assert draft.workplan  # as the constraint has it
    text = draft.workplan.text_in(reader_language())
    return " ".join(word for word in (text.title if text else draft.workplan.slug, str(content.get("edition"))) if word)


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning(workplan: Workplan) -> dict[str, Value]:
    """Return what a new edition begins with: all goes on."""
    blank: dict[str, Value] = dict.fromkeys(("edition", "slug", "begins_on", "symbol", "source"), "")
    for one in _former(Draft(workplan=workplan)):
        blank |= {name_of("fate", one): Succession.CONTINUES.value, name_of("code", one): "", name_of("why", one): ""}
    return blank


def content_of(workplan: Workplan) -> dict[str, Value]:
    """Nothing: no draft of this kind changes an edition that is there."""
    return {}


def apply(draft: Draft, form: EditionForm, *, now: dt.datetime) -> None:
    """Copy the workplan, and let its indicators follow theirs or end. Needs a transaction."""
    assert draft.workplan  # as the constraint has it
    written, old = form.cleaned_data, draft.workplan
    facts = {"slug": written["slug"], "edition": written["edition"], "symbol": written["symbol"]}
    facts |= {"source": written["source"], "adopted_on": None, "supersedes_id": old.pk}
    new = _copy(old, **facts)
    new.core_functions.set(old.core_functions.all())
    _copy_all(old.texts, workplan_id=new.pk)
    _copy_all(old.mandates, workplan_id=new.pk)
    areas: dict[int | None, ImpactArea | None] = {None: None}
    for area in old.areas.in_force():
        copy = areas[area.pk] = _copy(area, workplan_id=new.pk)
        _copy_all(area.texts, area_id=copy.pk)
    _copy_entries(old, new, areas)
    for one in form.former:
        fate, why = written[name_of("fate", one)], written[name_of("why", one)]
        if fate != RETIRED:
            follows = {"supersedes_id": one.pk, "succession": fate, "code": written[name_of("code", one)]}
            _copy_indicator(one, new, areas, **follows)
        one.retired_on, one.retired_because = written["begins_on"], why
        one.save()
    draft.workplan = new


def _copy_entries(old: Workplan, new: Workplan, areas: dict[int | None, ImpactArea | None]) -> None:
    entries: dict[int | None, int | None] = {None: None}
    tools_first = old.entries.in_force().order_by(models.F("phase_of").asc(nulls_first=True), "pk")
    for entry in tools_first.prefetch_related(models.Prefetch("areas", ImpactArea.objects.in_force())):
        beside = areas.get(entry.printed_beside_id)
        copy = _copy(
            entry,
            workplan_id=new.pk,
            phase_of_id=entries[entry.phase_of_id],
            printed_beside_id=beside.pk if beside else None,
        )
        entries[entry.pk] = copy.pk
        copy.areas.set([areas[area.pk] for area in entry.areas.all()])
        _copy_all(entry.texts, entry_id=copy.pk)


def _copy_indicator(one: Indicator, new: Workplan, areas: dict[int | None, ImpactArea | None], **follows: Any) -> None:
    area = areas.get(one.area_id)
    copy = _copy(one, workplan_id=new.pk, area_id=area.pk if area else None, **follows)
    _copy_all(one.texts, indicator_id=copy.pk)
    for breakdown in one.breakdowns.all():
        _copy_all(breakdown.categories, breakdown_id=_copy(breakdown, indicator_id=copy.pk).pk)


def _copy_all(rows: Any, **changed: Any) -> None:
    for row in rows.all():
        _copy(row, **changed)


def _copy(row: Any, **changed: Any) -> Any:
    """File a row once more, with some columns changed. Revisions of texts stay, so what is stale stays so."""
    says = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row).objects.create(**says | changed)
