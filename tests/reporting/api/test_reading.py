"""What programs read of calls, submissions and compilations: to whom, and at which cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.choices import Role, TextState
from reporting.choices import FileFormat, SubmissionState
from tests.factories import (
    NOON,
    ArtifactFactory,
    CallFactory,
    CallLetterFactory,
    CompilationFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageFactory,
    SealFactory,
    SectionFactory,
    SubmissionFactory,
    UserFactory,
    WithdrawalFactory,
)
from tests.support.api import API, ask, problem
from tests.support.sealing import cleared, frozen, prepared, sealed

pytestmark = pytest.mark.django_db


def client_of(role: str, entity: Any = None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, entity=entity))
    return client


@pytest.fixture
def unido() -> Any:
    return EntityFactory(code="UNIDO")


@pytest.fixture
def insider(unido: Any) -> Client:
    return client_of(Role.STAFF, unido)


def public_seal(call: str = "25") -> Any:
    """Return the seal of a published submission of UNIDO, made of real files."""
    dossier = prepared("UNIDO", call=call)
    compilation = frozen(dossier.submission)
    cleared(dossier, compilation)
    seal = sealed(dossier, compilation)
    seal.submission.state, seal.submission.published_at = SubmissionState.PUBLISHED, NOON
    seal.submission.save()
    return seal


class TestCalls:
    def test_are_public(self, client):
        CallFactory(slug="gc-19", owner=EntityFactory(code="UNIDO"))
        told = ask(client, "calls/gc-19/")
        assert [told["owner"], told["period_start"], told["period_end"]] == ["UNIDO", "2021-01-01", "2022-01-01"]
        assert [call["slug"] for call in ask(client, "calls/")["results"]] == ["gc-19"]
        problem(client, "calls/gc-20/", 404)

    def test_tell_what_the_letter_asks_in_the_language_of_the_reader(self, client):
        letter = CallLetterFactory(call__slug="gc-19")
        CallLetterFactory(call=letter.call, language="fr", state=TextState.CHECKED, asks="<p>Dites-nous.</p>")
        assert ask(client, "calls/gc-19/")["letter"]["asks"] == letter.asks
        assert ask(client, "calls/gc-19/", **{"accept-language": "fr"})["letter"]["asks"] == "<p>Dites-nous.</p>"


class TestSubmissions:
    @pytest.mark.parametrize(
        ("state", "seen_by"),
        [
            (SubmissionState.DRAFTING, {"insider"}),
            (SubmissionState.SENT, {"insider", "commission"}),
            (SubmissionState.PUBLISHED, {"insider", "commission", "visitor", "outsider"}),
        ],
    )
    def test_are_seen_by_whoever_sees_their_pages(self, unido, insider, state, seen_by):
        SubmissionFactory(call=CallFactory(slug="25"), slug="UNIDO", entities=[unido], state=state)
        readers = {
            "visitor": Client(),
            "insider": insider,
            "outsider": client_of(Role.STAFF, EntityFactory(code="OTHER")),
            "commission": client_of(Role.COMMISSION),
        }
        for name, reader in readers.items():
            sees = name in seen_by
            assert len(ask(reader, "submissions/?fields=slug")["results"]) == sees, name
            assert reader.get(f"{API}submissions/25/UNIDO/").status_code == (200 if sees else 404), name
            assert reader.get(f"{API}submissions/25/UNIDO/compilations/").status_code == (200 if sees else 404), name

    def test_tell_their_sections_and_hide_what_the_reader_does_not_see(self, client, unido, insider):
        submission = SubmissionFactory(
            call=CallFactory(slug="25"), slug="UNIDO", entities=[unido], state=SubmissionState.PUBLISHED
        )
        submission.published_at = NOON
        submission.save()
        section = SectionFactory(submission=submission, name_en="Achievements")
        ItemFactory(section=section, passage=PassageFactory(entity=unido, body="<p>Much.</p>"))
        hidden = InitiativeFactory(entity=unido, title="Secret plan", description="<p>Not yet.</p>")
        ItemFactory(section=section, initiative=hidden, heading_source="own")
        seen = ask(client, "submissions/25/UNIDO/?fields=sections")["sections"][0]
        assert [seen["heading"], len(seen["items"]), seen["hidden"]] == ["Achievements", 1, 1]
        assert "Secret" not in str(seen)
        inside = ask(insider, "submissions/25/UNIDO/?fields=sections")["sections"][0]
        assert "Secret plan" in [item["heading"] for item in inside["items"]]

    def test_that_are_sealed_lead_to_their_files(self, client):
        seal = public_seal()
        told = ask(client, "submissions/25/UNIDO/")
        assert [told["seal"]["number"], told["seal"]["fingerprint"]] == [seal.number, seal.fingerprint]
        for file in told["files"]:
            response = client.get(file["address"])
            assert response.status_code == 200
            assert file["name"] in response["Content-Disposition"]
            assert len(b"".join(response.streaming_content)) == file["size"]
        assert {file["format"] for file in told["files"]} == set(FileFormat.values)

    def test_tell_a_withdrawal_once_two_people_agreed(self, client):
        seal = public_seal()
        WithdrawalFactory(seal=seal, reason="A figure was wrong.")
        assert ask(client, "submissions/25/UNIDO/?fields=seal")["seal"]["withdrawal"] is None
        seal.withdrawal.delete()
        WithdrawalFactory(seal=seal, reason="A figure was wrong.", confirmed=True)
        told = ask(client, "submissions/25/UNIDO/?fields=seal")["seal"]["withdrawal"]
        assert told["reason"] == "A figure was wrong."

    def test_are_filtered_as_on_the_page(self, client, unido):
        for slug in ("24", "25"):
            public = SubmissionFactory(call=CallFactory(slug=slug), slug="UNIDO", entities=[unido])
            public.state, public.published_at = SubmissionState.PUBLISHED, NOON
            public.save()
        told = ask(client, "submissions/?call=25&entity=UNIDO&fields=call&count=true")
        assert (told["results"], told["count"]) == ([{"call": "25"}], 1)
        problem(client, "submissions/?call=99", 400)


class TestCompilations:
    def test_are_seen_inside_their_entity_and_sealed_ones_by_whoever_sees_the_submission(self, client, insider):
        seal = public_seal()
        draft = CompilationFactory(submission=seal.submission, number=seal.compilation.number + 1, done=True)
        ArtifactFactory(compilation=draft, format=FileFormat.HTML)
        path = "submissions/25/UNIDO/compilations/?fields=number,seal"
        one = {"number": seal.compilation.number, "seal": seal.number}
        assert ask(client, path)["results"] == [one]
        assert ask(insider, path)["results"] == [one, {"number": draft.number, "seal": None}]
        problem(client, f"compilations/{draft.pk}/", 404)
        assert ask(insider, f"compilations/{draft.pk}/")["files"][0]["format"] == "html"
        assert len(ask(client, "compilations/")["results"]) == 1

    def test_name_the_hash_of_each_file(self, client):
        seal = public_seal()
        files = ask(client, f"compilations/{seal.compilation_id}/?fields=files")["files"]
        stored = {file.file_name: file.sha256 for file in seal.compilation.artifacts.all()}
        assert {file["name"]: file["sha256"] for file in files} == stored

    def test_do_not_say_who_asked_for_them(self, insider):
        seal = public_seal()
        assert "person" not in insider.get(f"{API}compilations/{seal.compilation_id}/").content.decode().lower()


def queries(client: Client, path: str) -> int:
    ask(client, path)
    with CaptureQueriesContext(connection) as captured:
        ask(client, path)
    return len(captured)


class TestCost:
    @pytest.mark.parametrize("path", ["calls/", "submissions/", "compilations/"])
    def test_is_the_same_number_of_queries_for_one_record_and_for_many(self, insider, unido, path):
        def make(number: int) -> None:
            submission = SubmissionFactory(
                call=CallFactory(slug=f"call-{number}"), entities=[unido], state=SubmissionState.SEALED
            )
            compilation = CompilationFactory(submission=submission, done=True)
            ArtifactFactory(compilation=compilation, format=FileFormat.PDF)
            SealFactory(submission=submission, compilation=compilation, number=900 + number)

        make(0)
        with_one = queries(insider, path)
        for number in range(1, 31):
            make(number)
        assert len(ask(insider, path)["results"]) == 31
        assert queries(insider, path) == with_one <= 10
