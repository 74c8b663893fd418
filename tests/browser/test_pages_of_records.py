"""The pages of an initiative, entity, document and action line: open to everybody, in both directions."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from initiatives.choices import FacilitationRole, PartKind, Role
from portal.models import User
from tests import factories
from tests.browser.conftest import Visitor

Visit = Callable[..., Visitor]

LONG = "Learning and Knowledge Development Facility for industrial skills with vocational schools everywhere"


@dataclass
class Records:
    """A focal point, and the addresses of pages that hold a little of everything."""

    focal_point: User
    public: dict[str, str]
    own: dict[str, str]


@pytest.fixture
def records(transactional_db: None) -> Records:
    entity = factories.EntityFactory(
        code="UNIDO", name_en="United Nations Industrial Development Organization", name_ar="منظمة الأمم المتحدة"
    )
    focal_point = factories.UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Amal Haddad")
    line = factories.ActionLineFactory(code="C7", name_en="Applications", current_name_en="ICT applications")
    part_of_line = factories.ActionLineFactory(code="C7-EGOV", parent=line, name_en="E-government")
    initiative = factories.InitiativeFactory(
        entity=entity, published=True, slug="learning", title=LONG, description="<p>Where people learn.</p>"
    )
    factories.InitiativeTextFactory(
        initiative=initiative, language="ar", state="machine", title="مركز", description="<p>حيث يتعلم الناس.</p>"
    )
    arabic = factories.InitiativeFactory(entity=entity, published=True, title="شبكة المعارف", language="ar")
    factories.InitiativeLineFactory(initiative=initiative, line=part_of_line)
    factories.InitiativePlaceFactory(initiative=initiative)
    factories.IdentifierFactory(initiative=initiative, label="SAP 180036", address="https://example.org/180036")
    factories.OtherTitleFactory(initiative=initiative, language="ar", text="مركز التعلم")
    factories.ParticipationFactory(initiative=initiative, since="2020-01-01")
    factories.RelationFactory(source=initiative, target=arabic)
    factories.EntityAliasFactory(entity=entity)
    for line_facilitated in (line, part_of_line):
        factories.FacilitationFactory(entity=entity, line=line_facilitated, role=FacilitationRole.LEAD)
    note = '<p>Forty came<span data-footnote="Annual report.">*</span>.</p>'
    for year in (2019, 2020, 2021):
        factories.UpdateFactory(
            initiative=initiative,
            paragraph=note,
            lessons="<p>Ask sooner.</p>",
            period_start=f"{year}-01-01",
            period_end=f"{year + 1}-01-01",
        )
    factories.UpdateFactory(initiative=initiative, paragraph=note, period_start="2020-07-01", period_end="2021-07-01")
    passage = factories.PassageFactory(entity=entity, body="<p>نص عربي.</p>", language="ar")
    passage.initiatives.add(initiative)
    passage.lines.add(line)
    document = factories.DocumentFactory(
        entity=entity, title="Answer of 2021", sha256="a" * 64, published_at=factories.NOON, address="https://un.org/a"
    )
    factories.DocumentSymbolFactory(document=document, symbol="E/CN.16/2022/2")
    heading = factories.PartFactory(document=document, order=1, kind=PartKind.HEADING, level=1, body="<p>Summary</p>")
    factories.PartFactory(document=document, order=2, body=note, page=2)
    last = factories.PartFactory(document=document, order=205, body="<p>The end.</p>", page=30)
    factories.MentionFactory(document=document, part=last, initiative=initiative)
    for thing in ({"line": line}, {"country": factories.CountryFactory()}):
        factories.MentionFactory(document=document, part=heading, **{"initiative": None, **thing})
    factories.ReferenceFactory(initiative=initiative, document=document)
    return Records(
        focal_point=focal_point,
        public={
            "initiative": initiative.get_absolute_url(),
            "history": reverse("initiative_history", args=[initiative.slug]),
            "entity": entity.get_absolute_url(),
            "document": document.get_absolute_url(),
            "action lines": reverse("action_line_list"),
            "action line": line.get_absolute_url(),
        },
        own={
            "initiative": initiative.get_absolute_url(),
            "manage": reverse("initiative_manage", args=[initiative.slug]),
            "search": reverse("initiative_manage", args=[initiative.slug]) + "?words=شبكة",
            "merge": reverse("initiative_manage", args=[initiative.slug]) + f"?into={arabic.slug}",
        },
    )


def problems(visitor: Visitor, addresses: dict[str, str]) -> dict[str, list[str]]:
    found = {}
    for name, address in addresses.items():
        visitor.open(address)
        wrong = visitor.barriers()
        if pixels := max(0, visitor.sticks_out(), visitor.sticks_out(at=360)):
            wrong.append(f"{pixels} pixels wider than the window")
        if wrong:
            found[name] = wrong
    return found


class TestPagesOfRecords:
    @pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
    def test_are_open_to_everybody(
        self, visit: Visit, records: Records, width: int, language: str, scheme: str
    ) -> None:
        assert problems(visit(width=width, language=language, scheme=scheme), records.public) == {}

    @pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "ar")])
    def test_are_open_to_a_focal_point(self, visit: Visit, records: Records, width: int, language: str) -> None:
        visitor = visit(width=width, language=language)
        visitor.sign_in(records.focal_point.email, factories.PASSWORD)
        assert problems(visitor, records.own) == {}


class TestHistory:
    def test_comes_to_who_reads_so_far(self, visit: Visit, records: Records) -> None:
        page = visit().open(records.public["initiative"])
        title = page.title()
        page.get_by_role("heading", name="History of this record").scroll_into_view_if_needed()
        expect(page.locator("ol.history > li")).not_to_have_count(0)
        expect(page).to_have_title(title)
        expect(page.get_by_role("link", name="Who changed what")).to_have_count(0)


class TestTheirUse:
    def test_a_mention_leads_to_its_place_on_a_later_page(self, visit: Visit, records: Records) -> None:
        visitor = visit(scripts=False)
        page = visitor.open(records.public["document"])
        page.get_by_role("region", name="What it mentions").get_by_role("link", name="page 30").click()
        page.wait_for_url("**?page=3#part-205")
        assert page.locator("#part-205:target").is_visible()

    def test_an_initiative_is_merged_without_scripts(self, visit: Visit, records: Records) -> None:
        visitor = visit(scripts=False)
        visitor.sign_in(records.focal_point.email, factories.PASSWORD)
        page = visitor.open(records.own["manage"])
        page.get_by_label("Title or number of the record that stays").fill("شبكة")
        page.get_by_role("button", name="Find it").click()
        page.get_by_role("link", name="Merge into this one").click()
        page.locator("[name=merge-reason]").fill("Filed twice.")
        page.get_by_role("button", name="Merge them").click()
        assert page.locator("h1").inner_text() == "شبكة المعارف"
        visitor.open(records.public["initiative"])
        assert page.locator("h1").inner_text() == "شبكة المعارف"
