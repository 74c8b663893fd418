"""Answering a request for a list as a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.common.exports import About, Column, ExportFormat, Row, SheetIsFull, TooManyFiles, check_sheet, export
from portal.common.filters import RecordFilter
from portal.common.lists import OTHERS


@dataclass(frozen=True)
class Exported:
    """A list that can be taken away: name of its files, title, the name of its address, filter, columns and rows."""

    name: str
    title: Promise | str
    page: str
    filter_class: type[RecordFilter]
    columns: Callable[[], list[Column]]
    rows: Callable[..., Iterator[Row]]  # (records, address_of=..., user=...), of which not all need the reader
    notes: Sequence[Promise | str] = ()


def export_list(request: HttpRequest, exported: Exported, *, format: str) -> HttpResponseBase:
    """Return what its filter leaves, in the order of the page; where it is nonsense, the page that says so."""
    page = reverse(exported.page)
    filter = exported.filter_class(request.GET, user=request.user, others=OTHERS)
    if not filter.is_valid():
        return resolve(page).func(request)
    records = filter.ordered(filter.qs)
    if request.method == "HEAD":
        records = records.none()  # who asks for the head alone needs no rows
    address = filter.address()
    about = About(
        title=str(exported.title),
        address=request.build_absolute_uri(page + (f"?{address.urlencode()}" if address else "")),
        made_at=timezone.now(),
        narrowed_by=narrowed_by(filter),
        notes=[str(note) for note in exported.notes],
    )
    try:
        if format == ExportFormat.XLSX:
            check_sheet(records)
        return export(
            exported.rows(records, address_of=_whole_addresses(request), user=request.user),
            columns=exported.columns(),
            format=ExportFormat(format),
            name=exported.name,
            about=about,
        )
    except (TooManyFiles, SheetIsFull) as error:
        return refused(request, error)


def refused(request: HttpRequest, error: TooManyFiles | SheetIsFull) -> HttpResponseBase:
    """Return the page that says why there is no file."""
    busy = isinstance(error, TooManyFiles)
    response = render(request, "export_refused.html", {"error": error}, status=429 if busy else 400)
    if busy:
        response.headers["Retry-After"] = "60"
    return response


def _whole_addresses(request: HttpRequest) -> Callable[[str], str]:
    site = request.build_absolute_uri("/").removesuffix("/")
    return lambda path: f"{site}{path}"


def narrowed_by(filter: RecordFilter) -> list[tuple[str, str]]:
    """Return in words what a list is narrowed and ordered by."""
    told = [
        (
            str(filter.filters[name].label),
            "; ".join(f"{label} ({value})" if value else label for value, label in filter.filters[name].told(asked)),
        )
        for name, asked in filter.asked.items()
    ]
    return [*told, (_("Order"), str(filter.orders[filter.order].label))]
