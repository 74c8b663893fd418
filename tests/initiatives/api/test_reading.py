"""What programs read of stored records: to whom, in which language, at which cost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from initiatives.choices import Basis, EntryType, PartKind, Role
from initiatives.services.initiatives import change_address
from tests.factories import (
    NOON,
    ActionLineAliasFactory,
    ActionLineFactory,
    CountryFactory,
    CountryGroupFactory,
    DatedPartFactory,
    DocumentFactory,
    DocumentSymbolFactory,
    EntityAliasFactory,
    EntityFactory,
    EntityTextFactory,
    EvidenceFactory,
    FacilitationFactory,
    GroupMembershipFactory,
    IdentifierFactory,
    IncomeClassificationFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    MentionFactory,
    OtherTitleFactory,
    PartFactory,
    ParticipationFactory,
    PassageFactory,
    PassageTextFactory,
    ReferenceFactory,
    RelationFactory,
    UnitFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UpdateTextFactory,
    UserFactory,
)
from tests.support.api import API, ask, problem, queries

pytestmark = pytest.mark.django_db

ALL_ROLES = [None, *Role]


def client_of(role: str | None, entity: Any = None) -> Client:
    """Return a client of somebody with a role; of a visitor without one."""
    client = Client()
    if role:
        own = entity if role in {Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT} else None
        client.force_login(UserFactory(role=role, entity=own))
    return client


@pytest.fixture
def unido() -> Any:
    return EntityFactory(code="UNIDO")


@pytest.fixture
def insider(unido: Any) -> Client:
    return client_of(Role.STAFF, unido)


@pytest.fixture
def outsider() -> Client:
    return client_of(Role.STAFF, EntityFactory(code="OTHER"))


def whole(**facts: Any) -> Any:
    """Return a public initiative that has one of everything."""
    initiative = InitiativeFactory(published=True, **facts)
    InitiativeTextFactory(initiative=initiative, language="fr", state="checked", based_on=1)
    InitiativeLineFactory(initiative=initiative)
    InitiativeTermFactory(initiative=initiative)
    InitiativePlaceFactory(initiative=initiative)
    InitiativePlaceFactory(initiative=initiative, country=None, group=CountryGroupFactory())
    IdentifierFactory(initiative=initiative)
    ParticipationFactory(initiative=initiative)
    OtherTitleFactory(initiative=initiative)
    DatedPartFactory(initiative=initiative)
    ReferenceFactory(initiative=initiative)
    MentionFactory(initiative=initiative, document=DocumentFactory())
    RelationFactory(source=initiative, target=InitiativeFactory(published=True))
    UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
    return initiative


class TestInitiatives:
    @pytest.mark.parametrize("role", ALL_ROLES)
    def test_are_seen_by_whoever_sees_their_pages(self, unido, role):
        public, hidden = InitiativeFactory(entity=unido, published=True), InitiativeFactory(entity=unido)
        client = client_of(role, unido)
        sees_all = role in {Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT}
        seen = {record["slug"] for record in ask(client, "initiatives/?fields=slug")["results"]}
        assert seen == ({public.slug, hidden.slug} if sees_all else {public.slug})
        assert client.get(f"{API}initiatives/{hidden.slug}/").status_code == (200 if sees_all else 404)
        assert client.get(f"{API}initiatives/{hidden.pk}/").status_code == (200 if sees_all else 404)

    def test_are_told_with_all_that_belongs_to_them(self, client):
        initiative = whole(title="Learning hub", description="<p>It teaches.</p>")
        told = ask(client, f"initiatives/{initiative.slug}/?languages=all")
        assert told["text"]["title"] == "Learning hub"
        assert [text["language"] for text in told["texts"]] == ["en", "fr"]
        for member in [
            "lines",
            "terms",
            "countries",
            "groups",
            "identifiers",
            "participations",
            "other_titles",
            "dated_parts",
            "relations",
        ]:
            assert len(told[member]) == 1, member
        assert (told["years"], told["languages"]) == ([2021], ["en", "fr"])
        EntityTextFactory(initiative=initiative, entity__code="UNDESA", description="<p>Ours.</p>")
        (own,) = ask(client, f"initiatives/{initiative.pk}/?fields=own_texts")["own_texts"]
        assert (own["entity"], own["language"], own["description"]) == ("UNDESA", "en", "<p>Ours.</p>")
        further = ask(client, f"initiatives/{initiative.slug}/?fields=references,mentioned_in")
        assert [len(further["references"]), len(further["mentioned_in"])] == [1, 1]

    def test_keep_what_is_inferred_inside_the_entity(self, client, unido, insider, outsider):
        initiative = InitiativeFactory(entity=unido, published=True)
        InitiativeLineFactory(initiative=initiative, basis=Basis.INFERRED)
        InitiativeTermFactory(initiative=initiative, basis=Basis.INFERRED)
        path = f"initiatives/{initiative.pk}/?fields=lines,terms"
        assert ask(client, path) == ask(outsider, path) == {"lines": [], "terms": []}
        assert [line["basis"] for line in ask(insider, path)["lines"]] == ["inferred"]
        assert [term["basis"] for term in ask(insider, path)["terms"]] == ["inferred"]

    def test_give_files_to_whoever_may_see_them(self, client, unido, insider, outsider):
        initiative = InitiativeFactory(entity=unido, published=True)
        shown, inside = EvidenceFactory(initiative=initiative, public=True), EvidenceFactory(initiative=initiative)
        update = UpdateFactory(initiative=initiative)
        EvidenceFactory(initiative=initiative, update=update, public=True, file=shown.file)
        path = f"initiatives/{initiative.pk}/?fields=evidence"
        assert ask(client, path) == ask(outsider, path)
        told, of_update = ask(client, path)["evidence"]
        assert (told["update"], of_update["update"]) == (None, update.pk)
        assert told["address"] == f"http://testserver{shown.file.get_absolute_url()}"
        assert (told["caption"], told["sha256"], told["is_public"]) == (shown.caption, shown.file.sha256, True)
        assert [one["sha256"] for one in ask(insider, path)["evidence"]] == [
            shown.file.sha256,
            inside.file.sha256,
            shown.file.sha256,
        ]

    def test_keep_their_unit_inside_the_entity(self, client, unido, insider):
        initiative = InitiativeFactory(entity=unido, published=True, unit=UnitFactory(entity=unido, name="Digital"))
        path = f"initiatives/{initiative.pk}/?fields=unit"
        assert (ask(client, path), ask(insider, path)) == ({"unit": None}, {"unit": "Digital"})

    def test_name_no_initiative_that_the_reader_does_not_see(self, client, unido, insider):
        public, hidden = InitiativeFactory(entity=unido, published=True), InitiativeFactory(entity=unido)
        RelationFactory(source=public, target=hidden)
        RelationFactory(source=hidden, target=public)
        path = f"initiatives/{public.pk}/?fields=relations,relations_to_it"
        assert ask(client, path) == {"relations": [], "relations_to_it": []}
        told = ask(insider, path)
        assert [told["relations"][0]["id"], told["relations_to_it"][0]["id"]] == [hidden.pk, hidden.pk]

    def test_are_told_in_the_first_language_of_the_reader_that_they_have(self, client):
        initiative = InitiativeFactory(published=True, title="Centro", language="es")
        InitiativeTextFactory(initiative=initiative, language="fr", title="Pôle", state="machine", based_on=1)
        path = f"initiatives/{initiative.pk}/?fields=text"
        told = {
            header: ask(client, path, **{"accept-language": header})["text"]["language"]
            for header in ("fr", "ru, fr", "en", "es, fr", "*")
        }
        assert told == {"fr": "fr", "ru, fr": "fr", "en": "es", "es, fr": "es", "*": "es"}

    def test_are_filtered_as_on_the_page(self, client):
        line = ActionLineFactory(code="C7")
        wanted, other = InitiativeFactory(published=True, title="Learning hub"), InitiativeFactory(published=True)
        InitiativeLineFactory(initiative=wanted, line=line)
        term = InitiativeTermFactory(initiative=wanted).term
        for narrowing in (
            "line=C7",
            "q=learning",
            f"{term.vocabulary.code}={term.code}",
            f"entity={wanted.entity.code}",
        ):
            told = ask(client, f"initiatives/?fields=id&{narrowing}&count=true")
            assert (told["results"], told["count"]) == ([{"id": wanted.pk}], 1), narrowing
        assert len(ask(client, "initiatives/?fields=id")["results"]) == 2
        assert problem(client, "initiatives/?line=C99", 400)["errors"][0]["parameter"] == "line"
        assert other

    def test_leave_out_archived_ones_unless_asked_for(self, client):
        archived = InitiativeFactory(published=True, archived_at=NOON)
        assert ask(client, "initiatives/?fields=id")["results"] == []
        assert ask(client, "initiatives/?fields=id&archived=yes")["results"] == [{"id": archived.pk}]

    def test_that_were_merged_or_moved_lead_to_where_they_are(self, client):
        initiative = InitiativeFactory(published=True, slug="old-name")
        change_address(initiative=initiative, slug="new-name")
        merged = InitiativeFactory(published=True, merged_into=initiative)
        for former in ("old-name", merged.slug):
            response = client.get(f"{API}initiatives/{former}/?fields=id")
            assert response.status_code == 308
            assert response["Location"] == f"{API}initiatives/new-name/?fields=id"
            assert response.json() == {"address": f"http://testserver{API}initiatives/new-name/?fields=id"}
        assert client.get(f"{API}initiatives/{merged.pk}/")["Location"] == f"{API}initiatives/{initiative.pk}/"

    def test_with_a_number_for_a_slug_yield_to_the_number(self, client):
        first = InitiativeFactory(published=True)
        second = InitiativeFactory(published=True, slug=str(first.pk))
        assert ask(client, f"initiatives/{first.pk}/?fields=id") == {"id": first.pk}
        third = InitiativeFactory(published=True, slug="2030")
        assert ask(client, "initiatives/2030/?fields=id") == {"id": third.pk}
        assert second


class TestUpdates:
    def test_tell_the_public_only_what_is_printed(self, client, unido, insider, outsider):
        initiative = InitiativeFactory(entity=unido, published=True)
        update = UpdateFactory(
            initiative=initiative, paragraph="<p>News.</p>", obstacles="<p>Money.</p>", reason="Why."
        )
        UpdateDraftFactory(initiative=initiative, period_start="2022-01-01", period_end="2023-01-01")
        for reader in (client, outsider):
            told = ask(reader, f"updates/{update.pk}/")
            assert told["text"]["paragraph"] == "<p>News.</p>"
            assert [told["text"]["obstacles"], told["reason"]] == [None, None]
            assert len(ask(reader, "updates/?fields=id")["results"]) == 1
        told = ask(insider, f"updates/{update.pk}/")
        assert [told["text"]["obstacles"], told["reason"]] == ["<p>Money.</p>", "Why."]
        assert len(ask(insider, "updates/?fields=id")["results"]) == 1
        update.public_fields = ["obstacles"]
        update.save()
        assert ask(client, f"updates/{update.pk}/")["text"]["obstacles"] == "<p>Money.</p>"

    def test_of_other_kinds_print_nothing(self, client, unido, insider):
        initiative = InitiativeFactory(entity=unido, published=True)
        update = UpdateFactory(initiative=initiative, kind="still_true", paragraph="<p>Former.</p>")
        path = f"updates/{update.pk}/?fields=text,texts"
        assert ask(client, path) == {"text": None, "texts": []}
        assert ask(insider, path)["text"]["paragraph"] == "<p>Former.</p>"

    @pytest.mark.parametrize("state", [{}, {"submitted": True}, {"returned": True}])
    def test_are_hidden_until_they_are_approved(self, client, unido, insider, outsider, state):
        update = UpdateDraftFactory(initiative=InitiativeFactory(entity=unido, published=True), **state)
        path = f"{API}updates/drafts/{update.pk}/"
        assert [reader.get(path).status_code for reader in (client, outsider, insider)] == [
            404,
            404,
            200,
        ]

    def test_have_every_language_on_request(self, client):
        update = UpdateFactory(initiative=InitiativeFactory(published=True), paragraph="<p>News.</p>")
        UpdateTextFactory(update=update, language="ar", state="machine", based_on=1, paragraph="<p>أخبار</p>")
        told = ask(client, f"updates/{update.pk}/?languages=all", **{"accept-language": "ar"})
        assert told["text"]["language"] == "ar"
        assert [text["language"] for text in told["texts"]] == ["en", "ar"]

    def test_are_filtered_by_initiative(self, client):
        updates = [UpdateFactory(initiative=InitiativeFactory(published=True)) for _ in range(2)]
        told = ask(client, f"updates/?initiative={updates[0].initiative.slug}&fields=id")
        assert told["results"] == [{"id": updates[0].pk}]


class TestPassages:
    def test_of_others_are_seen_without_their_names(self, client, unido, insider):
        passage = PassageFactory(entity=unido)
        assert ask(client, "passages/?fields=id,name")["results"] == [{"id": passage.pk, "name": None}]
        assert ask(insider, "passages/?fields=id,name")["results"] == [{"id": passage.pk, "name": passage.name}]

    def test_are_told_with_what_they_speak_of(self, client, unido, insider):
        passage = PassageFactory(entity=unido, body="<p>A trend.</p>")
        PassageTextFactory(passage=passage, language="fr", state="checked", based_on=1)
        public, hidden = InitiativeFactory(entity=unido, published=True), InitiativeFactory(entity=unido)
        passage.initiatives.add(public, hidden)
        passage.lines.add(ActionLineFactory(code="C5"))
        passage.countries.add(CountryFactory(iso3="SRB"))
        told = ask(client, f"passages/{passage.pk}/?languages=all")
        assert [one["id"] for one in told["initiatives"]] == [public.pk]
        assert [told["lines"][0]["code"], told["countries"][0]["code"]] == ["C5", "SRB"]
        assert [text["language"] for text in told["texts"]] == ["en", "fr"]
        assert len(ask(insider, f"passages/{passage.pk}/")["initiatives"]) == 2


class TestDocuments:
    def test_are_told_with_symbols_and_mentions(self, client, unido, insider):
        document = DocumentFactory(entity=unido, title="A report")
        DocumentSymbolFactory(document=document, symbol="A/77/69")
        hidden = InitiativeFactory(entity=unido)
        MentionFactory(document=document, initiative=hidden)
        passage = PassageFactory(entity=unido)
        MentionFactory(document=document, passage=passage, initiative=None)
        told = ask(client, f"documents/{document.pk}/")
        assert (told["title"]["text"], told["symbols"]) == ("A report", ["A/77/69"])
        assert [mention["passage"] for mention in told["mentions"]] == [passage.pk]
        assert [mention["initiative"] for mention in ask(insider, f"documents/{document.pk}/")["mentions"]] == [
            hidden.pk,
            None,
        ]

    def test_that_were_read_in_are_hidden_until_they_are_published(self, client, unido, insider, outsider):
        document = DocumentFactory(entity=unido, sha256="a" * 64)
        for path in (f"documents/{document.pk}/", f"documents/{document.pk}/parts/"):
            problem(client, path, 404)
            problem(outsider, path, 404)
            ask(insider, path)
        document.published_at = NOON
        document.save()
        ask(client, f"documents/{document.pk}/parts/")

    def test_show_their_words_in_order_and_keep_what_is_not_printed_inside(self, client, unido, insider):
        document = DocumentFactory(entity=unido)
        for order, kind in ((3, PartKind.PARAGRAPH), (1, PartKind.HEADING), (2, PartKind.OUTSIDE)):
            PartFactory(document=document, order=order, kind=kind, printed="As printed")
        first = ask(client, f"documents/{document.pk}/parts/?limit=1&fields=order,printed")
        second = client.get(first["next"]).json()
        assert [first["results"], second["results"], second["next"]] == [
            [{"order": 1, "printed": None}],
            [{"order": 3, "printed": None}],
            None,
        ]
        told = ask(insider, f"documents/{document.pk}/parts/?order=-order&fields=order,printed")["results"]
        assert [(part["order"], part["printed"]) for part in told] == [(n, "As printed") for n in (3, 2, 1)]


class TestReferenceData:
    def test_of_an_entity_holds_its_names_and_lines(self, client):
        entity = EntityFactory(code="ITU")
        EntityAliasFactory(entity=entity, text="Telecommunication Union")
        FacilitationFactory(entity=entity, line=ActionLineFactory(code="C2"), since=dt.date(2005, 1, 1))
        told = ask(client, "entities/ITU/")
        assert told["printed_as"] == ["Telecommunication Union"]
        assert [told["facilitates"][0]["line"], told["facilitates"][0]["since"]] == ["C2", "2005-01-01"]

    def test_of_an_action_line_holds_aliases_and_facilitators(self, client):
        line = ActionLineFactory(code="C6", current_name_en="Enabling")
        ActionLineAliasFactory(line=line, text="enabling environment")
        FacilitationFactory(line=line, entity=EntityFactory(code="UNDP"))
        told = ask(client, "action-lines/C6/")
        assert [told["aliases"][0]["text"], told["facilitators"][0]["entity"]] == ["enabling environment", "UNDP"]
        assert told["current_name"] == {"language": "en", "text": "Enabling"}

    def test_of_a_country_holds_groups_and_income_groups_by_year(self, client):
        country = CountryFactory(iso3="SRB")
        GroupMembershipFactory(country=country, group=CountryGroupFactory(code="EEG"))
        IncomeClassificationFactory(country=country, fiscal_year=2022)
        IncomeClassificationFactory(country=country, fiscal_year=2023, income_group="")
        told = ask(client, "countries/SRB/")
        assert [group["code"] for group in told["groups"]] == ["EEG"]
        assert [(year["fiscal_year"], year["income_group"]) for year in told["income_groups"]] == [
            (2022, "UM"),
            (2023, ""),
        ]

    def test_leaves_out_entries_that_are_used_for_nothing_public(self, client):
        CountryFactory(iso3="XKX", entry_type=EntryType.SUPPLEMENTARY)
        problem(client, "countries/XKX/", 404)
        assert ask(client, "countries/")["results"] == []


class TestCost:
    @pytest.mark.parametrize(
        ("path", "most", "make"),
        [
            ("initiatives/", 5, whole),
            ("updates/", 5, lambda: UpdateFactory(initiative=InitiativeFactory(published=True))),
            ("passages/", 4, PassageFactory),
            ("documents/", 4, lambda: MentionFactory(initiative=InitiativeFactory(published=True))),
            ("entities/", 3, lambda: FacilitationFactory()),
            ("action-lines/", 2, lambda: FacilitationFactory()),
            ("countries/", 2, lambda: GroupMembershipFactory()),
        ],
    )
    def test_is_the_same_number_of_queries_for_one_record_and_for_many(
        self, path: str, most: int, make: Callable[[], Any]
    ):
        entity = EntityFactory()
        visitor, staff = client_of(None, entity), client_of(Role.STAFF, entity)
        KindFactory()
        make()
        with_one = queries(visitor, path), queries(staff, path)
        for _ in range(29):
            make()
        assert (queries(visitor, path), queries(staff, path)) == with_one
        assert with_one[0] <= most
        assert with_one[1] <= most + 2  # session and person
