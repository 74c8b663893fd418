"""Files that show a result which an entity reports directly, or on the initiative of another entity."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0026_editions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evidence',
            name='initiative',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='initiatives.initiative'),
        ),
        migrations.AlterField(
            model_name='evidenceevent',
            name='initiative',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='initiatives.initiative'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('update', None), ('initiative__isnull', False), _connector='OR'), name='evidence_of_an_update_is_of_its_initiative'),
        ),
    ]
