"""`python -m tests.support.warm`: a process in which the portal is loaded, and of which workers are made by fork.

To load it takes a worker four seconds of work, of which none depends on the test. Each line that comes in is a JSON
list, the file for the output and the words of the command `celery`; the answer is a line with the process id.
"""

import json
import os
import runpy
import signal
import sys

from celery.apps import worker
from celery.bin import worker as command

from portal.celery import app


def main() -> None:
    app.loader.init_worker()  # all tasks, hence all of Django
    app.finalize()
    assert worker
    assert command
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    while line := sys.stdin.readline():
        log, *words = json.loads(line)
        if child := os.fork():
            print(child, flush=True)
        else:
            _become_worker(log, words)


def _become_worker(log: str, words: list[str]) -> None:
    """Do all that `celery` would do in a process of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for end, descriptor in enumerate((nothing, output, output)):
        os.dup2(descriptor, end)
    sys.argv = ["celery", *words]
    runpy.run_module("celery", run_name="__main__", alter_sys=False)
    sys.exit()


if __name__ == "__main__":
    main()
