"""Submissions and their compilations, through their pages."""

import datetime as dt
import hashlib
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from reporting.choices import CompilationState, FailureReason, FileFormat, FillingRule, Part, SubmissionState
from reporting.models import Compilation, Submission
from tests.factories import (
    NOON,
    ArtifactFactory,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, client_of, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("submission_list")


@pytest.fixture
def unido():
    return EntityFactory(code="UNIDO", name_en="Industrial Organization")


@pytest.fixture
def submission(unido):
    """With a summary of one passage."""
    session = SessionFactory(number=25, name="Twenty-fifth session", place="Geneva")
    call = CallFactory(slug="25", session=session, due_on=dt.date(2021, 12, 15))
    submission = SubmissionFactory(call=call, entities=[unido])
    section = SectionFactory(submission=submission, name_en="Executive Summary", is_summary=True, word_limit=3)
    passage = PassageFactory(entity=unido, body="<p>Four words of text.</p>")
    ItemFactory(section=section, passage=passage)
    return submission


@pytest.fixture
def focal_point(unido):
    return UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Leila")


@pytest.fixture
def focal(focal_point):
    return client_of(focal_point)


@pytest.fixture
def staff(unido):
    return client_of(UserFactory(role=Role.STAFF, entity=unido))


def page(submission: Submission) -> str:
    return submission.get_absolute_url()


def request_page(submission: Submission) -> str:
    return reverse("compilation_request", args=[submission.call.slug, submission.slug])


class TestSubmissionList:
    def test_groups_by_call_what_the_reader_sees(self, client, focal, submission):
        SubmissionFactory(call=submission.call, state=SubmissionState.PUBLISHED)
        html = words_of(focal.get(LIST))
        for words in ('id="call-25"', "Twenty-fifth session", "Geneva", "due 15 December 2021", "reports on 2021"):
            assert words in html
        assert html.count('href="/submissions/25/') == 2
        assert words_of(client.get(LIST)).count('href="/submissions/25/') == 1

    def test_says_so_where_nothing_is_published(self, client, submission):
        assert "No submission to this call is published yet." in words_of(client.get(LIST))
        assert "you take part in none" in words_of(client_of(UserFactory()).get(LIST))

    def test_says_so_where_there_is_no_call(self, client):
        assert "No call is known yet" in words_of(client.get(LIST))

    def test_shows_the_commission_what_it_received_and_no_draft(self, submission):
        SubmissionFactory(call=submission.call, state=SubmissionState.SENT, slug="SENT")
        html = words_of(client_of(UserFactory(role=Role.COMMISSION)).get(LIST))
        assert "/submissions/25/SENT/" in html
        assert "/submissions/25/UNIDO/" not in html

    def test_takes_the_same_queries_for_twenty(self, client, submission):
        def add() -> None:
            SubmissionFactory(call=submission.call, state=SubmissionState.PUBLISHED)
            SubmissionFactory(call=CallFactory(session=submission.call.session), state=SubmissionState.PUBLISHED)

        add()  # so that there are two calls from the beginning
        assert_rows_cost_nothing(client, LIST, add)


class TestOutline:
    def test_counts_the_words_that_would_be_printed_against_their_limit(self, focal, submission):
        (section,) = focal.get(page(submission)).context["outline"].sections
        assert (section.heading, section.words, section.limit, section.too_many) == ("Executive Summary", 4, 3, 1)
        assert "Words: 4 of 3, 1 too many" in words_of(focal.get(page(submission)))

    def test_names_each_item_with_where_its_text_comes_from(self, focal, unido, submission):
        section = SectionFactory(submission=submission, name_en="Initiatives")
        told = InitiativeFactory(title="Hub", entity=unido, published=True)
        UpdateFactory(initiative=told, paragraph="<p>Two words.</p>")
        silent = InitiativeFactory(title="Lab", entity=unido, published=True, description="<p>Its own description.</p>")
        ItemFactory(section=section, initiative=told)
        ItemFactory(section=section, initiative=silent)
        items = focal.get(page(submission)).context["outline"].sections[1].items
        assert [(item.heading, str(item.source), item.words, item.url) for item in items] == [
            ("Hub", "update for the period", 2, told.get_absolute_url()),
            ("Lab", "description", 3, silent.get_absolute_url()),
        ]

    def test_begins_running_text_with_its_words(self, focal, submission):
        assert "Four words of text." in words_of(focal.get(page(submission)))

    def test_shows_nobody_a_record_that_they_do_not_see(self, client, unido, submission):
        submission.state, submission.published_at = SubmissionState.PUBLISHED, NOON
        submission.save()
        section = SectionFactory(submission=submission, name_en="Initiatives")
        ItemFactory(section=section, initiative=InitiativeFactory(title="Hidden plan", entity=unido))
        html = words_of(client.get(page(submission)))
        assert "Four words" in html
        assert "Hidden plan" not in html
        assert "1 item is not shown to you." in html

    def test_says_where_nothing_stands_yet(self, focal, submission):
        submission.sections.get().items.all().delete()
        html = words_of(focal.get(page(submission)))
        assert "Executive Summary" in html
        assert "Nothing stands here yet." in html

    def test_says_that_records_are_invented(self, focal, unido, submission):
        assert "Holds invented records" not in words_of(focal.get(page(submission)))
        invented = InitiativeFactory(entity=unido, published=True, invented=True)
        ItemFactory(section=submission.sections.get(), initiative=invented)
        assert "Holds invented records" in words_of(focal.get(page(submission)))

    def test_counts_what_the_next_compilation_adds(self, focal, unido, submission):
        SectionFactory(submission=submission, name_en="Initiatives", rule=FillingRule.INITIATIVES)
        UpdateFactory(initiative=InitiativeFactory(entity=unido, published=True), paragraph="<p>News.</p>")
        assert "1 initiative with an approved update for the period is added" in words_of(focal.get(page(submission)))

    def test_takes_the_same_queries_for_twenty(self, focal, unido, submission):
        section = SectionFactory(submission=submission)

        def add() -> None:
            initiative = InitiativeFactory(entity=unido, published=True)
            UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
            ItemFactory(section=section, initiative=initiative)
            ItemFactory(section=section, passage=PassageFactory(entity=unido))
            ItemFactory(section=section, heading="Trends")
            SectionFactory(submission=submission)
            ArtifactFactory(compilation=CompilationFactory(submission=submission, done=True))

        assert_rows_cost_nothing(focal, page(submission), add)


class TestCompilationRequest:
    def test_queues_a_compilation_and_shows_it(self, focal, focal_point, submission):
        response = focal.post(request_page(submission), {"formats": ["pdf", "docx"], "language": "fr"})
        compilation = Compilation.objects.get()
        assert response.url == compilation.get_absolute_url()
        assert (compilation.formats, compilation.language) == (["docx", "pdf"], "fr")
        assert compilation.requested_by == focal_point

    def test_makes_one_job_of_a_double_click(self, focal, submission):
        for _ in range(2):
            focal.post(request_page(submission), {"formats": ["pdf"], "language": "en"})
        assert Compilation.objects.count() == 1

    @pytest.mark.parametrize(
        "asked", [{"language": "en"}, {"formats": ["exe"], "language": "en"}, {"formats": ["pdf"]}]
    )
    def test_says_what_is_wrong(self, focal, submission, asked):
        response = focal.post(request_page(submission), asked)
        assert response.status_code == 422
        assert "error-summary" in response.content.decode()
        assert not Compilation.objects.exists()

    def test_says_what_to_do_about_an_empty_submission(self, focal, submission):
        submission.sections.get().items.all().delete()
        response = focal.post(request_page(submission), {"formats": ["pdf"], "language": "en"})
        assert response.status_code == 422
        assert "Add items to its sections, then compile again." in words_of(response)

    def test_is_for_those_who_compose(self, client, staff, submission):
        asked = {"formats": ["pdf"], "language": "en"}
        assert staff.post(request_page(submission), asked).status_code == 403
        assert client.post(request_page(submission), asked).status_code == 404
        assert not Compilation.objects.exists()
        assert request_page(submission) not in words_of(staff.get(page(submission)))

    def test_sends_a_visitor_of_a_published_one_to_sign_in(self, client, submission):
        Submission.objects.update(state=SubmissionState.PUBLISHED, published_at=NOON)
        response = client.post(request_page(submission), {"formats": ["pdf"], "language": "en"})
        assert response.url == f"{reverse('account_login')}?next={page(submission)}"


class TestCompilationDetail:
    def test_moves_without_scripts_while_it_runs(self, focal, submission):
        compilation = CompilationFactory(submission=submission, running=True, progress=40)
        html = words_of(focal.get(compilation.get_absolute_url()))
        assert re.search('<noscript> ?<meta http-equiv="refresh" content="2"> ?</noscript>', html)
        assert f'hx-get="{compilation.get_absolute_url()}"' in html
        assert 'value="40"' in html
        assert "Making the files." in html

    def test_rests_when_it_is_done(self, focal, submission):
        compilation = CompilationFactory(submission=submission, done=True)
        html = words_of(focal.get(compilation.get_absolute_url()))
        assert "http-equiv" not in html
        assert "every 1s" not in html

    def test_answers_htmx_with_the_part_that_changes(self, focal, submission):
        compilation = CompilationFactory(submission=submission, running=True)
        response = focal.get(compilation.get_absolute_url(), headers={"HX-Request": "true"})
        assert response.content.decode().strip().startswith('<div class="stack" id="job"')
        assert "no-cache" in response["Cache-Control"]

    def test_shows_files_hash_fingerprint_versions_and_warnings(self, focal, focal_point, submission):
        compilation = CompilationFactory(
            submission=submission,
            done=True,
            number=3,
            requested_by=focal_point,
            renderers={"pandoc": "3.1"},
            warnings=[{"kind": "link_without_target", "block": "p1_en_1", "heading": "Summary", "words": "IRPF"}],
        )
        ArtifactFactory(compilation=compilation, format=FileFormat.DOCX, sha256="ab" * 32, size=2048)
        ArtifactFactory(compilation=compilation, format=FileFormat.DOCX, part=Part.SUMMARY)
        html = words_of(focal.get(compilation.get_absolute_url()))
        for words in ("UNIDO-CSTD-25-3.docx", "UNIDO-CSTD-25-3-summary.docx", "ab" * 32, "2.0", "0" * 64):
            assert words in html
        for words in ("pandoc 3.1", "“IRPF” under “Summary” leads nowhere", "focal point, UNIDO"):
            assert words in html

    def test_names_nobody(self, staff, focal_point, submission):
        compilation = CompilationFactory(submission=submission, done=True, requested_by=focal_point)
        for address in (compilation.get_absolute_url(), page(submission)):
            assert "Leila" not in words_of(staff.get(address))

    def test_tells_why_it_failed_and_offers_to_try_again(self, focal, staff, submission):
        compilation = CompilationFactory(submission=submission, failed=True, failure=FailureReason.DISK_FULL)
        retry = reverse("compilation_retry", args=["25", "UNIDO", compilation.number])
        html = words_of(focal.get(compilation.get_absolute_url()))
        assert "The disk of the server is full." in html
        assert retry in html
        assert retry not in words_of(staff.get(compilation.get_absolute_url()))

    def test_says_that_no_worker_is_about(self, focal, submission):
        CompilationFactory(submission=submission, not_before=timezone.now() - dt.timedelta(minutes=1))
        assert "No worker has taken it yet." in words_of(focal.get(page(submission)))

    def test_does_not_load_the_snapshot(self, focal, submission, django_assert_num_queries):
        compilation = CompilationFactory(submission=submission, done=True, snapshot={"title": "x"})
        shown = focal.get(compilation.get_absolute_url()).context["shown"]
        assert "snapshot" in shown.compilation.get_deferred_fields()

    def test_is_seen_by_its_entities_alone(self, client, submission):
        Submission.objects.update(state=SubmissionState.PUBLISHED, published_at=NOON)
        compilation = CompilationFactory(submission=submission, done=True)
        other = client_of(UserFactory(role=Role.SECRETARIAT, entity=EntityFactory()))
        commission = client_of(UserFactory(role=Role.COMMISSION))
        for reader in (client, other, commission):
            assert reader.get(compilation.get_absolute_url()).status_code == 404
            assert reader.get(page(submission)).status_code == 200


class TestCompilationRetry:
    def test_queues_a_failed_one_again(self, focal, submission):
        compilation = CompilationFactory(submission=submission, failed=True)
        retry = reverse("compilation_retry", args=["25", "UNIDO", compilation.number])
        assert focal.post(retry).url == compilation.get_absolute_url()
        compilation.refresh_from_db()
        assert compilation.state == CompilationState.QUEUED

    def test_tells_the_second_of_two(self, focal, submission):
        compilation = CompilationFactory(submission=submission, running=True)
        response = focal.post(reverse("compilation_retry", args=["25", "UNIDO", compilation.number]))
        assert response.status_code == 409
        assert "has not failed" in words_of(response)

    def test_is_for_those_who_compose(self, staff, submission):
        compilation = CompilationFactory(submission=submission, failed=True)
        assert staff.post(reverse("compilation_retry", args=["25", "UNIDO", compilation.number])).status_code == 403


class TestEarlierCompilations:
    def test_stay_with_number_time_role_state_and_files(self, focal, focal_point, submission):
        first = CompilationFactory(submission=submission, number=1, failed=True, requested_at=NOON)
        second = CompilationFactory(submission=submission, number=2, done=True, requested_by=focal_point)
        ArtifactFactory(compilation=second, sha256="cd" * 32)
        CompilationFactory(submission=submission, number=3, running=True)
        response = focal.get(page(submission))
        assert response.context["latest"].compilation.number == 3
        assert [shown.compilation for shown in response.context["earlier"]] == [second, first]
        html = words_of(response)
        for words in ("22 November 2021, 13:00", "focal point, UNIDO", "cd" * 32, "nobody expected"):
            assert words in html

    def test_come_in_pages(self, focal, submission):
        for number in range(1, 13):
            CompilationFactory(submission=submission, number=number, done=True)
        first, second = (focal.get(page(submission), {"page": number}).context for number in ("1", "2"))
        assert first["latest"].compilation.number == 12
        assert [shown.compilation.number for shown in first["earlier"]] == list(range(11, 2, -1))
        assert second["latest"] is None
        assert [shown.compilation.number for shown in second["earlier"]] == [2, 1]


class TestArtifactDownload:
    @pytest.fixture
    def artifact(self, submission):
        content = b"<p>A file.</p>"
        compilation = CompilationFactory(submission=submission, number=3, done=True)
        return ArtifactFactory(
            compilation=compilation,
            file=ContentFile(content, name="made.html"),
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def address(self, name: str, number: int = 3) -> str:
        return reverse("artifact_download", args=["25", "UNIDO", number, name])

    def test_gives_the_bytes_to_be_saved(self, focal, artifact):
        response = focal.get(self.address("UNIDO-CSTD-25-3.html"))
        assert hashlib.sha256(response.getvalue()).hexdigest() == artifact.sha256
        assert response["Content-Disposition"] == 'attachment; filename="UNIDO-CSTD-25-3.html"'
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        ("format", "content_type"),
        [
            (FileFormat.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (FileFormat.PDF, "application/pdf"),
        ],
    )
    def test_says_what_it_is(self, focal, artifact, format, content_type):
        ArtifactFactory(compilation=artifact.compilation, format=format)
        assert focal.get(self.address(f"UNIDO-CSTD-25-3.{format}"))["Content-Type"] == content_type

    @pytest.mark.parametrize("format", FileFormat.values)
    def test_knows_the_type_of_every_format(self, focal, submission, format):
        compilation = CompilationFactory(submission=submission, number=4, done=True)
        ArtifactFactory(compilation=compilation, format=format)
        assert focal.get(self.address(f"UNIDO-CSTD-25-4.{format}", 4)).status_code == 200

    def test_is_linked_from_its_page(self, focal, artifact):
        address = self.address("UNIDO-CSTD-25-3.html")
        assert address in words_of(focal.get(artifact.compilation.get_absolute_url()))

    @pytest.mark.parametrize("name", ["UNIDO-CSTD-25-2.html", "made.html", "..", "retry.html"])
    def test_knows_no_other_name(self, focal, artifact, name):
        assert focal.get(self.address(name)).status_code == 404

    def test_says_when_the_store_has_lost_the_file(self, focal, artifact):
        default_storage.delete(artifact.file.name)
        response = focal.get(self.address("UNIDO-CSTD-25-3.html"))
        assert response.status_code == 410
        assert "Compile again, or tell an administrator." in words_of(response)

    def test_is_for_its_entities_alone(self, client, staff, artifact):
        address = self.address("UNIDO-CSTD-25-3.html")
        other = client_of(UserFactory(role=Role.FOCAL_POINT, entity=EntityFactory()))
        assert [reader.get(address).status_code for reader in (client, other, staff)] == [404, 404, 200]
