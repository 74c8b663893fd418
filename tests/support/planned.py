"""Records that tell of plans, and sealed submissions that printed them."""

import datetime as dt
from typing import Any

from initiatives.models import Initiative, Update
from portal.common.periods import Period
from reporting.choices import RecordKind, SubmissionState
from reporting.models import PrintedVersion
from tests.factories import NOON, CallFactory, PrintedVersionFactory, SealFactory, UpdateFactory

FAIR = "<p>A fair opens in Lima.</p>"


def told(
    record: Any,
    kind: RecordKind = RecordKind.UPDATE,
    *,
    year: int = 2021,
    sealed_at: dt.datetime = NOON,
    state: SubmissionState = SubmissionState.SEALED,
) -> PrintedVersion:
    """Print the first version of a record in a sealed submission that reports on a year."""
    period = Period.of_years(year)
    seal = SealFactory(
        submission__call=CallFactory(period_start=period.start, period_end=period.end),
        submission__entities=[record.entity],
        submission__state=state,
        sealed_at=sealed_at,
    )
    printed: PrintedVersion = PrintedVersionFactory(compilation=seal.compilation, kind=kind, record_id=record.pk)
    return printed


def outlook(initiative: Initiative, words: str = FAIR) -> Update:
    """Return an update that tells what is next."""
    update: Update = UpdateFactory(initiative=initiative, paragraph="<p>News.</p>", outlook=words)
    return update
