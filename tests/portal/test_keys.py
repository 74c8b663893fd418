"""Keys of records: many in one statement, and one that a browser sent."""

import pytest

from initiatives.models import Initiative, InitiativeText
from portal.common.keys import key_in, one_of
from tests.factories import InitiativeFactory

pytestmark = pytest.mark.django_db


class TestOneOf:
    def test_finds_the_records_of_these_keys_and_no_others(self):
        wanted, also, _other = (InitiativeFactory().pk for _ in range(3))
        found = Initiative.objects.filter(pk__in=one_of({wanted, also}))
        assert set(found.values_list("pk", flat=True)) == {wanted, also}

    def test_finds_rows_that_point_to_them(self):
        wanted, other = InitiativeFactory(), InitiativeFactory()
        found = InitiativeText.objects.filter(initiative__in=one_of([wanted.pk, 10**12]))
        assert set(found) == set(wanted.texts.all())
        assert not set(found) & set(other.texts.all())

    def test_sends_them_as_one_parameter(self):
        _sql, parameters = Initiative.objects.filter(pk__in=one_of(range(10_000))).query.sql_with_params()
        assert [list(one) for one in parameters] == [list(range(10_000))]

    def test_asks_nothing_without_any(self, django_assert_num_queries):
        InitiativeFactory()
        with django_assert_num_queries(0):
            assert not Initiative.objects.filter(pk__in=one_of([]))


class TestKeyIn:
    @pytest.mark.parametrize(("text", "key"), [("12", 12), ("9" * 18, 10**18 - 1), ("٣", 3)])
    def test_is_the_number_that_a_text_says(self, text, key):
        assert key_in(text) == key

    @pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "²", "9" * 19])
    def test_is_none_of_what_can_be_none(self, text):
        assert key_in(text) is None
