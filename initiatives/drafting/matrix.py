"""What drafts of areas and entries of a workplan share: the code of a new one, its place, and how one is taken out."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from initiatives.drafting.workplans import PlanForm
from portal.common.languages import reader_language
from portal.common.names import free_name
from portal.common.saving import save_if_changed

LONGEST_CODE = 20


class MatrixForm(PlanForm):
    """What stands in the matrix of a workplan. A row that is taken out stays readable, with the reason."""

    place = forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("1 stands first; the others move on. Empty: behind the others."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    retired_because = forms.CharField(
        label=_("Why it is no longer part of the workplan"),
        required=False,
        max_length=1000,
        help_text=_("Only to take it out: everybody reads this below the workplan. Empty it to bring it back."),
    )


def named_by_code(rows: models.QuerySet[Any]) -> list[tuple[str, str]]:
    """Return areas or entries as a form offers them: their codes, and what they are called in the reader's language."""
    language = reader_language()
    return [(row.code, str(row.text_in(language) or row.code)) for row in rows.prefetch_related("texts")]


def code_for(name: str, taken: Iterable[str], *, else_named: str) -> str:
    """Return a code for a new row, which names it in the API for good: letters of its name, or another word."""
    wanted = slugify(name)[:LONGEST_CODE].strip("-").upper() or else_named
    return free_name(wanted, set(taken), longest=LONGEST_CODE)


def place_of(row: Any, others: models.QuerySet[Any]) -> int:
    """Return the place of a row in the order that pages show, from 1."""
    before = models.Q(order__lt=row.order) | models.Q(order=row.order, pk__lt=row.pk)
    return others.filter(before).count() + 1


def put_in_place(row: Any, others: models.QuerySet[Any], place: int | None) -> None:
    """Let a row stand at a place among the others, which move on; without one, behind them."""
    if place and place == place_of(row, others):
        return
    in_order = list(others.exclude(pk=row.pk).order_by("order", "pk"))
    first = in_order[0].order if in_order else 1
    in_order.insert(len(in_order) if place is None else place - 1, row)
    for number, one in enumerate(in_order, first):
        save_if_changed(one, {"order": number})
