"""How long the desk of an entity with 500 initiatives takes, beside the SQL it asks."""

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.records import add_initiatives
from initiatives.choices import Role
from initiatives.models import Initiative
from tests.factories import EntityFactory, UserFactory

INITIATIVES, HOLDERS, REQUESTS = 500, 10, 40
Emit = Callable[..., None]


def measure(emit: Emit) -> None:
    """Print for pages of 25 and 100 rows: queries and their SQL, median and p95 of the page, work of the process."""
    entity = EntityFactory(code="DESK")
    people = [UserFactory(role=Role.FOCAL_POINT, entity=entity) for _ in range(HOLDERS)]
    add_initiatives(entity, INITIATIVES)
    for number, initiative in enumerate(Initiative.objects.filter(entity=entity)):
        Initiative.objects.filter(pk=initiative.pk).update(holder=people[number % HOLDERS])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(people[0])
    for rows in (25, 100):
        address = f"{reverse('desk')}?show=all&period=2021&per_page={rows}"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        asked, sql = (
            len(queries),
            1000 * sum(float(query["time"]) for query in queries),
        )  # the next request forgets them
        measured = [_milliseconds(client, address) for _ in range(REQUESTS)]
        times = sorted(wall for wall, _cpu in measured)
        emit(
            bench=f"desk of {INITIATIVES}",
            rows=rows,
            status=status,
            queries=asked,
            sql_ms=round(sql, 1),
            median_ms=round(statistics.median(times), 1),
            p95_ms=round(times[int(0.95 * len(times)) - 1], 1),
            beyond_sql_ms=round(statistics.median(times) - sql, 1),
            cpu_ms=round(statistics.median(cpu for _wall, cpu in measured), 1),
        )


def _milliseconds(client: Client, address: str) -> tuple[float, float]:
    """Return how long a page takes, and how long the process worked on it: that does not depend on what else runs."""
    started, worked = time.perf_counter(), time.process_time()
    client.get(address)
    return 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - worked)
