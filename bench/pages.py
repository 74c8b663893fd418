"""How many queries each page takes, and how long, when the data grows tenfold."""

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.records import add_initiatives, submission_of
from initiatives.choices import Role
from initiatives.models import Initiative
from tests.factories import UserFactory

SIZES = [200, 2000]
REQUESTS = 40
Emit = Callable[..., None]


def measure(emit: Emit) -> None:
    """Print for each page and size: queries, median and p95 in milliseconds, ratio of the median to the small size."""
    submission = submission_of(SIZES[0])
    entity = submission.entities.get()
    staff = Client()
    staff.force_login(UserFactory(role=Role.STAFF, entity=entity))
    composer = Client()
    composer.force_login(UserFactory(role=Role.SECRETARIAT, entity=entity))
    small: dict[str, float] = {}
    for size in SIZES:
        add_initiatives(entity, size - Initiative.objects.count())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        pages = {
            "home": (Client(), reverse("home")),
            "initiative_list": (Client(), reverse("initiative_list")),
            "initiative_detail": (Client(), Initiative.objects.earliest("pk").get_absolute_url()),
            "submission_list": (composer, reverse("submission_list")),
            "submission_detail": (composer, submission.get_absolute_url()),
            "desk": (staff, reverse("desk")),
        }
        for name, (client, address) in pages.items():
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
            asked = len(queries)  # the next request forgets them
            times = sorted(_milliseconds(client, address) for _ in range(REQUESTS))
            p95 = times[int(0.95 * len(times)) - 1]
            emit(
                bench="page",
                page=name,
                initiatives=size,
                status=status,
                queries=asked,
                median_ms=round(statistics.median(times), 1),
                p95_ms=round(p95, 1),
                ratio=round(statistics.median(times) / small.setdefault(name, statistics.median(times)), 2),
            )


def _milliseconds(client: Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return 1000 * (time.perf_counter() - started)
