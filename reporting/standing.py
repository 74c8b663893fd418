"""Where a submission stands on its way from draft to published, as pages show it: who said what, and what is next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Role
from initiatives.models import Entity
from portal.common.history import events
from portal.models import User
from reporting.choices import CompilationState, IssueKind, Outcome, SubmissionState
from reporting.compilation.rebuild import RebuildReport
from reporting.later_issues import Notice, notices_of_seal
from reporting.models import Clearance, Compilation, Seal, Submission, Withdrawal
from reporting.permissions import (
    clearing_entities,
    colleagues_of,
    is_inside,
    may_clear,
    may_compile,
    may_confirm_withdrawal,
    may_propose_withdrawal,
    may_publish,
    may_seal,
    receives,
)
from reporting.queries import ShownFile, shown_compilations
from reporting.querysets import ENDED, FINAL
from reporting.services.seals import (
    AlreadySealed,
    ClearedTextHasChanged,
    NotCleared,
    NotInReview,
    TextHasChanged,
    is_droppable,
    text_of_today,
    why_no_later_issue,
    why_not_clearable,
)
from reporting.verification.integrity import last_integrity_problems

_STEPS = {
    SubmissionState.DRAFTING: _("Draft"),
    SubmissionState.IN_REVIEW: _("Review"),
    SubmissionState.CLEARED: _("Cleared"),
    SubmissionState.SEALED: _("Sealed"),
    SubmissionState.SENT: _("Sent"),
    SubmissionState.PUBLISHED: _("Published"),
}
_DRAFTS = {SubmissionState.ASKED, SubmissionState.DRAFTING, SubmissionState.RETURNED}


@dataclass(frozen=True)
class Step:
    """One step on the way, as `components/steps.html` shows it."""

    label: Promise | str
    state: str  # done, now, ahead


@dataclass(frozen=True)
class Said:
    """Who said something, and when: the name is seen inside the entity that said it, role and entity by everybody."""

    entity: str  # acronym; empty where the role alone is known
    role: str
    name: str  # empty for a reader from elsewhere
    at: dt.datetime
    compilation: Compilation | None = None


@dataclass(frozen=True)
class Standing:
    """Where a submission stands for one reader."""

    steps: list[Step]
    next: Promise | str  # what is to be done now; empty for a reader from outside
    text_changed: bool  # since somebody cleared it; the clearance ends within seconds
    cleared: list[Said]
    waiting_for: list[str]  # entities that have not cleared yet
    cleared_compilation: Compilation | None
    returned_because: str
    dropped_because: str
    notices: list[Notice]
    seal: Seal | None
    may_ask_for_review: bool
    may_return: bool
    may_seal: bool
    may_publish: bool
    may_drop: bool  # a later issue that is not sealed


def standing_of(submission: Submission, user: User | AnonymousUser, *, text: str) -> Standing:
    """Return where the submission stands; `text` is the fingerprint of what its records say now."""
    inside = is_inside(user, submission)
    seal = Seal.objects.filter(submission=submission).first()
    clearances = standing_clearances(submission) if inside else []
    changed = submission.state not in FINAL and any(each.fingerprint != text for each in clearances)
    state = SubmissionState(submission.state)
    if changed and state == SubmissionState.CLEARED:
        state = SubmissionState.IN_REVIEW
    said_yes = {clearance.entity_id for clearance in clearances}
    waiting_for = [entity.acronym for entity in submission.entities.all() if entity.pk not in said_yes]
    clears, seals = may_clear(user, submission), may_seal(user, submission)
    publishes = state == SubmissionState.SENT and may_publish(user, submission)
    composes = may_compile(user, submission)
    next = _next(state, submission, clears=clears, seals=seals, publishes=publishes, waiting_for=waiting_for)
    if seal and Withdrawal.objects.filter(seal=seal, confirmed_at=None).exists() and inside:
        next = _("A withdrawal is proposed. Another person confirms or drops it on the page of the seal.")
    return Standing(
        steps=_steps(state, seal) if inside or receives(user, submission) else [],
        next=next if inside or publishes else "",
        text_changed=changed,
        cleared=shown_clearances(clearances, user),
        waiting_for=waiting_for,
        cleared_compilation=max((each.compilation for each in clearances), key=lambda one: one.number, default=None),
        returned_because=_reason_of(submission, SubmissionState.RETURNED, "return_reason") if inside else "",
        dropped_because=_reason_of(submission, SubmissionState.DECLINED, "drop_reason") if inside else "",
        notices=notices_of(submission, user),
        seal=seal,
        may_ask_for_review=composes and state in _DRAFTS,
        may_return=clears and state in {SubmissionState.IN_REVIEW, SubmissionState.CLEARED},
        may_seal=seals and state == SubmissionState.CLEARED,
        may_publish=publishes,
        may_drop=composes and is_droppable(submission),
    )


def standing_clearances(submission: Submission) -> list[Clearance]:
    """Return the clearances that nothing has ended, in the order in which they were given."""
    clearances = submission.clearances.filter(ended_at=None).order_by("cleared_at", "pk")
    related = clearances.select_related("entity", "cleared_by", "compilation__submission__call")
    return list(related.defer("compilation__snapshot"))


def shown_clearances(clearances: Sequence[Clearance], user: User | AnonymousUser) -> list[Said]:
    """Return who cleared, with the names that the reader may read."""
    served = set(Entity.objects.written_by(user).values_list("pk", flat=True)) if clearances else set()
    return [
        Said(
            entity=clearance.entity.acronym,
            role=str(Role(clearance.role).label),
            name=str(clearance.cleared_by) if clearance.entity_id in served else "",
            at=clearance.cleared_at,
            compilation=clearance.compilation,
        )
        for clearance in clearances
    ]


def _steps(state: SubmissionState, seal: Seal | None) -> list[Step]:
    """Return the way, with the step that was reached; nothing for what ended otherwise."""
    if state in ENDED:
        return []
    if state in _DRAFTS:
        state = SubmissionState.DRAFTING
    if state in {SubmissionState.SUPERSEDED, SubmissionState.WITHDRAWN}:
        state = SubmissionState.SEALED
        if seal and seal.submission.published_at:
            state = SubmissionState.PUBLISHED
        elif seal and seal.deliveries.exists():
            state = SubmissionState.SENT
    reached = list(_STEPS).index(state)
    # what is published has no step left to take
    ended = state == SubmissionState.PUBLISHED
    return [
        Step(label, "done" if at < reached or ended else "now" if at == reached else "ahead")
        for at, label in enumerate(_STEPS.values())
    ]


def _next(
    state: SubmissionState,
    submission: Submission,
    *,
    clears: bool,
    seals: bool,
    publishes: bool,
    waiting_for: Sequence[str],
) -> Promise | str:
    """Return what is to be done now, in the words for this reader's role."""
    if state in _DRAFTS:
        if clears or seals:
            return _("Compile the text and read it. When it is ready, ask for review.")
        return _("Focal point and secretariat compile the text, then ask for review.")
    if state == SubmissionState.IN_REVIEW:
        if not clears:
            return _now("The focal point clears the text or returns it: %(entities)s.") % {
                "entities": ", ".join(waiting_for)
            }
        return _("Open a compilation in all formats, read its files, then clear it there; or return it with a reason.")
    if state == SubmissionState.CLEARED:
        return _("Seal the cleared text.") if seals else _("The secretariat of the entity seals the cleared text.")
    if state == SubmissionState.SEALED:
        if seals:
            return _("Send the files, then record to whom and how.")
        return _("The secretariat of the entity sends the files.")
    if state == SubmissionState.SENT:
        return _("Publish it.") if publishes else _("Whoever made the call publishes it.")
    return ""


def _reason_of(submission: Submission, state: SubmissionState, name: str) -> str:
    """Return the reason that the history keeps of the last move into the state; empty where it is not in it."""
    if submission.state != state:
        return ""
    moves = events(Submission, pgh_obj=submission, state=state, pgh_context__metadata__has_key=name)
    return moves.values_list(f"pgh_context__metadata__{name}", flat=True).last() or ""


# Notices


def notices_of(submission: Submission, user: User | AnonymousUser) -> list[Notice]:
    """Return what every reader has to know: withdrawn, superseded, corrected, or itself a later issue."""
    seal = Seal.objects.filter(submission=submission).select_related("submission", "withdrawal").first()
    notices = notices_of_seal(seal, user) if seal else []
    if seal and is_inside(user, submission):
        begun = submission.later_issues.under_way()
        for issue in begun.select_related("call__session").order_by("pk"):
            title = _now("%(mark)s is being prepared") % {"mark": issue.mark}
            notices.append(_linked("info", title, _now("It is not sealed yet."), issue, user))
    if submission.based_on:
        sentence = {
            IssueKind.CORRIGENDUM: _now("It corrects a submission that was sealed before."),
            IssueKind.REVISION: _now("It replaces a submission that was sealed before."),
        }[IssueKind(submission.issue_kind)]
        title = _now("This is %(mark)s") % {"mark": submission.mark}
        notices.append(_linked("info", title, sentence, submission.based_on, user))
    return notices


def _linked(level: str, title: str, text: str, about: Submission, user: User | AnonymousUser) -> Notice:
    if not Submission.objects.visible_to(user).filter(pk=about.pk).exists():
        return Notice(level, title, text)
    return Notice(level, title, text, about.get_absolute_url(), f"{about.slug}, {about.call}")


# Clearing one compilation


@dataclass(frozen=True)
class Clearing:
    """What the page of a compilation tells of its clearance, to readers inside its entities."""

    given: list[Said]
    ended: list[Clearance]
    offered_for: list[Entity]  # entities for which the reader may clear it now
    why_not: str  # what keeps a focal point from clearing it


def clearing_of(compilation: Compilation, user: User | AnonymousUser) -> Clearing | None:
    """Return who cleared a compilation, and whether the reader may; None for readers from outside."""
    submission = compilation.submission
    if compilation.state != CompilationState.DONE or not is_inside(user, submission):
        return None
    clearances = list(compilation.clearances.select_related("entity", "cleared_by").order_by("cleared_at", "pk"))
    given = [clearance for clearance in clearances if clearance.ended_at is None]
    said_yes = {clearance.entity_id for clearance in given}
    entities = [entity for entity in clearing_entities(user, submission) if entity.pk not in said_yes]
    why_not = _why_not_cleared(compilation) if entities and submission.state not in FINAL else ""
    return Clearing(
        given=shown_clearances(given, user),
        ended=[clearance for clearance in clearances if clearance.ended_at],
        offered_for=entities if submission.state not in FINAL and not why_not else [],
        why_not=why_not,
    )


def _why_not_cleared(compilation: Compilation) -> str:
    submission = compilation.submission
    if sentence := why_not_clearable(compilation):
        return str(sentence)
    if submission.state not in {SubmissionState.IN_REVIEW, SubmissionState.CLEARED}:
        return str(NotInReview())
    return "" if text_of_today(submission) == compilation.fingerprint else str(TextHasChanged())


# Sealing


@dataclass(frozen=True)
class Sealing:
    """What would be sealed, as the page shows it that asks once more."""

    compilation: Compilation | None
    files: list[ShownFile]
    cleared: list[Said]
    why_not: str
    revises: Submission | None  # what a revision supersedes, with the seal or once it has come as far


def sealing_of(submission: Submission, user: User | AnonymousUser, *, text: str, now: dt.datetime) -> Sealing:
    """Return what a click would seal; `text` is the fingerprint of what the records say now."""
    standing = standing_of(submission, user, text=text)
    compilation = standing.cleared_compilation
    if submission.state in FINAL:
        why_not = str(AlreadySealed())
    elif standing.text_changed:
        why_not = str(ClearedTextHasChanged())
    else:
        why_not = "" if submission.state == SubmissionState.CLEARED and compilation else str(NotCleared())
    files = shown_compilations([compilation], now)[0].files if compilation and not why_not else []
    revises = submission.based_on if submission.issue_kind == IssueKind.REVISION else None
    return Sealing(compilation, files, standing.cleared, why_not, revises)


@dataclass(frozen=True)
class ShownRebuild:
    """A rebuild of sealed files, and what came out."""

    compilation: Compilation
    level: str  # how its sentence looks: good, attention, bad, info
    sentence: str
    files: list[tuple[str, str]]  # name, and what is to be said of it
    tools: list[str]  # that are of another version than at the time of sealing


@dataclass(frozen=True)
class ShownDelivery:
    """One sending, for those inside the entities and for those to whom it was sent."""

    to_whom: str
    channel: str
    sent_on: dt.date
    note: str  # empty for a reader from outside the entities
    name: str  # of who recorded it; empty for a reader from another entity


@dataclass(frozen=True)
class Proposal:
    """A withdrawal that waits for another person."""

    id: int
    reason: str
    said: Said
    is_own: bool  # the reader proposed it, and can only drop it


@dataclass(frozen=True)
class ShownSeal:
    """All that the page of a seal shows to one reader."""

    notices: list[Notice]
    problems: list[str]  # what is stored is not what was sealed
    sealed: Said
    cleared: list[Said]
    files: list[ShownFile]
    versions: list[tuple[str, str]]
    deliveries: list[ShownDelivery]
    proposal: Proposal | None  # for those who may decide on it
    rebuilds: list[ShownRebuild]
    may_deliver: bool
    may_publish: bool
    may_propose_withdrawal: bool
    may_take_dossier: bool
    later_issues: list[IssueKind]  # that the reader may open


def shown_seal(seal: Seal, user: User | AnonymousUser, now: dt.datetime) -> ShownSeal:
    """Return what the page of a seal shows; the stored files are read and hashed for it."""
    submission = seal.submission
    composes = may_compile(user, submission)
    withdrawal = Withdrawal.objects.filter(seal=seal).select_related("proposed_by").first()
    proposed = withdrawal and not withdrawal.is_confirmed and may_confirm_withdrawal(user, submission)
    cleared = [each for each in standing_clearances(submission) if each.fingerprint == seal.fingerprint]
    serves = Entity.objects.written_by(user).filter(pk=seal.entity_id).exists()
    return ShownSeal(
        notices=notices_of(submission, user),
        problems=last_integrity_problems(seal),
        sealed=Said(
            entity=seal.entity.acronym,
            role=str(Role(seal.role).label),
            name=str(seal.sealed_by) if serves else "",
            at=seal.sealed_at,
        ),
        cleared=shown_clearances(cleared, user),
        files=shown_compilations([seal.compilation], now)[0].files,
        versions=sorted(seal.receipt.get("renderers", {}).items()),
        deliveries=_deliveries(seal, user),
        proposal=_proposal(withdrawal, user) if withdrawal and proposed else None,
        rebuilds=[shown_rebuild(one) for one in _last_rebuilds(seal)] if composes else [],
        may_deliver=submission.state != SubmissionState.WITHDRAWN and may_seal(user, submission),
        may_publish=submission.state == SubmissionState.SENT and may_publish(user, submission),
        may_propose_withdrawal=withdrawal is None and may_propose_withdrawal(user, submission),
        may_take_dossier=composes,
        later_issues=_later_issues(submission) if composes else [],
    )


def _deliveries(seal: Seal, user: User | AnonymousUser) -> list[ShownDelivery]:
    inside = is_inside(user, seal.submission)
    if not inside and not receives(user, seal.submission):
        return []
    deliveries = seal.deliveries.annotate(is_named=Q(recorded_by__in=colleagues_of(user)))
    return [
        ShownDelivery(
            to_whom=delivery.to_whom,
            channel=delivery.get_channel_display(),
            sent_on=delivery.sent_on,
            note=delivery.note if inside else "",
            name=str(delivery.recorded_by) if inside and delivery.is_named else "",
        )
        for delivery in deliveries.select_related("recorded_by")
    ]


def _proposal(withdrawal: Withdrawal, user: User | AnonymousUser) -> Proposal:
    role = Role(withdrawal.proposed_role)
    is_named = role != Role.COMMISSION and colleagues_of(user).filter(user=withdrawal.proposed_by).exists()
    said = Said("", str(role.label), str(withdrawal.proposed_by) if is_named else "", withdrawal.proposed_at)
    return Proposal(withdrawal.pk, withdrawal.reason, said, is_own=withdrawal.proposed_by_id == user.pk)


def _later_issues(submission: Submission) -> list[IssueKind]:
    kinds = (IssueKind.CORRIGENDUM, IssueKind.REVISION)
    return [kind for kind in kinds if not why_no_later_issue(submission, kind)]


def _last_rebuilds(seal: Seal) -> list[Compilation]:
    rebuilds = seal.rebuilds.select_related("submission__call").defer("snapshot")
    return list(rebuilds.order_by("-number")[:3])


def shown_rebuild(compilation: Compilation) -> ShownRebuild:
    """Return what came out of a rebuild, in words."""
    if compilation.state == CompilationState.FAILED:
        return ShownRebuild(compilation, "bad", compilation.get_failure_display(), [], [])
    if not compilation.report:
        return ShownRebuild(compilation, "info", _now("The files are being made again."), [], [])
    report: RebuildReport = compilation.report
    outcomes = {file["outcome"] for file in report["files"]}
    if outcomes <= {Outcome.SAME_BYTES}:
        level, sentence = "good", _now("Every file came out again with the sealed bytes.")
    elif Outcome.OTHER_TEXT in outcomes:
        level, sentence = "bad", _now("A file came out with another text than the sealed one. Tell an administrator.")
    elif Outcome.NOT_COMPARED in outcomes:
        level, sentence = "attention", _now("Not every file could be compared with the sealed one.")
    else:
        level, sentence = "good", _now("Every file came out with the sealed text; other renderers gave other bytes.")
    return ShownRebuild(
        compilation,
        level,
        sentence,
        files=[(file["name"], str(Outcome(file["outcome"]).label)) for file in report["files"]],
        tools=[
            _now("%(name)s: sealed with %(sealed)s, now %(now)s")
            % {"name": tool["name"], "sealed": tool["sealed"] or "–", "now": tool["now"] or "–"}
            for tool in report["changed_tools"]
        ],
    )
