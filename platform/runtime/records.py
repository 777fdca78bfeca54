"""Who we started: one JSON file per process, so that we stop exactly that process and no other.

A process id alone is not an identity, the kernel uses it again. Together with the moment the process started
(in ticks since boot) and the boot's own id it is one.
"""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.files import write_whole

PROC = Path("/proc")


def boot_id() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def started_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None when it is gone or a zombie."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The command's name stands in brackets and may hold spaces and brackets itself.
    fields = text.rpartition(")")[2].split()
    state, started = fields[0], int(fields[19])
    return None if state in "ZX" else started


@dataclass
class Record:
    """What is known of one started process; `facts` (ports and the like) outlive it."""

    path: Path
    pid: int | None = None
    started: int | None = None
    boot: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Record":
        """The record in `path`; an empty one when there is none or it cannot be read."""
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, held["pid"], held["started"], held["boot"], dict(held["facts"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path)

    def write(self) -> None:
        held = {"pid": self.pid, "started": self.started, "boot": self.boot, "facts": self.facts}
        write_whole(self.path, json.dumps(held, indent=1) + "\n")

    def took(self, pid: int, **facts: Any) -> None:
        """Remember a process just started."""
        self.pid, self.started, self.boot = pid, started_ticks(pid), boot_id()
        self.facts.update(facts)
        self.write()

    def forget(self) -> None:
        """The process is gone; its facts stay."""
        self.pid = self.started = None
        self.boot = ""
        if self.path.exists():
            self.write()

    @property
    def alive(self) -> bool:
        """The very process we started still runs."""
        if self.pid is None or self.started is None or self.boot != boot_id():
            return False
        return started_ticks(self.pid) == self.started

    def wait(self, seconds: float) -> bool:
        """True when the process ended within `seconds`."""
        limit = time.monotonic() + seconds
        while self.alive:
            reap(self.pid)
            if time.monotonic() > limit:
                return False
            time.sleep(0.02)
        return True

    def stop(self, *steps: tuple[signal.Signals, float], group: bool = False) -> bool:
        """Send each signal in turn and wait its seconds until the process has ended.

        `group` sends the last resort, SIGKILL, to the whole session we gave the process, so that no child of a
        killed parent stays behind. Returns whether there was anything to stop.
        """
        if not self.alive or self.pid is None:
            self.forget()
            return False
        for number, seconds in steps:
            try:
                if group and number is signal.SIGKILL and os.getpgid(self.pid) == self.pid:
                    os.killpg(self.pid, number)
                else:
                    os.kill(self.pid, number)
            except ProcessLookupError:
                break
            if self.wait(seconds):
                break
        self.forget()
        return True


def reap(pid: int | None) -> None:
    """Collect a child of ours that has ended; others' children are not ours to collect."""
    if pid is None:
        return
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
