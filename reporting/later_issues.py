"""What came after a seal: its withdrawal, and the issues that corrected or replaced it, as one reader is told of them.

Pages of submissions and seals, and the verification of files, all say it in the words of this module.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.models import User
from reporting.choices import IssueKind
from reporting.models import Delivery, Seal, Submission, Withdrawal

Reader = User | AnonymousUser | None  # None: somebody at the console of the server, who may read everything


@dataclass(frozen=True)
class Notice:
    """Something that a reader has to know of a submission or its seal, as `components/alert.html` shows it."""

    level: str
    title: str
    text: str
    url: str = ""  # of what it speaks of, where the reader may see that
    link: str = ""
    is_grave: bool = False  # the seal no longer counts as it is


@dataclass(frozen=True)
class LaterIssue:
    """A sealed submission that goes back to the one asked about, at once or through others."""

    seal: Seal
    earlier: Seal  # that it was begun from
    is_withdrawn: bool
    replaces: bool  # the one asked about: a revision that has come as far on its way
    is_seen: bool  # by the reader


def later_issues(seal: Seal, reader: Reader) -> list[LaterIssue]:
    """Return all issues that go back to a seal, by number: also those that were begun from a withdrawn one."""
    earlier = {seal.submission_id: seal}
    found: list[Seal] = []
    bases = [seal.submission_id]
    while bases:
        found_now = list(_with_later_facts().filter(submission__based_on__in=bases))
        bases = [each.submission_id for each in found_now]
        earlier |= {each.submission_id: each for each in found_now}
        found += found_now
    if not found:
        return []
    seen = set(_seen(reader).filter(pk__in=[each.submission_id for each in found]).values_list("pk", flat=True))
    reached = _reached(_with_later_facts().get(pk=seal.pk))
    return [
        LaterIssue(
            seal=each,
            earlier=earlier[each.submission.based_on_id or 0],
            is_withdrawn=withdrawn_at(each) is not None,
            replaces=(
                each.submission.issue_kind == IssueKind.REVISION
                and withdrawn_at(each) is None
                and _reached(each) >= reached
            ),
            is_seen=each.submission_id in seen,
        )
        for each in sorted(found, key=lambda each: each.number)
    ]


def _with_later_facts() -> QuerySet[Seal]:
    seals = Seal.objects.select_related("submission__call__session", "withdrawal").defer("receipt")
    return seals.annotate(was_sent=Exists(Delivery.objects.filter(seal=OuterRef("pk"))))


def _seen(reader: Reader) -> QuerySet[Submission]:
    return Submission.objects.all() if reader is None else Submission.objects.visible_to(reader)


def _reached(seal: Seal) -> int:
    """Return how far a submission came: sealed, sent, or published."""
    return 2 if seal.submission.published_at else int(seal.was_sent)  # type: ignore[attr-defined]  # annotated


def withdrawn_at(seal: Seal) -> dt.datetime | None:
    """Return when a seal was withdrawn, None where it was not: a proposal changes nothing."""
    withdrawal: Withdrawal | None = getattr(seal, "withdrawal", None)
    return withdrawal.confirmed_at if withdrawal else None


# In words


def notices_of_seal(seal: Seal, reader: Reader) -> list[Notice]:
    """Return that a seal was withdrawn, and each later issue that the reader may see.

    Of one that the reader may not see it is said only that it is there, where nothing else tells that it replaces.
    """
    notices = []
    if moment := withdrawn_at(seal):
        title = _("Withdrawn on %(date)s") % {"date": _day(moment)}
        notices.append(Notice("bad", title, seal.withdrawal.reason, is_grave=True))
    issues = later_issues(seal, reader)
    notices += [_notice(issue, seal) for issue in issues if issue.is_seen]
    replacing = [issue for issue in issues if issue.replaces]
    if replacing and not any(issue.is_seen for issue in replacing):
        sentence = _("A later issue, which is not public, replaces %(seal)s.") % {"seal": seal}
        notices.append(Notice("attention", _("Superseded"), sentence, is_grave=True))
    return notices


def _notice(issue: LaterIssue, seal: Seal) -> Notice:
    submission = issue.seal.submission
    facts = {"mark": submission.mark, "later": issue.seal, "day": _day(issue.seal.sealed_at), "seal": seal}
    facts["earlier"] = issue.earlier
    level = "attention"
    if issue.is_withdrawn:
        title = _("%(mark)s was withdrawn") % facts
        sentence = _("%(later)s of %(day)s has no force: what it changed does not hold.") % facts
        level = "info"
    elif issue.replaces:
        title = _("Superseded by %(mark)s") % facts
        sentence = _("%(later)s of %(day)s replaces %(seal)s. Read that one instead.") % facts
    elif submission.issue_kind == IssueKind.REVISION:
        title = _("%(mark)s is on its way") % facts
        sentence = _("%(later)s of %(day)s will replace %(seal)s as soon as it is sent or published like that.") % facts
        level = "info"
    else:
        title = _("Corrected by %(mark)s") % facts
        sentence = _("%(later)s of %(day)s corrects %(earlier)s. Read both together.") % facts
    link = f"{submission.slug}, {submission.call}"
    return Notice(level, title, sentence, submission.get_absolute_url(), link, is_grave=issue.replaces)


def _day(moment: dt.datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")
