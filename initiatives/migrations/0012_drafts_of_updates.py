import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

#: What is under way is found by the people of its entity. Each entry has one source, whose row keeps two writers apart.
INDEX_DRAFTS = """
CREATE FUNCTION index_drafts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM initiatives_searchentry WHERE kind = 'draft' AND record_id = ANY(ids);
    INSERT INTO initiatives_searchentry (kind, record_id, piece, piece_id, language, is_internal, words)
    SELECT 'draft', draft.id, 'draft', draft.id, told.language, true,
        search_words(told.language, 'B', draft.title) || search_words(told.language, 'C', plain_words(concat_ws(
            ' ', draft.content ->> 'description', draft.content ->> 'reason', draft.content ->> 'paragraph',
            draft.content ->> 'results', draft.content ->> 'obstacles', draft.content ->> 'lessons',
            draft.content ->> 'proposals', draft.content ->> 'outlook'
        )))
    FROM initiatives_draft draft
    CROSS JOIN LATERAL (
        SELECT COALESCE((
            SELECT code FROM unnest(ARRAY['ar', 'zh', 'en', 'fr', 'ru', 'es']) AS code
            WHERE code = draft.content ->> 'language'
        ), 'en')
    ) AS told(language)
    WHERE draft.id = ANY(ids) AND draft.state IN ('draft', 'submitted', 'returned');
END
$$;
"""

EXISTING = "SELECT index_drafts(ARRAY(SELECT id FROM initiatives_draft))"



class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0011_absences'),
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
        migrations.RunSQL(INDEX_DRAFTS, "DROP FUNCTION index_drafts(bigint[])"),
        migrations.AddField(
            model_name='draft',
            name='period_end',
            field=models.DateField(blank=True, null=True, verbose_name='first day after the period'),
        ),
        migrations.AddField(
            model_name='draft',
            name='period_start',
            field=models.DateField(blank=True, null=True, verbose_name='first day of the period'),
        ),
        migrations.AddField(
            model_name='draft',
            name='update',
            field=models.ForeignKey(blank=True, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.update'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='period_end',
            field=models.DateField(blank=True, null=True, verbose_name='first day after the period'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='period_start',
            field=models.DateField(blank=True, null=True, verbose_name='first day of the period'),
        ),
        migrations.AddField(
            model_name='draftevent',
            name='update',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.update'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='initiative',
            field=models.ForeignKey(blank=True, help_text='Of an update: what it is about. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='initiatives.initiative'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='initiative',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Of an update: what it is about. Otherwise empty for a new one until it is approved.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.initiative'),
        ),
        migrations.AlterField(
            model_name='draftevent',
            name='of',
            field=models.CharField(choices=[('initiative', 'initiative'), ('update', 'update')], max_length=12, verbose_name='kind of record'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('state__in', ['draft', 'submitted', 'returned'])), fields=['initiative', 'of'], name='draft_open_of_initiative'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('kind', 'draft')), fastupdate=False, fields=['words'], name='search_draft_words'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'update'), ('state__in', ['draft', 'submitted', 'returned'])), fields=('update',), name='update_has_one_open_draft', violation_error_message='Somebody changes this update already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'update'), ('state__in', ['draft', 'submitted', 'returned']), ('update', None)), fields=('initiative', 'entity', 'period_start', 'period_end'), name='initiative_has_one_new_update_a_period', violation_error_message='Somebody writes an update for this period already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('of', 'update'), ('version__isnull', False)), fields=('update', 'version'), name='update_has_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('initiative__isnull', False), ('of', 'update'), ('period_end__gt', models.F('period_start'))), models.Q(models.Q(('of', 'update'), _negated=True), ('period_end', None), ('period_start', None), ('update', None)), _connector='OR'), name='draft_of_an_update_has_its_period', violation_error_message='The period has to end after it starts.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='index_words', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM index_drafts(ARRAY[OLD.id, NEW.id]); RETURN NULL;', hash='bd35c4dec2b50953e692f76b026bec699c0e0015', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_index_words_39f7d', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='baf282dcc4dfea0d1fd418804bf32ff6d3e60953', operation='INSERT', pgid='pgtrigger_insert_insert_fdcef', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (NEW."began_from", NEW."begun_at", NEW."content", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."edits", NEW."entity_id", NEW."holder_id", NEW."id", NEW."initiative_id", NEW."of", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_at", NEW."title", NEW."update_id", NEW."version", NEW."why"); RETURN NULL;', hash='8a57bb7ae0a1981932d7a8fcc36f41dff87da468', operation='UPDATE', pgid='pgtrigger_update_update_d37c5', table='initiatives_draft', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draft',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_draftevent" ("began_from", "begun_at", "content", "decided_at", "decided_by_id", "decision_note", "edits", "entity_id", "holder_id", "id", "initiative_id", "of", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id", "state", "submitted_at", "title", "update_id", "version", "why") VALUES (OLD."began_from", OLD."begun_at", OLD."content", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."edits", OLD."entity_id", OLD."holder_id", OLD."id", OLD."initiative_id", OLD."of", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."saved_at", OLD."saved_by_id", OLD."state", OLD."submitted_at", OLD."title", OLD."update_id", OLD."version", OLD."why"); RETURN NULL;', hash='f189876d0f449c403aa4b687f850c630393e5a35', operation='DELETE', pgid='pgtrigger_delete_delete_52199', table='initiatives_draft', when='AFTER')),
        ),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
