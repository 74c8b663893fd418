"""The child processes that read files of unknown origin: each answers within limits of memory and time, as JSON."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

from reporting.compilation.renderers import RendererError, Tools
from reporting.compilation.renderers.process import run
from reporting.importing.blocks import Source, from_json
from reporting.verification.reader import Problem

logger = logging.getLogger(__name__)

TEXT_READER = Path(__file__).with_name("text_reader.py")
MEGABYTES = 768  # of address space to read a text; the longest that is read takes 400
SECONDS = 60


def ask(reader: Path, *arguments: str, content: bytes, tools: Tools) -> dict[str, Any]:
    """Return what a reader says of a file. Raises Problem: with its own word, or `too_large` where it was ended."""
    command = [sys.executable, "-I", str(reader), *arguments]
    try:
        answer: dict[str, Any] = json.loads(run(command, content, name=reader.stem, tools=tools))
    except RendererError as error:
        logger.warning("A file could not be read to its end: %s", error)
        raise Problem("too_large") from None
    if "problem" in answer:
        raise Problem(answer["problem"])
    return answer


def text(content: bytes, *, megabytes: int = MEGABYTES, seconds: int = SECONDS) -> Source:
    """Return what a text file says. Raises Problem."""
    tools = Tools(seconds=seconds * 3)  # of the clock: the limit counts the time of the processor
    return from_json(ask(TEXT_READER, str(megabytes), str(seconds), content=content, tools=tools))
