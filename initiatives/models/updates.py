"""Updates: what an entity tells of an initiative for a period, as it was approved. What is under way is a draft."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, TextState, UpdateKind
from initiatives.models.base import LanguageVersion
from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative, summarise_initiative
from initiatives.models.search import indexing
from initiatives.querysets import UpdateQuerySet
from portal.common.history import tracked
from portal.common.richtext import RichTextField


@tracked
class Update(models.Model):
    """What an entity tells of an initiative for a period: news, "still true", or nothing with a reason.

    Rows are approved: `services/drafts.py` writes them. Nobody decided where no review is needed.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="updates")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="updates")
    period_start = models.DateField(_("first day of the period"))
    period_end = models.DateField(_("first day after the period"))
    kind = models.CharField(_("kind"), max_length=12, choices=UpdateKind, default=UpdateKind.NEWS)
    reason = models.TextField(_("why there is nothing to report"), blank=True)
    public_fields = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("what everybody reads beside the paragraph"),
        default=list,
        blank=True,
        help_text=_("names of fields of its texts; the others are for the entity alone"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="updates_written", editable=False
    )
    author_role = models.CharField(_("role of the author"), max_length=20, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="updates_decided"
    )
    decided_at = models.DateTimeField(_("approved"))
    decision_note = models.TextField(_("note on the decision"), blank=True)

    objects = models.Manager.from_queryset(UpdateQuerySet)()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-period_start", "-pk"]
        triggers = [
            summarise_initiative,
            pgtrigger.Trigger(
                name="index_words",
                when=pgtrigger.After,
                # what is found, and by whom
                operation=pgtrigger.UpdateOf("initiative_id", "entity_id", "kind", "public_fields"),
                func="""
                    PERFORM index_update_texts(
                        ARRAY(SELECT id FROM initiatives_updatetext WHERE update_id = NEW.id)
                    );
                    RETURN NULL;
                """,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")),
                name="update_period_ends_after_it_starts",
                violation_error_message=_("The period has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("author")) | ~Q(decision_note=""),
                name="own_update_is_approved_with_a_reason",
                violation_error_message=_("Another person approves an update, or a reason is stored."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=UpdateKind.NOTHING) | ~Q(reason=""),
                name="nothing_to_report_says_why",
                violation_error_message=_("Say why there is nothing to report."),
            ),
            models.CheckConstraint(
                condition=Q(public_fields__contained_by=FURTHER_FIELDS),
                name="public_fields_of_an_update_are_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=UpdateKind.NEWS) | Q(public_fields=[]), name="only_news_has_public_fields"
            ),
        ]
        indexes = [
            # Initiative page and gather: updates of an initiative by period
            models.Index(fields=["initiative", "-period_start"], name="update_of_initiative_by_period"),
            # UpdateFilter, its two orders; home: the latest ones
            models.Index(fields=["-period_start", "-id"], name="update_by_period"),
            models.Index(fields=["-decided_at", "-id"], name="update_by_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.period_start:%Y}"

    def get_absolute_url(self) -> str:
        return reverse("update_detail", args=[self.pk])

    @property
    def original(self) -> "UpdateText | None":
        """The text in the language it was written in; None where nothing is printed. Reads prefetched texts."""
        return next((text for text in self.texts.all() if text.state == TextState.ORIGINAL), None)


@tracked
class UpdateText(LanguageVersion):
    """The words of an update in one language. The paragraph is meant for print; the rest are fields of their own."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="texts")
    paragraph = RichTextField(_("paragraph for print"), blank=True)
    results = RichTextField(_("results"), blank=True)
    obstacles = RichTextField(_("obstacles"), blank=True)
    lessons = RichTextField(_("lessons"), blank=True)
    proposals = RichTextField(_("proposals to the Commission"), blank=True)
    outlook = RichTextField(_("what is next"), blank=True)

    class Meta(LanguageVersion.Meta):
        triggers = [*LanguageVersion.Meta.triggers, indexing("index_update_texts", "id")]
        verbose_name = _("text of an update")
        verbose_name_plural = _("texts of updates")
        ordering = ["update", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "language"], name="update_has_one_text_in_a_language"),
            models.UniqueConstraint(
                fields=["update"], condition=Q(state=TextState.ORIGINAL), name="update_has_one_original_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.update} ({self.language})"
