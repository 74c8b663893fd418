"""Figures are kept by the id of their indicator: under other keys nobody looks for them."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0031_kept_figures'),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM initiatives_keptfigures", migrations.RunSQL.noop),
    ]
