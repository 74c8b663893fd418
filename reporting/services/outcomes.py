"""Saying what became of what a submission told as planned, and taking it back."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.common.dates import DateRange
from portal.common.errors import PersonError
from portal.models import User
from reporting.choices import PlanOutcome
from reporting.models import Outcome, PrintedVersion
from reporting.planned import Plan


class AnsweredMeanwhile(PersonError):
    sentence = _("Somebody said meanwhile what became of it. Read that, then say yours if it still holds.")


class SomethingSaidLater(PersonError):
    sentence = _("Something was said about this plan later. Take that back first.")


@transaction.atomic
def say_outcome(
    *,
    plan: Plan,
    seen: int,
    kind: PlanOutcome,
    when: DateRange | None,
    note: str,
    language: str,
    user: User,
    now: dt.datetime,
) -> Outcome:
    """Say that a plan was held, moved or dropped. `seen` is the outcome that the person had before them, or 0.

    Raises AnsweredMeanwhile where there is another one by now.
    """
    # whoever says something about the same plan waits here
    printed = PrintedVersion.objects.select_for_update(no_key=True).get(pk=plan.printed)
    if _last_pk(plan) != seen:
        raise AnsweredMeanwhile
    return Outcome.objects.create(
        printed=printed,
        part_id=plan.part,
        kind=kind,
        **({} if when is None else _dates(when)),
        note=note,
        language=language if note else "",
        said_by=user,
        said_at=now,
    )


def _last_pk(plan: Plan) -> int:
    numbers = [telling.printed for telling in plan.tellings]
    last = Outcome.objects.filter(printed__in=numbers, part=plan.part).order_by("said_at", "pk").last()
    return last.pk if last else 0


def _dates(when: DateRange) -> dict[str, object]:
    return {
        "starts_on": when.first,
        "starts_precision": when.precision,
        "ends_on": when.after,
        "ends_precision": when.precision,
    }


@transaction.atomic
def undo_outcome(*, plan: Plan, outcome: int) -> None:
    """Take back what was said last of a plan; the history keeps it. Raises SomethingSaidLater where it is not the last.

    A second click changes nothing.
    """
    PrintedVersion.objects.select_for_update(no_key=True).get(pk=plan.printed)
    numbers = [telling.printed for telling in plan.tellings]
    found = Outcome.objects.filter(pk=outcome, printed__in=numbers, part=plan.part)
    if not found.exists():
        return
    if _last_pk(plan) != outcome:
        raise SomethingSaidLater
    found.delete()
