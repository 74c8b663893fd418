"""The cells of the desk: what is changed in them, and what that does to the record."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import DraftState, Role, Status
from initiatives.models import Draft, Update
from initiatives.services.drafts import TAKEN_BACK_WITHIN, approve_draft, begin_change, submit_draft
from portal.common.history import events
from tests.factories import NOON, EntityFactory, InitiativeFactory, UpdateFactory, UserFactory
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def unido():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(unido):
    return UserFactory(role=Role.STAFF, entity=unido, name="Mira")


@pytest.fixture
def colleague(unido):
    return UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Tomás")


@pytest.fixture
def hub(unido, staff):
    return InitiativeFactory(title="Hub", entity=unido, holder=staff, status=Status.ONGOING, published=True)


def row_of(initiative):
    return reverse("desk_row", args=[initiative.slug]) + "?period=2021"


def save(user, initiative, *, htmx=True, **sent):
    client = Client()
    client.force_login(user)
    return client.post(row_of(initiative), sent, headers=HTMX if htmx else {})


class TestHolder:
    def test_is_another_at_once_and_in_the_history(self, hub, staff, colleague):
        response = save(staff, hub, **{"holder": colleague.pk, "seen-holder": staff.pk})
        assert response.status_code == 200
        assert "Tomás" in words_of(response)
        assert "data-said" in words_of(response)
        hub.refresh_from_db()
        assert hub.holder == colleague
        assert not Draft.objects.exists()
        assert events(type(hub), pgh_obj=hub).last().holder_id == colleague.pk

    def test_is_not_overwritten_where_somebody_else_chose_meanwhile(self, unido, hub, staff, colleague):
        third = UserFactory(role=Role.STAFF, entity=unido, name="Ana")
        save(colleague, hub, **{"holder": third.pk, "seen-holder": staff.pk})
        response = save(staff, hub, **{"holder": colleague.pk, "seen-holder": staff.pk})
        assert response.status_code == 409
        html = words_of(response)
        assert "Somebody chose “Ana” meanwhile" in html
        assert f'<option value="{colleague.pk}" selected>' in html
        hub.refresh_from_db()
        assert hub.holder == third
        assert f'name="seen-holder" value="{third.pk}"' in html
        save(staff, hub, **{"holder": colleague.pk, "seen-holder": third.pk})
        hub.refresh_from_db()
        assert hub.holder == colleague

    def test_is_nobody_of_another_entity(self, hub, staff):
        foreign = UserFactory(role=Role.STAFF, entity=EntityFactory())
        assert save(staff, hub, **{"holder": foreign.pk, "seen-holder": staff.pk}).status_code == 422
        hub.refresh_from_db()
        assert hub.holder == staff


class TestStatus:
    def test_goes_into_a_draft_and_becomes_public_by_approval(self, hub, staff, colleague):
        response = save(staff, hub, **{"status": "completed", "seen-status": "ongoing"})
        assert "in draft; public: ongoing" in words_of(response)
        hub.refresh_from_db()
        assert hub.status == "ongoing"
        draft = Draft.objects.get(initiative=hub)
        assert draft.content["status"] == "completed"
        draft.why = "It ended."
        draft.save()
        submit_draft(draft=draft, user=staff, now=NOON)
        approve_draft(draft=draft, edits=draft.edits, user=colleague, now=NOON)
        hub.refresh_from_db()
        assert hub.status == "completed"

    def test_joins_the_draft_that_somebody_writes(self, hub, staff, colleague):
        draft = begin_change(initiative=hub, user=colleague, now=NOON)
        save(staff, hub, **{"status": "planned", "seen-status": "ongoing"})
        draft.refresh_from_db()
        assert (draft.content["status"], draft.edits) == ("planned", 1)

    def test_waits_while_a_draft_waits_for_a_decision(self, hub, staff):
        save(staff, hub, **{"status": "completed", "seen-status": "ongoing"})
        Draft.objects.update(state=DraftState.SUBMITTED, why="It ended.")
        response = save(staff, hub, **{"status": "planned", "seen-status": "completed"})
        assert response.status_code == 409
        assert "cannot be changed here" in words_of(response)
        client = Client()
        client.force_login(staff)
        shown = words_of(client.get(row_of(hub), {"cell": "status"}, headers=HTMX))
        assert "<select" not in shown
        assert "waits for a decision" in shown


class TestTelling:
    """That nothing is new, by a click in the row."""

    @pytest.fixture
    def told_before(self, hub):
        return UpdateFactory(
            initiative=hub, period_start="2020-01-01", period_end="2021-01-01", paragraph="<p>News.</p>"
        )

    @staticmethod
    def tell(user, initiative, *, htmx=True, **sent):
        client = Client()
        client.force_login(user)
        sent = {"period": "2021"} | sent
        address = reverse("desk_tell", args=[initiative.slug])
        return client.post(address, sent, headers=HTMX if htmx else {}, follow=not htmx)

    def test_is_on_record_at_once_where_all_is_still_true_and_can_be_taken_back(self, hub, staff, told_before):
        row = words_of(self.tell(staff, hub, kind="still_true"))
        assert row.startswith("<tr")
        assert "On record: still true" in row
        assert "Take back" in row
        update = hub.updates.get(kind="still_true")
        row = words_of(self.tell(staff, hub, kind="take_back"))
        assert "Taken back." in row
        assert "Write update" in row
        assert [draft.state for draft in Draft.objects.all()] == [DraftState.WITHDRAWN]
        assert list(hub.updates.all()) == [told_before]
        assert events(Update, pgh_obj_id=update.pk).last().pgh_label == "delete"

    def test_stays_where_another_person_or_a_later_day_would_take_it_back(self, hub, staff, colleague, told_before):
        self.tell(staff, hub, kind="still_true")
        assert self.tell(colleague, hub, kind="take_back").status_code == 409
        Update.objects.filter(kind="still_true").update(decided_at=timezone.now() - TAKEN_BACK_WITHIN)
        row = self.tell(staff, hub, kind="take_back")
        assert row.status_code == 409
        assert "cannot be taken back any more" in words_of(row)
        assert hub.updates.count() == 2

    def test_waits_for_a_focal_point_where_there_is_nothing_to_report(self, hub, staff, colleague):
        client = Client()
        client.force_login(staff)
        address = reverse("desk_tell", args=[hub.slug]) + "?period=2021"
        assert 'name="reason"' in words_of(client.get(address, headers=HTMX))
        assert "Why there is nothing to report" in words_of(client.get(address))
        empty = self.tell(staff, hub, kind="nothing", reason=" ")
        assert (empty.status_code, empty["HX-Retarget"]) == (422, "closest td")
        assert "Say why there is nothing to report." in words_of(empty)
        row = words_of(self.tell(staff, hub, kind="nothing", reason="It rests."))
        assert "Submitted: nothing to report." in row
        draft = Draft.objects.get()
        assert (draft.state, draft.content["reason"]) == (DraftState.SUBMITTED, "It rests.")
        assert "Another change of this record" in words_of(self.tell(staff, hub, kind="nothing", reason="Twice."))
        assert self.tell(colleague, hub, kind="take_back").status_code == 409
        self.tell(staff, hub, kind="take_back")
        draft.refresh_from_db()
        assert draft.state == DraftState.WITHDRAWN

    def test_says_why_it_cannot_be_still_true(self, hub, staff):
        row = self.tell(staff, hub, kind="still_true")
        assert row.status_code == 409
        assert "Nothing was approved before that could still be true." in words_of(row)
        assert not Draft.objects.exists()

    def test_comes_back_to_the_table_without_scripts(self, hub, staff, told_before):
        page = self.tell(staff, hub, htmx=False, kind="still_true", next="/desk/?period=2021&told=approved")
        assert page.redirect_chain == [("/desk/?period=2021&told=approved", 302)]
        assert "Hub: On record: still true" in words_of(page)
        assert "Take back" in words_of(page)
        assert self.tell(staff, hub, htmx=False, kind="nothing").status_code == 422
        assert "between 2003 and next year" in words_of(
            self.tell(staff, hub, htmx=False, kind="still_true", period="1900")
        )


class TestForm:
    def test_of_the_row_saves_all_of_it_without_scripts(self, hub, staff, colleague):
        client = Client()
        client.force_login(staff)
        form = client.get(row_of(hub)).context["form"]
        assert list(form.fields) == ["status", "level", "unit", "holder", "deputy"]
        sent = {"status": "ongoing", "level": "national", "unit": "", "holder": staff.pk, "deputy": colleague.pk}
        seen = {"seen-status": "ongoing", "seen-level": "", "seen-unit": "", "seen-holder": staff.pk, "seen-deputy": ""}
        assert save(staff, hub, htmx=False, **sent, **seen).status_code == 302
        hub.refresh_from_db()
        assert (hub.deputy, hub.level) == (colleague, "")
        assert Draft.objects.get(initiative=hub).content["level"] == "national"

    def test_tells_htmx_that_nobody_is_signed_in(self, hub):
        assert Client().post(row_of(hub), {"status": "planned"}, headers=HTMX).status_code == 401


class TestHandingOver:
    def test_lets_somebody_else_hold_what_was_ticked(self, unido, hub, staff, colleague):
        other = InitiativeFactory(entity=unido, deputy=colleague)
        foreign = InitiativeFactory(published=True)
        client = Client()
        client.force_login(staff)
        sent = {"initiative": [hub.slug, other.slug, foreign.slug], "to": colleague.pk, "next": "/desk/?told=none"}
        response = client.post(reverse("desk_hand_over"), sent)
        assert response.url == "/desk/?told=none"
        for one in (hub, other, foreign):
            one.refresh_from_db()
        assert [one.holder for one in (hub, other, foreign)] == [colleague, colleague, None]
        assert other.deputy is None
        page = client.get(response.url)
        assert "2 initiatives are handed over to Tomás." in words_of(page)

    @pytest.mark.parametrize("sent", [{}, {"to": "x", "initiative": "hub"}, {"to": "0"}])
    def test_asks_for_rows_and_a_person(self, hub, staff, sent):
        client = Client()
        client.force_login(staff)
        response = client.post(reverse("desk_hand_over"), sent | {"next": "//evil.example"}, follow=True)
        assert response.redirect_chain == [("/desk/", 302)]
        assert "Tick the initiatives" in words_of(response)
