"""What two people made of one content, put together: fields by themselves, texts paragraph by paragraph.

A content is what stands in the fields of a form, by their names: a text, or a list of codes. Nothing is chosen for
anybody: where both changed the same, a clash tells both, and what is merged keeps both until a person has chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import lxml.html  # type: ignore[import-untyped]
from merge3 import Merge3

from portal.common import richtext
from portal.common.words import BREAK

Value = str | list[Any]  # codes, or rows by column
Content = Mapping[str, Value]
Choice = Literal["mine", "theirs", "both"]


@dataclass(frozen=True)
class Hunk:
    """Paragraphs that follow each other: settled ones, or what each of the two made of the same."""

    settled: Sequence[str] = ()
    mine: Sequence[str] = ()
    theirs: Sequence[str] = ()
    is_clash: bool = False


@dataclass(frozen=True)
class MergedField:
    """One field: its hunks in order, none of them a clash where it is settled."""

    hunks: Sequence[Hunk]
    is_text: bool  # of paragraphs; another field is one hunk

    @property
    def clashing(self) -> int:
        """How many hunks a person has to choose for."""
        return sum(hunk.is_clash for hunk in self.hunks)


def merge(
    *, base: Content, mine: Content, theirs: Content, texts: frozenset[str] | set[str]
) -> tuple[dict[str, Value], dict[str, MergedField]]:
    """Return the content that is settled, and the fields in which both changed the same, by name.

    `base` is what both began from, `texts` are the names of the fields of rich text.
    """
    settled: dict[str, Value] = {}
    clashes: dict[str, MergedField] = {}
    for name in dict.fromkeys([*theirs, *mine]):
        before, one, other = (content.get(name, "") for content in (base, mine, theirs))
        if one in (other, before):
            settled[name] = other
        elif other == before:
            settled[name] = one
        elif isinstance(one, list) or isinstance(other, list):
            settled[name] = _merge_lists(_as_list(before), _as_list(one), _as_list(other))
        elif name in texts:
            field = merge_texts(before=str(before), mine=one, theirs=other)
            if not field.clashing:
                settled[name] = "".join(paragraph for hunk in field.hunks for paragraph in hunk.settled)
            else:
                clashes[name] = field
        else:
            clashes[name] = MergedField([Hunk(mine=[one], theirs=[other], is_clash=True)], is_text=False)
    return settled, clashes


def merge_texts(*, before: str, mine: str, theirs: str) -> MergedField:
    """Return two versions of a rich text merged by its paragraphs."""
    merged = Merge3(blocks(before), blocks(mine), blocks(theirs))
    hunks = []
    for kind, *parts in merged.merge_groups():
        if kind == "conflict":
            hunks += _decided(*parts)
        else:
            hunks.append(Hunk(settled=parts[0]))
    return MergedField(hunks, is_text=True)


def _decided(before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Hunk]:
    """Return what both changed around the same place: neighbours of which each changed another one are settled."""
    if not len(before) == len(mine) == len(theirs):
        return [Hunk(mine=mine, theirs=theirs, is_clash=True)]
    hunks = []
    for paragraph, one, other in zip(before, mine, theirs, strict=True):
        if one in (other, paragraph):
            hunks.append(Hunk(settled=[other]))
        elif other == paragraph:
            hunks.append(Hunk(settled=[one]))
        else:
            hunks.append(Hunk(mine=[one], theirs=[other], is_clash=True))
    return hunks


def choose(field: MergedField, choices: Sequence[Choice]) -> str:
    """Return the text of a field of which each clash, in order, was decided."""
    text: list[str] = []
    left = iter(choices)
    for hunk in field.hunks:
        if not hunk.is_clash:
            text += hunk.settled
            continue
        choice = next(left)
        text += [*hunk.mine] if choice == "mine" else []
        text += [*hunk.theirs] if choice == "theirs" else []
        text += [*hunk.mine, *hunk.theirs] if choice == "both" else []
    return "".join(text) if field.is_text else " ".join(text)


def blocks(html: str) -> list[str]:
    """Return the paragraphs, headings, lists, tables and quotations of a rich text; joined they are the text again."""
    found: list[str] = []
    for piece in lxml.html.fragments_fromstring(html) if html.strip() else []:
        if isinstance(piece, str):
            found.append(piece)
        else:
            found.append(lxml.html.tostring(piece, encoding="unicode", with_tail=True))
    return found


def plain_blocks(html: str) -> str:
    """Return the words of a rich text as two are compared, with a sign between two paragraphs."""
    return BREAK.join(richtext.to_plain(block) for block in blocks(html))


def _as_list(value: Value) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _merge_lists(before: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    """Both added and took away: what either took away goes, what either added stays. Codes are in their order."""
    kept = [code for code in theirs if code in mine or code not in before]
    kept += [code for code in mine if code not in before and code not in theirs]
    return sorted(kept) if all(isinstance(code, str) for code in kept) else kept
