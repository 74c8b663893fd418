"""The pages with records on them: open to everybody, in both directions, in the light and in the dark."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse

from initiatives.choices import Basis, Role, Status
from portal.models import User
from reporting.choices import FileFormat
from reporting.models import Compilation
from tests import factories
from tests.browser.conftest import Visitor

Visit = Callable[..., Visitor]

RICH = (
    '<h2>Results</h2><p>In 2021 the centre trained 340 people<span data-footnote="Annual report, p. 14.">*</span>'
    '<span data-footnote="" data-reference="{reference}">*</span>, see <a href="https://example.org/a/long/address">'
    "its page</a>.</p><ul><li>one</li></ul><blockquote><p>Said.</p></blockquote>"
    "<table><tbody><tr><th>Centre</th><th>Trained</th></tr><tr><td>Lima</td><td>120</td></tr></tbody></table>"
)


@dataclass
class Desk:
    """One entity with people and records in every state, and the addresses of their pages."""

    staff: User
    focal_point: User
    public: dict[str, str]
    own: dict[str, str]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    entity = factories.EntityFactory(code="UNIDO", name_en="United Nations Industrial Development Organization")
    staff = factories.UserFactory(role=Role.STAFF, entity=entity, name="Amal Haddad")
    focal_point = factories.UserFactory(role=Role.FOCAL_POINT, entity=entity)
    rich = RICH.format(reference=factories.ReferenceFactory(text="UNIDO, Bridging skills, 2024").pk)
    initiative = factories.InitiativeFactory(
        entity=entity,
        published=True,
        slug="learning",
        title="Learning and Knowledge Development Facility for industrial skills with vocational schools",
        description=rich,
        status=Status.ONGOING,
        place="Lima",
    )
    arabic = factories.InitiativeFactory(entity=entity, published=True, title="شبكة المعارف الرقمية", language="ar")
    factories.InitiativeLineFactory(initiative=initiative, basis=Basis.STATED)
    factories.InitiativeLineFactory(initiative=initiative, basis=Basis.INFERRED)
    factories.InitiativePlaceFactory(initiative=initiative)
    factories.IdentifierFactory(initiative=initiative)
    factories.ParticipationFactory(initiative=initiative)
    factories.RelationFactory(source=initiative, target=arabic)
    factories.MentionFactory(initiative=initiative)
    factories.UpdateFactory(initiative=initiative, author=staff, paragraph=rich)
    draft = factories.UpdateDraftFactory(
        initiative=factories.InitiativeFactory(entity=entity), holder=staff, paragraph=rich
    )
    submitted = factories.UpdateDraftFactory(
        initiative=arabic, submitted=True, holder=staff, paragraph="<p>نص</p>", language="ar", proposals="<p>نص</p>"
    )
    returned = factories.UpdateDraftFactory(
        initiative=factories.InitiativeFactory(entity=entity), returned=True, holder=staff, paragraph="<p>Short.</p>"
    )
    submission = factories.SubmissionFactory(call=factories.CallFactory(slug="25"), entities=[entity])
    section = factories.SectionFactory(submission=submission, word_limit=5)
    factories.ItemFactory(section=section, initiative=initiative)
    factories.ItemFactory(section=section)
    done = factories.CompilationFactory(submission=submission, done=True)
    factories.ArtifactFactory(compilation=done, format=FileFormat.HTML)
    factories.ArtifactFactory(compilation=done, format=FileFormat.PDF)
    failed = factories.CompilationFactory(submission=submission, failed=True)
    running = factories.CompilationFactory(submission=submission, running=True, progress=40)
    return Desk(
        staff=staff,
        focal_point=focal_point,
        public={
            "home": reverse("home"),
            "initiatives": reverse("initiative_list"),
            "no initiative found": f"{reverse('initiative_list')}?q=nothing+like+it",
            "initiative": initiative.get_absolute_url(),
            "submissions": reverse("submission_list"),
        },
        own={
            "desk": reverse("desk"),
            "new update": reverse("update_new"),
            "draft": reverse("draft_edit", args=[draft.pk]),
            "returned update": reverse("draft_edit", args=[returned.pk]),
            "submitted update": submitted.get_absolute_url(),
            "initiative": initiative.get_absolute_url(),
            "submission": submission.get_absolute_url(),
            "finished compilation": done.get_absolute_url(),
            "failed compilation": failed.get_absolute_url(),
            "running compilation": running.get_absolute_url(),
        },
    )


def look_around(visitor: Visitor, pages: dict[str, str]) -> dict[str, object]:
    """Open each page; return what is wrong with it, by its name."""
    wrong: dict[str, object] = {}
    for name, path in pages.items():
        visitor.open(path)
        if visitor.page.locator("textarea[data-rich-text]").count():
            visitor.page.wait_for_selector("[role=textbox]", state="attached")
        if barriers := visitor.barriers():
            wrong[name] = barriers
        if (pixels := visitor.sticks_out()) > 0:
            wrong[f"{name}, width"] = pixels
    return wrong


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
class TestPagesWithRecords:
    def test_have_no_barrier_for_a_visitor(
        self, visit: Visit, desk: Desk, width: int, language: str, scheme: str
    ) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        assert look_around(visitor, desk.public) == {}

    def test_have_no_barrier_for_staff(self, visit: Visit, desk: Desk, width: int, language: str, scheme: str) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        visitor.sign_in(desk.staff.email, factories.PASSWORD)
        assert look_around(visitor, desk.own) == {}

    def test_have_no_barrier_for_a_focal_point(
        self, visit: Visit, desk: Desk, width: int, language: str, scheme: str
    ) -> None:
        visitor = visit(width=width, language=language, scheme=scheme)
        visitor.sign_in(desk.focal_point.email, factories.PASSWORD)
        differs = {name: desk.own[name] for name in ("desk", "submitted update", "submission")}
        assert look_around(visitor, differs) == {}


class TestInitiativeList:
    def test_comes_back_as_it_was_left(self, visit: Visit, desk: Desk) -> None:
        page = visit().open(desk.public["initiatives"])
        ongoing = page.locator("input[name=status][value=ongoing]")
        page.click("[data-facet=status] > summary")
        ongoing.check()
        page.wait_for_url("**status=ongoing**")
        page.click("#results h2 a")
        page.wait_for_url("**/learning/")
        page.go_back()
        page.wait_for_url("**status=ongoing**")
        assert page.locator("#results h2").count() == 1
        assert ongoing.is_checked()


class TestFootnotes:
    def test_lead_to_the_note_and_back(self, visit: Visit, desk: Desk) -> None:
        page = visit().open(desk.public["initiative"])
        page.click(".note-mark a >> nth=0")
        note = page.locator(":target")
        assert "Annual report, p. 14." in note.inner_text()
        note.locator("a[role=doc-backlink]").click()
        assert page.locator(":target").inner_text() == "1"


class TestCompilationPage:
    def test_shows_how_far_a_job_is_and_then_its_files(self, visit: Visit, desk: Desk) -> None:
        visitor = visit()
        visitor.sign_in(desk.focal_point.email, factories.PASSWORD)
        page = visitor.open(desk.own["running compilation"])
        assert page.locator("progress").get_attribute("value") == "40"
        Compilation.objects.filter(state="running").update(state="done", progress=100, fingerprint="0" * 64)
        page.wait_for_selector("progress", state="detached")


class TestAfterSigningOut:
    def test_the_back_button_shows_nothing_private(self, visit: Visit, desk: Desk) -> None:
        visitor = visit()
        visitor.sign_in(desk.staff.email, factories.PASSWORD)
        page = visitor.open(desk.own["desk"])
        page.click("summary:has-text('Amal Haddad')")
        page.click("button:has-text('Sign out')")
        page.wait_for_url(f"{visitor.url}/")
        page.go_back()
        assert "/accounts/login/" in page.url
