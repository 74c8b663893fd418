"""The page that says what a file is: anybody may ask, and nothing is kept."""

import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from initiatives.choices import Role
from reporting.verification import files
from reporting.views import verify
from tests.factories import UserFactory
from tests.support.pages import words_of

PATH = "/verify/"


def sent(client: Client, content: bytes, name: str = "file.bin") -> HttpResponse:
    return client.post(PATH, {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """The folder in which an upload waits while it is looked at."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


class TestVerifyPage:
    def test_says_what_it_does_and_links_from_every_page(self, client, db):
        page = words_of(client.get(PATH))
        assert "nothing of it is kept" in page
        assert "up to 25.0" in page
        assert f'<a href="{reverse("verify")}">Verify a file</a>' in words_of(client.get("/"))

    def test_knows_a_sealed_file_and_links_to_its_receipt(self, client, seal, made):
        response = sent(client, made["pdf", "whole"], "renamed.pdf")
        page = words_of(response)
        assert response.status_code == 200
        assert "This is a sealed file: UNIDO-CSTD-25-1.pdf of Seal 1." in page
        assert f'<a href="{seal.get_absolute_url()}">Seal 1</a>' in page
        assert "It was sealed under the name UNIDO-CSTD-25-1.pdf" in page
        assert "alert-good" in page

    def test_shows_what_differs_in_an_altered_copy(self, client, seal, made):
        page = words_of(sent(client, made["html", "whole"].replace(b"Three trends", b"Five <b>trends</b>")))
        assert "This is an altered copy of Seal 1" in page
        assert ">Three<" in page
        assert "<del>" in page
        assert ">Five<" in page
        assert "alert-bad" in page

    def test_keeps_words_and_receipt_from_those_who_may_not_read(self, client, unpublished, made):
        forged = made["html", "whole"].replace(b"Three trends", b"Five trends")
        page = words_of(sent(client, forged))
        assert "altered copy of Seal 1" in page
        assert "<del>" not in page
        assert "href" not in page.split("Fingerprint of the sealed text")[0].split("<dt>Seal</dt>")[1]
        client.force_login(UserFactory(role=Role.STAFF, entity=unpublished.submission.entities.get()))
        assert "<del>" in words_of(sent(client, forged))

    def test_shows_what_a_file_says_as_words_alone(self, client, db):
        text = b"---\nportal: https://evil.example/<script>alert(1)</script>\n---\n\nText."
        page = words_of(sent(client, text))
        assert "from another portal: https://evil.example/" in page
        assert "<script>alert" not in page
        assert 'href="https://evil' not in page

    def test_answers_for_a_hash(self, client, seal):
        artifact = seal.compilation.artifacts.get(format="odt")
        assert artifact.file_name in words_of(client.get(PATH, {"sha256": artifact.sha256}))
        assert "fingerprint of the text that Seal 1 sealed" in words_of(client.get(PATH, {"sha256": seal.fingerprint}))
        response = client.get(PATH, {"sha256": "abc"})
        assert response.status_code == 422
        assert "A SHA-256 has 64 digits" in words_of(response)

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({}, "Choose a file first."),
            ({"file": "words"}, "Choose a file first."),
            ({"file": SimpleUploadedFile("empty", b"")}, "The file is empty."),
        ],
    )
    def test_says_what_is_missing(self, client, db, data, sentence):
        response = client.post(PATH, data)
        assert response.status_code == 422
        assert sentence in words_of(response)

    def test_asks_for_the_token_of_its_form(self, db, made):
        assert sent(Client(enforce_csrf_checks=True), made["md", "whole"]).status_code == 403

    def test_speaks_the_language_of_the_reader(self, client, db):
        assert 'dir="rtl"' in words_of(client.get(PATH, headers={"accept-language": "ar"}))


class TestLargeFiles:
    def test_are_refused_by_their_length_without_being_kept(self, client, db, temporary, monkeypatch):
        """Not even parsed: the form would be, once somebody asked for what is in it."""
        kept: list[str] = []
        monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *_args, **_facts: kept.append("file"))
        response = sent(client, bytes(50 * 1024 * 1024))
        assert response.status_code == 422
        assert "larger than 25.0" in words_of(response)
        assert kept == []

    def test_a_little_too_large_are_refused_too(self, client, db):
        response = sent(client, bytes(files.LIMIT + 1))
        assert response.status_code == 422
        assert "larger than 25.0" in words_of(response)

    def test_are_not_waited_for_when_they_are_much_too_large(self, client, db):
        """The length is believed: nothing is read that says to be 10 GB."""
        headers = {"CONTENT_LENGTH": str(10 * 1024**3)}
        response = client.generic("POST", PATH, b"x", content_type="multipart/form-data; boundary=b", **headers)
        assert response.status_code == 422

    def test_are_gone_after_the_answer(self, client, seal, temporary):
        """A file of more than 2.5 MB waits on the disk."""
        response = sent(client, b"# A long text\n\n" + b"word " * 1_000_000)
        assert "neither a file that was sealed here" in words_of(response)
        assert list(temporary.iterdir()) == []


class TestManyAtOnce:
    def test_are_refused_at_once_where_others_wait_already(self, client, db, made, monkeypatch):
        """So that the threads of the server go on serving pages."""
        monkeypatch.setattr(verify, "PATIENCE", 60)
        monkeypatch.setattr(verify, "_turns", threading.BoundedSemaphore(1))
        monkeypatch.setattr(verify, "_line", threading.BoundedSemaphore(1))
        started = time.monotonic()
        with verify._turns, verify._line:
            assert sent(client, made["md", "whole"]).status_code == 503
        assert time.monotonic() - started < 30
        assert sent(client, made["md", "whole"]).status_code == 200

    def test_wait_for_their_turn_and_say_so_when_it_does_not_come(self, client, db, made, monkeypatch):
        monkeypatch.setattr(verify, "PATIENCE", 0.1)
        monkeypatch.setattr(verify, "_turns", threading.BoundedSemaphore(1))
        with verify._turns:
            response = sent(client, made["md", "whole"])
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
        assert "Try again in a minute." in words_of(response)
        assert sent(client, made["md", "whole"]).status_code == 200


class TestBadUploads:
    @pytest.mark.parametrize("body", [b"", b"--b", b"--b\r\n\r\n", b"\0" * 1000])
    def test_of_bytes_that_are_no_form_give_no_traceback(self, client, db, body):
        response = client.generic("POST", PATH, body, content_type="multipart/form-data; boundary=b")
        assert response.status_code in {400, 422}
