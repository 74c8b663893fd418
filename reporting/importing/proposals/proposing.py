"""Bringing together what the parts of this package find in one document."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.choices import PartKind, PassageKind
from initiatives.models import DocumentSymbol, Entity, Session
from portal.common.languages import in_language
from portal.models import User
from reporting.choices import HeadingNumbers, ProposalKind
from reporting.importing.blocks import Block
from reporting.importing.outline import Outline, Piece, SectionPart
from reporting.importing.proposals import dates, passages
from reporting.importing.proposals.found import Planned, Proposal, Proposals
from reporting.importing.proposals.initiatives import Found, add_titles, find_initiatives, is_plain, title_trie
from reporting.importing.proposals.known import read_known
from reporting.importing.proposals.lines import stated_lines
from reporting.importing.proposals.matching import words_of
from reporting.importing.proposals.readings import read
from reporting.importing.proposals.references import Note, notes_of

if TYPE_CHECKING:
    from reporting.importing.mending import Mended

SHOWN = 160  # letters of a text that a proposal shows
LONGEST_SYMBOL = 60
_KINDS = {
    "country": ProposalKind.COUNTRY,
    "entity": ProposalKind.ENTITY,
    "organisation": ProposalKind.ORGANISATION,
}


class Proposing:
    """One document on its way to proposals."""

    def __init__(
        self,
        mended: "Mended",
        outline: Outline,
        *,
        entities: Sequence[Entity],
        session: Session | None,
        language: str,
        viewer: User | None,
    ) -> None:
        self.mended = mended
        self.outline = outline
        self.entities = entities
        self.session = session
        self.language = language
        self.readings = read(outline)
        ids = {index: block.note for index, block in enumerate(outline.blocks) if block.kind == "note"}
        self.notes: dict[str, Note] = notes_of(self.readings, ids)
        self.known = read_known(
            entities=entities,
            language=language,
            note_words={note.words for note in self.notes.values()},
            viewer=viewer,
        )
        self.titles = title_trie(self.known)
        self.initiatives: list[Found] = []
        self.passages: list[Proposal] = []
        self.items: list[Planned] = []

    def proposals(self) -> Proposals:
        """Return all proposals: those of the document as a whole first, then in its order."""
        whole: list[Proposal] = []
        placed: list[Proposal] = []
        if self.session:
            self.initiatives = find_initiatives(
                self.outline,
                self.readings,
                self.notes,
                self.known,
                own=[entity.pk for entity in self.entities],
                known_titles=self.titles,
            )
            self._plan()
            whole = [*self._document_facts(), *self._cover_facts(self.session), self._layout()]
            placed = [
                *self._sections(),
                *self.passages,
                *self._initiatives(),
                *self._identifiers(),
                *self._references(),
            ]
        else:
            whole = [*self._document_facts()]
        placed += [*self._lines(), *self._names(), *self._dates(), *self._mentions()]
        placed.sort(key=lambda proposal: proposal.block)
        return Proposals(
            mended=self.mended,
            outline=self.outline,
            language=self.language,
            is_submission=self.session is not None,
            found=[*whole, *placed],
            items=self.items,
            notes=self.notes,
        )

    # What the document is

    def _document_facts(self) -> Iterator[Proposal]:
        """Give what the document would say of itself: symbols, date, agenda item."""
        cover = self.outline.cover
        symbols = list(dict.fromkeys(cover.symbols))
        taken = set(DocumentSymbol.objects.filter(symbol__in=symbols).values_list("symbol", flat=True))
        for symbol in symbols:
            if symbol in taken:
                says = _("The symbol is %(words)s, which another document has already")
            else:
                says = _("The symbol is %(words)s")
            files = symbol not in taken and len(symbol) <= LONGEST_SYMBOL
            yield self._cover_fact(f"symbol:{symbol}", symbol, says, files=files, symbol=symbol)
        if cover.dated_on:
            yield self._cover_fact("date", cover.date, _("The document is dated %(words)s"), files=True)
        if cover.agenda_item:
            yield self._cover_fact("agenda_item", cover.agenda_item, _("The agenda item is %(words)s"), files=True)

    def _cover_facts(self, session: Session) -> Iterator[Proposal]:
        """Give what the cover says. Dates and period are filed with a call, where the session has none yet."""
        cover = self.outline.cover
        makes_a_call = not session.calls.exists()
        period = _days(cover.period_start, cover.period_end)
        for name, words, says, files in [
            ("dates", cover.dates, _("The dates of the session are %(words)s"), makes_a_call),
            ("period", period, _("The period reported on is %(words)s"), makes_a_call),
            ("body", cover.body, _("The body is %(words)s"), False),
            ("session_name", cover.session_name, _("The session is the %(words)s"), False),
            ("place", cover.place, _("The place is %(words)s"), False),
            ("entities", " · ".join(cover.entities), _("It is submitted by %(words)s"), False),
            ("contributors", cover.contributors, _("The cover speaks of submissions from %(words)s"), False),
            ("title", cover.title, _("The title on the cover is “%(words)s”"), False),
            ("purpose", cover.purpose, _("The cover has a paragraph on the purpose"), False),
            ("disclaimer", cover.disclaimer, _("The cover has a disclaimer"), False),
        ]:
            if words:
                yield self._cover_fact(name, words, says, files=files)

    def _cover_fact(self, name: str, words: str, says: str, *, files: bool = False, symbol: str = "") -> Proposal:
        block = min(self.outline.cover_blocks, default=-1)
        facts: dict[str, Any] = {"files": files}
        if symbol:
            facts["symbol"] = symbol
        shown = says % {"words": words}
        return Proposal(f"cover:{name}", ProposalKind.COVER_FACT, block, words, shown, facts=facts)

    def _layout(self) -> Proposal:
        numbers = HeadingNumbers(self.outline.heading_numbers).label
        count = len(self.outline.sections)
        says = ngettext(
            "A layout of its own with %(sections)s section; numbers of headings: %(numbers)s",
            "A layout of its own with %(sections)s sections; numbers of headings: %(numbers)s",
            count,
        ) % {"sections": count, "numbers": numbers}
        return Proposal("layout", ProposalKind.LAYOUT, -1, "", says)

    def _sections(self) -> Iterator[Proposal]:
        for number, section in enumerate(self.outline.sections):
            says = (_("Section “%(title)s”, the summary") if section.is_summary else _("Section “%(title)s”")) % {
                "title": section.shown or section.title
            }
            block = _place(section)
            yield Proposal(f"section:{number}", ProposalKind.SECTION, block, section.title, says)

    # Items

    def _plan(self) -> None:
        """Plan the items of all sections, and the passages that they print."""
        by_piece = {id(one.piece): one for one in self.initiatives if one.piece}
        for number, section in enumerate(self.outline.sections):
            kind = self._kind_of(section)
            for piece in section.pieces:
                blocks = self.outline.text_of(piece)
                initiative = by_piece.get(id(piece))
                heading = piece.shown or piece.title
                if initiative or not _says(blocks):
                    key = initiative.key if initiative else ""
                    self.items.append(Planned(number, key, heading, piece.level, piece.numbered, piece.blocks, blocks))
                    continue
                for at, (passage_kind, indexes, group) in enumerate(self._groups(piece, blocks, section, kind)):
                    key = self._passage(passage_kind, indexes, group, section, heading)
                    self.items.append(
                        Planned(
                            number,
                            key,
                            "" if at else heading,
                            piece.level,
                            piece.numbered and not at,
                            indexes,
                            group,
                        )
                    )

    def _kind_of(self, section: SectionPart) -> PassageKind:
        """Return the kind of the text of a section; what stands beside initiatives only leads to them."""
        if any(piece.kind == "initiative" for piece in section.pieces):
            return PassageKind.STATEMENT
        return passages.kind_of_section(section.title, is_summary=section.is_summary)

    def _groups(
        self, piece: Piece, blocks: list[Block], section: SectionPart, kind: PassageKind
    ) -> list[tuple[PassageKind, list[int], list[Block]]]:
        """Return the blocks of a piece, neighbours of one kind together."""
        kind = (not section.is_summary and passages.kind_of_heading(piece.title)) or kind
        if len(blocks) != len(piece.blocks):
            return [(kind, piece.blocks, blocks)]
        groups: list[tuple[PassageKind, list[int], list[Block]]] = []
        for index, block in zip(piece.blocks, blocks, strict=True):
            part = self.outline.kinds.get(index, PartKind.PARAGRAPH)
            here = passages.kind_of_block(block, part, kind, is_summary=section.is_summary)
            if groups and (here == groups[-1][0] or passages.continues(block)):
                groups[-1][1].append(index)
                groups[-1][2].append(block)
            else:
                groups.append((here, [index], [block]))
        return groups

    def _passage(
        self, kind: PassageKind, indexes: list[int], blocks: list[Block], section: SectionPart, heading: str
    ) -> str:
        place = indexes[0]
        words = " ".join(" ".join(block.text for block in blocks).split())
        says = _("Passage (%(kind)s) under “%(heading)s”") % {
            "kind": kind.label,
            "heading": heading or section.shown or section.title,
        }
        proposal = Proposal(
            f"passage:{place}",
            ProposalKind.PASSAGE,
            place,
            _shortened(words),
            says,
            facts={"kind": str(kind)},
        )
        self.passages.append(proposal)
        return proposal.key

    def _initiatives(self) -> Iterator[Proposal]:
        for one in self.initiatives:
            same = next((candidate for candidate in one.candidates if candidate["id"] == one.same), None)
            if same:
                says = _("The same as the known initiative “%(title)s” (by %(by)s)") % same
            elif one.piece is None:
                says = _("New initiative “%(title)s”, named in passing") % {"title": one.title}
            else:
                says = _("New initiative “%(title)s” with its text") % {"title": one.title}
            section = self.outline.sections[one.section] if one.piece else None
            kind = self._kind_of(section) if section else PassageKind.STATEMENT
            yield Proposal(
                one.key,
                ProposalKind.INITIATIVE,
                one.block,
                one.title,
                says,
                facts={
                    "title": one.title,
                    "kind": one.kind,
                    "in_passing": one.piece is None,
                    "same": one.same,
                    "candidates": one.candidates,
                    "passage_kind": str(kind),
                    "countries": self._countries_in(one.title),
                },
            )

    def _countries_in(self, title: str) -> list[int]:
        matches = self.known.names.find(title, words_of(title))
        return list(dict.fromkeys(named.id for match in matches for named in match.values if named.kind == "country"))

    def _identifiers(self) -> Iterator[Proposal]:
        scheme = f"{self.entities[0].acronym} project number" if self.entities else "project number"
        for one in self.initiatives:
            for value, note in one.identifiers.items():
                words = note.words if note else value
                yield Proposal(
                    f"identifier:{value}:{one.key}",
                    ProposalKind.IDENTIFIER,
                    note.block if note else one.block,
                    words,
                    _("%(scheme)s %(value)s of “%(title)s”") % {"scheme": scheme, "value": value, "title": one.title},
                    facts={
                        "scheme": scheme,
                        "value": value,
                        "address": note.address if note else "",
                        "initiative": one.key,
                    },
                )

    def _references(self) -> Iterator[Proposal]:
        by_number = {value: one.key for one in self.initiatives for value in one.identifiers}
        for note in self.notes.values():
            if not note.words:
                continue
            existing = self.known.references.get((note.words, note.address))
            if note.is_long:
                says = _("A note with words of its own")
            elif existing:
                says = _("A note that cites a reference that is there already")
            else:
                says = _("A reference, cited where its note stands")
            yield Proposal(
                f"reference:{note.id}",
                ProposalKind.REFERENCE,
                note.block,
                _shortened(note.words),
                says,
                facts={
                    "note": note.id,
                    "text": note.words,
                    "address": note.address,
                    "existing": existing,
                    "long": note.is_long,
                    "initiative": next((by_number[value] for value in note.numbers if value in by_number), ""),
                },
            )

    # What the document mentions

    def _lines(self) -> Iterator[Proposal]:
        for stated in stated_lines(self.readings, self.known):
            line = self.known.lines[stated.line]
            yield Proposal(
                f"line:{line.code}:{stated.block}",
                ProposalKind.LINE,
                stated.block,
                stated.words,
                f"{line.code} {in_language(line, 'name', self.language)}",
                facts={"id": line.pk, "code": line.code},
            )

    def _names(self) -> Iterator[Proposal]:
        own = {entity.pk for entity in self.entities}
        seen = set()
        for reading in self.readings:
            for match in self.known.names.find(reading.text, reading.words):
                for named in match.values:
                    if named.kind == "entity" and named.id in own:
                        continue  # who speaks is no news
                    key = f"{named.kind}:{named.id}:{reading.block}"
                    if key not in seen:
                        seen.add(key)
                        words = reading.text[match.start : match.end]
                        kind = _KINDS[named.kind]
                        yield Proposal(key, kind, reading.block, words, named.name, facts={"id": named.id})

    def _dates(self) -> Iterator[Proposal]:
        seen = set()
        for reading in self.readings:
            if reading.kind == PartKind.NOTE:
                continue
            for date in dates.dates_in(reading.text, self.language):
                key = f"date:{date.starts_on}:{date.ends_on}:{reading.block}"
                if key not in seen:
                    seen.add(key)
                    facts: dict[str, Any] = {
                        "starts_on": date.starts_on.isoformat(),
                        "ends_on": date.ends_on.isoformat(),
                        "precision": str(date.precision),
                    }
                    words = reading.text[date.start : date.end]
                    yield Proposal(key, ProposalKind.DATE, reading.block, words, dates.show(date), facts=facts)

    def _mentions(self) -> Iterator[Proposal]:
        """Give where the text names initiatives: known ones, and those that it tells of itself."""
        told: dict[int, set[int | str]] = {}  # by block, what the block itself is about
        by_known: dict[int | str, int | str] = {one.same: one.key for one in self.initiatives if one.same}
        for one in self.initiatives:
            add_titles(self.titles, one.key, [one.title])
            if one.piece:
                for index in [one.block, *one.piece.blocks]:
                    told.setdefault(index, set()).add(one.key)
            else:
                told.setdefault(one.block, set()).add(one.key)
        titles = {one.key: one.title for one in self.initiatives}
        seen: set[tuple[int, int | str]] = set()
        for reading in self.readings:
            for match in self.titles.find(reading.text, reading.words):
                named = list(dict.fromkeys(by_known.get(value, value) for value in match.values))
                words = _closed(reading.text, match.start, match.end)
                for value in named:
                    if (reading.block, value) in seen or value in told.get(reading.block, set()):
                        continue
                    seen.add((reading.block, value))
                    title = titles[value] if isinstance(value, str) else self.known.initiatives[value].title
                    yield Proposal(
                        f"mention:{value}:{reading.block}",
                        ProposalKind.MENTION,
                        reading.block,
                        words,
                        _("Speaks of “%(title)s”") % {"title": title},
                        likely=len(named) == 1 and not is_plain(words),
                        facts={"initiative": value},
                    )


def _place(section: SectionPart) -> int:
    if section.heading is not None:
        return section.heading
    return next((index for piece in section.pieces for index in piece.blocks), -1)


def _closed(text: str, start: int, end: int) -> str:
    """Return the words between two places, with a parenthesis that closes right behind them."""
    words = text[start:end]
    return words + text[end] if words.count("(") > words.count(")") and text[end : end + 1] == ")" else words


def _shortened(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…"


def _says(blocks: list[Block]) -> bool:
    return any(block.runs or block.rows for block in blocks)


def _days(start: dt.date | None, end: dt.date | None) -> str:
    return f"{start} – {end - dt.timedelta(days=1)}" if start and end else ""
