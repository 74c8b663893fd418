"""The draft of what a workplan says of itself: title, summary, the document that sets it out, and what it rests on."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.drafting.translated import TranslatedForm, words_of, write_words
from initiatives.models import Draft, Term, Workplan
from portal.common.forms import RowsField, SearchedChoices, day_input
from portal.common.merging import Value
from portal.common.saving import save_if_changed

CORE_FUNCTIONS = "core-functions"
WORDS = ["title", "summary"]
#: The columns of a workplan that stand in the form by their own names.
COLUMNS = ["edition", "symbol", "body", "adopted_on", "source"]
RICH_TEXTS: set[str] = set()
SUPERSEDED = _("Another edition has superseded this workplan, so it stays as it is. Write in that one.")


class PlanForm(TranslatedForm):
    """A form of what stands in a workplan, which changes as long as no other edition has superseded it."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft

    @property
    def heading(self) -> str:
        """What the page on which it is written is called."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        if Workplan.objects.filter(supersedes=self.draft.workplan).exists():
            self.add_error(None, SUPERSEDED)
        return super().clean()


class WorkplanForm(PlanForm):
    """What a workplan says of itself. Its address and its entity stay."""

    translated = WORDS

    title = forms.CharField(label=_("Title"), max_length=400)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-language-field": ""}),
        help_text=_("What the workplan is about, in some sentences."),
    )
    edition = forms.CharField(label=_("Edition"), max_length=40, help_text=_("As people call it: 2026."))
    symbol = forms.CharField(label=_("Symbol of the document that sets it out"), required=False, max_length=60)
    body = forms.CharField(label=_("Submitted to"), required=False, max_length=200)
    adopted_on = forms.DateField(label=_("Date"), required=False, widget=day_input())
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that sets it out."))
    mandates = RowsField(
        label=_("Mandates that it rests on"),
        required=False,
        columns={
            "symbol": forms.CharField(label=_("Symbol"), max_length=60),
            "what": forms.CharField(label=_("What it asked for or decided"), required=False, max_length=300),
        },
        once=["symbol"],
    )
    core_functions = forms.MultipleChoiceField(
        label=_("Core functions that it draws on"), required=False, widget=SearchedChoices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions: Any = self.fields["core_functions"]
        functions.choices = _core_functions

    @property
    def heading(self) -> str:
        assert self.draft.workplan  # as the constraint has it
        return gettext("Texts of the workplan, edition %(edition)s") % {"edition": self.draft.workplan.edition}


def _core_functions() -> list[tuple[str, str]]:
    return [(term.code, term.name) for term in Term.objects.filter(vocabulary__code=CORE_FUNCTIONS)]


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> WorkplanForm:
    """Return the form of the record that the draft is of."""
    return WorkplanForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Workplan | None:
    """Return the record as it is approved."""
    return draft.workplan


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: title and edition."""
    return " ".join(word for word in (str(content.get(name) or "") for name in ("title", "edition")) if word)


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def content_of(workplan: Workplan) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    content: dict[str, Any] = {name: str(getattr(workplan, name) or "") for name in COLUMNS}
    content["mandates"] = list(workplan.mandates.values("symbol", "what"))
    content["core_functions"] = sorted(workplan.core_functions.values_list("code", flat=True))
    return content | words_of(workplan.texts.all(), WORDS)


def apply(draft: Draft, form: WorkplanForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record. Needs a transaction."""
    assert draft.workplan  # as the constraint has it
    written, workplan = form.cleaned_data, draft.workplan
    save_if_changed(workplan, {name: written[name] for name in COLUMNS})
    write_words(workplan.texts, WORDS, written)
    workplan.core_functions.set(
        Term.objects.filter(vocabulary__code=CORE_FUNCTIONS, code__in=written["core_functions"])
    )
    workplan.mandates.exclude(symbol__in=[row["symbol"] for row in written["mandates"]]).delete()
    for order, row in enumerate(written["mandates"], 1):
        mandate = workplan.mandates.filter(symbol=row["symbol"]).first() or workplan.mandates.model(workplan=workplan)
        save_if_changed(mandate, {"order": order, **row})
