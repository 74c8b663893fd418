"""A list as a file to take away: CSV, XLSX or JSON, made while its rows are read.

CSV and JSON are for programs: their columns bear codes, which stay what they are in every language. XLSX is for people:
its columns bear labels, and a second sheet tells what the file holds.
"""

import csv
import datetime as dt
import io
import json
import re
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from django.db import models
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.common.decimals import digits
from portal.common.errors import PersonError
from portal.common.languages import direction, reader_language

Value = str | int | float | Decimal | dt.date | dt.datetime | Sequence[str] | Sequence[int] | None
Row = Mapping[str, Value]

ROWS_OF_A_SHEET = 50_000  # more take longer to write than anybody waits: a second for 700
CHARACTERS_OF_A_CELL = 32_767
_ROWS_OF_A_PIECE = 200  # sent at once: small enough to begin early, large enough to cost little each
_FIRST_DAY_OF_EXCEL = dt.date(1900, 3, 1)  # before it Excel counts a day that never was

#: A text that begins so is taken for a formula by a spreadsheet. The wide forms come from Chinese keyboards.
_UNSEEN = r"[\s\x00-\x1f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"  # a spreadsheet may drop them
_BEGINS_A_FORMULA = re.compile(rf"[\t\r\n]|{_UNSEEN}*[-=+@＝＋－＠]")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"


CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSON: "application/json",
}


class SheetIsFull(PersonError):
    """More rows than a sheet is made for."""

    @property
    def sentence(self) -> str:  # type: ignore[override]
        return _("A sheet holds at most %(number)s rows. Narrow the list, or take the file as CSV or JSON.") % {
            "number": number_format(ROWS_OF_A_SHEET, force_grouping=True)
        }


def check_sheet(records: models.QuerySet[Any]) -> None:
    """Raise SheetIsFull where a sheet would not hold the records, before any of them is read."""
    if records.order_by()[: ROWS_OF_A_SHEET + 1].count() > ROWS_OF_A_SHEET:
        raise SheetIsFull


class TooManyFiles(PersonError):
    """As many large files are being made as this process makes at a time."""

    sentence = gettext_lazy("Several large files are being made just now. Try again in a minute.")


#: Large files that one process makes at a time: they must not take all its threads from people who read pages.
_SLOTS = threading.BoundedSemaphore(4)


@dataclass(frozen=True)
class Column:
    """One column: the code by which rows and programs know it, and the label that people read."""

    code: str
    label: Promise | str


@dataclass(frozen=True)
class About:
    """What a file says of itself: which list it holds, where that stands, how it was narrowed, and what to know."""

    title: str
    address: str
    made_at: dt.datetime
    narrowed_by: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


def export(
    rows: Iterable[Row], *, columns: Sequence[Column], format: ExportFormat, name: str, about: About
) -> HttpResponseBase:
    """Return the rows as a file, `name-2026-11-22.csv`; each row has a value for the code of every column.

    CSV and JSON go out while the rows are read. The first ones are read at once, so that what fails, fails before the
    answer has begun. An XLSX file cannot be sent before it is complete, since what it begins with says where its
    parts lie: it is written to a temporary file, row by row, which is then sent piece by piece. So no format takes
    more memory for more rows. Raises SheetIsFull and TooManyFiles.
    """
    file_name = f"{slugify(name)}-{about.made_at:%Y-%m-%d}.{format}"
    response: HttpResponseBase
    if format == ExportFormat.XLSX:
        with slot():
            response = FileResponse(_written_sheet(rows, columns, about))
    else:
        response = StreamingHttpResponse(_Begun((_csv if format == ExportFormat.CSV else _json)(iter(rows), columns)))
    response.headers["Content-Type"] = CONTENT_TYPES[format]
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@contextmanager
def slot() -> Iterator[None]:
    """Take one of the slots for large files while the block runs. Raises TooManyFiles where none is free."""
    if not _SLOTS.acquire(blocking=False):
        raise TooManyFiles
    try:
        yield
    finally:
        _SLOTS.release()


class _Begun:
    """Pieces of which the first two are there already. More of them take a slot for large files until it is closed.

    Closing it also closes what the pieces come from: the cursor of the rows.
    """

    def __init__(self, pieces: Generator[bytes]) -> None:
        first = list(islice(pieces, 2))
        self._pieces = chain(first, pieces)
        self._open = ExitStack()
        self._open.callback(pieces.close)
        if len(first) == 2:
            self._open.enter_context(slot())

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        self._open.close()


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _ROWS_OF_A_PIECE)):
        yield batch


# CSV


def _csv(rows: Iterator[Row], columns: Sequence[Column]) -> Generator[bytes]:
    """Yield UTF-8 with a byte order mark, by which Excel knows it.

    Every text is quoted: where a computer separates by semicolons, one inside a bare text would begin a new cell.
    """
    codes = [column.code for column in columns]
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(codes)
    head = "\ufeff"
    for batch in _batches(rows):
        writer.writerows([_csv_cell(row[code]) for code in codes] for row in batch)
        yield (head + written.getvalue()).encode()
        head = ""
        written.seek(0)
        written.truncate()
    if head:
        yield (head + written.getvalue()).encode()


def _csv_cell(value: Value) -> str | int | float | Decimal:
    plain = value if isinstance(value, str) else _plain(value)
    if isinstance(plain, str):
        return harmless(plain)
    if plain is None:
        return ""
    return plain.isoformat() if isinstance(plain, dt.date) else plain


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe before it, where it would."""
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def _plain(value: Value) -> str | int | float | Decimal | dt.date | None:
    """Several values as one text; a moment as its day and time in UTC; yes and no as programs write them.

    A decimal stays exact, without the zeros that its column adds and without an exponent.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Decimal):
        return Decimal(digits(value))
    if value is None or isinstance(value, str | int | float | dt.date):
        return value
    return "; ".join(map(str, value)) or None


# JSON


def _json(rows: Iterator[Row], columns: Sequence[Column]) -> Generator[bytes]:
    """Yield an array of objects, one a line. Decimals are texts: most programs would read a number as a nearby one."""
    codes = [column.code for column in columns]
    separator = "[\n"
    encode = json.JSONEncoder(ensure_ascii=False, default=_json_value).encode
    for batch in _batches(rows):
        yield (separator + ",\n".join(encode({code: row[code] for code in codes}) for row in batch)).encode()
        separator = ",\n"
    yield b"[]\n" if separator == "[\n" else b"\n]\n"


def _json_value(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, dt.datetime):
        return f"{plain.isoformat()}Z"
    if isinstance(plain, Decimal):
        return f"{plain:f}"
    return plain.isoformat() if isinstance(plain, dt.date) else plain


# XLSX


def _written_sheet(rows: Iterable[Row], columns: Sequence[Column], about: About) -> IO[bytes]:
    """Return a temporary file, which is gone when it is closed. openpyxl keeps one row in memory at a time."""
    workbook = Workbook(write_only=True)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        sheet = new_sheet(workbook, about.title[:31].translate(NOT_IN_A_SHEET_NAME))
        count = _fill(sheet, rows, columns)
        _tell_about(new_sheet(workbook, _("About")), about, columns=columns, count=count)
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


def new_sheet(workbook: Workbook, name: str) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = workbook.create_sheet(name)
    sheet.sheet_view.rightToLeft = direction(reader_language()) == "rtl"
    return sheet


def _fill(sheet: WriteOnlyWorksheet, rows: Iterable[Row], columns: Sequence[Column]) -> int:
    """Write head and rows; return how many rows there are. Raises SheetIsFull."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = min(40, max(12, len(str(column.label)) + 2))
    sheet.append([bold(sheet, str(column.label)) for column in columns])
    codes = [column.code for column in columns]
    count = 0
    for count, row in enumerate(rows, 1):
        if count > ROWS_OF_A_SHEET:
            raise SheetIsFull
        sheet.append([sheet_cell(sheet, row[code]) for code in codes])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    return count


NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys(r"\*?:/[]", " "))


def sheet_cell(sheet: WriteOnlyWorksheet, value: Value) -> Any:
    """Return what openpyxl shall write: dates stay dates, and no text becomes a formula or an error."""
    plain = value if isinstance(value, bool) else _plain(value)
    if isinstance(plain, dt.date):
        day = plain.date() if isinstance(plain, dt.datetime) else plain
        return plain if day >= _FIRST_DAY_OF_EXCEL else plain.isoformat()
    if not isinstance(plain, str):
        return plain
    text = NOT_IN_XML.sub("", plain)[:CHARACTERS_OF_A_CELL]
    if not text:
        return None
    if text in ERROR_CODES or harmless(text) != text:
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = True  # it stays a text when somebody edits it
        return cell
    return text


def bold(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _tell_about(sheet: WriteOnlyWorksheet, about: About, *, columns: Sequence[Column], count: int) -> None:
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 90

    def tell(label: str, value: Value) -> None:
        told = sheet_cell(sheet, value)
        if isinstance(told, str):
            told = WriteOnlyCell(sheet, told)
            told.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([bold(sheet, label), told])

    tell(_("List"), about.title)
    tell(_("Address"), about.address)
    tell(_("Made at (UTC)"), about.made_at.replace(microsecond=0))
    tell(_("Rows"), count)
    for label, words in about.narrowed_by or [(_("Narrowed by"), _("nothing: the whole list"))]:
        tell(label, words)
    for note in about.notes:
        tell(_("Note"), note)
    sheet.append([])
    sheet.append([bold(sheet, _("Column")), bold(sheet, _("Its name in CSV and JSON"))])
    for column in columns:
        sheet.append([sheet_cell(sheet, str(column.label)), column.code])
