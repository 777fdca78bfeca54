"""A browser for the page tests: found, or installed from the distribution where we may."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """A browser that starts. Ubuntu's `chromium-browser` is only a hint to its snap: asking its version tells."""
    for name in (os.environ.get("YZ_CHROMIUM", ""), *NAMES):
        path = shutil.which(name) if name else None
        if not path:
            continue
        try:
            done = subprocess.run([path, "--version"], capture_output=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return path
    return None


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    done = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(done.stdout.strip())


def install(missing: tuple[str, ...], log: Path) -> bool:
    """Install Debian's packages when we are root; True when that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as file:
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing],
        ):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment)
        return done.returncode == 0


def ensure(log: Path) -> tuple[str | None, list[str]]:
    """The browser (None: cannot be had) and what to tell the reader."""
    path, font = find(), has_chinese_font()
    missing = tuple(name for name, here in zip(PACKAGES, (path, font), strict=True) if not here)
    if missing and install(missing, log):
        path, font = find(), has_chinese_font()
    said = []
    if not path:
        said.append("No Chromium: the tests in a real browser are SKIPPED. Install it:  apt-get install chromium")
    if not font:
        said.append("No Chinese font: pages are drawn with missing glyphs.  apt-get install fonts-noto-cjk")
    return path, said
