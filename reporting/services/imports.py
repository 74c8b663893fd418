"""Old documents in: asking for one, filing what it proposes, taking all of that back."""

import datetime as dt
import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

import pghistory
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.deletion import get_candidate_relations_to_delete
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.choices import DocumentKind
from initiatives.models import Document, Entity, Initiative, Passage, Reference, Session, Update
from portal.common.errors import PersonError
from portal.common.history import event_model
from portal.common.richtext import RichTextField
from portal.models import User
from reporting.choices import ImportState, RecordKind
from reporting.importing import blocks, files
from reporting.importing.mending import mend
from reporting.importing.outline import outline
from reporting.importing.proposals import Proposals, propose
from reporting.importing.run import keep_parts, keep_reading, lease
from reporting.models import Call, CallCover, Import, Item, Layout, PrintedVersion, Section
from reporting.services.filing import file_records
from reporting.tasks import read_import_task

MOST_NAMED = 20  # records that build on an import and are named one by one
LONGEST_NAME = 255

#: Columns that machines write; a difference in them alone is no change by a person.
_WRITTEN_BY_MACHINES = {"revision", "last_checked_at"}
#: The models of records whose versions compiled texts name.
_PRINTED: dict[type[models.Model], RecordKind] = {
    Initiative: RecordKind.INITIATIVE,
    Update: RecordKind.UPDATE,
    Passage: RecordKind.PASSAGE,
    Item: RecordKind.ITEM,
    Section: RecordKind.SECTION,
    CallCover: RecordKind.COVER,
    Layout: RecordKind.LAYOUT,
    Reference: RecordKind.REFERENCE,
}

Rows = dict[type[models.Model], set[Any]]  # primary keys by model


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


class NothingToUndo(PersonError):
    sentence = gettext_lazy("Nothing of this document is read or filed, so there is nothing to undo.")


class ProposalsChanged(PersonError):
    """What would be filed is not what the person was shown; `proposals` are those of now."""

    sentence = gettext_lazy(
        "Records have changed since these proposals were shown, so nothing was filed. Look at them once more: what "
        "you chose is kept."
    )

    def __init__(self, proposals: Proposals) -> None:
        super().__init__()
        self.proposals = proposals


@dataclass(frozen=True)
class Builds:
    """A record that builds on what an import filed, in words, with the address of its page where it has one."""

    words: str
    url: str = ""


class SomethingBuildsOnIt(PersonError):
    """Records refer to what was filed, or somebody changed it since; `builds` names them."""

    def __init__(self, builds: list[Builds]) -> None:
        self.builds = builds
        named = "; ".join(each.words for each in builds[:MOST_NAMED])
        left_out = len(builds) - MOST_NAMED
        if left_out > 0:
            named += "; " + ngettext("and %(count)s more", "and %(count)s more", left_out) % {"count": left_out}
        self.sentence = _("It cannot be undone, because other records build on it: %(named)s.") % {"named": named}


# Asking


@transaction.atomic
def request_import(
    *,
    content: bytes,
    name: str,
    entities: Sequence[Entity],
    session: Session | None,
    kind: str,
    language: str,
    requested_by: User | None,
    now: dt.datetime,
) -> Import:
    """Keep a file and queue its reading.

    Raises AlreadyRead, SubmissionWithoutSession or OnlySubmissionsAnswerASession.
    """
    wanted = _Wanted(content, name, tuple(entities), session, kind, language)
    wanted.check()
    imported = wanted.kept(requested_by=requested_by, now=now, state=ImportState.QUEUED)

    def send() -> None:
        read_import_task.delay(import_id=imported.pk)

    # robust: where the broker is out of reach the row waits, and the beat task sends the message again
    transaction.on_commit(send, robust=True)
    return imported


def read_now(
    *,
    content: bytes,
    name: str,
    entities: Sequence[Entity],
    session: Session | None,
    kind: str,
    language: str,
    requested_by: User | None,
    now: dt.datetime,
) -> Import:
    """Read a file at once, without a worker; of one that is refused nothing is kept.

    Raises CannotRead, AlreadyRead, SubmissionWithoutSession or OnlySubmissionsAnswerASession.
    """
    wanted = _Wanted(content, name, tuple(entities), session, kind, language)
    wanted.check()
    source = files.read(content, name=name)
    with transaction.atomic():
        wanted.check()
        imported = wanted.kept(
            requested_by=requested_by, now=now, state=ImportState.READING, attempt=1, lease_until=now + lease()
        )
        stored = str(imported.file)
        try:
            keep_reading(imported=imported, source=source)
        except BaseException:
            default_storage.delete(stored)
            raise
    imported.refresh_from_db()
    return imported


@dataclass(frozen=True)
class _Wanted:
    """A file, and what it is said to be."""

    content: bytes
    name: str
    entities: tuple[Entity, ...]
    session: Session | None
    kind: str
    language: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def check(self) -> None:
        """Refuse what contradicts itself, and a file that is here already; whoever asks at the same time waits."""
        if self.session is None and self.kind == DocumentKind.SUBMISSION:
            raise SubmissionWithoutSession
        if self.session is not None and self.kind != DocumentKind.SUBMISSION:
            raise OnlySubmissionsAnswerASession
        if transaction.get_connection().in_atomic_block:
            _lock(self.entities)
        same = Import.objects.filter(sha256=self.sha256, session=self.session).defer("reading")
        wanted = {entity.pk for entity in self.entities}
        for former in same.exclude(state__in=[ImportState.FAILED, ImportState.UNDONE]).prefetch_related("entities"):
            if {entity.pk for entity in former.entities.all()} == wanted:
                raise AlreadyRead(former)

    def kept(self, **facts: Any) -> Import:
        """Keep the file, named by its hash, and its row."""
        stored = default_storage.save(f"imports/{self.sha256}", ContentFile(self.content))
        try:
            with transaction.atomic():
                imported = Import.objects.create(
                    file=stored,
                    file_name=_clean_name(self.name),
                    sha256=self.sha256,
                    size=len(self.content),
                    session=self.session,
                    kind=self.kind,
                    language=self.language,
                    **{name: value for name, value in facts.items() if name != "now"},
                    requested_at=facts["now"],
                )
                for entity in self.entities:  # one by one: the order of the links is that of the names
                    imported.entities.add(entity)
        except BaseException:
            default_storage.delete(stored)
            raise
        return imported


def _lock(entities: Sequence[Entity]) -> None:
    """Let nobody else begin or file an import of these entities before this transaction ends."""
    keys = [entity.pk for entity in entities]
    list(Entity.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _clean_name(name: str) -> str:
    """Return a name of a file as a database and a page can show it, its ending kept."""
    printable = "".join(sign for sign in name.encode(errors="replace").decode() if sign.isprintable()).strip()
    if len(printable) <= LONGEST_NAME:
        return printable or _("without a name")
    ending = PurePath(printable).suffix[:20]
    return printable[: LONGEST_NAME - len(ending)] + ending


# Filing


def proposals_of(imported: Import, *, refused_mends: Collection[str] = ()) -> Proposals:
    """Return what the document would make today, as its file was read; `refused_mends` are keys of findings."""
    mended = mend(blocks.from_json(imported.reading or {}), refused=frozenset(refused_mends))
    outlined = outline(mended, language=imported.language)
    return propose(
        mended, outlined, entities=imported.entities_in_order, session=imported.session, language=imported.language
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
    with pghistory.context(imported=imported.pk), transaction.atomic():
        row = Import.objects.select_for_update().get(pk=imported.pk)
        _has_to_be_read(row)
        _lock(row.entities_in_order)
        if row.session:
            Session.objects.select_for_update(no_key=True).get(pk=row.session.pk)  # two may need the call at once
        proposals = proposals_of(row, refused_mends=choices.get("refused_mends", ()))
        if shown is not None and digest(proposals) != shown:
            raise ProposalsChanged(proposals)
        document = row.document
        if document is None:
            raise NotReadYet
        if choices.get("refused_mends"):
            keep_parts(document=document, mended=proposals.mended, outlined=proposals.outline)
        created = file_records(imported=row, proposals=proposals, choices=choices, person=person, now=now)
        Document.objects.filter(pk=document.pk).update(published_at=now)
        row.state = ImportState.FILED
        row.choices = choices
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


def _rows(created: Sequence[models.Model]) -> Rows:
    rows: Rows = defaultdict(set)
    for each in created:
        rows[each._meta.concrete_model or type(each)].add(each.pk)
    return rows


# Taking back


def undo(*, imported: Import, person: User | None, now: dt.datetime) -> Import:
    """Delete exactly what was filed, in the reverse order; the document stays, no longer public.

    A call that others answer by now stays too. Of a document that is only read, the proposals are dropped: then its
    file may be sent again. Raises NothingToUndo, AlreadyUndone or SomethingBuildsOnIt.
    """
    with pghistory.context(imported=imported.pk), transaction.atomic():
        row = Import.objects.select_for_update().get(pk=imported.pk)
        if row.state == ImportState.UNDONE:
            raise AlreadyUndone
        if row.state not in {ImportState.READ, ImportState.FILED}:
            raise NothingToUndo
        filed = _filed(row)
        _lock_rows(filed)
        kept = _calls_in_use(filed)
        if builds := _builds_on(_without(filed, kept), row):
            raise SomethingBuildsOnIt(builds)
        for model, keys in _in_reverse(row, without=kept):
            model._base_manager.filter(pk__in=keys).delete()
        Document.objects.filter(origin=row).update(published_at=None)
        row.state, row.submission = ImportState.UNDONE, None
        row.decided_by, row.decided_at = person, now
        row.save(update_fields=["state", "submission", "decided_by", "decided_at"])
        return row


def builds_on(imported: Import) -> list[Builds]:
    """Return what keeps an import from being undone, for a page that asks first."""
    filed = _filed(imported)
    return _builds_on(_without(filed, _calls_in_use(filed)), imported)


def _filed(row: Import) -> Rows:
    filed: Rows = defaultdict(set)
    for label, key in row.created:
        filed[apps.get_model(label)].add(key)
    return filed


def _without(filed: Rows, kept: Rows) -> Rows:
    return {model: keys - kept.get(model, set()) for model, keys in filed.items()}


def _in_reverse(row: Import, *, without: Rows) -> list[tuple[type[models.Model], list[Any]]]:
    """Return what was created, the last first, neighbours of one model together."""
    return [
        (model, keys)
        for label, pairs in itertools.groupby(reversed(row.created), key=lambda pair: pair[0])
        if (model := apps.get_model(label))
        and (keys := [key for _label, key in pairs if key not in without.get(model, ())])
    ]


def _lock_rows(filed: Rows) -> None:
    """Let nobody refer to these rows, or change them, from now on; whoever is about to is waited for."""
    for model, keys in filed.items():
        list(model._base_manager.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))


def _calls_in_use(filed: Rows) -> Rows:
    """Return the calls that were made on the way, with their covers, where other entities use them by now."""
    others = [
        builds for relation in _relations_to(Call) for builds in _referring(relation, filed.get(Call, set()), filed)
    ]
    used = {row.call_id for row in others}
    covers = CallCover.objects.filter(call__in=used, pk__in=filed.get(CallCover, set())).values_list("pk", flat=True)
    return {Call: used, CallCover: set(covers)}


def _builds_on(filed: Rows, row: Import) -> list[Builds]:
    """Return all that refers to the rows from outside, all that was changed since, and where they were printed."""
    return [*_references(filed), *_citations(filed), *_changes(filed), *_printed(filed)]


def _references(filed: Rows) -> list[Builds]:
    found: dict[models.Model, Builds] = {}
    for model, keys in filed.items():
        for relation in _relations_to(model):
            if relation.related_model is not Import:
                found |= {other: _named(other) for other in _referring(relation, keys, filed)}
    return list(found.values())


def _relations_to(model: type[models.Model]) -> list[Any]:
    """Return all relations by which rows refer to those of a model, but for those of the history."""
    relations: Any = get_candidate_relations_to_delete(model._meta)
    return [relation for relation in relations if not _is_event(relation.related_model)]


def _referring(relation: Any, keys: set[Any], filed: Rows) -> list[Any]:
    """Return the rows that were not filed with them and refer to some of these keys by one relation."""
    rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
    return list(rows.exclude(pk__in=filed.get(relation.related_model, set())).order_by("pk"))


def _citations(filed: Rows) -> list[Builds]:
    """Return the texts of others whose footnotes cite a reference that was filed: no foreign key tells."""
    cited = filed.get(Reference)
    if not cited:
        return []
    pattern = rf'data-reference="({"|".join(str(key) for key in sorted(cited))})"'
    return [
        _named(row)
        for model in apps.get_models()
        if not _is_event(model) and not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, RichTextField)
        for row in model._base_manager.filter(**{f"{field.name}__regex": pattern}).exclude(pk__in=filed.get(model, ()))
    ]


def _changes(filed: Rows) -> list[Builds]:
    """Return the rows that are not any more as they were filed, whoever changed them and how."""
    found = []
    for model, keys in filed.items():
        if not hasattr(model, "pgh_event_model"):
            continue  # a many-to-many table: its rows only come and go
        first: dict[Any, dict[str, Any]] = {}
        last: dict[Any, dict[str, Any]] = {}
        for event in event_model(model)._default_manager.filter(pgh_obj_id__in=keys).order_by("pgh_id").values():
            begun = first.get(event["pgh_obj_id"])
            if begun is None or begun["pgh_context_id"] == event["pgh_context_id"] is not None:
                first[event["pgh_obj_id"]] = event
            last[event["pgh_obj_id"]] = event
        changed = [key for key in keys if key in last and _facts(first[key]) != _facts(last[key])]
        for row in model._base_manager.filter(pk__in=changed).order_by("pk"):
            named = _named(row)
            found.append(Builds(_("%(record)s was changed since") % {"record": named.words}, named.url))
    return found


def _facts(event: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in event.items() if not name.startswith("pgh_") and name not in _WRITTEN_BY_MACHINES
    }


def _printed(filed: Rows) -> list[Builds]:
    """Return the compilations that printed a version of what was filed: their texts are kept, and lead to it."""
    found: dict[int, Builds] = {}
    for model, kind in _PRINTED.items():
        printed = PrintedVersion.objects.filter(kind=kind, record_id__in=filed.get(model, set()))
        for version in printed.select_related("compilation__submission__call__session"):
            found.setdefault(version.compilation_id, _named(version.compilation))
    return list(found.values())


def _named(row: Any) -> Builds:
    words = (
        f"{row._meta.verbose_name} “{row}”" if type(row).__str__ is not models.Model.__str__ else row._meta.verbose_name
    )
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    return Builds(str(words), url)


def _is_event(model: Any) -> bool:
    return issubclass(model, pghistory.models.Event)


@dataclass(frozen=True)
class Filed:
    """How many records of a kind an import filed."""

    label: str
    count: int


def filed_of(imported: Import) -> list[Filed]:
    """Return what was filed, counted by kind, in the order in which it was first made; without mere links."""
    counts: dict[type[models.Model], int] = defaultdict(int)
    for label, _key in imported.created:
        model = apps.get_model(label)
        if not model._meta.auto_created:
            counts[model] += 1
    return [
        Filed(str(capfirst(model._meta.verbose_name_plural if count != 1 else model._meta.verbose_name)), count)
        for model, count in counts.items()
    ]
