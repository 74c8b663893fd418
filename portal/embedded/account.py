"""As whom PostgreSQL runs: it refuses to run as root."""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.places import ACCOUNT, ServerProblem

WAYS_TO_MAKE_IT = (
    ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"),
    ("adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/bin/false"),  # of BusyBox
)


def account_of_its_own() -> pwd.struct_passwd:
    """Return the system account for the server, made when missing. Only for root. Raises ServerProblem.

    One process makes it at a time: of two `useradd` at once the later puts another number in the place of the first,
    whose server then belongs to nobody.
    """
    with _lock_of("/etc"):
        for command in ((), *WAYS_TO_MAKE_IT):
            if command and shutil.which(command[0]):
                subprocess.run([*command, ACCOUNT], capture_output=True, check=False)
            try:
                return pwd.getpwnam(ACCOUNT)
            except KeyError:
                continue
    raise ServerProblem(
        f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made for it: make one of that name, "
        "run the portal as an ordinary user, or set DATABASE_URL to a server that runs elsewhere."
    )


@contextmanager
def _lock_of(folder: str) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hand_over(folder: Path) -> None:
    """Give a folder that belongs to root, with all in it, to the account of the server. Only for root."""
    account = account_of_its_own()
    for parent, _, files in os.walk(folder):
        for path in (Path(parent), *(Path(parent) / file for file in files)):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def way_to_run(*, program: Path, folder: Path) -> list[str]:
    """Return what stands before the command of a server that works in `folder`.

    It makes the server stop when the guardian dies, and as root it changes to the owner of the folder. That account
    need not be allowed into the parents of the two paths (think of /root): then it gets the one capability to pass
    through closed folders, rather than that we open them. The ways are tried, from the least to the most it takes.
    Raises ServerProblem when none works.
    """
    ways: list[list[str]]
    if os.geteuid() == 0:
        facts = folder.stat()
        change = ["--reuid", str(facts.st_uid), "--regid", str(facts.st_gid), "--clear-groups", "--pdeathsig", "INT"]
        rights = (["--inh-caps=-all"], _passing("dac_read_search"), _passing("dac_override"))
        ways = [["setpriv", *change, *right] for right in rights]
    else:
        ways = [["setpriv", "--pdeathsig", "INT"], []]  # not every system has the setpriv of util-linux
    for way in ways:
        if _works(way, program, folder):
            return way
    raise ServerProblem(
        f"PostgreSQL cannot work in {folder}: running it from the account root takes setpriv (of util-linux) and the "
        "right to enter that folder. Run the portal as an ordinary user, or set DATABASE_URL to a server that runs "
        "elsewhere."
    )


def _passing(capability: str) -> list[str]:
    """PostgreSQL asks access(2), which heeds the capabilities of an ordinary user only without setuid fix-ups."""
    return [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]


def _works(way: list[str], program: Path, folder: Path) -> bool:
    try:
        attempt = [*way, "sh", "-c", 'test -x "$0" && cd "$1"', str(program), str(folder)]
        return subprocess.run(attempt, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
