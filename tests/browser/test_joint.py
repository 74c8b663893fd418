"""UNIDO invites UNDESA to an initiative; both write, each approves its own, and UNDESA ends it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from initiatives.choices import InvitationState, Role
from initiatives.models import Initiative, Update
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, EntityFactory, InitiativeFactory, UserFactory


def write(page: Page, name: str, words: str) -> None:
    page.locator(f"[role=textbox][aria-labelledby=id_{name}-label]").click()
    page.keyboard.type(words)
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_text("Submitted. The focal point of")).to_be_visible()


class TestJointInitiative:
    def test_is_written_by_two_entities(self, visit: Callable[..., Visitor]) -> None:
        unido, undesa = EntityFactory(code="UNIDO"), EntityFactory(code="UNDESA")
        initiative = InitiativeFactory(entity=unido, title="Learning hub")
        people = {}
        for entity in (unido, undesa):
            for role in (Role.STAFF, Role.FOCAL_POINT):
                width = 360 if role == Role.STAFF else 1280
                people[entity.code, role] = visit(width=width, expected_status=422)
                person = UserFactory(role=role, entity=entity)
                people[entity.code, role].sign_in(person.email, PASSWORD)

        owner = people["UNIDO", Role.FOCAL_POINT]
        page = owner.open(f"{initiative.get_absolute_url()}manage/")
        page.get_by_role("combobox", name="Entity").select_option("UNDESA")
        page.get_by_label("Words to the invited entity").fill("You train the trainers already.")
        assert owner.barriers() == []
        page.get_by_role("button", name="Invite it").click()
        expect(page.get_by_text("A focal point of UNDESA answers.")).to_be_visible()

        second = people["UNDESA", Role.FOCAL_POINT]
        page = second.open("/desk/")
        page.get_by_role("link", name="Notifications, 1 not read").click()
        page.get_by_role("link", name="invites you to the joint initiative").click()
        expect(page.get_by_text("You train the trainers already.")).to_be_visible()
        assert second.barriers() == []
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_text("It is a joint initiative now.")).to_be_visible()
        part = initiative.participations.get()
        assert (part.entity, part.role) == (undesa, "co_lead")

        writer = people["UNDESA", Role.STAFF]
        page = writer.open("/desk/")
        expect(page.get_by_role("heading", name="Joint initiatives of other entities")).to_be_visible()
        assert writer.barriers() == []
        assert writer.sticks_out() <= 0
        page.get_by_role("button", name=re.compile("Write update.*Learning hub")).click()
        write(page, "paragraph", "We trained the trainers.")
        page = writer.open(initiative.get_absolute_url())
        assert writer.barriers() == []
        assert writer.sticks_out() <= 0
        writer.follow(page.get_by_role("button", name="Write the text of UNDESA"))
        assert writer.barriers() == []
        write(page, "description", "We bring the courses.")
        writer.open(initiative.get_absolute_url())
        page.get_by_role("link", name="Ask UNIDO for a change").click()
        page.get_by_label("What should change").fill("It began in May.")
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_text("UNIDO is told. It answers here.")).to_be_visible()
        assert writer.barriers() == []

        page = people["UNIDO", Role.STAFF].open("/desk/")
        expect(page.get_by_text("joint with UNDESA")).to_be_visible()
        page.get_by_role("button", name=re.compile("Write update.*Learning hub")).click()
        write(page, "paragraph", "The hub opened.")

        for side, waiting in ((owner, 1), (second, 2)):
            for _each in range(waiting):
                page = side.open("/desk/")
                page.locator("section[aria-labelledby=waiting]").get_by_role("link", name="Learning hub").first.click()
                page.get_by_role("button", name="Approve").click()
                expect(page.get_by_text("Approved. It is version 1 of the record.")).to_be_visible()
        told = Update.objects.values_list("entity__code", "texts__paragraph")
        assert set(told) == {
            ("UNIDO", "<p>The hub opened.</p>"),
            ("UNDESA", "<p>We trained the trainers.</p>"),
        }

        page = owner.open(initiative.get_absolute_url())
        for words in ("In the words of UNDESA", "We bring the courses.", "We trained the trainers.", "The hub opened."):
            expect(page.get_by_text(words).first).to_be_visible()
        assert owner.barriers() == []

        page = second.open("/desk/joint/")
        page.get_by_role("link", name="Learning hub").click()
        page.get_by_text("End the joint work").click()
        page.get_by_role("button", name="End it").click()
        expect(page.get_by_text("Say why: the other entity reads it.").first).to_be_visible()
        page.get_by_label("Why").fill("The phase is over.")
        page.get_by_role("button", name="End it").click()
        expect(page.get_by_text("It has ended. What was written and printed stays.")).to_be_visible()
        assert initiative.joint_invitations.get().state == InvitationState.ENDED
        assert initiative.entity_texts.get().description == "<p>We bring the courses.</p>"
        assert not Initiative.objects.written_by(initiative.joint_invitations.get().answered_by).exists()
