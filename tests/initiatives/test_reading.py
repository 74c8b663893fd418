"""Rows of several tables read in one statement are what Django would have read."""

import datetime as dt

import pytest
from django.db import models
from django.test.utils import isolate_apps

from initiatives.models import DatedPart, InitiativePlace
from portal.common.history import event_model
from portal.common.reading import Table, give_rows, rows_of_record
from tests.factories import CountryFactory, DatedPartFactory, InitiativeFactory

PARTS = Table(DatedPart, ("initiative_id",), ("-starts_on", "id"))
PLACES = Table(InitiativePlace, ("initiative_id",), ("country.iso3", "id"), ("country", "group"))
SHOWN = {"dated_parts": PARTS, "places": PLACES}

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative():
    initiative = InitiativeFactory()
    for year in (2023, 2025, 2024):
        DatedPart.objects.create(initiative=initiative, label=f"Part “{year}” 100%", starts_on=dt.date(year, 3, 1))
    DatedPart.objects.create(initiative=InitiativeFactory(), label="of another")
    return initiative


class TestRowsOfRecord:
    def test_are_those_of_the_record_in_their_order(self, initiative):
        [parts] = rows_of_record((PARTS,), initiative.pk)
        assert parts == list(initiative.dated_parts.order_by("-starts_on"))
        assert (parts[0].label, parts[0].starts_on) == ("Part “2025” 100%", dt.date(2025, 3, 1))

    def test_are_no_more_than_asked_for(self, initiative):
        [parts] = rows_of_record((PARTS,), initiative.pk, most=2)
        assert [part.starts_on.year for part in parts] == [2025, 2024]

    def test_have_moments_and_numbers_as_the_model_has_them(self, initiative):
        events = event_model(DatedPart)
        rows = Table(events, ("initiative_id",), ("-pgh_id",), ("pgh_context",))
        [found] = rows_of_record((rows,), initiative.pk)
        known = list(events.objects.filter(initiative_id=initiative.pk).order_by("-pgh_id"))
        names = [field.attname for field in events._meta.concrete_fields]
        assert [[getattr(row, name) for name in names] for row in found] == [
            [getattr(row, name) for name in names] for row in known
        ]

    @isolate_apps("initiatives")
    def test_refuse_a_field_that_json_would_alter(self):
        class Priced(models.Model):
            price = models.DecimalField(max_digits=5, decimal_places=2)

            class Meta:
                app_label = "initiatives"
                db_table = DatedPart._meta.db_table

            def __str__(self) -> str:
                return str(self.price)

        part = DatedPartFactory()
        with pytest.raises(TypeError, match="DecimalField"):
            rows_of_record((Table(Priced, ("initiative_id",), ("id",)),), part.initiative_id)


class TestGivenRows:
    def test_ask_the_database_no_more(self, initiative, django_assert_num_queries):
        other = InitiativeFactory()
        country = CountryFactory()
        InitiativePlace.objects.create(initiative=other, country=country)
        with django_assert_num_queries(1):
            give_rows(([initiative, other], SHOWN))
            assert [part.starts_on.year for part in initiative.dated_parts.all()] == [2025, 2024, 2023]
            assert list(initiative.places.all()) == []
            assert list(other.dated_parts.all()) == []
            [place] = other.places.all()
            assert (place.country, place.group, place.initiative) == (country, None, other)

    def test_may_be_of_no_record(self):
        give_rows(([], SHOWN))
