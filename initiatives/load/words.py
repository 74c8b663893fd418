"""The words of the load: the same facts told in each of the six languages, so that a translation says the same."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

LANGUAGES = ["en", "fr", "es", "ru", "ar", "zh"]
WORDS = json.loads((Path(__file__).resolve().parent / "words.json").read_text(encoding="utf-8"))
SENTENCES = range(len(WORDS["en"]["sentences"]))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a record is about; the numbers choose words of `words.json`, which has as many in each language."""

    activity: int
    topic: int
    audience: int
    country: dict[str, str]  # its name by language

    def title(self, language: str, phase: int = 1) -> str:
        """Return a title; one of a later phase says which."""
        words = WORDS[language]
        title = (
            f"{words['activities'][self.activity]}: {words['topics'][self.topic]} – "
            f"{words['audiences'][self.audience]} ({self.country[language]})"
        )
        return f"{title}, {words['phase'].format(number=phase)}" if phase > 1 else title

    def document_title(self, language: str, kind: int, year: int) -> str:
        words = WORDS[language]
        return f"{words['documents'][kind]}: {words['topics'][self.topic]} ({self.country[language]}, {year})"


@dataclass(frozen=True, slots=True)
class Telling:
    """Some sentences about a subject, each with its figures, ready to be told in any language."""

    subject: Subject
    year: int
    partner: str
    project: str
    sentences: list[tuple[int, int, int, int, int]]  # which sentence, which topic, and three figures
    cited: int = 0  # the id of a reference that the first sentence cites

    def html(self, language: str) -> str:
        """Return clean rich text; five sentences or more make two paragraphs."""
        told = [self._sentence(language, *sentence) for sentence in self.sentences]
        if self.cited:
            told[0] += f'<span data-footnote="" data-reference="{self.cited}">*</span>'
        blank = "" if language == "zh" else " "
        parts = [told[:3], told[3:]] if len(told) > 4 else [told]
        return "".join(f"<p>{blank.join(part)}</p>" for part in parts)

    def _sentence(self, language: str, sentence: int, topic: int, people: int, few: int, percent: int) -> str:
        words = WORDS[language]
        said: str = words["sentences"][sentence].format(
            topic=words["topics"][topic],
            audience=words["audiences"][self.subject.audience],
            country=self.subject.country[language],
            year=self.year,
            partner=self.partner,
            project=self.project,
            n=people,
            m=few,
            p=percent,
        )
        return escape(said, quote=False)


def tell(
    rng: Random, subject: Subject, *, year: int, partner: str, project: str, sentences: int, cited: int = 0
) -> Telling:
    """Choose that many sentences about a subject, and their figures."""
    topics = len(WORDS["en"]["topics"])
    chosen = [
        (
            sentence,
            subject.topic if rng.random() < 0.8 else rng.randrange(topics),
            rng.randint(40, 4800),
            rng.randint(2, 39),
            rng.randint(3, 45),
        )
        for sentence in rng.sample(SENTENCES, sentences)
    ]
    return Telling(subject, year, partner, project, chosen, cited)


def subject_of(rng: Random, country: dict[str, str]) -> Subject:
    words = WORDS["en"]
    return Subject(
        activity=rng.randrange(len(words["activities"])),
        topic=rng.randrange(len(words["topics"])),
        audience=rng.randrange(len(words["audiences"])),
        country=country,
    )


def reason(language: str, year: int) -> str:
    """Return why an entity has nothing to report."""
    return str(WORDS[language]["reason"].format(year=year))
