"""How a comparison reads: stretches that stayed folded, each change with its words for what happened to it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.comparison.changes import Change, Comparison, Counts, Note
from reporting.comparison.units import Place, Unit
from reporting.compilation.records import block_id

SIGNS = {"came": "+", "went": "-", "changed": "~", "same": ">"}  # what is the same is told only where it moved
ICONS = {"came": "plus", "went": "minus", "changed": "pencil"}  # what moved shows its way


@dataclass(frozen=True)
class Stretch:
    """Changes that are read together: a run that stayed, a run that moved as one, or one change."""

    kind: Literal["same", "moved", "told"]
    changes: Sequence[Change]
    heading: Sequence[Place]  # where it stands, when that is another place than that of the last change; else empty

    @property
    def first(self) -> Change:
        return self.changes[0]

    @property
    def label(self) -> str:
        """What happened to it, in words that begin a line."""
        if self.kind == "same":
            return ngettext("%(count)s paragraph unchanged", "%(count)s paragraphs unchanged", len(self.changes)) % {
                "count": len(self.changes)
            }
        if self.kind == "moved" and len(self.changes) > 1:
            words = (
                ngettext("%(count)s paragraph moved up", "%(count)s paragraphs moved up", len(self.changes))
                if self.first.moved == "up"
                else ngettext("%(count)s paragraph moved down", "%(count)s paragraphs moved down", len(self.changes))
            )
            return words % {"count": len(self.changes)}
        return what_happened(self.first)

    @property
    def sign(self) -> str:
        return SIGNS[self.first.fate]

    @property
    def icon(self) -> str:
        """The name of the picture beside it."""
        return ICONS.get(self.first.fate) or f"moved-{self.first.moved}"


def stretches(comparison: Comparison) -> list[Stretch]:
    """Return what there is to read, in its order.

    A run that stayed gets the heading of its place where a change in that place follows.
    """
    found: list[Stretch] = []
    shown: Sequence[Place] = ()
    for (kind, _moved, _from), group in itertools.groupby(comparison.changes, _together):
        changes = list(group)
        if kind == "same":
            found.append(Stretch(kind, changes, ()))
            continue
        for part in [changes] if kind == "moved" else [[change] for change in changes]:
            place = place_of(part[0].unit)
            new = () if place == shown else place
            if new and found and found[-1].kind == "same" and place_of(found[-1].first.unit) == place:
                found[-1] = replace(found[-1], heading=new)
                new = ()
            found.append(Stretch(kind, part, new))
            shown = place
    return found


def _together(change: Change) -> tuple[Literal["same", "moved", "told"], str, Sequence[Place]]:
    if change.fate != "same":
        return "told", "", ()
    if not change.moved:
        return "same", "", ()
    return "moved", change.moved, change.old[0].place[:1]


def place_of(unit: Unit) -> Sequence[Place]:
    """Return the headings under which a unit stands, or where it has none a name in the reader's language."""
    match unit.slot:
        case "cover":
            return [Place(_("Cover"), "")]
        case "front":
            return [Place(_("Before the first section"), "")]
        case _:
            return unit.place or [Place(_("Sections"), "")]


def shown_place(places: Sequence[Place]) -> str:
    return " › ".join(place.heading for place in places)


def what_happened(change: Change) -> str:
    match change.fate, change.moved:
        case "came", _other:
            return _("New")
        case "went", _other:
            return _("Gone")
        case "changed", "up":
            return _("Changed and moved up")
        case "changed", "down":
            return _("Changed and moved down")
        case "changed", _other:
            return _("Changed")
        case "same", "up":
            return _("Moved up")
        case "same", "down":
            return _("Moved down")
    return _("Unchanged")


def kind_of(unit: Unit) -> str:
    """Return what a unit is, where it is no plain paragraph."""
    match unit.form:
        case "heading":
            return _("heading")
        case "entry":
            return _("list item")
        case "row":
            return _("row of a table")
        case "quotation":
            return _("quotation")
    return ""


def remarks(change: Change) -> list[str]:
    """Return what the words alone do not show: from where it moved, that it was split, that only its look changed."""
    found = []
    if change.moved and place_of(change.old[0]) != place_of(change.new[0]):
        found.append(_("It stood under “%(place)s”.") % {"place": shown_place(place_of(change.old[0]))})
    if len(change.new) > len(change.old) > 0:
        became = ngettext(
            "One paragraph became %(count)s paragraph.", "One paragraph became %(count)s paragraphs.", len(change.new)
        )
        found.append(became % {"count": len(change.new)})
    if len(change.old) > len(change.new) > 0:
        joined = ngettext("%(count)s paragraph became one.", "%(count)s paragraphs became one.", len(change.old))
        found.append(joined % {"count": len(change.old)})
    if change.only_looks_changed:
        found.append(_("The words are the same; emphasis, links or the kind of paragraph differ."))
    return found


def what_happened_to_note(note: Note) -> str:
    if note.elsewhere is not None:
        place = {"place": shown_place(place_of(note.elsewhere))}
        if note.fate == "came":
            return _("Footnote moved here from another paragraph under “%(place)s”") % place
        return _("Footnote moved to another paragraph under “%(place)s”") % place
    match note.fate:
        case "came":
            return _("New footnote")
        case "went":
            return _("Footnote gone")
        case "changed":
            return _("Footnote changed")
    return _("Footnote unchanged")


def versions(change: Change) -> list[tuple[str, str]]:
    """Return the versions of the record before and now, once where they are the same."""
    was = change.old[0].record if change.old else None
    now = change.new[0].record if change.new else None
    if was is not None and now is not None and block_id(was) == block_id(now):
        return [(_("Version %(number)s of its record") % {"number": now["version"]}, block_id(now))]
    found = []
    if was is not None:
        found.append((_("Before: version %(number)s") % {"number": was["version"]}, block_id(was)))
    if now is not None:
        found.append((_("Now: version %(number)s") % {"number": now["version"]}, block_id(now)))
    return found


def told_counts(counts: Counts) -> list[tuple[str, int, str]]:
    """Return sign, number and words for each count that is not zero, what stayed last."""
    named = [
        ("+", counts.came, _("new")),
        ("-", counts.went, _("gone")),
        ("~", counts.changed, _("changed")),
        (">", counts.moved, _("moved")),
        ("=", counts.same, _("unchanged")),
    ]
    return [count for count in named if count[1]]
