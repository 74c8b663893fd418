"""`ENGINE = "portal.embedded.backend"`: PostgreSQL as Django knows it, started when the first connection is opened."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db.backends.postgresql import base, client
from django.db.utils import OperationalError

from portal.embedded.binaries import find_binaries
from portal.embedded.client import ensure_running
from portal.embedded.places import PORT, USER, Places, ServerProblem


class EmbeddedServerError(OperationalError, CommandError):
    """The embedded server cannot run. A command prints the sentence, a page treats it as a lost database."""


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the psql that came with the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        _start()
        os.environ["PATH"] = os.pathsep.join((str(find_binaries().folder), os.environ.get("PATH", os.defpath)))
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the embedded server, which runs while any process has used a connection and lives."""

    client_class = DatabaseClient

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        settings_dict.update(HOST=str(Places(settings.VAR).socket), PORT=PORT, USER=USER)
        super().__init__(settings_dict, *args, **kwargs)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        _start()
        return super().get_new_connection(conn_params)


def _start() -> None:
    try:
        ensure_running(settings.VAR)
    except ServerProblem as problem:
        raise EmbeddedServerError(str(problem)) from problem
