"""Take a workbook or a Word file in that was edited offline: a line for each row, then drafts; or only the lines."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from initiatives.choices import DraftOf
from initiatives.models import Entity
from initiatives.services.many_drafts import keep_changes
from portal.common import richtext
from portal.models import User
from reporting.choices import ConflictChoice, RowVerdict, WorkbookFormat
from reporting.management.arguments import entity_of
from reporting.workbook.columns import RECORD
from reporting.workbook.judging import Cell, Judged
from reporting.workbook.reading import CannotReadWorkbook, format_of
from reporting.workbook.run import AT_ONCE, change_of, entity_of_file, read_and_judge

SHOWN = 60  # characters of a value in a line


class Command(BaseCommand):
    help = (
        "Take in a workbook, or a Word file of texts, that export_records or “Work offline” made. Each row is printed: "
        "added, changed (which cells), conflict, unchanged or refused (why). What is taken in becomes drafts, to be "
        "submitted and approved at the desk. A refused row or a conflict stops all, unless --good or --conflicts says "
        "otherwise."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="print what would happen, and change nothing")
        parser.add_argument("--good", action="store_true", help="take in the good rows alone")
        parser.add_argument(
            "--conflicts",
            choices=ConflictChoice.values,
            help="what becomes of rows in which others changed the same: left out, theirs or mine kept",
        )
        parser.add_argument("--entity", help="code of the entity; needed where the workbook does not say it")
        parser.add_argument("--by", metavar="EMAIL", help="whose drafts they are; without it, nobody holds them")
        parser.add_argument("--why", default="", help="why the records are changed, kept with each draft")

    def handle(self, **options: Any) -> None:
        with translation.override("en"):
            try:
                self.take_in(options)
            except CannotReadWorkbook as error:
                raise CommandError(str(error)) from error

    @transaction.atomic
    def take_in(self, options: dict[str, Any]) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        entity = entity_of(options["entity"] or self.entity_code(content))
        user = self.person(options["by"], entity) if options["by"] else None
        rows, notices = read_and_judge(content, entity)
        for notice in notices:
            self.stdout.write(notice)
        self.unit = "row" if format_of(content) == WorkbookFormat.XLSX else "text"
        for row in rows:
            self.print_row(row)
        counts = Counter(row.verdict for row in rows)
        self.stdout.write("; ".join(f"{counts[verdict]} {verdict.value}" for verdict in RowVerdict))
        if options["dry_run"]:
            self.stdout.write("Nothing is changed: this was a dry run.")
            return
        conflicts = options["conflicts"] or ""
        if counts[RowVerdict.REFUSED] and not options["good"]:
            raise CommandError("Rows are refused, so nothing is changed. Mend them, or take in the others with --good.")
        if counts[RowVerdict.CONFLICT] and not (conflicts or options["good"]):
            raise CommandError(
                "Rows are in conflict, so nothing is changed. Say what becomes of them with --conflicts."
            )
        wanted = {RowVerdict.ADDED, RowVerdict.CHANGED}
        if conflicts in {ConflictChoice.MINE, ConflictChoice.THEIRS}:
            wanted.add(RowVerdict.CONFLICT)
        self.write([row for row in rows if row.verdict in wanted], entity, user, options["why"].strip(), conflicts)

    def entity_code(self, content: bytes) -> str:
        if code := entity_of_file(content):
            return code
        raise CommandError("The file does not say whose it is. Name the entity with --entity.")

    def person(self, email: str, entity: Entity) -> User:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None or not Entity.objects.written_by(user).filter(pk=entity.pk).exists():
            raise CommandError(f"Nobody with the address {email} writes for {entity}.")
        return user

    def write(self, rows: list[Judged], entity: Entity, user: User | None, why: str, conflicts: str) -> None:
        written, left = 0, 0
        for start in range(0, len(rows), AT_ONCE):
            batch = rows[start : start + AT_ONCE]
            changes = [change_of(row, chosen=conflicts if row.verdict == RowVerdict.CONFLICT else "") for row in batch]
            for row, kept in zip(
                batch, keep_changes(changes, entity=entity, user=user, why=why, now=timezone.now()), strict=True
            ):
                written += kept.is_new
                left += bool(kept.refusal)
                if kept.refusal:
                    self.stdout.write(f"{self.place(row)} left out: {kept.refusal}")
        self.stdout.write(f"Written into drafts: {written}. Left out meanwhile: {left}.")

    def place(self, row: Judged) -> str:
        sheet = "" if self.unit == "text" or row.of == DraftOf.INITIATIVE else f"{row.of} "
        return f"{sheet}{self.unit} {row.number}"

    def print_row(self, row: Judged) -> None:
        said = "; ".join(_told(row.verdict, cell) for cell in row.cells)
        named = " ".join(filter(None, [row.record, row.title]))
        self.stdout.write(f"{self.place(row)} {row.verdict.value}: {named}" + (f" ({said})" if said else ""))


def _told(verdict: RowVerdict, cell: Cell) -> str:
    was, now, theirs = (_short(text, cell) for text in (cell.was, cell.now, cell.theirs))
    if cell.problem:
        return f"{cell.name}: {cell.problem}" if cell.name != RECORD else cell.problem
    if cell.clashes:
        return f"{cell.name}: “{now}”, but others wrote “{theirs}”"
    if verdict == RowVerdict.ADDED:
        return f"{cell.name}: {now}"
    return f"{cell.name}: “{was}” → “{now}”"


def _short(text: str, cell: Cell) -> str:
    line = richtext.to_plain(text) if cell.is_text else " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
