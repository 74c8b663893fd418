"""Words that a hyphen cut at the end of a line or page, and spaces that were lost behind a full stop."""

import re

from reporting.importing.blocks import Block, Run, cut, tidy, within
from reporting.importing.mending.sentences import whole, words
from reporting.importing.mending.workbench import Certainty, Workbench

_AROUND = 200  # letters around a place that are looked at: few words are longer, and a long text is read in time
_HYPHENS = "-\u2010\u00ad"
_LAST_PART = re.compile(rf"((?:[^\W\d_]+[-\u2010])*)([^\W\d_]+)[{_HYPHENS}]\s*$")
_FIRST_PART = re.compile(r"\s*([^\W\d_]+)((?:[-\u2010][^\W\d_]+)*)")
#: Words before which a hyphen stands alone: "short- and long-term".
_SUSPENDING = words("and or to et ou y o e u a и или und as but nor")

#: Parts of a compound that often stand with a hyphen where no other word of the file tells.
_PREFIXES = words(
    "co no non multi self pre post sub inter anti semi well low high short long mid medium cross so all ex vice half "
    "near decision policy peer country socio quasi intra extra micro macro mini full part cost user evidence"
)
#: Numbers that are written together with the next one by a hyphen: "twenty-first", "vingt-deux".
_TENS = words(
    "twenty thirty forty fifty sixty seventy eighty ninety "
    "vingt trente quarante cinquante soixante septante huitante nonante quatre "
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
)


def glue_of_cut_word(bench: Workbench, block: Block, first: str, second: str, *, known_break: bool) -> str | None:
    """Return how a word goes on that a hyphen at the end of `first` may cut: "" whole, "-" with its hyphen, or None.

    The other words of the file tell which. Where they do not, two parts that are words of their own stay a compound.
    The damage is kept; None too where a person refused to mend it.
    """
    first, second = first[-_AROUND:], second[:_AROUND]
    last, following = _LAST_PART.search(first), _FIRST_PART.match(second)
    if re.search(r"(?:www\.|/)\S*$", first.rstrip()):
        return "-" if known_break else None  # the hyphens of an address are its own
    if known_break and re.search(r"\w[-‐]\s*$", first) and second[:1].isdigit():
        return "-"
    if not last or not following:
        return None
    before, after = last[2], following[1]
    soft = first.rstrip().endswith("\u00ad")
    if not soft and (after.lower() in _SUSPENDING or not after[0].islower()) and after[0].lower() != after[0].upper():
        # "Asia-/Pacific" keeps its hyphen, "short-/and" its space
        return None if after.lower() in _SUSPENDING else "-" if known_break else None
    one, two = (before + after).lower(), f"{before}-{after}".lower()
    times_one, times_two = bench.words[one], bench.words[two] + bench.words[f"{last[1]}{before}-{after}".lower()]
    certainty: Certainty = "mended"
    if soft or times_one > times_two:
        glue = ""
    elif times_two:
        glue = "-"
    elif last[1] or following[2] or _keeps_hyphen(bench, before, after):
        glue, certainty = "-", "proposed"
    else:
        glue, certainty = "", "proposed"
    if glue == "-" and not known_break and certainty == "proposed":
        return None
    now = before + ("" if glue == "" else "-") + after
    if not bench.mends("cut_word", certainty, block, f"{before}- {after}", now):
        return None
    return glue


def _keeps_hyphen(bench: Workbench, before: str, after: str) -> bool:
    """Whether two parts are rather a compound: one is an acronym or a prefix, or the first a word of the file."""
    if before.isupper() or (before[0].isupper() and len(before) < 4) or len(before) == 1:
        return True
    if before.lower() in _PREFIXES or before.lower() in _TENS:
        return True
    return bench.words[before.lower()] > 0 and (bench.words[after.lower()] > 0 or len(before) > 3)


_BLANK = re.compile(r"\s")
_CUT_INSIDE = re.compile(rf"(?<=[^\W\d_])[{_HYPHENS}]\s+(?=[^\W\d_])")
_LOST = re.compile(
    r"(?P<stop>(?<![^\W\d_])[^\W\d_]*[^\W\d_A-ZÀ-ÞА-Я]{3}[.!?])(?=[A-ZÀ-ÞА-Я][a-zß-ÿа-я]|[A-ZÀ-ÞА-Я]\s)"
    r"|(?P<comma>(?<![^\W\d_])[^\W\d_]{3,}[,;])(?=[^\W\d_]{3,})"
    r"|(?P<bracket>(?<![^\W\d_])[a-zß-ÿа-я]{4,}(?=\([A-ZÀ-ÞА-Я]{2}))"
    r"|(?P<small>(?<![^\W\d_])[a-zß-ÿа-я]{3,}(?=[A-ZÀ-ÞА-Я][a-zß-ÿа-я]{2,}(?![^\W\d_])))"
    r"|(?<![^\W_])(?P<article>[a-zß-ÿа-я]{2,}?)(?=(?:the|les|des|los|las)(?![^\W_]))"
)


def mend_words(bench: Workbench) -> None:
    """Join words that a hyphen and a space cut, and set spaces that were lost, in all blocks."""
    for block in within(bench.blocks):
        if block.runs and block.place != "running":
            _join_cut_words(bench, block)
            _set_lost_spaces(bench, block)


def _join_cut_words(bench: Workbench, block: Block) -> None:
    text = whole(block.runs)
    if "\u00ad" not in text and "- " not in text and "\u2010 " not in text:
        return
    gaps: list[tuple[int, int]] = []
    for found in _CUT_INSIDE.finditer(text):
        start, end = found.span()
        first, second = text[max(start - 60, 0) : start + 1], text[end : end + 60]
        last, following = _LAST_PART.search(first), _FIRST_PART.match(second)
        if last and following and bench.was_refused("cut_word", block, f"{last[2]}- {following[1]}"):
            continue
        known = bool(last and following and bench.words[(last[2] + following[1]).lower()])
        parts = bool(last and following and (bench.words[last[2].lower()] or bench.words[following[1].lower()] > 1))
        if not known and (parts or not following or len(following[1]) < 3) and text[start] != "\u00ad":
            continue  # "long- term" may be either; "short- and" stands as it should
        glue = glue_of_cut_word(bench, block, first, second, known_break=False)
        if glue == "":
            gaps.append((start, end))
        elif glue == "-":
            gaps.append((start + 1, end))
    if gaps:
        block.runs = _without(block.runs, gaps)


def _without(runs: list[Run], gaps: list[tuple[int, int]]) -> list[Run]:
    """Return runs without some stretches of their text."""
    kept: list[Run] = []
    at = 0
    for start, end in gaps:
        kept += cut(runs, at, start)
        at = end
    return tidy([*kept, *cut(runs, at)])


def _set_lost_spaces(bench: Workbench, block: Block) -> None:
    text = whole(block.runs)
    places: list[int] = []
    for found in _LOST.finditer(text):
        place = found.end()
        least, most = max(found.start() - _AROUND, 0), min(place + _AROUND, len(text))
        start = max(text.rfind(" ", least, found.start()), text.rfind("\n", least, found.start()), least - 1) + 1
        end = blank.start() if (blank := _BLANK.search(text, place, most)) else most
        token = text[start:end]
        if re.search(r"[/@_\\=]|www\.|\d\.|\.\w+\.", token) or _is_link(block, place):
            continue
        before = re.findall(r"[^\W\d_]+", text[start:place])[-1]
        after = re.match(r"\(?([^\W\d_]+)", text[place:])
        assert after
        certainty = _certainty(bench, found.lastgroup or "", before, after[1])
        if certainty and bench.mends("lost_space", certainty, block, token, f"{text[start:place]} {text[place:end]}"):
            places.append(place)
    if places:
        runs: list[Run] = []
        at = 0
        for place in places:
            runs += [*cut(block.runs, at, place), Run(" ")]
            at = place
        block.runs = _like_neighbours([*runs, *cut(block.runs, at)])


def _certainty(bench: Workbench, kind: str, before: str, after: str) -> Certainty | None:
    """Return how sure it is that two words lost the space between them, or None where it is not likely."""
    known, following = bench.words[before.lower()], bench.words[after.lower()]
    if kind in {"stop", "comma"}:
        # the words themselves were counted once here; others show that they are words
        return "mended" if known > 1 and following > 1 else "proposed" if known + following > 2 else "listed"
    if kind == "bracket":
        return "proposed" if known > 1 else None
    if kind == "small":
        whole_word = bench.words[before + after]
        return "proposed" if known and bench.words[after.lower()] and whole_word == 1 else None
    article = after.lower()
    return "proposed" if known > 2 and bench.words[article] > 9 and bench.words[before + article] < 2 else None


def _is_link(block: Block, place: int) -> bool:
    at = 0
    for run in block.runs:
        if at < place <= at + len(run.text):
            return run.text.startswith(("http", "www."))
        at += len(run.text)
    return False


def _like_neighbours(runs: list[Run]) -> list[Run]:
    """Give each lone space the look that the runs around it share."""
    found: list[Run] = []
    for number, run in enumerate(runs):
        if run == Run(" ") and found and number + 1 < len(runs):
            before, after = found[-1], runs[number + 1]
            if not before.note and not after.note:
                shared = tuple(mark for mark in before.marks if mark in after.marks)
                run = Run(" ", shared, before.href if before.href == after.href else "")
        found.append(run)
    return tidy(found)
