"""Rows of workbooks that wait to be taken in name the field as results do now."""

from django.db import migrations


def renamed(old, new):
    for column in ("base", "mine"):
        yield (
            f"UPDATE reporting_workbookrow "  # noqa: S608  # names of our own
            f"SET {column} = {column} - '{old}' || jsonb_build_object('{new}', {column} -> '{old}') "
            f"WHERE \"of\" = 'result' AND {column} ? '{old}'"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0013_rows_of_own_texts'),
    ]

    operations = [
        migrations.RunSQL([*renamed('breakdown_note', 'figures_note')], [*renamed('figures_note', 'breakdown_note')]),
    ]
