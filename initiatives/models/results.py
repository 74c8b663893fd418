"""Results: what was reported against an indicator, for a place and a period."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Coalesce, Floor, Greatest, Least, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import NUMBERS, BreakdownKind, NoValue, ValueKind
from initiatives.models.base import LanguageVersion
from initiatives.models.entities import Entity
from initiatives.models.evidence import Evidence
from initiatives.models.geography import Country, CountryGroup
from initiatives.models.indicators import Category, Indicator, is_finite
from initiatives.models.initiatives import Initiative
from initiatives.models.taxonomy import Term
from initiatives.models.workplans import one_text_in_a_language
from initiatives.querysets import ResultQuerySet
from portal.common.history import tracked, tracked_by, tracked_links
from portal.common.languages import Language
from portal.common.richtext import RichTextField


class Days(Func):
    """The half-open range of days of a period. An index has to make one of days in the wrong order too."""

    function = "daterange"
    output_field = DateRangeField()


def _either(name: str, *others: str) -> Coalesce:
    """One number for what a row points to: below zero for the other table, 0 for neither."""
    whole = models.BigIntegerField()
    below = [ExpressionWrapper(-F(other), output_field=whole) for other in others]
    return Coalesce(name, *below, Value(0), output_field=whole)


@tracked_by(["indicator"], index="latest_event_of_indicator")
class Result(models.Model):
    """One value of an indicator for a place and a period, or why there is none. Rows are approved.

    The place is a country or a group of countries; with neither it is not split by place. Without an initiative the
    entity reports it directly. Its date is the last day of its period.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="results", db_index=False)  # see the indexes
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="results")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="results")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="results")
    group = models.ForeignKey(CountryGroup, models.PROTECT, null=True, blank=True, related_name="results")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="results",
        verbose_name=_("kind"),
        help_text=_("which of the kinds that stand side by side"),
    )
    period_start = models.DateField(_("first day of the period"))
    period_end = models.DateField(_("first day after the period"))
    value_kind = models.CharField(
        _("what it is"), max_length=10, choices=ValueKind, editable=False, help_text=_("as the indicator says")
    )
    unit = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="results")
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=10, null=True, blank=True)
    yes = models.BooleanField(_("yes"), null=True, blank=True)
    no_value = models.CharField(_("why there is no value"), max_length=15, choices=NoValue, blank=True)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    figures_note = models.CharField(
        _("why the figures are right"),
        max_length=500,
        blank=True,
        help_text=_("where parts do not add up, or something is more than 100 per cent"),
    )
    source = models.CharField(_("where it comes from"), max_length=500, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="results")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="results_written", editable=False
    )
    author_role = models.CharField(_("role of the author"), max_length=20, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="results_decided"
    )
    decided_at = models.DateTimeField(_("approved"))
    decision_note = models.TextField(_("note on the decision"), blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    correction_reason = models.TextField(_("why it was corrected"), blank=True)

    objects = models.Manager.from_queryset(ResultQuerySet)()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["indicator", "-period_end", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")),
                name="result_period_ends_after_it_starts",
                violation_error_message=_("The period has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(country=None) | Q(group=None),
                name="result_is_of_a_country_or_a_group",
                violation_error_message=_("A result is of a country, of a group of countries, or not split."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(value_kind__in=NUMBERS, yes=None)
                    & (Q(value__isnull=False, no_value="") | Q(value=None) & ~Q(no_value=""))
                )
                | (
                    Q(value_kind=ValueKind.YES, value=None)
                    & (Q(yes__isnull=False, no_value="") | Q(yes=None) & ~Q(no_value=""))
                )
                | Q(value_kind=ValueKind.ITEMS, value=None, yes=None),
                name="result_has_a_value_or_says_why_not",
                violation_error_message=_("Give a value, or say why there is none: one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(value_kind=ValueKind.YES) | Q(country__isnull=False),
                name="yes_is_said_of_a_country",
                violation_error_message=_("Say which country it is said of."),
            ),
            models.CheckConstraint(
                condition=is_finite("value"),
                name="result_is_a_number",
                violation_error_message=_("This is no number that can be kept."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value_kind=ValueKind.CHANGE) | Q(value__gte=0),
                name="result_is_not_negative",
                violation_error_message=_("This cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | ~Q(value_kind=ValueKind.COUNT) | Q(value=Floor("value")),
                name="things_are_counted_whole",
                violation_error_message=_("Things are counted in whole numbers."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | ~Q(value_kind=ValueKind.SHARE) | Q(value__lte=100),
                name="share_is_a_hundred_at_most",
                violation_error_message=_("A share of a whole is 100 per cent at most."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(unit__isnull=False),
                name="number_has_a_unit",
                violation_error_message=_("Say in which unit, since that of the indicator is pending."),
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("author")) | ~Q(decision_note=""),
                name="own_result_is_approved_with_a_reason",
                violation_error_message=_("Another person approves a result, or a reason is stored."),
            ),
            models.CheckConstraint(
                condition=Q(corrected_at=None, correction_reason="")
                | Q(corrected_at__isnull=False) & ~Q(correction_reason=""),
                name="correction_says_why",
                violation_error_message=_("Say why it was corrected."),
            ),
            # one result of a place and a period; the entity stands for those that it reports without an initiative
            ExclusionConstraint(
                name="results_of_a_place_do_not_overlap",
                expressions=[
                    (_either("initiative", "entity"), RangeOperators.EQUAL),
                    ("indicator", RangeOperators.EQUAL),
                    (_either("country", "group"), RangeOperators.EQUAL),
                    (_either("category"), RangeOperators.EQUAL),
                    (
                        Days(Least("period_start", "period_end"), Greatest("period_start", "period_end")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("There is a result for this place and for days of this period already."),
            ),
        ]
        indexes = [
            # aggregation: all results of an indicator, without the rows themselves
            models.Index(fields=["indicator", "period_end"], name="result_of_indicator"),
            # aggregation: who has reported an indicator, without the rows themselves
            models.Index(fields=["indicator", "initiative"], name="result_by_reporter"),
            # initiative page
            models.Index(fields=["initiative", "-period_end"], name="result_of_initiative"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="follow_indicator",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("indicator_id", "unit_id", "value_kind", "category_id", "value"),
                declare=[("defined", "record")],
                func="""
                    SELECT one.value_kind, one.unit_id, side.id AS breakdown_id INTO defined
                    FROM initiatives_indicator one
                    LEFT JOIN initiatives_breakdown side ON side.indicator_id = one.id AND side.kind = 'side_by_side'
                    WHERE one.id = NEW.indicator_id FOR SHARE OF one;
                    NEW.value_kind = defined.value_kind;
                    IF defined.unit_id <> NEW.unit_id THEN
                        RAISE EXCEPTION 'another unit than that of the indicator'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'result_has_the_unit_of_its_indicator';
                    END IF;
                    NEW.unit_id = COALESCE(defined.unit_id, NEW.unit_id);
                    IF defined.breakdown_id IS DISTINCT FROM
                        (SELECT breakdown_id FROM initiatives_category WHERE id = NEW.category_id) THEN
                        RAISE EXCEPTION 'not one of the kinds side by side of the indicator'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'result_names_a_kind_of_its_indicator';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="correct_with_a_reason",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *("indicator", "initiative", "country", "group", "category", "unit", "value", "yes", "no_value"),
                    *("period_start", "period_end"),
                ),
                func="""
                    IF NEW.corrected_at IS NOT DISTINCT FROM OLD.corrected_at THEN
                        RAISE EXCEPTION 'a correction needs its moment and a reason'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'changed_result_says_why';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.dated_on:%Y}"

    def get_absolute_url(self) -> str:
        return reverse("result_detail", args=[self.pk])

    @property
    def dated_on(self) -> dt.date:
        """The last day of its period, on which income group and scope are read."""
        return self.period_end - dt.timedelta(days=1)

    def clean(self) -> None:
        """Take over what the indicator says, as the trigger does, and say what would be refused."""
        if self.indicator_id is None:
            return
        indicator = self.indicator
        self.value_kind = indicator.value_kind
        if indicator.unit_id and self.unit_id not in {None, indicator.unit_id}:
            raise ValidationError({"unit": _("The indicator is measured in: %(unit)s.") % {"unit": indicator.unit}})
        self.unit_id = indicator.unit_id or self.unit_id
        kinds = set(
            Category.objects.filter(
                breakdown__indicator=indicator, breakdown__kind=BreakdownKind.SIDE_BY_SIDE
            ).values_list("pk", flat=True)
        )
        if self.category_id not in kinds and (kinds or self.category_id):
            raise ValidationError({"category": _("Say of which kind it is: they stand side by side, without a total.")})


@tracked_links
class ResultEvidence(Result.evidence.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class ResultText(LanguageVersion):
    """What is told of a result in one language."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="texts")
    narrative = RichTextField(_("narrative"))

    class Meta(LanguageVersion.Meta):
        verbose_name = _("text of a result")
        verbose_name_plural = _("texts of results")
        ordering = ["result", "pk"]
        constraints = one_text_in_a_language("result")

    def __str__(self) -> str:
        return f"{self.result} ({self.language})"


@tracked_by(["category"], index="latest_event_of_part")
class ResultPart(models.Model):
    """A part of a result: of 40 jobs, 25 of women."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="parts")
    category = models.ForeignKey(Category, models.PROTECT, related_name="parts")
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=10)

    class Meta:
        verbose_name = _("part of a result")
        verbose_name_plural = _("parts of results")
        ordering = ["result", "category__breakdown", "category__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["result", "category"], name="result_has_a_part_once"),
            models.CheckConstraint(
                condition=is_finite("value"),
                name="part_is_a_number",
                violation_error_message=_("This is no number that can be kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.value}"


@tracked
class NamedItem(models.Model):
    """A technology, policy or other thing that an indicator counts once, however many adopt it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="items")
    name = models.CharField(_("name"), max_length=300)
    language = models.CharField(_("language"), max_length=2, choices=Language)

    class Meta:
        verbose_name = _("named item")
        verbose_name_plural = _("named items")
        ordering = ["indicator", "name"]
        constraints = [
            models.UniqueConstraint(
                F("indicator"),
                Lower("name"),
                name="indicator_names_an_item_once",
                violation_error_message=_("This is named already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked_by(["item"], index="latest_event_of_named_item")
class ResultItem(models.Model):
    """A named item in a result, and how many firms or institutions adopted it."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="item_links")
    item = models.ForeignKey(NamedItem, models.PROTECT, related_name="result_links")
    adoptions = models.PositiveIntegerField(_("adoptions"), default=1)

    class Meta:
        verbose_name = _("named item of a result")
        verbose_name_plural = _("named items of results")
        ordering = ["result", "item"]
        constraints = [
            models.UniqueConstraint(fields=["result", "item"], name="result_names_an_item_once"),
            models.CheckConstraint(
                condition=Q(adoptions__gte=1),
                name="item_was_adopted",
                violation_error_message=_("What is named was adopted at least once."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)
