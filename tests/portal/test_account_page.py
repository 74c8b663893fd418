"""The page of one's own account, and making and revoking tokens on it."""

import datetime as dt
import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import Role
from portal.common.languages import direction
from portal.models import ApiToken, User
from portal.tokens import find_token, make_token
from tests.factories import PASSWORD, EntityFactory, MembershipFactory, UserFactory
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

FORM = {"name": "Monday report", "scopes": ["read", "write"], "ends": "90", "ends_on": ""}


@pytest.fixture
def person() -> User:
    return UserFactory(name="Amal <Haddad>", role=Role.STAFF, entity=EntityFactory(code="UNIDO"))


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """With the password given a moment ago: it is not asked for again."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def forget_password(client: Client) -> None:
    """As if it had been given an hour ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def token_of(person: User, name: str = "Monday report", **facts) -> ApiToken:
    now = timezone.now()
    wanted = {"scopes": ["read"], "expires_at": now + dt.timedelta(days=30), "now": now} | facts
    return make_token(user=person, name=name, **wanted)[0]


def secret_on(answer) -> str:
    found = re.search(r'<code id="secret" dir="ltr">(\S+)</code>', answer.content.decode())
    assert found
    return found[1]


class TestAccount:
    def test_asks_visitors_to_sign_in(self, client):
        assert client.get(reverse("account"))["Location"].startswith(reverse("account_login"))

    def test_says_who_one_is_and_what_one_may(self, signed_in, person):
        MembershipFactory(user=person, role=Role.COMMISSION)
        MembershipFactory(
            user=person, role=Role.FOCAL_POINT, entity=EntityFactory(code="GONE"), until=dt.date(2021, 1, 1)
        )
        words = words_of(signed_in.get(reverse("account")))
        assert "Amal &lt;Haddad&gt;" in words
        assert person.email in words
        assert "<li>staff, UNIDO</li><li>secretariat of the Commission</li>" in words
        assert "GONE" not in words

    def test_shows_no_role_that_has_not_begun(self, signed_in, person):
        begins = timezone.localdate() + dt.timedelta(days=30)
        MembershipFactory(user=person, role=Role.FOCAL_POINT, entity=EntityFactory(code="SOON"), since=begins)
        assert "SOON" not in words_of(signed_in.get(reverse("account")))

    def test_stands_in_the_menu_of_the_account(self, signed_in):
        assert f'<a href="{reverse("account")}">My account</a>' in words_of(signed_in.get(reverse("home")))

    def test_lists_own_tokens_alone(self, signed_in, person):
        token_of(person)
        token_of(UserFactory(), "Of somebody else")
        words = words_of(signed_in.get(reverse("account")))
        assert "Monday report" in words
        assert "Of somebody else" not in words

    def test_sets_those_aside_that_work_no_longer(self, signed_in, person):
        ApiToken.objects.filter(pk=token_of(person, "Revoked").pk).update(revoked_at=timezone.now())
        past = timezone.now() - dt.timedelta(days=60)
        token_of(person, "Ended", now=past, expires_at=past + dt.timedelta(days=30))
        words = words_of(signed_in.get(reverse("account")))
        living, aside = words.split("Tokens that work no longer", 1)
        assert "You have none." in living
        assert "Revoked" in aside
        assert "Ended" in aside
        assert "/revoke/" not in words

    def test_takes_no_more_queries_for_more_tokens(self, signed_in, person):
        numbers = iter(range(100))
        assert_rows_cost_nothing(signed_in, reverse("account"), lambda: token_of(person, f"Program {next(numbers)}"))

    def test_keeps_what_is_chosen_for_mails(self, signed_in, person):
        chosen = {"language": "fr", "mailed": ["returned", "comment"]}
        assert signed_in.post(reverse("account_settings"), chosen).url == reverse("account")
        person.refresh_from_db()
        assert (person.language, person.mailed) == ("fr", ["returned", "comment"])
        refused = signed_in.post(reverse("account_settings"), {"language": "xx", "mailed": ["all"]})
        assert refused.status_code == 422
        assert 'href="#id_language"' in words_of(refused)
        person.refresh_from_db()
        assert person.language == "fr"

    def test_is_kept_by_no_browser(self, signed_in):
        assert "no-store" in signed_in.get(reverse("account"))["Cache-Control"]


class TestTokenNew:
    def test_shows_a_secret_that_works_and_never_shows_it_again(self, signed_in, person):
        answer = signed_in.post(reverse("token_new"), FORM)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        secret = secret_on(answer)
        token = find_token(secret=secret, now=timezone.now())
        assert (token.user, token.name, token.scopes) == (person, "Monday report", ["read", "write"])
        assert 'curl -H "Authorization: Bearer $PORTAL_TOKEN" "http://testserver/api/v1/' in answer.content.decode()
        page = words_of(signed_in.get(reverse("account")))
        assert token.opening in page
        assert secret not in page

    def test_makes_no_second_one_when_the_page_is_sent_again(self, signed_in):
        signed_in.post(reverse("token_new"), FORM)
        again = signed_in.post(reverse("token_new"), FORM)
        assert again.status_code == 422
        assert "You have a token of this name." in words_of(again)
        assert ApiToken.objects.count() == 1

    @pytest.mark.parametrize(("ends", "days"), [("30", 30), ("90", 90), ("365", 365)])
    def test_lets_it_work_to_the_end_of_its_last_day(self, signed_in, ends, days):
        signed_in.post(reverse("token_new"), FORM | {"ends": ends})
        end = timezone.localtime(ApiToken.objects.get().expires_at)
        assert (end.hour, end.minute) == (0, 0)
        assert end.date() == timezone.localdate() + dt.timedelta(days=days + 1)

    def test_takes_a_date(self, signed_in):
        last = timezone.localdate() + dt.timedelta(days=3)
        signed_in.post(reverse("token_new"), FORM | {"ends": "date", "ends_on": last.isoformat()})
        assert timezone.localtime(ApiToken.objects.get().expires_at).date() == last + dt.timedelta(days=1)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "This field is required."),
            ({"name": "a\x00b"}, "Null characters are not allowed."),
            ({"name": "a" * 101}, "at most 100 characters"),
            ({"scopes": []}, "This field is required."),
            ({"scopes": ["everything"]}, "everything is not one of the available choices"),
            ({"ends": "9999"}, "9999 is not one of the available choices"),
            ({"ends": "date"}, "Write the last day"),
            ({"ends": "date", "ends_on": "soon"}, "Enter a valid date."),
            ({"ends": "date", "ends_on": "2020-01-01"}, "A token ends on a later day"),
            ({"ends": "date", "ends_on": "9999-12-31"}, "at the latest in a year"),
        ],
    )
    def test_says_what_is_wrong_and_makes_none(self, signed_in, wrong, sentence):
        answer = signed_in.post(reverse("token_new"), FORM | wrong)
        assert answer.status_code == 422
        assert sentence in words_of(answer)
        assert not ApiToken.objects.exists()

    def test_asks_for_the_password_where_it_was_given_long_ago(self, signed_in):
        forget_password(signed_in)
        asked = signed_in.get(reverse("token_new"))
        assert asked.status_code == 302
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert "Your password, once more" in words_of(signed_in.get(asked["Location"]))
        wrong = signed_in.post(asked["Location"], {"password": "wrong", "next": reverse("token_new")})
        assert wrong.status_code == 200
        assert signed_in.get(reverse("token_new")).status_code == 302
        right = signed_in.post(asked["Location"], {"password": PASSWORD, "next": reverse("token_new")})
        assert right["Location"] == reverse("token_new")
        assert signed_in.get(reverse("token_new")).status_code == 200

    def test_makes_what_was_sent_after_the_password_is_given(self, signed_in, person):
        """A form that lay open for long is not lost."""
        forget_password(signed_in)
        asked = signed_in.post(reverse("token_new"), FORM)
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert not ApiToken.objects.exists()
        answer = signed_in.post(asked["Location"], {"password": PASSWORD, "next": reverse("token_new")})
        assert find_token(secret=secret_on(answer), now=timezone.now()).user == person
        assert "no-store" in answer["Cache-Control"]

    def test_names_the_person_in_the_history(self, signed_in, person):
        signed_in.post(reverse("token_new"), FORM)
        event = ApiToken.objects.get().events.select_related("pgh_context").get()
        assert event.pgh_context.metadata["user"] == person.pk

    def test_needs_the_token_of_the_form(self, person):
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        assert client.post(reverse("token_new"), FORM).status_code == 403


class TestTokenRevoke:
    def test_asks_before_it_does(self, signed_in, person):
        token = token_of(person)
        words = words_of(signed_in.get(reverse("token_revoke", args=[token.pk])))
        assert token.opening in words
        token.refresh_from_db()
        assert token.revoked_at is None

    def test_ends_the_token(self, signed_in, person):
        token = token_of(person)
        answer = signed_in.post(reverse("token_revoke", args=[token.pk]), follow=True)
        assert "“Monday report” works no longer." in words_of(answer)
        token.refresh_from_db()
        assert token.revoked_at
        assert "It was revoked already." in words_of(signed_in.get(reverse("token_revoke", args=[token.pk])))

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_does_not_know_tokens_of_others(self, signed_in, method):
        token = token_of(UserFactory())
        assert getattr(signed_in, method)(reverse("token_revoke", args=[token.pk])).status_code == 404
        token.refresh_from_db()
        assert token.revoked_at is None


class TestAdministration:
    @pytest.fixture
    def administration(self, client: Client) -> Client:
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        return client

    def test_shows_tokens_and_lets_nobody_change_them(self, administration, person):
        token = token_of(person)
        page = words_of(administration.get(reverse("admin:portal_apitoken_changelist")))
        assert "Monday report" in page
        shown = words_of(administration.get(reverse("admin:portal_apitoken_change", args=[token.pk])))
        assert token.opening in shown
        assert token.digest not in page + shown
        for name, arguments in [("add", []), ("delete", [token.pk])]:
            assert administration.get(reverse(f"admin:portal_apitoken_{name}", args=arguments)).status_code == 403
        changed = administration.post(reverse("admin:portal_apitoken_change", args=[token.pk]), {"name": "Other"})
        assert changed.status_code == 403


class TestLanguages:
    @pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
    def test_has_every_page_in_each_direction(self, signed_in, person, language):
        signed_in.cookies["django_language"] = language
        token = token_of(person)
        for address in (
            reverse("account"),
            reverse("token_new"),
            reverse("token_revoke", args=[token.pk]),
            reverse("account_reauthenticate"),
        ):
            answer = signed_in.get(address)
            assert answer.status_code == 200
            assert f'<html lang="{language}" dir="{direction(language)}"' in answer.content.decode()
