"""Old documents in, in a browser: sending, watching, choosing, filing, taking back; with and without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from initiatives.choices import Role
from initiatives.models import Initiative
from reporting.choices import ImportState
from reporting.models import Import, Submission
from reporting.tasks import read_import_task
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, EntityFactory, KindFactory, SessionFactory, UserFactory
from tests.support.importing import SUBMISSION, accepted, asked_for, read_in

Visit = Callable[..., Visitor]

LOOKS = [
    pytest.param({"width": 1280}, id="english"),
    pytest.param({"width": 360, "language": "ar", "scheme": "dark"}, id="arabic"),
]


@pytest.fixture(autouse=True)
def records(transactional_db: None) -> None:
    unido = EntityFactory(code="UNIDO", name_en="United Nations Industrial Development Organization")
    UserFactory(email="focal@example.org", role=Role.FOCAL_POINT, entity=unido)
    KindFactory(code="project")
    SessionFactory(number=25, reporting_year=2021)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old submission.md"
    path.write_text(SUBMISSION)
    return path


def read() -> Import:
    return read_in(SUBMISSION, EntityFactory(code="UNIDO"), session=SessionFactory(number=25))


def signed_in(visit: Visit, **look: object) -> Visitor:
    visitor = visit(**look)
    visitor.sign_in("focal@example.org", PASSWORD)
    return visitor


def send(page: Page, path: Path) -> None:
    page.set_input_files("input[type=file]", path)
    page.select_option("[name=session]", label="CSTD 25")
    page.click("form[enctype] [type=submit]")


class TestImports:
    def test_go_from_the_desk_to_records_and_back(self, visit: Visit, old: Path) -> None:
        visitor = signed_in(visit)
        page = visitor.open("/desk/")
        page.get_by_role("link", name="Read in old documents").click()
        send(page, old)
        expect(page.get_by_text("The file waits until a worker is free.")).to_be_visible()
        assert visitor.barriers() == []
        read_import_task(import_id=Import.objects.get().pk)
        expect(page.get_by_role("heading", name="What would be filed")).to_be_visible()
        page.get_by_label("Shared sensors for tanneries").select_option(
            label="No initiative: its text alone, as a passage"
        )
        page.get_by_role("button", name="File these records").click()
        expect(page.get_by_text("The document is filed as records.")).to_be_visible()
        assert Submission.objects.get().sections.count() == 4
        assert Initiative.objects.count() == 1
        assert visitor.barriers() == []
        visitor.follow(page.get_by_role("link", name="Take all of it back"))
        assert visitor.barriers() == []
        page.get_by_role("button", name="Take all of it back").click()
        expect(page.get_by_text("All that was filed of this document is taken back.")).to_be_visible()
        assert not Submission.objects.exists()

    def test_work_without_scripts(self, visit: Visit, old: Path) -> None:
        visitor = signed_in(visit, scripts=False)
        page = visitor.open("/documents/imports/")
        send(page, old)
        imported = Import.objects.get()
        read_import_task(import_id=imported.pk)
        page = visitor.open(imported.get_absolute_url())
        page.get_by_role("button", name="File these records").click()
        expect(page.get_by_text("The document is filed as records.")).to_be_visible()
        assert Submission.objects.exists()

    def test_are_worked_by_keyboard(self, visit: Visit) -> None:
        imported = read()
        page = signed_in(visit).open(imported.get_absolute_url())
        summary = (
            page.locator("summary", has_text="Action lines").or_(page.locator("summary", has_text="Sections")).first
        )
        summary.focus()
        page.keyboard.press("Enter")
        expect(summary.locator("xpath=..")).to_have_attribute("open", "")
        button = page.get_by_role("button", name="File these records")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("The document is filed as records.")).to_be_visible()

    @pytest.mark.parametrize("look", LOOKS)
    def test_look_well_everywhere(self, visit: Visit, look: dict[str, object]) -> None:
        imported = read()
        visitor = signed_in(visit, **look)
        addresses = ["/documents/imports/", imported.get_absolute_url(), reverse("import_words", args=[imported.pk])]
        for address in [*addresses, reverse("import_undo", args=[imported.pk])]:
            page = visitor.open(address)
            page.evaluate("for (const part of document.querySelectorAll('details.further')) part.open = true")
            assert visitor.barriers() == [], address
            assert max(visitor.sticks_out(at=width) for width in (360, 1280)) <= 0, address
        accepted(imported)
        for address in (imported.get_absolute_url(), reverse("import_undo", args=[imported.pk])):
            visitor.open(address)
            assert visitor.barriers() == [], address
            assert max(visitor.sticks_out(at=width) for width in (360, 1280)) <= 0, address

    def test_say_beside_the_field_what_is_missing(self, visit: Visit) -> None:
        visitor = signed_in(visit, expected_status=422)
        page = visitor.open("/documents/imports/")
        page.click("form[enctype] [type=submit]")
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.locator(".error-summary")).to_contain_text("Choose a file first.")
        assert visitor.barriers() == []

    def test_answer_when_a_file_is_too_large(self, visit: Visit, tmp_path: Path) -> None:
        path = tmp_path / "large.pdf"
        path.write_bytes(bytes(50 * 1024 * 1024))
        page = signed_in(visit, expected_status=422).open("/documents/imports/")
        send(page, path)
        expect(page.get_by_role("alert")).to_contain_text("larger than 25.0")

    def test_say_why_a_file_could_not_be_read(self, visit: Visit) -> None:
        imported = asked_for(EntityFactory(code="UNIDO"))
        Import.objects.update(state=ImportState.FAILED, failure="It is a picture. Send the document itself.")
        visitor = signed_in(visit)
        page = visitor.open(imported.get_absolute_url())
        expect(page.get_by_role("alert")).to_contain_text("It is a picture.")
        assert visitor.barriers() == []
