"""`make demo` as a person runs it: in a terminal, on a folder of its own, twice."""

import hashlib
import os
import pty
import re
import select
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portal.embedded.places import Places
from portal.setup.port import HOST
from reporting.choices import FileFormat
from tests.support.disks import on_a_small_disk
from tests.support.environment import ROOT
from tests.support.servers import free_port
from tests.support.workers import wait_until

COUNTS = """
import os, pathlib, psycopg2
from portal.embedded.client import ensure_running
from portal.embedded.places import DATABASE, PORT, USER, Places
var = pathlib.Path(os.environ["PORTAL_VAR"])
ensure_running(var)
cursor = psycopg2.connect(host=str(Places(var).socket), port=PORT, user=USER, dbname=DATABASE).cursor()
cursor.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^(initiatives|reporting|portal)_' ORDER BY 1")
for table, in cursor.fetchall():
    cursor.execute(f"SELECT count(*) FROM {table}")
    print(table, *cursor.fetchone())
"""


def environment(var: Path) -> dict[str, str]:
    """Return what a person has set: nothing but the folder."""
    kept = {name: value for name in ("PATH", "HOME") if (value := os.environ.get(name))}
    return kept | {"PORTAL_VAR": str(var)}


def make(*words: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env=environment(var) | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def processes_of(var: Path) -> list[psutil.Process]:
    """Return every process that was told of the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ().get("PORTAL_VAR") == str(var) or str(var) in " ".join(process.cmdline())
        except psutil.Error:
            continue
        if told:
            found.append(process)
    return found


def wait_until_gone(var: Path) -> None:
    wait_until(lambda: not processes_of(var), 60, lambda: str(processes_of(var)))


def counts(var: Path) -> str:
    """Return how many rows each table of ours has, as a process that needs no Django is told."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTS],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Terminal:
    """`make` in a terminal of its own, to which keys can be pressed."""

    def __init__(self, *words: str, var: Path) -> None:
        self.said = ""
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe("make", ["make", *words], environment(var))

    def read_until(self, done: Callable[[str], bool], seconds: float = 300) -> None:
        """Read until enough was said, or all that will ever be."""
        deadline = time.monotonic() + seconds
        while not done(self.said):
            assert time.monotonic() < deadline, self.said
            if not select.select([self.screen], [], [], 1)[0]:
                continue
            try:
                piece = os.read(self.screen, 65536)
            except OSError:  # the other end has closed
                return
            self.said += piece.decode(errors="replace")

    def press(self, key: bytes) -> None:
        os.write(self.screen, key)

    def exit_code(self) -> int:
        self.read_until(lambda _said: False)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Iterator[Path]:
    var = tmp_path_factory.mktemp("demo") / "a var with blanks"
    yield var
    wait_until_gone(var)
    assert not Places(var).socket.exists()


@pytest.fixture(scope="module")
def first(var: Path) -> subprocess.CompletedProcess[str]:
    """The first run, which ends when the files are there."""
    return make("demo", "ARGS=--no-serve", var=var)


class TestMakeDemo:
    def test_writes_the_files_and_their_checksums(self, first):
        assert first.returncode == 0, first.stdout + first.stderr
        written = dict(re.findall(r"^([0-9a-f]{64})  (.+)$", first.stdout, flags=re.MULTILINE))
        assert {Path(path).suffix for path in written.values()} == {f".{name}" for name in FileFormat}
        for checksum, path in written.items():
            assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == checksum
        assert "100%" in first.stderr

    def test_stops_everything_it_started(self, first, var):
        wait_until_gone(var)

    def test_serves_until_ctrl_c_and_then_ends_without_an_error(self, first, var):
        before = counts(var)
        assert "initiatives_initiative " in before
        port = free_port()
        terminal = Terminal("demo", f"PORT={port}", var=var)
        terminal.read_until(lambda said: "Ctrl-C stops everything." in said)
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=30) as page:
            assert page.status == 200
        assert re.search(r"Staff of UNIDO +\S+@\S+ +\S+", terminal.said)
        terminal.press(b"\x03")
        assert terminal.exit_code() == 0, terminal.said
        end = terminal.said[terminal.said.index("Ctrl-C stops everything.") :]
        assert "Stopped." in end
        for word in ("Traceback", "***", "Error", "error"):
            assert word not in end
        wait_until_gone(var)
        assert counts(var) == before, "the second run duplicated something"

    def test_says_at_once_that_the_port_is_taken(self, tmp_path):
        with socket.socket() as taken:
            taken.bind((HOST, 0))
            taken.listen()
            done = make("demo", f"PORT={taken.getsockname()[1]}", var=tmp_path / "var")
        assert done.returncode != 0
        assert "PORT=" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "var").exists()

    def test_says_that_the_disk_is_full(self, tmp_path):
        disk = tmp_path / "disk"
        done = on_a_small_disk(
            disk, "72m", ["make", "demo", "ARGS=--no-serve"], cwd=ROOT, env=environment(disk / "var")
        )
        if done:
            assert done.returncode != 0
            assert "is full" in done.stderr
            assert "Traceback" not in done.stderr
