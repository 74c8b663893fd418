"""Filing the calls of the 25th and 26th session, their layouts, and three submissions, on top of the demo records."""

import datetime as dt
from pathlib import Path
from typing import Any

import pghistory
from django.db import transaction

from initiatives.demo.load import Names, filed, filed_before, load_records, read, still_there
from initiatives.models import Entity, Initiative, Passage
from initiatives.services.reference import Filed
from portal.common.languages import Language
from reporting.choices import HeadingSource, ItemKind, TextSource
from reporting.models import Call, CallCover, CallLetter, Item, Layout, LayoutSection, Section, Submission
from reporting.services.submissions import open_submission

HERE = Path(__file__).resolve().parent


@transaction.atomic
def load_demo(now: dt.datetime) -> list[Filed]:
    """File all demo records, or none. What was filed before stays as people left it. Raises ReferenceDataMissing."""
    with pghistory.context(command="load_demo"):
        return [*load_records(now), load_calls(), load_submissions()]


def load_calls() -> Filed:
    names = Names()
    before = filed_before(Call, "slug")
    found = read("calls.json", HERE)
    new = [entry for entry in found["calls"] if entry["slug"] not in before]
    for entry in new:
        start, end = (dt.date.fromisoformat(day) for day in entry["period"])
        call = Call.objects.create(
            slug=entry["slug"],
            session_id=names.sessions[entry["session"]],
            state=entry["state"],
            period_start=start,
            period_end=end,
            note=entry["note"],
        )
        CallLetter.objects.create(call=call, language=Language.ENGLISH, asks=found["letter"])
        CallCover.objects.create(
            call=call, language=Language.ENGLISH, dates_text=entry["dates_text"], lines=found["cover"]
        )
    for entry in found["calls"]:
        load_layouts(entry, names)
    return filed(Call, len(new), len(found["calls"]))


def load_layouts(entry: dict[str, Any], names: Names) -> None:
    """File the layouts of a call that have not been filed: a document that was read in may have made the call."""
    call = still_there(Call, "slug").get(entry["slug"])
    if call is None:
        return
    before = filed_before(Layout, "call_id", "entity_id", "name")
    for facts in entry["layouts"]:
        entity = names.entities[facts["entity"]]
        if (call, entity, "") in before:
            continue
        shape = {name: value for name, value in facts.items() if name not in {"entity", "sections"}}
        layout = Layout.objects.create(call_id=call, entity_id=entity, **shape)
        LayoutSection.objects.bulk_create(
            LayoutSection(layout=layout, order=order, **section)
            for order, section in enumerate(facts["sections"], start=1)
        )


def load_submissions() -> Filed:
    before = filed_before(Submission, "call__slug", "slug")
    calls = still_there(Call, "slug")
    entries = read("submissions.json", HERE)
    new = [
        entry
        for entry in entries
        if entry["call"] in calls and (entry["call"], "-".join(entry["entities"])) not in before
    ]
    placing = Placing()
    added = 0
    for entry in new:
        entities = [Entity.objects.get(code=code) for code in entry["entities"]]
        layout = Layout.objects.filter(call=calls[entry["call"]], entity=entities[0], name="").first()
        if layout is None or layout.sections.count() != len(entry["sections"]):
            continue  # another one has taken its place
        submission = open_submission(call=Call.objects.get(pk=calls[entry["call"]]), entities=entities)
        added += 1
        for section, items in zip(submission.sections.order_by("order"), entry["sections"], strict=True):
            placing.place(section, items)
    return filed(Submission, added, len(entries))


class Placing:
    """Puts the items of a section into the order of a file; what its rule found besides follows them."""

    def __init__(self) -> None:
        self.initiatives = still_there(Initiative, "slug")
        self.passages = still_there(Passage, "name")

    def place(self, section: Section, entries: list[dict[str, Any]]) -> None:
        found = {item.initiative_id: item for item in section.items.all()}
        items = [item for entry in entries if (item := self.item(section, entry, found))]
        rest = [item for item in found.values() if item not in items]
        for order, item in enumerate([*items, *rest], start=1):
            item.order = order
            item.save()

    def item(self, section: Section, entry: dict[str, Any], found: dict[int | None, Item]) -> Item | None:
        """The item that an entry tells of; None where its record was deleted since."""
        if "passage" in entry:
            passage = self.passages.get(entry["passage"])
            return Item(section=section, kind=ItemKind.PASSAGE, passage_id=passage) if passage else None
        initiative = self.initiatives.get(entry["initiative"])
        if initiative is None:
            return None
        item = found.get(initiative) or Item(
            section=section,
            kind=ItemKind.INITIATIVE,
            initiative_id=initiative,
            heading_source=HeadingSource.OWN,
            text_source=TextSource.PERIOD,
        )
        if "heading" in entry:  # other words than the title; empty: none
            item.heading = entry["heading"]
            item.heading_source = HeadingSource.OTHER if entry["heading"] else HeadingSource.NONE
        return item
