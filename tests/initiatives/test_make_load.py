"""The reference load: the same rows each time, by every rule of the tables, and only where nothing else is kept."""

import datetime as dt
import hashlib

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone
from pghistory.models import Context

from initiatives.choices import OPEN_DRAFTS
from initiatives.indicator_tables import figures_today
from initiatives.load.make import DatabaseHoldsRecords, ReferenceDataMissing, make_load
from initiatives.load.words import LANGUAGES, WORDS
from initiatives.models import (
    Document,
    Draft,
    Entity,
    Identifier,
    Indicator,
    Initiative,
    InitiativeSummary,
    InitiativeText,
    Membership,
    Organisation,
    PassageText,
    Relation,
    Result,
    SearchEntry,
    Update,
    UpdateText,
)
from initiatives.models.passages import PassageCountry
from initiatives.services.results import judge_result
from portal.common import richtext
from portal.common.history import event_model
from tests.factories import InitiativeFactory, OrganisationFactory, UserFactory
from tests.support.loading import undone_afterwards

SCALE = 0.001

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reference data")]


def fingerprint() -> str:
    """One sum over all rows of `initiatives` and of people, without their history and the ids of entries of search."""
    found = hashlib.sha256()
    kept = [apps.get_model("portal.User"), *apps.get_app_config("initiatives").get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for model in kept:
            if not model._meta.proxy and not model.__name__.endswith("Event"):
                table = model._meta.db_table
                row = "(to_jsonb(t) - 'id')::text" if model is SearchEntry else "t::text"
                cursor.execute(f"SELECT string_agg({row}, E'\\n' ORDER BY {row}) FROM \"{table}\" t")
                found.update(f"{table}: {cursor.fetchone()[0]}".encode())
    return found.hexdigest()


def fingerprint_of_load(scale: float) -> str:
    """Make a load, look at it, and undo it."""
    with transaction.atomic():
        make_load(scale=scale)
        found = fingerprint()
        transaction.set_rollback(True)
    return found


class TestSameScale:
    def test_makes_the_same_rows_on_another_day(self, reference_data, monkeypatch):
        first = fingerprint_of_load(SCALE)
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2031, 5, 6, tzinfo=dt.UTC))
        assert fingerprint_of_load(SCALE) == first

    def test_makes_other_rows_than_another_scale(self, reference_data):
        assert fingerprint_of_load(SCALE) != fingerprint_of_load(2 * SCALE)


class TestLoad:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def made(cls, reference_data, django_db_setup, django_db_blocker):
        with undone_afterwards(django_db_blocker):
            yield make_load(scale=SCALE)

    def test_is_as_large_as_its_scale_says(self, made):
        assert made["initiatives"] == Initiative.objects.count() == 20
        assert made["updates"] == Update.objects.count()
        assert Update.objects.count() + Draft.objects.of_updates().count() == 200
        assert made["results"] == Result.objects.count() == 1000
        assert made["indicators"] == 200
        assert Membership.objects.values("entity").exclude(entity=None).distinct().count() == 20

    def test_keeps_every_rule_of_the_tables(self):
        connection.check_constraints()  # those that wait for the end of the transaction
        for model in (Initiative, InitiativeText, Update, UpdateText, Document, Identifier, Relation):
            for row in model.objects.all():
                row.full_clean(validate_unique=False, validate_constraints=False)

    def test_has_results_that_a_form_would_accept(self):
        for indicator in Indicator.objects.filter(code__startswith="LOAD-UNIDO").prefetch_related("results"):
            for result in indicator.results.all()[:3]:
                named = {link.item: link.adoptions for link in result.item_links.select_related("item")}
                assert judge_result(result=result, items=named) == {}

    def test_tells_different_things_in_six_languages(self):
        texts = InitiativeText.objects.filter(state="original")
        assert texts.values("title").distinct().count() == 20
        for language in LANGUAGES:
            assert {name: len(words) for name, words in WORDS[language].items() if isinstance(words, list)} == {
                name: len(words) for name, words in WORDS["en"].items() if isinstance(words, list)
            }
        assert set(UpdateText.objects.values_list("language", flat=True)) <= set(LANGUAGES)

    def test_holds_rich_text_as_saving_would_leave_it(self):
        for model in (InitiativeText, UpdateText, PassageText):
            names = [field.name for field in model._meta.fields if isinstance(field, richtext.RichTextField)]
            for text in model.objects.all():
                for name in names:
                    assert richtext.clean(getattr(text, name)) == getattr(text, name)

    def test_lies_within_twenty_years_before_today(self):
        years = {update.period_start.year for update in Update.objects.all()}
        assert years <= set(range(2006, 2026))
        assert len(years) > 10
        assert Initiative.objects.latest("published_at").published_at < dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def test_says_that_it_is_invented(self):
        assert not Initiative.objects.filter(is_invented=False).exists()
        made = event_model(Organisation).objects.filter(pgh_context__metadata={"command": "make_load"})
        assert made.exists()
        assert not made.exclude(name__startswith="Invented ").exists()

    def test_has_what_visitors_may_not_see(self):
        assert {draft.state for draft in Draft.objects.all()} == set(OPEN_DRAFTS)

    def test_leaves_an_event_for_each_row_that_says_where_it_came_from(self):
        context = Context.objects.get(metadata={"command": "make_load"})
        for model in (Initiative, InitiativeText, Update, UpdateText, Result, PassageCountry):
            events = model.pgh_event_model.objects.filter(pgh_label="insert", pgh_context=context)
            names = [field.attname for field in model._meta.concrete_fields if not field.generated]
            rows = list(model.objects.order_by("pk").values_list(*names))
            assert list(events.order_by("id").values_list(*names)) == rows != []

    def test_has_a_summary_of_each_initiative(self):
        told = Update.objects.values("initiative").distinct().count()
        assert InitiativeSummary.objects.count() == Initiative.objects.count()
        assert InitiativeSummary.objects.filter(last_approved_at__isnull=False).count() == told > 0

    def test_lets_the_next_record_follow_on(self):
        last = Initiative.objects.aggregate(last=models.Max("pk"))["last"]
        assert InitiativeFactory().pk == last + 1
        assert OrganisationFactory().pk == Organisation.objects.aggregate(last=models.Max("pk"))["last"]


class TestMakeLoad:
    def test_refuses_a_database_with_other_records(self, reference_data):
        UserFactory()
        with pytest.raises(DatabaseHoldsRecords, match="others: people"):
            make_load(scale=SCALE)
        assert not Initiative.objects.exists()

    def test_refuses_a_database_that_once_had_them(self, reference_data):
        InitiativeFactory.create().delete()
        with pytest.raises(DatabaseHoldsRecords):
            make_load(scale=SCALE)

    def test_has_figures_at_hand_and_refuses_a_second_load(self, reference_data, capsys, django_assert_num_queries):
        call_command("make_load", scale=SCALE)
        indicators = list(Indicator.objects.all())
        assert f"Figures of {len(indicators)} indicators are at hand.\n" in capsys.readouterr().out
        with django_assert_num_queries(2):  # what they rest on, and what is kept
            figures_today(indicators[0])
        with pytest.raises(CommandError, match="Nothing was made"):
            call_command("make_load", scale=SCALE)
        assert Initiative.objects.count() == 20

    def test_needs_the_reference_data(self, reference_data):
        Entity.objects.filter(code="UNIDO").update(code="OTHER")
        with pytest.raises(ReferenceDataMissing, match="load_reference"):
            make_load(scale=SCALE)

    def test_refuses_an_installation(self, settings, reference_data):
        settings.TRIAL = False
        with pytest.raises(CommandError, match="DATABASE_URL"):
            call_command("make_load", scale=SCALE)
        assert not Initiative.objects.exists()

    @pytest.mark.parametrize("scale", ["0", "2", "-1", "nan", "many"])
    def test_refuses_a_scale_that_is_none(self, scale):
        with pytest.raises(CommandError, match="--scale"):
            call_command("make_load", f"--scale={scale}")

    def test_tells_what_it_made_and_how_long_it_took(self, reference_data, capsys):
        call_command("make_load", f"--scale={SCALE}")
        said = capsys.readouterr().out
        assert "initiatives: 20\n" in said
        assert "seconds" in said
