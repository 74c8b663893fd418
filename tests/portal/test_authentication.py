"""Calling the API with a token: who that is, what it may, and how it is refused."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from initiatives.choices import Role
from portal.common.api.bodies import DEEPEST, LARGEST
from portal.models import ApiToken, User
from portal.tokens import make_token, revoke_token
from tests.factories import EntityFactory, InitiativeFactory, UpdateDraftFactory, UpdateFactory, UserFactory

pytestmark = pytest.mark.django_db

UPDATES = "/api/v1/updates/"
DRAFTS = "/api/v1/updates/drafts/"


@pytest.fixture
def staff() -> User:
    return UserFactory(role=Role.STAFF, entity=EntityFactory(code="UNIDO"))


def token_for(person: User, *scopes: str, now: dt.datetime | None = None) -> tuple[ApiToken, str]:
    moment = now or timezone.now()
    ends = moment + dt.timedelta(days=30)
    return make_token(user=person, name="A program", scopes=scopes or ["read"], expires_at=ends, now=moment)


def asked(secret: str, method: str = "get", path: str = UPDATES, scheme: str = "Bearer", **request):
    return getattr(Client(), method)(path, headers={"Authorization": f"{scheme} {secret}"}, **request)


class TestToken:
    def test_reads_what_its_person_may_see(self, staff):
        draft = UpdateFactory(initiative__entity=EntityFactory(code="UNIDO"))
        _token, secret = token_for(staff)
        assert [row["id"] for row in asked(secret).json()["results"]] == [draft.pk]
        assert Client().get(UPDATES).json()["results"] == []

    def test_takes_the_scheme_in_any_case(self, staff):
        assert asked(token_for(staff)[1], scheme="bearer").status_code == 200

    def test_is_who_asks_even_where_somebody_else_is_signed_in(self, staff):
        UpdateFactory(initiative__entity=EntityFactory(code="UNIDO"))
        _token, secret = token_for(UserFactory())
        client = Client()
        client.force_login(staff)
        assert client.get(UPDATES, headers={"Authorization": f"Bearer {secret}"}).json()["results"] == []

    def test_is_refused_with_a_reason(self, staff):
        past = timezone.now() - dt.timedelta(days=60)
        _ended, ended = token_for(staff, now=past)
        revoked_token, revoked = token_for(staff)
        revoke_token(token=revoked_token, now=timezone.now())
        gone = UserFactory()
        _token, of_gone = token_for(gone)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        wanted = {
            ended: "This token has ended.",
            revoked: "This token was revoked.",
            of_gone: "The account of this token was ended.",
            "portal_" + "x" * 43: "No token is like this.",
            "": "No token is like this.",
            "é" * 5000: "No token is like this.",
        }
        for secret, sentence in wanted.items():
            answer = asked(secret)
            assert answer.status_code == 401, sentence
            assert answer["Content-Type"] == "application/problem+json"
            assert answer["WWW-Authenticate"] == "Bearer"
            assert answer.json()["detail"].startswith(sentence)

    def test_says_how_to_write_the_header(self, staff):
        _token, secret = token_for(staff)
        for scheme in ("Token", ""):
            answer = asked(secret, scheme=scheme)
            assert answer.status_code == 401
            assert answer.json()["detail"] == "Write “Bearer” and a blank before the token."

    def test_leaves_other_schemes_to_others(self):
        assert asked("dXNlcjpwYXNz", scheme="Basic").status_code == 200

    @pytest.mark.parametrize("name", ["token", "access_token", "q"])
    def test_is_refused_in_an_address(self, staff, name):
        token, secret = token_for(staff)
        answer = Client().get(UPDATES, {name: secret})
        assert answer.status_code == 400
        assert "never in an address" in answer.json()["detail"]
        token.refresh_from_db()
        assert token.last_used_at is None

    def test_speaks_the_language_that_is_asked_for(self, staff):
        answer = Client().get(UPDATES, headers={"Authorization": "Bearer x", "Accept-Language": "fr"})
        assert answer.status_code == 401


class TestScopes:
    def test_are_named_where_they_lack(self, staff):
        _token, secret = token_for(staff, "decide")
        answer = asked(secret)
        assert answer.status_code == 403
        assert (
            answer.json()["detail"] == "This token lacks the scope “read”. Make one that has it on your account page."
        )
        assert answer["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="read"'

    @pytest.mark.parametrize(
        ("act", "scope"), [("", "write"), ("submit/", "write"), ("approve/", "decide"), ("return/", "decide")]
    )
    def test_are_asked_for_by_every_act(self, staff, act, scope):
        draft = UpdateDraftFactory(initiative__entity=EntityFactory(code="UNIDO"))
        others = {"read", "write", "decide"} - {scope}
        _token, secret = token_for(staff, *others)
        method = "post" if act else "patch"
        answer = asked(secret, method, f"{DRAFTS}{draft.pk}/{act}", data={}, content_type="application/json")
        assert answer.status_code == 403
        assert f"“{scope}”" in answer.json()["detail"]

    def test_do_not_bind_pages(self, staff):
        client = Client()
        client.force_login(staff)
        assert client.get(UPDATES).status_code == 200


class TestSession:
    def test_has_to_send_the_token_of_forms(self, staff):
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff)
        initiative = InitiativeFactory(entity=EntityFactory(code="UNIDO"))
        body = {"initiative": initiative.slug, "period": "2021"}
        assert client.post(DRAFTS, body, content_type="application/json").status_code == 403
        client.get("/desk/")
        headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
        assert client.post(DRAFTS, body, content_type="application/json", headers=headers).status_code == 201

    def test_is_not_needed_with_a_token(self, staff):
        _token, secret = token_for(staff, "write")
        initiative = InitiativeFactory(entity=EntityFactory(code="UNIDO"))
        answer = Client(enforce_csrf_checks=True).post(
            DRAFTS,
            {"initiative": initiative.slug, "period": "2021"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == 201


class TestHistory:
    def test_names_the_person_and_the_token(self, staff):
        token, secret = token_for(staff, "write")
        initiative = InitiativeFactory(entity=EntityFactory(code="UNIDO"))
        body = {"initiative": initiative.slug, "period": "2021"}
        made = asked(secret, "post", DRAFTS, data=body, content_type="application/json")
        event = initiative.drafts.get().events.select_related("pgh_context").get()
        assert event.pgh_context.metadata == {"user": staff.pk, "token": token.pk, "url": DRAFTS}
        assert made.status_code == 201


class TestBodies:
    @pytest.fixture
    def send(self, staff):
        _token, secret = token_for(staff, "write")

        def post(data: bytes | str, content_type: str = "application/json"):
            return asked(secret, "post", DRAFTS, data=data, content_type=content_type)

        return post

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b"null",
            b"5",
            b'"text"',
            b'{"initiative": NaN}',
            b'{"initiative": "a\\u0000b", "period": "2021"}',
            b'{"initiative": "\\ud800", "period": "2021"}',
            b'{"initiative\\u0000": "a"}',
            b"[" * 100_000,
            b'{"initiative": ' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}",
            b'{"period": ' + b"9" * 5000 + b"}",
        ],
    )
    def test_that_are_no_json_object_are_refused(self, send, body):
        answer = send(body)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]

    @pytest.mark.parametrize(
        ("body", "pointers"),
        [
            ({}, ["/initiative", "/period"]),
            ({"initiative": 5, "period": 2021}, ["/initiative", "/period"]),
            ({"initiative": ["a"], "period": {"a": 1}}, ["/initiative", "/period"]),
            ({"initiative": None, "period": True}, ["/initiative", "/period"]),
            ({"initiative": "a", "period": "2021", "periode": "2021"}, ["/periode"]),
            ({"initiative": "a", "period": ""}, ["/period"]),
        ],
    )
    def test_are_told_which_member_is_wrong(self, send, body, pointers):
        answer = send(json.dumps(body))
        assert answer.status_code == 400
        assert [error["pointer"] for error in answer.json()["errors"]] == pointers

    def test_that_are_too_large_are_not_read(self, send):
        whole = b'{"period": "' + b"2" * (LARGEST - 14) + b'"}'
        assert len(whole) == LARGEST
        assert send(whole).status_code == 400
        answer = send(whole + b" ")
        assert answer.status_code == 413
        assert "1000000 bytes" in answer.json()["detail"]

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_of_another_type_are_refused(self, send, content_type):
        answer = send(b"initiative=a", content_type)
        assert answer.status_code == 415
        assert answer["Content-Type"] == "application/problem+json"
