"""Two addresses for those who watch over the portal: does the process live, and can it do its work?"""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.celery import app

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok": the process lives. Nothing else is looked at, so that a lost database restarts no process."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell for each thing the portal needs whether it is there: 200 when all are, else 503. The log has the reasons."""
    found = {name: _passes(name, check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        passed = check()
    except Exception:
        logger.warning("Not ready: %s", name, exc_info=True)
        return False
    if not passed:
        logger.warning("Not ready: %s", name)
    return passed


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker_is_reachable() -> bool:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)
        if broker.transport.driver_type == "filesystem":  # a trial; there is no connection that could fail
            folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]))
            folder.mkdir(parents=True, exist_ok=True)
            return os.access(folder, os.W_OK)
    return True


def storage_is_writable() -> bool:
    default_storage.delete(default_storage.save("readiness/check", ContentFile(b"")))
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "broker": broker_is_reachable,
    "storage": storage_is_writable,
}
