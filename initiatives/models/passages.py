"""Passages: text of an entity that belongs to no single initiative, as approved. What is under way is a draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import PassageKind, TextState
from initiatives.models.base import LanguageVersion, best_text
from initiatives.models.entities import Entity
from initiatives.models.geography import Country
from initiatives.models.initiatives import Initiative
from initiatives.models.search import indexing
from initiatives.models.taxonomy import ActionLine, Term
from initiatives.querysets import PassageQuerySet
from portal.common.history import tracked, tracked_links
from portal.common.richtext import RichTextField


@tracked
class Passage(models.Model):
    """A statement, trend, achievement, obstacle, lesson, proposal, outlook or quotation of an entity.

    Rows are approved: `services/drafts.py` writes them.
    """

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="passages")
    name = models.CharField(_("name for the desk"), max_length=200, help_text=_("never printed"))
    kind = models.CharField(_("kind"), max_length=12, choices=PassageKind)
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("carries on"),
        help_text=_("The passage of a former year that this one began from."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="passages_written", editable=False
    )
    author_role = models.CharField(_("role of the author"), max_length=20, editable=False)
    lines = models.ManyToManyField(ActionLine, blank=True, related_name="passages")
    terms = models.ManyToManyField(Term, blank=True, related_name="passages")
    countries = models.ManyToManyField(Country, blank=True, related_name="passages")
    initiatives = models.ManyToManyField(Initiative, blank=True, related_name="passages")

    objects = models.Manager.from_queryset(PassageQuerySet)()

    class Meta:
        triggers = [indexing("index_passages", "id")]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["entity", "name"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "name"], name="entity_names_a_passage_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("passage_detail", args=[self.pk])

    @property
    def original(self) -> "PassageText | None":
        """The text in the language it was written in. Reads prefetched texts."""
        return next((text for text in self.texts.all() if text.state == TextState.ORIGINAL), None)

    def text_in(self, language: str) -> "PassageText | None":
        """The text in the language, else the original; None where nothing is written. Reads prefetched texts."""
        return best_text(self.texts.all(), language)


@tracked_links
class PassageLine(Passage.lines.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class PassageTerm(Passage.terms.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class PassageCountry(Passage.countries.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class PassageInitiative(Passage.initiatives.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class PassageText(LanguageVersion):
    """A passage in one language."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="texts")
    body = RichTextField(_("text"))

    class Meta(LanguageVersion.Meta):
        triggers = [*LanguageVersion.Meta.triggers, indexing("index_passages", "passage_id")]
        verbose_name = _("text of a passage")
        verbose_name_plural = _("texts of passages")
        ordering = ["passage", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "language"], name="passage_has_one_text_in_a_language"),
            models.UniqueConstraint(
                fields=["passage"], condition=Q(state=TextState.ORIGINAL), name="passage_has_one_original_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage} ({self.language})"
