"""Tokens: made once, found by their secret, refused with a reason."""

import datetime as dt

import pytest
from django.db import IntegrityError

from portal.common.history import events
from portal.models import ApiToken, User
from portal.tokens import (
    LIVING_AT_MOST,
    LONGEST,
    SECRET,
    TokenEndsWrong,
    TokenExpired,
    TokenNameTaken,
    TokenOfEndedAccount,
    TokenRevoked,
    TokenUnknown,
    TokenWithoutScope,
    TooManyTokens,
    find_token,
    make_token,
    revoke_token,
)
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db
MONTH = NOON + dt.timedelta(days=30)


@pytest.fixture
def person() -> User:
    return UserFactory()


def made(person: User, name: str = "Monday report", **facts) -> tuple[ApiToken, str]:
    return make_token(**{"user": person, "name": name, "scopes": ["read"], "expires_at": MONTH, "now": NOON} | facts)


class TestMakeToken:
    def test_gives_a_secret_that_the_database_does_not_have(self, person):
        token, secret = made(person)
        assert SECRET.fullmatch(secret)
        kept = ApiToken.objects.filter(pk=token.pk).values().get()
        assert secret not in str(kept)
        assert secret.startswith(kept["opening"])
        assert len(kept["opening"]) == 12

    def test_gives_another_secret_each_time(self, person):
        assert made(person, "one")[1] != made(person, "two")[1]

    def test_keeps_scopes_once_and_in_their_order(self, person):
        token, _secret = made(person, scopes=["decide", "read", "read"])
        assert token.scopes == ["read", "decide"]

    @pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "everything"]])
    def test_refuses_what_is_no_scope(self, person, scopes):
        with pytest.raises(TokenWithoutScope):
            made(person, scopes=scopes)

    @pytest.mark.parametrize("ends", [NOON, NOON - dt.timedelta(days=1), NOON + LONGEST + dt.timedelta(seconds=1)])
    def test_refuses_an_end_in_the_past_or_after_a_year(self, person, ends):
        with pytest.raises(TokenEndsWrong):
            made(person, expires_at=ends)
        assert not ApiToken.objects.exists()

    def test_lets_it_work_for_a_year(self, person):
        assert made(person, expires_at=NOON + LONGEST)[0].pk

    def test_refuses_a_second_one_of_the_same_name(self, person):
        made(person)
        with pytest.raises(TokenNameTaken):
            made(person)

    def test_takes_the_name_of_one_that_was_revoked_and_of_another_person(self, person):
        revoke_token(token=made(person)[0], now=NOON)
        assert made(person)[0].pk
        assert made(UserFactory())[0].pk

    def test_stops_at_the_most_that_work(self, person):
        tokens = [made(person, f"Program {n}")[0] for n in range(LIVING_AT_MOST)]
        with pytest.raises(TooManyTokens):
            made(person, "one more")
        revoke_token(token=tokens[0], now=NOON)
        assert made(person, "one more")[0].pk

    def test_cannot_be_without_scope_in_the_database(self, person):
        token, _secret = made(person)
        with pytest.raises(IntegrityError, match="token_has_a_scope"):
            ApiToken.objects.filter(pk=token.pk).update(scopes=[])


class TestFindToken:
    def test_returns_the_token_with_its_person(self, person, django_assert_num_queries):
        token, secret = made(person)
        with django_assert_num_queries(2):  # one to find it, one to keep when it was used
            found = find_token(secret=secret, now=NOON)
            assert found.user == person
        assert found == token

    @pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + "A", lambda s: s.upper(), lambda _s: ""])
    def test_refuses_every_other_secret(self, person, change):
        _token, secret = made(person)
        with pytest.raises(TokenUnknown):
            find_token(secret=change(secret), now=NOON)

    def test_refuses_it_from_its_end_on(self, person):
        _token, secret = made(person)
        assert find_token(secret=secret, now=MONTH - dt.timedelta(microseconds=1))
        with pytest.raises(TokenExpired):
            find_token(secret=secret, now=MONTH)

    def test_refuses_a_revoked_one(self, person):
        token, secret = made(person)
        revoke_token(token=token, now=NOON)
        with pytest.raises(TokenRevoked):
            find_token(secret=secret, now=NOON)

    def test_refuses_that_of_an_ended_account_and_takes_it_again_when_that_is_opened(self, person):
        _token, secret = made(person)
        User.objects.filter(pk=person.pk).update(is_active=False)
        with pytest.raises(TokenOfEndedAccount):
            find_token(secret=secret, now=NOON)
        User.objects.filter(pk=person.pk).update(is_active=True)
        assert find_token(secret=secret, now=NOON)

    def test_keeps_when_it_was_used_to_the_minute(self, person):
        token, secret = made(person)
        for seconds, kept in [(0, 0), (59, 0), (60, 60), (61, 60)]:
            find_token(secret=secret, now=NOON + dt.timedelta(seconds=seconds))
            token.refresh_from_db()
            assert token.last_used_at == NOON + dt.timedelta(seconds=kept)


class TestRevokeToken:
    def test_keeps_the_first_time(self, person):
        token, _secret = made(person)
        revoke_token(token=token, now=NOON)
        revoke_token(token=token, now=MONTH)
        token.refresh_from_db()
        assert token.revoked_at == NOON


class TestHistory:
    def test_tells_that_a_token_was_made_and_revoked_and_never_its_digest(self, person):
        token, secret = made(person)
        find_token(secret=secret, now=NOON)
        revoke_token(token=token, now=NOON)
        kept = list(events(ApiToken, pgh_obj_id=token.pk).values())
        assert [event["pgh_label"] for event in kept] == ["insert", "update"]
        assert token.digest not in str(kept)
