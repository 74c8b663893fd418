"""The sheets of a workbook: what each holds, and the form that judges its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf
from initiatives.drafting.many import ManyInitiatives, ManyUpdates
from initiatives.models import Entity
from reporting.workbook.columns import Column, columns_of
from reporting.workbook.rows import Standing


@dataclass(frozen=True)
class SheetKind:
    """One sheet of records of a kind, a row for each."""

    of: DraftOf
    title: Promise | str
    form: ManyInitiatives | ManyUpdates
    columns: Sequence[Column]
    shown: Mapping[str, Promise | str] = field(default_factory=dict)  # locked columns that are never read, by code

    def shown_of(self, row: Standing) -> list[str]:
        """Return what the locked columns say of a record."""
        said = {
            "initiative": row.title,
            "entity": str(row.initiative.entity.acronym if row.initiative else ""),
            "period": str(row.number.period or ""),
        }
        return [said[code] for code in self.shown]


def sheets_of(entity: Entity) -> list[SheetKind]:
    """Return the sheets of a workbook of the entity, in their order."""
    initiatives, updates = ManyInitiatives(entity=entity), ManyUpdates()
    shown = {"initiative": _("Initiative"), "entity": _("Entity"), "period": _("Period")}
    return [
        SheetKind(DraftOf.INITIATIVE, _("Initiatives"), initiatives, columns_of(initiatives)),
        SheetKind(DraftOf.UPDATE, _("Updates"), updates, columns_of(updates), shown),
    ]
