"""Finds what became of each unit of a text in another one.

First what says the same under the same key, then what says the same anywhere, then what has the same key and resembles
it most, and last what resembles it anywhere. Only few are ever compared with each other: those of one record, and
those that share rare pairs of words.
"""

import itertools
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.common.words import shared, similarity
from reporting.comparison.units import Unit

Way = Literal["", "up", "down"]  # where something moved, against what stayed; empty where it stayed itself

SAME_RECORD, ANYWHERE = 0.3, 0.5  # from what likeness on a text counts as changed, and not as gone and come
FEW_WORDS = 4  # so short a text is looked for elsewhere only where it occurs once
ALL_WITH_ALL = 100  # up to so many comparisons every unit is compared with every other
COMMON = 12  # a pair of words that so many units share tells nothing
RARE_PAIRS, CANDIDATES = 40, 5  # pairs of words by which a unit is looked for, and units that are then compared
BREAK_LIKENESS = 0.8  # of the words of a paragraph that were in the other before it was split off


@dataclass
class Pair:
    """Units that became others: one of each, more where a paragraph was split or others were joined to it."""

    old: list[int]
    new: list[int]
    moved: Way = ""


def match(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Return what belongs together, by position, in the order of the newer text."""
    matcher = _Matcher(old, new)
    matcher.run()
    pairs = [Pair([was], [now]) for now, was in sorted(matcher.found.items())]
    _mark_moved(pairs)
    return _with_breaks(pairs, old, new)


class _Matcher:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        self.found: dict[int, int] = {}  # position in the new text -> position in the old one
        self.left_old = dict.fromkeys(range(len(old)))
        self.left_new = dict.fromkeys(range(len(new)))

    def run(self) -> None:
        ranks = range(max((len(unit.keys) for unit in (*self.old, *self.new)), default=0))
        for rank in ranks:
            self.pair_in_order(lambda unit, rank=rank: _ranked(unit, rank, unit.said))  # type: ignore[misc]
        self.pair_in_order(lambda unit: (unit.slot, unit.said), says_enough=True)
        for rank in ranks:
            self.pair_in_order(lambda unit, rank=rank: _ranked(unit, rank, unit.text))  # type: ignore[misc]
        self.pair_in_order(lambda unit: (unit.slot, unit.text), says_enough=True)
        for rank in ranks:
            for was, now in self.groups(lambda unit, rank=rank: _ranked(unit, rank)):  # type: ignore[misc]
                self.pair_of_one_key(was, now)
        # a heading like another is another one where the two tell of different initiatives
        for was, now in self.groups(lambda unit: None if unit.slot == "heading" and unit.about else unit.slot):
            self.pair_alike(was, now, ANYWHERE)

    def pair(self, was: int, now: int) -> None:
        self.found[now] = was
        del self.left_old[was], self.left_new[now]

    def groups(self, key: Callable[[Unit], Hashable]) -> Iterator[tuple[list[int], list[int]]]:
        """Return what is left on both sides under each key. A unit whose key is None is left out."""
        sides: list[dict[Hashable, list[int]]] = []
        for every, left in [(self.old, self.left_old), (self.new, self.left_new)]:
            side: dict[Hashable, list[int]] = defaultdict(list)
            for at in left:
                if (name := key(every[at])) is not None:
                    side[name].append(at)
            sides.append(side)
        for name, was in sides[0].items():
            if name in sides[1]:
                yield was, sides[1][name]

    def pair_in_order(self, key: Callable[[Unit], Hashable], *, says_enough: bool = False) -> None:
        for was, now in self.groups(key):
            once = len(was) == 1 and len(now) == 1
            if once or not says_enough or len(self.old[was[0]].words) >= FEW_WORDS:
                for one, other in zip(was, now, strict=False):
                    self.pair(one, other)

    def pair_of_one_key(self, was: list[int], now: list[int]) -> None:
        """A heading is the same one, whatever it says now; a paragraph, when it is somewhat alike."""
        if self.old[was[0]].slot != "text" and len(was) == 1 and len(now) == 1:
            self.pair(was[0], now[0])
        else:
            self.pair_alike(was, now, SAME_RECORD)

    def pair_alike(self, was: list[int], now: list[int], least: float) -> None:
        """Pair what is most alike, the nearest first among equals."""
        scored = []
        for one, other in self.candidates(was, now):
            likeness = similarity(self.old[one].words, self.new[other].words)
            if likeness >= least:
                scored.append((-likeness, abs(one - other), other, one))
        for _likeness, _way, other, one in sorted(scored):
            if one in self.left_old and other in self.left_new:
                self.pair(one, other)

    def candidates(self, was: list[int], now: list[int]) -> Iterable[tuple[int, int]]:
        """Return what is worth comparing: all with all where they are few, else what shares rare pairs of words."""
        if len(was) * len(now) <= ALL_WITH_ALL:
            return itertools.product(was, now)
        return self.sharing_rare_pairs(was, now)

    def sharing_rare_pairs(self, was: list[int], now: list[int]) -> Iterator[tuple[int, int]]:
        holders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for one in was:
            for pair in _pairs_of_words(self.old[one]):
                holders[pair].append(one)
        for other in now:
            known = [pair for pair in _pairs_of_words(self.new[other]) if 0 < len(holders.get(pair, ())) <= COMMON]
            known.sort(key=lambda pair: len(holders[pair]))
            common = Counter(one for pair in known[:RARE_PAIRS] for one in holders[pair])
            for one, _count in common.most_common(CANDIDATES):
                yield one, other


def _ranked(unit: Unit, rank: int, *more: Hashable) -> Hashable:
    """Return a key of the unit by its rank, or None where it has none."""
    if rank >= len(unit.keys) or unit.keys[rank] is None:
        return None
    return unit.slot, unit.keys[rank], *more


def _pairs_of_words(unit: Unit) -> dict[tuple[str, str], None]:
    return dict.fromkeys(itertools.pairwise(["", *unit.words, ""]))


def _mark_moved(pairs: list[Pair]) -> None:
    """Mark the fewest that have to have moved: those outside the longest run that kept its order."""
    stayed = _longest_rising([pair.old[0] for pair in pairs])
    last = -1
    for at, pair in enumerate(pairs):
        if at in stayed:
            last = pair.old[0]
        else:
            pair.moved = "down" if pair.old[0] < last else "up"


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the positions of a longest rising subsequence of different numbers."""
    tails: list[int] = []  # the smallest last number of a rising run of each length
    ends: list[int] = []  # the position of that number
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _with_breaks(pairs: list[Pair], old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Join to a changed paragraph the neighbour that was split off from it, or that it took in."""
    taken_old = {pair.old[0] for pair in pairs}
    taken_new = {pair.new[0] for pair in pairs}
    for pair in pairs:
        if old[pair.old[0]].slot == "text" and old[pair.old[0]].text != new[pair.new[0]].text:
            _grow(pair.new, taken_new, new, pair.old, old)
            _grow(pair.old, taken_old, old, pair.new, new)
    return pairs


def _grow(side: list[int], taken: set[int], every: Sequence[Unit], other: list[int], others: Sequence[Unit]) -> None:
    """Add neighbours that nothing was paired with, as long as their words are found on the other side."""
    rest = [word for at in other for word in others[at].words]
    added = True
    while added:
        added = False
        for at in (side[-1] + 1, side[0] - 1):
            if at in taken or not 0 <= at < len(every) or not _side_by_side(every[at], every[side[0]]):
                continue
            longer = sorted([*side, at])
            gained = shared(_words_of(longer, every), rest) - shared(_words_of(side, every), rest)
            if gained >= max(FEW_WORDS, BREAK_LIKENESS * len(every[at].words)):
                side[:] = longer
                taken.add(at)
                added = True


def _words_of(side: Sequence[int], every: Sequence[Unit]) -> list[str]:
    return [word for at in side for word in every[at].words]


def _side_by_side(one: Unit, other: Unit) -> bool:
    return (one.slot, one.form, one.keys, one.language) == (other.slot, other.form, other.keys, other.language)
