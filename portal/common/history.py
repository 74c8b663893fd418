"""History of records, kept by database triggers: nothing escapes it, raw SQL included."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import connection, models

Model = TypeVar("Model", bound=models.Model)


def tracked(model: type[Model]) -> type[Model]:
    """Class decorator: every insert, update and delete becomes an event row, with who and which request."""
    return _tracked(model)


def tracked_by(columns: Sequence[str], *, index: str) -> Callable[[type[Model]], type[Model]]:
    """The same, with an index of that name, which finds the last event of all rows that have a value in columns."""
    meta = {"indexes": [models.Index(fields=[*columns, "-pgh_id"], name=index)]}
    return lambda model: _tracked(model, meta=meta)


def _tracked(model: type[Model], **how: Any) -> type[Model]:
    # new trackers each time: they keep what belongs to one model
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **how)(model)


def event_model(model: type[models.Model]) -> type[models.Model]:
    """Return the model of the events of a tracked one."""
    return model.pgh_event_model  # type: ignore[attr-defined]  # made by pghistory


def events(model: type[models.Model], **wanted: object) -> "models.QuerySet[Any]":
    """Return the events of a tracked model, the oldest first, each with its context."""
    found = event_model(model)._default_manager.filter(**wanted)
    return found.select_related("pgh_context").order_by("pgh_id")


def version_of(*models_: type[models.Model]) -> str:
    """Return what changes with every change of the tables: the number of the last event of each."""
    if not models_:
        return ""
    tables = [connection.ops.quote_name(event_model(model)._meta.db_table) for model in models_]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT max(pgh_id) FROM {table})" for table in tables))  # noqa: S608
        return "-".join(str(number or 0) for number in cursor.fetchone())


def first_of_each(found: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Return of some events the first one of each row, which made the version where they all have one revision."""
    return found.order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")


def context_of(event: Any) -> dict[str, Any]:
    """Return what is known of the request that made a change; nothing where a command made it."""
    return event.pgh_context.metadata if event.pgh_context else {}


def who(event: Any) -> int | None:
    """Return the id of the person whose request made a change."""
    return context_of(event).get("user")


def tracked_links(model: type[Model]) -> type[Model]:
    """The same for a proxy of a many-to-many table, whose rows only come and go."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)(model)


def count_revision_except(*columns: str) -> pgtrigger.Trigger:
    """In `Meta.triggers`: `revision` grows with every change of the row but in these columns, whoever makes it."""
    return pgtrigger.Trigger(
        name="count_revision",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["revision", *columns]),
        func="NEW.revision = OLD.revision + 1; RETURN NEW;",
    )


count_revision = count_revision_except()
