"""The page of a workbook: what becomes of each conflict, and the drafts that are submitted together."""

import pytest
from django.urls import reverse

from initiatives.choices import DraftState, Role
from initiatives.models import Draft, Initiative
from initiatives.services.drafts import save_draft
from reporting.choices import RowOutcome, WorkbookState
from reporting.models import WorkbookUpload
from reporting.services.workbooks import accept_workbook, request_workbook
from reporting.tasks import work_on_workbook_task
from tests.factories import NOON, CallFactory, EntityFactory, InitiativeFactory, KindFactory, UpdateFactory, UserFactory
from tests.support.workbooks import FIRST_ROW, taken_out, with_cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    CallFactory()  # asks for 2021
    return EntityFactory(code="UNIDO")


@pytest.fixture
def mira(entity, client):
    user = UserFactory(role=Role.STAFF, entity=entity, name="Mira")
    client.force_login(user)
    return user


@pytest.fixture
def initiatives(entity):
    KindFactory(code="programme")
    made = [InitiativeFactory(entity=entity, title=f"Hub {number}", place="Vienna") for number in range(3)]
    UpdateFactory(initiative=made[0], paragraph="<p>Begun.</p>", period_start="2020-01-01", period_end="2021-01-01")
    return made


def sent(content, entity, mira):
    upload = request_workbook(content=content, name="records.xlsx", entity=entity, user=mira, now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    return upload


def page_of(client, upload, query=""):
    return client.get(upload.get_absolute_url() + query).content.decode()


class TestConflicts:
    def test_are_decided_one_by_one_or_all_alike(self, client, entity, mira, initiatives):
        content = taken_out(entity)
        for row in range(3):
            content = with_cells(content, FIRST_ROW + row, place="Graz")
        Initiative.objects.update(place="Linz")
        upload = sent(content, entity, mira)
        first, second, _third = upload.rows.filter(verdict="conflict").order_by("number")
        for row, choice in ((first, "mine"), (second, "leave")):
            answer = client.post(
                reverse("workbook_choose", args=[upload.pk, row.pk]), {"choice": choice, "back": "show=conflict"}
            )
            assert answer.url == f"{upload.get_absolute_url()}?show=conflict#row-{row.pk}"
        assert page_of(client, upload).count('aria-pressed="true"') == 2
        fragment = client.post(
            reverse("workbook_choose", args=[upload.pk, second.pk]), {"choice": ""}, headers={"hx-request": "true"}
        ).content.decode()
        assert (fragment.count('<li class="workbook-row"'), 'aria-pressed="true"' in fragment) == (1, False)
        client.post(reverse("workbook_choose", args=[upload.pk, second.pk]), {"choice": "leave"})
        assert client.post(reverse("workbook_choose", args=[upload.pk, first.pk]), {"choice": "no"}).status_code == 422
        accept_workbook(upload=upload, only_good=False, conflicts="theirs", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        outcomes = upload.rows.filter(verdict="conflict").order_by("number").values_list("outcome", flat=True)
        assert list(outcomes) == ["written", "", "same"]
        assert [draft.content["place"] for draft in Draft.objects.all()] == ["Graz"]
        assert client.post(reverse("workbook_choose", args=[upload.pk, first.pk]), {"choice": ""}).status_code == 409


class TestSubmitting:
    def test_hands_in_what_is_complete_and_tells_what_the_others_lack(
        self, client, entity, mira, initiatives, django_assert_max_num_queries
    ):
        content = with_cells(taken_out(entity), place="Graz")
        content = with_cells(content, FIRST_ROW + 3, title="New hub", kind="programme", language="en")
        content = with_cells(content, FIRST_ROW, sheet=1, kind="still_true")
        content = with_cells(content, FIRST_ROW + 1, sheet=1, kind="news")
        content = with_cells(content, FIRST_ROW + 2, sheet=1, kind="nothing", reason="It rests.")
        upload = sent(content, entity, mira)
        assert client.post(reverse("workbook_submit", args=[upload.pk])).status_code == 409
        accept_workbook(upload=upload, only_good=False, conflicts="leave", why="", now=NOON)
        work_on_workbook_task(upload_id=upload.pk)
        with django_assert_max_num_queries(45):
            page = page_of(client, upload)
        news = Draft.objects.get(content__kind="news")
        change = Draft.objects.get(initiative=initiatives[0], of="initiative")
        lacking = [f"/drafts/{news.pk}/edit/#id_paragraph", f"/drafts/{change.pk}/edit/#id_why"]
        assert "5 drafts are not submitted yet." in page
        assert [link for link in lacking if link in page] == lacking

        assert client.post(reverse("workbook_submit", args=[upload.pk])).url == upload.get_absolute_url()
        assert "waits until a worker is free" in page_of(client, upload)
        work_on_workbook_task(upload_id=upload.pk)
        upload.refresh_from_db()
        assert upload.state == WorkbookState.TAKEN
        states = dict(Draft.objects.values_list("title", "state").filter(of="initiative"))
        assert states == {"Hub 0": DraftState.DRAFT, "New hub": DraftState.SUBMITTED}
        of_updates = dict(Draft.objects.of_updates().values_list("content__kind", "state"))
        assert of_updates == {"still_true": "approved", "news": "draft", "nothing": "submitted"}
        assert upload.rows.filter(outcome=RowOutcome.SUBMITTED).count() == 3
        page = page_of(client, upload)
        assert "3 drafts of it were submitted here." in page
        assert [link for link in lacking if link in page] == lacking

        save_draft(draft=news, content=news.content | {"paragraph": "<p>Two firms.</p>"}, edits=0, user=mira, now=NOON)
        save_draft(draft=change, content=change.content, edits=0, user=mira, now=NOON, why="It moved.")
        page = page_of(client, upload)
        assert [link for link in lacking if link in page] == []
        client.post(reverse("workbook_submit", args=[upload.pk]))
        work_on_workbook_task(upload_id=upload.pk)
        assert not Draft.objects.filter(state=DraftState.DRAFT).exists()
        assert client.post(reverse("workbook_submit", args=[upload.pk])).status_code == 409
        assert WorkbookUpload.objects.get().rows.filter(outcome=RowOutcome.SUBMITTED).count() == 5
