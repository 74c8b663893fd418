"""Workbooks for tests: taken out, edited by openpyxl as a person would, and judged."""

import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import docx
from django.utils import timezone
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph
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
from reporting.workbook.word_records import texts_as_word

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


def texts_taken_out(entity: Entity) -> bytes:
    with texts_as_word(entity=entity, user=None, scope=Scope.ALL, now=timezone.now()) as file:
        return file.read()


def reworded(content: bytes, edit: Callable[[WordDocument], None]) -> bytes:
    """Return a Word file after somebody changed it."""
    word = docx.Document(io.BytesIO(content))
    edit(word)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def with_words(content: bytes, **words: str) -> bytes:
    """Return a Word file with other words in runs: the old ones, with _ for a blank, and the new ones."""

    def edit(word: WordDocument) -> None:
        for run in (run for paragraph in word.paragraphs for run in paragraph.runs):
            for old, new in words.items():
                if (words_before := old.replace("_", " ")) in run.text:
                    run.text = run.text.replace(words_before, new)

    return reworded(content, edit)


def below(word: WordDocument, start: str) -> Paragraph:
    """Return the heading below the grey line that begins like this, such as `[i12 description`."""
    paragraphs = word.paragraphs
    return next(after for line, after in pairwise(paragraphs) if line.text.startswith(start))
