"""Rows that are saved only where they change: each save is a revision, and an event of the history."""

from collections.abc import Mapping
from typing import Any

from django.db import models


def save_if_changed(row: models.Model, says: Mapping[str, Any]) -> None:
    """Save a row where it says anything else than before; a new one always."""
    if row.pk and all(getattr(row, name) == value for name, value in says.items()):
        return
    for name, value in says.items():
        setattr(row, name, value)
    row.save()
