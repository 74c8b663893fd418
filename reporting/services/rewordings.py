"""Wordings of submissions, and the records whose words they replace."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from initiatives.models import Draft, Initiative
from initiatives.services.drafts import begin_change, save_draft
from initiatives.services.notifications import notify
from portal.common.errors import PersonError
from portal.models import NotificationKind, User
from reporting.models import Item


class OtherLanguage(PersonError):
    sentence = _("The submission is written in another language than the record. Copy what you need by hand.")


class WordsUnderWay(PersonError):
    """The draft that changes the same words: what somebody wrote there is not replaced."""

    sentence = _("Somebody changes these words already. Nothing was replaced; put the wording there by hand.")

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


@transaction.atomic
def take_over(*, item: Item, user: User, now: dt.datetime) -> Draft:
    """Return a draft in which the description of the initiative reads as the submission words it.

    Raises InitiativeNotOpen, OtherLanguage, WordsUnderWay where a draft changes the description already, and
    DraftNotEditable where that draft waits for a decision. Nothing is changed then.
    """
    assert item.initiative is not None
    submission = item.section.submission
    draft = begin_change(initiative=item.initiative, user=user, now=now)
    stands = draft.content
    if stands["language"] != submission.language:
        raise OtherLanguage
    if stands["description"] == item.wording:
        return draft
    if stands["description"] != draft.began_from["description"]:
        raise WordsUnderWay(draft)
    reason = _now("As worded in “%(submission)s”.") % {"submission": submission}
    return save_draft(
        draft=draft,
        content={**stands, "description": item.wording},
        edits=draft.edits,
        user=user,
        now=now,
        why=f"{draft.why}\n{reason}".strip(),
    )


def tell_of_rewordings(*, initiatives: Iterable[int], by: User | None, now: dt.datetime) -> None:
    """Tell those who hold the initiatives that a submission says it in other words."""
    found = Initiative.objects.filter(pk__in=initiatives).select_related("holder", "deputy")
    for initiative in found.order_by("pk"):
        people = [initiative.holder, initiative.deputy]
        notify(people=people, kind=NotificationKind.REWORDED, about=initiative, by=by, now=now)
