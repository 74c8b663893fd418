"""What the cover of a submission, or the head of a document, says: body, session, dates, period, who speaks."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass
class CoverFacts:
    """What the cover says; empty where it does not. Words are as printed, periods and days are half-open."""

    body: str = ""  # code: CSTD, IDB, GC, PBC, ...
    session: int | None = None
    session_name: str = ""  # as printed: "Twenty-fifth session"
    dates: str = ""  # as printed, without the place
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None  # first day after the last
    place: str = ""
    year: int | None = None  # the last year reported on
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    entities: list[str] = field(default_factory=list)  # names as printed
    contributors: str = ""  # the phrase between "Submissions from" and "on their efforts"
    purpose: str = ""
    disclaimer: str = ""
    agenda_item: str = ""
    symbols: list[str] = field(default_factory=list)
    title: str = ""  # of the cover
    date: str = ""  # of the document, as printed
    dated_on: dt.date | None = None
