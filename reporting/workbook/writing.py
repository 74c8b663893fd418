"""The workbook goes out: records, lists of codes, help, and what each row began from."""

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from itertools import zip_longest
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from initiatives.models import Entity
from portal.common.exports import CHARACTERS_OF_A_CELL, NOT_IN_A_SHEET_NAME, bold, harmless, new_sheet, sheet_cell
from portal.common.languages import reader_language
from reporting.workbook.columns import RECORD, RECORD_LABEL, Column
from reporting.workbook.rows import Standing
from reporting.workbook.sheets import SheetKind

MARK = "records-workbook-1"  # begins the hidden sheet
MOST_ROWS = 20_000
_TEXT = "@"  # the format of cells: what is typed stays as it is typed, 2021-11 too
_PIECE = CHARACTERS_OF_A_CELL - 1
_WIDE = {"title", "reason", "initiative", "indicator", "why"}


def write_workbook(
    sheets: Sequence[tuple[SheetKind, Iterable[Standing]]], *, entity: Entity, address: str, now: dt.datetime
) -> IO[bytes]:
    """Return a temporary file with the workbook, which is gone when it is closed."""
    workbook = Workbook(write_only=True)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    kinds = [kind for kind, _rows in sheets]
    try:
        lists = _named(_("Lists"))
        began: list[tuple[str, str]] = []
        for kind, rows in sheets:
            _write_rows(new_sheet(workbook, _named(str(kind.title))), kind, rows, _offers(kinds, lists), began)
        _write_lists(new_sheet(workbook, lists), kinds)
        _write_help(new_sheet(workbook, _named(_("Help"))), kinds, entity=entity, address=address, now=now)
        _write_began(workbook.create_sheet("began"), began, entity=entity)
        workbook.save(file)
    except BaseException:
        file.close()
        for sheet in workbook.worksheets:  # openpyxl would keep what it began until the process ends
            with suppress(OSError):
                if not sheet.closed:
                    sheet.close()
                Path(sheet._writer.out).unlink(missing_ok=True)
        raise
    file.seek(0)
    return file


def _write_rows(
    sheet: WriteOnlyWorksheet,
    kind: SheetKind,
    rows: Iterable[Standing],
    offers: Mapping[tuple[str, str], str],
    began: list[tuple[str, str]],
) -> None:
    """Write one sheet of records, and note what each row begins from."""
    _prepare(sheet, kind, offers)
    written, locked = _written(sheet), _written(sheet, is_locked=True)
    writers = [(column, locked if column.name in kind.fixed else written) for column in kind.columns]
    for row in rows:
        cells = (write(column.write(row.content.get(column.name, ""))) for column, write in writers)
        sheet.append([str(row.number), *map(locked, kind.shown_of(row)), *cells])
        base = {column.name: row.content[column.name] for column in kind.columns if column.name in row.content}
        began.append((str(row.number), json.dumps(base, ensure_ascii=True)))


def _named(title: str) -> str:
    return title.translate(NOT_IN_A_SHEET_NAME)[:31]


def _prepare(sheet: WriteOnlyWorksheet, kind: SheetKind, offers: Mapping[tuple[str, str], str]) -> None:
    """Set what a sheet says before its rows: widths, locks, lists, and the two rows of the head."""
    sheet.freeze_panes = "C3"
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter", "insertRows"):
        setattr(sheet.protection, allowed, False)  # that is: not forbidden
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions["A"].width = 14 if kind.shown else 10
    for place, code in enumerate(kind.shown, 2):
        sheet.column_dimensions[get_column_letter(place)].width = 50 if code == "initiative" else 14
    for place, column in enumerate(kind.columns, 2 + len(kind.shown)):
        letter = get_column_letter(place)
        dimension = sheet.column_dimensions[letter]
        dimension.width = 50 if column.name in _WIDE else 24
        dimension.protection = Protection(locked=False)  # rows that are added can be written in
        dimension.number_format = _TEXT
        several = column.is_many or column.parts  # which are typed side by side
        if (rows := offers.get((kind.of, column.name))) and not several:
            offered = DataValidation(type="list", formula1=rows, allow_blank=True, showErrorMessage=True)
            offered.add(f"{letter}3:{letter}{MOST_ROWS + 2}")
            sheet.data_validations.append(offered)
    sheet.append([RECORD, *kind.shown, *(column.name for column in kind.columns)])
    labels = [RECORD_LABEL, *kind.shown.values(), *(column.label for column in kind.columns)]
    sheet.append([bold(sheet, str(label)) for label in labels])


def _with_lists(kinds: Sequence[SheetKind]) -> list[tuple[str, SheetKind, Column]]:
    """Return the columns that choose from a list, each with the letter of its column in the sheet of lists."""
    chosen = [(kind, column) for kind in kinds for column in kind.columns if column.offered]
    return [(get_column_letter(place), kind, column) for place, (kind, column) in enumerate(chosen, 1)]


def _offers(kinds: Sequence[SheetKind], lists: str) -> dict[tuple[str, str], str]:
    """Return the cells that hold the list of a column, by the kind of its sheet and its name."""
    return {
        (kind.of, column.name): f"{quote_sheetname(lists)}!${letter}$2:${letter}${len(column.offered) + 1}"
        for letter, kind, column in _with_lists(kinds)
    }


def _written(sheet: WriteOnlyWorksheet, *, is_locked: bool = False) -> Callable[[str], Cell]:
    """Return what makes a cell with a text that nothing takes for a formula; it may be written in unless locked."""
    plain = WriteOnlyCell(sheet)
    plain.number_format, plain.protection = _TEXT, Protection(locked=is_locked)
    plain.alignment = Alignment(wrap_text=True, vertical="top")
    quoted = copy(plain._style)
    quoted.quotePrefix = 1  # it stays a text when somebody edits it

    def write(text: str) -> Cell:
        is_plain = harmless(text) == text
        cell = Cell(sheet, 1, 1, text or None, plain._style if is_plain else quoted)
        if text:
            cell.data_type = "s"
        return cell

    return write


def _write_lists(sheet: WriteOnlyWorksheet, kinds: Sequence[SheetKind]) -> None:
    sheet.protection.sheet = True
    lists = _with_lists(kinds)
    for letter, _kind, _column in lists:
        sheet.column_dimensions[letter].width = 34
    sheet.append([bold(sheet, column.label) for _letter, _kind, column in lists])
    for row in zip_longest(*(column.offered for _letter, _kind, column in lists)):
        sheet.append([sheet_cell(sheet, words) for words in row])


def _write_help(
    sheet: WriteOnlyWorksheet, kinds: Sequence[SheetKind], *, entity: Entity, address: str, now: dt.datetime
) -> None:
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 100

    def tell(label: str, words: str) -> None:
        told = WriteOnlyCell(sheet, words)
        told.data_type = "s"
        told.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([bold(sheet, label), told])

    tell(_("Entity"), str(entity))
    tell(_("Made at (UTC)"), now.astimezone(dt.UTC).isoformat(" ", "minutes")[:16])
    tell(_("Send it back at"), address)
    tell(_("To change"), _("Write into the cells. Rows that you leave as they are stay as they are."))
    tell(
        _("To add"),
        _("Write a new row below the other initiatives or results, and leave its column “%(record)s” empty.")
        % {"record": RECORD_LABEL},
    )
    tell(_("To remove"), _("A row that you delete here stays in the portal: archive its record there."))
    tell(_("To empty"), _("An empty cell empties the field of its record."))
    tell(_("Formulas"), _("A cell with a formula is refused: write what it comes to."))
    tell(
        _("Then"),
        _("When you send it back you see row by row what would change, before anything is saved. What you take in "
          "becomes drafts, which are submitted and approved as always."),
    )  # fmt: skip
    tell(
        _("Updates"),
        _("Each initiative has a row for the period. Where nothing is told yet it is empty: fill it to begin the "
          "update. Its paragraph and the other texts are written in the Word file or in the portal."),
    )  # fmt: skip
    tell(
        _("Results"),
        _("A row for each result of days of the period, and for each that is a draft yet. Write a new row for another "
          "place, period or kind. Give a value, or say why there is none. What it shows, and its files, are written in "
          "the portal."),
    )  # fmt: skip
    for kind in kinds:
        sheet.append([])
        sheet.append([bold(sheet, str(kind.title))])
        for column in kind.columns:
            needed = _("Has to be filled.") if column.is_required else ""
            tell(column.label, " ".join(filter(None, [needed, column.help])))


def _write_began(sheet: WriteOnlyWorksheet, began: Sequence[tuple[str, str]], *, entity: Entity) -> None:
    """What each row began from, in as many cells as it needs: with it, changes of others are told from those here."""
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    sheet.append([MARK, entity.code, reader_language()])
    for number, base in began:
        sheet.append([number, *(base[at : at + _PIECE] for at in range(0, len(base), _PIECE))])
