"""Filters and orders on one model of `reporting`, and who sees which rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from initiatives.choices import ENTITY_ROLES, Role
from initiatives.querysets import entities_of
from reporting.choices import CompilationState, SubmissionState

if TYPE_CHECKING:
    from portal.models import User
    from reporting import models as records  # noqa: F401  # named in strings

#: States in which the Commission has the submission.
RECEIVED = [SubmissionState.SENT, SubmissionState.PUBLISHED, SubmissionState.SUPERSEDED, SubmissionState.WITHDRAWN]


class CallQuerySet(models.QuerySet["records.Call"]):
    def visible_to(self, user: User | AnonymousUser) -> CallQuerySet:
        """Calls are public."""
        return self

    def for_listing(self) -> CallQuerySet:
        """Latest first."""
        return self.select_related("session").order_by("-period_start", "slug")


class SubmissionQuerySet(models.QuerySet["records.Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """Published ones; received ones for the secretariat of the Commission; all of one's own entity."""
        seen = Q(state=SubmissionState.PUBLISHED)
        if user.is_authenticated:
            roles = user.memberships.active_on(timezone.localdate())
            if roles.filter(role=Role.COMMISSION).exists():
                seen |= Q(state__in=RECEIVED)
            own = self.model._default_manager.filter(entities__in=entities_of(user, *ENTITY_ROLES))
            seen |= Q(pk__in=own.values("pk"))
        return self.filter(seen)

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
        """Drafts of the files are seen inside the entities of the submission."""
        if not user.is_authenticated:
            return self.none()
        own = self.model._default_manager.filter(submission__entities__in=entities_of(user, *ENTITY_ROLES))
        return self.filter(pk__in=own.values("pk"))

    def unfinished(self) -> CompilationQuerySet:
        return self.filter(state__in=[CompilationState.QUEUED, CompilationState.RUNNING])

    def claimable(self, now: dt.datetime) -> CompilationQuerySet:
        """Queued ones whose pause is over, and running ones whose worker let its lease run out."""
        return self.filter(
            Q(state=CompilationState.QUEUED, not_before__lte=now)
            | Q(state=CompilationState.RUNNING, lease_until__lt=now)
        )
