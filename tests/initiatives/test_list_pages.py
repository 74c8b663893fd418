"""The lists of initiatives and of updates."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role, Status, UpdateKind
from initiatives.models import Initiative
from portal.common import lists
from tests.factories import (
    NOON,
    ActionLineFactory,
    EntityFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    OtherTitleFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    VocabularyFactory,
)
from tests.support.pages import assert_rows_cost_nothing, queries_of, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("initiative_list")
UPDATES = reverse("update_list")


def titles(client: Client, **asked: str) -> list[str]:
    return [initiative.title for initiative in client.get(LIST, asked).context["page"]]


class TestInitiativeList:
    def test_shows_visitors_what_is_public(self, client):
        InitiativeFactory(title="Learning hub", published=True)
        InitiativeFactory(title="Secret plan")
        InitiativeFactory(title="Of tomorrow", published_at=timezone.now() + dt.timedelta(days=1))
        assert titles(client) == ["Learning hub"]
        assert "Secret plan" not in words_of(client.get(LIST))

    def test_shows_people_all_of_their_entity(self, client):
        mine = InitiativeFactory(title="Our draft")
        InitiativeFactory(title="Their draft")
        client.force_login(UserFactory(role=Role.STAFF, entity=mine.entity))
        assert titles(client) == ["Our draft"]

    def test_finds_all_words_in_any_title_of_any_language(self, client):
        hub = InitiativeFactory(title="Learning hub", published=True)
        InitiativeTextFactory(initiative=hub, language="fr", state="checked", title="Pôle de formation")
        OtherTitleFactory(initiative=hub, text="Skills centre")
        InitiativeFactory(title="Learning lab", published=True)
        assert titles(client, q="hub LEARN") == ["Learning hub"]
        assert titles(client, q="formation") == ["Learning hub"]
        assert titles(client, q="skills") == ["Learning hub"]
        assert titles(client, q="100%") == []

    def test_shows_each_title_in_the_readers_language_or_the_original_with_its_own(self, client):
        told = InitiativeFactory(title="Learning hub", published=True)
        InitiativeTextFactory(initiative=told, language="fr", state="checked", title="Pôle de formation")
        InitiativeFactory(title="مركز التعلم", language="ar", published=True)
        client.cookies["django_language"] = "fr"
        page = words_of(client.get(LIST))
        assert "Pôle de formation" in page
        assert "Learning hub" not in page
        assert 'lang="ar" dir="rtl"' in page

    @pytest.mark.parametrize("query", ["order=latest&q=initiative", "line=C3&per_page=50"])
    def test_takes_the_same_queries_for_twenty(self, client, query):
        line, vocabulary = ActionLineFactory(code="C3"), VocabularyFactory(code="sectors")

        def add() -> None:
            initiative = InitiativeFactory(published=True)
            InitiativeLineFactory(initiative=initiative, line=line)
            InitiativePlaceFactory(initiative=initiative)
            InitiativeTermFactory(initiative=initiative, term=TermFactory(vocabulary=vocabulary))
            UpdateFactory(initiative=initiative)

        assert_rows_cost_nothing(client, f"{LIST}?{query}", add)

    def test_takes_few_queries(self, client):
        InitiativePlaceFactory(initiative__published=True)
        # vocabularies, version of the counts, rows, lines and places
        assert queries_of(client, LIST) == 4

    def test_tells_when_and_where_on_cards(self, client):
        hub = InitiativeFactory(published=True, starts_on=dt.date(2021, 3, 1), status=Status.ONGOING)
        UpdateFactory(initiative=hub)
        for name in ("Chad", "Fiji", "Mali", "Oman", "Peru"):
            InitiativePlaceFactory(initiative=hub, country__name_en=name)
        page = words_of(client.get(LIST))
        facts = re.findall("<li>(.*?)</li>", page[page.index('<ul class="meta">') :])
        assert facts[0].startswith("updated on ")
        assert facts[1:6] == ["since 1 March 2021", "Chad", "Fiji", "Mali", "and 2 more"]
        assert str(Status.ONGOING.label) in page

    def test_names_no_place_where_all_are_covered(self, client):
        everywhere = InitiativeFactory(published=True, covers_all_member_states=True)
        InitiativePlaceFactory(initiative=everywhere, country__name_en="Chad")
        page = words_of(client.get(LIST))
        assert "<li>all Member States</li>" in page
        assert "<li>Chad</li>" not in page

    def test_marks_what_was_invented(self, client):
        InitiativeFactory(published=True, invented=True)
        assert "demonstration" in words_of(client.get(LIST))

    def test_says_what_to_do_when_nothing_is_there(self, client):
        assert "No initiative is public yet" in words_of(client.get(LIST))
        page = words_of(client.get(LIST, {"q": "nothing"}))
        assert "take a filter away" in page
        assert "0 initiatives" in page

    def test_answers_htmx_with_filters_and_results_alone(self, client):
        InitiativeFactory(title="Learning hub", published=True)
        response = client.get(LIST, headers={"HX-Request": "true"})
        page = response.content.decode().strip()
        assert page.startswith('<div id="listing"')
        assert 'id="filters"' in page
        assert 'id="results"' in page
        assert "<html" not in page
        assert "HX-Request" in response["Vary"]

    def test_answers_a_boosted_link_with_the_page(self, client):
        response = client.get(LIST, headers={"HX-Request": "true", "HX-Boosted": "true"})
        assert "<html" in response.content.decode()


class TestAddress:
    def test_is_pushed_without_empty_parameters_and_usual_values(self, client):
        InitiativeFactory(published=True, status=Status.ONGOING)
        response = client.get(
            f"{LIST}?q=&status=ongoing&entity=&order=title&per_page=25&page=1", headers={"HX-Request": "true"}
        )
        assert response["HX-Push-Url"] == f"{LIST}?status=ongoing"
        response = client.get(f"{LIST}?q=&order=latest&per_page=50", headers={"HX-Request": "true"})
        assert response["HX-Push-Url"] == f"{LIST}?order=latest&per_page=50"

    def test_is_not_pushed_where_it_makes_no_sense(self, client):
        response = client.get(f"{LIST}?entity=NOPE", headers={"HX-Request": "true"})
        assert (response.status_code, response["HX-Push-Url"]) == (400, "false")

    def test_leads_to_the_list_without_each_chosen_filter_or_any(self, client):
        line = ActionLineFactory(code="C3", short_name_en="Access")
        InitiativeLineFactory(initiative__published=True, initiative__status=Status.ONGOING, line=line)
        listing = client.get(f"{LIST}?line=C3&status=ongoing&q=initiative&order=latest&page=1").context["listing"]
        assert {(tag.facet, tag.label) for tag in listing.tags} == {
            ("Action line", "C3 Access"),
            ("Status", "ongoing"),
            ("Words", "“initiative”"),
        }
        (without_line,) = [tag.address for tag in listing.tags if tag.facet == "Action line"]
        assert parse_qs(urlsplit(without_line).query) == {
            "q": ["initiative"],
            "status": ["ongoing"],
            "order": ["latest"],
        }
        assert listing.everything == f"{LIST}?order=latest"

    def test_of_the_list_as_a_file_has_the_same_filters(self, client):
        InitiativeFactory(published=True, status=Status.ONGOING)
        page = words_of(client.get(f"{LIST}?status=ongoing&per_page=50"))
        for format in ("csv", "xlsx", "json"):
            address = reverse("initiative_export", args=[format]) + "?status=ongoing"
            assert f'href="{address}"' in page
            assert client.get(address).status_code == 200


class TestFilters:
    def test_show_counts_and_what_is_chosen(self, client):
        for code, count in [("A", 2), ("B", 1)]:
            for _ in range(count):
                InitiativeFactory(published=True, entity=EntityFactory(code=code))
        page = words_of(client.get(f"{LIST}?entity=B"))
        assert 'value="A"><span>A</span> <span class="facet-count number">2</span>' in page
        assert 'value="B" checked><span>B</span> <span class="facet-count number">1</span>' in page

    def test_offer_nothing_that_the_reader_would_not_find(self, client):
        public = InitiativeFactory(published=True)
        hidden = InitiativeFactory(kind=KindFactory(code="secret"))
        page = words_of(client.get(LIST))
        assert f'value="{public.entity.code}"' in page
        assert f'value="{hidden.entity.code}"' not in page
        assert 'value="secret"' not in page

    def test_narrow_together(self, client):
        unido = EntityFactory(code="UNIDO")
        InitiativeFactory(title="Hub", entity=unido, status=Status.ONGOING, published=True)
        InitiativeFactory(title="Forum", status=Status.COMPLETED, kind=KindFactory(code="event"), published=True)
        assert titles(client, entity="UNIDO") == ["Hub"]
        assert titles(client, status="completed", kind="event") == ["Forum"]
        assert titles(client, entity="UNIDO", kind="event") == []

    @pytest.mark.parametrize(
        ("query", "status", "words"),
        [
            ("entity=NOPE", 400, "Entity: Nothing has the code “NOPE”"),
            ("colour=red", 400, "There is no filter “colour”"),
            ("order=x", 400, "Order: “x” is none of its values: title, latest"),
            ("q=%00", 400, "Words: Null characters are not allowed"),
            ("q=" + "x" * 1_000_000, 400, "at most 200 characters"),
            ("page=0", 400, "“0” is no page"),
            ("page=abc", 400, "“abc” is no page"),
            ("page=-1", 400, "“-1” is no page"),
            ("page=٢", 400, "“٢” is no page"),
            ("page=2", 404, "There is no page 2: the list ends with page 1"),
            ("page=999999999999999999999", 404, "There is no page 999999999999999999999"),
            ("per_page=26", 400, "Choose one of 25, 50, 100"),
            ("per_page=%00", 400, "Choose one of 25, 50, 100"),
            ("entity=NOPE&page=7", 400, "There is no page 7"),
        ],
    )
    def test_say_which_part_of_an_address_makes_no_sense_beside_the_rest(self, client, query, status, words):
        InitiativeFactory(title="Hub", published=True)
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == status
        page = words_of(response)
        assert words in page
        assert "Hub" in page
        assert client.get(f"{LIST}?{query}", headers={"HX-Request": "true"}).status_code == status


class TestPages:
    def test_turn_and_keep_what_was_asked(self, client):
        for _ in range(26):
            InitiativeFactory(published=True, status=Status.ONGOING)
        first = client.get(LIST, {"status": "ongoing", "q": ""})
        assert len(first.context["page"]) == 25
        assert "?status=ongoing&amp;page=2" in words_of(first)
        assert len(client.get(LIST, {"status": "ongoing", "page": "2"}).context["page"]) == 1

    def test_are_as_long_as_asked_for(self, client):
        for _ in range(51):
            InitiativeFactory(published=True)
        assert len(client.get(f"{LIST}?per_page=50").context["page"]) == 50
        assert len(client.get(f"{LIST}?per_page=100").context["page"]) == 51
        assert "?per_page=50&amp;page=2" in words_of(client.get(f"{LIST}?per_page=50"))

    def test_end_where_turning_them_gets_slow(self, client, monkeypatch):
        monkeypatch.setattr(lists, "MOST_ROWS", 50)
        for _ in range(76):
            InitiativeFactory(published=True)
        last = client.get(f"{LIST}?page=2")
        assert last.context["page"].paginator.num_pages == 2
        assert "76 initiatives" in words_of(last)
        assert "More records match than can be turned through" in words_of(last)
        beyond = client.get(f"{LIST}?page=3")
        assert beyond.status_code == 404
        assert "take all of them away as a file" in words_of(beyond)


class TestUpdateList:
    def test_shows_no_paragraph_that_is_not_printed(self, client):
        UpdateFactory(initiative__published=True, kind=UpdateKind.STILL_TRUE, paragraph="<p>Kept aside.</p>")
        UpdateFactory(initiative__published=True, paragraph="<p>Told to all.</p>")
        html = words_of(client.get(UPDATES))
        assert "Told to all." in html
        assert "Kept aside." not in html

    def test_shows_visitors_what_is_approved_and_public(self, client):
        shown = UpdateFactory(initiative__published=True, initiative__title="Hub", paragraph="<p>Forty came.</p>")
        UpdateDraftFactory(initiative__published=True, initiative__title="Draft of a hub")
        UpdateFactory(initiative__title="Hidden hub")
        page = words_of(client.get(UPDATES))
        assert "1 update" in page
        assert "Forty came." in page
        assert f"{shown.initiative.get_absolute_url()}#update-{shown.pk}" in page
        assert "Draft of a hub" not in page
        assert "Hidden hub" not in page

    def test_has_the_latest_period_first_or_the_latest_decision(self, client):
        decided = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
        old = UpdateFactory(initiative__published=True, decided_at=decided)
        new = UpdateFactory(
            initiative__published=True,
            period_start=dt.date(2023, 1, 1),
            period_end=dt.date(2024, 1, 1),
            decided_at=decided - dt.timedelta(days=1),
        )
        assert list(client.get(UPDATES).context["page"]) == [new, old]
        assert list(client.get(UPDATES, {"order": "approved"}).context["page"]) == [old, new]

    def test_says_that_nothing_new_was_told(self, client):
        UpdateFactory(initiative__published=True, kind=UpdateKind.STILL_TRUE)
        assert "still true, nothing new" in words_of(client.get(UPDATES))

    def test_takes_the_same_queries_for_twenty(self, client):
        line = ActionLineFactory(code="C3")

        def add() -> None:
            update = UpdateFactory(initiative__published=True)
            InitiativeLineFactory(initiative=update.initiative, line=line)

        assert_rows_cost_nothing(client, f"{UPDATES}?line=C3&order=approved", add)

    def test_says_what_to_do_when_nothing_is_there(self, client):
        assert "No update has been approved yet" in words_of(client.get(UPDATES))
        assert "take a filter away" in words_of(client.get(UPDATES, {"q": "nothing"}))

    @pytest.mark.parametrize(
        ("query", "status"), [("initiative=nope", 400), ("page=2", 404), ("state=x", 400), ("technologies=AI", 400)]
    )
    def test_refuses_nonsense_in_a_sentence(self, client, query, status):
        response = client.get(f"{UPDATES}?{query}")
        assert response.status_code == status
        assert "Not all of the address was understood" in words_of(response)


class TestOwnUpdateOnWhatAnotherEntityDoesNotShow:
    def test_is_among_the_latest_without_its_title(self):
        hidden = InitiativeFactory(entity=EntityFactory(acronym="OTHER"), title="Quiet project")
        update = UpdateFactory(initiative=hidden, entity=EntityFactory(), paragraph="<p>Turbines were tried.</p>")
        client = Client()
        client.force_login(UserFactory(role=Role.STAFF, entity=update.entity))
        for address in ("/", update.entity.get_absolute_url()):
            html = words_of(client.get(address))
            assert "Turbines were tried." in html
            assert "Quiet project" not in html
            assert f'href="{update.get_absolute_url()}"' in html
            assert "An initiative of OTHER" in html

    def test_is_listed_found_and_exported_without_its_title(self):
        hidden = InitiativeFactory(entity=EntityFactory(acronym="OTHER"), title="Quiet project", slug="quiet-project")
        update = UpdateFactory(initiative=hidden, entity=EntityFactory(), paragraph="<p>Turbines were tried.</p>")
        client = Client()
        client.force_login(UserFactory(role=Role.STAFF, entity=update.entity))
        found = [
            client.get("/updates/"),
            client.get("/search/?q=turbines"),
            client.get("/updates/export.csv"),
            client.get("/api/v1/updates/"),
        ]
        for answer in found:
            assert answer.status_code == 200
            words = b"".join(answer).decode()
            assert "urbines" in words
            assert "Quiet project" not in words
            assert "quiet-project" not in words
            assert "An initiative of OTHER" in words or answer is found[-1]
            assert f"/updates/{update.pk}/" in words or answer is found[-1]
        Initiative.objects.filter(pk=hidden.pk).update(published_at=NOON)
        assert "Quiet project" in words_of(client.get("/updates/"))
