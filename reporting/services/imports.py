"""Old documents in: asking for one, and filing what it proposes. `undoing` takes that back."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

import pghistory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.choices import DocumentKind
from initiatives.models import Document, Entity, Session
from portal.common.errors import PersonError
from portal.common.leases import lease
from portal.models import User
from reporting.choices import ImportState
from reporting.importing import blocks, files
from reporting.importing.mending import mend
from reporting.importing.outline import outline
from reporting.importing.proposals import Proposals, propose
from reporting.importing.run import keep_parts, keep_reading
from reporting.models import Import
from reporting.services.filing import file_records
from reporting.tasks import read_import_task

LONGEST_NAME: int = Import._meta.get_field("file_name").max_length or 0


class AlreadyRead(PersonError):
    """The same file for the same entities and session; `former` is the import that has it."""

    def __init__(self, former: Import) -> None:
        self.former = former
        self.sentence = _("This file was read in already: see import %(number)s. Undo that one to read it again.") % {
            "number": former.pk
        }


class SubmissionWithoutSession(PersonError):
    sentence = gettext_lazy("Name the session that the submission answers.")


class OnlySubmissionsAnswerASession(PersonError):
    sentence = gettext_lazy(
        "Only a submission answers a session. Leave the session out, or choose the kind submission."
    )


class NotReadYet(PersonError):
    sentence = gettext_lazy("The file is not read yet, so there is nothing to file. Wait a moment, then try again.")


class CouldNotBeRead(PersonError):
    sentence = gettext_lazy("The file could not be read, so there is nothing to file.")


class AlreadyFiled(PersonError):
    sentence = gettext_lazy("This document was filed already. To file it in another way, undo that first.")


class AlreadyUndone(PersonError):
    sentence = gettext_lazy("This import was undone. Send the file again to read it once more.")


class ProposalsChanged(PersonError):
    """What would be filed is not what the person was shown; `proposals` are those of now."""

    sentence = gettext_lazy(
        "Records have changed since these proposals were shown, so nothing was filed. Look at them once more: what "
        "you chose is kept."
    )

    def __init__(self, proposals: Proposals) -> None:
        super().__init__()
        self.proposals = proposals


# Asking


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that somebody sends, and what it is said to be."""

    content: bytes
    name: str
    entities: Sequence[Entity]  # the first leads
    session: Session | None
    kind: str
    language: str
    requested_by: User | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def request_import(sent: SentFile, *, now: dt.datetime) -> Import:
    """Keep a file and queue its reading.

    Raises AlreadyRead, SubmissionWithoutSession or OnlySubmissionsAnswerASession.
    """
    _check(sent)
    with _stored(sent) as stored:
        _check(sent)
        imported = _keep_import(sent, file=stored, requested_at=now, state=ImportState.QUEUED)

        def send() -> None:
            read_import_task.delay(import_id=imported.pk)

        # robust: where the broker is out of reach the row waits, and the beat task sends the message again
        transaction.on_commit(send, robust=True)
    return imported


def read_now(sent: SentFile, *, now: dt.datetime) -> Import:
    """Read a file at once, without a worker; of one that is refused nothing is kept.

    Raises CannotRead, AlreadyRead, SubmissionWithoutSession or OnlySubmissionsAnswerASession.
    """
    _check(sent)
    source = files.read(sent.content, name=sent.name)
    with _stored(sent) as stored:
        _check(sent)
        imported = _keep_import(
            sent, file=stored, requested_at=now, state=ImportState.READING, attempt=1, lease_until=now + lease()
        )
        keep_reading(imported=imported, source=source)
    imported.refresh_from_db()
    return imported


def _check(sent: SentFile) -> None:
    """Refuse what contradicts itself, and a file that is here already; whoever asks at the same time waits."""
    if sent.session is None and sent.kind == DocumentKind.SUBMISSION:
        raise SubmissionWithoutSession
    if sent.session is not None and sent.kind != DocumentKind.SUBMISSION:
        raise OnlySubmissionsAnswerASession
    if transaction.get_connection().in_atomic_block:
        _lock(sent.entities)
    same = Import.objects.filter(sha256=sent.sha256, session=sent.session).defer("reading")
    wanted = {entity.pk for entity in sent.entities}
    for former in same.exclude(state__in=[ImportState.FAILED, ImportState.UNDONE]).prefetch_related("entities"):
        if {entity.pk for entity in former.entities.all()} == wanted:
            raise AlreadyRead(former)


@contextmanager
def _stored(sent: SentFile) -> Iterator[str]:
    """Keep the file, named by its hash, for a transaction; let it go where that fails, at its very end too.

    Nobody wraps it in a transaction of their own, which might fail later and leave the file behind.
    """
    stored = default_storage.save(f"imports/{sent.sha256}", ContentFile(sent.content))
    try:
        with transaction.atomic():
            yield stored
    except BaseException:
        default_storage.delete(stored)
        raise


def _keep_import(sent: SentFile, **state: Any) -> Import:
    imported = Import.objects.create(
        file_name=clean_name(sent.name),
        sha256=sent.sha256,
        size=len(sent.content),
        session=sent.session,
        kind=sent.kind,
        language=sent.language,
        requested_by=sent.requested_by,
        **state,
    )
    for entity in sent.entities:  # one by one: the order of the links is that of the names
        imported.entities.add(entity)
    return imported


def _lock(entities: Sequence[Entity]) -> None:
    """Let nobody else begin or file an import of these entities before this transaction ends."""
    keys = [entity.pk for entity in entities]
    list(Entity.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def clean_name(name: str) -> str:
    """Return a name of a file as a database and a page can show it, its ending kept."""
    printable = "".join(sign for sign in name.encode(errors="replace").decode() if sign.isprintable()).strip()
    if len(printable) <= LONGEST_NAME:
        return printable or _("without a name")
    ending = PurePath(printable).suffix[:20]
    return printable[: LONGEST_NAME - len(ending)] + ending


# Filing


def proposals_of(imported: Import, *, refused_mends: Collection[str] = (), viewer: User | None = None) -> Proposals:
    """Return what the document would make today, as its file was read; `refused_mends` are keys of findings.

    Known initiatives are those that the viewer may see; without a viewer, as in the command, those that are public and
    those of its entities.
    """
    mended = mend(blocks.from_json(imported.reading or {}), refused=frozenset(refused_mends))
    outlined = outline(mended, language=imported.language)
    return propose(
        mended,
        outlined,
        entities=imported.entities_in_order,
        session=imported.session,
        language=imported.language,
        viewer=viewer,
    )


def digest(proposals: Proposals) -> str:
    """Return a fingerprint of all that is proposed, to tell whether it is still what a person was shown."""
    facts = [asdict(proposal) for proposal in proposals.found]
    mends = [finding.key for finding in proposals.mended.findings]
    return hashlib.sha256(json.dumps([facts, mends], sort_keys=True, default=str).encode()).hexdigest()


def accept(
    *,
    imported: Import,
    person: User | None,
    choices: dict[str, Any],
    now: dt.datetime,
    shown: str | None = None,
) -> Import:
    """File what the document proposes, but for what the person refused.

    `choices` is what `file_records` takes, with `refused_mends`, a list of keys of findings. `shown` is the digest of
    the proposals that the person looked at. Raises NotReadYet, CouldNotBeRead, AlreadyFiled, AlreadyUndone or
    ProposalsChanged.
    """
    with pghistory.context(imported=imported.pk):
        while True:
            row = Import.objects.get(pk=imported.pk)
            _has_to_be_read(row)
            before = _decided_beside(row)
            # it takes seconds where a document is long: nobody has to wait for it
            proposals = proposals_of(row, refused_mends=choices.get("refused_mends", ()), viewer=person)
            if shown is not None and digest(proposals) != shown:
                raise ProposalsChanged(proposals)
            with transaction.atomic():
                row = Import.objects.select_for_update().get(pk=imported.pk)
                _has_to_be_read(row)
                _lock(row.entities_in_order)
                if row.session:
                    Session.objects.select_for_update(no_key=True).get(pk=row.session.pk)  # two may need the call
                if _decided_beside(row) == before:
                    return _accepted(row, proposals, choices=choices, person=person, now=now)
            # another import was filed or undone in the meantime: match with what is there now


def _decided_beside(row: Import) -> set[tuple[int, str]]:
    """Return the imports of its entities and of its session that are filed or undone: whether one more is, tells it."""
    beside = models.Q(entities__in=row.entities_in_order)
    if row.session_id:
        beside |= models.Q(session=row.session_id)
    decided = Import.objects.filter(beside, state__in=[ImportState.FILED, ImportState.UNDONE])
    return set(decided.values_list("pk", "state"))


def _accepted(
    row: Import, proposals: Proposals, *, choices: dict[str, Any], person: User | None, now: dt.datetime
) -> Import:
    """File what is proposed; the import, its entities and its session are locked."""
    document = row.document
    if document is None:
        raise NotReadYet
    if choices.get("refused_mends"):
        keep_parts(document=document, mended=proposals.mended, outlined=proposals.outline)
    created = file_records(imported=row, proposals=proposals, choices=choices, person=person, now=now)
    Document.objects.filter(pk=document.pk).update(published_at=now)
    row.state = ImportState.FILED
    row.created = [[each._meta.label, each.pk] for each in [*created, *_links_of(created)]]
    row.decided_by, row.decided_at = person, now
    row.save(update_fields=["state", "choices", "created", "submission", "decided_by", "decided_at"])
    return row


def _has_to_be_read(row: Import) -> None:
    match row.state:
        case ImportState.QUEUED | ImportState.READING:
            raise NotReadYet
        case ImportState.FAILED:
            raise CouldNotBeRead
        case ImportState.FILED:
            raise AlreadyFiled
        case ImportState.UNDONE:
            raise AlreadyUndone


def _links_of(created: Sequence[models.Model]) -> list[models.Model]:
    """Return the rows of many-to-many tables that join what was created: later ones are by others."""
    found: dict[models.Model, None] = {}
    for model, keys in _rows(created).items():
        for field in model._meta.many_to_many:
            through: Any = field.remote_field.through
            if through._meta.auto_created:
                name = field.m2m_field_name()
                found |= dict.fromkeys(through._default_manager.filter(**{f"{name}__in": keys}))
    return [link for link in found if link not in set(created)]


def _rows(created: Sequence[models.Model]) -> dict[type[models.Model], set[Any]]:
    rows: dict[type[models.Model], set[Any]] = defaultdict(set)
    for each in created:
        rows[each._meta.concrete_model or type(each)].add(each.pk)
    return rows
