"""Old documents for tests: our own words, read by the real readers."""

import datetime as dt
from typing import Any

from initiatives.models import Entity, Session
from portal.models import User
from reporting.models import Import
from reporting.services.imports import SentFile, accept, read_now, request_import
from tests.factories import NOON, ActionLineFactory, CountryFactory, KindFactory

#: A submission as entities write them: a cover, a summary, an overview, numbered initiatives and footnotes.
SUBMISSION = """\
Commission on Looms and Mills

Twenty-fifth session

Geneva, 28 March – 1 April 2022

Submissions from houses and others on what they did in 2021 for the looms of the world

Submission by

The Loom House

# Executive summary

Factories of three countries learned to measure what their machines do.[^1] The work speaks to action line C4.

# Overview

Small firms now buy their first sensors together.

Slow connections remain an obstacle to factories far from the coast.

# Initiatives

## 1. Open workshops for small mills

Mills in Kenya and Peru met four times and compared their figures.[^2]

## 2. Shared sensors for tanneries

Two tanneries share what they learn about their water.

# Outlook

A handbook will follow in the next year.

[^1]: Yearbook of mills, 2021, https://mills.example.org/yearbook.
[^2]: Project number 190123.
"""


def sent(content: str | bytes, entity: Entity, *, session: Session | None = None, **facts: Any) -> SentFile:
    """Return a file as somebody sends it: a submission where there is a session, else a publication."""
    said: dict[str, Any] = {
        "content": content.encode() if isinstance(content, str) else content,
        "name": "old.md",
        "entities": [entity],
        "session": session,
        "kind": "submission" if session else "publication",
        "language": "en",
        "requested_by": None,
        **facts,
    }
    return SentFile(**said)


def asked_for(entity: Entity, *, text: str = "A sentence that waits.", by: User | None = None, **facts: Any) -> Import:
    """Send a file that a worker has still to read."""
    return request_import(sent(text, entity, requested_by=by, **facts), now=NOON)


def read_in(text: str, entity: Entity, **facts: Any) -> Import:
    """Send a file and read it at once."""
    return read_now(sent(text, entity, **facts), now=NOON)


def accepted(imported: Import, *, by: User | None = None, now: dt.datetime = NOON, **choices: Any) -> Import:
    """File what a document proposes."""
    return accept(imported=imported, person=by, choices=choices, now=now)


def file_reference_data() -> None:
    """File the kinds, lines and the country that the documents of the Loom House speak of."""
    for code in ["project", "network", "survey"]:
        KindFactory(code=code)
    ActionLineFactory(code="C3", name_en="Access to information")
    ActionLineFactory(code="C4", name_en="Capacity building")
    CountryFactory(iso3="MLT", name_en="Malta")
