"""What every address of the API answers alike."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from initiatives.choices import Role
from portal.common.api.languages import accepted_languages
from portal.common.api.negotiation import JsonAnswer
from portal.common.api.paging import KEPT
from portal.common.api.problems import MEDIA_TYPE, Problem, server_error
from portal.common.api.schema import schema
from portal.common.api.views import ApiView
from tests.factories import ActionLineFactory, EntityFactory, InitiativeFactory, UpdateFactory, UserFactory
from tests.support.api import API, ask, parameters_of, problem
from tests.test_matrix import patterns

pytestmark = pytest.mark.django_db


def answered(view: type[ApiView], method: str = "get", **request: Any) -> Any:
    """Return what a view of the test answers, rendered."""
    return view.as_view()(getattr(RequestFactory(), method)("/api/v1/test/", **request)).render()


class Broken(ApiView):
    def get(self, request: Any) -> Any:
        raise RuntimeError("a password in the words of an error")


class InConflict(ApiView):
    def get(self, request: Any) -> Any:
        raise Problem(409, "Somebody else was quicker.", type="/problems/conflict", theirs={"edits": 3})


class Takes(ApiView):
    def post(self, request: Any) -> Any:
        return request.data


def away(*_args: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly")


def problem_in(response: Any, status: int) -> Any:
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA_TYPE), response.content[:300]
    return response.json()


class TestAnAnswer:
    def test_is_written_as_rest_framework_writes_it(self):
        told = {
            "day": dt.date(2026, 1, 31),
            "moment": dt.datetime(2026, 1, 31, 8, 5, 0, 1200, tzinfo=dt.UTC),
            "elsewhere": dt.datetime(2026, 1, 31, 8, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            "exact": Decimal("12.50"),
            "words": gettext_lazy("Initiatives"),
            "role": Role.STAFF,
            "text": "البرنامج “a/b” <p>\n</p> 网络",
            "numbers": [1, 2.5, None, True],
        }
        written = JsonAnswer().render(told)
        assert written == JSONRenderer().render(told)
        assert JsonAnswer().render({**told, "sent": 10**30}) == JSONRenderer().render({**told, "sent": 10**30})
        assert JsonAnswer().render(None) == b""


class TestErrors:
    def test_are_told_as_json_at_addresses_that_do_not_exist(self, client):
        told = problem(client, "nothing/here", 404)
        assert told["title"] == "Not Found"
        assert told["instance"] == "/api/v1/nothing/here"

    def test_are_told_as_json_for_other_methods(self, client):
        response = client.delete(API + "entities/")
        assert (response.status_code, response["Content-Type"]) == (405, MEDIA_TYPE)
        assert response["Allow"] == "GET, HEAD"

    def test_tell_nothing_of_what_nobody_expected(self, caplog):
        response = answered(Broken)
        assert (response.status_code, response["Content-Type"]) == (500, MEDIA_TYPE)
        assert b"password" not in response.content
        assert "a password in the words of an error" in caplog.text

    @pytest.mark.parametrize("length", ["abc", "-1", "1e3", "٣", "9" * 5000, "1 1"])
    def test_refuse_a_length_that_is_no_number(self, length):
        sent = {"data": "{}", "content_type": "application/json", "CONTENT_LENGTH": length}
        assert answered(Takes, "post", **sent).status_code == 400
        assert problem_in(Client().generic("POST", f"{API}updates/", **sent), 400)["detail"].startswith("The header")

    @pytest.mark.parametrize("who", ["visitor", "session", "token"])
    def test_are_told_as_json_while_the_database_is_away(self, who):
        client = Client(raise_request_exception=False)
        headers = {"Authorization": f"Bearer {'a' * 40}"} if who == "token" else {}
        if who == "session":
            client.force_login(UserFactory())
        with connection.execute_wrapper(away):
            read = client.get(f"{API}initiatives/", headers=headers)
            written = client.post(f"{API}updates/", {}, "application/json", headers=headers)
        assert "database does not answer" in problem_in(read, 503)["detail"]
        assert read["Cache-Control"] == ("no-cache" if who == "visitor" else "private, no-store")
        assert written["Content-Type"] == MEDIA_TYPE

    def test_are_told_as_json_where_a_page_would_be_html(self):
        for path, kind in [("/api/v1/updates/", MEDIA_TYPE), ("/updates/", "text/html")]:
            response = server_error(RequestFactory().get(path))
            assert response.status_code == 500
            assert response["Content-Type"].startswith(kind)

    def test_carry_what_the_view_adds(self):
        told = json.loads(answered(InConflict).content)
        assert (told["status"], told["type"], told["theirs"]) == (409, "/problems/conflict", {"edits": 3})
        assert told["detail"] == "Somebody else was quicker."

    def test_name_each_wrong_parameter_at_once(self, client):
        told = problem(client, "entities/?limit=0&fields=nose&order=age&cursor=x&colour=blue", 400)
        assert set(parameters_of(told)) == {"limit", "fields", "order", "cursor", "colour"}
        assert "limit" in told["detail"]

    def test_name_unknown_parameters_of_a_single_record(self, client):
        EntityFactory(code="UNIDO")
        assert parameters_of(problem(client, "entities/UNIDO/?limit=3", 400)) == ["limit"]

    def test_are_told_in_the_language_of_the_reader(self, client):
        response = client.get(API + "nothing/", headers={"accept-language": "fr"})
        assert response["Content-Language"] == "fr"

    def test_refuse_a_body_that_is_too_large_before_reading_it(self, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        response = answered(Takes, "post", data='{"words": "too many"}', content_type="application/json")
        assert response.status_code == 413

    def test_refuse_a_body_that_is_no_json(self):
        assert answered(Takes, "post", data="<a/>", content_type="text/xml").status_code == 415
        assert answered(Takes, "post", data="{", content_type="application/json").status_code == 400

    @pytest.mark.parametrize(
        "path",
        [
            "entities/%00/",
            "initiatives/a%00b/",
            "initiatives/" + "9" * 400 + "/",
            "initiatives/%D9%A3/",
            "updates/99999999999999999999999/",
            "submissions/%00/%00/",
            "calls/'; DROP TABLE x;--/",
        ],
    )
    def test_are_no_failures_for_strange_addresses(self, client, path):
        problem(client, path, 404)

    @pytest.mark.parametrize(
        "query",
        [
            "q=%00",
            "%00=1",
            "entity=%00",
            "year=999999999999999999999",
            "limit=%D9%A3",
            "limit=1e3",
            "limit=5&limit=6",
            "cursor=" + "A" * 3000,
            "cursor=%00",
            "fields=%00",
            "omit=,",
            "languages=fr",
            "count=yes",
            "order=title",
            "page=2",
            "q=" + "a" * 20_000,
        ],
    )
    def test_are_sentences_for_strange_parameters(self, client, query):
        told = problem(client, f"initiatives/?{query}", 400)
        assert all(error["detail"] for error in told["errors"])


class TestPages:
    def codes(self, told: Any) -> list[str]:
        return [entity["code"] for entity in told["results"]]

    def follow(self, client: Any, address: str) -> Any:
        response = client.get(address)
        assert response.status_code == 200
        return response.json()

    def test_hold_everything_exactly_once_while_rows_are_added(self, client):
        before = [EntityFactory().code for _ in range(7)]
        told = ask(client, "entities/?limit=2&fields=code")
        seen = self.codes(told)
        added = []
        while told["next"]:
            added.append(EntityFactory().code)
            told = self.follow(client, told["next"])
            seen += self.codes(told)
            assert len(seen) < 100
            if len(added) == 3:
                break
        while told["next"]:
            told = self.follow(client, told["next"])
            seen += self.codes(told)
        assert seen == before + added

    def test_lead_back_the_way_they_came(self, client):
        codes = [EntityFactory().code for _ in range(5)]
        first = ask(client, "entities/?limit=2&fields=code")
        second = self.follow(client, first["next"])
        third = self.follow(client, second["next"])
        assert (self.codes(third), third["next"]) == (codes[4:], None)
        back = self.follow(client, third["previous"])
        assert self.codes(back) == codes[2:4]
        begin = self.follow(client, back["previous"])
        assert (self.codes(begin), begin["previous"]) == (codes[:2], None)
        assert self.codes(self.follow(client, begin["next"])) == codes[2:4]
        assert first["previous"] is None

    def test_begin_with_the_newest_on_request(self, client):
        codes = [EntityFactory().code for _ in range(5)]
        first = ask(client, "entities/?limit=3&order=-id&fields=code")
        assert self.codes(first) == codes[:1:-1]
        second = self.follow(client, first["next"])
        assert self.codes(second) == codes[1::-1]
        assert self.codes(self.follow(client, second["previous"])) == codes[:1:-1]

    def test_stay_where_they_are_when_rows_go(self, client):
        entities = [EntityFactory() for _ in range(4)]
        first = ask(client, "entities/?limit=2&fields=code")
        for entity in entities[1:]:
            entity.delete()
        second = self.follow(client, first["next"])
        assert (second["results"], second["next"]) == ([], None)
        assert self.codes(self.follow(client, second["previous"])) == [entities[0].code]

    def test_have_a_hundred_records_unless_another_number_is_asked_for(self, client):
        for _ in range(102):
            EntityFactory()
        assert len(ask(client, "entities/?fields=code")["results"]) == 100
        assert len(ask(client, "entities/?fields=code&limit=500")["results"]) == 102
        assert parameters_of(problem(client, "entities/?limit=501", 400)) == ["limit"]

    def test_count_only_on_request(self, client):
        EntityFactory(), EntityFactory()
        assert "count" not in ask(client, "entities/")
        assert ask(client, "entities/?count=true&limit=1")["count"] == 2

    def cursor(self, client: Any, path: str) -> str:
        for _ in range(3):
            EntityFactory(), ActionLineFactory()
        return ask(client, path)["next"].partition("cursor=")[2]

    @pytest.mark.parametrize("path", ["action-lines/?", "entities/?order=-id&", "entities/?kind=body&"])
    def test_refuse_the_cursor_of_another_list(self, client, path):
        EntityFactory(kind="body")
        cursor = self.cursor(client, "entities/?limit=1")
        assert parameters_of(problem(client, f"{path}limit=1&cursor={cursor}", 400)) == ["cursor"]

    def test_take_a_cursor_with_another_limit_and_other_members(self, client):
        cursor = self.cursor(client, "entities/?limit=1")
        assert len(ask(client, f"entities/?limit=2&fields=code&cursor={cursor}")["results"]) == 2

    def test_refuse_a_cursor_that_was_changed(self, client):
        cursor = self.cursor(client, "entities/?limit=1")
        problem(client, f"entities/?limit=1&cursor=X{cursor}", 400)

    def test_refuse_a_cursor_that_is_too_old(self, client, monkeypatch):
        now = signing.time.time()
        monkeypatch.setattr(signing.time, "time", lambda: now - KEPT - 10)
        cursor = self.cursor(client, "entities/?limit=1")
        monkeypatch.undo()
        told = problem(client, f"entities/?limit=1&cursor={cursor}", 400)
        assert "week" in told["errors"][0]["detail"]


class TestMembers:
    def test_are_those_asked_for(self, client):
        EntityFactory()
        assert ask(client, "entities/?fields=code,kind")["results"][0].keys() == {"code", "kind"}
        assert ask(client, "entities/?fields=code&fields=kind&omit=kind")["results"][0].keys() == {"code"}

    def test_can_be_left_out(self, client):
        EntityFactory()
        whole = ask(client, "entities/")["results"][0]
        assert ask(client, "entities/?omit=units,page")["results"][0].keys() == whole.keys() - {"units", "page"}

    def test_that_are_left_out_are_not_even_read(self, client):
        InitiativeFactory(published=True)
        with CaptureQueriesContext(connection) as captured:
            ask(client, "initiatives/?omit=terms,text")
        read = captured[-1]["sql"]
        assert "initiatives_initiativeline" in read
        assert "initiatives_initiativeterm" not in read
        assert "initiatives_initiativetext" not in read

    def test_of_a_list_are_read_in_two_statements(self, client, django_assert_num_queries):
        UpdateFactory(initiative__published=True)
        with django_assert_num_queries(2):  # which records the page has, and what it tells of them
            assert len(ask(client, "updates/")["results"]) == 1

    def test_of_a_single_record_are_chosen_alike(self, client):
        EntityFactory(code="UNIDO")
        assert ask(client, "entities/UNIDO/?fields=code") == {"code": "UNIDO"}


class TestLanguages:
    def test_are_read_from_the_header_in_the_order_of_the_reader(self):
        assert accepted_languages("de, fr-CH;q=0.7, zh-Hans;q=0.9, *;q=0.1") == ("zh", "fr")
        assert accepted_languages("en;q=0, ar") == ("ar",)
        assert accepted_languages("") == ()
        assert accepted_languages("x" * 5000 + ";q=\0") == ()

    def test_decide_in_which_a_name_is_told(self, client):
        EntityFactory(code="UNIDO", name_en="Organization", name_fr="Organisation")
        name = {
            header: ask(client, "entities/UNIDO/", **{"accept-language": header})["name"]
            for header in ("fr", "ru, fr;q=0.5", "en, fr", "ar")
        }
        french, english = {"language": "fr", "text": "Organisation"}, {"language": "en", "text": "Organization"}
        assert name == {"fr": french, "ru, fr;q=0.5": french, "en, fr": english, "ar": english}

    def test_are_told_in_the_header(self, client):
        EntityFactory(code="A", name_fr="Un"), EntityFactory(code="B")
        response = client.get(API + "entities/", headers={"accept-language": "fr"})
        assert response["Content-Language"] == "en, fr"

    def test_all_come_on_request(self, client):
        EntityFactory(code="UNIDO", name_en="Organization", name_fr="Organisation", name_ar="منظمة")
        names = {"en": "Organization", "fr": "Organisation", "ar": "منظمة"}
        assert ask(client, "entities/UNIDO/?languages=all")["names"] == names
        assert ask(client, "entities/UNIDO/?fields=names") == {"names": names}
        assert "names" not in ask(client, "entities/UNIDO/")


class TestAnswers:
    def test_are_not_sent_again_while_they_are_the_same(self, client):
        entity = EntityFactory(code="UNIDO")
        kept = client.get(API + "entities/UNIDO/")
        assert kept["ETag"].startswith('"')
        again = client.get(API + "entities/UNIDO/", headers={"if-none-match": kept["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", kept["ETag"])
        entity.acronym = "U"
        entity.save()
        assert client.get(API + "entities/UNIDO/", headers={"if-none-match": kept["ETag"]}).status_code == 200

    def test_differ_by_language_in_every_cache(self, client):
        EntityFactory(code="UNIDO", name_fr="Organisation")
        french, english = (
            client.get(API + "entities/UNIDO/", headers={"accept-language": language}) for language in ("fr", "en")
        )
        assert french["ETag"] != english["ETag"]
        assert {"Accept-Language", "Authorization", "Cookie"} <= set(french["Vary"].split(", "))

    def test_of_signed_in_people_are_kept_by_nobody(self, client):
        assert client.get(API + "entities/")["Cache-Control"] == "no-cache"
        client.force_login(UserFactory())
        assert client.get(API + "entities/")["Cache-Control"] == "private, no-store"

    def test_are_not_opened_to_pages_of_other_sites(self, client):
        response = client.get(API + "entities/", headers={"origin": "https://elsewhere.example.org"})
        assert not [name for name in response.headers if name.lower().startswith("access-control")]

    def test_are_json_whatever_a_client_accepts(self, client):
        response = client.get(API + "entities/", headers={"accept": "text/html"})
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")

    def test_have_no_body_for_head(self, client):
        response = client.head(API + "entities/")
        assert (response.status_code, response.content) == (200, b"")
        assert response["ETag"] == client.get(API + "entities/")["ETag"]


class TestThrottles:
    @pytest.fixture(autouse=True)
    def _few(self, settings):
        settings.API_RATES = {"visitor": "2/day", "person": "3/day", "token": ""}

    def test_let_a_visitor_ask_so_often_and_say_when_again(self, client):
        address = {"REMOTE_ADDR": "192.0.2.17"}
        assert [client.get(API, **address).status_code for _ in range(3)] == [200, 200, 429]
        response = client.get(API, **address)
        assert response["Content-Type"] == MEDIA_TYPE
        assert 80_000 < int(response["Retry-After"]) <= 86_400
        assert client.get(API, REMOTE_ADDR="192.0.2.18").status_code == 200

    def test_believe_no_address_that_a_visitor_writes(self, client):
        answers = [
            client.get(API, REMOTE_ADDR="192.0.2.19", headers={"x-forwarded-for": f"198.51.100.{number}"})
            for number in range(3)
        ]
        assert answers[-1].status_code == 429

    def test_count_people_by_themselves(self, client):
        client.force_login(UserFactory())
        assert [client.get(API).status_code for _ in range(4)] == [200, 200, 200, 429]
        client.force_login(UserFactory())
        assert client.get(API).status_code == 200


class TestRoot:
    def test_leads_to_every_list(self, client):
        addresses = ask(client, "")
        assert {"entities", "action-lines", "countries", "initiatives", "updates", "documents"} <= addresses.keys()
        assert {"passages", "calls", "submissions", "compilations", "schema"} <= addresses.keys()
        for address in addresses.values():
            assert client.get(address).status_code in (200, 400), address


class TestSchema:
    def test_describes_every_address(self):
        routes = {pattern.name: route for route, pattern in patterns(get_resolver()) if route.startswith("api/v1/")}
        undescribed = {"api_schema", "api_unknown"}
        assert len(schema()["paths"]) == len(routes.keys() - undescribed)
