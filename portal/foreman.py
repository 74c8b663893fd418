"""`python -m portal.foreman NAME ...`: runs processes of the Procfile under honcho until it is told to stop."""

import os
import sys
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"


class Foreman(Manager):
    """honcho's manager, which may be told to stop at any moment: its own fails while processes are still starting."""

    told_to_stop = False
    parent = os.getppid()

    def terminate(self) -> None:
        self.told_to_stop = True
        if super()._all_started():
            super().terminate()

    def _all_started(self) -> bool:
        """Asked ten times a second, so it is the place to see that we have to stop."""
        started: bool = super()._all_started()
        if started and (self.told_to_stop or os.getppid() != self.parent):  # whoever started us was killed
            super().terminate()  # once; a second time it does nothing
        return started

    def _system_print(self, data: str) -> None:
        if not self.told_to_stop:  # what ends then ends because we want it
            super()._system_print(data)


def main(names: list[str]) -> int:
    """Run the named processes. Return 0 after an order to stop, else the code of the one that ended by itself."""
    commands = parse_procfile(PROCFILE.read_text()).processes
    manager = Foreman(Printer(sys.stdout, colour=False))
    for name in names:
        manager.add_process(name, commands[name], env=os.environ)
    manager.loop()
    return 0 if manager.returncode in (130, 143) else int(manager.returncode or 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
