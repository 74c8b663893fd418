"""The Celery application: `celery -A portal worker`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from portal.common.collecting import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _settle(**_sent: Any) -> None:
    """A file of ten thousand rows took half as long again: a third of the time went into looking for garbage."""
    settle()
