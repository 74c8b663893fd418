"""A workbook comes back: its sheets of records as text, cell by cell, and what each row began from.

Nothing of the file is run or followed. What it says of its own size is checked before it is unpacked: Python unpacks no
part further than that.
"""

import datetime as dt
import io
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TypeVar

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from portal.common.errors import PersonError
from portal.common.exports import NOT_IN_XML
from reporting.choices import WorkbookFormat
from reporting.workbook.columns import RECORD, RECORD_LABEL, tidy
from reporting.workbook.rows import parse_number
from reporting.workbook.sheets import SheetKind
from reporting.workbook.writing import MARK, MOST_ROWS

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

LIMIT = 25 * 1024 * 1024  # bytes of the file
UNPACKED = 160 * 1024 * 1024  # bytes; 20,000 full rows take half
MOST_PARTS = 2_000
MOST_COLUMNS = 200
FIRST_ROWS = 5  # in which the head stands
LEAST_NAMES = 3  # of columns, in a row that is the head
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # begins what a password protects, and files of Excel up to 2003


class CannotReadWorkbook(PersonError):
    """A file that is not taken in at all; its sentence says why and what to do."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Says:
    """Why a file is not read."""

    EMPTY = gettext_lazy("The file is empty. Choose the workbook that you edited.")
    TOO_LARGE = gettext_lazy("The file is larger than 25 MB. Split its rows over several workbooks.")
    PROTECTED = gettext_lazy(
        "The file is protected by a password, or in a format of Office up to 2003. Save it as XLSX or DOCX, without "
        "one."
    )
    NO_WORKBOOK = gettext_lazy("The file is no workbook that can be read. Save it as XLSX.")
    TOO_LONG = gettext_lazy(
        "The Word file takes too long to read. Cut it at grey lines that name a record, and send the parts one by one."
    )
    NO_TEXTS = gettext_lazy(
        "The Word file has none of the small grey lines that name its texts. Download your texts again, and write "
        "into that file."
    )
    BOMB = gettext_lazy("Unpacked, the file is far larger than any workbook of records. Split its rows over several.")
    DAMAGED = gettext_lazy("The file is damaged. Open it in the program that made it, and save it again.")


@dataclass(frozen=True)
class Row:
    """One row of the sheet: the texts of its cells by the codes of their columns, and the cells that are refused."""

    number: int  # as the program that shows the sheet counts it
    record: str
    cells: Mapping[str, str]
    refused: Mapping[str, str]  # code of the column → why


@dataclass
class Sheet:
    """What one sheet of a workbook says."""

    rows: list[Row] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # labels of columns that it has no more
    unknown: list[str] = field(default_factory=list)  # heads that say nothing to us


@dataclass
class Book:
    """What a workbook says."""

    entity: str = ""  # code of the one it was made for; empty where it does not say
    language: str = ""  # in which it was made
    sheets: dict[str, Sheet] = field(default_factory=dict)  # those that are there, by the kind of their records
    began: dict[str, dict[str, Any]] = field(default_factory=dict)  # by number of the record

    @property
    def rows(self) -> list[Row]:
        """All rows, sheet by sheet."""
        return [row for sheet in self.sheets.values() for row in sheet.rows]


def read_workbook(content: bytes, kinds: Sequence[SheetKind]) -> Book:
    """Return what a file says, in one pass. Raises CannotReadWorkbook."""
    return _opened(content, lambda workbook: _read(workbook, kinds))


def format_of(content: bytes) -> WorkbookFormat:
    """Return what a file is by its content: what is no Word file is judged as a workbook."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = []
    return WorkbookFormat.DOCX if "word/document.xml" in names else WorkbookFormat.XLSX


def entity_code_in(content: bytes) -> str:
    """Return the code of the entity that a workbook was made for, empty where it does not say. Raises as
    `read_workbook`.
    """
    return _opened(content, _entity_of)


def _entity_of(workbook: Workbook) -> str:
    for one in workbook.worksheets:
        for mark, code, *_rest in one.iter_rows(max_row=1, max_col=3, values_only=True):
            if mark == MARK:
                return str(code or "")
    return ""


def _opened(content: bytes, ask: Callable[[Workbook], Answer]) -> Answer:
    _check(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return ask(workbook)
        finally:
            workbook.close()
    except CannotReadWorkbook:
        raise
    except Exception as error:  # whatever a broken file makes the library stumble over
        logger.info("A workbook could not be read: %r", error)
        raise CannotReadWorkbook(Says.DAMAGED) from None


def _check(content: bytes) -> None:
    if not content:
        raise CannotReadWorkbook(Says.EMPTY)
    if len(content) > LIMIT:
        raise CannotReadWorkbook(Says.TOO_LARGE)
    if content.startswith(_OLE):
        raise CannotReadWorkbook(Says.PROTECTED)
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise CannotReadWorkbook(Says.NO_WORKBOOK if content[:2] != b"PK" else Says.DAMAGED) from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise CannotReadWorkbook(Says.NO_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts):
        raise CannotReadWorkbook(Says.PROTECTED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise CannotReadWorkbook(Says.BOMB)


def _read(workbook: Workbook, kinds: Sequence[SheetKind]) -> Book:
    book = Book()
    for one in workbook.worksheets:
        one.reset_dimensions()  # what a file says of its size may be wrong
        rows = enumerate(one.iter_rows(max_col=MOST_COLUMNS), 1)
        first = list(islice(rows, FIRST_ROWS))
        if first and first[0][1] and first[0][1][0].value == MARK:
            _read_began(book, first[0][1], chain(first[1:], rows))
            continue
        heads = [(kind, head) for kind in kinds if kind.of not in book.sheets and (head := _head_in(first, kind))]
        if heads:
            kind, head = max(heads, key=lambda found: len(found[1].places))
            missing = [column.label for column in kind.columns if column.name not in head.places]
            sheet = book.sheets[kind.of] = Sheet(missing=missing, unknown=head.unknown)
            _read_rows(sheet, head, chain(first, rows))
    if not book.sheets:
        raise CannotReadWorkbook(
            _(
                "No sheet of the workbook has the column “%(record)s”, which says to which record a row belongs. "
                "Download your records again, and write into that file."
            )
            % {"record": RECORD_LABEL}
        )
    return book


Cells = tuple[Any, ...]


@dataclass(frozen=True)
class _Head:
    row: int  # the last row of it
    places: dict[str, int]  # of the columns, by their codes
    unknown: list[str]


def _head_in(first: Sequence[tuple[int, Cells]], kind: SheetKind) -> _Head | None:
    """Find the row of codes, or the one of labels where that is gone. Raises CannotReadWorkbook."""
    codes = {column.name: column.name for column in kind.columns} | {RECORD: RECORD}
    labels = {column.label.casefold(): column.name for column in kind.columns}
    labels[str(RECORD_LABEL).casefold()] = RECORD
    locked = {*kind.shown, *(str(label).casefold() for label in kind.shown.values())}
    for index, (number, cells) in enumerate(first):
        said = [_text(cell)[0] for cell in cells]
        for known, is_codes in ((codes, True), (labels, False)):
            names = [known.get(text if is_codes else text.casefold(), "") for text in said]
            if RECORD not in names or len(set(names)) < LEAST_NAMES:
                continue
            below = first[index + 1][1] if is_codes and index + 1 < len(first) else ()
            shown = [_text(cell)[0] for cell in below] if below else []
            if shown and parse_number(shown[names.index(RECORD)] if names.index(RECORD) < len(shown) else ""):
                shown = []  # the row of labels is gone
            words = shown or said
            twice = [text for text, times in Counter(filter(None, names)).items() if times > 1]
            if twice:
                raise CannotReadWorkbook(
                    _("The workbook has the column “%(column)s” twice. Delete one of the two.") % {"column": twice[0]}
                )
            unknown = [
                text
                for place, text in enumerate(words)
                if text and not (names[place : place + 1] or [""])[0] and text.casefold() not in locked
            ]
            places = {name: place for place, name in enumerate(names) if name}
            return _Head(number + bool(shown), places, unknown)
    return None


def _read_rows(sheet: Sheet, head: _Head, rows: Iterable[tuple[int, Cells]]) -> None:
    record = head.places[RECORD]
    columns = [(name, place) for name, place in head.places.items() if name != RECORD]
    for number, cells in rows:
        if number <= head.row or not cells:
            continue
        texts: dict[str, str] = {}
        refused: dict[str, str] = {}
        width = len(cells)
        for name, place in columns:
            texts[name] = ""
            if place < width and cells[place].value is not None:  # most are empty
                texts[name], problem = _text(cells[place])
                if problem:
                    refused[name] = problem
        named, problem = _text(cells[record]) if record < width else ("", "")
        if problem:
            refused[RECORD] = problem
        if named or refused or any(texts.values()):
            if len(sheet.rows) == MOST_ROWS:
                raise CannotReadWorkbook(
                    _("The workbook has more than %(most)s rows. Split them over several.")
                    % {"most": number_format(MOST_ROWS, force_grouping=True)}
                )
            sheet.rows.append(Row(number, named, texts, refused))


def _text(cell: Any) -> tuple[str, str]:
    """Return what stands in a cell as a person reads it, and why it is refused, if it is."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        formula = getattr(value, "text", value)
        return str(formula or "="), _("This is a formula, which is never run here. Write what it comes to.")
    if cell.data_type == "e":
        return str(value), _("This is an error that a formula left. Write what is meant.")
    if isinstance(value, str):
        return tidy(value), ""
    if isinstance(value, bool):
        return str(value).lower(), ""
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)), ""
    if isinstance(value, dt.datetime):
        # 2021-11 is made the first of November by programs that were not told to leave it
        is_month = value.day == 1 and "d" not in str(cell.number_format).lower()
        return value.date().isoformat()[: 7 if is_month else 10], ""
    return str(value), ""


def _read_began(book: Book, first: Cells, rows: Iterable[tuple[int, Cells]]) -> None:
    book.entity, book.language = ([str(cell.value or "") for cell in first[1:3]] + ["", ""])[:2]
    for _number, cells in rows:
        there = [str(cell.value) for cell in cells if cell is not EMPTY_CELL and cell.value is not None]
        number, *pieces = there or [""]
        try:
            base = json.loads("".join(pieces)) if pieces else None
        except (ValueError, RecursionError):
            continue
        if isinstance(base, dict) and all(map(_is_value, base.values())):
            book.began[number] = base


def _is_value(value: Any) -> bool:
    """Whether a field of a form may hold it: a text, codes, or rows of texts. Somebody may have written the sheet."""
    if isinstance(value, list):
        return all(all(map(_is_text, one.values())) if isinstance(one, dict) else _is_text(one) for one in value)
    return _is_text(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not NOT_IN_XML.search(value)
