"""The columns of a sheet: one description to write, read and help, made from the form of a record."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.drafting.many import ManyRecords
from initiatives.drafting.results import NumberField
from portal.common.exports import CHARACTERS_OF_A_CELL, NOT_IN_XML
from portal.common.forms import RowsField, codes_in_order
from portal.common.merging import Value

RECORD = "record"  # the code of the column that says which record a row is about
RECORD_LABEL = gettext_lazy("Record")
ON = "on"  # what a form sends for a box that is ticked
YES, NO = gettext_lazy("yes"), gettext_lazy("no")

_TRUE = {"yes", "true", "1", "x", ON}
_FALSE = {"no", "false", "0", "-", "–"}
_BETWEEN_CODES = re.compile(r"[;\n؛；]")
_BETWEEN_PAIRS = re.compile(r"(?<!\\)[;\n؛；]")
_WORDS_FOLLOW = " – "


class NotUnderstood(Exception):
    """What stands in a cell cannot be meant; its text is a sentence."""


@dataclass(frozen=True)
class Column:
    """One field of the form as a column: how a value is written into a cell, and how a cell is read."""

    name: str
    label: str
    help: str
    is_required: bool
    codes: Mapping[str, str] = field(default_factory=dict)  # to choose from, each with its words
    is_many: bool = False
    is_yes: bool = False  # or empty
    parts: Sequence[str] = ()  # the columns of a field that has rows
    part_labels: Sequence[str] = ()
    is_of_numbers: bool = False  # its rows are a name and a number

    def write(self, value: Value) -> str:
        """Return the text of a cell for a value; a very long one is cut, and never read again."""
        if self.parts:
            rows = [row for row in value if isinstance(row, dict)]
            if self.is_of_numbers:
                return _fitting("; ".join(map(self._pair, rows)))
            return _fitting("\n".join(map(self._line, rows)))
        if isinstance(value, list):
            return _fitting("; ".join(map(str, value)))
        if self.is_yes:
            return str(YES) if value else ""
        return _fitting(self.shown.get(value, value))

    def read(self, text: str) -> Value:
        """Return the value for the text of a cell; what may be chosen, the form judges. Raises NotUnderstood."""
        if self.is_of_numbers:
            return [self._numbered(pair.strip()) for pair in _BETWEEN_PAIRS.split(text) if pair.strip()]
        if self.parts:
            return [self._row(line) for line in text.splitlines() if line.strip()]
        if self.is_many:
            return codes_in_order([self._code(one.strip()) for one in self._split(text) if one.strip()])
        if self.is_yes:
            return self._yes(text)
        return self._code(text) if self.codes else text

    @cached_property
    def shown(self) -> dict[str, str]:
        """What a cell of one code says: the code with its words, where those say more."""
        return {code: _with_words(code, words) for code, words in self.codes.items()}

    @property
    def offered(self) -> list[str]:
        """What the list of the column holds."""
        return [str(YES)] if self.is_yes else list(self.shown.values())

    @cached_property
    def _known(self) -> dict[str, str]:
        called = Counter(words.casefold() for words in self.codes.values())  # two people may have one name
        known = {words.casefold(): code for code, words in self.codes.items() if called[words.casefold()] == 1}
        known |= {shown.casefold(): code for code, shown in self.shown.items()}
        return known | {code.casefold(): code for code in self.codes}

    def _code(self, text: str) -> str:
        """Return the code that is meant by itself, by its words or by both; what is not known stays what it is."""
        for said in (text, text.partition(_WORDS_FOLLOW)[0].strip()):
            if (code := self._known.get(said.casefold())) is not None:
                return code
        return text

    def _split(self, text: str) -> list[str]:
        """Names of countries have commas in them, so they part codes alone."""
        found: list[str] = []
        for one in _BETWEEN_CODES.split(text):
            by_commas = [piece.strip() for piece in re.split("[,،，、]", one)]
            whole = self._code(one.strip()) in self.codes or any(self._code(it) not in self.codes for it in by_commas)
            found += [one] if whole else by_commas
        return found

    def _yes(self, text: str) -> str:
        said = text.casefold()
        if said in _TRUE | _in_all_languages(YES):
            return ON
        if not said or said in _FALSE | _in_all_languages(NO):
            return ""
        raise NotUnderstood(_("Write “%(yes)s”, or leave the cell empty.") % {"yes": YES})

    @cached_property
    def _short(self) -> dict[str, str]:
        """The codes without what stands before their slash, `women` for `sex/women`, where no other one ends so."""
        ends = {code: code.rpartition("/")[2] for code in self.codes}
        times = Counter(ends.values())
        return {code: end for code, end in ends.items() if times[end] == 1}

    def _pair(self, row: Mapping[str, str]) -> str:
        name, number = (str(row.get(part) or "") for part in self.parts)
        name = _BETWEEN_CODES.sub(r"\\\g<0>", " ".join(self._short.get(name, name).split()).replace("\\", "\\\\"))
        return f"{name}={number}" if number or "=" in name or name.endswith("\\") else name

    def _numbered(self, pair: str) -> dict[str, str]:
        name, _equals, number = pair.rpartition("=") if "=" in pair else (pair, "", "")
        name = re.sub(r"\\([\\;؛；])", r"\1", name.strip())
        short = {end.casefold(): code for code, end in self._short.items()}
        return dict(zip(self.parts, [short.get(name.casefold()) or self._code(name), number.strip()], strict=True))

    def _line(self, row: Mapping[str, str]) -> str:
        cells = [_guarded(str(row.get(part) or "")) for part in self.parts]
        while cells and not cells[-1]:
            cells.pop()
        return " | ".join(cells)

    def _row(self, line: str) -> dict[str, str]:
        cells = [_unguarded(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) > len(self.parts):
            raise NotUnderstood(
                _("A line has more parts than %(parts)s. Set \\ before a | that is part of the words.")
                % {"parts": " | ".join(self.part_labels)}
            )
        return dict(zip(self.parts, [*cells, *[""] * len(self.parts)], strict=False))


def columns_of(form: ManyRecords) -> list[Column]:
    """Return a column for each field of the form."""
    return [_column(name, one) for name, one in form.fields.items()]


def _column(name: str, one: forms.Field) -> Column:
    codes = {str(code): str(words) for code, words in getattr(one, "choices", ()) if code != ""}
    parts = one.columns if isinstance(one, RowsField) else {}
    for part in parts.values():
        codes |= {str(code): str(words) for code, words in getattr(part, "choices", ()) if _is_of_numbers(one)}
    return Column(
        name=name,
        label=str(one.label),
        help=_help(one, codes),
        is_required=one.required,
        codes=codes,
        is_many=isinstance(one, forms.MultipleChoiceField),
        is_yes=isinstance(one, forms.BooleanField),
        parts=list(parts),
        part_labels=[str(part.label) for part in parts.values()],
        is_of_numbers=_is_of_numbers(one),
    )


def _is_of_numbers(one: forms.Field) -> bool:
    """Whether it has rows of a name and a number, which a cell holds as `name=number`."""
    kinds = [type(part) for part in one.columns.values()] if isinstance(one, RowsField) else []
    return len(kinds) == len(("name", "number")) and issubclass(kinds[1], NumberField | forms.IntegerField)


def _help(one: forms.Field, codes: Mapping[str, str]) -> str:
    said: list[str | Promise] = [one.help_text] if one.help_text else []
    if isinstance(one, forms.BooleanField):
        said.append(_("Write “%(yes)s”, or leave the cell empty.") % {"yes": YES})
    elif isinstance(one, forms.MultipleChoiceField):
        said.append(_("Codes of the list, with semicolons between them."))
    elif _is_of_numbers(one):
        said.append(
            _("Names of the list with their numbers, and semicolons between them: women=3; men=5.")
            if codes
            else _("Names with their numbers, and semicolons between them: Digital twin=2; Cobot=1.")
        )
    elif isinstance(one, RowsField):
        parts = " | ".join(str(part.label) for part in one.columns.values())
        said.append(_("Each on a line of its own: %(parts)s") % {"parts": parts})
    elif isinstance(one, forms.DateField):
        said.append(_("Such as 2026-11-22."))
    elif codes:
        said.append(_("One of the list."))
    return " ".join(map(str, said))


@cache
def _in_all_languages(words: Promise) -> frozenset[str]:
    """A workbook may come back to somebody who reads another language than who took it out."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(words).casefold())
    return frozenset(found)


def _with_words(code: str, words: str) -> str:
    if f"{words} ".casefold().startswith(f"{code} ".casefold()):
        return words
    return f"{code}{_WORDS_FOLLOW}{words}"


def tidy(text: str) -> str:
    """Return a text as a cell can hold it and give it back: without signs that no XML has, lines ending in one way."""
    return NOT_IN_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _fitting(text: str) -> str:
    tidied = tidy(text)
    return tidied if len(tidied) <= CHARACTERS_OF_A_CELL else tidy(tidied[:CHARACTERS_OF_A_CELL])


def is_full(text: str) -> bool:
    """Whether a text is so long that `write` may have cut it."""
    return len(text) > CHARACTERS_OF_A_CELL - 100


def _guarded(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


def _unguarded(text: str) -> str:
    return re.sub(r"\\([\\|])", r"\1", text)
