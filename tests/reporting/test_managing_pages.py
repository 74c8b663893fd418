"""The page where a focal point changes an address, merges and archives."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import Role
from initiatives.models import Initiative
from initiatives.services.initiatives import change_address
from tests.factories import (
    NOON,
    IdentifierFactory,
    InitiativeFactory,
    OtherTitleFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return InitiativeFactory(slug="hub", title="Learning hub", published=True)


@pytest.fixture
def other(hub):
    return InitiativeFactory(entity=hub.entity, slug="centre", title="Skills centre", published=True)


@pytest.fixture
def focal_point(hub):
    client = Client()
    client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=hub.entity))
    return client


def address(initiative):
    return reverse("initiative_manage", args=[initiative.slug])


class TestWhoMay:
    def test_is_offered_to_focal_points_alone(self, client, focal_point, hub):
        staff = Client()
        staff.force_login(UserFactory(role=Role.STAFF, entity=hub.entity))
        for reader, offered in [(client, False), (staff, False), (focal_point, True)]:
            assert (address(hub) in words_of(reader.get(hub.get_absolute_url()))) == offered

    def test_is_refused_to_those_of_another_entity(self, hub):
        stranger = Client()
        stranger.force_login(UserFactory(role=Role.FOCAL_POINT))
        for answer in (stranger.get(address(hub)), stranger.post(address(hub), {"act": "archive"})):
            assert answer.status_code == 403

    def test_leads_on_from_a_former_address(self, focal_point, hub):
        change_address(initiative=hub, slug="learning")
        response = focal_point.get("/initiatives/hub/manage/")
        assert response["Location"] == "/initiatives/learning/manage/"


class TestAddress:
    def test_is_changed(self, focal_point, hub):
        response = focal_point.post(address(hub), {"act": "address", "address-slug": "learning"}, follow=True)
        assert response.redirect_chain == [("/initiatives/learning/manage/", 302)]
        html = words_of(response)
        assert "The page has its new address." in html
        assert "<bdi>hub</bdi>" in html

    @pytest.mark.parametrize(
        ("slug", "says"),
        [
            ("", "Write the new address."),
            ("centre", "is, or was, that of another initiative"),
            ("export", "The portal needs the address"),
            ("Not an address!", "not-an-address"),
            ("a\x00b", "Null characters are not allowed."),
            ("x" * 100_000, "120 is the most"),
        ],
    )
    def test_says_what_is_wrong_with_it(self, focal_point, hub, other, slug, says):
        response = focal_point.post(address(hub), {"act": "address", "address-slug": slug})
        assert response.status_code == 422
        assert says in words_of(response)
        hub.refresh_from_db()
        assert hub.slug == "hub"


class TestMerge:
    def test_finds_the_target_by_title_and_number_in_its_entity(self, focal_point, hub, other):
        IdentifierFactory(initiative=other, scheme="SAP", value="180036")
        OtherTitleFactory(initiative=other, text="Pôle")
        InitiativeFactory(title="Skills of others", published=True)
        InitiativeFactory(entity=hub.entity, title="Archived skills", archived_at=NOON)
        for words in ("skills", "180036", "pôle", "centre"):
            found = focal_point.get(address(hub), {"words": words}).context["found"]
            assert [initiative.title for initiative in found] == ["Skills centre"], words

    def test_says_where_nothing_is_found(self, focal_point, hub):
        assert "No other initiative of this entity" in words_of(focal_point.get(address(hub), {"words": "nothing"}))

    @pytest.mark.parametrize("words", ["%", "'; DROP TABLE", "(((", "a\x00b", "x" * 100_000, "\\"])
    def test_takes_any_words(self, focal_point, hub, other, words):
        assert focal_point.post(address(hub), {"act": "merge", "into": words}).status_code == 422
        assert focal_point.get(address(hub), {"words": words[:2000]}).status_code == 200
        assert focal_point.get(address(hub), {"into": words[:2000]}).status_code == 404

    def test_says_before_what_will_happen(self, focal_point, hub, other):
        UpdateFactory(initiative=hub)
        for initiative in (hub, other):
            IdentifierFactory(initiative=initiative, scheme="SAP", value="1")
        html = words_of(focal_point.get(address(hub), {"into": "centre"}))
        assert "Updates: 1 goes over" in html
        assert "Numbers and symbols: 0 go over, 1 stays, since the other record says it already" in html
        assert "A merge cannot be undone." in html
        hub.refresh_from_db()
        assert hub.merged_into is None

    def test_says_what_becomes_public(self, focal_point, hub, other):
        hidden = InitiativeFactory(entity=hub.entity, title="Quiet project")
        UpdateFactory(initiative=hidden)
        html = words_of(focal_point.get(address(hidden), {"into": "centre"}))
        assert "What goes over becomes public at once: 1 approved update, 1 title," in html
        assert "public at once" not in words_of(focal_point.get(address(hub), {"into": "centre"}))

    def test_merges_and_leads_to_the_other(self, focal_point, hub, other):
        sent = {"act": "merge", "into": "centre", "merge-reason": "Filed twice."}
        response = focal_point.post(address(hub), sent, follow=True)
        assert response.redirect_chain == [("/initiatives/centre/", 302)]
        assert "The two records are one now." in words_of(response)
        hub.refresh_from_db()
        assert hub.merged_into == other

    def test_asks_for_a_reason(self, focal_point, hub, other):
        for reason in ("", "  "):
            response = focal_point.post(address(hub), {"act": "merge", "into": "centre", "merge-reason": reason})
            assert response.status_code == 422
            assert "Say why" in words_of(response)
        assert not Initiative.objects.exclude(merged_into=None).exists()

    def test_says_why_it_cannot(self, focal_point, hub, other):
        UpdateDraftFactory(initiative=hub)
        sent = {"act": "merge", "into": "centre", "merge-reason": "Filed twice."}
        response = focal_point.post(address(hub), sent)
        assert response.status_code == 409
        assert "A draft about this initiative is under way." in words_of(response)
        asked = focal_point.get(address(hub), {"into": "centre"})
        assert asked.status_code == 200
        assert "A draft about this initiative is under way." in words_of(asked)

    def test_reaches_no_initiative_of_another_entity(self, focal_point, hub):
        stranger = InitiativeFactory(slug="theirs", published=True)
        sent = {"act": "merge", "into": stranger.slug, "merge-reason": "Filed twice."}
        assert focal_point.get(address(hub), {"into": "theirs"}).status_code == 404
        assert focal_point.post(address(hub), sent).status_code == 409
        hub.refresh_from_db()
        assert hub.merged_into is None


class TestArchive:
    def test_takes_it_out_and_brings_it_back(self, focal_point, hub):
        for act, archived in [("archive", True), ("restore", False)]:
            response = focal_point.post(address(hub), {"act": act, "archive-reason": "Filed twice."})
            assert response.status_code == 302
            hub.refresh_from_db()
            assert bool(hub.archived_at) == archived

    def test_asks_for_a_reason(self, focal_point, hub):
        response = focal_point.post(address(hub), {"act": "archive", "archive-reason": " "})
        assert response.status_code == 422
        assert "Say why" in words_of(response)

    def test_says_that_somebody_was_there_before(self, focal_point, hub):
        Initiative.objects.filter(pk=hub.pk).update(archived_at=NOON)
        response = focal_point.post(address(hub), {"act": "archive", "archive-reason": "Filed twice."})
        assert response.status_code == 409
        assert "This initiative is archived already." in words_of(response)


class TestOtherActs:
    @pytest.mark.parametrize("act", ["", "delete", "a\x00b"])
    def test_are_refused_with_a_sentence(self, focal_point, hub, act):
        response = focal_point.post(address(hub), {"act": act})
        assert response.status_code == 422
        assert "Choose what to do." in words_of(response)


class TestQueries:
    def test_do_not_grow(self, focal_point, hub):
        def add() -> None:
            initiative = InitiativeFactory(entity=hub.entity, title="Skills")
            InitiativeFactory(entity=hub.entity, merged_into=hub)
            IdentifierFactory(initiative=initiative)

        assert_rows_cost_nothing(focal_point, f"{address(hub)}?words=skills", add)
