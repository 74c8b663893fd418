"""Child process that reads a text file of unknown origin: takes it from standard input, prints its blocks as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2])
)  # it is started in isolation, so that it finds nothing else

from reporting.importing import text
from reporting.importing.blocks import to_json
from reporting.verification.reader import Problem, confine


def main() -> None:
    confine(megabytes=int(sys.argv[1]), seconds=int(sys.argv[2]))
    answer: dict[str, Any]
    try:
        answer = to_json(text.read(sys.stdin.buffer.read()))
    except Problem as problem:
        answer = {"problem": str(problem)}
    except (MemoryError, RecursionError):
        answer = {"problem": "too_large"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
