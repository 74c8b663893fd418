"""From a sentence of a compiled text to the version of its record, and back, in a real browser."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Update
from portal.models import User
from reporting.choices import FileFormat, SubmissionState
from reporting.models import Compilation, Submission
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    CallCoverFactory,
    CallFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    SealFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.compiling import compiled

Visit = Callable[..., Visitor]


@pytest.fixture
def update(transactional_db: None) -> Update:
    """Return an update with a note, of an initiative that is not public."""
    initiative = InitiativeFactory(entity=EntityFactory(code="UNIDO"), title="Learning hub")
    note = '<span data-footnote="Annual report, p. 14.">*</span>'
    table = "<table><tr><th>Country</th><th>People</th></tr><tr><td>Peru</td><td>40</td></tr></table>"
    words = f"<p>Forty people learned to weld in Lima.{note}</p><p>Thirty of them are women.</p>{table}"
    return UpdateFactory(initiative=initiative, paragraph=words)


def printed(update: Update, slug: str) -> Compilation:
    """Return a compilation for the call of this name."""
    call = CallFactory(slug=slug, session=SessionFactory(number=25))
    CallCoverFactory(call=call)
    submission = SubmissionFactory(call=call, entities=[update.entity])
    section = SectionFactory(submission=submission, name_en="Initiatives")
    ItemFactory(section=section, initiative=update.initiative)
    return compiled(submission, formats=[FileFormat.HTML])


@pytest.fixture
def compilation(update: Update, portal_url: str, settings: LazySettings) -> Compilation:
    """Return a text that prints the update; it is sealed and published."""
    settings.PORTAL_URL = portal_url
    made = printed(update, "25")
    SealFactory(submission=made.submission, compilation=made, number=12)
    Submission.objects.update(state=SubmissionState.PUBLISHED, published_at=timezone.now())
    return made


@pytest.fixture
def focal_point(update: Update) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=update.entity, email="leila@example.org")


def read_page(compilation: Compilation) -> str:
    submission = compilation.submission
    return reverse("compilation_read", args=[submission.call.slug, submission.slug, compilation.number])


class TestReading:
    def test_leads_from_a_paragraph_to_its_record_as_the_reader_who_is_signed_in(
        self, visit: Visit, update: Update, compilation: Compilation, focal_point: User
    ):
        visitor = visit()
        visitor.sign_in(focal_point.email, PASSWORD)
        page = visitor.open(read_page(compilation))
        page.get_by_text("Thirty of them are women.").hover()
        page.get_by_role("link", name=f"Update {update.pk}, version 1 (English), written by staff of UNIDO").nth(
            1
        ).click()
        page.wait_for_url(f"**/records/u{update.pk}_en_1/#p2")
        expect(page.get_by_role("heading", level=1)).to_have_text("Learning hub")
        expect(page.locator(":target")).to_have_text("Thirty of them are women.")
        expect(page.get_by_role("link", name="Its page today")).to_be_visible()  # seen by the entity alone
        page.get_by_role("link", name="Read it there").click()
        page.wait_for_url(f"**{read_page(compilation)}#u{update.pk}_en_1_p1")
        expect(page.get_by_text("Forty people learned to weld in Lima.")).to_be_in_viewport()

    def test_runs_no_script(self, visit: Visit, compilation: Compilation):
        visitor = visit()
        page = visitor.open(read_page(compilation))
        expect(page.get_by_role("heading", name="Where each text comes from")).to_be_attached()
        assert page.locator("script").count() == 0


class TestRecordPages:
    @pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (360, "ar", "dark")])
    def test_are_read_by_all(
        self,
        visit: Visit,
        update: Update,
        compilation: Compilation,
        width: int,
        language: str,
        scheme: str,
    ):
        update.texts.update(paragraph="<p>Fifty people learned to weld in Lima.</p>")
        printed(update, "gc-19")
        visitor = visit(width=width, language=language, scheme=scheme)
        reader = UserFactory(role=Role.STAFF, entity=update.entity, email="ama@example.org")
        visitor.sign_in(reader.email, PASSWORD)
        for path in (f"/records/u{update.pk}_en_1/", f"/records/u{update.pk}/", update.initiative.get_absolute_url()):
            visitor.open(path)
            assert visitor.barriers() == []
            assert visitor.sticks_out() <= 0
            assert visitor.sticks_out(at=360) <= 0
