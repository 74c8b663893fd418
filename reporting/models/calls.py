"""Calls: who asks for what, for which period, by when."""

import datetime as dt

import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.choices import TextState
from initiatives.models import Entity, Session
from initiatives.models.base import LanguageVersion, best_text
from portal.common.history import count_revision, tracked
from portal.common.languages import Language
from portal.common.richtext import RichTextField
from reporting.choices import CallState
from reporting.querysets import CallQuerySet


@tracked
class Call(models.Model):
    """A call for submissions: to a session of the Commission, or to an agenda item of a governing body.

    Dates may be unknown. The period is what the submissions report on: one year until the report became biennial by
    A/RES/80/173, any length since.
    """

    slug = models.CharField(
        _("address"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$")],
        help_text=_("as in addresses: 25, gc-19"),
    )
    session = models.ForeignKey(Session, models.PROTECT, related_name="calls")
    agenda_item = models.CharField(_("agenda item"), max_length=40, blank=True)
    owner = models.ForeignKey(
        Entity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        help_text=_("the entity that entered the call from its letter; empty: the secretariat of the Commission"),
    )
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.PLANNED)
    period_start = models.DateField(_("first day of the period"))
    period_end = models.DateField(_("first day after the period"))
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = models.Manager.from_queryset(CallQuerySet)()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="index_words",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("slug", "session_id", "agenda_item", "period_start", "period_end"),
                func="""
                    PERFORM index_submissions(ARRAY(SELECT id FROM reporting_submission WHERE call_id = NEW.id));
                    RETURN NULL;
                """,
            ),
        ]
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-period_start", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")),
                name="call_period_ends_after_it_starts",
                violation_error_message=_("The period has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(due_on=None) | Q(due_on__gte=F("opens_on")),
                name="call_is_due_after_it_opens",
                violation_error_message=_("A call cannot be due before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.agenda_item}" if self.agenda_item else str(self.session)

    @property
    def last_year(self) -> int:
        """The year of the last day of the period."""
        return (self.period_end - dt.timedelta(days=1)).year

    @property
    def period_shown(self) -> str:
        """The years of the period: `2021`, or `2025–2026`."""
        first, last = self.period_start.year, self.last_year
        return str(first) if first == last else f"{first}–{last}"

    def letter_in(self, language: str) -> "CallLetter | None":
        """What the letter asks in the language, else in its own; None where not entered. Reads prefetched rows."""
        return best_text(self.letters.all(), language)


@tracked
class CallLetter(LanguageVersion):
    """What the letter of the call asks, in one language: those who answer have it in view while they write."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="letters")
    asks = RichTextField(_("what it asks"))

    class Meta(LanguageVersion.Meta):
        verbose_name = _("letter of a call")
        verbose_name_plural = _("letters of calls")
        ordering = ["call", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "language"],
                name="call_has_one_letter_in_a_language",
                violation_error_message=_("The letter stands here in this language already."),
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state=TextState.ORIGINAL),
                name="call_has_one_original_letter",
                violation_error_message=_("One language is the original; the others are translations."),
            ),
            models.CheckConstraint(
                condition=~Q(asks=""), name="letter_asks_something", violation_error_message=_("Write what it asks.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} ({self.language})"


@tracked
class CallCover(models.Model):
    """The cover of the call in one language, in its exact wording.

    `lines` is a list of `CoverLine` (see `reporting.compilation.snapshot`) whose texts may hold the slots
    {entity}, {acronym}, {session}, {number}, {ordinal}, {dates}, {place}, {year} and {period}. The slot {brace} prints
    a brace: a cover that has the very words of a slot holds {brace}entity}.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="covers")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    dates_text = models.CharField(_("place and dates as printed"), max_length=200, blank=True)
    lines = models.JSONField(_("lines"), default=list)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        triggers = [count_revision]
        verbose_name = _("cover of a call")
        verbose_name_plural = _("covers of calls")
        constraints = [
            models.UniqueConstraint(fields=["call", "language"], name="call_has_one_cover_in_a_language"),
        ]

    def __str__(self) -> str:
        return f"{self.call} ({self.language})"
