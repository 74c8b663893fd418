"""The API under calls that nobody wrote: whatever the schema allows, and much that it does not.

`make test` makes a few calls of every operation, `make fuzz` thousands (`make fuzz CALLS=500` still more). Each is made
as a visitor, with a token of staff and with one of a focal point, on the demonstration records, and undone after it.
"""

import copy
import datetime as dt
import logging
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings
from schemathesis import checks

from initiatives.choices import OPEN_DRAFTS, Role
from initiatives.models import Document, Draft, Entity, Indicator, Initiative, Passage, Result, Update
from initiatives.services.reference import load_reference
from portal.common.api.schema import schema
from portal.models import User
from portal.tokens import make_token
from reporting.demo.load import load_demo
from reporting.models import Submission
from tests.factories import CompilationFactory, PartFactory, PassageDraftFactory, ResultDraftFactory, TargetDraftFactory
from tests.support.loading import undone_afterwards

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reference data")]

FULL = int(
    os.environ.get("FUZZ_CALLS", "0")
)  # of each operation in each role, besides those at the edges of its schema
NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
    checks.allow_header_conformance,
]

API = schemathesis.openapi.from_dict(copy.deepcopy(schema()))
API.app = WSGIHandler()
API.config.phases.coverage.enabled = bool(FULL)


class Records:
    """What calls may be about, by the names of path parameters, parameters and members, and a token for each role."""

    def __init__(self) -> None:
        unido = Entity.objects.get(code="UNIDO")
        submission = Submission.objects.filter(entities=unido).earliest("pk")
        initiatives = Initiative.objects.filter(entity=unido)
        document = Document.objects.earliest("pk")
        PartFactory.create_batch(3, document=document)
        drafts = [Draft.objects.of_updates().filter(entity=unido, state=state).first() for state in OPEN_DRAFTS]
        passage_drafts = [PassageDraftFactory(entity=unido), PassageDraftFactory(entity=unido, submitted=True)]
        result_drafts = [ResultDraftFactory(entity=unido), ResultDraftFactory(entity=unido, submitted=True)]
        own = Indicator.objects.filter(owner=unido).earliest("pk")
        target_drafts = [TargetDraftFactory(indicator=own), TargetDraftFactory(indicator=own, submitted=True)]
        self.values: dict[str, list[Any]] = {
            "code": ["UNIDO", "UNDESA", "C3", "C7", "C7-EGOV", "MIC-T1", "MIC-T2", "MIC-S1", "MIC-E1"],
            "iso3": ["CRI", "SRB", "CHN"],
            "name": [initiatives.earliest("pk").pk, *initiatives.values_list("slug", flat=True)[:5]],
            "call": [submission.call.slug],
            "slug": [submission.slug, submission.call.slug, "middle-income-countries"],
            "initiative": list(initiatives.values_list("slug", flat=True)[:5]),
            "period": ["2026", "2025-2026", "2021"],
            "entity": ["UNIDO", "UNDESA"],
            "line": ["C3", "C7"],
            "country": ["CRI", "SRB"],
            "indicator": list(Indicator.objects.values_list("code", flat=True)[:5]),
            "place": ["CRI", "not-split", "group:LDC"],
            "year": ["2021", "2022"],
            "q": ["industry", "GMIS", "工业", "ЮНИДО", "' OR 1=1 --", "(((a+)+)+)$", "%_\\", "a" * 300],
            "fields": ["id", "id,text", "nothing"],
            "omit": ["text", "id"],
            "limit": ["1", "500", "501", "-1"],
        }
        self.ids: dict[str, list[int]] = {
            "updates": list(Update.objects.filter(entity=unido).values_list("pk", flat=True)[:3]),
            "drafts": [draft.pk for draft in drafts if draft],
            "drafts of passages": [draft.pk for draft in passage_drafts],
            "drafts of results": [draft.pk for draft in result_drafts],
            "drafts of targets": [draft.pk for draft in target_drafts],
            "documents": [document.pk],
            "passages": list(Passage.objects.filter(entity=unido).values_list("pk", flat=True)[:3]),
            "results": list(Result.objects.filter(entity=unido).values_list("pk", flat=True)[:3]),
            "compilations": [CompilationFactory(submission=submission, number=900, done=True).pk],
        }
        own_drafts = [*drafts, *passage_drafts, *result_drafts, *target_drafts]
        self.edits = {draft.pk: draft.edits for draft in own_drafts if draft}
        self.headers = {"visitor": {}} | {name: self._token(unido, name) for name in ("staff", "focal", "office")}

    def _token(self, entity: Entity, name: str) -> dict[str, str]:
        role = {"staff": Role.STAFF, "focal": Role.FOCAL_POINT, "office": Role.SECRETARIAT}[name]
        person = User.objects.filter(memberships__entity=entity, memberships__role=role).earliest("pk")
        now = dt.datetime.now(dt.UTC)
        ends, scopes = now + dt.timedelta(days=1), ["read", "write", "decide"]
        _token, secret = make_token(user=person, name="Fuzz", scopes=scopes, expires_at=ends, now=now)
        return {"Authorization": f"Bearer {secret}"}

    def meet(self, case: schemathesis.Case) -> None:
        """Let two calls of three be about records that are there; the rest stays as invented as it is."""
        luck = random.Random(repr((case.path_parameters, case.query, case.body)))
        noun = case.path.split("/")[3]
        if "/drafts/" in case.path:
            noun = f"drafts of {noun}" if noun in {"passages", "results", "targets"} else "drafts"
        for name in case.path_parameters or {}:
            known = self.ids.get(noun, []) if name == "id" else self.values.get(name, [])
            if known and luck.random() < 0.7:
                case.path_parameters[name] = luck.choice(known)
        for name in list(case.query or {}):
            if luck.random() < 0.6:
                if name in self.values:
                    case.query[name] = luck.choice(self.values[name])
                else:  # one wrong parameter is enough for a refusal, and then nothing else is tried
                    del case.query[name]
        if isinstance(case.body, dict):
            for name in case.body.keys() & {"initiative", "period", "entity", "indicator", "place"}:
                if luck.random() < 0.8:
                    case.body[name] = luck.choice(self.values[name])
            if "edits" in case.body and luck.random() < 0.7:
                case.body["edits"] = self.edits.get((case.path_parameters or {}).get("id"), 0)


@pytest.fixture(scope="module")
def records(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Records]:
    with undone_afterwards(django_db_blocker):
        load_reference()
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # as in each test
            load_demo(NOW)
        yield Records()


@pytest.fixture(scope="module")
def _one_connection() -> Iterator[None]:
    """A server closes connections after its requests; here the records are in an open transaction of this one.

    It also logs every refusal, which here are thousands.
    """
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.ERROR)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    logger.setLevel(level)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[tuple[str, str, int]]]:
    """Calls by role, operation and status; told at the end."""
    calls: Counter[tuple[str, str, int]] = Counter()
    yield calls
    told: dict[str, Counter[int]] = {}
    for (role, _operation, status), count in calls.items():
        told.setdefault(role, Counter())[status] += count
    print(f"\n{calls.total()} calls of {len({operation for _role, operation, _status in calls})} operations")
    for role, statuses in told.items():
        print(f"  {role}: " + ", ".join(f"{status} x {count}" for status, count in sorted(statuses.items())))


@pytest.mark.usefixtures("_one_connection")
@API.parametrize()
@settings(
    max_examples=FULL or 1,
    derandomize=not FULL,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_as_the_schema_says(
    case: schemathesis.Case,
    records: Records,
    tally: Counter[tuple[str, str, int]],
    settings: Settings,
) -> None:
    settings.API_RATES = {"visitor": "", "person": "", "token": ""}
    records.meet(case)
    for role, headers in records.headers.items():
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        tally[role, case.operation.label, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)
