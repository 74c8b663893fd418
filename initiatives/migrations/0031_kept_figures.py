"""Figures that were added up are kept in a table, so that all processes read what one has made.

As `createcachetable` makes it, but UNLOGGED: what is lost is made again.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0030_results_by_reporter'),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE initiatives_keptfigures (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX initiatives_keptfigures_expires ON initiatives_keptfigures (expires);
            """,
            "DROP TABLE initiatives_keptfigures;",
        ),
    ]
