"""Filters and orders on one model of `reporting`, and who sees which rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

from initiatives.choices import ENTITY_ROLES, Role
from initiatives.models import Entity, Initiative, Passage
from initiatives.querysets import entities_of, roles_today
from portal.common.periods import Period
from reporting.choices import (
    WORKBOOKS_WAITING,
    WORKBOOKS_WORKED_ON,
    CallState,
    CompilationState,
    ImportState,
    SubmissionState,
)

if TYPE_CHECKING:
    from portal.models import User
    from reporting import models as records  # noqa: F401  # named in strings

#: States in which the text is final: a late change is a new submission.
FINAL = [
    SubmissionState.SEALED,
    SubmissionState.SENT,
    SubmissionState.PUBLISHED,
    SubmissionState.SUPERSEDED,
    SubmissionState.WITHDRAWN,
]

#: States in which what was sealed holds.
HOLDING = [SubmissionState.SEALED, SubmissionState.SENT, SubmissionState.PUBLISHED]

#: States in which the Commission has the submission; what was sent stays with it, whatever came after.
RECEIVED = [SubmissionState.SENT, SubmissionState.PUBLISHED]


#: States of a text that nobody works on any more, without it having been sealed.
ENDED = [SubmissionState.NOTHING_TO_REPORT, SubmissionState.DECLINED]


def is_of_the_commission(user: User | AnonymousUser) -> bool:
    """Whether the person is of the secretariat of the Commission today."""
    return any(role == Role.COMMISSION for role, _entity in roles_today(user))


def _rows(model: type[models.Model], field: str) -> Any:
    """All rows that a relation may lead to. Models import this module, so their names are no help here."""
    related: Any = model._meta.get_field(field).related_model
    return related._default_manager


class CallQuerySet(models.QuerySet["records.Call"]):
    def visible_to(self, user: User | AnonymousUser) -> CallQuerySet:
        """Calls are public."""
        return self

    def asking(self, entities: Collection[Entity], period: Period) -> CallQuerySet:
        """Those that ask some of the entities about the period, or a part of it, the latest first."""
        asked = Q(owner=None) | Q(owner__in=entities)
        overlapping = self.filter(asked, period_start__lt=period.end, period_end__gt=period.start)
        return overlapping.exclude(state=CallState.CANCELLED).for_listing()

    def for_listing(self) -> CallQuerySet:
        """Latest first."""
        return self.select_related("session").order_by("-period_start", "slug")


class SubmissionQuerySet(models.QuerySet["records.Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """Published ones, whatever came after; those sent for whoever receives them; own ones.

        What was withdrawn after it was published stays, with its notice.
        """
        seen = Q(published_at__isnull=False)
        if user.is_authenticated:
            rows = self.model._default_manager
            seen |= Q(pk__in=rows.received_by(user).values("pk"))
            seen |= Q(pk__in=rows.filter(entities__in=entities_of(user, *ENTITY_ROLES)).values("pk"))
        return self.filter(seen)

    def received_by(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """What was sent to them: all of it for the secretariat of the Commission, that of its calls for an entity's."""
        delivered = self.model._default_manager.filter(seal__deliveries__isnull=False)
        sent = self.filter(Q(state__in=RECEIVED) | Q(pk__in=delivered.values("pk")))
        if is_of_the_commission(user):
            return sent
        return sent.filter(call__owner__in=entities_of(user, Role.SECRETARIAT))

    def under_way(self) -> SubmissionQuerySet:
        """Those that somebody still works on: neither sealed nor ended without a seal."""
        return self.exclude(state__in=[*FINAL, *ENDED])

    def for_listing(self) -> SubmissionQuerySet:
        """Latest call first, with entities and number of files made."""
        return (
            self.select_related("call__session")
            .prefetch_related("entities")
            .annotate(compilation_count=Count("compilations", distinct=True))
            .order_by("-call__period_start", "slug")
        )


class CompilationQuerySet(models.QuerySet["records.Compilation"]):
    def visible_to(self, user: User | AnonymousUser) -> CompilationQuerySet:
        """All of one's own entities; of others the sealed one of each submission that the person may see."""
        submissions = _rows(self.model, "submission")
        sealed = Q(seal__isnull=False, submission__in=submissions.visible_to(user))
        own = submissions.filter(entities__in=entities_of(user, *ENTITY_ROLES))
        return self.filter(sealed | Q(submission__in=own))

    def unfinished(self) -> CompilationQuerySet:
        return self.filter(state__in=[CompilationState.QUEUED, CompilationState.RUNNING])

    def claimable(self, now: dt.datetime) -> CompilationQuerySet:
        """Queued ones whose pause is over, and running ones whose worker let its lease run out."""
        return self.filter(
            Q(state=CompilationState.QUEUED, not_before__lte=now)
            | Q(state=CompilationState.RUNNING, lease_until__lt=now)
        )


class ItemQuerySet(models.QuerySet["records.Item"]):
    def of_records_seen_by(self, user: User | AnonymousUser) -> ItemQuerySet:
        """Those that print a record that the person sees, and those that print none."""
        seen = Q(initiative=None) | Q(initiative__in=Initiative.objects.visible_to(user))
        return self.filter(seen, Q(passage=None) | Q(passage__in=Passage.objects.visible_to(user)))


class ImportQuerySet(models.QuerySet["records.Import"]):
    def visible_to(self, user: User | AnonymousUser) -> ImportQuerySet:
        """Those of one's own entities; of the Commission, which proposes for all, those that one asked for."""
        own = self.model._default_manager.filter(entities__in=entities_of(user, *ENTITY_ROLES))
        seen = Q(pk__in=own.values("pk"))
        if is_of_the_commission(user):
            seen |= Q(requested_by=user)
        return self.filter(seen)

    def for_listing(self) -> ImportQuerySet:
        """Latest first, without what was read, which is long."""
        return self.defer("reading", "choices", "created").select_related("session").prefetch_related("entities")

    def claimable(self, now: dt.datetime) -> ImportQuerySet:
        """Those that wait, and those whose reader let its lease run out."""
        return self.filter(Q(state=ImportState.QUEUED) | Q(state=ImportState.READING, lease_until__lt=now))


class WorkbookUploadQuerySet(models.QuerySet["records.WorkbookUpload"]):
    def visible_to(self, user: User | AnonymousUser) -> WorkbookUploadQuerySet:
        """Those that the person sent for entities for which they write today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(requested_by=user, entity__in=entities_of(user, *ENTITY_ROLES))

    def claimable(self, now: dt.datetime) -> WorkbookUploadQuerySet:
        """Those that wait, and those whose worker let its lease run out."""
        return self.filter(Q(state__in=WORKBOOKS_WAITING) | Q(state__in=WORKBOOKS_WORKED_ON, lease_until__lt=now))


class SealQuerySet(models.QuerySet["records.Seal"]):
    def visible_to(self, user: User | AnonymousUser) -> SealQuerySet:
        """Those of the submissions that the person may see."""
        submissions = _rows(self.model, "submission")
        return self.filter(submission__in=submissions.visible_to(user))


class PrintedVersionQuerySet(models.QuerySet["records.PrintedVersion"]):
    def told(self) -> PrintedVersionQuerySet:
        """Those that stand in what was sealed and still holds: neither withdrawn nor replaced by a revision."""
        return self.filter(compilation__seal__isnull=False, compilation__submission__state__in=HOLDING)

    def visible_to(self, user: User | AnonymousUser) -> PrintedVersionQuerySet:
        """Those printed in compilations that the person may see."""
        compilations = _rows(self.model, "compilation")
        return self.filter(compilation__in=compilations.visible_to(user))
