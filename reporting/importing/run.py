"""One file from claim to the parts of a document. Whoever lost the lease cannot file anything."""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import PartKind
from initiatives.models import Document, Part
from portal.common.leases import TRIES, LeaseLost, heartbeat, lease, pause
from reporting.choices import ImportState
from reporting.importing import blocks, files
from reporting.importing.blocks import Block, NoteMark, Source
from reporting.importing.errors import CannotRead
from reporting.importing.mending import Mended, mend
from reporting.importing.outline import Outline, outline
from reporting.models import Import
from reporting.querysets import ImportQuerySet

logger = logging.getLogger(__name__)

LONGEST_TITLE: int = Document._meta.get_field("title").max_length or 0
LONGEST_NUMBER: int = Part._meta.get_field("number").max_length or 0

UNEXPECTED = _("Something went wrong that nobody expected. Tell an administrator the number of this import.")
UNAVAILABLE = _("The server was too busy to read the file. Send it again in some minutes.")
FILE_IS_GONE = _("The file is no longer in the store. Send it again.")


def claim_import(*, import_id: int, now: dt.datetime) -> Import | None:
    """Take the file, if it waits or its worker has vanished; return None where there is nothing to take.

    Two workers that claim at once: the database lets one update win.
    """
    claimable = Import.objects.claimable(now).filter(pk=import_id)
    won = claimable.filter(attempt__lt=TRIES).update(
        state=ImportState.READING, attempt=F("attempt") + 1, lease_until=now + lease()
    )
    imported = Import.objects.filter(pk=import_id).first()
    if won:
        return imported
    if imported and claimable.filter(attempt__gte=TRIES).exists():
        logger.error("Import %s was given up: its workers vanished each time", import_id)
        give_up(imported=imported, sentence=UNAVAILABLE)
    return None


def read_import(*, imported: Import) -> None:
    """Read the file of a claimed import into a document. Raises CannotRead, LeaseLost, or what went wrong."""
    with _heartbeat(imported):
        try:
            with imported.file.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            raise CannotRead(FILE_IS_GONE) from None
        with translation.override("en"):  # it is kept with the row, and translated where it is shown
            source = files.read(content, name=imported.file_name)
        keep_reading(imported=imported, source=source)


@transaction.atomic
def keep_reading(*, imported: Import, source: Source) -> None:
    """Keep what was read, and a document with all its words, while the lease is ours. Raises LeaseLost."""
    mended = mend(source)
    outlined = outline(mended, language=imported.language)
    document = Document.objects.create(
        kind=imported.kind,
        title=_title(imported, outlined),
        language=imported.language,
        entity=imported.entities_in_order[0],
        session=imported.session,
        file=imported.file.name,
        sha256=imported.sha256,
    )
    keep_parts(document=document, mended=mended, outlined=outlined)
    kept = _own(imported).update(
        state=ImportState.READ, lease_until=None, reading=blocks.to_json(source), file="", document=document
    )
    if not kept:
        raise LeaseLost


def keep_parts(*, document: Document, mended: Mended, outlined: Outline) -> None:
    """Make the parts of a document anew: one for each block that has words, at the place of the block."""
    document.parts.all().delete()
    Part.objects.bulk_create(_parts(document, mended, outlined), batch_size=500)


def place_of(block: int) -> int:
    """Return the `order` of the part that holds a block of `Mended.blocks`."""
    return block + 1


def _parts(document: Document, mended: Mended, outlined: Outline) -> Iterator[Part]:
    notes = notes_in(mended.blocks)
    for index, block in enumerate(mended.blocks):
        printed = [piece for each in blocks.within([block]) for piece in each.printed]
        if not printed and not block.runs and not block.rows:
            continue  # a rule or the end of a page
        yield Part(
            document=document,
            order=place_of(index),
            kind=outlined.kinds.get(index, PartKind.PARAGRAPH),
            level=outlined.levels.get(index, 0),
            number=outlined.numbers.get(index, "")[:LONGEST_NUMBER],
            body=blocks.to_html([block], notes),
            printed="\n".join(printed),
            page=block.page or None,
        )


def notes_in(found: list[Block]) -> dict[str, NoteMark]:
    """Return for each note what its mark holds: its words."""
    return {block.note: NoteMark(block.text) for block in found if block.kind == "note" and block.note}


def _title(imported: Import, outlined: Outline) -> str:
    return (outlined.title or PurePath(imported.file_name).stem or imported.file_name)[:LONGEST_TITLE]


def hand_back(*, imported: Import, now: dt.datetime) -> None:
    """Let the lease end after a pause that grows with each try, so that another worker takes it; give up at last."""
    if imported.attempt >= TRIES:
        give_up(imported=imported, sentence=UNAVAILABLE)
        return
    _own(imported).update(lease_until=now + pause(tries=imported.attempt))


@transaction.atomic
def give_up(*, imported: Import, sentence: Promise | str) -> None:
    """End it with a sentence that a person can read, and let its file go."""
    with translation.override("en"):
        ended = _own(imported).update(state=ImportState.FAILED, failure=str(sentence), lease_until=None, file="")
    if ended and imported.file.name:
        transaction.on_commit(partial(default_storage.delete, imported.file.name), robust=True)


def _own(imported: Import) -> ImportQuerySet:
    """The row, as long as this attempt holds it."""
    return Import.objects.filter(pk=imported.pk, attempt=imported.attempt, state=ImportState.READING)


def _heartbeat(imported: Import) -> AbstractContextManager[None]:
    """Renew the lease while the work goes on."""
    return heartbeat(
        lambda: _own(imported).update(lease_until=timezone.now() + lease()), name=f"lease on import {imported.pk}"
    )
