"""The queue of a trial, which is a folder."""

import gc
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import kombu
import pytest
from kombu.simple import SimpleQueue

READERS = 4
END = -1  # of the messages for one reader


@contextmanager
def opened(folder: Path, name: str = "") -> Iterator[SimpleQueue]:
    """Open a queue; kombu remembers within a process which names it has seen, so each test has its own."""
    options = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), str(folder))
    options["polling_interval"] = 0.05
    with kombu.Connection("filesystem://", transport="portal.queue:Transport", transport_options=options) as connection:
        yield connection.SimpleQueue(name or folder.parent.name, no_ack=True)


def read_until_end(folder: Path) -> list[int]:
    found: list[int] = []
    with opened(folder) as queue:
        while (number := queue.get(timeout=60).payload) != END:
            found.append(number)
    return found


def write(folder: Path) -> None:
    with opened(folder) as queue:
        for number in [*range(200), *[END] * READERS]:
            queue.put(number)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "queue"


class TestMessages:
    def test_come_in_the_order_they_were_sent(self, folder):
        with opened(folder) as writer, opened(folder) as reader:
            for number in range(5):
                writer.put(number)
            assert [reader.get(block=False).payload for _ in range(5)] == [0, 1, 2, 3, 4]

    def test_go_to_one_of_several_processes_each(self, folder):
        """Which all start on an empty folder, while messages are written."""
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload([__name__])  # or each would load kombu by itself
        with ProcessPoolExecutor(READERS + 1, mp_context=processes) as pool:
            readers = [pool.submit(read_until_end, folder) for _ in range(READERS)]
            pool.submit(write, folder).result()
            found = [number for reader in readers for number in reader.result()]
        assert sorted(found) == list(range(200))

    def test_half_written_are_not_read(self, folder):
        with opened(folder) as queue:
            (folder / f"0_half.{folder.parent.name}.draft").write_text('{"bo')
            with pytest.raises(Empty):
                queue.get(block=False)

    def test_of_other_queues_stay(self, folder):
        with opened(folder, f"{folder.parent.name}-other") as other, opened(folder) as queue:
            other.put("stays")
            with pytest.raises(Empty):
                queue.get(block=False)
            assert other.get(block=False).payload == "stays"

    def test_leave_no_files_behind(self, folder):
        with opened(folder) as queue:
            queue.put("read")
            assert len(list(folder.glob("*.msg"))) == 1
            queue.get(block=False)
        assert [file.name for file in folder.iterdir() if file.suffix != ".exchange"] == []


class TestWorker:
    def test_looks_for_garbage_as_seldom_as_the_web_server(self):
        started = "import gc; from portal.celery import app; app.WorkController(pool='solo').pool.start()"
        said = subprocess.run(
            [sys.executable, "-c", f"{started}; print(gc.get_threshold(), gc.get_freeze_count() > 100_000)"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout == f"{gc.get_threshold()} True\n"
