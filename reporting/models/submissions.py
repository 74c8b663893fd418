"""Submissions: an ordered list of sections, each an ordered list of items."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.models import Entity, Initiative, Passage
from initiatives.models.search import indexing
from portal.common.history import count_revision, tracked, tracked_links
from portal.common.languages import Language
from portal.common.richtext import RichTextField
from reporting.choices import FIGURES, HeadingSource, IssueKind, ItemKind, SubmissionState, TableRows, TextSource
from reporting.models.calls import Call
from reporting.models.layouts import Layout, Outline
from reporting.querysets import ItemQuerySet, SubmissionQuerySet

SLUG_LENGTH = 60
MOST_YEARS = 12  # in one table or chart, or
MOST_COLUMNS = 6  # where each of them is a column


@tracked
class Submission(models.Model):
    """What one entity, or several together, send in answer to a call.

    A late change of a sealed one is a new submission, based on it: a corrigendum or a revision.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="submissions")
    slug = models.CharField(
        _("address"),
        max_length=SLUG_LENGTH,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$")],
        help_text=_("the codes of the entities: UNIDO, UNCTAD-ITC; of a later issue: UNIDO-Rev1"),
    )
    entities = models.ManyToManyField(Entity, related_name="submissions", verbose_name=_("entities"))
    layout = models.ForeignKey(Layout, models.PROTECT, related_name="submissions")
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    state = models.CharField(_("state"), max_length=20, choices=SubmissionState, default=SubmissionState.DRAFTING)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later_issues")
    issue_kind = models.CharField(_("issue"), max_length=12, choices=IssueKind, default=IssueKind.ORIGINAL)
    issue_number = models.PositiveSmallIntegerField(_("number of the issue"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = models.Manager.from_queryset(SubmissionQuerySet)()

    class Meta:
        triggers = [indexing("index_submissions", "id")]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["call", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["call", "slug"], name="call_has_a_submission_once"),
            models.CheckConstraint(
                condition=Q(issue_kind=IssueKind.ORIGINAL, based_on=None, issue_number=0)
                | Q(~Q(issue_kind=IssueKind.ORIGINAL), based_on__isnull=False, issue_number__gte=1),
                name="later_issue_is_numbered_and_based_on_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.PUBLISHED) | Q(published_at__isnull=False),
                name="published_submission_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}, {self.call}"

    def get_absolute_url(self) -> str:
        return reverse("submission_detail", args=[self.call.slug, self.slug])

    @property
    def mark(self) -> str:
        """The mark of a later issue, as the United Nations print it: `Corr.1`, `Rev.2`; empty for the original."""
        abbreviation = IssueKind(self.issue_kind).abbreviation
        return f"{abbreviation}.{self.issue_number}" if abbreviation else ""


@tracked_links
class SubmissionEntity(Submission.entities.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Section(Outline):
    """A section of a submission, begun from its layout and free to change afterwards."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="sections")
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        triggers = [count_revision, indexing("index_sections", "id")]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["submission", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "order"],
                name="submission_has_one_section_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]


@tracked
class Item(models.Model):
    """One piece of a section: a passage, an initiative or a heading, and which text of it is printed.

    Or a table or chart of indicators, which prints what their results come to. An indicator is named by its code, which
    stands for one definition for good, so the history of the row alone tells what was printed.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="items")
    order = models.PositiveIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind)
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, blank=True, related_name="items")
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, blank=True, related_name="items")
    heading_source = models.CharField(_("heading"), max_length=10, choices=HeadingSource, default=HeadingSource.NONE)
    heading = models.CharField(_("other words for the heading"), max_length=400, blank=True)
    level = models.PositiveSmallIntegerField(
        _("level of the heading"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    is_numbered = models.BooleanField(_("numbered"), default=False)
    text_source = models.CharField(_("text"), max_length=12, choices=TextSource, default=TextSource.DESCRIPTION)
    wording = RichTextField(_("wording of its own"), blank=True)
    indicators = ArrayField(
        models.CharField(max_length=30), verbose_name=_("codes of indicators"), default=list, blank=True
    )
    rows = models.CharField(_("rows"), max_length=10, choices=TableRows, default=TableRows.INDICATORS)
    first_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    objects = models.Manager.from_queryset(ItemQuerySet)()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["section", "order"]
        triggers = [count_revision, indexing("index_items", "id")]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "order"],
                name="section_has_one_item_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["section", "initiative"],
                condition=Q(initiative__isnull=False),
                name="section_has_an_initiative_once",
                violation_error_message=_("This initiative stands in the section already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=ItemKind.PASSAGE, passage__isnull=False, initiative=None)
                | Q(kind=ItemKind.INITIATIVE, passage=None, initiative__isnull=False)
                | Q(kind__in=[ItemKind.HEADING, *FIGURES], passage=None, initiative=None),
                name="item_holds_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(kind=ItemKind.TABLE, indicators__len__gte=1)
                | Q(kind=ItemKind.CHART, indicators__len=1)
                | Q(~Q(kind__in=FIGURES), indicators=[]),
                name="table_or_chart_names_its_indicators",
                violation_error_message=_("Choose the indicators: for a chart, one."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FIGURES, first_year__isnull=False, last_year__isnull=False)
                | Q(~Q(kind__in=FIGURES), first_year=None, last_year=None),
                name="table_or_chart_says_for_which_years",
                violation_error_message=_("Say for which years."),
            ),
            models.CheckConstraint(
                condition=Q(first_year=None)
                | Q(last_year__gte=F("first_year"), last_year__lt=F("first_year") + MOST_COLUMNS)
                | Q(
                    ~Q(kind=ItemKind.TABLE, rows=TableRows.INDICATORS),
                    last_year__gte=F("first_year"),
                    last_year__lt=F("first_year") + MOST_YEARS,
                ),
                name="table_or_chart_has_few_years",
                violation_error_message=_(
                    "Choose up to twelve years, six where they are columns, the first one first."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(heading_source=HeadingSource.OTHER) | ~Q(heading=""),
                name="item_with_other_words_has_them",
                violation_error_message=_("Write the words of the heading."),
            ),
            models.CheckConstraint(
                condition=~Q(text_source=TextSource.WORDING) | ~Q(wording=""),
                name="item_with_a_wording_has_it",
                violation_error_message=_("Write the wording."),
            ),
            models.CheckConstraint(
                condition=~Q(heading_source=HeadingSource.OWN) | Q(initiative__isnull=False),
                name="only_an_initiative_has_a_title_of_its_own",
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="item_heading_is_one_to_three_levels_deep"),
        ]

    def __str__(self) -> str:
        return self.heading or ", ".join(self.indicators) or str(self.initiative or self.passage)
