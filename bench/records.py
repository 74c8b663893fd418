"""Rows to measure on, made with few statements and the same each time."""

import datetime as dt
from collections.abc import Iterator
from itertools import count

from django.utils import timezone

from initiatives.models import Initiative, InitiativeText, Reference, Update, UpdateText
from reporting.choices import FillingRule
from reporting.models import Submission
from tests.factories import (
    CallCoverFactory,
    CallFactory,
    EntityFactory,
    ItemFactory,
    KindFactory,
    LayoutFactory,
    PassageFactory,
    SectionFactory,
    SubmissionFactory,
    UserFactory,
)

TEXT = (
    "the programme helps small firms to use data and machines that talk to each other so that work gets safer "
    "and waste gets less while people learn what they need for the jobs of tomorrow in every region"
)
WORDS = TEXT.split()
WORDS_OF_A_PARAGRAPH = 150
NOTES_OF_TEN_INITIATIVES = 15


def paragraph(number: int, references: Iterator[Reference]) -> str:
    """A paragraph of 150 words with one footnote, and a second one in every other initiative."""
    words = [WORDS[(number * 7 + position) % len(WORDS)] for position in range(WORDS_OF_A_PARAGRAPH)]
    notes = [f'<span data-footnote="" data-reference="{next(references).pk}">*</span>' for _ in range(1 + number % 2)]
    words[50] += notes[0]
    words[-1] += "." + "".join(notes[1:])
    return f"<p>{' '.join(words)}</p>"


def submission_of(initiatives: int) -> Submission:
    """A submission whose rule finds that many initiatives, each with an approved update of 150 words."""
    entity = EntityFactory(code=f"BENCH{initiatives}", name_en=f"Entity with {initiatives} initiatives")
    call = CallFactory(slug=f"bench-{initiatives}")
    CallCoverFactory(call=call)
    layout = LayoutFactory(call=call, entity=entity, front=[{"kind": "contents", "text": "Contents"}])
    submission = SubmissionFactory(call=call, entities=[entity], layout=layout)
    summary = SectionFactory(submission=submission, order=1, name_en="Executive summary", is_summary=True)
    ItemFactory(section=summary, order=1, passage=PassageFactory(entity=entity))
    SectionFactory(submission=submission, order=2, name_en="Initiatives", rule=FillingRule.INITIATIVES)
    add_initiatives(entity, initiatives)
    return submission


def add_initiatives(entity: object, number: int) -> None:
    """Public initiatives of the entity with a text and an approved update of 2021 each."""
    kind, author = KindFactory(), UserFactory()
    references = iter(
        Reference.objects.bulk_create(
            Reference(title=f"Report {n} on industry", author="UN", year=2021, address=f"https://example.org/{n}")
            for n in range(number * NOTES_OF_TEN_INITIATIVES // 10 + 1)
        )
    )
    start = Initiative.objects.count()
    initiatives = Initiative.objects.bulk_create(
        Initiative(entity=entity, kind=kind, slug=f"bench-{n}", published_at=timezone.now())
        for n, _ in zip(count(start), range(number), strict=False)
    )
    InitiativeText.objects.bulk_create(
        InitiativeText(initiative=initiative, language="en", title=f"Programme {initiative.pk} for industry")
        for initiative in initiatives
    )
    updates = Update.objects.bulk_create(
        Update(
            initiative=initiative,
            entity=entity,
            period_start=dt.date(2021, 1, 1),
            period_end=dt.date(2022, 1, 1),
            author=author,
            author_role="staff",
            decided_at=timezone.now(),
        )
        for initiative in initiatives
    )
    UpdateText.objects.bulk_create(
        UpdateText(update=update, language="en", paragraph=paragraph(n, references)) for n, update in enumerate(updates)
    )
