"""Joint initiatives: invited, answered, written by two entities, and ended."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from initiatives.choices import DraftOf, InvitationState, ParticipationRole, Role
from initiatives.mailing import message_of
from initiatives.models import Comment, Draft, Initiative, JointInvitation, Mailing, Notification, Update
from initiatives.search import matching
from initiatives.services.drafts import (
    NotJoined,
    OwnDraftNeedsReason,
    approve_draft,
    begin_change,
    begin_entity_text,
    begin_update,
    save_draft,
    submit_draft,
)
from initiatives.services.initiatives import ReasonMissing
from initiatives.services.joint import (
    AnsweredAlready,
    EndedAlready,
    InvitedAlready,
    NobodyAnswers,
    OwnerIsNotInvited,
    accept_invitation,
    ask_for_change,
    decline_invitation,
    end_joint_work,
    invite_entity,
)
from portal.common.periods import Period
from portal.models import NotificationKind
from tests.factories import (
    NOON,
    DraftFactory,
    EntityFactory,
    InitiativeFactory,
    JointInvitationFactory,
    ParticipationFactory,
    UpdateDraftFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2021, 11, 22)
YEAR = Period.parse("2021")


class Side:
    """One entity with a focal point and a member of staff."""

    def __init__(self, code: str) -> None:
        self.entity = EntityFactory(code=code)
        self.focal_point = UserFactory(role=Role.FOCAL_POINT, entity=self.entity)
        self.staff = UserFactory(role=Role.STAFF, entity=self.entity)


@pytest.fixture
def unido():
    return Side("UNIDO")


@pytest.fixture
def undesa():
    return Side("UNDESA")


@pytest.fixture
def initiative(unido):
    return InitiativeFactory(entity=unido.entity, holder=unido.staff, title="Learning hub")


def invited(initiative, unido, undesa, **given):
    about = {"role": ParticipationRole.CO_LEAD, "words": "Join us.", "language": "en", "by": unido.focal_point}
    about |= {"initiative": initiative, "entity": undesa.entity, "now": NOON}
    return invite_entity(**about | given)


@pytest.fixture
def invitation(initiative, unido, undesa):
    return invited(initiative, unido, undesa)


@pytest.fixture
def joined(invitation, undesa):
    return accept_invitation(invitation=invitation, by=undesa.focal_point, now=NOON, today=TODAY)


def ended(joined, side, **given):
    about = {"entity": side.entity, "reason": "The phase is over.", "language": "en", "by": side.focal_point}
    return end_joint_work(**{"invitation": joined, "now": NOON, "today": TODAY} | about | given)


def signed_in_as(user):
    client = Client()
    client.force_login(user)
    return client


def written(draft, user, **content):
    return save_draft(draft=draft, content=draft.content | content, edits=draft.edits, user=user, now=NOON)


class TestInviting:
    def test_tells_focal_points_alone_and_names_nobody_of_the_other_entity(self, invitation, unido, undesa):
        told = Notification.objects.get()
        assert (told.to, told.kind, told.by) == (undesa.focal_point, NotificationKind.INVITED, None)
        assert (
            re.sub("[\u2068\u2069]", "", told.sentence) == "UNIDO invites you to the joint initiative “Learning hub”."
        )
        assert told.leads_to == invitation.get_absolute_url()
        mail = message_of(Mailing.objects.get(to=undesa.focal_point))
        assert "Learning hub" in mail.subject
        assert unido.focal_point.name not in mail.body

    def test_lets_the_invited_read_an_initiative_that_is_not_public_but_no_drafts(self, invitation, undesa, unido):
        change = begin_change(initiative=invitation.initiative, user=unido.staff, now=NOON)
        assert Initiative.objects.visible_to(undesa.staff).get() == invitation.initiative
        assert not Initiative.objects.written_by(undesa.staff).exists()
        assert change not in Draft.objects.visible_to(undesa.staff)

    def test_refuses_the_owner_a_second_time_and_whom_nobody_answers_for(self, initiative, unido, undesa):
        with pytest.raises(OwnerIsNotInvited):
            invited(initiative, unido, unido)
        with pytest.raises(NobodyAnswers):
            invited(initiative, unido, undesa, entity=EntityFactory())
        invited(initiative, unido, undesa)
        with pytest.raises(InvitedAlready):
            invited(initiative, unido, undesa)

    def test_may_come_again_after_it_was_declined(self, invitation, initiative, unido, undesa):
        decline_invitation(
            invitation=invitation, reason="Not this year.", language="en", by=undesa.focal_point, now=NOON
        )
        assert invited(initiative, unido, undesa).state == InvitationState.INVITED

    def test_the_database_refuses_the_owner_and_an_end_without_reason(self, joined, initiative, unido):
        with pytest.raises(IntegrityError, match="not invited to its own"), transaction.atomic():
            JointInvitationFactory(initiative=initiative, entity=unido.entity)
        with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
            JointInvitation.objects.filter(pk=joined.pk).update(
                state=InvitationState.ENDED, ended_at=NOON, ended_for=unido.entity
            )


class TestAnswering:
    def test_accepting_makes_the_participation_and_tells_the_owner(self, joined, initiative, undesa, unido):
        part = initiative.participations.get()
        assert (part.entity, part.role, part.since) == (undesa.entity, ParticipationRole.CO_LEAD, TODAY)
        told = Notification.objects.get(kind=NotificationKind.JOINED)
        assert told.to == unido.focal_point
        assert "UNDESA" in told.sentence

    def test_accepting_keeps_a_participation_that_stands(self, invitation, initiative, undesa):
        ParticipationFactory(initiative=initiative, entity=undesa.entity, role=ParticipationRole.CO_LEAD)
        accept_invitation(invitation=invitation, by=undesa.focal_point, now=NOON, today=TODAY)
        assert initiative.participations.get().since is None

    def test_declining_needs_a_reason_that_the_owner_is_told(self, invitation, undesa, unido):
        with pytest.raises(ReasonMissing):
            decline_invitation(invitation=invitation, reason=" ", language="en", by=undesa.focal_point, now=NOON)
        decline_invitation(
            invitation=invitation, reason="Not this year.", language="en", by=undesa.focal_point, now=NOON
        )
        page = words_of(signed_in_as(unido.staff).get(invitation.get_absolute_url()))
        assert "Not this year." in page
        assert Notification.objects.filter(to=unido.focal_point, kind=NotificationKind.DECLINED).exists()

    def test_happens_once(self, joined, undesa):
        with pytest.raises(AnsweredAlready):
            accept_invitation(invitation=joined, by=undesa.focal_point, now=NOON, today=TODAY)

    def test_makes_nothing_count_as_own(self, joined, undesa):
        assert not Initiative.objects.filter(entity=undesa.entity).exists()


class TestWriting:
    def test_each_entity_approves_its_own_update(self, joined, initiative, unido, undesa):
        updates = {}
        for side, paragraph in ((unido, "<p>The hub opened.</p>"), (undesa, "<p>We trained trainers.</p>")):
            draft, is_new = begin_update(
                initiative=initiative, entity=side.entity, period=YEAR, user=side.staff, now=NOON
            )
            assert is_new
            draft = submit_draft(draft=written(draft, side.staff, paragraph=paragraph), user=side.staff, now=NOON)
            other = undesa if side is unido else unido
            assert draft not in Draft.objects.visible_to(other.focal_point)
            draft = approve_draft(draft=draft, edits=draft.edits, user=side.focal_point, now=NOON)
            updates[side.entity.code] = draft.update
        # neither is public, and both read both
        assert set(Update.objects.visible_to(unido.staff)) == set(updates.values())
        assert set(Update.objects.visible_to(undesa.staff)) == set(updates.values())

    def test_the_own_text_goes_the_way_of_drafts_and_leaves_the_owners_alone(self, joined, initiative, unido, undesa):
        draft = begin_entity_text(initiative=initiative, entity=undesa.entity, user=undesa.staff, now=NOON)
        assert begin_entity_text(initiative=initiative, entity=undesa.entity, user=undesa.staff, now=NOON) == draft
        draft = written(draft, undesa.staff, description="<p>We bring the courses.</p>")
        assert draft in Draft.objects.visible_to(unido.staff)
        draft = submit_draft(draft=draft, user=undesa.staff, now=NOON)
        with pytest.raises(OwnDraftNeedsReason):
            approve_draft(draft=draft, edits=draft.edits, user=undesa.staff, now=NOON)
        assert approve_draft(draft=draft, edits=draft.edits, user=undesa.focal_point, now=NOON).version == 1
        text = initiative.entity_texts.get()
        assert (text.entity, text.description) == (undesa.entity, "<p>We bring the courses.</p>")
        assert initiative.texts.get().description == ""
        assert matching(Initiative.objects.all(), "courses").get() == initiative
        change = begin_entity_text(initiative=initiative, entity=undesa.entity, user=undesa.staff, now=NOON)
        assert not change.is_new
        assert change.content["description"] == text.description

    def test_is_for_the_owner_and_who_has_joined(self, invitation, initiative, undesa):
        for begin in (begin_entity_text, lambda **about: begin_update(period=YEAR, **about)):
            with pytest.raises(NotJoined):
                begin(initiative=initiative, entity=undesa.entity, user=undesa.staff, now=NOON)

    def test_who_has_joined_asks_for_changes_of_facts(self, joined, initiative, unido, undesa):
        comment = ask_for_change(
            initiative=initiative, words="It ended in May.", language="en", user=undesa.staff, now=NOON
        )
        draft = comment.draft
        assert (draft.of, draft.entity, draft.holder) == (DraftOf.INITIATIVE, unido.entity, unido.staff)
        assert comment in Comment.objects.visible_to(undesa.staff)
        assert Notification.objects.filter(to=unido.staff, kind=NotificationKind.COMMENT, comment=comment).exists()
        again = ask_for_change(initiative=initiative, words="Or June.", language="en", user=undesa.staff, now=NOON)
        assert again.draft == draft


class TestEnding:
    @pytest.mark.parametrize("side", ["unido", "undesa"])
    def test_keeps_what_was_written_and_closes_writing(self, request, side, joined, initiative, unido, undesa):
        about = {"initiative": initiative, "entity": undesa.entity, "user": undesa.staff, "now": NOON}
        draft, _is_new = begin_update(period=YEAR, **about)
        text = begin_entity_text(**about)
        text = submit_draft(draft=written(text, undesa.staff, description="<p>Ours.</p>"), user=undesa.staff, now=NOON)
        approve_draft(draft=text, edits=text.edits, user=undesa.focal_point, now=NOON)
        change = begin_change(initiative=initiative, user=unido.staff, now=NOON)
        assert change in Draft.objects.visible_to(undesa.staff)

        this = request.getfixturevalue(side)
        done = ended(joined, this, today=TODAY + dt.timedelta(days=1))
        assert (done.state, done.ended_for) == (InvitationState.ENDED, this.entity)
        assert initiative.entity_texts.get().description == "<p>Ours.</p>"
        assert initiative.participations.get().until == TODAY + dt.timedelta(days=1)
        # a word typed meanwhile is kept, but goes nowhere
        draft = written(draft, undesa.staff, paragraph="<p>Late.</p>")
        with pytest.raises(NotJoined, match="invite"):
            submit_draft(draft=draft, user=undesa.staff, now=NOON)
        assert change not in Draft.objects.visible_to(undesa.staff)
        other = undesa if this is unido else unido
        told = Notification.objects.visible_to(other.focal_point).get(kind=NotificationKind.ENDED)
        assert this.entity.code in told.sentence

    def test_needs_a_reason_and_happens_once(self, joined, unido, initiative):
        with pytest.raises(ReasonMissing):
            ended(joined, unido, reason="")
        ended(joined, unido)
        assert not initiative.participations.exists()  # it had not lasted a day
        with pytest.raises(EndedAlready):
            ended(joined, unido)

    def test_takes_back_what_is_not_answered(self, invitation, unido, undesa):
        ended(invitation, unido)
        with pytest.raises(AnsweredAlready):
            accept_invitation(invitation=invitation, by=undesa.focal_point, now=NOON, today=TODAY)


class TestPages:
    def test_a_focal_point_invites_on_the_page_that_manages_the_record(self, initiative, unido, undesa):
        page = reverse("initiative_manage", args=[initiative.slug])
        client = signed_in_as(unido.focal_point)
        sent = {"act": "invite", "joint-entity": undesa.entity.pk, "joint-role": "co_lead", "joint-language": "en"}
        assert client.post(page, sent | {"joint-entity": ""}).status_code == 422
        answer = client.post(page, sent | {"joint-words": "Join us."})
        invitation = JointInvitation.objects.get()
        assert answer.url == invitation.get_absolute_url()
        assert "UNIDO invites UNDESA as co-lead" in words_of(client.get(page))
        assert client.post(page, sent).status_code == 422  # it is not offered any more

    def test_the_invited_answer_on_their_desk(self, invitation, undesa, initiative):
        staff, focal_point = signed_in_as(undesa.staff), signed_in_as(undesa.focal_point)
        assert "Invitations to joint initiatives" in words_of(staff.get(reverse("desk")))
        page = invitation.get_absolute_url()
        assert "Accept" not in words_of(staff.get(page))
        assert "Join us." in words_of(focal_point.get(page))
        assert focal_point.post(page, {"act": "decline", "decline-language": "en"}).status_code == 422
        assert focal_point.post(page, {"act": "accept"}).status_code == 302
        assert focal_point.post(page, {"act": "accept"}).status_code == 409
        desk = words_of(staff.get(reverse("desk") + "?period=2021"))
        assert "Joint initiatives of other entities" in desk
        assert "UNDESA is co-lead, with UNIDO" in desk
        sent = {"initiative": initiative.slug, "period": "2021", "entity": "UNDESA"}
        assert staff.post(reverse("update_new"), sent).status_code == 302
        assert Draft.objects.of_updates().get().entity == undesa.entity

    def test_the_page_of_the_initiative_offers_what_each_may(self, joined, initiative, unido, undesa):
        page = initiative.get_absolute_url()
        second, owner = (words_of(signed_in_as(one.staff).get(page)) for one in (undesa, unido))
        offers = (
            "Write an update of UNDESA",
            "Nothing to report",
            "Write the text of UNDESA",
            "Ask UNIDO for a change",
        )
        for offer in offers:
            assert offer in second
            assert offer not in owner
        assert "Change the record" in owner
        assert "Change the record" not in second
        assert "UNDESA as co-lead" in owner
        assert "joint with UNDESA" in words_of(signed_in_as(unido.staff).get(reverse("desk")))

    def test_whoever_has_joined_says_that_there_is_nothing_to_report(self, joined, initiative, undesa):
        client = signed_in_as(undesa.staff)
        assert "Nothing to report" in words_of(client.get(reverse("desk")))
        sent = {"initiative": initiative.slug, "period": "2021", "entity": "UNDESA", "kind": "nothing"}
        answer = client.post(reverse("update_new"), sent, follow=True)
        draft = answer.context["draft"]
        assert draft.entity == undesa.entity
        assert draft.content["kind"] == "nothing"
        assert "Why there is nothing to report" in words_of(answer)

    def test_facts_have_one_owner(self, joined, initiative, undesa):
        client = signed_in_as(undesa.staff)
        answer = client.post(reverse("draft_begin", args=[initiative.slug]), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("initiative_ask", args=[initiative.slug])
        assert "UNIDO keeps title and facts" in words_of(answer)
        page = reverse("initiative_ask", args=[initiative.slug])
        assert client.post(page, {"words": "", "language": "en"}).status_code == 422
        answer = client.post(page, {"words": "It ended in May.", "language": "en"}, follow=True)
        assert "It ended in May." in words_of(answer)
        assert "UNIDO writes and approves it; you can comment." in words_of(answer)
        assert "Continue writing" not in words_of(answer)

    def test_the_own_text_stands_under_the_name_of_its_entity(self, joined, initiative, undesa):
        client = signed_in_as(undesa.staff)
        answer = client.post(reverse("entity_text_begin", args=[initiative.slug]), {"entity": "UNDESA"}, follow=True)
        draft = answer.context["draft"]
        assert "What UNIDO says" in words_of(answer)
        sent = {"edits": draft.edits, "language": "en", "description": "<p>We bring courses.</p>", "submit": "yes"}
        client.post(reverse("draft_edit", args=[draft.pk]), sent)
        focal_point = signed_in_as(undesa.focal_point)
        draft.refresh_from_db()
        focal_point.post(reverse("draft_approve", args=[draft.pk]), {"edits": draft.edits})
        page = words_of(focal_point.get(initiative.get_absolute_url()))
        assert "In the words of UNDESA" in page
        assert "We bring courses." in page

    def test_take_the_same_queries_for_many(self, unido, undesa):
        def add() -> None:
            initiative = InitiativeFactory(entity=unido.entity)
            JointInvitationFactory(initiative=initiative, entity=undesa.entity, joined=True)
            JointInvitationFactory(initiative=InitiativeFactory(entity=unido.entity), entity=undesa.entity)
            UpdateDraftFactory(initiative=initiative, entity=undesa.entity)
            DraftFactory(initiative=initiative)

        add()
        for person, page in (
            (undesa.focal_point, reverse("desk") + "?period=2021"),
            (unido.focal_point, reverse("desk")),
            (undesa.staff, reverse("joint_list")),
        ):
            assert_rows_cost_nothing(signed_in_as(person), page, add)
