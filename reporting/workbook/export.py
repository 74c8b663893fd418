"""Which records go out as a workbook, and the file of them."""

import datetime as dt
from typing import IO

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import DraftOf
from initiatives.models import Entity, Initiative
from initiatives.querysets import DraftQuerySet, InitiativeQuerySet
from portal.common.periods import Period
from portal.models import User
from reporting.desk import Scope, in_scope
from reporting.queries import calls_to, current_period
from reporting.workbook.rows import open_drafts_of, standing, told
from reporting.workbook.sheets import sheets_of
from reporting.workbook.writing import write_workbook


def records_as_workbook(*, entity: Entity, user: User | None, scope: str, now: dt.datetime) -> IO[bytes]:
    """Return a temporary file with the initiatives of an entity as they stand, drafts of new ones included.

    Its second sheet holds what is told of them for the open period, and empty rows where that is nothing yet. Without a
    user, as in the command, all of them go out.
    """
    initiatives, drafts = in_reach(entity=entity, user=user, scope=scope, now=now)
    rows = {
        DraftOf.INITIATIVE: standing(entity, initiatives, drafts),
        DraftOf.UPDATE: told(entity, initiatives.counted(), open_period(entity, now)),
    }
    return write_workbook(
        [(sheet, rows[sheet.of]) for sheet in sheets_of(entity)],
        entity=entity,
        address=settings.PORTAL_URL + reverse("workbook_list"),
        now=now,
    )


def in_reach(
    *, entity: Entity, user: User | None, scope: str, now: dt.datetime
) -> tuple[InitiativeQuerySet, DraftQuerySet]:
    """Return the initiatives of an entity that go out, and the drafts of new ones."""
    initiatives = Initiative.objects.listed().select_related("entity").order_by("pk")
    drafts = open_drafts_of(entity).filter(initiative=None).order_by("pk")
    if user and scope != Scope.ALL:
        initiatives = initiatives.filter(in_scope(user, scope, timezone.localdate(now)))
        drafts = drafts.filter(Q(holder=user) | Q(saved_by=user))
    return initiatives, drafts


def open_period(entity: Entity, now: dt.datetime) -> Period:
    """Return the period of which the entity tells now."""
    return current_period(calls_to([entity]), timezone.localdate(now))
