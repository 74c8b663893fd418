"""What commands share that wait for a worker."""

import time

from tqdm import tqdm

from reporting.choices import CompilationState
from reporting.models import Compilation

POLL = 0.2  # seconds between two looks at the row
SILENCE = 20  # seconds without a worker before the command says what may be wrong


def wait_for(compilation: Compilation) -> None:
    """Show a progress bar until the job has ended, well or not."""
    if not compilation.is_unfinished:
        return
    waited_since = time.monotonic()
    hinted = False
    with tqdm(
        total=100, desc=str(compilation), unit="%", bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}"
    ) as bar:
        while compilation.is_unfinished:
            time.sleep(POLL)
            compilation.refresh_from_db()
            bar.update(max(0, compilation.progress - bar.n))
            if compilation.state == CompilationState.RUNNING:
                waited_since = time.monotonic()
            elif time.monotonic() - waited_since > SILENCE and not hinted:
                hinted = True
                bar.write("No worker has taken the job yet. Start one: celery -A portal worker --pool solo")
