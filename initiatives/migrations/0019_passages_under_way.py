"""Passages that are not approved become drafts; and back.

There was no page to write them on, so each becomes one draft as it stands. Their history stays in the events of
passages. Translations, and places of documents that speak of them, go with them.
"""

from django.db import migrations

TO_DRAFTS = """
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS SELECT id FROM initiatives_passage WHERE state <> 'approved';

INSERT INTO initiatives_draft (
    "of", entity_id, title, content, began_from, why, holder_id, state, edits, begun_at, saved_at, saved_by_id,
    decision_note
)
SELECT 'passage', passage.entity_id, passage.name,
    jsonb_build_object(
        'kind', passage.kind, 'name', passage.name, 'language', COALESCE(text.language, 'en'),
        'body', COALESCE(text.body, ''), 'follows', '',
        'lines', COALESCE((
            SELECT jsonb_agg(line.code ORDER BY line.code) FROM initiatives_passage_lines link
            JOIN initiatives_actionline line ON line.id = link.actionline_id WHERE link.passage_id = passage.id
        ), '[]'),
        'countries', COALESCE((
            SELECT jsonb_agg(country.iso3 ORDER BY country.iso3) FROM initiatives_passage_countries link
            JOIN initiatives_country country ON country.id = link.country_id WHERE link.passage_id = passage.id
        ), '[]'),
        'initiatives', COALESCE((
            SELECT jsonb_agg(jsonb_build_object('initiative', CASE
                WHEN named.title <> ''
                    AND (initiative.entity_id = passage.entity_id OR initiative.published_at <= now())
                THEN named.title || ' (i/' || initiative.id || ')' ELSE 'i/' || initiative.id END
            ) ORDER BY initiative.id)
            FROM initiatives_passage_initiatives link
            JOIN initiatives_initiative initiative ON initiative.id = link.initiative_id
            LEFT JOIN initiatives_initiativetext named
                ON named.initiative_id = initiative.id AND named.variant = 'general' AND named.state = 'original'
            WHERE link.passage_id = passage.id
        ), '[]')
    ) || COALESCE((
        SELECT jsonb_object_agg('terms-' || of_vocabulary.code, of_vocabulary.terms) FROM (
            SELECT vocabulary.code, jsonb_agg(term.code ORDER BY term.code) AS terms
            FROM initiatives_passage_terms link JOIN initiatives_term term ON term.id = link.term_id
            JOIN initiatives_vocabulary vocabulary ON vocabulary.id = term.vocabulary_id
            WHERE link.passage_id = passage.id GROUP BY vocabulary.code
        ) AS of_vocabulary
    ), '{}'),
    '{}', '', passage.author_id, 'draft', 0, made.at, made.at, passage.author_id, ''
FROM moved
JOIN initiatives_passage passage ON passage.id = moved.id
LEFT JOIN initiatives_passagetext text ON text.passage_id = passage.id AND text.state = 'original'
CROSS JOIN LATERAL (
    SELECT COALESCE(min(pgh_created_at), now()) AS at FROM initiatives_passageevent WHERE pgh_obj_id = passage.id
) AS made;

DELETE FROM initiatives_mention WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passage_lines WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passage_terms WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passage_countries WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passage_initiatives WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passagetext WHERE passage_id IN (SELECT id FROM moved);
DELETE FROM initiatives_passage WHERE id IN (SELECT id FROM moved);
"""

#: A passage has a name of its own in its entity: a draft whose name is taken, or empty, gets its number behind it.
FROM_DRAFTS = """
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT draft.*, nextval(pg_get_serial_sequence('initiatives_passage', 'id')) AS new_id,
        CASE WHEN content ->> 'language' IN ('ar', 'zh', 'fr', 'ru', 'es') THEN content ->> 'language' ELSE 'en' END
            AS language,
        row_number() OVER (PARTITION BY entity_id, title ORDER BY id) > 1 OR title = '' OR EXISTS (
            SELECT FROM initiatives_passage passage
            WHERE passage.entity_id = draft.entity_id AND passage.name = left(draft.title, 200)
        ) AS is_taken
    FROM initiatives_draft draft
    WHERE "of" = 'passage' AND passage_id IS NULL AND state IN ('draft', 'submitted', 'returned');

INSERT INTO initiatives_passage (id, entity_id, name, kind, state, author_id, author_role)
SELECT new_id, entity_id, CASE WHEN is_taken THEN left(title, 180) || ' #' || id ELSE left(title, 200) END,
    CASE WHEN content ->> 'kind' IN ('trend', 'achievement', 'obstacle', 'lesson', 'proposal', 'outlook', 'quotation')
        THEN content ->> 'kind' ELSE 'statement' END,
    'draft', saved_by_id, ''
FROM moved;

INSERT INTO initiatives_passagetext (passage_id, language, state, revision, body)
SELECT new_id, language, 'original', 1, content ->> 'body' FROM moved WHERE content ->> 'body' <> '';

INSERT INTO initiatives_passage_lines (passage_id, actionline_id)
SELECT new_id, line.id FROM moved JOIN initiatives_actionline line ON content -> 'lines' ? line.code;

INSERT INTO initiatives_passage_countries (passage_id, country_id)
SELECT new_id, country.id FROM moved JOIN initiatives_country country ON content -> 'countries' ? country.iso3;

INSERT INTO initiatives_passage_terms (passage_id, term_id)
SELECT new_id, term.id FROM moved CROSS JOIN initiatives_term term
JOIN initiatives_vocabulary vocabulary ON vocabulary.id = term.vocabulary_id
WHERE content -> ('terms-' || vocabulary.code) ? term.code;

INSERT INTO initiatives_passage_initiatives (passage_id, initiative_id)
SELECT DISTINCT new_id, initiative.id
FROM moved
CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(content -> 'initiatives') WHEN 'array' THEN content -> 'initiatives' ELSE '[]' END
) AS told
JOIN initiatives_initiative initiative
    ON initiative.id::text = substring(told.value ->> 'initiative' FROM 'i/([0-9]+)[^0-9]*$');

CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT id FROM initiatives_draft WHERE "of" = 'passage';
DELETE FROM initiatives_notification WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_comment WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_commentevent WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_draft WHERE id IN (SELECT id FROM gone);
DELETE FROM initiatives_draftevent WHERE "of" = 'passage';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0018_drafts_of_passages'),
    ]

    operations = [
        migrations.RunSQL(TO_DRAFTS, FROM_DRAFTS),
    ]
