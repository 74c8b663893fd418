"""What notes say: words and addresses, and the numbers of projects in them."""

import re
from dataclasses import dataclass

from initiatives.choices import PartKind
from initiatives.models import Reference
from reporting.importing.blocks import leads_somewhere
from reporting.importing.proposals.readings import Reading, addresses

LONGEST_WORDS: int = Reference._meta.get_field("text").max_length or 0
LONGEST_ADDRESS: int = Reference._meta.get_field("address").max_length or 0

_ADDRESS = re.compile(r"https?://[^\s<>«»“”\"]+")
_AFTER_ADDRESS = ".,;:!?)]}'’，。；：、"
_PROJECT = r"projects?|projets?|proyectos?|проект\w*|مشروع|مشاريع|المشروع|المشاريع|项目"
_NUMBER = re.compile(r"(?<![\w./-])\d{6}(?![\w/-]|\.\d)")
_SPEAKS_OF_PROJECTS = re.compile(rf"(?<![^\W_])(?:{_PROJECT})(?![^\W_])|项目", re.IGNORECASE)
_NUMBERED_PROJECT = re.compile(
    rf"(?:(?<![^\W_])(?:{_PROJECT})|项目)\s*(?:(?:ID|No|Nr|number|code|numéro|n[°ºo]|número|номер|№|رقم|编号|号)[.:]?\s*)?"
    r"[(:#：（]?\s*(?P<number>\d{6})(?![\w/-]|\.\d)",
    re.IGNORECASE,
)


@dataclass
class Note:
    """The body of a note."""

    id: str
    block: int
    words: str  # in one line
    address: str  # where its words lead; print adds it to words that do not hold it
    numbers: list[str]  # of projects

    @property
    def is_long(self) -> bool:
        return len(self.words) > LONGEST_WORDS


def notes_of(readings: list[Reading], ids: dict[int, str]) -> dict[str, Note]:
    """Return the notes by their ids; `ids` tells the id of a note by its block, of which it may have several."""
    paragraphs: dict[str, list[Reading]] = {}
    for reading in readings:
        note_id = ids.get(reading.block)
        if reading.kind == PartKind.NOTE and note_id:
            paragraphs.setdefault(note_id, []).append(reading)
    return {note_id: _note(note_id, found) for note_id, found in paragraphs.items()}


def _note(note_id: str, readings: list[Reading]) -> Note:
    words = " ".join(" ".join(reading.text for reading in readings).split())
    hidden = [address for reading in readings for _words, address in addresses(reading) if address not in words]
    address = _printed_address(words)
    too_long = len(words) > LONGEST_WORDS or any(len(one) > LONGEST_ADDRESS for one in hidden)
    if hidden and (address or too_long or len(set(hidden)) > 1):  # a reference has room for one
        words = " ".join(" ".join(map(_with_addresses, readings)).split())
    elif hidden:
        address = hidden[0]
    numbers = project_numbers(words) or next(filter(None, map(_numbers_in_address, hidden)), [])
    return Note(note_id, readings[0].block, words, address, numbers)


def _with_addresses(reading: Reading) -> str:
    """Return the words with the address of each link behind its words, unless they are the address."""
    parts = []
    at = 0
    for start, end, href in reading.links:
        parts.append(reading.text[at:end])
        if leads_somewhere(href) and href.strip() not in reading.text[start:end]:
            parts.append(f" ({href.strip()})")
        at = end
    return "".join([*parts, reading.text[at:]])


def _printed_address(words: str) -> str:
    """Return the first address that stands among the words."""
    for match in _ADDRESS.finditer(words):
        address = match[0].rstrip(_AFTER_ADDRESS)
        if leads_somewhere(address) and len(address) <= LONGEST_ADDRESS:
            return address
    return ""


def project_numbers(words: str) -> list[str]:
    """Return the numbers of six digits in a note that speaks of projects."""
    if not _SPEAKS_OF_PROJECTS.search(words):
        return []
    return list(dict.fromkeys(_NUMBER.findall(words)))


def _numbers_in_address(address: str) -> list[str]:
    found = re.search(rf"(?:{_PROJECT})[/-](?:\w+[/-])*?(\d{{6}})(?!\d)", address, re.IGNORECASE)
    return [found[1]] if found else []


def numbered_projects(text: str) -> list[str]:
    """Return the numbers that running text gives to projects: `project 123456`."""
    return list(dict.fromkeys(match["number"] for match in _NUMBERED_PROJECT.finditer(text)))
