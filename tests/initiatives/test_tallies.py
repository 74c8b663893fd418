"""How many records each choice of a list would show."""

import datetime as dt
from time import sleep

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from initiatives.choices import Basis, Role, Status, UpdateKind
from initiatives.filters import DocumentFilter, EntityFilter, InitiativeFilter, PassageFilter, UpdateFilter
from portal.common.filters import RecordFilter
from portal.common.tallies import KEPT, Tallies, forget, maker, tallies, total
from portal.models import User
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    CountryGroupFactory,
    DocumentFactory,
    EntityFactory,
    FacilitationFactory,
    GroupMembershipFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    MembershipFactory,
    PassageFactory,
    TermFactory,
    UpdateFactory,
    UserFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()


def of(filter_class: type[RecordFilter], address: str = "", user: object = VISITOR) -> Tallies:
    filter = filter_class(QueryDict(address), user=user)
    assert filter.errors == {}
    return tallies(filter)


def counts(name: str, address: str = "", user: object = VISITOR, filter_class=InitiativeFilter) -> dict[str, int]:
    """Return the counts of one facet by the codes of its choices, in their order."""
    facets = {facet.name: facet.choices for facet in of(filter_class, address, user).facets}
    return {choice.value: choice.count for choice in facets.get(name, [])}


def a_world() -> None:
    """Initiatives of which no two are alike, with updates."""
    above = ActionLineFactory(code="C7")
    lines = [ActionLineFactory(code="C3"), above, ActionLineFactory(code="C7-EGOV", parent=above)]
    group, entities = CountryGroupFactory(code="LDC"), [EntityFactory(code="A"), EntityFactory(code="B")]
    countries = [CountryFactory(iso3=iso3) for iso3 in ("KEN", "UGA", "RWA")]
    for country in countries[:2]:
        GroupMembershipFactory(group=group, country=country)
    terms = [TermFactory(vocabulary=VocabularyFactory(code="sectors"), code=code) for code in ("one", "two")]
    kinds = [KindFactory(code="project"), KindFactory(code="context", counts_as_initiative=False)]
    for number in range(12):
        initiative = InitiativeFactory(
            entity=entities[number % 2],
            kind=kinds[number % 5 == 0],
            status=[Status.ONGOING, Status.COMPLETED, ""][number % 3],
            published=number != 11,
            starts_on=dt.date(2015 + number % 4, 1, 1),
            ends_on=dt.date(2019, 1, 1),
        )
        for line in lines[: number % 4]:
            InitiativeLineFactory(initiative=initiative, line=line, basis=[Basis.STATED, Basis.INFERRED][number == 7])
        for country in countries[number % 3 :]:
            InitiativePlaceFactory(initiative=initiative, country=country)
        if number % 4 == 0:
            InitiativePlaceFactory(initiative=initiative, country=None, group=group)
        InitiativeTermFactory(initiative=initiative, term=terms[number % 2])
        if number % 2:
            InitiativeTextFactory(initiative=initiative, language="fr", state="checked")
        for year in range(number % 3):
            UpdateFactory(
                initiative=initiative,
                kind=[UpdateKind.NEWS, UpdateKind.STILL_TRUE][year % 2],
                paragraph="<p>News.</p>",
                period_start=dt.date(2020 + year, 1, 1),
                period_end=dt.date(2022, 1, 1),
            )


class TestCounts:
    @pytest.mark.parametrize("filter_class", [InitiativeFilter, UpdateFilter])
    def test_are_what_one_finds_by_choosing(self, filter_class):
        a_world()
        for address in (
            "",
            "line=C7",
            "entity=A&group=LDC",
            "year=2021&sectors=one&sectors=two",
            "country=RWA&language=en",
        ):
            told = of(filter_class, address)
            checked = set()
            for facet in told.facets:
                for choice in facet.choices:
                    alone = QueryDict(address, mutable=True)
                    alone[facet.name] = choice.value
                    filter = filter_class(alone, user=VISITOR)
                    assert filter.errors == {}
                    assert choice.count == filter.qs.count(), f"{address}: {facet.name}={choice.value}"
                    checked.add(facet.name)
            assert {"country", "language"} <= checked, address
            if not address:
                assert {"entity", "line", "group", "year", "kind", "status", "sectors"} <= checked
            filter = filter_class(QueryDict(address), user=VISITOR)
            assert filter.is_valid()
            assert told.total == filter.qs.count(), address

    @pytest.mark.parametrize("filter_class", [InitiativeFilter, UpdateFilter])
    def test_keep_what_is_left_in_each_order(self, filter_class):
        a_world()
        for order in filter_class.orders:
            for address in (f"order={order}", f"order={order}&entity=A&year=2020", f"order={order}&line=C3&group=LDC"):
                filter = filter_class(QueryDict(address), user=VISITOR)
                assert filter.errors == {}
                found = list(filter.ordered(filter.qs).values_list("pk", flat=True))
                ids = tallies(filter).ids
                assert found == ids[0:100]
                assert found[1:3] == ids[1:3]
                assert len(found) == len(ids)

    def test_leave_out_what_the_reader_may_not_see(self):
        InitiativeFactory(published=True, entity=EntityFactory(code="A"))
        draft = InitiativeFactory(entity=EntityFactory(code="B"), kind=KindFactory(code="secret"))
        assert counts("entity") == {"A": 1}
        assert counts("entity", user=UserFactory(role=Role.STAFF)) == {"A": 1}
        assert counts("entity", user=UserFactory(role=Role.STAFF, entity=draft.entity)) == {"A": 1, "B": 1}

    def test_of_a_facet_are_not_narrowed_by_what_is_chosen_in_it(self):
        for status in (Status.ONGOING, Status.PLANNED):
            InitiativeFactory(published=True, status=status, entity=EntityFactory(code=status[0].upper()))
        assert counts("status", "status=ongoing") == {"planned": 1, "ongoing": 1}
        assert counts("entity", "status=ongoing") == {"O": 1}

    def test_show_chosen_ones_that_leave_nothing(self):
        EntityFactory(code="EMPTY")
        InitiativeFactory(published=True, entity=EntityFactory(code="A"))
        (facet,) = [facet for facet in of(InitiativeFilter, "entity=EMPTY").facets if facet.name == "entity"]
        assert [(choice.value, choice.count, choice.chosen) for choice in facet.choices] == [
            ("A", 1, False),
            ("EMPTY", 0, True),
        ]
        assert of(InitiativeFilter, "entity=EMPTY").total == 0

    def test_offer_kinds_that_do_not_count_although_the_list_leaves_them_out(self):
        InitiativeFactory(published=True)
        InitiativeFactory(published=True, kind=KindFactory(code="context", counts_as_initiative=False))
        assert of(InitiativeFilter).total == 1
        assert counts("kind") == {"context": 1, "programme": 1}

    def test_come_in_the_order_that_a_reader_expects(self):
        for name, iso3 in [("Zambia", "ZMB"), ("Austria", "AUT")]:
            InitiativePlaceFactory(initiative__published=True, country=CountryFactory(iso3=iso3, name_en=name))
        InitiativeFactory(published=True, starts_on=dt.date(2019, 1, 1), ends_on=dt.date(2021, 1, 1))
        assert list(counts("country")) == ["AUT", "ZMB"]
        assert list(counts("year")) == ["2020", "2019"]

    @pytest.mark.parametrize(
        "filter_class", [InitiativeFilter, UpdateFilter, DocumentFilter, EntityFilter, PassageFilter]
    )
    def test_of_an_empty_list_are_none(self, filter_class):
        assert of(filter_class) == Tallies(0, [])

    def test_are_made_for_each_sort_of_list(self):
        facilitation = FacilitationFactory(line=ActionLineFactory(code="C6"))
        DocumentFactory(entity=facilitation.entity, dated_on=dt.date(2022, 3, 1))
        PassageFactory(entity=facilitation.entity)
        assert counts("line", filter_class=EntityFilter) == {"C6": 1}
        assert counts("year", filter_class=DocumentFilter) == {"2022": 1}
        assert counts("entity", filter_class=PassageFilter) == {facilitation.entity.code: 1}


class TestKeeping:
    def test_asks_once_for_two_readers_who_see_the_same(self):
        InitiativeFactory(published=True)
        of(InitiativeFilter)
        with CaptureQueriesContext(connection) as queries:
            of(InitiativeFilter, user=UserFactory())
        assert not [query for query in queries.captured_queries if "array_agg" in query["sql"]]

    @pytest.mark.parametrize("change", ["insert", "update", "delete", "link"])
    def test_ends_with_any_write(self, change):
        initiative = InitiativeFactory(published=True, entity=EntityFactory(code="A"))
        assert counts("entity") == {"A": 1}
        if change == "insert":
            InitiativeFactory(published=True, entity=initiative.entity)
            assert counts("entity") == {"A": 2}
        elif change == "update":
            initiative.published_at = None
            initiative.save()
            assert counts("entity") == {}
        elif change == "delete":
            initiative.delete()
            assert counts("entity") == {}
        else:
            InitiativeLineFactory(initiative=initiative, line=ActionLineFactory(code="C3"))
            assert counts("line") == {"C3": 1}

    def test_does_not_miss_a_vocabulary_that_is_new(self):
        initiative = InitiativeFactory(published=True)
        assert counts("sectors") == {}
        term = TermFactory(vocabulary=VocabularyFactory(code="sectors"), code="one")
        assert counts("sectors") == {}
        InitiativeTermFactory(initiative=initiative, term=term)
        assert counts("sectors") == {"one": 1}

    def test_ends_after_a_minute_for_what_becomes_public_by_its_date(self, monkeypatch):
        InitiativeFactory(published_at=timezone.now() + dt.timedelta(seconds=1))
        assert of(InitiativeFilter).total == 0
        sleep(1.1)  # by the clock of the database
        minute_after = timezone.now() + dt.timedelta(seconds=KEPT + 1)
        monkeypatch.setattr("portal.common.tallies.time", minute_after.timestamp)
        assert of(InitiativeFilter).total == 1

    def test_is_apart_for_people_of_each_entity(self):
        draft = InitiativeFactory()
        staff = UserFactory(role=Role.STAFF, entity=draft.entity)
        assert (of(InitiativeFilter).total, of(InitiativeFilter, user=staff).total) == (0, 1)

    def test_ends_for_a_person_whose_role_ends(self):
        draft = InitiativeFactory()
        staff = UserFactory()
        membership = MembershipFactory(user=staff, role=Role.STAFF, entity=draft.entity)
        assert of(InitiativeFilter, user=staff).total == 1
        membership.until = timezone.localdate()
        membership.save()
        assert of(InitiativeFilter, user=User.objects.get(pk=staff.pk)).total == 0  # as the next request reads them

    def test_is_apart_for_each_language(self):
        InitiativeFactory(published=True, kind=KindFactory(code="event", name_en="Event", name_fr="Événement"))

        def label() -> str:
            (facet,) = [facet for facet in of(InitiativeFilter).facets if facet.name == "kind"]
            return facet.choices[0].label

        with translation.override("fr"):
            french = label()
        assert (label(), french) == ("Event", "Événement")


class LargeList(InitiativeFilter):
    """One whose records are too many to be counted while the reader waits."""

    counted_at_once = 0


@pytest.mark.django_db(transaction=True)
class TestCountingLater:
    @pytest.fixture(autouse=True)
    def no_counts_of_other_tests(self):
        forget()

    def test_shows_the_counts_of_before_with_the_total_of_now_and_soon_those_of_now(self):
        first = InitiativeFactory(published=True, entity=EntityFactory(code="A"))
        assert counts("entity", filter_class=LargeList) == {"A": 1}
        InitiativeFactory(published=True, entity=first.entity, kind=first.kind)
        told = of(LargeList)
        assert (told.total, told.ids) == (2, None)  # the page asks the database
        assert {choice.count for facet in told.facets if facet.name == "entity" for choice in facet.choices} == {1}
        maker.submit(int).result(timeout=30)  # what waited before it is done
        assert counts("entity", filter_class=LargeList) == {"A": 2}

    def test_counts_at_once_what_nobody_has_looked_at(self):
        InitiativeFactory(published=True, entity=EntityFactory(code="A"))
        assert of(LargeList).total == 1

    def test_counts_in_the_language_of_the_reader(self):
        kind = KindFactory(code="event", name_en="Event", name_fr="Événement")
        InitiativeFactory(published=True, kind=kind)
        with translation.override("fr"):
            of(LargeList)
            InitiativeFactory(published=True, kind=kind)
            of(LargeList)
            maker.submit(int).result(timeout=30)
            (facet,) = [facet for facet in of(LargeList).facets if facet.name == "kind"]
        assert [(choice.label, choice.count) for choice in facet.choices] == [("Événement", 2)]

    def test_waits_for_nobody_where_many_readers_ask_for_the_same(self):
        InitiativeFactory(published=True)
        of(LargeList)
        InitiativeFactory(published=True)
        with CaptureQueriesContext(connection) as queries:
            for _reader in range(3):
                assert of(LargeList).total == 2
        assert not [query for query in queries.captured_queries if "array_agg" in query["sql"]]
        maker.submit(int).result(timeout=30)


class TestTotal:
    def test_is_that_of_the_list_whether_or_not_it_was_counted(self):
        InitiativeFactory(published=True)
        filter = InitiativeFilter(QueryDict(""), user=VISITOR)
        assert filter.is_valid()
        assert total(filter) == 1
        assert of(InitiativeFilter).total == 1
        with CaptureQueriesContext(connection) as queries:
            assert total(filter) == 1
        assert len(queries) == 1  # the numbers of the last events
        InitiativeFactory(published=True)
        assert total(filter) == 2
