"""Beginning, writing, handing in and deciding on a draft, through its pages."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.choices import DraftState, Role
from initiatives.models import ActionLine, Country, CountryGroup, Draft, Initiative, Unit
from initiatives.services.drafts import begin_change, save_draft, submit_draft, withdraw_draft
from tests.factories import (
    NOON,
    PASSWORD,
    CountryFactory,
    DraftFactory,
    EntityFactory,
    InitiativeFactory,
    KindFactory,
    UserFactory,
)
from tests.support.pages import client_of, queries_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative():
    return InitiativeFactory(title="Learning hub", description="<p>One.</p>", published=True, place="Vienna")


@pytest.fixture
def staff(initiative):
    return UserFactory(role=Role.STAFF, entity=initiative.entity, name="Mira")


@pytest.fixture
def colleague(initiative):
    return UserFactory(role=Role.STAFF, entity=initiative.entity, name="Tomás")


@pytest.fixture
def focal_point(initiative):
    return UserFactory(role=Role.FOCAL_POINT, entity=initiative.entity, name="Leila")


@pytest.fixture
def draft(initiative, staff):
    return begin_change(initiative=initiative, user=staff, now=NOON)


@pytest.fixture
def waiting(draft, staff):
    """The draft, handed in."""
    content = draft.content | {"place": "Graz"}
    draft = save_draft(draft=draft, content=content, edits=0, user=staff, now=NOON, why="It moved.")
    return submit_draft(draft=draft, user=staff, now=NOON)


def page(act: str, draft: Draft) -> str:
    return reverse(f"draft_{act}", args=[draft.pk])


def sent(draft: Draft, **changed: object) -> dict[str, object]:
    """What the page of the draft sends, with something changed in it."""
    fields = {name: value for name, value in (draft.content | changed).items() if value}
    return fields | {"edits": changed.get("edits", draft.edits), "why": changed.get("why", draft.why)}


class TestDraftNew:
    def test_begins_with_title_and_kind(self, staff, initiative):
        KindFactory(code="event")
        form = {"title": "مركز", "kind": "event", "language": "ar", "entity": initiative.entity.code}
        response = client_of(staff).post(reverse("draft_new"), form)
        draft = Draft.objects.get()
        assert response.url == page("edit", draft) + "#id_description"
        assert (draft.holder, draft.entity, draft.content["title"]) == (staff, initiative.entity, "مركز")

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "a\0b"}, {"kind": "none"}, {"language": "xx"}])
    def test_links_to_what_is_wrong(self, staff, initiative, wrong):
        form = {"title": "Hub", "kind": KindFactory().code, "language": "en", "entity": initiative.entity.code} | wrong
        response = client_of(staff).post(reverse("draft_new"), form)
        assert response.status_code == 422
        assert f'href="#id_{next(iter(wrong))}"' in words_of(response)

    def test_is_not_for_another_entity(self, staff):
        form = {"title": "Hub", "kind": KindFactory().code, "language": "en", "entity": EntityFactory().code}
        assert client_of(staff).post(reverse("draft_new"), form).status_code == 422
        assert not Draft.objects.exists()

    def test_hints_at_what_is_alike(self, staff):
        html = words_of(client_of(staff).get(reverse("initiatives_alike"), {"title": "Learning hubs"}))
        assert "Learning hub" in html
        assert "Learning hub" not in words_of(client_of(staff).get(reverse("initiatives_alike")))


class TestDraftBegin:
    def test_opens_the_form_of_a_new_draft_and_then_of_the_same(self, initiative, staff, colleague):
        first = client_of(staff).post(reverse("draft_begin", args=[initiative.slug]))
        again = client_of(colleague).post(reverse("draft_begin", args=[initiative.slug]))
        assert first.url == again.url == page("edit", Draft.objects.get())

    def test_opens_the_page_of_one_that_waits(self, initiative, staff, waiting):
        assert client_of(staff).post(reverse("draft_begin", args=[initiative.slug])).url == page("detail", waiting)

    @pytest.mark.parametrize(("gone", "says"), [("merged", "was merged"), ("archived", "is archived")])
    def test_says_that_a_merged_or_archived_one_stays_as_it_is(self, initiative, staff, gone, says):
        other = InitiativeFactory(published=True)
        fields = {"merged_into": other} if gone == "merged" else {"archived_at": NOON}
        Initiative.objects.filter(pk=initiative.pk).update(**fields)
        response = client_of(staff).post(reverse("draft_begin", args=[initiative.slug]), follow=True)
        assert says in words_of(response)
        assert not Draft.objects.exists()

    def test_is_refused_to_others(self, initiative):
        client = client_of(UserFactory(role=Role.STAFF))
        assert client.post(reverse("draft_begin", args=[initiative.slug])).status_code == 403
        hidden = InitiativeFactory()
        assert client.post(reverse("draft_begin", args=[hidden.slug])).status_code == 404


class TestWho:
    @pytest.mark.parametrize("role", [Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT, Role.COMMISSION, Role.DELEGATE])
    def test_is_of_elsewhere_sees_and_changes_nothing(self, waiting, role):
        client = client_of(UserFactory(role=role))
        assert client.get(page("detail", waiting)).status_code == 404
        assert client.get(page("edit", waiting)).status_code == 404
        for act in ("edit", "autosave", "submit", "withdraw", "reopen", "approve", "return"):
            assert client.post(page(act, waiting), {"edits": 1, "words": "No."}).status_code == 404, act
        waiting.refresh_from_db()
        assert waiting.state == DraftState.SUBMITTED

    def test_writes_does_not_decide(self, waiting, colleague):
        client = client_of(colleague)
        assert "id_approve_words" not in words_of(client.get(page("detail", waiting)))
        for act in ("approve", "return"):
            assert client.post(page(act, waiting), {"edits": 1, "words": "Yes."}).status_code == 403


class TestDraftEdit:
    def test_shows_what_stands_and_saves_what_is_sent(self, draft, staff):
        kenya = CountryFactory(iso3="KEN", name_en="Kenya")
        client = client_of(staff)
        assert 'value="Learning hub"' in words_of(client.get(page("edit", draft)))
        rows = {"identifiers-0-scheme": "project", "identifiers-0-value": "180001"}
        response = client.post(page("edit", draft), sent(draft, title="🦕 مركز", countries=[kenya.iso3]) | rows)
        assert response.url == page("edit", draft)
        draft.refresh_from_db()
        assert (draft.title, draft.content["countries"], draft.edits) == ("🦕 مركز", ["KEN"], 1)
        assert draft.content["identifiers"] == [{"scheme": "project", "value": "180001", "label": "", "address": ""}]
        html = words_of(client.get(page("edit", draft)))
        assert 'value="180001"' in html
        assert "Kenya" in html

    def test_saves_what_is_incomplete_and_says_what_is_missing_when_it_is_handed_in(self, draft, staff):
        client = client_of(staff)
        assert client.post(page("edit", draft), sent(draft, title="", starts="soon")).status_code == 302
        draft.refresh_from_db()
        response = client.post(page("edit", draft), sent(draft) | {"submit": "yes"})
        assert response.status_code == 422
        html = words_of(response)
        assert 'href="#id_title"' in html
        assert 'href="#id_starts"' in html
        assert 'value="soon"' in html

    def test_asks_for_the_reason_of_a_change(self, draft, staff):
        client = client_of(staff)
        response = client.post(page("edit", draft), sent(draft, place="Graz") | {"submit": "yes"})
        assert response.status_code == 422
        assert 'href="#id_why"' in words_of(response)
        draft.refresh_from_db()
        assert (draft.state, draft.content["place"]) == (DraftState.DRAFT, "Graz")
        response = client.post(page("edit", draft), sent(draft, why="It moved.") | {"submit": "yes"})
        assert response.url == page("detail", draft)
        draft.refresh_from_db()
        assert draft.state == DraftState.SUBMITTED

    def test_says_that_nothing_differs(self, draft, staff):
        response = client_of(staff).post(page("edit", draft), sent(draft, why="No reason.") | {"submit": "yes"})
        assert response.status_code == 422
        assert "Nothing differs" in words_of(response)

    def test_leads_to_the_page_of_one_that_waits(self, waiting, staff):
        assert client_of(staff).get(page("edit", waiting)).url == page("detail", waiting)

    def test_keeps_what_was_written_on_one_that_was_handed_in_meanwhile(self, waiting, staff):
        response = client_of(staff).post(page("edit", waiting), sent(waiting, title="Too late", why="Mine."))
        html = words_of(response)
        assert response.status_code == 409
        assert 'value="Too late"' in html
        assert "Mine.</textarea>" in html
        waiting.refresh_from_db()
        assert waiting.title == "Learning hub"

    @pytest.mark.parametrize("edits", ["", "-1", "many", "9" * 30])
    def test_keeps_what_was_written_where_the_number_of_the_save_is_odd(self, draft, staff, edits):
        response = client_of(staff).post(page("edit", draft), sent(draft, title="Mine") | {"edits": edits})
        draft.refresh_from_db()
        assert draft.title == "Mine" or 'value="Mine"' in words_of(response)
        assert response.status_code in {302, 409, 422}

    def test_shows_again_what_is_too_large(self, draft, staff):
        rows = {"identifiers-0-scheme": "project", "identifiers-0-value": "180001"}
        austria = CountryFactory(iso3="AUT", name_en="Austria")
        large = sent(draft, place="x" * 500_001, countries=[austria.iso3], why="Mine.") | rows
        response = client_of(staff).post(page("edit", draft), large)
        html = words_of(response)
        assert response.status_code == 413
        assert "500,000 characters" in html
        assert "x" * 500_001 in html
        assert 'value="180001"' in html
        assert '<span class="tag">Austria</span>' in html
        draft.refresh_from_db()
        assert draft.edits == 0

    def test_costs_the_same_whatever_stands_in_it(self, draft, staff):
        client = client_of(staff)
        with_few = queries_of(client, page("edit", draft))
        countries = [CountryFactory().iso3 for _ in range(10)]
        rows = [{"scheme": "project", "value": str(number), "address": ""} for number in range(10)]
        content = draft.content | {"countries": countries, "identifiers": rows}
        save_draft(draft=draft, content=content, edits=0, user=staff, now=NOON)
        assert queries_of(client, page("edit", draft)) == with_few


class TestSignedOut:
    def test_keeps_the_text_through_the_sign_in(self, draft, staff):
        client = Client()
        response = client.post(page("edit", draft), sent(draft, title="Written while signed out", why="It moved."))
        assert response.url == f"{reverse('account_login')}?next={page('edit', draft)}"
        client.post(response.url, {"login": staff.email, "password": PASSWORD})
        html = words_of(client.get(page("edit", draft)))
        assert "Your text is still here" in html
        assert 'value="Written while signed out"' in html
        assert "It moved.</textarea>" in html
        assert 'value="Learning hub"' in words_of(client.get(f"{page('edit', draft)}?saved"))

    def test_is_forgotten_once_it_is_saved_while_somebody_types(self, draft, staff):
        client = Client()
        client.post(page("edit", draft), sent(draft, title="Mine"))
        client.force_login(staff)
        assert 'value="Mine"' in words_of(client.get(page("edit", draft)))
        client.post(page("autosave", draft), sent(draft, title="Mine, and more"))
        html = words_of(client.get(page("edit", draft)))
        assert "Your text is still here" not in html
        assert 'value="Mine, and more"' in html

    def test_keeps_what_grows_too_large_when_it_is_cleaned(self, draft, staff):
        client = Client()
        client.post(page("edit", draft), sent(draft, description="&" * 400_000))
        client.force_login(staff)
        response = client.get(page("edit", draft))
        assert response.status_code == 200
        assert "500,000 characters" in words_of(response)

    def test_keeps_the_note_of_a_reviewer(self, waiting, focal_point):
        client = Client()
        client.post(page("return", waiting), {"edits": 1, "words": "Name the country."})
        client.force_login(focal_point)
        assert "Name the country.</textarea>" in words_of(client.get(page("detail", waiting)))

    @pytest.mark.parametrize("act", ["submit", "withdraw", "reopen", "approve", "return"])
    def test_leads_to_the_page_of_the_draft_after_the_sign_in(self, waiting, act):
        response = Client().post(page(act, waiting))
        assert response.url == f"{reverse('account_login')}?next={page('detail', waiting)}"
        waiting.refresh_from_db()
        assert waiting.state == DraftState.SUBMITTED


class TestAutosave:
    def test_saves_and_says_when(self, draft, staff):
        response = client_of(staff).post(page("autosave", draft), sent(draft, title="Half a ti"))
        told = response.json()
        assert (told["edits"], told["others"]) == (1, "")
        assert told["saved"].startswith("Saved ")
        draft.refresh_from_db()
        assert draft.title == "Half a ti"

    def test_reads_none_of_the_choices_of_the_form(self, draft, staff):
        client = client_of(staff)
        with CaptureQueriesContext(connection) as captured:
            client.post(page("autosave", draft), sent(draft, title="Half a ti"))
        read = " ".join(query["sql"] for query in captured)
        choices = (Country, CountryGroup, ActionLine, Unit)
        assert [table for table in choices if table._meta.db_table in read] == []

    def test_tells_in_json_that_the_person_is_signed_out(self, draft):
        response = Client().post(page("autosave", draft), sent(draft, title="Mine"))
        assert response.status_code == 401
        assert "kept in this browser" in response.json()["sentence"]

    def test_tells_that_others_changed_other_places(self, draft, staff, colleague):
        client_of(colleague).post(page("autosave", draft), sent(draft, place="Graz"))
        told = client_of(staff).post(page("autosave", draft), sent(draft, status_note="soon")).json()
        assert "Others changed" in told["others"]
        draft.refresh_from_db()
        assert (draft.content["place"], draft.content["status_note"]) == ("Graz", "soon")

    def test_goes_on_for_a_page_that_does_not_show_what_others_wrote(self, draft, staff, colleague):
        theirs = sent(draft, place="Graz", why="It moved.")
        client_of(colleague).post(page("autosave", draft), theirs)
        edits = 0
        for note in ("s", "so", "so", "soon"):
            mine = sent(draft, status_note=note, why="It grew.", edits=edits)
            edits = client_of(staff).post(page("autosave", draft), mine).json()["edits"]
        client_of(staff).post(page("edit", draft), sent(draft, status_note="soon!", why="It grew.", edits=edits))
        draft.refresh_from_db()
        assert (draft.content["place"], draft.content["status_note"]) == ("Graz", "soon!")
        assert draft.why == "It moved.\nIt grew."

    def test_goes_on_where_others_wrote_the_same_and_more(self, draft, staff, colleague):
        client_of(colleague).post(page("autosave", draft), sent(draft, place="Graz", status_note="soon"))
        edits = 0
        for title in ("Learning hub", "Learning hubs"):
            mine = sent(draft, status_note="soon", title=title, edits=edits)
            edits = client_of(staff).post(page("autosave", draft), mine).json()["edits"]
        draft.refresh_from_db()
        assert (draft.content["place"], draft.title) == ("Graz", "Learning hubs")

    def test_saves_nothing_where_both_changed_the_same(self, draft, staff, colleague):
        client_of(colleague).post(page("autosave", draft), sent(draft, title="Theirs"))
        response = client_of(staff).post(page("autosave", draft), sent(draft, title="Mine"))
        assert response.status_code == 409
        assert "Choose what shall stand" in response.json()["sentence"]
        draft.refresh_from_db()
        assert draft.title == "Theirs"

    @pytest.mark.parametrize(
        ("changed", "status"), [({"edits": "x"}, 400), ({"edits": ""}, 400), ({"place": "x" * 500_001}, 413)]
    )
    def test_says_why_it_saved_nothing(self, draft, staff, changed, status):
        response = client_of(staff).post(page("autosave", draft), sent(draft) | changed)
        assert response.status_code == status
        assert response.json()["sentence"]

    def test_refuses_what_waits(self, waiting, staff):
        response = client_of(staff).post(page("autosave", waiting), sent(waiting, title="Late"))
        assert (response.status_code, list(response.json())) == (409, ["sentence"])


class TestClash:
    @pytest.fixture
    def clash(self, draft, staff, colleague):
        """Mira's page, after Tomás changed the same title and paragraph, and another field."""
        theirs = sent(draft, title="Theirs", description="<p>One, theirs.</p>", place="Graz")
        client_of(colleague).post(page("edit", draft), theirs)
        mine = sent(draft, title="Mine", description="<p>One, mine.</p>", status_note="soon", why="It moved.")
        return client_of(staff).post(page("edit", draft), mine)

    def chosen(self, clash, **changed):
        """What the page of the clash sends; by default the own title and both paragraphs."""
        shown = {name: clash.context[name] for name in ("mine", "edits", "why")} | {
            "seen": clash.context["draft"].edits
        }
        return shown | {"choice-title-0": "mine", "choice-description-0": "both"} | changed

    def test_shows_both_and_saves_nothing(self, clash, draft):
        html = words_of(clash)
        assert clash.status_code == 409
        for words in ("Mine", "Theirs", "One, mine.", "One, theirs.", "Tomás"):
            assert words in html
        draft.refresh_from_db()
        assert (draft.title, draft.edits) == ("Theirs", 1)

    @pytest.mark.parametrize(
        ("title", "description", "stands"),
        [
            ("mine", "both", ("Mine", "<p>One, mine.</p><p>One, theirs.</p>")),
            ("theirs", "mine", ("Theirs", "<p>One, mine.</p>")),
            ("mine", "theirs", ("Mine", "<p>One, theirs.</p>")),
        ],
    )
    def test_saves_what_was_chosen_with_all_that_did_not_clash(self, clash, draft, staff, title, description, stands):
        form = self.chosen(clash, **{"choice-title-0": title, "choice-description-0": description})
        assert client_of(staff).post(page("edit", draft), form).url == page("edit", draft)
        draft.refresh_from_db()
        assert (draft.title, draft.content["description"]) == stands
        assert (draft.content["place"], draft.content["status_note"], draft.why) == ("Graz", "soon", "It moved.")
        assert draft.saved_by == staff

    @pytest.mark.parametrize("missing", [{"choice-title-0": ""}, {"choice-description-0": "neither"}])
    def test_asks_again_where_something_was_not_chosen(self, clash, draft, staff, missing):
        response = client_of(staff).post(page("edit", draft), self.chosen(clash, **missing))
        assert response.status_code == 409
        assert json.loads(response.context["mine"])["title"] == "Mine"
        draft.refresh_from_db()
        assert draft.edits == 1

    def test_asks_again_where_a_third_save_came_meanwhile(self, clash, draft, staff, colleague):
        draft.refresh_from_db()
        client_of(colleague).post(page("edit", draft), sent(draft, title="Third"))
        response = client_of(staff).post(page("edit", draft), self.chosen(clash))
        assert response.status_code == 409
        assert "Third" in words_of(response)
        draft.refresh_from_db()
        assert draft.title == "Third"
        assert client_of(staff).post(page("edit", draft), self.chosen(response)).status_code == 302
        draft.refresh_from_db()
        assert draft.title == "Mine"

    def test_keeps_the_own_text_of_a_draft_that_was_handed_in_meanwhile(self, clash, draft, staff):
        Draft.objects.filter(pk=draft.pk).update(state=DraftState.SUBMITTED)
        response = client_of(staff).post(page("edit", draft), self.chosen(clash))
        assert response.status_code == 409
        assert 'value="Mine"' in words_of(response)

    @pytest.mark.parametrize("mine", ["", "{", "[]", "null", "[" * 50_000, '"words"'])
    def test_saves_nothing_of_a_forged_one(self, clash, draft, staff, mine):
        response = client_of(staff).post(page("edit", draft), self.chosen(clash, mine=mine))
        assert response.status_code == 422
        draft.refresh_from_db()
        assert draft.edits == 1

    @pytest.mark.parametrize(
        "odd", [{"title": "\ud800"}, {"title": "\0"}, {"countries": [1, {}]}, {"identifiers": [1, [], {"value": []}]}]
    )
    def test_bears_any_shape(self, clash, draft, staff, odd):
        form = self.chosen(clash, mine=json.dumps(json.loads(clash.context["mine"]) | odd))
        assert client_of(staff).post(page("edit", draft), form).status_code == 302
        assert client_of(staff).get(page("edit", draft)).status_code == 200
        assert client_of(staff).get(page("detail", draft)).status_code == 200

    def test_says_that_what_was_chosen_is_too_large(self, clash, draft, staff):
        form = self.chosen(clash, mine=json.dumps({"place": "x" * 500_001}))
        assert client_of(staff).post(page("edit", draft), form).status_code == 413


class TestDraftDetail:
    def test_tells_what_changes_and_why(self, waiting, colleague):
        html = words_of(client_of(colleague).get(page("detail", waiting)))
        assert "It moved." in html
        assert "Graz" in html
        assert "Vienna" in html

    def test_tells_its_history(self, waiting, staff):
        history = client_of(staff).get(page("detail", waiting)).context["history"]
        assert [str(step.what) for step in history] == ["Submitted", "Changed: Place", "Begun"]


class TestSubmitAndTakeBack:
    def test_hands_in_what_is_saved(self, staff, initiative):
        draft = DraftFactory(entity=initiative.entity)
        assert client_of(staff).post(page("submit", draft)).url == page("detail", draft)
        draft.refresh_from_db()
        assert draft.state == DraftState.SUBMITTED

    def test_shows_the_form_of_what_is_not_complete(self, staff, initiative):
        draft = DraftFactory(entity=initiative.entity, content={"kind": ""})
        response = client_of(staff).post(page("submit", draft))
        assert response.status_code == 422
        assert 'href="#id_kind"' in words_of(response)

    def test_refuses_a_second_time(self, staff, waiting):
        assert client_of(staff).post(page("submit", waiting)).status_code == 409

    def test_refuses_what_was_archived(self, staff, draft, initiative):
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=NOON)
        response = client_of(staff).post(page("submit", draft))
        assert response.status_code == 409
        assert "is archived" in words_of(response)

    def test_withdraws_and_reopens(self, staff, waiting):
        client = client_of(staff)
        assert client.post(page("withdraw", waiting)).url == page("detail", waiting)
        assert client.post(page("withdraw", waiting)).status_code == 409
        assert client.post(page("reopen", waiting)).url == page("edit", waiting)
        assert client.post(page("reopen", waiting)).status_code == 409
        waiting.refresh_from_db()
        assert (waiting.state, waiting.content["place"]) == (DraftState.DRAFT, "Graz")

    def test_says_that_another_one_is_under_way(self, staff, draft, initiative):
        withdraw_draft(draft=draft, user=draft.holder, now=NOON)
        begin_change(initiative=initiative, user=staff, now=NOON)
        response = client_of(staff).post(page("reopen", draft))
        assert response.status_code == 409
        assert "under way already" in words_of(response)


class TestDecide:
    def test_approves(self, waiting, focal_point, initiative):
        response = client_of(focal_point).post(page("approve", waiting), {"edits": 1}, follow=True)
        assert "It is version 1 of the record." in words_of(response)
        initiative.refresh_from_db()
        assert initiative.place == "Graz"

    def test_needs_a_reason_for_what_one_wrote_oneself(self, initiative, focal_point):
        draft = DraftFactory(entity=initiative.entity, holder=focal_point, submitted=True)
        client = client_of(focal_point)
        response = client.post(page("approve", draft), {"edits": 0})
        assert response.status_code == 422
        assert "say why no other person can approve it" in words_of(response)
        assert client.post(page("approve", draft), {"edits": 0, "words": "Alone."}).status_code == 302

    def test_returns_with_a_note(self, waiting, focal_point, staff):
        client = client_of(focal_point)
        assert client.post(page("return", waiting), {"edits": 1, "words": " "}).status_code == 422
        assert client.post(page("return", waiting), {"edits": 1, "words": "Name it."}).status_code == 302
        assert "Name it." in words_of(client_of(staff).get(page("edit", waiting)))

    @pytest.mark.parametrize("act", ["approve", "return"])
    def test_asks_to_read_again_what_was_saved_meanwhile_and_keeps_the_words(self, waiting, focal_point, act):
        response = client_of(focal_point).post(page(act, waiting), {"edits": 0, "words": "A long note."})
        html = words_of(response)
        assert response.status_code == 409
        assert "Read it again, then decide." in html
        assert "A long note." in html

    @pytest.mark.parametrize("act", ["approve", "return"])
    def test_refuses_what_was_decided(self, focal_point, initiative, act):
        draft = DraftFactory(entity=initiative.entity, submitted=True)
        client = client_of(focal_point)
        client.post(page("return", draft), {"edits": 0, "words": "First."})
        response = client.post(page(act, draft), {"edits": 0, "words": "Second."})
        assert response.status_code == 409
        assert "does not wait for a decision" in words_of(response)

    @pytest.mark.parametrize("act", ["approve", "return"])
    @pytest.mark.parametrize("edits", ["", "x"])
    def test_needs_the_number_of_the_save(self, waiting, focal_point, act, edits):
        assert client_of(focal_point).post(page(act, waiting), {"edits": edits, "words": "A."}).status_code == 422

    def test_shows_what_the_record_says_now_and_then_approves(self, waiting, focal_point, initiative):
        Initiative.objects.filter(pk=initiative.pk).update(place="Linz")
        client = client_of(focal_point)
        response = client.post(page("approve", waiting), {"edits": 1})
        assert response.status_code == 409
        assert "Linz" in words_of(response)
        waiting.refresh_from_db()
        assert client.post(page("approve", waiting), {"edits": waiting.edits}).status_code == 302
        initiative.refresh_from_db()
        assert initiative.place == "Graz"

    def test_says_what_cannot_be_chosen_any_more(self, initiative, focal_point):
        draft = DraftFactory(entity=initiative.entity, submitted=True, content={"countries": ["QQQ"]})
        response = client_of(focal_point).post(page("approve", draft), {"edits": 0})
        assert response.status_code == 409
        assert "Countries: " in words_of(response)

    def test_refuses_what_was_archived(self, waiting, focal_point, initiative):
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=NOON)
        response = client_of(focal_point).post(page("approve", waiting), {"edits": 1})
        assert response.status_code == 409
        assert "is archived" in words_of(response)
