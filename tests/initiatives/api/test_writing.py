"""Writing updates by program: the rules, services and answers of the pages."""

import datetime as dt
import json
from typing import Any, ClassVar

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from initiatives.choices import DraftState, Role, UpdateKind
from initiatives.history import former_values
from initiatives.models import Draft, Entity, Indicator, Initiative, Result, ResultItem, StoredFile, Target, Update
from portal.models import User
from portal.tokens import make_token
from tests.factories import (
    YEAR_END,
    ActionLineFactory,
    BreakdownFactory,
    CategoryFactory,
    CountryFactory,
    EntityFactory,
    IndicatorFactory,
    InitiativeFactory,
    ResultFactory,
    TargetFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.api import assert_announced
from tests.support.pictures import VIENNA, office, photo

pytestmark = pytest.mark.django_db

UPDATES = "/api/v1/updates/"
DRAFTS = f"{UPDATES}drafts/"
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

    def save(self, draft: Draft, body: Any, method: str = "patch", **headers: str) -> HttpResponse:
        return self.ask(method, f"{DRAFTS}{draft.pk}/", body, **headers)

    def act(self, draft: Draft, act: str, body: Any = None) -> HttpResponse:
        return self.ask("post", f"{DRAFTS}{draft.pk}/{act}/", body)


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
def draft(entity: Entity, staff: Program) -> Draft:
    return UpdateDraftFactory(initiative=InitiativeFactory(entity=entity, published=True), holder=staff.person)


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
        begun = staff.ask("post", DRAFTS, {"initiative": initiative.slug, "period": "2021"})
        assert begun.status_code == 201
        address = begun["Location"]
        assert address == f"http://testserver{DRAFTS}{begun.json()['id']}/"
        saved = staff.ask("patch", address, DRAFT | {"edits": 0})
        assert saved.status_code == 200
        assert saved.json()["edits"] == 1
        assert saved.json()["paragraph"] == DRAFT["paragraph"]
        assert staff.ask("post", f"{address}submit/").json()["state"] == "submitted"
        returned = focal.ask("post", f"{address}return/", {"edits": 1, "note": "Say where."})
        assert (returned.json()["state"], returned.json()["decision_note"]) == ("returned", "Say where.")
        staff.ask("patch", address, {"edits": 1, "paragraph": "<p>Two centres were opened in Lima.</p>"})
        staff.ask("post", f"{address}submit/")
        approved = focal.ask("post", f"{address}approve/", {"edits": 2})
        assert approved.json()["state"] == "approved"
        assert Client().get(address).status_code == 404
        seen = Client().get(f"{UPDATES}{approved.json()['update']}/").json()
        assert seen["text"]["paragraph"] == "<p>Two centres were opened in Lima.</p>"
        assert (seen["decision_note"], seen["text"]["results"]) == (None, None)
        update = Update.objects.get()
        assert (update.author, update.decided_by) == (staff.person, focal.person)


class TestStart:
    def test_gives_the_open_one_a_second_time(self, entity, staff, focal):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2025-2026"}
        first, second = staff.ask("post", DRAFTS, body), focal.ask("post", DRAFTS, body)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json()["id"] == second.json()["id"]
        assert first["Location"] == second["Location"]
        assert (first.json()["period_start"], first.json()["period_end"]) == ("2025-01-01", "2027-01-01")

    @pytest.mark.parametrize("period", ["soon", "1999", "2100", "2025-2020", "२०२१", "20211"])
    def test_names_a_wrong_period(self, entity, staff, period):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": period}
        assert pointers(staff.ask("post", DRAFTS, body)) == ["/period"]
        assert not Draft.objects.exists()

    def test_knows_only_what_one_may_see_and_write(self, entity, staff):
        other = EntityFactory(code="OTHER")
        public, hidden = InitiativeFactory(entity=other, published=True), InitiativeFactory(entity=other)
        for slug, status in [(public.slug, 403), (hidden.slug, 404), ("nothing-like-this", 404), ("a" * 255, 404)]:
            problem(staff.ask("post", DRAFTS, {"initiative": slug, "period": "2021"}), status)

    def test_is_not_for_an_archived_or_merged_one(self, entity, staff):
        target = InitiativeFactory(entity=entity)
        for gone, says in [({"archived_at": timezone.now()}, "is archived"), ({"merged_into": target}, "was merged")]:
            initiative = InitiativeFactory(entity=entity, **gone)
            told = problem(staff.ask("post", DRAFTS, {"initiative": initiative.slug, "period": "2021"}), 409)
            assert says in told["detail"]
        assert not Draft.objects.exists()

    def test_of_an_archived_one_goes_no_further(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity)
        draft = UpdateDraftFactory(initiative=initiative, paragraph="<p>News.</p>")
        later = {"period_start": YEAR_END, "period_end": YEAR_END.replace(year=2023)}
        submitted = UpdateDraftFactory(initiative=initiative, submitted=True, paragraph="<p>News.</p>", **later)
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=timezone.now())
        handed_in = staff.ask("post", f"{DRAFTS}{draft.pk}/submit/", {})
        approved = focal.ask("post", f"{DRAFTS}{submitted.pk}/approve/", {"edits": submitted.edits})
        for answer in (handed_in, approved):
            assert "bring it back" in problem(answer, 409)["detail"]
        returned = focal.ask("post", f"{DRAFTS}{submitted.pk}/return/", {"edits": submitted.edits, "note": "Wait."})
        assert returned.status_code == 200
        assert {draft.state for draft in Draft.objects.all()} == {DraftState.DRAFT, DraftState.RETURNED}

    def test_refuses_filters(self, entity, staff):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2021"}
        told = problem(staff.ask("post", f"{DRAFTS}?entity=UNIDO", body), 400)
        assert told["errors"][0]["parameter"] == "entity"
        assert not Draft.objects.exists()

    def test_refuses_wrong_members_before_anything_is_made(self, entity, staff):
        body = {"initiative": InitiativeFactory(entity=entity).slug, "period": "2021"}
        problem(staff.ask("post", f"{DRAFTS}?fields=nothing", body), 400)
        assert not Draft.objects.exists()
        assert staff.ask("post", f"{DRAFTS}?fields=id,state", body).json().keys() == {"id", "state"}


class TestSave:
    def test_cleans_the_text_as_the_page_does(self, staff, draft):
        text = '<p onclick="x()">Good <b>news</b><script>alert(1)</script></p>'
        saved = staff.save(draft, DRAFT | {"edits": 0, "paragraph": text, "results": "One.\n\nTwo."})
        assert saved.json()["paragraph"] == "<p>Good news</p>"
        assert saved.json()["results"] == "<p>One.</p><p>Two.</p>"

    def test_keeps_what_is_not_sent_by_patch_and_empties_it_by_put(self, staff, draft):
        staff.save(draft, DRAFT | {"edits": 0, "lessons": "<p>Begin early.</p>"})
        patched = staff.save(draft, {"edits": 1, "outlook": "<p>A third one.</p>"}).json()
        assert (patched["paragraph"], patched["lessons"]) == (DRAFT["paragraph"], "<p>Begin early.</p>")
        put = staff.save(draft, DRAFT | {"edits": 2}, "put").json()
        assert (put["paragraph"], put["lessons"], put["outlook"]) == (DRAFT["paragraph"], "", "")

    def test_leaves_files_that_it_does_not_know(self, staff, draft):
        draft.content["evidence"] = [{"file": "1", "caption": "Weavers"}]
        draft.save()
        for edits, method in enumerate(["patch", "put"]):
            staff.save(draft, DRAFT | {"edits": edits, "paragraph": f"<p>{method}</p>"}, method)
            draft.refresh_from_db()
            assert (draft.edits, draft.content["evidence"][0]["caption"]) == (edits + 1, "Weavers")

    def test_needs_kind_and_language_for_a_whole_draft(self, staff, draft):
        assert pointers(staff.save(draft, {"edits": 0}, "put"), 400) == ["/kind", "/language"]

    def test_takes_which_fields_everybody_reads(self, staff, draft):
        saved = staff.save(draft, DRAFT | {"edits": 0, "public": ["results", "lessons"]})
        assert saved.json()["public"] == ["lessons", "results"]
        assert pointers(staff.save(draft, {"edits": 1, "public": ["paragraph"]}), 400)

    @pytest.mark.parametrize("wrong", [{"kind": "gossip"}, {"language": "de"}, {"paragraph": 5}, {"edits": -1}])
    def test_names_a_member_of_a_wrong_type(self, staff, draft, wrong):
        body = DRAFT | {"edits": 0} | wrong
        assert pointers(staff.save(draft, body), 400) == [f"/{next(iter(wrong))}"]
        draft.refresh_from_db()
        assert draft.edits == 0

    @pytest.mark.parametrize("edits", ["0", 0.0, True, None, 10**30, [0]])
    def test_takes_no_number_of_saves_but_a_whole_one(self, staff, draft, edits):
        answer = staff.save(draft, DRAFT | {"edits": edits})
        assert answer.status_code in ({409} if edits == 10**30 else {400})

    def test_of_a_submitted_or_approved_one_is_a_conflict(self, staff, entity):
        for state in ("submitted", "approved"):
            done = UpdateDraftFactory(
                initiative=InitiativeFactory(entity=entity, published=True), paragraph="<p>Old.</p>", **{state: True}
            )
            told = problem(staff.save(done, DRAFT | {"edits": 0}), 409)
            assert told["detail"].startswith("This draft was submitted, approved or withdrawn meanwhile")
            done.refresh_from_db()
            assert done.content["paragraph"] == "<p>Old.</p>"

    def test_keeps_long_texts_whole(self, staff, draft):
        text = f"<p>{'字' * 20_000} & < \" ' « » 👩‍🏭</p>"
        saved = staff.save(draft, DRAFT | {"edits": 0, "paragraph": text}).json()["paragraph"]
        assert saved.count("字") == 20_000
        assert saved.endswith("&amp; &lt; \" ' « » 👩‍🏭</p>")


class TestConflict:
    def test_gives_both_texts_and_changes_nothing(self, staff, focal, draft):
        focal.save(draft, DRAFT | {"edits": 0, "paragraph": "<p>Theirs.</p>"})
        told = problem(staff.save(draft, DRAFT | {"edits": 0, "paragraph": "<p>Mine.</p>"}), 409)
        assert told["theirs"]["paragraph"] == "<p>Theirs.</p>"
        assert told["theirs"]["edits"] == 1
        assert told["yours"]["paragraph"] == "<p>Mine.</p>"
        draft.refresh_from_db()
        assert draft.content["paragraph"] == "<p>Theirs.</p>"

    def test_is_none_where_two_changed_apart(self, staff, focal, draft):
        focal.save(draft, DRAFT | {"edits": 0})
        saved = staff.save(draft, {"edits": 0, "lessons": "<p>Begin early.</p>"})
        assert (saved.json()["paragraph"], saved.json()["lessons"]) == (DRAFT["paragraph"], "<p>Begin early.</p>")

    def test_is_none_where_the_same_was_sent_twice(self, staff, draft):
        for method in ("patch", "put"):
            draft.refresh_from_db()
            body = DRAFT | {"edits": draft.edits, "results": f"<p>By {method}.</p>"}
            first, second = staff.save(draft, body, method), staff.save(draft, body, method)
            assert (first.status_code, second.status_code) == (200, 200)
            assert first.json() == second.json()

    def test_is_judged_by_the_etag(self, staff, focal, draft):
        read = staff.ask("get", f"{DRAFTS}{draft.pk}/")
        saved = staff.save(draft, DRAFT, If_Match=read["ETag"])
        assert saved.status_code == 200
        assert saved["ETag"] == staff.ask("get", f"{DRAFTS}{draft.pk}/")["ETag"]
        again = staff.save(draft, {"paragraph": "<p>More.</p>"}, If_Match=saved["ETag"])
        assert again.status_code == 200
        told = problem(focal.save(draft, {"paragraph": "<p>Late.</p>"}, If_Match=saved["ETag"]), 409)
        assert told["theirs"]["paragraph"] == "<p>More.</p>"

    def test_is_judged_by_the_etag_of_the_members_asked_for(self, staff, draft):
        address = f"{DRAFTS}{draft.pk}/?fields=id,edits,paragraph"
        read = staff.ask("get", address)
        assert staff.ask("patch", address, DRAFT, If_Match=read["ETag"]).status_code == 200
        problem(staff.ask("patch", address, DRAFT | {"paragraph": "<p>B.</p>"}, If_Match=read["ETag"]), 409)

    def test_needs_both_to_be_right_where_both_are_given(self, staff, draft):
        read = staff.ask("get", f"{DRAFTS}{draft.pk}/")
        problem(staff.save(draft, DRAFT | {"edits": 5}, If_Match=read["ETag"]), 409)
        problem(staff.save(draft, DRAFT | {"edits": 0}, If_Match='"other"'), 409)

    def test_takes_any_state_for_a_star(self, staff, draft):
        assert staff.save(draft, DRAFT, If_Match="*").status_code == 200

    def test_cannot_be_judged_without_either(self, staff, draft):
        assert pointers(staff.save(draft, DRAFT), 400) == ["/edits"]

    def test_shows_a_reviewer_how_it_stands_now(self, staff, focal, draft):
        staff.save(draft, DRAFT | {"edits": 0})
        staff.act(draft, "submit")
        told = problem(focal.act(draft, "approve", {"edits": 0}), 409)
        assert told["detail"].startswith("The draft was changed after you read it.")
        assert (told["theirs"]["edits"], told["theirs"]["paragraph"]) == (1, DRAFT["paragraph"])


class TestChange:
    def test_of_an_approved_one_waits_until_it_is_approved(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity, published=True)
        update = UpdateFactory(initiative=initiative, paragraph="<p>Forty.</p>")
        begun = staff.ask("post", f"{UPDATES}{update.pk}/change/")
        assert staff.ask("post", f"{UPDATES}{update.pk}/change/").json() == begun.json()
        address, body = begun["Location"], {"edits": 0, "paragraph": "<p>Fifty.</p>"}
        assert staff.ask("post", f"{address}submit/").status_code == 422
        staff.ask("patch", address, body)
        assert pointers(staff.ask("post", f"{address}submit/")) == ["/why"]
        staff.ask("patch", address, {"edits": 1, "why": "The number was wrong."})
        assert staff.ask("post", f"{address}submit/").json()["state"] == "submitted"
        assert Client().get(f"{UPDATES}{update.pk}/").json()["text"]["paragraph"] == "<p>Forty.</p>"
        assert focal.ask("post", f"{address}approve/", {"edits": 2}).json()["update"] == update.pk
        assert Client().get(f"{UPDATES}{update.pk}/").json()["text"]["paragraph"] == "<p>Fifty.</p>"


class TestSubmit:
    def test_names_what_is_missing(self, staff, draft):
        assert pointers(staff.act(draft, "submit")) == ["/paragraph"]
        staff.save(draft, {"edits": 0, "kind": "nothing", "language": "en"})
        assert pointers(staff.act(draft, "submit")) == ["/reason"]
        draft.refresh_from_db()
        assert draft.state == DraftState.DRAFT

    def test_approves_what_is_still_true_at_once(self, staff, draft):
        UpdateFactory(
            initiative=draft.initiative,
            paragraph="<p>Before.</p>",
            period_start=dt.date(2020, 1, 1),
            period_end=dt.date(2021, 1, 1),
        )
        staff.save(draft, {"edits": 0, "kind": UpdateKind.STILL_TRUE, "language": "en"})
        assert staff.act(draft, "submit").json()["state"] == "approved"

    def test_happens_once(self, staff, draft):
        staff.save(draft, DRAFT | {"edits": 0})
        assert staff.act(draft, "submit").status_code == 200
        problem(staff.act(draft, "submit"), 409)

    def test_takes_nothing_along(self, staff, draft):
        assert pointers(staff.act(draft, "submit", DRAFT), 400) == ["/kind", "/language", "/paragraph"]


class TestDecisions:
    @pytest.fixture
    def submitted(self, entity: Entity, staff: Program) -> Draft:
        initiative = InitiativeFactory(entity=entity, published=True)
        return UpdateDraftFactory(initiative=initiative, holder=staff.person, submitted=True, paragraph="<p>News.</p>")

    def test_need_a_reason_for_what_one_wrote(self, focal, submitted):
        Draft.objects.filter(pk=submitted.pk).update(saved_by=focal.person)
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
            assert told["detail"] == "This draft does not wait for a decision any more."

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
        draft = UpdateDraftFactory(initiative=initiative, paragraph="<p>Secret.</p>", results="<p>Secret.</p>")
        approved = UpdateFactory(initiative=initiative, results="<p>Secret.</p>")
        people = [UserFactory(), UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER"))]
        people += [UserFactory(role=role) for role in (Role.DELEGATE, Role.COMMISSION, Role.ADMINISTRATOR)]
        for person in people:
            program = Program(person)
            answer = program.ask(method, f"{DRAFTS}{draft.pk}/{act}", body)
            problem(answer, 404)
            assert b"Secret" not in answer.content
            problem(program.ask("post", f"{UPDATES}{approved.pk}/change/"), 403)

    @pytest.mark.parametrize(("method", "act", "body"), ACTS)
    def test_are_asked_who_they_are(self, draft, method, act, body):
        answer = getattr(Client(), method)(f"{DRAFTS}{draft.pk}/{act}", body, content_type="application/json")
        problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(("method", "act", "body"), ACTS)
    def test_find_nothing_where_nothing_is(self, staff, method, act, body):
        for number in (0, 10**12, 10**30):
            problem(staff.ask(method, f"{DRAFTS}{number}/{act}", body), 404)

    def test_may_not_delete(self, staff, draft):
        problem(staff.ask("delete", f"{DRAFTS}{draft.pk}/"), 405)
        assert Draft.objects.filter(pk=draft.pk).exists()

    def test_read_nothing_that_is_for_the_entity_alone(self, entity, staff):
        secret = {"results": "<p>Inside.</p>", "obstacles": "<p>Inside.</p>", "lessons": "<p>Inside.</p>"}
        UpdateFactory(
            initiative=InitiativeFactory(entity=entity, published=True),
            reason="Inside.",
            decision_note="Inside.",
            paragraph="<p>Public.</p>",
            **secret,
        )
        for query in ("", "?languages=all", "?fields=texts,reason,decision_note"):
            assert "Inside" in staff.ask("get", UPDATES + query).content.decode()
            for client in (Client(), Program(UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER"))).client):
                assert "Inside" not in client.get(UPDATES + query).content.decode()


class TestSentences:
    def test_come_as_json_in_utf_8(self, staff, draft):
        answer = staff.act(draft, "submit")
        assert json.loads(answer.content.decode("utf-8"))["errors"][0]["detail"] == (
            "Write the paragraph that will be printed."
        )


class TestPassages:
    """The same rules and services; what only passages have."""

    PASSAGES = "/api/v1/passages/"
    DRAFTS = f"{PASSAGES}drafts/"
    START: ClassVar = {"entity": "UNIDO", "kind": "obstacle", "name": "2021: what hinders firms", "language": "en"}

    @pytest.fixture(autouse=True)
    def _reference(self) -> None:
        TermFactory(vocabulary__code="sdgs", code="SDG9")
        ActionLineFactory(code="C6")
        CountryFactory(iso3="SRB")

    def begun(self, staff: Program) -> str:
        answer = staff.ask("post", self.DRAFTS, self.START)
        assert answer.status_code == 201, answer.content
        return answer["Location"]

    def test_leads_from_the_start_to_approval_and_to_the_next_year(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity, published=True)
        address = self.begun(staff)
        words = {"body": "<p onclick='x()'>Few can pay.</p>", "lines": ["C6"], "countries": ["SRB"]}
        words |= {"terms": {"sdgs": ["SDG9"]}, "initiatives": [initiative.pk]}
        saved = staff.ask("patch", address, words | {"edits": 0}).json()
        assert (saved["edits"], saved["body"], saved["name"]) == (1, "<p>Few can pay.</p>", self.START["name"])
        assert {name: saved[name] for name in ("lines", "countries", "terms", "initiatives")} == {
            name: words[name] for name in ("lines", "countries", "terms", "initiatives")
        }
        assert staff.ask("post", f"{address}submit/").json()["state"] == "submitted"
        assert focal.ask("post", f"{address}return/", {"edits": 1, "note": "Say where."}).json()["state"] == "returned"
        staff.ask("post", f"{address}submit/")
        approved = focal.ask("post", f"{address}approve/", {"edits": 1}).json()
        assert (approved["state"], approved["version"]) == ("approved", 1)
        seen = Client().get(f"{self.PASSAGES}{approved['passage']}/").json()
        assert seen["text"]["body"] == "<p>Few can pay.</p>"
        assert [term["code"] for term in seen["terms"]] == ["SDG9"]
        assert seen["initiatives"] == [{"id": initiative.pk, "slug": initiative.slug}]
        carried = staff.ask("post", f"{self.PASSAGES}{approved['passage']}/carry-on/")
        again = carried.json()
        assert (again["follows"], again["body"], again["passage"]) == (approved["passage"], "<p>Few can pay.</p>", None)
        put = {"kind": "trend", "name": "Other", "language": "en", "edits": again["edits"]}
        whole = staff.ask("put", carried["Location"], put).json()
        assert (whole["body"], whole["lines"], whole["terms"], whole["initiatives"]) == ("", [], {}, [])
        assert whole["follows"] == approved["passage"]  # what it carries on, nobody sends
        changed = staff.ask("post", f"{self.PASSAGES}{approved['passage']}/change/")
        told = staff.ask("patch", changed["Location"], {"edits": 0, "body": "<p>Fewer.</p>"})
        assert told.json()["passage"] == approved["passage"]
        assert pointers(staff.ask("post", f"{changed['Location']}submit/")) == ["/why"]

    def test_gives_both_texts_of_a_conflict_and_joins_what_was_changed_apart(self, staff, focal):
        address = self.begun(staff)
        early = staff.ask("patch", address, {"edits": 7, "body": "<p>Mine.</p>"})
        assert problem(early, 409)["theirs"]["lines"] == []  # nothing was saved yet
        assert_announced(early)
        focal.ask("patch", address, {"edits": 0, "body": "<p>Theirs.</p>", "lines": ["C6"]})
        told = problem(staff.ask("patch", address, {"edits": 0, "body": "<p>Mine.</p>"}), 409)
        assert (told["theirs"]["body"], told["theirs"]["lines"]) == ("<p>Theirs.</p>", ["C6"])
        assert (told["theirs"]["terms"], told["yours"]["body"]) == ({}, "<p>Mine.</p>")
        apart = staff.ask("patch", address, {"edits": 0, "terms": {"sdgs": ["SDG9"]}}).json()
        assert (apart["body"], apart["terms"]) == ("<p>Theirs.</p>", {"sdgs": ["SDG9"]})

    def test_names_what_does_not_fit(self, entity, staff):
        other = EntityFactory(code="OTHER")
        assert pointers(staff.ask("post", self.DRAFTS, self.START | {"entity": other.code})) == ["/entity"]
        address = self.begun(staff)
        unknown = {"edits": 0, "terms": {"planets": ["MARS"]}}
        assert pointers(staff.ask("patch", address, unknown)) == ["/terms/planets"]
        hidden = InitiativeFactory(entity=other)
        wrong = {"edits": 0, "lines": ["C99"], "terms": {"sdgs": ["SDG99"]}, "initiatives": [hidden.pk]}
        assert staff.ask("patch", address, wrong).status_code == 200  # a draft may be wrong while it is written
        found = pointers(staff.ask("post", f"{address}submit/"))
        assert sorted(found) == ["/body", "/initiatives", "/lines", "/terms/sdgs"]
        pk = address.rstrip("/").rpartition("/")[2]
        problem(staff.ask("get", f"{DRAFTS}{pk}/"), 404)  # it is no update
        problem(staff.ask("patch", f"{DRAFTS}{pk}/", {"edits": 1}), 404)


class TestResults:
    """The same rules and services; what only results have."""

    RESULTS = "/api/v1/results/"
    DRAFTS = f"{RESULTS}drafts/"
    PART: ClassVar = {"part": "sex/women", "value": "5"}

    @pytest.fixture
    def indicator(self) -> Indicator:
        indicator = IndicatorFactory(code="JOBS")
        for code in ("women", "men"):
            CategoryFactory(
                breakdown=indicator.breakdowns.first() or BreakdownFactory(indicator=indicator, code="sex"), code=code
            )
        return indicator

    @pytest.fixture
    def initiative(self, entity: Entity) -> Initiative:
        initiative = InitiativeFactory(entity=entity, published=True)
        initiative.places.create(country=CountryFactory(iso3="SRB"))
        return initiative

    def begun(self, program: Program, indicator: Indicator, initiative: Initiative | None, **more: str) -> str:
        about = {"initiative": initiative.slug} if initiative else {}
        answer = program.ask("post", self.DRAFTS, {"indicator": indicator.code, "period": "2021-Q3"} | about | more)
        assert answer.status_code == 201, answer.content
        assert_announced(answer)
        return answer["Location"]

    def wrong(self, program: Program, address: str, edits: int, **said: Any) -> list[str]:
        """Return what is pointed at when a draft that says this is handed in."""
        saved = program.ask("patch", address, said | {"edits": edits})
        assert saved.status_code == 200, saved.content
        return pointers(program.ask("post", f"{address}submit/"))

    def test_leads_from_the_start_to_approval_and_to_a_correction(self, staff, focal, indicator, initiative):
        address = self.begun(staff, indicator, initiative)
        said = {
            "place": "SRB",
            "value": "1234",
            "parts": [{"part": "sex/women", "value": "1000"}, {"part": "sex/men", "value": "200"}],
            "figures_note": "34 did not say.",
            "is_provisional": True,
            "source": "Survey",
            "language": "fr",
            "narrative": "<p onclick='x()'>Des emplois.</p>",
        }
        saved = staff.ask("patch", address, said | {"edits": 0})
        assert_announced(saved)
        told = saved.json()
        assert {name: told[name] for name in said} == said | {"narrative": "<p>Des emplois.</p>"}
        assert (told["indicator"], told["period"], told["initiative_slug"]) == ("JOBS", "2021-Q3", initiative.slug)
        assert staff.ask("post", f"{address}submit/").json()["state"] == "submitted"
        assert focal.ask("post", f"{address}return/", {"edits": 1, "note": "Who?"}).json()["state"] == "returned"
        staff.ask("post", f"{address}submit/")
        approved = focal.ask("post", f"{address}approve/", {"edits": 1}).json()
        result = Result.objects.get(pk=approved["result"])
        assert (result.value, result.is_provisional, result.period_end) == (1234, True, dt.date(2021, 10, 1))
        assert (result.author, result.decided_by) == (staff.person, focal.person)
        assert {part.category.code: part.value for part in result.parts.all()} == {"women": 1000, "men": 200}
        change = staff.ask("post", f"{self.RESULTS}{result.pk}/change/")
        assert (change.status_code, change.json()["value"], change.json()["result"]) == (200, "1234", result.pk)
        address = change["Location"]
        staff.ask("patch", address, {"edits": 0, "value": "1200", "figures_note": "", "is_provisional": False})
        assert pointers(staff.ask("post", f"{address}submit/")) == ["/why"]
        staff.ask("patch", address, {"edits": 1, "why": "34 were counted twice."})
        staff.ask("post", f"{address}submit/")
        assert focal.ask("post", f"{address}approve/", {"edits": 2}).json()["version"] == 2
        result.refresh_from_db()
        assert (result.value, result.is_provisional) == (1200, False)
        former = former_values(result)
        assert [(one.result.value, one.reason) for one in former] == [(1234, "34 were counted twice.")]

    def test_take_named_items_and_what_is_so_in_a_country(self, staff, focal, initiative):
        items = self.begun(staff, IndicatorFactory(items=True), initiative)
        named = [{"name": "Digital twin", "adoptions": 3}, {"name": "Cobot"}]
        told = staff.ask("patch", items, {"edits": 0, "place": "SRB", "items": named}).json()
        assert told["items"] == [named[0], {"name": "Cobot", "adoptions": None}]
        yes = self.begun(staff, IndicatorFactory(yes=True), initiative)
        told = staff.ask("patch", yes, {"edits": 0, "place": "SRB", "yes": True, "source": "Decree 5"}).json()
        assert told["yes"] is True
        for address in (items, yes):
            assert staff.ask("post", f"{address}submit/").status_code == 200
            focal.ask("post", f"{address}approve/", {"edits": 1})
        assert set(ResultItem.objects.values_list("item__name", "adoptions")) == {("Digital twin", 3), ("Cobot", 1)}
        assert Result.objects.filter(yes=True).count() == 1
        no = staff.ask("patch", self.begun(staff, IndicatorFactory(yes=True), initiative), {"edits": 0, "yes": False})
        assert no.json()["yes"] is False

    def test_are_reported_by_the_entity_itself(self, entity, staff, indicator):
        address = self.begun(staff, indicator, None)
        assert (Draft.objects.get().entity, Draft.objects.get().initiative) == (entity, None)
        assert self.wrong(staff, address, 0, place="not-split", value="5") == ["/source"]
        staff.ask("patch", address, {"edits": 1, "source": "Annual survey"})
        assert staff.ask("post", f"{address}submit/").status_code == 200

    def test_empty_by_put_what_is_left_out(self, staff, indicator, initiative):
        address = self.begun(staff, indicator, initiative)
        staff.ask("patch", address, {"edits": 0, "value": "5", "parts": [{"part": "sex/women", "value": "5"}]})
        whole = {"edits": 1, "place": "SRB", "period": "2021", "language": "en"}
        told = staff.ask("put", address, whole).json()
        assert (told["value"], told["parts"], told["indicator"], told["period"]) == ("", [], "JOBS", "2021")

    def test_give_both_of_a_conflict(self, staff, focal, indicator, initiative):
        address = self.begun(staff, indicator, initiative)
        focal.ask("patch", address, {"edits": 0, "value": "5", "yes": None})
        late = staff.ask("patch", address, {"edits": 0, "value": "6"})
        told = problem(late, 409)
        assert_announced(late)
        assert (told["theirs"]["value"], told["yours"]["value"]) == ("5", "6")

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"value": "many"}, "/value"),
            ({"value": "1e400"}, "/value"),
            ({"value": "9" * 30}, "/value"),
            ({"value": "-1"}, "/value"),
            ({"value": "1.5"}, "/value"),
            ({"value": ""}, "/value"),
            ({"value": "5", "no_value": "not_yet"}, "/value"),
            ({"value": "5", "yes": True}, "/yes"),
            ({"value": "5", "items": [{"name": "Cobot"}]}, "/items"),
            ({"value": "5", "items": [{"name": "Cobot"}, {"adoptions": 3}]}, "/items/1/name"),
            ({"value": "5", "items": [{"name": "Cobot"}, {"name": "COBOT"}]}, "/items/1/name"),
            ({"value": "5", "parts": [PART | {"value": "3"}]}, "/parts"),
            ({"value": "5", "parts": [PART | {"value": "x"}]}, "/parts/0/value"),
            ({"value": "5", "parts": [PART | {"value": ""}, {"part": "age/old", "value": "5"}]}, "/parts/1/part"),
            ({"value": "5", "parts": [PART, PART]}, "/parts/1/part"),
            ({"value": "5", "parts": [PART | {"value": "6"}, {"part": "sex/men", "value": "-1"}]}, "/parts"),
            ({"value": "5", "category": "created"}, "/category"),
            ({"value": "5", "place": ""}, "/place"),
            ({"value": "5", "place": "XXX"}, "/place"),
            ({"value": "5", "place": "ZMB"}, "/place"),
            ({"value": "5", "period": "soon"}, "/period"),
            ({"value": "5", "period": "1990"}, "/period"),
            ({"value": "5", "unit": "furlong"}, "/unit"),
        ],
    )
    def test_name_what_does_not_fit_when_they_are_handed_in(self, staff, indicator, initiative, said, pointer):
        CountryFactory(iso3="ZMB")
        found = self.wrong(staff, self.begun(staff, indicator, initiative), 0, **{"place": "SRB"} | said)
        assert set(found) == {pointer}

    def test_name_what_the_indicator_does_not_take(self, staff, initiative):
        share = IndicatorFactory(cumulative=True, value_kind="share", across_places="none")
        pending, yes = IndicatorFactory(pending=True), IndicatorFactory(yes=True)
        retired = IndicatorFactory(retired_on=dt.date(2021, 10, 1))
        for indicator, said, pointer in [
            (share, {"value": "101"}, "/value"),
            (pending, {"value": "5"}, "/unit"),
            (yes, {"value": "3"}, "/value"),
            (yes, {"yes": True}, "/source"),
            (retired, {"value": "5", "period": "2021"}, "/period"),
        ]:
            address = self.begun(staff, indicator, initiative)
            assert pointer in self.wrong(staff, address, 0, **{"place": "SRB"} | said)

    def test_name_a_second_one_of_the_place_and_days(self, staff, indicator, initiative):
        country = initiative.places.get().country
        there = ResultFactory(initiative=initiative, indicator=indicator, country=country)
        address = self.begun(staff, indicator, initiative)
        staff.ask("patch", address, {"edits": 0, "place": "SRB", "value": "5"})
        told = problem(staff.ask("post", f"{address}submit/"), 422)
        assert {error["pointer"] for error in told["errors"]} == {"/period"}
        assert there.get_absolute_url() in " ".join(error["detail"] for error in told["errors"])

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"value": 5}, "/value"),
            ({"value": None}, "/value"),
            ({"yes": "yes"}, "/yes"),
            ({"yes": 1}, "/yes"),
            ({"is_provisional": None}, "/is_provisional"),
            ({"no_value": "lazy"}, "/no_value"),
            ({"items": [{"name": "A", "adoptions": 0}]}, "/items/0/adoptions"),
            ({"items": "Cobot"}, "/items"),
            ({"items": ["Cobot"]}, "/items/0"),
            ({"parts": [{"part": "sex/women", "value": 5}]}, "/parts/0/value"),
            ({"parts": [{"part": "sex/women", "worth": "5"}]}, "/parts/0/worth"),
            ({"indicator": "OTHER"}, "/indicator"),
        ],
    )
    def test_name_a_member_of_a_wrong_type(self, staff, indicator, initiative, said, pointer):
        address = self.begun(staff, indicator, initiative)
        found = pointers(staff.ask("patch", address, said | {"edits": 0}), 400)
        assert pointer in found
        assert Draft.objects.get().edits == 0

    def test_begin_with_what_there_is_and_one_may_write(self, entity, staff, indicator, initiative):
        other = EntityFactory(code="OTHER")
        public, hidden = InitiativeFactory(entity=other, published=True), InitiativeFactory(entity=other)
        archived = InitiativeFactory(entity=entity, archived_at=timezone.now())
        start = {"indicator": "JOBS", "period": "2021"}
        for slug, status in [(public.slug, 403), (hidden.slug, 404), ("nothing-like-this", 404), (archived.slug, 409)]:
            problem(staff.ask("post", self.DRAFTS, start | {"initiative": slug}), status)
        problem(Program(UserFactory(role=Role.DELEGATE)).ask("post", self.DRAFTS, start), 403)
        retired = IndicatorFactory(retired_on=dt.date(2020, 1, 1))
        for wrong, pointer in [
            ({"indicator": "NONE-1"}, "/indicator"),
            ({"indicator": retired.code}, "/period"),
            ({"period": "soon"}, "/period"),
            ({"period": "1990"}, "/period"),
            ({"entity": "OTHER"}, "/entity"),
        ]:
            assert pointers(staff.ask("post", self.DRAFTS, start | wrong)) == [pointer]
        assert not Draft.objects.exists()

    def test_of_an_entity_stay_its_own(self, staff, indicator, initiative):
        result = ResultFactory(initiative=initiative, indicator=indicator)
        address = self.begun(staff, indicator, initiative)
        outsider = Program(UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER")))
        problem(outsider.ask("get", address), 404)
        problem(outsider.ask("patch", address, {"edits": 0, "value": "6"}), 404)
        problem(outsider.ask("post", f"{self.RESULTS}{result.pk}/change/"), 403)
        pk = address.rstrip("/").rpartition("/")[2]
        problem(staff.ask("get", f"{DRAFTS}{pk}/"), 404)  # it is no update


class TestTargets:
    """The same rules and services; what only baselines and targets have."""

    DRAFTS = "/api/v1/targets/drafts/"

    @pytest.fixture
    def indicator(self, entity: Entity) -> Indicator:
        return IndicatorFactory(code="JOBS", workplan__entity=entity)

    @pytest.fixture
    def secretariat(self, entity: Entity) -> Program:
        return Program(UserFactory(role=Role.SECRETARIAT, entity=entity))

    def begun(self, program: Program, indicator: Indicator) -> str:
        answer = program.ask("post", self.DRAFTS, {"indicator": indicator.code})
        assert answer.status_code == 201, answer.content
        assert_announced(answer)
        return answer["Location"]

    def test_lead_from_the_start_to_a_row_that_is_added(self, secretariat, focal, indicator):
        before = TargetFactory(indicator=indicator, year=2027, value=30)
        address = self.begun(secretariat, indicator)
        said = {"kind": "target", "year": 2027, "value": "40.0", "takes_back": False, "reason": "Agreed."}
        saved = secretariat.ask("patch", address, said | {"edits": 0})
        assert_announced(saved)
        assert {name: saved.json()[name] for name in said} == said
        assert saved.json()["indicator"] == "JOBS"
        assert secretariat.ask("post", f"{address}submit/").json()["state"] == "submitted"
        assert focal.ask("post", f"{address}return/", {"edits": 1, "note": "Since when?"}).json()["state"] == "returned"
        secretariat.ask("post", f"{address}submit/")
        assert focal.ask("post", f"{address}approve/", {"edits": 1}).json()["state"] == "approved"
        added = Target.objects.latest("pk")
        assert (added.value, added.reason, added.set_by) == (40, "Agreed.", secretariat.person)
        assert list(Target.objects.in_force()) == [added]
        assert Target.objects.filter(pk=before.pk, value=30).exists()

        address = self.begun(secretariat, indicator)
        secretariat.ask("patch", address, {"edits": 0, "year": 2027, "takes_back": True, "reason": "Too soon."})
        secretariat.ask("post", f"{address}submit/")
        focal.ask("post", f"{address}approve/", {"edits": 1})
        assert not Target.objects.in_force().exists()

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"reason": ""}, "/reason"),
            ({"value": "many"}, "/value"),
            ({"value": "1e400"}, "/value"),
            ({"value": "-1"}, "/value"),
            ({"value": "1.5"}, "/value"),
            ({"value": ""}, "/value"),
            ({"value": "5", "takes_back": True}, "/value"),
            ({"value": "", "takes_back": True}, "/takes_back"),
            ({"year": None}, "/year"),
            ({"category": "women"}, "/category"),
        ],
    )
    def test_say_where_something_does_not_fit(self, secretariat, indicator, said, pointer):
        address = self.begun(secretariat, indicator)
        fits = {"edits": 0, "year": 2027, "value": "40", "reason": "Agreed."}
        assert secretariat.ask("patch", address, fits | said).status_code == 200
        assert pointers(secretariat.ask("post", f"{address}submit/")) == [pointer]
        assert not Target.objects.exists()

    @pytest.mark.parametrize("said", [{"year": "soon"}, {"year": 1800}, {"kind": "hope"}, {"takes_back": "perhaps"}])
    def test_refuse_what_is_of_a_wrong_type(self, secretariat, indicator, said):
        address = self.begun(secretariat, indicator)
        answer = secretariat.ask("patch", address, said | {"edits": 0})
        assert pointers(answer, 400) == [f"/{next(iter(said))}"]
        assert Draft.objects.get().edits == 0

    def test_give_both_of_a_conflict(self, entity, secretariat, indicator):
        address = self.begun(secretariat, indicator)
        colleague = Program(UserFactory(role=Role.SECRETARIAT, entity=entity))
        colleague.ask("patch", address, {"edits": 0, "value": "5"})
        late = secretariat.ask("patch", address, {"edits": 0, "value": "6"})
        told = problem(late, 409)
        assert_announced(late)
        assert (told["theirs"]["value"], told["yours"]["value"]) == ("5", "6")

    def test_are_written_by_the_secretariat_of_the_owner_alone(self, staff, focal, secretariat, indicator):
        for program in (staff, focal):
            problem(program.ask("post", self.DRAFTS, {"indicator": "JOBS"}), 403)
        problem(secretariat.ask("post", self.DRAFTS, {"indicator": IndicatorFactory().code}), 403)
        problem(secretariat.ask("post", self.DRAFTS, {"indicator": "NONE-1"}), 404)
        address = self.begun(secretariat, indicator)
        problem(staff.ask("patch", address, {"edits": 0, "value": "5"}), 403)
        outsider = Program(UserFactory(role=Role.SECRETARIAT, entity=EntityFactory(code="OTHER")))
        problem(outsider.ask("get", address), 404)
        pk = address.rstrip("/").rpartition("/")[2]
        problem(secretariat.ask("get", f"{DRAFTS}{pk}/"), 404)  # it is no update


class TestEvidence:
    """Photographs and documents: sent for a draft, named in it, and with what it becomes once it is approved."""

    SAID: ClassVar = {"caption": "A course", "alternative_text": "Ten people", "rights_holder": "UNIDO", "public": True}

    def send(self, program: Program, address: str, content: bytes, name: str = "photo.jpg", **options: Any) -> Any:
        sent = {"content_type": "application/octet-stream", "query_params": {"name": name}} | options
        return program.client.post(f"{address}files/", content, **sent)

    def sent(self, program: Program, address: str, content: bytes) -> dict[str, Any]:
        answer = self.send(program, address, content)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def test_of_an_update_is_read_with_it(self, draft, staff, focal):
        address = f"{DRAFTS}{draft.pk}/"
        file = self.sent(staff, address, photo(60, 30))
        assert (file["name"], file["type"], file["width"], file["height"]) == ("photo.jpg", "jpeg", 60, 30)
        assert VIENNA not in staff.client.get(file["address"]).getvalue()
        told = [self.SAID | {"file": file["id"]}]
        assert staff.save(draft, DRAFT | {"edits": 0, "evidence": told}).json()["evidence"] == told
        whole = staff.save(draft, DRAFT | {"edits": 1}, "put")
        assert whole.json()["evidence"] == told  # left out it stays
        staff.act(draft, "submit")
        assert Client().get(file["address"]).status_code == 404
        update = focal.act(draft, "approve", {"edits": whole.json()["edits"]}).json()["update"]
        (seen,) = Update.objects.get(pk=update).evidence.all()
        assert (seen.caption, seen.is_public, seen.file_id) == ("A course", True, file["id"])
        assert Client().get(file["address"]).status_code == 200

    def test_of_a_result_is_read_with_it_and_taken_out_again(self, entity, staff, focal):
        initiative = InitiativeFactory(entity=entity, published=True)
        start = {"initiative": initiative.slug, "period": "2025", "indicator": IndicatorFactory().code}
        address = staff.ask("post", "/api/v1/results/drafts/", start)["Location"]
        files = [self.sent(staff, address, content)["id"] for content in (photo(), office())]
        words = {"place": "not-split", "value": "7", "language": "en", "edits": 0}
        told = [self.SAID | {"file": file} for file in files]
        assert staff.ask("patch", address, words | {"evidence": told}).status_code == 200
        fewer = staff.ask("patch", address, {"edits": 1, "evidence": told[:1]})
        assert [row["file"] for row in fewer.json()["evidence"]] == files[:1]
        staff.ask("post", f"{address}submit/")
        result = focal.ask("post", f"{address}approve/", {"edits": 2}).json()["result"]
        (seen,) = Client().get(f"/api/v1/results/{result}/?fields=evidence").json()["evidence"]
        assert (seen["caption"], seen["type"], seen["is_public"]) == ("A course", "jpeg", True)

    def test_is_the_same_file_a_second_time(self, draft, staff):
        address = f"{DRAFTS}{draft.pk}/"
        assert self.sent(staff, address, photo())["id"] == self.sent(staff, address, photo())["id"]

    @pytest.mark.parametrize(
        ("content", "name", "options", "status"),
        [
            (b"MZ no picture", "photo.jpg", {}, 422),
            (b"", "photo.jpg", {}, 422),
            (b"\xff\xd8\xff\xe0 cut short", "photo.jpg", {}, 422),
            (b"any", " ", {}, 400),
            (b"any", "photo.jpg", {"query_params": {}}, 400),
            (b"any", "photo.jpg", {"query_params": {"name": "a", "fields": "nothing"}}, 400),
            (b"any", "photo.jpg", {"content_type": "image/jpeg"}, 415),
            (b"{}", "photo.jpg", {"content_type": "application/json"}, 415),
        ],
        ids=["unknown", "empty", "damaged", "no name", "nameless", "no such member", "of a type", "JSON"],
    )
    def test_refuses_in_words_what_is_no_file_to_keep(self, draft, staff, content, name, options, status):
        problem(self.send(staff, f"{DRAFTS}{draft.pk}/", content, name, **options), status)
        assert not StoredFile.objects.exists()

    def test_refuses_a_file_that_is_too_large(self, draft, staff, settings):
        settings.EVIDENCE_FILE_MEGABYTES = 1
        large = b"\xff\xd8\xff" + bytes(1024 * 1024)
        problem(self.send(staff, f"{DRAFTS}{draft.pk}/", large), 413)

    def test_takes_a_file_that_is_larger_than_any_other_body(self, draft, staff, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        assert self.sent(staff, f"{DRAFTS}{draft.pk}/", photo())["size"] > 100

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"file": 0}, "/evidence/0/file"),
            ({"public": "yes"}, "/evidence/0/public"),
            ({"by": "me"}, "/evidence/0/by"),
        ],
    )
    def test_names_the_member_of_a_row_that_is_wrong(self, draft, staff, change, place):
        row = self.SAID | {"file": 1} | change
        assert pointers(staff.save(draft, {"edits": 0, "evidence": [row]}), 400) == [place]

    def test_is_told_as_it_was_sent_where_somebody_saved_meanwhile(self, draft, staff):
        staff.save(draft, DRAFT | {"edits": 0, "evidence": [{"file": 1, "caption": "A course"}]})
        late = staff.save(draft, DRAFT | {"edits": 0, "paragraph": "<p>Mine.</p>", "evidence": [{"file": 2}]})
        both = problem(late, 409)
        assert both["yours"]["evidence"] == [{"file": 2}]
        assert [row["caption"] for row in both["theirs"]["evidence"]] == ["A course"]
        assert_announced(late)

    def test_of_another_entity_or_without_its_words_is_not_handed_in(self, draft, staff):
        other = Program(UserFactory(role=Role.STAFF, entity=EntityFactory(code="OTHER")))
        foreign = UpdateDraftFactory(
            initiative=InitiativeFactory(entity=other.person.memberships.get().entity), holder=other.person
        )
        theirs = self.sent(other, f"{DRAFTS}{foreign.pk}/", photo())["id"]
        own = self.sent(staff, f"{DRAFTS}{draft.pk}/", photo())["id"]
        for edits, row in enumerate([self.SAID | {"file": theirs}, {"file": own, "public": True}]):
            staff.save(draft, DRAFT | {"edits": edits, "evidence": [row]})
            assert pointers(staff.act(draft, "submit")) == ["/evidence"]
        assert draft.state == DraftState.DRAFT
