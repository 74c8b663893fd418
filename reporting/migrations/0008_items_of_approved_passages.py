"""Items of passages that nobody had approved go: they printed nothing, and their passages become drafts."""

from django.db import migrations

LEAVE_APPROVED = """
DELETE FROM reporting_item WHERE passage_id IN (SELECT id FROM initiatives_passage WHERE state <> 'approved')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0018_drafts_of_passages'),
        ('reporting', '0007_texts_and_choices_of_workbooks'),
    ]

    run_before = [
        ('initiatives', '0019_passages_under_way'),
    ]

    operations = [
        migrations.RunSQL(LEAVE_APPROVED, migrations.RunSQL.noop),
    ]
