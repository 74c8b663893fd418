"""Workbooks that were sent back: what each row would change, and what became of it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DraftOf
from initiatives.models import Draft, Entity
from portal.common.languages import Language
from reporting.choices import (
    WORKBOOKS_WAITING,
    WORKBOOKS_WORKED_ON,
    ConflictChoice,
    RowOutcome,
    RowVerdict,
    WorkbookFormat,
    WorkbookState,
)
from reporting.querysets import WorkbookUploadQuerySet

#: The kinds of records that have a sheet, or texts in the Word file.
SHEETS = [(of.value, of.label) for of in (DraftOf.INITIATIVE, DraftOf.UPDATE, DraftOf.RESULT, DraftOf.ENTITY_TEXT)]
#: States in which a worker has something to do.
UNFINISHED = [*WORKBOOKS_WAITING, *WORKBOOKS_WORKED_ON]
#: States after a person chose what is taken in.
DECIDED = [
    WorkbookState.ACCEPTED,
    WorkbookState.TAKING,
    WorkbookState.TAKEN,
    WorkbookState.HANDED,
    WorkbookState.SUBMITTING,
]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    # without what changes while a worker works
    fields=["entity", "file_name", "sha256", "requested_by", "state", "failure", "conflicts", "why"],
    model_name="WorkbookUploadEvent",
)
class WorkbookUpload(models.Model):
    """A workbook on its way into drafts. The row is the truth; a message to a worker only says that it waits.

    A worker reads it into rows with a verdict each; a person looks at them and chooses; a worker takes them in. It
    marks each row together with the draft that it makes, so that another worker goes on where one was ended.
    """

    file = models.FileField(_("file"), max_length=300, blank=True, help_text=_("until it is taken in or left"))
    file_name = models.CharField(_("name of the file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    format = models.CharField(_("format"), max_length=4, choices=WorkbookFormat, default=WorkbookFormat.XLSX)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="workbooks", verbose_name=_("entity"))
    language = models.CharField(_("language"), max_length=2, choices=Language, help_text=_("of what is told about it"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="workbooks")
    requested_at = models.DateTimeField(_("sent"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=WorkbookState, default=WorkbookState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    failure = models.TextField(_("reason of failure"), blank=True)
    notices = models.JSONField(_("what the file as a whole lacks"), default=list, blank=True)
    conflicts = models.CharField(_("rows in conflict"), max_length=6, choices=ConflictChoice, blank=True)
    why = models.TextField(_("why it is changed"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = models.Manager.from_queryset(WorkbookUploadQuerySet)()

    class Meta:
        verbose_name = _("workbook")
        verbose_name_plural = _("workbooks")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=WorkbookState.FAILED) | ~Q(failure=""), name="failed_workbook_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | ~Q(conflicts=""),
                name="accepted_workbook_says_what_becomes_of_conflicts",
            ),
        ]
        indexes = [
            # wake_workbooks_task, every few seconds
            models.Index(
                fields=["requested_at"],
                condition=Q(state__in=UNFINISHED),
                name="workbook_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("workbook_detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in UNFINISHED


class WorkbookRow(models.Model):
    """One row of a workbook: its verdict with the cells that tell why, what it would write, and what became of it.

    `base` and `mine` are what the row began from and what it says, by the fields of the form of its record; `cells`
    are what the page shows, as `reporting.workbook.judging.Cell` has it.
    """

    upload = models.ForeignKey(WorkbookUpload, models.CASCADE, related_name="rows")
    of = models.CharField(_("kind of record"), max_length=12, choices=SHEETS, default=DraftOf.INITIATIVE)
    number = models.PositiveIntegerField(_("number of the row"))
    record = models.CharField(_("record"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=400, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=RowVerdict)
    cells = models.JSONField(_("cells"), default=list)
    base = models.JSONField(_("what it began from"), default=dict, blank=True)
    mine = models.JSONField(_("what it says"), default=dict)
    choice = models.CharField(
        _("what becomes of its conflict"),
        max_length=6,
        choices=ConflictChoice,
        blank=True,
        help_text=_("Empty: what is chosen for the whole file."),
    )
    outcome = models.CharField(_("what became of it"), max_length=10, choices=RowOutcome, blank=True)
    refusal = models.TextField(_("why it was left out, or not submitted"), blank=True)
    missing = models.JSONField(
        _("what its draft lacked"),
        default=dict,
        blank=True,
        help_text=_("when it was submitted last: the number of saves then, and the fields"),
    )
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="workbook_rows")

    class Meta:
        verbose_name = _("row of a workbook")
        verbose_name_plural = _("rows of workbooks")
        ordering = ["upload", "of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "of", "number"], name="workbook_has_a_row_once"),
        ]
        indexes = [
            # the page of a workbook: rows of one verdict in their order
            models.Index(fields=["upload", "verdict", "of", "number"], name="workbook_rows_by_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.of} {self.number}"
