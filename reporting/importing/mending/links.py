"""Links that lead nowhere: listed, their words stay."""

from itertools import groupby

from reporting.importing.blocks import ends_with_page, leads_somewhere, within
from reporting.importing.mending.workbench import Workbench


def list_dead_links(bench: Workbench) -> None:
    """List each link whose address is no target outside the file. Those of a contents list have theirs inside."""
    for block in within(bench.blocks):
        if not any(run.href for run in block.runs) or ends_with_page(block.text):
            continue
        for href, runs in groupby(block.runs, key=lambda run: run.href):
            words = " ".join("".join(run.text for run in runs if not run.note).split())
            if href and words and not leads_somewhere(href):
                bench.mends("dead_link", "listed", block, words, words)
