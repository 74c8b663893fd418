"""What people write into the pages of `reporting`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import UpdateState
from initiatives.queries import NOTHING_YET
from portal.common.languages import Language
from portal.common.periods import Period
from reporting.choices import FileFormat
from reporting.queries import Scope


class DeskFilter(forms.Form):
    """What a desk shows, from its address."""

    STATES = ((NOTHING_YET, _("nothing yet")), *UpdateState.choices)

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=200)
    period = forms.CharField(label=_("Period"), required=False, max_length=21)
    show = forms.ChoiceField(choices=Scope.choices, required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, periods: Sequence[Period], usual: Period) -> None:
        """Offer the periods, and the one that the address names; without one, the usual one is meant."""
        data = data.copy()
        data.setdefault("period", usual.code)
        super().__init__(data)
        choices = {period.code: str(period) for period in periods}
        try:
            named = Period.parse(data["period"])
            choices.setdefault(named.code, str(named))
        except ValueError:
            pass  # `clean_period` says so
        self.fields["period"].widget = forms.Select(choices=list(choices.items()))

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


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
