"""People of an entity: invited, away, and ended with what they hold handed over."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Absence, Draft, Entity, Membership, Notification
from initiatives.tasks import send_invitation_task
from portal.models import NotificationKind, User
from tests.factories import (
    DraftFactory,
    EntityFactory,
    IndicatorDraftFactory,
    InitiativeFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    WorkplanFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

PEOPLE = reverse("people_list")


@pytest.fixture
def unido():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def focal_point(unido):
    return UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Leila")


@pytest.fixture
def mira(unido):
    return UserFactory(role=Role.STAFF, entity=unido, name="Mira")


@pytest.fixture
def tomas(unido):
    return UserFactory(role=Role.STAFF, entity=unido, name="Tomás")


def signed_in_as(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(person):
    return reverse("person_detail", args=[person.memberships.earliest("pk").pk])


class TestList:
    def test_tells_who_is_here_and_what_each_holds(self, unido, focal_point, mira):
        InitiativeFactory(entity=unido, holder=mira)
        InitiativeFactory(entity=unido, deputy=mira, holder=focal_point)
        InitiativeFactory(entity=unido)
        DraftFactory(entity=unido, holder=mira)
        InitiativeFactory(holder=mira)  # of another entity
        html = words_of(signed_in_as(focal_point).get(PEOPLE))
        assert f'href="/desk/?show=all&holder={mira.pk}"' in html
        assert "deputy for 1" in html
        assert "1 draft under way" in html
        assert "1 initiative without holder" in html

    def test_is_for_focal_points(self, mira):
        assert signed_in_as(mira).get(PEOPLE).status_code == 403

    def test_takes_the_same_queries_for_many(self, unido, focal_point):
        def add() -> None:
            person = UserFactory(role=Role.STAFF, entity=unido)
            InitiativeFactory(entity=unido, holder=person)
            Absence.objects.create(
                user=person, entity=unido, since=timezone.localdate(), until=timezone.localdate() + dt.timedelta(2)
            )

        assert_rows_cost_nothing(signed_in_as(focal_point), PEOPLE, add)


class TestInviting:
    def test_makes_an_account_that_is_opened_by_mail(self, unido, focal_point):
        unit = UnitFactory(entity=unido)
        sent = {"entity": unido.pk, "email": "New@example.org", "name": "Ana", "role": "staff", "unit": unit.pk}
        response = signed_in_as(focal_point).post(reverse("person_invite"), sent)
        assert response.url == PEOPLE
        membership = Membership.objects.get(user__email="new@example.org")
        assert (membership.role, membership.entity, membership.unit) == ("staff", unido, unit)
        send_invitation_task(membership_id=membership.pk)
        (message,) = mail.outbox
        assert message.to == ["new@example.org"]
        link = re.search(r"http\S+/password/reset/key/\S+", message.body)
        visitor = Client()
        form = visitor.get("/" + link[0].split("/", 3)[3], follow=True)
        word = "quite a long new password"
        visitor.post(form.redirect_chain[-1][0], {"password1": word, "password2": word})
        assert visitor.login(email="new@example.org", password=word)
        assert visitor.get(reverse("desk")).status_code == 200

    def test_gives_an_account_that_is_there_the_role_once(self, unido, focal_point, mira):
        client = signed_in_as(focal_point)
        sent = {"entity": unido.pk, "email": mira.email, "name": "Another", "role": "staff"}
        response = client.post(reverse("person_invite"), sent)
        assert response.status_code == 422
        assert "has this role" in words_of(response)
        assert client.post(reverse("person_invite"), sent | {"role": "focal_point"}).status_code == 302
        mira.refresh_from_db()
        assert (mira.name, mira.memberships.count()) == ("Mira", 2)

    def test_is_for_the_own_entity_alone(self, focal_point):
        sent = {"entity": EntityFactory().pk, "email": "new@example.org", "name": "Ana", "role": "staff"}
        assert signed_in_as(focal_point).post(reverse("person_invite"), sent).status_code == 422
        assert not User.objects.filter(email="new@example.org").exists()


def plan_held_by(person: User, entity: Entity) -> Draft:
    return IndicatorDraftFactory(workplan=WorkplanFactory(entity=entity), holder=person)


class TestLeaving:
    def test_asks_who_takes_what_is_held_and_hands_it_over(self, unido, focal_point, mira, tomas):
        held = InitiativeFactory(entity=unido, holder=mira, deputy=tomas)
        other = InitiativeFactory(entity=unido, holder=tomas, deputy=mira)
        draft = DraftFactory(entity=unido, holder=mira)
        client = signed_in_as(focal_point)
        response = client.post(page_of(mira), {"act": "end"})
        assert response.status_code == 422
        assert "Choose who takes" in words_of(response)
        client.post(page_of(mira), {"act": "end", "end-successor": tomas.pk})
        for one in (held, other, draft):
            one.refresh_from_db()
        assert (held.holder, held.deputy, other.deputy, draft.holder) == (tomas, None, None, tomas)
        assert not mira.memberships.active_on(timezone.localdate()).exists()
        assert signed_in_as(mira).get(held.get_absolute_url()).status_code == 404
        told = Notification.objects.filter(to=tomas, kind=NotificationKind.ASSIGNMENT)
        assert {one.about for one in told} == {held, draft}

    def test_hands_plans_to_the_secretariat_alone(self, unido, focal_point, secretariat, tomas):
        MembershipFactory(user=secretariat, role=Role.STAFF, entity=unido)
        colleague = UserFactory(name="Nadia", role=Role.SECRETARIAT, entity=unido)
        page, client = page_of(secretariat), signed_in_as(focal_point)
        update, plan = DraftFactory(entity=unido, holder=secretariat), plan_held_by(secretariat, unido)
        assert "go to a person of the secretariat alone" in words_of(client.get(page))
        assert client.post(page, {"act": "end", "end-successor": tomas.pk}).status_code == 302
        for one in (update, plan):
            one.refresh_from_db()
        assert (update.holder, plan.holder) == (tomas, None)
        assert not Notification.objects.filter(draft=plan, kind=NotificationKind.ASSIGNMENT).exists()
        assert plan.get_absolute_url() in signed_in_as(colleague).get(plan.workplan.get_absolute_url()).content.decode()

        other = plan_held_by(colleague, unido)
        successor = UserFactory(role=Role.SECRETARIAT, entity=unido)
        client.post(page_of(colleague), {"act": "end", "end-successor": successor.pk})
        other.refresh_from_db()
        assert other.holder == successor

    def test_hands_no_initiative_to_the_secretariat(self, unido, focal_point, secretariat, mira):
        held = InitiativeFactory(entity=unido, holder=mira)
        response = signed_in_as(focal_point).post(page_of(mira), {"act": "end", "end-successor": secretariat.pk})
        assert response.status_code == 422
        held.refresh_from_db()
        assert held.holder == mira

    def test_may_leave_it_to_nobody(self, unido, focal_point, mira):
        held = InitiativeFactory(entity=unido, holder=mira)
        client = signed_in_as(focal_point)
        client.post(page_of(mira), {"act": "end", "end-to_nobody": "on"})
        held.refresh_from_db()
        assert held.holder is None
        assert "1 initiative without holder" in words_of(client.get(PEOPLE))

    def test_keeps_a_focal_point(self, unido, focal_point, mira):
        client = signed_in_as(focal_point)
        response = client.post(page_of(focal_point), {"act": "end"})
        assert response.status_code == 422
        assert "Nobody else is a focal point" in words_of(response)
        MembershipFactory(user=mira, role=Role.FOCAL_POINT, entity=unido)
        assert client.post(page_of(focal_point), {"act": "end"}).status_code == 302
        assert client.get(PEOPLE).status_code == 403

    def test_is_nothing_for_staff_or_another_entity(self, mira, focal_point):
        foreign = UserFactory(role=Role.FOCAL_POINT, entity=EntityFactory())
        assert signed_in_as(mira).post(page_of(focal_point), {"act": "end"}).status_code == 403
        assert signed_in_as(foreign).post(page_of(focal_point), {"act": "end"}).status_code == 404


class TestLeave:
    def test_lets_another_act_as_focal_point_for_its_days(self, unido, focal_point, tomas):
        today = timezone.localdate()
        days = {"leave-since": today.isoformat(), "leave-until": (today + dt.timedelta(10)).isoformat()}
        client = signed_in_as(focal_point)
        assert client.post(page_of(focal_point), {"act": "leave", **days, "leave-acting": tomas.pk}).status_code == 302
        acting = tomas.memberships.get(role=Role.FOCAL_POINT)
        assert (acting.acting_for, acting.until) == (focal_point, today + dt.timedelta(10))
        again = client.post(page_of(focal_point), {"act": "leave", **days})
        assert "away on some of these days already" in words_of(again)
        client.post(page_of(focal_point), {"act": "back", "absence": Absence.objects.get().pk})
        assert not Absence.objects.exists()
        assert not tomas.memberships.filter(role=Role.FOCAL_POINT).exists()

    def test_is_told_beside_what_the_person_holds(self, unido, focal_point, mira):
        InitiativeFactory(entity=unido, holder=mira)
        today = timezone.localdate()
        days = {"leave-since": today.isoformat(), "leave-until": (today + dt.timedelta(2)).isoformat()}
        signed_in_as(focal_point).post(page_of(mira), {"act": "leave", **days})
        assert "away until" in words_of(signed_in_as(focal_point).get("/desk/"))

    def test_ends_after_it_begins(self, focal_point, mira):
        days = {"leave-since": "2026-05-02", "leave-until": "2026-05-01"}
        response = signed_in_as(focal_point).post(page_of(mira), {"act": "leave", **days})
        assert response.status_code == 422
        assert "has to come after" in words_of(response)
