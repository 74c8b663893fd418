"""The draft of a baseline or target: what is aimed at for a year, and why. Approval adds a row and changes none."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.choices import BreakdownKind, Succession, TargetKind
from initiatives.drafting.results import NumberField
from initiatives.models import Category, Draft, Indicator, Target
from portal.common.decimals import digits
from portal.common.merging import Value

FIRST_YEAR, LAST_YEAR = 1990, 2100  # as the constraint has them


class TargetForm(forms.Form):
    """A baseline or target of the indicator that the draft names."""

    kind = forms.ChoiceField(label=_("What it is"), choices=TargetKind.choices)
    category = forms.ChoiceField(
        label=_("For which kind"),
        required=False,
        help_text=_("They stand side by side, so each has targets of its own."),
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )
    value = NumberField(label=_("Value"), required=False)
    takes_back = forms.BooleanField(
        label=_("Take back what was said for this year"),
        required=False,
        help_text=_("Then there is none for the year, and no value is given here."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        help_text=_("Where it comes from, or why it changes. Everybody reads it beside the value."),
        error_messages={"required": _("Say why this is the target.")},
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.kinds = _kinds_of(draft)
        offered: Any = self.fields["category"]
        offered.choices = [("", _("Choose")), *((one.code, one.name) for one in self.kinds)]
        if draft.indicator and draft.indicator.unit:
            self.fields["value"].help_text = str(draft.indicator.unit)

    def clean(self) -> dict[str, Any]:
        written = self.cleaned_data
        takes_back = written.get("takes_back")
        if takes_back and written.get("value") is not None:
            self.add_error("value", _("Give a value, or take back what was said: one of the two."))
        elif not takes_back and written.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Give a value, or tick that what was said is taken back."))
        if not self.errors:
            self._judge(written)
        return written

    def _judge(self, written: dict[str, Any]) -> None:
        self.target = Target(
            indicator=self.draft.indicator,
            kind=written["kind"],
            category=next((one for one in self.kinds if one.code == written["category"]), None),
            year=written["year"],
            value=written["value"],
            reason=written["reason"],
        )
        try:
            self.target.full_clean(exclude=["set_by", "set_at"])
        except ValidationError as refused:
            self.add_error(None, refused)
            return
        stands = _in_force(self.target)
        if stands is None and written["takes_back"]:
            self.add_error("takes_back", _("Nothing was said for this year, so there is nothing to take back."))
        elif stands and stands.value == self.target.value:
            self.add_error("value", _("This is what holds already."))


RICH_TEXTS: set[str] = set()


def _kinds_of(draft: Draft) -> list[Category]:
    assert draft.indicator  # as the constraint has it
    return draft.indicator.categories_of(BreakdownKind.SIDE_BY_SIDE)


def _in_force(target: Target) -> Target | None:
    """Return what holds for the indicator, kind, category and year."""
    about = {"indicator": target.indicator_id, "kind": target.kind, "year": target.year}
    return Target.objects.in_force().filter(**about, category=target.category_id).first()


def stands(draft: Draft) -> Target | None:
    """Return what holds today where the draft says something else; for an approved draft nothing."""
    year, code = str(draft.content.get("year") or ""), draft.content.get("category")
    if draft.target or not re.fullmatch("[0-9]{4}", year):
        return None
    category = next((one for one in _kinds_of(draft) if one.code == code), None)
    kind = str(draft.content.get("kind") or "")
    return _in_force(Target(indicator=draft.indicator, kind=kind, category=category, year=int(year)))


def left_behind(indicator: Indicator) -> list[Target]:
    """Return what holds for the indicator that this one carries on, where nothing was said of it here.

    Nothing where this one takes the place of another by another definition: its values measure something else.
    """
    if indicator.succession != Succession.CONTINUES:
        return []
    said = {_about(target) for target in indicator.targets.select_related("category")}
    kinds = {one.code for one in indicator.categories_of(BreakdownKind.SIDE_BY_SIDE)}
    former = Target.objects.in_force().filter(indicator=indicator.supersedes).select_related("category", "indicator")
    return [
        target
        for target in former.order_by("-kind", "year", "pk")
        if _about(target) not in said and (target.category is None or target.category.code in kinds)
    ]


def _about(target: Target) -> tuple[str, str, int]:
    return target.kind, target.category.code if target.category else "", target.year


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> TargetForm:
    """Return the form of the record that the draft is of."""
    return TargetForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Target | None:
    """Return the row that the draft added; None before it is approved."""
    return draft.target


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: indicator, year and value."""
    assert draft.indicator  # as the constraint has it
    words = [draft.indicator.code, *(str(content.get(name) or "") for name in ("category", "year"))]
    value = str(content.get("value") or "")
    return " ".join(word for word in words if word) + (f": {value}" if value else "")


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning(former: Target | None = None) -> dict[str, Value]:
    """Return what a new one begins with: nothing, or what was set for the indicator that this one carries on."""
    blank: dict[str, Value] = dict.fromkeys(("category", "year", "value", "takes_back", "reason"), "")
    if former is None:
        return {"kind": TargetKind.TARGET.value} | blank
    kind, category, year = _about(former)
    assert former.value is not None  # it is in force
    reason = gettext("As set for %(code)s: %(reason)s") % {"code": former.indicator.code, "reason": former.reason}
    said: dict[str, Value] = {"kind": kind, "category": category, "year": str(year), "value": digits(former.value)}
    return blank | said | {"reason": reason}


def content_of(target: Target) -> dict[str, Value]:
    """Nothing: no draft changes a row that is there."""
    return {}


def apply(draft: Draft, form: TargetForm, *, now: dt.datetime) -> None:
    """Add what a valid form says. Needs a transaction. Who approved it stands in the draft."""
    form.target.set_by, form.target.set_at = draft.saved_by, now
    form.target.save(force_insert=True)
    draft.target = form.target
