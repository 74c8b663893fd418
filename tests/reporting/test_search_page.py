"""The page of search and the suggestions while typing."""

import datetime as dt

import pytest
from django.test import Client

from initiatives.choices import DocumentKind, PartKind, Role, UpdateKind
from initiatives.models import Entity, Update
from initiatives.search import CANDIDATES, Asked
from portal.common.filters import MOST_CHARACTERS
from portal.models import User
from reporting.choices import SubmissionState, TextSource
from reporting.search import find, pages_named, results_of, suggest
from tests.factories import (
    NOON,
    ActionLineAliasFactory,
    ActionLineFactory,
    DocumentFactory,
    DocumentSymbolFactory,
    EntityAliasFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeTextFactory,
    ItemFactory,
    OtherTitleFactory,
    PartFactory,
    PassageFactory,
    SectionFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    updates_of_years,
)
from tests.support.pages import queries_of, words_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30  # five kinds, each found in one query and shown in a few


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO")


def one_of_each(entity: Entity, word: str, *, public: bool) -> None:
    """Make a record of each kind that holds the word, public or not."""
    at = NOON if public else None
    initiative = InitiativeFactory(entity=entity, title=f"Title {word}", published_at=at)
    (UpdateFactory if public else UpdateDraftFactory)(initiative=initiative, paragraph=f"<p>News {word}.</p>")
    if public:
        PassageFactory(entity=entity, body=f"<p>Trend {word}.</p>")
    document = DocumentFactory(entity=entity, sha256="0" * 64, published_at=at)
    PartFactory(document=document, order=1, body=f"<p>Part {word}.</p>")
    submission = SubmissionFactory(entities=[entity], published_at=at)
    ItemFactory(section=SectionFactory(submission=submission), heading=f"Heading {word}")


def robot_updates(number: int) -> list[Update]:
    """File so many public updates that hold the word and have an entry of the search each."""
    return updates_of_years(
        initiative=InitiativeFactory(published=True),
        years=range(2001, 2001 + number),
        paragraph="<p>Robots {year}</p>",
    )


def of_search(monkeypatch: pytest.MonkeyPatch, **numbers: int) -> None:
    for name, number in numbers.items():
        monkeypatch.setattr(f"initiatives.search.{name}", number)


def kinds_found(client: Client, typed: str) -> list[str]:
    found = client.get("/search/", {"q": typed}).context["found"]
    return sorted(str(count.kind) for count in found.counts if count.number == 1)


ALL_KINDS = ["document", "initiative", "passage", "submission", "update"]
INSIDE = ["document", "draft", "initiative", "submission"]  # updates and passages that are not public are drafts


class TestWhoFindsWhat:
    def test_everybody_finds_what_is_public_of_every_kind(self, client: Client, unido: Entity) -> None:
        one_of_each(unido, "albatross", public=True)
        assert kinds_found(client, "albatross") == ALL_KINDS

    @pytest.mark.parametrize(
        ("role", "is_own", "kinds"),
        [
            ("", False, []),
            (Role.STAFF, True, INSIDE),
            (Role.FOCAL_POINT, True, INSIDE),
            (Role.SECRETARIAT, True, INSIDE),
            (Role.STAFF, False, []),
            (Role.DELEGATE, False, []),
            (Role.COMMISSION, False, []),
            (Role.ADMINISTRATOR, False, []),
        ],
    )
    def test_only_the_entity_finds_what_is_not(
        self, client: Client, unido: Entity, role: str, is_own: bool, kinds: list[str]
    ) -> None:
        one_of_each(unido, "albatross", public=False)
        if role == Role.STAFF and not is_own:
            client.force_login(UserFactory(role=role, entity=EntityFactory()))
        elif is_own:
            client.force_login(UserFactory(role=role, entity=unido))
        elif role:
            client.force_login(UserFactory(role=role))
        assert kinds_found(client, "albatross") == kinds

    def test_the_entity_alone_finds_an_update_by_what_it_keeps_for_itself(self, client: Client, unido: Entity) -> None:
        initiative = InitiativeFactory(entity=unido, published=True)
        UpdateFactory(initiative=initiative, paragraph="<p>News.</p>", obstacles="<p>Albatross.</p>")
        PassageFactory(entity=unido, name="Albatross")
        assert kinds_found(client, "albatross") == []
        client.force_login(UserFactory(role=Role.STAFF, entity=unido))
        assert kinds_found(client, "albatross") == ["passage", "update"]

    @pytest.mark.parametrize("part", [{"kind": PartKind.DELETED, "body": "<p>Albatross</p>"}, {"printed": "Albatross"}])
    def test_the_entity_alone_finds_a_document_by_what_its_page_hides(
        self, client: Client, unido: Entity, part: dict[str, str]
    ) -> None:
        document = DocumentFactory(entity=unido, sha256="0" * 64, published_at=NOON)
        PartFactory(document=document, order=1, **({"body": ""} | part))
        assert kinds_found(client, "albatross") == []
        client.force_login(UserFactory(role=Role.STAFF, entity=EntityFactory()))
        assert kinds_found(client, "albatross") == []
        client.force_login(UserFactory(role=Role.STAFF, entity=unido))
        assert kinds_found(client, "albatross") == ["document"]
        assert "<mark>Albatross</mark>" in client.get("/search/", {"q": "albatross"}).content.decode()

    def test_the_entity_alone_finds_an_update_by_a_paragraph_that_is_not_printed(
        self, client: Client, unido: Entity
    ) -> None:
        initiative = InitiativeFactory(entity=unido, published=True)
        UpdateFactory(initiative=initiative, kind=UpdateKind.STILL_TRUE, paragraph="<p>An albatross.</p>")
        assert kinds_found(client, "albatross") == []
        client.force_login(UserFactory(role=Role.STAFF, entity=unido))
        assert kinds_found(client, "albatross") == ["update"]
        assert "An <mark>albatross</mark>" in client.get("/search/", {"q": "albatross"}).content.decode()

    def test_of_a_joint_draft_each_entity_finds_what_is_said_of_records_that_it_sees(
        self, client: Client, unido: Entity
    ) -> None:
        other = EntityFactory()
        submission = SubmissionFactory(entities=[unido, other], state=SubmissionState.DRAFTING)
        section = SectionFactory(submission=submission)
        hidden, open_to_all = InitiativeFactory(entity=unido), InitiativeFactory(entity=unido, published=True)
        for initiative, words in [(hidden, "Albatross"), (open_to_all, "Pelican")]:
            ItemFactory(
                section=section, initiative=initiative, text_source=TextSource.WORDING, wording=f"<p>{words}</p>"
            )
        for entity, albatross in [(unido, ["submission"]), (other, [])]:
            client.force_login(UserFactory(role=Role.STAFF, entity=entity))
            assert kinds_found(client, "albatross") == albatross
            assert kinds_found(client, "pelican") == ["submission"]

    def test_nobody_finds_in_a_list_what_is_archived_or_merged(self, client: Client) -> None:
        archived = InitiativeFactory(title="Albatross", published=True, archived_at=NOON)
        InitiativeFactory(title="Albatross", published=True, merged_into=archived)
        UpdateFactory(initiative=archived, paragraph="<p>Albatross</p>")
        assert kinds_found(client, "albatross") == []


class TestSearchPage:
    def test_says_what_it_finds_before_anything_is_typed(self, client: Client) -> None:
        assert "A/RES/80/173" in words_of(client.get("/search/"))

    def test_marks_the_words_in_title_and_text_and_tells_what_it_is(self, client: Client, unido: Entity) -> None:
        initiative = InitiativeFactory(
            entity=unido,
            title="Robot lab",
            description="<p>Young engineers built robots &amp; <em>sensors</em>.</p>",
            published=True,
            starts_on=dt.date(2019, 1, 1),
            ends_on=dt.date(2022, 1, 1),
        )
        page = words_of(client.get("/search/?q=robots"))
        assert "<mark>Robot</mark> lab" in page
        assert "Young engineers built <mark>robots</mark> &amp; sensors." in page
        assert "UNIDO" in page
        assert "2019–2021" in page
        assert f'href="{initiative.get_absolute_url()}"' in page

    def test_shows_the_text_in_which_the_words_were_found_in_its_language(self, client: Client) -> None:
        initiative = InitiativeFactory(title="Skills", description="<p>Of all.</p>", published=True)
        InitiativeTextFactory(
            initiative=initiative, language="ar", state="checked", title="مهارات", description="<p>المهارات الرقمية</p>"
        )
        page = words_of(client.get("/search/?q=الرقمية"))
        assert '<h2 lang="en" dir="ltr">' in page
        assert 'lang="ar" dir="rtl">المهارات <mark>الرقمية</mark></p>' in page

    def test_escapes_what_was_typed_and_what_was_found(self, client: Client) -> None:
        InitiativeFactory(title="<b>Bold</b> robots", description="<p>1 &lt; 2 robots</p>", published=True)
        page = words_of(client.get("/search/", {"q": '<script>alert("x")</script> robots'}))
        assert "<script>alert" not in page
        page = words_of(client.get("/search/", {"q": "robots"}))
        assert "&lt;b&gt;Bold&lt;/b&gt; <mark>robots</mark>" in page
        assert "1 &lt; 2 <mark>robots</mark>" in page

    def test_shows_other_titles_numbers_and_footnotes_as_reasons(self, client: Client) -> None:
        initiative = InitiativeFactory(
            title="Hub", published=True, description='<p>Text<span data-footnote="Lima Declaration">*</span></p>'
        )
        IdentifierFactory(initiative=initiative, scheme="SAP ID", value="180231", label="SAP ID 180231")
        OtherTitleFactory(initiative=initiative, text="Innovation house")
        assert "SAP ID <mark>180231</mark>" in words_of(client.get("/search/?q=180231"))
        assert "Innovation <mark>house</mark>" in words_of(client.get("/search/?q=house"))
        assert "Text <mark>Lima</mark> Declaration" in words_of(client.get("/search/?q=lima"))

    def test_marks_a_symbol_as_a_whole(self, client: Client) -> None:
        document = DocumentFactory(title="A resolution", kind=DocumentKind.RESOLUTION)
        DocumentSymbolFactory(document=document, symbol="A/RES/80/173")
        page = words_of(client.get("/search/?q=a/res/80/173"))
        assert "<mark>A/RES/80/173</mark>" in page
        assert "<mark>A</mark>" not in page

    def test_begins_an_extract_near_the_words(self, client: Client) -> None:
        InitiativeFactory(title="Hub", published=True, description="<p>" + "mountain river " * 200 + "albatross.</p>")
        page = words_of(client.get("/search/?q=albatross"))
        assert "river <mark>albatross</mark>." in page
        assert "… " in page

    def test_puts_titles_before_texts_and_the_language_of_the_reader_first(self, client: Client) -> None:
        InitiativeFactory(title="Hub", description="<p>Robots for all.</p>", published=True)
        french = InitiativeFactory(title="Robots", language="fr", published=True)
        english = InitiativeFactory(title="Robots", published=True)
        results = client.get("/search/?q=robots").context["results"]
        assert [result.hit.record_id for result in results][:2] == [english.pk, french.pk]
        client.cookies["django_language"] = "fr"
        results = client.get("/search/?q=robots").context["results"]
        assert results[0].hit.record_id == french.pk

    def test_narrows_to_one_kind_and_counts_them_all(self, client: Client, unido: Entity) -> None:
        one_of_each(unido, "albatross", public=True)
        page = client.get("/search/?q=albatross&kind=update")
        assert [result.hit.kind for result in page.context["results"]] == ["update"]
        assert page.context["found"].total == len(ALL_KINDS)
        assert "kind=passage" in words_of(page)

    def test_says_that_there_is_more_than_it_ranks(self, client: Client) -> None:
        for first in range(0, CANDIDATES + 1, 40):  # of several: each update makes the summary of its initiative anew
            years = range(1500 + first, min(1500 + first + 40, 1500 + CANDIDATES + 1))
            updates_of_years(initiative=InitiativeFactory(published=True), years=years, paragraph="<p>Albatross</p>")
        page = client.get("/search/?q=albatross")
        assert "More than 300 results" in words_of(page)
        assert client.get("/search/?q=albatross&page=999999999999999999999").status_code == 200

    def test_ranks_the_latest_updates_of_a_common_word(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        of_search(monkeypatch, CANDIDATES=2, LATEST=4, SAMPLE=3, COMMON=2)
        updates = robot_updates(5)
        results = client.get("/search/?q=robots").context["results"]
        assert {result.hit.record_id for result in results} == {update.pk for update in updates[-2:]}

    def test_misses_no_update_where_those_with_a_common_word_are_few_among_the_latest(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_search(monkeypatch, CANDIDATES=9, LATEST=4, SAMPLE=3, COMMON=2)
        updates = robot_updates(6)
        page = client.get("/search/?q=robots")
        assert {result.hit.record_id for result in page.context["results"]} == {update.pk for update in updates}
        assert "6 results" in words_of(page)

    def test_ranks_others_than_titles_only_where_titles_are_few(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        titled = [InitiativeFactory(title="Robots", published=True).pk for _ in range(2)]
        other = InitiativeFactory(title="Hub", description="<p>Robots for all.</p>", published=True).pk
        for candidates, expected in ((2, titled), (3, [*titled, other])):
            of_search(monkeypatch, CANDIDATES=candidates)
            results = client.get("/search/?q=robots").context["results"]
            assert {result.hit.record_id for result in results} == set(expected)

    def test_takes_a_fixed_number_of_queries(self, client: Client, unido: Entity) -> None:
        for _ in range(2):
            one_of_each(unido, "albatross", public=True)
        with_few = queries_of(client, "/search/?q=albatross")
        for _ in range(8):
            one_of_each(unido, "albatross", public=True)
        assert queries_of(client, "/search/?q=albatross") <= with_few <= MOST_QUERIES

    def test_gives_htmx_the_results_alone(self, client: Client) -> None:
        InitiativeFactory(title="Robots", published=True)
        fragment = words_of(client.get("/search/?q=robots", headers={"HX-Request": "true"}))
        assert fragment.startswith('<section class="stack" id="results"')
        assert "<mark>Robots</mark>" in fragment

    def test_leads_from_every_page(self, client: Client) -> None:
        assert 'action="/search/"' in words_of(client.get("/initiatives/"))


class TestLittleFound:
    def test_offers_titles_that_are_written_nearly_so(self, client: Client) -> None:
        initiative = InitiativeFactory(title="Digital skills for women", published=True)
        page = client.get("/search/?q=digtal skils")
        assert [result.hit.record_id for result in page.context["near"]] == [initiative.pk]
        assert 'Did you mean <a href="?q=digital%20skills">' in words_of(page)

    @pytest.mark.parametrize(
        ("typed", "title"),
        [
            ("seriba", "Digital skills in Serbia"),
            ("digital skills in seriba", "Digital skills in Serbia"),
            ("crétaive", "Économie créative"),
            ("salud dgiital", "Salud digital"),
            ("нваыки", "Цифровые навыки"),
            ("الرمقية", "تنمية المهارات الرقمية"),
        ],
    )
    def test_offers_titles_of_which_two_letters_were_swapped(self, client: Client, typed: str, title: str) -> None:
        initiative = InitiativeFactory(title=title, published=True)
        InitiativeFactory(title="Seminar on crediting", published=True)
        page = client.get("/search/", {"q": typed})
        assert [result.hit.record_id for result in page.context["near"]] == [initiative.pk]

    def test_offers_no_title_that_the_reader_may_not_see(self, client: Client) -> None:
        InitiativeFactory(title="Digital skills for women")
        assert client.get("/search/?q=digtal skils").context["near"] == []

    def test_is_looked_for_among_what_the_reader_may_see_however_much_else_is_alike(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of_search(monkeypatch, CANDIDATES=1)
        for _ in range(3):
            InitiativeFactory(title="Digital skills for women")
        initiative = InitiativeFactory(title="Digital skills for women", published=True)
        page = client.get("/search/?q=digtal skils")
        assert [result.hit.record_id for result in page.context["near"]] == [initiative.pk]

    def test_says_what_to_do_where_nothing_is_found(self, client: Client) -> None:
        page = words_of(client.get("/search/?q=xylophone"))
        assert "Nothing holds all these words" in page
        assert 'href="/initiatives/"' in page


class TestPagesNamed:
    def test_are_action_lines_by_code_name_and_alias(self, client: Client) -> None:
        line = ActionLineFactory(code="C6", name_en="Enabling environment", name_fr="Environnement propice")
        ActionLineAliasFactory(line=line, text="regulatory framework")
        for typed in ("c6", "enabling environment", "environnement propice", "Regulatory Framework", "enabling env"):
            assert [page.url for page in pages_named(typed)] == [line.get_absolute_url()], typed
        assert "called “regulatory framework”" in words_of(client.get("/search/?q=regulatory framework"))

    def test_are_entities_by_acronym_and_name_as_printed(self) -> None:
        entity = EntityFactory(code="UNDESA", acronym="UN DESA")
        EntityAliasFactory(entity=entity, text="Department of Economic and Social Affairs")
        for typed in ("un desa", "undesa", "department of economic", "training by undesa"):
            assert [page.url for page in pages_named(typed)] == [entity.get_absolute_url()], typed
        assert pages_named("training") == []


class TestBadInput:
    def test_a_search_of_too_many_words_answers_400_with_a_sentence(self, client: Client) -> None:
        words = " ".join(f"w{number}" for number in range(17))
        for address in ("/search/", "/initiatives/", "/api/v1/search/"):
            answer = client.get(address, {"q": words})
            assert answer.status_code == 400
            assert "A search may have 16 words" in answer.content.decode()
        assert client.get("/search/", {"q": "robot " * 30}).status_code == 200

    def test_too_long_a_search_answers_400_with_a_sentence(self, client: Client) -> None:
        answer = client.get("/search/", {"q": "a" * (MOST_CHARACTERS + 1)})
        assert answer.status_code == 400
        assert "A search may have 200 characters" in words_of(answer)
        assert client.get("/search/", {"q": "a" * 1_000_000}).status_code == 400

    def test_an_unknown_kind_or_parameter_answers_400_with_a_sentence(self, client: Client) -> None:
        assert "There is no kind “person”" in words_of(client.get("/search/?q=a&kind=person"))
        assert client.get("/search/?q=a&kind=person").status_code == 400
        assert "knows no “sort”" in words_of(client.get("/search/?q=a&sort=1"))

    @pytest.mark.parametrize(
        "typed", ["\0", "&|!()<->:*", '"', "-", "-hub", "'", "\\", "%", "_", "[a-z]+", "';--", "ŉ", "\u202e", "🚜"]
    )
    def test_nonsense_finds_nothing_and_says_so(self, client: Client, typed: str) -> None:
        InitiativeFactory(title="Hub", published=True)
        for address in ("/search/", "/search/suggestions/"):
            answer = client.get(address, {"q": typed})
            assert answer.status_code == 200
            assert not answer.context.get("results")
        assert client.get("/search/", {"q": typed, "page": "x"}).status_code == 200


class TestSuggestions:
    def titles(self, typed: str, user: User) -> list[str]:
        return [str(suggestion.title) for suggestion in suggest(typed, user)]

    def test_are_titles_numbers_and_symbols_while_they_are_typed(self) -> None:
        user = UserFactory()
        initiative = InitiativeFactory(title="Blockchain observatory", published=True)
        IdentifierFactory(initiative=initiative, value="180231")
        document = DocumentFactory(title="Report of the session")
        DocumentSymbolFactory(document=document, symbol="IDB.48/CRP.8")
        assert self.titles("blockch", user) == ["<mark>Blockchain</mark> observatory"]
        assert self.titles("1802", user) == ["Blockchain observatory"]
        assert self.titles("IDB.48/CRP", user) == ["Report of the session"]

    def test_forgive_a_typing_error(self) -> None:
        InitiativeFactory(title="Blockchain observatory", published=True)
        assert self.titles("blokchain", UserFactory()) == ["Blockchain observatory"]

    def test_are_what_the_reader_may_see(self, client: Client, unido: Entity) -> None:
        InitiativeFactory(entity=unido, title="Blockchain observatory")
        assert "observatory" not in words_of(client.get("/search/suggestions/?q=blockch"))
        client.force_login(UserFactory(role=Role.STAFF, entity=unido))
        assert "observatory" in words_of(client.get("/search/suggestions/?q=blockch"))

    def test_are_none_before_two_characters_and_for_too_many(self, client: Client) -> None:
        InitiativeFactory(title="A", published=True)
        for typed in ("", "A", "A" * (MOST_CHARACTERS + 1)):
            assert "<li>" not in words_of(client.get("/search/suggestions/", {"q": typed}))


class TestTenSearchesInSixLanguages:
    """What people really type, over records as entities really write them."""

    TITLES = {
        "en": (
            "Women in Industry 4.0",
            "<p>Training of female entrepreneurs in smart manufacturing, see GC.19/Res.5.</p>",
        ),
        "fr": ("Compétences numériques", "<p>L’économie créative de Côte d’Ivoire forme des artisanes.</p>"),
        "es": ("Fábricas inteligentes", "<p>Cooperación Sur-Sur con las pequeñas empresas de Perú.</p>"),
        "ru": ("Цифровые навыки", "<p>Обучение молодёжи в сельских районах Кыргызстана.</p>"),
        "ar": ("تنمية المهارات الرقمية", "<p>تدريب الشباب على الذكاء الاصطناعي في الأردن.</p>"),
        "zh": ("数字经济政策", "<p>支持中小企业的智能制造和绿色转型。</p>"),
    }

    @pytest.mark.parametrize(
        ("typed", "language", "marked"),
        [
            ("female entrepreneur", "en", "<mark>female</mark> <mark>entrepreneurs</mark>"),
            ("GC.19/Res.5", "en", "<mark>GC.19/Res.5</mark>"),
            ("competence numerique", "fr", "<mark>Compétences</mark> <mark>numériques</mark>"),
            ("cote d'ivoire", "fr", "<mark>Côte</mark> <mark>d’Ivoire</mark>"),
            ("fabrica inteligente", "es", "<mark>Fábricas</mark> <mark>inteligentes</mark>"),
            ("pequeña empresa", "es", "<mark>pequeñas</mark> <mark>empresas</mark>"),
            ("цифровых навыков", "ru", "<mark>Цифровые</mark> <mark>навыки</mark>"),
            ("молодежь", "ru", "<mark>молодёжи</mark>"),
            ("المهارة الرقمية", "ar", "<mark>المهارات</mark> <mark>الرقمية</mark>"),
            ("智能制造", "zh", "<mark>智能制造</mark>"),
        ],
    )
    def test_find_their_text_and_mark_its_words(self, client: Client, typed: str, language: str, marked: str) -> None:
        made = {
            code: InitiativeFactory(language=code, title=title, description=text, published=True)
            for code, (title, text) in self.TITLES.items()
        }
        page = client.get("/search/", {"q": typed})
        assert [result.hit.record_id for result in page.context["results"]] == [made[language].pk]
        assert marked in words_of(page)


class TestFind:
    def test_forgets_what_was_deleted_meanwhile(self) -> None:
        user = UserFactory()
        initiative = InitiativeFactory(title="Robots", published=True)
        hits = find(Asked.parse("robots"), user).hits
        initiative.delete()
        assert results_of(hits, Asked.parse("robots"), user) == []
