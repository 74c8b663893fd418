"""What the reference data says."""

import datetime as dt
from collections import Counter

import pytest

from initiatives.choices import AliasKind, EntryType, FacilitationRole, IncomeGroup, Readiness, Scope, UnMembership
from initiatives.models import (
    ActionLine,
    ActionLineAlias,
    Breakdown,
    Country,
    CountryGroup,
    Entity,
    Facilitation,
    GroupMembership,
    IncomeClassification,
    Indicator,
    Organisation,
    Session,
    Term,
    Vocabulary,
    Workplan,
)
from initiatives.services.reference import NAMES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data"),
    pytest.mark.xdist_group("reference data"),
]


def members(group, day):
    """The countries in a group on a day, by their code."""
    rows = GroupMembership.objects.filter(group__code=group).select_related("country")
    return {
        row.country.iso3
        for row in rows
        if (row.since is None or row.since <= day) and (row.until is None or day < row.until)
    }


class TestGeography:
    def test_has_the_countries_and_areas_of_m49_and_hides_supplementary_entries(self):
        assert Country.objects.public().count() == 248
        assert Country.objects.public().filter(un_member=UnMembership.MEMBER).count() == 193
        supplementary = Country.objects.filter(entry_type=EntryType.SUPPLEMENTARY)
        assert set(supplementary.values_list("iso3", flat=True)) == {"TWN", "XKX", "CHI"}

    @pytest.mark.parametrize("model", [Country, CountryGroup])
    def test_names_everything_in_six_languages(self, model):
        for name in NAMES:
            assert not model.objects.filter(**{name: ""}).exists(), name

    def test_reads_namibia_as_a_country_and_not_as_a_missing_value(self):
        assert Country.objects.get(iso3="NAM").iso2 == "NA"

    def test_puts_every_member_state_but_two_into_one_regional_group(self):
        groups = CountryGroup.objects.filter(kind="regional_group")
        counts = {group.code: group.memberships.count() for group in groups}
        assert counts == {"AFRICAN": 54, "ASIA-PACIFIC": 54, "EASTERN-EUROPEAN": 23, "GRULAC": 33, "WEOG": 29}

    def test_ends_a_membership_among_the_least_developed_countries_on_the_day_of_graduation(self):
        assert "BTN" in members("LDC", dt.date(2023, 12, 12))
        assert "BTN" not in members("LDC", dt.date(2023, 12, 13))

    def test_lets_no_scheduled_graduation_end_a_membership_by_itself(self):
        assert {"BGD", "LAO", "NPL"} <= members("LDC", dt.date(2026, 11, 25))

    def test_leaves_out_memberships_that_nobody_verified(self):
        assert "DJI" not in members("ESCWA", dt.date(2026, 1, 1))
        assert len(members("ESCWA", dt.date(2026, 1, 1))) == 20

    def test_knows_a_region_through_all_its_levels(self):
        serbia = set(Country.objects.get(iso3="SRB").groups.filter(kind__startswith="m49").values_list("name_en"))
        assert serbia == {("World",), ("Europe",), ("Southern Europe",)}

    @pytest.mark.parametrize(
        ("iso3", "day", "group"),
        [
            ("IDN", dt.date(2021, 6, 30), IncomeGroup.UPPER_MIDDLE),
            ("IDN", dt.date(2021, 7, 1), IncomeGroup.LOWER_MIDDLE),
            ("CRI", dt.date(2025, 7, 1), IncomeGroup.HIGH),
            ("ETH", dt.date(2025, 12, 1), None),  # temporarily unclassified
            ("COK", dt.date(2021, 1, 1), None),  # never classified
        ],
    )
    def test_tells_the_income_group_on_a_day(self, iso3, day, group):
        assert Country.objects.get(iso3=iso3).income_group_on(day) == group

    @pytest.mark.parametrize(
        ("day", "number"),
        [(dt.date(2025, 6, 30), 103), (dt.date(2025, 7, 1), 102), (dt.date(2026, 7, 1), 104)],
    )
    def test_tells_which_member_states_are_middle_income_countries_on_a_day(self, day, number):
        members_of_un = Country.objects.filter(un_member=UnMembership.MEMBER)
        assert members_of_un.middle_income(on=day).count() == number
        assert not Country.objects.middle_income(on=day).filter(iso3__in=["COK", "AUT", "AFG"]).exists()

    def test_has_income_groups_from_fiscal_year_1989_on(self):
        assert IncomeClassification.objects.count() == 8056
        assert IncomeClassification.objects.earliest("fiscal_year").fiscal_year == 1989


class TestTheWorkplanForMiddleIncomeCountries:
    def test_has_the_matrix_of_its_document(self):
        workplan = Workplan.objects.get(slug="middle-income-countries")
        kinds = Counter(workplan.entries.values_list("kind", flat=True))
        assert kinds == {
            **{"tool": 14, "phase": 5, "role": 6, "outcome": 5, "output": 3},
            **{"package": 2, "element": 4, "cooperation": 1},
        }
        assert [area.code for area in workplan.areas.all()] == ["TECH", "SKILLS", "ENV"]
        assert workplan.mandates.filter(symbol="GC.18/Res.9").exists()
        assert workplan.core_functions.count() == 4
        network = workplan.entries.get(code="NETWORK")
        assert (network.printed_beside.code, network.applies_to_all_areas) == ("TECH", True)
        assert [phase.phase_of.code for phase in workplan.entries.filter(kind="phase")] == ["CIRP"] * 5

    def test_has_nine_indicators_each_with_its_rules(self):
        indicators = {one.code: one for one in Indicator.objects.with_readiness().select_related("unit")}
        assert Counter(code[4] for code in indicators) == {"T": 4, "S": 2, "E": 3}
        assert {one.scope for one in indicators.values()} == {Scope.MIDDLE_INCOME}
        assert {code for code, one in indicators.items() if one.may_repeat} == {"MIC-T3", "MIC-S1", "MIC-S2"}
        assert {code for code, one in indicators.items() if one.value_kind == "items"} == {"MIC-T2", "MIC-T4"}
        assert (indicators["MIC-T1"].value_kind, indicators["MIC-T1"].since_on) == ("yes", dt.date(2020, 1, 1))
        pending = {code for code, one in indicators.items() if one.readiness == Readiness.UNIT_PENDING}
        assert pending == {"MIC-E2", "MIC-E3"}
        side_by_side = Breakdown.objects.filter(kind="side_by_side").values_list("indicator__code", "code")
        assert set(side_by_side) == {("MIC-S1", "kind"), ("MIC-E1", "substance")}
        for one in indicators.values():
            one.full_clean()


class TestActionLines:
    def test_are_eleven_with_eight_sub_lines_of_c7_in_order(self):
        codes = list(ActionLine.objects.values_list("code", flat=True))
        assert codes[:7] == [f"C{number}" for number in range(1, 8)]
        assert codes[-4:] == ["C8", "C9", "C10", "C11"]
        assert ActionLine.objects.filter(parent__code="C7").count() == 8

    def test_have_the_heading_of_2003_and_the_form_used_today(self):
        line = ActionLine.objects.get(code="C1")
        assert line.name_en.startswith("The role of governments")
        assert line.current_name == (
            "The role of public governance authorities and all stakeholders in the promotion of ICTs for development"
        )

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("enabling environment", "C6"),
            ("C7 eGov", "C7-EGOV"),
            ("e-Government", "C7-EGOV"),
            ("access to information and knowledge", "C3"),
            ("international and regional collaboration", "C11"),
        ],
    )
    def test_are_found_by_the_words_of_texts(self, words, code):
        alias = ActionLineAlias.objects.get(kind=AliasKind.ALIAS, text=words)
        assert alias.line.code == code

    def test_keep_a_claimed_role_beside_the_role_of_the_annex(self):
        unido = Facilitation.objects.filter(entity__code="UNIDO").values_list("line__code", "role")
        assert set(unido) == {
            ("C7-ELEA", FacilitationRole.ANNEX),
            ("C3", FacilitationRole.CO_FACILITATOR),
            ("C4", FacilitationRole.CO_FACILITATOR),
            ("C6", FacilitationRole.CO_FACILITATOR),
        }

    def test_say_where_a_role_is_not_certain(self):
        unsure = Facilitation.objects.get(entity__code="UNDP", line__code="C7-EGOV", role="co_facilitator")
        assert "Medium confidence." in unsure.note


class TestVocabularies:
    def test_tell_which_kinds_do_not_count_as_initiatives(self):
        idle = Term.objects.filter(vocabulary__code="kinds", counts_as_initiative=False)
        assert set(idle.values_list("code", flat=True)) == {"context", "coordination", "organizational-change"}

    @pytest.mark.parametrize(
        ("code", "size"),
        [("sdgs", 17), ("wsis-targets", 11), ("core-functions", 4), ("thematic-areas", 4), ("mic-areas", 3)],
    )
    def test_are_complete(self, code, size):
        assert Vocabulary.objects.get(code=code).terms.count() == size

    def test_name_the_goals_in_six_languages(self):
        for name in NAMES:
            assert not Term.objects.filter(vocabulary__code="sdgs", **{name: ""}).exists(), name


class TestEntitiesAndSessions:
    def test_print_the_acronym_and_know_the_other_one(self):
        entity = Entity.objects.get(code="UNDESA")
        assert entity.acronym == "UN DESA"
        assert entity.aliases.filter(text="UNDESA").exists()

    def test_hold_no_member_state_among_the_entities(self):
        assert not Entity.objects.filter(kind="Member State").exists()
        assert Organisation.objects.filter(country__iso3="IND").exists()

    def test_store_the_day_after_the_last_day_of_a_session(self):
        session = Session.objects.get(body="CSTD", number=25)
        assert (session.starts_on, session.ends_on) == (dt.date(2022, 3, 28), dt.date(2022, 4, 2))

    def test_leave_unknown_dates_empty(self):
        assert Session.objects.get(body="CSTD", number=30).starts_on is None

    def test_know_sessions_of_the_governing_bodies_of_unido(self):
        assert Session.objects.filter(body="GC", number=19).exists()
        assert Session.objects.filter(body="IDB", number=48).exists()
