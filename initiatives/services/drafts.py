"""The life of a draft: begun, saved, submitted, returned or approved; or withdrawn, and reopened."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pghistory
from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from initiatives.choices import OPEN_DRAFTS, PLANNED, DraftOf, DraftState, EntryKind, Role, UpdateKind
from initiatives.drafting import (
    areas,
    editions,
    entity_texts,
    entries,
    indicators,
    initiatives,
    passages,
    results,
    targets,
    updates,
    workplans,
)
from initiatives.drafting.changes import changed_fields
from initiatives.models import (
    Draft,
    Entity,
    ImpactArea,
    Indicator,
    Initiative,
    JointInvitation,
    Passage,
    Result,
    Target,
    Update,
    Workplan,
    WorkplanEntry,
)
from initiatives.services.notifications import deciders_of, notify
from portal.common.errors import PersonError
from portal.common.forms import RichTextFormField, codes_in_order
from portal.common.history import events
from portal.common.merging import MergedField, Value, choose, merge
from portal.common.periods import Period
from portal.models import NotificationKind, User

#: What each kind of record needs: its form, what stands in it, how it is written, and what needs no review.
KINDS: dict[str, Any] = {
    DraftOf.INITIATIVE: initiatives,
    DraftOf.UPDATE: updates,
    DraftOf.ENTITY_TEXT: entity_texts,
    DraftOf.PASSAGE: passages,
    DraftOf.RESULT: results,
    DraftOf.TARGET: targets,
    DraftOf.INDICATOR: indicators,
    DraftOf.EDITION: editions,
    DraftOf.WORKPLAN: workplans,
    DraftOf.AREA: areas,
    DraftOf.ENTRY: entries,
}
EDITABLE = [DraftState.DRAFT, DraftState.RETURNED]
LARGEST = 500_000  # characters of one draft
TAKEN_BACK_WITHIN = dt.timedelta(days=1)


class DraftNotEditable(PersonError):
    sentence = _("This draft was submitted, approved or withdrawn meanwhile, so it cannot be changed here.")


class AnotherDraftOpen(DraftNotEditable):
    sentence = _("Another change of this record is under way already. Finish or withdraw that one first.")


class DraftNotSubmitted(PersonError):
    sentence = _("This draft does not wait for a decision any more.")


class DraftNotWithdrawn(PersonError):
    sentence = _("This draft is not withdrawn.")


class DraftTooLarge(PersonError):
    """What was sent is kept in the error alone: pages show it again, to be shortened."""

    sentence = _("This is more than 500,000 characters, the most that one draft holds. Shorten it, then save again.")

    def __init__(self, content: dict[str, Value]) -> None:
        super().__init__()
        self.content = content


class OwnDraftNeedsReason(PersonError):
    sentence = _("You wrote this yourself. Another person approves it, or you store a reason why you do.")


class NotToBeTakenBack(PersonError):
    sentence = _("This cannot be taken back any more. Open it, and change what it says.")


class InitiativeNotOpen(PersonError):
    """Nothing begins or is decided on a record that was merged into another one or archived."""

    def __init__(self, initiative: Initiative) -> None:
        if initiative.merged_into_id:
            self.sentence = _("This initiative was merged into another one. Write on that one.")
        else:
            self.sentence = _(
                "This initiative is archived. What was written is kept; a focal point can bring it back "
                "at “Address, merge, archive” of its page."
            )


class NotJoined(InitiativeNotOpen):
    """An entity writes about an initiative of another one as long as the invitation stands that it accepted."""

    def __init__(self, initiative: Initiative, entity: Entity) -> None:
        self.sentence = _(
            "This is no joint initiative of %(owner)s and %(entity)s, or not any more. What was written is kept; "
            "%(owner)s can invite %(entity)s at “Address, joint work, merge, archive” of its page."
        ) % {"owner": initiative.entity, "entity": entity}


class ReasonOfChangeMissing(PersonError):
    sentence = _("Say why what was approved is changed.")


class NoteMissing(PersonError):
    sentence = _("Say what should change before you return the draft.")


class NotOfTheEntity(PersonError):
    sentence = _("Choose a person who writes for the entity today.")


class NothingChanged(PersonError):
    sentence = _("Nothing differs from what is approved, so there is nothing to submit.")


class DraftChangedMeanwhile(PersonError):
    """Two people changed the same field: what each of them wrote, and what is settled. Nothing is saved."""

    sentence = _("Somebody saved this draft after you opened it, and changed the same as you. Choose what shall stand.")

    def __init__(
        self, current: Draft, settled: dict[str, Value] | None = None, clashes: dict[str, MergedField] | None = None
    ) -> None:
        super().__init__()
        self.current, self.settled, self.clashes = current, settled or {}, clashes or {}


class DraftIncomplete(PersonError):
    """What is missing or wrong: the form tells, field by field."""

    sentence = _("The draft is not complete yet.")

    def __init__(self, form: forms.Form) -> None:
        super().__init__()
        self.form = form


# What a draft holds


def form_of(draft: Draft) -> forms.Form:
    """Return the form of the record, to be judged by what stands in the draft."""
    form: forms.Form = KINDS[draft.of].form_for(draft, draft.content)
    return form


def shown_form_of(draft: Draft, content: dict[str, Any] | None = None) -> forms.Form:
    """Return the form to be filled in, unjudged: a draft need not be complete while it is written."""
    form: forms.Form = KINDS[draft.of].form_for(draft, initial=draft.content if content is None else content)
    return form


def content_sent(form: forms.Form, sent: Mapping[str, Any]) -> dict[str, Value]:
    """Return what a browser sent, by the fields of the form; texts cleaned, nothing else judged.

    Raises DraftTooLarge.
    """
    content: dict[str, Value] = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(sent, {}, name)
        if isinstance(field, forms.MultipleChoiceField):
            value = codes_in_order(value)
        elif isinstance(field, RichTextFormField):
            value = field.to_python(value)
        elif isinstance(value, bool):
            value = "on" if value else ""
        content[name] = _storable(value if isinstance(value, list) else str(value or ""))
    if sum(len(str(value)) for value in content.values()) > LARGEST:
        raise DraftTooLarge(content)
    return content


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL character and no half of a pair; nothing but text comes from a form."""
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


# Beginning


def begin_initiative(*, entity: Entity, content: dict[str, Value], user: User, now: dt.datetime) -> Draft:
    """Begin a new initiative of an entity. Who begins it holds it."""
    draft = Draft(of=DraftOf.INITIATIVE, entity=entity, holder=user, begun_at=now)
    return _write(draft, content, user, now)


@transaction.atomic
def begin_update(
    *,
    initiative: Initiative,
    entity: Entity,
    period: Period,
    user: User,
    now: dt.datetime,
    kind: str = UpdateKind.NEWS,
    reason: str = "",
) -> tuple[Draft, bool]:
    """Return the draft of the entity's new update for the period, and whether it is new: there is one at a time.

    It begins with what mostly stays the same since the last one. Raises InitiativeNotOpen, and NotJoined where the
    initiative is another entity's and no joint one.
    """
    about: dict[str, Any] = {"of": DraftOf.UPDATE, "initiative": hold_open(initiative.pk, entity), "entity": entity}
    about |= {"period_start": period.start, "period_end": period.end}
    if found := Draft.objects.open().filter(**about, update=None).first():
        return found, False
    draft = Draft(**about, holder=user, begun_at=now)
    return _write(draft, updates.beginning(draft, kind, reason), user, now), True


@transaction.atomic
def tell_still_true(*, initiative: Initiative, entity: Entity, period: Period, user: User, now: dt.datetime) -> Draft:
    """Put on record that what was approved last is still true, which nobody has to approve.

    Raises AnotherDraftOpen where somebody writes an update for the period, DraftIncomplete where nothing was approved
    before, InitiativeNotOpen and NotJoined: nothing is changed then.
    """
    kind = UpdateKind.STILL_TRUE
    draft, is_new = begin_update(initiative=initiative, entity=entity, period=period, user=user, now=now, kind=kind)
    if not is_new:
        raise AnotherDraftOpen
    return submit_draft(draft=draft, user=user, now=now)


def begin_passage(*, entity: Entity, content: dict[str, Value], user: User, now: dt.datetime) -> Draft:
    """Begin a new passage of an entity. Who begins it holds it."""
    return _write(Draft(of=DraftOf.PASSAGE, entity=entity, holder=user, begun_at=now), content, user, now)


@transaction.atomic
def carry_on_passage(*, passage: Passage, year: int, user: User, now: dt.datetime) -> Draft:
    """Return the draft of a new passage that begins with the words of a former one; one at a time."""
    current = Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
    new = Draft.objects.open().of_passages().filter(entity=current.entity_id, passage=None)
    if found := new.filter(content__follows=str(current.pk)).first():
        return found
    content = passages.beginning_from(current, year)
    return begin_passage(entity=current.entity, content=content, user=user, now=now)


@transaction.atomic
def begin_result(
    *, entity: Entity, initiative: Initiative | None, indicator: Indicator, period: str, user: User, now: dt.datetime
) -> Draft:
    """Begin a new result of an initiative, or without one what the entity reports directly.

    Raises InitiativeNotOpen, and NotJoined where the initiative is another entity's and no joint one.
    """
    about = hold_open(initiative.pk, entity) if initiative else None
    draft = Draft(of=DraftOf.RESULT, entity=entity, initiative=about, holder=user, begun_at=now)
    return _write(draft, results.beginning(indicator, period), user, now)


@transaction.atomic
def begin_target(*, indicator: Indicator, user: User, now: dt.datetime, former: Target | None = None) -> Draft:
    """Begin a baseline or target of an indicator, or return the one that the person has begun and not touched yet.

    `former` was set for the indicator that this one carries on: it is what the draft begins with.
    """
    blank = targets.beginning(former)
    begun = Draft.objects.open().of_targets().filter(indicator=indicator, holder=user, content=blank)
    if found := begun.first():
        return found
    about: dict[str, Any] = {"entity": indicator.owner, "workplan": indicator.workplan, "indicator": indicator}
    return _write(Draft(of=DraftOf.TARGET, **about, holder=user, begun_at=now), blank, user, now)


@transaction.atomic
def begin_indicator(*, workplan: Workplan, user: User, now: dt.datetime) -> Draft:
    """Begin a new indicator of a workplan, or return the one that the person has begun and not touched yet."""
    return _begin_row(DraftOf.INDICATOR, indicators.beginning(), workplan, user, now)


@transaction.atomic
def begin_edition(*, workplan: Workplan, user: User, now: dt.datetime) -> Draft:
    """Return the draft of the edition that shall supersede a workplan, a new one where none is under way."""
    current = Workplan.objects.select_for_update(no_key=True).get(pk=workplan.pk)
    if found := Draft.objects.open().of_editions().filter(workplan=current).first():
        return found
    about: dict[str, Any] = {"entity": current.entity, "workplan": current, "holder": user, "begun_at": now}
    return _write(Draft(of=DraftOf.EDITION, **about), editions.beginning(current), user, now)


@transaction.atomic
def begin_change_of_indicator(*, indicator: Indicator, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes an indicator, a new one where none is under way."""
    current = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    if found := Draft.objects.open().of_indicators().filter(indicator=current).first():
        return found
    about: dict[str, Any] = {"entity": current.owner, "workplan": current.workplan, "indicator": current}
    return _write_change(Draft(of=DraftOf.INDICATOR, **about), user, now)


@transaction.atomic
def begin_area(*, workplan: Workplan, user: User, now: dt.datetime) -> Draft:
    """Begin a new impact area of a workplan, or return the one that the person has begun and not touched yet."""
    return _begin_row(DraftOf.AREA, areas.beginning(), workplan, user, now)


@transaction.atomic
def begin_entry(*, workplan: Workplan, kind: EntryKind, user: User, now: dt.datetime) -> Draft:
    """Begin a new entry of a workplan, or return the one that the person has begun and not touched yet."""
    return _begin_row(DraftOf.ENTRY, entries.beginning(kind), workplan, user, now)


def _begin_row(of: DraftOf, blank: dict[str, Value], workplan: Workplan, user: User, now: dt.datetime) -> Draft:
    about: dict[str, Any] = {"of": of, "entity": workplan.entity, "workplan": workplan, "holder": user}
    if found := Draft.objects.open().filter(indicator=None, area=None, entry=None, content=blank, **about).first():
        return found
    return _write(Draft(**about, begun_at=now), blank, user, now)


@transaction.atomic
def begin_change_of_matrix(*, record: Workplan | ImpactArea | WorkplanEntry, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes what stands in a workplan, a new one where none is under way."""
    of, name = {
        Workplan: (DraftOf.WORKPLAN, "workplan"),
        ImpactArea: (DraftOf.AREA, "area"),
        WorkplanEntry: (DraftOf.ENTRY, "entry"),
    }[type(record)]
    current: Any = type(record)._default_manager.select_for_update(no_key=True).get(pk=record.pk)
    if found := Draft.objects.open().filter(of=of, **{name: current}).first():
        return found
    workplan = current if isinstance(current, Workplan) else current.workplan
    about: dict[str, Any] = {"entity": workplan.entity, "workplan": workplan} | {name: current}
    return _write_change(Draft(of=of, **about), user, now)


@transaction.atomic
def tell_nothing(
    *, initiative: Initiative, entity: Entity, period: Period, reason: str, user: User, now: dt.datetime
) -> Draft:
    """Hand in that there is nothing to report, and why. Raises as `tell_still_true`; DraftIncomplete without reason."""
    about: dict[str, Any] = {"initiative": initiative, "entity": entity, "period": period, "user": user, "now": now}
    draft, is_new = begin_update(**about, kind=UpdateKind.NOTHING, reason=reason.strip())
    if not is_new:
        raise AnotherDraftOpen
    return submit_draft(draft=draft, user=user, now=now)


def may_take_back(*, update: Update, user: User, now: dt.datetime) -> bool:
    """Whether the person may take back that all is still true: who said so, within a day, for nobody decided on it."""
    said = update.kind == UpdateKind.STILL_TRUE and update.decided_by_id is None and update.author_id == user.pk
    return said and now < update.decided_at + TAKEN_BACK_WITHIN


@transaction.atomic
def take_back_still_true(*, update: Update, user: User, now: dt.datetime) -> Draft:
    """Take back that all is still true: the update goes, the draft that made it is withdrawn. The history keeps both.

    Raises NotToBeTakenBack where it is too late, another person's, or somebody changes it already.
    """
    hold_open(update.initiative_id)
    current = Update.objects.select_for_update().filter(pk=update.pk).first()
    made = list(current.drafts.all()) if current else []
    if current is None or len(made) != 1 or not may_take_back(update=current, user=user, now=now):
        raise NotToBeTakenBack
    draft = made[0]
    draft.state, draft.update, draft.version, draft.decided_at = DraftState.WITHDRAWN, None, None, None
    draft.save()
    current.delete()
    return draft


@transaction.atomic
def begin_change(*, initiative: Initiative, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes an initiative, a new one where none is under way.

    Raises InitiativeNotOpen where it was merged or archived.
    """
    current = hold_open(initiative.pk)
    if found := Draft.objects.open().filter(of=DraftOf.INITIATIVE, initiative=current).first():
        return found
    return _write_change(Draft(of=DraftOf.INITIATIVE, entity=current.entity, initiative=current), user, now)


@transaction.atomic
def begin_entity_text(*, initiative: Initiative, entity: Entity, user: User, now: dt.datetime) -> Draft:
    """Return the draft of what an entity that joined the initiative says of it, a new one where none is under way.

    Raises InitiativeNotOpen and NotJoined.
    """
    current = hold_open(initiative.pk, entity)
    about: dict[str, Any] = {"of": DraftOf.ENTITY_TEXT, "initiative": current, "entity": entity}
    if found := Draft.objects.open().filter(**about).first():
        return found
    draft = Draft(**about)
    if entity_texts.record_of(draft):
        return _write_change(draft, user, now)
    draft.holder, draft.begun_at = user, now
    return _write(draft, entity_texts.beginning(), user, now)


@transaction.atomic
def begin_change_of_update(*, update: Update, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes an approved update, as `begin_change`."""
    initiative = hold_open(update.initiative_id, update.entity)
    if found := Draft.objects.open().of_updates().filter(update=update).first():
        return found
    period = {"period_start": update.period_start, "period_end": update.period_end}
    draft = Draft(of=DraftOf.UPDATE, entity=update.entity, initiative=initiative, update=update, **period)
    return _write_change(draft, user, now)


@transaction.atomic
def begin_change_of_passage(*, passage: Passage, user: User, now: dt.datetime) -> Draft:
    """Return the draft that changes an approved passage, a new one where none is under way."""
    current = Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
    if found := Draft.objects.open().of_passages().filter(passage=current).first():
        return found
    return _write_change(Draft(of=DraftOf.PASSAGE, entity=current.entity, passage=current), user, now)


@transaction.atomic
def begin_change_of_result(*, result: Result, user: User, now: dt.datetime) -> Draft:
    """Return the draft that corrects an approved result, as `begin_change`."""
    initiative = hold_open(result.initiative_id, result.entity) if result.initiative_id else None
    current = Result.objects.select_for_update(no_key=True).get(pk=result.pk)
    if found := Draft.objects.open().of_results().filter(result=current).first():
        return found
    draft = Draft(of=DraftOf.RESULT, entity=current.entity, initiative=initiative, result=current)
    return _write_change(draft, user, now)


def _write_change(draft: Draft, user: User, now: dt.datetime) -> Draft:
    draft.holder, draft.begun_at = user, now
    draft.began_from = _what_stands(draft)
    return _write(draft, draft.began_from, user, now)


def hold_open(pk: int, writer: Entity | None = None) -> Initiative:
    """Return the initiative, which nobody merges or archives until the end of the transaction.

    Nor does anybody end meanwhile that it is a joint one of its owner and the `writer`. Raises InitiativeNotOpen, and
    NotJoined where it is neither that entity's nor such a joint one.
    """
    # no other lock: rows that are written meanwhile refer to the initiative, and would wait for a stronger one
    held = Initiative.objects.select_for_update(no_key=True, of=("self",)).select_related("entity")
    initiative: Initiative = held.get(pk=pk)
    if initiative.merged_into_id or initiative.archived_at:
        raise InitiativeNotOpen(initiative)
    joined = JointInvitation.objects.joined().filter(initiative=initiative, entity=writer)
    if writer and writer != initiative.entity and not joined.exists():
        raise NotJoined(initiative, writer)
    return initiative


def _what_stands(draft: Draft) -> dict[str, Value]:
    """Return what the record says now; nothing where the draft begins it."""
    kind = KINDS[draft.of]
    record = kind.record_of(draft)
    return kind.content_of(record) if record else {}


def _write(draft: Draft, content: dict[str, Value], user: User, now: dt.datetime) -> Draft:
    fill(draft, content)
    draft.saved_by, draft.saved_at = user, now
    draft.save()
    return draft


def fill(draft: Draft, content: dict[str, Value]) -> None:
    draft.content = content
    draft.title = KINDS[draft.of].title_of(draft, content)[:400]


# Saving


@transaction.atomic
def save_draft(
    *, draft: Draft, content: dict[str, Value], edits: int, user: User, now: dt.datetime, why: str | None = None
) -> Draft:
    """Keep what was written, complete or not.

    `edits` is the number of saves that the writer's page had seen. Where there were more, what both changed apart is
    put together. Raises DraftChangedMeanwhile where both changed the same, and DraftNotEditable where it is not under
    way: nothing is changed then.
    """
    current = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if current.state not in EDITABLE:
        raise DraftNotEditable
    sent, sent_why = content, current.why if why is None else why.strip()
    why = why_with(draft=current, why=sent_why, edits=edits)
    if current.edits != edits and not (current.saved_by_id == user.pk and current.content == content):
        content, clashes = merged_with(draft=current, content=content, edits=edits)
        if clashes:
            raise DraftChangedMeanwhile(current, content, clashes)
    if (content, why) != (sent, sent_why) and not _saves_of(current, sent, sent_why).exists():
        # a save of its own: the page does not show what others wrote, so it goes on from what it sent
        current.why = sent_why
        current.edits += 1
        _write(current, sent, user, now)
    if (current.content, current.why) == (content, why):
        return current
    current.why = why
    current.edits += 1
    return _write(current, content, user, now)


def save_shown(*, draft: Draft, content: dict[str, Value], why: str) -> int:
    """Return the number of the save that a page goes on from which shows this and has just saved it.

    It is not the last one where others changed other places: they would be taken for changed back by the page.
    """
    shown = _saves_of(draft, content, why.strip()).last()
    return shown.edits if shown else draft.edits


def _saves_of(draft: Draft, content: dict[str, Value], why: str) -> QuerySet[Any]:
    return events(Draft, pgh_obj=draft, content=content, why=why)


def content_at(*, draft: Draft, edits: int) -> dict[str, Value] | None:
    """Return what stood in the draft after the save of that number; None where there was none such."""
    seen = events(Draft, pgh_obj=draft, edits=edits).last()
    return seen.content if seen else None


def merged_with(
    *, draft: Draft, content: dict[str, Value], edits: int
) -> tuple[dict[str, Value], dict[str, MergedField]]:
    """Merge what was written on top of an earlier save with what stands now: what is settled, and what clashes."""
    base = content_at(draft=draft, edits=edits)
    return merge(
        base=draft.began_from if base is None else base,
        mine=content,
        theirs=draft.content,
        texts=KINDS[draft.of].RICH_TEXTS,
    )


def why_with(*, draft: Draft, why: str, edits: int) -> str:
    """Return why it is changed, where others may have said so since: what two wrote apart stands one below the other.

    `edits` is as in `save_draft`.
    """
    why = why.strip()
    seen = events(Draft, pgh_obj=draft, edits=edits).last() if draft.edits != edits else None
    if seen is None or why == draft.why or draft.why == seen.why:
        return why
    return draft.why if why == seen.why else f"{draft.why}\n{why}".strip()


# Handing in and deciding


@transaction.atomic
def submit_draft(*, draft: Draft, user: User, now: dt.datetime) -> Draft:
    """Hand a draft to the focal points of its entity, and tell them who did. What needs no review is approved at once.

    Raises DraftIncomplete with the form that tells what is missing, ReasonOfChangeMissing and NothingChanged where it
    changes what is approved, DraftNotEditable where it was handed in already, InitiativeNotOpen where its record was
    merged or archived, and NotJoined where it is about an initiative of another entity and that joint work has ended.
    """
    current = _locked(draft)
    if current.state not in EDITABLE:
        raise DraftNotEditable
    if current.initiative_id:
        hold_open(current.initiative_id, current.entity)
    form = form_of(current)
    if not form.is_valid():
        raise DraftIncomplete(form)
    if not current.is_new:
        if not changed_fields(current):
            raise NothingChanged
        if not current.why:
            raise ReasonOfChangeMissing
    current.submitted_at = now
    if KINDS[current.of].needs_no_review(current):
        return _apply(current, form, None, now, "")
    current.state = DraftState.SUBMITTED
    current.decided_by = current.decided_at = None
    current.decision_note = ""
    current.save()
    notify(people=deciders_of(current.entity), kind=NotificationKind.SUBMITTED, about=current, by=user, now=now)
    return current


@transaction.atomic
def approve_draft(*, draft: Draft, edits: int, user: User, now: dt.datetime, reason: str = "") -> Draft:
    """Apply a submitted draft to its record, or make the record, and give the next number of its version.

    `edits` is the number of saves that the reviewer's page had seen. What changed in the record since the draft began
    stays where the draft does not touch it. Raises OwnDraftNeedsReason, DraftNotSubmitted, DraftChangedMeanwhile where
    it was saved again or the record changed in the same field (`bring_up_to_date` lets it go on), InitiativeNotOpen,
    NotJoined, and DraftIncomplete where the choices of the form have changed.
    """
    current = _decidable(draft, edits)
    if has_written(user, current) and not reason.strip():
        raise OwnDraftNeedsReason
    if current.initiative_id:
        hold_open(current.initiative_id, current.entity)
    if current.initiative_id is None:  # two of one name or place come one after the other, so the second is told
        Entity.objects.select_for_update(no_key=True).get(pk=current.entity_id)
    if current.of in PLANNED:  # no result comes meanwhile by a definition that changes or ends
        list(Indicator.objects.select_for_update(no_key=True).filter(workplan=current.workplan_id).order_by("pk"))
    if stands := _what_stands(current):
        content, clashes = _on_top_of(stands, current)
        if clashes:
            raise DraftChangedMeanwhile(current, content, clashes)
        current.content = content
    form = form_of(current)
    if not form.is_valid():
        raise DraftIncomplete(form)
    return _apply(current, form, user, now, reason)


def _apply(current: Draft, form: forms.Form, user: User | None, now: dt.datetime, reason: str) -> Draft:
    """Write what a valid form says into the record. Nobody decides on what needs no review."""
    _set_decision(current, DraftState.APPROVED, user, now, reason)
    kind = KINDS[current.of]
    with pghistory.context(draft=current.pk, change_reason=current.why):
        kind.apply(current, form, now=now)
    versions = kind.record_of(current).drafts.filter(of=current.of)
    current.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    return _decided(current, now)


def _on_top_of(stands: dict[str, Value], current: Draft) -> tuple[dict[str, Value], dict[str, MergedField]]:
    """Put what changed in the record since the draft began under what the draft changes."""
    return merge(base=current.began_from, mine=current.content, theirs=stands, texts=KINDS[current.of].RICH_TEXTS)


@transaction.atomic
def bring_up_to_date(*, draft: Draft) -> Draft:
    """Let a draft under way begin from what its record says now.

    What changed in the record alone comes into the draft. Where both changed the same, the draft keeps its own: who
    decides sees there what it would replace. Counts as a save where anything changed.
    """
    current = _locked(draft)
    stands = _what_stands(current)
    if current.state not in OPEN_DRAFTS or not stands:
        return current
    content, clashes = _on_top_of(stands, current)
    content |= {name: choose(field, ["mine"] * field.clashing) for name, field in clashes.items()}
    if (content, stands) != (current.content, current.began_from):
        fill(current, content)
        current.began_from = stands
        current.edits += 1
        current.save()
    return current


@transaction.atomic
def return_draft(*, draft: Draft, edits: int, user: User, now: dt.datetime, note: str) -> Draft:
    """Send a submitted draft back with a note. Raises NoteMissing, and otherwise as `approve_draft`."""
    if not note.strip():
        raise NoteMissing
    current = _decidable(draft, edits)
    _set_decision(current, DraftState.RETURNED, user, now, note)
    return _decided(current, now)


@transaction.atomic
def withdraw_draft(*, draft: Draft, user: User, now: dt.datetime) -> Draft:
    """Take a draft back from the desk; it can be reopened. Raises DraftNotEditable where it is not under way."""
    current = _locked(draft)
    if current.state not in OPEN_DRAFTS:
        raise DraftNotEditable
    people = concerned(current) + (deciders_of(current.entity) if current.state == DraftState.SUBMITTED else [])
    current.state = DraftState.WITHDRAWN
    current.save()
    notify(people=people, kind=NotificationKind.WITHDRAWN, about=current, by=user, now=now)
    return current


def reopen_draft(*, draft: Draft) -> Draft:
    """Go on with a withdrawn draft.

    Raises DraftNotWithdrawn, AnotherDraftOpen where another one is under way, InitiativeNotOpen where its record was
    merged or archived, and NotJoined.
    """
    try:
        with transaction.atomic():
            current = _locked(draft)
            if current.state != DraftState.WITHDRAWN:
                raise DraftNotWithdrawn
            if current.initiative_id:
                hold_open(current.initiative_id, current.entity)
            current.state = DraftState.DRAFT
            current.save()
    except IntegrityError as error:
        raise AnotherDraftOpen from error
    return current


@transaction.atomic
def hand_over_draft(*, draft: Draft, to: User, user: User, now: dt.datetime, reason: str = "") -> Draft:
    """Let another person of the entity hold a draft under way, and tell that person.

    Raises DraftNotEditable where it is decided or withdrawn, and NotOfTheEntity where the person cannot hold it.
    """
    current = _locked(draft)
    if current.state not in OPEN_DRAFTS:
        raise DraftNotEditable
    if not may_hold(current).filter(pk=to.pk).exists():
        raise NotOfTheEntity
    if current.holder != to:
        current.holder = to
        with pghistory.context(handover_reason=reason.strip()):
            current.save()
        notify(people=[to], kind=NotificationKind.ASSIGNMENT, about=current, by=user, now=now)
    return current


def may_hold(draft: Draft) -> QuerySet[User]:
    """Return to whom a draft may be handed: those who write records of its kind for its entity today."""
    return initiatives.people_of(draft.entity, roles=[Role.SECRETARIAT] if draft.of in PLANNED else initiatives.HOLDING)


def has_written(user: User, draft: Draft) -> bool:
    """Whether the person saved any version of the draft, not only the last one: its history tells."""
    return draft.saved_by_id == user.pk or events(Draft, pgh_obj=draft, saved_by=user).exists()


def concerned(draft: Draft) -> list[User | None]:
    """Return who holds the draft, and everybody who wrote on it."""
    writers = events(Draft, pgh_obj=draft).order_by("saved_by").values("saved_by").distinct()
    return [draft.holder, *User.objects.filter(pk__in=writers)]


def _locked(draft: Draft) -> Draft:
    held = Draft.objects.select_for_update(no_key=True, of=("self",))
    records = ("initiative", "update", "passage", "result", "workplan", "indicator", "target", "area", "entry")
    current: Draft = held.select_related("entity", *records, "saved_by").get(pk=draft.pk)
    return current


def _decidable(draft: Draft, edits: int) -> Draft:
    current = _locked(draft)
    if current.state != DraftState.SUBMITTED:
        raise DraftNotSubmitted
    if current.edits != edits:
        raise DraftChangedMeanwhile(current)
    return current


def _set_decision(current: Draft, state: DraftState, user: User | None, now: dt.datetime, note: str) -> None:
    current.state, current.decided_by, current.decided_at, current.decision_note = state, user, now, note.strip()


def _decided(current: Draft, now: dt.datetime) -> Draft:
    """Keep the decision, and tell of it; nobody but its writers made it where no review is needed."""
    current.save()
    by = current.decided_by or current.saved_by
    notify(people=concerned(current), kind=NotificationKind(current.state), about=current, by=by, now=now)
    return current
