"""Mending as a whole: no word is lost whatever is broken, and what was broken comes out as it was."""

import random
from collections import Counter

import pytest

from reporting.importing import text
from reporting.importing.blocks import Block, Run, Source, printed_words, within
from reporting.importing.mending import mend

FARMING = "mills farmers sacks flour grain water tanneries bakers doors scales meters towns rivers roads schools women"
DOING = "young small large northern southern new old count carry weigh share learn teach open close measure sell"
WORDS = f"{FARMING} {DOING}".split()
SEEDS = range(40)


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _word in range(chance.randint(12, 22))]
    return f"{' '.join(words).capitalize()}."


def broken(chance: random.Random) -> tuple[list[str], list[tuple[str, str]], str]:
    """Return paragraphs, each note with the word before its mark, and a text file whose pages broke them."""
    paragraphs: list[str] = []
    notes: list[tuple[str, str]] = []
    lines: list[str] = []
    waiting: list[int] = []
    for _paragraph in range(chance.randint(4, 10)):
        words = " ".join(sentence(chance) for _sentence in range(2)).split()
        paragraphs.append(" ".join(words))
        printed = list(words)
        if chance.random() < 0.6:
            place = chance.randrange(2, len(words) - 2)
            notes.append((words[place], f"Handbook of {chance.choice(WORDS)}, part {len(notes) + 1}"))
            waiting.append(len(notes))
            printed[place] += f"<sup>{len(notes)}</sup>"
        if chance.random() < 0.5:
            cut = next(n for n in range(len(words) // 2, len(words)) if words[n][0].islower())
            lines += [" ".join(printed[:cut]), ""]
            lines += _foot(chance, notes, waiting)
            lines += [" ".join(printed[cut:]), ""]
        else:
            lines += [" ".join(printed), ""]
    lines += _foot(chance, notes, waiting)
    return paragraphs, notes, "\n".join(lines)


def _foot(chance: random.Random, notes: list[tuple[str, str]], waiting: list[int]) -> list[str]:
    """Return the foot of a page: its notes, and sometimes its number."""
    foot = ["---", ""] if waiting else []
    foot += [line for number in waiting for line in (f"<sup>{number}</sup> {notes[number - 1][1]}", "")]
    waiting.clear()
    if chance.random() < 0.5:
        foot += [f"- {chance.randint(2, 90)} -", ""]
    return [*foot, "\f"]


class TestMend:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_gives_back_what_pages_broke(self, seed: int):
        paragraphs, notes, content = broken(random.Random(seed))
        found = mend(text.from_text(content))
        bodies = {block.note: block.text for block in found.blocks if block.kind == "note"}
        told = []
        for block in found.blocks:
            before = ""
            for run in block.runs:
                if run.note:
                    told.append((before.split()[-1], bodies[run.note]))
                else:
                    before += run.text
        body = [block.text for block in found.blocks if block.kind == "paragraph" and block.place == "body"]
        assert body == paragraphs
        assert told == notes

    @pytest.mark.parametrize("seed", SEEDS)
    def test_keeps_every_printed_word_whatever_is_refused(self, seed: int):
        chance = random.Random(seed)
        source = text.from_text(scrambled(broken(chance)[2], chance))
        words = Counter(printed_words(source.blocks))
        found = mend(source)
        keys = [finding.key for finding in found.findings]
        assert Counter(printed_words(found.blocks)) == words
        assert len(set(keys)) == len(keys)
        refused = [key for key in keys if chance.random() < 0.5]
        assert Counter(printed_words(mend(source, refused=refused).blocks)) == words

    @pytest.mark.parametrize("seed", SEEDS)
    def test_names_a_block_for_every_finding_and_a_body_for_every_mark(self, seed: int):
        chance = random.Random(seed)
        found = mend(text.from_text(scrambled(broken(chance)[2], chance)))
        bodies = {block.note for block in found.blocks if block.kind == "note"}
        assert all(0 <= finding.block < len(found.blocks) for finding in found.findings)
        assert {run.note for block in within(found.blocks) for run in block.runs if run.note} <= bodies

    def test_leaves_the_source_as_it_is(self):
        source = text.from_text(broken(random.Random(3))[2])
        again = text.from_text(broken(random.Random(3))[2])
        mend(source)
        assert source == again

    def test_gives_the_same_again(self):
        source = text.from_text(broken(random.Random(5))[2])
        assert mend(source) == mend(source)

    def test_refusing_all_leaves_the_paragraphs_as_they_stand(self):
        source = text.from_text(broken(random.Random(7))[2])
        keys = [finding.key for finding in mend(source).findings]
        found = mend(source, refused=keys)
        assert [block.text for block in found.blocks] == [block.text for block in source.blocks]
        assert {finding.certainty for finding in found.findings} <= {"listed"}

    def test_leaves_what_stands_outside_the_text_as_it_is(self):
        outside = [Block("paragraph", [Run("1")], ["1"], place="footer"), Block("paragraph", place="comment")]
        assert mend(Source("docx", outside)).blocks == outside

    def test_takes_an_empty_file(self):
        assert mend(Source("text")).blocks == []


def scrambled(content: str, chance: random.Random) -> str:
    """Return a text with its lines broken, joined, repeated and mixed by chance."""
    lines = []
    for line in content.split("\n"):
        turn = chance.random()
        if turn < 0.1 and len(line) > 20:
            place = chance.randrange(1, len(line) - 1)
            lines += [f"{line[:place]}-", "", line[place:]]
        elif turn < 0.2:
            lines.append(line.replace(". ", ".").replace(" ", "- ", 1))
        elif turn < 0.3:
            lines += [line, chance.choice(["", "* star", "¹ body", "(b) entry", "7", "a\tb\tc"])]
        elif turn < 0.35:
            chance.shuffle(lines)
        else:
            lines.append(line)
    return "\n".join(lines)
