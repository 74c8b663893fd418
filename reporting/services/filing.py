"""Filing what an old document proposes: from proposals and a person's choices to records."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape
from typing import Any, TypeVar

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.choices import KINDS, Basis, MentionKind, PassageKind
from initiatives.drafting.updates import role_in
from initiatives.models import (
    Document,
    DocumentSymbol,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeText,
    Mention,
    OtherTitle,
    Passage,
    PassageText,
    Reference,
    Session,
    Term,
    Update,
    UpdateText,
)
from initiatives.services.initiatives import slugs_for
from portal.common.dates import Precision
from portal.common.names import free_name
from portal.models import User
from reporting.choices import (
    CallState,
    FillingRule,
    HeadingSource,
    ItemKind,
    ProposalKind,
    SubmissionState,
    TextSource,
)
from reporting.compilation.snapshot import CoverLine, FrontBlock
from reporting.importing.blocks import NoteMark, to_html
from reporting.importing.cover import agenda_number
from reporting.importing.proposals import Planned, Proposal, Proposals
from reporting.importing.proposals.known import initiatives_for, titles_of
from reporting.importing.proposals.matching import form_of_all
from reporting.importing.run import place_of
from reporting.models import Call, CallCover, Import, Item, Layout, LayoutSection, Section, Submission
from reporting.models.submissions import SLUG_LENGTH
from reporting.services.rewordings import tell_of_rewordings

Row = TypeVar("Row", bound=models.Model)

BATCH = 1000
LONGEST_TITLE: int = InitiativeText._meta.get_field("title").max_length or 0
LONGEST_HEADING: int = Item._meta.get_field("heading").max_length or 0
LONGEST_NAME: int = Passage._meta.get_field("name").max_length or 0


def file_records(
    *, imported: Import, proposals: Proposals, choices: dict[str, Any], person: User | None, now: dt.datetime
) -> list[models.Model]:
    """File what is proposed and not refused, and return every row in the order in which it was made.

    Deleting them in reverse order restores what was before: no row that was there already is changed, except the
    document, which gets its date and agenda item where it has none. `imported.submission` is set but not saved, and so
    is `imported.choices`: the choices, and what was filled in the document, for `restore_document`.

    `choices` may hold `refused` and `accepted` (lists of keys: likely proposals are filed unless refused, others only
    if accepted), `initiatives` (key: "new", "passage" or the id of a known one) and `passages` (key: kind). Call it in
    a transaction.
    """
    filing = _Filing(imported, proposals, choices, person, now)
    if proposals.is_submission and imported.session:
        filing.file_submission(imported.session)
    filing.file_document()
    filing.file_mentions()
    return filing.created


def restore_document(imported: Import) -> None:
    """Empty again what filing filled in the document of an import, unless somebody has changed it since."""
    blank = {"dated_on": None, "agenda_item": ""}
    for name, value in imported.choices.get("filled", {}).items():
        Document.objects.filter(origin=imported, **{name: value}).update(**{name: blank[name]})


def call_for(session: Session, agenda_item: str) -> Call | None:
    """Return the call of a session that a document answers: the one for its agenda item, else the first."""
    calls = sorted(session.calls.all(), key=lambda call: (call.agenda_item != agenda_item, call.pk))
    return calls[0] if calls else None


class _Filing:
    """One document on its way into records."""

    def __init__(
        self, imported: Import, proposals: Proposals, choices: dict[str, Any], person: User | None, now: dt.datetime
    ) -> None:
        self.imported = imported
        self.proposals = proposals
        self.outline = proposals.outline
        self.language = proposals.language
        self.person = person
        self.now = now
        self.entities = imported.entities_in_order
        self.role = role_in(person, self.entities[0]) if person and self.entities else ""
        self.choices = choices
        self.refused = set(choices.get("refused", ()))
        self.accepted = set(choices.get("accepted", ()))
        self.chosen_initiatives: dict[str, str] = choices.get("initiatives", {})
        self.chosen_kinds: dict[str, str] = choices.get("passages", {})
        self.created: list[models.Model] = []
        self.initiatives: dict[str, int] = {}  # by key, those that are filed or known
        self.own: set[int] = set()  # of these, the initiatives of the import's entities: of others no fact is changed
        self.passages: dict[str, Passage] = {}  # by key
        self.marks: dict[str, NoteMark] = {}

    # Rows

    def keep(self, rows: Iterable[models.Model]) -> None:
        """File rows of one model at once."""
        found = list(rows)
        if found:
            type(found[0])._default_manager.bulk_create(found, batch_size=BATCH)
            self.created += found

    def keep_one(self, row: Row) -> Row:
        row.save(force_insert=True)
        self.created.append(row)
        return row

    def wanted(self, kind: ProposalKind) -> Iterator[Proposal]:
        """Give the proposals of a kind that are to be filed."""
        return (proposal for proposal in self.proposals.of(kind) if self.is_wanted(proposal))

    def is_wanted(self, proposal: Proposal) -> bool:
        return proposal.key not in self.refused and (proposal.likely or proposal.key in self.accepted)

    # The submission

    def file_submission(self, session: Session) -> None:
        """File call, layout, records and items."""
        call = self._call(session)
        slug = self._slug(call)
        layout = self._layout(call, slug)
        self._file_initiatives()
        self._file_references()
        wordings = self._file_updates(call)
        self._file_passages(session, slug)
        submission = self.keep_one(
            Submission(call=call, slug=slug, layout=layout, language=self.language, state=SubmissionState.DRAFTING)
        )
        for entity in self.entities:  # one by one: the order of the links is that of the names
            submission.entities.add(entity)
        self.imported.submission = submission
        self._file_items(submission, wordings)
        reworded = [self.initiatives[self.proposals.items[place].key] for place in wordings]
        tell_of_rewordings(initiatives=reworded, by=self.person, now=self.now)

    def _call(self, session: Session) -> Call:
        """Return the call for the session; make one, with the cover as printed, where there is none."""
        item = agenda_number(self.outline.cover) if self._uses("agenda_item") else ""
        if there := call_for(session, item):
            return there
        start, end = self._period(session)
        slug = str(session.number) if session.body == "CSTD" else f"{slugify(session.body)}-{session.number}"
        is_over = bool(session.ends_on and session.ends_on <= self.now.date()) or session.year < self.now.year
        call = self.keep_one(
            Call(
                slug=free_name(slug, set(Call.objects.values_list("slug", flat=True)), longest=20),
                session=session,
                agenda_item=item,
                state=CallState.CLOSED if is_over else CallState.OPEN,
                period_start=start,
                period_end=end,
                note=_("Made when an old document was read in."),
            )
        )
        if lines := self._cover_lines():
            dates_text = self.outline.cover.dates if self._uses("dates") else ""
            self.keep_one(CallCover(call=call, language=self.language, dates_text=dates_text[:200], lines=lines))
        return call

    def _uses(self, fact: str) -> bool:
        return f"cover:{fact}" not in self.refused

    def _period(self, session: Session) -> tuple[dt.date, dt.date]:
        cover = self.outline.cover
        if self._uses("period") and cover.period_start and cover.period_end and cover.period_start < cover.period_end:
            return cover.period_start, cover.period_end
        year = session.reporting_year or session.year - 1
        return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)

    def _cover_lines(self) -> list[CoverLine]:
        """Return the cover as printed, with a slot for the entity: the cover is that of the call, for all."""
        lines = self.outline.cover_lines
        named = [line for line in lines if line["style"] == "entity"]
        texts: list[CoverLine] = []
        for line in lines:
            if line["style"] != "entity":
                texts.append({**line, "text": _literal(line["text"])})
            elif line is named[0]:
                texts.append({"style": "entity", "text": "{entity}"})
        return texts

    def _slug(self, call: Call) -> str:
        taken = set(call.submissions.values_list("slug", flat=True))
        slug = "-".join(entity.code for entity in self.entities)
        if slug not in taken and len(slug) <= SLUG_LENGTH:
            return slug
        return free_name(f"{slug[: SLUG_LENGTH - 12]}-imported", taken, longest=SLUG_LENGTH)

    def _layout(self, call: Call, slug: str) -> Layout:
        names = set(call.layouts.filter(entity=self.entities[0]).values_list("name", flat=True))
        layout = self.keep_one(
            Layout(
                call=call,
                entity=self.entities[0],
                name=free_name(slug, names, longest=60) if "" in names else "",
                heading_numbers=self.outline.heading_numbers,
                paragraph_numbers=self.outline.paragraph_numbers,
                contents_depth=self.outline.contents_depth,
                front=[_literal_block(block) for block in self.outline.front],
            )
        )
        with_initiatives = {planned.section for planned in self.proposals.items if self._is_initiative(planned)}
        self.keep(
            LayoutSection(
                layout=layout,
                order=number + 1,
                is_summary=section.is_summary,
                rule=FillingRule.INITIATIVES if number in with_initiatives else FillingRule.BY_HAND,
                **self._names(section.shown or section.title),
            )
            for number, section in enumerate(self.outline.sections)
        )
        return layout

    def _names(self, heading: str) -> dict[str, str]:
        """Return the heading of a section in the language of the document; English is never left empty."""
        heading = heading[:LONGEST_HEADING]
        return {"name_en": heading, f"name_{self.language}": heading}

    # Initiatives

    def _choice(self, proposal: Proposal) -> str:
        """Return `new`, `passage` or the id of a known initiative."""
        if not self.is_wanted(proposal):
            return "passage"
        chosen = str(self.chosen_initiatives.get(proposal.key, ""))
        if chosen in {"new", "passage"} or chosen.isdecimal():
            return chosen
        return str(proposal.facts["same"] or "new")

    def _is_initiative(self, planned: Planned) -> bool:
        proposal = self.proposals.by_key.get(planned.key)
        return proposal is not None and proposal.kind == ProposalKind.INITIATIVE and self._choice(proposal) != "passage"

    def _file_initiatives(self) -> None:
        """File new initiatives with their titles, and what the document adds to known own ones: titles and numbers."""
        choices = {proposal.key: self._choice(proposal) for proposal in self.proposals.of(ProposalKind.INITIATIVE)}
        wanted = [int(choice) for choice in choices.values() if choice.isdecimal()]
        known = initiatives_for(self.person, self.entities).in_bulk(wanted)
        new = []
        for proposal in self.proposals.of(ProposalKind.INITIATIVE):
            choice = choices[proposal.key]
            if choice.isdecimal() and int(choice) in known:
                self.initiatives[proposal.key] = int(choice)
            elif choice != "passage":
                new.append(proposal)
        self._file_new_initiatives(new)
        owners = {entity.pk for entity in self.entities}
        known_own = [pk for pk, initiative in known.items() if initiative.entity_id in owners]
        self.own = {*known_own, *(self.initiatives[proposal.key] for proposal in new)}
        self._file_other_titles(known_own)
        self._file_identifiers()

    def _file_new_initiatives(self, new: list[Proposal]) -> None:
        kinds = {code: pk for pk, code in Term.objects.filter(vocabulary__code=KINDS).values_list("pk", "code")}
        any_kind = kinds.get("project") or min(kinds.values(), default=0)
        slugs = slugs_for(proposal.facts["title"] for proposal in new)
        rows = [
            Initiative(
                entity=self.entities[0],
                kind_id=kinds.get(proposal.facts["kind"], any_kind),
                slug=slug,
                published_at=self.now,
            )
            for proposal, slug in zip(new, slugs, strict=True)
        ]
        self.keep(rows)
        self.initiatives |= {proposal.key: row.pk for proposal, row in zip(new, rows, strict=True)}
        self.keep(
            InitiativeText(initiative=row, language=self.language, title=proposal.facts["title"][:LONGEST_TITLE])
            for proposal, row in zip(new, rows, strict=True)
        )
        self.keep(
            InitiativePlace(initiative=row, country_id=country)
            for proposal, row in zip(new, rows, strict=True)
            for country in dict.fromkeys(proposal.facts["countries"])
        )

    def _file_other_titles(self, known: list[int]) -> None:
        """Keep under which other words the document names an initiative that is known."""
        titles: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        texts = InitiativeText.objects.filter(initiative__in=known).values_list("initiative_id", "title")
        others = OtherTitle.objects.filter(initiative__in=known).values_list("initiative_id", "text")
        for pk, title in [*texts, *others]:
            titles[pk] |= {form_of_all(form) for form in titles_of(title)}
        rows = []
        for proposal in self.proposals.of(ProposalKind.INITIATIVE):
            pk = self.initiatives.get(proposal.key, 0)
            title = proposal.facts["title"][:LONGEST_TITLE]
            if pk in known and form_of_all(title) not in titles[pk]:
                titles[pk].add(form_of_all(title))
                rows.append(OtherTitle(initiative_id=pk, language=self.language, text=title))
        self.keep(rows)

    def _file_identifiers(self) -> None:
        there = set(Identifier.objects.filter(initiative__in=self.own).values_list("initiative_id", "value"))
        rows = []
        for proposal in self.wanted(ProposalKind.IDENTIFIER):
            pk = self.initiatives.get(proposal.facts["initiative"])
            value = proposal.facts["value"]
            if pk and pk in self.own and (pk, value) not in there:
                there.add((pk, value))
                rows.append(
                    Identifier(
                        initiative_id=pk,
                        scheme=proposal.facts["scheme"][:40],
                        value=value,
                        label=proposal.words[:300],
                        address=proposal.facts["address"],
                    )
                )
        self.keep(rows)

    # References

    def _file_references(self) -> None:
        """File what notes cite, each once; a note whose reference is refused, or is long, keeps its words itself."""
        self.marks = {note.id: NoteMark(note.words) for note in self.proposals.notes.values()}
        there = self._locked_references()
        rows: dict[tuple[str, str], Reference] = {}
        cited: list[tuple[str, tuple[str, str]]] = []
        for proposal in self.wanted(ProposalKind.REFERENCE):
            facts = proposal.facts
            if facts["long"]:
                continue
            key = (facts["text"], facts["address"])
            if there.get(facts["existing"]) == key:
                self.marks[facts["note"]] = NoteMark("", facts["existing"])
                continue
            cited.append((facts["note"], key))
            about = self.initiatives.get(facts["initiative"])
            if about not in self.own:
                about = None
            if key not in rows:
                rows[key] = Reference(text=facts["text"], address=facts["address"], initiative_id=about)
            elif rows[key].initiative_id is None:
                rows[key].initiative_id = about
        self.keep(rows.values())
        self.marks |= {note: NoteMark("", rows[key].pk) for note, key in cited}

    def _locked_references(self) -> dict[int | None, tuple[str, str]]:
        """Return the words and addresses of the known references: nobody deletes or changes them until this ends.

        A footnote names its reference within its text, so no foreign key keeps one that is cited from being deleted.
        """
        ids = [found for proposal in self.wanted(ProposalKind.REFERENCE) if (found := proposal.facts["existing"])]
        locked = Reference.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
        return {pk: (text, address) for pk, text, address in locked.values_list("pk", "text", "address")}

    def _html(self, planned: Planned) -> str:
        return to_html(planned.blocks, self.marks)

    # Updates

    def _file_updates(self, call: Call) -> dict[int, str]:
        """File the text of each initiative as an approved update for the period of the call.

        Returns, by the place of the item, the wordings of those that have one already: their text is printed as the
        item's own.
        """
        items = [
            (place, planned, self.initiatives[planned.key])
            for place, planned in enumerate(self.proposals.items)
            if self._is_initiative(planned)
        ]
        told = set(
            Update.objects.filter(
                initiative__in=[pk for _place, _planned, pk in items],
                entity__in=self.entities,
                period_start__lt=call.period_end,
                period_end__gt=call.period_start,
            ).values_list("initiative_id", flat=True)
        )
        wordings: dict[int, str] = {}
        updates: list[Update] = []
        texts: list[UpdateText] = []
        for place, planned, pk in items:
            html = self._html(planned)
            if not html:
                continue
            if pk in told:
                wordings[place] = html
                continue
            told.add(pk)
            update = Update(
                initiative_id=pk,
                entity=self.entities[0],
                period_start=call.period_start,
                period_end=call.period_end,
                author=self.person,
                author_role=self.role,
                decided_by=self.person,
                decided_at=self.now,
                decision_note=_("Read in from the document “%(document)s”.") % {"document": self.imported.document},
            )
            updates.append(update)
            texts.append(UpdateText(update=update, language=self.language, paragraph=html))
        self.keep(updates)
        self.keep(texts)
        return wordings

    # Passages

    def _passage_kind(self, proposal: Proposal) -> str:
        chosen = self.chosen_kinds.get(proposal.key, "")
        if chosen in PassageKind.values:
            return chosen
        return str(proposal.facts.get("kind" if proposal.kind == ProposalKind.PASSAGE else "passage_kind"))

    def _file_passages(self, session: Session, slug: str) -> None:
        """File passages, and initiatives that a person wants to be passages, with their texts."""
        start = f"{session} {slug}"
        taken = set(
            Passage.objects.filter(entity=self.entities[0], name__startswith=start).values_list("name", flat=True)
        )
        rows, texts = [], []
        for planned in self.proposals.items:
            proposal = self.proposals.by_key.get(planned.key)
            if proposal is None or self._is_initiative(planned):
                continue
            if proposal.kind == ProposalKind.PASSAGE and not self.is_wanted(proposal):
                continue
            html = self._html(planned)
            if not html:
                continue
            section = self.outline.sections[planned.section]
            under = ", ".join(filter(None, [start, section.shown or section.title, planned.heading]))
            name = free_name(" ".join(under.split())[: LONGEST_NAME - 8], taken, longest=LONGEST_NAME, joint=" ")
            taken.add(name)
            passage = Passage(
                entity=self.entities[0],
                name=name,
                kind=self._passage_kind(proposal),
                author=self.person,
                author_role=self.role,
            )
            self.passages[planned.key] = passage
            rows.append(passage)
            texts.append(PassageText(passage=passage, language=self.language, body=html))
        self.keep(rows)
        self.keep(texts)

    # Sections and items

    def _file_items(self, submission: Submission, wordings: dict[int, str]) -> None:
        sections = [
            Section(
                submission=submission,
                order=number + 1,
                is_summary=section.is_summary,
                **self._names(section.shown or section.title),
            )
            for number, section in enumerate(self.outline.sections)
        ]
        self.keep(sections)
        titles = dict(
            InitiativeText.objects.filter(
                initiative__in=self.initiatives.values(), language=self.language, variant="general"
            ).values_list("initiative_id", "title")
        )
        printed: set[int] = set()  # initiatives with an item that prints their update
        in_section: set[tuple[int, int]] = set()
        rows: list[Item] = []
        for place, planned in enumerate(self.proposals.items):
            item = Item(
                section=sections[planned.section],
                order=len(rows) + 1,
                kind=ItemKind.HEADING,
                level=min(max(planned.level, 1), 3),
                is_numbered=planned.numbered,
                text_source=TextSource.NONE,
            )
            heading = planned.heading
            if len(heading) > LONGEST_HEADING:  # a whole paragraph: it stands in a text of its own
                rows.append(item)
                item.text_source, item.wording = TextSource.WORDING, f"<h2>{escape(heading)}</h2>"
                item = Item(
                    section=item.section, order=len(rows) + 1, kind=ItemKind.HEADING, text_source=TextSource.NONE
                )
            elif heading:
                item.heading_source, item.heading = HeadingSource.OTHER, heading
            if self._is_initiative(planned):
                pk = self.initiatives[planned.key]
                if (planned.section, pk) not in in_section:
                    in_section.add((planned.section, pk))
                    item.kind, item.initiative_id = ItemKind.INITIATIVE, pk
                    if titles.get(pk) == heading:
                        item.heading_source, item.heading = HeadingSource.OWN, ""
                if place in wordings:
                    item.text_source, item.wording = TextSource.WORDING, wordings[place]
                elif item.initiative_id and pk not in printed and planned.blocks:
                    item.text_source = TextSource.PERIOD
                    printed.add(pk)
            elif passage := self.passages.get(planned.key):
                item.kind, item.passage = ItemKind.PASSAGE, passage
                item.text_source = TextSource.DESCRIPTION
            elif html := self._html(planned):
                item.text_source, item.wording = TextSource.WORDING, html
            rows.append(item)
        self.keep(rows)

    # The document itself

    def file_document(self) -> None:
        """File symbols, date and agenda item of the document where it has none yet."""
        self.imported.choices = dict(self.choices)
        document = self.imported.document
        if document is None:
            return
        told = [each.facts for each in self.wanted(ProposalKind.COVER_FACT) if each.facts["files"]]
        symbols = [facts["symbol"] for facts in told if "symbol" in facts]
        taken = set(DocumentSymbol.objects.filter(symbol__in=symbols).values_list("symbol", flat=True))
        self.keep(DocumentSymbol(document=document, symbol=symbol) for symbol in symbols if symbol not in taken)
        cover = self.outline.cover
        filled: dict[str, str] = {}
        if cover.dated_on and document.dated_on is None and self._uses("date"):
            document.dated_on, document.date_precision = cover.dated_on, Precision.DAY
            filled["dated_on"] = cover.dated_on.isoformat()
        if cover.agenda_item and not document.agenda_item and self._uses("agenda_item"):
            document.agenda_item = filled["agenda_item"] = agenda_number(cover)
        if filled:
            document.save(update_fields=[*filled, "date_precision"])
            self.imported.choices["filled"] = filled

    # Mentions, and what records speak of

    def file_mentions(self) -> None:
        """File where the document names things, and tell its passages and new initiatives what they speak of."""
        document = self.imported.document
        parts = dict(document.parts.values_list("order", "pk")) if document else {}
        rows: dict[tuple[object, ...], Mention] = {}

        def mention(block: int, words: str, kind: str = MentionKind.SAYS, **of: Any) -> None:
            part = parts.get(place_of(block))
            key = (part, *sorted(of.items()))
            if key not in rows:
                rows[key] = Mention(document=document, part_id=part, kind=kind, words=words[:400], **of)

        for proposal in self.proposals.of(ProposalKind.INITIATIVE):
            if pk := self.initiatives.get(proposal.key):
                mention(proposal.block, proposal.words, initiative_id=pk)
        for key, passage in self.passages.items():
            mention(self.proposals.by_key[key].block, "", passage_id=passage.pk)
        for kind in ProposalKind.LINE, ProposalKind.COUNTRY, ProposalKind.ENTITY, ProposalKind.ORGANISATION:
            for proposal in self.wanted(kind):
                mention(proposal.block, proposal.words, **{f"{kind.value}_id": proposal.facts["id"]})
        for proposal in self.wanted(ProposalKind.DATE):
            precision = proposal.facts["precision"]
            mention(
                proposal.block,
                proposal.words,
                starts_on=dt.date.fromisoformat(proposal.facts["starts_on"]),
                ends_on=dt.date.fromisoformat(proposal.facts["ends_on"]),
                starts_precision=precision,
                ends_precision=precision,
            )
        for proposal in self.wanted(ProposalKind.MENTION):
            if pk := self._initiative_of(proposal):
                mention(proposal.block, proposal.words, initiative_id=pk)
        if document:
            self.keep(rows.values())
        self._file_links()

    def _initiative_of(self, proposal: Proposal) -> int | None:
        named = proposal.facts["initiative"]
        if isinstance(named, str):
            return self.initiatives.get(named)
        return named if named in self._still_there else None

    @cached_property
    def _still_there(self) -> set[int]:
        """The known initiatives that the document mentions, but for those deleted since they were found."""
        named = [proposal.facts["initiative"] for proposal in self.wanted(ProposalKind.MENTION)]
        seen = initiatives_for(self.person, self.entities)
        return set(seen.filter(pk__in=[each for each in named if isinstance(each, int)]).values_list("pk", flat=True))

    def _file_links(self) -> None:
        """Give passages what they speak of, and own initiatives the lines that their text states."""
        passage_at: dict[int, Passage] = {}
        initiative_at: dict[int, int] = {}
        for planned in self.proposals.items:
            for index in planned.indexes:
                if passage := self.passages.get(planned.key):
                    passage_at[index] = passage
                elif (pk := self.initiatives.get(planned.key)) and pk in self.own:
                    initiative_at[index] = pk
        lines = set(
            InitiativeLine.objects.filter(initiative__in=set(initiative_at.values())).values_list(
                "initiative_id", "line_id"
            )
        )
        rows = []
        links: dict[str, dict[tuple[int, int], None]] = {"lines": {}, "countries": {}, "initiatives": {}}
        for name, kind in [
            ("lines", ProposalKind.LINE),
            ("countries", ProposalKind.COUNTRY),
            ("initiatives", ProposalKind.MENTION),
        ]:
            for proposal in self.wanted(kind):
                of = self._initiative_of(proposal) if kind == ProposalKind.MENTION else proposal.facts["id"]
                if of is None:
                    continue
                if proposal.block in passage_at:
                    links[name][passage_at[proposal.block].pk, of] = None
                elif kind == ProposalKind.LINE and (pk := initiative_at.get(proposal.block)) and (pk, of) not in lines:
                    lines.add((pk, of))
                    rows.append(InitiativeLine(initiative_id=pk, line_id=of, basis=Basis.STATED))
        self.keep(rows)
        for name, pairs in links.items():
            through: Any = Passage._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
            column = Passage._meta.get_field(name).m2m_reverse_name()  # type: ignore[union-attr]
            through._default_manager.bulk_create(
                [through(passage_id=passage, **{column: of}) for passage, of in pairs], batch_size=BATCH
            )


def _literal(text: str) -> str:
    """Return a text of a cover or a front so that its own `{words}` are printed, and never filled as a slot."""
    return re.sub(r"\{(?=\w+\})", "{brace}", text)


def _literal_block(block: FrontBlock) -> FrontBlock:
    told = block.copy()
    if "text" in block:
        told["text"] = _literal(block["text"])
    if "entries" in block:
        told["entries"] = [_literal(entry) for entry in block["entries"]]
    return told
