"""What helps a person who fills in the record of an initiative: records that may be the same, and action lines."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction

from initiatives.models import ActionLine, ActionLineAlias, Initiative, SearchEntry, SearchKind
from portal.common import richtext
from portal.common.filters import MOST_CHARACTERS
from portal.models import User

ALIKE = 0.6  # of the threes of letters of a title are those of words of another: a record may have further titles
SHORTEST = 4  # letters of a title that can be like another one
MOST = 5  # hints of a kind


def alike(title: str, user: User, *, other_than: Initiative | None = None) -> list[Initiative]:
    """Return initiatives that the person sees whose titles are written nearly like this one, the nearest first."""
    title = title.replace("\0", " ")[:MOST_CHARACTERS].strip()
    if len(title) < SHORTEST:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(
            f"""
            SELECT record_id, max(word_similarity(searchable(%s), letters) + similarity(letters, searchable(%s)))
                AS nearness
            FROM {SearchEntry._meta.db_table}
            WHERE kind = %s AND searchable(%s) <%% letters
            GROUP BY record_id ORDER BY nearness DESC, record_id LIMIT 50
            """,  # noqa: S608  # the name of our own table
            [title, title, SearchKind.INITIATIVE, title],
        )
        order = {pk: place for place, (pk, _nearness) in enumerate(cursor.fetchall())}
    seen = (
        Initiative.objects.visible_to(user).listed().filter(pk__in=order).exclude(pk=other_than.pk if other_than else 0)
    )
    return sorted(seen.for_listing(), key=lambda initiative: order[initiative.pk])[:MOST]


@dataclass(frozen=True)
class SuggestedLine:
    """An action line that a text may speak of, and the words of the text that led to it."""

    line: ActionLine
    words: list[str]


def suggested_lines(html: str, *, known: Collection[str] = ()) -> list[SuggestedLine]:
    """Return the lines whose names or keywords stand in a text, the most words first, without those that are chosen."""
    text = f" {_bare(richtext.to_plain(html))} "
    led: dict[ActionLine, dict[str, str]] = defaultdict(dict)
    for alias in ActionLineAlias.objects.exclude(line__code__in=known).select_related("line").order_by("text"):
        words = _bare(alias.text)
        if f" {words} " in text:
            led[alias.line].setdefault(words, alias.text)  # "capacity-building" and "Capacity building" are told once
    best = sorted(led.items(), key=lambda found: (-len(found[1]), found[0].order))
    return [SuggestedLine(line, list(words.values())) for line, words in best[:MOST]]


#: Letters of scripts that set no blank between words: Thai, Lao, Tibetan, Burmese, Khmer, kana and ideographs.
_RUNNING = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_RUNNING}]|[^\W{_RUNNING}]+")


def _bare(text: str) -> str:
    """Return the words of a text with one blank between them, without capitals, accents and punctuation.

    Where words run into each other, each letter stands as a word.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(letter for letter in apart if not unicodedata.combining(letter))))
