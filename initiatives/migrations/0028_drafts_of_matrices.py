"""What stands in a workplan is written as drafts: its texts, areas and entries, which can be taken out with a reason."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def let_go(apps, schema_editor):
    """On the way back: nothing reads these drafts there. Their history stays, and so does what was approved."""
    apps.get_model("initiatives", "Draft").objects.filter(of__in=["workplan", "area", "entry"]).delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0027_evidence_of_results'),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='impactarea',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='impactarea',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='impactarea',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workplanentry',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workplanentry',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workplanentry',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='draft',
            name='draft_of_a_plan_is_of_nothing_else',
        ),
        migrations.AddField(
            model_name='draft',
            name='area',
            field=models.ForeignKey(blank=True, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.impactarea'),
        ),
        migrations.AddField(
            model_name='draft',
            name='entry',
            field=models.ForeignKey(blank=True, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.workplanentry'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='area',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.impactarea'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='entry',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.workplanentry'),
        ),
        migrations.AddField(
            model_name='impactarea',
            name='retired_because',
            field=models.TextField(blank=True, help_text='Empty as long as it is.', verbose_name='why it is no longer part of the workplan'),
        ),
        migrations.AddField(
            model_name='impactareaevent',
            name='retired_because',
            field=models.TextField(blank=True, help_text='Empty as long as it is.', verbose_name='why it is no longer part of the workplan'),
        ),
        migrations.AddField(
            model_name='workplanentry',
            name='retired_because',
            field=models.TextField(blank=True, help_text='Empty as long as it is.', verbose_name='why it is no longer part of the workplan'),
        ),
        migrations.AddField(
            model_name='workplanentryevent',
            name='retired_because',
            field=models.TextField(blank=True, help_text='Empty as long as it is.', verbose_name='why it is no longer part of the workplan'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator'), ('edition', 'edition of a workplan'), ('workplan', 'workplan'), ('area', 'impact area'), ('entry', 'entry of a workplan')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='workplan',
            field=models.ForeignKey(blank=True, help_text='That of an indicator, area or entry; of an edition the one that it supersedes, then its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.workplan'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update'), ('entity_text', 'own text on a joint initiative'), ('passage', 'passage'), ('result', 'result'), ('target', 'baseline or target'), ('indicator', 'indicator'), ('edition', 'edition of a workplan'), ('workplan', 'workplan'), ('area', 'impact area'), ('entry', 'entry of a workplan')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='workplan',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='That of an indicator, area or entry; of an edition the one that it supersedes, then its own.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.workplan'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("area_id", "began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "entry_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (NEW."area_id", NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."entry_id", NEW."holder_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."target_id", NEW."title", NEW."update_id", NEW."version", NEW."why", NEW."workplan_id"); RETURN NULL;', hash='7350355db35615598003d73de9732ab451ce6c3f', operation='INSERT', pgid='pgtrigger_insert_insert_fdcef', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_draftevent" ("area_id", "began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "entry_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (NEW."area_id", NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."entry_id", NEW."holder_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."of", NEW."passage_id", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."target_id", NEW."title", NEW."update_id", NEW."version", NEW."why", NEW."workplan_id"); RETURN NULL;', hash='4a5b8a5da2054f5f04ea8600d5e39279cbeeb880', operation='UPDATE', pgid='pgtrigger_update_update_d37c5', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("area_id", "began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "entry_id", "holder_id", "id", "indicator_id", "initiative_id", "of", "passage_id", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result_id", "saved_at", "saved_by_id", "state", "submitted_at", "target_id", "title", "update_id", "version", "why", "workplan_id") VALUES (OLD."area_id", OLD."began_from", OLD."begun_at", OLD."content", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."edits", OLD."entity_id", OLD."entry_id", OLD."holder_id", OLD."id", OLD."indicator_id", OLD."initiative_id", OLD."of", OLD."passage_id", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result_id", OLD."saved_at", OLD."saved_by_id", OLD."state", OLD."submitted_at", OLD."target_id", OLD."title", OLD."update_id", OLD."version", OLD."why", OLD."workplan_id"); RETURN NULL;', hash='d85182303be3090d09881e1dfa5dc56fa15008b9', operation='DELETE', pgid='pgtrigger_delete_delete_52199', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='impactarea',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_impactareaevent" ("code", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "term_id", "workplan_id") VALUES (NEW."code", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_because", NEW."term_id", NEW."workplan_id"); RETURN NULL;', hash='c0744dec2bb24183a80ebf02337a4b0edc26f458', operation='INSERT', pgid='pgtrigger_insert_insert_71000', table='initiatives_impactarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='impactarea',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_impactareaevent" ("code", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "term_id", "workplan_id") VALUES (NEW."code", NEW."id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_because", NEW."term_id", NEW."workplan_id"); RETURN NULL;', hash='572aa046d741dfd5ce3bd690ffd8ecf94f4eecf8', operation='UPDATE', pgid='pgtrigger_update_update_5592e', table='initiatives_impactarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='impactarea',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_impactareaevent" ("code", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_because", "term_id", "workplan_id") VALUES (OLD."code", OLD."id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_because", OLD."term_id", OLD."workplan_id"); RETURN NULL;', hash='fccd830f9263943a590a3b9c884ecff1ade78881', operation='DELETE', pgid='pgtrigger_delete_delete_b03b8', table='initiatives_impactarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workplanentry',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_workplanentryevent" ("acronym", "applies_to_all_areas", "code", "id", "initiative_id", "kind", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_of_id", "printed_beside_id", "retired_because", "workplan_id") VALUES (NEW."acronym", NEW."applies_to_all_areas", NEW."code", NEW."id", NEW."initiative_id", NEW."kind", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase_of_id", NEW."printed_beside_id", NEW."retired_because", NEW."workplan_id"); RETURN NULL;', hash='9d8f4b84ad2c902e1df9c50bd7a6bacf74dcac31', operation='INSERT', pgid='pgtrigger_insert_insert_42a25', table='initiatives_workplanentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workplanentry',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_workplanentryevent" ("acronym", "applies_to_all_areas", "code", "id", "initiative_id", "kind", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_of_id", "printed_beside_id", "retired_because", "workplan_id") VALUES (NEW."acronym", NEW."applies_to_all_areas", NEW."code", NEW."id", NEW."initiative_id", NEW."kind", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase_of_id", NEW."printed_beside_id", NEW."retired_because", NEW."workplan_id"); RETURN NULL;', hash='c6e1ab818a7aa5b170da2019c991cc37b7ababde', operation='UPDATE', pgid='pgtrigger_update_update_49931', table='initiatives_workplanentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workplanentry',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_workplanentryevent" ("acronym", "applies_to_all_areas", "code", "id", "initiative_id", "kind", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase_of_id", "printed_beside_id", "retired_because", "workplan_id") VALUES (OLD."acronym", OLD."applies_to_all_areas", OLD."code", OLD."id", OLD."initiative_id", OLD."kind", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phase_of_id", OLD."printed_beside_id", OLD."retired_because", OLD."workplan_id"); RETURN NULL;', hash='5884e3e7e5b58ab889f6ec300e43c8c782d950e0', operation='DELETE', pgid='pgtrigger_delete_delete_a62b4', table='initiatives_workplanentry', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'workplan'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('workplan',), name='workplan_has_one_open_draft', violation_error_message='Somebody changes this workplan already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'workplan'), ('version__isnull', False)), fields=('workplan', 'version'), name='workplan_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned'])), fields=('area',), name='area_has_one_open_draft', violation_error_message='Somebody changes this area already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('area', 'version'), name='area_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned'])), fields=('entry',), name='entry_has_one_open_draft', violation_error_message='Somebody changes this entry already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('entry', 'version'), name='entry_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('of', 'area'), ('area', None), _connector='OR'), name='draft_of_an_area_is_of_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('of', 'entry'), ('entry', None), _connector='OR'), name='draft_of_an_entry_is_of_nothing_else'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initiative', None), ('of__in', ['target', 'indicator', 'edition', 'workplan', 'area', 'entry']), ('passage', None), ('result', None), ('workplan__isnull', False)), models.Q(models.Q(('of__in', ['target', 'indicator', 'edition', 'workplan', 'area', 'entry']), _negated=True), ('indicator', None), ('workplan', None)), _connector='OR'), name='draft_of_a_plan_is_of_nothing_else'),
        ),
        migrations.RunPython(migrations.RunPython.noop, let_go),
    ]
