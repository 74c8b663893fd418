"""History: what happens to a record leaves an event, whoever or whatever does it."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from pghistory.models import Context

from initiatives.models import Initiative, InitiativeLine, InitiativeText, Organisation, Passage, PassageText, Update
from initiatives.services.drafts import approve_draft
from portal.models import User
from tests.factories import (
    NOON,
    ActionLineFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    MembershipFactory,
    OrganisationFactory,
    PassageFactory,
    SubmissionFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

#: What comes from files, and changes by loading them again.
REFERENCE_DATA = {
    *("Country", "CountryGroup", "GroupMembership", "IncomeClassification"),
    *("Entity", "EntityAlias", "Unit", "Session"),
    *("ActionLine", "ActionLineAlias", "Facilitation", "Vocabulary", "Term"),
}

#: Written once with the files that it lists the sources of, kept by triggers, or told of steps that have a history.
DERIVED_DATA = {
    *("PrintedVersion", "InitiativeSummary", "SearchEntry", "FormerAddress"),
    *("Notification", "Mailing", "WorkbookRow"),
}


def labels(model, pk):
    """What happened to a row, oldest first."""
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    return list(events.values_list("pgh_label", flat=True))


class TestEveryTable:
    def test_has_history_unless_it_is_reference_or_derived_data(self):
        without = {
            model.__name__
            for app in ("portal", "initiatives", "reporting")
            for model in apps.get_app_config(app).get_models()
            if not model._meta.proxy and not model.__name__.endswith("Event") and not hasattr(model, "pgh_event_model")
        }
        assert without == REFERENCE_DATA | DERIVED_DATA

    def test_of_many_to_many_links_has_history_too(self):
        models = [model for app in ("initiatives", "reporting") for model in apps.get_app_config(app).get_models()]
        tracked = {model._meta.db_table for model in models if model._meta.proxy and hasattr(model, "pgh_event_model")}
        links = {
            field.remote_field.through._meta.db_table
            for model in models
            if not model.__name__.endswith("Event")
            for field in model._meta.local_many_to_many
            if field.remote_field.through._meta.auto_created
        }
        assert links == tracked != set()


class TestARow:
    def test_leaves_an_event_for_its_coming_its_changes_and_its_going(self):
        initiative = InitiativeFactory()
        initiative.place = "Vienna"
        initiative.save()
        pk = initiative.pk
        initiative.delete()
        assert labels(Initiative, pk) == ["insert", "update", "delete"]

    def test_leaves_none_when_it_is_saved_as_it_was(self):
        initiative = InitiativeFactory()
        initiative.save()
        assert labels(Initiative, initiative.pk) == ["insert"]

    def test_keeps_in_each_event_what_it_said_then(self):
        initiative = InitiativeFactory(place="Vienna")
        Initiative.objects.filter(pk=initiative.pk).update(place="Geneva")
        events = Initiative.pgh_event_model.objects.filter(pgh_obj_id=initiative.pk).order_by("pgh_id")
        assert list(events.values_list("place", flat=True)) == ["Vienna", "Geneva"]

    def test_leaves_events_when_raw_sql_changes_and_removes_it(self):
        pk = InitiativeLineFactory().pk
        table = InitiativeLine._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET basis = 'inferred' WHERE id = %s", [pk])
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])
        assert labels(InitiativeLine, pk) == ["insert", "update", "delete"]

    def test_leaves_an_event_when_it_goes_with_another_row(self):
        line = InitiativeLineFactory()
        line.initiative.delete()
        assert labels(InitiativeLine, line.pk) == ["insert", "delete"]

    def test_leaves_events_when_rows_come_in_bulk(self):
        initiative = InitiativeFactory()
        rows = InitiativeText.objects.bulk_create(
            InitiativeText(initiative=initiative, language=language, state="checked", title="T")
            for language in ("fr", "es")
        )
        assert [labels(InitiativeText, row.pk) for row in rows] == [["insert"], ["insert"]]

    def test_keeps_no_password_in_its_events(self):
        assert "password" not in [field.name for field in User.pgh_event_model._meta.get_fields()]


class TestLinks:
    def test_of_a_passage_leave_events(self):
        passage, line = PassageFactory(), ActionLineFactory()
        passage.lines.add(line)
        passage.lines.clear()
        events = apps.get_model("initiatives", "PassageLine").pgh_event_model.objects
        assert list(events.order_by("pgh_id").values_list("pgh_label", "passage_id", "actionline_id")) == [
            ("insert", passage.pk, line.pk),
            ("delete", passage.pk, line.pk),
        ]

    def test_of_a_submission_leave_events(self):
        submission = SubmissionFactory()
        submission.entities.clear()
        events = apps.get_model("reporting", "SubmissionEntity").pgh_event_model.objects
        kept = events.filter(submission_id=submission.pk).order_by("pgh_id")
        assert list(kept.values_list("pgh_label", flat=True)) == ["insert", "delete"]


class TestContext:
    def test_tells_who_changed_a_record_in_which_request(self, client):
        person = UserFactory(is_staff=True, is_superuser=True)
        organisation = OrganisationFactory(name="Before")
        url = reverse("admin:initiatives_organisation_change", args=[organisation.pk])
        client.force_login(person)
        client.post(url, {"name": "After", "kind": organisation.kind})
        event = Organisation.pgh_event_model.objects.get(pgh_obj_id=organisation.pk, pgh_label="update")
        assert event.name == "After"
        assert event.pgh_context.metadata == {"user": person.pk, "url": url}

    def test_is_one_for_all_that_happens_in_it(self):
        with pghistory.context(command="a test"):
            InitiativeFactory()
        assert Context.objects.filter(metadata__command="a test").count() == 1


class TestRevision:
    def test_counts_every_change_of_a_text_whoever_makes_it(self):
        text = InitiativeFactory(title="One").texts.get()
        assert text.revision == 1
        text.title = "Two"
        text.save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE initiatives_initiativetext SET title = 'Three' WHERE id = %s", [text.pk])
        text.refresh_from_db()
        assert text.revision == 3

    def test_stays_when_nothing_changed(self):
        text = PassageFactory(body="<p>One.</p>").texts.get()
        PassageText.objects.filter(pk=text.pk).update(body="<p>One.</p>")
        text.refresh_from_db()
        assert text.revision == 1

    def test_cannot_be_set_back(self):
        text = PassageFactory(body="<p>One.</p>").texts.get()
        PassageText.objects.filter(pk=text.pk).update(body="<p>Two.</p>", revision=1)
        text.refresh_from_db()
        assert text.revision == 2

    def test_stands_in_the_events_beside_the_words(self):
        passage = PassageFactory(body="<p>One.</p>")
        text = passage.texts.get()
        text.body = "<p>Two.</p>"
        text.save()
        events = PassageText.pgh_event_model.objects.filter(pgh_obj_id=text.pk).order_by("pgh_id")
        assert list(events.values_list("revision", "body")) == [(1, "<p>One.</p>"), (2, "<p>Two.</p>")]
        assert labels(Passage, passage.pk) == ["insert"]

    def test_grows_with_a_change_of_an_update(self):
        update = UpdateFactory(paragraph="<p>One.</p>")
        draft = UpdateDraftFactory(update=update, paragraph="<p>Two.</p>", submitted=True)
        approve_draft(draft=draft, edits=0, user=MembershipFactory(entity=update.entity).user, now=NOON)
        assert update.texts.get().revision == 2
        assert labels(Update, update.pk) == ["insert", "update"]
