"""Compiling for real, in the process of the test: the work of a worker without the queue.

A compilation reads in a transaction of its own, so these tests are `django_db(transaction=True)`.
"""

from collections.abc import Sequence

from django.utils import timezone

from reporting.choices import FileFormat
from reporting.compilation import run
from reporting.models import Compilation, Submission
from reporting.services.compilations import request_compilation


def compiled(submission: Submission, *, formats: Sequence[str] = FileFormat.values) -> Compilation:
    """Return a finished compilation with its files."""
    return carried_out(request_compilation(submission=submission, now=timezone.now(), formats=formats))


def carried_out(waiting: Compilation) -> Compilation:
    """Return a queued compilation after its work is done. Raises what went wrong."""
    compilation = run.claim_compilation(compilation_id=waiting.pk, now=timezone.now())
    assert compilation is not None
    run.compile_submission(compilation=compilation)
    compilation.refresh_from_db()
    return compilation
