"""Pages of records as they were printed, of all kinds, whatever became of the records."""

import hashlib
from typing import Any

import pghistory
import pgtrigger
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Entity, Initiative, Reference, Update
from reporting.choices import FileFormat, HeadingSource, RecordKind, SubmissionState
from reporting.compilation import document, renderers
from reporting.compilation.gather import gather
from reporting.compilation.records import RecordVersion, printed_versions
from reporting.compilation.snapshot import fingerprint
from reporting.models import CallCover, Compilation, Item, PrintedVersion, Section, Submission
from tests.factories import (
    ArtifactFactory,
    CallCoverFactory,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    EntityTextFactory,
    InitiativeFactory,
    InitiativeTextFactory,
    ItemFactory,
    LayoutFactory,
    PassageFactory,
    PrintedVersionFactory,
    ReferenceFactory,
    SealFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
    WithdrawalFactory,
)
from tests.support.compiling import compiled
from tests.support.pages import assert_rows_cost_nothing, client_of, queries_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO", name_en="Industrial Organization")


@pytest.fixture
def focal(unido: Entity) -> Client:
    return client_of(UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Leila"))


@pytest.fixture
def world(unido: Entity) -> dict[str, Any]:
    """Return a submission that prints a record of each kind, and these records."""
    call = CallFactory(slug="25", session=SessionFactory(number=25))
    cover = CallCoverFactory(call=call)
    front = [{"kind": "paragraph", "text": "Prepared by {entity}."}]
    layout = LayoutFactory(call=call, entity=unido, front=front)
    submission = SubmissionFactory(call=call, entities=[unido], layout=layout)
    section = SectionFactory(submission=submission, name_en="Initiatives")
    initiative = InitiativeFactory(entity=unido, title="Learning hub", description="<p>A place to learn.</p>")
    reference = ReferenceFactory(
        text="", title="Annual report", author="UNIDO", year=2021, address="https://example.org/a"
    )
    note = f'<span data-footnote="See" data-reference="{reference.pk}">*</span>'
    update = UpdateFactory(initiative=initiative, paragraph=f"<p>Forty people{note} learned.</p><p>In Lima.</p>")
    passage = PassageFactory(entity=unido, body="<p>A trend.</p>")
    lab = InitiativeFactory(entity=unido, title="Lab", description="<p>It measures.</p>", slug="lab")
    return {
        "submission": submission,
        "cover": cover,
        "layout": layout,
        "section": section,
        "initiative": initiative,
        "update": update,
        "passage": passage,
        "reference": reference,
        "lab": lab,
        "items": [
            ItemFactory(section=section, initiative=initiative),
            ItemFactory(section=section, passage=passage),
            ItemFactory(section=section, heading="Trends of the year"),
            ItemFactory(section=section, initiative=lab),
        ],
    }


def name(kind: RecordKind, row: Any, language: str = "en", version: int = 1) -> str:
    return str(RecordVersion(kind, row.pk, language, version))


def address(kind: RecordKind, row: Any, language: str = "en", version: int = 1) -> str:
    return reverse("record_version", args=[name(kind, row, language, version)])


def uses_address(kind: RecordKind, row: Any) -> str:
    return reverse("record_uses", args=[name(kind, row, "", 1).split("_")[0]])


def frozen(submission: Submission) -> Compilation:
    """Return a finished compilation of the text as it stands, with its web page, in the transaction of the test."""
    snapshot = gather(submission, submission.language)
    compilation = CompilationFactory(
        submission=submission,
        number=submission.compilations.count() + 1,
        done=True,
        snapshot=snapshot,
        fingerprint=fingerprint(snapshot),
        requested_at=timezone.now(),
        finished_at=timezone.now(),
    )
    PrintedVersion.objects.bulk_create(
        PrintedVersion(
            compilation=compilation,
            kind=version.kind,
            record_id=version.id,
            language=version.language,
            version=version.version,
        )
        for version in printed_versions(snapshot)
    )
    content = renderers.render(document.build(snapshot), FileFormat.HTML).content
    ArtifactFactory(
        compilation=compilation,
        file=ContentFile(content, name="page.html"),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    return compilation


def publish(compilation: Compilation) -> None:
    """Make the text of a compilation public."""
    SealFactory(submission=compilation.submission, compilation=compilation)
    Submission.objects.filter(pk=compilation.submission_id).update(
        state=SubmissionState.PUBLISHED, published_at=timezone.now()
    )


class TestVersion:
    @pytest.fixture(autouse=True)
    def _printed(self, world: dict[str, Any]) -> None:
        publish(frozen(world["submission"]))

    def test_shows_the_own_text_of_who_joined_with_the_title_of_the_initiative(
        self, focal: Client, unido: Entity, world: dict[str, Any]
    ):
        hub = InitiativeFactory(entity=EntityFactory(), title="Joint hub", published=True)
        text = EntityTextFactory(initiative=hub, entity=unido, description="<p>We bring machines.</p>")
        ItemFactory(section=world["section"], initiative=hub)
        frozen(world["submission"])
        words = words_of(focal.get(address(RecordKind.ENTITY_TEXT, text)))
        assert "Own text" in words
        assert "Joint hub" in words
        assert "We bring machines." in words
        assert "Own text" in words_of(focal.get(uses_address(RecordKind.ENTITY_TEXT, text)))
        assert "Where was this text of UNIDO used?" in words_of(focal.get(hub.get_absolute_url()))

    def test_shows_an_update_as_it_was_with_its_title_and_notes(self, client: Client, world: dict[str, Any]):
        world["update"].texts.update(paragraph="<p>Fifty people learned.</p>")
        html = words_of(client.get(address(RecordKind.UPDATE, world["update"])))
        assert 'lang="en" dir="ltr">Learning hub</h1>' in html
        assert '<p id="p1">Forty people' in html
        assert '<p id="p2">In Lima.</p>' in html
        assert "Annual report" in html
        assert "Today the record has version 2." in html

    def test_shows_title_and_description_of_an_initiative_where_both_were_printed(
        self, client: Client, world: dict[str, Any]
    ):
        html = words_of(client.get(address(RecordKind.INITIATIVE, world["lab"])))
        assert ">Lab</h1>" in html
        assert "It measures." in html

    def test_keeps_a_description_back_that_was_not_printed(self, client: Client, focal: Client, world: dict[str, Any]):
        page = address(RecordKind.INITIATIVE, world["initiative"])
        assert "A place to learn." not in words_of(client.get(page))
        assert ">Learning hub</h1>" in words_of(client.get(page))
        assert "A place to learn." in words_of(focal.get(page))

    def test_keeps_a_part_back_that_was_not_printed_also_when_the_initiative_is_public_today(
        self, client: Client, focal: Client, world: dict[str, Any]
    ):
        for initiative, kept_back in [(world["initiative"], "A place to learn."), (world["lab"], "It measures.")]:
            initiative.texts.update(title="Another title", description="<p>Another description.</p>")
            Initiative.objects.filter(pk=initiative.pk).update(published_at=timezone.now())
            page = address(RecordKind.INITIATIVE, initiative)
            assert kept_back in words_of(focal.get(page))
            assert (kept_back in words_of(client.get(page))) is (initiative == world["lab"])  # which printed it
        assert "Another description." not in words_of(client.get(address(RecordKind.INITIATIVE, world["initiative"])))

    def test_keeps_a_title_back_that_was_not_printed(self, client: Client, focal: Client, world: dict[str, Any]):
        initiative = InitiativeFactory(
            entity=world["lab"].entity, title="Working title", description="<p>It works.</p>", published=True
        )
        submission = SubmissionFactory(entities=[initiative.entity])
        bare = ItemFactory(section=SectionFactory(submission=submission), initiative=initiative)
        Item.objects.filter(pk=bare.pk).update(heading_source=HeadingSource.NONE)
        publish(frozen(submission))
        initiative.texts.update(title="Public title")
        for page in (address(RecordKind.INITIATIVE, initiative), uses_address(RecordKind.INITIATIVE, initiative)):
            assert "Working title" not in words_of(client.get(page))
            assert "Working title" in words_of(focal.get(page))

    def test_says_that_a_text_which_printed_it_was_edited_in_the_database(self, client: Client, world: dict[str, Any]):
        compilation = world["submission"].compilations.get()
        record = compilation.snapshot["sections"][0]["items"][0]["record"]
        record["role"], record["entity"] = "secretariat", "UNIDO"
        with pgtrigger.ignore("reporting.Compilation:finished_compilation_stays"):
            compilation.save(update_fields=["snapshot"])
        html = words_of(client.get(address(RecordKind.UPDATE, world["update"])))
        assert "was changed in the database" in html
        assert "secretariat" not in html
        assert "not recorded" in html
        assert "Forty people" in html  # from the history

    def test_shows_a_passage_without_its_name(self, client: Client, world: dict[str, Any]):
        html = words_of(client.get(address(RecordKind.PASSAGE, world["passage"])))
        assert "A trend." in html
        assert world["passage"].name not in html

    def test_shows_heading_and_wording_of_an_item(self, client: Client, world: dict[str, Any]):
        item = world["items"][2]
        Item.objects.filter(pk=item.pk).update(heading="Trends")
        html = words_of(client.get(address(RecordKind.ITEM, item, "")))
        assert "Trends of the year" in html

    def test_shows_the_heading_of_a_section(self, client: Client, world: dict[str, Any]):
        Section.objects.filter(pk=world["section"].pk).update(name_en="Projects")
        html = words_of(client.get(address(RecordKind.SECTION, world["section"], "")))
        assert "Initiatives</p>" in html
        assert "Projects" not in html  # the section of today is for the entity

    def test_shows_the_lines_of_a_cover(self, client: Client, world: dict[str, Any]):
        CallCover.objects.filter(pk=world["cover"].pk).update(lines=[])
        assert "Efforts in {year}" in words_of(client.get(address(RecordKind.COVER, world["cover"])))

    def test_shows_what_a_layout_prints(self, client: Client, world: dict[str, Any]):
        assert "Prepared by {entity}." in words_of(client.get(address(RecordKind.LAYOUT, world["layout"], "")))

    def test_shows_a_reference_with_its_address(self, client: Client, world: dict[str, Any]):
        Reference.objects.filter(pk=world["reference"].pk).update(title="Another report")
        html = words_of(client.get(address(RecordKind.REFERENCE, world["reference"], "")))
        for words in ("Annual report", "UNIDO", "2021", '<a href="https://example.org/a">'):
            assert words in html

    def test_leads_to_the_place_of_a_paragraph(self, client: Client, world: dict[str, Any]):
        page = address(RecordKind.UPDATE, world["update"])
        response = client.get(f"{page[:-1]}_p2/")
        assert (response.status_code, response["Location"]) == (302, f"{page}#p2")
        assert client.get(f"{page[:-1]}_2/")["Location"] == page

    def test_compares_with_today_for_who_may_see_that(self, client: Client, focal: Client, world: dict[str, Any]):
        world["update"].texts.update(paragraph="<p>Fifty people learned.</p><p>In Lima.</p>")
        page = address(RecordKind.UPDATE, world["update"])
        assert "What changed since" not in words_of(client.get(page))  # the initiative is not public
        html = words_of(focal.get(page))
        assert "What changed since" in html
        assert "Fifty" in html[html.index("What changed since") :]

    def test_says_the_name_of_the_writer_inside_the_entity_alone(self, client: Client, unido: Entity):
        ama = UserFactory(role=Role.STAFF, entity=unido, name="Ama")
        call = CallFactory(session=SessionFactory())
        submission = SubmissionFactory(call=call, entities=[unido], slug="UNIDO-2")
        section = SectionFactory(submission=submission)
        reference = ReferenceFactory(text="Before")
        with pghistory.context(user=ama.pk):
            Reference.objects.filter(pk=reference.pk).update(text="Yearbook")
        body = f'<p>A.<span data-footnote="" data-reference="{reference.pk}">*</span></p>'
        ItemFactory(section=section, passage=PassageFactory(entity=unido, body=body))
        publish(frozen(submission))
        page = address(RecordKind.REFERENCE, reference, "", 2)
        for reader, seen in ((client, False), (client_of(UserFactory(role=Role.STAFF, entity=unido)), True)):
            html = words_of(reader.get(page))
            assert "staff, UNIDO" in html
            assert ("<bdi>Ama</bdi>" in html) is seen

    def test_says_that_a_role_is_not_recorded(self, client: Client, world: dict[str, Any]):
        assert "not recorded" in words_of(client.get(address(RecordKind.COVER, world["cover"])))

    def test_leads_to_the_record_of_today_where_the_reader_sees_it(self, client: Client, world: dict[str, Any]):
        page = address(RecordKind.UPDATE, world["update"])
        assert "Its page today" not in words_of(client.get(page))
        Initiative.objects.update(published_at=timezone.now())
        html = words_of(client.get(page))
        assert f'href="{world["initiative"].get_absolute_url()}#update-{world["update"].pk}"' in html

    @pytest.mark.parametrize("wrong", ["u1_en", "x1_1", "u999_en_1", "u1_en_99", "u", "../etc"])
    def test_knows_no_other_name(self, focal: Client, wrong: str):
        assert focal.get(f"/records/{wrong}/").status_code == 404

    def test_takes_as_many_queries_whatever_the_uses_and_the_history(self, focal: Client, world: dict[str, Any]):
        page = address(RecordKind.UPDATE, world["update"])
        before = queries_of(focal, page)
        for number in range(40):
            world["update"].texts.update(results=f"<p>{number}</p>")
            other = CompilationFactory(submission=world["submission"], number=100 + number, done=True)
            PrintedVersionFactory(compilation=other, record_id=world["update"].pk)
        assert queries_of(focal, page) == before
        assert "?page=2" in words_of(focal.get(page))


@pytest.mark.django_db(transaction=True)
class TestGone:
    """What was printed stays, in a database whose clock goes on between the steps."""

    def test_record_is_shown_with_the_day_of_its_end(self, client: Client, world: dict[str, Any]):
        publish(compiled(world["submission"], formats=[FileFormat.HTML]))
        update = world["update"]
        page, uses = address(RecordKind.UPDATE, update), uses_address(RecordKind.UPDATE, update)
        Update.objects.filter(pk=update.pk).delete()
        html = words_of(client.get(page))
        assert "This record is gone" in html
        assert "It was deleted on" in html
        assert "Forty people" in html
        assert "Version 1" in words_of(client.get(uses))

    def test_text_written_anew_is_told_from_the_printed_one(self, client: Client, world: dict[str, Any]):
        initiative = world["lab"]
        publish(compiled(world["submission"], formats=[FileFormat.HTML]))
        initiative.texts.all().delete()
        InitiativeTextFactory(initiative=initiative, title="Secret plan", description="<p>A draft.</p>")
        html = words_of(client.get(address(RecordKind.INITIATIVE, initiative)))
        assert ">Lab</h1>" in html
        assert "deleted and written anew" in html
        assert "Secret plan" not in html

    def test_both_are_shown_where_both_were_printed(self, client: Client, focal: Client, world: dict[str, Any]):
        initiative = world["lab"]
        compiled(world["submission"], formats=[FileFormat.HTML])
        initiative.texts.all().delete()
        InitiativeTextFactory(initiative=initiative, title="New lab", description="<p>It weighs.</p>")
        publish(compiled(world["submission"], formats=[FileFormat.HTML]))
        page = address(RecordKind.INITIATIVE, initiative)
        html = words_of(focal.get(page))
        assert "Both were printed." in html
        assert '<p id="p1">It measures.' in html
        newer = initiative.texts.get().pk
        assert f'<p id="{newer}_p1">It weighs.' in html
        assert "It measures." not in words_of(client.get(page))  # that was a draft


class TestVisibility:
    def test_of_a_draft_is_for_its_entity(self, client: Client, focal: Client, world: dict[str, Any]):
        frozen(world["submission"])
        other = client_of(UserFactory(role=Role.FOCAL_POINT, entity=EntityFactory()))
        for page in (address(RecordKind.UPDATE, world["update"]), uses_address(RecordKind.UPDATE, world["update"])):
            assert [reader.get(page).status_code for reader in (client, other, focal)] == [404, 404, 200]

    def test_follows_what_was_sealed_and_published_version_by_version(
        self, client: Client, focal: Client, world: dict[str, Any]
    ):
        sealed = frozen(world["submission"])
        world["update"].texts.update(paragraph="<p>Fifty people learned.</p>")
        frozen(world["submission"])
        publish(sealed)
        second = address(RecordKind.UPDATE, world["update"], version=2)
        assert client.get(address(RecordKind.UPDATE, world["update"])).status_code == 200
        assert client.get(second).status_code == 404
        assert focal.get(second).status_code == 200
        uses = uses_address(RecordKind.UPDATE, world["update"])
        assert "Version 2" not in words_of(client.get(uses))
        assert "Version 2" in words_of(focal.get(uses))


class TestUses:
    def test_name_sealed_texts_first_and_those_withdrawn_as_such(
        self, focal: Client, unido: Entity, world: dict[str, Any]
    ):
        first = frozen(world["submission"])
        frozen(world["submission"])
        seal = SealFactory(submission=world["submission"], compilation=first, number=12)
        page = uses_address(RecordKind.UPDATE, world["update"])
        html = words_of(focal.get(page))
        assert html.index("Compilation 1") < html.index("Compilation 2")
        assert "Seal 12" in html
        assert reverse("compilation_read", args=["25", "UNIDO", 1]) + f"#u{world['update'].pk}_en_1_p1" in html
        WithdrawalFactory(seal=seal, confirmed=True)
        assert "Seal 12, withdrawn" in words_of(focal.get(page))

    def test_are_told_with_the_title_that_was_printed(self, client: Client, world: dict[str, Any]):
        publish(frozen(world["submission"]))
        world["initiative"].texts.update(title="A secret name")
        for kind, row in ((RecordKind.UPDATE, world["update"]), (RecordKind.INITIATIVE, world["initiative"])):
            html = words_of(client.get(uses_address(kind, row)))
            assert 'lang="en" dir="ltr">Learning hub</p>' in html
            assert "A secret name" not in html

    def test_show_few_of_each_version_and_lead_to_all(self, focal: Client, world: dict[str, Any]):
        for number in range(1, 31):
            compilation = CompilationFactory(submission=world["submission"], number=number, done=True)
            PrintedVersionFactory(compilation=compilation, record_id=7, version=1 + number // 30)
        html = words_of(focal.get("/records/u7/"))
        assert html.count(">Compilation ") == 6
        assert "All 29 texts that hold version 1" in html

    def test_take_as_many_queries_for_a_thousand(self, focal: Client, world: dict[str, Any]):
        compilation = CompilationFactory(submission=world["submission"], done=True)

        def add() -> None:
            version = PrintedVersion.objects.count() + 1
            PrintedVersionFactory(compilation=compilation, record_id=7, version=version)

        assert_rows_cost_nothing(focal, "/records/u7/", add)
        PrintedVersion.objects.bulk_create(
            PrintedVersion(compilation=compilation, kind="update", record_id=7, language="en", version=100 + number)
            for number in range(1000)
        )
        assert focal.get("/records/u7/").context["page"].paginator.num_pages == 51

    def test_leave_out_files_made_again_from_a_seal(self, focal: Client, world: dict[str, Any]):
        first = frozen(world["submission"])
        seal = SealFactory(submission=world["submission"], compilation=first)
        again = CompilationFactory(submission=world["submission"], number=2, done=True, rebuilds=seal)
        PrintedVersionFactory(compilation=again, record_id=world["update"].pk)
        assert "Compilation 2" not in words_of(focal.get(uses_address(RecordKind.UPDATE, world["update"])))

    def test_are_asked_from_the_pages_of_initiative_and_update(
        self, client: Client, focal: Client, world: dict[str, Any]
    ):
        update, initiative = world["update"], world["initiative"]
        Initiative.objects.update(published_at=timezone.now())
        page, own = initiative.get_absolute_url(), update.get_absolute_url()
        links = [uses_address(RecordKind.INITIATIVE, initiative), uses_address(RecordKind.UPDATE, update)]
        assert "Where was this used?" not in words_of(focal.get(page)) + words_of(focal.get(own))
        compilation = frozen(world["submission"])
        assert [f'href="{link}"' in words_of(focal.get(page)) for link in links] == [True, True]
        assert f'href="{links[1]}"' in words_of(focal.get(own))
        assert "Where was this used?" not in words_of(client.get(page))
        publish(compilation)
        assert [f'href="{link}"' in words_of(client.get(page)) for link in links] == [True, True]


class TestReading:
    @pytest.fixture
    def compilation(self, world: dict[str, Any]) -> Compilation:
        return frozen(world["submission"])

    def page(self, compilation: Compilation) -> str:
        submission = compilation.submission
        return reverse("compilation_read", args=[submission.call.slug, submission.slug, compilation.number])

    def test_shows_the_file_as_it_was_made_and_lets_it_do_nothing(self, focal: Client, compilation: Compilation):
        response = focal.get(self.page(compilation))
        assert hashlib.sha256(response.content).hexdigest() == compilation.artifacts.get().sha256
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in response
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "sandbox allow-popups" in policy
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy

    def test_is_for_whom_the_file_is_for(self, client: Client, focal: Client, compilation: Compilation):
        page = self.page(compilation)
        assert [reader.get(page).status_code for reader in (client, focal)] == [404, 200]
        publish(compilation)
        assert client.get(page).status_code == 200

    def test_is_linked_from_the_page_of_the_compilation(self, focal: Client, compilation: Compilation):
        assert f'href="{self.page(compilation)}"' in words_of(focal.get(compilation.get_absolute_url()))

    def test_knows_none_where_no_page_was_made(self, focal: Client, world: dict[str, Any]):
        made = CompilationFactory(submission=world["submission"], number=9, done=True)
        ArtifactFactory(compilation=made, format=FileFormat.PDF)
        assert focal.get(self.page(made)).status_code == 404

    def test_says_when_the_store_has_lost_or_changed_the_file(self, focal: Client, compilation: Compilation):
        kept = str(compilation.artifacts.get().file.name)
        default_storage.delete(kept)
        assert focal.get(self.page(compilation)).status_code == 410
        assert default_storage.save(kept, ContentFile(b"<style></style><p>Another text.</p>")) == kept
        response = focal.get(self.page(compilation))
        assert response.status_code == 410
        assert "Another text." not in words_of(response)
