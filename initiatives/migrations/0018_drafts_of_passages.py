from importlib import import_module

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_BEFORE = import_module("initiatives.migrations.0012_drafts_of_updates").INDEX_DRAFTS.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1
)
#: As before, with the words of passages.
INDEX_DRAFTS = _BEFORE.replace("draft.content ->> 'description',", "draft.content ->> 'description', draft.content ->> 'body',")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0017_words_of_joint_initiatives'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='draft',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='draft',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='draft',
            name='delete_delete',
        ),
        migrations.RunSQL(INDEX_DRAFTS, _BEFORE),
        migrations.AddField(
            model_name='draft',
            name='passage',
            field=models.ForeignKey(blank=True, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.passage'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='passage',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.passage'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage')], max_length=12, verbose_name='kind of record'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='755338f160ae2d602477d1206cfdb542d4af9c17', operation='INSERT', pgid='pgtrigger_insert_insert_fdcef', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='c7e32c34e9bf7f0c2302e49fc07b8fefb16cfbd2', operation='UPDATE', pgid='pgtrigger_update_update_d37c5', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (OLD."began_from", OLD."begun_at", OLD."content", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."edits", OLD."entity_id", OLD."holder_id", OLD."id", OLD."initiative_id", OLD."of", OLD."passage_id", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."saved_at", OLD."saved_by_id", OLD."state", OLD."submitted_at", OLD."title", OLD."update_id", OLD."version", OLD."why"); RETURN NULL;', hash='b05e57299c169516241dcbcf4ac92827c26e4e0a', operation='DELETE', pgid='pgtrigger_delete_delete_52199', table='initiatives_draft', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'passage'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('passage',), name='passage_has_one_open_draft', violation_error_message='Somebody changes this passage already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'passage'), ('version__isnull', False)), fields=('passage', 'version'), name='passage_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initiative', None), ('of', 'passage')), models.Q(models.Q(('of', 'passage'), _negated=True), ('passage', None)), _connector='OR'), name='draft_of_a_passage_is_of_nothing_else'),
        ),
    ]
