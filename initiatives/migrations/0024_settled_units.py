"""A pending unit may be settled once there are results, where it is that of all of them."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0023_drafts_of_plans'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='keep_definition',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='keep_definition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."across_periods" IS DISTINCT FROM (NEW."across_periods") OR OLD."across_places" IS DISTINCT FROM (NEW."across_places") OR OLD."measures" IS DISTINCT FROM (NEW."measures") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."since_on" IS DISTINCT FROM (NEW."since_on") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."value_kind" IS DISTINCT FROM (NEW."value_kind"))', func="\n                    IF EXISTS (SELECT FROM initiatives_result WHERE indicator_id = OLD.id)\n                        AND NOT (OLD.unit_id IS NULL AND NEW.unit_id IS NOT NULL\n                            AND (OLD.value_kind, OLD.measures, OLD.since_on, OLD.across_periods, OLD.across_places,\n                                OLD.scope)\n                            IS NOT DISTINCT FROM (NEW.value_kind, NEW.measures, NEW.since_on, NEW.across_periods,\n                                NEW.across_places, NEW.scope)\n                            AND NOT EXISTS (SELECT FROM initiatives_result\n                                WHERE indicator_id = OLD.id AND unit_id <> NEW.unit_id)) THEN\n                        RAISE EXCEPTION 'indicator % has results by its definition', OLD.code\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'definition_stays_once_there_are_results';\n                    END IF;\n                    RETURN NEW;\n                ", hash='462ef66e50e8ee7cecda211943e2a99cd6f5d0dd', operation='UPDATE', pgid='pgtrigger_keep_definition_34e99', table='initiatives_indicator', when='BEFORE')),
        ),
    ]
