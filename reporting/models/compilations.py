"""Compilations: one attempt to make the files of a submission, and the files."""

import re

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.common.history import tracked
from portal.common.languages import Language
from portal.common.leases import TRIES
from reporting.choices import CompilationState, FailureReason, FileFormat, Part
from reporting.models.submissions import Submission
from reporting.querysets import CompilationQuerySet


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    # without progress and lease, which change every second
    fields=[
        "submission",
        "number",
        "language",
        "requested_by",
        "state",
        "attempt",
        "failure",
        "fingerprint",
    ],
)
class Compilation(models.Model):
    """A job and its outcome. The row is the truth; a message to a worker only says that it waits.

    A worker claims the row: it counts an attempt, uses up a try and gets a lease. Whoever writes afterwards names its
    attempt, so a slow worker whose lease ran out and whose job was taken over cannot file its result.

    A rebuild makes the files of a seal again, from its frozen snapshot and not from the records; `report` then holds a
    `RebuildReport` (see `reporting.compilation.rebuild`).
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="compilations")
    number = models.PositiveIntegerField(_("number"), help_text=_("counts through the compilations of a submission"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    formats = models.JSONField(_("formats"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="compilations"
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=CompilationState, default=CompilationState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    tries_left = models.PositiveSmallIntegerField(_("tries left"), default=TRIES)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(
        _("progress in per cent"), default=0, validators=[MaxValueValidator(100)]
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=20, choices=FailureReason, blank=True)
    snapshot = models.JSONField(_("snapshot"), null=True, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    renderers = models.JSONField(_("versions of the renderers"), default=dict, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    rebuilds = models.ForeignKey(
        "reporting.Seal", models.PROTECT, null=True, blank=True, related_name="rebuilds", verbose_name=_("rebuilds")
    )
    report = models.JSONField(_("outcome of the rebuild"), null=True, blank=True)

    objects = models.Manager.from_queryset(CompilationQuerySet)()

    class Meta:
        verbose_name = _("compilation")
        verbose_name_plural = _("compilations")
        ordering = ["submission", "-number"]
        triggers = [
            pgtrigger.Protect(
                name="finished_compilation_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=CompilationState.DONE)
                & (
                    pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot"))
                    | pgtrigger.Q(old__fingerprint__df=pgtrigger.F("new__fingerprint"))
                    | pgtrigger.Q(old__renderers__df=pgtrigger.F("new__renderers"))
                    | pgtrigger.Q(old__state__df=pgtrigger.F("new__state"))
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="submission_counts_its_compilations"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_ends_at_100_per_cent"),
            models.CheckConstraint(
                condition=~Q(state=CompilationState.RUNNING) | Q(lease_until__isnull=False),
                name="running_compilation_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=CompilationState.FAILED) | ~Q(failure=""), name="failed_compilation_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=CompilationState.DONE) | ~Q(fingerprint=""),
                name="finished_compilation_has_a_fingerprint",
            ),
        ]
        indexes = [
            models.Index(fields=["fingerprint"], name="compilation_of_a_text"),  # verification of a draft
            # CompilationQuerySet.claimable, by the beat task every few seconds
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=[CompilationState.QUEUED, CompilationState.RUNNING]),
                name="compilation_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("compilation_detail", args=[self.submission.call.slug, self.submission.slug, self.number])

    @property
    def file_stem(self) -> str:
        """The beginning of the names of its files: `UNIDO-CSTD-25-3`, without signs that a name cannot have."""
        call = self.submission.call
        return file_stem_of(submission=self.submission.slug, body=call.session.body, call=call.slug, number=self.number)

    @property
    def is_unfinished(self) -> bool:
        return self.state in {CompilationState.QUEUED, CompilationState.RUNNING}


@tracked
class Artifact(models.Model):
    """A file that a compilation made."""

    compilation = models.ForeignKey(Compilation, models.CASCADE, related_name="artifacts")
    format = models.CharField(_("format"), max_length=5, choices=FileFormat)
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.WHOLE)
    file = models.FileField(_("file"), max_length=300)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["compilation", "-part", "format"]
        triggers = [
            pgtrigger.Trigger(
                name="sealed_file_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT FROM reporting_seal WHERE compilation_id = OLD.compilation_id) THEN
                        RAISE EXCEPTION 'A sealed file is never changed or deleted';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["compilation", "format", "part"], name="compilation_makes_a_file_once"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="file_of_a_hash"),  # verification of a file
            models.Index(fields=["size"], name="file_of_a_size"),  # the same, for a file that may be nearly the same
        ]

    def __str__(self) -> str:
        return self.file.name or ""

    @property
    def file_name(self) -> str:
        """The name under which a person saves it: `UNIDO-CSTD-25-3.docx`."""
        return file_name_of(self.compilation.file_stem, part=self.part, format=self.format)


def file_stem_of(*, submission: str, body: str, call: str, number: int) -> str:
    """Return how the names of the files of a compilation begin, from the slugs of submission and call."""
    body = re.sub(r"[^\w.-]+", "-", body)
    return f"{submission}-{body}-{call}-{number}"


def file_name_of(stem: str, *, part: str, format: str) -> str:
    """Return the name under which a person saves a file of the compilation whose file names begin so."""
    summary = "-summary" if part == Part.SUMMARY else ""
    return f"{stem}{summary}.{format}"
