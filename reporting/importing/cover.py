"""What the cover of a submission, or the head of a document, says: body, session, dates, period, who speaks."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from portal.common.dates import Precision, show, show_range
from reporting.compilation.snapshot import CoverLine
from reporting.importing import vocabulary
from reporting.importing.blocks import Block, length
from reporting.importing.headings import number_of
from reporting.importing.periods import DateRange, dates_in, period_in
from reporting.importing.vocabulary import begins_with, flat, fold, speaks_of

LONGEST_LINE = 30  # words: a cover is made of lines, and of few paragraphs
_MOST_BLOCKS, _MOST_WORDS = 40, 700  # among which a cover is looked for

Role = Literal["body", "acronym", "session", "dates", "agenda", "symbol", "title", "label", "purpose", "disclaimer", ""]


@dataclass
class CoverFacts:
    """What the cover says; empty where it does not. Words are as printed, periods and days are half-open."""

    body: str = ""  # code: CSTD, IDB, GC, PBC, ...
    session: int | None = None
    session_name: str = ""  # as printed: "Twenty-fifth session"
    dates: str = ""  # as printed, without the place
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None  # first day after the last
    place: str = ""
    year: int | None = None  # the last year reported on
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    entities: list[str] = field(default_factory=list)  # names as printed
    contributors: str = ""  # the phrase between "Submissions from" and "on their efforts"
    purpose: str = ""
    disclaimer: str = ""
    agenda_item: str = ""
    symbols: list[str] = field(default_factory=list)
    title: str = ""  # of the cover
    date: str = ""  # of the document, as printed
    dated_on: dt.date | None = None


@dataclass(frozen=True)
class Slip:
    """Something on a cover that cannot be right."""

    block: int
    was: str  # as printed; empty where something is missing
    now: str  # what is likely meant, or what is wrong with it


@dataclass
class Cover:
    """A cover: the blocks it is made of, its lines as the compiler prints them, its facts and slips."""

    facts: CoverFacts = field(default_factory=CoverFacts)
    blocks: list[int] = field(default_factory=list)
    lines: list[CoverLine] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


@dataclass
class _Line:
    block: int
    text: str
    role: Role = ""


def read_cover(blocks: Sequence[Block], *, language: str) -> Cover:
    """Return the cover that the blocks begin with; one without blocks where they begin with none."""
    lines = _lines_before_the_text(blocks, language)
    roles = {line.role for line in lines}
    said = roles & {"body", "session", "dates", "agenda", "label", "disclaimer", "title"}
    if len(said) < 2 or not roles & {"session", "label", "disclaimer", "agenda"}:
        return Cover()
    lines = _up_to_the_end(lines, blocks, language)
    cover = Cover(facts=_facts(lines, language), blocks=sorted({line.block for line in lines}))
    cover.lines = _printed(lines, cover.facts)
    cover.slips = _slips(lines, cover.facts, language)
    return cover


# The lines of a cover


def _lines_before_the_text(blocks: Sequence[Block], language: str) -> list[_Line]:
    """Return the lines at the beginning that a cover could have, each with what it says."""
    lines: list[_Line] = []
    count = words = bare_paragraphs = 0
    for index, block in enumerate(blocks):
        if block.place != "body" or block.kind in {"rule", "page", "note"} or not block.text.strip():
            continue
        text = " ".join(block.text.split())
        count, words = count + 1, words + len(text.split())
        found = [_Line(index, line, _role(line, language)) for line in _cut_lines(text, language)]
        if found[0].role == "purpose" and bare_paragraphs:
            found[0].role = ""  # running text that uses the same words
        bare = all(not line.role for line in found)
        bare_paragraphs += bare and length(text) > LONGEST_LINE
        if count > _MOST_BLOCKS or words > _MOST_WORDS or bare_paragraphs > 1 or block.kind == "table":
            break
        if bare and (_begins_the_text(block, text, language) or begins_with(vocabulary.SALUTATIONS, text, language)):
            break
        lines += found
    return lines


def _begins_the_text(block: Block, text: str, language: str) -> bool:
    """Whether a line is the heading of a text, or an entry of a list."""
    if block.marker or block.kind == "item":
        return True
    if length(text) > LONGEST_LINE:
        return False
    number = number_of(text, language)
    plain = text[number.length :] if number else text
    return number is not None or (
        length(plain) <= 6
        and (
            begins_with(vocabulary.SUMMARY, plain, language)
            or begins_with(vocabulary.OPENING, plain, language)
            or vocabulary.is_one_of(vocabulary.CONTENTS, plain, language)
        )
    )


def _cut_lines(text: str, language: str) -> list[str]:
    """Cut what stands in one paragraph of a cover into its lines: body, acronym, session, place and dates."""
    if len(text.split()) > LONGEST_LINE:
        return [text]
    places: set[int] = set()
    if (acronym := re.search(r"\s[(（][A-Z]{2,8}[)）]", text)) and _body(text[: acronym.start()], language):
        places |= {acronym.start(), acronym.end()}
    found = vocabulary.session_in(text, language)
    if found and (found[1] == 0 or places or _body(text[: found[1]], language)):
        places |= {found[1], found[2]}
    return [line for line in _cut(text, places) if line] or [text]


def _cut(text: str, places: Iterable[int]) -> list[str]:
    edges = [0, *sorted(places), len(text)]
    return [text[begin:end].strip(" ,;") for begin, end in pairwise(edges)]


def _role(text: str, language: str) -> Role:
    words = length(text)
    if begins_with(vocabulary.DISCLAIMER, text, language):
        return "disclaimer"
    if words > LONGEST_LINE:
        if speaks_of(vocabulary.VIEWS, text, language) and words < 120:
            return "disclaimer"
        return "purpose" if speaks_of(vocabulary.PURPOSE, text, language) and words < 250 else ""
    if speaks_of(vocabulary.CONTRIBUTIONS_FROM, text, language) and speaks_of(vocabulary.EFFORTS, text, language):
        return "title"
    if re.fullmatch(r"[(（][A-Z]{2,8}[)）]", text):
        return "acronym"
    if _agenda_item(text, language):
        return "agenda"
    if (found := vocabulary.session_in(text, language)) and found[2] - found[1] > len(text) / 2:
        return "session"
    if _label(text, language):
        return "label"
    if _body(text, language) and _is_mostly_its_body(text, language):
        return "body"
    if (dates := dates_in(text, language)) and _rest(text, dates) <= 40:
        return "dates"
    if _SYMBOL.fullmatch(text.strip()):
        return "symbol"
    return ""


def _up_to_the_end(lines: list[_Line], blocks: Sequence[Block], language: str) -> list[_Line]:
    """Leave out what stands after the cover: its last known line, and the names or titles right after that."""
    last = max(number for number, line in enumerate(lines) if line.role)
    closing = lines[last].role
    if closing == "disclaimer" and len(lines[last].text.split()) <= 3 and last + 1 < len(lines):
        lines[last + 1].role = "disclaimer"
        last += 1
    names = closing == "label"
    titles = closing in {"agenda", "dates", "session", "body", "acronym"} and not any(
        line.role in {"label", "title", "disclaimer"} for line in lines
    )
    most = 4 if names else 3 if titles else 0
    first = last
    is_named = names and _label(lines[last].text, language) != lines[last].text
    while last - first < most and last + 1 < len(lines):
        line = lines[last + 1]
        between = blocks[lines[last].block + 1 : line.block]
        own_page = any(block.kind in {"page", "rule"} for block in between)
        if own_page and (titles or is_named or last > first):
            break
        if _is_sentence(line.text) or (_heads_a_text(line.block, blocks) and (is_named or last > first)):
            break
        last += 1
    return lines[: last + 1]


def _heads_a_text(index: int, blocks: Sequence[Block]) -> bool:
    """Whether running text follows a line at once: it may be the heading of that."""
    after = next((block for block in blocks[index + 1 :] if block.kind not in {"rule", "note"}), None)
    return after is not None and _is_sentence(after.text)


def _is_sentence(text: str) -> bool:
    bare = text.rstrip(" \"'”’»)")
    if bare.endswith("。"):
        return length(text) > 6
    return (len(text.split()) > 12 or len(text) > 150) and bare.endswith((".", "؟", "?", "!", ";", ":", "："))


# Facts


def _facts(lines: list[_Line], language: str) -> CoverFacts:
    facts = CoverFacts()
    for line in lines:
        match line.role:
            case "body" if not facts.body:
                facts.body = _body(line.text, language)
            case "session" if facts.session is None:
                facts.session, facts.session_name = _session(line.text, language)
            case "agenda" if not facts.agenda_item:
                facts.agenda_item = line.text
            case "purpose" if not facts.purpose:
                facts.purpose = line.text
            case "disclaimer":
                facts.disclaimer = f"{facts.disclaimer} {line.text}".strip()
            case "symbol":
                facts.symbols.append(line.text)
        if line.role in {"dates", "session"} and not facts.dates and (found := dates_in(line.text, language)):
            facts.dates = line.text[found.begin : found.end].strip()
            facts.starts_on, facts.ends_on = found.starts_on, found.ends_on
            rest = line.text[: found.begin] + line.text[found.end :]
            rest = rest.replace(facts.session_name, "") if line.role == "session" else rest
            facts.place = rest.strip(" ,，、،:;.()\u3000")
    facts.title = _title(lines)
    facts.contributors = _contributors(facts.title, language)
    if period := period_in(facts.title, language):
        facts.period_start, facts.period_end = period
    if facts.period_end:
        facts.year = (facts.period_end - dt.timedelta(days=1)).year
    facts.entities = _entities(lines, language)
    _read_date(lines, facts, language)
    return facts


def _body(text: str, language: str) -> str:
    """Return the code of the body that the text names, or nothing."""
    for code, words in vocabulary.BODIES.items():
        if speaks_of(words, text, language):
            return code
    return ""


def _is_mostly_its_body(text: str, language: str) -> bool:
    names = "|".join(vocabulary.alternatives(words, language) for words in vocabulary.BODIES.values())
    longest = max((len(found[0]) for found in re.finditer(names, fold(text))), default=0)
    return longest > 0.6 * len(fold(text)) - 8


def _session(text: str, language: str) -> tuple[int | None, str]:
    found = vocabulary.session_in(text, language)
    return (found[0], text[found[1] : found[2]]) if found else (None, "")


def _agenda_item(text: str, language: str) -> bool:
    return re.match(rf"(?:{vocabulary.alternatives(vocabulary.AGENDA_ITEM, language)})\W*$", fold(text)) is not None


def agenda_number(facts: CoverFacts) -> str:
    """Return the number of the agenda item, as records hold it: `7 (a)` of "Item 7 (a) of the provisional agenda"."""
    found = re.search(r"\d+(?:\s*[(（]?\w[)）])*", facts.agenda_item)
    return (found[0] if found else facts.agenda_item)[:40].strip()


def _label(text: str, language: str) -> str:
    """Return the words that announce who speaks, where the text begins with them; Chinese may end with them."""
    words = vocabulary.alternatives(vocabulary.SUBMITTED_BY, language)
    words += "|" + vocabulary.alternatives(vocabulary.REPORT_BY, language)
    letters = flat(text)
    one = rf"(?:{words})(?!\w)"  # several may follow each other: "contribution", "presented by"
    found = re.match(rf"\W*{one}(?:\s+{one})*[\s:：]*", letters) or re.match(rf".{{0,30}}(?:{words})$", letters)
    return text[: found.end()] if found else ""


def _title(lines: list[_Line]) -> str:
    """Return the title: of all contributions where it is printed, else the last line before who reports."""
    known = [line.text for line in lines if line.role == "title"]
    if known:
        return known[0]
    free: list[str] = []
    for line in lines:
        if line.role == "label" and free:
            break
        if not line.role and len(line.text.split()) <= LONGEST_LINE:
            free.append(line.text)
    after_head = [line.text for line in lines[_head_length(lines) :] if line.text in free]
    return after_head[-1] if after_head else ""


def _head_length(lines: list[_Line]) -> int:
    head = [at for at, line in enumerate(lines, start=1) if line.role in {"body", "session", "dates", "agenda"}]
    return max(head, default=0)


def _contributors(title: str, language: str) -> str:
    letters = flat(title)
    begin = re.search(rf"(?:{vocabulary.alternatives(vocabulary.CONTRIBUTIONS_FROM, language)})\s*", letters)
    end = re.search(rf"\s*(?:{vocabulary.alternatives(vocabulary.EFFORTS, language)})", letters)
    if begin and end and begin.end() < end.start():
        return title[begin.end() : end.start()].strip(" ,")
    return ""


def _entities(lines: list[_Line], language: str) -> list[str]:
    """Return the names after "Submission by", one for each of the bodies that speak together."""
    at = next((at for at, line in enumerate(lines) if line.role == "label"), None)
    if at is None or begins_with(vocabulary.REPORT_BY, lines[at].text, language):
        return []
    rest = lines[at].text[len(_label(lines[at].text, language)) :].strip(" :").removeprefix("the ")
    names = [rest] if rest else []
    for line in lines[at + 1 :]:
        if line.role or len(line.text.split()) > LONGEST_LINE:
            break
        names.append(line.text)
    return [part for name in names for part in split_names(name, language)]


#: How names of bodies begin, in any language: an adjective, or what they are.
_NAME = (
    r"(?:united nations|international|world|food and|universal|economic (?:and social )?commission|un |organi[sz]ation|"
    r"internet|global|african|european|asian|arab|commission|union|organisation|nations unies|naciones unidas|"
    r"международн|всемирн|организаци|منظمة|الاتحاد|اللجنة|المركز|برنامج)"
)

#: What bodies are, where their names begin with it and need one word more. Chinese names end with it.
_BODIES_ARE = {
    "en": r"(?:(?:office|department|centre|center|ministry|agency|institute|council|bank|fund|secretariat|university|"
    r"federation|association|foundation|conference|programme|alliance|network) (?:of|for|on))",
    "fr": r"(?:organisation|union|commission|centre|office|agence|institut|ministere|fonds|programme|banque|conseil|"
    r"departement|conference|federation|association|universite|fondation|secretariat|bureau|comite|alliance|reseau)",
    "es": r"(?:organizacion|union|comision|centro|oficina|agencia|instituto|ministerio|fondo|programa|banco|consejo|"
    r"departamento|conferencia|federacion|asociacion|universidad|fundacion|secretaria|comite|alianza|red)",
    "ru": r"(?:(?:международн|всемирн|европеиск|африканск|организаци|союз|комисси|центр|управлени|агентств|институт|"
    r"министерств|фонд|программ|банк|совет|департамент|конференци|федераци|ассоциаци|университет|секретариат|комитет|"
    r"бюро)\w*)",
    "ar": r"(?:(?:ال)?(?:منظمة|اتحاد|لجنة|مركز|برنامج|مكتب|وكالة|معهد|وزارة|صندوق|مصرف|بنك|مجلس|ادارة|مؤتمر|جامعة|"
    r"مؤسسة|امانة|رابطة|شبكة))",
    "zh": r"(?:组织|联盟|委员会|中心|署|局|司|部|基金|基金会|银行|大学|研究所|协会|秘书处|会议|理事会|联合会)",
}


def split_names(text: str, language: str) -> list[str]:
    """Return the names in a line: "X and Y" are two bodies where each half names one for itself."""
    parts = [part.strip(" ,") for part in re.split(r"\s*[;/·؛、]\s*|\s+&\s+|\n", text) if part.strip(" ,")]
    words = vocabulary.alternatives(vocabulary.AND, language)
    joint = rf"[,،]?\s+(?:{words})\s+|[,،]\s+"
    if language == "ar":
        joint += r"|[,،]?\s+و(?=\S)"
    if language == "zh":
        joint += rf"|(?:{words})"
    found: list[str] = []
    for part in parts:
        # where acronyms stand in parentheses, a name ends with one
        after = r"(?<=[)）])" if re.search(r"[)）]\S*\s.*[)）]", part) else ""
        halves = [half.strip(" ,") for half in re.split(rf"{after}(?:{joint})", part, flags=re.IGNORECASE)]
        found += _joined_where_not_whole(halves, part, language)
    return found


def _joined_where_not_whole(halves: list[str], whole: str, language: str) -> list[str]:
    """Keep a name in one piece that only holds an "and": both sides of a cut have to be names of bodies."""
    names: list[str] = []
    for half in halves:
        if names and not (_is_a_name(names[-1], language) and _is_a_name(half, language)):
            end = whole.find(half, whole.find(names[-1]) + len(names[-1])) + len(half)
            names[-1] = whole[whole.find(names[-1]) : end]
        else:
            names.append(half)
    return names


def _is_a_name(text: str, language: str) -> bool:
    words = text.split()
    if re.search(r"[(（][^()（）]{2,20}[)）]$", text) or re.fullmatch(
        r"(?:the )?(?:UN[ -])?[A-Z][A-Za-z-]*[A-Z][A-Za-z-]*", text
    ):
        return True
    letters = re.sub(r"^(?:the |(?:de |du |des |del )?(?:la |le |les |l'|el |los |las )?)", "", flat(text))
    known = _BODIES_ARE.get(language, _BODIES_ARE["en"])
    if language == "zh" and re.fullmatch(rf".{{2,}}{known}", letters):
        return True
    if language != "zh" and re.match(rf"{known}\s+\w", letters):
        return True
    return len(words) >= 3 and re.match(_NAME, letters) is not None


_SYMBOL = re.compile(
    r"(?:[A-Z]{1,4}(?:/[A-Z0-9]+(?:\.\d+)*)+|(?:GC|IDB|PBC)\.\d+/[A-Za-z0-9./]+)(?:[-–][A-Z]/\d{4}/\d+)?\*?"
)


def symbols_in(text: str) -> list[str]:
    """Return the symbols of United Nations documents in a text, as printed."""
    return [found[0].rstrip("./*") for found in re.finditer(rf"(?<![\w/]){_SYMBOL.pattern}(?![\w/])", text)]


def _rest(text: str, found: DateRange) -> int:
    return len((text[: found.begin] + text[found.end :]).strip(" ,，、.()"))


def _read_date(lines: list[_Line], facts: CoverFacts, language: str) -> None:
    """Fill the date of the document: a line that is one day and nothing else."""
    for line in lines:
        found = dates_in(line.text, language)
        if found and found.is_one_day and line.role in {"", "dates"} and _rest(line.text, found) <= 3:
            if facts.starts_on == found.starts_on:
                continue
            facts.date, facts.dated_on = line.text, found.starts_on
            return


# Lines as the compiler prints them


def _printed(lines: list[_Line], facts: CoverFacts) -> list[CoverLine]:
    printed: list[CoverLine] = []
    after_label = False
    for line in lines:
        style: Literal["body", "acronym", "session", "dates", "title", "label", "entity", "text"]
        match line.role:
            case "body" | "acronym" | "session" | "dates" | "label" | "title":
                style = line.role
            case "" if after_label and len(line.text.split()) <= LONGEST_LINE:
                style = "entity"
            case "" if line.text == facts.title:
                style = "title"
            case _:
                style = "text"
        after_label = line.role == "label" or (after_label and not line.role)
        lead = re.match(r"[^\s:：]+(?: [^\s:：]+){0,4}\s?[:：]", line.text) if line.role == "disclaimer" else None
        if lead and lead.end() < len(line.text):
            printed.append({"style": style, "lead": lead[0], "text": line.text[lead.end() :].strip()})
        else:
            printed.append({"style": style, "text": line.text})
    return printed


# Slips


def _slips(lines: list[_Line], facts: CoverFacts, language: str) -> list[Slip]:
    found: list[Slip] = []
    for line in lines:
        acronym = re.search(r"[(（]([A-Z]{2,8})[)）]", line.text)
        if acronym and line.role in {"acronym", "body"} and _is_misprint(acronym[1], facts.body):
            found.append(Slip(line.block, acronym[1], facts.body))
        if line.role in {"purpose", "title"} and facts.session is not None:
            number, words = _session(line.text, language)
            if number is not None and number != facts.session:
                found.append(Slip(line.block, words, facts.session_name))
    label = next((line for line in lines if line.role == "label"), None)
    if label and not facts.entities and not begins_with(vocabulary.REPORT_BY, label.text, language):
        found.append(Slip(label.block, "", _("No name follows “%(words)s”.") % {"words": label.text}))
    dates = next((line for line in lines if line.role in {"dates", "session"} and facts.dates in line.text), None)
    if dates and facts.starts_on and facts.ends_on and facts.starts_on >= facts.ends_on:
        found.append(Slip(dates.block, facts.dates, _("The session would end before it begins.")))
    if dates and facts.starts_on and facts.year and facts.year > facts.starts_on.year:
        title = next(line for line in lines if line.text == facts.title)
        words = _("A session in %(session)s cannot be told of %(year)s yet.")
        found.append(Slip(title.block, str(facts.year), words % {"session": facts.starts_on.year, "year": facts.year}))
    return found


def _is_misprint(one: str, other: str) -> bool:
    """Whether an acronym has the letters of another in another order, or one letter more, less or other."""
    if one == other:
        return False
    if sorted(one) == sorted(other):
        return True
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


Days = tuple[dt.date, dt.date]  # half-open


def slips_against(
    facts: CoverFacts, *, number: int, starts_on: dt.date | None, ends_on: dt.date | None, period: Days | None = None
) -> list[tuple[str, str]]:
    """Return what the cover prints otherwise than the session and the call it is filed under: words, what is known.

    `ends_on` is the first day after the last. Both days may be unknown. `period` is that of the call, where there is
    one already.
    """
    found = []
    if facts.session is not None and facts.session != number:
        found.append((facts.session_name, _("It is filed under session %(number)s.") % {"number": number}))
    if facts.starts_on and starts_on and (facts.starts_on, facts.ends_on) != (starts_on, ends_on):
        known = _days(starts_on, ends_on)
        found.append((facts.dates, _("The session is known to be from %(dates)s.") % {"dates": known}))
    if facts.period_start and facts.period_end and period and (facts.period_start, facts.period_end) != period:
        said = _days(facts.period_start, facts.period_end)
        words = _("The document reports on %(said)s; it is filed under a call for %(known)s.")
        found.append((said, words % {"said": said, "known": _days(*period)}))
    return found


def _days(first: dt.date, after: dt.date | None) -> str:
    return show_range(first, Precision.DAY, after, Precision.DAY) if after else show(first, Precision.DAY)


# Completed


def with_period(facts: CoverFacts, titles: Iterable[str], language: str) -> CoverFacts:
    """Return the facts with the period of the first title that names one, where the cover names none or less.

    A title after the cover is more exact: the months there lie in the years of the cover.
    """
    for title in titles:
        period = period_in(title, language)
        if not period:
            continue
        start, end = period
        if facts.period_start and facts.period_end and not (facts.period_start <= start and end <= facts.period_end):
            continue
        return replace(facts, period_start=start, period_end=end, year=(end - dt.timedelta(days=1)).year)
    return facts
