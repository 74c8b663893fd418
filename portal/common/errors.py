"""Errors that a person can cause: each says in a sentence what is so and what to do."""

from django.utils.functional import Promise


class PersonError(Exception):
    """Base of them all. `str()` gives the sentence in the reader's language."""

    sentence: Promise | str = ""

    def __str__(self) -> str:
        return str(self.sentence)
