"""Two files compared by their words."""

import io
import time

import pypdf
import pytest

from reporting.choices import FileFormat
from reporting.compilation import document, renderers
from reporting.compilation.renderers import design
from reporting.verification import texts
from reporting.verification.files import Reading
from reporting.verification.texts import CannotCompare, compared, differences, same_text
from tests.reporting.compilation import samples


def reading(*paragraphs: str) -> Reading:
    return Reading(format="md", paragraphs=list(paragraphs))


def pieces(old: Reading, new: Reading) -> list[list[tuple[str, str]]]:
    return [[(piece.kind, piece.text) for piece in change.pieces] for change in compared(old, new)]


class TestSameText:
    @pytest.mark.parametrize("format", FileFormat.values)
    def test_is_told_from_other_text_in_every_format(self, made, snapshot, format):
        content = made[format, "whole"]
        assert same_text(format, content, content)
        other = samples.unido()
        first = other["sections"][0]["items"][0]
        first["html"] = first["html"].replace("four countries", "five countries")
        changed = renderers.render(document.build({**other, "portal": snapshot["portal"]}), format).content
        [change] = differences(format, content, changed)
        assert [piece.text for piece in change.pieces if piece.kind == "came"] == ["five"]

    @pytest.mark.parametrize("format", FileFormat.values)
    @pytest.mark.parametrize("sample", [samples.arabic, samples.in_six_languages])
    def test_holds_in_other_scripts(self, format, sample):
        content = renderers.render(document.build(sample()), format).content
        assert same_text(format, content, content)

    @pytest.mark.parametrize("format", ["docx", "odt", "pdf"])
    def test_holds_when_a_renderer_breaks_lines_and_pages_elsewhere(self, made, snapshot, format, monkeypatch):
        """Another size of letters stands for a renderer of another version."""
        contents = {**samples.undesa(), "front": [{"kind": "contents", "text": "Contents"}]}
        before = renderers.render(document.build(contents), format).content
        monkeypatch.setattr(design, "BODY", design.BODY + 2)
        after = renderers.render(document.build(contents), format).content
        assert after != before
        assert [change.pieces for change in differences(format, before, after)] == []

    def test_holds_for_a_pdf_that_lost_its_tags(self, made):
        content = made["pdf", "whole"]
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
        del writer.root_object["/StructTreeRoot"]
        file = io.BytesIO()
        writer.write(file)
        assert same_text("pdf", content, file.getvalue())

    def test_cannot_be_said_of_a_file_of_another_format(self, made):
        with pytest.raises(CannotCompare):
            same_text("docx", made["odt", "whole"], made["docx", "whole"])


class TestComparedTexts:
    def test_are_told_word_by_word(self):
        assert pieces(reading("A.", "We train ten people."), reading("A.", "We train twelve people.")) == [
            [("same", "We train "), ("went", "ten"), ("came", "twelve"), ("same", " people.")]
        ]

    def test_keep_paragraphs_that_came_and_went_apart(self):
        assert pieces(reading("One.", "Two."), reading("One.")) == [[("went", "Two.")]]
        assert pieces(reading("One."), reading("One.", "Two.")) == [[("came", "Two.")]]

    def test_show_no_more_of_what_stayed_than_is_needed(self):
        long = " ".join(f"word{number}" for number in range(100))
        [[before, went, came, after]] = pieces(reading(f"{long} a {long}"), reading(f"{long} b {long}"))
        assert before == ("same", " … " + " ".join(f"word{number}" for number in range(89, 100)) + " ")
        assert (went, came) == (("went", "a"), ("came", "b"))
        assert after[1].endswith(" … ")

    def test_without_end_are_compared_all_the_same(self):
        started = time.monotonic()
        many = reading(*["a"] * 200_000)
        assert compared(many, reading(*["b"] * 200_000))
        assert compared(many, reading(*(f"word {number}" for number in range(50_000))))
        assert time.monotonic() - started < 20

    def test_of_other_words_altogether_are_shown_in_part(self):
        started = time.monotonic()
        old, new = reading("one " * 300_000), reading(*["two "] * 300_000)
        [change] = compared(old, new)
        assert (change.words_gone, change.words_new) == (300_000, 300_000)
        assert sum(len(piece.text) for piece in change.pieces) < 9_000
        assert time.monotonic() - started < 20

    def test_in_many_places_are_compared_word_by_word_up_to_a_limit(self):
        words = "one two three four five. " * 1_900  # 47,500 characters
        old, new = (reading(*(f"{end} {number} {words} {end}" for number in range(9))) for end in ("a", "b"))
        by_word = [any(piece.kind == "same" for piece in change.pieces) for change in compared(old, new)]
        assert by_word == [True] * 4 + [False] * 5

    def test_that_changed_one_by_one_are_compared_one_by_one(self):
        old, new = reading("We train ten.", "They learn."), reading("We train two.", "They teach.")
        assert [(change.words_gone, change.words_new) for change in compared(old, new)] == [(1, 1), (1, 1)]

    def test_count_their_words(self):
        [change] = compared(reading("One two three."), reading("One, two four five."))
        assert (change.words_gone, change.words_new) == (1, 2)

    def test_are_alike_as_far_as_they_share_words(self):
        assert texts.likeness(reading("a b c d"), reading("d c")) == 0.5
        assert texts.likeness(reading(), reading()) == 1
