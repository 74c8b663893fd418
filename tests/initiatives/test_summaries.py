"""The summaries of initiatives and their former addresses, which triggers keep."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from initiatives.models import FormerAddress, Initiative, InitiativeSummary
from tests.factories import InitiativeFactory, InitiativeTextFactory, UpdateDraftFactory, UpdateFactory

pytestmark = pytest.mark.django_db


def summary_of(initiative: Initiative) -> InitiativeSummary:
    return InitiativeSummary.objects.get(initiative=initiative)


class TestSummary:
    def test_folds_the_title_of_the_original(self):
        initiative = InitiativeFactory(title="Économie Ürban ВЁРСТА")
        assert summary_of(initiative).title_key == "economie urban верста"

    def test_folds_arabic_without_vowel_signs_and_forms_of_letters(self):
        initiative = InitiativeFactory(title="الإِدَارَة الذكيّة إلى")
        assert summary_of(initiative).title_key == "الاداره الذكيه الي"

    def test_follows_a_new_title(self):
        initiative = InitiativeFactory(title="Before")
        initiative.texts.update(title="After")
        assert summary_of(initiative).title_key == "after"

    def test_tells_the_languages_of_the_texts(self):
        initiative = InitiativeFactory()
        InitiativeTextFactory(initiative=initiative, language="fr", state="checked", title="Programme")
        assert summary_of(initiative).languages == ["en", "fr"]

    def test_tells_the_years_of_its_dates_and_of_approved_updates(self):
        initiative = InitiativeFactory(starts_on=dt.date(2018, 6, 1), ends_on=dt.date(2020, 1, 1))
        UpdateDraftFactory(initiative=initiative, period_start=dt.date(2021, 1, 1), period_end=dt.date(2022, 1, 1))
        UpdateFactory(initiative=initiative, period_start=dt.date(2023, 1, 1), period_end=dt.date(2025, 1, 1))
        assert summary_of(initiative).years == [2018, 2019, 2023, 2024]

    def test_knows_one_year_where_one_date_is_known(self):
        assert summary_of(InitiativeFactory(starts_on=dt.date(2019, 3, 1))).years == [2019]
        assert summary_of(InitiativeFactory(ends_on=dt.date(2019, 1, 1))).years == [2018]

    def test_forgets_an_update_that_is_deleted(self):
        update = UpdateFactory()
        assert summary_of(update.initiative).last_approved_at == update.decided_at
        update.delete()
        assert summary_of(update.initiative).last_approved_at is None

    def test_counts_an_update_but_no_draft_of_one(self):
        draft = UpdateDraftFactory()
        assert summary_of(draft.initiative).years == []
        update = UpdateFactory(initiative=draft.initiative)
        assert update.period_start.year in summary_of(update.initiative).years

    def test_goes_with_its_initiative(self):
        initiative = InitiativeFactory()
        initiative.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert not InitiativeSummary.objects.exists()


class TestFormerAddress:
    def test_is_kept_when_the_address_changes(self):
        initiative = InitiativeFactory(slug="before")
        initiative.slug = "after"
        initiative.save()
        assert FormerAddress.objects.get(slug="before").initiative == initiative

    def test_leads_to_whoever_had_it_last(self):
        first, second = InitiativeFactory(slug="one"), InitiativeFactory(slug="two")
        Initiative.objects.filter(pk=first.pk).update(slug="three")
        Initiative.objects.filter(pk=second.pk).update(slug="one")
        Initiative.objects.filter(pk=second.pk).update(slug="four")
        assert FormerAddress.objects.get(slug="one").initiative == second


def may_be_locked(initiative: Initiative, *, no_key: bool) -> bool:
    """Try it in a connection of its own."""
    try:
        with transaction.atomic():
            Initiative.objects.select_for_update(no_key=no_key, nowait=True).get(pk=initiative.pk)
    except OperationalError:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.django_db(transaction=True)
class TestLocks:
    def test_of_an_update_hold_the_initiative_before_its_summary(self):
        """Else who holds the initiative waits for the summary, and the commit of the update for the initiative."""
        initiative = InitiativeFactory()
        with transaction.atomic(), ThreadPoolExecutor(1) as elsewhere:
            UpdateFactory(initiative=initiative)
            assert not elsewhere.submit(may_be_locked, initiative, no_key=False).result()
            assert elsewhere.submit(may_be_locked, initiative, no_key=True).result()
