"""The portal as an institution runs it: on a PostgreSQL server and a broker, with settings from the environment."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.environment import ROOT
from tests.support.workers import wait_until

SUBMISSION = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import CallFactory, EntityFactory, ItemFactory, PassageFactory, SectionFactory, SubmissionFactory
submission = SubmissionFactory(call=CallFactory(slug="25"), entities=[EntityFactory(code="UNIDO")])
section = SectionFactory(submission=submission, name_en="Summary")
ItemFactory(section=section, passage=PassageFactory(body="<p>Заводы учатся, 工厂 学习.</p>"))
"""
READY = """
import sys
from django.test import Client
for line in sys.stdin:
    answer = Client().get("/readyz", secure=True, headers={"host": "portal.example"})
    print(answer.status_code, answer.content.decode(), flush=True)
"""


class Installation:
    """The portal in an environment of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "PORTAL_VAR": str(folder / "var"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only for this test",
            "ALLOWED_HOSTS": "portal.example",
            "EMAIL_URL": "consolemail://",
            "PORTAL_URL": "https://portal.example.org",
        }

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextlib.contextmanager
    def worker(self, broker: str) -> Iterator[Callable[[], str]]:
        """Run a worker; yields what tells its words until now."""
        log = self.folder / "worker.log"
        command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool=solo", "--loglevel=INFO"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | {"CELERY_BROKER_URL": broker},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            wait_until(lambda: " ready." in log.read_text(), 60, log.read_text)
            yield log.read_text
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)

    @contextlib.contextmanager
    def readiness(self, broker: str) -> Iterator[Callable[[], tuple[int, dict[str, bool]]]]:
        """Keep a process that is asked for /readyz: its status, and what it says of the broker. All else is there."""
        command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", READY]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment | {"CELERY_BROKER_URL": broker}, **pipes
        ) as process:

            def ask() -> tuple[int, dict[str, bool]]:
                process.stdin.write("ask\n")
                process.stdin.flush()
                status, answer = process.stdout.readline().split(" ", 1)
                found = json.loads(answer)
                told = {"broker": found.pop("broker")}
                assert found == {"database": True, "migrations": True, "storage": True}
                return int(status), told

            yield ask


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("servers")
    with servers.postgresql(folder) as url:
        installation = Installation(folder, url)
        done = installation.manage("shell", "--verbosity=0", "--command", SUBMISSION, CELERY_BROKER_URL="memory://")
        assert done.returncode == 0, done.stderr
        yield installation


class TestPortalOnServers:
    @pytest.mark.parametrize("broker", [servers.redis, servers.rabbitmq], ids=["redis", "rabbitmq"])
    def test_compiles_a_submission(
        self, installation: Installation, tmp_path, broker: Callable[[Path], AbstractContextManager[str]]
    ):
        try:
            with contextlib.ExitStack() as both:
                with broker(tmp_path) as url:
                    self.compile(installation, url, tmp_path / "out")
                    readiness = both.enter_context(installation.readiness(url))
                    assert readiness() == (200, {"broker": True})
                assert readiness() == (503, {"broker": False})
        except servers.CannotBeHad as reason:
            warnings.warn(f"NOT TESTED: the portal on {broker.__name__}. {reason}", stacklevel=1)

    def compile(self, installation: Installation, url: str, out: Path) -> None:
        with installation.worker(url) as said:
            done = installation.manage(
                *("compile_submission", "--entity=UNIDO", "--session=25", f"--out={out}"), CELERY_BROKER_URL=url
            )
        assert done.returncode == 0, done.stderr + said()
        assert "succeeded in" in said()
        written = {path.suffix: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
        assert {".docx", ".html", ".pdf"} <= set(written)
        for checksum in written.values():
            assert checksum in done.stdout

    def test_loads_no_demo_records(self, installation: Installation):
        done = installation.manage("load_demo", CELERY_BROKER_URL="memory://")
        assert done.returncode == 1
        assert "DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("missing", ["SECRET_KEY", "EMAIL_URL", "PORTAL_URL"])
    def test_guesses_no_secret(self, installation: Installation, missing):
        environment = {name: value for name, value in installation.environment.items() if name != missing}
        done = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert missing in done.stderr
