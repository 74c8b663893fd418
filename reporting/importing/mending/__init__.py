"""Mends what pages and conversion broke: paragraphs, footnotes, tables, lists and words are whole again.

What is certain is mended, what is likely proposed (and done too, unless a person refused it), and all of it listed
with its place. Blocks are moved and joined; no word of the file is lost.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from reporting.importing.blocks import Block, Source
from reporting.importing.mending.lines import mend_lines
from reporting.importing.mending.links import list_dead_links
from reporting.importing.mending.lists import mend_lists
from reporting.importing.mending.notes import mend_notes, stand_again
from reporting.importing.mending.pages import mend_pages
from reporting.importing.mending.running import set_running_aside
from reporting.importing.mending.tables import mend_tables
from reporting.importing.mending.words import mend_words
from reporting.importing.mending.workbench import Certainty, Finding, Workbench

__all__ = ["Certainty", "Finding", "Mended", "mend"]


@dataclass
class Mended:
    """What a file says when it is whole: blocks in reading order, and all that was damaged."""

    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def mend(source: Source, *, refused: Collection[str] = ()) -> Mended:
    """Return the blocks of a file, mended, with what was found; `refused` holds keys of findings not to mend.

    Notes become blocks of the kind `note` that runs name; page numbers, running heads and repeated heads of tables
    stay as blocks of the place `running`. The source itself is left as it is.
    """
    bench = Workbench(source, refused)
    mend_lines(bench)
    set_running_aside(bench)
    mend_tables(bench)
    uncited = mend_notes(bench)
    mend_lists(bench)
    mend_pages(bench)
    stand_again(uncited)
    mend_words(bench)
    list_dead_links(bench)
    return Mended(bench.blocks, bench.findings())
