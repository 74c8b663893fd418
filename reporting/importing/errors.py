"""Why a file is not read in."""

from django.utils.functional import Promise

from portal.common.errors import PersonError


class CannotRead(PersonError):
    """A file that is not read in; its sentence says what is wrong with it and what to do."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
