"""Beginning and changing a record in a real browser: saved while one types, put together where two write, approved."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from initiatives.choices import AliasKind, DraftState, Role
from initiatives.models import ActionLineAlias, Draft, Entity, Initiative
from portal.models import User
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    ActionLineFactory,
    CountryFactory,
    EntityFactory,
    InitiativeFactory,
    KindFactory,
    OrganisationFactory,
    UserFactory,
)

Visit = Callable[..., Visitor]

DESCRIPTION = "[role=textbox][aria-labelledby=id_description-label]"


@pytest.fixture
def entity(transactional_db: None) -> Entity:
    KindFactory(code="project", name_en="Project")
    line = ActionLineFactory(code="C4", name_en="Capacity building")
    ActionLineAlias.objects.create(line=line, kind=AliasKind.KEYWORD, language="en", text="training of trainers")
    CountryFactory(name_en="Nepal")
    return EntityFactory(acronym="LOOM", code="LOOM")


@pytest.fixture
def staff(entity: Entity) -> User:
    return UserFactory(role=Role.STAFF, entity=entity, email="mira@example.org", name="Mira Halden")


@pytest.fixture
def focal_point(entity: Entity) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org", name="Leila Mansour")


def signed_in(visitor: Visitor, person: User, path: str) -> Page:
    visitor.sign_in(person.email, PASSWORD)
    return visitor.open(path)


PAUSE = 2000  # milliseconds after the last key, then the page saves


@contextmanager
def saving(page: Page, *, patiently: bool = False) -> Iterator[None]:
    """Type, then wait until the page says that it has arrived. Only who is patient waits for the pause before it."""
    if not patiently:
        page.clock.install()
    with page.expect_response("**/save") as answer:
        yield
        if not patiently:
            page.clock.fast_forward(PAUSE)
    assert answer.value.ok
    expect(page.locator("[data-autosave-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def begun(visitor: Visitor, person: User, title: str = "Open mills") -> Page:
    page = signed_in(visitor, person, "/desk/initiatives/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Kind").select_option("project")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/edit/#id_description")
    return page


class TestNewInitiative:
    def test_is_begun_filled_in_and_approved(self, visit: Visit, staff: User, focal_point: User) -> None:
        page = signed_in(visit(), staff, "/desk/")
        page.get_by_role("link", name="New initiative").first.click()
        page.get_by_label("Title").fill("Open mills")
        page.get_by_label("Kind").select_option("project")
        page.get_by_role("button", name="Begin").click()
        page.locator(DESCRIPTION).click()
        with saving(page, patiently=True):
            page.keyboard.type("It plans the training of trainers.")
        page.reload()
        expect(page.locator(DESCRIPTION)).to_have_text("It plans the training of trainers.")
        suggested = page.locator("[data-suggestions=lines] li")
        expect(suggested).to_contain_text(["because of “training of trainers”"])
        suggested.get_by_role("checkbox", name="C4 Capacity building").check()
        expect(page.locator("[data-choices]", has_text="C4 Capacity building").locator(".tag")).to_have_count(1)
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of LOOM decides.")).to_be_visible()

        page = signed_in(visit(), focal_point, "/desk/")
        page.get_by_role("link", name="Open mills").click()
        expect(page.get_by_text("It plans the training of trainers.")).to_be_visible()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved. It is version 1 of the record.")).to_be_visible()

        page = visit().open("/initiatives/open-mills/")
        expect(page.get_by_text("It plans the training of trainers.")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("C4")).first).to_be_visible()

    def test_shows_records_with_a_like_title_while_one_types(self, visit: Visit, staff: User, entity: Entity) -> None:
        InitiativeFactory(entity=entity, title="Open workshops for small mills", slug="mills", published=True)
        page = signed_in(visit(), staff, "/desk/initiatives/new/")
        page.get_by_label("Title").press_sequentially("Open workshop for small mills")
        hint = page.get_by_role("region", name="Is it one of these?")
        expect(hint.get_by_role("link", name="Open workshops for small mills")).to_be_visible()

    def test_is_finished_by_the_keyboard_alone(self, visit: Visit, staff: User) -> None:
        for at in range(12):
            CountryFactory(name_en=f"Country {at}")
        page = signed_in(visit(), staff, "/desk/initiatives/new/")
        keys = page.keyboard
        keys.type("Open mills")
        keys.press("Tab")
        keys.type("Project")
        keys.press("Tab")
        keys.press("Enter")
        page.wait_for_url("**/edit/#id_description")
        expect(page.locator(DESCRIPTION)).to_be_focused()
        keys.type("It trains weavers.")

        def go_to(field: str, most: int = 8) -> None:
            for _ in range(most):
                keys.press("Tab")
                if (
                    page.evaluate("document.activeElement.closest('.field, .actions')?.textContent ?? ''")
                    .strip()
                    .startswith(field)
                ):
                    return
            raise AssertionError(f"{field} is more than {most} stops away")

        go_to("Countries")
        keys.press("Enter")
        expect(page.locator("[data-choice-search]:focus")).to_have_count(1)  # once it has opened
        keys.type("nep")
        keys.press("Enter")
        keys.type("country 3")
        with saving(page):
            keys.press("Enter")
        keys.press("Escape")
        keys.press("Escape")
        go_to("Action lines")
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Space")
        keys.press("Escape")
        go_to("Save and submit", most=24)
        keys.press("Enter")
        expect(page.get_by_text("Submitted. The focal point of LOOM decides.")).to_be_visible()
        content = Draft.objects.get().content
        assert content["description"] == "<p>It trains weavers.</p>"
        assert (len(content["countries"]), content["lines"]) == (2, ["C4"])

    def test_is_given_partners_by_search_and_a_translation_beside_the_original(self, visit: Visit, staff: User) -> None:
        company = OrganisationFactory(name="Weaving Company of Graz")
        page = begun(visit(), staff)
        page.get_by_text("Who takes part").first.click()
        who = page.get_by_label("Entity or organization, 1")
        with page.expect_response("**/desk/find/participants?**"):
            who.press_sequentially("weaving")
        offer = page.locator("datalist option")
        expect(offer).to_have_attribute("value", company.name)
        with saving(page):
            who.fill(company.name)
            page.get_by_label("Role, 1").select_option("donor")
        page.get_by_text("Texts in other languages").click()
        expect(page.get_by_role("region", name="The original")).to_contain_text("Open mills")
        page.locator(".translating summary", has_text="العربية").click()
        text = page.locator("[role=textbox][aria-labelledby='id_description-ar-label']")
        expect(text).to_have_attribute("dir", "rtl")
        page.locator("#id_title-ar").fill("مطاحن مفتوحة")
        text.click()
        with saving(page):
            page.keyboard.type("نص")
        page.reload()
        expect(page.locator(".form-fold", has_text="Who takes part").locator(".fold-count")).to_have_text("1")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Weaving Company of Graz · donor")).to_be_visible()
        expect(page.locator(".change-text[lang=ar]", has_text="نص")).to_have_attribute("dir", "rtl")

    def test_works_without_scripts(self, visit: Visit, staff: User) -> None:
        page = begun(visit(scripts=False), staff)
        page.get_by_label("Description", exact=True).fill("It plans.")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of LOOM decides.")).to_be_visible()
        assert Draft.objects.get().state == DraftState.SUBMITTED

    @pytest.mark.parametrize(
        ("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")], ids=lambda value: str(value)
    )
    def test_has_no_barrier(self, visit: Visit, staff: User, width: int, language: str, scheme: str) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        page = signed_in(visitor, staff, "/desk/initiatives/new/")
        assert visitor.barriers() == []
        page.locator("#id_title").fill("Open mills")
        page.locator("#id_kind").select_option("project")
        page.locator("main form [type=submit]").click()
        page.wait_for_url("**/edit/#id_description")
        for fold in [*page.locator("[data-choices] > summary").all()[:2], *page.locator(".form-fold > summary").all()]:
            fold.click()
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
        visitor.open(Draft.objects.get().get_absolute_url())
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0


class TestTwoWriters:
    def test_are_put_together_and_asked_where_both_changed_the_same(
        self, visit: Visit, staff: User, focal_point: User
    ) -> None:
        one = begun(visit(), staff)
        other_visitor = visit(expected_status=409)
        other_visitor.page.clock.install()
        other = signed_in(other_visitor, focal_point, one.url.removeprefix(other_visitor.url))

        with saving(one):
            one.get_by_label("Place").fill("Graz")
        other.get_by_label("Status in words").fill("until it is funded")
        other.clock.fast_forward(PAUSE)
        expect(other.get_by_text("Others changed other places of this draft.", exact=False)).to_be_visible()
        draft = Draft.objects.get()
        assert (draft.content["place"], draft.content["status_note"]) == ("Graz", "until it is funded")

        one.reload()
        other.reload()
        with saving(one):
            one.get_by_label("Title", exact=False).first.fill("Open mills of Graz")
        other.get_by_label("Title", exact=False).first.fill("Open mills of Styria")
        other.clock.fast_forward(PAUSE)
        expect(other.get_by_text("and changed the same as you", exact=False)).to_be_visible()
        other.get_by_role("button", name="Save draft").click()
        expect(other.get_by_role("heading", name="Two changes of one text")).to_be_visible()
        assert other_visitor.barriers() == []
        assert Draft.objects.get().title == "Open mills of Graz"
        other.get_by_label("Mine", exact=True).check()
        other.get_by_role("button", name="Save what I chose").click()
        expect(other.get_by_label("Title", exact=False).first).to_have_value("Open mills of Styria")
        draft = Draft.objects.get()
        assert (draft.title, draft.content["place"]) == ("Open mills of Styria", "Graz")


class TestNetwork:
    def test_keeps_what_is_typed_while_it_is_away(self, visit: Visit, staff: User) -> None:
        visitor = visit()
        page = begun(visitor, staff)
        page.route("**/save", lambda route: route.abort())
        page.get_by_label("Place").fill("Graz")
        expect(page.get_by_text("Not saved: the portal cannot be reached.", exact=False)).to_be_visible()
        page.unroute("**/save")
        visitor.complaints.clear()  # the browser tells of each call that failed
        page.reload()
        with saving(page):
            page.get_by_role("button", name="Put it into the form").click()
        expect(page.get_by_label("Place")).to_have_value("Graz")
        assert Draft.objects.get().content["place"] == "Graz"

    def test_says_that_the_session_has_ended(self, visit: Visit, staff: User) -> None:
        visitor = visit(expected_status=401)
        page = begun(visitor, staff)
        visitor.context.clear_cookies(name="sessionid")
        page.get_by_label("Place").fill("Graz")
        expect(page.get_by_text("You are signed out.", exact=False)).to_be_visible()
        visitor.sign_in(staff.email, PASSWORD)
        page.get_by_label("Place").fill("Graz, Styria")
        expect(page.locator("[data-autosave-state]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
        assert Draft.objects.get().content["place"] == "Graz, Styria"


class TestChange:
    def test_needs_a_reason_and_leaves_what_is_approved_until_then(
        self, visit: Visit, staff: User, entity: Entity
    ) -> None:
        initiative = InitiativeFactory(entity=entity, title="Open mills", slug="mills", published=True)
        page = signed_in(visit(expected_status=422), staff, initiative.get_absolute_url())
        page.get_by_role("button", name="Change the record").click()
        page.get_by_label("Title", exact=False).first.fill("Open mills and looms")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Say why what was approved is changed.").first).to_be_visible()
        page.get_by_label("Why you change it").fill("Looms came in.")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.locator("ins", has_text="and looms")).to_be_visible()
        assert Initiative.objects.get().texts.get().title == "Open mills"
        page = visit().open(initiative.get_absolute_url())
        expect(page.get_by_role("heading", name="Open mills", exact=True)).to_be_visible()
