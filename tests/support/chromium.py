"""The Chromium of the browser tests: `python -m tests.support.chromium` makes sure that there is one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (  # without these it looks for Google's hosts at every start; containers have no sandbox for it
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each window would keep a process of its own ready for what pops up below an address bar that nobody sees.
    # Chromium heeds only the last of such lists, so what Playwright turns off stands here again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled,LensOverlay,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning",
)


class NoChromium(Exception):
    """No browser can be had; its text is a sentence that tells what to do."""


def chromium_path() -> str | None:
    """Return the browser installed on this machine, for `launch(executable_path=...)`; None means Playwright's own.

    The variable CHROMIUM names one; else the usual names are looked for.
    """
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def make_sure() -> None:
    """Install a Chromium where there is none: Debian's package, else Playwright's download. Raises NoChromium."""
    if path := chromium_path():
        if not _starts(path):
            raise NoChromium(f"{path} does not start. Install another Chromium, or name one in the variable CHROMIUM.")
        return
    if _playwright_has_one() or _install_with_apt() or _install_with_playwright():
        return
    raise NoChromium(
        "The browser tests need Chromium, and none could be installed. "
        "Install one (on Debian: sudo apt-get install chromium), or name one in the variable CHROMIUM."
    )


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path.exists() and _starts(str(path))


def _install_with_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Debian's package chromium for the browser tests ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, check=False)
    path = chromium_path()
    return path is not None and _starts(path)


def _install_with_playwright() -> bool:
    print("Installing Playwright's Chromium for the browser tests ...", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return _playwright_has_one()


if __name__ == "__main__":
    try:
        make_sure()
    except NoChromium as problem:
        sys.exit(str(problem))
