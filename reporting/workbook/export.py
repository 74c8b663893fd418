"""Which records go out as a workbook, and the file of them."""

import datetime as dt
from typing import IO

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from initiatives.drafting.many import ManyInitiatives
from initiatives.models import Entity, Initiative
from portal.models import User
from reporting.desk import Scope, in_scope
from reporting.workbook.columns import columns_of
from reporting.workbook.rows import open_drafts_of, standing
from reporting.workbook.writing import write_workbook


def records_as_workbook(*, entity: Entity, user: User | None, scope: str, now: dt.datetime) -> IO[bytes]:
    """Return a temporary file with the initiatives of an entity as they stand, drafts of new ones included.

    Without a user, as in the command, all of them go out.
    """
    initiatives = Initiative.objects.listed().order_by("pk")
    drafts = open_drafts_of(entity).filter(initiative=None).order_by("pk")
    if user and scope != Scope.ALL:
        initiatives = initiatives.filter(in_scope(user, scope, timezone.localdate(now)))
        drafts = drafts.filter(Q(holder=user) | Q(saved_by=user))
    return write_workbook(
        standing(entity, initiatives, drafts),
        entity=entity,
        columns=columns_of(ManyInitiatives(entity=entity)),
        address=settings.PORTAL_URL + reverse("workbook_list"),
        now=now,
    )
