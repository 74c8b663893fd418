"""What a process held in memory at most, without what the process that started it held."""

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def own_peak() -> int:
    """Return the kB that this process held at most (Linux).

    ru_maxrss is no answer: the kernel takes it over from the process that started this one, which in the suite is a
    worker of many hundred MB, so that it says too much, and says that nothing grew where much did.
    """
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


def children_peak() -> int:
    """Return the kB that the largest ended child of this process held, or this process when it started it."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def run_measured(command: Sequence[str], content: bytes) -> tuple[bytes, int]:
    """Run a command with this input; return what it printed and the kB it held at most.

    Raises subprocess.CalledProcessError where it does not end well.
    """
    done = subprocess.run([sys.executable, "-c", _CHILD, *command], input=content, capture_output=True, check=True)
    return done.stdout, int(done.stderr.split()[-1])
