"""Rows of `Passage` are approved: what is under way has become drafts in the migration before."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0019_passages_under_way'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='passage',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='passage',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='passage',
            name='delete_delete',
        ),
        migrations.AlterField(  # rows are approved, also those to which it comes back
            model_name='passage',
            name='state',
            field=models.CharField(default='approved', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(  # rows are approved, also those to which it comes back
            model_name='passageevent',
            name='state',
            field=models.CharField(default='approved', max_length=10, verbose_name='state'),
        ),
        migrations.RemoveField(
            model_name='passage',
            name='state',
        ),
        migrations.RemoveField(
            model_name='passageevent',
            name='state',
        ),
        migrations.AddField(
            model_name='passage',
            name='follows',
            field=models.ForeignKey(blank=True, help_text='The passage of a former year that this one began from.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='initiatives.passage', verbose_name='carries on'),
        ),
        migrations.AddField(
            model_name='passageevent',
            name='follows',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The passage of a former year that this one began from.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.passage', verbose_name='carries on'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_passageevent" ("author_id", "author_role", "entity_id", "follows_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."author_id", NEW."author_role", NEW."entity_id", NEW."follows_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='d663cf6bcf64f13eed790acaafcdc3e6ca5e7dbb', operation='INSERT', pgid='pgtrigger_insert_insert_7a04b', table='initiatives_passage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_passageevent" ("author_id", "author_role", "entity_id", "follows_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."author_id", NEW."author_role", NEW."entity_id", NEW."follows_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='03e6ca9e1c6bdab4002338461fe0d07e51a04c64', operation='UPDATE', pgid='pgtrigger_update_update_5012c', table='initiatives_passage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passage',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_passageevent" ("author_id", "author_role", "entity_id", "follows_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."author_id", OLD."author_role", OLD."entity_id", OLD."follows_id", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='5337c19054204cc68f5204578b0cda7c9a6613c6', operation='DELETE', pgid='pgtrigger_delete_delete_ead12', table='initiatives_passage', when='AFTER')),
        ),
    ]
