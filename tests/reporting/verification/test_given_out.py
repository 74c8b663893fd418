"""What the pages give out of a sealed submission: only what receipt and fingerprint vouch for."""

import hashlib

import pgtrigger
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from reporting.choices import FileFormat, IssueKind, Part
from reporting.models import Artifact, Seal
from reporting.verification.integrity import as_made, frozen_text, integrity_problems, last_integrity_problems
from tests.factories import CompilationFactory, WithdrawalFactory
from tests.reporting.verification.test_verdicts import later
from tests.support.pages import words_of


def kept(seal: Seal, format: str) -> Artifact:
    return seal.compilation.artifacts.get(format=format, part=Part.WHOLE)


def forged(artifact: Artifact) -> None:
    """Put another file in the place of this one, and its hash into the row."""
    content = b"<style></style><p>Another text.</p>"
    artifact.file.storage.delete(artifact.file.name)
    artifact.file.storage.save(artifact.file.name, ContentFile(content))
    with pgtrigger.ignore():
        Artifact.objects.filter(pk=artifact.pk).update(sha256=hashlib.sha256(content).hexdigest())


def edit_text(seal: Seal) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE reporting_compilation SET snapshot = jsonb_set(snapshot, '{sections,0,heading}', '"Forged"')
            WHERE id = %s""",
            [seal.compilation_id],
        )


def page(name: str, seal: Seal, *more: object) -> str:
    submission = seal.submission
    return reverse(name, args=[submission.call.slug, submission.slug, *more])


class TestAsMade:
    def test_gives_the_file_that_the_receipt_names(self, seal, made):
        assert as_made(kept(seal, FileFormat.MD)) == made["md", "whole"]

    def test_gives_no_file_that_came_in_its_place(self, seal):
        forged(kept(seal, FileFormat.MD))
        assert as_made(kept(seal, FileFormat.MD)) is None

    def test_gives_nothing_where_the_store_has_lost_it(self, seal):
        artifact = kept(seal, FileFormat.MD)
        artifact.file.storage.delete(artifact.file.name)
        assert as_made(artifact) is None

    def test_gives_the_file_of_a_draft_by_its_row(self, draft, made):
        assert as_made(draft.artifacts.get(format=FileFormat.MD)) == made["md", "whole"]


class TestFrozenText:
    def test_is_none_where_it_was_edited_with_its_fingerprint(self, seal):
        edit_text(seal)
        compilation = Seal.objects.get().compilation
        assert frozen_text(compilation) is None
        assert frozen_text(CompilationFactory()) is None


class TestDownload:
    def test_gives_the_sealed_bytes(self, client, seal, made):
        artifact = kept(seal, FileFormat.PDF)
        response = client.get(page("artifact_download", seal, 1, artifact.file_name))
        assert response.getvalue() == made["pdf", "whole"]

    def test_refuses_other_bytes_and_says_so(self, client, seal):
        artifact = kept(seal, FileFormat.HTML)
        forged(artifact)
        response = client.get(page("artifact_download", seal, 1, artifact.file_name))
        assert response.status_code == 410
        assert "its bytes have changed" in words_of(response)


class TestOutline:
    def test_shows_what_was_sealed(self, client, seal):
        assert seal.compilation.snapshot["sections"][0]["heading"] in words_of(
            client.get(page("submission_detail", seal))
        )

    def test_does_not_show_a_text_that_was_edited_and_says_so(self, client, seal):
        edit_text(seal)
        html = words_of(client.get(page("submission_detail", seal)))
        assert "The text stored in the database is not the one that was sealed" in html
        assert "Forged" not in html


class TestReading:
    def test_opens_what_counts(self, client, seal, made):
        later(seal, IssueKind.CORRIGENDUM, 1, number=2)
        assert client.get(page("compilation_read", seal, 1)).content == made["html", "whole"]

    def test_gives_no_forged_page(self, client, seal):
        forged(kept(seal, FileFormat.HTML))
        assert client.get(page("compilation_read", seal, 1)).status_code == 410

    def test_of_a_withdrawn_text_begins_with_the_reason(self, client, seal, made):
        WithdrawalFactory(seal=seal, confirmed=True, reason="A figure was wrong.")
        address = page("compilation_read", seal, 1)
        html = words_of(client.get(address))
        assert "Withdrawn on 22 November 2021" in html
        assert "A figure was wrong." in html
        assert f'href="{address}?anyway"' in html
        assert client.get(f"{address}?anyway").content == made["html", "whole"]

    def test_of_a_superseded_text_names_what_replaced_it(self, client, seal):
        revision = later(seal, IssueKind.REVISION, 1, number=2)
        html = words_of(client.get(page("compilation_read", seal, 1)))
        assert "Superseded by Rev.1" in html
        assert f'href="{revision.submission.get_absolute_url()}"' in html


class TestLastIntegrityProblems:
    @pytest.fixture
    def lost(self, seal) -> Seal:
        """With a file that the store lost after somebody had looked."""
        assert last_integrity_problems(seal) == []
        artifact = kept(seal, FileFormat.MD)
        artifact.file.storage.delete(artifact.file.name)
        return seal

    def test_are_not_looked_for_again_each_time(self, lost):
        assert last_integrity_problems(lost) == []

    def test_are_those_of_a_verification_since(self, lost):
        [problem] = integrity_problems(lost)
        assert last_integrity_problems(lost) == [problem]

    def test_are_looked_for_after_a_rebuild(self, lost):
        CompilationFactory(submission=lost.submission, number=2, done=True, rebuilds=lost)
        assert len(last_integrity_problems(lost)) == 1
