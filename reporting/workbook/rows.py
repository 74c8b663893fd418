"""Which records a workbook holds: initiatives of one entity as they stand, each with the draft that is under way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from initiatives.choices import DraftOf
from initiatives.drafting.initiatives import contents_of
from initiatives.models import Draft, Entity, Initiative
from initiatives.querysets import DraftQuerySet, InitiativeQuerySet
from portal.common.merging import Value

_NUMBER = re.compile(r"([id])([1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Standing:
    """What a record says today: its draft where one is under way, else the record itself."""

    content: dict[str, Value]
    initiative: Initiative | None
    draft: Draft | None

    @property
    def number(self) -> str:
        """By which a workbook names it: `i12` of an initiative, `d34` of a new one that has only its draft."""
        return f"i{self.initiative.pk}" if self.initiative else f"d{self.draft.pk}" if self.draft else ""


def parse_number(text: str) -> tuple[str, int] | None:
    """Return `i` or `d` and the id that a record is named by; None where it names none."""
    found = _NUMBER.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def standing(entity: Entity, initiatives: InitiativeQuerySet, drafts: Iterable[Draft] = ()) -> list[Standing]:
    """Return how these initiatives of the entity stand today, and these drafts of new ones, in their order."""
    found = list(initiatives.filter(entity=entity))
    open_drafts = {draft.initiative_id: draft for draft in open_drafts_of(entity).filter(initiative__in=found)}
    contents = contents_of([one for one in found if one.pk not in open_drafts])
    rows = []
    for one in found:
        draft = open_drafts.get(one.pk)
        rows.append(Standing(draft.content if draft else contents[one.pk], one, draft))
    return rows + [Standing(draft.content, None, draft) for draft in drafts]


def open_drafts_of(entity: Entity) -> DraftQuerySet:
    """Return the drafts of initiatives of the entity that are under way."""
    return Draft.objects.open().filter(of=DraftOf.INITIATIVE, entity=entity)


def named(entity: Entity, numbers: Iterable[str]) -> dict[str, Standing]:
    """Return how the records stand that these numbers name, as far as the entity has them."""
    parsed = [found for number in numbers if (found := parse_number(number))]
    initiatives = Initiative.objects.filter(pk__in=[pk for kind, pk in parsed if kind == "i"])
    drafts = open_drafts_of(entity).filter(initiative=None, pk__in=[pk for kind, pk in parsed if kind == "d"])
    return {one.number: one for one in standing(entity, initiatives, drafts)}
