"""The pages of countries: what is done in one, its groups, and its income groups over the years."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import EntryType, GroupKind, IncomeGroup, UnMembership
from initiatives.models import Country
from initiatives.querysets import fiscal_year
from tests.factories import (
    NOON,
    CountryFactory,
    CountryGroupFactory,
    DocumentFactory,
    GroupMembershipFactory,
    IncomeClassificationFactory,
    InitiativeFactory,
    InitiativePlaceFactory,
    MentionFactory,
    UpdateFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

LIST = reverse("country_list")
MIDDLE_INCOME = reverse("middle_income")


def classified(country: Country, **groups: str) -> Country:
    """Give a country its groups: `fy2024="LM"`."""
    for year, group in groups.items():
        IncomeClassificationFactory(country=country, fiscal_year=int(year.removeprefix("fy")), income_group=group)
    return country


def told(client, year: int):
    return client.get(reverse("middle_income_year", args=[year])).context["told"]


class TestMiddleIncomeOnADay:
    def test_is_read_in_the_fiscal_year_that_contains_the_day(self, client):
        country = classified(CountryFactory(), fy2025=IncomeGroup.UPPER_MIDDLE, fy2026=IncomeGroup.HIGH)
        assert country in Country.objects.middle_income(on=dt.date(2025, 6, 30))
        assert country not in Country.objects.middle_income(on=dt.date(2025, 7, 1))

    def test_holds_no_country_that_is_unclassified_then(self):
        blank = classified(CountryFactory(), fy2026="")
        never = CountryFactory()
        found = Country.objects.with_income_group(on=dt.date(2026, 1, 1)).in_bulk()
        assert not found[blank.pk].income_group
        assert not found[never.pk].income_group
        assert not Country.objects.middle_income(on=dt.date(2026, 1, 1))


class TestList:
    def test_holds_member_states_and_observers_alone(self, client):
        CountryFactory(name_en="Serbia")
        CountryFactory(name_en="Holy See", un_member=UnMembership.OBSERVER)
        CountryFactory(name_en="Guam", un_member=UnMembership.NONE)
        CountryFactory(name_en="Channel Islands", entry_type=EntryType.SUPPLEMENTARY)
        names = [country.name_en for country in client.get(LIST).context["page"].object_list]
        assert names == ["Holy See", "Serbia"]

    def test_sorts_names_of_the_readers_language_without_their_accents(self, client):
        for name in ("Zambie", "Égypte", "Fidji"):
            CountryFactory(name_fr=name)
        response = client.get(LIST, headers={"Accept-Language": "fr"})
        assert [country.name_fr for country in response.context["page"].object_list] == ["Égypte", "Fidji", "Zambie"]

    def test_tells_the_income_group_of_today_and_leads_to_public_initiatives(self, client):
        country = CountryFactory(iso3="SRB", name_en="Serbia")
        IncomeClassificationFactory(
            country=country, fiscal_year=fiscal_year(timezone.localdate()), income_group=IncomeGroup.UPPER_MIDDLE
        )
        InitiativePlaceFactory(initiative=InitiativeFactory(published=True), country=country)
        InitiativePlaceFactory(initiative=InitiativeFactory(), country=country)
        words = words_of(client.get(LIST))
        assert "Upper middle income" in words
        assert '<a href="/initiatives/?country=SRB"> 1 public initiative' in words

    def test_is_narrowed_by_income_group_and_group(self, client):
        lower, high = CountryFactory(name_en="Lower"), CountryFactory(name_en="High")
        now = fiscal_year(timezone.localdate())
        IncomeClassificationFactory(country=lower, fiscal_year=now, income_group=IncomeGroup.LOWER_MIDDLE)
        IncomeClassificationFactory(country=high, fiscal_year=now, income_group=IncomeGroup.HIGH)
        GroupMembershipFactory(country=high, group=CountryGroupFactory(code="SIDS", kind=GroupKind.DEVELOPMENT))
        assert [row.name_en for row in client.get(LIST, {"income": "LM"}).context["page"].object_list] == ["Lower"]
        assert [row.name_en for row in client.get(LIST, {"group": "SIDS"}).context["page"].object_list] == ["High"]
        assert client.get(LIST, {"income": "MIDDLE"}).status_code == 400

    def test_takes_as_many_queries_for_many(self, client):
        assert_rows_cost_nothing(client, LIST, CountryFactory)

    def test_is_exported_as_it_is_narrowed(self, client):
        country = CountryFactory(iso3="ZMB", name_en="Zambia")
        GroupMembershipFactory(country=country, group=CountryGroupFactory(code="LDC", name_en="Least developed"))
        CountryFactory(name_en="Chad")
        lines = client.get(reverse("country_export", args=["csv"]), {"q": "zamb"}).getvalue().decode().splitlines()
        assert len(lines) == 2
        assert '"ZMB","Zambia","yes"' in lines[1]
        assert '"LDC","Least developed"' in lines[1]


class TestPage:
    def test_tells_what_is_done_in_the_country(self, client):
        country = CountryFactory(iso3="RWA", name_en="Rwanda")
        initiative = InitiativeFactory(published=True, title="Labs of Kigali")
        InitiativePlaceFactory(initiative=initiative, country=country)
        UpdateFactory(initiative=initiative, paragraph="<p>A second lab opened.</p>")
        document = DocumentFactory(published_at=NOON, title="Report on labs")
        MentionFactory(document=document, initiative=None, country=country)
        words = words_of(client.get(country.get_absolute_url()))
        assert "Labs of Kigali" in words
        assert "A second lab opened." in words
        assert "Report on labs" in words

    def test_puts_years_in_the_same_group_together(self, client):
        country = classified(CountryFactory(), fy2021="L", fy2022="LM", fy2023="LM", fy2025="LM")
        rows = client.get(country.get_absolute_url()).context["income_rows"]
        assert [[cell["text"] for cell in row] for row in rows] == [
            ["FY2025", "1 July 2024 – 30 June 2025", "Lower middle income (middle-income country)"],
            ["FY2024", "1 July 2023 – 30 June 2024", "Unclassified"],  # nothing is known of it
            ["FY2022–FY2023", "1 July 2021 – 30 June 2023", "Lower middle income (middle-income country)"],
            ["FY2021", "1 July 2020 – 30 June 2021", "Low income"],
        ]

    def test_of_a_code_in_small_letters_leads_to_the_country(self, client):
        country = CountryFactory(iso3="KEN")
        assert client.get("/countries/ken/").headers["Location"] == country.get_absolute_url()
        assert client.get("/countries/XXX/").status_code == 404

    def test_says_so_where_nothing_is_known(self, client):
        words = words_of(client.get(CountryFactory().get_absolute_url()))
        assert "No public initiative names this country yet." in words
        assert "The World Bank has never classified it." in words


class TestMiddleIncomeCountries:
    def test_tells_who_joined_and_left(self, client):
        joined = classified(CountryFactory(name_en="Zambia"), fy2022="L", fy2023="LM")
        left = classified(CountryFactory(name_en="Costa Rica"), fy2022="UM", fy2023="H")
        returned = classified(CountryFactory(name_en="Venezuela"), fy2022="", fy2023="LM")
        moved = classified(CountryFactory(name_en="Jordan"), fy2022="LM", fy2023="UM")
        found = told(client, 2023)
        assert [(move.country, move.before, move.after) for move in found.joined] == [
            (returned, "", "LM"),
            (joined, "L", "LM"),
        ]
        assert [(move.country, move.before, move.after) for move in found.left] == [(left, "UM", "H")]
        assert (found.lower, found.upper, found.count) == ([returned, joined], [moved], 3)

    def test_names_who_is_unclassified(self, client):
        country = classified(CountryFactory(name_en="Ethiopia"), fy2022="L", fy2023="")
        assert told(client, 2023).unclassified == [country]

    def test_of_the_first_year_has_nobody_who_joined(self, client):
        classified(CountryFactory(), fy1989="LM")
        assert (told(client, 1989).joined, told(client, 1989).count) == ([], 1)

    def test_says_who_is_no_member_state_since_indicators_tell_how_many_of_those_they_reached(self, client):
        classified(CountryFactory(name_en="Zambia"), fy2025="LM")
        classified(CountryFactory(name_en="Serbia"), fy2025="UM")
        classified(CountryFactory(name_en="State of Palestine", un_member="observer"), fy2025="UM")
        words = words_of(client.get(reverse("middle_income_year", args=[2025])))
        assert "3 countries in fiscal year 2025" in words
        assert "2 are Member States of the United Nations" in words
        assert "1 is an observer: State of Palestine." in words

    @pytest.mark.parametrize(("day", "year"), [(dt.date(2026, 6, 30), 2026), (dt.date(2026, 7, 1), 2027)])
    def test_opens_on_the_fiscal_year_of_today(self, client, monkeypatch, day, year):
        classified(CountryFactory(), fy2025="LM", fy2026="LM", fy2027="LM")
        monkeypatch.setattr(timezone, "localdate", lambda: day)
        assert client.get(MIDDLE_INCOME).context["year"] == year

    def test_of_an_unknown_year_is_not_found(self, client):
        assert client.get(reverse("middle_income_year", args=[1900])).status_code == 404

    def test_says_so_before_reference_data_is_loaded(self, client):
        assert "No income group is known yet" in words_of(client.get(MIDDLE_INCOME))
