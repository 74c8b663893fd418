"""What the page of an import shows of its proposals, and what its form says back.

The page shows the same thing named in many places in one row. A row is ticked as long as nobody unticks it; what is
not likely begins unticked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.choices import PassageKind
from initiatives.models import Session
from initiatives.queries import part_name, part_place
from portal.common.languages import Language
from reporting.choices import DamageKind, ProposalKind
from reporting.importing.cover import Slip, agenda_number, slips_against
from reporting.importing.language import likely_language
from reporting.importing.mending import Finding
from reporting.importing.proposals import Proposal, Proposals
from reporting.importing.run import place_of
from reporting.importing.summary import Summary, summarise
from reporting.models import Import
from reporting.services.filing import call_for
from reporting.services.imports import digest

MOST_PLACES = 10  # that a row names one by one

#: Kinds that are filed with the document as they stand: without them it would not come out again.
_FIXED = {ProposalKind.SECTION, ProposalKind.LAYOUT}
#: Kinds of which the same thing may be named in many places.
_GROUPED = {
    ProposalKind.MENTION,
    ProposalKind.LINE,
    ProposalKind.COUNTRY,
    ProposalKind.ENTITY,
    ProposalKind.ORGANISATION,
    ProposalKind.DATE,
    ProposalKind.COVER_FACT,
}
#: Kinds whose rows show themselves; the others unfold.
_OPEN = {ProposalKind.INITIATIVE}

NEW, PASSAGE, NOTHING = "new", "passage", "nothing"


@dataclass(frozen=True)
class Place:
    """Where something stands in the document."""

    label: str  # page 3, or part 12
    url: str  # of the words there


@dataclass(frozen=True)
class Choice:
    """One entry of a select."""

    value: str
    label: str
    chosen: bool


@dataclass
class Row:
    """One thing that would be filed, wherever the document names it."""

    name: str  # the key of the first of its proposals: what the form sends back
    number: int  # on the page, for ids
    says: str
    words: list[str]
    places: list[Place]
    more_places: int
    ticked: bool
    likely: bool
    keys: list[str]
    choices: list[Choice] = field(default_factory=list)  # where a select takes the place of the tick
    language: str = ""

    @property
    def chosen(self) -> str:
        """The value that is chosen in its select."""
        return next((choice.value for choice in self.choices if choice.chosen), "")


@dataclass
class Group:
    """The rows of one kind."""

    kind: ProposalKind
    label: str
    rows: list[Row]
    is_fixed: bool  # nobody chooses: it is filed with the document, or only told
    is_open: bool


#: What the page says over each kind, in its order.
HEADINGS = {
    ProposalKind.COVER_FACT: gettext_lazy("Facts of the cover that are filed"),
    ProposalKind.SECTION: gettext_lazy("Sections"),
    ProposalKind.INITIATIVE: gettext_lazy("Initiatives"),
    ProposalKind.PASSAGE: gettext_lazy("Passages"),
    ProposalKind.MENTION: gettext_lazy("Mentions of initiatives"),
    ProposalKind.LINE: gettext_lazy("Action lines"),
    ProposalKind.IDENTIFIER: gettext_lazy("Identifiers"),
    ProposalKind.REFERENCE: gettext_lazy("References"),
    ProposalKind.COUNTRY: gettext_lazy("Countries"),
    ProposalKind.ENTITY: gettext_lazy("Entities"),
    ProposalKind.ORGANISATION: gettext_lazy("Organizations"),
    ProposalKind.DATE: gettext_lazy("Dates"),
    ProposalKind.LAYOUT: gettext_lazy("Layout"),
}


@dataclass
class Damage:
    """One finding, with its place."""

    finding: Finding
    label: str
    place: Place
    number: int
    ticked: bool  # it is mended, unless a person refuses


@dataclass
class Remains:
    """Words that no record would hold, with their place."""

    label: str
    words: str
    place: Place


@dataclass
class ShownProposals:
    """All that the page of an import shows before a decision."""

    summary: Summary
    groups: list[Group]
    mended: list[Damage]
    proposed: list[Damage]  # mends that a person may refuse
    listed: list[Damage]
    leftovers: list[Remains]
    digest: str
    shown: str  # the names of all rows and mends, one a line: what is not among them was not refused
    offered_mends: str  # the keys of `proposed`, one a line
    disabled: bool  # the reader may look, and not choose

    @property
    def damage_count(self) -> int:
        return len(self.mended) + len(self.proposed) + len(self.listed)


def shown_proposals(
    imported: Import,
    proposals: Proposals,
    *,
    form: "MultiValueDict[str, Any] | None" = None,
    disabled: bool = False,
) -> ShownProposals:
    """Return what the page shows; `form` is what a person has sent, whose choices are kept."""
    sent = _Sent(form)
    groups = _groups(imported, proposals, sent)
    damage = [
        Damage(
            finding,
            str(DamageKind(finding.kind).label),
            _place(imported, proposals, finding.block),
            number,
            sent.is_ticked("mend", finding.key, default=True),
        )
        for number, finding in enumerate(_findings(imported, proposals), start=1)
    ]
    summary = summarise(proposals, words=(imported.reading or {}).get("words", 0))
    refused = set(refused_mends(sent.form))  # not mended, and still offered
    by_certainty: dict[str, list[Damage]] = {"mended": [], "proposed": [], "listed": []}
    for each in damage:
        by_certainty["proposed" if each.finding.key in refused else each.finding.certainty].append(each)
    names = [row.name for group in groups for row in group.rows]
    mends = [each.finding.key for each in by_certainty["proposed"]]
    return ShownProposals(
        summary=summary,
        groups=groups,
        **by_certainty,
        leftovers=[
            Remains(str(left.kind.label), left.words, _place(imported, proposals, left.block))
            for left in summary.leftovers
        ],
        digest=digest(proposals),
        shown="\n".join([*names, *mends]),
        offered_mends="\n".join(mends),
        disabled=disabled,
    )


def _findings(imported: Import, proposals: Proposals) -> list[Finding]:
    """Return all damage: that of the words, then that of the cover, which nobody can mend but its writer."""
    slips = [*proposals.outline.slips, *_slips_against(imported.session, proposals)]
    return [
        *_other_language(imported, proposals),
        *proposals.mended.findings,
        *(
            Finding(DamageKind.COVER_SLIP, "listed", slip.block, slip.was, slip.now, f"cover_slip:{number}")
            for number, slip in enumerate(slips)
        ),
    ]


def _other_language(imported: Import, proposals: Proposals) -> list[Finding]:
    """Return the finding that the document is not in the language that a person gave."""
    told = likely_language(" ".join(block.text for block in proposals.mended.blocks if block.place == "body"))
    if told in {"", imported.language}:
        return []
    given = imported.get_language_display()
    return [Finding(DamageKind.OTHER_LANGUAGE, "listed", 0, given, Language(told).label, "other_language")]


def _slips_against(session: Session | None, proposals: Proposals) -> list[Slip]:
    """Return what the cover says otherwise than the session and the call under which it is filed."""
    if session is None:
        return []
    outlined = proposals.outline
    call = call_for(session, agenda_number(outlined.cover))
    found = slips_against(
        outlined.cover,
        number=session.number,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        period=(call.period_start, call.period_end) if call else None,
    )
    return [Slip(min(outlined.cover_blocks, default=0), was, now) for was, now in found]


def choices_in(proposals: Proposals, form: "MultiValueDict[str, Any]", imported: Import) -> dict[str, Any]:
    """Return what a person chose, as `services.imports.accept` takes it."""
    choices: dict[str, Any] = {
        "refused": [],
        "accepted": [],
        "initiatives": {},
        "passages": {},
        "refused_mends": refused_mends(form),
    }
    for group in _groups(imported, proposals, _Sent(form)):
        for row in group.rows:
            if group.is_fixed:
                continue
            if group.kind == ProposalKind.PASSAGE:
                choices["passages"][row.name] = row.chosen
                continue
            if group.kind == ProposalKind.INITIATIVE and row.ticked:
                choices["initiatives"][row.name] = row.chosen
            if row.ticked != row.likely:
                choices["accepted" if row.ticked else "refused"] += row.keys
    return choices


def refused_mends(form: "MultiValueDict[str, Any]") -> list[str]:
    """Return the keys of the mends that were shown and then unticked."""
    offered = form.get("mends", "").splitlines()
    ticked = set(form.getlist("mend"))
    return [key for key in offered if key not in ticked]


class _Sent:
    """What a form says; of what it did not show, nothing."""

    def __init__(self, form: "MultiValueDict[str, Any] | None") -> None:
        self.form: Any = MultiValueDict() if form is None else form
        self.shown = set(self.form.get("shown", "").splitlines())
        self.ticks = {name: set(self.form.getlist(name)) for name in ("file", "mend")}

    def is_ticked(self, name: str, value: str, *, default: bool) -> bool:
        return value in self.ticks[name] if value in self.shown else default

    def chosen(self, name: str, values: Sequence[str], *, default: str) -> str:
        """Return what a select says, if it is one of its values."""
        value = str(self.form.get(name, ""))
        return value if value in values else default


def _groups(imported: Import, proposals: Proposals, sent: _Sent) -> list[Group]:
    groups = []
    number = 0
    by_heading = [(kind, str(label), _filing(proposals.of(kind))) for kind, label in HEADINGS.items()]
    told = [proposal for proposal in proposals.found if not _filing([proposal])]
    by_heading.insert(1, (ProposalKind.COVER_FACT, _("What else the cover says"), told))
    for kind, label, found in by_heading:
        together: dict[Any, list[Proposal]] = {}
        for proposal in found:
            same = (proposal.says, proposal.likely) if kind in _GROUPED else proposal.key
            together.setdefault(same, []).append(proposal)
        rows = [
            _row(imported, proposals, those, number=number + count, sent=sent)
            for count, those in enumerate(together.values(), start=1)
        ]
        number += len(rows)
        if rows:
            groups.append(Group(kind, label, rows, is_fixed=kind in _FIXED or found is told, is_open=kind in _OPEN))
    return groups


def _filing(found: list[Proposal]) -> list[Proposal]:
    """Leave out what files nothing: facts of a cover that are only told."""
    return [proposal for proposal in found if proposal.facts.get("files", True)]


def _row(imported: Import, proposals: Proposals, those: list[Proposal], *, number: int, sent: _Sent) -> Row:
    first = those[0]
    places = list(dict.fromkeys(_place(imported, proposals, each.block) for each in those if each.block >= 0))
    row = Row(
        name=first.key,
        number=number,
        says=first.says,
        words=[words for words in dict.fromkeys(each.words for each in those) if words.strip() not in first.says][:3],
        places=places[:MOST_PLACES],
        more_places=max(0, len(places) - MOST_PLACES),
        ticked=sent.is_ticked("file", first.key, default=first.likely),
        likely=first.likely,
        keys=[each.key for each in those],
        language=imported.language,
    )
    if first.kind == ProposalKind.INITIATIVE:
        row.says, row.words = first.facts["title"], []  # what becomes of it, its select says
        row.choices = _initiative_choices(first, sent)
        row.ticked = row.chosen != NOTHING
    if first.kind == ProposalKind.PASSAGE:
        default = str(first.facts.get("kind", PassageKind.STATEMENT))
        chosen = sent.chosen(f"kind-{first.key}", PassageKind.values, default=default)
        row.choices = [Choice(str(value), str(label), value == chosen) for value, label in PassageKind.choices]
    return row


def _initiative_choices(proposal: Proposal, sent: _Sent) -> list[Choice]:
    """New, one of those that it may be, or none: then its text stays as a passage, where it has one."""
    labels = {NEW: _("a new initiative")}
    for candidate in proposal.facts.get("candidates", []):
        labels[str(candidate["id"])] = _("the same as “%(title)s” (%(entity)s), by %(by)s") % {
            "title": candidate["title"],
            "entity": candidate["entity"],
            "by": candidate["by"],
        }
    if proposal.facts.get("in_passing"):
        labels[NOTHING] = _("not filed")
    else:
        labels[PASSAGE] = _("no initiative: its text alone, as a passage")
    same = proposal.facts.get("same")
    likely = str(same) if same else NEW
    default = likely if proposal.likely else list(labels)[-1]
    chosen = sent.chosen(f"as-{proposal.key}", list(labels), default=default)
    return [Choice(value, label, value == chosen) for value, label in labels.items()]


def _place(imported: Import, proposals: Proposals, block: int) -> Place:
    """Return where a block stands: its page, where the file has pages, and the address of its words."""
    page = proposals.mended.blocks[block].page if 0 <= block < len(proposals.mended.blocks) else 0
    label = _("page %(number)s") % {"number": page} if page else part_name(place_of(block))
    return Place(label, reverse("import_words", args=[imported.pk]) + part_place(place_of(max(block, 0))))
