"""Countries, their groups and their income groups, each with the dates for which it holds."""

import datetime as dt
from functools import cache

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import EntryType, GroupKind, IncomeGroup, UnMembership
from initiatives.models.base import NamedInSixLanguages
from initiatives.querysets import CountryGroupQuerySet, CountryQuerySet, GroupMembershipQuerySet, fiscal_year


@cache
def _address(iso3: str) -> str:
    """Made once for each of the two hundred countries that a page may link to."""
    return reverse("country_detail", args=[iso3])


class Country(NamedInSixLanguages):
    """A country or area of the United Nations M49 standard, or a supplementary entry of the World Bank."""

    iso3 = models.CharField(_("ISO 3166-1 alpha-3"), max_length=3, unique=True)
    iso2 = models.CharField(_("ISO 3166-1 alpha-2"), max_length=2, blank=True)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True)
    entry_type = models.CharField(_("entry"), max_length=15, choices=EntryType)
    un_member = models.CharField(_("United Nations"), max_length=10, choices=UnMembership)
    note = models.TextField(_("note"), blank=True)

    objects = models.Manager.from_queryset(CountryQuerySet)()

    class Meta:
        verbose_name = _("country or area")
        verbose_name_plural = _("countries and areas")
        ordering = ["name_en"]
        constraints = [
            models.UniqueConstraint(fields=["iso2"], condition=~Q(iso2=""), name="iso2_names_one_country"),
            models.UniqueConstraint(fields=["m49"], condition=~Q(m49=""), name="m49_names_one_country"),
        ]

    def get_absolute_url(self) -> str:
        return _address(self.iso3)

    def income_group_on(self, day: dt.date) -> str | None:
        """The World Bank group in force on that day; None where the country is unclassified then."""
        row = self.income_classifications.filter(fiscal_year=fiscal_year(day)).first()
        return row.income_group or None if row else None


class CountryGroup(NamedInSixLanguages):
    """A set of countries: a region of M49, a regional group, a commission, the least developed countries, ..."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    countries = models.ManyToManyField(Country, through="GroupMembership", related_name="groups")

    objects = models.Manager.from_queryset(CountryGroupQuerySet)()

    class Meta:
        verbose_name = _("country group")
        verbose_name_plural = _("country groups")
        ordering = ["kind", "name_en"]


class GroupMembership(models.Model):
    """A country in a group, from a day (empty: since before the source begins) to the day before another."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="memberships")
    group = models.ForeignKey(CountryGroup, models.CASCADE, related_name="memberships")
    status = models.CharField(_("status"), max_length=30, default="member")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day excluded"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(GroupMembershipQuerySet)()

    class Meta:
        verbose_name = _("membership in a group")
        verbose_name_plural = _("memberships in groups")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "group", "since"], nulls_distinct=False, name="country_joins_a_group_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
                name="country_leaves_a_group_after_it_joined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} – {self.group}"


class IncomeClassification(models.Model):
    """The income group of a country in a fiscal year of the World Bank: 1 July to 30 June, named by its end."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="income_classifications")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    income_group = models.CharField(_("income group"), max_length=2, choices=IncomeGroup, blank=True)
    source = models.CharField(_("source"), max_length=40)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("income classification")
        verbose_name_plural = _("income classifications")
        ordering = ["country", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "fiscal_year"], name="country_has_one_income_group_in_a_fiscal_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} FY{self.fiscal_year}: {self.get_income_group_display() or _('unclassified')}"
