"""The secret key of a trial."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def trial_secret_key(var: Path) -> str:
    """Return the key kept in `var/secret-key`; make it on the first call, once, whoever calls at the same time."""
    file = var / "secret-key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        return file.read_text()
    except FileNotFoundError:
        draft = var / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(get_random_secret_key())
        try:
            os.link(draft, file)  # fails where another process was quicker; its key holds
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return file.read_text()
