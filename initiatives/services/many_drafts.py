"""Changes of many records at once, each kept as the draft of its record: a fixed number of statements for a batch."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf
from initiatives.drafting.initiatives import RICH_TEXTS, InitiativeForm, contents_of
from initiatives.models import Draft, Entity, Initiative
from initiatives.services.drafts import EDITABLE, DraftNotEditable, InitiativeNotOpen, fill
from portal.common.forms import RowsField
from portal.common.merging import Choice, Value, choose, merge
from portal.models import User

Content = dict[str, Value]

#: What stands in the form before anybody wrote: of vocabularies nothing has to be there.
BLANK: Content = {
    name: [] if isinstance(field, RowsField | forms.MultipleChoiceField) else ""
    for name, field in InitiativeForm.base_fields.items()
}

CHANGED_MEANWHILE = _("Somebody changed the same meanwhile.")
BEGUN_MEANWHILE = _("A record of this title was begun meanwhile.")
GONE = _("Its record or draft is not under way any more.")


@dataclass(frozen=True)
class Change:
    """What one writer makes of a record: `mine` on top of `base`, field by field; other fields stay as they are."""

    base: Content
    mine: Content
    initiative: int | None = None  # neither: a new one is begun
    draft: int | None = None
    chosen: Choice | None = None  # for each field that others changed too; None: the change is refused then


@dataclass(frozen=True)
class Kept:
    """What became of a change: the draft that holds it, or a sentence that tells why there is none."""

    draft: Draft | None = None
    is_new: bool = False  # whether anything was written
    refusal: Promise | str = ""


@transaction.atomic
def keep_changes(
    changes: Sequence[Change], *, entity: Entity, user: User | None, why: str, now: dt.datetime
) -> list[Kept]:
    """Put each change into the draft of its record, which is begun where none is under way; return what became of each.

    No two of them speak of the same record. What is refused leaves the others as they are.
    """
    Entity.objects.select_for_update(no_key=True).get(pk=entity.pk)  # two who begin the same come one after the other
    held = Initiative.objects.filter(
        entity=entity, pk__in=[change.initiative for change in changes if change.initiative]
    )
    # as `hold_open` holds one; in the order of their ids, so that two who hold several never wait for each other
    initiatives = {one.pk: one for one in held.select_for_update(no_key=True).order_by("pk")}
    drafts = Draft.objects.open().filter(of=DraftOf.INITIATIVE, entity=entity)
    held_drafts = drafts.select_for_update(no_key=True).order_by("pk")
    of_records = {draft.initiative_id: draft for draft in held_drafts.filter(initiative__in=initiatives)}
    of_new = held_drafts.filter(initiative=None).in_bulk([change.draft for change in changes if change.draft])
    contents = contents_of([one for one in initiatives.values() if one.pk not in of_records])
    begun = set(drafts.filter(initiative=None).values_list("title", "content__kind"))
    made, saved, kept = [], [], []
    for change in changes:
        initiative = initiatives.get(change.initiative or 0)
        draft = of_records.get(change.initiative) if change.initiative else of_new.get(change.draft or 0)
        if change.initiative or change.draft:
            refusal = _refusal(initiative, draft)
            stands = draft.content if draft else contents.get(change.initiative or 0, {})
            content, clashed = _merged(change, stands)
            refusal = refusal or (CHANGED_MEANWHILE if clashed else "")
        else:
            stands, content = {}, BLANK | change.mine
            named = (str(content.get("title") or ""), content.get("kind"))
            refusal = BEGUN_MEANWHILE if named in begun else ""
            begun.add(named)
        if refusal:
            kept.append(Kept(refusal=refusal))
            continue
        if draft is None and content == stands:
            kept.append(Kept())
            continue
        if draft is None:
            draft = Draft(
                of=DraftOf.INITIATIVE,
                entity=entity,
                initiative=initiative,
                holder=user,
                began_from=stands,
                begun_at=now,
            )
            made.append(draft)
        elif content != stands:
            draft.edits += 1
            saved.append(draft)
        else:
            kept.append(Kept(draft))
            continue
        fill(draft, content)
        draft.saved_by, draft.saved_at = user, now
        if why and why not in draft.why:
            draft.why = f"{draft.why}\n{why}".strip()
        kept.append(Kept(draft, is_new=True))
    Draft.objects.bulk_create(made)
    Draft.objects.bulk_update(saved, ["content", "title", "edits", "saved_by", "saved_at", "why"], batch_size=100)
    return kept


def _refusal(initiative: Initiative | None, draft: Draft | None) -> Promise | str:
    if initiative is None and draft is None:
        return GONE
    if initiative and (initiative.merged_into_id or initiative.archived_at):
        return str(InitiativeNotOpen(initiative))
    if draft and draft.state not in EDITABLE:
        return DraftNotEditable.sentence
    return ""


def _merged(change: Change, stands: Content) -> tuple[Content, bool]:
    """Return what the record shall say, and whether others changed the same and nothing was chosen."""
    theirs = {name: value for name, value in stands.items() if name in change.base or name in change.mine}
    settled, clashes = merge(base=change.base, mine=change.mine, theirs=theirs, texts=RICH_TEXTS)
    if change.chosen is None:
        return stands | settled, bool(clashes)
    chosen = {name: choose(one, [change.chosen] * one.clashing) for name, one in clashes.items()}
    return stands | settled | chosen, False
