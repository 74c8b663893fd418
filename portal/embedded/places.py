"""Where the files of the embedded server lie, and the locks on them."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

USER = "portal"
DATABASE = "portal"
ACCOUNT = "portal-postgres"  # of the operating system, for a server that root starts
PORT = "5432"  # names the socket, no TCP port is opened; given everywhere, since PGPORT may say otherwise
READY = "ready"  # what the guardian says when the server accepts connections


class ServerProblem(Exception):
    """The server cannot run; its text is a sentence that tells a person why and what to do."""


@dataclass(frozen=True)
class Places:
    """The files of one server; `var` is an absolute path."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "postgres-run"

    @property
    def users_lock(self) -> Path:
        return self.run / "users"

    @property
    def guardian_lock(self) -> Path:
        return self.run / "guardian"

    @property
    def log(self) -> Path:
        return self.run / "log"

    @property
    def socket(self) -> Path:
        """Short whatever `var` is, the same for everyone who uses this `var`."""
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]
        return Path("/tmp") / f"portal-{name}"  # noqa: S108 - private, and its owner is checked before each use

    def data(self, major: int) -> Path:
        return self.var / f"postgres-{major}"

    def majors(self) -> list[int]:
        """Return the major versions that have data here, the newest first."""
        names = (folder.name.removeprefix("postgres-") for folder in self.var.glob("postgres-*"))
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)


def open_lock(file: Path) -> int:
    """Open a lock file, made when missing, and return its descriptor. Raises ServerProblem where it may not."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise ServerProblem(
            f"{file.parent} belongs to another account. Run the portal as that account, "
            "or set PORTAL_VAR to a folder of your own."
        ) from error


def try_lock(descriptor: int, kind: int) -> bool:
    """Take a lock (fcntl.LOCK_SH or LOCK_EX) if it is free now, and tell whether it was."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def check_socket_folder(places: Places) -> None:
    """Raise ServerProblem when the socket folder is not one of ours: anybody may make folders in /tmp."""
    try:
        facts = places.socket.lstat()
    except FileNotFoundError:
        return
    ours = {os.geteuid()}
    if os.geteuid() == 0:  # then the server runs as the account that owns the data, else as one of its own
        ours |= {places.data(major).stat().st_uid for major in places.majors()}
        with contextlib.suppress(KeyError):
            ours.add(pwd.getpwnam(ACCOUNT).pw_uid)
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in ours or facts.st_mode & 0o077:
        raise ServerProblem(
            f"{places.socket} was made by somebody else, so the database server will not be reached through it. "
            "Have it removed, or set PORTAL_VAR to another folder."
        )
