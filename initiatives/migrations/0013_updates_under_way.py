"""Updates that are not approved become drafts, with all that was saved of them; and back.

Of approved ones the steps until then become an approved draft, so that it is still known who wrote, submitted and
returned what. Translations of an update that is not approved are left: the portal offered no way to write any.
"""

from django.db import migrations

_WORDS = """
    jsonb_build_object(
        'kind', {row}.kind, 'reason', {row}.reason, 'language', COALESCE(text.language, 'en'),
        'paragraph', COALESCE(text.paragraph, ''), 'results', COALESCE(text.results, ''),
        'obstacles', COALESCE(text.obstacles, ''), 'lessons', COALESCE(text.lessons, ''),
        'proposals', COALESCE(text.proposals, ''), 'outlook', COALESCE(text.outlook, ''), 'public', '[]'::jsonb
    )
"""

TO_DRAFTS = f"""
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT record.id AS update_id, nextval(pg_get_serial_sequence('initiatives_draft', 'id')) AS draft_id,
        record.state = 'approved' AS is_approved,
        COALESCE((SELECT min(pgh_created_at) FROM initiatives_updateevent WHERE pgh_obj_id = record.id), now())
            AS begun_at,
        (SELECT min(pgh_id) FROM initiatives_updateevent WHERE pgh_obj_id = record.id AND state = 'approved')
            AS approval
    FROM initiatives_update record
    WHERE record.state <> 'approved' OR EXISTS (
        SELECT FROM initiatives_updateevent step WHERE step.pgh_obj_id = record.id AND step.state <> 'approved'
    );

INSERT INTO initiatives_draft (
    id, "of", entity_id, initiative_id, update_id, period_start, period_end, title, content, began_from, why, holder_id,
    state, edits, begun_at, saved_at, saved_by_id, submitted_at, decided_by_id, decided_at, decision_note, version
)
SELECT moved.draft_id, 'update', record.entity_id, record.initiative_id,
    CASE WHEN moved.is_approved THEN record.id END, record.period_start, record.period_end,
    COALESCE(left(named.title, 400), initiative.slug), {_WORDS.format(row="record")}, '{{}}', '', record.author_id,
    record.state, record.edits, moved.begun_at, COALESCE(record.submitted_at, now()), record.author_id,
    record.submitted_at, record.decided_by_id, record.decided_at, record.decision_note,
    CASE WHEN moved.is_approved THEN 1 END
FROM moved
JOIN initiatives_update record ON record.id = moved.update_id
JOIN initiatives_initiative initiative ON initiative.id = record.initiative_id
LEFT JOIN initiatives_initiativetext named
    ON named.initiative_id = initiative.id AND named.variant = 'general' AND named.state = 'original'
LEFT JOIN initiatives_updatetext text ON text.update_id = record.id AND text.state = 'original';

-- what happened to them, instead of the one event that the lines above made of each
DELETE FROM initiatives_draftevent WHERE pgh_obj_id IN (SELECT draft_id FROM moved);
INSERT INTO initiatives_draftevent (
    pgh_created_at, pgh_label, pgh_context_id, pgh_obj_id,
    id, "of", entity_id, initiative_id, update_id, period_start, period_end, title, content, began_from, why, holder_id,
    state, edits, begun_at, saved_at, saved_by_id, submitted_at, decided_by_id, decided_at, decision_note, version
)
SELECT step.pgh_created_at, step.pgh_label, step.pgh_context_id, draft.id,
    draft.id, 'update', step.entity_id, step.initiative_id,
    CASE WHEN step.state = 'approved' THEN step.pgh_obj_id END, step.period_start, step.period_end, draft.title,
    {_WORDS.format(row="step")}, '{{}}', '', step.author_id,
    step.state, step.edits, draft.begun_at, step.pgh_created_at, step.author_id,
    step.submitted_at, step.decided_by_id, step.decided_at, step.decision_note,
    CASE WHEN step.state = 'approved' THEN 1 END
FROM moved
JOIN initiatives_draft draft ON draft.id = moved.draft_id
JOIN initiatives_updateevent step ON step.pgh_obj_id = moved.update_id
LEFT JOIN LATERAL (
    SELECT * FROM initiatives_updatetextevent saved
    WHERE saved.update_id = moved.update_id AND saved.state = 'original' AND saved.pgh_created_at <= step.pgh_created_at
    ORDER BY saved.pgh_id DESC LIMIT 1
) AS text ON true
WHERE step.state <> 'approved' OR step.pgh_id = moved.approval
ORDER BY step.pgh_id;

UPDATE initiatives_evidence SET update_id = NULL
    WHERE update_id IN (SELECT id FROM initiatives_update WHERE state <> 'approved');
DELETE FROM initiatives_updatetext WHERE update_id IN (SELECT id FROM initiatives_update WHERE state <> 'approved');
DELETE FROM initiatives_update WHERE state <> 'approved';
DELETE FROM initiatives_updatetextevent WHERE update_id IN (SELECT update_id FROM moved WHERE NOT is_approved);
DELETE FROM initiatives_updateevent WHERE state <> 'approved';
UPDATE initiatives_updateevent SET pgh_label = 'insert'
    WHERE pgh_label = 'update' AND pgh_id IN (SELECT approval FROM moved);
"""

#: There was one open update of an entity for an initiative and period: where two drafts tell of one, the one saved last.
FROM_DRAFTS = """
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT DISTINCT ON (initiative_id, entity_id, period_start, period_end)
        draft.*, nextval(pg_get_serial_sequence('initiatives_update', 'id')) AS new_id
    FROM initiatives_draft draft
    WHERE "of" = 'update' AND state IN ('draft', 'submitted', 'returned')
    ORDER BY initiative_id, entity_id, period_start, period_end, saved_at DESC;

INSERT INTO initiatives_update (
    id, initiative_id, entity_id, period_start, period_end, kind, reason, state, author_id, author_role, submitted_at,
    decided_by_id, decided_at, decision_note, edits
)
SELECT new_id, initiative_id, entity_id, period_start, period_end,
    CASE WHEN content ->> 'kind' IN ('still_true', 'nothing') THEN content ->> 'kind' ELSE 'news' END,
    COALESCE(content ->> 'reason', ''), state, saved_by_id, '', submitted_at, decided_by_id, decided_at, decision_note,
    edits
FROM moved;

INSERT INTO initiatives_updatetext (
    update_id, language, state, revision, paragraph, results, obstacles, lessons, proposals, outlook
)
SELECT new_id, CASE WHEN content ->> 'language' IN ('ar', 'zh', 'fr', 'ru', 'es') THEN content ->> 'language' ELSE 'en' END,
    'original', 1, COALESCE(content ->> 'paragraph', ''), COALESCE(content ->> 'results', ''),
    COALESCE(content ->> 'obstacles', ''), COALESCE(content ->> 'lessons', ''), COALESCE(content ->> 'proposals', ''),
    COALESCE(content ->> 'outlook', '')
FROM moved;

CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT id FROM initiatives_draft WHERE "of" = 'update';
DELETE FROM initiatives_notification WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_comment WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_commentevent WHERE draft_id IN (SELECT id FROM gone);
DELETE FROM initiatives_draft WHERE id IN (SELECT id FROM gone);
DELETE FROM initiatives_draftevent WHERE "of" = 'update';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0012_drafts_of_updates'),
    ]

    operations = [
        migrations.RunSQL(TO_DRAFTS, FROM_DRAFTS),
    ]
