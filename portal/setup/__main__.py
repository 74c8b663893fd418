"""`python3 -m portal.setup [--dev] [--port N] [program argument ...]`, run in the folder of the checkout.

Sets the checkout up and becomes the program, run by the Python of the environment. With `--port` it ends at once where
that port is taken.
"""

import argparse
import os
import sys
from pathlib import Path

from portal.setup import port, terminal
from portal.setup.environment import SetupError, set_up


def main() -> int:
    """Return the exit code, unless it becomes the program."""
    parser = argparse.ArgumentParser(prog="python3 -m portal.setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests, checks and measurements need")
    parser.add_argument("--port", type=int, help="the port that has to be free")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="what to run then")
    options = parser.parse_args()
    home = Path(__file__).resolve().parents[2]
    terminal.take()
    try:
        if options.port is not None:
            port.require_free(options.port)
        python = set_up(home, development=options.dev)
    except (SetupError, port.PortTaken) as problem:
        print(problem, file=sys.stderr)
        terminal.give_back()
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        terminal.give_back()
        return 0
    if not options.program:
        terminal.give_back()
        return 0
    environment = os.environ | {"PATH": os.pathsep.join((str(python.parent), os.environ.get("PATH", os.defpath)))}
    return os.execve(python, [str(python), *options.program], environment)  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    sys.exit(main())
