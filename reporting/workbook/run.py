"""What a worker does with a workbook: reads it into rows with their verdicts, and takes in what a person accepted.

Whoever lost the lease writes nothing any more. A row is marked together with the draft that it makes, so what was begun
goes on where it was ended, and nothing is done twice.
"""

import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.choices import DraftOf
from initiatives.models import Entity
from initiatives.services.drafts import EDITABLE
from initiatives.services.many_drafts import Change, keep_changes
from portal.common.leases import TRIES, LeaseLost, heartbeat, lease, pause
from portal.common.merging import Choice
from reporting.choices import (
    WORKBOOKS_WAITING,
    WORKBOOKS_WORKED_ON,
    ConflictChoice,
    RowOutcome,
    RowVerdict,
    WorkbookFormat,
    WorkbookState,
)
from reporting.models import WorkbookRow, WorkbookUpload
from reporting.querysets import WorkbookUploadQuerySet
from reporting.verification.reader import Problem
from reporting.workbook.judging import Judged, judge_book
from reporting.workbook.reading import LIMIT, Book, CannotReadWorkbook, Says, entity_code_in, format_of, read_workbook
from reporting.workbook.rows import Number, parse_number
from reporting.workbook.sheets import SheetKind, sheets_of
from reporting.workbook.submitting import submit_row
from reporting.workbook.word import WordFile, read_word
from reporting.workbook.word_records import judge_word

logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows that are taken in together
CHARACTERS_AT_ONCE = 4_000_000  # of rows with their verdicts, which are written together

UNEXPECTED = gettext_lazy(
    "Something went wrong that nobody expected. Tell an administrator the number of this workbook."
)
UNAVAILABLE = gettext_lazy("The server was too busy for this workbook. Send it again in some minutes.")
FILE_IS_GONE = gettext_lazy("The file is no longer in the store. Send it again.")

#: What a worker does in each state that waits: the state in which it does that.
DOES = dict(zip(WORKBOOKS_WAITING, WORKBOOKS_WORKED_ON, strict=True))


def claim_workbook(*, upload_id: int, now: dt.datetime) -> WorkbookUpload | None:
    """Take the workbook, if it waits or its worker has vanished; return None where there is nothing to take.

    Two workers that claim at once: the database lets one update win.
    """
    claimable = WorkbookUpload.objects.claimable(now).filter(pk=upload_id)
    held = {"attempt": F("attempt") + 1, "lease_until": now + lease()}
    mine = claimable.filter(attempt__lt=TRIES)
    won = any(mine.filter(state__in=[waits, does]).update(state=does, **held) for waits, does in DOES.items())
    upload = WorkbookUpload.objects.select_related("entity", "requested_by").filter(pk=upload_id).first()
    if won:
        return upload
    if upload and claimable.filter(attempt__gte=TRIES).exists():
        logger.error("Workbook %s was given up: its workers vanished each time", upload_id)
        give_up(upload=upload, sentence=UNAVAILABLE)
    return None


def work_on(*, upload: WorkbookUpload) -> None:
    """Read a claimed workbook, take it in, or submit its drafts.

    Raises CannotReadWorkbook, LeaseLost, or what went wrong.
    """
    beating = heartbeat(
        lambda: _own(upload).update(lease_until=timezone.now() + lease()), name=f"lease on workbook {upload.pk}"
    )
    with beating, translation.override(upload.language):
        {
            WorkbookState.READING: _read,
            WorkbookState.TAKING: _take_in,
            WorkbookState.SUBMITTING: _submit,
        }[WorkbookState(upload.state)](upload)


# Reading


def _read(upload: WorkbookUpload) -> None:
    try:
        with upload.file.open("rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise CannotReadWorkbook(FILE_IS_GONE) from None
    judged, notices = read_and_judge(content, upload.entity)
    with transaction.atomic():
        if not _own(upload).update(state=WorkbookState.READ, lease_until=None, attempt=0, progress=0, notices=notices):
            raise LeaseLost
        WorkbookRow.objects.filter(upload=upload).delete()
        _write_rows(upload, judged)


def read_and_judge(content: bytes, entity: Entity) -> tuple[list[Judged], list[str]]:
    """Return a verdict for each row of a file, or for each record of a Word file, and what is to be known of the whole.

    Raises CannotReadWorkbook.
    """
    if format_of(content) == WorkbookFormat.DOCX:
        with _readable():
            file = _word_file(content)
            _check_entity(file.entity, entity)
            return judge_word(file, entity=entity), file.notices
    kinds = sheets_of(entity)
    book = read_workbook(content, kinds)
    _check_entity(book.entity, entity)
    return judge_book(book, entity=entity, kinds=kinds), notices_of(book, kinds)


def entity_of_file(content: bytes) -> str:
    """Return the code of the entity that a file was made for, or nothing. Raises CannotReadWorkbook."""
    if format_of(content) != WorkbookFormat.DOCX:
        return entity_code_in(content)
    with _readable():
        return _word_file(content).entity


def _word_file(content: bytes) -> WordFile:
    if len(content) > LIMIT:
        raise CannotReadWorkbook(Says.TOO_LARGE)
    file = read_word(content)
    if not file.texts:
        raise CannotReadWorkbook(Says.NO_TEXTS)
    return file


@contextmanager
def _readable() -> Iterator[None]:
    """Say in a sentence what is wrong with a Word file. Raises CannotReadWorkbook."""
    try:
        yield
    except Problem as problem:
        logger.info("A Word file could not be read: %s", problem)
        says = {"encrypted": Says.PROTECTED, "too_large": Says.TOO_LONG}
        raise CannotReadWorkbook(says.get(str(problem), Says.DAMAGED)) from None


def _check_entity(code: str, entity: Entity) -> None:
    if code and code != entity.code:
        raise CannotReadWorkbook(
            _("This workbook holds records of %(entity)s. Send it back for that entity.") % {"entity": code}
        )


def notices_of(book: Book, kinds: Sequence[SheetKind]) -> list[str]:
    """Return what a person has to know of the file as a whole."""
    notices = []
    for kind in kinds:
        sheet = book.sheets.get(kind.of)
        if sheet is None:
            notices.append(
                _("The workbook lacks the sheet “%(sheet)s”, so nothing is changed there.") % {"sheet": kind.title}
            )
            continue
        if sheet.missing:
            notices.append(
                _("Columns that the workbook lacks, so that nothing is changed there: %(columns)s.")
                % {"columns": ", ".join(sheet.missing)}
            )
        if sheet.unknown:
            notices.append(
                _("Columns that are not known and not read: %(columns)s. Where you renamed one, give it its name back.")
                % {"columns": ", ".join(sheet.unknown)}
            )
    if not book.began and any(row.record for row in book.rows):
        notices.append(
            _(
                "The workbook has lost what its rows began from, so it cannot be told what others changed meanwhile: "
                "each row is compared with its record as it is today. Look closely at what would change."
            )
        )
    if not book.rows:
        notices.append(_("The workbook has no rows."))
    return notices


def _write_rows(upload: WorkbookUpload, judged: Sequence[Judged]) -> None:
    if not judged:
        return
    quote = connection.ops.quote_name
    table, columns = quote(WorkbookRow._meta.db_table), ", ".join(map(quote, _row_of(upload, judged[0])))
    written = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"  # noqa: S608  # our own table and columns
    with connection.cursor() as cursor:  # `bulk_create` takes three times as long
        for rows in _batches(json.dumps(_row_of(upload, one)) for one in judged):
            cursor.execute(written, [f"[{','.join(rows)}]"])


def _batches(rows: Iterable[str]) -> Iterator[list[str]]:
    """Yield rows together as long as they are short: PostgreSQL takes 256 MB of JSON at once, and memory should not."""
    batch: list[str] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row)
        if size >= CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _row_of(upload: WorkbookUpload, judged: Judged) -> dict[str, Any]:
    """Return what a new row says, by its columns."""
    longest: dict[str, int] = {"record": 40, "title": 400}
    is_wanted = judged.verdict in {RowVerdict.ADDED, RowVerdict.CHANGED, RowVerdict.CONFLICT}
    return {
        "upload_id": upload.pk,
        "of": judged.of,
        "number": judged.number,
        "record": judged.record[: longest["record"]],
        "title": judged.title[: longest["title"]],
        "verdict": judged.verdict,
        "cells": [vars(cell) for cell in judged.cells],
        "base": judged.base if is_wanted else {},
        "mine": judged.mine if is_wanted else {},
        "choice": "",
        "outcome": "",
        "refusal": "",
        "missing": {},
    }


# Taking in


def _take_in(upload: WorkbookUpload) -> None:
    wanted = _wanted(upload)
    total = wanted.count()
    waiting = wanted.filter(outcome="").order_by("pk").defer("cells")
    while rows := list(waiting[:AT_ONCE]):
        with transaction.atomic():
            # held until the drafts are written: a worker that was taken for vanished waits here, and finds out
            if not _own(upload).select_for_update().exists():
                raise LeaseLost
            _take_in_rows(upload, rows)
        left = waiting.count()
        _own(upload).update(progress=100 * (total - left) // max(total, 1))
    with transaction.atomic():
        if not _own(upload).update(state=WorkbookState.TAKEN, lease_until=None, progress=100, file=""):
            raise LeaseLost
        transaction.on_commit(partial(default_storage.delete, str(upload.file.name)), robust=True)


def _wanted(upload: WorkbookUpload) -> QuerySet[WorkbookRow]:
    """Rows without a conflict, and those of which the conflict was decided, each by itself or all of them."""
    decided = Q(verdict=RowVerdict.CONFLICT) & ~Q(choice=ConflictChoice.LEAVE)
    if upload.conflicts == ConflictChoice.LEAVE:
        decided &= ~Q(choice="")
    return WorkbookRow.objects.filter(Q(verdict__in=[RowVerdict.ADDED, RowVerdict.CHANGED]) | decided, upload=upload)


def _take_in_rows(upload: WorkbookUpload, rows: Sequence[WorkbookRow]) -> None:
    changes = [
        # who chose what becomes of conflicts has seen those that there were then
        change_of(row, chosen=(row.choice or upload.conflicts) if row.verdict == RowVerdict.CONFLICT else "")
        for row in rows
    ]
    kept = keep_changes(changes, entity=upload.entity, user=upload.requested_by, why=upload.why, now=timezone.now())
    for row, one in zip(rows, kept, strict=True):
        row.draft, row.refusal = one.draft, str(one.refusal)
        row.outcome = RowOutcome.LEFT if one.refusal else RowOutcome.WRITTEN if one.is_new else RowOutcome.SAME
    with connection.cursor() as cursor:  # `bulk_update` takes several times as long
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(WorkbookRow._meta.db_table)} AS row "  # noqa: S608  # our own table
            "SET outcome = said.outcome, refusal = said.refusal, draft_id = said.draft "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS said (id, outcome, refusal, draft) "
            "WHERE row.id = said.id",
            [
                [row.pk for row in rows],
                [str(row.outcome) for row in rows],
                [row.refusal for row in rows],
                [row.draft_id for row in rows],
            ],
        )


def change_of(row: WorkbookRow | Judged, *, chosen: str) -> Change:
    """Return what a row changes; `chosen` is a ConflictChoice, or empty where it has no conflict."""
    found = parse_number(row.record) or Number()
    choices: dict[str, Choice] = {ConflictChoice.MINE: "mine", ConflictChoice.THEIRS: "theirs"}
    of, base, mine = DraftOf(row.of), row.base, row.mine
    about = found.initiative or found.own_text
    if of == DraftOf.RESULT:  # a new one begins for what its cell names, and each stays with that
        base, mine = ({name: said for name, said in one.items() if name != "initiative"} for one in (base, mine))
        about = (parse_number(str(row.mine.get("initiative") or "")) or Number()).initiative
    return Change(
        base=base,
        mine=mine,
        of=of,
        initiative=about,
        result=found.result,
        draft=found.draft,
        period=found.period,
        chosen=choices.get(chosen),
    )


# Submitting


def _submit(upload: WorkbookUpload) -> None:
    """Submit each draft that is not submitted yet; what one lacks, its row tells. Who asked for it submits them."""
    user = upload.requested_by
    assert user  # who asked is there, or the workbook would be nobody's
    waiting = WorkbookRow.objects.filter(upload=upload, draft__state__in=EDITABLE).select_related("draft")
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(pks, 1):
        with transaction.atomic():
            if not _own(upload).select_for_update().exists():
                raise LeaseLost
            if row := waiting.filter(pk=pk).first():
                submit_row(row, user=user, now=timezone.now())
        if done % 20 == 0:
            _own(upload).update(progress=100 * done // len(pks))
    if not _own(upload).update(state=WorkbookState.TAKEN, lease_until=None, attempt=0, progress=100):
        raise LeaseLost


# The end of a try


def hand_back(*, upload: WorkbookUpload, now: dt.datetime) -> None:
    """Let the lease end after a pause that grows with each try, so that another worker takes it; give up at last."""
    if upload.attempt >= TRIES:
        give_up(upload=upload, sentence=UNAVAILABLE)
        return
    _own(upload).update(lease_until=now + pause(tries=upload.attempt))


@transaction.atomic
def give_up(*, upload: WorkbookUpload, sentence: Promise | str) -> None:
    """End it with a sentence that a person can read, and let its file go. What was taken in stays."""
    with translation.override(upload.language):
        # what was taken in stays, and can be submitted again
        ends = WorkbookState.TAKEN if upload.state == WorkbookState.SUBMITTING else WorkbookState.FAILED
        ended = _own(upload).update(state=ends, failure=str(sentence), lease_until=None, file="")
    if ended and upload.file.name:
        transaction.on_commit(partial(default_storage.delete, upload.file.name), robust=True)


def _own(upload: WorkbookUpload) -> WorkbookUploadQuerySet:
    """The row, as long as this attempt holds it."""
    return WorkbookUpload.objects.filter(pk=upload.pk, attempt=upload.attempt, state__in=WORKBOOKS_WORKED_ON)
