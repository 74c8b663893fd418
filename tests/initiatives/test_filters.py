"""What lists of stored records can be narrowed by, and what they refuse."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from initiatives.choices import Basis, DocumentKind, Level, PassageKind, Role, Status, UpdateKind
from initiatives.filters import DocumentFilter, EntityFilter, InitiativeFilter, PassageFilter, UpdateFilter
from portal.common.filters import RecordFilter
from tests.factories import (
    NOON,
    ActionLineFactory,
    CountryFactory,
    CountryGroupFactory,
    DocumentFactory,
    EntityAliasFactory,
    EntityFactory,
    FacilitationFactory,
    GroupMembershipFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    MentionFactory,
    PassageFactory,
    SessionFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()


def asked(filter_class: type[RecordFilter], address: str = "", user: object = VISITOR) -> RecordFilter:
    return filter_class(QueryDict(address), user=user)


def found(filter_class: type[RecordFilter], address: str = "", user: object = VISITOR) -> list[object]:
    """Return what the address leaves, by id. Fails where the filter refuses it."""
    filter = asked(filter_class, address, user)
    assert filter.errors == {}
    return list(filter.qs.order_by("pk"))


class TestInitiatives:
    def test_are_those_that_the_reader_may_see(self):
        public = InitiativeFactory(published=True)
        draft = InitiativeFactory()
        InitiativeFactory(published_at=timezone.now() + dt.timedelta(days=1))
        staff = UserFactory(role=Role.STAFF, entity=draft.entity)
        assert found(InitiativeFilter) == [public]
        assert found(InitiativeFilter, user=staff) == [public, draft]

    def test_of_one_entity_or_the_other_where_it_is_asked_twice(self):
        one, two, _three = (InitiativeFactory(published=True, entity=EntityFactory(code=code)) for code in "ABC")
        assert found(InitiativeFilter, "entity=A&entity=B") == [one, two]

    def test_have_to_match_each_of_several_filters(self):
        both = InitiativeFactory(published=True, status=Status.ONGOING, level=Level.NATIONAL)
        InitiativeFactory(published=True, status=Status.ONGOING)
        InitiativeFactory(published=True, level=Level.NATIONAL)
        assert found(InitiativeFilter, "status=ongoing&level=national") == [both]

    def test_of_a_line_are_those_that_state_it_or_a_line_below(self):
        above = ActionLineFactory(code="C7")
        below = ActionLineFactory(code="C7-EGOV", parent=above)
        of_above, of_below, inferred = (InitiativeFactory(published=True) for _ in range(3))
        InitiativeLineFactory(initiative=of_above, line=above)
        InitiativeLineFactory(initiative=of_below, line=below)
        InitiativeLineFactory(initiative=inferred, line=below, basis=Basis.INFERRED)
        assert found(InitiativeFilter, "line=C7") == [of_above, of_below]
        assert found(InitiativeFilter, "line=C7-EGOV") == [of_below]

    def test_of_a_group_are_in_a_country_that_belongs_to_it_today_or_in_the_group_itself(self):
        group = CountryGroupFactory(code="LDC")
        today = timezone.localdate()
        inside, outside = (
            InitiativePlaceFactory(initiative__published=True),
            InitiativePlaceFactory(initiative__published=True),
        )
        GroupMembershipFactory(group=group, country=inside.country, since=dt.date(1971, 1, 1))
        GroupMembershipFactory(group=group, country=outside.country, until=today)
        named = InitiativePlaceFactory(initiative__published=True, country=None, group=group)
        InitiativePlaceFactory(initiative__published=True, country=None, group=CountryGroupFactory())
        assert found(InitiativeFilter, "group=LDC") == [inside.initiative, named.initiative]

    def test_of_a_country_or_another(self):
        places = [
            InitiativePlaceFactory(initiative__published=True, country=CountryFactory(iso3=iso3))
            for iso3 in ("KEN", "UGA", "RWA")
        ]
        assert found(InitiativeFilter, "country=KEN&country=RWA") == [places[0].initiative, places[2].initiative]

    def test_of_a_year_ran_then_or_told_of_it(self):
        ran = InitiativeFactory(published=True, starts_on=dt.date(2019, 5, 1), ends_on=dt.date(2022, 1, 1))
        told = UpdateFactory(initiative__published=True).initiative
        UpdateDraftFactory(initiative__published=True)
        assert found(InitiativeFilter, "year=2021") == [ran, told]
        assert found(InitiativeFilter, "year=2022") == []

    def test_of_a_term_of_any_vocabulary_state_it(self):
        term = TermFactory(vocabulary=VocabularyFactory(code="technologies"), code="AI")
        stated, inferred = InitiativeFactory(published=True), InitiativeFactory(published=True)
        InitiativeTermFactory(initiative=stated, term=term)
        InitiativeTermFactory(initiative=inferred, term=term, basis=Basis.INFERRED)
        TermFactory(vocabulary=VocabularyFactory(code="sectors"), code="AI")
        assert found(InitiativeFilter, "technologies=AI") == [stated]
        assert found(InitiativeFilter, "sectors=AI") == []

    def test_of_a_language_have_a_text_in_it(self):
        translated = InitiativeFactory(published=True)
        InitiativeTextFactory(initiative=translated, language="fr", state="checked")
        InitiativeFactory(published=True)
        assert found(InitiativeFilter, "language=fr") == [translated]

    def test_of_a_kind_that_does_not_count_are_for_those_who_ask_for_it_or_search(self):
        context = InitiativeFactory(
            title="Forum of others", published=True, kind=KindFactory(code="context", counts_as_initiative=False)
        )
        assert found(InitiativeFilter) == []
        assert found(InitiativeFilter, "kind=context") == found(InitiativeFilter, "q=forum") == [context]

    def test_that_are_archived_or_merged_are_for_those_who_ask_for_them(self):
        here = InitiativeFactory(published=True)
        archived = InitiativeFactory(published=True, archived_at=NOON)
        merged = InitiativeFactory(published=True, merged_into=here)
        assert found(InitiativeFilter) == [here]
        assert found(InitiativeFilter, "archived=yes") == [here, archived, merged]

    def test_come_by_title_without_accents_and_case_or_the_latest_told_first(self):
        for title, days in [("étude", 1), ("Zebra", 3), ("Apple", None), ("Fair", 2)]:
            initiative = InitiativeFactory(title=title, slug=title, published=True)
            if days:
                UpdateFactory(initiative=initiative, decided_at=NOON + dt.timedelta(days=days))

        def titles(address: str) -> list[str]:
            filter = asked(InitiativeFilter, address)
            assert filter.is_valid()
            return [initiative.slug for initiative in filter.ordered(filter.qs)]

        assert titles("") == titles("order=title") == ["Apple", "étude", "Fair", "Zebra"]
        assert titles("order=latest") == ["Zebra", "Fair", "étude", "Apple"]


class TestUpdates:
    def test_are_those_that_the_reader_may_see(self):
        approved = UpdateFactory(initiative__published=True)
        draft = UpdateDraftFactory(initiative__published=True)
        UpdateFactory()
        staff = UserFactory(role=Role.STAFF, entity=draft.entity)
        assert found(UpdateFilter) == [approved]
        assert found(UpdateFilter, user=staff) == [approved]

    def test_are_narrowed_by_what_they_tell_and_by_their_initiative(self):
        line = ActionLineFactory(code="C3")
        news = UpdateFactory(initiative__published=True, initiative__status=Status.ONGOING)
        still = UpdateFactory(initiative__published=True, kind=UpdateKind.STILL_TRUE, paragraph="<p>As before.</p>")
        InitiativeLineFactory(initiative=news.initiative, line=line)
        for address in ["kind=news", "line=C3", "status=ongoing", f"initiative={news.initiative.slug}"]:
            assert found(UpdateFilter, address) == [news]
        assert found(UpdateFilter, f"entity={still.entity.code}") == [still]
        assert found(UpdateFilter, f"q={still.initiative.slug.replace('-', '+')}") == [still]

    def test_of_a_year_have_a_period_that_touches_it(self):
        two_years = UpdateFactory(
            initiative__published=True,
            period_start=dt.date(2024, 1, 1),
            period_end=dt.date(2026, 1, 1),
        )
        assert found(UpdateFilter, "year=2025") == found(UpdateFilter, "year=2024") == [two_years]
        assert found(UpdateFilter, "year=2026") == found(UpdateFilter, "year=2023") == []

    def test_of_archived_initiatives_are_for_those_who_ask(self):
        update = UpdateFactory(initiative__published=True, initiative__archived_at=NOON)
        assert found(UpdateFilter) == []
        assert found(UpdateFilter, "archived=yes") == [update]
        assert found(UpdateFilter, f"initiative={update.initiative.slug}") == [update]

    def test_do_not_betray_that_a_hidden_initiative_exists(self):
        hidden = InitiativeFactory(slug="secret")
        assert asked(UpdateFilter, "initiative=secret").errors == asked(UpdateFilter, "initiative=secret").errors != {}
        assert found(UpdateFilter, "initiative=secret", UserFactory(role=Role.STAFF, entity=hidden.entity)) == []


class TestDocuments:
    def test_are_narrowed_by_each_of_their_facts(self):
        session = SessionFactory(body="CSTD", number=25)
        group = CountryGroupFactory(code="LDC")
        document = DocumentFactory(
            kind=DocumentKind.SUBMISSION,
            title="Digital skills",
            language="fr",
            entity=EntityFactory(code="UNIDO"),
            session=session,
            dated_on=dt.date(2022, 3, 1),
        )
        country = CountryFactory(iso3="KEN")
        GroupMembershipFactory(group=group, country=country)
        MentionFactory(document=document, line=ActionLineFactory(code="C4"), initiative=None)
        MentionFactory(document=document, country=country, initiative=None)
        DocumentFactory(kind=DocumentKind.NEWS, language="en", dated_on=None)
        CountryFactory(iso3="UGA")
        for address in (
            *("q=digital+SKILLS", "entity=UNIDO", "line=C4", "country=KEN", "group=LDC", "year=2022"),
            *("kind=submission", "language=fr", "body=CSTD", "session=CSTD-25"),
        ):
            assert found(DocumentFilter, address) == [document], address
        assert found(DocumentFilter, "country=UGA") == []


class TestEntities:
    def test_are_found_by_names_and_as_documents_print_them(self):
        unido = EntityFactory(code="UNIDO", name_en="Industrial Development", name_fr="Développement industriel")
        EntityFactory(code="ITU")
        EntityAliasFactory(entity=unido, text="ONUDI")
        for words in ("unid", "industrial", "développement", "onudi"):
            assert found(EntityFilter, f"q={words}") == [unido]

    def test_are_narrowed_by_kind_and_by_what_they_facilitate_today(self):
        line = ActionLineFactory(code="C6")
        now = FacilitationFactory(line=line)
        FacilitationFactory(line=line, until=timezone.localdate())
        now.entity.kind = "programme"
        now.entity.save()
        assert found(EntityFilter, "line=C6") == found(EntityFilter, "kind=programme") == [now.entity]


class TestPassages:
    def test_are_narrowed_by_each_of_their_facts(self):
        passage = PassageFactory(kind=PassageKind.TREND, body="<p>Prices fall.</p>")
        passage.lines.add(ActionLineFactory(code="C2"))
        passage.countries.add(CountryFactory(iso3="KEN"))
        PassageFactory(kind=PassageKind.LESSON, body="<p>Other.</p>")
        for address in ("q=prices", "line=C2", "country=KEN", "kind=trend", f"entity={passage.entity.code}"):
            assert found(PassageFilter, address) == [passage], address


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("address", "parameter", "words"),
        [
            ("colour=red", "colour", "There is no filter “colour”"),
            ("entity=NOPE", "entity", "Nothing has the code “NOPE”"),
            ("line=C3&line=C99", "line", "“C99”"),
            ("country=ken", "country", "“ken”"),
            ("year=21", "year", "“21”"),
            ("year=99999", "year", "“99999”"),
            ("year=٢٠٢١", "year", "“٢٠٢١”"),
            ("kind=%00", "kind", "�"),
            ("q=%00", "q", "Null characters"),
            ("q=" + "x" * 1_000_000, "q", "at most 200 characters, not for 1000000"),
            ("entity=" + "x" * 1_000_000, "entity", "x" * 40 + "…”"),
            ("order=newest", "order", "title, latest"),
            ("archived=maybe", "archived", "“maybe”"),
            ("&".join(f"entity=E{number}" for number in range(101)), "entity", "at most 100"),
            ("status=';DROP TABLE initiatives--", "status", "DROP TABLE"),
            ("page=2", "page", "There is no filter “page”"),
        ],
    )
    def test_is_named_in_a_sentence(self, address, parameter, words):
        ActionLineFactory(code="C3")
        errors = asked(InitiativeFilter, address).errors
        assert list(errors) == [parameter]
        assert words in errors[parameter][0]
        assert len(errors[parameter][0]) < 200

    def test_leaves_what_was_understood(self):
        filter = asked(InitiativeFilter, "status=ongoing&entity=NOPE&x=1")
        assert not filter.is_valid()
        assert filter.address().urlencode() == "status=ongoing"

    def test_does_not_hold_what_the_caller_knows(self):
        assert InitiativeFilter(QueryDict("page=2"), user=VISITOR, others=["page"]).errors == {}

    def test_does_not_hold_fields_that_nobody_filled_in(self):
        filter = asked(InitiativeFilter, "q=&entity=&line=&archived=&order=")
        assert filter.errors == {}
        assert not filter.is_filtered

    def test_names_a_few_of_many_unknown_parameters(self):
        errors = asked(InitiativeFilter, "&".join(f"x{number}=1" for number in range(500))).errors
        assert len(errors) == 5


class TestWithoutChoices:
    """A list that offers no choices, for programs: it judges addresses and finds records as the one with choices."""

    ADDRESSES = (
        "",
        "entity=UNIDO",
        "archived=yes",
        "technology=iot",
        "kind=platform",
        "entity=NOBODY",
        "colour=red",
        "line=",
    )

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("filter_class", [InitiativeFilter, UpdateFilter])
    def test_finds_and_refuses_the_same(self, filter_class: type[RecordFilter], address: str):
        unido = EntityFactory(code="UNIDO")
        technology = TermFactory(vocabulary=VocabularyFactory(code="technology"), code="iot")
        for initiative in (
            InitiativeFactory(published=True, entity=unido),
            InitiativeFactory(published=True, archived_at=NOON),
            InitiativeFactory(published=True, kind=KindFactory(code="platform", counts_as_initiative=False)),
            InitiativeTermFactory(term=technology, initiative__published=True).initiative,
        ):
            UpdateFactory(initiative=initiative, entity=initiative.entity)
        offering = asked(filter_class, address)
        without = filter_class(QueryDict(address), user=VISITOR, offers_choices=False)
        assert without.errors == offering.errors
        assert set(without.qs) == set(offering.qs)

    def test_does_not_read_the_choices(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            list(InitiativeFilter(QueryDict("entity="), user=VISITOR, offers_choices=False).qs)


class TestAddress:
    def test_has_neither_empty_parameters_nor_repeated_values_nor_the_usual_order(self):
        filter = asked(InitiativeFilter, "q=+hub+&entity=&status=ongoing&status=ongoing&order=title")
        assert filter.is_valid()
        assert filter.address().urlencode() == "q=hub&status=ongoing"

    def test_leads_to_less_where_a_value_is_taken_away(self):
        filter = asked(InitiativeFilter, "status=ongoing&status=planned&level=national")
        assert filter.is_valid()
        assert filter.address(without="status", value="ongoing").urlencode() == "level=national&status=planned"
        assert filter.address(without="status").urlencode() == "level=national"
