"""Calls to the API that are wrong in every way that somebody thought of: refused with a sentence, never a 500."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Draft
from portal.common.api.schema import schema
from portal.models import User
from portal.tokens import make_token
from tests.factories import EntityFactory, InitiativeFactory, UpdateDraftFactory, UserFactory
from tests.test_matrix import patterns

pytestmark = pytest.mark.django_db


def addresses_with_a_word(route: str) -> list[str]:
    """Return an address for each part of a route that takes words, that part as `{}` and the others as `1` or `x`."""
    plain = route.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")
    parts = re.split(r"(<[^>]+>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\))", plain)
    words = [place for place, part in enumerate(parts) if part[:1] in "<(" and part and not part.startswith("<int:")]
    filled = [("1" if part.startswith("<int:") else "x" if part[:1] in ("<", "(") else part) for part in parts]
    return ["/" + "".join("{}" if at == place else part for at, part in enumerate(filled)) for place in words]


LISTS = [path for path, methods in schema()["paths"].items() if "cursor" in str(methods.get("get")) and "{" not in path]
RECORDS = [path for path in schema()["paths"] if path.count("{") == 1 and path.endswith("}/")]

VISITOR = Client()  # one for all calls: each new one would set all middleware up again

#: Every address with a word in its path, and the word as `{}`.
WORDS_IN_PATHS = sorted(
    {address for route, _pattern in patterns(get_resolver()) for address in addresses_with_a_word(route)}
)

SHAPING = ["order", "fields", "omit", "languages", "count"]
SEARCHED_WITH_ALL = {"/api/v1/initiatives/", "/api/v1/entities/", "/api/v1/search/"}
HUGE = "a" * 1_000_000
ODD = [
    "' OR '1'='1",
    "1; DROP TABLE initiatives_update; --",
    '" UNION SELECT password FROM portal_user --',
    "(((((a+)+)+)+)+)+$",
    "[",
    "(?P<x>",
    "\\",
    "%",
    "_",
    "%%%",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "\0",
    "a\0b",
    "\ufeff",
    "\u202e",
    "👩‍🏭",
    "ø̈" * 500,
    "&&&|||!!!",
    ":*",
    "<->",
    "''",
    "!",
    "(",
    "a & ",
    "-1",
    "NaN",
    "999999999999999999999999999999",
    "1e400",
    "0x10",
    "٣",
    "null",
    "[]",
    "true",
    "../../etc/passwd",
    "%00",
    "%ff",
]


@pytest.fixture(autouse=True)
def _as_often_as_one_likes(settings):
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "")


@pytest.fixture
def staff() -> User:
    return UserFactory(role=Role.STAFF, entity=EntityFactory(code="UNIDO"))


def refused(answer: HttpResponse, *statuses: int) -> None:
    assert answer.status_code in statuses, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["detail"]
    assert "Traceback" not in str(told)


def answered(answer: HttpResponse) -> None:
    """Either way is right for words that may be meant as they are, but for an error of the portal."""
    if answer.status_code != 200:
        refused(answer, 400, 404)


def test_there_are_lists_and_records_to_ask():
    assert len(LISTS) >= 10
    assert len(RECORDS) >= 8


@pytest.mark.parametrize("path", LISTS)
class TestLists:
    def test_refuse_a_parameter_that_they_do_not_know(self, path):
        for name in ["nothing", "q[]", "page", "select", "__class__", "id__gt", "\0", "", HUGE[:5000]]:
            refused(VISITOR.get(path, {name: "1"}), 400)

    def test_refuse_a_foreign_cursor(self, path):
        for cursor in ["", "x", "1", "9" * 40, "WyJhIiwxLGZhbHNlXQ:1abcde:xxxx", "\0", "é", "a:b:c:d", HUGE]:
            refused(VISITOR.get(path, {"cursor": cursor}), 400)

    def test_refuse_a_wrong_size_of_pages(self, path):
        for limit in ["0", "-1", "501", "9" * 30, "1.5", "1e2", "", "ten", "٣", "0x10", "\0", HUGE]:
            refused(VISITOR.get(path, {"limit": limit}), 400)

    def test_refuse_odd_values_of_what_shapes_them(self, path):
        for place, name in enumerate(SHAPING):
            for value in [*ODD[place::8], "password", HUGE]:
                refused(VISITOR.get(path, {name: value}), 400)

    def test_bear_odd_words_in_every_filter(self, path):
        """Every filter bears some of them, and words that are searched bear all, in one list of each way to search."""
        known = {parameter["name"] for parameter in schema()["paths"][path]["get"]["parameters"]}
        for place, name in enumerate(sorted(known - {"cursor", "limit", *SHAPING})):
            searched = [*(ODD if path in SEARCHED_WITH_ALL else ODD[len(path) % 4 :: 4]), HUGE]
            for value in searched if name == "q" else ODD[place % 12 :: 12]:
                answered(VISITOR.get(path, {name: value}))

    def test_bear_odd_headers(self, path):
        usual = VISITOR.get(path).status_code  # a search without words is refused
        sendable = [odd for odd in ODD if "\0" not in odd]
        for place, header in enumerate(("Accept", "Accept-Language", "If-None-Match", "Cookie")):
            for value in [*sendable[place::12], HUGE[:10_000]]:
                assert VISITOR.get(path, headers={header: value.encode().decode("latin-1")}).status_code == usual


@pytest.mark.parametrize("path", RECORDS)
def test_odd_addresses_of_records_lead_nowhere(path):
    address = path.partition("{")[0]
    for value in [
        "0",
        "-1",
        "9" * 30,
        "nothing",
        "a%00b",
        "%ff",
        "%27%20OR%201=1",
        "..%2f..%2f",
        "%F0%9F%91%A9",
        "x" * 5000,
    ]:
        refused(VISITOR.get(f"{address}{value}/"), 404, 400)


def test_words_are_found_in_paths():
    assert len(WORDS_IN_PATHS) >= 40
    assert {"/submissions/{}/x/", "/submissions/x/{}/", "/api/v1/initiatives/{}/"} <= set(WORDS_IN_PATHS)


@pytest.mark.parametrize("role", ["visitor", "staff", "administrator"])
def test_a_null_character_in_a_path_leads_nowhere(role, staff):
    client = VISITOR
    if role != "visitor":
        client = Client()
        client.force_login(staff if role == "staff" else UserFactory(is_staff=True, is_superuser=True))
    for address in WORDS_IN_PATHS:
        for word in ("%00", "a%00b"):
            for answer in (client.get(address.format(word)), client.post(address.format(word), {})):
                told = (address, answer.status_code)
                if answer.status_code == 200:  # a page that says that the link is no good
                    assert address.startswith("/accounts/password/reset/key/"), told
                elif answer.status_code == 302:  # to sign in first, or back from what is not there
                    assert "/accounts/login/" in answer["Location"] or "/admin/" in answer["Location"], told
                else:
                    assert answer.status_code in (403, 404, 405), told


class TestTokens:
    def test_that_ended_open_nothing(self, staff):
        past = timezone.now() - dt.timedelta(days=60)
        ends = past + dt.timedelta(days=1)
        _token, secret = make_token(user=staff, name="Old", scopes=["read", "write"], expires_at=ends, now=past)
        for path in LISTS:
            refused(VISITOR.get(path, headers={"Authorization": f"Bearer {secret}"}), 401)
        answer = VISITOR.post("/api/v1/updates/", {}, "application/json", headers={"Authorization": f"Bearer {secret}"})
        refused(answer, 401)

    @pytest.mark.parametrize("value", ["", " ", "\t", "Bearer", "Bearer  ", "é", "a b c", "portal_" * 1000, "\x7f"])
    def test_of_odd_form_are_refused_or_passed_over(self, value):
        answer = VISITOR.get("/api/v1/entities/", headers={"Authorization": f"Bearer {value}"})
        refused(answer, 401)


class TestWriting:
    def test_bears_odd_texts_and_keeps_them_clean(self, staff):
        update = UpdateDraftFactory(initiative=InitiativeFactory(entity=EntityFactory(code="UNIDO")), holder=staff)
        client = Client()
        client.force_login(staff)
        address = f"/api/v1/updates/drafts/{update.pk}/"
        kept = [odd for odd in ODD if "\0" not in odd]
        several = [" ".join(kept[place::6]) for place in range(6)]
        long = ["<" * 5000, "<p>" * 2000, "<table>" * 500, "&" * 5000]
        for odd in [*several, *long, "\0", "a\0b", "<a href='javascript:x'>x</a>"]:
            update.refresh_from_db()
            body = {"edits": update.edits, "kind": "news", "language": "en", "paragraph": odd, "reason": odd}
            answer = client.patch(address, body, "application/json")
            if answer.status_code != 200:
                refused(answer, 400)
                assert "\0" in odd
            else:
                text = answer.json()["paragraph"]
                assert "javascript:" not in text
                assert "<script" not in text
        assert Draft.objects.count() == 1

    def test_bears_odd_members(self, staff):
        client = Client()
        client.force_login(staff)
        for odd in ODD:
            for body in ({"initiative": odd, "period": "2021"}, {"initiative": "x", "period": odd}, {odd: "x"}):
                refused(client.post("/api/v1/updates/drafts/", body, "application/json"), 400, 404, 422)
        assert not Draft.objects.exists()
