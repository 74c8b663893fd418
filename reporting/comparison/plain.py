"""A comparison as a text file that needs nothing but an editor."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from portal.common.words import BREAK, Piece, readable
from reporting.comparison.changes import Change, Comparison, Counts
from reporting.comparison.reading import remarks, shown_place, stretches, told_counts, what_happened_to_note

_FORMS = {"same": "%s", "went": "[-%s-]", "came": "{+%s+}"}


def as_text(comparison: Comparison, *, older: str, newer: str) -> str:
    """Return the comparison in plain lines; `older` and `newer` say what is compared."""
    return "\n".join([*_head(comparison, older, newer), *_body(comparison)]) + "\n"


def _head(comparison: Comparison, older: str, newer: str) -> Iterator[str]:
    yield _("What changed")
    yield _("from: %(text)s") % {"text": older}
    yield _("to: %(text)s") % {"text": newer}
    yield ""
    if comparison.counts.nothing_differs:
        yield _("The two texts are the same, word for word.")
        return
    yield _("Paragraphs: %(counts)s") % {"counts": _counted(comparison.counts)}
    if any(count for _sign, count, _words in told_counts(comparison.note_counts)):
        yield _("Footnotes: %(counts)s") % {"counts": _counted(comparison.note_counts)}
    yield ""
    yield _("“+” is new, “-” is gone, “~” has changed, “>” has only moved.")
    yield _("[-words that went-] {+words that came+} [1] the mark of a footnote, ¶ where a paragraph begins")


def _counted(counts: Counts) -> str:
    return ", ".join(f"{count} {words}" for _sign, count, words in told_counts(counts))


def _body(comparison: Comparison) -> Iterator[str]:
    if comparison.counts.nothing_differs:
        return
    for stretch in stretches(comparison):
        if stretch.heading:
            place = shown_place(stretch.heading)
            yield from ("", "", place, "=" * min(len(place), 72))
        yield ""
        if stretch.kind == "same":
            yield f"  ({stretch.label})"
            continue
        yield f"{stretch.sign} {' '.join([f'{stretch.label}.', *remarks(stretch.first)])}"
        for change in stretch.changes:
            yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    yield f"  {_line(change.pieces)}"
    for address in change.links_went:
        yield f"  [-{address}-]"
    for address in change.links_came:
        yield f"  {{+{address}+}}"
    for note in change.notes_to_tell:
        yield f"    [{note.number}] {what_happened_to_note(note)}: {_line(note.pieces)}"


def _line(pieces: Sequence[Piece]) -> str:
    """Return pieces as one line; what came or went as a whole needs no signs."""
    whole = len({piece.kind for piece in pieces}) == 1
    parts = []
    for piece in readable(pieces):
        words = f"[{piece.note}]" if piece.note else piece.text.replace(BREAK, "¶")
        parts.append(words if whole else _FORMS[piece.kind] % words)
    return "".join(parts)
