"""Pieces of a comparison as HTML: what came and went is told by elements and by words, not by colour."""

import unicodedata
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.common.words import BREAK, Piece, readable

_NEW_LINE = "<br>"
_ELEMENTS = {"went": "del", "came": "ins"}


def marked_up(pieces: Sequence[Piece]) -> SafeString:
    """Return the words of the pieces, those that came or went in `ins` and `del`, with words for who cannot see them.

    What came or went as a whole is not marked within.
    """
    kinds = {piece.kind for piece in pieces}
    if len(kinds) == 1:
        return mark_safe("".join(_words(piece) for piece in pieces))  # noqa: S308  # escaped in _words
    begins = {"went": escape(_("removed:")), "came": escape(_("added:"))}
    ends = {"went": escape(_("end of what was removed")), "came": escape(_("end of what was added"))}
    parts = []
    for piece in readable(pieces):
        words = _words(piece, shows_unseen=piece.kind != "same")
        if piece.kind == "same":
            parts.append(words)
            continue
        element = _ELEMENTS[piece.kind]
        inner = words.strip(" ")
        before, after = words[: len(words) - len(words.lstrip(" "))], words[len(words.rstrip(" ")) :]
        if inner.endswith(_NEW_LINE):  # outside of the element, which would begin the new line otherwise
            inner, after = inner.removesuffix(_NEW_LINE), _NEW_LINE
        parts.append(
            f'{before}<{element}><span class="visually-hidden"> {begins[piece.kind]} </span>{inner}'
            f'<span class="visually-hidden"> {ends[piece.kind]} </span></{element}>{after}'
        )
    return mark_safe("".join(parts))  # noqa: S308  # escaped in _words


def _is_unseen(sign: str) -> bool:
    """Tell whether a sign leaves no mark: a blank, or one that only steers how others are set."""
    return sign.isspace() or unicodedata.category(sign) == "Cf"


def _words(piece: Piece, *, shows_unseen: bool = False) -> str:
    if piece.note:
        label = escape(_("footnote %(number)s") % {"number": piece.note})
        number = f'<span aria-hidden="true">{piece.note}</span>'
        return f'<sup class="change-mark"><span class="visually-hidden"> {label} </span>{number}</sup>'
    if shows_unseen and all(map(_is_unseen, piece.text)):
        return "".join("␣" if sign == " " else f"U+{ord(sign):04X}" for sign in piece.text)
    mark = '<span class="change-break">¶</span>'
    return escape(piece.text).replace(BREAK, mark if piece.kind == "went" else mark + _NEW_LINE)
