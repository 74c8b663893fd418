"""Workplans: a mandated matrix of impact areas, tools, roles of governments, outcomes and outputs."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import EntryKind, TextState
from initiatives.models.base import LanguageVersion, best_text
from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative
from initiatives.models.taxonomy import Term
from initiatives.querysets import MatrixQuerySet, WorkplanQuerySet
from portal.common.history import tracked, tracked_links
from portal.common.languages import reader_language


def one_text_in_a_language(name: str) -> list[models.BaseConstraint]:
    """The rules of texts that belong to a record: one in a language, and one original."""
    return [
        models.UniqueConstraint(fields=[name, "language"], name=f"{name}_has_one_text_in_a_language"),
        models.UniqueConstraint(
            fields=[name], condition=Q(state=TextState.ORIGINAL), name=f"{name}_has_one_original_text"
        ),
    ]


@tracked
class Workplan(models.Model):
    """One edition of a workplan of an entity. A new edition supersedes it; what was reported stays with the old one."""

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="workplans", verbose_name=_("entity"))
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    edition = models.CharField(_("edition"), max_length=40, help_text=_("as people call it: 2020"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    symbol = models.CharField(_("symbol"), max_length=60, blank=True, help_text=_("of the document that sets it out"))
    body = models.CharField(_("submitted to"), max_length=200, blank=True)
    adopted_on = models.DateField(_("date"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    core_functions = models.ManyToManyField(
        Term, blank=True, related_name="workplans", verbose_name=_("core functions that it draws on")
    )

    objects = models.Manager.from_queryset(WorkplanQuerySet)()

    class Meta:
        verbose_name = _("workplan")
        verbose_name_plural = _("workplans")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
                name="workplan_supersedes_another",
                violation_error_message=_("A workplan cannot supersede itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("workplan_detail", args=[self.slug])

    def text_in(self, language: str) -> "WorkplanText | None":
        """The text in the language, else the original. Reads prefetched texts."""
        return best_text(self.texts.all(), language)


@tracked_links
class WorkplanCoreFunction(Workplan.core_functions.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class WorkplanText(LanguageVersion):
    """Title of a workplan and what it is about, in one language."""

    workplan = models.ForeignKey(Workplan, models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=400)
    summary = models.TextField(_("summary"), blank=True)

    class Meta(LanguageVersion.Meta):
        verbose_name = _("text of a workplan")
        verbose_name_plural = _("texts of workplans")
        ordering = ["workplan", "pk"]
        constraints = one_text_in_a_language("workplan")

    def __str__(self) -> str:
        return self.title


@tracked
class Mandate(models.Model):
    """A resolution, decision or document that the workplan rests on."""

    workplan = models.ForeignKey(Workplan, models.CASCADE, related_name="mandates")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    symbol = models.CharField(_("symbol"), max_length=60)
    what = models.CharField(_("what it asked for or decided"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mandate of a workplan")
        verbose_name_plural = _("mandates of workplans")
        ordering = ["workplan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workplan", "symbol"], name="workplan_names_a_mandate_once"),
        ]

    def __str__(self) -> str:
        return self.symbol


@tracked
class ImpactArea(models.Model):
    """A row of the matrix: an area in which the workplan is to have an effect."""

    workplan = models.ForeignKey(Workplan, models.CASCADE, related_name="areas")
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="impact_areas",
        verbose_name=_("term that initiatives of the area bear"),
    )
    retired_because = models.TextField(
        _("why it is no longer part of the workplan"), blank=True, help_text=_("Empty as long as it is.")
    )

    objects = models.Manager.from_queryset(MatrixQuerySet)()

    class Meta:
        verbose_name = _("impact area")
        verbose_name_plural = _("impact areas")
        ordering = ["workplan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workplan", "code"], name="workplan_has_an_area_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workplan}: {self.code}"

    def clean(self) -> None:
        """Refuse to take out what indicators and entries belong to."""
        if not self.retired_because or self.pk is None:
            return
        beside = WorkplanEntry.objects.in_force().filter(Q(printed_beside=self) | Q(areas=self)).distinct()
        entries = [str(one.text_in(reader_language()) or one.code) for one in beside.prefetch_related("texts")]
        names = [*self.indicators.filter(retired_on=None).values_list("code", flat=True), *entries]
        if names:
            said = _("These belong to it, so it stays: %(names)s. Retire them first, or give them another area.")
            raise ValidationError({"retired_because": said % {"names": ", ".join(names)}})

    def text_in(self, language: str) -> "ImpactAreaText | None":
        """The text in the language, else the original. Reads prefetched texts."""
        return best_text(self.texts.all(), language)


@tracked
class ImpactAreaText(LanguageVersion):
    """An area in one language: its name, and what it looks at, a line each."""

    area = models.ForeignKey(ImpactArea, models.CASCADE, related_name="texts")
    name = models.CharField(_("name"), max_length=300)
    focus = models.TextField(_("focus, one a line"), blank=True)

    class Meta(LanguageVersion.Meta):
        verbose_name = _("text of an impact area")
        verbose_name_plural = _("texts of impact areas")
        ordering = ["area", "pk"]
        constraints = one_text_in_a_language("area")

    def __str__(self) -> str:
        return self.name


@tracked
class WorkplanEntry(models.Model):
    """A cell of the matrix: a tool or a phase of it, a role of governments, an outcome, an output, a package.

    It is printed beside one area, and may apply to others or to all.
    """

    workplan = models.ForeignKey(Workplan, models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=15, choices=EntryKind)
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    phase_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="phases", verbose_name=_("phase of")
    )
    printed_beside = models.ForeignKey(
        ImpactArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries_beside",
        verbose_name=_("area that it is printed beside"),
    )
    applies_to_all_areas = models.BooleanField(_("applies to all areas"), default=False)
    areas = models.ManyToManyField(
        ImpactArea, blank=True, related_name="entries", verbose_name=_("areas that it applies to")
    )
    initiative = models.ForeignKey(
        Initiative,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workplan_entries",
        verbose_name=_("record of the programme"),
        help_text=_("for a tool that is a programme"),
    )
    retired_because = models.TextField(
        _("why it is no longer part of the workplan"), blank=True, help_text=_("Empty as long as it is.")
    )

    objects = models.Manager.from_queryset(MatrixQuerySet)()

    class Meta:
        verbose_name = _("entry of a workplan")
        verbose_name_plural = _("entries of workplans")
        ordering = ["workplan", "kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workplan", "kind", "code"], name="workplan_has_an_entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.PHASE, phase_of__isnull=False) | Q(~Q(kind=EntryKind.PHASE), phase_of=None),
                name="phase_names_its_tool",
                violation_error_message=_("A phase needs the tool that it is a phase of; nothing else has one."),
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.TOOL) | Q(initiative=None),
                name="only_a_tool_is_a_programme",
                violation_error_message=_("Only a tool can be a programme that has a record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workplan}: {self.code}"

    def clean(self) -> None:
        """Refuse to take out a tool whose phases stay."""
        if self.retired_because and self.pk and self.phases.in_force().exists():
            raise ValidationError({"retired_because": _("It has phases, so it stays. Retire them first.")})

    def text_in(self, language: str) -> "WorkplanEntryText | None":
        """The text in the language, else the original. Reads prefetched texts."""
        return best_text(self.texts.all(), language)


@tracked_links
class WorkplanEntryArea(WorkplanEntry.areas.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class WorkplanEntryText(LanguageVersion):
    """An entry in one language: its name, where it has one, and its words."""

    entry = models.ForeignKey(WorkplanEntry, models.CASCADE, related_name="texts")
    name = models.CharField(_("name"), max_length=300, blank=True)
    words = models.TextField(_("words"), blank=True)

    class Meta(LanguageVersion.Meta):
        verbose_name = _("text of an entry")
        verbose_name_plural = _("texts of entries")
        ordering = ["entry", "pk"]
        constraints = [
            *one_text_in_a_language("entry"),
            models.CheckConstraint(
                condition=~Q(name="", words=""),
                name="entry_says_something",
                violation_error_message=_("An entry needs a name or words."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.words[:100]
