"""Workbooks for tests: taken out, edited by openpyxl as a person would, and judged."""

import io
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from initiatives.drafting.many import ManyInitiatives
from initiatives.models import Entity
from portal.models import User
from reporting.desk import Scope
from reporting.workbook.columns import columns_of
from reporting.workbook.export import records_as_workbook
from reporting.workbook.judging import Judge, Judged
from reporting.workbook.reading import Sheet, read_workbook

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


def with_cells(content: bytes, row: int = FIRST_ROW, **values: Any) -> bytes:
    """Return a workbook with other values in cells of one row, by the codes of their columns."""

    def edit(workbook: Workbook) -> None:
        sheet = workbook.worksheets[0]
        for name, value in values.items():
            sheet.cell(row, place_of(sheet, name.replace("__", "-"))).value = value

    return edited(content, edit)


def read(content: bytes, entity: Entity) -> Sheet:
    return read_workbook(content, columns_of(ManyInitiatives(entity=entity)))


def judged(content: bytes, entity: Entity) -> list[Judged]:
    form = ManyInitiatives(entity=entity)
    columns = columns_of(form)
    return Judge(entity=entity, form=form, columns=columns).judge(read_workbook(content, columns))
