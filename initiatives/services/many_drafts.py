"""Changes of many records at once, each kept as the draft of its record: a fixed number of statements for a batch."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf, TextState, Variant
from initiatives.drafting import entity_texts, results, updates
from initiatives.drafting.initiatives import InitiativeForm, contents_of
from initiatives.models import Draft, Entity, Initiative, InitiativeText, Result
from initiatives.querysets import DraftQuerySet, InitiativeQuerySet
from initiatives.services.drafts import EDITABLE, KINDS, DraftNotEditable, InitiativeNotOpen
from portal.common.forms import RowsField
from portal.common.keys import one_of
from portal.common.languages import reader_language
from portal.common.merging import Choice, Value, choose, merge
from portal.common.periods import Period
from portal.models import User

Content = dict[str, Value]

#: What stands in the form before anybody wrote: of vocabularies nothing has to be there.
BLANK: Content = {
    name: [] if isinstance(one, RowsField | forms.MultipleChoiceField) else ""
    for name, one in InitiativeForm.base_fields.items()
}

CHANGED_MEANWHILE = _("Somebody changed the same meanwhile.")
BEGUN_MEANWHILE = _("A record of this title was begun meanwhile.")
TOLD_MEANWHILE = _("A result of this place and of days of this period was begun meanwhile.")
GONE = _("Its record or draft is not under way any more.")


@dataclass(frozen=True)
class Change:
    """What one writer makes of a record: `mine` on top of `base`, field by field; other fields stay as they are.

    It is of the record that is named, or of the draft of a new one; with neither, a new one is begun. An update is
    named by its initiative and period, an own text by the initiative that the entity has joined. A new result is one of
    its initiative, where that is told; why a result is corrected stands in `mine` as `why`.
    """

    base: Content
    mine: Content
    of: DraftOf = DraftOf.INITIATIVE
    initiative: int | None = None
    result: int | None = None
    draft: int | None = None
    period: Period | None = None
    chosen: Choice | None = None  # for each field that others changed too; None: the change is refused then


@dataclass(frozen=True)
class Kept:
    """What became of a change: the draft that holds it, or a sentence that tells why there is none."""

    draft: Draft | None = None
    is_new: bool = False  # whether anything was written
    refusal: Promise | str = ""


@dataclass
class _Subject:
    """What a change speaks of: its draft, or what one is begun with, and what it says now."""

    initiative: Initiative | None
    stands: Content
    draft: Draft | None = None
    begun: dict[str, Any] = field(default_factory=dict)  # facts of a draft that is begun
    refusal: Promise | str = ""
    title: str = ""  # of an update, own text or result: that of its initiative


@transaction.atomic
def keep_changes(
    changes: Sequence[Change], *, entity: Entity, user: User | None, why: str, now: dt.datetime
) -> list[Kept]:
    """Put each change into the draft of its record, which is begun where none is under way; return what became of each.

    No two of them speak of the same record. What is refused leaves the others as they are.
    """
    Entity.objects.select_for_update(no_key=True).get(pk=entity.pk)  # two who begin the same come one after the other
    # as `hold_open` holds one; in the order of their ids, so that two who hold several never wait for each other
    held = _about(changes, entity).select_for_update(no_key=True).order_by("pk")
    initiatives = {one.pk: one for one in held}
    own = {pk: one for pk, one in initiatives.items() if one.entity_id == entity.pk}
    drafts = Draft.objects.open().filter(entity=entity).select_for_update(no_key=True).order_by("pk")
    by_kind = {of: [change for change in changes if change.of == of] for of in DraftOf}
    subjects = _initiatives_of(by_kind[DraftOf.INITIATIVE], own, drafts)
    if of_updates := by_kind[DraftOf.UPDATE]:
        subjects |= _updates_of(of_updates, own, drafts, entity)
    if of_own_texts := by_kind[DraftOf.ENTITY_TEXT]:
        subjects |= _own_texts_of(of_own_texts, initiatives, drafts, entity)
    if of_results := by_kind[DraftOf.RESULT]:
        subjects |= _results_of(of_results, initiatives, drafts, entity)
    made, saved, kept = [], [], []
    for change in changes:
        subject = subjects[id(change)]
        content, clashed = _merged(change, subject)
        refusal = subject.refusal or _refusal(subject) or (CHANGED_MEANWHILE if clashed else "")
        draft = subject.draft
        if refusal:
            kept.append(Kept(refusal=refusal))
            continue
        if content == subject.stands:
            kept.append(Kept(draft))
            continue
        if draft is None:
            draft = Draft(entity=entity, initiative=subject.initiative, holder=user, begun_at=now, **subject.begun)
            made.append(draft)
        else:
            draft.edits += 1
            saved.append(draft)
        reason = why
        if change.of == DraftOf.RESULT:
            draft.why = str(content.pop("why"))
            reason = "" if draft.why else why
            title = results.called(content, subject.title)
        else:
            title = subject.title or str(content.get("title") or "")
        draft.content, draft.title = content, title[:400]
        draft.saved_by, draft.saved_at = user, now
        if reason and reason not in draft.why:
            draft.why = f"{draft.why}\n{reason}".strip()
        kept.append(Kept(draft, is_new=True))
    Draft.objects.bulk_create(made)
    Draft.objects.bulk_update(saved, ["content", "title", "edits", "saved_by", "saved_at", "why"], batch_size=100)
    return kept


def _about(changes: Sequence[Change], entity: Entity) -> InitiativeQuerySet:
    """Return the initiatives that the changes speak of, the entity's and those that it has joined."""
    reported = Result.objects.filter(pk__in=[change.result for change in changes if change.result])
    begun = Draft.objects.of_results().filter(pk__in=[change.draft for change in changes if change.draft])
    named = Q(pk__in=[change.initiative for change in changes if change.initiative])
    named |= Q(pk__in=reported.values("initiative")) | Q(pk__in=begun.values("initiative"))
    return Initiative.objects.written_for([entity]).filter(named)


def _initiatives_of(
    changes: Sequence[Change], initiatives: dict[int, Initiative], drafts: DraftQuerySet
) -> dict[int, _Subject]:
    """Return what each change speaks of, by its `id`."""
    drafts = drafts.filter(of=DraftOf.INITIATIVE)
    named = [change.initiative for change in changes if change.initiative in initiatives]
    of_records = {draft.initiative_id: draft for draft in drafts.filter(initiative__in=named)}
    of_new = drafts.filter(initiative=None).in_bulk([change.draft for change in changes if change.draft])
    contents = contents_of([initiatives[pk] for pk in named if pk and pk not in of_records])
    new = [change for change in changes if not (change.initiative or change.draft)]
    begun = set(drafts.filter(initiative=None).values_list("title", "content__kind")) if new else set()
    subjects: dict[int, _Subject] = {}
    for change in changes:
        subject = _Subject(None, BLANK, begun={"of": DraftOf.INITIATIVE})
        if change.initiative or change.draft:
            subject.initiative = initiatives.get(change.initiative or 0)
            draft = of_records.get(change.initiative) if change.initiative else of_new.get(change.draft or 0)
            subject.draft, subject.stands = draft, draft.content if draft else contents.get(change.initiative or 0, {})
            subject.begun["began_from"] = subject.stands
            subject.refusal = GONE if subject.initiative is None and draft is None else ""
        else:
            title = (str(change.mine.get("title") or ""), change.mine.get("kind"))
            subject.refusal = BEGUN_MEANWHILE if title in begun else ""
            begun.add(title)
        subjects[id(change)] = subject
    return subjects


def _updates_of(
    changes: Sequence[Change], initiatives: dict[int, Initiative], drafts: DraftQuerySet, entity: Entity
) -> dict[int, _Subject]:
    """Return what each change speaks of, by its `id`."""
    asked = {(change.initiative, change.period) for change in changes}
    known = {(pk, period) for pk, period in asked if pk in initiatives and period}
    stand = updates.standing_of(known, entity=entity, drafts=drafts)
    titles = original_titles({pk for pk, _period in known})
    subjects = {}
    for change in changes:
        initiative, period = initiatives.get(change.initiative or 0), change.period
        if initiative is None or period is None:
            subjects[id(change)] = _Subject(None, {}, refusal=GONE)
            continue
        found = stand[initiative.pk, period]
        facts = {"of": DraftOf.UPDATE, "period_start": period.start, "period_end": period.end, "update": found.update}
        facts["began_from"] = found.content if found.update else {}
        title = titles.get(initiative.pk, initiative.slug)
        subjects[id(change)] = _Subject(initiative, found.content, found.draft, facts, title=title)
    return subjects


def _own_texts_of(
    changes: Sequence[Change], initiatives: dict[int, Initiative], drafts: DraftQuerySet, entity: Entity
) -> dict[int, _Subject]:
    """Return what each change speaks of, by its `id`."""
    joined = {pk: one for pk, one in initiatives.items() if one.entity_id != entity.pk}
    stand = entity_texts.standing_of(list(joined), entity=entity, drafts=drafts)
    titles = original_titles(joined)
    subjects = {}
    for change in changes:
        initiative = joined.get(change.initiative or 0)
        if initiative is None:
            subjects[id(change)] = _Subject(None, {}, refusal=GONE)
            continue
        found = stand[initiative.pk]
        begun = {"of": DraftOf.ENTITY_TEXT, "began_from": found.content if found.text else {}}
        title = titles.get(initiative.pk, initiative.slug)
        subjects[id(change)] = _Subject(initiative, found.content, found.draft, begun, title=title)
    return subjects


def _results_of(
    changes: Sequence[Change], initiatives: dict[int, Initiative], drafts: DraftQuerySet, entity: Entity
) -> dict[int, _Subject]:
    """Return what each change speaks of, by its `id`."""
    drafts = drafts.of_results()
    asked = Result.objects.filter(entity=entity, pk__in=[change.result for change in changes if change.result])
    records = {one.pk: one for one in asked.select_for_update(no_key=True).order_by("pk")}
    corrections = {draft.result_id: draft for draft in drafts.filter(result__in=records)}
    of_new = drafts.filter(result=None).in_bulk([change.draft for change in changes if change.draft])
    contents = results.contents_of([one for pk, one in records.items() if pk not in corrections])
    titles = original_titles(initiatives)
    under_way = results.under_way_in(Draft.objects.open().of_results().filter(entity=entity))
    blank = results.BLANK | {"language": reader_language()}
    subjects: dict[int, _Subject] = {}
    for change in changes:
        subject = _Subject(None, {}, begun={"of": DraftOf.RESULT})
        about = change.initiative
        if change.result or change.draft:
            record = records.get(change.result or 0)
            subject.draft = corrections.get(change.result) if change.result else of_new.get(change.draft or 0)
            named: Any = subject.draft or record
            about = named.initiative_id if named else None
            stands = subject.draft.content if subject.draft else contents.get(change.result or 0, {})
            subject.begun |= {"result": record, "began_from": stands}
            subject.refusal = "" if named else GONE
        else:
            stands = blank
            if under_way.other_than(None, about, change.mine):
                subject.refusal = TOLD_MEANWHILE
            under_way.add(0, about, change.mine)
        subject.stands = stands | {"why": subject.draft.why if subject.draft else ""}
        subject.initiative = initiatives.get(about or 0)
        if about and subject.initiative is None:
            subject.refusal = GONE
        elif subject.initiative:
            subject.title = titles.get(subject.initiative.pk, subject.initiative.slug)
        subjects[id(change)] = subject
    return subjects


def original_titles(initiatives: Collection[int]) -> dict[int, str]:
    """Return the title in the language that it was written in of each of these records, by its id."""
    originals = InitiativeText.objects.filter(variant=Variant.GENERAL, state=TextState.ORIGINAL)
    return dict(originals.filter(initiative__in=one_of(initiatives)).values_list("initiative", "title"))


def _refusal(subject: _Subject) -> Promise | str:
    initiative, draft = subject.initiative, subject.draft
    if initiative and (initiative.merged_into_id or initiative.archived_at):
        return str(InitiativeNotOpen(initiative))
    if draft and draft.state not in EDITABLE:
        return DraftNotEditable.sentence
    return ""


def _merged(change: Change, subject: _Subject) -> tuple[Content, bool]:
    """Return what the record shall say, and whether others changed the same and nothing was chosen."""
    stands = subject.stands
    theirs = {name: value for name, value in stands.items() if name in change.base or name in change.mine}
    texts = KINDS[change.of].RICH_TEXTS
    settled, clashes = merge(base=change.base, mine=change.mine, theirs=theirs, texts=texts)
    if change.chosen is None:
        return stands | settled, bool(clashes)
    chosen = {name: choose(one, [change.chosen] * one.clashing) for name, one in clashes.items()}
    return stands | settled | chosen, False
