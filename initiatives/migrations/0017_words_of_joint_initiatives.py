"""An initiative is found by what an entity that has joined it says of it, too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

#: With and without the texts of those entities.
INDEX_INITIATIVES = """
CREATE OR REPLACE FUNCTION index_initiatives(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM initiatives_initiative WHERE id = ANY(ids) ORDER BY id FOR KEY SHARE;
    PERFORM FROM initiatives_initiativesummary WHERE initiative_id = ANY(ids) ORDER BY initiative_id FOR UPDATE;
    DELETE FROM initiatives_searchentry WHERE kind = 'initiative' AND record_id = ANY(ids);
    INSERT INTO initiatives_searchentry
        (kind, record_id, piece, piece_id, language, is_internal, titles, words, letters)
    SELECT 'initiative', initiative_id, 'record', initiative_id, language, false, titles,
        titles || search_words(language, 'C', concat_ws(' ', told, own)) || search_words(language, 'D', further), letters
    FROM (
        SELECT version.initiative_id, version.language, texts.told, {told} AS own,
            concat_ws(' ', initiative.place, entity.acronym) AS further,
            search_words(version.language, 'A', concat_ws(' ', texts.title, others.titles, numbers.printed)) AS titles,
            left(searchable(concat_ws(' ', texts.title, others.titles)), 1000) AS letters
        FROM (
            SELECT initiative_id, language FROM initiatives_initiativetext WHERE initiative_id = ANY(ids)
            UNION
            SELECT initiative_id, language FROM initiatives_othertitle WHERE initiative_id = ANY(ids)
        {versions}) AS version
        JOIN initiatives_initiative initiative ON initiative.id = version.initiative_id
        JOIN initiatives_entity entity ON entity.id = initiative.entity_id
        LEFT JOIN LATERAL (
            SELECT string_agg(text.title, ' ' ORDER BY text.id) AS title,
                string_agg(plain_words(text.description), ' ' ORDER BY text.id) AS told
            FROM initiatives_initiativetext text
            WHERE text.initiative_id = version.initiative_id AND text.language = version.language
        ) AS texts ON true
        {own}LEFT JOIN LATERAL (
            SELECT string_agg(other.text, ' ' ORDER BY other.id) AS titles FROM initiatives_othertitle other
            WHERE other.initiative_id = version.initiative_id
        ) AS others ON true
        LEFT JOIN LATERAL (
            SELECT string_agg(concat_ws(' ', number.value, NULLIF(number.label, number.value)), ' ' ORDER BY number.id)
                AS printed
            FROM initiatives_identifier number WHERE number.initiative_id = version.initiative_id
        ) AS numbers ON true
    ) AS written;
END
$$;
"""
VERSIONS = """UNION
            SELECT initiative_id, language FROM initiatives_entitytext WHERE initiative_id = ANY(ids)
        """
OWN = """LEFT JOIN LATERAL (
            SELECT string_agg(plain_words(text.description), ' ' ORDER BY text.id) AS told
            FROM initiatives_entitytext text
            WHERE text.initiative_id = version.initiative_id AND text.language = version.language
        ) AS owns ON true
        """
WITH_THEM = INDEX_INITIATIVES.format(versions="    " + VERSIONS, own=OWN, told="owns.told")
WITHOUT = INDEX_INITIATIVES.format(versions="", own="", told="NULL")
EXISTING = "SELECT index_initiatives(ARRAY(SELECT DISTINCT initiative_id FROM initiatives_entitytext))"


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0016_joint_initiatives"),
    ]

    operations = [
        migrations.RunSQL(WITH_THEM, WITHOUT),
        pgtrigger.migrations.AddTrigger(
            model_name='entitytext',
            trigger=pgtrigger.compiler.Trigger(name='index_words', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM index_initiatives(ARRAY[OLD.initiative_id, NEW.initiative_id]); RETURN NULL;', hash='4abc90e7e3dd7331890c9b39ec0d5eaca918dde4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_index_words_fd726', table='initiatives_entitytext', when='AFTER')),
        ),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
