"""Gives each test process a `var` of its own, before Django reads its settings (see `-p` in pyproject.toml).

So two processes never share a queue, and the tests never touch the data of a trial that runs beside them.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

_var = Path(os.environ.get("PORTAL_VAR") or ROOT / "var")
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["PORTAL_TEST_VAR"] = str(_var / "test")
os.environ["PORTAL_VAR"] = str(Path(os.environ["PORTAL_TEST_VAR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main"))

# A whole run asks the API more often than any visitor may; the tests of the limits set their own.
os.environ |= {"API_RATE_VISITOR": "", "API_RATE_PERSON": "", "API_RATE_TOKEN": ""}
