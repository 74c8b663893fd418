"""Messages as files, for a trial: kombu's transport, made safe for two workers that read while another process writes.

kombu writes a message where readers already see it, and moves it to the temporary folder to read it, which copies where
that is another disk. A worker that reads half a message ends. Here a message appears whole and is taken by renaming it.
"""

import contextlib
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

ATTEMPTS = 50


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def get_table(self, exchange: str) -> Any:
        return _when_whole(super().get_table, exchange)

    def _queue_bind(self, *args: Any) -> None:
        _when_whole(super()._queue_bind, *args)

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # as kombu itself
        """Write a message beside the others, then give it the name that readers look for."""
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020}_{uuid.uuid4()}"
        draft = folder / f"{name}.draft"
        try:
            draft.write_text(dumps(payload))
            draft.rename(folder / f"{name}.{queue}.msg")
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the oldest message of the queue and remove it. Raises Empty."""
        folder = Path(self.data_folder_in)
        for file in sorted(folder.iterdir()):
            if file.name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = file.with_name(f"{file.name}.taken-by-{os.getpid()}")
            with contextlib.suppress(FileNotFoundError):  # another worker was quicker
                file.rename(taken)
                message = loads(taken.read_text())
                taken.unlink()
                return message
        raise Empty


def _when_whole(act: Callable[..., Any], *args: Any) -> Any:
    """Do what reads a table of kombu's; again when another process was just writing its first line."""
    for _ in range(ATTEMPTS):
        try:
            return act(*args)
        except ValueError:  # of JSON
            time.sleep(0.02)
    return act(*args)


class Transport(filesystem.Transport):
    Channel = Channel
