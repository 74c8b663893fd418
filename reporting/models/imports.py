"""Imports: files of former years, read in and filed as records."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DocumentKind
from initiatives.models import Document, Entity, Session
from portal.common.history import tracked_links
from portal.common.languages import Language
from reporting.choices import ImportState
from reporting.models.submissions import Submission
from reporting.querysets import ImportQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    # without what was read, which never changes and is long
    model_name="ImportEvent",
    fields=["session", "kind", "language", "requested_by", "state", "failure", "document", "submission", "created"],
)
class Import(models.Model):
    """A file on its way into records. The row is the truth; a message to a worker only says that it waits.

    A worker reads the file into a document with all its words; a person accepts what it proposes, and may undo that
    while nothing builds on it. `reading` is what `reporting.importing.blocks.to_json` says, `choices` what a person
    changed in the proposals, `created` the records that were filed, as `[label of the model, id]`, in their order.
    """

    file = models.FileField(
        _("file"), max_length=300, blank=True, help_text=_("until it is read; then its document has it")
    )
    file_name = models.CharField(_("name of the file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    entities = models.ManyToManyField(Entity, related_name="imports", verbose_name=_("entities"))
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="imports")
    kind = models.CharField(_("kind"), max_length=25, choices=DocumentKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    failure = models.TextField(_("why it cannot be read"), blank=True)
    reading = models.JSONField(_("what was read"), null=True, blank=True)
    choices = models.JSONField(_("what a person chose"), default=dict, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="origin")
    submission = models.OneToOneField(Submission, models.SET_NULL, null=True, blank=True, related_name="origin")
    created = models.JSONField(_("records that were filed"), default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="imports_decided"
    )
    decided_at = models.DateTimeField(_("filed or undone"), null=True, blank=True)

    objects = models.Manager.from_queryset(ImportQuerySet)()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.FAILED) | ~Q(failure=""), name="failed_import_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.READ, ImportState.FILED]) | Q(document__isnull=False),
                name="import_that_was_read_has_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.FILED, ImportState.UNDONE]) | Q(decided_at__isnull=False),
                name="decided_import_says_when",
            ),
        ]
        indexes = [
            # wake_imports_task, every few seconds
            models.Index(
                fields=["requested_at"],
                condition=Q(state__in=[ImportState.QUEUED, ImportState.READING]),
                name="import_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in {ImportState.QUEUED, ImportState.READING}

    @property
    def entities_in_order(self) -> list[Entity]:
        """Its entities as they were named: the first one leads the submission, and has the document."""
        links = self._meta.get_field("entities").remote_field.through._default_manager  # type: ignore[union-attr]
        return [link.entity for link in links.filter(import_id=self.pk).select_related("entity").order_by("pk")]


@tracked_links
class ImportEntity(Import.entities.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
