"""Results are written as drafts, as updates and passages are."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def let_go(apps, schema_editor):
    """On the way back: nothing reads drafts of results there. Their history stays."""
    apps.get_model("initiatives", "Draft").objects.filter(of="result").delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0021_latest_events_of_results'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.AddField(
            model_name='draft',
            name='result',
            field=models.ForeignKey(blank=True, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.result'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='result',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.result'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='initiative',
            field=models.ForeignKey(blank=True, help_text='What an update, own text or result is about. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.initiative'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='initiative',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='What an update, own text or result is about. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.initiative'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result')], max_length=12, verbose_name='kind of record'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='addb9b3549fe1fbd13b2d3ca72cbeb693e2e03b7', operation='INSERT', pgid='pgtrigger_insert_insert_fdcef', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='ac1e2759ad826b46de895ef72db43411969bf00a', operation='UPDATE', pgid='pgtrigger_update_update_d37c5', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (OLD."began_from", OLD."begun_at", OLD."content", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."edits", OLD."entity_id", OLD."holder_id", OLD."id", OLD."initiative_id", OLD."of", OLD."passage_id", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result_id", OLD."saved_at", OLD."saved_by_id", OLD."state", OLD."submitted_at", OLD."title", OLD."update_id", OLD."version", OLD."why"); RETURN NULL;', hash='ed605f93846200e9e86c51cb39d3ae3288c47543', operation='DELETE', pgid='pgtrigger_delete_delete_52199', table='initiatives_draft', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'result'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('result',), name='result_has_one_open_draft', violation_error_message='Somebody corrects this result already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'result'), ('version__isnull', False)), fields=('result', 'version'), name='result_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('of', 'result'), ('result', None), _connector='OR'), name='draft_of_a_result_is_of_nothing_else'),
        ),
        migrations.RunPython(migrations.RunPython.noop, let_go),
    ]
