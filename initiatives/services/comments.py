"""Comments beside a draft: written, answered, resolved and reopened."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from initiatives.choices import OPEN_DRAFTS
from initiatives.drafting.commenting import paragraphs_of, stands_in
from initiatives.models import Comment, Draft
from initiatives.models.comments import LONGEST
from initiatives.services.drafts import concerned, return_draft, shown_form_of
from initiatives.services.notifications import notify
from portal.common.errors import PersonError
from portal.models import NotificationKind, User


class CommentEmpty(PersonError):
    sentence = _("Write what you want to say.")


class CommentTooLong(PersonError):
    sentence = _("This is more than 10,000 characters, the most that one comment holds. Shorten it.")


class WordsNotThere(PersonError):
    sentence = _("These words do not stand in the text. Copy them from it, or leave this empty.")


class DraftClosed(PersonError):
    sentence = _("The draft was approved or withdrawn, so nothing is added to its comments any more.")


@dataclass(frozen=True)
class Place:
    """Of what a comment speaks: a field, or with an empty name the whole draft; a paragraph of it; words in it."""

    field: str = ""
    paragraph: int | None = None  # counted from 0
    quote: str = ""


@transaction.atomic
def write_comment(*, draft: Draft, place: Place, words: str, language: str, user: User, now: dt.datetime) -> Comment:
    """Begin a thread. Raises CommentEmpty, CommentTooLong, WordsNotThere, and DraftClosed unless it is under way."""
    words = _judged(draft, words)
    return _written(
        Comment(draft=draft, field=place.field, quote=_quoted(draft, place), words=words, language=language), user, now
    )


@transaction.atomic
def return_with_comment(
    *, draft: Draft, edits: int, place: Place, words: str, language: str, user: User, now: dt.datetime
) -> Comment:
    """Begin a thread and send the draft back with the same words. Raises what `write_comment` and `return_draft` do."""
    comment = write_comment(draft=draft, place=place, words=words, language=language, user=user, now=now)
    return_draft(draft=draft, edits=edits, user=user, now=now, note=comment.words)
    return comment


@transaction.atomic
def answer_comment(*, comment: Comment, words: str, language: str, user: User, now: dt.datetime) -> Comment:
    """Add an answer to the thread of a comment. Raises CommentEmpty, CommentTooLong and DraftClosed."""
    words = _judged(comment.draft, words)
    first = comment.answers or comment
    return _written(Comment(draft=comment.draft, answers=first, words=words, language=language), user, now)


def settle_comment(*, comment: Comment, resolved: bool, user: User, now: dt.datetime) -> Comment:
    """Resolve a thread, or reopen it; one that is so already stays as it is. Raises DraftClosed."""
    if comment.draft.state not in OPEN_DRAFTS:
        raise DraftClosed
    comment = comment.answers or comment
    if bool(comment.resolved_at) != resolved:
        comment.resolved_at, comment.resolved_by = (now, user) if resolved else (None, None)
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


def _judged(draft: Draft, words: str) -> str:
    words = words.replace("\x00", "").strip()
    if not words:
        raise CommentEmpty
    if len(words) > LONGEST:
        raise CommentTooLong
    if draft.state not in OPEN_DRAFTS:
        raise DraftClosed
    return words


def _quoted(draft: Draft, place: Place) -> str:
    """Return the words that a comment speaks of, as they stand in the draft."""
    field = shown_form_of(draft).fields.get(place.field)
    paragraphs = paragraphs_of(draft, place.field, field) if field else []
    if place.paragraph is not None:
        if not 0 <= place.paragraph < len(paragraphs):
            raise WordsNotThere
        paragraphs = [paragraphs[place.paragraph]]
    quote = " ".join(place.quote.split())
    if quote and not stands_in(quote, paragraphs):
        raise WordsNotThere
    return quote or (paragraphs[0] if place.paragraph is not None else "")


def _written(comment: Comment, user: User, now: dt.datetime) -> Comment:
    comment.author, comment.written_at = user, now
    comment.save()
    people = concerned(comment.draft)
    if comment.answers:
        people += [
            comment.answers.author,
            *(reply.author for reply in comment.answers.replies.select_related("author")),
        ]
    notify(people=people, kind=NotificationKind.COMMENT, about=comment.draft, comment=comment, by=user, now=now)
    return comment
