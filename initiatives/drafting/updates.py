"""The draft of an update: what is told of the period, in the language that it was written in."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, Role, TextState, UpdateKind, Variant
from initiatives.drafting import evidence
from initiatives.drafting.evidence import EvidenceField
from initiatives.models import Draft, Entity, Initiative, Reference, Update
from portal.common import richtext
from portal.common.forms import RichTextFormField
from portal.common.languages import Language, reader_language
from portal.common.merging import Value
from portal.models import User

PARAGRAPH_WORDS = 150  # guidance, no limit: about the length of a WSIS Stocktaking entry, short enough to be read
TEXT_FIELDS = ["paragraph", *FURTHER_FIELDS]
#: What mostly stays the same from period to period; paragraph and results are those of one period.
CARRIED = ["obstacles", "lessons", "proposals", "outlook"]


class UpdateForm(forms.Form):
    """What is new about an initiative."""

    kind = forms.ChoiceField(
        label=_("What do you report?"), choices=UpdateKind.choices, widget=forms.RadioSelect, initial=UpdateKind.NEWS
    )
    reason = forms.CharField(
        label=_("Why there is nothing to report"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your entity alone reads it."),
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    paragraph = RichTextFormField(
        label=_("Paragraph for print"),
        required=False,
        word_limit=PARAGRAPH_WORDS,
        help_text=_("What happened, for whom and with which result, as it shall stand in the submission."),
    )
    results = RichTextFormField(label=_("Results"), required=False)
    obstacles = RichTextFormField(label=_("Obstacles"), required=False)
    lessons = RichTextFormField(label=_("Lessons"), required=False)
    proposals = RichTextFormField(label=_("Proposals to the Commission"), required=False)
    outlook = RichTextFormField(label=_("What is next"), required=False)
    public = forms.MultipleChoiceField(
        label=_("What everybody may read beside the paragraph"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is for your entity alone."),
    )
    evidence = EvidenceField(label=_("Photographs and documents"))

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["evidence"].entity = draft.entity  # type: ignore[attr-defined]  # an EvidenceField has one
        choices = [(name, self.fields[name].label) for name in FURTHER_FIELDS]
        self.fields["public"].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField has them
        offered = [(reference.pk, str(reference)) for reference in citable_for(draft)]
        for name in TEXT_FIELDS:
            self.fields[name].widget.references = offered

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if self.draft.update:
            translated = self.draft.update.texts.exclude(state=TextState.ORIGINAL)
            if translated.filter(language=language).exists():
                raise forms.ValidationError(
                    _("There is a translation into this language already; write in another one.")
                )
        return language

    def clean(self) -> dict[str, Any]:
        """Say what is missing: that depends on what is reported. Nobody else reads beside anything but news."""
        written = self.cleaned_data
        if written.get("kind") != UpdateKind.NEWS:
            written["public"] = []
        match written.get("kind"):
            case UpdateKind.NEWS if "paragraph" in written and not richtext.to_plain(written["paragraph"]):
                self.add_error("paragraph", _("Write the paragraph that will be printed."))
            case UpdateKind.NOTHING if not written.get("reason"):
                self.add_error("reason", _("Say why there is nothing to report."))
            case UpdateKind.STILL_TRUE if not last_news(self.draft):
                words = _("Nothing was approved before that could still be true. Write what happened.")
                self.add_error("kind", words)
        return written

    def further_fields(self) -> list[forms.BoundField]:
        """The fields beside the paragraph."""
        return [self[name] for name in FURTHER_FIELDS]

    def further_is_filled(self) -> bool:
        return any(field.value() for field in self.further_fields())


RICH_TEXTS = set(TEXT_FIELDS)


def form_for(draft: Draft, sent: Any = None, **options: Any) -> UpdateForm:
    """Return the form of the record that the draft is of."""
    return UpdateForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Update | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.update


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: it is found by the title of its initiative."""
    assert draft.initiative  # as the constraint has it
    text = draft.initiative.texts.filter(variant=Variant.GENERAL, state=TextState.ORIGINAL).first()
    return text.title if text else draft.initiative.slug


def content_of(update: Update) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    text = update.texts.filter(state=TextState.ORIGINAL).first()
    return {
        "kind": update.kind,
        "reason": update.reason,
        "language": text.language if text else reader_language(),
        **{name: getattr(text, name) if text else "" for name in TEXT_FIELDS},
        "public": sorted(update.public_fields),
        "evidence": evidence.rows_of(update.initiative, update),
    }


def beginning(draft: Draft, kind: str) -> dict[str, Value]:
    """Return what a new update begins with: what mostly stays the same comes from the last one."""
    last = last_news(draft)
    carried = content_of(last) if last else {}
    return {
        "kind": kind,
        "reason": "",
        "language": carried.get("language") or reader_language(),
        **{name: carried.get(name, "") if name in CARRIED else "" for name in TEXT_FIELDS},
        "public": carried.get("public", []),
        "evidence": [],
    }


def carried_over(draft: Draft) -> set[str]:
    """Return the fields of a new update that say the same as those of the last one: nobody has touched them yet."""
    last = last_news(draft) if draft.is_new else None
    words = content_of(last) if last else {}
    return {name for name in CARRIED if draft.content.get(name) and draft.content[name] == words.get(name)}


def last_news(draft: Draft) -> Update | None:
    """The latest approved update with a paragraph before the end of the period of the draft, but the one it changes."""
    assert draft.initiative  # as the constraint has it
    assert draft.period_end
    return news_before(draft.initiative, draft.entity, draft.period_end, but=draft.update_id)


def news_before(initiative: Initiative, entity: Entity, end: dt.date, *, but: int | None = None) -> Update | None:
    """The latest update with a paragraph that begins before the day."""
    told = Update.objects.with_paragraph().filter(initiative=initiative, entity=entity, period_start__lt=end)
    return (told.exclude(pk=but) if but else told).for_timeline().first()


def citable_for(draft: Draft) -> list[Reference]:
    """Return what footnotes of the update may cite: references about its initiative, and those it cites already."""
    htmls = [str(draft.content.get(name) or "") for name in TEXT_FIELDS]
    cited = {reference for html in htmls for reference in richtext.cited_references(html)}
    found = Reference.objects.filter(initiative=draft.initiative) | Reference.objects.filter(pk__in=cited)
    return list(found.order_by("text", "title", "pk"))


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in: that all is still true, where no files show more."""
    says_so = draft.content.get("kind") == UpdateKind.STILL_TRUE
    return draft.is_new and says_so and not draft.content.get("evidence")


def apply(draft: Draft, form: UpdateForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction.

    Who wrote and who approves stand in the draft.
    """
    written = form.cleaned_data
    assert draft.initiative  # as the constraint has it
    assert draft.period_start
    assert draft.period_end
    update = draft.update or Update(
        initiative=draft.initiative,
        entity=draft.entity,
        period_start=draft.period_start,
        period_end=draft.period_end,
    )
    update.kind, update.reason = written["kind"], written["reason"]
    update.public_fields = written["public"]
    update.author = draft.saved_by
    update.author_role = role_in(draft.saved_by, draft.entity) if draft.saved_by else ""
    update.decided_by, update.decided_at, update.decision_note = draft.decided_by, now, draft.decision_note
    update.save()
    _write_text(update, {name: written[name] for name in ("language", *TEXT_FIELDS)})
    evidence.apply_rows(written["evidence"], initiative=update.initiative, language=written["language"], update=update)
    draft.update = update


def _write_text(update: Update, said: dict[str, str]) -> None:
    text = update.texts.filter(state=TextState.ORIGINAL).first()
    if text is None:
        if any(said[name] for name in TEXT_FIELDS):
            update.texts.create(state=TextState.ORIGINAL, **said)
    elif said != {name: getattr(text, name) for name in said}:
        for name, value in said.items():
            setattr(text, name, value)
        text.save()


def role_in(user: User, entity: Entity) -> str:
    """The role under which a person writes for an entity, staff where there are several."""
    roles = user.memberships.filter(entity=entity).values_list("role", flat=True)
    return next((role for role in (Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT) if role in roles), "")
