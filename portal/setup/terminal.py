"""Takes the terminal, so that Ctrl-C reaches us and not the `make` that started us.

`make` answers Ctrl-C with an error of its own, however well we end. A terminal sends Ctrl-C to the process group in its
foreground; so we form a group of our own and bring it there. Where there is no terminal nothing happens.
"""

import os
import signal


def take() -> None:
    """Become the foreground of the terminal, if the group we were started in is it now."""
    try:
        if os.tcgetpgrp(0) != os.getpgrp() or os.getpgrp() == os.getpid():
            return
        os.setpgid(0, 0)
        _bring_forward(os.getpgrp())
    except OSError:
        return
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # Ctrl-Z would stop us alone, and `make` would wait for ever


def give_back() -> None:
    """Bring the group of our parent forward again."""
    try:
        if os.tcgetpgrp(0) == os.getpgrp():
            _bring_forward(os.getpgid(os.getppid()))
    except OSError:
        return


def _bring_forward(group: int) -> None:
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # which stops who does this from the background
    try:
        os.tcsetpgrp(0, group)
    finally:
        signal.signal(signal.SIGTTOU, before)
