"""Each row of a workbook beside its record: what it adds, changes or leaves, where it clashes, why it is refused.

What a row says is told from what others did meanwhile by what it began from. Queries are fixed in number; of results
that differ, the form of the page asks some twenty for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.choices import DraftOf, DraftState, TextState, Variant
from initiatives.drafting.initiatives import translations_of
from initiatives.drafting.many import ManyInitiatives, ManyResults, ManyUpdates
from initiatives.drafting.results import BLANK, called, under_way_in
from initiatives.models import Draft, Entity, Initiative, InitiativeText
from initiatives.services.drafts import EDITABLE, NotJoined, ReasonOfChangeMissing
from portal.common.languages import reader_language
from portal.common.merging import Value, merge
from reporting.choices import RowVerdict
from reporting.workbook.columns import RECORD, NotUnderstood, is_full
from reporting.workbook.reading import Book, Row, Sheet
from reporting.workbook.rows import Standing, named, open_drafts_of, parse_number
from reporting.workbook.sheets import FIXED, SheetKind

Content = dict[str, Value]
NO_RICH_TEXTS: frozenset[str] = frozenset()
PUBLICATION = ("publication", "public_on")  # asked until a record is public


@dataclass(frozen=True)
class Cell:
    """One cell that a preview shows, as texts: what stood in the record, what the file says, what is wrong with it."""

    name: str
    was: str = ""
    now: str = ""
    theirs: str = ""  # what others made of it meanwhile, where that clashes
    clashes: bool = False
    problem: str = ""
    is_text: bool = False  # rich text, compared word by word
    language: str = ""  # of a text


@dataclass
class Judged:
    """One row: the verdict, the cells that tell why, and what it would write."""

    number: int
    record: str
    title: str
    verdict: RowVerdict
    of: DraftOf = DraftOf.INITIATIVE
    cells: list[Cell] = field(default_factory=list)
    base: Content = field(default_factory=dict)  # what it began from
    mine: Content = field(default_factory=dict)  # what it says


class Judge:
    """Judges the rows of one sheet of an entity."""

    of: DraftOf
    unknown: Promise | str  # what is said of a record that the entity does not have
    form: ManyInitiatives | ManyUpdates | ManyResults

    def __init__(self, *, entity: Entity, kind: SheetKind) -> None:
        self.entity, self.form, self.columns = entity, kind.form, kind.columns
        self.labels = {column.name: column for column in kind.columns}

    def judge(self, sheet: Sheet, began: Mapping[str, Content]) -> list[Judged]:
        """Return a verdict for each row, in their order. `began` is what rows began from, by their record."""
        known = named(self.entity, {row.record for row in sheet.rows if row.record})
        self.prepare(known)
        self._seen: dict[str, int] = {}  # rows by what they speak of
        return [self._judged(row, began, known) for row in sheet.rows]

    def prepare(self, known: Mapping[str, Standing]) -> None:
        """Ask the database for what the rows are judged by."""

    def added(self, row: Row, judged: Judged) -> Judged:
        """Judge a row that names no record."""
        raise NotImplementedError

    def problems(self, content: Content, theirs: Content, stands: Standing, row: Row) -> dict[str, list[str]]:
        """Return what is wrong with what a record would say."""
        return self.form.problems(content, stands=theirs)

    def _judged(self, row: Row, began: Mapping[str, Content], known: Mapping[str, Standing]) -> Judged:
        judged = Judged(row.number, row.record, row.cells.get("title", ""), RowVerdict.UNCHANGED, self.of)
        if refusal := self._refusal(row, known):
            return refused(judged, [Cell(RECORD, now=row.record, problem=refusal)])
        self._seen[row.record] = row.number
        if not row.record:
            return self.added(row, judged)
        stands = known[row.record]
        judged.title = judged.title or stands.title or str(stands.content.get("title") or "")
        base = began.get(row.record)
        judged.base = {c.name: stands.content[c.name] for c in self.columns if c.name in stands.content}
        if base is not None:
            judged.base = {name: value for name, value in base.items() if name in judged.base}
        return self._compared(row, judged, stands)

    def _refusal(self, row: Row, known: Mapping[str, Standing]) -> str:
        """Return why the row as a whole is refused, if it is."""
        if RECORD in row.refused:
            return row.refused[RECORD]
        if not row.record:
            return ""
        if row.record not in known or known[row.record].of != self.of:
            return str(self.unknown) % {"entity": self.entity}
        if (before := self._seen.get(row.record)) is not None:
            return _("Row %(row)s speaks of this record already.") % {"row": before}
        return ""

    def _compared(self, row: Row, judged: Judged, stands: Standing) -> Judged:
        mine, cells = self._understood(row, judged.base)
        if not cells and all(value == judged.base.get(name, "") for name, value in mine.items()):
            return judged
        judged.mine, theirs = mine, {name: stands.content[name] for name in judged.base}
        if problem := why_not_editable(stands):
            return refused(judged, [Cell(RECORD, now=row.record, problem=problem)])
        settled, clashes = merge(base=judged.base, mine=mine, theirs=theirs, texts=NO_RICH_TEXTS)
        content = settled | {name: mine[name] for name in clashes}
        problems = self.problems(content, theirs, stands, row)
        cells += [
            Cell(name, self._written(name, theirs), self._written(name, content), problem=" ".join(said))
            for name, said in problems.items()
            if name not in {cell.name for cell in cells}
        ]
        shown = {cell.name for cell in cells}
        cells += [
            Cell(name, self._written(name, judged.base), self._written(name, mine), self._written(name, theirs), True)
            for name in clashes
            if name not in shown
        ]
        cells += [
            Cell(name, self._written(name, theirs), self._written(name, content))
            for name in content
            if name not in clashes and name not in shown and content[name] != theirs.get(name, "")
        ]
        if shown:
            return refused(judged, cells)
        judged.cells = cells
        differs = RowVerdict.CHANGED if stands.is_begun else RowVerdict.ADDED
        judged.verdict = RowVerdict.CONFLICT if clashes else differs if cells else RowVerdict.UNCHANGED
        return judged

    def _begun(self, row: Row, judged: Judged) -> tuple[Content, list[Cell]]:
        """Return all that a row says of a new record, and the cells that are refused."""
        mine, cells = self._understood(row, {})
        for name in self.form.fields:
            mine.setdefault(name, [] if self.labels[name].is_many or self.labels[name].parts else "")
        judged.mine = mine
        return mine, cells

    def _understood(self, row: Row, base: Content) -> tuple[Content, list[Cell]]:
        """Return what the cells of a row mean on top of what it began from, and the cells that are refused."""
        mine = dict(base)
        refused = [
            Cell(name, self._written(name, base), row.cells.get(name, ""), problem=problem)
            for name, problem in row.refused.items()
        ]
        for name, text in row.cells.items():
            if name in row.refused:
                continue
            column, before = self.labels[name], base.get(name)
            written = column.write(before) if before else ""
            if text == written:
                continue  # as it went out, whatever a cell could not hold of it
            try:
                if name in PUBLICATION and base and PUBLICATION[0] not in base:
                    raise NotUnderstood(_("The record is public already, so this is not asked any more."))
                if is_full(written):
                    raise NotUnderstood(_("What stands here is longer than a cell can hold. Change it in the portal."))
                value = column.read(text)
            except NotUnderstood as problem:
                refused.append(Cell(name, written, text, problem=str(problem)))
                continue
            if value != before and not (not value and not before):
                mine[name] = value
        return mine, refused

    def _written(self, name: str, content: Content) -> str:
        return self.labels[name].write(content.get(name, "")) if name != RECORD else ""


class InitiativeJudge(Judge):
    """Judges rows of initiatives; one that names no record begins a new one."""

    of = DraftOf.INITIATIVE
    unknown = gettext_lazy("%(entity)s has no record of this number. Leave the cell empty to begin a new one.")
    form: ManyInitiatives

    def prepare(self, known: Mapping[str, Standing]) -> None:
        self._translated = translations_of([one.initiative.pk for one in known.values() if one.initiative])
        self._titles = titles_in(self.entity)
        self._new: dict[str, int] = {}  # rows by the titles that they begin

    def problems(self, content: Content, theirs: Content, stands: Standing, row: Row) -> dict[str, list[str]]:
        self.form.translated = self._translated[stands.initiative.pk] if stands.initiative else set()
        return super().problems(content, theirs, stands, row)

    def added(self, row: Row, judged: Judged) -> Judged:
        mine, cells = self._begun(row, judged)
        self.form.translated = set()
        cells += [
            Cell(name, now=row.cells.get(name, ""), problem=" ".join(said))
            for name, said in self.form.problems(mine, stands={}).items()
            if name not in {cell.name for cell in cells}
        ]
        title = str(mine["title"]).casefold()
        if record := self._titles.get(title):
            said = _(
                "%(record)s has this title already. To change that record, write %(record)s into the first column."
            )
            cells.append(Cell("title", now=row.cells["title"], problem=said % {"record": record}))
        elif (before := self._new.setdefault(title, row.number)) != row.number and title:
            said = _("Row %(row)s begins a record of this title already.")
            cells.append(Cell("title", now=row.cells["title"], problem=said % {"row": before}))
        return begins(judged, row, cells)


class UpdateJudge(Judge):
    """Judges rows of what is told for a period; each names its initiative and period."""

    of = DraftOf.UPDATE
    unknown = gettext_lazy("%(entity)s has no initiative of this number. Rows of updates go out with each workbook.")
    form: ManyUpdates

    def problems(self, content: Content, theirs: Content, stands: Standing, row: Row) -> dict[str, list[str]]:
        self.form.follows = stands.follows
        return super().problems(content, theirs, stands, row)

    def added(self, row: Row, judged: Judged) -> Judged:
        problem = _("The row names no initiative. Write into the row that the workbook has for it.")
        return refused(judged, [Cell(RECORD, problem=problem)])


class ResultJudge(Judge):
    """Judges rows of results, each by the form of the page; one that names no record begins a new one."""

    of = DraftOf.RESULT
    unknown = gettext_lazy("%(entity)s has no result of this number. Leave the cell empty to begin a new one.")
    form: ManyResults

    def prepare(self, known: Mapping[str, Standing]) -> None:
        # drafts by the numbers that the workbook has for them; rows that are judged by those of the rows
        self._under_way = under_way_in(Draft.objects.open().of_results().filter(entity=self.entity))

    def problems(self, content: Content, theirs: Content, stands: Standing, row: Row) -> dict[str, list[str]]:
        draft = stands.draft or Draft(initiative=stands.initiative, result=stands.result)
        found = self._form_says(draft, stands.content | content)
        for name in FIXED:
            if content.get(name, "") != theirs.get(name, ""):
                found[name] = [_("A result stays with this. Write a new row, and leave its column “Record” empty.")]
        if stands.result and not content.get("why"):
            found["why"] = [str(ReasonOfChangeMissing.sentence)]
        if stands.initiative and stands.initiative.pk not in self.form.initiatives:
            found[RECORD] = [str(NotJoined(stands.initiative, self.entity))]
        if any(content.get(name) != theirs.get(name) for name in ("place", "period", "category")):
            self._say_told(found, stands.initiative, content, row)
        return found

    def _compared(self, row: Row, judged: Judged, stands: Standing) -> Judged:
        judged = super()._compared(row, judged, stands)
        is_reason_alone = {cell.name for cell in judged.cells} == {"why"} and stands.draft is None
        if judged.verdict == RowVerdict.CHANGED and is_reason_alone:
            judged.verdict, judged.cells = RowVerdict.UNCHANGED, []  # why it was changed once says nothing of today
        return judged

    def added(self, row: Row, judged: Judged) -> Judged:
        mine, cells = self._begun(row, judged)
        number = parse_number(str(mine["initiative"]))
        initiative = self.form.initiatives.get(number.initiative or 0) if number else None
        judged.title = called(mine, initiative.title if initiative else "")
        found: dict[str, list[str]] = {}
        if mine["initiative"] and initiative is None:
            said = _("%(entity)s reports on no initiative of this number. Take one of the list.")
            found["initiative"] = [said % {"entity": self.entity}]
        else:
            content = BLANK | {"language": reader_language()} | mine
            found = self._form_says(Draft(initiative=initiative), content)
            self._say_told(found, initiative, mine, row)
        refused_already = {cell.name for cell in cells}
        cells += [
            Cell(name, now=row.cells.get(name, ""), problem=" ".join(said))
            for name, said in found.items()
            if name not in refused_already
        ]
        return begins(judged, row, cells)

    def _form_says(self, draft: Draft, content: Content) -> dict[str, list[str]]:
        """Return what the form of the page says is wrong; what no column is about stands at the record."""
        draft.of, draft.entity = self.of, self.entity
        self.form.draft = draft
        said = self.form.problems(content, stands={})
        if "indicator" in said:
            return {"indicator": said["indicator"]}  # what else it says could not be judged
        found: dict[str, list[str]] = {}
        for name, sentences in said.items():
            found.setdefault(name if name in self.labels else RECORD, []).extend(sentences)
        return found

    def _say_told(self, found: dict[str, list[str]], initiative: Initiative | None, content: Content, row: Row) -> None:
        """Say where a draft that is under way, or a row before, tells of the same place and days; remember this row."""
        if found:
            return
        about = initiative.pk if initiative else None
        other = self._under_way.other_than(row.record, about, content)
        if other is None:
            self._under_way.add(row.number, about, content)
        elif isinstance(other, int):
            said = _("Row %(row)s tells of this place and of days of this period already.")
            found["period"] = [said % {"row": other}]
        else:
            said = _("The draft of %(record)s tells of this place and of days of this period already.")
            found["period"] = [said % {"record": other}]


def judge_book(book: Book, *, entity: Entity, kinds: Sequence[SheetKind]) -> list[Judged]:
    """Return a verdict for each row of a workbook, sheet by sheet."""
    judges: dict[str, type[Judge]] = {
        DraftOf.INITIATIVE: InitiativeJudge,
        DraftOf.UPDATE: UpdateJudge,
        DraftOf.RESULT: ResultJudge,
    }
    judged: list[Judged] = []
    for kind in kinds:
        if sheet := book.sheets.get(kind.of):
            judged += judges[kind.of](entity=entity, kind=kind).judge(sheet, book.began)
    return judged


def begins(judged: Judged, row: Row, cells: list[Cell]) -> Judged:
    """Return what begins a record, unless cells of its row are refused."""
    if cells:
        return refused(judged, cells)
    judged.verdict = RowVerdict.ADDED
    judged.cells = [Cell(name, now=text) for name, text in row.cells.items() if text]
    return judged


def refused(judged: Judged, cells: list[Cell]) -> Judged:
    """Return what is not taken in, with the cells that tell why."""
    judged.verdict, judged.cells = RowVerdict.REFUSED, cells
    return judged


def why_not_editable(stands: Standing) -> str:
    """Return why a record cannot be changed now, if it cannot."""
    if stands.draft and stands.draft.state not in EDITABLE:
        return _("A change of it was submitted and waits for a decision. Change it when that has come.")
    if stands.initiative and (stands.initiative.merged_into_id or stands.initiative.archived_at):
        return _("It was archived or merged into another record, so it is not changed any more.")
    return ""


def titles_in(entity: Entity) -> dict[str, str]:
    """Return by its title, in small letters, the number of each record of the entity, drafts of new ones included."""
    texts = InitiativeText.objects.filter(
        variant=Variant.GENERAL, state=TextState.ORIGINAL, initiative__entity=entity, initiative__merged_into=None
    )
    titles = {title.casefold(): f"i{pk}" for pk, title in texts.values_list("initiative", "title")}
    drafts = open_drafts_of(entity).filter(initiative=None).exclude(state=DraftState.WITHDRAWN)
    return titles | {title.casefold(): f"d{pk}" for pk, title in drafts.values_list("pk", "title")}
