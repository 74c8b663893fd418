"""Layouts: how an entity's submission to a call looks, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.models import Entity
from initiatives.models.base import NamedInSixLanguages
from portal.common.history import count_revision, tracked
from reporting.choices import FillingRule, HeadingNumbers, ParagraphNumbers, RunningLinks
from reporting.models.calls import Call


@tracked
class Layout(models.Model):
    """The layout of one entity's submissions to one call; it may have others, of documents that were read in.

    `front` is a list of `FrontBlock` (see `reporting.compilation.snapshot`): what stands between cover and first
    section, with the slots of a cover and {facilitated_lines} as an entry of a list.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="layouts")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="layouts")
    name = models.CharField(
        _("name"), max_length=60, blank=True, help_text=_("empty: the one that new submissions begin with")
    )
    heading_numbers = models.CharField(
        _("numbers of headings"), max_length=10, choices=HeadingNumbers, default=HeadingNumbers.NONE
    )
    paragraph_numbers = models.CharField(
        _("numbers of paragraphs"), max_length=10, choices=ParagraphNumbers, default=ParagraphNumbers.NONE
    )
    running_links = models.CharField(
        _("links in the text"), max_length=10, choices=RunningLinks, default=RunningLinks.LINKS
    )
    contents_depth = models.PositiveSmallIntegerField(_("levels in the contents list"), default=1)
    front = models.JSONField(_("front"), default=list, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        triggers = [count_revision]
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        constraints = [
            models.UniqueConstraint(fields=["call", "entity", "name"], name="entity_names_a_layout_once_in_a_call"),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (str(self.entity), str(self.call), self.name)))


class Outline(NamedInSixLanguages):
    """One section of an outline: its heading per language (`name`), its length and how it is filled."""

    order = models.PositiveSmallIntegerField(_("order"))
    is_summary = models.BooleanField(_("is the summary"), default=False)
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    rule = models.CharField(_("filled by"), max_length=15, choices=FillingRule, default=FillingRule.BY_HAND)

    class Meta:
        abstract = True


@tracked
class LayoutSection(Outline):
    """A section that each submission with this layout begins with."""

    layout = models.ForeignKey(Layout, models.CASCADE, related_name="sections")

    class Meta:
        verbose_name = _("section of a layout")
        verbose_name_plural = _("sections of layouts")
        ordering = ["layout", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["layout", "order"],
                name="layout_has_one_section_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
