"""Taking back what an import filed, while nothing builds on it; and telling what it filed."""

import datetime as dt
import itertools
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

import pghistory
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.deletion import get_candidate_relations_to_delete
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.models import Document, Initiative, Passage, Reference, Update
from portal.common.errors import PersonError
from portal.common.history import event_model
from portal.common.richtext import RichTextField
from portal.models import User
from reporting.choices import ImportState, RecordKind
from reporting.models import (
    Artifact,
    Call,
    CallCover,
    Compilation,
    Import,
    Item,
    Layout,
    PrintedVersion,
    Section,
    Submission,
)
from reporting.services.filing import restore_document
from reporting.services.imports import AlreadyUndone

MOST_NAMED = 20  # records that build on an import and are named one by one

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


class NothingToUndo(PersonError):
    sentence = gettext_lazy("Nothing of this document is read or filed, so there is nothing to undo.")


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


def undo(*, imported: Import, person: User | None, now: dt.datetime) -> Import:
    """Delete exactly what was filed, in the reverse order; the document stays, no longer public.

    Drafts that were compiled of the submission go with it, their files too. A call that others answer by now stays.
    Of a document that is only read, the proposals are dropped: then its file may be sent again. Raises NothingToUndo,
    AlreadyUndone or SomethingBuildsOnIt.
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
        drafts = _drafts(filed)
        if builds := _builds_on(_without(filed, kept), drafts):
            raise SomethingBuildsOnIt(builds)
        _delete(drafts)
        for model, keys in _in_reverse(row, without=kept):
            model._base_manager.filter(pk__in=keys).delete()
        restore_document(row)
        Document.objects.filter(origin=row).update(published_at=None)
        row.state, row.submission = ImportState.UNDONE, None
        row.decided_by, row.decided_at = person, now
        row.save(update_fields=["state", "submission", "decided_by", "decided_at"])
        return row


def builds_on(imported: Import) -> list[Builds]:
    """Return what keeps an import from being undone, for a page that asks first."""
    filed = _filed(imported)
    return _builds_on(_without(filed, _calls_in_use(filed)), _drafts(filed))


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


def _drafts(filed: Rows) -> Rows:
    """Return the compilations of what was filed that nobody cleared or sealed, with all that is theirs.

    They are made anew at any time, so nothing is lost with them.
    """
    drafts = Compilation.objects.filter(
        submission__in=filed.get(Submission, set()), clearances=None, seal=None, rebuilds=None
    )
    keys = set(drafts.values_list("pk", flat=True))
    owned: dict[type[models.Model], Any] = {
        model: set(model._default_manager.filter(compilation__in=keys).values_list("pk", flat=True))
        for model in (Artifact, PrintedVersion)
    }
    return {Compilation: keys, **owned}


def _delete(drafts: Rows) -> None:
    """Delete compilations, and their files once that is certain."""
    files = [str(artifact.file) for artifact in Artifact.objects.filter(pk__in=drafts[Artifact])]
    Compilation.objects.filter(pk__in=drafts[Compilation]).delete()
    for name in files:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def _builds_on(filed: Rows, drafts: Rows) -> list[Builds]:
    """Return all that refers to the rows from outside, all that was changed since, and where they were printed.

    What goes with them as a draft is not outside.
    """
    return [*_references({**filed, **drafts}), *_citations(filed), *_changes(filed), *_printed(filed, drafts)]


def _references(filed: Rows) -> list[Builds]:
    found: dict[models.Model, Builds] = {}
    for model, keys in filed.items():
        for relation in _relations_to(model):
            if relation.related_model is not Import:
                found |= {other: _named(other) for other in _referring(relation, keys, filed)}
    return list(found.values())


def _relations_to(model: type[models.Model]) -> list[Any]:
    """Return all relations by which rows refer to those of a model, but for those of rows that triggers keep."""
    relations: Any = get_candidate_relations_to_delete(model._meta)
    return [
        relation
        for relation in relations
        if not _is_event(relation.related_model) and relation.on_delete is not models.DO_NOTHING
    ]


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


def _printed(filed: Rows, drafts: Rows) -> list[Builds]:
    """Return the compilations that printed a version of what was filed: their texts are kept, and lead to it."""
    found: dict[int, Builds] = {}
    for model, kind in _PRINTED.items():
        printed = PrintedVersion.objects.filter(kind=kind, record_id__in=filed.get(model, set()))
        printed = printed.exclude(compilation__in=drafts[Compilation])
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


# Telling


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
