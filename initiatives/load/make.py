"""Making the load: all of it or nothing, in a database that holds reference data alone."""

from typing import Any

import pghistory
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from initiatives import models as records
from initiatives.load.copying import history_triggers
from initiatives.load.known import Known
from initiatives.load.rows import Load
from initiatives.models.workplans import WorkplanCoreFunction, WorkplanEntryArea
from portal.common.errors import PersonError
from portal.common.history import event_model

#: Of workplans, which people go on with.
WORKPLANS: list[type[models.Model]] = [
    *(records.Workplan, records.WorkplanText, records.Mandate, records.ImpactArea, records.ImpactAreaText),
    *(records.WorkplanEntry, records.WorkplanEntryText, records.Indicator, records.IndicatorText),
    *(records.Breakdown, records.Category),
]
#: What links them, each as its history is kept of it.
LINKS_OF_WORKPLANS: list[type[models.Model]] = [WorkplanCoreFunction, WorkplanEntryArea]

#: What `load_reference` files; every other table has to be empty.
REFERENCE_DATA: set[type[models.Model]] = {
    *(records.Country, records.CountryGroup, records.GroupMembership, records.IncomeClassification),
    *(records.Entity, records.EntityAlias, records.Unit, records.Organisation, event_model(records.Organisation)),
    *(records.ActionLine, records.ActionLineAlias, records.Facilitation, records.Vocabulary, records.Term),
    records.Session,
    *(*WORKPLANS, records.Workplan.core_functions.through, records.WorkplanEntry.areas.through),
    *(event_model(model) for model in [*WORKPLANS, *LINKS_OF_WORKPLANS]),
}

#: The functions of the database that make the words of search, and whose ids they take.
INDEXED: dict[str, type[models.Model]] = {
    "index_initiatives": records.Initiative,
    "index_update_texts": records.UpdateText,
    "index_passages": records.Passage,
    "index_documents": records.Document,
    "index_parts": records.Part,
    "index_drafts": records.Draft,
}


class ReferenceDataMissing(PersonError):
    sentence = _("The load needs the reference data. Run “manage.py load_reference” first.")


class DatabaseHoldsRecords(PersonError):
    """Names the records that were found."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.sentence = _(
            "The load belongs in a database with reference data alone, and this one holds others: %(kind)s. "
            "Set PORTAL_VAR to an empty folder, and run “migrate” and “load_reference” there first."
        ) % {"kind": kind}


def make_load(*, scale: float) -> dict[str, int]:
    """Make the load and return how many rows of each kind it has. The same scale makes the same rows.

    `scale` 1 is 20 entities, 20,000 initiatives, 200,000 updates and 1,000,000 results over 20 years. Raises
    ReferenceDataMissing and DatabaseHoldsRecords, and makes nothing then.
    """
    with transaction.atomic(), pghistory.context(command="make_load"):
        with connection.cursor() as cursor:
            # nobody files a record meanwhile; the statement also carries the context of the history, which COPY keeps
            cursor.execute(f"LOCK TABLE {records.Initiative._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            # Ignore only the triggers that summarise and keep the history row by row: all is written at the end.
            # While the setting is unknown each trigger recovers from an error for each row, and that takes longer the
            # more rows wait for their foreign keys to be looked at.
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, true)", [ignored_triggers()])
        refuse_other_records()
        try:
            known = Known()
        except KeyError as missing:
            raise ReferenceDataMissing from missing
        load = Load(scale=scale, known=known)
        load.fill()
        made = load.tables.finish()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what knows only of empty tables joins each row with each
            cursor.execute("SELECT summarise_initiatives(ARRAY(SELECT id FROM initiatives_initiative))")
            index_for_search(cursor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def index_for_search(cursor: Any) -> None:
    """Make the words of search of all records. The indexes take them sorted at the end, not row by row."""
    indexes = [index.name for index in records.SearchEntry._meta.indexes if isinstance(index, GinIndex)]
    cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for name in indexes:
        cursor.execute(f"ALTER INDEX {name} SET (fastupdate = on)")
    for index, model in INDEXED.items():
        cursor.execute(f"SELECT {index}(ARRAY(SELECT id FROM {model._meta.db_table}))")  # noqa: S608  # names of ours
    for name in indexes:
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])
        cursor.execute(f"ALTER INDEX {name} SET (fastupdate = off)")


def ignored_triggers() -> list[str]:
    """Return the names, in the database, of the triggers whose work is done for all rows at the end."""
    summarising = [
        (model, trigger)
        for model in apps.get_app_config("initiatives").get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name in {"summarise", "index_words", "index_words_of_updates"}
    ]
    return [trigger.get_pgid(model) for model, trigger in [*summarising, *history_triggers()]]


def refuse_other_records() -> None:
    """Raise DatabaseHoldsRecords where anything but reference data is there, be it in the history alone."""
    for app in ("portal", "initiatives", "reporting"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model not in REFERENCE_DATA and not model._meta.proxy and model._default_manager.exists():
                raise DatabaseHoldsRecords(str(model._meta.verbose_name_plural))
