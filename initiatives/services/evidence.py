"""Files that show what an initiative does: kept when they are sent, removed when nothing has used them for long."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from initiatives.models import Draft, Entity, Evidence, StoredFile
from portal.common.errors import PersonError
from portal.common.uploads import TakenFile, take
from portal.models import User

UNUSED = dt.timedelta(days=30)  # then a file goes
AT_ONCE = 100  # files of one transaction
LONGEST_KEY = 19  # digits of a number that any id can be, and one more


class EntityIsFull(PersonError):
    def __init__(self, name: str, room: int) -> None:
        super().__init__()
        self.sentence = _(
            "“%(file)s” does not fit: the files of your entity fill the %(room)s that it has. "
            "Make the file smaller, or ask an administrator for more room."
        ) % {"file": name, "room": filesizeformat(room)}


def keep_file(*, file: File, entity: Entity, user: User, now: dt.datetime) -> StoredFile:
    """Keep what somebody sent, whatever becomes of the form that it came with.

    The same file once more is the one that is there. Raises CannotTake or EntityIsFull, whose sentence names the file.
    """
    taken = take(file)
    sha256 = hashlib.sha256(taken.content).hexdigest()
    with _stored(taken, f"evidence/{entity.code}/{sha256}") as (name, thumbnail), transaction.atomic():
        Entity.objects.select_for_update(no_key=True).get(pk=entity.pk)  # whoever sends at the same time waits
        if known := StoredFile.objects.select_for_update().filter(entity=entity, sha256=sha256).first():
            known.unused_since = known.unused_since and now
            known.save(update_fields=["unused_since"])
            _delete(name, thumbnail)
            return known
        size = len(taken.content)
        if used_by(entity) + size > room_of_an_entity():
            raise EntityIsFull(taken.name, room_of_an_entity())
        return StoredFile.objects.create(
            entity=entity,
            name=taken.name,
            type=taken.type,
            file=name,
            thumbnail=thumbnail,
            sha256=sha256,
            size=size,
            width=taken.width,
            height=taken.height,
            sent_by=user,
            sent_at=now,
            unused_since=now,
        )


@contextmanager
def _stored(taken: TakenFile, name: str) -> Iterator[tuple[str, str]]:
    """Keep the bytes for a transaction, and let them go where it fails, at its very end too."""
    stored = default_storage.save(name, ContentFile(taken.content))
    thumbnail = ""
    try:
        if taken.thumbnail:
            thumbnail = default_storage.save(f"{name}-small", ContentFile(taken.thumbnail))
        yield stored, thumbnail
    except BaseException:
        _delete(stored, thumbnail)
        raise


def _delete(*names: str | None) -> None:
    for name in names:
        if name:
            default_storage.delete(name)


def room_of_an_entity() -> int:
    """Return how many bytes the files of an entity may have together."""
    return int(settings.EVIDENCE_ENTITY_MEGABYTES) * 1024 * 1024


def used_by(entity: Entity) -> int:
    """Return how many bytes the files of an entity have."""
    return StoredFile.objects.filter(entity=entity).aggregate(total=Sum("size"))["total"] or 0


# What nobody uses


def remove_unused_files(*, now: dt.datetime) -> int:
    """Remove the files that neither a draft nor a record has referred to for 30 days. Returns how many.

    Withdrawn and approved drafts refer to theirs too: they can be opened again, and stay as they were approved.
    """
    used = _used()
    StoredFile.objects.filter(unused_since=None).exclude(used).update(unused_since=now)
    StoredFile.objects.filter(used).exclude(unused_since=None).update(unused_since=None)
    due = StoredFile.objects.filter(unused_since__lte=now - UNUSED)
    removed = 0
    pks = list(due.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        removed += _remove(due.filter(pk__in=pks[start : start + AT_ONCE]))
    return removed


def _remove(due: QuerySet[StoredFile]) -> int:
    """Remove files that are still due; those that somebody else holds, another run or a sender, are left."""
    with transaction.atomic():
        held = list(due.select_for_update(skip_locked=True))
        unused = StoredFile.objects.filter(pk__in=[file.pk for file in held]).exclude(_used())
        files = list(unused)
        unused.delete()
        for file in files:
            transaction.on_commit(partial(_delete, file.file.name, file.thumbnail.name), robust=True)
    return len(files)


def _used() -> Q:
    """Return what a file has to meet that evidence or a draft refers to."""
    return Q(pk__in=Evidence.objects.values("file")) | Q(pk__in=_in_drafts())


def _in_drafts() -> list[int]:
    table = connection.ops.quote_name(Draft._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT named #>> '{{}}'
            FROM {table}, jsonb_path_query(jsonb_build_array(content, began_from), '$[*].evidence[*].file') AS named
            """  # noqa: S608  # the name of our own table
        )
        return [key for (number,) in cursor.fetchall() if (key := key_of(number)) is not None]


def key_of(number: str) -> int | None:
    """Return the id of a file from what stands in a draft, where anything may stand."""
    return int(number) if number.isascii() and number.isdigit() and len(number) < LONGEST_KEY else None
