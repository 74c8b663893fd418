"""Documents as bibliographic records, what they say about initiatives, and what texts cite."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.choices import DocumentKind, MentionKind
from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative
from portal.common import dates
from portal.common.history import count_revision_except, tracked
from portal.common.languages import Language


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
    """A submission, resolution, report, publication, news item or letter, as a bibliographic record."""

    kind = models.CharField(_("kind"), max_length=25, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=400)
    language = models.CharField(_("language of the title"), max_length=2, choices=Language)
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
    initiatives = models.ManyToManyField(Initiative, through="Mention", related_name="documents")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-dated_on", "title"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "title", "language"], name="document_is_filed_once"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked
class DocumentSymbol(models.Model):
    """A symbol of a document. A document of two bodies has two: A/77/69 and E/2022/8."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="symbols")
    symbol = models.CharField(_("symbol"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("symbol")
        verbose_name_plural = _("symbols")
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol


@tracked
class Mention(models.Model):
    """Where a document speaks of an initiative."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="mentions")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="mentions")
    kind = models.CharField(_("kind"), max_length=12, choices=MentionKind)
    locator = models.CharField(_("place in the document"), max_length=200, help_text=_("for example: para. 29"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["document", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "initiative", "kind", "locator"], name="mention_is_filed_once"),
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
