"""What a running benchmark tells: on standard error, so that `--json` stays clean."""

from __future__ import annotations

import sys
import time

_began = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - _began:5.0f} s] {text}", file=sys.stderr, flush=True)
