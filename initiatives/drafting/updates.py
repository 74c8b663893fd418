"""The draft of an update: what is told of the period, in the language that it was written in."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, DraftOf, Role, TextState, UpdateKind, Variant
from initiatives.drafting import evidence
from initiatives.drafting.evidence import EvidenceField
from initiatives.models import Draft, Entity, Initiative, Reference, Update, UpdateText
from initiatives.querysets import DraftQuerySet
from portal.common import richtext
from portal.common.forms import RichTextFormField
from portal.common.keys import one_of
from portal.common.languages import Language, reader_language
from portal.common.merging import Value
from portal.common.periods import Period
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
        wrong = wrong_paragraph(written) | wrong_report(written, follows=lambda: last_news(self.draft) is not None)
        for name, said in wrong.items():
            self.add_error(name, said)
        return written

    def further_fields(self) -> list[forms.BoundField]:
        """The fields beside the paragraph."""
        return [self[name] for name in FURTHER_FIELDS]

    def further_is_filled(self) -> bool:
        return any(field.value() for field in self.further_fields())


RICH_TEXTS = set(TEXT_FIELDS)


def wrong_paragraph(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong where news has no words, by field."""
    paragraph = written.get("paragraph")
    if written.get("kind") == UpdateKind.NEWS and paragraph is not None and not richtext.to_plain(paragraph):
        return {"paragraph": _("Write the paragraph that will be printed.")}
    return {}


def wrong_report(written: Mapping[str, Any], *, follows: Callable[[], bool]) -> dict[str, Any]:
    """Return what is wrong where there is no news, by field. `follows`: whether there was a paragraph before."""
    if written.get("kind") == UpdateKind.NOTHING and not written.get("reason"):
        return {"reason": _("Say why there is nothing to report.")}
    if written.get("kind") == UpdateKind.STILL_TRUE and not follows():
        return {"kind": _("Nothing was approved before that could still be true. Write what happened.")}
    return {}


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
    return contents_of([update])[update.pk]


def contents_of(updates: Collection[Update]) -> dict[int, dict[str, Value]]:
    """Return what stands in each of these records, by its id, in a fixed number of queries."""
    pks = [update.pk for update in updates]
    originals = UpdateText.objects.filter(update__in=one_of(pks), state=TextState.ORIGINAL)
    texts = {text.update_id: text for text in originals}
    files = evidence.rows_of_updates(pks)
    contents: dict[int, dict[str, Value]] = {}
    for update in updates:
        text = texts.get(update.pk)
        contents[update.pk] = {
            "kind": update.kind,
            "reason": update.reason,
            "language": text.language if text else reader_language(),
            **{name: getattr(text, name) if text else "" for name in TEXT_FIELDS},
            "public": sorted(update.public_fields),
            "evidence": files[update.pk],
        }
    return contents


def beginning(draft: Draft, kind: str, reason: str = "") -> dict[str, Value]:
    """Return what a new update begins with: what mostly stays the same comes from the last one."""
    last = last_news(draft)
    return _carried(content_of(last) if last else {}, kind) | {"reason": reason}


def _carried(last: Mapping[str, Value], kind: str) -> dict[str, Value]:
    return {
        "kind": kind,
        "reason": "",
        "language": last.get("language") or reader_language(),
        **{name: last.get(name, "") if name in CARRIED else "" for name in TEXT_FIELDS},
        "public": last.get("public", []),
        "evidence": [],
    }


@dataclass(frozen=True)
class Standing:
    """What an entity tells of an initiative for a period today: what is under way, else what is approved.

    Where there is neither, the content is what a new update begins with, of no kind yet.
    """

    content: dict[str, Value]
    draft: Draft | None = None
    update: Update | None = None  # without a draft
    follows: bool = False  # whether news of an earlier period could still be true; told of new ones alone


def standing_of(
    asked: Collection[tuple[int, Period]], *, entity: Entity, drafts: DraftQuerySet
) -> dict[tuple[int, Period], Standing]:
    """Return how each of these initiatives stands for a period, in a few queries for each period.

    `drafts` are the open ones to look among.
    """
    pks = {initiative for initiative, _period in asked}
    own: dict[str, Any] = {"entity": entity, "initiative__in": one_of(pks)}
    found_drafts, found = {}, {}
    for draft in drafts.filter(of=DraftOf.UPDATE, **own).order_by("pk"):
        assert draft.period_start  # as the constraint has it
        assert draft.period_end
        found_drafts[draft.initiative_id, Period(draft.period_start, draft.period_end)] = draft
    for update in Update.objects.filter(**own, period_start__in={period.start for _pk, period in asked}).order_by("pk"):
        found[update.initiative_id, Period(update.period_start, update.period_end)] = update
    contents = contents_of([found[key] for key in asked if key in found and key not in found_drafts])
    stand: dict[tuple[int, Period], Standing] = {}
    none_yet: dict[Period, list[int]] = {}
    for key in asked:
        if key in found_drafts:
            stand[key] = Standing(found_drafts[key].content, draft=found_drafts[key])
        elif key in found:
            stand[key] = Standing(contents[found[key].pk], update=found[key])
        else:
            none_yet.setdefault(key[1], []).append(key[0])
    for period, initiatives in none_yet.items():
        last = _last_news_of(initiatives, entity, period)
        carried = contents_of(list(last.values()))
        for pk in initiatives:
            content = _carried(carried[last[pk].pk] if pk in last else {}, "")
            stand[pk, period] = Standing(content, follows=pk in last)
    return stand


def _last_news_of(initiatives: Collection[int], entity: Entity, period: Period) -> dict[int, Update]:
    """Return by initiative what `news_before` finds for it before the end of the period."""
    told = Update.objects.with_paragraph().filter(initiative__in=one_of(initiatives), entity=entity)
    latest = told.filter(period_start__lt=period.end).order_by("initiative_id", "-period_start", "-pk")
    return {update.initiative_id: update for update in latest.distinct("initiative_id")}


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
