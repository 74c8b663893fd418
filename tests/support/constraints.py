"""Shows that a constraint refuses a row, in the database and with its sentence in a form."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction


def constraints_of(app: str) -> dict[str, models.BaseConstraint]:
    """The constraints of the records of an app by name, those of its history left out."""
    return {
        constraint.name: constraint
        for model in apps.get_app_config(app).get_models()
        if not model._meta.proxy and not model.__name__.endswith("Event")
        for constraint in model._meta.constraints
    }


def again(row: models.Model, **changed: Any) -> models.Model:
    """The same row once more, with some fields changed."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**values | changed)


def assert_refused(row: models.Model, name: str) -> None:
    """The database refuses the row by the constraint of that name; a form says its sentence, where it has one."""
    constraint = constraints_of(row._meta.app_label)[name]
    with connection.cursor() as cursor:  # some would wait for the end of the transaction
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    key = row.pk
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save(force_insert=True)
    assert name in str(refused.value)
    row.pk = key
    with pytest.raises(ValidationError) as said:
        row.validate_constraints()
    if constraint.violation_error_message != constraint.default_violation_error_message:
        assert str(constraint.violation_error_message) in said.value.messages
