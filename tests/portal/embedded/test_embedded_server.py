"""The embedded server, run for real in a folder of the test, and treated as badly as people and machines do."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portal.embedded import binaries
from portal.embedded.binaries import find_binaries
from portal.embedded.client import ensure_running
from portal.embedded.places import ACCOUNT, Places, ServerProblem
from tests.support.disks import on_a_small_disk

HOME = Path(__file__).resolve().parents[3]
NOBODY = 65534


class User:
    """A process that uses the server of `var`; see user.py."""

    def __init__(self, var: Path, *, database: str = "portal", before: tuple[str, ...] = ()) -> None:
        program = Path(__file__).with_name("user.py")
        self.process = subprocess.Popen(
            [*before, sys.executable, str(program), str(var), database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(HOME)},
        )

    def say(self, sql: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self, sql: str) -> str:
        self.say(sql)
        return self.hear()

    def ask_again_and_again(self, sql: str) -> str:
        """As a person who reloads the page: until an answer comes that tells of no lost connection."""
        deadline = time.monotonic() + 60
        while (answer := self.ask(sql)).startswith(("OperationalError", "InterfaceError")):
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)
        return answer

    def leave(self) -> None:
        self.process.communicate()


class Server:
    """What runs in a folder, as the operating system sees it."""

    def __init__(self, var: Path) -> None:
        self.var = var

    def guardians(self) -> list[psutil.Process]:
        return self._processes("portal.embedded.guardian")

    def postmasters(self) -> list[psutil.Process]:
        return self._processes("-D")

    def children(self) -> list[psutil.Process]:
        """Its clients' backends among them. A postmaster may end while we look."""
        found = []
        for postmaster in self.postmasters():
            try:
                found += postmaster.children()
            except psutil.NoSuchProcess:
                continue
        return found

    def everything(self) -> list[psutil.Process]:
        return self.guardians() + self.postmasters() + self.children()

    def _processes(self, word: str) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if word in words and any(
                item == str(self.var) or item.startswith(f"{self.var}/postgres-") for item in words
            ):
                found.append(process)
        return [process for process in found if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def has_stopped(self) -> bool:
        deadline = time.monotonic() + 60  # a busy disk takes its time
        while self.everything() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.everything()


def kill(processes: list[psutil.Process]) -> None:
    """Send SIGKILL to all; some end with the others before their turn comes."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield from _var(tmp_path / "var")


def _var(folder: Path) -> Iterator[Path]:
    yield folder
    kill(Server(folder).everything())
    shutil.rmtree(Places(folder).socket, ignore_errors=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data as a first user finds them made, which takes most of the time of a test: stopped, to be copied."""
    folder = tmp_path_factory.mktemp("made") / "var"
    user = User(folder)
    assert user.ask("SELECT 1") == "1"
    user.leave()
    assert Server(folder).has_stopped()
    return Places(folder).data(find_binaries().major)


@pytest.fixture
def used(var: Path, made: Path) -> None:
    """The server of the test has been used before."""
    var.mkdir()
    subprocess.run(["cp", "-a", str(made), str(var)], check=True)  # with its owner


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., User]]:
    """Start users of the server, which are gone at the end of the test."""
    users: list[User] = []

    def start_user(folder: Path = var, **options: object) -> User:
        users.append(User(folder, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start_user
    for user in users:
        if user.process.poll() is None:
            user.process.kill()
            user.process.communicate()


class TestFirstConnection:
    def test_makes_a_database_for_all_letters(self, start):
        user = start()
        assert user.ask("SELECT current_database() || ' ' || current_user") == "portal portal"
        assert user.ask("SHOW server_encoding") == "UTF8"
        assert user.ask("SELECT datctype FROM pg_database WHERE datname = current_database()").endswith("UTF-8")
        assert user.ask("SELECT 'ПРОМЫШЛЕННОСТЬ' ILIKE 'промышленность'") == "True"

    def test_of_five_processes_at_once_starts_one_server(self, start, var):
        users = [start() for _ in range(5)]
        for user in users:
            user.say("SELECT 'here'")
        assert [user.hear() for user in users] == ["here"] * 5
        assert len(Server(var).postmasters()) == len(Server(var).guardians()) == 1

    @pytest.mark.parametrize("name", ["with some blanks", "ü 数据 'quoted' \"twice\" $HOME", "x" * 130])
    def test_works_in_a_folder_of_any_name(self, start, tmp_path, name):
        for folder in _var(tmp_path / name):
            assert start(folder).ask("SELECT 1") == "1"

    def test_makes_the_data_again_that_a_power_cut_left_half_made(self, start, var):
        draft = Places(var).data(find_binaries().major).with_suffix(".new")
        (draft / "base").mkdir(parents=True)
        assert start().ask("SELECT 1") == "1"
        assert not draft.exists()


@pytest.mark.usefixtures("used")
class TestServer:
    def test_opens_no_port_and_keeps_what_is_committed_safe(self, start):
        user = start()
        assert user.ask("SHOW listen_addresses") == ""
        assert user.ask("SHOW fsync") == "on"
        assert user.ask("SHOW synchronous_commit") == "on"

    def test_offers_the_extensions_that_search_and_constraints_need(self, start):
        user = start()
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            assert user.ask(f"CREATE EXTENSION {extension}") == "done"
        for word in ("промышленность", "الصناعة", "工业发展"):
            assert user.ask(f"SELECT cardinality(show_trgm('{word}')) > 0") == "True"

    def test_serves_test_databases_too(self, start):
        assert start().ask("CREATE DATABASE test_portal_gw0") == "done"
        assert start(database="test_portal_gw0").ask("SELECT current_database()") == "test_portal_gw0"

    def test_keeps_the_socket_to_the_account_that_runs_it(self, start, var):
        start().ask("SELECT 1")
        assert Places(var).socket.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("used")
class TestLastUserLeaves:
    def test_stops_the_server_and_leaves_nothing_in_the_temporary_folder(self, start, var):
        first, second = start(), start()
        first.ask("SELECT 1")
        second.ask("SELECT 1")
        first.leave()
        time.sleep(1)
        assert second.ask("SELECT 1") == "1"
        second.leave()
        assert Server(var).has_stopped()
        assert not Places(var).socket.exists()

    def test_stops_the_server_also_when_it_was_killed(self, start, var):
        user = start()
        user.ask("SELECT 1")
        user.process.kill()
        assert Server(var).has_stopped()

    def test_lets_the_next_one_find_what_was_written(self, start, var):
        user = start()
        user.ask("CREATE TABLE note (text text)")
        user.ask("INSERT INTO note VALUES ('kept')")
        user.leave()
        assert start().ask("SELECT text FROM note") == "kept"  # at once: while the server still stops

    def test_stops_the_server_whose_folder_is_gone(self, start, var):
        start().ask("SELECT 1")
        var.rename(var.with_name("elsewhere"))
        assert Server(var).has_stopped()


@pytest.mark.usefixtures("used")
class TestKilled:
    """SIGKILL, to which no process can object. Users go on; what was committed is there."""

    @pytest.mark.parametrize("victims", ["postmasters", "children", "guardians", "everything"])
    def test_comes_back_with_what_was_committed(self, start, var, victims):
        user = start()
        user.ask("CREATE TABLE note (text text)")
        user.ask("INSERT INTO note VALUES ('kept')")
        kill(getattr(Server(var), victims)())
        assert user.ask_again_and_again("SELECT text FROM note") == "kept"
        # again: the server whose guardian was killed may answer once more while it stops
        assert user.ask_again_and_again("INSERT INTO note VALUES ('written after')") == "done"
        user.leave()
        assert Server(var).has_stopped()

    def test_guardian_leaves_no_server_without_users_behind(self, start, var):
        user = start()
        user.ask("SELECT 1")
        user.process.kill()
        kill(Server(var).guardians())
        assert Server(var).has_stopped()

    def test_guardian_asked_politely_stops_the_server_first(self, start, var):
        user = start()
        user.ask("SELECT 1")
        for process in Server(var).guardians():
            process.terminate()
        assert Server(var).has_stopped()
        assert user.ask_again_and_again("SELECT 1") == "1"

    def test_waits_for_a_statement_that_outlives_its_server(self, start, var):
        user, busy = start(), start()
        user.ask("CREATE TABLE note (text text)")
        backend = int(busy.ask("SELECT pg_backend_pid()"))
        os.kill(backend, signal.SIGSTOP)  # stands for a statement that computes and looks at nothing else
        kill(Server(var).postmasters() + Server(var).guardians())
        user.say("SELECT count(*) FROM note")
        time.sleep(1)
        assert not Server(var).postmasters(), "a second server on data that the first still writes"
        os.kill(backend, signal.SIGKILL)
        answer = user.hear()
        assert answer == "0" or user.ask_again_and_again("SELECT count(*) FROM note") == "0"

    def test_and_deleted_begins_anew(self, start, var):
        user = start()
        user.ask("SELECT 1")
        kill(Server(var).everything())
        user.leave()
        shutil.rmtree(var)
        assert Places(var).socket.exists()
        assert start().ask("SELECT 1") == "1"

    @pytest.mark.parametrize("whose", ["this test", "nobody"])
    def test_is_not_misled_by_the_pid_file_of_before_a_restart_of_the_machine(self, start, var, whose):
        user = start()
        user.ask("SELECT 1")
        pid_file = Places(var).data(find_binaries().major) / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        kill(Server(var).everything())
        user.leave()
        assert Server(var).has_stopped()
        pid = os.getpid() if whose == "this test" else psutil.pids()[-1] + 1_000_000
        pid_file.write_text("\n".join([str(pid), *lines[1:]]) + "\n")
        assert start().ask("SELECT 1") == "1"


class TestRefusal:
    def test_of_data_of_another_major_version_touches_nothing(self, var):
        major = find_binaries().major
        old = Places(var).data(major - 1)
        old.mkdir(parents=True)
        (old / "PG_VERSION").write_text(f"{major - 1}\n")
        with pytest.raises(ServerProblem) as problem:
            ensure_running(var)
        for word in (
            f"PostgreSQL {major - 1}",
            f"PostgreSQL {major}",
            "pg_dump",
            "DATABASE_URL",
            "Nothing was changed",
        ):
            assert word in str(problem.value)
        assert not Places(var).data(major).exists()
        assert [file.name for file in old.iterdir()] == ["PG_VERSION"]

    def test_reaches_the_terminal_as_one_sentence(self, tmp_path, var):
        major = find_binaries().major
        (Places(var).data(major + 1)).mkdir(parents=True)
        done = subprocess.run(
            [sys.executable, HOME / "manage.py", "migrate"],
            env=os.environ | {"PORTAL_VAR": str(var), "DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert f"PostgreSQL {major + 1}" in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

    def test_of_a_folder_without_a_version_names_the_folder(self, var):
        data = Places(var).data(find_binaries().major)
        data.mkdir(parents=True)
        with pytest.raises(ServerProblem, match="holds no data"):
            ensure_running(var)
        assert not list(data.iterdir())

    def test_of_a_socket_folder_that_others_can_enter(self, var):
        var.mkdir()
        folder = Places(var).socket
        folder.mkdir()
        folder.chmod(0o755)
        with pytest.raises(ServerProblem, match="made by somebody else"):
            ensure_running(var)

    def test_of_a_full_disk_leaves_nothing_half_made(self, tmp_path):
        program = [sys.executable, str(Path(__file__).with_name("user.py")), str(tmp_path / "disk" / "var")]
        done = on_a_small_disk(
            tmp_path / "disk",
            "12m",
            ["sh", "-c", 'echo "SELECT 1" | "$@"; ls "$3"', "sh", *program],
            env=os.environ | {"PYTHONPATH": str(HOME)},
        )
        if done:
            assert "is full" in done.stdout
            assert "postgres-run" in done.stdout.splitlines()
            assert "postgres-1" not in done.stdout

    def test_where_no_programs_are_names_the_setting(self, monkeypatch, tmp_path):
        monkeypatch.setattr(sys, "path", [])
        monkeypatch.setattr(sys, "path_importer_cache", {})
        monkeypatch.setattr(binaries, "_from_debian", lambda: None)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(ServerProblem, match="DATABASE_URL"):
            find_binaries()


class TestPrograms:
    def test_are_those_on_the_path_where_the_package_has_none(self, monkeypatch):
        packaged = find_binaries()
        monkeypatch.setattr(binaries, "_from_package", lambda: None)
        monkeypatch.setenv("PATH", str(packaged.folder))
        assert find_binaries() == packaged

    def test_run_on_the_server_by_name(self, used, var, start):
        done = subprocess.run(
            [sys.executable, "-m", "portal.embedded", "psql", "-Atc", "SELECT current_user"],
            env=os.environ | {"PORTAL_VAR": str(var), "DATABASE_URL": ""},
            cwd=HOME,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout.strip(), done.stderr, done.returncode) == ("portal", "", 0)


class TestAccount:
    def test_of_an_ordinary_user_runs_the_server_itself(self, tmp_path):
        before: tuple[str, ...] = ()
        if os.geteuid() == 0:  # someone who may pass through the folders of this checkout, and no more
            rights = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
            ids = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
            before = ("setpriv", *ids, *rights, "--securebits=+no_setuid_fixup")
        home = tmp_path / "home"
        home.mkdir()
        if before:
            os.chown(home, NOBODY, NOBODY)
        for folder in _var(home / "var"):
            user = User(folder, before=before)
            assert user.ask("SELECT 1") == "1"
            owners = {process.uids().effective for process in Server(folder).everything()}
            assert owners == {NOBODY if before else os.geteuid()}
            user.leave()
            assert Server(folder).has_stopped()

    def test_of_its_own_runs_the_server_for_root(self, start, var):
        if os.geteuid() != 0:
            warnings.warn("NOT TESTED: what root does can only be tested as root", stacklevel=1)
            return
        var.parent.chmod(0o700)  # which that account may not enter
        assert start().ask("SELECT 1") == "1"
        (postmaster,) = Server(var).postmasters()
        assert postmaster.username() == ACCOUNT
        assert var.parent.stat().st_mode & 0o777 == 0o700

    def test_of_its_own_is_made_once_when_many_ask_at_once(self):
        if os.geteuid() != 0:
            warnings.warn("NOT TESTED: what root does can only be tested as root", stacklevel=1)
            return
        name = f"portal-test-{os.getpid()}"
        program = (
            f"from portal.embedded import account; account.ACCOUNT = {name!r}\n"
            "input(); print(account.account_of_its_own().pw_uid)"
        )
        asking = [
            subprocess.Popen(
                [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME
            )
            for _ in range(6)
        ]
        try:
            for process in asking:
                assert process.stdin
                process.stdin.write("\n")
                process.stdin.flush()
            told = {process.communicate(timeout=60)[0].strip() for process in asking}
            assert told == {str(pwd.getpwnam(name).pw_uid)}
        finally:
            subprocess.run(["userdel", name], capture_output=True, check=False)

    def test_of_its_own_takes_over_data_that_root_copied(self, used, start, var):
        if os.geteuid() != 0:
            warnings.warn("NOT TESTED: what root does can only be tested as root", stacklevel=1)
            return
        user = start()
        user.ask("CREATE TABLE note ()")
        user.leave()
        assert Server(var).has_stopped()
        for path in (data := Places(var).data(find_binaries().major), *data.rglob("*")):
            os.chown(path, 0, 0)
        assert start().ask("SELECT count(*) FROM note") == "0"


@pytest.mark.usefixtures("used")
class TestLetters:
    @pytest.mark.parametrize(
        ("how", "expected"),
        [
            ("ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'", ""),
            ("ENCODING 'UTF8' LC_CTYPE 'C'", "portal.E003"),
            ("ENCODING 'LATIN1' LC_CTYPE 'POSIX'", "portal.E002 portal.E003"),
        ],
    )
    def test_of_the_database_are_checked(self, start, how, expected):
        assert start().ask(f"CREATE DATABASE other TEMPLATE template0 {how}") == "done"
        assert start(database="other").ask("checks") == expected
