"""Which records go out as a workbook, and the file of them."""

import datetime as dt
from typing import IO

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import DraftOf
from initiatives.models import Entity, Initiative, Result
from initiatives.querysets import DraftQuerySet, InitiativeQuerySet, ResultQuerySet
from portal.common.periods import Period
from portal.models import User
from reporting.desk import Scope, in_scope
from reporting.queries import calls_to, current_period
from reporting.workbook.rows import new_results_of, open_drafts_of, reported, standing, told
from reporting.workbook.sheets import sheets_of
from reporting.workbook.writing import write_workbook


def records_as_workbook(*, entity: Entity, user: User | None, scope: str, now: dt.datetime) -> IO[bytes]:
    """Return a temporary file with the initiatives of an entity as they stand, drafts of new ones included.

    Its second sheet holds what is told of them for the open period, and empty rows where that is nothing yet; its third
    the results that reach into that period, and drafts of new ones. Without a user, as in the command, all of them go
    out.
    """
    initiatives, drafts = in_reach(entity=entity, user=user, scope=scope, now=now)
    period = open_period(entity, now)
    results, of_new = results_in_reach(entity=entity, user=user, scope=scope, period=period, initiatives=initiatives)
    rows = {
        DraftOf.INITIATIVE: standing(entity, initiatives, drafts),
        DraftOf.UPDATE: told(entity, initiatives.counted(), period),
        DraftOf.RESULT: reported(entity, results, of_new),
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
    initiatives = Initiative.objects.listed().order_by("pk")
    drafts = open_drafts_of(entity).filter(initiative=None).order_by("pk")
    if user and scope != Scope.ALL:
        initiatives = initiatives.filter(in_scope(user, scope, timezone.localdate(now)))
        drafts = drafts.filter(Q(holder=user) | Q(saved_by=user))
    return initiatives, drafts


def results_in_reach(
    *, entity: Entity, user: User | None, scope: str, period: Period, initiatives: InitiativeQuerySet
) -> tuple[ResultQuerySet, DraftQuerySet]:
    """Return the results of an entity of days of the period that go out, and the drafts of new ones."""
    listed = {"entity": entity, "initiative__archived_at": None, "initiative__merged_into": None}
    results = Result.objects.filter(**listed, period_start__lt=period.end, period_end__gt=period.start)
    drafts = new_results_of(entity).listed().order_by("pk")
    if user and scope != Scope.ALL:
        results = results.filter(Q(initiative__in=initiatives.values("pk")) | Q(author=user))
        drafts = drafts.filter(Q(holder=user) | Q(saved_by=user))
    return results.order_by("indicator__code", "initiative", "period_start", "pk"), drafts


def open_period(entity: Entity, now: dt.datetime) -> Period:
    """Return the period of which the entity tells now."""
    return current_period(calls_to([entity]), timezone.localdate(now))
