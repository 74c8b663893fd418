"""Evidence: photographs and documents that show what an initiative does, and the files that people sent."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative
from initiatives.models.updates import Update
from initiatives.querysets import EvidenceQuerySet, StoredFileQuerySet
from portal.common.history import tracked
from portal.common.languages import Language
from portal.common.upload_reader import small_size
from portal.common.uploads import PICTURES, FileType


@tracked
class StoredFile(models.Model):
    """A file that somebody sent: kept at once, so that no failed save loses it, and used by drafts and evidence."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=200)
    type = models.CharField(_("type"), max_length=10, choices=FileType)
    file = models.FileField(_("file"), max_length=300)
    thumbnail = models.FileField(_("small picture"), max_length=300, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="files")
    sent_at = models.DateTimeField(_("sent"))
    unused_since = models.DateTimeField(
        _("not used since"), null=True, blank=True, help_text=_("Neither a draft nor a record refers to it.")
    )

    objects = models.Manager.from_queryset(StoredFileQuerySet)()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            # what is sent again takes no room
            models.UniqueConstraint(fields=["entity", "sha256"], name="entity_keeps_a_file_once"),
            models.CheckConstraint(
                condition=Q(type__in=PICTURES, width__isnull=False, width__gt=0, height__isnull=False, height__gt=0)
                | ~Q(type__in=PICTURES) & Q(width=None, height=None, thumbnail=""),
                name="picture_has_a_size",
            ),
        ]
        indexes = [
            # the beat task that removes them
            models.Index(fields=["unused_since"], condition=Q(unused_since__isnull=False), name="file_unused"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evidence_file", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        return self.type in PICTURES

    @property
    def thumbnail_url(self) -> str:
        return reverse("evidence_thumbnail", args=[self.pk])

    @property
    def thumbnail_size(self) -> tuple[int, int]:
        """Width and height of the small picture, which pages leave room for before it is there."""
        return small_size(self.width or 1, self.height or 1)


@tracked
class Evidence(models.Model):
    """A file of an initiative, or of one of its updates, and what is said of it.

    Without an initiative it shows results that the entity of the file tells directly, or on the initiative of another
    one. The entity that tells it alone sees it until it is marked public, with caption and rights holder, a picture
    with words for those who do not see it.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="evidence")
    update = models.ForeignKey(Update, models.CASCADE, null=True, blank=True, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="evidence")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    alternative_text = models.CharField(_("alternative text"), max_length=500, blank=True)
    rights_holder = models.CharField(_("rights holder"), max_length=200, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    is_picture = models.BooleanField(_("a picture"), default=False, editable=False, help_text=_("as its file says"))

    objects = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["initiative", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "update", "file"], nulls_distinct=False, name="initiative_has_a_file_once"
            ),
            models.CheckConstraint(
                condition=Q(update=None) | Q(initiative__isnull=False),
                name="evidence_of_an_update_is_of_its_initiative",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False)
                | ~Q(caption="") & ~Q(rights_holder="") & (Q(is_picture=False) | ~Q(alternative_text="")),
                name="public_evidence_is_described",
                violation_error_message=_(
                    "What is public needs a caption and who holds the rights, a picture also an alternative text."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="know_pictures",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.is_picture = (SELECT width IS NOT NULL FROM initiatives_storedfile WHERE id = NEW.file_id);
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.file)
