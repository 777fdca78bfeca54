"""How far a long command is: a bar on a terminal, a line for each item elsewhere."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

WIDTH = 30


class Bar:
    """Counts up to `total`; `line` is what is printed for an item where nobody watches."""

    def __init__(self, output: OutputWrapper, total: int) -> None:
        self._output = output
        self._total = total
        self._done = 0
        self._began = time.monotonic()
        self._live = output.isatty()

    def step(self, line: str) -> None:
        self._done += 1
        if not self._live:
            self._output.write(f"{line} ({self._done}/{self._total})")
            return
        filled = WIDTH * self._done // self._total
        bar = "#" * filled + "." * (WIDTH - filled)
        self._draw(f"[{bar}] {self._done}/{self._total}  {self._rest():.0f} s left  {line}")

    def say(self, line: str) -> None:
        """A line that stays, such as a failure."""
        if self._live:
            self._draw("")
        self._output.write(line)

    def close(self) -> float:
        """Clears the bar; returns seconds since the beginning."""
        if self._live:
            self._draw("")
        return time.monotonic() - self._began

    def _rest(self) -> float:
        return (time.monotonic() - self._began) / self._done * (self._total - self._done)

    def _draw(self, text: str) -> None:
        self._output.write(f"\r\x1b[K{text[:100]}", ending="")
        self._output.flush()
