"""What a draft shows of the comments beside its fields."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from initiatives.models import Comment, Draft
from portal.common import richtext
from portal.common.forms import RichTextFormField
from portal.common.merging import blocks


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, and where in the field its words stand today."""

    comment: Comment
    answers: Sequence[Comment] = ()
    paragraph: int | None = None  # counted from 1; None where it speaks of the whole field
    is_lost: bool = False  # the words it quotes do not stand there any more


@dataclass(frozen=True)
class Beside:
    """The comments beside one field, or with an empty name those on the draft as a whole."""

    name: str
    label: str
    paragraphs: Sequence[str] = ()  # which one can speak of
    takes_quote: bool = False
    threads: Sequence[Thread] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Part of ids on the page."""
        return self.name or "draft"

    @property
    def unresolved(self) -> int:
        return sum(not thread.comment.resolved_at for thread in self.threads)


def comments_beside(draft: Draft, form: forms.Form) -> dict[str, Beside]:
    """Return the comments beside each field of the form by its name, those on the whole draft by an empty one.

    Threads on fields that the form has no more stand with those on the whole draft.
    """
    comments = draft.comments.select_related("author", "resolved_by").order_by("written_at", "pk")
    by_field: dict[str, list[Comment]] = defaultdict(list)
    answers: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.answers_id:
            answers[comment.answers_id].append(comment)
        else:
            by_field[comment.field if comment.field in form.fields else ""].append(comment)
    labels: Mapping[str, str] = {"": _("The draft as a whole")} | {
        name: str(one.label) for name, one in form.fields.items()
    }
    found = {}
    for name, label in labels.items():
        paragraphs = paragraphs_of(draft, name, form.fields[name]) if name else []
        threads = [_thread(comment, answers[comment.pk], paragraphs) for comment in by_field[name]]
        is_text = bool(name) and isinstance(form.fields[name], RichTextFormField)
        found[name] = Beside(name, label, paragraphs if is_text else [], bool(paragraphs), threads)
    return found


def _thread(comment: Comment, answers: Sequence[Comment], paragraphs: Sequence[str]) -> Thread:
    if not comment.quote:
        return Thread(comment, answers)
    number = next((number for number, words in enumerate(paragraphs, 1) if comment.quote in words), None)
    return Thread(comment, answers, number if len(paragraphs) > 1 else None, is_lost=number is None)


def paragraphs_of(draft: Draft, name: str, form_field: forms.Field) -> list[str]:
    """Return the words of a field of a draft, paragraph by paragraph; none where it holds choices or rows."""
    value = draft.content.get(name) or ""
    if isinstance(form_field, RichTextFormField):
        words = [richtext.to_plain(block) for block in blocks(str(value))]
    elif isinstance(value, str) and not isinstance(form_field, forms.ChoiceField):
        words = [" ".join(value.split())]
    else:
        words = []
    return [one for one in words if one]


def stands_in(quote: str, paragraphs: Iterable[str]) -> bool:
    return any(quote in words for words in paragraphs)
