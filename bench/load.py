"""Lists, search, pages of one record and the API on the reference load: statements, time, and what tenfold data costs.

For each page: `queries`; `sql_ms`, its own statements run again bare, in the same connection; `median_ms` and `p95_ms`
of the whole answer; `over_sql_ms`, what the portal adds; `cpu_ms`, the time of this process alone, which says the same
on a machine that does other work too; `ratio` to the smaller scale; `machine_ms`, a work that is always the same, done
between the requests, and `machine_ratio` of it, since machines get slower and quicker. `first` is what nobody asked
for within the last minute, `again` what somebody did. Of the page of an indicator, `changed` is what it shows after a
result was corrected while a worker adds up, and `anew` is where nothing was ever added up. The index that counts are
taken from, made once by a process, has its own lines.
"""

import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from initiatives.choices import Role
from initiatives.filters import DocumentFilter, InitiativeFilter, UpdateFilter
from initiatives.models import Document, Entity, Identifier, Indicator, Initiative, InitiativeText, Update
from portal.common.collecting import settle
from portal.common.lists import MOST_ROWS
from portal.common.tallies import forget, indexes, tallies
from portal.models import User
from reporting.choices import SubmissionState
from reporting.filters import SubmissionFilter
from reporting.models import Submission
from tests.factories import CallFactory, LayoutFactory, SubmissionFactory

FIRST, AGAIN = 8, 20  # requests
RAW = 5
YEARS = 20
PER_PAGE = 25
HUNDRED = 100
Emit = Callable[..., None]


def make(scale: float) -> None:
    """Make the reference load in an empty database, with submissions."""
    call_command("load_reference", stdout=sys.stderr)
    call_command("make_load", scale=scale, stdout=sys.stderr)
    make_submissions(scale)


def make_submissions(scale: float) -> None:
    """Make a published submission of each entity and year: the load has none."""
    entities = list(Entity.objects.annotate(held=Count("initiatives")).filter(held__gt=0).order_by("code"))
    for year in range(max(1, round(YEARS * scale))):
        call = CallFactory(slug=f"bench-{year}")
        for entity in entities:
            SubmissionFactory(
                call=call,
                entities=[entity],
                layout=LayoutFactory(call=call, entity=entity),
                state=SubmissionState.PUBLISHED,
                published_at=timezone.now(),
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass(frozen=True)
class Asked:
    name: str
    address: str
    is_signed_in: bool = False
    indicator: Indicator | None = None


def measure(emit: Emit, *, scale: float, smaller: dict[str, float]) -> None:
    """Print a line for each page and turn; `smaller` holds the medians of the scale before, then those of this one."""
    settle()  # as the web server does
    visitor, staff = Client(), Client()
    staff.force_login(User.objects.filter(memberships__role=Role.STAFF).earliest("pk"))
    medians: dict[str, float] = {}
    for asked in pages():
        client = staff if asked.is_signed_in else visitor
        client.get(asked.address)  # what a process makes once
        for turn, requests, before in turns_of(asked):
            facts = _measured(client, asked.address, requests, before=before)
            key = f"{asked.name} {turn}"
            ratio = {}
            for measured, name in (("median_ms", "ratio"), ("machine_ms", "machine_ratio")):
                medians[f"{key} {measured}"] = facts[measured]
                if before_it := smaller.get(f"{key} {measured}"):
                    ratio[name] = round(facts[measured] / before_it, 2)
            emit(bench="load", page=asked.name, turn=turn, scale=scale, **facts, **ratio)
    smaller.clear()
    smaller.update(medians)
    measure_indexes(emit, scale=scale)


def pages() -> Iterator[Asked]:
    """Yield what is asked for; each record and word is taken from the load, the same each time."""
    initiatives = reverse("initiative_list")
    deep = ceil(min(Initiative.objects.public().listed().counted().count(), MOST_ROWS) / PER_PAGE)
    yield Asked("initiatives", initiatives)
    yield Asked("initiatives, as staff", initiatives, is_signed_in=True)
    yield Asked("initiatives filtered", f"{initiatives}?line=C7&year=2015&status=ongoing")
    yield Asked("initiatives by latest update", f"{initiatives}?order=latest")
    yield Asked("initiatives, last page", f"{initiatives}?page={deep}")
    yield Asked("initiatives of a group", f"{initiatives}?group=LDC")
    yield Asked("updates", reverse("update_list"))
    yield Asked("updates filtered", f"{reverse('update_list')}?line=C7&year=2015")
    yield Asked("documents", reverse("document_list"))
    yield Asked("documents filtered", f"{reverse('document_list')}?{urlencode(_most_frequent_documents())}")
    yield Asked("entities", reverse("entity_list"))
    yield Asked("submissions", reverse("submission_list"))
    yield Asked("action lines", reverse("action_line_list"))
    yield from _searches()
    yield from _details()
    yield from _indicators()
    yield from _api()


def _most_frequent_documents() -> dict[str, Any]:
    """Return the kind and year of which there are most: at the smaller scale many years have none of a kind."""
    public = Document.objects.visible_to(AnonymousUser()).exclude(dated_on=None)
    told = public.values("kind", year=ExtractYear("dated_on")).annotate(held=Count("pk"))
    most = told.order_by("-held", "kind", "year")[0]
    return {"kind": most["kind"], "year": most["year"]}


def _searches() -> Iterator[Asked]:
    titles = InitiativeText.objects.filter(initiative__in=Initiative.objects.public().listed())
    held = Counter(
        word
        for title in titles.filter(language="en").values_list("title", flat=True)
        for word in set(title.lower().split())
        if word.isalpha() and len(word) > 4
    )
    common, _number = held.most_common(1)[0]
    rare = min(held, key=lambda word: (held[word], word))
    chinese = next(title for title in titles.filter(language="zh").order_by("pk").values_list("title", flat=True))
    number = Identifier.objects.filter(initiative__in=Initiative.objects.public()).earliest("pk").value
    for name, words in {
        "search: a common word": common,
        "search: a rare word": rare,
        "search: a prefix": common[:4],
        "search: two words": f"{common} {rare}",
        "search: with a typing error": common[:3] + common[4:],
        "search: two ideographs": chinese[:2],
        "search: a number": number,
        "search: nothing to find": "xyzzy",
    }.items():
        yield Asked(name, f"{reverse('search')}?{urlencode({'q': words})}")
    yield Asked("search: suggestions", f"{reverse('search_suggestions')}?{urlencode({'q': common[:4]})}")
    yield Asked("initiatives with a word", f"{reverse('initiative_list')}?{urlencode({'q': common})}")


def _details() -> Iterator[Asked]:
    busiest = Initiative.objects.public().listed().annotate(told=Count("updates")).order_by("-told", "pk")[0]
    yield Asked("initiative with most updates", busiest.get_absolute_url())
    yield Asked("initiative", Initiative.objects.public().listed().earliest("pk").get_absolute_url())
    largest = Entity.objects.annotate(held=Count("initiatives")).order_by("-held", "code")[0]
    yield Asked("entity", largest.get_absolute_url())
    document = Document.objects.annotate(told=Count("mentions")).order_by("-told", "pk")[0]
    yield Asked("document", document.get_absolute_url())
    yield Asked("action line", reverse("action_line_detail", args=["C7"]))
    yield Asked("submission", Submission.objects.earliest("pk").get_absolute_url())


def _indicators() -> Iterator[Asked]:
    """The first indicator of each kind of value, with a unit and without: the same ones at each scale.

    Of each also an earlier year than the page begins with.
    """
    kinds = set()
    of_unido = Indicator.objects.filter(code__startswith="LOAD-", owner__code="UNIDO")
    for indicator in of_unido.select_related("workplan").order_by("order"):
        kind = f"{indicator.value_kind}, no unit" if indicator.is_unit_pending else indicator.value_kind
        if kind not in kinds:
            kinds.add(kind)
            address, year = indicator.get_absolute_url(), indicator.results.latest("period_end").period_end.year - 3
            yield Asked(f"indicator: {kind}", address, indicator=indicator)
            yield Asked(f"indicator: {kind}, a year", f"{address}?year={year}", indicator=indicator)
    yield Asked("workplan", indicator.workplan.get_absolute_url())
    yield Asked("workplans", reverse("workplan_list"))


def _api() -> Iterator[Asked]:
    initiative = Initiative.objects.public().listed().earliest("pk")
    update = Update.objects.visible_to(AnonymousUser()).earliest("pk")
    yield Asked("API: 100 initiatives", f"{reverse('api_initiative_list')}?limit={HUNDRED}")
    yield Asked("API: 100 updates", f"{reverse('api_update_list')}?limit={HUNDRED}")
    yield Asked("API: initiatives filtered", f"{reverse('api_initiative_list')}?limit={HUNDRED}&line=C7&year=2015")
    yield Asked("API: 100 documents", f"{reverse('api_document_list')}?limit={HUNDRED}")
    yield Asked("API: an initiative", reverse("api_initiative_detail", args=[initiative.pk]))
    yield Asked("API: an update", reverse("api_update_detail", args=[update.pk]))


# Measuring


def forget_answers() -> None:
    """Forget what is kept for a minute, but not the indexes, which a process makes once."""
    caches["default"].clear()
    for index in indexes.values():
        index.answers.clear()


def forget_figures() -> None:
    """Forget the figures of indicators too, as after a change of their results."""
    forget_answers()
    caches["figures"].clear()


def correct_a_result(indicator: Indicator) -> None:
    """Forget answers, and have the indicator with figures of before only."""
    forget_answers()
    result = indicator.results.earliest("pk")
    corrected = {"corrected_at": timezone.now(), "correction_reason": "Measured"}
    indicator.results.filter(pk=result.pk).update(is_provisional=not result.is_provisional, **corrected)


Turn = tuple[str, int, Callable[[], None] | None]


def turns_of(asked: Asked) -> list[Turn]:
    """Return name, number of requests, and what is done before each."""
    turns: list[Turn] = [("first", FIRST, forget_answers), ("again", AGAIN, None)]
    if asked.indicator:
        turns += [("changed", FIRST, partial(correct_a_result, asked.indicator)), ("anew", FIRST, forget_figures)]
    return turns


def measure_indexes(emit: Emit, *, scale: float) -> None:
    """Print a line for each list that is counted from an index: how long it takes to make."""
    for filter_class in (InitiativeFilter, UpdateFilter, DocumentFilter, SubmissionFilter):
        forget()
        filter = filter_class(QueryDict(), user=AnonymousUser())
        assert filter.is_valid()
        milliseconds = _milliseconds(lambda filter=filter: tallies(filter))
        records = indexes[filter_class].records
        emit(bench="load", index=filter_class.__name__, scale=scale, records=records, ms=round(milliseconds, 1))


def _measured(client: Client, address: str, requests: int, *, before: Callable[[], None] | None) -> dict[str, Any]:
    if before:
        before()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    asked = (query["sql"] for query in captured.captured_queries)
    keeping = re.compile("INSERT INTO|SAVEPOINT")  # what is kept cannot be inserted again
    statements = [sql for sql in asked if sql.startswith(("SELECT", "WITH")) and not keeping.search(sql)]
    times, cpu, machine = [], 0.0, []
    for _request in range(requests):
        if before:
            before()
        started = time.process_time()
        times.append(_milliseconds(lambda: client.get(address)))
        cpu += 1000 * (time.process_time() - started) / requests
        machine.append(_milliseconds(_always_the_same))
    times.sort()
    sql = statistics.median(_milliseconds(lambda: _run(statements)) for _ in range(RAW))
    median = statistics.median(times)
    facts = {
        "status": response.status_code,
        "queries": len(statements),
        "sql_ms": round(sql, 1),
        "median_ms": round(median, 1),
        "p95_ms": round(times[ceil(0.95 * len(times)) - 1], 1),
        "over_sql_ms": round(median - sql, 1),
        "cpu_ms": round(cpu, 1),
        "machine_ms": round(statistics.median(machine), 1),
        "kilobytes": round(len(response.content) / 1000, 1),
    }
    if response.headers["Content-Type"].startswith("application/json"):
        written = response.json()
        bare = sql + statistics.median(_milliseconds(lambda: json.dumps(written)) for _ in range(RAW))
        facts["times_sql_and_json"] = round(median / bare, 2)
    return facts


def _always_the_same() -> None:
    """About ten milliseconds of Python."""
    json.loads(json.dumps({str(number): [number, number / 3] for number in range(5_000)}))


def _run(statements: list[str]) -> None:
    """Run statements as a page did, and fetch what they find, without Django between."""
    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()


def _milliseconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)
