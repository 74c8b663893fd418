"""Action lines of the World Summit on the Information Society, and every other classification as data."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import AliasKind, FacilitationRole
from initiatives.models.base import NamedInSixLanguages
from initiatives.models.entities import Entity
from initiatives.querysets import FacilitationQuerySet
from portal.common.languages import Language, in_language, reader_language


class ActionLine(NamedInSixLanguages):
    """An action line of the Geneva Plan of Action (2003), C1 to C11, or a sub-line of C7.

    The names are the headings of 2003; where a newer form is in use, `current_name_*` has it.
    """

    code = models.CharField(_("code"), max_length=10, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sub_lines")
    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    current_name_en = models.CharField(_("current name in English"), max_length=400, blank=True)
    current_name_fr = models.CharField(_("current name in French"), max_length=400, blank=True)
    current_name_es = models.CharField(_("current name in Spanish"), max_length=400, blank=True)
    current_name_ru = models.CharField(_("current name in Russian"), max_length=400, blank=True)
    current_name_ar = models.CharField(_("current name in Arabic"), max_length=400, blank=True)
    current_name_zh = models.CharField(_("current name in Chinese"), max_length=400, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=100)

    class Meta:
        verbose_name = _("action line")
        verbose_name_plural = _("action lines")
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("action_line_detail", args=[self.code])

    @property
    def current_name(self) -> str:
        """The form used today in the reader's language, else the heading of 2003."""
        return self.current_name_in(reader_language())

    def current_name_in(self, language: str) -> str:
        """The form used today in the language, else the heading of 2003."""
        return in_language(self, "current_name", language) or in_language(self, "name", language)


class ActionLineAlias(models.Model):
    """Words by which texts call a line ("enabling environment"), or keywords that suggest it."""

    line = models.ForeignKey(ActionLine, models.CASCADE, related_name="aliases")
    kind = models.CharField(_("kind"), max_length=10, choices=AliasKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("words"), max_length=200)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("alias of an action line")
        verbose_name_plural = _("aliases of action lines")
        ordering = ["line", "kind", "text"]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind", "language", "text"], name="line_has_an_alias_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Facilitation(models.Model):
    """An entity's role for an action line.

    A role that an entity claims and the role in the annex of the Tunis Agenda (2005) may both stand.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="facilitations")
    line = models.ForeignKey(ActionLine, models.PROTECT, related_name="facilitations")
    role = models.CharField(_("role"), max_length=30, choices=FacilitationRole)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day excluded"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    note = models.TextField(_("note"), blank=True)

    objects = models.Manager.from_queryset(FacilitationQuerySet)()

    class Meta:
        verbose_name = _("facilitation")
        verbose_name_plural = _("facilitations")
        ordering = ["line", "role", "entity"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "line", "role", "since"],
                nulls_distinct=False,
                name="entity_takes_a_role_for_a_line_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
                name="facilitation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.line.code}, {self.get_role_display()}"


class Vocabulary(NamedInSixLanguages):
    """A classification: SDGs, technologies, kinds of initiative, ... A new framework is data, never a migration."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        ordering = ["name_en"]


class Term(NamedInSixLanguages):
    """One word of a vocabulary."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms")
    code = models.CharField(_("code"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    counts_as_initiative = models.BooleanField(
        _("counts as an initiative"),
        default=True,
        help_text=_("For kinds of initiative: a mere context or coordination does not count."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["vocabulary", "order", "name_en"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="vocabulary_has_a_code_once"),
        ]
