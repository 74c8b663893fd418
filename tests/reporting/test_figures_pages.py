"""The workbench pages on which tables and charts of indicators are chosen."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import Role
from reporting.choices import ItemKind, SubmissionState
from reporting.models import Item
from tests import factories as make
from tests.support import worked_example
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db

TABLE = {"kind": "table", "rows": "years", "first_year": "2024", "last_year": "2026", "heading": "Pollutants"}


@pytest.fixture
def section():
    return make.SectionFactory(name_en="Figures")


@pytest.fixture
def entity(section):
    return section.submission.entities.get()


@pytest.fixture
def indicator(entity):
    return worked_example.tonnes(worked_example.world(), workplan__entity=entity, code="E1")


@pytest.fixture
def secretariat(entity):
    client = Client()
    client.force_login(make.UserFactory(role=Role.SECRETARIAT, entity=entity))
    return client


def where(section, name="submission_edit", *more):
    return reverse(name, args=[section.submission.call.slug, section.submission.slug, *more])


class TestChoosing:
    def test_shows_what_will_be_printed_then_saves_it(self, secretariat, section, indicator):
        page = secretariat.get(where(section))
        assert where(section, "figures_new", section.pk) in words_of(page)
        address = where(section, "figures_new", section.pk)
        assert "E1" in words_of(secretariat.get(address))
        shown = secretariat.post(
            address, {**TABLE, "indicators": ["E1"], "preview": "1"}, headers={"HX-Request": "true"}
        )
        assert "171" in words_of(shown)
        assert "<html" not in words_of(shown)
        assert not Item.objects.exists()
        assert secretariat.post(address, {**TABLE, "indicators": ["E1"]}).status_code == 302
        item = section.items.get()
        assert (item.kind, item.heading, item.indicators, item.order) == (ItemKind.TABLE, "Pollutants", ["E1"], 1)
        changed = where(section, "figures_edit", item.pk)
        assert "171" in words_of(secretariat.get(changed))  # as it is kept
        assert secretariat.post(changed, {**TABLE, "indicators": ["E1"], "last_year": "2025"}).status_code == 302
        item.refresh_from_db()
        assert (item.last_year, item.revision) == (2025, 2)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"indicators": []}, "Choose the indicators: for a chart, one."),
            ({"kind": "chart", "indicators": ["E1", "E2"]}, "A chart shows one indicator."),
            ({"kind": "chart", "indicators": ["E3"]}, "Its unit is pending, so no chart is drawn of it."),
            ({"first_year": "2027"}, "The last year cannot come before the first one."),
            ({"first_year": "2010"}, "Choose up to twelve years, six where they are columns, the first one first."),
            ({"rows": "indicators", "first_year": "2020"}, "Choose up to twelve years, six where they are columns"),
            ({"indicators": ["OTHER"]}, "OTHER is not one of the available choices."),
        ],
    )
    def test_refuses_in_words(self, secretariat, section, indicator, wrong, sentence):
        make.IndicatorFactory(workplan=indicator.workplan, code="E2")
        make.IndicatorFactory(workplan=indicator.workplan, code="E3", pending=True)
        make.IndicatorFactory(code="OTHER")
        answer = secretariat.post(where(section, "figures_new", section.pk), {**TABLE, "indicators": ["E1"], **wrong})
        assert answer.status_code == 422
        assert sentence in words_of(answer)
        assert not Item.objects.exists()


class TestPlacing:
    def test_moves_and_removes_tables_until_the_text_is_sealed(self, secretariat, section, indicator):
        first = make.ItemFactory(section=section, order=1)
        table = make.ItemFactory(section=section, order=2, indicators=["E1"])

        def act(name, item=table):
            return secretariat.post(where(section), {"act": name, "item": item.pk}).status_code

        assert act("up") == 302
        assert list(section.items.order_by("order")) == [table, first]
        assert act("up") == 302
        assert act("down") == 302
        assert list(section.items.order_by("order")) == [first, table]
        assert act("remove", first) == 404  # a passage is none of these
        section.submission.state = SubmissionState.SEALED
        section.submission.save()
        assert act("remove") == 409
        answer = secretariat.post(where(section, "figures_edit", table.pk), {**TABLE, "indicators": ["E1"]})
        assert answer.status_code == 409
        assert "This submission is sealed" in words_of(answer)
        section.submission.state = SubmissionState.DRAFTING
        section.submission.save()
        assert act("remove") == 302
        assert section.items.get() == first
