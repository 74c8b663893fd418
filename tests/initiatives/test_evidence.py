"""Files of initiatives: sent with a draft, shown to who may see them, removed when nothing uses them."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import DraftState, Role
from initiatives.drafting.changes import FileChange, changes_of
from initiatives.drafting.initiatives import content_of
from initiatives.history import history_of_initiative
from initiatives.models import Draft, Evidence, StoredFile
from initiatives.services.drafts import approve_draft, begin_change, begin_change_of_update, shown_form_of
from initiatives.services.evidence import EntityIsFull, keep_file, remove_unused_files, used_by
from initiatives.tasks import remove_unused_files_task
from portal.models import User
from tests.factories import (
    NOON,
    DraftFactory,
    EntityFactory,
    EvidenceFactory,
    InitiativeFactory,
    KindFactory,
    StoredFileFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import client_of, words_of
from tests.support.pictures import VIENNA, office, photo

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def initiative():
    return InitiativeFactory(title="Learning hub", published=True)


@pytest.fixture
def staff(initiative):
    return UserFactory(role=Role.STAFF, entity=initiative.entity)


@pytest.fixture
def draft(initiative, staff):
    return begin_change(initiative=initiative, user=staff, now=NOON)


def uploaded(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def form_of(draft: Draft, **changed: object) -> dict[str, object]:
    """What the page of the draft sends."""
    fields = {name: value for name, value in draft.content.items() if value and not isinstance(value, list)}
    return fields | {"edits": draft.edits, "why": "It was opened.", **changed}


def with_photo(**said: str) -> dict[str, object]:
    words = {"caption": "Weavers", "alternative_text": "A loom", "rights_holder": "LOOM"} | said
    return {"evidence-0-upload": uploaded(), **{f"evidence-0-{column}": text for column, text in words.items()}}


def handed_in(draft: Draft, staff: User, **changed: object) -> Draft:
    address = reverse("draft_edit", args=[draft.pk])
    client_of(staff).post(address, form_of(draft, submit="yes", **changed))
    return Draft.objects.get(pk=draft.pk)


class TestDraft:
    def test_takes_a_photograph_with_its_words_in_one_form(self, draft, staff, initiative):
        draft = handed_in(draft, staff, **with_photo(public="on"))
        file = StoredFile.objects.get()
        assert (draft.state, file.entity, file.sent_by) == (DraftState.SUBMITTED, initiative.entity, staff)
        assert VIENNA not in file.file.read()
        [row] = draft.content["evidence"]
        assert row == {
            "file": str(file.pk),
            "caption": "Weavers",
            "alternative_text": "A loom",
            "rights_holder": "LOOM",
            "public": "on",
        }
        approve_draft(draft=draft, edits=draft.edits, user=UserFactory(), now=NOON)
        evidence = Evidence.objects.get()
        assert (evidence.initiative, evidence.file, evidence.language) == (initiative, file, "en")
        assert (evidence.is_public, evidence.is_picture, evidence.caption) == (True, True, "Weavers")

    def test_changes_and_removes_what_is_approved(self, initiative, staff):
        kept, gone = (EvidenceFactory(initiative=initiative, public=True, caption=word) for word in ("Kept", "Gone"))
        draft = begin_change(initiative=initiative, user=staff, now=NOON)
        rows = draft.content["evidence"]
        sent = {f"evidence-{n}-{column}": value for n, row in enumerate(rows) for column, value in row.items()}
        draft = handed_in(draft, staff, **sent | {"evidence-0-caption": "New words", "evidence-1-remove": "on"})
        [change] = changes_of(draft, shown_form_of(draft))
        assert [(one.file, one.how) for one in change.files] == [
            (kept.file, FileChange.CHANGED),
            (gone.file, FileChange.REMOVED),
        ]
        html = words_of(client_of(staff).get(draft.get_absolute_url()))
        assert kept.file.get_absolute_url() in html
        assert "New words" in html
        assert "Gone" in html
        approve_draft(draft=draft, edits=draft.edits, user=UserFactory(), now=NOON)
        assert [(one.pk, one.caption) for one in initiative.evidence.all()] == [(kept.pk, "New words")]

    @pytest.mark.parametrize(
        ("said", "missing"),
        [
            ({"caption": ""}, "“photo.jpg” can be public when these are filled in: Caption."),
            ({"alternative_text": "", "rights_holder": ""}, "filled in: Alternative text, Rights holder."),
        ],
    )
    def test_is_not_submitted_while_what_is_public_lacks_words(self, draft, staff, said, missing):
        answer = client_of(staff).post(
            reverse("draft_edit", args=[draft.pk]), form_of(draft, submit="yes", **with_photo(public="on", **said))
        )
        assert answer.status_code == 422
        assert missing in words_of(answer)
        assert 'href="#id_evidence-0-caption"' in words_of(answer)
        assert StoredFile.objects.exists()

    def test_keeps_words_and_other_files_where_one_is_refused(self, draft, staff):
        changed = {"place": "Graz", **with_photo(), "evidence-0-upload": uploaded(b"none", "one.png")}
        draft = handed_in(draft, staff, **changed, **{"evidence-1-upload": [uploaded(), uploaded(office(), "a.docx")]})
        assert (draft.state, draft.content["place"]) == (DraftState.DRAFT, "Graz")
        assert [(row["file"] == "", row["caption"]) for row in draft.content["evidence"]] == [
            (True, "Weavers"),
            (False, ""),
            (False, ""),
        ]
        html = words_of(client_of(staff).get(reverse("draft_edit", args=[draft.pk])))
        assert "a.docx" in html
        assert 'value="Weavers"' in html

    def test_tells_what_is_refused_and_how_much_room_there_is(self, draft, staff):
        client = client_of(staff)
        address = reverse("draft_edit", args=[draft.pk])
        answer = client.post(address, form_of(draft, **{"evidence-0-upload": uploaded(b"none")}), follow=True)
        html = words_of(answer)
        assert "“photo.jpg” is none of the files that are taken" in html
        assert "each up to 20.0" in html.replace("\xa0", " ")
        assert "The files of your entity fill 0" in html

    def test_says_that_no_file_is_kept_for_somebody_signed_out(self, draft):
        address = reverse("draft_edit", args=[draft.pk])
        answer = Client().post(address, form_of(draft, **with_photo()), follow=True)
        assert "Your words are kept, your files are not: choose them again." in words_of(answer)
        assert not StoredFile.objects.exists()

    def test_takes_no_file_of_another_entity(self, draft, staff):
        other = StoredFileFactory()
        draft = handed_in(draft, staff, **{"evidence-0-file": str(other.pk), "evidence-1-file": "9" * 30})
        assert draft.state == DraftState.DRAFT
        html = words_of(client_of(staff).get(reverse("draft_edit", args=[draft.pk])))
        assert other.get_absolute_url() not in html


class TestUpdate:
    def test_shows_its_files_with_its_initiative_until_a_change_removes_them(self, initiative, staff):
        draft = UpdateDraftFactory(initiative=initiative, holder=staff, paragraph="<p>Forty.</p>")
        draft = handed_in(draft, staff, **with_photo(public="on"))
        file = StoredFile.objects.get()
        assert file.get_absolute_url() in words_of(client_of(staff).get(draft.get_absolute_url()))
        update = approve_draft(draft=draft, edits=draft.edits, user=UserFactory(), now=NOON).update
        assert [(one.update, one.file) for one in initiative.evidence.all()] == [(update, file)]
        assert content_of(initiative)["evidence"] == []
        for page in (update, initiative):
            assert file.get_absolute_url() in words_of(client_of(UserFactory()).get(page.get_absolute_url()))
        change = begin_change_of_update(update=update, user=staff, now=NOON)
        [row] = change.content["evidence"]
        sent = {f"evidence-0-{column}": value for column, value in row.items()}
        change = handed_in(change, staff, **sent, **{"evidence-0-remove": "on"})
        approve_draft(draft=change, edits=change.edits, user=UserFactory(), now=NOON)
        assert not Evidence.objects.exists()

    def test_keeps_them_for_the_entity_that_tells_it(self, initiative, staff):
        joint = UpdateFactory(initiative=initiative, entity=EntityFactory())
        evidence = EvidenceFactory(initiative=initiative, update=joint, file__entity=joint.entity)
        other = UserFactory(role=Role.STAFF, entity=joint.entity)
        assert [list(Evidence.objects.visible_to(user)) for user in (staff, other)] == [[], [evidence]]
        told, not_told = (words_of(client_of(user).get(initiative.get_absolute_url())) for user in (other, staff))
        assert evidence.file.get_absolute_url() in told
        assert evidence.file.get_absolute_url() not in not_told

    def test_takes_a_file_as_soon_as_it_is_chosen(self, initiative, staff):
        address = reverse("draft_upload", args=[UpdateDraftFactory(initiative=initiative).pk])
        answer = client_of(staff).post(address, {"upload": uploaded(), "number": "0"})
        assert f'name="evidence-0-file" value="{StoredFile.objects.get().pk}"' in answer.json()["row"]


class TestDraftUpload:
    def test_answers_with_the_row_of_the_form(self, draft, staff):
        address = reverse("draft_upload", args=[draft.pk])
        answer = client_of(staff).post(address, {"upload": uploaded(name="a&b.jpg"), "number": "3"})
        file = StoredFile.objects.get()
        assert f'name="evidence-3-file" value="{file.pk}"' in answer.json()["row"]
        assert "a&amp;b.jpg" in answer.json()["row"]
        assert draft.content["evidence"] == []

    def test_says_why_a_file_is_not_taken(self, draft, staff, settings):
        address = reverse("draft_upload", args=[draft.pk])
        answer = client_of(staff).post(address, {"upload": uploaded(b"none"), "number": "1"})
        assert answer.status_code == 422
        assert "“photo.jpg” is none of" in answer.json()["sentence"]
        settings.EVIDENCE_ENTITY_MEGABYTES = 0
        answer = client_of(staff).post(address, {"upload": uploaded(), "number": "1"})
        assert "“photo.jpg” does not fit" in answer.json()["sentence"]
        for number in ("x", "-1", "200", ""):
            assert client_of(staff).post(address, {"upload": uploaded(), "number": number}).status_code == 422


class TestKeepFile:
    def test_keeps_the_same_file_once_for_an_entity(self, initiative, staff):
        first, again = (
            keep_file(file=uploaded(), entity=initiative.entity, user=staff, now=NOON) for _time in range(2)
        )
        other = keep_file(file=uploaded(), entity=StoredFileFactory().entity, user=staff, now=NOON)
        assert first == again != other
        assert first.sha256 == hashlib.sha256(first.file.read()).hexdigest()
        assert used_by(initiative.entity) == first.size
        folder = f"evidence/{initiative.entity.code}"
        assert len(default_storage.listdir(folder)[1]) == 2  # and the small one

    def test_leaves_nothing_of_what_does_not_fit(self, initiative, staff, settings):
        settings.EVIDENCE_ENTITY_MEGABYTES = 0
        with pytest.raises(EntityIsFull):
            keep_file(file=uploaded(), entity=initiative.entity, user=staff, now=NOON)
        assert default_storage.listdir(f"evidence/{initiative.entity.code}")[1] == []


class TestRemoveUnusedFiles:
    def test_removes_what_nothing_has_used_for_30_days(self, initiative, django_capture_on_commit_callbacks):
        evidence = EvidenceFactory(initiative=initiative).file
        withdrawn, before, loose = (StoredFileFactory(entity=initiative.entity) for _time in range(3))
        content = {"title": "Hub", "kind": KindFactory().code, "evidence": [{"file": str(withdrawn.pk)}, {"file": "x"}]}
        DraftFactory(content=content, state=DraftState.WITHDRAWN)
        Draft.objects.filter(pk=DraftFactory().pk).update(began_from={"evidence": [{"file": str(before.pk)}]})
        assert remove_unused_files(now=NOON) == 0
        assert remove_unused_files(now=NOON + 29 * DAY) == 0
        with django_capture_on_commit_callbacks(execute=True):
            assert remove_unused_files(now=NOON + 30 * DAY) == 1
        assert set(StoredFile.objects.all()) == {evidence, withdrawn, before}
        assert not default_storage.exists(loose.file.name)
        assert default_storage.exists(before.file.name)
        assert remove_unused_files(now=NOON + 30 * DAY) == 0

    def test_counts_anew_for_a_file_that_was_used_meanwhile(self, initiative):
        file = StoredFileFactory(entity=initiative.entity, unused_since=NOON)
        evidence = EvidenceFactory(initiative=initiative, file=file)
        remove_unused_files(now=NOON + 40 * DAY)
        evidence.delete()
        assert remove_unused_files(now=NOON + 41 * DAY) == 0
        assert remove_unused_files(now=NOON + 70 * DAY) == 0
        assert remove_unused_files(now=NOON + 71 * DAY) == 1

    def test_is_done_by_a_task_that_may_come_twice(self):
        StoredFileFactory(unused_since=NOON)
        recent = StoredFileFactory(unused_since=timezone.now())
        for _time in range(2):
            remove_unused_files_task()
        assert list(StoredFile.objects.all()) == [recent]


class TestDownload:
    def test_is_saved_under_a_safe_name_and_can_do_nothing(self):
        file = StoredFileFactory(name='Bericht "Öfen"\u202e.pdf', pdf=True)
        EvidenceFactory(file=file, initiative=InitiativeFactory(entity=file.entity, published=True), public=True)
        answer = Client().get(file.get_absolute_url())
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Bericht%20%22%C3%96fen")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer.getvalue() == file.file.read()
        again = Client().get(file.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert Client().get(reverse("evidence_thumbnail", args=[file.pk])).status_code == 404

    def test_is_not_there_where_the_store_has_lost_it(self):
        evidence = EvidenceFactory(initiative=InitiativeFactory(published=True), public=True)
        default_storage.delete(evidence.file.file.name)
        assert Client().get(evidence.file.get_absolute_url()).status_code == 404


class TestInitiativePage:
    def test_shows_to_each_what_they_may_see(self, initiative, staff):
        shown = EvidenceFactory(initiative=initiative, public=True, caption="A <loom>", alternative_text="Two people")
        kept = EvidenceFactory(initiative=initiative, caption="Kept inside")
        html = Client().get(initiative.get_absolute_url()).content.decode()
        assert "A &lt;loom&gt;" in html
        assert "© <bdi>LOOM</bdi>" in html
        picture = html[html.index('<img class="file-picture"') :]
        assert 'alt="Two people"' in picture[:300]
        assert 'width="8"' in picture[:300]
        assert 'loading="lazy"' in picture[:300]
        assert "Kept inside" not in html
        assert kept.file.get_absolute_url() not in html
        html = client_of(staff).get(initiative.get_absolute_url()).content.decode()
        assert "Kept inside" in html
        assert html.count("your entity alone sees it") == 1
        assert shown.file.get_absolute_url() in html

    def test_tells_in_its_history_what_the_reader_may_know(self, initiative, staff):
        EvidenceFactory(initiative=initiative, public=True, file__name="open.jpg")
        EvidenceFactory(initiative=initiative, file__name="inside.jpg")
        own = {initiative.entity_id}
        for person, names in ((staff, {"open.jpg", "inside.jpg"}), (UserFactory(), {"open.jpg"})):
            history = history_of_initiative(initiative, person, own=own if person == staff else set())
            told = " ".join(happening.what for happening in history.happenings)
            assert {name for name in ("open.jpg", "inside.jpg") if name in told} == names
