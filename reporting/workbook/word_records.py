"""The texts of records go out as one Word file, and what a file says that comes back is judged beside them."""

import datetime as dt
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.choices import DraftOf, UpdateKind, Variant
from initiatives.drafting.initiatives import InitiativeForm
from initiatives.drafting.updates import TEXT_FIELDS, UpdateForm
from initiatives.models import Draft, Entity, EntityText, Initiative, InitiativeText, UpdateText
from initiatives.services.drafts import KINDS, LARGEST, DraftTooLarge
from portal.common import richtext
from portal.common.history import events
from portal.common.languages import reader_language
from portal.common.merging import merge
from portal.models import User
from reporting.choices import RowVerdict
from reporting.compilation.gather import references_in
from reporting.desk import Scope
from reporting.workbook.columns import RECORD
from reporting.workbook.export import in_reach, open_period
from reporting.workbook.judging import Cell, Content, Judged, refused, why_not_editable
from reporting.workbook.rows import Standing, named, own_texts, standing, told
from reporting.workbook.word import ReadText, RecordTexts, Text, WordFile, checksum, cross, restored, write_word

#: The texts of each kind of record, in the order of the file.
TEXTS: dict[str, Sequence[str]] = {
    DraftOf.INITIATIVE: ["description"],
    DraftOf.UPDATE: TEXT_FIELDS,
    DraftOf.ENTITY_TEXT: ["description"],
    DraftOf.RESULT: [],
}
LABELS = {
    name: form.base_fields[name].label
    for form, of in ((InitiativeForm, DraftOf.INITIATIVE), (UpdateForm, DraftOf.UPDATE))
    for name in TEXTS[of]
}


# Out


def texts_as_word(*, entity: Entity, user: User | None, scope: str, now: dt.datetime) -> IO[bytes]:
    """Return a file with the descriptions of initiatives and what is told of each for the open period, drafts included.

    Which initiatives, `records_as_workbook` tells. Where all of them go out, what the entity says of those that it has
    joined does too.
    """
    initiatives, drafts = in_reach(entity=entity, user=user, scope=scope, now=now)
    rows = told(entity, initiatives.counted(), open_period(entity, now))
    updates = {row.number.initiative: row for row in rows}
    records = []
    for row in standing(entity, initiatives, drafts):
        records.append(_going_out(row, str(row.content.get("title") or "")))
        if update := updates.get(row.number.initiative):
            records.append(_going_out(update, f"{update.title}, {update.number.period}"))
    if user is None or scope == Scope.ALL:
        for row in own_texts(entity, Initiative.objects.order_by("pk")):
            words = _("%(title)s, own text of %(entity)s") % {"title": row.title, "entity": entity}
            records.append(_going_out(row, words))
    content = write_word(
        records,
        title=_("Texts of %(entity)s") % {"entity": entity},
        language=reader_language(),
        said=[
            _(
                "Write below the headings. Leave the small grey lines as they are: they tell the portal which text "
                "follows. Headings inside a text are of the third and fourth level; footnotes, lists, tables and links "
                "are kept."
            ),
            _("Send the file back at %(address)s. You see every change before anything is saved.")
            % {"address": settings.PORTAL_URL + reverse("workbook_list")},
        ],
        code=entity.code,
        references=references_in(text.html for record in records for text in record.texts),
    )
    return io.BytesIO(content)


def _going_out(row: Standing, title: str) -> RecordTexts:
    language = str(row.content.get("language") or "")
    texts = [Text(name, str(LABELS[name]), str(row.content.get(name) or ""), language) for name in TEXTS[row.of]]
    return RecordTexts(str(row.number), title, language, texts)


# In


def judge_word(file: WordFile, *, entity: Entity) -> list[Judged]:
    """Return a verdict for each record of which the file has texts, in their order; adds to its notices."""
    known = named(entity, {text.record for text in file.texts})
    bases = _bases(file.texts, known)
    if any(text.record in known and text.base not in bases for text in file.texts):
        file.notices.append(
            _(
                "Some texts changed so much meanwhile that it cannot be told what they began from: each is compared "
                "with what it says today. Look closely at what would change."
            )
        )
    read = [text for text in file.texts if text.record in known and text.name in LABELS and not text.problem]
    began = [bases.get(text.base, str(known[text.record].content.get(text.name) or "")) for text in read]
    crossed = cross(began, references=references_in(began), language=reader_language()) if read else []
    said = {
        id(text): (base, restored(text.blocks, base, one)) for text, base, one in zip(read, began, crossed, strict=True)
    }
    by_record: dict[str, list[ReadText]] = {}
    for text in file.texts:
        by_record.setdefault(text.record, []).append(text)
    return [_judged(record, texts, known.get(record), said, entity) for record, texts in by_record.items()]


def _bases(texts: Iterable[ReadText], known: Mapping[str, Standing]) -> dict[str, str]:
    """Return what the texts began from, by checksum: what they say today, or once said, as the history has it."""
    bases = {checksum(""): ""}
    for row in known.values():
        bases |= {checksum(html): html for name in TEXTS[row.of] if (html := str(row.content.get(name) or ""))}
    gone = {text.record for text in texts if text.record in known and text.base not in bases}
    rows = [known[record] for record in gone]
    initiatives = {row.initiative.pk for row in rows if row.initiative}
    drafts = {row.number.draft for row in rows if row.number.draft}
    if initiatives or drafts:
        once = _said_of_initiatives(initiatives) + _said_in_drafts(initiatives, drafts)
        bases |= {checksum(html): html for html in once}
    return bases


def _said_of_initiatives(pks: Collection[int]) -> list[str]:
    descriptions = events(InitiativeText, initiative__in=pks, variant=Variant.GENERAL).values_list("description")
    own = events(EntityText, initiative__in=pks).values_list("description")
    told_of = events(UpdateText, update__initiative__in=pks).values_list(*TEXT_FIELDS)
    return [html for row in [*descriptions, *own, *told_of] for html in row]


def _said_in_drafts(initiatives: Collection[int], drafts: Collection[int]) -> list[str]:
    of_them = [events(Draft, initiative__in=initiatives), events(Draft, pgh_obj__in=drafts)]
    contents = [content for found in of_them for content in found.values_list("content", flat=True)]
    return [str(content.get(name) or "") for content in contents for name in LABELS]


def _judged(
    record: str,
    texts: Sequence[ReadText],
    stands: Standing | None,
    said: Mapping[int, tuple[str, str]],
    entity: Entity,
) -> Judged:
    judged = Judged(texts[0].number, record, "", RowVerdict.UNCHANGED)
    if stands is None:
        problem = _("%(entity)s has no record of this number, so its texts are not taken in.") % {"entity": entity}
        return refused(judged, [Cell(RECORD, now=record, problem=problem)])
    judged.of = stands.of
    judged.title = stands.title or str(stands.content.get("title") or "")
    wrong: list[Cell] = []
    for text in texts:
        problem = text.problem
        if text.name in judged.mine:
            problem = _("This text stands in the file twice. Leave one of the two.")
        elif text.name not in TEXTS[judged.of]:
            problem = _("The grey line names no text of this record. Put it back as it was.")
        if problem:
            wrong.append(Cell(text.name if text.name in LABELS else RECORD, problem=problem))
        else:
            judged.base[text.name], judged.mine[text.name] = said[id(text)]
    changed = [name for name, html in judged.mine.items() if html != judged.base[name]]
    if not changed and not wrong:
        return judged
    if problem := why_not_editable(stands):
        return refused(judged, [Cell(RECORD, now=record, problem=problem)])
    if sum(map(len, map(str, judged.mine.values()))) > LARGEST:
        return refused(judged, [Cell(RECORD, now=record, problem=str(DraftTooLarge.sentence))])
    if judged.of == DraftOf.UPDATE:
        _say_kind(judged, stands)
    theirs: Content = {name: stands.content.get(name) or "" for name in judged.base}
    settled, clashes = merge(base=judged.base, mine=judged.mine, theirs=theirs, texts=KINDS[judged.of].RICH_TEXTS)
    language = str(stands.content.get("language") or "")
    for name, mine in judged.mine.items():
        is_text = name in LABELS
        look: dict[str, Any] = {"is_text": is_text, "language": language if is_text else ""}
        if name in clashes:
            wrong.append(Cell(name, str(judged.base[name]), str(mine), str(theirs[name]), clashes=True, **look))
        elif settled[name] != theirs[name] and (is_text or stands.is_begun):
            wrong.append(Cell(name, str(theirs[name]), str(settled[name]), **look))
    judged.cells = wrong
    if any(cell.problem for cell in wrong):
        return refused(judged, wrong)
    if clashes:
        judged.verdict = RowVerdict.CONFLICT
    elif wrong:
        judged.verdict = RowVerdict.CHANGED if stands.is_begun else RowVerdict.ADDED
    return judged


def _say_kind(judged: Judged, stands: Standing) -> None:
    """Whoever writes the paragraph of an update tells news, and whoever begins one tells news too."""
    kind = str(stands.content.get("kind") or "")
    writes = judged.mine.get("paragraph") != judged.base.get("paragraph")
    if not kind or (writes and richtext.to_plain(str(judged.mine["paragraph"]))):
        judged.base["kind"], judged.mine["kind"] = kind, UpdateKind.NEWS.value
