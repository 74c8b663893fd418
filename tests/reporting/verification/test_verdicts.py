"""What a file is said to be: with the files that the renderers make, and with what people and programs do to them."""

import datetime as dt
import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Callable

import docx
import pgtrigger
import pypdf
import pypdf.annotations
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import connection

from initiatives.choices import Role
from reporting.choices import FileFormat, IssueKind, SubmissionState
from reporting.compilation.snapshot import canonical
from reporting.models import Compilation, Seal
from reporting.receipts import receipt_pdf
from reporting.verification import files
from reporting.verification.files import CannotTake, Limits
from reporting.verification.verdicts import Kind, Verdict, verify, verify_hash
from tests.factories import (
    NOON,
    ArtifactFactory,
    CompilationFactory,
    SealFactory,
    SubmissionFactory,
    UserFactory,
    WithdrawalFactory,
)
from tests.reporting.verification.conftest import Files, files_of

FORMATS = FileFormat.values
VISITOR = AnonymousUser()


def asked(content: bytes, name: str = "", reader: object = None) -> Verdict:
    return verify(content, reader=reader, name=name, limits=Limits(seconds=20))


def said(verdict: Verdict) -> str:
    return " ".join(
        [verdict.title, *verdict.sentences, *(f"{notice.title}. {notice.text}" for notice in verdict.notices)]
    )


def words_of(verdict: Verdict, kind: str) -> list[str]:
    return [piece.text for change in verdict.changes for piece in change.pieces if piece.kind == kind]


def saved_by_word(content: bytes, change: Callable[[docx.document.Document], None] = lambda _word: None) -> bytes:
    """Return a DOCX as another program writes it that has opened it."""
    word = docx.Document(io.BytesIO(content))
    word.core_properties.last_modified_by = "Somebody"
    change(word)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def repacked(content: bytes, part: str, old: str, new: str) -> bytes:
    """Return a package with other words in one part, as an editor of zip files makes it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            parts = before.read(name)
            if name == part:
                assert old.encode() in parts
                parts = parts.replace(old.encode(), new.encode())
            after.writestr(name, parts)
    return file.getvalue()


def written_again(content: bytes) -> bytes:
    """Return a PDF as another program writes it that has opened it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.add_metadata({"/Producer": "Another program"})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


class TestSealedFile:
    @pytest.mark.parametrize("format", FORMATS)
    def test_is_known_in_every_format(self, seal, made, format):
        verdict = asked(made[format, "whole"])
        assert verdict.kind == Kind.SEALED
        assert verdict.is_in_force, said(verdict)
        assert verdict.seal == seal
        assert verdict.artifact.format == format
        assert "Seal 1" in verdict.title

    def test_is_known_as_summary(self, seal, made):
        verdict = asked(made["docx", "summary"])
        assert verdict.is_in_force
        assert verdict.artifact.part == "summary"

    def test_is_known_under_another_name(self, seal, made):
        own_name = seal.compilation.artifacts.get(format="pdf").file_name
        assert "another name" not in said(asked(made["pdf", "whole"], name=own_name))
        verdict = asked(made["pdf", "whole"], name="holiday.jpg")
        assert verdict.is_in_force
        assert f"sealed under the name {own_name}" in said(verdict)

    def test_is_known_by_its_hash(self, seal, made):
        artifact = seal.compilation.artifacts.get(format="odt")
        assert verify_hash(artifact.sha256.upper() + "\n", reader=VISITOR).artifact == artifact
        assert verify_hash(seal.fingerprint, reader=VISITOR).is_in_force
        assert verify_hash("0" * 64, reader=VISITOR).kind == Kind.UNKNOWN
        for wrong in ("", "abc", "g" * 64, "0" * 65):
            with pytest.raises(CannotTake, match="64 digits"):
                verify_hash(wrong, reader=VISITOR)

    def test_is_known_by_the_receipt_where_its_row_was_changed(self, seal, made):
        with pgtrigger.ignore():
            seal.compilation.artifacts.filter(format="md").update(sha256="f" * 64)
        verdict = asked(made["md", "whole"])
        assert verdict.kind == Kind.SEALED
        assert "SHA-256 stored with the file" in said(verdict)
        assert not verdict.is_in_force

    def test_is_not_what_a_changed_row_says(self, seal, made):
        """Who can write into the database puts a forged file and its hash in the place of a sealed one."""
        forged = made["md", "whole"].replace(b"Three trends", b"Six trends")
        artifact = seal.compilation.artifacts.get(format="md")
        artifact.file.storage.delete(artifact.file.name)
        artifact.file.storage.save(artifact.file.name, ContentFile(forged))
        with pgtrigger.ignore():
            seal.compilation.artifacts.filter(pk=artifact.pk).update(sha256=hashlib.sha256(forged).hexdigest())
        verdict = asked(forged)
        assert verdict.kind == Kind.ALTERED
        assert "cannot be compared" in said(verdict)
        assert verify_hash(hashlib.sha256(forged).hexdigest(), reader=VISITOR).kind != Kind.SEALED

    def test_costs_no_child_process(self, seal, made, tmp_path, monkeypatch):
        monkeypatch.setattr(files, "READER", tmp_path / "nowhere.py")
        assert asked(made["pdf", "whole"]).is_in_force


def later(seal: Seal, kind: IssueKind, issue: int, *, number: int) -> Seal:
    """Return a public corrigendum or revision, sealed a week later."""
    submission = SubmissionFactory(
        call=seal.submission.call,
        entities=list(seal.submission.entities.all()),
        layout=seal.submission.layout,
        slug=f"UNIDO-{kind}{issue}",
        based_on=seal.submission,
        issue_kind=kind,
        issue_number=issue,
        state=SubmissionState.PUBLISHED,
        published_at=NOON,
    )
    compilation = CompilationFactory(submission=submission, done=True, fingerprint=f"{number}" * 64)
    return SealFactory(
        submission=submission, compilation=compilation, sealed_at=NOON + dt.timedelta(days=7), number=number
    )


class TestNotices:
    def test_tell_of_a_withdrawal_once_it_is_confirmed(self, seal, made):
        withdrawal = WithdrawalFactory(seal=seal, reason="A figure was wrong.")
        assert asked(made["pdf", "whole"]).is_in_force
        withdrawal.delete()
        WithdrawalFactory(seal=seal, reason="A figure was wrong.", confirmed=True)
        verdict = asked(made["pdf", "whole"])
        assert verdict.kind == Kind.SEALED
        assert not verdict.is_in_force
        assert "Withdrawn on 22 November 2021. A figure was wrong." in said(verdict)

    def test_tell_of_a_revision_and_of_what_replaced_that(self, seal, made):
        first = later(seal, IssueKind.REVISION, 1, number=2)
        second = later(first, IssueKind.REVISION, 2, number=3)
        verdict = asked(made["pdf", "whole"], reader=VISITOR)
        assert "Superseded by Rev.1. Seal 2 of 29 November 2021 replaces Seal 1." in said(verdict)
        assert "Superseded by Rev.2. Seal 3 of 29 November 2021 replaces Seal 1." in said(verdict)
        assert [notice.url for notice in verdict.notices] == [
            each.submission.get_absolute_url() for each in (first, second)
        ]
        assert not verdict.is_in_force

    def test_tell_of_a_corrigendum_with_which_it_stays_in_force(self, seal, made):
        later(seal, IssueKind.CORRIGENDUM, 1, number=2)
        verdict = asked(made["pdf", "whole"])
        assert "Corrected by Corr.1. Seal 2 of 29 November 2021 corrects Seal 1." in said(verdict)
        assert verdict.is_in_force

    def test_tell_that_the_stored_text_is_another(self, seal, made):
        with pgtrigger.ignore(), connection.cursor() as cursor:
            cursor.execute(
                """UPDATE reporting_compilation SET snapshot = snapshot || '{"title": "Forged"}' WHERE id = %s""",
                [seal.compilation.pk],
            )
        verdict = asked(made["pdf", "whole"])
        assert "The text stored in the database is not the one that was sealed: its fingerprint is" in said(verdict)
        assert not verdict.is_in_force


class TestAlteredCopy:
    def test_saved_again_by_word_has_the_same_words(self, seal, made):
        verdict = asked(saved_by_word(made["docx", "whole"]))
        assert verdict.kind == Kind.ALTERED
        assert verdict.seal == seal
        assert verdict.artifact.part == "whole"
        assert "Its words are all the same: only what is around the text differs." in said(verdict)
        assert "docProps/core.xml" in said(verdict)
        assert ("lastModifiedBy", "", "Somebody") in [
            (each.name, each.sealed, each.here) for each in verdict.properties
        ]
        assert not verdict.is_in_force

    def test_with_another_word_shows_it(self, seal, made):
        def change(word):
            paragraph = next(each for each in word.paragraphs if "Three trends" in each.text)
            paragraph.runs[0].text = paragraph.runs[0].text.replace("Three trends", "Four great trends")

        verdict = asked(saved_by_word(made["docx", "whole"], change))
        assert verdict.kind == Kind.ALTERED
        assert "The text differs in 1 place (sealed words that are missing: 1, new words: 2)." in said(verdict)
        assert words_of(verdict, "went") == ["Three"]
        assert words_of(verdict, "came") == ["Four great"]
        assert verdict.changes[0].pieces[-1].text.startswith(" trends shaped the year. First, firms that")

    def test_of_the_summary_is_compared_with_the_summary(self, seal, made):
        verdict = asked(saved_by_word(made["docx", "summary"]))
        assert verdict.artifact.part == "summary"
        assert "Its words are all the same" in said(verdict)

    def test_with_a_changed_footnote_is_found_out(self, seal, made):
        changed = repacked(made["docx", "whole"], "word/footnotes.xml", "200037", "200038")
        verdict = asked(changed)
        assert "200037" in "".join(words_of(verdict, "went"))
        assert "200038" in "".join(words_of(verdict, "came"))

    def test_of_an_open_document_is_compared(self, seal, made):
        verdict = asked(repacked(made["odt", "whole"], "content.xml", "Three trends", "No trends"))
        assert verdict.kind == Kind.ALTERED
        assert words_of(verdict, "came") == ["No"]
        assert "Parts of the file that differ: content.xml." in said(verdict)
        same = asked(repacked(made["odt", "whole"], "content.xml", "Three trends", "Three trends"))
        assert "Its words are all the same" in said(same)

    def test_of_a_pdf_is_compared(self, seal, made):
        verdict = asked(written_again(made["pdf", "whole"]))
        assert verdict.kind == Kind.ALTERED
        assert "Its words are all the same" in said(verdict)
        assert "Another program" in [each.here for each in verdict.properties]

    def test_of_a_pdf_with_a_comment_shows_it(self, seal, made):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(made["pdf", "whole"]))
        writer.add_annotation(1, pypdf.annotations.FreeText(text="Approved by nobody", rect=(50, 550, 200, 650)))
        file = io.BytesIO()
        writer.write(file)
        assert "Approved by nobody" in "".join(words_of(asked(file.getvalue()), "came"))

    def test_of_a_page_is_compared(self, seal, made):
        page = made["html", "whole"].replace(b"Three trends", b"Five trends")
        verdict = asked(page)
        assert words_of(verdict, "came") == ["Five"]
        styled = made["html", "whole"].replace(b"</style>", b"p { color: red }</style>")
        assert "Its words are all the same" in said(asked(styled))
        outside = made["html", "whole"].replace(b"Twenty-fifth session", b"Twenty-sixth session", 1)
        assert asked(outside).changes

    def test_of_markdown_is_compared(self, seal, made):
        text = made["md", "whole"].replace(b"Three trends", b"Six trends")
        assert words_of(asked(text), "came") == ["Six"]
        edited = made["md", "whole"].replace(b"\n", b"\r\n")
        assert "Its words are all the same" in said(asked(edited))

    def test_of_data_is_compared(self, seal, made, snapshot):
        laid_out = json.dumps(snapshot, indent=2).encode()
        verdict = asked(laid_out)
        assert verdict.kind == Kind.ALTERED
        assert "Its data are those that were sealed" in said(verdict)
        forged = json.loads(made["json", "whole"])
        forged["sections"][1]["heading"] = "Another heading"
        forged["sections"][1]["record"]["version"] = 7
        verdict = asked(canonical(forged))
        assert verdict.seal == seal
        assert "Another" in "".join(words_of(verdict, "came"))
        assert "sections.1.record.version" in [each.name for each in verdict.properties]
        forged["sections"][1]["heading"] = snapshot["sections"][1]["heading"]
        assert "Its words are all the same: other data in it differ." in said(asked(canonical(forged)))

    def test_of_data_with_other_words_under_the_same_name_is_no_copy(self, seal, snapshot):
        invented = {**snapshot, "sections": [], "references": {}, "cover": [], "title": "Something else"}
        assert asked(canonical(invented)).kind == Kind.UNKNOWN

    def test_with_something_added_at_its_end_is_said_to_begin_with_the_sealed_file(self, seal, made):
        verdict = asked(made["pdf", "whole"] + b"\n% more")
        assert "begins with the whole sealed file; 7 bytes were added" in said(verdict)

    def test_that_was_cut_off_is_said_to_be_the_beginning(self, seal, made):
        content = made["md", "whole"]
        verdict = asked(content[:-500])
        assert f"{len(content) - 500} of {len(content)} bytes" in said(verdict)

    def test_of_a_format_that_was_not_sealed_is_not_compared(self, seal, made):
        with pgtrigger.ignore():
            seal.compilation.artifacts.filter(format="md").delete()
        verdict = asked(made["md", "whole"] + b"\nMore.\n")
        assert "Seal 1 has no file of this format" in said(verdict)

    def test_of_a_file_that_is_gone_is_not_compared(self, seal, made):
        artifact = seal.compilation.artifacts.get(format="md")
        artifact.file.storage.delete(artifact.file.name)
        verdict = asked(made["md", "whole"] + b"\nMore.\n")
        assert "cannot be compared" in said(verdict)
        assert f"The sealed file {artifact.file_name} is no longer stored." in said(verdict)


class TestOneChangedByte:
    @pytest.mark.parametrize("format", FORMATS)
    def test_anywhere_gives_a_sentence(self, seal, made, format):
        """A copy is found by its size where the byte destroys the fingerprint, or the file."""
        content = made[format, "whole"]
        chance = random.Random(20211122)
        places = {0, 1, len(content) - 1, *(chance.randrange(len(content)) for _ in range(4))}
        for place in sorted(places):
            wrong = bytearray(content)
            wrong[place] ^= chance.randrange(1, 256)
            verdict = asked(bytes(wrong))
            assert verdict.kind == Kind.ALTERED, (place, said(verdict))
            assert verdict.seal == seal, place
            assert f"1 of its {len(content)} bytes differs, at position {place + 1}." in said(verdict), place

    def test_in_the_fingerprint_hides_nothing(self, seal, made):
        content = made["md", "whole"]
        wrong = content.replace(seal.fingerprint.encode(), b"0" * 64)
        verdict = asked(wrong)
        assert verdict.seal == seal
        assert ("fingerprint", seal.fingerprint, "0" * 64) in [
            (each.name, each.sealed, each.here) for each in verdict.properties
        ]


class TestReaders:
    """Whoever may not read a submission learns no words of it."""

    def test_of_what_is_not_public_are_told_how_much_differs_and_no_words(self, unpublished, made):
        forged = saved_by_word(made["docx", "whole"], lambda word: word._body.clear_content())
        verdict = asked(forged, reader=VISITOR)
        assert verdict.seal == unpublished
        assert verdict.changes == []
        assert verdict.properties == []
        assert not verdict.may_read
        assert "Which words differ is shown to those who may read the submission." in said(verdict)
        assert "Three trends" not in said(verdict)

    def test_inside_the_entity_see_them(self, unpublished, made):
        member = UserFactory(role=Role.STAFF, entity=unpublished.submission.entities.get())
        forged = made["html", "whole"].replace(b"Three trends", b"Five trends")
        verdict = asked(forged, reader=member)
        assert verdict.may_read
        assert words_of(verdict, "went") == ["Three"]

    def test_of_what_is_public_see_them(self, seal, made):
        forged = made["html", "whole"].replace(b"Three trends", b"Five trends")
        assert words_of(asked(forged, reader=VISITOR), "went") == ["Three"]


class TestReceipt:
    def test_is_known_however_it_is_laid_out(self, seal):
        for content in (canonical(seal.receipt), json.dumps(seal.receipt, indent=2).encode()):
            verdict = asked(content)
            assert verdict.kind == Kind.RECEIPT
            assert "This is the receipt of Seal 1, as it was issued." in said(verdict)
            assert not verdict.is_in_force  # the receipt is no sealed file
        assert verify_hash(hashlib.sha256(canonical(seal.receipt)).hexdigest(), reader=VISITOR).seal == seal

    def test_that_was_changed_is_none(self, seal):
        forged = {**seal.receipt, "number": 7}
        assert asked(canonical(forged)).kind == Kind.UNKNOWN

    def test_as_pdf_is_known_by_what_it_names(self, seal):
        verdict = asked(receipt_pdf(seal.receipt))
        assert verdict.kind == Kind.RECEIPT
        assert "Its words were not compared" in said(verdict)


class TestDraft:
    @pytest.mark.parametrize("format", FORMATS)
    def test_is_known_and_nothing_more_is_said(self, draft, made, format):
        verdict = asked(made[format, "whole"], reader=VISITOR)
        assert verdict.kind == Kind.DRAFT
        assert verdict.seal is None
        assert "compiled here, but never sealed" in said(verdict)
        assert "UNIDO" not in said(verdict)

    def test_is_known_by_the_fingerprint_when_it_was_saved_again(self, draft, made):
        assert asked(saved_by_word(made["docx", "whole"])).kind == Kind.DRAFT

    def test_of_a_sealed_text_is_said_to_have_its_words(self, seal, made):
        """Compiled once more by renderers of another version: the same text in other bytes."""
        again = written_again(made["pdf", "whole"])
        later = CompilationFactory(submission=seal.submission, number=2, done=True, fingerprint=seal.fingerprint)
        verdict = asked(again)
        assert "It was made here" not in said(verdict)
        ArtifactFactory(compilation=later, format="pdf", sha256=verdict.sha256, size=len(again))
        assert "It was made here from the same text" in said(asked(again))
        assert Compilation.objects.count() == 2


@pytest.fixture(scope="module")
def elsewhere(snapshot) -> Files:
    return files_of({**snapshot, "portal": "https://other.example.org"})


class TestOtherFiles:
    @pytest.mark.parametrize("format", FORMATS)
    def test_of_another_portal_name_it(self, db, snapshot, elsewhere, format):
        verdict = asked(elsewhere[format, "whole"])
        assert verdict.kind == Kind.ELSEWHERE
        assert "https://other.example.org" in verdict.title

    def test_that_claim_to_be_from_here_are_unknown(self, db, made):
        verdict = asked(made["pdf", "whole"])
        assert verdict.kind == Kind.UNKNOWN
        assert "nothing with its fingerprint was ever compiled here" in said(verdict)

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"Hello", Kind.UNKNOWN),
            (b"\0\1\2", Kind.UNKNOWN),
            (b"PK\x03\x04rubbish", Kind.UNREADABLE),
            (b"%PDF-1.7 rubbish", Kind.UNREADABLE),
            (b'{"format"', Kind.UNREADABLE),
            (b"{}", Kind.UNKNOWN),
        ],
    )
    def test_get_a_sentence(self, seal, content, kind):
        verdict = asked(content)
        assert verdict.kind == kind
        assert re.search(r"\.$", verdict.title)

    def test_that_are_empty_or_too_large_are_refused(self, db):
        with pytest.raises(CannotTake, match="The file is empty"):
            asked(b"")
        with pytest.raises(CannotTake, match="larger than 25"):
            asked(bytes(files.LIMIT + 1))

    def test_cannot_pass_for_a_portal_by_an_address_that_is_none(self, db):
        text = f"---\nportal: javascript:alert(1)\nfingerprint: {'0' * 64}\n---\n\nText."
        assert asked(text.encode()).kind == Kind.UNKNOWN
        assert settings.PORTAL_URL not in said(asked(text.encode()))
