"""The workplans, and the matrix of one: areas with their tools, roles of governments, outcomes and indicators."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.choices import EntryKind, Readiness, RelationKind
from initiatives.history import history_of_workplan
from initiatives.models import Draft, ImpactArea, Indicator, Initiative, Relation, Workplan, WorkplanEntry
from initiatives.permissions import may_plan, may_write, person_of
from initiatives.services.drafts import (
    EDITABLE,
    begin_area,
    begin_change_of_matrix,
    begin_edition,
    begin_entry,
    begin_indicator,
)
from portal.common.keys import key_in
from portal.common.languages import reader_language
from portal.models import User


@dataclass(frozen=True)
class Entry:
    """An entry as it is shown: its text, its phases, and how many public initiatives are part of its programme."""

    row: WorkplanEntry
    text: Any
    phases: list[Any]  # their texts
    parts: int
    also: list[str]  # other areas that it applies to
    printed_beside: str  # of what applies to all areas
    sought: str  # of a tool: the words by which initiatives that speak of it are found, besides the parts of its record

    @property
    def programme(self) -> Initiative | None:
        return self.row.initiative


@dataclass(frozen=True)
class Column:
    """Entries of one kind beside an area."""

    label: str
    entries: list[Entry]


@dataclass(frozen=True)
class Beside:
    """A row of the matrix: what stands beside an area, or, without one, what applies to all areas."""

    area: ImpactArea | None
    text: Any
    columns: list[Column]
    indicators: list[tuple[Indicator, str]]  # with how far each is, in words


@dataclass(frozen=True)
class Changeable:
    """A row of the page on which the secretariat chooses what it changes."""

    chosen: str  # what its button sends
    text: Any
    retired_because: str
    is_begun: bool


@require_safe
def workplan_list(request: HttpRequest) -> HttpResponse:
    """All workplans, those in force first."""
    workplans = Workplan.objects.visible_to(request.user).select_related("entity", "superseded_by")
    known = list(workplans.prefetch_related("texts").order_by("entity__acronym", "-adopted_on", "slug"))
    rows = sorted(known, key=lambda workplan: hasattr(workplan, "superseded_by"))
    return render(request, "initiatives/workplan_list.html", {"rows": [(row, _text(row)) for row in rows]})


@require_safe
def workplan_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix of a workplan, with the record of each tool that is a programme, and how far each indicator is."""
    indicators = Indicator.objects.with_readiness().select_related("unit")
    areas = ImpactArea.objects.in_force().prefetch_related("texts")
    of_entries = Prefetch("areas", ImpactArea.objects.in_force())
    entries = WorkplanEntry.objects.in_force().select_related("initiative").prefetch_related("texts", of_entries)
    workplan = get_object_or_404(
        Workplan.objects.visible_to(request.user)
        .select_related("entity", "supersedes", "superseded_by")
        .prefetch_related(
            "texts",
            "mandates",
            "core_functions",
            Prefetch("areas", areas),
            Prefetch("entries", entries),
            Prefetch("indicators", indicators),
        ),
        slug=slug,
    )
    programmes = [entry.initiative_id for entry in workplan.entries.all() if entry.initiative_id]
    context = {
        "workplan": workplan,
        "text": _text(workplan),
        "rows": _matrix(workplan, _parts_of(programmes)),
        "programmes": _seen(request, programmes),
        "may_plan": may_plan(request.user, workplan.entity),
        "drafts": _under_way(request, workplan),
        "retired": _retired(workplan),
        "history": history_of_workplan(workplan) if may_write(request.user, workplan.entity) else [],
    }
    return render(request, "initiatives/workplan_detail.html", context)


def _retired(workplan: Workplan) -> list[tuple[Any, str]]:
    """Return the texts of areas and entries that were taken out of the workplan, each with the reason."""
    rows: list[ImpactArea | WorkplanEntry] = []
    for model in (ImpactArea, WorkplanEntry):
        taken_out = model.objects.filter(workplan=workplan).exclude(retired_because="")
        rows += taken_out.prefetch_related("texts").order_by("order", "pk")
    return [(_text(row), row.retired_because) for row in rows]


def _under_way(request: HttpRequest, workplan: Workplan) -> list[Draft]:
    """Return what is under way in the workplan, for its entity alone."""
    if not may_write(request.user, workplan.entity):
        return []
    return list(Draft.objects.visible_to(request.user).open().filter(workplan=workplan).order_by("begun_at", "pk"))


@require_POST
def indicator_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a new indicator of the workplan, for the secretariat of its entity."""
    return _begin(request, slug, begin_indicator)


@require_POST
def edition_begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with the draft of the edition that supersedes the workplan, or begin one."""
    return _begin(request, slug, begin_edition)


@require_http_methods(["GET", "HEAD", "POST"])
def workplan_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Its texts, areas and entries, each to be changed, and new ones; for the secretariat of its entity."""
    if request.method == "POST":
        return _begin(request, slug, partial(_begin_what_was_chosen, request.POST.get("record", "")))
    workplan = _plannable(request, slug)
    if isinstance(workplan, HttpResponse):
        return workplan
    begun = {
        f"entry-{draft.entry_id}" if draft.entry_id else f"area-{draft.area_id}" if draft.area_id else draft.of
        for draft in Draft.objects.open().of_matrices().filter(workplan=workplan)
    }

    def changeable(row: Any, chosen: str) -> Changeable:
        return Changeable(chosen, _text(row), getattr(row, "retired_because", ""), chosen in begun)

    areas = workplan.areas.prefetch_related("texts").order_by("order", "pk")
    entries = list(workplan.entries.prefetch_related("texts").order_by("order", "pk"))
    groups = [("area", _("impact area"), [changeable(row, f"area-{row.pk}") for row in areas])]
    for kind, label in EntryKind.choices:
        of_kind = [changeable(row, f"entry-{row.pk}") for row in entries if row.kind == kind]
        groups.append((kind, str(label), of_kind))
    context = {"workplan": workplan, "texts": changeable(workplan, "workplan"), "groups": groups}
    return render(request, "initiatives/workplan_change.html", context)


def _begin_what_was_chosen(chosen: str, *, workplan: Workplan, user: User, now: dt.datetime) -> Draft:
    """Begin what a button names: `workplan`, `area-12`, `entry-34`, `new-area` or `new-tool`. Raises Http404."""
    what, _dash, which = chosen.partition("-")
    if chosen == "workplan":
        return begin_change_of_matrix(record=workplan, user=user, now=now)
    if chosen == "new-area":
        return begin_area(workplan=workplan, user=user, now=now)
    if what == "new" and which in EntryKind:
        return begin_entry(workplan=workplan, kind=EntryKind(which), user=user, now=now)
    rows: dict[str, Any] = {"area": workplan.areas, "entry": workplan.entries}
    pk = key_in(which)
    if what not in rows or pk is None:
        raise Http404
    return begin_change_of_matrix(record=get_object_or_404(rows[what].all(), pk=pk), user=user, now=now)


def _begin(request: HttpRequest, slug: str, begin: Callable[..., Draft]) -> HttpResponse:
    workplan = _plannable(request, slug)
    if isinstance(workplan, HttpResponse):
        return workplan
    draft = begin(workplan=workplan, user=person_of(request), now=timezone.now())
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


def _plannable(request: HttpRequest, slug: str) -> Workplan | HttpResponse:
    """Return the workplan, or where else the person has to go. Raises Http404 and PermissionDenied."""
    visible = Workplan.objects.visible_to(request.user).select_related("entity")
    workplan = get_object_or_404(visible.prefetch_related("texts"), slug=slug)
    if not request.user.is_authenticated:
        return redirect_to_login(workplan.get_absolute_url())
    if not may_plan(request.user, workplan.entity):
        raise PermissionDenied
    if hasattr(workplan, "superseded_by"):
        messages.warning(request, _("Another edition has superseded this workplan already. Begin with that one."))
        return redirect(workplan)
    return workplan


def _text(record: Any) -> Any:
    return record.text_in(reader_language())


def _seen(request: HttpRequest, programmes: Sequence[int]) -> set[int]:
    """Return those of the programmes that the reader may see."""
    return set(Initiative.objects.visible_to(request.user).filter(pk__in=programmes).values_list("pk", flat=True))


def _parts_of(programmes: Sequence[int]) -> Counter[int]:
    """Return how many public initiatives are part of each programme."""
    public = Initiative.objects.public().listed().values("pk")
    parts = Relation.objects.filter(kind=RelationKind.PART_OF, target__in=programmes, source__in=public)
    return Counter(parts.values_list("target", flat=True))


def _matrix(workplan: Workplan, parts: Counter[int]) -> list[Beside]:
    """Return a row for each area, and a last one for what applies to all of them or to none by name."""
    areas = list(workplan.areas.all())
    names = {area.pk: _text(area).name for area in areas}
    rows = [_beside(workplan, area, names, parts) for area in areas]
    rest = _beside(workplan, None, names, parts)
    return [*rows, rest] if rest.columns or rest.indicators else rows


def _beside(workplan: Workplan, area: ImpactArea | None, names: dict[int, str], parts: Counter[int]) -> Beside:
    phases: dict[int, list[Any]] = {}
    for entry in workplan.entries.all():
        if entry.phase_of_id:
            phases.setdefault(entry.phase_of_id, []).append(_text(entry))
    columns = []
    for kind, label in EntryKind.choices:
        shown = [
            Entry(
                row=entry,
                text=_text(entry),
                phases=phases.get(entry.pk, []),
                parts=parts[entry.initiative_id] if entry.initiative_id else 0,
                also=[names[other.pk] for other in entry.areas.all() if area and other.pk != area.pk],
                printed_beside=names.get(entry.printed_beside_id or 0, "") if area is None else "",
                sought=(entry.acronym or _text(entry).name) if entry.kind == EntryKind.TOOL else "",
            )
            for entry in workplan.entries.all()
            if entry.kind == kind and kind != EntryKind.PHASE and _stands_beside(entry, area)
        ]
        if shown:
            columns.append(Column(str(label), shown))
    indicators = [
        (one, str(Readiness(one.readiness).label))  # type: ignore[attr-defined]  # annotated
        for one in workplan.indicators.all()
        if (one.area_id if one.area_id in names else None) == (area.pk if area else None)
    ]
    return Beside(area, _text(area) if area else None, columns, indicators)


def _stands_beside(entry: WorkplanEntry, area: ImpactArea | None) -> bool:
    """What applies to all areas stands once, below them."""
    areas = entry.areas.all()
    if entry.applies_to_all_areas or not areas:
        return area is None
    return area in areas
