"""Filing what an old document proposes: from proposals and a person's choices to records."""

import datetime as dt
from typing import Any

from django.db import models

from portal.models import User
from reporting.importing.proposals import Proposals
from reporting.models import Import


def file_records(
    *, imported: Import, proposals: Proposals, choices: dict[str, Any], person: User | None, now: dt.datetime
) -> list[models.Model]:
    """File what is proposed and not refused, and return every row in the order in which it was made.

    Deleting them in reverse order restores what was before: no row that was there already is changed, except
    `imported.submission`, which is set but not saved. `choices` may hold `refused` and `accepted` (lists of keys:
    likely proposals are filed unless refused, others only if accepted), `initiatives` (key: "new", "passage" or the id
    of a known one) and `passages` (key: kind). Call it in a transaction.
    """
    created: list[models.Model] = []
    return created
