"""The sheets of a workbook: what each holds, and the form that judges its rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf
from initiatives.drafting.many import ManyInitiatives, ManyResults, ManyUpdates
from initiatives.models import Entity
from reporting.workbook.columns import Column, columns_of
from reporting.workbook.rows import Standing


@dataclass(frozen=True)
class SheetKind:
    """One sheet of records of a kind, a row for each."""

    of: DraftOf
    title: Promise | str
    form: ManyInitiatives | ManyUpdates | ManyResults
    shown: Mapping[str, Promise | str] = field(default_factory=dict)  # locked columns that are never read, by code
    fixed: Collection[str] = ()  # columns that are locked in the rows of records that are there

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The columns that are read, with all that may be chosen in them."""
        return columns_of(self.form)

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
    shown = {"initiative": _("Initiative"), "entity": _("Entity"), "period": _("Period")}
    return [
        SheetKind(DraftOf.INITIATIVE, _("Initiatives"), ManyInitiatives(entity=entity)),
        SheetKind(DraftOf.UPDATE, _("Updates"), ManyUpdates(), shown=shown),
        SheetKind(DraftOf.RESULT, _("Results"), ManyResults(entity=entity), fixed=FIXED),
    ]


#: What a result is of: it stays with that.
FIXED = ("initiative", "indicator")
