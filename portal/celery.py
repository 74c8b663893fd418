"""The Celery application: `celery -A portal worker`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_process_init

from portal.common.collecting import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def _add_up(**_sent: Any) -> None:
    """Have a worker add up at once what another release did: otherwise readers do, until the schedule comes to it."""
    app.send_task("initiatives.tasks.add_up_missing_task", expires=300)


@worker_process_init.connect
def _settle(**_sent: Any) -> None:
    """A file of ten thousand rows took half as long again: a third of the time went into looking for garbage."""
    settle()
