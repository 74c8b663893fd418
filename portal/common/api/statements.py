"""Statements that read pages of records, each made once in a process for all visitors.

Django takes longer to make the statement of a page than PostgreSQL to answer it, and for visitors it is always the same
but for the ids. For people who are signed in it depends on their roles, and is made each time.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, Value

IDS = object()  # stands for the ids of a page


class Statement:
    """A query of values, made into SQL: it asks for rows by their ids."""

    def __init__(self, values: QuerySet[Any]) -> None:
        """`values` may depend on nothing that changes while the process lives, such as the hour or a person."""
        by_id = Func(
            F("pk"), Value(IDS), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
        )
        self.compiler = values.filter(by_id).order_by().query.get_compiler(connection=connection)
        self.sql, self.parameters = self.compiler.as_sql()

    def rows(self, ids: list[int]) -> Iterator[Sequence[Any]]:
        """Return the values of the rows with these ids, in no order."""
        with connection.cursor() as cursor:
            parameters: list[Any] = [ids if one is IDS else one for one in self.parameters]
            cursor.execute(self.sql, parameters)
            return self.compiler.results_iter([cursor.fetchall()])
