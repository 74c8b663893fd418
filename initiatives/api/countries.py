"""Countries and areas, in the API."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet
from rest_framework import serializers

from initiatives.choices import GroupKind, IncomeGroup, UnMembership
from initiatives.models import Country, GroupMembership, IncomeClassification
from portal.common.api.records import InnerRecord, Record, column, named, named_in_all, rows_of
from portal.common.api.views import RecordDetail, RecordList


class CountryInGroup(InnerRecord):
    code = column(serializers.CharField(help_text="of the group"), "group__code")
    kind = column(serializers.ChoiceField(GroupKind.choices), "group__kind")
    name = named("group__")
    status = column(serializers.CharField(), "status")
    since = column(serializers.DateField(allow_null=True), "since")
    until = column(serializers.DateField(allow_null=True, help_text="the first day outside the group"), "until")


class IncomeGroupOfYear(InnerRecord):
    fiscal_year = column(serializers.IntegerField(help_text="1 July to 30 June, named by its end"), "fiscal_year")
    income_group = column(
        serializers.ChoiceField([*IncomeGroup.choices, ("", "unclassified")], allow_blank=True), "income_group"
    )
    source = column(serializers.CharField(allow_blank=True), "source")


class CountryRecord(Record):
    """A country or area of the United Nations M49 standard.

    The designations employed do not imply the expression of any opinion on the legal status of any country or area.
    """

    iso3 = column(serializers.CharField(), "iso3")
    iso2 = column(serializers.CharField(allow_blank=True), "iso2")
    m49 = column(serializers.CharField(allow_blank=True), "m49")
    name = named()
    names = named_in_all()
    un_member = column(serializers.ChoiceField(UnMembership.choices), "un_member")
    groups = column(
        CountryInGroup(many=True),
        rows_of(
            CountryInGroup,
            lambda _: GroupMembership.objects.filter(country=OuterRef("pk")).order_by(
                "group__kind", "group__code", F("since").asc(nulls_first=True)
            ),
        ),
    )
    income_groups = column(
        IncomeGroupOfYear(many=True),
        rows_of(
            IncomeGroupOfYear,
            lambda _: IncomeClassification.objects.filter(country=OuterRef("pk")).order_by("fiscal_year"),
        ),
    )

    every_language = ("names",)


class Countries:
    record = CountryRecord

    def rows(self: Any) -> QuerySet[Country]:
        return Country.objects.public()


class CountryList(Countries, RecordList):
    """Countries and areas with the groups they are in and their income group in each fiscal year."""


class CountryDetail(Countries, RecordDetail):
    """One country or area by its ISO 3166-1 alpha-3 code."""

    lookups = {"iso3": "iso3"}
