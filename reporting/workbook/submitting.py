"""The drafts of a workbook are submitted together: what one still lacks, and the submitting of each."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.forms import CheckboxSelectMultiple, RadioSelect

from initiatives.choices import DraftOf
from initiatives.drafting.initiatives import InitiativeForm
from initiatives.drafting.results import ResultForm
from initiatives.drafting.texts import part
from initiatives.drafting.updates import UpdateForm, wrong_paragraph
from initiatives.forms import SavedForm
from initiatives.models import Draft, Entity
from initiatives.services.drafts import DraftIncomplete, ReasonOfChangeMissing, submit_draft
from portal.common.errors import PersonError
from portal.common.languages import Language
from portal.models import User
from reporting.choices import RowOutcome
from reporting.models import WorkbookRow
from reporting.workbook.sheets import sheets_of

Lack = dict[str, str]  # name of the field, where it is on the page of the draft, its label, what is said of it

WHY = "why"


def submit_row(row: WorkbookRow, *, user: User, now: dt.datetime) -> None:
    """Submit the draft of a row, or keep why that is not done."""
    draft = row.draft
    assert draft  # rows without one are not asked about
    row.refusal, row.missing = "", {}
    try:
        submit_draft(draft=draft, user=user, now=now)
        row.outcome = RowOutcome.SUBMITTED
    except DraftIncomplete as error:
        lacks = [_lack(error.form, name, str(said[0])) for name, said in error.form.errors.items()]
        row.missing = {"edits": draft.edits, "lacks": lacks}
    except ReasonOfChangeMissing as error:
        row.missing = {"edits": draft.edits, "lacks": [_why(str(error))]}
    except PersonError as error:
        row.refusal = str(error)
    row.save(update_fields=["outcome", "refusal", "missing"])


def lacks_of(rows: Iterable[WorkbookRow], entity: Entity) -> dict[int, list[Lack]]:
    """Return what the draft of each of these rows lacks, by the id of the row, in a fixed number of queries.

    It is what was found when it was submitted last, as long as nobody saved it since. Otherwise the facts and the
    paragraph are judged; submitting it judges the rest, and all of a result, by which its row was judged, and of an own
    text.
    """
    forms = {kind.of: kind.form for kind in sheets_of(entity)}
    return {row.pk: _known(row, row.draft) or _judged(row.draft, forms) for row in rows if row.draft}


def _known(row: WorkbookRow, draft: Draft) -> list[Lack]:
    lacks: list[Lack] = row.missing.get("lacks", []) if row.missing.get("edits") == draft.edits else []
    return [] if [lack["name"] for lack in lacks] == [WHY] and draft.why else lacks


def _judged(draft: Draft, forms: dict[DraftOf, Any]) -> list[Lack]:
    form: Any = forms.get(DraftOf(draft.of))
    found: dict[str, str] = {}
    if draft.of == DraftOf.INITIATIVE:
        form.translated = {language for language in Language.values if draft.content.get(part("title", language))}
    elif draft.of == DraftOf.UPDATE:
        form.follows = True
    if draft.of in {DraftOf.INITIATIVE, DraftOf.UPDATE}:
        found = {name: said[0] for name, said in form.problems(draft.content, stands=draft.began_from).items()}
    if draft.of == DraftOf.UPDATE:
        found |= {name: str(said) for name, said in wrong_paragraph(draft.content).items()}
    lacks = [_lack(form, name, said) for name, said in found.items()]
    if not draft.is_new and not draft.why:
        lacks.append(_why(str(ReasonOfChangeMissing.sentence)))
    return lacks


def _lack(form: Any, name: str, said: str) -> Lack:
    """`at` is the id of the first input of the field on the page of the draft."""
    field = form.fields.get(name) or {**UpdateForm.base_fields, **InitiativeForm.base_fields}.get(name)
    of_results = ResultForm.base_fields if isinstance(form, ResultForm) else {}
    drawn = {**InitiativeForm.base_fields, **UpdateForm.base_fields, **of_results}.get(name, field)
    first = "_0" if isinstance(getattr(drawn, "widget", None), RadioSelect | CheckboxSelectMultiple) else ""
    return {"name": name, "at": f"id_{name}{first}", "label": str(field.label) if field else "", "said": said}


def _why(said: str) -> Lack:
    return {"name": WHY, "at": "id_why", "label": str(SavedForm.base_fields[WHY].label), "said": said}
