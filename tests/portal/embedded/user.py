"""A process that uses the embedded server through Django, as the portal does.

`python user.py VAR [DATABASE]` runs each line of its input as SQL, treats it as a request of its own (connections are
looked at before) and prints the first value of the first row. It ends with its input.
"""

import sys
from pathlib import Path

import django
from django.conf import settings

database = sys.argv[2] if len(sys.argv) > 2 else "portal"
settings.configure(
    VAR=Path(sys.argv[1]),
    DATABASES={
        "default": {
            "ENGINE": "portal.embedded.backend",
            "NAME": database,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    },
)
django.setup()

from django.core import checks  # noqa: E402
from django.db import DatabaseError, close_old_connections, connection  # noqa: E402

import portal.checks  # noqa: E402, F401

for line in sys.stdin:
    close_old_connections()
    try:
        if line.strip() == "checks":
            answer = " ".join(message.id or "" for message in checks.run_checks(databases=["default"]))
        else:
            with connection.cursor() as cursor:
                cursor.execute(line)
                answer = cursor.fetchone()[0] if cursor.description else "done"
    except DatabaseError as error:
        answer = f"{type(error).__name__}: {error}".replace("\n", " ")
    print(answer, flush=True)
