"""Measure in a database of its own, which is gone afterwards.

`make bench` compiles, asks for pages and takes a workbook in; ARGS="compile", "pages", "desk" or "workbooks" does one.
ARGS=load makes the reference load at two scales, which takes minutes; ARGS="load --scales 0.01 0.1" is quicker.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ["PORTAL_VAR"] = str(Path(os.environ.get("PORTAL_VAR") or ROOT / "var") / "bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


def emit(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def main() -> None:
    import django
    from django.test.utils import override_settings, setup_databases, setup_test_environment, teardown_databases

    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["compile", "pages", "desk", "workbooks", "load", []])
    parser.add_argument("--scales", nargs="+", type=float, default=[0.1, 1], help="of the load; default: 0.1 and 1")
    arguments = parser.parse_args()
    chosen = arguments.what or ["compile", "pages", "desk", "workbooks"]

    django.setup()
    setup_test_environment(debug=False)

    @contextmanager
    def empty_database() -> Iterator[None]:
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            with TemporaryDirectory() as files, override_settings(MEDIA_ROOT=files):
                yield
        finally:
            teardown_databases(databases, verbosity=0)

    if {"compile", "pages", "desk", "workbooks"} & set(chosen):
        with empty_database():
            run(chosen)
    if "load" in chosen:
        run_load(arguments.scales, empty_database)


def run(chosen: list[str]) -> None:
    from django.core.management import call_command

    from bench import compilations, desk, pages, workbooks
    from portal.common.collecting import settle

    settle()  # as the web server and the workers do
    if "compile" in chosen:
        compilations.measure(emit)
    if {"pages", "desk"} & set(chosen):
        call_command("collectstatic", interactive=False, verbosity=0)
    if "pages" in chosen:
        pages.measure(emit)
    if "desk" in chosen:
        desk.measure(emit)
    if "workbooks" in chosen:
        workbooks.measure(emit)


def run_load(scales: list[float], empty_database: Callable[[], AbstractContextManager[None]]) -> None:
    from django.core.management import call_command

    from bench import load

    call_command("collectstatic", interactive=False, verbosity=0)
    smaller: dict[str, float] = {}
    for scale in sorted(scales):
        with empty_database():
            load.make(scale)
            load.measure(emit, scale=scale, smaller=smaller)


if __name__ == "__main__":
    main()
