"""The administration: calls with their covers, and the layouts of submissions."""

from typing import Any, get_args, get_type_hints

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from initiatives.admin import Kept, WithHistory
from portal.common.forms import RichTextFormField
from reporting.compilation.snapshot import CoverLine, FrontBlock
from reporting.models import Call, CallCover, CallLetter, Layout, LayoutSection

COVER_STYLES = get_args(get_type_hints(CoverLine)["style"])
FRONT_KINDS = get_args(get_type_hints(FrontBlock)["kind"])


def check_blocks(blocks: Any, *, key: str, choices: tuple[str, ...], words: set[str], lists: set[str]) -> None:
    """Raise ValidationError where a block is not what compiling expects: the wrong form would fail there."""
    if not isinstance(blocks, list):
        raise ValidationError(_("This has to be a list, in square brackets."))
    for number, block in enumerate(blocks, start=1):
        place = {"number": number, "key": key}
        if not isinstance(block, dict) or block.get(key) not in choices:
            listed = ", ".join(choices)
            raise ValidationError(
                _("Entry %(number)s: “%(key)s” has to be one of %(listed)s.") % {**place, "listed": listed}
            )
        for name, value in block.items():
            right = name == key or (name in words and isinstance(value, str)) or (name in lists and _are_words(value))
            if not right:
                raise ValidationError(_("Entry %(number)s: “%(name)s” is not as expected.") % {**place, "name": name})


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


class CoverForm(forms.ModelForm):
    class Meta:
        model = CallCover
        fields = ["language", "dates_text", "lines"]

    def clean_lines(self) -> Any:
        lines = self.cleaned_data["lines"]
        check_blocks(lines, key="style", choices=COVER_STYLES, words={"text", "lead"}, lists=set())
        return lines


class LetterForm(forms.ModelForm):
    asks = RichTextFormField(
        label=_lazy("What it asks"),
        widget=AdminTextareaWidget,
        help_text=_lazy("A blank line ends a paragraph. Those who write for the period have it in view."),
    )

    class Meta:
        model = CallLetter
        fields = ["language", "state", "based_on", "asks"]


class Letters(admin.StackedInline):
    model = CallLetter
    form = LetterForm
    extra = 0


class Covers(admin.StackedInline):
    model = CallCover
    form = CoverForm
    extra = 0


@admin.register(Call)
class CallAdmin(WithHistory, Kept):
    list_display = ["slug", "session", "agenda_item", "state", "period_shown", "due_on"]
    list_filter = ["state", "session__body"]
    list_select_related = ["session"]
    search_fields = ["slug", "session__name"]
    autocomplete_fields = ["session", "owner"]
    written_once = ["slug"]
    inlines = [Letters, Covers]


class LayoutForm(forms.ModelForm):
    class Meta:
        model = Layout
        fields = "__all__"  # noqa: DJ007 - all of them make the layout

    def clean_front(self) -> Any:
        front = self.cleaned_data["front"]
        check_blocks(front, key="kind", choices=FRONT_KINDS, words={"text"}, lists={"entries"})
        return front


class LayoutSections(admin.StackedInline):
    model = LayoutSection
    extra = 0


@admin.register(Layout)
class LayoutAdmin(WithHistory, Kept):
    form = LayoutForm
    list_display = ["entity", "call", "heading_numbers"]
    list_filter = ["entity"]
    list_select_related = ["entity", "call__session"]
    autocomplete_fields = ["call", "entity"]
    written_once = ["call", "entity"]
    inlines = [LayoutSections]
