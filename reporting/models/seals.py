"""What makes a submission final: clearances, the seal, its withdrawal, and how it was sent; and what it printed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Role
from initiatives.models import Entity
from portal.common.history import tracked
from reporting.choices import Channel, RecordKind
from reporting.models.compilations import Compilation
from reporting.models.submissions import Submission
from reporting.querysets import PrintedVersionQuerySet, SealQuerySet

DIGITS = 64  # of a SHA-256 in hexadecimal

#: Whoever cleared, sealed or withdrew stays known: such an account is closed, never deleted.
USER = settings.AUTH_USER_MODEL


@tracked
class Clearance(models.Model):
    """A focal point's word, for one entity, that a text may be sealed: it names the fingerprint of that text.

    It ends when the text changes, or when the entity takes it back; the row stays.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="clearances")
    compilation = models.ForeignKey(Compilation, models.PROTECT, related_name="clearances")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="clearances")
    fingerprint = models.CharField(_("fingerprint"), max_length=DIGITS)
    cleared_by = models.ForeignKey(USER, models.PROTECT, related_name="clearances")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    cleared_at = models.DateTimeField(_("cleared"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["-cleared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "entity"], condition=Q(ended_at=None), name="entity_clears_one_text_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | Q(Q(ended_at__isnull=False), ~Q(end_reason="")),
                name="ended_clearance_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}, {self.entity}"


@tracked
class Seal(models.Model):
    """The final word on a submission: its files are those of the compilation, and stay so.

    `receipt` is a `Receipt` (see `reporting.receipts`): what everybody may know of the seal. A wrong seal is never
    undone but withdrawn.
    """

    number = models.PositiveIntegerField(_("number"), unique=True, help_text=_("counts through the portal without gap"))
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="seal")
    compilation = models.OneToOneField(Compilation, models.PROTECT, related_name="seal")
    fingerprint = models.CharField(_("fingerprint"), max_length=DIGITS)
    sealed_by = models.ForeignKey(USER, models.PROTECT, related_name="seals")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="seals")
    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    receipt = models.JSONField(_("receipt"))
    receipt_sha256 = models.CharField("SHA-256", max_length=DIGITS, help_text=_("of the receipt as a file"))

    objects = models.Manager.from_queryset(SealQuerySet)()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-number"]
        triggers = [pgtrigger.Protect(name="seal_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="seals_count_from_one"),
        ]
        indexes = [
            # verification: of an altered copy, of a receipt, of a file whose row was changed
            models.Index(fields=["fingerprint"], name="seal_of_a_text"),
            models.Index(fields=["receipt_sha256"], name="seal_of_a_receipt"),
            GinIndex(fields=["receipt"], opclasses=["jsonb_path_ops"], name="seal_of_a_file"),
        ]

    def __str__(self) -> str:
        return _("Seal %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("seal_detail", args=[self.submission.call.slug, self.submission.slug])


@tracked
class Withdrawal(models.Model):
    """Taking a sealed submission back: one person proposes with a reason that the public reads, another confirms."""

    seal = models.OneToOneField(Seal, models.PROTECT, related_name="withdrawal")
    reason = models.TextField(_("reason, as the public reads it"))
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="withdrawals_proposed")
    proposed_role = models.CharField(_("role of who proposed"), max_length=20, choices=Role)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="withdrawals_confirmed")
    confirmed_role = models.CharField(_("role of who confirmed"), max_length=20, choices=Role, blank=True)
    confirmed_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_says_why"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="another_person_confirms_a_withdrawal",
                violation_error_message=_("Another person has to confirm a withdrawal."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None, confirmed_role="")
                | Q(Q(confirmed_by__isnull=False), Q(confirmed_at__isnull=False), ~Q(confirmed_role="")),
                name="confirmed_withdrawal_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.seal)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


@tracked
class Delivery(models.Model):
    """How and when the files of a seal were sent, and to whom."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="deliveries")
    to_whom = models.CharField(_("to whom"), max_length=300)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    sent_on = models.DateField(_("sent on"))
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="deliveries_recorded")
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["seal", "sent_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(to_whom=""), name="delivery_says_to_whom")]

    def __str__(self) -> str:
        return f"{self.seal}, {self.to_whom}"


class PrintedVersion(models.Model):
    """One version of a record that a compilation printed: it answers where a text was used.

    The record may be changed or gone since; so this names it by kind and id.
    """

    compilation = models.ForeignKey(Compilation, models.CASCADE, related_name="printed_versions")
    kind = models.CharField(_("kind"), max_length=12, choices=RecordKind)
    record_id = models.PositiveBigIntegerField(_("id of the record"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    version = models.PositiveIntegerField(_("version"))

    objects = models.Manager.from_queryset(PrintedVersionQuerySet)()

    class Meta:
        verbose_name = _("printed version")
        verbose_name_plural = _("printed versions")
        ordering = ["compilation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["compilation", "kind", "record_id", "language", "version"],
                name="compilation_lists_a_version_once",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "record_id"], name="printed_version_of_a_record"),  # where a record was used
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}, {self.version}"
