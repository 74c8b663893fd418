"""Whether a sentence is over, whether words go on with it, and how two pieces of text join."""

import re
import unicodedata
from dataclasses import replace

from reporting.importing.blocks import Block, Run, is_ideograph, length, tidy

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CLOSING = "\"'’”»)]）」』》›*"
_OPENING = "\"'‘“«([（「『《‹¿¡"
_TERMINAL = ".!?…:;。！？：；؟؛۔"


def words(text: str) -> frozenset[str]:
    """Return the words of a text, to look words up in."""
    return frozenset(text.split())


#: Words after which no sentence ends, in the languages that have upper and lower case, and Arabic.
_CARRYING = words(
    "the a an of and or in on at to for from by with as that which its their our into than is are was were be "
    "le la les un une des du de et ou à au aux en dans par pour avec sur que qui dont "
    "el los las una del y o al con por para sobre como se su sus "
    "и в на с к по для из о об от при что как или а но "
    "في من إلى على عن مع أو و أن التي الذي بين"
)
#: Words that sentences begin with: after a page end they rather begin a new one than go on with a title.
_BEGINNING = words(
    "the a an in on at this these that those it its as for to with by from we our i he she they there when while "
    "during after before since however moreover furthermore also some many most all both each another such if although "
    "le la les l' un une il elle ils elles ce cette ces en dans pour par avec sur depuis lors selon "
    "el los una este esta estos estas se su sus con para por desde durante según como "
    "в на с по для это эти этот эта он она они при после до кроме также как"
)
#: The bullet, number or letter before a paragraph, an item or a heading.
MARK_BEFORE = re.compile(
    r"\s*(?:[-–•✓▪◦*]\s|\(?(?:\d{1,3}|[ivxlIVXL]{1,6}|[^\W\d_])[.)]\s|\((?:\d{1,3}|[ivxl]{1,6}|[a-z])\)"
    r"|[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|\d{1,2}(?:\.\d{1,2})+\.?\s|\d{1,3}[．、])"
)


def is_open(text: str) -> bool:
    """Whether a text ends before its sentence does. The number of a note behind the last mark is none of its words."""
    text = text.rstrip().rstrip(_RAISED)
    text = re.sub(rf"(?<=[{re.escape(_TERMINAL)}])([{re.escape(_CLOSING)}]*)\d{{1,4}}$", r"\1", text)
    text = text.rstrip(_CLOSING + " ")
    return bool(text) and text[-1] not in _TERMINAL


def begins_low(text: str) -> bool:
    """Whether a text begins in the middle of a sentence: with a small letter that is no mark of an item."""
    text = text.lstrip()
    if not text or MARK_BEFORE.match(text) or re.match(r"(?:https?:|www\.)|[a-z]-?[A-Z]|[em]-[a-z]", text):
        return False  # an item, an address, or a word like "eLearning" and "e-government"
    return text.lstrip(_OPENING)[:1].islower()


def begins_raised(block: Block) -> bool:
    """Whether a block begins with raised digits, as bodies of notes do."""
    text = whole(block.runs).lstrip()
    return text[:1] in set(_RAISED) or (text[:1].isdigit() and "sup" in block.runs[0].marks)


def begins_without_case(text: str) -> bool:
    """Whether the first letter is of a script without upper and lower case."""
    return unicodedata.category(text.lstrip().lstrip(_OPENING)[:1] or " ") == "Lo"


def carries_on(text: str) -> bool:
    """Whether the last word or mark asks for more: a comma, an article, a preposition, a possessive."""
    text = text.rstrip()
    if text.endswith((",", "،", "，", "、", "(", "–", "—", "'s", "’s")):
        return True
    return bool(text) and text.split()[-1].lower() in _CARRYING


def begins_anew(text: str) -> bool:
    """Whether the first word, written large, is one that sentences begin with."""
    first = re.match(rf"[{re.escape(_OPENING)}\s]*([^\W\d_]+)", text)
    return first is not None and first[1].lower() in _BEGINNING


def is_running_text(block: Block) -> bool:
    """Whether a block is long enough to be sentences, and no title."""
    if block.kind not in {"paragraph", "item", "quote"}:
        return False
    text = block.text
    return length(text) >= 8 and not (block.is_bold and length(text) < 30)


def between(before: str, after: str) -> str:
    """Return what stands between two pieces of one text: a space, or nothing between ideographs."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    return "" if is_ideograph(before[-1]) or is_ideograph(after[0]) else " "


def joined(before: list[Run], after: list[Run], glue: str) -> list[Run]:
    """Return the runs of two pieces as those of one, with `glue` between them in the look of both or of the first."""
    if not before or not after:
        return [*before, *after]
    last, first = before[-1], after[0]
    runs = [*before]
    if glue:
        if last.note:
            runs.append(Run(glue))
        elif last.href and last.href != first.href:
            runs.append(Run(glue, tuple(mark for mark in last.marks if mark in first.marks)))
        else:
            runs[-1] = replace(last, text=last.text + glue)
    return tidy([*runs, *after])


def whole(runs: list[Run]) -> str:
    """Return all letters of runs, marks of notes blotted out, so that places in it are those of `blocks.cut`."""
    return "".join("\ufffc" * len(run.text) if run.note else run.text for run in runs)


def shortened(text: str, *, end: bool) -> str:
    """Return the last or first five words of a text, enough to find its place by."""
    text = " ".join(text.split())
    if sum(map(is_ideograph, text)) > len(text) // 2:
        return text[-12:] if end else text[:12]
    words = text.split(" ")
    return " ".join(words[-5:] if end else words[:5])
