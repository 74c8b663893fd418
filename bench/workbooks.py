"""How long a workbook takes beside the library that reads it, and beside COPY of the drafts that it makes."""

import io
import json
import time
from collections.abc import Callable
from statistics import fmean

from django.db import connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from initiatives.choices import Role
from initiatives.load.copying import Tables
from initiatives.models import Draft, Entity, Initiative, InitiativeText
from reporting.choices import WorkbookState
from reporting.desk import Scope
from reporting.models import WorkbookUpload
from reporting.services.workbooks import accept_workbook, request_workbook
from reporting.workbook import run
from reporting.workbook.export import records_as_workbook
from tests.factories import CountryFactory, EntityFactory, KindFactory, UserFactory
from tests.support.workbooks import FIRST_ROW, edited, place_of

ROWS = 10_000
Emit = Callable[..., None]


def measure(emit: Emit, *, rows: int = ROWS) -> None:
    """Print two lines: a workbook is previewed, of which each row of an initiative is changed, then taken in.

    Each initiative has a row of its update too, which stays empty: the file has twice as many rows as are changed.
    """
    entity = EntityFactory(code="BENCHBOOK")
    user = UserFactory(role=Role.STAFF, entity=entity)
    CountryFactory(iso3="AUT")
    _make(entity, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    started = time.perf_counter()
    with records_as_workbook(entity=entity, user=None, scope=Scope.ALL, now=timezone.now()) as file:
        content = file.read()
    written = time.perf_counter() - started
    content = edited(content, _change_each)

    reads = [_read_bare(content)]
    upload = request_workbook(content=content, name="bench.xlsx", entity=entity, user=user, now=timezone.now())
    preview = _work(upload)
    reads.append(_read_bare(content))  # on both sides of the preview: another process may take the machine
    read = fmean(reads)
    changed = upload.rows.filter(verdict="changed").count()
    emit(
        bench="workbook preview",
        rows=upload.rows.count(),
        changed=changed,
        bytes=len(content),
        export_seconds=round(written, 2),
        read_seconds=round(read, 2),
        seconds=round(preview, 2),
        ratio=round(preview / read, 2),
    )
    accept_workbook(upload=upload, only_good=True, conflicts="leave", why="Measured.", now=timezone.now())
    taken = _work(upload)
    copied = _copy(list(Draft.objects.filter(entity=entity)))
    emit(
        bench="workbook in",
        rows=changed,
        state=WorkbookUpload.objects.get(pk=upload.pk).state,
        preview_seconds=round(preview, 2),
        seconds=round(taken, 2),
        copy_seconds=round(copied, 2),
        budget_seconds=round(5 * copied + read, 2),
        ratio=round(taken / (5 * copied + read), 2),
    )


def _make(entity: Entity, rows: int) -> None:
    """Initiatives with little but their title: what is measured are the rows of the workbook."""
    kind = KindFactory()
    initiatives = Initiative.objects.bulk_create(
        Initiative(entity=entity, kind=kind, slug=f"bench-book-{number}", published_at=timezone.now())
        for number in range(rows)
    )
    InitiativeText.objects.bulk_create(
        InitiativeText(initiative=initiative, language="en", title=f"Programme {initiative.pk} for industry")
        for initiative in initiatives
    )


def _change_each(workbook: object) -> None:
    sheet = workbook.worksheets[0]
    columns = {name: place_of(sheet, name) for name in ("place", "countries", "status")}
    for row in range(FIRST_ROW, sheet.max_row + 1):
        sheet.cell(row, columns["place"]).value = f"Town {row}"
        sheet.cell(row, columns["countries"]).value = "AUT"
        sheet.cell(row, columns["status"]).value = "ongoing"


def _read_bare(content: bytes) -> float:
    """The time in which openpyxl gives the values of all cells."""
    started = time.perf_counter()
    workbook = load_workbook(io.BytesIO(content), read_only=True)
    for sheet in workbook.worksheets:
        for _row in sheet.iter_rows(values_only=True):
            pass
    return time.perf_counter() - started


def _work(upload: WorkbookUpload) -> float:
    """The time of one turn of a worker."""
    claimed = run.claim_workbook(upload_id=upload.pk, now=timezone.now())
    started = time.perf_counter()
    run.work_on(upload=claimed)
    took = time.perf_counter() - started
    if WorkbookUpload.objects.get(pk=upload.pk).state not in {WorkbookState.READ, WorkbookState.TAKEN}:
        raise SystemExit("The workbook was not worked on")
    return took


def _copy(drafts: list[Draft]) -> float:
    """The time of COPY of the same drafts, with their history, as rows of their own."""
    fields = [field.attname for field in Draft._meta.concrete_fields if field.attname != "id"]
    rows = [
        {name: getattr(draft, name) for name in fields}
        | {"initiative_id": None}
        | {name: json.dumps(getattr(draft, name), ensure_ascii=False) for name in ("content", "began_from")}
        for draft in drafts
    ]
    with transaction.atomic():
        tables = Tables()
        table = tables[Draft]
        started = time.perf_counter()
        for row in rows:
            table.add(**row)
        tables.copy()
        took = time.perf_counter() - started
        transaction.set_rollback(True)
    return took
