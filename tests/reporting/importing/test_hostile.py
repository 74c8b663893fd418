"""Texts made to keep a reader busy: each is understood, or refused, in time that grows with its length."""

import time

import pytest

from initiatives.models import Entity
from reporting.importing import files, text
from reporting.importing.errors import CannotRead
from reporting.importing.mending import mend
from reporting.importing.outline import outline
from reporting.importing.proposals import propose
from tests.factories import EntityFactory

LETTERS = 80_000
SECONDS = 2.0  # of the processor; under a half on a quiet machine, where a pattern that is not linear takes ten or more

#: Rows of one sign: as words they are too long, and refused before anything else looks at them.
SIGNS = ["a", "Ab", "é", "م", "[", "(", ".", "…", "1", "¹", "|a", "<a", "**a", '"', "“", ",", "a.b", "A/", "a@"]
#: Signs with blanks between them, in one paragraph or in many lines.
PIECES = ["[ ", "( ", ". ", "- a ", "| a ", "(a) ", "C7 ", "« ", '" ', ", ", "and ", "2020 ", "1 May ", "سنة ", "中，"]
LONG = "word of the text here and "


def understand(content: str, entity: Entity) -> None:
    source = text.from_text(content)
    mended = mend(source)
    propose(mended, outline(mended, language="en"), entities=[entity], session=None, language="en")


@pytest.fixture
def entity(db: None) -> Entity:
    return EntityFactory()


class TestHostileTexts:
    @pytest.mark.parametrize("sign", SIGNS)
    def test_a_row_of_signs_is_refused_with_what_to_do(self, sign: str) -> None:
        with pytest.raises(CannotRead, match="Set blanks between its words"):
            files.read((sign * (LETTERS // len(sign))).encode(), name="a.txt")

    @pytest.mark.parametrize("piece", PIECES)
    def test_pieces_in_one_paragraph_take_little_time(self, entity: Entity, piece: str) -> None:
        begun = time.process_time()
        understand(piece * (LETTERS // len(piece)), entity)
        assert time.process_time() - begun < SECONDS

    @pytest.mark.parametrize("blank", [" ", "\u00a0", " .", " ·"])
    def test_a_row_of_blanks_takes_little_time(self, entity: Entity, blank: str) -> None:
        begun = time.process_time()
        understand("a" + blank * (LETTERS // len(blank)) + " b", entity)
        assert time.process_time() - begun < SECONDS

    def test_a_row_of_tabs_makes_a_table_in_little_time(self, entity: Entity) -> None:
        begun = time.process_time()
        understand("a" + "\t" * (LETTERS // 10) + "b", entity)  # each is a cell, with blocks of its own
        assert time.process_time() - begun < SECONDS

    @pytest.mark.parametrize(
        "word", ["a" * 4990, "[" * 4990, f"{chr(97) * 19}," * 249, "a.b" * 1600, "1." * 2400, "¹" * 4990]
    )
    def test_words_as_long_as_may_be_take_little_time(self, entity: Entity, word: str) -> None:
        begun = time.process_time()
        understand(f"{word} {LONG}\n\n" * (LETTERS // len(word)), entity)
        assert time.process_time() - begun < SECONDS

    def test_many_lines_of_one_paragraph_take_little_time(self, entity: Entity) -> None:
        begun = time.process_time()
        understand("\n".join([LONG.strip()] * (LETTERS // len(LONG))), entity)
        assert time.process_time() - begun < SECONDS
