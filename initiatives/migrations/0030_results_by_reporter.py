"""Figures are kept until one who reported an indicator changes: the key of what is kept asks who has."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0029_letters_by_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='result',
            name='indicator',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='initiatives.indicator'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['indicator', 'initiative'], name='result_by_reporter'),
        ),
    ]
