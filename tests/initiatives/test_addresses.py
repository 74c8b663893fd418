"""Addresses of initiatives: made from titles, changed, and followed to where they lead today."""

import threading

import pytest
from django.db import connection, transaction

from initiatives.models import FormerAddress, Initiative
from initiatives.queries import initiative_today, standing_for
from initiatives.services.initiatives import (
    LONGEST_ADDRESS,
    RESERVED,
    AddressNotUsable,
    AlreadyArchived,
    InitiativeIsMerged,
    NotArchived,
    ReasonMissing,
    archive_initiative,
    change_address,
    restore_initiative,
    slugs_for,
)
from portal.common.history import context_of, events
from tests.factories import NOON, InitiativeFactory

pytestmark = pytest.mark.django_db


class TestSlugFor:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Learning and Knowledge Development Facility", "learning-and-knowledge-development-facility"),
            ("Élan numérique", "élan-numérique"),
            ("中国智能制造", "中国智能制造"),
            ("المركز العالمي للابتكار", "المركز-العالمي-للابتكار"),
            ("Цифровая экономика", "цифровая-экономика"),
            ("Industry 4.0 / SMEs", "industry-4-0-smes"),
            ("Skills & <b>tools</b>", "skills-btools-b"),
            ("  _Twin_  ", "twin"),
        ],
    )
    def test_keeps_letters_of_any_script(self, title, slug):
        assert slugs_for([title]) == [slug]

    @pytest.mark.parametrize("title", ["🌍🌱", "!!! ???", "", "   ", "—"])
    def test_numbers_a_title_without_letters(self, title):
        assert slugs_for([title]) == ["initiative-1"]
        InitiativeFactory(slug="initiative-1")
        assert slugs_for([title]) == ["initiative-2"]

    def test_puts_a_number_where_the_address_is_taken(self):
        for number in ("hub", "hub-2"):
            InitiativeFactory(slug=number)
        assert slugs_for(["Hub"]) == ["hub-3"]

    def test_leaves_former_addresses_to_whom_they_lead(self):
        hub = InitiativeFactory(slug="hub")
        change_address(initiative=hub, slug="learning-hub")
        assert slugs_for(["Hub"]) == ["hub-2"]

    def test_leaves_words_to_the_portal_that_it_needs(self):
        assert slugs_for(["Export"]) == ["export-2"]

    def test_cuts_a_long_title_between_two_words(self):
        slug = slugs_for(["knowledge " * 40])[0]
        assert len(slug) <= LONGEST_ADDRESS - 10
        assert set(slug.split("-")) == {"knowledge"}

    def test_cuts_a_long_word_where_it_must(self):
        title = "制" * 400
        first = InitiativeFactory(slug=slugs_for([title])[0])
        second = slugs_for([title])[0]
        assert len(second) <= LONGEST_ADDRESS
        assert second == f"{first.slug}-2"

    def test_gives_each_of_several_an_address_of_its_own(self, django_assert_num_queries):
        InitiativeFactory(slug="hub")
        with django_assert_num_queries(2):
            assert slugs_for(["Hub", "Hub", "🌍", "🌍"]) == ["hub-2", "hub-3", "initiative-1", "initiative-2"]


class TestChangeAddress:
    def test_keeps_the_former_one_leading_there(self):
        hub = InitiativeFactory(slug="hub")
        change_address(initiative=hub, slug=" learning-hub ")
        assert initiative_today(Initiative.objects.all(), "learning-hub") == hub
        assert initiative_today(Initiative.objects.all(), "hub") == hub

    def test_takes_back_a_former_address_of_its_own(self):
        hub = InitiativeFactory(slug="hub")
        for slug in ("learning-hub", "hub"):
            change_address(initiative=hub, slug=slug)
        assert initiative_today(Initiative.objects.all(), "hub") == hub
        assert list(FormerAddress.objects.values_list("slug", flat=True)) == ["learning-hub"]

    def test_changes_nothing_where_it_stays_the_same(self):
        hub = InitiativeFactory(slug="hub")
        change_address(initiative=hub, slug="hub")
        assert not FormerAddress.objects.exists()

    @pytest.mark.parametrize(
        ("slug", "says"),
        [
            ("", "Write the new address"),
            ("   ", "Write the new address"),
            ("x" * 121, "120 is the most"),
            ("Learning Hub", "learning-hub"),
            ("a/b", "“ab”"),
            ("../../admin", "“admin”"),
            ("🌍", "letters or digits"),
            ("export", "needs the address"),
            ("taken", "another initiative"),
            ("was-taken", "another initiative"),
        ],
    )
    def test_refuses_what_is_no_free_address(self, slug, says):
        change_address(initiative=InitiativeFactory(slug="was-taken"), slug="now-elsewhere")
        InitiativeFactory(slug="taken")
        hub = InitiativeFactory(slug="hub")
        with pytest.raises(AddressNotUsable, match=says):
            change_address(initiative=hub, slug=slug)
        hub.refresh_from_db()
        assert hub.slug == "hub"

    def test_refuses_a_merged_initiative(self):
        merged = InitiativeFactory(merged_into=InitiativeFactory())
        with pytest.raises(InitiativeIsMerged):
            change_address(initiative=merged, slug="other")

    def test_knows_the_words_that_stand_below_the_list(self):
        assert "export" in RESERVED


class TestStandingFor:
    def test_is_the_initiative_itself_where_it_was_not_merged(self):
        hub = InitiativeFactory()
        assert standing_for(hub, Initiative.objects.all()) == hub

    def test_follows_a_chain(self):
        last = InitiativeFactory()
        first = InitiativeFactory(merged_into=InitiativeFactory(merged_into=last))
        assert standing_for(first, Initiative.objects.all()) == last

    def test_ends_in_a_ring_that_somebody_made_past_the_portal(self):
        first, second = InitiativeFactory(), InitiativeFactory()
        for one, other in [(first, second), (second, first)]:
            one.merged_into = other
            one.save()
        assert standing_for(first, Initiative.objects.all()) is None

    def test_is_nobody_where_the_last_one_is_not_among_those_given(self):
        first = InitiativeFactory(published=True, merged_into=InitiativeFactory())
        assert standing_for(first, Initiative.objects.public()) is None


class TestArchive:
    def test_takes_it_out_of_lists_and_brings_it_back(self):
        hub = InitiativeFactory(published=True)
        archive_initiative(initiative=hub, reason="Filed twice.", now=NOON)
        assert not Initiative.objects.listed().exists()
        assert Initiative.objects.get().archived_at == NOON
        restore_initiative(initiative=hub, reason="It was another one.")
        assert Initiative.objects.listed().get() == hub

    def test_keeps_the_reason_in_the_history(self):
        hub = InitiativeFactory()
        archive_initiative(initiative=hub, reason=" Filed twice. ", now=NOON)
        assert context_of(events(Initiative, pgh_obj_id=hub.pk).last())["archive_reason"] == "Filed twice."

    @pytest.mark.parametrize("reason", ["", "  \n "])
    def test_asks_for_a_reason(self, reason):
        hub = InitiativeFactory()
        with pytest.raises(ReasonMissing):
            archive_initiative(initiative=hub, reason=reason, now=NOON)
        with pytest.raises(ReasonMissing):
            restore_initiative(initiative=hub, reason=reason)

    def test_refuses_a_second_time(self):
        hub = InitiativeFactory(archived_at=NOON)
        with pytest.raises(AlreadyArchived):
            archive_initiative(initiative=hub, reason="Again.", now=NOON)
        restore_initiative(initiative=hub, reason="Back.")
        with pytest.raises(NotArchived):
            restore_initiative(initiative=hub, reason="Back.")

    def test_refuses_a_merged_initiative(self):
        merged = InitiativeFactory(merged_into=InitiativeFactory())
        with pytest.raises(InitiativeIsMerged):
            archive_initiative(initiative=merged, reason="Why not.", now=NOON)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_one_takes_an_address_that_another_leaves_only_after_it_is_refused(self):
        """The address that an initiative leaves stays its own, also for somebody who waits for it."""
        leaving, wanting = InitiativeFactory(slug="wanted"), InitiativeFactory(slug="other")
        refused = []

        def take() -> None:
            try:
                change_address(initiative=wanting, slug="wanted")
            except AddressNotUsable as error:
                refused.append(str(error))
            finally:
                connection.close()

        with transaction.atomic():
            change_address(initiative=leaving, slug="left")
            waiting = threading.Thread(target=take)
            waiting.start()
            waiting.join(timeout=1)
        waiting.join()
        assert len(refused) == 1
        assert initiative_today(Initiative.objects.all(), "wanted") == leaving
