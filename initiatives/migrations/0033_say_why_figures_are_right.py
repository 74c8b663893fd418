"""Why figures are right is said of more than parts that do not add up: also of what is more than 100 per cent."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


def renamed(old, new):
    """Statements that name the field of drafts of results anew, in their history too."""
    for table in ("initiatives_draft", "initiatives_draftevent"):
        for column in ("content", "began_from"):
            yield (
                f"UPDATE {table} "  # noqa: S608  # names of our own
                f"SET {column} = {column} - '{old}' || jsonb_build_object('{new}', {column} -> '{old}') "
                f"WHERE \"of\" = 'result' AND {column} ? '{old}'"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0032_forget_kept_figures'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='result',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='result',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='result',
            name='delete_delete',
        ),
        migrations.RenameField('result', 'breakdown_note', 'figures_note'),
        migrations.AlterField(
            model_name='result',
            name='figures_note',
            field=models.CharField(blank=True, help_text='where parts do not add up, or something is more than 100 per cent', max_length=500, verbose_name='why the figures are right'),
        ),
        migrations.RenameField('resultevent', 'breakdown_note', 'figures_note'),
        migrations.AlterField(
            model_name='resultevent',
            name='figures_note',
            field=models.CharField(blank=True, help_text='where parts do not add up, or something is more than 100 per cent', max_length=500, verbose_name='why the figures are right'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_resultevent" ("author_id", "author_role", "category_id", "corrected_at", "correction_reason", "country_id", "decided_at", "decided_by_id", "decision_note", "entity_id", "figures_note", "group_id", "id", "indicator_id", "initiative_id", "is_provisional", "no_value", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value", "value_kind", "yes") VALUES (NEW."author_id", NEW."author_role", NEW."category_id", NEW."corrected_at", NEW."correction_reason", NEW."country_id", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."entity_id", NEW."figures_note", NEW."group_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."is_provisional", NEW."no_value", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."unit_id", NEW."value", NEW."value_kind", NEW."yes"); RETURN NULL;', hash='0738e8a15d3d58e50f84503ca7ad6412d4fc5551', operation='INSERT', pgid='pgtrigger_insert_insert_fd6df', table='initiatives_result', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_resultevent" ("author_id", "author_role", "category_id", "corrected_at", "correction_reason", "country_id", "decided_at", "decided_by_id", "decision_note", "entity_id", "figures_note", "group_id", "id", "indicator_id", "initiative_id", "is_provisional", "no_value", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value", "value_kind", "yes") VALUES (NEW."author_id", NEW."author_role", NEW."category_id", NEW."corrected_at", NEW."correction_reason", NEW."country_id", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."entity_id", NEW."figures_note", NEW."group_id", NEW."id", NEW."indicator_id", NEW."initiative_id", NEW."is_provisional", NEW."no_value", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."unit_id", NEW."value", NEW."value_kind", NEW."yes"); RETURN NULL;', hash='7ed6b6f363d179ee81dd508834a45165a6aa3ef6', operation='UPDATE', pgid='pgtrigger_update_update_dedc6', table='initiatives_result', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_resultevent" ("author_id", "author_role", "category_id", "corrected_at", "correction_reason", "country_id", "decided_at", "decided_by_id", "decision_note", "entity_id", "figures_note", "group_id", "id", "indicator_id", "initiative_id", "is_provisional", "no_value", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "value", "value_kind", "yes") VALUES (OLD."author_id", OLD."author_role", OLD."category_id", OLD."corrected_at", OLD."correction_reason", OLD."country_id", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."entity_id", OLD."figures_note", OLD."group_id", OLD."id", OLD."indicator_id", OLD."initiative_id", OLD."is_provisional", OLD."no_value", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."unit_id", OLD."value", OLD."value_kind", OLD."yes"); RETURN NULL;', hash='f07b58483a18de491b2fdad13b7ce4b3a3ee9147', operation='DELETE', pgid='pgtrigger_delete_delete_20b9b', table='initiatives_result', when='AFTER')),
        ),
        migrations.RunSQL([*renamed('breakdown_note', 'figures_note')], [*renamed('figures_note', 'breakdown_note')]),
    ]
