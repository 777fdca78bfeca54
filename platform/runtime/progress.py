"""One line per step, with its seconds."""

import contextlib
import sys
import time
from collections.abc import Iterator


class Steps:
    """Prints steps as they happen. On a terminal the running step is shown before it ends."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator["Note"]:
        note = Note()
        begun = time.monotonic()
        live = sys.stdout.isatty()
        if live:
            print(f"  ...   {name}", end="", flush=True)
        mark = "FAIL"
        try:
            yield note
            mark = note.mark
        finally:
            took = self.seconds[name] = time.monotonic() - begun
            start = "\r" if live else ""
            tail = f" ({note.text})" if note.text else ""
            print(f"{start}  {mark:<5} {name:<52} {took:7.1f} s{tail}", flush=True)

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun


class Note:
    """What a running step wants said at the end of its line."""

    def __init__(self) -> None:
        self.text = ""
        self.mark = "ok"
