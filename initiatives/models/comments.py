"""Comments: what people of an entity say to each other beside a draft. They are never public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.drafts import Draft
from initiatives.querysets import CommentQuerySet
from portal.common.history import tracked
from portal.common.languages import Language

LONGEST = 10_000  # characters of one comment


@tracked
class Comment(models.Model):
    """One comment: the first of a thread, beside a field or the whole draft; or an answer in a thread.

    `quote` are the words of the field that it speaks of, as they stood when it was written.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="comments")
    field = models.CharField(_("field"), max_length=60, blank=True, help_text=_("Empty for the draft as a whole."))
    quote = models.TextField(_("words it speaks of"), blank=True)
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    written_at = models.DateTimeField(_("written"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    words = models.TextField(_("comment"), max_length=LONGEST)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="comments_resolved"
    )

    objects = models.Manager.from_queryset(CommentQuerySet)()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="comment_says_something"),
            models.CheckConstraint(condition=Q(quote="") | ~Q(field=""), name="quoted_words_stand_in_a_field"),
            models.CheckConstraint(
                condition=Q(answers=None) | Q(field="", resolved_at=None), name="answer_stands_where_its_thread_does"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(resolved_by=None), name="resolved_comment_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.pk}"
