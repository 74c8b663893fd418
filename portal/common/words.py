"""Two texts compared word by word.

Ideographs are words of their own, punctuation and blanks too. The words that stay are found by the longest common
subsequence, in compiled code that works on 64 words at once: `difflib` needs minutes for a paragraph of 20,000
characters, in which blanks and commas recur.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

from rapidfuzz.distance import Indel

Kind = Literal["same", "went", "came"]
Part = TypeVar("Part", bound=Hashable)

# Signs inside the text of a unit that no printed text can hold: `nodes.printable` takes control characters out.
NOTE = "\x01"  # the mark of a footnote
BREAK = "\x02"  # between two paragraphs that are compared with one

LARGEST = 25_000_000  # old words times new words, compared in 10 ms; above that, sentence by sentence first
LONGEST_BY_CHANCE = 40  # words, signs and blanks that may have stayed by chance between two changes

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = f"[^\\W{_IDEOGRAPHS}]"
_ACCENTS = "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]"  # on Latin or Arabic letters
_WORD = f"{_LETTER}(?:{_LETTER}|{_ACCENTS})*"
_TOKEN = re.compile(
    r"https?://[!-~]*[\w/#=]"  # an address
    r"|\d+(?:[.,]\d+)+"  # 1,000.5
    rf"|{_WORD}(?:['’\-‐‑]{_WORD})*"  # l’industrie, co-operation
    r"|[^\S\n]+"
    r"|.",
    re.DOTALL,
)
#: What no line is broken within, in a text: Chinese has no blanks between words.
UNBROKEN = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_SENTENCE_END = frozenset(".!?。！？؟\n" + BREAK)


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came, or the mark of a footnote.

    What stayed and what went, put together, is the older text; what stayed and what came is the newer one.
    """

    kind: Kind
    text: str
    note: int = 0  # for a mark: the number of its note in the change; `text` is empty then


@dataclass(frozen=True)
class Run:
    """Tokens that stayed (`went` and `came` are equal then), or that were replaced by others."""

    stayed: bool
    went: Sequence[str]
    came: Sequence[str]


def tokens(text: str) -> list[str]:
    """Return words, ideographs, signs of punctuation and blanks; joined they are the text again."""
    return _TOKEN.findall(text)


def only_words(text: str) -> list[str]:
    """Return the words and ideographs of a text, without blanks, punctuation and marks."""
    return [token for token in tokens(text) if is_word(token)]


def is_word(token: str) -> bool:
    return token[0].isalnum()


def similarity(old: Sequence[str], new: Sequence[str]) -> float:
    """Return how much two lists of words share in the same order: 0 nothing, 1 all."""
    return 1.0 if old == new else float(Indel.normalized_similarity(*_numbered(old, new)))


def shared(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words two lists have in common, in the same order."""
    return (len(old) + len(new) - int(Indel.distance(*_numbered(old, new)))) // 2


def difference(old: str, new: str) -> list[Piece]:
    """Return the pieces of two plain texts, in reading order."""
    pieces = []
    for run in runs(tokens(old), tokens(new)):
        if run.stayed:
            pieces.append(Piece("same", "".join(run.came)))
            continue
        if run.went:
            pieces.append(Piece("went", "".join(run.went)))
        if run.came:
            pieces.append(Piece("came", "".join(run.came)))
    return pieces


def readable(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces as they are shown: a blank that a new paragraph stands for is not worth a mark of its own."""
    shown: list[Piece] = []
    for piece in pieces:
        last = shown[-1] if shown else None
        if last and last.kind == "went" and piece.kind == "came":
            if last.text.isspace() and piece.text == BREAK:
                shown[-1] = piece
                continue
            if last.text == BREAK and piece.text.isspace():
                piece = Piece("same", piece.text)
        shown.append(piece)
    return shown


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Return what stayed and what was replaced, in turns. A lone word between two larger changes counts as replaced."""
    return _calm(_merged(_stretches(old, new)), old, new)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    start, end = _common_ends(old, new)
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    yield Run(True, old[:start], new[:start])
    if len(inner_old) * len(inner_new) <= LARGEST:
        yield from _by_token(inner_old, inner_new)
    else:
        yield from _by_sentence(inner_old, inner_new)
    yield Run(True, old[len(old) - end :], new[len(new) - end :])


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many tokens are the same at the beginning, and how many of the others at the end."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - start
    return start, next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)


def _by_token(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for code in Indel.opcodes(*_numbered(old, new)):
        went, came = old[code.src_start : code.src_end], new[code.dest_start : code.dest_end]
        yield Run(code.tag == "equal", went, came)


def _by_sentence(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Hold on to whole sentences that stayed; what is still too large between them counts as replaced."""
    old_sentences, new_sentences = _sentences(old), _sentences(new)
    if len(old_sentences) * len(new_sentences) > LARGEST:
        yield Run(False, old, new)
        return
    for stayed, old_part, new_part in in_turns(old_sentences, new_sentences):
        went = list(itertools.chain.from_iterable(old_part))
        came = list(itertools.chain.from_iterable(new_part))
        if not stayed and len(went) * len(came) <= LARGEST:
            yield from _by_token(went, came)
        else:
            yield Run(stayed, went, came)


def _sentences(all_tokens: Sequence[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    current: list[str] = []
    for token in all_tokens:
        current.append(token)
        if token in _SENTENCE_END:
            found.append(tuple(current))
            current = []
    return [*found, tuple(current)] if current else found


def in_turns(old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[bool, list[Part], list[Part]]]:
    """Yield by turns the elements that stayed, with True, and those replaced by others: paragraphs, or sentences.

    Takes time as LARGEST tells: ask for no more than so many old elements times new ones.
    """
    codes = Indel.opcodes(*_numbered(old, new))
    for stayed, group in itertools.groupby(codes, lambda code: code.tag == "equal"):
        turn = list(group)
        went = list(old[turn[0].src_start : turn[-1].src_end])
        yield stayed, went, list(new[turn[0].dest_start : turn[-1].dest_end])


def _numbered(*sequences: Iterable[object]) -> list[list[int]]:
    """Return the sequences with a number for each different element: numbers are compared exactly, and fast."""
    numbers: defaultdict[object, int] = defaultdict(itertools.count().__next__)
    return [[numbers[element] for element in sequence] for sequence in sequences]


def _merged(stretches: Iterable[Run]) -> Iterator[Run]:
    """Join neighbours of one sort, and leave out empty ones."""
    filled = (run for run in stretches if run.went or run.came)
    for stayed, group in itertools.groupby(filled, lambda run: run.stayed):
        parts = list(group)
        yield Run(
            stayed, [token for run in parts for token in run.went], [token for run in parts for token in run.came]
        )


def _calm(merged: Iterable[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Let go of what stayed by chance: blanks and commas between two changes, a word or two between larger ones.

    Spans of the two texts are joined here, and words counted once: joining lists would copy a long change for each
    word in it.
    """
    words_before = [list(itertools.accumulate(map(is_word, text), initial=0)) for text in (old, new)]
    kept: list[_Span] = []
    last = _Span(True, 0, 0, 0, 0)
    for run in merged:
        last = _Span(run.stayed, last.old_end, last.old_end + len(run.went), last.new_end, last.new_end + len(run.came))
        kept.append(last)
        while len(kept) > 2 and not kept[-1].stayed:
            before, between, after = kept[-3:]
            if not _by_chance(before, between, after, words_before, new):
                break
            kept[-3:] = [_Span(False, before.old_start, after.old_end, before.new_start, after.new_end)]
    return [Run(span.stayed, old[span.old_start : span.old_end], new[span.new_start : span.new_end]) for span in kept]


class _Span(NamedTuple):
    """A run as places in the two texts."""

    stayed: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int

    def words(self, words_before: Sequence[Sequence[int]]) -> int:
        """Return how many words it has, on the side that has more; `words_before` counts those before each place."""
        old, new = words_before
        return max(old[self.old_end] - old[self.old_start], new[self.new_end] - new[self.new_start])


def _by_chance(
    before: _Span, between: _Span, after: _Span, words_before: Sequence[Sequence[int]], new: Sequence[str]
) -> bool:
    if between.new_end - between.new_start > LONGEST_BY_CHANCE:
        return False
    if any(token[0] in NOTE + BREAK for token in new[between.new_start : between.new_end]):
        return False
    stayed = between.words(words_before)
    return not stayed or stayed < min(before.words(words_before), after.words(words_before))
