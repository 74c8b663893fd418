"""The offline workbook in a browser: downloaded, edited as in a spreadsheet, sent back, looked at, taken in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Draft, Initiative
from reporting.models import WorkbookUpload
from reporting.tasks import work_on_workbook_task
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    BreakdownFactory,
    CategoryFactory,
    EntityFactory,
    IndicatorFactory,
    InitiativeFactory,
    KindFactory,
    UserFactory,
)
from tests.support.workbooks import FIRST_ROW, with_cells, with_words

Visit = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def records(transactional_db: None) -> None:
    unido = EntityFactory(code="UNIDO")
    UserFactory(email="staff@example.org", role=Role.STAFF, entity=unido)
    KindFactory(code="programme")
    sex = BreakdownFactory(indicator=IndicatorFactory(code="S1"), code="sex")
    CategoryFactory(breakdown=sex, code="women"), CategoryFactory(breakdown=sex, code="men")
    for title in ("Learning hub", "مركز التعلم", "Third"):
        InitiativeFactory(entity=unido, title=title, place="Vienna")


def work_on() -> None:
    work_on_workbook_task(upload_id=WorkbookUpload.objects.latest("pk").pk)


class TestWorkbook:
    def test_goes_out_and_comes_back(self, visit: Visit, tmp_path: Path) -> None:
        visitor = visit()
        visitor.sign_in("staff@example.org", PASSWORD)
        page = visitor.open("/desk/")
        visitor.follow(page.get_by_role("link", name="Work offline"))
        assert visitor.barriers() == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Facts (XLSX)").click()
        path = tmp_path / "records.xlsx"
        content = Path(download.value.path()).read_bytes()
        content = with_cells(content, place="Graz " * 30)
        content = with_cells(content, FIRST_ROW + 1, place="غراتس")
        content = with_cells(content, FIRST_ROW + 2, kind="=1+1")
        content = with_cells(content, sheet=2, indicator="S1", place="not-split", period="2021-Q3", value="1e400")
        result = {"indicator": "S1", "initiative": f"i{Initiative.objects.get(texts__title='Third').pk}"}
        result |= {"place": "not-split", "period": "2021", "value": "40", "parts": "women=25; men=15"}
        content = with_cells(content, FIRST_ROW + 1, sheet=2, **result, source="https://example.org/" + "survey" * 20)
        path.write_bytes(with_cells(content, FIRST_ROW + 3, title="New 🏭", kind="programme", language="en"))
        Initiative.objects.filter(texts__title="مركز التعلم").update(place="Linz")

        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Send and look").click()
        expect(page.get_by_text("It waits until a worker is free.")).to_be_visible()
        work_on()
        expect(page.get_by_text("This is a formula")).to_be_visible()
        expect(page.get_by_text("“1e400” is no number")).to_be_visible()
        expect(page.get_by_text("Others wrote meanwhile:")).to_be_visible()
        assert visitor.barriers() == []
        for look in ({"width": 360, "scheme": "dark"}, {"width": 360, "language": "ar"}):
            other = visit(**look)
            other.sign_in("staff@example.org", PASSWORD)
            for address in ("/desk/records/", WorkbookUpload.objects.get().get_absolute_url()):
                other.open(address)
                assert other.barriers() == [], address
                assert other.sticks_out() <= 0, address

        page.get_by_role("button", name="Take mine").click()
        expect(page.get_by_role("button", name="Take mine")).to_have_attribute("aria-pressed", "true")
        page.get_by_label("Why the records are changed").fill("Checked in the field.")
        page.get_by_role("button", name="Take in the good rows").click()
        expect(page.get_by_text("It waits until a worker is free.")).to_be_visible()
        work_on()
        expect(page.get_by_text("4 rows are in their drafts now.")).to_be_visible()
        assert visitor.barriers() == []
        assert Draft.objects.count() == 4
        page.get_by_role("button", name="Submit what is complete").click()
        work_on()
        expect(page.get_by_text("4 drafts of it were submitted here.")).to_be_visible()

    def test_takes_texts_to_word_and_back(self, visit: Visit, tmp_path: Path) -> None:
        hub = Initiative.objects.get(texts__title="Learning hub")
        hub.texts.update(description="<p>It teaches <strong>welders</strong> in Vienna.</p>")
        visitor = visit()
        visitor.sign_in("staff@example.org", PASSWORD)
        page = visitor.open("/desk/records/")
        with page.expect_download() as download:
            page.get_by_role("link", name="Texts (DOCX)").click()
        path = tmp_path / "texts.docx"
        path.write_bytes(with_words(Path(download.value.path()).read_bytes(), in_Vienna="in Graz and Linz"))
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Send and look").click()
        expect(page.get_by_text("It waits until a worker is free.")).to_be_visible()
        work_on()
        expect(page.locator("#rows ins")).to_contain_text("Graz and Linz")
        expect(page.locator("#rows del")).to_contain_text("Vienna")
        assert visitor.barriers() == []
        page.get_by_role("button", name="Take in all rows").click()
        expect(page.get_by_text("It waits until a worker is free.")).to_be_visible()
        work_on()
        page.get_by_role("link", name="Say why what was approved is changed.").click()
        expect(page.locator("#id_why")).to_be_visible()
        assert Draft.objects.get().content["description"] == (
            "<p>It teaches <strong>welders</strong> in Graz and Linz.</p>"
        )

    def test_works_by_keyboard_and_without_scripts(self, visit: Visit, tmp_path: Path) -> None:
        visitor = visit(scripts=False, expected_status=422)
        visitor.sign_in("staff@example.org", PASSWORD)
        page = visitor.open("/desk/records/")
        page.get_by_role("button", name="Send and look").press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("Choose a file first.")
        path = tmp_path / "none.xlsx"
        path.write_text("no workbook")
        page.set_input_files("input[type=file]", path)
        page.get_by_role("button", name="Send and look").press("Enter")
        work_on()
        page = visitor.open(WorkbookUpload.objects.get().get_absolute_url())
        expect(page.get_by_role("alert")).to_contain_text("The file is no workbook that can be read.")
