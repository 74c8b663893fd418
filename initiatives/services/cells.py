"""Single fields of an initiative, changed from a table: facts in its draft, who holds it at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf
from initiatives.drafting.initiatives import people_of
from initiatives.models import Draft, Initiative
from initiatives.services.drafts import begin_change, hold_open, save_draft
from initiatives.services.notifications import notify
from portal.common.errors import PersonError
from portal.models import NotificationKind, User

FACTS = ["status", "level"]  # public: a draft holds them until somebody approves it
ARRANGEMENTS = ["unit", "holder", "deputy"]  # inside the entity: they hold at once


@dataclass(frozen=True)
class Cell:
    """What a person wrote into a field, as forms have it, and what the page of the person had shown there."""

    seen: str
    value: str


class CellChangedMeanwhile(PersonError):
    """Others changed the same fields: what stands in them now, by name. Nothing is saved."""

    sentence = _("Somebody changed this after you opened it. Choose what shall stand, then save again.")

    def __init__(self, stands: dict[str, str]) -> None:
        super().__init__()
        self.stands = stands


class NotOfTheEntity(PersonError):
    sentence = _("Only people of the entity hold its records. Choose one of them.")


def stands_in_cells(initiative: Initiative, drafted: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what a table shows of an initiative, by the names of the fields; `drafted` are facts of its open draft."""
    stands = vars(initiative) if drafted is None else drafted
    facts = {name: str(stands.get(name) or "") for name in FACTS}
    return facts | {name: str(getattr(initiative, f"{name}_id") or "") for name in ARRANGEMENTS}


@transaction.atomic
def save_cells(*, initiative: Initiative, cells: Mapping[str, Cell], user: User, now: dt.datetime) -> Initiative:
    """Save single fields: facts into the draft of the initiative, which begins where there is none; the rest at once.

    A field that others changed since it was seen is not overwritten: raises CellChangedMeanwhile. Raises also
    DraftNotEditable where facts change while a draft waits for a decision, NotOfTheEntity, and InitiativeNotOpen.
    """
    current = hold_open(initiative.pk)
    draft = Draft.objects.open().filter(of=DraftOf.INITIATIVE, initiative=current).first()
    stands = stands_in_cells(current, draft.content if draft else None)
    changed = {name: cell.value for name, cell in cells.items() if stands[name] != cell.value}
    if clashing := {name: stands[name] for name in changed if stands[name] != cells[name].seen}:
        raise CellChangedMeanwhile(clashing)
    arranged = {name: value for name, value in changed.items() if name in ARRANGEMENTS}
    if arranged:
        _arrange(current, arranged)
        new = User.objects.filter(pk=int(arranged.get("holder") or 0)).first()
        notify(people=[new], kind=NotificationKind.ASSIGNMENT, about=current, by=user, now=now)
    facts = {name: value for name, value in changed.items() if name in FACTS}
    if facts:
        draft = begin_change(initiative=current, user=user, now=now)
        save_draft(draft=draft, content=draft.content | facts, edits=draft.edits, user=user, now=now)
    return current


def _arrange(initiative: Initiative, arranged: Mapping[str, str]) -> None:
    people = {int(value) for name, value in arranged.items() if value and name != "unit"}
    if people_of(initiative.entity).filter(pk__in=people).count() < len(people):
        raise NotOfTheEntity
    for name, value in arranged.items():
        setattr(initiative, f"{name}_id", int(value) if value else None)
    initiative.save(update_fields=list(arranged))


@transaction.atomic
def hand_over(*, initiatives: list[Initiative], to: User, by: User, now: dt.datetime) -> int:
    """Let another person hold initiatives, and tell them; return how many were not theirs before.

    Who was the deputy stays it, unless that is the new holder. Raises NotOfTheEntity where the person is not of the
    entity of each of them.
    """
    for entity in {initiative.entity for initiative in initiatives}:
        if not people_of(entity).filter(pk=to.pk).exists():
            raise NotOfTheEntity
    handed = 0
    rows = Initiative.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in initiatives])
    for current in rows.order_by("pk"):
        if current.holder_id != to.pk:
            handed += 1
            notify(people=[to], kind=NotificationKind.ASSIGNMENT, about=current, by=by, now=now)
        current.holder_id = to.pk
        if current.deputy_id == to.pk:
            current.deputy_id = None
        current.save(update_fields=["holder", "deputy"])
    return handed
