"""Updates: what an entity tells of an initiative for a period."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import TextState, UpdateKind, UpdateState
from initiatives.models.base import LanguageVersion
from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative, summarise_initiative
from initiatives.models.search import indexing
from initiatives.querysets import UpdateQuerySet
from portal.common.history import tracked
from portal.common.richtext import RichTextField


@tracked
class Update(models.Model):
    """What an entity tells of an initiative for a period: news, "still true", or nothing with a reason."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="updates")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="updates")
    period_start = models.DateField(_("first day of the period"))
    period_end = models.DateField(_("first day after the period"))
    kind = models.CharField(_("kind"), max_length=12, choices=UpdateKind, default=UpdateKind.NEWS)
    reason = models.TextField(_("why there is nothing to report"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="updates_written", editable=False
    )
    author_role = models.CharField(_("role of the author"), max_length=20, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="updates_decided"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("note on the decision"), blank=True)
    edits = models.PositiveIntegerField(_("number of saves"), default=0, editable=False)

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
                operation=pgtrigger.UpdateOf("initiative_id", "entity_id", "kind"),  # whose names are found; who finds
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
                condition=~Q(state=UpdateState.APPROVED) | Q(decided_at__isnull=False),
                name="approved_update_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=UpdateState.APPROVED) | ~Q(decided_by=F("author")) | ~Q(decision_note=""),
                name="own_update_is_approved_with_a_reason",
                violation_error_message=_("Another person approves an update, or a reason is stored."),
            ),
            models.CheckConstraint(
                condition=~Q(state=UpdateState.RETURNED) | ~Q(decision_note=""),
                name="returned_update_says_why",
                violation_error_message=_("Say what should change before you return an update."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=UpdateKind.NOTHING) | Q(state=UpdateState.DRAFT) | ~Q(reason=""),
                name="nothing_to_report_says_why",
                violation_error_message=_("Say why there is nothing to report."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity", "period_start", "period_end"],
                condition=~Q(state=UpdateState.APPROVED),
                name="initiative_has_one_open_update_a_period",
                violation_error_message=_("There is an open update for this period already."),
            ),
        ]
        indexes = [
            # Initiative page and gather: approved updates of an initiative by period
            models.Index(fields=["initiative", "state", "-period_start"], name="update_of_initiative"),
            # home: the latest approved ones
            models.Index(
                fields=["-decided_at"], condition=Q(state=UpdateState.APPROVED), name="update_approved_latest"
            ),
            # UpdateFilter, its two orders; also for people of an entity, who see more than approved ones
            models.Index(fields=["-period_start", "-id"], name="update_by_period"),
            models.Index(fields=["-decided_at", "-id"], name="update_by_decision"),
            # desk: what waits for review in an entity
            models.Index(fields=["entity", "state"], name="update_of_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.period_start:%Y}"

    def get_absolute_url(self) -> str:
        return reverse("update_detail", args=[self.pk])

    @property
    def original(self) -> "UpdateText | None":
        """The text in the language it was written in; None before the first save. Reads prefetched texts."""
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
