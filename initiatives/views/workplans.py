"""The workplans, and the matrix of one: areas with their tools, roles of governments, outcomes and indicators."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from initiatives.choices import EntryKind, Readiness, RelationKind
from initiatives.models import Draft, ImpactArea, Indicator, Initiative, Relation, Workplan, WorkplanEntry
from initiatives.permissions import may_plan, may_write, person_of
from initiatives.services.drafts import EDITABLE, begin_edition, begin_indicator
from portal.common.languages import reader_language


@dataclass(frozen=True)
class Entry:
    """An entry as it is shown: its text, its phases, and how many public initiatives are part of its programme."""

    row: WorkplanEntry
    text: Any
    phases: list[Any]  # their texts
    parts: int
    also: list[str]  # other areas that it applies to
    printed_beside: str  # of what applies to all areas
    sought: str  # of a tool: the words by which initiatives that use it are found where it has no record of its own

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
    entries = WorkplanEntry.objects.select_related("initiative").prefetch_related("texts", "areas")
    workplan = get_object_or_404(
        Workplan.objects.visible_to(request.user)
        .select_related("entity", "supersedes", "superseded_by")
        .prefetch_related(
            "texts",
            "mandates",
            "core_functions",
            "areas__texts",
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
    }
    return render(request, "initiatives/workplan_detail.html", context)


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


def _begin(request: HttpRequest, slug: str, begin: Callable[..., Draft]) -> HttpResponse:
    visible = Workplan.objects.visible_to(request.user).select_related("entity")
    workplan = get_object_or_404(visible, slug=slug)
    if not request.user.is_authenticated:
        return redirect_to_login(workplan.get_absolute_url())
    if not may_plan(request.user, workplan.entity):
        raise PermissionDenied
    if hasattr(workplan, "superseded_by"):
        messages.warning(request, _("Another edition has superseded this workplan already. Begin with that one."))
        return redirect(workplan)
    draft = begin(workplan=workplan, user=person_of(request), now=timezone.now())
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


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
                printed_beside=names[entry.printed_beside_id] if entry.printed_beside_id and area is None else "",
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
        if one.area_id == (area.pk if area else None)
    ]
    return Beside(area, _text(area) if area else None, columns, indicators)


def _stands_beside(entry: WorkplanEntry, area: ImpactArea | None) -> bool:
    """What applies to all areas stands once, below them."""
    areas = entry.areas.all()
    if entry.applies_to_all_areas or not areas:
        return area is None
    return area in areas
