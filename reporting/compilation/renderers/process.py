"""Runs a renderer as a short-lived child process, within limits of time and memory.

A child gives all its memory back when it ends, which Typst inside a worker never would, and a text that drives a
renderer mad takes no worker with it.
"""

import errno
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc
from django.utils.translation import gettext as _

from reporting.compilation.renderers.errors import RendererFailed, RendererTimedOut

TYPESETTER = Path(__file__).with_name("typesetter.py")


def _pandoc() -> tuple[str, ...]:
    """Return the pandoc of the pinned package, not the newest one that this machine happens to have."""
    bundled = Path(pypandoc.__file__).with_name("files") / "pandoc"
    return (str(bundled) if bundled.exists() else pypandoc.get_pandoc_path(),)


def _typesetter() -> tuple[str, ...]:
    return (sys.executable, "-I", str(TYPESETTER))


@dataclass(frozen=True)
class Tools:
    """The programs that render, and what each run of one may use."""

    pandoc: Sequence[str] = field(default_factory=_pandoc)
    typesetter: Sequence[str] = field(default_factory=_typesetter)
    seconds: float = 300  # 1,000 initiatives take Typst 10 s on a small machine
    pandoc_megabytes: int = 1024  # of heap; 1,000 initiatives take 400
    typesetter_megabytes: int = 2048  # of address space; 1,000 initiatives take 1,000 of memory in 1,400 of space
    folder: Path | None = None  # for temporary files, None for that of the system


def pandoc(tools: Tools, arguments: Sequence[str], tree: str) -> bytes:
    """Return what pandoc writes for a tree. It reads no file but those that the arguments name."""
    limits = ["+RTS", f"-M{tools.pandoc_megabytes}m", "-RTS"]
    return run(
        [*tools.pandoc, "--from=json", "--wrap=none", *arguments, *limits], tree.encode(), name="pandoc", tools=tools
    )


def run(command: Sequence[str], data: bytes, *, name: str, tools: Tools) -> bytes:
    """Return what a command prints for the data on its standard input.

    Raises RendererTimedOut, RendererFailed, or OSError with ENOSPC where the disk is full.
    """
    try:
        done = subprocess.run(  # it is killed and waited for when the time is over
            list(command), input=data, capture_output=True, timeout=tools.seconds, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise RendererTimedOut(
            _("%(renderer)s did not end within %(seconds)s seconds.")
            % {"renderer": name, "seconds": f"{tools.seconds:g}"}
        ) from None
    except (FileNotFoundError, PermissionError) as error:
        raise RendererFailed(
            _("%(renderer)s cannot be started. Install the packages of requirements.txt again.") % {"renderer": name}
        ) from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip()
    if os.strerror(errno.ENOSPC) in said:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if done.returncode < 0 or "heap overflow" in said or "Heap exhausted" in said or "memory allocation" in said:
        raise RendererFailed(
            _("%(renderer)s was ended: it needed more memory than it may have, or the system stopped it.")
            % {"renderer": name}
        )
    raise RendererFailed(
        _("%(renderer)s could not make the file: %(said)s") % {"renderer": name, "said": " ".join(said.split())[-300:]}
    )


@contextmanager
def temporary_folder(tools: Tools) -> Iterator[Path]:
    """Give a folder that is gone afterwards, whatever happens."""
    with TemporaryDirectory(prefix="compilation-", dir=tools.folder) as folder:
        yield Path(folder)


@cache
def installed(package: str) -> str:
    """Return the version of an installed package, empty where it is not there."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


@cache
def pandoc_version(command: tuple[str, ...]) -> str:
    """Return what a pandoc says of itself. Raises RendererFailed where it cannot be asked."""
    said = run([*command, "--version"], b"", name="pandoc", tools=Tools(pandoc=command, seconds=30)).split()
    return said[1].decode() if len(said) > 1 else ""


def _environment() -> dict[str, str]:
    """Return what children see: neither secrets nor anything of this machine that could change a file."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    fixed = {"LANG": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": "315532800"}
    return {**kept, **fixed, "RAYON_NUM_THREADS": "2"}  # each thread of Typst takes address space of its own
