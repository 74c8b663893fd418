"""The examples of docs/api.md, run as they are printed there against a portal that serves."""

import datetime as dt
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from initiatives.choices import Role
from initiatives.models import Draft, Entity, Passage, Result, Update
from portal.tokens import make_token
from tests.factories import (
    ActionLineFactory,
    BreakdownFactory,
    CategoryFactory,
    CountryFactory,
    EntityFactory,
    IndicatorFactory,
    InitiativeFactory,
    UserFactory,
)
from tests.support.pictures import photo
from tests.support.servers import CannotBeHad, portal, program

TEXT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with portal() as address:
        yield address


@pytest.fixture
def entity(transactional_db: None) -> Entity:
    entity = EntityFactory(code="UNIDO")
    hub = InitiativeFactory(entity=entity, published=True, slug="learning-hub", title="Learning hub")
    hub.places.create(country=CountryFactory(iso3="PER"))
    sex = BreakdownFactory(indicator=IndicatorFactory(code="TRAINED"), code="sex")
    for code in ("women", "men"):
        CategoryFactory(breakdown=sex, code=code)
    ActionLineFactory(code="C6")
    InitiativeFactory.create_batch(3, entity=entity, published=True)
    return entity


@pytest.fixture
def environment(address: str, entity: Entity) -> dict[str, str]:
    """What the examples take from theirs."""
    now = timezone.now()
    ends = now + dt.timedelta(days=1)
    scopes = {Role.STAFF: ["read", "write"], Role.FOCAL_POINT: ["read", "decide"]}
    staff, focal = (
        make_token(user=UserFactory(role=role, entity=entity), name="Docs", scopes=may, expires_at=ends, now=now)[1]
        for role, may in scopes.items()
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PORTAL": address, "PORTAL_TOKEN": staff, "FOCAL_TOKEN": focal, "PATH": path, "NO_PROXY": "127.0.0.1"}


def run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(period: int) -> Update:
    return Update.objects.get(period_start__year=period)


class TestExamples:
    def test_are_in_the_document(self):
        assert len(examples("sh")) == 4
        assert len(examples("python")) == 6

    def test_for_curl_run_in_their_order(self, environment, tmp_path):
        try:
            program("curl", package="curl")
        except CannotBeHad as reason:
            warnings.warn(f"NOT TESTED: the examples for curl. {reason}", stacklevel=1)
            return
        (tmp_path / "photo.jpg").write_bytes(photo())
        printed = run(["sh", "-e", "-c", "\n".join(examples("sh"))], environment, tmp_path)
        assert '"slug":"learning-hub"' in printed
        update = told(2025)
        assert update.original.paragraph == "<p>Two training centres were opened in Lima.</p>"
        assert update.original.results == "<p>120 people were trained, half of them women.</p>"
        result = Result.objects.get(period_start__year=2025)
        assert (result.value, result.country.iso3, result.parts.count()) == (120, "PER", 2)
        assert result.evidence.get(is_public=True, file__name="photo.jpg").caption == "The first course"
        assert '"value":"120","new":null,"so_far":"120","parts_codes":["men=60","women=60"]' in printed
        assert f'"results":[{{"id":{result.pk},"indicator":"TRAINED"' in printed

    def test_for_python_run_in_their_order(self, environment, tmp_path):
        printed = run([sys.executable, "-c", "\n".join(examples("python"))], environment, tmp_path).splitlines()
        assert len(printed) == 4 + 5
        assert "learning-hub - Learning hub" in printed
        assert printed[-5] == "approved"
        assert printed[-4] == str(Passage.objects.get(lines__code="C6").pk)
        result = Result.objects.get()
        assert printed[-3] == f"{result.pk} 2"
        assert printed[-2] == "2024 85 of 1 reporting of 1 expected"
        assert (result.value, result.correction_reason) == (85, "Five were counted twice.")
        assert printed[-1].startswith("409 Somebody saved this draft after you opened it")
        assert told(2026).original.paragraph == "<p>A third centre is being built in Cusco.</p>"
        kept = Draft.objects.get(period_start__year=2024).content["paragraph"]
        assert kept == "<p>A third centre is being built.</p><p>Written beside it.</p>"
