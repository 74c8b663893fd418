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
    address: str  # that it may be filed with: printing gives back the words of the note and no more
    links_to: str  # where its words lead, which need not be printed
    numbers: list[str]  # of projects

    @property
    def is_long(self) -> bool:
        return len(self.words) > LONGEST_WORDS


def notes_of(readings: list[Reading], ids: dict[int, str]) -> dict[str, Note]:
    """Return the notes by their ids; `ids` tells the id of a note by its block."""
    found: dict[str, Note] = {}
    for reading in readings:
        note_id = ids.get(reading.block)
        if reading.kind != PartKind.NOTE or not note_id:
            continue
        words = " ".join(reading.text.split())
        links_to = next((address for _words, address in addresses(reading)), "")
        if before := found.get(note_id):  # of several paragraphs
            words = f"{before.words} {words}".strip()
            links_to = before.links_to or links_to
        address = _printed_address(words, links_to)
        found[note_id] = Note(
            id=note_id,
            block=found[note_id].block if note_id in found else reading.block,
            words=words,
            address=address,
            links_to=address or (links_to if len(links_to) <= LONGEST_ADDRESS else ""),
            numbers=project_numbers(words) or _numbers_in_address(links_to),
        )
    return found


def _printed_address(words: str, links_to: str) -> str:
    """Return the address that stands among the words; print adds one that does not."""
    printed = [match[0].rstrip(_AFTER_ADDRESS) for match in _ADDRESS.finditer(words)]
    for address in [links_to, *printed]:
        if address and address in words and leads_somewhere(address) and len(address) <= LONGEST_ADDRESS:
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
