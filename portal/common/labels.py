"""The words of choices."""

from django.db import models


def label_of(choices: type[models.TextChoices], value: str) -> str:
    """Return the words of a choice in the reader's language; a value that is no choice stands for itself.

    For a model's own `get_<field>_display`: Django's translates all choices of the field to show one, and a page asks
    for many.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return value
