"""Rows of `Update` are approved: what is under way has become drafts in 0010."""

from importlib import import_module

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_OLD_SUMMARIES = import_module("initiatives.migrations.0003_addresses_and_summaries").SUMMARISE
_OLD_SEARCH = import_module("initiatives.migrations.0004_search").INDEXING


def _again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


#: As before, for rows that are all approved.
SUMMARISE = _again(_OLD_SUMMARIES)
SUMMARISE_APPROVED = SUMMARISE.replace(" AND told.state = 'approved'", "")

#: Everybody finds an update by what is public of it, its entity by all of it.
_from, _to = (_OLD_SEARCH.index(f"CREATE FUNCTION {name}(") for name in ("index_update_texts", "index_updates_of"))
INDEX_TEXTS = _again(_OLD_SEARCH[_from:_to])
INDEX_PUBLIC_TEXTS = """
CREATE OR REPLACE FUNCTION index_update_texts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told_of bigint[] := ARRAY(
        SELECT DISTINCT record.initiative_id FROM initiatives_updatetext text
        JOIN initiatives_update record ON record.id = text.update_id WHERE text.id = ANY(ids)
    );
BEGIN
    PERFORM FROM initiatives_initiative WHERE id = ANY(told_of) ORDER BY id FOR KEY SHARE;
    PERFORM FROM initiatives_initiativesummary WHERE initiative_id = ANY(told_of) ORDER BY initiative_id FOR UPDATE;
    DELETE FROM initiatives_searchentry WHERE piece_id = ANY(ids) AND piece IN ('told', 'told_inside');
    INSERT INTO initiatives_searchentry (kind, record_id, piece, piece_id, language, is_internal, words)
    SELECT 'update', text.update_id, told.piece, text.id, text.language, told.is_internal,
        search_words(text.language, 'B', told.title) || search_words(text.language, 'C', plain_words(told.html))
            || search_words(text.language, 'D', entity.acronym)
    FROM initiatives_updatetext text
    JOIN initiatives_update record ON record.id = text.update_id
    JOIN initiatives_entity entity ON entity.id = record.entity_id
    LEFT JOIN LATERAL (
        SELECT title FROM initiatives_initiativetext named
        WHERE named.initiative_id = record.initiative_id AND named.variant = 'general'
            AND (named.language = text.language OR named.state = 'original')
        ORDER BY named.language = text.language DESC LIMIT 1
    ) AS of_initiative ON true
    -- "still true" and "nothing to report" print no paragraph; the entity keeps what it wrote
    CROSS JOIN LATERAL (
        SELECT string_agg(field.html, ' ') FILTER (WHERE field.is_public),
            string_agg(field.html, ' ') FILTER (WHERE NOT field.is_public)
        FROM (VALUES
            (record.kind = 'news', text.paragraph),
            ('results' = ANY(record.public_fields), text.results),
            ('obstacles' = ANY(record.public_fields), text.obstacles),
            ('lessons' = ANY(record.public_fields), text.lessons),
            ('proposals' = ANY(record.public_fields), text.proposals),
            ('outlook' = ANY(record.public_fields), text.outlook)
        ) AS field(is_public, html)
        WHERE field.html ~ '[^ ]'
    ) AS words(public, inside)
    CROSS JOIN LATERAL (VALUES
        ('told', false, of_initiative.title, words.public, concat_ws(' ', text.paragraph, words.public)),
        ('told_inside', true, NULL, words.inside, words.inside)
    ) AS told(piece, is_internal, title, html, written)
    WHERE text.id = ANY(ids) AND told.written ~ '[^ ]';
END
$$;
"""



class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0013_updates_under_way'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='index_words',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='approved_update_says_when',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='own_update_is_approved_with_a_reason',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='returned_update_says_why',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='nothing_to_report_says_why',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='initiative_has_one_open_update_a_period',
        ),
        migrations.RemoveIndex(
            model_name='update',
            name='update_of_initiative',
        ),
        migrations.RemoveIndex(
            model_name='update',
            name='update_approved_latest',
        ),
        migrations.RemoveIndex(
            model_name='update',
            name='update_of_entity',
        ),
        migrations.AlterField(  # rows are approved, also those to which it comes back
            model_name='update',
            name='state',
            field=models.CharField(default='approved', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(  # rows are approved, also those to which it comes back
            model_name='updateevent',
            name='state',
            field=models.CharField(default='approved', max_length=10, verbose_name='state'),
        ),
        migrations.RemoveField(
            model_name='update',
            name='edits',
        ),
        migrations.RemoveField(
            model_name='update',
            name='state',
        ),
        migrations.RemoveField(
            model_name='update',
            name='submitted_at',
        ),
        migrations.RemoveField(
            model_name='updateevent',
            name='edits',
        ),
        migrations.RemoveField(
            model_name='updateevent',
            name='state',
        ),
        migrations.RemoveField(
            model_name='updateevent',
            name='submitted_at',
        ),
        migrations.AddField(
            model_name='update',
            name='public_fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, help_text='names of fields of its texts; the others are for the entity alone', size=None, verbose_name='what everybody reads beside the paragraph'),
        ),
        migrations.AddField(
            model_name='updateevent',
            name='public_fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, help_text='names of fields of its texts; the others are for the entity alone', size=None, verbose_name='what everybody reads beside the paragraph'),
        ),
        migrations.AlterField(
            model_name='update',
            name='decided_at',
            field=models.DateTimeField(verbose_name='approved'),
        ),
        migrations.AlterField(
            model_name='updateevent',
            name='decided_at',
            field=models.DateTimeField(verbose_name='approved'),
        ),
        migrations.RunSQL(SUMMARISE_APPROVED, SUMMARISE),
        migrations.RunSQL(INDEX_PUBLIC_TEXTS, INDEX_TEXTS),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['initiative', '-period_start'], name='update_of_initiative_by_period'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', models.F('author')), _negated=True), models.Q(('decision_note', ''), _negated=True), _connector='OR'), name='own_update_is_approved_with_a_reason', violation_error_message='Another person approves an update, or a reason is stored.'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'nothing'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='nothing_to_report_says_why', violation_error_message='Say why there is nothing to report.'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('public_fields__contained_by', ['results', 'obstacles', 'lessons', 'proposals', 'outlook'])), name='public_fields_of_an_update_are_known'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'news'), ('public_fields', []), _connector='OR'), name='only_news_has_public_fields'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='index_words', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    PERFORM index_update_texts(\n                        ARRAY(SELECT id FROM initiatives_updatetext WHERE update_id = NEW.id)\n                    );\n                    RETURN NULL;\n                ', hash='37ad861984780e5fae92bf714ef31ed5c715f25b', operation='UPDATE OF "initiative_id", "entity_id", "kind", "public_fields"', pgid='pgtrigger_index_words_fe1fb', table='initiatives_update', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_updateevent" ("author_id", "author_role", "decided_at", "decided_by_id", "decision_note", "entity_id", "id", "initiative_id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_fields", "reason") VALUES (NEW."author_id", NEW."author_role", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."entity_id", NEW."id", NEW."initiative_id", NEW."kind", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_fields", NEW."reason"); RETURN NULL;', hash='8db59d08189c818f53abbce5942c8deffe5af4c5', operation='INSERT', pgid='pgtrigger_insert_insert_bc602', table='initiatives_update', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "initiatives_updateevent" ("author_id", "author_role", "decided_at", "decided_by_id", "decision_note", "entity_id", "id", "initiative_id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_fields", "reason") VALUES (NEW."author_id", NEW."author_role", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."entity_id", NEW."id", NEW."initiative_id", NEW."kind", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_fields", NEW."reason"); RETURN NULL;', hash='e1cb01181054713ca86dc0ff591b5394de341a60', operation='UPDATE', pgid='pgtrigger_update_update_ad1ba', table='initiatives_update', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "initiatives_updateevent" ("author_id", "author_role", "decided_at", "decided_by_id", "decision_note", "entity_id", "id", "initiative_id", "kind", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_fields", "reason") VALUES (OLD."author_id", OLD."author_role", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."entity_id", OLD."id", OLD."initiative_id", OLD."kind", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_fields", OLD."reason"); RETURN NULL;', hash='ac1e07959357fd95104611922a87fc6e875356d7', operation='DELETE', pgid='pgtrigger_delete_delete_9f398', table='initiatives_update', when='AFTER')),
        ),
    ]
