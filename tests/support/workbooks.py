"""Workbooks for tests: taken out, edited by openpyxl as a person would, and judged."""

import io
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from initiatives.choices import DraftOf
from initiatives.models import Entity
from portal.models import User
from reporting.desk import Scope
from reporting.workbook.export import records_as_workbook
from reporting.workbook.judging import Judged, judge_book
from reporting.workbook.reading import Book, read_workbook
from reporting.workbook.sheets import sheets_of

FIRST_ROW = 3


def taken_out(entity: Entity, *, user: User | None = None, scope: str = Scope.ALL) -> bytes:
    with records_as_workbook(entity=entity, user=user, scope=scope, now=timezone.now()) as file:
        return file.read()


def edited(content: bytes, edit: Callable[[Workbook], None]) -> bytes:
    """Return a workbook after somebody changed it."""
    workbook = load_workbook(io.BytesIO(content))
    edit(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def place_of(sheet: Worksheet, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def with_cells(content: bytes, row: int = FIRST_ROW, *, sheet: int = 0, **values: Any) -> bytes:
    """Return a workbook with other values in cells of one row, by the codes of their columns."""

    def edit(workbook: Workbook) -> None:
        edited_sheet = workbook.worksheets[sheet]
        for name, value in values.items():
            edited_sheet.cell(row, place_of(edited_sheet, name.replace("__", "-"))).value = value

    return edited(content, edit)


def read(content: bytes, entity: Entity) -> Book:
    return read_workbook(content, sheets_of(entity))


def judged(content: bytes, entity: Entity, of: str = DraftOf.INITIATIVE) -> list[Judged]:
    """Return the verdicts of one sheet."""
    kinds = sheets_of(entity)
    return [row for row in judge_book(read_workbook(content, kinds), entity=entity, kinds=kinds) if row.of == of]
