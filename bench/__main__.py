"""Measure in a database of its own, which is gone afterwards: `make bench`, or ARGS="compile" / ARGS="pages"."""

import argparse
import json
import os
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

    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=["compile", "pages", []], help="default: both")
    chosen = parser.parse_args().what or ["compile", "pages"]

    django.setup()
    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with TemporaryDirectory() as files, override_settings(MEDIA_ROOT=files):
            run(chosen)
    finally:
        teardown_databases(databases, verbosity=0)


def run(chosen: list[str]) -> None:
    from django.core.management import call_command

    from bench import compilations, pages

    if "compile" in chosen:
        compilations.measure(emit)
    if "pages" in chosen:
        call_command("collectstatic", interactive=False, verbosity=0)
        pages.measure(emit)


if __name__ == "__main__":
    main()
