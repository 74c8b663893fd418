"""Shapes that several records share."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.choices import TextState
from portal.common import dates
from portal.common.history import count_revision
from portal.common.languages import Language, direction, in_language


class NamedInSixLanguages(models.Model):
    """Reference data with a name in the official languages; English is always there."""

    name_en = models.CharField(_("name in English"), max_length=400)
    name_fr = models.CharField(_("name in French"), max_length=400, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=400, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=400, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=400, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in English."""
        return in_language(self, "name")


class LanguageVersion(models.Model):
    """One text of a record in one language.

    Its revision grows with every change, by a trigger, whoever makes the change. A translation remembers the
    revision of the original it was made from, so it goes stale by itself.
    """

    language = models.CharField(_("language"), max_length=2, choices=Language)
    state = models.CharField(_("state"), max_length=10, choices=TextState, default=TextState.ORIGINAL)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    based_on = models.PositiveIntegerField(_("revision of the original it translates"), null=True, blank=True)

    class Meta:
        abstract = True
        triggers = [count_revision]

    @property
    def direction(self) -> str:
        return direction(self.language)


Text = TypeVar("Text", bound=LanguageVersion)


def best_text(texts: Iterable[Text], language: str) -> Text | None:
    """Return the text in the language, else the original; None where nothing is written."""
    candidates = [text for text in texts if text.language == language or text.state == TextState.ORIGINAL]
    return min(candidates, key=lambda text: text.language != language, default=None)


def stale_languages(texts: Collection[LanguageVersion]) -> list[str]:
    """Return the languages of a record's texts whose translation was made from an older revision of the original."""
    current = next((text.revision for text in texts if text.state == TextState.ORIGINAL), 0)
    translations = [text for text in texts if text.state != TextState.ORIGINAL]
    return [text.language for text in translations if text.based_on and text.based_on < current]


class Dated(models.Model):
    """A half-open range of days, as exact as the source: see `portal.common.dates`."""

    starts_on = models.DateField(_("first day"), null=True, blank=True)
    starts_precision = models.CharField(
        _("precision of the first day"), max_length=10, choices=dates.Precision, default=dates.Precision.DAY
    )
    ends_on = models.DateField(_("first day after the last"), null=True, blank=True)
    ends_precision = models.CharField(
        _("precision of the last day"), max_length=10, choices=dates.Precision, default=dates.Precision.DAY
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message=_("The end has to come after the start."),
            ),
        ]

    @property
    def dates_shown(self) -> str:
        """The dates in words, as exact as known; empty where nothing is known."""
        return dates.show_range(self.starts_on, self.starts_precision, self.ends_on, self.ends_precision)
