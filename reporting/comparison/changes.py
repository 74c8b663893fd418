"""What became of a text: the outcome of a comparison, in the reading order of the newer text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import eq
from typing import Literal

from django.utils.translation import gettext_lazy as _

from portal.common.errors import PersonError
from portal.common.words import BREAK, NOTE, Kind, Piece, difference, only_words, runs, similarity, tokens
from reporting.comparison.match import Pair, Way, match
from reporting.comparison.units import Unit, units
from reporting.compilation.snapshot import FORMAT, Snapshot, fingerprint

Fate = Literal["same", "changed", "came", "went"]

_ALIKE = 0.5  # from what likeness on a footnote whose mark moved counts as changed


class CannotCompare(PersonError):
    """One of the texts was frozen in a form that this portal cannot take apart."""

    sentence = _("One of the two was frozen by another version of the portal. Compile again, then compare.")


class HasNoText(CannotCompare):
    """One of the compilations has not come as far as a text."""

    sentence = _("One of the two compilations has no text to compare. Wait until it is finished, or try it again.")


class TextWasEdited(CannotCompare):
    """The frozen text of one of the compilations is no longer the one that its fingerprint names."""

    sentence = _(
        "The stored text of one of the two was changed in the database after it was compiled: it no longer has its"
        " fingerprint. There is nothing to compare it with. Tell an administrator."
    )


@dataclass
class Note:
    """What became of one footnote. Footnotes are compared by what they print, never by their numbers."""

    number: int  # in the change, from 1; the pieces of the text name it
    fate: Fate
    pieces: list[Piece]
    elsewhere: Unit | None = None  # the paragraph from which it moved here, or to which it moved away

    @property
    def moved(self) -> bool:
        return self.elsewhere is not None


@dataclass(frozen=True)
class Change:
    """What became of one paragraph, heading, list item or row."""

    fate: Fate
    old: Sequence[Unit]  # none where it came, several where they were joined
    new: Sequence[Unit]  # none where it went, several where it was split
    pieces: list[Piece]
    notes: list[Note]
    moved: Way = ""
    links_went: Sequence[str] = ()  # addresses that words led to before
    links_came: Sequence[str] = ()

    @property
    def unit(self) -> Unit:
        """What it is now, or what it was where it went."""
        return (self.new or self.old)[0]

    @property
    def notes_to_tell(self) -> list[Note]:
        """Footnotes that did not stay as they were."""
        return [note for note in self.notes if note.fate != "same"]

    @property
    def words_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)

    @property
    def only_looks_changed(self) -> bool:
        """Tell whether all words are the same, and only emphasis, or being a list, differ."""
        return self.fate == "changed" and not (
            self.words_changed or self.links_went or self.links_came or self.notes_to_tell
        )


@dataclass(frozen=True)
class Counts:
    """How many came, went and so on. What moved and changed is counted with both."""

    came: int
    went: int
    moved: int
    changed: int
    same: int  # neither changed nor moved

    @property
    def nothing_differs(self) -> bool:
        return not (self.came or self.went or self.moved or self.changed)


@dataclass(frozen=True)
class Comparison:
    """All that differs between an older and a newer text."""

    changes: list[Change]  # in the reading order of the newer text; what went stands where it stood
    same_fingerprint: bool
    counts: Counts = field(init=False)
    note_counts: Counts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", _counted(self.changes))
        object.__setattr__(self, "note_counts", _counted(note for change in self.changes for note in change.notes))


def compare(older: Snapshot | None, newer: Snapshot | None) -> Comparison:
    """Return what became of the older text in the newer one. Raises CannotCompare."""
    if older is None or newer is None:
        raise HasNoText
    if older["format"] != FORMAT or newer["format"] != FORMAT:
        raise CannotCompare
    old, new = units(older), units(newer)
    pairs = match(old, new)
    changes = list(_in_reading_order(pairs, old, new))
    _find_moved_notes(changes)
    return Comparison(changes, same_fingerprint=fingerprint(older) == fingerprint(newer))


def _counted(told: Iterable[Change | Note]) -> Counts:
    came = went = moved = changed = same = 0
    for one in told:
        came += one.fate == "came" and not one.moved
        went += one.fate == "went" and not one.moved
        moved += bool(one.moved) and one.fate != "went"
        changed += one.fate == "changed"
        same += one.fate == "same" and not one.moved
    return Counts(came, went, moved, changed, same)


def _in_reading_order(pairs: Sequence[Pair], old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[Change]:
    """Put what went after what stood before it, unless that moved away."""
    pair_of_new = {at: pair for pair in pairs for at in pair.new}
    pair_of_old = {at: pair for pair in pairs for at in pair.old}
    went_after: dict[int, list[Unit]] = defaultdict(list)
    last = -1  # position in the new text
    for at, unit in enumerate(old):
        pair = pair_of_old.get(at)
        if pair is None:
            went_after[last].append(unit)
        elif not pair.moved:
            last = pair.new[-1]
    for at in range(-1, len(new)):
        pair = pair_of_new.get(at)
        if at >= 0 and pair is None:
            yield _whole("came", new[at])
        elif pair is not None and pair.new[0] == at:
            yield _paired([old[one] for one in pair.old], [new[one] for one in pair.new], moved=pair.moved)
        for unit in went_after.get(at, ()):
            yield _whole("went", unit)


def _whole(fate: Literal["came", "went"], unit: Unit) -> Change:
    """A unit that came or went as a whole."""
    notes = [Note(number, fate, [Piece(fate, text)]) for number, text in enumerate(unit.notes, start=1)]
    old, new = ([], [unit]) if fate == "came" else ([unit], [])
    return Change(fate, old, new, _numbered(fate, unit.text), notes)


def _numbered(kind: Kind, text: str) -> list[Piece]:
    """Return a text of one kind, its marks numbered from 1."""
    pieces: list[Piece] = []
    for number, part in enumerate(text.split(NOTE)):
        pieces += [Piece(kind, "", number)] if number else []
        pieces += [Piece(kind, part)] if part else []
    return pieces


def _paired(old: Sequence[Unit], new: Sequence[Unit], *, moved: Way) -> Change:
    """A unit, or several that were one before, and what became of it."""
    old_notes = [note for unit in old for note in unit.notes]
    new_notes = [note for unit in new for note in unit.notes]
    was, now = BREAK.join(unit.text for unit in old), BREAK.join(unit.text for unit in new)
    pieces, notes = _told(was, now, old_notes, new_notes)
    old_links = [link for unit in old for link in unit.links]
    new_links = [link for unit in new for link in unit.links]
    changed = (
        any(piece.kind != "same" for piece in pieces)
        or any(note.fate != "same" for note in notes)
        or old_links != new_links
        or [(unit.form, unit.marks) for unit in old] != [(unit.form, unit.marks) for unit in new]
    )
    return Change(
        "changed" if changed else "same",
        old,
        new,
        pieces,
        notes,
        moved,
        [link for link in dict.fromkeys(old_links) if link not in new_links],
        [link for link in dict.fromkeys(new_links) if link not in old_links],
    )


def _told(old: str, new: str, old_notes: Sequence[str], new_notes: Sequence[str]) -> tuple[list[Piece], list[Note]]:
    """Compare two texts word by word; the marks in them tell which footnotes belong together.

    A mark is taken for the same when its note says the same; a mark whose note is said by none on the other side may
    be that of a note that changed.
    """
    if old == new and old_notes == new_notes:
        notes = [Note(number, "same", [Piece("same", text)]) for number, text in enumerate(new_notes, start=1)]
        return _numbered("same", new), notes
    both = set(old_notes) & set(new_notes)
    marks = _Marks(old_notes, new_notes)
    pieces: list[Piece] = []
    for run in runs(_with_notes(old, old_notes, both), _with_notes(new, new_notes, both)):
        if run.stayed:
            for text in _parted(run.came):
                pieces.append(Piece("same", text) if text else Piece("same", "", marks.stayed()))
        else:
            pieces += [Piece("went", text) if text else Piece("went", "", marks.went()) for text in _parted(run.went)]
            pieces += [Piece("came", text) if text else Piece("came", "", marks.came()) for text in _parted(run.came)]
    return marks.settled(pieces)


def _with_notes(text: str, notes: Sequence[str], both: set[str]) -> list[str]:
    """Return the tokens of a text, the mark of a note that both sides have bound to its words."""
    following = iter(notes)
    found = tokens(text)
    for at, token in enumerate(found):
        if token == NOTE and (note := next(following)) in both:
            found[at] = NOTE + note
    return found


def _parted(found: Iterable[str]) -> Iterator[str]:
    """Join tokens into words between marks; an empty text stands for a mark."""
    text = ""
    for token in found:
        if token[0] == NOTE:
            if text:
                yield text
            yield ""
            text = ""
        else:
            text += token
    if text:
        yield text


class _Marks:
    """Counts the marks of a change as they are met, then says what became of each note."""

    def __init__(self, old_notes: Sequence[str], new_notes: Sequence[str]) -> None:
        self.old, self.new = iter(old_notes), iter(new_notes)
        self.seen: list[tuple[str | None, str | None]] = []  # what each note said before, and what it says now

    def stayed(self) -> int:
        self.seen.append((next(self.old), next(self.new)))
        return len(self.seen)

    def went(self) -> int:
        self.seen.append((next(self.old), None))
        return len(self.seen)

    def came(self) -> int:
        self.seen.append((None, next(self.new)))
        return len(self.seen)

    def settled(self, pieces: list[Piece]) -> tuple[list[Piece], list[Note]]:
        """Return the pieces and the notes, numbered again: a note whose mark moved in the text is one note."""
        was_of = self.joined()
        notes: list[Note] = []
        numbers: dict[int, int] = {}
        now_of = {was: now for now, was in was_of.items()}
        for at, (was, now) in enumerate(self.seen):
            other = was_of.get(at, now_of.get(at))
            if other in numbers:
                numbers[at] = numbers[other]
                continue
            if other is not None:
                was, now = was or self.seen[other][0], now or self.seen[other][1]
            notes.append(_note(len(notes) + 1, was, now))
            numbers[at] = len(notes)
        return [replace(piece, note=numbers[piece.note - 1]) if piece.note else piece for piece in pieces], notes

    def joined(self) -> dict[int, int]:
        """Return which mark that came has the note of one that went: the same note, else one much like it."""
        went = {at: was for at, (was, now) in enumerate(self.seen) if was is not None and now is None}
        came = {at: now for at, (was, now) in enumerate(self.seen) if now is not None and was is None}
        found: dict[int, int] = {}
        for alike in (eq, _alike):
            for at, said in came.items():
                other = next((before for before, text in went.items() if at not in found and alike(text, said)), None)
                if other is not None:
                    found[at] = other
                    del went[other]
        return found


def _alike(one: str, other: str) -> bool:
    return similarity(only_words(one), only_words(other)) >= _ALIKE


def _note(number: int, was: str | None, now: str | None) -> Note:
    if was is None:
        return Note(number, "came", [Piece("came", now or "")])
    if now is None:
        return Note(number, "went", [Piece("went", was)])
    return Note(number, "same" if was == now else "changed", difference(was, now))


def _find_moved_notes(changes: Sequence[Change]) -> None:
    """A footnote that went from one paragraph and came to another with the same words has moved."""
    went: dict[str, list[tuple[Change, Note]]] = defaultdict(list)
    for change in changes:
        for note in change.notes:
            if note.fate == "went":
                went[note.pieces[0].text].append((change, note))
    for change in changes:
        for note in change.notes:
            if note.fate == "came" and (found := went.get(note.pieces[0].text)):
                from_change, from_note = found.pop(0)
                note.elsewhere = from_change.unit
                from_note.elsewhere = change.unit
