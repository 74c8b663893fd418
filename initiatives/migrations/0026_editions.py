"""Editions of workplans are written as drafts, and an indicator says why it was retired."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def let_go(apps, schema_editor):
    """On the way back: nothing reads drafts of editions there. Their history stays, and so does what was approved."""
    apps.get_model("initiatives", "Draft").objects.filter(of="edition").delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0025_latest_events_of_parts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='draft',
            name='draft_of_a_plan_is_of_nothing_else',
        ),
        migrations.AddField(
            model_name='indicator',
            name='retired_because',
            field=models.TextField(blank=True, verbose_name='why it was retired'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='retired_because',
            field=models.TextField(blank=True, verbose_name='why it was retired'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator'), ('edition', 'edition of a workplan')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='workplan',
            field=models.ForeignKey(blank=True, help_text='That of an indicator; of an edition the one that it supersedes, then its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.workplan'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator'), ('edition', 'edition of a workplan')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='workplan',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='That of an indicator; of an edition the one that it supersedes, then its own.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.workplan'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_indicatorevent" ("across_periods", "across_places", "area_id", "code", "id", "may_repeat", "measures", "order", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "retired_on", "scope", "since_on", "source", "statement", "statement_language", "succession", "supersedes_id", "unit_id", "value_kind", "workplan_id") VALUES (NEW."across_periods", NEW."across_places", NEW."area_id", NEW."code", NEW."id", NEW."may_repeat", NEW."measures", NEW."order", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_because", NEW."retired_on", NEW."scope", NEW."since_on", NEW."source", NEW."statement", NEW."statement_language", NEW."succession", NEW."supersedes_id", NEW."unit_id", NEW."value_kind", NEW."workplan_id"); RETURN NULL;', hash='0a6b8fa8049e9e947fb4f3a0337ea02f6ba91c50', operation='INSERT', pgid='pgtrigger_insert_insert_bd101', table='initiatives_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_indicatorevent" ("across_periods", "across_places", "area_id", "code", "id", "may_repeat", "measures", "order", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "retired_on", "scope", "since_on", "source", "statement", "statement_language", "succession", "supersedes_id", "unit_id", "value_kind", "workplan_id") VALUES (NEW."across_periods", NEW."across_places", NEW."area_id", NEW."code", NEW."id", NEW."may_repeat", NEW."measures", NEW."order", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_because", NEW."retired_on", NEW."scope", NEW."since_on", NEW."source", NEW."statement", NEW."statement_language", NEW."succession", NEW."supersedes_id", NEW."unit_id", NEW."value_kind", NEW."workplan_id"); RETURN NULL;', hash='a5c88ad9a93009c915778be4c6c6e20fc4fdc37a', operation='UPDATE', pgid='pgtrigger_update_update_33714', table='initiatives_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_indicatorevent" ("across_periods", "across_places", "area_id", "code", "id", "may_repeat", "measures", "order", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "retired_on", "scope", "since_on", "source", "statement", "statement_language", "succession", "supersedes_id", "unit_id", "value_kind", "workplan_id") VALUES (OLD."across_periods", OLD."across_places", OLD."area_id", OLD."code", OLD."id", OLD."may_repeat", OLD."measures", OLD."order", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_because", OLD."retired_on", OLD."scope", OLD."since_on", OLD."source", OLD."statement", OLD."statement_language", OLD."succession", OLD."supersedes_id", OLD."unit_id", OLD."value_kind", OLD."workplan_id"); RETURN NULL;', hash='8358740ca2ff5eed3c29f7dc98b64f7a4aef4b52', operation='DELETE', pgid='pgtrigger_delete_delete_346c7', table='initiatives_indicator', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'edition'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('workplan',), name='workplan_has_one_open_edition', violation_error_message='Somebody prepares a new edition already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initiative', None), ('of__in', ['target', 'indicator', 'edition']), ('passage', None), ('result', None), ('workplan__isnull', False)), models.Q(models.Q(('of__in', ['target', 'indicator', 'edition']), _negated=True), ('indicator', None), ('workplan', None)), _connector='OR'), name='draft_of_a_plan_is_of_nothing_else'),
        ),
        migrations.RunPython(migrations.RunPython.noop, let_go),
    ]
