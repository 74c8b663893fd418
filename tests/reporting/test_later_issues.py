"""What came after a seal, read through the whole chain, for one reader."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from initiatives.choices import Role
from reporting.choices import IssueKind, SubmissionState
from reporting.later_issues import later_issues, notices_of_seal
from reporting.models import Seal
from tests.factories import (
    NOON,
    CompilationFactory,
    DeliveryFactory,
    EntityFactory,
    SealFactory,
    SubmissionFactory,
    UserFactory,
    WithdrawalFactory,
)

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()


@pytest.fixture
def seal() -> Seal:
    """The original, sent and public."""
    submission = SubmissionFactory(
        entities=[EntityFactory(code="UNIDO")], slug="UNIDO", state=SubmissionState.PUBLISHED, published_at=NOON
    )
    seal: Seal = SealFactory(number=1, submission=submission)
    DeliveryFactory(seal=seal)
    return seal


def followed(seal: Seal, kind: IssueKind, number: int, *, public: bool = True) -> Seal:
    """Return the seal of an issue that was begun from this one."""
    submission = SubmissionFactory(
        call=seal.submission.call,
        entities=list(seal.submission.entities.all()),
        layout=seal.submission.layout,
        slug=f"UNIDO-{number}",
        based_on=seal.submission,
        issue_kind=kind,
        issue_number=number - 1,
        state=SubmissionState.PUBLISHED if public else SubmissionState.SEALED,
        published_at=NOON if public else None,
    )
    later: Seal = SealFactory(
        number=number,
        submission=submission,
        compilation=CompilationFactory(submission=submission, done=True, fingerprint=f"{number}" * 64),
        sealed_at=NOON + dt.timedelta(days=7),
    )
    return later


def titles(seal: Seal, reader: object = VISITOR) -> list[str]:
    return [notice.title for notice in notices_of_seal(Seal.objects.get(pk=seal.pk), reader)]


def is_grave(seal: Seal, reader: object = VISITOR) -> bool:
    return any(notice.is_grave for notice in notices_of_seal(Seal.objects.get(pk=seal.pk), reader))


class TestLaterIssues:
    def test_are_none_at_first(self, seal, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert later_issues(seal, VISITOR) == []

    def test_are_found_behind_one_that_was_withdrawn(self, seal):
        first = followed(seal, IssueKind.REVISION, 2)
        WithdrawalFactory(seal=first, confirmed=True)
        second = followed(first, IssueKind.REVISION, 3)
        assert [(each.seal, each.earlier) for each in later_issues(seal, VISITOR)] == [(first, seal), (second, first)]
        assert titles(seal) == ["Rev.1 was withdrawn", "Superseded by Rev.2"]
        assert is_grave(seal)

    def test_that_were_withdrawn_leave_the_original_as_it_is(self, seal):
        WithdrawalFactory(seal=followed(seal, IssueKind.REVISION, 2), confirmed=True)
        assert titles(seal) == ["Rev.1 was withdrawn"]
        assert not is_grave(seal)

    def test_whose_withdrawal_is_only_proposed_still_replace(self, seal):
        WithdrawalFactory(seal=followed(seal, IssueKind.REVISION, 2))
        assert titles(seal) == ["Superseded by Rev.1"]

    def test_that_correct_what_replaced_it_name_that(self, seal):
        first = followed(seal, IssueKind.REVISION, 2)
        followed(first, IssueKind.CORRIGENDUM, 3)
        *_others, notice = notices_of_seal(seal, VISITOR)
        assert notice.title == "Corrected by Corr.2"
        assert notice.text.startswith("Seal 3 of 29 November 2021 corrects Seal 2.")

    def test_replace_nothing_before_they_have_come_as_far(self, seal):
        later = followed(seal, IssueKind.REVISION, 2, public=False)
        member = UserFactory(role=Role.STAFF, entity=seal.submission.entities.get())
        assert titles(seal, member) == ["Rev.1 is on its way"]
        assert not is_grave(seal, member)
        later.submission.published_at = NOON
        later.submission.save()
        assert titles(seal, member) == ["Superseded by Rev.1"]

    def test_that_the_reader_may_not_see_are_not_told_of(self, seal):
        followed(seal, IssueKind.REVISION, 2, public=False)
        assert titles(seal) == []

    def test_that_replace_what_is_not_public_either_are_told_of_without_a_name(self, seal):
        seal.submission.published_at, seal.submission.state = None, SubmissionState.SENT
        seal.submission.save()
        DeliveryFactory(seal=followed(seal, IssueKind.REVISION, 2, public=False))
        [notice] = notices_of_seal(Seal.objects.get(pk=seal.pk), VISITOR)
        assert (notice.title, notice.url, notice.is_grave) == ("Superseded", "", True)
        assert "Rev" not in notice.text
        assert titles(seal, None) == ["Superseded by Rev.1"]
