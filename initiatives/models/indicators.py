"""Indicators of workplans: what is measured, by which rules, and what was aimed at."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiatives.choices import (
    MIDDLE_INCOME,
    NUMBERS,
    BreakdownKind,
    Measures,
    Rule,
    Scope,
    Succession,
    TargetKind,
    ValueKind,
)
from initiatives.models.base import LanguageVersion, NamedInSixLanguages, best_text
from initiatives.models.entities import Entity
from initiatives.models.geography import Country, IncomeClassification
from initiatives.models.taxonomy import Term
from initiatives.models.workplans import ImpactArea, Workplan, one_text_in_a_language
from initiatives.querysets import IndicatorQuerySet, TargetQuerySet, fiscal_year
from portal.common.history import tracked
from portal.common.languages import Language

models.TextField.register_lookup(Length)

#: What totals rest on: no result may have been reported by another definition.
DEFINITION = ["unit", "value_kind", "measures", "since_on", "across_periods", "across_places", "scope"]


def _countries_that_count(indicator: "Indicator") -> int:
    """Return how many countries have been in the scope of an indicator on any day since it counts."""
    countries = Country.objects.public()
    if indicator.scope == Scope.MIDDLE_INCOME:
        since = fiscal_year(indicator.since_on) if indicator.since_on else 0
        countries = countries.filter(
            pk__in=IncomeClassification.objects.filter(fiscal_year__gte=since, income_group__in=MIDDLE_INCOME).values(
                "country"
            )
        )
    return countries.count()


def is_finite(name: str) -> Q:
    """No NaN, which PostgreSQL keeps in a number and holds for the largest one, and nothing beyond what fits."""
    return Q(**{name: None}) | Q(**{f"{name}__gt": -(10**18), f"{name}__lt": 10**18})


@tracked
class Indicator(models.Model):
    """One indicator of an edition of a workplan. Its code names one definition for good.

    Without a unit the unit is pending: each result then says its own, and there is no total.
    """

    workplan = models.ForeignKey(Workplan, models.PROTECT, related_name="indicators", verbose_name=_("workplan"))
    area = models.ForeignKey(
        ImpactArea, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("impact area")
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    statement = models.CharField(_("statement as printed"), max_length=500)
    statement_language = models.CharField(_("language of the statement"), max_length=2, choices=Language)
    owner = models.ForeignKey(Entity, models.PROTECT, related_name="indicators", verbose_name=_("owner"))
    value_kind = models.CharField(_("value"), max_length=10, choices=ValueKind)
    measures = models.CharField(_("what a value measures"), max_length=10, choices=Measures)
    since_on = models.DateField(_("start"), null=True, blank=True, help_text=_("since which day, for “all since”"))
    unit = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("unit"),
        help_text=_("Empty means that it is pending."),
    )
    scope = models.CharField(_("scope"), max_length=15, choices=Scope, default=Scope.EVERYWHERE)
    across_periods = models.CharField(_("values of several periods"), max_length=10, choices=Rule)
    across_places = models.CharField(_("values of several places"), max_length=10, choices=Rule)
    may_repeat = models.BooleanField(
        _("may count one firm or job twice"),
        default=False,
        help_text=_("The same one may be reported by two initiatives or in two years; its totals say so."),
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("supersedes")
    )
    succession = models.CharField(_("how"), max_length=10, choices=Succession, blank=True)
    retired_on = models.DateField(
        _("retired"), null=True, blank=True, help_text=_("From that day nothing is reported on it; its results stay.")
    )
    retired_because = models.TextField(_("why it was retired"), blank=True)
    source = models.CharField(_("source"), max_length=300)

    objects = models.Manager.from_queryset(IndicatorQuerySet)()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["workplan", "order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measures=Measures.SINCE, since_on__isnull=False)
                | Q(~Q(measures=Measures.SINCE), since_on=None),
                name="what_is_since_a_start_says_which",
                violation_error_message=_("Say since which day, and only for what is measured since a start."),
            ),
            models.CheckConstraint(
                condition=Q(
                    value_kind__in=[ValueKind.YES, ValueKind.ITEMS],
                    across_periods=Rule.DISTINCT,
                    across_places=Rule.DISTINCT,
                )
                | Q(value_kind__in=NUMBERS, across_periods__in=[Rule.SUM, Rule.LATEST])
                & Q(across_places__in=[Rule.SUM, Rule.NONE]),
                name="what_is_named_is_counted_once",
                violation_error_message=_(
                    "Countries and named items are counted once; numbers are added up, or the latest one counts."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(across_periods=Rule.SUM) | Q(measures=Measures.NEW),
                name="only_what_is_new_is_added_up",
                violation_error_message=_(
                    "Values of several periods are added up only where each tells what is new in its period."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(value_kind=ValueKind.SHARE) | Q(across_periods=Rule.LATEST, across_places=Rule.NONE),
                name="shares_have_no_total",
                violation_error_message=_("Shares of different wholes cannot be added up."),
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, succession="") | Q(supersedes__isnull=False) & ~Q(succession=""),
                name="successor_says_how_it_follows",
                violation_error_message=_("Say how an indicator follows the one that it supersedes."),
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="indicator_supersedes_another",
                violation_error_message=_("An indicator cannot supersede itself."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_definition",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*DEFINITION),
                # a pending unit may be settled, where it is that of all results
                func="""
                    IF EXISTS (SELECT FROM initiatives_result WHERE indicator_id = OLD.id)
                        AND NOT (OLD.unit_id IS NULL AND NEW.unit_id IS NOT NULL
                            AND (OLD.value_kind, OLD.measures, OLD.since_on, OLD.across_periods, OLD.across_places,
                                OLD.scope)
                            IS NOT DISTINCT FROM (NEW.value_kind, NEW.measures, NEW.since_on, NEW.across_periods,
                                NEW.across_places, NEW.scope)
                            AND NOT EXISTS (SELECT FROM initiatives_result
                                WHERE indicator_id = OLD.id AND unit_id <> NEW.unit_id)) THEN
                        RAISE EXCEPTION 'indicator % has results by its definition', OLD.code
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'definition_stays_once_there_are_results';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("indicator_detail", args=[self.code])

    def clean(self) -> None:
        """Say at each field what the trigger would refuse."""
        before = Indicator.objects.filter(pk=self.pk, results__isnull=False).first()
        if before is None:
            return
        wrong: dict[str, Any] = {
            name: _(
                "Results were reported by this, so it stays. Retire the indicator and let a new one supersede it, or "
                "begin a new edition of the workplan."
            )
            for name in DEFINITION
            if getattr(before, name) != getattr(self, name)
        }
        if "unit" in wrong and before.is_unit_pending and self.unit:
            others = self.results.exclude(unit=None).exclude(unit=self.unit).count()
            if not others:
                del wrong["unit"]
            else:
                wrong["unit"] = ngettext(
                    "%(count)s result is in another unit. Correct it first, or let a new indicator supersede this one.",
                    "%(count)s results are in other units. Correct them first, or let a new indicator supersede this "
                    "one.",
                    others,
                ) % {"count": others}
        if wrong:
            raise ValidationError(wrong)

    @property
    def is_unit_pending(self) -> bool:
        return self.value_kind in NUMBERS and self.unit_id is None

    def text_in(self, language: str) -> "IndicatorText | None":
        """The text in the language, else the original. Reads prefetched texts."""
        return best_text(self.texts.all(), language)

    def categories_of(self, kind: BreakdownKind) -> "list[Category]":
        """The categories of its breakdowns of a kind, in their order. Reads prefetched breakdowns and categories."""
        return [
            category
            for breakdown in self.breakdowns.all()
            if breakdown.kind == kind
            for category in breakdown.categories.all()
        ]


@tracked
class IndicatorText(LanguageVersion):
    """An indicator in one language: a name to read, and how it is measured."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="texts")
    name = models.CharField(_("name"), max_length=300)
    method = models.TextField(_("method"), blank=True)

    class Meta(LanguageVersion.Meta):
        verbose_name = _("text of an indicator")
        verbose_name_plural = _("texts of indicators")
        ordering = ["indicator", "pk"]
        constraints = one_text_in_a_language("indicator")

    def __str__(self) -> str:
        return self.name


@tracked
class Breakdown(NamedInSixLanguages):
    """How results of an indicator are divided: into parts of a whole, or into kinds that stand side by side.

    Kinds side by side, such as substances, are results of their own. Parts, such as women and men, stand in one result.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="breakdowns")
    code = models.CharField(_("code"), max_length=30)
    kind = models.CharField(_("kind"), max_length=15, choices=BreakdownKind)

    class Meta:
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        ordering = ["indicator", "code"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="indicator_has_a_breakdown_once"),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(kind=BreakdownKind.SIDE_BY_SIDE),
                name="indicator_has_kinds_side_by_side_once",
                violation_error_message=_("An indicator has one breakdown into kinds side by side at most."),
            ),
        ]
        triggers = [
            # results say which kind they are of, or have none to say
            pgtrigger.Trigger(
                name="keep_kinds",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF 'side_by_side' IN (OLD.kind, NEW.kind) AND OLD.kind IS DISTINCT FROM NEW.kind
                        AND EXISTS (SELECT FROM initiatives_result
                            WHERE indicator_id IN (OLD.indicator_id, NEW.indicator_id)) THEN
                        RAISE EXCEPTION 'results were reported without these kinds, or by them'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'kinds_stay_once_there_are_results';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def clean(self) -> None:
        """Say what the trigger would refuse."""
        before = Breakdown.objects.filter(pk=self.pk).first()
        kinds = {self.kind, before.kind if before else None}
        if BreakdownKind.SIDE_BY_SIDE in kinds and len(kinds) > 1 and self.indicator.results.exists():
            raise ValidationError(_("Results were reported without these kinds, or by them: they stay as they are."))


@tracked
class Category(NamedInSixLanguages):
    """One part or kind of a breakdown."""

    breakdown = models.ForeignKey(Breakdown, models.CASCADE, related_name="categories")
    code = models.CharField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category of a breakdown")
        verbose_name_plural = _("categories of breakdowns")
        ordering = ["breakdown", "order", "name_en"]
        constraints = [
            models.UniqueConstraint(fields=["breakdown", "code"], name="breakdown_has_a_category_once"),
        ]


@tracked
class Target(models.Model):
    """What is aimed at for a year, or the baseline. Rows are only added; the last one for a year holds.

    Without a value what was said before for the year is taken back.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    kind = models.CharField(_("kind"), max_length=10, choices=TargetKind)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        help_text=_("for which of kinds side by side"),
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=10, null=True, blank=True)
    reason = models.TextField(_("reason"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="targets_set", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))

    objects = models.Manager.from_queryset(TargetQuerySet)()

    class Meta:
        verbose_name = _("target or baseline")
        verbose_name_plural = _("targets and baselines")
        ordering = ["indicator", "kind", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__length__gt=0),
                name="target_says_why",
                violation_error_message=_("Say why this is the target."),
            ),
            models.CheckConstraint(
                condition=is_finite("value"),
                name="target_is_a_number",
                violation_error_message=_("This is no number that can be kept."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100),
                name="target_has_a_year",
                violation_error_message=_("Write a year between 1990 and 2100."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"

    def clean(self) -> None:
        """Say what is wrong with it as a target of its indicator."""
        if self.indicator_id is None:
            return
        wrong: dict[str, Any] = {}
        kinds = Category.objects.filter(
            breakdown__indicator=self.indicator_id, breakdown__kind=BreakdownKind.SIDE_BY_SIDE
        )
        if (kinds.exists() or self.category_id) and self.category not in kinds:
            wrong["category"] = _("Say for which kind: they stand side by side, without a total.")
        if self.value is not None and (sentence := self._wrong_value(self.value)):
            wrong["value"] = sentence
        retired_on = self.indicator.retired_on
        if retired_on and self.year and self.year >= retired_on.year and self.value is not None:
            wrong["year"] = _("The indicator is retired: it has targets for the years before that.")
        if wrong:
            raise ValidationError(wrong)

    def _wrong_value(self, value: Decimal) -> Promise | str:
        kind = self.indicator.value_kind
        if self.indicator.is_unit_pending:
            return _("The unit of the indicator is pending, so a number means nothing yet. Settle the unit first.")
        if value < 0 and kind != ValueKind.CHANGE:
            return _("This cannot be negative.")
        if value > 100 and kind == ValueKind.SHARE:
            return _("A share is 100 per cent at most.")
        if value != value.to_integral_value() and kind in {ValueKind.COUNT, ValueKind.YES, ValueKind.ITEMS}:
            return _("Things are counted in whole numbers.")
        if kind == ValueKind.YES and value > (most := _countries_that_count(self.indicator)):
            words = ngettext(
                "No more than %(count)s country has been in its scope so far.",
                "No more than %(count)s countries have been in its scope so far.",
                most,
            )
            return words % {"count": most}
        return ""
