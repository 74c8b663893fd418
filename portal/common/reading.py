"""Rows of several tables that belong to the records of a page, read in one statement.

The page of one record shows rows of a dozen tables. Each by a query of its own costs Django more time than the
database, because it puts the text of the query together anew every time. Here it is put together once.
"""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

#: Columns that JSON gives as words, by the kind of their field.
_READ: dict[str, Callable[[Any], Any]] = {
    "DateField": dt.date.fromisoformat,
    "DateTimeField": dt.datetime.fromisoformat,
    "UUIDField": uuid.UUID,
}
_NOT_READ = {"BinaryField", "DecimalField", "DurationField", "TimeField"}  # nothing needs them yet


@dataclass(frozen=True)
class Table:
    """One table whose rows are read, each with what some of its foreign keys lead to."""

    model: type[models.Model]
    belongs: tuple[str, ...]  # columns that may hold the id of the record
    order: tuple[str, ...]  # columns of the table, or of a related one: "-id", "line.order"
    related: tuple[str, ...] = ()  # foreign keys: "line", "term", "term__vocabulary" after "term"


def rows_of_record(wanted: tuple[Table, ...], pk: int, *, most: int | None = None) -> list[list[Any]]:
    """Return for each of the tables the first `most` rows that belong to a record, as instances, in one query."""
    return _read(wanted, [[pk] for _table in wanted], most)


def give_rows(*given: tuple[Sequence[models.Model], dict[str, Table]]) -> None:
    """Give to records all their rows of tables, in one query for all of them, as `prefetch_related` does by many.

    The tables are named by their relation: `record.<name>.all()` asks the database no more.
    """
    wanted = [(records, name, table) for records, shown in given for name, table in shown.items()]
    pks = [[record.pk for record in records] for records, _name, _table in wanted]
    found = _read(tuple(table for _records, _name, table in wanted), pks, None)
    for (records, name, table), rows in zip(wanted, found, strict=True):
        of_record = defaultdict(list)
        for row in rows:
            of_record[getattr(row, table.belongs[0])].append(row)
        for record in records:
            _keep(record, name, of_record[record.pk])


def _read(wanted: tuple[Table, ...], pks: list[list[int]], most: int | None) -> list[list[Any]]:
    with connection.cursor() as cursor:
        asked = {f"pks{number}": of_table for number, of_table in enumerate(pks)}
        cursor.execute(_statement(wanted), asked | {"most": most})
        found = cursor.fetchone()
    return [
        [_instance(table, parts) for parts in json.loads(column or "[]")]
        for table, column in zip(wanted, found, strict=True)
    ]


def _keep(record: models.Model, name: str, rows: list[Any]) -> None:
    relation: Any = record._meta.get_field(name)
    for row in rows:
        relation.field.set_cached_value(row, record)
    known = getattr(record, name).get_queryset()
    known._result_cache, known._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


@cache
def _statement(wanted: tuple[Table, ...]) -> str:
    selected = (_selected(table, f"%(pks{number})s") for number, table in enumerate(wanted))
    return "SELECT " + ", ".join(f"({one})::text" for one in selected)


def _selected(table: Table, pks: str) -> str:
    """One table as an array in JSON: of each row, and what it leads to, an object of all columns."""
    quote = connection.ops.quote_name
    tables = f"{quote(table.model._meta.db_table)} own"
    for path, field, is_certain in _foreign_keys(table):
        at, _dots, _name = path.rpartition("__")
        target = field.target_field
        tables += (
            f" {'' if is_certain else 'LEFT '}JOIN {quote(target.model._meta.db_table)} {quote(path)}"
            f" ON {quote(path)}.{quote(target.column)} = {quote(at or 'own')}.{quote(field.column)}"
        )
    # `.*`, because a table may be called like one of its columns here: the file of a file
    objects = ", ".join(f"row_to_json({quote(path)}.*)" for path in ["own", *table.related])
    wanted = " OR ".join(f"own.{quote(column)} = ANY({pks})" for column in table.belongs)
    order = ", ".join(_ordered(column) for column in table.order)
    # names of tables and columns come from the models, what a reader says is never among them
    first = f"SELECT json_build_array({objects}) AS found FROM {tables} WHERE {wanted} ORDER BY {order} LIMIT %(most)s"  # noqa: S608
    return f"SELECT json_agg(found) FROM ({first}) rows"  # noqa: S608


def _ordered(column: str) -> str:
    path, _dot, name = column.removeprefix("-").rpartition(".")
    way = " DESC" if column.startswith("-") else ""
    return f"{connection.ops.quote_name(path or 'own')}.{connection.ops.quote_name(name)}{way}"


@cache
def _foreign_keys(table: Table) -> list[tuple[str, Any, bool]]:
    """Return path and field of each foreign key, and whether every row has what it leads to."""
    found: dict[str, tuple[str, Any, bool]] = {}
    for path in table.related:
        at, _dots, name = path.rpartition("__")
        model, is_certain = (found[at][1].related_model, found[at][2]) if at else (table.model, True)
        field: Any = model._meta.get_field(name)
        found[path] = (path, field, is_certain and not field.null)
    return list(found.values())


def _instance(table: Table, parts: list[dict[str, Any] | None]) -> Any:
    own = _made(table.model, parts[0] or {})
    made = {"": own}
    for (path, field, _is_certain), part in zip(_foreign_keys(table), parts[1:], strict=True):
        made[path] = _made(field.related_model, part) if part else None
        if (holder := made[path.rpartition("__")[0]]) is not None:
            field.set_cached_value(holder, made[path])
    return own


def _made(model: type[models.Model], row: dict[str, Any]) -> Any:
    names, columns, read = _shape(model)
    for column, how in read:
        if row[column] is not None:
            row[column] = how(row[column])
    return model.from_db(connection.alias, names, [row[column] for column in columns])


@cache
def _shape(model: type[models.Model]) -> tuple[list[str], list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """Return names and columns of the fields, and how to read those that JSON gives as words."""
    fields: Any = model._meta.concrete_fields
    kinds = {field.column: (field.target_field if field.is_relation else field).get_internal_type() for field in fields}
    if refused := _NOT_READ & set(kinds.values()):
        raise TypeError(f"{model.__name__} has a {refused.pop()}, which is not read through JSON.")
    read = [(column, _READ[kind]) for column, kind in kinds.items() if kind in _READ]
    return [field.attname for field in fields], list(kinds), read
