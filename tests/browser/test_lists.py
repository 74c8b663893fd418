"""Lists in a real browser: filters by keyboard and by touch, without scripts, on a phone and in Arabic."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from initiatives.choices import Status
from reporting.choices import SubmissionState
from tests.browser.conftest import Visitor
from tests.factories import (
    NOON,
    CountryFactory,
    DocumentFactory,
    EntityFactory,
    InitiativeFactory,
    InitiativePlaceFactory,
    SubmissionFactory,
    UpdateFactory,
)

Visit = Callable[..., Visitor]

LIST = "/initiatives/"
COUNTRIES = 12


@pytest.fixture(autouse=True)
def _records(transactional_db: None) -> None:
    """UNIDO has 12 ongoing initiatives, each in a country of its own, an update, a document and a submission; ITU has
    a planned and a completed initiative."""
    unido, itu = EntityFactory(code="UNIDO"), EntityFactory(code="ITU")
    for number in range(COUNTRIES):
        initiative = InitiativeFactory(
            title=f"Learning hub {number:02}", entity=unido, status=Status.ONGOING, published=True
        )
        InitiativePlaceFactory(
            initiative=initiative, country=CountryFactory(name_en=["Côte d’Ivoire", "Kenya"][number % 2] + f" {number}")
        )
    UpdateFactory(initiative=initiative, paragraph="<p>Forty people came.</p>")
    DocumentFactory(title="Learning in factories", entity=unido)
    SubmissionFactory(entities=[unido], state=SubmissionState.PUBLISHED, published_at=NOON)
    InitiativeFactory(title="Planned forum", entity=itu, status=Status.PLANNED, published=True)
    InitiativeFactory(title="Finished study", entity=itu, status=Status.COMPLETED, published=True)


def found(page: Page, words: str) -> None:
    expect(page.locator("#list-count")).to_have_text(words)


def box(page: Page, facet: str, value: str):
    return page.locator(f'[data-facet="{facet}"] input[value="{value}"]')


def count_beside(page: Page, facet: str, value: str):
    return page.locator(f'[data-facet="{facet}"] label', has=page.locator(f'input[value="{value}"]')).locator(
        ".facet-count"
    )


class TestFilters:
    def test_combine_by_keyboard_while_counts_change_and_the_focus_stays(self, visit: Visit) -> None:
        visitor = visit()
        page = visitor.open(LIST)
        found(page, "14 initiatives")
        page.locator('[data-facet="status"] > summary').focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        found(page, "1 initiative")
        expect(box(page, "status", "planned")).to_be_focused()
        expect(box(page, "status", "planned")).to_be_checked()
        expect(count_beside(page, "entity", "ITU")).to_have_text("1")
        expect(box(page, "entity", "UNIDO")).to_have_count(0)
        expect(count_beside(page, "status", "ongoing")).to_have_text("12")
        expect(page.locator("#announcements")).to_have_text("1 initiative")
        assert page.url.endswith("?status=planned")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        found(page, "13 initiatives")
        expect(box(page, "entity", "UNIDO")).to_have_count(1)
        assert page.url.endswith("?status=planned&status=ongoing")

    def test_come_back_as_they_were_with_the_back_button(self, visit: Visit) -> None:
        page = visit().open(LIST)
        box(page, "entity", "ITU").check()
        found(page, "2 initiatives")
        page.locator('[data-facet="status"] > summary').click()
        box(page, "status", "planned").check()
        found(page, "1 initiative")
        page.go_back()
        found(page, "2 initiatives")
        expect(box(page, "entity", "ITU")).to_be_checked()
        expect(box(page, "status", "planned")).not_to_be_checked()
        page.go_back()
        found(page, "14 initiatives")
        expect(box(page, "entity", "ITU")).not_to_be_checked()

    def test_are_taken_away_by_their_tags(self, visit: Visit) -> None:
        page = visit().open(f"{LIST}?entity=ITU&status=planned")
        found(page, "1 initiative")
        page.get_by_role("link", name=re.compile("Status: planned")).click()
        found(page, "2 initiatives")
        expect(page.locator("#list-count")).to_be_focused()
        expect(box(page, "status", "planned")).not_to_be_checked()
        assert page.url.endswith("?entity=ITU")
        page.locator("#results").get_by_role("link", name="Clear all").click()
        found(page, "14 initiatives")
        expect(box(page, "entity", "ITU")).not_to_be_checked()
        assert page.url.endswith(LIST)

    def test_search_while_one_types(self, visit: Visit) -> None:
        page = visit().open(LIST)
        page.locator("#filters-q").press_sequentially("forum")
        found(page, "1 initiative")
        expect(page.locator("#filters-q")).to_be_focused()
        assert page.url.endswith("?q=forum")

    def test_keep_the_focus_on_the_button_that_was_pressed(self, visit: Visit) -> None:
        page = visit().open(LIST)
        page.locator("#filters-q").evaluate("box => (box.value = 'study')")
        show = page.locator("#filters").get_by_role("button", name="Show")
        show.focus()
        page.keyboard.press("Enter")
        found(page, "1 initiative")
        expect(show).to_be_focused()

    def test_of_many_choices_are_found_by_their_words_without_accents(self, visit: Visit) -> None:
        page = visit().open(LIST)
        page.locator('[data-facet="country"] > summary').click()
        page.get_by_role("searchbox", name="Find in “Country”").fill("COTE D")
        shown = page.locator('[data-facet="country"] li:visible')
        expect(shown).to_have_count(COUNTRIES // 2)
        shown.first.locator("input").check()
        found(page, "1 initiative")
        expect(shown).to_have_count(COUNTRIES // 2)

    def test_say_themselves_what_an_address_asks_in_vain(self, visit: Visit) -> None:
        page = visit(expected_status=400).open(LIST)
        page.evaluate("document.querySelector('[data-facet=entity] input').value = 'NOPE'")
        page.locator('[data-facet="entity"] input').first.check()
        expect(page.get_by_role("alert")).to_contain_text("Nothing has the code “NOPE”")


class TestFiles:
    def test_say_why_there_is_none_on_a_page(self, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.common.exports.ROWS_OF_A_SHEET", 1)
        page = visit(expected_status=400).open(LIST)
        page.get_by_role("link", name="XLSX").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The file was not made")
        expect(page.locator("main")).to_contain_text("A sheet holds at most 1 rows.")

    def test_are_saved_while_the_list_stays(self, visit: Visit) -> None:
        page = visit().open(LIST)
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        assert download.value.suggested_filename.startswith("initiatives-")
        found(page, "14 initiatives")


class TestOrderAndPages:
    def test_change_in_place(self, visit: Visit) -> None:
        page = visit().open(f"{LIST}?entity=UNIDO")
        first = page.locator("#results h2").first
        expect(first).to_have_text("Learning hub 00")
        page.locator("#list-order").focus()
        page.locator("#list-order").select_option("latest")
        expect(first).to_have_text(f"Learning hub {COUNTRIES - 1}")
        expect(page.locator("#list-order")).to_be_focused()
        assert page.url.endswith("?entity=UNIDO&order=latest")
        page.locator("#list-size").select_option("50")
        expect(page).to_have_url(re.compile(r"\?entity=UNIDO&order=latest&per_page=50$"))

    def test_turn_and_go_on_at_the_top(self, visit: Visit) -> None:
        for number in range(20):
            InitiativeFactory(title=f"More {number}", published=True, entity=EntityFactory(code="UNIDO"))
        page = visit().open(f"{LIST}?entity=UNIDO")
        page.get_by_role("link", name="Next").click()
        expect(page.locator("#results li > article")).to_have_count(7)
        expect(page.locator("#list-count")).to_be_focused()
        expect(page).to_have_url(re.compile(r"\?entity=UNIDO&page=2$"))


class TestEverywhere:
    def test_works_without_scripts(self, visit: Visit) -> None:
        page = visit(scripts=False).open(LIST)
        box(page, "entity", "ITU").check()
        page.locator("#list-order").select_option("latest")
        page.locator("#filters").get_by_role("button", name="Show").click()
        found(page, "2 initiatives")
        expect(box(page, "entity", "ITU")).to_be_checked()
        expect(page.locator("#list-order")).to_have_value("latest")
        page.get_by_role("link", name=re.compile("Entity: ITU")).click()
        found(page, "14 initiatives")

    @pytest.mark.parametrize("path", [LIST, "/updates/", "/documents/", "/submissions/"])
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_unfolds_on_a_phone(self, visit: Visit, path: str, language: str) -> None:
        visitor = visit(width=360, language=language)
        page = visitor.open(path)
        expect(box(page, "entity", "UNIDO")).not_to_be_visible()
        page.locator("[data-fold] > summary").click()
        box(page, "entity", "UNIDO").check()
        expect(page.locator(".list-tags .tag")).to_have_count(1)
        assert visitor.sticks_out() <= 0
        assert visitor.barriers() == []

    @pytest.mark.parametrize(
        "path",
        [
            f"{LIST}?entity=ITU&status=planned",
            "/updates/?kind=news",
            "/documents/",
            "/entities/?q=unido",
            "/submissions/",
            "/submissions/?year=2003",
        ],
    )
    def test_has_no_barriers_on_a_wide_screen(self, visit: Visit, path: str) -> None:
        visitor = visit()
        page = visitor.open(path)
        for summary in page.locator(".facet > summary").all():
            if not summary.evaluate("summary => summary.parentElement.open"):
                summary.click()
        assert visitor.barriers() == []
