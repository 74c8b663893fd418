"""Outcomes: what became of what a submission told as planned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models import DatedPart
from initiatives.models.base import Dated
from portal.common.history import tracked
from portal.common.labels import label_of
from portal.common.languages import Language
from reporting.choices import PlanOutcome
from reporting.models.seals import PrintedVersion


@tracked
class Outcome(Dated):
    """That a plan was held, moved or dropped, and when: the day it was held, or to which it was moved.

    `printed` is the version that told it, in its submission; `part` is set where it told of a part of an event. Where
    a plan was moved several times there are several rows, of which the last one counts. A row that is taken back is
    deleted; the history keeps it.
    """

    printed = models.ForeignKey(PrintedVersion, models.PROTECT, related_name="outcomes")
    part = models.ForeignKey(DatedPart, models.CASCADE, null=True, blank=True, related_name="outcomes")
    kind = models.CharField(_("what became of it"), max_length=10, choices=PlanOutcome)
    note = models.TextField(_("note"), blank=True)
    language = models.CharField(_("language of the note"), max_length=2, choices=Language, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="outcomes")
    said_at = models.DateTimeField(_("said"))

    class Meta(Dated.Meta):
        verbose_name = _("outcome of a plan")
        verbose_name_plural = _("outcomes of plans")
        ordering = ["said_at", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind=PlanOutcome.DROPPED, starts_on=None, ends_on=None)
                | Q(~Q(kind=PlanOutcome.DROPPED), starts_on__isnull=False, ends_on__isnull=False),
                name="outcome_has_a_date_unless_it_was_dropped",
                violation_error_message=_("Say when it was held, or to when it was moved."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanOutcome.DROPPED) | ~Q(note=""),
                name="dropped_plan_says_why",
                violation_error_message=_("Say why it was dropped."),
            ),
            models.CheckConstraint(
                condition=Q(note="", language="") | Q(~Q(note=""), ~Q(language="")),
                name="note_on_an_outcome_has_a_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.printed}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # in place of Django's own
        return label_of(PlanOutcome, self.kind)
