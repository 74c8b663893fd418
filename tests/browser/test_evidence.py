"""A photograph on its way from a draft to the public page, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from initiatives.choices import Role
from initiatives.models import Draft, Entity
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, EntityFactory, InitiativeFactory, UserFactory
from tests.support.pictures import photo

Visit = Callable[..., Visitor]

PHOTO = {"name": "weavers.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 800)}
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def entity(transactional_db: None) -> Entity:
    return EntityFactory(acronym="LOOM", code="LOOM")


class TestPhotograph:
    def test_is_added_approved_and_seen(self, visit: Visit, entity: Entity) -> None:
        initiative = InitiativeFactory(entity=entity, title="Open mills", slug="mills", published=True)
        staff, focal_point = (
            UserFactory(role=role, entity=entity, email=f"{role}@example.org")
            for role in (Role.STAFF, Role.FOCAL_POINT)
        )
        writer = visit(width=360, expected_status=422)
        writer.sign_in(staff.email, PASSWORD)
        page = writer.open(initiative.get_absolute_url())
        page.get_by_role("button", name="Change the record").click()
        page.get_by_label("Why you change it").fill("It was photographed.")
        new = page.get_by_role("group", name="Add a photograph or document")
        new.get_by_label("Caption").fill("Weavers of Graz")
        chooser = new.get_by_label("Add a photograph or document")
        chooser.set_input_files({"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no photograph"})
        expect(page.get_by_role("alert")).to_contain_text("“notes.jpg” is none of the files that are taken")
        expect(new.get_by_label("Caption")).to_have_value("Weavers of Graz")
        chooser.set_input_files(PHOTO)
        sent = page.get_by_role("group", name="weavers.jpg")
        expect(sent.get_by_label("Caption")).to_have_value("Weavers of Graz")
        expect(new.get_by_label("Caption")).to_have_value("")
        sent.get_by_label("Alternative text").fill("Two people at a loom")
        sent.get_by_label("Rights holder").fill("LOOM")
        with page.expect_response(
            lambda answer: answer.url.endswith("/save")
        ):  # of what is ticked: earlier saves show too
            sent.get_by_label("Everybody may see it").check()
        expect(page.locator("[data-autosave-state]")).to_have_text(SAVED)
        assert writer.barriers() == []
        assert writer.sticks_out() <= 0
        page.reload()
        expect(sent.get_by_label("Caption")).to_have_value("Weavers of Graz")
        page.get_by_role("button", name="Save and submit").click()
        expect(page.get_by_text("Submitted. The focal point of LOOM decides.")).to_be_visible()

        decider = visit()
        decider.sign_in(focal_point.email, PASSWORD)
        page = decider.open(Draft.objects.get().get_absolute_url())
        expect(page.get_by_text("Alternative text: Two people at a loom")).to_be_visible()
        expect(page.locator("img.file-picture")).to_have_js_property("naturalWidth", 640)  # when it has come
        assert decider.barriers() == []
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved. It is version 1 of the record.")).to_be_visible()

        for width, language in ((360, "ar"), (1280, "en")):
            visitor = visit(width=width, language=language)
            page = visitor.open(initiative.get_absolute_url())
            picture = page.get_by_role("img", name="Two people at a loom")
            picture.scroll_into_view_if_needed()
            expect(picture).to_be_visible()
            expect(page.get_by_text("Weavers of Graz")).to_be_visible()
            assert visitor.barriers() == []
            assert visitor.sticks_out() <= 0
        with page.expect_download() as download:
            page.get_by_role("link", name="weavers.jpg").click()
        assert download.value.suggested_filename == "weavers.jpg"
