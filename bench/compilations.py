"""How long a compilation takes beside its renderers, and how much memory each process needs."""

import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from tempfile import TemporaryFile

from django.utils import timezone

from bench.records import submission_of
from reporting.compilation import run
from reporting.compilation.renderers import process
from reporting.services.compilations import request_compilation

SIZES = [10, 100, 1000]
Emit = Callable[..., None]


class Watched:
    """Runs the renderers as `process.run` does, and keeps the time and the peak memory of each."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.peak_mib: dict[str, int] = defaultdict(int)

    def run(self, command: Sequence[str], data: bytes, *, name: str, tools: process.Tools) -> bytes:
        with TemporaryFile() as given, TemporaryFile() as printed:
            given.write(data)
            given.seek(0)
            started = time.perf_counter()
            child = subprocess.Popen(command, stdin=given, stdout=printed, env=process._environment())
            _pid, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.seconds[name] += time.perf_counter() - started
            self.peak_mib[name] = max(self.peak_mib[name], usage.ru_maxrss // 1024)
            if child.returncode:
                raise SystemExit(f"{name} ended with {child.returncode}")
            printed.seek(0)
            return printed.read()


def measure(emit: Emit) -> None:
    """Print for each size: the whole, the renderers alone on the same trees, their ratio, and peaks of memory."""
    for size in SIZES:
        submission = submission_of(size)
        watched = Watched()
        plain, process.run = process.run, watched.run
        try:
            compilation = request_compilation(submission=submission, now=timezone.now())
            claimed = run.claim_compilation(compilation_id=compilation.pk, now=timezone.now())
            started = time.perf_counter()
            run.compile_submission(compilation=claimed)
            whole = time.perf_counter() - started
        finally:
            process.run = plain
        compilation.refresh_from_db()
        renderers = sum(watched.seconds.values())
        emit(
            bench="compile",
            initiatives=size,
            formats=compilation.formats,
            seconds=round(whole, 2),
            renderers_seconds={name: round(seconds, 2) for name, seconds in watched.seconds.items()},
            ratio=round(whole / renderers, 2),
            peak_mib={**watched.peak_mib, "worker": _peak_mib()},
            bytes={f"{artifact.part} {artifact.format}": artifact.size for artifact in compilation.artifacts.all()},
        )


def _peak_mib() -> int:
    """Peak memory of this process, which does what a worker does."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 if sys.platform == "linux" else 1024**2)
