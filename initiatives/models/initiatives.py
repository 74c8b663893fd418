"""Initiatives: what an entity does for the outcomes of WSIS and the Fourth Industrial Revolution."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import (
    Basis,
    EventState,
    Level,
    ParticipationRole,
    RelationKind,
    Status,
    TextState,
    Variant,
)
from initiatives.models.base import Dated, LanguageVersion, best_text
from initiatives.models.entities import Entity, Organisation, Unit
from initiatives.models.geography import Country, CountryGroup
from initiatives.models.search import indexing
from initiatives.models.taxonomy import ActionLine, Term
from initiatives.querysets import InitiativeQuerySet, ParticipationQuerySet
from portal.common.history import tracked
from portal.common.labels import label_of
from portal.common.languages import Language
from portal.common.richtext import RichTextField

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


@tracked
class Initiative(Dated):
    """One programme, project, event, publication or other work that an entity reports on.

    A title (in its texts) and a kind are all it needs; what is not known is empty.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="initiatives", verbose_name=_("entity"))
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="initiatives")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="held_initiatives",
        verbose_name=_("holder"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputised_initiatives",
        verbose_name=_("deputy"),
    )
    kind = models.ForeignKey(Term, models.PROTECT, related_name="initiatives_of_kind", verbose_name=_("kind"))
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    level = models.CharField(_("level"), max_length=15, choices=Level, blank=True)
    status = models.CharField(_("status"), max_length=15, choices=Status, blank=True)
    status_note = models.CharField(_("status in the words of the source"), max_length=200, blank=True)
    covers_all_member_states = models.BooleanField(_("covers all Member States"), default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    is_invented = models.BooleanField(
        _("invented for demonstration"),
        default=False,
        help_text=_("Files compiled from it say “demonstration” on every page."),
    )
    published_at = models.DateTimeField(_("public since"), null=True, blank=True)
    archived_at = models.DateTimeField(
        _("archived"), null=True, blank=True, help_text=_("Its page stays; lists and counts leave it out.")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
        help_text=_("Its addresses lead there."),
    )

    lines = models.ManyToManyField(ActionLine, through="InitiativeLine", related_name="initiatives")
    terms = models.ManyToManyField(Term, through="InitiativeTerm", related_name="initiatives")

    objects = models.Manager.from_queryset(InitiativeQuerySet)()

    class Meta(Dated.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["pk"]
        indexes = [
            # InitiativeQuerySet.public, on every list a visitor sees
            models.Index(fields=["published_at"], name="initiative_public"),
        ]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="initiative_is_merged_into_another",
                violation_error_message=_("An initiative cannot be merged into itself."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="summarise",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_on", "ends_on"),
                func="PERFORM summarise_initiatives(ARRAY[NEW.id]); RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="index_words",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("entity_id", "place"),
                func="PERFORM index_initiatives(ARRAY[NEW.id]); RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="forget_summary",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func="DELETE FROM initiatives_initiativesummary WHERE initiative_id = OLD.id; RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="keep_former_address",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("slug"),
                condition=pgtrigger.AnyChange("slug"),
                func="""
                    INSERT INTO initiatives_formeraddress (slug, initiative_id) VALUES (OLD.slug, NEW.id)
                    ON CONFLICT (slug) DO UPDATE SET initiative_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("initiative_detail", args=[self.slug])

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # in place of Django's own
        return label_of(Status, self.status)

    def text_in(self, language: str, variant: str = Variant.GENERAL) -> "InitiativeText | None":
        """The text in the language, else the original; None where nothing is written. Reads prefetched texts."""
        return best_text((text for text in self.texts.all() if text.variant == variant), language)


#: Updates are found by the title of their initiative too.
index_updates = pgtrigger.Trigger(
    name="index_words_of_updates",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP <> 'UPDATE' OR (OLD.title, OLD.language, OLD.state, OLD.variant, OLD.initiative_id)
            IS DISTINCT FROM (NEW.title, NEW.language, NEW.state, NEW.variant, NEW.initiative_id) THEN
            PERFORM index_updates_of(ARRAY[OLD.initiative_id, NEW.initiative_id]);
        END IF;
        RETURN NULL;
    """,
)

#: In `Meta.triggers` of what a summary is made from, and of what an initiative is found by.
index_initiative = indexing("index_initiatives", "initiative_id")
summarise_initiative = pgtrigger.Trigger(
    name="summarise",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="PERFORM summarise_initiatives(ARRAY[OLD.initiative_id, NEW.initiative_id]); RETURN NULL;",
)


class InitiativeSummary(models.Model):
    """What lists of initiatives order and count by. Made by triggers from the records, so nobody writes it.

    The database function `summarise_initiatives(ids)` makes it anew; whoever loads rows past the triggers calls it.
    """

    initiative = models.OneToOneField(
        Initiative,
        models.DO_NOTHING,  # a trigger deletes it
        primary_key=True,
        db_constraint=False,
        related_name="summary",
    )
    title_key = models.CharField(max_length=200, help_text=_("title of the original, folded: small, without accents"))
    languages = ArrayField(models.CharField(max_length=2), help_text=_("in which it has a text"))
    years = ArrayField(
        models.PositiveSmallIntegerField(), help_text=_("in which it ran, as far as dated, or an approved update told")
    )
    last_approved_at = models.DateTimeField(null=True, help_text=_("when an update was approved last"))

    class Meta:
        verbose_name = _("summary of an initiative")
        verbose_name_plural = _("summaries of initiatives")
        indexes = [
            # InitiativeFilter, its two orders
            models.Index(fields=["title_key", "initiative"], name="summary_by_title"),
            models.Index(
                F("last_approved_at").desc(nulls_last=True), F("initiative").desc(), name="summary_latest_first"
            ),
        ]

    def __str__(self) -> str:
        return self.title_key


class FormerAddress(models.Model):
    """An address that an initiative had before; it leads to where it is now. Kept by a trigger."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="former_addresses")
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["initiative", "slug"]

    def __str__(self) -> str:
        return self.slug


@tracked
class InitiativeText(LanguageVersion):
    """Title and description of an initiative in one language, for one use."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="texts")
    variant = models.CharField(_("use"), max_length=15, choices=Variant, default=Variant.GENERAL)
    title = models.CharField(_("title"), max_length=400)
    description = RichTextField(_("description"), blank=True)

    class Meta(LanguageVersion.Meta):
        triggers = [*LanguageVersion.Meta.triggers, summarise_initiative, index_initiative, index_updates]
        verbose_name = _("text of an initiative")
        verbose_name_plural = _("texts of initiatives")
        ordering = ["initiative", "variant", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "language", "variant"], name="initiative_has_one_text_in_a_language"
            ),
            models.UniqueConstraint(
                fields=["initiative", "variant"],
                condition=Q(state=TextState.ORIGINAL),
                name="initiative_has_one_original_text",
            ),
            models.CheckConstraint(
                condition=Q(title__length__gt=0),
                name="initiative_has_a_title",
                violation_error_message=_("An initiative needs a title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked
class OtherTitle(models.Model):
    """Another title under which documents name the initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="other_titles")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("title"), max_length=400)

    class Meta:
        triggers = [index_initiative]
        verbose_name = _("other title")
        verbose_name_plural = _("other titles")
        ordering = ["initiative", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "language", "text"], name="initiative_has_another_title_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


@tracked
class DatedPart(Dated):
    """One part of an event that has several: the meetings of July, the ministerial segment."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="dated_parts")
    label = models.CharField(_("part"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=EventState)

    class Meta(Dated.Meta):
        verbose_name = _("dated part")
        verbose_name_plural = _("dated parts")
        ordering = ["initiative", "starts_on", "pk"]

    def __str__(self) -> str:
        return self.label


@tracked
class InitiativePlace(models.Model):
    """A country or a group of countries where the initiative works."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="places")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="initiative_places")
    group = models.ForeignKey(CountryGroup, models.PROTECT, null=True, blank=True, related_name="initiative_places")

    class Meta:
        verbose_name = _("place of an initiative")
        verbose_name_plural = _("places of initiatives")
        ordering = ["initiative", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country=None, group__isnull=False) | Q(country__isnull=False, group=None),
                name="place_is_a_country_or_a_group",
                violation_error_message=_("A place is either a country or a group of countries."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "country", "group"], nulls_distinct=False, name="initiative_has_a_place_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.country or self.group)


@tracked
class InitiativeLine(models.Model):
    """An action line of an initiative: stated by a document or person, or inferred and waiting for one."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="line_links")
    line = models.ForeignKey(ActionLine, models.PROTECT, related_name="initiative_links")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        verbose_name = _("action line of an initiative")
        verbose_name_plural = _("action lines of initiatives")
        ordering = ["initiative", "line__order"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "line"], name="initiative_has_a_line_once"),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(is_primary=True),
                name="initiative_has_at_most_one_primary_line",
                violation_error_message=_("An initiative has at most one primary action line."),
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(basis=Basis.STATED),
                name="primary_line_is_stated",
                violation_error_message=_("Only a stated action line can be the primary one."),
            ),
        ]

    def __str__(self) -> str:
        return self.line.code


@tracked
class InitiativeTerm(models.Model):
    """A term of any vocabulary that describes an initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="term_links")
    term = models.ForeignKey(Term, models.PROTECT, related_name="initiative_links")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)

    class Meta:
        verbose_name = _("term of an initiative")
        verbose_name_plural = _("terms of initiatives")
        ordering = ["initiative", "term__vocabulary", "term__order"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "term"], name="initiative_has_a_term_once"),
        ]

    def __str__(self) -> str:
        return str(self.term)


@tracked
class Identifier(models.Model):
    """A number or symbol by which others know the initiative, as printed."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=40, help_text=_("for example: UNIDO project number"))
    value = models.CharField(_("value"), max_length=100)
    label = models.CharField(_("as printed"), max_length=300, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        triggers = [index_initiative]
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["initiative", "scheme", "value"]
        constraints = [
            # A programme and its phase may share a project number, so the value alone names no single initiative.
            models.UniqueConstraint(fields=["initiative", "scheme", "value"], name="initiative_has_an_identifier_once"),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.scheme} {self.value}"


@tracked
class Participation(models.Model):
    """What another entity or organization does in an initiative.

    What an entity only takes part in never counts as its own.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="participations")
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="participations")
    role = models.CharField(_("role"), max_length=20, choices=ParticipationRole)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day excluded"), null=True, blank=True)

    objects = models.Manager.from_queryset(ParticipationQuerySet)()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["initiative", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entity=None, organisation__isnull=False) | Q(entity__isnull=False, organisation=None),
                name="participant_is_an_entity_or_an_organisation",
                violation_error_message=_("A participant is either an entity or another organization."),
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity", "organisation", "role", "since"],
                nulls_distinct=False,
                name="participant_takes_a_role_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gt=F("since")),
                name="participation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entity or self.organisation)


@tracked
class Relation(models.Model):
    """How one initiative stands to another: `source` is part of, phase of, edition of ... `target`."""

    source = models.ForeignKey(Initiative, models.CASCADE, related_name="relations")
    target = models.ForeignKey(Initiative, models.CASCADE, related_name="relations_to_it")
    kind = models.CharField(_("kind"), max_length=15, choices=RelationKind)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["source", "kind", "target"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="initiatives_are_related_once"),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="initiative_is_not_related_to_itself",
                violation_error_message=_("An initiative cannot be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"
