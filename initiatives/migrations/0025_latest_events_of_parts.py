"""Figures are kept until a part of a result changes: the key of what is kept asks for its last event."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0024_settled_units'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='resultpartevent',
            index=models.Index(fields=['category', '-pgh_id'], name='latest_event_of_part'),
        ),
    ]
