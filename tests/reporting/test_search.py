"""Which submissions a search finds, and the entries that triggers keep for it."""

import datetime as dt
from typing import Any

import pytest

from initiatives.models import SearchEntry
from reporting.choices import SubmissionState, TextSource
from reporting.models import Submission
from reporting.search import matching
from tests.factories import (
    CallFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageFactory,
    SectionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


def submissions(typed: str) -> list[Submission]:
    return list(matching(Submission.objects.order_by("pk"), typed))


class TestMatching:
    def test_finds_a_submission_by_entity_session_and_year(self) -> None:
        call = CallFactory(slug="25")
        found = SubmissionFactory(call=call, slug="UNIDO-ITC", entities=[EntityFactory(code="UNIDO")])
        SubmissionFactory(call=call, slug="ESCWA")
        assert submissions(f"unido {call.session.body} {call.session.number} 2021") == [found]
        assert submissions("ITC") == [found]

    def test_finds_headings_and_wordings_in_the_language_of_the_submission(self) -> None:
        found = SubmissionFactory(language="fr", state=SubmissionState.SEALED)
        section = SectionFactory(submission=found, name_en="Trends", name_fr="Tendances générales")
        ItemFactory(section=section, heading="Perspectives d’avenir")
        ItemFactory(section=section, text_source=TextSource.WORDING, wording="<p>Des usines intelligentes.</p>")
        assert submissions("tendance") == submissions("perspective") == submissions("usine intelligente") == [found]
        assert submissions("trends") == []

    @pytest.mark.parametrize("about", [{"passage": PassageFactory}, {"initiative": InitiativeFactory}])
    def test_finds_words_of_its_own_for_a_record_once_the_text_is_final(self, about: dict[str, Any]) -> None:
        found = SubmissionFactory(state=SubmissionState.DRAFTING)
        ItemFactory(
            section=SectionFactory(submission=found),
            text_source=TextSource.WORDING,
            wording="<p>Factories</p>",
            **{name: make() for name, make in about.items()},
        )
        assert submissions("factories") == []
        for state, known in [(SubmissionState.SEALED, [found]), (SubmissionState.RETURNED, [])]:
            found.state = state
            found.save()
            assert submissions("factories") == known

    def test_finds_no_wording_that_is_not_printed(self) -> None:
        ItemFactory(text_source=TextSource.DESCRIPTION, wording="<p>Leftover</p>")
        assert submissions("leftover") == []


class TestEntriesFollow:
    def test_a_call_whose_period_changes(self) -> None:
        found = SubmissionFactory()
        found.call.period_start, found.call.period_end = dt.date(2033, 1, 1), dt.date(2034, 1, 1)
        found.call.save()
        assert submissions("2033") == [found]

    def test_the_language_of_the_submission(self) -> None:
        found = SubmissionFactory(language="en")
        section = SectionFactory(submission=found, name_en="Trends", name_ru="Тенденции развития")
        ItemFactory(section=section, heading="Развитие навыков")
        found.language = "ru"
        found.save()
        assert submissions("тенденция") == submissions("навык") == [found]

    def test_a_submission_that_goes(self) -> None:
        found = SubmissionFactory()
        ItemFactory(section=SectionFactory(submission=found), heading="Trends")
        found.delete()
        assert not SearchEntry.objects.filter(kind="submission").exists()
