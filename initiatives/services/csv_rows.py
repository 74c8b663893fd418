"""Files with a header row, read so that every mistake names its file, row and column."""

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db.models import Choices
from django.utils.translation import gettext as _

from portal.common.errors import PersonError

Value = TypeVar("Value")


class FileDamaged(PersonError):
    """A file cannot be used. The sentence says where, and what should stand there."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Row:
    """One row. Each method returns a cell as what it means, and raises FileDamaged where it means something else."""

    file: str
    number: int  # as a spreadsheet counts: the header is row 1
    cells: Mapping[str, str]

    def damaged(self, column: str, what: str) -> FileDamaged:
        place = {"file": self.file, "row": self.number, "column": column, "what": what}
        return FileDamaged(_("%(file)s, row %(row)s, column “%(column)s”: %(what)s") % place)

    def text(self, column: str) -> str:
        return self.cells[column].strip()

    def words(self, column: str) -> str:
        """A text that has to be there."""
        if not (text := self.text(column)):
            raise self.damaged(column, _("something has to stand here."))
        return text

    def choice(self, column: str, choices: type[Choices]) -> str:
        text = self.text(column)
        if text not in choices.values:
            listed = ", ".join(str(value) for value in choices.values if value)
            raise self.damaged(column, _("“%(text)s” is none of %(listed)s.") % {"text": text, "listed": listed})
        return text

    def yes(self, column: str) -> bool:
        text = self.text(column)
        if text not in {"yes", "no"}:
            raise self.damaged(column, _("“%(text)s” is neither yes nor no.") % {"text": text})
        return text == "yes"

    def number_in(self, column: str) -> int | None:
        """A whole number; None for an empty cell."""
        text = self.text(column)
        if text and not text.isdecimal():
            raise self.damaged(column, _("“%(text)s” is no whole number.") % {"text": text})
        return int(text) if text else None

    def day(self, column: str) -> dt.date | None:
        """A day as 2021-11-22; None for an empty cell."""
        text = self.text(column)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            raise self.damaged(column, _("“%(text)s” is no day. Write it as 2021-11-22.") % {"text": text}) from None

    def known(self, column: str, known: Mapping[str, Value]) -> Value:
        """What the cell names, of things that stand in other files or rows."""
        text = self.words(column)
        if text not in known:
            raise self.damaged(column, _("“%(text)s” is not known.") % {"text": text})
        return known[text]

    def known_or_none(self, column: str, known: Mapping[str, Value]) -> Value | None:
        return self.known(column, known) if self.text(column) else None


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a file in UTF-8 that has at least these columns. Raises FileDamaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="", restval=None)
            if missing := [column for column in columns if column not in (reader.fieldnames or [])]:
                raise FileDamaged(
                    _("%(file)s: the column “%(column)s” is missing.") % {"file": path.name, "column": missing[0]}
                )
            rows = [Row(path.name, number, cells) for number, cells in enumerate(reader, start=2)]
    except FileNotFoundError:
        raise FileDamaged(_("%(file)s is missing.") % {"file": path}) from None
    except UnicodeDecodeError:
        raise FileDamaged(_("%(file)s is not written in UTF-8.") % {"file": path.name}) from None
    except csv.Error as error:
        raise FileDamaged(_("%(file)s cannot be read: %(error)s.") % {"file": path.name, "error": error}) from None
    for row in rows:
        if "" in row.cells:
            raise row.damaged(list(row.cells)[-2], _("more cells follow than the header has."))
        if short := next((column for column, cell in row.cells.items() if cell is None), None):
            raise row.damaged(short, _("the row ends before this cell."))
    return rows
