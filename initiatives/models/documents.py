"""Documents: as bibliographic records, word for word where they were read in, what they mention, what texts cite."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DocumentKind, MentionKind, PartKind
from initiatives.models.base import Dated
from initiatives.models.entities import Entity, Organisation
from initiatives.models.geography import Country
from initiatives.models.initiatives import Initiative
from initiatives.models.passages import Passage
from initiatives.models.search import indexing
from initiatives.models.taxonomy import ActionLine
from initiatives.querysets import DocumentQuerySet, MentionQuerySet, PartQuerySet
from portal.common import dates
from portal.common.history import count_revision_except, tracked
from portal.common.languages import Language
from portal.common.richtext import RichTextField


class Session(models.Model):
    """A session of a body: the Commission on Science and Technology for Development, a General Conference, ..."""

    body = models.CharField(_("body"), max_length=20, help_text=_("acronym: CSTD, IDB, GC"))
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    name = models.CharField(_("name in English"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("first day after the last"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    format = models.CharField(_("format"), max_length=30, blank=True)
    reporting_year = models.PositiveSmallIntegerField(_("year reported on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["body", "number"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="body_has_a_session_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="session_ends_after_it_starts",
                violation_error_message=_("A session has to end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}"


@tracked
class Document(models.Model):
    """A submission, resolution, report, publication, news item or letter, as a bibliographic record.

    One that was read in keeps its file, and every word of it in parts.
    """

    kind = models.CharField(_("kind"), max_length=25, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=400)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="documents")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="documents")
    agenda_item = models.CharField(_("agenda item"), max_length=40, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=10, choices=dates.Precision, default=dates.Precision.DAY
    )
    reissued_on = models.DateField(_("reissued on"), null=True, blank=True)
    author = models.CharField(_("author or issuer"), max_length=200, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    file = models.FileField(_("file"), max_length=300, blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("public since"), null=True, blank=True)
    initiatives = models.ManyToManyField(Initiative, through="Mention", related_name="documents")

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        triggers = [indexing("index_documents", "id")]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-dated_on", "title"]
        constraints = [
            # one that was read in may bear the title of another: two answers to one call
            models.UniqueConstraint(
                fields=["kind", "title", "language"], condition=Q(sha256=""), name="document_is_filed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document_detail", args=[self.pk])


@tracked
class DocumentSymbol(models.Model):
    """A symbol of a document. A document of two bodies has two: A/77/69 and E/2022/8."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="symbols")
    symbol = models.CharField(_("symbol"), max_length=60, unique=True)

    class Meta:
        triggers = [indexing("index_documents", "document_id")]
        verbose_name = _("symbol")
        verbose_name_plural = _("symbols")
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol


@tracked
class Part(models.Model):
    """One heading, paragraph, entry, table or note of a document that was read in; together they hold every word."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="parts")
    order = models.PositiveIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=PartKind)
    level = models.PositiveSmallIntegerField(
        _("level"), default=0, help_text=_("of a heading, from 1; of an entry its depth, from 1")
    )
    number = models.CharField(_("number as printed"), max_length=40, blank=True)
    body = RichTextField(_("text"), blank=True, help_text=_("mended, with footnotes at their places"))
    printed = models.TextField(_("words as they stand in the file"), blank=True)
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)

    objects = models.Manager.from_queryset(PartQuerySet)()

    class Meta:
        triggers = [indexing("index_parts", "id")]
        verbose_name = _("part of a document")
        verbose_name_plural = _("parts of documents")
        ordering = ["document", "order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="document_has_one_part_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.order}"


#: What a mention can be of; exactly one of them.
MENTIONED = ["initiative", "passage", "line", "country", "entity", "organisation"]


def _of_exactly_one() -> Q:
    nothing = dict.fromkeys(MENTIONED)
    dated = Q(**nothing, starts_on__isnull=False)
    named = [
        Q(**{name: None for name in MENTIONED if name != one}, **{f"{one}__isnull": False}, starts_on=None)
        for one in MENTIONED
    ]
    for condition in named:
        dated |= condition
    return dated


@tracked
class Mention(Dated):
    """Where a document speaks of an initiative, passage, action line, country, body or date; accepted by a person.

    A date is what `starts_on` and `ends_on` say. A part of a document without a mention is a leftover.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="mentions")
    part = models.ForeignKey(Part, models.CASCADE, null=True, blank=True, related_name="mentions")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="mentions")
    passage = models.ForeignKey(Passage, models.CASCADE, null=True, blank=True, related_name="mentions")
    line = models.ForeignKey(ActionLine, models.PROTECT, null=True, blank=True, related_name="mentions")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="mentions")
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="mentions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="mentions")
    kind = models.CharField(_("kind"), max_length=12, choices=MentionKind)
    locator = models.CharField(
        _("place in the document"), max_length=200, blank=True, help_text=_("for example: para. 29")
    )
    words = models.CharField(_("words"), max_length=400, blank=True, help_text=_("by which the document names it"))

    objects = models.Manager.from_queryset(MentionQuerySet)()

    class Meta(Dated.Meta):
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["document", "part__order", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["document", "part", *MENTIONED, "starts_on", "ends_on", "kind", "locator"],
                nulls_distinct=False,
                name="mention_is_filed_once",
            ),
            models.CheckConstraint(
                condition=_of_exactly_one(),
                name="mention_is_of_one_thing",
                violation_error_message=_("Choose exactly one thing that the document mentions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.locator}"


@tracked
class Reference(models.Model):
    """What footnotes cite: printed words, or author, title and year; a document or an initiative; an address.

    Any part may be missing, the address too: former documents print link words without a target.
    """

    text = models.CharField(_("words as printed"), max_length=500, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=400, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="references")
    initiative = models.ForeignKey(Initiative, models.SET_NULL, null=True, blank=True, related_name="references")
    address = models.URLField(_("address"), max_length=500, blank=True)
    last_checked_at = models.DateTimeField(_("address last checked"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        triggers = [count_revision_except("last_checked_at")]
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="", title="", document=None, address=""),
                name="reference_says_something",
                violation_error_message=_("A reference needs its words, a title, a document or an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.title or self.address
