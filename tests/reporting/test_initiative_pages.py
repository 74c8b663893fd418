"""The page of one initiative."""

import datetime as dt

import pghistory
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Basis, Level, RelationKind, Role, Status, UpdateKind, Variant
from initiatives.history import history_of_initiative
from initiatives.models import Entity
from initiatives.services.initiatives import archive_initiative, change_address
from portal.common.dates import Precision
from reporting.choices import SubmissionState
from reporting.services.merging import merge_initiatives
from tests.factories import (
    NOON,
    ActionLineFactory,
    CallFactory,
    CountryGroupFactory,
    DatedPartFactory,
    DocumentFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    ItemFactory,
    MentionFactory,
    OrganisationFactory,
    OtherTitleFactory,
    PartFactory,
    ParticipationFactory,
    PassageFactory,
    ReferenceFactory,
    RelationFactory,
    SectionFactory,
    SubmissionFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    VocabularyFactory,
    updates_of_years,
)
from tests.support.pages import assert_rows_cost_nothing, queries_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return InitiativeFactory(title="Learning hub", description="<p>Where people learn.</p>", published=True)


@pytest.fixture
def staff(hub):
    client = Client()
    client.force_login(UserFactory(role=Role.STAFF, entity=hub.entity))
    return client


def page(initiative, client, **asked):
    return words_of(client.get(initiative.get_absolute_url(), asked))


class TestInitiativeDetail:
    def test_states_the_facts_as_exact_as_they_are_known(self, client):
        initiative = InitiativeFactory(
            published=True,
            entity=EntityFactory(name_en="Industrial Organization"),
            status=Status.ONGOING,
            status_note="in its second phase",
            level=Level.NATIONAL,
            starts_on=dt.date(2021, 11, 1),
            starts_precision=Precision.MONTH,
            place="Room 5",
        )
        InitiativePlaceFactory(initiative=initiative, country__name_en="Serbia")
        DatedPartFactory(initiative=initiative, label="Meetings of July")
        html = page(initiative, client)
        for words in ("Industrial Organization", "ongoing<", "in its second phase", "National", "since November 2021"):
            assert words in html
        for words in ("Serbia", "Room 5", "Meetings of July"):
            assert words in html

    def test_leaves_out_what_is_not_known(self, client, hub):
        html = page(hub, client)
        for label in ("Dates", "Level", "Where", "Action lines", "Who takes part", "Also known as", "Mentioned in"):
            assert f"<dt>{label}</dt>" not in html

    def test_names_numbers_titles_participants_links_and_documents(self, client, hub):
        IdentifierFactory(initiative=hub, label="SAP 180036", address="https://example.org/180036")
        OtherTitleFactory(initiative=hub, text="Skills centre")
        ParticipationFactory(initiative=hub, entity=None, organisation=OrganisationFactory(name="A university"))
        ReferenceFactory(initiative=hub, text="Hub site", address="https://example.org/hub")
        MentionFactory(initiative=hub, document=DocumentFactory(title="Submission 2021"), locator="para. 29")
        html = page(hub, client)
        for words in ("SAP 180036", "Skills centre", "A university", "Hub site", "Submission 2021", "para. 29"):
            assert words in html
        assert 'href="https://example.org/180036"' in html

    def test_shows_people_of_the_entity_what_is_only_suggested(self, client, hub, staff):
        for basis, code in [(Basis.STATED, "C3"), (Basis.INFERRED, "C9")]:
            line = ActionLineFactory(code=code, name_en=f"Line {code}")
            InitiativeLineFactory(initiative=hub, line=line, basis=basis)
            InitiativeTermFactory(initiative=hub, term=TermFactory(name_en=f"Term {code}"), basis=basis)
        for reader, sees in [(client, False), (staff, True)]:
            html = page(hub, reader)
            assert "Line C3" in html
            assert "Term C3" in html
            assert ("Line C9 (suggested)" in html) == sees
            assert ("Term C9 (suggested)" in html) == sees

    def test_groups_terms_by_vocabulary(self, client, hub):
        sdgs = VocabularyFactory(code="sdgs", name_en="Sustainable Development Goals")
        for name in ("Goal 8", "Goal 9"):
            InitiativeTermFactory(initiative=hub, term=TermFactory(vocabulary=sdgs, name_en=name))
        assert page(hub, client).count("<dt>Sustainable Development Goals</dt>") == 1

    def test_shows_names_of_people_inside_their_entity_alone(self, client, staff, hub):
        hub.holder = UserFactory(name="Mira Holder")
        hub.save()
        assert "Mira Holder" not in page(hub, client)
        assert "Mira Holder" in page(hub, staff)

    def test_marks_what_was_invented_and_what_is_not_public(self, client, staff, hub):
        invented = InitiativeFactory(published=True, invented=True)
        draft = InitiativeFactory(entity=hub.entity)
        assert "Invented for demonstration" in page(invented, client)
        assert "Not public yet" in page(draft, staff)
        assert "Not public yet" not in page(hub, staff)

    def test_offers_an_update_to_those_who_may_write_it(self, client, staff, hub):
        assert reverse("update_new") not in page(hub, client)
        assert f"{reverse('update_new')}?initiative={hub.slug}&amp;period=" in page(hub, staff)

    def test_proposes_the_period_of_the_latest_open_call(self, staff, hub):
        CallFactory(period_start=dt.date(2025, 1, 1), period_end=dt.date(2027, 1, 1))
        CallFactory(period_start=dt.date(2027, 1, 1), period_end=dt.date(2029, 1, 1), state="planned")
        assert "&amp;period=2025-2026" in page(hub, staff)

    def test_is_called_by_its_address_where_it_has_no_title_yet(self, client):
        initiative = InitiativeFactory(slug="nameless", title="", published=True)
        UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
        assert "nameless</h1>" in page(initiative, client)
        for address in (reverse("initiative_list"), reverse("home")):
            assert client.get(address).status_code == 200

    def test_prints_its_title_as_it_is_written(self, client):
        initiative = InitiativeFactory(title="Skills & <b>tools</b>", published=True)
        assert "<h1>Skills &amp; &lt;b&gt;tools&lt;/b&gt;</h1>" in page(initiative, client).replace(
            ' lang="en" dir="ltr"', ""
        )

    def test_has_an_address_in_any_script(self, client):
        initiative = InitiativeFactory(slug="中文-address", title="中文", language="zh", published=True)
        assert client.get(initiative.get_absolute_url()).status_code == 200


class TestLanguages:
    @pytest.fixture
    def told_twice(self, hub):
        InitiativeTextFactory(
            initiative=hub, language="ar", state="checked", title="مركز", description="<p>حيث يتعلم الناس.</p>"
        )
        return hub

    def test_begin_with_that_of_the_reader(self, client, told_twice):
        client.cookies["django_language"] = "ar"
        html = page(told_twice, client)
        assert "حيث يتعلم الناس." in html
        assert "Where people learn." not in html

    def test_can_be_switched(self, client, told_twice):
        html = page(told_twice, client, text="ar")
        assert '<div class="prose" lang="ar" dir="rtl">' in html
        assert 'href="?text=en"' in html

    def test_say_where_a_translation_is_older_than_the_original(self, client, told_twice):
        translation = told_twice.texts.get(language="ar")
        translation.based_on = 1
        translation.save()
        assert "stale" not in page(told_twice, client, text="ar")
        original = told_twice.texts.get(language="en")
        original.description = "<p>Where everybody learns.</p>"
        original.save()
        assert "stale: the original was changed" in page(told_twice, client, text="ar")
        assert "stale" not in page(told_twice, client, text="en")

    def test_show_what_was_written_for_another_use_beside_it(self, client, hub):
        InitiativeTextFactory(
            initiative=hub, variant=Variant.STOCKTAKING, title="Hub", description="<p>For the Stocktaking.</p>"
        )
        html = page(hub, client)
        assert "WSIS Stocktaking or Prizes (150-200 words), English" in html
        assert "For the Stocktaking." in html

    def test_fall_back_to_the_original(self, client, hub):
        client.cookies["django_language"] = "fr"
        assert '<div class="prose" lang="en" dir="ltr">' in page(hub, client)
        assert "Where people learn." in page(hub, client, text="xx")

    def test_say_that_a_text_was_translated_by_a_machine(self, client, hub):
        InitiativeTextFactory(initiative=hub, language="fr", state="machine", title="Pôle")
        assert "Machine translation, unchecked" in page(hub, client, text="fr")
        assert "Machine translation, unchecked" not in page(hub, client)


class TestRelations:
    def test_read_in_both_directions_and_say_to_the_entity_where_they_are_changed(self, client, staff, hub):
        programme = InitiativeFactory(title="Programme", published=True)
        phase = InitiativeFactory(title="Phase two", published=True, entity__acronym="ITU", entity__code="ITU")
        RelationFactory(source=hub, target=programme, kind=RelationKind.PART_OF)
        RelationFactory(source=phase, target=hub, kind=RelationKind.PHASE_OF)
        related = client.get(hub.get_absolute_url()).context["related"]
        assert [(str(relation.words), relation.initiative.title) for relation in related] == [
            ("part of", "Programme"),
            ("has the phase", "Phase two"),
        ]
        assert page(hub, staff).count("told in that record: ITU changes it there") == 1
        assert "changes it there" not in page(hub, client)

    def test_do_not_name_what_the_reader_does_not_see(self, client, staff, hub):
        hidden = InitiativeFactory(title="Hidden", entity=hub.entity)
        RelationFactory(source=hub, target=hidden)
        assert "Hidden" not in page(hub, client)
        assert "Hidden" in page(hub, staff)

    def test_name_one_without_a_title_by_its_address(self, client, hub):
        RelationFactory(source=hub, target=InitiativeFactory(title="", slug="untitled", published=True))
        assert 'dir="ltr">untitled</a>' in page(hub, client)

    @pytest.mark.parametrize("kind", RelationKind)
    def test_have_words_for_every_kind(self, client, hub, kind):
        RelationFactory(source=InitiativeFactory(published=True), target=hub, kind=kind)
        assert client.get(hub.get_absolute_url()).context["related"][0].words


class TestTimeline:
    def test_tells_visitors_what_was_approved(self, client, staff, hub):
        UpdateFactory(initiative=hub, paragraph="<p>Forty came.</p>", obstacles="<p>Internal.</p>")
        UpdateDraftFactory(
            initiative=hub, paragraph="<p>Draft words.</p>", period_start="2022-01-01", period_end="2023-01-01"
        )
        html = page(hub, client)
        assert "Forty came." in html
        assert "Internal." not in html
        assert "Draft words." not in html
        assert "Draft words." not in page(hub, staff)

    def test_comes_latest_first_and_says_when_there_was_nothing_new(self, client, hub):
        UpdateFactory(initiative=hub, paragraph="<p>Forty came.</p>")
        UpdateFactory(
            initiative=hub,
            kind=UpdateKind.STILL_TRUE,
            period_start="2022-01-01",
            period_end="2023-01-01",
        )
        html = page(hub, client)
        assert html.index("Still true, nothing new.") < html.index("Forty came.")

    def test_keeps_the_reason_for_nothing_inside_the_entity(self, client, hub):
        UpdateFactory(initiative=hub, kind=UpdateKind.NOTHING, reason="No money came.")
        html = page(hub, client)
        assert "Nothing to report." in html
        assert "No money came." not in html


class TestLongTimeline:
    @pytest.fixture
    def long(self, hub):
        updates_of_years(initiative=hub, years=range(1800, 2000), paragraph="<p>In {year}.</p>")
        return hub

    def test_shows_the_latest_and_leads_to_all(self, client, long):
        response = client.get(long.get_absolute_url())
        html = words_of(response)
        assert [told["year"] for told in response.context["updates"]] == list(range(1999, 1989, -1))
        assert f'href="{reverse("update_list")}?initiative={long.slug}">All 200 updates</a>' in html

    def test_takes_no_more_queries_than_a_short_one(self, client, long):
        short = InitiativeFactory(published=True, description="<p>Words.</p>")
        UpdateFactory(initiative=short, paragraph="<p>News.</p>")
        # one to count them, and one to name those who acted in a history that is too long to be read to its end
        assert queries_of(client, long.get_absolute_url()) <= queries_of(client, short.get_absolute_url()) + 1


class TestOwnFields:
    def test_are_for_the_entity_that_told_them(self, client, staff, hub):
        UpdateFactory(initiative=hub, paragraph="<p>Forty came.</p>", obstacles="<p>No money.</p>")
        other = UserFactory(role=Role.STAFF)
        stranger = Client()
        stranger.force_login(other)
        for reader, sees in [(client, False), (stranger, False), (staff, True)]:
            html = page(hub, reader)
            assert ("No money." in html) == sees
            assert ("for your entity alone" in html) == sees

    def test_of_a_partner_stay_with_the_partner(self, staff, hub):
        partner = EntityFactory()
        UpdateFactory(initiative=hub, entity=partner, paragraph="<p>We joined.</p>", lessons="<p>Theirs.</p>")
        html = page(hub, staff)
        assert "We joined." in html
        assert "Theirs." not in html


class TestWhereItLeads:
    def test_facts_lead_to_lists_of_what_shares_them(self, client, hub):
        country = InitiativePlaceFactory(initiative=hub).country
        group = InitiativePlaceFactory(initiative=hub, country=None, group=CountryGroupFactory(code="LDC")).group
        link = InitiativeTermFactory(initiative=hub)
        line = InitiativeLineFactory(initiative=hub).line
        participation = ParticipationFactory(initiative=hub, since=dt.date(2020, 3, 1))
        html = page(hub, client)
        initiatives = reverse("initiative_list")
        for address in [
            f"{initiatives}?country={country.iso3}",
            f"{initiatives}?group={group.code}",
            f"{initiatives}?{link.term.vocabulary.code}={link.term.code}",
            f"{initiatives}?kind={hub.kind.code}",
            line.get_absolute_url(),
            hub.entity.get_absolute_url(),
            participation.entity.get_absolute_url(),
        ]:
            assert f'href="{address}"' in html
        assert "(partner, since 1 March 2020)" in html

    def test_gives_its_permanent_address(self, client, hub, settings):
        settings.PORTAL_URL = "https://portal.example.org"
        assert f"https://portal.example.org/i/{hub.pk}/</code>" in page(hub, client)


class TestMentions:
    def test_lead_to_the_place_in_the_document(self, client, hub):
        document = DocumentFactory(title="Submission 2021")
        MentionFactory(initiative=hub, document=document, part=PartFactory(document=document, order=112), locator="")
        assert f'href="{document.get_absolute_url()}?page=2#part-112">part 112<' in page(hub, client)

    def test_stand_below_their_document_once(self, client, hub):
        document = DocumentFactory(title="Submission 2021")
        for number in (1, 2):
            MentionFactory(initiative=hub, document=document, locator=f"para. {number}")
        html = page(hub, client)
        assert html.count(">Submission 2021</a>") == 1
        assert "para. 1" in html
        assert "para. 2" in html

    def test_of_documents_that_the_reader_does_not_see_are_not_told(self, client, staff, hub):
        MentionFactory(initiative=hub, document=DocumentFactory(title="Secret", entity=hub.entity, sha256="a" * 64))
        assert "Secret" not in page(hub, client)
        assert "Secret" in page(hub, staff)


class TestPassages:
    def test_are_shown_with_the_way_to_their_pages(self, client, hub):
        passage = PassageFactory(entity=hub.entity, body="<p>Said aloud.</p>")
        passage.initiatives.add(hub)
        assert "Said aloud." in page(hub, client)
        assert passage.get_absolute_url() in page(hub, client)


def told_to(reader, initiative):
    address = reverse("initiative_history", args=[initiative.slug])
    return [
        (happening.what, happening.who, happening.note) for happening in reader.get(address).context["page"].object_list
    ]


def acting(person):
    """What a person changes within is told as one happening."""
    return pghistory.context(user=person.pk)


@pytest.mark.django_db(transaction=True)  # the database dates what is done in one transaction alike
class TestHistory:
    @pytest.fixture
    def person(self, hub):
        return UserFactory(name="Mira Holder", role=Role.STAFF, entity=hub.entity)

    def test_tells_changes_of_one_request_together_and_the_last_first(self, client, hub, person):
        with acting(person):
            hub.status = Status.ONGOING
            hub.place = "Lima"
            hub.save()
            IdentifierFactory(initiative=hub, label="SAP 180036")
        with acting(person):
            text = hub.texts.get()
            text.title = "Another title"
            text.save()
        told = [what for what, _who, _note in told_to(client, hub)]
        assert told[0] == "Title in English changed"
        assert set(told[1].split(" · ")) == {"Status, place changed", "Number SAP 180036 added"}

    def test_names_people_inside_their_entity_alone(self, client, staff, hub, person):
        with acting(person):
            hub.place = "Lima"
            hub.save()
        assert told_to(client, hub)[0][1] == f"Staff, {hub.entity}"
        assert told_to(staff, hub)[0][1] == "Mira Holder"

    def test_keeps_inside_what_is_only_seen_there(self, client, staff, hub, person):
        with acting(person):
            hub.holder = person
            hub.save()
        with acting(person):
            InitiativeLineFactory(initiative=hub, line=ActionLineFactory(code="C9"), basis=Basis.INFERRED)
        with acting(person):
            RelationFactory(source=hub, target=InitiativeFactory(entity=hub.entity, title="Hidden"))
        shown = " ".join(what for what, _who, _note in told_to(client, hub))
        for words in ("Holder", "C9", "Hidden"):
            assert words not in shown
        own = " ".join(what for what, _who, _note in told_to(staff, hub))
        for words in ("Holder changed", "Action line C9 added", "Relation to “Hidden”"):
            assert words in own

    def test_tells_everybody_of_approvals_and_the_entity_of_notes(self, client, staff, hub, person):
        with acting(person):
            UpdateFactory(initiative=hub, decision_note="I wrote it myself.")
        assert told_to(client, hub)[0][::2] == ("Update for 2021 approved", "")
        assert told_to(staff, hub)[0][::2] == ("Update for 2021 approved", "I wrote it myself.")

    def test_gives_reasons_to_the_entity(self, client, staff, hub, person):
        with acting(person):
            archive_initiative(initiative=hub, reason="Filed twice.", now=NOON)
        assert told_to(client, hub)[0][::2] == ("Archived", "")
        assert told_to(staff, hub)[0][::2] == ("Archived", "Filed twice.")

    def test_tells_what_was_taken_away_with_its_words_to_the_entity_alone(self, client, staff, hub, person):
        place = InitiativePlaceFactory(initiative=hub, country__name_en="Serbia")
        with acting(person):
            place.delete()
        assert told_to(staff, hub)[0][0] == "Place Serbia removed"
        assert [what for what, _who, _note in told_to(client, hub)][:2] == ["Place removed", "Place added"]

    def test_tells_others_nothing_from_before_it_was_public(self, client, staff, person):
        hidden = InitiativeFactory(entity=person.memberships.get().entity, title="Robot lab")
        with acting(person):
            OtherTitleFactory(initiative=hidden, text="Codename")
        with acting(person):
            UpdateFactory(initiative=hidden)
        with acting(person):
            hidden.published_at = timezone.now()
            hidden.save()
        with acting(person):
            OtherTitleFactory(initiative=hidden, text="Lab of robots")
        shown = [what for what, _who, _note in told_to(client, hidden)]
        assert shown == ["Other title “Lab of robots” added", "Made public", "Record made"]
        assert "Other title “Codename” added" in [what for what, _who, _note in told_to(staff, hidden)]

    def test_of_a_merge_says_so(self, client, hub, person):
        source = InitiativeFactory(entity=hub.entity, title="Skills centre", published=True)
        merge_initiatives(source=source, target=hub, reason="Filed twice.", person=person, now=NOON)
        assert told_to(client, hub)[0][0] == "Merged with another record · Other title “Skills centre” added"

    def test_is_a_page_of_its_own_which_comes_to_who_reads_so_far(self, client, hub, person):
        for number in range(25):
            with acting(person):
                OtherTitleFactory(initiative=hub, text=f"Title {number}")
        address = reverse("initiative_history", args=[hub.slug])
        html = page(hub, client)
        assert f'hx-get="{address}"' in html
        assert f'<a href="{address}">Who changed what</a>' in html
        whole = client.get(address).context["page"].object_list
        assert [happening.what for happening in whole[-2:]] == ["Text in English added", "Record made"]
        assert len(whole) == 27

    def test_turns_pages(self, client, hub, person):
        for number in range(55):
            with acting(person):
                OtherTitleFactory(initiative=hub, text=f"Title {number}")
        address = reverse("initiative_history", args=[hub.slug])
        assert len(client.get(address, {"page": "2"}).context["page"].object_list) == 7
        for nonsense in ("x", "999999999999999999999999", "-1"):
            assert client.get(address, {"page": nonsense}).status_code == 200

    def test_tells_nothing_of_what_was_not_read_to_its_end(self, client, hub, person):
        """Of a table that was read in part, older happenings of the others might miss changes."""
        with acting(person):
            IdentifierFactory(initiative=hub, label="First of all")
        for number in range(11):
            with acting(person):
                OtherTitleFactory(initiative=hub, text=f"Title {number}")
        own = set(Entity.objects.written_by(person).values_list("pk", flat=True))
        history = history_of_initiative(hub, person, own=own, most=10)
        assert history.goes_on
        assert all("First of all" not in happening.what for happening in history.happenings)
        whole = history_of_initiative(hub, person, own=own)
        assert any("First of all" in happening.what for happening in whole.happenings)


class TestSubmissionsThatHoldIt:
    def test_are_named_where_the_reader_sees_them(self, client, staff, hub):
        for slug, state in [("25", SubmissionState.PUBLISHED), ("26", SubmissionState.DRAFTING)]:
            call = CallFactory(slug=slug, session__number=int(slug))
            submission = SubmissionFactory(call=call, entities=[hub.entity], state=state)
            ItemFactory(section=SectionFactory(submission=submission), initiative=hub)
        assert "CSTD 25" in page(hub, client)
        assert "CSTD 26" not in page(hub, client)
        assert "CSTD 26" in page(hub, staff)


class TestAddresses:
    def test_a_former_one_leads_on_with_its_query(self, client, hub):
        former = hub.slug
        change_address(initiative=hub, slug="learning")
        response = client.get(reverse("initiative_detail", args=[former]), {"text": "fr"})
        assert (response.status_code, response["Location"]) == (301, "/initiatives/learning/?text=fr")
        assert response["Cache-Control"] == "no-cache"  # it may become the address again

    def test_the_short_one_leads_to_wherever_it_is(self, client, hub):
        change_address(initiative=hub, slug="learning")
        response = client.get(reverse("initiative_short", args=[hub.pk]), {"text": "fr"})
        assert (response.status_code, response["Location"]) == (302, "/initiatives/learning/?text=fr")

    def test_of_a_merged_one_lead_along_the_chain(self, client, hub):
        middle = InitiativeFactory(published=True, merged_into=hub)
        first = InitiativeFactory(published=True, merged_into=middle)
        former = first.slug
        for address, status in [
            (reverse("initiative_detail", args=[former]), 301),
            (reverse("initiative_short", args=[first.pk]), 302),
            (reverse("initiative_history", args=[former]), 301),
        ]:
            response = client.get(address)
            assert response.status_code == status
            assert response["Location"].startswith(hub.get_absolute_url())

    def test_do_not_tell_of_what_is_hidden(self, client, staff, hub):
        hidden = InitiativeFactory(entity=hub.entity, slug="secret")
        change_address(initiative=hidden, slug="still-secret")
        into_hidden = InitiativeFactory(entity=hub.entity, published=True, merged_into=hidden)
        hidden_into = InitiativeFactory(entity=hub.entity, merged_into=hub)
        for slug in ("secret", "still-secret", into_hidden.slug, hidden_into.slug):
            assert client.get(reverse("initiative_detail", args=[slug])).status_code == 404
            assert client.get(reverse("initiative_history", args=[slug])).status_code == 404
            assert staff.get(reverse("initiative_detail", args=[slug]), follow=True).status_code == 200
        for pk in (hidden.pk, into_hidden.pk, hidden_into.pk):
            assert client.get(reverse("initiative_short", args=[pk])).status_code == 404

    @pytest.mark.parametrize(
        "path",
        [
            "/initiatives/%00/",
            "/initiatives/a%00b/history/",
            "/i/0/",
            "/i/99999999999999999999999999/",
            f"/i/{'9' * 5000}/",
            f"/initiatives/{'x' * 20000}/",
            "/initiatives/%27%3B%20DROP%20TABLE/",
            "/initiatives/%F0%9F%8C%8D/",
            "/initiatives/%ff%fe/",
        ],
    )
    def test_that_are_none_are_not_found(self, client, path):
        assert client.get(path).status_code == 404

    def test_of_an_archived_one_show_its_page_with_a_notice(self, client, staff, hub):
        archive_initiative(initiative=hub, reason="Filed twice.", now=NOON)
        html = page(hub, client)
        assert "Archived on 22 November 2021" in html
        assert "Filed twice." not in html
        assert reverse("update_new") not in page(hub, staff)


class TestQueries:
    def test_do_not_grow_with_what_is_told(self, staff, hub):
        vocabulary = VocabularyFactory()
        years = iter(range(2000, 2100))

        def add() -> None:
            year = next(years)
            reference = ReferenceFactory(initiative=hub)
            note = f'<span data-footnote="" data-reference="{reference.pk}">*</span>'
            UpdateFactory(
                initiative=hub,
                paragraph=f"<p>A{note}.</p>",
                period_start=dt.date(year, 1, 1),
                period_end=dt.date(year + 1, 1, 1),
            )
            InitiativeLineFactory(initiative=hub)
            InitiativeTermFactory(initiative=hub, term=TermFactory(vocabulary=vocabulary))
            InitiativePlaceFactory(initiative=hub)
            IdentifierFactory(initiative=hub)
            OtherTitleFactory(initiative=hub)
            ParticipationFactory(initiative=hub)
            ParticipationFactory(initiative=hub, entity=None, organisation=OrganisationFactory())
            document = DocumentFactory()
            MentionFactory(initiative=hub, document=document, part=PartFactory(document=document))
            PassageFactory(entity=hub.entity).initiatives.add(hub)
            InitiativeTextFactory(initiative=InitiativeFactory(merged_into=hub), language="fr", state="checked")
            RelationFactory(source=hub, target=InitiativeFactory(published=True))
            RelationFactory(target=hub, source=InitiativeFactory(published=True))
            ItemFactory(section=SectionFactory(submission=SubmissionFactory(entities=[hub.entity])), initiative=hub)

        assert_rows_cost_nothing(staff, hub.get_absolute_url(), add)
