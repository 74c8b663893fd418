"""What the page and the command show of an import before it is filed."""

import pytest

from reporting.choices import DamageKind, ProposalKind
from reporting.proposed import shown_proposals
from reporting.services.imports import proposals_of
from tests.factories import CallFactory, EntityFactory, KindFactory, SessionFactory
from tests.support.importing import SUBMISSION, read_in

pytestmark = pytest.mark.django_db

DAYS = {"starts_on": "2022-03-28", "ends_on": "2022-04-02"}


@pytest.fixture
def loom():
    KindFactory(code="project")
    return EntityFactory(code="LOOM", name_en="The Loom House")


def shown_under(session, entity):
    imported = read_in(SUBMISSION, entity, session=session)
    imported.refresh_from_db()
    return shown_proposals(imported, proposals_of(imported))


def slips(shown):
    return [(each.finding.was, each.finding.now) for each in shown.listed if each.finding.kind == DamageKind.COVER_SLIP]


class TestSlipsOfTheCover:
    def test_are_none_under_the_session_that_it_names(self, loom):
        assert slips(shown_under(SessionFactory(number=25, **DAYS), loom)) == []

    def test_are_another_session_and_other_days(self, loom):
        days = {"starts_on": "2021-05-17", "ends_on": "2021-05-22"}
        found = dict(slips(shown_under(SessionFactory(number=24, **days), loom)))
        assert found["Twenty-fifth session"] == "It is filed under session 24."
        assert "17 May 2021" in found["28 March – 1 April 2022"]
        assert "21 May 2021" in found["28 March – 1 April 2022"]

    def test_are_another_period_than_that_of_the_call_which_is_there(self, loom):
        session = SessionFactory(number=25, **DAYS)
        CallFactory(session=session, period_start="2020-01-01", period_end="2021-01-01")
        [(was, now)] = slips(shown_under(session, loom))
        assert "2021" in was
        assert was in now
        assert "31 December 2020" in now


class TestFactsOfTheCover:
    def test_have_a_tick_only_where_they_are_filed(self, loom):
        groups = [
            group
            for group in shown_under(SessionFactory(number=25, **DAYS), loom).groups
            if group.kind == ProposalKind.COVER_FACT
        ]
        assert [group.is_fixed for group in groups] == [False, True]
        assert [row.name for row in groups[0].rows] == ["cover:dates", "cover:period"]
        assert {"cover:session_name", "cover:entities", "cover:title"} < {row.name for row in groups[1].rows}

    def test_of_the_call_have_none_where_it_is_there_already(self, loom):
        session = SessionFactory(number=25, **DAYS)
        CallFactory(session=session)
        [group] = [group for group in shown_under(session, loom).groups if group.kind == ProposalKind.COVER_FACT]
        assert group.is_fixed


class TestLanguage:
    @pytest.mark.parametrize(("given", "found"), [("en", []), ("fr", [("Français", "English")])])
    def test_is_questioned_where_the_words_are_in_another(self, loom, given, found):
        imported = read_in(SUBMISSION, loom, session=SessionFactory(number=25, **DAYS))
        imported.refresh_from_db()
        imported.language = given
        shown = shown_proposals(imported, proposals_of(imported))
        told = [each.finding for each in shown.listed if each.finding.kind == DamageKind.OTHER_LANGUAGE]
        assert [(finding.was, finding.now) for finding in told] == found
