"""The draft of an indicator: its words in several languages, and the rules by which its values make a total.

What results rest on stays once there are any: the form says so at each field, and what to do instead.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.db.models import Max, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiatives.choices import (
    UNITS,
    BreakdownKind,
    Measures,
    Rule,
    Scope,
    Succession,
    ValueKind,
)
from initiatives.drafting.matrix import named_by_code
from initiatives.drafting.translated import TranslatedForm, words_of, write_words
from initiatives.models import Breakdown, Category, Draft, ImpactArea, Indicator, Term
from portal.common.forms import RowsField, day_input, judge_record
from portal.common.languages import Language, direction, reader_language
from portal.common.merging import Value
from portal.common.saving import save_if_changed

Rows = list[dict[str, Any]]
CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z"
#: The columns of an indicator that stand in the form by their own names.
COLUMNS = [
    *("area", "statement", "statement_language", "value_kind", "measures", "since_on", "unit", "scope"),
    *("across_periods", "across_places", "may_repeat", "supersedes", "succession", "retired_on"),
    *("retired_because", "source"),
]
WORDS = ["name", "method"]
#: The column of a breakdown or category for each column of the form that holds a name.
_NAMED = {"name": "name_en"} | {f"name_{one}": f"name_{one}" for one in Language.values if one != Language.ENGLISH}
#: The field that each constraint is about.
_ABOUT = {
    "what_is_since_a_start_says_which": "since_on",
    "what_is_named_is_counted_once": "across_periods",
    "only_what_is_new_is_added_up": "across_periods",
    "shares_have_no_total": "across_places",
    "successor_says_how_it_follows": "succession",
    "indicator_supersedes_another": "supersedes",
}


def _names() -> dict[str, forms.Field]:
    """Return the columns of a name in six languages: `name` in English, which nobody leaves out, and `name_fr`, ..."""

    def column(language: str, label: Any) -> forms.Field:
        widget = forms.TextInput(attrs={"lang": language, "dir": direction(language)})
        return forms.CharField(label=label, max_length=400, required=language == Language.ENGLISH, widget=widget)

    columns = {"name": column(Language.ENGLISH, _("Name in English"))}
    for language, own in Language.choices:
        if language != Language.ENGLISH:
            label = format_lazy("{label} ({language})", label=_("Name"), language=own)
            columns[f"name_{language}"] = column(language, label)
    return columns


class IndicatorForm(TranslatedForm):
    """How an indicator is defined. Its code names one definition for good, so only a new one is given a code."""

    code = forms.RegexField(
        CODE,
        label=_("Code"),
        max_length=30,
        help_text=_("Letters, digits, dots and dashes. It is part of the address, and stays for good."),
        error_messages={"invalid": _("Write letters, digits, dots and dashes, such as MIC-T1.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    area = forms.ChoiceField(label=_("Impact area"), required=False)
    statement = forms.CharField(
        label=_("Statement as printed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "data-language-field": ""}),
        help_text=_("Word for word as the document of the workplan has it."),
    )
    statement_language = forms.ChoiceField(label=_("Language of the statement"), choices=Language.choices)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that sets it out."))
    translated = WORDS
    name = forms.CharField(label=_("Name"), max_length=300, help_text=_("To read: what is counted, in plain words."))
    method = forms.CharField(
        label=_("Method"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How it is measured, and what a total means and does not mean."),
    )
    value_kind = forms.ChoiceField(label=_("A value is"), choices=[("", _("Choose")), *ValueKind.choices])
    measures = forms.ChoiceField(label=_("It measures"), choices=[("", _("Choose")), *Measures.choices])
    since_on = forms.DateField(
        label=_("Start"), required=False, widget=day_input(), help_text=_("Only for “all since a stated start”.")
    )
    unit = forms.ChoiceField(
        label=_("Unit"), required=False, help_text=_("While it is pending each result says its own, without a total.")
    )
    settles_unit = forms.BooleanField(
        label=_("The unit is settled, also for the results that there are"), required=False
    )
    scope = forms.ChoiceField(label=_("Scope"), choices=Scope.choices)
    across_periods = forms.ChoiceField(
        label=_("Several periods"),
        choices=[("", _("Choose")), *Rule.choices],
        help_text=_("How their values make one."),
    )
    across_places = forms.ChoiceField(
        label=_("Several places"), choices=[("", _("Choose")), *Rule.choices], help_text=_("How their values make one.")
    )
    may_repeat = forms.BooleanField(
        label=_("It may count one firm or job twice"),
        required=False,
        help_text=_("The same one may be reported by two initiatives or in two years; its totals say so."),
    )
    breakdowns = RowsField(
        label=_("Breakdowns"),
        required=False,
        columns={
            "code": forms.RegexField(CODE, label=_("Code"), max_length=30),
            "kind": forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *BreakdownKind.choices]),
            **_names(),
        },
        once=["code"],
        help_text=_(
            "Such as sex, or substances. Parts stand in one result; of kinds side by side each has results. "
            "Where a language has no name, readers see the English one."
        ),
    )
    categories = RowsField(
        label=_("Categories of the breakdowns"),
        required=False,
        columns={
            "breakdown": forms.CharField(label=_("Breakdown (code)"), max_length=30),
            "code": forms.RegexField(CODE, label=_("Code"), max_length=40),
            **_names(),
        },
        once=["breakdown", "code"],
    )
    supersedes = forms.ChoiceField(label=_("Supersedes"), required=False)
    succession = forms.ChoiceField(
        label=_("How it follows that one"), required=False, choices=[("", "–"), *Succession.choices]
    )
    retired_on = forms.DateField(
        label=_("Retired from"),
        required=False,
        widget=day_input(),
        help_text=_("From that day nothing is reported on it; its results stay."),
    )
    retired_because = forms.CharField(
        label=_("Why it is retired"), required=False, max_length=1000, help_text=_("Everybody reads it with the day.")
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        if draft.indicator:
            del self.fields["code"]
        fields: Any = self.fields
        fields["area"].choices = cache(self._areas)
        fields["unit"].choices = cache(_units)
        fields["supersedes"].choices = cache(self._others)

    def _areas(self) -> list[tuple[str, Any]]:
        stands = Q(pk=self.draft.indicator.area_id) if self.draft.indicator else Q(pk__in=[])
        offered = ImpactArea.objects.filter(Q(retired_because="") | stands, workplan=self.draft.workplan)
        return [("", _("All areas")), *named_by_code(offered)]

    def _others(self) -> list[tuple[str, Any]]:
        others = Indicator.objects.filter(owner=self.draft.entity).exclude(pk=self.draft.indicator_id or 0)
        return [("", _("none")), *((code, code) for code in others.values_list("code", flat=True))]

    @property
    def asks_to_settle(self) -> bool:
        """Whether results wait for the unit, so that it is asked for what becomes of them."""
        indicator = self.draft.indicator
        return indicator is not None and indicator.is_unit_pending and indicator.results.exists()

    # Judging

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Indicator.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("An indicator has this code already, and keeps it for good. Choose another."))
        return code

    def clean_area(self) -> ImpactArea | None:
        found: ImpactArea | None = ImpactArea.objects.filter(
            workplan=self.draft.workplan, code=self.cleaned_data["area"]
        ).first()
        return found

    def clean_unit(self) -> Term | None:
        found: Term | None = Term.objects.filter(vocabulary__code=UNITS, code=self.cleaned_data["unit"]).first()
        return found

    def clean_supersedes(self) -> Indicator | None:
        found: Indicator | None = Indicator.objects.filter(code=self.cleaned_data["supersedes"] or None).first()
        return found

    def clean_retired_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["retired_on"]
        if day and self.draft.indicator:
            later = self.draft.indicator.results.filter(period_end__gt=day).count()
            if later:
                said = ngettext(
                    "%(count)s result is dated on that day or later. Choose a later day.",
                    "%(count)s results are dated on that day or later. Choose a later day.",
                    later,
                )
                raise forms.ValidationError(said % {"count": later})
        return day

    def clean(self) -> dict[str, Any]:
        written = super().clean()
        if {"breakdowns", "categories"} <= written.keys():
            self._judge_categories(written["breakdowns"], written["categories"])
        if written.get("retired_on") and not written.get("retired_because"):
            self.add_error("retired_because", _("Say why it is retired."))
        if not self.errors:
            self._judge(written)
        return written

    def _judge(self, written: dict[str, Any]) -> None:
        """Judge it as it would be filed, in the place of the one that it changes."""
        draft = self.draft
        if draft.indicator:
            self.indicator = Indicator.objects.get(pk=draft.indicator.pk)  # not the one that pages show beside
        else:
            order = Indicator.objects.filter(workplan=draft.workplan).aggregate(last=Max("order"))["last"] or 0
            self.indicator = Indicator(
                workplan=draft.workplan, owner=draft.entity, code=written["code"], order=order + 1
            )
        for name in COLUMNS:
            setattr(self.indicator, name, written[name])
        judge_record(self, self.indicator, _ABOUT)
        if self.asks_to_settle and written.get("unit") and not written["settles_unit"]:
            self.add_error("settles_unit", self.what_settling_does())

    def what_settling_does(self) -> str:
        """Say what becomes of the results that there are when the unit is settled."""
        assert self.draft.indicator
        count = self.draft.indicator.results.filter(value__isnull=False).count()
        words = ngettext(
            "%(count)s result has a value: from the approval on it counts in totals, charts and files. "
            "Tick it to go on.",
            "%(count)s results have a value: from the approval on they count in totals, charts and files. "
            "Tick it to go on.",
            count,
        )
        return words % {"count": count}

    def _judge_categories(self, breakdowns: Rows, categories: Rows) -> None:
        """Judge what belongs to no breakdown, and what results or targets name already."""
        kinds = {row["code"]: row["kind"] for row in breakdowns}
        if list(kinds.values()).count(BreakdownKind.SIDE_BY_SIDE) > 1:
            self.add_error("breakdowns", _("An indicator has one breakdown into kinds side by side at most."))
        for code in {row["breakdown"] for row in categories} - kinds.keys():
            self.add_error("categories", _("“%(code)s” is none of the breakdowns above.") % {"code": code})
        for code in kinds.keys() - {row["breakdown"] for row in categories}:
            self.add_error("categories", _("The breakdown “%(code)s” has no categories.") % {"code": code})
        if self.draft.indicator is None:
            return
        stay = {(row["breakdown"], row["code"]) for row in categories}
        for one in _named_already(self.draft.indicator):
            if (one.breakdown.code, one.code) not in stay:
                said = _("Results or targets name “%(category)s”, so it stays.")
                self.add_error("categories", said % {"category": one})
        stood = dict(self.draft.indicator.breakdowns.values_list("code", "kind"))
        if _side_by_side(stood) != _side_by_side(kinds) and self.draft.indicator.results.exists():
            self.add_error(
                "breakdowns", _("Results were reported without these kinds, or by them: they stay as they are.")
            )


RICH_TEXTS: set[str] = set()


def _units() -> list[tuple[str, Any]]:
    units = Term.objects.filter(vocabulary__code=UNITS).order_by("order", "name_en")
    return [("", _("pending")), *((unit.code, unit.name) for unit in units)]


def _side_by_side(kinds: Mapping[str, str]) -> list[str]:
    return [code for code, kind in kinds.items() if kind == BreakdownKind.SIDE_BY_SIDE]


def _named_already(indicator: Indicator) -> list[Category]:
    """Return the categories that results or targets name."""
    own = Category.objects.filter(breakdown__indicator=indicator).select_related("breakdown")
    named = Q(results__isnull=False) | Q(parts__isnull=False) | Q(targets__isnull=False)
    return list(own.filter(named).distinct())


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> IndicatorForm:
    """Return the form of the record that the draft is of."""
    return IndicatorForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Indicator | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.indicator


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: code and name."""
    code = draft.indicator.code if draft.indicator else str(content.get("code") or "")
    return " ".join(word for word in (code, str(content.get("name") or "")) if word)


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning() -> dict[str, Value]:
    """Return what a new one begins with."""
    language = reader_language()
    return {"language": language, "statement_language": language, "scope": Scope.EVERYWHERE.value}


def content_of(indicator: Indicator) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    breakdowns = list(indicator.breakdowns.prefetch_related("categories"))
    content: dict[str, Any] = {
        name: getattr(indicator, name)
        for name in ("statement", "statement_language", "value_kind", "measures", "scope", "succession", "source")
    }
    content |= {name: getattr(indicator, name) for name in ("across_periods", "across_places", "retired_because")}
    content |= {name: str(getattr(indicator, name) or "") for name in ("since_on", "retired_on")}
    content |= {
        "area": indicator.area.code if indicator.area else "",
        "unit": indicator.unit.code if indicator.unit else "",
        "supersedes": indicator.supersedes.code if indicator.supersedes else "",
        "settles_unit": "",
        "may_repeat": "on" if indicator.may_repeat else "",
        "breakdowns": [{"code": one.code, "kind": one.kind} | _names_of(one) for one in breakdowns],
        "categories": [
            {"breakdown": breakdown.code, "code": one.code} | _names_of(one)
            for breakdown in breakdowns
            for one in breakdown.categories.all()
        ],
    }
    return content | words_of(indicator.texts.all(), WORDS)


def _names_of(row: Breakdown | Category) -> dict[str, str]:
    """Return the names as the columns of the form hold them."""
    return {column: getattr(row, named) for column, named in _NAMED.items()}


def apply(draft: Draft, form: IndicatorForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction."""
    written, indicator = form.cleaned_data, form.indicator
    indicator.save()
    write_words(indicator.texts, WORDS, written)
    _write_breakdowns(indicator, written["breakdowns"], written["categories"])
    draft.indicator = indicator


def _write_breakdowns(indicator: Indicator, breakdowns: Rows, categories: Rows) -> None:
    codes = [row["code"] for row in breakdowns]
    indicator.breakdowns.exclude(code__in=codes).delete()
    for told in breakdowns:
        breakdown = indicator.breakdowns.filter(code=told["code"]).first() or Breakdown(
            indicator=indicator, code=told["code"]
        )
        save_if_changed(breakdown, {"kind": told["kind"]} | _columns_of(told))
        own = [row for row in categories if row["breakdown"] == breakdown.code]
        breakdown.categories.exclude(code__in=[row["code"] for row in own]).delete()
        for order, row in enumerate(own, 1):
            category = breakdown.categories.filter(code=row["code"]).first() or Category(
                breakdown=breakdown, code=row["code"]
            )
            save_if_changed(category, {"order": order} | _columns_of(row))


def _columns_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names of a row of the form by the columns of the record."""
    return {named: row[column] for column, named in _NAMED.items()}
