"""Receipts and dossiers: what is known of a seal, to be taken away and checked elsewhere."""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pghistory
import pypdf
import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from initiatives.models import InitiativeText, PassageText, Reference, UpdateText
from portal.models import User
from reporting.choices import FileFormat, IssueKind
from reporting.compilation.renderers import RendererError
from reporting.compilation.snapshot import canonical
from reporting.dossier import write_dossier
from reporting.models import Item, Seal, Section
from reporting.receipts import Receipt, kept_receipt_pdf, receipt_json, receipt_pdf
from reporting.services import seals
from tests.factories import NOON, DeliveryFactory, WithdrawalFactory
from tests.support.sealing import Dossier, prepared, sealed

pytestmark = pytest.mark.django_db

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def dossier() -> Dossier:
    return prepared("UNCTAD", "ITC")


@pytest.fixture
def seal(dossier: Dossier) -> Seal:
    return Seal.objects.get(pk=sealed(dossier).pk)  # as the database gives it back


class TestReceipt:
    def test_says_all_that_it_promises_and_nothing_else(self, seal):
        receipt = seal.receipt
        assert set(receipt) == set(Receipt.__annotations__)
        assert (receipt["format"], receipt["number"], receipt["based_on"]) == (1, 1, None)
        assert receipt["portal"] == "http://127.0.0.1:8000"
        assert receipt["submission"] == {
            "call": "25",
            "slug": "UNCTAD-ITC",
            "mark": "",
            "title": seal.compilation.snapshot["title"],
            "entities": ["UNCTAD", "ITC"],
            "language": "en",
            "session": "CSTD 25",
        }
        assert receipt["renderers"] == seal.compilation.renderers

    def test_says_who_cleared_and_sealed_by_role_and_entity(self, seal):
        moment = "2021-11-22T12:00:00Z"
        assert seal.receipt["cleared"] == [
            {"entity": "ITC", "role": "focal_point", "at": moment},
            {"entity": "UNCTAD", "role": "focal_point", "at": moment},
        ]
        assert seal.receipt["sealed"] == {"entity": "UNCTAD", "role": "secretariat", "at": moment}
        assert MOMENT.fullmatch(moment)

    def test_names_nobody(self, dossier, seal):
        words = receipt_json(seal.receipt).decode()
        for person in [*dossier.focal_points.values(), *dossier.secretariats.values()]:
            assert person.name not in words
            assert person.email not in words

    def test_names_each_file_with_its_hash(self, seal):
        files = seal.receipt["files"]
        assert [(file["format"], file["part"]) for file in files] == [
            *((format, "whole") for format in sorted(FileFormat.values)),
            ("docx", "summary"),
        ]
        for file in files:
            artifact = seal.compilation.artifacts.get(format=file["format"], part=file["part"])
            stored = artifact.file.read()
            assert (file["name"], file["size"]) == (artifact.file_name, len(stored))
            assert file["sha256"] == hashlib.sha256(stored).hexdigest()

    def test_names_as_fingerprint_the_hash_of_the_data_file(self, seal):
        (data,) = [file for file in seal.receipt["files"] if file["format"] == "json"]
        assert data["sha256"] == seal.receipt["fingerprint"] == seal.fingerprint

    def test_is_canonical(self, seal):
        said = receipt_json(seal.receipt)
        assert said == json.dumps(json.loads(said), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def test_names_what_a_later_issue_is_based_on(self, dossier, seal):
        issue = seals.open_later_issue(
            submission=dossier.submission, kind=IssueKind.CORRIGENDUM, user=dossier.focal_point
        )
        seals.ask_for_review(submission=issue, user=dossier.focal_point)
        later = sealed(Dossier(issue, dossier.initiative, dossier.focal_points, dossier.secretariats))
        assert later.receipt["based_on"] == seal.number
        assert later.receipt["submission"]["mark"] == "Corr.1"


class TestReceiptAsPdf:
    def test_is_the_same_each_time_and_can_be_read(self, seal):
        content = receipt_pdf(seal.receipt)
        assert content == receipt_pdf(seal.receipt)
        reader = pypdf.PdfReader(io.BytesIO(content))
        words = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
        for wanted in ["Receiptofseal1", seal.fingerprint, *(file["sha256"] for file in seal.receipt["files"])]:
            assert wanted in words

    def test_is_tagged_for_screen_readers(self, seal):
        root = pypdf.PdfReader(io.BytesIO(receipt_pdf(seal.receipt))).root_object
        assert root["/MarkInfo"]["/Marked"]
        assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()

    @pytest.mark.parametrize("language", ["ar", "zh-hans", "ru"])
    def test_is_made_in_the_language_of_the_reader(self, seal, language):
        with translation.override(language):
            content = receipt_pdf(seal.receipt)
        assert pypdf.PdfReader(io.BytesIO(content)).root_object["/Lang"].startswith(language[:2])


class TestKeptReceiptPdf:
    def test_is_made_once_in_each_language(self, seal, settings):
        first = kept_receipt_pdf(seal.receipt)
        assert first.startswith(b"%PDF")
        settings.RENDERER_SECONDS = 0
        assert kept_receipt_pdf(seal.receipt) == first
        with translation.override("fr"), pytest.raises(RendererError):
            kept_receipt_pdf(seal.receipt)


def opened(seal: Seal, reader: User | None = None) -> dict[str, bytes]:
    """Return the dossier by the names in its folder, for a reader of the entity that sealed unless another is given."""
    reader = reader or seal.sealed_by
    with write_dossier(seal=seal, reader=reader, now=NOON) as made, zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


class TestDossier:
    def test_holds_what_is_known_with_a_hash_of_each_file(self, seal):
        files = opened(seal)
        sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
        assert set(sums) == set(files) - {"SHA256SUMS"}
        for name, said in sums.items():
            assert hashlib.sha256(files[name]).hexdigest() == said, name
        manifest = json.loads(files["manifest.json"])
        assert {entry["name"] for entry in manifest["files"]} == set(sums) - {"manifest.json"}
        assert (manifest["made_at"], manifest["problems"]) == ("2021-11-22T12:00:00Z", [])

    def test_is_checked_with_public_tools(self, seal, tmp_path: Path):
        with write_dossier(seal=seal, reader=seal.sealed_by, now=NOON) as made, zipfile.ZipFile(made) as archive:
            archive.extractall(tmp_path / "opened")
        (folder,) = (tmp_path / "opened").iterdir()
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)

    def test_holds_the_sealed_files_the_text_and_the_receipt(self, seal):
        files = opened(seal)
        assert hashlib.sha256(files["snapshot.json"]).hexdigest() == seal.fingerprint
        assert files["snapshot.json"] == canonical(seal.compilation.snapshot)
        assert files["receipt.json"] == receipt_json(seal.receipt)
        assert files["receipt.pdf"].startswith(b"%PDF")
        for file in seal.receipt["files"]:
            assert hashlib.sha256(files[f"files/{file['name']}"]).hexdigest() == file["sha256"]

    def test_explains_each_part(self, seal):
        files = opened(seal)
        words = files["README.txt"].decode()
        for name in {name.split("/")[0] for name in files} - {"README.txt"}:
            assert name in words, name

    def test_holds_each_record_version_as_it_was_printed(self, dossier, seal):
        InitiativeText.objects.update(title="Renamed since")
        PassageText.objects.update(body="<p>Rewritten since.</p>")
        Reference.objects.update(text="Cited otherwise since.")
        Item.objects.all().delete()
        Section.objects.all().delete()
        files = opened(seal)
        records = {name for name in files if name.startswith("records/")}
        assert len(records) == seal.compilation.printed_versions.count()
        words = "".join(files[name].decode() for name in records)
        for printed in ("Learning hub", "The year in short.", "Annual report, p. 14.", "Forty people learned to weld"):
            assert printed in words
        assert "since" not in words
        for name in records:
            assert json.loads(files[name]), name

    def test_holds_of_a_record_what_was_printed_and_nothing_else(self, dossier):
        UpdateText.objects.update(obstacles="<p>Not to be told.</p>", lessons="<p>Nor this.</p>")
        InitiativeText.objects.update(description="<p>Described, but not in this text.</p>")
        files = opened(sealed(dossier))
        words = {name: content.decode() for name, content in files.items() if name.startswith("records/")}
        for kind, columns in {
            "i": {"language", "revision", "title"},
            "u": {"language", "revision", "paragraph"},
            "p": {"language", "revision", "body"},
        }.items():
            versions = [json.loads(said) for name, said in words.items() if name.startswith(f"records/{kind}")]
            assert versions
            assert all(set(event["values"]) == columns for version in versions for event in version), kind
        for hidden in ("Not to be told", "Nor this", "Described, but"):
            assert hidden not in "".join(words.values())

    def test_names_people_of_the_readers_entity_alone(self, dossier):
        for code in ("UNCTAD", "ITC"):
            with pghistory.context(user=dossier.focal_points[code].pk):
                focal_point = dossier.focal_points[code]
                seals.return_submission(submission=dossier.submission, reason="Once more.", user=focal_point, now=NOON)
                seals.ask_for_review(submission=dossier.submission, user=focal_point)
        made = sealed(dossier)
        for code, other in (("UNCTAD", "ITC"), ("ITC", "UNCTAD")):
            history = opened(made, dossier.secretariats[code])["history.json"].decode()
            assert f"Focal of {code}" in history
            assert f"of {other}" not in history

    def test_tells_what_happened_since_with_moment_and_person(self, dossier, seal):
        DeliveryFactory(seal=seal)
        WithdrawalFactory(seal=seal, confirmed=True)
        history = json.loads(opened(seal)["history.json"])
        states = [event["values"]["state"] for event in history["submission"]]
        assert states == ["in_review", "cleared", "sealed"]
        assert len(history["clearances"]) == 2
        for name in ("sections", "items", "compilations", "seal", "withdrawal", "deliveries"):
            assert history[name], name
            assert all(event["at"] and event["event"] for event in history[name])

    def test_is_the_same_at_the_same_moment(self, seal):
        first, second = (write_dossier(seal=seal, reader=seal.sealed_by, now=NOON).read() for _ in range(2))
        assert first == second

    def test_says_which_sealed_file_is_gone(self, seal):
        artifact = seal.compilation.artifacts.get(format=FileFormat.ODT)
        default_storage.delete(artifact.file.name)
        files = opened(seal)
        assert f"files/{artifact.file_name}" not in files
        (problem,) = json.loads(files["manifest.json"])["problems"]
        assert artifact.file_name in problem
