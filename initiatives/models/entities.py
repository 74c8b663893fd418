"""Entities that report, every other body, and who holds which role for whom."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import ENTITY_ROLES, OrganisationKind, Role
from initiatives.models.base import NamedInSixLanguages
from initiatives.models.geography import Country
from initiatives.querysets import EntityQuerySet, MembershipQuerySet
from portal.common.history import tracked


class Entity(NamedInSixLanguages):
    """A body that may send a submission: a United Nations entity, or another organization that was asked."""

    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("as in addresses: UNIDO, UNDESA"))
    acronym = models.CharField(_("acronym as printed"), max_length=30)
    kind = models.CharField(_("kind"), max_length=60)

    objects = models.Manager.from_queryset(EntityQuerySet)()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="index_words",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("acronym"),  # by which all its records are found
                condition=pgtrigger.AnyChange("acronym"),
                func="PERFORM index_records_of(NEW.id); RETURN NULL;",
            ),
        ]
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ["acronym"]

    def __str__(self) -> str:
        return self.acronym

    def get_absolute_url(self) -> str:
        return reverse("entity_detail", args=[self.code])


class EntityAlias(models.Model):
    """A name of an entity as documents print it."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="aliases")
    text = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("name as printed")
        verbose_name_plural = _("names as printed")
        constraints = [models.UniqueConstraint(fields=["entity", "text"], name="entity_has_an_alias_once")]

    def __str__(self) -> str:
        return self.text


class Unit(models.Model):
    """A part of an entity that holds initiatives: a department, division or office."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["entity", "name"]
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="entity_has_a_unit_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Organisation(models.Model):
    """Any other body: a government body with its country, business, academia, civil society."""

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="organisations")

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "country"], nulls_distinct=False, name="organisation_is_named_once_in_a_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Membership(models.Model):
    """A role that a person holds for an entity or a country, for a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    entity = models.ForeignKey(Entity, models.CASCADE, null=True, blank=True, related_name="memberships")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="memberships")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="delegations")
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until, that day excluded"), null=True, blank=True)
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="deputies"
    )

    objects = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ["entity", "role", "user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=ENTITY_ROLES, entity__isnull=False) | Q(~Q(role__in=ENTITY_ROLES), entity=None),
                name="staff_focal_point_and_secretariat_have_an_entity",
                violation_error_message=_(
                    "Staff, focal points and secretariats need an entity; no other role has one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.DELEGATE, country__isnull=False) | Q(~Q(role=Role.DELEGATE), country=None),
                name="delegate_has_a_country",
                violation_error_message=_("A delegate needs a country; no other role has one."),
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(entity__isnull=False),
                name="unit_needs_an_entity",
                violation_error_message=_("A unit needs its entity."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A role has to end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "entity", "country"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="person_holds_a_role_once",
                violation_error_message=_("This person holds the role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


@tracked
class Absence(models.Model):
    """Days on which a person of an entity is away: the deputy of each record acts meanwhile."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="absences")
    since = models.DateField(_("first day away"))
    until = models.DateField(_("first day back"))

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["entity", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The first day back has to come after the first day away."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.since} – {self.last_day}"

    @property
    def last_day(self) -> dt.date:
        return self.until - dt.timedelta(days=1)
