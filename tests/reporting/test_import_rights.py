"""Who sees an import, who accepts it, and which initiatives they are offered."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Membership
from portal.models import User
from reporting.choices import ProposalKind
from reporting.models import Import
from reporting.permissions import may_decide_import
from reporting.services.imports import ProposalsChanged, accept, digest, proposals_of, request_import
from tests.factories import NOON, EntityFactory, InitiativeFactory, KindFactory, SessionFactory, UserFactory
from tests.support.importing import SUBMISSION, asked_for, read_in, sent

pytestmark = pytest.mark.django_db

TITLE = "Open workshops for small mills"


@pytest.fixture
def mill():
    KindFactory(code="project")
    return EntityFactory(code="MILL", name_en="The Mill House")


@pytest.fixture
def read(mill) -> Import:
    return read_in(SUBMISSION, mill, session=SessionFactory(number=25, reporting_year=2021))


def end_memberships(person) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=person).update(since=yesterday - dt.timedelta(days=9), until=yesterday)


class TestSeeing:
    @pytest.mark.parametrize("role", [Role.STAFF, Role.COMMISSION])
    def test_ends_with_the_membership_of_who_asked(self, mill, role):
        person = UserFactory(role=role, entity=mill) if role == Role.STAFF else UserFactory(role=role)
        asked = asked_for(mill, by=person)
        assert list(Import.objects.visible_to(person)) == [asked]
        end_memberships(person)
        assert not Import.objects.visible_to(User.objects.get(pk=person.pk)).exists()  # as the next request reads them

    def test_is_of_what_the_commission_asked_for_itself(self, mill):
        person = UserFactory(role=Role.COMMISSION)
        asked = asked_for(mill, by=person)
        asked_for(mill, text="Another sentence.")
        assert list(Import.objects.visible_to(person)) == [asked]

    def test_is_of_the_own_entity_whoever_asked(self, mill):
        asked = asked_for(mill, by=UserFactory(role=Role.COMMISSION))
        assert list(Import.objects.visible_to(UserFactory(role=Role.STAFF, entity=mill))) == [asked]


class TestDeciding:
    @pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.SECRETARIAT])
    def test_on_a_joint_document_is_for_the_entity_whose_records_are_made(self, mill, role):
        other = EntityFactory(code="AAA")
        joint = request_import(sent("Words.", mill, entities=[mill, other]), now=NOON)
        assert may_decide_import(UserFactory(role=role, entity=mill), joint)
        assert not may_decide_import(UserFactory(role=role, entity=other), joint)
        assert not may_decide_import(UserFactory(role=Role.STAFF, entity=mill), joint)

    def test_is_told_on_the_page_to_whoever_may_only_look(self, client, mill):
        other = EntityFactory(code="AAA")
        joint = read_in("Some words.", mill, entities=[mill, other])
        client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=other))
        html = " ".join(client.get(joint.get_absolute_url()).content.decode().split())
        assert f"The focal point or the secretariat of {mill.acronym} accepts it." in html
        assert client.post(reverse("import_accept", args=[joint.pk])).status_code == 403
        client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=mill))
        assert "File these records" in client.get(joint.get_absolute_url()).content.decode()


class TestCandidates:
    def offered(self, client, imported: Import) -> set[str]:
        groups = client.get(imported.get_absolute_url()).context["shown"].groups
        rows = [row for group in groups if group.kind == ProposalKind.INITIATIVE for row in group.rows]
        return {choice.value for row in rows for choice in row.choices if choice.value.isdecimal()}

    def test_are_what_the_reader_of_the_page_sees(self, client, read, mill):
        hidden = InitiativeFactory(entity=mill, title=TITLE)
        commission = UserFactory(role=Role.COMMISSION)
        Import.objects.filter(pk=read.pk).update(requested_by=commission)
        client.force_login(commission)
        assert self.offered(client, read) == set()
        client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=mill))
        assert self.offered(client, read) == {str(hidden.pk)}

    def test_are_the_same_when_the_person_accepts_what_was_shown(self, read, mill):
        hidden = InitiativeFactory(entity=mill, title=TITLE)
        person = UserFactory(role=Role.FOCAL_POINT, entity=mill)
        shown = digest(proposals_of(read, viewer=person))
        accept(imported=read, person=person, choices={}, now=NOON, shown=shown)
        assert hidden.updates.exists()

    def test_of_somebody_who_sees_less_are_not_what_is_accepted(self, read, mill):
        InitiativeFactory(entity=mill, title=TITLE)
        shown = digest(proposals_of(read, viewer=UserFactory(role=Role.COMMISSION)))
        person = UserFactory(role=Role.FOCAL_POINT, entity=mill)
        with pytest.raises(ProposalsChanged):
            accept(imported=read, person=person, choices={}, now=NOON, shown=shown)
