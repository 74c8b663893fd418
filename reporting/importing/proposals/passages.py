"""What a text outside initiatives is: statement, trend, obstacle, lesson, proposal, ... by its section and words."""

import re

from initiatives.choices import PartKind, PassageKind
from reporting.importing import vocabulary
from reporting.importing.blocks import Block

# the first that a heading speaks of tells the kind of what stands under it
_HEADINGS: list[tuple[PassageKind, tuple[vocabulary.Words, ...]]] = [
    (PassageKind.PROPOSAL, (vocabulary.RECOMMENDATIONS,)),
    (PassageKind.LESSON, (vocabulary.LESSONS,)),
    (PassageKind.OBSTACLE, (vocabulary.OBSTACLES,)),
    (PassageKind.ACHIEVEMENT, (vocabulary.ACHIEVEMENTS,)),
    (PassageKind.OUTLOOK, (vocabulary.OUTLOOK,)),
    (PassageKind.TREND, (vocabulary.OVERVIEW, vocabulary.SURVEYS)),
    (PassageKind.STATEMENT, (vocabulary.SUMMARY, vocabulary.OPENING)),
]

# words in the first sentence of a paragraph that tell more than its section does
_CUES: list[tuple[PassageKind, str]] = [
    (
        PassageKind.LESSON,
        r"\blessons? (?:learn|was|were|is|are|from)|enseignements? tir|leçons? (?:apprise|tir)"
        r"|lecci[oó]n(?:es)? aprendid"
        r"|извлеченн\w+ урок|урок\w* (?:заключ|состо)|الدروس المستفادة|经验教训",
    ),
    (
        PassageKind.PROPOSAL,
        r"\b(?:we|the commission (?:may|should|could)|it is) recommend|\brecommends? (?:that|to)"
        r"|commission (?:may|might) wish"
        r"|recommand(?:e|ons) |recomienda|рекомендует|نوصي|يوصى|توصي|建议(?:委员会|各国|会员国)",
    ),
    (
        PassageKind.OBSTACLE,
        r"\b(?:challenges?|obstacles?|barriers?|constraints?|concerns? about|hampers?|hinders?)\b"
        r"|\bdéfis?\b|\bobstacles?\b"
        r"|\bdesaf[ií]os?\b|\bobst[aá]culos?\b|препятстви|сталкива\w+ с|вызов(?:ы|ов|ами)|تحديات|عقبات|挑战|障碍",
    ),
    (
        PassageKind.ACHIEVEMENT,
        r"\b(?:achieved|succeeded in|accomplished|has been completed|was completed)\b"
        r"|a (?:permis|réussi)|\b(?:logr[oó]|ha logrado)\b"
        r"|удалось|достигнут|أنجز|نجحت? في|已完成|取得了",
    ),
]
_BY_CUE = [(kind, re.compile(words, re.IGNORECASE)) for kind, words in _CUES]
_FIRST_SENTENCE = re.compile(r".+?(?:[.!?。！？؟](?=\s|$|[\u3400-\u9fff])|$)", re.DOTALL)
#: What a paragraph of such a section says is that, whatever its words.
_FIRM = {PassageKind.STATEMENT, PassageKind.PROPOSAL, PassageKind.LESSON, PassageKind.OBSTACLE}


def kind_of_heading(heading: str) -> PassageKind | None:
    """Return the kind that a heading gives to what stands under it."""
    return next(
        (
            kind
            for kind, all_words in _HEADINGS
            if any(vocabulary.speaks_of_in_any_language(words, heading) for words in all_words)
        ),
        None,
    )


def kind_of_section(heading: str, *, is_summary: bool) -> PassageKind:
    """Return the kind of the text of a section."""
    return PassageKind.STATEMENT if is_summary else kind_of_heading(heading) or PassageKind.STATEMENT


def kind_of_block(block: Block, part: PartKind, section: PassageKind, *, is_summary: bool) -> PassageKind:
    """Return the kind of one paragraph in a section."""
    if part == PartKind.QUOTATION or block.kind == "quote":
        return PassageKind.QUOTATION
    if is_summary or section in _FIRM - {PassageKind.STATEMENT}:
        return section
    first = _FIRST_SENTENCE.match(block.text)
    said = first[0] if first else ""
    return next((kind for kind, words in _BY_CUE if words.search(said)), section)


def continues(block: Block) -> bool:
    """Whether a block belongs to the paragraph before it: an entry of a list, a table."""
    return block.kind in {"item", "table"}
