"""Writing updates by program: the rules, services and answers of the pages."""

import datetime as dt
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from initiatives.choices import Role, UpdateKind, UpdateState
from initiatives.models import Entity, Initiative, Update
from portal.models import User
from portal.tokens import make_token
from tests.factories import YEAR_END, EntityFactory, InitiativeFactory, UpdateFactory, UpdateTextFactory, UserFactory

pytestmark = pytest.mark.django_db

UPDATES = "/api/v1/updates/"
DRAFT = {"kind": "news", "language": "en", "paragraph": "<p>Two centres were opened.</p>"}


class Program:
    """What a person's program sends, with a token of every scope."""

    def __init__(self, person: User) -> None:
        now = timezone.now()
        ends = now + dt.timedelta(days=30)
        scopes = ["read", "write", "decide"]
        self.person = person
        self.token, secret = make_token(user=person, name="Program", scopes=scopes, expires_at=ends, now=now)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = {} if body is None else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        call = getattr(self.client, method)
        if method == "get":
            return call(path, headers=named)
        return call(path, data, content_type="application/json", headers=named)

    def save(self, update: Update, body: Any, method: str = "patch", **headers: str) -> HttpResponse:
        return self.ask(method, f"{UPDATES}{update.pk}/", body, **headers)

    def act(self, update: Update, act: str, body: Any = None) -> HttpResponse:
        return self.ask("post", f"{UPDATES}{update.pk}/{act}/", body)


@pytest.fixture
def entity() -> Entity:
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(entity: Entity) -> Program:
    return Program(UserFactory(role=Role.STAFF, entity=entity))


@pytest.fixture
def focal(entity: Entity) -> Program:
    return Program(UserFactory(role=Role.FOCAL_POINT, entity=entity))


@pytest.fixture
def update(entity: Entity, staff: Program) -> Update:
    return UpdateFactory(initiative=InitiativeFactory(entity=entity, published=True), author=staff.person)


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["detail"]
    return told


def pointers(answer: HttpResponse, status: int = 422) -> list[str]:
    return [error["pointer"] for error in problem(answer, status)["errors"]]


class TestWholeWay:
    def test_leads_from_the_start_to_approval(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity, published=True)
        begun = staff.ask("post", UPDATES, {"initiative": initiative.slug, "period": "2021"})
        assert begun.status_code == 201
        address = begun["Location"]
        assert address == f"http://testserver{UPDATES}{begun.json()['id']}/"
        saved = staff.ask("patch", address, DRAFT | {"edits": 0})
        assert saved.status_code == 200
        assert saved.json()["edits"] == 1
        assert saved.json()["text"]["paragraph"] == DRAFT["paragraph"]
        assert staff.ask("post", f"{address}submit/").json()["state"] == "submitted"
        returned = focal.ask("post", f"{address}return/", {"edits": 1, "note": "Say where."})
        assert (returned.json()["state"], returned.json()["decision_note"]) == ("returned", "Say where.")
        staff.ask("patch", address, {"edits": 1, "paragraph": "<p>Two centres were opened in Lima.</p>"})
        staff.ask("post", f"{address}submit/")
        approved = focal.ask("post", f"{address}approve/", {"edits": 2})
        assert approved.json()["state"] == "approved"
        seen = Client().get(address).json()
        assert seen["text"]["paragraph"] == "<p>Two centres were opened in Lima.</p>"
        assert (seen["decision_note"], seen["edits"], seen["text"]["results"]) == (None, None, None)
        update = Update.objects.get()
        assert (update.author, update.decided_by) == (staff.person, focal.person)


class TestStart:
    def test_gives_the_open_one_a_second_time(self, entity, staff, focal):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2025-2026"}
        first, second = staff.ask("post", UPDATES, body), focal.ask("post", UPDATES, body)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json()["id"] == second.json()["id"]
        assert first["Location"] == second["Location"]
        assert (first.json()["period_start"], first.json()["period_end"]) == ("2025-01-01", "2027-01-01")

    @pytest.mark.parametrize("period", ["soon", "1999", "2100", "2025-2020", "२०२१", "20211"])
    def test_names_a_wrong_period(self, entity, staff, period):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": period}
        assert pointers(staff.ask("post", UPDATES, body)) == ["/period"]
        assert not Update.objects.exists()

    def test_knows_only_what_one_may_see_and_write(self, entity, staff):
        other = EntityFactory(code="OTHER")
        public, hidden = InitiativeFactory(entity=other, published=True), InitiativeFactory(entity=other)
        for slug, status in [(public.slug, 403), (hidden.slug, 404), ("nothing-like-this", 404), ("a" * 255, 404)]:
            problem(staff.ask("post", UPDATES, {"initiative": slug, "period": "2021"}), status)

    def test_is_not_for_an_archived_or_merged_one(self, entity, staff):
        target = InitiativeFactory(entity=entity)
        for gone, says in [({"archived_at": timezone.now()}, "is archived"), ({"merged_into": target}, "was merged")]:
            initiative = InitiativeFactory(entity=entity, **gone)
            told = problem(staff.ask("post", UPDATES, {"initiative": initiative.slug, "period": "2021"}), 409)
            assert says in told["detail"]
        assert not Update.objects.exists()

    def test_of_an_archived_one_goes_no_further(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity)
        draft = UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
        later = {"period_start": YEAR_END, "period_end": YEAR_END.replace(year=2023)}
        submitted = UpdateFactory(initiative=initiative, submitted=True, paragraph="<p>News.</p>", **later)
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=timezone.now())
        handed_in = staff.ask("post", f"{UPDATES}{draft.pk}/submit/", {})
        approved = focal.ask("post", f"{UPDATES}{submitted.pk}/approve/", {"edits": submitted.edits})
        for answer in (handed_in, approved):
            assert "bring it back" in problem(answer, 409)["detail"]
        returned = focal.ask("post", f"{UPDATES}{submitted.pk}/return/", {"edits": submitted.edits, "note": "Wait."})
        assert returned.status_code == 200
        assert {update.state for update in Update.objects.all()} == {UpdateState.DRAFT, UpdateState.RETURNED}

    def test_refuses_filters(self, entity, staff):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2021"}
        told = problem(staff.ask("post", f"{UPDATES}?entity=UNIDO", body), 400)
        assert told["errors"][0]["parameter"] == "entity"
        assert not Update.objects.exists()

    def test_refuses_wrong_members_before_anything_is_made(self, entity, staff):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2021"}
        problem(staff.ask("post", f"{UPDATES}?fields=nothing", body), 400)
        assert not Update.objects.exists()
        assert staff.ask("post", f"{UPDATES}?fields=id,state", body).json().keys() == {"id", "state"}


class TestSave:
    def test_cleans_the_text_as_the_page_does(self, staff, update):
        text = '<p onclick="x()">Good <b>news</b><script>alert(1)</script></p>'
        saved = staff.save(update, DRAFT | {"edits": 0, "paragraph": text, "results": "One.\n\nTwo."})
        assert saved.json()["text"]["paragraph"] == "<p>Good news</p>"
        assert saved.json()["text"]["results"] == "<p>One.</p><p>Two.</p>"

    def test_keeps_what_is_not_sent_by_patch_and_empties_it_by_put(self, staff, update):
        staff.save(update, DRAFT | {"edits": 0, "lessons": "<p>Begin early.</p>"})
        patched = staff.save(update, {"edits": 1, "outlook": "<p>A third one.</p>"}).json()["text"]
        assert (patched["paragraph"], patched["lessons"]) == (DRAFT["paragraph"], "<p>Begin early.</p>")
        put = staff.save(update, DRAFT | {"edits": 2}, "put").json()["text"]
        assert (put["paragraph"], put["lessons"], put["outlook"]) == (DRAFT["paragraph"], "", "")

    def test_needs_kind_and_language_for_a_whole_draft(self, staff, update):
        assert pointers(staff.save(update, {"edits": 0}, "put"), 400) == ["/kind", "/language"]

    def test_needs_the_language_of_the_first_text(self, staff, update):
        assert pointers(staff.save(update, {"edits": 0, "paragraph": "Words."})) == ["/language"]

    def test_refuses_the_language_of_a_translation(self, staff, update):
        UpdateTextFactory(update=update, language="en", paragraph="<p>One.</p>")
        UpdateTextFactory(update=update, language="fr", state="checked", based_on=1, paragraph="<p>Une.</p>")
        assert pointers(staff.save(update, {"edits": 0, "language": "fr"})) == ["/language"]

    @pytest.mark.parametrize("wrong", [{"kind": "gossip"}, {"language": "de"}, {"paragraph": 5}, {"edits": -1}])
    def test_names_a_member_of_a_wrong_type(self, staff, update, wrong):
        body = DRAFT | {"edits": 0} | wrong
        assert pointers(staff.save(update, body), 400) == [f"/{next(iter(wrong))}"]
        update.refresh_from_db()
        assert update.edits == 0

    @pytest.mark.parametrize("edits", ["0", 0.0, True, None, 10**30, [0]])
    def test_takes_no_number_of_saves_but_a_whole_one(self, staff, update, edits):
        answer = staff.save(update, DRAFT | {"edits": edits})
        assert answer.status_code in ({409} if edits == 10**30 else {400})

    def test_of_a_submitted_or_approved_one_is_a_conflict(self, staff, entity):
        for state in ("submitted", "approved"):
            done = UpdateFactory(
                initiative=InitiativeFactory(entity=entity, published=True), paragraph="<p>Old.</p>", **{state: True}
            )
            told = problem(staff.save(done, DRAFT | {"edits": 0}), 409)
            assert told["detail"].startswith("This update was submitted or approved meanwhile")
            assert done.texts.get().paragraph == "<p>Old.</p>"

    def test_keeps_long_texts_whole(self, staff, update):
        text = f"<p>{'字' * 20_000} & < \" ' « » 👩‍🏭</p>"
        saved = staff.save(update, DRAFT | {"edits": 0, "paragraph": text}).json()["text"]["paragraph"]
        assert saved.count("字") == 20_000
        assert saved.endswith("&amp; &lt; \" ' « » 👩‍🏭</p>")


class TestConflict:
    def test_gives_both_texts_and_changes_nothing(self, staff, focal, update):
        focal.save(update, DRAFT | {"edits": 0, "paragraph": "<p>Theirs.</p>"})
        told = problem(staff.save(update, DRAFT | {"edits": 0, "paragraph": "<p>Mine.</p>"}), 409)
        assert told["theirs"]["paragraph"] == "<p>Theirs.</p>"
        assert told["theirs"]["edits"] == 1
        assert told["yours"]["paragraph"] == "<p>Mine.</p>"
        assert update.texts.get().paragraph == "<p>Theirs.</p>"

    def test_is_none_where_the_same_was_sent_twice(self, staff, update):
        for method in ("patch", "put"):
            update.refresh_from_db()
            body = DRAFT | {"edits": update.edits, "results": f"<p>By {method}.</p>"}
            first, second = staff.save(update, body, method), staff.save(update, body, method)
            assert (first.status_code, second.status_code) == (200, 200)
            assert first.json() == second.json()

    def test_is_one_where_another_person_sent_the_same(self, staff, focal, update):
        staff.save(update, DRAFT | {"edits": 0})
        problem(focal.save(update, DRAFT | {"edits": 0}), 409)

    def test_is_judged_by_the_etag(self, staff, focal, update):
        read = staff.ask("get", f"{UPDATES}{update.pk}/")
        saved = staff.save(update, DRAFT, If_Match=read["ETag"])
        assert saved.status_code == 200
        assert saved["ETag"] == staff.ask("get", f"{UPDATES}{update.pk}/")["ETag"]
        again = staff.save(update, {"paragraph": "<p>More.</p>"}, If_Match=saved["ETag"])
        assert again.status_code == 200
        told = problem(focal.save(update, {"paragraph": "<p>Late.</p>"}, If_Match=saved["ETag"]), 409)
        assert told["theirs"]["paragraph"] == "<p>More.</p>"

    def test_is_judged_by_the_etag_of_the_members_asked_for(self, staff, update):
        address = f"{UPDATES}{update.pk}/?fields=id,edits,text"
        read = staff.ask("get", address)
        assert staff.ask("patch", address, DRAFT, If_Match=read["ETag"]).status_code == 200
        problem(staff.ask("patch", address, DRAFT | {"paragraph": "<p>B.</p>"}, If_Match=read["ETag"]), 409)

    def test_needs_both_to_be_right_where_both_are_given(self, staff, update):
        read = staff.ask("get", f"{UPDATES}{update.pk}/")
        problem(staff.save(update, DRAFT | {"edits": 5}, If_Match=read["ETag"]), 409)
        problem(staff.save(update, DRAFT | {"edits": 0}, If_Match='"other"'), 409)

    def test_takes_any_state_for_a_star(self, staff, update):
        assert staff.save(update, DRAFT, If_Match="*").status_code == 200

    def test_cannot_be_judged_without_either(self, staff, update):
        assert pointers(staff.save(update, DRAFT), 400) == ["/edits"]

    def test_shows_a_reviewer_how_it_stands_now(self, staff, focal, update):
        staff.save(update, DRAFT | {"edits": 0})
        staff.act(update, "submit")
        told = problem(focal.act(update, "approve", {"edits": 0}), 409)
        assert told["detail"].startswith("The update was changed after you read it.")
        assert (told["theirs"]["edits"], told["theirs"]["paragraph"]) == (1, DRAFT["paragraph"])


class TestSubmit:
    def test_names_what_is_missing(self, staff, update):
        assert pointers(staff.act(update, "submit")) == ["/paragraph"]
        staff.save(update, {"edits": 0, "kind": "nothing", "language": "en"})
        assert pointers(staff.act(update, "submit")) == ["/reason"]
        update.refresh_from_db()
        assert update.state == UpdateState.DRAFT

    def test_approves_what_is_still_true_at_once(self, staff, update):
        UpdateFactory(
            initiative=update.initiative,
            approved=True,
            paragraph="<p>Before.</p>",
            period_start=dt.date(2020, 1, 1),
            period_end=dt.date(2021, 1, 1),
        )
        staff.save(update, {"edits": 0, "kind": UpdateKind.STILL_TRUE, "language": "en"})
        assert staff.act(update, "submit").json()["state"] == "approved"

    def test_happens_once(self, staff, update):
        staff.save(update, DRAFT | {"edits": 0})
        assert staff.act(update, "submit").status_code == 200
        problem(staff.act(update, "submit"), 409)

    def test_takes_nothing_along(self, staff, update):
        assert pointers(staff.act(update, "submit", DRAFT), 400) == ["/kind", "/language", "/paragraph"]


class TestDecisions:
    @pytest.fixture
    def submitted(self, entity: Entity, staff: Program) -> Update:
        initiative = InitiativeFactory(entity=entity, published=True)
        return UpdateFactory(initiative=initiative, author=staff.person, submitted=True, paragraph="<p>News.</p>")

    def test_need_a_reason_for_what_one_wrote(self, focal, submitted):
        Update.objects.filter(pk=submitted.pk).update(author=focal.person)
        assert pointers(focal.act(submitted, "approve", {"edits": 0})) == ["/reason"]
        done = focal.act(submitted, "approve", {"edits": 0, "reason": "The others are on leave."})
        assert (done.json()["state"], done.json()["decision_note"]) == ("approved", "The others are on leave.")

    def test_need_a_note_to_return(self, focal, submitted):
        assert pointers(focal.act(submitted, "return", {"edits": 0, "note": " "})) == ["/note"]
        assert pointers(focal.act(submitted, "return", {"edits": 0}), 400) == ["/note"]

    def test_need_to_say_what_was_read(self, focal, submitted):
        assert pointers(focal.act(submitted, "approve"), 400) == ["/edits"]

    def test_happen_once(self, focal, submitted):
        assert focal.act(submitted, "approve", {"edits": 0}).status_code == 200
        for act, body in [("approve", {"edits": 0}), ("return", {"edits": 0, "note": "Late."})]:
            told = problem(focal.act(submitted, act, body), 409)
            assert told["detail"] == "This update does not wait for a decision any more."

    def test_are_for_focal_points_alone(self, staff, submitted):
        for act, body in [("approve", {"edits": 0}), ("return", {"edits": 0, "note": "Late."})]:
            problem(staff.act(submitted, act, body), 403)


class TestOthers:
    """Everybody who does not belong to the entity, for each act."""

    ACTS = [
        ("patch", "", DRAFT | {"edits": 0}),
        ("put", "", DRAFT | {"edits": 0}),
        ("post", "submit/", {}),
        ("post", "approve/", {"edits": 0}),
        ("post", "return/", {"edits": 0, "note": "No."}),
    ]

    @pytest.mark.parametrize(("method", "act", "body"), ACTS)
    def test_are_told_no_more_than_on_the_pages(self, entity, method, act, body):
        initiative = InitiativeFactory(entity=entity, published=True)
        draft = UpdateFactory(initiative=initiative, paragraph="<p>Secret.</p>", results="<p>Secret.</p>")
        approved = UpdateFactory(initiative=initiative, approved=True, results="<p>Secret.</p>")
        people = [UserFactory(), UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER"))]
        people += [UserFactory(role=role) for role in (Role.DELEGATE, Role.COMMISSION, Role.ADMINISTRATOR)]
        for person in people:
            program = Program(person)
            for update, status in [(draft, 404), (approved, 403)]:
                answer = program.ask(method, f"{UPDATES}{update.pk}/{act}", body)
                problem(answer, status)
                assert b"Secret" not in answer.content

    @pytest.mark.parametrize(("method", "act", "body"), ACTS)
    def test_are_asked_who_they_are(self, update, method, act, body):
        answer = getattr(Client(), method)(f"{UPDATES}{update.pk}/{act}", body, content_type="application/json")
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(("method", "act", "body"), ACTS)
    def test_find_nothing_where_nothing_is(self, staff, method, act, body):
        for number in (0, 10**12, 10**30):
            problem(staff.ask(method, f"{UPDATES}{number}/{act}", body), 404)

    def test_may_not_delete(self, staff, update):
        problem(staff.ask("delete", f"{UPDATES}{update.pk}/"), 405)
        assert Update.objects.filter(pk=update.pk).exists()

    def test_read_nothing_that_is_for_the_entity_alone(self, entity, staff):
        secret = {"results": "<p>Inside.</p>", "obstacles": "<p>Inside.</p>", "lessons": "<p>Inside.</p>"}
        UpdateFactory(
            initiative=InitiativeFactory(entity=entity, published=True),
            approved=True,
            reason="Inside.",
            decision_note="Inside.",
            paragraph="<p>Public.</p>",
            **secret,
        )
        for query in ("", "?languages=all", "?fields=texts,reason,decision_note,edits,submitted_at"):
            assert "Inside" in staff.ask("get", UPDATES + query).content.decode()
            for client in (Client(), Program(UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER"))).client):
                assert "Inside" not in client.get(UPDATES + query).content.decode()


class TestSentences:
    def test_come_as_json_in_utf_8(self, staff, update):
        answer = staff.act(update, "submit")
        assert json.loads(answer.content.decode("utf-8"))["errors"][0]["detail"] == (
            "Write the paragraph that will be printed."
        )
