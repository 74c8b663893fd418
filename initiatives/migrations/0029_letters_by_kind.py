"""Mistyped words are looked for among the titles of one kind: an index of all kinds was joined with those of the kind."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0028_drafts_of_matrices'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='searchentry',
            name='search_letters',
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('letters', 'gin_trgm_ops'), condition=models.Q(('kind', 'initiative'), ('letters__isnull', False)), fastupdate=False, name='search_initiative_letters'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('letters', 'gin_trgm_ops'), condition=models.Q(('kind', 'update'), ('letters__isnull', False)), fastupdate=False, name='search_update_letters'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('letters', 'gin_trgm_ops'), condition=models.Q(('kind', 'passage'), ('letters__isnull', False)), fastupdate=False, name='search_passage_letters'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('letters', 'gin_trgm_ops'), condition=models.Q(('kind', 'document'), ('letters__isnull', False)), fastupdate=False, name='search_document_letters'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('letters', 'gin_trgm_ops'), condition=models.Q(('kind', 'draft'), ('letters__isnull', False)), fastupdate=False, name='search_draft_letters'),
        ),
    ]
