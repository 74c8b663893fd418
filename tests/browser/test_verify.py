"""Asking what a file is, in a browser: the form, the answers, with and without scripts."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from reporting.choices import SubmissionState
from reporting.models import Seal
from tests.browser.conftest import Visitor
from tests.factories import NOON, WithdrawalFactory
from tests.reporting.compilation import samples
from tests.reporting.verification.conftest import Files, compiled, files_of, seal_of

Visit = Callable[..., Visitor]

LOOKS = [
    pytest.param({"width": 1280}, id="english"),
    pytest.param({"width": 360, "language": "ar", "scheme": "dark"}, id="arabic"),
]


@pytest.fixture(scope="module")
def made() -> Files:
    return files_of(samples.unido())


@pytest.fixture
def seal(transactional_db: None, made: Files) -> Seal:
    return seal_of(compiled(samples.unido(), made, state=SubmissionState.PUBLISHED, published_at=NOON))


@pytest.fixture
def copy(made: Files, tmp_path: Path) -> Path:
    """The DOCX with a word changed, one taken out, and saved."""
    word = docx.Document(io.BytesIO(made["docx", "whole"]))
    word.core_properties.last_modified_by = "Somebody"
    for paragraph in word.paragraphs:
        if "Three trends" in paragraph.text:
            paragraph.runs[0].text = paragraph.runs[0].text.replace("Three trends", "Four trends")
        if paragraph.text.startswith("Obstacles named"):
            paragraph._element.getparent().remove(paragraph._element)
    path = tmp_path / "copy.docx"
    word.save(str(path))
    return path


def ask(visitor: Visitor, path: Path) -> Page:
    page = visitor.open("/verify/")
    page.set_input_files("input[type=file]", path)
    page.click("form[enctype] [type=submit]")
    expect(page.locator("#answer")).to_be_visible()
    return page


class TestVerify:
    @pytest.mark.parametrize("look", LOOKS)
    def test_is_open_to_everybody(self, visit: Visit, seal: Seal, copy: Path, look: dict[str, object]) -> None:
        visitor = visit(**look)
        visitor.open("/verify/")
        assert visitor.barriers() == []
        assert max(visitor.sticks_out(at=width) for width in (360, 1280)) <= 0
        page = ask(visitor, copy)
        assert visitor.barriers() == []
        assert max(visitor.sticks_out(at=width) for width in (360, 1280)) <= 0
        expect(page.locator("del").first).to_contain_text("Three")
        expect(page.locator("ins").first).to_contain_text("Four")

    def test_works_without_scripts(self, visit: Visit, seal: Seal, made: Files, tmp_path: Path) -> None:
        path = tmp_path / "any name.pdf"
        path.write_bytes(made["pdf", "whole"])
        page = ask(visit(scripts=False), path)
        expect(page.get_by_text("This is a sealed file: UNIDO-CSTD-25-1.pdf of Seal 1.")).to_be_visible()
        expect(page.get_by_role("link", name="Seal 1")).to_be_visible()

    def test_tells_of_a_withdrawal_in_words(self, visit: Visit, seal: Seal) -> None:
        WithdrawalFactory(seal=seal, confirmed=True)
        visitor = visit()
        page = visitor.open(f"/verify/?sha256={seal.fingerprint}")
        expect(page.get_by_text("Withdrawn on 22 November 2021")).to_be_visible()
        assert visitor.barriers() == []

    def test_says_beside_the_field_what_is_missing(self, visit: Visit, seal: Seal) -> None:
        visitor = visit(expected_status=422)
        page = visitor.open("/verify/")
        page.click("form[enctype] [type=submit]")
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator(".error-summary")).to_contain_text("Choose a file first.")
        assert visitor.barriers() == []

    def test_answers_when_a_file_is_too_large(self, visit: Visit, seal: Seal, tmp_path: Path) -> None:
        """The browser shows the sentence, not a broken connection."""
        path = tmp_path / "large.pdf"
        path.write_bytes(bytes(50 * 1024 * 1024))
        page = visit(expected_status=422).open("/verify/")
        page.set_input_files("input[type=file]", path)
        page.click("form[enctype] [type=submit]")
        expect(page.get_by_role("alert")).to_contain_text("larger than 25.0")
