"""Baselines, targets and indicators are written as drafts, as records of initiatives are."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def let_go(apps, schema_editor):
    """On the way back: nothing reads drafts of plans there. Their history stays, and so does what was approved."""
    apps.get_model("initiatives", "Draft").objects.filter(of__in=["target", "indicator"]).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0022_drafts_of_results'),
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
            name='indicator',
            field=models.ForeignKey(blank=True, help_text='What a baseline or target is of. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.indicator'),
        ),
        migrations.AddField(
            model_name='draft',
            name='target',
            field=models.ForeignKey(blank=True, help_text='Empty until it is approved: a baseline or target is only added.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.target'),
        ),
        migrations.AddField(
            model_name='draft',
            name='workplan',
            field=models.ForeignKey(blank=True, help_text='That of an indicator.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.workplan'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='indicator',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='What a baseline or target is of. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.indicator'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='target',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty until it is approved: a baseline or target is only added.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.target'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='workplan',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='That of an indicator.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.workplan'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator')], max_length=12, verbose_name='kind of record'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."target_id", NEW."title", NEW."update_id", NEW."version", NEW."why", NEW."workplan_id"); RETURN NULL;', hash='34e9979122fe1dd6223e5e80fc8ffd343b17b40a', operation='INSERT', pgid='pgtrigger_insert_insert_fdcef', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."target_id", NEW."title", NEW."update_id", NEW."version", NEW."why", NEW."workplan_id"); RETURN NULL;', hash='97a71e8fb4a698ea87682e4502522fe55e73a665', operation='UPDATE', pgid='pgtrigger_update_update_d37c5', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (OLD."began_from", OLD."begun_at", OLD."content", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."edits", OLD."entity_id", OLD."holder_id", OLD."id", OLD."indicator_id", OLD."initiative_id", OLD."of", OLD."passage_id", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result_id", OLD."saved_at", OLD."saved_by_id", OLD."state", OLD."submitted_at", OLD."target_id", OLD."title", OLD."update_id", OLD."version", OLD."why", OLD."workplan_id"); RETURN NULL;', hash='59b01949b594dbe1b2c93154064bc2889233f431', operation='DELETE', pgid='pgtrigger_delete_delete_52199', table='initiatives_draft', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'indicator'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('indicator',), name='indicator_has_one_open_draft', violation_error_message='Somebody changes this indicator already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'indicator'), ('version__isnull', False)), fields=('indicator', 'version'), name='indicator_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('target',), name='target_has_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('indicator__isnull', False), ('of', 'target')), models.Q(models.Q(('of', 'target'), _negated=True), ('target', None)), _connector='OR'), name='draft_of_a_target_has_its_indicator'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initiative', None), ('of__in', ['target', 'indicator']), ('passage', None), ('result', None), ('workplan__isnull', False)), models.Q(models.Q(('of__in', ['target', 'indicator']), _negated=True), ('indicator', None), ('workplan', None)), _connector='OR'), name='draft_of_a_plan_is_of_nothing_else'),
        ),
        migrations.RunPython(migrations.RunPython.noop, let_go),
    ]
