"""The pages of old documents."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from initiatives.choices import Role
from initiatives.models import Initiative
from reporting.choices import ImportState, ProposalKind
from reporting.models import Import, Submission
from reporting.proposed import HEADINGS
from reporting.services.imports import proposals_of
from tests.factories import (
    ClearanceFactory,
    CompilationFactory,
    EntityFactory,
    KindFactory,
    SessionFactory,
    UserFactory,
)
from tests.support.importing import SUBMISSION, accepted, asked_for, read_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def loom():
    KindFactory(code="project")
    return EntityFactory(code="LOOM", name_en="The Loom House")


@pytest.fixture
def session():
    return SessionFactory(number=25, reporting_year=2021)


@pytest.fixture
def read(loom, session):
    return read_in(SUBMISSION, loom, session=session)


@pytest.fixture
def focal(client, loom):
    client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=loom))
    return client


@pytest.fixture
def staff(client, loom):
    client.force_login(UserFactory(role=Role.STAFF, entity=loom))
    return client


def page(client, imported: Import) -> str:
    return client.get(imported.get_absolute_url()).content.decode()


def form_of(client, imported: Import) -> dict[str, object]:
    """Return what the browser sends when nobody changes anything."""
    shown = client.get(imported.get_absolute_url()).context["shown"]
    form: dict[str, object] = {"digest": shown.digest, "shown": shown.shown, "mends": shown.offered_mends}
    form["file"] = [row.name for group in shown.groups for row in group.rows if row.ticked and not row.choices]
    form["mend"] = [damage.finding.key for damage in shown.proposed]
    for group in shown.groups:
        for row in group.rows:
            if row.choices:
                form[f"{'as' if group.kind == ProposalKind.INITIATIVE else 'kind'}-{row.name}"] = row.chosen
    return form


def accept_url(imported: Import) -> str:
    return reverse("import_accept", args=[imported.pk])


class TestSending:
    def send(self, client, **changed):
        content = changed.pop("content", b"A sentence.")
        form = {
            "file": SimpleUploadedFile("old.txt", content),
            "kind": "publication",
            "session": "",
            "language": "en",
            "entities": [
                entity.pk for entity in client.get(reverse("import_list")).context["form"].fields["entities"].queryset
            ],
            **changed,
        }
        return client.post(reverse("import_list"), form)

    def test_leads_to_the_page_of_the_import(self, staff):
        response = self.send(staff)
        imported = Import.objects.get()
        assert response["Location"] == imported.get_absolute_url()
        assert imported.state == ImportState.QUEUED
        assert imported.requested_by is not None

    def test_says_beside_the_field_what_is_missing(self, staff, loom):
        response = staff.post(reverse("import_list"), {"kind": "submission", "language": "en", "entities": [loom.pk]})
        assert response.status_code == 422
        assert response.context["form"].errors == {"file": ["Choose a file first."]}

    def test_says_that_a_file_is_empty(self, staff):
        assert "The file is empty." in self.send(staff, content=b"").content.decode()

    def test_asks_a_submission_for_its_session(self, staff):
        response = self.send(staff, kind="submission")
        assert response.context["form"].errors["session"] == ["Name the session that the submission answers."]

    def test_leads_to_the_former_import_of_the_same_file(self, staff):
        self.send(staff)
        former = Import.objects.get()
        response = self.send(staff)
        assert response.status_code == 409
        assert f'href="{former.get_absolute_url()}"' in response.content.decode()

    def test_does_not_lead_the_commission_to_an_import_of_others(self, client, loom):
        former = asked_for(loom, text="A sentence.")
        client.force_login(UserFactory(role=Role.COMMISSION))
        response = self.send(client, entities=[loom.pk])
        assert response.status_code == 409
        assert former.get_absolute_url() not in response.content.decode()

    def test_is_for_own_entities_alone(self, staff):
        other = EntityFactory()
        assert self.send(staff, entities=[other.pk]).status_code == 422
        assert not Import.objects.exists()

    def test_is_for_every_entity_where_the_commission_sends(self, client, loom):
        client.force_login(UserFactory(role=Role.COMMISSION))
        assert self.send(client, entities=[loom.pk]).status_code == 302

    def test_refuses_what_is_far_too_large_without_reading_it(self, staff):
        response = self.send(staff, content=bytes(26 * 1024 * 1024))
        assert response.status_code == 422
        assert "larger than 25" in response.content.decode()

    def test_says_that_nothing_was_sent_yet(self, staff):
        assert "Nothing was sent yet" in staff.get(reverse("import_list")).content.decode()

    def test_lists_in_a_fixed_number_of_queries(self, staff, loom, django_assert_max_num_queries):
        for number in range(12):
            asked_for(loom, text=f"Sentence {number}.")
        with django_assert_max_num_queries(16):
            staff.get(reverse("import_list"))


class TestWaiting:
    def test_asks_again_while_it_is_read(self, staff, loom):
        imported = asked_for(loom)
        html = page(staff, imported)
        assert f'hx-get="{imported.get_absolute_url()}"' in html
        assert '<meta http-equiv="refresh" content="2">' in html

    def test_gives_htmx_the_part_that_changes(self, staff, read):
        html = staff.get(read.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in html
        assert "hx-get" not in html
        assert "What would be filed" in html

    def test_says_why_a_file_cannot_be_read(self, staff, loom):
        imported = asked_for(loom)
        Import.objects.update(state=ImportState.FAILED, failure="It is a picture.")
        assert "It is a picture." in page(staff, imported)


class TestProposals:
    def test_are_shown_with_their_places_and_choices(self, focal, read):
        html = page(focal, read)
        assert "128 words stand in the file; 100 % of them found a place." in " ".join(html.split())
        assert "Open workshops for small mills" in html
        assert "2 of 2 at their places" in html
        assert f"{reverse('import_words', args=[read.pk])}#part-" in html
        assert "File these records" in html

    def test_of_every_kind_have_a_heading(self):
        assert set(HEADINGS) == set(ProposalKind)

    def test_are_for_staff_to_look_at(self, staff, read):
        html = page(staff, read)
        assert "The focal point or the secretariat of" in html
        assert "File these records" not in html
        assert "disabled" in html

    def test_are_filed_as_they_are_shown(self, focal, read):
        response = focal.post(accept_url(read), form_of(focal, read))
        assert response["Location"] == read.get_absolute_url()
        submission = Submission.objects.get()
        assert Initiative.objects.count() == 2
        html = page(focal, read)
        assert submission.get_absolute_url() in html
        assert reverse("import_undo", args=[read.pk]) in html

    def test_leave_the_list_of_damage_and_leftovers_once_they_are_filed(self, focal, loom, session):
        text = SUBMISSION + "\nThey spoke of industriali-\nzation and of water.\n"
        imported = read_in(text, loom, session=session)
        accepted(imported)
        html = " ".join(page(focal, imported).split())
        assert "of them found a place" in html
        assert "2 of 2 at their places" in html
        assert "Damage and leftovers" in html
        assert "industriali- zation" in html
        assert 'type="checkbox"' not in html
        assert "What would be filed" not in html

    def test_count_each_ideograph_of_chinese_as_a_word(self, staff, loom):
        imported = read_in("织机之家在马耳他", loom, language="zh")
        html = " ".join(page(staff, imported).split())
        assert "8 words stand in the file; 100 % of them found a place." in html

    def test_are_filed_without_what_was_unticked(self, focal, read):
        form = form_of(focal, read)
        found = proposals_of(read)
        country = {each.key for each in [*found.of(ProposalKind.COUNTRY), *found.of(ProposalKind.REFERENCE)]}
        form["file"] = [name for name in form["file"] if name not in country]
        tanneries = next(each for each in found.of(ProposalKind.INITIATIVE) if "tanneries" in each.facts["title"])
        form[f"as-{tanneries.key}"] = "passage"
        focal.post(accept_url(read), form)
        read.refresh_from_db()
        assert set(read.choices["refused"]) == country
        assert [each.slug for each in Initiative.objects.all()] == ["open-workshops-for-small-mills"]

    def test_are_shown_again_with_the_choices_when_records_have_changed(self, focal, read, loom):
        form = form_of(focal, read)
        found = proposals_of(read)
        passage = found.of(ProposalKind.PASSAGE)[0]
        form[f"kind-{passage.key}"] = "lesson"
        refused = form["file"].pop()
        known = Initiative.objects.create(entity=loom, kind=KindFactory(code="project"), slug="mills")
        known.texts.create(language="en", title="Open workshops for small mills")
        response = focal.post(accept_url(read), form)
        assert response.status_code == 409
        assert "Records have changed since these proposals were shown" in response.content.decode()
        rows = {row.name: row for group in response.context["shown"].groups for row in group.rows}
        assert rows[passage.key].chosen == "lesson"
        assert not rows[refused].ticked
        assert not Submission.objects.exists()

    def test_are_not_filed_twice(self, focal, read):
        form = form_of(focal, read)
        focal.post(accept_url(read), form)
        response = focal.post(accept_url(read), form)
        assert response.status_code == 409
        assert "This document was filed already." in response.content.decode()

    def test_are_not_filed_by_a_form_that_says_nothing(self, focal, read):
        assert focal.post(accept_url(read)).status_code == 409
        assert not Submission.objects.exists()

    def test_take_a_fixed_number_of_queries_however_long_the_document(
        self, focal, loom, session, django_assert_max_num_queries
    ):
        paragraphs = "\n\n".join(
            f"Factory {number} in Kenya met others in 20{number % 20:02}." for number in range(400)
        )
        imported = read_in(SUBMISSION + "\n" + paragraphs, loom, session=session)
        with django_assert_max_num_queries(45):
            focal.get(imported.get_absolute_url())


class TestWords:
    def test_stand_in_their_order_with_what_the_file_has(self, staff, read):
        html = staff.get(reverse("import_words", args=[read.pk])).content.decode()
        assert html.index("Executive summary") < html.index("Overview") < html.index("Shared sensors")
        assert 'id="part-1"' in html

    def test_are_paged_in_a_fixed_number_of_queries(self, staff, loom, django_assert_max_num_queries):
        text = "\n\n".join(f"Sentence number {number} stands here." for number in range(350))
        imported = read_in(text, loom)
        with django_assert_max_num_queries(12):
            html = staff.get(reverse("import_words", args=[imported.pk]), {"page": 4}).content.decode()
        assert "Sentence number 349 stands here." in html
        assert "Sentence number 1 stands here." not in html


class TestFile:
    def test_is_given_out_to_be_saved(self, staff, read):
        response = staff.get(reverse("import_file", args=[read.pk]))
        assert b"".join(response.streaming_content) == SUBMISSION.encode()
        assert response["Content-Disposition"] == 'attachment; filename="old.md"'
        assert response["Content-Type"] == "application/octet-stream"


class TestUndo:
    def test_asks_then_takes_back(self, focal, read):
        accepted(read)
        url = reverse("import_undo", args=[read.pk])
        assert "These records are deleted, and so are the drafts" in focal.get(url).content.decode()
        assert Submission.objects.exists()
        assert focal.post(url)["Location"] == read.get_absolute_url()
        assert not Submission.objects.exists()
        assert "Nothing of it is filed any more." in page(focal, read)

    def test_lists_what_builds_on_it(self, focal, read):
        compilation = CompilationFactory(submission=accepted(read).submission, number=1, done=True)
        ClearanceFactory(compilation=compilation)
        url = reverse("import_undo", args=[read.pk])
        for response in (focal.get(url), focal.post(url)):
            assert compilation.get_absolute_url() in response.content.decode()
        assert Submission.objects.exists()

    def test_drops_proposals(self, focal, read):
        url = reverse("import_undo", args=[read.pk])
        assert "Drop the proposals" in focal.get(url).content.decode()
        focal.post(url)
        read.refresh_from_db()
        assert read.state == ImportState.UNDONE


class TestDesk:
    def test_leads_to_old_documents(self, staff):
        assert reverse("import_list") in staff.get(reverse("desk")).content.decode()

    def test_leads_the_commission_there_too(self, client, loom):
        client.force_login(UserFactory(role=Role.COMMISSION))
        assert reverse("import_list") in client.get(reverse("desk")).content.decode()
