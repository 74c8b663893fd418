"""Drafts: what records shall say, until somebody approves it. The tables of the records hold what is approved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import BEGUN, CHANGED, OPEN_DRAFTS, PLANNED, DraftOf, DraftState
from initiatives.models.entities import Entity
from initiatives.models.indicators import Indicator, Target
from initiatives.models.initiatives import Initiative
from initiatives.models.passages import Passage
from initiatives.models.results import Result
from initiatives.models.search import indexing
from initiatives.models.updates import Update
from initiatives.models.workplans import ImpactArea, Workplan, WorkplanEntry
from initiatives.querysets import DraftQuerySet
from portal.common.history import tracked


@tracked
class Draft(models.Model):
    """A change under way: what the record shall say, what it said when this began, whose it is, and why.

    `content` and `began_from` hold what stands in the fields of the form of the record, by their names, complete or
    not. Approval applies the content to the record and gives the next number of its version; the row stays as it was
    approved.
    """

    of = models.CharField(_("kind of record"), max_length=12, choices=DraftOf)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="drafts")
    initiative = models.ForeignKey(
        Initiative,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("What an update, own text or result is about. Otherwise empty for a new one until it is approved."),
    )
    update = models.ForeignKey(
        Update,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty for a new one until it is approved."),
    )
    passage = models.ForeignKey(
        Passage,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty for a new one until it is approved."),
    )
    result = models.ForeignKey(
        Result,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty for a new one until it is approved."),
    )
    workplan = models.ForeignKey(
        Workplan,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("That of an indicator, area or entry; of an edition the one that it supersedes, then its own."),
    )
    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("What a baseline or target is of. Otherwise empty for a new one until it is approved."),
    )
    target = models.ForeignKey(
        Target,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty until it is approved: a baseline or target is only added."),
    )
    area = models.ForeignKey(
        ImpactArea,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty for a new one until it is approved."),
    )
    entry = models.ForeignKey(
        WorkplanEntry,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text=_("Empty for a new one until it is approved."),
    )
    period_start = models.DateField(_("first day of the period"), null=True, blank=True)
    period_end = models.DateField(_("first day after the period"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=400, blank=True, editable=False)
    content = models.JSONField(_("content"), default=dict, editable=False)
    began_from = models.JSONField(_("content of the record at the beginning"), default=dict, editable=False)
    why = models.TextField(_("why it is changed"), blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="drafts_held", verbose_name=_("holder")
    )
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.DRAFT)
    edits = models.PositiveIntegerField(_("number of saves"), default=0, editable=False)
    begun_at = models.DateTimeField(_("begun"), editable=False)
    saved_at = models.DateTimeField(_("saved"), editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="drafts_saved")
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="drafts_decided"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("note on the decision"), blank=True)
    version = models.PositiveIntegerField(_("version of the record that it made"), null=True, blank=True)

    objects = models.Manager.from_queryset(DraftQuerySet)()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at", "-pk"]
        triggers = [indexing("index_drafts", "id")]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(of=DraftOf.INITIATIVE, state__in=OPEN_DRAFTS),
                name="initiative_has_one_open_draft",
                violation_error_message=_("Somebody changes this initiative already."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "version"],
                condition=Q(of=DraftOf.INITIATIVE, version__isnull=False),
                name="initiative_has_a_version_once",
            ),
            models.UniqueConstraint(
                fields=["update"],
                condition=Q(of=DraftOf.UPDATE, state__in=OPEN_DRAFTS),
                name="update_has_one_open_draft",
                violation_error_message=_("Somebody changes this update already."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity", "period_start", "period_end"],
                condition=Q(of=DraftOf.UPDATE, update=None, state__in=OPEN_DRAFTS),
                name="initiative_has_one_new_update_a_period",
                violation_error_message=_("Somebody writes an update for this period already."),
            ),
            models.UniqueConstraint(
                fields=["update", "version"],
                condition=Q(of=DraftOf.UPDATE, version__isnull=False),
                name="update_has_a_version_once",
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity"],
                condition=Q(of=DraftOf.ENTITY_TEXT, state__in=OPEN_DRAFTS),
                name="entity_text_has_one_open_draft",
                violation_error_message=_("Somebody changes this text already."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity", "version"],
                condition=Q(of=DraftOf.ENTITY_TEXT, version__isnull=False),
                name="entity_text_has_a_version_once",
            ),
            models.CheckConstraint(
                condition=~Q(of=DraftOf.ENTITY_TEXT) | Q(initiative__isnull=False),
                name="entity_text_is_about_an_initiative",
            ),
            models.UniqueConstraint(
                fields=["passage"],
                condition=Q(of=DraftOf.PASSAGE, state__in=OPEN_DRAFTS),
                name="passage_has_one_open_draft",
                violation_error_message=_("Somebody changes this passage already."),
            ),
            models.UniqueConstraint(
                fields=["passage", "version"],
                condition=Q(of=DraftOf.PASSAGE, version__isnull=False),
                name="passage_has_a_version_once",
            ),
            models.CheckConstraint(
                condition=Q(of=DraftOf.PASSAGE, initiative=None) | ~Q(of=DraftOf.PASSAGE) & Q(passage=None),
                name="draft_of_a_passage_is_of_nothing_else",
            ),
            models.UniqueConstraint(
                fields=["result"],
                condition=Q(of=DraftOf.RESULT, state__in=OPEN_DRAFTS),
                name="result_has_one_open_draft",
                violation_error_message=_("Somebody corrects this result already."),
            ),
            models.UniqueConstraint(
                fields=["result", "version"],
                condition=Q(of=DraftOf.RESULT, version__isnull=False),
                name="result_has_a_version_once",
            ),
            models.CheckConstraint(
                condition=Q(of=DraftOf.RESULT) | Q(result=None), name="draft_of_a_result_is_of_nothing_else"
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(of=DraftOf.INDICATOR, state__in=OPEN_DRAFTS),
                name="indicator_has_one_open_draft",
                violation_error_message=_("Somebody changes this indicator already."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "version"],
                condition=Q(of=DraftOf.INDICATOR, version__isnull=False),
                name="indicator_has_a_version_once",
            ),
            models.UniqueConstraint(fields=["target"], name="target_has_one_draft"),
            models.UniqueConstraint(
                fields=["workplan"],
                condition=Q(of=DraftOf.EDITION, state__in=OPEN_DRAFTS),
                name="workplan_has_one_open_edition",
                violation_error_message=_("Somebody prepares a new edition already."),
            ),
            models.UniqueConstraint(
                fields=["workplan"],
                condition=Q(of=DraftOf.WORKPLAN, state__in=OPEN_DRAFTS),
                name="workplan_has_one_open_draft",
                violation_error_message=_("Somebody changes this workplan already."),
            ),
            models.UniqueConstraint(
                fields=["workplan", "version"],
                condition=Q(of=DraftOf.WORKPLAN, version__isnull=False),
                name="workplan_has_a_version_once",
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(state__in=OPEN_DRAFTS),
                name="area_has_one_open_draft",
                violation_error_message=_("Somebody changes this area already."),
            ),
            models.UniqueConstraint(fields=["area", "version"], name="area_has_a_version_once"),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state__in=OPEN_DRAFTS),
                name="entry_has_one_open_draft",
                violation_error_message=_("Somebody changes this entry already."),
            ),
            models.UniqueConstraint(fields=["entry", "version"], name="entry_has_a_version_once"),
            models.CheckConstraint(
                condition=Q(of=DraftOf.AREA) | Q(area=None), name="draft_of_an_area_is_of_nothing_else"
            ),
            models.CheckConstraint(
                condition=Q(of=DraftOf.ENTRY) | Q(entry=None), name="draft_of_an_entry_is_of_nothing_else"
            ),
            models.CheckConstraint(
                condition=Q(of=DraftOf.TARGET, indicator__isnull=False) | ~Q(of=DraftOf.TARGET) & Q(target=None),
                name="draft_of_a_target_has_its_indicator",
            ),
            models.CheckConstraint(
                condition=Q(of__in=PLANNED, workplan__isnull=False, initiative=None, passage=None, result=None)
                | ~Q(of__in=PLANNED) & Q(workplan=None, indicator=None),
                name="draft_of_a_plan_is_of_nothing_else",
            ),
            models.CheckConstraint(
                condition=Q(of=DraftOf.UPDATE, initiative__isnull=False, period_end__gt=F("period_start"))
                | ~Q(of=DraftOf.UPDATE) & Q(update=None, period_start=None, period_end=None),
                name="draft_of_an_update_has_its_period",
                violation_error_message=_("The period has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.APPROVED, version__isnull=False, decided_at__isnull=False)
                | ~Q(state=DraftState.APPROVED) & Q(version=None),
                name="approved_draft_made_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.APPROVED) | ~Q(decided_by=F("saved_by")) | ~Q(decision_note=""),
                name="own_draft_is_approved_with_a_reason",
                violation_error_message=_("Another person approves a draft, or a reason is stored."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.RETURNED) | ~Q(decision_note=""),
                name="returned_draft_says_why",
                violation_error_message=_("Say what should change before you return a draft."),
            ),
        ]
        indexes = [
            # the desk: what is under way in an entity, what waits for a decision
            models.Index(
                fields=["entity", "state", "-saved_at"],
                condition=Q(state__in=OPEN_DRAFTS),
                name="draft_open_of_entity",
            ),
            # the desk: what is under way about an initiative
            models.Index(
                fields=["initiative", "of"], condition=Q(state__in=OPEN_DRAFTS), name="draft_open_of_initiative"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_of_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("draft_detail", args=[self.pk])

    @property
    def is_new(self) -> bool:
        """Whether it begins a record, where others change one."""
        return not self.began_from

    @property
    def purpose(self) -> Promise | str:
        """What it does to which kind of record, in words; of an update and an own text a list tells that itself."""
        return (BEGUN if self.is_new else CHANGED)[DraftOf(self.of)]
