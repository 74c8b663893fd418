"""A disk so small that it gets full."""

import os
import subprocess
import warnings
from pathlib import Path

NONE = 99  # exit code where no such disk can be had


def on_a_small_disk(
    folder: Path, size: str, command: list[str], **options: str | Path | dict[str, str]
) -> subprocess.CompletedProcess[str] | None:
    """Run a command that finds `folder` on a disk of that size, in a namespace of its own.

    Return None, and warn, where the kernel gives no namespaces to this account.
    """
    folder.mkdir()
    mount = f'mount -t tmpfs -o size={size} tmpfs "$0" || exit {NONE}; '
    if os.geteuid() == 0:
        call = ["unshare", "--mount", "sh", "-c", mount + 'exec "$@"']
    else:  # root in a namespace of its own, for the mount; then whoever we were
        back = f'exec unshare --user --map-user={os.getuid()} --map-group={os.getgid()} "$@"'
        call = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount + back]
    done = subprocess.run(  # type: ignore[call-overload]
        [*call, str(folder), *command], capture_output=True, text=True, check=False, **options
    )
    if done.returncode == NONE or done.stderr.startswith("unshare:"):
        warnings.warn(f"NOT TESTED: no small disk can be had here to fill it: {done.stderr}", stacklevel=2)
        return None
    return done  # type: ignore[no-any-return]
