"""The pages of the offline workbook."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from initiatives.choices import Role
from initiatives.models import Draft, Initiative
from reporting.models import WorkbookRow, WorkbookUpload
from reporting.tasks import work_on_workbook_task
from tests.factories import (
    EntityFactory,
    InitiativeFactory,
    KindFactory,
    UserFactory,
    WorkbookRowFactory,
    WorkbookUploadFactory,
)
from tests.support.workbooks import FIRST_ROW, with_cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def mira(entity, client):
    user = UserFactory(role=Role.STAFF, entity=entity, name="Mira")
    client.force_login(user)
    return user


@pytest.fixture
def records(entity, mira):
    KindFactory(code="programme")
    InitiativeFactory(entity=entity, title="Mine", holder=mira)
    return InitiativeFactory(entity=entity, title="<b>مركز</b> 🏭", place="Vienna")


def downloaded(client, query=""):
    response = client.get(reverse("workbook_download") + query)
    assert response.status_code == 200
    return response.getvalue()


def titles(content):
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=FIRST_ROW, values_only=True)
    return [row[2] for row in rows]


def send(client, content, **facts):
    file = io.BytesIO(content)
    file.name = "records.xlsx"
    return client.post(reverse("workbook_list"), {"file": file, "entity": "UNIDO", **facts})


class TestDownload:
    def test_is_of_mine_or_of_the_entity(self, client, records):
        InitiativeFactory(title="Of others", published=True)
        assert titles(downloaded(client, "?entity=UNIDO&show=mine")) == ["Mine"]
        assert titles(downloaded(client)) == ["Mine", "<b>مركز</b> 🏭"]
        assert client.get(reverse("workbook_download") + "?entity=OTHER").status_code == 404
        assert "?entity=UNIDO&amp;show=mine" in client.get(reverse("workbook_list")).content.decode()


class TestWorkbook:
    def test_goes_from_a_file_to_drafts(self, client, records):
        content = with_cells(downloaded(client, "?show=all"), FIRST_ROW + 1, place="Graz", kind="=1+1")
        response = send(client, content)
        upload = WorkbookUpload.objects.get()
        assert response.url == upload.get_absolute_url()
        assert "waits until a worker is free" in client.get(response.url).content.decode()
        work_on_workbook_task(upload_id=upload.pk)
        page = client.get(response.url).content.decode()
        assert "This is a formula" in page
        assert "&lt;b&gt;مركز&lt;/b&gt; 🏭" in page
        refused = client.post(reverse("workbook_accept", args=[upload.pk]), {"only_good": "on"})
        assert (refused.status_code, Draft.objects.count()) == (409, 0)
        assert "nothing to take in" in refused.content.decode()

        send(client, with_cells(content, FIRST_ROW + 1, kind="programme"))
        upload = WorkbookUpload.objects.exclude(pk=upload.pk).get()
        work_on_workbook_task(upload_id=upload.pk)
        client.post(reverse("workbook_accept", args=[upload.pk]), {"why": "It moved."})
        work_on_workbook_task(upload_id=upload.pk)
        draft = Draft.objects.get()
        assert (draft.content["place"], draft.why, Initiative.objects.get(pk=records.pk).place) == (
            "Graz",
            "It moved.",
            "Vienna",
        )
        assert draft.get_absolute_url() in client.get(upload.get_absolute_url()).content.decode()
        assert client.post(reverse("workbook_accept", args=[upload.pk])).status_code == 409

    def test_without_a_file_or_too_large_is_asked_for_again(self, client, mira):
        assert client.post(reverse("workbook_list"), {"entity": "UNIDO"}).status_code == 422
        response = send(client, bytes(26 * 1024 * 1024))
        assert (response.status_code, "larger than 25" in response.content.decode()) == (422, True)

    def test_is_left(self, client, mira, entity):
        upload = WorkbookUploadFactory(entity=entity, requested_by=mira, read=True)
        assert client.post(reverse("workbook_drop", args=[upload.pk])).url == reverse("workbook_list")
        assert "It was left" in client.get(upload.get_absolute_url()).content.decode()


class TestRows:
    def test_are_narrowed_by_verdict_and_paged_in_a_fixed_number_of_queries(
        self, client, mira, entity, django_assert_max_num_queries
    ):
        upload = WorkbookUploadFactory(entity=entity, requested_by=mira, read=True)
        for verdict, count in {"added": 60, "unchanged": 5, "refused": 2}.items():
            for _row in range(count):
                WorkbookRowFactory(upload=upload, verdict=verdict, title=f"A row {verdict}")
        with django_assert_max_num_queries(30):
            page = client.get(upload.get_absolute_url()).content.decode()
        assert page.count("workbook-row-head") == 50
        assert "A row unchanged" not in page
        for query, count in {"?show=unchanged": 5, "?show=refused": 2, "?page=2": 12}.items():
            page = client.get(upload.get_absolute_url() + query).content.decode()
            assert page.count("workbook-row-head") == count
        assert WorkbookRow.objects.count() == 67
