"""What people write into the pages of their account."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import ApiToken, NotificationKind, TokenScope, User

_ON_A_DATE = "date"


class SettingsForm(forms.ModelForm):
    """In which language a person is mailed, and what."""

    mailed = forms.MultipleChoiceField(
        label=_("Send me a mail when"),
        choices=NotificationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of it stands on your page of notifications. What happens within minutes comes in one mail."),
    )

    class Meta:
        model = User
        fields = ["language", "mailed"]
        labels = {"language": _("Language of mails")}


class TokenForm(forms.Form):
    """What a new token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text=_("What uses it, such as “Monday report”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=TokenScope.choices,
        initial=[TokenScope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
    )
    ends = forms.ChoiceField(
        label=_("How long it works"),
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), (_ON_A_DATE, _("until a date"))],
        initial="90",
        widget=forms.RadioSelect,
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For “until a date”: at the latest in a year."),
    )

    def clean(self) -> dict[str, Any]:
        written = self.cleaned_data
        on_a_date = written.get("ends") == _ON_A_DATE
        if on_a_date and not written.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Write the last day on which the token shall work."))
        return written

    @property
    def expires_at(self) -> dt.datetime:
        """The end of the last day; a date that no calendar goes on after is its own end."""
        written = self.cleaned_data
        if written["ends"] == _ON_A_DATE:
            last_day = min(written["ends_on"], dt.date.max - dt.timedelta(days=2))
        else:
            last_day = timezone.localdate() + dt.timedelta(days=int(written["ends"]))
        return timezone.make_aware(dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time()))
