"""Files of unknown origin: taken in within limits, and read by a child process that gives all its memory back."""

import errno
import json
import logging
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.common.errors import PersonError
from reporting.compilation.renderers import RendererError, Tools
from reporting.compilation.renderers.process import run

logger = logging.getLogger(__name__)

LIMIT = 25 * 1024 * 1024  # bytes; a submission of 1,000 initiatives takes 5 million
READER = Path(__file__).with_name("reader.py")


class CannotTake(PersonError):
    """A file that is not read at all; says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """What reading may use."""

    megabytes: int = 1024  # of address space
    seconds: int = 80  # a PDF of 1,000 initiatives takes 30, most for the dots of its contents list


@dataclass(frozen=True)
class Reading:
    """What a file says of itself."""

    format: str = ""  # by its content; empty where it is none of ours
    fingerprint: str = ""  # that it names; of a JSON file, the one that it has
    portal: str = ""
    paragraphs: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # of a PDF, a text for each page
    properties: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)  # of a package: hashes by name
    problem: str = ""  # why it could not be read to its end: encrypted, too_large, damaged


def read(content: bytes, limits: Limits | None = None) -> Reading:
    """Read a file. Whatever it holds, this answers within the limits and raises nothing."""
    limits = limits or Limits()
    command = [sys.executable, "-I", str(READER), str(limits.megabytes), str(limits.seconds)]
    try:
        answer = run(command, content, name="reader", tools=Tools(seconds=limits.seconds + 2))
    except RendererError as error:
        logger.warning("A file of %s bytes could not be read to its end: %s", len(content), error)
        return Reading(problem="too_large")
    return Reading(**json.loads(answer))


class Budget:
    """Reads several files within the limits for one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ends = time.monotonic() + limits.seconds

    def read(self, content: bytes) -> Reading:
        """Read a file in the time that is left."""
        seconds = int(self.ends - time.monotonic())
        return read(content, replace(self.limits, seconds=seconds)) if seconds > 0 else Reading(problem="too_large")


def why(problem: str) -> str:
    """Return the problem of a reading as a sentence."""
    return {
        "encrypted": _("The file is protected by a password, so it cannot be read."),
        "too_large": _("Reading the file takes more time or memory than is given to a file."),
        "damaged": _("The file is damaged, or it is not what it seems to be: it cannot be read to its end."),
    }[problem]


def too_large() -> CannotTake:
    return CannotTake(
        _("The file is larger than %(limit)s, the most that is taken. No sealed file is that large.")
        % {"limit": filesizeformat(LIMIT)}
    )


def is_empty() -> CannotTake:
    return CannotTake(_("The file is empty."))


def load(path: Path) -> bytes:
    """Return what is in a file on this machine. Raises CannotTake."""
    try:
        if path.is_dir():
            raise CannotTake(_("%(path)s is a folder. Name a file.") % {"path": path})
        if path.exists() and not path.is_file():
            raise CannotTake(_("%(path)s is no ordinary file.") % {"path": path})
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise CannotTake(_("There is no file %(path)s.") % {"path": path}) from None
    except PermissionError:
        raise CannotTake(_("You may not read the file %(path)s.") % {"path": path}) from None
    except (OSError, ValueError) as error:  # a name that is too long, or has a NUL in it
        reason = error.strerror if isinstance(error, OSError) and error.errno != errno.EINVAL else None
        raise CannotTake(
            _("The file %(path)s cannot be read: %(reason)s.")
            % {"path": path, "reason": reason or _("its name is wrong")}
        ) from None
    if len(content) > LIMIT:
        raise too_large()
    if not content:
        raise is_empty()
    return content
