"""What search looks in: the words of every record, made ready by triggers."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.languages import Language


class SearchKind(models.TextChoices):
    """The kinds of records of `initiatives` that are searched; `reporting` adds its own."""

    INITIATIVE = "initiative", _("Initiatives")
    UPDATE = "update", _("Updates")
    PASSAGE = "passage", _("Passages")
    DOCUMENT = "document", _("Documents")
    DRAFT = "draft", _("Drafts")


def indexing(index: str, column: str) -> pgtrigger.Trigger:
    """In `Meta.triggers` of a table whose words are searched: the SQL function `index` makes the entries anew.

    `column` holds the id that the function is asked for. Only the names differ from table to table.
    """
    return pgtrigger.Trigger(
        name="index_words",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"PERFORM {index}(ARRAY[OLD.{column}, NEW.{column}]); RETURN NULL;",
    )


class SearchEntry(models.Model):
    """The words of a record in one language, or of one piece of a long record. Kept by triggers, written by nobody.

    The functions `index_<records>(ids)` of the database make entries anew; whoever loads rows past the triggers calls
    them. Titles stand apart from all words, since an index keeps no weights: what is named so is found first.
    """

    kind = models.CharField(max_length=10, help_text=_("of the record"))
    record_id = models.BigIntegerField()
    piece = models.CharField(
        max_length=15, help_text=_("the record itself, or what of it: a text, part, section, item")
    )
    piece_id = models.BigIntegerField()
    language = models.CharField(max_length=2, choices=Language)
    is_internal = models.BooleanField(default=False, help_text=_("The entity alone finds the record by these words."))
    titles = SearchVectorField(null=True, help_text=_("words of titles, numbers and symbols"))
    words = SearchVectorField(help_text=_("all words, those of titles with weight A"))
    letters = models.TextField(null=True, help_text=_("titles, folded, for those who mistype"))

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        indexes = [
            # `initiatives.search`: candidates of one kind, by all words; an index of its own for each kind, for the
            # words of one would be drowned by those of another
            *(
                GinIndex(fields=["words"], name=f"search_{kind}_words", condition=Q(kind=kind), fastupdate=False)
                for kind in SearchKind.values
            ),
            # the same by titles
            *(
                GinIndex(
                    fields=["titles"],
                    name=f"search_{kind}_titles",
                    condition=Q(kind=kind, titles__isnull=False),
                    fastupdate=False,
                )
                for kind in (SearchKind.INITIATIVE, SearchKind.DOCUMENT)
            ),
            # the same by letters of titles, for typing errors
            *(
                GinIndex(
                    OpClass("letters", "gin_trgm_ops"),
                    name=f"search_{kind}_letters",
                    condition=Q(kind=kind, letters__isnull=False),
                    fastupdate=False,
                )
                for kind in SearchKind.values
            ),
            # the triggers: the entries of a record, and of a piece
            models.Index(fields=["kind", "record_id"], name="search_by_record"),
            models.Index(fields=["piece_id", "piece"], name="search_by_piece"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} ({self.language})"
