"""Records of the API: each declared once, every member beside the SQL that it is read by.

A record is a serializer that never serializes: the schema is made from its fields, the answer from their SQL. So the
two name the same members, and a page of rows takes one query and no model instance.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, QuerySet, Subquery
from rest_framework import serializers

from portal.common.api.languages import Json, JsonObject, all_names, named_in


@dataclass
class Reader:
    """For whom an answer is made: what may be seen and in which languages."""

    user: Any = field(default_factory=AnonymousUser)
    languages: tuple[str, ...] = ()
    root: str = ""  # how addresses of the portal begin


Sql = str | Callable[[Reader], Any]


@dataclass(frozen=True)
class Column:
    """How a member of a record is read: a path or an expression, then what is done with its value."""

    sql: Sql
    after: Callable[[Any, Reader], Any] | None
    on_request: bool

    def expression(self, reader: Reader) -> Any:
        return F(self.sql) if isinstance(self.sql, str) else self.sql(reader)


def column(
    described: serializers.Field,
    sql: Sql,
    *,
    after: Callable[[Any, Reader], Any] | None = None,
    on_request: bool = False,
) -> serializers.Field:
    """Declare a member of a record. One that is `on_request` is left out unless `fields` names it."""
    described.column = Column(sql, after, on_request)
    return described


class Record(serializers.Serializer):
    """Base of all records. Its members are declared by `column`."""

    #: Of the members, the ones that `languages=all` adds.
    every_language: tuple[str, ...] = ()

    @classmethod
    def columns(cls) -> dict[str, Column]:
        return {name: declared.column for name, declared in cls._declared_fields.items()}

    @classmethod
    def values(cls, rows: QuerySet[Any], reader: Reader, names: Sequence[str]) -> QuerySet[Any]:
        """Return the rows as their id and the members named, for `records`."""
        columns = cls.columns()
        # a path is read as it is: to annotate it as an expression too takes as long as to read the rows
        paths = {name: sql for name in names if isinstance(sql := columns[name].sql, str)}
        made = {f"api_{name}": columns[name].expression(reader) for name in names if name not in paths}
        return rows.annotate(**made).values_list("pk", *[paths.get(name, f"api_{name}") for name in names])

    @classmethod
    def records(
        cls, values: Iterable[Sequence[Any]], reader: Reader, names: Sequence[str]
    ) -> dict[int, dict[str, Any]]:
        """Return the records by their id, from what `values` reads."""
        columns = cls.columns()
        found = {row[0]: dict(zip(names, row[1:], strict=True)) for row in values}
        for name in names:
            if after := columns[name].after:
                for record in found.values():
                    record[name] = after(record[name], reader)
        return found

    @classmethod
    def read(cls, rows: QuerySet[Any], reader: Reader, names: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Return the rows as records by their id, in one query, with the members named."""
        return cls.records(cls.values(rows, reader, names), reader, names)

    @classmethod
    def usual(cls) -> list[str]:
        return [name for name, declared in cls.columns().items() if not declared.on_request]

    @classmethod
    def as_json(cls, reader: Reader) -> JsonObject:
        """Return the usual members as one JSON object, for a record inside another."""
        columns = cls.columns()
        return JsonObject(**{name: columns[name].expression(reader) for name in cls.usual()})


class InnerRecord(Record):
    """Base of records that only stand inside others, always with all that is not on request."""


class JsonList(Func):
    """The rows of a subquery as a JSON list, in their order; empty where there is none."""

    function = "ARRAY_TO_JSON"
    output_field = Json()


def rows_of(record: type[Record], rows: Callable[[Reader], QuerySet[Any]]) -> Callable[[Reader], JsonList]:
    """Return the SQL of a list of records inside another; `rows` are tied to it by `OuterRef`."""

    def listed(reader: Reader) -> JsonList:
        return JsonList(ArraySubquery(rows(reader).values(api_json=record.as_json(reader))))

    return listed


def row_of(record: type[Record], rows: Callable[[Reader], QuerySet[Any]]) -> Callable[[Reader], Subquery]:
    """Return the SQL of one record inside another, the first of the rows; null where there is none."""

    def first(reader: Reader) -> Subquery:
        return Subquery(rows(reader).values(api_json=record.as_json(reader))[:1], output_field=Json())

    return first


class Name(serializers.Serializer):
    """A name in the first of the reader's languages in which there is one, else in English."""

    language = serializers.CharField(help_text="code of the language that the words are in")
    text = serializers.CharField()


def named(path: str = "", *, field: str = "name", **described: Any) -> serializers.Field:
    """Declare a member that names something in six languages: {language, text}."""
    return column(Name(**described), lambda reader: named_in(reader.languages, path, field))


def named_in_all(*, field: str = "name") -> serializers.Field:
    """Declare a member with the names in every language, on request."""
    described = serializers.DictField(child=serializers.CharField(), required=False, help_text="by language")
    return column(described, lambda _reader: all_names(field), on_request=True)


def languages_in(answer: Any) -> set[str]:
    """Return the languages of the texts and names directly in records: what `Content-Language` tells."""
    found: set[str] = set()
    for record in answer if isinstance(answer, list) else [answer]:
        for member in record.values():
            if isinstance(member, dict) and isinstance(language := member.get("language"), str):
                found.add(language)
    return found
