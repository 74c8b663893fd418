"""Search over submissions: beside `initiatives.search`, which tells how it is asked."""

from initiatives.search import narrowed
from reporting.querysets import SubmissionQuerySet

SUBMISSION = "submission"  # the kind of their entries


def matching(submissions: SubmissionQuerySet, typed: str) -> SubmissionQuerySet:
    """Keep the submissions whose own words hold what was typed: name, headings, and wordings that no record has."""
    return narrowed(submissions, SUBMISSION, typed)
