"""What an entity plans in a real browser: targets and definitions of indicators, to what everybody reads."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Indicator, Target
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    EntityFactory,
    ImpactAreaFactory,
    IndicatorFactory,
    IndicatorTextFactory,
    MeasuringUnitFactory,
    ResultFactory,
    UserFactory,
    WorkplanEntryFactory,
)


class TestATarget:
    def test_is_proposed_by_keyboard_approved_and_then_read_by_everybody(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        secretariat = UserFactory(role=Role.SECRETARIAT, entity=entity, email="aruna@example.org")
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org")
        indicator = IndicatorFactory(workplan__entity=entity, code="MIC-T3")
        writer, reviewer, reader = visit(expected_status=422), visit(), visit()

        writer.sign_in(secretariat.email, PASSWORD)
        page = writer.open(indicator.get_absolute_url())
        page.get_by_role("button", name="Set a baseline or target").press("Enter")
        page.get_by_role("textbox", name="Year").fill("2027")
        page.get_by_role("textbox", name="Value").fill("40")
        expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("Saved"))
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("Say why this is the target.")
        assert writer.barriers() == []
        page.get_by_role("textbox", name="Reason").fill("Agreed with the Board.")
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        page = reader.open(indicator.get_absolute_url())
        expect(page.get_by_text("Neither a baseline nor a target was set.")).to_be_visible()

        reviewer.sign_in(focal_point.email, PASSWORD)
        page = reviewer.open("/desk/")
        reviewer.follow(page.get_by_role("link", name="MIC-T3 2027: 40").first)
        assert reviewer.barriers() == []
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved").first).to_be_visible()

        page = reader.open(indicator.get_absolute_url())
        expect(page.locator("main")).to_contain_text("Agreed with the Board.")
        assert reader.barriers() == []
        assert Target.objects.get().value == 40


class TestADefinition:
    def test_of_a_pending_unit_is_settled_after_being_asked_what_it_does(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        secretariat = UserFactory(role=Role.SECRETARIAT, entity=entity, email="aruna@example.org")
        indicator = IndicatorTextFactory(indicator__workplan__entity=entity, indicator__pending=True).indicator
        ResultFactory(indicator=indicator, unit=MeasuringUnitFactory(code="tonnes", name_en="Tonnes"))
        writer = visit(expected_status=422)

        writer.sign_in(secretariat.email, PASSWORD)
        page = writer.open(indicator.get_absolute_url())
        page.get_by_role("button", name="Change the definition").press("Enter")
        page.get_by_role("combobox", name="Unit").select_option("Tonnes")
        page.get_by_role("textbox", name="Why you change it").fill("Agreed with the regions.")
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("1 result has a value: from the approval on it counts")
        assert writer.barriers() == []
        assert writer.sticks_out(at=360) <= 0
        page.get_by_role("checkbox", name=re.compile("The unit is settled")).check()
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()
        assert writer.barriers() == []
        assert Indicator.objects.get().unit is None


class TestAnEdition:
    def test_is_prepared_on_a_phone_with_what_becomes_of_each_indicator(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        secretariat = UserFactory(role=Role.SECRETARIAT, entity=entity, email="aruna@example.org")
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org")
        indicator = IndicatorTextFactory(indicator__workplan__entity=entity, indicator__code="MIC-T1").indicator
        writer, reviewer = visit(width=360, expected_status=422), visit()

        writer.sign_in(secretariat.email, PASSWORD)
        page = writer.open(indicator.workplan.get_absolute_url())
        page.get_by_role("button", name="New edition of this workplan").press("Enter")
        page.locator("[name=edition]").fill("2026")
        page.get_by_role("textbox", name="Address").fill("mic-2026")
        page.get_by_label("In force from").fill("2026-01-01")
        page.get_by_role("textbox", name="Source").fill("IDB.54")
        page.get_by_label("MIC-T1: what becomes of it").select_option("reformulate it: another one takes its place")
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("Say why it does not go on as it is.")
        assert writer.barriers() == []
        assert writer.sticks_out() <= 0
        page.get_by_label("MIC-T1: its code in the new edition").fill("MIC-T1-2026")
        page.get_by_label("MIC-T1: why it is reformulated or retired").fill("By region now.")
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        reviewer.sign_in(focal_point.email, PASSWORD)
        page = reviewer.open(page.url.removeprefix(reviewer.url))
        expect(page.get_by_text("By region now.")).to_be_visible()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved").first).to_be_visible()
        page = reviewer.open("/indicators/MIC-T1/")
        expect(page.locator("main")).to_contain_text("By region now.")
        expect(page.get_by_role("link", name="MIC-T1-2026")).to_be_visible()
        assert reviewer.barriers() == []


class TestAMatrix:
    def test_is_changed_by_the_secretariat_compared_by_the_focal_point_and_read_by_everybody(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        entity = EntityFactory(code="UNIDO")
        secretariat = UserFactory(role=Role.SECRETARIAT, entity=entity, email="aruna@example.org")
        focal_point = UserFactory(role=Role.FOCAL_POINT, entity=entity, email="leila@example.org")
        area = ImpactAreaFactory(workplan__entity=entity, code="TECH")
        tool = WorkplanEntryFactory(workplan=area.workplan, code="Audit")
        tool.areas.add(area)
        here = area.workplan.get_absolute_url()
        writer, reviewer = visit(expected_status=422), visit()

        writer.sign_in(secretariat.email, PASSWORD)
        page = writer.open(here)
        writer.follow(page.get_by_role("link", name="Change texts, areas and entries"))
        assert writer.barriers() == []
        page.get_by_role("button", name="Change Audit").press("Enter")
        page.get_by_role("textbox", name="Name", exact=True).fill("Energy audit")
        expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("Saved"))
        assert writer.barriers() == []
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("Say why")
        page.get_by_role("textbox", name="Why you change it").fill("As the document has it.")
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        page = writer.open(f"/desk/workplans/{area.workplan.slug}/change")
        page.get_by_role("button", name="Add: output").press("Enter")
        page.get_by_role("textbox", name="Words", exact=True).fill("A network of middle-income countries")
        page.get_by_role("checkbox", name="It applies to all areas").check()
        page.get_by_role("button", name="Save and submit").press("Enter")
        expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()

        reviewer.sign_in(focal_point.email, PASSWORD)
        for draft in ("Energy audit", "A network of middle-income countries"):
            page = reviewer.open("/desk/")
            reviewer.follow(page.get_by_role("link", name=draft).first)
            assert reviewer.barriers() == []
            page.get_by_role("button", name="Approve").click()
            expect(page.get_by_text("Approved").first).to_be_visible()

        for width, language in ((360, "ar"), (1280, "en")):
            reader = visit(width=width, language=language)
            page = reader.open(here)
            expect(page.locator("main")).to_contain_text("Energy audit")
            expect(page.locator("main")).to_contain_text("A network of middle-income countries")
            assert reader.barriers() == []
            assert reader.sticks_out() <= 0


class TestPaper:
    def test_has_what_an_area_looks_at_and_no_links_to_look_further(
        self, transactional_db: None, visit: Callable[..., Visitor]
    ) -> None:
        area = ImpactAreaFactory(workplan__entity=EntityFactory(code="UNIDO"), code="TECH")
        area.texts.update(focus="Skills for industry")
        tool = WorkplanEntryFactory(workplan=area.workplan, code="Audit")
        tool.areas.add(area)
        page = visit().open(area.workplan.get_absolute_url())
        further = page.get_by_text("initiatives that speak of it")
        expect(further).to_be_visible()
        expect(page.get_by_text("Skills for industry")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.get_by_text("Skills for industry")).to_be_visible()
        expect(further).to_be_hidden()
