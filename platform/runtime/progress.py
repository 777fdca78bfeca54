"""One line per step, with its seconds."""

import contextlib
import sys
import time
from collections.abc import Iterator

WIDTH = 60


class Note:
    """What a running step says: `text` stays at the end of its line, `say` shows only while it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.mark = "ok"
        self._live = sys.stdout.isatty()

    def say(self, line: str) -> None:
        if self._live:
            print(f"\r\x1b[K  ...   {self.name}  {line.strip()[:WIDTH]}", end="", flush=True)

    def close(self) -> None:
        if self._live:
            print("\r\x1b[K", end="")


class Steps:
    """Prints each step when it has ended, and on a terminal also while it runs."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Note]:
        note = Note(name)
        note.say("")
        begun = time.monotonic()
        mark = "FAIL"
        try:
            yield note
            mark = note.mark
        finally:
            took = self.seconds[name] = time.monotonic() - begun
            if mark == "FAIL":
                self.failed.append(name)
            note.close()
            tail = f"  {note.text}" if note.text else ""
            print(f"  {mark:<5} {name:<44} {took:7.1f} s{tail}", flush=True)

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun
