"""The draft of what an entity that joined an initiative of another one says of it, in the language it is written in."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf, TextState
from initiatives.drafting import updates
from initiatives.models import Draft, Entity, EntityText, Reference
from initiatives.querysets import DraftQuerySet
from portal.common import richtext
from portal.common.forms import RichTextFormField
from portal.common.languages import Language, reader_language
from portal.common.merging import Value


class EntityTextForm(forms.Form):
    """What an entity does in a joint initiative. Title and facts are those of its owner."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    description = RichTextFormField(
        label=_("What your entity does in it"),
        required=False,
        help_text=_("It stands beside the description of the owner, under the name of your entity."),
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        offered = [(reference.pk, str(reference)) for reference in citable_for(draft)]
        self.fields["description"].widget.references = offered

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if _texts(self.draft).exclude(state=TextState.ORIGINAL).filter(language=language).exists():
            raise forms.ValidationError(_("There is a translation into this language already; write in another one."))
        return language

    def clean_description(self) -> str:
        description: str = self.cleaned_data["description"]
        if not richtext.to_plain(description):
            raise forms.ValidationError(_("Write what your entity does in this initiative."))
        return description


RICH_TEXTS = {"description"}


def form_for(draft: Draft, sent: Any = None, **options: Any) -> EntityTextForm:
    """Return the form of the record that the draft is of."""
    return EntityTextForm(sent, draft=draft, **options)


def _texts(draft: Draft) -> Any:
    return EntityText.objects.filter(initiative=draft.initiative, entity=draft.entity)


def record_of(draft: Draft) -> EntityText | None:
    """Return the text as it is approved; None where the draft begins it."""
    text: EntityText | None = _texts(draft).filter(state=TextState.ORIGINAL).first()
    return text


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called: it is found by the title of its initiative."""
    return updates.title_of(draft, content)


def content_of(text: EntityText) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    return {"language": text.language, "description": text.description}


def beginning() -> dict[str, Value]:
    """Return what a new text begins with."""
    return {"language": reader_language(), "description": ""}


@dataclass(frozen=True)
class Standing:
    """What an entity says of an initiative today: what is under way, else what is approved; or what it begins with."""

    content: dict[str, Value]
    draft: Draft | None = None
    text: EntityText | None = None


def standing_of(initiatives: Collection[int], *, entity: Entity, drafts: DraftQuerySet) -> dict[int, Standing]:
    """Return it for each of these initiatives, in two queries. `drafts` are the open ones to look among."""
    about = {"entity": entity, "initiative__in": initiatives}
    found = {draft.initiative_id: draft for draft in drafts.filter(of=DraftOf.ENTITY_TEXT, **about)}
    texts = {one.initiative_id: one for one in EntityText.objects.filter(state=TextState.ORIGINAL, **about)}
    stand = {}
    for pk in initiatives:
        draft, text = found.get(pk), texts.get(pk)
        content = draft.content if draft else content_of(text) if text else beginning()
        stand[pk] = Standing(content, draft, text)
    return stand


def citable_for(draft: Draft) -> list[Reference]:
    """Return what footnotes of the text may cite: references about its initiative, and those it cites already."""
    cited = richtext.cited_references(str(draft.content.get("description") or ""))
    found = Reference.objects.filter(initiative=draft.initiative) | Reference.objects.filter(pk__in=cited)
    return list(found.order_by("text", "title", "pk"))


def needs_no_review(draft: Draft) -> bool:
    return False


def apply(draft: Draft, form: EntityTextForm, *, now: dt.datetime) -> None:
    """Write what a valid form says. Needs a transaction."""
    text = record_of(draft) or EntityText(initiative=draft.initiative, entity=draft.entity)
    text.language, text.description = form.cleaned_data["language"], form.cleaned_data["description"]
    text.save()
