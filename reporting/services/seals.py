"""What makes a submission final: review, clearance, the seal, and what may follow it."""

import datetime as dt
from collections.abc import Iterable

import pghistory
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from initiatives.choices import Role
from initiatives.models import Entity
from portal.common.errors import PersonError
from portal.models import User
from reporting.choices import Channel, CompilationState, FileFormat, FillingRule, IssueKind, Part, SubmissionState
from reporting.compilation.gather import NothingToCompile, gather
from reporting.compilation.snapshot import Snapshot
from reporting.compilation.snapshot import fingerprint as fingerprint_of
from reporting.models import Clearance, Compilation, Delivery, Item, Seal, Section, Submission, Withdrawal
from reporting.models.submissions import SLUG_LENGTH
from reporting.permissions import (
    clearing_entities,
    may_clear,
    may_compile,
    may_confirm_withdrawal,
    may_propose_withdrawal,
    may_publish,
    may_seal,
    sealing_entities,
)
from reporting.querysets import ENDED, FINAL
from reporting.receipts import make_receipt
from reporting.services.submissions import OUTLINE_FIELDS, SubmissionIsSealed
from reporting.verification.integrity import as_made, frozen_text

#: Why a clearance ended by itself; kept in English, shown in the language of the reader.
TEXT_CHANGED = gettext_noop("The text has changed since it was cleared.")
ANOTHER_CLEARED = gettext_noop("Another compilation was cleared instead.")


class NotYours(PersonError):
    sentence = _("Your role does not allow this for this submission.")


# Review


class NotInDraft(PersonError):
    sentence = _("This submission is not being drafted, so it cannot be put up for review.")


class NotInReview(PersonError):
    sentence = _("This submission is not in review. Ask for review first; then it can be cleared or returned.")


class ReturnNeedsReason(PersonError):
    sentence = _("Say what should change before you return the submission.")


@transaction.atomic
def ask_for_review(*, submission: Submission, user: User) -> Submission:
    """Put a draft, or one that was returned, before its focal points. Raises NotInDraft."""
    current = _locked(submission)
    if not may_compile(user, current):
        raise NotYours
    if current.state not in {SubmissionState.ASKED, SubmissionState.DRAFTING, SubmissionState.RETURNED}:
        raise SubmissionIsSealed if current.state in FINAL else NotInDraft
    return _moved(current, SubmissionState.IN_REVIEW)


@transaction.atomic
def return_submission(*, submission: Submission, reason: str, user: User, now: dt.datetime) -> Submission:
    """Send it back from review, or take clearances back, with a reason that its history keeps.

    Raises NotInReview or ReturnNeedsReason.
    """
    if not reason.strip():
        raise ReturnNeedsReason
    current = _locked(submission)
    if not may_clear(user, current):
        raise NotYours
    if current.state not in {SubmissionState.IN_REVIEW, SubmissionState.CLEARED}:
        raise SubmissionIsSealed if current.state in FINAL else NotInReview
    _end(current.clearances.filter(ended_at=None), reason.strip(), now)
    with pghistory.context(return_reason=reason.strip()):
        return _moved(current, SubmissionState.RETURNED)


# Clearance


class TextHasChanged(PersonError):
    sentence = _("The text has changed since this compilation was made. Compile again, read it, then clear that one.")


class ClearedTextHasChanged(PersonError):
    sentence = _("The text has changed since it was cleared: the submission is in review again. Nothing was sealed.")


class NotClearable(PersonError):
    """Why this compilation cannot be cleared at all."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def why_not_clearable(compilation: Compilation) -> Promise | str | None:
    """Return in a sentence what keeps a compilation from being cleared, whatever its text; None where nothing does."""
    if compilation.rebuilds_id is not None:
        return _("A rebuild shows that a sealed text is the same; it cannot be cleared.")
    if compilation.state != CompilationState.DONE:
        return _("Only a finished compilation can be cleared.")
    if compilation.language != compilation.submission.language:
        return _("Only a compilation in the language of the submission can be cleared.")
    made = {artifact.format for artifact in compilation.artifacts.all() if artifact.part == Part.WHOLE}
    if not made.issuperset(FileFormat.values):
        return _("Only a compilation in all formats can be cleared. Compile again with all of them.")
    return None


@transaction.atomic
def clear(*, compilation: Compilation, entity: Entity, user: User, now: dt.datetime) -> Clearance:
    """Say for an entity that the text of a compilation may be sealed; the last entity's word clears the submission.

    An earlier clearance by the entity ends. A second click changes nothing. Raises NotYours, NotInReview,
    NotClearable, TextHasChanged where the records say something else by now, and SubmissionIsSealed.
    """
    submission = _locked(compilation.submission)
    if not clearing_entities(user, submission).filter(pk=entity.pk).exists():
        raise NotYours
    if submission.state not in {SubmissionState.IN_REVIEW, SubmissionState.CLEARED}:
        raise SubmissionIsSealed if submission.state in FINAL else NotInReview
    if sentence := why_not_clearable(compilation):
        raise NotClearable(sentence)
    if text_of_today(submission) != compilation.fingerprint:
        raise TextHasChanged
    standing = submission.clearances.filter(ended_at=None)
    if same := standing.filter(entity=entity, compilation=compilation).first():
        return same
    _end(standing.filter(entity=entity), ANOTHER_CLEARED, now)
    clearance = Clearance.objects.create(
        submission=submission,
        compilation=compilation,
        entity=entity,
        fingerprint=compilation.fingerprint,
        cleared_by=user,
        role=Role.FOCAL_POINT,
        cleared_at=now,
    )
    cleared = is_cleared(submission, compilation.fingerprint)
    _moved(submission, SubmissionState.CLEARED if cleared else SubmissionState.IN_REVIEW)
    return clearance


def is_cleared(submission: Submission, fingerprint: str) -> bool:
    """Whether each entity of the submission has cleared the text of this fingerprint."""
    cleared = submission.clearances.filter(ended_at=None, fingerprint=fingerprint)
    return not submission.entities.exclude(pk__in=cleared.values("entity")).exists()


def text_of_today(submission: Submission) -> str:
    """Return the fingerprint of what a compilation would print now, empty where it would print nothing."""
    try:
        return fingerprint_of(gather(submission, submission.language))
    except NothingToCompile:
        return ""


@transaction.atomic
def review_if_changed(*, submission: Submission, now: dt.datetime) -> bool:
    """End the clearances of a text that its records do not give any more; back to review. Return whether any ended."""
    current = _locked(submission)
    standing = current.clearances.filter(ended_at=None)
    if current.state in FINAL or not standing.exists():
        return False
    return _end_changed(current, text_of_today(current), now)


def _end_changed(submission: Submission, today: str, now: dt.datetime) -> bool:
    changed = submission.clearances.filter(ended_at=None).exclude(fingerprint=today)
    if not _end(changed, TEXT_CHANGED, now):
        return False
    if submission.state == SubmissionState.CLEARED:
        _moved(submission, SubmissionState.IN_REVIEW)
    return True


# The seal


class NotCleared(PersonError):
    sentence = _("This text is not cleared by every entity, so it cannot be sealed.")


class AlreadySealed(PersonError):
    sentence = _("This submission was sealed already.")


class FilesNotWhole(PersonError):
    """What is wrong with the stored files."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sentence = _(
            "The file %(name)s is not the one that was made. Nothing was sealed. Compile and clear again, and tell an"
            " administrator."
        ) % {"name": name}


class StoredTextNotWhole(PersonError):
    sentence = _(
        "The stored text does not have its fingerprint any more. Nothing was sealed. Compile and clear again, and tell"
        " an administrator."
    )


def seal(*, submission: Submission, fingerprint: str, user: User, now: dt.datetime) -> Seal:
    """Make the cleared text final, once: number, receipt, and the files as they are stored.

    What a revision revises is superseded by it, unless that has been sent already. Raises NotYours, AlreadySealed,
    NotCleared, FilesNotWhole, StoredTextNotWhole, and ClearedTextHasChanged, which also sets the submission back to
    review.
    """
    try:
        return _seal(submission, fingerprint, user, now)
    except ClearedTextHasChanged:
        review_if_changed(submission=submission, now=now)
        raise


@transaction.atomic
def _seal(submission: Submission, fingerprint: str, user: User, now: dt.datetime) -> Seal:
    current = _locked(submission)
    entity = sealing_entities(user, current).first()
    if entity is None:
        raise NotYours
    if current.state in FINAL:
        raise AlreadySealed
    if current.state != SubmissionState.CLEARED or not is_cleared(current, fingerprint):
        raise NotCleared
    if text_of_today(current) != fingerprint:
        raise ClearedTextHasChanged
    given = current.clearances.filter(ended_at=None, fingerprint=fingerprint)
    clearances = list(given.select_related("entity", "compilation"))
    compilation = max((clearance.compilation for clearance in clearances), key=lambda made: made.number)
    snapshot = _checked_text(compilation, fingerprint)
    number = _next_number()
    based_on = Seal.objects.filter(submission=current.based_on_id).first() if current.based_on_id else None
    receipt = make_receipt(
        number=number,
        compilation=compilation,
        snapshot=snapshot,
        clearances=clearances,
        role=Role.SECRETARIAT,
        entity=entity,
        based_on=based_on.number if based_on else None,
        now=now,
    )
    made = Seal.objects.create(
        number=number,
        submission=current,
        compilation=compilation,
        fingerprint=fingerprint,
        sealed_by=user,
        role=Role.SECRETARIAT,
        entity=entity,
        sealed_at=now,
        receipt=receipt,
        receipt_sha256=fingerprint_of(receipt),
    )
    _supersede_earlier(_moved(current, SubmissionState.SEALED))
    return made


def _checked_text(compilation: Compilation, fingerprint: str) -> Snapshot:
    """Return the stored text. Raises where it, or a file in the store, is not what was cleared."""
    snapshot = frozen_text(compilation)
    if snapshot is None or compilation.fingerprint != fingerprint:
        raise StoredTextNotWhole
    for artifact in compilation.artifacts.all():
        if as_made(artifact) is None:
            raise FilesNotWhole(artifact.file_name)
    return snapshot


#: How far a submission has come, for those that a revision can supersede.
_REACH: list[str] = [SubmissionState.SEALED, SubmissionState.SENT, SubmissionState.PUBLISHED]


def _supersede_earlier(revision: Submission) -> None:
    """Supersede what it revises once it has come as far: sealed, sent, published.

    Readers of the earlier text are told of another one only when they can read that. It replaces all that it goes back
    to: what a corrigendum in between corrected, and what a withdrawn revision revised.
    """
    later = revision
    while revision.issue_kind == IssueKind.REVISION and later.based_on_id:
        later = _locked(Submission(pk=later.based_on_id))
        if later.state in _REACH and _REACH.index(later.state) <= _REACH.index(revision.state):
            _moved(later, SubmissionState.SUPERSEDED)


def _next_number() -> int:
    """Return the next number, without gap: others who seal wait until this transaction ends. Readers do not."""
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{Seal._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
    return (Seal.objects.aggregate(last=Max("number"))["last"] or 0) + 1


# Withdrawal


class AlreadyWithdrawn(PersonError):
    sentence = _("This submission is withdrawn already.")


class WithdrawalProposed(PersonError):
    sentence = _("A withdrawal is proposed already. Another person confirms or drops it.")


class NoWithdrawalProposed(PersonError):
    sentence = _("No withdrawal is proposed any more.")


class WithdrawalNeedsReason(PersonError):
    sentence = _("Say why it is withdrawn: everybody will read it.")


class WithdrawalNeedsAnotherPerson(PersonError):
    sentence = _("You proposed this withdrawal. Another person has to confirm it.")


@transaction.atomic
def propose_withdrawal(*, seal: Seal, reason: str, user: User, now: dt.datetime) -> Withdrawal:
    """Ask that a sealed submission be withdrawn; nothing happens until another person confirms.

    Raises NotYours, WithdrawalNeedsReason, WithdrawalProposed or AlreadyWithdrawn.
    """
    if not reason.strip():
        raise WithdrawalNeedsReason
    submission = _locked(seal.submission)
    if not may_propose_withdrawal(user, submission):
        raise NotYours
    if standing := Withdrawal.objects.filter(seal=seal).first():
        raise AlreadyWithdrawn if standing.is_confirmed else WithdrawalProposed
    return Withdrawal.objects.create(
        seal=seal,
        reason=reason.strip(),
        proposed_by=user,
        proposed_role=_role_in_withdrawal(user, submission),
        proposed_at=now,
    )


@transaction.atomic
def confirm_withdrawal(*, withdrawal: Withdrawal, user: User, now: dt.datetime) -> Withdrawal:
    """Withdraw a sealed submission that another person proposed to withdraw. Its files and its receipt stay.

    Raises NotYours, NoWithdrawalProposed, AlreadyWithdrawn or WithdrawalNeedsAnotherPerson.
    """
    submission = _locked(withdrawal.seal.submission)
    if not may_confirm_withdrawal(user, submission):
        raise NotYours
    proposed = _still_proposed(withdrawal)
    if proposed.proposed_by_id == user.pk:
        raise WithdrawalNeedsAnotherPerson
    proposed.confirmed_by, proposed.confirmed_at = user, now
    proposed.confirmed_role = _role_in_withdrawal(user, submission)
    proposed.save()
    _moved(submission, SubmissionState.WITHDRAWN)
    return proposed


@transaction.atomic
def drop_withdrawal(*, withdrawal: Withdrawal, user: User) -> None:
    """Take a proposal off that nobody confirmed; the history keeps it.

    Raises NotYours, NoWithdrawalProposed or AlreadyWithdrawn.
    """
    submission = _locked(withdrawal.seal.submission)
    if not may_confirm_withdrawal(user, submission):
        raise NotYours
    _still_proposed(withdrawal).delete()


def _still_proposed(withdrawal: Withdrawal) -> Withdrawal:
    current = Withdrawal.objects.filter(pk=withdrawal.pk).first()
    if current is None:
        raise NoWithdrawalProposed
    if current.is_confirmed:
        raise AlreadyWithdrawn
    return current


def _role_in_withdrawal(user: User, submission: Submission) -> str:
    """Return the role in which a person proposes or confirms; who has several acts in the first of these."""
    if may_seal(user, submission):
        return Role.SECRETARIAT
    return Role.FOCAL_POINT if may_clear(user, submission) else Role.COMMISSION


# Sending and publishing


class NotSent(PersonError):
    sentence = _("Only a submission that was sent can be published.")


class WrongDayOfSending(PersonError):
    sentence = _("It was sent on the day of its seal or later, and not after today.")


@transaction.atomic
def record_delivery(
    *, seal: Seal, to_whom: str, channel: Channel, sent_on: dt.date, user: User, now: dt.datetime, note: str = ""
) -> Delivery:
    """Keep to whom, how and when the files were sent; the first time makes the submission a sent one.

    A revision may supersede with it what it revises. Raises NotYours, AlreadyWithdrawn or WrongDayOfSending.
    """
    submission = _locked(seal.submission)
    if not may_seal(user, submission):
        raise NotYours
    if submission.state == SubmissionState.WITHDRAWN:
        raise AlreadyWithdrawn
    if not timezone.localdate(seal.sealed_at) <= sent_on <= timezone.localdate(now):
        raise WrongDayOfSending
    delivery = Delivery.objects.create(
        seal=seal,
        to_whom=to_whom.strip(),
        channel=channel,
        sent_on=sent_on,
        note=note.strip(),
        recorded_by=user,
        recorded_at=now,
    )
    if submission.state == SubmissionState.SEALED:
        _supersede_earlier(_moved(submission, SubmissionState.SENT))
    return delivery


@transaction.atomic
def publish(*, submission: Submission, user: User, now: dt.datetime) -> Submission:
    """Make a sent submission public, once; a revision supersedes what it revises. Raises NotYours or NotSent."""
    current = _locked(submission)
    if not may_publish(user, current):
        raise NotYours
    if current.state != SubmissionState.SENT:
        raise NotSent
    current.published_at = now
    _supersede_earlier(_moved(current, SubmissionState.PUBLISHED))
    return current


# Later issues


class NotCorrectable(PersonError):
    """Why this one cannot be corrected or revised."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotUnderWay(PersonError):
    sentence = _("Only a corrigendum or a revision that is not sealed can be dropped.")


class DropNeedsReason(PersonError):
    sentence = _("Say why it is dropped.")


def why_no_later_issue(submission: Submission, kind: IssueKind) -> Promise | str | None:
    """Return in a sentence what keeps a submission from being corrected or revised; None where nothing does."""
    if submission.state not in FINAL:
        return _("Only a sealed submission is corrected or revised. Change the draft instead.")
    if submission.state == SubmissionState.WITHDRAWN and kind == IssueKind.CORRIGENDUM:
        return _("A withdrawn submission cannot be corrected. Open a revision.")
    sealed = submission.later_issues.filter(issue_kind=IssueKind.REVISION, state__in=FINAL)
    if submission.state == SubmissionState.SUPERSEDED or sealed.exclude(state=SubmissionState.WITHDRAWN).exists():
        return _("A revision of this submission is sealed. Correct or revise that one.")
    if begun := submission.later_issues.under_way().first():
        return _("%(slug)s is open already. Finish or drop it first.") % {"slug": begun.slug}
    return None


@transaction.atomic
def open_later_issue(*, submission: Submission, kind: IssueKind, user: User) -> Submission:
    """Begin a corrigendum or a revision of a sealed submission, as a draft with its sections and items.

    Issues are numbered through all that begin from the same original: UNIDO-Rev1, UNIDO-Rev2. A corrigendum holds
    what was sealed and nothing is added to it by rule; a revision is filled as its original was. A withdrawn
    submission can be revised, not corrected. Raises NotYours, or NotCorrectable, also where one is begun already.
    """
    base = _locked(submission)
    if not may_compile(user, base):
        raise NotYours
    if sentence := why_no_later_issue(base, kind):
        raise NotCorrectable(sentence)
    beginning = f"{_locked(_first_issue(base)).slug}-{kind.abbreviation}"
    issues = Submission.objects.filter(call=base.call, issue_kind=kind, slug__regex=f"^{beginning}[0-9]+$")
    number = (issues.aggregate(last=Max("issue_number"))["last"] or 0) + 1
    slug = f"{beginning}{number}"
    if len(slug) > SLUG_LENGTH:
        sentence = _("The address of this submission is too long for a later issue: %(slug)s. Tell an administrator.")
        raise NotCorrectable(sentence % {"slug": slug})
    made = Submission.objects.create(
        call=base.call,
        slug=slug,
        layout=base.layout,
        language=base.language,
        state=SubmissionState.DRAFTING,
        based_on=base,
        issue_kind=kind,
        issue_number=number,
    )
    made.entities.set(base.entities.all())
    for section in base.sections.prefetch_related("items"):
        facts = {name: getattr(section, name) for name in OUTLINE_FIELDS}
        if kind == IssueKind.CORRIGENDUM:
            facts["rule"] = FillingRule.BY_HAND
        _copy_items(section.items.all(), Section.objects.create(submission=made, **facts))
    return made


def is_droppable(submission: Submission) -> bool:
    """Tell whether it is a corrigendum or a revision that nobody has sealed or dropped."""
    return submission.based_on_id is not None and submission.state not in {*FINAL, *ENDED}


@transaction.atomic
def drop_later_issue(*, submission: Submission, reason: str, user: User, now: dt.datetime) -> Submission:
    """End a corrigendum or a revision that nobody sealed, so that another one can be opened; its history keeps why.

    Its number is not given again. Raises NotYours, DropNeedsReason or NotUnderWay.
    """
    if not reason.strip():
        raise DropNeedsReason
    current = _locked(submission)
    if not may_compile(user, current):
        raise NotYours
    if not is_droppable(current):
        raise NotUnderWay
    _end(current.clearances.filter(ended_at=None), reason.strip(), now)
    with pghistory.context(drop_reason=reason.strip()):
        return _moved(current, SubmissionState.DECLINED)


def _copy_items(items: Iterable[Item], section: Section) -> None:
    kept = {"id", "section", "revision"}
    names = [field.attname for field in Item._meta.concrete_fields if field.name not in kept]
    Item.objects.bulk_create(Item(section=section, **{name: getattr(item, name) for name in names}) for item in items)


def _first_issue(submission: Submission) -> Submission:
    while submission.based_on is not None:
        submission = submission.based_on
    return submission


# Shared


def _locked(submission: Submission) -> Submission:
    """Return the row as it is now; whoever else changes this submission waits until this transaction ends."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("call__session", "layout")
        .get(pk=submission.pk)
    )


def _moved(submission: Submission, state: SubmissionState) -> Submission:
    submission.state = state
    submission.save()
    return submission


def _end(clearances: QuerySet[Clearance], reason: str, now: dt.datetime) -> int:
    return clearances.update(ended_at=now, end_reason=reason)
