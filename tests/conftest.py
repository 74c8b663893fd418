"""What all tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings
from whitenoise import WhiteNoise

from portal.common.collecting import settle
from tests.support import workers
from tests.support.emptying import empty_database

# A free worker takes the next file. What takes long begins early, or the others wait at the end.
LONG = (
    "test_embedded_server.py",
    "test_matrix.py",
    "test_make_demo.py",
    "test_servers.py",
    "test_seals.py",
    "browser/",
    "test_bad_calls.py",
    "test_rebuild.py",
    "test_seal_pages.py",
    "test_compilation_jobs.py",
    "test_office.py",
    "test_filing.py",
    "test_fuzz.py",
    "test_pdf.py",
    "test_files.py",
    "test_make_setup.py",
    "test_imports.py",
    "test_hostile.py",
    "test_verdicts.py",
    "test_renderers.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the rest stays in its random order."""

    def place(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(LONG) if name in item.path.as_posix()), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collect garbage as the web server does: to look at all that was imported took a tenth of their time."""
    settle()


@pytest.fixture(scope="session", autouse=True)
def _page_files() -> Iterator[None]:
    """Pages name their files by the manifest that collectstatic writes.

    Each test client and live server makes its own WhiteNoise, which looks through all of them: here once for all.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    found: dict[tuple[str, str], dict[str, object]] = {}

    def look_once(server: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look(server, root, prefix)
            found[root, prefix] = dict(server.files)
        server.files.update(found[root, prefix])

    look = WhiteNoise.update_files_dictionary
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the tests, whose commits do not wait for the disk: it is thrown away, and no test cuts the power.

    Nor does it read tables from end to end where they have an index: they look small to its planner, and are full of
    what the tests before have undone. Each connection takes this over, those of workers too.

    And nobody counts their rows in the background: between two tests there are none, and a planner that was told so
    joins the rows of the next test each with each. Three hundred updates then took fifty seconds instead of seven.
    """
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for setting in ("synchronous_commit", "enable_seqscan"):
            cursor.execute(f"ALTER DATABASE {name} SET {setting} = off")
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_database() -> Iterator[None]:
    """Django empties a hundred tables by TRUNCATE after each test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: empty_database())
        yield


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Settings, tmp_path: Path) -> None:
    """Files and mail that a test makes go with it. Passwords are hashed quickly: a real hash takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request leaves its language in the thread; no test inherits it."""
    translation.activate("en")


@pytest.fixture
def start_worker(tmp_path: Path, settings: Settings) -> Iterator[Callable[..., workers.Worker]]:
    """Start real workers by name; they are stopped after the test. Needs a transactional database."""
    settings.MEDIA_ROOT = settings.VAR / "files"  # the workers' folder
    started: list[workers.Worker] = []
    workers.empty_queue()

    def start(name: str = "one", **environment: str) -> workers.Worker:
        started.append(workers.Worker(name, tmp_path / f"worker-{name}.log", **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
    workers.empty_queue()
