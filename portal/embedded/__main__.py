"""Runs a program of PostgreSQL on the embedded server: `python -m portal.embedded pg_dump --file=portal.sql`."""

import os
import subprocess
import sys
from pathlib import Path

import django
from django.conf import settings

from portal.embedded.binaries import find_binaries
from portal.embedded.client import ensure_running
from portal.embedded.places import DATABASE, PORT, USER, Places, ServerProblem


def main(arguments: list[str]) -> int:
    """Run the program with its arguments and return its exit code; the server runs meanwhile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    var: Path = settings.VAR
    if not arguments:
        print(
            "Name a program of PostgreSQL and its arguments, as in: python -m portal.embedded pg_dump", file=sys.stderr
        )
        return 2
    try:
        program = find_binaries().folder / arguments[0]
        if not program.exists():
            raise ServerProblem(f"PostgreSQL has no program {arguments[0]} in {program.parent}.")
        ensure_running(var)
    except ServerProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    where = {"PGHOST": str(Places(var).socket), "PGPORT": PORT, "PGUSER": USER, "PGDATABASE": DATABASE}
    return subprocess.run([program, *arguments[1:]], env=os.environ | where, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
