"""The product's own processes: started detached, watched until ready, stopped by identity."""

import hashlib
import http.client
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runtime import ports
from runtime.layout import Layout
from runtime.problems import Problem
from runtime.records import PROC, Record, boot_id, started_ticks

READY_SECONDS = 90.0
STOP = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 5.0))
MARK = "YZ_PROCESS"
TAIL_LINES = 20

Ready = Callable[["Process"], bool]


@dataclass
class Process:
    """One process: what to run, how to tell that it is ready."""

    layout: Layout
    name: str
    command: tuple[str, ...]
    ready: Ready
    environment: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.record = Record.read(self.layout.run / f"{self.name}.json")
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.layout.log / f"{self.name}.log"

    @property
    def ready_file(self) -> Path:
        """Touched by a process that has no other sign; an earlier one's is removed before it starts."""
        return ready_file(self.layout, self.name)

    @property
    def likeness(self) -> str:
        """Changes when it would run otherwise: command, our variables, environment folder, facts (port, code)."""
        ours = sorted((k, v) for k, v in self.environment.items() if k.startswith(("YZ_", "REDIS_", "DATABASE_")))
        parts = [*self.command, str(self.layout.venv.resolve()), repr(ours), repr(sorted(self.facts.items()))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def running(self) -> bool:
        return self.record.alive and self.record.facts.get("likeness") == self.likeness

    def start(self) -> bool:
        """Start it unless the same runs already; an older likeness of it is replaced."""
        if self.running:
            return False
        self.stop()
        self.ready_file.unlink(missing_ok=True)
        mark = secrets.token_hex(8)
        with self.log.open("ab") as log:
            begins = log.tell()
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.layout.root,
                env={**self.environment, MARK: mark},
                start_new_session=True,
            )
        self.record.facts = {**self.facts}
        self.record.took(self._child.pid, likeness=self.likeness, mark=mark, log_begins=begins)
        return True

    @property
    def alive(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            return False
        return self.record.alive

    def said(self) -> str:
        """What it has written to its log since it started."""
        try:
            with self.log.open("rb") as log:
                log.seek(int(self.record.facts.get("log_begins", 0)))
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def failure(self) -> Problem:
        tail = "\n".join(self.said().splitlines()[-TAIL_LINES:])
        return Problem(f"The process '{self.name}' ended. The end of its log ({self.log}):\n{tail}")

    def stop(self) -> bool:
        """Stop exactly what we started, and what a killed parent of its session has left behind."""
        held = Record.read(self.record.path)
        stopped = held.stop(*STOP, group=True)
        for pid in left_of(self.record):
            os.kill(pid, signal.SIGKILL)
        self.record = Record.read(self.record.path)
        return stopped


def ready_file(layout: Layout, name: str) -> Path:
    return layout.run / f"{name}.ready"


def left_of(record: Record) -> list[int]:
    """Living members of the session we gave a process that is itself gone: they carry its mark."""
    mark = record.facts.get("mark")
    if not mark or record.pid is None or record.boot != boot_id() or record.alive:
        return []
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.getsid(int(entry.name)) != record.pid:
                continue
            if wanted in (entry / "environ").read_bytes().split(b"\0") and started_ticks(int(entry.name)) is not None:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_ready(process: Process) -> None:
    """Raises Problem with the end of its log when it dies or takes too long."""
    limit = time.monotonic() + READY_SECONDS
    while True:
        if not process.alive:
            raise process.failure()
        if process.ready(process):
            return
        if time.monotonic() > limit:
            tail = "\n".join(process.said().splitlines()[-TAIL_LINES:])
            raise Problem(f"'{process.name}' was not ready after {READY_SECONDS:.0f} s ({process.log}):\n{tail}")
        time.sleep(0.05)


def stop_all(processes: Iterable[Process]) -> list[str]:
    """Ask all of them first, so that they end side by side; returns the names of those that ran."""
    processes = list(processes)
    ran = []
    for process in processes:
        if process.record.alive and process.record.pid is not None:
            ran.append(process.name)
            os.kill(process.record.pid, signal.SIGTERM)
    for process in processes:
        process.stop()
    return ran


def serves(port: int, path: str, *, host: str) -> Ready:
    """Ready when the page answers 200."""

    def ready(_: Process) -> bool:
        line = http.client.HTTPConnection(host, port, timeout=10)
        try:
            line.request("GET", path, headers={"Host": "localhost"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    return ready


def listens(port: int) -> Ready:
    return lambda _: ports.answers(port)


def says(words: str) -> Ready:
    return lambda process: words in process.said()


def touches_ready_file(process: Process) -> bool:
    return process.ready_file.exists()
